#include "corpus/decisions.h"

#include <map>
#include <nlohmann/json.hpp>

#include "corpus/correcting.h"
#include "corpus/rows.h"
#include "output/describe.h"
#include "reportedly/export.h"
#include "reportedly/output.h"

namespace reportedly::corpus {
namespace {

using Json = nlohmann::json;

std::optional<std::string> word(const Json& j, const char* name) {
  const auto at = j.find(name);
  return at != j.end() && at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
}

}  // namespace

bool Decisions::any(const std::string& id) {
  const bool out = prepared(any_, id).executeStep();
  any_.reset();
  return out;
}

std::vector<Decided> Decisions::lay_over(Analysis& a) {
  struct Made {
    bool rejects = false;
    Json value;
  };
  // The later of two decisions about one code holds.
  std::map<std::pair<bool, size_t>, Made> made;  // of events, then of attributions
  const output::Description d(a);
  prepared(of_, a.document.id);
  while (of_.executeStep()) {
    const bool event = of_.getColumn(0).getString() == "event", rejects = of_.getColumn(2).getString() == "reject";
    const Json anchor = Json::parse(of_.getColumn(1).getString(), nullptr, false);
    Json value = of_.getColumn(3).isNull() ? Json::object() : Json::parse(of_.getColumn(3).getString(), nullptr, false);
    if (!anchor.is_object() || !value.is_object()) continue;
    const bool same_text = of_.getColumn(4).getInt() != 0;
    const auto number = [&](const char* name) {
      const auto at = anchor.find(name);
      return at != anchor.end() && at->is_number_integer() ? at->get<int64_t>() : -1;
    };
    const auto stands = [&](Span span) {
      if (same_text) return number("start") == span.start && number("end") == span.end;
      const int32_t sentence = d.sentence_at(span.start);
      if (sentence < 0 || !anchor.contains("sentence")) return false;
      const Span words = a.sentences[sentence].span;
      return number("offset") == span.start - words.start && anchor["sentence"] == std::string(d.text().slice(words));
    };
    const auto mark = word(anchor, anchor.contains("mark") ? "mark" : event ? "type" : "stance");
    std::optional<size_t> at;
    const size_t count = event ? a.events.size() : a.attributions.size();
    for (size_t i = 0; i < count; ++i) {
      if (!stands(event ? a.events[i].trigger : place_of(a.attributions[i]))) continue;
      const bool same = !mark || *mark == (event ? a.events[i].type : stance_name(a.attributions[i].stance));
      if (!same && (rejects || at)) continue;
      at = i;
      if (same) break;
    }
    if (at) made[{!event, *at}] = {rejects, std::move(value)};
  }
  of_.reset();
  std::vector<Decided> out;
  for (const auto& [where, what] : made) {
    const auto& [attribution, number] = where;
    out.push_back({attribution ? "attribution" : "event", static_cast<int32_t>(number),
                   attribution ? place_of(a.attributions[number]) : a.events[number].trigger,
                   attribution ? stance_name(a.attributions[number].stance) : a.events[number].type,
                   what.rejects ? Decision::rejected : Decision::corrected});
  }
  // Voices first: what is corrected of an event itself holds in spite of what is made of its voice.
  Correcting to(a);
  for (const bool attribution : {true, false})
    for (const auto& [where, what] : made) {
      if (where.first != attribution) continue;
      if (attribution)
        what.rejects ? to.reject_attribution(where.second) : to.attribution(where.second, what.value);
      else
        what.rejects ? to.reject_event(where.second) : to.event(where.second, what.value);
      // Its text is another than when it was decided, or another program let it pass.
      auto& why = attribution ? a.attributions[where.second].why : a.events[where.second].why;
      for (const std::string& fault : to.faults) why.push_back("reviewer: left as it was, " + fault);
      to.faults.clear();
    }
  return out;
}

Result<std::string> Decisions::lay_over(std::string&& record, const std::string& id) {
  if (!any(id)) return std::move(record);
  EngineInfo engine;
  auto analysis = from_json(record, &engine);
  if (!analysis) return tl::unexpected(analysis.error());
  lay_over(*analysis);
  return to_json(engine, *analysis);
}

std::string objection(const Analysis& analysis, const std::string& layer, int32_t number, const std::string& value) {
  const Json fields = Json::parse(value, nullptr, false);
  const auto at = static_cast<size_t>(number);
  if (!fields.is_object()) return {};
  Analysis copy = analysis;
  Correcting to(copy);
  if (layer == "event" && at < copy.events.size()) to.event(at, fields);
  if (layer == "attribution" && at < copy.attributions.size()) to.attribution(at, fields);
  return to.faults.empty() ? std::string() : to.faults.front();
}

void lay_due(SQLite::Database& db) {
  if (db.execAndGet("SELECT EXISTS (SELECT 1 FROM decisions_due)").getInt() == 0) return;
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  std::vector<int64_t> due;
  SQLite::Statement list(db, "SELECT document FROM decisions_due ORDER BY document");
  while (list.executeStep()) due.push_back(list.getColumn(0).getInt64());
  list.reset();
  LayerWriter layers(db);
  for (const int64_t document : due) layers.write_decided(document);
  db.exec("DELETE FROM decisions_due");
  transaction.commit();
}

}  // namespace reportedly::corpus
