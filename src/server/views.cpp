// What single pages show: a document, a dispute as a matrix, an event over documents, a run.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "corpus/conditions.h"
#include "corpus/decisions.h"
#include "reportedly/output.h"
#include "server/call.h"
#include "server/scheme.h"
#include "text/input.h"

namespace reportedly::server {
namespace {

tl::unexpected<Error> unknown(const char* what, const std::string& id) {
  return fail(ErrorCode::not_found, fmt::format("the store has no {} '{}'", what, id));
}

/// Claims with their words, without conditions.
std::string claims_with_words() {
  return fmt::format(
      "SELECT c.id, c.kind, c.stance, c.factuality, c.status, coalesce(act.decision, voice.decision) AS decision, c.date, c.chain, v.key "
      "AS voice, v.label, v.kind AS voice_kind, p.id AS "
      "position, p.holds, d.id AS document, d.publisher, d.published, d.title, 'v' || ((c.event & 16777215) + 1) AS event, c.attribution "
      "IS "
      "NULL AS own, {} AS sentence, (SELECT o.id FROM duplicates u JOIN documents o ON o.document = u.origin WHERE u.document = "
      "d.document) "
      "AS copy_of FROM claims c JOIN voices v ON v.voice = c.voice JOIN documents d ON d.document = c.document LEFT JOIN positions p ON "
      "p.position = c.position{}",
      corpus::kClaimWords, corpus::kClaimJoins);
}

}  // namespace

Result<Response> document_page(const Call& call) {
  const std::string& id = call.args[0];
  Json found =
      rows(call.store,
           "SELECT d.id, d.title, d.byline, d.publisher, d.url, d.published, d.published_origin, d.language, d.format, s.path, d.item, "
           "s.encoding, d.characters, d.words, d.warnings, d.error_code, d.error_message, g.version, g.model, g.lexicon, g.options FROM "
           "documents d LEFT JOIN sources s USING(source) LEFT JOIN engines g ON g.engine = d.engine WHERE d.id = ?",
           {"warnings"}, id);
  if (found.empty()) return unknown("document", id);
  Json out;
  out["document"] = found[0];
  const Json origin =
      rows(call.store,
           "SELECT o.id, o.publisher, o.published, u.kind, u.similarity, u.agency, u.why FROM duplicates u JOIN documents d ON "
           "d.document = u.document JOIN documents o ON o.document = u.origin WHERE d.id = ?",
           {}, id);
  out["copy_of"] = origin.empty() ? Json() : origin[0];
  out["copies"] =
      rows(call.store,
           "SELECT d.id, d.publisher, d.published, u.kind, u.similarity, u.agency FROM duplicates u JOIN documents d ON d.document = "
           "u.document JOIN documents o ON o.document = u.origin WHERE o.id = ? ORDER BY d.published, d.id LIMIT 200",
           {}, id);
  // What is said elsewhere of the events told here; and which event over documents each belongs to.
  out["stories"] =
      rows(call.store,
           "SELECT 'v' || ((m.event & 16777215) + 1) AS event, g.id, g.title, g.documents, g.origins, g.disputed, (SELECT x.id FROM "
           "disputes x WHERE x.story_event = g.story_event ORDER BY x.dispute LIMIT 1) AS dispute FROM story_event_members m JOIN "
           "story_events g USING(story_event) JOIN events e USING(event) JOIN documents d ON d.document = e.document WHERE d.id = ? "
           "ORDER BY m.event",
           {}, id);
  out["elsewhere"] =
      rows(call.store,
           fmt::format("SELECT * FROM (SELECT DISTINCT g.id AS story, x.* FROM story_event_members m JOIN events own ON own.event "
                       "= m.event JOIN documents here ON here.document = own.document JOIN story_events g ON g.story_event = "
                       "m.story_event JOIN claims k ON k.story_event = g.story_event AND k.document <> own.document JOIN ({}) x ON "
                       "x.id = k.id WHERE here.id = ?) ORDER BY date, id LIMIT 300",
                       claims_with_words()),
           {}, id);
  out["corrections"] = corrections_of(call.store, id);
  return json_response(out);
}

Result<Response> document_record(const Call& call) {
  auto json = record(call.store, call.args[0]);
  if (!json) return tl::unexpected(json.error());
  return Response{.body = std::move(*json)};
}

Result<Response> explanation(const Call& call) {
  const std::string &id = call.args[0], &what = call.args[1];
  SQLite::Statement s(call.store.database(),
                      "SELECT t.text, d.title, d.byline, d.publisher, d.url, d.published, d.format, g.version || ' ' || g.model || ' ' || "
                      "g.lexicon FROM documents d JOIN texts t USING(document) LEFT JOIN engines g ON g.engine = d.engine WHERE d.id = ?");
  if (!corpus::prepared(s, id).executeStep()) return unknown("document", id);
  DocumentInput input;
  input.id = id;
  input.text = s.getColumn(0).getString();
  const std::string format = s.getColumn(6).getString();
  input.format = format == "plain" || format == "pdf" ? SourceFormat::plain : SourceFormat::record;
  if (input.format == SourceFormat::record) {
    input.title = corpus::text_or_null(s.getColumn(1));
    input.byline = corpus::text_or_null(s.getColumn(2));
  }
  input.publisher = corpus::text_or_null(s.getColumn(3));
  input.url = corpus::text_or_null(s.getColumn(4));
  input.published = corpus::text_or_null(s.getColumn(5));
  const std::string coded_by = s.getColumn(7).getString();
  // What was considered and not taken is not kept in the store: the text is coded again.
  auto analysis = call.analyse(input);
  if (!analysis) {
    if (analysis.error().code == ErrorCode::bad_model) return problem(503, "no_model", analysis.error().message);
    return tl::unexpected(analysis.error());
  }
  corpus::Decisions(call.store.database()).lay_over(*analysis);
  auto text = explain(*analysis, what);
  if (!text) return fail(ErrorCode::not_found, text.error().message);
  const EngineInfo& engine = call.options.coder->engine;
  if (coded_by != engine.version + " " + engine.model + " " + engine.lexicon)
    *text = "The store was coded by another version, model or lexicon; this is how today's codes it, and numbers may differ.\n\n" + *text;
  return Response{.type = "text/plain; charset=utf-8", .body = std::move(*text)};
}

// How a voice stands to a position, from its claims: what it holds itself, what it denies of others, what it passes on.
Result<Response> dispute_matrix(const Call& call) {
  const std::string& id = call.args[0];
  Json found = rows(
      call.store,
      "SELECT x.id, x.kind, x.title, x.first_date, x.last_date, x.documents, x.origins, g.id AS story_event, g.title AS story, g.type, "
      "date(g.day_from - 0.5) AS date_from, date(g.day_to - 0.5) AS date_to, g.place_name FROM disputes x JOIN story_events g "
      "USING(story_event) WHERE x.id = ?",
      {}, id);
  if (found.empty()) return unknown("dispute", id);
  Json out;
  out["dispute"] = found[0];
  out["positions"] =
      rows(call.store,
           "SELECT p.id, p.kind, p.holds, p.value, p.low, p.high, p.first_date, p.last_date, p.documents, p.origins, p.voices FROM "
           "dispute_positions y JOIN positions p USING(position) JOIN disputes x USING(dispute) WHERE x.id = ? ORDER BY y.number",
           {}, id);
  const Json claims =
      rows(call.store,
           claims_with_words() +
               "WHERE c.story_event = (SELECT story_event FROM disputes WHERE id = ?1) AND (c.position IS NULL OR c.position IN "
               "(SELECT position FROM dispute_positions JOIN disputes USING(dispute) WHERE id = ?1)) ORDER BY c.date, c.id LIMIT 2000",
           {}, id);
  const Json publishers = rows(call.store, "SELECT substr(key, 11) AS publisher, key, label FROM voices WHERE key GLOB 'publisher:*'", {});

  struct Row {
    std::string key, label, kind;
    std::string first;
    std::map<std::string, Json> cells;  // by position
  };
  std::map<std::string, Row> sources;
  const auto row = [&](const std::string& key, const std::string& label, const std::string& kind, const Json& date) -> Row& {
    Row& r = sources.try_emplace(key, Row{key, label, kind, "9999", {}}).first->second;
    if (date.is_string()) r.first = std::min(r.first, date.get<std::string>());
    return r;
  };
  // The strongest mark of a cell stands; every claim behind it is kept.
  const auto mark = [](Row& r, const std::string& position, const char* what, const Json& claim) {
    Json& cell = r.cells[position];
    constexpr std::string_view order[] = {"asserts", "denies", "doubts", "relays"};
    const auto rank = [&](std::string_view m) { return std::find(std::begin(order), std::end(order), m) - std::begin(order); };
    if (!cell.contains("mark") || rank(what) < rank(cell["mark"].get<std::string>())) cell["mark"] = what;
    // Who asserted and later denied, or the other way round, changed sides: claims come in order of date, and the last word stands.
    if (rank(what) < 2) {
      cell["mark"] = what;
      if (!cell.contains("history") || cell["history"].back() != what) cell["history"].push_back(what);
    }
    Json shown = claim;
    shown["mark"] = what;
    cell["claims"].push_back(std::move(shown));
  };
  std::string happened;  // the position that a denial of the event is against
  for (const Json& p : out["positions"])
    if (p["kind"] == "occurrence" && p["holds"] == "happened") happened = p["id"];
  for (const Json& claim : claims) {
    const std::string factuality = claim["factuality"], stance = claim["stance"];
    const bool certain = factuality == "CT+" || factuality == "PR+" || factuality == "CT-" || factuality == "PR-";
    const bool denied = factuality == "CT-" || factuality == "PR-" || stance == "denies";
    const bool occurrence = claim["kind"] == "occurrence";
    Row& speaker = row(claim["voice"], claim["label"], claim["voice_kind"], claim["date"]);
    const std::string position = claim["position"].is_string() ? claim["position"].get<std::string>() : "";
    if (!position.empty()) {
      mark(speaker, position, stance == "relays" ? "relays" : stance == "doubts" || !certain ? "doubts" : "asserts", claim);
      if (occurrence && denied && !happened.empty() && position != happened) mark(speaker, happened, "denies", claim);
    } else if (occurrence && !happened.empty() && (denied || stance == "doubts")) {
      mark(speaker, happened, denied ? "denies" : "doubts", claim);
    } else {
      continue;
    }
    // The paper that prints another's claim passes it on.
    if (claim["own"] == 0 && !position.empty() && claim["publisher"].is_string()) {
      const std::string publisher = claim["publisher"];
      std::string key = "publisher:" + publisher;
      for (const Json& p : publishers)
        if (p["publisher"] == publisher || p["label"] == publisher) key = p["key"];
      mark(row(key, publisher, "narrator", claim["date"]), position, "relays", claim);
    }
  }
  // Speakers first, then papers; each by the date of its first word.
  std::vector<const Row*> order;
  for (const auto& [key, r] : sources)
    if (!r.cells.empty()) order.push_back(&r);
  std::stable_sort(order.begin(), order.end(), [](const Row* x, const Row* y) {
    const bool px = x->kind == "narrator", py = y->kind == "narrator";
    return px != py ? py : x->first < y->first;
  });
  out["sources"] = Json::array();
  for (const Row* r : order) {
    Json source{{"voice", r->key}, {"label", r->label}, {"kind", r->kind}, {"cells", Json::object()}};
    for (const auto& [position, cell] : r->cells) source["cells"][position] = cell;
    out["sources"].push_back(std::move(source));
  }
  return json_response(out);
}

namespace {
constexpr const char* kStories =
    "g.id, g.title, g.type, date(g.day_from - 0.5) AS date_from, date(g.day_to - 0.5) AS date_to, g.place_name, g.geonames, g.latitude, "
    "g.longitude, g.documents, g.origins, g.disputed, (SELECT x.id FROM disputes x WHERE x.story_event = g.story_event ORDER BY x.dispute "
    "LIMIT 1) AS dispute FROM story_events g ";
}

Result<Response> story_event(const Call& call) {
  const std::string& id = call.args[0];
  Json found = rows(call.store, std::string("SELECT ") + kStories + "WHERE g.id = ?", {}, id);
  if (found.empty()) return unknown("event over documents", id);
  Json out;
  out["story_event"] = found[0];
  out["members"] =
      rows(call.store,
           "SELECT l.event, l.document, l.published, l.publisher, l.actors, l.recipients, l.trigger, l.date, l.place, l.voice, l.status, "
           "l.decision, l.sentence, m.score, m.why FROM story_event_members m JOIN story_events g USING(story_event) JOIN documents d ON "
           "d.document = m.event >> 24 JOIN event_list l ON l.event = d.id || '#v' || ((m.event & 16777215) + 1) AND l.document = d.id "
           "WHERE g.id = ? ORDER BY l.published, m.event LIMIT 500",
           {"why"}, id);
  out["positions"] =
      rows(call.store,
           "SELECT p.id, p.kind, p.holds, p.value, p.low, p.high, p.first_date, p.last_date, p.documents, p.origins, p.voices FROM "
           "positions p JOIN story_events g USING(story_event) WHERE g.id = ? ORDER BY p.kind, p.first_date, p.id",
           {}, id);
  out["disputes"] = rows(
      call.store, "SELECT x.id, x.kind, x.title FROM disputes x JOIN story_events g USING(story_event) WHERE g.id = ? ORDER BY 1", {}, id);
  out["claims"] = rows(
      call.store,
      claims_with_words() + "WHERE c.story_event = (SELECT story_event FROM story_events WHERE id = ?) ORDER BY c.date, c.id LIMIT 1000",
      {}, id);
  out["changes_of_mind"] =
      rows(call.store,
           "SELECT v.label, a.id AS earlier, a.date AS earlier_date, p.holds AS earlier_holds, b.id AS later, b.date AS "
           "later_date, q.holds AS later_holds FROM changes_of_mind m JOIN story_events g USING(story_event) JOIN voices v ON "
           "v.voice = m.voice JOIN claims a ON a.claim = m.earlier JOIN claims b ON b.claim = m.later LEFT JOIN positions p ON "
           "p.position = a.position LEFT JOIN positions q ON q.position = b.position WHERE g.id = ? ORDER BY b.date, b.id",
           {}, id);
  return json_response(out);
}

Result<Response> story_events(const Call& call) {
  const auto query = query_of(call);
  if (!query) return tl::unexpected(query.error());
  Query conditions = *query;
  const auto events = corpus::event_list_conditions(call.store, conditions);
  if (!events) return tl::unexpected(events.error());
  corpus::Conditions where;
  if (!events->empty())
    where.add(*events,
              "EXISTS (SELECT 1 FROM story_event_members m JOIN events e USING(event) JOIN documents d ON d.document = e.document WHERE "
              "m.story_event = g.story_event AND ",
              ")");
  const corpus::Order order{{{"coalesce(g.day_from, 0)"}, {"g.id"}}};
  if (const auto ok = order.continue_after(where, query->after); !ok) return tl::unexpected(ok.error());
  const auto table =
      corpus::fetch(call.store, "SELECT " + order.columns() + kStories + where.where() + order.by(), where.values, *query, order);
  if (!table) return tl::unexpected(table.error());
  return Response{.type = call.param("format") == "csv" ? "text/csv; charset=utf-8" : "application/json",
                  .body = call.param("format") == "csv" ? to_csv(*table) : to_json(*table)};
}

Result<Response> run_inputs(const Call& call) {
  int64_t run = 0;
  const std::string& text = call.args[0];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), run);
  if (error != std::errc() || end != text.data() + text.size()) return unknown("run", text);
  Query q;
  if (const std::string limit = call.param("limit"); !limit.empty()) {
    const auto read = std::from_chars(limit.data(), limit.data() + limit.size(), q.limit);
    if (read.ec != std::errc() || read.ptr != limit.data() + limit.size() || q.limit < 1 || q.limit > call.options.limits.rows)
      return fail(ErrorCode::usage, fmt::format("the parameter 'limit' is a number from 1 to {}", call.options.limits.rows));
  }
  q.after = call.param("after");
  if (rows(call.store, "SELECT 1 FROM runs WHERE run = ?", {}, run).empty()) return unknown("run", text);
  corpus::Conditions where;
  where.add("x.run = ?", Value(run));
  if (const std::string given = call.param("outcome"); !given.empty()) {
    std::vector<std::string> outcomes;
    for (int i = 0; i <= static_cast<int>(Outcome::failed); ++i) outcomes.emplace_back(outcome_name(static_cast<Outcome>(i)));
    outcomes.emplace_back("copies");
    const auto outcome = find_in(outcomes, given);
    if (!outcome) return fail(ErrorCode::usage, fmt::format("the parameter 'outcome' is none of {}", fmt::join(outcomes, ", ")));
    if (*outcome == "copies")
      where.add("u.kind IS NOT NULL");
    else
      where.add("x.outcome = ?", Value(*outcome));
  }
  const corpus::Order order{{{"x.number"}}};
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  const auto table =
      corpus::fetch(call.store,
                    fmt::format("SELECT {}x.path, x.item, x.document_id AS document, x.outcome, x.format, x.encoding, x.published, "
                                "x.published_origin, x.characters, {}, x.warnings, x.warning_messages, x.error_code AS error, "
                                "x.error_message AS message FROM run_documents x{}{}{}",
                                order.columns(), corpus::kCopyColumns, corpus::kCopyJoins, where.where(), order.by()),
                    where.values, q, order);
  if (!table) return tl::unexpected(table.error());
  return Response{.body = to_json(*table)};
}

Result<Response> scheme(const Call&) {
  return Response{.body = scheme_json()};
}

Result<Response> analyze(const Call& call) {
  DocumentInput input;
  const std::string_view type = call.request.single("Content-Type").value_or("");
  if (type.starts_with("application/json")) {
    const Json body = Json::parse(call.request.body, nullptr, false);
    if (!body.is_object()) return fail(ErrorCode::bad_format, "the body is no JSON object");
    for (const auto& [name, value] : body.items()) {
      if (!value.is_string() && !value.is_null()) return fail(ErrorCode::bad_format, fmt::format("the field '{}' is no string", name));
      if (value.is_null()) continue;
      const std::string text = value.get<std::string>();
      if (name == "text")
        input.text = text;
      else if (name == "id")
        input.id = text;
      else if (name == "title")
        input.title = text;
      else if (name == "byline")
        input.byline = text;
      else if (name == "publisher")
        input.publisher = text;
      else if (name == "url")
        input.url = text;
      else if (name == "published")
        input.published = text;
      else if (name == "language")
        input.language = text;
      else
        return fail(ErrorCode::bad_format, fmt::format("there is no field '{}' in a record", name));
    }
    input.format = SourceFormat::record;
  } else {
    input.text = call.request.body;
    for (const auto& [name, to] : {std::pair{"title", &input.title}, {"publisher", &input.publisher}, {"published", &input.published}})
      if (const std::string value = call.param(name); !value.empty()) *to = value;
    if (input.title) input.format = SourceFormat::record;
  }
  if (input.text.empty()) return fail(ErrorCode::empty, "there is no text to analyse");
  const auto analysis = call.analyse(input);
  if (!analysis) {
    if (analysis.error().code == ErrorCode::bad_model) return problem(503, "no_model", analysis.error().message);
    return tl::unexpected(analysis.error());
  }
  // A text that could not be coded is a record with its reason, as everywhere.
  return Response{.body = to_json(call.options.coder->engine, *analysis) + "\n"};
}

}  // namespace reportedly::server
