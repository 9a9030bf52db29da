// The dictionary behind Actors: entries with dated facts, found by folded name; roles and modifiers, found by lemma phrase.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "entities/entities.h"

namespace reportedly::entities {

/// What kind of name of its entry a name is.
enum class Alias : uint8_t { name, adjective, people, capital, city, seat };

/// One line or item of a dictionary file. Views point into the files held by Impl.
struct Entry {
  std::string_view name;      ///< canonical
  std::string_view segments;  ///< "AFG GOV,MIL 2001-12-22..2014-09-29 defence minister; …"
  std::string_view kind;
  uint16_t file = 0;
  uint8_t rank = 0;  ///< the higher wins where two entries share a name
  uint32_t line = 0;
};

struct Hit {
  uint32_t entry = 0;
  Alias alias = Alias::name;
  bool shared = false;  ///< first another state's
};

struct Role {
  std::vector<std::string> sectors;
  std::string kind;     ///< person group office organisation armed_group document state place
  std::string country;  ///< PLOVER code the word itself gives, or empty
  std::string word;     ///< as in the dictionary
  bool takes = false, organ = false, abroad = false;
  bool other = false;  ///< relation to somebody else: "ally of Norway" is not Norwegian
  char gender = 0;
};

struct Modifier {
  std::vector<std::string> sectors, after, words;
  bool replaces = false;
};

/// Hashes to numbers in one piece of memory (open addressing): a dictionary of 50,000 names is filled at every start.
class HashIndex {
 public:
  /// Null if it is not there.
  const uint32_t* find(uint64_t hash) const {
    const Slot& slot = slots_[at(hash)];
    return slot.used ? &slot.value : nullptr;
  }
  /// The number of that hash, and whether it is new.
  std::pair<uint32_t*, bool> emplace(uint64_t hash, uint32_t value) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[at(hash)];
    if (slot.used) return {&slot.value, false};
    slot = {hash, value, true};
    ++size_;
    return {&slot.value, true};
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    uint32_t value = 0;
    bool used = false;
  };
  size_t at(uint64_t hash) const {
    size_t i = (hash ^ hash >> 32) & (slots_.size() - 1);
    while (slots_[i].used && slots_[i].hash != hash) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.used) slots_[at(slot.hash)] = slot;
  }
  std::vector<Slot> slots_ = std::vector<Slot>(1 << 15);
  size_t size_ = 0;
};

struct Actors::Impl {
  std::deque<std::string> files;        ///< texts that views point into
  std::vector<std::string> file_names;  ///< "actors/states"
  std::vector<Entry> entries;
  HashIndex index;  ///< hash of folded name → first of its chain
  struct Key {
    uint32_t text = 0, size = 0;  ///< in key_text
    Hit hit;
    bool acronym = false;  ///< the text must have it in capitals
    int32_t next = -1;
  };
  std::vector<Key> keys;
  std::string key_text;
  std::vector<std::pair<uint64_t, uint32_t>> last_names;  ///< hash of a person's last name → entry, sorted
  HashIndex first_words;                                  ///< hashes of first words of names, to skip most of a text quickly
  std::unordered_map<std::string, uint32_t> state_of;     ///< country code → entry of the state
  std::unordered_map<std::string, Role> roles;
  std::unordered_map<std::string, std::vector<Modifier>> modifiers;
  std::unordered_map<std::string, std::string> halves;  ///< "north": the state it stands for where one of them is named
  std::unordered_set<std::string> acting_verbs, receiving_verbs, acting_nouns, never, venue_verbs, common;
  std::unordered_map<std::string, std::string> stands_for;  ///< folded place → folded name of the organisation it stands for when it acts

  /// All entries with that folded name; `raw_acronym`: it stands in capitals in the text.
  void find(std::string_view folded, bool raw_acronym, std::vector<Hit>& out) const;
  bool may_begin(std::string_view folded_word) const;
  /// Facts of an entry on a date (ISO, may be empty).
  ActorFacts facts(uint32_t entry, std::string_view date) const;
  /// Of several entries with one name the one meant on that date; nullopt where that is open. `open_country` is set where they agree on the
  /// country only.
  std::optional<Hit> choose(const std::vector<Hit>& hits, std::string_view date, bool person) const;
  /// Country that all office holders of that last name share (those in office on the date first), and of that given name where there is
  /// one; for "President Holm".
  std::optional<ActorFacts> by_last_name(std::string_view folded_name, std::string_view date) const;
  /// Only words that names in many countries are made of? "National Guard"
  bool common_name(std::string_view folded) const;
  const Role* role(std::string_view folded_phrase) const;
  std::string why(uint32_t entry) const;
  std::string_view country(uint32_t entry) const { return entries[entry].segments.substr(0, 3); }
};

/// "deputy foreign ministers" by lemmas → the longest role at its end.
struct RoleMatch {
  const Role* role = nullptr;
  size_t words = 0;
};

}  // namespace reportedly::entities
