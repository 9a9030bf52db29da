// Pages and HTTP API over a store, for this machine (docs/server.md; SECURITY.md for what it stands against).
//
//   auto server = reportedly::Server::start({.store = "news.db", .coder = coder});
//   if (!server) …                       // usage (address not allowed), unwritable (port in use), bad_store
//   std::puts((*server)->link().c_str());
//   (*server)->wait([] { return stopped(); });
//
// Thread-safety: a Server is used by one thread; it answers requests on threads of its own.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reportedly/corpus.h"

namespace reportedly {

struct ServerLimits {
  size_t body_bytes = 1 << 20;       ///< of a request
  size_t head_bytes = 32 << 10;      ///< request line and headers
  size_t threads = 32;               ///< requests at once …
  size_t waiting = 128;              ///< … and connections that wait for a thread; more wait in the system, or are refused by it
  size_t rows = 1000;                ///< in one answer; 100 times as many as CSV
  double request_seconds = 10;       ///< for a request to arrive, and again for its answer to be taken
  double query_seconds = 10;         ///< of work in the store
  size_t texts_at_once = 2;          ///< analyses at once; others wait
  size_t text_characters = 200'000;  ///< bytes of a text to analyse
};

struct ServerOptions {
  std::filesystem::path store;
  std::string host = "127.0.0.1";
  int port = 7413;                 ///< 0: any that is free
  bool allow_remote = false;       ///< lets `host` be another than this machine's own addresses; then `token` must be given
  std::string token;               ///< empty: a new one of 256 bits; else at least 32 characters
  std::vector<std::string> names;  ///< further Host headers that are ours ("news.example.org"), behind a proxy
  std::optional<Coder> coder;      ///< for /api/v1/analyze and explanations; without one they answer 503
  ServerLimits limits;
  std::function<void(const std::string& link)> link_used;  ///< a one-time link was used; this is the next. Called on any thread
};

class Server {
 public:
  /// Listens when it returns. Errors: usage, unwritable, and those of Store::open.
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  ~Server();  ///< stops, after the requests at work
  int port() const;
  const std::string& token() const;
  /// Gives a browser the cookie; works once.
  std::string link() const;
  /// Until `stopped` says so, which is asked ten times a second.
  void wait(const std::function<bool()>& stopped);

 private:
  Server();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly
