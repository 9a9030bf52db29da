// Encoder scores to words, sentences and trees.
#pragma once
#include "nn/scorer.h"
#include "syntax/tree.h"
#include "text/text.h"

namespace reportedly::syntax {

/// BIO labels of every word, decoded over the whole document (docs/model.md §4), with the mean probability of the chosen
/// label, and factuality −3…3. Labels index TagSets::names / polnames. Source, cue and content (0 = O, 1 = B, 2 = I) are left to
/// the attribution stage, which weighs their labels before it decodes them.
struct Tags {
  std::vector<uint8_t> names, polnames, source, cue, content;
  std::vector<float> names_p, source_p, cue_p, content_p;
  std::vector<float> factuality;
  // Heads for events; empty where the model has none. `event` is the likeliest PLOVER type (index into TagSets::event, never 0), `event_p`
  // its probability, `act_p` that of any type; the others are the likeliest labels were the word a trigger.
  std::vector<uint8_t> event, event_mode, event_factuality;
  std::vector<float> event_p, act_p, event_mode_p;
  std::vector<float> event_status_p;  ///< [words × TagSets::status] probabilities
};

/// Words, sentences, tags, lemmas and well-formed trees with one root each. Sentences do not cross parts (title, body …)
/// or paragraph breaks; one longer than 200 words is cut where the boundary scores are best. `h` has one row per unit.
Trees parse(const text::Text& text, const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace);

/// Names, politics types and factuality. `rows` of h are units; words find theirs by Word::unit.
Tags tag(const Trees& trees, const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace);

/// Best legal BIO sequence of log-probabilities [n × labels], labels ordered O, B-x, I-x, B-y, I-y …
std::vector<uint8_t> decode_bio(const float* log_probabilities, size_t n, size_t labels);

/// Maximum spanning arborescence with exactly one child of the root (Chu-Liu/Edmonds); arc scores as Scorer::arcs gives them.
/// Result: heads, −1 the root.
std::vector<int32_t> best_tree(const float* scores, size_t n);

}  // namespace reportedly::syntax
