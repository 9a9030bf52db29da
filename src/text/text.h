// The text layer: code points, paragraphs and parts, repairs, and the units that words are made of.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/analysis.h"

namespace reportedly::text {

struct Paragraph {
  Span span;  ///< in the document
  Part part = Part::body;
};

/// docs/model.md §1: the smallest stretch that may be a word.
struct Unit {
  uint32_t begin = 0, end = 0;  ///< in Text::analysis
  Span span;                    ///< in the document; covers a bridged break
  uint8_t space = 0;            ///< white space before: 0 none, 1 space, 2 line break, 3 paragraph break
  uint8_t shape = 0;            ///< docs/model.md: 0 lower … 6 other
  uint32_t paragraph = 0;       ///< index into Text::paragraphs
};

/// One decoded document. `chars[i]` is code point i of document.text.
struct Text {
  std::u32string chars;
  std::u32string analysis;       ///< what is read: chars without what repairs leave out, breaks bridged
  std::vector<uint32_t> origin;  ///< analysis[i] comes from chars[origin[i]]
  std::vector<Paragraph> paragraphs;
  std::vector<Repair> repairs;
  std::vector<Warning> warnings;
  std::vector<Unit> units;
  std::optional<std::string> title, byline;  ///< found in the head of a plain text
  std::optional<std::string> published;      ///< ISO date found in a date line of the head
  std::optional<Span> dateline;              ///< "GENEVA, 5 May 2031 –" at the start of the body, where there is one

  /// UTF-8 of a document span.
  std::string slice(Span span) const;
};

struct TextOptions {
  bool repairs = true;  ///< off: no repairs, no head, no footer: every non-space character is in a unit
};

/// Decodes, finds parts and repairs, cuts units. Linear time. Fails only for bytes that are no text at all (binary, UTF-16).
Result<Text> read_text(const DocumentInput& input, const TextOptions& options);

}  // namespace reportedly::text
