// The network side, over real sockets: what comes in wrong, slow, large or in numbers.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "server_support.h"

using namespace server_test;  // NOLINT: tests

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Running {
  Folder folder;
  std::unique_ptr<Server> server;

  explicit Running(ServerLimits limits = {}) {
    fill(folder);
    auto started = Server::start({.store = folder / "s.db", .port = 0, .coder = fake_coder(), .limits = limits});
    if (!started) FAIL(started.error().message);
    server = std::move(*started);
  }
  std::string host() const { return fmt::format("127.0.0.1:{}", server->port()); }
  std::string bearer() const { return "Authorization: Bearer " + server->token() + "\r\n"; }

  int connect() const {
    const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(server->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return s;
  }
  static std::string read_all(int s, double seconds = 10) {
    std::string out;
    const auto start = Clock::now();
    char buffer[4096];
    for (;;) {
      pollfd waiting{s, POLLIN, 0};
      const int left = static_cast<int>((seconds - since(start)) * 1000);
      if (left <= 0 || ::poll(&waiting, 1, left) <= 0) break;
      const ssize_t n = ::recv(s, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      out.append(buffer, static_cast<size_t>(n));
    }
    return out;
  }
  /// Sends all and reads until the server closes.
  std::string raw(const std::string& bytes) const {
    const int s = connect();
    size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t n = ::send(s, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (n <= 0) break;
      at += static_cast<size_t>(n);
    }
    std::string out = read_all(s);
    ::close(s);
    return out;
  }
  std::string get(const std::string& path, const std::string& more = "") const {
    return raw("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + more + "\r\n");
  }
  std::string post(const std::string& path, const std::string& body, const std::string& more) const {
    return raw("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + more + "\r\n" + body);
  }
};

int status(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9)) : 0;
}

size_t answers(const std::string& text) {
  size_t n = 0;
  for (size_t at = 0; (at = text.find("HTTP/1.1 ", at)) != std::string::npos; ++at) ++n;
  return n;
}

std::string length(size_t n) {
  return fmt::format("Content-Length: {}\r\n", n);
}

}  // namespace

TEST_CASE("Over the wire: pages, the link, the cookie, the API, and the policy on each") {
  const Running r;
  const std::string page = r.get("/");
  CHECK(status(page) == 200);
  CHECK(page.find("Content-Security-Policy: default-src 'none'") != std::string::npos);
  CHECK(page.find("<!doctype html>") != std::string::npos);
  CHECK(status(r.get("/api/v1/status")) == 401);
  CHECK(status(r.get("/api/v1/status", r.bearer())) == 200);
  const std::string link = r.server->link();
  const std::string opened = r.get(link.substr(link.find("/open")));
  CHECK(status(opened) == 303);
  const size_t at = opened.find("Set-Cookie: ") + 12;
  const std::string cookie = opened.substr(at, opened.find(';', at) - at);
  CHECK(opened.find("; HttpOnly; SameSite=Strict; Path=/\r\n") != std::string::npos);
  CHECK(status(r.get("/api/v1/status", "Cookie: " + cookie + "\r\n")) == 200);
  CHECK(status(r.get(link.substr(link.find("/open")))) == 403);
  CHECK(status(r.raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421);
  CHECK(status(r.raw("GET / HTTP/1.1\r\n\r\n")) == 421);
  const std::string head = r.raw("HEAD /api/v1/status HTTP/1.1\r\nHost: " + r.host() + "\r\n" + r.bearer() + "\r\n");
  CHECK(status(head) == 200);
  CHECK(head.ends_with("\r\n\r\n"));
  // A range is not asked of us; many could cost much.
  CHECK(status(r.get("/style.css", "Range: bytes=0-1,2-3,4-5,6-7,8-9\r\n")) == 200);
  const std::string text = "Norway attacks Hofn.";
  const std::string coded =
      r.post("/api/v1/analyze", text, r.bearer() + "Content-Type: text/plain; charset=utf-8\r\n" + length(text.size()));
  CHECK(status(coded) == 200);
  CHECK(coded.find("\"type\":\"ASSAULT\"") != std::string::npos);
}

TEST_CASE("One request a connection: nothing can hide behind another") {
  const Running r;
  const std::string second = "GET /api/v1/status HTTP/1.1\r\nHost: " + r.host() + "\r\n" + r.bearer() + "\r\n";
  CHECK(answers(r.raw("GET / HTTP/1.1\r\nHost: " + r.host() + "\r\nConnection: keep-alive\r\n\r\n" + second)) == 1);
  // A body that is refused is not taken for a request.
  const std::string smuggled = r.post("/api/v1/analyze", second, length(second.size()));
  CHECK(status(smuggled) == 401);
  CHECK(answers(smuggled) == 1);
  const std::string twice =
      r.post("/api/v1/analyze", second, r.bearer() + "Content-Type: text/plain\r\n" + length(0) + length(second.size()));
  CHECK(status(twice) == 411);
  CHECK(answers(twice) == 1);
}

TEST_CASE("Bodies: chunks, compression, forms and sizes beyond the limit are refused before they are read") {
  const Running r({.body_bytes = 10'000});
  const std::string plain = r.bearer() + "Content-Type: text/plain\r\n";
  CHECK(status(r.post("/api/v1/analyze", "5\r\nhello\r\n0\r\n\r\n", plain + "Transfer-Encoding: chunked\r\n")) == 411);
  CHECK(status(r.post("/api/v1/analyze", "x", plain)) == 411);
  CHECK(status(r.post("/api/v1/analyze", "xx", plain + "Content-Encoding: gzip\r\n" + length(2))) == 415);
  CHECK(status(r.post("/api/v1/analyze", "a=1", r.bearer() + "Content-Type: application/x-www-form-urlencoded\r\n" + length(3))) == 415);
  CHECK(status(r.post("/api/v1/analyze", "--x--", r.bearer() + "Content-Type: multipart/form-data; boundary=x\r\n" + length(5))) == 415);
  const std::string large = r.post("/api/v1/analyze", std::string(20'000, 'a'), plain + length(20'000));
  CHECK(status(large) == 413);
  CHECK(large.find("application/problem+json") != std::string::npos);
  // A promise of a terabyte costs nothing.
  const auto start = Clock::now();
  CHECK(status(r.post("/api/v1/analyze", "a", plain + length(1'000'000'000'000))) == 413);
  CHECK(since(start) < 2);
  CHECK(status(r.post("/api/v1/analyze", "a", plain + "Content-Length: -1\r\n")) != 200);
}

TEST_CASE("Headers and addresses without end") {
  const Running r({.head_bytes = 16'000});
  std::string many;
  for (int i = 0; i < 5000; ++i) many += fmt::format("X-{}: 1\r\n", i);
  CHECK(status(r.get("/", many)) != 200);
  CHECK(status(r.get("/", "X-Long: " + std::string(100'000, 'a') + "\r\n")) != 200);
  CHECK(status(r.get("/search?q=" + std::string(7900, 'a'))) == 414);
  CHECK(status(r.get("/search?q=" + std::string(100'000, 'a'))) != 200);
  for (const std::string& garbage : {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string("\0\0\0\0\r\n\r\n", 8),
                                     std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
                                     std::string("GET / HTTP/9.9\r\n\r\n"), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")})
    CHECK(status(r.raw(garbage)) != 200);
  CHECK(status(r.get("/")) == 200);
}

TEST_CASE("Who sends slowly is cut off, and meanwhile others are served") {
  const Running r({.threads = 4, .waiting = 64, .request_seconds = 0.6});
  const int slow = r.connect();
  const auto start = Clock::now();
  std::thread drip([&] {
    const std::string head = "GET / HTTP/1.1\r\nHost: " + r.host() + "\r\nX: ";
    for (size_t i = 0; i < 100 && since(start) < 4; ++i) {
      const char c = i < head.size() ? head[i] : 'a';
      if (::send(slow, &c, 1, MSG_NOSIGNAL) <= 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  CHECK(status(r.get("/")) == 200);
  CHECK(status(Running::read_all(slow, 4)) != 200);
  CHECK(since(start) < 3);
  drip.join();
  ::close(slow);
}

TEST_CASE("More connections than threads: idle ones time out, a request among them gets its answer") {
  const Running r({.threads = 4, .waiting = 8, .request_seconds = 0.3});
  std::vector<int> idle;
  for (int i = 0; i < 10; ++i) idle.push_back(r.connect());
  const auto start = Clock::now();
  CHECK(status(r.get("/")) == 200);
  CHECK(since(start) < 5);
  for (const int s : idle) ::close(s);
}

TEST_CASE("Many at once, each with its own connection to the store") {
  const Running r;
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) good += status(r.get(k % 2 ? "/api/v1/facets?q=attacks" : "/api/v1/events", r.bearer())) == 200;
    });
  for (std::thread& t : threads) t.join();
  CHECK(good == 160);
}

TEST_CASE("Listens on loopback alone, and alone on its port") {
  const Running r;
  const std::string port = fmt::format(":{:04X}", r.server->port());
  bool found = false;
  for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream list(file);
    for (std::string line; std::getline(list, line);) {
      const size_t at = line.find(port + " ");
      if (at == std::string::npos || line.find(" 0A ") == std::string::npos || at > 45) continue;  // 0A: listens
      found = true;
      CHECK(line.find("0100007F" + port) != std::string::npos);
    }
  }
  CHECK(found);
  const auto second = Server::start({.store = r.folder / "s.db", .port = r.server->port()});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::unwritable);
}

TEST_CASE("Other machines only when that is said twice, with a secret of the user's own") {
  Folder folder;
  fill(folder);
  const auto start = [&](const std::string& host, bool allow, const std::string& token, std::vector<std::string> names = {}) {
    return Server::start(
        {.store = folder / "s.db", .host = host, .port = 0, .allow_remote = allow, .token = token, .names = std::move(names)});
  };
  for (const char* host : {"0.0.0.0", "::", "192.168.1.2", "example.org", "127.0.0.2", ""}) {
    CAPTURE(host);
    const auto refused = start(host, false, "");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::usage);
  }
  CHECK(start("0.0.0.0", true, "").error().code == ErrorCode::usage);
  CHECK(start("0.0.0.0", true, "short").error().code == ErrorCode::usage);
  CHECK(start("0.0.0.0", true, kToken).error().code == ErrorCode::usage);  // no name by which it is called
  const auto remote = start("0.0.0.0", true, kToken, {"news.example.org"});
  REQUIRE(remote);
  CHECK((*remote)->token() == kToken);
  CHECK((*remote)->link().starts_with("http://news.example.org/open?key="));
  CHECK(start("127.0.0.1", false, "short").error().code == ErrorCode::usage);
  CHECK(Server::start({.store = folder / "none.db"}).error().code == ErrorCode::not_found);
}
