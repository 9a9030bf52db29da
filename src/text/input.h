// Records, dates and ids: the small helpers that make a document whole. Files are read in src/import.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/document.h"
#include "reportedly/result.h"
#include "text/fields.h"

namespace reportedly::text {

/// The keys of a record, for messages.
struct RecordKeys {
  std::vector<std::string> all;
  std::vector<std::string> dates;  ///< of no field, but they look like dates
  bool no_text = false;            ///< why the record was refused
};

/// One line of a .jsonl file. Keys: id (string or number), text, title, byline, published, publisher, url, language, or other names that
/// these go by; of several that hold one field the best named counts. null counts as absent, and so does a value that is no string under
/// another name than the field's own; other keys are passed over. A lone surrogate escape becomes U+FFFD. `place` goes into errors.
Result<DocumentInput> parse_record(std::string_view line, const std::string& place, const FieldNames& names = {},
                                   RecordKeys* keys = nullptr);

/// A date as newspapers write it to ISO 8601 "YYYY-MM-DD"; nullopt if it is no date or not one that exists.
/// Reads: 2031-05-05, 20310505, 2031-05-05T10:30:00Z, 2031/05/05, 5 May 2031, 5th of May, 2031, May 5, 2031, Sept. 5 2031,
/// Monday, 5 May 2031 10:30 GMT, Mon, 05 May 2031 10:30:00 +0000. Not 05/06/2031: nobody knows which is the month.
std::optional<std::string> parse_date(std::string_view text);

/// An id for a document that has none: 16 hexadecimal digits, SipHash-2-4 with an all-zero key over the text's UTF-8
/// bytes, one byte 0, and the ISO date (nothing if null). The same on every machine and in every version.
std::string document_id(std::string_view utf8_text, const std::optional<std::string>& published);

}  // namespace reportedly::text
