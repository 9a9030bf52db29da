#include "evaluate_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "reader.h"
#include "reportedly/engine.h"
#include "reportedly/score.h"
#include "run.h"

namespace reportedly::cli {
namespace {

/// Records of a JSONL file, one after the other.
class Records {
 public:
  /// Errors: not_found, unreadable.
  static Result<Records> open(const std::string& path) {
    Records out;
    out.path_ = path == "-" ? "standard input" : path;
    if (path != "-") {
      out.file_ = std::make_unique<std::ifstream>(path, std::ios::binary);
      if (!*out.file_ || out.file_->peek() == std::ifstream::traits_type::eof())
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::unreadable,
                    *out.file_ ? "the file is empty" : fmt::format("cannot read: {}", std::strerror(errno)), path);
    }
    return out;
  }
  /// nullopt at the end.
  std::optional<Result<Analysis>> next() {
    std::istream& in = file_ ? *file_ : std::cin;
    std::string line;
    while (std::getline(in, line)) {
      ++number_;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      auto record = read_gold(line);
      if (!record) {
        record.error().place = fmt::format("{}:{}", path_, number_);
        record.error().message =
            "no reportedly/1 record, one a line, as `reportedly code --format jsonl` writes them: " + record.error().message;
      }
      return record;
    }
    return std::nullopt;
  }

 private:
  std::string path_;
  std::unique_ptr<std::ifstream> file_;
  size_t number_ = 0;
};

std::string as_text(const std::vector<Figure>& figures, size_t documents) {
  std::string out = fmt::format("{} {}\n\n{:<26}{:>9}{:>9}{:>9}{:>9}{:>9}\n", documents, documents == 1 ? "document" : "documents",
                                "figure", "gold", "here", "P", "R", "F1");
  for (const Figure& f : figures) {
    if (f.share)
      out += fmt::format("{:<26}{:>9}{:>9}{:>9}{:>9}{:>8.1f}%  {}\n", f.name, f.gold, "", "", "", 100 * f.recall(), f.what);
    else
      out += fmt::format("{:<26}{:>9}{:>9}{:>9.1f}{:>9.1f}{:>9.1f}  {}\n", f.name, f.gold, f.system, 100 * f.precision(), 100 * f.recall(),
                         100 * f.f1(), f.what);
  }
  return out;
}

std::string as_json(const std::vector<Figure>& figures, size_t documents) {
  nlohmann::ordered_json out = {{"documents", documents}, {"figures", nlohmann::ordered_json::array()}};
  for (const Figure& f : figures) {
    nlohmann::ordered_json one = {{"name", f.name}, {"layer", f.layer},   {"what", f.what},
                                  {"gold", f.gold}, {"system", f.system}, {"right", f.right}};
    if (f.share) {
      one["share"] = f.recall();
    } else {
      one["precision"] = f.precision(), one["recall"] = f.recall(), one["f1"] = f.f1();
    }
    out["figures"].push_back(std::move(one));
  }
  return out.dump(2) + "\n";
}

}  // namespace

EvaluateCommand::EvaluateCommand(CLI::App& app)
    : command_(app.add_subcommand("evaluate", "Scores against records that people have corrected")) {
  command_->add_option("GOLD", gold_, "JSONL of reportedly/1 records, corrected by hand; - is standard input")->required();
  command_->add_option("--records", records_, "Compare with these records, matched by document.id, in place of coding the texts anew")
      ->type_name("FILE")
      ->group("Input");
  command_->add_option("--events", events_, "both: the lexicon, and the model where it has heads for events; lexicon: the lexicon alone")
      ->check(CLI::IsMember({"both", "lexicon"}))
      ->type_name("both|lexicon")
      ->capture_default_str()
      ->group("Engine");
  std::string names;
  for (const std::string& layer : Score::layers()) names += (names.empty() ? "" : ", ") + layer;
  command_->add_option("--layers", layers_, "Only these, where GOLD was corrected in part: " + names)
      ->check(CLI::IsMember(Score::layers()))
      ->delimiter(',')
      ->type_name("NAME,…")
      ->group("Output");
  command_->add_option("--differences", differences_, "List where the records differ, for these figures, or all")
      ->delimiter(',')
      ->type_name("FIGURE,…")
      ->group("Output");
  command_->add_option("--format", format_, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str()->group("Output");
  add_engine_options(*command_, engine_);
  command_->footer(
      "Examples:\n"
      "  reportedly code articles/*.txt --format jsonl > gold.jsonl     … correct gold.jsonl by hand\n"
      "  reportedly evaluate gold.jsonl                                 the program against it\n"
      "  reportedly evaluate gold.jsonl --layers events --differences events.type,events.roles\n"
      "  reportedly evaluate gold.jsonl --lexicon my-lexicon            does my lexicon help?\n"
      "  reportedly evaluate gold.jsonl --records other.jsonl           two people, or two versions\n"
      "\nWhat is compared, and how: docs/evaluate.md");
}

std::optional<int> EvaluateCommand::run() const {
  if (!command_->parsed()) return std::nullopt;
  auto gold = Records::open(gold_);
  if (!gold) {
    say(gold.error());
    return kNoInput;
  }
  const bool all = std::find(differences_.begin(), differences_.end(), "all") != differences_.end();
  const std::set<std::string> layers(layers_.begin(), layers_.end());
  const auto wanted = [&](std::string_view figure) {
    return layers.empty() || layers.count(std::string(figure.substr(0, figure.find('.')))) > 0;
  };

  std::unordered_map<std::string, Analysis> records;
  std::unique_ptr<Engine> engine;
  size_t failed = 0, documents = 0, read = 0;
  if (!records_.empty()) {
    auto file = Records::open(records_);
    if (!file) {
      say(file.error());
      return kNoInput;
    }
    while (auto record = file->next()) {
      if (!*record) {
        say(record->error());
        ++failed;
        continue;
      }
      std::string id = (*record)->document.id;
      if (!records.emplace(id, std::move(**record)).second) {
        say(fmt::format("{}: the document '{}' is there twice; the first is taken", records_, id));
        ++failed;
      }
    }
  } else {
    int code = kDone;
    engine = load(engine_, code);
    if (!engine) return code;
  }

  auto sink = Sink::open("");
  EngineWorkspace workspace;
  Score score;
  while (auto next = gold->next()) {
    if (stopped()) return kStopped;
    ++read;
    if (!*next) {
      say(next->error());
      ++failed;
      continue;
    }
    const Analysis& right = **next;
    const std::string& id = right.document.id;
    Analysis here;
    if (engine) {
      here = engine->code(input_of(DocumentInfo(right.document), SourceFormat::record), workspace,
                          {.force = true, .learned = events_ == "both"});
    } else if (const auto found = records.find(id); found != records.end()) {
      here = std::move(found->second);
      records.erase(found);
    } else {
      say(fmt::format("{}: no record of the document '{}'", records_, id));
      ++failed;
      continue;
    }
    const auto differ = [&](const Difference& d) {
      if (!wanted(d.figure)) return;
      if (!all && std::find(differences_.begin(), differences_.end(), d.figure) == differences_.end()) return;
      std::string message = d.message;
      std::replace(message.begin(), message.end(), '\n', ' ');
      sink->write(fmt::format("{}\t{}\t{}\n", id, d.figure, message));
    };
    if (const auto done = score.add(right, here, differences_.empty() ? std::function<void(const Difference&)>() : differ); !done) {
      say(done.error());
      ++failed;
      continue;
    }
    ++documents;
  }
  if (!records.empty()) {
    const auto first = std::min_element(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    say(fmt::format("{} has no record of {} of the documents in {}, the first of them '{}'; they were left out", gold_, records.size(),
                    records_, first->first));
  }
  if (documents == 0) {
    say(read == 0 ? "no record in the input" : "no document could be compared");
    return read == 0 ? kNoInput : kSomeFailed;
  }
  std::vector<Figure> figures = score.figures();
  std::erase_if(figures, [&](const Figure& f) { return !wanted(f.layer); });
  if (!differences_.empty() && format_ == "text") sink->write("\n");
  sink->write(format_ == "json" ? as_json(figures, documents) : as_text(figures, documents));
  if (const int code = written(*sink); code != kDone) return code;
  if (failed > 0) {
    say(fmt::format("{} of the records could not be compared, listed above", failed));
    return kSomeFailed;
  }
  return kDone;
}

}  // namespace reportedly::cli
