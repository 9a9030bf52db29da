// Which engine: options, loading, and what its errors mean for the exit code.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "reportedly/engine.h"
#include "run.h"

namespace reportedly::cli {

struct EngineChoice {
  std::string data, model, precision = "int8";
  std::vector<std::string> lexicon;
};

void add_engine_options(CLI::App& app, EngineChoice& o);
/// The engine, or a message on standard error and the exit code.
std::unique_ptr<Engine> load(const EngineChoice& options, int& code);
/// The model that was chosen, else all that are in the data folder.
Result<std::vector<std::filesystem::path>> model_files(const EngineChoice& options);
int exit_code(const Error& error);
/// How many this process may use.
unsigned processors();

}  // namespace reportedly::cli
