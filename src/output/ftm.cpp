// FollowTheMoney: entities as JSON lines. The article, who is named in it, each event with who is involved, each attribution as a note on
// its source. Properties and schemata are those of followthemoney 4; tests read every line with that package.
#include <algorithm>
#include <set>

#include "output/countries.h"
#include "output/describe.h"
#include "output/json_writer.h"
#include "output/profiles.h"

namespace reportedly::output {
namespace {

/// One entity: {"id", "schema", "properties": {…: […]}}.
class Line {
 public:
  Line(Buffer& out, std::string_view id, std::string_view schema) : out_(out), json_(out, false) {
    json_.open('{');
    json_.field("id", id);
    json_.field("schema", schema);
    json_.key("properties");
    json_.open('{');
  }
  /// Empty values are left out, and a property without any.
  void property(std::string_view name, const std::vector<std::string>& values) {
    if (std::all_of(values.begin(), values.end(), [](const std::string& v) { return v.empty(); })) return;
    json_.key(name);
    json_.open('[');
    std::set<std::string_view> seen;
    for (const std::string& value : values) {
      if (value.empty() || !seen.insert(value).second) continue;
      json_.item();
      json_.text(value);
    }
    json_.close(']');
  }
  void property(std::string_view name, std::string_view value) { property(name, std::vector<std::string>{std::string(value)}); }
  ~Line() {
    json_.close('}');
    json_.close('}');
    put(out_, '\n');
  }

 private:
  Buffer& out_;
  Json json_;
};

std::string key(std::string_view what) {
  return fmt::format("rp-{:016x}", hash64(what));
}

/// Kinds that are somebody; places, documents and things are none.
std::string_view schema_of(const Entity& entity) {
  if (entity.kind == "person") return "Person";
  if (entity.kind == "state" || entity.kind == "office") return "PublicBody";
  if (entity.kind == "organisation")
    return std::find(entity.sectors.begin(), entity.sectors.end(), "GOV") != entity.sectors.end() ? "PublicBody" : "Organization";
  if (entity.kind == "armed_group") return "Organization";
  if (entity.kind == "group") return "LegalEntity";
  return {};
}

std::string country_of(const std::optional<std::string>& code) {
  const Country* country = find_country(code.value_or(""));
  std::string out(country ? country->alpha2 : code == "EUR" ? "EU" : "");
  for (char& c : out) c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> topics_of(const std::vector<std::string>& sectors) {
  static constexpr std::pair<std::string_view, std::string_view> kTopics[] = {{"GOV", "gov"},          {"MIL", "mil"},
                                                                              {"COP", "gov.security"}, {"SPY", "gov.security"},
                                                                              {"JUD", "gov.judicial"}, {"LEG", "gov.legislative"},
                                                                              {"PTY", "pol.party"},    {"LAB", "pol.union"},
                                                                              {"CRM", "crime"},        {"REL", "rel"}};
  std::vector<std::string> out;
  for (const std::string& sector : sectors)
    for (const auto& [from, to] : kTopics)
      if (from == sector) out.emplace_back(to);
  return out;
}

/// What a dictionary names is the same in every document; all else is known within its document only.
std::string entity_key(const Analysis& analysis, size_t index) {
  const Entity& entity = analysis.entities[index];
  const bool known = std::any_of(entity.why.begin(), entity.why.end(), [](const std::string& why) { return why.starts_with("actors/"); });
  if (known && entity.kind != "group" && !entity.name.empty())
    return key(fmt::format("entity\n{}\n{}\n{}", entity.kind, entity.name, entity.country.value_or("")));
  return key(fmt::format("{}#{}", analysis.document.id, id_of('e', static_cast<int64_t>(index))));
}

}  // namespace

std::string to_ftm(const Analysis& analysis) {
  if (analysis.error) return {};
  const Description d(analysis);
  const DocumentInfo& document = analysis.document;
  Buffer out;
  const std::string article = key("document\n" + document.id);
  const auto text = [](const std::optional<std::string>& value) { return value ? one_line(valid_utf8(*value)) : std::string(); };
  const std::string url = document.url && web_address(*document.url) ? *document.url : std::string();
  {
    Line line(out, article, "Article");
    std::string title = text(document.title);
    line.property("title", title.empty() ? shortened(one_line(valid_utf8(document.text.substr(0, 400))), 80) : title);
    line.property("author", text(document.byline));
    line.property("publisher", text(document.publisher));
    line.property("publishedAt", document.published.value_or(""));
    line.property("sourceUrl", url);
    if (document.language == "en") line.property("language", "eng");
    line.property("bodyText", document.text);
    line.property("fileName", text(document.id));
  }
  std::vector<std::string> ids(analysis.entities.size());
  for (size_t i = 0; i < analysis.entities.size(); ++i) {
    const Entity& entity = analysis.entities[i];
    const std::string_view schema = schema_of(entity);
    std::string name = one_line(entity.name);
    if (name.empty() && !entity.mentions.empty()) name = d.quote(entity.mentions[0].span);
    if (schema.empty() || name.empty()) continue;
    ids[i] = entity_key(analysis, i);
    {
      Line line(out, ids[i], schema);
      line.property("name", name);
      line.property("country", country_of(entity.country));
      if (schema == "Person") line.property("position", text(entity.office));
      if (schema != "Person") line.property("sector", entity.sectors);
      line.property("topics", topics_of(entity.sectors));
    }
    Line line(out, key(fmt::format("{}#{}#mention", document.id, id_of('e', static_cast<int64_t>(i)))), "Mention");
    line.property("document", article);
    line.property("resolved", ids[i]);
    line.property("detectedSchema", schema);
    std::vector<std::string> names;
    for (const Mention& mention : entity.mentions)
      if (mention.kind != MentionKind::pronoun) names.push_back(d.quote(mention.span));
    if (names.empty()) names.push_back(name);
    line.property("name", names);
    line.property("contextCountry", country_of(entity.country));
  }
  const auto ids_of = [&](const std::vector<Participant>& side) {
    std::vector<std::string> found;
    for (const Participant& p : side)
      if (p.entity >= 0 && static_cast<size_t>(p.entity) < ids.size()) found.push_back(ids[p.entity]);
    return found;
  };
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    if (event.decision == Decision::rejected) continue;
    const std::string id = document.id + "#" + id_of('v', static_cast<int64_t>(i));
    const std::string what = event.mode ? event.type + "/" + *event.mode : event.type;
    std::string who = d.names(event.actors), whom = d.names(event.recipients);
    const Place* place =
        event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size() ? &analysis.places[event.place] : nullptr;
    std::string address;
    if (place) {
      address = key(fmt::format("{}#{}", document.id, id_of('p', event.place)));
      Line line(out, address, "Address");
      const Country* country = find_country(place->country.value_or(""));
      line.property("full", one_line(place->name) + (country && country->name != place->name ? fmt::format(", {}", country->name) : ""));
      if (place->feature && place->feature->starts_with("PPL")) line.property("city", one_line(place->name));
      line.property("region", text(place->admin1));
      line.property("country", country_of(place->country));
      for (const auto& [name, value] : {std::pair("latitude", place->latitude), std::pair("longitude", place->longitude)}) {
        if (!value) continue;
        Buffer number;
        put_real(number, *value);
        line.property(name, {number.data(), number.size()});
      }
    }
    Line line(out, key(id), "Event");
    // The status belongs into the name: who sees the name alone must not take a denied act for one that happened.
    line.property("name",
                  fmt::format("{} ({}): {}{}{}", what, event.status, who.empty() ? "somebody" : who, whom.empty() ? "" : " → ", whom));
    line.property("recordId", id);
    line.property("date", event.date.value_or(""));
    line.property("organizer", ids_of(event.actors));
    std::vector<std::string> involved = ids_of(event.recipients);
    line.property("involved", involved);
    if (place) {
      line.property("location", one_line(place->name));
      line.property("country", country_of(place->country));
      line.property("addressEntity", address);
    }
    const int32_t sentence = d.sentence_at(event.trigger.start);
    if (sentence >= 0) line.property("summary", d.quote(analysis.sentences[sentence].span));
    std::vector<std::string> voices;
    for (const VoiceClaim& voice : event.voices)
      voices.push_back(
          fmt::format("{}: {} ({})", d.voice(voice.attribution), factuality_words(voice.factuality), factuality_name(voice.factuality)));
    line.property("description", voices);
    std::vector<std::string> keywords{"type:" + event.type, "status:" + event.status,
                                      std::string("factuality:") + factuality_name(event.factuality)};
    if (event.mode) keywords.push_back("mode:" + *event.mode);
    if (event.cameo) keywords.push_back("cameo:" + *event.cameo);
    for (const std::string& context : event.contexts) keywords.push_back("context:" + context);
    for (const EventNumber& number : event.numbers) keywords.push_back(fmt::format("{}:{}-{}", number.kind, number.low, number.high));
    line.property("keywords", keywords);
    line.property("publisher", text(document.publisher));
    line.property("sourceUrl", url);
    line.property("proof", article);
  }
  for (size_t i = 0; i < analysis.attributions.size(); ++i) {
    const Attribution& a = analysis.attributions[i];
    if (a.decision == Decision::rejected) continue;
    Line line(out, key(fmt::format("{}#{}", document.id, id_of('a', static_cast<int64_t>(i)))), "Note");
    line.property("name", d.voice(static_cast<int32_t>(i)));
    line.property("description", d.quote(a.content));
    if (a.source_entity >= 0 && static_cast<size_t>(a.source_entity) < ids.size()) line.property("entity", ids[a.source_entity]);
    std::vector<std::string> keywords{std::string("stance:") + stance_name(a.stance), std::string("form:") + form_name(a.form)};
    if (a.hypothetical) keywords.emplace_back("hypothetical");
    line.property("keywords", keywords);
    line.property("publisher", text(document.publisher));
    line.property("sourceUrl", url);
    line.property("proof", article);
  }
  return fmt::to_string(out);
}

}  // namespace reportedly::output
