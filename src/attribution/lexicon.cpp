// Reading and validating lexicon/cues.yaml and lexicon/stances.yaml.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "attribution/cues.h"
#include "base/yaml.h"

namespace reportedly::attribution {
namespace {

namespace fs = std::filesystem;
namespace YAML = yaml;

constexpr std::array<std::string_view, 5> kKindKeys{"verbs", "nouns", "adjectives", "adverbs", "phrases"};

/// A mistake in a lexicon file, thrown inside this file only and caught in `load`.
struct Mistake {
  std::string message;
  int line = 0;
};

std::vector<std::string> split(std::string_view s) {
  std::vector<std::string> out;
  while (!s.empty()) {
    const size_t space = s.find(' ');
    if (space != 0) out.emplace_back(s.substr(0, space));
    s = space == std::string_view::npos ? std::string_view{} : s.substr(space + 1);
  }
  return out;
}

int line_of(const YAML::Node& node) {
  return node.Mark().line + 1;
}

void check_keys(const YAML::Node& map, std::initializer_list<std::string_view> allowed, std::string_view where) {
  if (!map.IsMap()) throw Mistake{fmt::format("{}: a mapping is expected", where), line_of(map)};
  for (const auto& pair : map) {
    const auto key = pair.first.as<std::string>();
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
      throw Mistake{fmt::format("{}: unknown key '{}'; expected one of: {}", where, key, fmt::join(allowed, ", ")), line_of(pair.first)};
  }
}

std::string scalar(const YAML::Node& node, std::string_view what) {
  if (!node.IsDefined() || !node.IsScalar() || node.Scalar().empty())
    throw Mistake{fmt::format("{}: a word is expected", what), node.IsDefined() ? line_of(node) : 0};
  return node.Scalar();
}

Stance stance(const YAML::Node& node, std::string_view where) {
  const std::string name = scalar(node, where);
  const auto value = stance_from_name(name);
  if (!value)
    throw Mistake{
        fmt::format("{}: '{}' is no stance; expected one of: asserts denies doubts withholds asks demands promises threatens accuses "
                    "supposes hopes fears concedes relays",
                    where, name),
        line_of(node)};
  return *value;
}

std::vector<std::pair<std::string, int>> words(const YAML::Node& node, std::string_view where) {
  if (!node.IsSequence()) throw Mistake{fmt::format("{}: a list [..., ...] is expected", where), line_of(node)};
  std::vector<std::pair<std::string, int>> out;
  for (const auto& item : node) out.emplace_back(scalar(item, where), line_of(item));
  return out;
}

void add_words(const YAML::Node& map, const char* key, WordSet& set, std::string_view where) {
  if (const YAML::Node node = map[key])
    for (auto& [word, line] : words(node, fmt::format("{}.{}", where, key))) set.insert(word);
}

/// An example must hold its cue, so that a slip in either is seen when the file is read.
void check_example(const YAML::Node& example, std::string_view where, bool needs_stance) {
  check_keys(example, {"text", "cue", "stance", "hypothetical"}, where);
  const std::string text = scalar(example["text"], "examples.text"), cue = scalar(example["cue"], "examples.cue");
  if (text.find(cue) == std::string::npos)
    throw Mistake{fmt::format("{}: the example's text does not hold its cue '{}'", where, cue), line_of(example)};
  if (example["stance"])
    stance(example["stance"], where);
  else if (needs_stance)
    throw Mistake{fmt::format("{}: an example needs a stance", where), line_of(example)};
}

Takes takes(const YAML::Node& node, std::string_view where) {
  Takes t;
  for (auto& [name, line] : words(node, where)) {
    if (name == "clause")
      t.clause = true;
    else if (name == "quotation")
      t.quotation = true;
    else if (name == "infinitive")
      t.infinitive = true;
    else if (name == "person")
      t.person = true;
    else if (name == "object")
      t.object = true;
    else if (name == "complaint")
      t.complaint = true;
    else
      throw Mistake{fmt::format("{}: '{}' is unknown; expected clause, quotation, infinitive, person, object or complaint", where, name),
                    line};
  }
  return t;
}

void read_cues(const YAML::Node& root, CueLexicon::Impl& lexicon, std::map<std::pair<int, std::string>, uint32_t>& known) {
  check_keys(root, {"groups", "not_cues", "not_labels"}, "cues");
  if (const YAML::Node node = root["not_cues"])
    for (auto& [word, line] : words(node, "not_cues")) lexicon.not_cues.insert(word);
  if (const YAML::Node node = root["not_labels"])
    for (auto& [word, line] : words(node, "not_labels")) lexicon.not_labels.insert(word);
  const YAML::Node groups = root["groups"];
  if (!groups || !groups.IsSequence()) throw Mistake{"cues: 'groups' is expected, a list of groups", line_of(root)};
  std::map<std::pair<int, std::string>, std::string> in_this_file;
  for (const auto& g : groups) {
    check_keys(g, {"id", "stance", "negated", "takes", "opinion", "verbs", "nouns", "adjectives", "adverbs", "phrases", "examples"},
               "group");
    CueGroup group;
    if (!g["id"]) throw Mistake{"group: 'id' is missing", line_of(g)};
    group.id = scalar(g["id"], "group.id");
    if (!g["stance"]) throw Mistake{fmt::format("group {}: 'stance' is missing", group.id), line_of(g)};
    group.stance = stance(g["stance"], "group " + group.id);
    if (g["negated"]) group.negated = stance(g["negated"], "group " + group.id);
    if (g["takes"]) group.takes = takes(g["takes"], "group " + group.id);
    if (g["opinion"]) {
      if (g["opinion"].Scalar() != "true" && g["opinion"].Scalar() != "false")
        throw Mistake{fmt::format("group {}: 'opinion' is true or false", group.id), line_of(g["opinion"])};
      group.opinion = g["opinion"].Scalar() == "true";
    }
    const YAML::Node examples = g["examples"];
    if (!examples || !examples.IsSequence() || examples.size() == 0)
      throw Mistake{fmt::format("group {}: 'examples' is missing; every group has at least one", group.id), line_of(g)};
    for (const auto& e : examples) check_example(e, "group " + group.id, true);
    const auto number = static_cast<uint32_t>(lexicon.groups.size());
    lexicon.groups.push_back(group);
    for (size_t kind = 0; kind < kKindKeys.size(); ++kind) {
      const YAML::Node list = g[std::string(kKindKeys[kind])];
      if (!list) continue;
      for (auto& [text, line] : words(list, fmt::format("group {}.{}", group.id, kKindKeys[kind]))) {
        const std::pair<int, std::string> key{static_cast<int>(kind), text};
        if (const auto [it, fresh] = in_this_file.emplace(key, group.id); !fresh)
          throw Mistake{fmt::format("'{}' stands in group {} already, as one of the {}", text, it->second, kKindKeys[kind]), line};
        CueEntry entry;
        entry.words = split(text);
        entry.kind = static_cast<CueKind>(kind);
        if (entry.kind != CueKind::phrase && entry.words.size() > 1 && (entry.words.front() == "be" || entry.words.front() == "not")) {
          (entry.words.front() == "be" ? entry.be : entry.negative) = true;
          entry.words.erase(entry.words.begin());
        }
        entry.group = number;
        entry.text = text;
        if (entry.words.front() == "*") throw Mistake{fmt::format("'{}': a phrase cannot begin with *", text), line};
        if (const auto it = known.find(key); it != known.end()) {
          lexicon.entries[it->second] = std::move(entry);  // a later folder wins
        } else {
          known.emplace(key, static_cast<uint32_t>(lexicon.entries.size()));
          lexicon.entries.push_back(std::move(entry));
        }
      }
    }
  }
}

void read_stances(const YAML::Node& root, CueLexicon::Impl& lexicon) {
  check_keys(root,
             {"negation", "refusers", "carriers", "hypothetical", "dismissive", "denial", "contrary", "other_account", "uncertain",
              "own_act", "pledges", "no_promise", "constructions", "examples"},
             "stances");
  if (const YAML::Node n = root["negation"]) {
    check_keys(n, {"words", "determiners", "subjects", "not_negation"}, "negation");
    add_words(n, "words", lexicon.negators, "negation");
    add_words(n, "determiners", lexicon.negative_determiners, "negation");
    add_words(n, "subjects", lexicon.negative_subjects, "negation");
    add_words(n, "not_negation", lexicon.not_negation, "negation");
  }
  add_words(root, "refusers", lexicon.refusers, "stances");
  add_words(root, "carriers", lexicon.carriers, "stances");
  add_words(root, "dismissive", lexicon.dismissive, "stances");
  add_words(root, "own_act", lexicon.own_act, "stances");
  add_words(root, "pledges", lexicon.pledges, "stances");
  add_words(root, "contrary", lexicon.contrary, "stances");
  if (const YAML::Node n = root["other_account"]) {
    check_keys(n, {"nouns", "words"}, "other_account");
    add_words(n, "nouns", lexicon.accounts, "other_account");
    add_words(n, "words", lexicon.other, "other_account");
  }
  if (const YAML::Node n = root["uncertain"]) {
    check_keys(n, {"auxiliaries", "adverbs", "adjectives"}, "uncertain");
    add_words(n, "auxiliaries", lexicon.uncertain_auxiliaries, "uncertain");
    add_words(n, "adverbs", lexicon.uncertain_adverbs, "uncertain");
    add_words(n, "adjectives", lexicon.uncertain_adjectives, "uncertain");
  }
  add_words(root, "no_promise", lexicon.no_promise, "stances");
  if (const YAML::Node n = root["denial"]) {
    check_keys(n, {"adverbs", "subjects", "determiners", "answers"}, "denial");
    add_words(n, "adverbs", lexicon.denial_adverbs, "denial");
    add_words(n, "subjects", lexicon.denial_subjects, "denial");
    add_words(n, "determiners", lexicon.denial_determiners, "denial");
    add_words(n, "answers", lexicon.denial_answers, "denial");
  }
  if (const YAML::Node h = root["hypothetical"]) {
    check_keys(h, {"auxiliaries", "conditions", "governors", "polite", "never"}, "hypothetical");
    add_words(h, "auxiliaries", lexicon.modals, "hypothetical");
    add_words(h, "conditions", lexicon.conditions, "hypothetical");
    add_words(h, "governors", lexicon.governors, "hypothetical");
    add_words(h, "polite", lexicon.polite, "hypothetical");
    add_words(h, "never", lexicon.never_hypothetical, "hypothetical");
  }
  if (const YAML::Node list = root["constructions"]) {
    if (!list.IsSequence()) throw Mistake{"constructions: a list is expected", line_of(list)};
    for (const auto& c : list) {
      check_keys(c, {"id", "words", "stance"}, "construction");
      Construction out;
      out.id = scalar(c["id"], "construction.id");
      for (auto& [word, line] : words(c["words"], "construction " + out.id)) out.words.push_back(word);
      if (out.words.size() < 2) throw Mistake{fmt::format("construction {}: two words or more are expected", out.id), line_of(c)};
      out.stance = stance(c["stance"], "construction " + out.id);
      lexicon.constructions_by_first[out.words.front()].push_back(static_cast<uint32_t>(lexicon.constructions.size()));
      lexicon.constructions.push_back(std::move(out));
    }
  }
  if (const YAML::Node examples = root["examples"])
    for (const auto& e : examples) check_example(e, "stances", false);
}

/// Entries that ask for more go first.
size_t weight(const CueEntry& e) {
  return 2 * e.words.size() + (e.be || e.negative ? 1 : 0);
}

}  // namespace

CueLexicon::CueLexicon() : impl_(std::make_unique<Impl>()) {}
CueLexicon::~CueLexicon() = default;

Result<std::unique_ptr<CueLexicon>> CueLexicon::load(const std::vector<fs::path>& folders) {
  std::unique_ptr<CueLexicon> lexicon(new CueLexicon());
  Impl& impl = *lexicon->impl_;
  std::map<std::pair<int, std::string>, uint32_t> known;
  bool any = false;
  for (const fs::path& folder : folders) {
    for (const bool cues : {true, false}) {
      const fs::path path = folder / (cues ? "cues.yaml" : "stances.yaml");
      std::error_code ignored;
      if (!fs::exists(path, ignored)) continue;
      try {
        const YAML::Node root = YAML::LoadFile(path.string());
        if (cues)
          read_cues(root, impl, known);
        else
          read_stances(root, impl);
        any |= cues;
      } catch (const Mistake& m) {
        return fail(ErrorCode::bad_data, m.message, fmt::format("{}:{}", path.string(), m.line));
      } catch (const YAML::Exception& e) {
        return fail(ErrorCode::bad_data, e.msg, fmt::format("{}:{}", path.string(), e.mark.line + 1));
      }
    }
  }
  if (!any) return fail(ErrorCode::bad_data, "no cues.yaml in the lexicon", folders.empty() ? std::string() : folders.front().string());
  for (uint32_t i = 0; i < impl.entries.size(); ++i)
    impl.by_first[static_cast<size_t>(impl.entries[i].kind)][impl.entries[i].words.front()].push_back(i);
  for (auto& kind : impl.by_first)
    for (auto& [first, list] : kind)
      std::stable_sort(list.begin(), list.end(), [&](uint32_t a, uint32_t b) { return weight(impl.entries[a]) > weight(impl.entries[b]); });
  return lexicon;
}

}  // namespace reportedly::attribution
