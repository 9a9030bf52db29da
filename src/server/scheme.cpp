#include "server/scheme.h"

#include <nlohmann/json.hpp>

#include "events/scheme.h"
#include "reportedly/lists.h"

namespace reportedly::server {

std::string scheme_json() {
  nlohmann::ordered_json out;
  out["types"] = nlohmann::ordered_json::array();
  for (size_t i = 0; i < events::kTypes; ++i) {
    const events::TypeInfo& info = events::info(static_cast<events::Type>(i));
    auto modes = nlohmann::ordered_json::array();
    for (const events::ModeInfo& mode : info.modes) modes.push_back(std::string(mode.name));
    out["types"].push_back({{"name", std::string(info.name)}, {"quad", info.quad}, {"modes", modes}});
  }
  out["stances"] = stance_names();
  out["statuses"] = event_statuses();
  return out.dump() + "\n";
}

bool known_event_type(std::string_view name) {
  return events::type_from(name).has_value();
}

}  // namespace reportedly::server
