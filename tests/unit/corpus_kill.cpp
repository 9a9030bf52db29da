// Imports that are killed at random moments and run again, against one that nobody disturbed. REPORTEDLY_KILL_DOCUMENTS: how many
// documents (make bench: 5,000).
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "corpus_support.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

using Clock = std::chrono::steady_clock;

/// A few documents a day: thousands about one act on one day would all be compared with each other.
std::string day_of(int document) {
  const int day = document / 10;
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "2031-" + two(1 + day / 28 % 12) + "-" + two(1 + day % 28);
}

/// Files of many documents and of one, lines that fail, ids that come twice, copies.
void write_inputs(const Folder& folder, int documents) {
  int written = 0;
  for (int file = 0; written < documents; ++file) {
    if (file % 3 == 2) {
      folder.file("in/" + std::to_string(file) + ".txt", "Unit " + std::to_string(file) + " attacks Iceland.");
      ++written;
      continue;
    }
    std::string lines;
    for (int i = 0; i < 50 && written < documents; ++i, ++written) {
      const std::string n = std::to_string(written);
      if (i == 7)
        lines += "{broken\n";
      else if (i == 11)
        lines += record_line("d" + std::to_string(written - 3), "Another text under an id that is taken.");
      else if (i == 13)
        lines += record_line("", "A text that many print.", "\"publisher\":\"Paper " + n + "\",");
      else if (i == 17)
        lines += record_line("d" + n, "Französisch.");
      else
        lines += record_line("d" + n, "Unit " + n + " attacks Iceland. Iceland denies that Unit attacks Norway.",
                             R"("published":")" + day_of(written) + R"(",)");
    }
    folder.file("in/" + std::to_string(file) + ".jsonl", lines);
  }
}

/// How far the import in another process has come: a kill counts only when it falls between its first document and its end.
struct Counted {
  std::atomic<size_t> added = 0, grouped = 0;
  size_t all() const { return added + grouped; }
};

/// Memory that parent and child share.
class Shared {
 public:
  Shared() : at_(::mmap(nullptr, sizeof(Counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    REQUIRE(at_ != MAP_FAILED);
    new (at_) Counted;
  }
  ~Shared() { ::munmap(at_, sizeof(Counted)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Counted* operator->() const { return static_cast<Counted*>(at_); }

 private:
  void* at_;
};

pid_t start_import(const Folder& folder, const fs::path& path, const Shared& counted) {
  counted->added = counted->grouped = 0;
  const pid_t child = ::fork();
  if (child != 0) return child;
  auto store = Store::open(path, {.access = StoreAccess::create, .wait_ms = 2000});
  if (!store) ::_exit(2);
  const auto source = file_source();
  const auto report = add(**store, fake_coder(), *source, {folder / "in"}, {.threads = 2, .batch_documents = 16},
                          [&](const AddedDocument&) { ++counted->added; });
  GroupOptions options;
  options.batch_documents = 16;
  options.progress = [&](const GroupReport& r) { counted->grouped = r.documents; };
  const auto grouped = group(**store, options);
  store->reset();
  ::_exit(report && grouped ? 0 : 1);
}

/// Did the signal end it?
bool killed(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) CHECK(WEXITSTATUS(status) == 0);
  return WIFSIGNALED(status);
}

bool ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

}  // namespace

TEST_CASE("kill -9 at random moments, run again: the same rows as an undisturbed run") {
  const char* wanted = std::getenv("REPORTEDLY_KILL_DOCUMENTS");
  const int documents = wanted ? std::atoi(wanted) : 400;
  const Folder folder;
  write_inputs(folder, documents);
  const Shared counted;
  const auto start = Clock::now();
  CHECK_FALSE(killed(start_import(folder, folder / "whole.db", counted)));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const auto steps = static_cast<double>(counted->all());  // documents added, and documents grouped
  std::string whole;
  {
    auto store = open_store(folder / "whole.db", StoreAccess::write);
    whole = canonical(*store);
    CHECK(verify(*store)->problems == std::vector<std::string>{});
    CHECK(events(*store, {.limit = 0})->rows.size() > static_cast<size_t>(documents));
    CHECK(claims(*store, {.limit = 0})->rows.size() > static_cast<size_t>(documents));
  }
  std::mt19937 random{std::random_device{}()};
  const auto below = [&](double limit) { return std::uniform_real_distribution<double>(0, limit)(random); };
  size_t kills = 0, in_grouping = 0;
  // Waits for so many steps, and then as long as a transaction takes at most, so that no moment is spared.
  const auto kill_after = [&](const fs::path& path, double step) {
    const pid_t child = start_import(folder, path, counted);
    while (static_cast<double>(counted->all()) <= step && !ended(child)) std::this_thread::sleep_for(std::chrono::microseconds(50));
    std::this_thread::sleep_for(std::chrono::duration<double>(below(16 * seconds / steps)));
    ::kill(child, SIGKILL);
    if (!killed(child)) return;
    ++kills;
    in_grouping += counted->grouped > 0;
  };
  const auto same = [&](const fs::path& path) {
    auto store = open_store(path, StoreAccess::write);
    const bool equal = canonical(*store) == whole;  // megabytes, not to be printed
    CHECK(equal);
    CHECK(verify(*store)->problems == std::vector<std::string>{});
  };
  // One import, killed ten times on its way: what was not committed is done again, so ten times a twelfth is never all.
  for (int i = 0; i < 10; ++i) kill_after(folder / "often.db", below(steps / 12));
  CHECK_FALSE(killed(start_import(folder, folder / "often.db", counted)));
  same(folder / "often.db");
  // Imports that are killed once, anywhere.
  for (int i = 0; i < 5; ++i) {
    const fs::path path = folder / ("once" + std::to_string(i) + ".db");
    kill_after(path, below(steps));
    CHECK_FALSE(killed(start_import(folder, path, counted)));
    same(path);
  }
  CHECK(kills >= 10);
  MESSAGE(documents << " documents, " << kills << " kills inside an import (" << in_grouping
                    << " while it grouped), the same rows after each; "
                    << "undisturbed run " << seconds << " s");
}
