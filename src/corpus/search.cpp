// Looking into the store: every list of the commands and pages is one SELECT, put together from the conditions given.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "corpus/conditions.h"

namespace reportedly {

const char* const corpus::kDisputed =
    "(e.disputed OR EXISTS (SELECT 1 FROM story_event_members m JOIN story_events s USING(story_event) WHERE m.event = e.event AND "
    "s.disputed))";

namespace {

using corpus::Conditions;
using corpus::fetch;
using corpus::guarded;
using corpus::kDisputed;
using corpus::Order;

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string like(const std::string& part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "%";
}

bool is_country(const std::string& text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// What people type, as FTS5 reads it: words with signs inside ("don't", "U.S.", "12-mile") become phrases; phrases, NEAR(…), AND OR
/// NOT, brackets, word* and title: stay as they are.
std::string fts_query(std::string_view typed) {
  const auto bare = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  std::string out;
  for (size_t at = 0; at < typed.size();) {
    const char c = typed[at];
    if (c == '"') {
      const size_t end = typed.find('"', at + 1);
      const size_t stop = end == std::string_view::npos ? typed.size() : end;
      out += '"' + std::string(typed.substr(at + 1, stop - at - 1)) + '"';
      at = std::min(stop + 1, typed.size());
    } else if (bare(c)) {
      size_t end = at;
      bool signs = false;
      while (end < typed.size() && (bare(typed[end]) || std::strchr(".'-/&@$%#", typed[end]))) signs |= !bare(typed[end++]);
      const std::string word(typed.substr(at, end - at));
      out += signs ? '"' + word + '"' : word;
      at = end;
    } else if (std::strchr(" \t\n*():^,+{}", c)) {
      out.push_back(c);
      ++at;
    } else {
      out.push_back(' ');  // a sign on its own says nothing to an index of words
      ++at;
    }
  }
  return out;
}

void publication(Conditions& to, const Query& q) {
  if (!q.document.empty()) to.add("d.id = ?", q.document);
  if (!q.publisher.empty()) to.add("d.publisher = ? COLLATE NOCASE", q.publisher);
  if (!q.from.empty()) to.add("d.published >= ?", q.from);
  if (!q.to.empty()) to.add("d.published <= ?", q.to);
}

/// x.actor is one that the words mean.
void participant(Conditions& to, const std::string& words, const char* role) {
  const std::string in_event =
      std::string("EXISTS (SELECT 1 FROM event_actors x WHERE x.event = e.event") + (role ? fmt::format(" AND x.role = '{}'", role) : "");
  if (is_country(words))
    to.add(in_event + " AND x.country = ?)", words);
  else
    to.add(in_event + " AND x.actor IN (SELECT actor FROM actors WHERE key = ? OR name LIKE ? ESCAPE '\\'))", words, like(words));
}

/// a.… is an attribution to that speaker.
void speaker(Conditions& to, const std::string& words) {
  if (is_country(words))
    to.add("a.source_actor IN (SELECT actor FROM actors WHERE country = ?)", words);
  else
    to.add("(a.source_actor IN (SELECT actor FROM actors WHERE key = ? OR name LIKE ? ESCAPE '\\') OR a.source_text LIKE ? ESCAPE '\\')",
           words, like(words), like(words));
}

/// Conditions on one event.
Conditions event_conditions(const Query& q) {
  Conditions out;
  if (!q.type.empty()) out.add("e.type = ?", upper(q.type));
  if (!q.status.empty()) out.add("e.status = ?", q.status);
  if (!q.event_from.empty()) out.add("e.day_to >= CAST(julianday(?) + 0.5 AS INTEGER)", q.event_from);
  if (!q.event_to.empty()) out.add("e.day_from <= CAST(julianday(?) + 0.5 AS INTEGER)", q.event_to);
  if (!q.actor.empty()) participant(out, q.actor, nullptr);
  if (!q.recipient.empty()) participant(out, q.recipient, "recipient");
  if (q.disputed) out.add(*q.disputed ? std::string(kDisputed) : std::string("NOT ") + kDisputed);
  return out;
}

Value value_of(const SQLite::Column& column) {
  if (column.isNull()) return {};
  if (column.isInteger()) return column.getInt64();
  if (column.isFloat()) return column.getDouble();
  return column.getString();
}

/// Hexadecimal of a JSON array: a word for command lines and addresses.
std::string cursor_of(const std::vector<Value>& keys) {
  nlohmann::json values = nlohmann::json::array();
  for (const Value& key : keys)
    std::visit(
        [&](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
            values.push_back(nullptr);
          else
            values.push_back(value);
        },
        key);
  std::string out;
  for (const char c : values.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::optional<std::vector<Value>> read_cursor(const std::string& text) {
  std::string bytes;
  for (size_t at = 0; at + 1 < text.size(); at += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value, 16);
    if (error != std::errc() || end != text.data() + at + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(value));
  }
  const auto values = nlohmann::json::parse(bytes, nullptr, false);
  if (!values.is_array()) return std::nullopt;
  std::vector<Value> out;
  for (const auto& value : values) {
    if (value.is_string())
      out.emplace_back(value.get<std::string>());
    else if (value.is_number_integer())
      out.emplace_back(value.get<int64_t>());
    else if (value.is_number())
      out.emplace_back(value.get<double>());
    else if (value.is_null())
      out.emplace_back();
    else
      return std::nullopt;
  }
  return out;
}

std::string limit_of(const Query& q) {
  return q.limit > 0 ? fmt::format(" LIMIT {}", q.limit + 1) : "";
}

/// Words of the query as FTS5 reads them; empty: no words were asked for.
Result<std::string> words_of(const Query& q) {
  std::string words = fts_query(q.query);
  if (words.find_first_not_of(' ') != std::string::npos) return words;
  if (!q.query.empty()) return fail(ErrorCode::usage, fmt::format("there is no word in the query '{}'", q.query));
  return std::string();
}

}  // namespace

namespace corpus {

std::string Order::columns() const {
  std::string out;
  for (size_t i = 0; i < keys.size(); ++i) out += fmt::format("{} AS key{}, ", keys[i].expression, i);
  return out;
}

std::string Order::by() const {
  std::string out;
  for (const Key& key : keys) out += (out.empty() ? " ORDER BY " : ", ") + key.expression + (key.descending ? " DESC" : "");
  return out;
}

Result<void> Order::continue_after(Conditions& to, const std::string& after) const {
  if (after.empty()) return {};
  const auto place = read_cursor(after);
  if (!place || place->size() != keys.size()) return fail(ErrorCode::usage, fmt::format("no place to go on after: '{}'", after));
  // k0 > v0, or k0 = v0 and k1 > v1, … The plus keeps SQLite from an index for the condition: the one that gives the order is better.
  Conditions out;
  std::string equal;
  std::vector<Value> equal_values;
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string& e = keys[i].expression;
    if (keys[i].descending && std::holds_alternative<std::monostate>((*place)[i])) {
      equal += fmt::format("{} IS NULL AND ", e);  // nothing comes behind null
      continue;
    }
    out.sql += fmt::format("{}({}{})", out.sql.empty() ? "" : " OR ", equal,
                           keys[i].descending ? fmt::format("(+{0} < ? OR {0} IS NULL)", e) : fmt::format("{} > ?", e));
    out.values.insert(out.values.end(), equal_values.begin(), equal_values.end());
    out.values.push_back((*place)[i]);
    equal += fmt::format("+{} = ? AND ", e);
    equal_values.push_back((*place)[i]);
  }
  if (out.empty()) return fail(ErrorCode::usage, fmt::format("no place to go on after: '{}'", after));
  to.add(out, "(", ")");
  return {};
}

Result<Table> fetch(Store& store, const std::string& sql, const std::vector<Value>& values, const Query& q, const Order& order) {
  const int hidden = static_cast<int>(order.keys.size());
  return guarded(store, [&]() -> Result<Table> {
    SQLite::Statement s(store.database(), sql + limit_of(q));
    int at = 0;
    for (const Value& value : values) {
      ++at;
      if (const auto* text = std::get_if<std::string>(&value))
        s.bind(at, *text);
      else if (const auto* integer = std::get_if<int64_t>(&value))
        s.bind(at, *integer);
      else if (const auto* real = std::get_if<double>(&value))
        s.bind(at, *real);
    }
    Table out;
    for (int c = hidden; c < s.getColumnCount(); ++c) out.columns.emplace_back(s.getColumnName(c));
    std::vector<Value> last;
    try {
      while (s.executeStep()) {
        if (q.limit > 0 && out.rows.size() == q.limit) {
          // One row more than wanted tells that there is more. A list without an order has no next page.
          if (hidden > 0) out.next = cursor_of(last);
          break;
        }
        last.clear();
        for (int c = 0; c < hidden; ++c) last.push_back(value_of(s.getColumn(c)));
        auto& row = out.rows.emplace_back();
        for (int c = hidden; c < s.getColumnCount(); ++c) row.push_back(value_of(s.getColumn(c)));
      }
    } catch (const SQLite::Exception& e) {
      const std::string what = e.what();
      if (what.find("fts5") == std::string::npos && what.find("no such column") == std::string::npos &&
          what.find("unterminated") == std::string::npos && what.find("unknown special query") == std::string::npos)
        throw;
      return fail(ErrorCode::usage,
                  fmt::format("cannot read the query '{}' ({}): write words, \"a phrase\", begin*, NEAR(a b, 5), AND, OR, NOT, title: word",
                              q.query, what));
    }
    return out;
  });
}

Result<Conditions> event_list_conditions(const Query& q) {
  const auto words = words_of(q);
  if (!words) return tl::unexpected(words.error());
  Conditions where = event_conditions(q);
  publication(where, q);
  if (!words->empty()) where.add("e.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", *words);
  if (!q.speaker.empty() || !q.stance.empty()) {
    Conditions said;
    if (!q.speaker.empty()) speaker(said, q.speaker);
    if (!q.stance.empty()) said.add("a.stance = ?", q.stance);
    where.add(said, "EXISTS (SELECT 1 FROM event_voices v JOIN attributions a USING(attribution) WHERE v.event = e.event AND ", ")");
  }
  return where;
}

}  // namespace corpus

namespace {

/// What `search` reads from, with its conditions. `said`: hits are attributions a, else documents d.
struct SearchFrom {
  std::string from;
  Conditions where;
  bool said = false, has_words = false;
};

Result<SearchFrom> search_from(const Query& q) {
  const auto words = words_of(q);
  if (!words) return tl::unexpected(words.error());
  SearchFrom out{.said = !q.speaker.empty() || !q.stance.empty(), .has_words = !words->empty()};
  const Conditions events = event_conditions(q);
  if (out.said) {
    // CROSS JOIN: the index leads, in order of rank, and passages are made only for the rows that are shown.
    out.from = out.has_words ? " FROM contents_index CROSS JOIN attributions a ON a.attribution = contents_index.rowid CROSS JOIN "
                               "documents d ON d.document = a.document"
                             : " FROM attributions a JOIN documents d ON d.document = a.document";
    if (out.has_words) out.where.add("contents_index MATCH ?", *words);
    if (!q.speaker.empty()) speaker(out.where, q.speaker);
    if (!q.stance.empty()) out.where.add("a.stance = ?", q.stance);
    if (!events.empty())
      out.where.add(events,
                    "EXISTS (SELECT 1 FROM events e JOIN event_voices v USING(event) WHERE e.document = a.document AND v.attribution = "
                    "a.attribution AND ",
                    ")");
  } else {
    out.from = out.has_words ? " FROM texts_index CROSS JOIN documents d ON d.document = texts_index.rowid"
                             : " FROM documents d JOIN texts t ON t.document = d.document";
    if (out.has_words) out.where.add("texts_index MATCH ?", *words);
    if (!events.empty()) out.where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.document = d.document AND ", ")");
  }
  publication(out.where, q);
  return out;
}

}  // namespace

Result<Conditions> corpus::matching_documents(const Query& q) {
  auto found = search_from(q);
  if (!found) return tl::unexpected(found.error());
  return Conditions{"SELECT DISTINCT d.document" + found->from + found->where.where(), std::move(found->where.values)};
}

Result<Table> search(Store& store, const Query& q) {
  auto found = search_from(q);
  if (!found) return tl::unexpected(found.error());
  const char* index = found->said ? "contents_index" : "texts_index";
  const std::string key = found->said ? "a.attribution" : "d.document";
  const Order order = found->has_words ? Order{{{"rank"}, {key}}} : Order{{{"d.published", true}, {key, true}}};
  if (const auto ok = order.continue_after(found->where, q.after); !ok) return tl::unexpected(ok.error());
  std::string columns = "d.id AS document, d.published, d.publisher, d.title, ";
  if (found->said)
    columns =
        "d.id AS document, 'a' || ((a.attribution & 16777215) + 1) AS attribution, d.published, d.publisher, d.title, a.voice, a.stance, ";
  columns += found->has_words ? fmt::format("snippet({}, {}, '«', '»', '…', 32) AS passage", index, found->said ? 0 : -1)
             : found->said    ? "a.content AS passage"
                              : "substr(t.text, 1, 160) AS passage";
  return fetch(store, "SELECT " + order.columns() + columns + found->from + found->where.where() + order.by(), found->where.values, q,
               order);
}

Result<Table> events(Store& store, const Query& q) {
  auto where = corpus::event_list_conditions(q);
  if (!where) return tl::unexpected(where.error());
  const Order order{{{"e.event"}}};
  if (const auto ok = order.continue_after(*where, q.after); !ok) return tl::unexpected(ok.error());
  const auto names = [](const char* role) {
    return fmt::format(
        "(SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = '{}' ORDER BY number))",
        role);
  };
  const std::string sql = fmt::format(
      "SELECT {} d.id || '#v' || ((e.event & 16777215) + 1) AS event, e.type, {} AS actors, {} AS recipients, e.trigger_text AS "
      "trigger, e.date, "
      "p.name AS place, coalesce(a.voice, d.publisher, 'the document') AS voice, e.factuality, e.status, {} AS disputed, d.published, "
      "d.publisher, "
      "substr(t.text, s.start + 1, s.end - s.start) AS sentence "
      "FROM events e JOIN documents d ON d.document = e.document JOIN texts t ON t.document = e.document LEFT JOIN places p ON p.place = "
      "e.place "
      "LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence{}{}",
      order.columns(), names("actor"), names("recipient"), kDisputed, where->where(), order.by());
  return fetch(store, sql, where->values, q, order);
}

Result<Table> actors(Store& store, const Query& q) {
  Conditions where;
  if (!q.query.empty()) where.add("(a.name LIKE ? ESCAPE '\\' OR a.key = ?)", like(q.query), q.query);
  if (is_country(q.actor))
    where.add("a.country = ?", q.actor);
  else if (!q.actor.empty())
    where.add("(a.key = ? OR a.name LIKE ? ESCAPE '\\')", q.actor, like(q.actor));
  if (q.query.empty() && q.actor.empty()) where.add("a.named");
  Conditions documents;
  publication(documents, q);
  if (!documents.empty()) where.add(documents, "EXISTS (SELECT 1 FROM documents d WHERE d.document = e.document AND ", ")");
  const Order order{{{"documents", true}, {"a.key"}}};
  Conditions place;
  if (const auto ok = order.continue_after(place, q.after); !ok) return tl::unexpected(ok.error());
  // document = entity / 2^24: the index on entities(actor) holds all that is counted. Ordered and cut before the other counts are made.
  const std::string sql = fmt::format(
      "SELECT {} a.key AS actor, a.name, a.kind, a.country, a.sectors, n.documents, "
      "(SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'actor') AS acts, "
      "(SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'recipient') AS receives, "
      "(SELECT count(*) FROM attributions t WHERE t.source_actor = a.actor) AS speaks "
      "FROM (SELECT a.actor, count(DISTINCT {}) AS documents FROM actors a JOIN entities e ON e.actor = a.actor{} GROUP BY a.actor{}{}{}) "
      "n "
      "JOIN actors a ON a.actor = n.actor{}",
      order.columns(), documents.empty() ? "e.entity >> 24" : "e.document", where.where(), place.empty() ? "" : " HAVING " + place.sql,
      order.by(), limit_of(q), order.by());
  where.values.insert(where.values.end(), place.values.begin(), place.values.end());
  return fetch(store, sql, where.values, q, order);
}

Result<Table> claims(Store& store, const Query& q) {
  Conditions where, events = event_conditions(q);
  publication(where, q);
  if (!events.empty()) where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.event = c.event AND ", ")");
  if (!q.query.empty()) where.add("c.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", fts_query(q.query));
  if (is_country(q.speaker))
    where.add("v.country = ?", q.speaker);
  else if (!q.speaker.empty())
    where.add("(v.key = ? OR v.label LIKE ? ESCAPE '\\' OR v.actor IN (SELECT actor FROM actors WHERE name LIKE ? ESCAPE '\\'))", q.speaker,
              like(q.speaker), like(q.speaker));
  if (!q.stance.empty()) where.add("c.stance = ?", q.stance);
  const Order order{{{"coalesce(c.story_event, 0)"}, {"coalesce(c.date, '')"}, {"c.claim"}}};
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  const std::string sql = fmt::format(
      "SELECT {} c.id AS claim, s.title AS about, v.label AS voice, c.chain, c.stance, c.factuality, c.status, p.holds, c.date, d.id AS "
      "document, d.publisher "
      "FROM claims c JOIN documents d ON d.document = c.document JOIN voices v ON v.voice = c.voice LEFT JOIN story_events s ON "
      "s.story_event = "
      "c.story_event LEFT JOIN positions p ON p.position = c.position{}{}",
      order.columns(), where.where(), order.by());
  return fetch(store, sql, where.values, q, order);
}

Result<Table> disputes(Store& store, const Query& q) {
  Conditions where, events = event_conditions(q), documents;
  publication(documents, q);
  if (!q.query.empty()) documents.add("d.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", fts_query(q.query));
  if (!events.empty())
    where.add(events, "EXISTS (SELECT 1 FROM story_event_members g JOIN events e USING(event) WHERE g.story_event = x.story_event AND ",
              ")");
  if (!documents.empty())
    where.add(documents, "EXISTS (SELECT 1 FROM claims c JOIN documents d USING(document) WHERE c.story_event = x.story_event AND ", ")");
  if (!q.speaker.empty() || !q.stance.empty()) {
    Conditions said;
    if (is_country(q.speaker))
      said.add("v.country = ?", q.speaker);
    else if (!q.speaker.empty())
      said.add("(v.key = ? OR v.label LIKE ? ESCAPE '\\')", q.speaker, like(q.speaker));
    if (!q.stance.empty()) said.add("c.stance = ?", q.stance);
    where.add(said, "EXISTS (SELECT 1 FROM claims c JOIN voices v USING(voice) WHERE c.story_event = x.story_event AND ", ")");
  }
  const Order order{{{"coalesce(x.first_date, '')"}, {"x.id"}}};
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  const std::string sql = fmt::format(
      "SELECT {} x.id AS dispute, x.kind, x.title, (SELECT group_concat(holds, ' / ') FROM (SELECT p.holds FROM dispute_positions y JOIN "
      "positions p "
      "USING(position) WHERE y.dispute = x.dispute ORDER BY y.number)) AS positions, x.first_date, x.last_date, x.documents, x.origins "
      "FROM disputes x{}{}",
      order.columns(), where.where(), order.by());
  return fetch(store, sql, where.values, q, order);
}

Result<std::string> record(Store& store, const std::string& id) {
  return guarded(store, [&]() -> Result<std::string> {
    SQLite::Statement s(store.database(), "SELECT json FROM records JOIN documents USING(document) WHERE id = ?");
    if (!corpus::prepared(s, id).executeStep())
      return fail(ErrorCode::not_found, fmt::format("the store has no document with the id '{}'", id));
    auto json = corpus::unpack(s.getColumn(0).getString());
    if (!json) return fail(ErrorCode::bad_store, "the record is damaged; `reportedly verify` says more", id);
    return std::move(*json);
  });
}

Result<Table> status(Store& store) {
  return guarded(store, [&]() -> Result<Table> {
    Table out{.columns = {"what", "value"}};
    const auto add = [&](const char* what, Value value) { out.rows.push_back({std::string(what), std::move(value)}); };
    const auto one = [&](const char* sql) -> Value {
      SQLite::Statement s(store.database(), sql);
      return s.executeStep() ? value_of(s.getColumn(0)) : Value();
    };
    add("store", store.path().string());
    std::error_code ignored;
    add("bytes", static_cast<int64_t>(std::filesystem::file_size(store.path(), ignored)));
    add("schema", one("PRAGMA user_version"));
    add("files", one("SELECT count(*) FROM sources"));
    add("files not read to their end", one("SELECT count(*) FROM sources WHERE NOT complete AND path <> '-'"));
    add("documents", one("SELECT count(*) FROM documents WHERE error_code IS NULL"));
    add("failed", one("SELECT count(*) FROM documents WHERE error_code IS NOT NULL"));
    add("without a date", one("SELECT count(*) FROM documents WHERE error_code IS NULL AND published IS NULL"));
    add("published from", one("SELECT min(published) FROM documents"));
    add("published to", one("SELECT max(published) FROM documents"));
    add("publishers", one("SELECT count(DISTINCT publisher) FROM documents"));
    add("copies", one("SELECT count(*) FROM duplicates"));
    add("events", one("SELECT count(*) FROM events"));
    add("attributions", one("SELECT count(*) FROM attributions"));
    add("actors", one("SELECT count(*) FROM actors WHERE named"));
    add("events over documents", one("SELECT count(*) FROM story_events"));
    add("claims", one("SELECT count(*) FROM claims"));
    add("disputes", one("SELECT count(*) FROM disputes"));
    add("documents still to be grouped", one("SELECT count(*) FROM ungrouped"));
    add("corrections", one("SELECT count(*) FROM corrections"));
    add("runs", one("SELECT count(*) FROM runs"));
    add("last run", one("SELECT started || ' ' || state FROM runs ORDER BY run DESC LIMIT 1"));
    SQLite::Statement engines(
        store.database(),
        "SELECT e.version || ', model ' || e.model || ', lexicon ' || e.lexicon || iif(e.options = '', '', ', ' || e.options) || ': ' || "
        "count(*) || ' documents' FROM engines e JOIN documents d USING(engine) WHERE d.hash IS NOT NULL GROUP BY e.engine");
    while (engines.executeStep()) add("coded by", engines.getColumn(0).getString());
    return out;
  });
}

Result<Table> runs(Store& store, int64_t run) {
  const Query all{.limit = 0};
  if (run == 0) return fetch(store, "SELECT * FROM run_list ORDER BY run", {}, all);
  return fetch(store,
               "SELECT path, item, document_id AS document, outcome, format, encoding, published, published_origin, characters, "
               "duplicate_of, warnings, "
               "error_code AS error, error_message AS message FROM run_documents WHERE run = CASE ?1 WHEN -1 THEN (SELECT max(run) FROM "
               "runs) ELSE ?1 END "
               "ORDER BY number",
               {run}, all);
}

}  // namespace reportedly
