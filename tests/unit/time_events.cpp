#include <doctest/doctest.h>

#include "syntax/conllu.h"
#include "time/times.h"

using namespace reportedly;

namespace {

/// Rows "form upos head rel lemma feats"; the last two may be left out.
syntax::Trees trees(std::initializer_list<const char*> rows) {
  std::string conllu;
  int id = 0;
  for (const char* r : rows) {
    std::string f[6];
    size_t k = 0;
    for (const char* c = r; *c; ++c) {
      if (*c == ' ')
        ++k;
      else
        f[k] += *c;
    }
    conllu += std::to_string(++id) + '\t' + f[0] + '\t' + (f[4].empty() ? f[0] : f[4]) + '\t' + f[1] + "\t_\t" +
              (f[5].empty() ? "_" : f[5]) + '\t' + f[2] + '\t' + f[3] + "\t_\t_\n";
  }
  auto read = syntax::read_conllu(conllu + "\n");
  REQUIRE(read.has_value());
  return std::move(read->trees);
}

const char* const kPublished = "2031-05-05";  // a Monday
#define PAST "Mood=Ind|Tense=Past|VerbForm=Fin"

time::EventTime of(const syntax::Trees& t, uint32_t trigger) {
  return time::time_of(t, time::find_times(t, kPublished), trigger, kPublished);
}

}  // namespace

TEST_CASE("an event's own modifier gives its date and time") {
  const auto t = trees({"Rebels NOUN 2 nsubj", "attacked VERB 0 root attack " PAST, "on ADP 4 case", "Friday PROPN 2 obl"});
  const auto e = of(t, 1);
  CHECK(e.date == "2031-05-02");
  CHECK_FALSE(e.time.has_value());
  CHECK(e.why.front() == "time: Friday, its own modifier");
  const auto night = of(
      trees({"Rebels NOUN 2 nsubj", "attacked VERB 0 root attack " PAST, "on ADP 5 case", "Friday PROPN 5 compound", "night NOUN 2 obl"}),
      1);
  CHECK(night.date == "2031-05-02");
  CHECK(night.time == "night");
  const auto clock =
      of(trees({"It PRON 2 nsubj", "began VERB 0 root begin " PAST, "at ADP 4 case", "18:00 NUM 2 obl", "UTC PROPN 4 flat"}), 1);
  CHECK(clock.date == "2031-05-05");
  CHECK(clock.time == "18:00Z");
}

TEST_CASE("a weekday with a perfect is the one before, with a future the one to come") {
  const char* const met = "met VERB 0 root meet Tense=Past|VerbForm=Part";
  const char* const meet = "meet VERB 0 root meet VerbForm=Inf";
  const char* const have = "have AUX 3 aux have Mood=Ind|Tense=Pres|VerbForm=Fin";
  const char* const had = "had AUX 3 aux have Mood=Ind|Tense=Past|VerbForm=Fin";
  CHECK(of(trees({"Ministers NOUN 3 nsubj", have, met, "on ADP 5 case", "Friday PROPN 3 obl"}), 2).date == "2031-05-02");
  CHECK(of(trees({"Ministers NOUN 3 nsubj", had, met, "on ADP 5 case", "Friday PROPN 3 obl"}), 2).date == "2031-05-02");
  // "would have met": not done, but it would be over
  CHECK(of(trees({"Ministers NOUN 4 nsubj", "would AUX 4 aux will Mood=Ind|Tense=Past|VerbForm=Fin", "have AUX 4 aux have VerbForm=Inf",
                  met, "on ADP 6 case", "Friday PROPN 4 obl"}),
           3)
            .date == "2031-05-02");
  CHECK(of(trees({"Ministers NOUN 3 nsubj", "will AUX 3 aux will Mood=Ind|Tense=Pres|VerbForm=Fin", meet, "on ADP 5 case",
                  "Friday PROPN 3 obl"}),
           2)
            .date == "2031-05-09");
}

TEST_CASE("of two times the finer one") {
  const auto t = trees({"In ADP 2 case", "2029 NUM 4 obl", "rebels NOUN 4 nsubj", "attacked VERB 0 root attack " PAST, "on ADP 6 case",
                        "12 NUM 4 obl", "March PROPN 6 flat", "2029 NUM 6 nummod"});
  CHECK(of(t, 3).date == "2029-03-12");
}

TEST_CASE("the time of telling is not the time of what is told") {
  const auto t = trees({"Officials NOUN 2 nsubj", "said VERB 0 root say " PAST, "on ADP 4 case", "Friday PROPN 2 obl", "that SCONJ 7 mark",
                        "rebels NOUN 7 nsubj", "attacked VERB 2 ccomp attack " PAST});
  CHECK(of(t, 1).date == "2031-05-02");
  const auto e = of(t, 6);
  CHECK_FALSE(e.date.has_value());
  REQUIRE_FALSE(e.why.empty());
  CHECK(e.why.front() == "the time is that of the telling");
}

TEST_CASE("an act noun has the date of its verb, unless the verb tells of it") {
  const auto t =
      trees({"The DET 2 det", "attack NOUN 3 nsubj", "happened VERB 0 root happen " PAST, "on ADP 5 case", "Friday PROPN 3 obl"});
  CHECK(of(t, 1).date == "2031-05-02");
  const auto told = trees({"Norway PROPN 2 nsubj", "condemned VERB 0 root condemn " PAST, "the DET 4 det", "attack NOUN 2 obj",
                           "on ADP 6 case", "Friday PROPN 2 obl"});
  CHECK(of(told, 1).date == "2031-05-02");
  CHECK_FALSE(of(told, 3).date.has_value());
  const auto possessive = trees({"Friday PROPN 3 nmod:poss", "'s PART 1 case", "attack NOUN 4 nsubj", "failed VERB 0 root fail " PAST});
  CHECK(of(possessive, 2).date == "2031-05-02");
}

TEST_CASE("joined verbs share the date") {
  const auto t = trees({"On ADP 2 case", "Friday PROPN 4 obl", "rebels NOUN 4 nsubj", "came VERB 0 root come " PAST, "and CCONJ 6 cc",
                        "attacked VERB 4 conj attack " PAST});
  CHECK(of(t, 5).date == "2031-05-02");
}

TEST_CASE("bounds, lengths and vague times are no dates") {
  const auto since = of(trees({"Rebels NOUN 2 nsubj", "attacked VERB 0 root attack " PAST, "since ADP 4 case", "Friday PROPN 2 obl"}), 1);
  CHECK_FALSE(since.date.has_value());
  CHECK(since.why.front() == "only a bound is given: Friday");
  const auto recently = of(trees({"Rebels NOUN 2 nsubj", "attacked VERB 0 root attack " PAST, "recently ADV 2 advmod"}), 1);
  CHECK_FALSE(recently.date.has_value());
  const auto length =
      of(trees({"Rebels NOUN 2 nsubj", "attacked VERB 0 root attack " PAST, "for ADP 5 case", "three NUM 5 nummod", "days NOUN 2 obl"}), 1);
  CHECK_FALSE(length.date.has_value());
  CHECK(length.why.front() == "no date given");
}

TEST_CASE("what comes after a length is counted from the day of the rest") {
  // Ships left on Thursday, two days after troops had stormed a camp; the publication is a Monday
  const auto t =
      trees({"Ships NOUN 2 nsubj", "left VERB 0 root leave " PAST, "on ADP 4 case", "Thursday PROPN 2 obl", ", PUNCT 7 punct",
             "two NUM 7 nummod", "days NOUN 11 obl day", "after SCONJ 11 mark", "troops NOUN 11 nsubj", "had AUX 11 aux have " PAST,
             "stormed VERB 2 advcl storm Tense=Past|VerbForm=Part", "a DET 13 det", "camp NOUN 11 obj"});
  CHECK(of(t, 1).date == "2031-05-01");
  const auto e = of(t, 10);
  CHECK(e.date == "2031-04-29");
  CHECK(e.counted);
  CHECK(e.why.front() == "time: Thursday, two days after it");
  // a week before an act that a noun names; "less than two days after" is no day
  CHECK(of(trees({"Ships NOUN 2 nsubj", "left VERB 0 root leave " PAST, "on ADP 4 case", "Thursday PROPN 2 obl", "a DET 6 det",
                  "week NOUN 9 obl", "before ADP 9 case", "the DET 9 det", "attack NOUN 2 obl"}),
           8)
            .date == "2031-05-08");
  // counted in months and years: a month, a year
  for (const auto& [unit, date] : {std::pair("months", "2030-12"), std::pair("years", "2026")})
    CHECK(of(trees({"Ships NOUN 2 nsubj", "left VERB 0 root leave " PAST, "on ADP 4 case", "Thursday PROPN 2 obl", ", PUNCT 7 punct",
                    "five NUM 7 nummod", (std::string(unit) + " NOUN 9 obl").c_str(), "after ADP 9 case", "talks NOUN 2 obl"}),
             8)
              .date == date);
  CHECK_FALSE(
      of(trees({"Ships NOUN 2 nsubj", "left VERB 0 root leave " PAST, "on ADP 4 case", "Thursday PROPN 2 obl", "less ADJ 8 advmod",
                "than ADP 8 case", "two NUM 8 nummod", "days NOUN 11 obl day", "after ADP 11 case", "the DET 11 det", "attack NOUN 2 obl"}),
         10)
          .counted);
}

TEST_CASE("what comes after a length is counted from publication where no day is told") {
  // The crew is back, two days after it had been shot at
  const auto t = trees({"Crews NOUN 3 nsubj", "are AUX 3 cop be Mood=Ind|Tense=Pres|VerbForm=Fin", "back ADV 0 root", "two NUM 5 nummod",
                        "days NOUN 8 obl day", "after SCONJ 8 mark", "they PRON 8 nsubj", "stormed VERB 3 advcl storm " PAST,
                        "a DET 10 det", "camp NOUN 8 obj"});
  for (const uint32_t trigger : {7u, 9u}) {
    const auto e = of(t, trigger);
    CHECK(e.date == "2031-05-03");
    CHECK(e.why.front() == "time: day of publication, two days after it");
  }
  CHECK_FALSE(time::time_of(t, time::find_times(t, std::nullopt), 7, std::nullopt).date.has_value());
}

TEST_CASE("the present tells of a weekday to come, unless it only tells") {
  const char* const present = "Mood=Ind|Tense=Pres|VerbForm=Fin";
  const auto with = [&](const char* verb) {
    return of(trees({"Parliament NOUN 2 nsubj", (std::string(verb) + " " + present).c_str(), "on ADP 4 case", "Friday PROPN 2 obl"}), 1)
        .date;
  };
  CHECK(with("votes VERB 0 root vote") == "2031-05-09");
  CHECK(with("says VERB 0 root say") == "2031-05-02");
  // "The final is on Friday", "troops dispute the killing of a man on Friday"
  const auto final =
      trees({"Finals NOUN 4 nsubj", "are AUX 4 cop be Mood=Ind|Tense=Pres|VerbForm=Fin", "on ADP 4 case", "Friday PROPN 0 root"});
  CHECK(time::find_times(final, kPublished)[0].value == "2031-05-09");
  const auto other = trees({"Troops NOUN 2 nsubj", (std::string("mourn VERB 0 root mourn ") + present).c_str(), "the DET 4 det",
                            "dead NOUN 2 obl", "of ADP 6 case", "Friday PROPN 4 nmod"});
  CHECK(time::find_times(other, kPublished)[0].value == "2031-05-02");
}

TEST_CASE("what was offered or could be done on a weekday lies ahead, what could not is over") {
  CHECK(of(trees({"They PRON 2 nsubj", "offered VERB 0 root offer " PAST, "to PART 4 mark", "meet VERB 2 xcomp meet VerbForm=Inf",
                  "on ADP 6 case", "Friday PROPN 4 obl"}),
           3)
            .date == "2031-05-09");
  const char* const could = "could AUX 3 aux could";
  const char* const meet = "meet VERB 0 root meet VerbForm=Inf";
  CHECK(of(trees({"They PRON 3 nsubj", could, meet, "on ADP 5 case", "Friday PROPN 3 obl"}), 2).date == "2031-05-09");
  CHECK(of(trees({"They PRON 3 nsubj", could, meet, "not PART 3 advmod", "on ADP 6 case", "Friday PROPN 3 obl"}), 2).date == "2031-05-02");
}

TEST_CASE("what was set free on a weekday is over, what is set for it lies ahead") {
  const char* const were = "were AUX 3 aux:pass be " PAST;
  const char* const set = "set VERB 0 root set Tense=Past|VerbForm=Part|Voice=Pass";
  CHECK(of(trees({"Sailors NOUN 3 nsubj:pass", were, set, "free ADJ 3 xcomp", "on ADP 6 case", "Friday PROPN 3 obl"}), 2).date ==
        "2031-05-02");
  CHECK(of(trees({"Sailors NOUN 3 nsubj:pass", were, set, "free ADV 3 advmod", "on ADP 6 case", "Friday PROPN 3 obl"}), 2).date ==
        "2031-05-02");
  CHECK(of(trees({"Talks NOUN 3 nsubj:pass", were, set, "for ADP 5 case", "Friday PROPN 3 obl"}), 2).date == "2031-05-09");
}

TEST_CASE("the date of a dateline is that of the report") {
  const auto t = trees({"Oslo PROPN 7 obl", ", PUNCT 1 punct", "5 NUM 4 nummod", "May PROPN 7 obl", "– PUNCT 7 punct",
                        "Rebels NOUN 7 nsubj", "attacked VERB 0 root attack " PAST});
  CHECK(time::find_times(t, kPublished).size() == 1);
  CHECK_FALSE(of(t, 6).date.has_value());
}

TEST_CASE("the same evening may be that of a day some sentences away, the following day not") {
  const auto told = [](const char* determiner, const char* unit) {
    std::string rows = "1\tThey\tthey\tPRON\t_\t_\t2\tnsubj\t_\t_\n2\tmet\tmeet\tVERB\t_\t" PAST
                       "\t0\troot\t_\t_\n3\tFriday\tFriday\tPROPN\t_\t_\t2\tobl\t_\t_\n\n";
    for (int i = 0; i < 3; ++i)
      rows += "1\tNobody\tnobody\tPRON\t_\t_\t2\tnsubj\t_\t_\n2\tspoke\tspeak\tVERB\t_\t" PAST "\t0\troot\t_\t_\n\n";
    rows += std::string("1\tThey\tthey\tPRON\t_\t_\t2\tnsubj\t_\t_\n2\tleft\tleave\tVERB\t_\t" PAST
                        "\t0\troot\t_\t_\n3\tthe\tthe\tDET\t_\t_\t5\tdet\t_\t_\n4\t") +
            determiner + "\t_\tADJ\t_\t_\t5\tamod\t_\t_\n5\t" + unit + "\t_\tNOUN\t_\t_\t2\tobl\t_\t_\n\n";
    const auto read = syntax::read_conllu(rows);
    REQUIRE(read.has_value());
    return time::find_times(read->trees, kPublished).back().value;
  };
  CHECK(told("same", "evening") == "2031-05-02TEV");
  CHECK_FALSE(told("following", "day") == "2031-05-03");
}
