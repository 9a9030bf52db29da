// Civil dates of the proleptic Gregorian calendar, ISO weeks, and the values TIMEX3 makes of them. Pure functions.
// Day numbers after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reportedly::time {

struct Day {
  int year = 0, month = 0, day = 0;  ///< month 1–12, day 1–31
  friend bool operator==(Day, Day) = default;
};

/// How much of a date is known.
enum class Grain : uint8_t { century, decade, year, half, quarter, season, month, week, weekend, day };

/// A stretch of the calendar: `day` is its first day; for seasons the first of its first month.
struct Stretch {
  Grain grain = Grain::day;
  Day day;
  int index = 0;  ///< half 1–2, quarter 1–4, season 0–3 (winter spring summer autumn); else 0
};

int64_t day_number(Day d);  ///< days since 1970-01-01
Day day_from_number(int64_t n);
int weekday_of(Day d);  ///< 1 Monday … 7 Sunday
int days_in_month(int year, int month);
bool is_valid(Day d);
Day add_days(Day d, int64_t days);
/// The same day of another month; the month's last where it has no such day.
Day add_months(Day d, int months);
struct IsoWeek {
  int year = 0, week = 0;
};
IsoWeek iso_week(Day d);
Day monday_of(Day d);
Day easter(int year);                                    ///< western; the anonymous Gregorian computus
std::optional<Day> day_from_iso(std::string_view text);  ///< "2031-05-02", also with more after it

/// "2031-05-02", "2031-W18", "2031-W18-WE", "2031-05", "2031-Q2", "2031-H1", "2031-SP", "2031", "203", "20".
std::string value_of(const Stretch& s);
/// The stretch of that grain that holds the day.
Stretch stretch_of(Grain grain, Day d);
/// The stretch `n` of its own kind after `s` (before, for negative n).
Stretch shifted(const Stretch& s, int n);
/// Day before the first day after the stretch.
Day last_day(const Stretch& s);

}  // namespace reportedly::time
