// The part of JSON Schema 2020-12 that docs/reportedly-1.schema.json uses. A keyword beyond it is an error, so that the
// schema cannot say something that is not checked.
#pragma once
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace sample {

class SchemaCheck {
 public:
  explicit SchemaCheck(nlohmann::json schema) : root_(std::move(schema)) {}

  /// Empty: valid. Else the first mistake with its place.
  std::string check(const nlohmann::json& value) const { return check(root_, value, "$"); }

 private:
  using json = nlohmann::json;

  static bool is(const json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == (value.is_number() ? "number" : value.type_name());
  }

  std::string check(const json& schema, const json& value, const std::string& place) const {
    for (const auto& [key, rule] : schema.items()) {
      if (key == "$schema" || key == "$id" || key == "title" || key == "description" || key == "$defs" || key == "additionalProperties")
        continue;
      if (key == "$ref") {
        const std::string name = rule.get<std::string>();
        if (!name.starts_with("#/$defs/")) return place + ": unknown reference " + name;
        if (auto wrong = check(root_.at("$defs").at(name.substr(8)), value, place); !wrong.empty()) return wrong;
      } else if (key == "type") {
        bool any = false;
        for (const json& type : rule.is_array() ? rule : json::array({rule})) any |= is(value, type);
        if (!any) return place + ": " + value.dump() + " is not of type " + rule.dump();
      } else if (key == "const") {
        if (value != rule) return place + ": " + value.dump() + " is not " + rule.dump();
      } else if (key == "enum") {
        if (std::find(rule.begin(), rule.end(), value) == rule.end()) return place + ": " + value.dump() + " is not among " + rule.dump();
      } else if (key == "pattern") {
        if (value.is_string() && !std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())))
          return place + ": " + value.dump() + " does not match";
      } else if (key == "minimum" || key == "maximum") {
        if (value.is_number() && (key == "minimum" ? value < rule : value > rule)) return place + ": " + value.dump() + " is out of range";
      } else if (key == "minItems" || key == "maxItems") {
        if (value.is_array() && (key == "minItems" ? value.size() < rule : value.size() > rule))
          return place + ": has " + std::to_string(value.size()) + " items";
      } else if (key == "items") {
        if (!value.is_array()) continue;
        for (size_t i = 0; i < value.size(); ++i)
          if (auto wrong = check(rule, value[i], place + "[" + std::to_string(i) + "]"); !wrong.empty()) return wrong;
      } else if (key == "required") {
        if (!value.is_object()) continue;
        for (const json& name : rule)
          if (!value.contains(name.get<std::string>())) return place + ": no " + name.dump();
      } else if (key == "properties") {
        if (!value.is_object()) continue;
        for (const auto& [name, inner] : value.items()) {
          if (!rule.contains(name)) {
            if (schema.value("additionalProperties", true)) continue;
            return place + ": unexpected " + name;
          }
          if (auto wrong = check(rule.at(name), inner, place + "." + name); !wrong.empty()) return wrong;
        }
      } else {
        return place + ": the check does not know the keyword " + key;
      }
    }
    return {};
  }

  json root_;
};

}  // namespace sample
