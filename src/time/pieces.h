// What time expressions are made of: words cut once more, at hyphens, slashes, colons and between digits and letters, so that the
// grammar need not know how the tokeniser treats "mid-2031", "10:30" or "5pm". Private to this stage.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "syntax/tree.h"

namespace reportedly::time {

enum class Unit : uint8_t { none, second, minute, hour, day, week, weekend, fortnight, month, quarter, half, year, decade, century };

/// What a word may mean in a time expression; 0 / none where it means no such thing.
struct Sense {
  uint8_t month = 0;        ///< 1–12
  uint8_t weekday = 0;      ///< 1–7
  Unit unit = Unit::none;   ///< singular or plural
  bool plural = false;      ///< of the unit, weekday, season or part of day
  uint8_t season = 0;       ///< 1 winter 2 spring 3 summer 4 autumn
  uint8_t part = 0;         ///< index into kParts; 0 none
  int16_t number = -1;      ///< cardinal words 0–90, 100, 1000
  uint8_t ordinal = 0;      ///< first 1 … thirty-first by two words; twentieth 20
  int8_t which = kNoWhich;  ///< this 0, last −1, next +1; kOther for determiners with own rules
  bool abbreviated = false;
  static constexpr int8_t kNoWhich = 100;
};

enum class Kind : uint8_t { letters, digits, mark };

struct Piece {
  std::string text;  ///< lower case, no inner full stops: "sept", "pm"; digits without thousands separators
  Kind kind = Kind::mark;
  Sense sense;
  Span span;
  uint32_t word = 0;
  int64_t number = -1;     ///< of digits
  uint8_t digits = 0;      ///< how many
  bool ordinal = false;    ///< "18th"
  bool decade = false;     ///< "1990s"
  bool thousands = false;  ///< was written with a comma
  bool glued = false;      ///< no white space before
  bool capital = false;
  syntax::Upos upos = syntax::Upos::X;
};

/// Values of the parts of the day: "", "TMO", "TMI", "TAF", "TEV", "TNI", and clock times of noon and midnight.
extern const char* const kParts[];

/// Pieces of the words [first, last).
std::vector<Piece> cut_pieces(const syntax::Trees& trees, uint32_t first, uint32_t last);

}  // namespace reportedly::time
