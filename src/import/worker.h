// The child that parses, seen from here.
//
// The program reportedly-import is started once. It is small, has one thread, and forks a process for every file, so that
// nothing a file does to its parser outlives the file. The process shuts itself in (parsers/sandbox.h) before it reads a
// byte and writes frames (message.h) into a pipe; reportedly-import says how it ended.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

#include "import/message.h"

namespace reportedly::importer {

/// Exit codes of the process that parses.
enum ParserExit : int { kParsed = 0, kNoMemory = 77, kNoSandbox = 78, kBadJob = 79 };

/// One file after the other. Not thread-safe.
class Worker {
 public:
  explicit Worker(const ImportOptions& options) : options_(options) {}
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Begins a file; its descriptor is read from where it stands and may be closed afterwards.
  std::optional<Refusal> begin(const Job& job, int descriptor, bool limited_wall);

  /// The next frame of the file that was begun; nullopt when it has ended (then see `ending`).
  std::optional<Message> next();
  /// Why the file ended before its time; nullopt: it was parsed to the end.
  const std::optional<Refusal>& ending() const { return ending_; }
  /// Leaves the file that was begun.
  void abandon();

 private:
  std::optional<Refusal> start();
  void stop();
  bool fill();
  void finish();
  void command(char what);

  const ImportOptions& options_;
  pid_t helper_ = -1;
  int control_ = -1, pipe_ = -1;
  bool limited_wall_ = true, killed_by_wall_ = false, stopped_ = false;
  ImportLimits limits_;
  std::string buffer_;
  size_t begin_ = 0;
  std::optional<Refusal> ending_;
};

/// Where reportedly-import is; empty: nowhere.
std::string find_helper(const ImportOptions& options);

}  // namespace reportedly::importer
