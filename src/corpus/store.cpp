// Opening a store: rights, the writer's lock, version, migrations.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "corpus/rank.h"
#include "corpus/sql.h"

namespace reportedly {
namespace corpus {

extern const char* const kSchema;

/// The way out of a place without rights.
constexpr const char* kWritable =
    "name one with --store in a folder where you may write (a copy of the store will do), or have its rights changed";

namespace {

namespace fs = std::filesystem;

constexpr int64_t kApplication = 0x72707464;  // PRAGMA application_id: the file is one of ours

struct Migration {
  int to;
  const char* const* sql;
};
/// A mention goes with one of another text and with one of its own; and by which rules the groups were made.
const char* const kSecond = R"(
ALTER TABLE story_event_members ADD COLUMN within INTEGER;
CREATE TABLE grouping(version INTEGER NOT NULL);
INSERT INTO grouping VALUES(1);
)";
/// Every story that is counted, and every voice that goes, asks for its changes of mind. A voice goes with its last claim. Parts of names
/// are looked up instead of looked for in all names.
const char* const kThird = R"(
CREATE INDEX changes_of_mind_story_event ON changes_of_mind(story_event);
CREATE INDEX changes_of_mind_voice ON changes_of_mind(voice);
CREATE TRIGGER claims_delete AFTER DELETE ON claims BEGIN
  DELETE FROM voices WHERE voice = old.voice AND NOT EXISTS (SELECT 1 FROM claims WHERE voice = old.voice);
END;
DELETE FROM voices WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.voice = voices.voice);
CREATE INDEX actors_country ON actors(country);
CREATE INDEX events_disputed ON events(document) WHERE disputed;
CREATE INDEX story_events_disputed ON story_events(story_event) WHERE disputed;
CREATE VIRTUAL TABLE actor_names USING fts5(name, content='actors', content_rowid='actor', tokenize='trigram');
CREATE TRIGGER actors_insert AFTER INSERT ON actors BEGIN
  INSERT INTO actor_names(rowid, name) VALUES(new.actor, new.name);
END;
CREATE TRIGGER actors_delete AFTER DELETE ON actors BEGIN
  INSERT INTO actor_names(actor_names, rowid, name) VALUES('delete', old.actor, old.name);
END;
INSERT INTO actor_names(actor_names) VALUES('rebuild');
)";
/// Of a story event some mentions stand for it (core): new ones are compared with these alone, and find them by the blocks. All mentions
/// are found by the day of publication of their text, a number greater than any day without one. What a claim adds to its position is
/// looked up: has the document said it before, has the voice? (named: the voice has a name.) What grouping compares of a document is kept
/// as it is compared (told). The next grouping fills it all anew.
const char* const kFourth = R"(
ALTER TABLE story_event_members ADD COLUMN core INTEGER NOT NULL DEFAULT 0;
ALTER TABLE story_event_members ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
CREATE INDEX story_event_members_day ON story_event_members(story_event, day);
CREATE INDEX story_event_members_core ON story_event_members(story_event) WHERE core;
DROP TABLE event_blocks;
CREATE TABLE event_blocks(
  block INTEGER NOT NULL,
  core INTEGER NOT NULL,
  day INTEGER NOT NULL,
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  PRIMARY KEY(block, core, day, event)
) WITHOUT ROWID;
CREATE INDEX event_blocks_event ON event_blocks(event);
CREATE TABLE told(document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, bytes BLOB NOT NULL);
ALTER TABLE claims ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
DROP INDEX claims_position;
CREATE INDEX claims_position ON claims(position, date, id);
CREATE INDEX claims_position_document ON claims(position, document);
CREATE INDEX claims_position_voice ON claims(position, named, voice, date, id);
ALTER TABLE stale_story_events ADD COLUMN core INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER story_event_members_delete;
CREATE TRIGGER story_event_members_delete AFTER DELETE ON story_event_members BEGIN
  INSERT INTO stale_story_events(story_event, core) VALUES(old.story_event, old.core)
  ON CONFLICT(story_event) DO UPDATE SET core = max(core, excluded.core);
END;
UPDATE grouping SET version = 0;
)";
/// Conditions as words in the index of words (marks.h). Beginnings of words are indexed as well: without that, all words that begin so are
/// put together for each search, which takes as long as the store is large. Parts of an index are merged when there are sixteen: one more
/// document writes less. Names of two letters are found as a whole. The list of claims goes by its index.
const char* const kFifth = R"(
ALTER TABLE texts ADD COLUMN marks TEXT NOT NULL DEFAULT '';
ALTER TABLE attributions ADD COLUMN marks TEXT NOT NULL DEFAULT '';
UPDATE texts SET marks = coalesce((SELECT group_concat(mark, ' ') FROM (
  SELECT 't' || type AS mark FROM events e WHERE e.document = texts.document
  UNION SELECT 'u' || status FROM events e WHERE e.document = texts.document
  UNION SELECT 'c' || country FROM event_actors x WHERE x.event BETWEEN texts.document << 24 AND (texts.document << 24) + 16777215
  UNION SELECT 'a' || actor FROM event_actors x WHERE x.event BETWEEN texts.document << 24 AND (texts.document << 24) + 16777215
  UNION SELECT 'rc' || country FROM event_actors x WHERE x.event BETWEEN texts.document << 24 AND (texts.document << 24) + 16777215
    AND x.role = 'recipient'
  UNION SELECT 'ra' || actor FROM event_actors x WHERE x.event BETWEEN texts.document << 24 AND (texts.document << 24) + 16777215
    AND x.role = 'recipient')), '');
UPDATE attributions SET marks = 's' || stance || coalesce(' a' || source_actor, '') ||
  coalesce(' c' || (SELECT country FROM actors WHERE actor = source_actor), '');
DROP TRIGGER texts_insert;
DROP TRIGGER texts_delete;
DROP TRIGGER attributions_insert;
DROP TRIGGER attributions_delete;
DROP TABLE texts_index;
DROP TABLE contents_index;
CREATE VIRTUAL TABLE texts_index USING fts5(title, text, marks, content='texts', content_rowid='document',
                                            tokenize='unicode61 remove_diacritics 2', prefix='3 4');
CREATE TRIGGER texts_insert AFTER INSERT ON texts BEGIN
  INSERT INTO texts_index(rowid, title, text, marks) VALUES(new.document, new.title, new.text, new.marks);
END;
CREATE TRIGGER texts_delete AFTER DELETE ON texts BEGIN
  INSERT INTO texts_index(texts_index, rowid, title, text, marks) VALUES('delete', old.document, old.title, old.text, old.marks);
END;
CREATE VIRTUAL TABLE contents_index USING fts5(content, marks, content='attributions', content_rowid='attribution',
                                               tokenize='unicode61 remove_diacritics 2', prefix='3 4');
CREATE TRIGGER attributions_insert AFTER INSERT ON attributions BEGIN
  INSERT INTO contents_index(rowid, content, marks) VALUES(new.attribution, new.content, new.marks);
END;
CREATE TRIGGER attributions_delete AFTER DELETE ON attributions BEGIN
  INSERT INTO contents_index(contents_index, rowid, content, marks) VALUES('delete', old.attribution, old.content, old.marks);
END;
INSERT INTO texts_index(texts_index) VALUES('rebuild');
INSERT INTO contents_index(contents_index) VALUES('rebuild');
INSERT INTO texts_index(texts_index, rank) VALUES('automerge', 16);
INSERT INTO contents_index(contents_index, rank) VALUES('automerge', 16);
INSERT INTO actor_names(actor_names, rank) VALUES('automerge', 16);
CREATE INDEX actors_name ON actors(name COLLATE NOCASE);
CREATE INDEX claims_ledger ON claims(coalesce(story_event, 0), coalesce(date, ''), claim);
)";
/// Decisions about events and attributions are laid over the rows of their documents (decisions.h): which hold there (decided: what was
/// rejected has no other row; mark: the type or stance that the program has), and which documents are to be written anew (decisions_due).
/// A run's copies are those that the store knows today, near ones included.
const char* const kSixth = R"(
ALTER TABLE attributions ADD COLUMN decision TEXT;
ALTER TABLE events ADD COLUMN decision TEXT;
CREATE TABLE decided(
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  layer TEXT NOT NULL,
  number INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  mark TEXT NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY(document, layer, number)
) WITHOUT ROWID;
CREATE TABLE decisions_due(document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE);
INSERT INTO decisions_due SELECT DISTINCT t.document FROM corrections c JOIN documents d ON d.id = c.document_id JOIN texts t USING(document)
  WHERE c.layer IN ('event', 'attribution') AND c.action IN ('reject', 'correct');
CREATE TRIGGER decisions_insert AFTER INSERT ON corrections
WHEN new.layer IN ('event', 'attribution') AND new.action IN ('reject', 'correct') BEGIN
  INSERT OR IGNORE INTO decisions_due SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id = new.document_id;
END;
CREATE TRIGGER decisions_update AFTER UPDATE ON corrections BEGIN
  INSERT OR IGNORE INTO decisions_due SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id IN (old.document_id, new.document_id);
END;
CREATE TRIGGER decisions_delete AFTER DELETE ON corrections
WHEN old.layer IN ('event', 'attribution') AND old.action IN ('reject', 'correct') BEGIN
  INSERT OR IGNORE INTO decisions_due SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id = old.document_id;
END;
DROP VIEW attribution_list;
CREATE VIEW attribution_list AS
  SELECT d.id AS document, 'a' || ((a.attribution & 16777215) + 1) AS attribution, 'a' || ((a.parent & 16777215) + 1) AS parent,
         a.source_text AS source, 'e' || ((a.source_entity & 16777215) + 1) AS entity, c.key AS actor, a.voice, a.cue_text AS cue,
         a.cue_lemma, a.form, a.stance, a.hypothetical, a.confidence, a.spans, a.content, a.why, a.decision
  FROM attributions a JOIN documents d USING(document) LEFT JOIN actors c ON c.actor = a.source_actor;
DROP VIEW event_list;
CREATE VIEW event_list AS
  SELECT d.id || '#v' || ((e.event & 16777215) + 1) AS event, d.id AS document, d.published, d.publisher, e.type, e.mode, e.contexts,
         e.cameo, e.quad, e.intensity,
         (SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'actor' ORDER BY number)) AS actors,
         (SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'recipient' ORDER BY number)) AS recipients,
         e.trigger_text AS trigger, e.trigger_lemma, e.trigger_start, e.trigger_end, e.date, e.time, p.name AS place, p.geonames, p.latitude,
         p.longitude, p.country AS place_country, coalesce(a.voice, '') AS voice, a.stance, e.factuality, e.status, e.disputed,
         e.confidence, substr(t.text, s.start + 1, s.end - s.start) AS sentence, e.why, e.decision
  FROM events e JOIN documents d USING(document) JOIN texts t USING(document) LEFT JOIN places p ON p.place = e.place
       LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence;
DROP VIEW run_list;
CREATE VIEW run_list AS
  SELECT r.run, r.started, r.finished, r.state, e.version, e.model, e.lexicon, r.inputs, r.files, r.unchanged_files, r.added, r.changed,
         r.recoded, r.unchanged, r.repeated, r.failed,
         (SELECT count(*) FROM run_copies c WHERE c.run = r.run AND c.kind IS NOT NULL) AS copies, r.warnings, r.message
  FROM runs r LEFT JOIN engines e USING(engine);
CREATE VIEW run_copies AS
  SELECT x.run, x.number, coalesce(o.id, iif(g.document IS NOT NULL, x.duplicate_of, NULL)) AS copy_of,
         coalesce(u.kind, iif(g.document IS NOT NULL AND x.duplicate_of IS NOT NULL, 'exact', NULL)) AS kind
  FROM run_documents x LEFT JOIN documents d ON d.id = x.document_id AND x.outcome <> 'repeated'
       LEFT JOIN duplicates u ON u.document = d.document LEFT JOIN documents o ON o.document = u.origin
       LEFT JOIN ungrouped g ON g.document = d.document;
)";
/// From an empty file to today's version, step by step. A step that was released is never edited.
constexpr std::array<Migration, 6> kMigrations{{{1, &kSchema}, {2, &kSecond}, {3, &kThird}, {4, &kFourth}, {5, &kFifth}, {6, &kSixth}}};
static_assert(kMigrations.back().to == kStoreVersion);

/// A file beside the store with an exclusive flock: it goes when its process goes, however that ends. The store itself cannot
/// carry it: closing a second descriptor of that file would drop SQLite's own locks.
Result<int> take_lock(const fs::path& store, unsigned wait_ms) {
  const std::string path = store.string() + "-lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(ErrorCode::unwritable, fmt::format("cannot write beside the store: {}; {}", std::strerror(errno), kWritable), path);
  for (unsigned waited = 0; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0;) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      const int error = errno;
      ::close(descriptor);
      return fail(ErrorCode::unwritable, fmt::format("cannot lock the store: {}", std::strerror(error)), path);
    }
    if (waited >= wait_ms) {
      std::array<char, 32> text{};
      const ssize_t n = ::pread(descriptor, text.data(), text.size() - 1, 0);
      ::close(descriptor);
      const std::string who = n > 0 ? fmt::format(" (process {})", std::string(text.data())) : "";
      return fail(ErrorCode::locked,
                  fmt::format("another program writes this store{}; there is one writer at a time. Wait for it, or stop it", who),
                  store.string());
    }
    ::usleep(20'000);
    waited += 20;
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, pid.data(), pid.size(), 0);
  return descriptor;
}

int64_t pragma(SQLite::Database& db, const char* name) {
  return db.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

tl::unexpected<Error> no_store(const fs::path& path, const std::string& why) {
  return fail(ErrorCode::bad_store, why, path.string());
}

void migrate(SQLite::Database& db) {
  for (const Migration& step : kMigrations) {
    if (pragma(db, "user_version") >= step.to) continue;
    // One transaction: a process that dies in it leaves the version before.
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec(*step.sql);
    db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, step.to));
    transaction.commit();
  }
}

Result<void> check(SQLite::Database& db, const fs::path& path, bool write) {
  const int64_t version = pragma(db, "user_version");
  const bool empty = db.execAndGet("SELECT count(*) FROM sqlite_master").getInt64() == 0;
  if (!empty && pragma(db, "application_id") != kApplication) return no_store(path, "this is an SQLite file, but no store of reportedly");
  if (version > kStoreVersion)
    return no_store(path,
                    fmt::format("the store was written by a newer version (schema {}, this program knows {})", version, kStoreVersion));
  if (!write && empty) return no_store(path, "the file is empty: fill it with `reportedly add FILES --store STORE`");
  if (!write && version < kStoreVersion)
    return no_store(path, fmt::format("the store has the older schema {}; `reportedly add` or `reportedly purge` brings it to {}", version,
                                      kStoreVersion));
  return {};
}

/// A store in a folder without write rights: SQLite cannot make its -shm file there, and needs none if nobody writes.
std::string immutable_uri(const fs::path& path) {
  std::string out = "file:";
  for (const char c : fs::absolute(path).string()) {
    if (std::isalnum(static_cast<unsigned char>(c)) || std::strchr("/._-~", c))
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out + "?immutable=1";
}

}  // namespace

Error store_error(const SQLite::Exception& exception, const fs::path& store) {
  const std::string place = store.string();
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::unwritable, "the disk is full: what was committed is kept; make room and run the command again", place};
    case SQLITE_READONLY:
      return {ErrorCode::unwritable, fmt::format("the store or its folder cannot be written; {}", kWritable), place};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::unreadable, "the store cannot be opened; are there rights to read it and to write beside it?", place};
    case SQLITE_IOERR:
      return {ErrorCode::unwritable, fmt::format("reading or writing the store failed ({}): is the disk full or gone?", exception.what()),
              place};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::locked, "another program holds the store; try again", place};
    case SQLITE_CORRUPT:
      return {ErrorCode::bad_store, fmt::format("the store is damaged ({}); `reportedly verify` says more", exception.what()), place};
    case SQLITE_NOTADB:
      return {ErrorCode::bad_store, "this is no store: not an SQLite file", place};
    case SQLITE_NOMEM:
      return {ErrorCode::too_large, "not enough memory", place};
    default:
      return {ErrorCode::internal, fmt::format("unexpected fault of the store: {}", exception.what()), place};
  }
}

std::string now() {
  const time_t seconds = ::time(nullptr);
  tm t{};
  gmtime_r(&seconds, &t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string pack(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const size_t n = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  out.resize(ZSTD_isError(n) ? 0 : n);
  return out;
}

std::optional<std::string> unpack(std::string_view bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > 1ULL << 30) return std::nullopt;
  std::string out(size, '\0');
  const size_t n = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(n) || n != size) return std::nullopt;
  return out;
}

}  // namespace corpus

namespace fs = std::filesystem;

struct Store::Impl {
  fs::path path;
  StoreAccess access = StoreAccess::read;
  int lock = -1;
  std::unique_ptr<SQLite::Database> db;
  ~Impl() {
    db.reset();  // before the lock: closing writes the log back
    if (lock >= 0) ::close(lock);
  }
};

Store::Store() : impl_(std::make_unique<Impl>()) {}
Store::~Store() = default;
const fs::path& Store::path() const {
  return impl_->path;
}
StoreAccess Store::access() const {
  return impl_->access;
}
SQLite::Database& Store::database() {
  return *impl_->db;
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& path, const StoreOptions& options) {
  // SQLite's count of its memory, for which nobody asks, costs a lock at each allocation. Refused, and no matter, where SQLite runs
  // already.
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)uncounted;
  std::unique_ptr<Store> store(new Store);
  Impl& impl = *store->impl_;
  impl.path = path;
  impl.access = options.access;
  const bool write = options.access != StoreAccess::read;
  std::error_code ignored;
  const fs::file_status there = fs::status(path, ignored);
  if (fs::is_directory(there)) return fail(ErrorCode::bad_store, "this is a folder: a store is one file", path.string());
  if (!fs::exists(there)) {
    if (options.access != StoreAccess::create)
      return fail(ErrorCode::not_found, "there is no such store; `reportedly add FILES --store STORE` makes one", path.string());
    const fs::path folder = path.parent_path();
    if (!folder.empty() && !fs::is_directory(folder, ignored))
      return fail(ErrorCode::not_found, "the folder of the store is not there", folder.string());
  }
  if (write) {
    auto lock = corpus::take_lock(path, options.wait_ms);
    if (!lock) return tl::unexpected(lock.error());
    impl.lock = *lock;
  }
  if (!fs::exists(there)) {
    // SQLite gives its side files the rights of the store.
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
      return fail(ErrorCode::unwritable, fmt::format("cannot make the store: {}; {}", std::strerror(errno), corpus::kWritable),
                  path.string());
    ::close(descriptor);
  }
  const auto connect = [&](const std::string& name, int flags) -> Result<void> {
    try {
      impl.db = std::make_unique<SQLite::Database>(name, flags | SQLite::OPEN_NOMUTEX, 5000);
      SQLite::Database& db = *impl.db;
      db.exec("PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY");
      if (auto checked = corpus::check(db, path, write); !checked) return checked;
      if (const int rc = corpus::add_bounded_bm25(db.getHandle()); rc != SQLITE_OK) throw SQLite::Exception(db.getHandle(), rc);
      if (!write) return {};
      // NORMAL: a killed process loses nothing, a power cut perhaps the last transactions, which the next run does again.
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864");
      corpus::migrate(db);
      // We hold the lock, so that nobody runs any more; and every writer has said so of the run before its own.
      db.exec("UPDATE runs SET state = 'killed' WHERE run = (SELECT max(run) FROM runs) AND state = 'running'");
      return {};
    } catch (const SQLite::Exception& exception) {
      return tl::unexpected(corpus::store_error(exception, path));
    }
  };
  if (write) {
    if (auto connected = connect(path.string(), SQLite::OPEN_READWRITE); !connected) return tl::unexpected(connected.error());
    return store;
  }
  Result<void> connected = connect(path.string(), SQLite::OPEN_READONLY);
  const bool refused = !connected && (connected.error().code == ErrorCode::unreadable || connected.error().code == ErrorCode::unwritable);
  if (refused && ::access(path.c_str(), R_OK) == 0) {
    const fs::path log = path.string() + "-wal";
    if (!fs::exists(log, ignored) || fs::file_size(log, ignored) == 0)
      connected = connect(corpus::immutable_uri(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  }
  if (!connected) return tl::unexpected(connected.error());
  return store;
}

}  // namespace reportedly
