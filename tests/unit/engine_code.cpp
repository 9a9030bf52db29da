// The whole engine on the invented articles of examples/ and on awkward input. Needs models/reportedly-en.bin, which is part of the
// repository.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "reportedly/engine.h"
#include "reportedly/output.h"
#include "syntax/conllu.h"

using namespace reportedly;
namespace fs = std::filesystem;

namespace {

const Engine& engine() {
  static const std::unique_ptr<Engine> kEngine = [] {
    auto loaded = Engine::load({.data = REPORTEDLY_SOURCE});
    if (!loaded) {
      FAIL(loaded.error().message);
      std::abort();
    }
    return std::move(*loaded);
  }();
  return *kEngine;
}

std::vector<DocumentInput> examples() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(REPORTEDLY_SOURCE) / "examples"))
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<DocumentInput> out;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    DocumentInput d;
    d.id = file.stem().string();
    d.text.assign(std::istreambuf_iterator<char>(in), {});
    out.push_back(std::move(d));
  }
  return out;
}

uint32_t code_points(const std::string& utf8) {
  return static_cast<uint32_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string without_space(const std::string& s) {
  std::string out;
  for (const char c : s)
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out.push_back(c);
  return out;
}

/// Forms of a CoNLL-U text, tokens instead of their words.
std::string surface(const std::string& conllu) {
  std::string out;
  int covered = 0;
  size_t at = 0;
  while (at < conllu.size()) {
    const size_t eol = conllu.find('\n', at);
    const std::string line = conllu.substr(at, eol - at);
    at = eol + 1;
    if (line.empty()) covered = 0;
    if (line.empty() || line[0] == '#') continue;
    const size_t tab = line.find('\t'), dash = line.find('-');
    const std::string form = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    if (dash < tab) {
      covered = std::stoi(line.substr(dash + 1));
      out += form;
    } else if (std::stoi(line) > covered) {
      out += form;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every layer of every example points into its text and at what exists") {
  EngineWorkspace workspace;
  const auto inputs = examples();
  REQUIRE(inputs.size() >= 7);
  size_t events = 0, attributions = 0;
  for (const DocumentInput& input : inputs) {
    CAPTURE(input.id);
    const Analysis a = engine().code(input, workspace);
    REQUIRE_FALSE(a.error.has_value());
    CHECK(a.document.text == input.text);
    const uint32_t length = code_points(a.document.text);
    auto inside = [&](Span s) { return s.start < s.end && s.end <= length; };
    const auto n_attributions = static_cast<int32_t>(a.attributions.size()), n_entities = static_cast<int32_t>(a.entities.size());
    CHECK_FALSE(a.sentences.empty());
    for (size_t i = 0; i < a.sentences.size(); ++i) {
      CHECK(inside(a.sentences[i].span));
      if (i) CHECK(a.sentences[i - 1].span.end <= a.sentences[i].span.start);
    }
    for (const Name& x : a.names) CHECK(inside(x.span));
    for (const Entity& e : a.entities) {
      CHECK_FALSE(e.mentions.empty());
      if (e.country || !e.sectors.empty()) CHECK_FALSE(e.why.empty());
      for (const Mention& m : e.mentions) CHECK(inside(m.span));
    }
    for (const TimeExpression& t : a.times) CHECK(inside(t.span));
    for (const Place& p : a.places) CHECK(inside(p.span));
    for (size_t i = 0; i < a.attributions.size(); ++i) {
      const Attribution& x = a.attributions[i];
      CHECK_FALSE(x.content.empty());
      CHECK_FALSE(x.why.empty());
      for (const auto* spans : {&x.source, &x.cue, &x.content}) {
        for (const Span s : *spans) CHECK(inside(s));
        CHECK(std::is_sorted(spans->begin(), spans->end()));
      }
      CHECK(x.source_entity >= -1);
      CHECK(x.source_entity < n_entities);
      int32_t up = x.parent, steps = 0;
      while (up >= 0 && steps <= n_attributions) {
        REQUIRE(up < n_attributions);
        up = a.attributions[static_cast<size_t>(up)].parent;
        ++steps;
      }
      CHECK(steps <= n_attributions);  // no cycle
    }
    static const std::set<std::string> kStatus{"happened", "ongoing", "planned", "possible", "denied", "refused", "hypothetical"};
    for (const Event& e : a.events) {
      CHECK(inside(e.trigger));
      CHECK(kStatus.count(e.status) == 1);
      CHECK(e.quad >= 1);
      CHECK(e.quad <= 4);
      CHECK_FALSE(e.why.empty());
      CHECK_FALSE(e.voices.empty());
      CHECK(e.attribution >= -1);
      CHECK(e.attribution < n_attributions);
      CHECK(e.place >= -1);
      CHECK(e.place < static_cast<int32_t>(a.places.size()));
      for (const auto* side : {&e.actors, &e.recipients})
        for (const Participant& p : *side) {
          CHECK(inside(p.span));
          CHECK(p.entity < n_entities);
        }
    }
    for (const Dispute& d : a.disputes) CHECK(d.positions.size() >= 2);
    events += a.events.size();
    attributions += a.attributions.size();
  }
  CHECK(events >= inputs.size());
  CHECK(attributions >= inputs.size());
}

TEST_CASE("parse gives every non-space character once, in order, and trees that hold") {
  EngineWorkspace workspace;
  for (const DocumentInput& input : examples()) {
    CAPTURE(input.id);
    const auto conllu = engine().conllu(input, workspace, {.repairs = false});
    REQUIRE(conllu.has_value());
    CHECK(surface(*conllu) == without_space(input.text));
    const auto read = syntax::read_conllu(*conllu);
    REQUIRE(read.has_value());
    for (const Sentence& s : read->trees.sentences) {
      int roots = 0;
      for (uint32_t w = s.first_word; w < s.last_word; ++w) {
        if (read->trees.words[w].head < 0) ++roots;
        int32_t up = static_cast<int32_t>(w);
        uint32_t steps = 0;
        while (up >= 0 && steps <= s.last_word - s.first_word) {
          up = read->trees.words[static_cast<size_t>(up)].head;
          ++steps;
        }
        CHECK(steps <= s.last_word - s.first_word);
      }
      CHECK(roots == 1);
    }
  }
}

TEST_CASE("the record depends on the document alone, not on what the workspace read before") {
  const auto inputs = examples();
  EngineWorkspace used;
  for (const DocumentInput& input : inputs) engine().code(input, used);
  for (const DocumentInput& input : inputs) {
    EngineWorkspace fresh;
    CHECK(to_json(engine().info(), engine().code(input, fresh)) == to_json(engine().info(), engine().code(input, used)));
  }
}

TEST_CASE("a word for people is what its phrase and its text make of it") {
  const auto sectors = [](const char* text) {
    DocumentInput d;
    d.text = text;
    EngineWorkspace workspace;
    std::set<std::string> all;
    for (const Entity& e : engine().code(d, workspace).entities) all.insert(e.sectors.begin(), e.sectors.end());
    return all;
  };
  CHECK(sectors("The company opened an office in Haiti.").contains("BUS"));
  CHECK(!sectors("Two companies of marines landed in Haiti.").contains("BUS"));
  CHECK(sectors("Soldiers shelled the bank in Ukraine.").contains("BUS"));
  CHECK(!sectors("Soldiers shelled the northern bank in Ukraine.").contains("BUS"));
  CHECK(sectors("China criticised the parties in Sudan.").contains("PTY"));
  CHECK(!sectors("China criticised the warring parties in Sudan.").contains("PTY"));
}

TEST_CASE("where a report was written is no party's mention, if there is another") {
  DocumentInput d;
  d.text = "SUVA, Feb 2, 2031 - Fiji and Solomon Islands signed an agreement on Sunday to patrol each other's waters.";
  EngineWorkspace workspace;
  const Analysis a = engine().code(d, workspace);
  bool any = false;
  for (const Event& e : a.events)
    for (const Participant& p : e.actors) {
      any = true;
      CHECK(p.span.start >= 20);  // behind the dash
    }
  CHECK(any);
}

TEST_CASE("awkward documents come back as records, with an error where there is nothing to code") {
  EngineWorkspace workspace;
  auto code = [&](std::string text) {
    DocumentInput d;
    d.id = "x";
    d.text = std::move(text);
    return engine().code(d, workspace);
  };
  auto failed_with = [&](const std::string& text) {
    const Analysis a = code(text);
    REQUIRE(a.error.has_value());
    CHECK(a.document.id == "x");
    CHECK(a.events.empty());
    CHECK_FALSE(a.error->message.empty());
    return a.error->code;
  };
  CHECK(failed_with("") == ErrorCode::empty);
  CHECK(failed_with(" \n\t\n ") == ErrorCode::empty);
  CHECK(failed_with(std::string("\xFF\xFEh\0e\0", 6)) == ErrorCode::bad_encoding);
  CHECK(failed_with("Der Bürgermeister erklärte am Montag, die Fischer hätten ihm berichtet, dass die Granaten vom Meer gekommen seien, "
                    "und forderte eine Untersuchung durch die "
                    "Regierung, während die Marine des Nachbarlandes jede Beteiligung bestritt.") == ErrorCode::language);
  CHECK_FALSE(code(std::string(20000, '"')).error.has_value());
  CHECK_FALSE(code(std::string(300000, 'a')).error.has_value());
  CHECK_FALSE(code("?").error.has_value());
  const Analysis bytes = code("Ships left the harbour \xC3 on Friday, the mayor said.");
  REQUIRE_FALSE(bytes.error.has_value());
  CHECK_FALSE(bytes.document.warnings.empty());
}

TEST_CASE("an unreadable publication date is null and warned about, never today") {
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text = "Ships left the harbour on Friday, the mayor said.";
  d.published = "the day before";
  const Analysis a = engine().code(d, workspace);
  CHECK_FALSE(a.document.published.has_value());
  REQUIRE(a.document.warnings.size() == 1);
  CHECK(a.document.warnings[0].code == "published_unreadable");
  for (const TimeExpression& t : a.times) CHECK((!t.value || t.value->find("20") != 0));
}

TEST_CASE("an act that no entry of the lexicon knows is the model's proposal, with its probability, and can be left out") {
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text = "Kenyan officials booted two French lawyers off the flight.";
  CHECK(engine().code(d, workspace, {.learned = false}).events.empty());
  const Analysis a = engine().code(d, workspace);
  REQUIRE(a.events.size() == 1);
  const Event& e = a.events[0];
  CHECK(e.trigger_lemma == "boot");
  CHECK(e.why.front().find("model:event") == 0);
  REQUIRE(e.confidence.has_value());
  CHECK(*e.confidence > 0.4);
  CHECK(*e.confidence <= 1);
  REQUIRE_FALSE(e.actors.empty());
  CHECK(e.actors[0].country == "KEN");
  REQUIRE_FALSE(e.recipients.empty());
  CHECK(e.recipients[0].country == "FRA");
}

TEST_CASE("an entry of the user's own stands, whatever type the model sees") {
  const fs::path folder = fs::temp_directory_path() / "reportedly_own_lexicon";
  fs::remove_all(folder);
  fs::create_directories(folder / "events");
  std::ofstream(folder / "events" / "own.yaml") << R"(- id: take-in
  codes: {type: SUPPORT}
  trigger: {verb: [arrest]}
  when: {object: {actor: true}}
  recipient: object
  examples:
    - {text: "Kenya arrested two French lawyers.", is: "KEN SUPPORT FRA"}
    - {text: "The fall was arrested.", is: none}
)";
  const auto own = Engine::load({.data = REPORTEDLY_SOURCE, .lexicon = {folder}});
  REQUIRE(own);
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text = "Kenyan police arrested two French lawyers on Friday.";
  const Analysis a = (*own)->code(d, workspace);
  fs::remove_all(folder);
  REQUIRE(a.events.size() == 1);
  CHECK(a.events[0].type == "SUPPORT");
  CHECK(a.events[0].why.front() == "events/own:take-in");
  CHECK(engine().code(d, workspace).events.at(0).type != "SUPPORT");
}

TEST_CASE("an act that hardly anybody would call politics is left out with the reason, and what a state asks of another stays") {
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text =
      "Heavy snow closed schools in three valleys. Authorities in Mosjoen urged drivers to stay at home, and the railway promised refunds.";
  const Analysis lexicon = engine().code(d, workspace, {.learned = false});
  REQUIRE_FALSE(lexicon.events.empty());
  CHECK(lexicon.events[0].type == "REQUEST");
  const Analysis a = engine().code(d, workspace);
  CHECK(a.events.empty());
  CHECK(std::any_of(a.notes.begin(), a.notes.end(), [](const SentenceNote& n) {
    return std::any_of(n.considered.begin(), n.considered.end(),
                       [](const Candidate& c) { return (c.what + c.reason).find("hardly an act of politics") != std::string::npos; });
  }));
  d.text = "Heavy snow closed schools in three valleys. Norway urged Sweden to withdraw its troops.";
  CHECK(engine().code(d, workspace).events.size() == 1);
}

TEST_CASE("what the rules take for a fact and the model does not is no fact") {
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text = "The army said a drone had hit the depot, but it later emerged that no drone had been there.";
  const Analysis rules = engine().code(d, workspace, {.learned = false});
  REQUIRE(rules.events.size() == 1);
  CHECK(rules.events[0].status == "happened");
  const Analysis a = engine().code(d, workspace);
  REQUIRE(a.events.size() == 1);
  CHECK(a.events[0].status == "denied");
  CHECK(std::any_of(a.events[0].why.begin(), a.events[0].why.end(), [](const std::string& why) { return why.starts_with("model:"); }));
}

TEST_CASE("of an event of the lexicon no probability is given, and no party of the model's goes without saying so") {
  EngineWorkspace workspace;
  DocumentInput d;
  d.id = "x";
  d.text = "Turkey threatened to ban Dutch imports.";
  const Analysis a = engine().code(d, workspace), b = engine().code(d, workspace, {.learned = false});
  REQUIRE(a.events.size() == 1);
  REQUIRE(b.events.size() == 1);
  CHECK_FALSE(a.events[0].confidence.has_value());
  CHECK(a.events[0].why.front().find("events/threaten") == 0);
  CHECK(a.events[0].actors.size() == b.events[0].actors.size());
}
