// What the files of the store share: binding of values, errors of SQLite as ours.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <concepts>
#include <optional>
#include <string>

#include "reportedly/corpus.h"

namespace reportedly::corpus {

/// Full disks, missing rights, other writers and damaged files, told apart.
Error store_error(const SQLite::Exception& exception, const std::filesystem::path& store);

/// Calls `work` and turns what SQLite throws into an error. `work` returns a Result.
template <class Work>
auto guarded(Store& store, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(store_error(exception, store.path()));
  }
}

inline void bind(SQLite::Statement& s, int at, std::integral auto value) {
  s.bind(at, static_cast<int64_t>(value));
}
inline void bind(SQLite::Statement& s, int at, double value) {
  s.bind(at, value);
}
inline void bind(SQLite::Statement& s, int at, const std::string& value) {
  s.bind(at, value);
}
inline void bind(SQLite::Statement& s, int at, const char* value) {
  s.bind(at, value);
}
inline void bind(SQLite::Statement& s, int at, std::nullopt_t) {
  s.bind(at);
}
template <class T>
void bind(SQLite::Statement& s, int at, const std::optional<T>& value) {
  value ? bind(s, at, *value) : s.bind(at);
}
struct Blob {
  const std::string& bytes;
};
inline void bind(SQLite::Statement& s, int at, Blob value) {
  s.bind(at, value.bytes.data(), static_cast<int>(value.bytes.size()));
}

/// Binds the parameters in order; the statement is ready to step.
template <class... Values>
SQLite::Statement& prepared(SQLite::Statement& s, const Values&... values) {
  s.reset();
  int at = 0;
  (bind(s, ++at, values), ...);
  return s;
}
/// Runs a statement without rows.
template <class... Values>
int run(SQLite::Statement& s, const Values&... values) {
  const int changed = prepared(s, values...).exec();
  s.reset();
  return changed;
}
/// The same for a statement that is used once.
template <class... Values>
int run(SQLite::Database& db, const char* sql, const Values&... values) {
  SQLite::Statement s(db, sql);
  return run(s, values...);
}
inline std::optional<std::string> text_or_null(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(column.getString());
}
inline std::optional<int64_t> integer_or_null(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional<int64_t>(column.getInt64());
}

/// UTC, "2031-05-05T10:30:00Z".
std::string now();

/// zstd. `unpack`: nullopt if the bytes are damaged or hold more than 1 GiB.
std::string pack(std::string_view text);
std::optional<std::string> unpack(std::string_view bytes);

}  // namespace reportedly::corpus
