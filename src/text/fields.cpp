#include "text/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/input.h"

namespace reportedly::text {

std::string fold_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z')
      out.push_back(static_cast<char>(c + 32));
    else if (c != ' ' && c != '_' && c != '-' && c != '"' && c != '\'' && c != '\t')
      out.push_back(c);
  }
  return out;
}

const std::vector<std::string_view>& usual_names(Field field) {
  static const std::array<std::vector<std::string_view>, kFields.size()> kNames{{
      {"text", "body", "content", "article", "article text", "article body", "full text", "content text", "main text", "story text",
       "body text", "story"},
      {"title", "headline", "head", "heading", "article title", "subject"},
      {"byline", "author", "authors", "writer", "creator"},
      {"published", "publication date", "published date", "pub date", "date published", "published at", "publish date", "date"},
      {"publisher", "publication", "outlet", "newspaper", "source", "source name", "medium", "site name"},
      {"url", "link", "source url", "article url", "web url", "permalink"},
      {"language", "lang"},
      {"id", "doc id", "document id", "article id", "uuid", "guid"},
  }};
  return kNames[static_cast<size_t>(field)];
}

FieldNames::FieldNames(const std::map<std::string, std::string>& given) {
  for (size_t field = 0; field < kFields.size(); ++field)
    if (const auto at = given.find(std::string(kFields[field])); at != given.end()) given_[field] = at->second;
}

std::optional<FieldNames::Found> FieldNames::find(std::string_view name) const {
  const std::string folded = fold_name(name);
  for (size_t field = 0; field < kFields.size(); ++field)
    if (given_[field] && fold_name(*given_[field]) == folded) return Found{static_cast<Field>(field), 0};
  for (size_t i = 0; i < kFields.size(); ++i) {
    if (given_[i]) continue;
    const auto field = static_cast<Field>(i);
    const auto& names = usual_names(field);
    const auto at = std::find_if(names.begin(), names.end(), [&](std::string_view usual) { return fold_name(usual) == folded; });
    if (at != names.end()) return Found{field, static_cast<size_t>(at - names.begin())};
  }
  return std::nullopt;
}

const std::string* FieldNames::given(Field field) const {
  const auto& name = given_[static_cast<size_t>(field)];
  return name ? &*name : nullptr;
}

bool looks_like_date(std::string_view name, std::string_view value) {
  if (value.size() > 60) return false;
  if (parse_date(value)) return true;
  if (value.find_first_of("0123456789") == std::string_view::npos) return false;
  const std::string folded = fold_name(name);
  return folded.starts_with("date") || folded.ends_with("date") || folded.ends_with("time") || folded.ends_with("datum");
}

std::string date_warning(const std::vector<std::string>& names) {
  const char* quote = names[0].find_first_of(" \t") == std::string::npos ? "" : "'";  // for a shell
  return fmt::format("no date is known of it, but \"{}\" look{} like one: --column {}published={}{}", listed(names),
                     names.size() == 1 ? "s" : "", quote, names[0], quote);
}

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kMost = 12, kLongest = 60;
  std::string out;
  for (size_t i = 0; i < names.size() && i < kMost; ++i) {
    std::string_view name = names[i];
    if (name.size() > kLongest) {
      size_t end = kLongest;
      while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // no half a character
      name = name.substr(0, end);
    }
    out += fmt::format("{}{}{}", i > 0 ? ", " : "", name, name.size() < names[i].size() ? "…" : "");
  }
  return names.size() > kMost ? out + ", …" : out;
}

}  // namespace reportedly::text
