#include <doctest/doctest.h>

#include <algorithm>

#include "output/countries.h"
#include "output/table.h"
#include "output_sample.h"

using namespace reportedly;

namespace {

/// RFC 4180, by the letter.
std::vector<std::vector<std::string>> read_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] != '"')
        cell += text[i];
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[i++];
      else
        quoted = false;
    } else if (text[i] == '"') {
      REQUIRE(cell.empty());
      quoted = true;
    } else if (text[i] == ',') {
      rows.back().push_back(std::exchange(cell, {}));
    } else if (text[i] == '\r') {
      REQUIRE(text[i + 1] == '\n');
      rows.back().push_back(std::exchange(cell, {}));
      rows.emplace_back();
      ++i;
    } else {
      REQUIRE(text[i] != '\n');
      cell += text[i];
    }
  }
  REQUIRE(!quoted);
  REQUIRE(rows.back().empty());
  rows.pop_back();
  return rows;
}

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> out(1);
  for (char c : line)
    if (c == separator)
      out.emplace_back();
    else if (c != '\n')
      out.back() += c;
  return out;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, const std::string& column) {
  const auto at = std::find(rows[0].begin(), rows[0].end(), column);
  REQUIRE(at != rows[0].end());
  return rows[1][at - rows[0].begin()];
}

}  // namespace

TEST_CASE("csv: one row an event, under its header") {
  const auto rows = read_csv(csv_header() + to_csv(sample::geneva()));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].size() == rows[1].size());
  CHECK(cell(rows, "event") == "geneva-1#v1");
  CHECK(cell(rows, "cameo") == "cameo:0193");
  CHECK(cell(rows, "intensity") == "-7.0");
  CHECK(cell(rows, "actors") == "Norway");
  CHECK(cell(rows, "actor_countries") == "NOR");
  CHECK(cell(rows, "trigger_start") == "83");
  CHECK(cell(rows, "date") == "");
  CHECK(cell(rows, "source") == "Norway’s foreign ministry");
  CHECK(cell(rows, "voice") == "Norway’s foreign ministry (denies)");
  CHECK(cell(rows, "all_voices") == "Norway’s foreign ministry (denies) (CT-); Reykjavik (asserts) › two fishermen (asserts) (CT+)");
  CHECK(cell(rows, "status") == "denied");
}

TEST_CASE("csv: quoting, line breaks and formulas from outside") {
  for (const std::string evil : {"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "a,b\"c\"\r\nd"}) {
    Analysis a = sample::geneva();
    a.document.publisher = evil;
    const auto rows = read_csv(csv_header() + to_csv(a));
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].size() == rows[1].size());
    const std::string got = cell(rows, "publisher");
    CHECK(got == (output::looks_like_formula(evil) ? "'" + evil : evil));
  }
  CHECK_FALSE(output::looks_like_formula("Norway"));
  CHECK_FALSE(output::looks_like_formula(""));
}

TEST_CASE("csv: lists of participants stay aligned") {
  Analysis a = sample::geneva();
  a.events[0].actors = {{.entity = 2, .span = {127, 140}}, {.entity = 1, .country = "ISL", .span = {112, 121}}};
  const auto rows = read_csv(csv_header() + to_csv(a));
  CHECK(cell(rows, "actors") == "two fishermen; Iceland");
  CHECK(cell(rows, "actor_countries") == "; ISL");
}

TEST_CASE("csv and profiles: a failed document and one without events have no row") {
  CHECK(to_csv(sample::failed()).empty());
  CHECK(to_polecat(sample::engine(), sample::failed()).empty());
  CHECK(to_icews(sample::failed()).empty());
}

TEST_CASE("polecat: forty columns, then ours") {
  const auto head = split(polecat_header(), '\t');
  REQUIRE(head.size() == 46);
  CHECK(head[0] == "Event ID");
  CHECK(head[7] == "Actor Name");
  CHECK(head[15] == "Recipient Name");
  CHECK(head[23] == "Placename");
  CHECK(head[39] == "Version");
  CHECK(head[40] == "Voice");
  Analysis a = sample::geneva();
  a.events[0].place = 0;
  a.document.publisher = "tab\there\nnew line";
  const std::string row = to_polecat(sample::engine(), a);
  CHECK(std::count(row.begin(), row.end(), '\n') == 1);
  const auto cells = split(row, '\t');
  REQUIRE(cells.size() == 46);
  CHECK(cells[2] == "COERCE");
  CHECK(cells[8] == "NOR");
  CHECK(cells[9] == "385");
  CHECK(cells[10] == "MIL");
  CHECK(cells[13] == "its ships");
  CHECK(cells[15] == "Iceland");
  CHECK(cells[18] == "");
  CHECK(cells[24] == "Geneva");
  CHECK(cells[30] == "2660646");
  CHECK(cells[33] == "tab here new line");
  CHECK(cells[37] == "Norway; Reykjavik");
  CHECK(cells[41] == "denies");
  CHECK(cells[45] == "[83,90)");
}

TEST_CASE("icews: one row for each pair") {
  Analysis a = sample::geneva();
  a.events[0].actors.push_back({.entity = 2, .span = {127, 140}});
  const std::string text = to_icews(a);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  const auto head = split(icews_header(), '\t'), first = split(text.substr(0, text.find('\n')), '\t');
  REQUIRE(head.size() == 23);
  REQUIRE(first.size() == 23);
  CHECK(first[2] == "Norway");
  CHECK(first[4] == "Norway");
  CHECK(first[6] == "0193");
  CHECK(first[8] == "Iceland");
  CHECK(first[12] == "1");
  a.events[0].actors.clear();
  CHECK(split(to_icews(a), '\t')[2] == "");
  a.events[0].recipients.clear();
  CHECK(split(to_icews(a), '\t')[8] == "");
}

TEST_CASE("countries: sorted, no code twice") {
  CHECK(output::find_country("NOR")->cow == 385);
  CHECK(output::find_country("AFG")->name == "Afghanistan");
  CHECK(output::find_country("ZWE")->cow == 552);
  CHECK(output::find_country("KOS")->cow == 347);
  CHECK(output::find_country("UNO") == nullptr);
  CHECK(output::find_country("") == nullptr);
}
