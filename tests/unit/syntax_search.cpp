// Trees and label sequences against a slow search that tries everything.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "syntax/parse.h"

using namespace reportedly;

namespace {

bool is_tree(const std::vector<int32_t>& heads) {
  int roots = 0;
  for (size_t i = 0; i < heads.size(); ++i) {
    roots += heads[i] < 0;
    int32_t w = static_cast<int32_t>(i);
    for (size_t steps = 0; w >= 0; ++steps) {
      if (steps > heads.size()) return false;
      w = heads[static_cast<size_t>(w)];
    }
  }
  return roots == 1;
}

double score_of(const std::vector<float>& scores, const std::vector<int32_t>& heads) {
  double sum = 0;
  for (size_t i = 0; i < heads.size(); ++i) sum += scores[i * (heads.size() + 1) + static_cast<size_t>(heads[i] + 1)];
  return sum;
}

double best_by_trying(const std::vector<float>& scores, size_t n) {
  double best = -std::numeric_limits<double>::infinity();
  std::vector<int32_t> heads(n, -1);
  for (;;) {
    if (is_tree(heads)) best = std::max(best, score_of(scores, heads));
    size_t i = 0;
    while (i < n && ++heads[i] == static_cast<int32_t>(n)) heads[i++] = -1;
    if (i == n) return best;
  }
}

}  // namespace

TEST_CASE("best_tree is the best tree with one root") {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 3);
  for (size_t n = 1; n <= 6; ++n)
    for (int round = 0; round < (n < 6 ? 300 : 40); ++round) {
      std::vector<float> scores(n * (n + 1));
      for (float& s : scores) s = round % 3 == 0 ? std::round(normal(random)) : normal(random);
      // Two roots, or a cycle, must look tempting.
      if (round % 2 == 0)
        for (size_t d = 0; d < n; ++d) scores[d * (n + 1)] += 10;
      const auto heads = syntax::best_tree(scores.data(), n);
      REQUIRE(is_tree(heads));
      for (size_t d = 0; d < n; ++d) CHECK(heads[d] != static_cast<int32_t>(d));
      CHECK(score_of(scores, heads) == doctest::Approx(best_by_trying(scores, n)).epsilon(1e-4));
    }
}

TEST_CASE("best_tree gives a tree for long sentences and for scores that are no numbers") {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 3);
  for (const size_t n : {50, 200}) {
    std::vector<float> scores(n * (n + 1));
    for (float& s : scores) s = normal(random);
    CHECK(is_tree(syntax::best_tree(scores.data(), n)));
    std::fill(scores.begin(), scores.end(), 0.0F);
    CHECK(is_tree(syntax::best_tree(scores.data(), n)));
    std::fill(scores.begin(), scores.end(), std::numeric_limits<float>::quiet_NaN());
    CHECK(is_tree(syntax::best_tree(scores.data(), n)));
    for (size_t i = 0; i < scores.size(); ++i)
      scores[i] = i % 3 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
    CHECK(is_tree(syntax::best_tree(scores.data(), n)));
    // One ring of all words: every contraction there can be.
    for (size_t d = 0; d < n; ++d)
      for (size_t h = 0; h <= n; ++h) scores[d * (n + 1) + h] = h == (d + 1) % n + 1 ? 50.0F : normal(random);
    CHECK(is_tree(syntax::best_tree(scores.data(), n)));
  }
  CHECK(syntax::best_tree(nullptr, 0).empty());
  const float one[2] = {-5, 100};
  CHECK(syntax::best_tree(one, 1) == std::vector<int32_t>{-1});
}

TEST_CASE("decode_bio is the best legal sequence") {
  std::mt19937 random(9);
  std::normal_distribution<float> normal(0, 2);
  for (const size_t labels : {3U, 5U})
    for (int round = 0; round < 200; ++round) {
      const size_t n = 1 + random() % 5;
      std::vector<float> p(n * labels);
      for (float& x : p) x = normal(random);
      auto legal_score = [&](const std::vector<uint8_t>& y) {
        double sum = 0;
        for (size_t i = 0; i < n; ++i) {
          const uint8_t l = y[i], before = i ? y[i - 1] : 0;
          if (l > 0 && l % 2 == 0 && before != l && before + 1 != l) return -std::numeric_limits<double>::infinity();
          sum += p[i * labels + l];
        }
        return sum;
      };
      double best = -std::numeric_limits<double>::infinity();
      std::vector<uint8_t> y(n, 0);
      for (;;) {
        best = std::max(best, legal_score(y));
        size_t i = 0;
        while (i < n && ++y[i] == labels) y[i++] = 0;
        if (i == n) break;
      }
      const auto found = syntax::decode_bio(p.data(), n, labels);
      REQUIRE(found.size() == n);
      CHECK(legal_score(found) == doctest::Approx(best).epsilon(1e-4));
    }
}

TEST_CASE("decode_bio keeps its precision over a long text") {
  constexpr size_t kWords = 400000;
  std::vector<float> p(kWords * 3);
  for (size_t i = 0; i < kWords; ++i) {
    // I is a little better than O after a B, everywhere.
    p[i * 3] = i % 4 == 0 ? -3.0F : -1.001F;
    p[i * 3 + 1] = i % 4 == 0 ? -0.1F : -4.0F;
    p[i * 3 + 2] = -1.0F;
  }
  const auto y = syntax::decode_bio(p.data(), kWords, 3);
  size_t wrong = 0;
  for (size_t i = 0; i < kWords; ++i) wrong += y[i] != (i % 4 == 0 ? 1 : 2);
  CHECK(wrong == 0);
  CHECK(syntax::decode_bio(nullptr, 0, 3).empty());
}
