// Where the pieces of an export go: standard output, a file, or a folder.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "reportedly/export.h"
#include "run.h"

namespace reportedly::cli {

/// Files appear under their names when they are complete.
class ExportFiles {
 public:
  /// `output`: empty or "-": standard output; a folder (one that is there, a name with a slash at its end, or any name where the profile
  /// has several files): the profile's own file names in it; else a file. Errors: usage (several files and no folder), unreadable.
  static Result<ExportFiles> open(const Profile& profile, const std::string& output);
  /// False when nothing more can be written.
  bool write(const std::vector<Piece>& pieces);
  bool closed() const { return closed_; }
  const std::optional<Error>& error() const { return error_; }
  /// Writes what belongs beside the data (nothing beside standard output: `schema.json` in a folder, NAME.schema.json beside NAME.csv),
  /// then gives all files their names.
  Result<void> finish(const std::vector<Piece>& beside);
  /// Standard output, if that is where the data go: for whoever shows progress.
  bool is_terminal() const;

 private:
  bool write(const Piece& piece, const std::string& path);
  std::string folder_, file_;  ///< folder with its slash, or empty; the only file, empty: standard output or several
  std::map<std::string, Sink> open_;
  bool closed_ = false;
  std::optional<Error> error_;
};

}  // namespace reportedly::cli
