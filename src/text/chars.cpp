#include "text/chars.h"

#include <unicode/uchar.h>

#include <array>

namespace reportedly::text {
namespace {

constexpr char32_t kTableSize = 0x10000;

constexpr uint32_t kLetters = U_GC_L_MASK, kPunctuation = U_GC_P_MASK, kDropped = U_GC_C_MASK;

CharClass classify(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(u, UCHAR_WHITE_SPACE)) return CharClass::white;
  const uint32_t category = U_GET_GC_MASK(u);
  if (c < 128) {
    if (is_digit(c)) return CharClass::digit;
    if (category & kLetters) return CharClass::letter;
    return c >= 33 && c < 127 ? CharClass::single : CharClass::dropped;
  }
  if (c == 0xFFFD || (category & kDropped)) return CharClass::dropped;
  if ((category & (kPunctuation | U_GC_SC_MASK)) || is_cjk(c)) return CharClass::single;
  return category & kLetters ? CharClass::letter : CharClass::other;
}

const std::array<CharClass, kTableSize>& table() {
  static const std::array<CharClass, kTableSize> kTable = [] {
    std::array<CharClass, kTableSize> t{};
    for (char32_t c = 0; c < kTableSize; ++c) t[c] = classify(c);
    return t;
  }();
  return kTable;
}

}  // namespace

CharClass char_class(char32_t c) {
  static const std::array<CharClass, kTableSize>& classes = table();
  return c < kTableSize ? classes[c] : classify(c);
}

bool is_upper(char32_t c) {
  if (c < 128) return c >= U'A' && c <= U'Z';
  return is_letter(c) && u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_UPPERCASE);
}

bool is_lower(char32_t c) {
  if (c < 128) return c >= U'a' && c <= U'z';
  return is_letter(c) && u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_LOWERCASE);
}

char32_t lower(char32_t c) {
  if (c < 128) return c >= U'A' && c <= U'Z' ? c + 32 : c;
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

bool is_bert_punctuation(char32_t c) {
  if (c < 128) return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & kPunctuation) != 0;
}

bool is_cjk(char32_t c) {
  if (c < 0x3400) return false;
  return c <= 0x4DBF || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B820 && c <= 0x2CEAF) ||
         (c >= 0x2F800 && c <= 0x2FA1F);
}

bool is_decimal(char32_t c) {
  return c < 128 ? is_digit(c) : u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
}

bool is_sign(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_P_MASK | U_GC_S_MASK)) != 0;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

}  // namespace reportedly::text
