// What holds for everything that comes out of a parser, whatever went in.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "import/charset.h"
#include "parsers/parsers.h"
#include "text/input.h"

#define REQUIRE(holds)                                                         \
  do {                                                                         \
    if (!(holds)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds); \
      std::abort();                                                            \
    }                                                                          \
  } while (false)

namespace reportedly::importer {

inline void check(const ImportedDocument& d) {
  REQUIRE(!d.input.text.empty());
  for (const auto* s : {&d.input.title, &d.input.byline, &d.input.publisher, &d.input.url, &d.input.published, &d.input.language})
    if (*s) REQUIRE(valid_utf8(**s));
  for (const auto& w : d.warnings) REQUIRE(valid_utf8(w));
  REQUIRE(valid_utf8(d.member));
  // A date always has an origin, and one that can be read.
  if (d.date_origin != DateOrigin::none) REQUIRE(d.input.published && text::parse_date(*d.input.published));
  // What goes to the parent arrives there.
  const auto message = decode_message(std::string_view(encode(d)).substr(4));
  REQUIRE(message && message->document.input.text == d.input.text && message->document.input.title == d.input.title);
}

class Checked final : public Output {
 public:
  void document(ImportedDocument&& d) override {
    check(d);
    if (d.format == Format::html || d.format == Format::feed) REQUIRE(valid_utf8(d.input.text));
  }
  void failure(ImportFailure&& f) override {
    REQUIRE(!f.reason.empty() && valid_utf8(f.reason) && valid_utf8(f.way_out) && valid_utf8(f.member));
    REQUIRE(f.code != ErrorCode::internal);
  }
  void pdf(EmbeddedPdf&& p) override { REQUIRE(valid_utf8(p.url) && valid_utf8(p.member)); }
  void member(size_t, const std::string& name) override { REQUIRE(valid_utf8(name)); }
  void member_done(size_t) override {}
  void passed_over() override {}
};

inline int parse_as(Format format, const uint8_t* data, size_t size, const About& about = {}) {
  Checked output;
  Job job;
  job.format = format;
  job.limits.document_bytes = size_t{4} << 20;
  job.limits.total_bytes = uint64_t{64} << 20;
  job.limits.entries = 1000;
  Shared shared{job, output};
  MemoryStream stream({reinterpret_cast<const char*>(data), size});
  parse(stream, format, about, shared);
  return 0;
}

}  // namespace reportedly::importer
