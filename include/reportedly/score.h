// How well records agree with records that people have corrected (`reportedly evaluate`). What is compared, and how, is said in
// docs/evaluate.md; tools/score/passages.py compares events and attributions in the same way.
//
//   reportedly::Score score;
//   if (auto done = score.add(gold, system); !done) …   // texts differ
//   for (const reportedly::Figure& f : score.figures()) …
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/analysis.h"
#include "reportedly/result.h"

namespace reportedly {

/// Counts of one comparison. Precision is right / system, recall right / gold. A share (of matched events, say) has system = gold = how
/// often it was asked.
struct Figure {
  std::string_view name;  ///< "events.type"
  std::string_view layer;
  std::string_view what;  ///< one line for readers
  bool share = false;
  size_t right = 0, system = 0, gold = 0;

  /// All in [0, 1]; 0 where there is nothing to divide by.
  double precision() const { return system ? static_cast<double>(right) / static_cast<double>(system) : 0; }
  double recall() const { return gold ? static_cast<double>(right) / static_cast<double>(gold) : 0; }
  double f1() const { return system + gold ? 2.0 * static_cast<double>(right) / static_cast<double>(system + gold) : 0; }
};

/// Where two records differ.
struct Difference {
  std::string_view figure;
  std::string message;  ///< "missed ASSAULT “shelled” in: …"
};

/// Sums over documents. Not thread-safe; a few passes over each pair of records, and quadratic in the events and attributions of one
/// document.
class Score {
 public:
  /// Compares one document. `differ`, if given, is called for every difference in the order of the figures. Errors: bad_format if the texts
  /// differ, or if one of the records is an error.
  Result<void> add(const Analysis& gold, const Analysis& system, const std::function<void(const Difference&)>& differ = {});
  /// In the order of the documentation; figures that nothing was asked for are left out.
  std::vector<Figure> figures() const;
  /// The layers that figures belong to: names sentences times places attributions events disputes.
  static const std::vector<std::string>& layers();

 private:
  enum Kind : size_t {
    kSentences,
    kNames,
    kTimes,
    kTimeValues,
    kPlaces,
    kPlaceIds,
    kSources,
    kCues,
    kContents,
    kAttributions,
    kStrict,
    kNested,
    kStance,
    kStanceOther,
    kSourceEntity,
    kEvents,
    kTriggers,
    kRoles,
    kQuads,
    kMode,
    kStatus,
    kStatusOther,
    kFactuality,
    kVoice,
    kVoiceTold,
    kVoices,
    kDate,
    kEventPlace,
    kDisputes,
    kKinds
  };
  struct Counts {
    size_t right = 0, system = 0, gold = 0;
  };
  class Pair;
  static const Figure& description(size_t kind);
  Counts counts_[kKinds];
};

/// A record as people leave it: ids of any form, unique in their layer and not in order; members that may be null or empty left out
/// (docs/evaluate.md). Errors: bad_format, with what is wrong.
Result<Analysis> read_gold(std::string_view json);

}  // namespace reportedly
