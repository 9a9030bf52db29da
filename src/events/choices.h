// Small log-linear choices between the rules and the model, fitted by training/choices.py on passages that the model has not seen: is an
// act one of politics, what is its status. Evidence is a list of named features; the weights stand in choice_weights.inc, a name without a
// weight counts nothing. Pure, no shared state.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "events/scheme.h"
#include "reportedly/analysis.h"

namespace reportedly::events {

struct Feature {
  std::string name;
  float value = 1;
};
using Features = std::vector<Feature>;

inline constexpr std::array<std::string_view, 7> kStatuses{"happened", "ongoing", "planned",     "possible",
                                                           "denied",   "refused", "hypothetical"};

/// Log-odds that the act is one.
float keep_score(const Features& features);
/// Score of a country for somebody, none being 0 (homes.h; fitted by training/homes.py).
float home_score(const Features& features);
/// Score of each status.
std::array<float, kStatuses.size()> status_scores(const Features& features);

/// A line of JSON for training/choices.py. `rule`: the answer of the rules.
void write_choice(std::string_view kind, Span trigger, Span sentence, std::string_view type, std::string_view rule,
                  const Features& features, std::string& out);

}  // namespace reportedly::events
