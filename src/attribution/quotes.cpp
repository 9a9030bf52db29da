#include "attribution/quotes.h"

#include <algorithm>
#include <string_view>

namespace reportedly::attribution {
namespace {

using syntax::Trees;
using syntax::Word;

enum class Mark : uint8_t { none, open_double, close_double, plain_double, open_single, close_single };

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80);
}

/// The word's role as a mark, from its form and the white space around it.
Mark mark_of(const Trees& trees, uint32_t w) {
  const std::string_view f = trees.words[w].form;
  if (f == "“" || f == "„" || f == "«" || f == "``") return Mark::open_double;
  if (f == "”" || f == "»") return Mark::close_double;
  const bool space_before = w == 0 || trees.words[w - 1].space_after || trees.words[w - 1].sentence != trees.words[w].sentence;
  const bool space_after = w + 1 == trees.words.size() || trees.words[w].space_after;
  if (f == "''") return Mark::close_double;
  if (f == "\"") {
    if (space_before && !space_after) return Mark::open_double;
    if (!space_before && space_after) return Mark::close_double;
    return Mark::plain_double;
  }
  if (f == "‘") return Mark::open_single;
  if (f == "’" || f == "'" || f == "`") {
    if (space_before && !space_after) {
      // ’90s, 'em: an apostrophe in front
      const char next = trees.words[w + 1].form.front();
      return next >= '0' && next <= '9' ? Mark::none : f == "’" ? Mark::none : Mark::open_single;
    }
    const bool before_mark = w > 0 && (trees.words[w - 1].form == "\"" || trees.words[w - 1].form == "“" || trees.words[w - 1].form == "(");
    if (!space_after && before_mark) return Mark::open_single;
    if (!space_before) {
      // A genitive's apostrophe is a word of its own too: "the ministers' plan".
      const Word& word = trees.words[w];
      if (word.upos == syntax::Upos::PART) return Mark::none;
      if (!space_after && letter_or_digit(trees.words[w + 1].form.front())) return Mark::none;
      return Mark::close_single;
    }
  }
  return Mark::none;
}

constexpr size_t kDeepest = 16;  ///< open marks kept at a time; more are no prose

struct Open {
  uint32_t first;
  bool single;
};

}  // namespace

bool Quotations::is_mark(const Trees& trees, uint32_t w) const {
  if (of_word[w] < 0 || trees.words[w].upos != syntax::Upos::PUNCT) return false;
  return mark_of(trees, w) != Mark::none;
}

Quotations find_quotations(const Trees& trees) {
  Quotations out;
  const auto n = static_cast<uint32_t>(trees.words.size());
  out.of_word.assign(n, -1);
  std::vector<Open> open;
  auto close = [&](size_t depth, uint32_t last) {
    // what stayed open inside was no quotation
    out.all.push_back({open[depth].first, last, -1, open[depth].single});
    open.resize(depth);
  };
  uint32_t paragraph = n ? trees.sentences[trees.words[0].sentence].paragraph : 0;
  for (uint32_t w = 0; w < n; ++w) {
    Mark mark = mark_of(trees, w);
    const uint32_t here = trees.sentences[trees.words[w].sentence].paragraph;
    if (here != paragraph) {
      paragraph = here;
      const bool reopens = !open.empty() && (mark == Mark::open_double || mark == Mark::plain_double) && !open.front().single;
      if (reopens) {
        open.resize(1);
        continue;
      }
      open.clear();
    }
    if (mark == Mark::none) continue;
    if (mark == Mark::plain_double) {
      const bool inside = std::any_of(open.begin(), open.end(), [](const Open& o) { return !o.single; });
      mark = inside ? Mark::close_double : Mark::open_double;
    }
    if (mark == Mark::open_double || mark == Mark::open_single) {
      if (open.size() < kDeepest) open.push_back({w, mark == Mark::open_single});
      continue;
    }
    const bool single = mark == Mark::close_single;
    for (size_t depth = open.size(); depth-- > 0;) {
      if (open[depth].single == single) {
        close(depth, w + 1);
        break;
      }
      if (single) break;  // an apostrophe inside double marks closes nothing outside them
    }
  }
  std::sort(out.all.begin(), out.all.end(),
            [](const Quotation& a, const Quotation& b) { return a.first != b.first ? a.first < b.first : a.last > b.last; });
  std::vector<int32_t> stack;
  size_t next = 0;
  for (uint32_t w = 0; w < n; ++w) {
    while (!stack.empty() && out.all[static_cast<size_t>(stack.back())].last <= w) stack.pop_back();
    while (next < out.all.size() && out.all[next].first == w) {
      out.all[next].parent = stack.empty() ? -1 : stack.back();
      stack.push_back(static_cast<int32_t>(next++));
    }
    out.of_word[w] = stack.empty() ? -1 : stack.back();
  }
  return out;
}

}  // namespace reportedly::attribution
