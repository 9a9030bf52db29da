// brat standoff: NAME.txt and NAME.ann for each document, and the configuration that shows them.
//   T  names' and mentions' text, cues, contents, triggers      E  events, and attributions as events on their cue
//   A  stance, form, factuality, status                          *  coreference          #  why
#include <algorithm>
#include <map>
#include <set>

#include "events/scheme.h"
#include "output/describe.h"
#include "output/profiles.h"
#include "output/write.h"

namespace reportedly::output {
namespace {

/// Values are letters, digits, - and _: CT+ is written CT_plus.
std::string value_name(Factuality value) {
  std::string out;
  for (const char* c = factuality_name(value); *c; ++c) out += *c == '+' ? "_plus" : *c == '-' ? "_minus" : std::string(1, *c);
  return out;
}

/// Types are letters, digits, - and _.
std::string type_name(std::string_view name) {
  std::string out;
  for (const char c : name) out.push_back(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ? c : '_');
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out.empty() ? "Thing" : out;
}

/// Types of names are the model's: those that the configuration does not list are all "Name".
constexpr std::string_view kNames[] = {"PER",        "ORG",      "LOC",          "Country", "Election",
                                       "Event",      "Location", "Organisation", "Person",  "Politicalparty",
                                       "Politician", "Misc",     "Name"};
std::string name_type(std::string_view type) {
  std::string out = type_name(type);
  return std::find(std::begin(kNames), std::end(kNames), out) != std::end(kNames) ? out : "Name";
}

/// All that some reader of lines takes for the end of one.
bool breaks_line(std::string_view c) {
  if (c.size() == 1) return (c[0] >= '\n' && c[0] <= '\r') || (c[0] >= 0x1C && c[0] <= 0x1E);
  return c == "\xC2\x85" || c == "\xE2\x80\xA8" || c == "\xE2\x80\xA9";
}

/// Carriage returns become blanks: a reader that drops them would count characters differently.
std::string text_file(std::string text) {
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

class Annotations {
 public:
  explicit Annotations(const Analysis& analysis) : a_(analysis), d_(analysis) {}

  std::string take() {
    mentions();
    events();
    attributions();
    return fmt::to_string(out_);
  }

 private:
  /// Lines of a span without the white space at their ends: brat's annotations do not cross a line break.
  void add_lines(std::vector<Span>& lines, Span span) const {
    const auto blank = [&](uint32_t at) {
      const std::string_view c = d_.text().slice({at, at + 1});
      return c.empty() || (c.size() == 1 && static_cast<unsigned char>(c[0]) <= ' ');
    };
    span.end = std::min(span.end, d_.text().size());
    for (uint32_t at = span.start; at < span.end;) {
      uint32_t end = at;
      while (end < span.end && !breaks_line(d_.text().slice({end, end + 1}))) ++end;
      Span line{at, end};
      while (line.start < line.end && blank(line.start)) ++line.start;
      while (line.start < line.end && blank(line.end - 1)) --line.end;
      if (line.start < line.end) lines.push_back(line);
      at = end + 1;
    }
  }

  /// The text-bound annotation of that type over these spans; made once. 0: there is nothing to bind to.
  int bound(const std::string& type, const std::vector<Span>& spans) {
    std::vector<Span> lines;
    for (const Span span : spans) add_lines(lines, span);
    if (lines.empty()) return 0;
    const auto [at, fresh] = texts_.try_emplace({type, lines}, static_cast<int>(texts_.size()) + 1);
    if (!fresh) return at->second;
    fmt::format_to(std::back_inserter(out_), "T{}\t{} ", at->second, type);
    for (size_t i = 0; i < lines.size(); ++i)
      fmt::format_to(std::back_inserter(out_), "{}{} {}", i > 0 ? ";" : "", lines[i].start, lines[i].end);
    put(out_, '\t');
    for (size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) put(out_, ' ');
      // Character by character as it stands: the words must be those at the offsets.
      put(out_, valid_utf8(d_.text().slice(lines[i])));
    }
    put(out_, '\n');
    return at->second;
  }
  void attribute(std::string_view name, char layer, int of, std::string_view value) {
    fmt::format_to(std::back_inserter(out_), "A{}\t{} {}{}{}{}\n", ++attributes_, name, layer, of, value.empty() ? "" : " ", value);
  }
  void note(char layer, int of, const std::vector<std::string>& why) {
    if (why.empty()) return;
    fmt::format_to(std::back_inserter(out_), "#{}\tAnnotatorNotes {}{}\t{}\n", ++notes_, layer, of, one_line(valid_utf8(join(why, "; "))));
  }
  int of_entity(int32_t entity, Span span) {
    const bool known = entity >= 0 && static_cast<size_t>(entity) < a_.entities.size();
    return bound(known ? type_name(a_.entities[entity].kind) : "Mention", {span});
  }

  void mentions() {
    for (const Name& name : a_.names) bound(name_type(name.type), {name.span});
    for (size_t i = 0; i < a_.entities.size(); ++i) {
      std::set<int> same;
      for (const Mention& mention : a_.entities[i].mentions)
        if (const int t = of_entity(static_cast<int32_t>(i), mention.span); t > 0) same.insert(t);
      if (same.size() < 2) continue;
      put(out_, "*\tCoreference");
      for (const int t : same) fmt::format_to(std::back_inserter(out_), " T{}", t);
      put(out_, '\n');
    }
    for (const TimeExpression& time : a_.times) bound("Time", {time.span});
    for (const Place& place : a_.places) bound("Place", {place.span});
  }

  void events() {
    event_id_.assign(a_.events.size(), 0);
    for (size_t i = 0; i < a_.events.size(); ++i) {
      const Event& event = a_.events[i];
      if (event.decision == Decision::rejected) continue;
      const std::string type = type_name(event.type);
      const int trigger = bound(type, {event.trigger});
      if (trigger == 0) continue;
      std::string arguments;
      const auto add = [&](std::string_view role, int text, int& count) {
        if (text == 0) return;
        arguments += ++count == 1 ? fmt::format(" {}:T{}", role, text) : fmt::format(" {}{}:T{}", role, count, text);
      };
      int actors = 0, recipients = 0, places = 0;
      for (const Participant& p : event.actors) add("Actor", of_entity(p.entity, p.span), actors);
      for (const Participant& p : event.recipients) add("Recipient", of_entity(p.entity, p.span), recipients);
      if (event.place >= 0 && static_cast<size_t>(event.place) < a_.places.size())
        add("Place", bound("Place", {a_.places[event.place].span}), places);
      const int id = event_id_[i] = ++events_;
      fmt::format_to(std::back_inserter(out_), "E{}\t{}:T{}{}\n", id, type, trigger, arguments);
      attribute("Status", 'E', id, event.status);
      attribute("Factuality", 'E', id, value_name(event.factuality));
      if (event.mode) attribute("Mode", 'E', id, type_name(*event.mode));
      std::vector<std::string> why = event.why;
      if (event.date) why.insert(why.begin(), "date " + *event.date);
      note('E', id, why);
    }
  }

  void attributions() {
    const auto told = d_.told();
    // Ids first: an attribution may come before the one it stands in.
    std::vector<int> id(a_.attributions.size(), 0), cue(a_.attributions.size(), 0);
    for (size_t i = 0; i < a_.attributions.size(); ++i) {
      const Attribution& a = a_.attributions[i];
      if (a.decision == Decision::rejected) continue;
      // Without a cue the source carries it, else the content.
      for (const auto* spans : {&a.cue, &a.source, &a.content})
        if (cue[i] == 0) cue[i] = bound("Attribution", *spans);
      if (cue[i] > 0) id[i] = ++events_;
    }
    for (size_t i = 0; i < a_.attributions.size(); ++i) {
      if (id[i] == 0) continue;
      const Attribution& a = a_.attributions[i];
      std::string arguments;
      if (const int source = bound("Source", a.source)) arguments += fmt::format(" Source:T{}", source);
      if (const int content = bound("Content", a.content)) arguments += fmt::format(" Content:T{}", content);
      if (a.parent >= 0 && static_cast<size_t>(a.parent) < id.size() && id[a.parent] > 0)
        arguments += fmt::format(" Within:E{}", id[a.parent]);
      int count = 0;
      for (const auto& claim : told[i])
        if (const int event = event_id_[claim.first]; event > 0)
          arguments += ++count == 1 ? fmt::format(" Tells:E{}", event) : fmt::format(" Tells{}:E{}", count, event);
      fmt::format_to(std::back_inserter(out_), "E{}\tAttribution:T{}{}\n", id[i], cue[i], arguments);
      attribute("Stance", 'E', id[i], stance_name(a.stance));
      attribute("Form", 'E', id[i], form_name(a.form));
      if (a.hypothetical) attribute("Hypothetical", 'E', id[i], {});
      note('E', id[i], a.why);
    }
  }

  const Analysis& a_;
  Description d_;
  Buffer out_;
  std::map<std::pair<std::string, std::vector<Span>>, int> texts_;
  std::vector<int> event_id_;
  int events_ = 0, attributes_ = 0, notes_ = 0;
};

std::string configuration() {
  std::string out = "# Written by reportedly: what its annotations are made of.\n[entities]\n";
  std::set<std::string_view> types(std::begin(kNames), std::end(kNames));
  for (std::string_view type : {"Mention", "State", "Office", "Person", "Organisation", "Armed_group", "Group", "Place", "Document",
                                "Thing", "Time", "Source", "Content"})
    types.insert(type);
  for (const std::string_view type : types) out += std::string(type) + "\n";
  out +=
      "\n[relations]\n<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n"
      "Coreference\tArg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive\n\n[events]\n";
  for (size_t i = 0; i < events::kTypes; ++i)
    out += fmt::format("{}\tActor*:<ENTITY>, Recipient*:<ENTITY>, Place?:<ENTITY>\n", events::info(static_cast<events::Type>(i)).name);
  out += "Attribution\tSource?:<ENTITY>, Content?:<ENTITY>, Within?:Attribution, Tells*:<EVENT>\n\n[attributes]\n";
  std::string events, modes;
  std::set<std::string> seen;
  for (size_t i = 0; i < events::kTypes; ++i) {
    const events::TypeInfo& info = events::info(static_cast<events::Type>(i));
    events += (events.empty() ? "" : "|") + std::string(info.name);
    for (const events::ModeInfo& mode : info.modes)
      if (seen.insert(type_name(mode.name)).second) modes += (modes.empty() ? "" : "|") + type_name(mode.name);
  }
  const auto list = [](size_t n, auto name) {
    std::string values;
    for (size_t i = 0; i < n; ++i) values += (i > 0 ? "|" : "") + std::string(name(i));
    return values;
  };
  out += fmt::format("Status\tArg:{}, Value:happened|ongoing|planned|possible|denied|refused|hypothetical\n", events);
  out += fmt::format("Factuality\tArg:{}, Value:{}\n", events, list(8, [](size_t i) { return value_name(static_cast<Factuality>(i)); }));
  out += fmt::format("Mode\tArg:{}, Value:{}\n", events, modes);
  out += fmt::format("Stance\tArg:Attribution, Value:{}\n", list(14, [](size_t i) { return stance_name(static_cast<Stance>(i)); }));
  out += "Form\tArg:Attribution, Value:direct|mixed|indirect\nHypothetical\tArg:Attribution\n";
  return out;
}

class Brat : public Export {
 public:
  std::vector<Piece> read(const EngineInfo&, const Analysis& analysis) const override {
    if (analysis.error) return {};
    const std::string name = file_name(analysis.document.id);
    return {{name + ".txt", text_file(analysis.document.text), true}, {name + ".ann", Annotations(analysis).take(), true}};
  }
  /// Two documents with one id: the second gets a number.
  std::vector<Piece> take(std::vector<Piece> pieces) override {
    if (pieces.empty()) return pieces;
    const std::string name = pieces[0].file.substr(0, pieces[0].file.size() - 4);
    std::string free = name;
    for (int n = 2; !taken_.insert(free).second; ++n) free = fmt::format("{}-{}", name, n);
    pieces[0].file = free + ".txt";
    pieces[1].file = free + ".ann";
    return pieces;
  }
  std::vector<Piece> beside() const override { return {{"annotation.conf", configuration(), true}}; }

 private:
  std::set<std::string> taken_;
};

}  // namespace

std::unique_ptr<Export> brat_export() {
  return std::make_unique<Brat>();
}

}  // namespace reportedly::output
