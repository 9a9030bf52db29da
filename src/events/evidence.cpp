#include "events/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/one_of.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

constexpr float kClip = 6.9f;   // log-odds beyond are no surer
constexpr float kHeard = 1.7f;  // log-odds from which a voice elsewhere is heard to hold or deny an act

float logit(float p) {
  return std::clamp(std::log(std::max(p, 1e-6f) / std::max(1 - p, 1e-6f)), -kClip, kClip);
}

/// A count as a share: 0 none, ½ at `at`, towards 1 many.
float saturate(float n, float at) {
  return n / (n + at);
}

}  // namespace

Evidence::Evidence(const syntax::Trees& trees, const entities::EntityLayer& entities, const EventLexicon::Impl& lexicon,
                   const Grammar& grammar, const Learned& learned, const std::optional<std::string>& published)
    : trees_(trees), entities_(entities), lexicon_(lexicon), g_(grammar), learned_(learned), published_(published) {
  const auto& p = learned.tags.act_p;
  if (p.size() != trees.words.size() || p.empty()) return;
  float total = 0;
  for (const Sentence& s : trees.sentences) {
    float most = 0;
    for (uint32_t w = s.first_word; w < s.last_word; ++w) most = std::max(most, p[w]);
    top_ = std::max(top_, most);
    total += most;
  }
  mean_ = total / static_cast<float>(trees.sentences.size());
  size_t all = 0, political = 0;
  for (const Entity& e : entities.entities) {
    all += e.mentions.size();
    const bool is = e.kind == "state" || e.kind == "office" || e.kind == "armed_group" ||
                    std::any_of(e.sectors.begin(), e.sectors.end(), [](const std::string& s) {
                      return one_of(s, {"GOV", "LEG", "MIL", "REB", "PTY", "OPP", "PRM", "SPY", "PRE", "UAF"});
                    });
    if (is) political += e.mentions.size();
  }
  political_ = all ? static_cast<float>(political) / static_cast<float>(all) : 0;
}

float Evidence::act(uint32_t w) const {
  const auto& act = learned_.tags.act_p;
  float p = act[w];
  if (trees_.words[w].head >= 0) p = std::max(p, act[static_cast<size_t>(trees_.words[w].head)]);
  for (const uint32_t c : trees_.children(w)) p = std::max(p, act[c]);
  return logit(p);
}

Features Evidence::keep(const Frame& f, const Event& e, std::string_view status, std::span<const uint32_t> genres, size_t beside,
                        std::string_view against) const {
  Features out;
  const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
  const auto& tags = learned_.tags;
  const bool learned = f.learned > 0;
  add("bias");
  if (learned) {
    add("learned");
    add("learned.p", logit(tags.event_p[f.word]));
  } else {
    add("entry.near", act(f.word));
    add("entry.act", logit(tags.act_p[f.word]));
    const std::string& seen = learned_.scorer.tags().event[tags.event[f.word]];
    if (seen == e.type)
      add("entry.same", tags.event_p[f.word]);
    else
      add("entry.other", tags.event_p[f.word]);
    if (f.filled) add("entry.filled");
  }
  add("type:" + e.type);
  if (learned) add("learned.type:" + e.type);
  if (e.mode) add("mode:" + e.type + *e.mode);
  const auto side = [&](const std::vector<Participant>& list, std::string_view name) {
    if (list.empty()) return add(fmt::format("{}.none", name));
    bool country = false, politics = false, bare = true;
    std::vector<std::string> seen;
    const auto once = [&](std::string s) {
      if (std::find(seen.begin(), seen.end(), s) == seen.end()) add(s), seen.push_back(std::move(s));
    };
    for (const Participant& p : list) {
      const std::string_view kind = p.entity < 0 ? "state" : std::string_view(entities_.entities[static_cast<size_t>(p.entity)].kind);
      once(fmt::format("{}.kind:{}", name, kind));
      for (const std::string& s : p.sectors) once(fmt::format("{}.sector:{}", name, s));
      country |= p.country.has_value();
      bare &= p.sectors.empty() && !p.country;
      politics |= kind == "state" || kind == "office" || kind == "armed_group" ||
                  std::any_of(p.sectors.begin(), p.sectors.end(), [](const std::string& s) {
                    return one_of(s, {"GOV", "LEG", "MIL", "REB", "PTY", "OPP", "PRM", "SPY", "PRE", "UAF"});
                  });
    }
    if (country) add(fmt::format("{}.country", name));
    if (politics) add(fmt::format("{}.politics", name));
    if (bare) add(fmt::format("{}.bare", name));
  };
  side(e.actors, "actor");
  side(e.recipients, "recipient");
  const auto named = [](const std::string& n) { return [&n](const Feature& x) { return x.name == n; }; };
  const bool a = std::any_of(out.begin(), out.end(), named("actor.politics")),
             r = std::any_of(out.begin(), out.end(), named("recipient.politics"));
  add(a && r ? "politics.both" : a || r ? "politics.one" : "politics.nobody");
  if (!a && !r && learned) add("politics.nobody.learned");
  if (!a && !r) add("nobody.type:" + e.type);
  std::vector<std::string_view> countries;
  for (const auto* list : {&e.actors, &e.recipients})
    for (const Participant& p : *list)
      if (p.country && std::find(countries.begin(), countries.end(), *p.country) == countries.end()) countries.push_back(*p.country);
  add(countries.empty() ? "countries.none" : countries.size() == 1 ? "countries.one" : "countries.two");
  for (size_t g = 0; g < genres.size(); ++g)
    if (genres[g] > 0) {
      add("genre:" + lexicon_.genres[g].name, saturate(static_cast<float>(genres[g]), 3));
      if (!a && !r) add("genre.nobody:" + lexicon_.genres[g].name, saturate(static_cast<float>(genres[g]), 3));
    }
  add("text.top", logit(top_));
  add("text.mean", mean_);
  add("text.politics", political_);
  add("text.short", 1.0f / static_cast<float>(trees_.sentences.size()));
  add("beside", saturate(static_cast<float>(beside), 1));
  if (!against.empty()) add(fmt::format("against:{}", against));
  add(fmt::format("status:{}", status));
  if (e.attribution >= 0) add("told");
  if (e.date && published_ && e.date->size() >= 4 && published_->size() >= 4) {
    const int years = std::atoi(published_->substr(0, 4).c_str()) - std::atoi(e.date->substr(0, 4).c_str());
    if (years > 0) add("years", std::log1p(static_cast<float>(years)));
  }
  const Word& w = trees_.words[f.word];
  add(fmt::format("tag:{}", w.xpos));
  if (trees_.sentences[w.sentence].part == Part::title) add("title");
  return out;
}

Features Evidence::status(const Frame& f, const Reality& r, const Event& e, const Attribution* voice, bool announced) const {
  Features out;
  const auto add = [&](std::string name, float value = 1) { out.push_back({std::move(name), value}); };
  const auto flag = [&](bool is, const char* name) {
    if (is) out.push_back({name, 1});
  };
  add("bias");
  add("rule:" + e.status);
  if (!r.asserted) add("rule.granted");
  const auto& names = learned_.scorer.tags().status;
  const float* p = learned_.tags.event_status_p.data() + f.word * names.size();
  for (size_t i = 0; i < names.size(); ++i) add("model:" + names[i], std::log(std::max(p[i], 1e-4f)) / 3);
  add("act", logit(learned_.tags.act_p[f.word]) / 5);
  flag(r.future, "future"), flag(r.due, "due"), flag(r.own, "own"), flag(r.word, "word"), flag(r.conditional, "conditional");
  flag(r.condition, "condition"), flag(r.question, "question"), flag(r.purpose, "purpose"), flag(r.ongoing, "ongoing");
  flag(r.present, "present"), flag(r.modifier, "modifier"), flag(r.progressive, "progressive"), flag(r.settled, "settled");
  flag(r.refused, "refused"), flag(r.negated, "negated"), flag(r.obliged, "obliged"), flag(announced, "announced");
  flag(f.learned > 0, "learned");
  add("value:" + std::string(factuality_name(e.factuality)));
  add("type:" + e.type);
  add("tag:" + std::string(trees_.words[f.word].xpos));
  float denies = 0, holds = 0;
  for (const Frame::View& v : f.views) {
    float& most = v.denies > v.holds ? denies : holds;
    if (std::max(v.denies, v.holds) >= kHeard) most = std::max(most, 1 / (1 + std::exp(-std::max(v.denies, v.holds))));
  }
  if (denies > 0) add("view.denies", denies);
  if (holds > 0) add("view.holds", holds);
  if (voice) {
    add("stance:" + std::string(stance_name(voice->stance)));
    flag(voice->hypothetical, "stance.hypothetical");
    flag(voice->source.empty(), "stance.nobody");
  } else {
    add("narrator");
  }
  if (e.date && published_ && *e.date > *published_) add("later");
  if (trees_.sentences[trees_.words[f.word].sentence].part == Part::title) add("title");
  return out;
}

}  // namespace reportedly::events
