// reportedly-import: parses foreign files for reportedly, each in a process that is shut in. Not for people: it talks over
// the socket it is started with (src/import/worker.h) and ends when that does.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <new>

#include "import/worker.h"
#include "parsers/parsers.h"
#include "parsers/pdf.h"
#include "parsers/sandbox.h"

namespace reportedly::importer {
namespace {

constexpr int kControl = 3;
constexpr size_t kLongestJob = size_t{16} << 20;

/// Frames into the pipe. Without a reader there is nothing left to do.
class PipeOutput final : public Output {
 public:
  explicit PipeOutput(int pipe) : pipe_(pipe) {}
  void document(ImportedDocument&& d) override { send(encode(d)); }
  void failure(ImportFailure&& f) override { send(encode(f)); }
  void pdf(EmbeddedPdf&& p) override { send(encode(p)); }
  void member(size_t number, const std::string& name) override { send(encode_member(Frame::member, number, name)); }
  void member_done(size_t number) override { send(encode_member(Frame::member_done, number, {})); }
  void passed_over() override { send(encode_member(Frame::passed_over, 0, {})); }

 private:
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(pipe_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) _exit(kParsed);
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }
  int pipe_;
};

[[noreturn]] void no_memory() {
  _exit(kNoMemory);
}

/// Everything that libraries load late is loaded before the door is shut: converters, tables, locales.
void warm_up() {
  struct Nowhere final : Output {
    void document(ImportedDocument&&) override {}
    void failure(ImportFailure&&) override {}
    void pdf(EmbeddedPdf&&) override {}
    void member(size_t, const std::string&) override {}
    void member_done(size_t) override {}
    void passed_over() override {}
  } nowhere;
  Job job;
  Shared shared{job, nowhere};
  const std::string page =
      "<title>A</title><p>Ships left the harbour \x93today\x94, said the harbour master, and they will be back on Monday, he said.";
  for (const Format format : {Format::html, Format::feed, Format::csv, Format::archive, Format::plain}) {
    MemoryStream stream(page);
    parse(stream, format, {}, shared);
  }
}

[[noreturn]] void do_job(const Job& job, int file, int pipe) {
  std::set_new_handler(no_memory);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  PipeOutput output(pipe);
  Shared shared{job, output};
  if (job.format == Format::pdf) {
    // It has to start a program, and hands on its text unread.
    int input = file;
    if (!job.head.empty()) {
      // From a pipe: the bytes that were looked at go before the rest, by way of a memory file.
      FileStream stream(file, job.head);
      const auto bytes = whole(stream, {}, shared);
      if (!bytes) _exit(kParsed);
      input = static_cast<int>(syscall(SYS_memfd_create, "pdf", 0));
      std::string_view rest = *bytes;
      while (!rest.empty()) {
        const ssize_t n = ::write(input, rest.data(), rest.size());
        if (n <= 0) _exit(kBadJob);
        rest.remove_prefix(static_cast<size_t>(n));
      }
      lseek(input, 0, SEEK_SET);
    }
    const int code = parse_pdf(input, shared);
    if (code >= 0) _exit(code);
    // Dies as its converter did, so that the reason reaches whoever asks.
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(-code, SIG_DFL);
    raise(-code);
    _exit(kBadJob);
  }
  if (!shut_in(Sandbox::parser, job.limits.memory, job.limits.cpu_seconds)) _exit(kNoSandbox);
  FileStream stream(file, job.head);
  About about;
  about.name = job.name;
  try {
    parse(stream, job.format, about, shared);
  } catch (const std::bad_alloc&) {
    _exit(kNoMemory);
  } catch (const std::exception& e) {
    output.failure({ErrorCode::internal, {}, {}, 0, std::string("its parser gave up: ") + e.what(), {}});
  }
  _exit(kParsed);
}

bool read_all(int socket, char* to, size_t n) {
  while (n > 0) {
    const ssize_t got = ::read(socket, to, n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    n -= static_cast<size_t>(got);
  }
  return true;
}

/// The next job and its two descriptors; false at the end.
bool receive(Job& job, std::array<int, 2>& descriptors) {
  for (;;) {
    char what = 0;
    iovec part{&what, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> space{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    const ssize_t n = recvmsg(kControl, &message, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    if (what != 'J') continue;  // a command that came after its job had ended
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(2 * sizeof(int))) return false;
    std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
    uint32_t length = 0;
    if (!read_all(kControl, reinterpret_cast<char*>(&length), sizeof length) || length > kLongestJob) return false;
    std::string frame(length, '\0');
    if (!read_all(kControl, frame.data(), length)) return false;
    auto decoded = decode_job(frame);
    if (!decoded) return false;
    job = std::move(*decoded);
    return true;
  }
}

/// From now on the process may use that many seconds more.
void more_time(pid_t process, unsigned seconds) {
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return;
  const rlimit limit{static_cast<rlim_t>(used.tv_sec) + 1 + seconds, RLIM_INFINITY};
  prlimit(process, RLIMIT_CPU, &limit, nullptr);
}

/// Waits for the process and does what is asked of it meanwhile. False: nobody asks any more.
bool attend(pid_t process, unsigned cpu_seconds, int& status) {
  const int watched = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  bool asked_for = true;
  timespec last{};
  while (watched >= 0) {
    std::array<pollfd, 2> wait{pollfd{watched, POLLIN, 0}, pollfd{asked_for ? kControl : -1, POLLIN, 0}};
    if (poll(wait.data(), wait.size(), -1) < 0) continue;
    if (wait[0].revents != 0) break;
    std::array<char, 256> commands{};
    const ssize_t n = ::read(kControl, commands.data(), commands.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || std::memchr(commands.data(), 'K', static_cast<size_t>(n))) kill(process, SIGKILL);
    if (n <= 0) {
      asked_for = false;
      continue;
    }
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec != last.tv_sec) more_time(process, cpu_seconds);  // as seconds are what the limit counts
    last = now;
  }
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (watched >= 0) close(watched);
  return asked_for;
}

int serve() {
  signal(SIGINT, SIG_IGN);  // the program that has started this one decides when to stop
  signal(SIGTERM, SIG_IGN);
  signal(SIGPIPE, SIG_DFL);
  std::setlocale(LC_CTYPE, "C.UTF-8");
  setenv("TZ", "UTC0", 1);  // members of archives have times, and time zones are files
  tzset();
  warm_up();
  Job job;
  std::array<int, 2> descriptors{};
  while (receive(job, descriptors)) {
    const pid_t process = fork();
    if (process == 0) {
      close(kControl);
      do_job(job, descriptors[0], descriptors[1]);
    }
    for (const int d : descriptors) close(d);
    int status = kBadJob << 8;
    if (process > 0 && !attend(process, job.limits.cpu_seconds, status)) return 0;
    if (::write(kControl, &status, sizeof status) != sizeof status) return 0;
  }
  return 0;
}

}  // namespace
}  // namespace reportedly::importer

int main() {
  if (fcntl(3, F_GETFD) < 0) {
    static constexpr char kMessage[] = "reportedly-import is started by reportedly; it has no use of its own\n";
    return write(2, kMessage, sizeof kMessage - 1) > 0 ? 2 : 2;
  }
  return reportedly::importer::serve();
}
