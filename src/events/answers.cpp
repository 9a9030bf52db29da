#include "events/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/one_of.h"
#include "events/denials.h"

namespace reportedly::events {
namespace {

using syntax::Upos;
using syntax::Word;

enum Feature : uint16_t {
#define X(name, holds, denies) name,
#include "events/answer_weights.inc"
#undef X
  kFeatures
};
constexpr std::array<float, kFeatures> kHolds = {{
#define X(name, holds, denies) holds,
#include "events/answer_weights.inc"
#undef X
}};
constexpr std::array<float, kFeatures> kDenies = {{
#define X(name, holds, denies) denies,
#include "events/answer_weights.inc"
#undef X
}};
constexpr std::string_view kNames[] = {
#define X(name, holds, denies) #name,
#include "events/answer_weights.inc"
#undef X
};

// Probabilities from which a voice is added; chosen on the held-out passages.
constexpr float kHeld = 0.5f, kDenied = 0.4f, kDeniedElse = 0.6f;  // the last where the stance of what is said is no denial
constexpr float kDeniedExpected = 0.1f;      // … where the likeliest denier of an act that is taken for denied is asked
constexpr float kDeniedBesideOwn = 0.3f;     // … and the voice tells of another act
constexpr float kDeniedExpectedElse = 0.3f;  // … and the stance of what is said is no denial
constexpr float kHeard = 0.05f;              // what is less likely is not even looked at in disputes
constexpr float kClip = 6.9f;                // logits beyond are no surer
constexpr size_t kShort = 3;                 // words of a content that only points at something: "it", "the charge"

using Features = std::array<float, kFeatures>;

class Answers {
 public:
  Answers(const syntax::Trees& trees, const entities::EntityLayer& layer, const std::vector<Attribution>& attributions,
          const Matches& matches, const std::set<uint32_t>& expected, std::vector<Event>& events)
      : trees_(trees), layer_(layer), attributions_(attributions), matches_(matches), expected_(expected), events_(events) {}

  void run(std::vector<Opinions::Heard>& heard, std::string* rows) {
    for (const Denial& d : find_denials(trees_, layer_, attributions_, events_)) signs_[{d.event, d.attribution}] = d.signs;
    find_own();
    std::vector<Pair> pairs = find_pairs();
    std::map<uint32_t, Guess> likeliest;  // denials of those expected to be denied
    for (const Pair& p : pairs) {
      const Features x = features(p);
      float holds = 0, denies = 0;
      for (size_t i = 0; i < kFeatures; ++i) {
        holds += kHolds[i] * x[i];
        denies += kDenies[i] * x[i];
      }
      if (rows) write(p, x, *rows);
      const float highest = std::max({0.0f, holds, denies});
      const float sum = std::exp(-highest) + std::exp(holds - highest) + std::exp(denies - highest);
      const float denied = std::exp(denies - highest) / sum;
      const float held = std::exp(holds - highest) / sum;
      if (std::max(held, denied) >= kHeard) heard.push_back({p.event, p.attribution, held, denied});
      take(p, held, denied);
      if (!expected_.contains(events_[p.event].trigger_word)) continue;
      const bool linked = signs_.contains({p.event, p.attribution});  // by the words: "denied the offer"
      if (!linked && foreign(attributions_[p.attribution], events_[p.event])) continue;
      if (!linked && accuser(attributions_[p.attribution], events_[p.event])) continue;
      if (!linked && same_side(attributions_[p.attribution], events_[p.event])) continue;
      const float sure = linked ? std::max(denied, kDeniedElse) : denied;
      const bool denial = linked || attributions_[p.attribution].stance == Stance::denies;
      if (!linked && !own_[p.attribution].empty() && sure < kDeniedBesideOwn) continue;
      const Guess guess{denial && sure >= kDeniedExpected, sure, &p};
      if (const auto [at, fresh] = likeliest.try_emplace(p.event, guess); !fresh && at->second < guess) at->second = guess;
    }
    for (const auto& [event, guess] : likeliest) {
      Event& e = events_[event];
      if (denied_by_somebody(e)) continue;
      const uint32_t a = guess.pair->attribution;
      if (guess.p >= (guess.denial ? kDeniedExpected : kDeniedExpectedElse)) {  // who is only guessed to deny it takes no side in a dispute
        e.why.push_back(fmt::format("model:status denied, not {}", e.status));
        deny(e, static_cast<int32_t>(a), guess.p, guess.p < enough(a) ? Factuality::ps_minus : Factuality::ct_minus);
      } else {
        e.why.push_back(fmt::format("model:nobody is found who denies it (p {:.2f} at most)", guess.p));
      }
    }
  }

 private:
  struct Pair {
    uint32_t event, attribution;
    float holds, denies;
    bool best_of_event, best_of_voice;  ///< the likeliest denial of the act, the likeliest act that the voice denies
  };

  /// Who may deny an act: whoever denies something, and likely this, goes before those whose words deny nothing.
  struct Guess {
    bool denial;
    float p;
    const Pair* pair;
    bool operator<(const Guess& other) const { return std::pair(denial, p) < std::pair(other.denial, other.p); }
  };

  /// Acts told in the content of each attribution itself, not in one inside it.
  void find_own() {
    own_.resize(attributions_.size());
    for (uint32_t i = 0; i < events_.size(); ++i)
      for (const VoiceClaim& v : events_[i].voices)
        if (v.attribution >= 0) own_[static_cast<size_t>(v.attribution)].push_back(i);
  }

  /// Is what the voice speaks of only taken up ("disputed this account", "denied it"), and the act told later?
  bool takes_up_before(uint32_t attribution, const Event& e) const {
    const Attribution& a = attributions_[attribution];
    if (a.content.empty() || e.trigger.start < a.content.back().end) return false;
    const auto& words = trees_.words;
    const uint32_t first = trees_.word_at(a.content.front().start);
    uint32_t n = 0;
    for (uint32_t w = first; w < words.size() && words[w].span.start < a.content.back().end; ++w) n += words[w].upos != Upos::PUNCT;
    if (first >= words.size() || n > kShort || words[first].sentence >= words[e.trigger_word].sentence) return false;
    return one_of(words[first].lemma, {"this", "that", "it", "these", "those"}) && (n > 1 || words[first].upos == Upos::PRON);
  }

  std::vector<Pair> find_pairs() const {
    std::vector<Pair> out;
    std::map<uint32_t, float> of_voice;
    for (uint32_t i = 0; i < events_.size(); ++i) {
      const int32_t f = matches_.frame_of[events_[i].trigger_word];
      if (f < 0) continue;
      for (const Frame::View& v : matches_.frames[static_cast<size_t>(f)].views) {
        if (heard(events_[i], static_cast<int32_t>(v.attribution)) || takes_up_before(v.attribution, events_[i])) continue;
        out.push_back({i, v.attribution, std::clamp(v.holds, -kClip, kClip), std::clamp(v.denies, -kClip, kClip), false, false});
        const auto [at, fresh] = of_voice.emplace(v.attribution, out.back().denies);
        if (!fresh) at->second = std::max(at->second, out.back().denies);
      }
    }
    for (size_t begin = 0; begin < out.size();) {
      size_t end = begin, best = begin;
      for (; end < out.size() && out[end].event == out[begin].event; ++end)
        if (out[end].denies > out[best].denies) best = end;
      for (size_t k = begin; k < end; ++k) {
        out[k].best_of_event = k == best;
        out[k].best_of_voice = out[k].denies == of_voice[out[k].attribution];
      }
      begin = end;
    }
    return out;
  }

  int32_t parent(int32_t a) const { return attributions_[static_cast<size_t>(a)].parent; }
  /// A voice that tells the act itself, one around it or one inside it.
  bool heard(const Event& e, int32_t a) const {
    for (const VoiceClaim& c : e.voices) {
      for (int32_t up = a; up >= 0; up = parent(up))
        if (up == c.attribution) return true;
      for (int32_t up = c.attribution; up >= 0; up = parent(up))
        if (up == a) return true;
    }
    return false;
  }

  uint32_t cue_word(const Attribution& a) const { return trees_.word_at(!a.cue.empty() ? a.cue.front().start : a.content.front().start); }

  /// Who charges others holds that something was done; only those who are said to have done it deny it by a charge of their own.
  bool accuser(const Attribution& a, const Event& e) const {
    return a.stance == Stance::accuses && (!side(a, e.actors) || side(a, e.recipients));
  }

  /// What a source and parties have in common: the same one, or the same country.
  bool side(const Attribution& a, const std::vector<Participant>& parties) const {
    if (a.source_entity < 0) return false;
    const Entity& s = layer_.entities[static_cast<size_t>(a.source_entity)];
    return std::any_of(parties.begin(), parties.end(),
                       [&](const Participant& p) { return p.entity == a.source_entity || (s.country && p.country == s.country); });
  }
  /// Does it speak for the state that tells the act of itself? "The junta denied that its troops had been there." A minister: "They left."
  bool same_side(const Attribution& a, const Event& e) const {
    if (e.attribution < 0) return false;
    const int32_t teller = attributions_[static_cast<size_t>(e.attribution)].source_entity;
    if (teller < 0 || a.source_entity < 0) return false;
    if (teller == a.source_entity) return true;
    if (!side(a, e.actors)) return false;
    const auto governs = [&](int32_t entity) {
      const Entity& x = layer_.entities[static_cast<size_t>(entity)];
      return x.kind == "state" ||
             std::any_of(x.sectors.begin(), x.sectors.end(), [](const std::string& s) { return s == "GOV" || s == "MIL"; });
    };
    const auto& home = layer_.entities[static_cast<size_t>(teller)].country;  // often not told of a minister
    return (!home || home == layer_.entities[static_cast<size_t>(a.source_entity)].country) && governs(teller) && governs(a.source_entity);
  }
  bool foreign(const Attribution& a, const Event& e) const {
    if (a.source_entity < 0) return false;
    const auto& home = layer_.entities[static_cast<size_t>(a.source_entity)].country;
    if (!home || e.actors.empty()) return false;
    const auto other = [&](const Participant& p) { return p.country && p.country != home; };
    return std::all_of(e.actors.begin(), e.actors.end(), other) &&
           std::none_of(e.recipients.begin(), e.recipients.end(), [&](const Participant& p) { return p.country == home; });
  }

  static bool content_word(const Word& w) { return (w.upos == Upos::NOUN || w.upos == Upos::VERB) && w.lemma != "say" && w.lemma != "be"; }

  template <typename Visit>
  void words_of(const std::vector<Span>& spans, const Visit& visit) const {
    for (const Span& s : spans)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && trees_.words[w].span.start < s.end; ++w)
        if (trees_.words[w].upos != Upos::PUNCT) visit(trees_.words[w]);
  }

  Features features(const Pair& p) const {
    Features x{};
    const Event& e = events_[p.event];
    const Attribution& a = attributions_[p.attribution];
    const auto on = [&](Feature f, bool value) { x[f] = value ? 1.0f : 0.0f; };
    x[bias] = 1;
    x[holds_logit] = p.holds / 4;
    x[denies_logit] = p.denies / 4;
    on(holds_likely, p.holds > 0);
    on(denies_likely, p.denies > 0);
    on(best_of_event, p.best_of_event);
    on(best_of_voice, p.best_of_voice);
    x[best_of_both] = p.best_of_event && p.best_of_voice ? p.denies / 4 : 0;
    // where the two stand
    const uint32_t cue = cue_word(a), s = trees_.words[e.trigger_word].sentence, t = trees_.words[cue].sentence;
    const uint32_t far = s > t ? s - t : t - s;
    on(here, far == 0);
    on(one_off, far == 1);
    on(two_off, far == 2);
    on(far_off, far > 2);
    const bool earlier = cue < e.trigger_word;
    on(before, earlier);
    const uint32_t from = std::min(cue, e.trigger_word), to = std::max(cue, e.trigger_word);
    uint32_t voices_between = 0, acts_between = 0;
    for (uint32_t k = p.attribution; earlier ? ++k < attributions_.size() : k-- > 0;) {
      const uint32_t w = cue_word(attributions_[k]);
      if (w <= from || w >= to) break;
      const bool own =
          std::any_of(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& v) { return v.attribution == static_cast<int32_t>(k); });
      voices_between += own ? 0 : 1;
    }
    for (uint32_t k = p.event; earlier ? k-- > 0 : ++k < events_.size();) {
      if (events_[k].trigger_word <= from || events_[k].trigger_word >= to) break;
      ++acts_between;
    }
    x[other_voices] = static_cast<float>(std::min(voices_between, 3u));
    x[other_acts] = static_cast<float>(std::min(acts_between, 3u));
    // the act
    const int32_t teller = e.voices.empty() ? -1 : e.voices.front().attribution;
    on(told, teller >= 0);
    on(told_accusing, teller >= 0 && attributions_[static_cast<size_t>(teller)].stance == Stance::accuses);
    on(same_source, teller >= 0 && a.source_entity >= 0 && attributions_[static_cast<size_t>(teller)].source_entity == a.source_entity);
    on(act_denied, e.factuality == Factuality::ct_minus || e.factuality == Factuality::pr_minus);
    on(act_planned, e.status == "planned" || e.status == "hypothetical");
    on(act_accuse, e.type == "ACCUSE");
    on(act_word, e.quad == 1 || e.type == "REQUEST" || e.type == "REJECT" || e.type == "THREATEN");
    on(act_force, e.quad == 4);
    // who speaks
    on(by_actor, side(a, e.actors));
    on(by_recipient, side(a, e.recipients));
    on(by_foreigner, foreign(a, e));
    on(by_nobody, a.source.empty());
    // what is said
    on(stance_denies, a.stance == Stance::denies && !a.denies_in_content);
    on(words_deny, a.stance == Stance::denies && a.denies_in_content);
    on(stance_accuses, a.stance == Stance::accuses);
    on(stance_withholds, a.stance == Stance::withholds);
    on(stance_doubts, a.stance == Stance::doubts);
    on(stance_concedes, a.stance == Stance::concedes);
    on(stance_supposes, a.stance == Stance::supposes);
    on(stance_wills, a.stance == Stance::demands || a.stance == Stance::promises || a.stance == Stance::threatens);
    bool negative = false, positive = false, alike = false;
    for (const uint32_t k : own_[p.attribution]) {
      const bool no = events_[k].factuality == Factuality::ct_minus || events_[k].factuality == Factuality::pr_minus;
      negative |= no;
      positive |= !no;
      alike |= events_[k].type == e.type;
    }
    on(own_negative, negative);
    on(own_positive, positive);
    on(own_alike, alike);
    size_t count = 0, pointing = 0, claims = 0, same = 0, such = 0, shared = 0, parties = 0, negations = 0;
    const Word& trigger = trees_.words[e.trigger_word];
    std::set<std::string_view> told_words;
    const Sentence& sentence = trees_.sentences[trigger.sentence];
    for (uint32_t w = sentence.first_word; w < sentence.last_word; ++w)
      if (content_word(trees_.words[w])) told_words.insert(trees_.words[w].lemma);
    words_of(a.content, [&](const Word& w) {
      shared += content_word(w) && told_words.contains(w.lemma);
      negations += w.morph.negative || w.lemma == "no" || w.lemma == "nobody" || w.lemma == "nothing" || w.lemma == "never";
      const auto at = static_cast<size_t>(&w - trees_.words.data());
      const int32_t entity = at < layer_.entity_of_word.size() ? layer_.entity_of_word[at] : -1;
      for (const auto* list : {&e.actors, &e.recipients})
        parties += entity >= 0 && std::any_of(list->begin(), list->end(), [&](const Participant& q) { return q.entity == entity; });
      ++count;
      pointing += w.upos == Upos::PRON && (w.lemma == "it" || w.lemma == "this" || w.lemma == "that" || w.lemma == "so");
      claims += w.upos == Upos::NOUN && claim_noun(w.lemma);
      such += w.lemma == "such";
      same += w.lemma == trigger.lemma;
    });
    on(content_short, count <= kShort);
    on(content_points, pointing > 0);
    on(content_claim, claims > 0);
    on(content_such, such > 0);
    on(content_repeats, same > 0);
    on(content_negative, negations > 0);
    on(content_shares, shared > 0 && far > 0);
    on(content_shares_more, shared > 1 && far > 0);
    on(content_party, parties > 0);
    on(next_voice, teller >= 0 && p.attribution == static_cast<uint32_t>(teller) + 1);
    on(actor_denies, side(a, e.actors) && a.stance == Stance::denies);
    on(short_denial, count <= kShort && a.stance == Stance::denies);
    // the rules
    const auto found = signs_.find({p.event, p.attribution});
    const uint8_t signs = found == signs_.end() ? 0 : found->second;
    on(rule_any, signs != 0);
    on(rule_stated, (signs & kStated) != 0);
    on(rule_points_back, (signs & kPointsBack) != 0);
    on(rule_answers, (signs & kAnswers) != 0);
    on(rule_repeats, (signs & kRepeats) != 0);
    on(rule_addressed, (signs & kAddressed) != 0);
    return x;
  }

  void take(const Pair& p, float holds, float denies) {
    Event& e = events_[p.event];
    const bool no = denies >= holds;
    if (no && foreign(attributions_[p.attribution], e)) return;  // the "no" of a third state is seldom about them
    if (no ? denies < enough(p.attribution) : holds < kHeld) return;
    const auto a = static_cast<int32_t>(p.attribution);
    // one of a chain is enough
    for (int32_t up = a; up >= 0; up = parent(up))
      if (std::any_of(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& c) { return c.attribution == up; })) return;
    if (no) return deny(e, a, denies, Factuality::ct_minus);
    e.voices.push_back({a, Factuality::ct_plus});
    e.why.push_back(fmt::format("model:held by a{} (p {:.2f})", a + 1, holds));
  }

  /// The probability from which a voice is taken to deny an act.
  float enough(uint32_t attribution) const { return attributions_[attribution].stance == Stance::denies ? kDenied : kDeniedElse; }

  static void deny(Event& e, int32_t a, float p, Factuality value) {
    std::erase_if(e.voices, [&](const VoiceClaim& v) { return v.attribution == a; });
    e.voices.push_back({a, value});
    e.status = "denied";
    e.why.push_back(fmt::format("model:denied by a{} (p {:.2f})", a + 1, p));
    if (std::find(e.why.begin(), e.why.end(), kDeniedElsewhere) == e.why.end()) e.why.push_back(kDeniedElsewhere);
  }

  void write(const Pair& p, const Features& x, std::string& out) const {
    out += fmt::format(R"({{"answer": ["v{}", "a{}"], "features": {{)", p.event + 1, p.attribution + 1);
    const char* comma = "";
    for (size_t i = 0; i < kFeatures; ++i)
      if (x[i] != 0) {
        out += fmt::format(R"({}"{}": {})", comma, kNames[i], x[i]);
        comma = ", ";
      }
    out += "}}\n";
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& layer_;
  const std::vector<Attribution>& attributions_;
  const Matches& matches_;
  const std::set<uint32_t>& expected_;
  std::vector<Event>& events_;
  std::map<std::pair<uint32_t, uint32_t>, uint8_t> signs_;  ///< of rules, by event and attribution
  std::vector<std::vector<uint32_t>> own_;                  ///< acts of each attribution
};

}  // namespace

void add_answers(const syntax::Trees& trees, const entities::EntityLayer& entities, const std::vector<Attribution>& attributions,
                 const Matches& matches, const std::set<uint32_t>& expected, std::vector<Event>& events,
                 std::vector<Opinions::Heard>& heard, std::string* rows) {
  Answers(trees, entities, attributions, matches, expected, events).run(heard, rows);
}

}  // namespace reportedly::events
