// reportedly/1 (docs/output.md), written straight from the record.
#include <string>

#include "output/json_writer.h"
#include "output/text_offsets.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Buffer;
using output::Json;

void write_engine(Json& json, const EngineInfo& engine) {
  json.key("engine");
  json.open_flat('{');
  json.field("version", engine.version);
  json.field("model", engine.model);
  json.field("lexicon", engine.lexicon);
  json.close_flat('}');
}

void write_document(Json& json, const DocumentInfo& document) {
  json.key("document");
  json.open('{');
  json.field("id", document.id);
  json.field("title", document.title);
  json.field("byline", document.byline);
  json.field("publisher", document.publisher);
  json.field("url", document.url);
  json.field("published", document.published);
  json.field("language", document.language);
  json.field("text", document.text);
  json.key("repairs");
  json.open('[');
  for (const Repair& repair : document.repairs) {
    json.item();
    json.open_flat('{');
    json.field("kind", repair.kind);
    json.field_start_end(repair.span);
    json.close_flat('}');
  }
  json.close(']');
  json.key("warnings");
  json.open('[');
  for (const Warning& warning : document.warnings) {
    json.item();
    json.open_flat('{');
    json.field("code", warning.code);
    json.field("message", warning.message);
    json.key("start");
    warning.span ? json.integer(warning.span->start) : json.null();
    json.key("end");
    warning.span ? json.integer(warning.span->end) : json.null();
    json.close_flat('}');
  }
  json.close(']');
  json.close('}');
}

void write_entity(Json& json, const Entity& entity, int32_t index, const output::TextOffsets& text) {
  json.open('{');
  json.field_id("id", 'e', index);
  json.field("name", entity.name);
  json.field("kind", entity.kind);
  json.field("country", entity.country);
  json.field_strings("sectors", entity.sectors);
  json.field("office", entity.office);
  json.key("mentions");
  json.open('[');
  for (const Mention& mention : entity.mentions) {
    json.item();
    json.open_flat('{');
    json.field_start_end(mention.span);
    json.field("text", text.slice(mention.span));
    json.close_flat('}');
  }
  json.close(']');
  json.field_strings("why", entity.why);
  json.close('}');
}

/// Of what nobody has decided there is none.
void write_decision(Json& json, Decision decision) {
  if (decision != Decision::none) json.field("decision", decision_name(decision));
}

void write_attribution(Json& json, const Attribution& attribution, int32_t index) {
  json.open('{');
  json.field_id("id", 'a', index);
  json.field_id("parent", 'a', attribution.parent);
  json.key("source");
  json.open_flat('{');
  json.field_spans(attribution.source);
  json.field_id("entity", 'e', attribution.source_entity);
  json.close_flat('}');
  json.key("cue");
  json.open_flat('{');
  json.field_spans(attribution.cue);
  json.field("lemma", attribution.cue_lemma);
  json.close_flat('}');
  json.key("content");
  json.open_flat('{');
  json.field_spans(attribution.content);
  json.close_flat('}');
  json.field("form", form_name(attribution.form));
  json.field("stance", stance_name(attribution.stance));
  json.key("hypothetical"), json.boolean(attribution.hypothetical);
  json.key("confidence"), json.probability(attribution.confidence);
  json.field_strings("why", attribution.why);
  write_decision(json, attribution.decision);
  json.close('}');
}

void write_participants(Json& json, std::string_view name, const std::vector<Participant>& participants) {
  json.key(name);
  json.open('[');
  for (const Participant& participant : participants) {
    json.item();
    json.open_flat('{');
    json.field_id("entity", 'e', participant.entity);
    json.field("country", participant.country);
    json.field_strings("sectors", participant.sectors);
    json.key("span"), json.pair(participant.span);
    json.close_flat('}');
  }
  json.close(']');
}

void write_event(Json& json, const Event& event, int32_t index) {
  json.open('{');
  json.field_id("id", 'v', index);
  json.field("type", event.type);
  json.field("mode", event.mode);
  json.field_strings("contexts", event.contexts);
  json.field("cameo", event.cameo);
  json.key("quad"), json.integer(event.quad);
  json.key("intensity"), json.real(event.intensity);
  write_participants(json, "actors", event.actors);
  write_participants(json, "recipients", event.recipients);
  json.key("trigger");
  json.open_flat('{');
  json.field_start_end(event.trigger);
  json.key("lemma");
  event.trigger_lemma.empty() ? json.null() : json.text(event.trigger_lemma);
  json.close_flat('}');
  json.key("date");
  json.open_flat('{');
  json.field("value", event.date);
  json.field("time", event.time);
  json.field_strings("why", event.date_why);
  json.close_flat('}');
  json.field_id("place", 'p', event.place);
  json.field_id("attribution", 'a', event.attribution);
  json.field("factuality", factuality_name(event.factuality));
  json.field("status", event.status);
  json.key("voices");
  json.open('[');
  for (const VoiceClaim& voice : event.voices) {
    json.item();
    json.open_flat('{');
    json.field_id("attribution", 'a', voice.attribution);
    json.field("factuality", factuality_name(voice.factuality));
    json.close_flat('}');
  }
  json.close(']');
  json.key("numbers");
  json.open('[');
  for (const EventNumber& number : event.numbers) {
    json.item();
    json.open_flat('{');
    json.field("kind", number.kind);
    json.key("low"), json.integer(number.low);
    json.key("high"), json.integer(number.high);
    json.field_start_end(number.span);
    json.close_flat('}');
  }
  json.close(']');
  json.key("confidence"), json.probability(event.confidence);
  json.field_strings("why", event.why);
  write_decision(json, event.decision);
  json.close('}');
}

void write_dispute(Json& json, const Dispute& dispute, int32_t index) {
  json.open('{');
  json.field_id("id", 'd', index);
  json.field("kind", dispute.kind);
  json.key("events");
  json.open_flat('[');
  for (int32_t event : dispute.events) json.item(), json.id('v', event);
  json.close_flat(']');
  json.key("positions");
  json.open('[');
  for (const Position& position : dispute.positions) {
    json.item();
    json.open_flat('{');
    json.field("holds", position.holds);
    json.field_id("event", 'v', position.event);
    json.key("voices");
    json.open_flat('[');
    for (int32_t voice : position.voices) json.item(), json.id('a', voice);
    json.close_flat(']');
    json.close_flat('}');
  }
  json.close(']');
  json.close('}');
}

/// One array of the record; `write(item, index)` writes an element.
template <class Items, class Write>
void write_layer(Json& json, std::string_view name, const Items& items, Write write) {
  json.key(name);
  json.open('[');
  int32_t index = 0;
  for (const auto& item : items) {
    json.item();
    write(item, index++);
  }
  json.close(']');
}

}  // namespace

std::string to_json(const EngineInfo& engine, const Analysis& analysis, bool pretty) {
  Buffer out;
  out.reserve(4096 + analysis.document.text.size() * 6);
  Json json(out, pretty);
  const output::TextOffsets text(analysis.document.text);
  json.open('{');
  json.field("schema", "reportedly/1");
  write_engine(json, engine);
  write_document(json, analysis.document);
  if (analysis.error) {
    json.key("error");
    json.open_flat('{');
    json.field("code", error_code_name(analysis.error->code));
    json.field("message", analysis.error->message);
    json.key("place");
    analysis.error->place.empty() ? json.null() : json.text(analysis.error->place);
    json.close_flat('}');
  }
  write_layer(json, "names", analysis.names, [&](const Name& name, int32_t) {
    json.open_flat('{');
    json.field_start_end(name.span);
    json.field("type", name.type);
    json.close_flat('}');
  });
  write_layer(json, "sentences", analysis.sentences, [&](const Sentence& sentence, int32_t index) {
    json.open_flat('{');
    json.field_id("id", 's', index);
    json.field("part", part_name(sentence.part));
    json.field_start_end(sentence.span);
    json.key("paragraph"), json.integer(sentence.paragraph);
    json.close_flat('}');
  });
  write_layer(json, "entities", analysis.entities, [&](const Entity& entity, int32_t index) { write_entity(json, entity, index, text); });
  write_layer(json, "times", analysis.times, [&](const TimeExpression& time, int32_t index) {
    json.open_flat('{');
    json.field_id("id", 't', index);
    json.field_start_end(time.span);
    json.field("text", text.slice(time.span));
    json.field("type", time.type);
    json.field("value", time.value);
    json.field_strings("why", time.why);
    json.close_flat('}');
  });
  write_layer(json, "places", analysis.places, [&](const Place& place, int32_t index) {
    json.open_flat('{');
    json.field_id("id", 'p', index);
    json.field_start_end(place.span);
    json.field("name", place.name);
    json.key("geonames");
    place.geonames ? json.integer(*place.geonames) : json.null();
    json.key("latitude"), json.real(place.latitude);
    json.key("longitude"), json.real(place.longitude);
    json.field("country", place.country);
    json.field("admin1", place.admin1);
    json.field("feature", place.feature);
    json.field("role", place.role);
    json.field_strings("why", place.why);
    json.close_flat('}');
  });
  write_layer(json, "attributions", analysis.attributions,
              [&](const Attribution& attribution, int32_t index) { write_attribution(json, attribution, index); });
  write_layer(json, "events", analysis.events, [&](const Event& event, int32_t index) { write_event(json, event, index); });
  write_layer(json, "disputes", analysis.disputes, [&](const Dispute& dispute, int32_t index) { write_dispute(json, dispute, index); });
  json.close('}');
  return fmt::to_string(out);
}

}  // namespace reportedly
