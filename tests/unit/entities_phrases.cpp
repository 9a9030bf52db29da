#include "entities/mentions.h"
#include "entities_support.h"

using entities_test::Read;

TEST_CASE("the example of the record: a ministry speaks for its state, a capital for its government, an adjective names a state") {
  const Read r(R"(
Norway PROPN 4 nmod:poss - Number=Sing
|’s PART 1 case
foreign ADJ 4 amod
ministry NOUN 5 nsubj - Number=Sing
denied VERB 0 root deny
that SCONJ 10 mark
its PRON 8 nmod:poss - Gender=Neut|Number=Sing|Person=3|Poss=Yes|PronType=Prs
ships NOUN 10 nsubj ship Number=Plur
had AUX 10 aux
entered VERB 5 ccomp enter
Icelandic ADJ 12 amod
waters NOUN 10 obj water Number=Plur
|, PUNCT 16 punct
as SCONJ 16 mark
Reykjavik PROPN 16 nsubj
says VERB 5 advcl say
two NUM 18 nummod
fishermen NOUN 19 nsubj fisherman Number=Plur
told VERB 16 ccomp tell
the DET 22 det
coast NOUN 22 compound
guard NOUN 19 obj
)");
  CHECK(r.at("ministry") == "NOR GOV state");
  CHECK(r.entity("ministry").name == "Norway");
  REQUIRE(!r.entity("ministry").mentions.empty());
  CHECK(r.text(r.entity("ministry").mentions[0]) == "Norway’s foreign ministry");
  CHECK(r.same("ministry", "its"));
  CHECK(r.at("Icelandic") == "ISL GOV state");
  CHECK(r.same("Icelandic", "Reykjavik"));
  CHECK(r.at("fishermen") == "null AGR group");
  CHECK(r.entity("fishermen").name == "two fishermen");
  CHECK(r.at("waters") == "none");
  const auto& why = r.entity("Reykjavik").why;
  CHECK(std::find(why.begin(), why.end(), "capital stands for government") != why.end());
}

TEST_CASE("a title and a nationality before an unknown name") {
  const Read r(R"(
Danish ADJ 3 amod
Fisheries PROPN 3 compound
Minister PROPN 4 nmod:desc
Karen PROPN 6 nsubj
Holm PROPN 4 flat
left VERB 0 root leave
Oslo PROPN 6 obj
|. PUNCT 6 punct

Holm PROPN 2 nsubj
said VERB 0 root say
she PRON 4 nsubj - Gender=Fem|Number=Sing|Person=3|PronType=Prs
returned VERB 2 ccomp return
)");
  CHECK(r.at("Karen") == "DNK GOV person");
  CHECK(r.entity("Karen").office.value_or("") == "fisheries minister");
  CHECK(r.entity("Karen").name == "Karen Holm");
  CHECK(r.same("Karen", "Holm", 1, 2));
  CHECK(r.same("Karen", "she"));
  CHECK(r.at("Oslo") == "NOR - place");
}

TEST_CASE("apposition and predicate tell who somebody is") {
  const Read r(R"(
Karen PROPN 8 nsubj
Holm PROPN 1 flat
|, PUNCT 6 punct
the DET 6 det
fisheries NOUN 6 compound fishery
minister NOUN 1 appos
|, PUNCT 1 punct
resigned VERB 0 root resign
|. PUNCT 8 punct

Aron PROPN 5 nsubj
Bex PROPN 1 flat
is AUX 5 cop be
Peruvian ADJ 5 amod
ambassador NOUN 0 root
|. PUNCT 5 punct

The DET 2 det
minister NOUN 3 nsubj - Number=Sing
wept VERB 0 root weep
)");
  CHECK(r.at("Karen") == "null GOV person");
  CHECK(r.same("Karen", "minister"));
  CHECK(r.at("Aron") == "PER GOV person");
  CHECK(r.same("Karen", "minister", 1, 2));
}

TEST_CASE("whose the rebels are: not their backer's") {
  const Read r(R"(
Turkish ADJ 3 obl:unmarked
|- PUNCT 3 punct
|backed VERB 4 amod back
rebels NOUN 8 nsubj rebel Number=Plur
in ADP 7 case
northern ADJ 7 amod
Iraq PROPN 4 nmod
met VERB 0 root meet
Russian ADJ 11 obl:unmarked
|- PUNCT 11 punct
|backed VERB 12 amod back
separatists NOUN 8 obj separatist Number=Plur
in ADP 15 case
eastern ADJ 15 amod
Ukraine PROPN 12 nmod
)");
  CHECK(r.at("rebels") == "IRQ REB group");
  CHECK(r.at("separatists") == "UKR REB group");
}

TEST_CASE("troops belong to who sends them, police to where they are") {
  const Read r(R"(
US PROPN 2 compound
troops NOUN 5 nsubj troop Number=Plur
in ADP 4 case
Iraq PROPN 2 nmod
helped VERB 0 root help
police NOUN 5 obj
in ADP 8 case
Cairo PROPN 6 nmod
and CCONJ 11 cc
Israeli ADJ 11 amod
police NOUN 6 conj
)");
  CHECK(r.at("troops") == "USA MIL organisation");
  CHECK(r.at("police") == "EGY COP organisation");
  CHECK(r.at("police", 2) == "ISR COP organisation");
  CHECK(r.at("Cairo") == "EGY - place");
}

TEST_CASE("a nationality does not make an actor, a people without a state has no country") {
  const Read r(R"(
Kurdish ADJ 2 amod
fighters NOUN 3 nsubj fighter Number=Plur
drank VERB 0 root drink
French ADJ 5 amod
wine NOUN 3 obj
)");
  CHECK(r.at("fighters") == "null REB group");
  CHECK(r.at("wine") == "none");
  CHECK(r.at("French") == "FRA GOV state");
}

TEST_CASE("opposition, former office, unidentified men") {
  const Read r(R"(
The DET 3 det
opposition NOUN 3 compound
leader NOUN 6 nsubj - Number=Sing
in ADP 5 case
Kenya PROPN 3 nmod
met VERB 0 root meet
a DET 10 det
former ADJ 10 amod
Peruvian ADJ 10 amod
president NOUN 6 obj - Number=Sing
and CCONJ 14 cc
three NUM 14 nummod
masked ADJ 14 amod
gunmen NOUN 10 conj gunman Number=Plur
)");
  CHECK(r.at("leader") == "KEN OPP person");
  CHECK(r.at("president") == "PER ELI office");
  CHECK(r.at("gunmen") == "null UAF group");
}

TEST_CASE("words that take their sector from what stands beside them") {
  const Read r(R"(
A DET 4 det
Sudanese ADJ 4 amod
army NOUN 4 compound
spokesman NOUN 5 nsubj - Number=Sing
told VERB 0 root tell
a DET 7 det
member NOUN 5 obj - Number=Sing
of ADP 10 case
the DET 10 det
police NOUN 7 nmod
in ADP 12 case
Quito PROPN 10 nmod
)");
  CHECK(r.at("spokesman") == "SDN MIL person");
  CHECK(r.at("member") == "ECU COP person");
}

TEST_CASE("the government without a name: the text's one country, or none") {
  const Read one(R"(
Protests NOUN 2 nsubj protest Number=Plur
shook VERB 0 root shake
Peru PROPN 2 obj
|. PUNCT 2 punct

The DET 2 det
government NOUN 3 nsubj - Number=Sing
resigned VERB 0 root resign
)");
  CHECK(one.at("government") == "PER GOV organisation");
  const Read two(R"(
Peru PROPN 2 nsubj
met VERB 0 root meet
Chile PROPN 2 obj
|. PUNCT 2 punct

The DET 2 det
government NOUN 3 nsubj - Number=Sing
resigned VERB 0 root resign
)");
  CHECK(two.at("government") == "null GOV organisation");
}

TEST_CASE("a capital that only is a place stays one") {
  const Read r(R"(
The DET 2 det
envoy NOUN 3 nsubj - Number=Sing
arrived VERB 0 root arrive
in ADP 5 case
Vienna PROPN 3 obl
|. PUNCT 3 punct

Vienna PROPN 2 nsubj
rejected VERB 0 root reject
the DET 4 det
plan NOUN 2 obj
|. PUNCT 2 punct
)");
  CHECK(r.at("Vienna") == "AUT - place");
  CHECK(r.at("Vienna", 2) == "AUT GOV state");
  CHECK(r.at("envoy") == "null GOV office");
}

TEST_CASE("Brussels acting is the Union, the West is nobody") {
  const Read r(R"(
Brussels PROPN 2 nsubj
warned VERB 0 root warn
the DET 4 det
West PROPN 2 obj
)");
  CHECK(r.at("Brussels") == "EUR GOV organisation");
  CHECK(r.at("West") == "none");
}

TEST_CASE("conjuncts are mentions of their own") {
  const Read r(R"(
Gunmen NOUN 4 nsubj gunman Number=Plur
and CCONJ 3 cc
protesters NOUN 1 conj protester Number=Plur
fled VERB 0 root flee
Lima PROPN 4 obj
and CCONJ 7 cc
Quito PROPN 5 conj
)");
  CHECK(r.at("Gunmen") == "null UAF group");
  CHECK(r.at("protesters") == "null CVL group");
  CHECK(!r.same("Gunmen", "protesters"));
  CHECK(!r.same("Lima", "Quito"));
}

TEST_CASE("a conjunction that the tree has as a determiner is no part of a description") {
  const Read r(R"(
Oslo PROPN 2 nsubj
denied VERB 0 root deny
that DET 4 det
soldiers NOUN 5 nsubj soldier Number=Plur
fired VERB 2 ccomp fire

Oslo PROPN 2 nsubj
demanded VERB 0 root demand
that DET 5 det
its PRON 5 nmod:poss its Poss=Yes|PronType=Prs
minister NOUN 6 nsubj - Number=Sing
resign VERB 2 ccomp

That DET 2 det
minister NOUN 3 nsubj - Number=Sing
resigned VERB 0 root resign
)");
  CHECK(r.text(r.entity("soldiers").mentions[0]) == "soldiers");
  std::vector<std::string> ministers;
  for (const auto& e : r.layer.entities)
    for (const auto& m : e.mentions)
      if (r.text(m).ends_with("minister")) ministers.push_back(r.text(m));
  CHECK(ministers == std::vector<std::string>{"its minister", "That minister"});
}

TEST_CASE("whose a body is the text says before the dictionary") {
  const Read own(R"(
Jordan PROPN 4 nmod:poss
|’s PART 1 case
Red PROPN 4 compound
Crescent PROPN 5 nsubj
left VERB 0 root leave
Lima PROPN 5 obj
|. PUNCT 5 punct

The DET 3 det
Red PROPN 3 compound
Crescent PROPN 4 nsubj
returned VERB 0 root return
)");
  CHECK(own.at("Crescent") == "JOR MED organisation");
  CHECK(own.same("Crescent", "Crescent", 1, 2));
  const Read adjective(R"(
Workers NOUN 7 nsubj worker Number=Plur
of ADP 6 case
the DET 6 det
Danish ADJ 6 amod
Red PROPN 6 compound
Cross PROPN 1 nmod
left VERB 0 root leave
)");
  CHECK(adjective.at("Cross") == "DNK MED organisation");
  CHECK(adjective.at("Workers").starts_with("DNK"));
}

TEST_CASE("a name that many states have is the dictionary's where the text speaks of no other state") {
  const char* rows = R"(
Soldiers NOUN 7 nsubj soldier Number=Plur
of ADP 5 case
the DET 5 det
National PROPN 5 compound
Guard PROPN 1 nmod
had AUX 7 aux
left VERB 0 root leave
)";
  CHECK(Read(rows).at("Guard") == "USA MIL organisation");
  const Read other(std::string("Chile PROPN 2 nsubj\nagreed VERB 0 root agree\n|. PUNCT 2 punct\n") + rows);
  CHECK(other.at("Guard") == "CHL MIL organisation");
  CHECK(other.at("Soldiers").starts_with("null"));
  const Read another(R"(
Its PRON 2 nmod:poss - Number=Sing|Person=3|Poss=Yes|PronType=Prs
army NOUN 3 nsubj - Number=Sing
met VERB 0 root meet
the DET 8 det
North PROPN 8 nmod:poss
|'s PART 5 case
National PROPN 8 compound
Guard PROPN 3 obj
in ADP 10 case
Chicago PROPN 3 obl
)");
  CHECK(!another.at("Guard").starts_with("USA"));
}

TEST_CASE("a name inside a longer one is another's") {
  const Read r(R"(
Young PROPN 2 compound
Democrats PROPN 6 nsubj
and CCONJ 5 cc
republican ADJ 5 amod
villagers NOUN 2 conj villager Number=Plur
left VERB 0 root leave
)");
  CHECK(!r.at("Democrats").starts_with("USA"));
  CHECK(r.at("villagers").starts_with("null"));
  const Read joined(R"(
The DET 5 det
Trade PROPN 5 compound
and CCONJ 4 cc
Security PROPN 2 conj
Council PROPN 6 nsubj
met VERB 0 root meet
)");
  CHECK(!joined.at("Council").starts_with("UNO"));
  const Read behind(R"(
The DET 4 det
Democratic PROPN 4 compound
Villages PROPN 4 compound
Party PROPN 5 nsubj
split VERB 0 root split
)");
  CHECK(!behind.at("Party").starts_with("USA"));
}

TEST_CASE("a state that has a people comes before the people, not before those who are away from home") {
  const Read r(R"(
Slovenia PROPN 4 nmod:poss
|’s PART 1 case
Italian ADJ 4 amod
teachers NOUN 8 nsubj teacher Number=Plur
met VERB 8 dep meet
Turkey PROPN 8 nmod:poss
|’s PART 6 case
left VERB 0 root leave
)");
  CHECK(r.at("teachers").starts_with("SVN"));
  const Read away(R"(
Turkey PROPN 4 nmod:poss
|’s PART 1 case
Syrian ADJ 4 amod
refugees NOUN 5 nsubj refugee Number=Plur
left VERB 0 root leave
)");
  CHECK(away.at("refugees").starts_with("SYR"));
}

TEST_CASE("those of two states are of no single one") {
  const Read of(R"(
The DET 2 det
ministers NOUN 7 nsubj minister Number=Plur
of ADP 4 case
Peru PROPN 2 nmod
and CCONJ 6 cc
Chile PROPN 4 conj
met VERB 0 root meet
)");
  CHECK(of.at("ministers").starts_with("null"));
  const Read both(R"(
Danish ADJ 4 amod
and CCONJ 3 cc
Polish ADJ 4 amod
sailors NOUN 5 nsubj sailor Number=Plur
met VERB 0 root meet
)");
  CHECK(both.at("sailors").starts_with("null"));
}

TEST_CASE("the House is a parliament, houses are none; a crowd before an embassy is not of its state") {
  const Read r(R"(
The DET 2 det
House NOUN 3 nsubj - Number=Sing
voted VERB 0 root vote
while SCONJ 6 mark
rebels NOUN 6 nsubj rebel Number=Plur
burned VERB 3 advcl burn
houses NOUN 6 obj house Number=Plur
)");
  CHECK(r.at("House") == "null LEG organisation");
  CHECK(r.at("houses") == "null CVL place");
  const Read crowd(R"(
Protesters NOUN 2 nsubj protester Number=Plur
gathered VERB 0 root gather
outside ADP 6 case
the DET 6 det
Belarusian ADJ 6 amod
embassy NOUN 2 obl - Number=Sing
)");
  CHECK(crowd.at("Protesters") == "null CVL group");
  CHECK(crowd.at("embassy") == "BLR GOV state");
}

TEST_CASE("whoever is of an age is a person, whatever they do") {
  const Read r(R"(
A DET 8 det
court NOUN 3 nsubj - Number=Sing
jailed VERB 0 root jail
a DET 11 det
34 NUM 11 amod
|- PUNCT 7 punct
year NOUN 11 compound - Number=Sing
|- PUNCT 9 punct
old ADJ 11 amod
Chadian ADJ 11 amod
falconer NOUN 3 obj - Number=Sing
)");
  CHECK(r.at("falconer") == "TCD CVL person");
}

TEST_CASE("an embassy is not of the town it stands in") {
  const Read r(R"(
Norway PROPN 4 nmod:poss
|’s PART 1 case
Dakar PROPN 4 compound
embassy NOUN 9 nsubj - Number=Sing
and CCONJ 7 cc
the DET 7 det
consulate NOUN 4 conj - Number=Sing
had AUX 9 aux
closed VERB 0 root close
)");
  CHECK(r.at("embassy") == "NOR GOV state");
  const Read open(R"(
The DET 2 det
embassy NOUN 5 nsubj - Number=Sing
in ADP 4 case
Quito PROPN 2 nmod
closed VERB 0 root close
|. PUNCT 5 punct

The DET 3 det
secretary NOUN 3 compound
general NOUN 4 nsubj - Number=Sing
left VERB 0 root leave
)");
  CHECK(open.at("embassy").starts_with("null"));
  CHECK(open.at("general").starts_with("null"));
}

TEST_CASE("parts of the world, waters and participles name no state") {
  const Read r(R"(
Central ADJ 3 amod
American ADJ 3 amod
leaders NOUN 4 nsubj leader Number=Plur
told VERB 0 root tell
fishermen NOUN 4 obj fisherman Number=Plur
from ADP 10 case
the DET 10 det
South PROPN 10 compound
China PROPN 10 compound
Sea PROPN 5 nmod
and CCONJ 15 cc
Russian ADJ 14 amod
|- PUNCT 14 punct
|installed VERB 15 amod install
officials NOUN 5 conj official Number=Plur
)");
  CHECK(r.at("leaders").starts_with("null"));
  CHECK(r.at("fishermen").starts_with("null"));
  CHECK(r.at("officials").starts_with("null"));
  const Read europe(R"(
European ADJ 2 amod
diplomats NOUN 7 nsubj diplomat Number=Plur
and CCONJ 6 cc
Eastern ADJ 6 amod
European ADJ 6 amod
monitors NOUN 2 conj monitor Number=Plur
left VERB 0 root leave
Lake PROPN 9 compound
Chad PROPN 7 obj
)");
  CHECK(europe.at("diplomats").starts_with("EUR"));
  CHECK(europe.at("monitors").starts_with("null"));
  CHECK(europe.at("Chad") == "null - thing");
}

TEST_CASE("what several states have by one name is of the one that the text speaks of first") {
  const char* rows = R"(
Police NOUN 4 nsubj police Number=Plur
in ADP 3 case
Tripoli PROPN 1 nmod
met VERB 0 root meet
Congolese ADJ 6 amod
teachers NOUN 4 obj teacher Number=Plur
)";
  const Read alone(rows);
  CHECK(alone.at("Police").starts_with("LBY"));
  CHECK(alone.at("teachers").starts_with("COD"));
  const Read told(std::string("Lebanon PROPN 2 nsubj\nthanked VERB 0 root thank\nBrazzaville PROPN 2 obj\n|. PUNCT 2 punct\n") + rows);
  CHECK(told.at("Police").starts_with("LBN"));
  CHECK(told.at("teachers").starts_with("COG"));
  const Read serbs(R"(
Kosovo PROPN 2 nsubj
warned VERB 0 root warn
Serb ADJ 4 amod
teachers NOUN 2 obj teacher Number=Plur
and CCONJ 7 cc
Serb ADJ 7 amod
troops NOUN 4 conj troops Number=Plur
)");
  CHECK(serbs.at("teachers").starts_with("KOS"));
  CHECK(serbs.at("troops").starts_with("SRB"));
}

TEST_CASE("a minister on a visit is not of the country at hand") {
  const Read r(R"(
Peru PROPN 2 nsubj
thanked VERB 0 root thank
visiting ADJ 5 amod
Interior PROPN 5 compound
Minister PROPN 6 nmod:desc
Ana PROPN 2 obj
Quilva PROPN 6 flat
)");
  CHECK(r.at("Ana").starts_with("null GOV"));
}

TEST_CASE("the alliance is the one that was named, a chairman of his committee's country") {
  const Read r(R"(
NATO PROPN 2 nsubj
warned VERB 0 root warn
a DET 5 det
Chilean ADJ 5 amod
committee NOUN 2 obj - Number=Sing
|. PUNCT 2 punct

The DET 2 det
alliance NOUN 3 nsubj - Number=Sing
thanked VERB 0 root thank
the DET 5 det
committee NOUN 7 nmod:poss - Number=Sing
|'s PART 5 case
chairman NOUN 3 obj - Number=Sing
)");
  CHECK(r.same("NATO", "alliance"));
  CHECK(r.at("chairman").starts_with("CHL"));
}

TEST_CASE("a name that is tagged as a place has no person in it") {
  const Read r(R"(
Gunmen NOUN 2 nsubj gunman Number=Plur
killed VERB 0 root kill
farmers NOUN 2 obj farmer Number=Plur
in ADP 6 case
Tel PROPN 6 compound
Modi PROPN 2 obl
)");
  const std::vector<reportedly::entities::TaggedName> tagged{{4, 6, "LOC", 1}};
  const auto layer = reportedly::entities::find_mentions(r.read.trees, &tagged, entities_test::dictionary(), "2031-05-05");
  for (const auto& c : layer.candidates) CHECK(!c.text_country);
}
