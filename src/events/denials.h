// Denials without an act of their own, linked to the events they deny (docs/events.md, Denials).
#pragma once
#include <algorithm>

#include "events/events.h"

namespace reportedly::events {

/// `why` of an event that a denial elsewhere belongs to.
inline constexpr const char* kDeniedElsewhere = "rule:denied elsewhere";

/// Nouns that a denial turns against: "the charge", "the report that …".
bool claim_noun(std::string_view lemma);

/// Not so, in whatever degree.
inline bool negative(Factuality f) {
  return f == Factuality::ct_minus || f == Factuality::pr_minus || f == Factuality::ps_minus;
}

/// Does a voice that is known deny it? A status alone (the model's) does not say whose denial it is.
inline bool denied_by_somebody(const Event& e) {
  return std::any_of(e.voices.begin(), e.voices.end(), [](const VoiceClaim& v) { return negative(v.factuality); });
}

/// "denied Reykjavik's claim that …": who denies stands around the voice that tells it; −1: nobody does.
int32_t denies_around(const std::vector<Attribution>& attributions, int32_t voice);

/// By what a denial is taken for one of an event.
enum DenialSign : uint8_t { kStated = 1, kPointsBack = 2, kAnswers = 4, kRepeats = 8, kAddressed = 16 };
struct Denial {
  uint32_t event, attribution;
  uint8_t signs;  ///< DenialSign
};

/// What link_denials would link, with its reasons, each denial for itself. For the choice in answers.h.
std::vector<Denial> find_denials(const syntax::Trees& trees, const entities::EntityLayer& entities,
                                 const std::vector<Attribution>& attributions, std::vector<Event>& events);

/// Adds the denying voice to `voices` of an event that another voice told before, and makes its status `denied`. `events` in text order.
/// Linear in attributions times the events of the few sentences before each.
void link_denials(const syntax::Trees& trees, const entities::EntityLayer& entities, const std::vector<Attribution>& attributions,
                  std::vector<Event>& events);

}  // namespace reportedly::events
