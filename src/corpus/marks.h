// Marks: words in the index of words that stand for what a document's events or an attribution are, so that a search with conditions is a
// search for words. They stand in a column of their own, and what people type is looked for in the others. How they are spelled is known
// here and in the migration that made the column (store.cpp).
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace reportedly::corpus {

inline std::string mark_country(std::string_view code) {
  return fmt::format("c{}", code);
}
inline std::string mark_actor(int64_t actor) {
  return fmt::format("a{}", actor);
}
/// Of a country or an actor: as recipient. Without it in any role.
inline std::string mark_recipient(std::string_view mark) {
  return fmt::format("r{}", mark);
}
inline std::string mark_type(std::string_view type) {
  return fmt::format("t{}", type);
}
inline std::string mark_status(std::string_view status) {
  return fmt::format("u{}", status);
}
inline std::string mark_stance(std::string_view stance) {
  return fmt::format("s{}", stance);
}

}  // namespace reportedly::corpus
