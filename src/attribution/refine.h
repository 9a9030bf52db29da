// What the tagger and linker leave to be mended in the outermost attributions (docs/voices.md, M1–M6).
#pragma once
#include "attribution/cues.h"
#include "attribution/rules.h"

namespace reportedly::attribution {

/// Fragments end where phrases and quotations end; contents that no cue separates are joined or parted; a content parted from another's cue
/// finds its own in the tree. Linear in the words.
/// `inner`: the words were read apart from what stands around them, so that the tree knows better whose the cue is.
std::vector<Linked> refine(const syntax::Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes,
                           std::vector<Linked> linked, bool inner = false);

}  // namespace reportedly::attribution
