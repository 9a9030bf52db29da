#include <doctest/doctest.h>

#include <random>

#include "syntax/words.h"
#include "text/chars.h"
#include "text/decode.h"

using namespace reportedly;

namespace {

text::Text read(const std::string& utf8) {
  DocumentInput input;
  input.text = utf8;
  auto text = text::read_text(input, {.repairs = false});
  REQUIRE(text.has_value());
  return std::move(*text);
}

/// Scores from letters: I, W, S for each unit. What is not said to be otherwise begins a word rather than a sentence.
std::vector<float> scores(const std::string& best) {
  std::vector<float> out;
  for (const char c : best)
    for (const char l : {'I', 'W', 'S'}) out.push_back(c == l ? 2.0F : l == 'W' ? 1.0F : 0.0F);
  return out;
}

/// Words parted by a blank, sentences by /.
std::string cut(const std::string& utf8, const std::string& best) {
  const text::Text text = read(utf8);
  REQUIRE(text.units.size() == best.size());
  const auto s = scores(best);
  std::string out;
  for (const auto& w : syntax::cut_words(text, s.data())) {
    if (!out.empty())
      out += w.sentence ? '/' : ' ';
    else
      CHECK(w.sentence);
    out += text::to_utf8(
        std::u32string_view(text.analysis).substr(text.units[w.first].begin, text.units[w.last - 1].end - text.units[w.first].begin));
  }
  return out;
}

syntax::Trees words(const std::vector<std::pair<std::string, bool>>& forms) {
  syntax::Trees trees;
  for (const auto& [form, space_after] : forms) {
    syntax::Word w;
    w.form = form;
    w.space_after = space_after;
    w.upos = form == "'" ? syntax::Upos::PART : form == "." ? syntax::Upos::PUNCT : syntax::Upos::X;
    trees.words.push_back(w);
  }
  Sentence s;
  s.last_word = static_cast<uint32_t>(trees.words.size());
  trees.sentences.push_back(s);
  return trees;
}

std::string tokens(const std::vector<std::pair<std::string, bool>>& forms) {
  syntax::Trees trees = words(forms);
  syntax::mark_tokens(trees);
  std::string out;
  for (const auto& w : trees.words) out += static_cast<char>('0' + w.token_words);
  return out;
}

}  // namespace

TEST_CASE("words: joined only without white space, sentences at every paragraph") {
  CHECK(cut("They don't go. Now", "WWWIIWWS") == "They do n't go ./Now");
  CHECK(cut("a b", "WI") == "a b");
  CHECK(cut("a\n\nb", "WI") == "a/b");
  CHECK(cut("a\n\nb. c", "WWWS") == "a/b ./c");
  CHECK(cut("a b c", "WWS") == "a b c");  // a sentence that ends without any mark needs more than a weak score
  CHECK(cut("...", "III") == "...");
  // Punctuation inside a word is not joined to the left alone.
  CHECK(cut("al-Rahim left", "WIWW") == "al - Rahim left");
  CHECK(cut("al-Rahim left", "WIIW") == "al-Rahim left");
  CHECK(cut("Rahim's ship", "WWIW") == "Rahim 's ship");
  CHECK(cut("left.Now", "WWS") == "left ./Now");
  // A figure is one word: three digits behind its comma, any number behind its point.
  CHECK(cut("2,000 men", "WWWW") == "2,000 men");
  CHECK(cut("1,200,500 men", "WWWWWW") == "1,200,500 men");
  CHECK(cut("3.5 tons", "WWWW") == "3.5 tons");
  CHECK(cut("In 2031,12 men", "WWWWW") == "In 2031 , 12 men");
  CHECK(cut("2, 000", "WWW") == "2 , 000");
}

TEST_CASE("words: behind a point and before a word that begins clauses a sentence begins, whatever the model thinks") {
  CHECK(cut("on his page. He left", "WWWWWW") == "on his page ./He left");
  CHECK(cut("the alley\". He left", "WWWWWW") == "the alley \" ./He left");
  CHECK(cut("his page.\" The end", "WWWWWW") == "his page . \"/The end");
  CHECK(cut("on his page. he left", "WWWWWW") == "on his page . he left");
  CHECK(cut("in the St. He left", "WWWWWW") == "in the St . He left");      // an abbreviation
  CHECK(cut("on his page. Mr left", "WWWWWW") == "on his page . Mr left");  // a name may follow one
}

TEST_CASE("words: behind a name and before small letters no sentence begins unless the model is sure") {
  const text::Text t = read("then Amnesty called");
  const auto words = [&](float begins) {
    auto s = scores("WWW");
    s[3 * 2 + 2] = begins;
    return syntax::cut_words(t, s.data()).back().sentence;
  };
  CHECK(!words(4.5F));
  CHECK(words(5.5F));
}

TEST_CASE("words: a sentence of more than 200 words is cut where S is best") {
  std::string text, best;
  for (int i = 0; i < 450; ++i) text += "w ", best += 'W';
  const text::Text t = read(text);
  auto s = scores(best);
  s[3 * 120 + 2] = 1.3F;
  s[3 * 10 + 2] = 1.4F;  // too near the beginning
  s[3 * 300 + 2] = 1.3F;
  std::vector<size_t> starts;
  const auto cuts = syntax::cut_words(t, s.data());
  for (size_t i = 0; i < cuts.size(); ++i)
    if (cuts[i].sentence) starts.push_back(i);
  CHECK(starts == std::vector<size_t>{0, 120, 300});
  s = scores(best);  // nowhere better than elsewhere
  uint32_t longest = 0, length = 0;
  for (const auto& w : syntax::cut_words(t, s.data())) {
    length = w.sentence ? 1 : length + 1;
    longest = std::max(longest, length);
  }
  CHECK(longest <= syntax::kMaxSentence);
}

TEST_CASE("multiword tokens") {
  CHECK(tokens({{"do", false}, {"n't", true}, {"go", true}}) == "201");
  CHECK(tokens({{"I", false}, {"’d", false}, {"'ve", true}}) == "300");
  CHECK(tokens({{"can", false}, {"not", true}, {"can", true}, {"not", true}}) == "2011");
  CHECK(tokens({{"du", false}, {"n", false}, {"no", true}}) == "300");
  CHECK(tokens({{"unions", false}, {"'", true}, {"pay", true}}) == "201");
  CHECK(tokens({{".", false}, {"'s", true}, {"x", false}, {".", true}}) == "1111");
  CHECK(tokens({{"x", true}, {"'s", true}}) == "11");
}

TEST_CASE("lemma scripts") {
  auto lemma = [](std::string_view script, std::string_view form) {
    return syntax::apply_lemma_script(script, text::decode_utf8(form).chars);
  };
  CHECK(lemma("c0|", "Ships") == "ships");
  CHECK(lemma("c1|", "Ships") == "ship");
  CHECK(lemma("C1|", "Ships") == "Ship");
  CHECK(lemma("c3|y", "parties") == "party");
  CHECK(lemma("=be", "were") == "be");
  CHECK(lemma("=,", "—") == ",");
  CHECK(lemma("=,", "Mined") == "mined");
  CHECK(lemma("c1|", "Élus") == "élu");
  CHECK(lemma("c9|x", "at") == "at");
  CHECK(lemma("c2|", "at") == "at");
  CHECK(lemma("", "At") == "At");
  CHECK(lemma("q1|", "At") == "At");
  CHECK(lemma("c|", "At") == "At");
  CHECK(lemma("c0|=|", "a") == "a=|");
}
