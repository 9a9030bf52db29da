// Lemmas of inflected English words by rule: a table of irregular forms and the spelling rules of the regular ones.
//
// The model's lemma head chooses among edit scripts by the look of a word's vector; for words it has seldom seen it picks a
// neighbouring script ("killed" → "kille"). Spelling leaves far less choice than the model has, so what spelling decides is
// decided here, and the model keeps the rest: names, abbreviations, misspellings, case.
#pragma once
#include <string>
#include <string_view>

namespace reportedly::syntax {

/// The lemma of `form` with Penn tag `xpos`, given the model's lemma. Both UTF-8. Never empty for a form that is not.
std::string lemma_of(std::string_view form, std::string_view xpos, std::string_view model_lemma);

/// "stopp", "announc", "kill" (a form without -ed or -ing, lower-case ASCII) → "stop", "announce", "kill".
std::string verb_of_stem(std::string_view stem);
/// "companies" → "company" (lower-case ASCII).
std::string singular(std::string_view plural);

}  // namespace reportedly::syntax
