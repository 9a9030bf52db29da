#include "text/decode.h"

namespace reportedly::text {
namespace {

/// What may follow a lead byte: number of continuation bytes and the range of the first of them (Unicode, table 3-7).
struct Lead {
  uint8_t more = 0, low = 0x80, high = 0xBF;
};

Lead lead_of(unsigned char b) {
  if (b >= 0xC2 && b <= 0xDF) return {1};
  if (b == 0xE0) return {2, 0xA0, 0xBF};
  if (b == 0xED) return {2, 0x80, 0x9F};
  if (b >= 0xE1 && b <= 0xEF) return {2};
  if (b == 0xF0) return {3, 0x90, 0xBF};
  if (b >= 0xF1 && b <= 0xF3) return {3};
  if (b == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

}  // namespace

Decoded decode_utf8(std::string_view bytes) {
  Decoded out;
  out.chars.reserve(bytes.size());
  for (size_t i = 0; i < bytes.size();) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    if (b < 0x80) {
      if (b < 0x20 && b != '\t' && b != '\n' && b != '\f' && b != '\r') {
        ++out.controls;
        if (b == 0 && out.nuls++ == 0) {
          out.first_nul_byte = i;
          out.first_nul_char = static_cast<uint32_t>(out.chars.size());
        }
      }
      out.chars.push_back(b);
      ++i;
      continue;
    }
    const Lead lead = lead_of(b);
    size_t n = 1;
    auto c = static_cast<char32_t>(b & (0x3F >> lead.more));
    bool valid = lead.more > 0;
    for (; valid && n <= lead.more; ++n) {
      const auto next = static_cast<unsigned char>(i + n < bytes.size() ? bytes[i + n] : 0);
      if (next < (n == 1 ? lead.low : 0x80) || next > (n == 1 ? lead.high : 0xBF)) {
        valid = false;
        break;
      }
      c = (c << 6) | (next & 0x3F);
    }
    if (!valid) {
      if (out.invalid++ == 0) {
        out.first_invalid_byte = i;
        out.first_invalid_char = static_cast<uint32_t>(out.chars.size());
      }
      c = 0xFFFD;
    }
    out.chars.push_back(c);
    i += n;
  }
  return out;
}

}  // namespace reportedly::text
