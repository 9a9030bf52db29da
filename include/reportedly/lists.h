// The closed lists that conditions are taken from.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly {

std::vector<std::string> event_types();     ///< of PLOVER, in its order
std::vector<std::string> event_statuses();  ///< of an event
std::vector<std::string> stance_names();    ///< of an attribution
/// What of the list this is, whatever its case; nullopt: nothing.
std::optional<std::string> find_in(const std::vector<std::string>& list, std::string_view value);

}  // namespace reportedly
