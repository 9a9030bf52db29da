// The shape of an article: head, body, footer, and what breaks its paragraphs. docs/text.md says what is taken for what.
#pragma once
#include "text/text.h"
#include "text/units.h"

namespace reportedly::text {

/// Reads text.chars; fills analysis, origin, paragraphs, repairs, title, byline, published and dateline. Linear.
std::vector<AnalysisParagraph> lay_out(Text& text, const DocumentInput& input);

}  // namespace reportedly::text
