// Small writers that every format shares: ids, numbers, escaped text. No DOM, no locale.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "reportedly/analysis.h"

namespace reportedly::output {

using Buffer = fmt::basic_memory_buffer<char, 4096>;

inline void put(Buffer& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}
inline void put(Buffer& out, char c) {
  out.push_back(c);
}

/// A whole number, however wide.
template <class Integer>
void put_integer(Buffer& out, Integer value) {
  const fmt::format_int digits(value);
  out.append(digits.data(), digits.data() + digits.size());
}

/// Shortest decimal that reads back as the same number, always with a point: "-7.0". What is not finite is written as 0.0.
void put_real(Buffer& out, double value);
/// A probability with at most four decimals.
void put_probability(Buffer& out, double value);

/// The next character of a UTF-8 text: its length in bytes, 0 if the bytes at `at` are no valid UTF-8.
size_t utf8_length(std::string_view text, size_t at);
/// `text` with every byte that is no UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// A JSON string with its quotation marks. Control characters and the line ends U+0085, U+2028, U+2029 are escaped (a reader
/// of lines must not break there); invalid bytes become U+FFFD.
void put_json(Buffer& out, std::string_view text);
/// Text for HTML content and for attributes in double quotes.
void put_html(Buffer& out, std::string_view text);

/// "v1" for index 0.
std::string id_of(char layer, int64_t index);

/// White space runs to one blank, ends trimmed: a quotation from the text on one line.
std::string one_line(std::string_view text);
/// At most `columns` code points, an ellipsis at the end where it was cut.
std::string shortened(std::string_view text, size_t columns);
size_t code_points(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace reportedly::output
