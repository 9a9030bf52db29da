// Runs tests/golden/*.test (their format: tests/golden/README.md) through the engine. Every mistake is printed with file and line.
//
//   golden_runner DATA_FOLDER FILE.test…     exit 0 all hold, 1 some do not, 2 a test is written wrongly, 77 there is no model
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "output/describe.h"
#include "output/write.h"
#include "reportedly/engine.h"

using namespace reportedly;

namespace {

struct Expectation {
  std::string kind;                ///< event, attribution, dispute, time, place, none, only, no
  std::vector<std::string> words;  ///< before the first key
  std::map<std::string, std::string> keys;
  std::string line;  ///< as written
  size_t number = 0;
};

struct Test {
  std::string name;
  DocumentInput input;
  std::vector<Expectation> expect;
  size_t number = 0;
  bool not_yet = false;  ///< known not to hold
};

struct Mistake {
  size_t line;
  std::string message;
};

std::string trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// Curly quotation marks and apostrophes as straight ones, white space as one blank: what a person types on a plain keyboard.
std::string plain(std::string_view text) {
  std::string out = output::one_line(text);
  for (const auto& [curly, straight] : {std::pair{"’", "'"}, {"‘", "'"}, {"“", "\""}, {"”", "\""}})
    for (size_t at = out.find(curly); at != std::string::npos; at = out.find(curly)) out.replace(at, 3, straight);
  return out;
}

/// "its ships ... waters": three dots stand for anything.
bool same(std::string_view expected, std::string_view found) {
  const std::string pattern = plain(expected), text = plain(found);
  size_t at = 0, from = 0;
  while (true) {
    const size_t dots = pattern.find("...", from);
    const std::string piece = trim(pattern.substr(from, dots == std::string::npos ? std::string::npos : dots - from));
    const bool first = from == 0, last = dots == std::string::npos;
    if (last && !first) return piece.empty() || (text.size() >= at + piece.size() && text.ends_with(piece));
    if (last) return text == piece;
    const size_t hit = text.find(piece, at);
    if (hit == std::string::npos || (first && hit != 0)) return false;
    at = hit + piece.size();
    from = dots + 3;
  }
}

// --- reading ---------------------------------------------------------------------------------------------------------

const std::map<std::string, std::vector<std::string>> kKeys{
    {"event", {"voice", "date", "place", "factuality", "trigger", "actor", "recipient", "context"}},
    {"attribution", {"source", "cue", "content", "stance", "form", "parent", "hypothetical", "entity"}},
    {"dispute", {"holds"}},
    {"disputes", {}},
    {"time", {}},
    {"place", {}},
    {"no", {"source", "cue", "content", "stance", "form", "parent", "hypothetical", "entity"}},
    {"none", {}},
    {"only", {}}};

Expectation read_expectation(std::string_view line, size_t number) {
  Expectation e;
  e.line = trim(line);
  e.number = number;
  const size_t colon = e.line.find(':');
  const size_t name_end = std::min(colon, e.line.size());
  e.kind = trim(e.line.substr(0, name_end));
  const auto known = kKeys.find(e.kind);
  if (known == kKeys.end())
    throw Mistake{
        number,
        fmt::format("'{}' is no expectation; write event:, attribution:, dispute:, disputes:, time:, place:, no:, none or only", e.kind)};
  const std::string rest = colon == std::string::npos ? "" : e.line.substr(colon + 1);
  size_t i = 0;
  while (i < rest.size()) {
    if (rest[i] == ' ' || rest[i] == '\t') {
      ++i;
      continue;
    }
    std::string word, key;
    bool is_key = false;
    while (i < rest.size() && rest[i] != ' ' && rest[i] != '\t') {
      if (rest[i] == '=' && !is_key) {
        key = std::exchange(word, {});
        is_key = true;
        ++i;
      } else if (rest[i] == '"' && word.empty()) {
        const size_t end = rest.find('"', i + 1);
        if (end == std::string::npos) throw Mistake{number, "a quotation mark is not closed"};
        word = rest.substr(i + 1, end - i - 1);
        i = end + 1;
      } else {
        word += rest[i++];
      }
    }
    if (!is_key) {
      if (!e.keys.empty()) throw Mistake{number, fmt::format("'{}' stands after a key", word)};
      e.words.push_back(word);
    } else {
      if (std::find(known->second.begin(), known->second.end(), key) == known->second.end())
        throw Mistake{number, fmt::format("'{}' has no key '{}'", e.kind, key)};
      e.keys[key] = word;
    }
  }
  if (e.kind == "event" && (e.words.size() < 3 || e.words.size() > 4)) throw Mistake{number, "event: ACTORS TYPE RECIPIENTS [status]"};
  if (e.kind == "disputes" && (e.words.size() != 1 || e.words[0].find_first_not_of("0123456789") != std::string::npos))
    throw Mistake{number, "disputes: HOW MANY"};
  if (e.kind == "no" && e.words.empty()) throw Mistake{number, "no: TYPE, or no: attribution [keys]"};
  if ((e.kind == "time" || e.kind == "place") && e.words.size() != 2) throw Mistake{number, e.kind + ": \"words\" VALUE"};
  return e;
}

std::vector<Test> read_tests(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Mistake{0, "cannot be read"};
  std::vector<Test> tests;
  enum { outside, head, text, expect } part = outside;
  std::string line;
  size_t number = 0;
  while (std::getline(file, line)) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.starts_with("== ")) {
      tests.push_back({.name = trim(line.substr(3)), .number = number});
      tests.back().input.format = SourceFormat::record;
      tests.back().input.language = "en";
      part = head;
    } else if (part == outside) {
      if (!trim(line).empty() && line[0] != '#') throw Mistake{number, "a test begins with '== its name'"};
    } else if (part == text) {
      if (line == "expect:")
        part = expect;
      else
        tests.back().input.text += line + "\n";
    } else if (trim(line).empty() || line[0] == '#') {
      continue;
    } else if (part == head) {
      const std::string value = trim(line.substr(std::min(line.find(':') + 1, line.size())));
      if (line == "text:")
        part = text;
      else if (line.starts_with("published:"))
        tests.back().input.published = value;
      else if (line.starts_with("title:"))
        tests.back().input.title = value;
      else if (line == "not yet")
        tests.back().not_yet = true;
      else if (line == "file")
        tests.back().input.format = SourceFormat::plain;
      else
        throw Mistake{number, "before 'text:' there may be 'published: DATE', 'title: …', 'file' and 'not yet'"};
    } else {
      tests.back().expect.push_back(read_expectation(line, number));
    }
  }
  for (Test& test : tests) {
    test.input.text = trim(test.input.text);
    test.input.id = test.name;
    if (test.input.text.empty() || test.expect.empty())
      throw Mistake{test.number, fmt::format("test '{}' has no text or no expectation", test.name)};
  }
  return tests;
}

// --- comparing -------------------------------------------------------------------------------------------------------

class Found {
 public:
  explicit Found(const Analysis& analysis) : a_(analysis), d_(analysis) {}

  std::string describe_event(size_t i) const {
    const Event& e = a_.events[i];
    std::string out = fmt::format("event: {} {}{} {} {} voice=\"{}\" trigger=\"{}\"", side(e.actors), e.type, e.mode ? "/" + *e.mode : "",
                                  side(e.recipients), e.status, voice(e.attribution), d_.quote(e.trigger));
    if (e.date) out += " date=" + *e.date;
    return out + " factuality=" + factuality_name(e.factuality);
  }

  std::string describe_attribution(size_t i) const {
    const Attribution& a = a_.attributions[i];
    return fmt::format("attribution: source=\"{}\" cue=\"{}\" content=\"{}\" stance={} form={} parent=\"{}\"", d_.quote(a.source),
                       d_.quote(a.cue), d_.quote(a.content), stance_name(a.stance), form_name(a.form),
                       a.parent < 0 ? "none" : d_.quote(a_.attributions[a.parent].source));
  }

  bool event_holds(const Expectation& x, size_t i) const {
    const Event& e = a_.events[i];
    const std::string code = e.mode ? e.type + "/" + *e.mode : e.type;
    if (!side_is(x.words[0], e.actors) || !side_is(x.words[2], e.recipients)) return false;
    if (x.words[1] != "*" && x.words[1] != e.type && x.words[1] != code) return false;
    if (x.words.size() > 3 && x.words[3] != "*" && x.words[3] != e.status) return false;
    for (const auto& [key, value] : x.keys) {
      if (key == "voice" && !same(value, voice(e.attribution))) return false;
      if (key == "date" && value != e.date.value_or("none")) return false;
      if (key == "place" && !same(value, e.place < 0 ? "none" : a_.places[e.place].name)) return false;
      if (key == "factuality" && value != factuality_name(e.factuality)) return false;
      if (key == "trigger" && !same(value, d_.quote(e.trigger))) return false;
      if (key == "actor" && !any_name(e.actors, value)) return false;
      if (key == "recipient" && !any_name(e.recipients, value)) return false;
      if (key == "context") {
        const bool absent = value.starts_with('!');
        const bool there = std::find(e.contexts.begin(), e.contexts.end(), value.substr(absent ? 1 : 0)) != e.contexts.end();
        if (there == absent) return false;
      }
    }
    return true;
  }

  bool attribution_holds(const Expectation& x, size_t i) const {
    const Attribution& a = a_.attributions[i];
    for (const auto& [key, value] : x.keys) {
      if (key == "source" && !same(value, a.source.empty() ? "none" : d_.quote(a.source))) return false;
      if (key == "cue" && !same(value, a.cue.empty() ? "none" : d_.quote(a.cue))) return false;
      if (key == "content" && !same(value, d_.quote(a.content))) return false;
      if (key == "stance" && value != stance_name(a.stance)) return false;
      if (key == "form" && value != form_name(a.form)) return false;
      if (key == "parent" && !same(value, a.parent < 0 ? "none" : d_.quote(a_.attributions[a.parent].source))) return false;
      if (key == "hypothetical" && value != (a.hypothetical ? "yes" : "no")) return false;
      if (key == "entity" && !is_entity(value, a.source_entity)) return false;
    }
    return true;
  }

  bool dispute_holds(const Expectation& x, size_t i) const {
    const Dispute& dispute = a_.disputes[i];
    if (!x.words.empty() && x.words[0] != dispute.kind) return false;
    const auto holds = x.keys.find("holds");
    return holds == x.keys.end() ||
           std::any_of(dispute.positions.begin(), dispute.positions.end(), [&](const Position& p) { return same(holds->second, p.holds); });
  }

  bool time_holds(const Expectation& x, size_t i) const {
    return same(x.words[0], d_.quote(a_.times[i].span)) && x.words[1] == a_.times[i].value.value_or("none");
  }
  bool place_holds(const Expectation& x, size_t i) const {
    return same(x.words[0], a_.places[i].name) && x.words[1] == a_.places[i].country.value_or("none");
  }

 private:
  /// Has the entity this name, or a mention of these words?
  bool is_entity(const std::string& words, int32_t entity) const {
    if (entity < 0) return words == "none";
    const Entity& e = a_.entities[static_cast<size_t>(entity)];
    return same(words, e.name) ||
           std::any_of(e.mentions.begin(), e.mentions.end(), [&](const Mention& m) { return same(words, d_.quote(m.span)); });
  }
  std::string voice(int32_t attribution) const { return attribution < 0 ? "narrator" : d_.source(attribution); }

  static std::string side(const std::vector<Participant>& participants) {
    std::string out;
    for (const Participant& p : participants) {
      if (!out.empty()) out += ',';
      out += p.country.value_or("?");
      for (const std::string& sector : p.sectors) out += ":" + sector;
    }
    return out.empty() ? "-" : out;
  }

  /// "NOR", "NOR:MIL", "NOR,DNK" in any order, "?" an unknown country, "-" nobody, "*" whoever.
  static bool side_is(const std::string& expected, const std::vector<Participant>& participants) {
    if (expected == "*") return true;
    if (expected == "-") return participants.empty();
    std::vector<std::string> wanted(1);
    for (char c : expected) {
      if (c == ',')
        wanted.emplace_back();
      else
        wanted.back() += c;
    }
    if (wanted.size() != participants.size()) return false;
    std::vector<bool> used(participants.size(), false);
    for (const std::string& want : wanted) {
      const size_t colon = want.find(':');
      const std::string country = want.substr(0, colon), sector = colon == std::string::npos ? "" : want.substr(colon + 1);
      bool hit = false;
      for (size_t i = 0; i < participants.size() && !hit; ++i) {
        const Participant& p = participants[i];
        hit = !used[i] && country == p.country.value_or("?") &&
              (sector.empty() || std::find(p.sectors.begin(), p.sectors.end(), sector) != p.sectors.end());
        if (hit) used[i] = true;
      }
      if (!hit) return false;
    }
    return true;
  }

  bool any_name(const std::vector<Participant>& participants, const std::string& name) const {
    return std::any_of(participants.begin(), participants.end(),
                       [&](const Participant& p) { return same(name, d_.name(p)) || same(name, d_.quote(p.span)); });
  }

  const Analysis& a_;
  output::Description d_;
};

/// What of a test does not hold; empty: all does.
std::vector<std::string> run(const Test& test, const Engine& engine, EngineWorkspace& workspace, bool show) {
  const Analysis a = engine.code(test.input, workspace);
  if (a.error) return {"the document failed: " + a.error->message};
  const Found found(a);
  std::vector<std::string> wrong;
  // An event or attribution stands for one expectation only.
  std::vector<bool> events(a.events.size(), false), attributions(a.attributions.size(), false);
  const auto take = [&](std::vector<bool>& used, auto holds) {
    for (size_t i = 0; i < used.size(); ++i)
      if (!used[i] && holds(i)) {
        used[i] = true;
        return true;
      }
    return false;
  };
  for (const Expectation& x : test.expect) {
    bool holds = true;
    if (x.kind == "event") holds = take(events, [&](size_t i) { return found.event_holds(x, i); });
    if (x.kind == "attribution") holds = take(attributions, [&](size_t i) { return found.attribution_holds(x, i); });
    const auto any = [](size_t n, auto test_one) {
      for (size_t i = 0; i < n; ++i)
        if (test_one(i)) return true;
      return false;
    };
    if (x.kind == "dispute") holds = any(a.disputes.size(), [&](size_t i) { return found.dispute_holds(x, i); });
    if (x.kind == "disputes") holds = std::to_string(a.disputes.size()) == x.words[0];
    if (x.kind == "time") holds = any(a.times.size(), [&](size_t i) { return found.time_holds(x, i); });
    if (x.kind == "place") holds = any(a.places.size(), [&](size_t i) { return found.place_holds(x, i); });
    if (x.kind == "none") holds = a.events.empty();
    if (x.kind == "only") holds = std::find(events.begin(), events.end(), false) == events.end();
    if (x.kind == "no" && x.words[0] == "attribution")
      for (size_t i = 0; i < a.attributions.size(); ++i) holds = holds && !found.attribution_holds(x, i);
    if (x.kind == "no" && x.words[0] == "dispute")
      holds =
          std::none_of(a.disputes.begin(), a.disputes.end(), [&](const Dispute& d) { return x.words.size() < 2 || d.kind == x.words[1]; });
    if (x.kind == "no" && x.words[0] != "attribution" && x.words[0] != "dispute")
      holds = !any(a.events.size(), [&](size_t i) {
        return a.events[i].type == x.words[0] || (a.events[i].mode && a.events[i].type + "/" + *a.events[i].mode == x.words[0]);
      });
    if (!holds) wrong.push_back(fmt::format("line {}: {}", x.number, x.line));
  }
  if (!wrong.empty() || show) {
    for (size_t i = 0; i < a.events.size(); ++i) wrong.push_back("  found " + found.describe_event(i));
    for (size_t i = 0; i < a.attributions.size(); ++i) wrong.push_back("  found " + found.describe_attribution(i));
    for (const Dispute& dispute : a.disputes) wrong.push_back("  found dispute: " + dispute.kind);
    for (const TimeExpression& time : a.times) wrong.push_back("  found time: " + time.value.value_or("none"));
  }
  return wrong;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "golden_runner DATA_FOLDER FILE.test…\n");
    return 2;
  }
  std::vector<std::pair<std::string, Test>> tests;
  for (int i = 2; i < argc; ++i) {
    try {
      for (Test& test : read_tests(argv[i])) tests.emplace_back(argv[i], std::move(test));
    } catch (const Mistake& mistake) {
      fmt::print(stderr, "{}:{}: {}\n", argv[i], mistake.line, mistake.message);
      return 2;
    }
  }
  auto engine = Engine::load({.data = argv[1]});
  if (!engine) {
    fmt::print(stderr, "{}\n", engine.error().message);
    return engine.error().code == ErrorCode::bad_model || engine.error().code == ErrorCode::not_found ? 77 : 1;
  }
  EngineWorkspace workspace;
  size_t failed = 0, not_yet = 0;
  const bool show = std::getenv("GOLDEN_SHOW") != nullptr;  // print what was found for tests that hold as well
  for (const auto& [file, test] : tests) {
    const std::vector<std::string> wrong = run(test, **engine, workspace, show);
    const bool bad = std::any_of(wrong.begin(), wrong.end(), [](const std::string& w) { return !w.starts_with("  "); });
    if (test.not_yet) {
      not_yet += bad;
      if (!bad) fmt::print("{}:{}: '{}' holds now: take 'not yet' away\n", file, test.number, test.name);
      if (!show) continue;
    }
    failed += bad && !test.not_yet;
    if (!wrong.empty()) fmt::print("{}: {}:{}: {}\n", bad ? "FAILED" : "holds", file, test.number, test.name);
    for (const std::string& line : wrong) fmt::print("  {}\n", line);
  }
  fmt::print("{} of {} tests hold, {} known not to\n", tests.size() - failed - not_yet, tests.size(), not_yet);
  return failed > 0;
}
