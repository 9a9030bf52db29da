// TIMEX3 expressions and their values; the time that belongs to an event.
#pragma once
#include "syntax/tree.h"

namespace reportedly::time {

/// Time expressions of a document in text order, values anchored at `published` (ISO date, or null) or at an earlier time where the text
/// says so. What is a part of a longer name of somebody is none: the April Front, the Sunday Courier, June Halvorsen.
std::vector<TimeExpression> find_times(const syntax::Trees& trees, const std::optional<std::string>& published,
                                       const std::vector<Name>& names = {});

struct EventTime {
  std::optional<std::string> date, time;
  std::vector<std::string> why;
  bool own = false;      ///< said of this event and no other: it hangs on its word, or is counted
  bool counted = false;  ///< from the day of something else: "left on Thursday, two days after …"
};
/// The date of what `trigger` (word index) tells: its own modifier in the tree, its clause, the clause that governs it, the dateline day …
/// or null with why.
EventTime time_of(const syntax::Trees& trees, const std::vector<TimeExpression>& times, uint32_t trigger,
                  const std::optional<std::string>& published);

/// "OSLO, 5 May 2031 – …": the day of the report, which no verb comes before and a dash follows.
bool in_dateline(const syntax::Trees& trees, const TimeExpression& expression);

/// The date of an event that is known to belong to that expression, `how` being the reason: nothing where its value begins with no year.
EventTime dated_by(const syntax::Trees& trees, const TimeExpression& expression, const std::string& how);

}  // namespace reportedly::time
