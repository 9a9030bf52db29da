#include <doctest/doctest.h>

#include "time/calendar.h"

using namespace reportedly::time;

TEST_CASE("days are counted without gaps for eight hundred years") {
  int64_t expected = day_number({1600, 1, 1});
  for (int y = 1600; y < 2400; ++y)
    for (int m = 1; m <= 12; ++m)
      for (int d = 1; d <= days_in_month(y, m); ++d, ++expected) {
        const Day day{y, m, d};
        if (day_number(day) != expected || !(day_from_number(expected) == day)) FAIL("at " << y << "-" << m << "-" << d);
      }
  CHECK(day_number({1970, 1, 1}) == 0);
  CHECK(weekday_of({1970, 1, 1}) == 4);
  CHECK(weekday_of({2031, 5, 5}) == 1);
}

TEST_CASE("ISO weeks belong to the year of their Thursday") {
  CHECK(value_of(stretch_of(Grain::week, {2027, 1, 1})) == "2026-W53");
  CHECK(value_of(stretch_of(Grain::week, {2024, 12, 30})) == "2025-W01");
  CHECK(value_of(stretch_of(Grain::weekend, {2031, 5, 5})) == "2031-W19-WE");
}

TEST_CASE("stretches, their values and neighbours") {
  CHECK(value_of(stretch_of(Grain::season, {2031, 1, 20})) == "2030-WI");
  CHECK(value_of(stretch_of(Grain::season, {2031, 12, 1})) == "2031-WI");
  CHECK(value_of(shifted(stretch_of(Grain::quarter, {2031, 2, 3}), -1)) == "2030-Q4");
  CHECK(value_of(shifted(stretch_of(Grain::half, {2031, 9, 3}), 1)) == "2032-H1");
  CHECK(value_of(shifted(stretch_of(Grain::month, {2031, 1, 31}), -1)) == "2030-12");
  CHECK(value_of(stretch_of(Grain::decade, {1998, 1, 1})) == "199");
  CHECK(value_of(stretch_of(Grain::century, {1998, 1, 1})) == "19");
  CHECK(last_day(stretch_of(Grain::month, {2028, 2, 3})) == Day{2028, 2, 29});
  CHECK(add_months({2031, 3, 31}, -1) == Day{2031, 2, 28});
  CHECK(add_months({2031, 1, 15}, -13) == Day{2029, 12, 15});
}

TEST_CASE("easter and dates as text") {
  CHECK(easter(2024) == Day{2024, 3, 31});
  CHECK(easter(2031) == Day{2031, 4, 13});
  CHECK(day_from_iso("2031-05-02T10:00") == Day{2031, 5, 2});
  CHECK_FALSE(day_from_iso("2031-02-30").has_value());
  CHECK_FALSE(day_from_iso("2031-5-2").has_value());
  CHECK_FALSE(day_from_iso("02-03-2031").has_value());
}
