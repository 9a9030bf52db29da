// Counts of one thing by two voices: "Eleven died, says the mayor. Three, answers the army."
#pragma once
#include "events/events.h"

namespace reportedly::events {

/// Disputes of kind `number` between voices, where the second number is elliptical ("it was 112", "put the figure at 61") or both count the
/// dead, the injured or the detained. Each belongs to an event told with or right before the first number; where there is none, no dispute
/// is made. Linear in the words of contents.
std::vector<Dispute> rival_counts(const syntax::Trees& trees, const std::vector<Event>& events,
                                  const std::vector<Attribution>& attributions);

}  // namespace reportedly::events
