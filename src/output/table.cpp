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
    if (disarm) put(out_, '\'');
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

}  // namespace reportedly::output
