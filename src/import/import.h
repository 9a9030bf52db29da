// From files as they lie about to documents: text, records, tables, pages, PDF, feeds, and archives of all these.
//
// Plain text and JSONL are read here. All other formats are parsed in a child process that can neither open a file nor
// reach the network and whose memory and time are limited (worker.h, ../parsers/sandbox.h); what comes back from it is
// checked again. Whatever cannot be read becomes an ImportFailure that says why and what to do, and reading goes on.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/document.h"
#include "reportedly/result.h"

namespace reportedly::importer {

enum class Format : uint8_t { unknown, plain, records, csv, html, pdf, feed, archive, warc };
/// "plain", "jsonl", "csv", "html", "pdf", "feed", "archive", "warc", "unknown".
std::string_view format_name(Format format);

/// Where `published` was found. Never the clock, never the time of the file.
enum class DateOrigin : uint8_t {
  none,     ///< no date: `published` is null (a date line in a plain text is found later, by the text stage)
  json_ld,  ///< datePublished in a page's JSON-LD
  meta,     ///< a <meta> of a page
  url,      ///< /2031/05/05/ in the page's address
  header,   ///< a date in the head of the page's article
  file,     ///< a field of the record, row or feed item
  given     ///< ImportOptions::published
};
/// "none", "json-ld", "meta", "url", "header", "file", "given".
std::string_view date_origin_name(DateOrigin origin);

/// How the encoding was found.
enum class EncodingOrigin : uint8_t {
  none,      ///< not a matter of bytes (PDF)
  bom,       ///< a byte order mark
  declared,  ///< the file or the server says so
  utf8,      ///< it is valid UTF-8 (ASCII included), or UTF-8 with damage
  detected,  ///< by its statistics
  assumed    ///< nothing tells: windows-1252
};
/// "none", "bom", "declared", "utf-8", "detected", "assumed".
std::string_view encoding_origin_name(EncodingOrigin origin);

struct ImportedDocument {
  DocumentInput input;  ///< `origin` is place()
  DateOrigin date_origin = DateOrigin::none;
  Format format = Format::unknown;
  std::string file;    ///< as named, or found in a folder; "standard input"
  std::string member;  ///< path inside archives, "inner.zip!a/b.html"; empty where there is none
  size_t record = 0;   ///< from 1: line of a JSONL file, row of a table, item of a feed, record of a WARC file; 0: the whole file
  std::string encoding;
  EncodingOrigin encoding_origin = EncodingOrigin::none;
  std::vector<std::string> warnings;  ///< sentences for people
};

struct ImportFailure {
  ErrorCode code = ErrorCode::internal;
  std::string file, member;
  size_t record = 0;
  std::string reason;   ///< what is wrong
  std::string way_out;  ///< what a user can do; may be empty
  Error error() const;  ///< "reason; way out" at place()
};

/// "file", "file!member", "file:record", "file!member:record".
std::string place(std::string_view file, std::string_view member, size_t record);

/// What is too much. Every one is named in the failure it causes.
struct ImportLimits {
  size_t plain_bytes = size_t{1} << 30;      ///< a plain text, a line of a JSONL file
  size_t document_bytes = size_t{64} << 20;  ///< one page, PDF, feed, row or member of an archive, unpacked
  size_t memory = size_t{1} << 30;           ///< of the child, beyond what it needs to start
  unsigned cpu_seconds = 20;                 ///< of the child, between two documents
  unsigned wall_seconds = 120;               ///< without anything coming from the child; not for standard input
  uint64_t total_bytes = uint64_t{1} << 38;  ///< unpacked, of one file
  unsigned ratio = 250;                      ///< unpacked to packed, counted once more than 16 MiB are unpacked
  size_t entries = 2'000'000;                ///< members of one file
  unsigned depth = 3;                        ///< archives in archives
};

struct ImportOptions {
  std::optional<std::string> published;  ///< for documents that have none of their own
  std::optional<std::string> language;   ///< for documents that have none of their own
  /// Columns of a table by role (text, title, byline, published, publisher, url, language, id), where their names do not tell.
  std::map<std::string, std::string> columns;
  ImportLimits limits;
  /// The program reportedly-import; empty: beside this program, in the folder above, or in ../libexec/reportedly.
  std::string helper;
  std::function<bool()> stopped;  ///< asked now and then while waiting; true ends the reading
};

using ImportItem = tl::expected<ImportedDocument, ImportFailure>;

/// The files that a path stands for: itself if it is a file or "-", else all files below the folder in the order of their
/// names, hidden ones left out, links to folders not followed. Errors: not_found, unreadable.
Result<std::vector<std::string>> list_files(const std::string& path);

/// Documents of several files and folders one after the other, in order, one in memory at a time. Not thread-safe.
///
///   Importer importer({"a.txt", "pages.zip", "folder"}, {});
///   while (auto item = importer.next()) if (*item) use(std::move(**item)); else report(item->error());
class Importer {
 public:
  Importer(std::vector<std::string> paths, ImportOptions options);
  ~Importer();
  Importer(Importer&&) noexcept;
  Importer& operator=(Importer&&) noexcept;

  /// One more path behind the others, also after the end.
  void push(std::string path);

  /// The next document or what is wrong; nullopt at the end. A failure concerns one document, member or file; reading goes
  /// on behind it. Codes: not_found, unreadable, empty, bad_format, bad_encoding, too_large, stopped, internal.
  std::optional<ImportItem> next();

  size_t readable_files() const;  ///< files that could be opened and read so far
  size_t passed_over() const;     ///< members and records that are no documents by kind: pictures, scripts, redirections

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ImportCounts {
  size_t files = 0, documents = 0, failures = 0, passed_over = 0;
};

/// All of one path (a file, a folder, or "-"); the callback returns false to end early. Errors: those of list_files, stopped.
Result<ImportCounts> import_source(const std::string& path, const ImportOptions& options,
                                   const std::function<bool(ImportItem&&)>& callback);

}  // namespace reportedly::importer
