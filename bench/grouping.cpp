// What grouping one more document costs in a store of 1,000, 10,000 and 100,000.
//   bench_grouping STORE [DOCUMENTS]     STORE is made anew; prints one line for each size and the ratio of the largest to the smallest
//
// Documents are made up: a world of 190 states and 4,000 organisations, frequent ones and rare ones, in which a day's papers tell of some
// forty events; a third of the papers print copies. The days go by as the store grows, 200 documents each, as an archive grows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <random>

#include "corpus/rows.h"

using namespace reportedly;  // NOLINT: a program of its own

namespace {

/// Processor time: the machine may have other work.
struct Clock {
  static std::clock_t now() { return std::clock(); }
};
double since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

class World {
 public:
  Analysis document(int64_t number) {
    const int64_t day = number / 200;
    std::mt19937_64 random(static_cast<uint64_t>(number) * 7919 + 11);
    Analysis a;
    a.document.id = fmt::format("d{:07}", number);
    a.document.publisher = fmt::format("Paper {}", random() % 60);
    a.document.published = date(day);
    a.document.language = "en";
    const bool copy = random() % 3 == 0 && number % 200 > 20;
    std::mt19937_64 source(copy ? static_cast<uint64_t>(number / 20 * 20) * 7919 + 12 : random());
    a.document.text = text(source, 250 + source() % 300);
    if (copy && random() % 2) a.document.text.resize(a.document.text.size() / 2);
    a.sentences.push_back({.span = {0, static_cast<uint32_t>(a.document.text.size())}});
    const size_t events = 2 + random() % 6;
    for (size_t i = 0; i < events; ++i) add_event(a, day, random);
    return a;
  }

 private:
  static std::string date(int64_t day) {
    const time_t seconds = (22280 + day) * 86400;
    tm t{};
    gmtime_r(&seconds, &t);
    return fmt::format("{:04}-{:02}-{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
  }
  /// Rank by Zipf's law, 0 the most frequent.
  static size_t zipf(std::mt19937_64& random, double n) {
    return static_cast<size_t>(std::pow(n, static_cast<double>(random() % 1000000) / 1e6)) - 1;
  }
  static std::string text(std::mt19937_64& random, size_t words) {
    std::string out;
    for (size_t i = 0; i < words; ++i) out += fmt::format("w{} ", zipf(random, 40000));
    return out;
  }
  static int32_t entity(Analysis& a, const std::string& name, const std::string& kind, const std::optional<std::string>& country) {
    for (size_t i = 0; i < a.entities.size(); ++i)
      if (a.entities[i].name == name) return static_cast<int32_t>(i);
    Entity e{.name = name,
             .kind = kind,
             .country = country,
             .sectors = {"GOV"},
             .mentions = {{{0, 2}, 0, MentionKind::name}},
             .why = {"made up"}};
    a.entities.push_back(std::move(e));
    return static_cast<int32_t>(a.entities.size() - 1);
  }
  static std::string code(size_t state) { return {static_cast<char>('A' + state / 26), static_cast<char>('A' + state % 26), 'X'}; }
  static void add_event(Analysis& a, int64_t day, std::mt19937_64& random) {
    // One of the events of the last three days.
    const int64_t on = std::max<int64_t>(0, day - static_cast<int64_t>(random() % 3));
    std::mt19937_64 event(static_cast<uint64_t>(on) * 1000003 + random() % 40);
    static constexpr const char* kTypes[] = {"ASSAULT", "COERCE", "CONSULT", "PROTEST",  "SANCTION",
                                             "ACCUSE",  "AGREE",  "REQUEST", "THREATEN", "MOBILIZE"};
    Event e;
    e.type = kTypes[event() % 10];
    e.quad = 4;
    e.trigger_lemma = fmt::format("act{}", event() % 12);
    e.trigger = {static_cast<uint32_t>(3 * a.events.size()), static_cast<uint32_t>(3 * a.events.size() + 2)};
    const auto state = [&] { return zipf(event, 190); };
    const size_t x = state(), y = state(), organisation = zipf(event, 4000);
    const auto party = [&](int32_t n) { return Participant{n, a.entities[static_cast<size_t>(n)].country, {"GOV"}, {0, 2}}; };
    e.actors = {party(entity(a, "State " + std::to_string(x), "state", code(x)))};
    e.recipients = {party(entity(a, "State " + std::to_string(y), "state", code(y)))};
    const int32_t body = entity(a, "Body " + std::to_string(organisation), "organisation", std::nullopt);
    if (event() % 2) e.actors.push_back(party(body));
    if (random() % 4) e.date = date(on);
    if (random() % 3) {
      const auto town = static_cast<int64_t>(event() % 3000);
      a.places.push_back({.span = {0, 2},
                          .name = "Town " + std::to_string(town),
                          .geonames = town,
                          .country = code(y),
                          .feature = "PPL",
                          .role = "mention"});
      e.place = static_cast<int32_t>(a.places.size() - 1);
    }
    e.status = "happened";
    e.voices = {{-1, Factuality::ct_plus}};
    if (random() % 3 == 0) {
      Attribution said{.source = {{0, 2}}, .source_entity = e.actors[0].entity, .cue = {{0, 2}}, .content = {{0, 3}}};
      said.stance = random() % 3 ? Stance::asserts : Stance::denies;
      a.attributions.push_back(said);
      e.attribution = static_cast<int32_t>(a.attributions.size() - 1);
      e.factuality = said.stance == Stance::denies ? Factuality::ct_minus : Factuality::ct_plus;
      e.voices = {{e.attribution, e.factuality}};
    }
    if (random() % 4 == 0) e.numbers = {{"dead", static_cast<int64_t>(event() % 30), static_cast<int64_t>(event() % 30 + 30), {0, 2}}};
    a.events.push_back(std::move(e));
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_grouping STORE [DOCUMENTS]\n");
    return 2;
  }
  const int64_t most = argc > 2 ? std::atoll(argv[2]) : 100000;
  std::filesystem::remove(argv[1]);
  auto store = Store::open(argv[1], {.access = StoreAccess::create});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  SQLite::Database& db = (*store)->database();
  World world;
  corpus::LayerWriter layers(db);
  SQLite::Statement put(
      db, "INSERT INTO documents(document, id, hash, text_hash, publisher, published, language) VALUES(?, ?, ?, ?, ?, ?, 'en')");
  int64_t have = 0;
  const auto write = [&](int64_t count) {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    for (int64_t i = 0; i < count; ++i) {
      corpus::Coded coded = corpus::make_coded({}, world.document(have++));
      const DocumentInfo& d = coded.analysis.document;
      corpus::run(put, have, d.id, d.id, coded.text_hash, *d.publisher, *d.published);
      layers.write(have, coded);
    }
    transaction.commit();
  };
  double first = 0, last = 0;
  fmt::print("{:>9} {:>14} {:>14} {:>14} {:>12} {:>8}\n", "documents", "one more, ms", "median, ms", "in bulk, ms", "bytes/doc", "copies");
  for (int64_t size = std::min<int64_t>(1000, most); size <= most; size *= 10) {
    const int64_t bulk = size - have;
    double in_bulk = 0;
    while (have < size) {
      write(std::min<int64_t>(500, size - have));
      const auto start = Clock::now();
      if (auto grouped = group(**store); !grouped) {
        fmt::print(stderr, "{}\n", grouped.error().message);
        return 1;
      }
      in_bulk += since(start);
    }
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) {
      write(1);
      const auto start = Clock::now();
      if (!group(**store)) return 1;
      times.push_back(since(start));
    }
    double mean = 0;
    for (const double t : times) mean += t / static_cast<double>(times.size());
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    if (first == 0) first = mean;
    last = mean;
    fmt::print("{:>9} {:>14.2f} {:>14.2f} {:>14.2f} {:>12} {:>8}\n", size, mean * 1e3, median * 1e3,
               in_bulk * 1e3 / static_cast<double>(std::max<int64_t>(bulk, 1)),
               std::filesystem::file_size(argv[1]) / static_cast<uintmax_t>(have),
               db.execAndGet("SELECT count(*) FROM duplicates").getInt64());
    std::fflush(stdout);
  }
  fmt::print("one more document in the largest store against the smallest: {:.2f} times\n", last / first);
  return 0;
}
