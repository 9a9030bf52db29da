// Bytes to UTF-8: byte order mark, what is declared, UTF-8, what the statistics say, windows-1252, in this order.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "import/import.h"

namespace reportedly::importer {

struct DecodedText {
  std::string text;      ///< UTF-8 without byte order mark; may hold ill-formed bytes where `encoding` is UTF-8
  std::string encoding;  ///< "UTF-8", "windows-1252", …
  EncodingOrigin origin = EncodingOrigin::utf8;
  std::vector<std::string> warnings;
};

/// `declared`: a label as servers and pages write it, may be empty or nonsense. A declaration that the bytes contradict is not believed.
DecodedText decode_text(std::string_view bytes, std::string_view declared);

/// The encoding alone, from the beginning of a longer text, which may end inside a character.
struct Encoding {
  std::string name;
  EncodingOrigin origin = EncodingOrigin::utf8;
  size_t bom = 0;  ///< bytes of the byte order mark
};
Encoding find_encoding(std::string_view bytes, std::string_view declared, bool whole);

/// Canonical name of a label ("latin1" is windows-1252, as on the web); empty if it is not one we read.
std::string canonical_encoding(std::string_view label);

bool valid_utf8(std::string_view bytes);
/// Ill-formed bytes become U+FFFD.
std::string clean_utf8(std::string_view bytes);
/// The beginning, at most n bytes, not cut inside a character; ill-formed bytes become U+FFFD.
std::string shortened(std::string_view utf8, size_t n);
/// Bytes of a known encoding to UTF-8; U+FFFD for what cannot be decoded.
std::string convert(std::string_view bytes, const std::string& encoding);

}  // namespace reportedly::importer
