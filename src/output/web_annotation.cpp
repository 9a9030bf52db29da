// W3C Web Annotation Data Model, JSON-LD: one AnnotationPage of all documents. An annotation for each event (on its trigger), each
// attribution (on its content) and each entity's mentions. Offsets are code points, as that model wants them.
#include <algorithm>

#include "output/describe.h"
#include "output/json_writer.h"
#include "output/profiles.h"

namespace reportedly::output {
namespace {

constexpr uint32_t kAround = 32;  ///< code points of prefix and suffix

class Annotations {
 public:
  explicit Annotations(const Analysis& analysis) : a_(analysis), d_(analysis), json_(out_, false), source_(iri_of(analysis.document)) {}

  /// Annotations, each with a comma and a line break in front.
  std::string take() {
    for (size_t i = 0; i < a_.entities.size(); ++i) entity(i);
    for (size_t i = 0; i < a_.attributions.size(); ++i)
      if (a_.attributions[i].decision != Decision::rejected) attribution(i);
    for (size_t i = 0; i < a_.events.size(); ++i)
      if (a_.events[i].decision != Decision::rejected) event(i);
    return fmt::to_string(out_);
  }

 private:
  void open(char layer, size_t index, std::string_view motivation) {
    put(out_, ",\n");
    json_.open('{');
    json_.field("id", urn(a_.document.id, id_of(layer, static_cast<int64_t>(index))));
    json_.field("type", "Annotation");
    json_.field("motivation", motivation);
    json_.key("body");
    json_.open('[');
  }
  void body(std::string_view purpose, std::string_view value) {
    if (value.empty()) return;
    json_.item();
    json_.open('{');
    json_.field("type", "TextualBody");
    json_.field("purpose", purpose);
    json_.field("format", "text/plain");
    json_.field("value", value);
    json_.close('}');
  }
  /// Closes the bodies, writes the targets. What has no place in the text points at the document as a whole.
  void close(const std::vector<Span>& spans) {
    json_.close(']');
    json_.key("target");
    json_.open('[');
    bool any = false;
    for (Span span : spans) {
      span.end = std::min(span.end, d_.text().size());
      if (span.start >= span.end) continue;
      any = true;
      json_.item();
      json_.open('{');
      json_.field("type", "SpecificResource");
      json_.field("source", source_);
      json_.key("selector");
      json_.open('[');
      json_.item();
      json_.open('{');
      json_.field("type", "TextQuoteSelector");
      json_.field("exact", d_.text().slice(span));
      const uint32_t before = span.start > kAround ? span.start - kAround : 0;
      json_.field("prefix", d_.text().slice({before, span.start}));
      json_.field("suffix", d_.text().slice({span.end, span.end + std::min(kAround, d_.text().size() - span.end)}));
      json_.close('}');
      json_.item();
      json_.open('{');
      json_.field("type", "TextPositionSelector");
      json_.key("start"), json_.integer(span.start);
      json_.key("end"), json_.integer(span.end);
      json_.close('}');
      json_.close(']');
      json_.close('}');
    }
    if (!any) {
      json_.item();
      json_.text(source_);
    }
    json_.close(']');
    json_.close('}');
  }

  void entity(size_t index) {
    const Entity& entity = a_.entities[index];
    std::vector<Span> spans;
    for (const Mention& mention : entity.mentions) spans.push_back(mention.span);
    open('e', index, "identifying");
    body("identifying", one_line(entity.name));
    body("tagging", "kind:" + entity.kind);
    if (entity.country) body("tagging", "country:" + *entity.country);
    for (const std::string& sector : entity.sectors) body("tagging", "sector:" + sector);
    if (entity.office) body("describing", one_line(*entity.office));
    close(spans);
  }

  void attribution(size_t index) {
    const Attribution& a = a_.attributions[index];
    open('a', index, "describing");
    body("describing", d_.voice(static_cast<int32_t>(index)));
    body("tagging", std::string("stance:") + stance_name(a.stance));
    body("tagging", std::string("form:") + form_name(a.form));
    if (a.hypothetical) body("tagging", "hypothetical");
    if (a.source_entity >= 0) body("linking", urn(a_.document.id, id_of('e', a.source_entity)));
    if (a.parent >= 0) body("linking", urn(a_.document.id, id_of('a', a.parent)));
    close(!a.content.empty() ? a.content : !a.cue.empty() ? a.cue : a.source);
  }

  void event(size_t index) {
    const Event& event = a_.events[index];
    open('v', index, "classifying");
    body("classifying", event.mode ? event.type + "/" + *event.mode : event.type);
    body("tagging", "status:" + event.status);
    body("tagging", std::string("factuality:") + factuality_name(event.factuality));
    for (const std::string& context : event.contexts) body("tagging", "context:" + context);
    if (event.date) body("tagging", "date:" + *event.date);
    const std::string who = d_.names(event.actors), whom = d_.names(event.recipients);
    body("describing", fmt::format("{}{}{}", who.empty() ? "somebody not named" : who, whom.empty() ? "" : " → ", whom));
    for (const VoiceClaim& voice : event.voices)
      body("describing",
           fmt::format("{}: {} ({})", d_.voice(voice.attribution), factuality_words(voice.factuality), factuality_name(voice.factuality)));
    const auto link = [&](char layer, int32_t index_of) {
      if (index_of >= 0) body("linking", urn(a_.document.id, id_of(layer, index_of)));
    };
    for (const auto* side : {&event.actors, &event.recipients})
      for (const Participant& p : *side) link('e', p.entity);
    for (const VoiceClaim& voice : event.voices) link('a', voice.attribution);
    close({event.trigger});
  }

  const Analysis& a_;
  Description d_;
  Buffer out_;
  Json json_;
  std::string source_;
};

class WebAnnotation : public Export {
 public:
  std::vector<Piece> begin() override {
    return {
        {{}, "{\"@context\":\"http://www.w3.org/ns/anno.jsonld\",\"id\":\"urn:reportedly:page\",\"type\":\"AnnotationPage\",\"items\":["}};
  }
  std::vector<Piece> read(const EngineInfo&, const Analysis& analysis) const override {
    if (analysis.error) return {};
    return {{{}, Annotations(analysis).take()}};
  }
  std::vector<Piece> take(std::vector<Piece> pieces) override {
    for (Piece& piece : pieces) {
      if (first_ && !piece.text.empty()) {
        piece.text.erase(0, 1);  // no comma before the first
        first_ = false;
      }
    }
    return pieces;
  }
  std::vector<Piece> end() override { return {{{}, "\n]}\n"}}; }

 private:
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Export> web_annotation_export() {
  return std::make_unique<WebAnnotation>();
}

}  // namespace reportedly::output
