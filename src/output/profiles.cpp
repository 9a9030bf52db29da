// The register of profiles.
#include "output/profiles.h"

#include <algorithm>
#include <array>

#include "output/table.h"
#include "reportedly/output.h"

namespace reportedly {
namespace output {
namespace {

/// Rows of one file: a header, then what a function makes of each document.
class OneTable : public Export {
 public:
  using Write = std::string (*)(const EngineInfo&, const Analysis&);
  OneTable(const TableFormat& table, Write write) : table_(table), write_(write) {}
  std::vector<Piece> begin() override { return {{{}, header_line(table_)}}; }
  std::vector<Piece> read(const EngineInfo& engine, const Analysis& analysis) const override { return {{{}, write_(engine, analysis)}}; }
  std::vector<Piece> beside() const override { return {{"schema.json", table_schema(table_), true}}; }

 private:
  const TableFormat& table_;
  Write write_;
};

/// Several tables in a folder.
class Tables : public Export {
 public:
  using Write = std::vector<std::string> (*)(const Analysis&);
  Tables(std::string_view name, std::span<const TableFormat> tables, Write write) : name_(name), tables_(tables), write_(write) {}
  std::vector<Piece> begin() override {
    std::vector<Piece> out;
    for (const TableFormat& table : tables_) out.push_back({std::string(table.file), table.header ? header_line(table) : std::string()});
    return out;
  }
  std::vector<Piece> read(const EngineInfo&, const Analysis& analysis) const override {
    std::vector<std::string> texts = write_(analysis);
    std::vector<Piece> out;
    for (size_t i = 0; i < tables_.size(); ++i) out.push_back({std::string(tables_[i].file), std::move(texts[i])});
    return out;
  }
  std::vector<Piece> beside() const override { return {{"datapackage.json", data_package(name_, tables_), true}}; }

 private:
  std::string_view name_;
  std::span<const TableFormat> tables_;
  Write write_;
};

/// One line after the other, nothing around them.
class Lines : public Export {
 public:
  using Write = std::string (*)(const EngineInfo&, const Analysis&);
  explicit Lines(Write write) : write_(write) {}
  std::vector<Piece> read(const EngineInfo& engine, const Analysis& analysis) const override { return {{{}, write_(engine, analysis)}}; }

 private:
  Write write_;
};

}  // namespace

uint64_t hash64(std::string_view bytes) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  // FNV's high bits hardly move for short texts: mix them (finalizer of MurmurHash3).
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33);
}

std::string file_name(std::string_view id) {
  static constexpr size_t kLongest = 80;
  std::string out;
  bool changed = id.empty();
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool plain = letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && !out.empty());
    if (out.size() == kLongest || !plain) changed = true;
    if (out.size() == kLongest) break;
    out.push_back(plain ? c : '_');
  }
  if (out.ends_with('.')) changed = true;  // lost on some file systems
  // Names that Windows keeps for devices.
  std::string upper = out.substr(0, out.find('.'));
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  static constexpr std::string_view kDevices[] = {"CON", "PRN", "AUX", "NUL"};
  changed |= std::find(std::begin(kDevices), std::end(kDevices), upper) != std::end(kDevices);
  changed |= upper.size() == 4 && (upper.starts_with("COM") || upper.starts_with("LPT"));
  if (changed) {
    while (out.ends_with('.')) out.pop_back();
    out += fmt::format("{}{:016x}", out.empty() ? "" : "-", hash64(id));
  }
  return out;
}

std::string urn(std::string_view document, std::string_view part) {
  std::string out = "urn:reportedly:";
  for (const char c : document) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain)
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (document.empty()) out += "document";
  if (!part.empty()) out += fmt::format("#{}", part);
  return out;
}

bool web_address(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
  return url.size() > 9 && std::none_of(url.begin(), url.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos;
         });
}

std::string iri_of(const DocumentInfo& document) {
  return document.url && web_address(*document.url) ? valid_utf8(*document.url) : urn(document.id);
}

}  // namespace output

std::span<const Profile> profiles() {
  using namespace output;
  const auto one = [](const TableFormat& table) { return std::span<const TableFormat>(&table, 1); };
  static const std::array<Profile, 11> kProfiles{{
      {"csv", "a table, one row an event", csv_table().file, one(csv_table())},
      {"polecat", "the columns of POLECAT, then voices", polecat_table().file, one(polecat_table())},
      {"icews", "the columns of ICEWS, one row for each pair, then voices", icews_table().file, one(icews_table())},
      {"acled", "the columns of ACLED, acts it knows that are said to have happened", acled_table().file, one(acled_table())},
      {"gdelt", "GDELT 2.0: events, mentions, and a table of voices (a folder)", {}, gdelt_tables()},
      {"ftm", "FollowTheMoney entities, JSON lines", "entities.ftm.json", {}},
      {"brat", "brat standoff: .txt and .ann for each document (a folder)", {}, {}},
      {"web-annotation", "W3C Web Annotation, JSON-LD", "annotations.jsonld", {}},
      {"conllu", "CoNLL-U with voices and events in MISC", "documents.conllu", {}, true},
      {"gexf", "a network of actors, events as edges", "network.gexf", {}},
      {"claim", "draft schema.org ClaimReviews with empty ratings, JSON lines", "claims.jsonl", {}},
  }};
  return kProfiles;
}

const Profile* find_profile(std::string_view name) {
  for (const Profile& profile : profiles())
    if (profile.name == name) return &profile;
  return nullptr;
}

std::unique_ptr<Export> make_export(std::string_view profile) {
  using namespace output;
  if (profile == "csv") return std::make_unique<OneTable>(csv_table(), [](const EngineInfo&, const Analysis& a) { return to_csv(a); });
  if (profile == "polecat") return std::make_unique<OneTable>(polecat_table(), &to_polecat);
  if (profile == "icews")
    return std::make_unique<OneTable>(icews_table(), [](const EngineInfo&, const Analysis& a) { return to_icews(a); });
  if (profile == "acled")
    return std::make_unique<OneTable>(acled_table(), [](const EngineInfo&, const Analysis& a) { return to_acled(a); });
  if (profile == "gdelt") return std::make_unique<Tables>("gdelt", gdelt_tables(), &to_gdelt);
  if (profile == "ftm") return std::make_unique<Lines>([](const EngineInfo&, const Analysis& a) { return to_ftm(a); });
  if (profile == "brat") return brat_export();
  if (profile == "web-annotation") return web_annotation_export();
  if (profile == "gexf") return gexf_export();
  if (profile == "claim") return std::make_unique<Lines>(&to_claims);
  return nullptr;
}

}  // namespace reportedly
