// The stretches of a text that the encoder reads at once: docs/model.md §2. Training cuts by the same rules.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "text/text.h"

namespace reportedly::text {

inline constexpr uint32_t kWindow = 192;                       ///< wordpieces, [CLS] and [SEP] among them
inline constexpr uint32_t kContext = 16;                       ///< wordpieces on each side of a core, at most
inline constexpr uint32_t kCore = kWindow - 2 - 2 * kContext;  ///< wordpieces in a core, at most
inline constexpr uint32_t kCoreMin = kCore / 2;                ///< and before a cut, where there is a choice

/// Half-open ranges of units. A core holds at most kCore wordpieces, unless its only unit alone has more: such a unit
/// is to be cut short by who fills the window.
struct Window {
  uint32_t first = 0, last = 0;            ///< what is read: core and context
  uint32_t core_first = 0, core_last = 0;  ///< whose scores are taken from here
  friend bool operator==(const Window&, const Window&) = default;
};

/// Windows of the units [first, last) read as if they were a whole text, in order; their cores part that range.
/// `pieces[i]`: wordpieces of unit i (index in Text::units, whatever `first` is). Linear.
std::vector<Window> cut_windows(const Text& text, std::span<const uint32_t> pieces, uint32_t first, uint32_t last);

/// The same for the whole text.
std::vector<Window> cut_windows(const Text& text, std::span<const uint32_t> pieces);

/// A text of more than `most` units is parted into sections of at most so many, which are analysed one after the other: memory is then
/// bounded by the section, whatever the length. Cut at the last paragraph break in the second half of a section, else the last safe end of
/// a sentence, else the last white space, else anywhere. Half-open ranges of units that part the whole; linear.
std::vector<std::pair<uint32_t, uint32_t>> cut_sections(const Text& text, uint32_t most);

}  // namespace reportedly::text
