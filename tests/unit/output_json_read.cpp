#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "output_sample.h"
#include "reportedly/export.h"

using nlohmann::json;
using namespace reportedly;

namespace {

void check_round_trip(const Analysis& analysis) {
  for (const bool pretty : {false, true}) {
    const std::string written = to_json(sample::engine(), analysis, pretty);
    EngineInfo engine;
    const auto read = from_json(written, &engine);
    REQUIRE_MESSAGE(read, read.error().message);
    CHECK(to_json(engine, *read, pretty) == written);
  }
}

/// Every field of every layer filled.
Analysis full() {
  Analysis a = sample::geneva();
  a.document.title = "A \"quoted\"\ttitle\\";
  a.document.byline = "next\xC2\x85line\xE2\x80\xA8para\xE2\x80\xA9";
  a.document.publisher = std::string("bell\a zero\0 end", 15);
  a.document.url = "https://example.org/1";
  a.document.repairs = {{"hyphen_join", {3, 5}}};
  a.document.warnings = {{"nul", "a NUL character", Span{1, 2}}, {"published_unreadable", "no date", std::nullopt}};
  a.sentences.push_back({.span = {0, 4}, .part = Part::dateline, .paragraph = 7});
  a.entities[2].office = "harbour pilot";
  a.events[0].mode = "restrict";
  a.events[0].place = 0;
  a.events[0].date = "2031-05";
  a.events[0].time = "T10:30";
  a.events[0].numbers = {{"size", 3, int64_t{1} << 62, {1, 2}}};
  a.attributions[0].hypothetical = true;
  a.attributions[0].form = Form::mixed;
  a.attributions[1].confidence = 1.0 / 3;
  a.places[0].admin1 = "Geneva";
  a.places[0].why = {"gazetteer"};
  return a;
}

std::string message(std::string_view text) {
  const auto read = from_json(text);
  if (read) return "";
  CHECK(read.error().code == ErrorCode::bad_format);
  CHECK(!read.error().message.empty());
  return read.error().message;
}

}  // namespace

TEST_CASE("json: a record read back writes the same bytes") {
  check_round_trip(sample::geneva());
  check_round_trip(full());
  check_round_trip(sample::failed());
  Analysis empty;
  empty.document.language = "und";
  check_round_trip(empty);
  Analysis narrated = sample::geneva();
  narrated.events[0].attribution = -1;
  narrated.events[0].voices = {{-1, Factuality::uu}};
  narrated.events[0].trigger_lemma.clear();
  narrated.events[0].confidence.reset();
  narrated.disputes = {{"other", {0}, {{"happened", 0, {-1}}, {"?", -1, {}}}}};
  check_round_trip(narrated);
  for (uint8_t i = 0; i < 14; ++i) {
    Analysis a = sample::geneva();
    a.attributions[0].stance = static_cast<Stance>(i);
    a.events[0].factuality = static_cast<Factuality>(i % 8);
    a.sentences[0].part = static_cast<Part>(i % 5);
    a.attributions[1].form = static_cast<Form>(i % 3);
    a.attributions[0].decision = a.events[0].decision = static_cast<Decision>(i % 3);
    check_round_trip(a);
  }
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ErrorCode::internal); ++i) {
    Analysis a = sample::failed();
    a.error->code = static_cast<ErrorCode>(i);
    a.error->place = i % 2 ? "x:1" : "";
    check_round_trip(a);
  }
}

TEST_CASE("json: bytes that are no UTF-8 were replaced when written, and stay so") {
  Analysis a = sample::geneva();
  a.document.url = "bad \xFF\xC0\xAF bytes";
  check_round_trip(a);
}

TEST_CASE("json: pronouns are told by their words") {
  Analysis a = sample::geneva();
  a.document.text = "Ingrid left. She said so.";
  a.names = {{{0, 6}, "PER"}};
  a.entities = {{.name = "Ingrid", .kind = "person", .mentions = {{.span = {0, 6}}, {.span = {13, 16}}}}};
  a.attributions.clear(), a.events.clear(), a.disputes.clear(), a.places.clear(), a.times.clear();
  const auto read = from_json(to_json(sample::engine(), a));
  REQUIRE(read);
  CHECK(read->entities[0].mentions[0].kind == MentionKind::name);
  CHECK(read->entities[0].mentions[1].kind == MentionKind::pronoun);
}

TEST_CASE("json: what is no record is an error that says where") {
  CHECK(message("") != "");
  CHECK(message("[]") != "");
  CHECK(message("{}").find("schema") != std::string::npos);
  const json good = json::parse(to_json(sample::engine(), full()));
  REQUIRE(message(good.dump()) == "");
  const auto with = [&](const std::string& pointer, const json& value) {
    json bad = good;
    bad[json::json_pointer(pointer)] = value;
    return message(bad.dump());
  };
  CHECK(with("/schema", "reportedly/2").find("schema") != std::string::npos);
  CHECK(with("/document/text", 3).find("document.text") != std::string::npos);
  CHECK(with("/events/0/id", "v2").find("events[0].id") != std::string::npos);
  CHECK(with("/events/0/attribution", "a4").find("events[0].attribution") != std::string::npos);
  CHECK(with("/events/0/attribution", "a01") != "");
  CHECK(with("/events/0/attribution", "a99999999999") != "");
  CHECK(with("/events/0/attribution", "e1") != "");
  CHECK(with("/events/0/place", "p2") != "");
  CHECK(with("/events/0/actors/0/entity", "e4") != "");
  CHECK(with("/events/0/actors/0/span", json::array({1})) != "");
  CHECK(with("/events/0/actors/0/span", json::array({1, 2, 3})) != "");
  CHECK(with("/events/0/actors/0/span", json::array({5, 4})) != "");
  CHECK(with("/events/0/trigger/end", 1) != "");
  CHECK(with("/events/0/trigger/start", -1) != "");
  CHECK(with("/events/0/trigger/end", int64_t{1} << 32) != "");
  CHECK(with("/events/0/quad", 5) != "");
  CHECK(with("/events/0/factuality", "CT") != "");
  CHECK(with("/events/0/intensity", "5") != "");
  CHECK(with("/attributions/0/stance", "shouts") != "");
  CHECK(with("/attributions/0/parent", "a9") != "");
  CHECK(with("/attributions/0/hypothetical", 0) != "");
  CHECK(with("/sentences/0/part", "middle") != "");
  CHECK(with("/disputes/0/positions/0/voices/0", "a9").find("disputes[0].positions[0].voices[0]") != std::string::npos);
  CHECK(with("/names", json::object()) != "");
}

TEST_CASE("json: every field is asked for, every cut and every wrong type is noticed or harmless") {
  const json good = json::parse(to_json(sample::engine(), full()));
  size_t missing = 0;
  const auto every = [&](const auto& self, json& root, json& node) -> void {
    if (node.is_object()) {
      std::vector<std::string> keys;
      for (const auto& [key, value] : node.items()) keys.push_back(key);
      for (const std::string& key : keys) {
        const json kept = node[key];
        // The id of each thing, its text beside its offsets and the engine (which only some ask for) are told twice or not wanted.
        const bool spare = key == "text" && node.contains("start");
        node.erase(key);
        if (&node != &root["engine"] && key != "engine" && !spare) {
          CHECK_MESSAGE(message(root.dump()) != "", key);
          ++missing;
        }
        for (const json& odd : {json(nullptr), json(7), json("x"), json::array(), json::object(), json(-1e300), json(true)}) {
          node[key] = odd;
          (void)from_json(root.dump());
        }
        node[key] = kept;
        self(self, root, node[key]);
      }
    } else if (node.is_array()) {
      for (json& item : node) self(self, root, item);
    }
  };
  json root = good;
  every(every, root, root);
  CHECK(missing > 150);
  const std::string text = to_json(sample::engine(), full());
  for (size_t length = 0; length < text.size(); length += 7) CHECK(message(text.substr(0, length)) != "");
}
