// A document as it comes in: bytes and what is known about them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reportedly {

/// Half-open range of Unicode code points in `document.text`.
struct Span {
  uint32_t start = 0;
  uint32_t end = 0;
  uint32_t size() const { return end - start; }
  bool holds(Span inner) const { return start <= inner.start && inner.end <= end; }
  bool touches(Span other) const { return start < other.end && other.start < end; }
  friend bool operator==(Span, Span) = default;
  friend auto operator<=>(Span, Span) = default;
};

/// What the text was taken from: it decides whether a head (title, byline, date line) is looked for.
enum class SourceFormat : uint8_t {
  plain,  ///< a .txt file: a head is looked for where more than one paragraph follows
  record  ///< a JSONL record: `text` is body; a first line equal to the given title is the title
};

/// One article. `text` is UTF-8; invalid bytes are replaced by U+FFFD and reported.
struct DocumentInput {
  std::string id;  ///< empty: made from text and date
  std::string text;
  SourceFormat format = SourceFormat::plain;
  std::optional<std::string> title, byline, publisher, url;
  std::optional<std::string> published;    ///< ISO 8601 date or date-time; unreadable ones become null with a warning
  std::optional<std::string> language;     ///< ISO 639-1; empty: detected
  std::string origin;                      ///< file and line, for messages
  std::vector<std::string> warnings = {};  ///< of reading it, sentences for people: in front of the record's own
};

}  // namespace reportedly
