// The account for readers: who did what to whom, when, where, and who says so.
#include <algorithm>

#include "output/describe.h"
#include "output/terminal.h"
#include "output/write.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Description;
using output::harmless;
using output::Ink;
using output::Terminal;

constexpr uint32_t kSnippet = 90;  ///< code points of context on each side of a trigger

Ink ink_of_status(const std::string& status) {
  if (status == "denied" || status == "refused") return Ink::red;
  if (status == "happened" || status == "ongoing") return Ink::green;
  return Ink::yellow;
}

std::string_view mark_of(Factuality value) {
  switch (value) {
    case Factuality::ct_plus:
    case Factuality::pr_plus:
      return "✓";
    case Factuality::ct_minus:
    case Factuality::pr_minus:
      return "✗";
    default:
      return "?";
  }
}

/// The words around the trigger, cut at word boundaries, the trigger marked.
std::string snippet(const Description& d, Span trigger, const Terminal& terminal) {
  const int32_t index = d.sentence_at(trigger.start);
  Span sentence = index >= 0 ? d.record().sentences[index].span : trigger;
  std::string before = output::one_line(d.text().slice({sentence.start, trigger.start}));
  std::string after = output::one_line(d.text().slice({trigger.end, std::max(sentence.end, trigger.end)}));
  const bool space_before =
      trigger.start > sentence.start && d.text().slice({trigger.start - 1, trigger.start}).find_first_of(" \n\t\r") != std::string::npos;
  const bool space_after = d.text().slice({trigger.end, trigger.end + 1}).find_first_of(" \n\t\r") != std::string::npos;
  if (output::code_points(before) > kSnippet) {
    size_t cut = before.size();
    for (uint32_t n = 0; n < kSnippet; ++n) {
      --cut;
      while ((static_cast<unsigned char>(before[cut]) & 0xC0) == 0x80) --cut;
    }
    cut = before.find(' ', cut);
    before = cut == std::string::npos ? "…" : "…" + before.substr(cut);
  }
  if (output::code_points(after) > kSnippet) {
    after = output::shortened(after, kSnippet);
    const size_t cut = after.rfind(' ');
    after = (cut == std::string::npos ? std::string() : after.substr(0, cut)) + " …";
  }
  // Without colour the trigger stands between asterisks.
  const std::string plain = harmless(d.quote(trigger));
  std::string marked = terminal.ink(Ink::bold, plain);
  if (marked == plain) marked = "*" + plain + "*";
  return harmless(before) + (space_before ? " " : "") + marked + (space_after ? " " : "") + harmless(after);
}

std::string side(const Description& d, const std::vector<Participant>& participants, const Terminal& terminal) {
  std::string out;
  for (size_t i = 0; i < participants.size(); ++i) {
    if (i > 0) out += ", ";
    out += harmless(d.name(participants[i]));
    const std::string codes = Description::codes(participants[i].country, participants[i].sectors);
    if (!codes.empty()) out += " " + terminal.ink(Ink::dim, "(" + codes + ")");
  }
  return out;
}

void put_event(Terminal& terminal, const Description& d, size_t index) {
  const Analysis& a = d.record();
  const Event& event = a.events[index];
  std::string head = terminal.ink(Ink::bold, event.mode ? event.type + "/" + *event.mode : event.type);
  head += "  " + terminal.ink(ink_of_status(event.status), event.status);
  if (!event.contexts.empty()) head += "  " + terminal.ink(Ink::dim, output::join(event.contexts, ", "));
  terminal.paragraph(fmt::format("{:>4}  ", output::id_of('v', static_cast<int64_t>(index))), head);
  std::string who = side(d, event.actors, terminal);
  if (who.empty()) who = terminal.ink(Ink::dim, "somebody not named");
  if (!event.recipients.empty()) who += " → " + side(d, event.recipients, terminal);
  terminal.paragraph("      ", who);
  terminal.paragraph("      ", "“" + snippet(d, event.trigger, terminal) + "”");
  std::string when;
  if (event.date) when = *event.date + (event.time ? " " + *event.time : "");
  std::string where;
  if (event.place >= 0 && static_cast<size_t>(event.place) < a.places.size()) {
    const Place& place = a.places[event.place];
    where = harmless(place.name) + (place.country ? " (" + *place.country + ")" : "");
  }
  if (!when.empty()) terminal.paragraph("      when   ", harmless(when));
  if (!where.empty()) terminal.paragraph("      where  ", where);
  for (const EventNumber& number : event.numbers)
    terminal.paragraph("      count  ",
                       harmless(number.low == number.high ? fmt::format("{} {}", number.low, number.kind)
                                                          : fmt::format("{} to {} {}", number.low, number.high, number.kind)));
  const auto put_voice = [&](std::string_view label, int32_t attribution, Factuality factuality) {
    std::string text = fmt::format("{} {}", mark_of(factuality), harmless(d.voice(attribution)));
    if (attribution >= 0 && static_cast<size_t>(attribution) < a.attributions.size() && !a.attributions[attribution].cue.empty())
      text += terminal.ink(Ink::dim, " “" + harmless(d.quote(a.attributions[attribution].cue)) + "”");
    text += terminal.ink(Ink::dim, std::string(", ") + output::factuality_words(factuality));
    terminal.paragraph(label, text);
  };
  if (event.voices.empty()) put_voice("      voice  ", event.attribution, event.factuality);
  bool first = true;
  for (const VoiceClaim& voice : event.voices) {
    put_voice(first ? "      voice  " : "             ", voice.attribution, voice.factuality);
    first = false;
  }
}

void put_dispute(Terminal& terminal, const Description& d, size_t index) {
  const Dispute& dispute = d.record().disputes[index];
  std::string events;
  for (int32_t event : dispute.events) events += (events.empty() ? "" : ", ") + output::id_of('v', event);
  std::string_view question = "what is so";
  if (dispute.kind == "occurrence") question = "whether it happened";
  if (dispute.kind == "agent") question = "who did it";
  if (dispute.kind == "number") question = "how many";
  terminal.paragraph(fmt::format("{:>4}  ", output::id_of('d', static_cast<int64_t>(index))),
                     terminal.ink(Ink::bold, question) + " " + terminal.ink(Ink::dim, "(" + events + ")"));
  for (const Position& position : dispute.positions) {
    std::string voices;
    for (int32_t voice : position.voices) voices += (voices.empty() ? "" : "; ") + harmless(d.voice(voice));
    terminal.paragraph("      · ", harmless(position.holds) + ": " + voices);
  }
}

}  // namespace

std::string to_account(const Analysis& analysis, bool colour, unsigned width) {
  const Description d(analysis);
  Terminal terminal(colour, width);
  const DocumentInfo& document = analysis.document;
  std::string title = document.title ? output::one_line(*document.title) : std::string();
  if (title.empty()) title = output::shortened(output::one_line(document.text.substr(0, 400)), 70);
  if (title.empty()) title = document.id;
  terminal.paragraph("", terminal.ink(Ink::bold, harmless(title)));
  std::string facts;
  for (const auto& fact : {document.publisher, document.byline, document.published, std::optional<std::string>(document.id)})
    if (fact && !fact->empty()) facts += (facts.empty() ? "" : " · ") + harmless(output::one_line(*fact));
  terminal.paragraph("", terminal.ink(Ink::dim, facts));
  if (analysis.error) {
    terminal.paragraph("  ", terminal.ink(Ink::red, "not coded: ") + harmless(analysis.error->message));
    return terminal.take();
  }
  for (const Warning& warning : document.warnings)
    terminal.paragraph("  ", terminal.ink(Ink::yellow, "note: ") + harmless(warning.message));
  bool any = false;
  for (size_t i = 0; i < analysis.events.size(); ++i) {
    if (analysis.events[i].decision == Decision::rejected) continue;
    any = true;
    terminal.blank();
    put_event(terminal, d, i);
  }
  if (!any) terminal.line("  No events.");
  if (!analysis.disputes.empty()) {
    terminal.blank();
    terminal.line(terminal.ink(Ink::bold, "Disputed"));
    for (size_t i = 0; i < analysis.disputes.size(); ++i) put_dispute(terminal, d, i);
  }
  // What is said and is no event: one line each.
  std::vector<bool> spoken(analysis.attributions.size(), false);
  for (size_t i = 0; i < spoken.size(); ++i) spoken[i] = analysis.attributions[i].decision == Decision::rejected;
  for (const Event& event : analysis.events)
    for (const VoiceClaim& voice : event.voices)
      for (int32_t link : d.chain(voice.attribution)) spoken[link] = true;
  if (std::find(spoken.begin(), spoken.end(), false) != spoken.end()) {
    terminal.blank();
    terminal.line(terminal.ink(Ink::bold, any ? "Also said" : "Said"));
    for (size_t i = 0; i < spoken.size(); ++i) {
      if (spoken[i]) continue;
      const Attribution& a = analysis.attributions[i];
      terminal.paragraph(fmt::format("{:>4}  ", output::id_of('a', static_cast<int64_t>(i))),
                         harmless(d.voice(static_cast<int32_t>(i))) + ": " + harmless(output::shortened(d.quote(a.content), 160)));
    }
  }
  return terminal.take();
}

}  // namespace reportedly
