// Which language a text is in.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace reportedly::text {

struct Language {
  std::string code = "und";  ///< ISO 639-1 (639-2 where there is none), "und" where it cannot be told
  bool reliable = false;     ///< sure enough to act on
};

/// `given`, where it is a language code, is believed. Else detected (CLD2) on the first 64 KiB. A text too short to tell is
/// `en` and not reliable unless it is clearly another language: another script, or another language by a wide margin.
Language detect_language(std::string_view utf8, const std::optional<std::string>& given);

}  // namespace reportedly::text
