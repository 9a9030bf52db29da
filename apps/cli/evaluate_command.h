// `reportedly evaluate`: records that people have corrected against the program, or against other records.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine_choice.h"

namespace reportedly::cli {

class EvaluateCommand {
 public:
  explicit EvaluateCommand(CLI::App& app);
  /// The exit code; nullopt if another command was given.
  std::optional<int> run() const;

 private:
  CLI::App* command_;
  std::string gold_, records_, format_ = "text", events_ = "both";
  std::vector<std::string> layers_, differences_;
  EngineChoice engine_;
};

}  // namespace reportedly::cli
