#include "output/terminal.h"

#include <algorithm>

#include "output/write.h"

namespace reportedly::output {
namespace {

/// Columns that a stretch takes: code points without colour sequences.
size_t columns(std::string_view text) {
  size_t n = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    n += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
  }
  return n;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text, i);
    const std::string_view whole = text.substr(i, std::max<size_t>(length, 1));
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const bool control = length == 1 && (c < 0x20 || c == 0x7F) && c != '\n';
    const bool upper_control = length == 2 && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    // U+202A–U+202E and U+2066–U+2069
    const bool turns =
        length == 3 && (whole.starts_with("\xE2\x80") ? whole[2] >= '\xAA' && whole[2] <= '\xAE'
                                                      : whole.starts_with("\xE2\x81") && whole[2] >= '\xA6' && whole[2] <= '\xA9');
    if (c == '\t')
      out += ' ';
    else if (length == 0 || control || upper_control || turns)
      out += "\xEF\xBF\xBD";
    else
      out += whole;
    i += std::max<size_t>(length, 1);
  }
  return out;
}

Terminal::Terminal(bool colour, unsigned width) : colour_(colour), width_(std::clamp(width, 40u, 120u)) {}

std::string Terminal::ink(Ink ink, std::string_view text) const {
  if (!colour_ || ink == Ink::none || text.empty()) return std::string(text);
  const char* code = "0";
  switch (ink) {
    case Ink::none:
      break;
    case Ink::bold:
      code = "1";
      break;
    case Ink::dim:
      code = "2";
      break;
    case Ink::red:
      code = "31";
      break;
    case Ink::green:
      code = "32";
      break;
    case Ink::yellow:
      code = "33";
      break;
    case Ink::blue:
      code = "34";
      break;
    case Ink::cyan:
      code = "36";
      break;
  }
  // Word by word, so that a line break never falls inside a coloured stretch.
  std::string out;
  size_t i = 0;
  while (i < text.size()) {
    const size_t blank = text.find(' ', i);
    const size_t end = blank == std::string_view::npos ? text.size() : blank;
    if (end > i) out += fmt::format("\x1b[{}m{}\x1b[0m", code, text.substr(i, end - i));
    if (blank == std::string_view::npos) break;
    out += ' ';
    i = blank + 1;
  }
  return out;
}

void Terminal::paragraph(std::string_view first, std::string_view text) {
  const size_t indent = columns(first);
  out_ += first;
  size_t at = indent;
  bool begin = true;
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ') {
      ++i;
      continue;
    }
    const size_t blank = std::min(text.find(' ', i), text.size());
    const std::string_view word = text.substr(i, blank - i);
    const size_t wide = columns(word);
    if (!begin && at + 1 + wide > width_) {
      out_ += '\n';
      out_.append(indent, ' ');
      at = indent;
      begin = true;
    }
    if (!begin) {
      out_ += ' ';
      ++at;
    }
    out_ += word;
    at += wide;
    begin = false;
    i = blank;
  }
  out_ += '\n';
}

void Terminal::line(std::string_view text) {
  out_ += text;
  out_ += '\n';
}

}  // namespace reportedly::output
