// The record of one document: every layer of `reportedly/1` as a plain struct. Field names and order follow the JSON
// (docs/output.md). A layer is written by one stage and never changed by a later one. Offsets are code points in
// `DocumentInfo::text`. References between layers are indices into the vectors here; -1 means none; the ids of the JSON
// ("a1", "v1") are index + 1 with the layer's letter.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/document.h"
#include "reportedly/result.h"

namespace reportedly {

enum class Part : uint8_t { body, title, byline, dateline, footer };
const char* part_name(Part part);

/// A place where the text needed repair for reading; nothing is changed in the text itself.
struct Repair {
  std::string kind;  ///< "paragraph_join", "hyphen_join", "running_head", "page_number", "footer"
  Span span;         ///< what is bridged or left out
};

struct Warning {
  std::string code;  ///< "invalid_utf8", "nul", "published_unreadable", "language", …
  std::string message;
  std::optional<Span> span;
};

struct DocumentInfo {
  std::string id;
  std::optional<std::string> title, byline, publisher, url;
  std::optional<std::string> published;  ///< ISO date YYYY-MM-DD, else null
  std::string language;                  ///< ISO 639-1; "und" where it cannot be told
  std::string text;                      ///< UTF-8, exactly the input decoded
  std::vector<Repair> repairs;
  std::vector<Warning> warnings;
};

struct Name {
  Span span;
  std::string type;  ///< PER ORG LOC; further types in lower case
};

struct Sentence {
  Span span;
  Part part = Part::body;
  uint32_t paragraph = 0;
  uint32_t first_word = 0, last_word = 0;  ///< words [first, last) of Trees
};

enum class MentionKind : uint8_t { name, nominal, pronoun };

struct Mention {
  Span span;
  uint32_t head = 0;  ///< word index of the mention's syntactic head
  MentionKind kind = MentionKind::nominal;
};

/// One thing that mentions name. `country`: ISO 3166 alpha-3 or a PLOVER international code (UNO EUR IGO NGO ISM IMG MNC, KOS).
struct Entity {
  std::string name;
  std::string kind;  ///< state office person organisation armed_group group place document thing
  std::optional<std::string> country;
  std::vector<std::string> sectors;   ///< PLOVER sectors, most telling first
  std::optional<std::string> office;  ///< "foreign minister", where known
  std::vector<Mention> mentions;      ///< in text order
  std::vector<std::string> why;
};

/// TIMEX3.
struct TimeExpression {
  Span span;
  std::string type;                  ///< DATE TIME DURATION SET
  std::optional<std::string> value;  ///< TIMEX3 value
  std::vector<std::string> why;
};

struct Place {
  Span span;
  std::string name;
  std::optional<int64_t> geonames;
  std::optional<double> latitude, longitude;
  std::optional<std::string> country;  ///< ISO 3166 alpha-3
  std::optional<std::string> admin1;   ///< province
  std::optional<std::string> feature;  ///< GeoNames feature code, e.g. PPLC, ADM1, PCLI
  std::string role;                    ///< dateline, mention
  std::vector<std::string> why;
};

/// What a reviewer has decided about an event or an attribution: `none` in all that the engine makes. What is rejected keeps its place, so
/// that ids stay what they were, and does not count: no format but the JSON has it.
enum class Decision : uint8_t { none, corrected, rejected };
const char* decision_name(Decision decision);

enum class Form : uint8_t { direct, mixed, indirect };
enum class Stance : uint8_t {
  asserts,
  denies,
  doubts,
  withholds,
  asks,
  demands,
  promises,
  threatens,
  accuses,
  supposes,
  hopes,
  fears,
  concedes,
  relays
};
const char* form_name(Form form);
const char* stance_name(Stance stance);
std::optional<Stance> stance_from_name(std::string_view name);

struct Attribution {
  int32_t parent = -1;  ///< attribution whose content holds the cue
  std::vector<Span> source;
  int32_t source_entity = -1;
  std::vector<Span> cue;
  std::optional<std::string> cue_lemma;
  std::vector<Span> content;
  Form form = Form::indirect;
  Stance stance = Stance::asserts;
  bool hypothetical = false;       ///< the attribution itself did not take place ("if he says")
  bool denies_in_content = false;  ///< stance denies, but its words hold as they stand: “There was no raid,” she said (not in the JSON)
  std::optional<double> confidence;
  std::vector<std::string> why;
  Decision decision = Decision::none;
};

/// FactBank's values.
enum class Factuality : uint8_t { ct_plus, pr_plus, ps_plus, ct_minus, pr_minus, ps_minus, ct_u, uu };
const char* factuality_name(Factuality value);  // "CT+" …

struct Participant {
  int32_t entity = -1;
  std::optional<std::string> country;
  std::vector<std::string> sectors;
  Span span;
};

/// What was considered and not taken, for `explain`.
struct Candidate {
  std::string what;    ///< lexicon entry, rule, entity
  std::string reason;  ///< why it was not taken
};

struct VoiceClaim {
  int32_t attribution = -1;  ///< -1: the narrator
  Factuality factuality = Factuality::uu;
};

struct EventNumber {
  std::string kind;  ///< dead injured arrested size
  int64_t low = 0, high = 0;
  Span span;
};

struct Event {
  std::string type;  ///< PLOVER type
  std::optional<std::string> mode;
  std::vector<std::string> contexts;
  std::optional<std::string> cameo;  ///< a string: leading zeros matter
  int quad = 0;                      ///< 1–4
  double intensity = 0;
  std::vector<Participant> actors, recipients;
  Span trigger;
  std::string trigger_lemma;
  uint32_t trigger_word = 0;
  std::optional<std::string> date, time;  ///< ISO date (or TIMEX3 prefix), time of day
  std::vector<std::string> date_why;
  int32_t place = -1;
  int32_t attribution = -1;
  Factuality factuality = Factuality::ct_plus;
  std::string status;  ///< happened ongoing planned possible denied refused hypothetical
  std::vector<VoiceClaim> voices;
  std::vector<EventNumber> numbers;
  std::optional<double> confidence;
  std::vector<std::string> why;
  std::vector<Candidate> considered;
  Decision decision = Decision::none;
};

struct Position {
  std::string holds;  ///< "happened", "did not happen", "NOR did it", "12 dead"
  int32_t event = -1;
  std::vector<int32_t> voices;  ///< attributions, -1 the narrator
};

struct Dispute {
  std::string kind;  ///< occurrence agent number other
  std::vector<int32_t> events;
  std::vector<Position> positions;
};

/// Why a sentence got no event, for `explain FILE s12`.
struct SentenceNote {
  uint32_t sentence = 0;
  std::vector<Candidate> considered;
};

/// The whole record. `error` set: the document failed, the layers are empty.
struct Analysis {
  DocumentInfo document;
  std::optional<Error> error;
  std::vector<Name> names;
  std::vector<Sentence> sentences;
  std::vector<Entity> entities;
  std::vector<TimeExpression> times;
  std::vector<Place> places;
  std::vector<Attribution> attributions;
  std::vector<Event> events;
  std::vector<Dispute> disputes;
  std::vector<SentenceNote> notes;  ///< not part of the JSON; for explain
};

}  // namespace reportedly
