// Frames over hand-written trees: constructions, suppression of contents, tense and polarity, voices.
#include "events/factuality.h"
#include "events_trees.h"

using namespace events_test;

TEST_CASE("a passive with its doer is not turned round") {
  const auto c = code(
      "Ghana/Ghana/PROPN/NNP/3/nsubj:pass was/be/AUX/VBD/3/aux:pass criticised/criticise/VERB/VBN/0/root by/by/ADP/IN/5/case "
      "Togo/Togo/PROPN/NNP/3/obl:agent");
  CHECK(c.lines() == "TGO ACCUSE/disapprove GHA happened CT+");
}

TEST_CASE("a passive without a doer keeps the event, without a guess") {
  const auto c = code("Ghana/Ghana/PROPN/NNP/3/nsubj:pass was/be/AUX/VBD/3/aux:pass criticised/criticise/VERB/VBN/0/root");
  CHECK(c.lines() == "- ACCUSE/disapprove GHA happened CT+");
}

TEST_CASE("the subject of a relative clause is its antecedent") {
  const auto c = code(
      "Chad/Chad/PROPN/NNP/6/nsubj ,/,/PUNCT/,/4/punct which/which/PRON/WDT/4/nsubj invaded/invade/VERB/VBD/1/acl:relcl "
      "Niger/Niger/PROPN/NNP/4/obj slept/sleep/VERB/VBD/0/root");
  CHECK(c.lines() == "TCD ASSAULT NER happened CT+");
}

TEST_CASE("verbs that stand together share their subject and object") {
  const auto c = code(
      "Peru/Peru/PROPN/NNP/2/nsubj visited/visit/VERB/VBD/0/root Chile/Chile/PROPN/NNP/2/obj and/and/CCONJ/CC/5/cc "
      "praised/praise/VERB/VBD/2/conj Bolivia/Bolivia/PROPN/NNP/5/obj");
  CHECK(c.lines() == "PER CONSULT/visit CHL happened CT+; PER SUPPORT BOL happened CT+");
}

TEST_CASE("both sides of a meeting are actors") {
  const auto c = code(
      "Italy/Italy/PROPN/NNP/4/nsubj and/and/CCONJ/CC/3/cc Malta/Malta/PROPN/NNP/1/conj held/hold/VERB/VBD/0/root "
      "talks/talk/NOUN/NNS/4/obj");
  CHECK(c.lines() == "ITA+MLT CONSULT - happened CT+");
}

TEST_CASE("a party of several states is one party of each") {
  CHECK(code("Turkish/Turkish/ADJ/JJ/4/amod and/and/CCONJ/CC/3/cc Italian/Italian/ADJ/JJ/1/conj diplomats/diplomat/NOUN/NNS/5/nsubj "
             "met/meet/VERB/VBD/0/root")
            .lines() == "TUR+ITA CONSULT - happened CT+");
  // both on the noun; two states behind it
  CHECK(code("Turkish/Turkish/ADJ/JJ/4/amod and/and/CCONJ/CC/3/cc Italian/Italian/ADJ/JJ/4/amod diplomats/diplomat/NOUN/NNS/5/nsubj "
             "met/meet/VERB/VBD/0/root")
            .lines() == "TUR+ITA CONSULT - happened CT+");
  CHECK(code("ministers/minister/NOUN/NNS/6/nsubj of/of/ADP/IN/3/case Peru/Peru/PROPN/NNP/1/nmod and/and/CCONJ/CC/5/cc "
             "Chile/Chile/PROPN/NNP/3/conj met/meet/VERB/VBD/0/root")
            .lines() == "PER+CHL CONSULT - happened CT+");
  CHECK(
      code(
          "Ghana/Ghana/PROPN/NNP/2/nsubj invaded/invade/VERB/VBD/0/root Togo/Togo/PROPN/NNP/2/obj ;/;/PUNCT/:/8/punct the/the/DET/DT/7/det "
          "European/European/PROPN/NNP/7/compound Union/Union/PROPN/NNP/8/nsubj praised/praise/VERB/VBD/2/parataxis "
          "both/both/DET/DT/10/det "
          "governments/government/NOUN/NNS/8/obj")
          .lines() == "GHA ASSAULT TGO happened CT+; EUR SUPPORT GHA+TGO happened CT+");
  // three states, and nothing tells which two
  CHECK(code("Ghana/Ghana/PROPN/NNP/2/nsubj invaded/invade/VERB/VBD/0/root Togo/Togo/PROPN/NNP/2/obj ;/;/PUNCT/:/6/punct "
             "Norway/Norway/PROPN/NNP/6/nsubj praised/praise/VERB/VBD/2/parataxis both/both/DET/DT/8/det "
             "governments/government/NOUN/NNS/6/obj")
            .lines() == "GHA ASSAULT TGO happened CT+; NOR SUPPORT ? happened CT+");
}

TEST_CASE("an act named by a noun takes its doer from the light verb and its target from the preposition") {
  const auto c = code(
      "Turkey/Turkey/PROPN/NNP/2/nsubj launched/launch/VERB/VBD/0/root an/a/DET/DT/4/det attack/attack/NOUN/NN/2/obj on/on/ADP/IN/6/case "
      "Syria/Syria/PROPN/NNP/4/nmod");
  CHECK(c.lines() == "TUR ASSAULT SYR happened CT+");
}

TEST_CASE("what is threatened, refused or demanded is no event of its own") {
  CHECK(code("Iran/Iran/PROPN/NNP/2/nsubj threatened/threaten/VERB/VBD/0/root to/to/PART/TO/4/mark attack/attack/VERB/VB/2/xcomp "
             "Bahrain/Bahrain/PROPN/NNP/4/obj")
            .lines() == "IRN THREATEN/violence BHR happened CT+");
  CHECK(code("Mali/Mali/PROPN/NNP/2/nsubj refused/refuse/VERB/VBD/0/root to/to/PART/TO/4/mark visit/visit/VERB/VB/2/xcomp "
             "Niger/Niger/PROPN/NNP/4/obj")
            .lines() == "MLI REJECT/meet NER happened CT+");
  CHECK(code("China/China/PROPN/NNP/2/nsubj demanded/demand/VERB/VBD/0/root that/that/SCONJ/IN/5/mark Japan/Japan/PROPN/NNP/5/nsubj "
             "invade/invade/VERB/VBP/2/ccomp "
             "Fiji/Fiji/PROPN/NNP/5/obj")
            .lines() == "CHN REQUEST JPN happened CT+");
}

TEST_CASE("a promised act is AGREE, an announced hostile one THREATEN, a refused one REJECT") {
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj will/will/AUX/MD/3/aux visit/visit/VERB/VB/0/root Chile/Chile/PROPN/NNP/3/obj").lines() ==
        "PER AGREE CHL planned PR+");
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj will/will/AUX/MD/3/aux invade/invade/VERB/VB/0/root Chile/Chile/PROPN/NNP/3/obj").lines() ==
        "PER THREATEN/violence CHL planned PR+");
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj will/will/AUX/MD/4/aux not/not/PART/RB/4/advmod visit/visit/VERB/VB/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER REJECT/meet CHL happened CT+");
}

TEST_CASE("negation, possibility and condition show in factuality and status") {
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj did/do/AUX/VBD/4/aux not/not/PART/RB/4/advmod invade/invade/VERB/VB/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL denied CT-");
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj may/may/AUX/MD/3/aux invade/invade/VERB/VB/0/root Chile/Chile/PROPN/NNP/3/obj").lines() ==
        "PER ASSAULT CHL possible PS+");
  CHECK(code("Peru/Peru/PROPN/NNP/2/nsubj failed/fail/VERB/VBD/0/root to/to/PART/TO/4/mark invade/invade/VERB/VB/2/xcomp "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL denied CT-");
  CHECK(code("If/if/SCONJ/IN/3/mark Peru/Peru/PROPN/NNP/3/nsubj invades/invade/VERB/VBZ/6/advcl Chile/Chile/PROPN/NNP/3/obj "
             "prices/price/NOUN/NNS/6/nsubj rise/rise/VERB/VBP/0/root")
            .lines() == "PER ASSAULT CHL hypothetical Uu");
}

TEST_CASE("what its doer will not do is refused, what was not done or others expect not to happen is denied") {
  // one's own word on what is to come, active and by "will" or "would"
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj will/will/AUX/MD/4/aux not/not/PART/RB/4/advmod invade/invade/VERB/VB/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL refused PR-");
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj would/would/AUX/MD/4/aux never/never/ADV/RB/4/advmod invade/invade/VERB/VB/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL refused PR-");
  // the passive is no word of the doer's
  CHECK(code("Chile/Chile/PROPN/NNP/5/nsubj:pass will/will/AUX/MD/5/aux not/not/PART/RB/5/advmod be/be/AUX/VB/5/aux:pass "
             "invaded/invade/VERB/VBN/0/root by/by/ADP/IN/7/case Peru/Peru/PROPN/NNP/5/obl:agent")
            .lines() == "PER ASSAULT CHL denied PR-");
  // over, and not done
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj has/have/AUX/VBZ/4/aux not/not/PART/RB/4/advmod invaded/invade/VERB/VBN/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL denied CT-");
  // a word that says so ("the refusal to invade"), without any future
  events::Reality refused;
  refused.refused = true;
  CHECK(events::status_of(refused, Factuality::ct_minus) == "refused");
  CHECK(events::status_of(refused, Factuality::pr_minus) == "refused");
  // expected by others: future, but no plan of the doer's
  events::Reality expected;
  expected.future = true;
  CHECK(events::status_of(expected, Factuality::pr_minus) == "denied");
  CHECK(events::status_of({}, Factuality::ct_minus) == "denied");
}

TEST_CASE("senses that are not politics are not coded, and the reason is kept") {
  const auto c = code("The/the/DET/DT/2/det ban/ban/NOUN/NN/3/nsubj threatened/threaten/VERB/VBD/0/root exports/export/NOUN/NNS/3/obj");
  CHECK(c.lines() == "");
  REQUIRE(c.layer.notes.size() == 1);
  CHECK(c.layer.notes[0].sentence == 0);
  CHECK_FALSE(c.layer.notes[0].considered.empty());
  bool told = false;
  for (const Candidate& candidate : c.layer.notes[0].considered) told |= candidate.reason == "the subject 'ban' is nobody who acts";
  CHECK(told);
}

TEST_CASE("a sentence without any trigger says so") {
  const auto c = code("Cats/cat/NOUN/NNS/2/nsubj sleep/sleep/VERB/VBP/0/root");
  REQUIRE(c.layer.notes.size() == 1);
  CHECK(c.layer.notes[0].considered[0].reason.find("trigger") != std::string::npos);
}

TEST_CASE("in the voice of one who denies it an act is CT-, and the event is denied") {
  //                  0     5     11          20    26
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj denied/deny/VERB/VBD/0/root Cuba/Cuba/PROPN/NNP/4/nsubj invaded/invade/VERB/VBD/2/ccomp "
      "Chile/Chile/PROPN/NNP/4/obj";
  Attribution denial;
  denial.source = {{0, 4}};
  denial.cue = {{5, 11}};
  denial.content = {{12, 30}};
  denial.stance = Stance::denies;
  const auto c = code(words, {denial});
  CHECK(c.lines() == "CUB ASSAULT CHL denied CT-");
  REQUIRE(c.layer.events.size() == 1);
  CHECK(c.layer.events[0].attribution == 0);
  REQUIRE(c.layer.events[0].voices.size() == 1);
  CHECK(c.layer.events[0].voices[0].factuality == Factuality::ct_minus);
  CHECK(c.layer.events[0].why.front() == "events/assault:invade");
}

TEST_CASE("who doubts an act holds it for probably not done") {
  Attribution doubt;
  doubt.source = {{0, 4}};
  doubt.cue = {{5, 12}};
  doubt.content = {{13, 31}};
  doubt.stance = Stance::doubts;
  const auto c = code(
      "Peru/Peru/PROPN/NNP/2/nsubj doubted/doubt/VERB/VBD/0/root Cuba/Cuba/PROPN/NNP/4/nsubj invaded/invade/VERB/VBD/2/ccomp "
      "Chile/Chile/PROPN/NNP/4/obj",
      {doubt});
  CHECK(c.lines() == "CUB ASSAULT CHL denied PR-");
  CHECK(events::in_stance(Factuality::ct_plus, Stance::doubts) == Factuality::pr_minus);
  CHECK(events::in_stance(Factuality::ct_minus, Stance::doubts) == Factuality::pr_plus);  // doubts that it did not happen
  CHECK(events::in_stance(Factuality::ps_plus, Stance::doubts) == Factuality::ps_minus);
  CHECK(events::in_stance(Factuality::uu, Stance::doubts) == Factuality::uu);
}

TEST_CASE("two voices that contradict each other on one event make a dispute") {
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj denied/deny/VERB/VBD/0/root Cuba/Cuba/PROPN/NNP/4/nsubj invaded/invade/VERB/VBD/2/ccomp "
      "Chile/Chile/PROPN/NNP/4/obj "
      "as/as/SCONJ/IN/8/mark Haiti/Haiti/PROPN/NNP/8/nsubj says/say/VERB/VBZ/2/advcl";
  Attribution denial, claim;
  denial.source = {{0, 4}};
  denial.cue = {{5, 11}};
  denial.content = {{12, 30}};
  denial.stance = Stance::denies;
  denial.source_entity = 0;
  claim = denial;
  claim.source = {{34, 39}};
  claim.cue = {{40, 44}};
  claim.stance = Stance::asserts;
  claim.source_entity = 1;
  const auto c = code(words, {denial, claim});
  const auto disputes = events::find_disputes(c.read.trees, c.layer.events, {denial, claim}, c.entities.entities);
  REQUIRE(disputes.size() == 1);
  CHECK(disputes[0].kind == "occurrence");
  REQUIRE(disputes[0].positions.size() == 2);
  CHECK(disputes[0].positions[0].holds == "happened");
  CHECK(disputes[0].positions[0].voices == std::vector<int32_t>{1});
  CHECK(disputes[0].positions[1].voices == std::vector<int32_t>{0});
  CHECK(events::find_disputes(c.read.trees, c.layer.events, {denial, denial}, c.entities.entities).empty());
}

TEST_CASE("what the model hears of an act elsewhere is weighed: a denial that no rule links makes a dispute, a doubtful one does not") {
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj says/say/VERB/VBZ/0/root Cuba/Cuba/PROPN/NNP/4/nsubj invaded/invade/VERB/VBD/2/ccomp "
      "Chile/Chile/PROPN/NNP/4/obj as/as/SCONJ/IN/8/mark Haiti/Haiti/PROPN/NNP/8/nsubj says/say/VERB/VBZ/2/advcl";
  Attribution claim, answer;
  claim.source = {{0, 4}};
  claim.cue = {{5, 9}};
  claim.content = {{10, 28}};
  claim.source_entity = 0;
  answer = claim;
  answer.source = {{32, 37}};
  answer.cue = {{38, 42}};
  answer.content = {{32, 37}};
  answer.stance = Stance::denies;
  answer.source_entity = 1;
  const auto c = code(words, {claim, answer});
  REQUIRE(c.layer.events.size() == 1);
  const auto found = [&](float denies, float denied) {
    events::Opinions opinions;
    opinions.any = true;
    opinions.heard = {{0, 1, 0.02f, denies}};
    opinions.denied = {denied};
    return events::find_disputes(c.read.trees, c.layer.events, {claim, answer}, c.entities.entities, opinions);
  };
  const auto disputes = found(0.97f, 4);
  REQUIRE(disputes.size() == 1);
  CHECK(disputes[0].kind == "occurrence");
  CHECK(disputes[0].positions[0].holds == "happened");
  CHECK(disputes[0].positions[0].voices == std::vector<int32_t>{0});
  CHECK(disputes[0].positions[1].holds == "did not happen");
  CHECK(disputes[0].positions[1].voices == std::vector<int32_t>{1});
  CHECK(found(0.09f, -4).empty());
  CHECK(found(0.07f, 4).empty());
}

namespace {

/// "X says six died" and "Y says eight died", as the stage before would leave them.
std::vector<Event> two_counts(int64_t first, int64_t second) {
  Event a;
  a.type = "ASSAULT";
  a.trigger_lemma = "bomb";
  a.quad = 4;
  a.status = "happened";
  a.actors = {{0, "MLI", {}, {0, 4}}};
  a.recipients = {{1, "NER", {}, {12, 17}}};
  a.trigger = {5, 11};
  a.trigger_word = 1;
  a.voices = {{0, Factuality::ct_plus}};
  a.numbers = {{"dead", first, first, {}}};
  Event b = a;
  b.voices = {{1, Factuality::ct_plus}};
  b.numbers = {{"dead", second, second, {}}};
  return {a, b};
}

}  // namespace

TEST_CASE("two counts are a dispute of two sources, whichever is told first, and none of one source") {
  const auto c = code("Mali/Mali/PROPN/NNP/2/nsubj bombed/bomb/VERB/VBD/0/root Niger/Niger/PROPN/NNP/2/obj");
  Attribution one, two;
  one.source_entity = 0;
  two.source_entity = 1;
  for (const auto& [first, second] : {std::pair(6, 8), std::pair(8, 6)}) {
    const auto found = events::find_disputes(c.read.trees, two_counts(first, second), {one, two}, c.entities.entities);
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == "number");
    CHECK(found[0].positions[0].holds == std::to_string(first) + " dead");
    CHECK(found[0].positions[1].holds == std::to_string(second) + " dead");
  }
  CHECK(events::find_disputes(c.read.trees, two_counts(6, 6), {one, two}, c.entities.entities).empty());
  CHECK(events::find_disputes(c.read.trees, two_counts(6, 8), {one, one}, c.entities.entities).empty());
}

TEST_CASE("one source that says both does not dispute with itself") {
  const auto c = code("Mali/Mali/PROPN/NNP/2/nsubj bombed/bomb/VERB/VBD/0/root Niger/Niger/PROPN/NNP/2/obj");
  std::vector<Event> told = two_counts(1, 1);
  told.pop_back();
  told[0].voices = {{0, Factuality::ct_plus}, {1, Factuality::ct_minus}};
  Attribution one, two;
  one.source_entity = 0;
  two.source_entity = 1;
  CHECK(events::find_disputes(c.read.trees, told, {one, two}, c.entities.entities).size() == 1);
  two.source_entity = 0;
  CHECK(events::find_disputes(c.read.trees, told, {one, two}, c.entities.entities).empty());
}

TEST_CASE("an alleged act is coded in the accuser's voice, beside the accusation; a denial of it is a dispute") {
  const std::string words =
      "Ethiopia/Ethiopia/PROPN/NNP/2/nsubj accused/accuse/VERB/VBD/0/root Eritrea/Eritrea/PROPN/NNP/2/obj of/of/SCONJ/IN/5/mark "
      "invading/invade/VERB/VBG/2/advcl "
      "Kenya/Kenya/PROPN/NNP/5/obj ;/;/PUNCT/:/9/punct Eritrea/Eritrea/PROPN/NNP/9/nsubj denied/deny/VERB/VBD/2/parataxis "
      "Eritrea/Eritrea/PROPN/NNP/11/nsubj invaded/invade/VERB/VBD/9/ccomp "
      "Kenya/Kenya/PROPN/NNP/11/obj";
  // Ethiopia 0-8 accused 9-16 Eritrea 17-24 of 25-27 invading 28-36 Kenya 37-42 ; 43 Eritrea 45-52 denied 53-59 it 60-62 invaded 63-70
  // Kenya 71-76
  Attribution claim, denial;
  claim.cue = {{9, 16}};
  claim.content = {{17, 42}};
  claim.stance = Stance::accuses;
  claim.source_entity = 0;
  denial.cue = {{53, 59}};
  denial.content = {{60, 81}};
  denial.stance = Stance::denies;
  denial.source_entity = 1;
  const auto c = code(words, {claim, denial});
  std::vector<std::string> lines;
  for (const Event& e : c.layer.events) lines.push_back(c.line(e));
  REQUIRE(lines.size() >= 2);
  CHECK(lines[0] == "ETH ACCUSE/allege ERI happened CT+");
  CHECK(lines[1] == "ERI ASSAULT KEN happened CT+");
  const auto disputes = events::find_disputes(c.read.trees, c.layer.events, {claim, denial}, c.entities.entities);
  REQUIRE(disputes.size() == 1);
  CHECK(disputes[0].kind == "occurrence");
}

TEST_CASE("a preposition that the parser took for a particle still leads to whom it is said") {
  const auto c = code(
      "Palau/Palau/PROPN/NNP/2/nsubj called/call/VERB/VBD/0/root on/on/ADP/IN/2/compound:prt Fiji/Fiji/PROPN/NNP/2/obj "
      "to/to/PART/TO/6/mark "
      "leave/leave/VERB/VB/2/xcomp");
  CHECK(c.lines().find("PLW REQUEST/yield FJI") != std::string::npos);
}

TEST_CASE("what belongs to the doer is a recipient only where nobody else is") {
  const auto c = code(
      "Syria/Syria/PROPN/NNP/2/nsubj offered/offer/VERB/VBD/0/root its/its/PRON/PRP$/4/nmod:poss troops/troops/NOUN/NNS/2/obj "
      "to/to/ADP/IN/6/case "
      "Lebanon/Lebanon/PROPN/NNP/2/obl");
  CHECK(c.lines() == "SYR AGREE LBN happened CT+");
}

TEST_CASE("who can avert a threat is whom it is meant for") {
  const auto c = code(
      "Peru/Peru/PROPN/NNP/2/nsubj threatened/threaten/VERB/VBD/0/root to/to/PART/TO/4/mark retaliate/retaliate/VERB/VB/2/xcomp "
      "unless/unless/SCONJ/IN/7/mark Chile/Chile/PROPN/NNP/7/nsubj yielded/yield/VERB/VBD/4/advcl");
  CHECK(c.lines().find("PER THREATEN/violence CHL") != std::string::npos);
}

TEST_CASE("in a text about one state its police and crowds are of that state") {
  const auto c = code(
      "Police/police/NOUN/NNS/4/nsubj in/in/ADP/IN/3/case Chile/Chile/PROPN/NNP/1/nmod arrested/arrest/VERB/VBD/0/root "
      "protesters/protester/NOUN/NNS/4/obj");
  CHECK(c.lines() == "CHL COERCE/arrest CHL happened CT+");
}

TEST_CASE("the nationality of a victim says nothing about who did it") {
  const auto c = code(
      "Gunmen/gunman/NOUN/NNS/2/nsubj attacked/attack/VERB/VBD/0/root the/the/DET/DT/5/det Chadian/chadian/ADJ/JJ/5/amod "
      "army/army/NOUN/NN/2/obj");
  CHECK(c.lines() == "? ASSAULT TCD happened CT+");
}

TEST_CASE("in a text about two states a complaint is meant for the other") {
  const auto c = code(
      "Togo/Togo/PROPN/NNP/2/nsubj slept/sleep/VERB/VBD/0/root ;/;/PUNCT/:/5/punct Ghana/Ghana/PROPN/NNP/5/nsubj "
      "lodged/lodge/VERB/VBD/2/parataxis a/a/DET/DT/7/det protest/protest/NOUN/NN/5/obj");
  CHECK(c.lines() == "GHA ACCUSE/disapprove TGO happened CT+");
}

TEST_CASE("the words of a match are no war, whoever plays") {
  const auto c = code(
      "Samoa/Samoa/PROPN/NNP/2/nsubj bombarded/bombard/VERB/VBD/0/root Tonga/Tonga/PROPN/NNP/2/obj before/before/ADP/IN/5/case "
      "halftime/halftime/NOUN/NN/2/obl ,/,/PUNCT/,/9/punct a/a/DET/DT/9/det rugby/rugby/NOUN/NN/9/compound "
      "referee/referee/NOUN/NN/10/nsubj "
      "said/say/VERB/VBD/2/parataxis");
  CHECK(c.lines() == "");
}

TEST_CASE("the dead are counted where they are told: in a participle, added up, one for a single person") {
  const auto c = code(
      "Mali/Mali/PROPN/NNP/2/nsubj bombed/bomb/VERB/VBD/0/root Niger/Niger/PROPN/NNP/2/obj ,/,/PUNCT/,/5/punct "
      "killing/kill/VERB/VBG/2/advcl "
      "six/six/NUM/CD/7/nummod soldiers/soldier/NOUN/NNS/5/obj and/and/CCONJ/CC/10/cc a/a/DET/DT/10/det nurse/nurse/NOUN/NN/7/conj");
  REQUIRE_FALSE(c.layer.events.empty());
  REQUIRE(c.layer.events[0].numbers.size() == 1);
  CHECK(c.layer.events[0].numbers[0].kind == "dead");
  CHECK(c.layer.events[0].numbers[0].low == 7);
}

TEST_CASE("numbers are read from magnitudes, from nouns of acts and from who took part; what is denied of them does not count") {
  const auto number = [](const char* words) {
    const auto c = code(words);
    REQUIRE(c.layer.events.size() == 1);
    std::string out;
    for (const EventNumber& n : c.layer.events[0].numbers) out += n.kind + " " + std::to_string(n.low) + ";";
    return out;
  };
  CHECK(number("Some/some/DET/RB/3/advmod two/two/NUM/CD/3/compound thousand/thousand/NUM/CD/4/nummod nurses/nurse/NOUN/NNS/5/nsubj "
               "marched/march/VERB/VBD/0/root in/in/ADP/IN/7/case Togo/Togo/PROPN/NNP/5/obl") == "size 2000;");
  CHECK(number("Police/police/NOUN/NN/2/nsubj arrested/arrest/VERB/VBD/0/root eleven/eleven/NUM/CD/4/nummod men/man/NOUN/NNS/2/obj "
               "not/not/PART/RB/6/advmod nine/nine/NUM/CD/4/conj in/in/ADP/IN/8/case Togo/Togo/PROPN/NNP/2/obl") == "arrested 11;");
  CHECK(
      number("900/900/NUM/CD/2/nummod nurses/nurse/NOUN/NNS/3/nsubj took/take/VERB/VBD/0/root part/part/NOUN/NN/3/obj in/in/ADP/IN/7/case "
             "the/the/DET/DT/7/det protest/protest/NOUN/NN/3/obl in/in/ADP/IN/9/case Togo/Togo/PROPN/NNP/7/nmod") == "size 900;");
  // a subject that the tree does not call a passive one
  CHECK(number("Three/three/NUM/CD/3/nummod Malian/malian/ADJ/JJ/3/amod soldiers/soldier/NOUN/NNS/5/nsubj were/be/AUX/VBD/5/aux:pass "
               "shot/shoot/VERB/VBN/0/root dead/dead/ADJ/JJ/5/xcomp") == "dead 3;");
}

TEST_CASE("a flat denial in the next sentence is a voice on the act before it") {
  const std::string words =
      "Cuba/Cuba/PROPN/NNP/2/nsubj invaded/invade/VERB/VBD/0/root Chile/Chile/PROPN/NNP/2/obj ;/;/PUNCT/:/6/punct "
      "Cuba/Cuba/PROPN/NNP/6/nsubj "
      "denied/deny/VERB/VBD/2/parataxis it/it/PRON/PRP/6/obj";
  Attribution denial;  // Cuba 0-4 invaded 5-12 Chile 13-18 ; 19 Cuba 21-25 denied 26-32 it 33-35
  denial.cue = {{26, 32}};
  denial.content = {{33, 35}};
  denial.stance = Stance::denies;
  denial.source_entity = 0;
  const auto c = code(words, {denial});
  REQUIRE_FALSE(c.layer.events.empty());
  CHECK(c.line(c.layer.events[0]) == "CUB ASSAULT CHL denied CT+");
  REQUIRE(c.layer.events[0].voices.size() == 2);
  CHECK(c.layer.events[0].voices[1].factuality == Factuality::ct_minus);
}

TEST_CASE("a denial in the words themselves is not turned round by the stance") {
  // “Cuba never invaded Chile,” Peru said.
  const std::string words =
      "Cuba/Cuba/PROPN/NNP/3/nsubj never/never/ADV/RB/3/advmod invaded/invade/VERB/VBD/6/ccomp Chile/Chile/PROPN/NNP/3/obj "
      "Peru/Peru/PROPN/NNP/6/nsubj said/say/VERB/VBD/0/root";
  Attribution a;
  a.content = {{0, 24}};
  a.source = {{25, 29}};
  a.cue = {{30, 34}};
  a.stance = Stance::denies;
  a.denies_in_content = true;
  CHECK(code(words, {a}).lines() == "CUB ASSAULT CHL denied CT-");
}

TEST_CASE("what goes on, what is due, what hangs on a condition") {
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj has/have/AUX/VBZ/4/aux been/be/AUX/VBN/4/aux invading/invade/VERB/VBG/0/root "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL ongoing CT+");
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj was/be/AUX/VBD/3/aux invading/invade/VERB/VBG/0/root Chile/Chile/PROPN/NNP/3/obj").lines() ==
        "PER ASSAULT CHL happened CT+");
  // what began then still goes on
  const std::string since =
      "Peru/Peru/PROPN/NNP/3/nsubj has/have/AUX/VBZ/3/aux blockaded/blockade/VERB/VBN/0/root Chile/Chile/PROPN/NNP/3/obj ";
  CHECK(code(since + "since/since/ADP/IN/6/case May/May/PROPN/NNP/3/obl").layer.events.at(0).status == "ongoing");
  CHECK(code(since + "in/in/ADP/IN/6/case May/May/PROPN/NNP/3/obl").layer.events.at(0).status == "happened");
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj has/have/AUX/VBZ/3/aux begun/begin/VERB/VBN/0/root invading/invade/VERB/VBG/3/xcomp "
             "Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER ASSAULT CHL ongoing CT+");
  CHECK(code("Peru/Peru/PROPN/NNP/4/nsubj is/be/AUX/VBZ/4/aux to/to/PART/TO/4/mark visit/visit/VERB/VB/0/root Chile/Chile/PROPN/NNP/4/obj")
            .lines() == "PER AGREE CHL planned PR+");
  CHECK(code("Peru/Peru/PROPN/NNP/3/nsubj would/would/AUX/MD/3/aux invade/invade/VERB/VB/0/root Chile/Chile/PROPN/NNP/3/obj "
             "if/if/SCONJ/IN/7/mark "
             "Cuba/Cuba/PROPN/NNP/7/nsubj slept/sleep/VERB/VBD/3/advcl")
            .lines() == "PER THREATEN/violence CHL hypothetical PS+");
}

TEST_CASE("a question who takes the act for granted, a question whether does not") {
  CHECK(code("Who/who/PRON/WP/2/nsubj invaded/invade/VERB/VBD/0/root Chile/Chile/PROPN/NNP/2/obj ?/?/PUNCT/./2/punct").lines() ==
        "- ASSAULT CHL happened CT+");
  CHECK(
      code("Did/do/AUX/VBD/3/aux Peru/Peru/PROPN/NNP/3/nsubj invade/invade/VERB/VB/0/root Chile/Chile/PROPN/NNP/3/obj ?/?/PUNCT/./3/punct")
          .lines() == "PER ASSAULT CHL possible Uu");
}

TEST_CASE("an act taken for granted in a denial is not denied") {
  // Peru denied knowing Cuba, invaded by Chile: the participle describes
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj denied/deny/VERB/VBD/0/root knowing/know/VERB/VBG/2/xcomp Cuba/Cuba/PROPN/NNP/3/obj "
      "invaded/invade/VERB/VBN/4/acl by/by/ADP/IN/7/case Chile/Chile/PROPN/NNP/5/obl:agent";
  Attribution denial;
  denial.source = {{0, 4}};
  denial.cue = {{5, 11}};
  denial.content = {{12, 44}};
  denial.stance = Stance::denies;
  CHECK(code(words, {denial}).lines() == "CHL ASSAULT CUB happened CT+");
}

TEST_CASE("a denial that names no act is linked to the claim of the other side") {
  // Peru says Cuba invaded Chile . Cuba called this slander .
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj says/say/VERB/VBZ/0/root Cuba/Cuba/PROPN/NNP/4/nsubj invaded/invade/VERB/VBD/2/ccomp "
      "Chile/Chile/PROPN/NNP/4/obj but/but/CCONJ/CC/8/cc Cuba/Cuba/PROPN/NNP/8/nsubj called/call/VERB/VBD/2/conj this/this/PRON/DT/8/obj "
      "slander/slander/NOUN/NN/8/xcomp";
  Attribution claim, denial;
  claim.source = {{0, 4}};
  claim.cue = {{5, 9}};
  claim.content = {{10, 28}};
  claim.source_entity = 0;
  denial.source = {{33, 37}};
  denial.cue = {{38, 44}};
  denial.content = {{45, 57}};
  denial.stance = Stance::denies;
  denial.source_entity = 1;
  const auto c = code(words, {claim, denial});
  CHECK(c.lines() == "CUB ASSAULT CHL denied CT+");
  REQUIRE(c.layer.events.size() == 1);
  REQUIRE(c.layer.events[0].voices.size() == 2);
  CHECK(c.layer.events[0].voices[1].attribution == 1);
  CHECK(c.layer.events[0].voices[1].factuality == Factuality::ct_minus);
  const auto disputes = events::find_disputes(c.read.trees, c.layer.events, {claim, denial}, c.entities.entities);
  REQUIRE(disputes.size() == 1);
  CHECK(disputes[0].kind == "occurrence");
}

TEST_CASE("a charge that is rejected is an act that is denied") {
  // Peru rejected the charge that Cuba attacked Chile
  const std::string words =
      "Peru/Peru/PROPN/NNP/2/nsubj rejected/reject/VERB/VBD/0/root the/the/DET/DT/4/det charge/charge/NOUN/NN/2/obj "
      "that/that/SCONJ/IN/7/mark Cuba/Cuba/PROPN/NNP/7/nsubj attacked/attack/VERB/VBD/4/acl Chile/Chile/PROPN/NNP/7/obj";
  Attribution denial;
  denial.source = {{0, 4}};
  denial.cue = {{5, 13}};
  denial.content = {{14, 50}};
  denial.stance = Stance::denies;
  CHECK(code(words, {denial}).lines().find("CUB ASSAULT CHL denied CT-") != std::string::npos);
}

TEST_CASE("who denies what another claims disputes it with the one who claims it") {
  // Haiti denied Peru claimed Cuba invaded Chile: of the chain the innermost voice alone is the event's
  const std::string words =
      "Haiti/Haiti/PROPN/NNP/2/nsubj denied/deny/VERB/VBD/0/root Peru/Peru/PROPN/NNP/4/nsubj claimed/claim/VERB/VBD/2/ccomp "
      "Cuba/Cuba/PROPN/NNP/6/nsubj invaded/invade/VERB/VBD/4/ccomp Chile/Chile/PROPN/NNP/6/obj";
  Attribution outer, inner;
  outer.source = {{0, 5}};
  outer.cue = {{6, 12}};
  outer.content = {{13, 44}};
  outer.source_entity = 0;
  inner.source = {{13, 17}};
  inner.cue = {{18, 25}};
  inner.content = {{26, 44}};
  inner.source_entity = 1;
  inner.parent = 0;
  outer.stance = Stance::denies;
  const auto c = code(words, {outer, inner});
  CHECK(c.lines() == "CUB ASSAULT CHL denied CT+");
  REQUIRE(c.layer.events.size() == 1);
  REQUIRE(c.layer.events[0].voices.size() == 1);
  const auto found = events::find_disputes(c.read.trees, c.layer.events, {outer, inner}, c.entities.entities);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "occurrence");
  CHECK(found[0].positions[0].voices == std::vector<int32_t>{1});
  CHECK(found[0].positions[1].voices == std::vector<int32_t>{0});
  outer.stance = Stance::asserts;
  const auto told = code(words, {outer, inner});
  CHECK(told.layer.events.at(0).status == "happened");
  CHECK(events::find_disputes(told.read.trees, told.layer.events, {outer, inner}, told.entities.entities).empty());
}
