// The commands with a store: add, status, verify, purge, search, events, actors, claims, disputes.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

namespace reportedly::cli {

class CorpusCommands {
 public:
  explicit CorpusCommands(CLI::App& app);
  ~CorpusCommands();
  /// After parsing: the exit code of the command that was given, if it is one of these.
  std::optional<int> run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly::cli
