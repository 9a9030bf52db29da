#include "text/wordpiece.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <bit>

#include "text/chars.h"
#include "text/decode.h"

namespace reportedly::text {
namespace {

constexpr size_t kMaxWord = 100;  // characters of a normalised word; the reference's max_input_chars_per_word

/// A rolling hash, so that the hashes of all prefixes of a word come from one pass.
constexpr uint64_t kSeed = 0x9E3779B97F4A7C15ULL;
constexpr uint64_t step(uint64_t hash, char32_t c) {
  return (hash ^ c) * 0xD6E8FEB86659FD93ULL;
}
constexpr size_t place(uint64_t hash, size_t mask) {
  return static_cast<size_t>(hash ^ (hash >> 32)) & mask;
}

/// Receives normalised characters one by one and hands over whole words; never holds more than kMaxWord + 1 of them.
template <class Word>
class Cutter {
 public:
  explicit Cutter(Word word) : word_(word) {}
  void put(char32_t c) {
    if (is_white(c)) {
      flush();
    } else if (is_bert_punctuation(c)) {
      flush();
      word_(&c, 1);
    } else {
      add(c);
    }
  }
  void add(char32_t c) {
    if (length_ <= kMaxWord) buffer_[length_++] = c;
  }
  void flush() {
    if (length_ > 0) word_(buffer_, length_);
    length_ = 0;
  }

 private:
  Word word_;
  char32_t buffer_[kMaxWord + 1];
  size_t length_ = 0;
};

}  // namespace

Result<WordPiece> WordPiece::from_vocab(std::string_view newline_separated) {
  WordPiece w;
  struct Piece {
    uint32_t start;
    uint16_t length;
    bool inner;
    int32_t id;
  };
  std::vector<Piece> pieces;
  size_t count[2] = {0, 0};
  w.unknown_ = w.cls_ = w.sep_ = -1;
  while (!newline_separated.empty()) {
    const size_t eol = newline_separated.find('\n');
    std::string_view line = newline_separated.substr(0, eol);
    newline_separated.remove_prefix(eol == std::string_view::npos ? newline_separated.size() : eol + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const auto id = static_cast<int32_t>(w.size_++);
    if (line == "[UNK]") w.unknown_ = id;
    if (line == "[CLS]") w.cls_ = id;
    if (line == "[SEP]") w.sep_ = id;
    const bool inner = line.size() > 2 && line.starts_with("##");
    const Decoded decoded = decode_utf8(inner ? line.substr(2) : line);
    if (decoded.invalid > 0) return fail(ErrorCode::bad_model, fmt::format("the vocabulary's line {} is no UTF-8", w.size_));
    if (decoded.chars.empty() || decoded.chars.size() > kMaxWord) continue;
    pieces.push_back({static_cast<uint32_t>(w.pool_.size()), static_cast<uint16_t>(decoded.chars.size()), inner, id});
    w.pool_ += decoded.chars;
    w.longest_ = std::max(w.longest_, decoded.chars.size());
    ++count[inner];
  }
  if (w.unknown_ < 0 || w.cls_ < 0 || w.sep_ < 0) return fail(ErrorCode::bad_model, "the vocabulary lacks [UNK], [CLS] or [SEP]");
  for (int k = 0; k < 2; ++k) w.slots_[k].resize(std::bit_ceil(count[k] * 2 + 2));
  for (const Piece& piece : pieces) {
    uint64_t hash = kSeed;
    for (size_t i = 0; i < piece.length; ++i) hash = step(hash, w.pool_[piece.start + i]);
    auto& slots = w.slots_[piece.inner];
    size_t at = place(hash, slots.size() - 1);
    while (slots[at].length != 0) at = (at + 1) & (slots.size() - 1);
    slots[at] = {hash, piece.start, piece.length, piece.id};
  }
  return w;
}

int32_t WordPiece::find(uint64_t hash, const char32_t* text, size_t length, bool inner) const {
  const auto& slots = slots_[inner];
  for (size_t at = place(hash, slots.size() - 1); slots[at].length != 0; at = (at + 1) & (slots.size() - 1))
    if (slots[at].hash == hash && slots[at].length == length && std::equal(text, text + length, pool_.data() + slots[at].start))
      return slots[at].id;
  return -1;
}

void WordPiece::cut_word(const char32_t* word, size_t length, std::vector<int32_t>& out) const {
  if (length > kMaxWord) {
    out.push_back(unknown_);
    return;
  }
  const size_t before = out.size();
  uint64_t hashes[kMaxWord];
  for (size_t start = 0; start < length;) {
    const size_t most = std::min(length - start, longest_);
    uint64_t hash = kSeed;
    for (size_t i = 0; i < most; ++i) hashes[i] = hash = step(hash, word[start + i]);
    int32_t id = -1;
    size_t n = most;
    for (; n > 0; --n)
      if ((id = find(hashes[n - 1], word + start, n, start > 0)) >= 0) break;
    if (id < 0) {
      out.resize(before);
      out.push_back(unknown_);
      return;
    }
    out.push_back(id);
    start += n;
  }
}

void WordPiece::encode(std::u32string_view unit, std::vector<int32_t>& out) const {
  const size_t before = out.size();
  Cutter cutter([&](const char32_t* word, size_t length) { cut_word(word, length, out); });
  static const icu::Normalizer2* const kNfd = [] {
    UErrorCode failed = U_ZERO_ERROR;
    return icu::Normalizer2::getNFDInstance(failed);
  }();
  icu::UnicodeString decomposed;
  for (const char32_t c : unit) {
    if (c < 128) {
      if (c > 32 && c < 127)
        cutter.put(lower(c));
      else if (is_white(c))
        cutter.flush();
      continue;
    }
    if (char_class(c) == CharClass::dropped) continue;
    const bool cjk = is_cjk(c);
    if (cjk) cutter.flush();
    // One code point at a time: the marks whose order whole-string NFD would change are the ones that are stripped.
    auto put = [&](char32_t d) {
      if (u_charType(static_cast<UChar32>(d)) != U_NON_SPACING_MARK) cutter.put(lower(d));
    };
    if (kNfd->getDecomposition(static_cast<UChar32>(c), decomposed)) {
      for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) put(static_cast<char32_t>(decomposed.char32At(i)));
    } else {
      put(c);
    }
    if (cjk) cutter.flush();
  }
  cutter.flush();
  if (out.size() == before) out.push_back(unknown_);
}

}  // namespace reportedly::text
