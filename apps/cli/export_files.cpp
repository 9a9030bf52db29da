#include "export_files.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

namespace reportedly::cli {
namespace fs = std::filesystem;

Result<ExportFiles> ExportFiles::open(const Profile& profile, const std::string& output) {
  ExportFiles out;
  const bool several = profile.file.empty();
  if (output.empty() || output == "-") {
    if (several)
      return fail(ErrorCode::usage, fmt::format("profile {} writes several files: say where with --output FOLDER", profile.name));
    return out;
  }
  std::error_code failed;
  if (several || output.ends_with('/') || fs::is_directory(output, failed)) {
    fs::create_directories(output, failed);
    if (!fs::is_directory(output, failed))
      return fail(ErrorCode::unwritable,
                  several ? fmt::format("profile {} writes several files, and this is no folder", profile.name) : "cannot make this folder",
                  output);
    out.folder_ = output.ends_with('/') ? output : output + "/";
    out.file_ = several ? std::string() : out.folder_ + std::string(profile.file);
  } else {
    out.file_ = output;
  }
  // Now rather than after an hour: can it be written?
  if (!out.file_.empty()) {
    auto sink = Sink::open(out.file_);
    if (!sink) return tl::unexpected(sink.error());
    out.open_.emplace(out.file_, std::move(*sink));
  }
  return out;
}

bool ExportFiles::write(const Piece& piece, const std::string& path) {
  auto at = open_.find(path);
  if (at == open_.end()) {
    auto sink = Sink::open(path);
    if (!sink) {
      error_ = sink.error();
      return false;
    }
    at = open_.emplace(path, std::move(*sink)).first;
  }
  if (!at->second.write(piece.text)) {
    closed_ = at->second.closed();
    if (at->second.error() != 0) error_ = cannot_write(at->second.error(), path);
    return false;
  }
  if (!piece.whole) return true;
  auto named = at->second.finish();
  open_.erase(at);
  if (!named) error_ = named.error();
  return named.has_value();
}

bool ExportFiles::write(const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces)
    if (!write(piece, piece.file.empty() ? file_ : folder_ + piece.file)) return false;
  return true;
}

Result<void> ExportFiles::finish(const std::vector<Piece>& beside) {
  // Nothing belongs beside /dev/null or a pipe.
  std::error_code failed;
  const bool special = folder_.empty() && fs::exists(file_, failed) && !fs::is_regular_file(file_, failed);
  if (!special && (!folder_.empty() || !file_.empty())) {
    for (const Piece& piece : beside) {
      // events.csv → events.schema.json; an extension only counts in the last part of the path.
      fs::path stem(file_);
      stem.replace_extension();
      const std::string path = !folder_.empty() ? folder_ + piece.file : stem.string() + "." + piece.file;
      if (!write(piece, path)) return tl::unexpected(error_.value_or(Error{ErrorCode::unwritable, "cannot write", path}));
    }
  }
  for (auto& [path, sink] : open_)
    if (auto named = sink.finish(); !named) return named;
  open_.clear();
  return {};
}

bool ExportFiles::is_terminal() const {
  if (!folder_.empty() || !file_.empty()) return false;
  auto standard = Sink::open("");
  return standard && standard->is_terminal();
}

}  // namespace reportedly::cli
