// What a parser that has been taken over could send.
#include "import/message.h"

#include <cstdint>
#include <cstdlib>

#include "import/charset.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly::importer;
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  (void)decode_job(frame);
  const auto message = decode_message(frame);
  if (!message) return 0;
  if (!valid_utf8(message->document.input.title.value_or("")) || !valid_utf8(message->failure.reason) || !valid_utf8(message->member))
    std::abort();
  (void)error_code_name(message->failure.code);
  (void)format_name(message->document.format);
  (void)date_origin_name(message->document.date_origin);
  (void)encoding_origin_name(message->document.encoding_origin);
  return 0;
}
