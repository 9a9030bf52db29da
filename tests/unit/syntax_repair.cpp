// Slips of the parser that the words disprove: hand-written trees, before and after.
#include <doctest/doctest.h>

#include <random>
#include <sstream>

#include "syntax/conllu.h"
#include "syntax/repair.h"

using namespace reportedly;

namespace {

/// "form/UPOS/xpos/head/deprel" a word, with "/close" where no blank follows; the relations after the repair, "form>head:deprel" where a
/// word has changed.
std::string changes(const std::string& sentence) {
  std::string conllu = "# newdoc id = d\n";
  std::istringstream in(sentence);
  int n = 0;
  for (std::string word; in >> word;) {
    std::istringstream fields(word);
    std::string form, upos, xpos, head, deprel, close;
    std::getline(fields, form, '/');
    std::getline(fields, upos, '/');
    std::getline(fields, xpos, '/');
    std::getline(fields, head, '/');
    std::getline(fields, deprel, '/');
    std::getline(fields, close, '/');
    std::string lemma = form;
    for (char& c : lemma) c = static_cast<char>(c >= 'A' && c <= 'Z' && upos != "PROPN" ? c + 32 : c);
    conllu += std::to_string(++n) + "\t" + form + "\t" + lemma + "\t" + upos + "\t" + xpos + "\t_\t" + head + "\t" + deprel + "\t_\t" +
              (close.empty() ? "_" : "SpaceAfter=No") + "\n";
  }
  auto read = syntax::read_conllu(conllu + "\n");
  REQUIRE(read.has_value());
  const std::vector<syntax::Word> before = read->trees.words;
  syntax::repair(read->trees);
  std::string out;
  for (size_t w = 0; w < before.size(); ++w) {
    const syntax::Word& now = read->trees.words[w];
    if (now.head == before[w].head && now.deprel == before[w].deprel) continue;
    out += (out.empty() ? "" : " ") + now.form + ">" + (now.head < 0 ? "0" : read->trees.words[static_cast<size_t>(now.head)].form) + ":" +
           std::string(now.deprel);
  }
  return out;
}

}  // namespace

TEST_CASE("repair: articles, prepositions and their nouns") {
  CHECK(changes("A/DET/DT/3/nsubj mob/NOUN/NN/3/nsubj attacked/VERB/VBD/0/root him/PRON/PRP/3/obj") == "A>mob:det");
  CHECK(changes("They/PRON/PRP/2/nsubj clashed/VERB/VBD/0/root with/ADP/IN/2/advmod the/DET/DT/5/det police/NOUN/NNS/2/obj") ==
        "with>police:case police>clashed:obl");
  CHECK(changes("Aid/NOUN/NN/2/nsubj went/VERB/VBD/0/root to/ADP/IN/4/case South/PROPN/NNP/5/compound Sudan/PROPN/NNP/2/obl") ==
        "to>Sudan:case");
}

TEST_CASE("repair: phrases hung on the verb") {
  CHECK(changes("Police/NOUN/NNS/4/nsubj in/ADP/IN/3/case Peru/PROPN/NNP/4/obl freed/VERB/VBD/0/root hostages/NOUN/NNS/4/obj") ==
        "Peru>Police:nmod");
  CHECK(changes("It/PRON/PRP/2/nsubj froze/VERB/VBD/0/root assets/NOUN/NNS/2/obj of/ADP/IN/5/case Iran/PROPN/NNP/2/obl") ==
        "Iran>assets:nmod");
  CHECK(changes("It/PRON/PRP/2/nsubj accuse/VERB/VBP/0/root officers/NOUN/NNS/2/obj of/ADP/IN/5/case fraud/NOUN/NN/2/obl").empty());
  CHECK(changes("Ministers/NOUN/NNS/4/nsubj on/ADP/IN/3/case Monday/PROPN/NNP/4/obl met/VERB/VBD/0/root").empty());
}

TEST_CASE("repair: neighbours, owners and subjects") {
  CHECK(changes("Nations/PROPN/NNPS/3/nsubj troops/NOUN/NNS/3/nsubj came/VERB/VBD/0/root") == "Nations>troops:compound");
  CHECK(changes("He/PRON/PRP/2/nsubj freed/VERB/VBD/0/root three/NUM/CD/2/obj Syrians/PROPN/NNPS/2/obj") == "three>Syrians:nummod");
  CHECK(changes("Russia/PROPN/NNP/3/nsubj 's/PART/POS/1/case refusal/NOUN/NN/4/nsubj came/VERB/VBD/0/root") == "Russia>refusal:nmod:poss");
  CHECK(changes("Police/NOUN/NNS/2/nsubj questioned/VERB/VBD/0/root a/DET/DT/4/det minister/NOUN/NN/2/nsubj") == "minister>questioned:obj");
}

TEST_CASE("repair: of two objects the first has the second, where the verb gives") {
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj grant/VERB/VBD/0/root officers/NOUN/NNS/2/obj asylum/NOUN/NN/2/obj") == "officers>grant:iobj");
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj burn/VERB/VBD/0/root officers/NOUN/NNS/2/obj asylum/NOUN/NN/2/obj") == "officers>asylum:compound");
}

TEST_CASE("repair: who is accused of doing is the object of the accusing verb") {
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj accused/VERB/VBD/0/root the/DET/DT/4/det navy/NOUN/NN/6/nsubj of/SCONJ/IN/6/mark "
                "firing/VERB/VBG/2/ccomp") == "navy>accused:obj");
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj accused/VERB/VBD/0/root the/DET/DT/4/det navy/NOUN/NN/6/obj of/SCONJ/IN/6/mark "
                "firing/VERB/VBG/2/advcl") == "navy>accused:obj");
  // without a preposition between them the subject stays one
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj saw/VERB/VBD/0/root the/DET/DT/4/det navy/NOUN/NN/5/nsubj firing/VERB/VBG/2/ccomp").empty());
}

TEST_CASE("repair: what is done to people is a passive") {
  CHECK(changes("Forty/NUM/CD/3/nsubj be/AUX/VBD/3/cop killed/ADJ/VBN/0/root") == "Forty>killed:nsubj:pass be>killed:aux:pass");
  CHECK(changes("Forty/NUM/CD/3/nsubj be/AUX/VBD/3/cop pleased/ADJ/VBN/0/root").empty());
}

TEST_CASE("repair: a clause right behind its verb is what the verb says") {
  CHECK(changes("They/PRON/PRP/2/nsubj left/VERB/VBD/4/ccomp he/PRON/PRP/4/nsubj said/VERB/VBD/0/root adding/VERB/VBG/4/advcl "
                "that/SCONJ/IN/8/mark she/PRON/PRP/8/nsubj stayed/VERB/VBD/2/advcl") == "stayed>adding:ccomp");
  // the verb has its content already
  CHECK(changes("He/PRON/PRP/2/nsubj left/VERB/VBD/0/root saying/VERB/VBG/2/advcl that/SCONJ/IN/6/mark he/PRON/PRP/6/nsubj "
                "slept/VERB/VBD/3/ccomp")
            .empty());
}

TEST_CASE("repair: participles have their own objects and are joined to each other") {
  CHECK(changes("Shells/NOUN/NNS/2/nsubj struck/VERB/VBD/0/root harbours/NOUN/NNS/2/obj killing/VERB/VBG/2/advcl five/NUM/CD/6/nummod "
                "men/NOUN/NNS/2/obj and/CCONJ/CC/8/cc sinking/VERB/VBG/2/conj boats/NOUN/NNS/8/obj") ==
        "men>killing:obj sinking>killing:conj");
  CHECK(changes("They/PRON/PRP/2/nsubj saw/VERB/VBD/0/root moving/VERB/VBG/4/amod boats/NOUN/NNS/2/obj").empty());
}

TEST_CASE("repair: what stands before 'after' is no part of the clause behind it") {
  CHECK(changes("They/PRON/PRP/2/nsubj struck/VERB/VBD/0/root from/ADP/IN/4/case May/PROPN/NNP/7/obl after/SCONJ/IN/6/case "
                "talks/NOUN/NNS/7/nsubj "
                "failed/VERB/VBD/2/advcl") == "May>struck:obl after>failed:mark");
  // how long after it is its own
  CHECK(changes("They/PRON/PRP/2/nsubj struck/VERB/VBD/0/root days/NOUN/NNS/6/obl after/SCONJ/IN/6/mark talks/NOUN/NNS/6/nsubj "
                "failed/VERB/VBD/2/advcl")
            .empty());
}

TEST_CASE("repair: phrases end before a preposition") {
  CHECK(changes("Dawn/NOUN/NN/4/compound raids/NOUN/NNS/0/root across/ADP/IN/4/case provinces/NOUN/NNS/2/nmod") == "Dawn>raids:compound");
  CHECK(changes("Shares/NOUN/NNS/0/root in/ADP/IN/3/case mine/NOUN/NN/5/nmod:poss 's/PART/POS/3/case owner/NOUN/NN/1/nmod") ==
        "in>owner:case");
  CHECK(changes(
            "co/NOUN/NN/5/nsubj/close -/PUNCT/HYPH/4/punct/close chair/NOUN/NN/4/nmod:desc Ruiz/PROPN/NNP/1/appos spoke/VERB/VBD/0/root") ==
        "co>chair:compound ->chair:punct Ruiz>spoke:nsubj");
}

TEST_CASE("repair: a verb is no punctuation") {
  CHECK(changes(
            "Oslo/PROPN/NNP/2/nsubj denied/VERB/VBD/0/root a/DET/DT/4/det claim/NOUN/NN/2/obj that/SCONJ/IN/7/mark ships/NOUN/NNS/7/nsubj "
            "fired/VERB/VBD/4/punct") == "fired>claim:acl");
  CHECK(changes("He/PRON/PRP/2/nsubj left/VERB/VBD/0/root they/PRON/PRP/4/nsubj stayed/VERB/VBD/2/punct") == "stayed>left:parataxis");
}

TEST_CASE("repair: what has been done to somebody is a passive") {
  CHECK(changes("Envoys/NOUN/NNS/4/nsubj had/AUX/VBD/4/aux been/AUX/VBN/4/cop summoned/VERB/VBN/0/root") ==
        "Envoys>summoned:nsubj:pass been>summoned:aux:pass");
  CHECK(changes("Envoys/NOUN/NNS/3/nsubj were/AUX/VBD/3/cop prepared/VERB/VBN/0/root").empty());
}

TEST_CASE("repair: what has a mark is a clause") {
  CHECK(changes("Guards/NOUN/NNS/2/nsubj resorted/VERB/VBD/0/root to/ADP/IN/4/mark shooting/NOUN/VBG/2/obl") == "shooting>resorted:advcl");
  CHECK(changes("Guards/NOUN/NNS/2/nsubj resorted/VERB/VBD/0/root to/ADP/IN/4/case shooting/NOUN/VBG/2/obl").empty());
}

TEST_CASE("repair: an answer is the object of the verb before it") {
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj said/VERB/VBD/0/root no/INTJ/UH/2/discourse to/ADP/IN/5/case talks/NOUN/NNS/2/nmod") ==
        "no>said:obj talks>said:obl");
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj said/VERB/VBD/0/root no/INTJ/UH/2/discourse more/ADV/RBR/2/advmod").empty());
}

TEST_CASE("repair: whose object it is, and what is none") {
  CHECK(changes("Police/NOUN/NN/2/nsubj used/VERB/VBD/0/root gas/NOUN/NN/2/obj to/PART/TO/5/mark disperse/VERB/VB/2/advcl "
                "crowds/NOUN/NNS/2/obj") == "crowds>disperse:obj");
  CHECK(changes("Peru/PROPN/NNP/2/nsubj declare/VERB/VBP/0/root the/DET/DT/4/det envoy/NOUN/NN/2/iobj persona/NOUN/NN/2/obj") ==
        "envoy>declare:obj persona>declare:xcomp");
  CHECK(changes("Peru/PROPN/NNP/2/nsubj gave/VERB/VBD/0/root the/DET/DT/4/det envoy/NOUN/NN/2/iobj leave/NOUN/NN/2/obj").empty());
  CHECK(changes("Peru/PROPN/NNP/2/nsubj wants/VERB/VBZ/0/root men/NOUN/NNS/2/obj back/ADV/RB/2/xcomp from/ADP/IN/6/case "
                "Chile/PROPN/NNP/4/obl") == "back>wants:advmod Chile>wants:obl");
  CHECK(changes("Talks/NOUN/NNS/6/nsubj between/ADP/IN/3/case Peru/PROPN/NNP/1/nmod and/CCONJ/CC/5/cc Chile/PROPN/NNP/1/nmod "
                "began/VERB/VBD/0/root") == "Chile>Peru:conj");
  CHECK(changes("Envoys/NOUN/NNS/6/nsubj of/ADP/IN/3/case Peru/PROPN/NNP/1/compound and/CCONJ/CC/5/cc Chile/PROPN/NNP/1/conj "
                "met/VERB/VBD/0/root") == "Peru>Envoys:nmod Chile>Peru:conj");
  CHECK(changes("Oslo/PROPN/NNP/2/nsubj call/VERB/VBP/0/root the/DET/DT/4/det drill/NOUN/NN/6/nsubj a/DET/DT/6/det "
                "rehearsal/NOUN/NN/2/xcomp") == "drill>call:obj");
  CHECK(changes("The/DET/DT/2/det envoy/NOUN/NN/7/nsubj to/ADP/IN/4/case Peru/PROPN/NNP/2/nmod Ann/PROPN/NNP/7/nsubj "
                "Holm/PROPN/NNP/5/flat left/VERB/VBD/0/root") == "envoy>Ann:nmod:desc");
  CHECK(changes("The/DET/DT/2/det envoy/NOUN/NN/6/nsubj ,/PUNCT/,/4/punct Ann/PROPN/NNP/6/nsubj Holm/PROPN/NNP/4/flat left/VERB/VBD/0/root")
            .empty());
  CHECK(changes("They/PRON/PRP/2/nsubj met/VERB/VBD/0/root President/PROPN/NNP/2/obj Ann/PROPN/NNP/2/obj Holm/PROPN/NNP/4/flat") ==
        "President>Ann:nmod:desc");
  CHECK(changes("They/PRON/PRP/2/nsubj name/VERB/VBP/0/root President/PROPN/NNP/2/obj Holm/PROPN/NNP/2/obj") != "President>Holm:nmod:desc");
  CHECK(changes("Police/NOUN/NN/2/nsubj held/VERB/VBD/0/root eleven/NUM/CD/2/nsubj people/NOUN/NNS/2/obj") == "eleven>people:nummod");
  CHECK(changes("They/PRON/PRP/2/nsubj said/VERB/VBD/0/root that/SCONJ/IN/6/mark 9,000/NUM/CD/2/obj people/NOUN/NNS/4/nsubj "
                "marched/VERB/VBD/2/ccomp") == "9,000>people:nummod people>marched:nsubj");
  CHECK(changes("According/VERB/VBG/3/case to/ADP/IN/1/fixed officials/NOUN/NNS/5/nsubj Oslo/PROPN/NNP/5/nsubj agreed/VERB/VBD/0/root") ==
        "officials>agreed:obl");
  CHECK(changes("Shots/NOUN/NNS/4/appos came/VERB/VBD/0/root from/ADP/IN/4/case boats/NOUN/NNS/2/obl") == "Shots>came:nsubj");
  CHECK(changes("War/NOUN/NN/0/root of/ADP/IN/3/case conquest/NOUN/NN/1/nmod against/ADP/IN/5/case Peru/PROPN/NNP/3/nmod") ==
        "Peru>War:nmod");
  CHECK(changes("End/NOUN/NN/0/root of/ADP/IN/4/case the/DET/DT/4/det war/NOUN/NN/1/nmod against/ADP/IN/6/case Peru/PROPN/NNP/4/nmod")
            .empty());
}

TEST_CASE("repair: whatever the tree, it stays a tree with its root") {
  std::mt19937 random(5);
  const char* const kWords[] = {"the\tthe\tDET\tDT",      "navy\tnavy\tNOUN\tNN",    "of\tof\tADP\tIN", "accused\taccuse\tVERB\tVBD",
                                "Peru\tPeru\tPROPN\tNNP", "firing\tfire\tVERB\tVBG", "in\tin\tADP\tIN", "it\tit\tPRON\tPRP",
                                "two\ttwo\tNUM\tCD"};
  const char* const kRelations[] = {"nsubj", "obj", "obl", "nmod", "case", "det", "mark", "ccomp", "conj", "iobj", "compound"};
  for (int round = 0; round < 300; ++round) {
    const uint32_t n = 2 + random() % 12;
    std::string conllu = "# newpar\n";
    for (uint32_t w = 1; w <= n; ++w)  // every head lies before its word: a tree
      conllu += std::to_string(w) + "\t" + kWords[random() % 9] + "\t_\t" + std::to_string(w == 1 ? 0 : 1 + random() % (w - 1)) + "\t" +
                (w == 1 ? "root" : kRelations[random() % 11]) + "\t_\t_\n";
    auto read = syntax::read_conllu(conllu + "\n");
    REQUIRE(read.has_value());
    syntax::repair(read->trees);
    int roots = 0;
    for (const syntax::Word& word : read->trees.words) {
      roots += word.head < 0;
      int32_t up = word.head;
      for (uint32_t steps = 0; up >= 0; ++steps) {
        REQUIRE(steps <= n);
        up = read->trees.words[static_cast<size_t>(up)].head;
      }
    }
    CHECK(roots == 1);
  }
}
