// Copies, the same event over documents, claims, disputes and changes of mind.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <cmath>

#include "corpus/copies.h"
#include "corpus/group.h"
#include "corpus/same_event.h"
#include "corpus/speakers.h"
#include "corpus_planted.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

/// Everything that grouping wrote, by ids.
std::string grouped_rows(Store& store) {
  std::string out;
  for (const char* sql :
       {"SELECT document, origin, kind, similarity, agency, why FROM duplicate_list ORDER BY 1",
        "SELECT * FROM story_event_list ORDER BY 1",
        "SELECT d.id, m.event & 16777215, s.id, f.id, m.earlier & 16777215, m.within & 16777215, m.score, m.why FROM story_event_members m "
        "JOIN events e USING(event) JOIN "
        "documents d USING(document) JOIN story_events s USING(story_event) LEFT JOIN events x ON x.event = m.earlier "
        "LEFT JOIN documents f ON "
        "f.document = x.document ORDER BY 1, 2",
        "SELECT * FROM position_list ORDER BY 1", "SELECT * FROM claim_list ORDER BY 1", "SELECT * FROM dispute_list ORDER BY 1",
        "SELECT key, label, kind FROM voices ORDER BY 1",
        "SELECT x.id, y.id, c.kind, c.correction FROM changes_of_mind c JOIN claims x ON x.claim = c.earlier JOIN claims "
        "y ON y.claim = c.later ORDER BY 1, 2"}) {
    SQLite::Statement s(store.database(), sql);
    while (s.executeStep()) {
      for (int c = 0; c < s.getColumnCount(); ++c) out += s.getColumn(c).getString() + "\t";
      out += '\n';
    }
    out += "--\n";
  }
  return out;
}

struct Corpus {
  Folder folder;
  std::unique_ptr<Store> store = open_store(folder / "n.db");
  std::vector<Article> articles;
  int files = 0;

  void add_articles(const std::vector<Article>& more, size_t batch = 64) {
    for (const Article& a : more) {
      std::erase_if(articles, [&](const Article& b) { return b.id == a.id; });
      articles.push_back(a);
    }
    std::string lines;
    for (const Article& a : more) lines += line_of(a);
    add_all(*store, {folder.file(fmt::format("{}.jsonl", files++), lines)}, 1, planted_coder(articles));
    group_all(*store, batch);
  }
  Table ask(const std::string& sql) {
    Table out;
    SQLite::Statement s(store->database(), sql);
    for (int c = 0; c < s.getColumnCount(); ++c) out.columns.emplace_back(s.getColumnName(c));
    while (s.executeStep()) {
      auto& row = out.rows.emplace_back();
      for (int c = 0; c < s.getColumnCount(); ++c) row.emplace_back(s.getColumn(c).getString());
    }
    return out;
  }
  std::string one(const std::string& sql) {
    const Table t = ask(sql);
    std::string out;
    for (const auto& row : t.rows) {
      if (!out.empty()) out += "; ";
      for (size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "|" : "") + std::get<std::string>(row[i]);
    }
    return out;
  }
};

Told attack(const std::string& actor = "Norway", const std::string& recipient = "Iceland", const std::string& date = "2031-05-05") {
  Told t;
  t.actor = actor;
  t.recipient = recipient;
  t.date = date;
  return t;
}

Article article(const std::string& id, const std::string& publisher, const std::string& published, std::vector<Told> events,
                const std::string& text = "") {
  return {.id = id,
          .publisher = publisher,
          .published = published,
          .title = "",
          .text = text.empty() ? "Words of " + id + " alone." : text,
          .events = std::move(events),
          .origin = ""};
}

constexpr const char* kText =
    "The harbour of the small town was closed on Monday after two trawlers ran into each other in thick fog, the coast guard said. Nobody "
    "was hurt. "
    "One of the boats lost its nets and drifted towards the breakwater, where a tug took it in tow. The harbour master wants new lights on "
    "the pier "
    "before winter. Fishermen have asked for them for years and say that the council always finds something else to pay for. A meeting is "
    "planned in "
    "the school next week, to which the minister of fisheries has been invited as well.";

corpus::Overlap compared(const std::string& a, const std::string& b) {
  const auto x = corpus::sketch(a), y = corpus::sketch(b);
  return corpus::overlap(x.hashes, x.scale, y.hashes, y.scale);
}
bool meet(const std::string& a, const std::string& b) {
  const auto x = corpus::sketch(a).bands, y = corpus::sketch(b).bands;
  return std::any_of(x.begin(), x.end(), [&](int64_t band) { return std::find(y.begin(), y.end(), band) != y.end(); });
}

}  // namespace

TEST_CASE("markers: agencies, updates, corrections") {
  using corpus::find_markers;
  CHECK(find_markers("", "", "OSLO, 5 May 2031 (Nordwire) – The harbour was closed.").agency == "Nordwire");
  CHECK(find_markers("", "", "The harbour (on the left) – a small one – was closed.").agency.empty());
  CHECK(find_markers("", "", "The harbour was closed.\n\nSource: Nordwire").agency == "Nordwire");
  CHECK(find_markers("", "", "The harbour was closed.\n(Nordwire)").agency == "Nordwire");
  CHECK(find_markers("", "By A. Person, Nordwire", "The harbour was closed.").agency == "Nordwire");
  CHECK(find_markers("", "Reuters", "The harbour was closed.").agency == "Reuters");
  CHECK(find_markers("", "By A. Person", "The harbour was closed, a reporter of the AP saw.").agency.empty());
  CHECK(find_markers("", "", "A correspondent wrote this.\n\nThe end of it.").agency.empty());
  CHECK(find_markers("Correction: Harbour", "", "Words.").correction);
  CHECK_FALSE(find_markers("Harbour closed", "", "Words.").correction);
  CHECK(find_markers("", "", std::string(500, 'x') + " An earlier version of this article gave a wrong number.").correction);
}

TEST_CASE("copies: what is one and what is not") {
  const std::string text = kText, half = text.substr(0, text.size() / 2);
  CHECK(std::string(corpus::kind_of_copy(compared(text, text), false).kind) == "exact");
  CHECK(std::string(corpus::kind_of_copy(compared("THE " + text.substr(4), text), false).kind) == "exact");  // case and signs do not count
  CHECK(corpus::is_copy(compared(half, text), false));
  CHECK(meet(half, text));
  CHECK(std::string(corpus::kind_of_copy(compared(half, text), false).kind) == "shortened");
  CHECK(std::string(corpus::kind_of_copy(compared(text, half), false).kind) == "updated");
  const std::string other =
      "The harbour of the small town was open again on Tuesday. The council has found money for new lights, and the two trawlers have left "
      "for the "
      "yard, said the harbour master, who did not want to talk about the nets that were lost when they ran into each other in the fog.";
  CHECK_FALSE(corpus::is_copy(compared(other, text), false));
  CHECK_FALSE(corpus::is_copy(compared("The harbour of the small town was closed on Monday.", text), false));  // too short to tell
  CHECK(corpus::sketch("").bands.empty());
  // Books cost no more than articles.
  std::string book;
  for (int i = 0; i < 60000; ++i) book += "word" + std::to_string(i * 7919 % 10007) + " ";
  const auto large = corpus::sketch(book);
  CHECK(large.hashes.size() <= 4096);
  CHECK(large.scale > 0);
}

TEST_CASE("copies point at the earliest; whatever the order in which they come") {
  const std::string text = kText;
  const std::vector<Article> all{
      article("wire", "Nordwire", "2031-05-01", {}, "OSLO (Nordwire) – " + text),
      article("post", "Post", "2031-05-02", {}, "OSLO (Nordwire) – " + text),
      article("times", "Times", "2031-05-02", {}, text.substr(0, text.size() * 2 / 3) + " (Nordwire)"),
      article("later", "Nordwire", "2031-05-03", {},
              text + " The minister will come, his office wrote on Wednesday, and bring the plans for a new pier with him."),
      article("else", "Post", "2031-05-04", {},
              "Another text altogether, of boats and of nets and of a long winter that nobody in the town had expected to be so cold.")};
  std::vector<size_t> order{0, 1, 2, 3, 4};
  do {
    Corpus c;
    for (const size_t i : order) c.add_articles({all[i]});
    CHECK(c.one("SELECT document, origin, kind, agency FROM duplicate_list ORDER BY document") ==
          "later|wire|updated|; post|wire|exact|Nordwire; times|wire|shortened|Nordwire");
  } while (std::next_permutation(order.begin(), order.begin() + 4) && order[0] < 3);
}

TEST_CASE("a page of positions is of whole disputes, and counts can be of independent origins") {
  Corpus c;
  std::vector<Article> all;
  for (int i = 0; i < 5; ++i) {
    const std::string who = fmt::format("Norway{}", i), day = fmt::format("2031-05-{:02}", 5 + 4 * i);
    Told dead = attack(who, "Iceland", day), other = dead;
    dead.numbers = {{"dead", 12, 12, {0, 1}}}, other.numbers = {{"dead", 3, 3, {0, 1}}};
    all.push_back(article(fmt::format("a{}", i), "Post", day, {dead}));
    all.push_back(article(fmt::format("b{}", i), "Times", day, {other}));
  }
  all.push_back(article("copy", "Echo", "2031-05-05", all[0].events, all[0].text));  // too short to be one but for all of its words
  c.add_articles(all);
  REQUIRE(c.one("SELECT count(*) FROM disputes") == "5");
  std::string seen;
  Query q{.limit = 2};
  for (int page = 0; page < 3; ++page) {
    const auto table = positions(*c.store, q);
    REQUIRE(table);
    CHECK(table->rows.size() == (page < 2 ? 4 : 2));
    for (size_t i = 0; i < table->rows.size(); ++i) seen += cell(*table, i, "dispute") + " ";
    CHECK(table->next.has_value() == (page < 2));
    q.after = table->next.value_or("");
  }
  std::string whole;
  const auto at_once = positions(*c.store, {.limit = 0});
  for (size_t i = 0; i < at_once->rows.size(); ++i) whole += cell(*at_once, i, "dispute") + " ";
  CHECK(seen == whole);

  CHECK(c.one("SELECT origin FROM duplicate_list") == "a0");
  const auto counts = [](const Result<Table>& table, size_t row) {
    return cell(*table, row, "documents") + " from " + cell(*table, row, "origins");
  };
  const auto days = timeline(*c.store, {});
  CHECK(counts(days, days->rows.size() - 1) == "3 from 2");
  CHECK(counts(network(*c.store, {.actor = "Norway0"}), 0) == "3 from 2");
  const auto found = facets(*c.store, {});
  REQUIRE(found);
  for (size_t i = 0; i < found->rows.size(); ++i) {
    if (cell(*found, i, "facet") == "type") CHECK(counts(found, i) == "11 from 10");
    if (cell(*found, i, "facet") == "month") CHECK(counts(found, i) == "11 from 10");
    if (cell(*found, i, "value") == "Echo") CHECK(counts(found, i) == "1 from 1");
  }
  const auto facts = status(*c.store);
  for (size_t i = 0; i < facts->rows.size(); ++i)
    if (cell(*facts, i, "what") == "origins") CHECK(cell(*facts, i, "value") == "10");
}

TEST_CASE("the report of a run has every copy, near ones too, as the store knows it today") {
  const std::string text = kText;
  const Article wire = article("wire", "Nordwire", "2031-05-01", {}, "OSLO (Nordwire) – " + text),
                post = article("post", "Post", "2031-05-02", {}, "OSLO (Nordwire) – " + text),
                times = article("times", "Times", "2031-05-02", {}, text.substr(0, text.size() * 2 / 3) + " (Nordwire)");
  const auto report = [](Corpus& c, int64_t run) {
    const auto table = runs(*c.store, run);
    REQUIRE(table);
    std::string out;
    for (size_t i = 0; i < table->rows.size(); ++i)
      out += cell(*table, i, "document") + " " + cell(*table, i, "duplicate_of") + " " + cell(*table, i, "copy") + "; ";
    return out;
  };
  Corpus c;
  c.add_articles({post, times});
  CHECK(report(c, 1) == "post  ; times post shortened; ");
  CHECK(cell(*runs(*c.store), 0, "copies") == "1");
  c.add_articles({wire});  // the earliest comes last
  CHECK(report(c, 1) == "post wire exact; times wire shortened; ");
  CHECK(report(c, -1) == "wire  ; ");
  CHECK(cell(*runs(*c.store), 0, "copies") == "2");
  CHECK(cell(*runs(*c.store), 1, "copies") == "0");
  const auto kinds = run_copies(*c.store, 1);
  REQUIRE(kinds);
  REQUIRE(kinds->rows.size() == 2);
  CHECK(cell(*kinds, 0, "kind") + cell(*kinds, 0, "documents") == "exact1");
  CHECK(cell(*kinds, 1, "kind") + cell(*kinds, 1, "documents") == "shortened1");
}

TEST_CASE("a copy whose origin goes is looked at again") {
  Corpus c;
  c.add_articles({article("a", "Post", "2031-05-01", {attack()}, kText), article("b", "Times", "2031-05-02", {attack()}, kText),
                  article("c", "Echo", "2031-05-03", {attack()}, kText)});
  CHECK(c.one("SELECT document, origin FROM duplicate_list ORDER BY 1") == "b|a; c|a");
  CHECK(c.one("SELECT documents, origins FROM story_events") == "3|1");
  REQUIRE(purge(*c.store, {"a"}));
  CHECK(c.one("SELECT count(*) FROM ungrouped") == "0");
  CHECK(c.one("SELECT document, origin FROM duplicate_list ORDER BY 1") == "c|b");
  CHECK(c.one("SELECT id, documents, origins FROM story_events") == "b#v1|2|1");
  CHECK(verify(*c.store)->problems == std::vector<std::string>{});
}

TEST_CASE("same event: what two mentions have in common") {
  using corpus::EventMention;
  using corpus::likeness;
  const corpus::Party norway{"state:NOR", "NOR", "norway", false, true}, iceland{"state:ISL", "ISL", "iceland", false, true},
      malta{"state:MLT", "MLT", "malta", false, true};
  EventMention a{.event = 1,
                 .document = 1,
                 .type = "ASSAULT",
                 .lemma = "attack",
                 .stem = "attack",
                 .quad = 4,
                 .actors = {norway},
                 .recipients = {iceland},
                 .from = 100,
                 .to = 100,
                 .published = 101};
  EventMention b = a;
  b.event = 2, b.document = 2;
  CHECK(likeness(a, b).same());
  b.stem = "raid";
  CHECK(likeness(a, b).same());
  b = a, b.document = 2, b.recipients = {malta};
  CHECK_FALSE(likeness(a, b).same());
  b = a, b.document = 2, b.from = b.to = 103;
  CHECK_FALSE(likeness(a, b).same());
  b.from = b.to = std::nullopt;
  CHECK(likeness(a, b).same());
  b.published = 200;
  CHECK_FALSE(likeness(a, b).same());
  b = a, b.document = 2, b.type = "PROTEST";
  CHECK_FALSE(likeness(a, b).same());
  b = a, b.document = 2, b.from = 80, b.to = 110;  // "in May"
  CHECK(likeness(a, b).same());
  // Talks have no direction.
  a.type = "CONSULT", a.stem = "meet";
  b = a, b.document = 2, std::swap(b.actors, b.recipients);
  CHECK(likeness(a, b).same());
  CHECK(likeness(a, b).score == likeness(b, a).score);
  b.document = a.document;  // which has a block of its own
  const auto blocks_a = corpus::blocks_of(a), blocks_b = corpus::blocks_of(b);
  CHECK(blocks_a == blocks_b);
  CHECK(corpus::stem_of("attacks") == corpus::stem_of("attack"));
  CHECK(corpus::stem_of("Explosion") == corpus::stem_of("explode"));
  CHECK(corpus::stem_of("") == "");
}

TEST_CASE("same event: places of two countries are two, however near; of one country by the distance") {
  using corpus::EventMention;
  using corpus::likeness;
  using corpus::MentionPlace;
  const corpus::Party norway{"state:NOR", "NOR", "norway", false, true};
  EventMention a{.event = 1,
                 .document = 1,
                 .type = "ASSAULT",
                 .lemma = "attack",
                 .stem = "attack",
                 .quad = 4,
                 .actors = {norway},
                 .from = 100,
                 .to = 100,
                 .published = 101};
  EventMention b = a;
  b.event = 2, b.document = 2;
  const auto at = [](double latitude, const char* country, const char* name) {
    return MentionPlace{.latitude = latitude, .longitude = 25.0, .country = country, .name = name};
  };
  const double nowhere = likeness(a, b).score;
  CHECK(likeness(a, b).same());
  a.place = at(70.0, "NOR", "northby"), b.place = at(70.1, "FIN", "southby");  // 11 km, over a border
  CHECK_FALSE(likeness(a, b).same());
  CHECK(likeness(a, b).score == likeness(b, a).score);
  b.place = at(70.1, "NOR", "southby");
  CHECK(likeness(a, b).same());
  CHECK(likeness(a, b).score > nowhere);
  b.place = at(70.1, "", "southby");  // the country is not known
  CHECK(likeness(a, b).same());
  b.place = at(74.0, "NOR", "farby");  // 445 km
  CHECK(likeness(a, b).score < nowhere);
  // whole countries: the same one says little, another one as much as two towns
  a.place = MentionPlace{.country = "NOR", .name = "norway", .whole_country = true};
  b.place = a.place;
  CHECK(likeness(a, b).same());
  b.place = MentionPlace{.country = "FIN", .name = "finland", .whole_country = true};
  CHECK_FALSE(likeness(a, b).same());
}

TEST_CASE("same event: what is uncertain counts less, one sentence is one event") {
  using corpus::EventMention;
  using corpus::likeness;
  const corpus::Party norway{"state:NOR", "NOR", "norway", false, true}, malta{"state:MLT", "MLT", "malta", false, true},
      trawler{"", "", "trawler", false, false};
  EventMention a{.event = 1,
                 .document = 1,
                 .type = "ASSAULT",
                 .lemma = "ram",
                 .stem = "ram",
                 .quad = 4,
                 .actors = {norway},
                 .recipients = {trawler},
                 .from = 100,
                 .to = 100,
                 .published = 101};
  EventMention b = a;
  b.event = 2, b.document = 2;
  // a date that another event of the sentence may have
  b.from = b.to = 102, b.published = 103;
  CHECK_FALSE(likeness(a, b).same());
  b.unsure = true;
  CHECK(likeness(a, b).same());
  const auto share = [](const EventMention& x, const EventMention& y) {
    const auto blocks_x = corpus::blocks_of(x), blocks_y = corpus::blocks_of(y);
    return std::any_of(blocks_x.begin(), blocks_x.end(),
                       [&](int64_t block) { return std::find(blocks_y.begin(), blocks_y.end(), block) != blocks_y.end(); });
  };
  CHECK(share(a, b));
  // voices may differ on the doer, the narrator of two texts does not
  b = a, b.document = 2, b.actors = {malta};
  CHECK_FALSE(likeness(a, b).same());
  b.quoted = true;
  CHECK(likeness(a, b).same());
  // "in February", told in March
  b = a, b.document = 2, b.from = 70, b.to = 99, b.published = 110;
  EventMention c = a;
  c.document = 3, c.from = c.to = std::nullopt, c.published = 105, c.recipients = {};
  const double near = likeness(a, c).score;
  EventMention vague = a;
  vague.document = 2, vague.from = 70, vague.to = 99;
  CHECK(likeness(vague, c).score < near);
  // one sentence that two papers print, whatever else was read of it; not a year later
  b = {.event = 2, .document = 2, .type = "PROTEST", .lemma = "halt", .stem = "halt", .published = 102};
  b.passage = 77;
  a.passage = 77;
  CHECK(likeness(a, b).same());
  CHECK(share(a, b));
  b.published = 500;
  CHECK_FALSE(likeness(a, b).same());
  b.published = 102, b.passage = 78;
  CHECK_FALSE(likeness(a, b).same());
  // the only act of its type in the sentence, by another word of it
  b.type = "ASSAULT", a.passage_of_type = b.passage_of_type = 79;
  CHECK(likeness(a, b).same());
  CHECK(share(a, b));
  b.passage_of_type = 80;
  CHECK_FALSE(likeness(a, b).same());
}

TEST_CASE("same event: two acts of a text without any date are two; what a text tells and denies by one word is one") {
  using corpus::EventMention;
  using corpus::likeness;
  const corpus::Party norway{"state:NOR", "NOR", "norway", false, true}, iceland{"state:ISL", "ISL", "iceland", false, true},
      berg{"person:berg", "", "liv berg", true}, holm{"person:holm", "", "ada holm", true};
  EventMention a{.event = 1,
                 .document = 1,
                 .type = "CONSULT",
                 .lemma = "meet",
                 .stem = "meet",
                 .quad = 1,
                 .actors = {norway},
                 .recipients = {iceland}};
  EventMention b = a;
  b.event = 2, b.type = "AGREE", b.lemma = b.stem = "agree";
  CHECK_FALSE(likeness(a, b).same());
  b = a, b.event = 2;
  CHECK(likeness(a, b).same());
  // "Norway apologised to Holm" – "the ministry denied that Berg had apologised": the denial is of that, whoever was read as its parties
  a = {.event = 1,
       .document = 1,
       .type = "CONCEDE",
       .lemma = "apologise",
       .stem = "apologis",
       .quad = 1,
       .actors = {norway},
       .recipients = {holm}};
  a.quoted = true, a.published = 101;
  b = a, b.event = 2, b.actors = {berg}, b.recipients = {berg};
  CHECK_FALSE(likeness(a, b).same());
  b.negated = true;
  CHECK(likeness(a, b).same());
}

TEST_CASE("same event: by what it was done, to whom of a country, and in a fight from either side") {
  using corpus::EventMention;
  using corpus::likeness;
  const auto party = [](const char* words, corpus::Estate estate, bool guessed = false, const char* country = "NOR") {
    return corpus::Party{.country = country, .words = words, .guessed = guessed, .estate = estate};
  };
  const corpus::Party police = party("police", corpus::Estate::state), dockers = party("docker", corpus::Estate::people),
                      rebels = party("rebel", corpus::Estate::armed), men = party("men", corpus::Estate::unknown);
  EventMention a{.event = 1,
                 .document = 1,
                 .type = "ASSAULT",
                 .mode = "crowd-control",
                 .lemma = "clear",
                 .stem = "clear",
                 .quad = 4,
                 .actors = {police},
                 .recipients = {dockers},
                 .from = 100,
                 .to = 100,
                 .published = 101};
  const auto other = [&](const char* lemma, const char* mode) {
    EventMention b = a;
    b.event = 2, b.document = 2, b.lemma = lemma, b.stem = corpus::stem_of(lemma), b.mode = mode;
    return b;
  };
  CHECK(likeness(a, other("beat", "beat")).same());
  CHECK_FALSE(likeness(a, other("burn", "primitive")).same());
  CHECK_FALSE(likeness(a, other("abduct", "abduct")).same());
  CHECK(likeness(a, other("do", "explosives")).score < likeness(a, other("beat", "beat")).score);  // "did it": what, nobody knows
  // a crowd driven from a square and a man beaten there: two acts by two words, all the more in one text
  EventMention cleared = a, beaten = other("beat", "beat");
  cleared.mode = "";
  CHECK_FALSE(likeness(cleared, beaten).same());
  cleared.place = beaten.place = corpus::MentionPlace{.geonames = 7, .country = "NOR", .name = "northby"};
  beaten.document = cleared.document;
  CHECK_FALSE(likeness(cleared, beaten).same());
  beaten.lemma = "lay", beaten.stem = "lay";  // by its mode alone
  CHECK(likeness(cleared, beaten).same());
  // one word for tear gas and for bullets; shots into the air
  a.lemma = a.stem = "fire";
  CHECK(likeness(a, other("fire", "crowd-control")).same());
  CHECK_FALSE(likeness(a, other("fire", "firearms")).same());
  a.mode = "firearms";
  EventMention aside = other("fire", "firearms");
  CHECK(likeness(a, aside).same());
  aside.warning = true;
  CHECK_FALSE(likeness(a, aside).same());
  a.mode = "crowd-control", a.lemma = a.stem = "clear";
  // parties of one country that are none of each other
  EventMention b = other("clear", "crowd-control");
  const double same = likeness(a, b).score;
  b.recipients = {rebels};
  CHECK(likeness(a, b).score < same - .9);
  b.recipients = {men};
  CHECK(likeness(a, b).score == doctest::Approx(same));
  // whose police they are, a text that names another country does not say
  b = other("clear", "crowd-control");
  b.actors = {party("officer", corpus::Estate::state, false, "ISL")};
  const double foreign = likeness(a, b).score;
  b.actors = {party("officer", corpus::Estate::state, true, "ISL")};
  CHECK(likeness(a, b).score > foreign + 1);
  // each side of a fight tells it of the other
  const corpus::Party norway{"state:NOR", "NOR", "norway", false, true}, iceland{"state:ISL", "ISL", "iceland", false, true};
  a = {.event = 1,
       .document = 1,
       .type = "ASSAULT",
       .lemma = "ram",
       .stem = "ram",
       .quad = 4,
       .actors = {norway},
       .recipients = {iceland},
       .from = 100,
       .to = 100,
       .quoted = true,
       .published = 101};
  b = a, b.document = 2, b.actors = {iceland}, b.recipients = {norway};
  CHECK(likeness(a, b).same());
  b.quoted = false;
  CHECK_FALSE(likeness(a, b).same());
  // who tells of an expulsion chooses the type
  a.type = "SANCTION", a.mode = "expel", a.lemma = a.stem = "expel";
  b = a, b.document = 2, b.type = "COERCE", b.mode = "deport";
  CHECK(likeness(a, b).same());
  a.mode = "";
  // "rescued", AID, and "released", RETREAT
  a.type = "AID", a.lemma = "rescue", a.stem = corpus::stem_of("rescue");
  b = a, b.document = 2, b.type = "RETREAT", b.lemma = "release", b.stem = corpus::stem_of("release");
  CHECK(likeness(a, b).same());
  CHECK(corpus::estate_of("MED NGO", "group") == corpus::Estate::people);
  CHECK(corpus::estate_of("MIL", "organisation") == corpus::Estate::state);
  CHECK(corpus::estate_of("SOC REB", "organisation") == corpus::Estate::armed);
  CHECK(corpus::estate_of("", "person") == corpus::Estate::unknown);
}

TEST_CASE("same event: a text ties its own mentions together, and each of them to other texts") {
  // The denial of b is most like the accusation in b; the second accusation of b is most like that in a.
  const auto told = [](const std::string& lemma, const std::string& voice, bool denied) {
    Told t = attack();
    t.lemma = lemma, t.voice = voice;
    if (denied) t.stance = Stance::denies, t.factuality = Factuality::ct_minus, t.status = "denied";
    return t;
  };
  const std::vector<Article> all{article("a", "Post", "2031-05-06", {told("shell", "Iceland", false)}),
                                 article("b", "Times", "2031-05-07", {told("shell", "Iceland", false), told("shell", "Norway", true)}),
                                 article("c", "Echo", "2031-05-08", {told("shell", "Norway", true), told("shell", "Malta", false)})};
  std::vector<size_t> order{0, 1, 2};
  std::string rows;
  do {
    Corpus c;
    for (const size_t i : order) c.add_articles({all[i]});
    CHECK(c.one("SELECT count(*) FROM story_events") == "1");
    CHECK(c.one("SELECT id FROM story_events") == "a#v1");
    CHECK(c.one("SELECT count(*) FROM story_event_members WHERE within IS NOT NULL AND earlier IS NOT NULL") == "2");
    const std::string now = grouped_rows(*c.store);
    if (rows.empty()) rows = now;
    CHECK(now == rows);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("same event: what is like two events does not make one of them") {
  // Two attacks of two days, and a text without a day that is like both.
  Told monday = attack(), tuesday = attack("Norway", "Iceland", "2031-05-06"), undated = attack("Norway", "Iceland", "");
  const std::vector<Article> all{article("a", "Post", "2031-05-06", {monday}), article("b", "Times", "2031-05-06", {undated}),
                                 article("c", "Echo", "2031-05-07", {tuesday}), article("d", "Sheet", "2031-05-07", {monday})};
  std::vector<size_t> order{0, 1, 2, 3};
  do {
    Corpus c;
    for (const size_t i : order) c.add_articles({all[i]});
    CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|3; c#v1|1");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("same event: an account joins what its mentions together are most like") {
  const auto told = [](const std::string& lemma, const std::string& date, int64_t dead) {
    Told t = attack("Norway", "Iceland", date);
    t.lemma = lemma;
    if (dead > 0) t.numbers = {{"dead", dead, dead, {0, 1}}};
    return t;
  };
  // Of c one mention is most like that of a; both are like those of b.
  const std::vector<Article> all{article("a", "Post", "2031-05-06", {told("shell", "2031-05-05", 5)}),
                                 article("b", "Times", "2031-05-07", {told("shell", "2031-05-06", 0), told("raid", "2031-05-06", 0)}),
                                 article("c", "Echo", "2031-05-07", {told("shell", "", 5), told("raid", "", 0)})};
  std::vector<size_t> order{0, 1, 2};
  do {
    Corpus c;
    for (const size_t i : order) c.add_articles({all[i]});
    CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|1; b#v1|2");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("same event: shots into the air, as the sentence tells them") {
  const auto groups = [](const std::string& text) {
    Told t = attack();
    t.lemma = "fire", t.mode = "firearms";
    Corpus c;
    c.add_articles(
        {article("a", "Post", "2031-05-05", {t}, "Fired on the boats at noon."), article("b", "Times", "2031-05-05", {t}, text)});
    return c.one("SELECT count(*) FROM story_events");
  };
  CHECK(groups("Fired at the harbour in the morning.") == "1");
  CHECK(groups("Fired twice in the air over the harbour.") == "2");
  CHECK(groups("Fired warning shots over the harbour.") == "2");
  CHECK(groups("Fired at the harbour, they said; and a helicopter was seen in the air.") == "1");  // too far behind
}

TEST_CASE("what is kept of a document to compare it by is read again from the layers where it is damaged") {
  Told told = attack();
  told.place = "Port One", told.numbers = {{"dead", 2, 3, {0, 1}}};
  const Article first = article("a", "Post", "2031-05-06", {told, told, attack("Malta", "Fiji")}),
                second = article("b", "Times", "2031-05-07", {told});
  Corpus whole;
  whole.add_articles({first, second});
  const std::string rows = grouped_rows(*whole.store);
  CHECK(whole.one("SELECT count(*) FROM told") == "2");
  for (const char* damage : {"x'00'", "x'ffffffffffffffff'", "substr(bytes, 1, length(bytes) / 2)", "bytes || x'00'", "zeroblob(500)"}) {
    Corpus c;
    c.add_articles({first});
    c.store->database().exec(fmt::format("UPDATE told SET bytes = {}", damage));
    c.add_articles({second});
    CHECK(grouped_rows(*c.store) == rows);
  }
}

TEST_CASE("same event: mentions without a day do not link week to week") {
  std::vector<Article> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(article(fmt::format("d{:02}", i), "Post", fmt::format("2031-{:02}-{:02}", 5 + i / 7, 1 + i % 7 * 4),
                          {attack("Norway", "Iceland", "")}));
  Corpus c;
  c.add_articles(all);
  // A story event holds what appeared within two weeks of most of its first texts.
  CHECK(c.ask("SELECT 1 FROM story_events").rows.size() >= 3);
  CHECK(c.one("SELECT count(*) FROM (SELECT max(day) - min(day) AS days FROM story_event_members GROUP BY story_event) WHERE days > 40") ==
        "0");
  const std::string rows = grouped_rows(*c.store);
  std::reverse(all.begin(), all.end());
  Corpus backwards;
  for (const Article& a : all) backwards.add_articles({a});
  CHECK(grouped_rows(*backwards.store) == rows);
}

TEST_CASE("an event that hundreds of texts tell of: few stand for it, and one more is counted as all together") {
  // More claims than are heard; who comes late to contradict is heard all the same, and who changes his mind.
  std::vector<Article> all;
  for (int i = 0; i < 290; ++i) {
    Told told = attack(), denied = attack();
    told.voice = i % 3 == 0 ? "" : i % 3 == 1 ? "Iceland" : fmt::format("Witness {}", i);
    denied.voice = "Norway";
    const bool denies = i < 285;
    denied.stance = denies ? Stance::denies : Stance::concedes;
    if (denies) denied.factuality = Factuality::ct_minus, denied.status = "denied";
    told.numbers = {{"dead", 3 + i % 5, 3 + i % 5, {0, 1}}};
    all.push_back(article(fmt::format("d{:03}", i * 37 % 290), fmt::format("Paper {}", i % 40), fmt::format("2031-05-{:02}", 6 + i / 15),
                          {told, denied}));
  }
  Corpus together;
  together.add_articles(all);
  CHECK(together.one("SELECT max(documents) FROM story_events") == "290");
  CHECK(together.one("SELECT max(n) FROM (SELECT count(*) AS n FROM story_event_members WHERE core GROUP BY story_event)") == "16");
  CHECK(together.one("SELECT count(*) FROM claims WHERE story_event = (SELECT story_event FROM story_events WHERE documents = 290) ") ==
        "1165");
  CHECK(together.one("SELECT DISTINCT kind FROM dispute_list ORDER BY 1") == "number; occurrence");
  CHECK(together.one("SELECT count(*) > 0 FROM changes_of_mind c JOIN voices v USING(voice) WHERE v.label = 'Norway'") == "1");
  const std::string rows = grouped_rows(*together.store);
  std::mt19937 random(3);
  std::shuffle(all.begin(), all.end(), random);
  Corpus apart;
  for (size_t at = 0; at < all.size(); at += 29)
    apart.add_articles({all.begin() + static_cast<long>(at), all.begin() + static_cast<long>(std::min(all.size(), at + 29))}, 3);
  const bool equal = grouped_rows(*apart.store) == rows;  // megabytes, not to be printed
  CHECK(equal);
}

TEST_CASE("speakers: who is one voice in the texts of an event") {
  using corpus::same_speaker;
  using corpus::Speaker;
  const auto body = [](const std::string& label, const std::string& country = "", const std::string& kind = "organisation") {
    return Speaker{.key = "document:x:" + label + country, .label = label, .kind = kind, .country = country};
  };
  const Speaker person{.key = "person:berg", .label = "Liv Berg", .kind = "person", .office = "defence minister", .named = true};
  const Speaker office{.key = "office", .label = "defence minister (NOR)", .kind = "office", .country = "NOR", .named = true};
  const Speaker other{.key = "person:holm", .label = "Ada Holm", .kind = "person", .office = "defence minister", .named = true};
  CHECK(same_speaker(body("The police"), body("Police in Tromsø")));
  CHECK(same_speaker(body("Norway’s coast guard", "NOR"), body("the coast guard")));
  CHECK(same_speaker(body("the Norwegian army", "NOR"), body("Norway’s army", "NOR")));
  CHECK(same_speaker(body("the union"), body("their union")));
  CHECK(same_speaker(person, office));
  CHECK(same_speaker(person, body("Norway’s defence minister", "NOR", "office")));
  CHECK(same_speaker(person, body("Defence Minister Liv Berg", "", "")));
  CHECK_FALSE(same_speaker(person, other));
  CHECK_FALSE(same_speaker(body("Police in Bergen"), body("Police in Tromsø")));
  CHECK_FALSE(same_speaker(body("the coast guard", "NOR"), body("the coast guard", "ISL")));
  CHECK_FALSE(same_speaker(body("the defence ministry", "NOR"), body("the foreign ministry", "NOR")));
  CHECK_FALSE(same_speaker(body("a trader", "", "person"), body("a trader in Tromsø", "", "person")));
  CHECK_FALSE(same_speaker(body("soldiers", "NOR", "group"), body("the soldiers", "NOR", "group")));
  CHECK_FALSE(same_speaker({.key = "publisher:A", .label = "The Police", .narrator = true}, body("the police")));
  // over a chain, in any order
  const std::vector<Speaker> voices{person, body("a trader", "", "person"), office, body("Norway’s defence minister", "NOR", "office")};
  const auto one = corpus::speakers_of(voices);
  CHECK(one[0] == one[2]);
  CHECK(one[0] == one[3]);
  CHECK(one[0] != one[1]);
  CHECK(corpus::identified(office));
  CHECK(corpus::identified(body("the union")));
  CHECK_FALSE(corpus::identified(body("a union")));
  CHECK_FALSE(corpus::identified(body("he", "", "person")));
}

TEST_CASE("claims: who answers for what, and where it stands") {
  Corpus c;
  Told denied = attack();
  denied.voice = "Norway", denied.stance = Stance::denies, denied.factuality = Factuality::ct_minus, denied.status = "denied";
  Told told = attack();
  told.voice = "Iceland";
  told.numbers = {{"dead", 2, 3, {0, 1}}};
  c.add_articles({article("a", "Post", "2031-05-05", {told}), article("b", "Times", "2031-05-06", {denied}),
                  article("c", "", "2031-05-06", {attack()})});
  CHECK(c.one("SELECT claim, voice, chain, stance, date, holds FROM claim_list WHERE kind = 'occurrence' ORDER BY claim") ==
        "a#v1/a1/occurrence|Iceland|Post › W (asserts)|asserts|2031-05-05|happened; "
        "b#v1/a1/occurrence|Norway|Times › W (denies)|denies|2031-05-06|did not happen; "
        "c#v1/narrator/occurrence|the document|the document|asserts|2031-05-06|happened");
  CHECK(c.one("SELECT holds, documents, voices FROM position_list ORDER BY position") ==
        "Norway did it|2|2; 2–3 dead|1|1; happened|2|2; did not happen|1|1");
  CHECK(c.one("SELECT dispute, kind, title, positions, first_date, documents FROM dispute_list") ==
        "a#v1/occurrence|occurrence|Whether it happened: attack: Norway → Iceland|happened / did not happen|2031-05-06|3");
  CHECK(c.one("SELECT id, title, type, documents, disputed FROM story_events") == "a#v1|attack: Norway → Iceland|ASSAULT|3|1");
}

TEST_CASE("disputes: over the doer, over numbers, and what is none") {
  Corpus c;
  Told by_malta = attack("Malta");
  by_malta.voice = "Norway";
  by_malta.place = "Port One";
  Told by_norway = attack();
  by_norway.voice = "Iceland";
  by_norway.place = "Port One";
  c.add_articles({article("a", "Post", "2031-05-05", {by_norway}), article("b", "Times", "2031-05-06", {by_malta})});
  CHECK(c.one("SELECT kind, positions FROM dispute_list") == "agent|Norway did it / Malta did it");

  // Norway, which says that Malta did it, denies having done it: still one question. The denial of a third asks another.
  Told denied = by_norway;
  denied.voice = "Norway", denied.stance = Stance::denies, denied.factuality = Factuality::ct_minus, denied.status = "denied";
  c.add_articles({article("d", "Times", "2031-05-06", {denied})});
  CHECK(c.one("SELECT kind, positions FROM dispute_list") == "agent|Norway did it / Malta did it");
  denied.voice = "Gabon";
  c.add_articles({article("e", "Times", "2031-05-06", {denied})});
  CHECK(c.one("SELECT kind, positions FROM dispute_list ORDER BY kind") ==
        "agent|Norway did it / Malta did it; occurrence|happened / did not happen");

  const auto toll = [](int64_t n, const std::string& voice, const std::string& place) {
    Told t = attack("Gabon", "Laos");
    t.voice = voice, t.place = place, t.numbers = {{"dead", n, n, {0, 1}}};
    return t;
  };
  const auto kinds = [](const std::vector<Article>& articles) {
    Corpus of;
    of.add_articles(articles);
    return of.one("SELECT kind, positions FROM dispute_list");
  };
  // One day, two numbers; a number that grows by the day; one that shrinks; one voice with two.
  CHECK(kinds({article("a", "Post", "2031-05-05", {toll(3, "Gabon", "P")}), article("b", "Times", "2031-05-05", {toll(9, "Laos", "P")})}) ==
        "number|3 dead / 9 dead");
  CHECK(kinds({article("a", "Post", "2031-05-05", {toll(3, "Gabon", "P")}), article("b", "Times", "2031-05-07", {toll(9, "Laos", "P")})})
            .empty());
  CHECK(kinds({article("a", "Post", "2031-05-05", {toll(9, "Gabon", "P")}), article("b", "Times", "2031-05-07", {toll(3, "Laos", "P")})}) ==
        "number|9 dead / 3 dead");
  CHECK(kinds({article("a", "Post", "2031-05-05", {toll(3, "Gabon", "P")}), article("b", "Times", "2031-05-05", {toll(9, "Gabon", "P")})})
            .empty());
}

TEST_CASE("disputes: what may be no act, and the denial of somebody whose side nobody knows") {
  const auto told = [](const std::string& who, const std::string& voice, bool denied) {
    Told t = attack(who);
    t.voice = voice, t.place = "Port One";
    if (denied) t.stance = Stance::denies, t.factuality = Factuality::ct_minus, t.status = "denied";
    return t;
  };
  const auto kinds = [](const std::vector<Article>& articles) {
    Corpus c;
    c.add_articles(articles);
    return c.one("SELECT kind FROM dispute_list ORDER BY 1");
  };
  for (const double confidence : {.3, .6}) {
    Told doubtful = told("Norway", "Norway", true);
    doubtful.confidence = confidence;
    CHECK(kinds({article("a", "Post", "2031-05-05", {told("Norway", "Iceland", false)}),
                 article("b", "Times", "2031-05-06", {doubtful})}) == (confidence < .4 ? "" : "occurrence"));
  }
  // A spokesman may be of those who name another doer. Where nobody names one, he denies what happened.
  Article spoke = article("b", "Times", "2031-05-06", {told("Norway", "a spokesman", true)});
  spoke.known = {{.name = "a spokesman", .kind = "person", .mentions = {{{0, 1}, 0, MentionKind::nominal}}}};
  const Article accuses = article("a", "Post", "2031-05-05", {told("Norway", "Iceland", false)}),
                answers = article("c", "Echo", "2031-05-06", {told("Malta", "Norway", false)});
  CHECK(kinds({accuses, spoke}) == "occurrence");
  CHECK(kinds({accuses, spoke, answers}) == "agent");
}

TEST_CASE("claims: a sentence that is quoted is the paper's own; those who protest are the size of it") {
  // A paper quotes its own sentence in order to correct it.
  const auto toll = [](int64_t n) {
    Told t = attack();
    t.place = "Port One", t.numbers = {{"dead", n, n, {0, 1}}};
    return t;
  };
  Told quoted = toll(2);
  quoted.voice = "W";
  Article corrected = article("b", "Post", "2031-05-06", {quoted}, "The last sentence of our report should read otherwise.");
  corrected.sources = {{0, 17}};
  Corpus paper;
  paper.add_articles({article("a", "Post", "2031-05-05", {toll(12)}), corrected});
  CHECK(paper.one("SELECT DISTINCT voice FROM claim_list") == "Post");
  CHECK(paper.one("SELECT count(*) FROM disputes") == "0");
  corrected.text = "A letter of the mayor said so on Monday, and not before.", corrected.sources = {{0, 8}};
  Corpus letter;
  letter.add_articles({article("a", "Post", "2031-05-05", {toll(12)}), corrected});
  CHECK(letter.one("SELECT DISTINCT voice FROM claim_list ORDER BY 1") == "A letter; Post");

  const auto marched = [](const std::string& who, const std::string& voice) {
    Told t = attack(who, "");
    t.type = "PROTEST", t.mode = "demo", t.lemma = "march", t.place = "Port One", t.voice = voice;
    return t;
  };
  const auto crowd = [](const std::string& name) {
    return Entity{.name = name, .kind = "group", .country = "NOR", .sectors = {"CVL"}, .mentions = {{{0, 1}, 0, MentionKind::nominal}}};
  };
  Article march = article(
      "a", "Post", "2031-05-06",
      {marched("that 7,000 people", "Malta"), marched("some 30,000 people", "Gabon"), marched("5 men", "Fiji"), marched("64 men", "Laos")},
      "It was said that 7,000 people marched, or some 30,000 people, or 5 men.");
  march.known = {crowd("that 7,000 people"), crowd("some 30,000 people"), crowd("5 men"), crowd("64 men")};  // the last of another sentence
  Corpus c;
  c.add_articles({march});
  CHECK(c.one("SELECT holds FROM position_list WHERE kind = 'number' ORDER BY 1") == "30000 took part; 7000 took part");
  CHECK(c.one("SELECT kind, positions FROM dispute_list") == "number|30000 took part / 7000 took part");
}

TEST_CASE("disputes: who let somebody go; a paper that prints an agency's text repeats its word") {
  const auto freed = [](const std::string& who, const std::string& voice) {
    Told t = attack(who, "Laos");
    t.type = "RETREAT", t.mode = "release", t.lemma = "release", t.voice = voice, t.place = "Port One";
    return t;
  };
  Corpus release;
  release.add_articles(
      {article("a", "Post", "2031-05-05", {freed("Gabon", "Norway")}), article("b", "Times", "2031-05-06", {freed("Malta", "Iceland")})});
  CHECK(release.one("SELECT kind FROM dispute_list") == "agent");

  // The agency corrects its number; the paper that printed it has no number of its own.
  const auto toll = [](int64_t n) {
    Told t = attack();
    t.place = "Port One", t.numbers = {{"dead", n, n, {0, 1}}};
    return t;
  };
  const std::string text = std::string("OSLO (Nordwire) – ") + kText;
  Article first = article("a", "Nordwire", "2031-05-05", {toll(12)}, text), printed = first;
  printed.id = "b", printed.publisher = "Times", printed.published = "2031-05-06";
  const Article corrected = article("c", "Nordwire", "2031-05-06", {toll(2)}, "Correction: an earlier version gave a wrong number.");
  Corpus agency;
  agency.add_articles({first, printed, corrected});
  CHECK(agency.one("SELECT count(*) FROM disputes") == "0");
  CHECK(agency.one("SELECT x.id, y.id, c.correction FROM changes_of_mind c JOIN claims x ON x.claim = c.earlier JOIN claims y ON "
                   "y.claim = c.later") == "a#v1/narrator/number/dead|c#v1/narrator/number/dead|1");
}

TEST_CASE("changes of mind: one voice, two dates") {
  Corpus c;
  Told denied = attack();
  denied.voice = "Norway", denied.stance = Stance::denies, denied.factuality = Factuality::ct_minus, denied.status = "denied";
  Told admitted = attack();
  admitted.voice = "Norway", admitted.stance = Stance::concedes;
  c.add_articles({article("a", "Post", "2031-05-06", {denied}), article("b", "Times", "2031-05-09", {admitted})});
  CHECK(c.one("SELECT x.id, y.id, c.kind, c.correction FROM changes_of_mind c JOIN claims x ON x.claim = c.earlier JOIN claims y ON "
              "y.claim = c.later") == "a#v1/a1/occurrence|b#v1/a1/occurrence|occurrence|0");
  CHECK(c.one("SELECT count(*) FROM disputes") == "0");  // nobody but Norway has spoken

  Corpus paper;
  Told wrong = attack(), right = attack();
  wrong.numbers = {{"dead", 12, 12, {0, 1}}}, right.numbers = {{"dead", 2, 2, {0, 1}}};
  Article corrected = article("b", "Post", "2031-05-06", {right}, "Correction: an earlier version gave a wrong number.");
  Told elsewhere = right;
  paper.add_articles({article("a", "Post", "2031-05-06", {wrong}), corrected, article("c", "Times", "2031-05-06", {elsewhere})});
  CHECK(paper.one("SELECT x.id, y.id, c.kind, c.correction FROM changes_of_mind c JOIN claims x ON x.claim = c.earlier JOIN claims y ON "
                  "y.claim = c.later") == "a#v1/narrator/number/dead|b#v1/narrator/number/dead|number|1");
  CHECK(paper.one("SELECT count(*) FROM disputes") == "0");  // who gave the other number has taken it back
}

TEST_CASE("changes of mind: an office and who holds it, a body without a country, and what is none") {
  const auto told = [](const std::string& voice, bool denied) {
    Told t = attack();
    t.voice = voice;
    t.stance = denied ? Stance::denies : Stance::concedes;
    if (denied) t.factuality = Factuality::ct_minus, t.status = "denied";
    return t;
  };
  const auto changes = [](const std::vector<Article>& articles) {
    Corpus c;
    c.add_articles(articles);
    return c.one("SELECT x.id, y.id FROM changes_of_mind JOIN claims x ON x.claim = earlier JOIN claims y ON y.claim = later ORDER BY 1");
  };
  const std::vector<Mention> name{{{0, 1}, 0, MentionKind::name}}, words{{{0, 1}, 0, MentionKind::nominal}};
  const Entity person{
      .name = "Liv Berg", .kind = "person", .country = "NOR", .sectors = {"GOV"}, .office = "defence minister", .mentions = name};
  const Entity office{.name = "Norway’s defence minister",
                      .kind = "office",
                      .country = "NOR",
                      .sectors = {"GOV"},
                      .office = "defence minister",
                      .mentions = words};
  const Entity police{.name = "police", .kind = "organisation", .sectors = {"COP"}, .mentions = words};
  const Entity trader{.name = "a trader", .kind = "person", .mentions = words};
  const auto by = [](const std::string& id, const std::string& day, const Told& what, const Entity& who) {
    Article a = article(id, id == "a" ? "Post" : "Times", day, {what});
    a.known = {who};
    return a;
  };
  CHECK(changes({by("a", "2031-05-06", told(office.name, true), office), by("b", "2031-05-09", told("Liv Berg", false), person)}) ==
        "a#v1/a1/occurrence|b#v1/a1/occurrence");
  CHECK(changes({by("a", "2031-05-06", told("police", true), police), by("b", "2031-05-09", told("police", false), police)}) ==
        "a#v1/a1/occurrence|b#v1/a1/occurrence");
  CHECK(changes({by("a", "2031-05-06", told("a trader", true), trader), by("b", "2031-05-09", told("a trader", false), trader)}).empty());
  CHECK(changes({by("a", "2031-05-06", told("police", true), police), by("b", "2031-05-06", told("police", false), police)}).empty());
  // The copy of a text was said when its origin was.
  Article first = article("a", "Post", "2031-05-06", {told("Norway", true)}, kText), copy = first;
  copy.id = "b", copy.publisher = "Times", copy.published = "2031-05-07";
  copy.events = {told("Norway", false)};
  CHECK(changes({first, copy}).empty());
}

TEST_CASE("disputes over the doer: groups by what they do; a doer whose country nobody names is no other state") {
  const auto kinds = [](const Entity& one, const Entity& other) {
    const auto told = [](const std::string& who, const std::string& voice) {
      Told t = attack(who);
      t.voice = voice, t.place = "Port One", t.lemma = "burn";
      return t;
    };
    Article a = article("a", "Post", "2031-05-05", {told(one.name, "Iceland")}),
            b = article("b", "Times", "2031-05-06", {told(other.name, "Norway")});
    a.known = {one}, b.known = {other};
    Corpus c;
    c.add_articles({a, b});
    return c.one("SELECT kind FROM dispute_list");
  };
  const std::vector<Mention> words{{{0, 1}, 0, MentionKind::nominal}};
  const auto group = [&](const std::string& name, const std::string& country, const std::string& sector) {
    return Entity{.name = name, .kind = "group", .country = country, .sectors = {sector}, .mentions = words};
  };
  CHECK(kinds(group("dockers", "NOR", "LAB"), group("guards", "NOR", "COP")) == "agent");
  CHECK(kinds(group("smugglers", "NOR", "CRM"), group("Norwegian soldiers", "NOR", "MIL")) == "agent");
  CHECK(kinds(group("Norwegian soldiers", "NOR", "MIL"), group("Icelandic soldiers", "ISL", "MIL")) == "agent");
  CHECK(kinds(group("Norwegian soldiers", "NOR", "MIL"), group("soldiers", "ISL", "MIL")).empty());
  CHECK(kinds(group("officers", "NOR", "COP"), group("riot police", "ISL", "COP")).empty());
  CHECK(kinds(group("six men", "NOR", "CVL"), group("Norwegian soldiers", "NOR", "MIL")).empty());
}

TEST_CASE("a date belongs to the nearest word of saying") {
  // "who had said on Saturday that …, admitted that …": the second is not of Saturday
  Corpus c;
  Told before = attack(), now = attack();
  before.voice = "Norway", before.stance = Stance::denies, before.factuality = Factuality::ct_minus, before.status = "denied";
  now.voice = "Norway", now.stance = Stance::concedes;
  Article a = article("a", "Post", "2031-05-12", {before, now}, "The minister said on Saturday no, admitted yes.");
  a.dates = {{{20, 28}, "2031-05-10"}};
  a.cues = {{13, 17}, {33, 41}};
  c.add_articles({a});
  CHECK(c.one("SELECT c.kind, c.value, c.date FROM claims c WHERE c.kind = 'occurrence' ORDER BY c.id") ==
        "occurrence|not_happened|2031-05-10; occurrence|happened|2031-05-12");
}

TEST_CASE("a store that other rules grouped is grouped anew, as a whole, and status says so before") {
  Corpus c;
  Told second = attack();
  c.add_articles({article("a", "Post", "2031-05-06", {attack()}), article("b", "Times", "2031-05-07", {second})});
  const std::string rows = grouped_rows(*c.store);
  const auto waiting = [&] {
    const auto t = status(*c.store);
    REQUIRE(t);
    for (size_t i = 0; i < t->rows.size(); ++i)
      if (cell(*t, i, t->columns[0]) == "documents still to be grouped") return cell(*t, i, t->columns[1]);
    return std::string("none");
  };
  CHECK(waiting() == "0");
  c.store->database().exec("UPDATE grouping SET version = 0; UPDATE story_events SET title = 'old'");
  CHECK(waiting() == "2");
  group_all(*c.store, 64);
  CHECK(waiting() == "0");
  CHECK(grouped_rows(*c.store) == rows);
  CHECK(c.one("SELECT version FROM grouping") == std::to_string(corpus::kGroupingVersion));
  CHECK(verify(*c.store)->problems == std::vector<std::string>{});
}

TEST_CASE("a text that says the same ten thousand times costs no more than its length") {
  Corpus c;
  c.add_articles(
      {article("many", "Post", "2031-05-05", std::vector<Told>(10000, attack())), article("one", "Times", "2031-05-05", {attack()})});
  CHECK(c.one("SELECT documents FROM story_event_list WHERE story_event = 'many#v1'") == "2");
  CHECK(c.one("SELECT count(*) FROM story_event_members") == "10001");
  CHECK(c.one("SELECT count(*) FROM story_event_members WHERE earlier IS NOT NULL OR within IS NOT NULL") == "32");
}

TEST_CASE("what a reviewer corrects outlives a re-run") {
  Corpus c;
  Told told = attack();
  const std::vector<Article> all{article("a", "Post", "2031-05-05", {told}, kText), article("b", "Times", "2031-05-06", {told}, kText),
                                 article("c", "Echo", "2031-05-06", {attack("Malta", "Fiji")})};
  c.add_articles(all);
  const std::string before = grouped_rows(*c.store);
  CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|2; c#v1|1");
  const auto correct = [&](const std::string& document, const std::string& layer, const std::string& anchor, const std::string& action,
                           const std::string& value) {
    c.store->database().exec(fmt::format(
        "INSERT INTO corrections(document_id, text_hash, layer, anchor, action, value, made) SELECT id, text_hash, '{}', '{}', '{}', {}, "
        "'2031-06-01' FROM documents WHERE id = '{}'",
        layer, anchor, action, value.empty() ? "NULL" : "'" + value + "'", document));
    group_all(*c.store);
  };
  correct("b", "duplicate", "{}", "reject", R"({"document":"a"})");
  CHECK(c.one("SELECT count(*) FROM duplicates") == "0");
  correct("a", "story_event", R"({"start":0,"end":2})", "reject", R"({"document":"b","start":0,"end":2})");
  CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|1; b#v1|1; c#v1|1");
  correct("c", "story_event", R"({"start":0,"end":2})", "add", R"({"document":"a","start":0,"end":2})");
  CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|2; b#v1|1");
  correct("b", "event", R"({"start":0,"end":2})", "reject", "");
  CHECK(c.one("SELECT story_event, documents FROM story_event_list ORDER BY 1") == "a#v1|2");
  CHECK(c.one("SELECT count(*) FROM claims WHERE id LIKE 'b%'") == "0");
  correct("c", "claim", R"({"id":"c#v1/narrator/occurrence"})", "correct", R"({"value":"not_happened"})");
  CHECK(c.one("SELECT value FROM claims WHERE id = 'c#v1/narrator/occurrence'") == "not_happened");
  const std::string corrected = grouped_rows(*c.store);
  // The same files by a newer version of the program.
  Coder newer = planted_coder(c.articles);
  newer.engine.version = "2";
  std::string lines;
  for (const Article& a : all) lines += line_of(a);
  const AddReport again = add_all(*c.store, {c.folder.file("0.jsonl", lines)}, 1, newer);
  CHECK(again.recoded == 3);
  group_all(*c.store);
  CHECK(grouped_rows(*c.store) == corrected);
  c.store->database().exec("DELETE FROM corrections");
  group_all(*c.store);
  CHECK(grouped_rows(*c.store) == before);
}

namespace {

struct Scores {
  double copies = 0, b3 = 0, dispute_precision = 0, dispute_recall = 0, changes_found = 0, changes_right = 0;
};

Scores score(Corpus& c, const Planted& truth) {
  Scores out;
  std::map<std::string, std::string> origin;
  for (const Article& a : truth.articles) origin[a.id] = a.id;
  const Table copies = c.ask("SELECT document, origin FROM duplicate_list");
  for (const auto& row : copies.rows) origin[std::get<std::string>(row[0])] = std::get<std::string>(row[1]);
  double found = 0, planted = 0, right = 0;
  for (const Article& a : truth.articles) {
    found += origin[a.id] != a.id;
    planted += a.origin != a.id;
    right += a.origin != a.id && origin[a.id] == a.origin;
  }
  out.copies = 2 * right / (found + planted);

  std::map<std::string, int> story;
  for (const Article& a : truth.articles)
    for (size_t i = 0; i < a.events.size(); ++i) story[fmt::format("{}#v{}", a.id, i + 1)] = a.events[i].story;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<int, std::vector<std::string>> gold;
  const Table members = c.ask(
      "SELECT d.id || '#v' || ((m.event & 16777215) + 1), s.id FROM story_event_members m JOIN events e USING(event) JOIN documents d "
      "USING(document) JOIN story_events s USING(story_event)");
  CHECK(members.rows.size() == story.size());
  for (const auto& row : members.rows) groups[std::get<std::string>(row[1])].push_back(std::get<std::string>(row[0]));
  for (const auto& [id, s] : story) gold[s].push_back(id);
  double precision = 0, recall = 0;
  std::map<std::string, int> story_of_group;
  for (const auto& [id, list] : groups) {
    std::map<int, double> counts;
    for (const std::string& m : list) ++counts[story[m]];
    for (const auto& [s, n] : counts) {
      precision += n * n / static_cast<double>(list.size());
      recall += n * n / static_cast<double>(gold[s].size());
    }
    story_of_group[id] = std::max_element(counts.begin(), counts.end(), [](auto& x, auto& y) { return x.second < y.second; })->first;
  }
  const double n = static_cast<double>(story.size());
  out.b3 = 2 * (precision / n) * (recall / n) / (precision / n + recall / n);

  std::set<std::pair<int, std::string>> disputes, hits;
  size_t wrong = 0;
  const Table list = c.ask("SELECT story_event, kind FROM dispute_list");
  for (const auto& row : list.rows) {
    const std::pair<int, std::string> d{story_of_group[std::get<std::string>(row[0])], std::get<std::string>(row[1])};
    truth.disputes.contains(d) ? (void)hits.insert(d) : (void)++wrong;
  }
  out.dispute_precision = static_cast<double>(hits.size()) / static_cast<double>(hits.size() + wrong);
  out.dispute_recall = static_cast<double>(hits.size()) / static_cast<double>(truth.disputes.size());
  std::set<std::pair<int, std::string>> changes;
  size_t beside = 0;
  const Table minds = c.ask("SELECT s.id, kind FROM changes_of_mind JOIN story_events s USING(story_event)");
  for (const auto& row : minds.rows) {
    const std::pair<int, std::string> d{story_of_group[std::get<std::string>(row[0])], std::get<std::string>(row[1])};
    truth.changes.contains(d) ? (void)changes.insert(d) : (void)++beside;
  }
  out.changes_found = static_cast<double>(changes.size()) / static_cast<double>(truth.changes.size());
  out.changes_right = static_cast<double>(changes.size()) / static_cast<double>(changes.size() + beside);
  return out;
}

}  // namespace

TEST_CASE("a planted corpus: copies, same events, disputes, corrections are found") {
  const Planted truth = Planter(31).plant(84);
  Corpus c;
  c.add_articles(truth.articles);
  const Scores s = score(c, truth);
  MESSAGE(truth.articles.size() << " articles; copies F1 " << s.copies << "; same event B3 " << s.b3 << "; disputes " << s.dispute_precision
                                << " / " << s.dispute_recall << "; changes of mind found " << s.changes_found << ", right "
                                << s.changes_right);
  CHECK(s.copies >= .97);
  CHECK(s.b3 >= .85);
  CHECK(s.dispute_precision >= .9);
  CHECK(s.dispute_recall >= .75);
  CHECK(s.changes_found >= .8);
  CHECK(s.changes_right >= .8);
  CHECK(verify(*c.store)->problems == std::vector<std::string>{});
}

TEST_CASE("the order in which documents come does not matter, nor do purged or replaced ones") {
  const Planted truth = Planter(7).plant(21);
  Corpus whole;
  whole.add_articles(truth.articles);
  const std::string expected = grouped_rows(*whole.store);
  std::mt19937 random(5);
  for (int round = 0; round < 3; ++round) {
    std::vector<Article> shuffled = truth.articles;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    Corpus c;
    const size_t step = round == 0 ? 1 : round == 1 ? 13 : shuffled.size();
    for (size_t at = 0; at < shuffled.size(); at += step)
      c.add_articles({shuffled.begin() + static_cast<long>(at), shuffled.begin() + static_cast<long>(std::min(shuffled.size(), at + step))},
                     round == 2 ? 5 : 64);
    CHECK(grouped_rows(*c.store) == expected);
  }
  // Some more, which go again.
  Corpus c;
  std::vector<Article> more = truth.articles;
  std::vector<std::string> gone;
  for (size_t i = 0; i < truth.articles.size(); i += 4) {
    Article extra = truth.articles[i];
    extra.id = "0" + extra.id;  // and would be the first of their groups
    extra.published = "2031-01-02";
    gone.push_back(extra.id);
    more.push_back(extra);
  }
  std::shuffle(more.begin(), more.end(), random);
  c.add_articles(more);
  CHECK(grouped_rows(*c.store) != expected);
  REQUIRE(purge(*c.store, gone)->empty());
  CHECK(grouped_rows(*c.store) == expected);
  CHECK(c.one("SELECT count(*) FROM stale_story_events") == "0");
}

TEST_CASE("grouping can be stopped between documents") {
  const Planted truth = Planter(9).plant(8);
  Corpus whole;
  whole.add_articles(truth.articles);
  Corpus c;
  c.articles = truth.articles;
  std::string lines;
  for (const Article& a : truth.articles) lines += line_of(a);
  add_all(*c.store, {c.folder.file("0.jsonl", lines)}, 1, planted_coder(c.articles));
  int asked = 0;
  auto report = group(*c.store, {.batch_documents = 3, .stopped = [&] { return ++asked > 2; }});
  REQUIRE(report);
  CHECK(report->stopped);
  CHECK(report->documents == 6);
  CHECK(report->left == truth.articles.size() - 6);
  group_all(*c.store);
  CHECK(grouped_rows(*c.store) == grouped_rows(*whole.store));
  auto reader = open_store(c.folder / "n.db", StoreAccess::read);
  CHECK(group(*reader).error().code == ErrorCode::usage);
}
