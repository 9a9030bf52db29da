#pragma once
#include <string>
#include <string_view>

namespace reportedly::output {

/// SHA-256 (FIPS 180-4) in base64, as a content security policy names a script.
std::string sha256_base64(std::string_view bytes);

}  // namespace reportedly::output
