#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <tuple>

#include "base/yaml.h"
#include "entities/actors_impl.h"
#include "entities/fold.h"

namespace reportedly::entities {
namespace YAML = yaml;
namespace {

constexpr std::array kSectors = {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK", "AGR", "BUS",
                                 "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC"};
constexpr std::array kKinds = {"state", "office", "person", "organisation", "armed_group", "group", "place", "document", "thing"};

template <class List>
bool among(const List& list, std::string_view s) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

bool upper3(std::string_view s) {
  return s.size() == 3 && std::all_of(s.begin(), s.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool iso_date(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return false;
  for (size_t i = 0; i < 10; ++i)
    if (i != 4 && i != 7 && (s[i] < '0' || s[i] > '9')) return false;
  const int month = (s[5] - '0') * 10 + s[6] - '0', day = (s[8] - '0') * 10 + s[9] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

std::string_view next_part(std::string_view& rest, char at) {
  const size_t i = rest.find(at);
  const std::string_view part = trim(rest.substr(0, i));
  rest = i == std::string_view::npos ? std::string_view{} : rest.substr(i + 1);
  return part;
}

/// One dated stretch of facts: "AFG GOV,MIL 2001-12-22..2014-09-29 defence minister".
struct Segment {
  std::string_view country, sectors, from, to, office;
  bool dated = false;
};

/// Empty: read; else what is wrong.
std::string read_segment(std::string_view text, Segment& out) {
  out = {};
  std::string_view rest = text;
  out.country = next_part(rest, ' ');
  if (out.country != "-" && !upper3(out.country))
    return fmt::format("expected a country code of three capitals or '-', not '{}'", out.country);
  out.sectors = next_part(rest, ' ');
  if (out.sectors.empty()) out.sectors = "-";
  if (out.sectors != "-")
    for (std::string_view s = out.sectors; !s.empty();) {
      const auto one = next_part(s, ',');
      if (!among(kSectors, one)) return fmt::format("'{}' is no PLOVER sector", one);
    }
  rest = trim(rest);
  const size_t dots = rest.find("..");
  const size_t blank = rest.find(' ');
  if (dots != std::string_view::npos && (blank == std::string_view::npos || dots < blank)) {
    std::string_view range = next_part(rest, ' ');
    out.dated = true;
    out.from = range.substr(0, dots);
    out.to = range.substr(dots + 2);
    if (!out.from.empty() && !iso_date(out.from)) return fmt::format("'{}' is no date (YYYY-MM-DD)", out.from);
    if (!out.to.empty() && !iso_date(out.to)) return fmt::format("'{}' is no date (YYYY-MM-DD)", out.to);
    if (!out.from.empty() && !out.to.empty() && out.to < out.from) return fmt::format("the office ends before it begins: {}", range);
  }
  out.office = trim(rest);
  return {};
}

std::vector<std::string> split_sectors(std::string_view s) {
  std::vector<std::string> out;
  if (s == "-") return out;
  while (!s.empty()) out.emplace_back(next_part(s, ','));
  return out;
}

}  // namespace

struct Loader {
  Actors::Impl& impl;
  std::string path;  // as the user knows it
  uint16_t file = 0;
  uint8_t rank = 0;
  std::optional<Error> error;

  void wrong(int line, std::string message) {
    if (!error) error = Error{ErrorCode::bad_data, std::move(message), fmt::format("{}:{}", path, line)};
  }
  std::string_view keep(std::string text) { return impl.files.emplace_back(std::move(text)); }

  void add_key(std::string_view raw, Hit hit) {
    const size_t at = impl.key_text.size();
    fold_word(raw, impl.key_text);
    std::string_view folded = std::string_view(impl.key_text).substr(at);
    size_t skip = folded.starts_with("the ") && folded.size() > 4 ? 4 : 0;
    const size_t size = folded.size() - skip;
    if (size == 0) return;
    folded = folded.substr(skip);
    const uint64_t h = hash(folded);
    Actors::Impl::Key key;
    key.text = static_cast<uint32_t>(at + skip);
    key.size = static_cast<uint32_t>(size);
    key.hit = hit;
    key.acronym = size <= 5 && is_acronym(raw);
    const auto [slot, fresh] = impl.index.emplace(h, static_cast<uint32_t>(impl.keys.size()));
    if (!fresh) {
      key.next = static_cast<int32_t>(*slot);
      *slot = static_cast<uint32_t>(impl.keys.size());
    } else {
      impl.first_words.emplace(hash(folded.substr(0, folded.find(' '))), 1);
    }
    impl.keys.push_back(key);
  }

  uint32_t add_entry(std::string_view name, std::string_view segments, std::string_view kind, int line) {
    impl.entries.push_back({name, segments, kind, file, rank, static_cast<uint32_t>(line)});
    return static_cast<uint32_t>(impl.entries.size() - 1);
  }

  // ---- line files: name|other; names|COUNTRY SECTORS from..to office; …
  void read_lines(std::string text) {
    const std::string_view all = keep(std::move(text));
    std::string_view kind, as_of, rest = all;
    int line = 0;
    while (!rest.empty() && !error) {
      ++line;
      const size_t end = rest.find('\n');
      std::string_view row = trim(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      if (row.empty() || row[0] == '#') continue;
      if (row.starts_with("kind ")) {
        kind = trim(row.substr(5));
        if (kind != "role" && !among(kKinds, kind)) wrong(line, fmt::format("'{}' is no kind of actor", kind));
        continue;
      }
      if (row.starts_with("as-of ")) {
        as_of = trim(row.substr(6));
        if (!iso_date(as_of)) wrong(line, fmt::format("'{}' is no date (YYYY-MM-DD)", as_of));
        impl_as_of(as_of);
        continue;
      }
      if (kind.empty()) return wrong(line, "a line 'kind person' (or another kind) must come before the first entry");
      std::string_view fields = row;
      const auto name = next_part(fields, '|');
      std::string_view also = next_part(fields, '|');
      const auto segments = next_part(fields, '|');
      if (name.empty() || segments.empty()) return wrong(line, "expected name|other names|COUNTRY SECTORS from..to office");
      Segment s;
      for (std::string_view r = segments; !r.empty();)
        if (std::string what = read_segment(next_part(r, ';'), s); !what.empty()) return wrong(line, std::move(what));
      if (kind == "role") {
        Role role;
        role.word = name;
        role.sectors = split_sectors(s.sectors);
        role.kind = "group";
        if (s.country != "-") role.country = s.country;
        impl.roles.emplace(fold(name), std::move(role));
        continue;
      }
      if (kind == "place") {
        const uint32_t entry = add_entry(name, segments, kind, line);
        while (!also.empty()) add_key(next_part(also, ';'), {entry, Alias::city});
        continue;
      }
      const uint32_t entry = add_entry(name, segments, kind, line);
      add_key(name, {entry, Alias::name});
      if (kind == "person") {
        const Actors::Impl::Key& key = impl.keys.back();
        const std::string_view folded = std::string_view(impl.key_text).substr(key.text, key.size);
        impl.last_names.emplace_back(hash(folded.substr(folded.rfind(' ') + 1)), entry);
      }
      while (!also.empty()) add_key(next_part(also, ';'), {entry, Alias::name});
    }
  }
  void impl_as_of(std::string_view date);

  // ---- YAML
  bool closed(const YAML::Node& node, std::initializer_list<std::string_view> allowed) {
    if (!node.IsMap()) {
      wrong(node.Mark().line + 1, "expected an entry in the form key: value");
      return false;
    }
    for (const auto& field : node) {
      const std::string& key = field.first.Scalar();
      if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
        wrong(field.first.Mark().line + 1, fmt::format("unknown field '{}'; known are: {}", key, fmt::join(allowed, ", ")));
        return false;
      }
    }
    return true;
  }
  std::string sectors(const YAML::Node& node) {
    std::string out;
    if (!node) return "-";
    if (!node.IsSequence()) {
      wrong(node.Mark().line + 1, "sectors must be a list: [GOV]");
      return "-";
    }
    for (const auto& s : node) {
      if (!among(kSectors, s.Scalar())) wrong(s.Mark().line + 1, fmt::format("'{}' is no PLOVER sector", s.Scalar()));
      if (!out.empty()) out += ',';
      out += s.Scalar();
    }
    return out.empty() ? "-" : out;
  }
  std::vector<std::string> list(const YAML::Node& node) {
    std::vector<std::string> out;
    if (!node) return out;
    if (!node.IsSequence()) {
      wrong(node.Mark().line + 1, "expected a list: [one, two]");
      return out;
    }
    for (const auto& s : node) {
      if (!s.IsScalar() || s.Scalar().empty()) {
        wrong(s.Mark().line + 1, "expected a word in the list");
        return out;
      }
      out.push_back(s.Scalar());
    }
    return out;
  }
  std::string country(const YAML::Node& node, const YAML::Node& field, bool needed) {
    if (!field) {
      if (needed) wrong(node.Mark().line + 1, "a country code is missing");
      return "-";
    }
    if (!upper3(field.Scalar()))
      wrong(field.Mark().line + 1, fmt::format("expected a country code of three capitals, not '{}'", field.Scalar()));
    return field.Scalar();
  }

  void read_states(const YAML::Node& root) {
    for (const auto& node : root) {
      if (!closed(node, {"code", "name", "also", "adjectives", "people", "shared", "capital", "seats", "cities", "sectors"})) return;
      const int line = node.Mark().line + 1;
      const std::string code = country(node, node["code"], true);
      if (!node["name"]) return wrong(line, "a name is missing");
      const std::string name = node["name"].Scalar();
      std::string own = "GOV";
      if (node["sectors"]) {
        own = sectors(node["sectors"]);
        if (own.find("GOV") == std::string::npos) own = "GOV," + own;
      }
      const uint32_t state = add_entry(keep(name), keep(code + " " + own), "state", line);
      impl.state_of.emplace(code, state);
      add_key(name, {state, Alias::name});
      for (const auto& s : list(node["also"])) add_key(s, {state, Alias::name});
      for (const auto& s : list(node["adjectives"])) {
        add_key(s, {state, Alias::adjective});
        const char end = s.back();
        if (end == 'n' || end == 'i' || end == 't' || end == 'b' || end == 'e'
                ? !s.ends_with("ese") && s != "Argentine" && s != "Slovene" && s != "Philippine"
                : end == 'k' || end == 'o')
          add_key(s + "s", {state, Alias::people});
      }
      for (const auto& s : list(node["people"])) add_key(s, {state, Alias::people});
      for (const auto& s : list(node["shared"])) add_key(s, {state, Alias::people, true});
      std::string_view place = code == "-" ? std::string_view{} : keep(code + " -");
      if (node["capital"]) {
        const std::string& capital = node["capital"].Scalar();
        const uint32_t entry = add_entry(keep(capital), place, "place", line);
        add_key(capital, {entry, Alias::capital});
      }
      for (const auto& s : list(node["cities"])) {
        const uint32_t entry = add_entry(keep(s), place, "place", line);
        add_key(s, {entry, Alias::city});
      }
      if (node["seats"]) {
        if (!node["seats"].IsMap()) return wrong(node["seats"].Mark().line + 1, "seats must be {name: SECTOR}");
        for (const auto& seat : node["seats"]) {
          const std::string& sector = seat.second.Scalar();
          if (!among(kSectors, sector)) return wrong(seat.second.Mark().line + 1, fmt::format("'{}' is no PLOVER sector", sector));
          const uint32_t entry =
              add_entry(keep(seat.first.Scalar()), keep(code + " " + sector), "organisation", seat.first.Mark().line + 1);
          add_key(seat.first.Scalar(), {entry, Alias::seat});
        }
      }
      if (error) return;
    }
  }

  void read_names(const YAML::Node& root) {
    for (const auto& node : root) {
      if (!closed(node, {"country", "sectors", "kind", "names", "since", "until"})) return;
      const int line = node.Mark().line + 1;
      std::string segment = country(node, node["country"], false) + " " + sectors(node["sectors"]);
      if (node["since"] || node["until"])
        segment += " " + (node["since"] ? node["since"].Scalar() : "") + ".." + (node["until"] ? node["until"].Scalar() : "");
      Segment s;
      if (std::string what = read_segment(segment, s); !what.empty()) return wrong(line, std::move(what));
      const std::string_view segments = keep(segment);
      if (!node["kind"] || !among(kKinds, node["kind"].Scalar()))
        return wrong(line, "kind is missing or none of: state, office, person, organisation, armed_group, group, place");
      const std::string_view kind = keep(node["kind"].Scalar());
      if (!node["names"] || !node["names"].IsSequence()) return wrong(line, "names must be a list of name: [other names]");
      for (const auto& item : node["names"]) {
        if (!item.IsMap() || item.size() != 1) return wrong(item.Mark().line + 1, "expected name: [other names]");
        for (const auto& pair : item) {
          const uint32_t entry = add_entry(keep(pair.first.Scalar()), segments, kind, pair.first.Mark().line + 1);
          add_key(pair.first.Scalar(), {entry, Alias::name});
          for (const auto& s : list(pair.second)) add_key(s, {entry, Alias::name});
        }
      }
      if (error) return;
    }
  }

  void read_agents(const YAML::Node& root) {
    std::unordered_map<std::string, int> seen;
    for (const auto& node : root) {
      if (!closed(node,
                  {"sectors", "kind", "words", "takes", "organ", "abroad", "other", "gender", "country", "modifier", "after", "replaces"}))
        return;
      const int line = node.Mark().line + 1;
      const std::vector<std::string> own = split_sectors(keep(sectors(node["sectors"])));
      if (node["modifier"]) {
        Modifier m;
        m.sectors = own;
        m.after = split_sectors(keep(sectors(node["after"])));
        for (const auto& w : list(node["words"])) m.words.push_back(fold(w));
        m.replaces = node["replaces"] && node["replaces"].as<bool>(false);
        for (const auto& w : list(node["modifier"])) impl.modifiers[fold(w)].push_back(m);
        continue;
      }
      Role role;
      role.sectors = own;
      if (!node["kind"] || !among(kKinds, node["kind"].Scalar()))
        return wrong(line, fmt::format("kind is missing or none of: {}", fmt::join(kKinds, ", ")));
      role.kind = node["kind"].Scalar();
      role.takes = node["takes"] && node["takes"].as<bool>(false);
      role.organ = node["organ"] && node["organ"].as<bool>(false);
      role.abroad = node["abroad"] && node["abroad"].as<bool>(false);
      role.other = node["other"] && node["other"].as<bool>(false);
      if (node["country"]) role.country = country(node, node["country"], true);
      if (node["gender"]) {
        if (node["gender"].Scalar() != "m" && node["gender"].Scalar() != "f")
          return wrong(node["gender"].Mark().line + 1, "gender is m or f");
        role.gender = node["gender"].Scalar()[0];
      }
      if (!node["words"]) return wrong(line, "words are missing");
      for (const auto& item : node["words"]) {
        role.word = item.Scalar();
        const std::string key = fold(role.word);
        const auto [at, fresh] = seen.emplace(key, item.Mark().line + 1);
        if (!fresh) return wrong(item.Mark().line + 1, fmt::format("'{}' stands already in line {}", role.word, at->second));
        impl.roles.insert_or_assign(key, role);
      }
      if (error) return;
    }
  }

  void read_acting(const YAML::Node& root) {
    if (!closed(root, {"verbs", "receives", "nouns", "never", "stands_for", "venue", "common", "halves"})) return;
    if (root["stands_for"]) {
      if (!root["stands_for"].IsMap()) return wrong(root["stands_for"].Mark().line + 1, "stands_for must be {place: organisation}");
      for (const auto& pair : root["stands_for"]) impl.stands_for.emplace(fold(pair.first.Scalar()), fold(pair.second.Scalar()));
    }
    if (root["halves"]) {
      if (!root["halves"].IsMap()) return wrong(root["halves"].Mark().line + 1, "halves must be {word: state}");
      for (const auto& pair : root["halves"]) impl.halves.emplace(fold(pair.first.Scalar()), fold(pair.second.Scalar()));
    }
    for (const auto& s : list(root["verbs"])) impl.acting_verbs.insert(s);
    for (const auto& s : list(root["receives"])) impl.receiving_verbs.insert(s);
    for (const auto& s : list(root["nouns"])) impl.acting_nouns.insert(s);
    for (const auto& s : list(root["venue"])) impl.venue_verbs.insert(s);
    for (const auto& s : list(root["never"])) impl.never.insert(fold(s));
    for (const auto& s : list(root["common"])) impl.common.insert(fold(s));
  }
};

void Loader::impl_as_of(std::string_view date) {
  // The date belongs to the file: it is kept with the file's name and read back by facts().
  impl.file_names[file] += '@';
  impl.file_names[file] += date;
}

Actors::Actors() : impl_(std::make_unique<Impl>()) {}
Actors::~Actors() = default;

Result<std::unique_ptr<Actors>> Actors::load(const std::vector<std::filesystem::path>& lexicon) {
  std::unique_ptr<Actors> actors(new Actors);
  Impl& impl = *actors->impl_;
  impl.keys.reserve(1 << 16);
  impl.key_text.reserve(1 << 20);
  impl.entries.reserve(1 << 15);
  impl.roles.reserve(1 << 12);
  uint8_t folder_rank = 0;
  bool any = false;
  // Hand-written files win over made ones, and a later folder over an earlier one.
  static constexpr std::array kOrder = {"states.yaml", "international.yaml", "groups.yaml", "leaders.txt"};
  for (const auto& folder : lexicon) {
    std::error_code none;
    std::vector<std::filesystem::path> paths;
    const auto below = folder / "actors";
    if (std::filesystem::is_directory(below, none))
      for (const auto& item : std::filesystem::directory_iterator(below, none))
        if (item.is_regular_file() && (item.path().extension() == ".yaml" || item.path().extension() == ".txt"))
          paths.push_back(item.path());
    if (std::filesystem::is_regular_file(folder / "agents.yaml", none)) paths.push_back(folder / "agents.yaml");
    const auto order = [](const std::filesystem::path& p) {
      const auto at = std::find(kOrder.begin(), kOrder.end(), p.filename().string());
      return std::pair(static_cast<size_t>(at - kOrder.begin()), p.filename().string());
    };
    std::sort(paths.begin(), paths.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
    for (const auto& path : paths) {
      std::string bytes(std::filesystem::file_size(path, none), '\0');
      std::ifstream in(path, std::ios::binary);
      if (none || !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        return fail(ErrorCode::unreadable, "cannot read the file", path.string());
      any = true;
      const std::string stem = path.stem().string();
      impl.file_names.push_back(path.filename() == "agents.yaml" ? "agents" : "actors/" + stem);
      Loader loader{impl, path.string(), static_cast<uint16_t>(impl.file_names.size() - 1), 0, {}};
      loader.rank = static_cast<uint8_t>(folder_rank + (kOrder.size() - order(path).first) +
                                         (path.extension() == ".yaml" && order(path).first == kOrder.size() ? 1 : 0));
      if (path.extension() == ".txt") {
        loader.read_lines(std::move(bytes));
      } else {
        try {
          const YAML::Node root = YAML::Load(bytes);
          const bool acting = stem == "acting";
          if (acting ? !root.IsMap() : !root.IsSequence())
            loader.wrong(1, acting ? "expected key: [words]" : "expected a list of entries");
          else if (acting)
            loader.read_acting(root);
          else if (stem == "agents")
            loader.read_agents(root);
          else if (root.size() && root[0].IsMap() && root[0]["code"])
            loader.read_states(root);
          else
            loader.read_names(root);
        } catch (const YAML::Exception& e) {
          loader.wrong(e.mark.line + 1, e.msg);
        }
      }
      if (loader.error) return tl::unexpected<Error>(*loader.error);
    }
    folder_rank = static_cast<uint8_t>(folder_rank + kOrder.size() + 2);
  }
  std::sort(impl.last_names.begin(), impl.last_names.end());
  if (!any)
    return fail(ErrorCode::bad_data, "no actor dictionary found: actors/*.yaml and agents.yaml are missing",
                lexicon.empty() ? "" : lexicon.front().string());
  return actors;
}

void Actors::Impl::find(std::string_view folded, bool raw_acronym, std::vector<Hit>& out) const {
  out.clear();
  const uint32_t* at = index.find(hash(folded));
  if (at == nullptr) return;
  for (int32_t i = static_cast<int32_t>(*at); i >= 0; i = keys[static_cast<size_t>(i)].next) {
    const Key& k = keys[static_cast<size_t>(i)];
    if (k.acronym && !raw_acronym) continue;
    if (std::string_view(key_text).substr(k.text, k.size) == folded) out.push_back(k.hit);
  }
}

bool Actors::Impl::may_begin(std::string_view folded_word) const {
  return first_words.find(hash(folded_word.substr(0, folded_word.find(' ')))) != nullptr;
}

std::string Actors::Impl::why(uint32_t entry) const {
  const Entry& e = entries[entry];
  const std::string& file = file_names[e.file];
  const auto stem = std::string_view(file).substr(0, file.find('@'));
  if (e.kind == "state") return fmt::format("{}:{}", stem, e.segments.substr(0, 3));
  return fmt::format("{}:{} line {}", stem, e.name, e.line);
}

ActorFacts Actors::Impl::facts(uint32_t index_of_entry, std::string_view date) const {
  const Entry& e = entries[index_of_entry];
  ActorFacts out;
  out.name = e.name;
  out.kind = e.kind;
  out.why = why(index_of_entry);
  const std::string& file = file_names[e.file];
  const size_t at = file.find('@');
  const std::string_view as_of = at == std::string::npos ? std::string_view{} : std::string_view(file).substr(at + 1);

  std::vector<Segment> all;
  for (std::string_view rest = e.segments; !rest.empty();) {
    Segment s;
    if (read_segment(next_part(rest, ';'), s).empty()) all.push_back(s);
  }
  const Segment* found = nullptr;
  const Segment* beyond = nullptr;  // an office that was still held when the file was made
  if (!date.empty()) {
    for (const Segment& s : all) {
      if (!s.dated) continue;
      if ((s.from.empty() || s.from <= date) && (s.to.empty() || date <= s.to)) {
        if (s.to.empty() && !as_of.empty() && date > as_of)
          beyond = &s;
        else if (!found || (found->sectors.starts_with("ELI") && !s.sectors.starts_with("ELI")))
          found = &s;
      }
    }
    if (!found && !beyond)
      for (const Segment& s : all)
        if (!s.dated && !found) found = &s;
  } else {
    // Without a date only what always holds is told.
    found = all.size() == 1 && (!all[0].dated || e.kind != "person") ? &all[0] : nullptr;
  }
  const auto common_country = [&]() -> std::optional<std::string> {
    for (const Segment& s : all)
      if (s.country != all.front().country) return std::nullopt;
    return all.empty() || all.front().country == "-" ? std::nullopt : std::optional<std::string>(all.front().country);
  };
  if (found) {
    if (found->country != "-") out.country = found->country;
    out.sectors = split_sectors(found->sectors);
    if (!found->office.empty()) out.office = found->office;
    if (found->dated && !date.empty()) out.why += fmt::format(" ({}..{})", found->from, found->to);
  } else {
    out.country = beyond && beyond->country != "-" ? std::optional<std::string>(beyond->country) : common_country();
    if (beyond)
      out.why += fmt::format(" (office known up to {} only)", as_of);
    else if (date.empty() && e.kind == "person")
      out.why += " (no date: office open)";
    else if (e.kind == "person")
      out.why += " (no office on that date)";
  }
  return out;
}

std::optional<Hit> Actors::Impl::choose(const std::vector<Hit>& hits, std::string_view date, bool person) const {
  if (hits.empty()) return std::nullopt;
  uint8_t top = 0;
  for (const Hit& h : hits)
    if (!person || entries[h.entry].kind == "person") top = std::max(top, entries[h.entry].rank);
  std::vector<Hit> best;
  for (const Hit& h : hits)
    if (entries[h.entry].rank == top && (!person || entries[h.entry].kind == "person")) best.push_back(h);
  if (best.empty()) return std::nullopt;
  if (best.size() == 1) return best[0];
  if (entries[best[0].entry].kind != "person") {
    // The state before its people, its people before a town; else the first written.
    return *std::min_element(best.begin(), best.end(), [](const Hit& a, const Hit& b) {
      return std::tuple(a.alias, a.shared, a.entry) < std::tuple(b.alias, b.shared, b.entry);
    });
  }
  const Hit* in_office = nullptr;
  int holders = 0;
  for (const Hit& h : best) {
    const ActorFacts f = facts(h.entry, date);
    if (!f.sectors.empty() && f.sectors[0] != "ELI") {
      ++holders;
      in_office = &h;
    }
  }
  if (holders == 1) return *in_office;
  // Two office holders of one name: which one is meant stays open, unless the country is the same.
  std::sort(best.begin(), best.end(), [](const Hit& a, const Hit& b) { return a.entry < b.entry; });
  for (const Hit& h : best)
    if (country(h.entry) != country(best[0].entry)) return std::nullopt;
  return best[0];
}

std::optional<ActorFacts> Actors::Impl::by_last_name(std::string_view name, std::string_view date) const {
  const std::string_view last = name.substr(name.rfind(' ') + 1);
  const std::string_view given = name.size() > last.size() ? name.substr(0, name.find(' ') + 1) : std::string_view{};
  const uint64_t h = hash(last);
  auto at = std::lower_bound(last_names.begin(), last_names.end(), std::pair<uint64_t, uint32_t>(h, 0));
  std::optional<std::string> now, ever;
  bool several_now = false, several_ever = false;
  for (; at != last_names.end() && at->first == h; ++at) {
    // Another given name is another person: "Ana Gandhi" tells nothing of India.
    if (!given.empty() && !fold(entries[at->second].name).starts_with(given)) continue;
    const ActorFacts f = facts(at->second, date);
    if (!f.country) continue;
    if (!ever)
      ever = f.country;
    else if (*ever != *f.country)
      several_ever = true;
    if (f.sectors.empty() || f.sectors[0] == "ELI") continue;
    if (!now)
      now = f.country;
    else if (*now != *f.country)
      several_now = true;
  }
  ActorFacts out;
  if (now && !several_now)
    out.country = now;
  else if (!now && ever && !several_ever)
    out.country = ever;
  else
    return std::nullopt;
  out.kind = "person";
  out.why = fmt::format("actors/persons: office holders named {} are of {}", last, *out.country);
  return out;
}

bool Actors::Impl::common_name(std::string_view folded) const {
  while (!folded.empty())
    if (!common.contains(std::string(next_part(folded, ' ')))) return false;
  return true;
}

const Role* Actors::Impl::role(std::string_view phrase) const {
  const auto at = roles.find(std::string(phrase));
  return at == roles.end() ? nullptr : &at->second;
}

std::optional<ActorFacts> Actors::find_name(std::string_view name, std::string_view date) const {
  std::vector<Hit> hits;
  const std::string folded = fold(name);
  impl_->find(folded, is_acronym(name), hits);
  const auto hit = impl_->choose(hits, date, false);
  if (!hit) return std::nullopt;
  ActorFacts out = impl_->facts(hit->entry, date);
  if (hit->alias == Alias::people) {
    out.kind = "group";
    out.sectors = {"CVL"};
  }
  return out;
}

std::optional<ActorFacts> Actors::find_role(std::string_view lemma_phrase) const {
  std::string folded = fold(lemma_phrase);
  std::string_view rest = folded;
  for (;;) {
    if (const Role* r = impl_->role(rest)) {
      ActorFacts out;
      out.name = r->word;
      out.kind = r->kind;
      if (!r->country.empty()) out.country = r->country;
      out.sectors = r->sectors;
      if (r->kind == "office") out.office = folded;
      out.why = "agents:" + r->word;
      return out;
    }
    const size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
}

std::optional<std::string> Actors::country_of(std::string_view name) const {
  std::vector<Hit> hits;
  impl_->find(fold(name), is_acronym(name), hits);
  const Hit* best = nullptr;
  for (const Hit& h : hits)
    if (impl_->entries[h.entry].kind == "state" && (!best || impl_->entries[h.entry].rank > impl_->entries[best->entry].rank)) best = &h;
  if (!best) return std::nullopt;
  return std::string(impl_->country(best->entry));
}

}  // namespace reportedly::entities
