// Import. One thread reads files, several code, the caller's thread writes, in the order of the input.
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <unordered_map>

#include "base/ordered_pipeline.h"
#include "base/sha256.h"
#include "corpus/rows.h"
#include "import/import.h"
#include "text/input.h"

namespace reportedly {

namespace fs = std::filesystem;

const char* outcome_name(Outcome outcome) {
  static constexpr std::array<const char*, 6> kNames{"added", "changed", "recoded", "unchanged", "repeated", "failed"};
  return kNames[static_cast<size_t>(outcome)];
}

namespace corpus {
namespace {

using Clock = std::chrono::steady_clock;

/// CPU time of this thread.
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Everything the record of a document depends on, beside the engine.
std::string hash_of(const DocumentInput& input) {
  Sha256 hash;
  hash.field(input.id);
  hash.field(input.text);
  hash.field(input.format == SourceFormat::plain ? "plain" : "record");
  for (const auto* field : {&input.title, &input.byline, &input.publisher, &input.url, &input.published, &input.language}) {
    hash.field(*field ? "given" : "");
    hash.field(field->value_or(""));
  }
  return hash.hex();
}

struct File {
  std::string path, hash, options;
  std::string version;  ///< hash and options: what `documents.seen` says
  bool stream = false;  ///< standard input or a pipe: read once, no hash, never complete
  int64_t bytes = 0;
};

/// Hash and size of a file's bytes.
Result<void> hash_file(File& file) {
  const int descriptor = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::unreadable, fmt::format("cannot read: {}", std::strerror(errno)),
                file.path);
  Sha256 hash;
  std::string buffer(size_t{1} << 18, '\0');
  for (;;) {
    const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(descriptor);
      return fail(ErrorCode::unreadable, fmt::format("cannot read: {}", std::strerror(error)), file.path);
    }
    if (n == 0) break;
    hash.update(std::string_view(buffer).substr(0, static_cast<size_t>(n)));
    file.bytes += n;
  }
  ::close(descriptor);
  file.hash = hash.hex();
  return {};
}

struct Item {
  enum class Kind : uint8_t { begin, document, refused, end, unchanged, missing };
  Kind kind = Kind::begin;
  std::shared_ptr<const File> file;
  std::string item, hash;
  SourceDocument document;
  std::optional<Error> error;  ///< refused, missing; of the whole file: end
  std::optional<Coded> coded;
};

using Pipeline = OrderedPipeline<Item>;

std::string absolute_path(const fs::path& path) {
  if (path == "-") return "-";
  std::error_code failed;
  const fs::path absolute = fs::absolute(path, failed);
  return (failed ? path : absolute).lexically_normal().string();
}

/// The part of the import that has the files: walks folders, hashes, reads, and leaves out what the store has.
class Reader {
 public:
  Reader(const fs::path& store, int64_t engine, int64_t run, ImportSource& source, const AddOptions& options, Pipeline& to)
      : store_(absolute_path(store)),
        db_(store.string(), SQLite::OPEN_READONLY, 5000),
        known_file_(db_, "SELECT 1 FROM sources WHERE path = ? AND hash = ? AND options = ? AND engine = ? AND complete"),
        known_document_(db_, "SELECT 1 FROM documents WHERE hash = ? AND engine = ? AND error_code IS NOT 'internal'"),
        engine_(engine),
        run_(run),
        source_(source),
        options_(options),
        to_(to) {}

  void read(const std::vector<fs::path>& inputs) {
    for (const fs::path& input : inputs) {
      if (stopped()) return;
      std::error_code failed;
      if (input != "-" && fs::is_directory(input, failed))
        folder(input);
      else
        file(absolute_path(input));
    }
  }
  bool was_stopped() const { return stopped_; }

 private:
  bool stopped() { return stopped_ = stopped_ || (options_.stopped && options_.stopped()); }

  void folder(const fs::path& path) {
    const std::string folder = absolute_path(path);
    const auto files = importer::list_files(folder);
    if (!files) return missing(folder, files.error());
    for (const std::string& f : *files) {
      if (stopped()) return;
      // The store's own files may lie in the folder: STORE, -wal, -shm, -lock.
      if (!(f.starts_with(store_) && (f.size() == store_.size() || f[store_.size()] == '-'))) file(f);
    }
  }

  void missing(const std::string& path, Error error) {
    auto file = std::make_shared<File>();
    file->path = path;
    to_.put({.kind = Item::Kind::missing, .file = std::move(file), .error = std::move(error)}, false);
  }

  static bool found(SQLite::Statement& statement) {
    const bool yes = statement.executeStep();
    statement.reset();  // or the connection would keep an old state of the store alive
    return yes;
  }

  void file(const std::string& path) {
    auto file = std::make_shared<File>();
    file->path = path;
    file->options = source_.options();
    std::error_code failed;
    const fs::file_status there = path == "-" ? fs::file_status(fs::file_type::fifo) : fs::status(path, failed);
    file->stream = fs::exists(there) && !fs::is_regular_file(there);
    if (file->stream) {
      file->version = fmt::format("run {}", run_);
    } else {
      if (auto hashed = hash_file(*file); !hashed) return missing(path, hashed.error());
      Sha256 version;
      version.field(file->hash);
      version.field(file->options);
      file->version = version.hex();
      if (found(prepared(known_file_, path, file->hash, file->options, engine_))) {
        to_.put({.kind = Item::Kind::unchanged, .file = std::move(file)}, false);
        return;
      }
    }
    if (!to_.put({.kind = Item::Kind::begin, .file = file}, false)) return;
    bool whole = true;
    const auto take = [&](Result<SourceDocument>&& next, const std::string& item) {
      if (stopped()) return whole = false;
      Item out{.file = file, .item = item};
      if (!next) {
        out.kind = Item::Kind::refused;
        out.error = next.error();
        return whole = to_.put(std::move(out), false);
      }
      out.kind = Item::Kind::document;
      out.hash = hash_of(next->input);
      out.document = std::move(*next);
      const bool known = found(prepared(known_document_, out.hash, engine_));
      return whole = to_.put(std::move(out), !known);
    };
    const Result<void> done = source_.read(path, take);
    if (!done && stopped()) return;  // an interrupted read is no fault of the file
    if (whole) to_.put({.kind = Item::Kind::end, .file = file, .error = done ? std::nullopt : std::optional(done.error())}, false);
  }

  const std::string store_;
  SQLite::Database db_;
  SQLite::Statement known_file_, known_document_;
  int64_t engine_, run_;
  ImportSource& source_;
  const AddOptions& options_;
  Pipeline& to_;
  bool stopped_ = false;
};

constexpr size_t kLongestText = 500'000'000;  // bytes

/// Tried again when the file is next added.
Analysis no_memory(const SourceDocument& document) {
  Analysis analysis;
  analysis.document.id = document.input.id;
  analysis.document.language = "und";
  analysis.error = Error{ErrorCode::internal, "not enough memory for this document; split it, or use fewer threads", document.input.origin};
  return analysis;
}

/// What the store takes of an analysis.
Coded made_fit(const Coder& coder, SourceDocument& document, Analysis&& analysis) {
  if (analysis.document.id.empty()) analysis.document.id = text::document_id(document.input.text, document.input.published);
  // What the store cannot hold: SQLite's longest string, and more rows than keys of a layer.
  size_t mentions = 0;
  for (const Entity& entity : analysis.entities) mentions += entity.mentions.size();
  if (analysis.document.text.size() > kLongestText || std::max(mentions, analysis.sentences.size()) >= kLayerRows) {
    DocumentInfo about = std::move(analysis.document);
    about.text.clear();
    about.repairs.clear();
    analysis = {};
    analysis.document = std::move(about);
    analysis.error = Error{ErrorCode::too_large, "the document is too large for the store", document.input.origin};
  }
  analysis.document.warnings.insert(analysis.document.warnings.begin(), document.warnings.begin(), document.warnings.end());
  return make_coded(coder.engine, std::move(analysis));
}

Coded code_document(const Coder& coder, SourceDocument& document, EngineWorkspace& workspace) {
  Analysis analysis;
  try {
    analysis = coder.code(document.input, workspace);
  } catch (const std::bad_alloc&) {
    analysis = no_memory(document);
  } catch (const std::exception& e) {
    analysis = no_memory(document);
    analysis.error->message = fmt::format("unexpected fault: {}", e.what());
  }
  try {
    return made_fit(coder, document, std::move(analysis));
  } catch (const std::bad_alloc&) {
    return made_fit(coder, document, no_memory(document));
  }
}

/// The part of the import that has the store. A document's place in the store is decided here alone, from what is in the store and
/// the input, never from the run, so that a run that was interrupted comes to the same end.
class Writer {
 public:
  Writer(Store& store, const Coder& coder, AddReport& report, const std::function<void(const AddedDocument&)>& each)
      : db_(store.database()), coder_(coder), report_(report), each_(each), layers_(db_) {}

  void start(const std::vector<fs::path>& inputs) {
    const EngineInfo& e = coder_.engine;
    run(db_, "INSERT OR IGNORE INTO engines(version, model, lexicon, options) VALUES(?, ?, ?, ?)", e.version, e.model, e.lexicon,
        coder_.options);
    SQLite::Statement find(db_, "SELECT engine FROM engines WHERE version = ? AND model = ? AND lexicon = ? AND options = ?");
    prepared(find, e.version, e.model, e.lexicon, coder_.options).executeStep();
    engine_ = find.getColumn(0).getInt64();
    std::vector<std::string> names;
    names.reserve(inputs.size());
    for (const fs::path& input : inputs) names.push_back(input.string());
    run(db_, "INSERT INTO runs(engine, started, state, inputs) VALUES(?, ?, 'running', ?)", engine_, now(), json_array(names));
    report_.run = db_.getLastInsertRowid();
  }
  int64_t engine() const { return engine_; }

  void write(Item& item) {
    const File& file = *item.file;
    switch (item.kind) {
      case Item::Kind::begin:
        return begin(file);
      case Item::Kind::end:
        return end(item);
      case Item::Kind::unchanged: {
        ++report_.files;
        ++report_.unchanged_files;
        prepared(count_, file.path).executeStep();
        report_.unchanged += static_cast<size_t>(count_.getColumn(0).getInt64());
        count_.reset();
        return;
      }
      case Item::Kind::missing: {
        AddedDocument out{.path = file.path, .error = item.error};
        return tell(out, nullptr, nullptr);
      }
      case Item::Kind::refused:
        return refuse(item, *item.error);
      case Item::Kind::document:
        return document(item);
    }
  }

  void finish(const std::string& state, const std::string& message) {
    layers_.remove_unused_actors();
    totals(state, now(), message);
  }
  /// The report's numbers, in the transaction that they tell of.
  void totals(const std::string& state, const std::optional<std::string>& finished, const std::string& message) {
    const AddReport& r = report_;
    run(totals_, state, finished, message.empty() ? std::nullopt : std::optional(message), r.files, r.unchanged_files, r.added, r.changed,
        r.recoded, r.unchanged, r.repeated, r.failed, r.copies, r.warnings, r.run);
  }

 private:
  struct Row {
    int64_t document = 0;
    std::string id;
    std::optional<std::string> hash, seen, error_code;
    int64_t source = 0, engine = 0, run = 0;
    std::string item;
  };

  template <class... Values>
  std::optional<Row> find(SQLite::Statement& statement, const Values&... values) {
    std::optional<Row> out;
    if (prepared(statement, values...).executeStep()) {
      out = Row{.document = statement.getColumn(0).getInt64(),
                .id = statement.getColumn(1).getString(),
                .hash = text_or_null(statement.getColumn(2)),
                .seen = text_or_null(statement.getColumn(3)),
                .error_code = text_or_null(statement.getColumn(4)),
                .source = statement.getColumn(5).getInt64(),
                .engine = statement.getColumn(6).getInt64(),
                .run = statement.getColumn(7).getInt64(),
                .item = statement.getColumn(8).getString()};
    }
    statement.reset();
    return out;
  }

  void begin(const File& file) {
    ++report_.files;
    run(begin_, file.path, file.bytes, file.hash, file.options, engine_);
    prepared(source_of_, file.path).executeStep();
    source_ = source_of_.getColumn(0).getInt64();
    source_of_.reset();
    faults_ = 0;
    format_.clear();
    encoding_.clear();
  }

  void end(Item& item) {
    const File& file = *item.file;
    if (item.error) refuse(item, *item.error);
    // Inputs of an earlier version of the file that gave no document.
    run(forget_, source_, file.version);
    run(end_, format_, encoding_, !file.stream && faults_ == 0,
        item.error ? std::optional(error_code_name(item.error->code)) : std::nullopt,
        item.error ? std::optional(item.error->message) : std::nullopt, source_);
  }

  /// "file", "file:7", "file!member".
  static std::string place_of(const Item& item) {
    if (item.item.empty()) return item.file->path;
    const bool record = item.item.find_first_not_of("0123456789") == std::string::npos;
    return fmt::format("{}{}{}", item.file->path, record ? ':' : '!', item.item);
  }

  /// An input that gave no document.
  void refuse(const Item& item, const Error& error) {
    run(delete_refused_, source_, item.item);
    const std::string place = place_of(item);
    run(add_refused_, place, source_, item.item, item.file->version, error_code_name(error.code), error.message, engine_, report_.run);
    AddedDocument out{.path = item.file->path, .item = item.item, .error = error};
    if (out.error->place.empty()) out.error->place = place;
    tell(out, &item, nullptr);
  }

  /// May this document take over the row? An earlier version of the same file had it, or a file that is gone.
  bool replaceable(const Row& row, const File& file) { return row.source == source_ ? row.seen != file.version : source_gone(row.source); }
  bool source_gone(int64_t source) {
    const auto [known, is_new] = gone_.try_emplace(source, false);
    if (is_new) {
      SQLite::Statement path(db_, "SELECT path FROM sources WHERE source = ?");
      std::error_code ignored;
      known->second = !prepared(path, source).executeStep() || path.getColumn(0).getString() == "-" ||
                      !fs::exists(path.getColumn(0).getString(), ignored);
    }
    return known->second;
  }

  void document(Item& item) {
    const File& file = *item.file;
    format_ = item.document.format;
    encoding_ = item.document.encoding;
    run(delete_refused_, source_, item.item);
    if (const auto row = find(by_hash_, item.hash)) return same_contents(item, *row);
    code_if_needed(item);
    std::string id = item.coded->analysis.document.id;
    std::optional<Row> old = find(by_id_, id);
    if (old && !old->hash) {  // the id happens to be the place of an input that gave no document
      run(delete_, old->document);
      old = std::nullopt;
    }
    if (old && !replaceable(*old, file)) {
      if (!item.document.input.id.empty()) {
        prepared(path_of_, old->source).executeStep();
        const std::string first = path_of_.getColumn(0).getString() + (old->item.empty() ? "" : ":" + old->item);
        path_of_.reset();
        return refuse(item, {ErrorCode::duplicate_id,
                             fmt::format("another document has the id '{}' already, from {}; give this one another id, or purge the first",
                                         id, first),
                             place_of(item)});
      }
      // Equal texts of one day, printed by two publishers: ids that were made from text and date get a part of the hash as well.
      id += "-" + item.hash.substr(0, 8);
      old = find(by_id_, id);
    }
    if (id != item.coded->analysis.document.id) {
      item.coded->analysis.document.id = id;
      item.coded = make_coded(coder_.engine, std::move(item.coded->analysis));
    }
    // A file that is one document and has changed.
    if (!old && item.item.empty() && !file.stream) old = find(by_place_, source_, file.version);
    const Outcome outcome = old ? Outcome::changed : Outcome::added;
    put(item, old ? std::optional(old->document) : std::nullopt, outcome);
  }

  void same_contents(Item& item, const Row& row) {
    const File& file = *item.file;
    const bool elsewhere = row.source != source_ ? !source_gone(row.source) : row.item != item.item && row.seen == file.version;
    if (row.engine != engine_ || row.error_code == "internal") {
      code_if_needed(item);
      if (item.coded->analysis.document.id != row.id) {
        item.coded->analysis.document.id = row.id;
        item.coded = make_coded(coder_.engine, std::move(item.coded->analysis));
      }
      put(item, row.document, Outcome::recoded, elsewhere ? &row : nullptr);
      return;
    }
    if (!elsewhere) run(found_at_, source_, item.item, file.version, row.document);
    if (elsewhere && row.run == report_.run) {
      AddedDocument out{.path = file.path, .item = item.item, .id = row.id, .outcome = Outcome::repeated};
      return tell(out, &item, nullptr);
    }
    ++report_.unchanged;
  }

  void code_if_needed(Item& item) {
    // The reader leaves out what the store has; in the meantime another document of this run may have taken its row.
    if (!item.coded) item.coded = code_document(coder_, item.document, workspace_);
  }

  /// Writes a document in place of `old`, or as a new one. `at`: where it stays registered, if that is not here.
  void put(Item& item, std::optional<int64_t> old, Outcome outcome, const Row* at = nullptr) {
    const Coded& coded = *item.coded;
    const Analysis& a = coded.analysis;
    const DocumentInfo& d = a.document;
    if (old) layers_.remove(*old);
    std::optional<std::string> origin;
    if (d.published)
      origin = !item.document.published_origin.empty() ? item.document.published_origin : item.document.input.published ? "given" : "text";
    run(put_, old, d.id, item.hash, coded.text_hash, d.title, d.byline, d.publisher, d.url, d.published, origin, d.language,
        item.document.format, at ? at->source : source_, at ? at->item : item.item, at ? at->seen : std::optional(item.file->version),
        coded.characters, coded.words, d.warnings.empty() ? std::nullopt : std::optional(json_warnings(d.warnings)),
        a.error ? std::optional(error_code_name(a.error->code)) : std::nullopt, a.error ? std::optional(a.error->message) : std::nullopt,
        engine_, report_.run);
    const int64_t document = old ? *old : db_.getLastInsertRowid();
    layers_.write(document, coded);
    if (a.error && a.error->code == ErrorCode::internal) ++faults_;
    AddedDocument out{.path = item.file->path,
                      .item = item.item,
                      .id = d.id,
                      .outcome = a.error ? Outcome::failed : outcome,
                      .error = a.error,
                      .warnings = d.warnings};
    if (out.error && out.error->place.empty()) out.error->place = place_of(item);
    report_.bytes += d.text.size();
    report_.undated += !a.error && !d.published;
    std::optional<std::string> copy_of;
    if (!a.error && coded.words > 0) {
      if (prepared(copy_, coded.text_hash, document).executeStep()) copy_of = copy_.getColumn(0).getString();
      copy_.reset();
    }
    tell(out, &item, copy_of ? &*copy_of : nullptr, origin);
  }

  /// Counts, a row of the import report, and word to the caller.
  void tell(const AddedDocument& out, const Item* item, const std::string* copy_of, const std::optional<std::string>& origin = {}) {
    size_t* const counts[] = {&report_.added, &report_.changed, &report_.recoded, &report_.unchanged, &report_.repeated, &report_.failed};
    ++*counts[static_cast<size_t>(out.outcome)];
    report_.warnings += !out.warnings.empty();
    report_.copies += copy_of != nullptr;
    const Coded* coded = item && item->coded ? &*item->coded : nullptr;
    const auto if_any = [](const std::string& s) { return s.empty() ? std::nullopt : std::optional(s); };
    const bool document = item && item->kind == Item::Kind::document;
    std::string messages;
    for (const Warning& warning : out.warnings) messages += (messages.empty() ? "" : "; ") + warning.message;
    run(tell_, report_.run, ++number_, out.path, out.item, if_any(out.id), outcome_name(out.outcome),
        document ? std::optional(item->document.format) : std::nullopt, document ? if_any(item->document.encoding) : std::nullopt,
        coded ? coded->analysis.document.published : std::nullopt, origin, coded ? std::optional(coded->characters) : std::nullopt,
        copy_of ? std::optional(*copy_of) : std::nullopt, out.warnings.size(), if_any(messages),
        out.error ? std::optional(error_code_name(out.error->code)) : std::nullopt,
        out.error ? std::optional(out.error->message) : std::nullopt);
    if (each_) each_(out);
  }

  using Statement = SQLite::Statement;
  SQLite::Database& db_;
  const Coder& coder_;
  AddReport& report_;
  const std::function<void(const AddedDocument&)>& each_;
  LayerWriter layers_;
  EngineWorkspace workspace_;
  int64_t engine_ = 0, source_ = 0, number_ = 0;
  size_t faults_ = 0;  ///< documents of this file to be tried again next time
  std::string format_, encoding_;
  std::unordered_map<int64_t, bool> gone_;

  Statement count_{db_, "SELECT count(*) FROM documents JOIN sources USING(source) WHERE path = ?"};
  Statement begin_{
      db_,
      "INSERT INTO sources(path, bytes, hash, options, engine, complete) VALUES(?, ?, ?, ?, ?, 0) ON CONFLICT(path) DO UPDATE SET "
      "bytes = excluded.bytes, hash = excluded.hash, options = excluded.options, engine = excluded.engine, complete = 0, "
      "error_code = NULL, error_message = NULL"};
  Statement source_of_{db_, "SELECT source FROM sources WHERE path = ?"};
  Statement path_of_{db_, "SELECT path FROM sources WHERE source = ?"};
  Statement end_{db_,
                 "UPDATE sources SET format = nullif(?, ''), encoding = nullif(?, ''), complete = ?, error_code = ?, error_message = ? "
                 "WHERE source = ?"};
  Statement forget_{db_, "DELETE FROM documents WHERE source = ? AND hash IS NULL AND seen IS NOT ?"};
  Statement delete_{db_, "DELETE FROM documents WHERE document = ?"};
  Statement delete_refused_{db_, "DELETE FROM documents WHERE source = ? AND item = ? AND hash IS NULL"};
  Statement add_refused_{db_,
                         "INSERT OR IGNORE INTO documents(id, source, item, seen, error_code, error_message, engine, run) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?, ?)"};
  static constexpr const char* kRow = "SELECT document, id, hash, seen, error_code, source, engine, run, item FROM documents WHERE ";
  Statement by_hash_{db_, std::string(kRow) + "hash = ?"};
  Statement by_id_{db_, std::string(kRow) + "id = ?"};
  Statement by_place_{db_, std::string(kRow) + "source = ? AND item = '' AND hash IS NOT NULL AND seen IS NOT ?"};
  Statement found_at_{db_, "UPDATE documents SET source = ?, item = ?, seen = ? WHERE document = ?"};
  Statement put_{
      db_,
      "INSERT INTO documents(document, id, hash, text_hash, title, byline, publisher, url, published, published_origin, language, "
      "format, source, item, seen, characters, words, warnings, error_code, error_message, engine, run) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(document) DO UPDATE SET "
      "id = excluded.id, hash = excluded.hash, text_hash = excluded.text_hash, title = excluded.title, byline = excluded.byline, "
      "publisher = excluded.publisher, url = excluded.url, published = excluded.published, published_origin = "
      "excluded.published_origin, language = excluded.language, format = excluded.format, source = excluded.source, item = "
      "excluded.item, seen = excluded.seen, characters = excluded.characters, words = excluded.words, warnings = "
      "excluded.warnings, error_code = excluded.error_code, error_message = excluded.error_message, engine = excluded.engine, "
      "run = excluded.run"};
  Statement copy_{db_, "SELECT id FROM documents WHERE text_hash = ? AND document <> ? AND error_code IS NULL ORDER BY document LIMIT 1"};
  Statement tell_{db_, "INSERT INTO run_documents VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement totals_{
      db_,
      "UPDATE runs SET state = ?, finished = ?, message = ?, files = ?, unchanged_files = ?, added = ?, changed = ?, recoded = ?, "
      "unchanged = ?, repeated = ?, failed = ?, copies = ?, warnings = ? WHERE run = ?"};
};

/// Transactions of many documents.
class Batches {
 public:
  Batches(SQLite::Database& db, const AddOptions& options) : db_(db), options_(options) {}
  void begin() {
    if (transaction_) return;
    transaction_.emplace(db_, SQLite::TransactionBehavior::IMMEDIATE);
    started_ = Clock::now();
    documents_ = 0;
  }
  void count() { ++documents_; }
  bool due() const {
    return transaction_ && (documents_ >= options_.batch_documents ||
                            std::chrono::duration<double>(Clock::now() - started_).count() >= options_.batch_seconds);
  }
  void commit() {
    if (!transaction_) return;
    transaction_->commit();
    transaction_.reset();
  }

 private:
  SQLite::Database& db_;
  const AddOptions& options_;
  std::optional<SQLite::Transaction> transaction_;
  Clock::time_point started_;
  size_t documents_ = 0;
};

/// While it lives, the signals that ask for an end go to the thread that reads: only there do they wake a call that waits for input.
class SignalsToReader {
 public:
  SignalsToReader() {
    sigemptyset(&asking_);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&asking_, signal);
    pthread_sigmask(SIG_BLOCK, &asking_, &before_);  // threads that are begun now inherit it
  }
  ~SignalsToReader() { restore(); }
  /// In this thread they come again.
  void restore() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t asking_{}, before_{};
};

}  // namespace

}  // namespace corpus

Result<AddReport> add(Store& store, const Coder& coder, ImportSource& source, const std::vector<fs::path>& inputs,
                      const AddOptions& options, const std::function<void(const AddedDocument&)>& each) {
  using namespace corpus;  // NOLINT: everything below is of it
  if (store.access() == StoreAccess::read) return fail(ErrorCode::usage, "the store was opened for reading", store.path().string());
  AddReport report;
  const unsigned threads = std::max(1U, options.threads);
  Pipeline pipeline(size_t{4} * threads + 8);
  std::optional<Error> broken;  // of the threads beside this one
  std::mutex broken_mutex;
  const auto guard = [&](auto&& work) {
    try {
      work();
    } catch (const SQLite::Exception& e) {
      const std::scoped_lock lock(broken_mutex);
      broken = store_error(e, store.path());
      pipeline.abort();
    } catch (const std::exception& e) {
      const std::scoped_lock lock(broken_mutex);
      broken = Error{ErrorCode::internal, fmt::format("unexpected fault: {}", e.what()), {}};
      pipeline.abort();
    }
  };
  bool stopped = false;
  double reading = 0, coding = 0;  // of other threads, which have ended when it is asked for
  std::mutex coding_mutex;
  const double start = thread_seconds();
  auto outcome = guarded(store, [&]() -> Result<AddReport> {
    Writer writer(store, coder, report, each);
    Batches batches(store.database(), options);
    batches.begin();
    writer.start(inputs);
    batches.commit();

    const SignalsToReader signals;
    std::atomic<bool> all_read = false;
    std::vector<std::jthread> team;
    struct Abort {  // before the threads are waited for, whatever happens here
      Pipeline& pipeline;
      ~Abort() { pipeline.abort(); }
    } abort{pipeline};
    team.emplace_back([&] {
      signals.restore();
      guard([&] {
        Reader reader(store.path(), writer.engine(), report.run, source, options, pipeline);
        reader.read(inputs);
        stopped = reader.was_stopped();
      });
      reading = thread_seconds();
      all_read = true;
      pipeline.close();
    });
    for (unsigned i = 0; i < threads; ++i) try {
        team.emplace_back([&] {
          guard([&] {
            EngineWorkspace workspace;
            pipeline.work([&](Item& item) { item.coded = code_document(coder, item.document, workspace); });
          });
          const std::scoped_lock lock(coding_mutex);
          coding += thread_seconds();
        });
      } catch (const std::system_error&) {  // no more threads, or no memory for their stacks
        if (i == 0) throw;
        break;
      }

    const auto commit = [&] {
      writer.totals("running", std::nullopt, "");
      batches.commit();
      if (options.progress) options.progress(report);
    };
    std::optional<Item> item;
    for (;;) {
      const auto taken = pipeline.take(item, std::chrono::milliseconds(200));
      if (all_read) signals.restore();
      if (taken == Pipeline::Taken::end) break;
      if (taken == Pipeline::Taken::item) {
        batches.begin();
        writer.write(*item);
        batches.count();
        item.reset();
      }
      if (batches.due()) commit();
    }
    pipeline.abort();
    team.clear();  // waits for them
    batches.begin();
    report.stopped = stopped;
    writer.finish(broken ? "failed" : stopped ? "stopped" : "done", broken ? broken->message : "");
    batches.commit();
    store.database().exec("PRAGMA analysis_limit = 400; PRAGMA optimize");  // figures for the planner, when much has changed
    report.reading = reading;
    report.coding = coding;
    report.storing = thread_seconds() - start;
    if (broken) return tl::unexpected(*broken);
    return report;
  });
  return outcome;
}

}  // namespace reportedly
