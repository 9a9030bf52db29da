#include "import/records.h"

#include <cstdint>
#include <cstdlib>

#include "import/charset.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly::importer;
  MemoryStream stream({reinterpret_cast<const char*>(data), size});
  RecordReader reader(stream, 4096);
  while (auto item = reader.next())
    if (*item && (!valid_utf8((*item)->input.text) || !valid_utf8((*item)->input.title.value_or("")))) std::abort();
  return 0;
}
