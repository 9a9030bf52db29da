#include "events/learned.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "events/homes.h"
#include "events/parties.h"

namespace reportedly::events {
namespace {

// Chosen on the held-out twelfth of the training passages (training/data.py: held_out) and on the PLOVER records: development data both.
constexpr float kPropose = 0.15f;       // an act that no entry knows; whether it stays is asked when its parties are known
constexpr float kProposeBeside = 0.4f;  // … in the clause of an act that an entry knows, which is mostly the same act
constexpr float kProposeSame = 0.6f;    // … beside an act of its own type: two words for it, unless the model is sure
constexpr float kNoAct = 0.03f;         // an entry that fits where no act is
constexpr float kFill = 0.5f;           // an act for which an entry found nobody, or nobody that its type needs: less, and it stays so
constexpr float kType = 0.6f;  // an act that an entry takes for one of another type (coder.cpp has the same for what rules make of it)
constexpr float kMode = 0.3f;  // the mode of an act that the model proposed
constexpr float kModeBeside = 0.5f;          // … that an entry leaves open
constexpr float kRival = 0.05f;              // two accounts that may exclude each other; whether they do is asked last
constexpr uint32_t kBefore = 5, kAfter = 1;  // sentences around an act in which its parties are looked for
constexpr uint32_t kAround = 2;              // … its time and its place
constexpr uint32_t kTimesBefore = 5;         // … its time, before it
constexpr uint32_t kVoiceReach = 6;          // … voices that speak of it and rival accounts
constexpr size_t kRivalReach = 12;           // acts between two accounts

float sigmoid(float x) {
  return 1.0f / (1.0f + std::exp(-x));
}

class Learner {
 public:
  Learner(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned, const Circumstances& circumstances,
          Matches& matches)
      : trees_(trees),
        entities_(entities),
        learned_(learned),
        circumstances_(circumstances),
        m_(matches),
        told_in_(innermost_contents(trees, circumstances.attributions)) {
    for (const Place& p : circumstances.places)
      if (p.role == "dateline") datelines_.push_back(p.span);
    heads_of_.resize(trees.sentences.size());
    for (uint32_t w = 0; w < trees.words.size(); ++w)
      if (entities.entity_of_word[w] >= 0) heads_of_[trees.words[w].sentence].push_back(w);
    const auto& names = learned.scorer.tags().event;
    for (const std::string& name : names) types_.push_back(type_from(name));
  }

  void run() {
    for (Frame& f : m_.frames) doubt(f);
    propose();
    roles();
    modes();
    if (learned_.scorer.role_count() == nn::kRoles) {
      circumstance(
          circumstances_.times, nn::Role::time, kTimesBefore, [](const TimeExpression&, uint32_t) { return true; },
          [](Frame& f, uint32_t expression, float logit) {
            f.times.push_back({expression, logit});
          });
      circumstance(
          circumstances_.places, nn::Role::place, kAround, [&](const Place& p, uint32_t head) { return !acting_state(p, head); },
          [](Frame& f, uint32_t place, float logit) {
            const float p = sigmoid(logit);
            if (f.place < 0 || p > f.place_p) f.place = static_cast<int32_t>(place), f.place_p = p;
          });
      find_homes(trees_, entities_, learned_, circumstances_, m_);
      views();
      rivals();
    }
  }

 private:
  float act_near(uint32_t w) const {
    const auto& act = learned_.tags.act_p;
    float p = act[w];
    if (trees_.words[w].head >= 0) p = std::max(p, act[static_cast<size_t>(trees_.words[w].head)]);
    for (const uint32_t c : trees_.children(w)) p = std::max(p, act[c]);
    return p;
  }

  /// Two states or what speaks for them, both named: an entry is right about these whatever the model makes of it.
  bool between_states(const Frame& f) const {
    const std::string* first = nullptr;
    for (const auto* list : {&f.actors, &f.recipients})
      for (const Party& p : *list) {
        if (p.entity < 0) continue;
        const Entity& e = entities_.entities[static_cast<size_t>(p.entity)];
        if (!e.country || (e.kind != "state" && e.kind != "office")) continue;
        if (first && *first != *e.country) return true;
        first = &*e.country;
      }
    return false;
  }

  void doubt(Frame& f) {
    // an act indeed, of another type; promises and refusals of an act are made from it by rules (coder.cpp)
    const std::optional<Type> type = types_[learned_.tags.event[f.word]];
    if (type && *type != f.type && !f.firm && !(bit(*type) & kMadeByRules) && learned_.tags.event_p[f.word] >= kType) {
      f.considered.push_back(
          {"model", fmt::format("sees {} (p {:.2f}) in place of {}", info(*type).name, learned_.tags.event_p[f.word], info(f.type).name)});
      f.type = *type;
      f.code = {};
      f.code.type = *type;
      f.mode.clear();
      f.learned = learned_.tags.event_p[f.word];
      return;
    }
    const float p = act_near(f.word);
    if (p >= kNoAct || f.firm || between_states(f)) return;
    f.doubted = true;
    f.considered.push_back({"model", fmt::format("sees no act here (p {:.3f})", p)});
  }

  /// Is an act of that type at a word beside w in the tree?
  bool known_beside(uint32_t w, Type type) const {
    const auto same = [&](uint32_t x) {
      const int32_t f = m_.frame_of[x];
      return f >= 0 && !m_.frames[static_cast<size_t>(f)].doubted && m_.frames[static_cast<size_t>(f)].type == type;
    };
    const int32_t head = trees_.words[w].head;
    if (head >= 0 && same(static_cast<uint32_t>(head))) return true;
    for (const uint32_t c : trees_.children(w))
      if (same(c)) return true;
    return false;
  }

  /// Does the one hang on the other within a clause, or in what it speaks of?
  bool hangs(uint32_t below, uint32_t above) const {
    for (int i = 0; i < 24 && below != above; ++i) {
      const syntax::Word& word = trees_.words[below];
      if (word.head < 0 || word.rel == syntax::Rel::conj || word.rel == syntax::Rel::parataxis ||
          (word.rel == syntax::Rel::acl && word.sub == syntax::Sub::relcl))
        return false;
      below = static_cast<uint32_t>(word.head);
    }
    return below == above;
  }
  bool beside_known(uint32_t w) const {
    const uint32_t sentence = trees_.words[w].sentence;
    return std::any_of(m_.frames.begin(), m_.frames.end(), [&](const Frame& f) {
      return f.learned == 0 && !f.doubted && trees_.words[f.word].sentence == sentence && (hangs(w, f.word) || hangs(f.word, w));
    });
  }

  void propose() {
    const auto& tags = learned_.tags;
    for (uint32_t w = 0; w < trees_.words.size(); ++w) {
      if (tags.event_p[w] < kPropose || no_act(w)) continue;
      const Part part = trees_.sentences[trees_.words[w].sentence].part;
      if (part != Part::body && part != Part::title) continue;
      const std::optional<Type> type = types_[tags.event[w]];
      const int32_t at = m_.frame_of[w];
      if (!type || (at >= 0 && !m_.frames[static_cast<size_t>(at)].doubted) || (tags.event_p[w] < kProposeSame && known_beside(w, *type)))
        continue;
      if (tags.event_p[w] < kProposeBeside && beside_known(w)) continue;
      Frame f;
      f.word = w;
      f.type = *type;
      f.code.type = *type;
      f.trigger = trees_.words[w].span;
      f.learned = tags.event_p[w];
      m_.frame_of[w] = static_cast<int32_t>(m_.frames.size());
      m_.frames.push_back(std::move(f));
    }
  }

  /// "SUVA – Fiji signed": where a report was written does nothing in it.
  bool in_dateline(uint32_t w) const {
    return std::any_of(datelines_.begin(), datelines_.end(), [&](const Span& s) { return s.holds(trees_.words[w].span); });
  }
  /// "denied doing so": what was done is told elsewhere. "requested anonymity": a form of words.
  bool no_act(uint32_t w) const {
    const auto has = [&](std::string_view lemma) {
      return std::any_of(trees_.children(w).begin(), trees_.children(w).end(),
                         [&](uint32_t c) { return trees_.words[c].lemma == lemma && c > w; });
    };
    const std::string& lemma = trees_.words[w].lemma;
    return (lemma == "do" && has("so")) || ((lemma == "request" || lemma == "ask") && has("anonymity"));
  }

  struct Asked {
    uint32_t frame, mention;
  };

  void roles() {
    std::vector<Asked> asked;
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t i = 0; i < m_.frames.size(); ++i) {
      const Frame& f = m_.frames[i];
      if (f.doubted) continue;
      const uint32_t s = trees_.words[f.word].sentence;
      for (uint32_t k = s < kBefore ? 0 : s - kBefore; k <= s + kAfter && k < heads_of_.size(); ++k)
        for (const uint32_t x : heads_of_[k])
          if (x != f.word) {
            asked.push_back({i, x});
            pairs.emplace_back(trees_.words[f.word].unit, trees_.words[x].unit);
          }
    }
    std::vector<float> scores;
    learned_.scorer.roles(learned_.h, pairs, learned_.workspace, scores);
    for (size_t begin = 0; begin < asked.size();) {
      size_t end = begin;
      while (end < asked.size() && asked[end].frame == asked[begin].frame) ++end;
      take(m_.frames[asked[begin].frame], {asked.data() + begin, end - begin}, scores.data() + learned_.scorer.role_count() * begin);
      begin = end;
    }
  }

  /// The choice among all mentions around it (parties.h), what the entry says among the rest. A side of the entry that holds somebody who
  /// is no mention here stays as it is.
  void take(Frame& f, std::span<const Asked> asked, const float* scores) {
    std::vector<Candidacy> candidates(asked.size());
    const size_t count = learned_.scorer.role_count();
    for (size_t i = 0; i < asked.size(); ++i) {
      const float* row = scores + count * i;
      candidates[i] = {asked[i].mention, entities_.entity_of_word[asked[i].mention], row[static_cast<size_t>(nn::Role::actor)],
                       row[static_cast<size_t>(nn::Role::recipient)], count == nn::kRoles ? row[static_cast<size_t>(nn::Role::holds)] : 0};
    }
    if (!datelines_.empty())
      for (Candidacy& c : candidates) c.dateline = in_dateline(c.word);
    if (const int32_t told = told_in_[f.word]; told >= 0) {
      const Attribution& own = circumstances_.attributions[static_cast<size_t>(told)];
      for (Candidacy& c : candidates) {
        c.speaker = own.source_entity >= 0 && own.source_entity == c.entity;
        for (const Span& x : own.content) c.inside |= x.holds(trees_.words[c.word].span);
      }
    }
    if (learned_.candidates) write_candidates(trees_, entities_, f, candidates, *learned_.candidates);
    const bool bare = f.recipients.empty() && (f.actors.empty() || info(f.type).needs_recipient);
    if (f.learned == 0 && bare && act_near(f.word) < kFill) return;
    const Chosen chosen = choose_parties(trees_, entities_, f, candidates);
    const auto absent = [&](const Party& p) {
      return p.entity < 0 || std::none_of(candidates.begin(), candidates.end(), [&](const Candidacy& c) { return c.entity == p.entity; });
    };
    std::vector<int32_t> given;  // by the entry
    for (const auto* list : {&f.actors, &f.recipients})
      for (const Party& p : *list) given.push_back(p.entity);
    for (const bool actors : {true, false}) {
      std::vector<Party>& side = actors ? f.actors : f.recipients;
      if (std::any_of(side.begin(), side.end(), absent)) continue;
      std::vector<Party> before;
      before.swap(side);
      for (const uint32_t i : actors ? chosen.actors : chosen.recipients) {
        const Candidacy& c = candidates[i];
        const auto entry = std::find_if(before.begin(), before.end(), [&](const Party& p) { return p.entity == c.entity; });
        if (entry != before.end() && !(in_dateline(entry->word) && !c.dateline)) {  // as the entry has it
          side.push_back(*entry);
          continue;
        }
        side.push_back({c.entity, std::nullopt, span_of(c.entity, c.word), c.word});
        if (f.learned == 0) f.filled = true;
      }
      for (const Party& p : before)
        if (std::none_of(side.begin(), side.end(), [&](const Party& q) { return q.entity == p.entity; }))
          f.considered.push_back({"model:role", fmt::format("'{}' is no {}", entities_.entities[static_cast<size_t>(p.entity)].name,
                                                            actors ? "actor" : "recipient")});
    }
    std::erase_if(f.recipients, [&](const Party& p) {
      return p.entity >= 0 && std::any_of(f.actors.begin(), f.actors.end(), [&](const Party& q) { return q.entity == p.entity; });
    });
    // "the Ivorian president" is one party, not the state and its president
    const auto inside = [&](const Party& p) {
      if (std::find(given.begin(), given.end(), p.entity) != given.end()) return false;
      const auto holds = [&](const Party& q) { return q.entity != p.entity && q.span.holds(p.span) && q.span.size() > p.span.size(); };
      return std::any_of(f.actors.begin(), f.actors.end(), holds) || std::any_of(f.recipients.begin(), f.recipients.end(), holds);
    };
    std::erase_if(f.actors, inside);
    std::erase_if(f.recipients, inside);
  }

  void modes() {
    const auto& names = learned_.scorer.tags().mode;
    if (names.empty()) return;
    for (Frame& f : m_.frames) {
      const std::string& name = names[learned_.tags.event_mode[f.word]];
      if (f.doubted || !f.mode.empty() || name == "none" || !mode_of(f.type, name)) continue;
      if (learned_.tags.event_mode_p[f.word] < (f.learned > 0 ? kMode : kModeBeside)) continue;
      f.mode = name;
      f.code.mode = name;
      if (f.learned == 0) f.why.push_back(fmt::format("model:mode (p {:.2f})", learned_.tags.event_mode_p[f.word]));
    }
  }

  /// A state that does something or has something is no place: "Taiwan's detention centre", "Nauru walked away".
  bool acting_state(const Place& p, uint32_t head) const {
    if (!p.feature || !p.feature->starts_with("PCL")) return false;
    const syntax::Word& w = trees_.words[head];
    return w.rel == syntax::Rel::nsubj || w.rel == syntax::Rel::compound || (w.rel == syntax::Rel::nmod && w.sub == syntax::Sub::poss);
  }

  /// Asks for every frame about the times or places in its sentence, `before` it and kAround behind, of those that may be one.
  template <typename Expression, typename May, typename Take>
  void circumstance(const std::vector<Expression>& expressions, nn::Role role, uint32_t before, const May& may, const Take& take) {
    std::vector<uint32_t> heads, sentences;
    for (const Expression& x : expressions) {
      heads.push_back(head_of(trees_, x.span));
      sentences.push_back(trees_.words[heads.back()].sentence);
    }
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    std::vector<std::pair<uint32_t, uint32_t>> asked;  // frame, expression
    for (uint32_t i = 0; i < m_.frames.size(); ++i) {
      const Frame& f = m_.frames[i];
      if (f.doubted) continue;
      const uint32_t s = trees_.words[f.word].sentence;
      // expressions stand in text order, and so do their sentences
      auto at = std::lower_bound(sentences.begin(), sentences.end(), s < before ? 0 : s - before);
      for (; at != sentences.end() && *at <= s + kAround; ++at) {
        const auto k = static_cast<size_t>(at - sentences.begin());
        // a line of its own above the text says when and where the report was written
        const Part part = trees_.sentences[*at].part;
        if (heads[k] == f.word || (part != Part::body && part != Part::title) || !may(expressions[k], heads[k])) continue;
        // where something else happened, told of in a later paragraph
        if (role == nn::Role::place && *at > s && trees_.sentences[*at].paragraph != trees_.sentences[s].paragraph) continue;
        asked.emplace_back(i, static_cast<uint32_t>(k));
        pairs.emplace_back(trees_.words[f.word].unit, trees_.words[heads[k]].unit);
      }
    }
    std::vector<float> scores;
    learned_.scorer.roles(learned_.h, pairs, learned_.workspace, scores);
    const size_t count = learned_.scorer.role_count();
    for (size_t i = 0; i < asked.size(); ++i)
      take(m_.frames[asked[i].first], asked[i].second, scores[count * i + static_cast<size_t>(role)]);
  }

  /// Attributions whose source speaks of an act, outside their contents too: "The navy denied it."
  void views() {
    struct Cue {
      uint32_t word, attribution;
    };
    std::vector<std::vector<Cue>> cues(trees_.sentences.size());
    for (uint32_t a = 0; a < circumstances_.attributions.size(); ++a) {
      const std::vector<Span>& cue = circumstances_.attributions[a].cue;
      if (cue.empty()) continue;
      const uint32_t w = head_of(trees_, {cue.front().start, cue.back().end});
      cues[trees_.words[w].sentence].push_back({w, a});
    }
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    std::vector<std::pair<uint32_t, uint32_t>> asked;  // frame, attribution
    for (uint32_t i = 0; i < m_.frames.size(); ++i) {
      const Frame& f = m_.frames[i];
      if (f.doubted) continue;
      const uint32_t s = trees_.words[f.word].sentence;
      for (uint32_t k = s < kVoiceReach ? 0 : s - kVoiceReach; k <= s + kVoiceReach && k < cues.size(); ++k)
        for (const Cue& c : cues[k]) {
          if (c.word == f.word) continue;
          pairs.emplace_back(trees_.words[f.word].unit, trees_.words[c.word].unit);
          asked.emplace_back(i, c.attribution);
        }
    }
    std::vector<float> scores;
    learned_.scorer.roles(learned_.h, pairs, learned_.workspace, scores);
    for (size_t i = 0; i < asked.size(); ++i) {
      const float* row = scores.data() + nn::kRoles * i;
      m_.frames[asked[i].first].views.push_back(
          {asked[i].second, row[static_cast<size_t>(nn::Role::holds)], row[static_cast<size_t>(nn::Role::denies)]});
    }
  }

  void rivals() {
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < m_.frames.size(); ++i)
      if (!m_.frames[i].doubted) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return m_.frames[a].word < m_.frames[b].word; });
    std::vector<std::pair<uint32_t, uint32_t>> pairs, asked;
    for (size_t j = 1; j < order.size(); ++j) {
      const Frame& later = m_.frames[order[j]];
      for (size_t i = j; i-- > 0;) {
        const Frame& earlier = m_.frames[order[i]];
        if (trees_.words[later.word].sentence > trees_.words[earlier.word].sentence + kVoiceReach || j - i > kRivalReach) break;
        if (earlier.word == later.word) continue;
        pairs.emplace_back(trees_.words[later.word].unit, trees_.words[earlier.word].unit);
        asked.emplace_back(order[j], order[i]);
      }
    }
    std::vector<float> scores;
    learned_.scorer.roles(learned_.h, pairs, learned_.workspace, scores);
    for (size_t i = 0; i < asked.size(); ++i) {
      const float p = sigmoid(scores[nn::kRoles * i + static_cast<size_t>(nn::Role::rival)]);
      if (p >= kRival) m_.rivals.push_back({asked[i].first, asked[i].second, p});
    }
  }

  Span span_of(int32_t entity, uint32_t head) const {
    for (const Mention& m : entities_.entities[static_cast<size_t>(entity)].mentions)
      if (m.head == head) return m.span;
    return trees_.words[head].span;
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const Learned& learned_;
  const Circumstances& circumstances_;
  Matches& m_;
  std::vector<Span> datelines_;                  // places in them: one or two
  std::vector<std::vector<uint32_t>> heads_of_;  // heads of mentions, by sentence
  std::vector<int32_t> told_in_;                 // of each word, innermost_contents
  std::vector<std::optional<Type>> types_;
};

}  // namespace

std::vector<int32_t> innermost_contents(const syntax::Trees& trees, const std::vector<Attribution>& attributions) {
  std::vector<int32_t> out(trees.words.size(), -1);
  std::vector<uint32_t> size(attributions.size(), 0);
  for (uint32_t a = 0; a < attributions.size(); ++a) {
    for (const Span& c : attributions[a].content) size[a] += c.size();
    for (const Span& c : attributions[a].content)
      for (uint32_t w = trees.word_at(c.start); w < trees.words.size() && trees.words[w].span.start < c.end; ++w)
        if (c.holds(trees.words[w].span) && (out[w] < 0 || size[a] < size[static_cast<size_t>(out[w])])) out[w] = static_cast<int32_t>(a);
  }
  return out;
}

uint32_t head_of(const syntax::Trees& trees, Span span) {
  const uint32_t first = trees.word_at(span.start);
  for (uint32_t w = first; w < trees.words.size() && trees.words[w].span.start < span.end; ++w) {
    const int32_t h = trees.words[w].head;
    if (h < 0 || trees.words[static_cast<size_t>(h)].span.start < span.start || trees.words[static_cast<size_t>(h)].span.start >= span.end)
      return w;
  }
  return first;
}

void learn(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned, const Circumstances& circumstances,
           Matches& matches) {
  if (trees.words.empty() || learned.tags.act_p.size() != trees.words.size()) return;
  Learner(trees, entities, learned, circumstances, matches).run();
}

}  // namespace reportedly::events
