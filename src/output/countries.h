#pragma once
#include <string_view>

namespace reportedly::output {

struct Country {
  std::string_view code;    ///< ISO 3166 alpha-3, and KOS
  std::string_view alpha2;  ///< ISO 3166 alpha-2
  int number;               ///< ISO 3166 numeric, 0: none
  std::string_view fips;    ///< FIPS 10-4
  int cow;                  ///< Correlates of War number, 0: none
  std::string_view name;    ///< English short name
};

/// Null for international codes (UNO, EUR …) and unknown ones.
const Country* find_country(std::string_view code);

}  // namespace reportedly::output
