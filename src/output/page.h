// The fixed parts of the HTML page. The policy in the page names the style and the script by their SHA-256: nothing else runs.
#pragma once
#include <string_view>

namespace reportedly::output {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace reportedly::output
