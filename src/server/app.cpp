#include "server/app.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <tuple>

#include "corpus/conditions.h"
#include "server/call.h"
#include "text/input.h"

namespace reportedly::server {
namespace {

using Clock = std::chrono::steady_clock;

/// A connection for one request, with an end of time for what it does in the store.
class Lease {
 public:
  Lease(std::unique_ptr<Store> store, double seconds)
      : store_(std::move(store)),
        until_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))) {
    sqlite3_progress_handler(
        store_->database().getHandle(), 200, [](void* self) { return static_cast<Lease*>(self)->expired() ? 1 : 0; }, this);
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() {
    if (store_) sqlite3_progress_handler(store_->database().getHandle(), 0, nullptr, nullptr);
  }
  Store& store() { return *store_; }
  bool expired() const { return Clock::now() > until_; }
  std::unique_ptr<Store> give_back() {
    sqlite3_progress_handler(store_->database().getHandle(), 0, nullptr, nullptr);
    return std::move(store_);
  }

 private:
  std::unique_ptr<Store> store_;
  Clock::time_point until_;
};

/// Lists that the library makes: the same rows as the command's.
using List = Result<Table> (*)(Store&, const Query&);

Result<Response> listed(const Call& call, List list) {
  auto query = query_of(call);
  if (!query) return tl::unexpected(query.error());
  const auto table = list(call.store, *query);
  if (!table) return tl::unexpected(table.error());
  Response out;
  if (call.param("format") == "csv") {
    out.type = "text/csv; charset=utf-8";
    out.body = to_csv(*table);
    out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", call.target.segments.back()));
  } else {
    out.body = to_json(*table);
  }
  if (table->next) {
    std::string next = call.target.path + "?after=" + *table->next;
    for (const auto& [name, value] : call.target.query)
      if (name != "after") next += "&" + percent_encoded(name) + "=" + percent_encoded(value);
    out.headers.emplace_back("Link", "<" + next + ">; rel=\"next\"");
  }
  return out;
}

template <List list>
Result<Response> list_handler(const Call& call) {
  return listed(call, list);
}

Result<Response> status_handler(const Call& call) {
  const auto table = status(call.store);
  if (!table) return tl::unexpected(table.error());
  Json out;
  for (const auto& row : table->rows) {
    Json value;
    std::visit(
        [&](const auto& cell) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(cell)>, std::monostate>) value = cell;
        },
        row[1]);
    out["facts"].push_back({{"what", std::get<std::string>(row[0])}, {"value", value}});
  }
  out["engine"] = nullptr;
  if (call.options.coder) {
    const EngineInfo& engine = call.options.coder->engine;
    out["engine"] = {{"version", engine.version}, {"model", engine.model}, {"lexicon", engine.lexicon}};
  }
  return json_response(out);
}

Result<Response> runs_handler(const Call& call) {
  const auto table = runs(call.store);
  if (!table) return tl::unexpected(table.error());
  return Response{.body = to_json(*table)};
}

struct Route {
  std::string_view method, pattern;  ///< {} stands for one segment
  Result<Response> (*handler)(const Call&);
  std::string_view parameters;  ///< that the address may have, blanks between; "QUERY" for all conditions of a list
};

constexpr std::string_view kConditions =
    " q publisher document from to event_from event_to actor recipient type speaker stance status disputed limit after format ";

constexpr Route kRoutes[] = {
    {"GET", "status", status_handler, ""},
    {"GET", "scheme", scheme, ""},
    {"GET", "runs", runs_handler, ""},
    {"GET", "runs/{}", run_inputs, " limit after outcome "},
    {"GET", "search", list_handler<&search>, "QUERY"},
    {"GET", "facets", [](const Call& call) { return listed(call, [](Store& store, const Query& q) { return facets(store, q); }); },
     "QUERY"},
    {"GET", "events", list_handler<&events>, "QUERY"},
    {"GET", "actors", list_handler<&actors>, "QUERY"},
    {"GET", "claims", list_handler<&claims>, "QUERY"},
    {"GET", "disputes", list_handler<&disputes>, "QUERY"},
    {"GET", "disputes/{}", dispute_matrix, ""},
    {"GET", "story-events", story_events, "QUERY"},
    {"GET", "story-events/{}", story_event, ""},
    {"GET", "timeline", list_handler<&timeline>, "QUERY"},
    {"GET", "network", list_handler<&network>, "QUERY"},
    {"GET", "places", list_handler<&event_places>, "QUERY"},
    {"GET", "documents/{}", document_page, ""},
    {"GET", "documents/{}/record", document_record, ""},
    {"GET", "documents/{}/explain/{}", explanation, ""},
    {"GET", "review", review_queue, "QUERY"},
    {"GET", "corrections", list_corrections, " document format limit after "},
    {"POST", "corrections", add_correction, ""},
    {"DELETE", "corrections/{}", remove_correction, ""},
    {"POST", "analyze", analyze, " published title publisher "},
};

/// Does the pattern stand for these segments (behind /api/v1)? Then what its {} are.
std::optional<std::vector<std::string>> matched(std::string_view pattern, const std::vector<std::string>& segments) {
  std::vector<std::string> args;
  size_t at = 2;
  for (size_t from = 0; from <= pattern.size(); ++at) {
    const size_t end = std::min(pattern.find('/', from), pattern.size());
    const std::string_view part = pattern.substr(from, end - from);
    if (at >= segments.size() || segments[at].empty()) return std::nullopt;
    if (part == "{}")
      args.push_back(segments[at]);
    else if (part != segments[at])
      return std::nullopt;
    from = end + 1;
  }
  return at == segments.size() ? std::optional(std::move(args)) : std::nullopt;
}

}  // namespace

Json row_of(SQLite::Statement& s, const std::vector<std::string>& parsed) {
  Json out = Json::object();
  for (int c = 0; c < s.getColumnCount(); ++c) {
    const SQLite::Column column = s.getColumn(c);
    Json& cell = out[column.getName()];
    if (column.isInteger())
      cell = column.getInt64();
    else if (column.isFloat())
      cell = column.getDouble();
    else if (!column.isNull())
      cell = column.getString();
    if (cell.is_string() && std::find(parsed.begin(), parsed.end(), column.getName()) != parsed.end()) {
      Json value = Json::parse(cell.get<std::string>(), nullptr, false);
      cell = value.is_discarded() ? Json() : std::move(value);
    }
  }
  return out;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Query> query_of(const Call& call) {
  Query q;
  const auto wrong = [](const std::string& name, const std::string& what) {
    return fail(ErrorCode::usage, fmt::format("the parameter '{}' {}", name, what));
  };
  const std::pair<const char*, std::string*> words[] = {{"q", &q.query},
                                                        {"publisher", &q.publisher},
                                                        {"document", &q.document},
                                                        {"actor", &q.actor},
                                                        {"recipient", &q.recipient},
                                                        {"type", &q.type},
                                                        {"speaker", &q.speaker},
                                                        {"stance", &q.stance},
                                                        {"status", &q.status},
                                                        {"after", &q.after},
                                                        {"from", &q.from},
                                                        {"to", &q.to},
                                                        {"event_from", &q.event_from},
                                                        {"event_to", &q.event_to}};
  for (const auto& [name, to] : words) {
    *to = call.param(name);
    if (to->size() > 1000) return wrong(name, "is longer than 1000 bytes");
  }
  for (const auto& [name, date] : {std::pair{"from", &q.from}, {"to", &q.to}, {"event_from", &q.event_from}, {"event_to", &q.event_to}}) {
    if (date->empty()) continue;
    const auto read = text::parse_date(*date);
    if (!read || *read != *date) return wrong(name, "is no date: write YYYY-MM-DD");
  }
  for (const auto& [name, to, list] :
       {std::tuple{"type", &q.type, event_types()}, {"status", &q.status, event_statuses()}, {"stance", &q.stance, stance_names()}}) {
    if (to->empty()) continue;
    auto found = find_in(list, *to);
    if (!found) return wrong(name, fmt::format("is none of {}", fmt::join(list, ", ")));
    *to = std::move(*found);
  }
  if (const std::string disputed = call.param("disputed"); !disputed.empty()) {
    if (disputed != "true" && disputed != "false") return wrong("disputed", "is true or false");
    q.disputed = disputed == "true";
  }
  const std::string format = call.param("format");
  if (!format.empty() && format != "json" && format != "csv") return wrong("format", "is json or csv");
  const size_t most = call.options.limits.rows * (format == "csv" ? 100 : 1);
  q.limit = format == "csv" ? most : std::min<size_t>(q.limit, most);
  if (const std::string limit = call.param("limit"); !limit.empty()) {
    const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), q.limit);
    if (error != std::errc() || end != limit.data() + limit.size() || q.limit < 1 || q.limit > most)
      return wrong("limit", fmt::format("is a number from 1 to {}", most));
  }
  return q;
}

struct App::Impl {
  const ServerOptions& options;
  Guard& guard;
  std::mutex stores_mutex;
  std::vector<std::unique_ptr<Store>> stores;  // idle
  std::mutex texts_mutex;
  std::condition_variable texts_free;
  size_t texts = 0;  // being coded
  Analyse analyse = [this](const DocumentInput& input) -> Result<Analysis> {
    if (!options.coder) return fail(ErrorCode::bad_model, "this server was started without a model");
    if (input.text.size() > options.limits.text_characters)
      return fail(ErrorCode::too_large,
                  fmt::format("the text has more than {} bytes; `reportedly code` takes longer ones", options.limits.text_characters));
    {
      std::unique_lock lock(texts_mutex);
      if (!texts_free.wait_for(lock, std::chrono::duration<double>(options.limits.request_seconds),
                               [&] { return texts < options.limits.texts_at_once; }))
        return fail(ErrorCode::locked, "other texts are being coded; try again");
      ++texts;
    }
    struct Release {
      Impl& impl;
      ~Release() {
        const std::lock_guard lock(impl.texts_mutex);
        --impl.texts;
        impl.texts_free.notify_one();
      }
    } release{*this};
    EngineWorkspace workspace;
    return options.coder->code(input, workspace);
  };

  Result<std::unique_ptr<Store>> take_store() {
    {
      const std::lock_guard lock(stores_mutex);
      if (!stores.empty()) {
        auto store = std::move(stores.back());
        stores.pop_back();
        return store;
      }
    }
    return Store::open(options.store);
  }

  Response api(const Request& request, const Target& target) {
    bool known_path = false;
    std::string allowed;
    for (const Route& route : kRoutes) {
      auto args = target.segments.size() > 1 && target.segments[1] == "v1" ? matched(route.pattern, target.segments) : std::nullopt;
      if (!args) continue;
      known_path = true;
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      if (route.method != request.method && !(route.method == "GET" && request.method == "HEAD")) continue;
      const std::string_view parameters = route.parameters == "QUERY" ? kConditions : route.parameters;
      for (const auto& [name, value] : target.query)
        if (parameters.find(" " + name + " ") == std::string_view::npos && !(name == "layer" && route.pattern == "review"))
          return problem(400, "usage", fmt::format("there is no parameter '{}' here", name));
      auto store = take_store();
      if (!store) return problem(store.error());
      Lease lease(std::move(*store), options.limits.query_seconds);
      const Call call{request, target, std::move(*args), lease.store(), options, analyse};
      auto answer = corpus::guarded(lease.store(), [&] { return route.handler(call); });
      if (!answer && lease.expired())
        return problem(503, "timeout", fmt::format("This takes more than {} seconds: narrow the query", options.limits.query_seconds));
      Response out = answer ? std::move(*answer) : problem(answer.error());
      const std::lock_guard lock(stores_mutex);
      if (stores.size() < 8) stores.push_back(lease.give_back());
      return out;
    }
    if (!known_path) return problem(404, "not_found", "There is nothing at this address; /openapi.json lists what there is");
    Response out = problem(405, "method_not_allowed", "Allowed here: " + allowed);
    out.headers.emplace_back("Allow", allowed);
    return out;
  }

  Response page(const Request& request, const Target& target) {
    if (target.segments.size() == 1 && target.segments[0] == "open") {
      const auto key = target.query.find("key");
      bool used = false;
      Response out = guard.open(request, key == target.query.end() ? std::string_view() : key->second, used);
      if (used && options.link_used) options.link_used(guard.link());
      return out;
    }
    // The views have addresses of their own; the script reads them.
    constexpr std::string_view kViews[] = {"",       "imports", "search",   "read",    "claims", "disputes", "dispute",
                                           "events", "event",   "timeline", "network", "map",    "review"};
    std::string name = target.path.substr(1);
    if (target.segments.size() == 1 && std::find(std::begin(kViews), std::end(kViews), target.segments[0]) != std::end(kViews))
      name = "index.html";
    if (const WebFile* file = web_file(name)) return {200, std::string(file->type), std::string(file->bytes), {}};
    return problem(404, "not_found", "There is no page at this address");
  }

  Response answer(const Request& request) {
    if (auto refused = guard.admit(request)) return std::move(*refused);
    if (request.target.size() > 6000) return problem(414, "too_long", "The address is too long");
    const auto target = parse_target(request.target);
    if (!target) return problem(400, "bad_address", "The address is not well formed: percent-encode it, and give each parameter once");
    try {
      return !target->segments.empty() && target->segments[0] == "api" ? api(request, *target) : page(request, *target);
    } catch (const std::exception& e) {
      return problem(500, "internal", fmt::format("An unexpected fault ({}). Please report it", e.what()));
    }
  }
};

App::App(const ServerOptions& options, Guard& guard) : impl_(new Impl{options, guard, {}, {}, {}, {}}) {}
App::~App() = default;

Response App::handle(const Request& request) {
  Response out = impl_->answer(request);
  for (const auto& header : security_headers()) out.headers.push_back(header);
  return out;
}

}  // namespace reportedly::server
