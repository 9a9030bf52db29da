// One record as rows.
#pragma once
#include <memory>
#include <string>
#include <utility>

#include "corpus/days.h"
#include "corpus/sql.h"

namespace reportedly::corpus {

/// What a thread that codes makes ready for the one that writes.
struct Coded {
  Analysis analysis;
  std::string record;     ///< reportedly/1, packed
  std::string text_hash;  ///< of the text with white space folded
  size_t characters = 0, words = 0;
};
/// SHA-256 of a text with its white space folded, and how many words it has.
std::pair<std::string, size_t> text_hash(std::string_view text);
Coded make_coded(const EngineInfo& engine, Analysis&& analysis);

/// The actor that an entity is, over documents: empty for things, places and papers.
struct ActorKey {
  std::string key;
  std::string name;  ///< follows from the key where the texts' own words would differ: "coast guard (ISL)"
  bool named = false;
};
ActorKey actor_key(const Entity& entity);

/// Writes and removes the layers of documents; the row in `documents` is the caller's. Statements are prepared once.
class LayerWriter {
 public:
  explicit LayerWriter(SQLite::Database& db);
  ~LayerWriter();
  /// The record as it was coded, the rows with what reviewers have decided of it (decisions.h).
  void write(int64_t document, const Coded& coded);
  /// The rows that decisions may change, anew, from the record that the store has; the document is to be grouped again.
  void write_decided(int64_t document);
  void remove(int64_t document);
  /// Actors that nobody is any more since their documents were removed.
  void remove_unused_actors();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// ["a","b"]
std::string json_array(const std::vector<std::string>& values);
std::string json_warnings(const std::vector<Warning>& warnings);

}  // namespace reportedly::corpus
