// Parties that are of several states at once: "both governments", "the foreign ministers of Sudan and Chad", "Turkish and Italian
// diplomats". No entity has two countries, so such a party becomes one party of each state.
#pragma once
#include "entities/entities.h"
#include "events/grammar.h"

namespace reportedly::events {

/// The states that an entity without a country stands for, as entities in the order of the text; empty where they are fewer than two, or
/// where the text does not tell. `word`: the head of the mention that is meant.
std::vector<int32_t> states_of(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, int32_t entity,
                               uint32_t word);

}  // namespace reportedly::events
