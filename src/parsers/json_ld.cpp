#include "parsers/json_ld.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "import/charset.h"
#include "parsers/html_tree.h"

namespace reportedly::importer {
namespace {

using namespace std::string_view_literals;
namespace dom = simdjson::dom;

constexpr size_t kMostNodes = 100000;

bool is_article_type(std::string_view type) {
  if (const size_t slash = type.find_last_of("/:"); slash != std::string_view::npos) type.remove_prefix(slash + 1);
  return type.ends_with("NewsArticle") || type == "Article" || type == "Report" || type == "BlogPosting" || type == "LiveBlogPosting";
}

bool has_article_type(const dom::object& object) {
  dom::element type;
  if (object["@type"].get(type)) return false;
  std::string_view one;
  if (!type.get_string().get(one)) return is_article_type(one);
  dom::array several;
  if (type.get_array().get(several)) return false;
  for (const dom::element each : several)
    if (!each.get_string().get(one) && is_article_type(one)) return true;
  return false;
}

std::optional<std::string> line(const dom::element& value) {
  std::string_view s;
  if (value.get_string().get(s)) return std::nullopt;
  std::string out = html_to_line(shortened(s, 4096));
  return out.empty() ? std::nullopt : std::optional(out);
}

/// A string, the name of an object, or those of a list: "A, B and C".
std::optional<std::string> names(const dom::element& value) {
  dom::array several;
  std::vector<dom::element> each;
  if (!value.get_array().get(several))
    for (const dom::element one : several) each.push_back(one);
  else
    each.push_back(value);
  std::vector<std::string> found;
  for (const dom::element& one : each) {
    std::optional<std::string> name = line(one);
    dom::element inner;
    if (!name && !one["name"].get(inner)) name = line(inner);
    if (name && !name->starts_with("http") && found.size() < 20 && std::find(found.begin(), found.end(), *name) == found.end())
      found.push_back(*name);
  }
  if (found.empty()) return std::nullopt;
  std::string out = found[0];
  for (size_t i = 1; i < found.size(); ++i) out += (i + 1 == found.size() ? " and " : ", ") + found[i];
  return out;
}

JsonLdArticle read_article(const dom::object& object) {
  JsonLdArticle out;
  dom::element value;
  if (!object["headline"].get(value)) out.headline = line(value);
  if (!out.headline && !object["name"].get(value)) out.headline = line(value);
  if (!object["author"].get(value)) out.author = names(value);
  if (!object["publisher"].get(value)) out.publisher = names(value);
  if (!object["datePublished"].get(value)) out.published = line(value);
  if (!object["inLanguage"].get(value)) out.language = names(value);
  if (!object["url"].get(value)) out.url = line(value);
  if (!out.url && !object["mainEntityOfPage"].get(value)) {
    out.url = line(value);
    dom::element id;
    if (!out.url && !value["@id"].get(id)) out.url = line(id);
  }
  std::string_view body;
  if (!object["articleBody"].get_string().get(body)) out.body = std::string(body);
  if (!object["isAccessibleForFree"].get(value)) {
    bool free = true;
    std::string_view said;
    if (!value.get_bool().get(free))
      out.paid = !free;
    else if (!value.get_string().get(said))
      out.paid = said == "False" || said == "false";
  }
  return out;
}

}  // namespace

std::vector<JsonLdArticle> read_json_ld(std::string_view script, bool& bad) {
  bad = false;
  std::vector<JsonLdArticle> out;
  // Some pages hide the script in a comment or in CDATA.
  const size_t begin = script.find_first_of("{["), end = script.find_last_of("}]");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return out;
  const size_t comment = script.find("<![CDATA[");
  const size_t from = comment != std::string_view::npos && comment < begin + 10 ? script.find_first_of("{[", comment + 9) : begin;
  if (from == std::string_view::npos || end < from) return out;
  std::string text(script.substr(from, end + 1 - from));
  for (char& c : text)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';  // raw line ends in strings are no JSON, and frequent
  dom::parser parser;
  dom::element root;
  if (parser.parse(text).get(root)) {
    bad = true;
    return out;
  }
  std::vector<dom::element> open{root};
  for (size_t seen = 0; !open.empty() && seen < kMostNodes; ++seen) {
    const dom::element node = open.back();
    open.pop_back();
    dom::array several;
    dom::object object;
    if (!node.get_array().get(several)) {
      std::vector<dom::element> each;
      for (const dom::element one : several) each.push_back(one);
      open.insert(open.end(), each.rbegin(), each.rend());
    } else if (!node.get_object().get(object)) {
      if (has_article_type(object)) out.push_back(read_article(object));
      for (const auto key : {"mainEntity"sv, "mainEntityOfPage"sv, "@graph"sv}) {
        dom::element inner;
        if (!object[key].get(inner)) open.push_back(inner);
      }
    }
  }
  return out;
}

}  // namespace reportedly::importer
