// The driver of grouping, and what people corrected.
#include "corpus/group.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "corpus/decisions.h"

namespace reportedly {
namespace corpus {
namespace {

using Json = nlohmann::json;

std::optional<int64_t> integer(const Json& j, const char* name) {
  const auto at = j.find(name);
  return at != j.end() && at->is_number_integer() ? std::optional(at->get<int64_t>()) : std::nullopt;
}
std::optional<std::string> word(const Json& j, const char* name) {
  const auto at = j.find(name);
  return at != j.end() && at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
}

template <class Key, class Value>
void put_pair(std::map<std::pair<Key, Key>, Value>& to, const Key& a, const Key& b, Value value) {
  if (a == b) return;
  to[{a, b}] = value;
  to[{b, a}] = value;
}

}  // namespace

Corrections::Corrections(SQLite::Database& db) {
  // The later of two corrections of one thing holds. A text that changed since is another text: what was said of it is left alone.
  SQLite::Statement s(
      db,
      "SELECT c.document_id, c.layer, c.anchor, c.action, c.value FROM corrections c CROSS JOIN documents d ON d.id = c.document_id "
      "WHERE d.text_hash = c.text_hash AND c.layer IN ('duplicate', 'story_event', 'claim') ORDER BY c.made, "
      "c.correction");
  while (s.executeStep()) {
    const std::string id = s.getColumn(0).getString(), layer = s.getColumn(1).getString(), action = s.getColumn(3).getString();
    const Json anchor = Json::parse(s.getColumn(2).getString(), nullptr, false);
    const Json value = s.getColumn(4).isNull() ? Json::object() : Json::parse(s.getColumn(4).getString(), nullptr, false);
    if (!anchor.is_object() || !value.is_object()) continue;
    const bool rejects = action == "reject";
    const Pair pair = rejects ? Pair::apart : Pair::together;
    if (layer == "duplicate") {
      if (const auto other = word(value, "document")) put_pair(documents_, id, *other, pair), empty_ = false;
    } else if (layer == "claim") {
      const auto claim = word(anchor, "id");
      if (!claim || action == "accept") continue;
      claims_[*claim] = {rejects, word(value, "value"), integer(value, "low"), integer(value, "high")};
      empty_ = false;
    } else {
      const auto start = integer(anchor, "start"), end = integer(anchor, "end");
      if (!start || !end) continue;
      const auto other = word(value, "document");
      const auto other_start = integer(value, "start"), other_end = integer(value, "end");
      if (!other || !other_start || !other_end) continue;
      put_pair(events_, Place{id, *start, *end}, Place{*other, *other_start, *other_end}, pair);
      empty_ = false;
    }
  }
}

Corrections::Pair Corrections::documents(const std::string& a, const std::string& b) const {
  const auto at = documents_.find({a, b});
  return at == documents_.end() ? Pair::open : at->second;
}
std::vector<std::string> Corrections::copies_with(const std::string& document) const {
  std::vector<std::string> out;
  for (auto at = documents_.lower_bound({document, ""}); at != documents_.end() && at->first.first == document; ++at)
    if (at->second == Pair::together) out.push_back(at->first.second);
  return out;
}
Corrections::Pair Corrections::events(const Place& a, const Place& b) const {
  const auto at = events_.find({a, b});
  return at == events_.end() ? Pair::open : at->second;
}
std::vector<Corrections::Place> Corrections::same_as(const Place& event) const {
  std::vector<Place> out;
  for (auto at = events_.lower_bound({event, Place{"", INT64_MIN, INT64_MIN}}); at != events_.end() && at->first.first == event; ++at)
    if (at->second == Pair::together) out.push_back(at->first.second);
  return out;
}
const Corrections::ClaimFields* Corrections::claim(const std::string& id) const {
  const auto at = claims_.find(id);
  return at == claims_.end() ? nullptr : &at->second;
}

namespace {
/// What other rules made goes, and every document waits to be grouped, in one transaction. Corrections stay.
void take_up_all(SQLite::Database& db) {
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  for (const char* table : {"story_events", "claims", "voices", "event_blocks", "told", "duplicates", "signatures", "signature_bands"})
    db.exec(std::string("DELETE FROM ") + table);
  db.exec("DELETE FROM stale_story_events; INSERT OR IGNORE INTO ungrouped SELECT document FROM texts");
  db.exec(fmt::format("UPDATE grouping SET version = {}", kGroupingVersion));
  transaction.commit();
}
}  // namespace
}  // namespace corpus

Result<GroupReport> group(Store& store, const GroupOptions& options) {
  using namespace corpus;  // NOLINT: everything below is of it
  if (store.access() == StoreAccess::read) return fail(ErrorCode::usage, "the store was opened for reading", store.path().string());
  return guarded(store, [&]() -> Result<GroupReport> {
    SQLite::Database& db = store.database();
    lay_due(db);
    if (db.execAndGet("SELECT version FROM grouping").getInt() != kGroupingVersion) take_up_all(db);
    const Corrections corrections(db);
    Copies copies(db, corrections);
    Stories stories(db, corrections);
    Claims claims(db, corrections);
    // In order of publication: what comes after all others has nothing after it decided anew.
    SQLite::Statement waiting(db,
                              "SELECT u.document, EXISTS (SELECT 1 FROM texts t WHERE t.document = u.document) FROM ungrouped u CROSS JOIN "
                              "documents d USING(document) ORDER BY d.published IS NULL, d.published, d.id");
    SQLite::Statement done(db, "DELETE FROM ungrouped WHERE document = ?");
    SQLite::Statement stories_of(
        db, "SELECT DISTINCT story_event FROM story_event_members WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216");
    SQLite::Statement left(db, "SELECT count(*) FROM ungrouped");
    GroupReport report;
    const bool any_stale = db.execAndGet("SELECT EXISTS (SELECT 1 FROM stale_story_events)").getInt() != 0;
    std::vector<std::pair<int64_t, bool>> list;
    size_t taken = 0;
    for (bool first = true;; first = false) {
      report.stopped = options.stopped && options.stopped();
      SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
      if (taken == list.size() && !report.stopped) {
        list.clear(), taken = 0;
        prepared(waiting);
        while (waiting.executeStep()) list.emplace_back(waiting.getColumn(0).getInt64(), waiting.getColumn(1).getInt() != 0);
        waiting.reset();
      }
      std::vector<std::pair<int64_t, bool>> batch;
      while (!report.stopped && taken < list.size() && batch.size() < std::max<size_t>(1, options.batch_documents))
        batch.push_back(list[taken++]);
      if (batch.empty() && !(first && any_stale)) break;
      std::set<int64_t> moved;
      StoryChanges changed;
      for (const auto& [document, has_text] : batch) {
        if (has_text) {
          copies.group(document, moved);
          stories.group(document);
          claims.write(document);
        }
        run(done, document);
        ++report.documents;
      }
      stories.write(changed);
      for (const auto& [document, has_text] : batch) moved.erase(document);  // all that it tells has just come to where it is
      for (const int64_t document : moved) {
        prepared(stories_of, document);
        while (stories_of.executeStep()) changed.whole.insert(stories_of.getColumn(0).getInt64());
        stories_of.reset();
      }
      for (const int64_t story : changed.whole) claims.count(story);
      for (const auto& [story, mentions] : changed.joined)
        if (!changed.whole.contains(story)) claims.count(story, mentions);
      transaction.commit();
      if (options.progress) options.progress(report);
    }
    prepared(left).executeStep();
    report.left = static_cast<size_t>(left.getColumn(0).getInt64());
    left.reset();
    return report;
  });
}

}  // namespace reportedly
