#include "output/conllu_layers.h"

#include <fmt/format.h>

#include <algorithm>

#include "output/write.h"

namespace reportedly::output {
namespace {

/// Items of one key at one word, parted by commas.
struct Marks {
  std::string mention, voice, stance, form, parent, source, event, status, fact, event_voice, part, time, place;
};

void add(std::string& list, std::string_view item) {
  if (!list.empty()) list += ',';
  list += item;
}

/// MISC is parted by | and its lists by commas; values from outside (TIMEX3) have neither, but may come from a file.
std::string plain(std::string_view value) {
  std::string out;
  for (const char c : value) out.push_back(c == '|' || c == ',' || static_cast<unsigned char>(c) <= ' ' ? '_' : c);
  return out;
}

}  // namespace

std::vector<std::string> conllu_layers(const Analysis& a, const syntax::Trees& trees) {
  std::vector<Marks> marks(trees.words.size());
  /// Calls `mark(word, first)` for each word of the spans; the first word they touch, or -1.
  const auto each = [&](const std::vector<Span>& spans, auto mark) {
    int64_t first = -1;
    for (const Span span : spans)
      for (uint32_t w = trees.word_at(span.start); w < trees.words.size() && trees.words[w].span.start < span.end; ++w) {
        mark(marks[w], first < 0);
        if (first < 0) first = w;
      }
    return first;
  };
  const auto bio = [](bool first) { return first ? "B" : "I"; };

  for (size_t i = 0; i < a.entities.size(); ++i)
    for (const Mention& mention : a.entities[i].mentions)
      each({mention.span}, [&](Marks& m, bool first) { add(m.mention, fmt::format("{}-{}", bio(first), id_of('e', i))); });

  for (size_t i = 0; i < a.attributions.size(); ++i) {
    const Attribution& attribution = a.attributions[i];
    if (attribution.decision == Decision::rejected) continue;
    const std::string id = id_of('a', i);
    const auto role = [&](std::string_view name, const std::vector<Span>& spans) {
      return each(spans, [&](Marks& m, bool first) { add(m.voice, fmt::format("{}-{}:{}", bio(first), name, id)); });
    };
    const int64_t source = role("source", attribution.source), cue = role("cue", attribution.cue),
                  content = role("content", attribution.content);
    // What belongs to the whole stands at its cue, without one at its source or content.
    const int64_t head = cue >= 0 ? cue : source >= 0 ? source : content;
    if (head < 0) continue;
    Marks& m = marks[head];
    add(m.stance, fmt::format("{}:{}{}", id, stance_name(attribution.stance), attribution.hypothetical ? ":hypothetical" : ""));
    add(m.form, fmt::format("{}:{}", id, form_name(attribution.form)));
    if (attribution.parent >= 0) add(m.parent, fmt::format("{}:{}", id, id_of('a', attribution.parent)));
    if (attribution.source_entity >= 0) add(m.source, fmt::format("{}:{}", id, id_of('e', attribution.source_entity)));
  }

  for (size_t i = 0; i < a.events.size(); ++i) {
    const Event& event = a.events[i];
    if (event.decision == Decision::rejected) continue;
    const std::string id = id_of('v', i), what = event.mode ? event.type + "/" + *event.mode : event.type;
    const int64_t head =
        each({event.trigger}, [&](Marks& m, bool first) { add(m.event, fmt::format("{}-{}:{}", bio(first), id, plain(what))); });
    for (const auto& [name, side] : {std::pair("actor", &event.actors), std::pair("recipient", &event.recipients)})
      for (const Participant& p : *side)
        each({p.span}, [&, role = name](Marks& m, bool first) { add(m.part, fmt::format("{}-{}:{}", bio(first), role, id)); });
    if (head < 0) continue;
    Marks& m = marks[head];
    add(m.status, fmt::format("{}:{}", id, plain(event.status)));
    add(m.fact, fmt::format("{}:{}", id, factuality_name(event.factuality)));
    for (const VoiceClaim& voice : event.voices)
      add(m.event_voice, fmt::format("{}:{}:{}", id, voice.attribution >= 0 ? id_of('a', voice.attribution) : "document",
                                     factuality_name(voice.factuality)));
  }

  for (size_t i = 0; i < a.times.size(); ++i)
    each({a.times[i].span}, [&](Marks& m, bool first) {
      add(m.time, fmt::format("{}-{}:{}", bio(first), id_of('t', i), a.times[i].value ? plain(*a.times[i].value) : "_"));
    });
  for (size_t i = 0; i < a.places.size(); ++i)
    each({a.places[i].span}, [&](Marks& m, bool first) {
      add(m.place, fmt::format("{}-{}:{}", bio(first), id_of('p', i), a.places[i].geonames ? std::to_string(*a.places[i].geonames) : "_"));
    });

  std::vector<std::string> out(marks.size());
  for (size_t w = 0; w < marks.size(); ++w) {
    const Marks& m = marks[w];
    // In the order of the alphabet, as Universal Dependencies asks of such lists.
    for (const auto& [key, list] :
         {std::pair("Event", &m.event), std::pair("EventFact", &m.fact), std::pair("EventStatus", &m.status),
          std::pair("EventVoice", &m.event_voice), std::pair("Mention", &m.mention), std::pair("Part", &m.part),
          std::pair("Place", &m.place), std::pair("Time", &m.time), std::pair("Voice", &m.voice), std::pair("VoiceForm", &m.form),
          std::pair("VoiceParent", &m.parent), std::pair("VoiceSource", &m.source), std::pair("VoiceStance", &m.stance)})
      if (!list->empty()) out[w] += fmt::format("{}{}={}", out[w].empty() ? "" : "|", key, *list);
  }
  return out;
}

}  // namespace reportedly::output
