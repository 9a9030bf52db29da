#include <fmt/format.h>

#include "import/charset.h"
#include "import/records.h"
#include "parsers/parsers.h"

namespace reportedly::importer {

void refuse(Shared& shared, const About& about, ErrorCode code, std::string reason, std::string way_out, size_t record) {
  shared.output.failure({code, {}, about.member, record > 0 ? record : about.record, std::move(reason), std::move(way_out)});
}

ImportedDocument begin_document(const About& about, Format format) {
  ImportedDocument out;
  out.format = format;
  out.member = about.member;
  out.record = about.record;
  out.input.format = SourceFormat::record;
  if (!about.url.empty()) out.input.url = about.url;
  return out;
}

std::optional<std::string> whole(Stream& stream, const About& about, Shared& shared) {
  std::optional<std::string> bytes = stream.read_all(shared.job.limits.document_bytes);
  if (bytes) return bytes;
  if (stream.error())
    refuse(shared, about, stream.error()->code, stream.error()->message);
  else
    refuse(shared, about, ErrorCode::too_large, fmt::format("size limit: it is longer than {} MiB", shared.job.limits.document_bytes >> 20),
           "split it, or convert it to text");
  return std::nullopt;
}

void parse_plain(Stream& stream, const About& about, Shared& shared) {
  const auto bytes = whole(stream, about, shared);
  if (!bytes) return;
  DecodedText decoded = decode_text(*bytes, about.charset);
  if (decoded.text.find_first_not_of(" \t\r\n\f\v") == std::string::npos)
    return refuse(shared, about, ErrorCode::empty, "there is no text in it");
  ImportedDocument out = begin_document(about, Format::plain);
  out.input.format = SourceFormat::plain;
  out.input.text = std::move(decoded.text);
  out.encoding = std::move(decoded.encoding);
  out.encoding_origin = decoded.origin;
  out.warnings = std::move(decoded.warnings);
  shared.output.document(std::move(out));
}

void parse(Stream& stream, Format format, const About& about, Shared& shared) {
  switch (format) {
    case Format::plain:
      return parse_plain(stream, about, shared);
    case Format::records: {
      RecordReader reader(stream, shared.job.limits.document_bytes, text::FieldNames(shared.job.columns));
      while (auto item = reader.next()) {
        if (item->has_value()) {
          (*item)->member = about.member;
          shared.output.document(std::move(**item));
        } else {
          item->error().member = about.member;
          shared.output.failure(std::move(item->error()));
        }
      }
      return;
    }
    case Format::csv:
      return parse_csv(stream, about, shared);
    case Format::html:
      return parse_html(stream, about, shared);
    case Format::feed:
      return parse_feed(stream, about, shared);
    case Format::archive:
      return parse_archive(stream, about, shared);
    case Format::warc:
      return parse_warc(stream, about, shared);
    case Format::pdf: {
      auto bytes = whole(stream, about, shared);
      if (bytes) shared.output.pdf({about.member, about.record, about.url, std::move(*bytes)});
      return;
    }
    case Format::unknown:
      return;
  }
}

}  // namespace reportedly::importer
