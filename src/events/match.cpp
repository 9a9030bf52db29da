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
          const EventLexicon::Impl& lexicon)
      : trees_(trees), g_(grammar), entities_(entities), actors_(actors), lexicon_(lexicon) {
    out_.frame_of.assign(trees.words.size(), -1);
  }

  Matches run() {
    Words order;
    std::vector<uint16_t> depth(trees_.words.size(), 0);
    for (const Sentence& s : trees_.sentences) {
      if (s.part == Part::byline || s.part == Part::dateline || s.part == Part::footer) continue;
      order.clear();
      for (uint32_t w = s.first_word; w < s.last_word; ++w) {
        if (!lexicon_.index.contains(g_.word(w).lemma)) continue;
        uint16_t d = 0;
        for (int32_t h = g_.word(w).head; h >= 0 && d < 1000; h = g_.word(static_cast<uint32_t>(h)).head) ++d;
        depth[w] = d;
        order.push_back(w);
      }
      std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return depth[a] > depth[b]; });
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

  Party party(uint32_t w) const {
    Party p;
    p.word = w;
    p.entity = entities_.entity_of_word[w];
    p.span = g_.word(w).span;
    for (const Mention& m : entities_.entities[static_cast<size_t>(p.entity)].mentions)
      if (m.head == w) p.span = m.span;
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

  bool personal_pronoun(uint32_t w) const {
    const Word& p = g_.word(w);
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
    if (e && can_act(*e)) {
      if ((!e->country || word.morph.number == syntax::Morph::plur) && e->kind != "state" && by_country(w, into)) return true;
      add(into, party(w));
      return true;
    }
    if (e && e->kind == "place" && e->country && (loose || word.rel == Rel::nsubj || word.rel == Rel::conj)) {
      add(into, party(w));
      return true;
    }
    if (out_.frame_of[w] >= 0 && word.upos == Upos::NOUN && !loose) {
      const Frame& f = out_.frames[static_cast<size_t>(out_.frame_of[w])];
      for (const Party& p : f.actors) add(into, p);
      return !f.actors.empty();
    }
    if (word.rel == Rel::amod || word.rel == Rel::compound ||
        (word.rel == Rel::nmod && (word.sub == Sub::desc || word.sub == Sub::unmarked))) {
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
    const bool through = loose || in_class("instrument", word.lemma) || in_class("quantity", word.lemma) || word.upos == Upos::NUM;
    if (!through) return false;
    const size_t before = into.size();
    for (const uint32_t c : g_.children(w)) {
      const Word& d = g_.word(c);
      if (d.rel == Rel::nmod && d.sub == Sub::poss) resolve(c, loose, into, depth + 1);
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

  /// "Hungarian and Romanian officials": one group, several countries.
  bool by_country(uint32_t w, std::vector<Party>& into) const {
    Words attributes;
    g_.modifier(w, attributes);
    g_.prep(w, "of", attributes);
    std::vector<Party> found;
    for (const uint32_t a : attributes) {
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

  void words_of(uint32_t w, const Arg& arg, const Frame& f, Words& out) const {
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
        const int32_t light = g_.light_verb(w);
        if (light >= 0)
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
      case Arg::Kind::governor:
        if (g_.word(w).head >= 0) out.push_back(static_cast<uint32_t>(g_.word(w).head));
        break;
      case Arg::Kind::prep:
        g_.prep(w, arg.prep, out);
        break;
      case Arg::Kind::actor:
      case Arg::Kind::recipient:
        break;
    }
  }

  void parties(uint32_t w, const Source& source, const Frame& f, bool loose, std::vector<Party>& into) const {
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
          resolve(x, loose && !attribute, into);
        }
      }
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
      if (!into.empty() || !recipient) continue;
      for (const char* preposition : {"to", "with", "against", "on", "for", "from", "of", "in"}) {
        words.clear();
        g_.prep(c, preposition, words);
        for (const uint32_t x : words) {
          std::vector<Party> found;
          resolve(x, true, found);
          for (Party& p : found)
            if (!same_as_any(p, f.actors)) add(into, std::move(p));
        }
        if (!into.empty()) return;
      }
    }
  }

  bool same_as_any(const Party& p, const std::vector<Party>& list) const {
    return std::any_of(list.begin(), list.end(), [&](const Party& q) { return p.entity >= 0 ? p.entity == q.entity : p.span == q.span; });
  }

  // ---- conditions ----

  bool holds(uint32_t x, const Test& t) const {
    const Word& word = g_.word(x);
    if (!t.lemmas.empty() || !t.phrases.empty()) {
      bool found = has(t.lemmas, word.lemma);
      for (const std::string& phrase : t.phrases) found = found || phrase_at(x, phrase);
      if (!found && in_class("quantity", word.lemma))  // "25,000 tons of food": the food
        for (const uint32_t c : g_.children(x)) found = found || (g_.word(c).rel == Rel::nmod && has(t.lemmas, g_.word(c).lemma));
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
      const bool somebody = resolve(x, false, found) || personal_pronoun(x);
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

  bool find_content(uint32_t w, const Content& spec, Frame& f) const {
    Words words;
    for (const Arg& arg : spec.via) words_of(w, arg, f, words);
    if (spec.via.size() > 1) {
      Words once;
      for (const uint32_t x : words)
        if (std::find(once.begin(), once.end(), x) == once.end()) once.push_back(x);
      words = std::move(once);
    }
    for (const uint32_t c : words) {
      if (c == w) continue;
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

  bool trigger_fits(uint32_t w, const Trigger& t) const {
    const Word& word = g_.word(w);
    switch (t.pos) {
      case TriggerClass::verb:
        if (word.upos != Upos::VERB || word.rel == Rel::amod || word.rel == Rel::compound) return false;
        return t.particle.empty() ? !g_.has_any_particle(w) : g_.has_particle(w, t.particle);
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
    const auto it = lexicon_.index.find(g_.word(w).lemma);
    std::vector<Candidate> considered;
    for (const auto& [e, t] : it->second) {
      const Entry& entry = lexicon_.entries[e];
      const Trigger& trig = entry.triggers[t];
      if (!trigger_fits(w, trig)) continue;
      Frame f;
      f.word = w;
      f.entry = e;
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
                   out_.frame_of[s] >= 0;
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
    if (code.type == Type::protest && f.recipients.empty()) protest_target(w, f);
    f.type = code.type;
    f.mode = code.mode;
    if (code.mode_by_content && f.content_frame >= 0) {
      const Frame& inner = out_.frames[static_cast<size_t>(f.content_frame)];
      f.mode = mode_by_content(code.type, inner.type, inner.mode);
    }
    f.trigger = g_.word(w).span;
    if (!trig.before.empty()) f.trigger.start = g_.word(w - static_cast<uint32_t>(trig.before.size())).span.start;
    if (!trig.particle.empty() && w + 1 < trees_.words.size() && g_.word(w + 1).lemma == trig.particle)
      f.trigger.end = g_.word(w + 1).span.end;
    return {};
  }

  /// Against whom people go into the street is often said by what they do there: "to protest against …", "demanding that …".
  void protest_target(uint32_t w, Frame& f) const {
    const int32_t light = g_.is_verb(w) ? static_cast<int32_t>(w) : g_.light_verb(w);
    if (light < 0) return;
    for (const uint32_t c : g_.children(static_cast<uint32_t>(light))) {
      const Word& d = g_.word(c);
      if ((d.rel != Rel::advcl && d.rel != Rel::xcomp && d.rel != Rel::acl && d.rel != Rel::conj) || !in_class("protest_aim", d.lemma))
        continue;
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
  const EventLexicon::Impl& lexicon_;
  Matches out_;
};

}  // namespace

Matches match(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, const entities::Actors& actors,
              const EventLexicon::Impl& lexicon) {
  return Matcher(trees, grammar, entities, actors, lexicon).run();
}

}  // namespace reportedly::events
