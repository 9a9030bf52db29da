// reportedly/1 back into the record. What to_json wrote reads back so that to_json writes the same bytes; anything else is an error with
// its place, never a crash: ids must count up, references must be to what is there, offsets must lie in 32 bits.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>

#include "output/text_offsets.h"
#include "output/write.h"
#include "reportedly/export.h"

namespace reportedly {
namespace {

namespace dom = simdjson::dom;

/// Thrown inside this file only; from_json makes an Error of it.
struct Mistake {
  std::string place, message;
};

/// A value and where it stands: its place is put together only for an error. A node must not outlive the one it was taken from.
class Node {
 public:
  explicit Node(dom::element value) : value_(value) {}

  [[noreturn]] void wrong(std::string message) const { throw Mistake{place(), std::move(message)}; }

  Node operator[](std::string_view key) const {
    dom::element found;
    if (value_.get_object().error()) wrong("is no object");
    if (value_[key].get(found)) wrong(fmt::format("has no \"{}\"", key));
    return {found, this, key, 0};
  }
  bool has(std::string_view key) const {
    dom::element found;
    return !value_[key].get(found);
  }
  bool null() const { return value_.is_null(); }
  std::string text() const {
    std::string_view out;
    if (value_.get(out)) wrong("is no string");
    return std::string(out);
  }
  std::optional<std::string> text_or_null() const { return null() ? std::nullopt : std::optional(text()); }
  bool boolean() const {
    bool out = false;
    if (value_.get(out)) wrong("is neither true nor false");
    return out;
  }
  int64_t integer(int64_t least = std::numeric_limits<int64_t>::min(), int64_t most = std::numeric_limits<int64_t>::max()) const {
    int64_t out = 0;
    if (value_.get(out)) wrong("is no whole number");
    if (out < least || out > most) wrong("is out of range");
    return out;
  }
  double real() const {
    double out = 0;
    if (value_.get(out)) wrong("is no number");
    return out;
  }
  std::optional<double> real_or_null() const { return null() ? std::nullopt : std::optional(real()); }
  uint32_t offset() const { return static_cast<uint32_t>(integer(0, std::numeric_limits<uint32_t>::max())); }
  Span pair() const {
    dom::array array;
    if (value_.get(array) || array.size() != 2) wrong("is no pair of offsets");
    const Node first(array.at(0), this, {}, 0), last(array.at(1), this, {}, 1);
    return ordered(first.offset(), last.offset());
  }
  Span start_end() const { return ordered((*this)["start"].offset(), (*this)["end"].offset()); }
  /// "v12" → 11; null → −1.
  int32_t id(char layer) const {
    if (null()) return -1;
    std::string_view name;
    if (value_.get(name)) wrong("is no id");
    int64_t number = 0;
    if (name.size() < 2 || name.size() > 10 || name[0] != layer || name[1] == '0') wrong(fmt::format("is no id of the form {}1", layer));
    for (const char c : name.substr(1)) {
      if (c < '0' || c > '9') wrong(fmt::format("is no id of the form {}1", layer));
      number = number * 10 + (c - '0');
    }
    return static_cast<int32_t>(number - 1);
  }
  /// The same where it must be one of `size`.
  int32_t reference(char layer, size_t size) const {
    const int32_t index = id(layer);
    if (index >= 0 && static_cast<size_t>(index) >= size) wrong(fmt::format("refers to {}{}, which is not there", layer, index + 1));
    return index;
  }
  template <class Visit>
  void each(Visit visit) const {
    dom::array array;
    if (value_.get(array)) wrong("is no array");
    size_t index = 0;
    for (const dom::element item : array) visit(Node(item, this, {}, index++));
  }
  size_t size() const {
    size_t n = 0;
    each([&](const Node&) { ++n; });
    return n;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    each([&](const Node& item) { out.push_back(item.text()); });
    return out;
  }
  std::vector<Span> spans() const {
    std::vector<Span> out;
    (*this)["spans"].each([&](const Node& item) { out.push_back(item.pair()); });
    return out;
  }
  /// One of the names that `name_of` gives to 0 … count−1.
  template <class Enum>
  Enum one_of(size_t count, const char* (*name_of)(Enum)) const {
    const std::string name = text();
    for (size_t i = 0; i < count; ++i)
      if (name == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
    wrong(fmt::format("cannot be '{}'", output::shortened(output::one_line(name), 40)));
  }
  /// An element of a layer has the id of its place.
  void numbered(char layer, size_t index) const {
    if ((*this)["id"].id(layer) != static_cast<int32_t>(index)) (*this)["id"].wrong(fmt::format("should be {}{}", layer, index + 1));
  }

 private:
  Span ordered(uint32_t start, uint32_t end) const {
    if (end < start) wrong("ends before it starts");
    return {start, end};
  }
  Node(dom::element value, const Node* parent, std::string_view key, size_t index)
      : value_(value), parent_(parent), key_(key), index_(index) {}
  std::string place() const {
    if (!parent_) return {};
    const std::string above = parent_->place();
    if (key_.empty()) return fmt::format("{}[{}]", above, index_);
    return above.empty() ? std::string(key_) : fmt::format("{}.{}", above, key_);
  }

  dom::element value_;
  const Node* parent_ = nullptr;
  std::string_view key_;  ///< empty: element `index_` of an array
  size_t index_ = 0;
};

/// A mention by a pronoun stands for its entity's name in readable formats. The JSON does not say which are; the words do.
bool pronoun(std::string_view words) {
  static constexpr std::array<std::string_view, 52> kPronouns{
      "anybody", "anyone", "both",    "each",       "everybody", "everyone",  "he",   "her",     "hers",     "herself", "him",
      "himself", "his",    "i",       "it",         "its",       "itself",    "me",   "mine",    "my",       "myself",  "nobody",
      "none",    "one",    "ones",    "our",        "ours",      "ourselves", "she",  "some",    "somebody", "someone", "that",
      "their",   "theirs", "them",    "themselves", "these",     "they",      "this", "those",   "us",       "we",      "what",
      "which",   "who",    "whoever", "whom",       "whose",     "you",       "your", "yourself"};
  std::string lower(words);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return std::find(kPronouns.begin(), kPronouns.end(), lower) != kPronouns.end();
}

DocumentInfo read_document(const Node& node) {
  DocumentInfo out;
  out.id = node["id"].text();
  out.title = node["title"].text_or_null();
  out.byline = node["byline"].text_or_null();
  out.publisher = node["publisher"].text_or_null();
  out.url = node["url"].text_or_null();
  out.published = node["published"].text_or_null();
  out.language = node["language"].text();
  out.text = node["text"].text();
  node["repairs"].each([&](const Node& item) { out.repairs.push_back({item["kind"].text(), item.start_end()}); });
  node["warnings"].each([&](const Node& item) {
    Warning warning{item["code"].text(), item["message"].text(), std::nullopt};
    if (!item["start"].null() || !item["end"].null()) warning.span = item.start_end();
    out.warnings.push_back(std::move(warning));
  });
  return out;
}

std::vector<Participant> read_participants(const Node& node, size_t entities) {
  std::vector<Participant> out;
  node.each([&](const Node& item) {
    out.push_back({.entity = item["entity"].reference('e', entities),
                   .country = item["country"].text_or_null(),
                   .sectors = item["sectors"].texts(),
                   .span = item["span"].pair()});
  });
  return out;
}

Decision read_decision(const Node& item) {
  if (!item.has("decision")) return Decision::none;
  return item["decision"].one_of<Decision>(static_cast<size_t>(Decision::rejected) + 1, decision_name);
}

Analysis read_record(const Node& record, EngineInfo* engine) {
  if (record["schema"].text() != "reportedly/1") record["schema"].wrong("is not reportedly/1");
  if (engine) {
    const Node node = record["engine"];
    engine->version = node["version"].text();
    engine->model = node["model"].text();
    engine->lexicon = node["lexicon"].text();
  }
  Analysis a;
  a.document = read_document(record["document"]);
  const output::TextOffsets text(a.document.text);
  if (record.has("error")) {
    const Node node = record["error"];
    a.error = Error{node["code"].one_of<ErrorCode>(static_cast<size_t>(ErrorCode::internal) + 1, error_code_name), node["message"].text(),
                    node["place"].text_or_null().value_or("")};
  }
  record["names"].each([&](const Node& item) { a.names.push_back({item.start_end(), item["type"].text()}); });
  std::vector<Span> named;
  for (const Name& name : a.names) named.push_back(name.span);
  std::sort(named.begin(), named.end());
  record["sentences"].each([&](const Node& item) {
    item.numbered('s', a.sentences.size());
    a.sentences.push_back({.span = item.start_end(),
                           .part = item["part"].one_of<Part>(static_cast<size_t>(Part::footer) + 1, part_name),
                           .paragraph = item["paragraph"].offset()});
  });
  record["entities"].each([&](const Node& item) {
    item.numbered('e', a.entities.size());
    Entity entity{.name = item["name"].text(),
                  .kind = item["kind"].text(),
                  .country = item["country"].text_or_null(),
                  .sectors = item["sectors"].texts(),
                  .office = item["office"].text_or_null()};
    item["mentions"].each([&](const Node& m) {
      Mention mention{.span = m.start_end()};
      if (std::binary_search(named.begin(), named.end(), mention.span))
        mention.kind = MentionKind::name;
      else if (pronoun(text.slice(mention.span)))
        mention.kind = MentionKind::pronoun;
      entity.mentions.push_back(mention);
    });
    entity.why = item["why"].texts();
    a.entities.push_back(std::move(entity));
  });
  record["times"].each([&](const Node& item) {
    item.numbered('t', a.times.size());
    a.times.push_back({item.start_end(), item["type"].text(), item["value"].text_or_null(), item["why"].texts()});
  });
  record["places"].each([&](const Node& item) {
    item.numbered('p', a.places.size());
    Place place{.span = item.start_end(), .name = item["name"].text()};
    if (!item["geonames"].null()) place.geonames = item["geonames"].integer();
    place.latitude = item["latitude"].real_or_null();
    place.longitude = item["longitude"].real_or_null();
    place.country = item["country"].text_or_null();
    place.admin1 = item["admin1"].text_or_null();
    place.feature = item["feature"].text_or_null();
    place.role = item["role"].text();
    place.why = item["why"].texts();
    a.places.push_back(std::move(place));
  });
  const size_t attributions = record["attributions"].size();
  record["attributions"].each([&](const Node& item) {
    item.numbered('a', a.attributions.size());
    Attribution attribution;
    attribution.parent = item["parent"].reference('a', attributions);
    attribution.source = item["source"].spans();
    attribution.source_entity = item["source"]["entity"].reference('e', a.entities.size());
    attribution.cue = item["cue"].spans();
    attribution.cue_lemma = item["cue"]["lemma"].text_or_null();
    attribution.content = item["content"].spans();
    attribution.form = item["form"].one_of<Form>(static_cast<size_t>(Form::indirect) + 1, form_name);
    attribution.stance = item["stance"].one_of<Stance>(static_cast<size_t>(Stance::relays) + 1, stance_name);
    attribution.hypothetical = item["hypothetical"].boolean();
    attribution.confidence = item["confidence"].real_or_null();
    attribution.why = item["why"].texts();
    attribution.decision = read_decision(item);
    a.attributions.push_back(std::move(attribution));
  });
  const auto factuality = [](const Node& node) {
    return node.one_of<Factuality>(static_cast<size_t>(Factuality::uu) + 1, factuality_name);
  };
  record["events"].each([&](const Node& item) {
    item.numbered('v', a.events.size());
    Event event;
    event.type = item["type"].text();
    event.mode = item["mode"].text_or_null();
    event.contexts = item["contexts"].texts();
    event.cameo = item["cameo"].text_or_null();
    event.quad = static_cast<int>(item["quad"].integer(0, 4));
    event.intensity = item["intensity"].real();
    event.actors = read_participants(item["actors"], a.entities.size());
    event.recipients = read_participants(item["recipients"], a.entities.size());
    event.trigger = item["trigger"].start_end();
    event.trigger_lemma = item["trigger"]["lemma"].text_or_null().value_or("");
    event.date = item["date"]["value"].text_or_null();
    event.time = item["date"]["time"].text_or_null();
    event.date_why = item["date"]["why"].texts();
    event.place = item["place"].reference('p', a.places.size());
    event.attribution = item["attribution"].reference('a', attributions);
    event.factuality = factuality(item["factuality"]);
    event.status = item["status"].text();
    item["voices"].each([&](const Node& voice) {
      event.voices.push_back({voice["attribution"].reference('a', attributions), factuality(voice["factuality"])});
    });
    item["numbers"].each([&](const Node& number) {
      event.numbers.push_back({number["kind"].text(), number["low"].integer(), number["high"].integer(), number.start_end()});
    });
    event.confidence = item["confidence"].real_or_null();
    event.why = item["why"].texts();
    event.decision = read_decision(item);
    a.events.push_back(std::move(event));
  });
  record["disputes"].each([&](const Node& item) {
    if (item["id"].id('d') != static_cast<int32_t>(a.disputes.size())) item["id"].wrong("is out of order");
    Dispute dispute{.kind = item["kind"].text()};
    item["events"].each([&](const Node& event) { dispute.events.push_back(event.reference('v', a.events.size())); });
    item["positions"].each([&](const Node& position) {
      Position out{.holds = position["holds"].text(), .event = position["event"].reference('v', a.events.size())};
      position["voices"].each([&](const Node& voice) { out.voices.push_back(voice.reference('a', attributions)); });
      dispute.positions.push_back(std::move(out));
    });
    a.disputes.push_back(std::move(dispute));
  });
  return a;
}

}  // namespace

Result<Analysis> from_json(std::string_view json, EngineInfo* engine) {
  try {
    dom::parser parser;
    dom::element root;
    const simdjson::padded_string padded(json);
    if (const auto error = parser.parse(padded).get(root))
      return fail(ErrorCode::bad_format, fmt::format("no JSON: {}", simdjson::error_message(error)));
    return read_record(Node(root), engine);
  } catch (const Mistake& mistake) {
    return fail(ErrorCode::bad_format, fmt::format("{} {}", mistake.place.empty() ? "the record" : mistake.place, mistake.message),
                mistake.place);
  }
}

}  // namespace reportedly
