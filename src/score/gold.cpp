// Records as people leave them: what json_read.cpp asks for is put back before it reads.
#include <fmt/format.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "events/scheme.h"
#include "reportedly/export.h"
#include "reportedly/score.h"

namespace reportedly {
namespace {

using Json = nlohmann::ordered_json;

struct Mistake {
  std::string message;
};

constexpr std::array<std::pair<const char*, char>, 7> kLayers = {
    {{"sentences", 's'}, {"entities", 'e'}, {"times", 't'}, {"places", 'p'}, {"attributions", 'a'}, {"events", 'v'}, {"disputes", 'd'}}};

/// What may be left out, and what it is then.
void fill(Json& object, std::initializer_list<std::pair<const char*, Json>> defaults) {
  if (!object.is_object()) throw Mistake{"an object was expected, found " + object.dump().substr(0, 60)};
  for (const auto& [key, value] : defaults)
    if (!object.contains(key)) object[key] = value;
}

class Gold {
 public:
  explicit Gold(Json record) : r_(std::move(record)) {
    if (!r_.is_object() || !r_.contains("document") || !r_["document"].is_object() || !r_["document"].contains("text"))
      throw Mistake{"has no document.text"};
  }

  std::string complete() {
    const Json null, list = Json::array();
    fill(r_, {{"schema", "reportedly/1"}, {"names", list}});
    fill(r_["document"], {{"id", ""},
                          {"title", null},
                          {"byline", null},
                          {"publisher", null},
                          {"url", null},
                          {"published", null},
                          {"language", "en"},
                          {"repairs", list},
                          {"warnings", list}});
    for (const auto& [layer, letter] : kLayers) {
      fill(r_, {{layer, list}});
      size_t n = 0;
      for (Json& item : r_[layer]) {
        fill(item, {{"why", list}});
        const std::string id = fmt::format("{}{}", letter, ++n);
        if (item.contains("id") && item["id"].is_string() && !new_id_.emplace(item["id"].get<std::string>(), id).second)
          throw Mistake{fmt::format("has two {} with the id {}", layer, item["id"].get<std::string>())};
        item["id"] = id;
      }
    }
    for (Json& s : r_["sentences"]) fill(s, {{"part", "body"}, {"paragraph", 0}});
    for (Json& e : r_["entities"]) fill(e, {{"country", null}, {"sectors", list}, {"office", null}, {"mentions", list}});
    for (Json& t : r_["times"]) fill(t, {{"value", null}});
    for (Json& p : r_["places"])
      fill(p, {{"geonames", null},
               {"latitude", null},
               {"longitude", null},
               {"country", null},
               {"admin1", null},
               {"feature", null},
               {"role", "mention"}});
    for (Json& a : r_["attributions"]) {
      fill(a, {{"parent", null},
               {"source", Json::object()},
               {"cue", Json::object()},
               {"content", Json::object()},
               {"form", "indirect"},
               {"stance", "asserts"},
               {"hypothetical", false},
               {"confidence", null}});
      fill(a["source"], {{"spans", list}, {"entity", null}});
      fill(a["cue"], {{"spans", list}, {"lemma", null}});
      fill(a["content"], {{"spans", list}});
      rename(a["parent"]);
      rename(a["source"]["entity"]);
    }
    for (Json& v : r_["events"]) event(v);
    for (Json& d : r_["disputes"]) {
      fill(d, {{"kind", "other"}, {"events", list}, {"positions", list}});
      for (Json& e : d["events"]) rename(e);
      for (Json& p : d["positions"]) {
        fill(p, {{"holds", ""}, {"event", null}, {"voices", list}});
        rename(p["event"]);
        for (Json& voice : p["voices"]) rename(voice);
      }
    }
    return r_.dump();
  }

 private:
  void rename(Json& reference) const {
    if (reference.is_null()) return;
    const auto found = reference.is_string() ? new_id_.find(reference.get<std::string>()) : new_id_.end();
    if (found == new_id_.end()) throw Mistake{fmt::format("refers to {}, which is not there", reference.dump())};
    reference = found->second;
  }

  void event(Json& v) {
    const Json null, list = Json::array();
    if (!v.contains("type") || !v["type"].is_string()) throw Mistake{fmt::format("{} has no type", v["id"].dump())};
    const auto type = events::type_from(v["type"].get<std::string>());
    if (!type) throw Mistake{fmt::format("{} has the type {}, which PLOVER does not have", v["id"].dump(), v["type"].dump())};
    fill(v, {{"mode", null},
             {"contexts", list},
             {"cameo", null},
             {"quad", events::info(*type).quad},
             {"intensity", 0.0},
             {"actors", list},
             {"recipients", list},
             {"trigger", Json::object()},
             {"date", Json::object()},
             {"place", null},
             {"attribution", null},
             {"factuality", "CT+"},
             {"status", "happened"},
             {"numbers", list},
             {"confidence", null}});
    if (!v.contains("voices")) v["voices"] = Json::array({{{"attribution", v["attribution"]}, {"factuality", v["factuality"]}}});
    fill(v["trigger"], {{"lemma", null}});
    fill(v["date"], {{"value", null}, {"time", null}, {"why", list}});
    for (const char* role : {"actors", "recipients"})
      for (Json& party : v[role]) {
        fill(party, {{"entity", null}, {"country", null}, {"sectors", list}});
        rename(party["entity"]);
      }
    rename(v["place"]);
    rename(v["attribution"]);
    for (Json& voice : v["voices"]) {
      fill(voice, {{"attribution", null}, {"factuality", "CT+"}});
      rename(voice["attribution"]);
    }
  }

  Json r_;
  std::map<std::string, std::string> new_id_;
};

}  // namespace

Result<Analysis> read_gold(std::string_view json) {
  try {
    return from_json(Gold(Json::parse(json)).complete());
  } catch (const Mistake& mistake) {
    return fail(ErrorCode::bad_format, mistake.message);
  } catch (const Json::exception& e) {
    return fail(ErrorCode::bad_format, e.what());
  }
}

}  // namespace reportedly
