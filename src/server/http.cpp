// The network side: sockets, limits of size and time, and httplib for the syntax of HTTP. One request a connection: what a client
// sends beyond it is never read, so nothing can hide behind a body that was refused.
#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "reportedly/server.h"
#include "server/app.h"

namespace reportedly {
namespace {

using server::App;
using server::Guard;
using Clock = std::chrono::steady_clock;

Clock::duration seconds(double value) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

/// A socket with an end: of bytes to read and of time. A limit by read alone would let a client send one byte every few seconds for ever.
class LimitedStream : public httplib::Stream {
 public:
  LimitedStream(int socket, size_t head_bytes, double time)
      : socket_(socket), left_(head_bytes), time_(time), until_(Clock::now() + seconds(time)) {}

  /// The headers are read: from here on, so many bytes of body.
  void body(size_t bytes) { left_ = bytes; }

  bool is_readable() const override { return ready(POLLIN); }
  bool is_writable() const override { return ready(POLLOUT); }
  ssize_t read(char* to, size_t size) override {
    if (left_ == 0) return -1;
    if (begin_ == end_) {
      if (!ready(POLLIN)) return -1;
      const ssize_t n = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (n <= 0) return n;
      begin_ = 0;
      end_ = static_cast<size_t>(n);
    }
    const size_t n = std::min({size, end_ - begin_, left_});
    left_ -= n;
    std::copy_n(buffer_.data() + begin_, n, to);
    begin_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, size_t size) override {
    // The work is done when the first byte goes out: the answer has a time of its own.
    if (!answering_) {
      answering_ = true;
      until_ = Clock::now() + seconds(time_);
    }
    if (!ready(POLLOUT)) return -1;
    return ::send(socket_, from, size, MSG_NOSIGNAL);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return socket_; }

 private:
  bool ready(short events) const {
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now()).count();
      if (left <= 0) return false;
      pollfd waiting{socket_, events, 0};
      const int n = ::poll(&waiting, 1, static_cast<int>(left));
      if (n < 0 && errno == EINTR) continue;
      return n > 0;
    }
  }
  int socket_;
  size_t left_;
  double time_;
  Clock::time_point until_;
  bool answering_ = false;
  std::array<char, 16384> buffer_;
  size_t begin_ = 0, end_ = 0;
};

/// Threads with a queue that has an end: when it is full, whoever accepts connections waits.
class Threads : public httplib::TaskQueue {
 public:
  Threads(size_t threads, size_t waiting) : waiting_(waiting) {
    for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }
  void enqueue(std::function<void()> task) override {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return tasks_.size() < waiting_ || ending_; });
    tasks_.push_back(std::move(task));
    there_.notify_one();
  }
  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    there_.notify_all();
    free_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      there_.wait(lock, [&] { return !tasks_.empty() || ending_; });
      if (tasks_.empty()) return;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      free_.notify_one();
      lock.unlock();
      task();
    }
  }
  size_t waiting_;
  std::mutex mutex_;
  std::condition_variable there_, free_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  bool ending_ = false;
};

server::Request request_of(const httplib::Request& from) {
  server::Request out{from.method, from.target, {}, from.body};
  for (const auto& [name, value] : from.headers) out.headers.emplace_back(name, value);
  return out;
}

void answer(httplib::Response& to, server::Response&& from) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  to.set_content(from.body, from.type);
}

server::Response with_security(server::Response response) {
  for (const auto& header : server::security_headers()) response.headers.push_back(header);
  return response;
}

class HttpServer : public httplib::Server {
 public:
  explicit HttpServer(const ServerLimits& limits) : limits_(limits) {
    new_task_queue = [limits] { return new Threads(limits.threads, limits.waiting); };  // httplib deletes it
    set_payload_max_length(limits.body_bytes);
    // Not SO_REUSEPORT, httplib's choice: with it a second process could take half of our connections.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    // Before a byte of the body is read.
    set_pre_routing_handler([this](const httplib::Request& from, httplib::Response& to) {
      server::Request request = request_of(from);
      if (auto refused = guard_->admit(request)) {
        answer(to, with_security(std::move(*refused)));
        return HandlerResponse::Handled;
      }
      if (from.method == "GET" || from.method == "HEAD" || from.method == "DELETE") {
        answer(to, app_->handle(request));
        return HandlerResponse::Handled;
      }
      if (auto refused = body_refused(from)) {
        answer(to, with_security(std::move(*refused)));
        return HandlerResponse::Handled;
      }
      return HandlerResponse::Unhandled;
    });
    Post(".*", [this](const httplib::Request& from, httplib::Response& to) { answer(to, app_->handle(request_of(from))); });
    set_error_handler(HandlerWithResponse([](const httplib::Request&, httplib::Response& to) {
      if (to.body.empty())
        answer(to, with_security(server::problem(to.status >= 400 ? to.status : 400, "bad_request",
                                                 to.status == 413   ? "The body is larger than this server takes"
                                                 : to.status == 414 ? "The address is too long"
                                                                    : "This is no request that this server can read")));
      return HandlerResponse::Handled;
    }));
    set_exception_handler([](const httplib::Request&, httplib::Response& to, std::exception_ptr) {
      answer(to, with_security(server::problem(500, "internal", "An unexpected fault. Please report it")));
    });
  }
  /// Serves until stop(). The port is bound before, since the guard must know it.
  void serve(App& app, const Guard& guard) {
    app_ = &app;
    guard_ = &guard;
    listen_after_bind();
  }

 private:
  /// httplib inflates bodies without a limit, takes chunks without a limit and parses forms: none of these is needed here.
  std::optional<server::Response> body_refused(const httplib::Request& from) const {
    if (from.has_header("Transfer-Encoding")) return server::problem(411, "length_required", "Send a Content-Length, not chunks");
    if (from.get_header_value_count("Content-Length") != 1) return server::problem(411, "length_required", "Send one Content-Length");
    const std::string length = from.get_header_value("Content-Length");
    if (length.empty() || length.size() > 18 || length.find_first_not_of("0123456789") != std::string::npos)
      return server::problem(400, "bad_length", "The Content-Length is no number");
    if (std::stoull(length) > limits_.body_bytes)  // httplib would read it all before it refused
      return server::problem(413, "too_large", fmt::format("The body is larger than {} bytes", limits_.body_bytes));
    if (from.has_header("Content-Encoding")) return server::problem(415, "encoding", "Send the body as it is, not compressed");
    const std::string type = from.get_header_value("Content-Type");
    const std::string bare = type.substr(0, type.find(';'));
    if (bare != "application/json" && bare != "text/plain")
      return server::problem(415, "media_type", "Send text/plain or application/json (Content-Type)");
    return std::nullopt;
  }

  bool process_and_close_socket(socket_t socket) override {
    LimitedStream stream(socket, limits_.head_bytes, limits_.request_seconds);
    bool closed = false;
    const bool done = process_request(stream, true, closed, [&](httplib::Request& request) {
      request.ranges.clear();
      stream.body(limits_.body_bytes);
    });
    ::shutdown(socket, SHUT_WR);
    // A body that was refused is read away for a moment: closing with bytes unread would reset the connection and take the answer with it.
    std::array<char, 16384> sink{};
    const auto end = Clock::now() + seconds(0.5);
    while (Clock::now() < end) {
      pollfd waiting{socket, POLLIN, 0};
      if (::poll(&waiting, 1, 250) <= 0 || ::recv(socket, sink.data(), sink.size(), 0) <= 0) break;
    }
    ::close(socket);
    return done;
  }

  ServerLimits limits_;
  App* app_ = nullptr;
  const Guard* guard_ = nullptr;
};

bool is_local(const std::string& host) {
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  std::string token;
  int port = 0;
  std::unique_ptr<Guard> guard;
  std::unique_ptr<App> app;
  std::unique_ptr<HttpServer> http;
  std::thread listener;
};

Server::Server() : impl_(std::make_unique<Impl>()) {}

Server::~Server() {
  if (impl_->http) impl_->http->stop();
  if (impl_->listener.joinable()) impl_->listener.join();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  const bool local = is_local(options.host);
  if (!local && !options.allow_remote)
    return fail(ErrorCode::usage, fmt::format("{} is not this machine alone: others could read the whole corpus. --allow-remote with "
                                              "--token-file says that this is meant",
                                              options.host));
  if (!local && options.token.empty())
    return fail(ErrorCode::usage, "--allow-remote needs --token-file: a file with a secret of at least 32 characters");
  const bool everywhere = options.host == "0.0.0.0" || options.host == "::";
  if (everywhere && options.names.empty())
    return fail(ErrorCode::usage, fmt::format("{} means all addresses: say with --name by which name the server is called", options.host));
  if (!options.token.empty() && options.token.size() < 32) return fail(ErrorCode::usage, "the token must have at least 32 characters");
  if (const auto store = Store::open(options.store); !store) return tl::unexpected(store.error());

  std::unique_ptr<Server> out(new Server());
  Impl& s = *out->impl_;
  s.token = options.token.empty() ? server::random_secret() : options.token;
  s.options = std::move(options);
  s.http = std::make_unique<HttpServer>(s.options.limits);
  s.port = s.options.port == 0 ? s.http->bind_to_any_port(s.options.host)
                               : (s.http->bind_to_port(s.options.host, s.options.port) ? s.options.port : -1);
  if (s.port <= 0)
    return fail(ErrorCode::unwritable,
                fmt::format("cannot listen on {} port {}: is it in use? --port takes another", s.options.host, s.options.port));
  const auto with_port = [&](const std::string& host) {
    return (host.find(':') != std::string::npos ? "[" + host + "]" : host) + ":" + std::to_string(s.port);
  };
  std::vector<std::string> hosts;
  if (!everywhere) hosts.push_back(with_port(s.options.host));
  if (local)
    for (const char* name : {"127.0.0.1", "localhost", "::1"}) hosts.push_back(with_port(name));
  for (const std::string& name : s.options.names) {
    hosts.push_back(name);
    if (name.find(':') == std::string::npos) hosts.push_back(with_port(name));
  }
  s.guard = std::make_unique<Guard>(hosts, s.token, fmt::format("reportedly_{}", s.port));
  s.app = std::make_unique<App>(s.options, *s.guard);
  s.listener = std::thread([&s] { s.http->serve(*s.app, *s.guard); });
  while (!s.http->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return out;
}

int Server::port() const {
  return impl_->port;
}

const std::string& Server::token() const {
  return impl_->token;
}

std::string Server::link() const {
  return impl_->guard->link();
}

void Server::wait(const std::function<bool()>& stopped) {
  while (!stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace reportedly
