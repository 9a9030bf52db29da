#include "text/units.h"

#include <algorithm>
#include <array>

#include "text/chars.h"

namespace reportedly::text {
namespace {

enum Shape : uint8_t { kLower, kCapitalised, kCaps, kMixed, kDigits, kPunctuation, kOther };
enum Space : uint8_t { kNone, kBlank, kLine, kParagraph };

struct Contraction {
  std::u32string_view word;
  uint8_t first, second;  ///< where it is cut; 0: not
};
constexpr std::array<Contraction, 7> kContractions{
    {{U"cannot", 3, 0}, {U"gonna", 3, 0}, {U"gotta", 3, 0}, {U"wanna", 3, 0}, {U"lemme", 3, 0}, {U"gimme", 3, 0}, {U"dunno", 2, 3}}};

bool equals_lower(std::u32string_view text, std::u32string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char32_t a, char32_t b) { return lower(a) == b; });
}

/// May the letters after a digit stay with it: 5th, 1990s, 3d?
bool is_ordinal_suffix(std::u32string_view letters) {
  for (const auto suffix : {U"s", U"st", U"nd", U"rd", U"th", U"d"})
    if (equals_lower(letters, suffix)) return true;
  return false;
}

class UnitCutter {
 public:
  explicit UnitCutter(Text& text) : text_(text), chars_(text.analysis) {}

  void run() {
    const auto n = static_cast<uint32_t>(chars_.size());
    enum class Open : uint8_t { none, dropped, single, word } open = Open::none;
    uint32_t start = 0;
    CharClass previous = CharClass::white;
    for (uint32_t i = 0; i < n; ++i) {
      const CharClass c = char_class(chars_[i]);
      const Open as = c == CharClass::single ? Open::single : Open::word;
      switch (c) {
        case CharClass::white:
          if (open != Open::none) close(start, i);
          open = Open::none;
          see_white(i);
          break;
        case CharClass::dropped:
          if (open == Open::none) {
            start = i;
            open = Open::dropped;
          }
          break;
        default:
          if (open == Open::none) {
            start = i;
            open = as;
          } else if (open == Open::dropped) {
            open = as;
          } else if (as == Open::single || open == Open::single) {
            close(start, i);
            start = i;
            open = as;
          } else if (c == CharClass::letter && previous == CharClass::digit && !suffix_at(i)) {
            close(start, i);
            start = i;
          }
      }
      previous = c;
    }
    if (open != Open::none) close(start, n);
  }

 private:
  void see_white(uint32_t i) {
    const char32_t c = chars_[i];
    white_ = true;
    if (c == 0x2029)
      breaks_ += 2;
    else if (c == U'\n' || c == 0x85 || c == 0x2028 || (c == U'\r' && !(i + 1 < chars_.size() && chars_[i + 1] == U'\n')))
      ++breaks_;
  }

  bool suffix_at(uint32_t i) const {
    uint32_t end = i;
    while (end < chars_.size() && end - i < 3 && is_letter(chars_[end])) ++end;
    return is_ordinal_suffix(chars_.substr(i, end - i));
  }

  /// A unit by the first four rules ends; the fifth may cut it further.
  void close(uint32_t begin, uint32_t end) {
    const auto unit = chars_.substr(begin, end - begin);
    if (unit.size() >= 2 && lower(unit.back()) == U'n' && unit.back() < 128 && is_letter(unit[unit.size() - 2]) && is_not_at(end)) {
      put(begin, end - 1);
      put(end - 1, end);
      return;
    }
    if (unit.size() >= 5 && unit.size() <= 6)
      for (const Contraction& c : kContractions)
        if (equals_lower(unit, c.word)) {
          put(begin, begin + c.first);
          if (c.second) put(begin + c.first, begin + c.second);
          put(begin + (c.second ? c.second : c.first), end);
          return;
        }
    put(begin, end);
  }

  /// 't as two whole units.
  bool is_not_at(uint32_t i) const {
    if (i + 1 >= chars_.size() || !is_apostrophe(chars_[i]) || (chars_[i + 1] != U't' && chars_[i + 1] != U'T')) return false;
    if (i + 2 == chars_.size()) return true;
    const CharClass after = char_class(chars_[i + 2]);
    return after == CharClass::white || after == CharClass::single;
  }

  void put(uint32_t begin, uint32_t end) {
    Unit u;
    u.begin = begin;
    u.end = end;
    u.span = {text_.origin[begin], text_.origin[end - 1] + 1};
    u.space = text_.units.empty() || breaks_ > 1 ? kParagraph : breaks_ == 1 ? kLine : white_ ? kBlank : kNone;
    u.shape = shape_of(chars_.substr(begin, end - begin));
    text_.units.push_back(u);
    white_ = false;
    breaks_ = 0;
  }

  Text& text_;
  std::u32string_view chars_;
  bool white_ = false;
  uint32_t breaks_ = 0;
};

}  // namespace

uint8_t shape_of(std::u32string_view unit) {
  size_t upper = 0, lower_case = 0;
  bool first_upper = false, letter = false, any = false, decimals = true, signs = true;
  for (const char32_t c : unit) {
    const CharClass k = char_class(c);
    if (k == CharClass::dropped) continue;
    any = true;
    decimals = decimals && is_decimal(c);
    signs = signs && is_sign(c);
    if (k != CharClass::letter) continue;
    letter = true;
    if (is_upper(c)) {
      if (upper + lower_case == 0) first_upper = true;
      ++upper;
    } else if (is_lower(c)) {
      ++lower_case;
    }
  }
  if (upper + lower_case > 0) {
    if (upper == 0) return kLower;
    if (lower_case == 0 && upper > 1) return kCaps;
    return first_upper && upper == 1 ? kCapitalised : kMixed;
  }
  if (letter || !any) return kOther;
  return decimals ? kDigits : signs ? kPunctuation : kOther;
}

void cut_units(Text& text, const std::vector<AnalysisParagraph>& paragraphs) {
  text.units.reserve(text.analysis.size() / 5 + 1);
  UnitCutter(text).run();
  if (!paragraphs.empty()) {
    uint32_t p = 0;
    for (Unit& u : text.units) {
      while (p + 1 < paragraphs.size() && u.begin >= paragraphs[p + 1].begin) ++p;
      u.paragraph = p;
    }
    return;
  }
  for (Unit& u : text.units) {
    if (u.space == kParagraph) text.paragraphs.push_back({u.span, Part::body});
    u.paragraph = static_cast<uint32_t>(text.paragraphs.size() - 1);
    text.paragraphs.back().span.end = u.span.end;
  }
}

}  // namespace reportedly::text
