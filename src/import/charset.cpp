#include "import/charset.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>

#include "text/chars.h"
#include "text/decode.h"

namespace reportedly::importer {
namespace {

constexpr size_t kSample = size_t{64} << 10;  ///< enough for statistics
// ICU's confidence in per cent, and how far the best guess must be ahead; else windows-1252 is the better one for news in English.
constexpr int kSure = 35, kAhead = 10;

/// Labels as the web uses them (WHATWG, Encoding), as far as they are of use. Encodings in which harmless bytes can become
/// something else (UTF-7, SCSU, EBCDIC …) are left out on purpose.
struct Label {
  std::string_view name, canonical;
};
constexpr std::array<Label, 66> kLabels{{
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"ascii", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"l1", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"iso88591", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"windows-1252", "windows-1252"},
    {"x-cp1252", "windows-1252"},
    {"ansi", "windows-1252"},
    {"windows-1250", "windows-1250"},
    {"cp1250", "windows-1250"},
    {"windows-1251", "windows-1251"},
    {"cp1251", "windows-1251"},
    {"windows-1253", "windows-1253"},
    {"windows-1254", "windows-1254"},
    {"iso-8859-9", "windows-1254"},
    {"latin5", "windows-1254"},
    {"windows-1255", "windows-1255"},
    {"windows-1256", "windows-1256"},
    {"cp1256", "windows-1256"},
    {"windows-1257", "windows-1257"},
    {"windows-1258", "windows-1258"},
    {"iso-8859-2", "ISO-8859-2"},
    {"latin2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"latin9", "ISO-8859-15"},
    {"macintosh", "macintosh"},
    {"x-mac-roman", "macintosh"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"ibm866", "IBM866"},
    {"cp866", "IBM866"},
    {"windows-874", "windows-874"},
    {"tis-620", "windows-874"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "Big5"},
    {"big5-hkscs", "Big5-HKSCS"},
    {"euc-jp", "EUC-JP"},
    {"shift_jis", "Shift_JIS"},
    {"shift-jis", "Shift_JIS"},
    {"sjis", "Shift_JIS"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"euc-kr", "EUC-KR"},
    {"ks_c_5601-1987", "EUC-KR"},
    {"utf-16", "UTF-16LE"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf-32le", "UTF-32LE"},
}};

struct Counts {
  size_t good = 0, bad = 0;  ///< sequences of more than one byte that are well-formed, and that are not
};

/// A sequence that the end cuts in two counts as neither unless the text is whole.
Counts count_sequences(std::string_view bytes, bool whole) {
  Counts out;
  for (size_t i = 0; i < bytes.size();) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    if (b < 0x80) {
      ++i;
      continue;
    }
    const size_t n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    if (!whole && i + n > bytes.size()) break;
    const std::string_view sequence = bytes.substr(i, n);
    const bool good = b >= 0xC2 && b <= 0xF4 && sequence.size() == n && valid_utf8(sequence);
    ++(good ? out.good : out.bad);
    i += good ? n : 1;
  }
  return out;
}

/// UTF-16 without a mark, by its zero bytes: English text has one in every second place.
std::string_view bare_utf16(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, std::min(bytes.size(), size_t{4096}));
  size_t even = 0, odd = 0;
  for (size_t i = 0; i < sample.size(); ++i) (i % 2 == 0 ? even : odd) += sample[i] == '\0';
  const size_t half = sample.size() / 2;
  if (half < 8) return {};
  if (odd * 10 > half * 6 && even * 50 < half) return "UTF-16LE";
  if (even * 10 > half * 6 && odd * 50 < half) return "UTF-16BE";
  return {};
}

std::string detected(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
  if (U_FAILURE(status)) return {};
  const std::string_view sample = bytes.substr(0, std::min(bytes.size(), kSample));
  ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &status);
  int32_t n = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &n, &status);
  if (U_FAILURE(status) || n == 0) return {};
  const int sure = ucsdet_getConfidence(matches[0], &status), next = n > 1 ? ucsdet_getConfidence(matches[1], &status) : 0;
  const char* name = ucsdet_getName(matches[0], &status);
  if (U_FAILURE(status) || !name || sure < kSure || sure < next + kAhead) return {};
  std::string found = canonical_encoding(name);
  return found == "UTF-8" || found.starts_with("UTF-16") || found.starts_with("UTF-32") ? std::string() : found;
}

}  // namespace

bool valid_utf8(std::string_view bytes) {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string clean_utf8(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  return text::to_utf8(text::decode_utf8(bytes).chars);
}

std::string shortened(std::string_view utf8, size_t n) {
  if (utf8.size() > n) {
    while (n > 0 && (static_cast<unsigned char>(utf8[n]) & 0xC0) == 0x80) --n;
    utf8 = utf8.substr(0, n);
  }
  return clean_utf8(utf8);
}

std::string canonical_encoding(std::string_view label) {
  std::string lower;
  for (const char c : label.substr(0, 40))
    if (c != ' ' && c != '"' && c != '\'' && c != '\t') lower.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  for (const auto& [name, canonical] : kLabels)
    if (name == lower) return std::string(canonical);
  return {};
}

std::string convert(std::string_view bytes, const std::string& encoding) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> from(ucnv_open(encoding.c_str(), &status), &ucnv_close);
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> to(ucnv_open("UTF-8", &status), &ucnv_close);
  if (U_FAILURE(status)) return clean_utf8(bytes);
  std::string out;
  std::array<char, 16384> chunk{};
  std::array<UChar, 4096> pivot{};
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  UChar *pivot_source = pivot.data(), *pivot_target = pivot.data();
  bool reset = true;
  do {
    status = U_ZERO_ERROR;
    char* target = chunk.data();
    ucnv_convertEx(to.get(), from.get(), &target, chunk.data() + chunk.size(), &source, source_end, pivot.data(), &pivot_source,
                   &pivot_target, pivot.data() + pivot.size(), reset, true, &status);
    reset = false;
    out.append(chunk.data(), static_cast<size_t>(target - chunk.data()));
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

Encoding find_encoding(std::string_view bytes, std::string_view declared, bool whole) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {"UTF-8", EncodingOrigin::bom, 3};
  if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4))) return {"UTF-32LE", EncodingOrigin::bom, 4};
  if (bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4))) return {"UTF-32BE", EncodingOrigin::bom, 4};
  if (bytes.starts_with("\xFF\xFE")) return {"UTF-16LE", EncodingOrigin::bom, 2};
  if (bytes.starts_with("\xFE\xFF")) return {"UTF-16BE", EncodingOrigin::bom, 2};
  if (const std::string_view wide = bare_utf16(bytes); !wide.empty()) return {std::string(wide), EncodingOrigin::detected, 0};

  std::string said = canonical_encoding(declared);
  const Counts counts = count_sequences(bytes, whole);
  if (counts.good == 0 && counts.bad == 0) {
    // ASCII, whatever is said, unless it is an encoding that hides other letters in ASCII.
    return said == "ISO-2022-JP" ? Encoding{said, EncodingOrigin::declared, 0}
                                 : Encoding{"UTF-8", said == "UTF-8" ? EncodingOrigin::declared : EncodingOrigin::utf8, 0};
  }
  // Other encodings are practically never well-formed UTF-8, so that the bytes outweigh a declaration.
  if (counts.good > 0 && counts.bad * 20 <= counts.good)
    return {"UTF-8", said == "UTF-8" ? EncodingOrigin::declared : EncodingOrigin::utf8, 0};
  if (!said.empty() && said != "UTF-8" && !said.starts_with("UTF-16") && !said.starts_with("UTF-32"))
    return {said, EncodingOrigin::declared, 0};
  if (counts.good > 0 && counts.bad <= counts.good)  // damaged; who reads the text replaces and counts the bad bytes
    return {"UTF-8", said == "UTF-8" ? EncodingOrigin::declared : EncodingOrigin::utf8, 0};
  if (std::string found = detected(bytes); !found.empty()) return {found, EncodingOrigin::detected, 0};
  return {"windows-1252", EncodingOrigin::assumed, 0};
}

DecodedText decode_text(std::string_view bytes, std::string_view declared) {
  DecodedText out;
  const Encoding encoding = find_encoding(bytes, declared, true);
  out.encoding = encoding.name;
  out.origin = encoding.origin;
  bytes.remove_prefix(encoding.bom);
  const std::string said = canonical_encoding(declared);
  if (!said.empty() && said != encoding.name && encoding.origin != EncodingOrigin::bom &&
      !(said == "windows-1252" && count_sequences(bytes, true).good == 0))
    out.warnings.push_back(fmt::format("it says that it is {}, but it is {}", said, encoding.name));
  if (encoding.name == "UTF-8")
    out.text = bytes;
  else
    out.text = convert(bytes, encoding.name);
  return out;
}

}  // namespace reportedly::importer
