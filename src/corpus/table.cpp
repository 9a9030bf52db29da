// Rows for people (columns on a terminal), spreadsheets (CSV) and programs (JSON).
#include "output/table.h"

#include <algorithm>

#include "output/terminal.h"
#include "output/write.h"
#include "reportedly/corpus.h"

namespace reportedly {
namespace {

using output::Buffer;
using output::put;

void put_value(Buffer& out, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    output::put_json(out, *text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    output::put_integer(out, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    output::put_real(out, *real);
  } else {
    put(out, "null");
  }
}

void put_row(Buffer& out, const Table& table, const std::vector<Value>& row) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    put(out, c > 0 ? ',' : '{');
    output::put_json(out, table.columns[c]);
    put(out, ':');
    put_value(out, row[c]);
  }
  put(out, '}');
}

std::string plain(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (std::holds_alternative<std::monostate>(value)) return {};
  Buffer out;
  put_value(out, value);
  return fmt::to_string(out);
}

/// Of a path the end, which tells it from its neighbours.
std::string end_of(const std::string& path, size_t width) {
  const size_t length = output::code_points(path);
  if (length <= width || width < 2) return output::shortened(path, width);
  size_t at = 0;
  for (size_t left = length - (width - 1); left > 0; --left) do
      ++at;
    while (at < path.size() && (static_cast<unsigned char>(path[at]) & 0xc0) == 0x80);
  return "…" + path.substr(at);
}

}  // namespace

std::string to_csv(const Table& table) {
  output::Rows rows(output::Rows::Style::csv);
  for (const std::string& column : table.columns) rows.raw(column);
  rows.end_row();
  for (const auto& row : table.rows) {
    for (const Value& value : row) std::holds_alternative<std::string>(value) ? rows.text(plain(value)) : rows.raw(plain(value));
    rows.end_row();
  }
  return rows.take();
}

std::string to_json(const Table& table) {
  Buffer out;
  put(out, "{\"rows\":[");
  for (size_t r = 0; r < table.rows.size(); ++r) {
    put(out, r > 0 ? ",\n" : "\n");
    put_row(out, table, table.rows[r]);
  }
  put(out, table.rows.empty() ? "],\"next\":" : "\n],\"next\":");
  table.next ? output::put_json(out, *table.next) : put(out, "null");
  put(out, "}\n");
  return fmt::to_string(out);
}

std::string to_jsonl(const Table& table) {
  Buffer out;
  for (const auto& row : table.rows) {
    put_row(out, table, row);
    put(out, '\n');
  }
  return fmt::to_string(out);
}

std::string to_text(const Table& table, unsigned width) {
  if (table.rows.empty()) return "nothing found\n";
  const size_t columns = table.columns.size();
  std::vector<std::vector<std::string>> cells;
  std::vector<bool> number(columns, true);
  std::vector<size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(output::code_points(column));
  for (const auto& row : table.rows) {
    auto& line = cells.emplace_back();
    for (size_t c = 0; c < columns; ++c) {
      line.push_back(output::one_line(output::harmless(plain(row[c]))));
      widths[c] = std::max(widths[c], output::code_points(line.back()));
      if (std::holds_alternative<std::string>(row[c])) number[c] = false;
    }
  }
  // Too wide: the widest columns give way, down to 6 signs.
  const auto total = [&] {
    size_t sum = 2 * (columns - 1);
    for (const size_t w : widths) sum += w;
    return sum;
  };
  while (total() > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= 6) break;
    --*widest;
  }
  std::string out;
  const auto put_line = [&](const std::vector<std::string>& line) {
    std::string text;
    for (size_t c = 0; c < columns; ++c) {
      const std::string cell = line[c].starts_with('/') ? end_of(line[c], widths[c]) : output::shortened(line[c], widths[c]);
      const std::string fill(widths[c] - std::min(widths[c], output::code_points(cell)), ' ');
      if (c > 0) text += "  ";
      text += number[c] ? fill + cell : cell + fill;
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + '\n';
  };
  put_line(table.columns);
  for (const auto& line : cells) put_line(line);
  if (table.next) out += fmt::format("… there is more: --after {}, or --limit 0 for all\n", *table.next);
  return out;
}

std::string positions_account(const Table& table, unsigned width) {
  output::Terminal out(false, width);
  const auto text = [&](const std::vector<Value>& row, const char* name) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), name);
    return at == table.columns.end() ? std::string()
                                     : output::one_line(output::harmless(plain(row[static_cast<size_t>(at - table.columns.begin())])));
  };
  std::string last;
  for (const auto& row : table.rows) {
    if (std::string dispute = text(row, "dispute"); dispute != last) {
      if (!last.empty()) out.blank();
      out.paragraph("", fmt::format("{}  [{}]", text(row, "title"), dispute));
      last = std::move(dispute);
    }
    const std::string first = text(row, "first_date"), end = text(row, "last_date"), sentences = text(row, "sentences");
    const std::string when = first.empty() ? "no date" : first == end ? first : first + " to " + end;
    out.paragraph("  · ", fmt::format("{}: {}", text(row, "holds"), text(row, "voices")));
    out.paragraph("    ", fmt::format("{}; documents {}, independent origins {}", when, text(row, "documents"), text(row, "origins")));
    if (!sentences.empty()) out.paragraph("    ", sentences.substr(0, sentences.find(" | ")));
  }
  if (table.next) out.paragraph("", fmt::format("There is more: --after {}, or --limit 0 for all", *table.next));
  return table.rows.empty() ? "nothing found\n" : out.take();
}

}  // namespace reportedly
