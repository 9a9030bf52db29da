#include "corpus/rows.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "base/sha256.h"
#include "corpus/decisions.h"
#include "corpus/marks.h"
#include "entities/fold.h"
#include "output/describe.h"
#include "output/write.h"
#include "reportedly/export.h"
#include "reportedly/output.h"
#include "time/calendar.h"

namespace reportedly::corpus {
namespace {

using output::Buffer;
using output::put;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

void put_spans(Buffer& out, const std::vector<Span>& spans) {
  put(out, '[');
  for (size_t i = 0; i < spans.size(); ++i) {
    if (i > 0) put(out, ',');
    put(out, '[');
    output::put_integer(out, spans[i].start);
    put(out, ',');
    output::put_integer(out, spans[i].end);
    put(out, ']');
  }
  put(out, ']');
}

std::string spans_of(const Attribution& a) {
  Buffer out;
  put(out, "{\"source\":");
  put_spans(out, a.source);
  put(out, ",\"cue\":");
  put_spans(out, a.cue);
  put(out, ",\"content\":");
  put_spans(out, a.content);
  put(out, '}');
  return fmt::to_string(out);
}

std::optional<std::string> if_any(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

/// With the decimals that the record keeps: rows are the same whether they are written from what was coded just now or from the record.
std::optional<double> as_recorded(std::optional<double> probability) {
  return probability ? std::optional(std::round(*probability * 10000) / 10000) : std::nullopt;
}

constexpr std::array<const char*, 3> kMentionKinds{"name", "nominal", "pronoun"};

}  // namespace

std::string json_array(const std::vector<std::string>& values) {
  Buffer out;
  put(out, '[');
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) put(out, ',');
    output::put_json(out, values[i]);
  }
  put(out, ']');
  return fmt::to_string(out);
}

std::string json_warnings(const std::vector<Warning>& warnings) {
  Buffer out;
  put(out, '[');
  for (size_t i = 0; i < warnings.size(); ++i) {
    put(out, i > 0 ? ",{\"code\":" : "{\"code\":");
    output::put_json(out, warnings[i].code);
    put(out, ",\"message\":");
    output::put_json(out, warnings[i].message);
    if (warnings[i].span)
      fmt::format_to(std::back_inserter(out), ",\"start\":{},\"end\":{}", warnings[i].span->start, warnings[i].span->end);
    put(out, '}');
  }
  put(out, ']');
  return fmt::to_string(out);
}

std::pair<std::string, size_t> text_hash(std::string_view text) {
  Sha256 hash;
  size_t words = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    if (at > start) {
      if (words++ > 0) hash.update(" ");
      hash.update(text.substr(start, at - start));
    }
    while (at < text.size() && is_space(text[at])) ++at;
  }
  return {hash.hex(), words};
}

Coded make_coded(const EngineInfo& engine, Analysis&& analysis) {
  Coded out;
  out.record = pack(to_json(engine, analysis));
  out.characters = output::code_points(analysis.document.text);
  std::tie(out.text_hash, out.words) = text_hash(analysis.document.text);
  out.analysis = std::move(analysis);
  return out;
}

ActorKey actor_key(const Entity& entity) {
  static constexpr std::array<std::string_view, 6> kKinds{"state", "office", "person", "organisation", "armed_group", "group"};
  if (std::find(kKinds.begin(), kKinds.end(), entity.kind) == kKinds.end()) return {};
  if (entity.kind == "state" && entity.country) return {"state:" + *entity.country, entity.name, true};
  // A line of the dictionary that has this very name: "actors/international:UN Security Council line 8".
  for (const std::string& why : entity.why) {
    if (!why.starts_with("actors/") || why.starts_with("actors/states:")) continue;
    const size_t colon = why.find(':'), line = why.rfind(" line ");
    if (colon == std::string::npos) continue;
    const std::string name = why.substr(colon + 1, line == std::string::npos ? line : line - colon - 1);
    if (name == entity.name) return {why.substr(0, colon + 1) + name, name, true};
  }
  const std::string country = entity.country.value_or("");
  if (entity.kind == "office" && entity.country && entity.office)
    return {"office:" + country + ":" + *entity.office, *entity.office + " (" + country + ")", true};
  const std::string folded = entities::fold(entity.name);
  if (folded.empty()) return {};
  const bool named =
      std::any_of(entity.mentions.begin(), entity.mentions.end(), [](const Mention& m) { return m.kind == MentionKind::name; });
  // The full name of a person is one actor wherever the text places it; a single name may be anybody's.
  if (named && entity.kind == "person" && folded.find(' ') != std::string::npos) return {"person::" + folded, entity.name, true};
  if (!named && entity.country && entity.kind == "organisation")
    for (const std::string& why : entity.why)  // "the Norwegian navy", "Norway’s navy"
      if (why.starts_with("agents:")) return {"organisation:" + country + ":" + why.substr(7), why.substr(7) + " (" + country + ")", true};
  return {entity.kind + ":" + country + ":" + folded, entity.name, named};
}

std::optional<std::pair<int64_t, int64_t>> days_of(const std::string& value) {
  constexpr int64_t kJulian = 2440588;  // of 1970-01-01
  const auto digits = [&](size_t at, size_t n) -> int {
    int out = 0;
    for (size_t i = at; i < at + n; ++i) {
      if (i >= value.size() || value[i] < '0' || value[i] > '9') return -1;
      out = out * 10 + (value[i] - '0');
    }
    return out;
  };
  const auto stretch = [&](time::Grain grain, time::Day day, int index = 0) -> std::pair<int64_t, int64_t> {
    const time::Stretch s{grain, day, index};
    return {time::day_number(day) + kJulian, time::day_number(time::last_day(s)) + kJulian};
  };
  const int year = digits(0, 4);
  if (year <= 0) return std::nullopt;
  if (value.size() == 4) return stretch(time::Grain::year, {year, 1, 1});
  if (value[4] != '-') return std::nullopt;
  if (const int month = digits(5, 2); month >= 1 && month <= 12) {
    if (value.size() == 7) return stretch(time::Grain::month, {year, month, 1});
    const time::Day day{year, month, digits(8, 2)};
    if (value[7] != '-' || !time::is_valid(day)) return std::nullopt;
    return stretch(time::Grain::day, day);
  }
  if (const int week = value[5] == 'W' ? digits(6, 2) : -1; week >= 1 && week <= 53) {
    const time::Day monday = time::add_days(time::monday_of({year, 1, 4}), int64_t{7} * (week - 1));
    return stretch(time::Grain::week, monday);
  }
  if (const int quarter = value[5] == 'Q' ? digits(6, 1) : -1; quarter >= 1 && quarter <= 4)
    return stretch(time::Grain::quarter, {year, 3 * quarter - 2, 1}, quarter);
  if (const int half = value[5] == 'H' ? digits(6, 1) : -1; half == 1 || half == 2)
    return stretch(time::Grain::half, {year, 6 * half - 5, 1}, half);
  return stretch(time::Grain::year, {year, 1, 1});  // seasons: their months depend on the hemisphere
}

struct LayerWriter::Impl {
  using Statement = SQLite::Statement;
  SQLite::Database& db;
  std::vector<Statement> removes;
  Statement record{db, "INSERT INTO records VALUES(?, ?)"};
  Statement text{db, "INSERT INTO texts VALUES(?, ?, ?, ?)"};
  Statement sentence{db, "INSERT INTO sentences VALUES(?, ?, ?, ?, ?, ?)"};
  Statement find_actor{db, "SELECT actor, country FROM actors WHERE key = ?"};
  Statement actor{db, "INSERT INTO actors(key, name, named, kind, country, sectors) VALUES(?, ?, ?, ?, ?, ?)"};
  Statement entity{db, "INSERT INTO entities VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement mention{db, "INSERT INTO mentions VALUES(?, ?, ?, ?, ?)"};
  Statement time{db, "INSERT INTO times VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement place{db, "INSERT INTO places VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement attribution{db, "INSERT INTO attributions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement event{db, "INSERT INTO events VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement event_actor{db, "INSERT INTO event_actors VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement event_number{db, "INSERT INTO event_numbers VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement event_voice{db, "INSERT INTO event_voices VALUES(?, ?, ?, ?)"};
  Statement dispute{db, "INSERT INTO document_disputes VALUES(?, ?, ?)"};
  Statement dispute_position{db, "INSERT INTO document_dispute_positions VALUES(?, ?, ?, ?, ?)"};
  Statement count_actor{db, "UPDATE actors SET documents = documents + ? WHERE actor = ?"};
  Statement actors_of{db, "SELECT DISTINCT actor FROM entities WHERE document = ? AND actor IS NOT NULL"};
  std::set<int64_t> loosened;
  Statement ungrouped{db, "INSERT OR IGNORE INTO ungrouped VALUES(?)"};
  Decisions decisions{db};
  Statement decided{db, "INSERT INTO decided VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement kept_record{db, "SELECT json FROM records WHERE document = ?"};
  Statement kept_actors{db,
                        "SELECT a.actor, a.country FROM entities e LEFT JOIN actors a USING(actor) WHERE e.document = ? ORDER BY e.entity"};
  std::vector<Statement> removes_decided;

  explicit Impl(SQLite::Database& database) : db(database) {
    // Children before parents; what hangs on them goes by foreign keys.
    for (const char* table :
         {"ungrouped", "decided", "decisions_due", "signatures", "signature_bands", "duplicates", "claims", "document_disputes", "events",
          "attributions", "places", "times", "entities", "sentences", "texts", "records"})
      removes.emplace_back(db, std::string("DELETE FROM ") + table + " WHERE document = ?");
    removes.emplace_back(db, "DELETE FROM duplicates WHERE origin = ?");
    removes.emplace_back(db, "DELETE FROM duplicates WHERE copy_of = ?");
    for (const char* table : {"decided", "document_disputes", "events", "attributions", "places", "texts"})
      removes_decided.emplace_back(db, std::string("DELETE FROM ") + table + " WHERE document = ?");
  }

  /// An actor with its country in the list of actors, which is that of the text that first had it.
  struct Actor {
    int64_t actor = 0;
    std::optional<std::string> country;
  };
  std::optional<Actor> actor_of(const Entity& e) {
    const ActorKey key = actor_key(e);
    if (key.key.empty()) return std::nullopt;
    prepared(find_actor, key.key);
    if (find_actor.executeStep()) {
      const SQLite::Column country = find_actor.getColumn(1);
      Actor found{find_actor.getColumn(0).getInt64(), country.isNull() ? std::nullopt : std::optional(country.getString())};
      find_actor.reset();
      return found;
    }
    find_actor.reset();
    run(actor, key.key, key.name, key.named, e.kind, e.country, output::join(e.sectors, " "));
    return Actor{db.getLastInsertRowid(), e.country};
  }

  static std::optional<int64_t> id_of(const std::optional<Actor>& actor) { return actor ? std::optional(actor->actor) : std::nullopt; }

  /// Words for the index (marks.h) that say what the document's events are and who takes part in them.
  static std::string marks_of(const Analysis& a, const std::vector<std::optional<Actor>>& actors) {
    std::set<std::string> out;
    for (const Event& e : a.events) {
      if (e.decision == Decision::rejected) continue;
      out.insert(mark_type(e.type));
      out.insert(mark_status(e.status));
      for (const auto* list : {&e.actors, &e.recipients})
        for (const Participant& p : *list) {
          const bool recipient = list == &e.recipients;
          if (p.country) out.insert(mark_country(*p.country));
          if (p.country && recipient) out.insert(mark_recipient(mark_country(*p.country)));
          if (p.entity < 0 || static_cast<size_t>(p.entity) >= actors.size() || !actors[p.entity]) continue;
          out.insert(mark_actor(actors[p.entity]->actor));
          if (recipient) out.insert(mark_recipient(mark_actor(actors[p.entity]->actor)));
        }
    }
    return output::join({out.begin(), out.end()}, " ");
  }

  void participants(int64_t event_key, const char* role, const std::vector<Participant>& list, const Analysis& a, int64_t document,
                    const std::vector<std::optional<Actor>>& actors, const output::Description& d) {
    for (size_t i = 0; i < list.size(); ++i) {
      const Participant& p = list[i];
      const bool known = p.entity >= 0 && static_cast<size_t>(p.entity) < a.entities.size();
      run(event_actor, event_key, role, i, known ? std::optional(layer_key(document, p.entity)) : std::nullopt,
          known ? id_of(actors[p.entity]) : std::nullopt, d.name(p), p.country, output::join(p.sectors, " "), p.span.start, p.span.end);
    }
  }

  /// A record with the decisions about it.
  struct Laid {
    Analysis analysis;
    std::vector<Decided> decided;
  };
  Laid laid_over(const std::string& record) {
    auto analysis = from_json(unpack(record).value_or(""));
    if (!analysis) throw SQLite::Exception("a record cannot be read: " + analysis.error().message, SQLITE_CORRUPT);
    Laid out{std::move(*analysis), {}};
    out.decided = decisions.lay_over(out.analysis);
    return out;
  }

  /// What decisions may change: the rows of places, attributions, events and disputes, and the marks of the text. What was rejected has no
  /// row there, and keeps its number.
  void write_codes(int64_t document, const Analysis& a, const std::vector<Decided>& decisions_held,
                   const std::vector<std::optional<Actor>>& actors) {
    const output::Description d(a);
    const auto key = [document](int64_t number) { return layer_key(document, number); };
    const auto key_or_null = [&](int32_t number, size_t size) {
      return number >= 0 && static_cast<size_t>(number) < size ? std::optional(key(number)) : std::nullopt;
    };
    const auto decision = [](Decision made) {
      return made == Decision::none ? std::nullopt : std::optional(std::string(decision_name(made)));
    };
    run(text, document, a.document.title, a.document.text, marks_of(a, actors));
    for (size_t i = 0; i < a.places.size(); ++i) {
      const Place& p = a.places[i];
      run(place, key(i), document, p.span.start, p.span.end, p.name, p.geonames, p.latitude, p.longitude, p.country, p.admin1, p.feature,
          p.role, json_array(p.why));
    }
    for (size_t i = 0; i < a.attributions.size(); ++i) {
      const Attribution& x = a.attributions[i];
      if (x.decision == Decision::rejected) continue;
      const bool known = x.source_entity >= 0 && static_cast<size_t>(x.source_entity) < a.entities.size();
      std::optional<uint32_t> start, end;
      if (!x.content.empty()) start = x.content.front().start, end = x.content.back().end;
      const auto number = static_cast<int32_t>(i);
      const std::optional<Actor> speaker = known ? actors[x.source_entity] : std::nullopt;
      std::string marks = mark_stance(stance_name(x.stance));
      if (speaker) marks += ' ' + mark_actor(speaker->actor);
      if (speaker && speaker->country) marks += ' ' + mark_country(*speaker->country);
      run(attribution, key(i), document, key_or_null(x.parent, a.attributions.size()), d.chain(number).size() - 1,
          key_or_null(x.source_entity, a.entities.size()), id_of(speaker),
          x.source.empty() && !known ? std::nullopt : std::optional(d.source(number)), d.voice(number), x.cue_lemma, if_any(d.quote(x.cue)),
          form_name(x.form), stance_name(x.stance), x.hypothetical, as_recorded(x.confidence), start, end, spans_of(x), d.quote(x.content),
          json_array(x.why), marks, decision(x.decision));
    }
    std::vector<bool> disputed(a.events.size());
    for (const Dispute& x : a.disputes)
      for (const int32_t number : x.events)
        if (number >= 0 && static_cast<size_t>(number) < disputed.size()) disputed[number] = true;
    for (size_t i = 0; i < a.events.size(); ++i) {
      const Event& e = a.events[i];
      if (e.decision == Decision::rejected) continue;
      const auto days = e.date ? days_of(*e.date) : std::nullopt;
      const auto country = [](const std::vector<Participant>& list) -> std::optional<std::string> {
        for (const Participant& p : list)
          if (p.country) return p.country;
        return std::nullopt;
      };
      std::optional<std::string> country_a = country(e.actors), country_b = country(e.recipients);
      if (country_b && (!country_a || *country_b < *country_a)) std::swap(country_a, country_b);
      const int32_t sentence = d.sentence_at(e.trigger.start);
      run(event, key(i), document, key_or_null(sentence, a.sentences.size()), e.type, e.mode, output::join(e.contexts, " "), e.cameo,
          e.quad, e.intensity, e.trigger.start, e.trigger.end, d.quote(e.trigger), e.trigger_lemma, e.date, e.time,
          days ? std::optional(days->first) : std::nullopt, days ? std::optional(days->second) : std::nullopt, json_array(e.date_why),
          key_or_null(e.place, a.places.size()), key_or_null(e.attribution, a.attributions.size()), factuality_name(e.factuality), e.status,
          country_a, country_b, static_cast<bool>(disputed[i]), as_recorded(e.confidence), json_array(e.why), decision(e.decision));
      participants(key(i), "actor", e.actors, a, document, actors, d);
      participants(key(i), "recipient", e.recipients, a, document, actors, d);
      for (size_t n = 0; n < e.numbers.size(); ++n) {
        const EventNumber& x = e.numbers[n];
        run(event_number, key(i), n, x.kind, x.low, x.high, x.span.start, x.span.end);
      }
      for (size_t n = 0; n < e.voices.size(); ++n)
        run(event_voice, key(i), n, key_or_null(e.voices[n].attribution, a.attributions.size()), factuality_name(e.voices[n].factuality));
    }
    for (size_t i = 0; i < a.disputes.size(); ++i) {
      const Dispute& x = a.disputes[i];
      run(dispute, key(i), document, x.kind);
      for (size_t n = 0; n < x.positions.size(); ++n) {
        const Position& p = x.positions[n];
        std::string voices = "[";
        for (const int32_t voice : p.voices)
          voices += (voices.size() > 1 ? "," : "") + (voice < 0 ? std::string("null") : std::to_string(key(voice)));
        run(dispute_position, key(i), n, p.holds, key_or_null(p.event, a.events.size()), voices + "]");
      }
    }
    for (const Decided& x : decisions_held)
      run(decided, document, x.layer, x.number, x.place.start, x.place.end, x.mark, decision_name(x.decision));
  }
};

LayerWriter::LayerWriter(SQLite::Database& db) : impl_(std::make_unique<Impl>(db)) {}
LayerWriter::~LayerWriter() = default;

void LayerWriter::remove(int64_t document) {
  prepared(impl_->actors_of, document);
  while (impl_->actors_of.executeStep()) {
    const int64_t actor = impl_->actors_of.getColumn(0).getInt64();
    impl_->loosened.insert(actor);
    run(impl_->count_actor, -1, actor);
  }
  impl_->actors_of.reset();
  for (SQLite::Statement& statement : impl_->removes) run(statement, document);
}

void LayerWriter::remove_unused_actors() {
  SQLite::Statement remove(impl_->db, "DELETE FROM actors WHERE actor = ? AND documents = 0");
  for (const int64_t actor : impl_->loosened) run(remove, actor);
  impl_->loosened.clear();
}

void LayerWriter::write(int64_t document, const Coded& coded) {
  Impl& to = *impl_;
  const Analysis& a = coded.analysis;
  const auto key = [document](int64_t number) { return layer_key(document, number); };
  run(to.record, document, Blob{coded.record});
  if (a.error) return;  // its record says why; there is nothing to search
  std::vector<std::optional<Impl::Actor>> actors;
  for (const Entity& e : a.entities) actors.push_back(to.actor_of(e));
  run(to.ungrouped, document);
  for (size_t i = 0; i < a.sentences.size(); ++i) {
    const Sentence& s = a.sentences[i];
    run(to.sentence, key(i), document, part_name(s.part), s.paragraph, s.span.start, s.span.end);
  }
  int64_t mentions = 0;
  for (size_t i = 0; i < a.entities.size(); ++i) {
    const Entity& e = a.entities[i];
    run(to.entity, key(i), document, Impl::id_of(actors[i]), e.name, e.kind, e.country, output::join(e.sectors, " "), e.office,
        json_array(e.why));
    for (const Mention& m : e.mentions)
      run(to.mention, key(mentions++), key(i), m.span.start, m.span.end, kMentionKinds[static_cast<size_t>(m.kind)]);
  }
  std::set<int64_t> present;
  for (const auto& actor : actors)
    if (actor && present.insert(actor->actor).second) run(to.count_actor, 1, actor->actor);
  for (size_t i = 0; i < a.times.size(); ++i) {
    const TimeExpression& t = a.times[i];
    run(to.time, key(i), document, t.span.start, t.span.end, t.type, t.value, json_array(t.why));
  }
  if (!to.decisions.any(a.document.id)) return to.write_codes(document, a, {}, actors);
  const Impl::Laid laid = to.laid_over(coded.record);
  to.write_codes(document, laid.analysis, laid.decided, actors);
}

void LayerWriter::write_decided(int64_t document) {
  Impl& to = *impl_;
  std::string record;
  if (prepared(to.kept_record, document).executeStep()) record = to.kept_record.getColumn(0).getString();
  to.kept_record.reset();
  const Impl::Laid laid = to.laid_over(record);
  if (laid.analysis.error) return;
  std::vector<std::optional<Impl::Actor>> actors;
  prepared(to.kept_actors, document);
  while (to.kept_actors.executeStep()) {
    const auto actor = integer_or_null(to.kept_actors.getColumn(0));
    actors.push_back(actor ? std::optional(Impl::Actor{*actor, text_or_null(to.kept_actors.getColumn(1))}) : std::nullopt);
  }
  to.kept_actors.reset();
  for (SQLite::Statement& statement : to.removes_decided) run(statement, document);
  to.write_codes(document, laid.analysis, laid.decided, actors);
  run(to.ungrouped, document);
}

}  // namespace reportedly::corpus
