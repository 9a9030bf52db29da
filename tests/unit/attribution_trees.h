// Trees for tests, in one line a sentence: form/lemma/UPOS/head/deprel[/feats], words parted by blanks, `~` at the end of a word: no space
// after it.
#pragma once
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "attribution/attribution.h"
#include "attribution/cues.h"
#include "syntax/conllu.h"

namespace reportedly::attribution_test {

struct Sample {
  syntax::Trees trees;
  text::Text text;
  entities::EntityLayer entities;
  std::string utf8;

  /// The words of a fragment, as they stand in the text.
  std::string words(const attribution::Fragment& f) const {
    const Span s = trees.span_of(f.first, f.second);
    std::string out;
    for (uint32_t i = s.start; i < s.end; ++i) {
      const char32_t c = text.chars[i];
      if (c < 0x80)
        out += static_cast<char>(c);
      else if (c < 0x800)
        out += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
      else
        out += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    }
    return out;
  }
  std::string words(const std::vector<attribution::Fragment>& fragments) const {
    std::string out;
    for (const auto& f : fragments) out += (out.empty() ? "" : " | ") + words(f);
    return out;
  }
  std::string words(Span s) const {
    std::string out;
    const uint32_t a = trees.word_at(s.start), b = trees.word_at(s.end - 1) + 1;
    return words(attribution::Fragment{a, b});
  }
  std::string words(const std::vector<Span>& spans) const {
    std::string out;
    for (const Span s : spans) out += (out.empty() ? "" : " | ") + words(s);
    return out;
  }
};

/// Sentences; an empty string between two of them parts paragraphs.
inline Sample sample(const std::vector<std::string>& sentences) {
  std::string conllu = "# newdoc id = d\n# newpar\n";
  for (const std::string& sentence : sentences) {
    if (sentence.empty()) {
      conllu += "# newpar\n";
      continue;
    }
    std::istringstream in(sentence);
    std::string token;
    int id = 0;
    while (in >> token) {
      const bool joined = token.back() == '~';
      if (joined) token.pop_back();
      std::vector<std::string> columns;
      std::istringstream parts(token);
      for (std::string column; std::getline(parts, column, '/');) columns.push_back(column);
      REQUIRE(columns.size() >= 5);
      conllu += std::to_string(++id) + "\t" + columns[0] + "\t" + columns[1] + "\t" + columns[2] + "\t_\t" +
                (columns.size() > 5 ? columns[5] : "_") + "\t" + columns[3] + "\t" + columns[4] + "\t_\t" +
                (joined ? "SpaceAfter=No" : "_") + "\n";
    }
    conllu += "\n";
  }
  auto read = syntax::read_conllu(conllu);
  REQUIRE(read.has_value());
  Sample out;
  out.trees = std::move(read->trees);
  out.utf8 = read->text;
  for (size_t i = 0; i < out.utf8.size();) {
    const auto c = static_cast<unsigned char>(out.utf8[i]);
    const int n = c < 0x80 ? 1 : c < 0xE0 ? 2 : 3;
    char32_t v = n == 1 ? c : n == 2 ? c & 0x1F : c & 0x0F;
    for (int k = 1; k < n; ++k) v = (v << 6) | (static_cast<unsigned char>(out.utf8[i + static_cast<size_t>(k)]) & 0x3F);
    out.text.chars.push_back(v);
    i += static_cast<size_t>(n);
  }
  out.entities.entity_of_word.assign(out.trees.words.size(), -1);
  out.entities.entity_covering.assign(out.trees.words.size(), -1);
  return out;
}

inline const attribution::CueLexicon& cues() {
  static const auto lexicon = [] {
    auto loaded = attribution::CueLexicon::load({std::string(REPORTEDLY_SOURCE) + "/lexicon"});
    if (!loaded) FAIL(loaded.error().place << ": " << loaded.error().message);
    return std::move(*loaded);
  }();
  return *lexicon;
}

inline std::vector<attribution::Linked> by_rule(const Sample& s) {
  return attribution::link_by_rule(s.trees, cues(), 0, static_cast<uint32_t>(s.trees.words.size()));
}

inline std::vector<Attribution> attributions(const Sample& s) {
  entities::EntityLayer entities = s.entities;
  return attribution::assemble(s.trees, s.text, by_rule(s), entities, cues());
}

}  // namespace reportedly::attribution_test
