#include "events/parties.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

enum Feature : uint16_t {
#define X(name, actor, recipient) name,
#include "events/party_weights.inc"
#undef X
  kFeatures
};
constexpr std::array<float, kFeatures> kWeights[2] = {{
#define X(name, actor, recipient) actor,
#include "events/party_weights.inc"
#undef X
                                                      },
                                                      {
#define X(name, actor, recipient) recipient,
#include "events/party_weights.inc"
#undef X
                                                      }};
constexpr std::string_view kNames[] = {
#define X(name, actor, recipient) #name,
#include "events/party_weights.inc"
#undef X
};

struct Valued {
  uint16_t feature;
  float value;
};
using Features = std::vector<Valued>;

constexpr float kClip = 6.9f;                       // logits beyond are no surer
constexpr size_t kMost = 6;                         // entities that are weighed: those with the highest log-odds, and the entry's
constexpr size_t kSide = 3;                         // of them on one side
constexpr size_t kOptions = 3 * 3 * 3 * 3 * 3 * 3;  // nobody, actor or recipient for each: 3 to the power of kMost
static_assert(kMost == 6);
constexpr int kNested = 8;     // mentions of one entity that a word may stand in, more than any text has
constexpr float kEntry = 1.5;  // what an entry that names both sides, or several with each other, has over any other choice
constexpr size_t kFarUp = 12;  // steps in a tree beyond which nothing hangs together

float clip(float logit) {
  return std::clamp(logit, -kClip, kClip);
}

/// Types whose parties are alike.
enum class Kin : uint8_t { verbal, meeting, material, retreat, protest, mobilize, assault };
Kin kin_of(Type type) {
  switch (type) {
    case Type::consult:
    case Type::cooperate:
      return Kin::meeting;
    case Type::aid:
    case Type::sanction:
    case Type::coerce:
      return Kin::material;
    case Type::retreat:
      return Kin::retreat;
    case Type::protest:
      return Kin::protest;
    case Type::mobilize:
      return Kin::mobilize;
    case Type::assault:
      return Kin::assault;
    default:
      return Kin::verbal;
  }
}

enum class Link : uint8_t { none, to, against, on, over, with, from, in, for_, of, by, other };
Link link_of(std::string_view preposition) {
  struct Entry {
    std::string_view word;
    Link link;
  };
  static constexpr Entry kLinks[] = {{"to", Link::to},      {"toward", Link::to}, {"towards", Link::to},   {"against", Link::against},
                                     {"at", Link::against}, {"on", Link::on},     {"upon", Link::on},      {"over", Link::over},
                                     {"about", Link::over}, {"with", Link::with}, {"between", Link::with}, {"from", Link::from},
                                     {"in", Link::in},      {"near", Link::in},   {"into", Link::in},      {"inside", Link::in},
                                     {"outside", Link::in}, {"across", Link::in}, {"for", Link::for_},     {"of", Link::of},
                                     {"by", Link::by}};
  const auto* at = std::find_if(std::begin(kLinks), std::end(kLinks), [&](const Entry& e) { return e.word == preposition; });
  return at == std::end(kLinks) ? Link::other : at->link;
}

// What is asked of a choice as a whole: how many are on each side, and what two who are in it have to do with each other.
enum Shape : uint8_t {
  no_actor,
  two_actors,
  many_actors,
  no_recipient,
  two_recipients,
  many_recipients,
  nobody,
  mutual,
  several_on_one,
  one_alone,
  one_on_several,
  kShapes
};
constexpr std::string_view kShapeNames[] = {"no_actor", "two_actors", "many_actors",    "no_recipient", "two_recipients", "many_recipients",
                                            "nobody",   "mutual",     "several_on_one", "one_alone",    "one_on_several"};
enum Tie : uint8_t { both_actors, both_recipients, against, against_back, split, kTies };
constexpr std::string_view kTieNames[] = {"both_actors", "both_recipients", "against", "against_back", "split"};
template <size_t N>
struct Weights {
  std::string_view name;
  std::array<float, N> value;
};
#include "events/party_set_weights.inc"

template <size_t N, size_t M>
constexpr bool sorted(const std::array<Weights<N>, M>& table) {
  return std::is_sorted(table.begin(), table.end(), [](const Weights<N>& a, const Weights<N>& b) { return a.name < b.name; });
}
static_assert(sorted(kShapeWeights) && sorted(kTieWeights), "names are found by halving");

template <size_t N, size_t M>
void add_weights(const std::array<Weights<N>, M>& table, std::string_view name, std::array<float, N>& to) {
  const auto at = std::lower_bound(table.begin(), table.end(), name, [](const Weights<N>& w, std::string_view n) { return w.name < n; });
  if (at == table.end() || at->name != name) return;
  for (size_t i = 0; i < N; ++i) to[i] += at->value[i];
}

class Chooser {
 public:
  Chooser(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame, std::span<const Candidacy> candidates)
      : trees_(trees), entities_(entities), f_(frame), candidates_(candidates) {
    gather();
    relate();
  }

  Chosen choose() const {
    const size_t n = somebody_.size();
    std::vector<std::array<float, 2>> own(n);
    for (size_t i = 0; i < n; ++i)
      for (const size_t side : {0, 1}) own[i][side] = score(somebody_[i].features[side], side);
    std::array<float, kShapes> shape{};
    for (const std::string& context : contexts()) add_weights(kShapeWeights, context, shape);
    std::vector<std::array<float, kTies>> tie(n * n);
    for (const Related& r : related_) add_weights(kTieWeights, r.name, tie[r.one * n + r.other]);

    const bool whole = f_.learned == 0 && !f_.actors.empty() && (!f_.recipients.empty() || f_.actors.size() > 1);
    // What two of them add by their roles, and a choice by how many it has on each side.
    std::array<std::array<std::array<float, 9>, kMost>, kMost> pair{};
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j) {
        const auto &t = tie[i * n + j], &u = tie[j * n + i];
        pair[i][j] = {0,
                      u[split],
                      u[split],  // role of i times three, and of j
                      t[split],
                      t[both_actors] + u[both_actors],
                      t[against] + u[against_back],
                      t[split],
                      t[against_back] + u[against],
                      t[both_recipients] + u[both_recipients]};
      }
    std::array<std::array<float, kSide + 1>, kSide + 1> sides;
    for (size_t actors = 0; actors <= kSide; ++actors)
      for (size_t recipients = 0; recipients <= kSide; ++recipients) {
        float& sum = sides[actors][recipients] = 0;
        if (actors == 0) sum += shape[no_actor];
        if (actors == 2) sum += shape[two_actors];
        if (actors > 2) sum += shape[many_actors];
        if (recipients == 0) sum += shape[no_recipient];
        if (recipients == 2) sum += shape[two_recipients];
        if (recipients > 2) sum += shape[many_recipients];
        if (actors + recipients == 0) sum += shape[nobody];
        if (actors > 1) sum += shape[recipients ? several_on_one : mutual];
        if (actors == 1 && recipients == 0) sum += shape[one_alone];
        if (actors == 1 && recipients > 1) sum += shape[one_on_several];
      }
    // Every choice of nobody, actor or recipient for each of them, the last first, so that what the later ones add is summed once.
    struct Option {
      float score;
      uint32_t code;     ///< in base three
      uint32_t country;  ///< what a reader of countries sees of it
    };
    std::array<Option, kOptions> options;
    size_t count = 0;
    std::array<uint8_t, kMost> role{};
    const auto each = [&](const auto& self, size_t left, Option so_far, size_t actors, size_t recipients) -> void {
      if (left == 0) {
        so_far.score += sides[actors][recipients];
        if (whole && as_entry(role)) so_far.score += kEntry;
        options[count++] = so_far;
        return;
      }
      const size_t i = left - 1;
      for (uint8_t r = 0; r < 3; ++r) {
        if ((r == 1 && actors == kSide) || (r == 2 && recipients == kSide)) continue;
        Option next = {so_far.score, so_far.code * 3 + r, so_far.country};
        if (r != 0) {
          next.score += own[i][r - 1u];
          next.country |= 1u << (somebody_[i].country + (r == 2 ? kMost : 0));
        }
        for (size_t j = left; j < n; ++j) next.score += pair[i][j][r * 3u + role[j]];
        role[i] = r;
        self(self, i, next, actors + (r == 1), recipients + (r == 2));
      }
    };
    each(each, n, {0, 0, 0}, 0, 0);
    // "Norway" or "the Norwegian minister": the likeliest sides by country, then the likeliest choice that has them
    const std::span<const Option> all(options.data(), count);
    const float top = std::max_element(all.begin(), all.end(), [](const Option& a, const Option& b) { return a.score < b.score; })->score;
    std::array<float, 1u << (2 * kMost)> mass{};
    for (const Option& o : all) mass[o.country] += std::exp(o.score - top);
    const Option* best = &all.front();
    for (const Option& o : all) {
      const float x = mass[o.country], y = mass[best->country];
      if (x > y || (o.country == best->country && o.score > best->score)) best = &o;
    }
    Chosen out;
    uint32_t rest = best->code;
    for (size_t i = 0; i < n; ++i, rest /= 3) {
      if (rest % 3 == 1) out.actors.push_back(somebody_[i].mention[0]);
      if (rest % 3 == 2) out.recipients.push_back(somebody_[i].mention[1]);
    }
    join(out.actors, out.recipients);
    join(out.recipients, out.actors);
    return out;
  }

  void write(std::string& out) const {
    const auto list = [&](const Features& features) {
      std::string s;
      for (const Valued& v : features) s += fmt::format("{}\"{}\":{:.3f}", s.empty() ? "" : ",", kNames[v.feature], v.value);
      return s;
    };
    out += fmt::format("{{\"trigger\":[{},{}],\"type\":\"{}\",\"contexts\":[", f_.trigger.start, f_.trigger.end, info(f_.type).name);
    const std::vector<std::string> all = contexts();
    for (const std::string& c : all) out += fmt::format("{}\"{}\"", &c == all.data() ? "" : ",", c);
    out += "],\"somebody\":[";
    for (const Somebody& s : somebody_) {
      out += fmt::format("{}{{\"country\":\"{}\",\"at\":[", &s == somebody_.data() ? "" : ",",
                         entities_.entities[static_cast<size_t>(s.entity)].country.value_or(""));
      bool first = true;
      for (const Mention& m : entities_.entities[static_cast<size_t>(s.entity)].mentions) {
        out += fmt::format("{}[{},{}]", first ? "" : ",", m.span.start, m.span.end);
        first = false;
      }
      out += fmt::format("],\"actor\":{{{}}},\"recipient\":{{{}}}}}", list(s.features[0]), list(s.features[1]));
    }
    out += "],\"related\":[";
    for (const Related& r : related_) out += fmt::format("{}[{},{},\"{}\"]", &r == related_.data() ? "" : ",", r.one, r.other, r.name);
    out += "]}\n";
  }

 private:
  /// An entity, with the mention that is likeliest on each side.
  struct Somebody {
    int32_t entity = -1;
    std::array<uint32_t, 2> mention{};  ///< candidates
    std::array<Features, 2> features;
    uint32_t country = 0;  ///< those of one country share a number
    float likely = 0;
  };
  struct Related {
    uint32_t one, other;
    std::string name;
  };

  static void add(Features& into, Feature feature, float value = 1) { into.push_back({static_cast<uint16_t>(feature), value}); }
  static float score(const Features& features, size_t side) {
    float sum = 0;
    for (const Valued& v : features) sum += kWeights[side][v.feature] * v.value;
    return sum;
  }
  const Entity& entity(const Candidacy& c) const { return entities_.entities[static_cast<size_t>(c.entity)]; }
  const Entity& entity(const Somebody& s) const { return entities_.entities[static_cast<size_t>(s.entity)]; }

  static bool named(const std::vector<Party>& list, int32_t entity) {
    return std::any_of(list.begin(), list.end(), [&](const Party& p) { return p.entity == entity; });
  }

  /// Where a side is as long as any that is weighed, the rest of the list: "to Iran, Libya, Sudan, Chad and Cuba".
  void join(std::vector<uint32_t>& side, const std::vector<uint32_t>& other) const {
    if (side.size() < kSide) return;
    const uint32_t first = candidates_[side.front()].word;
    for (uint32_t i = 0; i < candidates_.size(); ++i) {
      const auto same = [&](uint32_t k) { return candidates_[k].entity == candidates_[i].entity; };
      if (conjuncts(candidates_[i].word, first) && std::none_of(side.begin(), side.end(), same) &&
          std::none_of(other.begin(), other.end(), same))
        side.push_back(i);
    }
  }

  /// Is a choice the entry's own?
  bool as_entry(const std::array<uint8_t, kMost>& role) const {
    for (size_t i = 0; i < somebody_.size(); ++i)
      if ((role[i] == 1) != named(f_.actors, somebody_[i].entity) || (role[i] == 2) != named(f_.recipients, somebody_[i].entity))
        return false;
    return true;
  }

  void gather() {
    std::unordered_map<int32_t, size_t> known;
    std::vector<bool> inside;
    bool any_inside = false;
    for (uint32_t i = 0; i < candidates_.size(); ++i) {
      const Candidacy& c = candidates_[i];
      const auto [at, fresh] = known.emplace(c.entity, somebody_.size());
      if (fresh) {
        somebody_.push_back({});
        somebody_.back().entity = c.entity;
        somebody_.back().mention = {i, i};
        inside.push_back(false);
      }
      Somebody& s = somebody_[at->second];
      const auto rather = [&](const Candidacy& than, float mine, float theirs) {
        return c.dateline != than.dateline ? than.dateline : clip(mine) > clip(theirs);
      };
      const Candidacy &actor = candidates_[s.mention[0]], &recipient = candidates_[s.mention[1]];
      if (rather(actor, c.actor, actor.actor)) s.mention[0] = i;
      if (rather(recipient, c.recipient, recipient.recipient)) s.mention[1] = i;
      if (c.inside) inside[at->second] = any_inside = true;
    }
    for (size_t k = 0; k < somebody_.size(); ++k) {
      Somebody& s = somebody_[k];
      for (const size_t side : {0, 1}) {
        Features& f = s.features[side];
        describe(s.mention[side], f);
        add(f, bias);
        const bool voice = candidates_[s.mention[side]].speaker;
        if (voice) add(f, speaker);
        if (any_inside && !inside[k]) add(f, outside);
        if (any_inside && inside[k] && voice) add(f, speaker_inside);
      }
      // "in Bristol": where it was done does not do it
      const Candidacy& c = candidates_[s.mention[0]];
      if (entity(c).kind == "place" && link(c.word) == Link::in) add(s.features[0], place_in);
      s.likely = std::max(clip(c.actor), clip(candidates_[s.mention[1]].recipient));
      if (named(f_.actors, s.entity) || named(f_.recipients, s.entity)) s.likely += 2 * kClip;
    }
    std::stable_sort(somebody_.begin(), somebody_.end(), [](const Somebody& a, const Somebody& b) { return a.likely > b.likely; });
    if (somebody_.size() > kMost) somebody_.resize(kMost);
    for (size_t k = 0; k < somebody_.size(); ++k) {
      somebody_[k].country = static_cast<uint32_t>(k);
      for (size_t i = 0; i < k; ++i)
        if (entity(somebody_[k]).country && entity(somebody_[i]).country == entity(somebody_[k]).country)
          somebody_[k].country = somebody_[i].country;
    }
  }

  /// What shapes depend on, beside what all have in common.
  std::vector<std::string> contexts() const {
    const bool a = !f_.actors.empty(), r = !f_.recipients.empty();
    std::vector<std::string> out{"any", std::string(info(f_.type).name),
                                 std::string(f_.learned > 0 ? "model" : "entry") + (a && r   ? ".both"
                                                                                    : a || r ? ".one"
                                                                                             : ".none")};
    if (!f_.mode.empty()) out.push_back(std::string(info(f_.type).name) + "/" + f_.mode);
    return out;
  }

  void relate() {
    static constexpr std::string_view kKins[] = {"verbal", "meeting", "material", "retreat", "protest", "mobilize", "assault"};
    const std::string kin = ":" + std::string(kKins[static_cast<size_t>(kin_of(f_.type))]);
    std::vector<std::vector<uint32_t>> mentions(somebody_.size());
    for (uint32_t i = 0; i < candidates_.size(); ++i)
      for (size_t k = 0; k < somebody_.size(); ++k)
        if (somebody_[k].entity == candidates_[i].entity) mentions[k].push_back(i);
    for (uint32_t i = 0; i < somebody_.size(); ++i)
      for (uint32_t j = 0; j < somebody_.size(); ++j) {
        if (i == j) continue;
        const auto say = [&](std::string name) {
          related_.push_back({i, j, name + kin});
          related_.push_back({i, j, std::move(name)});
        };
        const auto any = [&](const auto& holds) {
          for (const uint32_t x : mentions[i])
            for (const uint32_t y : mentions[j])
              if (holds(candidates_[x].word, candidates_[y].word)) return true;
          return false;
        };
        if (any([&](uint32_t x, uint32_t y) { return x != y && conjuncts(x, y); })) say("joined");
        if (any([&](uint32_t x, uint32_t y) {
              const Span a = span_of(somebody_[i].entity, x), b = span_of(somebody_[j].entity, y);
              return a.holds(b) && a.size() > b.size();
            }))
          say("holds");
        const auto &mine = entity(somebody_[i]).country, &theirs = entity(somebody_[j]).country;
        if (mine && theirs) say(*mine == *theirs ? "same_country" : "other_country");
        if (mine && theirs && *mine == *theirs && entity(somebody_[j]).kind == "state") say("own_state");
      }
  }

  /// The mention with that head. An entity may have thousands, in text order: few begin before a word and end behind it.
  Span span_of(int32_t entity, uint32_t head) const {
    const auto& mentions = entities_.entities[static_cast<size_t>(entity)].mentions;
    const Span word = trees_.words[head].span;
    auto at = std::upper_bound(mentions.begin(), mentions.end(), word.start,
                               [](uint32_t start, const Mention& m) { return start < m.span.start; });
    for (int back = 0; back < kNested && at != mentions.begin(); ++back)
      if ((--at)->head == head) return at->span;
    return word;
  }

  uint32_t top_conjunct(uint32_t w) const {
    for (size_t i = 0; i < kFarUp && trees_.words[w].rel == Rel::conj && trees_.words[w].head >= 0; ++i)
      w = static_cast<uint32_t>(trees_.words[w].head);
    return w;
  }
  bool conjuncts(uint32_t a, uint32_t b) const {
    return trees_.words[a].sentence == trees_.words[b].sentence && top_conjunct(a) == top_conjunct(b);
  }

  void describe(size_t i, Features& out) const {
    const Candidacy& c = candidates_[i];
    const Word& word = trees_.words[c.word];
    const Entity& e = entity(c);
    const float a = clip(c.actor), r = clip(c.recipient);
    add(out, actor_logit, a);
    add(out, recipient_logit, r);
    add(out, holds_logit, std::clamp(c.holds, -6.0f, 6.0f) / 5);
    add(out, mentions, static_cast<float>(std::min<size_t>(e.mentions.size(), 5)) / 5);
    if (f_.learned > 0) {
      add(out, learned_actor, a);
      add(out, learned_recipient, r);
    } else {
      const auto in = [&](const std::vector<Party>& list) {
        return std::any_of(list.begin(), list.end(), [&](const Party& p) { return p.entity == c.entity; });
      };
      const bool as_actor = in(f_.actors), as_recipient = in(f_.recipients);
      if (as_actor) add(out, entry_actor);
      if (as_recipient) add(out, entry_recipient);
      if (!as_actor && !as_recipient) add(out, entry_neither);
      if (!as_actor && !f_.actors.empty()) add(out, entry_has_actor);
      if (!as_recipient && !f_.recipients.empty()) add(out, entry_has_recipient);
    }
    const int32_t back = static_cast<int32_t>(trees_.words[f_.word].sentence) - static_cast<int32_t>(word.sentence);
    if (back < 0) add(out, after);
    if (back > 0) add(out, back == 1 ? one_before : back == 2 ? two_before : far_before);
    static constexpr std::string_view kKinds[] = {"state", "office", "person",   "organisation", "armed_group",
                                                  "group", "place",  "document", "thing"};
    for (int k = 0; k < 9; ++k)
      if (e.kind == kKinds[k]) add(out, static_cast<Feature>(kind_state + k));
    if (e.country) add(out, has_country);
    if (word.upos == Upos::PRON) add(out, pronoun);
    static constexpr std::string_view kFirst[] = {"i", "we", "you", "me", "us", "my", "our"};
    std::string lower = word.lemma;
    for (char& x : lower)
      if (x >= 'A' && x <= 'Z') x = static_cast<char>(x - 'A' + 'a');
    if (std::find(std::begin(kFirst), std::end(kFirst), lower) != std::end(kFirst)) add(out, first_person);
    add(out, static_cast<Feature>(verbal_place + 3 * static_cast<int>(kin_of(f_.type)) +
                                  (e.kind == "place"   ? 0
                                   : e.kind == "state" ? 1
                                                       : 2)));
    if (back == 0) {
      add(out, here_actor, a);
      add(out, here_recipient, r);
      hanging(c.word, out);
    }
  }

  Link link(uint32_t w) const {
    Link out = Link::none;
    for (const uint32_t c : trees_.children(w)) {
      const Word& d = trees_.words[c];
      if (d.rel != Rel::case_ && d.rel != Rel::mark) continue;
      if (d.form == "'s" || d.form == "’s" || d.form == "'" || d.form == "’") continue;
      if (const Link l = link_of(d.lemma); out == Link::none || out == Link::other) out = l;
    }
    return out;
  }

  /// How the mention hangs on the trigger.
  void hanging(uint32_t x, Features& out) const {
    std::array<uint32_t, kFarUp> up{}, down{};
    const auto climb = [&](uint32_t w, std::array<uint32_t, kFarUp>& into) {
      size_t n = 0;
      while (n < into.size()) {
        into[n++] = w;
        if (trees_.words[w].head < 0) break;
        w = static_cast<uint32_t>(trees_.words[w].head);
      }
      return n;
    };
    const Link by = link(x);
    const uint32_t base = top_conjunct(x);
    if (base != x) add(out, joined);
    const size_t ups = climb(base, up), downs = climb(f_.word, down);
    for (size_t u = 0; u < ups; ++u)
      for (size_t d = 0; d < downs; ++d)
        if (up[u] == down[d]) return path({up.data(), u}, {down.data(), d}, by, out);
  }

  void path(std::span<const uint32_t> up, std::span<const uint32_t> down, Link by, Features& out) const {
    const Word* low = up.empty() ? nullptr : &trees_.words[up.front()];
    const Rel rel = low ? low->rel : Rel::root;
    const bool passive = rel == Rel::nsubj && low->sub == Sub::pass;
    if (up.size() == 1 && down.empty()) {
      if (rel == Rel::nsubj) return add(out, passive ? path_passive : path_subject);
      if (rel == Rel::obj) return add(out, path_object);
      if (rel == Rel::iobj) return add(out, path_indirect);
      if (rel == Rel::obl) {
        if (low->sub == Sub::agent || by == Link::by) return add(out, path_by);
        return add(out, static_cast<Feature>(path_obl_bare + static_cast<int>(by)));
      }
      if (rel == Rel::nmod && low->sub == Sub::poss) return add(out, path_possessor);
      if (rel == Rel::nmod) return add(out, static_cast<Feature>(path_nmod_bare + static_cast<int>(by)));
      if (rel == Rel::amod || rel == Rel::compound) return add(out, path_modifier);
      return add(out, path_child);
    }
    const Word* next = down.empty() ? nullptr : &trees_.words[down.back()];  // right below what both hang on
    if (up.empty()) {
      if (down.size() != 1) return add(out, path_above_far);
      if (next->rel == Rel::amod) return add(out, path_above_amod);
      if (next->rel == Rel::acl) return add(out, next->sub == Sub::relcl ? path_above_relative : path_above_clause);
      return add(out, path_above);
    }
    if (up.size() == 1) {
      if (rel == Rel::nsubj) {
        switch (next->rel) {
          case Rel::xcomp:
            return add(out, passive ? path_passive_of_xcomp : path_subject_of_xcomp);
          case Rel::ccomp:
          case Rel::parataxis:
            return add(out, path_subject_of_ccomp);
          case Rel::advcl:
            return add(out, passive ? path_passive_of_advcl : path_subject_of_advcl);
          case Rel::conj:
            return add(out, passive ? path_passive_of_conj : path_subject_of_conj);
          case Rel::obj:
            return add(out, path_subject_of_object);
          case Rel::obl:
            return add(out, path_subject_of_oblique);
          default:
            return add(out, path_subject_of_other);
        }
      }
      if (rel == Rel::obj || rel == Rel::iobj)
        return add(out, next->rel == Rel::xcomp   ? path_object_of_xcomp
                        : next->rel == Rel::advcl ? path_object_of_advcl
                        : next->rel == Rel::conj  ? path_object_of_conj
                        : next->rel == Rel::obl   ? path_object_of_oblique
                                                  : path_object_of_other);
      if (rel == Rel::obl)
        return add(out, by == Link::by                                                                ? path_by_aside
                        : by == Link::to || by == Link::with || by == Link::against || by == Link::on ? path_to_aside
                                                                                                      : path_oblique_aside);
      return add(out, path_aside);
    }
    if (rel == Rel::nmod && low->sub == Sub::poss) return add(out, inside_possessor);
    if (rel == Rel::nmod) return add(out, inside_nmod);
    if (rel == Rel::amod || rel == Rel::compound) return add(out, inside_modifier);
    add(out, path_deep);
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const Frame& f_;
  std::span<const Candidacy> candidates_;
  std::vector<Somebody> somebody_;
  std::vector<Related> related_;
};

}  // namespace

Chosen choose_parties(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates) {
  return candidates.empty() ? Chosen{} : Chooser(trees, entities, frame, candidates).choose();
}

void write_candidates(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates, std::string& out) {
  Chooser(trees, entities, frame, candidates).write(out);
}

}  // namespace reportedly::events
