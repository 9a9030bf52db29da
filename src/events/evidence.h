// What speaks for and against an act and each of its statuses: features for the choices of choices.h.
#pragma once
#include "events/choices.h"
#include "events/factuality.h"
#include "events/learned.h"
#include "events/match.h"

namespace reportedly::events {

/// Of one document; immutable, refers to what it was made of.
class Evidence {
 public:
  Evidence(const syntax::Trees& trees, const entities::EntityLayer& entities, const EventLexicon::Impl& lexicon, const Grammar& grammar,
           const Learned& learned, const std::optional<std::string>& published);

  /// Is the event one? `status`: by rules and model, whoever denies it. `genres`: weight of the words of each genre around it. `beside`:
  /// acts in its sentence. `against`: what a rule has against it, or empty.
  Features keep(const Frame& frame, const Event& event, std::string_view status, std::span<const uint32_t> genres, size_t beside,
                std::string_view against) const;

  /// `voice`: the attribution that holds the act, if any.
  Features status(const Frame& frame, const Reality& reality, const Event& event, const Attribution* voice, bool announced) const;

 private:
  float act(uint32_t word) const;  ///< log-odds of any act at the word or beside it

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const EventLexicon::Impl& lexicon_;
  const Grammar& g_;
  const Learned& learned_;
  const std::optional<std::string>& published_;
  float top_ = 0, mean_ = 0, political_ = 0;  ///< of the document: surest act, mean of the sentences' surest, share of political mentions
};

}  // namespace reportedly::events
