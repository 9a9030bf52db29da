// From boundary scores to words and sentences, from words to tokens and lemmas: the parts of parse.h that need no model.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/tree.h"
#include "text/text.h"

namespace reportedly::syntax {

inline constexpr uint32_t kMaxSentence = 200;  ///< words

/// Units [first, last) as one word.
struct WordCut {
  uint32_t first = 0, last = 0;
  bool sentence = false;  ///< begins a sentence
};

/// `boundary`: [units × 3], the scores of I (continues a word), W (begins one), S (begins a word and a sentence). A unit after
/// white space is never I; the first of a paragraph is S; a sentence of more than kMaxSentence words is cut where S is
/// best against W, after white space if there is any. Linear.
std::vector<WordCut> cut_words(const text::Text& text, const float* boundary);

/// Sets Word::token_words by docs/model.md §9. Needs forms, spaces, sentences and UPOS.
void mark_tokens(Trees& trees);

/// A lemma script, docs/model.md §5, for a form. One that is malformed or drops more than there is keeps the form.
std::string apply_lemma_script(std::string_view script, std::u32string_view form);

}  // namespace reportedly::syntax
