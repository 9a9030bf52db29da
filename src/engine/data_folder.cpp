#include "engine/data_folder.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

namespace reportedly {
namespace fs = std::filesystem;

Result<fs::path> find_data_folder(const fs::path& given) {
  std::vector<fs::path> tried;
  std::error_code ignored;
  if (!given.empty())
    tried.push_back(given);
  else if (const char* set = std::getenv("REPORTEDLY_DATA"); set && *set)
    tried.emplace_back(set);
  else {
    const fs::path executable = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path folder = executable.parent_path();
    for (const fs::path& candidate : {folder, folder.parent_path(), folder.parent_path() / "share" / "reportedly"})
      tried.push_back(candidate);
  }
  std::string list;
  for (const fs::path& candidate : tried) {
    if (fs::is_directory(candidate / "lexicon", ignored)) return candidate;
    list += list.empty() ? "" : ", ";
    list += candidate.string();
  }
  return fail(
      ErrorCode::not_found,
      fmt::format("no data folder (with lexicon/, models/ and data/) found; tried {}. Give it with --data or REPORTEDLY_DATA", list), list);
}

}  // namespace reportedly
