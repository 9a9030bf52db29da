#include "events/means.h"

#include <array>
#include <utility>

namespace reportedly::events {

uint32_t means_of(std::string_view lemma, std::string_view mode) {
  using Entry = std::pair<std::string_view, uint32_t>;
  static constexpr std::array<Entry, 38> kWords{{{"ram", collision},
                                                 {"rammed", collision},
                                                 {"collide", collision},
                                                 {"collision", collision},
                                                 {"shoot", shots},
                                                 {"shot", shots},
                                                 {"shooting", shots},
                                                 {"gunfire", shots},
                                                 {"burn", fire},
                                                 {"torch", fire},
                                                 {"arson", fire},
                                                 {"bomb", fire},
                                                 {"bombing", fire},
                                                 {"explode", fire},
                                                 {"explosion", fire},
                                                 {"blast", fire},
                                                 {"detonate", fire},
                                                 {"abduct", abduction},
                                                 {"abduction", abduction},
                                                 {"kidnap", abduction},
                                                 {"kidnapping", abduction},
                                                 {"beat", hands},
                                                 {"beaten", hands},
                                                 {"clubbed", hands},
                                                 {"club", hands},
                                                 {"kick", hands},
                                                 {"punch", hands},
                                                 {"clear", clearing | gas},
                                                 {"clearing", clearing | gas},
                                                 {"clearance", clearing | gas},
                                                 {"disperse", clearing | gas},
                                                 {"evict", clearing | gas},
                                                 {"eviction", clearing | gas},
                                                 {"kill", anything},
                                                 {"attack", anything},
                                                 {"do", anything},
                                                 {"die", anything},
                                                 {"hit", hands | shots | gas}}};
  static constexpr std::array<Entry, 15> kModes{{{"abduct", abduction},
                                                 {"beat", hands},
                                                 {"torture", hands},
                                                 {"sexual", rape},
                                                 {"targeted", hands | shots | fire},
                                                 {"destroy", fire | collision},
                                                 {"primitive", fire},
                                                 {"firearms", shots},
                                                 {"explosives", fire},
                                                 {"suicide-attack", fire},
                                                 {"aerial", fire},
                                                 {"drone", fire},
                                                 {"heavy-weapons", shots | fire},
                                                 {"crowd-control", hands | gas | clearing},
                                                 {"unconventional", fire | gas}}};
  for (const auto& [word, means] : kWords)
    if (word == lemma && !(means == (clearing | gas) && mode == "crowd-control")) return means;
  for (const auto& [name, means] : kModes)
    if (name == mode) return means;
  return anything;
}

}  // namespace reportedly::events
