// Where models/, lexicon/ and data/ are.
#pragma once
#include <filesystem>

#include "reportedly/result.h"

namespace reportedly {

/// `given` if not empty, else $REPORTEDLY_DATA, else the folder of the executable or the one above it, else ../share/reportedly of the
/// executable: the first that holds a `lexicon` folder. Error not_found lists what was tried.
Result<std::filesystem::path> find_data_folder(const std::filesystem::path& given);

}  // namespace reportedly
