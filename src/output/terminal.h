// Lines for a terminal: wrapped, coloured only when asked, and safe: text from outside cannot send control sequences.
#pragma once
#include <string>
#include <string_view>

namespace reportedly::output {

/// Control characters and those that turn the direction of writing replaced by U+FFFD; invalid bytes too.
std::string harmless(std::string_view text);

enum class Ink : uint8_t { none, bold, dim, red, green, yellow, blue, cyan };

class Terminal {
 public:
  Terminal(bool colour, unsigned width);

  /// `text` in a colour, or as it is. `text` must be harmless already.
  std::string ink(Ink ink, std::string_view text) const;
  /// A paragraph: `first` in front of the first line, blanks of the same width before the others. Colour sequences count as no column.
  void paragraph(std::string_view first, std::string_view text);
  void line(std::string_view text);
  void blank() { out_ += '\n'; }
  unsigned width() const { return width_; }
  std::string take() { return std::move(out_); }

 private:
  bool colour_;
  unsigned width_;
  std::string out_;
};

}  // namespace reportedly::output
