// Numbers in words and figures.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "base/one_of.h"
#include "syntax/tree.h"

namespace reportedly::events {

/// "12", "1,200", "twelve".
inline std::optional<int64_t> number_of(const syntax::Word& w) {
  static const std::map<std::string_view, int64_t> kWords{
      {"one", 1},      {"two", 2},      {"three", 3},      {"four", 4},      {"five", 5},      {"six", 6},       {"seven", 7},
      {"eight", 8},    {"nine", 9},     {"ten", 10},       {"eleven", 11},   {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14},
      {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},
      {"forty", 40},   {"fifty", 50},   {"sixty", 60},     {"seventy", 70},  {"eighty", 80},   {"ninety", 90}};
  const auto it = kWords.find(w.lemma);
  if (it != kWords.end()) return it->second;
  int64_t n = 0;
  size_t digits = 0;
  for (const char c : w.form) {
    if (c == ',') continue;
    if (c < '0' || c > '9' || ++digits > 12) return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return digits ? std::optional(n) : std::nullopt;
}

/// Of "hundred", "thousand", "million"; 0: no such word.
inline int64_t magnitude(const syntax::Word& w) {
  return w.lemma == "hundred" ? 100 : w.lemma == "thousand" ? 1000 : w.lemma == "million" ? 1000000 : 0;
}

/// The number of a noun, or that a word is: "eleven men", "two thousand people", "a hundred lorries".
inline std::optional<std::pair<int64_t, Span>> figure_at(const syntax::Trees& trees, uint32_t x) {
  uint32_t figure = x;
  bool any = trees.words[x].upos == syntax::Upos::NUM;
  for (const uint32_t c : trees.children(x))
    if (trees.words[c].rel == syntax::Rel::nummod && (c < x || !any))
      figure = c, any = true;  // one behind it is a second thought: "not nine"
  if (!any) return std::nullopt;
  const int64_t unit = magnitude(trees.words[figure]);
  if (unit == 0) {
    const auto n = number_of(trees.words[figure]);
    return n ? std::optional(std::pair(*n, trees.words[figure].span)) : std::nullopt;
  }
  // what is counted in hundreds or thousands stands just before
  if (figure == 0 || trees.words[figure - 1].sentence != trees.words[figure].sentence) return std::nullopt;
  const syntax::Word& before = trees.words[figure - 1];
  const Span span{before.span.start, trees.words[figure].span.end};
  if (one_of(before.lemma, {"a", "one"})) return std::pair(unit, span);
  if (const auto n = number_of(before); n && *n < 1000) return std::pair(*n * unit, span);
  return std::nullopt;
}

/// A month's name, whole or short.
inline bool is_month(const syntax::Word& w) {
  return w.upos == syntax::Upos::PROPN &&
         one_of(w.form, {"January",  "February", "March", "April", "May",  "June",  "July", "August", "September", "October", "November",
                         "December", "Jan",      "Feb",   "Mar",   "Apr",  "Jun",   "Jul",  "Aug",    "Sept",      "Sep",     "Oct",
                         "Nov",      "Dec",      "Jan.",  "Feb.",  "Aug.", "Sept.", "Oct.", "Nov.",   "Dec."});
}

}  // namespace reportedly::events
