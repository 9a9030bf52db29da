// Scoring: figures of records that differ in known ways.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "reportedly/score.h"

using namespace reportedly;

namespace {

// 0         1         2         3         4         5         6         7         8
// 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234
const char* const kText = "Norway denied that its ships had entered Icelandic waters. Reykjavik expelled two envoys.";

/// A gold record written as people would: free ids, nothing that may be left out.
std::string record(const std::string& attributions, const std::string& events, const std::string& disputes = "") {
  return std::string(R"({"document":{"id":"x","text":")") + kText +
         R"("},"sentences":[{"start":0,"end":58},{"start":59,"end":89}],
  "entities":[{"id":"nor","name":"Norway","kind":"state","country":"NOR","mentions":[{"start":0,"end":6},{"start":19,"end":22}]},
              {"id":"isl","name":"Iceland","kind":"state","country":"ISL","mentions":[{"start":41,"end":50},{"start":59,"end":68}]}],
  "attributions":[)" +
         attributions + R"(],"events":[)" + events + R"(],"disputes":[)" + disputes + "]}";
}
const std::string kDenial =
    R"({"id":"denial","source":{"spans":[[0,6]],"entity":"nor"},"cue":{"spans":[[7,13]]},"content":{"spans":[[14,57]]},"stance":"denies"})";
const std::string kEntry =
    R"({"type":"COERCE","trigger":{"start":33,"end":40},"actors":[{"entity":"nor","country":"NOR","span":[0,6]}],"recipients":[{"entity":"isl","country":"ISL","span":[41,50]}],)"
    R"("attribution":"denial","factuality":"CT-","status":"denied"})";
const std::string kExpulsion =
    R"({"type":"SANCTION","mode":"expel","trigger":{"start":69,"end":77},"actors":[{"entity":"isl","country":"ISL","span":[59,68]}]})";

Analysis read(const std::string& json) {
  auto out = read_gold(json);
  REQUIRE_MESSAGE(out, (out ? "" : out.error().message));
  return *out;
}

struct Compared {
  std::map<std::string, Figure> figures;
  std::vector<std::string> differences;
};
Compared compare(const std::string& gold, const std::string& system) {
  Score score;
  Compared out;
  const auto done = score.add(read(gold), read(system),
                              [&](const Difference& d) { out.differences.push_back(std::string(d.figure) + ": " + d.message); });
  REQUIRE(done);
  for (const Figure& f : score.figures()) out.figures.emplace(f.name, f);
  return out;
}

}  // namespace

TEST_CASE("a record agrees with itself everywhere") {
  const std::string r = record(kDenial, kEntry + "," + kExpulsion);
  const Compared c = compare(r, r);
  for (const auto& [name, f] : c.figures) {
    CHECK_MESSAGE(f.right == f.gold, name);
    CHECK_MESSAGE(f.right == f.system, name);
  }
  CHECK(c.figures.at("events.type").gold == 2);
  CHECK(c.figures.at("events.status.other").gold == 1);
  CHECK(c.figures.at("events.voice.told").gold == 1);
  CHECK(c.figures.at("attributions.stance.other").gold == 1);
  CHECK(c.differences.empty());
}

TEST_CASE("figures that nothing was asked for are left out") {
  const Compared c = compare(record("", ""), record("", ""));
  CHECK(c.figures.count("events.type") == 0);
  CHECK(c.figures.count("sentences") == 1);
}

TEST_CASE("missed and extra events count against recall and precision") {
  const Compared missed = compare(record(kDenial, kEntry + "," + kExpulsion), record(kDenial, kEntry));
  CHECK(missed.figures.at("events.type").precision() == 1.0);
  CHECK(missed.figures.at("events.type").recall() == 0.5);
  CHECK(missed.differences == std::vector<std::string>{"events.type: missed SANCTION/expel “expelled”"});
  const Compared extra = compare(record(kDenial, kEntry), record(kDenial, kEntry + "," + kExpulsion));
  CHECK(extra.figures.at("events.type").precision() == 0.5);
  CHECK(extra.figures.at("events.type").recall() == 1.0);
  CHECK(extra.figures.at("events.type").f1() == doctest::Approx(2.0 / 3));
}

TEST_CASE("an event of another trigger in the same sentence is matched by type, not by trigger") {
  std::string moved = kEntry;
  moved.replace(moved.find("33,\"end\":40"), 11, "23,\"end\":28");
  const Compared c = compare(record(kDenial, kEntry), record(kDenial, moved));
  CHECK(c.figures.at("events.type").right == 1);
  CHECK(c.figures.at("events.trigger").right == 0);
  // in another sentence it is none
  moved.replace(moved.find("23,\"end\":28"), 11, "69,\"end\":77");
  CHECK(compare(record(kDenial, kEntry), record(kDenial, moved)).figures.at("events.type").right == 0);
}

TEST_CASE("parties agree by country as sets, and nobody agrees with nobody alone") {
  std::string reversed = kEntry;
  reversed.replace(reversed.find(R"("actors")"), 8, R"("x")");
  reversed.replace(reversed.find(R"("recipients")"), 12, R"("actors")");
  reversed.replace(reversed.find(R"("x")"), 3, R"("recipients")");
  CHECK(compare(record(kDenial, kEntry), record(kDenial, reversed)).figures.at("events.roles").right == 0);
  std::string none = kExpulsion;
  none.replace(none.find(R"("actors":[{"entity":"isl","country":"ISL","span":[59,68]}])"), 58, R"("actors":[])");
  CHECK(compare(record("", kExpulsion), record("", none)).figures.at("events.roles").right == 0);
  CHECK(compare(record("", none), record("", none)).figures.at("events.roles").right == 1);
}

TEST_CASE("the narrator is nobody else") {
  std::string narrator = kEntry;
  narrator.replace(narrator.find(R"("attribution":"denial",)"), 23, "");
  const Compared c = compare(record(kDenial, kEntry), record(kDenial, narrator));
  CHECK(c.figures.at("events.voice").right == 0);
  CHECK(c.figures.at("events.voices").right == 0);
}

TEST_CASE("extents of attributions: exact, by half, not at all") {
  std::string longer = kDenial, other = kDenial;
  longer.replace(longer.find("[14,57]"), 7, "[14,58]");
  other.replace(other.find("[14,57]"), 7, "[50,57]");
  const Compared half = compare(record(kDenial, ""), record(longer, ""));
  CHECK(half.figures.at("attributions").right == 1);
  CHECK(half.figures.at("attributions.strict").right == 0);
  CHECK(half.figures.at("attributions.content").right == 0);
  CHECK(half.figures.at("attributions.source").right == 1);
  CHECK(compare(record(kDenial, ""), record(other, "")).figures.at("attributions").right == 0);
  // white space at the ends and between fragments does not count
  std::string spaced = kDenial;
  spaced.replace(spaced.find("[14,57]"), 7, "[13,32],[32,57]");
  CHECK(compare(record(kDenial, ""), record(spaced, "")).figures.at("attributions.strict").right == 1);
}

TEST_CASE("disputes need two positions in common") {
  const std::string both =
      R"({"kind":"occurrence","positions":[{"holds":"happened","event":"v","voices":[null]},{"holds":"did not happen","event":"v","voices":["denial"]}]})";
  const std::string one =
      R"({"kind":"occurrence","positions":[{"holds":"happened","voices":[]},{"holds":"did not happen","voices":["denial"]}]})";
  std::string event = kEntry;
  event.insert(1, R"("id":"v",)");
  CHECK(compare(record(kDenial, event, both), record(kDenial, event, both)).figures.at("disputes").right == 1);
  CHECK(compare(record(kDenial, event, both), record(kDenial, event, one)).figures.at("disputes").right == 0);
}

TEST_CASE("gold that cannot be read says why") {
  const auto message = [](const std::string& json) {
    const auto r = read_gold(json);
    REQUIRE(!r);
    return r.error().message;
  };
  CHECK(message("{}").find("document.text") != std::string::npos);
  CHECK(message("{").find("parse error") != std::string::npos);
  CHECK(message(record("", R"({"type":"INVADE","trigger":{"start":0,"end":1}})")).find("INVADE") != std::string::npos);
  CHECK(message(record("", R"({"type":"AID"})")).find("events[0].trigger") != std::string::npos);
  CHECK(message(record("", R"({"type":"AID","trigger":{"start":0,"end":1},"attribution":"a7"})")).find("a7") != std::string::npos);
  CHECK(message(record(kDenial + "," + kDenial, "")).find("denial") != std::string::npos);
}

TEST_CASE("records of different texts are not compared") {
  Analysis a = read(record("", "")), b = a;
  b.document.text += "!";
  Score score;
  CHECK(!score.add(a, b));
  CHECK(score.figures().empty());
}
