// An invented corpus whose truth is known: stories told by eight papers, with planted copies, contradictions, changes of mind, wrong dates
// and gaps. The coder hands out what was planted, so that grouping is tested without a model.
#pragma once
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "corpus_support.h"

namespace corpus_test {

/// What a document says of an event.
struct Told {
  int story = 0;
  std::string type = "ASSAULT", mode, lemma = "attack";
  std::string actor, recipient;  ///< names; a state by its name in kStates
  std::string date, place;
  std::string status = "happened";
  Factuality factuality = Factuality::ct_plus;
  std::string voice;  ///< empty: the narrator
  Stance stance = Stance::asserts;
  std::string other_voice;  ///< one that denies it in the same document
  std::vector<EventNumber> numbers;
  std::vector<std::string> date_why;
  std::optional<double> confidence;  ///< of the model in what it alone proposes
};

struct Article {
  std::string id, publisher, published, title, text;
  std::vector<Told> events;
  std::vector<std::string> names;                   ///< others that it names
  std::vector<std::pair<Span, std::string>> dates;  ///< that the text names
  std::vector<Span> cues;                           ///< of what is said, in order; else anywhere
  std::vector<Span> sources;                        ///< who says it, in order, by words that are no entity's; else the entity of the voice
  std::vector<Entity> known;                        ///< who somebody is, where it is not what follows from the name
  std::string origin;                               ///< truth: id of the document that this goes back to, its own without one
};

inline const std::map<std::string, std::string> kStates{{"Norway", "NOR"},   {"Iceland", "ISL"}, {"Malta", "MLT"},  {"Denmark", "DNK"},
                                                        {"Uruguay", "URY"},  {"Bhutan", "BTN"},  {"Latvia", "LVA"}, {"Gabon", "GAB"},
                                                        {"Paraguay", "PRY"}, {"Fiji", "FJI"},    {"Laos", "LAO"},   {"Malawi", "MWI"}};

inline Analysis analysis_of(const Article& article) {
  Analysis a;
  a.document.id = article.id;
  if (!article.title.empty()) a.document.title = article.title;
  if (!article.publisher.empty()) a.document.publisher = article.publisher;
  if (!article.published.empty()) a.document.published = article.published;
  a.document.language = "en";
  a.document.text = article.text;
  a.sentences.push_back({.span = {0, static_cast<uint32_t>(article.text.size())}});
  const auto entity = [&](const std::string& name) {
    for (size_t i = 0; i < a.entities.size(); ++i)
      if (a.entities[i].name == name) return static_cast<int32_t>(i);
    for (const Entity& k : article.known)
      if (k.name == name) {
        a.entities.push_back(k);
        a.entities.back().why = {"test"};
        return static_cast<int32_t>(a.entities.size() - 1);
      }
    Entity e{.name = name, .kind = "organisation", .mentions = {{{0, 1}, 0, MentionKind::name}}, .why = {"test"}};
    if (const auto state = kStates.find(name); state != kStates.end()) e.kind = "state", e.country = state->second, e.sectors = {"GOV"};
    a.entities.push_back(std::move(e));
    return static_cast<int32_t>(a.entities.size() - 1);
  };
  const auto said = [&](const std::string& who, Stance stance) {
    const auto at = static_cast<uint32_t>(2 * a.attributions.size());
    Attribution x{
        .source = {{at, at + 1}}, .source_entity = entity(who), .cue = {{at, at + 1}}, .cue_lemma = "say", .content = {{at, at + 2}}};
    if (a.attributions.size() < article.cues.size()) {
      x.cue = {article.cues[a.attributions.size()]};
      x.content = {{x.cue[0].end, x.cue[0].end + 1}};
    }
    if (a.attributions.size() < article.sources.size()) x.source = {article.sources[a.attributions.size()]}, x.source_entity = -1;
    x.stance = stance;
    x.why = {"test"};
    a.attributions.push_back(std::move(x));
    return static_cast<int32_t>(a.attributions.size() - 1);
  };
  for (const auto& [span, date] : article.dates) a.times.push_back({.span = span, .type = "DATE", .value = date, .why = {"test"}});
  for (const std::string& name : article.names) entity(name);
  for (const Told& told : article.events) {
    Event e;
    e.type = told.type;
    if (!told.mode.empty()) e.mode = told.mode;
    e.quad = told.type == "CONSULT" ? 1 : 4;
    const auto at = static_cast<uint32_t>(3 * a.events.size());
    e.trigger = {at, at + 2};
    e.trigger_lemma = told.lemma;
    const auto party = [&](const std::string& name) {
      const int32_t n = entity(name);
      const size_t found = article.text.find(name);  // ASCII
      const auto start = static_cast<uint32_t>(found == std::string::npos ? 0 : found);
      const Span words{start, start + (found == std::string::npos ? 1 : static_cast<uint32_t>(name.size()))};
      return Participant{n, a.entities[static_cast<size_t>(n)].country, a.entities[static_cast<size_t>(n)].sectors, words};
    };
    if (!told.actor.empty()) e.actors = {party(told.actor)};
    if (!told.recipient.empty()) e.recipients = {party(told.recipient)};
    if (!told.date.empty()) e.date = told.date;
    e.date_why = told.date_why;
    if (told.confidence) e.confidence = *told.confidence;
    if (!told.place.empty()) {
      Place p{.span = {0, 1}, .name = told.place};
      p.geonames = static_cast<int64_t>(std::hash<std::string>{}(told.place) % 100000);
      p.country = "NOR";
      p.feature = "PPL";
      p.role = "mention";
      e.place = static_cast<int32_t>(a.places.size());
      a.places.push_back(std::move(p));
    }
    e.status = told.status;
    e.factuality = told.factuality;
    e.attribution = told.voice.empty() ? -1 : said(told.voice, told.stance);
    e.voices = {{e.attribution, told.factuality}};
    if (!told.other_voice.empty()) e.voices.push_back({said(told.other_voice, Stance::denies), Factuality::ct_minus});
    e.numbers = told.numbers;
    e.why = {"test"};
    a.events.push_back(std::move(e));
  }
  return a;
}

struct Planted {
  std::vector<Article> articles;
  std::set<std::pair<int, std::string>> disputes;  ///< story and kind
  std::set<std::pair<int, std::string>> changes;   ///< story and kind
  int stories = 0;
};

class Planter {
 public:
  explicit Planter(unsigned seed) : random_(seed) {}

  Planted plant(int stories) {
    for (int i = 0; i < stories; ++i) story(i);
    out_.stories = stories;
    return std::move(out_);
  }

 private:
  size_t pick(size_t n) { return static_cast<size_t>(random_() % n); }
  bool chance(double p) { return static_cast<double>(random_() % 10000) < p * 10000; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[pick(list.size())];
  }

  std::string words(size_t n) {
    // Frequent words and rare ones, as in any language.
    std::string out;
    for (size_t i = 0; i < n; ++i) {
      const size_t rank = static_cast<size_t>(std::pow(4000.0, static_cast<double>(random_() % 10000) / 10000.0));
      std::string word;
      for (size_t x = rank + 7; x > 0; x /= 17) word += "bcdfghklmnprstvwz"[x % 17], word += "aeiou"[(x * 7 + rank) % 5];
      out += word + (i % 14 == 13 ? ". " : " ");
    }
    return out;
  }
  std::string edited(const std::string& text, double share) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
      size_t end = text.find(' ', at);
      if (end == std::string::npos) end = text.size();
      out += chance(share) ? words(1) : text.substr(at, end - at) + " ";
      at = end + 1;
    }
    return out;
  }
  static std::string day(int n) {
    const int month = n / 28, date = n % 28 + 1;
    return fmt::format("2031-{:02}-{:02}", month + 1, date);
  }

  void story(int number) {
    static const std::vector<std::string> kNames{"Norway", "Iceland", "Malta",    "Denmark", "Uruguay", "Bhutan",
                                                 "Latvia", "Gabon",   "Paraguay", "Fiji",    "Laos",    "Malawi"};
    static const std::vector<std::string> kPapers{"The Fjord Post",      "Harbour Times",  "Valley Gazette",      "The Daily Lantern",
                                                  "Northern Echo Sheet", "Island Courier", "Plain Dealer Weekly", "Nordwire"};
    static const std::vector<std::vector<std::string>> kWords{
        {"ASSAULT", "attack", "strike", "raid"}, {"ASSAULT", "bomb", "shell", "shelling"},       {"COERCE", "seize", "seizure", "capture"},
        {"CONSULT", "meet", "talk", "visit"},    {"PROTEST", "protest", "rally", "demonstrate"}, {"SANCTION", "ban", "expel", "expulsion"}};
    const std::vector<std::string>& family = kWords[static_cast<size_t>(number) % kWords.size()];
    const size_t a = pick(kNames.size());
    size_t b = pick(kNames.size() - 1);
    if (b >= a) ++b;
    const int on = 20 + static_cast<int>(pick(200));
    const std::string place = "Port " + std::to_string(number);
    const int64_t toll = 3 + static_cast<int64_t>(pick(40));
    const bool violent = family[0] == "ASSAULT" || family[0] == "COERCE";
    const int plot = violent ? number % 7 : 0;  // 1 denial, 2 doer, 3 number, 4 admits what it denied, 5 a paper corrects itself
    const std::string observer = "Observers of " + place;
    const size_t count = 4 + pick(5);
    std::vector<std::string> papers = kPapers;
    std::shuffle(papers.begin(), papers.end(), random_);
    for (size_t i = 0; i < count && i < papers.size(); ++i) {
      Article article{.id = fmt::format("s{}-{}", number, i), .publisher = papers[i]};
      const int published = on + static_cast<int>(i * 3 / count) + (i > 0);
      article.published = day(published);
      article.text = words(150 + pick(300));
      article.origin = article.id;
      Told told{.story = number,
                .type = family[0],
                .lemma = family[1 + pick(3)],
                .actor = kNames[a],
                .recipient = kNames[b],
                .date = day(on),
                .place = place};
      if (chance(.25)) told.date.clear();
      if (chance(.05)) told.date = day(on + 9);  // wrong
      if (chance(.3)) told.place.clear();
      if (chance(.15)) told.recipient.clear();
      if (violent && plot != 3 && plot != 5 && chance(.6)) told.numbers = {{"dead", toll, toll, {0, 1}}};
      if (plot == 1 && i == 1)
        told.voice = kNames[a], told.stance = Stance::denies, told.factuality = Factuality::ct_minus, told.status = "denied",
        told.numbers.clear();
      if (plot == 2 && i == 1)
        told.actor = kNames[(a + 5) % kNames.size() == b ? (a + 6) % kNames.size() : (a + 5) % kNames.size()], told.voice = kNames[a],
        told.date = day(on), told.place = place, told.recipient = kNames[b];
      if (plot == 3 && i < 2)
        told.voice = i == 0 ? kNames[a] : kNames[b], told.numbers = {{"dead", i == 0 ? toll : toll + 9, i == 0 ? toll : toll + 9, {0, 1}}},
        article.published = day(on + 1);
      if (plot == 4 && i < 2) {
        told.voice = kNames[a];
        if (i == 0) told.stance = Stance::denies, told.factuality = Factuality::ct_minus, told.status = "denied", told.numbers.clear();
        article.published = day(on + 1 + static_cast<int>(i) * 3);
      }
      if (plot == 5 && i == 0) told.numbers = {{"dead", toll + 5, toll + 5, {0, 1}}};
      article.events = {told};
      for (int k = 0; k < 4; ++k)
        if (chance(.7)) article.names.push_back(fmt::format("Council of Quell{}marn{}", k, number));
      if (chance(.5)) article.names.push_back("Council for Affairs of " + one_of(kNames));
      if (chance(.3)) {  // something else that the two did, elsewhere and at another time
        Told other = told;
        other.story = 100000 + number;
        other.voice.clear(), other.status = "happened", other.factuality = Factuality::ct_plus, other.stance = Stance::asserts,
                             other.numbers.clear();
        other.type = "CONSULT", other.mode.clear(), other.lemma = "meet", other.actor = kNames[a], other.recipient = kNames[b],
        other.date = day(on - 12), other.place = "Lake " + std::to_string(number);
        article.events.push_back(other);
      }
      out_.articles.push_back(article);
      if (plot == 5 && i == 0) {  // the same paper, two days later
        Article corrected = article;
        corrected.id += "-corrected";
        corrected.title = "Correction";
        corrected.published = day(published + 2);
        corrected.origin = article.id;
        corrected.text = "Correction: an earlier version of this article gave a wrong number. " + edited(article.text, .01);
        corrected.events[0].numbers = {{"dead", toll, toll, {0, 1}}};
        out_.articles.push_back(corrected);
      }
      copies(article, published, i, kPapers);
    }
    if (plot == 1) out_.disputes.insert({number, "occurrence"});
    if (plot == 2) out_.disputes.insert({number, "agent"});
    if (plot == 3) out_.disputes.insert({number, "number"});
    if (plot == 4) out_.disputes.insert({number, "occurrence"}), out_.changes.insert({number, "occurrence"});
    if (plot == 5) out_.changes.insert({number, "number"});
  }

  void copies(const Article& of, int published, size_t i, const std::vector<std::string>& papers) {
    if (!chance(.35)) return;
    const size_t n = 1 + pick(3);
    for (size_t k = 0; k < n; ++k) {
      Article copy = of;
      copy.id = fmt::format("{}-copy{}", of.id, k);
      copy.publisher = papers[(i + k + 3) % papers.size()] + " Online";
      copy.published = day(published + static_cast<int>(pick(2)));
      switch (pick(4)) {
        case 0:
          copy.published = of.published;  // exact; another dateline
          copy.text = of.text + " ";
          break;
        case 1:
          copy.published = day(published + 1);
          copy.text = edited(of.text, .06);
          break;
        case 2:
          copy.published = day(published + 1);
          copy.text = of.text.substr(0, of.text.size() * 2 / 5);
          break;
        default:
          copy.published = day(published + 1);
          copy.text = edited(of.text, .03) + words(120);
      }
      copy.text = "OSLO (Nordwire) – " + copy.text;
      copy.origin = of.id;
      out_.articles.push_back(copy);
    }
  }

  std::mt19937 random_;
  Planted out_;
};

inline Coder planted_coder(const std::vector<Article>& articles) {
  auto by_id = std::make_shared<std::map<std::string, Article>>();
  for (const Article& a : articles) (*by_id)[a.id] = a;
  Coder out;
  out.engine.version = "1";
  out.code = [by_id](const DocumentInput& input, EngineWorkspace&) { return analysis_of(by_id->at(input.id)); };
  return out;
}

inline std::string line_of(const Article& a) {
  std::string more = fmt::format("\"published\":\"{}\",\"publisher\":\"{}\",", a.published, a.publisher);
  if (!a.title.empty()) more += fmt::format("\"title\":\"{}\",", a.title);
  return record_line(a.id, a.text, more);
}

inline GroupReport group_all(Store& store, size_t batch = 64) {
  auto grouped = group(store, {.batch_documents = batch});
  if (!grouped) FAIL(grouped.error().message);
  CHECK(grouped->left == 0);
  return *grouped;
}

}  // namespace corpus_test
