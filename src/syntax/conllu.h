// CoNLL-U in and out.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "syntax/tree.h"

namespace reportedly::syntax {

/// Trees of a CoNLL-U text, and the document text that its forms and SpaceAfter make (paragraphs parted by blank lines
/// at `# newpar`/`# newdoc`). For tests and tools: every later stage can be run on trees written by hand.
struct ReadTrees {
  Trees trees;
  std::string text;
};
Result<ReadTrees> read_conllu(std::string_view conllu);

/// UD words, multiword tokens, SpaceAfter=No; names as NE=B-PER in MISC. `factuality`, a value a word or empty: Fact=2.31 on predicates
/// (verbs, and other words that head a clause). `more`, an entry a word or empty: further items of MISC, parted by `|`. `before`: sentences
/// of the document that were written already.
std::string write_conllu(const Trees& trees, std::string_view utf8_text, const std::vector<Name>& names, std::string_view document_id,
                         std::span<const float> factuality = {}, std::span<const std::string> more = {}, size_t before = 0);

}  // namespace reportedly::syntax
