// The whole runtime against PyTorch: small random models of both encoder kinds and the scores that training/ computed for them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "nn/cpu.h"
#include "nn/scorer.h"
#include "text/text.h"

namespace {

using namespace reportedly;
using nlohmann::json;

const std::string kData = std::string(REPORTEDLY_SOURCE) + "/tests/data/";

json load(const std::string& name) {
  std::ifstream file(kData + name);
  REQUIRE(file.good());
  return json::parse(file);
}

/// Holds the kernels to one kind while it lives.
class Kernels {
 public:
  explicit Kernels(const char* name) { ::setenv("REPORTEDLY_KERNELS", name, 1); }
  ~Kernels() { ::unsetenv("REPORTEDLY_KERNELS"); }
};

text::Text read(const std::string& content) {
  DocumentInput input;
  input.text = content;
  text::TextOptions options;
  options.repairs = false;
  auto text = text::read_text(input, options);
  REQUIRE(text.has_value());
  return std::move(*text);
}

/// Largest difference between a list of the reference and scores of ours.
double worst(const json& expected, const float* ours) {
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(expected[i].get<double>() - static_cast<double>(ours[i]));
    if (!(difference <= largest)) largest = difference;  // a NaN counts as well
  }
  return largest;
}
double worst(const json& expected, const nn::Matrix& ours) {
  REQUIRE(expected.size() == ours.rows);
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    REQUIRE(expected[i].size() == ours.columns);
    largest = std::max(largest, worst(expected[i], ours.row(i)));
  }
  return largest;
}

/// All scores of one file against one list of references.
void compare(const std::string& model, nn::Precision precision, const json& references, double tolerance) {
  auto opened = nn::Scorer::open(kData + model, precision);
  if (!opened) FAIL(opened.error().message);
  const nn::Scorer& scorer = **opened;
  nn::Workspace workspace;
  for (const json& r : references) {
    const auto content = r["text"].get<std::string>();
    CAPTURE(content);
    const text::Text text = read(content);
    REQUIRE(text.units.size() == r["units"].size());
    nn::Matrix h, out;
    scorer.encode(text, workspace, h);
    REQUIRE(h.rows == text.units.size());
    CHECK(worst(r["h"][0], h.row(0)) < tolerance);
    CHECK(worst(r["h"][1], h.row(h.rows - 1)) < tolerance);

    std::vector<uint32_t> units(h.rows);
    for (uint32_t i = 0; i < units.size(); ++i) units[i] = i;
    scorer.tag(nn::TagHead::boundary, h, units, workspace, out);
    CHECK(worst(r["boundary"], out) < tolerance);

    const auto words = r["words"].get<std::vector<uint32_t>>();
    const std::span<const uint32_t> all(words);
    const std::pair<const char*, nn::TagHead> heads[] = {
        {"upos", nn::TagHead::upos},     {"xpos", nn::TagHead::xpos},   {"feats", nn::TagHead::feats},
        {"lemma", nn::TagHead::lemma},   {"names", nn::TagHead::names}, {"polnames", nn::TagHead::polnames},
        {"source", nn::TagHead::source}, {"cue", nn::TagHead::cue},     {"content", nn::TagHead::content}};
    for (const auto& [name, head] : heads) {
      CAPTURE(std::string(name));
      scorer.tag(head, h, all.first(4), workspace, out);
      // The weights of polnames lie near 1 in these files: its sums are ten to fifteen times those of the others, and so is their error.
      CHECK(worst(r[name], out) < (head == nn::TagHead::polnames ? 16 * tolerance : tolerance));
    }

    REQUIRE(scorer.has_events() == r.contains("event"));
    if (scorer.has_events()) {
      for (const auto& [name, head] :
           {std::pair{"event", nn::TagHead::event}, std::pair{"mode", nn::TagHead::mode}, std::pair{"factuality", nn::TagHead::factuality},
            std::pair{"status", nn::TagHead::status}, std::pair{"stance", nn::TagHead::stance}}) {
        CAPTURE(std::string(name));
        scorer.tag(head, h, all.first(4), workspace, out);
        CHECK(worst(r[name], out) < tolerance);
      }
      std::vector<float> roles;
      scorer.roles(h, std::vector<std::pair<uint32_t, uint32_t>>{{words[0], words[2]}, {words[3], words[1]}}, workspace, roles);
      REQUIRE(scorer.role_count() == 8);
      REQUIRE(roles.size() == 2 * scorer.role_count());
      CHECK(worst(r["role"][0], roles.data()) < 4 * tolerance);  // a sum over two vectors that each carry the error
      CHECK(worst(r["role"][1], roles.data() + scorer.role_count()) < 4 * tolerance);
    }

    scorer.arcs(h, all.first(6), workspace, out);
    CHECK(worst(r["arc"], out) < tolerance);

    // Relations: the best label but root, root exactly where the head is the root.
    const json& rel = r["rel"];
    const auto dependents = rel["dependents"].get<std::vector<uint32_t>>();
    const auto rel_heads = rel["heads"].get<std::vector<int32_t>>();
    REQUIRE(dependents == std::vector<uint32_t>{0, 1, 2});
    std::vector<uint16_t> labels;
    scorer.relations(h, all.first(3), rel_heads, workspace, labels);
    REQUIRE(labels.size() == 3);
    const auto& names = scorer.tags().deprel;
    for (size_t i = 0; i < 3; ++i) {
      if (rel_heads[i] < 0) {
        CHECK(names[labels[i]] == "root");
        continue;
      }
      double best = -1e9;
      for (size_t l = 0; l < names.size(); ++l) {
        if (names[l] != "root") best = std::max(best, rel["scores"][i][l].get<double>());
      }
      CHECK(names[labels[i]] != "root");
      CHECK(rel["scores"][i][labels[i]].get<double>() > best - 2 * tolerance);
    }

    const json& link = r["link"];
    const std::vector<std::pair<uint32_t, uint32_t>> fragments = {{words[link["fragment"][0]], words[link["fragment"][1]]},
                                                                  {words[link["candidate"][0]], words[link["candidate"][1]]}};
    scorer.fragments(h, fragments, workspace, out);
    REQUIRE(out.columns == nn::kFragment);
    const auto features = link["features"].get<std::vector<float>>();
    REQUIRE(features.size() == nn::kLinkFeatures);
    for (const auto& [name, head] : {std::pair{"cc", nn::LinkHead::content_cue}, std::pair{"cs", nn::LinkHead::cue_source}}) {
      float scores[] = {scorer.no_link(head, out.row(0)), 0.0f};
      scorer.links(head, out.row(0), out.row(1), features.data(), 1, workspace, scores + 1);
      CHECK(worst(link[name], scores) < tolerance);
    }

    std::vector<float> fact;
    scorer.factuality(h, all.first(4), workspace, fact);
    CHECK(worst(r["fact"], fact.data()) < tolerance);

    const json& coref = r["coref"];
    std::vector<uint32_t> rows, positions;
    for (const json& a : coref["antecedents"]) positions.push_back(a.get<uint32_t>());
    positions.push_back(coref["mention"].get<uint32_t>());
    for (const uint32_t p : positions) rows.push_back(words[p]);
    // The reference buckets its own distances: those of mention − (n−1), − (n−3), − (n−5), the true ones.
    scorer.antecedents(h, rows, positions, workspace, out);
    CHECK(worst(coref["scores"], out.row(rows.size() - 1)) < tolerance);
  }
}

}  // namespace

TEST_CASE("floats give PyTorch's scores, absolute positions") {
  compare("tiny-bert.bin", nn::Precision::fp32, load("tiny-bert.json")["fp32"], 3e-4);
}

TEST_CASE("floats give PyTorch's scores, relative positions") {
  compare("tiny-mpnet.bin", nn::Precision::fp32, load("tiny-mpnet.json")["fp32"], 3e-4);
}

TEST_CASE("an int8 file multiplied out gives PyTorch's scores") {
  compare("tiny-bert-int8.bin", nn::Precision::fp32, load("tiny-bert.json")["int8"], 3e-4);
  compare("tiny-mpnet-int8.bin", nn::Precision::fp32, load("tiny-mpnet.json")["int8"], 3e-4);
}

TEST_CASE("int8 arithmetic stays near PyTorch's scores") {
  compare("tiny-bert-int8.bin", nn::Precision::int8, load("tiny-bert.json")["int8"], 0.1);
  compare("tiny-mpnet-int8.bin", nn::Precision::int8, load("tiny-mpnet.json")["int8"], 0.1);
}

TEST_CASE("word embeddings of 4 bits, rows shared by useless pieces, heads for events") {
  compare("tiny-events-int8.bin", nn::Precision::fp32, load("tiny-events.json")["int8"], 3e-4);
  compare("tiny-events-int8.bin", nn::Precision::int8, load("tiny-events.json")["int8"], 0.1);
}

TEST_CASE("a file of floats can be read with precision int8") {
  compare("tiny-bert.bin", nn::Precision::int8, load("tiny-bert.json")["fp32"], 3e-4);
}

TEST_CASE("every instruction set gives the same bits") {
  // Long enough for several windows of different lengths.
  std::string content;
  for (int i = 0; i < 120; ++i) {
    content +=
        i % 7 == 3 ? "The minister denied that rebels had attacked the old city.\n\n" : "Two people were killed on Monday, he said. ";
    if (i % 11 == 0) content += "Talks? No truce (yet) – twelve wounded, 3 killed ";
  }
  const text::Text text = read(content);
  for (const char* model : {"tiny-bert-int8.bin", "tiny-mpnet-int8.bin"}) {
    for (const nn::Precision precision : {nn::Precision::int8, nn::Precision::fp32}) {
      std::vector<float> first_h, first_arcs, first_tags;
      for (const char* isa : {"generic", "avx2", "avx_vnni", "avx512", "amx"}) {
        const Kernels kernels(isa);
        auto scorer = nn::Scorer::open(kData + model, precision);
        REQUIRE(scorer.has_value());
        CAPTURE((*scorer)->info().kernels);
        nn::Workspace workspace;
        nn::Matrix h, arcs, tags;
        (*scorer)->encode(text, workspace, h);
        std::vector<uint32_t> rows;
        for (uint32_t i = 0; i < 40; ++i) rows.push_back(i);
        (*scorer)->arcs(h, rows, workspace, arcs);
        (*scorer)->tag(nn::TagHead::names, h, rows, workspace, tags);
        if (first_h.empty()) {
          first_h = h.values;
          first_arcs = arcs.values;
          first_tags = tags.values;
        }
        CHECK(std::equal(h.values.begin(), h.values.end(), first_h.begin(), first_h.end()));
        CHECK(std::equal(arcs.values.begin(), arcs.values.end(), first_arcs.begin(), first_arcs.end()));
        CHECK(std::equal(tags.values.begin(), tags.values.end(), first_tags.begin(), first_tags.end()));
      }
    }
  }
}

TEST_CASE("a stretch read alone gives what the same text gives as a document") {
  const std::string before = "He said on Monday: ", inside = "the rebels attacked the old city, and twelve people were killed", after = ".";
  const text::Text whole = read(before + inside + after), alone = read(inside);
  auto scorer = nn::Scorer::open(kData + "tiny-mpnet-int8.bin", nn::Precision::int8);
  REQUIRE(scorer.has_value());
  nn::Workspace workspace;
  nn::Matrix a, b, c;
  (*scorer)->encode(alone, workspace, a);
  const auto count = static_cast<uint32_t>(alone.units.size());
  const std::vector<std::pair<uint32_t, uint32_t>> stretches = {{5, 5 + count}, {0, 3}, {7, 7}, {5, 5 + count}};
  REQUIRE(whole.units.size() == 5 + count + 1);
  (*scorer)->encode_alone(whole, stretches, workspace, b);
  REQUIRE(b.rows == 2 * count + 3);
  for (size_t i = 0; i < a.values.size(); ++i) {
    REQUIRE(b.values[i] == a.values[i]);
    REQUIRE(b.row(count + 3)[i] == a.values[i]);
  }
  // Read in place it is not the same: the context counts.
  (*scorer)->encode(whole, workspace, c);
  CHECK(!std::equal(a.row(0), a.row(0) + a.columns, c.row(5)));
}

TEST_CASE("an empty text, a long word and a long document") {
  auto scorer = nn::Scorer::open(kData + "tiny-bert-int8.bin", nn::Precision::int8);
  REQUIRE(scorer.has_value());
  nn::Workspace workspace;
  nn::Matrix h, out;
  text::Text nothing;
  (*scorer)->encode(nothing, workspace, h);
  CHECK(h.rows == 0);
  (*scorer)->tag(nn::TagHead::upos, h, {}, workspace, out);
  CHECK(out.rows == 0);
  (*scorer)->arcs(h, {}, workspace, out);
  CHECK(out.rows == 0);
  (*scorer)->antecedents(h, {}, {}, workspace, out);
  CHECK(out.rows == 0);

  std::string content = "The " + std::string(3000, 'x') + " army. ";
  for (int i = 0; i < 2000; ++i) content += "No fire, ";
  const text::Text text = read(content);
  (*scorer)->encode(text, workspace, h);
  REQUIRE(h.rows == text.units.size());
  CHECK(std::all_of(h.values.begin(), h.values.end(), [](float x) { return std::isfinite(x); }));
}
