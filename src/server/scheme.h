// The closed lists that pages offer. In a file apart, since corpus.h has a function of the name of the namespace `events`.
#pragma once
#include <string>
#include <string_view>

namespace reportedly::server {

/// {"types":[{"name","quad","modes"}],"stances":[…],"statuses":[…]}
std::string scheme_json();
bool known_event_type(std::string_view name);

}  // namespace reportedly::server
