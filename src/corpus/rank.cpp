#include "corpus/rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace reportedly::corpus {
namespace {

constexpr int64_t kCounted = 2000;  // rows with a phrase
constexpr double kK1 = 1.2, kB = .75;

struct Count {
  int64_t rows = 0, last = 0;
};

int count_row(const Fts5ExtensionApi* api, Fts5Context* row, void* count) {
  auto& to = *static_cast<Count*>(count);
  ++to.rows;
  to.last = api->xRowid(row);
  return to.rows < kCounted ? SQLITE_OK : SQLITE_DONE;
}

/// What is the same for all hits of a query.
struct Query {
  int columns = 1;  ///< that count
  double mean_length = 1;
  std::vector<double> idf, frequency;  ///< of phrases: weight; in the row at hand

  int make(const Fts5ExtensionApi* api, Fts5Context* row, int64_t largest_rowid, int counted_columns, int left_out) {
    sqlite3_int64 rows = 0, tokens = 0;
    columns = std::min(counted_columns, api->xColumnCount(row));
    int rc = api->xRowCount(row, &rows);
    for (int c = 0; rc == SQLITE_OK && c < columns; ++c) {
      sqlite3_int64 of_column = 0;
      rc = api->xColumnTotalSize(row, c, &of_column);
      tokens += of_column;
    }
    if (rc != SQLITE_OK) return rc;
    const double all = std::max<double>(1, static_cast<double>(rows));
    mean_length = std::max(1., static_cast<double>(tokens) / all);
    const auto phrases = static_cast<size_t>(std::max(0, api->xPhraseCount(row) - left_out));
    idf.resize(phrases);
    frequency.resize(phrases);
    for (size_t i = 0; i < phrases; ++i) {
      Count count;
      rc = api->xQueryPhrase(row, static_cast<int>(i), &count, count_row);
      if (rc != SQLITE_OK) return rc;
      auto with = static_cast<double>(count.rows);
      if (count.rows == kCounted && count.last > 0)
        with = std::min(all, with * std::max(1., static_cast<double>(largest_rowid) / static_cast<double>(count.last)));
      // A phrase that half of all rows have tells nothing, but not less than nothing.
      idf[i] = std::max(1e-6, std::log((all - with + .5) / (with + .5)));
    }
    return SQLITE_OK;
  }
};

void bounded_bm25(const Fts5ExtensionApi* api, Fts5Context* row, sqlite3_context* out, int arguments, sqlite3_value** values) {
  if (arguments != 3)
    return sqlite3_result_error(out, "bounded_bm25(index, last, columns, left_out) wants the largest rowid and what counts", -1);
  auto* query = static_cast<Query*>(api->xGetAuxdata(row, 0));
  int rc = SQLITE_OK;
  if (!query) {
    query = new Query;
    rc = query->make(api, row, sqlite3_value_int64(values[0]), sqlite3_value_int(values[1]), sqlite3_value_int(values[2]));
    // From here on it is FTS5's, which also deletes it if it cannot keep it.
    if (rc != SQLITE_OK)
      delete query;
    else
      rc = api->xSetAuxdata(row, query, [](void* p) { delete static_cast<Query*>(p); });
    if (rc != SQLITE_OK) return sqlite3_result_error_code(out, rc);
  }
  std::fill(query->frequency.begin(), query->frequency.end(), 0);
  int instances = 0, length = 0;
  rc = api->xInstCount(row, &instances);
  for (int i = 0; rc == SQLITE_OK && i < instances; ++i) {
    int phrase = 0, column = 0, offset = 0;
    rc = api->xInst(row, i, &phrase, &column, &offset);
    if (rc == SQLITE_OK && static_cast<size_t>(phrase) < query->frequency.size()) ++query->frequency[static_cast<size_t>(phrase)];
  }
  for (int c = 0; rc == SQLITE_OK && c < query->columns; ++c) {
    int of_column = 0;
    rc = api->xColumnSize(row, c, &of_column);
    length += of_column;
  }
  if (rc != SQLITE_OK) return sqlite3_result_error_code(out, rc);
  double score = 0;
  for (size_t i = 0; i < query->idf.size(); ++i) {
    const double f = query->frequency[i];
    score += query->idf[i] * f * (kK1 + 1) / (f + kK1 * (1 - kB + kB * length / query->mean_length));
  }
  sqlite3_result_double(out, -score);
}

}  // namespace

int add_bounded_bm25(sqlite3* connection) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  int rc = sqlite3_prepare_v2(connection, "SELECT fts5(?)", -1, &statement, nullptr);
  if (rc == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  const int closed = sqlite3_finalize(statement);
  if (rc == SQLITE_OK) rc = closed;
  if (rc != SQLITE_OK) return rc;
  if (!api) return SQLITE_ERROR;
  return api->xCreateFunction(api, "bounded_bm25", nullptr, bounded_bm25, nullptr);
}

}  // namespace reportedly::corpus
