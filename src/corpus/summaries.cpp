// Sums over what a query finds: facets, days, pairs of actors, places.
#include <fmt/format.h>

#include "corpus/conditions.h"

namespace reportedly {

using corpus::Conditions;
using corpus::fetch;
using corpus::guarded;

/// Of events `e` with `u`, their documents' copies.
constexpr const char* kOrigins = "count(DISTINCT coalesce(u.origin, e.document)) AS origins";

Result<Table> facets(Store& store, const Query& q, size_t documents) {
  const auto found = corpus::matching_documents(store, q);
  if (!found) return tl::unexpected(found.error());
  // The documents are found once and kept in a table of this connection; the store itself is only read.
  const auto kept = guarded(store, [&]() -> Result<void> {
    SQLite::Database& db = store.database();
    db.exec("CREATE TEMP TABLE IF NOT EXISTS found(document INTEGER PRIMARY KEY, origin INTEGER NOT NULL); DELETE FROM temp.found");
    return {};
  });
  if (!kept) return tl::unexpected(kept.error());
  const auto filled =
      fetch(store,
            fmt::format("INSERT INTO temp.found SELECT r.document, coalesce(u.origin, r.document) FROM (SELECT document FROM documents "
                        "WHERE document IN ({}) AND error_code IS NULL ORDER BY published DESC, document LIMIT {}) r LEFT JOIN duplicates "
                        "u ON u.document = r.document",
                        found->sql, documents),
            found->values, {.query = q.query, .limit = 0});
  if (!filled) return tl::unexpected(filled.error());
  const std::string in_events = "FROM temp.found f CROSS JOIN events e ON e.document = f.document";
  struct Facet {
    const char* name;
    std::string select;  // value, label, documents, origins
  };
  const Facet facets[] = {
      {"publisher",
       "SELECT publisher, publisher, count(*), count(DISTINCT origin) FROM temp.found JOIN documents USING(document) WHERE publisher IS "
       "NOT NULL GROUP BY 1"},
      {"month",
       "SELECT substr(published, 1, 7), substr(published, 1, 7), count(*), count(DISTINCT origin) FROM temp.found JOIN documents "
       "USING(document) WHERE "
       "published IS NOT NULL GROUP BY 1"},
      {"actor",
       "SELECT a.key, a.name, n, o FROM (SELECT x.actor AS actor, count(DISTINCT e.document) AS n, count(DISTINCT f.origin) AS o " +
           in_events +
           " CROSS JOIN event_actors x ON x.event = e.event WHERE x.actor IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 60) JOIN "
           "actors a USING(actor) WHERE a.named"},
      {"type", "SELECT e.type, e.type, count(DISTINCT e.document), count(DISTINCT f.origin) " + in_events + " GROUP BY 1"},
      {"speaker",
       "SELECT a.key, a.name, n, o FROM (SELECT t.source_actor AS actor, count(DISTINCT t.document) AS n, count(DISTINCT f.origin) AS o "
       "FROM temp.found f CROSS JOIN "
       "attributions t ON t.document = f.document WHERE t.source_actor IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 60) JOIN "
       "actors a USING(actor) WHERE a.named"},
      {"stance",
       "SELECT t.stance, t.stance, count(DISTINCT t.document), count(DISTINCT f.origin) FROM temp.found f CROSS JOIN attributions t ON "
       "t.document = f.document "
       "GROUP BY 1"},
      {"status", "SELECT e.status, e.status, count(DISTINCT e.document), count(DISTINCT f.origin) " + in_events + " GROUP BY 1"},
      {"disputed",
       fmt::format("SELECT 'true', 'disputed', count(DISTINCT e.document), count(DISTINCT f.origin) {} WHERE {} HAVING count(*) > 0",
                   in_events, corpus::kDisputed)},
  };
  Table out{.columns = {"facet", "value", "label", "documents", "origins"}};
  for (const Facet& facet : facets) {
    const bool time = facet.name == std::string_view("month");
    auto rows = fetch(store, fmt::format("SELECT '{}', * FROM ({}) ORDER BY {}", facet.name, facet.select, time ? "2 DESC" : "4 DESC, 2"),
                      {}, {.limit = time ? size_t{60} : size_t{15}});
    if (!rows) return rows;
    for (auto& row : rows->rows) out.rows.push_back(std::move(row));
  }
  return out;
}

Result<Table> timeline(Store& store, const Query& q) {
  auto where = corpus::event_list_conditions(store, q);
  if (!where) return tl::unexpected(where.error());
  where->add("e.day_from IS NOT NULL");
  return fetch(
      store,
      fmt::format("SELECT date(e.day_from - 0.5) AS date, count(*) AS events, count(DISTINCT e.document) AS documents, {}, "
                  "sum({}) AS disputed, sum(e.quad = 1) AS verbal_cooperation, sum(e.quad = 2) AS material_cooperation, sum(e.quad = "
                  "3) AS verbal_conflict, sum(e.quad = 4) AS material_conflict FROM events e JOIN documents d ON d.document = "
                  "e.document LEFT JOIN duplicates u ON u.document = e.document{} GROUP BY e.day_from ORDER BY e.day_from DESC",
                  kOrigins, corpus::kDisputed, where->where()),
      where->values, q);
}

Result<Table> network(Store& store, const Query& q) {
  auto where = corpus::event_list_conditions(store, q);
  if (!where) return tl::unexpected(where.error());
  return fetch(
      store,
      fmt::format(
          "SELECT a.key AS actor, a.name AS actor_name, a.country AS actor_country, r.key AS recipient, r.name AS recipient_name, "
          "r.country AS recipient_country, n.events, n.documents, n.origins, n.disputed, n.intensity, n.types FROM (SELECT x.actor AS one, "
          "y.actor AS other, count(*) AS events, count(DISTINCT e.document) AS documents, {}, sum({}) AS disputed, avg(e.intensity) AS "
          "intensity, group_concat(DISTINCT e.type) AS types FROM events e JOIN documents d ON d.document = e.document JOIN "
          "event_actors x ON x.event = e.event AND x.role = 'actor' JOIN event_actors y ON y.event = e.event AND y.role = 'recipient' "
          "AND y.actor <> x.actor LEFT JOIN duplicates u ON u.document = e.document{} GROUP BY 1, 2) n JOIN actors a ON a.actor = n.one "
          "JOIN actors r ON r.actor = n.other ORDER BY "
          "n.events DESC, a.key, r.key",
          kOrigins, corpus::kDisputed, where->where()),
      where->values, q);
}

Result<Table> event_places(Store& store, const Query& q) {
  auto where = corpus::event_list_conditions(store, q);
  if (!where) return tl::unexpected(where.error());
  where->add("p.latitude IS NOT NULL");
  // One row a place: by its number in GeoNames, or by name and coordinates where it has none.
  return fetch(
      store,
      fmt::format("SELECT p.name, p.geonames, p.country, p.admin1, p.feature, p.latitude, p.longitude, count(*) AS events, "
                  "count(DISTINCT e.document) AS documents, {}, sum({}) AS disputed, group_concat(DISTINCT e.type) AS types FROM events "
                  "e JOIN documents d ON d.document = e.document JOIN places p ON p.place = e.place LEFT JOIN duplicates u ON u.document = "
                  "e.document{} GROUP BY coalesce(p.geonames, "
                  "p.name), p.latitude, p.longitude ORDER BY events DESC, p.name",
                  kOrigins, corpus::kDisputed, where->where()),
      where->values, q);
}

}  // namespace reportedly
