// UTF-8 to code points, with an account of what was wrong.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace reportedly::text {

struct Decoded {
  std::u32string chars;
  size_t invalid = 0;  ///< how many U+FFFD stand for invalid bytes
  size_t first_invalid_byte = 0;
  uint32_t first_invalid_char = 0;
  size_t controls = 0;  ///< C0 controls other than tab, line feed, form feed, carriage return; NUL among them
  size_t nuls = 0;
  size_t first_nul_byte = 0;
  uint32_t first_nul_char = 0;
};

/// Every maximal part of an ill-formed sequence becomes one U+FFFD (Unicode 15, §3.9, "substitution of maximal subparts").
/// A byte order mark is not treated here. Linear.
Decoded decode_utf8(std::string_view bytes);

}  // namespace reportedly::text
