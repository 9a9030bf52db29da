// The same event over documents, in two steps. What one text tells of one event is an account: the text's own mentions go together first.
// Then every account, in order of publication, joins the story event that it fits, or begins one. An account is compared with those that
// stand for a story event, its first ones, and must be like all of them taken together: one mention that is like two others does not make
// one event of the two. Which story event an account joins follows from the accounts before it, so that the groups follow from the
// documents alone; a text that comes in late has those after it that it may concern decided anew.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "corpus/group.h"
#include "corpus/rows.h"
#include "corpus/speakers.h"
#include "corpus/told.h"
#include "entities/fold.h"

namespace reportedly::corpus {
namespace {

/// So many accounts with a day, and as many without, stand for a story event.
constexpr size_t kStandFor = 8;
/// What an account must be like them on average, and a mention like the others of its account: those that exclude it weigh heavily.
constexpr double kFits = 0;
/// A pair counts no more for the average than this: the same sentence does not make up for all else.
constexpr double kMostOfPair = 6;
/// Of a text that tells the same over and over, so many mentions are looked at.
constexpr size_t kMostInBlock = 32, kMostOfAccount = 4;
/// A pair that somebody has put together: a reviewer, or the text that sets the two against each other.
constexpr double kPut = 50;
constexpr int64_t kNoDay = 99'999'999;

/// What one text tells of one event. Mentions by their place in the document.
struct Account {
  std::vector<size_t> mentions;
  bool dated = false;  ///< to the day
};

/// A mention and where it meets others, sorted.
struct Entry {
  EventMention mention;
  std::vector<int64_t> blocks;
};

/// Of a document that others meet most mentions are never looked at: each is read from the bytes when it is asked for. Moved, never copied:
/// its mentions point at its names.
struct Document {
  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;
  const EventMention& mention(size_t i) const { return entry(i).mention; }
  const std::vector<int64_t>& blocks(size_t i) const { return entry(i).blocks; }
  Corrections::Place place(size_t i) const { return {id, spans[i].first, spans[i].second}; }
  const Entry& entry(size_t i) const;

  int64_t number = 0;
  std::string id, published;
  int64_t day = kNoDay;                                      ///< of publication
  std::string order;                                         ///< by comparison the earlier one; the same on every machine
  std::vector<int64_t> events;                               ///< its mentions, ascending
  std::vector<std::pair<int64_t, int64_t>> spans;            ///< of their words, for corrections
  std::vector<uint64_t> names;                               ///< in it: EventMention::story of all its mentions
  mutable std::vector<std::unique_ptr<Entry>> entries;       ///< those that were asked for
  std::string bytes;                                         ///< of the others, one after the other
  std::vector<uint32_t> ends;                                ///< in them
  std::vector<std::pair<int64_t, int64_t>> pairs;            ///< mentions that the document itself sets against each other
  std::unordered_map<int64_t, std::vector<int64_t>> paired;  ///< the same, both ways
  std::vector<Account> accounts;
  std::vector<size_t> account_of;             ///< of mentions
  std::vector<std::optional<size_t>> within;  ///< of mentions: the earlier one of the account that it goes with
  std::vector<double> within_score;
};

/// An account of a document that is loaded.
struct Told {
  const Document* document = nullptr;
  const Account* account = nullptr;
  explicit operator bool() const { return account != nullptr; }
  int64_t event() const { return document->events[account->mentions.front()]; }
};

/// Is the one told before the other: in a text that was published earlier, or earlier in one text?
bool before(const Document& a, int64_t event_a, const Document& b, int64_t event_b) {
  return &a == &b ? event_a < event_b : a.order < b.order;
}
bool before(const Told& a, const Told& b) {
  return before(*a.document, a.event(), *b.document, b.event());
}

/// The words of a name, without its kind and country before the last colon: a person is named by the last name alone elsewhere. Words that
/// half of all institutions have in their names say nothing.
void story_words(const std::string& key, std::vector<uint64_t>& to) {
  static const std::unordered_set<std::string> kCommon{
      "the",     "and",        "for",           "ministry", "minister",  "government", "council",    "committee", "commission",
      "office",  "department", "party",         "police",   "army",      "navy",       "force",      "forces",    "guard",
      "coast",   "court",      "national",      "united",   "president", "prime",      "state",      "states",    "foreign",
      "defence", "defense",    "interior",      "affairs",  "union",     "security",   "agency",     "press",     "news",
      "bank",    "university", "group",         "company",  "city",      "north",      "south",      "east",      "west",
      "new",     "people",     "international", "central",  "general",   "supreme",    "parliament", "republic",  "organisation"};
  const std::string name = entities::fold(key.substr(key.rfind(':') + 1));
  for (size_t at = 0; at < name.size();) {
    const size_t end = std::min(name.find(' ', at), name.size());
    const std::string word = name.substr(at, end - at);
    if (word.size() >= 3 && !kCommon.contains(word)) to.push_back(entities::hash(word));
    at = end + 1;
  }
}

/// A date that the model chose with little certainty is often that of another event of the sentence. The store has its certainty in the
/// reasons alone: "time: Friday, model:time (p 0.58)". Below .8 half of them are wrong, above it few.
bool unsure(const std::string& date_why) {
  constexpr std::string_view kBy = "model:time (p ";
  constexpr double kSure = .8;
  const size_t at = date_why.find(kBy);
  return at != std::string::npos && std::strtod(date_why.c_str() + at + kBy.size(), nullptr) < kSure;
}

/// "Three Bolivians", "two men": soldiers, perhaps, or farmers.
bool anybody(const std::string& description) {
  static const std::unordered_set<std::string> kAnybody{"man",   "men",     "people", "person", "persons", "woman",
                                                        "women", "victims", "others", "crew",   "group"};
  std::string head = description.substr(description.rfind(' ') + 1);
  if (kAnybody.contains(head)) return true;
  if (head.empty() || head[0] < 'A' || head[0] > 'Z') return false;
  if (head.back() == 's') head.pop_back();
  return nationality(entities::fold(head));
}

/// `what`: where in the sentence the word stands, in code points; or the type of the act.
uint64_t passage(const std::string& sentence, const std::string& what) {
  constexpr size_t kLeast = 40;  // bytes: "Nobody was hurt." stands in many texts
  if (sentence.size() < kLeast) return 0;
  return entities::hash(fmt::format("{}|{}", what, sentence)) | 1;
}

/// Shots "into the air", or "warning shots". `at`: of the word in the sentence, in code points.
bool warning(std::string_view sentence, int64_t at) {
  constexpr size_t kNear = 40;  // bytes
  size_t start = 0;
  for (int64_t n = 0; start < sentence.size(); ++start)
    if ((static_cast<unsigned char>(sentence[start]) & 0xc0) != 0x80 && n++ == at) break;
  for (const std::string_view in : {"into the air", "in the air", "warning shot"})
    if (sentence.substr(start, kNear).find(in) != std::string_view::npos) return true;
  return sentence.substr(0, start).ends_with("warning ");
}

/// What a story event is called that begins with this account.
std::string name_of(const Told& account) {
  return fmt::format("{}#v{}", account.document->id, (account.event() & 0xffffff) + 1);
}

/// The fields of a document but for its mentions, described once for both ways.
template <class Bytes, class D>
void each_field(Bytes& bytes, D& d) {
  const auto field = [&](auto& value) { bytes.field(value); };
  const auto pair = [&](auto& p) { field(p.first), field(p.second); };
  field(d.id), field(d.published), field(d.day);
  bytes.list(d.events, field);
  bytes.list(d.spans, pair);
  bytes.list(d.names, field);
  bytes.list(d.pairs, pair);
  bytes.list(d.accounts, [&](auto& account) {
    bytes.list(account.mentions, field);
    field(account.dated);
  });
  bytes.list(d.within, field);
  bytes.list(d.within_score, field);
  bytes.list(d.ends, field);
  field(d.bytes);
}

/// Those of a mention that do not follow from its document.
template <class Bytes, class E>
void each_field_of_mention(Bytes& bytes, E& entry) {
  const auto field = [&](auto& value) { bytes.field(value); };
  const auto party = [&](auto& p) {
    field(p.key), field(p.country), field(p.words), field(p.person), field(p.state), field(p.guessed), field(p.estate), field(p.sectors);
  };
  auto& m = entry.mention;
  field(m.type), field(m.mode), field(m.lemma), field(m.stem), field(m.status), field(m.quad);
  bytes.list(m.actors, party);
  bytes.list(m.recipients, party);
  field(m.from), field(m.to), field(m.unsure), field(m.negated), field(m.quoted), field(m.warning), field(m.passage),
      field(m.passage_of_type), field(m.published);
  bytes.optional(m.place, [&](auto& place) {
    field(place.geonames), field(place.latitude), field(place.longitude), field(place.country), field(place.name);
    field(place.whole_country);
  });
  bytes.list(m.numbers, [&](auto& n) { field(n.kind), field(n.low), field(n.high); });
  bytes.list(entry.blocks, field);
}

void complete(const Document& d, size_t i, EventMention& m) {
  m.event = d.events[i];
  m.document = d.number;
  m.story = d.names;
}

const Entry& Document::entry(size_t i) const {
  if (!entries[i]) {
    auto read = std::make_unique<Entry>();
    const size_t start = i == 0 ? 0 : ends[i - 1];
    BytesIn in(std::string_view(bytes).substr(start, ends[i] - start));
    each_field_of_mention(in, *read);
    if (!in.good() || !in.at_end())
      throw SQLite::Exception(fmt::format("what was kept of '{}' for grouping cannot be read", id), SQLITE_CORRUPT);
    complete(*this, i, read->mention);
    entries[i] = std::move(read);
  }
  return *entries[i];
}

/// What follows from the fields.
void complete(Document& d) {
  d.order = fmt::format("{:08}|{}|{}|", d.day, d.published, d.id);
  for (const auto& [x, y] : d.pairs) d.paired[x].push_back(y), d.paired[y].push_back(x);
}

std::string packed(Document& d) {
  d.bytes.clear(), d.ends.clear();
  for (const auto& entry : d.entries) {
    BytesOut bytes;
    each_field_of_mention(bytes, *entry);
    d.bytes += bytes.take();
    d.ends.push_back(static_cast<uint32_t>(d.bytes.size()));
  }
  BytesOut bytes;
  each_field(bytes, d);
  d.bytes = {};  // all of it is there in entries
  return bytes.take();
}

/// nullopt: these are not the bytes of a document.
std::optional<Document> unpacked(int64_t number, std::string_view bytes) {
  Document d;
  d.number = number;
  BytesIn in(bytes);
  each_field(in, d);
  const size_t n = d.events.size();
  if (!in.good() || !in.at_end() || d.spans.size() != n || d.ends.size() != n || d.within.size() != n || d.within_score.size() != n)
    return std::nullopt;
  if (!std::is_sorted(d.ends.begin(), d.ends.end()) || (n > 0 && d.ends.back() != d.bytes.size())) return std::nullopt;
  d.entries.resize(n);
  d.account_of.assign(n, d.accounts.size());
  for (size_t i = 0; i < d.accounts.size(); ++i) {
    if (d.accounts[i].mentions.empty()) return std::nullopt;
    for (const size_t at : d.accounts[i].mentions) {
      if (at >= n) return std::nullopt;
      d.account_of[at] = i;
    }
  }
  for (size_t i = 0; i < n; ++i)
    if (d.account_of[i] == d.accounts.size() || d.within[i].value_or(0) >= n) return std::nullopt;
  complete(d);
  return d;
}

}  // namespace

struct Stories::Impl {
  using Statement = SQLite::Statement;
  SQLite::Database& db;
  const Corrections& corrections;
  std::unordered_map<int64_t, Document> documents;

  Statement head{db, "SELECT id, published FROM documents WHERE document = ?"};
  Statement find_told{db, "SELECT bytes FROM told WHERE document = ?"};
  Statement put_told{db, "INSERT OR REPLACE INTO told(document, bytes) VALUES(?, ?)"};
  Statement story{
      db,
      "SELECT DISTINCT a.key FROM entities e JOIN actors a USING(actor) WHERE e.document = ? AND a.named AND a.kind <> 'state' UNION "
      "SELECT DISTINCT 'place:' || name FROM places p WHERE p.document = ?1 AND coalesce(feature, '') NOT LIKE 'PCL%'"};
  Statement events{
      db,
      "SELECT e.event, e.type, e.mode, e.trigger_lemma, e.status, e.quad, e.day_from, e.day_to, e.trigger_start, e.trigger_end, "
      "p.geonames, p.latitude, p.longitude, p.country, p.name, p.feature, e.date_why, e.attribution, s.start, "
      "substr(t.text, s.start + 1, s.end - s.start), e.factuality FROM events e JOIN texts t ON t.document = e.document LEFT JOIN places p "
      "ON p.place = "
      "e.place LEFT JOIN sentences s ON s.sentence = e.sentence WHERE e.document = ? ORDER BY e.event"};
  Statement parties{db,
                    "SELECT x.event, x.role, x.name, x.country, a.key, a.named, a.kind, x.sectors, a.country FROM event_actors x LEFT JOIN "
                    "actors a USING(actor) WHERE "
                    "x.event >= ?1 * 16777216 AND x.event < (?1 + 1) * 16777216 ORDER BY x.event, x.role, x.number"};
  Statement numbers{
      db,
      "SELECT event, kind, low, high FROM event_numbers WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216 ORDER BY "
      "event, number"};
  Statement pairs{
      db,
      "SELECT p.document_dispute, p.event FROM document_dispute_positions p JOIN document_disputes d USING(document_dispute) WHERE "
      "d.document = ? AND p.event IS NOT NULL ORDER BY 1, p.position"};
  Statement clear_blocks{db, "DELETE FROM event_blocks WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216"};
  Statement clear_members{db, "DELETE FROM story_event_members WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216"};
  Statement has_blocks{db, "SELECT EXISTS (SELECT 1 FROM event_blocks WHERE event = ?)"};
  Statement add_block{db, "INSERT OR IGNORE INTO event_blocks(block, core, day, event) VALUES(?, ?, ?, ?)"};
  Statement move_blocks{db, "UPDATE event_blocks SET core = ? WHERE event = ?"};
  Statement core_in_block{db, "SELECT event FROM event_blocks WHERE block = ? AND core = 1 AND day <= ?"};
  Statement later_in_block{db, "SELECT event FROM event_blocks WHERE block = ? AND core IN (0, 1) AND day >= ?"};
  Statement story_of{db, "SELECT story_event FROM story_event_members WHERE event = ?"};
  Statement member{db, "SELECT story_event, earlier, within, score, core FROM story_event_members WHERE event = ?"};
  Statement core{db, "SELECT event FROM story_event_members WHERE story_event = ? AND core"};
  Statement later_members{db, "SELECT event FROM story_event_members WHERE story_event = ? AND day >= ?"};
  Statement any_member{db, "SELECT EXISTS (SELECT 1 FROM story_event_members WHERE story_event = ?)"};
  Statement stale{db, "SELECT story_event, core FROM stale_story_events ORDER BY story_event"};
  Statement id_of{db, "SELECT id FROM story_events WHERE story_event = ?"};
  Statement rename_ended{db, "UPDATE story_events SET id = 'ended ' || story_event WHERE story_event = ?"};
  Statement add_story{db, "INSERT INTO story_events(id, title, type, documents, origins) VALUES(?, '', '', 0, 0)"};
  Statement remove_story{db, "DELETE FROM story_events WHERE story_event = ?"};
  Statement put_member{
      db,
      "INSERT INTO story_event_members(event, story_event, earlier, within, score, why, core, day) VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON "
      "CONFLICT(event) DO UPDATE SET story_event = excluded.story_event, earlier = excluded.earlier, within = excluded.within, score = "
      "excluded.score, why = excluded.why, core = excluded.core, day = excluded.day"};
  Statement set_core{db, "UPDATE story_event_members SET core = ? WHERE event = ?"};
  Statement document_by_id{db, "SELECT document FROM documents WHERE id = ?"};

  /// An account by its document's order and its first mention.
  using Rank = std::pair<std::string, int64_t>;
  static Rank rank(const Told& t) { return {t.document->order, t.event()}; }
  std::set<Rank> open;                                        ///< accounts to be decided
  Rank deciding;                                              ///< the one at hand
  std::unordered_map<int64_t, std::vector<int64_t>> core_of;  ///< of story events: who stands for them, in order; known ones
  std::set<int64_t> ended;                                    ///< whose first account went elsewhere: nobody joins them
  StoryChanges made;

  Impl(SQLite::Database& database, const Corrections& by_people) : db(database), corrections(by_people) {}

  /// References stay good until `trim`.
  const Document& load(int64_t number) {
    if (const auto at = documents.find(number); at != documents.end()) return at->second;
    std::optional<Document> kept;
    if (prepared(find_told, number).executeStep()) {
      const SQLite::Column bytes = find_told.getColumn(0);
      kept = unpacked(number, {static_cast<const char*>(bytes.getBlob()), static_cast<size_t>(bytes.getBytes())});
    }
    find_told.reset();
    return kept ? documents[number] = std::move(*kept) : read(number);
  }

  /// From the layers.
  Document& read(int64_t number) {
    Document out;
    std::string id, published;
    if (prepared(head, number).executeStep()) id = head.getColumn(0).getString(), published = head.getColumn(1).getString();
    head.reset();
    const auto day = days_of(published);
    out.number = number;
    out.id = id, out.published = published;
    if (day) out.day = day->first;
    std::vector<uint64_t>& around = out.names;
    prepared(story, number);
    while (story.executeStep()) story_words(story.getColumn(0).getString(), around);
    story.reset();
    std::sort(around.begin(), around.end());
    around.erase(std::unique(around.begin(), around.end()), around.end());
    std::unordered_map<int64_t, size_t> at;
    prepared(events, number);
    while (events.executeStep()) {
      EventMention m{.event = events.getColumn(0).getInt64()};
      const Corrections::Place place{id, events.getColumn(8).getInt64(), events.getColumn(9).getInt64()};
      m.type = events.getColumn(1).getString();
      m.mode = events.getColumn(2).getString();
      m.lemma = events.getColumn(3).getString();
      m.status = events.getColumn(4).getString();
      m.quad = events.getColumn(5).getInt();
      m.from = integer_or_null(events.getColumn(6));
      m.to = integer_or_null(events.getColumn(7));
      if (!events.getColumn(14).isNull()) {
        MentionPlace p{.geonames = integer_or_null(events.getColumn(10))};
        if (!events.getColumn(11).isNull()) p.latitude = events.getColumn(11).getDouble(), p.longitude = events.getColumn(12).getDouble();
        p.country = events.getColumn(13).getString();
        p.name = entities::fold(events.getColumn(14).getString());
        p.whole_country = events.getColumn(15).getString().starts_with("PCL");
        m.place = std::move(p);
      }
      if (day) m.published = day->first;
      m.unsure = unsure(events.getColumn(16).getString());
      m.negated = events.getColumn(20).getString() == "CT-" || events.getColumn(20).getString() == "PR-";
      m.quoted = !events.getColumn(17).isNull() || m.status == "denied";
      if (!events.getColumn(18).isNull()) {
        const std::string sentence = events.getColumn(19).getString();
        const int64_t in = place.start - events.getColumn(18).getInt64();
        m.passage = passage(sentence, std::to_string(in));
        m.passage_of_type = passage(sentence, m.type);
        m.warning = m.type == "ASSAULT" && warning(sentence, in);
      }
      m.stem = stem_of(m.lemma);
      at[m.event] = out.events.size();
      out.events.push_back(m.event);
      out.spans.emplace_back(place.start, place.end);
      out.entries.push_back(std::make_unique<Entry>(Entry{std::move(m), {}}));
    }
    events.reset();
    std::unordered_map<uint64_t, size_t> of_type;
    for (const auto& entry : out.entries) ++of_type[entry->mention.passage_of_type];
    for (const auto& entry : out.entries)
      if (of_type[entry->mention.passage_of_type] > 1) entry->mention.passage_of_type = 0;
    prepared(parties, number);
    while (parties.executeStep()) {
      const auto found = at.find(parties.getColumn(0).getInt64());
      if (found == at.end()) continue;
      EventMention& m = out.entries[found->second]->mention;
      const bool named = parties.getColumn(5).getInt() != 0;
      const std::string kind = parties.getColumn(6).getString();
      Party p{.key = named ? parties.getColumn(4).getString() : "",
              .country = parties.getColumn(3).getString(),
              .words = entities::fold(parties.getColumn(2).getString()),
              .person = kind == "person",
              .state = kind == "state",
              .guessed = parties.getColumn(8).isNull(),
              .estate = estate_of(parties.getColumn(7).getString(), kind)};
      // "two farmers", "the farmers" and "any farmer" may be the same; their number is no name
      if (!named) p.words = stem_of(p.words.substr(p.words.rfind(' ') + 1));
      // "people", CVL, may be farmers too
      if (p.estate == Estate::people && parties.getColumn(7).getString().find("CVL") == std::string::npos)
        p.sectors = parties.getColumn(7).getString();
      if (!named && anybody(parties.getColumn(2).getString())) p.estate = Estate::unknown;
      (parties.getColumn(1).getString() == "actor" ? m.actors : m.recipients).push_back(std::move(p));
    }
    parties.reset();
    prepared(numbers, number);
    while (numbers.executeStep())
      if (const auto found = at.find(numbers.getColumn(0).getInt64()); found != at.end())
        out.entries[found->second]->mention.numbers.push_back(
            {numbers.getColumn(1).getString(), numbers.getColumn(2).getInt64(), numbers.getColumn(3).getInt64()});
    numbers.reset();
    std::map<int64_t, std::vector<size_t>> of_dispute;
    prepared(pairs, number);
    while (pairs.executeStep())
      if (const auto found = at.find(pairs.getColumn(1).getInt64()); found != at.end())
        of_dispute[pairs.getColumn(0).getInt64()].push_back(found->second);
    pairs.reset();
    for (const auto& [dispute, list] : of_dispute)
      for (size_t i = 1; i < list.size(); ++i)
        if (const int64_t x = out.events[list[0]], y = out.events[list[i]]; x != y) out.pairs.emplace_back(x, y);
    complete(out);
    Document& kept = documents[number] = std::move(out);
    for (size_t i = 0; i < kept.entries.size(); ++i) complete(kept, i, kept.entries[i]->mention);
    part(kept);
    return kept;
  }

  void trim() {
    constexpr size_t kMost = 1024;
    if (documents.size() > kMost) documents.clear();
  }

  /// A mention; empty if it is gone.
  struct Found {
    const Document* document = nullptr;
    size_t index = 0;
    explicit operator bool() const { return document != nullptr; }
    const EventMention& mention() const { return document->mention(index); }
    int64_t event() const { return document->events[index]; }
    Corrections::Place place() const { return document->place(index); }
  };
  Found find(int64_t event) {
    const Document& d = load(document_of(event));
    const auto at = std::lower_bound(d.events.begin(), d.events.end(), event);
    if (at == d.events.end() || *at != event) return {};
    return {&d, static_cast<size_t>(at - d.events.begin())};
  }

  Likeness compare(const Found& x, const Found& y, bool reasons = false) {
    if (!corrections.empty()) {
      switch (corrections.events(x.place(), y.place())) {
        case Corrections::Pair::together:
          return {.score = 100, .why = {"a reviewer put them together"}};
        case Corrections::Pair::apart:
          return {.score = -100, .why = {}};
        case Corrections::Pair::open:
          break;
      }
    }
    if (x.document == y.document) {
      const Document& d = *x.document;
      if (const auto at = d.paired.find(x.event());
          at != d.paired.end() && std::find(at->second.begin(), at->second.end(), y.event()) != at->second.end())
        return {.score = 50, .why = {"set against each other in the document"}};
    }
    return likeness(x.mention(), y.mention(), reasons);
  }

  Told told(int64_t event) {
    const Found at = find(event);
    return at ? Told{at.document, &at.document->accounts[at.document->account_of[at.index]]} : Told{};
  }
  static bool earlier(const Found& a, const Found& b) { return before(*a.document, a.event(), *b.document, b.event()); }

  static bool to_the_day(const EventMention& m) { return m.from && m.to && *m.to - *m.from <= 1 && !m.unsure; }

  static bool meet(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
      if (*x == *y) return true;
      *x < *y ? ++x : ++y;
    }
    return false;
  }

  /// The mention's account among those of its document so far: the one with the mention that it is most like, if it is like the others too.
  void part(Document& d) {
    const size_t n = d.events.size();
    d.account_of.resize(n);
    d.within.resize(n);
    d.within_score.resize(n);
    std::unordered_map<int64_t, std::vector<size_t>> met;
    std::unordered_map<std::string_view, std::vector<size_t>> told;  // inside a text a stem alone: what one denies another has told
    for (size_t i = 0; i < n; ++i) {
      const EventMention& m = d.mention(i);
      std::vector<size_t> near;
      if (std::vector<size_t>& others = told[m.stem]; others.size() < kMostInBlock) {
        near = others;
        others.push_back(i);
      }
      for (const int64_t block : blocks_of(m)) {
        std::vector<size_t>& others = met[block];
        if (others.size() >= kMostInBlock) continue;
        near.insert(near.end(), others.begin(), others.end());
        others.push_back(i);
        d.entries[i]->blocks.push_back(block);  // in order, as they come
      }
      if (const auto at = d.paired.find(m.event); at != d.paired.end())
        for (const int64_t other : at->second)
          if (const Found f = find(other); f && f.index < i) near.push_back(f.index);
      if (!corrections.empty())
        for (const Corrections::Place& other : corrections.same_as(d.place(i)))
          for (size_t j = 0; j < i; ++j)
            if (d.place(j) == other) near.push_back(j);
      std::sort(near.begin(), near.end());
      near.erase(std::unique(near.begin(), near.end()), near.end());
      std::vector<std::pair<double, size_t>> like;
      for (const size_t j : near)
        if (const Likeness l = compare({&d, j}, {&d, i}); l.same()) like.emplace_back(-l.score, j);
      std::sort(like.begin(), like.end());  // the most like first, the earlier among equals
      d.account_of[i] = d.accounts.size();
      for (const auto& [score, j] : like) {
        const Account& account = d.accounts[d.account_of[j]];
        double sum = 0;
        size_t of = 0;
        for (; of < std::min(account.mentions.size(), kMostOfAccount); ++of)
          sum += std::min(kMostOfPair, compare({&d, account.mentions[of]}, {&d, i}).score);
        if (-score < kPut && sum < kFits * static_cast<double>(of)) continue;
        d.account_of[i] = d.account_of[j];
        d.within[i] = j;
        d.within_score[i] = -score;
        break;
      }
      if (d.account_of[i] == d.accounts.size()) d.accounts.emplace_back();
      Account& account = d.accounts[d.account_of[i]];
      account.mentions.push_back(i);
      account.dated |= to_the_day(m) && account.mentions.size() <= kMostOfAccount;
    }
  }

  /// How much two accounts of two texts are alike: as their two mentions that are most so. Nothing if they do not meet.
  std::optional<double> alike(const Told& a, const Told& b) {
    std::optional<double> best;
    for (size_t i = 0; i < std::min(a.account->mentions.size(), kMostOfAccount); ++i)
      for (size_t j = 0; j < std::min(b.account->mentions.size(), kMostOfAccount); ++j) {
        const size_t x = a.account->mentions[i], y = b.account->mentions[j];
        if (!meet(a.document->blocks(x), b.document->blocks(y))) continue;
        const double score = compare({a.document, x}, {b.document, y}).score;
        if (score <= -kPut) return score;  // a reviewer parted them
        if (!best || score > *best) best = score;
      }
    return best ? std::optional(std::min(kMostOfPair, *best)) : std::nullopt;
  }

  std::vector<int64_t>& standing_for(int64_t story) {
    const auto [at, is_new] = core_of.try_emplace(story);
    if (!is_new) return at->second;
    std::vector<int64_t> events;
    prepared(core, story);
    while (core.executeStep()) events.push_back(core.getColumn(0).getInt64());
    core.reset();
    for (const int64_t event : events)
      if (const Told t = told(event); t && t.event() == event) at->second.push_back(event);
    std::sort(at->second.begin(), at->second.end(), [&](int64_t a, int64_t b) { return before(told(a), told(b)); });
    return at->second;
  }

  /// Do two accounts with a day have one in common?
  static bool same_day(const Told& a, const Told& b) {
    if (!a.account->dated || !b.account->dated) return false;
    for (size_t i = 0; i < std::min(a.account->mentions.size(), kMostOfAccount); ++i)
      for (size_t j = 0; j < std::min(b.account->mentions.size(), kMostOfAccount); ++j) {
        const EventMention &x = a.document->mention(a.account->mentions[i]), &y = b.document->mention(b.account->mentions[j]);
        if (to_the_day(x) && to_the_day(y) && std::max(*x.from, *y.from) <= std::min(*x.to, *y.to)) return true;
      }
    return false;
  }

  /// Is the account like those before it that stand for the story event, taken together, and if it has a day, is that the day of half of
  /// those that have one?
  bool fits(const Told& u, int64_t story) {
    double sum = 0;
    size_t of = 0, dated = 0, of_its_day = 0;
    for (const int64_t event : standing_for(story)) {
      const Told v = told(event);
      if (!before(v, u)) break;
      if (v.document == u.document) continue;
      const std::optional<double> score = alike(v, u);
      sum += score.value_or(0), ++of;
      if (!u.account->dated || !v.account->dated) continue;
      ++dated;
      of_its_day += score && same_day(v, u);
    }
    return of > 0 && sum >= kFits * static_cast<double>(of) && 2 * of_its_day >= dated;
  }

  void decide_anew(const Told& u) {
    if (Rank of = rank(u); deciding < of) open.insert(std::move(of));
  }

  /// The account stands for the story event since now: later ones that are of it, or may be, are decided anew.
  void concerns(const Told& x, int64_t story, double least) {
    prepared(later_members, story, x.document->day);
    std::vector<int64_t> later;
    while (later_members.executeStep()) later.push_back(later_members.getColumn(0).getInt64());
    later_members.reset();
    for (const int64_t event : later)
      if (const Told y = told(event); y && before(x, y)) decide_anew(y);
    for (const size_t i : x.account->mentions) {
      later.clear();
      for (const int64_t block : x.document->blocks(i)) {
        prepared(later_in_block, block, x.document->day);
        while (later_in_block.executeStep()) later.push_back(later_in_block.getColumn(0).getInt64());
        later_in_block.reset();
      }
      std::sort(later.begin(), later.end());
      later.erase(std::unique(later.begin(), later.end()), later.end());
      for (const int64_t event : later) {
        const Told y = told(event);
        if (!y || y.document == x.document || !before(x, y) || open.contains(rank(y))) continue;
        if (compare({x.document, i}, find(event)).score >= least || same_day(x, y)) decide_anew(y);
      }
    }
  }
  /// One that stood for the story event does so no more: that may have kept others out.
  void opens_up(int64_t story) {
    for (const int64_t event : std::vector<int64_t>(standing_for(story))) concerns(told(event), story, Likeness::kSame);
  }

  void set_standing(const Told& u, bool stands) {
    for (const size_t i : u.account->mentions) {
      const int64_t event = u.document->events[i];
      run(set_core, stands, event);
      run(move_blocks, stands, event);
    }
  }

  /// Takes the account among those that stand for the story event if it is early enough.
  bool enter(const Told& u, int64_t story) {
    std::vector<int64_t>& list = standing_for(story);
    std::vector<int64_t> same;
    for (const int64_t event : list)
      if (told(event).account->dated == u.account->dated) same.push_back(event);
    bool full = same.size() >= kStandFor;
    if (full) {
      const Told last = told(same.back());
      if (before(last, u)) return false;
      set_standing(last, false);
      std::erase(list, last.event());
    }
    list.insert(std::find_if(list.begin(), list.end(), [&](int64_t event) { return before(u, told(event)); }), u.event());
    if (full) opens_up(story);
    return true;
  }

  /// The next ones stand for a story event in place of those that went.
  void fill_up(int64_t story, int64_t without = 0) {
    std::vector<int64_t>& list = standing_for(story);
    std::set<Rank> others[2];
    size_t standing[2] = {0, 0};
    for (const int64_t event : list) ++standing[told(event).account->dated];
    for (const int64_t event : members_of(story))
      if (const Told t = told(event); t && t.event() != without && std::find(list.begin(), list.end(), t.event()) == list.end())
        others[t.account->dated].insert(rank(t));
    for (const bool dated : {false, true})
      for (const auto& [order, event] : others[dated]) {
        if (standing[dated]++ >= kStandFor) break;
        const Told t = told(event);
        set_standing(t, true);
        list.insert(std::find_if(list.begin(), list.end(), [&](int64_t e) { return before(t, told(e)); }), event);
      }
  }

  std::vector<int64_t> members_of(int64_t story) {
    std::vector<int64_t> out;
    prepared(later_members, story, INT64_MIN);
    while (later_members.executeStep()) out.push_back(later_members.getColumn(0).getInt64());
    later_members.reset();
    return out;
  }

  /// Its first account went elsewhere: the others are without a story event.
  void end(int64_t story) {
    ended.insert(story);
    run(rename_ended, story);  // another may have its first account, and its name
    for (const int64_t event : members_of(story))
      if (const Told t = told(event)) decide_anew(t);
  }

  void leave(const Told& u, int64_t story) {
    made.whole.insert(story);
    if (ended.contains(story)) return;
    std::vector<int64_t>& list = standing_for(story);
    const auto at = std::find(list.begin(), list.end(), u.event());
    if (at == list.end()) return;
    const bool first = at == list.begin();
    list.erase(at);
    if (first) return end(story);
    fill_up(story, u.event());
    opens_up(story);
  }

  struct Member {
    int64_t story = 0;
    std::optional<int64_t> earlier, within;
    std::optional<double> score;
    bool core = false;
    friend bool operator==(const Member&, const Member&) = default;
  };
  std::optional<Member> member_of(int64_t event) {
    std::optional<Member> out;
    if (prepared(member, event).executeStep()) {
      out = Member{member.getColumn(0).getInt64(), integer_or_null(member.getColumn(1)), integer_or_null(member.getColumn(2)), std::nullopt,
                   member.getColumn(4).getInt() != 0};
      if (!member.getColumn(3).isNull()) out->score = member.getColumn(3).getDouble();
    }
    member.reset();
    return out;
  }

  std::optional<int64_t> story_with(int64_t event) {
    std::optional<int64_t> out;
    if (prepared(story_of, event).executeStep()) out = story_of.getColumn(0).getInt64();
    story_of.reset();
    return out;
  }

  /// A mention before the account's that one of its own is like, and its story event.
  struct Pair {
    size_t mention = 0;
    Found other;
    int64_t story = 0;
    double score = 0;
    bool better(const Pair& than) const { return score != than.score ? score > than.score : earlier(other, than.other); }
  };

  std::vector<Pair> pairs_of(const Told& u) {
    std::vector<Pair> out;
    std::vector<int64_t> near;
    for (const size_t i : u.account->mentions) {
      near.clear();
      for (const int64_t block : u.document->blocks(i)) {
        prepared(core_in_block, block, u.document->day);
        while (core_in_block.executeStep()) near.push_back(core_in_block.getColumn(0).getInt64());
        core_in_block.reset();
      }
      if (!corrections.empty())
        for (const Corrections::Place& other : corrections.same_as(u.document->place(i)))
          if (const int64_t event = event_at(other); event != 0) near.push_back(event);
      std::sort(near.begin(), near.end());
      near.erase(std::unique(near.begin(), near.end()), near.end());
      for (const int64_t event : near) {
        if (document_of(event) == u.document->number) continue;
        const Found other = find(event);
        if (!other || !before(*other.document, other.event(), *u.document, u.event())) continue;
        const Likeness like = compare(other, {u.document, i});
        if (!like.same()) continue;
        if (const auto story = story_with(event); story && !ended.contains(*story)) out.push_back({i, other, *story, like.score});
      }
    }
    return out;
  }

  int64_t event_at(const Corrections::Place& place) {
    int64_t number = 0;
    if (prepared(document_by_id, place.document).executeStep()) number = document_by_id.getColumn(0).getInt64();
    document_by_id.reset();
    if (number == 0) return 0;
    const Document& with = load(number);
    const auto at = std::find(with.spans.begin(), with.spans.end(), std::pair(place.start, place.end));
    return at == with.spans.end() ? 0 : with.events[static_cast<size_t>(at - with.spans.begin())];
  }

  void decide(const Told& u) {
    const std::vector<Pair> pairs = pairs_of(u);
    std::map<int64_t, const Pair*> best;
    for (const Pair& p : pairs)
      if (const auto [at, is_new] = best.try_emplace(p.story, &p); !is_new && p.better(*at->second)) at->second = &p;
    std::vector<const Pair*> offers;
    for (const auto& [story, p] : best) offers.push_back(p);
    // First that with which its mentions, each by its best pair, have most in common; before all what somebody has put together.
    std::map<std::pair<int64_t, size_t>, double> of_mention;
    for (const Pair& p : pairs) {
      double& most = of_mention[{p.story, p.mention}];
      most = std::max(most, p.score);
    }
    std::map<int64_t, double> together;
    for (const auto& [at, score] : of_mention) together[at.first] += score;
    std::sort(offers.begin(), offers.end(), [&](const Pair* a, const Pair* b) {
      if ((a->score >= kPut) != (b->score >= kPut)) return a->score > b->score;
      const double x = together[a->story], y = together[b->story];
      return x != y ? x > y : a->better(*b);
    });
    const auto at = std::find_if(offers.begin(), offers.end(), [&](const Pair* p) { return p->score >= kPut || fits(u, p->story); });
    const Pair* with = at == offers.end() ? nullptr : *at;

    const auto now = story_with(u.event());
    int64_t story = 0;
    if (with) {
      story = with->story;
    } else if (now && !ended.contains(*now) && standing_for(*now).front() == u.event()) {
      story = *now;
    } else {
      run(add_story, name_of(u));
      story = db.getLastInsertRowid();
      core_of[story].clear();
    }
    const bool moves = now != story;
    bool stands = false;
    if (moves) {
      if (now) leave(u, *now);
      stands = enter(u, story);
    } else {
      const std::vector<int64_t>& list = standing_for(story);
      stands = std::find(list.begin(), list.end(), u.event()) != list.end();
    }
    for (const size_t i : u.account->mentions) {
      const int64_t event = u.document->events[i];
      const Pair* to = nullptr;
      for (const Pair& p : pairs)
        if (p.mention == i && p.story == story && (!to || p.better(*to))) to = &p;
      Member row{story, {}, {}, {}, stands};
      const auto within = u.document->within[i];
      if (within) row.within = u.document->events[*within], row.score = u.document->within_score[i];
      if (to) row.earlier = to->other.event(), row.score = to->score;
      if (member_of(event) != row) {
        const Found self{u.document, i};
        const std::vector<std::string> why = to       ? compare(to->other, self, true).why
                                             : within ? compare({u.document, *within}, self, true).why
                                                      : std::vector<std::string>{};
        run(put_member, event, story, row.earlier, row.within, row.score, json_array(why), stands, u.document->day);
      }
      prepared(has_blocks, event).executeStep();
      const bool registered = has_blocks.getColumn(0).getInt() != 0;
      has_blocks.reset();
      if (!registered)
        for (const int64_t block : u.document->blocks(i)) run(add_block, block, stands, u.document->day, event);
      else if (moves)
        run(move_blocks, stands, event);
      if (moves) made.joined[story].push_back(event);
    }
    if (moves && stands) concerns(u, story, kFits);
  }

  /// Documents went, and what they told with them.
  void take_up_stale() {
    std::vector<std::pair<int64_t, bool>> groups;
    prepared(stale);
    while (stale.executeStep()) groups.emplace_back(stale.getColumn(0).getInt64(), stale.getColumn(1).getInt() != 0);
    stale.reset();
    if (groups.empty()) return;
    db.exec("DELETE FROM stale_story_events");
    for (const auto& [story, stood] : groups) {
      made.whole.insert(story);
      if (!stood) continue;
      const std::vector<int64_t>& list = standing_for(story);
      std::string id;
      if (prepared(id_of, story).executeStep()) id = id_of.getColumn(0).getString();
      id_of.reset();
      if (list.empty() || name_of(told(list.front())) != id) {
        end(story);
        continue;
      }
      fill_up(story);
      for (const int64_t event : members_of(story))
        if (const Told t = told(event); t && t.event() != list.front()) decide_anew(t);
      opens_up(story);
    }
  }
};

Stories::Stories(SQLite::Database& db, const Corrections& corrections) : impl_(std::make_unique<Impl>(db, corrections)) {}
Stories::~Stories() = default;

void Stories::group(int64_t document) {
  Impl& to = *impl_;
  to.documents.erase(document);
  run(to.clear_blocks, document);
  // What it told before, under other corrections: those who went with it are decided anew.
  if (run(to.clear_members, document) > 0) to.db.exec("UPDATE stale_story_events SET core = 1");
  Document& d = to.read(document);
  run(to.put_told, document, Blob{packed(d)});
  for (const Account& account : d.accounts) to.decide_anew({&d, &account});
  if (!to.corrections.empty())
    for (size_t i = 0; i < d.events.size(); ++i)
      for (const Corrections::Place& other : to.corrections.same_as(d.place(i)))
        if (const int64_t event = to.event_at(other); event != 0) to.decide_anew(to.told(event));
}

void Stories::write(StoryChanges& changed) {
  Impl& to = *impl_;
  to.core_of.clear();
  to.ended.clear();
  to.take_up_stale();
  while (!to.open.empty()) {
    to.trim();
    to.deciding = *to.open.begin();
    to.open.erase(to.open.begin());
    if (const Told u = to.told(to.deciding.second)) to.decide(u);
  }
  to.deciding = {};
  for (auto at = to.made.whole.begin(); at != to.made.whole.end();) {
    prepared(to.any_member, *at).executeStep();
    const bool any = to.any_member.getColumn(0).getInt() != 0;
    to.any_member.reset();
    if (!any) {
      run(to.remove_story, *at);
      to.made.joined.erase(*at);
      at = to.made.whole.erase(at);
    } else {
      ++at;
    }
  }
  changed = std::exchange(to.made, {});
}

}  // namespace reportedly::corpus
