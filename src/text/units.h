// Units, their shape and the white space before them: docs/model.md §1. training/units.py is the same in Python.
#pragma once
#include "text/text.h"

namespace reportedly::text {

/// A paragraph of the analysis text: [begin, end) in Text::analysis, beginning and ending with a character that is not white.
struct AnalysisParagraph {
  uint32_t begin = 0, end = 0;
};

/// Fills text.units from text.analysis and text.origin. Unit::paragraph is taken from `paragraphs` (which hold every
/// character that is not white); where that is empty a paragraph ends at every paragraph break, and text.paragraphs are
/// made here, all of them body. Linear.
void cut_units(Text& text, const std::vector<AnalysisParagraph>& paragraphs);

/// Shape of the first wordpiece of a unit, 0–6.
uint8_t shape_of(std::u32string_view unit);

}  // namespace reportedly::text
