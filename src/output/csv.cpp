// One row an event. Columns: docs/output.md.
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
    {"document", "string", "id of the document", R"({"required":true})"},
    {"event", "string", "id of the event: document#v1", R"({"required":true})"},
    {"type", "string", "PLOVER type",
     R"({"required":true,"enum":["AGREE","CONSULT","SUPPORT","CONCEDE","COOPERATE","AID","RETREAT","REQUEST","ACCUSE","REJECT","THREATEN","PROTEST","SANCTION","MOBILIZE","COERCE","ASSAULT"]})"},
    {"mode", "string", "PLOVER mode of the type"},
    {"contexts", "string", "PLOVER contexts, a list"},
    {"cameo", "string", "CAMEO code behind `cameo:`, so that no program takes it for a number", R"({"pattern":"cameo:[0-9]{2,4}"})"},
    {"quad", "integer", "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
     R"({"required":true,"minimum":1,"maximum":4})"},
    {"intensity", "number", "PLOVER intensity of type and mode, -10 to 10", R"({"required":true,"minimum":-10,"maximum":10})"},
    {"actors", "string", "who did it, a list: the entity's name, else the words of the text"},
    {"actor_countries", "string", "a list beside `actors`: ISO 3166 alpha-3, KOS, or PLOVER's UNO EUR IGO NGO ISM IMG MNC"},
    {"actor_sectors", "string", "a list beside `actors`: PLOVER sectors, most telling first, parted by blanks"},
    {"recipients", "string", "to whom, a list"},
    {"recipient_countries", "string", "a list beside `recipients`"},
    {"recipient_sectors", "string", "a list beside `recipients`"},
    {"trigger", "string", "the words that tell the act"},
    {"trigger_start", "integer", "first code point of the trigger in the text of the document", R"({"required":true,"minimum":0})"},
    {"trigger_end", "integer", "code point behind the trigger", R"({"required":true,"minimum":0})"},
    {"date", "string", "day, month or year of the act", R"({"pattern":"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"})"},
    {"time", "string", "time of day"},
    {"place", "string", "name of the place where it was done"},
    {"geonames", "integer", "GeoNames id of the place"},
    {"latitude", "number", "of the place", R"({"minimum":-90,"maximum":90})"},
    {"longitude", "number", "of the place", R"({"minimum":-180,"maximum":180})"},
    {"place_country", "string", "ISO 3166 alpha-3", R"({"pattern":"[A-Z]{3}"})"},
    {"voice", "string", "the chain of voices around the event, outermost first; without one, the publisher"},
    {"source", "string", "whose voice it is, innermost; empty: the narrator"},
    {"source_country", "string", "of the source", R"({"pattern":"[A-Z]{3}"})"},
    {"source_sectors", "string", "PLOVER sectors of the source, parted by blanks"},
    {"cue", "string", "the words that ascribe the event to the source"},
    {"stance", "string", "the source's stance to what it says",
     R"({"enum":["asserts","denies","doubts","withholds","asks","demands","promises","threatens","accuses","supposes","hopes","fears","concedes","relays"]})"},
    {"form", "string", "quoted, partly quoted or reported", R"({"enum":["direct","mixed","indirect"]})"},
    {"factuality", "string", "how the innermost voice presents the event (FactBank)",
     R"({"required":true,"enum":["CT+","PR+","PS+","CT-","PR-","PS-","CTu","Uu"]})"},
    {"status", "string", "the plain word, over the whole chain of voices",
     R"({"required":true,"enum":["happened","ongoing","planned","possible","denied","refused","hypothetical"]})"},
    {"all_voices", "string", "every chain of voices that speaks of the event with its factuality, a list"},
    {"numbers", "string", "dead, injured, arrested, size of a crowd, a list: `dead 3`, `size 100–200`"},
    {"confidence", "number", "probability that there is such an event; empty where only rules spoke", R"({"minimum":0,"maximum":1})"},
    {"sentence", "string", "the sentence of the trigger"},
    {"published", "string", "day of publication", R"({"pattern":"[0-9]{4}-[0-9]{2}-[0-9]{2}"})"},
    {"publisher", "string", "who published the document"},
    {"title", "string", "of the document"},
    {"why", "string", "lexicon entries and rules behind the codes, a list"},
    {"decision", "string",
     "a reviewer has corrected the event, `why` has what it was; empty: as it was coded. What was rejected has no row",
     R"({"enum":["corrected"]})"},
};

std::string names_of(const Description& d, const std::vector<Participant>& participants) {
  std::vector<std::string> out;
  for (const Participant& p : participants) out.push_back(d.name(p));
  return output::join(out, kBetween);
}

/// One entry for each participant, empty where unknown, so that the lists stay aligned.
std::string countries_of(const std::vector<Participant>& participants) {
  std::string out;
  for (size_t i = 0; i < participants.size(); ++i) {
    if (i > 0) out += kBetween;
    out += participants[i].country.value_or("");
  }
  return out;
}

std::string sectors_of(const std::vector<Participant>& participants) {
  std::string out;
  for (size_t i = 0; i < participants.size(); ++i) {
    if (i > 0) out += kBetween;
    out += output::join(participants[i].sectors, " ");
  }
  return out;
}

}  // namespace

const TableFormat& output::csv_table() {
  static constexpr TableFormat kTable{.file = "events.csv", .columns = kColumns, .csv = true};
  return kTable;
}

std::string csv_header() {
  return output::header_line(output::csv_table());
}

std::string to_csv(const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::csv);
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    if (event.decision == Decision::rejected) continue;
    rows.text(analysis.document.id);
    rows.text(analysis.document.id + "#" + output::id_of('v', static_cast<int64_t>(i)));
    rows.text(event.type);
    rows.text(event.mode);
    rows.text(output::join(event.contexts, kBetween));
    rows.text(event.cameo ? "cameo:" + *event.cameo : std::string());
    rows.raw(fmt::format_int(event.quad).c_str());
    rows.real(event.intensity);
    rows.text(names_of(d, event.actors));
    rows.text(countries_of(event.actors));
    rows.text(sectors_of(event.actors));
    rows.text(names_of(d, event.recipients));
    rows.text(countries_of(event.recipients));
    rows.text(sectors_of(event.recipients));
    rows.text(d.quote(event.trigger));
    rows.raw(fmt::format_int(event.trigger.start).c_str());
    rows.raw(fmt::format_int(event.trigger.end).c_str());
    rows.text(event.date);
    rows.text(event.time);
    if (event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size()) {
      const Place& place = analysis.places[event.place];
      rows.text(place.name);
      place.geonames ? rows.raw(fmt::format_int(*place.geonames).c_str()) : rows.empty();
      rows.real(place.latitude);
      rows.real(place.longitude);
      rows.text(place.country);
    } else {
      for (int column = 0; column < 5; ++column) rows.empty();
    }
    rows.text(d.voice(event.attribution));
    if (event.attribution >= 0 && static_cast<size_t>(event.attribution) < analysis.attributions.size()) {
      const Attribution& a = analysis.attributions[event.attribution];
      const bool has_entity = a.source_entity >= 0 && static_cast<size_t>(a.source_entity) < analysis.entities.size();
      rows.text(d.source(event.attribution));
      rows.text(has_entity ? analysis.entities[a.source_entity].country : std::nullopt);
      rows.text(has_entity ? output::join(analysis.entities[a.source_entity].sectors, " ") : std::string());
      rows.text(d.quote(a.cue));
      rows.text(stance_name(a.stance));
      rows.text(form_name(a.form));
    } else {
      for (int column = 0; column < 6; ++column) rows.empty();  // the narrator
    }
    rows.text(factuality_name(event.factuality));
    rows.text(event.status);
    std::string voices;
    for (const VoiceClaim& voice : event.voices) {
      if (!voices.empty()) voices += kBetween;
      voices += d.voice(voice.attribution) + " (" + factuality_name(voice.factuality) + ")";
    }
    rows.text(voices);
    std::string numbers;
    for (const EventNumber& number : event.numbers) {
      if (!numbers.empty()) numbers += kBetween;
      numbers += number.low == number.high ? fmt::format("{} {}", number.kind, number.low)
                                           : fmt::format("{} {}–{}", number.kind, number.low, number.high);
    }
    rows.text(numbers);
    if (event.confidence) {
      output::Buffer number;
      output::put_probability(number, *event.confidence);
      rows.raw({number.data(), number.size()});
    } else {
      rows.empty();
    }
    const int32_t sentence = d.sentence_at(event.trigger.start);
    rows.text(sentence >= 0 ? d.quote(analysis.sentences[sentence].span) : std::string());
    rows.text(analysis.document.published);
    rows.text(analysis.document.publisher);
    rows.text(analysis.document.title);
    rows.text(output::join(event.why, kBetween));
    rows.text(event.decision == Decision::corrected ? decision_name(event.decision) : "");
    rows.end_row();
  }
  return rows.take();
}

}  // namespace reportedly
