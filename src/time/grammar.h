// Recognition: from the pieces of a sentence to time expressions whose values may still depend on the publication date, the tense and
// earlier times. The grammar is a recursive descent over pieces; at each piece the longest expression wins. Private to this stage.
#pragma once
#include <string>
#include <vector>

#include "time/calendar.h"
#include "time/pieces.h"

namespace reportedly::time {

enum class Type : uint8_t { date, time, duration, set };

/// How the value is found.
enum class Rule : uint8_t {
  literal,   ///< `literal` is the value
  date,      ///< month and day, year known or not
  period,    ///< a named stretch: month, season, quarter, half, of a year known or not
  weekday,   ///< a weekday, of which week is to be found
  monthday,  ///< a day of a month that is not told: "on the 25th"
  shift,     ///< `amount` stretches of `grain` from publication or, if `anchored`, from the time spoken of
  holiday,   ///< `index` into the holidays
  week_of,   ///< the `index`-th week (−1 the last) of a month
  clock,     ///< a time of day alone
  unknown    ///< a time expression that names no time
};

constexpr int kUnknown = -100000;
constexpr int kFree = 100;  ///< of `which`: the text does not say which

struct Match {
  uint32_t first = 0, last = 0;  ///< pieces [first, last)
  Type type = Type::date;
  Rule rule = Rule::unknown;
  std::string literal;
  int year = kUnknown, month = 0, day = 0, weekday = 0;
  int year_shift = kUnknown;   ///< "of last year"
  bool year_anchored = false;  ///< "of that year"
  int which = kFree;           ///< last −1, this 0, next 1
  Grain grain = Grain::day;
  int index = 0;
  int amount = 0;
  bool anchored = false;
  bool may_be_publication = true;  ///< an anchored one without an earlier time counts from publication
  std::string clock;               ///< "T18:00Z", "TMO": the time of that day
  const char* why = "as written";
};

/// All expressions of one sentence, in order, not overlapping.
std::vector<Match> find_matches(const syntax::Trees& trees, const std::vector<Piece>& pieces);

/// Day of a holiday in a year.
Day holiday_day(int index, int year);

}  // namespace reportedly::time
