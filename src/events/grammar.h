// Deep syntax over UD trees: who does what to whom, whatever the construction.
// Sees through passives, relative clauses, participles, control and raising, coordination, light verbs and shared arguments.
// All methods append word indices (heads of phrases) to `out`; linear in the size of the phrase. Not thread-safe (scratch), cheap to make.
#pragma once
#include <vector>

#include "events/lexicon.h"
#include "syntax/tree.h"

namespace reportedly::events {

using Words = std::vector<uint32_t>;

class Grammar {
 public:
  Grammar(const syntax::Trees& trees, const EventLexicon::Impl& lexicon) : trees_(trees), lexicon_(lexicon) {}

  const syntax::Word& word(uint32_t w) const { return trees_.words[w]; }
  std::span<const uint32_t> children(uint32_t w) const { return trees_.children(w); }
  bool is_verb(uint32_t w) const;
  bool is_nominal(uint32_t w) const;
  bool passive(uint32_t w) const;
  /// "the jailed minister": a participle before its noun.
  bool attributive(uint32_t w) const;

  /// The doer.
  void subject(uint32_t w, Words& out) const { deep_subject(w, out, 0); }
  /// The subject as it stands: of a passive the one it is done to.
  void surface_subject(uint32_t w, Words& out) const { surface(w, out, 0); }
  void object(uint32_t w, Words& out) const { deep_object(w, out, 0); }
  void indirect(uint32_t w, Words& out) const;
  /// Phrases with that preposition on the word itself; of a verb also on its object, of a noun also on its light verb.
  void prep(uint32_t w, std::string_view preposition, Words& out) const;
  /// What stands right behind the noun with that preposition, hung on the noun's verb: "increased its aid to Niger".
  void behind(uint32_t noun, std::string_view preposition, Words& out) const;
  void possessor(uint32_t w, Words& out) const;
  void modifier(uint32_t w, Words& out) const;
  /// Clausal complements: infinitives, that-clauses, gerunds after a preposition.
  void clause(uint32_t w, Words& out) const;

  /// The verb of which the noun is the act ("launched an attack", "an attack was launched", "the attack began"); -1 none.
  int32_t light_verb(uint32_t noun) const;
  /// Nouns between the word and its light verb: "a series of attacks".
  uint32_t carrier(uint32_t noun) const;
  bool has_particle(uint32_t verb, std::string_view particle) const;
  bool has_any_particle(uint32_t verb) const;
  /// A word with its conjuncts.
  void expand(uint32_t w, Words& out) const;

 private:
  void deep_subject(uint32_t w, Words& out, int depth) const;
  void surface(uint32_t w, Words& out, int depth) const;
  void deep_object(uint32_t w, Words& out, int depth) const;
  void controller(uint32_t w, Words& out, int depth) const;
  void prep_on(uint32_t w, std::string_view preposition, Words& out) const;
  /// Stands the word for the antecedent of the relative clause it is in? Then the antecedent, else the word itself.
  uint32_t antecedent(uint32_t pronoun) const;
  bool finite(uint32_t w) const;
  bool genitive(uint32_t w) const;  ///< "'s"
  /// What stands after a particle that is a preposition really ("called on Oslo to …"); -1 if it is a particle.
  int32_t after_preposition(uint32_t verb, uint32_t particle) const;

  const syntax::Trees& trees_;
  const EventLexicon::Impl& lexicon_;
};

}  // namespace reportedly::events
