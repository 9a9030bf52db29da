#include "text/windows.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "text/chars.h"

namespace reportedly::text {
namespace {

constexpr uint8_t kParagraph = 3;

/// Abbreviations after which a full stop ends no sentence for sure, in lower case. "u.s" stands for the unit "s" of "U.S.",
/// which the rule for single letters covers.
constexpr std::array<std::u32string_view, 34> kAbbreviations{U"mr",  U"mrs", U"ms",  U"dr",   U"prof", U"gen", U"sen", U"rep", U"gov",
                                                             U"lt",  U"col", U"sgt", U"capt", U"st",   U"jr",  U"sr",  U"no",  U"vs",
                                                             U"inc", U"ltd", U"co",  U"corp", U"jan",  U"feb", U"mar", U"apr", U"jun",
                                                             U"jul", U"aug", U"sep", U"sept", U"oct",  U"nov", U"dec"};

bool is_abbreviation(std::u32string_view unit) {
  if (unit.size() > 4) return false;
  char32_t buffer[4];
  std::transform(unit.begin(), unit.end(), buffer, lower);
  const std::u32string_view word(buffer, unit.size());
  return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

bool is_closing(char32_t c) {
  return c == U'"' || c == U'\u201D' || c == U'\u2019' || c == U'\'' || c == U')' || c == U']';
}
bool is_opening(char32_t c) {
  return c == U'"' || c == U'\u201C' || c == U'\u2018' || c == U'\'' || c == U'(' || c == U'[';
}
bool is_terminal(char32_t c) {
  return c == U'.' || c == U'!' || c == U'?' || c == U'\u2026';
}

class Cutter {
 public:
  Cutter(const Text& text, uint32_t first) : text_(text), first_(first) {}

  /// Does a sentence end for sure right before unit j? Closing marks before it are walked at most once for each j.
  bool safe_end(uint32_t j) const {
    const Unit& next = text_.units[j];
    if (next.space == 0) return false;
    const char32_t c = text_.analysis[next.begin];
    if (!is_upper(c) && !is_opening(c) && !is_decimal(c)) return false;
    uint32_t i = j - 1;
    while (i > first_ && one_char(i) && is_closing(char_of(i)) && text_.units[i].space == 0) --i;
    if (!one_char(i) || !is_terminal(char_of(i))) return false;
    if (char_of(i) == U'.' && i > first_) {
      const Unit& before = text_.units[i - 1];
      const std::u32string_view word = std::u32string_view(text_.analysis).substr(before.begin, before.end - before.begin);
      if ((word.size() == 1 && is_letter(word[0])) || is_abbreviation(word)) return false;
    }
    return true;
  }

 private:
  bool one_char(uint32_t i) const { return text_.units[i].end - text_.units[i].begin == 1; }
  char32_t char_of(uint32_t i) const { return text_.analysis[text_.units[i].begin]; }
  const Text& text_;
  uint32_t first_;
};

}  // namespace

std::vector<Window> cut_windows(const Text& text, std::span<const uint32_t> pieces, uint32_t first, uint32_t last) {
  std::vector<Window> windows;
  const Cutter cutter(text, first);
  for (uint32_t start = first; start < last;) {
    uint32_t total = 0, best = start + 1, j = start;
    int best_rank = -1;
    while (j < last && total + pieces[j] <= kCore) {
      total += pieces[j];
      if (++j == last) break;
      int rank = 0;
      if (total >= kCoreMin) {
        // What cannot beat the best found so far need not be looked at closely.
        if (text.units[j].space == kParagraph)
          rank = 3;
        else if (best_rank <= 2 && cutter.safe_end(j))
          rank = 2;
        else if (text.units[j].space > 0)
          rank = 1;
      }
      if (rank >= best_rank) {
        best = j;
        best_rank = rank;
      }
    }
    const uint32_t end = j == last ? last : best;
    Window w{start, end, start, end};
    for (uint32_t room = kContext; w.first > first && pieces[w.first - 1] <= room; --w.first) room -= pieces[w.first - 1];
    for (uint32_t room = kContext; w.last < last && pieces[w.last] <= room; ++w.last) room -= pieces[w.last];
    windows.push_back(w);
    start = end;
  }
  return windows;
}

std::vector<std::pair<uint32_t, uint32_t>> cut_sections(const Text& text, uint32_t most) {
  std::vector<std::pair<uint32_t, uint32_t>> sections;
  const auto n = static_cast<uint32_t>(text.units.size());
  uint32_t start = 0;
  while (n - start > most) {
    const Cutter cutter(text, start);
    const uint32_t limit = start + most;
    uint32_t best = limit;
    int best_rank = 0;
    for (uint32_t j = limit; j > start + most / 2 && best_rank < 3; --j) {  // the last of its rank
      int rank = 0;
      if (text.units[j].space == kParagraph)
        rank = 3;
      else if (best_rank < 2 && cutter.safe_end(j))
        rank = 2;
      else if (best_rank < 1 && text.units[j].space > 0)
        rank = 1;
      if (rank > best_rank) best = j, best_rank = rank;
    }
    sections.emplace_back(start, best);
    start = best;
  }
  sections.emplace_back(start, n);
  return sections;
}

std::vector<Window> cut_windows(const Text& text, std::span<const uint32_t> pieces) {
  return cut_windows(text, pieces, 0, static_cast<uint32_t>(text.units.size()));
}

}  // namespace reportedly::text
