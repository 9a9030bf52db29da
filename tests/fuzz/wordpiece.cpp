// Units of any text to wordpieces, with a vocabulary that the input chooses.
#include "text/wordpiece.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "text/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace reportedly;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t cut = bytes.find('\0');
  const std::string known = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nship\n##s\n##a\nthe\nharbour\ne\n##e\n.\n";
  const auto pieces = text::WordPiece::from_vocab(cut == std::string_view::npos ? known : std::string(bytes.substr(0, cut)) + "\n" + known);
  if (!pieces) return 0;
  DocumentInput input;
  input.text = cut == std::string_view::npos ? bytes : bytes.substr(cut + 1);
  const auto read = text::read_text(input, {});
  if (!read) return 0;
  std::vector<int32_t> out;
  for (const text::Unit& u : read->units) {
    out.clear();
    pieces->encode(std::u32string_view(read->analysis).substr(u.begin, u.end - u.begin), out);
    if (out.empty()) std::abort();
    for (const int32_t id : out)
      if (id < 0 || static_cast<size_t>(id) >= pieces->size()) std::abort();
  }
  return 0;
}
