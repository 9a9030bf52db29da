// Names, mentions, coreference and actors.
#pragma once
#include <filesystem>
#include <memory>

#include "nn/scorer.h"
#include "syntax/parse.h"
#include "syntax/tree.h"

namespace reportedly::entities {

/// What a phrase stands for by the dictionary at a given date.
struct ActorFacts {
  std::string name;  ///< canonical
  std::string kind;  ///< Entity::kind
  std::optional<std::string> country;
  std::vector<std::string> sectors;
  std::optional<std::string> office;
  std::string why;  ///< "actors/states:NOR"
};

/// Dictionary of states, capitals, demonyms, seats of government, organisations, armed groups, office holders with dates, and role nouns
/// (agents). Immutable, shared by threads.
class Actors {
 public:
  /// Loads lexicon/actors/*.yaml and lexicon/agents.yaml below `lexicon`; later folders win over earlier ones. Errors: bad_data with file
  /// and line.
  static Result<std::unique_ptr<Actors>> load(const std::vector<std::filesystem::path>& lexicon);
  ~Actors();
  /// A name as it stands in text ("Norway", "Norwegian", "the Kremlin", "UN Security Council", "Angela Merkel"); `date` ISO, empty for
  /// unknown.
  std::optional<ActorFacts> find_name(std::string_view name, std::string_view date) const;
  /// A role noun by lemma phrase ("foreign minister", "soldier", "protester"): its sectors.
  std::optional<ActorFacts> find_role(std::string_view lemma_phrase) const;
  /// ISO 3166 alpha-3 of a country name, demonym or adjective; null for others.
  std::optional<std::string> country_of(std::string_view name_or_adjective) const;
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  Actors();
  std::unique_ptr<Impl> impl_;
};

struct EntityLayer {
  std::vector<Name> names;
  std::vector<Entity> entities;
  std::vector<int32_t> entity_of_word;   ///< innermost mention whose head is this word → entity, −1 none
  std::vector<int32_t> entity_covering;  ///< innermost mention that covers this word → entity, −1 none
  /// Phrases whose head noun the dictionary does not know ("the ledger"): no entities, but where a source is one it becomes one (`adopt`).
  std::vector<Entity> others;
  std::vector<int32_t> other_of_word;  ///< word that heads a mention of one of them → others, −1 none
  std::vector<int32_t> adopted;        ///< others → entities, −1 none; filled by `adopt`
};

/// Makes an entity of one of `others`, with its mentions, once. → its index in `entities`. It stays out of `entity_of_word`: it is no
/// party.
int32_t adopt(EntityLayer& layer, int32_t other);

/// Names (from tags), mentions (names, nominals, pronouns), coreference (scorer's antecedents if there is one, else rules), actors with
/// country and sectors: in-text evidence first, then the dictionary at the publication date. `scorer`, `h`, `tags` may be null (tests on
/// hand-written trees): names are then taken from runs of PROPN.
EntityLayer find_entities(const syntax::Trees& trees, const text::Text& text, const syntax::Tags* tags, const nn::Scorer* scorer,
                          const nn::Matrix* h, nn::Workspace* workspace, const Actors& actors, const std::optional<std::string>& published);

}  // namespace reportedly::entities
