// docs/voices.md, rules R1–R16 and V1–V3, on trees written by hand.
#include "attribution_trees.h"

using namespace reportedly;
using namespace reportedly::attribution;
using namespace reportedly::attribution_test;

TEST_CASE("R1 a clause that the cue governs, with its conjunction") {
  const auto s =
      sample({"The/the/DET/2/det council/council/NOUN/3/nsubj said/say/VERB/0/root that/that/SCONJ/8/mark the/the/DET/6/det "
              "bridge/bridge/NOUN/8/nsubj:pass "
              "was/be/AUX/8/aux:pass closed/close/VERB/3/ccomp~ ././PUNCT/3/punct"});
  const auto l = by_rule(s);
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].source) == "The council");
  CHECK(s.words(l[0].cue) == "said");
  CHECK(s.words(l[0].content) == "that the bridge was closed");
}

TEST_CASE("R2 a quotation beside the cue, and the one that goes on in the next sentence") {
  const auto s =
      sample({"“/“/PUNCT/4/punct~ We/we/PRON/4/nsubj are/be/AUX/4/aux leaving/leave/VERB/8/ccomp~ ,/,/PUNCT/4/punct~ ”/”/PUNCT/4/punct "
              "he/he/PRON/8/nsubj "
              "said/say/VERB/0/root~ ././PUNCT/8/punct",
              "“/“/PUNCT/3/punct~ Nobody/nobody/PRON/3/nsubj pays/pay/VERB/0/root~ ././PUNCT/3/punct~ ”/”/PUNCT/3/punct"});
  const auto l = by_rule(s);
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].source) == "he");
  CHECK(s.words(l[0].content) == "“We are leaving,” | “Nobody pays.”");
  const auto a = attributions(s);
  CHECK(a[0].form == Form::direct);
}

TEST_CASE("R2 a quotation after a colon that the tree does not attach") {
  const auto s = sample({"The/the/DET/2/det smith/smith/NOUN/3/nsubj shouted/shout/VERB/0/root~ :/:/PUNCT/3/punct",
                         "“/“/PUNCT/5/punct~ The/the/DET/3/det mill/mill/NOUN/5/nsubj is/be/AUX/5/aux burning/burn/VERB/0/root~ "
                         "././PUNCT/5/punct~ ”/”/PUNCT/5/punct"});
  REQUIRE(by_rule(s).size() == 1);
  CHECK(s.words(by_rule(s)[0].content) == "“The mill is burning.”");
  const auto t =
      sample({"The/the/DET/2/det smith/smith/NOUN/3/nsubj shouted/shout/VERB/0/root~ :/:/PUNCT/9/punct “/“/PUNCT/9/punct~ "
              "The/the/DET/7/det mill/mill/NOUN/9/nsubj "
              "is/be/AUX/9/aux burning/burn/VERB/3/parataxis~ ././PUNCT/9/punct~ ”/”/PUNCT/9/punct"});
  const auto l = by_rule(t);
  REQUIRE(l.size() == 1);
  CHECK(t.words(l[0].content) == "“The mill is burning.”");
}

TEST_CASE("R3 the cue inserted into what is said") {
  const auto s =
      sample({"The/the/DET/2/det bridge/bridge/NOUN/9/nsubj~ ,/,/PUNCT/4/punct said/say/VERB/9/parataxis the/the/DET/6/det "
              "council/council/NOUN/4/nsubj~ "
              ",/,/PUNCT/4/punct is/be/AUX/9/cop unsafe/unsafe/ADJ/0/root~ ././PUNCT/9/punct"});
  const auto l = by_rule(s);
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].source) == "the council");
  CHECK(s.words(l[0].content) == "The bridge | is unsafe");
}

TEST_CASE("R4 the source is to act") {
  const auto s =
      sample({"The/the/DET/2/det governor/governor/NOUN/3/nsubj vowed/vow/VERB/0/root to/to/PART/5/mark rebuild/rebuild/VERB/3/xcomp "
              "the/the/DET/7/det "
              "school/school/NOUN/5/obj~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].content) == "to rebuild the school");
  CHECK(a[0].stance == Stance::promises);
}

TEST_CASE("R5 another is to act") {
  const auto s = sample(
      {"The/the/DET/2/det envoy/envoy/NOUN/3/nsubj urged/urge/VERB/0/root both/both/DET/5/det sides/side/NOUN/3/obj to/to/PART/7/mark "
       "talk/talk/VERB/3/xcomp~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].content) == "both sides to talk");
  CHECK(a[0].stance == Stance::demands);
  const auto t =
      sample({"The/the/DET/2/det envoy/envoy/NOUN/3/nsubj told/tell/VERB/0/root reporters/reporter/NOUN/3/obj that/that/SCONJ/8/mark "
              "talks/talk/NOUN/8/nsubj "
              "had/have/AUX/8/aux failed/fail/VERB/3/ccomp~ ././PUNCT/3/punct"});
  const auto b = attributions(t);
  REQUIRE(b.size() == 1);
  CHECK(t.words(b[0].content) == "that talks had failed");
}

TEST_CASE("R6 whom and of what") {
  const auto s = sample(
      {"The/the/DET/2/det farmers/farmer/NOUN/3/nsubj accused/accuse/VERB/0/root the/the/DET/5/det mayor/mayor/NOUN/3/obj of/of/ADP/7/case "
       "fraud/fraud/NOUN/3/obl~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].source) == "The farmers");
  CHECK(s.words(a[0].content) == "the mayor of fraud");
  CHECK(a[0].stance == Stance::accuses);
  const auto t =
      sample({"The/the/DET/2/det mayor/mayor/NOUN/4/nsubj:pass was/be/AUX/4/aux:pass accused/accuse/VERB/0/root of/of/ADP/6/case "
              "fraud/fraud/NOUN/4/obl "
              "by/by/ADP/9/case the/the/DET/9/det farmers/farmer/NOUN/4/obl:agent~ ././PUNCT/4/punct"});
  const auto b = attributions(t);
  REQUIRE(b.size() == 1);
  CHECK(t.words(b[0].source) == "the farmers");
  CHECK(t.words(b[0].content) == "The mayor | of fraud");
}

TEST_CASE("R7 an object, and what a preposition of the cue brings") {
  const auto s = sample(
      {"The/the/DET/2/det mayor/mayor/NOUN/3/nsubj denied/deny/VERB/0/root the/the/DET/5/det charge/charge/NOUN/3/obj~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].content) == "the charge");
  CHECK(a[0].stance == Stance::denies);
  const auto t =
      sample({"The/the/DET/2/det bishop/bishop/NOUN/3/nsubj called/call/VERB/0/root for/for/ADP/6/case a/a/DET/6/det "
              "truce/truce/NOUN/3/obl~ ././PUNCT/3/punct"});
  const auto b = attributions(t);
  REQUIRE(b.size() == 1);
  CHECK(t.words(b[0].cue) == "called for");
  CHECK(t.words(b[0].content) == "a truce");
  CHECK(b[0].cue_lemma == "call for");
  CHECK(b[0].stance == Stance::demands);
}

TEST_CASE("R8 according to") {
  const auto s = sample(
      {"According/accord/VERB/4/case to/to/ADP/1/fixed the/the/DET/4/det army/army/NOUN/9/obl~ ,/,/PUNCT/9/punct two/two/NUM/7/nummod "
       "bridges/bridge/NOUN/9/nsubj:pass were/be/AUX/9/aux:pass lost/lose/VERB/0/root~ ././PUNCT/9/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].cue) == "According to");
  CHECK(s.words(a[0].source) == "the army");
  CHECK(s.words(a[0].content) == "two bridges were lost");
  CHECK(a[0].cue_lemma == "according to");
}

TEST_CASE("R9 is said to: who and what, relayed") {
  const auto s = sample(
      {"The/the/DET/2/det baron/baron/NOUN/4/nsubj:pass is/be/AUX/4/aux:pass said/say/VERB/0/root to/to/PART/7/mark have/have/AUX/7/aux "
       "sold/sell/VERB/4/xcomp the/the/DET/9/det forest/forest/NOUN/7/obj~ ././PUNCT/4/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(a[0].source.empty());
  CHECK(s.words(a[0].content) == "The baron | to have sold the forest");
  CHECK(a[0].stance == Stance::relays);
}

TEST_CASE("R10 reportedly: the clause around the word, relayed") {
  const auto s =
      sample({"The/the/DET/2/det baron/baron/NOUN/4/nsubj reportedly/reportedly/ADV/4/advmod sold/sell/VERB/0/root the/the/DET/6/det "
              "forest/forest/NOUN/4/obj~ "
              "././PUNCT/4/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].cue) == "reportedly");
  CHECK(s.words(a[0].content) == "The baron | sold the forest");
  CHECK(a[0].stance == Stance::relays);
}

TEST_CASE("R11 a name before a colon") {
  const auto s =
      sample({"BRANDL/Brandl/PROPN/6/dislocated~ :/:/PUNCT/6/punct The/the/DET/4/det bridge/bridge/NOUN/6/nsubj:pass is/be/AUX/6/aux:pass "
              "closed/close/VERB/0/root~ "
              "././PUNCT/6/punct",
              "Go/go/VERB/0/root home/home/ADV/1/advmod~ ././PUNCT/1/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].source) == "BRANDL");
  CHECK(s.words(a[0].cue) == ":");
  CHECK(s.words(a[0].content) == "The bridge is closed. Go home");
  const auto t = sample(
      {"The/the/DET/2/det price/price/NOUN/0/root~ :/:/PUNCT/2/punct ten/ten/NUM/5/nummod crowns/crown/NOUN/2/appos~ ././PUNCT/2/punct"});
  CHECK(by_rule(t).empty());
}

// The worked example of the output's contract.
TEST_CASE("R12 N1 as: the content of an inner report is the clause before") {
  const auto s =
      sample({"Norway’s/Norway/PROPN/3/nmod:poss foreign/foreign/ADJ/3/amod ministry/ministry/NOUN/4/nsubj denied/deny/VERB/0/root "
              "on/on/ADP/6/case Friday/Friday/PROPN/4/obl "
              "that/that/SCONJ/11/mark its/its/PRON/9/nmod:poss ships/ship/NOUN/11/nsubj had/have/AUX/11/aux entered/enter/VERB/4/ccomp "
              "Icelandic/Icelandic/ADJ/13/amod "
              "waters/water/NOUN/11/obj~ ,/,/PUNCT/17/punct as/as/SCONJ/17/mark Reykjavik/Reykjavik/PROPN/17/nsubj says/say/VERB/11/advcl "
              "two/two/NUM/19/nummod "
              "fishermen/fisherman/NOUN/20/nsubj told/tell/VERB/17/ccomp the/the/DET/23/det coast/coast/NOUN/23/compound "
              "guard/guard/NOUN/20/obj~ ././PUNCT/4/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 3);
  CHECK(s.words(a[0].content) == "that its ships had entered Icelandic waters");
  CHECK(a[0].stance == Stance::denies);
  CHECK(a[0].parent == -1);
  CHECK(a[0].why == std::vector<std::string>{"cues:deny"});
  CHECK(s.words(a[1].source) == "Reykjavik");
  CHECK(s.words(a[1].content) == "two fishermen told the coast guard");
  CHECK(a[1].parent == -1);
  CHECK(s.words(a[2].source) == "two fishermen");
  CHECK(s.words(a[2].content) == "that its ships had entered Icelandic waters");
  CHECK(a[2].parent == 1);
  CHECK(a[2].why == std::vector<std::string>{"cues:tell", "content before 'as'"});
}

TEST_CASE("R13 a noun and its owner") {
  const auto s =
      sample({"The/the/DET/2/det colonel/colonel/NOUN/4/nmod:poss~ ’s/’s/PART/2/case claim/claim/NOUN/10/nsubj that/that/SCONJ/9/mark "
              "the/the/DET/7/det "
              "bridge/bridge/NOUN/9/nsubj:pass was/be/AUX/9/aux:pass mined/mine/VERB/4/acl angered/anger/VERB/0/root "
              "villagers/villager/NOUN/10/obj~ ././PUNCT/10/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].source) == "The colonel");
  CHECK(s.words(a[0].cue) == "claim");
  CHECK(s.words(a[0].content) == "that the bridge was mined");
}

TEST_CASE("R14 S5 an unlisted verb with a clause and a subject") {
  const auto s =
      sample({"The/the/DET/2/det smith/smith/NOUN/3/nsubj warbled/warble/VERB/0/root that/that/SCONJ/8/mark the/the/DET/6/det "
              "mill/mill/NOUN/8/nsubj "
              "was/be/AUX/8/aux burning/burn/VERB/3/ccomp~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(a[0].stance == Stance::asserts);
  CHECK(a[0].why == std::vector<std::string>{"cue not listed; plain report", "unlisted verb with a clause"});
}

TEST_CASE("V3 doing is no cue") {
  const auto s =
      sample({"The/the/DET/2/det smith/smith/NOUN/3/nsubj ensured/ensure/VERB/0/root that/that/SCONJ/8/mark the/the/DET/6/det "
              "mill/mill/NOUN/8/nsubj:pass "
              "was/be/AUX/8/aux:pass saved/save/VERB/3/ccomp~ ././PUNCT/3/punct"});
  CHECK(by_rule(s).empty());
}

TEST_CASE("V1 V2 scare quotes are no attribution") {
  const auto s =
      sample({"The/the/DET/5/det “/“/PUNCT/3/punct~ miracle/miracle/NOUN/5/compound~ ”/”/PUNCT/3/punct cure/cure/NOUN/8/nsubj "
              "did/do/AUX/8/aux not/not/PART/8/advmod "
              "heal/heal/VERB/0/root~ ././PUNCT/8/punct"});
  CHECK(by_rule(s).empty());
}

TEST_CASE("R15 the noun before who, without the clause") {
  const auto s =
      sample({"The/the/DET/2/det guard/guard/NOUN/9/nsubj who/who/PRON/4/nsubj/PronType=Rel said/say/VERB/2/acl:relcl "
              "that/that/SCONJ/8/mark the/the/DET/7/det "
              "gate/gate/NOUN/8/nsubj fell/fall/VERB/4/ccomp slept/sleep/VERB/0/root~ ././PUNCT/9/punct"});
  const auto l = by_rule(s);
  REQUIRE(l.size() == 1);
  CHECK(s.words(l[0].source) == "The guard");
}

TEST_CASE("R16 S2 the cue with the refusal it hangs on") {
  const auto s =
      sample({"The/the/DET/2/det baker/baker/NOUN/3/nsubj refused/refuse/VERB/0/root to/to/PART/5/mark say/say/VERB/3/xcomp "
              "who/who/PRON/8/nsubj/PronType=Int "
              "had/have/AUX/8/aux paid/pay/VERB/5/ccomp him/he/PRON/8/obj~ ././PUNCT/3/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 1);
  CHECK(s.words(a[0].cue) == "refused to say");
  CHECK(s.words(a[0].source) == "The baker");
  CHECK(s.words(a[0].content) == "who had paid him");
  CHECK(a[0].stance == Stance::withholds);
}
