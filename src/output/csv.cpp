// One row an event. Columns: docs/output.md.
#include "output/describe.h"
#include "output/table.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::Rows;

constexpr std::string_view kColumns[] = {"document",
                                         "event",
                                         "type",
                                         "mode",
                                         "contexts",
                                         "cameo",
                                         "quad",
                                         "intensity",
                                         "actors",
                                         "actor_countries",
                                         "actor_sectors",
                                         "recipients",
                                         "recipient_countries",
                                         "recipient_sectors",
                                         "trigger",
                                         "trigger_start",
                                         "trigger_end",
                                         "date",
                                         "time",
                                         "place",
                                         "geonames",
                                         "latitude",
                                         "longitude",
                                         "place_country",
                                         "voice",
                                         "source",
                                         "source_country",
                                         "source_sectors",
                                         "cue",
                                         "stance",
                                         "form",
                                         "factuality",
                                         "status",
                                         "all_voices",
                                         "numbers",
                                         "confidence",
                                         "sentence",
                                         "published",
                                         "publisher",
                                         "title",
                                         "why"};

/// Lists inside a cell.
constexpr std::string_view kBetween = "; ";

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

std::string csv_header() {
  Rows rows(Rows::Style::csv);
  for (std::string_view column : kColumns) rows.raw(column);
  rows.end_row();
  return rows.take();
}

std::string to_csv(const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::csv);
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
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
    rows.end_row();
  }
  return rows.take();
}

}  // namespace reportedly
