// The whole way from text to trees with a model of random weights: what must hold whatever the scores are.
#include <doctest/doctest.h>

#include <random>

#include "syntax/conllu.h"
#include "syntax/parse.h"
#include "text/chars.h"

using namespace reportedly;

namespace {

const nn::Scorer& scorer() {
  static const std::unique_ptr<nn::Scorer> kScorer = [] {
    auto opened = nn::Scorer::open(std::string(REPORTEDLY_SOURCE) + "/tests/data/tiny-bert.bin", nn::Precision::fp32);
    if (!opened) {
      MESSAGE(opened.error().message);
      std::abort();
    }
    return std::move(*opened);
  }();
  return *kScorer;
}

struct Parsed {
  text::Text text;
  syntax::Trees trees;
  syntax::Tags tags;
};

Parsed parse(const std::string& utf8, bool repairs) {
  DocumentInput input;
  input.text = utf8;
  auto text = text::read_text(input, {.repairs = repairs});
  REQUIRE(text.has_value());
  Parsed out{std::move(*text), {}, {}};
  nn::Workspace workspace;
  nn::Matrix h;
  scorer().encode(out.text, workspace, h);
  out.trees = syntax::parse(out.text, scorer(), h, workspace);
  out.tags = syntax::tag(out.trees, scorer(), h, workspace);
  return out;
}

void check_trees(const Parsed& p) {
  const syntax::Trees& trees = p.trees;
  uint32_t word = 0, end = 0;
  for (size_t s = 0; s < trees.sentences.size(); ++s) {
    const Sentence& sentence = trees.sentences[s];
    CHECK(sentence.first_word == word);
    REQUIRE(sentence.last_word > word);
    CHECK(sentence.last_word - word <= 200);
    CHECK(sentence.part == p.text.paragraphs[sentence.paragraph].part);
    CHECK(p.text.paragraphs[sentence.paragraph].span.holds(sentence.span));
    int roots = 0, in_token = 0;
    for (; word < sentence.last_word; ++word) {
      const syntax::Word& w = trees.words[word];
      CHECK(w.sentence == s);
      CHECK(w.span.start >= end);
      CHECK(w.span.end > w.span.start);
      end = w.span.end;
      CHECK_FALSE(w.form.empty());
      CHECK_FALSE(w.lemma.empty());
      CHECK_FALSE(w.deprel.empty());
      CHECK((w.rel == syntax::Rel::root) == (w.head < 0));
      roots += w.head < 0;
      int32_t up = static_cast<int32_t>(word);
      for (int steps = 0; up >= 0; ++steps) {
        REQUIRE(steps <= 200);
        CHECK(trees.words[static_cast<size_t>(up)].sentence == s);
        up = trees.words[static_cast<size_t>(up)].head;
      }
      // Tokens: a first word says how many, the others 0.
      if (in_token > 0)
        CHECK(w.token_words == 0);
      else
        CHECK(w.token_words >= 1);
      in_token = (in_token > 0 ? in_token : w.token_words) - 1;
      if (in_token > 0) CHECK_FALSE(w.space_after);
    }
    CHECK(roots == 1);
    CHECK(in_token == 0);
  }
  CHECK(word == trees.words.size());
  for (const auto* labels : {&p.tags.names, &p.tags.polnames}) {
    REQUIRE(labels->size() == trees.words.size());
    for (size_t i = 0; i < labels->size(); ++i)
      if ((*labels)[i] > 0 && (*labels)[i] % 2 == 0)
        CHECK((i > 0 && ((*labels)[i - 1] == (*labels)[i] || (*labels)[i - 1] + 1 == (*labels)[i])));
  }
  for (const auto* confidence : {&p.tags.names_p, &p.tags.source_p, &p.tags.cue_p, &p.tags.content_p})
    for (const float x : *confidence) CHECK((x >= 0.0F && x <= 1.0001F));
  CHECK(p.tags.factuality.size() == trees.words.size());
}

}  // namespace

TEST_CASE("whatever the scores: trees with one root, words in order, legal labels") {
  std::mt19937 random(17);
  const std::vector<std::string> pieces{"The ships", " ",   " ",   "don't", "\n\n", ".",      "\n", "“",      "”", "Reykjavik’s", "12,500",
                                        " said",     "al-", "-\n", "€5m",   "日本", "\u200B", "'",  "cannot", "(", "..."};
  for (int round = 0; round < 40; ++round) {
    std::string utf8;
    for (int i = 0; i < 120; ++i) utf8 += pieces[random() % pieces.size()];
    const Parsed p = parse(utf8, round % 2 == 0);
    check_trees(p);
    if (round % 2 == 0) continue;
    // Without repairs every character that is not white is in exactly one word.
    std::u32string covered, whole;
    for (const syntax::Word& w : p.trees.words)
      for (uint32_t i = w.span.start; i < w.span.end; ++i) covered.push_back(p.text.chars[i]);
    for (const char32_t c : p.text.chars)
      if (!text::is_white(c)) whole.push_back(c);
    CHECK(covered == whole);
  }
}

TEST_CASE("a sentence without end is cut, an empty text has no words") {
  std::string run;
  for (int i = 0; i < 1500; ++i) run += i % 2 ? "\"" : "and";
  check_trees(parse(run, false));
  CHECK(parse(" \n ", true).trees.words.empty());
}

TEST_CASE("what is written as CoNLL-U reads back as the same trees") {
  const Parsed p = parse("The ships don't leave.\n\nReykjavik’s harbour cannot open, he said.", false);
  const auto read =
      syntax::read_conllu(syntax::write_conllu(p.trees, p.text.slice({0, static_cast<uint32_t>(p.text.chars.size())}), {}, "x"));
  REQUIRE(read.has_value());
  REQUIRE(read->trees.words.size() == p.trees.words.size());
  for (size_t i = 0; i < p.trees.words.size(); ++i) {
    const syntax::Word &a = p.trees.words[i], &b = read->trees.words[i];
    CHECK(a.form == b.form);
    CHECK(a.lemma == b.lemma);
    CHECK(a.head == b.head);
    CHECK(a.deprel == b.deprel);
    CHECK(a.token_words == b.token_words);
    CHECK(a.span == b.span);
  }
}
