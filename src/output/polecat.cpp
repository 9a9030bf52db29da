// POLECAT: the forty columns of that data set, tab-separated, then our own. Lists inside a cell are parted by "; ".
#include <algorithm>

#include "output/countries.h"
#include "output/describe.h"
#include "output/profiles.h"
#include "output/table.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::kBetween;
using output::Rows;

constexpr Column kColumns[] = {
    {"Event ID", "string", "document#v1", R"({"required":true})"},
    {"Event Date", "string", "day, month or year of the act", R"({"pattern":"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"})"},
    {"Event Type", "string", "PLOVER type",
     R"({"required":true,"enum":["AGREE","CONSULT","SUPPORT","CONCEDE","COOPERATE","AID","RETREAT","REQUEST","ACCUSE","REJECT","THREATEN","PROTEST","SANCTION","MOBILIZE","COERCE","ASSAULT"]})"},
    {"Event Mode", "string", "PLOVER mode of the type"},
    {"Intensity", "number", "PLOVER intensity of type and mode", R"({"required":true,"minimum":-10,"maximum":10})"},
    {"Quad Code", "integer", "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
     R"({"required":true,"minimum":1,"maximum":4})"},
    {"Contexts", "string", "PLOVER contexts, a list"},
    {"Actor Name", "string", "who did it, a list"},
    {"Actor Country", "string", "a list: ISO 3166 alpha-3, KOS, or PLOVER's UNO EUR IGO NGO ISM IMG MNC"},
    {"Actor COW", "string", "a list: numbers of the Correlates of War list of states"},
    {"Primary Actor Sector", "string", "a list: the most telling PLOVER sector of each"},
    {"Actor Sectors", "string", "a list: all PLOVER sectors of each, parted by commas"},
    {"Actor Title", "string", "a list: offices"},
    {"Actor Name Raw", "string", "a list: the words of the text"},
    {"Wikipedia Actor ID", "string", "always empty: no Wikipedia ids are assigned"},
    {"Recipient Name", "string", "to whom, a list"},
    {"Recipient Country", "string", "a list: ISO 3166 alpha-3, KOS, or PLOVER's UNO EUR IGO NGO ISM IMG MNC"},
    {"Recipient COW", "string", "a list: numbers of the Correlates of War list of states"},
    {"Primary Recipient Sector", "string", "a list: the most telling PLOVER sector of each"},
    {"Recipient Sectors", "string", "a list: all PLOVER sectors of each, parted by commas"},
    {"Recipient Title", "string", "a list: offices"},
    {"Recipient Name Raw", "string", "a list: the words of the text"},
    {"Wikipedia Recipient ID", "string", "always empty: no Wikipedia ids are assigned"},
    {"Placename", "string", "name of the place"},
    {"City", "string", "the same, if it is a town"},
    {"District", "string", "always empty: districts are not told apart"},
    {"Province", "string", "first-order division"},
    {"Country", "string", "ISO 3166 alpha-3", R"({"pattern":"[A-Z]{3}"})"},
    {"Latitude", "number", "of the place", R"({"minimum":-90,"maximum":90})"},
    {"Longitude", "number", "of the place", R"({"minimum":-180,"maximum":180})"},
    {"GeoNames ID", "integer", "of the place"},
    {"Raw Placename", "string", "the words of the text"},
    {"Feature Type", "string", "GeoNames feature code"},
    {"Source", "string", "publisher of the document"},
    {"Publication Date", "string", "day of publication", R"({"pattern":"[0-9]{4}-[0-9]{2}-[0-9]{2}"})"},
    {"Story People", "string", "persons named in the document, a list"},
    {"Story Organizations", "string", "organisations named in the document, a list"},
    {"Story Locations", "string", "places named in the document, a list"},
    {"Language", "string", "ISO 639-1 of the document"},
    {"Version", "string", "version of reportedly"},
    {"Voice", "string", "the chain of voices around the event, outermost first; without one, the publisher"},
    {"Stance", "string", "of the innermost voice; empty: the narrator",
     R"({"enum":["asserts","denies","doubts","withholds","asks","demands","promises","threatens","accuses","supposes","hopes","fears","concedes","relays"]})"},
    {"Factuality", "string", "how the innermost voice presents the event (FactBank)",
     R"({"required":true,"enum":["CT+","PR+","PS+","CT-","PR-","PS-","CTu","Uu"]})"},
    {"Status", "string", "the plain word, over the whole chain of voices",
     R"({"required":true,"enum":["happened","ongoing","planned","possible","denied","refused","hypothetical"]})"},
    {"Cue", "string", "the words that ascribe the event to the voice"},
    {"Span", "string", "code points of the trigger in the text, half-open", R"({"required":true,"pattern":"\\[[0-9]+,[0-9]+[)]"})"},
};

template <class Value>
std::string list(const std::vector<Participant>& participants, Value value) {
  std::vector<std::string> out;
  for (const Participant& p : participants) out.push_back(value(p));
  const bool all_empty = std::all_of(out.begin(), out.end(), [](const std::string& s) { return s.empty(); });
  if (all_empty) return {};
  std::string joined;
  for (size_t i = 0; i < out.size(); ++i) {
    if (i > 0) joined += kBetween;
    joined += out[i];
  }
  return joined;
}

void put_side(Rows& rows, const Description& d, const std::vector<Participant>& participants) {
  const auto& entities = d.record().entities;
  const auto entity_of = [&](const Participant& p) -> const Entity* {
    return p.entity >= 0 && static_cast<size_t>(p.entity) < entities.size() ? &entities[p.entity] : nullptr;
  };
  rows.text(list(participants, [&](const Participant& p) { return d.name(p); }));
  rows.text(list(participants, [](const Participant& p) { return p.country.value_or(""); }));
  rows.text(list(participants, [](const Participant& p) {
    const output::Country* country = output::find_country(p.country.value_or(""));
    return country && country->cow ? std::to_string(country->cow) : std::string();
  }));
  rows.text(list(participants, [](const Participant& p) { return p.sectors.empty() ? std::string() : p.sectors[0]; }));
  rows.text(list(participants, [](const Participant& p) { return output::join(p.sectors, ","); }));
  rows.text(list(participants, [&](const Participant& p) {
    const Entity* entity = entity_of(p);
    return entity ? entity->office.value_or("") : std::string();
  }));
  rows.text(list(participants, [&](const Participant& p) { return d.quote(p.span); }));
  rows.empty();  // no Wikipedia ids are assigned
}

std::string story_names(const Description& d, std::string_view type) {
  std::vector<std::string> out;
  for (const Name& name : d.record().names) {
    if (name.type != type) continue;
    std::string text = d.quote(name.span);
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  return output::join(out, kBetween);
}

}  // namespace

const TableFormat& output::polecat_table() {
  static constexpr TableFormat kTable{.file = "polecat.tsv", .columns = kColumns};
  return kTable;
}

std::string polecat_header() {
  return output::header_line(output::polecat_table());
}

std::string to_polecat(const EngineInfo& engine, const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::tsv);
  if (analysis.events.empty()) return {};
  const std::string people = story_names(d, "PER"), organisations = story_names(d, "ORG"), locations = story_names(d, "LOC");
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    if (event.decision == Decision::rejected) continue;
    rows.text(analysis.document.id + "#" + output::id_of('v', static_cast<int64_t>(i)));
    rows.text(event.date);
    rows.text(event.type);
    rows.text(event.mode);
    rows.real(event.intensity);
    rows.raw(fmt::format_int(event.quad).c_str());
    rows.text(output::join(event.contexts, kBetween));
    put_side(rows, d, event.actors);
    put_side(rows, d, event.recipients);
    if (event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size()) {
      const Place& place = analysis.places[event.place];
      const bool city = place.feature && place.feature->starts_with("PPL");
      rows.text(place.name);
      rows.text(city ? place.name : std::string());
      rows.empty();  // districts are not told apart
      rows.text(place.admin1);
      rows.text(place.country);
      rows.real(place.latitude);
      rows.real(place.longitude);
      place.geonames ? rows.raw(fmt::format_int(*place.geonames).c_str()) : rows.empty();
      rows.text(d.quote(place.span));
      rows.text(place.feature);
    } else {
      for (int column = 0; column < 10; ++column) rows.empty();
    }
    rows.text(analysis.document.publisher);
    rows.text(analysis.document.published);
    rows.text(people);
    rows.text(organisations);
    rows.text(locations);
    rows.text(analysis.document.language);
    rows.text(engine.version);
    rows.text(d.voice(event.attribution));
    const bool narrated = event.attribution < 0 || static_cast<size_t>(event.attribution) >= analysis.attributions.size();
    rows.text(narrated ? std::string() : stance_name(analysis.attributions[event.attribution].stance));
    rows.text(factuality_name(event.factuality));
    rows.text(event.status);
    rows.text(narrated ? std::string() : d.quote(analysis.attributions[event.attribution].cue));
    rows.text(fmt::format("[{},{})", event.trigger.start, event.trigger.end));
    rows.end_row();
  }
  return rows.take();
}

}  // namespace reportedly
