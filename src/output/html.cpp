// One page for readers, whole in itself: no network, no foreign script, article text escaped always.
//
// Every paragraph is a row: the voices in the margin, the text, the events that the paragraph tells. The text is cut into flat
// segments at every boundary of a content, source, cue, trigger or participant, because contents may cross and share their words;
// the script draws the brackets from the segments. Without a script the page still reads: the voices are a list beside the text.
#include <algorithm>

#include "output/describe.h"
#include "output/page.h"
#include "output/sha256.h"
#include "output/write.h"
#include "reportedly/output.h"

namespace reportedly {
namespace {

using output::Buffer;
using output::Description;
using output::put;
using output::put_html;

/// Colour group of a stance.
const char* stance_class(Stance stance) {
  switch (stance) {
    case Stance::denies:
    case Stance::doubts:
      return "s-deny";
    case Stance::asks:
    case Stance::demands:
    case Stance::promises:
    case Stance::threatens:
    case Stance::accuses:
      return "s-press";
    case Stance::supposes:
    case Stance::hopes:
    case Stance::fears:
      return "s-think";
    case Stance::withholds:
      return "s-mute";
    default:
      return "s-say";
  }
}

struct Glyph {
  const char* mark;
  const char* style;
};

Glyph glyph(Factuality value) {
  switch (value) {
    case Factuality::ct_plus:
    case Factuality::pr_plus:
      return {"✓", "y"};
    case Factuality::ct_minus:
    case Factuality::pr_minus:
      return {"✗", "n"};
    default:
      return {"?", "o"};
  }
}

/// A name for a document that is safe in addresses of the page: FNV-1a of its id.
std::string anchor_of(const std::string& id) {
  uint64_t hash = 14695981039346656037ull;
  for (unsigned char c : id) hash = (hash ^ c) * 1099511628211ull;
  return fmt::format("x{:016x}", hash);
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

enum class Mark : uint8_t { content, source, cue, trigger, party, skipped };

struct Marked {
  Span span;
  Mark mark;
  int32_t index;  ///< attribution, event or repair
};

struct Block {
  Span span;
  Part part;
  bool left_out = false;
};

class Page {
 public:
  explicit Page(const Analysis& analysis) : a_(analysis), d_(analysis), anchor_(anchor_of(analysis.document.id)) {}

  std::string write() {
    collect();
    put_header();
    if (a_.error || a_.sentences.empty()) {
      put_plain_text();
    } else {
      for (const Block& block : blocks()) put_block(block);
    }
    put_disputes();
    put_cast();
    put(out_, "</article>\n");
    return fmt::to_string(out_);
  }

 private:
  template <class... Args>
  void tag(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  void escaped(std::string_view text) { put_html(out_, text); }
  bool has_attribution(int32_t index) const { return index >= 0 && static_cast<size_t>(index) < a_.attributions.size(); }

  void collect() {
    const auto add = [&](Span span, Mark mark, size_t index) {
      if (span.end > span.start) marks_.push_back({span, mark, static_cast<int32_t>(index)});
    };
    for (size_t i = 0; i < a_.attributions.size(); ++i) {
      if (a_.attributions[i].decision == Decision::rejected) continue;
      for (Span span : a_.attributions[i].content) add(span, Mark::content, i);
      for (Span span : a_.attributions[i].source) add(span, Mark::source, i);
      for (Span span : a_.attributions[i].cue) add(span, Mark::cue, i);
    }
    for (size_t i = 0; i < a_.events.size(); ++i) {
      if (a_.events[i].decision == Decision::rejected) continue;
      add(a_.events[i].trigger, Mark::trigger, i);
      for (const Participant& p : a_.events[i].actors) add(p.span, Mark::party, i);
      for (const Participant& p : a_.events[i].recipients) add(p.span, Mark::party, i);
    }
    for (size_t i = 0; i < a_.document.repairs.size(); ++i)
      if (a_.document.repairs[i].kind == "running_head" || a_.document.repairs[i].kind == "page_number")
        add(a_.document.repairs[i].span, Mark::skipped, i);
    std::stable_sort(marks_.begin(), marks_.end(), [](const Marked& x, const Marked& y) { return x.span.start < y.span.start; });
  }

  void put_header() {
    const DocumentInfo& document = a_.document;
    const auto plural = [](size_t n, const char* thing) { return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s"); };
    const auto counted = [](const auto& layer) {
      return static_cast<size_t>(
          std::count_if(layer.begin(), layer.end(), [](const auto& code) { return code.decision != Decision::rejected; }));
    };
    const std::string sum = plural(counted(a_.events), "event") + ", " + plural(counted(a_.attributions), "attribution") +
                            (a_.disputes.empty() ? std::string() : ", " + plural(a_.disputes.size(), "dispute"));
    std::string facts;
    for (const auto& fact : {document.publisher, document.byline, document.published, std::optional<std::string>(document.id)})
      if (fact && !fact->empty()) facts += (facts.empty() ? "" : " · ") + output::one_line(*fact);
    tag("<article class=\"doc\" id=\"{}\" tabindex=\"-1\" data-sum=\"", anchor_);
    std::string listed = document.publisher ? output::one_line(*document.publisher) + ", " : std::string();
    escaped(listed + (a_.error ? "not coded" : sum));
    tag("\" aria-labelledby=\"{0}-h\">\n<header><h2 id=\"{0}-h\"", anchor_);
    std::string title = document.title ? output::one_line(*document.title) : std::string();
    if (title.empty()) {
      put(out_, " class=\"from\"");
      title = output::shortened(output::one_line(std::string_view(document.text).substr(0, 400)), 80);
    }
    put(out_, '>');
    escaped(title.empty() ? document.id : title);
    put(out_, "</h2>\n<p class=\"facts\">");
    escaped(facts);
    if (!a_.error) escaped(" · " + sum);
    put(out_, "</p>\n");
    if (a_.error) {
      put(out_, "<p class=\"note bad\" role=\"note\">Not coded: ");
      escaped(a_.error->message);
      put(out_, "</p>\n");
    }
    for (const Warning& warning : document.warnings) {
      put(out_, "<p class=\"note\" role=\"note\">");
      escaped(warning.message);
      put(out_, "</p>\n");
    }
    put(out_, "</header>\n");
  }

  void put_plain_text() {
    if (a_.document.text.empty()) return;
    put(out_, "<div class=\"para\"><div></div><p class=\"text plain\">");
    escaped(a_.document.text);
    put(out_, "</p></div>\n");
  }

  /// Paragraphs from the sentences; between them what was read over (page numbers, running heads).
  std::vector<Block> blocks() const {
    std::vector<Block> out;
    uint32_t at = 0;
    const auto between = [&](uint32_t end) {
      if (end > at && !blank(d_.text().slice({at, end}))) out.push_back({{at, end}, Part::body, true});
    };
    for (size_t i = 0; i < a_.sentences.size();) {
      size_t last = i;
      while (last + 1 < a_.sentences.size() && a_.sentences[last + 1].paragraph == a_.sentences[i].paragraph &&
             a_.sentences[last + 1].part == a_.sentences[i].part)
        ++last;
      between(a_.sentences[i].span.start);
      out.push_back({{a_.sentences[i].span.start, a_.sentences[last].span.end}, a_.sentences[i].part, false});
      at = a_.sentences[last].span.end;
      i = last + 1;
    }
    between(d_.text().size());
    return out;
  }

  void put_block(const Block& block) {
    // Marks that touch this block: those that begin in it and those carried over from blocks before.
    std::vector<Marked> here;
    std::erase_if(open_, [&](const Marked& m) { return m.span.end <= block.span.start; });
    for (const Marked& m : open_)
      if (m.span.touches(block.span)) here.push_back(m);
    while (next_ < marks_.size() && marks_[next_].span.start < block.span.end) {
      if (marks_[next_].span.end > block.span.start) here.push_back(marks_[next_]);
      if (marks_[next_].span.end > block.span.end) open_.push_back(marks_[next_]);
      ++next_;
    }
    // The title stands in the header already; in the text it is shown where it tells something.
    if (block.part == Part::title && a_.document.title && here.empty()) return;
    tag("<div class=\"para part-{}{}\">", part_name(block.part), block.left_out ? " left" : "");
    put_voices(block, here);
    put(out_, "<p class=\"text\">");
    put_segments(block.span, here);
    put(out_, "</p>");
    put_events(block.span);
    put(out_, "</div>\n");
  }

  void put_voices(const Block& block, const std::vector<Marked>& here) {
    std::vector<int32_t> begin;  // attributions whose content begins in this block
    for (const Marked& m : here)
      if (m.mark == Mark::content && m.span.start >= block.span.start && m.span == a_.attributions[m.index].content.front())
        begin.push_back(m.index);
    if (begin.empty()) {
      put(out_, "<div></div>");
      return;
    }
    put(out_, "<ul class=\"voices\" aria-label=\"Voices in this paragraph\">");
    for (int32_t index : begin) {
      const Attribution& a = a_.attributions[index];
      tag("<li class=\"{0}\" data-a=\"a{1}\" data-s=\"{0}\" data-id=\"a{1}\" data-chain=\"", stance_class(a.stance), index + 1);
      escaped(d_.source(-1) + " › " + d_.voice(index));
      tag("\"><a id=\"{0}-a{1}\" href=\"#{0}-a{1}{2}\"><b>", anchor_, index + 1, a.cue.empty() ? "" : "-cue");
      escaped(output::shortened(d_.source(index), 60));
      tag("</b> <i>{}</i>", stance_name(a.stance));
      if (a.hypothetical) put(out_, " (supposed)");
      if (has_attribution(a.parent)) {
        put(out_, "<span class=\"vh\">, in the words of ");
        escaped(d_.voice(a.parent));
        put(out_, "</span>");
      }
      put(out_, "</a></li>");
    }
    put(out_, "</ul>");
  }

  void put_segments(Span span, const std::vector<Marked>& here) {
    std::vector<uint32_t> cuts{span.start, span.end};
    for (const Marked& m : here) {
      if (m.span.start > span.start && m.span.start < span.end) cuts.push_back(m.span.start);
      if (m.span.end > span.start && m.span.end < span.end) cuts.push_back(m.span.end);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<Marked> active;
    size_t next = 0;  // `here` is ordered by start but for what was carried over, which comes first and starts earlier
    for (size_t c = 0; c + 1 < cuts.size(); ++c) {
      const Span piece{cuts[c], cuts[c + 1]};
      std::erase_if(active, [&](const Marked& m) { return m.span.end <= piece.start; });
      while (next < here.size() && here[next].span.start <= piece.start) active.push_back(here[next++]);
      put_segment(piece, active);
    }
  }

  void put_segment(Span piece, const std::vector<Marked>& active) {
    const std::string_view text = d_.text().slice(piece);
    if (active.empty()) return escaped(text);
    std::vector<int32_t> contents;
    std::string related;  // events and attributions to light up with it
    int32_t trigger = -1, cue = -1, source = -1;
    bool party = false, skipped = false;
    const auto relate = [&](char letter, int32_t index) { related += (related.empty() ? "" : " ") + output::id_of(letter, index); };
    for (const Marked& m : active) {
      switch (m.mark) {
        case Mark::content:
          contents.push_back(m.index);
          break;
        case Mark::source:
          source = m.index, relate('a', m.index);
          break;
        case Mark::cue:
          cue = m.index;
          relate('a', m.index);
          break;
        case Mark::trigger:
          trigger = m.index;
          relate('v', m.index);
          break;
        case Mark::party:
          party = true;
          relate('v', m.index);
          break;
        case Mark::skipped:
          skipped = true;
          break;
      }
    }
    // Innermost last: the one with the shortest content.
    const auto length = [&](int32_t index) {
      uint32_t n = 0;
      for (Span s : a_.attributions[index].content) n += s.size();
      return n;
    };
    std::stable_sort(contents.begin(), contents.end(), [&](int32_t x, int32_t y) { return length(x) > length(y); });
    std::string classes;
    const auto add = [&](std::string_view name) {
      if (!classes.empty()) classes += ' ';
      classes += name;
    };
    if (!contents.empty()) {
      add("cnt");
      add(contents.size() == 1 ? "c1" : contents.size() == 2 ? "c2" : "c3");
    }
    if (source >= 0) add("src");
    if (party) add("party");
    if (skipped) add("skipped");
    const int32_t focus = trigger >= 0 ? trigger : cue;
    const char letter = trigger >= 0 ? 'v' : 'a';
    if (trigger >= 0) add("trg");
    if (cue >= 0 && trigger < 0) add("cue");
    tag("<{} class=\"{}\"", focus >= 0 ? "a" : "span", classes);
    if (!contents.empty()) {
      put(out_, " data-c=\"");
      for (size_t i = 0; i < contents.size(); ++i) tag("{}a{}", i ? " " : "", contents[i] + 1);
      put(out_, '"');
    }
    if (!related.empty()) tag(" data-m=\"{}\"", related);
    if (focus >= 0) {
      const int32_t up = trigger >= 0 ? a_.events[trigger].attribution : a_.attributions[cue].parent;
      tag(" href=\"#{}-{}{}\" data-f=\"{}{}\"", anchor_, letter, focus + 1, letter, focus + 1);
      if (has_attribution(up)) tag(" data-up=\"a{}\"", up + 1);
      bool first_piece =
          letter == 'v' ? piece.start == a_.events[trigger].trigger.start : piece.start == a_.attributions[cue].cue.front().start;
      if (first_piece && letter == 'a') tag(" id=\"{}-a{}-cue\"", anchor_, focus + 1);
      if (first_piece && letter == 'v') tag(" id=\"{}-v{}-trg\"", anchor_, focus + 1);
    }
    put(out_, '>');
    escaped(text);
    put(out_, focus >= 0 ? "</a>" : "</span>");
  }

  void put_side(const std::vector<Participant>& participants) {
    for (size_t i = 0; i < participants.size(); ++i) {
      if (i > 0) put(out_, ", ");
      put(out_, "<b>");
      escaped(d_.name(participants[i]));
      put(out_, "</b>");
      const std::string codes = Description::codes(participants[i].country, participants[i].sectors);
      if (!codes.empty()) {
        put(out_, " <small>");
        escaped(codes);
        put(out_, "</small>");
      }
    }
  }

  void put_list(std::string_view open, const std::vector<std::string>& items, std::string_view close) {
    put(out_, open);
    for (const std::string& item : items) {
      put(out_, "<li>");
      escaped(item);
      put(out_, "</li>");
    }
    put(out_, close);
  }

  void put_events(Span block) {
    bool any = false;
    for (; next_event_ < order().size(); ++next_event_) {
      const int32_t index = order()[next_event_];
      if (a_.events[index].trigger.start >= block.end) break;
      if (a_.events[index].decision == Decision::rejected) continue;
      if (!any) put(out_, "<div class=\"events\">");
      any = true;
      put_event(index);
    }
    if (any) put(out_, "</div>");
  }

  /// Events in text order.
  const std::vector<int32_t>& order() {
    if (order_.size() != a_.events.size()) {
      order_.resize(a_.events.size());
      for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int32_t>(i);
      std::stable_sort(order_.begin(), order_.end(),
                       [&](int32_t x, int32_t y) { return a_.events[x].trigger.start < a_.events[y].trigger.start; });
    }
    return order_;
  }

  void put_event(int32_t index) {
    const Event& event = a_.events[index];
    std::string chain = d_.source(-1);
    if (has_attribution(event.attribution)) chain += " › " + d_.voice(event.attribution);
    chain += ": " + d_.quote(event.trigger) + ", " + event.status;
    tag("<section class=\"ev st-{0}{1}\" id=\"{2}-v{3}\" data-v=\"v{3}\" data-id=\"v{3}\" tabindex=\"-1\" aria-label=\"Event v{3}\" "
        "data-chain=\"",
        event.status, has_attribution(event.attribution) ? " told" : "", anchor_, index + 1);
    escaped(chain);
    tag("\"><h3><a href=\"#{}-v{}-trg\">", anchor_, index + 1);
    escaped(event.mode ? event.type + " / " + *event.mode : event.type);
    put(out_, "</a> <span class=\"st\">");
    escaped(event.status);
    tag("</span> <span class=\"id\">v{}</span></h3>\n<p class=\"who\">", index + 1);
    if (event.actors.empty())
      put(out_, "<span class=\"did\">somebody not named</span>");
    else
      put_side(event.actors);
    if (!event.recipients.empty()) {
      put(out_, " <span aria-label=\"to\">→</span> ");
      put_side(event.recipients);
    }
    put(out_, "</p>");
    std::string facts;
    const auto fact = [&](std::string_view label, const std::string& value) {
      if (facts.empty()) put(out_, "<dl>");
      facts = "x";
      put(out_, "<dt>");
      put(out_, label);
      put(out_, "</dt><dd>");
      escaped(value);
      put(out_, "</dd>");
    };
    if (event.date) fact("when", *event.date + (event.time ? " " + *event.time : ""));
    if (event.place >= 0 && static_cast<size_t>(event.place) < a_.places.size()) {
      const Place& place = a_.places[event.place];
      fact("where", place.name + (place.country ? ", " + *place.country : ""));
    }
    for (const EventNumber& number : event.numbers)
      fact(number.kind == "size" ? "crowd" : number.kind,
           number.low == number.high ? fmt::format("{}", number.low) : fmt::format("{} to {}", number.low, number.high));
    if (!facts.empty()) put(out_, "</dl>");
    put(out_, "<ul class=\"vs\" aria-label=\"Who says so\">");
    for (const VoiceClaim& voice : event.voices) {
      const Glyph g = glyph(voice.factuality);
      tag("<li><span class=\"g {}\" aria-hidden=\"true\">{}</span>", g.style, g.mark);
      put_voice(voice.attribution);
      tag(", {}</li>", output::factuality_words(voice.factuality));
    }
    put(out_, "</ul>\n<details><summary>Why</summary><div class=\"why\">");
    put_list("<ul>", event.why, "</ul>");
    put(out_, "<dl><dt>trigger</dt><dd>");
    escaped(d_.quote(event.trigger) + (event.trigger_lemma.empty() ? "" : " (" + event.trigger_lemma + ")"));
    put(out_, "</dd>");
    if (!event.contexts.empty()) {
      put(out_, "<dt>contexts</dt><dd>");
      escaped(output::join(event.contexts, ", "));
      put(out_, "</dd>");
    }
    tag("<dt>quad</dt><dd>{}, intensity {}</dd>", event.quad, event.intensity);
    if (event.cameo) {
      put(out_, "<dt>CAMEO</dt><dd>");
      escaped(*event.cameo);
      put(out_, "</dd>");
    }
    tag("<dt>factuality</dt><dd>{}</dd>", factuality_name(event.factuality));
    if (event.confidence) tag("<dt>confidence</dt><dd>{:.2f}</dd>", *event.confidence);
    if (!event.date_why.empty()) {
      put(out_, "<dt>date</dt><dd>");
      escaped((event.date ? *event.date : "none") + ": " + output::join(event.date_why, "; "));
      put(out_, "</dd>");
    }
    put(out_, "</dl>");
    put_parties("actor", event.actors);
    put_parties("recipient", event.recipients);
    if (!event.considered.empty()) {
      put(out_, "<p>Considered and not taken:</p><ul>");
      for (const Candidate& candidate : event.considered) {
        put(out_, "<li>");
        escaped(candidate.what + ": " + candidate.reason);
        put(out_, "</li>");
      }
      put(out_, "</ul>");
    }
    put(out_, "</div></details></section>");
  }

  void put_parties(std::string_view label, const std::vector<Participant>& participants) {
    for (const Participant& p : participants) {
      if (p.entity < 0 || static_cast<size_t>(p.entity) >= a_.entities.size() || a_.entities[p.entity].why.empty()) continue;
      put(out_, "<p>");
      put(out_, label);
      put(out_, " ");
      escaped(d_.name(p));
      put(out_, "</p>");
      put_list("<ul>", a_.entities[p.entity].why, "</ul>");
    }
  }

  /// The chain, each link to its place in the text.
  void put_voice(int32_t attribution) {
    if (!has_attribution(attribution)) {
      escaped(d_.source(-1));
      put(out_, " itself");
      return;
    }
    bool first = true;
    for (int32_t link : d_.chain(attribution)) {
      if (!first) put(out_, " › ");
      first = false;
      tag("<a href=\"#{}-a{}{}\">", anchor_, link + 1, a_.attributions[link].cue.empty() ? "" : "-cue");
      escaped(output::shortened(d_.source(link), 70));
      tag("</a> {}", stance_name(a_.attributions[link].stance));
    }
  }

  void put_disputes() {
    if (a_.disputes.empty()) return;
    tag("<section class=\"disp\" aria-labelledby=\"{0}-d\"><h3 id=\"{0}-d\">Where the voices disagree</h3>\n", anchor_);
    for (size_t i = 0; i < a_.disputes.size(); ++i) {
      const Dispute& dispute = a_.disputes[i];
      std::string_view question = "What is so?";
      if (dispute.kind == "occurrence") question = "Did it happen?";
      if (dispute.kind == "agent") question = "Who did it?";
      if (dispute.kind == "number") question = "How many?";
      tag("<section class=\"dp\" id=\"{}-d{}\"><h4>{} <span class=\"code\">", anchor_, i + 1, question);
      for (size_t e = 0; e < dispute.events.size(); ++e)
        tag("{}<a href=\"#{}-v{}\">v{}</a>", e ? ", " : "", anchor_, dispute.events[e] + 1, dispute.events[e] + 1);
      put(out_, "</span></h4><dl class=\"pos\">");
      for (const Position& position : dispute.positions) {
        put(out_, "<div><dt>");
        escaped(position.holds);
        put(out_, "</dt>");
        for (int32_t voice : position.voices) {
          put(out_, "<dd>");
          put_voice(voice);
          put(out_, "</dd>");
        }
        put(out_, "</div>");
      }
      put(out_, "</dl></section>\n");
    }
    put(out_, "</section>\n");
  }

  void put_cast() {
    bool any = false;
    for (const Entity& entity : a_.entities) {
      if (!entity.country && entity.sectors.empty()) continue;
      if (!any) {
        put(out_,
            "<details class=\"cast\"><summary>Actors</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Name</th><th "
            "scope=\"col\">Kind</th><th scope=\"col\">Country</th><th scope=\"col\">Sectors</th><th scope=\"col\">Mentions</th><th "
            "scope=\"col\">Why</th></tr></thead><tbody>\n");
        any = true;
      }
      put(out_, "<tr><td>");
      escaped(output::one_line(entity.name));
      put(out_, "</td><td>");
      escaped(entity.kind);
      put(out_, "</td><td>");
      escaped(entity.country.value_or(""));
      put(out_, "</td><td>");
      escaped(output::join(entity.sectors, " "));
      tag("</td><td>{}</td><td>", entity.mentions.size());
      escaped(output::join(entity.why, "; "));
      put(out_, "</td></tr>\n");
    }
    if (any) put(out_, "</tbody></table></div></details>\n");
  }

  const Analysis& a_;
  Description d_;
  std::string anchor_;
  Buffer out_;
  std::vector<Marked> marks_, open_;
  size_t next_ = 0, next_event_ = 0;
  std::vector<int32_t> order_;
};

}  // namespace

std::string html_head(const EngineInfo& engine) {
  Buffer out;
  put(out,
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'sha256-");
  put(out, output::sha256_base64(output::kPageStyle));
  put(out, "'; script-src 'sha256-");
  put(out, output::sha256_base64(output::kPageScript));
  put(out,
      "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>reportedly: who did what to "
      "whom, and who says so</title>\n<style>");
  put(out, output::kPageStyle);
  put(out,
      "</style></head><body>\n<a class=\"skip\" href=\"#documents\">To the documents</a>\n<div class=\"top\"><h1>reportedly</h1>\n"
      "<p class=\"say\">Who did what to whom, when, where, and who says so. This page records what is said; it does not decide what is "
      "true.</p>\n"
      "<ul class=\"key\" aria-label=\"How to read the text\"><li><span class=\"t src\">the ministry</span> source</li><li><span class=\"t "
      "cue\">denied</span> cue: the words "
      "that ascribe</li><li><span class=\"t c1\">that its ships</span> content: what is ascribed, darker where voices are nested, with a "
      "bracket in the margin</li>"
      "<li><span class=\"t trg\">entered</span> event</li><li class=\"keys\"><kbd>j</kbd> <kbd>k</kbd> next, previous · <kbd>u</kbd> the "
      "voice around · <kbd>w</kbd> why · "
      "<kbd>d</kbd> next document</li></ul>\n"
      "<label class=\"own\"><input type=\"checkbox\" id=\"own\"> Only what the document says in its own voice <kbd "
      "class=\"keys\">o</kbd></label>\n"
      "<nav class=\"list\" aria-label=\"Documents\" hidden><h2>Documents</h2></nav></div>\n<!-- ");
  put_html(out, "reportedly " + engine.version);
  put(out, " -->\n<main id=\"documents\" tabindex=\"-1\">\n");
  return fmt::to_string(out);
}

std::string to_html(const Analysis& analysis) {
  return Page(analysis).write();
}

std::string html_tail() {
  std::string out =
      "</main>\n<p class=\"foot\">Made by reportedly. Codes follow PLOVER; every one carries its reason under “Why”. Places: GeoNames, CC "
      "BY 4.0.</p>\n"
      "<div id=\"voice\" role=\"status\" aria-live=\"polite\"></div>\n<script>";
  out += output::kPageScript;
  out += "</script></body></html>\n";
  return out;
}

}  // namespace reportedly
