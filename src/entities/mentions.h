// Mentions before they are joined into entities: names, nominal phrases, pronouns, each with what its own words say.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "entities/actors_impl.h"

namespace reportedly::entities {

enum class Animacy : uint8_t { unknown, person, people, organisation, state, place, thing };

struct Candidate {
  uint32_t head = 0;
  uint32_t first = 0, last = 0;  ///< words [first, last)
  MentionKind kind = MentionKind::nominal;
  std::string key;          ///< names: folded; nominals: folded head lemma
  std::string name;         ///< for Entity::name if this mention gives it
  std::string entity_kind;  ///< Entity::kind, empty if open
  std::string identity;     ///< equal identities are one entity: "state:NOR", "entry:512"
  // What the mention's own words say.
  std::optional<std::string> text_country;
  std::vector<std::string> text_sectors;
  std::optional<std::string> text_office;
  bool weak_sectors = false;  ///< from a word as general as "man"
  std::vector<std::string> why;
  // What the dictionary says of the name.
  std::optional<ActorFacts> facts;
  Animacy animacy = Animacy::unknown;
  bool plural = false, definite = false, takes = false, local = false, bare_organ = false, counted = false, demonym_adjective = false,
       several_countries = false, visiting = false;
  bool other = false;  ///< a noun that the dictionary does not know: an antecedent, and an entity only where a source is one
  char gender = 0;
  int32_t possessor = -1;  ///< word of a possessive pronoun before the head
  int32_t parent = -1;     ///< union-find
};

/// A run of words that the tagger took for a name.
struct TaggedName {
  uint32_t first = 0, last = 0;
  std::string type;
  float probability = 1;
};

struct MentionLayer {
  std::vector<Name> names;
  std::vector<Candidate> candidates;       ///< sorted by first word, longer first
  std::vector<int32_t> candidate_of_head;  ///< word → candidate with that head, −1 none
};

/// `tagged` null: names are runs of proper nouns.
MentionLayer find_mentions(const syntax::Trees& trees, const std::vector<TaggedName>* tagged, const Actors& actors,
                           const std::string& date);

/// Joins candidates that are one entity (Candidate::parent). `antecedent_score(i, j)` > 0 favours j < i; may be empty.
class Antecedents {
 public:
  virtual ~Antecedents() = default;
  virtual float score(size_t candidate, size_t antecedent) const = 0;
};
void resolve(const syntax::Trees& trees, MentionLayer& mentions, const Actors& actors, const Antecedents* antecedents);
int32_t root_of(const std::vector<Candidate>& c, int32_t i);

}  // namespace reportedly::entities
