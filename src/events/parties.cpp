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

constexpr float kClip = 6.9f;  // logits beyond are no surer
constexpr float kNever = -1e6f;
constexpr float kNobody = -INFINITY;  // an entity that is left out
constexpr size_t kTopActors = 3;      // actors that are weighed together with recipients
constexpr size_t kFarUp = 12;         // steps in a tree beyond which nothing hangs together

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

class Chooser {
 public:
  Chooser(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame, std::span<const Candidacy> candidates)
      : trees_(trees), entities_(entities), f_(frame), candidates_(candidates) {
    group();
    features_.resize(candidates.size());
    for (size_t i = 0; i < candidates.size(); ++i) describe(i, features_[i]);
    add(nobody_, static_cast<Feature>(nobody_AGREE + static_cast<int>(frame.type)));
    add(nobody_, nobody);
    if (frame.learned > 0)
      add(nobody_, nobody_learned);
    else if (!frame.actors.empty() && !frame.recipients.empty())
      add(nobody_, nobody_full);
  }

  Chosen choose() const {
    struct Option {
      float score;
      int actor, recipient;
    };
    const std::vector<float> actor = scores(0, -1);
    const float no_actor = score(nobody_, 0), all = log_sum(actor, no_actor, -1);
    std::vector<int> first{-1};
    for (size_t i = 0; i < actor.size(); ++i) first.push_back(static_cast<int>(i));
    std::sort(first.begin() + 1, first.end(), [&](int a, int b) { return actor[static_cast<size_t>(a)] > actor[static_cast<size_t>(b)]; });
    Option best{-INFINITY, -1, -1};
    std::vector<int32_t> tried;
    for (const int a : first) {
      const int32_t entity = a < 0 ? -1 : candidates_[static_cast<size_t>(a)].entity;
      if (a >= 0) {  // each entity by its best mention
        if (std::find(tried.begin(), tried.end(), entity) != tried.end()) continue;
        if (tried.size() == kTopActors) break;
        tried.push_back(entity);
      }
      const std::vector<float> recipient = scores(1, a);
      const float no_recipient = score(nobody_, 1);
      int r = -1;
      float top = no_recipient;
      for (size_t i = 0; i < recipient.size(); ++i)
        if (candidates_[i].entity != entity && recipient[i] > top) top = recipient[i], r = static_cast<int>(i);
      const float total = (a < 0 ? no_actor : actor[static_cast<size_t>(a)]) - all + top - log_sum(recipient, no_recipient, entity);
      if (total > best.score) best = {total, a, r};
    }
    Chosen out;
    if (best.actor >= 0) out.actors.push_back(static_cast<uint32_t>(best.actor));
    if (best.recipient >= 0) out.recipients.push_back(static_cast<uint32_t>(best.recipient));
    join(out.actors, out.recipients, f_.actors);
    join(out.recipients, out.actors, f_.recipients);
    return out;
  }

  void write(std::string& out) const {
    const auto list = [&](const Features& features) {
      std::string s;
      for (const Valued& v : features) s += fmt::format("{}\"{}\":{:.3f}", s.empty() ? "" : ",", kNames[v.feature], v.value);
      return s;
    };
    out += fmt::format("{{\"trigger\":[{},{}],\"type\":\"{}\",\"nobody\":{{{}}},\"candidates\":[", f_.trigger.start, f_.trigger.end,
                       info(f_.type).name, list(nobody_));
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const Word& w = trees_.words[candidates_[i].word];
      out += fmt::format("{}{{\"at\":[{},{}],\"entity\":{},\"country\":\"{}\",\"features\":{{{}}}}}", i ? "," : "", w.span.start,
                         w.span.end, candidates_[i].entity, entity(candidates_[i]).country.value_or(""), list(features_[i]));
    }
    out += "]}\n";
  }

 private:
  static void add(Features& into, Feature feature, float value = 1) { into.push_back({static_cast<uint16_t>(feature), value}); }
  static float score(const Features& features, size_t role) {
    float sum = 0;
    for (const Valued& v : features) sum += kWeights[role][v.feature] * v.value;
    return sum;
  }

  /// Which candidates are one entity, and its highest log-odds.
  void group() {
    std::unordered_map<int32_t, uint32_t> known;
    group_of_.reserve(candidates_.size());
    for (const Candidacy& c : candidates_) {
      const auto [at, fresh] = known.emplace(c.entity, static_cast<uint32_t>(highest_.size()));
      if (fresh) highest_.push_back({clip(c.actor), clip(c.recipient)});
      auto& [a, r] = highest_[at->second];
      a = std::max(a, clip(c.actor)), r = std::max(r, clip(c.recipient));
      group_of_.push_back(at->second);
    }
  }

  const Entity& entity(const Candidacy& c) const { return entities_.entities[static_cast<size_t>(c.entity)]; }

  /// Scores as that side; of recipients with what they have to do with the actor.
  std::vector<float> scores(size_t role, int actor) const {
    std::vector<float> out(candidates_.size());
    for (size_t i = 0; i < candidates_.size(); ++i) {
      out[i] = score(features_[i], role);
      // "in Bristol": where it was done does not do it
      if (role == 0 && entity(candidates_[i]).kind == "place" && link(candidates_[i].word) == Link::in) out[i] = kNever;
      if (actor < 0) continue;
      const auto& mine = entity(candidates_[static_cast<size_t>(actor)]).country;
      if (!mine || entity(candidates_[i]).country != mine) continue;
      out[i] += kWeights[role][same_country] + kWeights[role][same_country_verbal + static_cast<int>(kin_of(f_.type))];
      if (entity(candidates_[i]).kind == "state") out[i] += kWeights[role][own_state];
    }
    return out;
  }

  /// log Σ exp over each entity's best mention and nobody.
  float log_sum(const std::vector<float>& scores, float none, int32_t without) const {
    std::vector<float> best(highest_.size(), kNobody);
    float top = none;
    for (size_t i = 0; i < scores.size(); ++i) {
      if (candidates_[i].entity == without) continue;
      top = std::max(top, scores[i]);
      best[group_of_[i]] = std::max(best[group_of_[i]], scores[i]);
    }
    float sum = std::exp(none - top);
    for (const float s : best) sum += std::exp(s - top);
    return top + std::log(sum);
  }

  /// Others beside the first of a side: joined to it by "and", or beside it in the entry.
  void join(std::vector<uint32_t>& side, const std::vector<uint32_t>& other, const std::vector<Party>& entry) const {
    if (side.empty()) return;
    const Candidacy& first = candidates_[side.front()];
    const auto in_entry = [&](int32_t e) { return std::any_of(entry.begin(), entry.end(), [&](const Party& p) { return p.entity == e; }); };
    const bool named = f_.learned == 0 && in_entry(first.entity);
    for (uint32_t i = 0; i < candidates_.size(); ++i) {
      const auto has = [&](uint32_t k) { return candidates_[k].entity == candidates_[i].entity; };
      if (std::any_of(side.begin(), side.end(), has) || std::any_of(other.begin(), other.end(), has)) continue;
      if ((named && in_entry(candidates_[i].entity)) || conjuncts(candidates_[i].word, first.word)) side.push_back(i);
    }
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
    const auto [most_a, most_r] = highest_[group_of_[i]];
    add(out, better_actor, most_a - a);
    add(out, better_recipient, most_r - r);
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
  std::vector<uint32_t> group_of_;                ///< of each candidate: its entity's place in highest_, in order of appearance
  std::vector<std::pair<float, float>> highest_;  ///< of each entity: log-odds as actor and as recipient
  std::vector<Features> features_;
  Features nobody_;
};

}  // namespace

Chosen choose_parties(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates) {
  return Chooser(trees, entities, frame, candidates).choose();
}

void write_candidates(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates, std::string& out) {
  Chooser(trees, entities, frame, candidates).write(out);
}

}  // namespace reportedly::events
