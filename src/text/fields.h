// The fields of a document in tables and records: by which names they go, and what looks like a date.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::text {

enum class Field : uint8_t { text, title, byline, published, publisher, url, language, id };
inline constexpr std::array<std::string_view, 8> kFields{"text", "title", "byline", "published", "publisher", "url", "language", "id"};
constexpr std::string_view field_name(Field field) {
  return kFields[static_cast<size_t>(field)];
}

/// "Article Text", "article_text" to "articletext": what names are compared by.
std::string fold_name(std::string_view name);
/// The names that a field goes by, the best first.
const std::vector<std::string_view>& usual_names(Field field);

/// Which column of a table, or key of a record, holds which field.
class FieldNames {
 public:
  FieldNames() = default;
  /// `given`: names by field, in place of the usual ones of that field.
  explicit FieldNames(const std::map<std::string, std::string>& given);

  struct Found {
    Field field;
    size_t rank;  ///< 0: the best name; of two columns the one with the better name holds the field
  };
  std::optional<Found> find(std::string_view name) const;
  /// The name that was given for this field, as it was given.
  const std::string* given(Field field) const;

 private:
  std::array<std::optional<std::string>, kFields.size()> given_;
};

/// Of a column or key that holds no field: is it a date by its value, or by its name where the value has figures?
bool looks_like_date(std::string_view name, std::string_view value);
/// The warning for a document without a date, where columns or keys of these names look like one.
std::string date_warning(const std::vector<std::string>& names);
/// "a, b, c" of at most twelve names as they stand, for messages.
std::string listed(const std::vector<std::string>& names);

}  // namespace reportedly::text
