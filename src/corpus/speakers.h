// Are two voices of one event the same speaker? Pure functions; docs/claims.md explains the rules.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::corpus {

/// A voice as it is compared with the others that speak of the same event.
struct Speaker {
  std::string key;      ///< of the voice, over documents
  std::string label;    ///< its words or name
  std::string kind;     ///< of the actor: person office organisation armed_group …; empty: unknown
  std::string country;  ///< code; empty: none
  std::string office;   ///< that a person holds: "defence minister"; empty: none
  std::string sectors;  ///< separated by blanks
  bool named = false;
  bool narrator = false;
};

/// "the police" and "Police in Tromsø", "Norway's defence minister" and "Defence Minister Liv Berg" are; "a trader" of two texts, two
/// persons, two ministries and two papers are not. Symmetric.
bool same_speaker(const Speaker& a, const Speaker& b);

/// Somebody with a name, a paper, or an institution: the same in another text of the event. "He" and "a trader" are not.
bool identified(const Speaker& s);

/// "norwegian", "turkish": by its end, as far as that tells. `word` folded.
bool nationality(std::string_view word);

/// Numbers the speakers so that those who are one have one number, over a chain of others too. It does not depend on their order who is
/// one with whom.
std::vector<size_t> speakers_of(const std::vector<Speaker>& voices);

}  // namespace reportedly::corpus
