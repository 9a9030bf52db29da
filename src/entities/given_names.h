// Gender that a given name tells, for pronouns.
#pragma once
#include <string_view>

namespace reportedly::entities {

/// 'm', 'f' or 0: most bearers of the given name. `folded`: lower case without accents (fold.h). `alone`: it is the whole name, so that it
/// may be a last name ("James"), which tells nothing. A short list of common names, from general knowledge; names that both bear are left
/// out.
char gender_of_given_name(std::string_view folded, bool alone);

/// 'f' or 0: last names and patronymics that women bear in Slavic languages and in Icelandic by their ending ("-ova", "-skaya",
/// "-dottir"). Endings of men are left out: women elsewhere bear them too ("Lewinsky").
char gender_of_last_name(std::string_view folded);

}  // namespace reportedly::entities
