#include "output/table.h"

namespace reportedly::output {

bool looks_like_formula(std::string_view cell) {
  if (cell.empty()) return false;
  if (std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) return true;
  for (std::string_view wide : {"＝", "＋", "－", "＠"})
    if (cell.starts_with(wide)) return true;
  return false;
}

void Rows::separate() {
  if (!first_) put(out_, style_ == Style::csv ? ',' : '\t');
  first_ = false;
}

void Rows::text(std::string_view cell) {
  separate();
  const std::string valid = valid_utf8(cell);
  const bool disarm = looks_like_formula(valid);
  if (style_ == Style::tsv) {
    // Readers of tab-separated files take a quotation mark at the start of a cell for one that opens it.
    if (disarm || valid.starts_with('"')) put(out_, '\'');
    for (char c : valid) put(out_, static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    return;
  }
  const bool quote = valid.find_first_of(",\"\r\n") != std::string::npos;
  if (quote) put(out_, '"');
  if (disarm) put(out_, '\'');
  for (char c : valid) {
    if (c == '"') put(out_, '"');
    put(out_, c);
  }
  if (quote) put(out_, '"');
}

void Rows::raw(std::string_view cell) {
  separate();
  put(out_, cell);
}

void Rows::real(const std::optional<double>& value) {
  separate();
  if (value) put_real(out_, *value);
}

void Rows::end_row() {
  put(out_, style_ == Style::csv ? std::string_view("\r\n") : std::string_view("\n"));
  first_ = true;
}

std::string header_line(const TableFormat& table) {
  Rows rows(table.csv ? Rows::Style::csv : Rows::Style::tsv);
  for (const Column& column : table.columns) rows.raw(column.name);
  rows.end_row();
  return rows.take();
}

namespace {

void put_schema(Buffer& out, const TableFormat& table, std::string_view indent) {
  fmt::format_to(std::back_inserter(out), "{{\n{0} \"fields\": [", indent);
  bool first = true;
  for (const Column& column : table.columns) {
    fmt::format_to(std::back_inserter(out), "{}\n{}  {{\"name\": ", first ? "" : ",", indent);
    put_json(out, column.name);
    put(out, ", \"type\": ");
    put_json(out, column.type);
    put(out, ", \"description\": ");
    put_json(out, column.what);
    if (!column.constraints.empty()) fmt::format_to(std::back_inserter(out), ", \"constraints\": {}", column.constraints);
    put(out, '}');
    first = false;
  }
  fmt::format_to(std::back_inserter(out), "\n{0} ],\n{0} \"missingValues\": [\"\"]\n{0}}}", indent);
}

}  // namespace

std::string table_schema(const TableFormat& table) {
  Buffer out;
  put_schema(out, table, "");
  put(out, '\n');
  return fmt::to_string(out);
}

std::string data_package(std::string_view name, std::span<const TableFormat> tables) {
  Buffer out;
  put(out, "{\n \"profile\": \"tabular-data-package\",\n \"name\": ");
  put_json(out, name);
  put(out, ",\n \"resources\": [");
  bool first = true;
  for (const TableFormat& table : tables) {
    std::string id(table.file.substr(0, table.file.rfind('.')));
    for (char& c : id)
      if (c == '.') c = '-';
    fmt::format_to(std::back_inserter(out), "{}\n  {{\n   \"name\": \"{}\",\n   \"path\": \"{}\",\n", first ? "" : ",", id, table.file);
    put(out,
        "   \"profile\": \"tabular-data-resource\",\n   \"format\": \"csv\",\n   \"mediatype\": \"text/csv\",\n   \"encoding\": "
        "\"utf-8\",\n");
    fmt::format_to(std::back_inserter(out), "   \"dialect\": {{\"delimiter\": \"{}\", \"header\": {}}},\n", table.csv ? "," : "\\t",
                   table.header);
    put(out, "   \"schema\": ");
    put_schema(out, table, "   ");
    put(out, "\n  }");
    first = false;
  }
  put(out, "\n ]\n}\n");
  return fmt::to_string(out);
}

}  // namespace reportedly::output
