// Tables with a header line, one document a row. Read with libcsv (RFC 4180 and what people make of it).
#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "import/charset.h"
#include "import/format.h"
#include "parsers/parsers.h"
#include "text/fields.h"
#include "text/input.h"

namespace reportedly::importer {
namespace {

using text::Field;
using text::kFields;

constexpr size_t kSample = size_t{64} << 10;
constexpr size_t kMostColumns = 4096;

class Table {
 public:
  Table(const About& about, Shared& shared)
      : about_(about), shared_(shared), limit_(shared.job.limits.document_bytes), names_of_fields_(shared.job.columns) {}
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
    others_.clear();
    std::array<size_t, kFields.size()> ranks{};
    for (const std::string& name : fields_) {
      const auto at = static_cast<ptrdiff_t>(names_.size());
      names_.push_back(clean_utf8(name));
      const auto held = names_of_fields_.find(names_.back());
      if (!held) {
        others_.push_back(static_cast<size_t>(at));
        continue;
      }
      const auto field = static_cast<size_t>(held->field);
      if (columns_[field] >= 0 && ranks[field] <= held->rank) continue;
      columns_[field] = at;
      ranks[field] = held->rank;
    }
    for (size_t field = 0; field < kFields.size(); ++field)
      if (const std::string* given = names_of_fields_.given(static_cast<Field>(field)); given && columns_[field] < 0)
        return no_column(static_cast<Field>(field), fmt::format("the table has no column \"{}\"", shortened(*given, 60)));
    if (columns_[static_cast<size_t>(Field::text)] < 0)
      no_column(Field::text, "the table has no column that is called text, body, content or article");
  }

  void no_column(Field field, std::string reason) {
    ended_ = true;
    refuse(shared_, about_, ErrorCode::bad_format, std::move(reason),
           fmt::format("its columns are: {}; say which one holds the {}: --column {}=NAME", text::listed(names_),
                       field == Field::text ? "text" : fmt::format("field {}", text::field_name(field)), text::field_name(field)));
  }

  void document() {
    if (fields_.size() == 1 && fields_[0].empty()) return;
    const size_t width = fields_.size();
    bool converted_row = false;
    const auto cell = [&](ptrdiff_t at) -> std::optional<std::string> {
      if (at < 0 || static_cast<size_t>(at) >= width) return std::nullopt;
      std::string s = fields_[static_cast<size_t>(at)];
      if (!valid_utf8(s)) s = convert(s, "windows-1252"), converted_row = true;
      if (s.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
      return s;
    };
    const auto value = [&](Field field) { return cell(columns_[static_cast<size_t>(field)]); };
    std::optional<std::string> body = value(Field::text);
    if (!body) return refuse(shared_, about_, ErrorCode::empty, "the row has no text", {}, row_);
    ImportedDocument out = begin_document(about_, Format::csv);
    out.record = row_;
    out.input.text = std::move(*body);
    out.input.title = value(Field::title);
    out.input.byline = value(Field::byline);
    out.input.publisher = value(Field::publisher);
    if (auto url = value(Field::url)) out.input.url = std::move(url);
    out.input.language = value(Field::language);
    out.input.id = value(Field::id).value_or("");
    out.encoding = converted_row ? "windows-1252" : encoding_;
    out.encoding_origin = converted_row ? EncodingOrigin::assumed : origin_;
    if (auto date = value(Field::published)) {
      if (text::parse_date(*date)) {
        out.input.published = std::move(date);
        out.date_origin = DateOrigin::file;
      } else {
        out.warnings.push_back(fmt::format("the date \"{}\" is not read: write it as 2031-05-05", shortened(*date, 60)));
      }
    } else {
      std::vector<std::string> dates;
      for (const size_t at : others_)
        if (const auto other = cell(static_cast<ptrdiff_t>(at)); other && text::looks_like_date(names_[at], *other))
          dates.push_back(names_[at]);
      if (!dates.empty()) out.warnings.push_back(text::date_warning(dates));
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
  const text::FieldNames names_of_fields_;
  std::vector<std::string> fields_, names_;
  std::vector<size_t> others_;  ///< columns of no field
  std::array<ptrdiff_t, kFields.size()> columns_{};
  size_t row_ = 0, bytes_ = 0;
};

}  // namespace

void parse_csv(Stream& stream, const About& about, Shared& shared) {
  Table(about, shared).read(stream);
}

}  // namespace reportedly::importer
