// The corpus: many documents in one SQLite file (docs/store.md explains its tables).
//
//   auto store = reportedly::Store::open("news.db", {.access = StoreAccess::write});
//   if (!store) …                                          // locked, bad_store, unwritable, not_found
//   auto report = reportedly::add(**store, coder, {"articles/"}, {});
//   auto hits = reportedly::search(**store, {.query = "\"cease fire\"", .speaker = "Norway"});
//
// Anyone may read the file with plain sqlite3 while it is written; there is one writer at a time, over all processes.
// Thread-safety: a Store is used by one thread at a time. A server opens one Store for reading per thread; what a reader sees is
// the state at the start of its query.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reportedly/analysis.h"
#include "reportedly/engine.h"
#include "reportedly/lists.h"

namespace SQLite {
class Database;
}

namespace reportedly {

enum class StoreAccess : uint8_t {
  read,   ///< the store must exist; works in a folder without write rights and while another process writes
  write,  ///< the store must exist; takes the writer's lock until the Store is closed
  create  ///< as write; makes the store (mode 0600) where there is none
};

struct StoreOptions {
  StoreAccess access = StoreAccess::read;
  unsigned wait_ms = 0;  ///< how long to wait for the writer's lock before `locked`
};

/// An open store. What reads and writes rows is in free functions; they and those who add tables' contents use `database()`.
class Store {
 public:
  /// Errors: not_found, unreadable, unwritable (folder or file without write rights, full disk), locked (another writer; the
  /// message names its process), bad_store (no store, damaged, or written by a newer version). Older versions are migrated by a
  /// writer; a reader of an older version gets bad_store with the advice to run a writing command.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path, const StoreOptions& options = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::filesystem::path& path() const;
  StoreAccess access() const;
  /// The connection, foreign keys on. Its calls throw SQLite::Exception; catch them with `store_error`.
  SQLite::Database& database();

 private:
  Store();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Version of the schema in `PRAGMA user_version`.
constexpr int kStoreVersion = 6;
/// Keys of layers: document * kLayerRows + number in the document.
constexpr int64_t kLayerRows = int64_t{1} << 24;
constexpr int64_t layer_key(int64_t document, int64_t number) {
  return document * kLayerRows + number;
}
constexpr int64_t document_of(int64_t key) {
  return key / kLayerRows;
}
constexpr int64_t number_of(int64_t key) {
  return key % kLayerRows;
}

// ------------------------------------------------------------------------------------------------------------------ import

/// A document as a reader of files hands it over, with what the report tells of it.
struct SourceDocument {
  DocumentInput input;
  std::string item;  ///< where in its file: line, row or record ("7"), a member's path ("a/b.html", "a/b.csv:7"); empty: the whole file
  std::string format = "plain";
  std::string encoding;
  std::string published_origin;   ///< how the date was found: file, given, json-ld, meta, url, header; empty: not by the reader
  std::vector<Warning> warnings;  ///< of reading; go in front of the engine's
};

/// Reads one file: calls `take` for each document or error in order, until that returns false. The result is an error where
/// the file as a whole cannot be read (to its end); what was handed over before stays.
class ImportSource {
 public:
  using Take = std::function<bool(Result<SourceDocument>&&, const std::string& item)>;
  virtual ~ImportSource() = default;
  virtual Result<void> read(const std::filesystem::path& file, const Take& take) = 0;
  /// Everything beside the file's bytes that what is read depends on; a file is read again when it changes.
  virtual std::string options() const = 0;
};

struct FileSourceOptions {
  std::optional<std::string> published = {};        ///< for documents without a date
  std::map<std::string, std::string> columns = {};  ///< names of columns and keys by field, where they are not the usual ones
  std::string helper = {};                          ///< the program that parses foreign formats; empty: looked for beside this one
  std::function<bool()> stopped = {};               ///< asked now and then while waiting for input
};
/// Files of every format that is read: text, records, tables, pages, PDF, feeds, archives (docs/import.md).
std::unique_ptr<ImportSource> file_source(FileSourceOptions options = {});

/// Codes one document; called from several threads.
struct Coder {
  EngineInfo engine;
  std::string options;  ///< what else the result depends on, as text: part of the key of work done
  std::function<Analysis(const DocumentInput&, EngineWorkspace&)> code;
};

struct AddOptions {
  unsigned threads = 1;
  size_t batch_documents = 64;                            ///< in one transaction …
  double batch_seconds = 2;                               ///< … or as many as come in this time
  std::function<bool()> stopped;                          ///< asked between documents: end in order, keep what is done
  std::function<void(const struct AddReport&)> progress;  ///< after each batch
};

enum class Outcome : uint8_t {
  added,      ///< new
  changed,    ///< its id or file was there with other contents, which it replaces
  recoded,    ///< the same contents, another engine
  unchanged,  ///< nothing to do
  repeated,   ///< the same document, or its id with other contents, came earlier in this run
  failed      ///< no document, or one that could not be coded
};
const char* outcome_name(Outcome outcome);

struct AddedDocument {
  std::string path, item, id;  ///< id empty: a whole file, or no document
  Outcome outcome = Outcome::failed;
  std::optional<Error> error;
  std::vector<Warning> warnings;
};

struct AddReport {
  int64_t run = 0;
  size_t files = 0, unchanged_files = 0;
  size_t added = 0, changed = 0, recoded = 0, unchanged = 0, repeated = 0, failed = 0;  ///< documents
  size_t warnings = 0, copies = 0;                                                      ///< documents with warnings; exact copies of others
  size_t undated = 0;                                                                   ///< documents coded without a date of publication
  size_t bytes = 0;                                                                     ///< of text coded
  double reading = 0, coding = 0, storing = 0;  ///< CPU seconds of the threads that read, code (records included), and write
  bool stopped = false;
};

/// Imports files and folders (recursively, in order of name; the store itself is left out). Documents are coded by `threads` threads and
/// written in the order of the input, so that the rows do not depend on threads, and an import that was killed at any moment and is run
/// again leaves the same rows as one that was not (docs/store.md, "What a run promises"). A document that fails is a row with its reason.
/// Errors: not_found (none of the inputs is there), unwritable (disk full: what was committed stays), bad_store.
Result<AddReport> add(Store& store, const Coder& coder, ImportSource& source, const std::vector<std::filesystem::path>& inputs,
                      const AddOptions& options, const std::function<void(const AddedDocument&)>& each = {});

struct GroupOptions {
  size_t batch_documents = 64;                              ///< in one transaction
  std::function<bool()> stopped;                            ///< asked between documents: end in order, keep what is done
  std::function<void(const struct GroupReport&)> progress;  ///< after each batch
};

struct GroupReport {
  size_t documents = 0;  ///< grouped in this call
  size_t left = 0;       ///< still to be grouped: 0 unless it was stopped
  bool stopped = false;
};

/// Takes up what `add` left in `ungrouped`, and what people corrected: finds copies and their origins, the same event over documents,
/// claims, positions, disputes and changes of mind (docs/claims.md). The rows depend on the documents and corrections in the store
/// alone, not on the order in which they came nor on where an earlier call was killed. Errors: unwritable, bad_store.
Result<GroupReport> group(Store& store, const GroupOptions& options = {});

/// Removes documents with everything made of them, the search index and corrections included, and rewrites the file so that
/// no trace of their words is left in it. Ids that are not there are returned. Errors: unwritable, bad_store.
Result<std::vector<std::string>> purge(Store& store, const std::vector<std::string>& ids);

// ----------------------------------------------------------------------------------------------------------------- looking

using Value = std::variant<std::monostate, int64_t, double, std::string>;

/// Rows as they are shown, exported and sent: table, CSV and JSON are written from it.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  std::optional<std::string> next;  ///< cursor for `after`, where there are more rows
};

/// What to look for. Empty fields are no condition; all that are given must hold. Words are compared without regard to case.
struct Query {
  std::string query;  ///< FTS5: words, "phrases", prefix*, NEAR(a b, 5), AND OR NOT, title: …
  std::string publisher;
  std::string document;              ///< id
  std::string from, to;              ///< publication, YYYY-MM-DD, both included
  std::string event_from, event_to;  ///< date of the event, both included; an event of a whole month is in each of its days
  std::string actor;                 ///< takes part in an event: country code (three capitals), else name or part of it, key of an actor
  std::string recipient;             ///< the same, on the receiving side alone
  std::string type;                  ///< PLOVER type
  std::string speaker;               ///< source of an attribution: as `actor`, or words of the source in the text
  std::string stance;                ///< of an attribution
  std::string status;                ///< of an event
  std::optional<bool> disputed;
  size_t limit = 50;  ///< 0: all
  std::string after;  ///< Table::next of the page before
};

/// Documents, best first, each with the passage that matched between « and ». With `speaker` or `stance` the words are looked for
/// in what is ascribed to that speaker, and hits are attributions. With `actor`, `recipient`, `type`, `status` the document must have
/// one event for which all of these hold. Of more than 1,000 hits the latest imported are ranked. Errors: usage (query FTS5 cannot read),
/// bad_store.
Result<Table> search(Store& store, const Query& query);
/// Events in order of document; `query` is looked for in their documents.
Result<Table> events(Store& store, const Query& query);
/// Actors over documents, most documents first; `query`: part of the name. With conditions on documents all counts are of these.
Result<Table> actors(Store& store, const Query& query);
/// Claims over documents with their sentences, by event and date.
Result<Table> claims(Store& store, const Query& query);
/// Where claims exclude each other, a row each. `documents` counts copies, `origins` does not.
Result<Table> disputes(Store& store, const Query& query);
/// The positions of these disputes with their voices and sentences, a row each; `limit` counts disputes, and none is cut in two.
Result<Table> positions(Store& store, const Query& query);
/// What voices said at one date, and otherwise at a later one. Conditions hold for the later claim.
Result<Table> changes(Store& store, const Query& query);
/// Sums over what a query finds, for overviews; `limit` and `after` do not count here unless they are named.
/// How many of the documents that `search` finds (of at most `documents`, newest first) have which publisher, month, actor, type,
/// speaker, stance, status, dispute: facet, value, label, documents, and how many independent origins these have; the most frequent 15 of
/// each.
Result<Table> facets(Store& store, const Query& query, size_t documents = 10'000);
/// Events by day: date, events, documents, origins, disputed, and one column for each quad class.
Result<Table> timeline(Store& store, const Query& query);
/// Who acts on whom: the `limit` most frequent pairs of actors, with events, disputed ones, mean intensity and types.
Result<Table> network(Store& store, const Query& query);
/// Where: the `limit` most frequent places of events with coordinates; `feature` tells how precise one is.
Result<Table> event_places(Store& store, const Query& query);
/// The reportedly/1 record of a document. Errors: not_found.
Result<std::string> record(Store& store, const std::string& id);
struct StoredRecord {
  std::string json;
  std::string format;   ///< that it was read from
  std::string options;  ///< Coder::options of the engine that coded it
};
/// The records of the documents that `search` would find, in order of import, until `take` returns false. `limit` and `after` do not
/// count.
Result<void> records(Store& store, const Query& query, const std::function<bool(StoredRecord&&)>& take);

std::string to_csv(const Table& table);                   ///< formula injection disarmed
std::string to_json(const Table& table);                  ///< {"rows":[{column: value}],"next":…}
std::string to_jsonl(const Table& table);                 ///< {column: value}, one row a line
std::string to_text(const Table& table, unsigned width);  ///< columns for a terminal
/// What `positions` gives as paragraphs: each dispute, and below it who holds what, since when, and a sentence.
std::string positions_account(const Table& positions, unsigned width);

/// What is in the store, one row a fact.
Result<Table> status(Store& store);
/// The runs, or what became of each input of one run (`run` > 0; -1: the last).
Result<Table> runs(Store& store, int64_t run = 0);
/// How many documents of a run are copies of others, by kind: exact, near, shortened, updated.
Result<Table> run_copies(Store& store, int64_t run);

struct Verification {
  std::vector<std::string> problems;  ///< empty: all is well
  std::string digest;                 ///< SHA-256 over `write_canonical`: equal digests, equal contents
};
/// Integrity of the file and the index, references, counts against records, hashes against texts. Errors: bad_store.
Result<Verification> verify(Store& store);

/// All rows about documents as text, by id, without keys, times and runs: equal for stores with the same contents, however they were
/// made.
Result<void> write_canonical(Store& store, const std::function<void(std::string_view)>& write);

}  // namespace reportedly
