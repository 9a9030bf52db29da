// ICEWS: the twenty columns of that data set, tab-separated, one row for each pair of actor and recipient, then voice, factuality and
// status. "Event Text" is the PLOVER type and mode; "Intensity" is PLOVER's, not Goldstein's. An event whose CAMEO code is unknown has an
// empty code.
#include "output/countries.h"
#include "output/describe.h"
#include "output/profiles.h"
#include "output/table.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::Rows;

constexpr Column kColumns[] = {
    {"Event ID", "string", "document#v1; several rows where there are several pairs", R"({"required":true})"},
    {"Event Date", "string", "day, month or year of the act", R"({"pattern":"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"})"},
    {"Source Name", "string", "who did it"},
    {"Source Sectors", "string", "PLOVER sectors, parted by commas"},
    {"Source Country", "string", "English short name"},
    {"Event Text", "string", "PLOVER type and mode", R"({"required":true})"},
    {"CAMEO Code", "string", "a string: leading zeros matter", R"({"pattern":"[0-9]{2,4}"})"},
    {"Intensity", "number", "PLOVER's, not Goldstein's", R"({"required":true,"minimum":-10,"maximum":10})"},
    {"Target Name", "string", "to whom"},
    {"Target Sectors", "string", "PLOVER sectors, parted by commas"},
    {"Target Country", "string", "English short name"},
    {"Story ID", "string", "id of the document", R"({"required":true})"},
    {"Sentence Number", "integer", "of the trigger, from 1", R"({"minimum":1})"},
    {"Publisher", "string", "of the document"},
    {"City", "string", "the place, if it is a town"},
    {"District", "string", "always empty: districts are not told apart"},
    {"Province", "string", "first-order division"},
    {"Country", "string", "English short name"},
    {"Latitude", "number", "of the place", R"({"minimum":-90,"maximum":90})"},
    {"Longitude", "number", "of the place", R"({"minimum":-180,"maximum":180})"},
    {"Voice", "string", "the chain of voices around the event, outermost first; without one, the publisher"},
    {"Factuality", "string", "how the innermost voice presents the event (FactBank)",
     R"({"required":true,"enum":["CT+","PR+","PS+","CT-","PR-","PS-","CTu","Uu"]})"},
    {"Status", "string", "the plain word, over the whole chain of voices",
     R"({"required":true,"enum":["happened","ongoing","planned","possible","denied","refused","hypothetical"]})"},
};

void put_side(Rows& rows, const Description& d, const Participant* participant) {
  if (!participant) {
    for (int column = 0; column < 3; ++column) rows.empty();
    return;
  }
  const output::Country* country = output::find_country(participant->country.value_or(""));
  rows.text(d.name(*participant));
  rows.text(output::join(participant->sectors, ","));
  rows.text(country ? std::string(country->name) : participant->country.value_or(""));
}

}  // namespace

const TableFormat& output::icews_table() {
  static constexpr TableFormat kTable{.file = "icews.tsv", .columns = kColumns};
  return kTable;
}

std::string icews_header() {
  return output::header_line(output::icews_table());
}

std::string to_icews(const Analysis& analysis) {
  const Description d(analysis);
  Rows rows(Rows::Style::tsv);
  const auto put_row = [&](size_t index, const Participant* actor, const Participant* recipient) {
    const Event& event = analysis.events[index];
    rows.text(analysis.document.id + "#" + output::id_of('v', static_cast<int64_t>(index)));
    rows.text(event.date);
    put_side(rows, d, actor);
    rows.text(event.mode ? event.type + "/" + *event.mode : event.type);
    rows.text(event.cameo);
    rows.real(event.intensity);
    put_side(rows, d, recipient);
    rows.text(analysis.document.id);
    const int32_t sentence = d.sentence_at(event.trigger.start);
    sentence >= 0 ? rows.raw(fmt::format_int(sentence + 1).c_str()) : rows.empty();
    rows.text(analysis.document.publisher);
    if (event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size()) {
      const Place& place = analysis.places[event.place];
      const output::Country* country = output::find_country(place.country.value_or(""));
      rows.text(place.feature && place.feature->starts_with("PPL") ? place.name : std::string());
      rows.empty();  // districts are not told apart
      rows.text(place.admin1);
      rows.text(country ? std::string(country->name) : place.country.value_or(""));
      rows.real(place.latitude);
      rows.real(place.longitude);
    } else {
      for (int column = 0; column < 6; ++column) rows.empty();
    }
    rows.text(d.voice(event.attribution));
    rows.text(factuality_name(event.factuality));
    rows.text(event.status);
    rows.end_row();
  };
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    if (event.decision == Decision::rejected) continue;
    if (event.actors.empty() && event.recipients.empty()) put_row(i, nullptr, nullptr);
    if (event.recipients.empty())
      for (const Participant& actor : event.actors) put_row(i, &actor, nullptr);
    for (const Participant& recipient : event.recipients) {
      if (event.actors.empty()) put_row(i, nullptr, &recipient);
      for (const Participant& actor : event.actors) put_row(i, &actor, &recipient);
    }
  }
  return rows.take();
}

}  // namespace reportedly
