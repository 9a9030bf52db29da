// YAML as a user may write it, as a file of every kind that a lexicon folder has.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "attribution/attribution.h"
#include "entities/entities.h"
#include "events/events.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kFiles[] = {"events/a.yaml", "contexts.yaml", "factuality.yaml", "genres.yaml",
                                  "cues.yaml",     "stances.yaml",  "agents.yaml",     "actors/a.yaml"};

struct Folder {
  fs::path path = fs::temp_directory_path() / ("reportedly_fuzz_" + std::to_string(getpid()));
  Folder() {
    fs::create_directories(path / "events");
    fs::create_directories(path / "actors");
  }
  ~Folder() {
    std::error_code none;
    fs::remove_all(path, none);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly;
  static const Folder folder;
  if (size == 0) return 0;
  const fs::path file = folder.path / kFiles[data[0] % std::size(kFiles)];
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data) + 1, static_cast<std::streamsize>(size - 1));
  (void)events::EventLexicon::load({folder.path});
  (void)attribution::CueLexicon::load({folder.path});
  (void)entities::Actors::load({folder.path});
  std::error_code none;
  fs::remove(file, none);
  return 0;
}
