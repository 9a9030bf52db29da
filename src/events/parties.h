// Who does an act and to whom, by the model's logits, the entry and the tree together. Each of up to six entities around the trigger is an
// actor, a recipient or nobody: of all such choices the likeliest, by a conditional logit (McFadden 1974) over those in it, how many are on
// each side, and what two of them have to do with each other. Weights: party_weights.inc and party_set_weights.inc, fitted on the held-out
// passages by training/parties.py.
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
  bool speaker = false;   ///< it is the source of the attribution that holds the trigger
  bool inside = false;    ///< its mention stands in that attribution's content
  bool dateline = false;  ///< where the report was written: another mention of the same entity is shown, if there is one
};

/// What was chosen: of each entity the mention that is likeliest on its side.
struct Chosen {
  std::vector<uint32_t> actors, recipients;  ///< indices into the candidates, one of each entity
};

/// `candidates` must hold mentions with entities only: those of a few sentences.
Chosen choose_parties(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates);

/// The features that training/parties.py reads: a line of JSON for each act.
void write_candidates(const syntax::Trees& trees, const entities::EntityLayer& entities, const Frame& frame,
                      std::span<const Candidacy> candidates, std::string& out);

}  // namespace reportedly::events
