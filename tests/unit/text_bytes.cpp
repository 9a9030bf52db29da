// Readers of outside bytes against mutated and random bytes: nothing may break, whatever comes back.
#include <doctest/doctest.h>

#include <random>

#include "text/chars.h"
#include "text/decode.h"
#include "text/input.h"
#include "text/language.h"
#include "text/text.h"

using namespace reportedly;

namespace {

std::string mutate(std::string s, std::mt19937& random) {
  const size_t changes = 1 + random() % 6;
  for (size_t i = 0; i < changes && !s.empty(); ++i) {
    const size_t at = random() % s.size();
    switch (random() % 5) {
      case 0:
        s[at] = static_cast<char>(random());
        break;
      case 1:
        s.erase(at, 1 + random() % 4);
        break;
      case 2:
        s.insert(at, 1, static_cast<char>(random() % 128));
        break;
      case 3:
        s.insert(at, s.substr(random() % s.size(), random() % 20));
        break;
      default:
        s.resize(at);
        break;
    }
  }
  return s;
}

}  // namespace

TEST_CASE("records: mutated lines are documents or errors") {
  std::mt19937 random(23);
  const std::vector<std::string> seeds{
      R"({"id":"a","text":"A ship \ud83d\ude00 left.\nBy Ann Roe","title":null,"published":"2031-05-05","extra":{"a":[1,2,{"b":"c"}]}})",
      R"({"text":"\ud800\\ud800 \u00e9","id":12,"byline":"x","language":"en"})", R"([{"text":"a"}])"};
  size_t documents = 0, errors = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto record = text::parse_record(mutate(seeds[random() % seeds.size()], random), "x:1");
    if (record) {
      ++documents;
      CHECK(text::decode_utf8(record->text).invalid == 0);
    } else {
      ++errors;
      CHECK_FALSE(record.error().message.empty());
      CHECK(record.error().place == "x:1");
    }
  }
  CHECK(documents > 500);
  CHECK(errors > 5000);
}

TEST_CASE("texts: mutated articles are read, with and without repairs") {
  std::mt19937 random(29);
  const std::string article =
      "\xEF\xBB\xBF# Barges collide\n\nOlwen Tharp | 18 March 2031\r\n\r\nPORT SELWYN (EP) — The harbour mas-\nter said “no” on\n\nTHE "
      "COURIER 3\n\n3\n\nTuesday.\f\nTHE "
      "COURIER 4\nHe can't say\u2029more.\n\n© 2031 www.example.org";
  for (int i = 0; i < 4000; ++i) {
    DocumentInput input;
    input.text = mutate(article, random);
    input.format = i % 3 == 0 ? SourceFormat::record : SourceFormat::plain;
    if (i % 5 == 0) input.title = "Barges collide";
    for (const bool repairs : {true, false}) {
      const auto t = text::read_text(input, {.repairs = repairs});
      if (!t) continue;
      CHECK(t->origin.size() == t->analysis.size());
      CHECK(text::decode_utf8(t->slice({0, static_cast<uint32_t>(t->chars.size())})).chars == t->chars);
      uint32_t end = 0;
      for (const text::Unit& u : t->units) {
        CHECK(u.span.start >= end);
        CHECK(u.span.end <= t->chars.size());
        end = u.span.end;
      }
      if (t->published) CHECK(text::parse_date(*t->published) == t->published);
    }
    text::detect_language(input.text, std::nullopt);
  }
}

TEST_CASE("dates: what is read is a date, whatever the line") {
  std::mt19937 random(31);
  const std::vector<std::string> seeds{"Monday, 5 May 2031 10:30 GMT", "2031-05-05T10:30:00Z", "Sept. 18, 2013", "20310505",
                                       "5th of May, 2031"};
  for (int i = 0; i < 20000; ++i) {
    const std::string line = mutate(seeds[random() % seeds.size()], random);
    if (const auto date = text::parse_date(line)) {
      CHECK(date->size() == 10);
      CHECK(text::parse_date(*date) == date);
    }
  }
}
