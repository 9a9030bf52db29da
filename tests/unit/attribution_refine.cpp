// docs/voices.md, rules M1–M8, M10, R15.
#include "attribution/refine.h"
#include "attribution_trees.h"

using namespace reportedly;
using namespace reportedly::attribution;
using namespace reportedly::attribution_test;

namespace {

std::vector<Linked> refined(const Sample& s, std::vector<Linked> linked) {
  return refine(s.trees, cues().impl(), find_quotations(s.trees), std::move(linked));
}

const char* const kMillers =
    "Ada/Ada/PROPN/2/nsubj said/say/VERB/0/root that/that/SCONJ/6/mark the/the/DET/5/det millers/miller/NOUN/6/nsubj "
    "slept/sleep/VERB/2/ccomp in/in/ADP/9/case the/the/DET/9/det "
    "barn/barn/NOUN/6/obl~ ././PUNCT/2/punct";

}  // namespace

TEST_CASE("M1 a content does not end on a word that leans on the next one, nor begin after one") {
  const auto s = sample({kMillers});
  auto l = refined(s, {{{{0, 1}}, {{1, 2}}, {{2, 8}}}});
  CHECK(s.words(l[0].content) == "that the millers slept in the barn");
  l = refined(s, {{{{0, 1}}, {{1, 2}}, {{4, 9}}}});
  CHECK(s.words(l[0].content) == "the millers slept in the barn");
}

TEST_CASE("M2 pieces that the tagger tore apart are one") {
  const auto s = sample({kMillers});
  const auto l = refined(s, {{{{0, 1}}, {{1, 2}}, {{2, 5}, {6, 9}}}});
  CHECK(s.words(l[0].content) == "that the millers slept in the barn");
}

TEST_CASE("M3 a piece of another clause is left out, one of the same clause stays") {
  const auto s =
      sample({"Bo/Bo/PROPN/2/nsubj praised/praise/VERB/0/root her/she/PRON/4/nmod:poss cook/cook/NOUN/2/obj and/and/CCONJ/6/cc "
              "said/say/VERB/2/conj rain/rain/NOUN/8/nsubj "
              "came/come/VERB/6/ccomp~ ././PUNCT/2/punct"});
  auto l = refined(s, {{{{0, 1}}, {{5, 6}}, {{2, 4}, {6, 8}}}});
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].content) == "rain came");
  const auto t =
      sample({"The/the/DET/2/det bridge/bridge/NOUN/9/nsubj~ ,/,/PUNCT/4/punct said/say/VERB/9/parataxis the/the/DET/6/det "
              "council/council/NOUN/4/nsubj~ "
              ",/,/PUNCT/4/punct is/be/AUX/9/cop unsafe/unsafe/ADJ/0/root~ ././PUNCT/9/punct"});
  l = refined(t, {{{{4, 6}}, {{3, 4}}, {{0, 2}, {7, 9}}}});
  CHECK(t.words(l[0].content) == "The bridge | is unsafe");
}

TEST_CASE("M4 a verb without a source takes its subject, but not out of the content") {
  const auto s = sample({kMillers});
  CHECK(s.words(refined(s, {{{}, {{1, 2}}, {{2, 9}}}})[0].source) == "Ada");
  const auto t =
      sample({"The/the/DET/2/det treaty/treaty/NOUN/3/nsubj seems/seem/VERB/0/root to/to/PART/6/mark be/be/AUX/6/cop "
              "dead/dead/ADJ/3/xcomp~ ././PUNCT/3/punct"});
  CHECK(refined(t, {{{}, {{2, 3}}, {{0, 2}, {3, 6}}}})[0].source.empty());
}

TEST_CASE("M5 a content behind a name and a colon; one with nothing is dropped") {
  const auto s =
      sample({"BRANDL/Brandl/PROPN/4/dislocated~ :/:/PUNCT/4/punct Rain/rain/NOUN/4/nsubj came/come/VERB/0/root~ ././PUNCT/4/punct", "",
              kMillers});
  const auto l = refined(s, {{{}, {}, {{2, 4}}}, {{}, {}, {{7, 12}}}});
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].source) == "BRANDL");
  CHECK(s.words(l[0].cue) == ":");
}

TEST_CASE("M6 what the source says in its turn is an attribution of its own") {
  const auto s =
      sample({"Ada/Ada/PROPN/2/nsubj warned/warn/VERB/0/root that/that/SCONJ/5/mark war/war/NOUN/5/nsubj loomed/loom/VERB/2/ccomp "
              "and/and/CCONJ/7/cc called/call/VERB/2/conj "
              "for/for/ADP/9/case talks/talk/NOUN/7/obl~ ././PUNCT/2/punct"});
  const auto l = refined(s, {{{{0, 1}}, {{1, 2}}, {{2, 9}}}});
  REQUIRE(l.size() == 2);
  CHECK(s.words(l[0].content) == "that war loomed");
  CHECK(s.words(l[1].source) == "Ada");
  CHECK(s.words(l[1].cue) == "called for");
  CHECK(s.words(l[1].content) == "talks");
}

TEST_CASE("M7 inside a content a verb's own subject is its source, M8 and no relative clause belongs to one") {
  // the radio | her brother, who fled, wrote that rain came
  const auto s =
      sample({"the/the/DET/2/det radio/radio/NOUN/8/obl her/she/PRON/4/nmod:poss brother/brother/NOUN/8/nsubj~ ,/,/PUNCT/7/punct "
              "who/who/PRON/7/nsubj fled/flee/VERB/4/acl:relcl wrote/write/VERB/0/root that/that/SCONJ/11/mark "
              "rain/rain/NOUN/11/nsubj came/come/VERB/8/ccomp~ ././PUNCT/8/punct"});
  const auto inner = [&](std::vector<Linked> linked) {
    return refine(s.trees, cues().impl(), find_quotations(s.trees), std::move(linked), true);
  };
  CHECK(s.words(inner({{{{0, 2}}, {{7, 8}}, {{8, 11}}}})[0].source) == "her brother");
  CHECK(s.words(inner({{{{2, 7}}, {{7, 8}}, {{8, 11}}}})[0].source) == "her brother");
  CHECK(s.words(refined(s, {{{{0, 2}}, {{7, 8}}, {{8, 11}}}})[0].source) == "the radio");
}

TEST_CASE("M10 inside a content who was told something is no source of it") {
  // she was told by a clerk that rain came
  const auto s =
      sample({"she/she/PRON/3/nsubj was/be/AUX/3/aux:pass told/tell/VERB/0/root by/by/ADP/6/case a/a/DET/6/det clerk/clerk/NOUN/3/obl "
              "that/that/SCONJ/9/mark rain/rain/NOUN/9/nsubj came/come/VERB/3/ccomp~ ././PUNCT/3/punct"});
  const auto inner = [&](std::vector<Linked> linked) {
    return refine(s.trees, cues().impl(), find_quotations(s.trees), std::move(linked), true);
  };
  CHECK(s.words(inner({{{{0, 1}}, {{1, 3}}, {{6, 9}}}})[0].source) == "a clerk");
  CHECK(s.words(inner({{{{4, 6}}, {{1, 3}}, {{6, 9}}}})[0].source) == "a clerk");
  CHECK(s.words(refined(s, {{{{0, 1}}, {{1, 3}}, {{6, 9}}}})[0].source) == "she");
}

TEST_CASE("M10 inside a content a verb takes the subject that it shares") {
  // the reeve waited, fearing that rain came
  const auto s =
      sample({"the/the/DET/2/det reeve/reeve/NOUN/3/nsubj waited/wait/VERB/0/root~ ,/,/PUNCT/5/punct fearing/fear/VERB/3/advcl "
              "that/that/SCONJ/8/mark rain/rain/NOUN/8/nsubj came/come/VERB/5/ccomp~ ././PUNCT/3/punct"});
  const auto l = refine(s.trees, cues().impl(), find_quotations(s.trees), {{{}, {{4, 5}}, {{5, 8}}}}, true);
  CHECK(s.words(l[0].source) == "the reeve");
  CHECK(refined(s, {{{}, {{4, 5}}, {{5, 8}}}})[0].source.empty());
}

TEST_CASE("R15 inside a content the noun before 'who' is the source, whatever the tree makes of it") {
  // guards beat weavers from Riga, who said rain came
  const auto s = sample(
      {"guards/guard/NOUN/2/nsubj beat/beat/VERB/0/root weavers/weaver/NOUN/2/obj from/from/ADP/5/case Riga/Riga/PROPN/3/nmod~ "
       ",/,/PUNCT/8/punct who/who/PRON/8/nsubj said/say/VERB/2/advcl rain/rain/NOUN/10/nsubj came/come/VERB/8/ccomp~ ././PUNCT/2/punct"});
  const auto l = refine(s.trees, cues().impl(), find_quotations(s.trees), {{{{6, 7}}, {{7, 8}}, {{8, 10}}}}, true);
  CHECK(s.words(l[0].source) == "weavers from Riga");
  CHECK(s.words(refined(s, {{{{6, 7}}, {{7, 8}}, {{8, 10}}}})[0].source) == "who");
}
