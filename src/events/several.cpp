#include "events/several.h"

#include <algorithm>

#include "base/one_of.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;

/// Words for those of whom each state has one.
bool of_a_state(std::string_view lemma) {
  return one_of(lemma, {"government", "country",  "state",    "side",       "neighbour", "neighbor",   "capital", "nation",
                        "army",       "navy",     "minister", "president",  "leader",    "delegation", "power",   "partner",
                        "rival",      "military", "ministry", "parliament", "people",    "both",       "two",     "three"});
}

class Several {
 public:
  Several(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities)
      : trees_(trees), g_(grammar), entities_(entities) {}

  /// "the navies of Australia and Tonga", "Thai and Indonesian officers"
  std::vector<int32_t> named(uint32_t head) const {
    std::vector<int32_t> out;
    for (const uint32_t c : g_.children(head)) {
      const syntax::Word& w = g_.word(c);
      const bool belongs =
          w.rel == Rel::amod || w.rel == Rel::compound || (w.rel == Rel::nmod && (w.sub == Sub::poss || after(c, {"of", "from"})));
      if (!belongs) continue;
      std::vector<int32_t> found;
      see(c, found);
      for (const uint32_t d : g_.children(c))
        if (g_.word(d).rel == Rel::conj) see(d, found);
      if (found.size() > out.size()) out = std::move(found);
    }
    return out.size() > 1 ? out : std::vector<int32_t>{};
  }

  /// "both governments": the states that the text has spoken of, if they are as many.
  std::vector<int32_t> counted(uint32_t head) const {
    if (!of_a_state(g_.word(head).lemma)) return {};
    size_t n = one_of(g_.word(head).lemma, {"both", "two"}) ? 2 : g_.word(head).lemma == "three" ? 3 : 0;
    for (const uint32_t c : g_.children(head)) {
      if (one_of(g_.word(c).lemma, {"both", "two"})) n = 2;
      if (g_.word(c).lemma == "three") n = 3;
    }
    if (n == 0) return {};
    // in the sentences up to here; else in this one and the last, and in the last alone
    const uint32_t sentence = g_.word(head).sentence;
    for (const auto& [first, last] :
         {std::pair(0u, head), std::pair(trees_.sentences[sentence - (sentence > 0)].first_word, head),
          std::pair(trees_.sentences[sentence - (sentence > 0)].first_word, trees_.sentences[sentence].first_word)}) {
      std::vector<int32_t> found;
      for (uint32_t w = first; w < last; ++w) see(w, found);
      if (found.size() == n) return found;
    }
    return {};
  }

 private:
  bool after(uint32_t w, std::initializer_list<std::string_view> prepositions) const {
    const auto children = g_.children(w);
    return std::any_of(children.begin(), children.end(),
                       [&](uint32_t c) { return g_.word(c).rel == Rel::case_ && one_of(g_.word(c).lemma, prepositions); });
  }

  /// Adds the state that a word speaks of, or whoever is of one, once.
  void see(uint32_t word, std::vector<int32_t>& into) const {
    const int32_t e = entities_.entity_of_word[word];
    if (e < 0) return;
    const Entity& entity = entities_.entities[static_cast<size_t>(e)];
    if (!entity.country || one_of(*entity.country, {"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"})) return;
    for (int32_t& x : into) {
      Entity const& other = entities_.entities[static_cast<size_t>(x)];
      if (other.country != entity.country) continue;
      if (entity.kind == "state" && other.kind != "state") x = e;
      return;
    }
    into.push_back(e);
  }

  const syntax::Trees& trees_;
  const Grammar& g_;
  const entities::EntityLayer& entities_;
};

}  // namespace

std::vector<int32_t> states_of(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, int32_t entity,
                               uint32_t word) {
  if (entity < 0 || entities.entities[static_cast<size_t>(entity)].country) return {};
  const Several several(trees, grammar, entities);
  std::vector<uint32_t> heads{word};
  for (const Mention& m : entities.entities[static_cast<size_t>(entity)].mentions)
    if (m.head != word && heads.size() < 4) heads.push_back(m.head);
  for (const uint32_t h : heads)
    if (auto found = several.named(h); !found.empty()) return found;
  for (const uint32_t h : heads)
    if (auto found = several.counted(h); !found.empty()) return found;
  return {};
}

}  // namespace reportedly::events
