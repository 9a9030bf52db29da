#include <fmt/format.h>

#include <array>
#include <charconv>

#include "text/input.h"

namespace reportedly::text {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"january", "february", "march",     "april",   "may",      "june",
                                                   "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view s) {
  for (const char c : s)
    if (!digit(c)) return false;
  return !s.empty();
}
int number(std::string_view s) {
  int v = 0;
  std::from_chars(s.data(), s.data() + s.size(), v);
  return v;
}

/// "jan", "sept", "september" → number of the month, 0 if it is none. Three letters are enough, and any longer beginning.
int month_of(std::string_view word) {
  if (word.size() < 3) return 0;
  for (size_t m = 0; m < kMonths.size(); ++m)
    if (kMonths[m].starts_with(word)) return static_cast<int>(m) + 1;
  return 0;
}

bool is_weekday(std::string_view word) {
  if (word.size() < 3) return false;
  for (const auto day : kWeekdays)
    if (day.starts_with(word)) return true;
  return word == "thurs" || word == "tues";
}

/// Clock times and zones, which a date may carry: 10:30, 10.30pm, at, GMT, +0000, Z.
bool is_clock(std::string_view word) {
  for (const auto known :
       {"at",  "am", "pm",  "a.m", "p.m", "gmt", "utc",  "z",   "et",   "est",      "edt", "ct",  "cst", "cdt", "mt", "mst",
        "mdt", "pt", "pst", "pdt", "bst", "cet", "cest", "ist", "noon", "midnight", "on",  "the", "of",  "-",   "–"})
    if (word == known) return true;
  if (word.empty() || !(digit(word[0]) || word[0] == '+' || word[0] == '-')) return false;
  bool colon = word[0] == '+' || word[0] == '-';
  if (word.ends_with("am") || word.ends_with("pm")) {
    word.remove_suffix(2);
    colon = true;
  }
  for (const char c : word.substr(1)) {
    if (c == ':')
      colon = true;
    else if (!digit(c) && c != '.' && c != '+' && c != '-' && c != 'z')
      return false;
  }
  return colon;
}

struct Parts {
  int year = 0, month = 0, day = 0;
};

/// 2031-05-05, 2031/5/5, 20310505, each with or without T and a time.
bool iso_date(std::string_view word, Parts& date) {
  size_t used = 0;
  std::string_view y, m, d;
  if (word.size() >= 8 && all_digits(word.substr(0, 8))) {
    y = word.substr(0, 4), m = word.substr(4, 2), d = word.substr(6, 2), used = 8;
  } else {
    if (word.size() < 8 || !all_digits(word.substr(0, 4)) || (word[4] != '-' && word[4] != '/' && word[4] != '.')) return false;
    const size_t second = word.find(word[4], 5);
    if (second == std::string_view::npos) return false;
    y = word.substr(0, 4), m = word.substr(5, second - 5);
    used = second + 1;
    while (used < word.size() && used < second + 3 && digit(word[used])) ++used;
    d = word.substr(second + 1, used - second - 1);
    if (!all_digits(m) || m.size() > 2 || !all_digits(d)) return false;
  }
  const std::string_view rest = word.substr(used);
  if (!rest.empty()) {
    if (rest[0] != 't') return false;
    for (const char c : rest.substr(1))
      if (!digit(c) && c != ':' && c != '.' && c != '+' && c != '-' && c != 'z') return false;
  }
  date = {number(y), number(m), number(d)};
  return true;
}

int days_in(int month, int year) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap);
}

}  // namespace

std::optional<std::string> parse_date(std::string_view text) {
  if (text.size() > 100) return std::nullopt;
  std::string line;
  for (const char c : text) line.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  Parts date;
  for (size_t i = 0; i < line.size();) {
    if (line[i] == ' ' || line[i] == ',' || line[i] == '\t' || line[i] == '(' || line[i] == ')') {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < line.size() && line[end] != ' ' && line[end] != ',' && line[end] != '\t' && line[end] != '(' && line[end] != ')') ++end;
    std::string_view word(line.data() + i, end - i);
    i = end;
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    if (word.empty()) continue;
    Parts iso;
    if (iso_date(word, iso)) {
      if (date.year || date.month || date.day) return std::nullopt;
      date = iso;
      continue;
    }
    if (const int m = month_of(word)) {
      if (date.month) return std::nullopt;
      date.month = m;
      continue;
    }
    std::string_view numeral = word;
    const bool ordinal =
        numeral.size() > 2 && (numeral.ends_with("st") || numeral.ends_with("nd") || numeral.ends_with("rd") || numeral.ends_with("th"));
    if (ordinal) numeral.remove_suffix(2);
    if (all_digits(numeral)) {
      if (numeral.size() <= 2 && !date.day)
        date.day = number(numeral);
      else if (numeral.size() == 4 && !ordinal && !date.year)
        date.year = number(numeral);
      else if (!(numeral.size() == 4 && !ordinal && date.month && date.day))
        return std::nullopt;  // 1030 after a whole date is a clock time
      continue;
    }
    if (is_weekday(word) || is_clock(word)) continue;
    return std::nullopt;
  }
  if (date.year < 1000 || date.month < 1 || date.month > 12 || date.day < 1 || date.day > days_in(date.month, date.year))
    return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string document_id(std::string_view utf8_text, const std::optional<std::string>& published) {
  // SipHash-2-4 (Aumasson and Bernstein 2012), key zero.
  uint64_t v0 = 0x736f6d6570736575ULL, v1 = 0x646f72616e646f6dULL, v2 = 0x6c7967656e657261ULL, v3 = 0x7465646279746573ULL;
  auto turn = [](uint64_t x, int b) { return (x << b) | (x >> (64 - b)); };
  auto round = [&] {
    v0 += v1, v1 = turn(v1, 13) ^ v0, v0 = turn(v0, 32);
    v2 += v3, v3 = turn(v3, 16) ^ v2;
    v0 += v3, v3 = turn(v3, 21) ^ v0;
    v2 += v1, v1 = turn(v1, 17) ^ v2, v2 = turn(v2, 32);
  };
  uint64_t word = 0, length = 0;
  auto add = [&](char c) {
    word |= static_cast<uint64_t>(static_cast<unsigned char>(c)) << (8 * (length & 7));
    if ((++length & 7) == 0) {
      v3 ^= word;
      round(), round();
      v0 ^= word;
      word = 0;
    }
  };
  for (const char c : utf8_text) add(c);
  add('\0');
  if (published)
    for (const char c : *published) add(c);
  word |= length << 56;
  v3 ^= word;
  round(), round();
  v0 ^= word;
  v2 ^= 0xff;
  round(), round(), round(), round();
  return fmt::format("{:016x}", v0 ^ v1 ^ v2 ^ v3);
}

}  // namespace reportedly::text
