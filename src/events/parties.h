// Who does an act and to whom, by the model's logits, the entry and the tree together. For each side one choice among all mentions around
// the trigger, and nobody: a conditional logit (McFadden 1974) whose weights stand in party_weights.inc, fitted on the held-out passages by
// training/parties.py. Both sides are chosen together: nobody is on both, and whom a state deals with is rarely itself.
#pragma once
#include <cstdio>
#include <span>
#include <vector>

#include "events/match.h"

namespace reportedly::events {

/// A mention around a trigger, by its head, and what the model's role head says of the two (logits).
struct Candidacy {
  uint32_t word = 0;
  int32_t entity = -1;
  float actor = 0, recipient = 0, holds = 0;
};

/// What was chosen: the likeliest mention of each entity, those joined to it by "and", and those the entry joins.
struct Chosen {
  std::vector<uint32_t> actors, recipients;  ///< indices into the candidates, one of each entity
};

/// `candidates` must hold mentions with entities only. Quadratic in nothing: candidates are those of a few sentences.
Chosen choose_parties(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates);

/// The features that training/parties.py reads: a line for the trigger, then one for each candidate, as JSON.
void write_candidates(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates, std::string& out);

}  // namespace reportedly::events
