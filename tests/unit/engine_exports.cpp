// Records of real runs, read back: what a store keeps as JSON must export as if it had just been coded.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "reportedly/engine.h"
#include "reportedly/export.h"
#include "reportedly/output.h"

using namespace reportedly;
namespace fs = std::filesystem;

TEST_CASE("records of the examples read back: the same JSON, and the same exports of every profile") {
  auto engine = Engine::load({.data = REPORTEDLY_SOURCE});
  REQUIRE(engine);
  EngineWorkspace workspace;
  size_t documents = 0, events = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(REPORTEDLY_SOURCE) / "examples")) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    DocumentInput input{.id = entry.path().stem().string(), .text = std::string(std::istreambuf_iterator<char>(in), {})};
    std::string trees;
    const Analysis coded = (*engine)->code(input, workspace, {}, nullptr, &trees);
    CHECK(trees.find("# newdoc id = " + input.id) == 0);
    const std::string written = to_json((*engine)->info(), coded);
    EngineInfo info;
    const auto read = from_json(written, &info);
    REQUIRE_MESSAGE(read, read.error().message);
    CHECK(to_json(info, *read) == written);
    for (const Profile& profile : profiles()) {
      if (profile.needs_trees) continue;
      INFO(profile.name);
      const auto made = make_export(profile.name);
      const auto now = made->read((*engine)->info(), coded), later = made->read(info, *read);
      REQUIRE(now.size() == later.size());
      for (size_t i = 0; i < now.size(); ++i) CHECK(now[i].text == later[i].text);
    }
    CHECK(to_account(coded, false, 100) == to_account(*read, false, 100));
    ++documents;
    events += coded.events.size();
  }
  CHECK(documents >= 8);
  CHECK(events > 20);
}
