#include "base/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <unordered_map>
#include <vector>

namespace reportedly::yaml {
namespace {

enum class Kind : uint8_t { null, scalar, sequence, map };

struct Record {
  Kind kind = Kind::null;
  int line = 0;
  std::string scalar;
  std::vector<uint32_t> children;  ///< of a map: key, value, key, value …
};

constexpr int kDeepest = 200;  // nesting of a file that a person wrote

}  // namespace

struct Document {
  std::vector<Record> records;
  static Node node(const std::shared_ptr<const Document>& document, uint32_t index) { return {document, index}; }
  static const Record& of(const Node& node) { return node.document_->records[node.index_]; }
  static const std::shared_ptr<const Document>& owner(const Node& node) { return node.document_; }
};

namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() {
    if (open_) yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Node run() {
    auto document = std::make_shared<Document>();
    records_ = &document->records;
    next();  // stream start
    if (next() == YAML_STREAM_END_EVENT) {
      records_->emplace_back();
      return Document::node(document, 0);
    }
    next();  // after document start
    const uint32_t root = value(0);
    return Document::node(document, root);
  }

 private:
  yaml_event_type_t next() {
    if (open_) yaml_event_delete(&event_);
    open_ = false;
    if (yaml_parser_parse(&parser_, &event_) == 0) {
      const auto line = parser_.problem_mark.line;
      std::string what = parser_.problem == nullptr ? "not readable" : parser_.problem;
      if (parser_.context != nullptr) what = std::string(parser_.context) + ": " + what;
      throw Exception({static_cast<int>(line)}, what);
    }
    open_ = true;
    return event_.type;
  }
  [[noreturn]] void wrong(const std::string& what) const { throw Exception({static_cast<int>(event_.start_mark.line)}, what); }

  uint32_t add(Kind kind, const yaml_char_t* anchor) {
    const auto index = static_cast<uint32_t>(records_->size());
    Record& record = records_->emplace_back();
    record.kind = kind;
    record.line = static_cast<int>(event_.start_mark.line);
    if (anchor != nullptr) anchors_[reinterpret_cast<const char*>(anchor)] = index;
    return index;
  }

  /// The value that the present event begins; the last event read is its last.
  uint32_t value(int depth) {
    if (depth > kDeepest) wrong("nested too deeply");
    switch (event_.type) {
      case YAML_SCALAR_EVENT: {
        const auto& s = event_.data.scalar;
        const uint32_t index = add(Kind::scalar, s.anchor);
        Record& record = (*records_)[index];
        record.scalar.assign(reinterpret_cast<const char*>(s.value), s.length);
        const std::string& t = record.scalar;
        if (s.style == YAML_PLAIN_SCALAR_STYLE && s.tag == nullptr &&
            (t.empty() || t == "~" || t == "null" || t == "Null" || t == "NULL")) {
          record.kind = Kind::null;
          record.scalar.clear();
        }
        return index;
      }
      case YAML_ALIAS_EVENT: {
        const auto known = anchors_.find(reinterpret_cast<const char*>(event_.data.alias.anchor));
        if (known == anchors_.end()) wrong("an alias without an anchor before it");
        return known->second;
      }
      case YAML_SEQUENCE_START_EVENT: {
        const uint32_t index = add(Kind::sequence, event_.data.sequence_start.anchor);
        std::vector<uint32_t> children;
        while (next() != YAML_SEQUENCE_END_EVENT) children.push_back(value(depth + 1));
        (*records_)[index].children = std::move(children);
        return index;
      }
      case YAML_MAPPING_START_EVENT: {
        const uint32_t index = add(Kind::map, event_.data.mapping_start.anchor);
        std::vector<uint32_t> children;
        while (next() != YAML_MAPPING_END_EVENT) children.push_back(value(depth + 1));
        (*records_)[index].children = std::move(children);
        return index;
      }
      default:
        wrong("a value is expected");
    }
  }

  yaml_parser_t parser_ = {};
  yaml_event_t event_ = {};
  bool open_ = false;
  std::vector<Record>* records_ = nullptr;
  std::unordered_map<std::string, uint32_t> anchors_;
};

}  // namespace

bool Node::IsNull() const {
  return document_ && Document::of(*this).kind == Kind::null;
}
bool Node::IsScalar() const {
  return document_ && Document::of(*this).kind == Kind::scalar;
}
bool Node::IsSequence() const {
  return document_ && Document::of(*this).kind == Kind::sequence;
}
bool Node::IsMap() const {
  return document_ && Document::of(*this).kind == Kind::map;
}
Position Node::Mark() const {
  return {document_ ? Document::of(*this).line : -1};
}

const std::string& Node::Scalar() const {
  static const std::string kNone;
  return document_ ? Document::of(*this).scalar : kNone;
}

size_t Node::size() const {
  if (!document_) return 0;
  const Record& record = Document::of(*this);
  return record.kind == Kind::map ? record.children.size() / 2 : record.children.size();
}

Node Node::operator[](std::string_view key) const {
  if (!IsMap()) return {};
  const std::vector<uint32_t>& children = Document::of(*this).children;
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    const Record& name = document_->records[children[i]];
    if (name.kind == Kind::scalar && name.scalar == key) return {document_, children[i + 1]};
  }
  return {};
}

Node Node::operator[](size_t i) const {
  if (!IsSequence() || i >= size()) return {};
  return {document_, Document::of(*this).children[i]};
}

bool Node::truth(bool fallback) const {
  std::string text = Scalar();
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (text == "true" || text == "yes" || text == "on" || text == "y") return true;
  if (text == "false" || text == "no" || text == "off" || text == "n") return false;
  return fallback;
}

Node::Iterator Node::begin() const {
  return {this, 0};
}
Node::Iterator Node::end() const {
  return {this, size()};
}

Node::Item Node::Iterator::operator*() const {
  const std::shared_ptr<const Document>& document = Document::owner(*node_);
  const Record& record = Document::of(*node_);
  Item item;
  if (record.kind == Kind::map) {
    item.first = Document::node(document, record.children[2 * at_]);
    item.second = Document::node(document, record.children[2 * at_ + 1]);
  } else {
    static_cast<Node&>(item) = Document::node(document, record.children[at_]);
  }
  return item;
}

Node Load(std::string_view text) {
  return Parser(text).run();
}

Node LoadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Exception({}, "bad file: " + path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return Load(text);
}

}  // namespace reportedly::yaml
