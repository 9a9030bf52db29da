// From files to documents: .txt, .jsonl, standard input, and the small helpers that make a document whole.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/document.h"
#include "reportedly/result.h"

namespace reportedly::text {

enum class InputKind : uint8_t {
  automatic,  ///< by name: .jsonl and .ndjson are records, all else plain text; standard input: records if it begins with `{`
  plain,
  records
};

struct InputOptions {
  InputKind kind = InputKind::automatic;
  std::optional<std::string> published;  ///< for documents that have none of their own
  std::optional<std::string> language;   ///< for documents that have none of their own
  size_t longest = size_t{1} << 30;      ///< bytes of one document (a plain file, a line); beyond: too_large
};

/// Documents of several files one after the other, in order. Memory is bounded by the longest line of a .jsonl file and
/// the longest plain file. Not thread-safe; one reader at a time.
///
///   InputReader reader({"a.txt", "b.jsonl"}, {});
///   while (auto next = reader.next()) if (*next) use(std::move(**next)); else report((*next).error());
class InputReader {
 public:
  /// "-" is standard input.
  InputReader(std::vector<std::string> files, InputOptions options);
  ~InputReader();
  InputReader(InputReader&&) noexcept;
  InputReader& operator=(InputReader&&) noexcept;

  /// The next document or what is wrong with it; nullopt at the end. An error concerns one document or one file: reading
  /// goes on behind it. Errors: not_found, unreadable (a folder, rights, I/O), empty (a file without text), bad_format (a
  /// line that is no JSON object, `text` missing or no string), bad_encoding, too_large; `place` is file or file:line.
  /// Empty lines of a .jsonl file are passed over. `origin` of a document is its file or file:line.
  std::optional<Result<DocumentInput>> next();

  /// How many of the files could be opened and read so far, for "no readable input".
  size_t readable_files() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One line of a .jsonl file. Keys: id (string or number), text, title, byline, published, publisher, url, language; null
/// counts as absent, other keys are passed over. A lone surrogate escape becomes U+FFFD. `place` goes into errors.
Result<DocumentInput> parse_record(std::string_view line, const std::string& place);

/// A date as newspapers write it to ISO 8601 "YYYY-MM-DD"; nullopt if it is no date or not one that exists.
/// Reads: 2031-05-05, 20310505, 2031-05-05T10:30:00Z, 2031/05/05, 5 May 2031, 5th of May, 2031, May 5, 2031, Sept. 5 2031,
/// Monday, 5 May 2031 10:30 GMT, Mon, 05 May 2031 10:30:00 +0000. Not 05/06/2031: nobody knows which is the month.
std::optional<std::string> parse_date(std::string_view text);

/// An id for a document that has none: 16 hexadecimal digits, SipHash-2-4 with an all-zero key over the text's UTF-8
/// bytes, one byte 0, and the ISO date (nothing if null). The same on every machine and in every version.
std::string document_id(std::string_view utf8_text, const std::optional<std::string>& published);

}  // namespace reportedly::text
