// Claims, and what follows from those about one event: positions, disputes, changes of mind.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "corpus/group.h"
#include "corpus/rows.h"
#include "corpus/speakers.h"
#include "entities/fold.h"

namespace reportedly::corpus {
namespace {

using Json = nlohmann::json;

/// "happened", "not_happened", "planned", "open": what a voice makes of an event.
const char* occurrence_of(const std::string& factuality, const std::string& status) {
  if (factuality == "CT-" || factuality == "PR-") return "not_happened";
  if (factuality != "CT+" && factuality != "PR+") return "open";
  if (status == "planned") return "planned";
  return status == "hypothetical" || status == "possible" ? "open" : "happened";
}

const char* holds_of_occurrence(const std::string& value) {
  return value == "happened" ? "happened" : value == "not_happened" ? "did not happen" : value == "planned" ? "is to happen" : "left open";
}

/// Numbers of the dead and the like grow; sizes of crowds are estimates of one moment.
bool grows(const std::string& kind) {
  return kind != "size";
}

bool excludes(int64_t low_a, int64_t high_a, int64_t low_b, int64_t high_b, const std::string& kind) {
  if (low_a <= high_b && low_b <= high_a) return false;
  if (grows(kind)) return true;
  const int64_t below = std::min(high_a, high_b), above = std::max(low_a, low_b);
  return above * 5 > below * 6;  // "about 10,000" and "11,000" are one estimate
}

std::set<std::string> parts(const std::string& list) {
  std::set<std::string> out;
  for (size_t at = 0; at <= list.size();) {
    size_t end = list.find('+', at);
    if (end == std::string::npos) end = list.size();
    out.insert(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// Can one of the two not be the other? Parts of the value of an agent: "country:NOR" (a state), "sector:CRM", "people:NOR", the key of
/// an actor. A group without a name may belong to the named one.
bool other_agent(const std::string& a, const std::string& b) {
  if (a == b) return false;
  const auto kind = [](const std::string& s) { return s.substr(0, s.find(':')); };
  const auto group = [&](const std::string& s) { return kind(s) == "sector" || kind(s) == "people"; };
  return kind(a) == kind(b) || kind(a) == "country" || kind(b) == "country" || (!group(a) && !group(b));
}

bool other_agents(const std::string& a, const std::string& b) {
  const auto x = parts(a), y = parts(b);
  return std::all_of(x.begin(), x.end(), [&](const std::string& s) {
    return std::all_of(y.begin(), y.end(), [&](const std::string& t) { return other_agent(s, t); });
  });
}

/// "soldiers" and "Ghanaian soldiers": one of the two does not say whose, so that the other may be meant.
bool same_words(const std::set<std::string>& a, const std::set<std::string>& b) {
  const auto in = [](const std::set<std::string>& x, const std::set<std::string>& y) {
    return std::any_of(x.begin(), x.end(), [&](const std::string& s) { return s[0] == '*' && (y.contains(s) || y.contains(s.substr(1))); });
  };
  return in(a, b) || in(b, a);
}

struct Claim {
  int64_t claim = 0, document = 0, origin = 0, event = 0, voice = 0;
  std::string id, kind, value, date;  ///< date empty: unknown
  std::string said;                   ///< the date; of a copy that gives none that of its origin: it was said then
  int64_t low = 0, high = 0, day = 0;
  std::string side;    ///< who answers for it, as a party: a state's ministry and its head speak for one side
  size_t speaker = 0;  ///< the same for voices that are one here
  std::set<std::string>
      doers;  ///< of the kind agent: words without a name, "*" before those that say no more than what they are: "*soldiers"
  bool narrator = false, correction = false;
  bool printed = false;                    ///< of the narrator: in another's text, as whose word it counts
  bool unsaid = false;                     ///< of the kind agent: nobody is named, nor a country in the words for him
  bool undated = false;                    ///< the date is its document's
  std::optional<int64_t> story, position;  ///< as they stand in the store
};

/// Can both hold? `x` and `y` are of one kind.
bool contradict(const Claim& x, const Claim& y) {
  if (x.kind == "occurrence")
    return (x.value == "happened" && y.value == "not_happened") || (x.value == "not_happened" && y.value == "happened");
  if (x.kind == "agent") {
    // "officers" and "riot police" of two states: whose they are, nobody has said
    const bool states = x.value.starts_with("country:") && y.value.starts_with("country:");
    return other_agents(x.value, y.value) && !same_words(x.doers, y.doers) && !(states && (x.unsaid || y.unsaid));
  }
  return x.value == y.value && excludes(x.low, x.high, y.low, y.high, x.value);
}

/// Do the two stand against each other in the corpus?
bool disputes(const Claim& x, const Claim& y) {
  if (!contradict(x, y) || x.side == y.side || x.speaker == y.speaker) return false;
  // Two papers that print one text: the later printing brings it up to date.
  if (x.narrator && y.narrator && x.origin == y.origin) return false;
  if (x.kind == "number" && grows(x.value) && x.day != 0 && y.day != 0) {
    const Claim &earlier = x.day <= y.day ? x : y, &later = x.day <= y.day ? y : x;
    if (later.day > earlier.day && later.low > earlier.high) return false;  // more were found since
  }
  return true;
}

std::string date_of(const std::string& timex) {
  const auto days = days_of(timex);
  return days && days->first == days->second ? timex.substr(0, 10) : "";
}

}  // namespace

struct Claims::Impl {
  using Statement = SQLite::Statement;
  SQLite::Database& db;
  const Corrections& corrections;

  Statement head{db, "SELECT id, publisher, published FROM documents WHERE document = ?"};
  Statement clear{db, "DELETE FROM claims WHERE document = ?"};
  Statement events{
      db,
      "SELECT event, type, status, factuality, attribution, quad, trigger_start, trigger_end, mode FROM events WHERE document = ? "
      "ORDER BY event"};
  Statement voices{db,
                   "SELECT event, attribution, factuality FROM event_voices WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216 "
                   "ORDER BY event, number"};
  Statement numbers{db, "SELECT kind, low, high FROM event_numbers WHERE event = ? ORDER BY number"};
  Statement actors{
      db,
      "SELECT x.name, x.country, x.sectors, a.key, a.named, a.kind FROM event_actors x LEFT JOIN actors a USING(actor) WHERE event = ? "
      "AND role = 'actor' ORDER BY number"};
  Statement attributions{
      db,
      "SELECT t.attribution, t.source_text, t.voice, t.stance, t.spans, t.hypothetical, a.actor, a.key, a.name, a.named, a.country, "
      "a.sectors, t.parent FROM attributions t LEFT JOIN actors a ON a.actor = t.source_actor WHERE t.document = ? ORDER BY t.attribution"};
  Statement sentences{db, "SELECT start, end FROM sentences WHERE document = ? ORDER BY start"};
  Statement times{db, "SELECT start, end, value FROM times WHERE document = ? AND type = 'DATE' AND value IS NOT NULL ORDER BY start"};
  Statement find_voice{db, "SELECT voice FROM voices WHERE key = ?"};
  Statement add_voice{db, "INSERT INTO voices(key, label, kind, actor, country, sectors) VALUES(?, ?, ?, ?, ?, ?)"};
  Statement add_claim{
      db,
      "INSERT OR IGNORE INTO claims(id, document, event, attribution, voice, chain, kind, stance, factuality, status, value, low, "
      "high, date) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};

  Statement story{db, "SELECT id FROM story_events WHERE story_event = ?"};
  Statement members{
      db,
      "SELECT e.event, e.type, e.trigger_lemma, e.day_from, e.day_to, p.name, p.geonames, p.latitude, p.longitude, e.document, "
      "coalesce(u.origin, e.document), d.id, d.published, e.country_a, e.country_b, e.disputed, (SELECT group_concat(name, ', ') FROM "
      "(SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'actor' ORDER BY number)), (SELECT group_concat(name, ', ') "
      "FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'recipient' ORDER BY number)) FROM story_event_members m "
      "JOIN events e USING(event) JOIN documents d ON d.document = e.document LEFT JOIN duplicates u ON u.document = e.document LEFT JOIN "
      "places p ON p.place = e.place WHERE m.story_event = ? ORDER BY d.published IS NULL, d.published, d.id, e.event"};
  Statement claims{
      db,
      "SELECT c.claim, c.document, coalesce(u.origin, c.document), c.event, c.voice, c.id, c.kind, c.value, c.low, c.high, c.date, v.key, "
      "v.kind, v.country, v.sectors, coalesce(s.correction, 0), a.kind, c.story_event, c.position, v.label, e.office, d.published, "
      "o.published, d.publisher, o.publisher, o.id, u.kind FROM "
      "story_event_members m JOIN claims c ON c.event = m.event JOIN voices v ON v.voice = c.voice LEFT JOIN actors a ON a.actor = v.actor "
      "LEFT JOIN attributions t ON t.attribution = c.attribution LEFT JOIN entities e ON e.entity = t.source_entity LEFT JOIN duplicates u "
      "ON u.document = c.document LEFT JOIN signatures s ON s.document = "
      "c.document LEFT JOIN documents d ON d.document = c.document LEFT JOIN documents o ON o.document = u.origin WHERE m.story_event "
      "= ? ORDER BY c.date IS NULL, c.date, c.id"};
  Statement fill{
      db,
      "UPDATE story_events SET title = ?, type = ?, country_a = ?, country_b = ?, day_from = ?, day_to = ?, place_name = ?, geonames = ?, "
      "latitude = ?, longitude = ?, documents = ?, origins = ?, disputed = ? WHERE story_event = ?"};
  Statement old_positions{db, "SELECT id FROM positions WHERE story_event = ?"};
  Statement remove_position{db, "DELETE FROM positions WHERE id = ?"};
  Statement position_key{db, "SELECT position FROM positions WHERE id = ?"};
  Statement clear_disputes{db, "DELETE FROM disputes WHERE story_event = ?"};
  Statement clear_changes{db, "DELETE FROM changes_of_mind WHERE story_event = ?"};
  Statement add_position{
      db,
      "INSERT INTO positions(id, story_event, kind, holds, value, low, high, first_date, last_date, documents, origins, voices) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET holds = excluded.holds, first_date = excluded.first_date, "
      "last_date = "
      "excluded.last_date, documents = excluded.documents, origins = excluded.origins, voices = excluded.voices"};
  Statement place_claim{db, "UPDATE claims SET story_event = ?, position = ? WHERE claim = ?"};
  Statement add_dispute{
      db, "INSERT INTO disputes(id, story_event, kind, title, first_date, last_date, documents, origins) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement add_dispute_position{db, "INSERT INTO dispute_positions(dispute, position, number) VALUES(?, ?, ?)"};
  Statement add_change{
      db, "INSERT OR IGNORE INTO changes_of_mind(earlier, later, voice, story_event, kind, correction) VALUES(?, ?, ?, ?, ?, ?)"};
  Statement words_of_agent{
      db, "SELECT x.name, coalesce(a.named, 0) FROM event_actors x LEFT JOIN actors a USING(actor) WHERE x.event = ? AND role = 'actor'"};
  Statement names_of_agent{
      db, "SELECT group_concat(name, ', ') FROM (SELECT name FROM event_actors WHERE event = ? AND role = 'actor' ORDER BY number)"};

  Impl(SQLite::Database& database, const Corrections& made) : db(database), corrections(made) {}

  struct Voice {
    std::string key, label;  ///< of the voice, as in its row
    const char* kind = "";
    std::optional<int64_t> actor;
    std::optional<std::string> country;
    std::string sectors;
    std::string chain, stance = "asserts", date;
    std::optional<int64_t> parent;  ///< the attribution around it
  };

  /// The row of the speaker's voice, made with the first claim: a trigger removes it with the last.
  int64_t voice(const Voice& by) {
    int64_t out = 0;
    if (prepared(find_voice, by.key).executeStep()) out = find_voice.getColumn(0).getInt64();
    find_voice.reset();
    if (out != 0) return out;
    run(add_voice, by.key, by.label, by.kind, by.actor, by.country, by.sectors);
    return db.getLastInsertRowid();
  }

  struct Range {
    int64_t start, end;
  };

  /// Where an attribution has its cue (−1: none) and what is said.
  struct Said {
    int64_t cue = -1;
    std::vector<Range> content;
  };
  static Said said_of(const std::string& spans) {
    Said out;
    const Json j = Json::parse(spans, nullptr, false);
    if (!j.is_object()) return out;
    if (j.contains("cue") && !j["cue"].empty()) out.cue = j["cue"][0][0].get<int64_t>();
    if (j.contains("content"))
      for (const Json& span : j["content"]) out.content.push_back({span[0].get<int64_t>(), span[1].get<int64_t>()});
    return out;
  }

  /// Everybody who speaks in the document, by the key of the attribution; 0 is the narrator.
  std::map<int64_t, Voice> speakers(int64_t document, const std::string& id, const std::optional<std::string>& publisher,
                                    const std::string& published) {
    std::map<int64_t, Voice> out;
    const std::string paper = publisher.value_or("the document");
    Voice& narrator = out[0];
    narrator.key = publisher ? "publisher:" + *publisher : "document:" + id;
    narrator.label = narrator.chain = paper;
    narrator.kind = "narrator";
    narrator.date = published;
    std::vector<Range> sentence;
    prepared(sentences, document);
    while (sentences.executeStep()) sentence.push_back({sentences.getColumn(0).getInt64(), sentences.getColumn(1).getInt64()});
    sentences.reset();
    std::vector<std::pair<Range, std::string>> time;
    prepared(times, document);
    while (times.executeStep())
      if (std::string date = date_of(times.getColumn(2).getString()); !date.empty())
        time.push_back({{times.getColumn(0).getInt64(), times.getColumn(1).getInt64()}, std::move(date)});
    times.reset();
    std::vector<Said> said;
    std::vector<Voice*> of_attribution;  // a map's values stay where they are
    prepared(attributions, document);
    while (attributions.executeStep()) {
      const auto& s = attributions;
      Voice& to = out[s.getColumn(0).getInt64()];
      const std::string words = s.getColumn(1).isNull() ? "an unnamed source" : s.getColumn(1).getString();
      to.actor = integer_or_null(s.getColumn(6));
      to.country = text_or_null(s.getColumn(10));
      to.sectors = s.getColumn(11).getString();
      to.parent = integer_or_null(s.getColumn(12));
      if (to.actor && s.getColumn(9).getInt() != 0)
        to.key = "actor:" + s.getColumn(7).getString(), to.label = s.getColumn(8).getString(), to.kind = "actor";
      else  // "two fishermen" may be others in another document
        to.key = "document:" + id + ":" + entities::fold(words), to.label = words, to.kind = "unnamed";
      to.chain = paper + " › " + s.getColumn(2).getString();
      to.stance = s.getColumn(3).getString();
      said.emplace_back(said_of(s.getColumn(4).getString()));
      of_attribution.push_back(&to);
    }
    attributions.reset();
    for (size_t i = 0; i < said.size(); ++i) of_attribution[i]->date = said_on(said[i], said, sentence, time).value_or(published);
    return out;
  }

  /// A date beside the cue, in its sentence and outside what is said: "denied on Friday that …". Of a sentence with several cues a date
  /// belongs to the nearest: "who had said on Saturday that …, admitted that …".
  static std::optional<std::string> said_on(const Said& self, const std::vector<Said>& all, const std::vector<Range>& sentences,
                                            const std::vector<std::pair<Range, std::string>>& times) {
    if (times.empty() || self.cue < 0) return std::nullopt;
    const auto in =
        std::find_if(sentences.begin(), sentences.end(), [&](const Range& s) { return s.start <= self.cue && self.cue < s.end; });
    if (in == sentences.end()) return std::nullopt;
    std::optional<std::string> best;
    int64_t nearest = INT64_MAX;
    for (const auto& [where, date] : times) {
      if (where.start < in->start || where.end > in->end) continue;
      const bool said = std::any_of(self.content.begin(), self.content.end(),
                                    [&](const Range& span) { return span.start <= where.start && where.end <= span.end; });
      const int64_t apart = std::abs(where.start - self.cue);
      const bool others = std::any_of(all.begin(), all.end(), [&](const Said& x) {
        return x.cue >= in->start && x.cue < in->end && x.cue != self.cue && std::abs(where.start - x.cue) < apart;
      });
      if (apart < nearest && !said && !others) nearest = apart, best = date;
    }
    return best;
  }

  /// What sets a group without a name apart from others and from the state. Empty: its sectors do not.
  static std::string trade_of(const std::string& sectors) {
    static constexpr std::array<std::string_view, 7> kTrades{"CRM", "LAB", "BUS", "AGR", "EDU", "REB", "REL"};
    for (const std::string_view trade : kTrades)
      if ((" " + sectors + " ").find(" " + std::string(trade) + " ") != std::string::npos) return std::string(trade);
    return "";
  }

  /// "six men" may be anybody.
  static bool vague(const std::string& words) {
    static constexpr std::array<std::string_view, 11> kAnybody{"man",   "men",       "people",     "person", "persons", "woman",
                                                               "women", "attackers", "assailants", "others", "crowd"};
    const std::string head = words.substr(words.rfind(' ') + 1);
    return std::find(kAnybody.begin(), kAnybody.end(), head) != kAnybody.end();
  }

  /// Those who are said to have done it: a state for its offices and forces, others by their own key or by what they do. Empty: nobody who
  /// can be told apart.
  std::string agent_value(int64_t event) {
    std::set<std::string> who;
    prepared(actors, event);
    while (actors.executeStep()) {
      const std::string country = actors.getColumn(1).getString(), key = actors.getColumn(3).getString(),
                        kind = actors.getColumn(5).getString();
      const bool named = actors.getColumn(4).getInt() != 0;
      const std::string sectors = " " + actors.getColumn(2).getString() + " ";
      const bool of_state = kind == "state" || kind == "office" || sectors.find(" GOV ") != std::string::npos ||
                            sectors.find(" MIL ") != std::string::npos || sectors.find(" COP ") != std::string::npos ||
                            sectors.find(" SPY ") != std::string::npos;
      if (of_state && !country.empty() && kind != "armed_group")
        who.insert("country:" + country);
      else if (named && !key.empty())
        who.insert(key);
      else if (const std::string group = trade_of(actors.getColumn(2).getString()); !group.empty())
        who.insert("sector:" + group);  // smugglers, dockers: whatever country they are of
      else if (const std::string words = entities::fold(actors.getColumn(0).getString()); sectors.find(" CVL ") != std::string::npos)
        who.insert(vague(words) ? "" : "people:" + country);  // Turkish drivers are not Turkey
      else if (!country.empty())
        who.insert("country:" + country);
    }
    actors.reset();
    if (who.contains("")) return "";
    std::string out;
    for (const std::string& w : who) out += (out.empty() ? "" : "+") + w;
    return out;
  }

  /// Words for those who are said to have done it; see Claim::doers.
  std::set<std::string> doers(int64_t event, bool& unsaid) {
    std::set<std::string> out;
    unsaid = true;
    prepared(words_of_agent, event);
    while (words_of_agent.executeStep()) {
      const std::string name = words_of_agent.getColumn(0).getString();
      const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
      const bool says = words_of_agent.getColumn(1).getInt() != 0 ||
                        (!name.empty() && std::any_of(name.begin() + 1, name.end(), capital)) ||
                        (!name.empty() && capital(name[0]) && nationality(entities::fold(name.substr(0, name.find(' ')))));
      unsaid = unsaid && !says;
      if (words_of_agent.getColumn(1).getInt() != 0) continue;
      std::string words = entities::fold(name);
      for (const char* article : {"the ", "a ", "an ", "some "})
        if (words.starts_with(article)) words.erase(0, std::char_traits<char>::length(article));
      const size_t blank = words.rfind(' ');
      if (blank != std::string::npos)
        out.insert(words.substr(blank + 1));
      else if (!words.empty())
        out.insert("*" + words);
    }
    words_of_agent.reset();
    return out;
  }

  void put(const std::string& id, int64_t document, int64_t event, std::optional<int64_t> attribution, const Voice& by, const char* kind,
           const std::string& factuality, const std::string& status, std::string value, std::optional<int64_t> low = {},
           std::optional<int64_t> high = {}) {
    if (!corrections.empty())
      if (const auto* made = corrections.claim(id)) {
        if (made->rejected) return;
        if (made->value) value = *made->value;
        if (made->low) low = made->low;
        if (made->high) high = made->high;
      }
    run(add_claim, id, document, event, attribution, voice(by), by.chain, kind, by.stance, factuality, status, value, low, high,
        by.date.empty() ? std::nullopt : std::optional(by.date));
  }
};

Claims::Claims(SQLite::Database& db, const Corrections& corrections) : impl_(std::make_unique<Impl>(db, corrections)) {}
Claims::~Claims() = default;

void Claims::write(int64_t document) {
  Impl& to = *impl_;
  run(to.clear, document);
  prepared(to.head, document).executeStep();
  const std::string id = to.head.getColumn(0).getString(), published = to.head.getColumn(2).getString();
  const std::optional<std::string> publisher = text_or_null(to.head.getColumn(1));
  to.head.reset();
  struct Row {
    int64_t event;
    std::string type, status, factuality;
    std::optional<int64_t> attribution;
    std::string mode;
  };
  std::vector<Row> rows;
  prepared(to.events, document);
  while (to.events.executeStep()) {
    const auto& s = to.events;
    Row row{s.getColumn(0).getInt64(),  s.getColumn(1).getString(),      s.getColumn(2).getString(),
            s.getColumn(3).getString(), integer_or_null(s.getColumn(4)), s.getColumn(8).getString()};
    if (!to.corrections.empty())
      if (const auto* made = to.corrections.event({id, s.getColumn(6).getInt64(), s.getColumn(7).getInt64()}, row.type)) {
        if (made->rejected) continue;
        if (made->type) row.type = *made->type, row.mode.clear();
        if (made->status) row.status = *made->status;
      }
    rows.push_back(std::move(row));
  }
  to.events.reset();
  if (rows.empty()) return;
  struct Voice {
    std::optional<int64_t> attribution;
    std::string factuality;
  };
  std::map<int64_t, std::vector<Voice>> voices;
  prepared(to.voices, document);
  while (to.voices.executeStep())
    voices[to.voices.getColumn(0).getInt64()].push_back({integer_or_null(to.voices.getColumn(1)), to.voices.getColumn(2).getString()});
  to.voices.reset();
  const auto speakers = to.speakers(document, id, publisher, published);
  for (const Row& row : rows) {
    const auto claim_id = [&](std::optional<int64_t> attribution, const std::string& kind) {
      return fmt::format("{}#v{}/{}/{}", id, number_of(row.event) + 1,
                         attribution ? fmt::format("a{}", number_of(*attribution) + 1) : "narrator", kind);
    };
    const auto speaker = [&](std::optional<int64_t> attribution) -> const Impl::Voice& {
      const auto at = speakers.find(attribution.value_or(0));
      return at == speakers.end() ? speakers.at(0) : at->second;
    };
    std::vector<Voice>& of_event = voices[row.event];
    if (of_event.empty()) of_event.push_back({row.attribution, row.factuality});
    bool holds = false;  // for the voice that tells it
    for (const Voice& v : of_event) {
      const std::string value = occurrence_of(v.factuality, row.status == "denied" || row.status == "refused" ? "happened" : row.status);
      if (v.attribution == row.attribution) holds |= value == "happened";
      to.put(claim_id(v.attribution, "occurrence"), document, row.event, v.attribution, speaker(v.attribution), "occurrence", v.factuality,
             row.status, value);
      // "denied Reykjavik's claim that …": who is around the innermost voice speaks of the event as well
      if (row.status != "denied" || value != std::string_view("happened")) continue;
      std::optional<int64_t> around = v.attribution ? speaker(v.attribution).parent : std::nullopt;
      for (int steps = 0; around && steps < 32; around = speaker(around).parent, ++steps)
        if (speaker(around).stance == "denies")
          to.put(claim_id(around, "occurrence"), document, row.event, around, speaker(around), "occurrence", "CT-", row.status,
                 "not_happened");
    }
    if (!holds) continue;  // who denies it says nothing of who did it, or how many died
    if (row.type == "ASSAULT" || row.type == "COERCE" || row.mode == "release")
      if (const std::string agent = to.agent_value(row.event); !agent.empty())
        to.put(claim_id(row.attribution, "agent"), document, row.event, row.attribution, speaker(row.attribution), "agent", row.factuality,
               row.status, agent);
    std::vector<std::tuple<std::string, int64_t, int64_t>> numbers;
    prepared(to.numbers, row.event);
    while (to.numbers.executeStep())
      numbers.emplace_back(to.numbers.getColumn(0).getString(), to.numbers.getColumn(1).getInt64(), to.numbers.getColumn(2).getInt64());
    to.numbers.reset();
    std::map<std::string, int> seen;
    for (const auto& [kind, low, high] : numbers) {
      const int n = ++seen[kind];
      to.put(claim_id(row.attribution, "number/" + kind + (n > 1 ? fmt::format("/{}", n) : "")), document, row.event, row.attribution,
             speaker(row.attribution), "number", row.factuality, row.status, kind, low, high);
    }
  }
}

void Claims::count(int64_t story) {
  Impl& to = *impl_;
  if (!prepared(to.story, story).executeStep()) {
    to.story.reset();
    return;
  }
  const std::string id = to.story.getColumn(0).getString();
  to.story.reset();
  run(to.clear_changes, story);
  run(to.clear_disputes, story);

  // What the mentions agree on: of each field the value that most documents have, the earliest mention's among equals.
  std::string type, lemma, doers, recipients;
  std::optional<std::string> country_a, country_b, place, published;
  std::optional<int64_t> from, to_day;
  std::set<int64_t> documents, origins;
  bool disputed = false;
  struct PlaceOf {
    std::string name;
    std::optional<int64_t> geonames;
    std::optional<double> latitude, longitude;
    size_t count = 0;
  };
  std::vector<PlaceOf> places;
  std::map<std::string, std::pair<size_t, size_t>> types;  // count, and when first seen
  std::map<std::pair<int64_t, int64_t>, std::pair<size_t, size_t>> days;
  size_t number = 0;
  prepared(to.members, story);
  while (to.members.executeStep()) {
    const auto& s = to.members;
    ++number;
    if (number == 1) lemma = s.getColumn(2).getString();
    ++types.try_emplace(s.getColumn(1).getString(), 0, number).first->second.first;
    if (!s.getColumn(3).isNull()) ++days.try_emplace({s.getColumn(3).getInt64(), s.getColumn(4).getInt64()}, 0, number).first->second.first;
    if (!s.getColumn(5).isNull()) {
      PlaceOf p{s.getColumn(5).getString(), integer_or_null(s.getColumn(6)), {}, {}, 0};
      if (!s.getColumn(7).isNull()) p.latitude = s.getColumn(7).getDouble(), p.longitude = s.getColumn(8).getDouble();
      auto at = std::find_if(places.begin(), places.end(), [&](const PlaceOf& x) { return x.name == p.name && x.geonames == p.geonames; });
      if (at == places.end()) at = places.insert(places.end(), p);
      ++at->count;
    }
    documents.insert(s.getColumn(9).getInt64());
    origins.insert(s.getColumn(10).getInt64());
    if (!country_a && !s.getColumn(13).isNull()) country_a = s.getColumn(13).getString();
    if (!country_b && !s.getColumn(14).isNull()) country_a = s.getColumn(13).getString(), country_b = s.getColumn(14).getString();
    if (doers.empty()) doers = s.getColumn(16).getString();
    if (recipients.empty()) recipients = s.getColumn(17).getString();
  }
  to.members.reset();
  const auto most = [](const auto& counts) {
    return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
      return a.second.first != b.second.first ? a.second.first < b.second.first : a.second.second > b.second.second;
    });
  };
  if (!types.empty()) type = most(types)->first;
  if (!days.empty()) from = most(days)->first.first, to_day = most(days)->first.second;
  const PlaceOf* where = nullptr;
  for (const PlaceOf& p : places)
    if (!where || p.count > where->count) where = &p;

  std::vector<Claim> claims;
  std::vector<Speaker> voices;
  std::map<std::tuple<int64_t, std::string>, size_t> voice_at;  // a person may hold an office in one text alone
  prepared(to.claims, story);
  while (to.claims.executeStep()) {
    const auto& s = to.claims;
    Claim c{.claim = s.getColumn(0).getInt64(),
            .document = s.getColumn(1).getInt64(),
            .origin = s.getColumn(2).getInt64(),
            .event = s.getColumn(3).getInt64(),
            .voice = s.getColumn(4).getInt64(),
            .id = s.getColumn(5).getString(),
            .kind = s.getColumn(6).getString(),
            .value = s.getColumn(7).getString(),
            .date = s.getColumn(10).getString(),
            .low = s.getColumn(8).getInt64(),
            .high = s.getColumn(9).getInt64()};
    if (const auto d = days_of(c.date)) c.day = d->first;
    c.undated = !c.date.empty() && c.date == s.getColumn(21).getString();
    c.said = c.undated && !s.getColumn(22).isNull() ? s.getColumn(22).getString() : c.date;
    const std::string voice_kind = s.getColumn(12).getString(), country = s.getColumn(13).getString(),
                      sectors = " " + s.getColumn(14).getString() + " ", actor_kind = s.getColumn(16).getString();
    c.story = integer_or_null(s.getColumn(17));
    c.position = integer_or_null(s.getColumn(18));
    c.narrator = voice_kind == "narrator";
    c.correction = s.getColumn(15).getInt() != 0;
    const bool of_state = actor_kind != "armed_group" && !country.empty() &&
                          (actor_kind == "state" || actor_kind == "office" || sectors.find(" GOV ") != std::string::npos ||
                           sectors.find(" MIL ") != std::string::npos);
    c.side = of_state ? "country:" + country : s.getColumn(11).getString();
    std::string office = s.getColumn(20).getString(), key = s.getColumn(11).getString(), label = s.getColumn(19).getString();
    // What a paper tells by printing another's text is that one's word; what it adds to it, its own.
    if (c.narrator && c.origin != c.document && s.getColumn(26).getString() != "updated" &&
        s.getColumn(23).getString() != s.getColumn(24).getString()) {
      label = s.getColumn(24).isNull() ? "the document" : s.getColumn(24).getString();
      key = s.getColumn(24).isNull() ? "document:" + s.getColumn(25).getString() : "publisher:" + label;
      c.side = key;
      c.printed = true;
      office = key;  // apart from its own words
    } else if (voice_kind == "actor" && entities::fold(label) == entities::fold(s.getColumn(23).getString())) {
      c.narrator = true;  // "The Fjord Post said on Monday": in its own pages, which a correction quotes
      c.correction = false;
      c.side = key = "publisher:" + s.getColumn(23).getString();
    }
    const auto [at, is_new] = voice_at.try_emplace({c.voice, office}, voices.size());
    if (is_new)
      voices.push_back({.key = key,
                        .label = label,
                        .kind = actor_kind,
                        .country = country,
                        .office = office,
                        .sectors = s.getColumn(14).getString(),
                        .named = voice_kind == "actor",
                        .narrator = c.narrator});
    c.speaker = at->second;
    claims.push_back(std::move(c));
  }
  to.claims.reset();
  const std::vector<size_t> one = speakers_of(voices);
  std::vector<bool> known(voices.size(), false);  // speakers who are the same in another text
  for (size_t i = 0; i < voices.size(); ++i)
    if (identified(voices[i])) known[one[i]] = true;
  for (Claim& c : claims) {
    c.speaker = one[c.speaker];
    if (c.kind == "agent") c.doers = to.doers(c.event, c.unsaid);
  }

  struct PositionOf {
    std::string kind, value, holds, first_date, last_date;
    int64_t low = 0, high = 0, key = 0;
    std::vector<size_t> claims;
  };
  std::map<std::string, PositionOf> positions;  // by what the id ends with
  for (size_t i = 0; i < claims.size(); ++i) {
    Claim& c = claims[i];
    const std::string name = c.kind == "number" ? fmt::format("number/{}/{}-{}", c.value, c.low, c.high) : c.kind + "/" + c.value;
    PositionOf& p = positions[name];
    if (p.claims.empty()) {
      p.kind = c.kind;
      p.value = c.value;
      p.low = c.low;
      p.high = c.high;
      if (c.kind == "occurrence") {
        p.holds = holds_of_occurrence(c.value);
      } else if (c.kind == "number") {
        const std::string_view what = c.value == "size" ? "took part" : c.value;
        p.holds = c.low == c.high ? fmt::format("{} {}", c.low, what) : fmt::format("{}–{} {}", c.low, c.high, what);
      } else {
        prepared(to.names_of_agent, c.event).executeStep();
        p.holds = to.names_of_agent.getColumn(0).getString() + " did it";
        to.names_of_agent.reset();
      }
    }
    p.claims.push_back(i);
    if (!c.date.empty()) {
      if (p.first_date.empty() || c.date < p.first_date) p.first_date = c.date;
      if (c.date > p.last_date) p.last_date = c.date;
    }
  }
  const auto if_any = [](const std::string& s) { return s.empty() ? std::nullopt : std::optional(s); };
  for (auto& [name, p] : positions) {
    std::set<int64_t> in_documents, in_origins, by_voices;
    for (const size_t i : p.claims)
      in_documents.insert(claims[i].document), in_origins.insert(claims[i].origin), by_voices.insert(claims[i].voice);
    const bool is_number = p.kind == "number";
    run(to.add_position, id + "/" + name, story, p.kind, p.holds, if_any(p.value), is_number ? std::optional(p.low) : std::nullopt,
        is_number ? std::optional(p.high) : std::nullopt, if_any(p.first_date), if_any(p.last_date), in_documents.size(), in_origins.size(),
        by_voices.size());
    prepared(to.position_key, id + "/" + name).executeStep();
    p.key = to.position_key.getColumn(0).getInt64();
    to.position_key.reset();
    for (const size_t i : p.claims)
      if (claims[i].story != story || claims[i].position != p.key) run(to.place_claim, story, p.key, claims[i].claim);
  }
  // What nobody holds any more.
  std::vector<std::string> unheld;
  prepared(to.old_positions, story);
  while (to.old_positions.executeStep())
    if (std::string old = to.old_positions.getColumn(0).getString(); !positions.contains(old.substr(id.size() + 1)))
      unheld.push_back(std::move(old));
  to.old_positions.reset();
  for (const std::string& old : unheld) run(to.remove_position, old);

  // Changes of mind, and with them the claims that their voice no longer makes.
  std::set<size_t> taken_back;
  std::map<std::tuple<size_t, std::string, std::string>, std::map<std::pair<std::string, bool>, std::vector<size_t>>> by_speaker;
  for (size_t i = 0; i < claims.size(); ++i) {
    const Claim& c = claims[i];
    if (!known[c.speaker] || c.date.empty() || (c.kind == "occurrence" && c.value != "happened" && c.value != "not_happened")) continue;
    by_speaker[{c.speaker, c.kind, c.kind == "number" ? c.value : ""}]
              [{c.narrator && !c.printed ? c.date : c.said, c.narrator && c.correction}]
                  .push_back(i);
  }
  for (const auto& [key, dates] : by_speaker) {
    for (auto later = dates.begin(); later != dates.end(); ++later) {
      if (later == dates.begin()) continue;
      const auto earlier = std::prev(later);
      const bool corrects = later->first.second;
      // All that was said before must be against what is said now; what a correction repeats in order to correct it does not count.
      for (const size_t y : later->second) {
        const bool repeated =
            std::any_of(earlier->second.begin(), earlier->second.end(), [&](size_t x) { return !contradict(claims[x], claims[y]); });
        if (repeated) continue;
        const bool both = std::any_of(later->second.begin(), later->second.end(), [&](size_t z) {
          return std::any_of(earlier->second.begin(), earlier->second.end(), [&](size_t x) { return !contradict(claims[x], claims[z]); });
        });
        if (both && !corrects) continue;
        // "had denied it", beside what the same text dates: it may be the older of the two.
        const auto fits = [&](size_t i) { return claims[i].document != claims[y].document || !claims[y].undated; };
        // Shown beside it: what is no copy, and of a text the last that says it, which is seldom its title.
        auto other = earlier->second.end();
        for (auto at = earlier->second.begin(); at != earlier->second.end(); ++at)
          if (fits(*at) && (other == earlier->second.end() || claims[*at].document == claims[*other].document ||
                            (claims[*other].document != claims[*other].origin && claims[*at].document == claims[*at].origin)))
            other = at;
        if (other == earlier->second.end()) continue;
        const size_t x = *other;
        run(to.add_change, claims[x].claim, claims[y].claim, claims[y].voice, story, claims[y].kind, corrects);
        // Its earlier number no longer stands. That it happened, or who did it, stays on record.
        if (claims[y].kind == "number")
          for (auto old = dates.begin(); old != later; ++old) taken_back.insert(old->second.begin(), old->second.end());
        break;
      }
    }
  }

  // Disputes: for each question those positions of which at least two people hold two that exclude each other.
  std::map<std::string, std::vector<std::pair<std::string, const PositionOf*>>> questions;
  for (const auto& [name, p] : positions) questions[p.kind == "number" ? "number/" + p.value : p.kind].emplace_back(name, &p);
  for (const auto& [question, list] : questions) {
    std::set<size_t> in;
    for (size_t i = 0; i < list.size(); ++i)
      for (size_t j = i + 1; j < list.size(); ++j) {
        const bool against = std::any_of(list[i].second->claims.begin(), list[i].second->claims.end(), [&](size_t x) {
          return !taken_back.contains(x) && std::any_of(list[j].second->claims.begin(), list[j].second->claims.end(), [&](size_t y) {
            return !taken_back.contains(y) && corpus::disputes(claims[x], claims[y]);
          });
        });
        if (against) in.insert(i), in.insert(j);
      }
    if (in.empty()) continue;
    disputed = true;
    std::vector<const PositionOf*> held;
    for (const size_t i : in) held.push_back(list[i].second);
    // In order of appearance; without a date last.
    std::stable_sort(held.begin(), held.end(), [](const PositionOf* a, const PositionOf* b) {
      return a->first_date.empty() != b->first_date.empty() ? b->first_date.empty() : a->first_date < b->first_date;
    });
    std::set<int64_t> in_documents, in_origins;
    std::string last_date;
    for (const PositionOf* p : held)
      for (const size_t i : p->claims) {
        in_documents.insert(claims[i].document);
        in_origins.insert(claims[i].origin);
        last_date = std::max(last_date, claims[i].date);
      }
    const std::string what = doers.empty() && recipients.empty()
                                 ? lemma
                                 : fmt::format("{}: {} → {}", lemma, doers.empty() ? "?" : doers, recipients.empty() ? "?" : recipients);
    const std::string title = question == "occurrence"    ? "Whether it happened: " + what
                              : question == "agent"       ? "Who did it: " + what
                              : question == "number/size" ? "How many took part: " + what
                                                          : fmt::format("How many {}: {}", question.substr(7), what);
    run(to.add_dispute, id + "/" + question, story, question.substr(0, question.find('/')), title, if_any(held[1]->first_date),
        if_any(last_date), in_documents.size(), in_origins.size());
    const int64_t key = to.db.getLastInsertRowid();
    for (size_t i = 0; i < held.size(); ++i) run(to.add_dispute_position, key, held[i]->key, i);
  }

  std::string title =
      lemma +
      (doers.empty() && recipients.empty() ? "" : ": " + (doers.empty() ? "?" : doers) + (recipients.empty() ? "" : " → " + recipients));
  if (where) title += ", " + where->name;
  run(to.fill, title, type, country_a, country_b, from, to_day, where ? std::optional(where->name) : std::nullopt,
      where ? where->geonames : std::nullopt, where ? where->latitude : std::nullopt, where ? where->longitude : std::nullopt,
      documents.size(), origins.size(), disputed, story);
}

}  // namespace reportedly::corpus
