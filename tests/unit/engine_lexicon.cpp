// Every example of the event lexicon through the whole engine, the lexicon coding alone, with each model that is there. A parser that slips
// on one fails the test, which prints each example that fails.
#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "events/lexicon.h"
#include "reportedly/engine.h"

using namespace reportedly;

namespace {

using Codes = std::multiset<std::string>;

std::string side(std::multiset<std::string> names) {
  std::string out;
  for (const std::string& n : names) out += (out.empty() ? "" : "+") + n;
  return out.empty() ? "-" : out;
}

Codes expected(const std::string& is) {
  Codes out;
  std::istringstream all(is);
  for (std::string one; std::getline(all, one, ';');) {
    std::istringstream words(one);
    std::string word, sides[2] = {"-", "-"}, type;
    int at = 0;
    while (words >> word) {
      if (type.empty() && events::type_from(word.substr(0, word.find('/')))) {
        type = word;
        at = 1;
        continue;
      }
      std::istringstream parts(word);
      std::multiset<std::string> names;
      for (std::string part; std::getline(parts, part, '+');) names.insert(part);
      sides[at] = side(names);
    }
    if (!type.empty()) out.insert(sides[0] + " " + type + " " + sides[1]);
  }
  return out;
}

Codes coded(const Analysis& a) {
  Codes out;
  const auto countries = [](const std::vector<Participant>& list) {
    std::set<std::string> seen;
    for (const Participant& p : list) seen.insert(p.country.value_or("?"));
    return side({seen.begin(), seen.end()});
  };
  for (const Event& e : a.events)
    out.insert(countries(e.actors) + " " + e.type + (e.mode ? "/" + *e.mode : "") + " " + countries(e.recipients));
  return out;
}

std::string text_of(const Codes& codes) {
  std::string out;
  for (const std::string& c : codes) out += (out.empty() ? "" : "; ") + c;
  return out.empty() ? "none" : out;
}

}  // namespace

TEST_CASE("the lexicon's own examples code as they say") {
  auto lexicon = events::EventLexicon::load({std::filesystem::path(REPORTEDLY_SOURCE) / "lexicon"});
  REQUIRE(lexicon.has_value());
  for (const std::string model : {"reportedly-en.bin", "reportedly-en-accurate.bin"}) {
    const std::filesystem::path path = std::filesystem::path(REPORTEDLY_SOURCE) / "models" / model;
    if (!std::filesystem::exists(path)) continue;
    CAPTURE(model);
    auto engine = Engine::load({.data = REPORTEDLY_SOURCE, .model = path});
    REQUIRE_MESSAGE(engine.has_value(), engine.error().message);
    EngineWorkspace workspace;
    size_t positive = 0, positive_right = 0, negative = 0, negative_right = 0;
    for (const events::Example& x : (*lexicon)->impl().examples) {
      DocumentInput input;
      input.id = x.entry;
      input.text = x.text;
      input.language = "en";
      input.format = SourceFormat::record;
      const Codes got = coded((*engine)->code(input, workspace, {.learned = false})), want = expected(x.is);
      (want.empty() ? negative : positive) += 1;
      if (got == want)
        (want.empty() ? negative_right : positive_right) += 1;
      else
        MESSAGE(model << ": " << x.place << " " << x.text << " is: " << x.is << ", coded: " << text_of(got));
    }
    // Through a model an entry is only as good as the tree of its example: where a new model misreads one, src/syntax/repair.cpp may put it
    // right, or the entry is too narrow.
    CHECK_MESSAGE(negative_right == negative, negative_right << " of " << negative << " that must not code");
    CHECK_MESSAGE(positive_right == positive, positive_right << " of " << positive << " that must code");
  }
}
