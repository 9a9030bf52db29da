#include "import/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace reportedly::importer {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kPipeBytes = 1 << 20;  ///< so that the child works ahead while documents are coded

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

/// One byte with two descriptors.
bool send_descriptors(int socket, int first, int second) {
  char what = 'J';
  iovec part{&what, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const std::array<int, 2> both{first, second};
  std::memcpy(CMSG_DATA(header), both.data(), sizeof both);
  ssize_t n = 0;
  do n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == 1;
}

Refusal broken(std::string reason) {
  return {ErrorCode::internal, std::move(reason), {}};
}

std::string megabytes(size_t bytes) {
  return fmt::format("{} MiB", bytes >> 20);
}

}  // namespace

std::string find_helper(const ImportOptions& options) {
  if (!options.helper.empty()) return options.helper;
  std::error_code ignored;
  const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& path :
       {here / "reportedly-import", here.parent_path() / "reportedly-import", here.parent_path() / "libexec/reportedly/reportedly-import"})
    if (::access(path.c_str(), X_OK) == 0) return path.string();
  return {};
}

Worker::~Worker() {
  abandon();
  stop();
}

std::optional<Refusal> Worker::start() {
  const std::string program = find_helper(options_);
  if (program.empty())
    return Refusal{ErrorCode::not_found, "the program reportedly-import, which parses foreign formats, is not there",
                   "install it beside reportedly"};
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return broken(fmt::format("no socket for the parser: {}", std::strerror(errno)));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
  posix_spawn_file_actions_addclosefrom_np(&actions, 4);
  const char* search = std::getenv("PATH");
  std::string path = std::string("PATH=") + (search ? search : "/usr/bin:/bin"), locale = "LC_ALL=C.UTF-8";
  std::string name = program;
  const std::array<char*, 2> arguments{name.data(), nullptr};
  const std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
  const int error = posix_spawn(&helper_, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) {
    helper_ = -1;
    ::close(ends[0]);
    return Refusal{ErrorCode::not_found, fmt::format("{} cannot be started: {}", program, std::strerror(error)), {}};
  }
  control_ = ends[0];
  return std::nullopt;
}

void Worker::stop() {
  if (control_ >= 0) ::close(control_);
  control_ = -1;
  if (helper_ > 0) {
    // It ends when its socket does; it is not waited for longer than that takes.
    for (int i = 0; i < 100; ++i) {
      if (waitpid(helper_, nullptr, WNOHANG) != 0) {
        helper_ = -1;
        return;
      }
      ::poll(nullptr, 0, 5);
    }
    ::kill(helper_, SIGKILL);
    waitpid(helper_, nullptr, 0);
  }
  helper_ = -1;
}

void Worker::command(char what) {
  send_all(control_, std::string_view(&what, 1));
}

std::optional<Refusal> Worker::begin(const Job& job, int descriptor, bool limited_wall) {
  abandon();
  ending_.reset();
  buffer_.clear();
  begin_ = 0;
  limits_ = job.limits;
  limited_wall_ = limited_wall;
  killed_by_wall_ = stopped_ = false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (helper_ < 0)
      if (auto refusal = start()) return refusal;
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return broken(fmt::format("no pipe for the parser: {}", std::strerror(errno)));
    fcntl(ends[0], F_SETPIPE_SZ, kPipeBytes);
    const bool sent = send_descriptors(control_, descriptor, ends[1]) && send_all(control_, encode(job));
    ::close(ends[1]);
    if (sent) {
      pipe_ = ends[0];
      return std::nullopt;
    }
    ::close(ends[0]);
    stop();  // it has died meanwhile; a second time is a fault
  }
  return broken("the program reportedly-import does not run");
}

/// More bytes from the pipe; false at its end.
bool Worker::fill() {
  const auto start = Clock::now();
  for (;;) {
    pollfd wait{pipe_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, 250);
    if (options_.stopped && options_.stopped()) {
      stopped_ = true;
      return false;
    }
    if (ready == 0 && limited_wall_ && !killed_by_wall_ && Clock::now() - start > std::chrono::seconds(options_.limits.wall_seconds)) {
      killed_by_wall_ = true;
      command('K');  // then the pipe ends
    }
    if (ready <= 0) continue;
    if (begin_ > 0) buffer_.erase(0, begin_), begin_ = 0;
    const size_t had = buffer_.size();
    buffer_.resize(had + kPipeBytes);
    const ssize_t n = ::read(pipe_, buffer_.data() + had, kPipeBytes);
    buffer_.resize(had + static_cast<size_t>(std::max<ssize_t>(n, 0)));
    if (n < 0 && errno == EINTR) continue;
    return n > 0;
  }
}

std::optional<Message> Worker::next() {
  if (pipe_ < 0) return std::nullopt;
  // Text in other encodings grows by up to a half, and so may what a page has written as entities.
  const size_t longest = 4 * limits_.document_bytes + (size_t{1} << 20);
  for (;;) {
    const size_t have = buffer_.size() - begin_;
    uint32_t n = 0;
    if (have >= 4) std::memcpy(&n, buffer_.data() + begin_, 4);
    if (have >= 4 && n > longest) {
      abandon();
      ending_ = broken("the parser sent more than it may");
      return std::nullopt;
    }
    if (have >= 4 && have - 4 >= n) {
      auto message = decode_message(std::string_view(buffer_).substr(begin_ + 4, n));
      begin_ += size_t{4} + n;
      if (!message) {
        abandon();
        ending_ = broken("the parser sent something that makes no sense");
        return std::nullopt;
      }
      if (message->frame == Frame::document || message->frame == Frame::member) command('M');
      return message;
    }
    if (!fill()) {
      finish();
      return std::nullopt;
    }
  }
}

/// The pipe has ended: how did the process end?
void Worker::finish() {
  if (stopped_) {
    abandon();
    ending_ = Refusal{ErrorCode::stopped, "stopped", {}};
    return;
  }
  const bool cut = begin_ != buffer_.size();
  ::close(pipe_);
  pipe_ = -1;
  int status = 0;
  size_t got = 0;
  const auto start = Clock::now();
  while (got < sizeof status) {
    pollfd wait{control_, POLLIN, 0};
    if (::poll(&wait, 1, 250) <= 0) {
      // A parser that closes its pipe and lives on gets no more time.
      if (Clock::now() - start > std::chrono::seconds(1)) command('K');
      if (Clock::now() - start > std::chrono::seconds(10)) break;
      continue;
    }
    const ssize_t n = ::read(control_, reinterpret_cast<char*>(&status) + got, sizeof status - got);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<size_t>(n);
  }
  if (got < sizeof status) {
    stop();
    ending_ = broken("the program reportedly-import has died");
    return;
  }
  const char* smaller = "split it, or convert it to text";
  if (killed_by_wall_)
    ending_ = Refusal{ErrorCode::too_large, fmt::format("time limit: nothing came from its parser for {} s", options_.limits.wall_seconds),
                      smaller};
  else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    ending_ = Refusal{ErrorCode::too_large, fmt::format("CPU time limit: parsing took more than {} s", limits_.cpu_seconds), smaller};
  else if (WIFEXITED(status) && WEXITSTATUS(status) == kNoMemory)
    ending_ = Refusal{ErrorCode::too_large, fmt::format("memory limit: parsing takes more than {}", megabytes(limits_.memory)), smaller};
  else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
    ending_ = Refusal{ErrorCode::bad_format, "system call limit: its parser was made to do what no parser does", "the file may be hostile"};
  else if (WIFSIGNALED(status))
    ending_ = Refusal{ErrorCode::bad_format, fmt::format("its parser broke down ({})", strsignal(WTERMSIG(status))),
                      "the file may be damaged or hostile"};
  else if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSandbox)
    ending_ =
        Refusal{ErrorCode::internal, "the parser cannot be shut in on this system (seccomp), so it is not run", "convert the file to text"};
  else if (WEXITSTATUS(status) != kParsed || cut)
    ending_ = broken(fmt::format("its parser ended with code {}", WEXITSTATUS(status)));
}

void Worker::abandon() {
  if (pipe_ < 0) return;
  command('K');
  ::close(pipe_);
  pipe_ = -1;
  std::array<char, sizeof(int)> status{};
  size_t got = 0;
  while (got < status.size()) {
    pollfd wait{control_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, 5000);
    if (ready < 0 && errno == EINTR) continue;
    const ssize_t n = ready > 0 ? ::read(control_, status.data() + got, status.size() - got) : 0;
    if (n <= 0) {
      stop();
      return;
    }
    got += static_cast<size_t>(n);
  }
}

}  // namespace reportedly::importer
