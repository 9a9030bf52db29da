// Wordpieces of a unit, exactly as BERT's reference tokenizer (uncased) cuts them: control characters dropped, lower case,
// NFD without nonspacing marks, split at punctuation and CJK ideographs, then greedy longest match with "##".
// Source: Devlin et al. 2019, tokenization.py of the reference implementation.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/result.h"

namespace reportedly::text {

/// Immutable after `from_vocab`; `encode` may be called from any number of threads.
class WordPiece {
 public:
  /// Vocabulary as the model file has it: one wordpiece a line, the line's number is its id.
  /// Errors: bad_model if [UNK], [CLS] or [SEP] is missing or a line is no UTF-8.
  static Result<WordPiece> from_vocab(std::string_view newline_separated);

  /// Appends the wordpieces of one unit to `out`; at least one (`[UNK]` where the tokenizer yields none). Linear in the
  /// unit's length: a word of more than 100 characters is `[UNK]` and not looked at.
  void encode(std::u32string_view unit, std::vector<int32_t>& out) const;

  int32_t unknown() const { return unknown_; }
  int32_t cls() const { return cls_; }
  int32_t sep() const { return sep_; }
  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t hash = 0;
    uint32_t start = 0;   ///< of the piece's characters in pool_
    uint16_t length = 0;  ///< 0: free
    int32_t id = 0;
  };
  int32_t find(uint64_t hash, const char32_t* text, size_t length, bool inner) const;
  void cut_word(const char32_t* word, size_t length, std::vector<int32_t>& out) const;

  std::vector<Slot> slots_[2];  ///< 0: pieces that begin a word, 1: pieces with "##"
  std::u32string pool_;
  size_t size_ = 0, longest_ = 0;
  int32_t unknown_ = 0, cls_ = 0, sep_ = 0;
};

}  // namespace reportedly::text
