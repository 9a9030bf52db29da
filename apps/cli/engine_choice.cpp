#include "engine_choice.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <filesystem>

#include "engine/data_folder.h"

namespace reportedly::cli {

namespace fs = std::filesystem;

unsigned processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return 1;
}

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::usage:
      return kUsage;
    case ErrorCode::bad_model:
      return kBadModel;
    case ErrorCode::stopped:
      return kStopped;
    case ErrorCode::locked:
    case ErrorCode::bad_store:
      return kBadStore;
    default:
      return kFailed;
  }
}

namespace {

/// A model file, or the name of one in the data folder: "fast", "accurate", "reportedly-en".
Result<fs::path> find_model(const EngineChoice& options) {
  std::error_code ignored;
  if (options.model.empty() || options.model.find('/') != std::string::npos || fs::exists(options.model, ignored))
    return fs::path(options.model);
  auto folder = find_data_folder(options.data);
  if (!folder) return tl::unexpected(folder.error());
  const std::string known = options.model == "fast" ? "reportedly-en.bin" : "reportedly-en-" + options.model + ".bin";
  for (const std::string& name : {options.model, options.model + ".bin", "reportedly-" + options.model + ".bin", known})
    if (const fs::path path = *folder / "models" / name; fs::exists(path, ignored)) return path;
  return fail(ErrorCode::bad_model,
              fmt::format("no model of the name '{}', neither as a file nor in {}", options.model, (*folder / "models").string()),
              options.model);
}

}  // namespace

std::unique_ptr<Engine> load(const EngineChoice& options, int& code) {
  auto model = find_model(options);
  Result<std::unique_ptr<Engine>> engine = model ? Engine::load({.data = options.data,
                                                                 .model = *model,
                                                                 .lexicon = {options.lexicon.begin(), options.lexicon.end()},
                                                                 .fp32 = options.precision == "fp32"})
                                                 : tl::unexpected(model.error());
  if (engine) return std::move(*engine);
  say(engine.error());
  // Without a data folder there is no model either.
  code = engine.error().code == ErrorCode::not_found ? kBadModel : exit_code(engine.error());
  return nullptr;
}

Result<std::vector<fs::path>> model_files(const EngineChoice& options) {
  if (!options.model.empty()) {
    auto chosen = find_model(options);
    if (!chosen) return tl::unexpected(chosen.error());
    return std::vector{std::move(*chosen)};
  }
  auto folder = find_data_folder(options.data);
  if (!folder) return tl::unexpected(folder.error());
  std::vector<fs::path> out;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(*folder / "models", ignored))
    if (file.path().extension() == ".bin") out.push_back(file.path());
  std::sort(out.begin(), out.end());
  return out;
}

void add_engine_options(CLI::App& app, EngineChoice& o) {
  app.add_option("--model", o.model, "fast, accurate (the default where it is there), or a model file")
      ->type_name("NAME|PATH")
      ->group("Engine");
  app.add_option("--data", o.data, "Folder with models/, lexicon/ and data/ (else REPORTEDLY_DATA, else beside the program)")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->group("Engine");
  app.add_option("--lexicon", o.lexicon, "Your own lexicon folder, read on top of ours; may be given several times")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Engine");
  app.add_option("--precision", o.precision, "int8 (fast) or fp32 (reference)")->check(CLI::IsMember({"int8", "fp32"}))->group("Engine");
}

}  // namespace reportedly::cli
