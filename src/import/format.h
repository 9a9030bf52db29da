// What a file is, by its first bytes; its name decides only where they leave it open.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "import/import.h"
#include "text/fields.h"

namespace reportedly::importer {

inline constexpr size_t kSniffed = 4096;  ///< bytes that sniff() wants to see

/// Why something is no document, without the place.
struct Refusal {
  ErrorCode code = ErrorCode::bad_format;
  std::string reason, way_out;
};

struct Sniffed {
  Format format = Format::unknown;
  std::optional<Refusal> refusal;  ///< set where format is unknown
  bool asset = false;              ///< unknown, but a picture, a script, a font …: nothing that anybody would expect to be read
};

/// `head`: the beginning of the bytes, all of them if there are fewer than kSniffed. `name`: file name or URL path, may be empty. `names`:
/// by which a table is known by its header.
Sniffed sniff(std::string_view head, std::string_view name, const text::FieldNames& names = {});

}  // namespace reportedly::importer
