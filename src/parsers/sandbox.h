// Shutting this process in before it reads a foreign byte. There is no way back.
#pragma once
#include <cstddef>

namespace reportedly::importer {

enum class Sandbox {
  parser,    ///< reads and writes what is open, takes memory, ends: nothing else
  converter  ///< for a program that is executed next: may also read files (its libraries), never write, connect or start another
};

/// Limits: memory beyond what the process has now (bytes), CPU time (s), no file may grow, no core. Then the filter for
/// system calls; any other call kills the process. False: this system cannot do it, and nothing foreign may be parsed.
/// Only for processes with one thread.
bool shut_in(Sandbox kind, size_t memory, unsigned cpu_seconds);

}  // namespace reportedly::importer
