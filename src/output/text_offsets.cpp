#include "output/text_offsets.h"

#include <algorithm>

namespace reportedly::output {

TextOffsets::TextOffsets(std::string_view text) : text_(text) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  if (std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    size_ = static_cast<uint32_t>(text.size());
    return;
  }
  starts_.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i)
    if (!continues(text[i])) starts_.push_back(static_cast<uint32_t>(i));
  size_ = static_cast<uint32_t>(starts_.size());
  starts_.push_back(static_cast<uint32_t>(text.size()));
}

uint32_t TextOffsets::byte(uint32_t code_point) const {
  const uint32_t at = std::min(code_point, size_);
  return starts_.empty() ? at : starts_[at];
}

std::string_view TextOffsets::slice(Span span) const {
  const uint32_t first = byte(span.start), last = byte(span.end);
  return last > first ? text_.substr(first, last - first) : std::string_view{};
}

}  // namespace reportedly::output
