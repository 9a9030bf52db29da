// YAML files as trees of nodes that know their lines. A thin layer over libyaml, which reads our lexicon in 8 ms; the names are those of
// yaml-cpp, which takes 130 ms for the same and whose node class this one stands for.
//
//   const yaml::Node root = yaml::LoadFile("lexicon/cues.yaml");      // throws yaml::Exception
//   for (const yaml::Node& group : root["groups"]) use(group["id"].Scalar(), group.Mark().line + 1);
//   for (const auto& pair : group) use(pair.first.Scalar(), pair.second);
//
// Only the first document of a file is read. Anchors and aliases work; tags are looked at only to tell "null" from null. Keys of a map keep
// their order; of equal keys the first is found. A node keeps its whole file alive and may be used by several threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace reportedly::yaml {

struct Position {
  int line = -1;  ///< from 0; −1 for a node that is not there
};

/// A file that cannot be read, or is no YAML.
struct Exception : std::runtime_error {
  Exception(Position where, const std::string& what) : std::runtime_error(what), mark(where), msg(what) {}
  Position mark;
  std::string msg;
};

struct Document;

class Node {
 public:
  struct Item;
  class Iterator;

  Node() = default;  ///< a node that is not there
  explicit operator bool() const { return IsDefined(); }
  bool IsDefined() const { return document_ != nullptr; }
  bool IsNull() const;
  bool IsScalar() const;
  bool IsSequence() const;
  bool IsMap() const;
  Position Mark() const;
  /// Empty for what is no scalar.
  const std::string& Scalar() const;
  /// Elements of a sequence, pairs of a map, else 0.
  size_t size() const;
  /// The value of a key of a map; a node that is not there for other keys and other nodes.
  Node operator[](std::string_view key) const;
  /// An element of a sequence.
  Node operator[](size_t i) const;
  /// as<std::string>() is Scalar(); as<bool>(fallback) knows true, yes, on, y and their opposites.
  template <class T>
  T as() const {
    static_assert(std::is_same_v<T, std::string>);
    return Scalar();
  }
  template <class T>
  T as(T fallback) const {
    static_assert(std::is_same_v<T, bool>);
    return truth(fallback);
  }
  Iterator begin() const;
  Iterator end() const;

 private:
  friend struct Document;
  Node(std::shared_ptr<const Document> document, uint32_t index) : document_(std::move(document)), index_(index) {}
  bool truth(bool fallback) const;
  std::shared_ptr<const Document> document_;
  uint32_t index_ = 0;
};

/// What a loop over a node sees: the element of a sequence itself, or `first` and `second` of a map.
struct Node::Item : Node {
  Node first, second;
};

class Node::Iterator {
 public:
  Iterator(const Node* node, size_t at) : node_(node), at_(at) {}
  Item operator*() const;
  Iterator& operator++() {
    ++at_;
    return *this;
  }
  bool operator!=(const Iterator& other) const { return at_ != other.at_; }

 private:
  const Node* node_;
  size_t at_;
};

Node Load(std::string_view text);
Node LoadFile(const std::string& path);

}  // namespace reportedly::yaml
