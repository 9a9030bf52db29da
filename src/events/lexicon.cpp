#include "events/lexicon.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/yaml.h"

namespace reportedly::events {
namespace fs = std::filesystem;
namespace YAML = yaml;
namespace {

constexpr std::string_view kPrepositions[] = {
    "about",   "across",     "after",  "against", "along",   "alongside", "among",   "amid",   "around",    "as",      "at",
    "before",  "behind",     "beside", "between", "beyond",  "by",        "despite", "during", "following", "for",     "from",
    "in",      "inside",     "into",   "near",    "of",      "off",       "on",      "onto",   "out",       "outside", "over",
    "through", "throughout", "to",     "toward",  "towards", "under",     "upon",    "via",    "with",      "within",  "without"};

/// Reads one file after the other into Impl; keeps the first mistake with file and line.
class Reader {
 public:
  explicit Reader(EventLexicon::Impl& lexicon) : lexicon_(lexicon) {}

  bool ok() const { return !error_; }
  const Error& error() const { return *error_; }

  /// Classes and word lists first, entries in the second round: an entry may name a class of any file.
  void events_file(const fs::path& path, uint32_t folder, bool entries) {
    load(path, [&](const YAML::Node& root) {
      if (root.IsSequence()) {
        if (entries)
          for (const YAML::Node& node : root) entry(node, folder);
      } else if (root.IsMap()) {
        if (!entries) word_lists(root);
      } else if (!root.IsNull()) {
        wrong(root, "expected a list of entries or a map of word classes");
      }
    });
  }

  void factuality_file(const fs::path& path) {
    load(path, [&](const YAML::Node& root) {
      if (!expect_map(root, {"verbs", "nouns", "adjectives", "objects", "modals", "adverbs"}, "factuality.yaml")) return;
      const std::string stem = "factuality";
      const auto signs = [&](const char* key, auto& into) {
        for (const YAML::Node& node : root[key]) {
          if (!expect_map(node, {"lemma", "positive", "negative", "future", "refused"}, key)) return;
          Signature s;
          s.positive = value(node["positive"]);
          s.negative = value(node["negative"]);
          if (node["future"]) {
            const std::string text = scalar(node["future"]);
            if (text == "own")
              s.future = Signature::Future::own;
            else if (text == "word")
              s.future = Signature::Future::word;
            else if (text == "expected")
              s.future = Signature::Future::expected;
            else
              wrong(node["future"], "future is 'own', 'word' or 'expected'");
          }
          if (node["refused"]) s.refused = boolean(node["refused"]);
          for (const std::string& lemma : strings(node["lemma"])) {
            s.why = stem + ":" + lemma;
            into[lemma] = s;
          }
        }
      };
      signs("verbs", lexicon_.verb_signs);
      signs("nouns", lexicon_.noun_signs);
      signs("adjectives", lexicon_.adjective_signs);
      signs("objects", lexicon_.object_signs);
      const auto values = [&](const char* key, auto& into) {
        for (const YAML::Node& node : root[key]) {
          if (!expect_map(node, {"lemma", "value"}, key)) return;
          const Factuality v = value(node["value"]);
          for (const std::string& lemma : strings(node["lemma"])) into[lemma] = v;
        }
      };
      values("modals", lexicon_.modals);
      values("adverbs", lexicon_.adverbs);
    });
  }

  void contexts_file(const fs::path& path) {
    load(path, [&](const YAML::Node& root) {
      if (!root.IsMap()) return void(wrong(root, "expected a map: context to words"));
      for (const auto& pair : root) {
        const std::string context = scalar(pair.first);
        if (!known_context(context))
          return void(wrong(pair.first, fmt::format("no such context '{}'; expected one of PLOVER's 37", context)));
        for (const std::string& word : strings(pair.second)) {
          std::vector<std::string>& list = lexicon_.context_words[word];
          if (std::find(list.begin(), list.end(), context) == list.end()) list.push_back(context);
        }
      }
    });
  }

  void genres_file(const fs::path& path) {
    load(path, [&](const YAML::Node& root) {
      if (!root.IsMap()) return void(wrong(root, "expected a map: genre to its words"));
      for (const auto& pair : root) {
        if (!expect_map(pair.second, {"spares", "strong", "weak"}, "genre")) return;
        Genre genre{scalar(pair.first), Genre::Spares::none};
        if (pair.second["spares"]) {
          const std::string spares = scalar(pair.second["spares"]);
          if (spares == "state")
            genre.spares = Genre::Spares::state;
          else if (spares == "government")
            genre.spares = Genre::Spares::government;
          else if (spares == "political")
            genre.spares = Genre::Spares::political;
          else if (spares != "none")
            return void(wrong(pair.second["spares"], "spares is 'none', 'state', 'government' or 'political'"));
        }
        const auto same =
            std::find_if(lexicon_.genres.begin(), lexicon_.genres.end(), [&](const Genre& g) { return g.name == genre.name; });
        const auto index = static_cast<uint8_t>(same - lexicon_.genres.begin());
        if (same == lexicon_.genres.end()) {
          if (lexicon_.genres.size() >= 32) return void(wrong(pair.first, "no more than 32 genres"));
          lexicon_.genres.push_back(std::move(genre));
        } else {
          *same = std::move(genre);
        }
        for (const auto& [key, weight] : {std::pair("strong", uint8_t{2}), std::pair("weak", uint8_t{1})})
          if (pair.second[key])
            for (const std::string& word : strings(pair.second[key])) lexicon_.genre_words[word].push_back({index, weight});
      }
    });
  }

  void finish() {
    for (uint32_t e = 0; e < lexicon_.entries.size(); ++e) {
      const Entry& entry = lexicon_.entries[e];
      for (uint32_t t = 0; t < entry.triggers.size(); ++t) lexicon_.index[entry.triggers[t].lemma].push_back({e, t});
    }
    for (auto& [lemma, list] : lexicon_.index)
      std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  }

 private:
  /// The user's folder before ours, then phrases and particles before bare words, then more conditions before fewer.
  uint32_t rank(const EventLexicon::Impl::Indexed& i) const {
    const Entry& e = lexicon_.entries[i.entry];
    const Trigger& t = e.triggers[i.trigger];
    return e.rank + 100 * static_cast<uint32_t>(t.before.size() + (t.particle.empty() ? 0 : 1));
  }

  template <class F>
  void load(const fs::path& path, F&& read) {
    if (error_) return;
    file_ = path;
    try {
      // Event files are read twice, classes first; they are parsed once.
      const auto [known, fresh] = parsed_.try_emplace(path);
      if (fresh) known->second = YAML::LoadFile(path.string());
      read(known->second);
    } catch (const YAML::Exception& e) {
      error_ =
          Error{ErrorCode::bad_data, fmt::format("not readable as YAML: {}", e.msg), fmt::format("{}:{}", path.string(), e.mark.line + 1)};
    }
  }

  bool wrong(const YAML::Node& node, std::string message) {
    if (!error_) error_ = Error{ErrorCode::bad_data, std::move(message), fmt::format("{}:{}", file_.string(), node.Mark().line + 1)};
    return false;
  }

  std::string scalar(const YAML::Node& node) {
    if (!node.IsScalar()) {
      wrong(node, "expected one word or line of text");
      return {};
    }
    return node.Scalar();
  }
  bool boolean(const YAML::Node& node) {
    const std::string text = scalar(node);
    if (text != "true" && text != "false" && text != "yes" && text != "no") wrong(node, "expected true or false");
    return text == "true" || text == "yes";
  }
  std::vector<std::string> strings(const YAML::Node& node) {
    std::vector<std::string> out;
    if (node.IsScalar())
      out.push_back(node.Scalar());
    else if (node.IsSequence())
      for (const YAML::Node& item : node) out.push_back(scalar(item));
    else
      wrong(node, "expected a word or a list of words");
    return out;
  }
  bool expect_map(const YAML::Node& node, std::initializer_list<std::string_view> keys, std::string_view of) {
    if (!node.IsMap()) return wrong(node, fmt::format("{}: expected a map", of));
    for (const auto& pair : node) {
      const std::string key = scalar(pair.first);
      if (std::find(keys.begin(), keys.end(), key) == keys.end())
        return wrong(pair.first, fmt::format("{}: unknown key '{}'; expected one of: {}", of, key, fmt::join(keys, ", ")));
    }
    return ok();
  }
  Factuality value(const YAML::Node& node) {
    if (!node) {
      if (!error_)
        error_ =
            Error{ErrorCode::bad_data, "a value of factuality is missing; expected one of CT+ PR+ PS+ CT- PR- PS- CTu Uu", file_.string()};
      return Factuality::uu;
    }
    const std::string text = scalar(node);
    for (int i = 0; i < 8; ++i)
      if (text == factuality_name(static_cast<Factuality>(i))) return static_cast<Factuality>(i);
    wrong(node, fmt::format("no such factuality '{}'; expected one of CT+ PR+ PS+ CT- PR- PS- CTu Uu", text));
    return Factuality::uu;
  }

  void word_lists(const YAML::Node& root) {
    if (!expect_map(root, {"classes", "support", "occurrence", "transparent_verbs", "transparent_nouns"}, "word classes")) return;
    for (const auto& pair : root["classes"]) {
      WordSet& words = lexicon_.classes[scalar(pair.first)];
      words.clear();
      for (const std::string& word : strings(pair.second)) words.insert(word);
    }
    const auto list = [&](const char* key, WordSet& into) {
      if (root[key])
        for (const std::string& word : strings(root[key])) into.insert(word);
    };
    list("support", lexicon_.support);
    list("occurrence", lexicon_.occurrence);
    list("transparent_verbs", lexicon_.transparent_verbs);
    list("transparent_nouns", lexicon_.transparent_nouns);
  }

  /// "@class" is replaced by the words of the class; what has a space goes to `phrases`.
  void lemmas(const YAML::Node& node, WordSet& words, std::vector<std::string>* phrases) {
    for (const std::string& item : strings(node)) {
      if (item.starts_with('@')) {
        const auto it = lexicon_.classes.find(std::string_view(item).substr(1));
        if (it == lexicon_.classes.end()) {
          wrong(node, fmt::format("no word class '{}'", item));
          return;
        }
        for (const std::string& word : it->second) lemma(word, words, phrases);
      } else {
        lemma(item, words, phrases);
      }
    }
  }
  /// The tokens of a phrase: hyphens are words of their own in the trees ("live-fire drill").
  static std::string apart(const std::string& word) {
    std::string out;
    for (size_t i = 0; i < word.size(); ++i)
      if (word[i] == '-' && i > 0 && i + 1 < word.size() && word[i - 1] != ' ' && word[i + 1] != ' ')
        out += " - ";
      else
        out += word[i];
    return out;
  }
  static void lemma(const std::string& word, WordSet& words, std::vector<std::string>* phrases) {
    const std::string tokens = apart(word);
    if (phrases && tokens.find(' ') != std::string::npos) phrases->push_back(tokens);
    if (!phrases || word.find(' ') == std::string::npos) words.insert(word);
  }

  Arg argument(const YAML::Node& node, std::string text, bool allow_content) {
    while (!text.empty() && text.front() == ' ') text.erase(text.begin());
    while (!text.empty() && text.back() == ' ') text.pop_back();
    Arg arg;
    arg.text = text;
    if (allow_content && text.starts_with("content.")) {
      arg.of_content = true;
      text.erase(0, 8);
    }
    if (const size_t dot = text.find('.'); dot != std::string::npos) {
      arg.then.push_back(argument(node, text.substr(dot + 1), false));
      text.erase(dot);
    }
    static constexpr std::pair<std::string_view, Arg::Kind> kNames[] = {
        {"subject", Arg::Kind::subject},   {"object", Arg::Kind::object},   {"indirect", Arg::Kind::indirect},
        {"clause", Arg::Kind::clause},     {"content", Arg::Kind::content}, {"possessor", Arg::Kind::possessor},
        {"modifier", Arg::Kind::modifier}, {"adverb", Arg::Kind::adverb},   {"governor", Arg::Kind::governor}};
    for (const auto& [name, kind] : kNames)
      if (text == name) {
        arg.kind = kind;
        return arg;
      }
    if (arg.of_content && arg.then.empty() && (text == "actor" || text == "recipient")) {
      arg.kind = text == "actor" ? Arg::Kind::actor : Arg::Kind::recipient;
      return arg;
    }
    arg.kind = Arg::Kind::prep;
    arg.prep = text;
    if (std::find(std::begin(kPrepositions), std::end(kPrepositions), text) == std::end(kPrepositions))
      wrong(node, fmt::format("no such place '{}'; expected subject, object, indirect, clause, content, possessor, modifier, adverb, "
                              "governor or a preposition",
                              text));
    return arg;
  }

  static std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> out(1);
    for (const char c : text)
      if (c == at)
        out.emplace_back();
      else
        out.back() += c;
    return out;
  }

  Test test(const YAML::Node& node) {
    Test t;
    if (node.IsScalar()) {
      const std::string word = node.Scalar();
      if (word == "any")
        t.presence = Test::Presence::any;
      else if (word == "none")
        t.presence = Test::Presence::absent;
      else if (word == "required")
        t.presence = Test::Presence::required;
      else
        lemmas(node, t.lemmas, &t.phrases);
    } else if (node.IsSequence()) {
      lemmas(node, t.lemmas, &t.phrases);
    } else if (expect_map(node, {"lemma", "kind", "sector", "actor", "if_present"}, "condition")) {
      if (node["lemma"]) lemmas(node["lemma"], t.lemmas, &t.phrases);
      if (node["kind"])
        for (const std::string& kind : strings(node["kind"])) {
          if (!known_kind(kind)) wrong(node["kind"], fmt::format("no such kind of entity '{}'", kind));
          t.kinds.push_back(kind);
        }
      if (node["sector"])
        for (const std::string& sector : strings(node["sector"])) {
          if (!known_sector(sector)) wrong(node["sector"], fmt::format("no such sector '{}'", sector));
          t.sectors.push_back(sector);
        }
      if (node["actor"]) t.actor = boolean(node["actor"]);
      if (node["if_present"] && boolean(node["if_present"])) t.presence = Test::Presence::any;
    }
    return t;
  }

  void conditions(const YAML::Node& node, std::vector<Condition>& into) {
    if (!node) return;
    if (!node.IsMap()) return void(wrong(node, "expected a map: place to condition"));
    for (const auto& pair : node) {
      Condition c;
      for (const std::string& name : split(scalar(pair.first), '|')) c.args.push_back(argument(pair.first, name, true));
      c.test = test(pair.second);
      into.push_back(std::move(c));
    }
  }

  Source source(const YAML::Node& node) {
    Source s;
    if (!node) return s;
    s.given = true;
    for (const std::string& item : strings(node)) {
      if (item == "none") continue;
      std::vector<Arg> all;
      for (const std::string& name : split(item, '&')) all.push_back(argument(node, name, true));
      s.alternatives.push_back(std::move(all));
    }
    return s;
  }

  TypeSet types(const YAML::Node& node) {
    TypeSet set = 0;
    for (const std::string& name : strings(node)) {
      if (name == "any") return kAnyType;
      const auto type = type_from(name);
      if (!type)
        wrong(node, fmt::format("no such type '{}'; expected one of PLOVER's 16 or any", name));
      else
        set |= bit(*type);
    }
    return set;
  }

  Content content(const YAML::Node& node) {
    Content c;
    if (!node) return c;
    c.given = true;
    const auto via = [&](const std::string& name) { c.via.push_back(argument(node, name, false)); };
    if (node.IsScalar()) {
      via(node.Scalar());
      return c;
    }
    if (!expect_map(node, {"via", "act", "lemma", "modal", "subject", "optional"}, "content")) return c;
    if (node["via"])
      for (const std::string& name : strings(node["via"])) via(name);
    else
      via("clause");
    if (node["act"]) c.acts = types(node["act"]);
    if (node["lemma"]) lemmas(node["lemma"], c.lemmas, nullptr);
    if (node["modal"]) lemmas(node["modal"], c.modals, nullptr);
    if (node["optional"]) c.optional = boolean(node["optional"]);
    if (node["subject"]) {
      const std::string which = scalar(node["subject"]);
      if (which == "same")
        c.subject = Content::Subject::same;
      else if (which == "other")
        c.subject = Content::Subject::other;
      else
        wrong(node["subject"], "subject of a content is 'same' or 'other'");
    }
    return c;
  }

  Code code(const YAML::Node& node) {
    Code c;
    if (!expect_map(node, {"type", "mode", "cameo", "contexts"}, "codes")) return c;
    if (!node["type"]) {
      wrong(node, "codes without a type");
      return c;
    }
    const std::string type = scalar(node["type"]);
    const auto known = type_from(type);
    if (!known) {
      wrong(node["type"], fmt::format("no such type '{}'; expected one of PLOVER's 16", type));
      return c;
    }
    c.type = *known;
    if (node["mode"]) {
      c.mode = scalar(node["mode"]);
      if (c.mode == "content") {
        c.mode.clear();
        c.mode_by_content = true;
      } else if (!mode_of(c.type, c.mode)) {
        wrong(node["mode"], fmt::format("{} has no mode '{}'", type, c.mode));
      }
    }
    if (node["cameo"]) {
      c.cameo = scalar(node["cameo"]);
      if (c.cameo.size() < 2 || c.cameo.size() > 4 || c.cameo.find_first_not_of("0123456789") != std::string::npos)
        wrong(node["cameo"], fmt::format("a CAMEO code has two to four digits, not '{}'", c.cameo));
    }
    if (node["contexts"])
      for (const std::string& context : strings(node["contexts"])) {
        if (!known_context(context)) wrong(node["contexts"], fmt::format("no such context '{}'; expected one of PLOVER's 37", context));
        c.contexts.push_back(context);
      }
    return c;
  }

  void triggers(const YAML::Node& node, Entry& entry) {
    if (!expect_map(node, {"verb", "noun", "adjective"}, "trigger")) return;
    static constexpr std::pair<const char*, TriggerClass> kClasses[] = {
        {"verb", TriggerClass::verb}, {"noun", TriggerClass::noun}, {"adjective", TriggerClass::adjective}};
    for (const auto& [key, pos] : kClasses) {
      if (!node[key]) continue;
      std::vector<std::string> words;
      for (const std::string& item : strings(node[key])) {
        if (item.starts_with('@')) {
          const auto it = lexicon_.classes.find(std::string_view(item).substr(1));
          if (it == lexicon_.classes.end()) return void(wrong(node[key], fmt::format("no word class '{}'", item)));
          words.insert(words.end(), it->second.begin(), it->second.end());
        } else {
          words.push_back(item);
        }
      }
      std::sort(words.begin(), words.end());  // a class is a hash set: its order must not show
      for (const std::string& word : words) {
        const size_t last = word.rfind(' ');  // the head word keeps its hyphens
        std::vector<std::string> parts = pos == TriggerClass::verb || last == std::string::npos
                                             ? split(word, ' ')
                                             : split(apart(word.substr(0, last)) + word.substr(last), ' ');
        Trigger t;
        t.pos = pos;
        if (pos == TriggerClass::verb) {
          t.lemma = parts.front();
          if (parts.size() == 2) t.particle = parts[1];
          if (parts.size() > 2) wrong(node[key], fmt::format("'{}': a verb is one word or a verb with its particle", word));
        } else {
          t.lemma = parts.back();
          parts.pop_back();
          t.before = std::move(parts);
        }
        // "baton-charged" is one word in some texts and three in most
        if (pos == TriggerClass::verb && word.find('-') != std::string::npos && t.particle.empty()) {
          std::vector<std::string> apart_words = split(apart(word), ' ');
          Trigger in_parts;
          in_parts.pos = pos;
          in_parts.lemma = apart_words.back();
          apart_words.pop_back();
          in_parts.before = std::move(apart_words);
          entry.triggers.push_back(std::move(in_parts));
        }
        entry.triggers.push_back(std::move(t));
      }
    }
    if (entry.triggers.empty()) wrong(node, "a trigger needs verb, noun or adjective");
  }

  void entry(const YAML::Node& node, uint32_t folder) {
    if (error_) return;
    if (!expect_map(
            node,
            {"id", "codes", "trigger", "when", "unless", "content", "actor", "recipient", "voice", "last", "firm", "examples", "note"},
            "entry"))
      return;
    Entry e;
    for (const char* key : {"id", "codes", "trigger"})
      if (!node[key]) return void(wrong(node, fmt::format("an entry needs '{}'", key)));
    e.id = scalar(node["id"]);
    e.why = fmt::format("events/{}:{}", file_.stem().string(), e.id);
    if (node["codes"].IsSequence())
      for (const YAML::Node& c : node["codes"]) e.codes.push_back(code(c));
    else
      e.codes.push_back(code(node["codes"]));
    triggers(node["trigger"], e);
    conditions(node["when"], e.when);
    conditions(node["unless"], e.unless);
    e.content = content(node["content"]);
    e.actor = source(node["actor"]);
    e.recipient = source(node["recipient"]);
    if (node["voice"]) {
      const std::string voice = scalar(node["voice"]);
      if (voice == "active")
        e.passive = false;
      else if (voice == "passive")
        e.active = false;
      else
        wrong(node["voice"], "voice is 'active' or 'passive'");
    }
    for (const Condition& c : e.when)
      for (const Arg& arg : c.args)
        if (arg.kind == Arg::Kind::subject) e.subject_free = true;
    // what is said about words counts more than what is said about kinds; exclusions do not make an entry more telling
    uint32_t telling = 0;
    for (const Condition& c : e.when)
      telling += c.test.presence == Test::Presence::required && (!c.test.lemmas.empty() || !c.test.phrases.empty()) ? 3 : 1;
    if (e.content.given && !e.content.optional)
      telling += 2 + (e.content.acts && e.content.acts != kAnyType ? 2 : 0) + (e.content.lemmas.empty() ? 0 : 3) +
                 (e.content.modals.empty() ? 0 : 3) + (e.content.subject != Content::Subject::any ? 1 : 0);
    e.rank = folder * Entry::kFolder + (node["last"] && boolean(node["last"]) ? 0 : telling + 1);
    e.firm = folder > 0 || (node["firm"] && boolean(node["firm"]));
    if (!node["examples"] || !node["examples"].IsSequence() || node["examples"].size() == 0)
      return void(wrong(node, fmt::format("entry '{}' has no examples", e.id)));
    for (const YAML::Node& x : node["examples"]) {
      if (!expect_map(x, {"text", "is"}, "example")) return;
      if (!x["text"] || !x["is"]) return void(wrong(x, "an example needs 'text' and 'is'"));
      lexicon_.examples.push_back(
          {scalar(x["text"]), scalar(x["is"]), e.id, fmt::format("{}:{}", file_.filename().string(), x.Mark().line + 1)});
    }
    const auto same = std::find_if(lexicon_.entries.begin(), lexicon_.entries.end(), [&](const Entry& other) { return other.id == e.id; });
    if (same == lexicon_.entries.end())
      lexicon_.entries.push_back(std::move(e));
    else if (same->rank / Entry::kFolder == folder)
      wrong(node["id"], fmt::format("the id '{}' stands twice", e.id));
    else
      *same = std::move(e);
  }

  EventLexicon::Impl& lexicon_;
  std::optional<Error> error_;
  fs::path file_;
  std::map<fs::path, YAML::Node> parsed_;
};

}  // namespace

EventLexicon::EventLexicon() : impl_(std::make_unique<Impl>()) {}
EventLexicon::~EventLexicon() = default;
size_t EventLexicon::entries() const {
  return impl_->entries.size();
}

Result<std::unique_ptr<EventLexicon>> EventLexicon::load(const std::vector<fs::path>& lexicon) {
  std::unique_ptr<EventLexicon> out(new EventLexicon());
  Reader reader(*out->impl_);
  std::vector<std::pair<fs::path, uint32_t>> files;
  for (uint32_t folder = 0; folder < lexicon.size(); ++folder) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator it(lexicon[folder] / "events", failed), end; !failed && it != end; it.increment(failed))
      if (it->path().extension() == ".yaml") found.push_back(it->path());
    std::sort(found.begin(), found.end());
    for (fs::path& path : found) files.emplace_back(std::move(path), folder);
    if (fs::exists(lexicon[folder] / "factuality.yaml", failed)) reader.factuality_file(lexicon[folder] / "factuality.yaml");
    if (fs::exists(lexicon[folder] / "contexts.yaml", failed)) reader.contexts_file(lexicon[folder] / "contexts.yaml");
    if (fs::exists(lexicon[folder] / "genres.yaml", failed)) reader.genres_file(lexicon[folder] / "genres.yaml");
  }
  if (files.empty() && !lexicon.empty())
    return fail(ErrorCode::bad_data, "no event lexicon found; expected events/*.yaml", lexicon.front().string());
  for (const bool entries : {false, true})
    for (const auto& [path, folder] : files) reader.events_file(path, folder, entries);
  if (!reader.ok()) return tl::unexpected(reader.error());
  reader.finish();
  return out;
}

}  // namespace reportedly::events
