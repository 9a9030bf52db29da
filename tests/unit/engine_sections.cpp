// Very long documents: cut into sections, joined again, memory bounded by the section.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "engine/sections.h"
#include "reportedly/engine.h"
#include "reportedly/output.h"
#include "syntax/conllu.h"
#include "text/text.h"
#include "text/windows.h"

using namespace reportedly;
namespace fs = std::filesystem;

namespace {

text::Text text_of(const std::string& utf8) {
  DocumentInput input;
  input.text = utf8;
  auto text = text::read_text(input, {.repairs = false});
  REQUIRE(text);
  return std::move(*text);
}

std::string words(std::string_view one, size_t n) {
  std::string out;
  for (size_t i = 0; i < n; ++i) out += one;
  return out;
}

using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;

Entity named(const std::string& name, uint32_t start) {
  Entity e;
  e.name = name;
  e.kind = "person";
  e.mentions = {{{start, start + 3}, 1, MentionKind::name}};
  return e;
}

/// Two entities, an attribution inside another, a place, an event with two voices and a dispute.
Analysis section(uint32_t start) {
  Analysis a;
  a.sentences = {{{start, start + 50}, Part::body, 0, 0, 6}, {{start + 50, start + 90}, Part::body, 0, 6, 10}};
  a.entities = {named("Ada", start), named("Bo", start + 10)};
  a.places.resize(1);
  a.attributions.resize(2);
  a.attributions[0].source_entity = 0;
  a.attributions[1].source_entity = 1;
  a.attributions[1].parent = 0;
  Event e;
  e.actors = {{1, {}, {}, {start + 10, start + 13}}};
  e.recipients = {{-1, "NOR", {}, {}}};
  e.trigger_word = 4;
  e.place = 0;
  e.attribution = 1;
  e.voices = {{1, Factuality::ct_plus}, {-1, Factuality::ct_minus}};
  a.events = {e};
  a.disputes = {{"occurrence", {0}, {{"happened", 0, {1}}, {"did not happen", 0, {-1}}}}};
  a.notes = {{1, {}}};
  return a;
}

}  // namespace

TEST_CASE("sections part the units; cut at paragraphs, else sentences, else white space") {
  CHECK(text::cut_sections(text_of("a b c"), 10) == Ranges{{0, 3}});
  CHECK(text::cut_sections(text_of("a b c"), 3) == Ranges{{0, 3}});
  CHECK(text::cut_sections(text_of("a b c d. E f\n\ng h i j"), 10) == Ranges{{0, 7}, {7, 11}});
  CHECK(text::cut_sections(text_of("a b c d e fox. Go h i j"), 9) == Ranges{{0, 7}, {7, 11}});
  CHECK(text::cut_sections(text_of("a b c d\"\"\"\"\"\""), 6) == Ranges{{0, 6}, {6, 10}});
  CHECK(text::cut_sections(text_of("\"\"\"\"\"\"\"\"\"\""), 4) == Ranges{{0, 4}, {4, 8}, {8, 10}});
}

TEST_CASE("one section is the whole; of several, numbers move on and what is named alike is one") {
  Analysis whole;
  {
    Sections sections(whole);
    Analysis first = section(0);
    first.entities.push_back(named("Ada", 40));  // another of the same name, held apart
    sections.append(std::move(first), 10);
    CHECK(whole.entities.size() == 3);
    CHECK(whole.events[0].actors[0].entity == 1);
    CHECK(whole.sentences[1].first_word == 6);
    CHECK(whole.notes[0].sentence == 1);
    Analysis second = section(100);
    second.entities[1] = {.name = "two fishermen", .kind = "group", .mentions = {{{110, 123}, 3, MentionKind::nominal}}};
    second.entities.push_back({.name = "two fishermen", .kind = "group", .mentions = {{{150, 163}, 7, MentionKind::nominal}}});
    sections.append(std::move(second), 10);
  }
  REQUIRE(whole.entities.size() == 5);  // descriptions stay apart
  REQUIRE(whole.entities[0].mentions.size() == 2);
  CHECK(whole.entities[0].mentions[1].span.start == 100);
  CHECK(whole.entities[0].mentions[1].head == 11);
  CHECK(whole.entities[3].name == "two fishermen");
  CHECK(whole.sentences[3].first_word == 16);
  CHECK(whole.attributions[2].source_entity == 0);
  CHECK(whole.attributions[3].source_entity == 3);
  CHECK(whole.attributions[3].parent == 2);
  CHECK(whole.attributions[2].parent == -1);
  const Event& e = whole.events[1];
  CHECK(e.actors[0].entity == 3);
  CHECK(e.recipients[0].entity == -1);
  CHECK(e.trigger_word == 14);
  CHECK(e.place == 1);
  CHECK(e.attribution == 3);
  CHECK(e.voices[0].attribution == 3);
  CHECK(e.voices[1].attribution == -1);
  CHECK(whole.disputes[1].events == std::vector<int32_t>{1});
  CHECK(whole.disputes[1].positions[0].event == 1);
  CHECK(whole.disputes[1].positions[0].voices == std::vector<int32_t>{3});
  CHECK(whole.disputes[1].positions[1].voices == std::vector<int32_t>{-1});
  CHECK(whole.notes[1].sentence == 3);
}

TEST_CASE("a document of many sections has the events of all, in its own offsets, and every character in its trees") {
  const fs::path model = fs::path(REPORTEDLY_SOURCE) / "models/reportedly-en.bin";
  if (!fs::exists(model)) return;
  auto engine = Engine::load({.data = REPORTEDLY_SOURCE, .model = model});
  REQUIRE(engine);
  const std::string told = "Norway attacked two Icelandic ships on Friday, the mayor said.\n\n";
  const std::string filling = words("The old harbour was quiet and nobody in the town spoke of it, he said. ", 3'000);
  DocumentInput input;
  input.id = "long";
  input.published = "2031-05-05";
  input.text = told + filling + "\n\n" + told;
  EngineWorkspace workspace;
  std::string conllu;
  const Analysis a = (*engine)->code(input, workspace, {}, nullptr, &conllu);
  REQUIRE_FALSE(a.error);
  size_t units = text_of(input.text).units.size();
  CHECK(units > 50'000);
  std::vector<std::string> triggers;
  for (const Event& e : a.events)
    if (e.type == "ASSAULT") {
      triggers.push_back(input.text.substr(e.trigger.start, e.trigger.size()));
      REQUIRE(!e.actors.empty());
      REQUIRE(e.actors[0].entity >= 0);
      CHECK(a.entities[static_cast<size_t>(e.actors[0].entity)].country == "NOR");
      CHECK(e.actors[0].entity == a.events[0].actors[0].entity);  // one Norway
      CHECK(e.date == "2031-05-02");
      REQUIRE(e.attribution >= 0);
      CHECK(a.attributions[static_cast<size_t>(e.attribution)].content.front().holds(e.trigger));
    }
  CHECK(triggers == std::vector<std::string>{"attacked", "attacked"});
  CHECK(std::is_sorted(a.sentences.begin(), a.sentences.end(), [](const auto& x, const auto& y) { return x.first_word < y.first_word; }));
  for (size_t s = 1; s < a.sentences.size(); ++s) CHECK(a.sentences[s].first_word == a.sentences[s - 1].last_word);
  const auto read = syntax::read_conllu(conllu);
  REQUIRE(read);
  CHECK(read->trees.words.size() == a.sentences.back().last_word);
  CHECK(read->trees.sentences.size() == a.sentences.size());
  CHECK(conllu.find("# newdoc", 1) == std::string::npos);
  CHECK(conllu.find(fmt::format("# sent_id = long-{}\n", a.sentences.size())) != std::string::npos);
  auto bare = (*engine)->conllu(input, workspace, {.repairs = false});
  REQUIRE(bare);
  const auto again = syntax::read_conllu(*bare);
  REQUIRE(again);
  std::string forms, expected;
  for (const auto& w : again->trees.words) forms += w.form;
  for (const char c : input.text)
    if (c != ' ' && c != '\n') expected += c;
  CHECK(forms == expected);
}
