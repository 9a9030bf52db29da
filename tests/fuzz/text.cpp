// Bytes to code points, paragraphs, repairs and units.
#include "text/text.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly;
  if (size == 0) return 0;
  DocumentInput input;
  input.format = data[0] & 1 ? SourceFormat::record : SourceFormat::plain;
  input.text.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] & 4) input.title = input.text.substr(0, input.text.find('\n'));
  const auto read = text::read_text(input, {.repairs = (data[0] & 2) == 0});
  if (!read) return 0;
  const text::Text& t = *read;
  if (t.analysis.size() != t.origin.size()) std::abort();
  for (const text::Unit& u : t.units)
    if (u.begin >= u.end || u.end > t.analysis.size() || u.span.end > t.chars.size() || u.span.start >= u.span.end ||
        u.paragraph >= t.paragraphs.size())
      std::abort();
  for (const text::Paragraph& p : t.paragraphs)
    if (p.span.start > p.span.end || p.span.end > t.chars.size()) std::abort();
  return 0;
}
