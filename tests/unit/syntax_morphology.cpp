#include <doctest/doctest.h>

#include <sstream>

#include "syntax/morphology.h"

using namespace reportedly;

namespace {

/// "form lemma" pairs, one tag for all; the model is taken to have no idea.
void check(const std::string& xpos, const std::string& pairs) {
  std::istringstream in(pairs);
  for (std::string form, lemma; in >> form >> lemma;) {
    CAPTURE(form);
    CHECK(syntax::lemma_of(form, xpos, "zz") == lemma);
  }
}

}  // namespace

TEST_CASE("lemmas: past tenses and participles") {
  check("VBD",
        "killed kill announced announce stopped stop tried try died die agreed agree freed free added add passed pass changed change "
        "belonged belong controlled control cancelled cancel "
        "referred refer offered offer prepared prepare appeared appear required require repaired repair injured injure poured pour "
        "explored explore favored favor created create treated "
        "treat repeated repeat evacuated evacuate visited visit invited invite voted vote shouted shout contributed contribute tasted "
        "taste tested test decided decide avoided avoid "
        "invaded invade loaded load conceded concede needed need exploded explode flooded flood included include applauded applaud "
        "provoked provoke looked look named name claimed "
        "claim resumed resume combined combine remained remain happened happen intervened intervene mentioned mention postponed postpone "
        "escaped escape developed develop described "
        "describe climbed climb increased increase focused focus judged judge merged merge handled handle crawled crawl believed believe "
        "argued argue seized seize organized organize "
        "owed owe allowed allow fixed fix reached reach guided guide persuaded persuade panicked panic boycotted boycott fled flee led "
        "lead shot shoot struck strike withdrew withdraw "
        "overthrew overthrow rebuilt rebuild reread reread shed shed left leave found find said say met meet was be Were be taken take");
  check("VBN", "withdrawn withdraw stolen steal gone go been be given give hit hit signed sign co-signed co-sign besieged besiege");
}

TEST_CASE("lemmas: other verb forms") {
  check("VBG",
        "killing kill being be dying die lying lie going go seeing see agreeing agree running run making make shelling shell firing fire "
        "reaching reach getting get bombing bomb using use offering offer");
  check("VBZ",
        "says say has have does do goes go is be denies deny watches watch leaves leave lives live focuses focus uses use ties tie passes "
        "pass");
  CHECK(syntax::lemma_of("holds", "VBP", "holds") == "hold");  // under a wrong tag
  CHECK(syntax::lemma_of("wants", "VBD", "wants") == "want");
  CHECK(syntax::lemma_of("chanted", "VBP", "chanted") == "chant");
  check("VBP", "are be 've have 're be deny deny");
  check("MD", "'ll will wo will ca can ’d would may may");
}

TEST_CASE("lemmas: nouns") {
  check("NNS",
        "companies company countries country men man women woman spokesmen spokesman children child people people troops troops shelters "
        "shelter losses loss churches church boxes box heroes "
        "hero shoes shoe lives life housewives housewife crises crisis analyses analysis buses bus viruses virus uses use excuses excuse "
        "species species ties tie grandchildren grandchild "
        "allies ally police police ministers minister vice-presidents vice-president");
  CHECK(syntax::lemma_of("Regards", "NNS", "regards") == "regards");    // a plural without a singular, the model says
  CHECK(syntax::lemma_of("officers", "NNS", "officers") == "officer");  // … but a regular plural has one, whatever it says
  CHECK(syntax::lemma_of("supplies", "NNS", "supplies") == "supplies");
  CHECK(syntax::lemma_of("NGOs", "NNS", "ngo") == "ngo");
  CHECK(syntax::lemma_of("Territories", "NNPS", "Territorie") == "Territory");
  CHECK(syntax::lemma_of("Philippines", "NNPS", "Philippines") == "Philippines");
}

TEST_CASE("lemmas: degrees, pronouns, marks, and what is left to the model") {
  check("JJR", "greater great larger large bigger big better good easier easy smaller small nicer nice");
  check("JJS", "greatest great latest late worst bad");
  check("RBR", "better well");
  check("PRP", "me I them they her she us we it it");
  check("DT", "an a these this The the");
  check("RB", "n't not n’t not");
  check("CD", "12,500 12500");
  check("``", "“ \"");
  check(":", "-- -- — -");
  CHECK(syntax::lemma_of("’s", "POS", "be") == "'s");
  CHECK(syntax::lemma_of("'s", "VBZ", "be") == "be");
  CHECK(syntax::lemma_of("NATO", "NNP", "NATO") == "NATO");
  CHECK(syntax::lemma_of("Reykjavik", "NNP", "Reykjavi") == "Reykjavik");
  CHECK(syntax::lemma_of("peace", "NN", "pea") == "peace");
  CHECK(syntax::lemma_of("x", "FW", "") == "x");
  for (const std::string xpos : {"VBD", "VBG", "VBZ", "NNS", "JJR", "NNPS", "PRP", "CD", "XX", ""})
    for (const std::string form : {"a", "ed", "ing", "s", "-", "é", "\xFF", "bed", "ss", "ies"})
      CHECK_FALSE(syntax::lemma_of(form, xpos, "m").empty());
}
