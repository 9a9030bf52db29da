#include "syntax/words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "text/chars.h"

namespace reportedly::syntax {
namespace {

constexpr uint32_t kLeastCut = 50;  // words before a forced cut, so that a long sentence does not crumble

/// Lower case of ASCII, ’ as '.
std::string token_form(std::string_view form) {
  std::string out;
  for (size_t i = 0; i < form.size() && out.size() < 8; ++i) {
    if (form.substr(i).starts_with("\u2019")) {
      out.push_back('\'');
      i += 2;
    } else {
      out.push_back(form[i] >= 'A' && form[i] <= 'Z' ? static_cast<char>(form[i] + 32) : form[i]);
    }
  }
  return out;
}

bool one_token(std::string_view first, std::string_view second, Upos second_upos) {
  static constexpr std::array<std::string_view, 7> kClitics{"'s", "'m", "'re", "'ve", "'ll", "'d", "n't"};
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPairs{
      {{"can", "not"}, {"gon", "na"}, {"got", "ta"}, {"wan", "na"}, {"lem", "me"}, {"gim", "me"}, {"du", "n"}, {"n", "no"}}};
  if (std::find(kClitics.begin(), kClitics.end(), second) != kClitics.end()) return true;
  if (second == "'") return second_upos == Upos::PART;
  return std::find(kPairs.begin(), kPairs.end(), std::pair{first, second}) != kPairs.end();
}

}  // namespace

std::vector<WordCut> cut_words(const text::Text& text, const float* boundary) {
  std::vector<WordCut> words;
  const auto n = static_cast<uint32_t>(text.units.size());
  uint32_t paragraph = UINT32_MAX;
  for (uint32_t u = 0; u < n; ++u) {
    const text::Unit& unit = text.units[u];
    const float* s = boundary + size_t{3} * u;
    const bool forced = unit.paragraph != paragraph;
    paragraph = unit.paragraph;
    if (!forced && unit.space == 0 && s[0] > s[1] && s[0] > s[2]) words.back().last = u + 1;
    else words.push_back({u, u + 1, forced || s[2] > s[1]});
  }
  // Sentences that are too long.
  for (size_t begin = 0; begin < words.size();) {
    size_t end = begin + 1;
    while (end < words.size() && !words[end].sentence) ++end;
    if (end - begin <= kMaxSentence) {
      begin = end;
      continue;
    }
    auto margin = [&](size_t w) {
      const float* s = boundary + size_t{3} * words[w].first;
      return std::pair{text.units[words[w].first].space > 0, s[2] - s[1]};
    };
    size_t best = begin + kLeastCut;
    for (size_t w = best + 1; w <= begin + kMaxSentence; ++w)
      if (margin(w) > margin(best)) best = w;
    words[best].sentence = true;
    begin = best;
  }
  return words;
}

void mark_tokens(Trees& trees) {
  for (const Sentence& sentence : trees.sentences) {
    uint32_t start = sentence.first_word;  // first word of the token that is open
    std::string previous;
    for (uint32_t w = sentence.first_word; w < sentence.last_word; ++w) {
      Word& word = trees.words[w];
      word.token_words = 1;
      std::string form = token_form(word.form);
      if (w > sentence.first_word && !trees.words[w - 1].space_after && trees.words[start].token_words < 100 && trees.words[w - 1].upos != Upos::PUNCT &&
          one_token(previous, form, word.upos)) {
        word.token_words = 0;
        ++trees.words[start].token_words;
      } else {
        start = w;
      }
      previous = std::move(form);
    }
  }
}

std::string apply_lemma_script(std::string_view script, std::u32string_view form) {
  if (script.size() > 1 && script[0] == '=') return std::string(script.substr(1));
  const size_t bar = script.find('|');
  size_t drop = 0;
  const bool as_is = !script.empty() && script[0] == 'C';
  if (bar == std::string_view::npos || (script[0] != 'c' && !as_is)) return text::to_utf8(form);
  const auto [end, error] = std::from_chars(script.data() + 1, script.data() + bar, drop);
  if (error != std::errc() || end != script.data() + bar || drop > form.size()) return text::to_utf8(form);
  std::string lemma;
  for (const char32_t c : form.substr(0, form.size() - drop)) text::append_utf8(lemma, as_is ? c : text::lower(c));
  lemma += script.substr(bar + 1);
  return lemma.empty() ? text::to_utf8(form) : lemma;
}

}  // namespace reportedly::syntax
