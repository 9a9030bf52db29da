#include "text/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>

namespace reportedly::text {
namespace {

constexpr size_t kMostBytes = size_t{64} << 10;
constexpr size_t kShortBytes = 200;  // below, CLD2 is often wrong on names and headlines

}  // namespace

Language detect_language(std::string_view utf8, const std::optional<std::string>& given) {
  if (given && given->size() >= 2) {
    std::string code = given->substr(0, given->find_first_of("-_"));
    for (char& c : code) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (code == "eng") code = "en";
    if ((code.size() == 2 || code.size() == 3) && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
        code != "und")
      return {code, true};
  }
  size_t length = std::min(utf8.size(), kMostBytes);
  while (length > 0 && length < utf8.size() && (static_cast<unsigned char>(utf8[length]) & 0xC0) == 0x80) --length;

  CLD2::CLDHints hints{nullptr, "", CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percent[3];
  double score[3];
  int text_bytes = 0, valid = 0;
  bool reliable = false;
  const CLD2::Language best = CLD2::ExtDetectLanguageSummaryCheckUTF8(utf8.data(), static_cast<int>(length), true, &hints, 0, languages,
                                                                      percent, score, nullptr, &text_bytes, &reliable, &valid);
  if (best == CLD2::UNKNOWN_LANGUAGE) {
    // Nothing to tell by: names, figures, a few words. Letters of another script have a language of their own in CLD2.
    const bool letters = std::any_of(utf8.begin(), utf8.begin() + static_cast<std::ptrdiff_t>(length),
                                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    return letters ? Language{"en", false} : Language{"und", false};
  }
  const bool english_in_it = std::any_of(languages, languages + 3, [&](CLD2::Language l) { return l == CLD2::ENGLISH; });
  const bool latin_only = std::none_of(utf8.begin(), utf8.begin() + static_cast<std::ptrdiff_t>(length),
                                       [](char c) { return static_cast<unsigned char>(c) >= 0xC8; });
  if (best != CLD2::ENGLISH && static_cast<size_t>(text_bytes) < kShortBytes && latin_only &&
      (english_in_it || !reliable || percent[0] < 95 || text_bytes < 60))
    return {"en", false};
  std::string code = CLD2::LanguageCode(best);
  code = code.substr(0, code.find('-'));
  if (best != CLD2::ENGLISH && percent[0] < 60) reliable = false;
  return {code, reliable};
}

}  // namespace reportedly::text
