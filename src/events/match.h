// Lexicon entries against trees: frames of who, what and to whom, before tense, negation and voice are looked at.
#pragma once
#include <vector>

#include "events/grammar.h"
#include "places/places.h"

namespace reportedly::events {

struct Party {
  int32_t entity = -1;
  std::optional<std::string> country;  ///< where the entity layer has none for the word: an adjective of a country, a domestic matter
  Span span;
  uint32_t word = 0;
};

struct Frame {
  uint32_t word = 0;
  uint32_t entry = 0;
  Type type = Type::agree;
  std::string mode;
  std::vector<Party> actors, recipients;
  Words contents;
  bool state = false;          ///< the trigger is an adjective or a participle read as one: its subject is the one who is so
  int32_t content_frame = -1;  ///< the act in the content, index into Matches::frames
  Span trigger;
  int32_t inside_of = -1;  ///< another frame whose content this is
  float learned = 0;       ///< probability of a frame that the model proposed; it has `code` in place of an entry
  Code code;
  bool firm = false;     ///< its entry is (lexicon.h)
  bool doubted = false;  ///< the model sees no act here
  bool filled = false;   ///< the model named a party that the entry did not find
  std::vector<Candidate> considered;
  std::vector<std::string> why;  ///< rules beside the entry
  bool aimed = false;            ///< a protest that is told to be over something
  /// The document's time expressions around it, and whether each is its time, as the model sees it (logits).
  struct Time {
    uint32_t expression;
    float logit;
  };
  std::vector<Time> times;
  int32_t place = -1;  ///< what the model holds for its place: index into the document's; −1 nothing asked or found
  float place_p = 0;
  /// Attributions around it, and whether their sources hold or deny it, as the model sees it (logits).
  struct View {
    uint32_t attribution;
    float holds, denies;
  };
  std::vector<View> views;
};

struct Matches {
  std::vector<Frame> frames;      ///< deeper words first
  std::vector<int32_t> frame_of;  ///< word → frame, −1 none
  struct Rivals {
    uint32_t later, earlier;  ///< frames
    float p;
  };
  std::vector<Rivals> rivals;                          ///< accounts of which only one can be right, as the model sees them
  std::vector<std::pair<uint32_t, Candidate>> failed;  ///< word, entry and reason; for explain
};

Matches match(const syntax::Trees& trees, const Grammar& grammar, const entities::EntityLayer& entities, const entities::Actors& actors,
              const std::vector<Place>& places, const EventLexicon::Impl& lexicon);

}  // namespace reportedly::events
