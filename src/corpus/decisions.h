// What people decided about events and attributions, laid over what the program coded. Nobody else does that: rows are written from what
// comes out here, and records are read through it, so that every list, page, search, group and export has the same.
#pragma once
#include <string>
#include <vector>

#include "corpus/sql.h"

namespace reportedly::corpus {

/// A decision that took hold: where, and what the program has there.
struct Decided {
  std::string layer;  ///< event attribution
  int32_t number = 0;
  Span place;
  std::string mark;  ///< type of the event, stance of the attribution
  Decision decision = Decision::none;
};

class Decisions {
 public:
  explicit Decisions(SQLite::Database& db) : db_(db) {}
  /// Is there any about the document with this id, whether it finds its place or not?
  bool any(const std::string& id);
  /// `analysis` is of a document in `documents`, as it was coded. What is rejected is marked and counts no more: what was told in a
  /// rejected voice is told by the one around it. What is corrected has its new values and the old ones in `why`. A decision finds its
  /// place by the words: by offsets in the text that it was made on, by the sentence in another. A rejection holds for the code that was
  /// rejected alone, a correction for whatever is coded there.
  std::vector<Decided> lay_over(Analysis& analysis);
  /// The same for a record in JSON.
  Result<std::string> lay_over(std::string&& record, const std::string& id);

 private:
  SQLite::Database& db_;
  SQLite::Statement any_{db_,
                         "SELECT 1 FROM corrections WHERE document_id = ? AND layer IN ('event', 'attribution') AND action IN ('reject', "
                         "'correct') LIMIT 1"};
  SQLite::Statement of_{db_,
                        "SELECT c.layer, c.anchor, c.action, c.value, c.text_hash IS d.text_hash FROM corrections c JOIN documents d ON "
                        "d.id = c.document_id WHERE c.document_id = ? AND c.layer IN ('event', 'attribution') AND c.action IN ('reject', "
                        "'correct') ORDER BY c.made, c.correction"};
};

/// What would be corrected and cannot be: a name that the document does not have, a mode of another type, a date that is none. Empty: all
/// fields of `value`, a JSON object, can be laid over the code.
std::string objection(const Analysis& analysis, const std::string& layer, int32_t number, const std::string& value);

/// Writes the rows anew of documents whose decisions came or went since (`decisions_due`), in one transaction.
void lay_due(SQLite::Database& db);

}  // namespace reportedly::corpus
