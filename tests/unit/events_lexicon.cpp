// The lexicon: it loads, its slips are reported with file and line, a user's entry wins; the scheme's tables.
#include <cstdlib>
#include <fstream>

#include "events/lexicon.h"
#include "events_trees.h"

using namespace events_test;
namespace fs = std::filesystem;

namespace {

/// A lexicon folder with one file of entries, removed afterwards.
class Folder {
 public:
  explicit Folder(const std::string& yaml) {
    std::string name = (fs::temp_directory_path() / "reportedly_lexicon_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::create_directories(path_ / "events");
    std::ofstream(path_ / "events" / "own.yaml") << yaml;
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const std::string kGood =
    "- id: wave-at\n  codes: {type: SUPPORT}\n  trigger: {verb: [wave]}\n  recipient: [at]\n  examples:\n    - {text: \"Peru waved at "
    "Chile.\", is: \"PER SUPPORT CHL\"}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("our own lexicon loads, all sixteen types are in it and every entry has an example that must not code") {
  const auto& impl = lexicon().impl();
  CHECK(impl.entries.size() >= 700);
  std::set<events::Type> types;
  for (const events::Entry& e : impl.entries) types.insert(e.codes.front().type);
  CHECK(types.size() == events::kTypes);
  std::set<std::string> positive, all;
  for (const events::Example& x : impl.examples) {
    all.insert(x.entry);
    if (x.is != "none") positive.insert(x.entry);
  }
  CHECK(all.size() == impl.entries.size());
  CHECK(positive.size() == impl.entries.size());
}

TEST_CASE("a slip in a lexicon file is refused with file, line and what was expected") {
  struct Slip {
    std::string from, to, says;
    int line;
  };
  const Slip slips[] = {{"type: SUPPORT", "type: SUPORT", "PLOVER's 16", 2},
                        {"type: SUPPORT", "type: SUPPORT, mode: riot", "no mode 'riot'", 2},
                        {"recipient: [at]", "recipient: [atop]", "no such place", 4},
                        {"recipient: [at]", "recipients: [at]", "unknown key", 4},
                        {"verb: [wave]", "verbs: [wave]", "unknown key", 3},
                        {"verb: [wave]", "verb: ['@nosuch']", "no word class", 3},
                        {"type: SUPPORT", "type: SUPPORT, contexts: [democracy]", "37", 2},
                        {"type: SUPPORT", "type: SUPPORT, cameo: '5x'", "CAMEO", 2}};
  for (const Slip& slip : slips) {
    const Folder folder(replaced(kGood, slip.from, slip.to));
    const auto loaded = events::EventLexicon::load({folder.path()});
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().code == ErrorCode::bad_data);
    CHECK_MESSAGE(loaded.error().message.find(slip.says) != std::string::npos, loaded.error().message);
    CHECK_MESSAGE(loaded.error().place.ends_with("own.yaml:" + std::to_string(slip.line)), loaded.error().place);
  }
  const Folder broken("- id: [\n");
  CHECK_FALSE(events::EventLexicon::load({broken.path()}).has_value());
  const Folder without(kGood.substr(0, kGood.find("  examples")));
  const auto loaded = events::EventLexicon::load({without.path()});
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().message.find("no examples") != std::string::npos);
}

TEST_CASE("an entry of the user's folder comes before ours, and one of the same id replaces it") {
  const Folder folder(kGood + replaced(kGood, "id: wave-at\n  codes: {type: SUPPORT}", "id: invade\n  codes: {type: COERCE}"));
  const auto loaded = events::EventLexicon::load({fs::path(REPORTEDLY_SOURCE) / "lexicon", folder.path()});
  REQUIRE(loaded.has_value());
  CHECK((*loaded)->entries() == lexicon().entries() + 1);
  for (const events::Entry& e : (*loaded)->impl().entries)
    if (e.id == "invade") CHECK(e.codes.front().type == events::Type::coerce);
  const Folder twice(kGood + kGood);
  CHECK_FALSE(events::EventLexicon::load({twice.path()}).has_value());
}

TEST_CASE("an entry for one voice of the verb leaves the other alone") {
  const std::string active = "Peru/Peru/PROPN/NNP/2/nsubj waved/wave/VERB/VBD/0/root at/at/ADP/IN/4/case Chile/Chile/PROPN/NNP/2/obl";
  const std::string passive =
      "Peru/Peru/PROPN/NNP/3/nsubj:pass was/be/AUX/VBD/3/aux:pass waved/wave/VERB/VBN/0/root at/at/ADP/IN/5/case "
      "Chile/Chile/PROPN/NNP/3/obl";
  const auto coded = [&](const std::string& voice, const std::string& words) {
    const Folder folder(replaced(kGood, "  recipient: [at]\n", "  recipient: [at]\n" + voice));
    const auto loaded = events::EventLexicon::load({folder.path()});
    REQUIRE_MESSAGE(loaded.has_value(), loaded.error().message);
    return code(words, {}, **loaded).layer;
  };
  const auto reason = [](const events::EventLayer& layer) {
    REQUIRE(layer.notes.size() == 1);
    REQUIRE_FALSE(layer.notes[0].considered.empty());
    return layer.notes[0].considered[0].reason;
  };
  CHECK(coded("", active).events.size() == 1);
  CHECK(coded("", passive).events.size() == 1);
  CHECK(coded("  voice: active\n", active).events.size() == 1);
  CHECK(coded("  voice: passive\n", passive).events.size() == 1);
  const auto no_passive = coded("  voice: active\n", passive), no_active = coded("  voice: passive\n", active);
  CHECK(no_passive.events.empty());
  CHECK(reason(no_passive) == "the verb is passive");
  CHECK(no_active.events.empty());
  CHECK(reason(no_active) == "the verb is active");
}

TEST_CASE("the scheme: quads, recipients, modes of threats by what is threatened") {
  using events::Type;
  CHECK(events::info(Type::sanction).quad == 4);
  CHECK(events::info(Type::retreat).quad == 2);
  CHECK(events::info(Type::accuse).intensity == doctest::Approx(-3));
  CHECK(events::info(Type::aid).needs_recipient);
  CHECK_FALSE(events::info(Type::assault).needs_recipient);
  CHECK(events::mode_of(Type::retreat, "ease") == nullptr);
  REQUIRE(events::mode_of(Type::assault, "targeted") != nullptr);
  CHECK(events::mode_of(Type::assault, "targeted")->intensity == doctest::Approx(-9.5));
  CHECK(events::mode_by_content(Type::threaten, Type::assault, "") == "violence");
  CHECK(events::mode_by_content(Type::reject, Type::consult, "visit") == "meet");
  CHECK(events::mode_by_content(Type::request, Type::retreat, "resign") == "change");
  CHECK(events::cameo_by_content(Type::threaten, Type::assault, "unconventional") == "1385");
  for (size_t i = 0; i < events::kTypes; ++i) {
    const auto& info = events::info(static_cast<Type>(i));
    CHECK(events::type_from(info.name) == static_cast<Type>(i));
  }
}

TEST_CASE("an entry marked last is tried after all others; places may follow each other; a genre spares whom it says") {
  const Folder good(
      "- id: own-last\n  codes: {type: SUPPORT}\n  trigger: {verb: [wave]}\n  when: {subject: {sector: [GOV]}, object: required}\n"
      "  last: true\n  examples:\n    - {text: \"Peru waved a flag.\", is: \"PER SUPPORT\"}\n"
      "- id: own-first\n  codes: {type: AGREE}\n  trigger: {verb: [wave]}\n  recipient: [to.with]\n  examples:\n    - {text: \"Peru "
      "waved.\", is: \"PER AGREE\"}\n");
  const auto loaded = events::EventLexicon::load({good.path()});
  REQUIRE(loaded.has_value());
  const auto& impl = (*loaded)->impl();
  const auto& wave = impl.index.find("wave")->second;
  REQUIRE(wave.size() == 2);
  CHECK(impl.entries[wave.front().entry].id == "own-first");
  const auto& recipient = impl.entries[wave.front().entry].recipient.alternatives.front().front();
  CHECK(recipient.prep == "to");
  REQUIRE(recipient.then.size() == 1);
  CHECK(recipient.then.front().prep == "with");
  std::ofstream(good.path() / "genres.yaml") << "sports:\n  spares: somebody\n  strong: [scrum]\n";
  const auto refused = events::EventLexicon::load({good.path()});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().place.find("genres.yaml:2") != std::string::npos);
}
