// ACLED: the columns of that data set, then ours. Only acts that its codebook has a type for, and only those that somebody presents as
// having happened; docs/exports.md has the table.
#include <algorithm>
#include <optional>

#include "output/countries.h"
#include "output/describe.h"
#include "output/profiles.h"
#include "output/table.h"

namespace reportedly::output {
namespace {

constexpr Column kColumns[] = {
    {"event_id_cnty", "string", "document#v1", R"({"required":true})"},
    {"event_date", "string", "day, or month or year where no day is known", R"({"pattern":"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"})"},
    {"year", "integer", "of the event"},
    {"time_precision", "integer", "1: the day is known; 3: the month. Empty: less", R"({"enum":[1,3]})"},
    {"disorder_type", "string", "ACLED's, from the event type", R"({"required":true})"},
    {"event_type", "string", "ACLED's, from PLOVER type, mode and recipients",
     R"({"required":true,"enum":["Battles","Explosions/Remote violence","Violence against civilians","Protests","Riots","Strategic developments"]})"},
    {"sub_event_type", "string", "ACLED's, from PLOVER type, mode and recipients", R"({"required":true})"},
    {"actor1", "string", "who did it, a list; in demonstrations the crowd"},
    {"assoc_actor_1", "string", "always empty"},
    {"inter1", "string", "kind of actor1, from its PLOVER sectors"},
    {"actor2", "string", "to whom, a list"},
    {"assoc_actor_2", "string", "always empty"},
    {"inter2", "string", "kind of actor2"},
    {"interaction", "string", "both kinds"},
    {"civilian_targeting", "string", "`Civilian targeting`, or empty", R"({"enum":["Civilian targeting"]})"},
    {"iso", "integer", "ISO 3166 number of the country"},
    {"region", "string", "always empty"},
    {"country", "string", "English short name of the country of the place"},
    {"admin1", "string", "first-order division of the place"},
    {"admin2", "string", "always empty"},
    {"admin3", "string", "always empty"},
    {"location", "string", "the place"},
    {"latitude", "number", "of the place", R"({"minimum":-90,"maximum":90})"},
    {"longitude", "number", "of the place", R"({"minimum":-180,"maximum":180})"},
    {"geo_precision", "integer", "1: a town; 2: a district or less; 3: a province or a country", R"({"enum":[1,2,3]})"},
    {"source", "string", "publisher of the document"},
    {"source_scale", "string", "always empty"},
    {"notes", "string", "the sentence of the trigger"},
    {"fatalities", "integer", "the lowest number of dead that is given; empty where none is", R"({"minimum":0})"},
    {"tags", "string", "`crowd size=100-200`"},
    {"timestamp", "integer", "always empty"},
    // ours
    {"plover", "string", "PLOVER type and mode", R"({"required":true})"},
    {"voice", "string", "the chain of voices around the event, outermost first; without one, the publisher"},
    {"stance", "string", "of the innermost voice; empty: the narrator"},
    {"factuality", "string", "how the innermost voice presents the event (FactBank)", R"({"required":true})"},
    {"status", "string", "the plain word, over the whole chain of voices", R"({"required":true})"},
};

struct Kind {
  std::string_view event, sub;
};

constexpr std::string_view kBattles = "Battles", kRemote = "Explosions/Remote violence", kCivilians = "Violence against civilians",
                           kProtests = "Protests", kRiots = "Riots", kStrategic = "Strategic developments";

bool any_sector(const std::vector<Participant>& side, std::initializer_list<std::string_view> wanted) {
  for (const Participant& p : side)
    for (const std::string& sector : p.sectors)
      if (std::find(wanted.begin(), wanted.end(), sector) != wanted.end()) return true;
  return false;
}
bool armed(const std::vector<Participant>& side) {
  return any_sector(side, {"MIL", "COP", "REB", "PRM", "SPY", "UAF"});
}

/// Somebody presents it as having happened.
bool reported_as_done(const Event& event) {
  if (event.status == "happened" || event.status == "ongoing") return true;
  if (event.status != "denied") return false;
  return std::any_of(event.voices.begin(), event.voices.end(), [](const VoiceClaim& voice) {
    return voice.factuality == Factuality::ct_plus || voice.factuality == Factuality::pr_plus;
  });
}

/// Somebody is named, and not only a state, which stands for its soldiers as well as for its people.
bool people(const Analysis& analysis, const std::vector<Participant>& side) {
  return std::any_of(side.begin(), side.end(), [&](const Participant& p) {
    const bool known = p.entity >= 0 && static_cast<size_t>(p.entity) < analysis.entities.size();
    const std::string_view kind = known ? std::string_view(analysis.entities[p.entity].kind) : std::string_view{};
    return kind != "state" && kind != "place" && (!p.sectors.empty() || kind == "person" || kind == "group");
  });
}

std::optional<Kind> kind_of(const Analysis& analysis, const Event& event) {
  const std::string mode = event.mode.value_or("");
  if (event.type == "PROTEST") {
    if (mode == "riot" || mode == "vandalize") return Kind{kRiots, "Violent demonstration"};
    if (mode == "strike" || mode == "boycott" || mode == "hunger") return std::nullopt;
    return Kind{kProtests, "Peaceful protest"};
  }
  if (event.type == "ASSAULT") {
    if (mode == "destroy") return Kind{kStrategic, "Looting/property destruction"};
    if (mode == "abduct") return Kind{kCivilians, "Abduction/forced disappearance"};
    if (mode == "sexual") return Kind{kCivilians, "Sexual violence"};
    if (mode == "explosives") return Kind{kRemote, "Remote explosive/landmine/IED"};
    if (mode == "suicide-attack") return Kind{kRemote, "Suicide bomb"};
    if (mode == "aerial" || mode == "drone") return Kind{kRemote, "Air/drone strike"};
    if (mode == "heavy-weapons") return Kind{kRemote, "Shelling/artillery/missile attack"};
    if (mode == "unconventional") return Kind{kRemote, "Chemical weapon"};
    if (mode == "crowd-control") return Kind{kProtests, "Protest with intervention"};
    if (armed(event.recipients)) return Kind{kBattles, "Armed clash"};
    if (people(analysis, event.recipients)) return Kind{kCivilians, "Attack"};
    return std::nullopt;  // a fight or an attack on civilians: nobody says
  }
  if (event.type == "COERCE" && mode == "arrest") return Kind{kStrategic, "Arrests"};
  if (event.type == "RETREAT" && mode == "ceasefire") return Kind{kStrategic, "Agreement"};
  if (event.type == "MOBILIZE" && armed(event.actors)) return Kind{kStrategic, "Change to group/activity"};
  return std::nullopt;
}

std::string_view disorder(const Kind& kind) {
  if (kind.event == kStrategic) return kStrategic;
  if (kind.event == kProtests) return "Demonstrations";
  if (kind.event == kRiots) return "Political violence; Demonstrations";
  return "Political violence";
}

/// ACLED's kind of an actor; `crowd`: of a demonstration.
std::string_view inter(const std::vector<Participant>& side, const std::string& country, std::string_view crowd) {
  if (side.empty()) return {};
  if (!crowd.empty()) return crowd;
  if (any_sector(side, {"REB"})) return "Rebel group";
  if (any_sector(side, {"PRM", "UAF"})) return "Political militia";
  if (any_sector(side, {"GOV", "MIL", "COP", "SPY"})) {
    const bool foreign = !country.empty() && side[0].country && *side[0].country != country;
    return foreign ? "External/Other forces" : "State forces";
  }
  if (side[0].sectors.empty()) return {};
  return "Civilians";
}

std::string names(const Description& d, const std::vector<Participant>& side) {
  std::vector<std::string> out;
  for (const Participant& p : side) out.push_back(d.name(p));
  return join(out, kBetween);
}

}  // namespace

const TableFormat& acled_table() {
  static constexpr TableFormat kTable{.file = "acled.csv", .columns = kColumns, .csv = true};
  return kTable;
}

std::string to_acled(const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::csv);
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    const std::optional<Kind> kind = kind_of(analysis, event);
    if (event.decision == Decision::rejected || !kind || !reported_as_done(event)) continue;
    // A crowd that is dispersed is ACLED's first actor.
    const bool turned = kind->sub == "Protest with intervention";
    const auto& one = turned ? event.recipients : event.actors;
    const auto& two = turned ? event.actors : event.recipients;
    const Place* place =
        event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size() ? &analysis.places[event.place] : nullptr;
    const std::string country_code = place ? place->country.value_or("") : "";
    const Country* country = find_country(country_code);
    rows.text(analysis.document.id + "#" + id_of('v', static_cast<int64_t>(i)));
    rows.text(event.date);
    rows.text(event.date ? event.date->substr(0, 4) : std::string());
    rows.text(!event.date || event.date->size() < 7 ? std::string_view() : event.date->size() < 10 ? "3" : "1");
    rows.text(disorder(*kind));
    rows.text(kind->event);
    rows.text(kind->sub);
    const std::string_view crowd = kind->event == kRiots ? "Rioters" : kind->event == kProtests ? "Protesters" : "";
    const std::string_view first = inter(one, country_code, crowd), second = inter(two, country_code, {});
    rows.text(names(d, one));
    rows.empty();
    rows.text(first);
    rows.text(names(d, two));
    rows.empty();
    rows.text(second);
    rows.text(first.empty() || second.empty() ? first.empty() ? std::string() : std::string(first) + " only"
                                              : std::string(first) + "-" + std::string(second));
    const bool civilians = kind->event == kCivilians || (kind->event == kRemote && second == "Civilians");
    rows.text(civilians ? "Civilian targeting" : "");
    country && country->number ? rows.integer(country->number) : rows.empty();
    rows.empty();
    rows.text(country ? country->name : std::string_view(country_code));
    rows.text(place ? place->admin1 : std::nullopt);
    rows.empty(2);
    if (place) {
      const std::string feature = place->feature.value_or("");
      rows.text(place->name);
      rows.real(place->latitude);
      rows.real(place->longitude);
      const bool town = feature.starts_with("PPL"), wide = feature.starts_with("PCL") || feature == "ADM1";
      feature.empty() ? rows.empty() : rows.integer(town ? 1 : wide ? 3 : 2);
    } else {
      rows.empty(4);
    }
    rows.text(analysis.document.publisher);
    rows.empty();
    const int32_t sentence = d.sentence_at(event.trigger.start);
    rows.text(sentence >= 0 ? d.quote(analysis.sentences[sentence].span) : std::string());
    std::optional<int64_t> dead;
    std::string size;
    for (const EventNumber& number : event.numbers) {
      if (number.kind == "dead") dead = std::min(dead.value_or(number.low), number.low);
      if (number.kind == "size" && size.empty())
        size =
            number.low == number.high ? fmt::format("crowd size={}", number.low) : fmt::format("crowd size={}-{}", number.low, number.high);
    }
    dead ? rows.integer(*dead) : rows.empty();
    rows.text(size);
    rows.empty();
    rows.text(event.mode ? event.type + "/" + *event.mode : event.type);
    rows.text(d.voice(event.attribution));
    const bool narrated = event.attribution < 0 || static_cast<size_t>(event.attribution) >= analysis.attributions.size();
    rows.text(narrated ? "" : stance_name(analysis.attributions[event.attribution].stance));
    rows.text(factuality_name(event.factuality));
    rows.text(event.status);
    rows.end_row();
  }
  return rows.take();
}

}  // namespace reportedly::output
