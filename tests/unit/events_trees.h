// Hand-written trees for the tests of the events stage: "form/lemma/UPOS/xpos/head/deprel" a word, words parted by spaces.
#pragma once
#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "events/events.h"
#include "syntax/conllu.h"

namespace events_test {

using namespace reportedly;

inline const entities::Actors& actors() {
  static const auto kActors = [] {
    auto loaded = entities::Actors::load({std::filesystem::path(REPORTEDLY_SOURCE) / "lexicon"});
    REQUIRE_MESSAGE(loaded.has_value(), loaded.error().message);
    return std::move(*loaded);
  }();
  return *kActors;
}

inline const events::EventLexicon& lexicon() {
  static const auto kLexicon = [] {
    auto loaded = events::EventLexicon::load({std::filesystem::path(REPORTEDLY_SOURCE) / "lexicon"});
    REQUIRE_MESSAGE(loaded.has_value(), loaded.error().place << " " << loaded.error().message);
    return std::move(*loaded);
  }();
  return *kLexicon;
}

struct Coded {
  syntax::ReadTrees read;
  entities::EntityLayer entities;
  events::EventLayer layer;

  std::string line(const Event& e) const {
    const auto list = [](const std::vector<Participant>& ps) {
      std::string out;
      for (const Participant& p : ps) out += (out.empty() ? "" : "+") + p.country.value_or("?");
      return out.empty() ? std::string("-") : out;
    };
    return list(e.actors) + " " + e.type + (e.mode ? "/" + *e.mode : "") + " " + list(e.recipients) + " " + e.status + " " +
           factuality_name(e.factuality);
  }
  std::string lines() const {
    std::string out;
    for (const Event& e : layer.events) out += (out.empty() ? "" : "; ") + line(e);
    return out;
  }
};

inline syntax::ReadTrees tree(const std::string& words) {
  std::istringstream in(words);
  std::string word, conllu = "# newpar\n";
  for (int n = 1; in >> word; ++n) {
    std::vector<std::string> f(1);
    for (const char c : word)
      if (c == '/')
        f.emplace_back();
      else
        f.back() += c;
    REQUIRE_MESSAGE(f.size() == 6, word);
    std::string feats = "_";
    if (f[3] == "VBD" || f[3] == "VBZ" || f[3] == "VBP")
      feats = f[3] == "VBD" ? "Mood=Ind|Tense=Past|VerbForm=Fin" : "Mood=Ind|Tense=Pres|VerbForm=Fin";
    if (f[3] == "VB") feats = "VerbForm=Inf";
    if (f[3] == "VBG") feats = "VerbForm=Ger";
    if (f[3] == "VBN") feats = "Tense=Past|VerbForm=Part";
    conllu +=
        std::to_string(n) + "\t" + f[0] + "\t" + f[1] + "\t" + f[2] + "\t" + f[3] + "\t" + feats + "\t" + f[4] + "\t" + f[5] + "\t_\t_\n";
  }
  auto read = syntax::read_conllu(conllu + "\n");
  REQUIRE_MESSAGE(read.has_value(), read.error().message);
  return std::move(*read);
}

inline Coded code(const std::string& words, const std::vector<Attribution>& attributions = {},
                  const events::EventLexicon& entries = lexicon()) {
  Coded c{tree(words), {}, {}};
  text::Text text;
  auto read = text::read_text({.text = c.read.text}, {.repairs = false});
  REQUIRE(read.has_value());
  c.entities = entities::find_entities(c.read.trees, *read, nullptr, nullptr, nullptr, nullptr, actors(), std::nullopt);
  c.layer = events::code_events(c.read.trees, nullptr, c.entities, {}, {}, attributions, entries, actors(), std::nullopt);
  return c;
}

}  // namespace events_test
