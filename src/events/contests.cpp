#include "events/contests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "base/one_of.h"
#include "events/choices.h"
#include "events/denials.h"
#include "events/numerals.h"

namespace reportedly::events {
namespace {

using syntax::Upos;
using syntax::Word;

constexpr std::array<std::string_view, 4> kKinds{"occurrence", "agent", "number", "other"};
constexpr size_t kOccurrence = 0, kAgent = 1, kNumber = 2, kOther = 3;

struct Weight {
  std::string_view name;
  std::array<float, kKinds.size()> value;
};
#include "events/contest_weights.inc"
static_assert(std::is_sorted(kWeights.begin(), kWeights.end(), [](const Weight& a, const Weight& b) { return a.name < b.name; }),
              "features are found by halving");

constexpr float kEnough = 0.5f;          // the probability from which a dispute is told, of its kind
constexpr float kEnoughByWords = 0.22f;  // … of the kind that the rules find by the words: who did it, how many
constexpr float kAsk = 0.08f;            // voices elsewhere that are at least so likely to hold or deny an act are asked
constexpr float kClip = 4.0f;            // log-odds beyond are no surer
constexpr size_t kActs = 12;             // acts between two accounts
constexpr uint32_t kSentences = 6;       // … and sentences
constexpr size_t kVoices = 4;            // voices on either side of one act
constexpr const char* kHappened = "happened";
constexpr const char* kNot = "did not happen";

float logit(float p) {
  return std::clamp(std::log(std::max(p, 1e-4f) / std::max(1 - p, 1e-4f)), -kClip, kClip);
}

bool positive(Factuality f) {
  return f == Factuality::ct_plus || f == Factuality::pr_plus || f == Factuality::ps_plus;
}

/// Two accounts: of one act, which the one voice holds and the other denies, or of two.
struct Contest {
  uint32_t act = 0;
  int32_t other = -1;                 ///< a second act, which `against` tells
  int32_t teller = -1, against = -1;  ///< voices; −1 the narrator
  const Dispute* rule = nullptr;      ///< what the rules make of them
  std::array<float, kKinds.size()> p{};
};

class Weigher {
 public:
  Weigher(const syntax::Trees& trees, const std::vector<Event>& events, const std::vector<Attribution>& attributions,
          const std::vector<Entity>& entities, const Opinions& opinions, const std::vector<Dispute>& found)
      : trees_(trees), events_(events), attributions_(attributions), entities_(entities), opinions_(opinions), found_(found) {
    own_.resize(attributions_.size());
    for (uint32_t i = 0; i < events_.size(); ++i)
      for (const VoiceClaim& v : events_[i].voices)
        if (v.attribution >= 0) own_[static_cast<size_t>(v.attribution)].push_back(i);
    for (const Opinions::Heard& h : opinions_.heard) {
      heard_[{h.event, h.attribution}] = &h;
      most_of_act_[h.event] = std::max(most_of_act_[h.event], h.denies);
      most_of_voice_[h.attribution] = std::max(most_of_voice_[h.attribution], h.denies);
    }
    for (const Opinions::Rivals& r : opinions_.rivals) rivals_[{r.earlier, r.later}] = r.p;
  }

  std::vector<Dispute> run(std::string* rows) {
    for (uint32_t i = 0; i < events_.size(); ++i) one_act(i);
    two_acts();
    by_rules();
    for (Contest& c : contests_) {
      const Features features = describe(c);
      if (rows) write(c, features, *rows);
      c.p = probabilities(features);
      trust_rules(c);
    }
    return choose();
  }

 private:
  // ---- which accounts are asked ----

  struct Voice {
    int32_t attribution;
    float p;
  };

  void one_act(uint32_t i) {
    const Event& e = events_[i];
    if (e.voices.empty()) return;
    std::vector<Voice> yes, no;
    const auto listed = [](const std::vector<Voice>& list, int32_t a) {
      return std::any_of(list.begin(), list.end(), [&](const Voice& v) { return v.attribution == a; });
    };
    for (const VoiceClaim& v : e.voices) {
      if (positive(v.factuality)) yes.push_back({v.attribution, 1});
      if (negative(v.factuality)) no.push_back({v.attribution, 1});
    }
    const auto from = std::lower_bound(opinions_.heard.begin(), opinions_.heard.end(), i,
                                       [](const Opinions::Heard& h, uint32_t event) { return h.event < event; });
    for (auto h = from; h != opinions_.heard.end() && h->event == i; ++h) {
      const auto a = static_cast<int32_t>(h->attribution);
      if (h->holds >= kAsk && !listed(yes, a) && !listed(no, a)) yes.push_back({a, h->holds});
      if (h->denies >= kAsk && !listed(no, a)) no.push_back({a, h->denies});
    }
    const VoiceClaim& own = e.voices.front();
    if (const int32_t outer = denies_around(attributions_, own.attribution); outer >= 0 && !listed(no, outer)) no.push_back({outer, 1});
    // who tells it takes one of the sides
    if (positive(own.factuality)) yes = {{own.attribution, 1}};
    if (negative(own.factuality)) no = {{own.attribution, 1}};
    for (auto* side : {&yes, &no}) {
      std::stable_sort(side->begin(), side->end(), [](const Voice& a, const Voice& b) { return a.p > b.p; });
      if (side->size() > kVoices) side->resize(kVoices);
    }
    for (const Voice& y : yes)
      for (const Voice& n : no)
        if (source(y.attribution) != source(n.attribution)) contests_.push_back({i, -1, y.attribution, n.attribution, nullptr, {}});
  }

  void two_acts() {
    std::set<std::pair<uint32_t, uint32_t>> asked;
    for (const Opinions::Rivals& r : opinions_.rivals) asked.emplace(r.earlier, r.later);
    for (uint32_t j = 1; j < events_.size(); ++j)
      for (uint32_t i = j; i-- > 0 && i + kActs >= j;) {
        if (sentence(j) > sentence(i) + kSentences) break;
        if (events_[i].type == events_[j].type) asked.emplace(i, j);
      }
    for (const auto& [i, j] : asked) {
      if (events_[i].voices.empty() || events_[j].voices.empty()) continue;
      const int32_t a = events_[i].voices.front().attribution, b = events_[j].voices.front().attribution;
      if (source(a) != source(b)) contests_.push_back({i, static_cast<int32_t>(j), a, b, nullptr, {}});
    }
  }

  void by_rules() {
    std::multimap<std::pair<uint32_t, int32_t>, size_t> at;  // by acts
    for (size_t i = 0; i < contests_.size(); ++i) at.insert({{contests_[i].act, contests_[i].other}, i});
    for (const Dispute& d : found_) {
      const int32_t a = d.positions[0].voices.front(), b = d.positions[1].voices.front();
      const auto first = static_cast<uint32_t>(d.positions[0].event);
      const int32_t second = d.positions[1].event == d.positions[0].event ? -1 : d.positions[1].event;
      if (d.kind == kKinds[kNumber]) counted_.insert({{std::min(a, b), std::max(a, b)}, &d});
      const auto [from, to] = at.equal_range({first, second});
      const auto same = std::find_if(from, to, [&](const auto& x) {
        const Contest& c = contests_[x.second];
        return !c.rule && ((c.teller == a && c.against == b) || (c.teller == b && c.against == a));
      });
      if (same != to)
        contests_[same->second].rule = &d;
      else
        contests_.push_back({first, second, a, b, &d, {}});
    }
  }

  /// Who did it and how many were hit is told in so many words where the rules find it: what the choice makes of an occurrence is of that
  /// kind then, and less is enough.
  void trust_rules(Contest& c) const {
    if (c.other >= 0 && on_top(events_[c.act], events_[static_cast<size_t>(c.other)])) c.p[kNumber] = 0;
    if (!c.rule || (c.rule->kind != kKinds[kAgent] && c.rule->kind != kKinds[kNumber])) return;
    const size_t kind = c.rule->kind == kKinds[kAgent] ? kAgent : kNumber;
    if (kind == kAgent) c.p[kAgent] += std::exchange(c.p[kOccurrence], 0.0f);
    if (c.p[kind] >= kEnoughByWords) c.p[kind] = std::max(c.p[kind], kEnough);
  }

  /// "Six more in the next valley": they come on top of those that were counted.
  bool on_top(const Event& e, const Event& f) const {
    const auto is_more = [](const std::string& form) {
      return one_of(form, {"more", "other", "others", "further", "additional", "extra"});
    };
    const auto more = [&](Span number) {
      const uint32_t first = trees_.word_at(number.start);
      uint32_t last = first;
      while (last < trees_.words.size() && trees_.words[last].span.start < number.end) ++last;
      return (last < trees_.words.size() && is_more(trees_.words[last].form)) ||
             (first > 0 && one_of(trees_.words[first - 1].form, {"another", "other", "further", "additional"}));
    };
    const auto any = [&](const Event& x) {
      return is_more(trees_.words[x.trigger_word].form) || (trees_.words[x.trigger_word].upos == Upos::NUM && more(x.trigger)) ||
             std::any_of(x.numbers.begin(), x.numbers.end(), [&](const EventNumber& n) { return more(n.span); });
    };
    return any(e) || any(f);
  }

  // ---- what speaks for and against ----

  Features describe(const Contest& c) const {
    Features out;
    const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
    const Event& e = events_[c.act];
    const std::string n = c.other < 0 ? "one." : "two.";
    add("bias");
    add(n + "bias");
    add(n + "rule:" + (c.rule ? c.rule->kind : "none"));
    add(n + "type:" + e.type);
    add(n + "status:" + e.status);
    if (e.quad == 4) add(n + "force");
    add(n + "denied", std::clamp(opinions_.denied[c.act], -kClip, kClip) / 4);
    add(n + "teller." + stance(c.teller));
    add(n + "against." + stance(c.against));
    if (c.teller >= 0 && attributions_[static_cast<size_t>(c.teller)].hypothetical) add("hypothetical");
    if (c.against >= 0 && attributions_[static_cast<size_t>(c.against)].hypothetical) add("hypothetical");
    // the words against it
    bool involved = false, number = false, negation = false;
    size_t words = 0;
    if (c.against >= 0) {
      const Attribution& a = attributions_[static_cast<size_t>(c.against)];
      each_word(a.content, [&](const Word& w) {
        ++words;
        involved |= w.lemma == "involvement" || w.lemma == "responsibility" || w.lemma == "complicity" || w.lemma == "role" ||
                    w.lemma == "involve" || w.lemma == "responsible" || w.lemma == "part" || w.lemma == "hand";
        number |= w.upos == Upos::NUM;
        negation |= w.morph.negative || w.lemma == "no" || w.lemma == "not" || w.lemma == "never" || w.lemma == "none";
      });
      if (involved) add(n + "involved");
      if (number) add(n + "number");
      if (negation) add(n + "negation");
      if (words <= 3) add(n + "short");
      const uint32_t cue = cue_word(a), s = trees_.words[cue].sentence, t = sentence(c.act);
      const uint32_t far = s > t ? s - t : t - s;
      add(n + (far == 0 ? "here" : far == 1 ? "near" : far == 2 ? "off" : "far"));
      if (cue < e.trigger_word) add(n + "before");
      if (side(a, e.actors)) add(n + "against.actor");
      if (side(a, e.recipients)) add(n + "against.recipient");
      if (c.teller >= 0) {
        const Attribution& b = attributions_[static_cast<size_t>(c.teller)];
        if (side(b, e.actors)) add(n + "teller.actor");
        if (side(b, e.recipients)) add(n + "teller.recipient");
        if (related(c.teller, c.against)) add(n + "nested");
        const auto &x = country(a), &y = country(b);
        if (x && y) add(n + (*x == *y ? "home.same" : "home.other"));
      }
    }
    if (counts_between(c.teller, c.against)) add(n + "counts");
    if (c.other < 0)
      one(c, out);
    else
      two(c, out);
    return out;
  }

  void one(const Contest& c, Features& out) const {
    const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
    const Event& e = events_[c.act];
    view("teller", c.act, c.teller, out);
    view("against", c.act, c.against, out);
    add("own:" + std::string(factuality_name(e.voices.front().factuality)));
    if (c.against >= 0) {
      const Opinions::Heard* h = heard(c.act, c.against);
      if (h && h->denies == most_of_act_.at(c.act)) add("against.best of act");
      if (h && h->denies == most_of_voice_.at(h->attribution)) add("against.best of voice");
      // what it tells in place of it
      for (const uint32_t k : own_[static_cast<size_t>(c.against)]) {
        const Event& f = events_[k];
        if (k == c.act || f.voices.front().attribution != c.against) continue;
        const bool yes = positive(f.voices.front().factuality);
        add(yes ? "instead.yes" : "instead.no");
        if (f.type == e.type) add(yes ? "instead.same" : "instead.same.no");
        if (f.type == e.type && yes && other_actors(e, f)) add("instead.actor");
      }
    }
    if (c.teller >= 0 && attributions_[static_cast<size_t>(c.teller)].source.empty()) add("teller.nobody");
    if (c.against >= 0 && attributions_[static_cast<size_t>(c.against)].source.empty()) add("against.nobody");
    size_t told = 0;
    for (const VoiceClaim& v : e.voices) told += v.attribution >= 0;
    add("told", static_cast<float>(std::min<size_t>(told, 4)) / 4);
  }

  void two(const Contest& c, Features& out) const {
    const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
    const auto j = static_cast<uint32_t>(c.other);
    const Event &e = events_[c.act], &f = events_[j];
    const auto r = rivals_.find({std::min(c.act, j), std::max(c.act, j)});
    add("rivals", r == rivals_.end() ? -1.0f : logit(r->second) / 4);
    if (r != rivals_.end() && r->second > 0.5f) add("rivals.likely");
    if (r != rivals_.end() && r->second > 0.9f) add("rivals.sure");
    const bool yes = positive(e.voices.front().factuality), no = negative(e.voices.front().factuality);
    const bool yes2 = positive(f.voices.front().factuality), no2 = negative(f.voices.front().factuality);
    add(yes && yes2 ? "both" : (yes && no2) || (no && yes2) ? "opposite" : no && no2 ? "neither" : "open");
    if (e.type == f.type) add("same type");
    if (e.trigger_lemma == f.trigger_lemma) add("same lemma");
    if (e.mode && f.mode) add(*e.mode == *f.mode ? "same mode" : "other mode");
    if (e.type == f.type && yes && yes2) add("same type, both");
    if (e.quad == 4 && f.quad == 4 && yes && yes2) add("both force");
    if (e.quad == 4 && f.quad == 4 && other_actors(e, f)) add("force, other actors");
    if (other_actors(e, f)) add("other actors");
    if (shared(e.actors, f.actors)) add("same actors");
    if (shared(e.recipients, f.recipients)) add("same recipients");
    if (shared(e.recipients, f.recipients) && e.type == f.type) add("same recipients, type");
    if (shared(e.actors, f.recipients) || shared(e.recipients, f.actors)) add("crossed");
    if (e.actors.empty() || f.actors.empty()) add("no actor");
    if (e.date && f.date && *e.date != *f.date) add("other day");
    const uint32_t s = sentence(c.act), t = sentence(j), far = s > t ? s - t : t - s;
    add(far == 0 ? "acts.here" : far == 1 ? "acts.near" : "acts.far");
    for (const EventNumber& x : e.numbers)
      for (const EventNumber& y : f.numbers)
        if (x.kind == y.kind) {
          const bool differ = x.low > y.high || y.low > x.high;
          add(differ ? "numbers differ" : "numbers same");
          if (differ && e.type == f.type) add("numbers differ, type");
        }
    if (e.numbers.empty() != f.numbers.empty()) add("numbers.one");
    if (c.teller < 0 || c.against < 0) add("narrator");
    view("crosswise", c.act, c.against, out);
    view("crosswise.back", j, c.teller, out);
  }

  /// What a voice makes of an act.
  void view(const std::string& name, uint32_t act, int32_t voice, Features& out) const {
    const auto add = [&](std::string what, float value = 1) { out.push_back({name + "." + what, value}); };
    const Event& e = events_[act];
    const auto claim = std::find_if(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& v) { return v.attribution == voice; });
    if (claim != e.voices.end()) {
      add(claim == e.voices.begin() ? "own" : "linked");
      add("value:" + std::string(factuality_name(claim->factuality)));
    }
    if (voice < 0) return;
    const Opinions::Heard* h = heard(act, voice);
    if (!h) return add("unheard");
    add("denies", logit(h->denies) / 4);
    add("holds", logit(h->holds) / 4);
  }

  const Opinions::Heard* heard(uint32_t act, int32_t voice) const {
    const auto at = voice < 0 ? heard_.end() : heard_.find({act, static_cast<uint32_t>(voice)});
    return at == heard_.end() ? nullptr : at->second;
  }

  std::string stance(int32_t voice) const {
    if (voice < 0) return "narrator";
    const Attribution& a = attributions_[static_cast<size_t>(voice)];
    return a.stance == Stance::denies && a.denies_in_content ? "words deny" : stance_name(a.stance);
  }

  bool counts_between(int32_t a, int32_t b) const { return counted_.contains({std::min(a, b), std::max(a, b)}); }

  bool related(int32_t a, int32_t b) const {
    for (int32_t up = a; up >= 0; up = attributions_[static_cast<size_t>(up)].parent)
      if (up == b) return true;
    for (int32_t up = b; up >= 0; up = attributions_[static_cast<size_t>(up)].parent)
      if (up == a) return true;
    return false;
  }

  const std::optional<std::string>& country(const Attribution& a) const {
    static const std::optional<std::string> kNone;
    return a.source_entity < 0 ? kNone : entities_[static_cast<size_t>(a.source_entity)].country;
  }
  bool side(const Attribution& a, const std::vector<Participant>& parties) const {
    if (a.source_entity < 0) return false;
    const auto& home = country(a);
    return std::any_of(parties.begin(), parties.end(),
                       [&](const Participant& p) { return p.entity == a.source_entity || (home && p.country == home); });
  }
  static bool shared(const std::vector<Participant>& a, const std::vector<Participant>& b) {
    return std::any_of(a.begin(), a.end(), [&](const Participant& x) {
      return std::any_of(b.begin(), b.end(), [&](const Participant& y) {
        return (x.entity >= 0 && x.entity == y.entity) || (x.country && x.country == y.country);
      });
    });
  }
  static bool other_actors(const Event& a, const Event& b) { return !a.actors.empty() && !b.actors.empty() && !shared(a.actors, b.actors); }

  uint32_t sentence(uint32_t event) const { return trees_.words[events_[event].trigger_word].sentence; }
  uint32_t cue_word(const Attribution& a) const { return trees_.word_at(!a.cue.empty() ? a.cue.front().start : a.content.front().start); }
  template <typename Visit>
  void each_word(const std::vector<Span>& spans, const Visit& visit) const {
    for (const Span& s : spans)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && trees_.words[w].span.start < s.end; ++w)
        if (trees_.words[w].upos != Upos::PUNCT) visit(trees_.words[w]);
  }

  std::string source(int32_t a) const { return source_of(attributions_, a); }

  static std::array<float, kKinds.size()> probabilities(const Features& features) {
    std::array<float, kKinds.size()> z{};
    for (const Feature& f : features) {
      const auto at =
          std::lower_bound(kWeights.begin(), kWeights.end(), f.name, [](const Weight& w, std::string_view n) { return w.name < n; });
      if (at == kWeights.end() || at->name != f.name) continue;
      for (size_t k = 0; k < z.size(); ++k) z[k] += at->value[k] * f.value;
    }
    const float highest = std::max(0.0f, *std::max_element(z.begin(), z.end()));
    float sum = std::exp(-highest);
    for (float& x : z) sum += x = std::exp(x - highest);
    for (float& x : z) x /= sum;
    return z;
  }

  // ---- which of them are told ----

  std::vector<Dispute> choose() {
    std::vector<std::pair<float, uint32_t>> order;
    for (uint32_t i = 0; i < contests_.size(); ++i) {
      const auto& p = contests_[i].p;
      order.emplace_back(-*std::max_element(p.begin(), p.end()), i);
    }
    std::sort(order.begin(), order.end());
    const auto voices = [&](const Contest& c) {
      std::pair<std::string, std::string> pair{source(c.teller), source(c.against)};
      if (pair.second < pair.first) std::swap(pair.first, pair.second);
      return pair;
    };
    std::map<std::pair<std::string, std::string>, std::pair<float, uint32_t>> of_two;  // the likeliest of two acts between two voices
    for (uint32_t i = 0; i < contests_.size(); ++i) {
      if (contests_[i].other < 0) continue;
      const float p = std::accumulate(contests_[i].p.begin(), contests_[i].p.end(), 0.0f);
      const auto [at, fresh] = of_two.emplace(voices(contests_[i]), std::pair(p, i));
      if (!fresh && at->second.first < p) at->second = {p, i};
    }
    std::vector<std::pair<uint32_t, Dispute>> chosen;
    std::set<std::pair<std::string, std::string>> pairs;
    for (const auto& [p, i] : order) {
      if (-p < kEnough) break;
      const Contest& c = contests_[i];
      const auto kind = static_cast<size_t>(std::max_element(c.p.begin(), c.p.end()) - c.p.begin());
      const auto pair = voices(c);
      if (!pairs.insert(pair).second) continue;  // one dispute between two is enough
      // who did it, and how many: each tells an act of its own, if there is one
      const auto two = of_two.find(pair);
      const bool both = c.other < 0 && (kind == kAgent || kind == kNumber) && two != of_two.end() && two->second.first >= kEnough;
      const Contest& shown = both ? contests_[two->second.second] : c;
      if (auto d = made(shown, kind == kAgent && repeats(shown) && !by_words(c, kAgent) ? kOccurrence : kind))
        chosen.emplace_back(i, std::move(*d));
    }
    std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.events.front(), a.first) < std::pair(b.second.events.front(), b.first);
    });
    std::vector<Dispute> out;
    for (auto& [i, d] : chosen)
      if (!told_before(out, d)) out.push_back(std::move(d));
    for (Dispute& d : out) on_one_side(d);
    return out;
  }

  /// Whoever denies it is not among those who tell it, if anybody else tells it.
  void on_one_side(Dispute& d) const {
    if (d.kind != kKinds[kOccurrence] || d.positions.size() != 2) return;
    Position &told = d.positions[d.positions[0].holds == kNot ? 1 : 0], &denied = d.positions[d.positions[0].holds == kNot ? 0 : 1];
    std::vector<int32_t> rest = told.voices;
    without_sources_of(attributions_, denied.voices, rest);
    if (!rest.empty()) told.voices = std::move(rest);
  }

  /// One act that several tell and one denies, or one denial of an act that is told twice (in a title, say), is one dispute: its voices
  /// join the one that stands already.
  bool told_before(std::vector<Dispute>& known, const Dispute& d) const {
    constexpr ptrdiff_t kReach = 8;  // disputes back
    if (d.kind != kKinds[kOccurrence]) return false;
    const auto side = [](auto& x, bool no) {
      return std::find_if(x.positions.begin(), x.positions.end(), [&](const Position& p) { return (p.holds == kNot) == no; });
    };
    const auto as_set = [](const std::vector<int32_t>& voices) { return std::set<int32_t>(voices.begin(), voices.end()); };
    const auto yes = side(d, false), no = side(d, true), none = d.positions.end();
    if (yes == none || no == none) return false;
    for (auto at = known.end() - std::min<ptrdiff_t>(known.end() - known.begin(), kReach); at != known.end(); ++at) {
      if (at->kind != d.kind) continue;
      const auto their_yes = side(*at, false), their_no = side(*at, true);
      if (their_yes == at->positions.end() || their_no == at->positions.end()) continue;
      const bool one_act = yes->event == their_yes->event && no->event == their_no->event;
      if (!one_act && as_set(no->voices) != as_set(their_no->voices)) continue;
      const auto join = [](std::vector<int32_t>& to, const std::vector<int32_t>& from, const auto& which) {
        for (const int32_t v : from)
          if (which(v) && std::find(to.begin(), to.end(), v) == to.end()) to.push_back(v);
      };
      const auto tells = [&](const Position& p) {
        return [&](int32_t v) {
          const auto& voices = events_[static_cast<size_t>(p.event)].voices;
          return std::any_of(voices.begin(), voices.end(), [&](const VoiceClaim& claim) { return claim.attribution == v; });
        };
      };
      join(their_yes->voices, yes->voices, tells(*yes));
      join(their_no->voices, no->voices, tells(*no));
      join(at->events, d.events, [](int32_t) { return true; });
      return true;
    }
    return false;
  }

  static bool by_words(const Contest& c, size_t kind) { return c.rule && c.rule->kind == kKinds[kind]; }

  /// Does the denial tell the act again, with its doer? Then it is not about who did it.
  bool repeats(const Contest& c) const {
    if (c.other < 0) return false;
    const Event &e = events_[c.act], &f = events_[static_cast<size_t>(c.other)];
    return !e.actors.empty() && names(e.actors) == names(f.actors);
  }

  /// None for a dispute over how many where one side tells no figure.
  std::optional<Dispute> made(const Contest& c, size_t kind) const {
    if (by_words(c, kind)) return *c.rule;
    if (kind == kNumber)
      if (const auto counts = counted_.find({std::min(c.teller, c.against), std::max(c.teller, c.against)}); counts != counted_.end())
        return *counts->second;
    const auto one = static_cast<int32_t>(c.act), two = c.other < 0 ? one : c.other;
    const Event &e = events_[c.act], &f = events_[static_cast<size_t>(two)];
    Position first{"", one, {c.teller}}, second{"", two, {c.against}};
    std::vector<int32_t> acts{one};
    if (two != one) acts.push_back(two);
    if (kind == kOccurrence) {
      const bool turned = c.other >= 0 && negative(e.voices.front().factuality) && !negative(f.voices.front().factuality);
      // two who both deny are of one mind
      if (c.other >= 0 && negative(e.voices.front().factuality) && negative(f.voices.front().factuality)) return std::nullopt;
      first.holds = turned ? kNot : kHappened;
      second.holds = turned ? kHappened : kNot;
      if (c.other < 0)
        for (const VoiceClaim& v : e.voices) {
          if (v.attribution == c.teller || v.attribution == c.against) continue;
          if (v.factuality == Factuality::ct_plus || v.factuality == Factuality::pr_plus) first.voices.push_back(v.attribution);
          if (v.factuality == Factuality::ct_minus || v.factuality == Factuality::pr_minus) second.voices.push_back(v.attribution);
        }
    } else if (kind == kAgent) {
      if (c.other >= 0 && one_government(attributions_, entities_, c.teller, c.against)) return std::nullopt;
      const std::string who = names(e.actors), else_who = c.other < 0 ? std::string() : names(f.actors);
      first.holds = (who.empty() ? "they" : who) + " did it";
      second.holds = c.other < 0 ? (who.empty() ? "they" : who) + " did not do it" : (else_who.empty() ? "others" : else_who) + " did it";
    } else {
      first.holds = account(e, f);
      second.holds = account(f, e);
      if (kind == kNumber && (first.holds == e.trigger_lemma || second.holds == f.trigger_lemma)) {
        const Figure x = figure(c.teller), y = figure(c.against);
        if (x.words.empty() || y.words.empty() || (x.number && x.number == y.number)) return std::nullopt;  // "two people", "two jeeps"
        first.holds = x.words;
        second.holds = y.words;
      }
    }
    // what is told of another thing stands against the act, and is no other account of it
    if (c.other >= 0 && !one_thing(e, f, kind)) second.event = first.event = negative(e.voices.front().factuality) ? two : one;
    const auto same = [](const std::string& a, const std::string& b) {  // "Police did it", "police did it"
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
    };
    if (same(first.holds, second.holds)) second.holds = kind == kAgent ? "others did it" : "another account";
    return Dispute{std::string(kKinds[kind]), std::move(acts), {std::move(first), std::move(second)}};
  }

  /// Are the two accounts of one thing? Who did it is asked of one kind of act; whether it happened, of the same ones too.
  static bool one_thing(const Event& e, const Event& f, size_t kind) {
    if (e.type != f.type) return false;
    if (kind == kAgent || kind == kNumber) return true;
    return (!e.date || !f.date || *e.date == *f.date) &&
           (shared(e.recipients, f.recipients) || (e.trigger_lemma == f.trigger_lemma && shared(e.actors, f.actors)));
  }

  /// An act in few words, as it is told beside another account.
  static std::string account(const Event& e, const Event& other) {
    for (const EventNumber& x : e.numbers)
      for (const EventNumber& y : other.numbers)
        if (x.kind == y.kind && (x.low > y.high || y.low > x.high)) return fmt::format("{} {}", x.low, x.kind);
    return e.trigger_lemma;
  }

  /// The first number in what a voice says that counts something, with what it counts ("four deaths"), else the first number alone; none
  /// of a date.
  struct Figure {
    std::string words;
    std::optional<int64_t> number;
  };
  Figure figure(int32_t voice) const {
    Figure counting, alone;
    if (voice < 0) return alone;
    each_word(attributions_[static_cast<size_t>(voice)].content, [&](const Word& w) {
      if (w.upos != Upos::NUM || !counting.words.empty()) return;
      const auto at = static_cast<size_t>(&w - trees_.words.data());
      if ((at > 0 && is_month(trees_.words[at - 1])) || (at + 1 < trees_.words.size() && is_month(trees_.words[at + 1]))) return;
      const Word* counted = w.head > static_cast<int32_t>(at) ? &trees_.words[static_cast<size_t>(w.head)] : nullptr;
      const auto n = figure_at(trees_, static_cast<uint32_t>(at));
      const std::optional<int64_t> number = n ? std::optional(n->first) : std::nullopt;
      if (counted && w.rel == syntax::Rel::nummod && counted->upos != Upos::PROPN)
        counting = {w.form + " " + counted->form, number};
      else if (alone.words.empty())
        alone = {w.form, number};
    });
    return counting.words.empty() ? alone : counting;
  }

  std::string names(const std::vector<Participant>& list) const {
    std::string out;
    for (const Participant& p : list) {
      const std::string name = p.entity >= 0 ? entities_[static_cast<size_t>(p.entity)].name : p.country.value_or("");
      if (!name.empty()) out += (out.empty() ? "" : ", ") + name;
    }
    return out;
  }

  void write(const Contest& c, const Features& features, std::string& out) const {
    const auto voice = [](int32_t a) { return a < 0 ? std::string("null") : fmt::format("\"a{}\"", a + 1); };
    out += fmt::format("{{\"contest\":[\"v{}\",{}],\"voices\":[{},{}],\"sources\":[\"{}\",\"{}\"],\"rule\":\"{}\",\"features\":{{",
                       c.act + 1, c.other < 0 ? std::string("null") : fmt::format("\"v{}\"", c.other + 1), voice(c.teller),
                       voice(c.against), source(c.teller), source(c.against), c.rule ? c.rule->kind : "");
    for (const Feature& f : features) out += fmt::format("{}\"{}\":{:.3f}", &f == features.data() ? "" : ",", f.name, f.value);
    out += "}}\n";
  }

  const syntax::Trees& trees_;
  const std::vector<Event>& events_;
  const std::vector<Attribution>& attributions_;
  const std::vector<Entity>& entities_;
  const Opinions& opinions_;
  const std::vector<Dispute>& found_;
  std::vector<std::vector<uint32_t>> own_;  ///< acts of each attribution
  std::map<std::pair<uint32_t, uint32_t>, const Opinions::Heard*> heard_;
  std::map<uint32_t, float> most_of_act_, most_of_voice_;
  std::map<std::pair<uint32_t, uint32_t>, float> rivals_;
  std::map<std::pair<int32_t, int32_t>, const Dispute*> counted_;  ///< voices that tell different numbers, by the rules
  std::vector<Contest> contests_;
};

}  // namespace

std::string source_of(const std::vector<Attribution>& attributions, int32_t a) {
  if (a < 0) return "narrator";
  const int32_t entity = attributions[static_cast<size_t>(a)].source_entity;
  return entity >= 0 ? fmt::format("e{}", entity) : fmt::format("a{}", a);
}

void without_sources_of(const std::vector<Attribution>& attributions, const std::vector<int32_t>& others, std::vector<int32_t>& voices) {
  std::erase_if(voices, [&](int32_t v) {
    return std::any_of(others.begin(), others.end(), [&](int32_t w) { return source_of(attributions, v) == source_of(attributions, w); });
  });
}

bool one_government(const std::vector<Attribution>& attributions, const std::vector<Entity>& entities, int32_t a, int32_t b) {
  const auto speaks_for = [&](int32_t voice) -> std::optional<std::string> {
    const int32_t e = voice < 0 ? -1 : attributions[static_cast<size_t>(voice)].source_entity;
    if (e < 0) return std::nullopt;
    const Entity& entity = entities[static_cast<size_t>(e)];
    const bool government = std::any_of(entity.sectors.begin(), entity.sectors.end(), [](const std::string& s) { return s == "GOV"; });
    return government ? entity.country : std::nullopt;
  };
  const auto x = speaks_for(a), y = speaks_for(b);
  return x && y && *x == *y;
}

std::vector<Dispute> weigh_disputes(const syntax::Trees& trees, const std::vector<Event>& events,
                                    const std::vector<Attribution>& attributions, const std::vector<Entity>& entities,
                                    const Opinions& opinions, std::vector<Dispute> found, std::string* rows) {
  return Weigher(trees, events, attributions, entities, opinions, found).run(rows);
}

}  // namespace reportedly::events
