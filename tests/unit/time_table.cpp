#include <doctest/doctest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "time/times.h"
#include "time_reader.h"

using namespace reportedly;

namespace {
std::string trimmed(std::string s) {
  while (!s.empty() && s.back() == ' ') s.pop_back();
  size_t i = 0;
  while (i < s.size() && s[i] == ' ') ++i;
  return s.substr(i);
}
}  // namespace

TEST_CASE("the table of time expressions holds line by line") {
  std::ifstream in(REPORTEDLY_SOURCE "/tests/data/times.txt");
  REQUIRE(in.good());
  int number = 0, lines = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (trimmed(line).empty() || line[0] == '#') continue;
    ++lines;
    std::vector<std::string> columns;
    std::istringstream s(line);
    for (std::string c; std::getline(s, c, '|');) columns.push_back(trimmed(c));
    INFO("tests/data/times.txt:" << number << ": " << line);
    REQUIRE(columns.size() >= 2);
    std::string expected;
    const time_test::Reading r = time_test::read(columns[1]);
    std::istringstream values(columns.size() > 2 ? columns[2] : "");
    size_t k = 0;
    for (std::string v; std::getline(values, v, ';'); ++k) {
      REQUIRE_MESSAGE(k < r.spans.size(), "more values than brackets");
      expected += r.text.substr(r.spans[k].first, r.spans[k].second - r.spans[k].first) + " " + trimmed(v) + "; ";
    }
    REQUIRE_MESSAGE(k == r.spans.size(), "more brackets than values");
    std::string found;
    const std::optional<std::string> published = columns[0] == "-" ? std::nullopt : std::optional(columns[0]);
    for (const TimeExpression& t : time::find_times(r.trees, published)) {
      found += r.text.substr(t.span.start, t.span.size()) + " " + t.type + " " + t.value.value_or("null") + "; ";
      CHECK_FALSE(t.why.empty());
    }
    CHECK(found == expected);
  }
  CHECK(lines > 80);
}

TEST_CASE("the tokeniser's cuts do not matter") {
  // The same date as one word, as three and as five.
  for (const char* rows : {"1\tIn\tin\tADP\t_\t_\t2\tcase\t_\t_\n2\tmid-2031\tmid-2031\tNUM\t_\t_\t0\troot\t_\t_\n\n",
                           "1\tIn\tin\tADP\t_\t_\t4\tcase\t_\t_\n2\tmid\tmid\tADJ\t_\t_\t4\tamod\t_\tSpaceAfter=No\n3\t-\t-\tPUNCT\t_\t_"
                           "\t4\tpunct\t_\tSpaceAfter=No\n"
                           "4\t2031\t2031\tNUM\t_\t_\t0\troot\t_\t_\n\n"}) {
    const auto r = syntax::read_conllu(rows);
    REQUIRE(r.has_value());
    const auto t = time::find_times(r->trees, std::nullopt);
    REQUIRE(t.size() == 1);
    CHECK(t[0].value == "2031");
    CHECK(t[0].span == Span{3, 11});
  }
}

TEST_CASE("without words there are no times, and nothing outside a sentence is read") {
  syntax::Trees empty;
  empty.index();
  CHECK(time::find_times(empty, "2031-05-05").empty());
  const auto r = syntax::read_conllu("1\tMay\tMay\tPROPN\t_\t_\t0\troot\t_\t_\n\n1\t5\t5\tNUM\t_\t_\t0\troot\t_\t_\n\n");
  REQUIRE(r.has_value());
  const auto t = time::find_times(r->trees, "2031-06-05");
  REQUIRE(t.size() == 1);
  CHECK(t[0].value == "2031-05");
}

TEST_CASE("a part of somebody's name is no time") {
  const auto r = syntax::read_conllu(
      "1\tThe\tthe\tDET\t_\t_\t3\tdet\t_\t_\n2\tApril\tApril\tPROPN\t_\t_\t3\tcompound\t_\t_\n3\tFront\tFront\tPROPN\t_\t_\t4\tnsubj"
      "\t_\t_\n4\tmarched\tmarch\tVERB\t_\t_\t0\troot\t_\t_\n5\tin\tin\tADP\t_\t_\t6\tcase\t_\t_\n6\tMay\tMay\tPROPN\t_\t_\t4\tobl"
      "\t_\t_\n\n");
  REQUIRE(r.has_value());
  const std::optional<std::string> published = "2031-06-05";
  CHECK(time::find_times(r->trees, published).size() == 2);
  const auto t = time::find_times(r->trees, published, {{{4, 15}, "ORG"}});
  REQUIRE(t.size() == 1);
  CHECK(t[0].value == "2031-05");
  // the whole name, or a name of a place, says nothing
  CHECK(time::find_times(r->trees, published, {{{4, 9}, "ORG"}}).size() == 2);
  CHECK(time::find_times(r->trees, published, {{{4, 15}, "LOC"}}).size() == 2);
}

TEST_CASE("any words in any order give ordered spans inside the text") {
  const std::vector<std::string> words{
      "the",  "last",    "first", "week", "of",   "half", "quarter", "May",     "5",     "2031",  ",",     "-",    "'",
      "80s",  "10",      ":",     "30",   "p.m.", "UTC",  "Friday",  "next",    "this",  "every", "years", "ago",  "later",
      "day",  "two",     "and",   "a",    "past", "end",  "mid",     "night",   "early", "same",  "year",  "Sept", ".",
      "18th", "century", "twice", "over", "to",   "from", "until",   "morning", "(",     "1,500", "/",     "Q3"};
  std::mt19937 random(31);
  for (int round = 0; round < 3000; ++round) {
    const size_t n = 1 + random() % 14;
    std::string conllu;
    for (size_t i = 0; i < n; ++i)
      conllu += std::to_string(i + 1) + '\t' + words[random() % words.size()] + "\tx\t" + (random() % 2 ? "NOUN" : "PROPN") + "\t_\t_\t" +
                std::to_string(i == 0 ? 0 : 1) + (i == 0 ? "\troot\t_\t" : "\tdep\t_\t") + (random() % 3 ? "_" : "SpaceAfter=No") + '\n';
    const auto r = syntax::read_conllu(conllu + "\n");
    REQUIRE(r.has_value());
    uint32_t end = 0;
    for (const TimeExpression& t : time::find_times(r->trees, round % 2 ? std::optional<std::string>("2031-05-05") : std::nullopt)) {
      INFO(r->text);
      CHECK(t.span.start >= end);
      CHECK(t.span.end > t.span.start);
      CHECK(t.span.end <= r->text.size());
      end = t.span.end;
    }
  }
}
