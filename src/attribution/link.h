// Tags of a stretch of words to linked fragments.
#pragma once
#include "attribution/attribution.h"

namespace reportedly::attribution {

/// Labels 0 O, 1 B, 2 I of the words [first, first + labels.size()), and how sure they are.
struct StretchTags {
  uint32_t first = 0;
  std::span<const uint8_t> source, cue, content;
  std::span<const float> source_p, cue_p, content_p;
};

/// docs/model.md §6 on one stretch; `rows[i]` is the row of `h` for word first + i. Linear: candidates lie within 400 words.
std::vector<Linked> link_stretch(const syntax::Trees& trees, const StretchTags& tags, const nn::Scorer& scorer, const nn::Matrix& h,
                                 std::span<const uint32_t> rows, nn::Workspace& workspace);

/// The 15 pair features; cues and sources are the first words of all fragments of that role, marks the double quotation marks, all sorted.
void pair_features(const syntax::Trees& trees, Fragment one, Fragment two, std::span<const uint32_t> cues,
                   std::span<const uint32_t> sources, std::span<const uint32_t> marks, float* features);

}  // namespace reportedly::attribution
