// Encodings, kinds of files, dates: what is asked of bytes of which nothing is known.
#include "import/charset.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "import/format.h"
#include "text/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t line = bytes.find('\n');
  const std::string_view label = line == std::string_view::npos ? std::string_view() : bytes.substr(0, line);
  const std::string_view rest = line == std::string_view::npos ? bytes : bytes.substr(line + 1);
  const auto decoded = importer::decode_text(rest, label);
  if (decoded.encoding.empty() || (decoded.encoding != "UTF-8" && !importer::valid_utf8(decoded.text))) std::abort();
  if (!importer::valid_utf8(importer::clean_utf8(rest))) std::abort();
  const auto sniffed = importer::sniff(rest, label);
  if ((sniffed.format == importer::Format::unknown) != sniffed.refusal.has_value()) std::abort();
  if (sniffed.refusal && !importer::valid_utf8(sniffed.refusal->reason)) std::abort();
  const auto date = text::parse_date(rest);
  if (date && date->size() != 10) std::abort();
  return 0;
}
