// The same event over documents. Every mention goes with the earlier mention that it is most like, if it is like enough; what hangs
// together so is one event. Which pairs are like enough follows from the two mentions alone, so that the groups do too.
#include <fmt/format.h>

#include <algorithm>

#include "corpus/group.h"
#include "corpus/rows.h"
#include "corpus/speakers.h"
#include "entities/fold.h"

namespace reportedly::corpus {
namespace {

/// What a mention goes with: the earlier mention of another document that it is most like, and that of its own document. The text itself
/// says that its mentions are one; that must not cost the tie to another text.
struct Link {
  std::optional<int64_t> earlier, within;
  double score = 0;  ///< of the pair with `earlier`
  std::string why = "[]";
};

struct Document {
  std::vector<EventMention> mentions;
  std::vector<Corrections::Place> places;                    ///< of mentions, for corrections
  std::unordered_map<int64_t, std::vector<int64_t>> paired;  ///< mentions that the document itself sets against each other, both ways
};

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

/// `at`: where in the sentence the word stands, in code points.
uint64_t passage(const std::string& sentence, int64_t at) {
  constexpr size_t kLeast = 40;  // bytes: "Nobody was hurt." stands in many texts
  if (sentence.size() < kLeast) return 0;
  return entities::hash(fmt::format("{}|{}", at, sentence)) | 1;
}

}  // namespace

struct Stories::Impl {
  using Statement = SQLite::Statement;
  SQLite::Database& db;
  const Corrections& corrections;
  std::unordered_map<int64_t, Document> documents;
  std::map<int64_t, Link> pending;

  Statement head{db, "SELECT id, published FROM documents WHERE document = ?"};
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
  Statement add_block{db, "INSERT OR IGNORE INTO event_blocks VALUES(?, ?)"};
  Statement blocks_of_event{db, "SELECT block FROM event_blocks WHERE event = ?"};
  Statement in_block{db, "SELECT event FROM event_blocks WHERE block = ?"};
  Statement link{db, "SELECT earlier, score, within, why FROM story_event_members WHERE event = ?"};
  Statement later{db, "SELECT event FROM story_event_members WHERE earlier = ?"};
  Statement of_document{db,
                        "SELECT event, story_event FROM story_event_members WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216"};
  Statement story_of{db, "SELECT story_event FROM story_event_members WHERE event = ?"};
  Statement members{db, "SELECT event, earlier, score, why, within FROM story_event_members WHERE story_event = ? ORDER BY event"};
  Statement first_ones{db, "SELECT event FROM story_event_members WHERE story_event = ? AND earlier IS NULL ORDER BY event"};
  Statement stale{db, "SELECT story_event FROM stale_story_events ORDER BY story_event"};
  Statement by_id{db, "SELECT story_event FROM story_events WHERE id = ?"};
  Statement add_story{db, "INSERT INTO story_events(id, title, type, documents, origins) VALUES(?, '', '', 0, 0)"};
  Statement remove_story{db, "DELETE FROM story_events WHERE story_event = ?"};
  Statement put_member{
      db,
      "INSERT INTO story_event_members(event, story_event, earlier, within, score, why) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(event) DO "
      "UPDATE SET story_event = excluded.story_event, earlier = excluded.earlier, within = excluded.within, score = excluded.score, why = "
      "excluded.why"};
  Statement remove_member{db, "DELETE FROM story_event_members WHERE event = ?"};
  Statement document_by_id{db, "SELECT document FROM documents WHERE id = ?"};
  std::set<int64_t> emptied;  ///< groups that lost members to deletion

  Impl(SQLite::Database& database, const Corrections& made) : db(database), corrections(made) {}

  static std::string rank_of(const std::string& published, const std::string& id, int64_t number) {
    return fmt::format("{}|{}|{:08}", published.empty() ? "9999-99-99" : published, id, number);
  }
  /// The same without the rest of the mention.
  std::string rank_of(int64_t event) {
    std::string id, published;
    if (prepared(head, document_of(event)).executeStep()) id = head.getColumn(0).getString(), published = head.getColumn(1).getString();
    head.reset();
    return rank_of(published, id, number_of(event));
  }

  /// References stay good until `trim`.
  const Document& load(int64_t number) {
    if (const auto at = documents.find(number); at != documents.end()) return at->second;
    Document out;
    std::string id, published;
    if (prepared(head, number).executeStep()) id = head.getColumn(0).getString(), published = head.getColumn(1).getString();
    head.reset();
    const auto day = days_of(published);
    std::vector<uint64_t> around;
    prepared(story, number);
    while (story.executeStep()) story_words(story.getColumn(0).getString(), around);
    story.reset();
    std::sort(around.begin(), around.end());
    around.erase(std::unique(around.begin(), around.end()), around.end());
    std::unordered_map<int64_t, size_t> at;
    prepared(events, number);
    while (events.executeStep()) {
      EventMention m{.event = events.getColumn(0).getInt64(), .document = number};
      const Corrections::Place place{id, events.getColumn(8).getInt64(), events.getColumn(9).getInt64()};
      m.type = events.getColumn(1).getString();
      m.mode = events.getColumn(2).getString();
      m.lemma = events.getColumn(3).getString();
      m.status = events.getColumn(4).getString();
      m.quad = events.getColumn(5).getInt();
      m.from = integer_or_null(events.getColumn(6));
      m.to = integer_or_null(events.getColumn(7));
      if (!corrections.empty())
        if (const auto* fields = corrections.event(place, m.type)) {
          if (fields->rejected) continue;
          if (fields->type) m.type = *fields->type, m.mode.clear();
          if (fields->status) m.status = *fields->status;
          if (fields->date)
            if (const auto days = days_of(*fields->date)) m.from = days->first, m.to = days->second;
        }
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
      if (!events.getColumn(18).isNull())
        m.passage = passage(events.getColumn(19).getString(), place.start - events.getColumn(18).getInt64());
      m.stem = stem_of(m.lemma);
      m.story = around;
      const int64_t n = number_of(m.event);
      m.id = fmt::format("{}#v{}", id, n + 1);
      m.rank = rank_of(published, id, n);
      at[m.event] = out.mentions.size();
      out.mentions.push_back(std::move(m));
      out.places.push_back(place);
    }
    events.reset();
    prepared(parties, number);
    while (parties.executeStep()) {
      const auto found = at.find(parties.getColumn(0).getInt64());
      if (found == at.end()) continue;
      EventMention& m = out.mentions[found->second];
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
        out.mentions[found->second].numbers.push_back(
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
        if (const int64_t x = out.mentions[list[0]].event, y = out.mentions[list[i]].event; x != y)
          out.paired[x].push_back(y), out.paired[y].push_back(x);
    return documents[number] = std::move(out);
  }

  void trim() {
    constexpr size_t kMost = 4096;
    if (documents.size() > kMost) documents.clear();
  }

  /// A mention with its place for corrections; empty if a reviewer took it out, or it is gone.
  struct Found {
    const EventMention* mention = nullptr;
    const Corrections::Place* place = nullptr;
    explicit operator bool() const { return mention != nullptr; }
  };
  Found find(int64_t event) {
    const Document& d = load(document_of(event));
    const auto at =
        std::lower_bound(d.mentions.begin(), d.mentions.end(), event, [](const EventMention& m, int64_t e) { return m.event < e; });
    if (at == d.mentions.end() || at->event != event) return {};
    return {&*at, &d.places[static_cast<size_t>(at - d.mentions.begin())]};
  }

  Likeness compare(const Found& x, const Found& y, bool reasons = false) {
    const EventMention &a = *x.mention, &b = *y.mention;
    if (!corrections.empty()) {
      switch (corrections.events(*x.place, *y.place)) {
        case Corrections::Pair::together:
          return {.score = 100, .why = {"a reviewer put them together"}};
        case Corrections::Pair::apart:
          return {.score = -100, .why = {}};
        case Corrections::Pair::open:
          break;
      }
    }
    if (a.document == b.document) {
      const Document& d = load(a.document);
      if (const auto at = d.paired.find(a.event);
          at != d.paired.end() && std::find(at->second.begin(), at->second.end(), b.event) != at->second.end())
        return {.score = 50, .why = {"set against each other in the document"}};
    }
    return likeness(a, b, reasons);
  }

  Link stored(int64_t event) {
    if (const auto at = pending.find(event); at != pending.end()) return at->second;
    Link out;
    if (prepared(link, event).executeStep()) {
      out.earlier = integer_or_null(link.getColumn(0));
      out.score = link.getColumn(1).getDouble();
      out.within = integer_or_null(link.getColumn(2));
      out.why = link.getColumn(3).getString();
    }
    link.reset();
    return out;
  }

  std::string reasons(const Found& a, const Found& b) { return json_array(compare(a, b, true).why); }

  std::vector<int64_t> candidates(const Found& of) {
    std::vector<int64_t> out;
    std::vector<int64_t> blocks;
    prepared(blocks_of_event, of.mention->event);
    while (blocks_of_event.executeStep()) blocks.push_back(blocks_of_event.getColumn(0).getInt64());
    blocks_of_event.reset();
    for (const int64_t block : blocks) {
      prepared(in_block, block);
      while (in_block.executeStep()) out.push_back(in_block.getColumn(0).getInt64());
      in_block.reset();
    }
    const Document& d = load(of.mention->document);
    if (const auto at = d.paired.find(of.mention->event); at != d.paired.end()) out.insert(out.end(), at->second.begin(), at->second.end());
    if (!corrections.empty())
      for (const Corrections::Place& other : corrections.same_as(*of.place)) {
        int64_t number = 0;
        if (prepared(document_by_id, other.document).executeStep()) number = document_by_id.getColumn(0).getInt64();
        document_by_id.reset();
        if (number == 0) continue;
        const Document& with = load(number);
        for (size_t i = 0; i < with.places.size(); ++i)
          if (with.places[i] == other) out.push_back(with.mentions[i].event);
      }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    std::erase(out, of.mention->event);
    return out;
  }

  /// The links of one mention; links of later ones in other documents that it is the better earlier one of are put right as well, if asked
  /// for.
  void relink(const Found& self, bool others) {
    struct Best {
      Found found;
      double score = 0;
      void offer(const Found& other, double with) {
        if (!found || with > score || (with == score && other.mention->rank < found.mention->rank)) found = other, score = with;
      }
    } outside, inside;
    for (const int64_t event : candidates(self)) {
      const Found other = find(event);
      if (!other) continue;
      const bool before = other.mention->rank < self.mention->rank, own = other.mention->document == self.mention->document;
      const Likeness like = before ? compare(other, self) : compare(self, other);
      if (!like.same()) continue;
      if (before) {
        (own ? inside : outside).offer(other, like.score);
      } else if (others && !own) {
        Link now = stored(event);
        bool better = !now.earlier || like.score > now.score;
        if (!better && like.score == now.score && *now.earlier != self.mention->event) {
          const Found rival = find(*now.earlier);
          better = !rival || self.mention->rank < rival.mention->rank;
        }
        if (!better) continue;
        now.earlier = self.mention->event;
        now.score = like.score;
        now.why = reasons(self, other);
        pending[event] = std::move(now);
      }
    }
    Link to;
    if (inside.found) to.within = inside.found.mention->event, to.score = inside.score, to.why = reasons(inside.found, self);
    if (outside.found) to.earlier = outside.found.mention->event, to.score = outside.score, to.why = reasons(outside.found, self);
    pending[self.mention->event] = std::move(to);
  }
};

Stories::Stories(SQLite::Database& db, const Corrections& corrections) : impl_(std::make_unique<Impl>(db, corrections)) {}
Stories::~Stories() = default;

void Stories::take_up_stale() {
  Impl& to = *impl_;
  std::vector<int64_t> groups;
  prepared(to.stale);
  while (to.stale.executeStep()) groups.push_back(to.stale.getColumn(0).getInt64());
  to.stale.reset();
  if (groups.empty()) return;
  to.db.exec("DELETE FROM stale_story_events");
  for (const int64_t group : groups) {
    to.emptied.insert(group);
    std::vector<int64_t> firsts;
    prepared(to.first_ones, group);
    while (to.first_ones.executeStep()) firsts.push_back(to.first_ones.getColumn(0).getInt64());
    to.first_ones.reset();
    for (const int64_t event : firsts)
      if (const auto self = to.find(event)) to.relink(self, false);
  }
}

void Stories::group(int64_t document) {
  Impl& to = *impl_;
  to.trim();
  run(to.clear_blocks, document);
  const Document& d = to.load(document);
  // A text that tells the same a thousand times is found, and finds others, by the first of them: or it would cost a million comparisons.
  constexpr int kMostInBlock = 32;
  std::unordered_map<int64_t, int> in_block;
  for (const EventMention& m : d.mentions)
    for (const int64_t block : blocks_of(m))
      if (++in_block[block] <= kMostInBlock) run(to.add_block, block, m.event);
  // Mentions that went with these before: only a correction can have parted them. One that a reviewer took out leaves its group.
  std::vector<int64_t> followers;
  if (!to.corrections.empty()) {
    std::vector<std::pair<int64_t, int64_t>> before;
    prepared(to.of_document, document);
    while (to.of_document.executeStep())
      before.emplace_back(to.of_document.getColumn(0).getInt64(), to.of_document.getColumn(1).getInt64());
    to.of_document.reset();
    for (const auto& [event, group] : before) {
      if (!to.find(event)) to.emptied.insert(group);
      prepared(to.later, event);
      while (to.later.executeStep()) followers.push_back(to.later.getColumn(0).getInt64());
      to.later.reset();
    }
  }
  for (size_t i = 0; i < d.mentions.size(); ++i) to.relink({&d.mentions[i], &d.places[i]}, true);
  for (const int64_t event : followers)
    if (const auto self = to.find(event)) to.relink(self, false);
}

void Stories::write(std::set<int64_t>& changed) {
  Impl& to = *impl_;
  // All groups that the new links touch, as a whole.
  std::set<int64_t> groups(to.emptied);
  const auto group_of = [&](int64_t event) {
    if (prepared(to.story_of, event).executeStep()) groups.insert(to.story_of.getColumn(0).getInt64());
    to.story_of.reset();
  };
  for (const auto& [event, link] : to.pending) {
    group_of(event);
    if (link.earlier) group_of(*link.earlier);
    if (link.within) group_of(*link.within);
  }
  struct Member {
    Link link;
    std::optional<int64_t> group;  ///< now
    bool linked_anew = false;
  };
  std::map<int64_t, Member> all;
  for (const int64_t group : groups) {
    prepared(to.members, group);
    while (to.members.executeStep()) {
      Member m{{integer_or_null(to.members.getColumn(1)), integer_or_null(to.members.getColumn(4)), to.members.getColumn(2).getDouble(),
                to.members.getColumn(3).getString()},
               group};
      all.emplace(to.members.getColumn(0).getInt64(), std::move(m));
    }
    to.members.reset();
  }
  for (const auto& [event, link] : to.pending) {
    Member& m = all[event];
    m.link = link;
    m.linked_anew = true;
  }
  // What hangs together, and the earliest of it: of those that go with nothing earlier.
  std::unordered_map<int64_t, int64_t> above;
  const auto root = [&](int64_t event) {
    int64_t at = event;
    for (auto up = above.find(at); up != above.end() && up->second != at; up = above.find(at)) at = up->second;
    for (int64_t below = event; below != at;) {
      int64_t& up = above[below];
      below = up;
      up = at;
    }
    return at;
  };
  const auto reviewed = [&](int64_t event) { return to.corrections.empty() || to.find(event); };
  for (const auto& [event, member] : all)
    for (const auto& with : {member.link.earlier, member.link.within})
      if (with && all.contains(*with) && reviewed(event) && reviewed(*with)) above[root(event)] = root(*with);
  std::unordered_map<int64_t, std::pair<std::string, int64_t>> earliest;
  for (const auto& [event, member] : all) {
    if (member.link.earlier || member.link.within || !reviewed(event)) continue;
    const std::string rank = to.rank_of(event);
    auto& best = earliest.try_emplace(root(event), rank, event).first->second;
    if (rank < best.first) best = {rank, event};
  }
  const auto first_of = [&](int64_t event) {
    const auto at = earliest.find(root(event));
    return at == earliest.end() ? event : at->second.second;
  };
  std::unordered_map<int64_t, int64_t> key_of;  // of a first mention: its group
  const auto group_key = [&](int64_t event) {
    const auto [at, is_new] = key_of.try_emplace(event, 0);
    if (!is_new) return at->second;
    prepared(to.head, document_of(event)).executeStep();
    const std::string id = fmt::format("{}#v{}", to.head.getColumn(0).getString(), number_of(event) + 1);
    to.head.reset();
    if (prepared(to.by_id, id).executeStep()) at->second = to.by_id.getColumn(0).getInt64();
    to.by_id.reset();
    if (at->second == 0) {
      run(to.add_story, id);
      at->second = to.db.getLastInsertRowid();
    }
    return at->second;
  };
  std::set<int64_t> inhabited;
  for (auto& [event, member] : all) {
    if (!to.corrections.empty() && !to.find(event)) {  // a reviewer took it out
      if (member.group) run(to.remove_member, event);
      continue;
    }
    const int64_t group = group_key(first_of(event));
    inhabited.insert(group);
    if (member.linked_anew || member.group != group)
      run(to.put_member, event, group, member.link.earlier, member.link.within,
          member.link.earlier || member.link.within ? std::optional(member.link.score) : std::nullopt, member.link.why);
  }
  for (const int64_t group : groups)
    if (!inhabited.contains(group)) run(to.remove_story, group);
  to.db.exec("DELETE FROM stale_story_events");  // what a trigger put there for members that were taken out just now
  changed.insert(inhabited.begin(), inhabited.end());
  to.pending.clear();
  to.emptied.clear();
}

}  // namespace reportedly::corpus
