#include "time/calendar.h"

#include <fmt/format.h>

#include <algorithm>

namespace reportedly::time {
namespace {
constexpr const char* kSeasons[] = {"WI", "SP", "SU", "FA"};

int season_of_month(int month) {
  return month == 12 ? 0 : month / 3;
}
/// A winter is named by the year it begins in; its first month is December.
Day season_start(int year, int season) {
  return {year, season == 0 ? 12 : season * 3, 1};
}
int floor_to(int year, int step) {
  return year - ((year % step) + step) % step;
}
}  // namespace

int64_t day_number(Day d) {
  const int64_t y = d.month <= 2 ? d.year - 1 : d.year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t yoe = y - era * 400;
  const int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
  const int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

Day day_from_number(int64_t n) {
  n += 719468;
  const int64_t era = (n >= 0 ? n : n - 146096) / 146097;
  const int64_t doe = n - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {static_cast<int>(yoe + era * 400 + (month <= 2)), month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

int weekday_of(Day d) {
  return static_cast<int>(((day_number(d) + 3) % 7 + 7) % 7) + 1;
}

int days_in_month(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_valid(Day d) {
  return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= days_in_month(d.year, d.month);
}

Day add_days(Day d, int64_t days) {
  return day_from_number(day_number(d) + days);
}

Day add_months(Day d, int months) {
  const int n = d.year * 12 + d.month - 1 + months;
  const int year = n >= 0 ? n / 12 : (n - 11) / 12, month = n - year * 12 + 1;
  return {year, month, std::min(d.day, days_in_month(year, month))};
}

Day monday_of(Day d) {
  return add_days(d, 1 - weekday_of(d));
}

IsoWeek iso_week(Day d) {
  const Day thursday = add_days(d, 4 - weekday_of(d));
  return {thursday.year, static_cast<int>((day_number(thursday) - day_number({thursday.year, 1, 1})) / 7) + 1};
}

Day easter(int year) {
  const int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return {year, n / 31, n % 31 + 1};
}

std::optional<Day> day_from_iso(std::string_view t) {
  if (t.size() < 10 || t[4] != '-' || t[7] != '-') return std::nullopt;
  int v[3] = {0, 0, 0};
  const int from[3] = {0, 5, 8}, length[3] = {4, 2, 2};
  for (int k = 0; k < 3; ++k)
    for (int i = from[k]; i < from[k] + length[k]; ++i) {
      const char c = t[static_cast<size_t>(i)];
      if (c < '0' || c > '9') return std::nullopt;
      v[k] = v[k] * 10 + (c - '0');
    }
  const Day d{v[0], v[1], v[2]};
  return is_valid(d) ? std::optional<Day>(d) : std::nullopt;
}

std::string value_of(const Stretch& s) {
  switch (s.grain) {
    case Grain::century:
      return fmt::format("{:02}", s.day.year / 100);
    case Grain::decade:
      return fmt::format("{:03}", s.day.year / 10);
    case Grain::year:
      return fmt::format("{:04}", s.day.year);
    case Grain::half:
      return fmt::format("{:04}-H{}", s.day.year, s.index);
    case Grain::quarter:
      return fmt::format("{:04}-Q{}", s.day.year, s.index);
    case Grain::season:
      return fmt::format("{:04}-{}", s.day.year, kSeasons[s.index]);
    case Grain::month:
      return fmt::format("{:04}-{:02}", s.day.year, s.day.month);
    case Grain::week:
    case Grain::weekend: {
      const IsoWeek w = iso_week(s.day);
      return fmt::format("{:04}-W{:02}{}", w.year, w.week, s.grain == Grain::weekend ? "-WE" : "");
    }
    case Grain::day:
      break;
  }
  return fmt::format("{:04}-{:02}-{:02}", s.day.year, s.day.month, s.day.day);
}

Stretch stretch_of(Grain grain, Day d) {
  switch (grain) {
    case Grain::century:
      return {grain, {floor_to(d.year, 100), 1, 1}};
    case Grain::decade:
      return {grain, {floor_to(d.year, 10), 1, 1}};
    case Grain::year:
      return {grain, {d.year, 1, 1}};
    case Grain::half:
      return {grain, {d.year, d.month <= 6 ? 1 : 7, 1}, d.month <= 6 ? 1 : 2};
    case Grain::quarter:
      return {grain, {d.year, (d.month - 1) / 3 * 3 + 1, 1}, (d.month - 1) / 3 + 1};
    case Grain::season: {
      const int season = season_of_month(d.month);
      return {grain, season_start(season == 0 && d.month < 12 ? d.year - 1 : d.year, season), season};
    }
    case Grain::month:
      return {grain, {d.year, d.month, 1}};
    case Grain::week:
      return {grain, monday_of(d)};
    case Grain::weekend:
      return {grain, add_days(monday_of(d), 5)};
    case Grain::day:
      break;
  }
  return {grain, d};
}

Stretch shifted(const Stretch& s, int n) {
  switch (s.grain) {
    case Grain::century:
      return {s.grain, {s.day.year + 100 * n, 1, 1}};
    case Grain::decade:
      return {s.grain, {s.day.year + 10 * n, 1, 1}};
    case Grain::year:
      return {s.grain, {s.day.year + n, 1, 1}};
    case Grain::half:
      return stretch_of(s.grain, add_months(s.day, 6 * n));
    case Grain::quarter:
    case Grain::season:
      return stretch_of(s.grain, add_months(s.day, 3 * n));
    case Grain::month:
      return {s.grain, add_months(s.day, n)};
    case Grain::week:
    case Grain::weekend:
      return {s.grain, add_days(s.day, 7 * n)};
    case Grain::day:
      break;
  }
  return {s.grain, add_days(s.day, n)};
}

Day last_day(const Stretch& s) {
  return s.grain == Grain::weekend ? add_days(s.day, 1) : add_days(shifted(s, 1).day, -1);
}

}  // namespace reportedly::time
