// A request and its answer, apart from any transport: what the routes, the guard and most tests deal in.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reportedly/result.h"

namespace reportedly::server {

struct Request {
  std::string method;  ///< GET, POST …
  std::string target;  ///< as it came: path and query, not decoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// All values of a header; names are compared without regard to case.
  std::vector<std::string_view> header(std::string_view name) const;
  /// The one value; nullopt if there is none, or several.
  std::optional<std::string_view> single(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// RFC 9457. `code`: a word for programs ("not_found"); `detail`: what a person can do about it.
Response problem(int status, std::string_view code, std::string_view detail);
Response problem(const Error& error);

/// Percent-decoding; '+' is a blank where `form`. nullopt: a sign that is no hexadecimal digit, or bytes that are no UTF-8.
std::optional<std::string> decoded(std::string_view text, bool form);
std::string percent_encoded(std::string_view text);

/// A target in parts.
struct Target {
  std::string path;                   ///< as it came
  std::vector<std::string> segments;  ///< of the path, decoded, without the empty first
  std::map<std::string, std::string> query;
};
/// nullopt: not a target of ours (no slash first, bad encoding, a parameter twice).
std::optional<Target> parse_target(std::string_view target);

std::string json_string(std::string_view text);

}  // namespace reportedly::server
