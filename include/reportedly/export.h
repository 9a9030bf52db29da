// Exports: records in the formats of other programs (docs/exports.md says what each holds and what is lost in it).
//
//   auto run = reportedly::make_export("gdelt");            // one run of one profile
//   keep(run->begin());
//   for (…) keep(run->take(run->read(engine, analysis)));   // read: any thread; take: one thread, in the order of the documents
//   keep(run->end());
//   keep(run->beside());                                    // schema and configuration for files in a folder
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/analysis.h"
#include "reportedly/engine.h"
#include "reportedly/result.h"

namespace reportedly {

/// One column of a table: its header, its line in the Frictionless schema beside the table and in the codebook.
struct Column {
  std::string_view name;
  std::string_view type;              ///< of Frictionless Table Schema: string integer number
  std::string_view what;              ///< for readers
  std::string_view constraints = {};  ///< of Table Schema, as JSON: {"minimum":0}
};

/// One file with rows.
struct TableFormat {
  std::string_view file;
  std::span<const Column> columns;
  bool header = true;  ///< has the names of its columns in the first line
  bool csv = false;    ///< RFC 4180; else parted by tabs, no quotation marks
};

struct Profile {
  std::string_view name;
  std::string_view what;                ///< one line for the help
  std::string_view file;                ///< its name in a folder; empty: several files, so a folder is needed
  std::span<const TableFormat> tables;  ///< where it is made of tables
  bool needs_trees = false;             ///< cannot be made from a record alone: Engine::code gives the text (its last parameter)
};

/// All profiles, in the order of the documentation.
std::span<const Profile> profiles();
/// Null if there is none of that name.
const Profile* find_profile(std::string_view name);

/// Text that belongs at the end of one file of an export.
struct Piece {
  std::string file;  ///< name in the export's folder, safe on every file system; empty: the profile's only file
  std::string text;
  bool whole = false;  ///< nothing more will come for this file
};

/// One run of a profile over any number of documents.
class Export {
 public:
  virtual ~Export() = default;
  /// Before the first document.
  virtual std::vector<Piece> begin() { return {}; }
  /// What a document gives. A document that failed gives nothing. Pure, thread-safe.
  virtual std::vector<Piece> read(const EngineInfo& engine, const Analysis& analysis) const = 0;
  /// What of it is to be written now. Called in the order of the documents, by one thread at a time.
  virtual std::vector<Piece> take(std::vector<Piece> pieces) { return pieces; }
  /// After the last document.
  virtual std::vector<Piece> end() { return {}; }
  /// Files that explain the data: `schema.json`, `annotation.conf`. Always whole.
  virtual std::vector<Piece> beside() const { return {}; }
};

/// Null if there is no such profile, or if it needs trees.
std::unique_ptr<Export> make_export(std::string_view profile);

/// The tables' columns and the meaning of every code, in Markdown.
std::string codebook();

/// `reportedly/1` back into the record it was written from: to_json of the result gives the same bytes. What the JSON does not hold (words,
/// what was considered and not taken) stays empty; whether a mention is a pronoun is told by its words. `engine`: filled from the record.
/// Errors: bad_format with the place in the JSON ("events[3].trigger").
Result<Analysis> from_json(std::string_view json, EngineInfo* engine = nullptr);

}  // namespace reportedly
