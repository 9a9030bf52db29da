#include "parsers/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>

namespace reportedly::importer {
namespace {

/// Bytes of address space in use.
size_t address_space() {
  size_t pages = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%zu", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

bool limit(__rlimit_resource what, rlim_t soft, rlim_t hard) {
  const rlimit value{soft, hard};
  return setrlimit(what, &value) == 0;
}

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

}  // namespace

bool shut_in(Sandbox kind, size_t memory, unsigned cpu_seconds) {
  const bool converter = kind == Sandbox::converter;
  const size_t space = converter ? memory : address_space() + memory;
  // The soft limit of CPU time is moved on by reportedly-import when results come; the process itself cannot move it.
  if (!limit(RLIMIT_AS, space, space) || !limit(RLIMIT_CPU, cpu_seconds, RLIM_INFINITY) || !limit(RLIMIT_FSIZE, 0, 0) ||
      !limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_NOFILE, converter ? 64 : 16, converter ? 64 : 16))
    return false;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;

  const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return false;
  bool good = true;
  const auto allow = [&](std::initializer_list<int> calls) {
    for (const int call : calls) {
      if (call < 0) continue;  // not on this machine
      good = good && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
    }
  };
  const auto allow_if = [&](int call, scmp_arg_cmp condition) {
    if (call >= 0) good = good && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, condition) == 0;
  };
  allow({SCMP_SYS(read),         SCMP_SYS(readv),           SCMP_SYS(pread64),        SCMP_SYS(write),        SCMP_SYS(writev),
         SCMP_SYS(lseek),        SCMP_SYS(fstat),           SCMP_SYS(close),          SCMP_SYS(brk),          SCMP_SYS(munmap),
         SCMP_SYS(mremap),       SCMP_SYS(madvise),         SCMP_SYS(futex),          SCMP_SYS(exit),         SCMP_SYS(exit_group),
         SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
         SCMP_SYS(getpid),       SCMP_SYS(gettid),          SCMP_SYS(rt_sigprocmask), SCMP_SYS(newfstatat)});
  if (!converter) {
    // Memory that can be executed is what an attacker wants first.
    allow_if(SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    allow_if(SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // abort() of itself.
    allow_if(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  } else {
    constexpr scmp_datum_t kChanges = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    allow_if(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kChanges, 0));
    allow_if(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kChanges, 0));
    // The dynamic loader's and the C library's beginnings.
    allow({SCMP_SYS(execve),
           SCMP_SYS(mmap),
           SCMP_SYS(mprotect),
           SCMP_SYS(access),
           SCMP_SYS(faccessat),
           SCMP_SYS(faccessat2),
           SCMP_SYS(readlink),
           SCMP_SYS(readlinkat),
           SCMP_SYS(stat),
           SCMP_SYS(lstat),
           SCMP_SYS(statx),
           SCMP_SYS(getdents64),
           SCMP_SYS(fcntl),
           SCMP_SYS(arch_prctl),
           SCMP_SYS(set_tid_address),
           SCMP_SYS(set_robust_list),
           SCMP_SYS(rseq),
           SCMP_SYS(uname),
           SCMP_SYS(sysinfo),
           SCMP_SYS(getuid),
           SCMP_SYS(geteuid),
           SCMP_SYS(getgid),
           SCMP_SYS(getegid),
           SCMP_SYS(rt_sigaction),
           SCMP_SYS(getcwd),
           SCMP_SYS(sched_getaffinity),
           SCMP_SYS(ioctl),
           SCMP_SYS(statfs),
           SCMP_SYS(tgkill)});
    allow_if(SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));  // may ask for limits, not set them
  }
  return good && seccomp_load(filter.get()) == 0;
}

}  // namespace reportedly::importer
