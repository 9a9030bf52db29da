// Very long documents are analysed in sections; here their layers become one record again.
#pragma once
#include <map>
#include <string>
#include <tuple>

#include "reportedly/analysis.h"

namespace reportedly {

/// Joins what was found in the sections of one document, in order. Spans are of the document already; numbers of words, sentences,
/// entities and other layers are of the section and move on. What is named alike in two sections (same name, kind and country) is one
/// entity; descriptions and pronouns are resolved inside a section alone.
class Sections {
 public:
  explicit Sections(Analysis& whole) : whole_(whole) {}
  /// `words`: how many the section has.
  void append(Analysis&& section, uint32_t words);

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< kind, name, country
  Analysis& whole_;
  uint32_t words_ = 0;            ///< before the next section
  std::map<Key, int32_t> known_;  ///< entities with a name
};

}  // namespace reportedly
