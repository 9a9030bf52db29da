// The parts of grouping. Each takes documents one at a time and finds what is near them by an index, so that the work for a document
// does not grow with the store; and each leaves rows that follow from the documents alone (docs/claims.md, "Why the order does not
// matter").
#pragma once
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "corpus/copies.h"
#include "corpus/same_event.h"
#include "corpus/sql.h"

namespace reportedly::corpus {

/// By which rules documents are grouped. To be raised with every change of what goes together and of what is claimed: a store that other
/// rules grouped is grouped anew, as a whole, by the next call of `group`.
constexpr int kGroupingVersion = 11;

/// What people corrected of what grouping makes. Read once for each call of `group`; what they decided about events and attributions stands
/// in their rows already (decisions.h).
class Corrections {
 public:
  explicit Corrections(SQLite::Database& db);
  bool empty() const { return empty_; }

  enum class Pair : uint8_t { open, together, apart };
  Pair documents(const std::string& a, const std::string& b) const;
  std::vector<std::string> copies_with(const std::string& document) const;

  /// An event by its document and place in the text.
  struct Place {
    std::string document;
    int64_t start = 0, end = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  Pair events(const Place& a, const Place& b) const;
  std::vector<Place> same_as(const Place& event) const;

  struct ClaimFields {
    bool rejected = false;
    std::optional<std::string> value;
    std::optional<int64_t> low, high;
  };
  const ClaimFields* claim(const std::string& id) const;

 private:
  bool empty_ = true;
  std::map<std::pair<std::string, std::string>, Pair> documents_;
  std::map<std::pair<Place, Place>, Pair> events_;
  std::map<std::string, ClaimFields> claims_;
};

class Copies {
 public:
  Copies(SQLite::Database& db, const Corrections& corrections);
  ~Copies();
  /// Documents whose origin has changed are added to `moved`.
  void group(int64_t document, std::set<int64_t>& moved);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What became of story events, by their keys.
struct StoryChanges {
  std::map<int64_t, std::vector<int64_t>> joined;  ///< mentions that came to them
  std::set<int64_t> whole;                         ///< others left them, or changed: to be counted from the beginning
};

class Stories {
 public:
  Stories(SQLite::Database& db, const Corrections& corrections);
  ~Stories();
  /// Takes up what the document tells, in place of what it told before.
  void group(int64_t document);
  /// Decides which story events that belongs to, and anew what follows from it or from documents that went.
  void write(StoryChanges& changed);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Claims {
 public:
  Claims(SQLite::Database& db, const Corrections& corrections);
  ~Claims();
  /// The claims of a document.
  void write(int64_t document);
  /// Fields of a group, its positions, disputes and changes of mind: from the beginning, or from what they were before these mentions
  /// came to it.
  void count(int64_t story_event);
  void count(int64_t story_event, const std::vector<int64_t>& joined);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly::corpus
