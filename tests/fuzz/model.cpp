// A model file: nothing in it is believed before it is checked.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "nn/model_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly;
  const int file = memfd_create("model", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  const auto model = nn::ModelFile::open("/proc/self/fd/" + std::to_string(file));
  if (model) {
    for (const char* name : {"embed.word", "vocab", "layer.0.attention.query.weight", "head.event.weight"})
      if (const nn::Tensor* t = (*model)->find(name)) {
        volatile unsigned char sum = 0;
        for (size_t i = 0; i < t->bytes; i += 97) sum = static_cast<unsigned char>(sum + static_cast<unsigned char>(t->data[i]));
        (void)t->size();
      }
    (void)(*model)->text("vocab");
  }
  close(file);
  return 0;
}
