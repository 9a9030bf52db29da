// One form for all the ways a name is written: lower case, no diacritics, no dots, no article, no possessive.
#pragma once
#include <string>
#include <string_view>

namespace reportedly::entities {

/// "The U.S.-backed Côte d’Ivoire's" → "us backed cote d ivoire". Hyphens, dashes and apostrophes inside words part them; dots and commas
/// vanish.
std::string fold(std::string_view utf8);
/// The same for one word of a text, appended; nothing is stripped at its ends but punctuation.
void fold_word(std::string_view utf8, std::string& out);
/// Drops a leading "the " and a trailing possessive.
std::string_view trim_folded(std::string_view folded);
/// Is every letter upper case, with at least two letters? ("U.S.", "NATO")
bool is_acronym(std::string_view utf8);
bool starts_upper(std::string_view utf8);
uint64_t hash(std::string_view s);

}  // namespace reportedly::entities
