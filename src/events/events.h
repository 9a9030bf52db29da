// Events by the lexicon over trees: PLOVER type, mode, contexts, actors, recipients, factuality in each voice, status; disputes within the
// document.
#pragma once
#include <filesystem>
#include <memory>

#include "attribution/attribution.h"
#include "entities/entities.h"
#include "places/places.h"
#include "time/times.h"

namespace reportedly::events {

/// lexicon/events/*.yaml, lexicon/factuality.yaml, lexicon/contexts.yaml, compiled into an index by trigger lemma. Immutable.
class EventLexicon {
 public:
  /// Errors: bad_data with file, line and what was expected.
  static Result<std::unique_ptr<EventLexicon>> load(const std::vector<std::filesystem::path>& lexicon);
  ~EventLexicon();
  size_t entries() const;
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  EventLexicon();
  std::unique_ptr<Impl> impl_;
};

/// What the model makes of who else speaks of an act, and of which accounts exclude each other; for disputes.
struct Opinions {
  struct Heard {
    uint32_t event, attribution;
    float holds, denies;  ///< probabilities that a voice elsewhere does
  };
  struct Rivals {
    uint32_t earlier, later;  ///< events
    float p;                  ///< that they are accounts of one thing of which only one can be right
  };
  std::vector<Heard> heard;    ///< in order of events
  std::vector<Rivals> rivals;  ///< the likelier ones
  std::vector<float> denied;   ///< of each event, that it is one and denied (log-odds)
  bool any = false;            ///< the model has been asked
};

struct EventLayer {
  std::vector<Event> events;
  std::vector<SentenceNote> notes;
  Opinions opinions;
};

struct Learned;

/// `learned` may be null: the lexicon alone (a model without heads for events, trees written by hand, --events lexicon).
EventLayer code_events(const syntax::Trees& trees, const Learned* learned, const entities::EntityLayer& entities,
                       const std::vector<TimeExpression>& times, const std::vector<Place>& places,
                       const std::vector<Attribution>& attributions, const EventLexicon& lexicon, const entities::Actors& actors,
                       const std::optional<std::string>& published);

/// Positions on the same event that exclude each other. Precision before recall. By rules; where the model has been asked, what they find
/// is weighed with its opinions (contests.h). `rows`: what was weighed, for training/disputes.py.
std::vector<Dispute> find_disputes(const syntax::Trees& trees, const std::vector<Event>& events,
                                   const std::vector<Attribution>& attributions, const std::vector<Entity>& entities,
                                   const Opinions& opinions = {}, std::string* rows = nullptr);

}  // namespace reportedly::events
