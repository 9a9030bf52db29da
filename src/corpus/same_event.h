// Do two mentions, of one document or two, mean the same event? Pure functions; docs/claims.md explains the rules.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::corpus {

/// What tells two parties of one country apart: the police and those they drive away, the army and the rebels.
enum class Estate : uint8_t { unknown, state, people, armed };

/// A participant as mentions are compared by it.
struct Party {
  std::string key;      ///< of a named actor, over documents; empty: a description
  std::string country;  ///< code; empty: none
  std::string words;    ///< folded; of a description the last word's stem alone: "two farmers" → "farmer"
  bool person = false;
  bool state = false;    ///< the state itself, by its name: it may stand for anybody of its country
  bool guessed = false;  ///< the country: read from the text around, not from the words for it
  Estate estate = Estate::unknown;
  std::string sectors;  ///< of people: what they do, separated by blanks; empty where it is not said
  friend bool operator==(const Party&, const Party&) = default;
};

struct MentionPlace {
  std::optional<int64_t> geonames;
  std::optional<double> latitude, longitude;
  std::string country, name;  ///< name folded
  bool whole_country = false;
};

struct EventMention {
  int64_t event = 0;  ///< key in the store; says nothing
  int64_t document = 0;
  std::string type, mode, lemma, stem, status;
  int quad = 0;
  std::vector<Party> actors, recipients;
  std::optional<int64_t> from, to;  ///< Julian day numbers of the days that the date may mean
  bool unsure = false;              ///< that the date is the event's and not another's in its sentence
  bool negated = false;             ///< told as not having happened
  bool quoted = false;              ///< told in somebody's voice, or denied: who did it is that voice's claim
  bool warning = false;             ///< shots into the air
  uint64_t passage = 0;             ///< hash of its sentence and its place in it; 0: a sentence too short to be known by its words
  uint64_t passage_of_type = 0;     ///< of a sentence that tells one act of its type: hash of the sentence and the type
  std::optional<int64_t> published;
  std::optional<MentionPlace> place;
  struct Number {
    std::string kind;
    int64_t low = 0, high = 0;
  };
  std::vector<Number> numbers;
  std::span<const uint64_t> story;  ///< words of the names in its document: hashes, sorted. Kept by whoever has the document
};

/// Snowball's English stem of the lemma.
std::string stem_of(std::string_view lemma);

/// Acts of types of one family may be one event: who tells of it chooses the type ("detained", ASSAULT, or "searched", COERCE).
int family_of(std::string_view type);

/// Of whoever is no state by name: `sectors` as PLOVER has them, separated by blanks; `kind` of the entity, or empty.
Estate estate_of(std::string_view sectors, std::string_view kind);

/// Mentions that may be the same event share a block. Says nothing about those that do not.
std::vector<int64_t> blocks_of(const EventMention& mention);

struct Likeness {
  double score = 0;
  std::vector<std::string> why;  ///< filled when asked for
  bool same() const { return score >= kSame; }
  static constexpr double kSame = 3.4;
};
/// Symmetric.
Likeness likeness(const EventMention& a, const EventMention& b, bool reasons = false);

}  // namespace reportedly::corpus
