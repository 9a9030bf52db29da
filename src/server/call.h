// What the handlers of routes share.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "corpus/sql.h"
#include "reportedly/server.h"
#include "server/message.h"

namespace reportedly::server {

using Json = nlohmann::ordered_json;

/// Codes a text; waits until fewer than `texts_at_once` are at work. Errors: too_large, not_found (no engine).
using Analyse = std::function<Result<Analysis>(const DocumentInput&)>;

struct Call {
  const Request& request;
  const Target& target;
  std::vector<std::string> args;  ///< what the {…} of the route stand for
  Store& store;                   ///< for reading
  const ServerOptions& options;
  const Analyse& analyse;

  std::string param(const std::string& name) const {
    const auto found = target.query.find(name);
    return found == target.query.end() ? std::string() : found->second;
  }
};

/// The conditions of a list from the query of the address. Errors: usage, which names the parameter.
Result<Query> query_of(const Call& call);

/// A row as an object, a list of them; cells of the columns in `parsed` hold JSON.
template <class... Values>
Json rows(Store& store, const std::string& sql, const std::vector<std::string>& parsed, const Values&... values);
Json row_of(SQLite::Statement& s, const std::vector<std::string>& parsed);

std::string dumped(const Json& json);
inline Response json_response(const Json& json, int status = 200) {
  return {status, "application/json", dumped(json) + "\n", {}};
}

// Handlers. What they return as an error becomes a problem.
Result<Response> document_page(const Call& call);
Result<Response> document_record(const Call& call);
Result<Response> explanation(const Call& call);
Result<Response> dispute_matrix(const Call& call);
Result<Response> story_event(const Call& call);
Result<Response> story_events(const Call& call);
Result<Response> run_inputs(const Call& call);
Result<Response> scheme(const Call& call);
Result<Response> analyze(const Call& call);
Result<Response> review_queue(const Call& call);
Result<Response> list_corrections(const Call& call);
Result<Response> add_correction(const Call& call);
Result<Response> remove_correction(const Call& call);

/// Corrections of one document, each with the row that it is about today.
Json corrections_of(Store& store, const std::string& document_id);

template <class... Values>
Json rows(Store& store, const std::string& sql, const std::vector<std::string>& parsed, const Values&... values) {
  SQLite::Statement s(store.database(), sql);
  corpus::prepared(s, values...);
  Json out = Json::array();
  while (s.executeStep()) out.push_back(row_of(s, parsed));
  return out;
}

}  // namespace reportedly::server
