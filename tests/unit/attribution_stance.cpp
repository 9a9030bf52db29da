// docs/voices.md, rules N1–N4, F1, S1–S8, E1.
#include "attribution/quotes.h"
#include "attribution_trees.h"

using namespace reportedly;
using namespace reportedly::attribution;
using namespace reportedly::attribution_test;

namespace {

Judgement judged(const Sample& s, Fragment cue, std::vector<Fragment> content, bool has_source = true) {
  return judge(s.trees, cues().impl(), {cue}, content, has_source);
}

}  // namespace

TEST_CASE("N2 a quotation inside a quotation") {
  // “He told me ‘go home’,” she said.
  const auto s =
      sample({"“/“/PUNCT/3/punct~ He/he/PRON/3/nsubj told/tell/VERB/12/ccomp me/I/PRON/3/iobj ‘/‘/PUNCT/6/punct~ go/go/VERB/3/ccomp "
              "home/home/ADV/6/advmod~ "
              "’/’/PUNCT/6/punct~ ,/,/PUNCT/3/punct~ ”/”/PUNCT/3/punct she/she/PRON/12/nsubj said/say/VERB/0/root~ ././PUNCT/12/punct"});
  const auto a = attributions(s);
  REQUIRE(a.size() == 2);
  CHECK(s.words(a[0].cue) == "told");
  CHECK(s.words(a[0].content) == "‘go home’");
  CHECK(a[0].form == Form::direct);
  CHECK(a[0].parent == 1);
  CHECK(s.words(a[1].content) == "“He told me ‘go home’,”");
  CHECK(a[1].form == Form::direct);
  CHECK(a[1].parent == -1);
}

TEST_CASE("N3 a quotation over several paragraphs is one") {
  const auto s = sample({"“/“/PUNCT/2/punct~ Go/go/VERB/0/root~ ././PUNCT/2/punct", "",
                         "“/“/PUNCT/2/punct~ Run/run/VERB/0/root~ ,/,/PUNCT/2/punct~ ”/”/PUNCT/2/punct he/he/PRON/6/nsubj "
                         "said/say/VERB/2/parataxis~ ././PUNCT/2/punct"});
  const Quotations q = find_quotations(s.trees);
  REQUIRE(q.all.size() == 1);
  CHECK(q.all[0].first == 0);
  CHECK(q.all[0].last == 7);
  CHECK(q.is_mark(s.trees, 3));
  CHECK_FALSE(q.is_mark(s.trees, 4));
}

TEST_CASE("N3 an unclosed mark ends with its paragraph") {
  const auto s = sample(
      {"“/“/PUNCT/2/punct~ Go/go/VERB/0/root~ ././PUNCT/2/punct", "", "He/he/PRON/2/nsubj left/leave/VERB/0/root~ ././PUNCT/2/punct"});
  CHECK(find_quotations(s.trees).all.empty());
}

TEST_CASE("straight marks and apostrophes pair by the space around them") {
  // "The guards' dog 'barks'," he said.
  const auto s =
      sample({"\"/\"/PUNCT/6/punct~ The/the/DET/3/det guards/guard/NOUN/5/nmod:poss~ '/'/PART/3/case dog/dog/NOUN/7/nsubj "
              "'/'/PUNCT/7/punct~ barks/bark/VERB/12/ccomp~ "
              "'/'/PUNCT/7/punct~ ,/,/PUNCT/7/punct~ \"/\"/PUNCT/7/punct he/he/PRON/12/nsubj said/say/VERB/0/root~ ././PUNCT/12/punct"});
  const Quotations q = find_quotations(s.trees);
  REQUIRE(q.all.size() == 2);
  CHECK(q.all[0].first == 0);
  CHECK(q.all[0].last == 10);
  CHECK(q.all[1].first == 5);
  CHECK(q.all[1].last == 8);
  CHECK(q.all[1].parent == 0);
  CHECK(q.all[1].single);
}

TEST_CASE("N1 the smallest content around the cue, and no cycles") {
  // words: 0..9; contents nest: a around b around c; d's content holds a's cue and a's holds d's
  auto s =
      sample({"A/a/PROPN/2/nsubj says/say/VERB/0/root B/b/PROPN/4/nsubj says/say/VERB/2/ccomp C/c/PROPN/6/nsubj says/say/VERB/4/ccomp "
              "rain/rain/NOUN/8/nsubj "
              "falls/fall/VERB/6/ccomp now/now/ADV/8/advmod there/there/ADV/8/advmod"});
  std::vector<Linked> l{{{{0, 1}}, {{1, 2}}, {{2, 10}}}, {{{2, 3}}, {{3, 4}}, {{4, 10}}}, {{{4, 5}}, {{5, 6}}, {{6, 10}}}};
  auto a = assemble(s.trees, s.text, l, s.entities, cues());
  REQUIRE(a.size() == 3);
  CHECK(a[0].parent == -1);
  CHECK(a[1].parent == 0);
  CHECK(a[2].parent == 1);
  std::vector<Linked> ring{{{{0, 1}}, {{1, 2}}, {{2, 6}}}, {{{4, 5}}, {{5, 6}}, {{0, 4}}}};
  a = assemble(s.trees, s.text, ring, s.entities, cues());
  REQUIRE(a.size() == 2);
  CHECK(a[0].parent == 1);
  CHECK(a[1].parent == -1);
  // without a cue its source counts
  std::vector<Linked> cueless{{{{0, 1}}, {{1, 2}}, {{2, 10}}}, {{{4, 5}}, {}, {{6, 10}}}};
  a = assemble(s.trees, s.text, cueless, s.entities, cues());
  REQUIRE(a.size() == 2);
  CHECK(a[1].parent == 0);
  CHECK_FALSE(a[1].cue_lemma.has_value());
}

TEST_CASE("N1 V1 neither cue nor source: no attribution; fragments parted by white space are one") {
  auto s = sample(
      {"A/a/PROPN/2/nsubj says/say/VERB/0/root rain/rain/NOUN/4/nsubj falls/fall/VERB/2/ccomp now/now/ADV/4/advmod~ ././PUNCT/2/punct"});
  const auto a = assemble(s.trees, s.text, {{{}, {}, {{2, 5}}}, {{{0, 1}}, {{1, 2}}, {{2, 3}, {3, 5}}}}, s.entities, cues());
  REQUIRE(a.size() == 1);
  REQUIRE(a[0].content.size() == 1);
  CHECK(s.words(a[0].content) == "rain falls now");
  CHECK_FALSE(a[0].confidence.has_value());
}

TEST_CASE("F1 direct, mixed, indirect") {
  auto s =
      sample({"A/a/PROPN/2/nsubj said/say/VERB/0/root that/that/SCONJ/6/mark “/“/PUNCT/6/punct~ all/all/PRON/6/nsubj "
              "sleep/sleep/VERB/2/ccomp~ ”/”/PUNCT/6/punct "
              "here/here/ADV/6/advmod~ ././PUNCT/2/punct"});
  auto form = [&](std::vector<Fragment> content) {
    return assemble(s.trees, s.text, {{{{0, 1}}, {{1, 2}}, content}}, s.entities, cues())[0].form;
  };
  CHECK(form({{2, 7}}) == Form::direct);
  CHECK(form({{2, 8}}) == Form::mixed);
  CHECK(form({{7, 8}}) == Form::indirect);
}

TEST_CASE("S1 negation") {
  const auto s =
      sample({"The/the/DET/2/det council/council/NOUN/5/nsubj has/have/AUX/5/aux not/not/PART/5/advmod/Polarity=Neg said/say/VERB/0/root "
              "why/why/ADV/7/advmod/PronType=Int "
              "left/leave/VERB/5/ccomp~ ././PUNCT/5/punct"});
  auto j = judged(s, {2, 5}, {{5, 7}});
  CHECK(j.stance == Stance::withholds);
  CHECK_FALSE(j.hypothetical);
  CHECK(j.why == std::vector<std::string>{"cues:say", "negated"});

  const auto b =
      sample({"She/she/PRON/4/nsubj does/do/AUX/4/aux not/not/PART/4/advmod/Polarity=Neg believe/believe/VERB/0/root "
              "that/that/SCONJ/7/mark he/he/PRON/7/nsubj "
              "lied/lie/VERB/4/ccomp~ ././PUNCT/4/punct"});
  CHECK(judged(b, {1, 4}, {{4, 7}}).stance == Stance::denies);

  const auto d =
      sample({"She/she/PRON/4/nsubj did/do/AUX/4/aux not/not/PART/4/advmod/Polarity=Neg deny/deny/VERB/0/root it/it/PRON/4/obj~ "
              "././PUNCT/4/punct"});
  CHECK(judged(d, {1, 4}, {{4, 5}}).stance == Stance::withholds);

  const auto r =
      sample({"She/she/PRON/4/nsubj has/have/AUX/4/aux not/not/PART/4/advmod/Polarity=Neg ruled/rule/VERB/0/root "
              "out/out/ADP/4/compound:prt war/war/NOUN/4/obj~ ././PUNCT/4/punct"});
  j = judged(r, {1, 5}, {{5, 6}});
  CHECK(j.stance == Stance::supposes);
  CHECK(j.lemma == "rule out");

  const auto o =
      sample({"She/she/PRON/4/nsubj not/not/PART/4/advmod/Polarity=Neg only/only/ADV/4/advmod said/say/VERB/0/root it/it/PRON/4/obj~ "
              "././PUNCT/4/punct"});
  CHECK(judged(o, {1, 4}, {{4, 5}}).stance == Stance::asserts);

  const auto n =
      sample({"Nobody/nobody/PRON/2/nsubj doubts/doubt/VERB/0/root that/that/SCONJ/5/mark he/he/PRON/5/nsubj lied/lie/VERB/2/ccomp~ "
              "././PUNCT/2/punct"});
  CHECK(judged(n, {1, 2}, {{2, 5}}).stance == Stance::asserts);
}

TEST_CASE("S2 refusal") {
  const auto s =
      sample({"He/he/PRON/2/nsubj declined/decline/VERB/0/root to/to/PART/4/mark confirm/confirm/VERB/2/xcomp the/the/DET/6/det "
              "visit/visit/NOUN/4/obj~ ././PUNCT/2/punct"});
  CHECK(judged(s, {1, 4}, {{4, 6}}).stance == Stance::withholds);
  CHECK(judged(s, {3, 4}, {{4, 6}}).stance == Stance::withholds);  // the refusal outside the cue
  const auto t =
      sample({"He/he/PRON/2/nsubj refused/refuse/VERB/0/root to/to/PART/4/mark sign/sign/VERB/2/xcomp the/the/DET/6/det "
              "charter/charter/NOUN/4/obj~ ././PUNCT/2/punct"});
  const auto j = judged(t, {1, 2}, {{2, 6}});
  CHECK(j.stance == Stance::denies);
  CHECK(j.lemma == "refuse");
}

TEST_CASE("S3 neither confirmed nor denied, would not confirm or deny") {
  const auto s =
      sample({"They/they/PRON/3/nsubj neither/neither/CCONJ/3/cc:preconj confirmed/confirm/VERB/0/root nor/nor/CCONJ/5/cc "
              "denied/deny/VERB/3/conj it/it/PRON/5/obj~ ././PUNCT/3/punct"});
  CHECK(judged(s, {1, 5}, {{5, 6}}).stance == Stance::withholds);
  CHECK(judged(s, {2, 3}, {{5, 6}}).stance == Stance::withholds);
  const auto t =
      sample({"They/they/PRON/4/nsubj would/would/AUX/4/aux not/not/PART/4/advmod/Polarity=Neg confirm/confirm/VERB/0/root "
              "or/or/CCONJ/6/cc deny/deny/VERB/4/conj it/it/PRON/6/obj~ "
              "././PUNCT/4/punct"});
  const auto j = judged(t, {1, 6}, {{6, 7}});
  CHECK(j.stance == Stance::withholds);
  CHECK_FALSE(j.hypothetical);
  CHECK(judged(t, {5, 6}, {{6, 7}}).stance == Stance::withholds);
}

TEST_CASE("S4 hypothetical") {
  const auto s =
      sample({"If/if/SCONJ/3/mark he/he/PRON/3/nsubj says/say/VERB/9/advcl that/that/SCONJ/6/mark they/they/PRON/6/nsubj "
              "lied/lie/VERB/3/ccomp~ ,/,/PUNCT/9/punct I/I/PRON/9/nsubj "
              "leave/leave/VERB/0/root~ ././PUNCT/9/punct"});
  CHECK(judged(s, {2, 3}, {{3, 6}}).hypothetical);
  const auto t = sample({"He/he/PRON/3/nsubj will/will/AUX/3/aux announce/announce/VERB/0/root cuts/cut/NOUN/3/obj~ ././PUNCT/3/punct"});
  CHECK(judged(t, {1, 3}, {{3, 4}}).hypothetical);
  const auto u =
      sample({"He/he/PRON/3/nsubj:pass is/be/AUX/3/aux:pass expected/expect/VERB/0/root to/to/PART/5/mark announce/announce/VERB/3/xcomp "
              "cuts/cut/NOUN/5/obj~ ././PUNCT/3/punct"});
  CHECK(judged(u, {4, 5}, {{5, 6}}).hypothetical);
  const auto p =
      sample({"I/I/PRON/3/nsubj/Person=1 would/would/AUX/3/aux say/say/VERB/0/root that/that/SCONJ/6/mark they/they/PRON/6/nsubj "
              "lied/lie/VERB/3/ccomp~ ././PUNCT/3/punct"});
  CHECK_FALSE(judged(p, {1, 3}, {{3, 6}}).hypothetical);
  const auto q = sample(
      {"He/he/PRON/3/nsubj would/would/AUX/3/aux like/like/VERB/0/root to/to/PART/5/mark leave/leave/VERB/3/xcomp~ ././PUNCT/3/punct"});
  CHECK_FALSE(judged(q, {1, 3}, {{3, 5}}).hypothetical);
}

TEST_CASE("S5 an unlisted cue with a question asks") {
  const auto s =
      sample({"He/he/PRON/2/nsubj warbled/warble/VERB/0/root whether/whether/SCONJ/5/mark they/they/PRON/5/nsubj lied/lie/VERB/2/ccomp~ "
              "././PUNCT/2/punct"});
  CHECK(judged(s, {1, 2}, {{2, 5}}).stance == Stance::asks);
}

TEST_CASE("S6 a plain report of a direct question asks") {
  const auto s =
      sample({"“/“/PUNCT/3/punct~ Who/who/PRON/3/nsubj/PronType=Int pays/pay/VERB/7/ccomp~ ?/?/PUNCT/3/punct~ ”/”/PUNCT/3/punct "
              "he/he/PRON/7/nsubj said/say/VERB/0/root~ ././PUNCT/7/punct"});
  CHECK(judged(s, {6, 7}, {{0, 5}}).stance == Stance::asks);
  // an indirect one does not: “said who pays” tells who pays
  const auto t =
      sample({"He/he/PRON/2/nsubj said/say/VERB/0/root who/who/PRON/4/nsubj/PronType=Int pays/pay/VERB/2/ccomp~ ././PUNCT/2/punct"});
  CHECK(judged(t, {1, 2}, {{2, 4}}).stance == Stance::asserts);
}

TEST_CASE("S7 the entry with more words holds") {
  const auto s =
      sample({"He/he/PRON/2/nsubj called/call/VERB/0/root her/she/PRON/2/obj a/a/DET/5/det liar/liar/NOUN/2/xcomp~ ././PUNCT/2/punct"});
  CHECK(judged(s, {1, 2}, {{2, 5}}).lemma == "call");
  CHECK(judged(s, {1, 2}, {{2, 5}}).stance == Stance::asserts);
  const auto t = sample({"He/he/PRON/2/nsubj called/call/VERB/0/root for/for/ADP/4/case peace/peace/NOUN/2/obl~ ././PUNCT/2/punct"});
  CHECK(judged(t, {1, 3}, {{3, 4}}).stance == Stance::demands);
}

TEST_CASE("S8 nobody named relays, somebody named asserts") {
  const auto s = sample(
      {"He/he/PRON/3/nsubj:pass is/be/AUX/3/aux:pass said/say/VERB/0/root to/to/PART/5/mark sleep/sleep/VERB/3/xcomp~ ././PUNCT/3/punct"});
  CHECK(judged(s, {1, 3}, {{0, 1}, {3, 5}}, false).stance == Stance::relays);
  CHECK(judged(s, {1, 3}, {{0, 1}, {3, 5}}, true).stance == Stance::asserts);
}

TEST_CASE("E1 the entity of the source's head, of who its antecedent's") {
  auto s =
      sample({"The/the/DET/2/det guard/guard/NOUN/8/nsubj who/who/PRON/4/nsubj/PronType=Rel said/say/VERB/2/acl:relcl "
              "that/that/SCONJ/7/mark gates/gate/NOUN/7/nsubj fell/fall/VERB/4/ccomp "
              "slept/sleep/VERB/0/root~ ././PUNCT/8/punct"});
  s.entities.entity_of_word[1] = 5;
  auto a = assemble(s.trees, s.text, {{{{2, 3}}, {{3, 4}}, {{4, 7}}}}, s.entities, cues());
  REQUIRE(a.size() == 1);
  CHECK(a[0].source_entity == 5);
  a = assemble(s.trees, s.text, {{{{0, 2}}, {{3, 4}}, {{4, 7}}}}, s.entities, cues());
  CHECK(a[0].source_entity == 5);
  a = assemble(s.trees, s.text, {{{{5, 6}}, {{3, 4}}, {{4, 7}}}}, s.entities, cues());
  // E3: "gates" are nobody else
  REQUIRE(a[0].source_entity == 0);
  CHECK(s.entities.entities[0].name == "gates");
}

TEST_CASE("S7 of a verb that only carries the report, what it carries") {
  const auto s =
      sample({"Bo/Bo/PROPN/2/nsubj issued/issue/VERB/0/root a/a/DET/4/det statement/statement/NOUN/2/obj calling/call/VERB/4/acl "
              "for/for/ADP/7/case talks/talk/NOUN/5/obl~ "
              "././PUNCT/2/punct"});
  const auto j = judged(s, {1, 6}, {{6, 7}});
  CHECK(j.lemma == "call for");
  CHECK(j.stance == Stance::demands);
}

TEST_CASE("S18 a different story denies what was told before, in its own words") {
  // The guard told a different story: the boat drifted.
  const auto told = [](const std::string& adjective) {
    const auto s = sample({"The/the/DET/2/det guard/guard/NOUN/3/nsubj told/tell/VERB/0/root a/a/DET/6/det " + adjective + "/" + adjective +
                           "/ADJ/6/amod story/story/NOUN/3/obj~ :/:/PUNCT/10/punct the/the/DET/9/det boat/boat/NOUN/10/nsubj "
                           "drifted/drift/VERB/3/parataxis~ ././PUNCT/3/punct"});
    Judgement j = judged(s, {2, 6}, {{7, 10}});
    judge_content(
        s.trees, cues().impl(), {{7, 10}}, [](uint32_t) { return false; }, j);
    return std::pair(j.stance, j.denies_in_content);
  };
  CHECK(told("different") == std::pair(Stance::denies, true));
  CHECK(told("long") == std::pair(Stance::asserts, false));
}
