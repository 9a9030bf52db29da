#include "reportedly/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "output/text_offsets.h"

namespace reportedly {
namespace {

using Spans = std::vector<Span>;

/// Characters that two sorted lists of disjoint spans share.
size_t shared(const Spans& a, const Spans& b) {
  size_t sum = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const uint32_t from = std::max(a[i].start, b[j].start), to = std::min(a[i].end, b[j].end);
    if (from < to) sum += to - from;
    a[i].end < b[j].end ? ++i : ++j;
  }
  return sum;
}
size_t length(const Spans& spans) {
  size_t sum = 0;
  for (const Span s : spans) sum += s.size();
  return sum;
}
/// Dice's coefficient over characters; 1 if both are empty.
double dice(const Spans& a, const Spans& b) {
  const size_t all = length(a) + length(b);
  return all == 0 ? 1.0 : 2.0 * static_cast<double>(shared(a, b)) / static_cast<double>(all);
}
bool touch(const Spans& a, const Spans& b) {
  return shared(a, b) > 0;
}

/// The roles of an attribution without white space at their ends, fragments that only white space parts joined.
struct Roles {
  std::array<Spans, 3> of;  ///< source, cue, content
  const Spans& source() const { return of[0]; }
  const Spans& cue() const { return of[1]; }
  const Spans& content() const { return of[2]; }
};

int quad_of(const Event& e) {
  return e.quad;
}

}  // namespace

/// One document's two records.
class Score::Pair {
 public:
  Pair(const Analysis& gold, const Analysis& system, Counts* counts, const std::function<void(const Difference&)>& differ)
      : gold_(gold), system_(system), counts_(counts), differ_(differ), text_(gold.document.text) {
    for (const Attribution& a : gold.attributions) gold_roles_.push_back(tidy(a));
    for (const Attribution& a : system.attributions) system_roles_.push_back(tidy(a));
  }

  void run() {
    spans();
    attributions();
    events();
    disputes();
  }

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  std::string_view words(Span span) const { return text_.slice(span); }
  std::string words(const Spans& spans) const {
    std::string out;
    for (const Span s : spans) out += (out.empty() ? "" : " … ") + std::string(words(s));
    return out;
  }
  void say(size_t kind, std::string message) const {
    if (differ_) differ_({description(kind).name, std::move(message)});
  }
  void ask(size_t kind, bool right) {
    ++counts_[kind].gold, ++counts_[kind].system;
    counts_[kind].right += right;
  }

  Roles tidy(const Attribution& a) const {
    const auto blank = [&](Span s) {
      const std::string_view w = words(s);
      return w.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos;
    };
    Roles out;
    const std::array<const Spans*, 3> roles = {&a.source, &a.cue, &a.content};
    for (size_t r = 0; r < 3; ++r) {
      Spans sorted = *roles[r];
      std::sort(sorted.begin(), sorted.end());
      for (Span s : sorted) {
        while (s.size() > 0 && blank({s.start, s.start + 1})) ++s.start;
        while (s.size() > 0 && blank({s.end - 1, s.end})) --s.end;
        if (s.size() == 0) continue;
        Spans& list = out.of[r];
        if (!list.empty() && (s.start <= list.back().end || blank({list.back().end, s.start})))
          list.back().end = std::max(list.back().end, s.end);
        else
          list.push_back(s);
      }
    }
    return out;
  }

  /// Items of a layer as sets of keys. `show` makes words of one.
  template <typename Key, typename Show>
  void compare(size_t kind, const std::multiset<Key>& gold, const std::multiset<Key>& system, const Show& show) {
    counts_[kind].gold += gold.size();
    counts_[kind].system += system.size();
    auto g = gold.begin();
    auto s = system.begin();
    while (g != gold.end() || s != system.end()) {
      if (s == system.end() || (g != gold.end() && *g < *s)) {
        say(kind, "missed " + show(*g++));
      } else if (g == gold.end() || *s < *g) {
        say(kind, "extra " + show(*s++));
      } else {
        ++counts_[kind].right;
        ++g, ++s;
      }
    }
  }

  void spans() {
    const auto bare = [&](Span s) { return fmt::format("“{}”", words(s)); };
    const auto typed = [&](const std::pair<Span, std::string>& x) { return fmt::format("{} “{}”", x.second, words(x.first)); };
    const auto all = [](const auto& layer, const auto& key) {
      std::multiset<decltype(key(layer.front()))> out;
      for (const auto& item : layer) out.insert(key(item));
      return out;
    };
    const auto both = [&](size_t kind, const auto& gold, const auto& system, const auto& key, const auto& show) {
      compare(kind, all(gold, key), all(system, key), show);
    };
    both(
        kSentences, gold_.sentences, system_.sentences, [](const Sentence& s) { return s.span; }, bare);
    both(
        kNames, gold_.names, system_.names, [](const Name& n) { return std::pair(n.span, n.type); }, typed);
    both(
        kTimes, gold_.times, system_.times, [](const TimeExpression& t) { return t.span; }, bare);
    both(
        kTimeValues, gold_.times, system_.times, [](const TimeExpression& t) { return std::pair(t.span, t.value.value_or("no value")); },
        typed);
    both(
        kPlaces, gold_.places, system_.places, [](const Place& p) { return p.span; }, bare);
    both(
        kPlaceIds, gold_.places, system_.places,
        [](const Place& p) { return std::pair(p.span, p.geonames ? fmt::format("GeoNames {}", *p.geonames) : "no GeoNames id"); }, typed);
  }

  // -- attributions

  /// −1 is the narrator, who is nobody else.
  bool same_voice(int32_t gold, int32_t system) const {
    if (gold < 0 || system < 0) return gold < 0 && system < 0;
    const Roles& g = gold_roles_[static_cast<size_t>(gold)];
    const Roles& s = system_roles_[static_cast<size_t>(system)];
    if (dice(g.content(), s.content()) >= .5 && (touch(g.cue(), s.cue()) || (g.cue().empty() && s.cue().empty()))) return true;
    return !g.source().empty() && !s.source().empty() && dice(g.source(), s.source()) >= .5;
  }
  std::string shown(const Roles& r) const { return fmt::format("[{}] [{}] [{}]", words(r.source()), words(r.cue()), words(r.content())); }
  std::string voice(const std::vector<Roles>& roles, int32_t a) const {
    return a < 0 ? "the narrator" : shown(roles[static_cast<size_t>(a)]);
  }

  void attributions() {
    constexpr std::array<size_t, 3> kinds = {kSources, kCues, kContents};
    for (size_t r = 0; r < 3; ++r) {
      const auto fragments = [&](const std::vector<Roles>& list) {
        std::multiset<Span> out;
        for (const Roles& roles : list) out.insert(roles.of[r].begin(), roles.of[r].end());
        return out;
      };
      compare(kinds[r], fragments(gold_roles_), fragments(system_roles_), [&](Span s) { return fmt::format("“{}”", words(s)); });
    }
    const auto whole = [](const std::vector<Roles>& list) {
      std::multiset<std::array<Spans, 3>> out;
      for (const Roles& roles : list) out.insert(roles.of);
      return out;
    };
    compare(kStrict, whole(gold_roles_), whole(system_roles_), [&](const std::array<Spans, 3>& of) { return shown(Roles{of}); });

    // matched one to one by the sum of the three coefficients, each at least .5
    std::vector<std::tuple<double, size_t, size_t>> candidates;
    for (size_t g = 0; g < gold_roles_.size(); ++g)
      for (size_t s = 0; s < system_roles_.size(); ++s) {
        double sum = 0, least = 1;
        for (size_t r = 0; r < 3 && least >= .5; ++r) {
          const double d = dice(gold_roles_[g].of[r], system_roles_[s].of[r]);
          sum += d;
          least = std::min(least, d);
        }
        if (least >= .5) candidates.emplace_back(-sum, g, s);
      }
    std::sort(candidates.begin(), candidates.end());
    mate_of_attribution_.assign(gold_roles_.size(), kNone);
    std::vector<bool> used(system_roles_.size());
    for (const auto& [unused, g, s] : candidates)
      if (mate_of_attribution_[g] == kNone && !used[s]) {
        mate_of_attribution_[g] = s;
        used[s] = true;
        ++counts_[kAttributions].right;
      }
    counts_[kAttributions].gold += gold_roles_.size();
    counts_[kAttributions].system += system_roles_.size();
    for (size_t g = 0; g < gold_roles_.size(); ++g)
      if (mate_of_attribution_[g] == kNone) say(kAttributions, "missed " + shown(gold_roles_[g]));
    for (size_t s = 0; s < system_roles_.size(); ++s)
      if (!used[s]) say(kAttributions, "extra " + shown(system_roles_[s]));
    for (size_t g = 0; g < gold_roles_.size(); ++g) {
      const Attribution& gold = gold_.attributions[g];
      const Attribution* mate = mate_of_attribution_[g] == kNone ? nullptr : &system_.attributions[mate_of_attribution_[g]];
      if (gold.parent >= 0) {
        const bool right = mate && mate->parent >= 0 && same_voice(gold.parent, mate->parent);
        ask(kNested, right);
        if (!right) say(kNested, fmt::format("{} {}", mate ? "another parent of" : "missed", shown(gold_roles_[g])));
      }
      if (!mate) continue;
      const bool stance = gold.stance == mate->stance;
      ask(kStance, stance);
      if (gold.stance != Stance::asserts) ask(kStanceOther, stance);
      if (!stance)
        say(kStance, fmt::format("gold {}, here {}: {}", stance_name(gold.stance), stance_name(mate->stance), shown(gold_roles_[g])));
      if (gold.source_entity < 0) continue;
      const bool same = mate->source_entity >= 0 && same_entity(gold.source_entity, mate->source_entity);
      ask(kSourceEntity, same);
      if (!same)
        say(kSourceEntity, fmt::format("gold {}, here {}: {}", gold_.entities[static_cast<size_t>(gold.source_entity)].name,
                                       mate->source_entity < 0 ? "nobody" : system_.entities[static_cast<size_t>(mate->source_entity)].name,
                                       shown(gold_roles_[g])));
    }
  }

  static Spans mentions(const Entity& e) {
    Spans out;
    for (const Mention& m : e.mentions) out.push_back(m.span);
    return out;
  }
  /// A mention of the one has Dice ≥ .5 with a mention of the other; if the gold entity is mentioned by name, one such mention is a name.
  bool same_entity(int32_t gold, int32_t system) const {
    const Entity& g = gold_.entities[static_cast<size_t>(gold)];
    const Entity& s = system_.entities[static_cast<size_t>(system)];
    const auto fits = [&](const Mention& m) {
      return std::any_of(s.mentions.begin(), s.mentions.end(), [&](const Mention& n) { return dice({m.span}, {n.span}) >= .5; });
    };
    const auto name = [](const Mention& m) { return m.kind != MentionKind::pronoun; };
    const bool named = std::any_of(g.mentions.begin(), g.mentions.end(), name);
    return std::any_of(g.mentions.begin(), g.mentions.end(), [&](const Mention& m) { return (name(m) || !named) && fits(m); });
  }

  // -- events

  std::string shown(const Event& e) const {
    return fmt::format("{}{}{} “{}”", e.type, e.mode ? "/" : "", e.mode.value_or(""), words(e.trigger));
  }
  size_t sentence_of(uint32_t offset) const {
    const auto after = std::upper_bound(system_.sentences.begin(), system_.sentences.end(), offset,
                                        [](uint32_t at, const Sentence& s) { return at < s.span.start; });
    if (after == system_.sentences.begin() || std::prev(after)->span.end <= offset) return kNone;
    return static_cast<size_t>(std::prev(after) - system_.sentences.begin());
  }

  /// A party of the gold with a country fits one with that country; one without fits where span or a mention of the entity overlaps.
  bool fits(const Participant& gold, const Participant& system) const {
    if (gold.country) return gold.country == system.country;
    Spans g = {gold.span}, s = {system.span};
    if (gold.entity >= 0) g = mentions(gold_.entities[static_cast<size_t>(gold.entity)]);
    if (system.entity >= 0) {
      const Spans more = mentions(system_.entities[static_cast<size_t>(system.entity)]);
      s.insert(s.end(), more.begin(), more.end());
    }
    return std::any_of(g.begin(), g.end(), [&](Span x) { return std::any_of(s.begin(), s.end(), [&](Span y) { return x.touches(y); }); });
  }
  bool same_parties(const Event& gold, const Event& system) const {
    const auto agree = [&](const std::vector<Participant>& a, const std::vector<Participant>& b) {
      const auto in_b = [&](const Participant& x) {
        return std::any_of(b.begin(), b.end(), [&](const Participant& y) { return fits(x, y); });
      };
      const auto in_a = [&](const Participant& y) {
        return std::any_of(a.begin(), a.end(), [&](const Participant& x) { return fits(x, y); });
      };
      return std::all_of(a.begin(), a.end(), in_b) && std::all_of(b.begin(), b.end(), in_a);
    };
    return agree(gold.actors, system.actors) && agree(gold.recipients, system.recipients);
  }

  /// One to one: triggers overlap or lie in one sentence; overlapping pairs first, then those whose parties agree, then the nearer ones.
  template <typename Same>
  std::vector<size_t> pair(const Same& same) const {
    std::vector<std::tuple<bool, bool, uint32_t, size_t, size_t>> candidates;
    for (size_t g = 0; g < gold_.events.size(); ++g)
      for (size_t s = 0; s < system_.events.size(); ++s) {
        const Event &a = gold_.events[g], &b = system_.events[s];
        if (!same(a, b)) continue;
        const bool hit = a.trigger.touches(b.trigger);
        const size_t where = sentence_of(a.trigger.start);
        if (!hit && (where == kNone || where != sentence_of(b.trigger.start))) continue;
        const uint32_t x = a.trigger.start + a.trigger.end, y = b.trigger.start + b.trigger.end;
        candidates.emplace_back(!hit, !same_parties(a, b), x > y ? x - y : y - x, g, s);
      }
    std::sort(candidates.begin(), candidates.end());
    std::vector<size_t> mates(gold_.events.size(), kNone);
    std::vector<bool> used(system_.events.size());
    for (const auto& [far, others, distance, g, s] : candidates)
      if (mates[g] == kNone && !used[s]) {
        mates[g] = s;
        used[s] = true;
      }
    return mates;
  }

  std::string parties(const std::vector<Participant>& list) const {
    std::string out;
    for (const Participant& p : list)
      out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", words(p.span), p.country.value_or("no country"));
    return out.empty() ? "nobody" : out;
  }

  void events() {
    mate_of_event_ = pair([](const Event& a, const Event& b) { return a.type == b.type; });
    const auto quads = pair([](const Event& a, const Event& b) { return quad_of(a) == quad_of(b); });
    for (const size_t kind : {kEvents, kTriggers, kRoles, kQuads}) {
      counts_[kind].gold += gold_.events.size();
      counts_[kind].system += system_.events.size();
    }
    counts_[kQuads].right += static_cast<size_t>(std::count_if(quads.begin(), quads.end(), [](size_t m) { return m != kNone; }));
    std::vector<bool> used(system_.events.size());
    for (size_t g = 0; g < gold_.events.size(); ++g) {
      if (mate_of_event_[g] == kNone) {
        say(kEvents, "missed " + shown(gold_.events[g]));
        continue;
      }
      used[mate_of_event_[g]] = true;
      ++counts_[kEvents].right;
      matched(gold_.events[g], system_.events[mate_of_event_[g]]);
    }
    for (size_t s = 0; s < system_.events.size(); ++s)
      if (!used[s]) say(kEvents, "extra " + shown(system_.events[s]));
  }

  void matched(const Event& gold, const Event& system) {
    counts_[kTriggers].right += gold.trigger.touches(system.trigger);
    const bool roles = same_parties(gold, system);
    counts_[kRoles].right += roles;
    if (!roles)
      say(kRoles, fmt::format("gold {} → {}, here {} → {}: {}", parties(gold.actors), parties(gold.recipients), parties(system.actors),
                              parties(system.recipients), shown(gold)));
    const auto field = [&](size_t kind, const std::string& g, const std::string& s) {
      ask(kind, g == s);
      if (g != s) say(kind, fmt::format("gold {}, here {}: {}", g, s, shown(gold)));
    };
    field(kMode, gold.mode.value_or("none"), system.mode.value_or("none"));
    field(kStatus, gold.status, system.status);
    if (gold.status != "happened") ask(kStatusOther, gold.status == system.status);
    field(kFactuality, factuality_name(gold.factuality), factuality_name(system.factuality));
    const bool voice_right = same_voice(gold.attribution, system.attribution);
    ask(kVoice, voice_right);
    if (gold.attribution >= 0) ask(kVoiceTold, voice_right);
    if (!voice_right)
      say(kVoice,
          fmt::format("gold {}, here {}: {}", voice(gold_roles_, gold.attribution), voice(system_roles_, system.attribution), shown(gold)));
    std::vector<int32_t> left;
    for (const VoiceClaim& v : system.voices) left.push_back(v.attribution);
    counts_[kVoices].gold += gold.voices.size();
    counts_[kVoices].system += left.size();
    for (const VoiceClaim& v : gold.voices) {
      const auto found = std::find_if(left.begin(), left.end(), [&](int32_t s) { return same_voice(v.attribution, s); });
      if (found == left.end()) {
        say(kVoices, fmt::format("missed {}: {}", voice(gold_roles_, v.attribution), shown(gold)));
      } else {
        left.erase(found);
        ++counts_[kVoices].right;
      }
    }
    for (const int32_t s : left) say(kVoices, fmt::format("extra {}: {}", voice(system_roles_, s), shown(gold)));
    optional(kDate, gold.date, system.date, gold);
    const auto place = [](const Analysis& a, int32_t i) {
      return i < 0 ? std::nullopt : std::optional(a.places[static_cast<size_t>(i)].span);
    };
    const auto g = place(gold_, gold.place), s = place(system_, system.place);
    counts_[kEventPlace].gold += g.has_value(), counts_[kEventPlace].system += s.has_value();
    const bool same = g && s && (g->touches(*s) || words(*g) == words(*s));
    counts_[kEventPlace].right += same;
    if ((g || s) && !same)
      say(kEventPlace, fmt::format("gold {}, here {}: {}", g ? words(*g) : "none", s ? words(*s) : "none", shown(gold)));
  }
  void optional(size_t kind, const std::optional<std::string>& gold, const std::optional<std::string>& system, const Event& event) {
    counts_[kind].gold += gold.has_value(), counts_[kind].system += system.has_value();
    counts_[kind].right += gold && gold == system;
    if (gold != system) say(kind, fmt::format("gold {}, here {}: {}", gold.value_or("none"), system.value_or("none"), shown(event)));
  }

  /// One to one by kind, where two positions or more can be paired: their events are matched, or they share a voice.
  void disputes() {
    counts_[kDisputes].gold += gold_.disputes.size();
    counts_[kDisputes].system += system_.disputes.size();
    std::vector<bool> used(system_.disputes.size());
    for (const Dispute& g : gold_.disputes) {
      size_t s = 0;
      while (s < used.size() && (used[s] || g.kind != system_.disputes[s].kind || !two_paired(g, system_.disputes[s]))) ++s;
      if (s == used.size()) {
        say(kDisputes, fmt::format("missed {}: {}", g.kind, positions(g)));
      } else {
        used[s] = true;
        ++counts_[kDisputes].right;
      }
    }
    for (size_t s = 0; s < used.size(); ++s)
      if (!used[s]) say(kDisputes, fmt::format("extra {}: {}", system_.disputes[s].kind, positions(system_.disputes[s])));
  }
  bool two_paired(const Dispute& gold, const Dispute& system) const {
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t x = 0; x < gold.positions.size(); ++x)
      for (size_t y = 0; y < system.positions.size(); ++y) {
        const Position &a = gold.positions[x], &b = system.positions[y];
        const bool events = a.event >= 0 && b.event >= 0 && mate_of_event_[static_cast<size_t>(a.event)] == static_cast<size_t>(b.event);
        const bool voices = std::any_of(a.voices.begin(), a.voices.end(), [&](int32_t v) {
          return std::any_of(b.voices.begin(), b.voices.end(), [&](int32_t w) { return same_voice(v, w); });
        });
        if (events || voices) pairs.emplace_back(x, y);
      }
    for (const auto& [a, x] : pairs)
      for (const auto& [b, y] : pairs)
        if (a != b && x != y) return true;
    return false;
  }
  static std::string positions(const Dispute& d) {
    std::string out;
    for (const Position& p : d.positions) out += (out.empty() ? "" : " / ") + p.holds;
    return out;
  }

  const Analysis &gold_, &system_;
  Counts* counts_;
  const std::function<void(const Difference&)>& differ_;
  output::TextOffsets text_;
  std::vector<Roles> gold_roles_, system_roles_;
  std::vector<size_t> mate_of_attribution_, mate_of_event_;
};

const Figure& Score::description(size_t kind) {
  static const std::array<Figure, kKinds> all = {{
      {"sentences", "sentences", "exact extent"},
      {"names", "names", "exact extent and type"},
      {"times", "times", "exact extent"},
      {"times.value", "times", "… and value"},
      {"places", "places", "exact extent"},
      {"places.id", "places", "… and GeoNames id"},
      {"attributions.source", "attributions", "exact fragments"},
      {"attributions.cue", "attributions", "exact fragments"},
      {"attributions.content", "attributions", "exact fragments"},
      {"attributions", "attributions", "each role overlaps by half"},
      {"attributions.strict", "attributions", "all roles exactly right"},
      {"attributions.nested", "attributions", "of those with a parent: found, with the right parent", true},
      {"attributions.stance", "attributions", "of matched attributions", true},
      {"attributions.stance.other", "attributions", "… where gold is not asserts", true},
      {"attributions.entity", "attributions", "of matched attributions: the source's entity", true},
      {"events.type", "events", "type, in the same sentence"},
      {"events.trigger", "events", "… and triggers overlap"},
      {"events.roles", "events", "type, and actors and recipients"},
      {"events.quad", "events", "quad class in place of type"},
      {"events.mode", "events", "of matched events", true},
      {"events.status", "events", "of matched events", true},
      {"events.status.other", "events", "… where gold is not happened", true},
      {"events.factuality", "events", "of matched events: in the innermost voice", true},
      {"events.voice", "events", "of matched events: the innermost voice", true},
      {"events.voice.told", "events", "… where it is not the narrator", true},
      {"events.voices", "events", "of matched events: all voices"},
      {"events.date", "events", "of matched events"},
      {"events.place", "events", "of matched events"},
      {"disputes", "disputes", "kind, and two positions or more"},
  }};
  return all[kind];
}

Result<void> Score::add(const Analysis& gold, const Analysis& system, const std::function<void(const Difference&)>& differ) {
  for (const Analysis* a : {&gold, &system})
    if (a->error) return fail(ErrorCode::bad_format, fmt::format("the document failed: {}", a->error->message), a->document.id);
  if (gold.document.text != system.document.text)
    return fail(ErrorCode::bad_format, "the texts of the two records differ, so their offsets cannot be compared", gold.document.id);
  Pair(gold, system, counts_, differ).run();
  return {};
}

std::vector<Figure> Score::figures() const {
  std::vector<Figure> out;
  for (size_t k = 0; k < kKinds; ++k) {
    if (counts_[k].gold == 0 && counts_[k].system == 0) continue;
    out.push_back(description(k));
    out.back().right = counts_[k].right, out.back().system = counts_[k].system, out.back().gold = counts_[k].gold;
  }
  return out;
}

const std::vector<std::string>& Score::layers() {
  static const std::vector<std::string> names = {"sentences", "names", "times", "places", "attributions", "events", "disputes"};
  return names;
}

}  // namespace reportedly
