#pragma once
#include <string>
#include <vector>

#include "reportedly/analysis.h"
#include "syntax/tree.h"

namespace reportedly::output {

/// For each word the items of MISC that tell voices, events, times and places (docs/exports.md): `Voice=B-cue:a1|Stance=a1:denies`.
std::vector<std::string> conllu_layers(const Analysis& analysis, const syntax::Trees& trees);

}  // namespace reportedly::output
