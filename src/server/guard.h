// Who is let in. Every request passes `admit` before anything else looks at it; SECURITY.md says against whom each check stands.
// Thread-safety: all members may be called from several threads.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/message.h"

namespace reportedly::server {

/// 256 bits from the system, 64 hexadecimal digits.
std::string random_secret();

/// Takes the same time wherever they differ.
bool equal_secrets(std::string_view given, std::string_view secret);

class Guard {
 public:
  /// `hosts`: the Host headers that are ours, with the port ("127.0.0.1:7413"). `token`: what API calls must show. `cookie`: its
  /// name; a browser sends cookies to every port of a host, so that each server needs a name of its own.
  Guard(std::vector<std::string> hosts, std::string token, std::string cookie);

  /// What is wrong with the request; nullopt: nothing. Paths under /api/ need the token, the pages themselves hold no data.
  std::optional<Response> admit(const Request& request) const;

  /// The address that gives a browser the cookie, once; a new one after each use.
  std::string link() const;
  /// Answers GET /open: sets the cookie if `key` is the link's. Nothing else may be done with the key. A browser that has the cookie
  /// already is sent to the pages. `used`: the key was right, and there is a new link.
  Response open(const Request& request, std::string_view key, bool& used);

 private:
  bool authorised(const Request& request, bool& by_cookie) const;

  std::vector<std::string> hosts_;
  std::string token_, cookie_;
  mutable std::mutex mutex_;
  std::string key_;
};

/// Sent with every answer.
const std::vector<std::pair<std::string, std::string>>& security_headers();

}  // namespace reportedly::server
