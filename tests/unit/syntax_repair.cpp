// Slips of the parser that the words themselves disprove, on trees written by hand: form/lemma/UPOS/XPOS/head/relation.
#include <doctest/doctest.h>

#include <random>
#include <sstream>

#include "syntax/conllu.h"
#include "syntax/repair.h"

using namespace reportedly;

namespace {

syntax::Trees tree(const std::string& words) {
  std::istringstream in(words);
  std::string word, conllu = "# newpar\n";
  for (int n = 1; in >> word; ++n) {
    std::vector<std::string> f(1);
    for (const char c : word) {
      if (c == '/')
        f.emplace_back();
      else
        f.back() += c;
    }
    REQUIRE(f.size() == 6);
    conllu += std::to_string(n) + "\t" + f[0] + "\t" + f[1] + "\t" + f[2] + "\t" + f[3] + "\t_\t" + f[4] + "\t" + f[5] + "\t_\t_\n";
  }
  auto read = syntax::read_conllu(conllu + "\n");
  REQUIRE(read.has_value());
  return std::move(read->trees);
}

std::string repaired(const std::string& words, uint32_t w) {
  syntax::Trees trees = tree(words);
  syntax::repair(trees);
  const syntax::Word& word = trees.words[w - 1];
  return word.deprel.empty() ? "" : std::string(word.deprel) + " of " + (word.head < 0 ? "root" : trees.words[static_cast<size_t>(word.head)].form);
}

}  // namespace

TEST_CASE("who is accused of doing is the object of the accusing verb") {
  CHECK(repaired("Oslo/Oslo/PROPN/NNP/2/nsubj accused/accuse/VERB/VBD/0/root the/the/DET/DT/4/det navy/navy/NOUN/NN/6/nsubj of/of/SCONJ/IN/6/mark "
                 "firing/fire/VERB/VBG/2/ccomp",
                 4) == "obj of accused");
  // without a preposition between them the subject stays one
  CHECK(repaired("Oslo/Oslo/PROPN/NNP/2/nsubj saw/see/VERB/VBD/0/root the/the/DET/DT/4/det navy/navy/NOUN/NN/5/nsubj firing/fire/VERB/VBG/2/ccomp", 4) ==
        "nsubj of firing");
}

TEST_CASE("an article is no subject, a phrase with a preposition no object") {
  CHECK(repaired("The/the/DET/DT/3/nsubj envoy/envoy/NOUN/NN/3/nsubj left/leave/VERB/VBD/0/root", 1) == "det of envoy");
  CHECK(repaired("Oslo/Oslo/PROPN/NNP/2/nsubj fired/fire/VERB/VBD/0/root on/on/ADP/IN/4/case Bergen/Bergen/PROPN/NNP/2/obj", 4) == "obl of fired");
}

TEST_CASE("a tree that is right is left as it is") {
  const std::string words =
      "The/the/DET/DT/2/det envoy/envoy/NOUN/NN/5/nsubj of/of/ADP/IN/4/case Peru/Peru/PROPN/NNP/2/nmod accused/accuse/VERB/VBD/0/root "
      "Chile/Chile/PROPN/NNP/5/obj of/of/ADP/IN/8/case fraud/fraud/NOUN/NN/5/obl";
  const syntax::Trees before = tree(words);
  syntax::Trees after = tree(words);
  syntax::repair(after);
  for (size_t w = 0; w < before.words.size(); ++w) {
    CHECK(after.words[w].head == before.words[w].head);
    CHECK(after.words[w].rel == before.words[w].rel);
  }
}

TEST_CASE("whatever the tree, it stays a tree with its root") {
  std::mt19937 random(5);
  const char* const kWords[] = {"the/the/DET/DT",   "navy/navy/NOUN/NN", "of/of/ADP/IN",  "accused/accuse/VERB/VBD", "Peru/Peru/PROPN/NNP",
                                "firing/fire/VERB/VBG", "in/in/ADP/IN",  "it/it/PRON/PRP", "two/two/NUM/CD"};
  const char* const kRelations[] = {"nsubj", "obj", "obl", "nmod", "case", "det", "mark", "ccomp", "conj", "iobj", "compound"};
  for (int round = 0; round < 300; ++round) {
    const uint32_t n = 2 + random() % 12;
    std::string words;
    for (uint32_t w = 1; w <= n; ++w)  // every head lies before its word: a tree
      words += std::string(kWords[random() % 9]) + "/" + std::to_string(w == 1 ? 0 : 1 + random() % (w - 1)) + "/" + (w == 1 ? "root" : kRelations[random() % 11]) + " ";
    syntax::Trees trees = tree(words);
    syntax::repair(trees);
    int roots = 0;
    for (const syntax::Word& word : trees.words) {
      roots += word.head < 0;
      int32_t up = word.head;
      for (uint32_t steps = 0; up >= 0; ++steps) {
        REQUIRE(steps <= n);
        up = trees.words[static_cast<size_t>(up)].head;
      }
    }
    CHECK(roots == 1);
  }
}
