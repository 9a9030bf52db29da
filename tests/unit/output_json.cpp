#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "output/text_offsets.h"
#include "output/write.h"
#include "output_sample.h"

using nlohmann::json;
using namespace reportedly;

TEST_CASE("json: the example of the contract, field by field") {
  const json record = json::parse(to_json(sample::engine(), sample::geneva()));
  CHECK(record["schema"] == "reportedly/1");
  CHECK(record["engine"] == json{{"version", "0.1.0"}, {"model", "0123456789abcdef"}, {"lexicon", "fedcba9876543210"}});
  CHECK(record["document"]["title"].is_null());
  CHECK(record["document"]["published"] == "2031-05-05");
  CHECK(record["names"][0] == json{{"start", 21}, {"end", 27}, {"type", "LOC"}});
  CHECK(record["sentences"][0] == json{{"id", "s1"}, {"part", "body"}, {"start", 0}, {"end", 162}, {"paragraph", 0}});
  CHECK(record["entities"][0]["mentions"][0] == json{{"start", 21}, {"end", 46}, {"text", "Norway’s foreign ministry"}});
  CHECK(record["entities"][2]["country"].is_null());
  CHECK(record["times"][0] == json{{"id", "t1"},
                                   {"start", 57},
                                   {"end", 63},
                                   {"text", "Friday"},
                                   {"type", "DATE"},
                                   {"value", "2031-05-02"},
                                   {"why", {"weekday before publication"}}});
  CHECK(record["places"][0]["geonames"] == 2660646);
  CHECK(record["places"][0]["latitude"] == doctest::Approx(46.202));
  const json& told = record["attributions"][2];
  CHECK(told["id"] == "a3");
  CHECK(told["parent"] == "a2");
  CHECK(told["source"] == json{{"spans", {{127, 140}}}, {"entity", "e3"}});
  CHECK(told["cue"] == json{{"spans", {{141, 145}}}, {"lemma", "tell"}});
  CHECK(told["content"] == json{{"spans", {{64, 107}}}});
  CHECK(told["form"] == "indirect");
  CHECK(told["stance"] == "asserts");
  CHECK(told["hypothetical"] == false);
  const json& event = record["events"][0];
  CHECK(event["actors"][0] == json{{"entity", "e1"}, {"country", "NOR"}, {"sectors", {"MIL"}}, {"span", {69, 78}}});
  CHECK(event["trigger"] == json{{"start", 83}, {"end", 90}, {"lemma", "enter"}});
  CHECK(event["date"]["value"].is_null());
  CHECK(event["date"]["why"].size() == 1);
  CHECK(event["place"].is_null());
  CHECK(event["mode"].is_null());
  CHECK(event["cameo"] == "0193");
  CHECK(event["intensity"] == -7.0);
  CHECK(event["voices"][1] == json{{"attribution", "a3"}, {"factuality", "CT+"}});
  CHECK(event["confidence"] == 0.83);
  CHECK(record["disputes"][0]["positions"][1] == json{{"holds", "happened"}, {"event", "v1"}, {"voices", {"a3"}}});
  CHECK_FALSE(record.contains("error"));
}

TEST_CASE("json: every layer and every object is there when there is nothing") {
  Analysis a;
  a.document.language = "en";
  a.attributions.resize(1);
  a.events.resize(1);
  a.events[0].voices = {{-1, Factuality::ct_plus}};
  a.disputes = {{"other", {0}, {{"happened", 0, {-1}}}}};
  const json record = json::parse(to_json(sample::engine(), a));
  for (const char* layer : {"names", "sentences", "entities", "times", "places"}) CHECK(record[layer] == json::array());
  CHECK(record["attributions"][0]["source"] == json{{"spans", json::array()}, {"entity", nullptr}});
  CHECK(record["attributions"][0]["cue"] == json{{"spans", json::array()}, {"lemma", nullptr}});
  CHECK(record["attributions"][0]["content"] == json{{"spans", json::array()}});
  CHECK(record["attributions"][0]["confidence"].is_null());
  CHECK(record["events"][0]["attribution"].is_null());
  CHECK(record["events"][0]["voices"][0]["attribution"].is_null());
  CHECK(record["disputes"][0]["positions"][0]["voices"] == json::array({nullptr}));
}

TEST_CASE("json: a failed document has an error and empty layers") {
  const json record = json::parse(to_json(sample::engine(), sample::failed()));
  CHECK(record["document"]["id"] == "broken");
  CHECK(record["error"] == json{{"code", "bad_format"}, {"message", "no field \"text\""}, {"place", "batch.jsonl:7"}});
  for (const char* layer : {"names", "sentences", "entities", "times", "places", "attributions", "events", "disputes"})
    CHECK(record[layer] == json::array());
}

TEST_CASE("json: one line, whatever the text holds; pretty is the same record") {
  Analysis a = sample::geneva();
  a.document.title = "A \"quoted\"\ttitle\\";
  a.document.publisher = std::string("bell\a zero\0 end", 15);
  a.document.byline = "next\xC2\x85line\xE2\x80\xA8para\xE2\x80\xA9";
  a.document.url = "bad \xFF\xC0\xAF\xED\xA0\x80 bytes";
  const std::string line = to_json(sample::engine(), a);
  CHECK(line.find('\n') == std::string::npos);
  for (const char* breaks : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) CHECK(line.find(breaks) == std::string::npos);
  const json record = json::parse(line);
  CHECK(record["document"]["title"] == *a.document.title);
  CHECK(record["document"]["publisher"] == *a.document.publisher);
  CHECK(record["document"]["byline"] == *a.document.byline);
  CHECK(record["document"]["url"].get<std::string>().find("\xEF\xBF\xBD") != std::string::npos);
  CHECK(json::parse(to_json(sample::engine(), a, true)) == record);
}

TEST_CASE("json: real numbers") {
  const auto written = [](double value) {
    output::Buffer out;
    output::put_real(out, value);
    return fmt::to_string(out);
  };
  CHECK(written(-7) == "-7.0");
  CHECK(written(0.0) == "0.0");
  CHECK(written(-0.0) == "0.0");
  CHECK(written(6.146) == "6.146");
  CHECK(json::parse(written(1e-20)) == 1e-20);
  CHECK(json::parse(written(1e300)) == 1e300);
}

TEST_CASE("offsets: code points, also beyond the end") {
  const output::TextOffsets plain("abc"), mixed("a–𝒷c");
  CHECK(plain.slice({1, 2}) == "b");
  CHECK(plain.slice({1, 9}) == "bc");
  CHECK(mixed.size() == 4);
  CHECK(mixed.slice({1, 3}) == "–𝒷");
  CHECK(mixed.slice({3, 99}) == "c");
  CHECK(mixed.slice({7, 9}).empty());
}
