// What the commands of the program share: where results and messages go, signals, exit codes.
#pragma once
#include <string>
#include <string_view>

#include "reportedly/result.h"

namespace reportedly::cli {

enum Exit : int { kDone = 0, kFailed = 1, kUsage = 2, kSomeFailed = 3, kNoInput = 4, kBadModel = 5, kBadStore = 6, kStopped = 130 };

/// What is wrong when writing fails with that errno, and the way out. Empty path: standard output.
Error cannot_write(int error, const std::string& path);

/// Data: standard output, or a file that appears under its name only when it is complete.
class Sink {
 public:
  /// Empty path: standard output.
  static Result<Sink> open(const std::string& path);
  Sink(Sink&& other) noexcept;
  Sink& operator=(Sink&&) = delete;
  ~Sink();
  /// False when nothing more can be written; `closed` says whether the reader went away, which is no fault.
  bool write(std::string_view bytes);
  bool closed() const { return closed_; }
  int error() const { return error_; }
  /// Gives a file its name. Errors: unwritable, also what stopped `write`.
  Result<void> finish();
  bool is_terminal() const;
  unsigned columns() const;

 private:
  Sink() = default;
  int descriptor_ = 1;
  std::string path_, part_;
  bool closed_ = false;
  int error_ = 0;
};

/// The end of a command that wrote its result: finishes the sink and says what went wrong. kDone or kFailed.
int written(Sink& sink);

/// A message for people, on standard error, one line, without control characters.
void say(std::string_view message);
/// "file.txt: what is wrong (code)".
void say(const Error& error);

/// After this, SIGINT and SIGTERM ask for an orderly end (a second one ends at once), SIGPIPE is an error of write.
void catch_signals();
bool stopped();

bool colours_wanted(const Sink& sink);

}  // namespace reportedly::cli
