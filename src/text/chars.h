// Classes of code points, docs/model.md §1. Properties are ICU's; a table answers for the first plane.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace reportedly::text {

enum class CharClass : uint8_t {
  white,    ///< parts units
  dropped,  ///< not seen by the tokenizer: U+0000, U+FFFD, category C*
  single,   ///< a unit by itself: punctuation, currency signs, CJK ideographs, other ASCII signs
  letter,   ///< category L*
  digit,    ///< 0–9
  other     ///< everything else, part of a word
};

CharClass char_class(char32_t c);
inline bool is_white(char32_t c) {
  return char_class(c) == CharClass::white;
}
inline bool is_letter(char32_t c) {
  return char_class(c) == CharClass::letter;
}
inline bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_upper(char32_t c);   ///< a letter with the property Uppercase
bool is_lower(char32_t c);   ///< a letter with the property Lowercase
char32_t lower(char32_t c);  ///< simple lower case

/// Punctuation as BERT means it: ASCII signs and category P*.
bool is_bert_punctuation(char32_t c);
/// The eight ranges of CJK ideographs that BERT names.
bool is_cjk(char32_t c);
/// Category Nd.
bool is_decimal(char32_t c);
/// Category P* or S*.
bool is_sign(char32_t c);

/// Is it one of ' and ’?
inline bool is_apostrophe(char32_t c) {
  return c == U'\'' || c == U'\u2019';
}

void append_utf8(std::string& out, char32_t c);
std::string to_utf8(std::u32string_view text);

}  // namespace reportedly::text
