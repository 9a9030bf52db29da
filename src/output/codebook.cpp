// The codebook: from the tables' columns and PLOVER's lists, so that it says what the program writes and nothing else.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "events/scheme.h"
#include "output/describe.h"
#include "output/write.h"
#include "reportedly/export.h"

namespace reportedly {

namespace output {
extern const char* const kRecordSchema;
}

namespace {

using Json = nlohmann::ordered_json;

struct Meaning {
  std::string_view code, what;
};

constexpr std::array<std::string_view, events::kTypes> kTypes{"agree, promise or intend to do something cooperative",
                                                              "meet, visit, talk, negotiate",
                                                              "praise, back, recognise, apologise: cooperation in words or symbols",
                                                              "give way in words: announce that one will yield, ease, release, resign",
                                                              "work together in deed: share, sign and carry out, trade, exercise together",
                                                              "give material, money, shelter, protection, troops for peace",
                                                              "yield in deed: withdraw, release, disarm, cease fire, resign",
                                                              "ask, demand, appeal, propose",
                                                              "blame, criticise, allege, investigate, sue",
                                                              "refuse, reject, veto, decline",
                                                              "threaten, warn of harm, give an ultimatum",
                                                              "demonstrate, riot, strike, boycott, block",
                                                              "cut relations, expel, impose or keep sanctions, convict",
                                                              "raise or move forces, weapons, police",
                                                              "repress without bodily harm: seize, arrest, restrict, censor, deport, hack",
                                                              "attack, injure, abduct, kill, destroy"};

constexpr Meaning kSectors[] = {{"COP", "police"},
                                {"GOV", "government, executive, officials"},
                                {"JUD", "courts, prosecutors"},
                                {"LEG", "parliaments and their members"},
                                {"MIL", "armed forces of a state"},
                                {"PRM", "militias, paramilitaries, mercenaries"},
                                {"PTY", "political parties, candidates"},
                                {"REB", "rebels, insurgents"},
                                {"SPY", "intelligence services"},
                                {"UAF", "armed, and nobody says on whose side"},
                                {"UNK", "political, and not known in what part"},
                                {"AGR", "farming, fishing"},
                                {"BUS", "business"},
                                {"CRM", "criminals"},
                                {"CVL", "civilians, people, crowds"},
                                {"EDU", "schools, universities, students"},
                                {"ELI", "former officials, elites"},
                                {"JRN", "media, journalists"},
                                {"LAB", "workers, unions"},
                                {"MED", "medicine, hospitals"},
                                {"REF", "refugees, displaced"},
                                {"OPP", "opposition, activists, dissidents, protesters"},
                                {"PRE", "a territory whose statehood is disputed"},
                                {"REL", "religious leaders and bodies"},
                                {"SOC", "civil society, charities, experts"}};

constexpr Meaning kInternational[] = {{"UNO", "United Nations and their bodies"}, {"EUR", "European Union"},
                                      {"IGO", "another organisation of states"},  {"NGO", "international non-governmental organisation"},
                                      {"ISM", "international, of no one state"},  {"IMG", "militant group of several states"},
                                      {"MNC", "company of several states"}};

constexpr std::array<std::string_view, 14> kStances{"says that it is so",
                                                    "says that it is not so",
                                                    "says that it may not be so",
                                                    "does not say: refuses, declines, has not said",
                                                    "asks whether or what",
                                                    "wants it done by somebody",
                                                    "says that it will do it",
                                                    "says that harm will follow",
                                                    "blames somebody for it",
                                                    "thinks, expects or estimates that it is so",
                                                    "hopes for it",
                                                    "fears it",
                                                    "grants that it is so, against its own interest",
                                                    "passes on what others say: is said to, reportedly"};
constexpr Meaning kForms[] = {{"direct", "every word of the content is quoted"}, {"mixed", "some words are"}, {"indirect", "none is"}};
constexpr Meaning kStatuses[] = {{"happened", "it is told as done"},
                                 {"ongoing", "it is told as being done"},
                                 {"planned", "it is told as going to be done"},
                                 {"possible", "it may have been or be done"},
                                 {"denied", "a voice says that it was not done; `all_voices` has who says otherwise"},
                                 {"refused", "who was to do it says it will not"},
                                 {"hypothetical", "it is spoken of under a condition"}};
constexpr std::string_view kQuads[] = {"verbal cooperation", "material cooperation", "verbal conflict", "material conflict"};

void put_cell(output::Buffer& out, std::string_view text) {
  for (const char c : text) output::put(out, c == '|' ? std::string_view("\\|") : std::string_view(&c, 1));
}

template <class List>
void put_meanings(output::Buffer& out, std::string_view title, const List& list) {
  fmt::format_to(std::back_inserter(out), "\n## {}\n| code | meaning |\n|---|---|\n", title);
  for (const Meaning& m : list) fmt::format_to(std::back_inserter(out), "| `{}` | {} |\n", m.code, m.what);
}

/// The field that a schema, or what it refers to, describes: what stands beside the reference counts first.
Json resolved(const Json& root, const Json& field) {
  const auto reference = field.find("$ref");
  if (reference == field.end()) return field;
  const std::string name = reference->get<std::string>();  // "#/$defs/span"
  Json out = root.at("$defs").at(name.substr(name.rfind('/') + 1));
  out.update(field);
  return out;
}

/// "string or null", "list of integer".
std::string type_words(const Json& root, const Json& field) {
  const auto type = field.find("type");
  if (type == field.end()) return "string";  // a constant, or one of a list of codes
  std::string out;
  if (type->is_array())
    for (const Json& one : *type) out += (out.empty() ? "" : " or ") + one.get<std::string>();
  else
    out = type->get<std::string>();
  if (out != "array") return out;
  return "list of " + type_words(root, resolved(root, field.value("items", Json::object())));
}

/// A line for each field of an object, those inside it below.
void put_fields(output::Buffer& out, const Json& root, const Json& object, const std::string& path) {
  const auto fields = object.find("properties");
  if (fields == object.end()) return;
  for (const auto& [name, field] : fields->items()) {
    const Json of = resolved(root, field);
    const std::string here = path.empty() ? name : path + "." + name;
    fmt::format_to(std::back_inserter(out), "| {} | {} | ", here, type_words(root, of));
    put_cell(out, of.value("description", ""));
    if (const auto codes = of.find("enum"); codes != of.end()) {
      output::put(out, ":");
      for (const Json& code : *codes) fmt::format_to(std::back_inserter(out), " `{}`", code.get<std::string>());
    }
    output::put(out, " |\n");
    put_fields(out, root, of, here);
    if (const auto items = of.find("items"); items != of.end()) put_fields(out, root, resolved(root, *items), here + "[]");
  }
}

}  // namespace

std::string codebook() {
  output::Buffer out;
  output::put(
      out,
      "# Codebook\nWritten by `reportedly codebook`: the fields of the record, the columns of every table and the meaning of every code. "
      "How a text comes to its "
      "codes: [events.md](events.md), [voices.md](voices.md);\nwhat each profile loses: [exports.md](exports.md).\n\n"
      "Unknown is empty in every column of a table. Lists inside a cell are parted by `; `. Dates are ISO 8601, as precise as the text: "
      "`2031-05-05`, "
      "`2031-05`, `2031`. Offsets count Unicode code\npoints from 0. An apostrophe in front of a cell that begins with `=`, `+`, `-`, `@`, "
      "a "
      "tab or (tab-separated) a quotation mark is ours.\n");
  output::put(
      out,
      "\n## The record `reportedly/1`\nOne JSON object a document ([output.md](output.md), JSON Schema: "
      "[reportedly-1.schema.json](reportedly-1.schema.json)). `[]` behind a field stands for each of its list. Every field is always "
      "there but `error`; unknown is\n`null`.\n\n| field | type | what |\n|---|---|---|\n");
  const Json schema = Json::parse(output::kRecordSchema);
  put_fields(out, schema, schema, "");
  for (const Profile& profile : profiles())
    for (const TableFormat& table : profile.tables) {
      fmt::format_to(std::back_inserter(out), "\n## Table `{}` of profile {}\n", table.file, profile.name);
      fmt::format_to(std::back_inserter(out), "{}, {}.\n\n| # | column | type | what |\n|---|---|---|---|\n",
                     table.csv ? "Comma-separated (RFC 4180)" : "Tab-separated",
                     table.header ? "names in the first line" : "no line of names");
      int number = 0;
      for (const Column& column : table.columns) {
        fmt::format_to(std::back_inserter(out), "| {} | {} | {} | ", ++number, column.name, column.type);
        put_cell(out, column.what);
        output::put(out, " |\n");
      }
    }

  output::put(out,
              "\n## Event types\nPLOVER 2.0. CAMEO is the code of the type where no finer one is known.\n\n| type | quad | intensity | "
              "CAMEO | meaning |\n|---|---|---|---|---|\n");
  for (size_t i = 0; i < events::kTypes; ++i) {
    const events::TypeInfo& info = events::info(static_cast<events::Type>(i));
    fmt::format_to(std::back_inserter(out), "| {} | {} {} | {} | {} | {} |\n", info.name, info.quad, kQuads[info.quad - 1], info.intensity,
                   info.cameo, kTypes[i]);
  }
  output::put(out, "\n## Modes\n| type | mode | intensity | CAMEO |\n|---|---|---|---|\n");
  for (size_t i = 0; i < events::kTypes; ++i) {
    const events::TypeInfo& info = events::info(static_cast<events::Type>(i));
    for (const events::ModeInfo& mode : info.modes)
      fmt::format_to(std::back_inserter(out), "| {} | {} | {} | {} |\n", info.name, mode.name, mode.intensity, mode.cameo);
  }
  output::put(out, "\n## Contexts\nWhat the act is about, by words of its clause:");
  for (const std::string_view context : events::contexts()) fmt::format_to(std::back_inserter(out), " `{}`", context);
  output::put(out, ".\n");
  put_meanings(out, "Sectors", kSectors);
  put_meanings(out, "Countries\nISO 3166 alpha-3, `KOS` for Kosovo, and PLOVER's codes for who has no country:\n", kInternational);

  output::put(out, "\n## Stances\nWhat a source does with what it says, after negation.\n\n| stance | the source |\n|---|---|\n");
  for (size_t i = 0; i < kStances.size(); ++i)
    fmt::format_to(std::back_inserter(out), "| `{}` | {} |\n", stance_name(static_cast<Stance>(i)), kStances[i]);
  put_meanings(out, "Forms", kForms);
  output::put(out, "\n## Factuality\nFactBank's values: how a voice presents an event.\n\n| value | the voice presents it |\n|---|---|\n");
  for (size_t i = 0; i < 8; ++i)
    fmt::format_to(std::back_inserter(out), "| `{}` | {} |\n", factuality_name(static_cast<Factuality>(i)),
                   output::factuality_words(static_cast<Factuality>(i)));
  put_meanings(out, "Status\nThe plain word over the whole chain of voices. It says what is reported, never what is true.\n", kStatuses);
  return fmt::to_string(out);
}

}  // namespace reportedly
