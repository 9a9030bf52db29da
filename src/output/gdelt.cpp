// GDELT 2.0: events (61 columns) and mentions (16) as that project gives them, tab-separated and without a line of names, and a third table
// of our own with the voices, for GDELT has no place for them.
#include <algorithm>
#include <array>
#include <cctype>

#include "output/countries.h"
#include "output/describe.h"
#include "output/profiles.h"
#include "output/table.h"

namespace reportedly::output {
namespace {

constexpr Column kEvents[] = {
    {"GlobalEventID", "integer", "53 bits of a hash of document#v1; voices.tsv has both", R"({"required":true,"minimum":0})"},
    {"Day", "integer", "of the event, YYYYMMDD; empty where no day is known"},
    {"MonthYear", "integer", "YYYYMM"},
    {"Year", "integer", "YYYY"},
    {"FractionDate", "number", "year and (30 \u00d7 month + day) / 365"},
    {"Actor1Code", "string", "who did it: country, group and types as one CAMEO code; the first of several"},
    {"Actor1Name", "string", "in capitals"},
    {"Actor1CountryCode", "string", "ISO 3166 alpha-3, which CAMEO shares but for a few"},
    {"Actor1KnownGroupCode", "string", "UNO for the United Nations"},
    {"Actor1EthnicCode", "string", "always empty"},
    {"Actor1Religion1Code", "string", "always empty"},
    {"Actor1Religion2Code", "string", "always empty"},
    {"Actor1Type1Code", "string", "CAMEO's code of the sector"},
    {"Actor1Type2Code", "string", "CAMEO's code of the sector"},
    {"Actor1Type3Code", "string", "CAMEO's code of the sector"},
    {"Actor2Code", "string", "to whom: country, group and types as one CAMEO code; the first of several"},
    {"Actor2Name", "string", "in capitals"},
    {"Actor2CountryCode", "string", "ISO 3166 alpha-3, which CAMEO shares but for a few"},
    {"Actor2KnownGroupCode", "string", "UNO for the United Nations"},
    {"Actor2EthnicCode", "string", "always empty"},
    {"Actor2Religion1Code", "string", "always empty"},
    {"Actor2Religion2Code", "string", "always empty"},
    {"Actor2Type1Code", "string", "CAMEO's code of the sector"},
    {"Actor2Type2Code", "string", "CAMEO's code of the sector"},
    {"Actor2Type3Code", "string", "CAMEO's code of the sector"},
    {"IsRootEvent", "integer", "1: told in the first paragraph", R"({"enum":[0,1]})"},
    {"EventCode", "string", "CAMEO; empty where the event has none"},
    {"EventBaseCode", "string", "its first three digits"},
    {"EventRootCode", "string", "its first two digits"},
    {"QuadClass", "integer", "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict",
     R"({"required":true,"minimum":1,"maximum":4})"},
    {"GoldsteinScale", "number", "PLOVER's intensity, not Goldstein's", R"({"minimum":-10,"maximum":10})"},
    {"NumMentions", "integer", "1: events of several documents are not joined"},
    {"NumSources", "integer", "1"},
    {"NumArticles", "integer", "1"},
    {"AvgTone", "number", "always empty"},
    {"Actor1Geo_Type", "integer", "always empty"},
    {"Actor1Geo_Fullname", "string", "always empty"},
    {"Actor1Geo_CountryCode", "string", "always empty"},
    {"Actor1Geo_ADM1Code", "string", "always empty"},
    {"Actor1Geo_ADM2Code", "string", "always empty"},
    {"Actor1Geo_Lat", "number", "always empty", R"({"minimum":-90,"maximum":90})"},
    {"Actor1Geo_Long", "number", "always empty", R"({"minimum":-180,"maximum":180})"},
    {"Actor1Geo_FeatureID", "string", "always empty"},
    {"Actor2Geo_Type", "integer", "always empty"},
    {"Actor2Geo_Fullname", "string", "always empty"},
    {"Actor2Geo_CountryCode", "string", "always empty"},
    {"Actor2Geo_ADM1Code", "string", "always empty"},
    {"Actor2Geo_ADM2Code", "string", "always empty"},
    {"Actor2Geo_Lat", "number", "always empty", R"({"minimum":-90,"maximum":90})"},
    {"Actor2Geo_Long", "number", "always empty", R"({"minimum":-180,"maximum":180})"},
    {"Actor2Geo_FeatureID", "string", "always empty"},
    {"ActionGeo_Type", "integer", "1 country, 2 state of the USA, 3 town in the USA, 4 other town, 5 other province"},
    {"ActionGeo_Fullname", "string", "place, province, country"},
    {"ActionGeo_CountryCode", "string", "FIPS 10-4"},
    {"ActionGeo_ADM1Code", "string", "always empty"},
    {"ActionGeo_ADM2Code", "string", "always empty"},
    {"ActionGeo_Lat", "number", "of the place", R"({"minimum":-90,"maximum":90})"},
    {"ActionGeo_Long", "number", "of the place", R"({"minimum":-180,"maximum":180})"},
    {"ActionGeo_FeatureID", "string", "always empty"},
    {"DATEADDED", "integer", "day of publication, YYYYMMDD000000"},
    {"SOURCEURL", "string", "of the document"},
};

constexpr Column kMentions[] = {
    {"GlobalEventID", "integer", "as in export.tsv", R"({"required":true})"},
    {"EventTimeDate", "integer", "day of the event, YYYYMMDD000000"},
    {"MentionTimeDate", "integer", "day of publication, YYYYMMDD000000"},
    {"MentionType", "integer", "1: the web", R"({"required":true})"},
    {"MentionSourceName", "string", "publisher"},
    {"MentionIdentifier", "string", "URL, else the id of the document", R"({"required":true})"},
    {"SentenceID", "integer", "of the trigger, from 1"},
    {"Actor1CharOffset", "integer", "code point where actor 1 stands, -1: nowhere"},
    {"Actor2CharOffset", "integer", "code point where actor 2 stands, -1: nowhere"},
    {"ActionCharOffset", "integer", "code point of the trigger"},
    {"InRawText", "integer", "1: offsets are into the text as it came in"},
    {"Confidence", "integer", "per cent; empty where only rules spoke", R"({"minimum":0,"maximum":100})"},
    {"MentionDocLen", "integer", "code points"},
    {"MentionDocTone", "number", "always empty"},
    {"MentionDocTranslationInfo", "string", "always empty"},
    {"Extras", "string", "document#v1"},
};

constexpr Column kVoices[] = {
    {"GlobalEventID", "integer", "as in export.tsv", R"({"required":true})"},
    {"event", "string", "document#v1", R"({"required":true})"},
    {"type", "string", "PLOVER type and mode", R"({"required":true})"},
    {"status", "string", "of the event, over the whole chain of voices", R"({"required":true})"},
    {"attribution", "string", "document#a1; empty: the narrator"},
    {"voice", "string", "the chain, outermost first; without one, the publisher"},
    {"stance", "string", "of the innermost voice; empty: the narrator"},
    {"form", "string", "direct, mixed, indirect"},
    {"cue", "string", "the words that ascribe it"},
    {"factuality", "string", "how this voice presents the event (FactBank)", R"({"required":true})"},
};

constexpr TableFormat kTables[] = {{.file = "export.tsv", .columns = kEvents, .header = false},
                                   {.file = "mentions.tsv", .columns = kMentions, .header = false},
                                   {.file = "voices.tsv", .columns = kVoices}};

/// CAMEO's role for a PLOVER sector; empty: it has none.
std::string_view role_of(std::string_view sector) {
  static constexpr std::pair<std::string_view, std::string_view> kOther[] = {{"PRM", "UAF"}, {"JRN", "MED"}, {"MED", "HLH"}, {"SOC", "CVL"},
                                                                             {"UNK", ""},    {"PRE", ""},    {"REL", ""}};
  for (const auto& [plover, cameo] : kOther)
    if (plover == sector) return cameo;
  return sector;
}

struct Actor {
  std::string code, name, country, group;
  std::vector<std::string> types;  ///< at most three
};

Actor actor_of(const Description& d, const Participant& participant) {
  Actor out;
  out.name = d.name(participant);
  for (char& c : out.name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const std::string country = participant.country.value_or("");
  const auto add = [&](std::string_view type) {
    if (!type.empty() && out.types.size() < 3 && std::find(out.types.begin(), out.types.end(), type) == out.types.end())
      out.types.emplace_back(type);
  };
  if (country == "UNO") {
    out.group = country;
    add("IGO");
  } else if (country == "IGO" || country == "NGO" || country == "MNC" || country == "IMG") {
    add(country);
  } else if (country == "EUR") {
    out.country = country;
    add("IGO");
  } else if (country == "ISM") {
    add("IMG");
  } else {
    out.country = country;
  }
  for (const std::string& sector : participant.sectors) add(role_of(sector));
  out.code = out.country + out.group;
  for (const std::string& type : out.types) out.code += type;
  return out;
}

void put_actor(Rows& rows, const Description& d, const std::vector<Participant>& side) {
  if (side.empty()) return rows.empty(10);
  const Actor actor = actor_of(d, side[0]);
  rows.text(actor.code);
  rows.text(actor.name);
  rows.text(actor.country);
  rows.text(actor.group);
  rows.empty(3);
  for (size_t i = 0; i < 3; ++i) rows.text(i < actor.types.size() ? std::string_view(actor.types[i]) : std::string_view{});
}

/// "2031-05-05" to 20310505, "2031-05" to 203105.
std::string digits(std::string_view date, size_t length) {
  if (date.size() < length) return {};
  std::string out;
  for (const char c : date.substr(0, length))
    if (c != '-') out.push_back(c);
  return out;
}
std::string moment(const std::optional<std::string>& date) {
  const std::string day = digits(date.value_or(""), 10);
  return day.empty() ? day : day + "000000";
}

void put_geo(Rows& rows, const Place* place) {
  if (!place) return rows.empty(8);
  const std::string feature = place->feature.value_or(""), code = place->country.value_or("");
  const Country* country = find_country(code);
  const bool usa = code == "USA";
  if (feature.starts_with("PCL"))
    rows.raw("1");
  else if (feature.starts_with("PPL"))
    rows.raw(usa ? "3" : "4");
  else if (feature == "ADM1")
    rows.raw(usa ? "2" : "5");
  else
    rows.empty();
  std::string full = place->name;
  if (place->admin1 && *place->admin1 != place->name) full += ", " + *place->admin1;
  if (country && country->name != place->name) full += fmt::format(", {}", country->name);
  rows.text(full);
  rows.text(country ? country->fips : std::string_view{});
  rows.empty(2);
  rows.real(place->latitude);
  rows.real(place->longitude);
  rows.empty();
}

}  // namespace

std::span<const TableFormat> gdelt_tables() {
  return kTables;
}

std::vector<std::string> to_gdelt(const Analysis& analysis) {
  const Description d(analysis);
  const DocumentInfo& document = analysis.document;
  Rows events(Rows::Style::tsv), mentions(Rows::Style::tsv), voices(Rows::Style::tsv);
  uint32_t first_paragraph = UINT32_MAX;
  for (const Sentence& sentence : analysis.sentences)
    if (sentence.part == Part::body) first_paragraph = std::min(first_paragraph, sentence.paragraph);
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    const Event& event = analysis.events[i];
    if (event.decision == Decision::rejected) continue;
    const std::string id = document.id + "#" + id_of('v', static_cast<int64_t>(i));
    const uint64_t number = hash64(id) >> 11;  // what a program that has only doubles can hold
    const std::string date = event.date.value_or("");
    const int32_t sentence = d.sentence_at(event.trigger.start);
    events.integer(number);
    events.raw(digits(date, 10));
    events.raw(digits(date, 7));
    events.raw(digits(date, 4));
    if (date.size() == 10) {
      const int year = std::atoi(date.substr(0, 4).c_str()), month = std::atoi(date.substr(5, 2).c_str()),
                day = std::atoi(date.substr(8, 2).c_str());
      events.raw(fmt::format("{:.4f}", year + (month * 30 + day) / 365.0));
    } else {
      events.empty();
    }
    put_actor(events, d, event.actors);
    put_actor(events, d, event.recipients);
    events.raw(sentence >= 0 && analysis.sentences[sentence].paragraph == first_paragraph ? "1" : "0");
    const std::string cameo = event.cameo.value_or("");
    events.text(cameo);
    events.text(cameo.substr(0, 3));
    events.text(cameo.substr(0, 2));
    events.integer(event.quad);
    events.real(event.intensity);
    for (int k = 0; k < 3; ++k) events.raw("1");
    events.empty();
    put_geo(events, nullptr);
    put_geo(events, nullptr);
    put_geo(events,
            event.place >= 0 && static_cast<size_t>(event.place) < analysis.places.size() ? &analysis.places[event.place] : nullptr);
    events.raw(moment(document.published));
    events.text(document.url);
    events.end_row();

    mentions.integer(number);
    mentions.raw(moment(event.date));
    mentions.raw(moment(document.published));
    mentions.raw("1");
    mentions.text(document.publisher);
    mentions.text(document.url ? *document.url : document.id);
    sentence >= 0 ? mentions.integer(sentence + 1) : mentions.empty();
    for (const auto* side : {&event.actors, &event.recipients})
      side->empty() ? mentions.raw("-1") : mentions.integer((*side)[0].span.start);
    mentions.integer(event.trigger.start);
    mentions.raw("1");
    event.confidence ? mentions.integer(static_cast<int>(*event.confidence * 100 + 0.5)) : mentions.empty();
    mentions.integer(d.text().size());
    mentions.empty(2);
    mentions.text(id);
    mentions.end_row();

    const auto put_voice = [&](int32_t attribution, Factuality factuality) {
      const bool narrated = attribution < 0 || static_cast<size_t>(attribution) >= analysis.attributions.size();
      voices.integer(number);
      voices.text(id);
      voices.text(event.mode ? event.type + "/" + *event.mode : event.type);
      voices.text(event.status);
      voices.text(narrated ? std::string() : document.id + "#" + id_of('a', attribution));
      voices.text(d.voice(attribution));
      voices.text(narrated ? "" : stance_name(analysis.attributions[attribution].stance));
      voices.text(narrated ? "" : form_name(analysis.attributions[attribution].form));
      voices.text(narrated ? std::string() : d.quote(analysis.attributions[attribution].cue));
      voices.text(factuality_name(factuality));
      voices.end_row();
    };
    if (event.voices.empty()) put_voice(event.attribution, event.factuality);
    for (const VoiceClaim& voice : event.voices) put_voice(voice.attribution, voice.factuality);
  }
  return {events.take(), mentions.take(), voices.take()};
}

}  // namespace reportedly::output
