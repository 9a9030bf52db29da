// What a Query means in SQL, and paging by key: shared by the lists and by the sums over them.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "corpus/sql.h"

namespace reportedly::corpus {

/// Conditions and the values for their question marks.
struct Conditions {
  std::string sql;
  std::vector<Value> values;

  template <class... Values>
  void add(const std::string& condition, const Values&... more) {
    sql += (sql.empty() ? "" : " AND ") + condition;
    (values.emplace_back(more), ...);
  }
  void add(const Conditions& other, const std::string& before, const std::string& after) {
    sql += (sql.empty() ? "" : " AND ") + before + other.sql + after;
    values.insert(values.end(), other.values.begin(), other.values.end());
  }
  bool empty() const { return sql.empty(); }
  std::string where() const { return sql.empty() ? "" : " WHERE " + sql; }
};

/// To the question marks of a statement, in order.
void bind_values(SQLite::Statement& s, const std::vector<Value>& values);

/// The order of a list: expressions that together name one row. Those that may be null must be descending: nulls come last then. The place
/// of a row in it is its cursor, so that a page is the same whatever was added or removed before it.
struct Order {
  struct Key {
    std::string expression;
    bool descending = false;
  };
  std::vector<Key> keys;

  std::string columns() const;  ///< "k AS key0, …, " to stand first in a SELECT
  std::string by() const;       ///< " ORDER BY …"
  /// Rows behind `Query::after`. Errors: usage, a cursor that is none of this list.
  Result<void> continue_after(Conditions& to, const std::string& after) const;
};

/// Of events `e` in documents `d`: everything that a Query says.
Result<Conditions> event_list_conditions(Store& store, const Query& q);
/// "SELECT document …": the documents that `search` lists.
Result<Conditions> matching_documents(Store& store, const Query& q);
/// e is disputed, in its document or over documents.
extern const char* const kDisputed;

/// The words of a claim `c`, as an expression, and the joins that it needs: the sentence of its event and, where that is another, the one
/// in which its speaker is heard ("The army denied this."), in the order of the text.
extern const char* const kClaimWords;
extern const char* const kClaimJoins;

/// Of an input `x` in the report of a run: which document it is a copy of (duplicate_of), and what kind of copy, as the store knows it
/// today; of one that is not grouped yet, an exact copy that was there before. As in the view run_copies.
extern const char* const kCopyColumns;
extern const char* const kCopyJoins;

/// Runs a SELECT that begins with `order.columns()`; at most q.limit rows, the rest behind `next`.
Result<Table> fetch(Store& store, const std::string& sql, const std::vector<Value>& values, const Query& q, const Order& order = {});

}  // namespace reportedly::corpus
