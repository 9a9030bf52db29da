// Tables with a header line, one document a row. Read with libcsv (RFC 4180 and what people make of it).
#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "import/charset.h"
#include "import/format.h"
#include "parsers/parsers.h"
#include "text/input.h"

namespace reportedly::importer {
namespace {

using namespace std::string_view_literals;

constexpr size_t kSample = size_t{64} << 10;
constexpr size_t kMostColumns = 4096;

enum Role : size_t { kText, kTitle, kByline, kPublished, kPublisher, kUrl, kLanguage, kId, kRoles };
constexpr std::array<std::string_view, kRoles> kRoleNames{"text", "title", "byline", "published", "publisher", "url", "language", "id"};

/// How columns are called, the best name first, as fold_column() writes them.
constexpr std::array<std::array<std::string_view, 8>, kRoles> kNames{{
    {},  // is_text_column()
    {"title", "headline", "head", "heading", "articletitle", "subject"},
    {"byline", "author", "authors", "writer", "creator"},
    {"published", "publicationdate", "publisheddate", "pubdate", "datepublished", "publishedat", "publishdate", "date"},
    {"publisher", "publication", "outlet", "newspaper", "source", "sourcename", "medium", "sitename"},
    {"url", "link", "sourceurl", "articleurl", "weburl", "permalink"},
    {"language", "lang"},
    {"id", "docid", "documentid", "articleid", "uuid", "guid"},
}};

class Table {
 public:
  Table(const About& about, Shared& shared) : about_(about), shared_(shared), limit_(shared.job.limits.document_bytes) {}
  ~Table() {
    if (ready_) csv_free(&parser_);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  void read(Stream& raw) {
    const std::string_view sample = raw.peek(kSample);
    const Encoding encoding = find_encoding(sample, about_.charset, sample.size() < kSample);
    raw.consume(encoding.bom);
    encoding_ = encoding.name;
    origin_ = encoding.origin;
    std::unique_ptr<Stream> utf8;
    if (encoding.name != "UTF-8") utf8 = converted(raw, encoding.name);
    Stream& stream = utf8 ? *utf8 : raw;

    separator_ = find_separator(stream.peek(kSample));
    if (csv_init(&parser_, 0) != 0) return refuse(shared_, about_, ErrorCode::internal, "the reader of tables does not start");
    ready_ = true;
    csv_set_delim(&parser_, static_cast<unsigned char>(separator_));
    csv_set_space_func(&parser_, [](unsigned char c) { return c == ' ' ? 1 : 0; });  // a tab may be a separator
    csv_set_blk_size(&parser_, size_t{64} << 10);
    for (std::string_view seen = stream.peek(); !seen.empty() && !ended_; seen = stream.peek()) {
      // In small pieces, so that one field cannot grow far beyond the limit.
      const size_t n = std::min(seen.size(), size_t{64} << 10);
      if (csv_parse(&parser_, seen.data(), n, &on_field, &on_row, this) != n) {
        if (!ended_)
          refuse(shared_, about_, ErrorCode::bad_format, fmt::format("the table breaks off: {}", csv_strerror(csv_error(&parser_))), {},
                 row_);
        return;
      }
      stream.consume(n);
      if (parser_.entry_pos + bytes_ > limit_) return too_long();
    }
    if (ended_) return;
    if (stream.error()) return refuse(shared_, about_, stream.error()->code, stream.error()->message, {}, row_);
    constexpr int kInField = 2;  // of libcsv's states
    if (parser_.quoted && parser_.pstate == kInField)
      return refuse(shared_, about_, ErrorCode::bad_format, "a quotation mark opens a field and is never closed",
                    "double the quotation marks inside quoted fields", row_ + 1);
    csv_fini(&parser_, &on_field, &on_row, this);
    if (!ended_ && row_ <= 1) refuse(shared_, about_, ErrorCode::empty, "the table has no rows below its header");
  }

 private:
  static void on_field(void* data, size_t size, void* self) {
    static_cast<Table*>(self)->field({static_cast<const char*>(data), data ? size : 0});
  }
  static void on_row(int, void* self) { static_cast<Table*>(self)->row(); }

  void too_long() {
    ended_ = true;
    refuse(shared_, about_, ErrorCode::too_large, fmt::format("size limit: a row is longer than {} MiB", limit_ >> 20),
           "a quotation mark may be missing", row_ + 1);
  }

  /// The separator that gives the header line the most columns, one of them with text.
  static char find_separator(std::string_view sample) {
    const std::string_view line = sample.substr(0, sample.find_first_of("\r\n"));
    char best = ',';
    size_t most = 0;
    for (const char c : {',', '\t', ';', '|'}) {
      const auto n = static_cast<size_t>(std::count(line.begin(), line.end(), c));
      if (n > most) most = n, best = c;
    }
    return best;
  }

  void field(std::string_view value) {
    if (ended_) return;
    bytes_ += value.size();
    if (bytes_ > limit_) return too_long();
    if (fields_.size() < kMostColumns) fields_.emplace_back(value);
  }

  void row() {
    if (ended_) return;
    ++row_;
    if (row_ == 1)
      header();
    else
      document();
    fields_.clear();
    bytes_ = 0;
  }

  void header() {
    columns_.fill(-1);
    names_.clear();
    for (const std::string& name : fields_) names_.push_back(fold_column(clean_utf8(name)));
    for (size_t role = 0; role < kRoles; ++role) {
      const auto given = shared_.job.columns.find(std::string(kRoleNames[role]));
      if (given != shared_.job.columns.end()) {
        const auto at = std::find(names_.begin(), names_.end(), fold_column(given->second));
        if (at == names_.end()) return no_column(fmt::format("the table has no column \"{}\"", given->second));
        columns_[role] = at - names_.begin();
        continue;
      }
      for (const std::string_view name : kNames[role]) {
        if (name.empty() || columns_[role] >= 0) break;
        const auto at = std::find(names_.begin(), names_.end(), name);
        if (at != names_.end()) columns_[role] = at - names_.begin();
      }
    }
    if (columns_[kText] < 0) {
      const auto at = std::find_if(names_.begin(), names_.end(), [](const std::string& n) { return is_text_column(n); });
      if (at == names_.end()) return no_column("the table has no column that is called text, body, content or article");
      columns_[kText] = at - names_.begin();
    }
  }

  void no_column(std::string reason) {
    ended_ = true;
    std::string have;
    for (size_t i = 0; i < names_.size() && i < 12; ++i) have += fmt::format("{}{}", i > 0 ? ", " : "", shortened(names_[i], 40));
    refuse(shared_, about_, ErrorCode::bad_format, std::move(reason),
           fmt::format("its columns are: {}; say which one holds the text", have));
  }

  void document() {
    if (fields_.size() == 1 && fields_[0].empty()) return;
    const size_t width = fields_.size();
    bool converted_row = false;
    const auto value = [&](Role role) -> std::optional<std::string> {
      const ptrdiff_t at = columns_[role];
      if (at < 0 || static_cast<size_t>(at) >= width) return std::nullopt;
      std::string s = fields_[static_cast<size_t>(at)];
      if (!valid_utf8(s)) s = convert(s, "windows-1252"), converted_row = true;
      if (s.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
      return s;
    };
    std::optional<std::string> body = value(kText);
    if (!body) return refuse(shared_, about_, ErrorCode::empty, "the row has no text", {}, row_);
    ImportedDocument out = begin_document(about_, Format::csv);
    out.record = row_;
    out.input.text = std::move(*body);
    out.input.title = value(kTitle);
    out.input.byline = value(kByline);
    out.input.publisher = value(kPublisher);
    if (auto url = value(kUrl)) out.input.url = std::move(url);
    out.input.language = value(kLanguage);
    out.input.id = value(kId).value_or("");
    out.encoding = converted_row ? "windows-1252" : encoding_;
    out.encoding_origin = converted_row ? EncodingOrigin::assumed : origin_;
    if (auto date = value(kPublished)) {
      if (text::parse_date(*date)) {
        out.input.published = std::move(date);
        out.date_origin = DateOrigin::file;
      } else {
        out.warnings.push_back(fmt::format("the date \"{}\" is not read: write it as 2031-05-05", shortened(*date, 60)));
      }
    }
    if (width != names_.size()) out.warnings.push_back(fmt::format("the row has {} fields and the header {}", width, names_.size()));
    shared_.output.document(std::move(out));
  }

  const About& about_;
  Shared& shared_;
  const size_t limit_;
  csv_parser parser_{};
  bool ready_ = false, ended_ = false;
  char separator_ = ',';
  std::string encoding_;
  EncodingOrigin origin_ = EncodingOrigin::utf8;
  std::vector<std::string> fields_, names_;
  std::array<ptrdiff_t, kRoles> columns_{};
  size_t row_ = 0, bytes_ = 0;
};

}  // namespace

void parse_csv(Stream& stream, const About& about, Shared& shared) {
  Table(about, shared).read(stream);
}

}  // namespace reportedly::importer
