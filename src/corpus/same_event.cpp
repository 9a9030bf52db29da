#include "corpus/same_event.h"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "entities/fold.h"
#include "events/means.h"

namespace reportedly::corpus {
namespace {

constexpr int64_t kBlockDays = 8;
constexpr int64_t kWidest = 31;                  // dates that mean more days than this say little
constexpr double kNoTime = 1.16;                 // what it counts against two that neither has a date
constexpr double kStory = 6.4;                   // what it counts for that texts without dates name the same people and places
constexpr double kOneText = .75, kOneTime = .5;  // of two of one text; and if it has no date, as about the same time
constexpr double kPassage = 40;                  // of two that stand at the same place of the same sentence
constexpr double kOtherAct = -3, kOtherActInText = -4.5;
constexpr int64_t kBefore = 14;  // an event without a date is looked for in so many days before its document

struct Window {
  int64_t from = 0, to = 0;
  bool dated = false;
};

/// The days in which the event may lie, by its date or, without one, by its document's. A date that comes with a wide margin counts
/// for the document's if that lies in it.
std::optional<Window> window_of(const EventMention& m, bool doubted = false) {
  const bool planned = m.status == "planned";
  if (doubted && m.published) return Window{*m.published - kBefore, *m.published + (planned ? kBefore : 0), false};
  if (m.from && m.to && *m.to - *m.from < kWidest) return Window{*m.from, *m.to, true};
  if (m.published && (!m.from || (*m.from - 1 <= *m.published && *m.published - kBefore <= *m.to)))
    return Window{*m.published - (planned ? 0 : kBefore), *m.published + (planned ? kBefore : 0), false};
  if (m.from && m.to) return Window{*m.from, *m.to, true};
  return std::nullopt;
}

bool shares(const std::vector<Party>& a, const std::vector<Party>& b, bool (*same)(const Party&, const Party&)) {
  return std::any_of(a.begin(), a.end(),
                     [&](const Party& x) { return std::any_of(b.begin(), b.end(), [&](const Party& y) { return same(x, y); }); });
}
bool same_name(const Party& x, const Party& y) {
  return !x.key.empty() && x.key == y.key && !x.state;
}
bool same_country(const Party& x, const Party& y) {
  return !x.country.empty() && x.country == y.country;
}
bool same_state(const Party& x, const Party& y) {
  return !x.key.empty() && x.key == y.key;
}
bool two_persons(const Party& x, const Party& y) {
  return x.person && y.person && !x.key.empty() && !y.key.empty() && x.key != y.key;
}
bool same_words(const Party& x, const Party& y) {
  return !x.words.empty() && x.words == y.words;
}
bool identified(const std::vector<Party>& list) {
  return std::any_of(list.begin(), list.end(), [](const Party& p) { return !p.key.empty() || !p.country.empty(); });
}
bool has_country(const std::vector<Party>& list) {
  return std::any_of(list.begin(), list.end(), [](const Party& p) { return !p.country.empty(); });
}
bool guessed(const std::vector<Party>& list) {
  return std::all_of(list.begin(), list.end(), [](const Party& p) { return p.guessed || p.country.empty(); });
}

/// Parties of one country that are none of each other: "police" and "dockers", "soldiers" and "rebels".
bool two_estates(const Party& x, const Party& y) {
  return x.estate != Estate::unknown && y.estate != Estate::unknown && x.estate != y.estate && x.country == y.country && !x.state &&
         !y.state;
}

/// Farmers and nurses of one country, a company and its dockers.
bool two_trades(const Party& x, const Party& y) {
  if (x.estate != Estate::people || y.estate != Estate::people || x.sectors.empty() || y.sectors.empty()) return false;
  for (size_t at = 0; at < x.sectors.size();) {
    const size_t end = std::min(x.sectors.find(' ', at), x.sectors.size());
    if ((" " + y.sectors + " ").find(" " + x.sectors.substr(at, end - at) + " ") != std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

/// 1: the same by name; −1: others; 0: cannot be told.
double side(const std::vector<Party>& a, const std::vector<Party>& b) {
  if (a.empty() || b.empty()) return 0;
  if (shares(a, b, same_name)) return 1;
  if (shares(a, b, same_state) ||
      shares(a, b, [](const Party& x, const Party& y) { return same_country(x, y) && !two_estates(x, y) && !two_trades(x, y); }))
    return shares(a, b, two_persons) ? .3 : .8;
  if (shares(a, b, same_words)) return .6;
  if (shares(a, b, two_estates)) return .2;
  if (shares(a, b, [](const Party& x, const Party& y) { return same_country(x, y) && two_trades(x, y); })) return 0;
  // "police" of a text that names another country: whose they are, nobody has said
  if (!identified(a) || !identified(b) || (has_country(a) && guessed(a)) || (has_country(b) && guessed(b))) return 0;
  return has_country(a) && has_country(b) ? -1 : -.4;
}

bool mutual(std::string_view type) {
  return type == "CONSULT" || type == "AGREE" || type == "COOPERATE";
}

/// "cleared" and "beaten": the words themselves tell two acts, whatever modes were found.
bool by_their_words(const EventMention& a, const EventMention& b) {
  return (events::means_of(a.lemma, {}) & events::means_of(b.lemma, {})) == 0;
}

/// Do the two tell another kind of act? An abduction is no shooting, a strike no march; but a visit may be a meeting.
bool another_act(const EventMention& a, const EventMention& b) {
  if (a.warning != b.warning && a.type == b.type) return true;  // shots into the air, and at people
  if (a.type == "ASSAULT" || b.type == "ASSAULT")
    return a.type == b.type && (events::means_of(a.lemma, a.mode) & events::means_of(b.lemma, b.mode)) == 0;
  return a.type == b.type && a.type != "CONSULT" && a.type != "ACCUSE" && !a.mode.empty() && !b.mode.empty() && a.mode != b.mode;
}

/// "Guards did it": the word says nothing of what was done.
bool says_nothing(std::string_view stem) {
  static constexpr std::array<std::string_view, 9> kEmpty{"do", "happen", "have", "make", "take", "use", "put", "get", "give"};
  return std::find(kEmpty.begin(), kEmpty.end(), stem) != kEmpty.end();
}

double kilometres(double lat_a, double lon_a, double lat_b, double lon_b) {
  constexpr double kRadian = 3.14159265358979323846 / 180;
  const double x = std::sin((lat_b - lat_a) * kRadian / 2), y = std::sin((lon_b - lon_a) * kRadian / 2);
  const double h = x * x + std::cos(lat_a * kRadian) * std::cos(lat_b * kRadian) * y * y;
  return 12742 * std::asin(std::min(1.0, std::sqrt(h)));
}

double places(const MentionPlace& a, const MentionPlace& b) {
  const bool same = (a.geonames && a.geonames == b.geonames) || (!a.name.empty() && a.name == b.name && a.country == b.country);
  if (same) return a.whole_country ? .4 : 1.5;
  if (!a.country.empty() && !b.country.empty() && a.country != b.country) return -2;
  if (a.whole_country || b.whole_country) return .2;
  if (a.latitude && a.longitude && b.latitude && b.longitude) {
    const double apart = kilometres(*a.latitude, *a.longitude, *b.latitude, *b.longitude);
    return apart < 30 ? .7 : apart < 120 ? 0 : -1.5;
  }
  return 0;
}

/// "freed by soldiers", AID, and "released by the rebels", RETREAT, are two accounts of one end.
int family(const EventMention& m) {
  // who is expelled, a diplomat or anybody else, may be told in one text alone
  if (m.type == "COERCE" && m.mode == "deport") return family_of("SANCTION");
  return family_of(m.stem == "free" && m.type == "AID" ? "RETREAT" : std::string_view(m.type));
}

uint64_t mixed(uint64_t h, std::string_view s) {
  return (h ^ entities::hash(s)) * 1099511628211ULL;
}

/// The same word of the same sentence, or in it the only act of a type, whatever word was taken for it.
bool one_passage(const EventMention& a, const EventMention& b) {
  return (a.passage != 0 && a.passage == b.passage) || (a.passage_of_type != 0 && a.passage_of_type == b.passage_of_type);
}

}  // namespace

std::string stem_of(std::string_view lemma) {
  // A stemmer is no heavy thing, but not to be shared by threads.
  static thread_local const std::unique_ptr<sb_stemmer, decltype(&sb_stemmer_delete)> stemmer(sb_stemmer_new("english", "UTF_8"),
                                                                                              &sb_stemmer_delete);
  std::string folded;
  entities::fold_word(lemma, folded);
  // Nouns that the stemmer leaves apart from their verbs, and words that tell the same act.
  static constexpr std::array<std::array<std::string_view, 2>, 18> kNouns{{{"rescue", "free"},
                                                                           {"release", "free"},
                                                                           {"set free", "free"},
                                                                           {"liberate", "free"},
                                                                           {"kidnap", "abduct"},
                                                                           {"kidnapping", "abduct"},
                                                                           {"explosion", "explode"},
                                                                           {"invasion", "invade"},
                                                                           {"seizure", "seize"},
                                                                           {"talks", "talk"},
                                                                           {"shooting", "shoot"},
                                                                           {"denial", "deny"},
                                                                           {"withdrawal", "withdraw"},
                                                                           {"collision", "collide"},
                                                                           {"expulsion", "expel"},
                                                                           {"death", "die"},
                                                                           {"suspension", "suspend"},
                                                                           {"detention", "detain"}}};
  for (const auto& [noun, verb] : kNouns)
    if (folded == noun) folded = verb;
  if (!stemmer) return folded;
  const sb_symbol* s = sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(folded.data()), static_cast<int>(folded.size()));
  return s ? std::string(reinterpret_cast<const char*>(s), static_cast<size_t>(sb_stemmer_length(stemmer.get()))) : folded;
}

int family_of(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, int>, 16> kFamilies{{{"AGREE", 1},
                                                                               {"CONSULT", 1},
                                                                               {"COOPERATE", 1},
                                                                               {"SUPPORT", 1},
                                                                               {"AID", 2},
                                                                               {"CONCEDE", 3},
                                                                               {"RETREAT", 3},
                                                                               {"REQUEST", 4},
                                                                               {"ACCUSE", 5},
                                                                               {"REJECT", 5},
                                                                               {"THREATEN", 5},
                                                                               {"PROTEST", 6},
                                                                               {"SANCTION", 7},
                                                                               {"MOBILIZE", 8},
                                                                               {"COERCE", 9},
                                                                               {"ASSAULT", 9}}};
  for (const auto& [name, family] : kFamilies)
    if (name == type) return family;
  return 0;
}

Estate estate_of(std::string_view sectors, std::string_view kind) {
  if (kind == "armed_group") return Estate::armed;
  if (kind == "office") return Estate::state;
  const auto has = [&](std::initializer_list<std::string_view> list) {
    for (size_t at = 0; at < sectors.size();) {
      const size_t end = std::min(sectors.find(' ', at), sectors.size());
      if (std::find(list.begin(), list.end(), sectors.substr(at, end - at)) != list.end()) return true;
      at = end + 1;
    }
    return false;
  };
  if (has({"REB", "CRM", "UAF", "PRM"})) return Estate::armed;
  if (has({"GOV", "MIL", "COP", "SPY", "JUD"})) return Estate::state;
  return has({"AGR", "BUS", "CVL", "EDU", "JRN", "LAB", "MED", "REF", "REL", "OPP", "SOC"}) ? Estate::people : Estate::unknown;
}

std::vector<int64_t> blocks_of(const EventMention& m) {
  std::vector<std::string> who;
  for (const auto* list : {&m.actors, &m.recipients})
    for (const Party& p : *list) {
      if (!p.key.empty() && !p.state) who.push_back(p.key);
      if (!p.country.empty()) who.push_back(p.country);
      if (p.key.empty() && !p.words.empty()) who.push_back("words:" + p.words);
    }
  std::sort(who.begin(), who.end());
  who.erase(std::unique(who.begin(), who.end()), who.end());
  constexpr size_t kMost = 6;  // a list of twenty states is found by its first
  if (who.size() > kMost) who.resize(kMost);

  // Two things in common beside kind and time, or a place: one party alone, say a large state, is met too often.
  std::vector<std::string> what;
  for (size_t i = 0; i < who.size(); ++i) {
    what.push_back(who[i] + "|stem:" + m.stem);
    if (!m.mode.empty()) what.push_back(who[i] + "|mode:" + m.type + m.mode);
    for (size_t j = i + 1; j < who.size(); ++j) what.push_back(who[i] + "|" + who[j]);
  }
  if (m.place && m.place->geonames && !m.place->whole_country) what.push_back("place:" + std::to_string(*m.place->geonames));

  const auto window = window_of(m);
  if (!window) {
    // Texts without dates meet by the names in them: of all their names those with the smallest hashes, as in MinHash.
    constexpr size_t kNames = 12;
    for (size_t i = 0; i < std::min(kNames, m.story.size()); ++i) what.push_back(std::to_string(m.story[i]) + "|stem:" + m.stem);
  }
  // What was done on one day needs one party in common.
  if (m.from && m.from == m.to && !m.unsure)
    for (const std::string& w : who) what.push_back(w + "|" + m.type + "|day:" + std::to_string(*m.from));
  // The time leads, so that blocks of one time lie side by side in the store: what is published together is written together.
  constexpr int kHashBits = 40;
  constexpr int64_t kYears = 1 << 20, kUndated = 1 << 21, kPassages = kUndated + 1;
  std::vector<int64_t> when;
  const auto at = [&](const Window& days) {
    if (days.to - days.from > 2 * kWidest)
      when.push_back(kYears + (days.from + days.to) / 2 / 366);
    else
      for (int64_t day = (days.from - 1) / kBlockDays; day <= (days.to + 1) / kBlockDays; ++day) when.push_back(day);
  };
  if (!window)
    when.push_back(kUndated);
  else
    at(*window);
  if (window && window->dated && m.unsure)
    if (const auto other = window_of(m, true)) at(*other);
  std::vector<int64_t> out;
  const auto block = [&](int64_t time, uint64_t hash) {
    out.push_back(time << kHashBits | static_cast<int64_t>(hash >> (64 - kHashBits)));
  };
  for (const std::string& w : what) {
    const uint64_t h = mixed(1469598103934665603ULL + static_cast<uint64_t>(family(m)), w);
    for (const int64_t t : when) block(t, h);
  }
  if (m.passage != 0) block(kPassages, m.passage);
  if (m.passage_of_type != 0) block(kPassages, m.passage_of_type);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Likeness likeness(const EventMention& a, const EventMention& b, bool reasons) {
  Likeness out;
  const auto count = [&](double score, const char* why) {
    out.score += score;
    if (reasons && score != 0) out.why.emplace_back(why);
  };
  const bool same_document = a.document == b.document;
  const bool near = !a.published || !b.published || std::abs(*a.published - *b.published) <= kWidest;
  if (!same_document && near && one_passage(a, b)) {
    out.score = kPassage;
    if (reasons) out.why.emplace_back("the same sentence");
    return out;
  }
  if (family(a) != family(b)) return out;
  const bool same_type = a.type == b.type, same_stem = a.stem == b.stem && !says_nothing(a.stem);
  if (same_stem)
    count(same_type ? 2 : 1.5, "the same word");
  else if (same_type && !a.mode.empty() && a.mode == b.mode)
    count(1.5, "the same type and mode");
  else if (same_type && !same_document && (a.stem == "do" || b.stem == "do"))
    count(-.5, "a word that says nothing");
  else if (same_type)
    count(same_document ? 1 : .2, "the same type");
  else
    count(same_document ? -3 : -2, "types of one family");  // a text that uses two words tells two acts
  // "fired" tear gas, and bullets: of violence one word may tell two acts
  if ((!same_stem || a.type == "ASSAULT") && another_act(a, b))
    count(same_document && by_their_words(a, b) ? kOtherActInText : kOtherAct, "another kind of act");

  if (same_document && same_stem && a.negated != b.negated) count(2, "told and denied in one text");
  // "The envoy arrived" and "he was not received"; of violence each side has its own words
  if (same_document && !same_stem && a.negated != b.negated && a.quad != 4 && a.actors.size() + a.recipients.size() < 2 &&
      b.actors.size() + b.recipients.size() < 2)
    count(-2, "another word is denied");
  // Who, and to whom. What two do with each other has no direction.
  double actor = side(a.actors, b.actors), recipient = side(a.recipients, b.recipients);
  // A fight is told by each side with the other as the doer: "the trawler rammed the ship", "the ship rammed the trawler".
  const bool fight = a.type == "ASSAULT" && same_stem && a.quoted && b.quoted;
  if (same_type && (mutual(a.type) || fight) && actor + recipient < 1.6) {
    const double crossed_actor = side(a.actors, b.recipients), crossed_recipient = side(a.recipients, b.actors);
    if (crossed_actor + crossed_recipient > actor + recipient) actor = crossed_actor, recipient = crossed_recipient;
  }
  // Voices differ on who did it: that does not make two events of one.
  if (actor < 0 && (a.quoted || b.quoted)) actor *= .4;
  out.score += 1.6 * (actor + recipient);  // one sum: the same whichever of the two comes first
  if (reasons && actor != 0) out.why.emplace_back(actor > 0 ? "the same doer" : "another doer");
  if (reasons && recipient != 0) out.why.emplace_back(recipient > 0 ? "the same recipient" : "another recipient");

  auto when_a = window_of(a), when_b = window_of(b);
  if (when_a && when_b && (a.unsure || b.unsure) && std::max(when_a->from, when_b->from) > std::min(when_a->to, when_b->to)) {
    // dates that do not fit, one of which may be another event's
    if (a.unsure) when_a = window_of(a, true);
    if (b.unsure) when_b = window_of(b, true);
    count(-.5, "dates that need not be theirs");
  }
  if (when_a && when_b) {
    const bool dated = when_a->dated && when_b->dated;
    const int64_t gap = std::max(when_a->from, when_b->from) - std::min(when_a->to, when_b->to);
    if (dated && gap <= 0)
      count(when_a->to - when_a->from + when_b->to - when_b->from <= 2 ? 1.5 : .7, "the date");
    else if (dated && gap == 1)
      count(-3, "a day apart");
    else if (dated && gap <= 7)
      count(-4, "days apart");
    else if (gap <= 0) {
      const int64_t days = a.published && b.published ? std::abs(*a.published - *b.published) : 0;
      count(days <= 2 ? .5 : days <= 7 ? .2 : -.5, "about the same time");
      // "in February": nobody says that of what was days ago
      const auto past = [](const Window& w, const EventMention& other) {
        return w.dated && w.to - w.from > 2 && other.published && w.to < *other.published - 2;
      };
      if (past(*when_a, b) || past(*when_b, a)) count(same_document ? -2.5 : -1, "a vague date before it");
    } else
      count(-8, "long apart");
  } else if (when_a || when_b) {
    count(-8, "one without any date");
  }
  const bool undated = !when_a && !when_b;  // then the names around the two tell whether their texts are of one story
  if (a.place && b.place) {
    const double score = places(*a.place, *b.place);
    count(score, score > 0 ? "the place" : "another place");
  }
  if (same_document) {
    count(undated ? kOneTime + kOneText : kOneText, "one document");
  } else {
    size_t common = 0;
    for (auto x = a.story.begin(), y = b.story.begin(); x != a.story.end() && y != b.story.end();) {
      if (*x == *y)
        ++common, ++x, ++y;
      else if (*x < *y)
        ++x;
      else
        ++y;
    }
    const size_t least = std::min(a.story.size(), b.story.size());
    if (least >= 2) {
      const double share = static_cast<double>(common) / static_cast<double>(least);
      count(share > 0 ? (undated ? kStory * share - kNoTime : 1.5 * share)
            : undated ? -.4 - kNoTime
                      : -.4,
            share > 0 ? "the same names around it" : "no name in common around it");
    } else if (undated) {
      count(-.6, "no date and no names");
    }
  }
  for (const auto& x : a.numbers)
    for (const auto& y : b.numbers)
      if (x.kind == y.kind && x.low == y.low && x.high == y.high) {
        count(.7, "the same number");
        return out;
      }
  return out;
}

}  // namespace reportedly::corpus
