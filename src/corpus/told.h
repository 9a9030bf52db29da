// What grouping compares of one document, in bytes: read from the layers once, when the document is grouped, and then as it is by every
// document that meets it. The bytes are those of this kind of machine; every other way of grouping makes them anew.
#pragma once
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace reportedly::corpus {

class BytesOut {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void field(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void field(const std::string& text) {
    field(static_cast<uint32_t>(text.size()));
    bytes_ += text;
  }
  template <class T, class Each>
  void optional(const std::optional<T>& value, Each each) {
    field(value.has_value());
    if (value) each(*value);
  }
  template <class T, class Each>
  void list(const std::vector<T>& values, Each each) {
    field(static_cast<uint32_t>(values.size()));
    for (const T& value : values) each(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what BytesOut wrote. After a wrong length `good` is false, and the rest is as it was.
class BytesIn {
 public:
  explicit BytesIn(std::string_view bytes) : left_(bytes) {}
  bool good() const { return good_; }
  bool at_end() const { return left_.empty(); }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void field(T& value) {
    if (left_.size() < sizeof value) return fail();
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
  }
  void field(bool& value) {
    uint8_t byte = 0;
    field(byte);
    value = byte != 0;
  }
  void field(std::string& text) {
    uint32_t size = 0;
    field(size);
    if (size > left_.size()) return fail();
    text.assign(left_.substr(0, size));
    left_.remove_prefix(size);
  }
  template <class T, class Each>
  void optional(std::optional<T>& value, Each each) {
    uint8_t any = 0;
    field(any);
    if (any != 0) each(value.emplace());
  }
  template <class T, class Each>
  void list(std::vector<T>& values, Each each) {
    uint32_t size = 0;
    field(size);
    if (size > left_.size()) return fail();  // each takes a byte or more
    values.resize(size);
    for (T& value : values) each(value);
  }

 private:
  void fail() {
    good_ = false;
    left_ = {};
  }
  std::string_view left_;
  bool good_ = true;
};

}  // namespace reportedly::corpus
