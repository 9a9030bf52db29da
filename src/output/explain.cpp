// How a code came about, step by step, with what was considered and not taken.
#include <charconv>

#include "output/describe.h"
#include "output/terminal.h"
#include "output/write.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::harmless;
using output::Terminal;

constexpr unsigned kWidth = 100;

std::string range(Span span) {
  return fmt::format("[{},{})", span.start, span.end);
}

void put_list(Terminal& out, std::string_view indent, const std::vector<std::string>& items) {
  for (const std::string& item : items) out.paragraph(fmt::format("{}- ", indent), harmless(item));
}

void put_considered(Terminal& out, const std::vector<Candidate>& considered) {
  out.line("considered and not taken");
  for (const Candidate& candidate : considered) out.paragraph("  - ", harmless(candidate.what) + ": " + harmless(candidate.reason));
  if (considered.empty()) out.line("  - nothing else matched");
}

void put_participants(Terminal& out, std::string_view label, const Description& d, const std::vector<Participant>& participants) {
  out.line(label);
  if (participants.empty()) out.line("  - nobody: the text names none, and none is filled in");
  for (const Participant& p : participants) {
    const std::string codes = Description::codes(p.country, p.sectors);
    out.paragraph("  - ",
                  fmt::format("{}, coded {}, from “{}” {}", harmless(d.name(p)),
                              codes.empty() ? "with nothing known of country or sector" : codes, harmless(d.quote(p.span)), range(p.span)));
    if (p.entity >= 0 && static_cast<size_t>(p.entity) < d.record().entities.size())
      put_list(out, "      ", d.record().entities[p.entity].why);
  }
}

std::string by_reviewer(Decision decision) {
  return decision == Decision::none ? "" : fmt::format("  ({} by a reviewer)", decision_name(decision));
}

void put_attribution(Terminal& out, std::string_view indent, const Description& d, int32_t index) {
  const Attribution& a = d.record().attributions[index];
  out.paragraph(fmt::format("{}{}  ", indent, output::id_of('a', index)),
                fmt::format("source “{}”, cue {}, {}, {}{}{}", harmless(d.source(index)),
                            a.cue.empty() ? "none" : "“" + harmless(d.quote(a.cue)) + "”", stance_name(a.stance), form_name(a.form),
                            a.hypothetical ? ", did not take place itself" : "", by_reviewer(a.decision)));
  out.paragraph(fmt::format("{}    ", indent), "content “" + harmless(output::shortened(d.quote(a.content), 200)) + "”");
  put_list(out, std::string(indent) + "    ", a.why);
}

std::string explain_event(const Description& d, int32_t index) {
  const Analysis& record = d.record();
  const Event& event = record.events[index];
  Terminal out(false, kWidth);
  out.paragraph("", fmt::format("{}  {}{}  {}{}", output::id_of('v', index), event.type, event.mode ? "/" + *event.mode : "", event.status,
                                by_reviewer(event.decision)));
  const int32_t sentence = d.sentence_at(event.trigger.start);
  if (sentence >= 0)
    out.paragraph(fmt::format("{}  ", output::id_of('s', sentence)), "“" + harmless(d.quote(record.sentences[sentence].span)) + "”");
  out.blank();
  out.line("code");
  out.paragraph("  ", fmt::format("trigger “{}” {}, lemma {}", harmless(d.quote(event.trigger)), range(event.trigger),
                                  event.trigger_lemma.empty() ? "unknown" : harmless(event.trigger_lemma)));
  out.paragraph("  ", fmt::format("quad class {}, intensity {}, CAMEO {}, contexts {}", event.quad, event.intensity,
                                  event.cameo.value_or("none"), event.contexts.empty() ? "none" : output::join(event.contexts, ", ")));
  put_list(out, "  ", event.why);
  put_participants(out, "actors", d, event.actors);
  put_participants(out, "recipients", d, event.recipients);
  out.line("date");
  out.paragraph("  ", event.date ? harmless(*event.date + (event.time ? " " + *event.time : "")) : "not known");
  put_list(out, "  ", event.date_why);
  out.line("place");
  if (event.place >= 0 && static_cast<size_t>(event.place) < record.places.size()) {
    const Place& place = record.places[event.place];
    out.paragraph("  ", fmt::format("{}{}, from “{}” {}", harmless(place.name), place.country ? " (" + *place.country + ")" : "",
                                    harmless(d.quote(place.span)), range(place.span)));
    put_list(out, "  ", place.why);
  } else {
    out.line("  not known");
  }
  out.line("voices");
  for (const VoiceClaim& voice : event.voices) {
    out.paragraph("  ", fmt::format("{} presents it {} ({})", harmless(d.voice(voice.attribution)),
                                    output::factuality_words(voice.factuality), factuality_name(voice.factuality)));
    for (int32_t link : d.chain(voice.attribution)) put_attribution(out, "    ", d, link);
  }
  out.paragraph("", fmt::format("together: {} ({}){}", event.status, factuality_name(event.factuality),
                                event.confidence ? fmt::format(", confidence {:.2f}", *event.confidence) : ""));
  put_considered(out, event.considered);
  return out.take();
}

std::string explain_sentence(const Description& d, int32_t index) {
  const Analysis& record = d.record();
  const Sentence& sentence = record.sentences[index];
  Terminal out(false, kWidth);
  out.paragraph(fmt::format("{}  ", output::id_of('s', index)), "“" + harmless(d.quote(sentence.span)) + "”");
  out.paragraph("", fmt::format("{}, paragraph {}, {}", part_name(sentence.part), sentence.paragraph, range(sentence.span)));
  out.blank();
  std::string events;
  for (size_t i = 0; i < record.events.size(); ++i)
    if (sentence.span.holds(record.events[i].trigger)) events += (events.empty() ? "" : ", ") + output::id_of('v', static_cast<int64_t>(i));
  if (!events.empty()) {
    out.paragraph("", "events: " + events + " (explain them by these ids)");
  } else if (sentence.part != Part::body && sentence.part != Part::title) {
    out.line("no event: this part of a document is parsed and not coded");
  } else {
    out.line("no event");
  }
  std::vector<Candidate> considered;
  for (const SentenceNote& note : record.notes)
    if (note.sentence == static_cast<uint32_t>(index)) considered.insert(considered.end(), note.considered.begin(), note.considered.end());
  if (considered.empty() && events.empty())
    out.line("no entry of the event lexicon matched a word of this sentence");
  else
    put_considered(out, considered);
  bool first = true;
  for (size_t i = 0; i < record.attributions.size(); ++i) {
    const Attribution& a = record.attributions[i];
    const std::vector<Span>& where = a.cue.empty() ? (a.source.empty() ? a.content : a.source) : a.cue;
    if (where.empty() || !sentence.span.holds(where[0])) continue;
    if (first) out.line("attributions");
    first = false;
    put_attribution(out, "  ", d, static_cast<int32_t>(i));
  }
  return out.take();
}

}  // namespace

Result<std::string> explain(const Analysis& analysis, std::string_view what) {
  if (analysis.error) return tl::unexpected<Error>(*analysis.error);
  int32_t number = 0;
  const bool well_formed =
      what.size() > 1 && std::from_chars(what.data() + 1, what.data() + what.size(), number).ptr == what.data() + what.size() && number > 0;
  const auto none = [&](std::string_view things, size_t count, char letter) {
    std::string range;
    if (count == 1) range = fmt::format(": it has {}1 alone", letter);
    if (count > 1) range = fmt::format(": it has {0}1 to {0}{1}", letter, count);
    return fail(
        ErrorCode::usage,
        fmt::format("the document has no {} {}{}", things, harmless(what), count == 0 ? fmt::format(", and no {} at all", things) : range),
        analysis.document.id);
  };
  if (!well_formed || (what[0] != 'v' && what[0] != 's' && what[0] != 'a'))
    return fail(ErrorCode::usage, fmt::format("“{}” is no event (v1), sentence (s12) or attribution (a1)", harmless(what)),
                analysis.document.id);
  const Description d(analysis);
  const auto known = [&](size_t count) { return static_cast<size_t>(number) <= count; };
  if (what[0] == 'v')
    return known(analysis.events.size()) ? Result<std::string>(explain_event(d, number - 1)) : none("event", analysis.events.size(), 'v');
  if (what[0] == 's')
    return known(analysis.sentences.size()) ? Result<std::string>(explain_sentence(d, number - 1))
                                            : none("sentence", analysis.sentences.size(), 's');
  if (!known(analysis.attributions.size())) return none("attribution", analysis.attributions.size(), 'a');
  Terminal out(false, kWidth);
  for (int32_t link : d.chain(number - 1)) put_attribution(out, "", d, link);
  return out.take();
}

}  // namespace reportedly
