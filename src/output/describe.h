// What the readable and the tabular formats ask of a record: who is meant, who says so, in which sentence.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "output/text_offsets.h"
#include "reportedly/analysis.h"

namespace reportedly::output {

/// A record with its text opened for slicing. Holds a reference: the record must outlive it.
class Description {
 public:
  explicit Description(const Analysis& analysis);

  const Analysis& record() const { return analysis_; }
  const TextOffsets& text() const { return text_; }

  /// The span's text on one line.
  std::string quote(Span span) const;
  /// Several spans, joined by " … ".
  std::string quote(const std::vector<Span>& spans) const;

  /// The entity's name, else the words of the text.
  std::string name(const Participant& participant) const;
  std::string names(const std::vector<Participant>& participants) const;
  /// "NOR", "NOR MIL", "": country and sectors.
  static std::string codes(const std::optional<std::string>& country, const std::vector<std::string>& sectors);

  /// Who speaks in an attribution: its words in the text; for a pronoun, the entity's name; "an unnamed source" without either.
  /// -1: the narrator, that is the publisher if it is known, else "the document".
  std::string source(int32_t attribution) const;
  /// Attributions from the outermost to this one; empty for -1. A damaged chain (a circle) ends where it would repeat.
  std::vector<int32_t> chain(int32_t attribution) const;
  /// "Reykjavik (asserts) › two fishermen (asserts)": the chain, innermost last; the narrator for -1.
  std::string voice(int32_t attribution) const;

  /// For every attribution the claims of events that it is the innermost voice of: (event, claim), in the order of the events.
  std::vector<std::vector<std::pair<size_t, Factuality>>> told() const;

  /// Index of the sentence that holds a code point, -1 if none.
  int32_t sentence_at(uint32_t code_point) const;

 private:
  const Analysis& analysis_;
  TextOffsets text_;
};

/// How a voice presents an event, in words: CT- → "as not the case".
const char* factuality_words(Factuality value);

}  // namespace reportedly::output
