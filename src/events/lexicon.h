// The event lexicon as the coder sees it. The format of the files is docs/events.md.
#pragma once
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "events/events.h"
#include "events/scheme.h"

namespace reportedly::events {

/// Looked up with string_view, without making a string.
struct ViewHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
using WordSet = std::unordered_set<std::string, ViewHash, std::equal_to<>>;

/// A place in the frame of a trigger.
struct Arg {
  enum class Kind : uint8_t {
    subject,  ///< who does it, in deep syntax: by-agents of passives, controllers, shared and relative subjects
    object,   ///< whom it is done to, likewise
    indirect,
    clause,     ///< clausal complement: infinitive, that-clause, "of doing"
    content,    ///< what the `content` of the entry matched
    possessor,  ///< "Norway's", "its"
    modifier,   ///< "Norwegian", "air"
    adverb,     ///< "jointly", "sexually"
    governor,   ///< the word the trigger hangs on
    prep,       ///< after a preposition
    actor,      ///< of an event in the content
    recipient   ///< of an event in the content
  };
  Kind kind = Kind::subject;
  bool of_content = false;  ///< "content.subject"
  std::string prep;
  std::string text;       ///< as written, for `why`
  std::vector<Arg> then;  ///< "to.with": what hangs on it, step by step
};

struct Test {
  enum class Presence : uint8_t { required, any, absent } presence = Presence::required;
  WordSet lemmas;                    ///< empty: every lemma
  std::vector<std::string> phrases;  ///< lemmas of more than one word: the words before the head, flat
  std::vector<std::string> kinds, sectors;
  std::optional<bool> actor;  ///< is it somebody (true) or something (false)?
};

struct Condition {
  std::vector<Arg> args;  ///< any of them
  Test test;
};

/// Alternatives in order; each is a union of places.
struct Source {
  std::vector<std::vector<Arg>> alternatives;
  bool given = false;
};

struct Content {
  bool given = false, optional = false;
  std::vector<Arg> via;
  TypeSet acts = 0;  ///< 0: any content; else an event of one of these types
  WordSet lemmas, modals;
  enum class Subject : uint8_t { any, same, other } subject = Subject::any;
};

struct Code {
  Type type = Type::agree;
  std::string mode;
  bool mode_by_content = false;
  std::string cameo;
  std::vector<std::string> contexts;
};

struct Example {
  std::string text, is, entry, place;  ///< place: file:line
};

enum class TriggerClass : uint8_t { verb, noun, adjective };

struct Trigger {
  TriggerClass pos = TriggerClass::verb;
  std::string lemma;                ///< verb or last word of a noun phrase
  std::string particle;             ///< "out" of "carry out"
  std::vector<std::string> before;  ///< "air" of "air strike", "baton", "-" of "baton-charge"
};

struct Entry {
  std::string id, why;  ///< why: "events/threaten:threaten-ban"
  std::vector<Code> codes;
  std::vector<Trigger> triggers;
  std::vector<Condition> when, unless;
  Content content;
  Source actor, recipient;
  bool subject_free = false;  ///< the entry has its own condition on the subject
  bool passive = true, active = true;
  uint32_t rank = 0;                          ///< higher is tried first: folder, then number of conditions
  static constexpr uint32_t kFolder = 10000;  ///< what a folder later in the row counts in `rank`
  bool firm = false;  ///< the model neither doubts it nor takes it for another type: it says so, or it is the user's
};

/// How a word colours what depends on it (lexicon/factuality.yaml).
struct Signature {
  Factuality positive = Factuality::ct_plus, negative = Factuality::ct_plus;
  enum class Future : uint8_t { none, own, word, expected } future = Future::none;  ///< word: the doer has given its word
  bool refused = false;
  std::string why;
};

/// A kind of text that is told in the words of politics without being it (lexicon/genres.yaml).
struct Genre {
  std::string name;
  enum class Spares : uint8_t { none, state, government, political } spares = Spares::none;
};

struct EventLexicon::Impl {
  std::vector<Entry> entries;
  struct Indexed {
    uint32_t entry, trigger;
  };
  /// By lemma of the trigger, best rank first.
  std::unordered_map<std::string, std::vector<Indexed>, ViewHash, std::equal_to<>> index;
  std::unordered_map<std::string, WordSet, ViewHash, std::equal_to<>> classes;
  WordSet support, occurrence, transparent_verbs, transparent_nouns;

  std::unordered_map<std::string, Signature, ViewHash, std::equal_to<>> verb_signs, noun_signs, adjective_signs, object_signs;
  std::unordered_map<std::string, Factuality, ViewHash, std::equal_to<>> modals, adverbs;

  std::unordered_map<std::string, std::vector<std::string>, ViewHash, std::equal_to<>> context_words;  ///< lemma → contexts
  std::vector<Example> examples;

  struct GenreWord {
    uint8_t genre, weight;
  };
  std::vector<Genre> genres;
  std::unordered_map<std::string, std::vector<GenreWord>, ViewHash, std::equal_to<>> genre_words;  ///< lemma or two lemmas → genres
};

}  // namespace reportedly::events
