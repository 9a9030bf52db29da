#include <filesystem>
#include <fstream>

#include "entities/fold.h"
#include "entities_support.h"

using namespace reportedly;
using entities_test::dictionary;

namespace {

std::string code(std::string_view name, std::string_view date = "2013-05-05") {
  const auto f = dictionary().find_name(name, date);
  if (!f) return "none";
  std::string out = f->country.value_or("null");
  for (const auto& s : f->sectors) out += " " + s;
  return out;
}

/// A lexicon folder of the test's own, removed at the end.
struct Folder {
  std::filesystem::path path;
  explicit Folder(const char* name) : path(std::filesystem::temp_directory_path() / ("reportedly-" + std::string(name))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path / "actors");
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const char* file, const std::string& text) const { std::ofstream(path / file) << text; }
  std::string error() const {
    const auto r = entities::Actors::load({path});
    if (r) return "";
    CHECK(r.error().code == ErrorCode::bad_data);
    const auto at = r.error().place.rfind('/');
    return r.error().place.substr(at + 1) + " " + r.error().message;
  }
};

}  // namespace

TEST_CASE("names are one whatever their case, marks, article and possessive") {
  CHECK(entities::fold("The U.S.") == "us");
  CHECK(entities::fold("Côte d’Ivoire's") == "cote d ivoire");
  CHECK(entities::fold("Guinea-Bissau") == "guinea bissau");
  CHECK(code("Norway") == "NOR GOV");
  CHECK(code("norway's") == "NOR GOV");
  CHECK(code("the United Kingdom") == "GBR GOV");
  CHECK(code("Côte d'Ivoire") == "CIV GOV");
  CHECK(code("Turkiye") == code("Türkiye"));
}

TEST_CASE("an acronym needs its capitals") {
  CHECK(code("US") == "USA GOV");
  CHECK(code("U.S.") == "USA GOV");
  CHECK(code("us") == "none");
  CHECK(code("who") == "none");
  CHECK(code("WHO") == "UNO MED");
}

TEST_CASE("states, seats, peoples, organisations, groups") {
  CHECK(code("Norwegian") == "NOR GOV");
  CHECK(code("Danes") == "DNK CVL");
  CHECK(code("Serbs") == "SRB CVL");
  CHECK(code("Dominicans") == "DOM CVL");
  CHECK(code("the Kremlin") == "RUS GOV");
  CHECK(code("Pentagon") == "USA MIL");
  CHECK(code("Knesset") == "ISR LEG");
  CHECK(code("UN Security Council") == "UNO GOV");
  CHECK(code("NATO") == "IGO MIL");
  CHECK(code("European Union") == "EUR GOV");
  CHECK(code("Hezbollah") == "LBN REB PTY");
  CHECK(code("Islamic State West Africa Province") == "ISM REB");
  CHECK(code("Al-Qaeda in the Islamic Maghreb") == "IMG REB");
  CHECK(code("Polisario") == "ESH REB");
  CHECK(code("Strasbourg court") == "IGO JUD");
  CHECK(code("Inter-American Commission") == "IGO JUD");
  CHECK(code("Niger state") == "NGA");
  CHECK(code("Kosovo") == "KOS GOV");
  CHECK(code("Taiwan") == "TWN GOV");
  CHECK(code("Palestinian") == "PSE GOV");
  CHECK(code("Abkhazia") == "GEO GOV PRE");
  CHECK(code("Reykjavik") == "ISL");
}

TEST_CASE("a last name tells a country, but not of somebody with another given name") {
  const auto& dict = entities_test::dictionary().impl();
  const auto of = [&](const char* name) {
    const auto facts = dict.by_last_name(name, "");
    return facts && facts->country ? *facts->country : "none";
  };
  CHECK(of("steinmeier") == "DEU");
  CHECK(of("ana steinmeier") == "none");
  CHECK(of("frank walter steinmeier") == "DEU");
}

TEST_CASE("every state of the world is there, with a name and a code") {
  for (const char* c : {"NOR", "ISL", "USA", "CHN", "RUS", "PSE", "TWN", "KOS", "SSD", "TLS", "VAT", "FSM", "STP"})
    CHECK(dictionary().impl().state_of.contains(c));
  CHECK(dictionary().impl().state_of.size() > 220);
  CHECK(*dictionary().country_of("Sri Lankan") == "LKA");
  CHECK(*dictionary().country_of("Dutch") == "NLD");
  CHECK(!dictionary().country_of("Kurdish"));
  CHECK(!dictionary().country_of("Oslo"));  // a town is no country's name
}

TEST_CASE("roles by the longest phrase at the end") {
  CHECK(dictionary().find_role("deputy foreign minister")->office.value_or("") == "deputy foreign minister");
  CHECK(dictionary().find_role("soldier")->sectors == std::vector<std::string>{"MIL"});
  CHECK(dictionary().find_role("opposition leader")->sectors == std::vector<std::string>{"OPP"});
  CHECK(dictionary().find_role("party leader")->sectors == std::vector<std::string>{"PTY"});
  CHECK(!dictionary().find_role("wine"));
}

TEST_CASE("an office is held for its time, and known no longer than the file") {
  Folder f("dates");
  f.write("actors/mine.txt",
          "kind person\nas-of 2030-12-31\nAron Bex|Bex-Holm|PER LEG 2010-01-01..2012-12-31; PER GOV 2013-01-01..2013-12-31 fisheries "
          "minister; CHL GOV 2029-01-01.. envoy\n"
          "Ida Rau||PER GOV 2029-01-01.. minister\n");
  const auto r = entities::Actors::load({f.path});
  REQUIRE(r);
  const auto at = [&](const char* name, const char* date) {
    const auto x = (*r)->find_name(name, date);
    REQUIRE(x);
    std::string out = x->country.value_or("null");
    for (const auto& s : x->sectors) out += " " + s;
    return out + (x->office ? " " + *x->office : "");
  };
  CHECK(at("Aron Bex", "2013-06-01") == "PER GOV fisheries minister");
  CHECK(at("Bex-Holm", "2011-06-01") == "PER LEG");
  CHECK(at("Aron Bex", "2020-06-01") == "null");  // no office then, two countries in all
  CHECK(at("Aron Bex", "2030-06-01") == "CHL GOV envoy");
  CHECK(at("Aron Bex", "2031-06-01") == "CHL");  // after the file was made: the office is open
  CHECK(at("Ida Rau", "2031-06-01") == "PER");
  CHECK(at("Ida Rau", "") == "PER");
}

TEST_CASE("a user's folder wins over ours") {
  Folder f("wins");
  f.write("actors/mine.yaml", "- {country: ISL, sectors: [REB], kind: armed_group, names: [Hezbollah: []]}\n");
  const auto r = entities::Actors::load({std::filesystem::path(REPORTEDLY_SOURCE "/lexicon"), f.path});
  REQUIRE(r);
  CHECK((*r)->find_name("Hezbollah", "2013-05-05")->country.value_or("") == "ISL");
  CHECK((*r)->find_name("Norway", "2013-05-05")->country.value_or("") == "NOR");
}

TEST_CASE("a slip in a dictionary is an error with file and line, not a code") {
  Folder f("slips");
  f.write("actors/groups.yaml",
          "- {country: ISL, sectors: [REB], kind: armed_group, names: [A Front: []]}\n- {country: ISL, sectors: [RBE], kind: armed_group, "
          "names: [B Front: []]}\n");
  CHECK(f.error() == "groups.yaml:2 'RBE' is no PLOVER sector");
  f.write("actors/groups.yaml", "- {country: Iceland, sectors: [REB], kind: armed_group, names: [A Front: []]}\n");
  CHECK(f.error() == "groups.yaml:1 expected a country code of three capitals, not 'Iceland'");
  f.write("actors/groups.yaml", "- {country: ISL, sector: [REB], kind: armed_group, names: [A Front: []]}\n");
  CHECK(f.error().starts_with("groups.yaml:1 unknown field 'sector'"));
  f.write("actors/groups.yaml", "- {country: ISL\n");
  CHECK(f.error().starts_with("groups.yaml:"));
  f.write("actors/groups.yaml", "- {country: ISL, sectors: [REB], kind: armed_group, names: [A Front: []]}\n");
  f.write("actors/leaders.txt", "kind person\n\nKaren Holm||DNK GOV 2031-13-01..\n");
  CHECK(f.error() == "leaders.txt:3 '2031-13-01' is no date (YYYY-MM-DD)");
  f.write("actors/leaders.txt", "kind person\nKaren Holm||DNK GOV 2031-02-01..2030-02-01\n");
  CHECK(f.error().starts_with("leaders.txt:2 the office ends before it begins"));
  f.write("actors/leaders.txt", "Karen Holm||DNK GOV\n");
  CHECK(f.error().starts_with("leaders.txt:1 a line 'kind person'"));
  f.write("actors/leaders.txt", "kind persn\n");
  CHECK(f.error() == "leaders.txt:1 'persn' is no kind of actor");
  f.write("actors/leaders.txt", "kind person\nKaren Holm\n");
  CHECK(f.error().starts_with("leaders.txt:2 expected name|other names|"));
  f.write("actors/leaders.txt", "");
  f.write("agents.yaml", "- {sectors: [MIL], kind: group, words: [soldier]}\n- {sectors: [COP], kind: group, words: [guard, soldier]}\n");
  CHECK(f.error() == "agents.yaml:2 'soldier' stands already in line 1");
}

TEST_CASE("an empty folder is an error, a file that is not ours is not read") {
  Folder f("empty");
  CHECK(f.error().ends_with("no actor dictionary found: actors/*.yaml and agents.yaml are missing"));
}

TEST_CASE("all our dictionaries load") {
  CHECK(dictionary().impl().entries.size() > 15000);
}
