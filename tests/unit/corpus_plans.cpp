// What the store asks of SQLite: adding, grouping and searching must look rows up, whatever the size of the store. A statement that reads a
// whole table is quick in every other test, and slow in a store of 100,000 documents alone.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <set>

#include "corpus_support.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

/// Statements that a connection runs while it lives.
class Traced {
 public:
  explicit Traced(Store& store) : db_(store.database()) {
    sqlite3_trace_v2(
        db_.getHandle(), SQLITE_TRACE_STMT,
        [](unsigned, void* self, void* statement, void*) {
          if (const char* sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement))) static_cast<Traced*>(self)->seen_.insert(sql);
          return 0;
        },
        this);
  }
  ~Traced() { sqlite3_trace_v2(db_.getHandle(), 0, nullptr, nullptr); }
  std::set<std::string> take() {
    sqlite3_trace_v2(db_.getHandle(), 0, nullptr, nullptr);
    return std::move(seen_);
  }

 private:
  SQLite::Database& db_;
  std::set<std::string> seen_;
};

/// Steps of the plan that read a table from end to end. Full-text indexes are asked for words; r, n and t are subqueries, whose rows are
/// found already.
std::string scans(SQLite::Database& db, const std::string& sql) {
  std::string out;
  SQLite::Statement plan(db, "EXPLAIN QUERY PLAN " + sql);
  while (plan.executeStep()) {
    const std::string step = plan.getColumn(3).getString();
    const bool found = step.find("VIRTUAL TABLE INDEX") != std::string::npos || step.find("(subquery") != std::string::npos ||
                       step.find("CONSTANT ROW") != std::string::npos || step == "SCAN r" || step == "SCAN n" || step == "SCAN t" ||
                       step.find("sqlite_stat") != std::string::npos;
    const bool disputed = step.ends_with("_disputed");  // partial indexes: disputed rows alone
    if (step.starts_with("SCAN ") && !found && !disputed) out += step + "; ";
  }
  return out;
}

bool is_query(const std::string& sql) {
  for (const char* word : {"SELECT", "INSERT", "UPDATE", "DELETE"})
    if (sql.starts_with(word)) return true;
  return false;
}

struct Fixture {
  Folder folder;
  std::unique_ptr<Store> store = open_store(folder / "n.db");
  void fill() {
    std::string lines;
    for (int i = 0; i < 120; ++i) {
      const std::string n = std::to_string(i);
      lines += record_line(
          "d" + n, "Unit " + n + " attacks Iceland. Iceland denies that Unit " + n + " attacks Norway. Trawlers left.",
          "\"published\":\"2031-05-" + std::to_string(10 + i % 18) + "\",\"publisher\":\"Paper " + std::to_string(i % 7) + "\",");
    }
    add_all(*store, {folder.file("in/a.jsonl", lines)});
    REQUIRE(group(*store));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a document is added, replaced and grouped without a look at all others") {
  fill();
  const fs::path file = folder.file("in/b.txt", "Unit 5 attacks Iceland. Norway says that Unit 5 attacks Iceland.");
  Traced traced(*store);
  CHECK(add_all(*store, {file}).added == 1);
  REQUIRE(group(*store));
  folder.file("in/b.txt", "Unit 5 attacks Iceland. Norway denies that Unit 5 attacks Iceland.");
  CHECK(add_all(*store, {file}).changed == 1);
  REQUIRE(group(*store));
  const std::set<std::string> seen = traced.take();
  CHECK(seen.size() > 60);
  // Lists of what is to be done, and what people corrected.
  const std::set<std::string> kSmall{"SCAN u; ", "SCAN ungrouped; ", "SCAN stale_story_events; ",
                                     "SCAN c; ", "SCAN grouping; ",  "SCAN decisions_due; "};
  for (const std::string& sql : seen)
    if (is_query(sql)) {
      const std::string found = scans(store->database(), sql);
      CHECK_MESSAGE((found.empty() || kSmall.contains(found)), found << " in " << sql);
    }
}

TEST_CASE_FIXTURE(Fixture, "rows that go with others are found by an index") {
  SQLite::Database& db = store->database();
  std::vector<std::string> tables;
  SQLite::Statement names(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'");
  while (names.executeStep()) tables.push_back(names.getColumn(0).getString());
  size_t references = 0;
  for (const std::string& table : tables) {
    SQLite::Statement keys(db, "SELECT \"table\", \"from\" FROM pragma_foreign_key_list('" + table + "')");
    while (keys.executeStep()) {
      const std::string parent = keys.getColumn(0).getString(), column = keys.getColumn(1).getString();
      if (parent == "engines" || parent == "runs") continue;  // these stay
      ++references;
      CHECK_MESSAGE(scans(db, "SELECT 1 FROM " + table + " WHERE " + column + " = 1").empty(), table << "." << column);
    }
  }
  CHECK(references > 30);
}

TEST_CASE_FIXTURE(Fixture, "words are looked up with every condition beside them") {
  fill();
  const std::vector<std::pair<const char*, Query>> conditions{{"none", {}},
                                                              {"publisher", {.publisher = "Paper 3"}},
                                                              {"date", {.from = "2031-05-12", .to = "2031-05-13"}},
                                                              {"country", {.actor = "ISL"}},
                                                              {"actor", {.actor = "Unit 5"}},
                                                              {"recipient", {.recipient = "Iceland"}},
                                                              {"type", {.type = "ASSAULT"}},
                                                              {"status", {.status = "denied"}},
                                                              {"date of event", {.event_from = "2031-05-12"}},
                                                              {"speaker", {.speaker = "Iceland"}},
                                                              {"speaker's country", {.speaker = "ISL"}},
                                                              {"words of a speaker", {.speaker = "two fishermen"}},
                                                              {"stance", {.stance = "denies"}},
                                                              {"disputed", {.disputed = true}}};
  for (auto [name, q] : conditions)
    for (const char* words : {"attacks", "\"attacks norway\"", "att*", "NEAR(unit norway, 4)"}) {
      q.query = words;
      q.limit = 20;
      Traced traced(*store);
      REQUIRE(search(*store, q));
      for (const std::string& sql : traced.take())
        if (is_query(sql)) {
          const std::string found = scans(store->database(), sql);
          CHECK_MESSAGE(found.empty(), std::string(name) << ", " << std::string(words) << ": " << found << " in " << sql);
        }
    }
}

TEST_CASE_FIXTURE(Fixture, "the list of all claims is read in its order, not sorted") {
  fill();
  Traced traced(*store);
  const auto found = claims(*store, {.limit = 5});
  REQUIRE(found);
  CHECK(found->rows.size() == 5);
  size_t lists = 0;
  for (const std::string& sql : traced.take()) {
    if (sql.find("FROM claims c CROSS JOIN") == std::string::npos) continue;
    ++lists;
    std::string steps;
    SQLite::Statement plan(store->database(), "EXPLAIN QUERY PLAN " + sql);
    while (plan.executeStep()) steps += plan.getColumn(3).getString() + "; ";
    CHECK_MESSAGE(steps.find("USING INDEX claims_ledger") != std::string::npos, steps);
  }
  CHECK(lists == 1);
}

TEST_CASE_FIXTURE(Fixture, "speakers and actors are found by parts of their names, whatever their case and signs") {
  std::string lines = record_line("one", "Grey Owl Council says that Norway attacks Iceland.") +
                      record_line("two", "Ölund \\\"Q\\\" Ltd says that Iceland attacks Norway.") +
                      record_line("three", "Ek says that Norway attacks Iceland.");
  add_all(*store, {folder.file("in/a.jsonl", lines)});
  const auto speakers = [&](const std::string& words) {
    const auto found = search(*store, {.speaker = words});
    REQUIRE(found);
    std::string out;
    for (size_t i = 0; i < found->rows.size(); ++i) out += cell(*found, i, "document") + " ";
    return out;
  };
  CHECK(speakers("grey owl") == "one ");
  CHECK(speakers("wl Cou") == "one ");
  CHECK(speakers("ölund") == "two ");
  CHECK(speakers("\"q\"") == "two ");
  CHECK(speakers("Ek") == "three ");
  CHECK(speakers("100%") == "");
  CHECK(cell(*actors(*store, {.query = "OWL"}), 0, "name") == "Grey Owl Council");
  // The index keeps up with removal.
  REQUIRE(purge(*store, {"one"}));
  CHECK(speakers("grey owl") == "");
  CHECK(verify(*store)->problems.empty());
}
