// Cells of the tabular formats. A reader of tables must neither run a cell as a formula nor take a code for a number.
#pragma once
#include <concepts>
#include <optional>
#include <string_view>

#include "output/write.h"
#include "reportedly/export.h"

namespace reportedly::output {

/// Lists inside a cell.
inline constexpr std::string_view kBetween = "; ";

/// Does a spreadsheet take a cell that begins like this for a formula? (= + - @, their full-width forms, tab, carriage return)
bool looks_like_formula(std::string_view cell);

/// One row after the other. `text` cells are escaped and disarmed (a formula gets an apostrophe in front), `raw` cells are ours: numbers
/// and ids.
class Rows {
 public:
  enum class Style : uint8_t { csv /* RFC 4180 */, tsv /* tabs and line breaks inside cells become blanks */ };
  explicit Rows(Style style) : style_(style) {}

  void text(std::string_view cell);
  void text(std::same_as<std::optional<std::string>> auto const& cell) { text(cell ? std::string_view(*cell) : std::string_view{}); }
  void raw(std::string_view cell);
  void real(const std::optional<double>& value);
  void integer(std::integral auto value) { raw(fmt::format_int(value).c_str()); }
  void empty(int cells = 1) {
    while (cells-- > 0) raw({});
  }
  void end_row();
  std::string take() { return fmt::to_string(out_); }

 private:
  void separate();
  Style style_;
  Buffer out_;
  bool first_ = true;
};

/// The line of column names.
std::string header_line(const TableFormat& table);
/// Frictionless Table Schema of a table.
std::string table_schema(const TableFormat& table);
/// Frictionless Data Package of several tables in one folder.
std::string data_package(std::string_view name, std::span<const TableFormat> tables);

}  // namespace reportedly::output
