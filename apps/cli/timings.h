// Where the time goes: CPU seconds by stage of all documents, for `--timings`.
#pragma once
#include <fmt/format.h>
#include <time.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "reportedly/engine.h"

namespace reportedly::cli {

class Timings {
 public:
  using Stages = std::vector<std::pair<std::string, double>>;

  /// Of this thread.
  static double now() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  explicit Timings(double load) : load_(load) {}
  /// Any number of threads may add.
  void add(const StageTimes& t) {
    const std::scoped_lock lock(mutex_);
    sum_.text += t.text, sum_.encoder += t.encoder, sum_.syntax += t.syntax, sum_.entities += t.entities,
        sum_.times_places += t.times_places;
    sum_.attribution += t.attribution, sum_.events += t.events;
  }
  /// All stages of the engine.
  double coding() const {
    return sum_.text + sum_.encoder + sum_.syntax + sum_.entities + sum_.times_places + sum_.attribution + sum_.events;
  }
  /// On standard error, with what comes before and after coding.
  void print(const Stages& before, const Stages& after) const {
    Stages stages{{"load", load_}};
    stages.insert(stages.end(), before.begin(), before.end());
    const Stages coding{{"text", sum_.text},
                        {"encoder", sum_.encoder},
                        {"syntax", sum_.syntax},
                        {"entities", sum_.entities},
                        {"times and places", sum_.times_places},
                        {"attribution", sum_.attribution},
                        {"events", sum_.events}};
    stages.insert(stages.end(), coding.begin(), coding.end());
    stages.insert(stages.end(), after.begin(), after.end());
    double total = 0;
    for (const auto& stage : stages) total += stage.second;
    for (const auto& [name, seconds] : stages) fmt::print(stderr, "{:<18}{:8.3f} s {:5.1f}%\n", name, seconds, 100 * seconds / total);
  }

 private:
  std::mutex mutex_;
  StageTimes sum_;
  double load_;
};

}  // namespace reportedly::cli
