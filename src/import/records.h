// JSONL from a stream.
#pragma once
#include <functional>
#include <utility>

#include "import/import.h"
#include "import/stream.h"
#include "text/fields.h"

namespace reportedly::importer {

/// One line after the other. Memory: the longest line.
class RecordReader {
 public:
  RecordReader(Stream& stream, size_t longest, text::FieldNames names = {})
      : stream_(stream), names_(std::move(names)), longest_(longest) {}
  /// The next record or what is wrong with its line; nullopt at the end. File and member are left empty.
  std::optional<ImportItem> next();

 private:
  Stream& stream_;
  std::unique_ptr<Stream> utf8_;  ///< where the stream is UTF-16
  const text::FieldNames names_;
  size_t longest_, number_ = 0;
  bool any_ = false, begun_ = false, done_ = false;
  EncodingOrigin origin_ = EncodingOrigin::utf8;
  std::string encoding_ = "UTF-8";
};

}  // namespace reportedly::importer
