// What reviewers decide about events and attributions, laid over what was coded: in rows, lists, groups and records.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "corpus_support.h"
#include "reportedly/export.h"
#include "reportedly/output.h"

using namespace corpus_test;  // NOLINT: tests
using nlohmann::json;

namespace {

const std::string kOne =
    "Norway attacks Hofn. Iceland says that Norway attacks Narvik. Iceland says that Vardo denies that Iceland attacks Tromso.";

struct Fixture {
  Folder folder;
  std::unique_ptr<Store> store = open_store(folder / "s.db");
  explicit Fixture(bool filled = true) {
    if (filled) fill();
  }
  void fill(const Coder& coder = fake_coder(), const std::string& before = "") {
    folder.file("a.jsonl", record_line("one", before + kOne, R"("publisher":"The Fjord Post","published":"2031-05-05",)") +
                               record_line("two", "Norway attacks Hofn.", R"("publisher":"Northern Wire","published":"2031-05-05",)"));
    add_all(*store, {folder / "a.jsonl"}, 1, coder);
    REQUIRE(group(*store));
  }
  /// A decision about the n-th word `quote` of document one.
  void decide(const std::string& layer, const std::string& quote, int n, const std::string& mark, const std::string& action,
              const std::string& value = "{}") {
    size_t at = kOne.find(quote);
    while (--n > 0) at = kOne.find(quote, at + 1);
    const size_t from = kOne.rfind('.', at) == std::string::npos ? 0 : kOne.rfind('.', at) + 1;
    const json anchor{{"start", at},    {"end", at + quote.size()}, {"mark", mark},
                      {"quote", quote}, {"offset", at - from},      {"sentence", kOne.substr(from, kOne.find('.', at) + 1 - from)}};
    SQLite::Statement insert(store->database(),
                             "INSERT INTO corrections(document_id, text_hash, layer, anchor, action, value, made) SELECT id, text_hash, ?, "
                             "?, ?, ?, '2031-06-01' FROM documents WHERE id = 'one'");
    insert.bind(1, layer);
    insert.bind(2, anchor.dump());
    insert.bind(3, action);
    insert.bind(4, value);
    insert.exec();
    REQUIRE(group(*store));
    CHECK(verify(*store)->problems == std::vector<std::string>{});
  }
  void undo() const {
    store->database().exec("DELETE FROM corrections");
    REQUIRE(group(*store));
  }
  std::string one(const std::string& sql) const {
    SQLite::Statement s(store->database(), sql);
    std::string out;
    while (s.executeStep()) {
      out += out.empty() ? "" : "; ";
      for (int c = 0; c < s.getColumnCount(); ++c) out += (c ? "|" : "") + s.getColumn(c).getString();
    }
    return out;
  }
  std::string ids(const Query& q) const {
    const auto table = events(*store, q);
    REQUIRE(table);
    std::string out;
    for (size_t i = 0; i < table->rows.size(); ++i) out += (i ? " " : "") + cell(*table, i, "event");
    return out;
  }
  Analysis analysis() const { return *from_json(*record(*store, "one")); }
};

}  // namespace

TEST_CASE("a rejected event counts nowhere, keeps its number, and comes back") {
  Fixture f;
  const std::string before = canonical(*f.store);
  CHECK(f.ids({.document = "one"}) == "one#v1 one#v2 one#v3");
  CHECK(f.one("SELECT id, documents FROM story_events WHERE id = 'one#v1'") == "one#v1|2");
  f.decide("event", "attacks", 1, "ASSAULT", "reject");
  CHECK(f.ids({.document = "one"}) == "one#v2 one#v3");
  CHECK(f.ids({.document = "one", .recipient = "Hofn"}).empty());
  CHECK(search(*f.store, {.query = "attacks", .document = "one", .recipient = "Hofn"})->rows.empty());
  CHECK(f.one("SELECT id FROM story_events WHERE id = 'one#v1'").empty());
  CHECK(f.one("SELECT count(*) FROM story_event_members WHERE event = 16777216") == "0");
  CHECK(f.one("SELECT count(*) FROM claims WHERE id LIKE 'one#v1/%'") == "0");
  CHECK(facets(*f.store, {.document = "one", .status = "happened"}));
  CHECK(f.one("SELECT layer, number, mark, decision FROM decided") == "event|0|ASSAULT|rejected");
  const Analysis a = f.analysis();
  REQUIRE(a.events.size() == 3);
  CHECK(a.events[0].decision == Decision::rejected);
  CHECK(a.events[0].why.back() == "reviewer: rejected");
  CHECK(to_csv(a).find("one#v1") == std::string::npos);
  CHECK(to_csv(a).find("one#v2") != std::string::npos);
  for (const Profile& profile : profiles())
    if (const auto made = make_export(profile.name)) {
      std::string all;
      for (const Piece& piece : made->read({}, a)) all += piece.text;
      CHECK_MESSAGE(all.find("one#v1") == std::string::npos, profile.name);
      CHECK_MESSAGE(all.find("urn:reportedly:one:v1") == std::string::npos, profile.name);
    }
  CHECK(to_account(a, false, 100).find("v1 ") == std::string::npos);
  CHECK(to_html(a).find("-v1\"") == std::string::npos);
  CHECK(explain(a, "v1")->find("rejected by a reviewer") != std::string::npos);
  f.undo();
  CHECK(canonical(*f.store) == before);
}

TEST_CASE("a corrected event has its new values in lists, search, groups and records, and says what it was") {
  Fixture f;
  const std::string before = canonical(*f.store);
  f.decide("event", "attacks", 1, "ASSAULT", "correct",
           R"({"type":"COERCE","mode":"arrest","date":"2031-05-03","place":"Narvik","actors":"Iceland","recipients":"Vardo; Hofn"})");
  const auto table = events(*f.store, {.document = "one", .limit = 1});
  CHECK(cell(*table, 0, "event") == "one#v1");
  CHECK(cell(*table, 0, "type") == "COERCE");
  CHECK(cell(*table, 0, "actors") == "Iceland");
  CHECK(cell(*table, 0, "recipients") == "Vardo; Hofn");
  CHECK(cell(*table, 0, "date") == "2031-05-03");
  CHECK(cell(*table, 0, "place") == "Narvik");
  CHECK(cell(*table, 0, "decision") == "corrected");
  CHECK(cell(*events(*f.store, {.document = "two"}), 0, "decision").empty());
  CHECK(f.one("SELECT mode, quad, country_a FROM events WHERE event & 16777215 = 0 AND document = 1") == "arrest|4|ISL");
  CHECK(f.ids({.document = "one", .type = "COERCE"}) == "one#v1");
  CHECK(search(*f.store, {.query = "attacks", .type = "COERCE"})->rows.size() == 1);
  CHECK(f.ids({.document = "one", .recipient = "Vardo"}) == "one#v1");
  // What it was one event with tells another act.
  CHECK(f.one("SELECT type, date_from, place_name, documents FROM story_event_list WHERE story_event = 'one#v1'") ==
        "COERCE|2031-05-03|Narvik|1");
  const std::string title = f.one("SELECT title FROM story_events WHERE id = 'one#v1'");
  CHECK(title.find("Iceland") != std::string::npos);
  CHECK(title.find("Norway") == std::string::npos);
  CHECK(f.one("SELECT value FROM claims WHERE id = 'one#v1/narrator/agent'") == "country:ISL");
  CHECK(cell(*claims(*f.store, {.document = "one", .type = "COERCE"}), 0, "decision") == "corrected");
  const Analysis a = f.analysis();
  CHECK(a.events[0].decision == Decision::corrected);
  std::string why;
  for (const std::string& reason : a.events[0].why) why += reason + "\n";
  for (const char* was :
       {"type was ASSAULT", "mode was none", "date was 2031-05-05", "place was none", "actors was Norway", "recipients was Hofn"})
    CHECK_MESSAGE(why.find(std::string("reviewer: ") + was) != std::string::npos, was);
  const auto csv = to_csv(a);
  CHECK(csv.substr(0, csv.find("\r\n")).ends_with(",corrected"));
  f.undo();
  CHECK(canonical(*f.store) == before);
}

TEST_CASE("a corrected status is that of the claim as well") {
  Fixture f;
  f.decide("event", "attacks", 2, "ASSAULT", "correct", R"({"status":"denied"})");
  CHECK(f.one("SELECT status, factuality FROM events WHERE document = 1 AND event & 16777215 = 1") == "denied|CT-");
  CHECK(f.one("SELECT status, value, factuality FROM claims WHERE id = 'one#v2/a1/occurrence'") == "denied|not_happened|CT-");
  f.decide("event", "attacks", 2, "ASSAULT", "correct", R"({"status":"planned","actors":"Atlantis"})");  // the later of two holds
  CHECK(f.analysis().events[1].why.back().starts_with("reviewer: left as it was, 'Atlantis' stands nowhere"));
  CHECK(cell(*events(*f.store, {.document = "one"}), 1, "actors") == "Norway");
  CHECK(f.one("SELECT status, value FROM claims WHERE id = 'one#v2/a1/occurrence'") == "planned|planned");
}

TEST_CASE("a corrected stance is heard in the events, a rejected voice speaks no more") {
  Fixture f;
  const std::string before = canonical(*f.store);
  f.decide("attribution", "says", 1, "asserts", "correct", R"({"stance":"denies","source":"Vardo"})");
  CHECK(f.one("SELECT stance, source_text, decision FROM attributions WHERE attribution & 16777215 = 0 AND document = 1") ==
        "denies|Vardo|corrected");
  CHECK(f.one("SELECT status, factuality FROM events WHERE document = 1 AND event & 16777215 = 1") == "denied|CT-");
  CHECK(search(*f.store, {.query = "narvik", .speaker = "Vardo", .stance = "denies"})->rows.size() == 1);
  CHECK(search(*f.store, {.query = "narvik", .speaker = "Iceland"})->rows.empty());
  CHECK(f.one("SELECT value, stance FROM claims WHERE id = 'one#v2/a1/occurrence'") == "not_happened|denies");
  f.undo();
  CHECK(canonical(*f.store) == before);
  f.decide("attribution", "says", 1, "asserts", "reject");
  CHECK(f.one("SELECT count(*) FROM attributions WHERE document = 1") == "2");
  CHECK(f.one("SELECT id, value FROM claims WHERE id LIKE 'one#v2/%/occurrence'") == "one#v2/narrator/occurrence|happened");
  CHECK(search(*f.store, {.query = "narvik", .speaker = "Iceland"})->rows.empty());
  CHECK(f.analysis().attributions[0].decision == Decision::rejected);
  CHECK(f.analysis().events[1].attribution == -1);
  f.undo();
  // What is denied in a voice that is none was not denied.
  f.decide("attribution", "denies", 1, "denies", "reject");
  CHECK(f.one("SELECT status, factuality, attribution IS NULL FROM events WHERE document = 1 AND event & 16777215 = 2") ==
        "happened|CT+|1");
}

TEST_CASE("decisions outlive another engine and a text that begins otherwise; rows do not tell when they came") {
  Fixture f;
  f.decide("event", "attacks", 1, "ASSAULT", "reject");
  f.decide("event", "attacks", 2, "ASSAULT", "correct", R"({"actors":"Vardo"})");
  f.decide("attribution", "says", 1, "asserts", "correct", R"({"stance":"doubts"})");
  const std::string decided = canonical(*f.store);
  // The same decisions, there before the documents are coded.
  f.fill(fake_coder("2"));
  f.fill(fake_coder("1"));
  CHECK(canonical(*f.store) == decided);
  f.fill(fake_coder(), "Quiet night.");
  CHECK(f.ids({.document = "one"}) == "one#v2 one#v3");
  CHECK(f.one("SELECT stance FROM attributions WHERE document = 1 AND decision = 'corrected'") == "doubts");
  // What was rejected as one type is another today: to be looked at again. What was corrected is corrected.
  Coder other = fake_coder("3");
  other.code = [](const DocumentInput& input, EngineWorkspace&) {
    Analysis a = fake_code(input);
    for (Event& e : a.events) e.type = "PROTEST";
    return a;
  };
  f.fill(other);
  CHECK(f.ids({.document = "one"}) == "one#v1 one#v2 one#v3");
  CHECK(cell(*events(*f.store, {.document = "one"}), 1, "actors") == "Vardo");
}

TEST_CASE("a store of an earlier program gets its decisions laid over") {
  Fixture f;
  f.store->database().exec(
      "INSERT INTO corrections(document_id, text_hash, layer, anchor, action, made) SELECT id, text_hash, 'event', "
      "'{\"start\":7,\"end\":14,\"type\":\"ASSAULT\"}', 'reject', '2031-06-01' FROM documents WHERE id = 'two'");
  CHECK(f.ids({.document = "two"}) == "two#v1");  // not yet
  REQUIRE(group(*f.store));
  CHECK(f.ids({.document = "two"}).empty());
}
