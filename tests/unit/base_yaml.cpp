#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/yaml.h"

using namespace reportedly;

TEST_CASE("YAML: scalars, lists, maps, and their lines") {
  const yaml::Node root = yaml::Load(
      "# a comment\n"
      "groups:\n"
      "- id: say\n"
      "  verbs: [say, \"call for\",\n"
      "          'it''s']\n"
      "- id: deny\n"
      "  opinion: true\n"
      "empty:\n"
      "quoted: \"null\"\n");
  REQUIRE(root.IsMap());
  CHECK(root.size() == 3);
  const yaml::Node groups = root["groups"];
  REQUIRE(groups.IsSequence());
  CHECK(groups.size() == 2);
  CHECK(groups.Mark().line == 2);
  CHECK(groups[0]["id"].Scalar() == "say");
  CHECK(groups[1]["id"].Mark().line == 5);
  CHECK(groups[1]["opinion"].as<bool>(false));
  std::vector<std::string> verbs;
  int last = 0;
  for (const yaml::Node& verb : groups[0]["verbs"]) {
    verbs.push_back(verb.Scalar());
    last = verb.Mark().line;
  }
  CHECK(verbs == std::vector<std::string>{"say", "call for", "it's"});
  CHECK(last == 4);
  CHECK(root["empty"].IsDefined());
  CHECK(root["empty"].IsNull());
  CHECK(root["quoted"].IsScalar());
  std::string keys;
  for (const auto& pair : root) keys += pair.first.Scalar() + " ";
  CHECK(keys == "groups empty quoted ");
}

TEST_CASE("YAML: what is not there is no fault") {
  const yaml::Node root = yaml::Load("a: 1\n");
  CHECK(!root["b"]);
  CHECK(!root["b"]["c"]);
  CHECK(!root["a"]["c"]);
  CHECK(!root[0]);
  CHECK(root["b"].Scalar().empty());
  CHECK(root["b"].size() == 0);
  for (const auto& item : root["b"]) CHECK(!item);
  CHECK(yaml::Load("").IsNull());
  CHECK(yaml::Load("# nothing\n").IsNull());
}

TEST_CASE("YAML: anchors; of equal keys the first is found") {
  const yaml::Node root = yaml::Load("a: &x [1, 2]\nb: *x\nc: 1\nc: 2\n");
  CHECK(root["b"][1].Scalar() == "2");
  CHECK(root["c"].Scalar() == "1");
}

TEST_CASE("YAML: mistakes have a line") {
  const auto line_of = [](const std::string& text) {
    try {
      yaml::Load(text);
    } catch (const yaml::Exception& e) {
      CHECK(!e.msg.empty());
      return e.mark.line + 1;
    }
    return -1;
  };
  CHECK(line_of("a: [1, 2\nb: 3\n") == 2);
  CHECK(line_of("a: 1\nb: *x\n") == 2);
  CHECK(line_of("a: \"open\n") >= 1);
  CHECK(line_of(std::string(5000, '[')) == 1);
  CHECK_THROWS_AS(yaml::LoadFile("/nowhere/at/all.yaml"), yaml::Exception);
}
