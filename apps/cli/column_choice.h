// Which column or key holds what, where names do not tell: an option of all commands that read files.
#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace reportedly::cli {

struct ColumnChoice {
  std::vector<std::string> columns;  ///< "text=raw_text"
  std::map<std::string, std::string> by_field() const;
};

void add_column_option(CLI::App& app, ColumnChoice& o);
/// The names that are known by themselves, for the end of a help text.
std::string known_columns();

}  // namespace reportedly::cli
