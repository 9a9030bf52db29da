// Looking into the store: every list of the commands and pages is one SELECT, put together from the conditions given.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "corpus/sql.h"

namespace reportedly {
namespace {

using corpus::guarded;

/// Conditions and the values for their question marks.
struct Conditions {
  std::string sql;
  std::vector<Value> values;

  template <class... Values>
  void add(const std::string& condition, const Values&... more) {
    sql += (sql.empty() ? "" : " AND ") + condition;
    (values.emplace_back(more), ...);
  }
  void add(const Conditions& other, const std::string& before, const std::string& after) {
    sql += (sql.empty() ? "" : " AND ") + before + other.sql + after;
    values.insert(values.end(), other.values.begin(), other.values.end());
  }
  bool empty() const { return sql.empty(); }
  std::string where() const { return sql.empty() ? "" : " WHERE " + sql; }
};

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

constexpr const char* kDisputed =
    "(e.disputed OR EXISTS (SELECT 1 FROM story_event_members m JOIN story_events s USING(story_event) WHERE m.event = e.event AND "
    "s.disputed))";

/// Conditions on one event.
Conditions event_conditions(const Query& q) {
  Conditions out;
  if (!q.type.empty()) out.add("e.type = ?", upper(q.type));
  if (!q.status.empty()) out.add("e.status = ?", q.status);
  if (!q.actor.empty()) participant(out, q.actor, nullptr);
  if (!q.recipient.empty()) participant(out, q.recipient, "recipient");
  if (q.disputed) out.add(*q.disputed ? std::string(kDisputed) : std::string("NOT ") + kDisputed);
  return out;
}

Result<int64_t> cursor(const Query& q) {
  if (q.after.empty()) return 0;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(q.after.data(), q.after.data() + q.after.size(), value);
  if (error != std::errc() || end != q.after.data() + q.after.size() || value < 0)
    return fail(ErrorCode::usage, fmt::format("no place to go on after: '{}'", q.after));
  return value;
}

Value value_of(const SQLite::Column& column) {
  if (column.isNull()) return {};
  if (column.isInteger()) return column.getInt64();
  if (column.isFloat()) return column.getDouble();
  return column.getString();
}

/// Runs a SELECT whose first `hidden` columns are not shown (the last of them is the cursor for keyset paging). LIMIT is one more than
/// wanted, which tells whether there is more.
Result<Table> fetch(Store& store, const std::string& sql, const std::vector<Value>& values, const Query& q, int64_t offset,
                    int hidden = 0) {
  return guarded(store, [&]() -> Result<Table> {
    SQLite::Statement s(store.database(), sql);
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
    int64_t last = 0;
    try {
      while (s.executeStep()) {
        if (q.limit > 0 && out.rows.size() == q.limit) {
          out.next = std::to_string(hidden > 0 ? last : offset + static_cast<int64_t>(q.limit));
          break;
        }
        if (hidden > 0) last = s.getColumn(hidden - 1).getInt64();
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

/// The sentences of the claims c for which this holds, the earliest first, at most five.
std::string sentences(const char* condition) {
  return fmt::format(
      "(SELECT group_concat(words, ' | ') FROM (SELECT words FROM (SELECT substr(t.text, z.start + 1, z.end - z.start) AS words, min(c.id) "
      "AS "
      "first, min(coalesce(c.date, '9999')) AS said FROM claims c JOIN events w ON w.event = c.event JOIN sentences z ON z.sentence = "
      "w.sentence "
      "JOIN texts t ON t.document = c.document WHERE {} GROUP BY words) ORDER BY said, first LIMIT 5))",
      condition);
}

std::string limit_of(const Query& q, int64_t offset = 0) {
  std::string out = q.limit > 0 ? fmt::format(" LIMIT {}", q.limit + 1) : offset > 0 ? " LIMIT -1" : "";
  if (offset > 0) out += fmt::format(" OFFSET {}", offset);
  return out;
}

}  // namespace

Result<Table> search(Store& store, const Query& q) {
  const auto offset = cursor(q);
  if (!offset) return tl::unexpected(offset.error());
  Conditions where;
  std::string sql;
  const bool said = !q.speaker.empty() || !q.stance.empty();
  const std::string words = fts_query(q.query);
  const bool has_words = words.find_first_not_of(' ') != std::string::npos;
  if (!q.query.empty() && !has_words) return fail(ErrorCode::usage, fmt::format("there is no word in the query '{}'", q.query));
  const Conditions events = event_conditions(q);
  if (said) {
    const char* columns =
        "d.id AS document, 'a' || ((a.attribution & 16777215) + 1) AS attribution, d.published, d.publisher, d.title, a.voice, a.stance, ";
    if (has_words) {
      // CROSS JOIN: the index leads, in order of rank, and passages are made only for the rows that are shown.
      sql = fmt::format(
          "SELECT {} snippet(contents_index, 0, '«', '»', '…', 32) AS passage FROM contents_index CROSS JOIN attributions a ON "
          "a.attribution = contents_index.rowid CROSS JOIN documents d ON d.document = a.document",
          columns);
      where.add("contents_index MATCH ?", words);
    } else {
      sql = fmt::format("SELECT {} a.content AS passage FROM attributions a JOIN documents d ON d.document = a.document", columns);
    }
    if (!q.speaker.empty()) speaker(where, q.speaker);
    if (!q.stance.empty()) where.add("a.stance = ?", q.stance);
    if (!events.empty())
      where.add(events,
                "EXISTS (SELECT 1 FROM events e JOIN event_voices v USING(event) WHERE e.document = a.document AND v.attribution = "
                "a.attribution AND ",
                ")");
    publication(where, q);
    sql += where.where() + (has_words ? " ORDER BY rank" : " ORDER BY d.published DESC, a.attribution");
  } else {
    const char* columns = "d.id AS document, d.published, d.publisher, d.title, ";
    if (has_words) {
      sql = fmt::format(
          "SELECT {} snippet(texts_index, -1, '«', '»', '…', 32) AS passage FROM texts_index CROSS JOIN documents d ON d.document = "
          "texts_index.rowid",
          columns);
      where.add("texts_index MATCH ?", words);
    } else {
      sql = fmt::format("SELECT {} substr(t.text, 1, 160) AS passage FROM documents d JOIN texts t ON t.document = d.document", columns);
    }
    if (!events.empty()) where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.document = d.document AND ", ")");
    publication(where, q);
    sql += where.where() + (has_words ? " ORDER BY rank" : " ORDER BY d.published DESC, d.document");
  }
  return fetch(store, sql + limit_of(q, *offset), where.values, q, *offset);
}

Result<Table> events(Store& store, const Query& q) {
  const auto after = cursor(q);
  if (!after) return tl::unexpected(after.error());
  Conditions where = event_conditions(q);
  publication(where, q);
  if (!q.query.empty()) where.add("e.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", fts_query(q.query));
  if (!q.speaker.empty() || !q.stance.empty()) {
    Conditions said;
    if (!q.speaker.empty()) speaker(said, q.speaker);
    if (!q.stance.empty()) said.add("a.stance = ?", q.stance);
    where.add(said, "EXISTS (SELECT 1 FROM event_voices v JOIN attributions a USING(attribution) WHERE v.event = e.event AND ", ")");
  }
  if (*after > 0) where.add("e.event > ?", *after);
  const auto names = [](const char* role) {
    return fmt::format(
        "(SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = '{}' ORDER BY number))",
        role);
  };
  const std::string sql = fmt::format(
      "SELECT e.event, d.id || '#v' || ((e.event & 16777215) + 1) AS event, e.type, {} AS actors, {} AS recipients, e.trigger_text AS "
      "trigger, e.date, "
      "p.name AS place, coalesce(a.voice, d.publisher, 'the document') AS voice, e.factuality, e.status, {} AS disputed, d.published, "
      "d.publisher, "
      "substr(t.text, s.start + 1, s.end - s.start) AS sentence "
      "FROM events e JOIN documents d ON d.document = e.document JOIN texts t ON t.document = e.document LEFT JOIN places p ON p.place = "
      "e.place "
      "LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence{} ORDER BY e.event{}",
      names("actor"), names("recipient"), kDisputed, where.where(), limit_of(q));
  return fetch(store, sql, where.values, q, 0, 1);
}

Result<Table> actors(Store& store, const Query& q) {
  const auto offset = cursor(q);
  if (!offset) return tl::unexpected(offset.error());
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
  // document = entity / 2^24: the index on entities(actor) holds all that is counted.
  const std::string sql = fmt::format(
      "SELECT a.key AS actor, a.name, a.kind, a.country, a.sectors, n.documents, (SELECT count(DISTINCT coalesce(u.origin, e.document)) "
      "FROM "
      "entities e LEFT JOIN duplicates u ON u.document = e.document WHERE e.actor = a.actor) AS origins, "
      "(SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'actor') AS acts, "
      "(SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'recipient') AS receives, "
      "(SELECT count(*) FROM attributions t WHERE t.source_actor = a.actor) AS speaks "
      "FROM (SELECT a.actor, count(DISTINCT {}) AS documents FROM actors a JOIN entities e ON e.actor = a.actor{} GROUP BY a.actor ORDER "
      "BY documents "
      "DESC, a.key{}) n JOIN actors a ON a.actor = n.actor ORDER BY n.documents DESC, a.key",
      documents.empty() ? "e.entity >> 24" : "e.document", where.where(), limit_of(q, *offset));
  return fetch(store, sql, where.values, q, *offset);
}

Result<Table> claims(Store& store, const Query& q) {
  const auto offset = cursor(q);
  if (!offset) return tl::unexpected(offset.error());
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
  const std::string sql = fmt::format(
      "SELECT c.id AS claim, s.id AS event, s.title AS about, v.label AS voice, c.chain, c.kind, c.stance, c.factuality, c.status, "
      "p.holds, "
      "c.date, d.id AS document, d.publisher, o.id AS copy_of, substr(t.text, x.start + 1, x.end - x.start) AS sentence "
      "FROM claims c JOIN documents d ON d.document = c.document JOIN voices v ON v.voice = c.voice LEFT JOIN story_events s ON "
      "s.story_event = c.story_event LEFT JOIN positions p ON p.position = c.position LEFT JOIN duplicates u ON u.document = c.document "
      "LEFT JOIN documents o ON o.document = u.origin LEFT JOIN events w ON w.event = c.event LEFT JOIN sentences x ON x.sentence = "
      "w.sentence LEFT JOIN texts t ON t.document = c.document{} ORDER BY s.day_from IS NULL, s.day_from, s.id, c.date, c.id{}",
      where.where(), limit_of(q, *offset));
  return fetch(store, sql, where.values, q, *offset);
}

Result<Table> changes(Store& store, const Query& q) {
  const auto offset = cursor(q);
  if (!offset) return tl::unexpected(offset.error());
  Conditions where, events = event_conditions(q);
  publication(where, q);
  if (!events.empty()) where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.event = b.event AND ", ")");
  if (!q.query.empty()) where.add("b.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", fts_query(q.query));
  if (is_country(q.speaker))
    where.add("v.country = ?", q.speaker);
  else if (!q.speaker.empty())
    where.add("(v.key = ? OR v.label LIKE ? ESCAPE '\\')", q.speaker, like(q.speaker));
  const std::string sql = fmt::format(
      "SELECT s.id AS event, s.title AS about, v.label AS voice, x.kind, p.holds AS before, a.date AS said, r.holds AS after, b.date AS "
      "later_said, iif(x.correction, 'correction', '') AS as_a, a.id AS claim, b.id AS later_claim, {} AS sentence, {} AS later_sentence "
      "FROM changes_of_mind x JOIN claims a ON a.claim = x.earlier JOIN claims b ON b.claim = x.later JOIN voices v ON v.voice = x.voice "
      "JOIN "
      "story_events s ON s.story_event = x.story_event JOIN documents d ON d.document = b.document LEFT JOIN positions p ON p.position = "
      "a.position LEFT JOIN positions r ON r.position = b.position{} ORDER BY b.date, a.id, b.id{}",
      sentences("c.claim = a.claim"), sentences("c.claim = b.claim"), where.where(), limit_of(q, *offset));
  return fetch(store, sql, where.values, q, *offset);
}

Result<Table> disputes(Store& store, const Query& q) {
  const auto offset = cursor(q);
  if (!offset) return tl::unexpected(offset.error());
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
  const std::string sql = fmt::format(
      "SELECT x.id AS dispute, x.kind, x.title, p.holds, (SELECT group_concat(label, '; ') FROM (SELECT DISTINCT v.label FROM claims c "
      "JOIN "
      "voices v USING(voice) WHERE c.position = p.position ORDER BY 1)) AS voices, p.first_date, p.last_date, p.documents, p.origins, {} "
      "AS "
      "sentences FROM disputes x JOIN dispute_positions y USING(dispute) JOIN positions p USING(position){} ORDER BY x.first_date, x.id, "
      "y.number{}",
      sentences("c.position = p.position"), where.where(), limit_of(q, *offset));
  return fetch(store, sql, where.values, q, *offset);
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
  if (run == 0) return fetch(store, "SELECT * FROM run_list ORDER BY run", {}, all, 0);
  return fetch(store,
               "SELECT path, item, document_id AS document, outcome, format, encoding, published, published_origin, characters, "
               "duplicate_of, warnings, "
               "error_code AS error, error_message AS message FROM run_documents WHERE run = CASE ?1 WHEN -1 THEN (SELECT max(run) FROM "
               "runs) ELSE ?1 END "
               "ORDER BY number",
               {run}, all, 0);
}

}  // namespace reportedly
