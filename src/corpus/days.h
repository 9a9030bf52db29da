#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace reportedly::corpus {

/// Julian day numbers of the first and last day that a TIMEX3 date may mean; nullopt for what is no date.
std::optional<std::pair<int64_t, int64_t>> days_of(const std::string& value);

}  // namespace reportedly::corpus
