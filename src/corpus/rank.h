// BM25 for the index of words, at a cost that does not grow with the store.
#pragma once
#include <sqlite3.h>

namespace reportedly::corpus {

/// Makes `bounded_bm25(index, last, columns, left_out)` known to the connection, an auxiliary function of FTS5: BM25 (Robertson and Walker,
/// k1 = 1.2, b = 0.75) of the hit, less is better, as FTS5's own bm25(). That counts all rows in which a phrase stands, which takes as long
/// as the store is large; this one counts the first two thousand, and concludes from the share of rows that they are among: `last` is the
/// largest rowid. The first `columns` count as text, and of the query all phrases but the `left_out` last. -> SQLITE_OK or an error of
/// SQLite.
int add_bounded_bm25(sqlite3* connection);

}  // namespace reportedly::corpus
