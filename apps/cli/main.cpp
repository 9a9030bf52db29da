// The program `reportedly`: options, help and exit codes. What it does stands in the engine and in src/output.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <mutex>
#include <new>
#include <system_error>

#include "batch.h"
#include "corpus_commands.h"
#include "engine_choice.h"
#include "evaluate_command.h"
#include "export_files.h"
#include "reader.h"
#include "reportedly/corpus.h"
#include "reportedly/engine.h"
#include "reportedly/export.h"
#include "reportedly/output.h"
#include "run.h"
#include "serve_command.h"
#include "text/input.h"
#include "timings.h"

namespace reportedly::cli {
namespace {

struct Options : EngineChoice, ColumnChoice {
  // the input
  std::vector<std::string> files;
  std::string published, repairs, events = "both";
  bool force = false, timings = false;
  std::string candidates;
  // the output
  std::string format, profile, output;
  unsigned threads = 0;
  std::string what, store;  ///< of `explain`
};

/// The record of an input that gave no document: its place stands for the id.
Analysis refused(const Error& error) {
  Analysis analysis;
  analysis.document.id = error.place.empty() ? "?" : error.place;
  analysis.document.language = "und";
  analysis.error = error;
  return analysis;
}

int ending(const Reader& reader, const BatchCounts& counts) {
  if (counts.documents == 0 && counts.bad_lines == 0) {
    if (counts.failed == 0) say(reader.readable_files() == 0 ? "no readable input" : "no document in the input");
    return kNoInput;
  }
  if (counts.failed > 0) {
    say(counts.inputs == 1 ? "the document failed, see above"
                           : fmt::format("{} of {} inputs failed, listed above", counts.failed, counts.inputs));
    return kSomeFailed;
  }
  return kDone;
}

int finish(Sink& sink, const Reader& reader, const BatchCounts& counts) {
  if (auto named = sink.finish(); !named) {
    say(named.error());
    return kFailed;
  }
  if (stopped()) return kStopped;
  if (sink.closed()) return kDone;  // whoever reads has enough
  return ending(reader, counts);
}

/// `code --profile`, and `--format csv`.
int code_profile(const Options& options, const Profile& profile) {
  auto opened = ExportFiles::open(profile, options.output);
  if (!opened) {
    say(opened.error());
    return exit_code(opened.error());
  }
  ExportFiles files = std::move(*opened);
  int code = kDone;
  const double start = Timings::now();
  const std::unique_ptr<Engine> engine = load(options, code);
  if (!engine) return code;
  Timings timings(Timings::now() - start);
  std::atomic<double> writing = 0;
  const CodeOptions how{.repairs = options.repairs == "all", .force = options.force, .learned = options.events == "both"};

  const std::unique_ptr<Export> made = make_export(profile.name);  // none where trees are needed: the engine writes those
  const auto work = [&](DocumentInput&& input, EngineWorkspace& workspace) -> Outcome {
    StageTimes times;
    std::string trees;
    Analysis analysis = engine->code(input, workspace, how, options.timings ? &times : nullptr, profile.needs_trees ? &trees : nullptr);
    if (analysis.error && analysis.error->place.empty()) analysis.error->place = input.origin;
    Outcome outcome{.error = analysis.error};
    const double before = Timings::now();
    outcome.pieces = made ? made->read(engine->info(), analysis) : std::vector<Piece>{{{}, std::move(trees)}};
    writing += Timings::now() - before;
    timings.add(times);
    return outcome;
  };
  const auto refuse = [](const Error&) { return std::string(); };
  const auto put = [&](Outcome&& outcome) { return files.write(made ? made->take(std::move(outcome.pieces)) : std::move(outcome.pieces)); };
  Reader reader(options.files, options.published, options);
  auto unused = Sink::open(files.is_terminal() ? "" : "/dev/null");  // tells the batch whether to show progress
  if (!unused) {
    say(unused.error());
    return kFailed;
  }
  if (made) files.write(made->begin());
  const BatchCounts counts = run_batch(reader, options.threads > 0 ? options.threads : processors(), *unused, work, refuse, put);
  if (made && !files.error()) files.write(made->end());
  if (options.timings) timings.print({}, {{"writing", writing}});
  if (!files.error())
    if (auto named = files.finish(made ? made->beside() : std::vector<Piece>{}); !named && !files.closed()) {
      say(named.error());
      return kFailed;
    }
  if (files.error()) {
    say(*files.error());
    return kFailed;
  }
  if (stopped()) return kStopped;
  if (files.closed()) return kDone;  // whoever reads has enough
  return ending(reader, counts);
}

int code_or_parse(Options options, bool parse) {
  if (!parse && options.format == "csv") options.profile = "csv";
  if (!parse && !options.profile.empty()) return code_profile(options, *find_profile(options.profile));
  auto opened = Sink::open(options.output);
  if (!opened) {
    say(opened.error());
    return kFailed;
  }
  Sink sink = std::move(*opened);
  if (options.format.empty()) options.format = parse ? "conllu" : sink.is_terminal() ? "account" : "jsonl";
  if (options.format == "json" && !parse && options.files.size() > 1) {
    say("--format json is for one document; for several files use --format jsonl: one JSON object a line");
    return kUsage;
  }
  int code = kDone;
  const double start = Timings::now();
  const std::unique_ptr<Engine> engine = load(options, code);
  if (!engine) return code;
  Timings timings(Timings::now() - start);
  std::atomic<double> writing = 0;

  const EngineInfo& info = engine->info();
  CodeOptions how{.repairs = options.repairs == "all", .force = options.force, .learned = options.events == "both"};
  std::ofstream candidates;
  std::mutex one_writer;
  if (!options.candidates.empty()) {
    candidates.open(options.candidates);
    how.candidates = [&](const std::string& lines) {
      const std::lock_guard lock(one_writer);
      candidates << lines;
    };
  }
  const bool colour = colours_wanted(sink);
  const unsigned width = sink.columns();
  const std::string format = options.format;
  const unsigned threads = options.threads > 0 ? options.threads : processors();

  // Records to text.
  const std::function<std::string(const Analysis&)> write = [&](const Analysis& a) -> std::string {
    if (format == "jsonl") return to_json(info, a) + "\n";
    if (format == "json") return to_json(info, a, !parse) + "\n";
    if (format == "html") return to_html(a);
    return a.error && a.document.text.empty() ? std::string() : to_account(a, colour, width) + "\n";
  };
  const auto work = [&](DocumentInput&& input, EngineWorkspace& workspace) -> Outcome {
    if (format == "conllu") {
      auto trees = engine->conllu(input, workspace, how);
      if (trees) return {std::move(*trees), std::nullopt};
      Error error = trees.error();
      if (error.place.empty()) error.place = input.origin;
      return {{}, std::move(error)};
    }
    StageTimes times;
    Analysis analysis = engine->code(input, workspace, how, options.timings ? &times : nullptr);
    if (parse) {
      analysis.events.clear();
      analysis.disputes.clear();
    }
    if (analysis.error && analysis.error->place.empty()) analysis.error->place = input.origin;
    const double before = Timings::now();
    Outcome outcome{write(analysis), analysis.error};
    writing += Timings::now() - before;
    timings.add(times);
    return outcome;
  };
  const auto refuse = [&](const Error& error) { return format == "conllu" ? std::string() : write(refused(error)); };

  Reader reader(options.files, options.published, options);

  // One object: a second document would make the output no JSON, so it is looked for before the first is written.
  if (format == "json" && !parse) {
    std::optional<Result<DocumentInput>> only = reader.next();
    if (only && reader.next()) {
      say("--format json is for one document, and the input has more; use --format jsonl: one JSON object a line");
      return kUsage;
    }
    BatchCounts counts;
    if (only && *only) {
      EngineWorkspace workspace;
      const Outcome outcome = work(std::move(**only), workspace);
      counts.inputs = counts.documents = 1;
      if (outcome.error) {
        counts.failed = 1;
        say(*outcome.error);
      }
      sink.write(outcome.text);
    } else if (only) {
      counts.inputs = counts.failed = 1;
      counts.bad_lines = only->error().code == ErrorCode::bad_format;
      say(only->error());
      sink.write(refuse(only->error()));
    }
    return finish(sink, reader, counts);
  }

  if (format == "html") sink.write(html_head(info));
  const BatchCounts counts = run_batch(reader, threads, sink, work, refuse);
  if (format == "html") sink.write(html_tail());
  if (options.timings) timings.print({}, {{"writing", writing}});
  return finish(sink, reader, counts);
}

/// From a store: the file's place is taken by a document's id, and nothing is read or coded again.
int explain_from_store(const Options& options) {
  if (options.what.starts_with('s')) {
    say("a store does not keep what was considered in a sentence and not taken: give the file in place of --store");
    return kUsage;
  }
  auto store = Store::open(options.store);
  Result<std::string> json = store ? record(**store, options.files[0]) : tl::unexpected(store.error());
  Result<Analysis> analysis = json ? from_json(*json) : tl::unexpected(json.error());
  Result<std::string> text = analysis ? explain(*analysis, options.what) : tl::unexpected(analysis.error());
  if (!text) {
    say(text.error());
    return text.error().code == ErrorCode::not_found ? kNoInput : exit_code(text.error());
  }
  auto sink = Sink::open("");
  sink->write(*text);
  return written(*sink);
}

int explain_command(const Options& options) {
  if (!options.store.empty()) return explain_from_store(options);
  int code = kDone;
  const std::unique_ptr<Engine> engine = load(options, code);
  if (!engine) return code;
  // "v1", or "document#v1" where the file has several documents.
  const size_t hash = options.what.rfind('#');
  const std::string wanted = hash == std::string::npos ? "" : options.what.substr(0, hash);
  const std::string what = hash == std::string::npos ? options.what : options.what.substr(hash + 1);
  Reader reader(options.files, options.published, options);
  EngineWorkspace workspace;
  std::optional<Analysis> found;
  size_t documents = 0;
  while (auto next = reader.next()) {
    if (stopped()) return kStopped;
    if (!*next) {
      say(next->error());
      continue;
    }
    ++documents;
    if (!wanted.empty() && !(*next)->id.empty() && (*next)->id != wanted) continue;
    if (wanted.empty() && documents > 1) {
      say(fmt::format("the input has several documents; say which by its id, as in '{}#{}'", found->document.id, what));
      return kUsage;
    }
    Analysis analysis =
        engine->code(**next, workspace, {.repairs = options.repairs == "all", .force = options.force, .learned = options.events == "both"});
    if (!wanted.empty() && analysis.document.id != wanted) continue;
    found = std::move(analysis);
    if (!wanted.empty()) break;
  }
  if (!found) {
    if (documents == 0) return kNoInput;
    say(fmt::format("the input has no document with the id '{}'", wanted));
    return kUsage;
  }
  const auto text = explain(*found, what);
  if (!text) {
    say(text.error());
    return found->error ? kSomeFailed : exit_code(text.error());
  }
  auto sink = Sink::open("");
  sink->write(*text);
  return written(*sink);
}

int doctor(const Options& options) {
  const auto line = [](std::string_view label, const std::string& value) { fmt::print("{:<12}{}\n", label, value); };
  line("version", REPORTEDLY_VERSION);
  int code = kDone;
  const std::unique_ptr<Engine> engine = load(options, code);
  if (!engine) {
    line("self-test", "not run: the engine could not be loaded");
    return code;
  }
  const EngineInfo& info = engine->info();
  line("data", info.data_path);
  line("model", fmt::format("{} ({}), {}", info.model_name, info.model, info.model_path));
  line("kernels", info.kernels + (options.precision == "fp32" ? ", fp32" : ", int8"));
  line("lexicon", fmt::format("{} event entries ({})", info.lexicon_entries, info.lexicon));
  line("processors", fmt::format("{}", processors()));

  // An invented sentence whose record is known in outline: a source, a denial, an event inside it.
  DocumentInput input;
  input.text = "Norway’s foreign ministry denied on Friday that its navy had attacked Icelandic fishing boats.";
  input.published = "2031-05-05";
  EngineWorkspace workspace;
  const Analysis analysis = engine->code(input, workspace);
  const auto check = [&](const char* what, bool holds) {
    line("self-test", fmt::format("{}: {}", what, holds ? "yes" : "NO"));
    if (!holds) code = kFailed;
  };
  check("an invented sentence is read", !analysis.error && analysis.sentences.size() == 1);
  check("its voice is found", std::any_of(analysis.attributions.begin(), analysis.attributions.end(),
                                          [](const Attribution& a) { return a.stance == Stance::denies; }));
  check("its event is coded", !analysis.events.empty());
  check("the event is denied", !analysis.events.empty() && analysis.events[0].status == "denied");
  check("a second run gives the same bytes", to_json(info, analysis) == to_json(info, engine->code(input, workspace)));
  line("", code == kDone ? "All is well." : "Something is wrong with this installation: rebuild it, or give another --model.");
  if (std::fflush(stdout) != 0) {
    say(cannot_write(errno, ""));
    return kFailed;
  }
  return code;
}

void add_input_options(CLI::App& app, Options& o, const std::string& repairs) {
  add_column_option(app, o);
  o.repairs = repairs;
  app.add_option("--published", o.published, "Publication date YYYY-MM-DD, where the file has none")
      ->type_name("DATE")
      ->check([](const std::string& date) { return text::parse_date(date) ? std::string() : "not a date: give YYYY-MM-DD"; })
      ->group("Input");
  app.add_option(
         "--repairs", o.repairs,
         "all: bridge broken paragraphs and hyphens, find heads and footers; none: take the text as it stands (here: " + repairs + ")")
      ->check(CLI::IsMember({"all", "none"}))
      ->group("Input");
  app.add_option("--events", o.events, "both: the lexicon, and the model where it has heads for events; lexicon: the lexicon alone")
      ->check(CLI::IsMember({"both", "lexicon"}))
      ->type_name("both|lexicon")
      ->capture_default_str()
      ->group("Engine");
  app.add_flag("--force", o.force, "Also documents that are not in English")->group("Input");
}

std::vector<std::string> profile_list() {
  std::vector<std::string> out;
  for (const Profile& profile : profiles()) out.emplace_back(profile.name);
  return out;
}
std::string profile_names() {
  std::string out;
  for (const Profile& profile : profiles()) out += (out.empty() ? "" : ", ") + std::string(profile.name);
  return out;
}

int run(int argc, char** argv) {
  catch_signals();
  CLI::App app{"Reads news and writes attributed political event data: who did what to whom, when, where, and who says so.", "reportedly"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "reportedly " REPORTEDLY_VERSION);
  app.footer(
      "Examples:\n"
      "  reportedly code article.txt                             a readable account on the terminal\n"
      "  reportedly code *.jsonl --threads 4 > events.jsonl      one record a line\n"
      "  reportedly explain article.txt v1                       how an event was coded\n"
      "  reportedly add articles/ --store news.db                a folder into a corpus, which search, events … look into\n"
      "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some documents failed, 4 no readable input,\n"
      "5 model missing or unfit, 6 store locked or damaged, 130 stopped.");
  const char* files_help =
      "Text, JSONL (id, text, title, byline, published, publisher, url, language), CSV, HTML, PDF, RSS, WARC, zip, tar, folders of these; "
      "- is standard input";

  Options code_options, parse_options, explain_options, doctor_options;
  CLI::App& code = *app.add_subcommand("code", "Events of each document, with their voices");
  code.add_option("FILE", code_options.files, files_help)->required();
  auto* format = code.add_option("--format", code_options.format,
                                 "account, json (one document), jsonl, csv or html; on a terminal account, else jsonl")
                     ->check(CLI::IsMember({"account", "json", "jsonl", "csv", "html"}))
                     ->group("Output");
  code.add_option("--profile", code_options.profile, "For other programs: " + profile_names() + " (docs/exports.md)")
      ->check(CLI::IsMember(profile_list()))
      ->type_name("NAME")
      ->excludes(format)
      ->group("Output");
  code.add_option("--output", code_options.output, "Write to a file, which appears when it is complete, or (profiles) into a folder")
      ->type_name("FILE|FOLDER")
      ->group("Output");
  code.add_option("--threads", code_options.threads,
                  "Documents coded at once; the output is the same for any number (default: all processors)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group("Output");
  code.add_flag("--timings", code_options.timings, "CPU time by stage, on standard error")->group("");  // for docs/performance.md
  code.add_option("--candidates", code_options.candidates,
                  "What the parties of events are chosen from, for training/parties.py, and evidence for training/choices.py")
      ->group("");
  add_input_options(code, code_options, "all");
  add_engine_options(code, code_options);
  code.footer(
      "Examples:\n"
      "  reportedly code article.txt --published 2031-05-05\n"
      "  reportedly code article.txt --format html > article.html\n"
      "  reportedly code folder/*.txt --profile polecat > events.tsv\n"
      "  reportedly code folder/*.txt --profile gdelt --output gdelt/\n"
      "  zcat archive.jsonl.gz | reportedly code - --format jsonl > records.jsonl\n"
      "  reportedly code table.csv --column text=raw_text --column published=posted_on\n" +
      known_columns());

  CLI::App& parse = *app.add_subcommand("parse", "The analysis below the events: sentences, words, trees, names");
  parse.add_option("FILE", parse_options.files, files_help)->required();
  parse.add_option("--format", parse_options.format, "conllu (default), or json: a record a line, without events")
      ->check(CLI::IsMember({"conllu", "json"}))
      ->group("Output");
  parse.add_option("--output", parse_options.output, "Write to a file, which appears when it is complete")
      ->type_name("FILE")
      ->group("Output");
  parse.add_option("--threads", parse_options.threads, "Documents read at once (default: all processors)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group("Output");
  add_input_options(parse, parse_options, "none");
  add_engine_options(parse, parse_options);
  parse.footer(
      "Examples:\n"
      "  reportedly parse article.txt > article.conllu\n"
      "  reportedly parse article.txt --format json\n"
      "  echo 'The minister left.' | reportedly parse -");

  CLI::App& explain = *app.add_subcommand("explain", "How an event was coded, step by step, and why a sentence got none");
  explain_options.files.resize(1);
  explain.add_option("FILE", explain_options.files[0], "The document: a file; with --store its id")->required();
  explain.add_option("--store", explain_options.store, "A corpus that has the document; it is not read again")
      ->type_name("FILE")
      ->group("Input");
  explain.add_option("WHAT", explain_options.what, "An event (v1), a sentence (s12) or an attribution (a1); with several documents ID#v1")
      ->required();
  add_input_options(explain, explain_options, "all");
  add_engine_options(explain, explain_options);
  explain.footer(
      "Examples:\n"
      "  reportedly explain article.txt v1       the event v1\n"
      "  reportedly explain article.txt s12      sentence 12: its events, or why it has none\n"
      "  reportedly explain batch.jsonl 'id-7#v2'\n"
      "  reportedly explain id-7 v2 --store news.db");

  CLI::App& check = *app.add_subcommand("doctor", "Versions, kernels in use, model, lexicon, self-test");
  add_engine_options(check, doctor_options);
  CorpusCommands corpus(app);
  ServeCommand serve(app);
  EvaluateCommand evaluate(app);
  check.footer("Examples:\n  reportedly doctor\n  reportedly doctor --model models/other.bin --lexicon my-lexicon");

  CLI::App& codes = *app.add_subcommand("codebook", "The columns of the tables and the meaning of every code, in Markdown");
  codes.footer("Examples:\n  reportedly codebook > codebook.md");

  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& e) {
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty()) {
      say(fmt::format("no such command: {}. `reportedly --help` lists the commands", argv[1]));
      return kUsage;
    }
    return app.exit(e) == 0 ? kDone : kUsage;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kUsage;
  }
  if (const auto status = corpus.run()) return *status;
  if (const auto status = serve.run()) return *status;
  if (const auto status = evaluate.run()) return *status;
  if (code.parsed()) return code_or_parse(code_options, false);
  if (parse.parsed()) return code_or_parse(parse_options, true);
  if (explain.parsed()) return explain_command(explain_options);
  if (codes.parsed()) {
    auto sink = Sink::open("");
    sink->write(codebook());
    return written(*sink);
  }
  return doctor(doctor_options);
}

}  // namespace
}  // namespace reportedly::cli

int main(int argc, char** argv) {
  try {
    return reportedly::cli::run(argc, argv);
  } catch (const std::bad_alloc&) {
    reportedly::cli::say("not enough memory: use fewer threads, --model fast, or a machine with more");
    return reportedly::cli::kFailed;
  } catch (const std::system_error& e) {  // a thread that cannot be had
    reportedly::cli::say(fmt::format("the system gives no more memory or threads ({}): use fewer threads, or make some free", e.what()));
    return reportedly::cli::kFailed;
  } catch (const std::exception& e) {
    reportedly::cli::say(fmt::format("unexpected fault: {}. Please report it", e.what()));
    return reportedly::cli::kFailed;
  }
}
