#include <doctest/doctest.h>

#include "places/places.h"
#include "syntax/conllu.h"

using namespace reportedly;

namespace {

struct Case {
  syntax::Trees trees;
  std::vector<Place> places;
};

/// Rows "form upos head rel"; a "*" before a form makes it a place with that feature: "*PPL:Goma".
Case make(std::initializer_list<const char*> rows) {
  std::string conllu;
  int id = 0;
  std::vector<std::pair<int, std::string>> marked;
  for (const char* r : rows) {
    std::string row = r, feature;
    if (row[0] == '*') {
      feature = row.substr(1, row.find(':') - 1);
      row.erase(0, row.find(':') + 1);
    }
    std::string f[5];
    size_t k = 0;
    for (const char c : row) {
      if (c == ' ')
        ++k;
      else
        f[k] += c;
    }
    if (!feature.empty()) marked.emplace_back(id, feature);
    conllu += std::to_string(++id) + '\t' + f[0] + '\t' + (f[4].empty() ? f[0] : f[4]) + '\t' + f[1] + "\t_\t_\t" + f[2] + '\t' + f[3] +
              "\t_\t_\n";
  }
  auto read = syntax::read_conllu(conllu + "\n");
  REQUIRE(read.has_value());
  Case out{std::move(read->trees), {}};
  for (const auto& [w, feature] : marked) {
    Place p;
    p.span = out.trees.words[static_cast<size_t>(w)].span;
    p.name = out.trees.words[static_cast<size_t>(w)].form;
    p.feature = feature;
    p.role = "mention";
    out.places.push_back(p);
  }
  return out;
}

std::string place_name(const Case& c, uint32_t trigger) {
  const int32_t p = places::place_of(c.trees, c.places, trigger);
  return p < 0 ? "none" : c.places[static_cast<size_t>(p)].name;
}

}  // namespace

TEST_CASE("a modifier with a preposition of place") {
  CHECK(place_name(make({"Soldiers NOUN 2 nsubj", "fired VERB 0 root fire", "in ADP 4 case", "*PPLC:Oslo PROPN 2 obl"}), 1) == "Oslo");
  CHECK(place_name(make({"Soldiers NOUN 2 nsubj", "fired VERB 0 root fire", "from ADP 4 case", "*PPLC:Oslo PROPN 2 obl"}), 1) == "none");
  CHECK(place_name(make({"Ministers NOUN 2 nsubj", "travelled VERB 0 root travel", "to ADP 4 case", "*PPLC:Oslo PROPN 2 obl"}), 1) ==
        "Oslo");
  CHECK(place_name(make({"Ministers NOUN 2 nsubj", "appealed VERB 0 root appeal", "to ADP 4 case", "*PCLI:Norway PROPN 2 obl"}), 1) ==
        "none");
}

TEST_CASE("through the noun that lies in the place") {
  const Case c = make(
      {"Rebels NOUN 2 nsubj", "burned VERB 0 root burn", "a DET 4 det", "base NOUN 2 obj", "near ADP 6 case", "*PPL:Goma PROPN 4 nmod"});
  CHECK(place_name(c, 1) == "Goma");
}

TEST_CASE("the narrower of two places") {
  const Case c = make({"Rebels NOUN 2 nsubj", "fought VERB 0 root fight", "in ADP 4 case", "*PCLI:Congo PROPN 2 obl", "in ADP 6 case",
                       "*PPL:Goma PROPN 2 obl"});
  CHECK(place_name(c, 1) == "Goma");
}

TEST_CASE("an act noun takes the place of its clause, but not of the telling") {
  const Case c = make({"The DET 2 det", "attack NOUN 3 nsubj", "happened VERB 0 root happen", "in ADP 5 case", "*PPL:Goma PROPN 3 obl"});
  CHECK(place_name(c, 1) == "Goma");
  const Case told = make({"Norway PROPN 2 nsubj", "condemned VERB 0 root condemn", "the DET 4 det", "attack NOUN 2 obj", "in ADP 6 case",
                          "*PPLC:Oslo PROPN 2 obl"});
  CHECK(place_name(told, 3) == "none");
  const Case said = make({"Officials NOUN 2 nsubj", "said VERB 0 root say", "in ADP 4 case", "*PPLC:Oslo PROPN 2 obl",
                          "rebels NOUN 6 nsubj", "fled VERB 2 ccomp flee"});
  CHECK(place_name(said, 5) == "none");
  CHECK(place_name(said, 1) == "Oslo");
}

TEST_CASE("what is attacked or entered is where it happens; a state beside its act is the actor") {
  CHECK(place_name(make({"Troops NOUN 2 nsubj", "entered VERB 0 root enter", "*PPL:Goma PROPN 2 obj"}), 1) == "Goma");
  CHECK(place_name(make({"Troops NOUN 2 nsubj", "thanked VERB 0 root thank", "*PCLI:Norway PROPN 2 obj"}), 1) == "none");
  CHECK(place_name(make({"*PPL:Goma PROPN 2 compound", "attack NOUN 0 root"}), 1) == "Goma");
  CHECK(place_name(make({"*PCLI:Norway PROPN 2 compound", "attack NOUN 0 root"}), 1) == "none");
}

TEST_CASE("the dateline is not where it happened") {
  Case c = make({"Soldiers NOUN 2 nsubj", "fired VERB 0 root fire", "in ADP 4 case", "*PPLC:Oslo PROPN 2 obl"});
  c.places[0].role = "dateline";
  CHECK(place_name(c, 1) == "none");
}
