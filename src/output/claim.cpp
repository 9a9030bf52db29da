// schema.org: a draft ClaimReview for each claim, as JSON lines. The rating is empty: a person who has checked the claim fills it in.
#include "output/describe.h"
#include "output/json_writer.h"
#include "output/profiles.h"

namespace reportedly::output {
namespace {

/// Wishes, demands, questions and silence claim nothing that could be checked.
bool claims(const Attribution& attribution) {
  if (attribution.hypothetical || attribution.content.empty()) return false;
  switch (attribution.stance) {
    case Stance::asserts:
    case Stance::denies:
    case Stance::accuses:
    case Stance::supposes:
    case Stance::concedes:
    case Stance::relays:
    case Stance::doubts:
      return true;
    default:
      return false;
  }
}

void put_author(Json& json, const Analysis& analysis, const Description& d, int32_t attribution) {
  const Attribution& a = analysis.attributions[attribution];
  const Entity* entity = a.source_entity >= 0 && static_cast<size_t>(a.source_entity) < analysis.entities.size()
                             ? &analysis.entities[a.source_entity]
                             : nullptr;
  json.key("author");
  if (a.source.empty() && !entity) return json.null();  // an unnamed source
  const bool person = entity && entity->kind == "person";
  json.open('{');
  json.field("@type", person ? "Person" : "Organization");
  const std::string words = d.source(attribution);
  json.field("name", entity && !entity->name.empty() ? one_line(entity->name) : words);
  if (entity && !entity->name.empty() && one_line(entity->name) != words) json.field("alternateName", words);
  if (person && entity->office) json.field("jobTitle", one_line(*entity->office));
  json.close('}');
}

}  // namespace

std::string to_claims(const EngineInfo& engine, const Analysis& analysis) {
  const Description d(analysis);
  const DocumentInfo& document = analysis.document;
  const auto told = d.told();
  Buffer out;
  for (size_t i = 0; i < analysis.attributions.size(); ++i) {
    const Attribution& a = analysis.attributions[i];
    if (a.decision == Decision::rejected || !claims(a)) continue;
    const std::string id = urn(document.id, id_of('a', static_cast<int64_t>(i)));
    Json json(out, false);
    json.open('{');
    json.field("@context", "https://schema.org");
    json.field("@type", "ClaimReview");
    json.field("@id", id + ":review");
    json.field("creativeWorkStatus", "Draft");
    json.field("claimReviewed", d.quote(a.content));
    json.key("reviewRating");
    json.open('{');
    json.field("@type", "Rating");
    json.field("ratingValue", "");
    json.field("alternateName", "");
    json.close('}');
    json.key("itemReviewed");
    json.open('{');
    json.field("@type", "Claim");
    json.field("@id", id);
    json.field("text", d.quote(a.content));
    put_author(json, analysis, d, static_cast<int32_t>(i));
    // What the author of the claim makes of the words, for "denies" turns them round.
    json.field("abstract", fmt::format("{} ({})", d.voice(static_cast<int32_t>(i)), form_name(a.form)));
    json.key("keywords");
    json.open('[');
    json.item();
    json.text(std::string("stance:") + stance_name(a.stance));
    for (const auto& [index, factuality] : told[i]) {
      const Event& event = analysis.events[index];
      json.item();
      json.text(fmt::format("event:{}{}{} {}", event.type, event.mode ? "/" : "", event.mode.value_or(""), factuality_name(factuality)));
    }
    json.close(']');
    if (a.parent >= 0 && static_cast<size_t>(a.parent) < analysis.attributions.size()) {
      json.key("isPartOf");  // told inside another's claim
      json.open('{');
      json.field("@type", "Claim");
      json.field("@id", urn(document.id, id_of('a', a.parent)));
      json.close('}');
    }
    json.key("appearance");
    json.open('{');
    json.field("@type", "NewsArticle");
    json.field("@id", iri_of(document));
    if (document.url && web_address(*document.url)) json.field("url", *document.url);
    if (document.title) json.field("headline", one_line(*document.title));
    if (document.published) json.field("datePublished", *document.published);
    if (document.publisher) {
      json.key("publisher");
      json.open('{');
      json.field("@type", "Organization");
      json.field("name", one_line(*document.publisher));
      json.close('}');
    }
    json.field("inLanguage", document.language);
    json.close('}');
    json.close('}');
    json.key("sdPublisher");
    json.open('{');
    json.field("@type", "Project");  // of organisations the one that software comes from; a program itself cannot stand here
    json.field("name", "reportedly");
    json.field("description", "version " + engine.version);
    json.close('}');
    json.close('}');
    put(out, '\n');
  }
  return fmt::to_string(out);
}

}  // namespace reportedly::output
