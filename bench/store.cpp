// The store at 1,000 and 10,000 documents, and at 30,000 and 100,000 where so many are asked for (an hour of a core, 17 GB): what one more
// article costs, search by every condition, size, memory.
//
// usage: bench_store ARTICLES.jsonl [DOCUMENTS (10,000)] [FOLDER]
//        REPORTEDLY_BENCH_NO_SEARCH=1 leaves out the searches
//        REPORTEDLY_BENCH_KEEP=1 leaves the store (and that of 1,000), REPORTEDLY_BENCH_STORE=FILE goes on with one
//
// The articles are coded once and give the documents their build: how many sentences, names, speakers and acts stand where. What they tell
// of is made up for each document, so that the store meets the variety of an archive of news and no text twice but for copies: 100
// documents a day, each about one of the stories of the last days, few of which are in many papers; a third of the documents print an
// agency's text; words, names, states, towns, the words of acts and their numbers are drawn by Zipf's law, frequent ones and rare ones. In
// every four weeks two states are at war, and a quarter of the stories is about it: some 175 documents a week. One document in fifty has no
// date. Two papers' own texts about one story have names and acts in common, not words. Ids say nothing of the order in which documents
// come. Times are of this machine, as processor time where it says so.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <random>
#include <set>

#include "base/sha256.h"
#include "corpus/sql.h"
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

void remove_store(const fs::path& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) {
    std::error_code ignored;
    fs::remove(path.string() + suffix, ignored);
  }
}

/// A good enough mixing of numbers to numbers (splitmix64).
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}
uint64_t mix(uint64_t a, uint64_t b) {
  return mix(a ^ mix(b));
}
uint64_t mix(uint64_t a, std::string_view b) {
  for (const char c : b) a = (a ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return mix(a);
}
/// Rank below n by Zipf's law, 0 the most frequent.
uint64_t zipf(uint64_t random, double n) {
  return static_cast<uint64_t>(std::pow(n, static_cast<double>(random >> 11) / 9007199254740992.0)) - 1;
}

/// Invented word number `rank` of that many letters.
std::string word(uint64_t rank, size_t letters) {
  static constexpr std::string_view kConsonants = "bcdfghklmnprstvz", kVowels = "aeiou";
  uint64_t bits = mix(rank, letters);
  std::string out;
  for (size_t i = 0; i < letters; ++i) {
    const std::string_view from = i % 2 ? kVowels : kConsonants;
    out.push_back(from[bits % from.size()]);
    bits = i % 12 == 11 ? mix(bits, i) : bits / from.size();
  }
  return out;
}

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string date_of(int64_t day) {
  const time_t seconds = (22280 + day) * 86400;
  tm t{};
  gmtime_r(&seconds, &t);
  return fmt::format("{:04}-{:02}-{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
}

constexpr int64_t kDocumentsADay = 100;
constexpr int64_t kDaysOfWar = 28;

/// Of the documents of a day any may be the first by its id.
std::string id_of(uint64_t n) {
  return fmt::format("{:08x}-{}", mix(n, 8) & 0xffffffff, n);
}
uint64_t number_of(const std::string& id) {
  return std::stoull(id.substr(id.find('-') + 1));
}

class World {
 public:
  explicit World(std::vector<Analysis> base) : base_(std::move(base)) {}

  /// Document number n: the same for the same number.
  Analysis make(uint64_t n) const {
    const uint64_t r = mix(n, 1);
    const auto day = static_cast<int64_t>(n) / kDocumentsADay;
    const int64_t on = std::max<int64_t>(0, day - static_cast<int64_t>(zipf(mix(r, 2), 4)));
    const uint64_t story = mix(static_cast<uint64_t>(on), 1000 + zipf(mix(r, 3), 150));
    const bool copy = mix(r, 4) % 3 == 0;
    Maker maker{story, copy ? mix(story, 5) : r, on};
    Analysis a = base_[story % base_.size()];
    a.document.id = id_of(n);
    a.document.publisher = fmt::format("Paper {}", zipf(mix(r, 6), 60));
    a.document.published = mix(r, 7) % 50 ? std::optional(date_of(day)) : std::nullopt;
    maker.change(a);
    return a;
  }

 private:
  struct Maker {
    uint64_t story, words;  ///< what names and acts follow from, and what words do
    int64_t day;

    /// Words of four letters and more, each by one of the same length, so that every place in the text stays.
    std::string text(const std::string& from) const {
      std::string out = from;
      uint64_t random = words;
      for (size_t at = 0; at < out.size();) {
        size_t end = at;
        while (end < out.size() && letter(out[end])) ++end;
        if (end - at >= 4) {
          const std::string_view old = std::string_view(from).substr(at, end - at);
          const bool name = old[0] < 'a';
          random = mix(random);
          std::string made = name ? word(zipf(mix(story, old), 20000), end - at) : word(zipf(random, 8000), end - at);
          if (name) made[0] = static_cast<char>(made[0] - 'a' + 'A');
          out.replace(at, end - at, made);
        }
        at = end + 1;
      }
      return out;
    }
    /// Another state in place of this one, the same all over the story. In a story of the war one of the two.
    void state(std::optional<std::string>& code) const {
      if (!code) return;
      uint64_t rank = zipf(mix(story, *code), 190);
      if (mix(story, 9) % 4 == 0) {
        const auto period = static_cast<uint64_t>(day / kDaysOfWar);
        rank = zipf(mix(period, mix(story, *code) % 2), 190);
      }
      code = fmt::format("{}{}X", static_cast<char>('A' + rank / 26), static_cast<char>('A' + rank % 26));
    }
    /// The word for an act of that type: some are said of most acts of their kind.
    std::string act(const std::string& type, const std::string& lemma) const {
      const uint64_t rank = zipf(mix(story, lemma), 100);
      return word(mix(rank, type), 4 + rank % 6);
    }
    /// The town has its place in its country, whatever story it is in.
    void town(Place& p) const {
      if (!p.geonames) return;
      p.geonames = static_cast<int64_t>(zipf(mix(story, static_cast<uint64_t>(*p.geonames)), 30000));
      if (!p.latitude || !p.longitude) return;
      const auto part = [](uint64_t random) { return static_cast<double>(random % 10000) / 10000; };
      const uint64_t country = mix(11, p.country.value_or("")), here = mix(12, static_cast<uint64_t>(*p.geonames));
      p.latitude = -50 + 110 * part(country) + 8 * part(here);
      p.longitude = -170 + 330 * part(mix(country)) + 8 * part(mix(here));
    }
    /// A day, a month or a year about the day of the story: another one years ago would have all documents meet in it.
    void time(std::optional<std::string>& value) const {
      if (!value || value->size() < 4 || (*value)[0] < '0' || (*value)[0] > '9') return;
      const std::string near = date_of(day - static_cast<int64_t>(mix(story, *value) % 2));
      value = near.substr(0, value->size() >= 10 ? 10 : value->size() >= 7 ? 7 : 4);
    }

    void change(Analysis& a) const {
      a.document.text = text(a.document.text);
      if (a.document.title) a.document.title = text(*a.document.title);
      for (Entity& e : a.entities) {
        e.name = text(e.name);
        state(e.country);
      }
      for (TimeExpression& t : a.times) time(t.value);
      for (Place& p : a.places) {
        p.name = text(p.name);
        state(p.country);
        town(p);
      }
      for (Event& e : a.events) {
        time(e.date);
        e.trigger_lemma = act(e.type, e.trigger_lemma);
        for (EventNumber& n : e.numbers) {
          const int64_t wide = n.high - n.low;
          n.low = static_cast<int64_t>(1 + zipf(mix(story, static_cast<uint64_t>(n.low)), 300));
          n.high = n.low + wide;
        }
        for (auto* list : {&e.actors, &e.recipients})
          for (Participant& p : *list) state(p.country);
      }
    }
  };
  std::vector<Analysis> base_;
};

/// Documents number first … last - 1.
class Generated : public ImportSource {
 public:
  Generated(const World& world, size_t first, size_t last) : world_(world), first_(first), last_(last) {}
  Result<void> read(const fs::path&, const Take& take) override {
    for (size_t i = first_; i < last_; ++i) {
      SourceDocument out;
      out.input.id = id_of(i);
      out.input.text = out.input.id;  // the coder makes the rest
      if (!take(std::move(out), std::to_string(i))) break;
    }
    return {};
  }
  std::string options() const override { return ""; }

 private:
  const World& world_;
  size_t first_, last_;
};

/// Queries of every kind with words of one document of the store.
std::vector<std::string> queries(const Analysis& of, std::mt19937& random) {
  std::vector<std::string> words;
  const std::string& text = of.document.text;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && letter(text[end])) ++end;
    if (end > at + 2) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  const auto any = [&] { return random() % (words.size() - 4); };
  const size_t a = any(), b = any(), c = any(), d = any(), e = any();
  return {words[a],
          '"' + words[b] + ' ' + words[b + 1] + '"',
          words[c].substr(0, 4) + "*",
          fmt::format("NEAR({} {}, 8)", words[d], words[d + 3]),
          words[e] + ' ' + words[e + 2],
          ""};
}
constexpr const char* kKinds[] = {"word", "phrase", "prefix", "near", "two words", "no words"};

struct Filter {
  const char* name;
  std::function<void(Query&, const Analysis&, std::mt19937&)> set;
};
const std::vector<Filter> kFilters{
    {"none", [](Query&, const Analysis&, std::mt19937&) {}},
    {"publisher", [](Query& q, const Analysis& a, std::mt19937&) { q.publisher = *a.document.publisher; }},
    {"date", [](Query& q, const Analysis& a, std::mt19937&) { q.from = q.to = a.document.published.value_or("2031-01-10"); }},
    {"month",
     [](Query& q, const Analysis& a, std::mt19937&) {
       q.from = a.document.published.value_or("2031-01-10").substr(0, 8) + "01", q.to = q.from.substr(0, 8) + "31";
     }},
    {"country",
     [](Query& q, const Analysis& a, std::mt19937&) {
       q.actor = "AAX";
       for (const Event& e : a.events)
         if (!e.actors.empty() && e.actors[0].country) q.actor = *e.actors[0].country;
     }},
    {"actor", [](Query& q, const Analysis& a,
                 std::mt19937& random) { q.actor = a.entities.empty() ? "x" : a.entities[random() % a.entities.size()].name; }},
    {"type", [](Query& q, const Analysis& a,
                std::mt19937& random) { q.type = a.events.empty() ? "ASSAULT" : a.events[random() % a.events.size()].type; }},
    {"speaker",
     [](Query& q, const Analysis& a, std::mt19937&) {
       q.speaker = "AAX";
       for (const Attribution& x : a.attributions)
         if (x.source_entity >= 0) q.speaker = a.entities[static_cast<size_t>(x.source_entity)].name;
     }},
    {"speaker's country",
     [](Query& q, const Analysis& a, std::mt19937&) {
       q.speaker = "AAX";
       for (const Attribution& x : a.attributions)
         if (x.source_entity >= 0 && a.entities[static_cast<size_t>(x.source_entity)].country)
           q.speaker = *a.entities[static_cast<size_t>(x.source_entity)].country;
     }},
    {"stance", [](Query& q, const Analysis&, std::mt19937& random) { q.stance = random() % 2 ? "denies" : "asserts"; }},
    {"disputed", [](Query& q, const Analysis&, std::mt19937&) { q.disputed = true; }},
};

/// Milliseconds that a search took.
struct Latency {
  size_t documents;
  std::vector<double> cpu, clock;
};

/// Searches a store of so many documents of that world, every kind of words with every condition.
std::optional<Latency> search_table(const World& world, const fs::path& path, size_t documents) {
  fmt::print("search over {} documents, ms of processor time: median and 95th percentile\n{:<18}", documents, "filter");
  for (const char* kind : kKinds) fmt::print("{:>16}", kind);
  fmt::print("\n");
  auto store = Store::open(path);
  if (!store) return std::nullopt;
  Latency all{documents, {}, {}};
  std::mt19937 random(11);
  for (const Filter& filter : kFilters) {
    std::vector<std::vector<double>> times(std::size(kKinds));
    for (int i = 0; i < 24; ++i) {
      const Analysis of = world.make(random() % documents);
      const auto asked = queries(of, random);
      for (size_t k = 0; k < asked.size(); ++k) {
        Query q{.query = asked[k]};
        q.limit = 20;
        filter.set(q, of, random);
        const auto start = Clock::now();
        const double before = cpu_seconds();
        if (auto found = search(**store, q); !found) {
          fmt::print(stderr, "{}: {}\n", q.query, found.error().message);
          return std::nullopt;
        }
        times[k].push_back(1000 * (cpu_seconds() - before));
        all.clock.push_back(1000 * seconds_since(start));
        all.cpu.push_back(times[k].back());
        if (std::getenv("REPORTEDLY_BENCH_SLOW") && times[k].back() > 30)
          fmt::print(stderr, "{:7.1f} ms {} | {} {} {} {} {} {}\n", times[k].back(), filter.name, q.query, q.publisher, q.from, q.type,
                     q.actor, q.speaker);
      }
    }
    fmt::print("{:<18}", filter.name);
    for (const auto& t : times) fmt::print("{:>7.1f} {:>8.1f}", quantile(t, .5), quantile(t, .95));
    fmt::print("\n");
    std::fflush(stdout);
  }
  return all;
}

/// What `make bench` is asked for: how long a search takes in stores of these sizes.
void print_latencies(const std::vector<Latency>& all) {
  fmt::print("\nsearch, all kinds of words with all conditions, ms\n{:>9} | {:>14} {:>9} | {:>10} {:>9}\n", "documents", "processor: p50",
             "p95", "clock: p50", "p95");
  for (const Latency& l : all)
    fmt::print("{:>9} | {:>14.1f} {:>9.1f} | {:>10.1f} {:>9.1f}\n", l.documents, quantile(l.cpu, .5), quantile(l.cpu, .95),
               quantile(l.clock, .5), quantile(l.clock, .95));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_store ARTICLES.jsonl [DOCUMENTS (10,000; 100,000 takes an hour)] [FOLDER]\n");
    return 2;
  }
  const size_t most = argc > 2 ? std::stoul(argv[2]) : 10000;
  const fs::path folder = argc > 3 ? fs::path(argv[3]) : fs::temp_directory_path();
  EngineOptions fast;
  fast.model = "models/reportedly-en.bin";  // the one of make bench, which starts in the root of the repository
  auto engine = Engine::load(fast);
  if (!engine) {
    fmt::print(stderr, "{}\n", engine.error().message);
    return 5;
  }
  std::vector<Analysis> coded;
  EngineWorkspace workspace;
  importer::Importer reader({argv[1]}, {});
  while (auto next = reader.next())
    if (*next) coded.push_back((*engine)->code((*next)->input, workspace));
  const EngineInfo info = (*engine)->info();
  engine->reset();
  const World world(std::move(coded));
  const Coder coder{info, "", [&](const DocumentInput& input, EngineWorkspace&) { return world.make(number_of(input.id)); }};
  const char* kept = std::getenv("REPORTEDLY_BENCH_STORE");
  const fs::path path =
      kept ? fs::path(kept) : folder / fmt::format("bench-store-{}.db", static_cast<long>(Clock::now().time_since_epoch().count()));
  double adding = 0, grouping = 0;
  const auto add_range = [&](size_t first, size_t last, const fs::path& to) {
    auto store = Store::open(to, {.access = StoreAccess::create});
    if (!store) return false;
    Generated source(world, first, last);
    double start = cpu_seconds();
    auto report = add(**store, coder, source, {"-"}, {.threads = 1});
    adding = cpu_seconds() - start;
    start = cpu_seconds();
    auto grouped = report ? group(**store) : tl::unexpected(report.error());
    grouping = cpu_seconds() - start;
    if (!grouped) fmt::print(stderr, "{}\n", grouped.error().message);
    return grouped.has_value();
  };
  double start_cpu = cpu_seconds();
  for (size_t i = 0; i < 200; ++i) world.make(i);
  const double making = (cpu_seconds() - start_cpu) / 200;  // not the store's

  fmt::print("processor time in ms a document but for \"clock\"; bulk: without making up the documents ({:.2f} ms each)\n", 1000 * making);
  fmt::print("{:>9} | {:>8} {:>8} | {:>8} {:>8} {:>8} {:>8} | {:>9} | {:>7} {:>9} {:>10} {:>7} | {:>6}\n", "documents", "bulk add",
             "grouping", "one more", "grouping", "mean", "clock", "bytes/doc", "copies", "same text", "same event", "largest", "MB");
  size_t there = 0;
  if (kept) {
    auto store = Store::open(path, {.access = StoreAccess::write});
    if (!store || !group(**store)) return 1;
    there = static_cast<size_t>((*store)->database().execAndGet("SELECT count(*) FROM documents").getInt64());
  }
  const fs::path smallest = folder / "bench-store-smallest.db";
  double last_more = 0;
  std::vector<Latency> latencies;
  std::set<size_t> goals{1000, 10000, 30000, 100000, most};
  goals.erase(goals.upper_bound(most), goals.end());
  for (const size_t goal : goals) {
    if (goal < there) continue;
    const double documents = std::max(1.0, static_cast<double>(goal - there));
    if (!add_range(there, goal, path)) return 1;
    there = goal;
    const double bulk = 1000 * (adding / documents - making), bulk_grouping = 1000 * grouping / documents;
    const double size = static_cast<double>(fs::file_size(path)) / static_cast<double>(goal);
    // The smallest store as it was, with one more in turns: a machine's speed changes from minute to minute.
    if (goal == 1000) fs::copy_file(path, smallest, fs::copy_options::overwrite_existing);
    const bool both = goal > 1000 && fs::exists(smallest);
    const fs::path small = smallest.string() + ".copy";
    if (both) fs::copy_file(smallest, small, fs::copy_options::overwrite_existing);
    std::vector<double> clock, cpu, group_cpu, small_cpu;
    for (size_t i = 0; i < 41; ++i) {
      const auto start = Clock::now();
      double before = cpu_seconds();
      if (!add_range(there, there + 1, path)) return 1;
      clock.push_back(1000 * seconds_since(start));
      cpu.push_back(1000 * (cpu_seconds() - before - making));
      group_cpu.push_back(1000 * grouping);
      ++there;
      if (!both) continue;
      before = cpu_seconds();
      if (!add_range(1000 + i, 1001 + i, small)) return 1;
      small_cpu.push_back(1000 * (cpu_seconds() - before - making));
    }
    remove_store(small);
    double mean = 0;
    for (const double c : cpu) mean += c / static_cast<double>(cpu.size());
    last_more = quantile(cpu, .5);
    // How much the latest documents meet: texts that are compared with one, mentions that are compared with a mention.
    auto store = Store::open(path);
    SQLite::Database& db = (*store)->database();
    const int64_t newest = db.execAndGet("SELECT max(document) FROM documents").getInt64() - 200;
    const double copies = db.execAndGet("SELECT 100.0 * count(*) FROM duplicates").getDouble() / static_cast<double>(there);
    const double texts = db.execAndGet(fmt::format("SELECT avg((SELECT count(DISTINCT y.document) - 1 FROM signature_bands x JOIN "
                                                   "signature_bands y USING(band) WHERE x.document = d.document)) FROM documents d WHERE "
                                                   "document > {}",
                                                   newest))
                             .getDouble();
    const double events =
        db.execAndGet(fmt::format("SELECT avg((SELECT count(DISTINCT y.event) FROM event_blocks x JOIN event_blocks y USING(block) WHERE "
                                  "x.event = e.event AND y.core = 1 AND y.event <> e.event)) FROM events e WHERE document > {}",
                                  newest))
            .getDouble();
    const int64_t largest =
        db.execAndGet("SELECT max(n) FROM (SELECT count(*) AS n FROM story_event_members GROUP BY story_event)").getInt64();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("{:>9} | {:>8.2f} {:>8.2f} | {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f} | {:>9.0f} | {:>6.1f}% {:>9.1f} {:>10.1f} {:>7} | {:>6}\n",
               goal, bulk, bulk_grouping, last_more, quantile(group_cpu, .5), mean, quantile(clock, .5), size, copies, texts, events,
               largest, usage.ru_maxrss / 1024);
    if (both) {
      const double first_more = quantile(small_cpu, .5);
      fmt::print("{:>9} | one more in the store of 1,000, in turns with this: {:.2f} ms; here {:.2f} times as much\n", "", first_more,
                 last_more / first_more);
    }
    std::fflush(stdout);
    if (std::getenv("REPORTEDLY_BENCH_NO_SEARCH")) continue;
    auto latency = search_table(world, path, there);
    if (!latency) return 1;
    latencies.push_back(std::move(*latency));
  }
  if (!latencies.empty()) print_latencies(latencies);
  if (std::getenv("REPORTEDLY_BENCH_KEEP")) {
    fmt::print("{}\n", path.string());
  } else {
    remove_store(path);
    remove_store(smallest);
  }
  return 0;
}
