#include "events/homes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/one_of.h"
#include "events/choices.h"

namespace reportedly::events {
namespace {

constexpr ptrdiff_t kTelling = 12;  // mentions and places on either side of somebody that are asked for the country
constexpr size_t kSelves = 3;       // mentions of somebody that are asked
constexpr float kClip = 6.9f;       // logits beyond are no surer
constexpr float kOdds = -0.4f;      // a country is wanted: as often right as at even odds, and with fewer that have none
constexpr float kNothing = -6.9f;   // of a country that only a rule brings

/// They tell little of whose somebody is.
bool vague(std::string_view country) {
  return one_of(country, {"IGO", "NGO", "ISM", "IMG", "MNC"});
}

/// Types whose two sides are mostly of one country, of two, or either.
std::string_view kin(Type type) {
  switch (type) {
    case Type::coerce:
    case Type::sanction:
    case Type::protest:
      return "inner";
    case Type::assault:
      return "assault";
    case Type::retreat:
    case Type::mobilize:
      return "retreat";
    case Type::consult:
    case Type::cooperate:
    case Type::aid:
      return "outer";
    default:
      return "verbal";
  }
}

class Homes {
 public:
  Homes(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned, const Circumstances& circumstances,
        Matches& matches)
      : trees_(trees), entities_(entities), learned_(learned), circumstances_(circumstances), m_(matches) {}

  void run() {
    gather();
    if (telling_.empty()) return;
    find_somebody();
    ask();
    for (Somebody& s : somebody_) choose(s);
    for (Frame& f : m_.frames)
      if (!f.doubted)
        for (std::vector<Party>* list : {&f.actors, &f.recipients})
          for (Party& p : *list) give(f, p);
  }

 private:
  /// A word that speaks of a country.
  struct Telling {
    uint32_t word;
    const std::string* country;
    bool place;  ///< by the name of a place, not by somebody
  };
  struct Somebody {
    int32_t entity;
    uint32_t word;                      ///< head of the mention that is a party, the first such
    const std::string* rule = nullptr;  ///< the country that a rule of entries gave
    std::vector<std::pair<const std::string*, std::string>>
        beside;            ///< countries of the other parties of its acts, and how they are related
    std::string_view kin;  ///< of its first act
    bool actor;
    // the best country
    const std::string* country = nullptr;
    float p = 0;
  };
  struct Asked {
    uint32_t somebody, telling;
    float logit = 0;
  };
  /// What speaks for a country.
  struct Country {
    const std::string* name;
    float best = kNothing, sum = 0;
    size_t count = 0, places = 0;
    uint32_t near = UINT32_MAX;  ///< words to the next telling
    bool before = false, after = false, same_sentence = false, inside = false;
  };

  const Entity& entity(int32_t e) const { return entities_.entities[static_cast<size_t>(e)]; }

  void gather() {
    for (uint32_t w = 0; w < trees_.words.size(); ++w)
      if (const int32_t e = entities_.entity_of_word[w]; e >= 0 && entity(e).country)
        telling_.push_back({w, &*entity(e).country, entity(e).kind == "place"});
    for (const Place& place : circumstances_.places)
      if (place.country) telling_.push_back({head_of(trees_, place.span), &*place.country, true});
    std::stable_sort(telling_.begin(), telling_.end(), earlier);
    const auto same = [](const Telling& a, const Telling& b) { return a.word == b.word && *a.country == *b.country; };
    telling_.erase(std::unique(telling_.begin(), telling_.end(), same), telling_.end());
    for (const Telling& t : telling_) {
      const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& c) { return *c.first == *t.country; });
      if (at == all_.end())
        all_.emplace_back(t.country, 1);
      else
        ++at->second;
    }
  }
  static bool earlier(const Telling& a, const Telling& b) { return a.word < b.word; }

  void find_somebody() {
    number_.assign(entities_.entities.size(), -1);
    for (const Frame& f : m_.frames) {
      if (f.doubted) continue;
      for (const auto* list : {&f.actors, &f.recipients})
        for (const Party& p : *list) {
          if (p.entity < 0) continue;
          const Entity& e = entity(p.entity);
          if (e.country || one_of(e.kind, {"place", "document", "thing"})) continue;
          int32_t& n = number_[static_cast<size_t>(p.entity)];
          if (n < 0) {
            n = static_cast<int32_t>(somebody_.size());
            somebody_.push_back({p.entity, p.word, nullptr, {}, kin(f.type), list == &f.actors});
          }
          Somebody& s = somebody_[static_cast<size_t>(n)];
          if (p.country && !s.rule) s.rule = &*p.country;
          for (const auto* other : {&f.actors, &f.recipients})
            for (const Party& q : *other)
              if (q.entity >= 0 && q.entity != p.entity && entity(q.entity).country && s.beside.size() < kBeside)
                s.beside.emplace_back(&*entity(q.entity).country,
                                      other == list ? std::string("joined") : fmt::format("facing.{}", kin(f.type)));
        }
    }
  }

  void ask() {
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t i = 0; i < somebody_.size(); ++i) {
      const Somebody& s = somebody_[i];
      // the party's own mention, the first, and the one that says most
      std::array<uint32_t, kSelves> selves{s.word, s.word, s.word};
      const std::vector<Mention>& mentions = entity(s.entity).mentions;
      if (!mentions.empty()) {
        selves[1] = mentions.front().head;
        selves[2] = std::max_element(mentions.begin(), mentions.end(), [](const Mention& a, const Mention& b) {
                      return a.span.size() < b.span.size();
                    })->head;
      }
      for (size_t k = 0; k < kSelves; ++k) {
        if (std::find(selves.begin(), selves.begin() + static_cast<ptrdiff_t>(k), selves[k]) != selves.begin() + static_cast<ptrdiff_t>(k))
          continue;
        const auto at = std::lower_bound(telling_.begin(), telling_.end(), Telling{selves[k], nullptr, false}, earlier);
        const auto first = at - std::min<ptrdiff_t>(at - telling_.begin(), kTelling),
                   last = at + std::min<ptrdiff_t>(telling_.end() - at, kTelling);
        for (auto t = first; t != last; ++t) {
          if (t->word == selves[k]) continue;
          pairs.emplace_back(trees_.words[selves[k]].unit, trees_.words[t->word].unit);
          asked_.push_back({i, static_cast<uint32_t>(t - telling_.begin())});
        }
      }
    }
    std::vector<float> scores;
    learned_.scorer.roles(learned_.h, pairs, learned_.workspace, scores);
    for (size_t i = 0; i < asked_.size(); ++i)
      asked_[i].logit = std::clamp(scores[learned_.scorer.role_count() * i + static_cast<size_t>(nn::Role::home)], -kClip, kClip);
  }

  /// The phrase of somebody's mention with that head.
  Span span_of(int32_t e, uint32_t head) const {
    for (const Mention& m : entity(e).mentions)
      if (m.head == head) return m.span;
    return trees_.words[head].span;
  }

  void choose(Somebody& s) {
    std::vector<Country> countries;
    const auto of = [&](const std::string* name) -> Country& {
      const auto at = std::find_if(countries.begin(), countries.end(), [&](const Country& c) { return *c.name == *name; });
      if (at != countries.end()) return *at;
      countries.push_back({name});
      return countries.back();
    };
    const Span phrase = span_of(s.entity, s.word);
    const uint32_t sentence = trees_.words[s.word].sentence;
    const auto own = static_cast<uint32_t>(&s - somebody_.data());
    const auto mine = std::equal_range(asked_.begin(), asked_.end(), Asked{own, 0},
                                       [](const Asked& a, const Asked& b) { return a.somebody < b.somebody; });
    size_t count = 0;
    uint32_t last_before = UINT32_MAX, first_after = UINT32_MAX;
    for (auto a = mine.first; a != mine.second; ++a) {
      const Telling& t = telling_[a->telling];
      if (t.word < s.word) last_before = last_before == UINT32_MAX ? t.word : std::max(last_before, t.word);
      if (t.word > s.word) first_after = std::min(first_after, t.word);
    }
    for (auto a = mine.first; a != mine.second; ++a) {
      const Telling& t = telling_[a->telling];
      Country& c = of(t.country);
      c.best = std::max(c.best, a->logit);
      ++c.count, ++count;
      c.places += t.place;
      c.near = std::min(c.near, t.word > s.word ? t.word - s.word : s.word - t.word);
      c.before |= t.word == last_before;
      c.after |= t.word == first_after;
      c.same_sentence |= trees_.words[t.word].sentence == sentence;
      c.inside |= phrase.holds(trees_.words[t.word].span);
    }
    if (s.rule) of(s.rule);
    if (countries.empty()) return;
    float best = kNothing, next = kNothing;
    for (const Country& c : countries) {
      if (c.best > best)
        next = best, best = c.best;
      else
        next = std::max(next, c.best);
    }
    std::vector<Features> features;
    std::vector<float> scores;
    for (const Country& c : countries) {
      features.push_back(describe(s, c, countries.size(), count, c.best == best ? next : best));
      scores.push_back(home_score(features.back()));
    }
    if (learned_.candidates) write(s, countries, features);
    float total = 1;  // none scores nothing
    for (const float z : scores) total += std::exp(z);
    const auto top = std::max_element(scores.begin(), scores.end());
    if (*top <= kOdds) return;
    s.country = countries[static_cast<size_t>(top - scores.begin())].name;
    s.p = std::exp(*top) / total;
  }

  Features describe(const Somebody& s, const Country& c, size_t countries, size_t count, float rival) const {
    Features out;
    const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
    const auto flag = [&](bool is, const char* name) {
      if (is) out.push_back({name, 1});
    };
    const Entity& e = entity(s.entity);
    add("any"), add("any.kind:" + e.kind), add(fmt::format("any.{}:{}", s.actor ? "actor" : "recipient", s.kin));
    flag(trees_.words[s.word].upos == syntax::Upos::PRON, "any.pronoun");
    for (const std::string& sector : e.sectors) add("any.sector:" + sector);
    add("logit", c.best / kClip);
    add("sure", std::max(0.0f, c.best) / kClip);
    add("lead", (c.best - rival) / kClip);
    flag(c.best > rival, "top");
    flag(countries == 1, "only_around");
    flag(all_.size() == 1, "only");
    add("share", count ? static_cast<float>(c.count) / static_cast<float>(count) : 0);
    const auto in_text = std::find_if(all_.begin(), all_.end(), [&](const auto& x) { return *x.first == *c.name; });
    if (in_text != all_.end()) add("share.text", static_cast<float>(in_text->second) / static_cast<float>(telling_.size()));
    flag(*telling_.front().country == *c.name, "first");
    add("near", c.near == UINT32_MAX ? 0 : 8.0f / (8.0f + static_cast<float>(c.near)));
    flag(c.before, "before"), flag(c.after, "after"), flag(c.same_sentence, "same_sentence"), flag(c.inside, "inside");
    flag(c.count > 0 && c.places == c.count, "places");
    flag(c.places > 0 && c.places < c.count, "places.too");
    if (vague(*c.name)) add("vague");
    if (s.rule && *s.rule == *c.name) add("rule");
    if (s.rule && *s.rule != *c.name) add("rule.other");
    for (const auto& [country, how] : s.beside) {
      const std::string name = (*country == *c.name ? "" : "other.") + how;
      if (std::none_of(out.begin(), out.end(), [&](const Feature& f) { return f.name == name; })) add(name);
    }
    return out;
  }

  void write(const Somebody& s, const std::vector<Country>& countries, const std::vector<Features>& features) const {
    std::string& out = *learned_.candidates;
    out += "{\"home\":[";
    bool first = true;
    for (const Mention& m : entity(s.entity).mentions) {
      out += fmt::format("{}[{},{}]", first ? "" : ",", m.span.start, m.span.end);
      first = false;
    }
    const Span span = span_of(s.entity, s.word);
    out += fmt::format("],\"at\":[{},{}],\"countries\":{{", span.start, span.end);
    for (size_t i = 0; i < countries.size(); ++i) {
      out += fmt::format("{}\"{}\":{{", i ? "," : "", *countries[i].name);
      for (const Feature& f : features[i]) out += fmt::format("{}\"{}\":{:.3f}", &f == features[i].data() ? "" : ",", f.name, f.value);
      out += "}";
    }
    out += "}}\n";
  }

  void give(Frame& f, Party& p) const {
    if (p.entity < 0 || number_[static_cast<size_t>(p.entity)] < 0) return;
    const Somebody& s = somebody_[static_cast<size_t>(number_[static_cast<size_t>(p.entity)])];
    if (!s.country || (p.country && *p.country == *s.country)) return;
    p.country = *s.country;
    f.why.push_back(fmt::format("model:country {} of '{}' (p {:.2f})", *s.country, entity(s.entity).name, s.p));
  }

  static constexpr size_t kBeside = 8;  // parties beside somebody that are looked at

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const Learned& learned_;
  const Circumstances& circumstances_;
  Matches& m_;
  std::vector<Telling> telling_;                            // in text order
  std::vector<std::pair<const std::string*, size_t>> all_;  // countries of the text, how often each is told
  std::vector<Somebody> somebody_;
  std::vector<int32_t> number_;  // entity → somebody, −1: not asked
  std::vector<Asked> asked_;     // by somebody
};

}  // namespace

void find_homes(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned,
                const Circumstances& circumstances, Matches& matches) {
  Homes(trees, entities, learned, circumstances, matches).run();
}

}  // namespace reportedly::events
