// By what an act of violence is done, as far as its word or its mode tell: what tells two acts of one type apart.
#pragma once
#include <cstdint>
#include <string_view>

namespace reportedly::events {

enum Means : uint32_t {
  hands = 1,
  shots = 2,
  fire = 4,
  abduction = 8,
  rape = 16,
  collision = 32,
  gas = 64,
  clearing = 128,
  anything = ~0u
};

/// Of an ASSAULT: the word before the mode, since "rammed" says more than any mode. `anything` where neither tells. Two acts without a
/// common bit are two acts: an abduction is no shooting.
uint32_t means_of(std::string_view lemma, std::string_view mode);

}  // namespace reportedly::events
