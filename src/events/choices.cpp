#include "events/choices.h"

#include <fmt/format.h>

#include <algorithm>

namespace reportedly::events {
namespace {

template <size_t N>
struct Weight {
  std::string_view name;
  std::array<float, N> value;
};

#include "events/choice_weights.inc"
#include "events/home_weights.inc"

template <size_t N, size_t M>
constexpr bool sorted(const std::array<Weight<N>, M>& table) {
  return std::is_sorted(table.begin(), table.end(), [](const Weight<N>& a, const Weight<N>& b) { return a.name < b.name; });
}
static_assert(sorted(kKeep) && sorted(kStatus) && sorted(kHome), "features are found by halving");

template <size_t N, size_t M>
std::array<float, N> sum(const std::array<Weight<N>, M>& table, const Features& features) {
  std::array<float, N> out{};
  for (const Feature& f : features) {
    const auto at = std::lower_bound(table.begin(), table.end(), f.name, [](const Weight<N>& w, std::string_view n) { return w.name < n; });
    if (at == table.end() || at->name != f.name) continue;
    for (size_t i = 0; i < N; ++i) out[i] += at->value[i] * f.value;
  }
  return out;
}

}  // namespace

float keep_score(const Features& features) {
  return sum(kKeep, features)[0];
}

float home_score(const Features& features) {
  return sum(kHome, features)[0];
}

std::array<float, kStatuses.size()> status_scores(const Features& features) {
  return sum(kStatus, features);
}

void write_choice(std::string_view kind, Span trigger, Span sentence, std::string_view type, std::string_view rule,
                  const Features& features, std::string& out) {
  out += fmt::format("{{\"choice\":\"{}\",\"trigger\":[{},{}],\"sentence\":[{},{}],\"type\":\"{}\",\"rule\":\"{}\",\"features\":{{", kind,
                     trigger.start, trigger.end, sentence.start, sentence.end, type, rule);
  for (const Feature& f : features) out += fmt::format("{}\"{}\":{:.3f}", &f == features.data() ? "" : ",", f.name, f.value);
  out += "}}\n";
}

}  // namespace reportedly::events
