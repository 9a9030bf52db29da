// Frames to events: which frames are contents of others, what tense and polarity make of a type, voices, status, numbers, contexts.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "events/denials.h"
#include "events/factuality.h"
#include "events/match.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

constexpr TypeSet kVerbal = bit(Type::agree) | bit(Type::support) | bit(Type::concede) | bit(Type::request) | bit(Type::accuse) |
                            bit(Type::reject) | bit(Type::threaten) | bit(Type::consult);
constexpr TypeSet kPromised = bit(Type::consult) | bit(Type::support) | bit(Type::cooperate) | bit(Type::aid);
constexpr TypeSet kHostile = bit(Type::assault) | bit(Type::coerce) | bit(Type::sanction);
/// Told in the simple present, these go on: "Tokyo bears the cost". The present of the others is the news of the day: "Kabul blames …".
constexpr TypeSet kLasting = bit(Type::cooperate) | bit(Type::aid) | bit(Type::coerce);

bool any_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "12", "1,200", "twelve".
std::optional<int64_t> number_of(const Word& w) {
  static const std::map<std::string_view, int64_t> kWords{
      {"one", 1},      {"two", 2},      {"three", 3},      {"four", 4},      {"five", 5},      {"six", 6},       {"seven", 7},
      {"eight", 8},    {"nine", 9},     {"ten", 10},       {"eleven", 11},   {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14},
      {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},
      {"forty", 40},   {"fifty", 50},   {"sixty", 60},     {"seventy", 70},  {"eighty", 80},   {"ninety", 90}};
  const auto it = kWords.find(w.lemma);
  if (it != kWords.end()) return it->second;
  int64_t n = 0;
  size_t digits = 0;
  for (const char c : w.form) {
    if (c == ',') continue;
    if (c < '0' || c > '9' || ++digits > 12) return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return digits ? std::optional(n) : std::nullopt;
}

class Coder {
 public:
  Coder(const syntax::Trees& trees, const entities::EntityLayer& entities, const std::vector<TimeExpression>& times,
        const std::vector<Place>& places, const std::vector<Attribution>& attributions, const EventLexicon::Impl& lexicon,
        const entities::Actors& actors, const std::optional<std::string>& published)
      : trees_(trees),
        entities_(entities),
        times_(times),
        places_(places),
        attributions_(attributions),
        lexicon_(lexicon),
        published_(published),
        g_(trees, lexicon),
        m_(match(trees, g_, entities, actors, lexicon)) {}

  EventLayer run() {
    find_contents();
    std::vector<uint32_t> order(m_.frames.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return m_.frames[a].word < m_.frames[b].word; });
    for (const uint32_t i : order) emit(m_.frames[i]);
    merge();
    link_denials(trees_, entities_, attributions_, out_.events);
    notes();
    return std::move(out_);
  }

 private:
  const Entry& entry(const Frame& f) const { return lexicon_.entries[f.entry]; }

  // ---- contents of others ----

  /// Is `below` reached from `above` through complements alone, so that it is what `above` speaks of?
  bool complement(uint32_t below, uint32_t above) const {
    uint32_t w = below;
    for (int i = 0; i < 24; ++i) {
      const Word& d = g_.word(w);
      if (d.head < 0) return false;
      const uint32_t h = static_cast<uint32_t>(d.head);
      switch (d.rel) {
        case Rel::xcomp:
        case Rel::ccomp:
        case Rel::obj:
        case Rel::iobj:
        case Rel::csubj:
          break;
        case Rel::conj:
          if (h == above && d.upos == g_.word(h).upos && !content_word(above, w)) return false;  // a second act beside the first
          break;
        case Rel::nsubj:
          if (d.sub != Sub::pass && !g_.passive(h) && h == above) return false;
          break;
        case Rel::obl:
        case Rel::nmod:
          for (const uint32_t c : g_.children(w))
            if (g_.word(c).rel == Rel::case_ && any_of(g_.word(c).lemma, {"after", "before", "during", "since", "amid", "despite",
                                                                          "following", "until", "as", "by", "through"}))
              return false;
          if (d.sub == Sub::tmod) return false;
          break;
        case Rel::advcl:
        case Rel::acl: {
          if (d.sub == Sub::relcl) return false;
          bool link = false;
          for (const uint32_t c : g_.children(w)) {
            const Word& m = g_.word(c);
            if ((m.rel == Rel::mark || m.rel == Rel::case_) &&
                any_of(m.lemma, {"to", "of", "for", "from", "over", "about", "that", "against", "on", "into", "in", "if", "unless"}))
              link = true;
          }
          if (!link) return false;
          break;
        }
        case Rel::compound:
        case Rel::amod:
          break;
        default:
          return false;
      }
      if (h == above) return true;
      w = h;
    }
    return false;
  }

  bool content_word(uint32_t above, uint32_t w) const {
    const int32_t f = m_.frame_of[above];
    if (f < 0) return false;
    const Words& c = m_.frames[static_cast<size_t>(f)].contents;
    return std::find(c.begin(), c.end(), w) != c.end();
  }

  void find_contents() {
    for (size_t i = 0; i < m_.frames.size(); ++i) {
      Frame& f = m_.frames[i];
      // outermost wins: walk to the root and remember the last frame that speaks of this one
      int32_t h = g_.word(f.word).head;
      for (int step = 0; step < 24 && h >= 0; ++step, h = g_.word(static_cast<uint32_t>(h)).head) {
        const int32_t o = m_.frame_of[static_cast<size_t>(h)];
        if (o >= 0 && speaks_of(m_.frames[static_cast<size_t>(o)], f)) f.inside_of = o;
      }
    }
    // contents that hang elsewhere (on the light verb of the noun)
    std::vector<std::vector<size_t>> of_sentence(trees_.sentences.size());
    for (size_t i = 0; i < m_.frames.size(); ++i) of_sentence[g_.word(m_.frames[i].word).sentence].push_back(i);
    for (size_t o = 0; o < m_.frames.size(); ++o)
      for (const uint32_t c : m_.frames[o].contents)
        for (const size_t i : of_sentence[g_.word(c).sentence]) {
          Frame& f = m_.frames[i];
          if (i == o || f.inside_of >= 0 || alleged(m_.frames[o], f)) continue;
          if (f.word == c || complement(f.word, c)) f.inside_of = static_cast<int32_t>(o);
        }
  }

  static bool alleged(const Frame& outer, const Frame& inner) {
    return outer.type == Type::accuse && outer.mode == "allege" && (bit(inner.type) & (kHostile | bit(Type::mobilize))) != 0;
  }

  bool speaks_of(const Frame& outer, const Frame& inner) const {
    if (!(bit(outer.type) & kVerbal)) {
      // the topic of a protest is no demand of its own
      if (outer.type == Type::protest)
        return (bit(inner.type) & (bit(Type::request) | bit(Type::reject) | bit(Type::accuse) | bit(Type::support) | bit(Type::agree) |
                                   bit(Type::consult) | bit(Type::concede) | bit(Type::retreat) | bit(Type::threaten))) != 0 &&
               subordinate(inner.word, outer.word);
      // what somebody is arrested or convicted for is the charge
      return (outer.mode == "arrest" || outer.mode == "convict") && g_.is_verb(inner.word) && complement(inner.word, outer.word);
    }
    // an alleged act is told in the accuser's voice
    if (alleged(outer, inner)) return false;
    return complement(inner.word, outer.word);
  }

  bool subordinate(uint32_t below, uint32_t above) const {
    uint32_t w = below;
    for (int i = 0; i < 24; ++i) {
      const Word& d = g_.word(w);
      if (d.head < 0 || d.rel == Rel::conj || d.rel == Rel::parataxis || d.rel == Rel::nsubj) return false;
      if (static_cast<uint32_t>(d.head) == above) return true;
      w = static_cast<uint32_t>(d.head);
    }
    return false;
  }

  // ---- voices ----

  bool in_content(size_t a, uint32_t w) const {
    const Span s = g_.word(w).span;
    for (const Span& c : attributions_[a].content)
      if (c.holds(s)) return true;
    return false;
  }
  uint32_t content_size(size_t a) const {
    uint32_t n = 0;
    for (const Span& c : attributions_[a].content) n += c.size();
    return n;
  }
  uint32_t cue_distance(size_t a, uint32_t w) const {
    uint32_t best = UINT32_MAX;
    const Span s = g_.word(w).span;
    for (const Span& c : attributions_[a].cue)
      best = std::min(best, c.end <= s.start ? s.start - c.end : c.start >= s.end ? c.start - s.end : 0);
    return best;
  }

  struct Voices {
    int32_t own = -1;
    std::vector<int32_t> innermost;  ///< of every chain
  };

  Voices voices_of(uint32_t w) const {
    Voices v;
    std::vector<size_t> holding;
    for (size_t a = 0; a < attributions_.size(); ++a)
      if (in_content(a, w)) holding.push_back(a);
    for (const size_t a : holding) {
      if (v.own < 0) {
        v.own = static_cast<int32_t>(a);
      } else {
        const size_t best = static_cast<size_t>(v.own);
        const uint32_t x = content_size(a), y = content_size(best);
        if (x < y || (x == y && cue_distance(a, w) < cue_distance(best, w))) v.own = static_cast<int32_t>(a);
      }
      bool outer = false;
      for (const size_t b : holding)
        for (int32_t p = attributions_[b].parent, steps = 0; p >= 0 && steps < 32;
             p = attributions_[static_cast<size_t>(p)].parent, ++steps)
          outer |= p == static_cast<int32_t>(a);
      if (!outer) v.innermost.push_back(static_cast<int32_t>(a));
    }
    if (v.innermost.empty()) v.innermost.push_back(-1);
    return v;
  }

  Reality reality_in(uint32_t w, int32_t attribution) const {
    if (attribution < 0) return reality(g_, lexicon_, w, [](uint32_t) { return true; });
    const size_t a = static_cast<size_t>(attribution);
    return reality(g_, lexicon_, w, [&](uint32_t x) { return in_content(a, x); });
  }

  // ---- one event ----

  void emit(const Frame& f) {
    if (f.inside_of >= 0) {
      const Frame& outer = m_.frames[static_cast<size_t>(f.inside_of)];
      m_.failed.emplace_back(f.word,
                             Candidate{entry(f).why, fmt::format("is what '{}' speaks of, no act of its own", g_.word(outer.word).form)});
      return;
    }
    const Voices voices = voices_of(f.word);
    Reality r = reality_in(f.word, voices.own);
    for (const Code& code : entry(f).codes) emit_code(f, code, voices, r);
  }

  /// Does the innermost voice speak for the doer, so that a "will" is its own word?
  bool own_word(const Frame& f, int32_t voice) const {
    if (voice < 0) return false;
    const Attribution& a = attributions_[static_cast<size_t>(voice)];
    if (!any_stance(a.stance, {Stance::asserts, Stance::promises, Stance::threatens, Stance::concedes})) return false;
    if (const Signature* s = sign_of(a); s && s->future != Signature::Future::none && s->future != Signature::Future::word) return false;
    if (a.source_entity < 0) return !a.source.empty();
    const Entity& source = entities_.entities[static_cast<size_t>(a.source_entity)];
    return std::none_of(f.actors.begin(), f.actors.end(), [&](const Party& p) {
      const auto country = p.entity >= 0 ? entities_.entities[static_cast<size_t>(p.entity)].country : p.country;
      return p.entity != a.source_entity && country && source.country && country != source.country;
    });
  }
  /// What the cue makes of an act: "plans", "is expected", "ordered".
  const Signature* sign_of(const Attribution& a) const {
    if (!a.cue_lemma) return nullptr;
    for (const auto* table : {&lexicon_.verb_signs, &lexicon_.noun_signs, &lexicon_.adjective_signs})
      if (const auto it = table->find(*a.cue_lemma); it != table->end()) return &it->second;
    return nullptr;
  }
  static bool any_stance(Stance s, std::initializer_list<Stance> list) { return std::find(list.begin(), list.end(), s) != list.end(); }

  void emit_code(const Frame& f, const Code& code, const Voices& voices, Reality r) {
    const time::EventTime when = time::time_of(trees_, times_, f.word, published_);
    // what is dated after the day of publication is still to come
    if (published_ && when.date && when.date->size() >= published_->size() && *when.date > *published_ && !r.settled && !r.future &&
        r.value == Factuality::ct_plus) {
      r.future = true;
      r.ongoing = false;
      r.value = Factuality::pr_plus;
      r.why.push_back("factuality:date after publication");
    }
    // what a voice plans, expects or orders is still to come, too: the path through the tree ends at its content
    if (voices.own >= 0 && r.asserted && !r.settled && !r.future && r.value == Factuality::ct_plus)
      if (const Attribution& a = attributions_[static_cast<size_t>(voices.own)];
          any_stance(a.stance, {Stance::promises, Stance::supposes, Stance::demands, Stance::threatens}))
        if (const Signature* s = sign_of(a); s && s->future != Signature::Future::none) {
          r.future = true;
          r.own = s->future != Signature::Future::expected;
          r.word = s->future == Signature::Future::word;
          if (a.stance == Stance::demands) r.value = Factuality::pr_plus;
          r.why.push_back(s->why);
        }
    // "refused the request", "rejected the charge": what is refused has been asked
    if (voices.own >= 0 && attributions_[static_cast<size_t>(voices.own)].stance == Stance::denies && !g_.is_verb(f.word) &&
        (bit(code.type) & (bit(Type::request) | bit(Type::accuse) | bit(Type::agree) | bit(Type::threaten))))
      r.asserted = false;
    Type type = code.type;
    std::string mode = &code == &entry(f).codes.front() ? f.mode : code.mode;
    std::string cameo = code.cameo;
    const int32_t cf = f.content_frame;
    if (cameo.empty() && cf >= 0)
      cameo = cameo_by_content(type, m_.frames[static_cast<size_t>(cf)].type, m_.frames[static_cast<size_t>(cf)].mode);
    std::vector<std::string> why{entry(f).why};
    const auto reject = [&](std::string reason) { m_.failed.emplace_back(f.word, Candidate{entry(f).why, std::move(reason)}); };

    const bool negative =
        r.value == Factuality::ct_minus || r.value == Factuality::pr_minus || (r.condition && r.value == Factuality::ps_minus);
    bool announced = false;
    const auto become = [&](Type to, const char* rule) {
      mode = mode_by_content(to, type, mode);
      cameo = cameo_by_content(to, type, code.mode);
      type = to;
      announced = true;
      why.push_back(rule);
    };
    if (negative && (r.future || type == Type::support || (type == Type::agree && r.negated && g_.is_verb(f.word))) &&
        (bit(type) & (kPromised | bit(Type::retreat) | bit(Type::concede) | bit(Type::agree)))) {
      become(Type::reject, "rule:a refused act is REJECT");
    } else if (r.future && !negative && !r.conditional && !r.question) {  // a condition makes it no less announced
      if (bit(type) & kPromised)
        become(Type::agree, "rule:a promised act is AGREE");
      else if (type == Type::retreat)
        become(Type::concede, "rule:an announced RETREAT is CONCEDE");
      else if (r.own && !f.actors.empty() && (voices.own < 0 || r.word || own_word(f, voices.own)) &&
               ((bit(type) & kHostile) || (type == Type::protest && (mode == "boycott" || mode == "strike" || mode == "obstruct"))))
        become(Type::threaten, "rule:an announced hostile act is THREATEN");
    }
    if (r.purpose && !announced && !(bit(type) & kVerbal)) return reject("only a purpose");
    if (r.purpose && (bit(type) & kVerbal)) return reject("only a purpose");
    if (r.obliged && !(bit(type) & bit(Type::request))) return reject("only what must or should be");
    if (f.actors.empty() && f.recipients.empty()) return reject("nobody named who does it or suffers it");
    if (info(type).needs_recipient && f.recipients.empty() && !(f.actors.size() > 1 && type == Type::cooperate))
      return reject("no recipient, which the type needs");
    const bool bodily = type == Type::protest || type == Type::assault || type == Type::coerce;
    if (!known(f.actors, bodily) && !known(f.recipients, bodily)) return reject("no actor with a country or a political sector");

    Event e;
    e.type = info(type).name;
    if (!mode.empty()) e.mode = mode;
    e.quad = info(type).quad;
    const ModeInfo* mode_info = mode.empty() ? nullptr : mode_of(type, mode);
    e.intensity = mode_info ? mode_info->intensity : info(type).intensity;
    e.cameo = !cameo.empty() ? cameo : std::string(mode_info ? mode_info->cameo : info(type).cameo);
    for (const Party& p : f.actors) e.actors.push_back(participant(p));
    for (const Party& p : f.recipients) e.recipients.push_back(participant(p));
    e.trigger = f.trigger;
    e.trigger_lemma = trigger_lemma(f);
    e.trigger_word = f.word;
    e.date = when.date;
    e.time = when.time;
    e.date_why = when.why;
    e.place = places::place_of(trees_, places_, f.word);
    e.attribution = voices.own;
    // a word that was given, a refusal that was spoken: that has happened, whatever becomes of it
    Reality seen = r;
    if (announced && (negative || r.word || (!r.due && own_word(f, voices.own)))) {
      seen = {};
      seen.asserted = false;
    }
    if (!seen.future && seen.value == Factuality::ct_plus && !any_title(f.word)) {
      seen.ongoing |= seen.present && (bit(type) & kLasting) != 0;
      seen.ongoing |= seen.modifier && (seen.progressive || type == Type::coerce);
    }
    for (const int32_t a : voices.innermost) {
      const Reality inside = a == voices.own ? seen : reality_in(f.word, a);
      e.voices.push_back({a, a < 0 ? inside.value : in_voice(inside, attributions_[static_cast<size_t>(a)])});
    }
    e.factuality = voices.own < 0 ? seen.value : in_voice(seen, attributions_[static_cast<size_t>(voices.own)]);
    e.status = status_of(seen, e.factuality);
    if (seen.asserted)
      for (int32_t a = voices.own, steps = 0; a >= 0 && steps < 32; a = attributions_[static_cast<size_t>(a)].parent, ++steps) {
        const Attribution& voice = attributions_[static_cast<size_t>(a)];
        if (voice.stance == Stance::denies && !voice.denies_in_content)
          e.status = voice.cue_lemma == "rule out" && !seen.settled ? "refused" : "denied";
        else if (voice.hypothetical && e.status != "denied")
          e.status = "hypothetical";
      }
    numbers(f, e);
    contexts(f, code, e);
    for (const std::string& w : r.why)
      if (std::find(why.begin(), why.end(), w) == why.end()) why.push_back(w);
    e.why = std::move(why);
    e.considered = f.considered;
    out_.events.push_back(std::move(e));
  }

  bool any_title(uint32_t w) const { return trees_.sentences[g_.word(w).sentence].part == Part::title; }

  /// Has anybody a country or a sector of politics? In street and violence any sector will do.
  bool known(const std::vector<Party>& list, bool any_sector) const {
    return std::any_of(list.begin(), list.end(), [&](const Party& p) {
      if (p.entity < 0) return p.country.has_value();
      const Entity& e = entities_.entities[static_cast<size_t>(p.entity)];
      return e.country || std::any_of(e.sectors.begin(), e.sectors.end(), [&](const std::string& s) {
               return any_sector || any_of(s, {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "OPP", "PRE"});
             });
    });
  }

  Participant participant(const Party& p) const {
    Participant out;
    out.entity = p.entity;
    out.span = p.span;
    if (p.entity >= 0) {
      const Entity& e = entities_.entities[static_cast<size_t>(p.entity)];
      out.country = e.country;
      out.sectors = e.sectors;
    } else {
      out.country = p.country;
    }
    return out;
  }

  std::string trigger_lemma(const Frame& f) const {
    std::string out;
    for (uint32_t w = f.word >= 3 ? f.word - 3 : 0; w < std::min<size_t>(f.word + 3, trees_.words.size()); ++w)
      if (f.trigger.holds(g_.word(w).span)) out += (out.empty() ? "" : " ") + g_.word(w).lemma;
    return out;
  }

  // ---- numbers and contexts ----

  void numbers(const Frame& f, Event& e) const {
    const std::string& lemma = g_.word(f.word).lemma;
    const char* kind = nullptr;
    bool of_subject = false;
    if (any_of(lemma,
               {"kill", "murder", "assassinate", "execute", "massacre", "slay", "behead", "killing", "murder", "execution", "massacre"}))
      kind = "dead";
    else if (any_of(lemma, {"injure", "wound", "hurt"}))
      kind = "injured";
    else if (e.type == "COERCE" && e.mode == "arrest")
      kind = "arrested";
    else if (e.type == "PROTEST")
      kind = "size", of_subject = true;
    if (!kind) return;
    Words words;
    if (of_subject)
      g_.subject(f.word, words);
    else
      g_.object(f.word, words);
    if (words.empty()) g_.prep(f.word, of_subject ? "by" : "of", words);
    for (const uint32_t x : words) {
      const Word* number = g_.word(x).upos == Upos::NUM ? &g_.word(x) : nullptr;
      for (const uint32_t c : g_.children(x))
        if (g_.word(c).rel == Rel::nummod) number = &g_.word(c);
      if (!number) continue;
      auto n = number_of(*number);
      if (!n) continue;
      e.numbers.push_back({kind, *n, *n, number->span});
    }
  }

  void contexts(const Frame& f, const Code& code, Event& e) const {
    e.contexts = code.contexts;
    const auto add = [&](const std::string& c) {
      if (std::find(e.contexts.begin(), e.contexts.end(), c) == e.contexts.end()) e.contexts.push_back(c);
    };
    if (e.mode == "cyber" || e.mode == "misinformation") add(*e.mode);
    // words of the clause the trigger stands in
    uint32_t top = f.word;
    for (int i = 0; i < 8; ++i) {
      const Word& w = g_.word(top);
      if (w.head < 0 || (g_.is_verb(top) && (w.rel == Rel::ccomp || w.rel == Rel::conj || w.rel == Rel::parataxis || w.rel == Rel::advcl)))
        break;
      top = static_cast<uint32_t>(w.head);
    }
    const auto [first, last] = trees_.extent(top);
    for (uint32_t w = first; w < last; ++w) {
      const Word& word = g_.word(w);
      if (word.upos != Upos::NOUN && word.upos != Upos::ADJ && word.upos != Upos::VERB && word.upos != Upos::PROPN) continue;
      const auto it = lexicon_.context_words.find(word.lemma);
      if (it != lexicon_.context_words.end())
        for (const std::string& c : it->second) add(c);
      if (w + 1 < last) {
        const auto pair = lexicon_.context_words.find(word.lemma + " " + g_.word(w + 1).lemma);
        if (pair != lexicon_.context_words.end())
          for (const std::string& c : pair->second) add(c);
      }
    }
  }

  // ---- one act told by several words ----

  static bool subset(const std::vector<Participant>& a, const std::vector<Participant>& b) {
    return std::all_of(a.begin(), a.end(), [&](const Participant& p) {
      return std::any_of(b.begin(), b.end(),
                         [&](const Participant& q) { return p.entity >= 0 ? p.entity == q.entity : q.entity < 0 && p.span == q.span; });
    });
  }

  void merge() {
    std::vector<Event>& events = out_.events;
    std::vector<bool> gone(events.size(), false);
    for (size_t i = 0, first = 0; i < events.size(); ++i) {
      const uint32_t sentence = g_.word(events[i].trigger_word).sentence;
      while (g_.word(events[first].trigger_word).sentence != sentence) ++first;  // events stand in text order
      for (size_t j = first; j < events.size(); ++j) {
        if (g_.word(events[j].trigger_word).sentence != sentence) break;
        if (i == j || gone[i] || gone[j]) continue;
        Event &a = events[i], &b = events[j];
        // troops that move in an assault
        if (a.type == "MOBILIZE" && b.type == "ASSAULT" && !a.actors.empty() && subset(a.actors, b.actors)) {
          gone[i] = true;
          b.considered.push_back({a.why.front(), "no mobilisation apart from the assault"});
          continue;
        }
        if (a.type != b.type || (a.factuality == Factuality::ct_minus) != (b.factuality == Factuality::ct_minus)) continue;
        const bool fits = subset(a.actors, b.actors) && subset(a.recipients, b.recipients);
        const bool linked = hangs_on(a.trigger_word, b.trigger_word) &&
                            (a.recipients.empty() || b.recipients.empty() || a.type == "ASSAULT") && subset(a.actors, b.actors);
        if (!fits && !linked) continue;
        if (fits && subset(b.actors, a.actors) && subset(b.recipients, a.recipients) && j > i && a.mode && !b.mode)
          continue;  // the later one goes
        for (Participant& p : a.recipients)
          if (!subset({p}, b.recipients)) b.recipients.push_back(p);
        if (!b.mode && a.mode) {
          b.mode = a.mode;
          b.intensity = a.intensity;
          b.cameo = a.cameo;
        }
        for (EventNumber& n : a.numbers) b.numbers.push_back(std::move(n));
        for (std::string& c : a.contexts)
          if (std::find(b.contexts.begin(), b.contexts.end(), c) == b.contexts.end()) b.contexts.push_back(c);
        b.why.push_back(a.why.front());
        if (!b.date && a.date) b.date = a.date, b.time = a.time, b.date_why = a.date_why;
        if (b.place < 0) b.place = a.place;
        gone[i] = true;
      }
    }
    std::vector<Event> kept;
    for (size_t i = 0; i < events.size(); ++i)
      if (!gone[i]) kept.push_back(std::move(events[i]));
    events = std::move(kept);
  }

  /// Is the act noun a the subject, means or occasion of the verb b?
  bool hangs_on(uint32_t a, uint32_t b) const {
    uint32_t w = g_.carrier(a);
    const Word& d = g_.word(w);
    if (d.head != static_cast<int32_t>(b)) return false;
    if (d.rel == Rel::nsubj || d.rel == Rel::obj || d.rel == Rel::advcl) return true;
    if (d.rel != Rel::obl) return false;
    for (const uint32_t c : g_.children(w))
      if (g_.word(c).rel == Rel::case_ && any_of(g_.word(c).lemma, {"in", "with", "by", "during", "at", "from"})) return true;
    return false;
  }

  void notes() {
    std::vector<bool> has(trees_.sentences.size(), false);
    for (const Event& e : out_.events) has[g_.word(e.trigger_word).sentence] = true;
    std::vector<SentenceNote> notes(trees_.sentences.size());
    for (auto& [w, candidate] : m_.failed) {
      candidate.what += fmt::format(" ('{}')", g_.word(w).form);
      notes[g_.word(w).sentence].considered.push_back(std::move(candidate));
    }
    for (uint32_t s = 0; s < notes.size(); ++s) {
      notes[s].sentence = s;
      if (has[s] && notes[s].considered.empty()) continue;
      if (notes[s].considered.empty()) {
        const Part part = trees_.sentences[s].part;
        const bool head = part == Part::byline || part == Part::dateline || part == Part::footer;
        notes[s].considered.push_back(
            {"events", head ? "no events are looked for in this part" : "no word of it is a trigger in the lexicon"});
      }
      out_.notes.push_back(std::move(notes[s]));
    }
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const std::vector<TimeExpression>& times_;
  const std::vector<Place>& places_;
  const std::vector<Attribution>& attributions_;
  const EventLexicon::Impl& lexicon_;
  const std::optional<std::string>& published_;
  Grammar g_;
  Matches m_;
  EventLayer out_;
};

}  // namespace

EventLayer code_events(const syntax::Trees& trees, const syntax::Tags* /*tags*/, const entities::EntityLayer& entities,
                       const std::vector<TimeExpression>& times, const std::vector<Place>& places,
                       const std::vector<Attribution>& attributions, const EventLexicon& lexicon, const entities::Actors& actors,
                       const std::optional<std::string>& published) {
  return Coder(trees, entities, times, places, attributions, lexicon.impl(), actors, published).run();
}

}  // namespace reportedly::events
