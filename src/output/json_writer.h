// JSON text, token by token: for every format that is JSON.
#pragma once
#include <concepts>
#include <optional>
#include <string_view>

#include "output/write.h"

namespace reportedly::output {

/// Commas, nesting and indentation; with `pretty` off nothing but the tokens. Objects marked `flat` stay on one line when pretty.
class Json {
 public:
  Json(Buffer& out, bool pretty) : out_(out), pretty_(pretty) {}

  void open(char bracket) {
    put(out_, bracket);
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) line();
    put(out_, bracket);
    first_ = false;
  }
  /// Inside, everything stays on one line.
  void open_flat(char bracket) {
    open(bracket);
    ++flat_;
  }
  void close_flat(char bracket) {
    close(bracket);
    --flat_;
  }
  void item() {
    if (!first_) put(out_, flat_ && pretty_ ? ", " : ",");
    line();
    first_ = false;
  }
  void key(std::string_view name) {
    item();
    put(out_, '"');
    put(out_, name);
    put(out_, pretty_ ? "\": " : "\":");
  }

  void null() { put(out_, "null"); }
  void text(std::string_view value) { put_json(out_, value); }
  void text(std::same_as<std::optional<std::string>> auto const& value) { value ? text(*value) : null(); }
  void boolean(bool value) { put(out_, value ? "true" : "false"); }
  template <class Integer>
  void integer(Integer value) {
    put_integer(out_, value);
  }
  void real(const std::optional<double>& value) { value ? put_real(out_, *value) : null(); }
  void probability(const std::optional<double>& value) { value ? put_probability(out_, *value) : null(); }
  void id(char layer, int32_t index) {
    if (index < 0) return null();
    put(out_, '"');
    put(out_, layer);
    integer(index + 1);
    put(out_, '"');
  }
  void pair(Span span) {
    put(out_, '[');
    integer(span.start);
    put(out_, pretty_ ? ", " : ",");
    integer(span.end);
    put(out_, ']');
  }

  void field(std::string_view name, std::string_view value) { key(name), text(value); }
  void field(std::string_view name, std::same_as<std::optional<std::string>> auto const& value) { key(name), text(value); }
  void field_id(std::string_view name, char layer, int32_t index) { key(name), id(layer, index); }
  void field_start_end(Span span) {
    key("start"), integer(span.start);
    key("end"), integer(span.end);
  }
  void field_strings(std::string_view name, const std::vector<std::string>& values) {
    key(name);
    open_flat('[');
    for (const std::string& value : values) item(), text(value);
    close_flat(']');
  }
  void field_spans(const std::vector<Span>& spans) {
    key("spans");
    open_flat('[');
    for (Span span : spans) item(), pair(span);
    close_flat(']');
  }

 private:
  void line() {
    if (!pretty_ || flat_) return;
    put(out_, '\n');
    for (int i = 0; i < depth_; ++i) put(out_, ' ');
  }

  Buffer& out_;
  bool pretty_;
  bool first_ = true;
  int depth_ = 0, flat_ = 0;
};

}  // namespace reportedly::output
