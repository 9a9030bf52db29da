// The cue lexicon: what is in it, and what a slip in a file is told.
#include <filesystem>
#include <fstream>

#include "attribution_trees.h"

using namespace reportedly;
using namespace reportedly::attribution;
using namespace reportedly::attribution_test;

namespace {

/// A folder with files of our own, gone at the end.
class Folder {
 public:
  explicit Folder(const char* name) : path_(std::filesystem::temp_directory_path() / (std::string("reportedly_cues_") + name)) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder& write(const char* file, const std::string& text) {
    std::ofstream(path_ / file) << text;
    return *this;
  }
  std::filesystem::path path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Error mistake(const char* name, const std::string& cues_yaml) {
  Folder folder(name);
  folder.write("cues.yaml", cues_yaml);
  auto loaded = CueLexicon::load({folder.path()});
  REQUIRE_FALSE(loaded.has_value());
  return loaded.error();
}

constexpr const char* kExamples = "    examples: [{text: \"Ada sang.\", cue: sang, stance: asserts}]\n";

}  // namespace

TEST_CASE("the lexicon that comes with the program loads and is broad") {
  const auto& impl = cues().impl();
  CHECK(impl.entries.size() > 1000);
  std::vector<bool> used(14, false);
  for (const CueGroup& g : impl.groups) used[static_cast<size_t>(g.stance)] = true;
  CHECK(std::count(used.begin(), used.end(), true) == 14);
}

TEST_CASE("slips are told with file, line and what was expected") {
  auto e = mistake("stance", std::string("groups:\n  - id: sing\n    stance: sings\n    verbs: [sing]\n") + kExamples);
  CHECK(e.code == ErrorCode::bad_data);
  CHECK(e.place.ends_with("cues.yaml:3"));
  CHECK(e.message.find("expected one of: asserts denies") != std::string::npos);

  e = mistake("key", std::string("groups:\n  - id: sing\n    stance: asserts\n    verb: [sing]\n") + kExamples);
  CHECK(e.place.ends_with("cues.yaml:4"));
  CHECK(e.message.find("unknown key 'verb'") != std::string::npos);

  e = mistake("twice", std::string("groups:\n  - id: sing\n    stance: asserts\n    verbs: [sing,\n            sing]\n") + kExamples);
  CHECK(e.place.ends_with("cues.yaml:5"));
  CHECK(e.message.find("stands in group sing already") != std::string::npos);

  e = mistake("example",
              "groups:\n  - id: sing\n    stance: asserts\n    verbs: [sing]\n    examples:\n      - {text: \"Ada sang.\", cue: sings, "
              "stance: asserts}\n");
  CHECK(e.place.ends_with("cues.yaml:6"));

  e = mistake("examples", "groups:\n  - id: sing\n    stance: asserts\n    verbs: [sing]\n");
  CHECK(e.message.find("'examples' is missing") != std::string::npos);

  e = mistake("takes", std::string("groups:\n  - id: sing\n    stance: asserts\n    takes: [song]\n    verbs: [sing]\n") + kExamples);
  CHECK(e.place.ends_with("cues.yaml:4"));

  e = mistake("yaml", "groups: [\n");
  CHECK(e.code == ErrorCode::bad_data);
}

TEST_CASE("no lexicon at all is an error; a later folder wins") {
  CHECK_FALSE(CueLexicon::load({"/nonexistent-folder"}).has_value());
  Folder folder("later");
  folder.write("cues.yaml",
               "groups:\n  - id: mine\n    stance: hopes\n    takes: [clause]\n    verbs: [say, chirrup]\n    examples: [{text: \"He "
               "chirruped.\", cue: chirruped, stance: hopes}]\n");
  auto loaded = CueLexicon::load({std::string(REPORTEDLY_SOURCE) + "/lexicon", folder.path()});
  REQUIRE(loaded.has_value());
  const auto s = sample(
      {"He/he/PRON/2/nsubj said/say/VERB/0/root it/it/PRON/2/obj", "He/he/PRON/2/nsubj chirruped/chirrup/VERB/0/root it/it/PRON/2/obj"});
  CHECK((*loaded)->impl().match(s.trees, 1).group->stance == Stance::hopes);
  CHECK((*loaded)->impl().match(s.trees, 4).group->stance == Stance::hopes);
  CHECK(cues().impl().match(s.trees, 1).group->stance == Stance::asserts);
  CHECK_FALSE(cues().impl().match(s.trees, 4));
}

TEST_CASE("particles, clauses and forms of be decide between entries") {
  const auto s = sample({"He/he/PRON/3/nsubj was/be/AUX/3/cop afraid/afraid/ADJ/0/root~ ././PUNCT/3/punct",
                         "He/he/PRON/2/nsubj pointed/point/VERB/0/root out/out/ADP/2/compound:prt flaws/flaw/NOUN/2/obj",
                         "He/he/PRON/2/nsubj pointed/point/VERB/0/root north/north/ADV/2/advmod"});
  CHECK(cues().impl().match(s.trees, 2).group->stance == Stance::fears);
  CHECK(cues().impl().match(s.trees, 5).entry->text == "point out");
  CHECK_FALSE(cues().impl().match(s.trees, 9));
}
