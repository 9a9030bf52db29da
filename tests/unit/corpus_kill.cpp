// Imports that are killed at random moments and run again, against one that nobody disturbed. REPORTEDLY_KILL_DOCUMENTS: how many
// documents (make bench: 5,000).
#include <signal.h>
#include <sys/wait.h>

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

pid_t start_import(const Folder& folder, const fs::path& path) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  auto store = Store::open(path, {.access = StoreAccess::create, .wait_ms = 2000});
  if (!store) ::_exit(2);
  const auto source = file_source();
  const auto report = add(**store, fake_coder(), *source, {folder / "in"}, {.threads = 2, .batch_documents = 16});
  const auto grouped = group(**store, {.batch_documents = 16});
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

}  // namespace

TEST_CASE("kill -9 at random moments, run again: the same rows as an undisturbed run") {
  const char* wanted = std::getenv("REPORTEDLY_KILL_DOCUMENTS");
  const int documents = wanted ? std::atoi(wanted) : 400;
  const Folder folder;
  write_inputs(folder, documents);
  const auto start = Clock::now();
  CHECK_FALSE(killed(start_import(folder, folder / "whole.db")));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::string whole;
  {
    auto store = open_store(folder / "whole.db", StoreAccess::write);
    whole = canonical(*store);
    CHECK(verify(*store)->problems == std::vector<std::string>{});
    CHECK(events(*store, {.limit = 0})->rows.size() > static_cast<size_t>(documents));
    CHECK(claims(*store, {.limit = 0})->rows.size() > static_cast<size_t>(documents));
  }
  std::mt19937 random{std::random_device{}()};
  const auto wait = [&](double longest) {
    const double time = std::uniform_real_distribution<double>(0, longest)(random);
    std::this_thread::sleep_for(std::chrono::duration<double>(time));
  };
  const auto same = [&](const fs::path& path) {
    auto store = open_store(path, StoreAccess::write);
    const bool equal = canonical(*store) == whole;  // megabytes, not to be printed
    CHECK(equal);
    CHECK(verify(*store)->problems == std::vector<std::string>{});
  };
  // One import, killed ten times on its way.
  int kills = 0;
  for (int i = 0; i < 10; ++i) {
    const pid_t child = start_import(folder, folder / "often.db");
    wait(seconds / 4);
    ::kill(child, SIGKILL);
    kills += killed(child);
  }
  CHECK_FALSE(killed(start_import(folder, folder / "often.db")));
  same(folder / "often.db");
  // Ten imports, each killed once.
  for (int i = 0; i < 10; ++i) {
    const fs::path path = folder / ("once" + std::to_string(i) + ".db");
    const pid_t child = start_import(folder, path);
    wait(seconds);
    ::kill(child, SIGKILL);
    kills += killed(child);
    CHECK_FALSE(killed(start_import(folder, path)));
    same(path);
  }
  CHECK(kills >= 5);
  MESSAGE(documents << " documents, " << kills << " imports killed, undisturbed run " << seconds << " s");
}
