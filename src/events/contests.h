// Which voices stand against each other, over which act, and in what: one fitted choice over what the rules of disputes.cpp find and what
// the model makes of each voice around an act (Opinions). A multinomial logit (none, occurrence, agent, number, other); its weights stand
// in contest_weights.inc, fitted by training/disputes.py on passages that the model has not seen.
#pragma once
#include "events/events.h"

namespace reportedly::events {

/// `found`: what the rules found. With `rows` each pair of accounts that was asked is written there as a line of JSON.
/// Linear in events: each meets the voices and the acts of a few sentences.
std::vector<Dispute> weigh_disputes(const syntax::Trees& trees, const std::vector<Event>& events,
                                    const std::vector<Attribution>& attributions, const std::vector<Entity>& entities,
                                    const Opinions& opinions, std::vector<Dispute> found, std::string* rows);

/// Who an attribution (−1: the narrator) has as its source: equal for those of one entity.
std::string source_of(const std::vector<Attribution>& attributions, int32_t a);
/// Takes those voices out that have a source in common with one of `others`: nobody stands against himself.
void without_sources_of(const std::vector<Attribution>& attributions, const std::vector<int32_t>& others, std::vector<int32_t>& voices);
/// Do the sources of two attributions (−1: the narrator) speak for the government of one state?
bool one_government(const std::vector<Attribution>& attributions, const std::vector<Entity>& entities, int32_t a, int32_t b);

}  // namespace reportedly::events
