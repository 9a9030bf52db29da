#include "entities/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

namespace reportedly::entities {
namespace {

/// Base letter of a code point in lower case: É → e, Đ → d. 0 for what vanishes, ' ' for what parts words.
UChar32 base(UChar32 c) {
  switch (c) {
    case 0x2019:
    case 0x2018:
    case 0x02BC:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0xA0:
    case 0x2212:
      return ' ';
    case 0x0110:
    case 0x0111:
      return 'd';
    case 0x0141:
    case 0x0142:
      return 'l';
    case 0x00D8:
    case 0x00F8:
      return 'o';
    case 0x0131:
      return 'i';
    default:
      break;
  }
  UErrorCode error = U_ZERO_ERROR;
  static const UNormalizer2* const nfd = unorm2_getNFDInstance(&error);
  UChar parts[16];
  error = U_ZERO_ERROR;
  const int32_t n = nfd ? unorm2_getDecomposition(nfd, c, parts, 16, &error) : -1;
  if (n > 0 && U_SUCCESS(error)) {
    int32_t i = 0;
    U16_NEXT(parts, i, n, c);
  }
  const int8_t type = u_charType(c);
  if (type == U_NON_SPACING_MARK) return 0;
  if (u_isalnum(c)) return u_tolower(c);
  return ' ';
}

void append(UChar32 c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
    return;
  }
  char buffer[4];
  int32_t n = 0;
  U8_APPEND_UNSAFE(buffer, n, c);
  out.append(buffer, static_cast<size_t>(n));
}

}  // namespace

void fold_word(std::string_view s, std::string& out) {
  const size_t begin = out.size();
  const auto space = [&] {
    if (out.size() > begin && out.back() != ' ') out.push_back(' ');
  };
  for (size_t i = 0; i < s.size();) {
    const unsigned char b = static_cast<unsigned char>(s[i]);
    if (b < 0x80) {
      ++i;
      if (b >= 'A' && b <= 'Z')
        out.push_back(static_cast<char>(b + 32));
      else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9'))
        out.push_back(static_cast<char>(b));
      else if (b == '.' || b == ',' || b == '"' || b == '(' || b == ')')
        continue;
      else if (b == '&') {
        space();
        out.append("and ");
      } else
        space();
      continue;
    }
    UChar32 c;
    const auto n = static_cast<int32_t>(s.size());
    auto at = static_cast<int32_t>(i);
    U8_NEXT(s.data(), at, n, c);
    i = static_cast<size_t>(at);
    if (c < 0) continue;
    c = base(c);
    if (c == ' ')
      space();
    else if (c)
      append(c, out);
  }
  while (out.size() > begin && out.back() == ' ') out.pop_back();
}

std::string_view trim_folded(std::string_view s) {
  if (s.starts_with("the ")) s.remove_prefix(4);
  if (s.size() > 2 && s.ends_with(" s")) s.remove_suffix(2);
  return s;
}

std::string fold(std::string_view utf8) {
  std::string out;
  fold_word(utf8, out);
  return std::string(trim_folded(out));
}

bool is_acronym(std::string_view s) {
  int letters = 0;
  for (const char c : s) {
    if (c >= 'a' && c <= 'z') return false;
    if (c >= 'A' && c <= 'Z') ++letters;
  }
  return letters >= 2;
}

bool starts_upper(std::string_view s) {
  if (s.empty()) return false;
  const auto b = static_cast<unsigned char>(s[0]);
  if (b < 0x80) return b >= 'A' && b <= 'Z';
  UChar32 c;
  int32_t at = 0;
  U8_NEXT(s.data(), at, static_cast<int32_t>(s.size()), c);
  return c > 0 && u_isupper(c);
}

uint64_t hash(std::string_view s) {
  uint64_t h = 1469598103934665603ull;
  for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h ^ (h >> 29);
}

}  // namespace reportedly::entities
