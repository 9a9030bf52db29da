#include "output/describe.h"

#include <algorithm>
#include <array>

#include "output/write.h"

namespace reportedly::output {

Description::Description(const Analysis& analysis) : analysis_(analysis), text_(analysis.document.text) {}

std::string Description::quote(Span span) const {
  return one_line(text_.slice(span));
}

std::string Description::quote(const std::vector<Span>& spans) const {
  std::string out;
  for (Span span : spans) {
    if (!out.empty()) out += " … ";
    out += quote(span);
  }
  return out;
}

std::string Description::name(const Participant& participant) const {
  if (participant.entity >= 0 && static_cast<size_t>(participant.entity) < analysis_.entities.size())
    if (std::string name = one_line(analysis_.entities[participant.entity].name); !name.empty()) return name;
  return quote(participant.span);
}

std::string Description::names(const std::vector<Participant>& participants) const {
  std::string out;
  for (size_t i = 0; i < participants.size(); ++i) {
    if (i > 0) out += i + 1 == participants.size() ? " and " : ", ";
    out += name(participants[i]);
  }
  return out;
}

std::string Description::codes(const std::optional<std::string>& country, const std::vector<std::string>& sectors) {
  std::string out = country.value_or("");
  for (const std::string& sector : sectors) {
    if (!out.empty()) out += ' ';
    out += sector;
  }
  return out;
}

std::string Description::source(int32_t attribution) const {
  if (attribution < 0 || static_cast<size_t>(attribution) >= analysis_.attributions.size())
    return analysis_.document.publisher ? one_line(*analysis_.document.publisher) : "the document";
  const Attribution& a = analysis_.attributions[attribution];
  const bool has_entity = a.source_entity >= 0 && static_cast<size_t>(a.source_entity) < analysis_.entities.size();
  if (a.source.empty()) return has_entity ? one_line(analysis_.entities[a.source_entity].name) : "an unnamed source";
  if (has_entity && a.source.size() == 1) {
    const Entity& entity = analysis_.entities[a.source_entity];
    const auto mention =
        std::find_if(entity.mentions.begin(), entity.mentions.end(), [&](const Mention& m) { return m.span == a.source[0]; });
    if (mention != entity.mentions.end() && mention->kind == MentionKind::pronoun)
      if (std::string name = one_line(entity.name); !name.empty()) return name;
  }
  return quote(a.source);
}

std::vector<int32_t> Description::chain(int32_t attribution) const {
  std::vector<int32_t> out;
  while (attribution >= 0 && static_cast<size_t>(attribution) < analysis_.attributions.size() &&
         std::find(out.begin(), out.end(), attribution) == out.end()) {
    out.push_back(attribution);
    attribution = analysis_.attributions[attribution].parent;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string Description::voice(int32_t attribution) const {
  std::string out;
  for (int32_t link : chain(attribution)) {
    if (!out.empty()) out += " › ";
    out += source(link);
    out += " (";
    out += stance_name(analysis_.attributions[link].stance);
    out += ')';
  }
  return out.empty() ? source(-1) : out;
}

std::vector<std::vector<std::pair<size_t, Factuality>>> Description::told() const {
  std::vector<std::vector<std::pair<size_t, Factuality>>> out(analysis_.attributions.size());
  for (size_t i = 0; i < analysis_.events.size(); ++i)
    for (const VoiceClaim& voice : analysis_.events[i].voices)
      if (analysis_.events[i].decision != Decision::rejected && voice.attribution >= 0 &&
          static_cast<size_t>(voice.attribution) < out.size())
        out[voice.attribution].emplace_back(i, voice.factuality);
  return out;
}

int32_t Description::sentence_at(uint32_t code_point) const {
  const auto& sentences = analysis_.sentences;
  const auto after = std::upper_bound(sentences.begin(), sentences.end(), code_point,
                                      [](uint32_t at, const Sentence& sentence) { return at < sentence.span.start; });
  if (after == sentences.begin()) return -1;
  const auto at = after - 1;
  return code_point < at->span.end ? static_cast<int32_t>(at - sentences.begin()) : -1;
}

const char* factuality_words(Factuality value) {
  static constexpr std::array<const char*, 8> kWords{"as fact",
                                                     "as probable or expected",
                                                     "as possible",
                                                     "as not the case",
                                                     "as probably not so",
                                                     "as possibly not so",
                                                     "as settled, unsaid how",
                                                     "as open"};
  return kWords[static_cast<size_t>(value)];
}

}  // namespace reportedly::output
