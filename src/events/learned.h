// What the model's own heads say of events, beside the lexicon: acts that no entry knows, entries that fit an act only in letters, parties
// that no place of an entry names. Trained on the project's passages (training/passages); `why` says "model".
#pragma once
#include "events/match.h"
#include "nn/scorer.h"
#include "syntax/parse.h"

namespace reportedly::events {

/// One document as the model sees it. The matrix has one row a unit; words find theirs by Word::unit.
struct Learned {
  const syntax::Tags& tags;
  const nn::Scorer& scorer;
  const nn::Matrix& h;
  nn::Workspace& workspace;
  std::string* candidates = nullptr;  ///< if given: what parties are chosen from, for training/parties.py
};

/// Times and places of the document, which events may belong to, and its voices.
struct Circumstances {
  const std::vector<TimeExpression>& times;
  const std::vector<Place>& places;
  const std::vector<Attribution>& attributions;
};

/// Of each word the attribution with the smallest content that holds it; −1: none does.
std::vector<int32_t> innermost_contents(const syntax::Trees& trees, const std::vector<Attribution>& attributions);

/// The word of a span that hangs on something outside it.
uint32_t head_of(const syntax::Trees& trees, Span span);

/// Doubts frames of the lexicon where the model sees no act, fills parties that they lack, adds frames where the lexicon has none, and
/// asks for every frame's times, place and voices elsewhere.
/// Linear in the document: a trigger meets the mentions of its own sentence and the one before.
void learn(const syntax::Trees& trees, const entities::EntityLayer& entities, const Learned& learned, const Circumstances& circumstances,
           Matches& matches);

}  // namespace reportedly::events
