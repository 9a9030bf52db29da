#include "time/grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "base/one_of.h"

namespace reportedly::time {
namespace {

using syntax::Upos;

struct Holiday {
  std::array<std::string_view, 5> words;  ///< empty ones at the end
  int month, day;                         ///< fixed; or
  int weekday, nth;                       ///< the nth weekday of the month, −1 the last; or
  int easter;                             ///< days after Easter
  enum : uint8_t { fixed, nth_weekday, from_easter } kind;
};

// Longer names before the shorter ones they begin with.
const Holiday kHolidays[] = {
    {{{"christmas", "eve"}}, 12, 24, 0, 0, 0, Holiday::fixed},
    {{{"christmas", "day"}}, 12, 25, 0, 0, 0, Holiday::fixed},
    {{{"boxing", "day"}}, 12, 26, 0, 0, 0, Holiday::fixed},
    {{{"christmas"}}, 12, 25, 0, 0, 0, Holiday::fixed},
    {{{"new", "year", "'", "s", "eve"}}, 12, 31, 0, 0, 0, Holiday::fixed},
    {{{"new", "year", "'", "s", "day"}}, 1, 1, 0, 0, 0, Holiday::fixed},
    {{{"new", "years", "eve"}}, 12, 31, 0, 0, 0, Holiday::fixed},
    {{{"new", "years", "day"}}, 1, 1, 0, 0, 0, Holiday::fixed},
    {{{"valentine", "'", "s", "day"}}, 2, 14, 0, 0, 0, Holiday::fixed},
    {{{"halloween"}}, 10, 31, 0, 0, 0, Holiday::fixed},
    {{{"may", "day"}}, 5, 1, 0, 0, 0, Holiday::fixed},
    {{{"armistice", "day"}}, 11, 11, 0, 0, 0, Holiday::fixed},
    {{{"bastille", "day"}}, 7, 14, 0, 0, 0, Holiday::fixed},
    {{{"veterans", "day"}}, 11, 11, 0, 0, 0, Holiday::fixed},
    {{{"memorial", "day"}}, 5, 0, 1, -1, 0, Holiday::nth_weekday},
    {{{"labor", "day"}}, 9, 0, 1, 1, 0, Holiday::nth_weekday},
    {{{"thanksgiving", "day"}}, 11, 0, 4, 4, 0, Holiday::nth_weekday},
    {{{"thanksgiving"}}, 11, 0, 4, 4, 0, Holiday::nth_weekday},
    {{{"ash", "wednesday"}}, 0, 0, 0, 0, -46, Holiday::from_easter},
    {{{"palm", "sunday"}}, 0, 0, 0, 0, -7, Holiday::from_easter},
    {{{"good", "friday"}}, 0, 0, 0, 0, -2, Holiday::from_easter},
    {{{"easter", "sunday"}}, 0, 0, 0, 0, 0, Holiday::from_easter},
    {{{"easter", "monday"}}, 0, 0, 0, 0, 1, Holiday::from_easter},
    {{{"easter"}}, 0, 0, 0, 0, 0, Holiday::from_easter},
    {{{"pentecost"}}, 0, 0, 0, 0, 49, Holiday::from_easter},
};

Grain grain_of(Unit u) {
  switch (u) {
    case Unit::day:
      return Grain::day;
    case Unit::week:
      return Grain::week;
    case Unit::weekend:
      return Grain::weekend;
    case Unit::month:
      return Grain::month;
    case Unit::quarter:
      return Grain::quarter;
    case Unit::half:
      return Grain::half;
    case Unit::decade:
      return Grain::decade;
    case Unit::century:
      return Grain::century;
    default:
      return Grain::year;
  }
}
bool is_calendar_unit(Unit u) {
  return u >= Unit::day && u != Unit::fortnight && u != Unit::half && u != Unit::none;
}

std::string number_text(double v) {
  return v == std::floor(v) ? fmt::format("{}", static_cast<int64_t>(v)) : fmt::format("{:g}", v);
}

/// "P3D", "PT2H", "PXY"; v < 0: a number not told.
std::string duration_value(Unit u, double v) {
  // An uncounted decade or century is a stretch of years; a counted one is told in years.
  if (u == Unit::decade || u == Unit::century) return v < 0 ? "PXY" : fmt::format("P{}Y", number_text(v * (u == Unit::decade ? 10 : 100)));
  if (u == Unit::fortnight) return v < 0 ? "PXW" : fmt::format("P{}W", number_text(2 * v));
  if (v == 0.5 && u == Unit::hour) return "PT30M";
  if (v == 0.5 && u == Unit::year) return "P6M";
  const std::string n = v < 0 ? "X" : number_text(v);
  switch (u) {
    case Unit::second:
      return "PT" + n + "S";
    case Unit::minute:
      return "PT" + n + "M";
    case Unit::hour:
      return "PT" + n + "H";
    case Unit::day:
      return "P" + n + "D";
    case Unit::week:
      return "P" + n + "W";
    case Unit::weekend:
      return "P" + n + "WE";
    case Unit::month:
      return "P" + n + "M";
    case Unit::quarter:
      return "P" + n + "Q";
    case Unit::half:
      return v < 0 ? "PXM" : fmt::format("P{}M", number_text(6 * v));
    default:
      return "P" + n + "Y";
  }
}

struct Count {
  double value = 0;  ///< −1: not told ("several")
  uint32_t next = 0;
  bool is_article = false;
};

class Parser {
 public:
  Parser(const syntax::Trees& trees, const std::vector<Piece>& pieces)
      : trees_(trees), p_(pieces), n_(static_cast<uint32_t>(pieces.size())) {}

  std::vector<Match> run() {
    std::vector<Match> out;
    for (uint32_t i = 0; i < n_;) {
      if (!may_begin(i)) {
        ++i;
        continue;
      }
      best_ = Match{};
      found_ = false;
      expression(i);
      if (!found_) {
        ++i;
        continue;
      }
      best_.first = i;
      out.push_back(best_);
      i = best_.last;
      previous_ = out.back();
    }
    return out;
  }

 private:
  // ---- pieces -----------------------------------------------------------------------------------------------------
  std::string_view text(uint32_t i) const { return i < n_ ? std::string_view(p_[i].text) : std::string_view(); }
  bool is(uint32_t i, std::string_view w) const { return i < n_ && p_[i].text == w; }
  bool is(uint32_t i, std::initializer_list<std::string_view> list) const { return i < n_ && one_of(p_[i].text, list); }
  bool before(uint32_t i, std::initializer_list<std::string_view> list) const { return i > 0 && one_of(p_[i - 1].text, list); }
  bool before(uint32_t i, std::string_view w) const { return i > 0 && p_[i - 1].text == w; }
  bool word_end(uint32_t i) const { return i >= n_ || !p_[i].glued || p_[i].kind == Kind::mark; }
  bool digits(uint32_t i, int low, int high) const {
    return i < n_ && p_[i].kind == Kind::digits && p_[i].digits >= low && p_[i].digits <= high && p_[i].number >= 0;
  }
  const Sense& sense(uint32_t i) const {
    static const Sense nothing;
    return i < n_ ? p_[i].sense : nothing;
  }
  uint32_t skip(uint32_t i, std::string_view w) const { return is(i, w) ? i + 1 : i; }
  uint32_t skip_hyphen(uint32_t i) const { return is(i, "-") && p_[i].glued ? i + 1 : i; }
  /// Part of a longer name: "Theresa May", "Sunday Times".
  bool in_name(uint32_t i) const {
    const syntax::Word& w = trees_.words[p_[i].word];
    if (w.upos != Upos::PROPN) return false;
    if (w.rel == syntax::Rel::flat && w.head >= 0 && trees_.words[static_cast<size_t>(w.head)].upos == Upos::PROPN) {
      const syntax::Word& head = trees_.words[static_cast<size_t>(w.head)];
      return !looks_temporal(head.form);
    }
    for (const uint32_t c : trees_.children(p_[i].word))
      if (trees_.words[c].rel == syntax::Rel::flat && trees_.words[c].upos == Upos::PROPN && !looks_temporal(trees_.words[c].form))
        return true;
    return false;
  }
  static bool looks_temporal(std::string_view form) {
    return one_of(form, {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
                         "April", "May", "June", "July", "August", "September", "October", "November", "December"});
  }

  /// A cheap test, so that most words cost one comparison of flags.
  bool may_begin(uint32_t i) const {
    const Piece& p = p_[i];
    if (p.kind == Kind::digits) return p.number >= 0 && !(i > 0 && p.glued && p_[i - 1].kind == Kind::letters);
    if (p.kind == Kind::mark) return p.text == "'" && digits(i + 1, 2, 2) && p_[i + 1].glued;
    if (p.glued && i > 0 && p_[i - 1].kind == Kind::letters) return false;
    const Sense& s = p.sense;
    if (s.month || s.weekday || s.unit != Unit::none || s.season || s.part || s.number >= 0 || s.ordinal || s.which != Sense::kNoWhich)
      return true;
    switch (p.text[0]) {
      case 'a':
        return one_of(p.text, {"a", "an", "about", "almost", "around", "approximately", "at", "another", "annual", "annually", "ash",
                               "armistice", "all", "as"});
      case 'b':
        return one_of(p.text, {"barely", "biweekly", "boxing", "bastille", "both"});
      case 'c':
        return one_of(p.text, {"currently", "couple", "christmas"});
      case 'd':
        return one_of(p.text, {"daily", "daylong", "during", "dozens"});
      case 'e':
        return one_of(p.text, {"early", "earlier", "each", "every", "easter", "exactly", "eighties", "end"});
      case 'f':
        return one_of(p.text, {"few", "following", "final", "fewer", "fifties", "forties", "future", "fourth"});
      case 'g':
        return one_of(p.text, {"good"});
      case 'h':
        return one_of(p.text, {"halloween", "hundreds", "hourly", "hourlong"});
      case 'i':
        return one_of(p.text, {"in"});
      case 'j':
        return one_of(p.text, {"just"});
      case 'l':
        return one_of(p.text, {"late", "later", "lately", "labor", "less", "latest"});
      case 'm':
        return one_of(p.text, {"mid", "middle", "more", "many", "memorial", "monthly", "monthlong", "most", "multiple"});
      case 'n':
        return one_of(p.text, {"now", "nearly", "new", "nowadays", "nightly", "nineties", "numerous", "no", "not"});
      case 'o':
        return one_of(p.text, {"over", "once", "overnight", "only"});
      case 'p':
        return one_of(p.text, {"previous", "palm", "pentecost", "preceding", "present", "presently", "past"});
      case 'q':
        return one_of(p.text, {"quarterly", "q"});
      case 'r':
        return one_of(p.text, {"recent", "recently", "roughly"});
      case 's':
        return one_of(p.text, {"several", "same", "single", "some", "seventies", "sixties", "soon", "semiannual", "start"});
      case 't':
        return one_of(p.text, {"the", "that", "these", "those", "today", "tonight", "tomorrow", "thanksgiving", "thousands", "twice",
                               "three", "thirties", "twenties"});
      case 'u':
        return one_of(p.text, {"under", "up"});
      case 'v':
        return one_of(p.text, {"valentine", "veterans", "very"});
      case 'w':
        return one_of(p.text, {"weekly", "weeklong"});
      case 'y':
        return one_of(p.text, {"yesterday", "yearly", "yearlong", "yesteryear"});
      default:
        return false;
    }
  }

  void offer(Match m) {
    if (!found_ || m.last > best_.last) {
      best_ = std::move(m);
      found_ = true;
    }
  }
  void literal(uint32_t last, Type type, std::string value, const char* why = "as written") {
    Match m;
    m.last = last;
    m.type = type;
    m.rule = Rule::literal;
    m.literal = std::move(value);
    m.why = why;
    offer(std::move(m));
  }

  // ---- the whole expression -----------------------------------------------------------------------------------------
  void expression(uint32_t i) {
    core(i);
    // "early 2031", "later this week", "mid-June", "the end of last year": the base's value, the words in its span.
    uint32_t j = i;
    bool mid = false;
    if (is(j, {"early", "late", "earlier", "later", "mid", "middle"})) {
      mid = is(j, "mid");
      j = skip_hyphen(j + 1);
      if (is(j, {"in", "on", "of"}) && !is(j, "of")) {
        // "later in the day": two expressions by the guidelines; the first word is none of its own.
        j = i;
      }
    } else {
      uint32_t k = skip(i, "the");
      k = skip(k, "very");
      if (is(k, {"end", "beginning", "start", "middle", "close", "rest", "remainder", "turn", "final", "latter", "early", "first"}) &&
          is(k + 1, "of"))
        j = k + 2;
      else if (is(k, {"early", "late"}) && k > i)
        j = k + 1;
      else if (is(k, {"latter", "early", "later", "first", "second", "last", "better"}) && is(k + 1, {"part", "days", "half"}) &&
               is(k + 2, "of")) {
        if (!is(k + 1, "half")) j = k + 3;
      } else if (is(k, "mid") && k > i) {
        mid = true;
        j = skip_hyphen(k + 1);
      }
    }
    if (j > i && j < n_) {
      const bool had = found_;
      const Match kept = best_;
      found_ = false;
      core(j);
      const bool base = found_ && best_.rule != Rule::literal
                            ? true
                            : found_ && best_.type != Type::duration && best_.literal.find("REF") == std::string::npos;
      if (!base || (had && kept.last >= best_.last)) {
        best_ = kept;
        found_ = had;
      } else if (mid && best_.rule == Rule::period && best_.grain == Grain::month && best_.clock.empty()) {
        best_.why = "middle of a month";
      }
    }
  }

  void core(uint32_t i) {
    const Piece& p = p_[i];
    if (p.kind != Kind::letters) {
      numeric_date(i);
      if (clock(i)) return;
    }
    calendar_date(i);
    weekday(i);
    day_of_month(i);
    holiday(i);
    if (p.kind == Kind::letters) {
      deictic(i);
      references(i);
      sets(i);
      part_of_day(i);
      clock(i);
    }
    quarter(i);
    season(i);
    decade_century(i);
    relative(i);
    durations(i);
    year(i);
  }

  // ---- numbers ------------------------------------------------------------------------------------------------------
  /// Digits or number words; "a", "several", "few" too if `loose`.
  bool count(uint32_t i, Count& c, bool loose) const {
    c = Count{};
    if (i >= n_) return false;
    const Piece& p = p_[i];
    if (p.kind == Kind::digits) {
      if (p.number < 0 || p.ordinal || p.decade) return false;
      c.value = static_cast<double>(p.number);
      c.next = i + 1;
      if (is(i + 1, ".") && p_[i + 1].glued && digits(i + 2, 1, 3) && p_[i + 2].glued) {
        c.value += static_cast<double>(p_[i + 2].number) / std::pow(10.0, p_[i + 2].digits);
        c.next = i + 3;
      } else if (is(i + 1, "/") && p_[i + 1].glued && digits(i + 2, 1, 1) && p_[i + 2].glued && p_[i + 2].number > p.number) {
        c.value /= static_cast<double>(p_[i + 2].number);
        c.next = i + 3;
      }
      half_after(c);
      return true;
    }
    if (p.kind != Kind::letters) return false;
    if (p.sense.number >= 0 && p.sense.number < 100) {
      double v = p.sense.number;
      uint32_t k = i + 1;
      if (v >= 20) {
        const uint32_t h = skip_hyphen(k);
        const int units = sense(h).number;
        if (units >= 1 && units <= 9) {
          v += units;
          k = h + 1;
        }
      }
      if (sense(k).number >= 100) {
        v *= sense(k).number;
        ++k;
        uint32_t h = skip(k, "and");
        Count rest;
        if (h < n_ && p_[h].sense.number > 0 && p_[h].sense.number < 100 && count(h, rest, false)) {
          v += rest.value;
          k = rest.next;
        }
      }
      c.value = v;
      c.next = k;
      half_after(c);
      return true;
    }
    if (p.text == "half") {
      c.value = 0.5;
      c.next = i + 1;
      if (is(c.next, {"a", "an"}))
        ++c.next;
      else if (!is(c.next, "-") && !sense(c.next).month && sense(c.next).unit == Unit::none)
        return false;
      if (is(c.next, "-") && p_[c.next].glued) ++c.next;
      return true;
    }
    if (!loose) return false;
    if (one_of(p.text, {"a", "an", "another"})) {
      c.value = 1;
      c.next = i + 1;
      c.is_article = true;
      if (is(c.next,
             {"few", "couple", "dozen", "half", "hundred", "thousand", "number", "quarter", "good", "single", "third", "bit", "handful"})) {
        const std::string_view w = text(c.next);
        c.is_article = false;
        ++c.next;
        if (w == "couple") {
          c.value = 2;
          c.next = skip(c.next, "of");
        } else if (w == "dozen") {
          c.value = 12;
        } else if (w == "hundred") {
          c.value = 100;
        } else if (w == "thousand") {
          c.value = 1000;
        } else if (w == "half") {
          c.value = 0.5;
          if (is(c.next, {"a", "an", "dozen"})) {
            if (is(c.next, "dozen")) c.value = 6;
            ++c.next;
          }
          c.next = skip_hyphen(c.next);
        } else if (w == "quarter" || w == "third") {
          if (!is(c.next, {"of", "century", "-"})) {
            c.next = i + 1;
            c.is_article = true;
            return true;
          }
          c.value = w == "quarter" ? 0.25 : -1;
          c.next = skip(skip(c.next, "of"), "-");
          if (is(c.next, {"a", "an"})) ++c.next;
        } else if (w == "number" || w == "handful" || w == "bit") {
          c.value = -1;
          if (!is(c.next, "of")) return false;
          ++c.next;
        } else if (w == "few") {
          c.value = -1;
        } else if (w == "good") {
          if (is(c.next, "many")) ++c.next;
          c.value = -1;
        }
      }
      half_after(c);
      return true;
    }
    if (one_of(p.text, {"several", "few", "many", "some", "multiple", "numerous"})) {
      c.value = -1;
      c.next = i + 1;
      return true;
    }
    if (one_of(p.text, {"couple"})) {
      c.value = 2;
      c.next = skip(i + 1, "of");
      return true;
    }
    if (one_of(p.text, {"dozens", "hundreds", "thousands", "tens"}) && is(i + 1, "of")) {
      c.value = -1;
      c.next = i + 2;
      return true;
    }
    return false;
  }
  /// "two and a half"
  void half_after(Count& c) const {
    if (is(c.next, "and") && is(c.next + 1, "a") && is(c.next + 2, "half") && !is(c.next + 3, "of")) {
      c.value += 0.5;
      c.next += 3;
      c.is_article = false;
    } else if (is(c.next, "-") && is(c.next + 1, "and") && is(c.next + 3, "a") && is(c.next + 5, "half")) {
      c.value += 0.5;
      c.next += 6;
    }
  }
  /// "third", "3rd", "twenty-first": 0 if none.
  int ordinal(uint32_t i, uint32_t& next) const {
    if (i >= n_) return 0;
    if (p_[i].kind == Kind::digits && p_[i].ordinal && p_[i].number > 0 && p_[i].number < 100) {
      next = i + 1;
      return static_cast<int>(p_[i].number);
    }
    if (p_[i].sense.ordinal) {
      next = i + 1;
      return p_[i].sense.ordinal;
    }
    if (p_[i].sense.number >= 20 && p_[i].sense.number < 100) {
      const uint32_t h = skip_hyphen(i + 1);
      const int o = sense(h).ordinal;
      if (o >= 1 && o <= 9) {
        next = h + 1;
        return p_[i].sense.number + o;
      }
    }
    return 0;
  }

  // ---- dates --------------------------------------------------------------------------------------------------------
  void date(uint32_t last, int y, int m, int d, const char* why = "as written") {
    Match match;
    match.last = last;
    match.rule = d ? Rule::date : Rule::period;
    match.grain = d ? Grain::day : Grain::month;
    match.year = y;
    match.month = m;
    match.index = m;
    match.day = d;
    match.why = why;
    tail(match);
    offer(std::move(match));
  }
  static int full_year(int64_t y, int digits) { return digits == 4 ? static_cast<int>(y) : static_cast<int>(y) + (y < 40 ? 2000 : 1900); }

  void numeric_date(uint32_t i) {
    if (p_[i].kind != Kind::digits || p_[i].ordinal || p_[i].decade || p_[i].thousands || i + 2 >= n_) return;
    if (i > 0 && p_[i].glued && is(i - 1, {"/", "-", ".", "$"})) return;
    const std::string_view sep = text(i + 1);
    if (!p_[i + 1].glued || !p_[i + 2].glued || p_[i + 2].kind != Kind::digits) return;
    if (sep == "/" && p_[i].number == 9 && p_[i + 2].text == "11" && !(is(i + 3, {"/", "-"}) && p_[i + 3].glued)) {
      date(i + 3, 2001, 9, 11, "the attacks known by that date");
      return;
    }
    if (i + 4 >= n_ || text(i + 3) != sep || !p_[i + 3].glued || !p_[i + 4].glued || p_[i + 4].kind != Kind::digits) return;
    if (i + 5 < n_ && p_[i + 5].glued && (p_[i + 5].kind == Kind::digits || (is(i + 5, {"/", "-"}) && digits(i + 6, 1, 9)))) return;
    const int64_t a = p_[i].number, b = p_[i + 2].number, c = p_[i + 4].number;
    int y = 0, m = 0, d = 0;
    if (digits(i, 4, 4) && digits(i + 2, 1, 2) && digits(i + 4, 1, 2) && (sep == "-" || sep == "/" || sep == ".")) {
      y = static_cast<int>(a), m = static_cast<int>(b), d = static_cast<int>(c);
    } else if (digits(i, 1, 2) && digits(i + 2, 1, 2) && (digits(i + 4, 4, 4) || (digits(i + 4, 2, 2) && sep == "/"))) {
      y = full_year(c, p_[i + 4].digits);
      // Month first, as American papers write; where that is impossible, and with full stops, day first.
      const bool day_first = sep == "." || a > 12;
      m = static_cast<int>(day_first ? b : a);
      d = static_cast<int>(day_first ? a : b);
    } else {
      return;
    }
    if (!is_valid({y, m, d}) || y < 1000) return;
    uint32_t last = i + 5;
    if (is(last, "t") && p_[last].glued && digits(last + 1, 2, 2)) {  // 2031-05-02T18:00
      std::string t = "T" + p_[last + 1].text;
      uint32_t k = last + 2;
      while (is(k, ":") && digits(k + 1, 2, 2)) {
        t += ":" + p_[k + 1].text;
        k += 2;
      }
      if (is(k, "z")) {
        t += "Z";
        ++k;
      }
      literal(k, Type::time, value_of({Grain::day, {y, m, d}}) + t);
      return;
    }
    date(last, y, m, d, sep == "/" && a <= 12 && b <= 12 && p_[i].digits <= 2 ? "month first, as in American dates" : "as written");
  }

  bool day_number_at(uint32_t i, int& d, uint32_t& next) const {
    if (digits(i, 1, 2) && !p_[i].decade && !p_[i].thousands && p_[i].number >= 1 && p_[i].number <= 31) {
      // "May 5.2 percent", "June 20%", "May 10:30": no days.
      if (is(i + 1, {".", ":"}) && p_[i + 1].glued && i + 2 < n_ && p_[i + 2].glued && p_[i + 2].kind == Kind::digits) return false;
      if (is(i + 1, "%")) return false;
      d = static_cast<int>(p_[i].number);
      next = i + 1;
      return true;
    }
    uint32_t k = 0;
    const int o = ordinal(i, k);
    if (o >= 1 && o <= 31) {
      d = o;
      next = k;
      return true;
    }
    return false;
  }
  /// Four digits that can be a year, at i.
  bool plain_year(uint32_t i, int& y) const {
    if (!digits(i, 4, 4) || p_[i].ordinal || p_[i].decade || p_[i].thousands || p_[i].number < 1000 || p_[i].number > 2200) return false;
    if (i + 1 < n_ && p_[i + 1].glued &&
        (p_[i + 1].kind != Kind::mark || (is(i + 1, {".", ":", "/"}) && i + 2 < n_ && p_[i + 2].glued && p_[i + 2].kind == Kind::digits)))
      return false;
    y = static_cast<int>(p_[i].number);
    return true;
  }
  /// ", 2031", "2031", "of 2031", "last year", "of that year" after a date that ends before i.
  void year_after(uint32_t& i, Match& m, bool with_comma) const {
    uint32_t k = i;
    if (with_comma) k = skip(k, ",");
    if (k == i) k = skip(k, "of");
    int y = 0;
    if (plain_year(k, y) && (k > i || !is(k + 1, {"people", "men", "women", "troops", "soldiers", "jobs", "dead"}))) {
      m.year = y;
      i = k + 1;
      return;
    }
    if (is(k, "'") && digits(k + 1, 2, 2) && p_[k + 1].glued) {
      m.year = full_year(p_[k + 1].number, 2);
      i = k + 2;
      return;
    }
    if (is(k, ",")) return;
    k = skip(i, ",");
    const bool of = is(k, "of");
    if (of) ++k;
    if (is(k, "the") && is(k + 1, {"same", "previous", "following", "next", "last"})) ++k;
    if (!is(k + 1, "year") || (k > i && !of && is(i, ","))) return;
    if (is(k, "last"))
      m.year_shift = -1;
    else if (is(k, "this") || is(k, "current"))
      m.year_shift = 0;
    else if (is(k, "next"))
      m.year_shift = 1;
    else if (is(k, {"that", "same"}))
      m.year_shift = 0, m.year_anchored = true;
    else if (is(k, "previous"))
      m.year_shift = -1, m.year_anchored = true;
    else if (is(k, "following"))
      m.year_shift = 1, m.year_anchored = true;
    else
      return;
    i = k + 2;
  }

  /// Is the month word at i a month here?
  bool is_month(uint32_t i) const {
    const Piece& p = p_[i];
    if (!p.sense.month || !p.capital) return false;
    if (p.text == "may" || p.text == "march" || p.sense.abbreviated) {
      int d = 0, y = 0;
      uint32_t k = 0;
      const uint32_t after = skip(i + 1, ".");
      const bool number_near = day_number_at(after, d, k) || plain_year(skip(after, ","), y) || (i > 0 && digits(i - 1, 1, 2)) ||
                               (i > 1 && is(i - 1, "of") && p_[i - 2].ordinal) || (i > 0 && p_[i - 1].ordinal);
      if (number_near) return !(p.upos == Upos::AUX);
      if (p.sense.abbreviated)
        return p.upos == Upos::PROPN &&
               before(i, {"in", "since", "last", "next", "this", "early", "late", "mid", "by", "until", "from", "to", "-"});
      if (p.upos == Upos::AUX || p.upos == Upos::VERB) return false;
      if (in_name(i)) return false;
      return p.upos == Upos::PROPN || before(i, {"in", "since", "last", "next", "early", "late", "until", "by", "of", "from"});
    }
    if (p.upos == Upos::VERB || p.upos == Upos::ADJ) return p.text != "august";
    // A forename or surname: "June Harrow", unless a number or preposition makes it a month.
    if (in_name(i) && !digits(i + 1, 1, 4) && !before(i, {"in", "since", "last", "next", "this", "early", "late", "until"})) return false;
    return true;
  }

  void calendar_date(uint32_t i) {
    Match m;
    m.rule = Rule::period;
    m.grain = Grain::month;
    uint32_t k = i;
    // "Friday, 18 May": the weekday belongs to the date.
    if (sense(i).weekday && !sense(i).plural && p_[i].capital) {
      m.weekday = sense(i).weekday;
      k = skip(i + 1, ".");
      // "Friday night, May 2" stays two expressions.
      k = skip(k, ",");
      k = skip(k, "the");
      if (k >= n_ || !(sense(k).month || digits(k, 1, 2) || p_[k].sense.ordinal)) return;
    }
    const bool the = is(k, "the");
    uint32_t at = the ? k + 1 : k;
    int d = 0;
    uint32_t next = 0;
    if (at < n_ && sense(at).month && !the && is_month(at)) {  // month [day] [year]
      m.month = m.index = sense(at).month;
      uint32_t e = at + 1;
      if (is(e, ".") && p_[e].glued && e + 1 < n_) ++e;
      const uint32_t after_the = skip(e, "the");
      if (day_number_at(after_the, d, next) && !(after_the > e && !p_[after_the].ordinal && !p_[after_the].sense.ordinal) &&
          !(p_[after_the].sense.ordinal && is(next, {"quarter", "-", "half"}))) {
        m.rule = Rule::date;
        m.grain = Grain::day;
        m.day = d;
        e = next;
        year_after(e, m, true);
        if (m.month == 9 && d == 11 && m.year == kUnknown && m.weekday == 0) {
          const uint32_t a = skip(e, ",");
          if (is(a, {"attack", "attacks", "hijackings", "hijackers"}) ||
              (is(a, {"terrorist", "terror"}) && is(a + 1, {"attack", "attacks", "hijackings"})))
            m.year = 2001;
        }
      } else {
        if (m.weekday) return;
        const uint32_t comma = skip(e, ",");
        int y = 0;
        if (plain_year(comma, y) && (comma == e || !is(comma + 1, {"people"}))) {
          m.year = y;
          e = comma + 1;
        } else {
          year_after(e, m, false);
        }
      }
      m.last = e;
    } else if (at < n_ && day_number_at(at, d, next)) {  // [the] day [of] month [year]
      if (m.weekday == 0 && the && !p_[at].ordinal && !p_[at].sense.ordinal) return;
      const uint32_t of = skip(next, "of");
      const uint32_t mo = skip_hyphen(of);
      if (!(mo < n_ && sense(mo).month && p_[mo].capital && is_month(mo))) {
        // "Friday the 13th"
        if (m.weekday && (p_[at].ordinal || p_[at].sense.ordinal)) {
          m.rule = Rule::weekday;
          m.last = next;
          m.grain = Grain::day;
          offer(std::move(m));
        }
        return;
      }
      m.rule = Rule::date;
      m.grain = Grain::day;
      m.day = d;
      m.month = m.index = sense(mo).month;
      uint32_t e = mo + 1;
      if (is(e, ".") && p_[e].glued && e + 1 < n_) ++e;
      uint32_t dash = skip_hyphen(e);
      int y = 0;
      if (dash > e && plain_year(dash, y)) {
        m.year = y;
        e = dash + 1;
      } else {
        year_after(e, m, true);
      }
      m.last = e;
    } else {
      return;
    }
    if (m.day > 0 && m.month > 0 && m.day > days_in_month(m.year == kUnknown ? 2000 : m.year, m.month)) return;
    m.why = m.year != kUnknown ? "as written" : "";
    if (m.rule == Rule::date) tail(m);
    offer(std::move(m));
  }

  /// After a day: part of the day or clock time that belongs to it.
  void tail(Match& m) const {
    uint32_t k = m.last;
    if (k < n_ && p_[k].sense.part && !p_[k].sense.plural && (m.rule == Rule::weekday || m.rule == Rule::shift)) {
      m.clock = kParts[p_[k].sense.part];
      m.type = Type::time;
      m.last = k + 1;
      return;
    }
    // "May 5, 2031, 10:30 a.m.": after a date a comma may stand between.
    if (m.rule == Rule::date && m.year != kUnknown) k = skip(k, ",");
    if (k < n_ && digits(k, 1, 2)) {
      std::string c;
      uint32_t end = 0;
      if (clock_at(k, c, end, m.rule != Rule::date || m.year != kUnknown)) {
        m.clock = c;
        m.type = Type::time;
        m.last = end;
      }
    }
  }

  void weekday(uint32_t i) {
    uint32_t k = i;
    int which = kFree;
    if (sense(k).which != Sense::kNoWhich && !sense(k).weekday) {
      which = sense(k).which;
      ++k;
    } else if (is(k, "the") && is(k + 1, {"previous", "following", "next", "last"}) && sense(k + 2).weekday) {
      which = is(k + 1, {"previous", "last"}) ? -1 : 1;
      k += 2;
    } else if (is(k, {"previous", "following"})) {
      which = is(k, "previous") ? -1 : 1;
      ++k;
    } else if (is(k, {"early", "late"}) && sense(k + 1).weekday) {
      ++k;
    }
    if (k >= n_ || !sense(k).weekday || !p_[k].capital) return;
    const Piece& p = p_[k];
    if (p.sense.abbreviated) {
      // "Sun", "Sat", "Wed" are words of their own: only with a full stop, and before a date, or by the tagger's word.
      const bool stop = trees_.words[p.word].form.ends_with('.') || (is(k + 1, ".") && p_[k + 1].glued && k + 2 < n_);
      if (!stop && !(before(k, "on") && p.upos == Upos::PROPN && p.text != "sun")) return;
      if (p.text == "sun" && in_name(k)) return;
    }
    if (p.sense.plural) {
      if (which == kFree) literal(k + 1, Type::set, fmt::format("XXXX-WXX-{}", p.sense.weekday), "every week");
      return;
    }
    if (in_name(k) || is(k + 1, {"times", "telegraph", "mirror", "mail", "herald", "post", "express", "independent", "tribune", "league",
                                 "club", "school"})) {
      if (k + 1 < n_ && p_[k + 1].capital) return;
    }
    if (k == i && before(i, {"black", "bloody", "good", "ash", "palm", "super", "cyber", "holy", "easter", "giving"}) && p_[i - 1].capital)
      return;
    Match m;
    m.rule = Rule::weekday;
    m.weekday = p.sense.weekday;
    m.which = which;
    m.anchored = is(k - (k > i ? 1 : 0), {"previous", "following"}) && k > i;
    m.last = k + 1;
    if (p.sense.abbreviated && is(m.last, ".") && p_[m.last].glued && m.last + 1 < n_) ++m.last;
    tail(m);
    // "Friday of last week", "Monday next week"
    uint32_t w = skip(m.last, "of");
    if (sense(w).which != Sense::kNoWhich && is(w + 1, "week") && m.which == kFree) {
      m.which = 10 + sense(w).which;
      m.last = w + 2;
    }
    offer(std::move(m));
  }

  /// "on the 25th", "the 4th, the 18th": a day whose month the text has told or leaves to be found.
  void day_of_month(uint32_t i) {
    if (!is(i, "the") || !digits(i + 1, 1, 2) || !p_[i + 1].ordinal || p_[i + 1].number < 1 || p_[i + 1].number > 31) return;
    const bool listed = previous_.rule == Rule::monthday && previous_.last + 1 >= i;
    if (!listed && !before(i, {"on", "until", "till", "by", "since", "from", "before", "after", "of", "for", "to", "between"})) return;
    // what it counts stands behind it: "the 5th brigade"
    const syntax::Word& w = trees_.words[p_[i + 1].word];
    if (w.head > static_cast<int32_t>(p_[i + 1].word) && one_of_rel(w.rel)) return;
    if (i + 2 < n_ && p_[i + 2].kind == Kind::letters && p_[i + 2].capital) return;
    if (is(i + 2, {"-", "of", "in", "century", "time", "anniversary", "floor"})) return;
    Match m;
    m.rule = Rule::monthday;
    m.day = static_cast<int>(p_[i + 1].number);
    m.last = i + 2;
    offer(std::move(m));
  }
  static bool one_of_rel(syntax::Rel r) {
    return r == syntax::Rel::amod || r == syntax::Rel::compound || r == syntax::Rel::nummod || r == syntax::Rel::det;
  }

  void holiday(uint32_t i) {
    uint32_t k = i;
    int which = kFree;
    if (sense(k).which != Sense::kNoWhich) {
      which = sense(k).which;
      ++k;
    }
    if (k >= n_ || !p_[k].capital) return;
    for (size_t h = 0; h < std::size(kHolidays); ++h) {
      uint32_t e = k;
      bool all = true;
      for (const std::string_view w : kHolidays[h].words) {
        if (w.empty()) break;
        all = all && is(e, w);
        ++e;
      }
      if (!all) continue;
      if (e == k + 1 && e < n_ && p_[e].capital && p_[e].kind == Kind::letters) return;  // "Easter Island"
      Match m;
      m.rule = Rule::holiday;
      m.index = static_cast<int>(h);
      m.which = which;
      m.last = e;
      year_after(m.last, m, true);
      offer(std::move(m));
      return;
    }
  }

  // ---- clock and parts of the day -------------------------------------------------------------------------------------
  /// "10:30 p.m. GMT", "5pm", "1800 GMT", "10 o'clock". Without `strict` a bare "10:30" counts.
  bool clock_at(uint32_t i, std::string& value, uint32_t& end, bool loose) const {
    if (!digits(i, 1, 4) || p_[i].ordinal || p_[i].decade || p_[i].thousands) return false;
    if (i > 0 && p_[i].glued && is(i - 1, {"$", ".", ":", "/", "-", "#", "'"}) && !(is(i - 1, "-") && i > 1)) return false;
    int hour = -1, minute = 0, second = -1;
    uint32_t k = i + 1;
    bool colon = false, military = false;
    if (digits(i, 1, 2)) {
      hour = static_cast<int>(p_[i].number);
      if ((is(k, ":") || is(k, ".") || is(k, "h")) && p_[k].glued && digits(k + 1, 2, 2) && p_[k + 1].glued && p_[k + 1].number < 60) {
        const bool dot = is(k, ".");
        minute = static_cast<int>(p_[k + 1].number);
        k += 2;
        colon = !dot;
        if (!dot && is(k, ":") && p_[k].glued && digits(k + 1, 2, 2) && p_[k + 1].glued && p_[k + 1].number < 60) {
          second = static_cast<int>(p_[k + 1].number);
          k += 2;
        }
      }
    } else if (digits(i, 4, 4)) {
      hour = static_cast<int>(p_[i].number / 100);
      minute = static_cast<int>(p_[i].number % 100);
      military = true;
    } else {
      return false;
    }
    if (hour > 24 || minute > 59) return false;
    bool half = false;
    if (!military) {
      if (is(k, {"am", "pm"})) {
        if (hour > 12) return false;
        const bool pm = is(k, "pm");
        hour = hour % 12 + (pm ? 12 : 0);
        half = true;
        ++k;
      } else if (is(k, {"a", "p"}) && is(k + 1, ".") && p_[k + 1].glued && is(k + 2, "m")) {
        if (hour > 12) return false;
        hour = hour % 12 + (is(k, "p") ? 12 : 0);
        half = true;
        k += 3;
        if (is(k, ".") && p_[k].glued && k + 1 < n_) ++k;
      } else if (is(k, "o") && is(k + 1, "'") && is(k + 2, "clock")) {
        k += 3;
        half = true;
        if (is(k, "in") && is(k + 1, "the") && is(k + 2, {"afternoon", "evening", "morning"})) {
          if (!is(k + 2, "morning") && hour < 12) hour += 12;
          k += 3;
        }
      } else if (is(k, {"noon"}) && hour == 12) {
        ++k;
        half = true;
      } else if (is(k, {"midnight"}) && hour == 12) {
        hour = 24;
        ++k;
        half = true;
      }
    }
    std::string zone;
    uint32_t z = k;
    const bool bracket = is(z, "(");
    if (bracket) ++z;
    bool has_zone = false;
    if (is(z, {"utc", "gmt"}) && p_[z].kind == Kind::letters) {
      has_zone = true;
      zone = "Z";
      ++z;
      if (is(z, {"+", "-"}) && digits(z + 1, 1, 2)) {
        zone = fmt::format("{}{:02}:00", text(z), p_[z + 1].number);
        z += 2;
      }
    } else if (is(z, {"est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "bst", "et", "ist", "msk", "jst", "aest",
                      "eet", "ct", "pt"}) &&
               p_[z].capital) {
      has_zone = true;
      ++z;
    } else if (is(z, {"local", "eastern", "pacific", "central", "moscow", "beijing"}) && is(z + 1, "time")) {
      has_zone = true;
      z += 2;
    } else if (is(z, "hours") && military) {
      has_zone = true;
      ++z;
    }
    if (has_zone && (!bracket || is(z, ")")))
      k = bracket ? z + 1 : z;
    else
      has_zone = false, zone.clear();
    if (military && !has_zone) return false;
    if (!colon && !half && !has_zone) return false;
    if (minute != 0 && !colon && !half && !has_zone) return false;
    if (colon && !half && !has_zone && !loose &&
        !before(i,
                {"at", "by", "until", "till", "from", "to", "around", "about", "before", "after", "since", "between", "and", "-", "on"}) &&
        !(i == 0) && !before(i, ",") && !before(i, "("))
      return false;
    if (hour == 24 && minute != 0) return false;
    value = fmt::format("T{:02}:{:02}", hour, minute);
    if (second >= 0) value += fmt::format(":{:02}", second);
    value += zone;
    end = k;
    return true;
  }

  bool clock(uint32_t i) {
    std::string c;
    uint32_t end = 0;
    if (sense(i).number >= 1 && sense(i).number <= 12) {  // "five o'clock", "five p.m."
      uint32_t k = i + 1;
      int hour = sense(i).number;
      if (is(k, "o") && is(k + 1, "'") && is(k + 2, "clock")) {
        k += 3;
      } else if (is(k, {"oclock"})) {
        ++k;
      } else if (is(k, {"am", "pm"})) {
        hour = hour % 12 + (is(k, "pm") ? 12 : 0);
        ++k;
      } else {
        return false;
      }
      c = fmt::format("T{:02}:00", hour);
      end = k;
    } else if (!clock_at(i, c, end, false)) {
      return false;
    }
    Match m;
    m.type = Type::time;
    m.rule = Rule::clock;
    m.clock = c;
    m.last = end;
    // "12:00 UTC Monday", "10 a.m. today"
    const uint32_t k = end;
    if (k < n_ && sense(k).weekday && !sense(k).plural && !sense(k).abbreviated && p_[k].capital) {
      m.rule = Rule::weekday;
      m.weekday = sense(k).weekday;
      m.last = k + 1;
    } else if (is(k, {"today", "yesterday", "tomorrow"})) {
      m.rule = Rule::shift;
      m.grain = Grain::day;
      m.amount = is(k, "today") ? 0 : is(k, "yesterday") ? -1 : 1;
      m.last = k + 1;
    }
    const Match alone = m;
    offer(std::move(m));
    // "7:15 a.m. Dec. 7": the date belongs to the time.
    if (k < n_ && alone.rule == Rule::clock && (sense(k).month || digits(k, 1, 4))) {
      Parser inner(trees_, p_);
      inner.calendar_date(k);
      inner.numeric_date(k);
      if (inner.found_ && inner.best_.rule == Rule::date && inner.best_.clock.empty()) {
        Match dated = inner.best_;
        dated.type = Type::time;
        dated.clock = c;
        offer(std::move(dated));
      }
    }
    return true;
  }

  void part_of_day(uint32_t i) {
    uint32_t k = i;
    bool the = false, early = false;
    int amount = 0;
    bool anchored = false, which = false;
    if (is(k, "the")) {
      the = true;
      ++k;
    } else if (is(k, "this")) {
      which = true;
      ++k;
    } else if (is(k, {"that", "same"})) {
      anchored = true;
      which = true;
      ++k;
    }
    if (is(k, "same") && the) anchored = true, which = true, ++k;
    if (is(k, {"following", "next"}) && (the || is(k, "next")))
      anchored = true, which = true, amount = 1, ++k;
    else if (is(k, {"previous"}))
      anchored = true, which = true, amount = -1, ++k;
    else if (is(k, "last") && is(k + 1, "night"))
      which = true, amount = -1, ++k;
    if (is(k, {"early", "late", "mid"})) early = true, k = skip_hyphen(k + 1);
    if (k >= n_ || !sense(k).part) return;
    const Piece& p = p_[k];
    if (p.upos == Upos::VERB) return;
    if (p.sense.plural) return;
    const bool clock_like = one_of(p.text, {"noon", "midday", "midnight"});
    if (!which && !the && !early && !clock_like &&
        !before(i, {"in", "at", "by", "until", "before", "after", "since", "during", "till", "from", "overnight", "towards", "toward",
                    "around"})) {
      // "morning trading": the part of the day alone, as a modifier.
      if (!(p.text == "morning" || p.text == "afternoon" || p.text == "evening" || p.text == "night") || p.upos != Upos::NOUN ||
          p.capital || before(i, {"a", "every", "each", "one", "good"}))
        return;
      if (k + 1 >= n_ || p_[k + 1].upos != Upos::NOUN || p.text == "night") return;
    }
    if (the && !which &&
        !before(i, {"in", "during", "by", "before", "after", "until", "of", "through", "throughout", "into", "for", "late", "early"}) &&
        !early)
      return;
    if (one_of(p.text, {"dusk", "dawn", "sunrise", "sunset", "nightfall", "lunchtime"}) && p.capital) return;
    Match m;
    m.type = Type::time;
    m.last = k + 1;
    m.clock = kParts[p.sense.part];
    if (which) {
      m.rule = Rule::shift;
      m.grain = Grain::day;
      m.amount = amount;
      m.anchored = anchored;
      m.may_be_publication = !anchored;
      m.why = amount == -1 && !anchored ? "the night before publication" : anchored ? "" : "day of publication";
    } else {
      m.rule = Rule::clock;
    }
    offer(std::move(m));
  }

  // ---- today, now, lately -----------------------------------------------------------------------------------------------
  void shift(uint32_t last, Grain grain, int amount, const char* why) {
    Match m;
    m.rule = Rule::shift;
    m.grain = grain;
    m.amount = amount;
    m.last = last;
    m.why = why;
    if (grain == Grain::day) tail(m);
    offer(std::move(m));
  }

  void deictic(uint32_t i) {
    uint32_t k = i;
    if (is(k, {"earlier", "later", "late", "early"}) && is(k + 1, {"today", "yesterday", "tomorrow", "tonight"})) ++k;
    const std::string_view w = text(k);
    if (w == "today")
      shift(k + 1, Grain::day, 0, "day of publication");
    else if (w == "yesterday")
      shift(k + 1, Grain::day, -1, "day before publication");
    else if (w == "tomorrow")
      shift(k + 1, Grain::day, 1, "day after publication");
    else if (w == "tonight") {
      Match m;
      m.rule = Rule::shift;
      m.type = Type::time;
      m.clock = "TNI";
      m.last = k + 1;
      m.why = "day of publication";
      offer(std::move(m));
    } else if (w == "overnight" && p_[k].upos != Upos::ADJ) {
      Match m;
      m.rule = Rule::clock;
      m.type = Type::time;
      m.clock = "TNI";
      m.last = k + 1;
      offer(std::move(m));
    } else if (is(i, "the") && is(i + 1, "day") && is(i + 2, {"before", "after"}) && is(i + 3, {"yesterday", "tomorrow"})) {
      shift(i + 4, Grain::day, is(i + 2, "before") ? -2 : 2,
            is(i + 2, "before") ? "two days before publication" : "two days after publication");
    } else if (is(i, "day") && is(i + 1, {"before", "after"}) && is(i + 2, {"yesterday", "tomorrow"})) {
      shift(i + 3, Grain::day, is(i + 1, "before") ? -2 : 2,
            is(i + 1, "before") ? "two days before publication" : "two days after publication");
    }
  }

  void references(uint32_t i) {
    const Piece& p = p_[i];
    uint32_t k = i;
    if (is(k, {"more", "most", "very", "just", "only", "as", "until"}) && k + 1 < n_) ++k;
    const std::string_view w = text(k);
    if (is(k + 1, "-") && p_[k + 1].glued) return;  // "now-closed", "soon-to-open"
    if (w == "now") {
      // "now" that begins a story's turn ("Now, listen") is still a time; "now that" is a conjunction.
      if (!is(i + 1, "that") && k == i && p.upos != Upos::SCONJ && p.upos != Upos::INTJ)
        literal(k + 1, Type::date, "PRESENT_REF", "the present");
    } else if (one_of(w, {"currently", "nowadays", "presently"})) {
      literal(k + 1, Type::date, "PRESENT_REF", "the present");
    } else if (w == "current" && k == i && !is(k + 1, {"account", "accounts", "affairs"}) && p.upos == Upos::ADJ && !sense_follows(k + 1)) {
      literal(k + 1, Type::date, "PRESENT_REF", "the present");
    } else if (w == "at" && is(k + 1, "present") && !is(k + 2, {"day"})) {
      literal(k + 2, Type::date, "PRESENT_REF", "the present");
    } else if (w == "at" && is(k + 1, {"the", "this"}) && is(k + 2, {"moment", "present"})) {
      literal(k + 3, Type::date, "PRESENT_REF", "the present");
    } else if (is(i, "the") && is(i + 1, "present") && p_[i + 1].upos == Upos::NOUN) {
      literal(i + 2, Type::date, "PRESENT_REF", "the present");
    } else if (is(i, "the") && is(i + 1, {"time"}) && is(i + 2, "being")) {
      literal(i + 3, Type::date, "PRESENT_REF", "the present");
    } else if (is(i, "these") && is(i + 1, "days")) {
      literal(i + 2, Type::date, "PRESENT_REF", "the present");
    } else if (one_of(w, {"recently", "lately"})) {
      literal(k + 1, Type::date, "PAST_REF", "some time before");
    } else if (w == "recent" || w == "latest") {
      if (sense(k + 1).unit != Unit::none && sense(k + 1).plural)
        literal(k + 2, Type::date, "PAST_REF", "some time before");
      else if (w == "recent")
        literal(k + 1, Type::date, "PAST_REF", "some time before");
    } else if (w == "soon" && !is(k + 1, {"after", "as", "afterwards", "to"}) && !before(k, {"as", "too", "how"})) {
      literal(k + 1, Type::date, "FUTURE_REF", "some time after");
    } else if (is(i, {"the", "in"}) && is(skip(i, "in"), {"the", "near", "recent"})) {
      uint32_t j = skip(i, "in");
      const uint32_t core = j;
      j = skip(j, "the");
      if (is(j, {"near", "distant", "foreseeable", "immediate", "recent", "not"})) {
        if (is(j, "not")) j = is(j + 1, {"too", "so"}) && is(j + 2, "distant") ? j + 2 : j;
        ++j;
      }
      if (core != i) return;  // the preposition stays outside
      if (is(j, "future") && !sense_follows(j + 1) && p_[j].upos == Upos::NOUN)
        literal(j + 1, Type::date, "FUTURE_REF", "some time after");
      else if (is(j, "past") && p_[j].upos == Upos::NOUN && !sense_follows(j + 1))
        literal(j + 1, Type::date, "PAST_REF", "some time before");
      else if (is(j, {"near", "short", "long", "medium"}) || (j > core + 1 && is(j, "term"))) {
        if (j < n_ && is(j, "term"))
          literal(j + 1, Type::date, "FUTURE_REF", "some time after");
        else if (is(j, {"short", "long", "medium"}) && is(j + 1, "term"))
          literal(j + 2, Type::date, "FUTURE_REF", "some time after");
      }
    } else if (one_of(w, {"yesteryear"})) {
      literal(k + 1, Type::date, "PAST_REF", "some time before");
    } else if (is(i, {"coming", "upcoming"}) && sense(i + 1).unit != Unit::none && sense(i + 1).plural) {
      literal(i + 2, Type::date, "FUTURE_REF", "some time after");
    } else if (is(i, "the") && is(i + 1, {"coming"}) && sense(i + 2).unit != Unit::none && sense(i + 2).plural) {
      literal(i + 3, Type::date, "FUTURE_REF", "some time after");
    }
  }
  bool sense_follows(uint32_t i) const {
    const Sense& s = sense(i);
    return s.unit != Unit::none || s.month || s.weekday || s.season || s.number >= 0 || s.ordinal || digits(i, 1, 4) ||
           is(i, {"few", "several", "couple", "fiscal", "financial"});
  }

  // ---- sets -------------------------------------------------------------------------------------------------------------
  void sets(uint32_t i) {
    const Piece& p = p_[i];
    const std::string_view w = p.text;
    if (p.upos != Upos::PROPN) {
      const char* value = w == "daily"                                        ? "P1D"
                          : w == "weekly"                                     ? "P1W"
                          : w == "monthly"                                    ? "P1M"
                          : w == "quarterly"                                  ? "P1Q"
                          : w == "yearly" || w == "annual" || w == "annually" ? "P1Y"
                          : w == "hourly"                                     ? "PT1H"
                          : w == "nightly"                                    ? "P1D"
                          : w == "biweekly"                                   ? "P2W"
                          : w == "semiannual"                                 ? "P6M"
                                                                              : nullptr;
      if (value != nullptr && p.capital && i + 1 < n_ && p_[i + 1].capital && i > 0) value = nullptr;  // a paper's name
      if (value != nullptr) literal(i + 1, Type::set, value, "again and again");
    }
    if (one_of(w, {"every", "each"})) {
      uint32_t k = i + 1;
      if (is(k, "single")) ++k;
      Count c;
      const bool other = is(k, "other");
      if (other) ++k;
      if (sense(k).weekday)
        literal(k + 1 + (sense(k + 1).part ? 1 : 0), Type::set, fmt::format("XXXX-WXX-{}{}", sense(k).weekday, kParts[sense(k + 1).part]),
                "every week");
      else if (sense(k).month && p_[k].capital)
        literal(k + 1, Type::set, fmt::format("XXXX-{:02}", sense(k).month), "every year");
      else if (sense(k).season && !sense(k).plural)
        literal(k + 1, Type::set, value_of({Grain::season, {2000, 1, 1}, sense(k).season - 1}).replace(0, 4, "XXXX"), "every year");
      else if (sense(k).part)
        literal(k + 1, Type::set, fmt::format("XXXX-XX-XX{}", kParts[sense(k).part]), "every day");
      else if (sense(k).unit != Unit::none && !sense(k).plural && !(is(k, "second")))
        literal(k + 1, Type::set, duration_value(sense(k).unit, other ? 2 : 1), "again and again");
      else if (count(k, c, true) && sense(c.next).unit != Unit::none)
        literal(c.next + 1, Type::set, duration_value(sense(c.next).unit, c.value), "again and again");
    }
    if (one_of(w, {"once", "twice"}) || (p.sense.number >= 0 && is(i + 1, "times"))) {
      uint32_t k = one_of(w, {"once", "twice"}) ? i + 1 : i + 2;
      if (is(k, {"a", "an", "per", "every", "each"}) && sense(k + 1).unit != Unit::none && !sense(k + 1).plural)
        literal(k + 2, Type::set, duration_value(sense(k + 1).unit, 1), "again and again");
    }
  }

  // ---- quarters, halves, seasons, decades, years ----------------------------------------------------------------------------
  void quarter(uint32_t i) {
    uint32_t k = skip(i, "the");
    Match m;
    m.rule = Rule::period;
    m.why = "";
    if (is(k, "q") && digits(k + 1, 1, 1) && p_[k + 1].glued && p_[k + 1].number >= 1 && p_[k + 1].number <= 4) {
      m.grain = Grain::quarter;
      m.index = static_cast<int>(p_[k + 1].number);
      m.last = k + 2;
    } else {
      uint32_t next = 0;
      int o = ordinal(k, next);
      if (o == 0 && is(k, {"final", "last", "latter"})) {
        o = is(k, "latter") ? 2 : is(k, "final") ? 4 : 0;
        next = k + 1;
      }
      if (o == 0) return;
      if (is(next, {"fiscal", "financial", "calendar"})) ++next;
      next = skip_hyphen(next);
      if (is(next, "quarter") && o <= 4)
        m.grain = Grain::quarter;
      else if (is(next, "half") && (o <= 2 || o == 4))
        m.grain = Grain::half;
      else
        return;
      m.index = m.grain == Grain::half && o == 4 ? 2 : o;
      m.last = next + 1;
    }
    uint32_t e = m.last;
    uint32_t of = skip(e, "of");
    if (is(of, {"fiscal", "financial"})) ++of;
    uint32_t the = skip(of, "the");
    if (the > of && is(the, {"fiscal", "financial"})) ++the;
    uint32_t k2 = of > e ? of : e;
    int y = 0;
    if (plain_year(k2, y)) {
      m.year = y;
      m.last = k2 + 1;
      m.why = "as written";
    } else if (the > of && is(the, "year") && of > e) {
      m.year_shift = 0;
      m.year_anchored = true;
      m.last = the + 1;
    } else {
      uint32_t last = e;
      year_after(last, m, false);
      m.last = last;
    }
    if (m.grain == Grain::half) {
      // "the first half" of a match, of a report: only with its year.
      if (m.year == kUnknown && m.year_shift == kUnknown) {
        if (!(is(e, "of") && the > of && is(the, "year"))) {
          half_of_other(e);
          return;
        }
      }
    } else if (m.year == kUnknown && m.year_shift == kUnknown && is(e, "of") && e + 1 < n_ &&
               sense(skip(e + 1, "the")).unit == Unit::none) {
      return;  // "a quarter of the votes"
    }
    offer(std::move(m));
  }
  /// "the first half of the 1990s", "the second half of May": the whole they are part of.
  void half_of_other(uint32_t e) {
    if (!is(e, "of")) return;
    Parser inner(trees_, p_);
    inner.core(e + 1);
    if (inner.found_ && inner.best_.type == Type::date && inner.best_.rule != Rule::unknown &&
        inner.best_.literal.find("REF") == std::string::npos)
      offer(inner.best_);
  }

  void season(uint32_t i) {
    uint32_t k = i;
    Match m;
    m.rule = Rule::period;
    m.grain = Grain::season;
    m.why = "";
    bool cue = false;
    if (is(k, "the")) {
      ++k;
      cue = before(i, {"in", "during", "by", "until", "since", "of", "through", "throughout", "before", "after", "over", "late", "early"});
      if (is(k, {"previous", "following"})) {
        m.which = is(k, "previous") ? -1 : 1;
        m.anchored = true;
        cue = true;
        ++k;
      }
    }
    if (is(k, {"early", "late", "mid"}) && sense(skip_hyphen(k + 1)).season) {
      cue = true;
      k = skip_hyphen(k + 1);
    }
    if (k < n_ && sense(k).which != Sense::kNoWhich) {
      m.which = sense(k).which;
      cue = true;
      ++k;
    }
    if (k >= n_ || !sense(k).season || sense(k).plural) return;
    const Piece& p = p_[k];
    if (p.upos == Upos::VERB) return;
    m.index = p.sense.season - 1;
    m.last = k + 1;
    uint32_t e = m.last;
    year_after(e, m, true);
    // "spring, 2031" needs its year right there; a comma before "last year" is another clause.
    const bool dated = e > m.last;
    m.last = e;
    cue = cue || dated || before(i, {"in", "since", "by", "until", "during", "early", "late", "through", "before", "after"});
    if ((p.text == "fall" || p.text == "spring") && !cue) return;
    if (!cue && (p.upos == Upos::ADJ || before(i, {"a", "an", "cold", "arab", "prague", "nuclear"}))) return;
    if (before(k, {"arab", "prague", "nuclear"})) return;
    if (k + 1 < n_ && !dated && p.capital && p_[k + 1].capital &&
        is(k + 1, {"olympics", "olympic", "games", "palace", "park", "street", "war"}))
      return;
    offer(std::move(m));
  }

  void decade_century(uint32_t i) {
    uint32_t k = skip(i, "the");
    if (is(k, {"early", "late", "mid"})) k = skip_hyphen(k + 1);
    const uint32_t quote = skip(k, "'");
    if (quote < n_ && p_[quote].kind == Kind::digits && p_[quote].decade) {
      const Piece& p = p_[quote];
      if (p.digits == 4 && p.number % 10 == 0 && p.number >= 1000)
        literal(quote + 1, Type::date, fmt::format("{:03}", p.number / 10));
      else if (p.digits == 2 && p.number % 10 == 0 &&
               (quote > k || is(i, "the") || before(i, {"the", "and", "mid", "late", "early"}) || k > i)) {
        // "in his 80s" is an age.
        literal(quote + 1, Type::date, fmt::format("{:03}", full_year(p.number, 2) / 10), "decade of the last hundred years");
      }
      return;
    }
    static constexpr std::pair<std::string_view, int> kDecades[] = {{"twenties", 192}, {"thirties", 193}, {"forties", 194},
                                                                    {"fifties", 195},  {"sixties", 196},  {"seventies", 197},
                                                                    {"eighties", 198}, {"nineties", 199}};
    if (k > i || before(i, {"the", "late", "early", "mid"})) {
      for (const auto& [w, v] : kDecades)
        if (is(k, w) && k > i) literal(k + 1, Type::date, fmt::format("{:03}", v), "decade of the twentieth century");
    }
    uint32_t next = 0;
    const int o = ordinal(k, next);
    if (o >= 2 && o <= 22) {
      next = skip_hyphen(next);
      if (is(next, {"century"}) && !p_[next].sense.plural) {
        uint32_t e = next + 1;
        const bool bc = is(e, {"bc", "bce"});
        if (bc)
          literal(e + 1, Type::date, fmt::format("BC{:02}", o - 1));
        else
          literal(e, Type::date, fmt::format("{:02}", o - 1));
      }
    }
  }

  void year(uint32_t i) {
    if (is(i, "'") && digits(i + 1, 2, 2) && p_[i + 1].glued && !p_[i + 1].decade && !p_[i + 1].ordinal) {
      if (before(i, {"in", "since", "of", "by", "from", "until", "to", "class"}) && word_end(i + 2))
        literal(i + 2, Type::date, fmt::format("{:04}", full_year(p_[i + 1].number, 2)), "year of two digits");
      return;
    }
    uint32_t k = i;
    if (is(k, {"fiscal", "financial"})) {
      k = skip(k + 1, "year");
    } else if (is(k, "the") && is(k + 1, "year")) {
      k += 2;
    }
    int y = 0;
    if (!plain_year(k, y)) {
      // "347 AD", "500 BC"
      if (digits(i, 1, 3) && is(i + 1, {"ad", "ce"}) && p_[i + 1].capital) literal(i + 2, Type::date, fmt::format("{:04}", p_[i].number));
      if (digits(i, 1, 4) && !p_[i].thousands && is(i + 1, {"bc", "bce"})) literal(i + 2, Type::date, fmt::format("BC{:04}", p_[i].number));
      return;
    }
    const Piece& p = p_[k];
    const uint32_t e = k + 1;
    if (k == i) {
      if (i > 0 && p.glued) {
        // After a dash a second year of a range, after a bracket a year in brackets; anything else glued is a number of another kind.
        const bool range = is(i - 1, {"-", "/"}) && previous_.last == i - 1 && previous_.rule == Rule::literal;
        if (!range && !is(i - 1, {"(", "\"", "'", "[", ","}) && !(is(i - 1, "-") && i > 1)) return;
      }
      if (before(i, {"$", "#", "no", "number", "flight", "page", "room", "route", "highway", "boeing", "airbus", "usd", "eur", "resolution",
                     "us$"}))
        return;
      if (i > 0 && p_[i - 1].text == "us" && is(i, "$")) return;
      if (is(e, {"%",         "percent",   "per",     "km",       "kilometers", "kilometres", "miles",      "meters",
                 "metres",    "feet",      "kg",      "tons",     "tonnes",     "troops",     "people",     "soldiers",
                 "civilians", "men",       "women",   "children", "jobs",       "dead",       "gmt",        "utc",
                 "est",       "hours",     "dollars", "euros",    "pounds",     "million",    "billion",    "additional",
                 "more",      "new",       "other",   "refugees", "prisoners",  "fighters",   "workers",    "employees",
                 "units",     "copies",    "votes",   "points",   "homes",      "houses",     "acres",      "hectares",
                 "local",     "militants", "members", "police",   "students",   "residents",  "protesters", "demonstrators",
                 "years",     "days",      "months",  "weeks",    "times"}))
        return;
      const bool preposition = before(
          i, {"in",      "since",  "by",     "of",     "from",   "until",  "till", "to",   "during", "before",     "after", "between",
              "through", "around", "about",  "circa",  "late",   "early",  "mid",  "year", "and",    "throughout", "for",   "into",
              "beyond",  "than",   "summer", "spring", "winter", "autumn", "fall", "back", "-",      "than"});
      const bool determined = before(i, {"the", "'", "s", "its", "their", "his", "her", "our", "this", "a"});
      // "(", "(c. 1580", "(d. 1990", "AD 842"; "1699 or 1700"
      const bool bracketed = before(i, {"(", "[", "ad"}) ||
                             (before(i, ".") && i > 1 && is(i - 2, {"c", "ca", "b", "d", "m", "div", "est"})) || is(e, {"ad", "ce"}) ||
                             (before(i, {"or", "and", "-", "to"}) && previous_.last + 1 == i && previous_.rule == Rule::literal &&
                              previous_.type == Type::date);
      const bool comma = before(i, {",", ";"});
      const bool noun_follows = e < n_ && (p_[e].upos == Upos::NOUN || p_[e].upos == Upos::ADJ) && !p_[e].glued;
      const bool plural_follows =
          noun_follows && p_[e].upos == Upos::NOUN && p_[e].text.size() > 2 && p_[e].text.back() == 's' && !p_[e].text.ends_with("ss");
      const bool recent = y >= 1900 && y <= 2100;
      if (!recent && !(preposition && !noun_follows) && !(determined && noun_follows && !plural_follows && y >= 1500 && y % 100 != 0) &&
          !bracketed)
        return;
      if (plural_follows && !determined && (y % 100 == 0 || !preposition)) return;
      if (y % 100 == 0 && noun_follows && !determined) return;
      if (!preposition && !determined && !bracketed && !comma && i > 0) {
        // "the conference 2031", "2031 election": next to a noun; a number that a verb governs is a quantity.
        const bool noun_before =
            p_[i - 1].upos == Upos::NOUN || p_[i - 1].upos == Upos::PROPN || p_[i - 1].upos == Upos::PUNCT || p_[i - 1].upos == Upos::ADP;
        const bool capital_follows = e < n_ && p_[e].capital;
        const bool opens = is(e, {"with", "as"}) && p_[i - 1].upos == Upos::VERB;  // "began 2031 with"
        if (!noun_before && !capital_follows && !noun_follows && !opens) return;
        if (p_[i - 1].upos == Upos::PROPN && !capital_follows && !noun_follows && e < n_ && p_[e].upos == Upos::NUM) return;
      }
      if (p.upos != Upos::NUM && p.upos != Upos::NOUN && p.upos != Upos::PROPN && p.upos != Upos::X && p.upos != Upos::ADJ) return;
    }
    literal(is(e, {"ad", "ce"}) ? e + 1 : e, Type::date, fmt::format("{:04}", y));
  }

  // ---- last, this, next, previous, following, that, same ----------------------------------------------------------------------
  void relative(uint32_t i) {
    uint32_t k = i;
    bool the = false;
    if (is(k, {"the", "its", "their", "his", "her", "our"})) {
      the = true;
      ++k;
    }
    const uint32_t w = k;
    if (is(w, "same") || (!the && is(w, "that")) || (!the && is(w, "this") && is(w + 1, "same"))) {
      if (is(w, "this")) ++k;
      anchored_unit(is(k, "same") || is(k, "that") ? k + 1 : k + 2, is(w, "same"));
      if (!found_ && is(w, "that") && is(w + 1, "same")) anchored_unit(w + 2, true);
      return;
    }
    if (the && is(w, {"first", "last", "final", "second", "third", "fourth"}) && is(w + 1, {"week", "weekend", "day"}) && is(w + 2, "of")) {
      week_of(w);
      return;
    }
    if (is(w, {"previous", "following", "preceding", "prior", "ensuing"}) || (the && is(w, "next"))) {
      const bool back = is(w, {"previous", "preceding", "prior"});
      uint32_t u = w + 1;
      if (is(u, {"fiscal", "financial", "calendar", "trading", "business"})) ++u;
      if (u < n_ && is_calendar_unit(sense(u).unit) && !sense(u).plural) {
        Match m;
        m.rule = Rule::shift;
        m.grain = grain_of(sense(u).unit);
        m.amount = back ? -1 : 1;
        m.anchored = true;
        m.may_be_publication = back || sense(u).unit != Unit::day;
        m.last = u + 1;
        m.why = "";
        if (m.grain == Grain::day) tail(m);
        offer(std::move(m));
        return;
      }
      if (sense(u).month && p_[u].capital && !is(u, "may")) {
        Match m;
        m.rule = Rule::period;
        m.grain = Grain::month;
        m.index = m.month = sense(u).month;
        m.which = back ? -1 : 1;
        m.anchored = true;
        m.last = u + 1;
        m.why = "";
        offer(std::move(m));
        return;
      }
    }
    const Sense& s = sense(w);
    if (s.which != Sense::kNoWhich && !(w != i && s.which == 0 && !is(w, "current"))) {
      uint32_t u = w + 1;
      if (is(u, {"fiscal", "financial", "calendar"})) ++u;
      if (u < n_) {
        const Sense& us = sense(u);
        if (is_calendar_unit(us.unit) && !us.plural && !(us.unit == Unit::day && (s.which != 0 || is(u - 1, "current"))) &&
            !(is(u, "second"))) {
          Match m;
          m.rule = Rule::shift;
          m.grain = grain_of(us.unit);
          m.amount = s.which;
          m.last = u + 1;
          m.why = s.which < 0 ? "the one before publication" : s.which > 0 ? "the one after publication" : "the one of publication";
          if (us.unit == Unit::day) m.why = "day of publication";
          // "the past year", "the coming decade" are lengths, "last year" is not.
          if (is(w, "past") && the && us.unit != Unit::weekend) {
            m = Match{};
            m.rule = Rule::literal;
            m.type = Type::duration;
            m.literal = duration_value(us.unit, 1);
            m.last = u + 1;
            m.why = "as written";
          }
          offer(std::move(m));
        } else if (us.month && p_[u].capital && (us.which == Sense::kNoWhich) && !(is(u, "may") && p_[u].upos == Upos::AUX) &&
                   !(us.abbreviated && p_[u].upos != Upos::PROPN)) {
          Match m;
          m.rule = Rule::period;
          m.grain = Grain::month;
          m.index = m.month = us.month;
          m.which = s.which;
          m.last = u + 1;
          if (us.abbreviated && is(m.last, ".") && p_[m.last].glued && m.last + 1 < n_) ++m.last;
          int d = 0;
          uint32_t next = 0;
          if (day_number_at(m.last, d, next) && d <= days_in_month(2000, us.month)) {
            m.rule = Rule::date;
            m.grain = Grain::day;
            m.day = d;
            m.last = next;
          }
          m.why = "";
          offer(std::move(m));
        }
      }
    }
    // "the day", "the week", "the month", "the year": of what is spoken of.
    if (the && is(i, "the") && is(k, {"entire", "whole", "full"})) ++k;
    if (the && is(i, "the") && k < n_ && is_calendar_unit(sense(k).unit) && !sense(k).plural) {
      const Unit u = sense(k).unit;
      if (is(k + 1, {"before", "after", "earlier", "later", "previous", "following"}) && u != Unit::decade && u != Unit::century) {
        const bool back = is(k + 1, {"before", "earlier", "previous"});
        // "the day after the vote" names a day by an event: a time, but none that can be told.
        const bool bare = k + 2 >= n_ || p_[k + 2].kind == Kind::mark || p_[k + 2].upos == Upos::CCONJ ||
                          is(k + 1, {"earlier", "later", "previous", "following"}) ||
                          is(k + 2, {"in", "at", "when", "by", "with", "on", "as", "to"});
        if (bare) {
          Match m;
          m.rule = Rule::shift;
          m.grain = grain_of(u);
          m.amount = back ? -1 : 1;
          m.anchored = true;
          m.may_be_publication = back;
          m.last = k + 2;
          m.why = "";
          offer(std::move(m));
          return;
        }
      }
      if (is(k + 1, "of") && !is(i, "that")) return;
      const bool wanted =
          (u == Unit::day && (before(i, {"for", "in", "of", "during", "end", "ended", "ending", "ends", "finish", "finished", "throughout",
                                         "through", "closed", "close"}))) ||
          u == Unit::weekend ||
          ((u == Unit::year || u == Unit::week || u == Unit::month || u == Unit::quarter || u == Unit::decade || u == Unit::century) &&
           before(i,
                  {"for", "in", "of", "during", "throughout", "end", "through", "ended", "ending", "over", "by", "until", "since", "to"}));
      if (!wanted) return;
      if (k + 1 < n_ && sense(k + 1).number >= 0) return;
      Match m;
      m.rule = Rule::shift;
      m.grain = grain_of(u);
      m.amount = 0;
      m.anchored = u != Unit::weekend;
      m.which = kFree;
      m.last = k + 1;
      m.why = "";
      offer(std::move(m));
    }
    if (!the && is(i, "weekend")) {
      Match m;
      m.rule = Rule::shift;
      m.grain = Grain::weekend;
      m.which = kFree;
      m.last = i + 1;
      m.why = "";
      if (p_[i].upos == Upos::NOUN && !before(i, {"a", "an", "every", "each", "long", "one"})) offer(std::move(m));
    }
  }

  /// "that day", "the same month", "the same period last year"
  void anchored_unit(uint32_t u, bool same) {
    if (u >= n_) return;
    const bool period = is(u, {"period", "time", "date", "point", "stage"});
    if (!period && (!is_calendar_unit(sense(u).unit) || sense(u).plural) && !sense(u).part) return;
    if (!period && sense(u).part) return;  // "that night": part_of_day
    Match m;
    m.rule = Rule::shift;
    m.anchored = true;
    m.may_be_publication = false;
    m.grain = period ? Grain::day : grain_of(sense(u).unit);
    m.index = period ? 1 : 0;  // 1: keep the grain of the time spoken of
    m.last = u + 1;
    m.why = "";
    // "the same month a year ago", "the same period last year", "that same period of 2030"
    uint32_t k = skip(u + 1, "of");
    k = skip(k, "in");
    int y = 0;
    const uint32_t the = skip(k, "the");
    if (is(the, {"last", "previous", "prior"}) && is(the + 1, "year")) {
      m.year_shift = -1;
      m.last = the + 2;
    } else if (is(k, {"a", "one"}) && is(k + 1, "year") && is(k + 2, {"ago", "earlier", "before"})) {
      m.year_shift = -1;
      m.last = k + 3;
    } else if (is(k, "this") && is(k + 1, "year")) {
      m.year_shift = 0;
      m.last = k + 2;
    } else if (is(k, "the") && is(k + 1, "year") && is(k + 2, {"before", "earlier"})) {
      m.year_shift = -1;
      m.last = k + 3;
    } else if (plain_year(k, y) && same) {
      m.year = y;
      m.last = k + 1;
    }
    if (m.year_shift != kUnknown || m.year != kUnknown) {
      m.may_be_publication = true;
    } else if (period && !is(u, "date") && same) {
      return;  // "the same time", "at the same time" say nothing of a date
    }
    if (period && m.year_shift == kUnknown && m.year == kUnknown && !same && !is(u, {"time"})) return;
    if (is(u, "time") && !same && !before(u - 1, {"by", "at", "since", "until", "from", "before"})) return;
    if (!period && m.grain == Grain::day) tail(m);
    offer(std::move(m));
  }

  void week_of(uint32_t w) {
    const int nth = is(w, {"last", "final"}) ? -1 : sense(w).ordinal;
    const Unit u = sense(w + 1).unit;
    uint32_t k = w + 3;
    Parser inner(trees_, p_);
    inner.core(k);
    if (!inner.found_ || inner.best_.rule != Rule::period || inner.best_.grain != Grain::month || u == Unit::day) {
      if (inner.found_ && inner.best_.type == Type::date && inner.best_.rule != Rule::unknown &&
          inner.best_.literal.find("REF") == std::string::npos) {
        Match m = inner.best_;
        if (u == Unit::day && m.rule == Rule::period && m.grain == Grain::month && nth == 1) {
          m.rule = Rule::date;
          m.grain = Grain::day;
          m.day = 1;
        }
        offer(std::move(m));
      }
      return;
    }
    Match m = inner.best_;
    m.rule = Rule::week_of;
    m.grain = u == Unit::weekend ? Grain::weekend : Grain::week;
    m.amount = nth;
    m.index = m.month;
    offer(std::move(m));
  }

  // ---- durations and what is counted from them --------------------------------------------------------------------------------
  uint32_t skip_quantifier(uint32_t i) const {
    uint32_t k = i;
    for (int turns = 0; turns < 3 && k < n_; ++turns) {
      if (is(k, {"about", "almost", "around", "nearly", "over", "roughly", "approximately", "under", "just", "barely", "exactly", "only",
                 "some", "not", "no"})) {
        if (is(k, {"no", "not"}) && !is(k + 1, {"more", "less", "fewer", "quite"})) return k;
        if (is(k, "some") && !(digits(k + 1, 1, 4) || sense(k + 1).number >= 0)) return k;
        ++k;
      } else if (is(k, {"more", "less", "fewer", "longer"}) && is(k + 1, "than")) {
        k += 2;
      } else if (is(k, "at") && is(k + 1, {"least", "most"})) {
        k += 2;
      } else if (is(k, "up") && is(k + 1, "to")) {
        k += 2;
      } else if (is(k, "as") && is(k + 1, {"many", "much", "long", "little", "few"}) && is(k + 2, "as")) {
        k += 3;
      } else {
        break;
      }
    }
    return k;
  }
  uint32_t skip_adjectives(uint32_t i) const {
    uint32_t k = i;
    while (
        is(k, {"full",      "straight", "consecutive", "whole",   "long",       "solid",     "more",   "further", "additional", "trading",
               "business",  "working",  "calendar",    "fiscal",  "successive", "short",     "entire", "single",  "other",      "extra",
               "financial", "school",   "turbulent",   "intense", "tense",      "difficult", "hard",   "tough",   "bloody"}))
      ++k;
    return k;
  }

  void durations(uint32_t i) {
    uint32_t k = skip_quantifier(i);
    // "the past three months", "the next few days", "the first two weeks"
    uint32_t d = skip(k, "the");
    if (k > i && (d > k || is(k, {"past", "last", "next"}))) return;  // "over the past year": here "over" is a preposition
    if (d == k && is(k, {"these", "those", "its", "his", "her", "their"})) d = k + 1;
    int direction = 0;
    bool ordinal_first = false, determined = d > k;
    if (is(d, {"past", "last", "previous", "preceding", "recent", "final"}))
      direction = -1, ++d;
    else if (is(d, {"next", "coming", "following"}))
      direction = 1, ++d;
    else if (is(d, {"first", "opening", "initial"}) && determined)
      ordinal_first = true, ++d;
    if (direction != 0 || ordinal_first) {
      Count c;
      uint32_t u = skip_quantifier(d);
      double v = -1;
      if (count(u, c, true)) {
        v = c.value;
        u = skip_adjectives(skip_hyphen(c.next));
      } else {
        u = skip_adjectives(u);
        if (!(u < n_ && sense(u).plural)) return;
      }
      if (u >= n_ || sense(u).unit == Unit::none || is(u, "half")) return;
      if (c.is_article) return;
      literal(u + 1, Type::duration, duration_value(sense(u).unit, v));
      return;
    }
    if (determined && !is(k, {"these", "those"})) {
      // "the two weeks", "the 27-year reign", "the decade-long war"
      k = d;
      if (!(digits(k, 1, 4) || sense(k).number >= 0)) {
        if (!(k < n_ && sense(k).unit != Unit::none && is(k + 1, "-") && is(k + 2, "long"))) return;
      }
    } else if (determined) {
      k = d;
    }
    static constexpr std::pair<std::string_view, const char*> kLong[] = {
        {"daylong", "P1D"}, {"weeklong", "P1W"}, {"monthlong", "P1M"}, {"yearlong", "P1Y"}, {"hourlong", "PT1H"}};
    for (const auto& [w, v] : kLong)
      if (is(k, w)) return literal(k + 1, Type::duration, v);
    Count c;
    uint32_t u = k;
    bool counted = false;
    if (is(k, "single") && is(k + 1, "-") && sense(k + 2).unit != Unit::none && !sense(k + 2).plural)
      return literal(k + 3, Type::duration, duration_value(sense(k + 2).unit, 1));
    if (count(k, c, true)) {
      counted = true;
      u = skip_hyphen(c.next);
      u = skip_adjectives(u);
    }
    if (counted && c.value >= 0 && !c.is_article && u < n_ && sense(u).unit == Unit::none) {
      // "between two and three years", "2 to 3 days": each number is a length of its own.
      uint32_t second = c.next;
      Count c2;
      if (is(second, {"to", "or", "-"}) || (is(second, "and") && before(i, "between"))) {
        if (count(second + 1, c2, false) && c2.value > c.value) {
          const uint32_t u2 = skip_adjectives(skip_hyphen(c2.next));
          if (sense(u2).unit != Unit::none && sense(u2).plural) literal(c.next, Type::duration, duration_value(sense(u2).unit, c.value));
        }
      }
      return;
    }
    if (u >= n_ || sense(u).unit == Unit::none) return;
    const Unit unit = sense(u).unit;
    if (!counted) {
      // Units alone: "for years", "decades of war", "weeks later", "decades-long".
      if (is(u + 1, "-") && is(u + 2, "long") && unit != Unit::half) {
        literal(u + 3, Type::duration, duration_value(unit, sense(u).plural ? -1 : 1));
        return;
      }
      if (!sense(u).plural || p_[u].upos == Upos::VERB || p_[u].upos == Upos::PROPN || is(u, "quarters") || is(u, "weekends") ||
          is(u, {"secs", "mins", "hrs", "yrs"}))
        return;
      const bool cue = before(u, {"for",    "in",    "within", "over",    "after", "of",    "take", "takes", "took",   "last",
                                  "lasted", "spent", "by",     "through", "just",  "about", "than", "wait",  "waited", "only"}) ||
                       is(u + 1, {"ago", "later", "earlier", "before", "after", "of", "after"}) || i == 0 || k > i;
      if (!cue) return;
      after_duration(u + 1, unit, -1, "");
      return;
    }
    if (unit == Unit::half) return;
    if (unit == Unit::second && is(u, "second") && !(c.next < u || digits(k, 1, 4))) return;  // "a second vote", "one second round"
    if (is(u, "second") && c.is_article) return;
    if ((unit == Unit::minute && is(u, "min")) || (unit == Unit::second && is(u, "sec")) || unit == Unit::none) {
      if (!digits(k, 1, 4)) return;
    }
    if (is(u, "quarter") && (c.is_article || c.value < 0)) return;
    if (c.is_article && k == i) {
      // "a day" as a thing ("a day to remember") is no length of time; a rate, a term or a distance in time is.
      const bool cue = before(i, {"for", "in", "within", "after", "over", "than", "take", "takes", "took", "last", "lasted", "spent",
                                  "spend", "by", "under", "through", "during", "every", "nearly"}) ||
                       is(u + 1, {"after", "before", "ago", "later", "earlier", "from", "and", "back"}) ||
                       (i > 0 && (p_[i - 1].upos == Upos::NOUN || p_[i - 1].upos == Upos::NUM || p_[i - 1].upos == Upos::SYM ||
                                  p_[i - 1].upos == Upos::ADV || is(i - 1, "%"))) ||
                       is(i, "another") || (is(u - 1, "-") && u + 1 < n_);
      if (!cue) return;
    }
    if (c.value >= 0 && c.value != 1 && c.value > 1 && !sense(u).plural && !(c.next < u) && !digits(k, 1, 4) && u == c.next &&
        !(u + 1 < n_ && p_[u + 1].upos == Upos::NOUN))
      return;  // "four day march" yes, "five quarter" no
    if (is(k, "some") && !sense(u).plural) return;
    if (is(k, "some") && c.value < 0 && !sense(u).plural) return;
    if (p_[u].upos == Upos::PROPN && c.is_article) return;
    // An age is no time: "a 27-year-old", "27 years old", "27 years of age".
    {
      const uint32_t a = skip_hyphen(u + 1);
      if (is(a, {"old", "olds"}) || (is(a, "of") && is(a + 1, "age"))) return;
    }
    std::string compound;
    uint32_t end = u + 1;
    double v = c.value;
    if (v >= 0 && is(end, "and") && is(end + 1, "a") && is(end + 2, "half")) {  // "a year and a half"
      v += 0.5;
      end += 3;
    } else if (v >= 0) {  // "two hours and ten minutes", "two years, six months"
      uint32_t a = skip(end, "and");
      if (a == end) a = skip(end, ",");
      Count c2;
      if (a < n_ && !is(a, {"a", "an"}) && count(a, c2, false) && c2.next < n_) {
        const Unit u2 = sense(skip_hyphen(c2.next)).unit;
        if (u2 != Unit::none && u2 < unit && c2.value >= 0) {
          const std::string x = duration_value(unit, v), y = duration_value(u2, c2.value);
          const bool both = x.starts_with("PT") && y.starts_with("PT");
          compound = x + (both ? y.substr(2) : y.substr(1));
          end = skip_hyphen(c2.next) + 1;
        }
      }
    }
    after_duration(end, unit, v, compound);
  }

  /// A length of time that ends before `end`: alone, or "… ago", "… later", "… from now".
  void after_duration(uint32_t end, Unit unit, double v, const std::string& compound) {
    const bool whole = v >= 0 && v == std::floor(v) && compound.empty();
    uint32_t e = end;
    if (is(e, {"ago", "back"}) || (is(e, "from") && is(e + 1, {"now", "today"})) || is(e, "hence")) {
      if (is(e, "back") && p_[e].upos != Upos::ADV) return literal(end, Type::duration, duration_value(unit, v));
      const bool future = !is(e, {"ago", "back"});
      e += is(e, "from") ? 2 : 1;
      if (v < 0) return literal(e, Type::date, future ? "FUTURE_REF" : "PAST_REF", future ? "some time after" : "some time before");
      Match m;
      m.last = e;
      if (unit < Unit::day) {
        m.rule = Rule::unknown;
        m.type = Type::time;
        m.why = "the hour of publication is not known";
      } else {
        m.rule = Rule::shift;
        // Half a year ago is six months ago; the like of other units is told no closer than the unit.
        m.grain = grain_of(unit);
        double n = v;
        if (unit == Unit::fortnight) m.grain = Grain::week, n *= 2;
        if (!whole && unit == Unit::year) m.grain = Grain::month, n *= 12;
        if (!whole && unit == Unit::decade) m.grain = Grain::year, n *= 10;
        m.amount = static_cast<int>(std::lround(n)) * (future ? 1 : -1);
        m.why = future ? "counted from publication" : "counted back from publication";
      }
      offer(std::move(m));
      return;
    }
    if (is(e, {"later", "earlier", "before", "after", "afterwards", "previously"})) {
      const bool back = is(e, {"earlier", "before", "previously"});
      const bool bare = !is(e, {"before", "after"}) || e + 1 >= n_ || (p_[e + 1].kind == Kind::mark && !is(e + 1, "'"));
      const bool than = is(e + 1, "than");
      if (bare && !than) {
        if (v < 0) return literal(e + 1, Type::date, back ? "PAST_REF" : "FUTURE_REF", back ? "some time before" : "some time after");
        if (unit >= Unit::day && unit != Unit::half && unit != Unit::fortnight) {
          Match m;
          m.rule = Rule::shift;
          m.grain = grain_of(unit);
          double n = v;
          if (!whole && unit == Unit::year) m.grain = Grain::month, n *= 12;
          m.amount = static_cast<int>(std::lround(n)) * (back ? -1 : 1);
          m.anchored = true;
          m.may_be_publication = back;
          m.last = e + 1;
          m.why = "";
          offer(std::move(m));
          return;
        }
      }
    }
    literal(end, Type::duration, compound.empty() ? duration_value(unit, v) : compound);
  }

  const syntax::Trees& trees_;
  const std::vector<Piece>& p_;
  const uint32_t n_;
  Match best_, previous_;
  bool found_ = false;
};

}  // namespace

std::vector<Match> find_matches(const syntax::Trees& trees, const std::vector<Piece>& pieces) {
  return Parser(trees, pieces).run();
}

Day holiday_day(int index, int year) {
  const Holiday& h = kHolidays[index];
  switch (h.kind) {
    case Holiday::fixed:
      return {year, h.month, h.day};
    case Holiday::from_easter:
      return add_days(easter(year), h.easter);
    case Holiday::nth_weekday:
      break;
  }
  if (h.nth < 0) {
    const Day end{year, h.month, days_in_month(year, h.month)};
    return add_days(end, -((weekday_of(end) - h.weekday + 7) % 7));
  }
  const Day start{year, h.month, 1};
  return add_days(start, (h.weekday - weekday_of(start) + 7) % 7 + 7 * (h.nth - 1));
}

}  // namespace reportedly::time
