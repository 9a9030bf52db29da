// Values: from matches to TIMEX3 values, by the publication date, the tense of the governing verb and earlier times. Private to this stage.
#pragma once
#include <optional>

#include "time/grammar.h"

namespace reportedly::time {

/// Where the clause around a word lies: −1 past, 1 future, 0 not told.
int tense_at(const syntax::Trees& trees, uint32_t word);

struct Resolved {
  std::optional<std::string> value;
  std::string why;
};

/// Resolves the matches of one document in text order; keeps what was spoken of last.
class Resolver {
 public:
  Resolver(const syntax::Trees& trees, std::optional<Day> published) : trees_(trees), published_(published) {}
  /// All matches of one sentence; `out[k]` belongs to `matches[k]`.
  std::vector<Resolved> sentence(uint32_t index, const std::vector<Piece>& pieces, const std::vector<Match>& matches);

 private:
  struct Found {
    std::optional<Stretch> stretch;  ///< the stretch of the calendar meant
    std::string value, why;          ///< value if it is not the stretch's own
    bool known = false;
  };
  Found resolve(const Match& m, const std::vector<Piece>& pieces);
  /// `fixed`: told in the present of what is still to come.
  Found weekday(const Match& m, int tense, bool fixed) const;
  Found period(const Match& m, int tense) const;
  Found date(const Match& m, int tense) const;
  Found month_day(const Match& m, int tense) const;
  Found shift(const Match& m, int tense) const;
  std::optional<int> year_of(const Match& m) const;
  /// What was spoken of last in this sentence or those before it: for days the last day, for others the last time of any kind.
  const Stretch* spoken_of(Grain grain, uint32_t reach = 2) const;

  const syntax::Trees& trees_;
  std::optional<Day> published_;
  void speak_of(const Stretch& s, bool year_written);
  /// The year of a story told in dates: "on 3 May 2019 … on 12 June".
  std::optional<int> year_of_story(int month, int day, int tense) const;

  struct Anchor {
    std::optional<Stretch> stretch;
    uint32_t sentence = 0;
    bool year_written = false;  ///< its year stands in the text, or follows from one that does
  };
  Anchor any_, day_;   ///< the last time spoken of, and the last day
  Anchor day_before_;  ///< the last other day
  uint32_t sentence_ = 0;
};

}  // namespace reportedly::time
