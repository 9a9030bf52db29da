#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return reportedly::importer::parse_as(reportedly::importer::Format::csv, data, size);
}
