// Parties that are of several states at once: "both governments", "the foreign ministers of Sudan and Chad", "Turkish and Italian
// diplomats". No entity has two countries, so such a party becomes one party of each state.
#pragma once
#include <initializer_list>
#include <string_view>
#include <vector>

#include "entities/entities.h"
#include "events/grammar.h"

namespace reportedly::events {

/// Of one text. All that is given must outlive it.
class Several {
 public:
  Several(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities);
  /// The states that an entity without a country stands for, as entities in the order of the text; empty where they are fewer than two,
  /// or where the text does not tell. `word`: the head of the mention that is meant.
  std::vector<int32_t> of(int32_t entity, uint32_t word) const;

 private:
  std::vector<int32_t> named(uint32_t head) const;
  std::vector<int32_t> counted(uint32_t head) const;
  std::vector<int32_t> of_states(std::initializer_list<std::string_view> countries) const;
  bool speaks_of(uint32_t word) const;
  void see(uint32_t word, std::vector<int32_t>& into) const;
  bool after(uint32_t w, std::initializer_list<std::string_view> prepositions) const;

  const syntax::Trees& trees_;
  const Grammar& g_;
  const entities::EntityLayer& entities_;
  std::vector<uint32_t> first_;  ///< words that are the first to speak of a country, or the first to name it
};

}  // namespace reportedly::events
