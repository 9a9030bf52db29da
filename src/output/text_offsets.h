// Code points to bytes for one text: the record counts code points, its text is UTF-8.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "reportedly/document.h"

namespace reportedly::output {

/// Slices of a UTF-8 text by code-point spans. Built in one pass; for a text that is ASCII throughout nothing is stored.
/// Spans beyond the end are cut at the end.
class TextOffsets {
 public:
  explicit TextOffsets(std::string_view text);
  uint32_t size() const { return size_; }
  uint32_t byte(uint32_t code_point) const;
  std::string_view slice(Span span) const;

 private:
  std::string_view text_;
  std::vector<uint32_t> starts_;  ///< first byte of every code point, and the end; empty for ASCII
  uint32_t size_ = 0;
};

}  // namespace reportedly::output
