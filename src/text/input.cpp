#include "text/input.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace reportedly::text {
namespace {

namespace json = simdjson::ondemand;
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

}  // namespace

Result<DocumentInput> parse_record(std::string_view line, const std::string& place) {
  thread_local RecordParser parser;  // keeps its buffers
  return parser.parse(line, place);
}

}  // namespace reportedly::text
