// Groups mentions of acts as the store does, for tools/score/corpus.py.
//   group_mentions < RECORDS.jsonl      {"id", "text", "names": [{"name", "kind", "count"}], "events": [{"start", "end", "lemma",
//                                       "place", "actors": [{"name", "kind"}], "recipients": […]}]}; kind PER, ORG, LOC or "" (a
//                                       description)
// Prints a line for each mention: document, start, id of its group.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "corpus/rows.h"

using namespace reportedly;  // NOLINT: a program of its own
using Json = nlohmann::json;

namespace {

int32_t entity(Analysis& a, const std::string& name, const std::string& kind) {
  const bool named = !kind.empty();
  const std::string ours = kind == "PER" ? "person" : kind == "ORG" ? "organisation" : kind == "LOC" ? "place" : "group";
  for (size_t i = 0; i < a.entities.size(); ++i)
    if (a.entities[i].name == name && a.entities[i].kind == ours) return static_cast<int32_t>(i);
  a.entities.push_back({.name = name, .kind = ours, .mentions = {{{0, 1}, 0, named ? MentionKind::name : MentionKind::nominal}}});
  return static_cast<int32_t>(a.entities.size() - 1);
}

Analysis analysis_of(const Json& record) {
  Analysis a;
  a.document.id = record.at("id").get<std::string>();
  a.document.text = record.at("text").get<std::string>();
  a.document.language = "en";
  for (const Json& name : record.at("names")) entity(a, name.at("name").get<std::string>(), name.at("kind").get<std::string>());
  const auto place = [&](const std::string& name) {
    for (size_t i = 0; i < a.places.size(); ++i)
      if (a.places[i].name == name) return static_cast<int32_t>(i);
    a.places.push_back({.span = {0, 1}, .name = name, .role = "mention"});
    return static_cast<int32_t>(a.places.size() - 1);
  };
  for (const Json& name : record.at("names"))
    if (name.at("kind") == "LOC") place(name.at("name").get<std::string>());
  for (const Json& event : record.at("events")) {
    Event e;
    e.type = "ACT";
    e.trigger = {event.at("start").get<uint32_t>(), event.at("end").get<uint32_t>()};
    e.trigger_lemma = event.at("lemma").get<std::string>();
    e.status = "happened";
    for (const auto& [side, to] : {std::pair{"actors", &e.actors}, {"recipients", &e.recipients}})
      for (const Json& p : event.at(side))
        to->push_back({entity(a, p.at("name").get<std::string>(), p.at("kind").get<std::string>()), std::nullopt, {}, {0, 1}});
    if (event.at("place").is_string()) e.place = place(event.at("place").get<std::string>());
    a.events.push_back(std::move(e));
  }
  return a;
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "group-mentions-XXXXXX").string();
  if (!::mkdtemp(folder.data())) return 1;
  const struct Remove {
    std::string path;
    ~Remove() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } remove{folder};
  auto store = Store::open(folder + "/mentions.db", {.access = StoreAccess::create});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  SQLite::Database& db = (*store)->database();
  {
    corpus::LayerWriter layers(db);
    SQLite::Statement put(db, "INSERT INTO documents(document, id, hash, text_hash, language) VALUES(?, ?, ?, ?, 'en')");
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    int64_t document = 0;
    for (std::string line; std::getline(std::cin, line);) {
      corpus::Coded coded = corpus::make_coded({}, analysis_of(Json::parse(line)));
      ++document;
      corpus::run(put, document, coded.analysis.document.id, coded.analysis.document.id, coded.text_hash);
      layers.write(document, coded);
    }
    transaction.commit();
  }
  if (auto grouped = group(**store); !grouped) {
    fmt::print(stderr, "{}\n", grouped.error().message);
    return 1;
  }
  SQLite::Statement rows(
      db,
      "SELECT d.id, e.trigger_start, s.id FROM story_event_members m JOIN events e USING(event) JOIN documents d USING(document) "
      "JOIN story_events s USING(story_event) ORDER BY d.id, e.trigger_start");
  while (rows.executeStep())
    fmt::print("{}\t{}\t{}\n", rows.getColumn(0).getString(), rows.getColumn(1).getInt64(), rows.getColumn(2).getString());
  return 0;
}
