// The place of an event: what hangs on its word by a preposition of place, else what hangs on the clause it shares. The dateline is where
// the report was written, not where the event was: it is never taken.
#include <algorithm>
#include <initializer_list>

#include "base/one_of.h"
#include "places/places.h"

namespace reportedly::places {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

bool is_locative(std::string_view w) {
  return one_of(w, {"in",     "at",    "near", "outside", "inside",    "on",    "across", "around", "off",     "throughout",
                    "within", "along", "over", "beside",  "alongside", "above", "under",  "toward", "towards", "between"});
}
/// Verbs whose "to" or "into" leads to where they happen.
bool leads_somewhere(std::string_view lemma) {
  return one_of(lemma,
                {"travel", "go",    "fly",     "visit",    "trip",  "return", "deploy",  "send", "arrive", "come", "move",     "head",
                 "drive",  "march", "journey", "withdraw", "cross", "enter",  "advance", "flee", "visit",  "tour", "dispatch", "deliver"});
}
/// Verbs that happen at their object: "attacked the town", "entered the country".
bool happens_at_object(std::string_view lemma) {
  return one_of(lemma, {"attack",    "bomb",  "shell",    "strike",  "hit",     "storm",   "seize",  "capture", "take", "retake",
                        "recapture", "enter", "visit",    "reach",   "raid",    "besiege", "invade", "occupy",  "rock", "pound",
                        "tour",      "leave", "surround", "bombard", "overrun", "flee",    "shake",  "cross"});
}
bool tells(std::string_view lemma) {
  return one_of(lemma,
                {"say",         "tell",    "report",  "announce", "deny",     "condemn", "denounce", "accuse",  "blame",       "criticize",
                 "criticise",   "praise",  "discuss", "recall",   "demand",   "urge",    "call",     "ask",     "warn",        "claim",
                 "state",       "add",     "note",    "confirm",  "reject",   "welcome", "describe", "mention", "allege",      "admit",
                 "acknowledge", "think",   "believe", "know",     "fear",     "hope",    "expect",   "predict", "investigate", "insist",
                 "argue",       "suggest", "declare", "write",    "threaten", "promise", "vow",      "pledge",  "plan",        "want"});
}

class Finder {
 public:
  Finder(const Trees& trees, const std::vector<Place>& places, uint32_t trigger) : trees_(trees), places_(places) {
    const Sentence& s = trees.sentences[trees.words[trigger].sentence];
    const auto first =
        std::lower_bound(places.begin(), places.end(), s.span.start, [](const Place& p, uint32_t at) { return p.span.start < at; });
    for (auto p = first; p != places.end() && p->span.start < s.span.end; ++p) {
      if (p->role == "dateline") continue;
      const uint32_t from = trees.word_at(p->span.start);
      uint32_t head = from;
      for (uint32_t w = from; w < s.last_word && trees.words[w].span.start < p->span.end; ++w) {
        const int32_t h = trees.words[w].head;
        if (h < 0 || trees.words[static_cast<size_t>(h)].span.end <= p->span.start ||
            trees.words[static_cast<size_t>(h)].span.start >= p->span.end) {
          head = w;
          break;
        }
      }
      here_.push_back({static_cast<int32_t>(p - places.begin()), head});
    }
  }

  int32_t run(uint32_t trigger) const {
    if (here_.empty()) return -1;
    if (const int32_t p = at(trigger, true); p >= 0) return p;
    // The clause it shares.
    uint32_t w = trigger;
    for (int steps = 0; steps < 4; ++steps) {
      const Word& word = trees_.words[w];
      if (word.head < 0) return -1;
      const auto up = static_cast<uint32_t>(word.head);
      const Word& above = trees_.words[up];
      const bool noun = word.upos == Upos::NOUN || word.upos == Upos::PROPN;
      switch (word.rel) {
        case Rel::nsubj:
        case Rel::obj:
          if (!noun || above.upos != Upos::VERB || tells(above.lemma)) return -1;
          break;
        case Rel::obl:
          if (!noun || above.upos != Upos::VERB || tells(above.lemma)) return -1;
          break;
        case Rel::conj:
          break;
        case Rel::advcl:
          if (tells(above.lemma) || has_mark(w)) return -1;
          break;
        case Rel::xcomp:
          if (tells(above.lemma)) return -1;
          break;
        case Rel::acl: {
          // "the bomb that exploded in the town" has its own; "a march in the town demanding …" gives its place.
          if (word.sub == Sub::relcl || tells(word.lemma)) return -1;
          break;
        }
        case Rel::nmod:
        case Rel::compound:
          if (!one_of(above.lemma, {"series", "wave", "round", "string", "spate", "number", "act", "campaign"})) return -1;
          break;
        default:
          return -1;
      }
      if (const int32_t p = at(up, false); p >= 0) return p;
      w = up;
    }
    return -1;
  }

 private:
  struct Here {
    int32_t place;
    uint32_t head;
  };

  bool has_mark(uint32_t w) const {
    for (const uint32_t c : trees_.children(w))
      if (trees_.words[c].rel == Rel::mark &&
          one_of(trees_.words[c].lemma, {"if", "because", "although", "though", "unless", "before", "after", "until"}))
        return true;
    return false;
  }
  std::string_view case_of(uint32_t w) const {
    for (const uint32_t c : trees_.children(w))
      if (trees_.words[c].rel == Rel::case_ && trees_.words[c].lemma != "'s" && trees_.words[c].lemma != "’s") return trees_.words[c].lemma;
    return {};
  }

  /// Does that place hang on w as where it is? Its distance in steps, −1 if it does not.
  int steps_to(uint32_t place_head, uint32_t w, bool own) const {
    uint32_t v = place_head;
    bool located = false, possessor = false;
    for (int steps = 1; steps <= 5; ++steps) {
      const Word& word = trees_.words[v];
      if (word.head < 0) return -1;
      const auto up = static_cast<uint32_t>(word.head);
      const std::string_view preposition = case_of(v);
      const bool into = one_of(preposition, {"to", "into", "through"});
      if (is_locative(preposition))
        located = true;
      else if (one_of(preposition,
                      {"from", "against", "with", "by", "for", "about", "like", "as", "between", "after", "before", "despite"}) &&
               !located)
        return -1;
      else if (into && !located) {
        if (!leads_somewhere(trees_.words[up].lemma)) return -1;
        located = true;
      }
      possessor = possessor || word.sub == Sub::poss;
      if (up == w) {
        switch (word.rel) {
          case Rel::obl:
          case Rel::nmod:
          case Rel::advmod:
            return located ? steps : -1;
          case Rel::obj:
            return located ? steps
                   : (steps == 1 && happens_at_object(trees_.words[w].lemma)) ||
                           (steps <= 3 && possessor && happens_at_object(trees_.words[w].lemma))
                       ? steps
                       : -1;
          case Rel::nsubj:
            return located || (word.sub == Sub::pass && steps == 1 && happens_at_object(trees_.words[w].lemma)) ? steps + 1 : -1;
          case Rel::compound:
            return own && steps == 1 ? steps : -1;
          case Rel::acl:
            return located ? steps : -1;
          default:
            return -1;
        }
      }
      // Through nouns only: "in the market of the town", "a base near the town".
      if (word.rel != Rel::nmod && word.rel != Rel::appos && word.rel != Rel::compound && word.rel != Rel::flat && word.rel != Rel::conj &&
          word.rel != Rel::dep && word.rel != Rel::obl)
        return -1;
      const Upos u = trees_.words[up].upos;
      if (u != Upos::NOUN && u != Upos::PROPN && u != Upos::NUM && u != Upos::ADV) return -1;
      v = up;
    }
    return -1;
  }

  int32_t at(uint32_t w, bool own) const {
    int32_t best = -1;
    int best_steps = 0, best_rank = 0;
    for (const Here& h : here_) {
      const int steps = steps_to(h.head, w, own);
      if (steps < 0) continue;
      const Place& p = places_[static_cast<size_t>(h.place)];
      const Word& head = trees_.words[h.head];
      // "the Russian state's attack", "Syria attacks": a state beside its act is the actor.
      const bool state = p.feature && (*p.feature == "PCLI" || *p.feature == "CONT");
      if (state && head.rel == Rel::compound) continue;
      // Of two as near the narrower one: "in the town, in the country".
      const int rank = !p.feature ? 1 : state ? 0 : p.feature->starts_with("ADM") ? 2 : 3;
      if (best < 0 || steps < best_steps || (steps == best_steps && rank > best_rank)) {
        best = h.place;
        best_steps = steps;
        best_rank = rank;
      }
    }
    return best;
  }

  const Trees& trees_;
  const std::vector<Place>& places_;
  std::vector<Here> here_;
};

}  // namespace

int32_t place_of(const Trees& trees, const std::vector<Place>& places, uint32_t trigger) {
  return Finder(trees, places, trigger).run(trigger);
}

}  // namespace reportedly::places
