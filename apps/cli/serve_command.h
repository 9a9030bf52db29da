// `reportedly serve`: pages and HTTP API over a store.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

namespace reportedly::cli {

class ServeCommand {
 public:
  explicit ServeCommand(CLI::App& app);
  ~ServeCommand();
  /// After parsing: the exit code, if this command was given.
  std::optional<int> run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly::cli
