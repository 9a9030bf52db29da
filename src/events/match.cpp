#include "events/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

bool can_act(const Entity& e) {
  return e.kind == "state" || e.kind == "office" || e.kind == "person" || e.kind == "organisation" || e.kind == "armed_group" ||
         e.kind == "group";
}

class Matcher {
 public:
  Matcher(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, const entities::Actors& actors,
          const std::vector<Place>& places, const EventLexicon::Impl& lexicon)
      : trees_(trees), g_(grammar), entities_(entities), actors_(actors), places_(places), lexicon_(lexicon) {
    out_.frame_of.assign(trees.words.size(), -1);
    place_of_.assign(trees.words.size(), -1);
    mention_of_.assign(trees.words.size(), nullptr);
    for (size_t e = 0; e < entities.entities.size(); ++e)
      for (const Mention& m : entities.entities[e].mentions)
        if (entities.entity_of_word[m.head] == static_cast<int32_t>(e)) mention_of_[m.head] = &m;
    find_home();
    uint32_t w = 0;  // places and words both stand in text order
    for (size_t p = 0; p < places.size(); ++p) {
      if (!places[p].country) continue;
      while (w > 0 && trees.words[w - 1].span.start >= places[p].span.start) --w;
      while (w < trees.words.size() && trees.words[w].span.end <= places[p].span.start) ++w;
      for (uint32_t x = w; x < trees.words.size() && trees.words[x].span.start < places[p].span.end; ++x)
        place_of_[x] = static_cast<int32_t>(p);
    }
  }

  Matches run() {
    Words order;
    std::vector<uint16_t> depth(trees_.words.size(), 0);
    for (const Sentence& s : trees_.sentences) {
      if (s.part == Part::byline || s.part == Part::dateline || s.part == Part::footer) continue;
      order.clear();
      for (uint32_t w = s.first_word; w < s.last_word; ++w) {
        if (!lexicon_.index.contains(key(w))) continue;
        uint16_t d = 0;
        for (int32_t h = g_.word(w).head; h >= 0 && d < 1000; h = g_.word(static_cast<uint32_t>(h)).head) ++d;
        depth[w] = d;
        order.push_back(w);
      }
      std::stable_sort(order.begin(), order.end(),
                       [&](uint32_t a, uint32_t b) { return depth[a] != depth[b] ? depth[a] > depth[b] : a > b; });
      for (const uint32_t w : order) trigger(w);
    }
    return std::move(out_);
  }

 private:
  // ---- participants ----

  const Entity* entity_at(uint32_t w) const {
    const int32_t e = w < entities_.entity_of_word.size() ? entities_.entity_of_word[w] : -1;
    return e < 0 ? nullptr : &entities_.entities[static_cast<size_t>(e)];
  }

  /// Country of the place that the word names, by the gazetteer; null if it names none.
  const std::string* place_at(uint32_t w) const {
    return place_of_[w] < 0 ? nullptr : &*places_[static_cast<size_t>(place_of_[w])].country;
  }

  Party party(uint32_t w) const {
    Party p;
    p.word = w;
    p.entity = entities_.entity_of_word[w];
    const Mention* mention = mention_of_[w];
    p.span = mention ? mention->span : g_.word(w).span;
    return p;
  }

  /// Lemma lists have the singular; of "troops" and its like the tagger keeps the plural.
  static bool has(const WordSet& words, std::string_view lemma) {
    return words.contains(lemma) || (lemma.size() > 3 && lemma.back() == 's' && words.contains(lemma.substr(0, lemma.size() - 1)));
  }

  bool in_class(std::string_view name, std::string_view lemma) const {
    const auto it = lexicon_.classes.find(name);
    return it != lexicon_.classes.end() && has(it->second, lemma);
  }

  /// "somebody", "two", "the other": somebody, whoever it is.
  static bool indefinite(const Word& p) {
    static constexpr std::string_view kWords[] = {"somebody",  "someone",  "anybody", "anyone", "nobody",
                                                  "everybody", "everyone", "none",    "other",  "another"};
    return (p.upos == Upos::NUM && p.rel == Rel::nsubj) || std::find(std::begin(kWords), std::end(kWords), p.lemma) != std::end(kWords);
  }

  bool personal_pronoun(uint32_t w) const {
    const Word& p = g_.word(w);
    if (indefinite(p)) return true;
    return p.upos == Upos::PRON &&
           (p.morph.personal || p.morph.possessive || p.lemma == "who" || p.lemma == "they" || p.lemma == "he" || p.lemma == "she");
  }

  static void add(std::vector<Party>& into, Party p) {
    for (const Party& q : into)
      if (p.entity >= 0 ? q.entity == p.entity : (q.span == p.span)) return;
    into.push_back(std::move(p));
  }

  /// Somebody: the phrase itself, or whoever stands behind it ("dozens of soldiers", "Icelandic tanks", "the raid by …").
  /// `loose`: also who it belongs to or comes from ("imports from Peru", "Chilean wine").
  bool resolve(uint32_t w, bool loose, std::vector<Party>& into, int depth = 0) const {
    if (depth > 4) return false;
    const Word& word = g_.word(w);
    const Entity* e = entity_at(w);
    if (e && !e->country && word.rel == Rel::compound && in_class("weapon", word.lemma)) return false;  // "a missile attack"
    if ((!e || (can_act(*e) && !e->country)) && in_class("quantity", word.lemma)) {  // "a group of Moroccan diplomats": the diplomats
      Words of;
      g_.prep(w, "of", of);
      for (const uint32_t c : g_.children(w))  // the "of" may hang on the word before
        if (c > w && g_.word(c).rel == Rel::nmod && trees_.child_with(c, Rel::case_) < 0 && g_.is_nominal(c)) of.push_back(c);
      const size_t before = into.size();
      for (const bool counts : {false, true})  // "tens of thousands of students", hung side by side
        for (const uint32_t x : of)
          if (const Entity* inner = entity_at(x);
              into.size() == before && inner && can_act(*inner) && in_class("quantity", g_.word(x).lemma) == counts)
            resolve(x, false, into, depth + 1);
      if (into.size() > before) return true;
    }
    if (e && can_act(*e)) {
      if ((!e->country || word.morph.number == syntax::Morph::plur) && e->kind != "state" && by_country(w, into)) return true;
      add(into, party(w));
      return true;
    }
    if (e && e->kind == "place" && (e->country || place_at(w)) && (loose || word.rel == Rel::nsubj || word.rel == Rel::conj)) {
      add(into, party(w));
      if (!e->country && into.back().entity == entities_.entity_of_word[w]) into.back().country = *place_at(w);
      return true;
    }
    if (out_.frame_of[w] >= 0 && word.upos == Upos::NOUN && !loose) {
      const Frame& f = out_.frames[static_cast<size_t>(out_.frame_of[w])];
      for (const Party& p : f.actors) add(into, p);
      return !f.actors.empty();
    }
    if (word.rel == Rel::amod || word.rel == Rel::compound ||
        (word.rel == Rel::nmod && (word.sub == Sub::desc || word.sub == Sub::unmarked))) {
      if (ethnic(w) || (word.upos == Upos::NOUN && (in_class("weapon", word.lemma) || in_class("projectile", word.lemma)))) return false;
      if (const auto country = actors_.country_of(word.form)) {
        Party p;
        p.word = w;
        p.country = country;
        p.span = word.span;
        add(into, std::move(p));
        return true;
      }
      if (!loose) return false;
    }
    if (!e && human(word) && by_adjective(w, into)) return true;
    const bool through = loose || in_class("instrument", word.lemma) || in_class("quantity", word.lemma) || word.upos == Upos::NUM;
    if (!through) return false;
    const size_t before = into.size();
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if (d.rel == Rel::nmod && d.sub == Sub::poss) resolve(c, loose, into, depth + 1);
      // "the president's latest statement", "the president's failure to act": the tree may hang the owner on what is his
      if (loose && (d.rel == Rel::amod || d.rel == Rel::acl) && d.sub != Sub::relcl)
        for (const uint32_t m : g_.children(c))
          if (m < w &&
              ((g_.word(m).rel == Rel::nmod && g_.word(m).sub == Sub::poss) || (d.rel == Rel::acl && g_.word(m).rel == Rel::nsubj)))
            resolve(m, loose, into, depth + 1);
    }
    if (into.size() > before) return true;
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if (d.rel == Rel::amod || d.rel == Rel::compound || (d.rel == Rel::nmod && (d.sub == Sub::desc || d.sub == Sub::unmarked)))
        resolve(c, false, into, depth + 1);
    }
    if (into.size() > before) return true;
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if (d.rel == Rel::appos) resolve(c, loose, into, depth + 1);
      if (d.rel != Rel::nmod || d.sub == Sub::poss) continue;
      for (const uint32_t m : g_.children(c))
        if (g_.word(m).rel == Rel::case_) {
          static constexpr std::string_view kLinks[] = {"of",      "in", "from",    "by",   "for",  "to",
                                                        "against", "on", "between", "with", "near", "at"};
          const size_t links = loose ? std::size(kLinks) : 1;
          if (std::find(kLinks, kLinks + links, g_.word(m).lemma) != kLinks + links) {
            Words all;
            g_.expand(c, all);
            for (const uint32_t x : all) resolve(x, loose, into, depth + 1);
          }
          break;
        }
      if (into.size() > before) return true;
    }
    return into.size() > before;
  }

  /// "ethnic Albanians" are of the country they live in.
  bool ethnic(uint32_t w) const { return w > 0 && g_.word(w - 1).lemma == "ethnic" && g_.word(w - 1).sentence == g_.word(w).sentence; }

  /// Nouns of people by their ending, where no dictionary has the word: "Algerian landowners".
  static bool human(const Word& word) {
    if (word.upos != Upos::NOUN || word.lemma.size() < 6 || (word.rel != Rel::nsubj && word.rel != Rel::obl && word.rel != Rel::nmod))
      return false;
    if (word.rel != Rel::nsubj && word.sub != Sub::agent) return false;
    return std::any_of(std::begin(kHumanEndings), std::end(kHumanEndings), [&](std::string_view end) { return word.lemma.ends_with(end); });
  }
  static constexpr std::string_view kHumanEndings[] = {"owner", "maker", "worker", "seeker", "holder", "keeper",
                                                       "ist",   "ian",   "woman",  "people", "folk"};
  bool by_adjective(uint32_t w, std::vector<Party>& into) const {
    for (const uint32_t c : g_.children(w)) {
      if (g_.word(c).rel != Rel::amod || c > w) continue;
      if (auto country = actors_.country_of(g_.word(c).form)) {
        Party p;
        p.word = w;
        p.country = std::move(country);
        p.span = {g_.word(c).span.start, g_.word(w).span.end};
        add(into, std::move(p));
        return true;
      }
    }
    return false;
  }

  /// "Hungarian and Romanian officials": one group, several countries.
  bool by_country(uint32_t w, std::vector<Party>& into) const {
    Words attributes;
    g_.modifier(w, attributes);
    g_.prep(w, "of", attributes);
    std::vector<Party> found;
    for (const uint32_t a : attributes) {
      if (ethnic(a)) continue;
      const Entity* e = entity_at(a);
      if (e && can_act(*e) && e->country)
        add(found, party(a));
      else if (const auto country = actors_.country_of(g_.word(a).form))
        add(found, Party{-1, country, g_.word(a).span, a});
    }
    if (found.size() < 2) return false;
    for (Party& p : found) add(into, std::move(p));
    return true;
  }

  // ---- places of an entry ----

  /// The verb whose subject does what the noun says: a light verb, or one that the entry itself asks for ("formed a human chain").
  int32_t own_light_verb(uint32_t w, const Frame& f) const {
    const int32_t light = g_.light_verb(w);
    if (light >= 0 || w != f.word) return light;
    const Word& top = g_.word(g_.carrier(w));
    if (top.head < 0 || (top.rel != Rel::obj && !(top.rel == Rel::nsubj && g_.passive(static_cast<uint32_t>(top.head))))) return -1;
    for (const Condition& c : lexicon_.entries[f.entry].when)
      if (c.args.front().kind == Arg::Kind::governor && c.args.front().then.empty() &&
          c.test.lemmas.contains(g_.word(static_cast<uint32_t>(top.head)).lemma))
        return top.head;
    return -1;
  }

  /// What stands in that place is appended to `out`.
  void words_of(uint32_t w, const Arg& arg, const Frame& f, Words& out) const {
    Words at;  // a place looks elsewhere only where it has found nothing itself
    words_at(w, arg, f, at);
    out.insert(out.end(), at.begin(), at.end());
  }

  void words_at(uint32_t w, const Arg& arg, const Frame& f, Words& out) const {
    if (!arg.then.empty()) {  // "to.with"
      Arg first = arg;
      first.then.clear();
      Words at;
      words_of(w, first, f, at);
      for (const uint32_t x : at) words_of(x, arg.then.front(), f, out);
      return;
    }
    if (arg.of_content) {
      Arg plain = arg;
      plain.of_content = false;
      for (const uint32_t c : f.contents) {
        const int32_t act = act_of(c, 0);
        words_of(act >= 0 && arg.kind != Arg::Kind::subject ? out_.frames[static_cast<size_t>(act)].word : c, plain, f, out);
      }
      return;
    }
    const bool noun = !g_.is_verb(w) && g_.word(w).upos != Upos::ADJ;
    switch (arg.kind) {
      case Arg::Kind::subject: {
        if (!noun) {
          if (f.state && w == f.word)
            g_.surface_subject(w, out);
          else
            g_.subject(w, out);
          break;
        }
        const int32_t light = own_light_verb(w, f);
        if (light >= 0 && g_.word(g_.carrier(w)).rel == Rel::obl && g_.passive(static_cast<uint32_t>(light)))
          g_.surface_subject(static_cast<uint32_t>(light), out);  // "were engaged in a raid", "is involved in talks"
        else if (light >= 0)
          g_.subject(static_cast<uint32_t>(light), out);
        else if (trees_.child_with(w, Rel::cop) >= 0)
          g_.surface_subject(w, out);
        out.erase(std::remove(out.begin(), out.end(), w), out.end());
        break;
      }
      case Arg::Kind::object:
        g_.object(w, out);
        break;
      case Arg::Kind::indirect:
        g_.indirect(w, out);
        break;
      case Arg::Kind::clause:
        g_.clause(w, out);
        break;
      case Arg::Kind::content:
        out.insert(out.end(), f.contents.begin(), f.contents.end());
        break;
      case Arg::Kind::possessor:
        g_.possessor(w, out);
        break;
      case Arg::Kind::modifier:
        g_.modifier(w, out);
        break;
      case Arg::Kind::adverb:
        for (const uint32_t c : g_.children(w))
          if (g_.word(c).rel == Rel::advmod || g_.word(c).sub == Sub::prt) out.push_back(c);
        break;
      case Arg::Kind::governor: {
        const uint32_t top = noun ? g_.carrier(w) : w;  // "launched a series of raids"
        if (g_.word(top).head >= 0) out.push_back(static_cast<uint32_t>(g_.word(top).head));
        break;
      }
      case Arg::Kind::prep:
        g_.prep(w, arg.prep, out);
        break;
      case Arg::Kind::actor:
      case Arg::Kind::recipient:
        break;
    }
  }

  /// Belongs the party to one of the actors? "its troops", "the president's own guard".
  bool own(const Party& p, const std::vector<Party>& actors) const {
    for (const uint32_t c : g_.children(p.word)) {
      const Word& d = g_.word(c);
      if (d.rel != Rel::nmod || d.sub != Sub::poss || entities_.entity_of_word[c] < 0) continue;
      for (const Party& a : actors)
        if (a.entity >= 0 &&
            (a.entity == entities_.entity_of_word[c] || (d.upos == Upos::PRON && same_country(entities_.entity_of_word[c], a.entity))))
          return true;
    }
    return false;
  }
  bool same_country(int32_t a, int32_t b) const {
    const auto& x = entities_.entities[static_cast<size_t>(a)].country;
    return x && x == entities_.entities[static_cast<size_t>(b)].country;
  }

  /// A thing that is nobody's, and right behind it where it is: "fired at targets in Jericho", wherever the tree hangs "in Jericho".
  void place_behind(uint32_t x, std::vector<Party>& into) const {
    const Word& word = g_.word(x);
    if (word.upos != Upos::NOUN || word.head < 0) return;
    if (const Entity* here = entity_at(x); here && (here->country || can_act(*here))) return;
    const uint32_t last = trees_.extent(x).second;
    for (const uint32_t c : g_.children(static_cast<uint32_t>(word.head))) {
      const Word& d = g_.word(c);
      if (c < last || d.rel != Rel::obl || trees_.extent(c).first != last) continue;
      const Entity* e = entity_at(c);
      if (!e || !e->country || (e->kind != "place" && e->kind != "state")) continue;
      for (const uint32_t m : g_.children(c)) {
        const std::string& k = g_.word(m).lemma;
        if (g_.word(m).rel == Rel::case_ && (k == "in" || k == "near" || k == "at" || k == "around" || k == "outside" || k == "across"))
          return add(into, party(c));
      }
    }
  }

  void parties(uint32_t w, const Source& source, const Frame& f, bool loose, std::vector<Party>& into) const {
    std::vector<Party> last_choice;
    parties_by_order(w, source, f, loose, last_choice, into);
    std::erase_if(last_choice, [&](const Party& p) { return in_class("weapon", g_.word(p.word).lemma); });
    if (into.empty()) into = std::move(last_choice);
  }

  /// Who belongs to the actors is a recipient only where nobody else is: "offered its troops to Lebanon", but "urged its citizens".
  void parties_by_order(uint32_t w, const Source& source, const Frame& f, bool loose, std::vector<Party>& last_choice,
                        std::vector<Party>& into) const {
    for (const std::vector<Arg>& all : source.alternatives) {
      for (const Arg& arg : all) {
        if (arg.of_content && (arg.kind == Arg::Kind::actor || arg.kind == Arg::Kind::recipient)) {
          content_parties(f, arg.kind == Arg::Kind::recipient, into);
          continue;
        }
        Words words;
        words_of(w, arg, f, words);
        const bool attribute = arg.kind == Arg::Kind::modifier;
        for (const uint32_t x : words) {
          if (attribute && entity_at(x) && entity_at(x)->kind == "place") continue;  // "the Paris talks"
          // "Ivorian militia raids": the militia
          if (attribute && g_.word(x).rel == Rel::amod && std::find(words.begin(), words.end(), x + 1) != words.end() && entity_at(x + 1) &&
              can_act(*entity_at(x + 1)) && entity_at(x + 1)->kind != "state")
            if (const auto country = actors_.country_of(g_.word(x).form)) {
              const size_t before = into.size();
              resolve(x + 1, false, into);
              for (size_t i = before; i < into.size(); ++i)
                if (!country_of(into[i])) into[i].country = *country;
              continue;
            }
          if (!resolve(x, loose && !attribute, into) && loose && !attribute && arg.kind != Arg::Kind::content) place_behind(x, into);
        }
      }
      if (loose && !into.empty() && !f.actors.empty())
        std::erase_if(into, [&](const Party& p) {
          if (!own(p, f.actors) && !same_as_any(p, f.actors)) return false;
          if (!same_as_any(p, f.actors)) add(last_choice, p);
          return true;
        });
      if (!into.empty()) return;
    }
  }

  /// Whom the content is about: of the act in it, else the objects of its predicate.
  void content_parties(const Frame& f, bool recipient, std::vector<Party>& into) const {
    for (const uint32_t c : f.contents) {
      const int32_t act = act_of(c, 0);
      if (act >= 0) {
        const Frame& inner = out_.frames[static_cast<size_t>(act)];
        for (const Party& p : recipient ? inner.recipients : inner.actors)
          if (!same_as_any(p, f.actors)) add(into, p);
        if (recipient && into.empty())
          for (const Party& p : inner.actors)
            if (!same_as_any(p, f.actors)) add(into, p);
      }
      std::vector<Party> last_choice;
      const auto only_own = [&] {
        return recipient && !into.empty() && std::all_of(into.begin(), into.end(), [&](const Party& p) { return own(p, f.actors); });
      };
      if (only_own()) last_choice.swap(into);
      if (!into.empty()) return;
      Words words;
      if (!recipient) {
        g_.subject(c, words);
      } else if (g_.is_verb(c)) {
        g_.object(c, words);
      } else {
        words.push_back(c);
      }
      for (const uint32_t x : words) {
        std::vector<Party> found;
        resolve(x, recipient, found);
        for (Party& p : found)
          if (!same_as_any(p, f.actors)) add(into, std::move(p));
      }
      if (only_own()) last_choice.swap(into);  // "to hand its nationals over to Kenya", "to withdraw its troops from Kenya"
      if (!into.empty() || !recipient) continue;
      for (const char* preposition : {"to", "with", "against", "on", "for", "from", "of", "in", "into"}) {
        words.clear();
        g_.prep(c, preposition, words);
        for (const uint32_t x : words) {
          std::vector<Party> found;
          resolve(x, true, found);
          for (Party& p : found)
            if (!same_as_any(p, f.actors) && !own(p, f.actors)) add(into, std::move(p));
        }
        if (!into.empty()) return;
      }
      if (into.empty()) into = std::move(last_choice);
    }
  }

  bool same_as_any(const Party& p, const std::vector<Party>& list) const {
    return std::any_of(list.begin(), list.end(), [&](const Party& q) { return p.entity >= 0 ? p.entity == q.entity : p.span == q.span; });
  }

  // ---- conditions ----

  /// "aid deliveries", "a military aid program": what is delivered.
  bool carried(uint32_t x, const WordSet& lemmas) const {
    if (!in_class("delivery", g_.word(x).lemma)) return false;
    for (const uint32_t c : g_.children(x))
      if (g_.word(c).rel == Rel::compound && has(lemmas, g_.word(c).lemma)) return true;
    return false;
  }

  bool holds(uint32_t x, const Test& t) const {
    const Word& word = g_.word(x);
    if (!t.lemmas.empty() || !t.phrases.empty()) {
      bool found = has(t.lemmas, word.lemma);
      for (const std::string& phrase : t.phrases) found = found || phrase_at(x, phrase);
      if (!found && in_class("quantity", word.lemma))  // "25,000 tons of food": the food
        for (const uint32_t c : g_.children(x))
          found = found || (g_.word(c).rel == Rel::nmod && (has(t.lemmas, g_.word(c).lemma) || carried(c, t.lemmas)));
      found = found || carried(x, t.lemmas);
      if (!found) return false;
    }
    const Entity* e = entity_at(x);
    if (!t.kinds.empty()) {
      const auto fits = [&](const Entity& one) { return std::find(t.kinds.begin(), t.kinds.end(), one.kind) != t.kinds.end(); };
      if (!e || !fits(*e)) {  // else whoever stands behind it: "Italian ships", "the leaders of Spain and Algeria"
        std::vector<Party> behind;
        resolve(x, false, behind);
        const bool some = std::any_of(behind.begin(), behind.end(), [&](const Party& p) {
          return p.entity < 0 ? std::find(t.kinds.begin(), t.kinds.end(), "state") != t.kinds.end()
                              : p.word != x && fits(entities_.entities[static_cast<size_t>(p.entity)]);
        });
        if (!some) return false;
      }
    }
    if (!t.sectors.empty()) {
      bool found = false;
      if (e)
        for (const std::string& s : e->sectors) found |= std::find(t.sectors.begin(), t.sectors.end(), s) != t.sectors.end();
      if (!found) return false;
    }
    if (t.actor) {
      std::vector<Party> found;
      const bool site =
          e && e->kind == "place" && word.rel == Rel::nmod && (e->country || place_at(x));  // "the shelling of Armenian villages"
      const bool somebody = resolve(x, false, found) || personal_pronoun(x) || site;
      if (somebody != *t.actor) return false;
    }
    return true;
  }

  /// Does x stand in the phrase, flat and by lemma, as its last word ("air strike") or its first ("state of emergency")?
  bool phrase_at(uint32_t x, std::string_view phrase) const {
    const uint32_t length = static_cast<uint32_t>(std::count(phrase.begin(), phrase.end(), ' '));
    for (const uint32_t first : {x, x >= length ? x - length : x}) {
      std::string_view rest = phrase;
      for (uint32_t at = first; at < trees_.words.size() && g_.word(at).sentence == g_.word(x).sentence; ++at) {
        const size_t space = rest.find(' ');
        if (g_.word(at).lemma != rest.substr(0, space)) break;
        if (space == rest.npos) return true;
        rest = rest.substr(space + 1);
      }
    }
    return false;
  }

  bool condition(uint32_t w, const Condition& c, const Frame& f) const {
    Words words;
    for (const Arg& arg : c.args) words_of(w, arg, f, words);
    if (words.empty()) return c.test.presence != Test::Presence::required;
    if (c.test.presence == Test::Presence::absent) return false;
    const bool bare = c.test.lemmas.empty() && c.test.phrases.empty() && c.test.kinds.empty() && c.test.sectors.empty() && !c.test.actor;
    return bare || std::any_of(words.begin(), words.end(), [&](uint32_t x) { return holds(x, c.test); });
  }

  // ---- contents ----

  /// The frame of the act that a content word names, seen through light verbs and "start of".
  int32_t act_of(uint32_t c, int depth) const {
    if (depth > 4) return -1;
    if (out_.frame_of[c] >= 0) return out_.frame_of[c];
    const Word& word = g_.word(c);
    if (word.upos == Upos::VERB && (lexicon_.support.contains(word.lemma) || lexicon_.transparent_verbs.contains(word.lemma) ||
                                    lexicon_.occurrence.contains(word.lemma))) {
      for (const uint32_t x : g_.children(c)) {
        const Word& d = g_.word(x);
        const bool there = d.rel == Rel::obj || d.rel == Rel::xcomp || d.rel == Rel::obl ||
                           (d.rel == Rel::nsubj && (g_.passive(c) || lexicon_.occurrence.contains(word.lemma)));
        if (!there) continue;
        const int32_t act = act_of(x, depth + 1);
        if (act >= 0) return act;
      }
    }
    if (word.upos == Upos::NOUN && lexicon_.transparent_nouns.contains(word.lemma))
      for (const uint32_t x : g_.children(c))
        if (g_.word(x).rel == Rel::nmod) {
          const int32_t act = act_of(x, depth + 1);
          if (act >= 0) return act;
        }
    if (word.upos == Upos::NOUN)
      for (const uint32_t x : g_.children(c))
        if (g_.word(x).rel == Rel::conj && out_.frame_of[x] >= 0) return out_.frame_of[x];
    return -1;
  }

  bool own_subject(uint32_t c) const { return trees_.child_with(c, Rel::nsubj) >= 0 || trees_.child_with(c, Rel::csubj) >= 0; }

  bool has_modal(uint32_t c, const WordSet& modals) const {
    const Word& word = g_.word(c);
    if (modals.contains(word.lemma) && word.upos == Upos::VERB && trees_.child_with(c, Rel::xcomp) >= 0)
      return true;  // "has to", "needs to"
    for (const uint32_t x : g_.children(c))
      if (g_.word(x).rel == Rel::aux && g_.word(x).lemma != "have" && modals.contains(g_.word(x).lemma)) return true;
    return false;
  }

  /// A clause that tells how it is ("told them that it was over", "asked whether it may") asks for nothing.
  bool told(uint32_t c) const {
    const Word& word = g_.word(c);
    if (word.upos != Upos::VERB && word.upos != Upos::ADJ) return false;
    // "demanded that Oslo withdraw": the bare form is a subjunctive, however it is tagged
    bool modal = false, finite = word.xpos == "VBZ" || (word.xpos == "VBD" && word.form != word.lemma);
    for (const uint32_t x : g_.children(c)) {
      const Word& d = g_.word(x);
      if (d.rel == Rel::mark && (d.lemma == "if" || d.lemma == "whether")) return true;
      if (d.rel == Rel::mark && d.lemma == "to") return false;
      if (d.rel != Rel::aux && d.rel != Rel::cop) continue;
      modal = modal || d.lemma == "should" || d.lemma == "must" || d.lemma == "ought" || d.lemma == "shall";
      finite = finite || d.xpos == "VBD" || d.xpos == "VBZ" || d.xpos == "VBP" || d.xpos == "MD";
    }
    return finite && !modal && own_subject(c);
  }

  bool find_content(uint32_t w, const Content& spec, Frame& f) const {
    Words words;
    for (const Arg& arg : spec.via) words_of(w, arg, f, words);
    if (spec.via.size() > 1) {
      Words once;
      for (const uint32_t x : words)
        if (std::find(once.begin(), once.end(), x) == once.end()) once.push_back(x);
      words = std::move(once);
    }
    const bool asked = lexicon_.entries[f.entry].codes.front().type == Type::request && spec.modals.empty();
    for (const uint32_t c : words) {
      if (c == w) continue;
      if (asked && told(c)) continue;
      if (!spec.modals.empty() && !has_modal(c, spec.modals)) continue;
      if (spec.subject == Content::Subject::same && own_subject(c)) {
        Words subject;
        g_.surface_subject(c, subject);
        Words mine;
        g_.surface_subject(w, mine);
        bool same = false;
        for (const uint32_t a : subject)
          for (const uint32_t b : mine)
            same |= entities_.entity_of_word[a] >= 0 && entities_.entity_of_word[a] == entities_.entity_of_word[b];
        if (!same) continue;
      }
      if (spec.subject == Content::Subject::other) {
        Words subject, mine;
        g_.surface_subject(c, subject);
        g_.surface_subject(w, mine);
        if (subject.empty()) continue;
        bool same = false;
        for (const uint32_t a : subject)
          for (const uint32_t b : mine)
            same |= a == b || (entities_.entity_of_word[a] >= 0 && entities_.entity_of_word[a] == entities_.entity_of_word[b]);
        if (same) continue;
      }
      if (!spec.lemmas.empty() && spec.lemmas.contains(g_.word(c).lemma)) {
        f.contents.push_back(c);
        continue;
      }
      if (spec.acts) {
        const int32_t act = act_of(c, 0);
        if (act < 0 || !(bit(out_.frames[static_cast<size_t>(act)].type) & spec.acts)) continue;
        f.contents.push_back(c);
        if (f.content_frame < 0) f.content_frame = act;
        continue;
      }
      if (spec.lemmas.empty()) f.contents.push_back(c);
    }
    if (f.content_frame < 0)
      for (const uint32_t c : f.contents) {
        f.content_frame = act_of(c, 0);
        if (f.content_frame >= 0) break;
      }
    return !f.contents.empty() || spec.optional;
  }

  // ---- one trigger ----

  /// What the word stands under in the lexicon: its lemma; a noun in -ing ("the shelling") as it is written.
  std::string_view key(uint32_t w) {
    const Word& word = g_.word(w);
    if (word.upos != Upos::NOUN || !word.form.ends_with("ing") || word.lemma.ends_with("ing")) return word.lemma;
    key_ = word.form;
    for (char& c : key_)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lexicon_.index.contains(key_) ? std::string_view(key_) : std::string_view(word.lemma);
  }

  bool trigger_fits(uint32_t w, const Trigger& t, Type type) const {
    const Word& word = g_.word(w);
    switch (t.pos) {
      case TriggerClass::verb:
        if (word.upos != Upos::VERB || word.rel == Rel::compound) return false;
        if (word.rel == Rel::amod && !(g_.attributive(w) && (bit(type) & (bit(Type::coerce) | bit(Type::assault))))) return false;
        if (t.particle.empty() ? g_.has_any_particle(w) : !g_.has_particle(w, t.particle)) return false;
        break;
      case TriggerClass::noun:
        if (word.upos != Upos::NOUN && !(word.upos == Upos::VERB && word.rel == Rel::obj)) return false;
        if (word.rel == Rel::compound) return false;
        break;
      case TriggerClass::adjective:
        if (word.upos != Upos::ADJ && word.upos != Upos::VERB && word.upos != Upos::ADV) return false;
        if (word.rel == Rel::amod) return false;
        break;
    }
    for (size_t i = 0; i < t.before.size(); ++i) {
      const size_t back = t.before.size() - i;
      if (w < back || g_.word(w - static_cast<uint32_t>(back)).lemma != t.before[i]) return false;
    }
    return true;
  }

  void trigger(uint32_t w) {
    const auto it = lexicon_.index.find(key(w));
    std::vector<Candidate> considered;
    for (const auto& [e, t] : it->second) {
      const Entry& entry = lexicon_.entries[e];
      const Trigger& trig = entry.triggers[t];
      if (!trigger_fits(w, trig, entry.codes.front().type)) continue;
      Frame f;
      f.word = w;
      f.entry = e;
      f.firm = entry.firm;
      f.state = trig.pos == TriggerClass::adjective;
      const std::string reason = try_entry(w, entry, trig, f);
      if (!reason.empty()) {
        considered.push_back({entry.why, reason});
        continue;
      }
      f.considered = std::move(considered);
      out_.frame_of[w] = static_cast<int32_t>(out_.frames.size());
      out_.frames.push_back(std::move(f));
      return;
    }
    for (Candidate& c : considered) out_.failed.emplace_back(w, std::move(c));
  }

  /// Fills the frame; the reason if the entry does not fit, else empty.
  std::string try_entry(uint32_t w, const Entry& entry, const Trigger& trig, Frame& f) const {
    const bool verb = trig.pos == TriggerClass::verb;
    if (verb && (!entry.passive || !entry.active)) {
      const bool passive = g_.passive(w);
      if (passive ? !entry.passive : !entry.active) return passive ? "the verb is passive" : "the verb is active";
    }
    if (verb && !entry.subject_free) {
      Words subject;
      g_.subject(w, subject);
      std::vector<Party> found;
      bool somebody = subject.empty();
      for (const uint32_t s : subject)
        somebody = somebody || resolve(s, false, found) || personal_pronoun(s) || in_class("instrument", g_.word(s).lemma) ||
                   out_.frame_of[s] >= 0 || (entry.codes.front().type == Type::assault && in_class("violence", g_.word(s).lemma)) ||
                   // a report accuses for those who wrote it
                   (entry.codes.front().type == Type::accuse && entity_at(s) && entity_at(s)->kind == "document");
      if (!somebody) return fmt::format("the subject '{}' is nobody who acts", g_.word(subject.front()).form);
    }
    if (entry.content.given && !find_content(w, entry.content, f)) return "no content that fits";
    for (const Condition& c : entry.when)
      if (!condition(w, c, f)) return fmt::format("condition on {} not met", c.args.front().text);
    for (const Condition& c : entry.unless) {
      Words words;
      for (const Arg& arg : c.args) words_of(w, arg, f, words);
      const bool bare = c.test.lemmas.empty() && c.test.phrases.empty() && c.test.kinds.empty() && c.test.sectors.empty() && !c.test.actor;
      if (bare ? !words.empty() : std::any_of(words.begin(), words.end(), [&](uint32_t x) { return holds(x, c.test); }))
        return fmt::format("excluded by {}", c.args.front().text);
    }

    const auto make = [](std::initializer_list<std::initializer_list<Arg>> alternatives) {
      Source s;
      for (const auto& a : alternatives) s.alternatives.emplace_back(a);
      return s;
    };
    using K = Arg::Kind;
    static const Source kVerbActor = make({{{K::subject, false, "", ""}}});
    static const Source kVerbRecipient = make({{{K::object, false, "", ""}}});
    static const Source kNounActor = make(
        {{{K::subject, false, "", ""}}, {{K::possessor, false, "", ""}}, {{K::prep, false, "by", ""}}, {{K::modifier, false, "", ""}}});
    static const Source kContentRecipient = make({{{K::recipient, true, "", ""}}});
    static const Source kNobody;
    parties(w, entry.actor.given ? entry.actor : trig.pos == TriggerClass::noun ? kNounActor : kVerbActor, f, false, f.actors);
    parties(w,
            entry.recipient.given ? entry.recipient
            : entry.content.given ? kContentRecipient
            : verb                ? kVerbRecipient
                                  : kNobody,
            f, true, f.recipients);
    std::erase_if(f.recipients, [&](const Party& p) { return same_as_any(p, f.actors); });

    const Code& code = entry.codes.front();
    f.type = code.type;
    if (code.type == Type::protest && f.recipients.empty()) protest_target(w, f);
    if (code.type == Type::threaten && !with_country(f.recipients)) threat_target(w, f);
    if (code.type == Type::assault && f.recipients.empty()) purpose_target(w, f);
    mere_places(f);
    mutual(f);
    own_state(f);
    whereabouts(f);
    domestic(f);
    other_state(f);
    f.mode = code.mode;
    if (code.mode_by_content && f.content_frame >= 0) {
      const Frame& inner = out_.frames[static_cast<size_t>(f.content_frame)];
      f.mode = mode_by_content(code.type, inner.type, inner.mode);
    }
    if (code.mode_by_content && f.mode.empty() && (code.type == Type::request || code.type == Type::reject)) f.mode = mode_by_words(f);
    f.trigger = g_.word(w).span;
    if (!trig.before.empty()) f.trigger.start = g_.word(w - static_cast<uint32_t>(trig.before.size())).span.start;
    if (!trig.particle.empty() && w + 1 < trees_.words.size() && g_.word(w + 1).lemma == trig.particle)
      f.trigger.end = g_.word(w + 1).span.end;
    return {};
  }

  const Entity* entity_of(const Party& p) const { return p.entity < 0 ? nullptr : &entities_.entities[static_cast<size_t>(p.entity)]; }
  std::optional<std::string> country_of(const Party& p) const {
    const Entity* e = entity_of(p);
    return e && e->country ? e->country : p.country;
  }
  bool with_country(const std::vector<Party>& list) const {
    return std::any_of(list.begin(), list.end(), [&](const Party& p) { return country_of(p).has_value(); });
  }
  static bool sector_in(const Entity& e, std::initializer_list<std::string_view> list) {
    return std::any_of(e.sectors.begin(), e.sectors.end(),
                       [&](const std::string& s) { return std::find(list.begin(), list.end(), s) != list.end(); });
  }

  /// A town or region is nobody: by what stands near it or is talked over in it, it becomes no recipient. Where something is done in it, it
  /// is who suffers it, but only where nobody else is named.
  void mere_places(Frame& f) const {
    constexpr TypeSet kSpoken = bit(Type::agree) | bit(Type::accuse) | bit(Type::request) | bit(Type::reject) | bit(Type::cooperate);
    const bool visit = f.type == Type::consult && lexicon_.entries[f.entry].codes.front().mode == "visit";
    const bool local = visit || !(bit(f.type) & (kSpoken | bit(Type::consult)));
    const bool others = std::any_of(f.recipients.begin(), f.recipients.end(), [&](const Party& p) {
      const Entity* e = entity_of(p);
      return !e || e->kind != "place";
    });
    std::erase_if(f.recipients, [&](const Party& p) {
      const Entity* e = entity_of(p);
      if (!e || e->kind != "place") return false;
      for (const uint32_t c : g_.children(p.word)) {
        const Word& d = g_.word(c);
        if (d.rel != Rel::case_) continue;
        if (d.lemma == "near" || d.lemma == "around" || d.lemma == "outside" || d.lemma == "off") return true;
        if (d.lemma == "in" || d.lemma == "at" || d.lemma == "across" || d.lemma == "inside") return others || !local;
      }
      return false;
    });
  }

  /// What several do with each other has no recipient: "agreed on a pact between the two countries", "agreed to free missing people".
  void mutual(Frame& f) const {
    if (f.actors.size() < 2 || !(bit(f.type) & (bit(Type::agree) | bit(Type::consult) | bit(Type::support) | bit(Type::cooperate)))) return;
    std::erase_if(f.recipients, [&](const Party& p) {
      const Entity* e = entity_of(p);
      const auto country = country_of(p);
      if (country && std::any_of(f.actors.begin(), f.actors.end(), [&](const Party& a) { return country_of(a) == country; })) return true;
      return e && !e->country && !sector_in(*e, {"COP", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "OPP"});
    });
  }

  /// Country of a place in the phrase: "students at a college near Lima", "refugees fleeing the war in Mali".
  std::optional<std::string> place_in(uint32_t w, bool abroad, int depth) const {
    if (depth > 4) return std::nullopt;
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if (c < w || (d.rel != Rel::nmod && d.rel != Rel::obl && !(d.rel == Rel::acl && abroad) && !(d.rel == Rel::obj && depth > 0)) ||
          d.sub == Sub::poss)
        continue;
      std::string_view link;
      for (const uint32_t m : g_.children(c))
        if (g_.word(m).rel == Rel::case_) link = g_.word(m).lemma;
      static constexpr std::string_view kLinks[] = {"in",     "at",     "of",      "from", "near", "throughout",
                                                    "across", "around", "outside", "for",  "to"};
      if (d.rel != Rel::acl && d.rel != Rel::obj && std::find(std::begin(kLinks), std::end(kLinks), link) == std::end(kLinks)) continue;
      const Entity* e = entity_at(c);
      if (e && e->country && (e->kind == "place" || e->kind == "state")) return e->country;
      if (const std::string* country = place_at(c)) return *country;
      if (auto deeper = place_in(c, abroad, depth + 1)) return deeper;
    }
    if (depth == 0) {  // right behind the phrase, hung on its verb: "hacked into a bank in Turin"
      Words behind;
      for (const char* preposition : {"in", "at", "near", "across", "outside"}) g_.behind(w, preposition, behind);
      for (const uint32_t c : behind) {
        const Entity* e = entity_at(c);
        if (e && e->country && (e->kind == "place" || e->kind == "state")) return e->country;
        if (const std::string* country = place_at(c)) return *country;
      }
    }
    return std::nullopt;
  }

  /// Where the phrase itself or the deed places somebody without a country: "the government of Sindh", "workers in Turin".
  /// Soldiers, refugees and reporters may be there from elsewhere; but help for them is help for that country.
  void whereabouts(Frame& f) const {
    if (f.type == Type::consult) return;  // "met both sides in Geneva": where people meet is often nobody's home
    constexpr TypeSet kGiven = bit(Type::agree) | bit(Type::aid) | bit(Type::cooperate) | bit(Type::support);
    const auto place = [&](std::vector<Party>& list, bool recipients) {
      for (Party& p : list) {
        const Entity* e = entity_of(p);
        if (!e || e->country || p.country || e->kind == "thing" || e->kind == "document") continue;
        const bool abroad = sector_in(*e, {"MIL", "REF", "JRN"}) || e->kind == "person";
        const bool site = recipients && (in_class("property", g_.word(p.word).lemma) || in_class("territory", g_.word(p.word).lemma));
        if (abroad && !site && !(recipients && (bit(f.type) & kGiven))) continue;
        if (by_states(p.word)) continue;
        if (site && g_.is_verb(f.word)) p.country = place_in(f.word, false, 4);  // "hit a convoy in Mali"
        if (p.country) continue;
        p.country = place_in(p.word, recipients && (bit(f.type) & kGiven), 0);
        if (p.country) f.why.push_back("rule:placed in " + *p.country);
      }
    };
    place(f.actors, false);
    place(f.recipients, true);
    if (f.type == Type::aid && !f.recipients.empty() && !with_country(f.recipients) && g_.is_verb(f.word))
      if (auto country = place_in(f.word, false, 0)) {
        f.recipients.front().country = country;
        f.why.push_back("rule:placed in " + *f.recipients.front().country);
      }
  }
  /// "French and Egyptian warships": several states, no one country.
  bool by_states(uint32_t w) const {
    std::vector<Party> found;
    return by_country(w, found);
  }

  /// Those who govern do not deal with their own state: "the president promised to democratise Serbia".
  void own_state(Frame& f) const {
    constexpr TypeSet kDealings = bit(Type::agree) | bit(Type::threaten) | bit(Type::reject) | bit(Type::cooperate) | bit(Type::aid) |
                                  bit(Type::support) | bit(Type::consult);
    if (!(bit(f.type) & kDealings)) return;
    std::erase_if(f.recipients, [&](const Party& p) {
      const Entity* e = entity_of(p);
      if (!e || e->kind != "state" || !e->country) return false;
      return std::any_of(f.actors.begin(), f.actors.end(), [&](const Party& a) {
        const Entity* x = entity_of(a);
        return x && x->country == e->country && (x->kind == "office" || (x->kind == "person" && sector_in(*x, {"GOV"})));
      });
    });
  }

  /// The one state that the text speaks of up to the end of this sentence; null where there are several or none.
  const std::string* only_country(uint32_t sentence) const {
    const Sentence& s = trees_.sentences[sentence];
    while (seen_until_ < s.last_word && seen_until_ < trees_.words.size()) {
      const Entity* e = entity_at(seen_until_);
      const std::string* place = place_at(seen_until_++);
      const std::string* here = e && e->country ? &*e->country : place;
      if (!here || several_) continue;
      if (of_no_state(*here)) continue;
      if (!only_)
        only_ = *here;
      else
        several_ = *only_ != *here;
    }
    return only_ && !several_ ? &*only_ : nullptr;
  }

  /// The state in which a text is at home: the one it speaks of alone or by far the most; the dateline's, unless the text never names that
  /// state again and others instead.
  void find_home() {
    std::vector<std::pair<std::string_view, uint32_t>> count;
    uint32_t total = 0;
    const auto see = [&](std::string_view country) {
      if (of_no_state(country)) return;
      ++total;
      for (auto& [code, n] : count)
        if (code == country) return void(++n);
      count.emplace_back(country, 1);
    };
    std::string_view dateline;
    for (const Place& p : places_) {
      if (!p.country) continue;
      if (p.role == "dateline")
        dateline = *p.country;
      else
        see(*p.country);
    }
    for (const Entity& e : entities_.entities)
      if (e.country && e.kind == "state")
        for (size_t i = 0; i < e.mentions.size(); ++i) see(*e.country);
    std::string_view most;
    uint32_t best = 0;
    for (const auto& [code, n] : count)
      if (n > best) best = n, most = code;
    const bool again = std::any_of(count.begin(), count.end(), [&](const auto& c) { return c.first == dateline; });
    if (!dateline.empty() && (again || count.empty()))
      home_ = dateline;
    else if (best > 0 && (count.size() == 1 || (best >= 3 && best * 3 >= total * 2)))
      home_ = most;
    std::vector<std::string_view> states;
    for (const Entity& e : entities_.entities)
      if (e.kind == "state" && e.country && std::find(states.begin(), states.end(), *e.country) == states.end())
        states.push_back(*e.country);
    if (states.size() == 2) pair_[0] = states[0], pair_[1] = states[1];
    for (const Place& p : places_)
      if (p.country && *p.country == home_) home_spans_.push_back(p.span);
    for (const Entity& e : entities_.entities)
      if (e.country && *e.country == home_ && e.kind == "state")
        for (const Mention& m : e.mentions) home_spans_.push_back(m.span);
  }

  /// Is the home of the text named outside these phrases? Whose nationality the victims have says nothing about who did it.
  bool named_elsewhere(const std::vector<Party>& list) const {
    return std::any_of(home_spans_.begin(), home_spans_.end(), [&](const Span& s) {
      return std::none_of(list.begin(), list.end(), [&](const Party& p) { return p.span.start <= s.start && s.end <= p.span.end; });
    });
  }

  /// "in Mali", "near Gao"
  bool located(uint32_t w) const {
    const auto children = g_.children(w);
    return std::any_of(children.begin(), children.end(), [&](uint32_t c) {
      const std::string& k = g_.word(c).lemma;
      return g_.word(c).rel == Rel::case_ && (k == "in" || k == "near" || k == "at" || k == "outside");
    });
  }

  /// Where a text speaks of one state alone, its police, courts, opposition and crowds are of that state: "police in Lima arrested
  /// protesters", "the Umma party threatened to boycott Algeria's elections". Not who may come from anywhere: victims, refugees, soldiers.
  void domestic(Frame& f) const {
    if (with_country(f.actors) && with_country(f.recipients)) return;
    const std::string* country = only_country(g_.word(f.word).sentence);
    if (!country && !home_.empty()) country = &home_;
    if (!country) return;
    const auto state = [&](const std::vector<Party>& list, bool named) {
      return std::any_of(list.begin(), list.end(), [&](const Party& p) {
        const Entity* e = entity_of(p);
        return e && e->country && *e->country == *country && (named || e->kind != "state") &&
               (e->kind == "state" || sector_in(*e, {"GOV", "COP", "JUD", "LEG", "MIL", "SPY", "PTY", "OPP", "REB"}));
      });
    };
    const auto give = [&](std::vector<Party>& list, std::initializer_list<std::string_view> sectors) {
      for (Party& p : list) {
        const Entity* e = entity_of(p);
        if (!e || e->country || e->kind == "place" || e->kind == "state" || e->kind == "document" || e->kind == "thing" ||
            !sector_in(*e, sectors))
          continue;
        p.country = *country;
        f.why.push_back("rule:a domestic matter of " + *country);
      }
    };
    constexpr TypeSet kAtHome = bit(Type::coerce) | bit(Type::concede) | bit(Type::retreat) | bit(Type::protest) | bit(Type::accuse) |
                                bit(Type::reject) | bit(Type::request) | bit(Type::threaten) | bit(Type::mobilize) | bit(Type::sanction) |
                                bit(Type::assault) | bit(Type::agree);
    if (!(bit(f.type) & kAtHome)) return;
    if (state(f.actors, true) && (bit(f.type) & (bit(Type::coerce) | bit(Type::sanction) | bit(Type::accuse)))) give(f.recipients, {"MIL"});
    // "militants blew up a bridge in Mali"
    if (f.type == Type::assault &&
        std::any_of(f.recipients.begin(), f.recipients.end(), [&](const Party& p) { return country_of(p) == *country && located(p.word); }))
      give(f.actors, {"REB", "UAF"});
    if (state(f.actors, true))
      give(f.recipients, {"OPP", "PTY", "LAB", "EDU", "CVL", "AGR", "REL", "SOC", "REB", "PRM",
                          "UAF", "CRM", "JUD", "LEG", "GOV", "COP", "JRN", "ELI", "BUS", "MED"});
    constexpr TypeSet kFromBelow =
        bit(Type::protest) | bit(Type::request) | bit(Type::reject) | bit(Type::threaten) | bit(Type::accuse) | bit(Type::concede);
    if (state(f.recipients, f.type == Type::protest || f.type == Type::request || f.type == Type::threaten)) {
      const bool named = std::all_of(f.recipients.begin(), f.recipients.end(), [&](const Party& p) {
        const Entity* e = entity_of(p);
        return !e || e->kind == "state";
      });
      if (!(bit(f.type) & kFromBelow))
        give(f.actors, {"OPP", "PTY", "REB", "JUD", "LEG", "COP"});
      else if (named)  // "the court ordered Israel …": whose court it is, is not said
        give(f.actors, {"OPP", "PTY", "LAB", "EDU", "CVL", "AGR", "REL", "MED"});
      else
        give(f.actors, {"OPP", "PTY", "LAB", "EDU", "CVL", "AGR", "REL", "REB", "JUD", "LEG", "GOV", "COP", "ELI", "MED"});
    }
    // a court, a president, a party or a crowd at a place
    const bool placed = f.recipients.empty() || std::all_of(f.recipients.begin(), f.recipients.end(), [&](const Party& p) {
                          const Entity* e = entity_of(p);
                          return e && (e->kind == "place" || !e->country);
                        });
    if (placed && (bit(f.type) & (bit(Type::protest) | bit(Type::coerce) | bit(Type::concede) | bit(Type::retreat) | bit(Type::threaten) |
                                  bit(Type::accuse))))
      give(f.actors, {"OPP", "PTY", "LAB", "EDU", "JUD", "LEG", "GOV", "COP"});
    if (placed && f.type == Type::protest) give(f.actors, {"CVL", "AGR", "REL", "MED", "ELI"});
    // a protest over something that names no addressee is meant for those who govern
    if (f.type == Type::protest && f.recipients.empty() && f.aimed && !f.actors.empty() &&
        std::all_of(f.actors.begin(), f.actors.end(), [&](const Party& p) { return country_of(p) == *country; }))
      for (size_t i = 0; i < entities_.entities.size() && f.recipients.empty(); ++i) {
        const Entity& e = entities_.entities[i];
        if (e.kind != "state" || e.country != *country || e.mentions.empty()) continue;
        Party p;
        p.entity = static_cast<int32_t>(i);
        p.span = e.mentions.front().span;
        p.word = e.mentions.front().head;
        f.recipients.push_back(std::move(p));
        f.why.push_back("rule:a protest over what the state does");
      }
    // whoever else is left without a country is at home; but not one side of a matter between a state and somebody unnamed
    if (home_.empty()) return;
    const auto settle = [&](std::vector<Party>& list, const std::vector<Party>& others) {
      const bool foreign = std::any_of(others.begin(), others.end(), [&](const Party& p) {
        const Entity* e = entity_of(p);
        return e && e->kind == "state" && e->country && (*e->country == home_ || f.type == Type::assault);
      });
      for (Party& p : list) {
        const Entity* e = entity_of(p);
        if (!e || e->country || p.country || !can_act(*e) || e->kind == "state" || sector_in(*e, {"REF", "JRN"})) continue;
        if (&list == &f.actors && (f.type == Type::assault || f.type == Type::coerce) && !named_elsewhere(f.recipients)) continue;
        if (foreign && !sector_in(*e, {"OPP", "PTY", "LAB", "EDU", "CVL", "AGR", "REL", "MED", "SOC"})) continue;
        if (by_states(p.word)) continue;
        p.country = home_;
        f.why.push_back("rule:the text is at home in " + home_);
      }
    };
    settle(f.actors, f.recipients);
    settle(f.recipients, f.actors);
  }

  /// The mode of a request or refusal by the word for what is asked, where no entry names it as an act: "demanded an apology".
  std::string mode_by_words(const Frame& f) const {
    static constexpr std::pair<std::string_view, const char*> kModes[] = {
        {"mode_yield", "yield"}, {"mode_change", "change"}, {"mode_meet", "meet"}, {"mode_assist", "assist"},
        {"aid_noun", "assist"},  {"forces", "assist"},      {"armour", "assist"},  {"money", "assist"}};
    for (const uint32_t c : f.contents)
      for (const auto& [name, mode] : kModes)
        if (in_class(name, g_.word(c).lemma)) return mode;
    return {};
  }

  /// In a text about two states what the one promises, demands or complains of is meant for the other: "Rome has lodged a complaint".
  void other_state(Frame& f) const {
    constexpr TypeSet kAddressed = bit(Type::accuse) | bit(Type::agree) | bit(Type::request) | bit(Type::concede) | bit(Type::threaten) |
                                   bit(Type::support) | bit(Type::mobilize);
    if (!(bit(f.type) & kAddressed) || pair_[0].empty() || f.actors.empty() || with_country(f.recipients)) return;
    const std::string* other = nullptr;
    for (const Party& p : f.actors) {
      const auto country = country_of(p);
      const Entity* e = entity_of(p);
      if (!country || (e && e->kind != "state" && e->kind != "office" && !sector_in(*e, {"GOV", "MIL", "LEG", "COP", "JUD"}))) return;
      const std::string* across = *country == pair_[0] ? &pair_[1] : *country == pair_[1] ? &pair_[0] : nullptr;
      if (!across || (other && other != across)) return;
      other = across;
    }
    if (!f.recipients.empty()) {
      for (Party& p : f.recipients)
        if (const Entity* e = entity_of(p); e && can_act(*e) && !p.country) p.country = *other;
    } else {
      const Mention* nearest = nullptr;
      int32_t who = -1;
      for (size_t i = 0; i < entities_.entities.size(); ++i) {
        const Entity& e = entities_.entities[i];
        if (e.kind != "state" || !e.country || *e.country != *other) continue;
        for (const Mention& m : e.mentions)
          if (!nearest || (m.head < f.word && m.head > nearest->head)) nearest = &m, who = static_cast<int32_t>(i);
      }
      if (!nearest) return;
      Party p;
      p.entity = who;
      p.span = nearest->span;
      p.word = nearest->head;
      if (same_as_any(p, f.actors)) return;
      f.recipients.push_back(std::move(p));
    }
    f.why.push_back("rule:the other of two states, " + *other);
  }

  /// Whom a threat is meant for is often who can avert it: "threatened to strike unless Oslo gave in".
  void threat_target(uint32_t w, Frame& f) const {
    const auto look = [&](uint32_t at) {
      for (const uint32_t c : g_.children(at)) {
        if (g_.word(c).rel != Rel::advcl || !f.recipients.empty()) continue;
        for (const uint32_t m : g_.children(c)) {
          const std::string& k = g_.word(m).lemma;
          if (g_.word(m).rel != Rel::mark || (k != "if" && k != "unless" && k != "until")) continue;
          Words words;
          g_.subject(c, words);
          for (const uint32_t x : words) {
            std::vector<Party> found;
            resolve(x, false, found);
            for (Party& p : found)
              if (country_of(p) && !same_as_any(p, f.actors)) add(f.recipients, std::move(p));
          }
        }
      }
    };
    const std::vector<Party> before = std::move(f.recipients);
    f.recipients.clear();
    look(w);
    for (const uint32_t c : f.contents) look(c);
    if (f.recipients.empty()) f.recipients = before;
  }

  /// "opened fire to disperse demonstrators": on whom.
  void purpose_target(uint32_t w, Frame& f) const {
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if ((d.rel != Rel::advcl && d.rel != Rel::xcomp && d.rel != Rel::acl) || !in_class("assault_aim", d.lemma)) continue;
      Words words;
      g_.object(c, words);
      for (const uint32_t x : words) {
        std::vector<Party> found;
        resolve(x, true, found);
        for (Party& p : found)
          if (!same_as_any(p, f.actors)) add(f.recipients, std::move(p));
      }
    }
  }

  /// Against whom people go into the street is often said by what they do there: "to protest against …", "demanding that …".
  void protest_target(uint32_t w, Frame& f) const {
    const int32_t light = g_.is_verb(w) ? static_cast<int32_t>(w) : g_.light_verb(w);
    Words about;  // "over the tax", "in protest of the arrests", "against the law"
    for (const char* preposition : {"against", "over", "at", "about"}) g_.prep(w, preposition, about);
    if (light >= 0 && about.empty())
      for (const char* preposition : {"over", "against"}) g_.prep(static_cast<uint32_t>(light), preposition, about);
    for (const uint32_t x : about)
      if (g_.word(x).upos == Upos::NOUN && g_.word(x).lemma != "parliament") f.aimed = true;
    if (light >= 0 && !f.aimed) {
      Words in;
      g_.prep(static_cast<uint32_t>(light), "in", in);
      for (const uint32_t x : in) f.aimed = f.aimed || g_.word(x).lemma == "protest" || g_.word(x).lemma == "defiance";
    }
    if (light < 0) return;
    Words below(g_.children(static_cast<uint32_t>(light)).begin(), g_.children(static_cast<uint32_t>(light)).end());
    for (size_t i = 0, own = below.size(); i < own; ++i)  // the aim may hang on the object: "blocked a road to show …"
      if (g_.word(below[i]).rel == Rel::obj || g_.word(below[i]).rel == Rel::obl)
        for (const uint32_t c : g_.children(below[i])) below.push_back(c);
    for (const uint32_t c : below) {
      const Word& d = g_.word(c);
      if ((d.rel != Rel::advcl && d.rel != Rel::xcomp && d.rel != Rel::acl && d.rel != Rel::conj) || !in_class("protest_aim", d.lemma))
        continue;
      f.aimed = true;
      Words words;
      for (const char* preposition : {"against", "at", "from", "over", "for", "of", "on"}) g_.prep(c, preposition, words);
      g_.object(c, words);
      Words clauses;
      g_.clause(c, clauses);
      for (const uint32_t k : clauses) g_.surface_subject(k, words);
      for (const uint32_t x : words) {
        std::vector<Party> found;
        resolve(x, true, found);
        for (Party& p : found)
          if (!same_as_any(p, f.actors)) add(f.recipients, std::move(p));
        if (!f.recipients.empty()) return;
      }
    }
  }

  const syntax::Trees& trees_;
  const Grammar& g_;
  const entities::EntityLayer& entities_;
  const entities::Actors& actors_;
  const std::vector<Place>& places_;
  const EventLexicon::Impl& lexicon_;
  std::string key_;                         ///< scratch of key()
  std::vector<const Mention*> mention_of_;  ///< word → the mention of its entity that it heads, null none
  std::vector<int32_t> place_of_;           ///< word → place with a country, −1 none
  Matches out_;
  std::string pair_[2];              ///< the two states that the text speaks of; empty: one or more than two
  std::vector<Span> home_spans_;     ///< where the text names it
  std::string home_;                 ///< the state in which the text is at home; empty: unknown
  mutable uint32_t seen_until_ = 0;  ///< words read for only_country: sentences come in order
  mutable std::optional<std::string> only_;
  mutable bool several_ = false;
};

}  // namespace

Matches match(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, const entities::Actors& actors,
              const std::vector<Place>& places, const EventLexicon::Impl& lexicon) {
  return Matcher(trees, grammar, entities, actors, places, lexicon).run();
}

}  // namespace reportedly::events
