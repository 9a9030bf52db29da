#include "reportedly/lists.h"

#include <algorithm>

#include "events/scheme.h"
#include "reportedly/analysis.h"

namespace reportedly {

std::vector<std::string> event_types() {
  std::vector<std::string> out;
  for (size_t i = 0; i < events::kTypes; ++i) out.emplace_back(events::info(static_cast<events::Type>(i)).name);
  return out;
}

std::vector<std::string> event_statuses() {
  return {"happened", "ongoing", "planned", "possible", "denied", "refused", "hypothetical"};
}

std::vector<std::string> stance_names() {
  std::vector<std::string> out;
  for (int i = 0; i <= static_cast<int>(Stance::relays); ++i) out.emplace_back(stance_name(static_cast<Stance>(i)));
  return out;
}

std::optional<std::string> find_in(const std::vector<std::string>& list, std::string_view value) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto same = [&](const std::string& one) {
    return std::equal(one.begin(), one.end(), value.begin(), value.end(), [&](char a, char b) { return lower(a) == lower(b); });
  };
  const auto at = std::find_if(list.begin(), list.end(), same);
  return at == list.end() ? std::nullopt : std::optional(*at);
}

}  // namespace reportedly
