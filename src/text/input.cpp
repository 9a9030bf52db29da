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
  Result<DocumentInput> parse(std::string_view line, const std::string& place, const FieldNames& names, RecordKeys& keys) {
    try {
      return read(line, place, names, keys);
    } catch (const simdjson::simdjson_error& e) {  // where the library converts a result by itself
      return fail(ErrorCode::bad_format, fmt::format("the line is no valid JSON: {}", e.what()), place);
    }
  }

 private:
  /// What has been found of each field.
  struct Values {
    std::array<std::optional<std::string>, kFields.size()> values;
    std::array<size_t, kFields.size()> ranks{};
    std::string wrong;
  };

  Result<DocumentInput> read(std::string_view line, const std::string& place, const FieldNames& names, RecordKeys& keys) {
    buffer_.resize(line.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(buffer_.data(), line.data(), line.size());
    std::memset(buffer_.data() + line.size(), 0, simdjson::SIMDJSON_PADDING);
    mend_surrogates(buffer_.data(), line.size());
    Values found;
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
        const std::string name(key);
        if ((error = take(name, field.value(), names, found, keys))) break;
        keys.all.push_back(name);
      }
    const char* rest = nullptr;
    if (!error && !document.current_location().get(rest))
      return fail(ErrorCode::bad_format, "something follows the JSON object on its line", place);
    if (error == simdjson::UTF8_ERROR) return fail(ErrorCode::bad_encoding, "the line is not UTF-8", place);
    if (error) return fail(ErrorCode::bad_format, fmt::format("the line is no valid JSON: {}", simdjson::error_message(error)), place);
    if (!found.wrong.empty()) return fail(ErrorCode::bad_format, found.wrong, place);
    const auto value = [&](Field field) -> std::optional<std::string>& { return found.values[static_cast<size_t>(field)]; };
    if (!value(Field::text)) {
      keys.no_text = true;
      const std::string* given = names.given(Field::text);
      return fail(ErrorCode::bad_format, fmt::format("the record has no \"{}\"", given ? *given : "text"), place);
    }
    if (value(Field::published)) keys.dates.clear();
    return DocumentInput{.id = value(Field::id).value_or(""),
                         .text = std::move(*value(Field::text)),
                         .format = SourceFormat::record,
                         .title = std::move(value(Field::title)),
                         .byline = std::move(value(Field::byline)),
                         .publisher = std::move(value(Field::publisher)),
                         .url = std::move(value(Field::url)),
                         .published = std::move(value(Field::published)),
                         .language = std::move(value(Field::language)),
                         .origin = place};
  }

  static simdjson::error_code take(const std::string& key, json::value value, const FieldNames& names, Values& found, RecordKeys& keys) {
    const auto held = names.find(key);
    const bool text = held && held->field == Field::text;
    // Under its own name a field must be right; another name may as well mean something else.
    const bool own = held && (key == field_name(held->field) || names.given(held->field));
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
      if (own) found.wrong = fmt::format("\"{}\" is no string", key);
      return simdjson::SUCCESS;
    }
    if (!held) {
      if (looks_like_date(key, content)) keys.dates.push_back(key);
      return simdjson::SUCCESS;
    }
    if (!own && content.find_first_not_of(" \t\r\n") == std::string::npos) return simdjson::SUCCESS;
    const auto field = static_cast<size_t>(held->field);
    // Of two keys of one name the last counts.
    if (found.values[field] && found.ranks[field] < held->rank) return simdjson::SUCCESS;
    found.values[field] = std::move(content);
    found.ranks[field] = held->rank;
    return simdjson::SUCCESS;
  }

  json::parser parser_;
  std::vector<char> buffer_;
};

}  // namespace

Result<DocumentInput> parse_record(std::string_view line, const std::string& place, const FieldNames& names, RecordKeys* keys) {
  thread_local RecordParser parser;  // keeps its buffers
  RecordKeys unused;
  return parser.parse(line, place, names, keys ? *keys : unused);
}

}  // namespace reportedly::text
