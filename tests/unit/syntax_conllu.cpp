#include <doctest/doctest.h>

#include "syntax/conllu.h"

using namespace reportedly;
using namespace reportedly::syntax;

namespace {
const char* const kHarbour =
    "# newdoc id = d\n# newpar\n# sent_id = d-1\n# text = The mayor doesn't talk.\n"
    "1\tThe\tthe\tDET\tDT\tDefinite=Def|PronType=Art\t2\tdet\t_\t_\n"
    "2\tmayor\tmayor\tNOUN\tNN\tNumber=Sing\t5\tnsubj\t_\t_\n"
    "3-4\tdoesn't\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "3\tdoes\tdo\tAUX\tVBZ\tMood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin\t5\taux\t_\t_\n"
    "4\tn't\tnot\tPART\tRB\tPolarity=Neg\t5\tadvmod\t_\t_\n"
    "5\ttalk\ttalk\tVERB\tVB\tVerbForm=Inf\t0\troot\t_\tSpaceAfter=No\n"
    "6\t.\t.\tPUNCT\t.\t_\t5\tpunct\t_\t_\n\n"
    "# newpar\n# sent_id = d-2\n# text = Ships left Mårup.\n"
    "1\tShips\tship\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\t_\n"
    "2\tleft\tleave\tVERB\tVBD\tMood=Ind|Number=Plur|Person=3|Tense=Past|VerbForm=Fin\t0\troot\t_\t_\n"
    "3\tMårup\tMårup\tPROPN\tNNP\tNumber=Sing\t2\tobj\t_\tNE=B-LOC|SpaceAfter=No\n"
    "4\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n";
}

TEST_CASE("CoNLL-U is read into document offsets and written back unchanged") {
  const auto read = read_conllu(kHarbour);
  REQUIRE(read.has_value());
  const Trees& t = read->trees;
  CHECK(read->text == "The mayor doesn't talk.\n\nShips left Mårup.");
  REQUIRE(t.words.size() == 10);
  CHECK(t.words[2].span == Span{10, 14});
  CHECK(t.words[3].span == Span{14, 17});
  CHECK(t.words[2].token_words == 2);
  CHECK(t.words[3].token_words == 0);
  CHECK(t.words[3].morph.negative);
  CHECK(t.words[8].span == Span{36, 41});
  CHECK(t.words[6].head == 7);
  CHECK(t.child_with(7, Rel::obj) == 8);
  CHECK(t.extent(4) == std::pair<uint32_t, uint32_t>{0, 6});
  CHECK(t.dominates(4, 0));
  CHECK_FALSE(t.dominates(7, 0));
  CHECK(t.word_at(12) == 2);
  CHECK(t.sentences[1].paragraph == 1);
  CHECK(write_conllu(t, read->text, {{{36, 41}, "LOC"}}, "d") == kHarbour);
}

TEST_CASE("factuality stands on predicates alone") {
  const auto read = read_conllu(
      "1\tShe\tshe\tPRON\tPRP\t_\t4\tnsubj\t_\t_\n2\tis\tbe\tAUX\tVBZ\t_\t4\tcop\t_\t_\n3\tnot\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_\n"
      "4\till\till\tADJ\tJJ\t_\t0\troot\t_\t_\n5\tor\tor\tCCONJ\tCC\t_\t6\tcc\t_\t_\n6\tgone\tgo\tVERB\tVBN\t_\t4\tconj\t_\tSpaceAfter="
      "No\n\n");
  REQUIRE(read.has_value());
  const float values[] = {1, 1, 1, -3.5F, 1, -0.001F};
  const std::string out = write_conllu(read->trees, read->text, {}, "d", values);
  CHECK(out.find("4\till\till\tADJ\tJJ\t_\t0\troot\t_\tFact=-3.00\n") != std::string::npos);
  CHECK(out.find("\tFact=0.00|SpaceAfter=No\n") != std::string::npos);
  CHECK(out.find("Fact=1") == std::string::npos);
}

TEST_CASE("a CoNLL-U slip is reported with its line") {
  const auto short_line = read_conllu("1\tShips\tship\n");
  REQUIRE_FALSE(short_line.has_value());
  CHECK(short_line.error().place == "line 1");
  const auto gap = read_conllu("2\tShips\tship\tNOUN\tNNS\t_\t0\troot\t_\t_\n");
  REQUIRE_FALSE(gap.has_value());
  CHECK(gap.error().message.find("expected word 1") != std::string::npos);
  const auto far = read_conllu("1\tShips\tship\tNOUN\tNNS\t_\t7\troot\t_\t_\n\n");
  CHECK_FALSE(far.has_value());
}
