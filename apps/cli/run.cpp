#include "run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "output/terminal.h"

namespace reportedly::cli {
namespace {

std::atomic<bool> g_stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set inside a signal handler");

void on_signal(int) {
  if (g_stopped.exchange(true)) _exit(kStopped);
}

}  // namespace

Error cannot_write(int error, const std::string& path) {
  const char* way_out = error == ENOSPC || error == EDQUOT || error == EFBIG  ? "; make room, or write elsewhere"
                        : error == EACCES || error == EPERM || error == EROFS ? "; write elsewhere, or change the rights"
                        : error == ENOENT || error == ENOTDIR                 ? "; make its folder first"
                                                                              : "";
  return {ErrorCode::unwritable, fmt::format("cannot write: {}{}", std::strerror(error), way_out),
          path.empty() || path == "-" ? "standard output" : path};
}

Result<Sink> Sink::open(const std::string& path) {
  Sink sink;
  if (path.empty() || path == "-") return sink;
  struct stat info {};
  const bool there = stat(path.c_str(), &info) == 0;
  const bool regular = !there || S_ISREG(info.st_mode);
  sink.path_ = path;
  sink.part_ = regular ? path + ".part" : "";
  sink.descriptor_ = ::open(regular ? sink.part_.c_str() : path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (sink.descriptor_ < 0) return tl::unexpected(cannot_write(errno, path));
  return sink;
}

Sink::Sink(Sink&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      closed_(other.closed_),
      error_(other.error_) {
  other.part_.clear();
}

Sink::~Sink() {
  if (descriptor_ > 1) ::close(descriptor_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

bool Sink::write(std::string_view bytes) {
  while (!bytes.empty() && !closed_ && error_ == 0) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EPIPE) {
      closed_ = true;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return !closed_ && error_ == 0;
}

Result<void> Sink::finish() {
  if (error_ != 0) return tl::unexpected(cannot_write(error_, path_));
  if (part_.empty()) return {};
  if (::close(std::exchange(descriptor_, -1)) != 0 || ::rename(part_.c_str(), path_.c_str()) != 0)
    return tl::unexpected(cannot_write(errno, path_));
  part_.clear();
  return {};
}

int written(Sink& sink) {
  if (const auto finished = sink.finish(); !finished) {
    say(finished.error());
    return kFailed;
  }
  return kDone;
}

bool Sink::is_terminal() const {
  return path_.empty() && isatty(descriptor_) == 1;
}

unsigned Sink::columns() const {
  winsize size{};
  if (is_terminal() && ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

void say(std::string_view message) {
  const std::string line = "reportedly: " + output::harmless(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void say(const Error& error) {
  // Messages of the reading of files begin with their place already.
  const std::string place = error.place.empty() || error.message.find(error.place) != std::string::npos ? "" : error.place + ": ";
  say(fmt::format("{}{} ({})", place, error.message, error_code_name(error.code)));
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: a read from a terminal or pipe comes back
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

bool stopped() {
  return g_stopped.load(std::memory_order_relaxed);
}

bool colours_wanted(const Sink& sink) {
  const char* no = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return sink.is_terminal() && !(no && *no) && !(terminal && std::string_view(terminal) == "dumb");
}

}  // namespace reportedly::cli
