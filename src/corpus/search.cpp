// Looking into the store: every list of the commands and pages is one SELECT, put together from the conditions given.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "corpus/conditions.h"
#include "corpus/group.h"
#include "corpus/marks.h"

namespace reportedly {

const char* const corpus::kDisputed =
    "(e.disputed OR EXISTS (SELECT 1 FROM story_event_members m JOIN story_events s USING(story_event) WHERE m.event = e.event AND "
    "s.disputed))";

const char* const corpus::kClaimJoins =
    " JOIN texts words ON words.document = c.document JOIN events act ON act.event = c.event LEFT JOIN sentences told ON told.sentence = "
    "act.sentence LEFT JOIN attributions voice ON voice.attribution = c.attribution LEFT JOIN sentences heard ON heard.sentence = (SELECT "
    "max(k.sentence) FROM sentences k WHERE k.sentence BETWEEN c.document << 24 AND (c.document << 24) + 16777215 AND k.start <= "
    "json_extract(voice.spans, '$.cue[0][0]')) AND heard.sentence <> told.sentence ";
const char* const corpus::kClaimWords =
    "(CASE WHEN heard.sentence < told.sentence THEN substr(words.text, heard.start + 1, heard.end - heard.start) || ' … ' ELSE '' END || "
    "substr(words.text, told.start + 1, told.end - told.start) || CASE WHEN heard.sentence > told.sentence THEN ' … ' || "
    "substr(words.text, heard.start + 1, heard.end - heard.start) ELSE '' END)";

const char* const corpus::kCopyColumns =
    "coalesce(o.id, iif(g.document IS NOT NULL, x.duplicate_of, NULL)) AS duplicate_of, coalesce(u.kind, iif(g.document IS NOT NULL AND "
    "x.duplicate_of IS NOT NULL, 'exact', NULL)) AS copy";
const char* const corpus::kCopyJoins =
    " LEFT JOIN documents d ON d.id = x.document_id AND x.outcome <> 'repeated' LEFT JOIN duplicates u ON u.document = d.document LEFT "
    "JOIN documents o ON o.document = u.origin LEFT JOIN ungrouped g ON g.document = d.document ";

namespace {

using corpus::bind_values;
using corpus::Conditions;
using corpus::fetch;
using corpus::guarded;
using corpus::kDisputed;
using corpus::Order;

/// How many hits of a query of words are compared by rank.
constexpr int kRanked = 1000;

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

/// As a string of FTS5.
std::string quoted(const std::string& words) {
  std::string out = "\"";
  for (const char c : words) out += c == '"' ? "\"\"" : std::string(1, c == '\0' ? ' ' : c);
  return out + '"';
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

/// What people type is looked for in what people read, not in the marks beside it.
std::string in_texts(const std::string& words) {
  return words.find_first_not_of(' ') == std::string::npos ? words : "{title text} : (" + words + ")";
}
std::string in_contents(const std::string& words) {
  return "{content} : (" + words + ")";
}

Conditions publication(const Query& q) {
  Conditions to;
  if (!q.document.empty()) to.add("d.id = ?", q.document);
  if (!q.publisher.empty()) to.add("d.publisher = ? COLLATE NOCASE", q.publisher);
  if (!q.from.empty()) to.add("d.published >= ?", q.from);
  if (!q.to.empty()) to.add("d.published <= ?", q.to);
  return to;
}

/// `column` is an actor with that key, or with these words as part of the name, which are looked up by their runs of three letters; what is
/// shorter ("UN") is the whole name.
Conditions named(const std::string& column, const std::string& words) {
  Conditions out;
  const auto letters = std::count_if(words.begin(), words.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  const std::string key = column + " IN (SELECT actor FROM actors WHERE key = ? UNION SELECT ";
  if (letters >= 3)
    out.add(key + "rowid FROM actor_names WHERE actor_names MATCH ?)", words, quoted(words));
  else
    out.add(key + "actor FROM actors WHERE name = ? COLLATE NOCASE)", words, words);
  return out;
}

/// x is a participant that the words mean.
Conditions participant(const std::string& words, const char* role) {
  Conditions out;
  if (is_country(words))
    out.add("x.country = ?", words);
  else
    out.add(named("x.actor", words), "", "");
  if (role) out.add(fmt::format("x.role = '{}'", role));
  return out;
}

/// a.… is an attribution to that speaker; where no actor has the name, the source's words in the text count.
struct Speaker {
  Conditions conditions;
  bool actors = false;  ///< it is asked for by actor, which is quick to count
};
Speaker speaker(Store& store, const std::string& words) {
  Speaker out{.actors = true};
  if (is_country(words)) {
    out.conditions.add("a.source_actor IN (SELECT actor FROM actors WHERE country = ?)", words);
    return out;
  }
  out.conditions = named("a.source_actor", words);
  const Conditions any = named("actor", words);
  SQLite::Statement known(store.database(), "SELECT 1 FROM actors" + any.where() + " LIMIT 1");
  bind_values(known, any.values);
  if (known.executeStep()) return out;
  // The words are in the text of the document too, and those have an index.
  out.actors = false;
  out.conditions = {};
  out.conditions.add("a.source_text LIKE ? ESCAPE '\\'", like(words));
  std::string in_text;
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find(' ', at), words.size());
    if (end > at) in_text += (in_text.empty() ? "" : " ") + quoted(words.substr(at, end - at));
    at = end + 1;
  }
  if (!in_text.empty())
    out.conditions.add("a.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", in_texts(in_text + "*"));
  return out;
}

/// Conditions on one event.
Conditions event_conditions(const Query& q) {
  Conditions out;
  // The plus: these events are found by their document, not by an index over all.
  if (!q.type.empty()) out.add("+e.type = ?", upper(q.type));
  if (!q.status.empty()) out.add("+e.status = ?", q.status);
  if (!q.event_from.empty()) out.add("e.day_to >= CAST(julianday(?) + 0.5 AS INTEGER)", q.event_from);
  if (!q.event_to.empty()) out.add("e.day_from <= CAST(julianday(?) + 0.5 AS INTEGER)", q.event_to);
  constexpr const char* kParticipant = "EXISTS (SELECT 1 FROM event_actors x WHERE x.event = e.event AND ";
  if (!q.actor.empty()) out.add(participant(q.actor, nullptr), kParticipant, ")");
  if (!q.recipient.empty()) out.add(participant(q.recipient, "recipient"), kParticipant, ")");
  if (q.disputed) out.add(*q.disputed ? std::string(kDisputed) : std::string("NOT ") + kDisputed);
  return out;
}

/// Do few rows fulfil the conditions?
bool few(Store& store, const std::string& select, const Conditions& conditions) {
  constexpr int64_t kFew = 10'000;
  SQLite::Statement count(store.database(), fmt::format("SELECT count(*) FROM ({}{} LIMIT {})", select, conditions.where(), kFew));
  bind_values(count, conditions.values);
  count.executeStep();
  return count.getColumn(0).getInt64() < kFew;
}

/// Where few rows fulfil a condition, says so to the planner: `key` is one of them. Many: they are found soon enough on the way. A plus
/// before the key keeps SQLite from asking the index of words once for each of the few.
void narrow(Store& store, Conditions& where, const std::string& key, const std::string& select, const Conditions& conditions) {
  if (few(store, select, conditions)) where.add(conditions, fmt::format("{} IN ({} WHERE ", key, select), ")");
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

/// The words of the claims c for which this holds, the earliest first, at most five.
std::string sentences(const char* condition) {
  return fmt::format(
      "(SELECT group_concat(words, ' | ') FROM (SELECT words FROM (SELECT {} AS words, min(c.id) AS first, min(coalesce(c.date, '9999')) "
      "AS "
      "said FROM claims c {} WHERE {} GROUP BY 1) ORDER BY said, first LIMIT 5))",
      corpus::kClaimWords, corpus::kClaimJoins, condition);
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

/// Conditions as marks: words that the index of words finds (marks.h).
struct Marks {
  std::vector<std::string> all;  ///< each an expression of FTS5
  int phrases = 0;
  void add(const std::string& mark) { all.push_back(mark), ++phrases; }
};

/// These words as a mark, if they mean no more actors than a query should have words.
bool add_actor(Store& store, const std::string& words, bool recipient, Marks& to) {
  constexpr size_t kMost = 64;
  const auto mark = [&](const std::string& of) { return recipient ? corpus::mark_recipient(of) : of; };
  if (is_country(words)) {
    to.add(mark(corpus::mark_country(words)));
    return true;
  }
  const Conditions which = named("actor", words);
  SQLite::Statement actors(store.database(), fmt::format("SELECT actor FROM actors{} LIMIT {}", which.where(), kMost + 1));
  bind_values(actors, which.values);
  std::string any;
  int found = 0;
  for (; actors.executeStep(); ++found) any += (found ? " OR " : "") + mark(corpus::mark_actor(actors.getColumn(0).getInt64()));
  if (found > static_cast<int>(kMost)) return false;
  to.all.push_back(found ? "(" + any + ")" : mark(corpus::mark_actor(0)));  // nobody
  to.phrases += std::max(1, found);
  return true;
}

/// What must hold of a hit: a document, or an attribution `a` where a speaker or a stance is asked for.
struct Search {
  std::string words;    ///< for the index; empty: none were asked for
  std::string match;    ///< words and marks
  int marks = 0;        ///< phrases of marks in it, after those of the words
  Conditions where;     ///< with the match
  bool source = false;  ///< it asks for columns of `a`
};

/// `document` is the hit's document in SQL.
Search search_conditions(Store& store, const Query& q, bool said, const std::string& words, const std::string& document) {
  Search out;
  Conditions& where = out.where;
  Marks marks;
  bool verify = true;  // the conditions on events must be looked at, beyond the marks
  const bool alone = words.empty();
  bool actor_marked = false, recipient_marked = false;
  if (alone || !said) {
    out.words = in_texts(words);
  } else {
    out.words = in_contents(words);
  }
  if (!alone && !said) {
    actor_marked = !q.actor.empty() && add_actor(store, q.actor, false, marks);
    recipient_marked = !q.recipient.empty() && add_actor(store, q.recipient, true, marks);
    if (!q.type.empty()) marks.add(corpus::mark_type(upper(q.type)));
    if (!q.status.empty()) marks.add(corpus::mark_status(q.status));
    const int conditions = !q.actor.empty() + !q.recipient.empty() + !q.type.empty() + !q.status.empty();
    verify = conditions > 1 || q.disputed || !q.event_from.empty() || !q.event_to.empty() || (!q.actor.empty() && !actor_marked) ||
             (!q.recipient.empty() && !recipient_marked);
  }
  if (!q.speaker.empty()) {
    const Speaker who = speaker(store, q.speaker);
    if (alone || !who.actors || !add_actor(store, q.speaker, false, marks)) {
      where.add(who.conditions, "", "");
      out.source = true;
      if (!alone && who.actors) narrow(store, where, "+contents_index.rowid", "SELECT a.attribution FROM attributions a", who.conditions);
    }
  }
  if (!q.stance.empty()) {
    if (alone)
      where.add("a.stance = ?", q.stance);
    else
      marks.add(corpus::mark_stance(q.stance));
  }
  if (!alone) {
    out.match = out.words;
    for (const std::string& mark : marks.all) out.match += " AND {marks} : " + mark;
    out.marks = marks.phrases;
    where.add(said ? "contents_index MATCH ?" : "texts_index MATCH ?", out.match);
  }

  const std::string in_document = fmt::format("BETWEEN {0} << 24 AND ({0} << 24) + 16777215", document);
  const bool actor_alone = !q.actor.empty() && q.recipient.empty() && q.type.empty() && q.status.empty() && !q.disputed &&
                           q.event_from.empty() && q.event_to.empty();
  if (said) {
    if (const Conditions events = event_conditions(q); !events.empty())
      where.add(events,
                "EXISTS (SELECT 1 FROM event_voices v JOIN events e USING(event) WHERE v.event " + in_document +
                    " AND v.attribution = " + (alone ? "a.attribution" : "contents_index.rowid") + " AND ",
                ")");
  } else if (verify && actor_alone) {
    where.add(participant(q.actor, nullptr), "EXISTS (SELECT 1 FROM event_actors x WHERE x.event " + in_document + " AND +", ")");
  } else if (const Conditions events = event_conditions(q); verify && !events.empty()) {
    where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.event " + in_document + " AND ", ")");
  }
  if (const Conditions documents = publication(q); !documents.empty()) {
    where.add(documents, "", "");
    if (!alone) narrow(store, where, "+" + document, "SELECT d.document FROM documents d", documents);
  }
  // Without words the few lead; with words the index of words does.
  const std::string key = (alone ? "" : "+") + document;
  for (const auto* who : {&q.actor, &q.recipient})
    if (!who->empty() && !(who == &q.actor ? actor_marked : recipient_marked))
      narrow(store, where, key, "SELECT x.event >> 24 FROM event_actors x", participant(*who, nullptr));
  if (!q.type.empty() && (alone || said)) {
    Conditions type;
    type.add("t.type = ?", upper(q.type));
    narrow(store, where, key, "SELECT t.event >> 24 FROM events t", type);
  }
  if (q.disputed && *q.disputed) {
    Conditions any;
    any.add("t.document > 0");
    narrow(store, where, key,
           "SELECT t.document FROM (SELECT document FROM events WHERE disputed UNION ALL SELECT m.event >> 24 FROM story_events s CROSS "
           "JOIN story_event_members m ON m.story_event = s.story_event WHERE s.disputed) t",
           any);
  }
  return out;
}

}  // namespace

namespace corpus {

void bind_values(SQLite::Statement& s, const std::vector<Value>& values) {
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
}

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
    bind_values(s, values);
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

Result<Conditions> event_list_conditions(Store& store, const Query& q) {
  const auto words = words_of(q);
  if (!words) return tl::unexpected(words.error());
  return guarded(store, [&]() -> Result<Conditions> {
    Conditions where = event_conditions(q);
    if (const Conditions documents = publication(q); !documents.empty()) where.add(documents, "", "");
    if (!words->empty()) where.add("e.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", in_texts(*words));
    if (!q.speaker.empty() || !q.stance.empty()) {
      Conditions said;
      if (!q.speaker.empty()) said = speaker(store, q.speaker).conditions;
      if (!q.stance.empty()) said.add("a.stance = ?", q.stance);
      where.add(said, "EXISTS (SELECT 1 FROM event_voices v JOIN attributions a USING(attribution) WHERE v.event = e.event AND ", ")");
      narrow(store, where, "e.event",
             "SELECT v.event FROM attributions a JOIN event_voices v ON v.event BETWEEN a.document << 24 AND (a.document << 24) + 16777215 "
             "AND v.attribution = a.attribution",
             said);
    }
    for (const auto* who : {&q.actor, &q.recipient})
      if (!who->empty()) narrow(store, where, "e.event", "SELECT x.event FROM event_actors x", participant(*who, nullptr));
    if (!q.type.empty()) {
      Conditions type;
      type.add("t.type = ?", upper(q.type));
      narrow(store, where, "e.event", "SELECT t.event FROM events t", type);
    }
    return where;
  });
}

Result<Conditions> matching_documents(Store& store, const Query& q) {
  const auto words = words_of(q);
  if (!words) return tl::unexpected(words.error());
  return guarded(store, [&]() -> Result<Conditions> {
    const bool said = !q.speaker.empty() || !q.stance.empty();
    const std::string document = words->empty() ? "d.document" : said ? "(contents_index.rowid >> 24)" : "texts_index.rowid";
    const Search hits = search_conditions(store, q, said, *words, document);
    std::string from = words->empty() ? (said ? "attributions a" : "") : said ? "contents_index" : "texts_index";
    if (said && !words->empty()) from += " CROSS JOIN attributions a ON a.attribution = contents_index.rowid";
    from += from.empty() ? "documents d"
            : said       ? " JOIN documents d ON d.document = a.document"
                         : " CROSS JOIN documents d ON d.document = texts_index.rowid";
    return Conditions{"SELECT DISTINCT d.document FROM " + from + hits.where.where(), hits.where.values};
  });
}

}  // namespace corpus

Result<Table> search(Store& store, const Query& q) {
  const auto words = words_of(q);
  if (!words) return tl::unexpected(words.error());
  return guarded(store, [&]() -> Result<Table> {
    const bool said = !q.speaker.empty() || !q.stance.empty();
    const std::string index = said ? "contents_index" : "texts_index";
    const std::string document = words->empty() ? "d.document" : said ? "(contents_index.rowid >> 24)" : "texts_index.rowid";
    Search hits = search_conditions(store, q, said, *words, document);
    Conditions& where = hits.where;
    const std::string columns =
        said ? "d.id AS document, 'a' || ((a.attribution & 16777215) + 1) AS attribution, d.published, d.publisher, d.title, a.voice, "
               "a.stance, a.decision, "
             : "d.id AS document, d.published, d.publisher, d.title, ";
    if (words->empty()) {
      const Order order{{{"d.published", true}, {said ? "a.attribution" : "d.document", true}}};
      if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
      std::string from = "substr(t.text, 1, 160) AS passage FROM documents d JOIN texts t ON t.document = d.document";
      if (said) {
        // A speaker who says little is found by what he says; what many say is met soon enough, the latest document first.
        const Speaker who = q.speaker.empty() ? Speaker{} : speaker(store, q.speaker);
        const bool rare =
            !who.conditions.empty() && (!who.actors || few(store, "SELECT a.attribution FROM attributions a", who.conditions));
        from = rare ? "a.content AS passage FROM attributions a JOIN documents d ON d.document = a.document"
                    : "a.content AS passage FROM documents d CROSS JOIN attributions a ON a.document = d.document";
      }
      return fetch(store, "SELECT " + order.columns() + columns + from + where.where() + order.by(), where.values, q, order);
    }
    // Inside: at most kRanked hits, the latest imported first, so that a word that is everywhere costs no more than others; the index leads
    // (CROSS JOIN). Around it: the best of them. Outside: what is shown of the few that are.
    std::string joined = hits.source ? "CROSS JOIN attributions a ON a.attribution = contents_index.rowid" : "";
    if (!publication(q).empty()) joined += " CROSS JOIN documents d ON d.document = " + document;
    const char* shown = said ? "JOIN attributions a ON a.attribution = r.hit JOIN documents d ON d.document = a.document"
                             : "JOIN documents d ON d.document = r.hit";
    const Order order{{{"score"}, {"hit", true}}};
    Conditions place;
    if (const auto ok = order.continue_after(place, q.after); !ok) return tl::unexpected(ok.error());
    const std::string best = fmt::format(
        "SELECT hit, score FROM (SELECT {0}.rowid AS hit, bounded_bm25({0}, (SELECT max({7}) FROM {8}), {9}, {10}) AS score FROM {0} "
        "{1}{2} "
        "ORDER BY {0}.rowid DESC LIMIT {3}){4}{5}{6}",
        index, joined, where.where(), kRanked, place.where(), order.by(), limit_of(q), said ? "attribution" : "document",
        said ? "attributions" : "texts", said ? 1 : 2, hits.marks);
    const std::string sql = fmt::format(
        "SELECT {0}{1} snippet({2}, -1, '«', '»', '…', 32) AS passage FROM ({3}) r CROSS JOIN {2} ON {2}.rowid = r.hit {4} WHERE {2} MATCH "
        "?{5}",
        order.columns(), columns, index, best, shown, order.by());
    std::vector<Value> values = where.values;
    values.insert(values.end(), place.values.begin(), place.values.end());
    values.emplace_back(hits.words);
    return fetch(store, sql, values, q, order);
  });
}

Result<Table> events(Store& store, const Query& q) {
  auto conditions = corpus::event_list_conditions(store, q);
  if (!conditions) return tl::unexpected(conditions.error());
  const Order order{{{"e.event"}}};
  if (const auto ok = order.continue_after(*conditions, q.after); !ok) return tl::unexpected(ok.error());
  return guarded(store, [&]() -> Result<Table> {
    const auto names = [](const char* role) {
      return fmt::format(
          "(SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = '{}' ORDER BY "
          "number))",
          role);
    };
    const std::string sql = fmt::format(
        "SELECT {} d.id || '#v' || ((e.event & 16777215) + 1) AS event, e.type, {} AS actors, {} AS recipients, e.trigger_text AS "
        "trigger, e.date, "
        "p.name AS place, coalesce(a.voice, d.publisher, 'the document') AS voice, e.factuality, e.status, {} AS disputed, e.decision, "
        "d.published, d.publisher, "
        "substr(t.text, s.start + 1, s.end - s.start) AS sentence "
        "FROM events e CROSS JOIN documents d ON d.document = e.document CROSS JOIN texts t ON t.document = e.document LEFT JOIN places p "
        "ON p.place = "
        "e.place "
        "LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence{}{}",
        order.columns(), names("actor"), names("recipient"), kDisputed, conditions->where(), order.by());
    return fetch(store, sql, conditions->values, q, order);
  });
}

Result<Table> actors(Store& store, const Query& q) {
  Conditions where;
  if (!q.query.empty()) where.add(named("a.actor", q.query), "", "");
  if (is_country(q.actor))
    where.add("a.country = ?", q.actor);
  else if (!q.actor.empty())
    where.add(named("a.actor", q.actor), "", "");
  if (q.query.empty() && q.actor.empty()) where.add("a.named");
  // Ordered and cut before the other counts are made.
  const Order inner{{{"documents", true}, {"a.key", true}}}, order{{{"n.documents", true}, {"a.key", true}}};
  Conditions place;
  if (const auto ok = inner.continue_after(place, q.after); !ok) return tl::unexpected(ok.error());
  const std::string rest = inner.by() + limit_of(q);
  std::string found;
  const Conditions documents = publication(q);
  if (!documents.empty()) {  // of these documents alone: they are counted
    where.add(documents, "", "");
    found =
        "SELECT a.actor, a.documents FROM (SELECT a.actor, a.key, count(DISTINCT e.document) AS documents FROM documents d JOIN entities e "
        "ON e.document = d.document JOIN actors a ON a.actor = e.actor" +
        where.where() + " GROUP BY a.actor) a" + place.where() + rest;
  } else {
    Conditions both = where;
    if (!place.empty()) both.sql += (both.empty() ? "" : " AND ") + place.sql;
    found = "SELECT a.actor, a.documents FROM actors a" + both.where() + rest;
  }
  // The other counts are of the same documents.
  std::vector<Value> values;
  const auto counted = [&](const char* what, const char* from, const char* document, const char* of, const char* name) {
    std::string joined = from, condition = of;
    if (!documents.empty()) {
      joined += fmt::format(" CROSS JOIN documents d ON d.document = {}", document);
      condition += " AND " + documents.sql;
      values.insert(values.end(), documents.values.begin(), documents.values.end());
    }
    if (name == std::string_view("origins")) joined += fmt::format(" LEFT JOIN duplicates u ON u.document = {}", document);
    return fmt::format("(SELECT {} FROM {} WHERE {}) AS {}", what, joined, condition, name);
  };
  const std::string counts =
      counted("count(DISTINCT coalesce(u.origin, e.entity >> 24))", "entities e", "e.entity >> 24", "e.actor = a.actor", "origins") + ", " +
      counted("count(*)", "event_actors x", "x.event >> 24", "x.actor = a.actor AND role = 'actor'", "acts") + ", " +
      counted("count(*)", "event_actors x", "x.event >> 24", "x.actor = a.actor AND role = 'recipient'", "receives") + ", " +
      counted("count(*)", "attributions t", "t.document", "t.source_actor = a.actor", "speaks");
  values.insert(values.end(), where.values.begin(), where.values.end());
  values.insert(values.end(), place.values.begin(), place.values.end());
  return fetch(store,
               "SELECT " + order.columns() + "a.key AS actor, a.name, a.kind, a.country, a.sectors, n.documents, " + counts + " FROM (" +
                   found + ") n JOIN actors a ON a.actor = n.actor" + order.by(),
               values, q, order);
}

Result<Table> claims(Store& store, const Query& q) {
  Conditions where = publication(q);
  const Conditions events = event_conditions(q);
  if (!events.empty()) where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.event = c.event AND ", ")");
  if (!q.query.empty()) where.add("c.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", in_texts(fts_query(q.query)));
  if (is_country(q.speaker))
    where.add("v.country = ?", q.speaker);
  else if (!q.speaker.empty())
    where.add("(v.key = ? OR v.label LIKE ? ESCAPE '\\' OR v.actor IN (SELECT actor FROM actors WHERE name LIKE ? ESCAPE '\\'))", q.speaker,
              like(q.speaker), like(q.speaker));
  if (!q.stance.empty()) where.add("c.stance = ?", q.stance);
  const Order order{{{"coalesce(c.story_event, 0)"}, {"coalesce(c.date, '')"}, {"c.claim"}}};
  const char* join = where.empty() ? "CROSS JOIN" : "JOIN";  // all of them: in the order of their index (claims_ledger)
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  // Inside: which, in order and cut; outside: what is shown of them.
  const std::string sql = fmt::format(
      "SELECT {} c.id AS claim, s.id AS event, s.title AS about, v.label AS voice, c.chain, c.kind, c.stance, c.factuality, c.status, "
      "p.holds, c.date, coalesce(act.decision, voice.decision) AS decision, d.id AS document, d.publisher, o.id AS copy_of, {} AS sentence "
      "FROM (SELECT c.claim FROM claims c {} documents d "
      "ON d.document = c.document {} voices v ON v.voice = c.voice{}{}{}) r JOIN claims c ON c.claim = r.claim JOIN documents d ON "
      "d.document = c.document JOIN voices v ON v.voice = c.voice LEFT JOIN story_events s ON s.story_event = c.story_event LEFT JOIN "
      "positions p ON p.position = c.position LEFT JOIN duplicates u ON u.document = c.document LEFT JOIN documents o ON o.document = "
      "u.origin{}{}",
      order.columns(), corpus::kClaimWords, join, join, where.where(), order.by(), limit_of(q), corpus::kClaimJoins, order.by());
  return fetch(store, sql, where.values, q, order);
}

Result<Table> changes(Store& store, const Query& q) {
  Conditions where = publication(q);
  const Conditions events = event_conditions(q);
  if (!events.empty()) where.add(events, "EXISTS (SELECT 1 FROM events e WHERE e.event = b.event AND ", ")");
  if (!q.query.empty()) where.add("b.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", in_texts(fts_query(q.query)));
  if (is_country(q.speaker))
    where.add("v.country = ?", q.speaker);
  else if (!q.speaker.empty())
    where.add("(v.key = ? OR v.label LIKE ? ESCAPE '\\')", q.speaker, like(q.speaker));
  const Order order{{{"coalesce(b.date, '')"}, {"a.id"}, {"b.id"}}};
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  const std::string sql = fmt::format(
      "SELECT {} s.id AS event, s.title AS about, v.label AS voice, x.kind, p.holds AS before, a.date AS said, r.holds AS after, b.date AS "
      "later_said, iif(x.correction, 'correction', '') AS as_a, a.id AS claim, b.id AS later_claim, {} AS sentence, {} AS later_sentence "
      "FROM changes_of_mind x JOIN claims a ON a.claim = x.earlier JOIN claims b ON b.claim = x.later JOIN voices v ON v.voice = x.voice "
      "JOIN "
      "story_events s ON s.story_event = x.story_event JOIN documents d ON d.document = b.document LEFT JOIN positions p ON p.position = "
      "a.position LEFT JOIN positions r ON r.position = b.position{}{}",
      order.columns(), sentences("c.claim = a.claim"), sentences("c.claim = b.claim"), where.where(), order.by());
  return fetch(store, sql, where.values, q, order);
}

namespace {

/// What must hold of a dispute x.
Conditions dispute_conditions(const Query& q) {
  Conditions where, events = event_conditions(q), documents = publication(q);
  if (!q.query.empty())
    documents.add("d.document IN (SELECT rowid FROM texts_index WHERE texts_index MATCH ?)", in_texts(fts_query(q.query)));
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
  return where;
}

}  // namespace

Result<Table> disputes(Store& store, const Query& q) {
  Conditions where = dispute_conditions(q);
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

Result<Table> positions(Store& store, const Query& q) {
  // A page is of whole disputes: they are counted, and what comes next begins with one.
  Conditions where = dispute_conditions(q);
  const Order order{{{"coalesce(x.first_date, '')"}, {"x.id"}}};
  if (const auto ok = order.continue_after(where, q.after); !ok) return tl::unexpected(ok.error());
  const auto page = fetch(store, fmt::format("SELECT {} x.dispute FROM disputes x{}{}", order.columns(), where.where(), order.by()),
                          where.values, q, order);
  if (!page) return tl::unexpected(page.error());
  const std::string sql = fmt::format(
      "SELECT x.id AS dispute, x.kind, x.title, p.holds, (SELECT group_concat(label, '; ') FROM (SELECT DISTINCT v.label FROM claims c "
      "JOIN voices v USING(voice) WHERE c.position = p.position ORDER BY 1)) AS voices, p.first_date, p.last_date, p.documents, p.origins, "
      "{} AS sentences FROM disputes x JOIN dispute_positions y USING(dispute) JOIN positions p USING(position) WHERE x.dispute IN (SELECT "
      "x.dispute FROM disputes x{}{}{}){}, y.number",
      sentences("c.position = p.position"), where.where(), order.by(), q.limit > 0 ? fmt::format(" LIMIT {}", q.limit) : "", order.by());
  auto out = fetch(store, sql, where.values, {.limit = 0});
  if (out) out->next = page->next;
  return out;
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
    add("origins", one("SELECT (SELECT count(*) FROM documents WHERE error_code IS NULL) - (SELECT count(*) FROM duplicates)"));
    add("events", one("SELECT count(*) FROM events"));
    add("attributions", one("SELECT count(*) FROM attributions"));
    add("actors", one("SELECT count(*) FROM actors WHERE named"));
    add("events over documents", one("SELECT count(*) FROM story_events"));
    add("claims", one("SELECT count(*) FROM claims"));
    add("disputes", one("SELECT count(*) FROM disputes"));
    // Of a store that other rules grouped, all.
    add("documents still to be grouped",
        one(fmt::format("SELECT count(*) FROM texts WHERE document IN ungrouped OR (SELECT version FROM grouping) <> {}",
                        corpus::kGroupingVersion)
                .c_str()));
    add("corrections", one("SELECT count(*) FROM corrections"));
    add("runs", one("SELECT count(*) FROM runs"));
    add("last run", one("SELECT started || ' ' || state FROM runs ORDER BY run DESC LIMIT 1"));
    SQLite::Statement engines(
        store.database(),
        "SELECT e.version || ', model ' || e.model || ', lexicon ' || e.lexicon || iif(e.options = '', '', ', ' || e.options) || ': ' || "
        "count(*) || ' documents' FROM engines e JOIN documents d USING(engine) WHERE d.hash IS NOT NULL AND d.error_code IS NULL GROUP BY "
        "e.engine");
    while (engines.executeStep()) add("coded by", engines.getColumn(0).getString());
    return out;
  });
}

Result<Table> runs(Store& store, int64_t run) {
  const Query all{.limit = 0};
  if (run == 0) return fetch(store, "SELECT * FROM run_list ORDER BY run", {}, all);
  return fetch(
      store,
      fmt::format("SELECT x.path, x.item, x.document_id AS document, x.outcome, x.format, x.encoding, x.published, "
                  "x.published_origin, x.characters, {}, x.warning_messages AS warnings, x.error_code AS error, x.error_message AS "
                  "message FROM run_documents x{}WHERE x.run = CASE ?1 WHEN -1 THEN (SELECT max(run) FROM runs) ELSE ?1 END ORDER "
                  "BY x.number",
                  corpus::kCopyColumns, corpus::kCopyJoins),
      {run}, all);
}

Result<Table> run_copies(Store& store, int64_t run) {
  return fetch(store, "SELECT kind, count(*) AS documents FROM run_copies WHERE run = ? AND kind IS NOT NULL GROUP BY kind ORDER BY 1",
               {run}, {.limit = 0});
}

}  // namespace reportedly
