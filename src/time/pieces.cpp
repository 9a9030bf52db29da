#include "time/pieces.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace reportedly::time {

const char* const kParts[] = {"", "TMO", "TMI", "TAF", "TEV", "TNI", "T12:00", "T24:00"};

namespace {

struct Entry {
  std::string_view word;
  enum Field : uint8_t {
    month,
    month_short,
    weekday,
    weekday_short,
    weekdays,
    unit,
    units,
    season,
    seasons,
    part,
    parts,
    number,
    ordinal,
    which
  } field;
  int value;
};

// In alphabetical order, checked by a test: looked up by bisection. A word with two meanings stands twice.
constexpr std::array kEntries = std::to_array<Entry>({
    {"afternoon", Entry::part, 3},
    {"afternoons", Entry::parts, 3},
    {"april", Entry::month, 4},
    {"apr", Entry::month_short, 4},
    {"august", Entry::month, 8},
    {"aug", Entry::month_short, 8},
    {"autumn", Entry::season, 4},
    {"autumns", Entry::seasons, 4},
    {"centuries", Entry::units, 13},
    {"century", Entry::unit, 13},
    {"coming", Entry::which, 1},
    {"current", Entry::which, 0},
    {"dawn", Entry::part, 1},
    {"day", Entry::unit, 4},
    {"days", Entry::units, 4},
    {"decade", Entry::unit, 12},
    {"decades", Entry::units, 12},
    {"december", Entry::month, 12},
    {"dec", Entry::month_short, 12},
    {"dusk", Entry::part, 4},
    {"eight", Entry::number, 8},
    {"eighteen", Entry::number, 18},
    {"eighteenth", Entry::ordinal, 18},
    {"eighth", Entry::ordinal, 8},
    {"eightieth", Entry::ordinal, 80},
    {"eighty", Entry::number, 80},
    {"eleven", Entry::number, 11},
    {"eleventh", Entry::ordinal, 11},
    {"evening", Entry::part, 4},
    {"evenings", Entry::parts, 4},
    {"fall", Entry::season, 4},
    {"february", Entry::month, 2},
    {"feb", Entry::month_short, 2},
    {"fifteen", Entry::number, 15},
    {"fifteenth", Entry::ordinal, 15},
    {"fifth", Entry::ordinal, 5},
    {"fiftieth", Entry::ordinal, 50},
    {"fifty", Entry::number, 50},
    {"first", Entry::ordinal, 1},
    {"five", Entry::number, 5},
    {"fortieth", Entry::ordinal, 40},
    {"fortnight", Entry::unit, 7},
    {"fortnights", Entry::units, 7},
    {"forty", Entry::number, 40},
    {"four", Entry::number, 4},
    {"fourteen", Entry::number, 14},
    {"fourteenth", Entry::ordinal, 14},
    {"fourth", Entry::ordinal, 4},
    {"fri", Entry::weekday_short, 5},
    {"friday", Entry::weekday, 5},
    {"fridays", Entry::weekdays, 5},
    {"half", Entry::unit, 10},
    {"hour", Entry::unit, 3},
    {"hours", Entry::units, 3},
    {"hr", Entry::unit, 3},
    {"hrs", Entry::units, 3},
    {"hundred", Entry::number, 100},
    {"hundredth", Entry::ordinal, 100},
    {"january", Entry::month, 1},
    {"jan", Entry::month_short, 1},
    {"july", Entry::month, 7},
    {"jul", Entry::month_short, 7},
    {"june", Entry::month, 6},
    {"jun", Entry::month_short, 6},
    {"last", Entry::which, -1},
    {"lunchtime", Entry::part, 2},
    {"march", Entry::month, 3},
    {"mar", Entry::month_short, 3},
    {"may", Entry::month, 5},
    {"midday", Entry::part, 6},
    {"midnight", Entry::part, 7},
    {"min", Entry::unit, 2},
    {"mins", Entry::units, 2},
    {"minute", Entry::unit, 2},
    {"minutes", Entry::units, 2},
    {"mon", Entry::weekday_short, 1},
    {"monday", Entry::weekday, 1},
    {"mondays", Entry::weekdays, 1},
    {"month", Entry::unit, 8},
    {"months", Entry::units, 8},
    {"morning", Entry::part, 1},
    {"mornings", Entry::parts, 1},
    {"next", Entry::which, 1},
    {"night", Entry::part, 5},
    {"nightfall", Entry::part, 4},
    {"nights", Entry::parts, 5},
    {"nine", Entry::number, 9},
    {"nineteen", Entry::number, 19},
    {"nineteenth", Entry::ordinal, 19},
    {"ninetieth", Entry::ordinal, 90},
    {"ninety", Entry::number, 90},
    {"ninth", Entry::ordinal, 9},
    {"noon", Entry::part, 6},
    {"november", Entry::month, 11},
    {"nov", Entry::month_short, 11},
    {"october", Entry::month, 10},
    {"oct", Entry::month_short, 10},
    {"one", Entry::number, 1},
    {"past", Entry::which, -1},
    {"quarter", Entry::unit, 9},
    {"quarters", Entry::units, 9},
    {"sat", Entry::weekday_short, 6},
    {"saturday", Entry::weekday, 6},
    {"saturdays", Entry::weekdays, 6},
    {"sec", Entry::unit, 1},
    {"second", Entry::unit, 1},
    {"second", Entry::ordinal, 2},
    {"seconds", Entry::units, 1},
    {"secs", Entry::units, 1},
    {"september", Entry::month, 9},
    {"sep", Entry::month_short, 9},
    {"sept", Entry::month_short, 9},
    {"seven", Entry::number, 7},
    {"seventeen", Entry::number, 17},
    {"seventeenth", Entry::ordinal, 17},
    {"seventh", Entry::ordinal, 7},
    {"seventieth", Entry::ordinal, 70},
    {"seventy", Entry::number, 70},
    {"six", Entry::number, 6},
    {"sixteen", Entry::number, 16},
    {"sixteenth", Entry::ordinal, 16},
    {"sixth", Entry::ordinal, 6},
    {"sixtieth", Entry::ordinal, 60},
    {"sixty", Entry::number, 60},
    {"spring", Entry::season, 2},
    {"springs", Entry::seasons, 2},
    {"summer", Entry::season, 3},
    {"summers", Entry::seasons, 3},
    {"sun", Entry::weekday_short, 7},
    {"sunday", Entry::weekday, 7},
    {"sundays", Entry::weekdays, 7},
    {"sunrise", Entry::part, 1},
    {"sunset", Entry::part, 4},
    {"ten", Entry::number, 10},
    {"tenth", Entry::ordinal, 10},
    {"third", Entry::ordinal, 3},
    {"thirteen", Entry::number, 13},
    {"thirteenth", Entry::ordinal, 13},
    {"thirtieth", Entry::ordinal, 30},
    {"thirty", Entry::number, 30},
    {"this", Entry::which, 0},
    {"thousand", Entry::number, 1000},
    {"three", Entry::number, 3},
    {"thu", Entry::weekday_short, 4},
    {"thur", Entry::weekday_short, 4},
    {"thurs", Entry::weekday_short, 4},
    {"thursday", Entry::weekday, 4},
    {"thursdays", Entry::weekdays, 4},
    {"tue", Entry::weekday_short, 2},
    {"tues", Entry::weekday_short, 2},
    {"tuesday", Entry::weekday, 2},
    {"tuesdays", Entry::weekdays, 2},
    {"twelfth", Entry::ordinal, 12},
    {"twelve", Entry::number, 12},
    {"twentieth", Entry::ordinal, 20},
    {"twenty", Entry::number, 20},
    {"two", Entry::number, 2},
    {"upcoming", Entry::which, 1},
    {"wed", Entry::weekday_short, 3},
    {"wednesday", Entry::weekday, 3},
    {"wednesdays", Entry::weekdays, 3},
    {"week", Entry::unit, 5},
    {"weekend", Entry::unit, 6},
    {"weekends", Entry::units, 6},
    {"weeks", Entry::units, 5},
    {"winter", Entry::season, 1},
    {"winters", Entry::seasons, 1},
    {"year", Entry::unit, 11},
    {"years", Entry::units, 11},
    {"yr", Entry::unit, 11},
    {"yrs", Entry::units, 11},
    {"zero", Entry::number, 0},
});

constexpr auto kSorted = [] {
  auto sorted = kEntries;
  std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) { return a.word < b.word; });
  return sorted;
}();

Sense sense_of(std::string_view word) {
  Sense s;
  auto it = std::lower_bound(kSorted.begin(), kSorted.end(), word, [](const Entry& e, std::string_view w) { return e.word < w; });
  for (; it != kSorted.end() && it->word == word; ++it) {
    switch (it->field) {
      case Entry::month_short:
        s.abbreviated = true;
        [[fallthrough]];
      case Entry::month:
        s.month = static_cast<uint8_t>(it->value);
        break;
      case Entry::weekday_short:
        s.abbreviated = true;
        [[fallthrough]];
      case Entry::weekday:
        s.weekday = static_cast<uint8_t>(it->value);
        break;
      case Entry::weekdays:
        s.weekday = static_cast<uint8_t>(it->value);
        s.plural = true;
        break;
      case Entry::units:
        s.plural = true;
        [[fallthrough]];
      case Entry::unit:
        s.unit = static_cast<Unit>(it->value);
        break;
      case Entry::seasons:
        s.plural = true;
        [[fallthrough]];
      case Entry::season:
        s.season = static_cast<uint8_t>(it->value);
        break;
      case Entry::parts:
        s.plural = true;
        [[fallthrough]];
      case Entry::part:
        s.part = static_cast<uint8_t>(it->value);
        break;
      case Entry::number:
        s.number = static_cast<int16_t>(it->value);
        break;
      case Entry::ordinal:
        s.ordinal = static_cast<uint8_t>(it->value);
        break;
      case Entry::which:
        s.which = static_cast<int8_t>(it->value);
        break;
    }
  }
  return s;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
size_t code_points(std::string_view s) {
  size_t n = 0;
  for (const char c : s) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

/// Punctuation of more than one byte, as the ASCII sign the grammar knows it by: curly apostrophe, dashes. Its length, 0 if it is none.
size_t wide_mark(std::string_view s, char& sign) {
  if (s.starts_with("’") || s.starts_with("‘")) {
    sign = '\'';
    return 3;
  }
  if (s.starts_with("–") || s.starts_with("—") || s.starts_with("‑") || s.starts_with("‐")) {
    sign = '-';
    return 3;
  }
  if (s.starts_with("“") || s.starts_with("”")) {
    sign = '"';
    return 3;
  }
  if (s.starts_with("…")) {
    sign = '.';
    return 3;
  }
  if (s.starts_with("£") || s.starts_with("\xC2\xA5")) {
    sign = '$';
    return 2;
  }
  if (s.starts_with("€")) {
    sign = '$';
    return 3;
  }
  return 0;
}

void cut_word(const syntax::Word& word, uint32_t index, bool glued, std::vector<Piece>& out) {
  const std::string_view form = word.form;
  // A word that a repair bridged is longer in the document than its form; then only its ends are sure.
  const bool exact = code_points(form) == word.span.size();
  uint32_t at = word.span.start;
  size_t i = 0;
  while (i < form.size()) {
    Piece p;
    p.word = index;
    p.upos = word.upos;
    p.glued = i == 0 ? glued : true;
    size_t j = i;
    char sign = 0;
    const std::string_view rest = form.substr(i);
    if (const size_t wide = wide_mark(rest, sign); wide > 0) {
      p.text = sign;
      j = i + wide;
    } else if (is_digit(form[i])) {
      p.kind = Kind::digits;
      p.number = 0;
      while (j < form.size()) {
        if (is_digit(form[j])) {
          p.text += form[j];
          ++j;
        } else if (form[j] == ',' && j + 3 < form.size() && is_digit(form[j + 1]) && is_digit(form[j + 2]) && is_digit(form[j + 3])) {
          p.thousands = true;
          ++j;
        } else {
          break;
        }
      }
      p.digits = static_cast<uint8_t>(std::min<size_t>(p.text.size(), 255));
      if (p.digits <= 9)
        p.number = std::stoll(p.text);
      else
        p.number = -1;
      const std::string_view after = form.substr(j);
      size_t letters = 0;
      while (letters < after.size() && is_letter(after[letters])) ++letters;
      if (letters == 2) {
        const char a = lower(after[0]), b = lower(after[1]);
        if ((a == 's' && b == 't') || (a == 'n' && b == 'd') || (a == 'r' && b == 'd') || (a == 't' && b == 'h')) {
          p.ordinal = true;
          j += 2;
        }
      } else if (letters == 1 && lower(after[0]) == 's') {
        p.decade = true;
        j += 1;
      } else if (letters == 0 && (after == "'s" || after == "’s") && p.digits == 4) {
        p.decade = true;  // "1990's"
        j += after.size();
      }
    } else if (is_letter(form[i])) {
      p.kind = Kind::letters;
      p.capital = form[i] >= 'A' && form[i] <= 'Z';
      while (j < form.size()) {
        char wide_sign = 0;
        if (form[j] == '.' || (is_letter(form[j]) && wide_mark(form.substr(j), wide_sign) == 0)) {
          if (form[j] != '.') p.text += lower(form[j]);
          ++j;
        } else {
          break;
        }
      }
      p.sense = sense_of(p.text);
    } else {
      p.text = form[i] == '`' ? '\'' : form[i];
      j = i + 1;
    }
    const auto length = static_cast<uint32_t>(code_points(form.substr(i, j - i)));
    p.span.start = exact || i == 0 ? at : word.span.end;
    at += length;
    p.span.end = j == form.size() ? word.span.end : exact ? at : word.span.end;
    if (!exact && i > 0) p.span.start = word.span.start;
    out.push_back(std::move(p));
    i = j;
  }
}

}  // namespace

std::vector<Piece> cut_pieces(const syntax::Trees& trees, uint32_t first, uint32_t last) {
  std::vector<Piece> out;
  out.reserve((last - first) + (last - first) / 4);
  for (uint32_t w = first; w < last; ++w) cut_word(trees.words[w], w, w > first && !trees.words[w - 1].space_after, out);
  return out;
}

}  // namespace reportedly::time
