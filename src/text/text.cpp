#include "text/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "text/chars.h"
#include "text/decode.h"
#include "text/layout.h"
#include "text/units.h"

namespace reportedly::text {
namespace {

constexpr size_t kLongest = size_t{1} << 31;  // offsets are 32 bits wide

std::optional<Error> refuse(std::string_view bytes, const std::string& place) {
  auto error = [&](std::string message) { return Error{ErrorCode::bad_encoding, std::move(message), place}; };
  using std::string_view_literals::operator""sv;
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) return error("the text is UTF-32; convert it to UTF-8");
  if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) return error("the text is UTF-16; convert it to UTF-8");
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kBinary{
      {{"%PDF-"sv, "a PDF file"},
       {"PK\x03\x04"sv, "a ZIP archive (DOCX, EPUB and the like are such)"},
       {"\x1F\x8B"sv, "a gzip file"},
       {"\x28\xB5\x2F\xFD"sv, "a zstd file"},
       {"\x89PNG"sv, "a PNG image"},
       {"\xFF\xD8\xFF"sv, "a JPEG image"},
       {"\x7F"
        "ELF"sv,
        "a program"},
       {"\xD0\xCF\x11\xE0"sv, "an old Word or Excel file"},
       {"SQLite format 3\0"sv, "an SQLite database"}}};
  for (const auto& [begin, what] : kBinary)
    if (bytes.starts_with(begin)) return error(fmt::format("this is {}, not text", what));
  return std::nullopt;
}

/// What is no text although no signature says so: too much of it is not readable.
std::optional<Error> refuse(std::string_view bytes, const Decoded& decoded, const std::string& place) {
  auto error = [&](std::string message) { return Error{ErrorCode::bad_encoding, std::move(message), place}; };
  const size_t n = decoded.chars.size();
  if (decoded.nuls * 10 > n && decoded.nuls > 2) {
    size_t odd = 0;
    for (size_t i = 1; i < bytes.size(); i += 2) odd += bytes[i] == '\0';
    const size_t even = decoded.nuls - odd;
    if (std::max(odd, even) * 5 > bytes.size() && std::min(odd, even) * 10 < std::max(odd, even))
      return error("the text is UTF-16 without a byte order mark; convert it to UTF-8");
    return error(fmt::format("this is no text: {} of {} bytes are NUL", decoded.nuls, bytes.size()));
  }
  if (decoded.controls * 10 > n && decoded.controls > 8) return error("this is no text but binary data");
  if (decoded.invalid * 10 > n && (decoded.invalid > 8 || decoded.invalid == n))
    return error(fmt::format("the text is not UTF-8: {} byte sequences cannot be decoded, the first at byte {}", decoded.invalid,
                             decoded.first_invalid_byte));
  return std::nullopt;
}

}  // namespace

std::string Text::slice(Span span) const {
  const size_t begin = std::min<size_t>(span.start, chars.size()), end = std::clamp<size_t>(span.end, begin, chars.size());
  return to_utf8(std::u32string_view(chars).substr(begin, end - begin));
}

Result<Text> read_text(const DocumentInput& input, const TextOptions& options) {
  std::string_view bytes = input.text;
  if (bytes.size() >= kLongest)
    return fail(ErrorCode::too_large, fmt::format("the text has {} bytes; at most {} can be read", bytes.size(), kLongest), input.origin);
  if (auto error = refuse(bytes, input.origin)) return tl::unexpected(std::move(*error));
  const size_t mark = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // a byte order mark says how to decode; it is no part of the text
  bytes.remove_prefix(mark);
  Decoded decoded = decode_utf8(bytes);
  if (auto error = refuse(bytes, decoded, input.origin)) return tl::unexpected(std::move(*error));

  Text text;
  if (decoded.invalid > 0)
    text.warnings.push_back({"invalid_utf8",
                             fmt::format("{} invalid byte sequence{} read as U+FFFD, the first at byte {}", decoded.invalid,
                                         decoded.invalid > 1 ? "s" : "", mark + decoded.first_invalid_byte),
                             Span{decoded.first_invalid_char, decoded.first_invalid_char + 1}});
  if (decoded.nuls > 0)
    text.warnings.push_back({"nul",
                             fmt::format("{} NUL character{} in the text, the first at byte {}", decoded.nuls, decoded.nuls > 1 ? "s" : "",
                                         mark + decoded.first_nul_byte),
                             Span{decoded.first_nul_char, decoded.first_nul_char + 1}});
  text.chars = std::move(decoded.chars);
  if (options.repairs) {
    const auto paragraphs = lay_out(text, input);
    cut_units(text, paragraphs);
  } else {
    text.analysis = text.chars;
    text.origin.resize(text.chars.size());
    std::iota(text.origin.begin(), text.origin.end(), 0U);
    cut_units(text, {});
  }
  return text;
}

}  // namespace reportedly::text
