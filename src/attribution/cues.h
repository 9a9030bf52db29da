// The loaded cue lexicon: how cues are found on words, and what surrounds them.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "attribution/attribution.h"
#include "syntax/tree.h"

namespace reportedly::attribution {

/// What may be the content of a cue (lexicon/cues.yaml, `takes`).
struct Takes {
  bool clause = false, quotation = false, infinitive = false, person = false, object = false, complaint = false;
};

struct CueGroup {
  std::string id;
  Stance stance = Stance::asserts;
  Stance negated = Stance::withholds;
  Takes takes;
  bool opinion = false;
};

enum class CueKind : uint8_t { verb, noun, adjective, adverb, phrase };

/// One line of the lexicon: "call for" is {call, for}. In phrases `*` stands for one to four words.
struct CueEntry {
  std::vector<std::string> words;     ///< without a leading "be" or "not"
  bool be = false, negative = false;  ///< holds only with a form of be; only negated
  CueKind kind = CueKind::verb;
  uint32_t group = 0;
  std::string text;  ///< as written
};

/// A cue found on a word.
struct CueMatch {
  const CueEntry* entry = nullptr;
  const CueGroup* group = nullptr;
  uint32_t word = 0;             ///< the main word; of a phrase its first word
  std::vector<uint32_t> others;  ///< the further words of the entry, where they stand
  explicit operator bool() const { return entry != nullptr; }
};

struct Construction {
  std::string id;
  std::vector<std::string> words;
  Stance stance = Stance::asserts;
};

using WordSet = std::unordered_set<std::string>;

struct CueLexicon::Impl {
  std::vector<CueGroup> groups;
  std::vector<CueEntry> entries;
  /// First word → entries, longest first. Phrases: the first word in lower case; others: the lemma.
  std::unordered_map<std::string, std::vector<uint32_t>> by_first[5];
  WordSet not_cues, not_labels;
  WordSet negators, negative_determiners, negative_subjects, not_negation;
  WordSet refusers, carriers;
  WordSet modals, conditions, governors, polite, never_hypothetical;
  WordSet dismissive, denial_adverbs, denial_subjects, denial_determiners, denial_answers, own_act, no_promise, pledges, contrary;
  WordSet accounts, other;  ///< "a different story"
  WordSet uncertain_auxiliaries, uncertain_adverbs, uncertain_adjectives;
  std::unordered_map<std::string, std::vector<uint32_t>> constructions_by_first;
  std::vector<Construction> constructions;

  /// The longest entry that the word begins, of the kind its part of speech has; `any_kind`: of whatever kind.
  CueMatch match(const syntax::Trees& trees, uint32_t word, bool any_kind = false) const;
  /// A phrase that begins at this word, without looking beyond `last`.
  CueMatch match_phrase(const syntax::Trees& trees, uint32_t word, uint32_t last) const;

  /// Is the word under a negation: "not", "never", "no claim", "nobody said"?
  bool negated(const syntax::Trees& trees, uint32_t word) const;
};

/// Lower case of ASCII letters.
std::string lower(std::string_view s);

/// What a cue means where it stands.
struct Judgement {
  int32_t word = -1;  ///< the main word of the cue, -1 without one
  std::optional<std::string> lemma;
  Stance stance = Stance::asserts;
  bool hypothetical = false;
  bool listed = false;  ///< the cue is in the lexicon
  bool plain = false;   ///< a report without a colour of its own, not negated: what is said decides
  bool warns = false;
  bool other_account = false;      ///< "told a different story": against what was told before
  bool constructed = false;        ///< by several words (stances.yaml, constructions) or by `negated` (cues.yaml)
  bool denies_in_content = false;  ///< Attribution::denies_in_content
  std::vector<std::string> why;
};

/// Stance of the cue `fragments` towards `content`. `has_source`: a source was found.
Judgement judge(const syntax::Trees& trees, const CueLexicon::Impl& lexicon, const std::vector<Fragment>& fragments,
                const std::vector<Fragment>& content, bool has_source);

/// S9–S12: what the content itself makes of a plain report. `own(w)`: is the word w the source, or of its side?
void judge_content(const syntax::Trees& trees, const CueLexicon::Impl& lexicon, const std::vector<Fragment>& content,
                   const std::function<bool(uint32_t)>& own, Judgement& judgement);

/// What the model makes of the stance against what the words say (docs/voices.md, S19). `model`: log-probability of each Stance, or empty.
void weigh(std::span<const float> model, Judgement& judgement);

/// The word of [first, last) whose head lies outside, the first one that is no punctuation; `first` if there is none.
uint32_t head_of(const syntax::Trees& trees, uint32_t first, uint32_t last);

}  // namespace reportedly::attribution
