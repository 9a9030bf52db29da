// Documents for the commands that read them one after the other.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "column_choice.h"
#include "import/import.h"
#include "reportedly/analysis.h"
#include "run.h"

namespace reportedly::cli {

/// Files, folders and archives of every format that is read; "-" is standard input. Not thread-safe.
class Reader {
 public:
  Reader(const std::vector<std::string>& paths, const std::string& published, const ColumnChoice& columns)
      : importer_(paths, {.published = published.empty() ? std::nullopt : std::optional(published),
                          .columns = columns.by_field(),
                          .stopped = [] { return stopped(); }}) {}

  /// The next document or what is wrong with it; nullopt at the end.
  std::optional<Result<DocumentInput>> next() {
    auto item = importer_.next();
    if (!item) return std::nullopt;
    if (!*item) return tl::unexpected(item->error().error());
    DocumentInput input = std::move((*item)->input);
    input.warnings = std::move((*item)->warnings);
    return input;
  }
  size_t readable_files() const { return importer_.readable_files(); }

 private:
  importer::Importer importer_;
};

/// The document that a record was made of. Offsets hold, since a text is kept as it was read.
inline DocumentInput input_of(DocumentInfo&& d, SourceFormat format) {
  return {.id = d.id,
          .text = std::move(d.text),
          .format = format,
          .title = std::move(d.title),
          .byline = std::move(d.byline),
          .publisher = std::move(d.publisher),
          .url = std::move(d.url),
          .published = std::move(d.published),
          .language = std::move(d.language),
          .origin = d.id};
}

}  // namespace reportedly::cli
