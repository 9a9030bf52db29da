// Corrections: what people decided about a code. A correction names its place by document, span and sentence, not by the number a code
// had, so that it finds the same place again after the document was coded anew or its text was changed elsewhere.
#include <fmt/format.h>

#include <charconv>

#include "corpus/conditions.h"
#include "corpus/decisions.h"
#include "corpus/group.h"
#include "reportedly/export.h"
#include "server/call.h"
#include "server/scheme.h"

namespace reportedly::server {
namespace {

struct Layer {
  char letter;
  const char* name;
  const char* mark_name;  ///< what tells a code from another at the same place
  const char* select;     ///< document, number, start, end, mark
  std::string_view fields;
};
constexpr Layer kLayers[] = {
    {'v', "event", "type",
     "SELECT document, event & 16777215 AS number, trigger_start AS start, trigger_end AS end, type AS mark FROM events WHERE decision IS "
     "NULL UNION ALL SELECT document, number, start, end, mark FROM decided WHERE layer = 'event'",
     " type mode status date place actors recipients voice "},
    {'a', "attribution", "stance",
     "SELECT document, attribution & 16777215 AS number, coalesce(json_extract(spans, '$.cue[0][0]'), json_extract(spans, "
     "'$.source[0][0]'), start) "
     "AS start, coalesce(json_extract(spans, '$.cue[0][1]'), json_extract(spans, '$.source[0][1]'), end) AS end, stance AS mark FROM "
     "attributions WHERE decision IS NULL UNION ALL SELECT document, number, start, end, mark FROM decided WHERE layer = 'attribution'",
     " stance form source content hypothetical "},
    {'e', "entity", "kind",
     "SELECT document, e.entity & 16777215 AS number, (SELECT m.start FROM mentions m WHERE m.entity = e.entity ORDER BY m.mention LIMIT "
     "1) AS "
     "start, (SELECT m.end FROM mentions m WHERE m.entity = e.entity ORDER BY m.mention LIMIT 1) AS end, kind AS mark FROM entities e",
     " name kind country sectors "},
    {'p', "place", "name", "SELECT document, place & 16777215 AS number, start, end, name AS mark FROM places",
     " name geonames latitude longitude country "},
    {'t', "time", "value", "SELECT document, time & 16777215 AS number, start, end, coalesce(value, '') AS mark FROM times",
     " value type "},
};

const Layer* layer_of(std::string_view name) {
  for (const Layer& layer : kLayers)
    if (layer.name == name) return &layer;
  return nullptr;
}

/// x: a row of a layer with its sentence (s), document (d) and text (t); c: a correction of that layer and document.
std::string placed(const Layer& layer) {
  return fmt::format(
      "({}) x JOIN documents d ON d.document = x.document JOIN texts t ON t.document = x.document LEFT JOIN sentences s ON s.document = "
      "x.document "
      "AND s.start <= x.start AND s.end > x.start",
      layer.select);
}
constexpr const char* kSamePlace =
    "((c.text_hash = d.text_hash AND json_extract(c.anchor, '$.start') = x.start AND json_extract(c.anchor, '$.end') = x.end) OR "
    "(c.text_hash IS "
    "NOT d.text_hash AND json_extract(c.anchor, '$.offset') = x.start - s.start AND json_extract(c.anchor, '$.sentence') = substr(t.text, "
    "s.start + "
    "1, s.end - s.start)))";

/// Where it is now: {target, mark} or null.
Json current_of(Store& store, const Layer& layer, int64_t correction) {
  Json found =
      rows(store,
           fmt::format("SELECT '{}' || (x.number + 1) AS target, x.mark FROM corrections c JOIN documents own ON own.id = c.document_id "
                       "JOIN {} WHERE c.correction = ? AND x.document = own.document AND {} ORDER BY x.mark <> json_extract(c.anchor, "
                       "'$.mark'), x.number LIMIT 1",
                       layer.letter, placed(layer), kSamePlace),
           {}, correction);
  return found.empty() ? Json() : found[0];
}

/// Adds what became of each correction: holds (the same code is there), recoded (another is), lost (none is at that place), gone
/// (the document is), new (what was added by hand).
void add_state(Store& store, Json& corrections) {
  for (Json& c : corrections) {
    const Layer* layer = layer_of(c["layer"].get<std::string>());
    const bool there =
        !rows(store, "SELECT 1 FROM documents WHERE id = ? AND hash IS NOT NULL", {}, c["document"].get<std::string>()).empty();
    const Json now = layer && there && c["action"] != "add" ? current_of(store, *layer, c["correction"].get<int64_t>()) : Json();
    c["target"] = now.is_null() ? Json() : now["target"];
    c["state"] = !there                               ? "gone"
                 : c["action"] == "add"               ? "new"
                 : now.is_null()                      ? "lost"
                 : now["mark"] == c["anchor"]["mark"] ? "holds"
                                                      : "recoded";
  }
}

constexpr const char* kCorrections =
    "SELECT correction, document_id AS document, layer, action, anchor, value, note, made FROM corrections c ";

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(ErrorCode::usage, what);
}

/// Only fields of the layer, only strings and numbers, none long.
Result<void> check_value(const Layer& layer, const Json& value) {
  if (!value.is_object() || value.empty()) return wrong("'value' is an object with the corrected fields");
  for (const auto& [name, field] : value.items()) {
    if (layer.fields.find(" " + name + " ") == std::string_view::npos)
      return wrong(fmt::format("there is no field '{}' to correct; there are{}", name, layer.fields));
    if (!field.is_primitive()) return wrong(fmt::format("the field '{}' is a word, a number or null", name));
    if (field.is_string() && field.get<std::string>().size() > 500) return wrong(fmt::format("the field '{}' is too long", name));
  }
  const auto word = [&](const char* name) { return value.contains(name) && value[name].is_string() ? value[name].get<std::string>() : ""; };
  if (layer.letter == 'v' && value.contains("type") && !known_event_type(word("type"))) return wrong("'type' is no PLOVER type");
  if (layer.letter == 'a' && value.contains("stance") && !stance_from_name(word("stance"))) return wrong("'stance' is none of the stances");
  return {};
}

/// Lays the decision over its document and groups that anew. Where much else waits to be grouped, that is left to the next `add`.
Result<bool> take_effect(Store& store) {
  constexpr int64_t kFew = 20;
  SQLite::Database& db = store.database();
  corpus::lay_due(db);
  const bool few = db.execAndGet("SELECT version FROM grouping").getInt() == corpus::kGroupingVersion &&
                   db.execAndGet("SELECT count(*) FROM ungrouped").getInt64() <= kFew;
  if (!few) return false;
  const auto grouped = group(store);
  if (!grouped) return tl::unexpected(grouped.error());
  return true;
}

Result<std::unique_ptr<Store>> writer(const Call& call) {
  return Store::open(call.options.store, {.access = StoreAccess::write, .wait_ms = 3000});
}

}  // namespace

Json corrections_of(Store& store, const std::string& document_id) {
  Json out = rows(store, std::string(kCorrections) + "WHERE document_id = ? ORDER BY correction", {"anchor", "value"}, document_id);
  add_state(store, out);
  return out;
}

// What nobody has looked at, least certain first.
Result<Response> review_queue(const Call& call) {
  const auto query = query_of(call);
  if (!query) return tl::unexpected(query.error());
  const std::string name = call.param("layer").empty() ? "event" : call.param("layer");
  if (name != "event" && name != "attribution") return wrong("the parameter 'layer' is event or attribution");
  const bool event = name == "event";
  const Layer& layer = *layer_of(name);
  corpus::Conditions where;
  if (event) {
    auto conditions = corpus::event_list_conditions(call.store, *query);
    if (!conditions) return tl::unexpected(conditions.error());
    where = std::move(*conditions);
  } else {
    if (!query->document.empty()) where.add("d.id = ?", Value(query->document));
    if (!query->publisher.empty()) where.add("d.publisher = ? COLLATE NOCASE", Value(query->publisher));
    if (!query->stance.empty()) where.add("a.stance = ?", Value(query->stance));
  }
  const char* key = event ? "e.event" : "a.attribution";
  const corpus::Order order{{{event ? "coalesce(e.confidence, 2.0)" : "coalesce(a.confidence, 2.0)"}, {key}}};
  if (const auto ok = order.continue_after(where, query->after); !ok) return tl::unexpected(ok.error());
  // Decided: accepted or rejected with today's code, or corrected whatever it is.
  where.add(fmt::format(
      "NOT EXISTS (SELECT 1 FROM corrections c JOIN (SELECT {} AS document, {} & 16777215 AS number) k JOIN {} WHERE c.document_id = "
      "d.id AND c.layer = '{}' AND x.document = k.document AND x.number = k.number AND {} AND (c.action = 'correct' OR "
      "json_extract(c.anchor, '$.mark') = x.mark))",
      event ? "e.document" : "a.document", key, placed(layer), name, kSamePlace));
  const char* columns =
      event ? "d.id AS document, d.published, d.publisher, d.title, 'v' || ((e.event & 16777215) + 1) AS target, e.type, e.mode, e.status, "
              "e.factuality, "
              "e.disputed, e.decision, e.confidence, e.date, p.name AS place, coalesce(a.voice, d.publisher, 'the document') AS voice, "
              "a.stance, "
              "(SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'actor' ORDER BY "
              "number)) AS "
              "actors, (SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = "
              "'recipient' ORDER BY "
              "number)) AS recipients, e.trigger_start - s.start AS mark_start, e.trigger_end - s.start AS mark_end, substr(t.text, "
              "s.start + 1, s.end "
              "- s.start) AS sentence, e.why"
            : "d.id AS document, d.published, d.publisher, d.title, 'a' || ((a.attribution & 16777215) + 1) AS target, a.stance, a.form, "
              "a.hypothetical, a.decision, "
              "a.confidence, a.source_text AS source, a.cue_text AS cue, a.voice, a.content, a.why";
  const char* from = event ? "events e JOIN documents d ON d.document = e.document JOIN texts t ON t.document = e.document LEFT JOIN "
                             "places p ON p.place = e.place "
                             "LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence"
                           : "attributions a JOIN documents d ON d.document = a.document";
  const auto table =
      corpus::fetch(call.store, fmt::format("SELECT {}{} FROM {}{}{}", order.columns(), columns, from, where.where(), order.by()),
                    where.values, *query, order);
  if (!table) return tl::unexpected(table.error());
  return Response{.body = to_json(*table)};
}

Result<Response> list_corrections(const Call& call) {
  corpus::Conditions where;
  if (const std::string document = call.param("document"); !document.empty()) where.add("c.document_id = ?", Value(document));
  int64_t after = 0;
  if (const std::string text = call.param("after"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
    if (error != std::errc() || end != text.data() + text.size()) return wrong("no place to go on after");
  }
  const bool lines = call.param("format") == "jsonl";
  size_t limit = call.options.limits.rows;
  if (const std::string text = call.param("limit"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > call.options.limits.rows)
      return wrong(fmt::format("the parameter 'limit' is a number from 1 to {}", call.options.limits.rows));
  }
  const std::string document = call.param("document");
  Json found = rows(
      call.store, std::string(kCorrections) + "WHERE c.correction > ?1 AND (?2 = '' OR c.document_id = ?2) ORDER BY c.correction LIMIT ?3",
      {"anchor", "value"}, after, document, static_cast<int64_t>(limit + 1));
  Json next;
  if (found.size() > limit) {
    found.erase(found.size() - 1);
    next = std::to_string(found.back()["correction"].get<int64_t>());
  }
  add_state(call.store, found);
  if (!lines) return json_response({{"rows", found}, {"next", next}});
  // Training data: one decision a line, with the sentence it was made on.
  Response out{.type = "application/x-ndjson"};
  for (const Json& line : found) out.body += dumped(line) + "\n";
  out.headers.emplace_back("Content-Disposition", "attachment; filename=\"corrections.jsonl\"");
  if (next.is_string())
    out.headers.emplace_back("Link", fmt::format("</api/v1/corrections?format=jsonl&after={}>; rel=\"next\"", next.get<std::string>()));
  return out;
}

Result<Response> add_correction(const Call& call) {
  const Json body = Json::parse(call.request.body, nullptr, false);
  if (!body.is_object()) return fail(ErrorCode::bad_format, "the body is no JSON object");
  for (const auto& [name, value] : body.items())
    if (name != "document" && name != "target" && name != "action" && name != "value" && name != "note" && name != "layer" &&
        name != "start" && name != "end")
      return wrong(fmt::format("there is no field '{}' in a correction", name));
  const auto word = [&](const char* name) { return body.contains(name) && body[name].is_string() ? body[name].get<std::string>() : ""; };
  const std::string document = word("document"), target = word("target"), action = word("action"), note = word("note");
  if (document.empty()) return wrong("'document' is the id of a document");
  if (action != "accept" && action != "reject" && action != "correct" && action != "add")
    return wrong("'action' is accept, reject, correct or add");
  if (note.size() > 2000) return wrong("'note' is longer than 2000 bytes");
  const Layer* layer = nullptr;
  int64_t number = 0, start = 0, end = 0;
  if (action == "add") {
    layer = layer_of(word("layer"));
    if (!layer) return wrong("'layer' says what is added: event, attribution, entity, place or time");
    const auto is_offset = [&](const char* name) {
      return body.contains(name) && body[name].is_number_unsigned() && body[name] <= 100'000'000u;
    };
    if (!is_offset("start") || !is_offset("end")) return wrong("'start' and 'end' are offsets in the text, in code points");
    start = body["start"];
    end = body["end"];
  } else {
    for (const Layer& l : kLayers)
      if (!target.empty() && target[0] == l.letter) layer = &l;
    const auto [stop, error] = std::from_chars(target.data() + std::min<size_t>(1, target.size()), target.data() + target.size(), number);
    if (!layer || error != std::errc() || stop != target.data() + target.size() || number < 1)
      return wrong("'target' is a local id: v3, a1, e2 …");
  }
  if (action == "correct" || action == "add") {
    if (const auto ok = check_value(*layer, body.value("value", Json())); !ok) return tl::unexpected(ok.error());
  } else if (body.contains("value") && !body["value"].is_null()) {
    return wrong("'value' goes with correct and add alone");
  }
  const auto store = writer(call);
  if (!store) return tl::unexpected(store.error());
  SQLite::Database& db = (*store)->database();
  if (action == "correct") {
    // Against the code as the program has it: that is what is corrected.
    SQLite::Statement kept(db, "SELECT json FROM records JOIN documents USING(document) WHERE id = ?");
    if (corpus::prepared(kept, document).executeStep()) {
      const auto analysis = from_json(corpus::unpack(kept.getColumn(0).getString()).value_or(""));
      if (!analysis) return tl::unexpected(analysis.error());
      if (const std::string why = corpus::objection(*analysis, layer->name, static_cast<int32_t>(number - 1), dumped(body["value"]));
          !why.empty())
        return wrong(why);
    }
  }
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  Json place =
      action == "add"
          ? rows(**store,
                 "SELECT d.text_hash, ?2 AS start, ?3 AS end, '' AS mark, substr(t.text, ?2 + 1, ?3 - ?2) AS quote, substr(t.text, s.start "
                 "+ 1, "
                 "s.end - s.start) AS sentence, ?2 - s.start AS offset FROM documents d JOIN texts t USING(document) JOIN sentences s ON "
                 "s.document = d.document AND s.start <= ?2 AND s.end >= ?3 WHERE d.id = ?1 AND ?3 > ?2 LIMIT 1",
                 {}, document, start, end)
          : rows(**store,
                 fmt::format(
                     "SELECT d.text_hash, x.start, x.end, x.mark, substr(t.text, x.start + 1, x.end - x.start) AS quote, substr(t.text, "
                     "s.start + 1, s.end - s.start) AS sentence, x.start - s.start AS offset FROM {} WHERE d.id = ? AND x.number = ?",
                     placed(*layer)),
                 {}, document, number - 1);
  if (place.empty())
    return fail(ErrorCode::not_found, action == "add" ? fmt::format("there is no such place in a sentence of the document '{}'", document)
                                                      : fmt::format("the document '{}' has no '{}'", document, target));
  Json anchor{{"id", action == "add" ? Json() : Json(target)}};
  for (const char* field : {"start", "end", "mark", "quote", "sentence", "offset"}) anchor[field] = place[0][field];
  const std::string hash = place[0]["text_hash"].is_string() ? place[0]["text_hash"].get<std::string>() : "";
  // One decision a code: a new one takes the place of the one before.
  if (action != "add")
    corpus::run(db,
                "DELETE FROM corrections WHERE document_id = ?1 AND layer = ?2 AND text_hash = ?3 AND action <> 'add' AND "
                "json_extract(anchor, '$.start') "
                "= ?4 AND json_extract(anchor, '$.end') = ?5 AND json_extract(anchor, '$.mark') = ?6",
                document, layer->name, hash, anchor["start"].get<int64_t>(), anchor["end"].get<int64_t>(),
                anchor["mark"].get<std::string>());
  corpus::run(db,
              "INSERT INTO corrections(document_id, text_hash, layer, anchor, action, value, note, made) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
              document, hash, layer->name, dumped(anchor), action,
              body.contains("value") && !body["value"].is_null() ? std::optional(dumped(body["value"])) : std::nullopt,
              note.empty() ? std::nullopt : std::optional(note), corpus::now());
  const int64_t made = db.getLastInsertRowid();
  transaction.commit();
  const auto grouped = take_effect(**store);
  if (!grouped) return tl::unexpected(grouped.error());
  Json out = rows(**store, std::string(kCorrections) + "WHERE correction = ?", {"anchor", "value"}, made);
  add_state(**store, out);
  out[0]["grouped"] = *grouped;
  return json_response(out[0], 201);
}

Result<Response> remove_correction(const Call& call) {
  const std::string& text = call.args[0];
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool read = error == std::errc() && end == text.data() + text.size();
  const auto store = writer(call);
  if (!store) return tl::unexpected(store.error());
  if (!read || corpus::run((*store)->database(), "DELETE FROM corrections WHERE correction = ?", number) == 0)
    return fail(ErrorCode::not_found, fmt::format("there is no correction {}", text));
  if (const auto grouped = take_effect(**store); !grouped) return tl::unexpected(grouped.error());
  return Response{.status = 204, .type = "", .body = ""};
}

}  // namespace reportedly::server
