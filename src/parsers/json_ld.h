// What a page says of its article in JSON-LD (schema.org NewsArticle and its kin).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::importer {

struct JsonLdArticle {
  std::optional<std::string> headline, author, publisher, published, body, url, language;
  bool paid = false;  ///< isAccessibleForFree is false
};

/// All articles in one script element, in order. `bad` is set where it is no JSON.
std::vector<JsonLdArticle> read_json_ld(std::string_view script, bool& bad);

}  // namespace reportedly::importer
