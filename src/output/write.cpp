#include "output/write.h"

#include <array>
#include <cmath>

namespace reportedly::output {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes that go into a JSON string as they are: ASCII but quotation mark, backslash and control characters.
constexpr std::array<bool, 256> make_plain_table() {
  std::array<bool, 256> table{};
  for (int c = 0x20; c < 0x7F; ++c) table[c] = c != '"' && c != '\\';
  return table;
}
constexpr std::array<bool, 256> kPlain = make_plain_table();

}  // namespace

void put_real(Buffer& out, double value) {
  if (!std::isfinite(value)) value = 0;
  if (value == 0) value = 0;  // no "-0.0"
  const size_t before = out.size();
  fmt::format_to(std::back_inserter(out), "{}", value);
  const std::string_view written(out.data() + before, out.size() - before);
  if (written.find_first_of(".e") == std::string_view::npos) put(out, ".0");
}

void put_probability(Buffer& out, double value) {
  put_real(out, std::round(value * 10000) / 10000);
}

size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return tail(at + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    if (!tail(at + 1) || !tail(at + 2)) return 0;
    if (lead == 0xE0 && byte(at + 1) < 0xA0) return 0;   // overlong
    if (lead == 0xED && byte(at + 1) >= 0xA0) return 0;  // surrogate
    return 3;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    if (!tail(at + 1) || !tail(at + 2) || !tail(at + 3)) return 0;
    if (lead == 0xF0 && byte(at + 1) < 0x90) return 0;
    if (lead == 0xF4 && byte(at + 1) >= 0x90) return 0;
    return 4;
  }
  return 0;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text, i);
    if (length == 0) {
      out += kReplacement;
      ++i;
    } else {
      out.append(text.substr(i, length));
      i += length;
    }
  }
  return out;
}

void put_json(Buffer& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  size_t i = 0;
  while (i < text.size()) {
    size_t run = i;
    while (run < text.size() && kPlain[static_cast<unsigned char>(text[run])]) ++run;
    put(out, text.substr(i, run - i));
    i = run;
    if (i == text.size()) break;
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      switch (c) {
        case '"':
          put(out, "\\\"");
          break;
        case '\\':
          put(out, "\\\\");
          break;
        case '\n':
          put(out, "\\n");
          break;
        case '\r':
          put(out, "\\r");
          break;
        case '\t':
          put(out, "\\t");
          break;
        default:
          put(out, "\\u00");
          out.push_back(kHex[c >> 4]);
          out.push_back(kHex[c & 15]);
      }
      ++i;
      continue;
    }
    const size_t length = utf8_length(text, i);
    const std::string_view whole = text.substr(i, length);
    if (length == 0) {
      put(out, kReplacement);
      ++i;
      continue;
    }
    if (whole == "\xC2\x85")
      put(out, "\\u0085");
    else if (whole == "\xE2\x80\xA8")
      put(out, "\\u2028");
    else if (whole == "\xE2\x80\xA9")
      put(out, "\\u2029");
    else
      put(out, whole);
    i += length;
  }
  out.push_back('"');
}

void put_html(Buffer& out, std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const size_t length = utf8_length(text, i);
    if (length == 0) {
      put(out, kReplacement);
      ++i;
      continue;
    }
    if (c == '&')
      put(out, "&amp;");
    else if (c == '<')
      put(out, "&lt;");
    else if (c == '>')
      put(out, "&gt;");
    else if (c == '"')
      put(out, "&quot;");
    else if (c == '\'')
      put(out, "&#39;");
    else if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F)
      put(out, kReplacement);  // no character that HTML knows
    else
      put(out, text.substr(i, length));
    i += length;
  }
}

std::string id_of(char layer, int64_t index) {
  return fmt::format("{}{}", layer, index + 1);
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      space = true;
      continue;
    }
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    out.push_back(c);
  }
  return out;
}

size_t code_points(std::string_view text) {
  size_t n = 0;
  for (char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

std::string shortened(std::string_view text, size_t columns) {
  if (code_points(text) <= columns) return std::string(text);
  size_t end = 0, n = 0;
  while (n + 1 < columns) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    ++n;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

}  // namespace reportedly::output
