#include "engine/sections.h"

#include <algorithm>
#include <iterator>

namespace reportedly {
namespace {

template <class T>
void move_behind(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void shift(int32_t& index, size_t by) {
  if (index >= 0) index += static_cast<int32_t>(by);
}

}  // namespace

void Sections::append(Analysis&& section, uint32_t words) {
  const size_t sentences = whole_.sentences.size(), places = whole_.places.size(), attributions = whole_.attributions.size(),
               events = whole_.events.size();
  std::vector<int32_t> entities;  // of the section, in the whole
  std::vector<std::pair<Key, int32_t>> fresh;
  for (Entity& entity : section.entities) {
    for (Mention& mention : entity.mentions) mention.head += words_;
    const bool named = entity.kind == "state" || std::any_of(entity.mentions.begin(), entity.mentions.end(),
                                                             [](const Mention& m) { return m.kind == MentionKind::name; });
    Key key(entity.kind, entity.name, entity.country.value_or(""));
    if (const auto known = named ? known_.find(key) : known_.end(); known != known_.end()) {
      entities.push_back(known->second);
      move_behind(whole_.entities[static_cast<size_t>(known->second)].mentions, entity.mentions);
      continue;
    }
    entities.push_back(static_cast<int32_t>(whole_.entities.size()));
    if (named) fresh.emplace_back(std::move(key), entities.back());
    whole_.entities.push_back(std::move(entity));
  }
  // Only now: what one section holds apart stays apart.
  for (auto& [key, entity] : fresh) known_.emplace(std::move(key), entity);
  const auto entity_of = [&](int32_t& entity) {
    if (entity >= 0) entity = entities[static_cast<size_t>(entity)];
  };
  for (Sentence& sentence : section.sentences) sentence.first_word += words_, sentence.last_word += words_;
  for (Attribution& attribution : section.attributions) {
    shift(attribution.parent, attributions);
    entity_of(attribution.source_entity);
  }
  for (Event& event : section.events) {
    for (auto* side : {&event.actors, &event.recipients})
      for (Participant& participant : *side) entity_of(participant.entity);
    event.trigger_word += words_;
    shift(event.place, places);
    shift(event.attribution, attributions);
    for (VoiceClaim& voice : event.voices) shift(voice.attribution, attributions);
  }
  for (Dispute& dispute : section.disputes) {
    for (int32_t& event : dispute.events) shift(event, events);
    for (Position& position : dispute.positions) {
      shift(position.event, events);
      for (int32_t& voice : position.voices) shift(voice, attributions);
    }
  }
  for (SentenceNote& note : section.notes) note.sentence += static_cast<uint32_t>(sentences);
  move_behind(whole_.names, section.names);
  move_behind(whole_.sentences, section.sentences);
  move_behind(whole_.times, section.times);
  move_behind(whole_.places, section.places);
  move_behind(whole_.attributions, section.attributions);
  move_behind(whole_.events, section.events);
  move_behind(whole_.disputes, section.disputes);
  move_behind(whole_.notes, section.notes);
  words_ += words;
}

}  // namespace reportedly
