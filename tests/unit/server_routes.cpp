// What the routes answer, without a network.
#include <sqlite3.h>

#include "corpus/sql.h"
#include "server_support.h"

using namespace server_test;  // NOLINT: tests

namespace {

/// What grouping would write: one event told by both documents, two positions, a dispute.
void group(const Fixture& f) {
  const auto store = open_store(f.folder / "s.db", StoreAccess::write);
  store->database().exec(R"(
INSERT INTO voices(voice, key, label, kind, country) VALUES(1, 'actor:state:ISL', 'Iceland', 'actor', 'ISL'), (2, 'actor:state:NOR', 'Norway', 'actor', 'NOR'),
  (3, 'publisher:Northern Wire', 'Northern Wire', 'narrator', NULL);
INSERT INTO story_events VALUES(1, 'one#v1', 'NOR attacks Hofn', 'ASSAULT', 'NOR', NULL, NULL, NULL, 'Hofn', NULL, NULL, NULL, 2, 2, 1);
INSERT INTO story_event_members(event, story_event, score, why) VALUES(16777216, 1, 1.0, '[]'), (16777217, 1, 0.9, '["same day"]'), (33554432, 1, 0.8, '[]');
INSERT INTO positions VALUES(1, 'p-yes', 1, 'occurrence', 'happened', NULL, NULL, NULL, '2031-05-05', '2031-05-06', 2, 2, 2),
  (2, 'p-no', 1, 'occurrence', 'did not happen', NULL, NULL, NULL, '2031-05-05', '2031-05-05', 1, 1, 1);
INSERT INTO claims(claim, id, document, event, attribution, voice, chain, kind, stance, factuality, status, date, story_event, position) VALUES
  (1, 'one#v1/a1/occurrence', 1, 16777216, 16777216, 1, 'The Fjord Post › Iceland (asserts)', 'occurrence', 'asserts', 'CT+', 'happened', '2031-05-05', 1, 1),
  (2, 'one#v2/a2/occurrence', 1, 16777217, 16777217, 2, 'The Fjord Post › Norway (denies)', 'occurrence', 'denies', 'CT-', 'denied', '2031-05-05', 1, 2),
  (3, 'two#v1/n/occurrence', 2, 33554432, NULL, 3, 'Northern Wire', 'occurrence', 'asserts', 'CT+', 'happened', '2031-05-06', 1, 1);
INSERT INTO disputes VALUES(1, 'one#d1', 1, 'occurrence', 'Did NOR attack Hofn?', '2031-05-05', '2031-05-06', 2, 2);
INSERT INTO dispute_positions VALUES(1, 1, 0), (1, 2, 1);
)");
}

json rows(const Fixture& f, const std::string& path) {
  return f.read(path)["rows"];
}

json correction(const Fixture& f, const std::string& body, int status = 201) {
  const Response answer = f.send("POST", "corrections", body);
  INFO(body, " ", answer.body);
  REQUIRE(answer.status == status);
  return json::parse(answer.body);
}

}  // namespace

TEST_CASE("Lists are those of the library, as JSON and as CSV, and go on by cursor to every row once") {
  const Fixture f;
  CHECK(f.read("search?q=attacks")["rows"].size() == 3);
  CHECK(f.read("search?publisher=Northern+Wire")["rows"][0]["document"] == "two");
  CHECK(f.read("events?status=denied")["rows"][0]["event"] == "one#v2");
  CHECK(f.read("events?event_from=2031-05-06&event_to=2031-05-06")["rows"].size() == 1);
  const Response csv = f.get("events?format=csv");
  CHECK(csv.type == "text/csv; charset=utf-8");
  CHECK(csv.body.starts_with("event,type,actors"));
  CHECK(header(csv, "Content-Disposition") == "attachment; filename=\"events.csv\"");
  for (const std::string list : {"search?q=attacks", "search?speaker=NOR", "search?", "events?", "actors?", "review?layer=event",
                                 "review?layer=attribution", "runs/1?"}) {
    CAPTURE(list);
    const json all = f.read(list + (list.ends_with('?') ? "" : "&") + "limit=100");
    CHECK(all["next"].is_null());
    json found = json::array();
    std::string after;
    do {
      const json page = f.read(list + "&limit=1" + (after.empty() ? "" : "&after=" + after));
      REQUIRE(page["rows"].size() == 1);
      found.push_back(page["rows"][0]);
      after = page["next"].is_string() ? page["next"].get<std::string>() : "";
    } while (!after.empty() && found.size() < 20);
    CHECK(found == all["rows"]);
    CHECK(f.get(list + "&after=xyz").status == 400);
    CHECK(f.get(list + "&after=5b5d").status == 400);
  }
  CHECK(f.get("search?after=5b6e756c6c2c6e756c6c5d").status == 400);  // [null,null]
  const Response page = f.get("events?limit=1&status=happened");
  CHECK(header(page, "Link").starts_with("</api/v1/events?after="));
  CHECK(header(page, "Link").find("&status=happened>; rel=\"next\"") != std::string::npos);
}

TEST_CASE("Documents without a date come last, each once") {
  const Fixture f;
  std::string lines;
  for (const char* id : {"n1", "n2", "n3"}) lines += record_line(id, std::string("Norway attacks Oslo ") + id + ".");
  f.folder.file("b.jsonl", lines + record_line("d1", "Norway attacks Oslo again.", R"("published":"2031-05-06",)"));
  add_all(*open_store(f.folder / "s.db"), {f.folder / "b.jsonl"});
  std::vector<std::string> ids;
  std::string after;
  do {
    const json page = f.read("search?limit=1" + (after.empty() ? "" : "&after=" + after));
    ids.push_back(page["rows"][0]["document"]);
    after = page["next"].is_string() ? page["next"].get<std::string>() : "";
  } while (!after.empty() && ids.size() < 20);
  CHECK(ids == std::vector<std::string>{"<b>/#?&%", "d1", "two", "one", "n3", "n2", "n1"});
}

TEST_CASE("A page is the same whatever came before it meanwhile") {
  const Fixture f;
  const std::string next = f.read("search?limit=2")["next"];
  f.folder.file("b.jsonl", record_line("new", "Norway attacks Oslo.", R"("published":"2031-06-01",)"));
  add_all(*open_store(f.folder / "s.db"), {f.folder / "b.jsonl"});
  const json rest = f.read("search?limit=2&after=" + next);
  REQUIRE(rest["rows"].size() == 1);
  CHECK(rest["rows"][0]["document"] == "one");
}

TEST_CASE("Closed lists in any case, refused with the list") {
  const Fixture f;
  for (const auto& [path, other] : {std::pair{"events?type=ASSAULT", "events?type=assault"},
                                    {"events?status=happened", "events?status=Happened"},
                                    {"search?stance=denies", "search?stance=DENIES"},
                                    {"runs/1?outcome=added", "runs/1?outcome=Added"}}) {
    INFO(path);
    const json rows = f.read(path)["rows"];
    CHECK(!rows.empty());
    CHECK(f.read(other)["rows"] == rows);
  }
  CHECK(json::parse(f.get("events?type=FOO").body)["detail"].get<std::string>().find("AGREE, CONSULT") != std::string::npos);
  CHECK(json::parse(f.get("search?stance=x").body)["detail"].get<std::string>().find("asserts, ") != std::string::npos);
}

TEST_CASE("Wrong parameters are named, in problem+json") {
  const Fixture f;
  for (const char* path :
       {"events?limit=0",        "events?limit=1001",    "events?limit=-1",       "events?limit=x",    "events?from=2031-13-01",
        "events?from=yesterday", "events?stance=shouts", "events?status=maybe",   "events?type=FOO",   "runs/1?outcome=lost",
        "events?disputed=1",     "events?nonsense=1",    "search?q=NEAR(",        "search?q=...",      "runs/1?limit=9999",
        "corrections?limit=0",   "corrections?after=x",  "review?layer=sentence", "events?format=xml", "events?type=A&type=B",
        "events?q=%zz",          "events?q=%ff"}) {
    const Response answer = f.get(path);
    INFO(path, " ", answer.body);
    CHECK(answer.status == 400);
    CHECK(answer.type == "application/problem+json");
    const json problem = json::parse(answer.body);
    CHECK(problem["status"] == 400);
    CHECK(problem["detail"].get<std::string>().size() > 10);
    CHECK(problem.contains("title"));
    CHECK(problem.contains("code"));
  }
  CHECK(f.get("nothing").status == 404);
  CHECK(f.get("documents/none").status == 404);
  CHECK(f.get("documents/none/record").status == 404);
  CHECK(f.get("documents/one/explain/v99").status == 404);
  CHECK(f.get("disputes/none").status == 404);
  CHECK(f.get("story-events/none").status == 404);
  CHECK(f.get("runs/99").status == 404);
  CHECK(f.get("runs/x").status == 404);
  CHECK(f.get("events/").status == 404);
  CHECK(f.send("DELETE", "events", "").status == 405);
  CHECK(header(f.send("DELETE", "events", ""), "Allow") == "GET");
  CHECK(f.app->handle({"GET", "/../etc/passwd", {{"Host", kHost}}, ""}).status == 404);
  CHECK(f.app->handle({"GET", "/%2e%2e/%2e%2e/etc/passwd", {{"Host", kHost}}, ""}).status == 404);
  CHECK(f.app->handle({"GET", "http://evil.example/", {{"Host", kHost}}, ""}).status == 400);
  CHECK(f.app->handle({"GET", "/" + std::string(7000, 'a'), {{"Host", kHost}}, ""}).status == 414);
}

TEST_CASE("Ids and titles with marks of addresses and markup come back as they are") {
  const Fixture f;
  const std::string id = "<b>/#?&%";
  const json page = f.read("documents/" + server::percent_encoded(id));
  CHECK(page["document"]["id"] == id);
  CHECK(page["document"]["title"] == "</title><script>alert(1)</script>");
  CHECK(f.read("documents/" + server::percent_encoded(id) + "/record")["document"]["id"] == id);
  CHECK(f.read("events?document=" + server::percent_encoded(id))["rows"][0]["sentence"] == "<script>alert(1)</script> attacks <img>.");
  CHECK(f.get("documents/" + server::percent_encoded(id)).type == "application/json");
  CHECK(f.get("events?publisher=x'%20OR%201=1--").body.find("\"rows\":[]") != std::string::npos);
}

TEST_CASE("Status, imports, sums") {
  const Fixture f;
  const json status = f.read("status");
  CHECK(status["engine"]["version"] == "1");
  CHECK(f.read("runs")["rows"][0]["added"] == 3);
  CHECK(f.read("runs/1?outcome=added")["rows"].size() == 3);
  CHECK(f.read("runs/1?outcome=failed")["rows"].empty());
  const json facets = f.read("facets?q=attacks");
  std::map<std::string, int> counts;
  for (const json& row : facets["rows"]) counts[row["facet"].get<std::string>() + "=" + row["label"].get<std::string>()] = row["documents"];
  CHECK(counts["publisher=Northern Wire"] == 1);
  CHECK(counts["month=2031-05"] == 3);
  CHECK(counts["actor=Norway"] == 2);
  CHECK(counts["type=ASSAULT"] == 3);
  CHECK(counts["speaker=Iceland"] == 1);
  CHECK(counts["stance=denies"] == 1);
  CHECK(counts["status=happened"] == 3);
  CHECK(counts["disputed=disputed"] == 1);
  CHECK(f.read("facets?publisher=none")["rows"].empty());
  const json days = f.read("timeline");
  REQUIRE(days["rows"].size() == 3);
  CHECK(days["rows"][2]["date"] == "2031-05-05");
  CHECK(days["rows"][2]["events"] == 2);
  CHECK(days["rows"][2]["material_conflict"] == 2);
  const json pairs = f.read("network");
  CHECK(pairs["rows"][0]["actor_name"] == "Norway");
  CHECK(pairs["rows"][0]["recipient_name"] == "Hofn");
  CHECK(pairs["rows"][0]["events"] == 3);
  CHECK(f.read("places")["rows"].empty());
  CHECK(f.read("scheme")["types"].size() == 16);
  CHECK(f.read("scheme")["stances"].size() == 14);
}

TEST_CASE("The matrix says how each source stands to each position, and who passes it on") {
  const Fixture f;
  group(f);
  const json m = f.read("disputes/one%23d1");
  REQUIRE(m["positions"].size() == 2);
  std::map<std::string, json> cells;
  for (const json& source : m["sources"])
    for (const auto& [position, cell] : source["cells"].items()) cells[source["label"].get<std::string>() + " " + position] = cell;
  CHECK(cells["Iceland p-yes"]["mark"] == "asserts");
  CHECK(cells["Norway p-no"]["mark"] == "asserts");
  CHECK(cells["Norway p-yes"]["mark"] == "denies");
  CHECK(cells["Northern Wire p-yes"]["mark"] == "asserts");
  CHECK(cells["The Fjord Post p-yes"]["mark"] == "relays");
  CHECK(cells["The Fjord Post p-no"]["mark"] == "relays");
  CHECK_FALSE(cells.contains("Iceland p-no"));
  CHECK(cells["Norway p-no"]["claims"][0]["sentence"] == " Norway denies that Norway attacks Hofn.");
  CHECK(f.read("disputes")["rows"][0]["positions"] == "happened / did not happen");
  CHECK(f.read("claims?speaker=NOR")["rows"].size() == 1);
  const json event = f.read("story-events/one%23v1");
  CHECK(event["members"].size() == 3);
  CHECK(event["claims"].size() == 3);
  CHECK(f.read("story-events")["rows"][0]["dispute"] == "one#d1");
  CHECK(f.read("story-events?publisher=none")["rows"].empty());
  const json page = f.read("documents/two");
  CHECK(page["stories"][0]["dispute"] == "one#d1");
  CHECK(page["elsewhere"].size() == 2);
}

TEST_CASE("A voice that changed sides shows both, its last word first") {
  const Fixture f;
  group(f);
  open_store(f.folder / "s.db", StoreAccess::write)
      ->database()
      .exec(
          "INSERT INTO claims(claim, id, document, event, attribution, voice, chain, kind, stance, factuality, status, date, story_event, "
          "position) VALUES(4, 'two#v1/a9/occurrence', 2, 33554432, NULL, 2, 'x', 'occurrence', 'asserts', 'CT+', 'happened', "
          "'2031-05-09', 1, 1)");
  const json matrix = f.read("disputes/one%23d1");
  for (const json& source : matrix["sources"])
    if (source["label"] == "Norway") {
      CHECK(source["cells"]["p-yes"]["mark"] == "asserts");
      CHECK(source["cells"]["p-yes"]["history"] == json({"denies", "asserts"}));
    }
}

TEST_CASE("analyze: raw text in, reportedly/1 out") {
  const Fixture f;
  const Response answer = f.send("POST", "analyze?published=2031-05-05", "Norway attacks Hofn.", "text/plain");
  REQUIRE(answer.status == 200);
  const json record = json::parse(answer.body);
  CHECK(record["schema"] == "reportedly/1");
  CHECK(record["events"][0]["type"] == "ASSAULT");
  CHECK(record["document"]["published"] == "2031-05-05");
  const json by_record = json::parse(f.send("POST", "analyze", R"({"id":"x","text":"Norway attacks Hofn.","title":null})").body);
  CHECK(by_record["document"]["id"] == "x");
  // A text that cannot be coded is a record with its reason.
  CHECK(json::parse(f.send("POST", "analyze", "Französisch", "text/plain").body)["error"]["code"] == "language");
  CHECK(f.send("POST", "analyze", "", "text/plain").status == 400);
  CHECK(f.send("POST", "analyze", "{").status == 400);
  CHECK(f.send("POST", "analyze", R"({"text":1})").status == 400);
  CHECK(f.send("POST", "analyze", R"({"texts":"x"})").status == 400);
  CHECK(f.send("POST", "analyze", std::string(300'000, 'a'), "text/plain").status == 413);
  // Nothing was written.
  CHECK(f.read("search?")["rows"].size() == 3);
  Fixture without;
  without.options.coder.reset();
  const App app(without.options, without.guard);
  CHECK(without.send("POST", "analyze", "x", "text/plain").status == 503);
}

TEST_CASE("explain codes the text again and says how") {
  const Fixture f;
  const Response answer = f.get("documents/one/explain/v1");
  REQUIRE(answer.status == 200);
  CHECK(answer.type == "text/plain; charset=utf-8");
  CHECK(answer.body.find("ASSAULT") != std::string::npos);
  CHECK(answer.body.find("another version") == std::string::npos);
}

TEST_CASE("A correction is kept, found in the queue no more, replaced by the next, and can be taken back") {
  const Fixture f;
  CHECK(f.read("review?")["rows"].size() == 4);
  const json made = correction(f, R"({"document":"one","target":"v2","action":"accept"})");
  CHECK(made["state"] == "holds");
  CHECK(made["target"] == "v2");
  CHECK(made["anchor"]["quote"] == "attacks");
  CHECK(made["anchor"]["sentence"] == " Norway denies that Norway attacks Hofn.");
  json queue = f.read("review?");
  CHECK(queue["rows"].size() == 3);
  for (const json& row : queue["rows"]) CHECK_FALSE((row["document"] == "one" && row["target"] == "v2"));
  const json again = correction(
      f, R"({"document":"one","target":"v2","action":"correct","value":{"type":"COERCE","recipients":"Iceland"},"note":"see 2"})");
  CHECK(f.read("corrections")["rows"].size() == 1);
  CHECK(f.read("documents/one")["corrections"][0]["value"]["type"] == "COERCE");
  CHECK(f.send("DELETE", "corrections/" + std::to_string(again["correction"].get<int>()), "").status == 204);
  CHECK(f.send("DELETE", "corrections/" + std::to_string(again["correction"].get<int>()), "").status == 404);
  CHECK(f.send("DELETE", "corrections/x", "").status == 404);
  CHECK(f.read("review?")["rows"].size() == 4);
  const json attribution = correction(f, R"({"document":"one","target":"a1","action":"correct","value":{"stance":"doubts"}})");
  CHECK(attribution["layer"] == "attribution");
  CHECK(f.read("review?layer=attribution")["rows"].size() == 1);
  correction(f, R"({"document":"one","target":"e1","action":"reject"})");
  correction(f, R"({"document":"one","layer":"event","start":8,"end":12,"action":"add","value":{"type":"CONSULT"}})");
  CHECK(f.read("corrections?document=one")["rows"].size() == 3);
  CHECK(f.read("corrections?limit=2")["next"].is_string());
  const Response lines = f.get("corrections?format=jsonl");
  CHECK(lines.type == "application/x-ndjson");
  CHECK(std::count(lines.body.begin(), lines.body.end(), '\n') == 3);
}

TEST_CASE("A decision takes effect at once, in lists, claims, records and explanations") {
  const Fixture f;
  REQUIRE(group(*open_store(f.folder / "s.db", StoreAccess::write)));
  const auto ids = [&] {
    std::string out;
    for (const json& row : rows(f, "events?document=one")) out += row["event"].get<std::string>() + " ";
    return out;
  };
  const json rejected = correction(f, R"({"document":"one","target":"v1","action":"reject"})");
  CHECK(rejected["grouped"] == true);
  CHECK(rejected["state"] == "holds");
  CHECK(rejected["target"] == "v1");
  CHECK(ids() == "one#v2 ");
  for (const json& claim : rows(f, "claims?document=one")) CHECK(claim["claim"].get<std::string>().find("#v1/") == std::string::npos);
  CHECK(f.read("documents/one/record")["events"][0]["decision"] == "rejected");
  CHECK(f.get("documents/one/explain/v1").body.find("rejected by a reviewer") != std::string::npos);
  CHECK(f.send("DELETE", "corrections/" + std::to_string(rejected["correction"].get<int>()), "").status == 204);
  CHECK(ids() == "one#v1 one#v2 ");
  const json corrected = correction(
      f, R"({"document":"one","target":"v2","action":"correct","value":{"type":"COERCE","recipients":"Iceland","status":"happened"}})");
  CHECK(corrected["state"] == "holds");
  CHECK(corrected["anchor"]["mark"] == "ASSAULT");
  const json row = f.read("events?document=one")["rows"][1];
  CHECK(row["type"] == "COERCE");
  CHECK(row["recipients"] == "Iceland");
  CHECK(row["decision"] == "corrected");
  CHECK(f.read("events?document=one")["rows"][0]["decision"].is_null());
  for (const json& claim : rows(f, "claims?document=one&type=COERCE")) {
    CHECK(claim["status"] == "happened");
    CHECK(claim["decision"] == "corrected");
  }
  // A second decision about the same code takes the place of the first.
  correction(f, R"({"document":"one","target":"v2","action":"correct","value":{"date":"2031-05-01"}})");
  CHECK(f.read("events?document=one")["rows"][1]["type"] == "ASSAULT");
  CHECK(f.read("events?document=one")["rows"][1]["date"] == "2031-05-01");
  CHECK(f.read("corrections")["rows"].size() == 1);
}

TEST_CASE("Where much waits to be grouped, a decision is laid over its document, and groups are left to the next add") {
  const Fixture f;
  open_store(f.folder / "s.db", StoreAccess::write)->database().exec("UPDATE grouping SET version = 0");
  CHECK(correction(f, R"({"document":"one","target":"v1","action":"reject"})")["grouped"] == false);
  CHECK(f.read("events?document=one")["rows"].size() == 1);
}

TEST_CASE("Wrong corrections are refused") {
  const Fixture f;
  for (const char* body : {"[]",
                           "{",
                           R"({"target":"v1","action":"accept"})",
                           R"({"document":"one","target":"v1","action":"love"})",
                           R"({"document":"one","target":"x1","action":"accept"})",
                           R"({"document":"one","target":"v","action":"accept"})",
                           R"({"document":"one","target":"v0","action":"accept"})",
                           R"({"document":"one","target":"v1x","action":"accept"})",
                           R"({"document":"one","target":"v1","action":"correct"})",
                           R"({"document":"one","target":"v1","action":"correct","value":{}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"type":"LOVE"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"colour":"red"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"place":{}}})",
                           R"({"document":"one","target":"a1","action":"correct","value":{"stance":"sings"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"disputed":true}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"mode":"boycott"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"date":"May"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"actors":"Iceland; Atlantis"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"status":"sung"}})",
                           R"({"document":"one","target":"v1","action":"correct","value":{"voice":"a9"}})",
                           R"({"document":"one","target":"a1","action":"correct","value":{"content":"words that nobody wrote"}})",
                           R"({"document":"one","target":"a1","action":"correct","value":{"form":"sung"}})",
                           R"({"document":"one","target":"v1","action":"accept","value":{"type":"AID"}})",
                           R"({"document":"one","target":"v1","action":"accept","more":1})",
                           R"({"document":"one","layer":"event","start":-1,"end":2,"action":"add","value":{"type":"AID"}})",
                           R"({"document":"one","layer":"song","start":1,"end":2,"action":"add"})"})
    correction(f, body, 400);
  correction(f, R"({"document":"none","target":"v1","action":"accept"})", 404);
  correction(f, R"({"document":"one","target":"v9","action":"accept"})", 404);
  correction(f, R"({"document":"one","layer":"event","start":5000,"end":5001,"action":"add","value":{"type":"AID"}})", 404);
  CHECK(f.read("corrections")["rows"].empty());
}

TEST_CASE("Corrections outlive a re-run, a changed text, and know when the code is another") {
  const Fixture f;
  correction(f, R"({"document":"one","target":"v2","action":"accept"})");
  correction(f, R"({"document":"two","target":"v1","action":"reject"})");
  // Another engine: everything is coded again, numbers are others (an event is put before), the type of one is another.
  Coder other = fake_coder("2");
  other.code = [](const DocumentInput& input, EngineWorkspace&) {
    Analysis a = fake_code(input);
    if (input.id == "one") {
      Event extra = a.events[0];
      a.events.insert(a.events.begin(), extra);
      a.disputes.clear();
    }
    if (input.id == "two") a.events[0].type = "COERCE";
    return a;
  };
  add_all(*open_store(f.folder / "s.db"), {f.folder / "a.jsonl"}, 1, other);
  std::map<std::string, json> found;
  for (const json& c : rows(f, "corrections")) found[c["document"]] = c;
  CHECK(found["one"]["state"] == "holds");
  CHECK(found["one"]["target"] == "v3");
  CHECK(found["two"]["state"] == "recoded");
  CHECK(found["two"]["target"] == "v1");
  // What was rejected as ASSAULT is to be looked at again as COERCE; what was accepted is not.
  const auto in_queue = [&](const std::string& document, const std::string& target) {
    for (const json& row : rows(f, "review?limit=100"))
      if (row["document"] == document && row["target"] == target) return true;
    return false;
  };
  CHECK(in_queue("two", "v1"));
  CHECK_FALSE(in_queue("one", "v3"));
  CHECK(in_queue("one", "v1"));
  // The paper puts a sentence in front: the place moves, the sentence is the same.
  f.folder.file("a.jsonl", record_line("one", "Quiet night. Iceland says that Norway attacks Hofn. Norway denies that Norway attacks Hofn.",
                                       R"("published":"2031-05-05",)") +
                               record_line("two", "Nothing at all.", ""));
  add_all(*open_store(f.folder / "s.db"), {f.folder / "a.jsonl"}, 1, fake_coder("3"));
  found.clear();
  for (const json& c : rows(f, "corrections")) found[c["document"]] = c;
  CHECK(found["one"]["state"] == "holds");
  CHECK(found["one"]["target"] == "v2");
  CHECK_FALSE(in_queue("one", "v2"));
  CHECK(found["two"]["state"] == "lost");
}

TEST_CASE("While another process writes, reading goes on and a correction is told to wait") {
  const Fixture f;
  const auto writer = open_store(f.folder / "s.db", StoreAccess::write);
  CHECK(f.get("events").status == 200);
  const Response answer = f.send("POST", "corrections", R"({"document":"one","target":"v1","action":"accept"})");
  CHECK(answer.status == 503);
  CHECK(json::parse(answer.body)["code"] == "locked");
}

TEST_CASE("A query that works too long is ended") {
  const Fixture f({.query_seconds = 0.0});
  const Response answer = f.get("facets");
  CHECK(answer.status == 503);
  CHECK(json::parse(answer.body)["code"] == "timeout");
}

TEST_CASE("Rows have a limit, as JSON and as CSV") {
  const Fixture f({.rows = 2});
  CHECK(f.read("events")["rows"].size() == 2);
  CHECK(f.get("events?limit=3").status == 400);
  CHECK(f.get("events?format=csv&limit=201").status == 400);
  CHECK(f.get("events?format=csv&limit=200").status == 200);
}
