#include "parsers/pdf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "import/charset.h"
#include "import/worker.h"
#include "parsers/sandbox.h"

namespace reportedly::importer {
namespace {

constexpr const char* kProgram = "pdftotext";
constexpr int kNotStarted = 120, kNoSandboxForIt = 121;

std::string find_program() {
  const char* path = std::getenv("PATH");
  const std::string_view folders = path ? path : "/usr/bin:/bin";
  for (size_t at = 0; at <= folders.size();) {
    const size_t end = std::min(folders.find(':', at), folders.size());
    std::string file(folders.substr(at, end - at));
    if (file.starts_with('/')) {  // never one that lies about in the working folder
      file += std::string("/") + kProgram;
      if (access(file.c_str(), X_OK) == 0) return file;
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

int parse_pdf(int descriptor, Shared& shared) {
  const About about;
  const std::string program = find_program();
  if (program.empty()) {
    refuse(shared, about, ErrorCode::not_found, "PDF files are read with pdftotext, which is not installed",
           "install the package poppler-utils");
    return kParsed;
  }
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return kBadJob;
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return kBadJob;
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(kNotStarted);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(descriptor, 0) < 0 || dup2(ends[1], 1) < 0 || dup2(nowhere, 2) < 0) _exit(kNotStarted);
    close_range(3, ~0U, 0);
    std::string file = program;
    std::array<const char*, 8> arguments{file.c_str(), "-enc", "UTF-8", "-eol", "unix", "-", "-", nullptr};
    const std::array<const char*, 2> environment{"LC_ALL=C.UTF-8", nullptr};
    if (!shut_in(Sandbox::converter, shared.job.limits.memory, shared.job.limits.cpu_seconds)) _exit(kNoSandboxForIt);
    execve(file.c_str(), const_cast<char* const*>(arguments.data()), const_cast<char* const*>(environment.data()));
    _exit(kNotStarted);
  }
  close(ends[1]);
  std::string text;
  bool too_long = false;
  for (std::array<char, 65536> chunk{};;) {
    const ssize_t n = read(ends[0], chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(chunk.data(), static_cast<size_t>(n));
    if (text.size() > shared.job.limits.document_bytes) {
      too_long = true;
      kill(child, SIGKILL);
      break;
    }
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (too_long)
    refuse(shared, about, ErrorCode::too_large,
           fmt::format("size limit: the PDF has more than {} MiB of text", shared.job.limits.document_bytes >> 20), "split it");
  else if (WIFSIGNALED(status))
    return -WTERMSIG(status);
  else if (WEXITSTATUS(status) == kNoSandboxForIt)
    return kNoSandbox;
  else if (WEXITSTATUS(status) == 3)
    refuse(shared, about, ErrorCode::unreadable, "the PDF does not allow that its text is taken, or asks for a password",
           "print it to a PDF without a password");
  else if (WEXITSTATUS(status) != 0)
    refuse(shared, about, ErrorCode::bad_format,
           fmt::format("the PDF is damaged or encrypted (pdftotext ended with {})", WEXITSTATUS(status)), "open it and save it again");
  else if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos)
    refuse(shared, about, ErrorCode::empty, "the PDF has no text: its pages are pictures", "run OCR first, such as ocrmypdf");
  else {
    ImportedDocument out;
    out.format = Format::pdf;
    out.input.format = SourceFormat::plain;
    out.input.text = clean_utf8(text);
    shared.output.document(std::move(out));
  }
  return kParsed;
}

}  // namespace reportedly::importer
