// POLECAT: the forty columns of that data set, tab-separated, then our own. Lists inside a cell are parted by "; ".
#include <algorithm>

#include "output/countries.h"
#include "output/describe.h"
#include "output/table.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::Rows;

constexpr std::string_view kColumns[] = {
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country", "Actor COW",
    "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country",
    "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
    // ours
    "Voice", "Stance", "Factuality", "Status", "Cue", "Span"};

constexpr std::string_view kBetween = "; ";

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

std::string polecat_header() {
  Rows rows(Rows::Style::tsv);
  for (std::string_view column : kColumns) rows.raw(column);
  rows.end_row();
  return rows.take();
}

std::string to_polecat(const EngineInfo& engine, const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::tsv);
  if (analysis.events.empty()) return {};
  const std::string people = story_names(d, "PER"), organisations = story_names(d, "ORG"), locations = story_names(d, "LOC");
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
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
