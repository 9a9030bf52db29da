// Search and lists, removal, verification.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "corpus/rank.h"
#include "corpus_support.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

struct Fixture {
  Folder folder;
  std::unique_ptr<Store> store;
  Fixture() {
    const fs::path file = folder.file(
        "a.jsonl", record_line("one", "Norway attacks Iceland. Norway denies that Norway attacks Iceland. Trawlers left the grey harbour.",
                               R"("published":"2031-05-01","publisher":"Post","title":"Harbour closed",)") +
                       record_line("two", "Iceland says that Norway attacks Iceland. Snow fell on the harbours.",
                                   R"("published":"2031-05-02","publisher":"Times",)") +
                       record_line("three", "Trawlers don't wait. A harbour with many boats and gulls and nets saw trawlers.",
                                   R"("published":"2031-05-03",)"));
    store = open_store(folder / "n.db");
    add_all(*store, {file});
  }
  std::string ids(const Query& q) {
    auto found = search(*store, q);
    if (!found) return "error " + std::string(error_code_name(found.error().code));
    std::vector<std::string> out;
    for (size_t i = 0; i < found->rows.size(); ++i) out.push_back(cell(*found, i, "document"));
    std::sort(out.begin(), out.end());
    std::string text;
    for (const std::string& id : out) text += (text.empty() ? "" : " ") + id;
    return text;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "words, phrases, beginnings, nearness, titles") {
  CHECK(ids({.query = "harbour"}) == "one three");
  CHECK(ids({.query = "HARBOUR*"}) == "one three two");
  CHECK(ids({.query = "\"grey harbour\""}) == "one");
  CHECK(ids({.query = "\"harbour grey\""}) == "");
  CHECK(ids({.query = "NEAR(harbour trawlers, 3)"}) == "one");
  CHECK(ids({.query = "NEAR(harbour trawlers, 12)"}) == "one three");
  CHECK(ids({.query = "harbour NOT gulls"}) == "one");
  CHECK(ids({.query = "snow OR gulls"}) == "three two");
  CHECK(ids({.query = "title: closed"}) == "one");
  CHECK(ids({.query = "title: trawlers"}) == "");
  CHECK(ids({.query = "don't"}) == "three");
  CHECK(ids({.query = "\"grey harb"}) == "");  // an open quotation mark is closed
  CHECK(ids({.query = "AND ("}) == "error usage");
  CHECK(ids({.query = "?!"}) == "error usage");
  CHECK(ids({.query = "nocolumn: x"}) == "error usage");
  const auto found = search(*store, {.query = "grey"});
  CHECK(cell(*found, 0, "passage").find("«grey»") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "conditions hold together") {
  CHECK(ids({}) == "one three two");
  CHECK(ids({.publisher = "post"}) == "one");
  CHECK(ids({.from = "2031-05-02"}) == "three two");
  CHECK(ids({.from = "2031-05-02", .to = "2031-05-02"}) == "two");
  CHECK(ids({.actor = "NOR"}) == "one two");
  CHECK(ids({.actor = "norw"}) == "one two");
  CHECK(ids({.actor = "state:NOR"}) == "one two");
  CHECK(ids({.recipient = "NOR"}) == "");
  CHECK(ids({.actor = "%"}) == "");
  CHECK(ids({.type = "assault"}) == "one two");
  CHECK(ids({.status = "denied"}) == "one");
  CHECK(ids({.disputed = true}) == "one");
  CHECK(ids({.type = "ASSAULT", .disputed = false}) == "two");
  CHECK(ids({.query = "snow", .publisher = "Post"}) == "");
}

TEST_CASE_FIXTURE(Fixture, "who says it: words are looked for in what that speaker says") {
  CHECK(ids({.query = "attacks", .speaker = "Iceland"}) == "two");
  CHECK(ids({.query = "snow", .speaker = "Iceland"}) == "");  // the paper's words
  CHECK(ids({.speaker = "NOR", .stance = "denies"}) == "one");
  CHECK(ids({.speaker = "NOR", .stance = "asserts"}) == "");
  const auto found = search(*store, {.query = "attacks", .stance = "denies"});
  CHECK(cell(*found, 0, "voice") == "Norway (denies)");
  CHECK(cell(*found, 0, "attribution") == "a1");
}

TEST_CASE_FIXTURE(Fixture, "events and actors as lists, page by page") {
  const auto all = events(*store, {});
  REQUIRE(all->rows.size() == 3);
  CHECK_FALSE(all->next);
  CHECK(cell(*all, 0, "event") == "one#v1");
  CHECK(cell(*all, 1, "voice") == "Norway (denies)");
  CHECK(cell(*all, 0, "voice") == "Post");
  CHECK(cell(*all, 0, "sentence") == "Norway attacks Iceland.");
  const auto page = events(*store, {.limit = 2});
  REQUIRE(page->next);
  const auto rest = events(*store, {.limit = 2, .after = *page->next});
  REQUIRE(rest->rows.size() == 1);
  CHECK(cell(*rest, 0, "event") == "two#v1");
  CHECK(events(*store, {.after = "x"}).error().code == ErrorCode::usage);
  CHECK(events(*store, {.speaker = "Iceland"})->rows.size() == 1);
  CHECK(events(*store, {.query = "snow"})->rows.size() == 1);

  const auto who = actors(*store, {});
  REQUIRE(who->rows.size() == 2);
  CHECK(cell(*who, 1, "actor") == "state:ISL");  // two documents each
  CHECK(cell(*who, 1, "documents") == "2");
  CHECK(cell(*who, 0, "acts") == "3");
  CHECK(cell(*who, 1, "receives") == "3");
  CHECK(cell(*who, 1, "speaks") == "1");
  CHECK(actors(*store, {.query = "norw"})->rows.size() == 1);
  CHECK(cell(*actors(*store, {.publisher = "Times"}), 0, "documents") == "1");
  // Every count is of the documents that were asked for.
  for (const Query& q : {Query{.publisher = "Times"}, Query{.document = "two"}, Query{.to = "2031-01-01"}}) {
    const auto some = actors(*store, q);
    for (size_t i = 0; i < some->rows.size(); ++i) {
      CHECK(cell(*some, i, "origins") == "1");
      CHECK(std::stoi(cell(*some, i, "acts")) + std::stoi(cell(*some, i, "receives")) == 1);
      CHECK(cell(*some, i, "speaks") == (cell(*some, i, "actor") == "state:ISL" ? "1" : "0"));
    }
  }
  CHECK(claims(*store, {.from = "2031-01-01", .speaker = "NOR", .stance = "denies"})->rows.empty());
  CHECK(disputes(*store, {.query = "harbour", .actor = "NOR", .stance = "denies"})->rows.empty());
}

TEST_CASE("claims and disputes as somebody fills them") {
  Fixture f;
  f.store->database().exec(R"(
    INSERT INTO story_events VALUES(1, 's', 'Norway attacks Iceland', 'ASSAULT', 'ISL', 'NOR', NULL, NULL, NULL, NULL, NULL, NULL, 2, 2, 1);
    INSERT INTO story_event_members(event, story_event) SELECT event, 1 FROM events;
    INSERT INTO voices VALUES(1, 'actor:state:NOR', 'Norway', 'actor', NULL, 'NOR', 'GOV'), (2, 'actor:state:ISL', 'Iceland', 'actor', NULL, 'ISL', 'GOV');
    INSERT INTO positions VALUES(1, 's/yes', 1, 'occurrence', 'happened', NULL, NULL, NULL, '2031-05-02', '2031-05-02', 1, 1, 1),
                                (2, 's/no', 1, 'occurrence', 'did not happen', NULL, NULL, NULL, '2031-05-01', '2031-05-01', 1, 1, 1);
    INSERT INTO claims SELECT event, 'c' || event, document, event, attribution, iif(document = 1, 1, 2), 'chain', 'occurrence',
      iif(document = 1, 'denies', 'asserts'), factuality, status, NULL, NULL, NULL, '2031-05-01', 1, iif(document = 1, 2, 1), 1 FROM events WHERE attribution IS NOT NULL;
    INSERT INTO disputes VALUES(1, 'd', 1, 'occurrence', 'Did Norway attack Iceland?', '2031-05-02', '2031-05-02', 2, 2);
    INSERT INTO dispute_positions VALUES(1, 2, 0), (1, 1, 1);)");
  auto found = claims(*f.store, {.speaker = "NOR"});
  REQUIRE(found->rows.size() == 1);
  CHECK(cell(*found, 0, "holds") == "did not happen");
  CHECK(claims(*f.store, {.stance = "asserts"})->rows.size() == 1);
  CHECK(claims(*f.store, {.publisher = "Times"})->rows.size() == 1);
  CHECK(cell(*disputes(*f.store, {.query = "snow", .speaker = "Iceland"}), 0, "positions") == "did not happen / happened");
  auto list = positions(*f.store, {.query = "snow", .actor = "NOR", .type = "ASSAULT", .speaker = "Iceland"});
  REQUIRE(list->rows.size() == 2);
  CHECK(cell(*list, 0, "holds") == "did not happen");
  CHECK(cell(*list, 1, "holds") == "happened");
  CHECK(cell(*list, 1, "voices") == "Iceland");
  CHECK(cell(*list, 1, "sentences") == "Iceland says that Norway attacks Iceland.");
  CHECK(f.ids({.disputed = true}) == "one two");  // now over documents
  CHECK(verify(*f.store)->problems == std::vector<std::string>{});

  // Removal makes anew what was made of the others.
  REQUIRE(purge(*f.store, {"two"}));
  CHECK(f.store->database().execAndGet("SELECT group_concat(id) FROM story_events").getString() == "one#v1");
  CHECK(f.store->database().execAndGet("SELECT count(*) FROM stale_story_events").getInt() == 0);
  REQUIRE(purge(*f.store, {"one"}));
  CHECK(f.store->database()
            .execAndGet("SELECT (SELECT count(*) FROM story_events) + (SELECT count(*) FROM voices) + (SELECT count(*) FROM disputes)")
            .getInt() == 0);
}

TEST_CASE("copies whose origin goes are to be grouped again") {
  Fixture f;
  SQLite::Database& db = f.store->database();
  db.exec("DELETE FROM ungrouped; INSERT INTO duplicates VALUES(2, 1, 1, 'near', 0.9, NULL, '[]')");
  REQUIRE(purge(*f.store, {"one"}));
  CHECK(db.execAndGet("SELECT count(*) FROM duplicates").getInt() == 0);
  CHECK(db.execAndGet("SELECT count(*) FROM ungrouped").getInt() == 0);
}

TEST_CASE("purge leaves no trace, in the index neither") {
  Fixture f;
  const fs::path file =
      f.folder.file("b.jsonl", record_line("secret", "Quetzalmoor attacks Zzyxborough. Quetzalmoor says that Norway attacks Iceland.",
                                           R"("title":"Quetzalmoor again",)"));
  f.store.reset();
  f.store = open_store(f.folder / "n.db", StoreAccess::write);
  REQUIRE(group(*f.store));
  const std::string before = canonical(*f.store);
  add_all(*f.store, {file});
  CHECK(f.ids({.query = "quetzalmoor"}) == "secret");
  f.store->database().exec(
      "INSERT INTO corrections(document_id, text_hash, layer, anchor, action, note, made) VALUES('secret', '', 'event', '{}', 'reject', "
      "'Quetzalmoor', '')");
  const auto unknown = purge(*f.store, {"secret", "nobody"});
  REQUIRE(unknown);
  CHECK(*unknown == std::vector<std::string>{"nobody"});
  CHECK(canonical(*f.store) == before);
  CHECK(verify(*f.store)->problems == std::vector<std::string>{});
  f.store.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::ifstream in(f.folder.path / ("n.db" + std::string(suffix)), std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    std::transform(bytes.begin(), bytes.end(), bytes.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const char* trace : {"quetzalmoor", "quetz", "zzyxb", "secret"})
      CHECK_MESSAGE(bytes.find(trace) == std::string::npos, trace << " in " << suffix);
  }
  // Its file was not touched: adding it again brings the document back.
  f.store = open_store(f.folder / "n.db", StoreAccess::write);
  CHECK(add_all(*f.store, {file}).added == 1);
}

TEST_CASE("verify finds what somebody changed") {
  const auto problems = [](const char* damage) {
    Fixture f;
    f.store->database().exec(damage);
    const auto found = verify(*f.store);
    REQUIRE(found);
    CHECK(found->digest.empty() == !found->problems.empty());
    return found->problems.size();
  };
  CHECK(problems("SELECT 1") == 0);
  CHECK(problems("DELETE FROM events WHERE event = (SELECT min(event) FROM events)") == 1);
  CHECK(problems("UPDATE texts SET text = 'another' WHERE document = 1") >= 2);  // hash, record, index
  CHECK(problems("UPDATE records SET json = x'00' WHERE document = 2") == 1);
  CHECK(problems("DELETE FROM records WHERE document = 2") == 1);
  CHECK(problems("INSERT INTO texts_index(texts_index, rowid, title, text) VALUES('delete', 3, NULL, 'Trawlers')") == 1);
  CHECK(problems("PRAGMA foreign_keys = OFF; DELETE FROM documents WHERE document = 1") > 1);
  CHECK(problems("UPDATE actors SET documents = 9 WHERE key = 'state:NOR'") == 1);
  CHECK(problems("UPDATE documents SET id = 'other' WHERE document = 1") == 1);
}

TEST_CASE("lists as text, CSV and JSON") {
  Table table{
      .columns = {"name", "count"}, .rows = {{std::string("=1+1"), int64_t{7}}, {std::string("two\nlines, “long”"), {}}}, .next = "50"};
  CHECK(to_csv(table) == "name,count\r\n'=1+1,7\r\n\"two\nlines, “long”\",\r\n");
  CHECK(to_json(table) ==
        "{\"rows\":[\n{\"name\":\"=1+1\",\"count\":7},\n{\"name\":\"two\\nlines, “long”\",\"count\":null}\n],\"next\":\"50\"}\n");
  const std::string text = to_text(table, 20);
  CHECK(text.find("count") != std::string::npos);
  CHECK(text.find("two lines, “…") != std::string::npos);
  CHECK(to_text({.columns = {"a"}}, 20) == "nothing found\n");
}

TEST_CASE("a claim shows the sentence in which its speaker is heard beside that of the event") {
  const Folder folder;
  auto store = open_store(folder / "n.db");
  Coder coder = fake_coder();
  coder.code = [](const DocumentInput& input, EngineWorkspace&) {
    Analysis a = fake_code(input);  // "Norway attacks Iceland. The navy denied this."
    const auto at = static_cast<uint32_t>(input.text.find("The navy"));
    a.attributions.push_back(
        {.source = {{at, at + 8}}, .cue = {{at + 9, at + 15}}, .content = {{at + 16, at + 20}}, .stance = Stance::denies});
    a.events[0].voices.push_back({0, Factuality::ct_minus});
    return a;
  };
  add_all(*store, {folder.file("a.txt", "Norway attacks Iceland. Snow fell. The navy denied this.")}, 1, coder);
  REQUIRE(group(*store));
  const auto found = claims(*store, {});
  REQUIRE(found);
  std::map<std::string, std::string> words;
  for (size_t i = 0; i < found->rows.size(); ++i)
    if (cell(*found, i, "kind") == "occurrence") words[cell(*found, i, "stance")] = cell(*found, i, "sentence");
  CHECK(words["asserts"] == "Norway attacks Iceland.");
  CHECK(words["denies"] == "Norway attacks Iceland. …  The navy denied this.");
  CHECK(cell(*positions(*store, {}), 0, "sentences") == "Norway attacks Iceland.");
}

TEST_CASE("of a long path the end is shown") {
  Table table{.columns = {"path", "n"}, .rows = {{std::string("/a/very/long/way/to/article.txt"), int64_t{1}}}};
  CHECK(to_text(table, 16) == "path           n\n…/article.txt  1\n");
  CHECK(to_text(table, 80).find("/a/very/long/way/to/article.txt") != std::string::npos);
}

TEST_CASE("words with conditions: one event must fulfil them all, and what stands for them is no word of the text") {
  Folder folder;
  auto store = open_store(folder / "n.db");
  std::string lines = record_line("one", "Norway attacks Iceland. Iceland denies that Peru attacks Chile. Snow fell.") +
                      record_line("two", "Peru attacks Norway. Snow fell.") +
                      record_line("three", "UN attacks Chile. Unit 7 attacks Peru. Snow fell.");
  for (int i = 0; i < 80; ++i)
    lines += record_line("u" + std::to_string(i), "Unit " + std::to_string(100 + i) + " attacks Iceland. Rain fell.");
  add_all(*store, {folder.file("in/a.jsonl", lines)});
  const auto ids = [&](Query q) {
    const auto found = search(*store, q);
    if (!found) return "error " + found.error().message;
    std::set<std::string> out;
    for (size_t i = 0; i < found->rows.size(); ++i) out.insert(cell(*found, i, "document"));
    std::string text;
    for (const std::string& id : out) text += (text.empty() ? "" : " ") + id;
    return text;
  };
  CHECK(ids({.query = "snow", .actor = "NOR"}) == "one two");
  CHECK(ids({.query = "snow", .recipient = "NOR"}) == "two");
  CHECK(ids({.query = "snow", .recipient = "Norway"}) == "two");
  CHECK(ids({.query = "snow", .actor = "Peru", .recipient = "NOR"}) == "two");
  CHECK(ids({.query = "snow", .actor = "NOR", .recipient = "Chile"}) == "");  // two events, not one
  CHECK(ids({.query = "snow", .actor = "Chile", .type = "ASSAULT"}) == "one three");
  CHECK(ids({.query = "snow", .type = "AID"}) == "");
  CHECK(ids({.query = "snow", .actor = "Nobody at all"}) == "");
  CHECK(ids({.query = "snow OR rain", .actor = "Unit 7"}) == "three");
  CHECK(ids({.query = "snow", .actor = "UN"}) == "three");
  CHECK(ids({.query = "rain", .actor = "un"}) == "");                         // a whole name, not the beginning of "Unit"
  CHECK(ids({.query = "rain", .actor = "Unit 1", .limit = 0}).size() > 300);  // 80 actors: more than a query has words
  CHECK(ids({.query = "peru", .speaker = "ISL", .stance = "denies"}) == "one");
  CHECK(ids({.query = "peru", .stance = "asserts"}) == "");
  // Marks are no words: neither typed nor begun.
  CHECK(ids({.query = "tassault"}) == "");
  CHECK(ids({.query = "cNO*"}) == "");
  CHECK(ids({.query = "sdenies", .stance = "denies"}) == "");
  CHECK(ids({.query = "snow NOT chile", .actor = "NOR"}) == "two");
}

namespace {

/// An index of its own with so many rows; `text` gives each row's words.
struct Index {
  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  int rows;
  template <class Text>
  Index(int count, const Text& text) : rows(count) {
    REQUIRE(corpus::add_bounded_bm25(db.getHandle()) == SQLITE_OK);
    db.exec("CREATE VIRTUAL TABLE i USING fts5(title, words)");
    SQLite::Statement add(db, "INSERT INTO i(rowid, title, words) VALUES(?, 'of ships', ?)");
    SQLite::Transaction transaction(db);
    for (int r = 1; r <= count; ++r) {
      add.bind(1, r);
      add.bind(2, text(r));
      add.exec();
      add.reset();
    }
    transaction.commit();
  }
  /// The largest difference to FTS5's own, of all hits; -1: nothing was found.
  double apart(const char* query) {
    SQLite::Statement each(db, "SELECT bm25(i), bounded_bm25(i, ?1, 2, 0) FROM i WHERE i MATCH ?2");
    each.bind(1, rows);
    each.bind(2, query);
    double most = -1;
    while (each.executeStep()) {
      CHECK(each.getColumn(0).getDouble() < 0);
      most = std::max(most, std::abs(each.getColumn(0).getDouble() - each.getColumn(1).getDouble()));
    }
    return most;
  }
};

}  // namespace

TEST_CASE("bounded BM25 is BM25 while a phrase stands in few rows, and close to it after that") {
  const auto text = [](int r) {
    std::string out = r % 3 ? "the harbour was quiet" : "the harbour harbour was closed and boats waited outside it";
    if (r % 50 == 0) out += " a mine drifted";
    if (r % 7 == 0) out += " minelayers came";
    return out;
  };
  Index few(600, text);
  for (const char* query : {"harbour", "mine", "\"mine drifted\"", "min*", "mine AND closed", "NEAR(mine minelayers, 9)", "ships mine"})
    CHECK_MESSAGE((few.apart(query) >= 0 && few.apart(query) < 1e-9), query);
  CHECK(few.apart("submarine") == -1);

  Index many(9000, text);  // "quiet" stands in 6,000 rows, of which 2,000 are counted
  for (const char* query : {"quiet", "closed", "min*", "mine AND harbour"})
    CHECK_MESSAGE((many.apart(query) >= 0 && many.apart(query) < .01), query);
}

TEST_CASE("bounded BM25 wants to know the largest rowid") {
  Index few(3, [](int) { return "quiet"; });
  SQLite::Statement s(few.db, "SELECT bounded_bm25(i) FROM i WHERE i MATCH 'quiet'");
  CHECK_THROWS_WITH(s.executeStep(), doctest::Contains("largest rowid"));
}
