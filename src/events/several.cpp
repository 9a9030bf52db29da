#include "events/several.h"

#include <algorithm>
#include <unordered_map>

#include "base/one_of.h"
#include "events/scheme.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;

/// Words for those of whom each state has one.
bool of_a_state(std::string_view lemma) {
  return one_of(lemma, {"government", "country",    "state",     "side",   "neighbour",  "neighbor", "capital", "nation", "army",
                        "navy",       "minister",   "president", "leader", "delegation", "power",    "partner", "rival",  "military",
                        "ministry",   "parliament", "people",    "both",   "two",        "three",    "party"});
}

}  // namespace

Several::Several(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities)
    : trees_(trees), g_(grammar), entities_(entities) {
  std::unordered_map<std::string_view, bool> named;  // countries so far, and whether a state was meant
  for (uint32_t w = 0; w < trees.words.size(); ++w) {
    if (!speaks_of(w)) continue;
    const Entity& entity = entities.entities[static_cast<size_t>(entities.entity_of_word[w])];
    const bool state = entity.kind == "state";
    const auto [at, fresh] = named.try_emplace(*entity.country, state);
    if (!fresh && (at->second || !state)) continue;
    at->second |= state;
    first_.push_back(w);
  }
}

/// "the navies of Australia and Tonga", "Thai and Indonesian officers"
std::vector<int32_t> Several::named(uint32_t head) const {
  std::vector<int32_t> out, beside;
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
    // "Danish and Polish sailors" where both hang on the noun
    if (c < head && (w.rel == Rel::amod || w.rel == Rel::compound)) {
      see(c, beside);
      for (const uint32_t d : g_.children(c))
        if (g_.word(d).rel == Rel::conj) see(d, beside);
    }
  }
  if (beside.size() > out.size()) out = std::move(beside);
  return out.size() > 1 ? out : std::vector<int32_t>{};
}

/// "both governments": the states that the text has spoken of, if they are as many.
std::vector<int32_t> Several::counted(uint32_t head) const {
  if (one_of(g_.word(head).form, {"Koreas"})) return of_states({"PRK", "KOR"});
  if (!of_a_state(g_.word(head).lemma)) return {};
  size_t n = one_of(g_.word(head).lemma, {"both", "two"}) ? 2 : g_.word(head).lemma == "three" ? 3 : 0;
  for (const uint32_t c : g_.children(head)) {
    if (one_of(g_.word(c).lemma, {"both", "two"})) n = 2;
    if (g_.word(c).lemma == "three") n = 3;
  }
  if (n == 0) return {};
  // in the sentences up to here; else in this one and the last, and in the last alone
  std::vector<int32_t> found;
  for (size_t i = 0; i < first_.size() && first_[i] < head; ++i) see(first_[i], found);
  if (found.size() == n) return found;
  const uint32_t sentence = g_.word(head).sentence, before = trees_.sentences[sentence - (sentence > 0)].first_word;
  for (const uint32_t last : {head, trees_.sentences[sentence].first_word}) {
    found.clear();
    for (uint32_t w = before; w < last; ++w) see(w, found);
    if (found.size() == n) return found;
  }
  return {};
}

/// Those of the states that the text speaks of, if it speaks of all.
std::vector<int32_t> Several::of_states(std::initializer_list<std::string_view> countries) const {
  std::vector<int32_t> out;
  for (const uint32_t w : first_)
    if (one_of(*entities_.entities[static_cast<size_t>(entities_.entity_of_word[w])].country, countries)) see(w, out);
  return out.size() == countries.size() ? out : std::vector<int32_t>{};
}

bool Several::after(uint32_t w, std::initializer_list<std::string_view> prepositions) const {
  const auto children = g_.children(w);
  return std::any_of(children.begin(), children.end(),
                     [&](uint32_t c) { return g_.word(c).rel == Rel::case_ && one_of(g_.word(c).lemma, prepositions); });
}

/// Of a state, or of whoever is of one?
bool Several::speaks_of(uint32_t word) const {
  const int32_t e = entities_.entity_of_word[word];
  if (e < 0) return false;
  const auto& country = entities_.entities[static_cast<size_t>(e)].country;
  return country && !of_no_state(*country);
}

/// Adds the state that a word speaks of, or whoever is of one, once.
void Several::see(uint32_t word, std::vector<int32_t>& into) const {
  if (!speaks_of(word)) return;
  const int32_t e = entities_.entity_of_word[word];
  const Entity& entity = entities_.entities[static_cast<size_t>(e)];
  for (int32_t& x : into) {
    const Entity& other = entities_.entities[static_cast<size_t>(x)];
    if (other.country != entity.country) continue;
    if (entity.kind == "state" && other.kind != "state") x = e;
    return;
  }
  into.push_back(e);
}

std::vector<int32_t> Several::of(int32_t entity, uint32_t word) const {
  if (entity < 0 || entities_.entities[static_cast<size_t>(entity)].country) return {};
  std::vector<uint32_t> heads{word};
  for (const Mention& m : entities_.entities[static_cast<size_t>(entity)].mentions) {
    if (heads.size() == 4) break;
    if (m.head != word) heads.push_back(m.head);
  }
  for (const uint32_t h : heads)
    if (auto found = named(h); !found.empty()) return found;
  for (const uint32_t h : heads)
    if (auto found = counted(h); !found.empty()) return found;
  return {};
}

}  // namespace reportedly::events
