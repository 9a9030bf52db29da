#include "text/input.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace reportedly::text {
namespace {

namespace json = simdjson::ondemand;
constexpr size_t kChunk = size_t{256} << 10;

bool is_blank(std::string_view s) {
  return s.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

bool hex4(const char* s, unsigned& value) {
  value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = s[i];
    const int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (d < 0) return false;
    value = value * 16 + static_cast<unsigned>(d);
  }
  return true;
}

/// Escapes of half a surrogate pair are no characters, and a parser rightly refuses them; some writers make them all the same
/// when they cut a text. They are written over as \ufffd, which has the same length.
void mend_surrogates(char* s, size_t n) {
  for (size_t i = 0; i + 1 < n; ++i) {
    if (s[i] != '\\') continue;
    unsigned first = 0, second = 0;
    if (s[i + 1] != 'u' || i + 6 > n || !hex4(s + i + 2, first) || first < 0xD800 || first > 0xDFFF) {
      ++i;
      continue;
    }
    const bool pair = first < 0xDC00 && i + 12 <= n && s[i + 6] == '\\' && s[i + 7] == 'u' && hex4(s + i + 8, second) && second >= 0xDC00 &&
                      second <= 0xDFFF;
    if (!pair) std::fill_n(s + i + 2, 3, 'f'), s[i + 5] = 'd';
    i += pair ? 11 : 5;
  }
}

class RecordParser {
 public:
  Result<DocumentInput> parse(std::string_view line, const std::string& place) {
    try {
      return read(line, place);
    } catch (const simdjson::simdjson_error& e) {  // where the library converts a result by itself
      return fail(ErrorCode::bad_format, fmt::format("the line is no valid JSON: {}", e.what()), place);
    }
  }

 private:
  Result<DocumentInput> read(std::string_view line, const std::string& place) {
    buffer_.resize(line.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(buffer_.data(), line.data(), line.size());
    std::memset(buffer_.data() + line.size(), 0, simdjson::SIMDJSON_PADDING);
    mend_surrogates(buffer_.data(), line.size());
    DocumentInput out;
    out.format = SourceFormat::record;
    out.origin = place;
    bool has_text = false;
    std::string wrong;
    json::document document;
    simdjson::error_code error = parser_.iterate(buffer_.data(), line.size(), buffer_.size()).get(document);
    json::object object;
    if (!error) {
      json::json_type type{};
      error = document.type().get(type);
      if (!error && type != json::json_type::object) return fail(ErrorCode::bad_format, "the line is no JSON object", place);
      if (!error) error = document.get_object().get(object);
    }
    if (!error)
      for (auto item : object) {
        json::field field;
        std::string_view key;
        if ((error = std::move(item).get(field)) || (error = field.unescaped_key().get(key))) break;
        if ((error = take(key, field.value(), out, has_text, wrong))) break;
      }
    const char* rest = nullptr;
    if (!error && !document.current_location().get(rest))
      return fail(ErrorCode::bad_format, "something follows the JSON object on its line", place);
    if (error == simdjson::UTF8_ERROR) return fail(ErrorCode::bad_encoding, "the line is not UTF-8", place);
    if (error) return fail(ErrorCode::bad_format, fmt::format("the line is no valid JSON: {}", simdjson::error_message(error)), place);
    if (!wrong.empty()) return fail(ErrorCode::bad_format, wrong, place);
    if (!has_text) return fail(ErrorCode::bad_format, "the record has no \"text\"", place);
    return out;
  }

  static simdjson::error_code take(std::string_view key, json::value value, DocumentInput& out, bool& has_text, std::string& wrong) {
    std::optional<std::string>* slot = key == "title"       ? &out.title
                                       : key == "byline"    ? &out.byline
                                       : key == "publisher" ? &out.publisher
                                       : key == "url"       ? &out.url
                                       : key == "published" ? &out.published
                                       : key == "language"  ? &out.language
                                                            : nullptr;
    const bool text = key == "text", id = key == "id";
    if (!slot && !text && !id) return simdjson::SUCCESS;
    json::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == json::json_type::null) {
      const simdjson::simdjson_result<bool> null = value.is_null();
      return null.error() ? null.error() : null.value_unsafe() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    std::string content;
    if (type == json::json_type::string) {
      std::string_view s;
      if (const auto error = value.get_string().get(s)) return error;
      content = s;
    } else if (type == json::json_type::number && !text) {
      std::string_view raw = value.raw_json_token();
      while (!raw.empty() && static_cast<unsigned char>(raw.back()) <= ' ') raw.remove_suffix(1);
      content = raw;
    } else {
      wrong = fmt::format("\"{}\" is no string", key);
      return simdjson::SUCCESS;
    }
    if (text) {
      out.text = std::move(content);
      has_text = true;
    } else if (id) {
      out.id = std::move(content);
    } else {
      *slot = std::move(content);
    }
    return simdjson::SUCCESS;
  }

  json::parser parser_;
  std::vector<char> buffer_;
};

/// A file read forwards in chunks.
class Bytes {
 public:
  ~Bytes() { close(); }
  std::optional<Error> open(const std::string& name) {
    close();
    begin_ = end_ = 0;
    at_end_ = false;
    if (name == "-") {
      file_ = stdin;
      return std::nullopt;
    }
    struct stat about {};
    if (::stat(name.c_str(), &about) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return Error{ErrorCode::not_found, fmt::format("no such file: {}", name), name};
      return Error{ErrorCode::unreadable, fmt::format("cannot read {}: {}", name, std::strerror(errno)), name};
    }
    if (S_ISDIR(about.st_mode)) return Error{ErrorCode::unreadable, fmt::format("{} is a folder; name the files in it", name), name};
    file_ = std::fopen(name.c_str(), "rb");
    if (!file_) return Error{ErrorCode::unreadable, fmt::format("cannot read {}: {}", name, std::strerror(errno)), name};
    return std::nullopt;
  }
  void close() {
    if (file_ && file_ != stdin) std::fclose(file_);
    file_ = nullptr;
  }
  /// Makes sure that there is something to see, unless the file is at its end. False: an I/O error.
  bool fill() {
    if (begin_ < end_ || at_end_) return true;
    buffer_.resize(kChunk);
    begin_ = 0;
    end_ = std::fread(buffer_.data(), 1, kChunk, file_);
    at_end_ = end_ == 0;
    return !(at_end_ && std::ferror(file_));
  }
  std::string_view seen() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(size_t n) { begin_ += n; }
  bool at_end() const { return at_end_ && begin_ == end_; }

 private:
  std::FILE* file_ = nullptr;
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;
};

}  // namespace

struct InputReader::Impl {
  std::vector<std::string> files;
  InputOptions options;
  size_t next_file = 0, readable = 0;
  std::string name;
  bool open = false, records = false, any = false;
  size_t line_number = 0;
  Bytes bytes;
  std::string line;
  RecordParser parser;

  using Next = std::optional<Result<DocumentInput>>;

  Error io_error() const { return {ErrorCode::unreadable, fmt::format("cannot read {}: {}", name, std::strerror(errno)), name}; }

  Result<DocumentInput> whole(Result<DocumentInput> document) const {
    if (document) {
      if (!document->published) document->published = options.published;
      if (!document->language) document->language = options.language;
    }
    return document;
  }

  Next next() {
    for (;;) {
      if (!open) {
        if (next_file == files.size()) return std::nullopt;
        if (auto error = begin_file(files[next_file++])) return fail(error->code, error->message, error->place);
      }
      if (!records) return whole(plain());
      if (auto found = record()) return whole(std::move(*found));
      open = false;
      bytes.close();
      if (!any) return fail(ErrorCode::empty, fmt::format("{} has no documents", name), name);
    }
  }

  std::optional<Error> begin_file(const std::string& file) {
    name = file == "-" ? "standard input" : file;
    if (auto error = bytes.open(file)) return error;
    if (!bytes.fill()) {
      const Error error = io_error();
      bytes.close();
      return error;
    }
    ++readable;
    line_number = 0;
    any = false;
    records = options.kind == InputKind::records || (options.kind == InputKind::automatic && looks_like_records(file));
    if (records) {
      const std::string_view seen = bytes.seen();
      const char* problem = seen.starts_with("\x1F\x8B")                                   ? "is a gzip file; unpack it first"
                            : seen.starts_with("\xFF\xFE") || seen.starts_with("\xFE\xFF") ? "is UTF-16; convert it to UTF-8"
                                                                                           : nullptr;
      if (problem) {
        bytes.close();
        return Error{ErrorCode::bad_encoding, fmt::format("{} {}", name, problem), name};
      }
      if (seen.starts_with("\xEF\xBB\xBF")) bytes.consume(3);
    }
    open = true;
    return std::nullopt;
  }

  bool looks_like_records(const std::string& file) const {
    if (file != "-") return file.ends_with(".jsonl") || file.ends_with(".ndjson");
    std::string_view s = bytes.seen();
    if (s.starts_with("\xEF\xBB\xBF")) s.remove_prefix(3);
    const size_t brace = s.find_first_not_of(" \t\r\n");
    if (brace == std::string_view::npos || s[brace] != '{') return false;
    const size_t quote = s.find_first_not_of(" \t\r\n", brace + 1);
    return quote != std::string_view::npos && s[quote] == '"';
  }

  Result<DocumentInput> plain() {
    open = false;
    DocumentInput document;
    document.origin = name;
    bool too_long = false;
    while (!bytes.at_end()) {
      if (!bytes.fill()) {
        bytes.close();
        const Error error = io_error();
        return fail(error.code, error.message, error.place);
      }
      const std::string_view seen = bytes.seen();
      if (document.text.size() + seen.size() > options.longest) {
        too_long = true;
        break;
      }
      document.text += seen;
      bytes.consume(seen.size());
    }
    bytes.close();
    if (too_long) return fail(ErrorCode::too_large, fmt::format("{} is longer than {} bytes", name, options.longest), name);
    if (is_blank(document.text)) return fail(ErrorCode::empty, fmt::format("{} has no text", name), name);
    return document;
  }

  /// The next line that is not blank, nullopt at the end of the file.
  Next record() {
    for (;;) {
      line.clear();
      bool ended = false, too_long = false;
      while (!ended) {
        if (!bytes.fill()) {
          any = true;  // the I/O error is what there is to say of this file
          const Error error = io_error();
          bytes.close();
          open = false;
          return fail(error.code, error.message, error.place);
        }
        if (bytes.at_end()) break;
        const std::string_view seen = bytes.seen();
        const size_t eol = seen.find('\n');
        ended = eol != std::string_view::npos;
        const size_t take = ended ? eol : seen.size();
        if (line.size() + take > options.longest)
          too_long = true;
        else if (!too_long)
          line.append(seen.substr(0, take));
        bytes.consume(take + (ended ? 1 : 0));
      }
      if (!ended && line.empty() && !too_long) return std::nullopt;
      ++line_number;
      const std::string place = fmt::format("{}:{}", name, line_number);
      if (too_long) {
        any = true;
        return fail(ErrorCode::too_large, fmt::format("the line is longer than {} bytes", options.longest), place);
      }
      if (is_blank(line)) continue;
      any = true;
      return parser.parse(line, place);
    }
  }
};

InputReader::InputReader(std::vector<std::string> files, InputOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->files = std::move(files);
  impl_->options = std::move(options);
}
InputReader::~InputReader() = default;
InputReader::InputReader(InputReader&&) noexcept = default;
InputReader& InputReader::operator=(InputReader&&) noexcept = default;
std::optional<Result<DocumentInput>> InputReader::next() {
  return impl_->next();
}
size_t InputReader::readable_files() const {
  return impl_->readable;
}

Result<DocumentInput> parse_record(std::string_view line, const std::string& place) {
  return RecordParser().parse(line, place);
}

}  // namespace reportedly::text
