// Attributions by rule, with the quotations at hand already.
#pragma once
#include "attribution/cues.h"
#include "attribution/quotes.h"

namespace reportedly::attribution {

/// `why` of R12.
inline constexpr const char* kBeforeAs = "content before 'as'";

/// link_by_rule on words [first, last); contents may lie outside ("as A said").
std::vector<Linked> rules(const syntax::Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, uint32_t first,
                          uint32_t last);

/// The source of a cue word in the tree: its subject, its owner; empty if there is none.
std::vector<Fragment> source_by_rule(const syntax::Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, uint32_t cue);

}  // namespace reportedly::attribution
