// The time of an act: one choice among the time expressions around it, the day of publication and none. A conditional logit over the
// model's log-odds, what the rules of src/time make of the tree, and where and how each time is told; its weights stand in
// date_weights.inc, fitted by training/dates.py on passages that the model has not seen.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "events/learned.h"
#include "time/calendar.h"
#include "time/times.h"

namespace reportedly::events {

/// Of one document; refers to what it was made of.
class Dates {
 public:
  Dates(const syntax::Trees& trees, const std::vector<TimeExpression>& times, const std::vector<Attribution>& attributions,
        const std::optional<std::string>& published, const Learned& learned);

  /// The time of an act. With `rows` what was weighed is written there as a line of JSON, for training/dates.py.
  time::EventTime choose(const Frame& frame, std::string* rows) const;

 private:
  class Sum;
  struct Told {  ///< how an expression is told
    uint32_t head = 0;
    int32_t teller = -1;  ///< the attribution on whose cue it hangs
    bool dateline = false;
    std::string_view bound;    ///< the preposition that makes a bound of it
    std::string date;          ///< empty: none
    std::optional<long> days;  ///< from publication to it
    bool fine = false;         ///< a day
  };
  struct Setting {  ///< of an act
    std::string form;
    float planned = 0, ongoing = 0, happened = 0;
    int32_t voice = -1;
  };
  Setting setting_of(const Frame& frame) const;
  bool of_the_past(const Told& told, uint32_t sentence) const;
  void expression(const Frame& frame, const Setting& setting, size_t asked, const time::EventTime& rules, Sum& to) const;
  void none(const Frame& frame, const Setting& setting, const time::EventTime& rules, Sum& to) const;
  void publication(const Frame& frame, const Setting& setting, Sum& to) const;
  void path(uint32_t trigger, uint32_t head, Sum& to) const;
  float status(uint32_t word, std::string_view name) const;

  const syntax::Trees& trees_;
  const std::vector<TimeExpression>& times_;
  const std::vector<Attribution>& attributions_;
  const std::optional<std::string>& published_;
  const Learned& learned_;
  std::vector<Told> told_;           // of each expression
  std::vector<int32_t> content_of_;  // of each word (innermost_contents)
  int32_t news_ = -1;                // the first time that is not the dateline's
};

}  // namespace reportedly::events
