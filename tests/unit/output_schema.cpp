#include <doctest/doctest.h>

#include <fstream>

#include "output_sample.h"
#include "schema_check.h"

using nlohmann::json;
using namespace reportedly;

namespace {

sample::SchemaCheck schema() {
  std::ifstream file(REPORTEDLY_SOURCE "/docs/reportedly-1.schema.json");
  REQUIRE(file);
  return sample::SchemaCheck(json::parse(file));
}

json record(const Analysis& analysis) {
  return json::parse(to_json(sample::engine(), analysis));
}

}  // namespace

TEST_CASE("schema: records are valid, full, empty and failed ones") {
  const auto check = schema();
  CHECK(check.check(record(sample::geneva())) == "");
  CHECK(check.check(record(sample::failed())) == "");
  Analysis a = sample::geneva();
  a.document.repairs = {{"hyphen_join", {3, 5}}};
  a.document.warnings = {{"nul", "a NUL character", Span{1, 2}}, {"published_unreadable", "no date", std::nullopt}};
  a.events[0].numbers = {{"dead", 3, 5, {1, 2}}};
  a.events[0].place = 0;
  a.events[0].date = "2031-05";
  a.attributions[0].hypothetical = true;
  a.attributions[0].form = Form::mixed;
  a.attributions[0].decision = Decision::rejected;
  a.events[0].decision = Decision::corrected;
  CHECK(check.check(record(a)) == "");
  CHECK(check.check(record(Analysis{.document = {.language = "en"}})) == "");
}

TEST_CASE("schema: every name of the closed lists is in it") {
  const auto check = schema();
  for (uint8_t i = 0; i < 14; ++i) {
    Analysis a = sample::geneva();
    a.attributions[0].stance = static_cast<Stance>(i);
    a.events[0].factuality = static_cast<Factuality>(i % 8);
    a.sentences[0].part = static_cast<Part>(i % 5);
    a.attributions[1].form = static_cast<Form>(i % 3);
    CHECK(check.check(record(a)) == "");
  }
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ErrorCode::internal); ++i) {
    Analysis a = sample::failed();
    a.error->code = static_cast<ErrorCode>(i);
    CHECK(check.check(record(a)) == "");
  }
}

TEST_CASE("schema: mistakes are found") {
  const auto check = schema();
  const json good = record(sample::geneva());
  const auto wrong = [&](auto change) {
    json bad = good;
    change(bad);
    return check.check(bad);
  };
  CHECK(wrong([](json& r) { r.erase("names"); }) != "");
  CHECK(wrong([](json& r) { r["schema"] = "reportedly/2"; }) != "");
  CHECK(wrong([](json& r) { r["more"] = 1; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["type"] = "NONE"; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["cameo"] = 193; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["id"] = "e1"; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["actors"][0]["country"] = "Norway"; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["actors"][0]["span"] = json::array({1, 2, 3}); }) != "");
  CHECK(wrong([](json& r) { r["attributions"][0]["source"]["spans"][0][0] = -1; }) != "");
  CHECK(wrong([](json& r) { r["attributions"][0]["hypothetical"] = nullptr; }) != "");
  CHECK(wrong([](json& r) { r["document"]["published"] = "5 May"; }) != "");
  CHECK(wrong([](json& r) { r["events"][0]["confidence"] = 1.5; }) != "");
}
