// Quotation marks of a document, paired.
#pragma once
#include <cstdint>
#include <vector>

#include "syntax/tree.h"

namespace reportedly::attribution {

/// Words [first, last), the marks themselves included; one that opens each of several paragraphs and closes once is one quotation.
struct Quotation {
  uint32_t first = 0, last = 0;
  int32_t parent = -1;  ///< the quotation around it
  bool single = false;
};

struct Quotations {
  std::vector<Quotation> all;    ///< by first word
  std::vector<int32_t> of_word;  ///< innermost quotation over each word, its marks included; -1 none

  /// Is the word a quotation mark that opens or closes one of `all`, or reopens one at a paragraph?
  bool is_mark(const syntax::Trees& trees, uint32_t w) const;
  bool covers(int32_t quotation, uint32_t w) const {
    const Quotation& q = all[static_cast<size_t>(quotation)];
    return q.first <= w && w < q.last;
  }
};

/// Pairs “ ”, " ", ‘ ’, ' ' and nested ones. A mark without its partner pairs with nothing, but for a quotation whose closing mark
/// comes paragraphs later, each of which opens with a mark. Linear in the words.
Quotations find_quotations(const syntax::Trees& trees);

}  // namespace reportedly::attribution
