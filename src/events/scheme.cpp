#include "events/scheme.h"

#include <algorithm>
#include <array>

#include "base/one_of.h"

namespace reportedly::events {
namespace {

constexpr ModeInfo kConsult[] = {{"visit", 4, "042"}, {"third-party", 1, "044"}, {"multilateral", 4, "040"}, {"phone", 1.5, "041"}};
constexpr ModeInfo kRetreat[] = {{"withdraw", 8, "0874"},    {"release", 6.5, "0841"}, {"disarm", 10, "0873"},
                                 {"ceasefire", 7.5, "0871"}, {"access", 6.5, "086"},   {"resign", 4.5, "0831"}};
constexpr ModeInfo kRequest[] = {{"assist", 0.5, "101"}, {"change", -1, "104"}, {"yield", -1, "105"}, {"meet", 0, "106"}};
constexpr ModeInfo kAccuse[] = {{"disapprove", -2, "111"}, {"investigate", -3.5, "090"}, {"allege", -3.5, "112"}};
constexpr ModeInfo kReject[] = {{"assist", -1.5, "121"}, {"change", -2, "123"}, {"yield", -2, "124"}, {"meet", -2, "125"}};
constexpr ModeInfo kThreaten[] = {{"restrict", -3, "1312"}, {"arrest", -3.5, "132"},   {"relations", -3.5, "1313"},
                                  {"expel", -3.5, "136"},   {"territory", -4, "1382"}, {"violence", -3.5, "138"}};
constexpr ModeInfo kProtest[] = {{"demo", -5, "141"},      {"riot", -7, "145"},       {"strike", -5, "143"},   {"hunger", -4.5, "142"},
                                 {"boycott", -4.5, "143"}, {"obstruct", -4.5, "144"}, {"vandalize", -5, "145"}};
constexpr ModeInfo kSanction[] = {{"convict", -6, "116"}, {"expel", -5.5, "166"}, {"withdraw", -6, "161"}, {"discontinue", -6, "160"}};
constexpr ModeInfo kMobilize[] = {{"troops", -6.5, "154"}, {"weapons", -6.5, "154"}, {"police", -5.5, "153"}, {"militia", -6, "154"}};
constexpr ModeInfo kCoerce[] = {{"seize", -7, "1711"},    {"restrict", -7, "172"},       {"censor", -6.5, "1721"},
                                {"curfew", -6.5, "1723"}, {"martial-law", -7.5, "1724"}, {"arrest", -7, "173"},
                                {"deport", -7, "174"},    {"withhold", -7, "170"},       {"misinformation", -6.5, "170"},
                                {"cyber", -7, "176"}};
constexpr ModeInfo kAssault[] = {{"abduct", -8.5, "181"},          {"beat", -7.5, "182"},          {"torture", -8.5, "1822"},
                                 {"sexual", -8.5, "1821"},         {"targeted", -9.5, "186"},      {"destroy", -8.5, "1712"},
                                 {"primitive", -8, "180"},         {"firearms", -9, "193"},        {"explosives", -9, "183"},
                                 {"suicide-attack", -9.5, "1831"}, {"aerial", -9.5, "195"},        {"drone", -9.5, "195"},
                                 {"heavy-weapons", -9.5, "194"},   {"crowd-control", -7.5, "175"}, {"unconventional", -10, "204"}};

// ACCUSE: the manual's table prints 3 without its sign; every mode of it is negative.
const std::array<TypeInfo, kTypes> kInfo{{
    {"AGREE", 1, false, 2.5, "030", {}},
    {"CONSULT", 1, false, 2.5, "040", kConsult},
    {"SUPPORT", 1, false, 5, "050", {}},
    {"CONCEDE", 1, false, 4.5, "080", {}},
    {"COOPERATE", 2, true, 9.5, "060", {}},
    {"AID", 2, true, 10, "070", {}},
    {"RETREAT", 2, false, 6.5, "087", kRetreat},
    {"REQUEST", 3, false, 0, "100", kRequest},
    {"ACCUSE", 3, false, -3, "110", kAccuse},
    {"REJECT", 3, false, -2, "120", kReject},
    {"THREATEN", 3, false, -3.5, "130", kThreaten},
    {"PROTEST", 4, false, -5, "140", kProtest},
    {"SANCTION", 4, true, -6, "160", kSanction},
    {"MOBILIZE", 4, false, -5.5, "150", kMobilize},
    {"COERCE", 4, false, -7, "170", kCoerce},
    {"ASSAULT", 4, false, -9, "190", kAssault},
}};

constexpr std::string_view kContexts[] = {"military",
                                          "intelligence",
                                          "executive",
                                          "legislative",
                                          "election",
                                          "political_institutions",
                                          "pro_democracy",
                                          "pro_autocracy",
                                          "economic",
                                          "legal",
                                          "reparations",
                                          "human_rights",
                                          "rights_freedoms",
                                          "repression",
                                          "human_security",
                                          "gender",
                                          "lgbt",
                                          "religion_ethnicity",
                                          "inequality",
                                          "diplomatic",
                                          "territory",
                                          "peacekeeping",
                                          "health",
                                          "asylum",
                                          "migration",
                                          "disasters",
                                          "natural_resource",
                                          "environment",
                                          "technology",
                                          "terrorism",
                                          "cbrn",
                                          "cyber",
                                          "misinformation",
                                          "crime",
                                          "corruption",
                                          "illegal_drugs",
                                          "trafficking"};
constexpr std::string_view kSectors[] = {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK", "AGR", "BUS",
                                         "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC"};
constexpr std::string_view kKinds[] = {"state", "office", "person", "organisation", "armed_group", "group", "place", "document", "thing"};

template <size_t N>
bool among(const std::string_view (&list)[N], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

}  // namespace

const TypeInfo& info(Type type) {
  return kInfo[static_cast<size_t>(type)];
}

std::optional<Type> type_from(std::string_view name) {
  for (size_t i = 0; i < kTypes; ++i)
    if (kInfo[i].name == name) return static_cast<Type>(i);
  return std::nullopt;
}

const ModeInfo* mode_of(Type type, std::string_view mode) {
  for (const ModeInfo& m : info(type).modes)
    if (m.name == mode) return &m;
  return nullptr;
}

std::span<const std::string_view> contexts() {
  return kContexts;
}
std::span<const std::string_view> sectors() {
  return kSectors;
}
bool known_context(std::string_view name) {
  return among(kContexts, name);
}
bool known_sector(std::string_view name) {
  return among(kSectors, name);
}
bool of_no_state(std::string_view country) {
  return one_of(country, {"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"});
}

bool known_kind(std::string_view name) {
  return among(kKinds, name);
}

std::string_view mode_by_content(Type outer, Type inner, std::string_view mode) {
  switch (outer) {
    case Type::threaten:
      switch (inner) {
        case Type::assault:
        case Type::mobilize:
          return "violence";
        case Type::coerce:
          return mode == "arrest" ? "arrest" : mode == "deport" ? "expel" : "restrict";
        case Type::sanction:
          return mode == "expel" ? "expel" : mode == "convict" ? "" : "relations";
        case Type::protest:
          return mode == "riot" ? "violence" : "restrict";
        case Type::retreat:
          return mode == "withdraw" ? "expel" : "";
        case Type::reject:
          return "relations";
        default:
          return "";
      }
    case Type::reject:
    case Type::request:
      switch (inner) {
        case Type::consult:
          return "meet";
        case Type::aid:
        case Type::cooperate:
        case Type::support:
          return "assist";
        case Type::retreat:
          return mode == "resign" ? "change" : "yield";
        case Type::concede:
          return "yield";
        case Type::sanction:
        case Type::coerce:
        case Type::accuse:
          return "change";
        default:
          return "";
      }
    default:
      return "";
  }
}

std::string_view cameo_by_content(Type outer, Type inner, std::string_view mode) {
  switch (outer) {
    case Type::agree:
      switch (inner) {
        case Type::cooperate:
          return "031";
        case Type::support:
          return "032";
        case Type::aid:
          return "033";
        case Type::consult:
          return "036";
        case Type::concede:
          return "035";
        case Type::retreat:
          return mode == "resign" ? "0341" : mode == "release" ? "0353" : mode == "access" ? "0355" : "0356";
        default:
          return "";
      }
    case Type::threaten:
      switch (inner) {
        case Type::assault:
          return mode == "unconventional" ? "1385" : "1384";
        case Type::coerce:
          return mode == "curfew" ? "1323" : mode == "martial-law" ? "1324" : mode == "censor" ? "1321" : "";
        case Type::protest:
          return "133";
        default:
          return "";
      }
    case Type::request:
      switch (inner) {
        case Type::aid:
          return "103";
        case Type::support:
          return "102";
        case Type::retreat:
          return mode == "resign" ? "1041" : mode == "release" ? "1053" : mode == "access" ? "1055" : "1056";
        default:
          return "";
      }
    case Type::reject:
      switch (inner) {
        case Type::aid:
          return "122";
        case Type::retreat:
          return mode == "resign" ? "1231" : mode == "release" ? "1243" : mode == "access" ? "1245" : "1246";
        default:
          return "";
      }
    default:
      return "";
  }
}

}  // namespace reportedly::events
