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

/// An act that only the model proposes, and with less certainty, may be none: that somebody denies it, or that it happened, is no dispute.
constexpr double kLikely = .4;

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
  bool printed = false;   ///< of the narrator: in another's text, as whose word it counts
  bool unsaid = false;    ///< of the kind agent: nobody is named, nor a country in the words for him
  bool undated = false;   ///< the date is its document's
  bool doubtful = false;  ///< an act that the model alone proposes, with little certainty
  bool anybody = false;   ///< an unnamed voice of no country: whose side it is on cannot be told
  int64_t position = 0;
};

/// Claims that say the same.
struct PositionOf {
  int64_t key = 0;
  std::string id, name;  ///< name: what the id ends with
  std::string kind, value, first_date, last_date;
  int64_t low = 0, high = 0;
  std::vector<size_t> claims;  ///< those that are heard
};

/// Can the two not both hold, whoever says so?
bool exclude_each_other(const PositionOf& x, const PositionOf& y) {
  if (x.kind != y.kind) return false;
  if (x.kind == "occurrence")
    return (x.value == "happened" && y.value == "not_happened") || (x.value == "not_happened" && y.value == "happened");
  if (x.kind == "agent") return other_agents(x.value, y.value);
  return x.value == y.value && excludes(x.low, x.high, y.low, y.high, x.value);
}

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

/// "The second sentence should read", "an earlier report in this newspaper said": the paper itself. A letter or a report may be anyone's.
bool part_of_text(const std::string& words) {
  const std::string folded = " " + entities::fold(words) + " ";
  for (const char* own : {" in this newspaper ", " in this paper ", " on this page "})
    if (folded.find(own) != std::string::npos) return true;
  const std::string head = folded.substr(1, folded.find(" of ") - 1);
  static constexpr std::array<std::string_view, 6> kParts{"sentence", "paragraph", "headline", "caption", "passage", "subheading"};
  const size_t end = head.find_last_not_of(' ') + 1, start = head.rfind(' ', end - 1) + 1;
  return std::find(kParts.begin(), kParts.end(), std::string_view(head).substr(start, end - start)) != kParts.end();
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
  const std::string row_of_claim =
      "SELECT c.claim, c.document, coalesce(u.origin, c.document), c.event, c.voice, c.named, c.id, c.kind, c.value, c.low, c.high, "
      "c.date, "
      "c.story_event, c.position FROM story_event_members m JOIN claims c ON c.event = m.event LEFT JOIN duplicates u ON u.document = "
      "c.document";
  const std::string heard_in =
      "SELECT c.claim, c.document, coalesce(u.origin, c.document), c.event, c.voice, c.id, c.kind, c.value, c.low, c.high, c.date, v.key, "
      "v.kind, v.country, v.sectors, coalesce(s.correction, 0), a.kind, c.position, v.label, e.office, d.published, o.published, "
      "d.publisher, o.publisher, o.id, u.kind, x.confidence FROM claims c CROSS JOIN voices v ON v.voice = c.voice LEFT JOIN actors a ON "
      "a.actor = "
      "v.actor "
      "LEFT JOIN attributions t ON t.attribution = c.attribution LEFT JOIN entities e ON e.entity = t.source_entity LEFT JOIN duplicates u "
      "ON u.document = c.document LEFT JOIN signatures s ON s.document = c.document LEFT JOIN documents d ON d.document = c.document LEFT "
      "JOIN documents o ON o.document = u.origin LEFT JOIN events x ON x.event = c.event";

  Statement head{db, "SELECT id, publisher, published FROM documents WHERE document = ?"};
  Statement clear{db, "DELETE FROM claims WHERE document = ?"};
  Statement events{db, "SELECT event, type, status, factuality, attribution, mode FROM events WHERE document = ? ORDER BY event"};
  Statement voices{db,
                   "SELECT event, attribution, factuality FROM event_voices WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216 "
                   "ORDER BY event, number"};
  Statement numbers{db, "SELECT kind, low, high FROM event_numbers WHERE event = ? ORDER BY number"};
  Statement actors{
      db,
      "SELECT x.name, x.country, x.sectors, a.key, a.named, a.kind FROM event_actors x LEFT JOIN actors a USING(actor) WHERE event = ? "
      "AND role = 'actor' ORDER BY number"};
  Statement told_doers{
      db,
      "SELECT CASE WHEN x.start >= s.start AND x.end <= s.end THEN substr(t.text, x.start + 1, x.end - x.start) ELSE '' END, "
      "coalesce(a.named, 0) FROM event_actors x CROSS JOIN events e ON e.event = x.event CROSS JOIN texts t ON t.document = e.document "
      "CROSS JOIN sentences s ON s.sentence = e.sentence LEFT JOIN actors a ON a.actor = x.actor WHERE x.event = ? AND x.role = 'actor' "
      "ORDER BY x.number"};
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
      "INSERT OR IGNORE INTO claims(id, document, event, attribution, voice, named, chain, kind, stance, factuality, status, value, low, "
      "high, date) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};

  Statement story{db, "SELECT id, documents, origins FROM story_events WHERE story_event = ?"};
  Statement members{
      db,
      "SELECT e.event, e.type, e.trigger_lemma, e.day_from, e.day_to, p.name, p.geonames, p.latitude, p.longitude, e.country_a, "
      "e.country_b, (SELECT group_concat(name, ', ') FROM "
      "(SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'actor' ORDER BY number)), (SELECT group_concat(name, ', ') "
      "FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'recipient' ORDER BY number)) FROM story_event_members m "
      "JOIN events e USING(event) JOIN documents d ON d.document = e.document LEFT JOIN places p ON p.place = e.place WHERE "
      "m.story_event = ? AND m.core ORDER BY m.day, d.published, d.id, e.event"};
  Statement documents_of{
      db,
      "SELECT count(DISTINCT m.event >> 24), count(DISTINCT coalesce(u.origin, m.event >> 24)) FROM story_event_members m LEFT JOIN "
      "duplicates u ON u.document = m.event >> 24 WHERE m.story_event = ?"};
  Statement of_document{
      db, "SELECT event FROM story_event_members WHERE story_event = ?1 AND event >= ?2 * 16777216 AND event < (?2 + 1) * 16777216"};
  Statement origin{db, "SELECT origin FROM duplicates WHERE document = ?"};
  Statement copies{db, "SELECT document FROM duplicates WHERE origin = ?"};
  // What positions are made of. All of a story event, or those of one mention.
  Statement rows_of_story{db, row_of_claim + " WHERE m.story_event = ? ORDER BY c.date IS NULL, c.date, c.id"};
  Statement rows_of_event{db, row_of_claim + " WHERE m.event = ? ORDER BY c.date IS NULL, c.date, c.id"};
  // The same with all that tells who speaks.
  Statement claims{db, heard_in + " WHERE c.story_event = ?"};
  Statement claim{db, heard_in + " WHERE c.claim = ?"};
  Statement no_more_than{db, "SELECT count(*) FROM (SELECT 1 FROM claims WHERE story_event = ? LIMIT ?)"};
  Statement first_said{db, "SELECT claim FROM claims WHERE position = ? ORDER BY date, id LIMIT ?"};
  Statement next_voice{db, "SELECT voice FROM claims WHERE position = ? AND named = 1 AND voice > ? ORDER BY voice LIMIT 1"};
  Statement first_of_voice{db, "SELECT claim FROM claims WHERE position = ? AND named = 1 AND voice = ? ORDER BY date, id LIMIT 1"};
  Statement last_of_voice{db,
                          "SELECT claim FROM claims WHERE position = ? AND named = 1 AND voice = ? ORDER BY date DESC, id DESC LIMIT 1"};
  Statement fill{
      db,
      "UPDATE story_events SET title = ?, type = ?, country_a = ?, country_b = ?, day_from = ?, day_to = ?, place_name = ?, geonames = ?, "
      "latitude = ?, longitude = ?, documents = ?, origins = ?, disputed = ? WHERE story_event = ?"};
  Statement positions{
      db,
      "SELECT position, id, kind, coalesce(value, ''), coalesce(low, 0), coalesce(high, 0), coalesce(first_date, ''), coalesce(last_date, "
      "'') FROM positions WHERE story_event = ? ORDER BY id"};
  Statement remove_position{db, "DELETE FROM positions WHERE id = ?"};
  Statement position{
      db,
      "SELECT position, coalesce(first_date, ''), coalesce(last_date, ''), documents, origins, voices, holds FROM positions WHERE id = ?"};
  Statement in_position{db, "SELECT EXISTS (SELECT 1 FROM claims WHERE position = ? AND document = ?)"};
  Statement holds_position{db, "SELECT EXISTS (SELECT 1 FROM claims WHERE position = ? AND named = ? AND voice = ?)"};
  Statement forget_left{
      db,
      "UPDATE claims SET story_event = NULL, position = NULL WHERE story_event = ?1 AND NOT EXISTS (SELECT 1 FROM story_event_members m "
      "WHERE m.event = claims.event AND m.story_event = ?1)"};
  Statement first_id{db, "SELECT id FROM claims WHERE position = ? AND date IS ? ORDER BY id LIMIT 1"};
  Statement in_dispute{
      db,
      "SELECT count(DISTINCT c.document), count(DISTINCT coalesce(u.origin, c.document)) FROM dispute_positions p JOIN claims c "
      "USING(position) LEFT JOIN duplicates u ON u.document = c.document WHERE p.dispute = ?"};
  Statement count_dispute{db, "UPDATE disputes SET documents = ?, origins = ? WHERE dispute = ?"};
  Statement clear_disputes{db, "DELETE FROM disputes WHERE story_event = ?"};
  Statement clear_changes{db, "DELETE FROM changes_of_mind WHERE story_event = ?"};
  Statement put_position{
      db,
      "INSERT INTO positions(id, story_event, kind, holds, value, low, high, first_date, last_date, documents, origins, voices) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET holds = excluded.holds, first_date = excluded.first_date, "
      "last_date = "
      "excluded.last_date, documents = excluded.documents, origins = excluded.origins, voices = excluded.voices"};
  Statement place_claim{db, "UPDATE claims SET story_event = ?, position = ? WHERE claim = ?"};
  Statement add_dispute{
      db, "INSERT INTO disputes(id, story_event, kind, title, first_date, last_date, documents, origins) VALUES(?, ?, ?, ?, ?, ?, 0, 0)"};
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
      if (!to.actor && part_of_text(words)) {
        to.key = narrator.key, to.label = narrator.label, to.kind = narrator.kind;
      } else if (to.actor && s.getColumn(9).getInt() != 0)
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

  /// Of "9,000 people" 9000, if it stands in the sentence of the event.
  std::optional<int64_t> size_of_crowd(int64_t event) {
    std::optional<int64_t> out;
    size_t doers = 0;
    prepared(told_doers, event);
    while (told_doers.executeStep()) {
      const std::string words = told_doers.getColumn(0).getString();
      const bool named = told_doers.getColumn(1).getInt() != 0;
      if (++doers > 1 || named) {
        out.reset();
        break;
      }
      int64_t n = 0;
      size_t at = words.find_first_of("0123456789"), digits = 0;
      for (; at < words.size() && digits < 10 && (words[at] == ',' || (words[at] >= '0' && words[at] <= '9')); ++at)
        if (words[at] != ',') n = n * 10 + (words[at] - '0'), ++digits;
      if (n >= 10 && at < words.size() && words[at] == ' ') out = n;
    }
    told_doers.reset();
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
    run(add_claim, id, document, event, attribution, voice(by), by.kind != std::string_view("unnamed"), by.chain, kind, by.stance,
        factuality, status, value, low, high, by.date.empty() ? std::nullopt : std::optional(by.date));
  }

  // -- Positions: of all claims, and of those that came to them.

  struct Row {
    int64_t claim = 0, document = 0, origin = 0, event = 0, voice = 0;
    bool named = false;
    std::string id, kind, value, date;
    int64_t low = 0, high = 0;
    std::optional<int64_t> story, position;  ///< as they stand in the store
    std::string name() const { return kind == "number" ? fmt::format("number/{}/{}-{}", value, low, high) : kind + "/" + value; }
  };
  static std::vector<Row> rows_of(Statement& s, int64_t key) {
    std::vector<Row> out;
    prepared(s, key);
    while (s.executeStep())
      out.push_back({s.getColumn(0).getInt64(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(), s.getColumn(3).getInt64(),
                     s.getColumn(4).getInt64(), s.getColumn(5).getInt() != 0, s.getColumn(6).getString(), s.getColumn(7).getString(),
                     s.getColumn(8).getString(), s.getColumn(11).getString(), s.getColumn(9).getInt64(), s.getColumn(10).getInt64(),
                     integer_or_null(s.getColumn(12)), integer_or_null(s.getColumn(13))});
    s.reset();
    return out;
  }
  static std::optional<std::string> if_any(const std::string& s) { return s.empty() ? std::nullopt : std::optional(s); }

  /// What it says, in the words of its first claim.
  std::string holds(const Row& c) {
    if (c.kind == "occurrence") return holds_of_occurrence(c.value);
    if (c.kind == "number") {
      const std::string what = c.value == "size" ? "took part" : c.value;
      return c.low == c.high ? fmt::format("{} {}", c.low, what) : fmt::format("{}–{} {}", c.low, c.high, what);
    }
    return holds_of_agent(c.event);
  }
  std::string holds_of_agent(int64_t event) {
    prepared(names_of_agent, event).executeStep();
    const std::string out = names_of_agent.getColumn(0).getString() + " did it";
    names_of_agent.reset();
    return out;
  }

  /// All positions of the story event, from the beginning.
  void take_positions(int64_t story, const std::string& id) {
    run(forget_left, story);
    const std::vector<Row> claims = rows_of(rows_of_story, story);
    std::map<std::string, std::vector<const Row*>> held;
    for (const Row& c : claims) held[c.name()].push_back(&c);
    for (const auto& [name, list] : held) {
      std::set<int64_t> documents, origins, voices;
      std::string first_date, last_date;
      for (const Row* c : list) {
        documents.insert(c->document), origins.insert(c->origin), voices.insert(c->voice);
        if (c->date.empty()) continue;
        if (first_date.empty() || c->date < first_date) first_date = c->date;
        if (c->date > last_date) last_date = c->date;
      }
      const Row& first = *list.front();
      const bool is_number = first.kind == "number";
      run(put_position, id + "/" + name, story, first.kind, holds(first), if_any(first.value),
          is_number ? std::optional(first.low) : std::nullopt, is_number ? std::optional(first.high) : std::nullopt, if_any(first_date),
          if_any(last_date), documents.size(), origins.size(), voices.size());
      const int64_t key = key_of(id + "/" + name);
      for (const Row* c : list)
        if (c->story != story || c->position != key) run(place_claim, story, key, c->claim);
    }
    std::vector<std::string> unheld;  // any more
    for (const PositionOf& p : positions_of(story, id))
      if (!held.contains(p.name)) unheld.push_back(p.id);
    for (const std::string& old : unheld) run(remove_position, old);
  }

  /// The same from what the positions were before and the claims of mentions that came to the story event.
  void add_to_positions(int64_t story, const std::string& id, const std::vector<int64_t>& mentions) {
    for (const int64_t event : mentions)
      for (const Row& c : rows_of(rows_of_event, event)) {
        const std::string name = id + "/" + c.name();
        std::string first_date, last_date, words;
        int64_t key = 0, documents = 0, origins = 0, voices = 0;
        if (prepared(position, name).executeStep()) {
          key = position.getColumn(0).getInt64();
          first_date = position.getColumn(1).getString(), last_date = position.getColumn(2).getString();
          documents = position.getColumn(3).getInt64(), origins = position.getColumn(4).getInt64(),
          voices = position.getColumn(5).getInt64();
          words = position.getColumn(6).getString();
        }
        position.reset();
        if (c.story == story && c.position == key && key != 0) continue;
        if (key == 0) {
          words = holds(c);
        } else if (c.kind == "agent" && first_date.empty() == c.date.empty() && c.date <= first_date) {
          bool first = c.date < first_date;
          if (!first) {  // of one day the one with the smaller id
            prepared(first_id, key, if_any(c.date)).executeStep();
            first = c.id < first_id.getColumn(0).getString();
            first_id.reset();
          }
          if (first) words = holds_of_agent(c.event);
        } else if (c.kind == "agent" && first_date.empty() && !c.date.empty()) {
          words = holds_of_agent(c.event);
        }
        documents += !is_in(key, c.document);
        voices += !asks(holds_position, key, c.named, c.voice);
        origins += !any_of_text(c.document, c.origin, [&](int64_t document) { return is_in(key, document); });
        if (!c.date.empty()) {
          if (first_date.empty() || c.date < first_date) first_date = c.date;
          if (c.date > last_date) last_date = c.date;
        }
        const bool is_number = c.kind == "number";
        run(put_position, name, story, c.kind, words, if_any(c.value), is_number ? std::optional(c.low) : std::nullopt,
            is_number ? std::optional(c.high) : std::nullopt, if_any(first_date), if_any(last_date), documents, origins, voices);
        run(place_claim, story, key != 0 ? key : key_of(name), c.claim);
      }
  }

  template <class... Values>
  bool asks(Statement& s, const Values&... values) {
    prepared(s, values...).executeStep();
    const bool out = s.getColumn(0).getInt() != 0;
    s.reset();
    return out;
  }
  bool is_in(int64_t position, int64_t document) { return asks(in_position, position, document); }
  int64_t key_of(const std::string& position_id) {
    prepared(position, position_id).executeStep();
    const int64_t out = position.getColumn(0).getInt64();
    position.reset();
    return out;
  }
  /// Of the documents that go back to one text.
  template <class Test>
  bool any_of_text(int64_t document, int64_t from, Test test) {
    if (test(document) || (from != document && test(from))) return true;
    std::vector<int64_t> all;
    prepared(copies, from);
    while (copies.executeStep()) all.push_back(copies.getColumn(0).getInt64());
    copies.reset();
    return std::any_of(all.begin(), all.end(), test);
  }

  /// Documents and texts that tell of it, where those of the mentions came to it.
  void add_documents(int64_t story, const std::vector<int64_t>& mentions, int64_t& documents, int64_t& origins) {
    std::map<int64_t, size_t> fresh;  // documents, and how many of their mentions are new
    for (const int64_t event : mentions) ++fresh[event >> 24];
    const auto told_by = [&](int64_t document) {
      size_t n = 0;
      prepared(of_document, story, document);
      while (of_document.executeStep()) ++n;
      of_document.reset();
      const auto at = fresh.find(document);
      return n > (at == fresh.end() ? 0 : at->second);
    };
    while (!fresh.empty()) {
      const int64_t document = fresh.begin()->first;
      if (!told_by(document)) {
        ++documents;
        int64_t from = document;
        if (prepared(origin, document).executeStep()) from = origin.getColumn(0).getInt64();
        origin.reset();
        origins += !any_of_text(document, from, told_by);
      }
      fresh.erase(fresh.begin());
    }
  }

  std::vector<PositionOf> positions_of(int64_t story, const std::string& id) {
    std::vector<PositionOf> out;
    prepared(positions, story);
    while (positions.executeStep()) {
      PositionOf p;
      p.key = positions.getColumn(0).getInt64();
      p.id = positions.getColumn(1).getString();
      p.name = p.id.substr(id.size() + 1);
      p.kind = positions.getColumn(2).getString(), p.value = positions.getColumn(3).getString();
      p.low = positions.getColumn(4).getInt64(), p.high = positions.getColumn(5).getInt64();
      p.first_date = positions.getColumn(6).getString(), p.last_date = positions.getColumn(7).getString();
      out.push_back(std::move(p));
    }
    positions.reset();
    return out;
  }

  // -- Who contradicts whom, and himself.

  /// The claims of the story event with their speakers, in order of time. Of one with very many those that count: of each position the
  /// first ones, and of each voice with a name its first and last.
  std::vector<Claim> heard(int64_t story, const std::vector<PositionOf>& positions, std::vector<bool>& known) {
    constexpr int64_t kAll = 512, kFirst = 64;
    std::vector<Claim> out;
    std::vector<Speaker> voices;
    std::map<std::tuple<int64_t, std::string>, size_t> voice_at;  // a person may hold an office in one text alone
    prepared(no_more_than, story, kAll + 1).executeStep();
    const bool all = no_more_than.getColumn(0).getInt64() <= kAll;
    no_more_than.reset();
    if (all) {
      prepared(claims, story);
      while (claims.executeStep()) out.push_back(claim_of(claims, voices, voice_at));
      claims.reset();
    } else {
      std::set<int64_t> keys;
      const auto add = [&](Statement& s) {
        while (s.executeStep()) keys.insert(s.getColumn(0).getInt64());
        s.reset();
      };
      for (const PositionOf& p : positions) {
        add(prepared(first_said, p.key, kFirst));
        for (int64_t voice = 0; prepared(next_voice, p.key, voice).executeStep();) {
          voice = next_voice.getColumn(0).getInt64();
          add(prepared(first_of_voice, p.key, voice));
          add(prepared(last_of_voice, p.key, voice));
        }
        next_voice.reset();
      }
      for (const int64_t key : keys) {
        if (prepared(claim, key).executeStep()) out.push_back(claim_of(claim, voices, voice_at));
        claim.reset();
      }
    }
    const std::vector<size_t> one = speakers_of(voices);
    known.assign(voices.size(), false);  // speakers who are the same in another text
    for (size_t i = 0; i < voices.size(); ++i)
      if (identified(voices[i])) known[one[i]] = true;
    for (Claim& c : out) {
      c.speaker = one[c.speaker];
      if (c.kind == "agent") c.doers = doers(c.event, c.unsaid);
    }
    std::sort(out.begin(), out.end(), [](const Claim& a, const Claim& b) {
      return std::tuple(a.date.empty(), std::string_view(a.date), std::string_view(a.id)) <
             std::tuple(b.date.empty(), std::string_view(b.date), std::string_view(b.id));
    });
    return out;
  }

  Claim claim_of(Statement& s, std::vector<Speaker>& voices, std::map<std::tuple<int64_t, std::string>, size_t>& voice_at) {
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
    c.undated = !c.date.empty() && c.date == s.getColumn(20).getString();
    c.said = c.undated && !s.getColumn(21).isNull() ? s.getColumn(21).getString() : c.date;
    const std::string voice_kind = s.getColumn(12).getString(), country = s.getColumn(13).getString(),
                      sectors = " " + s.getColumn(14).getString() + " ", actor_kind = s.getColumn(16).getString();
    c.position = s.getColumn(17).getInt64();
    c.narrator = voice_kind == "narrator";
    c.doubtful = !s.getColumn(26).isNull() && s.getColumn(26).getDouble() < kLikely;
    c.anybody = voice_kind == "unnamed" && country.empty();
    c.correction = s.getColumn(15).getInt() != 0;
    const bool of_state = actor_kind != "armed_group" && !country.empty() &&
                          (actor_kind == "state" || actor_kind == "office" || sectors.find(" GOV ") != std::string::npos ||
                           sectors.find(" MIL ") != std::string::npos);
    c.side = of_state ? "country:" + country : s.getColumn(11).getString();
    std::string office = s.getColumn(19).getString(), key = s.getColumn(11).getString(), label = s.getColumn(18).getString();
    // What a paper tells by printing another's text is that one's word; what it adds to it, its own.
    if (c.narrator && c.origin != c.document && s.getColumn(25).getString() != "updated" &&
        s.getColumn(22).getString() != s.getColumn(23).getString()) {
      label = s.getColumn(23).isNull() ? "the document" : s.getColumn(23).getString();
      key = s.getColumn(23).isNull() ? "document:" + s.getColumn(24).getString() : "publisher:" + label;
      c.side = key;
      c.printed = true;
      office = key;  // apart from its own words
    } else if (voice_kind == "actor" && entities::fold(label) == entities::fold(s.getColumn(22).getString())) {
      c.narrator = true;  // "The Fjord Post said on Monday": in its own pages, which a correction quotes
      c.correction = false;
      c.side = key = "publisher:" + s.getColumn(22).getString();
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
    return c;
  }

  /// Writes the changes of mind. Returns the claims that their voice no longer makes.
  std::set<size_t> write_changes(int64_t story, const std::vector<Claim>& claims, const std::vector<bool>& known) {
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
          run(add_change, claims[x].claim, claims[y].claim, claims[y].voice, story, claims[y].kind, corrects);
          // Its earlier number no longer stands. That it happened, or who did it, stays on record.
          if (claims[y].kind == "number")
            for (auto old = dates.begin(); old != later; ++old) taken_back.insert(old->second.begin(), old->second.end());
          break;
        }
      }
    }
    return taken_back;
  }

  // -- What the story event is called, and when and where it was.

  struct PlaceOf {
    std::string name;
    std::optional<int64_t> geonames;
    std::optional<double> latitude, longitude;
    size_t count = 0;
  };
  struct Fields {
    std::string type, lemma, doers, recipients;
    std::optional<std::string> country_a, country_b;
    std::optional<int64_t> from, to;
    std::optional<PlaceOf> place;
    /// "attack: Norway → Iceland"
    std::string what() const {
      if (doers.empty() && recipients.empty()) return lemma;
      return lemma + ": " + (doers.empty() ? "?" : doers) + (recipients.empty() ? "" : " → " + recipients);
    }
    std::string title() const { return place ? what() + ", " + place->name : what(); }
  };

  /// What the mentions that stand for it agree on: of each field the value that most have, the earliest mention's among equals.
  Fields fields_of(int64_t story) {
    Fields out;
    std::vector<PlaceOf> places;
    std::map<std::string, std::pair<size_t, size_t>> types;  // count, and when first seen
    std::map<std::pair<int64_t, int64_t>, std::pair<size_t, size_t>> days;
    size_t number = 0;
    prepared(members, story);
    while (members.executeStep()) {
      const auto& s = members;
      ++number;
      if (number == 1) out.lemma = s.getColumn(2).getString();
      ++types.try_emplace(s.getColumn(1).getString(), 0, number).first->second.first;
      if (!s.getColumn(3).isNull())
        ++days.try_emplace({s.getColumn(3).getInt64(), s.getColumn(4).getInt64()}, 0, number).first->second.first;
      if (!s.getColumn(5).isNull()) {
        PlaceOf p{s.getColumn(5).getString(), integer_or_null(s.getColumn(6)), {}, {}, 0};
        if (!s.getColumn(7).isNull()) p.latitude = s.getColumn(7).getDouble(), p.longitude = s.getColumn(8).getDouble();
        auto at =
            std::find_if(places.begin(), places.end(), [&](const PlaceOf& x) { return x.name == p.name && x.geonames == p.geonames; });
        if (at == places.end()) at = places.insert(places.end(), p);
        ++at->count;
      }
      if (!out.country_a && !s.getColumn(9).isNull()) out.country_a = s.getColumn(9).getString();
      if (!out.country_b && !s.getColumn(10).isNull())
        out.country_a = s.getColumn(9).getString(), out.country_b = s.getColumn(10).getString();
      if (out.doers.empty()) out.doers = s.getColumn(11).getString();
      if (out.recipients.empty()) out.recipients = s.getColumn(12).getString();
    }
    members.reset();
    const auto most = [](const auto& counts) {
      return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
        return a.second.first != b.second.first ? a.second.first < b.second.first : a.second.second > b.second.second;
      });
    };
    if (!types.empty()) out.type = most(types)->first;
    if (!days.empty()) out.from = most(days)->first.first, out.to = most(days)->first.second;
    for (const PlaceOf& p : places)
      if (!out.place || p.count > out.place->count) out.place = p;
    return out;
  }

  /// Disputes and changes of mind of the story event. -> Is anything disputed?
  bool write_disputes(int64_t story, const std::string& id, const Fields& fields) {
    run(clear_changes, story);
    run(clear_disputes, story);
    // Of most events nobody says anything that another could contradict.
    std::vector<PositionOf> positions = positions_of(story, id);
    bool any = false;
    for (size_t i = 0; i < positions.size() && !any; ++i)
      for (size_t j = i + 1; j < positions.size() && !any; ++j) any = exclude_each_other(positions[i], positions[j]);
    if (!any) return false;
    std::vector<bool> known;
    const std::vector<Claim> claims = heard(story, positions, known);
    std::unordered_map<int64_t, PositionOf*> by_key;
    for (PositionOf& p : positions) by_key[p.key] = &p;
    for (size_t i = 0; i < claims.size(); ++i)
      if (const auto at = by_key.find(claims[i].position); at != by_key.end()) at->second->claims.push_back(i);
    const std::set<size_t> taken_back = write_changes(story, claims, known);

    // For each question those positions of which at least two people hold two that exclude each other.
    bool disputed = false;
    std::map<std::string, std::vector<const PositionOf*>> questions;
    for (const PositionOf& p : positions) questions[p.kind == "number" ? "number/" + p.value : p.kind].push_back(&p);
    // Whoever says that another did it and denies that it was the one who is accused denies the doer, not the event.
    std::set<std::string> name_another;  // sides; "agent" comes before "occurrence"
    for (const auto& [question, list] : questions) {
      const auto heard_on = [&](size_t i) {
        const Claim& c = claims[i];
        if (taken_back.contains(i)) return false;
        if (question != "occurrence") return true;
        return !c.doubtful && !(c.value == "not_happened" && (name_another.contains(c.side) || (c.anybody && !name_another.empty())));
      };
      std::set<size_t> in;
      for (size_t i = 0; i < list.size(); ++i)
        for (size_t j = i + 1; j < list.size(); ++j) {
          if (!exclude_each_other(*list[i], *list[j])) continue;
          const bool against = std::any_of(list[i]->claims.begin(), list[i]->claims.end(), [&](size_t x) {
            return heard_on(x) && std::any_of(list[j]->claims.begin(), list[j]->claims.end(),
                                              [&](size_t y) { return heard_on(y) && corpus::disputes(claims[x], claims[y]); });
          });
          if (against) in.insert(i), in.insert(j);
        }
      if (in.empty()) continue;
      disputed = true;
      if (question == "agent")
        for (const size_t i : in)
          for (const size_t c : list[i]->claims) name_another.insert(claims[c].side);
      std::vector<const PositionOf*> held;
      for (const size_t i : in) held.push_back(list[i]);
      // In order of appearance; without a date last.
      std::stable_sort(held.begin(), held.end(), [](const PositionOf* a, const PositionOf* b) {
        return a->first_date.empty() != b->first_date.empty() ? b->first_date.empty() : a->first_date < b->first_date;
      });
      std::string last_date;
      for (const PositionOf* p : held) last_date = std::max(last_date, p->last_date);
      const std::string what = fields.doers.empty() || !fields.recipients.empty() ? fields.what() : fields.what() + " → ?";
      const std::string title = question == "occurrence"    ? "Whether it happened: " + what
                                : question == "agent"       ? "Who did it: " + what
                                : question == "number/size" ? "How many took part: " + what
                                                            : fmt::format("How many {}: {}", question.substr(7), what);
      run(add_dispute, id + "/" + question, story, question.substr(0, question.find('/')), title, if_any(held[1]->first_date),
          if_any(last_date));
      const int64_t key = db.getLastInsertRowid();
      for (size_t i = 0; i < held.size(); ++i) run(add_dispute_position, key, held[i]->key, i);
      prepared(in_dispute, key).executeStep();
      const int64_t documents = in_dispute.getColumn(0).getInt64(), origins = in_dispute.getColumn(1).getInt64();
      in_dispute.reset();
      run(count_dispute, documents, origins, key);
    }
    return disputed;
  }

  /// `joined`: mentions that came since it was counted; null: from the beginning.
  void count(int64_t key, const std::vector<int64_t>* joined) {
    if (!prepared(story, key).executeStep()) {
      story.reset();
      return;
    }
    const std::string id = story.getColumn(0).getString();
    int64_t in_documents = story.getColumn(1).getInt64(), in_origins = story.getColumn(2).getInt64();
    story.reset();
    if (joined) {
      add_documents(key, *joined, in_documents, in_origins);
      add_to_positions(key, id, *joined);
    } else {
      prepared(documents_of, key).executeStep();
      in_documents = documents_of.getColumn(0).getInt64(), in_origins = documents_of.getColumn(1).getInt64();
      documents_of.reset();
      take_positions(key, id);
    }
    const Fields f = fields_of(key);
    const bool disputed = write_disputes(key, id, f);
    run(fill, f.title(), f.type, f.country_a, f.country_b, f.from, f.to, f.place ? std::optional(f.place->name) : std::nullopt,
        f.place ? f.place->geonames : std::nullopt, f.place ? f.place->latitude : std::nullopt, f.place ? f.place->longitude : std::nullopt,
        in_documents, in_origins, disputed, key);
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
  struct Told {
    int64_t event;
    std::string type, status, factuality;
    std::optional<int64_t> attribution;
    std::string mode;
  };
  std::vector<Told> rows;
  prepared(to.events, document);
  while (to.events.executeStep()) {
    const auto& s = to.events;
    rows.push_back({s.getColumn(0).getInt64(), s.getColumn(1).getString(), s.getColumn(2).getString(), s.getColumn(3).getString(),
                    integer_or_null(s.getColumn(4)), s.getColumn(5).getString()});
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
  for (const Told& row : rows) {
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
    // "9,000 people took part": those who protest are the size, where the coder read no other
    if (row.type == "PROTEST" && std::none_of(numbers.begin(), numbers.end(), [](const auto& n) { return std::get<0>(n) == "size"; }))
      if (const auto size = to.size_of_crowd(row.event)) numbers.emplace_back("size", *size, *size);
    std::map<std::string, int> seen;
    for (const auto& [kind, low, high] : numbers) {
      const int n = ++seen[kind];
      to.put(claim_id(row.attribution, "number/" + kind + (n > 1 ? fmt::format("/{}", n) : "")), document, row.event, row.attribution,
             speaker(row.attribution), "number", row.factuality, row.status, kind, low, high);
    }
  }
}

void Claims::count(int64_t story) {
  impl_->count(story, nullptr);
}
void Claims::count(int64_t story, const std::vector<int64_t>& joined) {
  impl_->count(story, &joined);
}

}  // namespace reportedly::corpus
