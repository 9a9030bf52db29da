// Hand-written trees in a short notation: one word a line, "form upos head rel [lemma|-] [feats]"; "|" before a form: no space before it.
// Sentences are parted by empty lines.
#pragma once
#include <doctest/doctest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "entities/actors_impl.h"
#include "entities/entities.h"
#include "syntax/conllu.h"

namespace entities_test {

inline const reportedly::entities::Actors& dictionary() {
  static const auto actors = [] {
    auto r = reportedly::entities::Actors::load({REPORTEDLY_SOURCE "/lexicon"});
    if (!r) {
      MESSAGE(r.error().place << ": " << r.error().message);
      std::abort();
    }
    return std::move(*r);
  }();
  return *actors;
}

inline std::string lower(std::string s) {
  for (char& c : s)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return s;
}

inline std::string conllu(const std::string& rows) {
  std::vector<std::vector<std::string>> words;
  std::string out;
  const auto flush = [&] {
    for (size_t i = 0; i < words.size(); ++i) {
      const auto& w = words[i];
      const bool glued = i + 1 < words.size() && words[i + 1][0][0] == '|';
      const std::string form = w[0][0] == '|' ? w[0].substr(1) : w[0];
      const std::string lemma = w.size() > 4 && w[4] != "-" ? w[4] : w[1] == "PROPN" ? form : lower(form);
      const std::string feats = w.size() > 5 ? w[5] : "_";
      out += std::to_string(i + 1) + '\t' + form + '\t' + lemma + '\t' + w[1] + "\t_\t" + feats + '\t' + w[2] + '\t' + w[3] + "\t_\t" +
             (glued ? "SpaceAfter=No" : "_") + '\n';
    }
    if (!words.empty()) out += '\n';
    words.clear();
  };
  std::istringstream in(rows);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::vector<std::string> w;
    for (std::string f; fields >> f;) w.push_back(f);
    if (w.empty())
      flush();
    else
      words.push_back(w);
  }
  flush();
  return out;
}

struct Read {
  reportedly::syntax::ReadTrees read;
  reportedly::entities::EntityLayer layer;

  explicit Read(const std::string& rows, const char* published = "2031-05-05") {
    auto r = reportedly::syntax::read_conllu(conllu(rows));
    REQUIRE(r);
    read = std::move(*r);
    layer = reportedly::entities::find_entities(read.trees, {}, nullptr, nullptr, nullptr, nullptr, dictionary(),
                                                published ? std::optional<std::string>(published) : std::nullopt);
  }
  uint32_t word(const std::string& form, int nth = 1) const {
    for (uint32_t w = 0; w < read.trees.words.size(); ++w)
      if (read.trees.words[w].form == form && --nth == 0) return w;
    FAIL("no such word: " << form);
    return 0;
  }
  /// "NOR GOV,MIL person" of the entity whose mention has that word as its head; "none" without an entity.
  std::string at(const std::string& form, int nth = 1) const {
    const int32_t e = layer.entity_of_word[word(form, nth)];
    if (e < 0) return "none";
    const auto& x = layer.entities[static_cast<size_t>(e)];
    std::string out = x.country.value_or("null") + " ";
    for (size_t i = 0; i < x.sectors.size(); ++i) out += (i ? "," : "") + x.sectors[i];
    if (x.sectors.empty()) out += "-";
    return out + " " + x.kind;
  }
  const reportedly::Entity& entity(const std::string& form, int nth = 1) const {
    const int32_t e = layer.entity_of_word[word(form, nth)];
    REQUIRE(e >= 0);
    return layer.entities[static_cast<size_t>(e)];
  }
  bool same(const std::string& a, const std::string& b, int nth_a = 1, int nth_b = 1) const {
    const int32_t x = layer.entity_of_word[word(a, nth_a)], y = layer.entity_of_word[word(b, nth_b)];
    return x >= 0 && x == y;
  }
  std::string text(const reportedly::Mention& m) const {
    // All test text is in code points; slice by code point.
    std::string out;
    uint32_t at = 0;
    for (size_t i = 0; i < read.text.size();) {
      size_t n = 1;
      while (i + n < read.text.size() && (static_cast<unsigned char>(read.text[i + n]) & 0xC0) == 0x80) ++n;
      if (at >= m.span.start && at < m.span.end) out += read.text.substr(i, n);
      i += n;
      ++at;
    }
    return out;
  }
};

}  // namespace entities_test
