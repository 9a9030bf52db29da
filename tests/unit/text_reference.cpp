// Units, shapes, spaces, windows and wordpieces against the vectors that training/units.py and BERT's reference tokenizer made.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "text/chars.h"
#include "text/decode.h"
#include "text/text.h"
#include "text/windows.h"
#include "text/wordpiece.h"

using namespace reportedly;
using nlohmann::json;

namespace {

const std::string kRoot = REPORTEDLY_SOURCE;

json load(const std::string& name) {
  std::ifstream in(kRoot + "/tests/data/" + name);
  REQUIRE(in.good());
  return json::parse(in);
}

text::Text read(const std::string& utf8) {
  DocumentInput input;
  input.text = utf8;
  auto text = text::read_text(input, {.repairs = false});
  REQUIRE(text.has_value());
  return std::move(*text);
}

/// The vocabulary of the model that the repository carries.
std::string model_vocabulary() {
  std::ifstream in(kRoot + "/models/reportedly-en.bin", std::ios::binary);
  if (!in) return {};
  char magic[8];
  uint32_t version = 0, length = 0;
  in.read(magic, 8).read(reinterpret_cast<char*>(&version), 4).read(reinterpret_cast<char*>(&length), 4);
  std::string header(length, '\0');
  in.read(header.data(), length);
  const json about = json::parse(header);
  for (const json& tensor : about.at("tensors"))
    if (tensor.at("name") == "vocab") {
      std::string vocabulary(tensor.at("bytes").get<size_t>(), '\0');
      in.seekg(static_cast<std::streamoff>(about.at("data_offset").get<size_t>() + tensor.at("offset").get<size_t>()));
      in.read(vocabulary.data(), static_cast<std::streamsize>(vocabulary.size()));
      return vocabulary;
    }
  return {};
}

bool model_is_here() {
  return std::filesystem::exists(kRoot + "/models/reportedly-en.bin");
}

}  // namespace

TEST_CASE("units, shapes, spaces and windows are those of training") {
  const json reference = load("model_reference.json");
  REQUIRE(reference.at("cases").size() > 5);
  for (const json& c : reference.at("cases")) {
    const auto utf8 = c.at("text").get<std::string>();
    CAPTURE(utf8);
    const text::Text text = read(utf8);
    json units = json::array(), shapes = json::array(), spaces = json::array();
    for (const text::Unit& u : text.units) {
      units.push_back({u.begin, u.end});
      shapes.push_back(u.shape);
      spaces.push_back(u.space);
    }
    CHECK(units == c.at("units"));
    CHECK(shapes == c.at("shapes"));
    CHECK(spaces == c.at("spaces"));
    std::vector<uint32_t> pieces;
    for (const json& ids : c.at("ids")) pieces.push_back(static_cast<uint32_t>(ids.size()));
    REQUIRE(pieces.size() == text.units.size());
    json cores = json::array(), windows = json::array();
    for (const text::Window& w : text::cut_windows(text, pieces)) {
      cores.push_back({w.core_first, w.core_last});
      windows.push_back({w.first, w.last});
    }
    CHECK(cores == c.at("cores"));
    CHECK(windows == c.at("windows"));
  }
}

TEST_CASE("wordpieces are those of BERT's reference tokenizer" * doctest::skip(!model_is_here())) {
  auto pieces = text::WordPiece::from_vocab(model_vocabulary());
  REQUIRE(pieces.has_value());
  const json reference = load("wordpiece_reference.json");
  REQUIRE(reference.size() > 1000);
  std::vector<int32_t> ids;
  for (const json& c : reference) {
    const auto unit = c.at(0).get<std::string>();
    CAPTURE(unit);
    ids.clear();
    pieces->encode(text::decode_utf8(unit).chars, ids);
    CHECK(ids == c.at(1).get<std::vector<int32_t>>());
  }
}

TEST_CASE("a stretch of a text is cut as if it were a whole text") {
  const json reference = load("model_reference.json");
  std::string utf8;
  for (const json& c : reference.at("cases")) utf8 += c.at("text").get<std::string>() + "\n\n";
  const text::Text whole = read(utf8);
  const std::vector<uint32_t> pieces(whole.units.size(), 2);
  const auto n = static_cast<uint32_t>(whole.units.size());
  for (const auto& [first, last] : {std::pair{7U, 300U}, std::pair{n / 2, n}, std::pair{5U, 6U}}) {
    const Span span{whole.units[first].span.start, whole.units[last - 1].span.end};
    const text::Text part = read(whole.slice(span));
    const std::vector<uint32_t> part_pieces(part.units.size(), 2);
    const auto inside = text::cut_windows(whole, pieces, first, last), alone = text::cut_windows(part, part_pieces);
    REQUIRE(inside.size() == alone.size());
    for (size_t i = 0; i < inside.size(); ++i)
      CHECK(text::Window{inside[i].first - first, inside[i].last - first, inside[i].core_first - first, inside[i].core_last - first} ==
            alone[i]);
  }
}

TEST_CASE("cores part the text and fit; context is at most 16 wordpieces a side") {
  std::string utf8;
  for (int i = 0; i < 4000; ++i) utf8 += i % 17 == 0 ? "word. " : i % 5 == 0 ? "\"" : "Word ";
  const text::Text text = read(utf8);
  std::vector<uint32_t> pieces(text.units.size());
  for (size_t i = 0; i < pieces.size(); ++i) pieces[i] = 1 + static_cast<uint32_t>(i * 7919 % 5);
  pieces[100] = 170;  // more than a core holds
  uint32_t at = 0;
  for (const text::Window& w : text::cut_windows(text, pieces)) {
    CHECK(w.core_first == at);
    CHECK(w.core_last > w.core_first);
    auto sum = [&](uint32_t a, uint32_t b) { return std::accumulate(pieces.begin() + a, pieces.begin() + b, 0U); };
    CHECK((sum(w.core_first, w.core_last) <= text::kCore || w.core_last == w.core_first + 1));
    CHECK(sum(w.first, w.core_first) <= text::kContext);
    CHECK(sum(w.core_last, w.last) <= text::kContext);
    at = w.core_last;
  }
  CHECK(at == text.units.size());
}
