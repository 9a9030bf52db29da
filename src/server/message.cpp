#include "server/message.h"

#include <fmt/format.h>

#include <algorithm>

#include "output/write.h"

namespace reportedly::server {
namespace {

bool same_name(std::string_view x, std::string_view y) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [&](char a, char b) { return lower(a) == lower(b); });
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Well-formed UTF-8 without NUL.
bool is_text(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const auto b = static_cast<unsigned char>(bytes[at]);
    const size_t length = b < 0x80 ? 1 : b >= 0xC2 && b < 0xE0 ? 2 : b >= 0xE0 && b < 0xF0 ? 3 : b >= 0xF0 && b < 0xF5 ? 4 : 0;
    if (length == 0 || b == 0 || at + length > bytes.size()) return false;
    char32_t value = length == 1 ? b : b & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(bytes[at + i]);
      if ((next & 0xC0) != 0x80) return false;
      value = (value << 6) | (next & 0x3Fu);
    }
    if ((length == 3 && value < 0x800) || (length == 4 && value < 0x10000) || (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF)
      return false;
    at += length;
  }
  return true;
}

const char* reason(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 503:
      return "Service Unavailable";
    default:
      return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

}  // namespace

std::vector<std::string_view> Request::header(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) out.emplace_back(value);
  return out;
}

std::optional<std::string_view> Request::single(std::string_view name) const {
  const auto all = header(name);
  return all.size() == 1 ? std::optional(all[0]) : std::nullopt;
}

std::string json_string(std::string_view text) {
  output::Buffer out;
  output::put_json(out, text);
  return fmt::to_string(out);
}

Response problem(int status, std::string_view code, std::string_view detail) {
  return {status,
          "application/problem+json",
          fmt::format("{{\"type\":\"about:blank\",\"title\":{},\"status\":{},\"code\":{},\"detail\":{}}}\n", json_string(reason(status)),
                      status, json_string(code), json_string(detail)),
          {}};
}

Response problem(const Error& error) {
  const auto status = [&] {
    switch (error.code) {
      case ErrorCode::usage:
      case ErrorCode::bad_format:
      case ErrorCode::bad_encoding:
      case ErrorCode::empty:
        return 400;
      case ErrorCode::not_found:
        return 404;
      case ErrorCode::too_large:
        return 413;
      case ErrorCode::locked:
      case ErrorCode::unwritable:
        return 503;
      default:
        return 500;
    }
  };
  return problem(status(), error_code_name(error.code), error.message);
}

std::optional<std::string> decoded(std::string_view text, bool form) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (at + 2 >= text.size() || hex(text[at + 1]) < 0 || hex(text[at + 2]) < 0) return std::nullopt;
      out.push_back(static_cast<char>(hex(text[at + 1]) * 16 + hex(text[at + 2])));
      at += 2;
    } else {
      out.push_back(form && text[at] == '+' ? ' ' : text[at]);
    }
  }
  return is_text(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    plain ? out.push_back(c) : void(out += fmt::format("%{:02X}", static_cast<unsigned char>(c)));
  }
  return out;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target[0] != '/') return std::nullopt;
  Target out;
  const size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  out.path = path;
  for (size_t at = 1; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    auto segment = decoded(path.substr(at, end - at), false);
    if (!segment) return std::nullopt;
    out.segments.push_back(std::move(*segment));
    at = end + 1;
  }
  if (mark == std::string_view::npos) return out;
  const std::string_view query = target.substr(mark + 1);
  for (size_t at = 0; at < query.size();) {
    const size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    at = end + 1;
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), true);
    if (!name || !value || !out.query.emplace(std::move(*name), std::move(*value)).second) return std::nullopt;
  }
  return out;
}

}  // namespace reportedly::server
