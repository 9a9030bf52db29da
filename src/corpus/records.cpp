// The records of documents, as they were coded.
#include <fmt/format.h>

#include "corpus/conditions.h"
#include "corpus/decisions.h"
#include "corpus/rows.h"
#include "reportedly/corpus.h"

namespace reportedly {
namespace {

Result<std::string> unpacked(const SQLite::Column& packed, const std::string& id) {
  auto json = corpus::unpack(packed.getString());
  if (!json) return fail(ErrorCode::bad_store, "the record is damaged; `reportedly verify` says more", id);
  return std::move(*json);
}

/// As it was coded, with what reviewers have decided since.
Result<std::string> decided(const SQLite::Column& packed, const std::string& id, corpus::Decisions& decisions) {
  auto json = unpacked(packed, id);
  return json ? decisions.lay_over(std::move(*json), id) : json;
}

}  // namespace

Result<std::string> record(Store& store, const std::string& id) {
  return corpus::guarded(store, [&]() -> Result<std::string> {
    SQLite::Statement s(store.database(), "SELECT json FROM records JOIN documents USING(document) WHERE id = ?");
    if (!corpus::prepared(s, id).executeStep())
      return fail(ErrorCode::not_found, fmt::format("the store has no document with the id '{}'", id));
    corpus::Decisions decisions(store.database());
    return decided(s.getColumn(0), id, decisions);
  });
}

Result<void> records(Store& store, const Query& query, const std::function<bool(StoredRecord&&)>& take) {
  return corpus::guarded(store, [&]() -> Result<void> {
    auto matching = corpus::matching_documents(store, query);
    if (!matching) return tl::unexpected(matching.error());
    SQLite::Statement s(
        store.database(),
        fmt::format("SELECT d.id, d.format, r.json, e.options FROM documents d JOIN records r USING(document) JOIN engines e USING(engine) "
                    "WHERE d.error_code IS NULL "
                    "AND d.document IN ({}) ORDER BY d.document",
                    matching->sql));
    corpus::bind_values(s, matching->values);
    corpus::Decisions decisions(store.database());
    while (s.executeStep()) {
      const std::string id = s.getColumn(0).getString();
      auto json = decided(s.getColumn(2), id, decisions);
      if (!json) return tl::unexpected(json.error());
      if (!take({std::move(*json), s.getColumn(1).getString(), s.getColumn(3).getString()})) break;
    }
    return {};
  });
}

}  // namespace reportedly
