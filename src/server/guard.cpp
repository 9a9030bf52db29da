#include "server/guard.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace reportedly::server {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_safe(const std::string& method) {
  return method == "GET" || method == "HEAD";
}

bool is_api(const std::string& target) {
  return target.starts_with("/api/") || target == "/api" || target.starts_with("/api?");
}

/// The value of a cookie; empty if it is not there.
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  for (size_t at = 0; at < cookies.size();) {
    const size_t end = std::min(cookies.find(';', at), cookies.size());
    std::string_view pair = cookies.substr(at, end - at);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return pair.substr(name.size() + 1);
    at = end + 1;
  }
  return {};
}

}  // namespace

std::string random_secret() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("the system gives no random numbers");
  std::string out;
  for (const unsigned char b : bytes) out += fmt::format("{:02x}", b);
  return out;
}

bool equal_secrets(std::string_view given, std::string_view secret) {
  // The length is no secret. An empty secret opens nothing.
  return !secret.empty() && given.size() == secret.size() && CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

Guard::Guard(std::vector<std::string> hosts, std::string token, std::string cookie)
    : hosts_(std::move(hosts)), token_(std::move(token)), cookie_(std::move(cookie)), key_(random_secret()) {
  for (std::string& host : hosts_) host = lower(host);
}

bool Guard::authorised(const Request& request, bool& by_cookie) const {
  for (const std::string_view value : request.header("Authorization"))
    if (lower(value.substr(0, 7)) == "bearer " && equal_secrets(value.substr(7), token_)) return true;
  for (const std::string_view value : request.header("Cookie"))
    if (equal_secrets(cookie_value(value, cookie_), token_)) return by_cookie = true;
  return false;
}

std::optional<Response> Guard::admit(const Request& request) const {
  // A page elsewhere whose name resolves to this machine (DNS rebinding) sends its own name here.
  const auto host = request.single("Host");
  if (!host || std::find(hosts_.begin(), hosts_.end(), lower(*host)) == hosts_.end())
    return problem(421, "wrong_host", "This server answers under its own names only: " + hosts_.front());
  const bool safe = is_safe(request.method), api = is_api(request.target);
  const auto origins = request.header("Origin");
  const bool own_origin =
      origins.size() == 1 && (lower(origins[0]) == "http://" + lower(*host) || lower(origins[0]) == "https://" + lower(*host));
  const auto sites = request.header("Sec-Fetch-Site");
  const bool own_site = sites.size() == 1 && sites[0] == "same-origin";
  const bool typed = sites.size() == 1 && sites[0] == "none";  // the address bar
  if (!safe || api) {
    if (!origins.empty() && !own_origin) return problem(403, "wrong_origin", "Requests from pages of other origins are refused");
    if (!sites.empty() && !own_site && !(typed && safe))
      return problem(403, "wrong_site", "Requests that other sites caused are refused (Sec-Fetch-Site)");
  }
  if (!safe && !api) return problem(405, "method_not_allowed", "Pages are read with GET");
  if (!api) return std::nullopt;
  bool by_cookie = false;
  if (!authorised(request, by_cookie)) {
    Response out =
        problem(401, "no_token", "Open the link that `reportedly serve` printed, or send its token as Authorization: Bearer TOKEN");
    out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"reportedly\"");
    return out;
  }
  // A browser says where a request comes from. One with the cookie that does not say is not to be trusted with changes.
  if (!safe && by_cookie && !own_origin && !own_site)
    return problem(403, "wrong_origin",
                   "With the cookie, changes need an Origin or Sec-Fetch-Site header; without a browser, send the token");
  return std::nullopt;
}

std::string Guard::link() const {
  const std::lock_guard lock(mutex_);
  return fmt::format("http://{}/open?key={}", hosts_.front(), key_);
}

Response Guard::open(const Request& request, std::string_view key, bool& used) {
  Response out{303, "text/plain; charset=utf-8", "", {}};
  out.headers.emplace_back("Location", "/");
  const std::lock_guard lock(mutex_);
  used = equal_secrets(key, key_);
  bool by_cookie = false;
  if (!used && authorised(request, by_cookie)) return out;
  if (!used)
    return problem(403, "link_used", "This link was used, or is from an earlier start. `reportedly serve` prints a new one after each use");
  key_ = random_secret();
  out.headers.emplace_back("Set-Cookie", fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/", cookie_, token_));
  return out;
}

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  // Trusted Types: the browser itself refuses any script of ours that would make markup of a string.
  static const std::vector<std::pair<std::string, std::string>> headers{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"X-Frame-Options", "DENY"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
      {"Cache-Control", "no-store"},
  };
  return headers;
}

}  // namespace reportedly::server
