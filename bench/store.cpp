// The store at 1,000, 10,000 and 100,000 documents: size, search, and what one more article costs.
//
// usage: bench_store ARTICLES.jsonl [DOCUMENTS] [FOLDER]
//
// The articles are coded once; the documents of the store are these with other dates, publishers and a tail of invented words each, so that
// the time is the store's own. Queries are drawn from the texts: frequent and rare words, phrases, beginnings, nearness, with and without
// conditions. Times are of this machine.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "import/import.h"
#include "reportedly/corpus.h"

using namespace reportedly;  // NOLINT: a program of one file
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {  // of the process, all threads
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
}

/// Documents number first … last - 1; the same for the same number.
class Generated : public ImportSource {
 public:
  Generated(const std::vector<DocumentInput>& base, size_t first, size_t last) : base_(base), first_(first), last_(last) {}

  SourceDocument make(size_t number) const {
    std::mt19937 random(static_cast<unsigned>(number));
    SourceDocument out;
    out.input = base_[number % base_.size()];
    out.input.id = fmt::format("g{:07}", number);
    out.input.published = fmt::format("{}-{:02}-{:02}", 2029 + random() % 3, 1 + random() % 12, 1 + random() % 28);
    out.input.publisher = fmt::format("Paper {}", random() % 40);
    out.input.text += "\n\n";
    for (int i = 0; i < 60; ++i) {  // word n about 1/n as often as the first
      const double rank = std::exp(std::uniform_real_distribution<double>(0, std::log(200000.0))(random));
      out.input.text += fmt::format("w{:x}{}", static_cast<unsigned>(rank) * 2654435761U >> 8, i == 59 ? "." : " ");
    }
    return out;
  }
  Result<void> read(const fs::path&, const Take& take) override {
    for (size_t i = first_; i < last_; ++i)
      if (!take(make(i), std::to_string(i))) break;
    return {};
  }
  std::string options() const override { return ""; }

 private:
  const std::vector<DocumentInput>& base_;
  size_t first_, last_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_store ARTICLES.jsonl [DOCUMENTS] [FOLDER]\n");
    return 2;
  }
  const size_t most = argc > 2 ? std::stoul(argv[2]) : 100000;
  const fs::path folder = argc > 3 ? fs::path(argv[3]) : fs::temp_directory_path();
  auto engine = Engine::load({});
  if (!engine) {
    fmt::print(stderr, "{}\n", engine.error().message);
    return 5;
  }
  std::vector<DocumentInput> base;
  std::vector<Analysis> coded;
  EngineWorkspace workspace;
  importer::Importer reader({argv[1]}, {});
  while (auto next = reader.next()) {
    if (!*next) continue;
    coded.push_back((*engine)->code((*next)->input, workspace));
    base.push_back(std::move((*next)->input));
  }
  const Coder coder{(*engine)->info(), "", [&](const DocumentInput& input, EngineWorkspace&) {
                      Analysis a = coded[std::stoul(input.id.substr(1)) % coded.size()];
                      a.document.id = input.id;
                      a.document.text = input.text;
                      a.document.published = input.published;
                      a.document.publisher = input.publisher;
                      return a;
                    }};
  const fs::path path = folder / fmt::format("bench-store-{}.db", static_cast<long>(Clock::now().time_since_epoch().count()));
  const auto add_range = [&](size_t first, size_t last) {
    auto store = Store::open(path, {.access = StoreAccess::create});
    Generated source(base, first, last);
    auto report = store ? add(**store, coder, source, {"-"}, {.threads = 1}) : tl::unexpected(store.error());
    if (!report) fmt::print(stderr, "{}\n", report.error().message);
    return report.has_value();
  };

  fmt::print("documents     CPU/doc bytes/doc | search: p50, p95, p95 of CPU | one more: clock, CPU\n");
  size_t there = 0;
  for (const size_t goal : {size_t{1000}, size_t{10000}, size_t{30000}, size_t{100000}}) {
    if (goal > most) break;
    auto start = Clock::now();
    const double cpu = cpu_seconds();
    if (!add_range(there, goal)) return 1;
    const double each = 1000 * (cpu_seconds() - cpu) / static_cast<double>(goal - there);
    there = goal;
    const double size = static_cast<double>(fs::file_size(path)) / static_cast<double>(goal);

    std::vector<double> times, cpu_times;
    {
      auto store = Store::open(path);
      Generated source(base, 0, goal);
      std::mt19937 random(11);
      for (int i = 0; i < 200; ++i) {
        const SourceDocument document = source.make(random() % goal);
        std::vector<std::string> words;
        for (size_t at = 0; at < document.input.text.size();) {
          size_t end = at;
          while (end < document.input.text.size() && std::isalnum(static_cast<unsigned char>(document.input.text[end]))) ++end;
          if (end > at + 2) words.push_back(document.input.text.substr(at, end - at));
          at = end + 1;
        }
        const size_t at = random() % (words.size() - 4);
        Query q;
        switch (i % 5) {
          case 0:
            q.query = words[at];
            break;
          case 1:
            q.query = '"' + words[at] + ' ' + words[at + 1] + '"';
            break;
          case 2:
            q.query = words[at].substr(0, 4) + "*";
            break;
          case 3:
            q.query = fmt::format("NEAR({} {}, 8)", words[at], words[at + 3]);
            break;
          default:
            q.query = words[at] + ' ' + words[at + 2];
            break;
        }
        switch (i % 4) {
          case 1:
            q.publisher = "Paper 7";
            break;
          case 2:
            q.from = "2030-01-01", q.to = "2030-03-31";
            break;
          case 3:
            (i % 8 == 3 ? q.type : q.actor) = i % 8 == 3 ? "ASSAULT" : "NOR";
            break;
          default:
            break;
        }
        q.limit = 20;
        start = Clock::now();
        const double before = cpu_seconds();
        if (auto found = search(**store, q); !found) {
          fmt::print(stderr, "{}: {}\n", q.query, found.error().message);
          continue;
        }
        times.push_back(1000 * seconds_since(start));
        cpu_times.push_back(1000 * (cpu_seconds() - before));
        if (std::getenv("REPORTEDLY_BENCH_SLOW") && cpu_times.back() > 30)
          fmt::print(stderr, "{:7.1f} ms {} {} {} {} {}\n", cpu_times.back(), q.query, q.publisher, q.from, q.type, q.actor);
      }
    }
    std::vector<double> more, cpu_more;
    for (int i = 0; i < 9; ++i) {
      start = Clock::now();
      const double before = cpu_seconds();
      if (!add_range(there, there + 1)) return 1;
      more.push_back(1000 * seconds_since(start));
      cpu_more.push_back(1000 * (cpu_seconds() - before));
      ++there;
    }
    fmt::print("{:>9} {:>8.2f} ms {:>9.0f} | {:>7.1f} {:>7.1f} {:>7.1f} | {:>7.1f} {:>7.1f} ms\n", goal, each, size, quantile(times, .5),
               quantile(times, .95), quantile(cpu_times, .95), quantile(more, .5), quantile(cpu_more, .5));
    std::fflush(stdout);
  }
  if (!std::getenv("REPORTEDLY_BENCH_KEEP"))
    for (const char* suffix : {"", "-wal", "-shm", "-lock"}) {
      std::error_code ignored;
      fs::remove(path.string() + suffix, ignored);
    }
  return 0;
}
