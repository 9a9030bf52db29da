// A record written by hand: the example of docs/output.md, and small helpers to build others.
#pragma once
#include <string>
#include <string_view>

#include "reportedly/analysis.h"
#include "reportedly/engine.h"
#include "reportedly/output.h"

namespace sample {

/// Code-point span of the n-th occurrence of `words` in `text`.
inline reportedly::Span find(std::string_view text, std::string_view words, int occurrence = 1) {
  size_t at = text.find(words);
  while (--occurrence > 0 && at != std::string_view::npos) at = text.find(words, at + 1);
  const auto points = [](std::string_view s) {
    uint32_t n = 0;
    for (char c : s) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
  };
  if (at == std::string_view::npos) return {};
  const uint32_t start = points(text.substr(0, at));
  return {start, start + points(words)};
}

inline reportedly::EngineInfo engine() {
  return {.version = "0.1.0", .model = "0123456789abcdef", .lexicon = "fedcba9876543210"};
}

/// Norway denies what two fishermen, in the words of Reykjavik, tell.
inline reportedly::Analysis geneva() {
  using namespace reportedly;
  Analysis a;
  a.document.id = "geneva-1";
  a.document.published = "2031-05-05";
  a.document.language = "en";
  a.document.text =
      "GENEVA, 5 May 2031 – Norway’s foreign ministry denied on Friday that its ships had entered Icelandic waters, as Reykjavik says two "
      "fishermen told the "
      "coast guard.";
  const std::string& text = a.document.text;
  const auto at = [&](std::string_view words) { return find(text, words); };
  a.names = {{at("Norway"), "LOC"}, {at("Reykjavik"), "LOC"}};
  a.sentences = {{.span = {0, 162}}};
  a.entities = {{.name = "Norway",
                 .kind = "state",
                 .country = "NOR",
                 .sectors = {"GOV"},
                 .mentions = {{.span = at("Norway’s foreign ministry")}},
                 .why = {"actors/states:NOR", "agents:foreign ministry"}},
                {.name = "Iceland",
                 .kind = "state",
                 .country = "ISL",
                 .sectors = {"GOV"},
                 .mentions = {{.span = at("Icelandic")}, {.span = at("Reykjavik")}},
                 .why = {"actors/states:ISL", "capital stands for government"}},
                {.name = "two fishermen",
                 .kind = "group",
                 .sectors = {"CVL"},
                 .mentions = {{.span = at("two fishermen")}},
                 .why = {"agents:fisherman"}}};
  a.times = {{.span = at("Friday"), .type = "DATE", .value = "2031-05-02", .why = {"weekday before publication"}}};
  a.places = {{.span = at("GENEVA"),
               .name = "Geneva",
               .geonames = 2660646,
               .latitude = 46.202,
               .longitude = 6.146,
               .country = "CHE",
               .feature = "PPLA",
               .role = "dateline"}};
  const Span entry = at("that its ships had entered Icelandic waters");
  a.attributions = {{.source = {at("Norway’s foreign ministry")},
                     .source_entity = 0,
                     .cue = {at("denied")},
                     .cue_lemma = "deny",
                     .content = {entry},
                     .stance = Stance::denies,
                     .confidence = 0.91,
                     .why = {"cues:deny"}},
                    {.source = {at("Reykjavik")},
                     .source_entity = 1,
                     .cue = {at("says")},
                     .cue_lemma = "say",
                     .content = {at("two fishermen told the coast guard")},
                     .why = {"cues:say"}},
                    {.parent = 1,
                     .source = {at("two fishermen")},
                     .source_entity = 2,
                     .cue = {at("told")},
                     .cue_lemma = "tell",
                     .content = {entry},
                     .why = {"cues:tell", "content before 'as'"}}};
  Event event;
  event.type = "COERCE";
  event.contexts = {"territory"};
  event.cameo = "0193";
  event.quad = 4;
  event.intensity = -7;
  event.actors = {{.entity = 0, .country = "NOR", .sectors = {"MIL"}, .span = at("its ships")}};
  event.recipients = {{.entity = 1, .country = "ISL", .span = at("Icelandic")}};
  event.trigger = at("entered");
  event.trigger_lemma = "enter";
  event.date_why = {"no date given for the entry"};
  event.attribution = 0;
  event.factuality = Factuality::ct_minus;
  event.status = "denied";
  event.voices = {{0, Factuality::ct_minus}, {2, Factuality::ct_plus}};
  event.confidence = 0.83;
  event.why = {"events/coerce:enter-waters"};
  event.considered = {{"events/consult:visit", "the place entered is a territory, not a host"}};
  a.events = {event};
  a.disputes = {{"occurrence", {0}, {{"did not happen", 0, {0}}, {"happened", 0, {2}}}}};
  a.notes = {};
  return a;
}

/// A document that could not be coded.
inline reportedly::Analysis failed() {
  reportedly::Analysis a;
  a.document.id = "broken";
  a.document.language = "und";
  a.error = reportedly::Error{reportedly::ErrorCode::bad_format, "no field \"text\"", "batch.jsonl:7"};
  return a;
}

}  // namespace sample
