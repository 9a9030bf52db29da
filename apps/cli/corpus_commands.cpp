#include "corpus_commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "column_choice.h"
#include "engine_choice.h"
#include "export_files.h"
#include "reader.h"
#include "reportedly/corpus.h"
#include "reportedly/export.h"
#include "reportedly/output.h"
#include "run.h"
#include "text/input.h"
#include "timings.h"

namespace reportedly::cli {
namespace {

struct StoreChoice {
  std::string store, format = "table";
};

/// Options of the commands that list something.
struct ListChoice : StoreChoice {
  Query query;
  bool disputed = false;
};

struct AddChoice : EngineChoice, StoreChoice, ColumnChoice {
  std::vector<std::string> files;
  std::string published, repairs = "all", events = "both";
  bool force = false, timings = false;
  unsigned threads = 0;
};

void add_store_option(CLI::App& app, StoreChoice& o) {
  app.add_option("--store", o.store, "The corpus, one file (else REPORTEDLY_STORE)")
      ->type_name("FILE")
      ->envname("REPORTEDLY_STORE")
      ->required();
}

void add_format_option(CLI::App& app, StoreChoice& o) {
  app.add_option("--format", o.format, "table (default), csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->type_name("FORMAT")
      ->group("Output");
}

std::string check_date(const std::string& date) {
  const auto read = text::parse_date(date);
  return read && *read == date ? std::string() : "not a date: give YYYY-MM-DD";
}

int failed(const Error& error) {
  say(error);
  return error.code == ErrorCode::not_found ? kNoInput : exit_code(error);
}

int show(const Result<Table>& table, const std::string& format) {
  if (!table) return failed(table.error());
  auto sink = Sink::open("");
  if (format == "csv") {
    sink->write(to_csv(*table));
    if (table->next) say(fmt::format("there is more: --after {}, or --limit 0 for all", *table->next));
  } else if (format == "json") {
    sink->write(to_json(*table));
  } else {
    sink->write(to_text(*table, sink->is_terminal() ? sink->columns() : std::numeric_limits<unsigned>::max()));
  }
  return written(*sink);
}

/// A line for people who wait.
class Progress {
 public:
  void operator()(const AddReport& report) {
    if (isatty(2) != 1) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const size_t coded = report.added + report.changed + report.recoded;
    fmt::print(stderr, "\r\x1b[K{} documents coded, {:.1f} a second; {} unchanged, {} failed", coded, static_cast<double>(coded) / seconds,
               report.unchanged, report.failed);
    std::fflush(stderr);
    shown_ = true;
  }
  void grouped(const GroupReport& report) {
    if (isatty(2) != 1) return;
    fmt::print(stderr, "\r\x1b[K{} documents compared with the others", report.documents);
    std::fflush(stderr);
    shown_ = true;
  }
  void clear() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

/// `copies`: kind, documents.
std::string account(const AddReport& r, const Table& copies, const std::string& store) {
  std::string out = fmt::format("run {}: {} files, {} of them unchanged\n", r.run, r.files, r.unchanged_files);
  const auto line = [&](size_t count, const char* what) {
    if (count > 0) out += fmt::format("{:>9} {}\n", count, what);
  };
  out += fmt::format("{:>9} documents added\n", r.added);
  int64_t of_others = 0;
  std::string kinds;
  for (const auto& row : copies.rows) {
    of_others += std::get<int64_t>(row[1]);
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", std::get<int64_t>(row[1]), std::get<std::string>(row[0]));
  }
  if (of_others > 0) out += fmt::format("{:>9} of those coded are copies of other documents: {}\n", of_others, kinds);
  line(r.changed, "changed since they were added, replaced");
  line(r.recoded, "coded again, by another version, model or lexicon");
  line(r.unchanged, "unchanged");
  line(r.repeated, "came twice, taken once");
  line(r.undated, "without a date of publication");
  if (r.warnings > 0)
    line(r.warnings, fmt::format("with warnings: reportedly status --run {} --store {} --format csv", r.run, store).c_str());
  line(r.failed, "failed, with the reason above and in the store");
  return out;
}

/// What an engine was told, as the store keeps it: what a record depends on beside version, model and lexicon.
constexpr std::string_view kNoRepairs = "repairs=none", kForce = "force", kLexicon = "events=lexicon", kFp32 = "fp32";

std::string text_of(const CodeOptions& how, bool fp32) {
  std::string out;
  for (const auto& [differs, name] : {std::pair{!how.repairs, kNoRepairs}, {how.force, kForce}, {!how.learned, kLexicon}, {fp32, kFp32}})
    if (differs) out += (out.empty() ? "" : " ") + std::string(name);
  return out;
}

bool told(std::string_view options, std::string_view name) {
  return (" " + std::string(options) + " ").find(" " + std::string(name) + " ") != std::string::npos;
}

CodeOptions options_of(std::string_view text) {
  return {.repairs = !told(text, kNoRepairs), .force = told(text, kForce), .learned = !told(text, kLexicon)};
}

int add_command(const AddChoice& o) {
  // A store is made for something to be in it.
  std::error_code ignored;
  const auto there = [&](const std::string& file) { return file == "-" || std::filesystem::exists(file, ignored); };
  if (!std::filesystem::exists(o.store, ignored) && std::none_of(o.files.begin(), o.files.end(), there)) {
    for (const std::string& file : o.files) say(Error{ErrorCode::not_found, "there is no such file or folder", file});
    return kNoInput;
  }
  int code = kDone;
  const double before = Timings::now();
  const std::unique_ptr<Engine> engine = load(o, code);
  if (!engine) return code;
  Timings timings(Timings::now() - before);
  auto store = Store::open(o.store, {.access = StoreAccess::create});
  if (!store) return failed(store.error());
  const CodeOptions how{.repairs = o.repairs == "all", .force = o.force, .learned = o.events == "both"};
  const Coder coder{engine->info(), text_of(how, o.precision == "fp32"), [&](const DocumentInput& input, EngineWorkspace& workspace) {
                      StageTimes times;
                      Analysis analysis = engine->code(input, workspace, how, o.timings ? &times : nullptr);
                      timings.add(times);
                      return analysis;
                    }};
  Progress progress;
  AddOptions add_options;
  add_options.threads = o.threads > 0 ? o.threads : processors();
  add_options.stopped = [] { return stopped(); };
  add_options.progress = [&](const AddReport& report) { progress(report); };
  const auto source =
      file_source({.published = o.published.empty() ? std::nullopt : std::optional(o.published), .columns = o.by_field(), .stopped = [] {
                     return stopped();
                   }});
  const auto report = add(**store, coder, *source, {o.files.begin(), o.files.end()}, add_options, [&](const AddedDocument& document) {
    if (!document.error) return;
    progress.clear();
    say(*document.error);
  });
  progress.clear();
  if (!report) return failed(report.error());
  // Also what an earlier call left, when it was stopped.
  GroupOptions group_options;
  group_options.stopped = [] { return stopped(); };
  group_options.progress = [&](const GroupReport& grouped) { progress.grouped(grouped); };
  const double before_grouping = Timings::now();
  const auto grouped = group(**store, group_options);
  const double grouping = Timings::now() - before_grouping;
  progress.clear();
  if (!grouped) return failed(grouped.error());
  if (o.timings)
    timings.print({{"reading", report->reading}},
                  {{"records", std::max(0.0, report->coding - timings.coding())}, {"storing", report->storing}, {"grouping", grouping}});
  if (o.format == "table") {
    auto sink = Sink::open("");
    const auto copies = run_copies(**store, report->run);
    if (!copies) return failed(copies.error());
    sink->write(account(*report, *copies, o.store));
    code = written(*sink);
  } else {
    code = show(runs(**store, report->run), o.format);
  }
  if (report->stopped || grouped->stopped) {
    say("stopped; what was coded is in the store. The same command goes on from there");
    return kStopped;
  }
  if (report->files == 0) {
    if (report->failed == 0) say("no readable input");
    return kNoInput;
  }
  return code == kDone && report->failed > 0 ? static_cast<int>(kSomeFailed) : code;
}

int status_command(const StoreChoice& o, bool all_runs, int64_t run) {
  auto store = Store::open(o.store);
  if (!store) return failed(store.error());
  return show(all_runs || run != 0 ? runs(**store, run) : status(**store), o.format);
}

int verify_command(const StoreChoice& o) {
  // The search index can only be checked by a writer; a store in a read-only place is checked without it.
  auto store = Store::open(o.store, {.access = StoreAccess::write});
  const bool reading = !store && (store.error().code == ErrorCode::unwritable || store.error().code == ErrorCode::locked);
  if (reading) {
    say(fmt::format("the search index is not checked: {}", store.error().message));
    store = Store::open(o.store);
  }
  if (!store) return failed(store.error());
  const auto found = verify(**store);
  if (!found) return failed(found.error());
  auto sink = Sink::open("");
  for (const std::string& problem : found->problems) sink->write(problem + "\n");
  if (found->problems.empty())
    sink->write(fmt::format("The store is whole.\ncontents {}\n", found->digest));
  else
    sink->write(fmt::format("{} faults. Add the files again into a new store, or restore a copy.\n", found->problems.size()));
  if (const int code = written(*sink); code != kDone) return code;
  return found->problems.empty() ? kDone : kBadStore;
}

int purge_command(const StoreChoice& o, const std::vector<std::string>& ids) {
  auto store = Store::open(o.store, {.access = StoreAccess::write});
  if (!store) return failed(store.error());
  const auto unknown = purge(**store, ids);
  if (!unknown) return failed(unknown.error());
  for (const std::string& id : *unknown) say(fmt::format("the store has no document with the id '{}'", id));
  auto sink = Sink::open("");
  sink->write(fmt::format("{} documents removed\n", ids.size() - unknown->size()));
  return unknown->empty() ? written(*sink) : static_cast<int>(unknown->size() == ids.size() ? kNoInput : kSomeFailed);
}

struct ExportChoice : EngineChoice, StoreChoice {
  Query query;
  std::string profile, table, output;
  ExportChoice() { format.clear(); }
};

/// The engines by which the documents of a store were coded, for what records alone do not give.
class CodedBy {
 public:
  explicit CodedBy(const EngineChoice& o) : choice_(o), asked_for_(!o.model.empty() || !o.lexicon.empty()) {}

  /// The engine with that model and lexicon. Another one only where a model or a lexicon was asked for, or where only the program's version
  /// is another: then with a word about it. Errors: bad_model.
  Result<const Engine*> find(const EngineInfo& coded_by, bool fp32) {
    const Engine* best = nullptr;
    auto files = model_files(choice_);
    if (!files) return tl::unexpected(files.error());
    std::string here;
    for (const auto& file : *files) {
      const Engine* engine = load(file, fp32);
      if (!engine) continue;
      const EngineInfo& info = engine->info();
      here += fmt::format("{}{} ({})", here.empty() ? "" : ", ", info.model_name, info.model);
      if (!best || info.model == coded_by.model) best = engine;
      if (info.model == coded_by.model) break;
    }
    if (!best) return fail(ErrorCode::bad_model, "no model that could be read");
    const EngineInfo& info = best->info();
    const bool same = info.model == coded_by.model && info.lexicon == coded_by.lexicon;
    if (same && info.version == coded_by.version) return best;
    const std::string difference =
        fmt::format("coded by version {}, model {}, lexicon {}; here are version {}, model {}, lexicon {}", coded_by.version,
                    coded_by.model, coded_by.lexicon, info.version, info.model == coded_by.model ? info.model : here, info.lexicon);
    if (!same && !asked_for_)
      return fail(ErrorCode::bad_model,
                  difference +
                      ": ids would not mean the same as in the store. Give those that coded it (--model, --lexicon), or add the "
                      "documents again");
    if (warned_.insert(difference).second) say(difference + ": ids may not mean the same as in the store");
    return best;
  }

 private:
  /// Null: no model that this program reads.
  const Engine* load(const std::filesystem::path& file, bool fp32) {
    const auto [at, is_new] = engines_.try_emplace({file, fp32});
    if (is_new) {
      auto engine =
          Engine::load({.data = choice_.data, .model = file, .lexicon = {choice_.lexicon.begin(), choice_.lexicon.end()}, .fp32 = fp32});
      if (engine)
        at->second = std::move(*engine);
      else
        say(engine.error());
    }
    return at->second.get();
  }

  const EngineChoice& choice_;
  const bool asked_for_;
  std::map<std::pair<std::filesystem::path, bool>, std::unique_ptr<Engine>> engines_;
  std::set<std::string> warned_;
};

using List = Result<Table> (*)(Store&, const Query&);

/// Tables of `export --table` beside the events, which are those of the profiles.
constexpr std::pair<std::string_view, List> kLedgers[] = {
    {"actors", &actors}, {"changes", &changes}, {"claims", &claims}, {"disputes", &positions}};

/// csv or jsonl: as was asked for, else by the file's ending; empty: neither says.
std::string format_of(const ExportChoice& o) {
  if (!o.format.empty()) return o.format;
  const auto ends = [&](std::string_view ending) {
    return find_in({std::string(ending)}, std::string_view(o.output).substr(std::max(o.output.size(), ending.size()) - ending.size()))
        .has_value();
  };
  return ends(".csv") ? "csv" : ends(".jsonl") || ends(".ndjson") ? "jsonl" : "";
}

/// All rows of one of them, a page after the other, so that a large corpus needs no more memory than a small one.
int export_ledger(const ExportChoice& o, List list) {
  if (!o.profile.empty() && o.profile != "csv" && o.profile != "jsonl")
    return failed({ErrorCode::usage, fmt::format("the table {} is written as csv or jsonl, not as {}", o.table, o.profile)});
  auto store = Store::open(o.store);
  if (!store) return failed(store.error());
  const bool csv = (o.profile.empty() ? format_of(o) : o.profile) != "jsonl";
  const std::string file = o.table + (csv ? ".csv" : ".jsonl");
  auto opened = ExportFiles::open({.name = csv ? "csv" : "jsonl", .what = {}, .file = file, .tables = {}}, o.output);
  if (!opened) return failed(opened.error());
  ExportFiles files = std::move(*opened);
  Query query = o.query;
  query.limit = 1000;
  size_t rows = 0;
  for (bool first = true; first || !query.after.empty(); first = false) {
    const auto table = list(**store, query);
    if (!table) return failed(table.error());
    std::string text = csv ? to_csv(*table) : to_jsonl(*table);
    if (csv && !first) text.erase(0, text.find('\n') + 1);  // one header is enough
    rows += table->rows.size();
    if (!files.write({{{}, std::move(text)}})) break;
    if (stopped()) return kStopped;
    query.after = table->next.value_or("");
  }
  if (!files.error())
    if (auto named = files.finish({}); !named && !files.closed()) return failed(named.error());
  if (files.error()) return failed(*files.error());
  if (rows == 0 && !files.closed()) {
    say("nothing in the store meets these conditions");
    return kNoInput;
  }
  return kDone;
}

int export_command(const ExportChoice& o) {
  for (const auto& [name, list] : kLedgers)
    if (o.table == name) return export_ledger(o, list);
  auto store = Store::open(o.store);
  if (!store) return failed(store.error());
  const Profile records_as_they_are{.name = "jsonl", .what = {}, .file = "records.jsonl", .tables = {}};
  // A table is csv where nothing says otherwise, and without a word about a table it is the records.
  std::string name = o.profile.empty() ? format_of(o) : o.profile;
  if (name.empty()) name = o.table.empty() ? "jsonl" : "csv";
  const Profile& profile = name == "jsonl" ? records_as_they_are : *find_profile(name);
  auto opened = ExportFiles::open(profile, o.output);
  if (!opened) return failed(opened.error());
  ExportFiles files = std::move(*opened);
  const std::unique_ptr<Export> made = make_export(profile.name);  // none for records as they are, and where trees are needed
  CodedBy engines(o);
  EngineWorkspace workspace;
  size_t documents = 0, faults = 0;
  // The text is read again as it was read for the store.
  const auto trees_of = [&](const EngineInfo& coded_by, DocumentInfo&& document, const StoredRecord& from) -> Result<std::string> {
    const std::string id = document.id;
    const auto engine = engines.find(coded_by, told(from.options, kFp32));
    if (!engine) return fail(engine.error().code, engine.error().message, id);
    std::string trees;
    const bool has_head = from.format == "plain" || from.format == "pdf";
    const Analysis again = (*engine)->code(input_of(std::move(document), has_head ? SourceFormat::plain : SourceFormat::record), workspace,
                                           options_of(from.options), nullptr, &trees);
    if (again.error) return tl::unexpected(*again.error);
    return trees;
  };
  const auto take = [&](StoredRecord&& record) {
    ++documents;
    if (&profile == &records_as_they_are) return files.write({{{}, record.json + "\n"}}) && !stopped();
    EngineInfo coded_by;
    auto analysis = from_json(record.json, &coded_by);
    if (analysis && made) return files.write(made->take(made->read(coded_by, *analysis))) && !stopped();
    const auto trees = analysis ? trees_of(coded_by, std::move(analysis->document), record) : tl::unexpected(analysis.error());
    if (trees) return files.write({{{}, *trees}}) && !stopped();
    ++faults;
    say(trees.error());
    return !stopped();
  };
  if (made) files.write(made->begin());
  const auto read = files.error() ? Result<void>() : records(**store, o.query, take);
  if (made && !files.error()) files.write(made->end());
  if (!read) return failed(read.error());
  if (stopped()) return kStopped;
  if (!files.error())
    if (auto named = files.finish(made ? made->beside() : std::vector<Piece>{}); !named && !files.closed()) return failed(named.error());
  if (files.error()) return failed(*files.error());
  if (files.closed()) return kDone;  // whoever reads has enough
  if (documents == 0) {
    say("no document of the store meets these conditions");
    return kNoInput;
  }
  return faults > 0 ? kSomeFailed : kDone;
}

}  // namespace

struct CorpusCommands::Impl {
  AddChoice add;
  StoreChoice status, verify, purge;
  ExportChoice exported;
  std::vector<std::string> ids;
  bool all_runs = false;
  int64_t run = 0;
  struct ListCommand {
    CLI::App* app;
    List list;
    ListChoice choice;
  };
  std::vector<std::unique_ptr<ListCommand>> lists;
  CLI::App *add_app = nullptr, *status_app = nullptr, *verify_app = nullptr, *purge_app = nullptr, *export_app = nullptr;

  void list(CLI::App& app, const char* name, const char* what, List function, const char* query_help, const std::string& examples) {
    auto& command = *lists.emplace_back(std::make_unique<ListCommand>(ListCommand{app.add_subcommand(name, what), function, {}}));
    CLI::App& sub = *command.app;
    ListChoice& o = command.choice;
    Query& q = o.query;
    sub.add_option("QUERY", q.query, query_help);
    add_store_option(sub, o);
    const auto condition = [&](const char* option, std::string& to, const char* help, const char* type) {
      return sub.add_option(option, to, help)->type_name(type)->group("Conditions");
    };
    condition("--publisher", q.publisher, "Of this publisher", "NAME");
    condition("--document", q.document, "In this document", "ID");
    condition("--from", q.from, "Published on this day or later", "DATE")->check(check_date);
    condition("--to", q.to, "Published on this day or earlier", "DATE")->check(check_date);
    condition(
        "--actor", q.actor,
        "With this actor, on either side. Three capitals are the code of a country (NOR, ISO 3166) or of none (UNO, IGO, NGO, …); all "
        "else is a part of a name, in any case (imf, nor), or a key from `actors`",
        "WHO");
    if (function != &actors) {
      condition("--recipient", q.recipient, "With this actor on the receiving side", "WHO");
      // Closed lists: in any case, and what is none of them is refused with the list.
      condition("--type", q.type, "With an event of this PLOVER type", "TYPE")->transform(CLI::IsMember(event_types(), CLI::ignore_case));
      condition("--status", q.status, "With an event that happened, is denied, planned, …", "STATUS")
          ->transform(CLI::IsMember(event_statuses(), CLI::ignore_case));
      condition("--speaker", q.speaker, "Said by: as --actor", "WHO");
      condition("--stance", q.stance, "Said as", "STANCE")->transform(CLI::IsMember(stance_names(), CLI::ignore_case));
      sub.add_flag("--disputed,!--undisputed", o.disputed, "With an event that is disputed, or with none")->group("Conditions");
    }
    sub.add_option(
           "--limit", q.limit,
           function == &positions ? "At most so many disputes, each with all its positions; 0: all" : "At most so many rows; 0: all")
        ->capture_default_str()
        ->type_name("N")
        ->group("Output");
    sub.add_option("--after", q.after, "Go on behind an earlier page")->type_name("PLACE")->group("Output");
    add_format_option(sub, o);
    sub.footer("Examples:\n" + examples);
  }
};

CorpusCommands::~CorpusCommands() = default;

CorpusCommands::CorpusCommands(CLI::App& app) : impl_(std::make_unique<Impl>()) {
  Impl& o = *impl_;
  CLI::App& add = *(o.add_app = app.add_subcommand("add", "Files and folders into a corpus; can be stopped and resumed"));
  add.add_option("FILE", o.add.files, "Text, JSONL, CSV, HTML, PDF, RSS, WARC, zip, tar, folders of these; - is standard input")
      ->required();
  add_store_option(add, o.add);
  add.add_option("--format", o.add.format, "The import report: table (a summary, default), csv or json (every input)")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->type_name("FORMAT")
      ->group("Output");
  add.add_option("--published", o.add.published, "Publication date YYYY-MM-DD, where the file has none")
      ->type_name("DATE")
      ->check([](const std::string& date) { return text::parse_date(date) ? std::string() : "not a date: give YYYY-MM-DD"; })
      ->group("Input");
  add_column_option(add, o.add);
  add.add_option("--repairs", o.add.repairs, "all: bridge broken paragraphs and hyphens, find heads and footers (default); none")
      ->check(CLI::IsMember({"all", "none"}))
      ->group("Input");
  add.add_flag("--force", o.add.force, "Also documents that are not in English")->group("Input");
  add.add_option("--threads", o.add.threads, "Documents coded at once; the rows are the same for any number (default: all processors)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group("Engine");
  add.add_option("--events", o.add.events, "both: the lexicon, and the model where it has heads for events; lexicon: the lexicon alone")
      ->check(CLI::IsMember({"both", "lexicon"}))
      ->group("Engine");
  add.add_flag("--timings", o.add.timings, "CPU time by stage, on standard error")->group("Engine");
  add_engine_options(add, o.add);
  add.footer(
      "Examples:\n"
      "  reportedly add articles/ --store news.db\n"
      "  reportedly add monday.jsonl tuesday.jsonl --store news.db --threads 4\n"
      "  reportedly add articles/ --store news.db --format csv > report.csv\n"
      "  reportedly add table.csv --column text=raw_text --column published=posted_on --store news.db\n"
      "An unchanged file is not read again, and an import that was stopped goes on where it was.\n" +
      known_columns());

  CLI::App& status = *(o.status_app = app.add_subcommand("status", "What is in a corpus, and what became of each import"));
  add_store_option(status, o.status);
  status.add_flag("--runs", o.all_runs, "All imports, one a row");
  status.add_option("--run", o.run, "What became of each input of this import; -1: the last")->type_name("N");
  add_format_option(status, o.status);
  status.footer("Examples:\n  reportedly status --store news.db\n  reportedly status --store news.db --run -1 --format csv > report.csv");

  CLI::App& verify = *(o.verify_app = app.add_subcommand("verify", "Is a corpus whole? Its file, index, counts and hashes"));
  add_store_option(verify, o.verify);
  verify.footer(
      "Examples:\n  reportedly verify --store news.db\n"
      "Prints a hash of the contents: equal hashes, equal contents, however they were imported.");

  CLI::App& purge = *(o.purge_app = app.add_subcommand("purge", "Remove documents from a corpus, with everything made of them"));
  purge.add_option("ID", o.ids, "Ids of documents")->required();
  add_store_option(purge, o.purge);
  purge.footer(
      "Examples:\n  reportedly purge 1f0c2d3e4b5a6978 --store news.db\nThe file is written anew, so that nothing of their words stays in "
      "it.");

  CLI::App& exported = *(o.export_app = app.add_subcommand("export", "A corpus, or a part of it, in the formats of other programs"));
  add_store_option(exported, o.exported);
  std::vector<std::string> names{"jsonl"};
  std::string profile_help = "jsonl: the records, with what reviewers decided (default)";
  for (const Profile& profile : profiles()) {
    names.emplace_back(profile.name);
    profile_help += fmt::format("; {}: {}", profile.name, profile.what);
  }
  exported
      .add_option(
          "--table", o.exported.table,
          "events: the profile's own, else as csv; actors, changes, claims, disputes (a row a position): what the commands of these "
          "names list")
      ->check(CLI::IsMember({"events", "actors", "changes", "claims", "disputes"}))
      ->type_name("NAME")
      ->group("Output");
  auto* format = exported
                     .add_option("--format", o.exported.format,
                                 "csv or jsonl; without it the ending of --output decides, else a table is csv and all else the records")
                     ->check(CLI::IsMember({"csv", "jsonl"}))
                     ->type_name("FORMAT")
                     ->group("Output");
  exported.add_option("--profile", o.exported.profile, profile_help)
      ->excludes(format)
      ->check([](const std::string& name) {
        return name == "parquet" ? std::string("parquet is not written: docs/exports.md has the line that makes it of csv") : std::string();
      })
      ->check(CLI::IsMember(names))
      ->type_name("NAME")
      ->group("Output");
  exported.add_option("--output", o.exported.output, "A file, or a folder for profiles of several files; appears when it is complete")
      ->type_name("PATH")
      ->group("Output");
  exported.add_option("--document", o.exported.query.document, "This document alone")->type_name("ID")->group("Conditions");
  exported.add_option("--publisher", o.exported.query.publisher, "Of this publisher")->type_name("NAME")->group("Conditions");
  exported.add_option("--from", o.exported.query.from, "Published on this day or later")
      ->type_name("DATE")
      ->check(check_date)
      ->group("Conditions");
  exported.add_option("--to", o.exported.query.to, "Published on this day or earlier")
      ->type_name("DATE")
      ->check(check_date)
      ->group("Conditions");
  add_engine_options(exported, o.exported);
  exported.footer(
      "Examples:\n"
      "  reportedly export --store news.db --profile csv --output events.csv\n"
      "  reportedly export --store news.db --profile gdelt --output gdelt/ --from 2031-05-01 --to 2031-05-31\n"
      "  reportedly export --store news.db --table claims --output claims.csv\n"
      "The store's records are written; only conllu reads the texts again, with the model and the lexicon that coded them.");

  o.list(app, "search", "Documents and passages by words and conditions", &search,
         "Words, \"a phrase\", begin*, NEAR(a b, 5), AND, OR, NOT, title: word; with --speaker or --stance in what is said",
         "  reportedly search '\"cease fire\" harbo*' --store news.db\n"
         "  reportedly search 'NEAR(ship harbour, 5)' --from 2031-05-01 --publisher 'The Fjord Post' --store news.db\n"
         "  reportedly search trawlers --speaker NOR --stance denies --store news.db --format csv\n"
         "  reportedly search --type ASSAULT --actor ISL --disputed --store news.db");
  o.list(app, "events", "Events of a corpus", &events, "In documents with these words",
         "  reportedly events --actor NOR --type COERCE --store news.db\n"
         "  reportedly events --status denied --format csv --limit 0 --store news.db > denied.csv");
  o.list(app, "actors", "Actors over documents", &actors, "Part of a name",
         "  reportedly actors --store news.db\n  reportedly actors 'coast guard' --store news.db --format json");
  o.list(app, "claims", "Who claims what, over documents", &claims, "In documents with these words",
         "  reportedly claims --speaker NOR --store news.db\n  reportedly claims --stance denies --format csv --store news.db");
  o.list(app, "changes", "Who said one thing and later another, corrections of papers among them", &changes,
         "In documents with these words",
         "  reportedly changes --store news.db\n  reportedly changes --speaker NOR --store news.db --format csv");
  o.list(app, "disputes", "Where claims exclude each other, over documents", &positions, "In documents with these words",
         "  reportedly disputes --store news.db\n  reportedly disputes --actor ISL --from 2031-05-01 --store news.db --format json");
}

std::optional<int> CorpusCommands::run() {
  Impl& o = *impl_;
  if (o.add_app->parsed()) return add_command(o.add);
  if (o.status_app->parsed()) return status_command(o.status, o.all_runs, o.run);
  if (o.verify_app->parsed()) return verify_command(o.verify);
  if (o.export_app->parsed()) return export_command(o.exported);
  if (o.purge_app->parsed()) return purge_command(o.purge, o.ids);
  for (auto& command : o.lists) {
    if (!command->app->parsed()) continue;
    ListChoice& choice = command->choice;
    if (const CLI::Option* disputed = command->app->get_option_no_throw("--disputed"); disputed && disputed->count() > 0)
      choice.query.disputed = choice.disputed;
    auto store = Store::open(choice.store);
    if (!store) return failed(store.error());
    const auto table = command->list(**store, choice.query);
    if (table && command->list == &positions && choice.format == "table") {
      auto sink = Sink::open("");
      sink->write(positions_account(*table, sink->columns()));
      return written(*sink);
    }
    return show(table, choice.format);
  }
  return std::nullopt;
}

}  // namespace reportedly::cli
