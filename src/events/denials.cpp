// Denials that name no act: “There was no raid,” "called the report a lie", "dismissed the charge". They are linked to the event that
// another voice told before, so that its voices and its status show the denial. Precision before recall: the one who denies must be of the
// accused side, or the words must point back to what was said.
#include "events/denials.h"

#include <algorithm>

#include "base/one_of.h"

namespace reportedly::events {
namespace {

bool denied(const Event& e) {
  return e.status == "denied" && denied_by_somebody(e);
}

using syntax::Rel;
using syntax::Upos;
using syntax::Word;

constexpr uint32_t kReach = 4;  ///< sentences between a claim and its denial

class Linker {
 public:
  /// With `found` nothing is changed, and all links are listed there.
  Linker(const syntax::Trees& trees, const entities::EntityLayer& layer, const std::vector<Attribution>& attributions,
         std::vector<Event>& events, std::vector<Denial>* found)
      : trees_(trees), layer_(layer), attributions_(attributions), events_(events), found_(found) {}

  void run() {
    if (events_.empty()) return;
    for (uint32_t a = 0; a < attributions_.size(); ++a)
      if (attributions_[a].stance == Stance::denies && !attributions_[a].hypothetical) link(a);
  }

 private:
  struct Points {
    bool claim = false;   ///< "the charge", "this"
    bool such = false;    ///< "no such order"
    bool knows = false;   ///< "knows nothing of it": no denial of it
    int32_t stated = -1;  ///< the noun of a claim whose clause follows: "the assertion … that soldiers planted mines"
    std::vector<std::string_view> lemmas;
  };

  uint32_t sentence_of(const Attribution& a) const {
    const Span at = !a.cue.empty() ? a.cue.front() : a.content.front();
    const uint32_t w = trees_.word_at(at.start);
    return w < trees_.words.size() ? trees_.words[w].sentence : 0;
  }
  uint32_t start_of(const Attribution& a) const {
    uint32_t start = a.content.front().start;
    if (!a.cue.empty()) start = std::min(start, a.cue.front().start);
    return start;
  }

  Points points(const Attribution& a) const {
    Points p;
    p.claim = other_account(a);
    for (const Span& s : a.content) {
      bool first = true;
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && trees_.words[w].span.start < s.end; ++w) {
        const Word& d = trees_.words[w];
        if (d.upos == Upos::PUNCT) continue;
        p.such |= d.lemma == "such";
        const bool top = d.head < 0 || !s.holds(trees_.words[static_cast<size_t>(d.head)].span);
        const bool argument = d.rel == Rel::nsubj || d.rel == Rel::obj || d.rel == Rel::obl || d.rel == Rel::nmod;
        if (claim_noun(d.lemma) && d.upos == Upos::NOUN && (top || argument)) {
          p.claim = true;
          for (const uint32_t c : trees_.children(w))
            if (trees_.words[c].rel == Rel::ccomp ||
                (trees_.words[c].rel == Rel::acl && (trees_.words[c].sub != syntax::Sub::relcl || trees_.child_with(c, Rel::mark) >= 0)))
              p.stated = static_cast<int32_t>(w);
        }
        p.knows |= top && (d.lemma == "know" || d.lemma == "hear");
        // "calls this slander", "denied it", "not so"
        if (one_of(d.lemma, {"this", "that", "it"}) && d.upos == Upos::PRON && (top || first) && !a.denies_in_content) p.claim = true;
        if ((d.lemma == "so" || d.lemma == "nonsense") && top) p.claim = true;
        if (d.upos == Upos::VERB || d.upos == Upos::NOUN) p.lemmas.push_back(d.lemma);
        first = false;
      }
    }
    return p;
  }

  /// "told a different story: …": against what was told before.
  static bool other_account(const Attribution& a) {
    return std::any_of(a.why.begin(), a.why.end(), [](const std::string& w) { return w == attribution::kOtherAccount; });
  }

  /// Entities named in the source, the one it stands for first: "its spokesman", "Tehran's man in the province".
  std::vector<int32_t> side_of(const Attribution& a) const {
    std::vector<int32_t> out;
    if (a.source_entity >= 0) out.push_back(a.source_entity);
    for (const Span& s : a.source)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && trees_.words[w].span.start < s.end; ++w)
        if (w < layer_.entity_of_word.size() && layer_.entity_of_word[w] >= 0) out.push_back(layer_.entity_of_word[w]);
    return out;
  }
  std::optional<std::string> country_of(const std::vector<int32_t>& side) const {
    for (const int32_t e : side)
      if (const auto& c = layer_.entities[static_cast<size_t>(e)].country) return c;
    return std::nullopt;
  }

  bool same_side(const std::vector<int32_t>& side, const std::optional<std::string>& country,
                 const std::vector<Participant>& parties) const {
    return std::any_of(parties.begin(), parties.end(), [&](const Participant& p) {
      if (p.entity >= 0 && std::find(side.begin(), side.end(), p.entity) != side.end()) return true;
      return country && p.country == country;
    });
  }

  bool told_by(const Event& e, const std::vector<int32_t>& side) const {
    return std::any_of(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& v) {
      if (v.attribution < 0) return false;
      const int32_t source = attributions_[static_cast<size_t>(v.attribution)].source_entity;
      return source >= 0 && !side.empty() && source == side.front();
    });
  }

  static bool state_sector(const std::string& s) { return one_of(s, {"GOV", "MIL", "COP", "SPY"}); }

  /// Where a country is not known: an army and its ministry.
  bool both_of_a_state(const std::vector<int32_t>& side, const std::optional<std::string>& country,
                       const std::vector<Participant>& parties) const {
    if (side.empty()) return false;
    const auto& sectors = layer_.entities[static_cast<size_t>(side.front())].sectors;
    if (std::none_of(sectors.begin(), sectors.end(), state_sector)) return false;
    return std::any_of(parties.begin(), parties.end(), [&](const Participant& p) {
      return (!p.country || !country) &&
             std::any_of(p.sectors.begin(), p.sectors.end(), [](const std::string& x) { return x != "GOV" && state_sector(x); });
    });
  }

  /// The attribution told last before `start`, by another side.
  int32_t claim_before(uint32_t start, const std::vector<int32_t>& side) const {
    int32_t best = -1;
    for (size_t b = 0; b < attributions_.size(); ++b) {
      const Attribution& a = attributions_[b];
      if (start_of(a) >= start || (a.source_entity >= 0 && !side.empty() && a.source_entity == side.front())) continue;
      if (best < 0 || start_of(a) > start_of(attributions_[static_cast<size_t>(best)])) best = static_cast<int32_t>(b);
    }
    return best;
  }
  /// Is `voice` that attribution, inside it or around it?
  bool in_chain(int32_t voice, int32_t claim) const {
    const auto under = [&](int32_t a, int32_t top) {
      for (int steps = 0; a >= 0 && steps < 32; a = attributions_[static_cast<size_t>(a)].parent, ++steps)
        if (a == top) return true;
      return false;
    };
    return voice >= 0 && claim >= 0 && (under(voice, claim) || under(claim, voice));
  }

  /// "They did not believe him": whose claim it was.
  bool believed(const Attribution& a, int32_t claim) const {
    if (claim < 0 || !a.cue_lemma || !one_of(*a.cue_lemma, {"believe", "trust", "credit", "buy"})) return false;
    const int32_t source = attributions_[static_cast<size_t>(claim)].source_entity;
    const uint32_t w = trees_.word_at(a.content.front().start);
    return source >= 0 && w < layer_.entity_of_word.size() && a.content.front().size() <= 24 && layer_.entity_of_word[w] == source;
  }

  void deny(Event& e, uint32_t index, int signs) {
    if (found_) {
      found_->push_back({static_cast<uint32_t>(&e - events_.data()), index, static_cast<uint8_t>(signs)});
      return;
    }
    e.voices.push_back({static_cast<int32_t>(index), Factuality::ct_minus});
    e.status = "denied";
    e.why.push_back(kDeniedElsewhere);
  }

  void link(uint32_t index) {
    const Attribution& a = attributions_[index];
    // it holds an act of its own: that is what is denied
    for (const Event& e : events_)
      for (const Span& s : a.content)
        if (s.holds(e.trigger) && (e.factuality == Factuality::ct_minus || e.factuality == Factuality::pr_minus)) return;
    const uint32_t sentence = sentence_of(a), start = start_of(a);
    const Points p = points(a);
    if (p.knows) return;
    if (p.stated >= 0) {
      for (Event& e : events_)
        if (!denied(e) && e.type != "ACCUSE" &&
            trees_.words[e.trigger_word].sentence == trees_.words[static_cast<size_t>(p.stated)].sentence &&
            trees_.dominates(static_cast<uint32_t>(p.stated), e.trigger_word))
          deny(e, index, kStated);
      return;
    }
    const bool denies = a.cue_lemma && one_of(*a.cue_lemma, {"deny", "refute", "rebut", "dispute", "contradict", "disavow", "disclaim"});
    const bool negative = a.denies_in_content || denies;
    const auto side = side_of(a);
    const auto country = country_of(side);
    const int32_t claim = claim_before(start, side);
    if (!p.claim && !p.such && !negative && !believed(a, claim)) return;
    uint32_t found = UINT32_MAX;
    for (size_t i = events_.size(); i-- > 0;) {
      Event& e = events_[i];
      if (e.trigger.start >= start) continue;
      const uint32_t s = trees_.words[e.trigger_word].sentence;
      if (s + kReach < sentence || (found != UINT32_MAX && s != found)) break;
      if (e.type == "ACCUSE" || denied(e) || e.status == "refused" || e.status == "hypothetical" || told_by(e, side)) continue;
      if (std::any_of(a.content.begin(), a.content.end(), [&](const Span& c) { return c.holds(e.trigger); })) continue;
      const bool told = e.attribution >= 0 || e.factuality == Factuality::uu;
      const bool word = std::find(p.lemmas.begin(), p.lemmas.end(), std::string_view(trees_.words[e.trigger_word].lemma)) != p.lemmas.end();
      const bool accused = same_side(side, country, e.actors) || both_of_a_state(side, country, e.actors);
      const bool addressed =
          same_side(side, country, e.recipients) && one_of(e.type, {"REQUEST", "AGREE", "CONCEDE", "CONSULT", "THREATEN", "SUPPORT"});
      const bool points_back = (p.claim || p.such || believed(a, claim)) && in_chain(e.attribution, claim);
      const bool answers = accused && (told || word || p.such || (p.claim && e.quad == 4));
      const bool repeats = negative && word && (told || accused || addressed);
      const bool refused = addressed && negative && told;
      if (!points_back && !answers && !repeats && !refused) continue;
      deny(e, index, (points_back ? kPointsBack : 0) | (answers ? kAnswers : 0) | (repeats ? kRepeats : 0) | (refused ? kAddressed : 0));
      found = s;
    }
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& layer_;
  const std::vector<Attribution>& attributions_;
  std::vector<Event>& events_;
  std::vector<Denial>* found_;
};

}  // namespace

int32_t denies_around(const std::vector<Attribution>& attributions, int32_t voice) {
  int32_t a = voice < 0 ? -1 : attributions[static_cast<size_t>(voice)].parent;
  for (int steps = 0; a >= 0 && steps < 32; a = attributions[static_cast<size_t>(a)].parent, ++steps) {
    const Attribution& outer = attributions[static_cast<size_t>(a)];
    if (outer.stance == Stance::denies && !outer.denies_in_content && !outer.hypothetical) return a;
  }
  return -1;
}

bool claim_noun(std::string_view lemma) {
  return one_of(lemma,
                {"claim",     "charge",    "allegation", "accusation", "report",     "story",     "account",     "assertion",  "finding",
                 "study",     "survey",    "indictment", "rumour",     "rumor",      "version",   "tale",        "suggestion", "statement",
                 "complaint", "testimony", "notion",     "idea",       "news",       "talk",      "narrative",   "article",    "dossier",
                 "document",  "footage",   "video",      "witness",    "conclusion", "suspicion", "insinuation", "film",       "evidence"});
}

void link_denials(const syntax::Trees& trees, const entities::EntityLayer& layer, const std::vector<Attribution>& attributions,
                  std::vector<Event>& events) {
  Linker(trees, layer, attributions, events, nullptr).run();
}

std::vector<Denial> find_denials(const syntax::Trees& trees, const entities::EntityLayer& layer,
                                 const std::vector<Attribution>& attributions, std::vector<Event>& events) {
  std::vector<Denial> found;
  Linker(trees, layer, attributions, events, &found).run();
  return found;
}

}  // namespace reportedly::events
