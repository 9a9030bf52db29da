#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "places/gazetteer.h"
#include "syntax/conllu.h"

using namespace reportedly;
using places::Gazetteer;

namespace {

const Gazetteer& gazetteer() {
  static const auto g = [] {
    auto r = Gazetteer::load(REPORTEDLY_SOURCE "/data");
    REQUIRE_MESSAGE(r.has_value(), "data/places.bin does not load");
    return std::move(*r);
  }();
  return *g;
}

struct Document {
  syntax::Trees trees;
  text::Text text;
  std::vector<Name> names;
  std::string utf8;
};

/// Words parted by spaces; "_" before a word glues it; names stand in brackets. Capitalised words are proper nouns, the rest as listed.
Document document(const std::string& marked) {
  std::string rows;
  int id = 0;
  std::vector<std::pair<int, int>> spans;  // words of names
  size_t i = 0;
  std::vector<std::string> words;
  int open = -1;
  while (i < marked.size()) {
    size_t j = marked.find(' ', i);
    if (j == std::string::npos) j = marked.size();
    std::string w = marked.substr(i, j - i);
    i = j + 1;
    if (w.empty()) continue;
    const bool opens = w[0] == '[' || w.starts_with("_[");
    if (opens) open = static_cast<int>(words.size()), w.erase(w.find('['), 1);
    const bool closes = w.back() == ']';
    if (closes) w.pop_back();
    words.push_back(w);
    if (closes) spans.emplace_back(open, static_cast<int>(words.size()));
  }
  for (size_t k = 0; k < words.size(); ++k) {
    std::string w = words[k];
    if (w[0] == '_') w.erase(0, 1);
    const bool glued = k + 1 < words.size() && words[k + 1][0] == '_';
    const std::vector<std::string> adpositions{"in", "near", "at", "from", "of", "to"};
    const bool capital = w[0] >= 'A' && w[0] <= 'Z';
    const std::string upos = w == "," || w == "(" || w == ")" || w == "."                                ? "PUNCT"
                             : w == "'s"                                                                 ? "PART"
                             : std::find(adpositions.begin(), adpositions.end(), w) != adpositions.end() ? "ADP"
                             : w == "the"                                                                ? "DET"
                             : w == "Russian" || w == "Norwegian" || w == "northern"                     ? "ADJ"
                             : capital                                                                   ? "PROPN"
                                                                                                         : "NOUN";
    ++id;
    rows += std::to_string(id) + '\t' + w + '\t' + w + '\t' + upos + "\t_\t_\t" + (id == 1 ? "0\troot" : "1\tdep") + "\t_\t" +
            (glued ? "SpaceAfter=No" : "_") + '\n';
  }
  auto r = syntax::read_conllu(rows + "\n");
  REQUIRE(r.has_value());
  Document out{std::move(r->trees), {}, {}, std::move(r->text)};
  for (const auto& [a, b] : spans) out.names.push_back({out.trees.span_of(static_cast<uint32_t>(a), static_cast<uint32_t>(b)), "LOC"});
  return out;
}

std::vector<Place> find(const Document& d) {
  return places::find_places(d.trees, d.text, d.names, gazetteer());
}

std::string country_of(const Place& p) {
  return p.country.value_or("none");
}

}  // namespace

TEST_CASE("states, capitals and towns have their points") {
  const auto p = find(document("Talks in [Norway] , in [Oslo] and in [Tromso]"));
  REQUIRE(p.size() == 3);
  CHECK(p[0].feature == "PCLI");
  CHECK(p[0].geonames == 3144096);
  CHECK(p[1].feature == "PPLC");
  CHECK(std::abs(*p[1].latitude - 59.91) < 0.1);
  CHECK(std::abs(*p[1].longitude - 10.75) < 0.1);
  CHECK(country_of(p[2]) == "NOR");
  for (const Place& x : p) {
    CHECK(x.role == "mention");
    CHECK_FALSE(x.why.empty());
  }
}

TEST_CASE("the place named beside it decides") {
  const auto texas = find(document("A fire in [Paris] , [Texas] . Firemen in [Paris] said"));
  REQUIRE(texas.size() == 3);
  CHECK(texas[0].admin1 == "Texas");
  CHECK(texas[1].feature == "ADM1");
  CHECK(texas[2].admin1 == "Texas");  // one sense a document
  const auto france = find(document("A fire in [Paris] . Firemen said"));
  REQUIRE(france.size() == 1);
  CHECK(country_of(france[0]) == "FRA");
  const auto whole = find(document("A fire in [Paris , Texas]"));
  REQUIRE(whole.size() == 2);
  CHECK(whole[0].admin1 == "Texas");
  const auto goma = find(document("Soldiers in [Goma] , [Democratic Republic of Congo]"));
  REQUIRE(goma.size() == 2);
  CHECK(country_of(goma[0]) == "COD");
  CHECK(country_of(goma[1]) == "COD");
}

TEST_CASE("shortened states count after a town only") {
  const auto p = find(document("A fire in [Springfield] , Ill. , and then rain"));
  REQUIRE(p.size() == 2);
  CHECK(p[0].admin1 == "Illinois");
  CHECK(p[1].name == "Ill.");
  const auto alone = find(document("The word [Ill.] alone"));
  REQUIRE(alone.size() == 1);
  CHECK_FALSE(alone[0].latitude.has_value());
}

TEST_CASE("a list of towns is no address") {
  const auto p = find(document("Banks in [London] , [Paris] and [New York]"));
  REQUIRE(p.size() == 3);
  CHECK(country_of(p[0]) == "GBR");
  CHECK(country_of(p[1]) == "FRA");
  CHECK(country_of(p[2]) == "USA");
}

TEST_CASE("the countries of the document decide between towns") {
  const auto canada = find(document("In [Canada] the police of [London] and of [Hamilton] , [Ontario] met"));
  REQUIRE(canada.size() == 4);
  CHECK(country_of(canada[2]) == "CAN");
  const auto georgia = find(document("The police of [Atlanta] and [Savannah] , [Georgia] met"));
  REQUIRE(georgia.size() == 3);
  CHECK(country_of(georgia[2]) == "USA");
  const auto state = find(document("The parliament of [Georgia] met in [Tbilisi]"));
  REQUIRE(state.size() == 2);
  CHECK(country_of(state[0]) == "GEO");
}

TEST_CASE("what is unknown stays unknown") {
  const auto p = find(document("War in the [Middle East] and in [Xyzzyville]"));
  REQUIRE(p.size() == 2);
  for (const Place& x : p) {
    CHECK_FALSE(x.latitude.has_value());
    CHECK_FALSE(x.country.has_value());
    CHECK_FALSE(x.geonames.has_value());
    CHECK(x.why.front() == "not in the gazetteer");
  }
}

TEST_CASE("adjectives, organisations and persons are no places") {
  Document d = document("The [Russian] army met [Georgia] Harrow of the [Oslo] Bank");
  d.names[1].type = "PER";
  d.names[2].type = "ORG";
  CHECK(find(d).empty());
}

TEST_CASE("parts of countries, sites, streets") {
  const auto p = find(document("Fights in [northern Iraq] , at [Kabul Airport] and in [Harrow Lane] , [Oslo]"));
  REQUIRE(p.size() == 4);
  CHECK(country_of(p[0]) == "IRQ");
  CHECK(country_of(p[1]) == "AFG");
  CHECK_FALSE(p[1].geonames.has_value());
  CHECK(country_of(p[2]) == "NOR");
  CHECK(p[2].latitude == p[3].latitude);
}

TEST_CASE("a state that the tagger missed is found by its preposition") {
  const auto p = find(document("Ships left from Iceland yesterday"));
  REQUIRE(p.size() == 1);
  CHECK(country_of(p[0]) == "ISL");
}

TEST_CASE("the dateline has its role and a name in ordinary letters") {
  Document d = document("[OSLO] , the weather was good in [Bergen]");
  d.text.dateline = Span{0, 6};
  const auto p = find(d);
  REQUIRE(p.size() == 2);
  CHECK(p[0].role == "dateline");
  CHECK(p[0].name == "Oslo");
  CHECK(p[1].role == "mention");
  Document umlaut = document("[TROMSØ] , the weather was good");
  umlaut.text.dateline = Span{0, 8};
  CHECK(find(umlaut).front().name == "Tromsø");
}

TEST_CASE("keys of names") {
  const auto& g = gazetteer().impl();
  CHECK(g.key_of("Saint-Étienne") == "st etienne");
  CHECK(g.key_of("St. Étienne") == "st etienne");
  CHECK(g.key_of("N’Djamena") == "ndjamena");
  CHECK(g.key_of("The Hague") == "hague");
  CHECK(g.key_of("Kraków") == "krakow");
  CHECK(g.key_of("  U.S. ") == "us");
  CHECK(g.key_of("") == "");
}

TEST_CASE("every block of the table is found again") {
  // The search by blocks against reading all entries in order.
  const auto& g = gazetteer().impl();
  size_t at = g.keys_at, seen = 0;
  std::string current;
  std::vector<places::Hit> hits;
  for (uint32_t e = 0; e < g.entries; ++e) {
    const size_t shared = g.data[at], more = g.data[at + 1];
    current.resize(shared);
    current.append(reinterpret_cast<const char*>(g.data + at + 2), more);
    at += 2 + more;
    const uint32_t place = (g.data[at] | g.data[at + 1] << 8 | g.data[at + 2] << 16) & 0x7FFFFF;
    at += 3;
    if (e % 7 != 0 && e % g.block > 1) continue;
    g.find(current, hits);
    const bool there = std::any_of(hits.begin(), hits.end(), [&](const places::Hit& h) { return h.place == place; });
    if (!there) FAIL("entry " << e << " '" << current << "'");
    ++seen;
  }
  CHECK(seen > 10000);
  g.find("zzzzzzzz", hits);
  CHECK(hits.empty());
  g.find("", hits);
  CHECK(hits.empty());
}

TEST_CASE("a damaged table is refused or harmless, never a crash") {
  std::ifstream in(REPORTEDLY_SOURCE "/data/places.bin", std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  const auto folder = std::filesystem::temp_directory_path() / ("reportedly_places_" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(folder);
  const auto load = [&](const std::string& bytes) {
    std::ofstream(folder / "places.bin", std::ios::binary) << bytes;
    return Gazetteer::load(folder);
  };
  CHECK(load(good).has_value());
  CHECK(load("").error().code == ErrorCode::bad_data);
  CHECK(load(good.substr(0, 100)).error().code == ErrorCode::bad_data);
  CHECK(load(good.substr(0, good.size() - 4)).error().code == ErrorCode::bad_data);
  std::string other = good;
  other[0] = 'X';
  CHECK(load(other).error().code == ErrorCode::bad_data);
  other = good;
  other[8] = 2;
  CHECK(load(other).error().message.find("version 2") != std::string::npos);
  std::mt19937 random(7);
  const Document d = document("Talks in [Norway] , in [Oslo] and in [Paris] , [Texas]");
  for (int round = 0; round < 40; ++round) {
    other = good;
    for (int k = 0; k < 2000; ++k) other[64 + random() % (other.size() - 64)] = static_cast<char>(random());
    if (const auto g = load(other)) CHECK(places::find_places(d.trees, d.text, d.names, **g).size() == 4);
  }
  std::filesystem::remove_all(folder);
  CHECK(Gazetteer::load(folder).error().code == ErrorCode::not_found);
}
