// Whose people somebody is: the country of a party that neither its own words nor the dictionary tell ("the villagers", "Ana Ruiz"). A
// choice among the countries that the text speaks of around it, and none: a log-linear one, fitted by training/homes.py on passages that
// the model has not seen; its weights stand in home_weights.inc.
#pragma once
#include "events/learned.h"

namespace reportedly::events {

/// Gives parties of frames that are not doubted a country, and the frames a reason. Linear in the document: somebody is asked about the
/// mentions and places next to a few of their own. Pure but for `matches` and `learned`'s workspace.
void find_homes(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned,
                const Circumstances& circumstances, Matches& matches);

}  // namespace reportedly::events
