#include "column_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "text/fields.h"

namespace reportedly::cli {

std::map<std::string, std::string> ColumnChoice::by_field() const {
  std::map<std::string, std::string> out;
  for (const std::string& column : columns) out[column.substr(0, column.find('='))] = column.substr(column.find('=') + 1);
  return out;
}

void add_column_option(CLI::App& app, ColumnChoice& o) {
  app.add_option(
         "--column", o.columns,
         "Which column of a table or key of JSONL holds a field, where it has no usual name (below): text=raw_text; may be given several "
         "times")
      ->type_name("FIELD=NAME")
      ->check([](const std::string& column) {
        const size_t equals = column.find('=');
        const std::string field = column.substr(0, equals);
        if (equals == std::string::npos || equals + 1 == column.size()) return std::string("not FIELD=NAME, as in text=raw_text");
        if (std::find(text::kFields.begin(), text::kFields.end(), field) != text::kFields.end()) return std::string();
        return fmt::format("no field {}; there are {}", field, fmt::join(text::kFields, ", "));
      })
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Input");
}

std::string known_columns() {
  std::string out = "Usual names of columns and keys, the best first (case, blanks, _ and - do not matter):\n";
  for (size_t i = 0; i < text::kFields.size(); ++i)
    out += fmt::format("  {:<10} {}\n", text::kFields[i], fmt::join(text::usual_names(static_cast<text::Field>(i)), ", "));
  return out;
}

}  // namespace reportedly::cli
