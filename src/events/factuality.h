// How certain a voice presents an event: FactBank's values by rule, in the manner of De Facto (Saurí 2008, Saurí & Pustejovsky 2012):
// negation, modals, tense and mood of the clause, then the words it depends on, inside out, each with its signature
// (lexicon/factuality.yaml). Pure; linear in the depth of the tree.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "events/grammar.h"

namespace reportedly::events {

struct Reality {
  Factuality value = Factuality::ct_plus;
  bool future = false;       ///< still to come
  bool due = false;          ///< "are to meet"
  bool own = false;          ///< by the doer's own word or plan
  bool word = false;         ///< the doer has given its word: promised, offered, agreed
  bool conditional = false;  ///< under an "if", or would-have
  bool condition = false;    ///< something else must happen first: "if …, it will"
  bool question = false;
  bool purpose = false;  ///< "in order to"
  bool ongoing = false;
  bool present = false;                        ///< told in the simple present
  bool modifier = false, progressive = false;  ///< "*striking* drivers", "*detained* organisers"
  bool settled = false;                        ///< past tense or perfect: the clause of the trigger tells what is over
  bool refused = false;
  bool negated = false;  ///< the clause of the trigger itself is negated
  bool obliged = false;  ///< must, should
  bool asserted = true;  ///< false: taken for granted by the voice ("denied having met the man *arrested* in May"), whatever its stance
  std::vector<std::string> why;
};

/// `inside(w)`: does word w lie in the content of the voice asked about? The path upwards stops where it leaves.
Reality reality(const Grammar& grammar, const EventLexicon::Impl& lexicon, uint32_t trigger, const std::function<bool(uint32_t)>& inside);

/// What a voice with that stance makes of a value inside its content.
Factuality in_stance(Factuality value, Stance stance);
/// What one voice makes of it: nothing, where it takes the act for granted or its denial lies in what it says ("There was no raid").
Factuality in_voice(const Reality& reality, const Attribution& attribution);

std::string status_of(const Reality& reality, Factuality value);

}  // namespace reportedly::events
