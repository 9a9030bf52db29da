// The profiles, by the letter of their formats; tests/exports_test.py reads them with other programs' readers.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "events/scheme.h"
#include "output/conllu_layers.h"
#include "output/profiles.h"
#include "output/table.h"
#include "output_sample.h"
#include "syntax/conllu.h"

using nlohmann::json;
using namespace reportedly;

namespace {

/// All pieces of a run, by file.
std::map<std::string, std::string> run(std::string_view profile, const std::vector<Analysis>& documents) {
  const auto made = make_export(profile);
  REQUIRE(made);
  std::map<std::string, std::string> files;
  std::set<std::string> whole;
  const auto keep = [&](const std::vector<Piece>& pieces) {
    for (const Piece& piece : pieces) {
      CHECK_MESSAGE(!whole.contains(piece.file), piece.file);
      if (!piece.text.empty()) files[piece.file] += piece.text;
      if (piece.whole) whole.insert(piece.file);
    }
  };
  keep(made->begin());
  for (const Analysis& a : documents) keep(made->take(made->read(sample::engine(), a)));
  keep(made->end());
  keep(made->beside());
  return files;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out(1);
  for (const char c : text)
    if (c == at)
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

/// The sample with a place and a type of its own.
Analysis assault(std::string_view mode, const std::vector<std::string>& recipient_sectors) {
  Analysis a = sample::geneva();
  Event& e = a.events[0];
  e.type = "ASSAULT";
  e.mode.reset();
  if (!mode.empty()) e.mode = std::string(mode);
  e.status = "happened";
  e.date = "2031-05-04";
  e.place = 0;
  e.recipients = {{.entity = 2, .sectors = recipient_sectors, .span = sample::find(a.document.text, "two fishermen")}};
  e.numbers = {{"dead", 4, 6, {0, 1}}, {"dead", 3, 3, {0, 1}}, {"size", 100, 200, {0, 1}}};
  return a;
}

std::map<std::string, std::string> acled_row(const Analysis& a) {
  const std::string text = output::header_line(output::acled_table()) + output::to_acled(a);
  const auto lines = split(text, '\n');
  if (lines.size() < 3) return {};
  // The sample has no quoted cell but the sentence, and that one no comma before the columns we ask for.
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : lines[1]) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  const auto columns = output::acled_table().columns;
  REQUIRE(cells.size() == columns.size());
  std::map<std::string, std::string> out;
  for (size_t i = 0; i < cells.size(); ++i) out.emplace(columns[i].name, cells[i]);
  return out;
}

}  // namespace

TEST_CASE("profiles: every one can be made, names its files, and a failed document gives nothing") {
  CHECK(find_profile("nonsense") == nullptr);
  CHECK(make_export("nonsense") == nullptr);
  for (const Profile& profile : profiles()) {
    INFO(profile.name);
    CHECK(find_profile(profile.name) == &profile);
    CHECK((make_export(profile.name) == nullptr) == profile.needs_trees);
    if (profile.needs_trees) continue;
    const auto none = run(profile.name, {}), failed = run(profile.name, {sample::failed()}),
               one = run(profile.name, {assault("", {"MIL"})});
    CHECK(none == failed);
    for (const auto& [file, text] : one) CHECK_MESSAGE(!file.starts_with('.'), file);
    CHECK(one.contains("") == !profile.file.empty());
    CHECK(one != none);
    CHECK(one.contains("schema.json") == (profile.tables.size() == 1));
  }
}

TEST_CASE("profiles: each table has a name and a meaning for every column, and a schema that says so") {
  for (const Profile& profile : profiles())
    for (const TableFormat& table : profile.tables) {
      const json schema = json::parse(output::table_schema(table));
      REQUIRE(schema["fields"].size() == table.columns.size());
      std::set<std::string_view> names;
      for (size_t i = 0; i < table.columns.size(); ++i) {
        const Column& column = table.columns[i];
        CHECK_MESSAGE(names.insert(column.name).second, column.name);
        CHECK(!column.what.empty());
        CHECK(schema["fields"][i]["name"] == column.name);
        CHECK((column.type == "string" || column.type == "integer" || column.type == "number"));
      }
      CHECK(schema["missingValues"] == json::array({""}));
      CHECK(codebook().find(std::string(table.file)) != std::string::npos);
    }
  const json package = json::parse(output::data_package("gdelt", output::gdelt_tables()));
  CHECK(package["resources"].size() == 3);
  CHECK(package["resources"][0]["dialect"]["header"] == false);
  CHECK(package["resources"][2]["dialect"]["delimiter"] == "\t");
}

TEST_CASE("the codebook has every field of the record, and the schema says what each is") {
  const std::string book = codebook();
  std::ifstream file(REPORTEDLY_SOURCE "/docs/reportedly-1.schema.json");
  const json schema = json::parse(file);
  const auto fields = [&](const auto& self, json object, const std::string& path) -> size_t {
    if (object.contains("$ref")) object = schema["$defs"][object["$ref"].get<std::string>().substr(8)];
    size_t count = 0;
    const json inside = object.value("properties", json::object());
    for (const auto& [name, field] : inside.items()) {
      const std::string here = path.empty() ? name : path + "." + name;
      const size_t line = book.find("\n| " + here + " | ");
      REQUIRE_MESSAGE(line != std::string::npos, here);
      const size_t end = book.find('\n', line + 1), what = book.rfind(" | ", end);
      CHECK_MESSAGE(end - what > 8, here);  // " | " and " |" and some words
      count += 1 + self(self, field, here);
      if (field.contains("items")) count += self(self, field["items"], here + "[]");
    }
    return count;
  };
  CHECK(fields(fields, schema, "") > 100);
}

TEST_CASE("codebook and schemata know every code of the lists, and no other") {
  const std::string book = codebook();
  const auto has = [&](std::string_view code) { return book.find(fmt::format("| `{}` |", code)) != std::string::npos; };
  for (const std::string_view sector : events::sectors()) CHECK_MESSAGE(has(sector), sector);
  for (const std::string_view context : events::contexts()) CHECK(book.find(fmt::format(" `{}`", context)) != std::string::npos);
  std::set<std::string> types, stances, values;
  for (size_t i = 0; i < events::kTypes; ++i) {
    const events::TypeInfo& info = events::info(static_cast<events::Type>(i));
    types.emplace(info.name);
    CHECK(book.find(fmt::format("| {} | {} ", info.name, info.quad)) != std::string::npos);
    for (const events::ModeInfo& mode : info.modes)
      CHECK(book.find(fmt::format("| {} | {} | ", info.name, mode.name)) != std::string::npos);
  }
  for (uint8_t i = 0; i < 14; ++i) stances.emplace(stance_name(static_cast<Stance>(i)));
  for (uint8_t i = 0; i < 8; ++i) values.emplace(factuality_name(static_cast<Factuality>(i)));
  for (const std::string& stance : stances) CHECK(has(stance));
  for (const std::string& value : values) CHECK(has(value));
  for (const char* status : {"happened", "ongoing", "planned", "possible", "denied", "refused", "hypothetical"}) CHECK(has(status));
  const json schema = json::parse(output::table_schema(output::csv_table()));
  for (const json& field : schema["fields"]) {
    if (field["name"] == "type") CHECK(field["constraints"]["enum"].get<std::set<std::string>>() == types);
    if (field["name"] == "stance") CHECK(field["constraints"]["enum"].get<std::set<std::string>>() == stances);
    if (field["name"] == "factuality") CHECK(field["constraints"]["enum"].get<std::set<std::string>>() == values);
  }
}

TEST_CASE("acled: types by mode and by who is hit") {
  CHECK(acled_row(assault("", {"MIL"}))["event_type"] == "Battles");
  CHECK(acled_row(assault("firearms", {"CVL"}))["sub_event_type"] == "Attack");
  CHECK(acled_row(assault("firearms", {"CVL"}))["civilian_targeting"] == "Civilian targeting");
  CHECK(acled_row(assault("drone", {"MIL"}))["sub_event_type"] == "Air/drone strike");
  CHECK(acled_row(assault("drone", {"MIL"}))["civilian_targeting"] == "");
  CHECK(acled_row(assault("crowd-control", {"OPP"}))["event_type"] == "Protests");
  CHECK(acled_row(assault("crowd-control", {"OPP"}))["actor1"] == "two fishermen");
  CHECK(acled_row(assault("destroy", {}))["disorder_type"] == "Strategic developments");
  const auto row = acled_row(assault("heavy-weapons", {"CVL"}));
  CHECK(row.at("event_date") == "2031-05-04");
  CHECK(row.at("year") == "2031");
  CHECK(row.at("time_precision") == "1");
  CHECK(row.at("actor1") == "Norway");
  CHECK(row.at("inter1") == "External/Other forces");  // the place is in Switzerland
  CHECK(row.at("inter2") == "Civilians");
  CHECK(row.at("interaction") == "External/Other forces-Civilians");
  CHECK(row.at("iso") == "756");
  CHECK(row.at("country") == "Switzerland");
  CHECK(row.at("location") == "Geneva");
  CHECK(row.at("geo_precision") == "1");
  CHECK(row.at("fatalities") == "3");
  CHECK(row.at("tags") == "crowd size=100-200");
  CHECK(row.at("plover") == "ASSAULT/heavy-weapons");
}

TEST_CASE("acled: left out is what it has no type for and what nobody says happened") {
  CHECK(output::to_acled(sample::geneva()).empty());  // COERCE without an arrest
  Analysis a = assault("", {"MIL"});
  CHECK(!output::to_acled(a).empty());
  a.events[0].status = "planned";
  CHECK(output::to_acled(a).empty());
  a.events[0].status = "denied";
  CHECK(!output::to_acled(a).empty());  // a3 says that it happened
  a.events[0].voices = {{0, Factuality::ct_minus}};
  CHECK(output::to_acled(a).empty());
  a = assault("firearms", {});
  a.events[0].recipients.clear();
  CHECK(output::to_acled(a).empty());
  a.events[0].recipients = {{.entity = 1, .country = "ISL", .sectors = {"GOV"}, .span = {112, 121}}};
  CHECK(output::to_acled(a).empty());  // a state: its soldiers or its people?
}

TEST_CASE("gdelt: 61 and 16 columns without a header, and voices") {
  const auto files = run("gdelt", {assault("", {"JRN", "MED", "SOC", "CVL"})});
  REQUIRE(files.size() == 4);
  const auto event = split(files.at("export.tsv"), '\t'), mention = split(files.at("mentions.tsv"), '\t');
  REQUIRE(event.size() == 61);
  REQUIRE(mention.size() == 16);
  CHECK(event[0] == mention[0]);
  CHECK(std::stoull(event[0]) < (1ULL << 53));
  CHECK(event[1] == "20310504");
  CHECK(event[2] == "203105");
  CHECK(event[3] == "2031");
  CHECK(event[4] == "2031.4219");
  CHECK(event[5] == "NORMIL");
  CHECK(event[6] == "NORWAY");
  CHECK(event[7] == "NOR");
  CHECK(event[12] == "MIL");
  CHECK(event[15] == "MEDHLHCVL");
  CHECK(event[26] == "0193");
  CHECK(event[27] == "019");
  CHECK(event[28] == "01");
  CHECK(event[29] == "4");
  CHECK(event[51] == "4");
  CHECK(event[52] == "Geneva, Switzerland");
  CHECK(event[53] == "SZ");
  CHECK(mention[9] == "83");
  CHECK(split(files.at("voices.tsv"), '\n').size() == 4);  // header, two voices, the end
  Analysis month = sample::geneva();
  month.events[0].date = "2031-05";
  const auto vague = output::to_gdelt(month);
  CHECK(split(vague[0], '\t')[1] == "");
  CHECK(split(vague[0], '\t')[2] == "203105");
  month.events[0].actors[0].country = "UNO";
  CHECK(split(output::to_gdelt(month)[0], '\t')[8] == "UNO");
}

TEST_CASE("ftm: entities point at each other, a denied act says so in its name") {
  std::map<std::string, json> entities;
  std::map<std::string, int> schemata;
  for (const std::string& line : split(output::to_ftm(sample::geneva()), '\n')) {
    if (line.empty()) continue;
    const json entity = json::parse(line);
    ++schemata[entity["schema"]];
    entities[entity["id"]] = entity;
    for (const auto& [name, values] : entity["properties"].items()) CHECK(!values.empty());
  }
  CHECK(schemata ==
        std::map<std::string, int>{{"Article", 1}, {"PublicBody", 2}, {"LegalEntity", 1}, {"Mention", 3}, {"Event", 1}, {"Note", 3}});
  for (const auto& [id, entity] : entities)
    if (entity["schema"] == "Event") {
      CHECK(entity["properties"]["name"][0] == "COERCE (denied): Norway → Iceland");
      CHECK(entities.at(entity["properties"]["organizer"][0])["properties"]["name"][0] == "Norway");
      CHECK(entities.at(entity["properties"]["organizer"][0])["properties"]["country"][0] == "no");
      CHECK(entities.at(entity["properties"]["proof"][0])["schema"] == "Article");
    }
  // What a dictionary knows has one id in all documents; two fishermen here are not two fishermen there.
  Analysis other = sample::geneva();
  other.document.id = "geneva-2";
  std::map<std::string, int> seen;
  for (const Analysis& a : {sample::geneva(), other})
    for (const std::string& line : split(output::to_ftm(a), '\n'))
      if (!line.empty() && json::parse(line)["schema"] != "Mention") ++seen[json::parse(line)["id"]];
  CHECK(std::count_if(seen.begin(), seen.end(), [](const auto& s) { return s.second == 2; }) == 2);
}

TEST_CASE("brat: offsets into a text whose characters count the same; no fragment crosses a line") {
  Analysis a = sample::geneva();
  a.document.text = "One\r\n two, said\tX.";
  a.names = {{{0, 9}, "PER"}, {{3, 6}, "ORG"}, {{16, 17}, "oddity"}};
  a.entities.clear(), a.times.clear(), a.places.clear(), a.events.clear(), a.disputes.clear();
  a.attributions = {{.parent = 1, .content = {{0, 9}}}, {.source = {{16, 17}}, .cue = {{11, 15}}}};
  const auto files = run("brat", {a});
  REQUIRE(files.size() == 3);
  CHECK(files.at("geneva-1.txt") == "One \n two, said\tX.");
  const std::string& ann = files.at("geneva-1.ann");
  CHECK(ann.find("T1\tPER 0 3;6 9\tOne two\n") == 0);
  CHECK(ann.find("\tORG ") == std::string::npos);  // nothing but white space
  CHECK(ann.find("\tName 16 17\tX\n") != std::string::npos);
  CHECK(ann.find("Within:E2") != std::string::npos);  // the one around it comes later
  CHECK(files.at("annotation.conf").find("ASSAULT\tActor*:<ENTITY>") != std::string::npos);
}

TEST_CASE("profiles: a record whose spans lie outside the text and whose voices run in a circle is written all the same") {
  Analysis a = sample::geneva();
  constexpr Span kFar{4000000000, 4294967295}, kNone{50, 50}, kLong{160, 4294967295};
  for (const Span wild : {kFar, kNone, kLong}) {
    a.names[0].span = a.sentences[0].span = a.times[0].span = a.places[0].span = wild;
    a.entities[0].mentions[0].span = a.events[0].trigger = a.events[0].actors[0].span = wild;
    a.events[0].numbers = {{"dead", -1, INT64_MAX, wild}};
    a.events[0].place = 0;
    a.attributions[0].content = a.attributions[1].cue = a.attributions[2].source = {wild, wild};
    a.attributions[1].parent = 2;
    for (const Profile& profile : profiles())
      if (!profile.needs_trees) (void)run(profile.name, {a});
    CHECK(json::parse(run("web-annotation", {a}).at(""))["items"].size() == 7);
    CHECK(from_json(to_json(sample::engine(), a)));
  }
}

TEST_CASE("brat: names of files are safe and different") {
  CHECK(output::file_name("geneva-1") == "geneva-1");
  CHECK(output::file_name("a.b_c") == "a.b_c");
  std::set<std::string> seen;
  for (const std::string id : {"", ".", "..", "../x", "..\\x", "/etc/passwd", "a/b", "a_b", "a b", "con", "COM1", "nul.txt", "x.", "ä",
                               "a\nb", ".hidden", "~", "-"}) {
    const std::string name = output::file_name(id);
    INFO(id);
    CHECK(seen.insert(name).second);
    CHECK(!name.empty());
    CHECK(name[0] != '.');
    CHECK(name.back() != '.');
    CHECK(std::all_of(name.begin(), name.end(),
                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.'; }));
  }
  CHECK(output::file_name(std::string(5000, 'x')).size() < 110);
  Analysis a = sample::geneva();
  const auto files = run("brat", {a, a, a});
  CHECK(files.contains("geneva-1.ann"));
  CHECK(files.contains("geneva-1-2.ann"));
  CHECK(files.contains("geneva-1-3.txt"));
}

TEST_CASE("web annotation: quotation and position of every target; one page for any number of documents") {
  Analysis evil = sample::geneva();
  evil.document.id = "a b/\"#é";
  evil.document.url = "javascript:alert(1)";
  evil.document.text[0] = '\x01';
  Analysis addressed = sample::geneva();
  addressed.document.url = "https://example.org/news?id=1";
  for (const std::vector<Analysis>& documents : {std::vector<Analysis>{}, {evil}, {addressed, sample::failed(), evil}}) {
    const json page = json::parse(run("web-annotation", documents).at(""));
    CHECK(page["type"] == "AnnotationPage");
    size_t items = 0;
    for (const Analysis& a : documents)
      if (!a.error) items += a.entities.size() + a.attributions.size() + a.events.size();
    CHECK(page["items"].size() == items);
  }
  const json page = json::parse(run("web-annotation", {addressed}).at(""));
  const json& event = page["items"].back();
  CHECK(event["id"] == "urn:reportedly:geneva-1#v1");
  CHECK(event["target"][0]["source"] == "https://example.org/news?id=1");
  CHECK(event["target"][0]["selector"][0]["exact"] == "entered");
  CHECK(event["target"][0]["selector"][0]["prefix"] == "ed on Friday that its ships had ");
  CHECK(event["target"][0]["selector"][1] == json{{"type", "TextPositionSelector"}, {"start", 83}, {"end", 90}});
  CHECK(json::parse(run("web-annotation", {evil}).at(""))["items"][0]["target"][0]["source"] == "urn:reportedly:a%20b%2F%22%23%C3%A9");
}

TEST_CASE("gexf: one node for an actor of several documents, an edge for each pair") {
  Analysis a = sample::geneva(), b = sample::geneva();
  b.document.id = "<&\">\x01\xEF\xBF\xBF";
  b.events[0].actors.push_back({.entity = 2, .span = {127, 140}});
  const std::string text = run("gexf", {a, b}).at("");
  const auto count = [&](std::string_view what) {
    size_t n = 0;
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  CHECK(count("<node id=") == 3);
  CHECK(count("<edge id=") == 3);
  CHECK(text.find("value=\"&lt;&amp;&quot;&gt;\xEF\xBF\xBD\xEF\xBF\xBD#v1\"") != std::string::npos);
  CHECK(text.find("value=\"denied\"") != std::string::npos);
  CHECK(text.find("<nodes>") < text.find("<edges>"));
}

TEST_CASE("claim: drafts with an empty rating for what can be checked") {
  Analysis a = sample::geneva();
  a.attributions[0].stance = Stance::demands;
  a.document.url = "https://example.org/1";
  const auto lines = split(output::to_claims(sample::engine(), a), '\n');
  REQUIRE(lines.size() == 3);
  const json claim = json::parse(lines[1]);
  CHECK(claim["reviewRating"]["ratingValue"] == "");
  CHECK(claim["claimReviewed"] == "that its ships had entered Icelandic waters");
  CHECK(claim["itemReviewed"]["author"]["name"] == "two fishermen");
  CHECK(claim["itemReviewed"]["isPartOf"]["@id"] == "urn:reportedly:geneva-1#a2");
  CHECK(claim["itemReviewed"]["appearance"]["url"] == "https://example.org/1");
  CHECK(claim["itemReviewed"]["keywords"] == json{"stance:asserts", "event:COERCE CT+"});
  a.attributions[1].hypothetical = true;
  a.attributions[2].source.clear();
  a.attributions[2].source_entity = -1;
  const std::string one = output::to_claims(sample::engine(), a);
  CHECK(split(one, '\n').size() == 2);
  CHECK(json::parse(one)["itemReviewed"]["author"].is_null());
}

TEST_CASE("conllu: voices, events and parties in MISC") {
  const auto read = syntax::read_conllu(
      "1\tOslo\tOslo\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n"
      "2\tdenied\tdeny\tVERB\tVBD\t_\t0\troot\t_\t_\n"
      "3\tit\tit\tPRON\tPRP\t_\t4\tnsubj\t_\t_\n"
      "4\tattacked\tattack\tVERB\tVBD\t_\t2\tccomp\t_\tSpaceAfter=No\n"
      "5\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n");
  REQUIRE(read);
  Analysis a;
  a.document.text = read->text;
  a.entities = {{.name = "Oslo", .kind = "state", .mentions = {{.span = {0, 4}}, {.span = {12, 14}}}}};
  a.attributions = {{.source = {{0, 4}}, .source_entity = 0, .cue = {{5, 11}}, .content = {{12, 23}}, .stance = Stance::denies}};
  Event e;
  e.type = "ASSAULT";
  e.mode = "aerial";
  e.trigger = {15, 23};
  e.actors = {{.entity = 0, .span = {12, 14}}};
  e.attribution = 0;
  e.factuality = Factuality::ct_minus;
  e.status = "denied";
  e.voices = {{0, Factuality::ct_minus}, {-1, Factuality::uu}};
  a.events = {e};
  const auto layers = output::conllu_layers(a, read->trees);
  REQUIRE(layers.size() == 5);
  CHECK(layers[0] == "Mention=B-e1|Voice=B-source:a1");
  CHECK(layers[1] == "Voice=B-cue:a1|VoiceForm=a1:indirect|VoiceSource=a1:e1|VoiceStance=a1:denies");
  CHECK(layers[2] == "Mention=B-e1|Part=B-actor:v1|Voice=B-content:a1");
  CHECK(layers[3] ==
        "Event=B-v1:ASSAULT/aerial|EventFact=v1:CT-|EventStatus=v1:denied|EventVoice=v1:a1:CT-,v1:document:Uu|Voice=I-content:a1");
  CHECK(layers[4] == "");
  const std::string text = syntax::write_conllu(read->trees, read->text, {}, "d\n1\tx", {}, layers);
  CHECK(text.find("# newdoc id = d 1 x\n") == 0);
  CHECK(text.find("\tccomp\t_\tEvent=B-v1:ASSAULT/aerial|") != std::string::npos);
  CHECK(text.find("content:a1|SpaceAfter=No\n") != std::string::npos);
}
