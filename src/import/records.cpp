#include "import/records.h"

#include <fmt/format.h>

#include "import/charset.h"
#include "text/input.h"

namespace reportedly::importer {

std::optional<ImportItem> RecordReader::next() {
  if (done_) return std::nullopt;
  if (!begun_) {
    begun_ = true;
    const Encoding encoding = find_encoding(stream_.peek(size_t{4096}), {}, false);
    stream_.consume(encoding.bom);
    // JSON is Unicode; of other encodings only those with a mark or zeros between are believed.
    if (encoding.name.starts_with("UTF-")) encoding_ = encoding.name, origin_ = encoding.origin;
    if (encoding_ != "UTF-8") utf8_ = converted(stream_, encoding_);
  }
  Stream& stream = utf8_ ? *utf8_ : stream_;
  for (;;) {
    bool too_long = false;
    const std::optional<std::string> line = stream.line(longest_, too_long);
    const auto failed = [&](ErrorCode code, std::string reason, std::string way_out = {}) {
      any_ = true;
      return tl::unexpected(ImportFailure{code, {}, {}, number_, std::move(reason), std::move(way_out)});
    };
    const auto no_memory = [&] { return failed(ErrorCode::internal, "not enough memory for this line", "split it, or make memory free"); };
    if (stream.error()) {
      done_ = true;
      return failed(stream.error()->code, stream.error()->message);
    }
    if (!line) {
      done_ = true;
      if (any_) return std::nullopt;
      number_ = 0;
      return failed(ErrorCode::empty, "there are no documents in it");
    }
    ++number_;
    if (too_long && line->empty()) return no_memory();
    if (too_long) return failed(ErrorCode::too_large, fmt::format("the line is longer than {} bytes", longest_));
    if (line->find_first_not_of(" \t\r\n\f\v") == std::string::npos) continue;
    any_ = true;
    ImportedDocument out;
    try {
      text::RecordKeys keys;
      auto record = text::parse_record(*line, {}, names_, &keys);
      if (!record) {
        std::string way_out;
        if (keys.no_text && !keys.all.empty())
          way_out = fmt::format("its keys are: {}; say which one holds the text: --column text=NAME", text::listed(keys.all));
        return failed(record.error().code, record.error().message, std::move(way_out));
      }
      out.input = std::move(*record);
      if (!keys.dates.empty()) out.warnings.push_back(text::date_warning(keys.dates));
    } catch (const std::bad_alloc&) {
      return no_memory();
    }
    out.format = Format::records;
    out.record = number_;
    out.encoding = encoding_;
    out.encoding_origin = origin_;
    if (out.input.published && text::parse_date(*out.input.published)) out.date_origin = DateOrigin::file;
    return out;
  }
}

}  // namespace reportedly::importer
