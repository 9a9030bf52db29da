// Is the store whole? And the same contents as text, for comparing stores.
#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "base/sha256.h"
#include "corpus/decisions.h"
#include "corpus/rows.h"

namespace reportedly {
namespace {

using corpus::guarded;
using corpus::prepared;

/// One layer of the record, and where its rows are.
constexpr std::array<std::array<const char*, 2>, 7> kLayers{{{"sentences", "sentences"},
                                                             {"entities", "entities"},
                                                             {"times", "times"},
                                                             {"places", "places"},
                                                             {"attributions", "attributions"},
                                                             {"events", "events"},
                                                             {"disputes", "document_disputes"}}};

void put_row(std::string& out, SQLite::Statement& s) {
  for (int c = 0; c < s.getColumnCount(); ++c) {
    const SQLite::Column column = s.getColumn(c);
    // A length before the text, so that no text can look like two cells.
    if (column.isNull())
      out += "\t-";
    else if (column.isText() || column.isBlob())
      out += fmt::format("\t{}:{}", column.size(), column.getString());
    else
      out += "\t" + column.getString();
  }
  out += '\n';
}

// Keys become numbers inside the document (& 16777215); what depends on the order of import is left out.
constexpr const char* kDocument =
    "SELECT d.id, hash, text_hash, title, byline, publisher, url, published, published_origin, language, d.format, item, characters, "
    "words, warnings, "
    "d.error_code, d.error_message, version, model, lexicon, e.options FROM documents d JOIN engines e USING(engine) WHERE document = ?";
constexpr std::array<std::array<const char*, 2>, 16> kOfDocument{{
    {"text", "SELECT title, text FROM texts WHERE document = ?"},
    {"sentence", "SELECT sentence & 16777215, part, paragraph, start, end FROM sentences WHERE document = ? ORDER BY sentence"},
    {"entity",
     "SELECT entity & 16777215, a.key, e.name, e.kind, e.country, e.sectors, office, why FROM entities e LEFT JOIN actors a USING(actor) "
     "WHERE document = "
     "? ORDER BY entity"},
    {"mention",
     "SELECT mention & 16777215, entity & 16777215, start, end, kind FROM mentions WHERE mention >= ?1 * 16777216 AND mention < (?1 + 1) * "
     "16777216 ORDER "
     "BY mention"},
    {"time", "SELECT time & 16777215, start, end, type, value, why FROM times WHERE document = ? ORDER BY time"},
    {"place",
     "SELECT place & 16777215, start, end, name, geonames, latitude, longitude, country, admin1, feature, role, why FROM places WHERE "
     "document = ? ORDER BY "
     "place"},
    {"attribution",
     "SELECT attribution & 16777215, parent & 16777215, depth, source_entity & 16777215, a.key, source_text, voice, cue_lemma, cue_text, "
     "form, stance, "
     "hypothetical, confidence, start, end, spans, content, why, decision FROM attributions t LEFT JOIN actors a ON a.actor = "
     "t.source_actor WHERE "
     "document = ? ORDER "
     "BY attribution"},
    {"event",
     "SELECT event & 16777215, sentence & 16777215, type, mode, contexts, cameo, quad, intensity, trigger_start, trigger_end, "
     "trigger_text, trigger_lemma, "
     "date, time, day_from, day_to, date_why, place & 16777215, attribution & 16777215, factuality, status, country_a, country_b, "
     "disputed, confidence, why, decision "
     "FROM events WHERE document = ? ORDER BY event"},
    {"participant",
     "SELECT event & 16777215, role, number, entity & 16777215, a.key, x.name, x.country, x.sectors, start, end FROM event_actors x LEFT "
     "JOIN actors a "
     "USING(actor) WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * 16777216 ORDER BY event, role, number"},
    {"number",
     "SELECT event & 16777215, number, kind, low, high, start, end FROM event_numbers WHERE event >= ?1 * 16777216 AND event < (?1 + 1) * "
     "16777216 ORDER BY "
     "event, number"},
    {"voice",
     "SELECT event & 16777215, number, attribution & 16777215, factuality FROM event_voices WHERE event >= ?1 * 16777216 AND event < (?1 + "
     "1) * 16777216 "
     "ORDER BY event, number"},
    {"dispute", "SELECT document_dispute & 16777215, kind FROM document_disputes WHERE document = ? ORDER BY document_dispute"},
    {"dispute position",
     "SELECT document_dispute & 16777215, position, holds, event & 16777215, (SELECT group_concat(coalesce(value & 16777215, 'narrator')) "
     "FROM "
     "json_each(voices)) FROM document_dispute_positions WHERE document_dispute >= ?1 * 16777216 AND document_dispute < (?1 + 1) * "
     "16777216 ORDER BY "
     "document_dispute, position"},
    {"decided", "SELECT layer, number, start, end, mark, decision FROM decided WHERE document = ? ORDER BY layer, number"},
    {"ungrouped", "SELECT 1 FROM ungrouped WHERE document = ?"},
    {"copy", "SELECT o.id, kind, similarity, agency, why FROM duplicates u JOIN documents o ON o.document = u.origin WHERE u.document = ?"},
}};
constexpr std::array<std::array<const char*, 2>, 7> kOverDocuments{{
    {"story event", "SELECT * FROM story_event_list ORDER BY 1"},
    {"member",
     "SELECT d.id, m.event & 16777215, s.id FROM story_event_members m JOIN events e USING(event) JOIN documents d USING(document) JOIN "
     "story_events s "
     "USING(story_event) ORDER BY 1, 2"},
    {"position", "SELECT * FROM position_list ORDER BY 1"},
    {"claim", "SELECT * FROM claim_list ORDER BY 1"},
    {"dispute over documents", "SELECT * FROM dispute_list ORDER BY 1"},
    {"change of mind",
     "SELECT x.id, y.id FROM changes_of_mind JOIN claims x ON x.claim = earlier JOIN claims y ON y.claim = later ORDER BY 1, 2"},
    {"correction", "SELECT document_id, text_hash, layer, anchor, action, value, note FROM corrections ORDER BY 1, 3, 4, 5, 6"},
}};

std::string id_text(SQLite::Statement& s, int column) {
  return s.getColumn(column).getString();
}

/// Rows against the record of every document.
void check_records(SQLite::Database& db, std::vector<std::string>& problems) {
  simdjson::ondemand::parser parser;
  SQLite::Statement documents(
      db,
      "SELECT d.document, d.id, d.text_hash, d.error_code, r.json, t.text FROM documents d LEFT JOIN records r USING(document) LEFT "
      "JOIN texts t USING(document) WHERE d.hash IS NOT NULL ORDER BY d.document");
  std::vector<SQLite::Statement> counts;
  for (const auto& layer : kLayers) counts.emplace_back(db, fmt::format("SELECT count(*) FROM {} WHERE document = ?", layer[1]));
  corpus::Decisions decisions(db);
  SQLite::Statement rejected(db, "SELECT count(*) FROM decided WHERE document = ? AND layer || 's' = ? AND decision = 'rejected'");
  SQLite::Statement due(db, "SELECT EXISTS (SELECT 1 FROM decisions_due WHERE document = ?)");
  while (documents.executeStep()) {
    const std::string id = id_text(documents, 1);
    auto packed = documents.getColumn(4).isNull() ? std::nullopt : corpus::unpack(documents.getColumn(4).getString());
    const auto json = packed ? decisions.lay_over(std::move(*packed), id) : Result<std::string>(std::string());
    if (!packed || !json) {
      problems.push_back(fmt::format("{}: its record is missing or damaged", id));
      continue;
    }
    const bool coded = documents.getColumn(3).isNull();
    if (coded && corpus::text_hash(documents.getColumn(5).getString()).first != documents.getColumn(2).getString())
      problems.push_back(fmt::format("{}: the text is not the one that was imported (hash)", id));
    try {
      const simdjson::padded_string padded(*json);
      simdjson::ondemand::document root = parser.iterate(padded);
      simdjson::ondemand::object document = root["document"];
      if (std::string_view(document["id"]) != id) problems.push_back(fmt::format("{}: its record is of another document", id));
      if (coded && std::string_view(document["text"]) != documents.getColumn(5).getString())
        problems.push_back(fmt::format("{}: the text differs from its record", id));
      prepared(due, documents.getColumn(0).getInt64()).executeStep();
      const bool to_be_laid = due.getColumn(0).getInt() != 0;  // decisions that the rows do not have yet
      due.reset();
      for (size_t i = 0; i < kLayers.size() && !to_be_laid; ++i) {
        simdjson::ondemand::array array = root[kLayers[i][0]];
        const size_t recorded = array.count_elements();
        prepared(counts[i], documents.getColumn(0).getInt64()).executeStep();
        const auto rows = static_cast<size_t>(counts[i].getColumn(0).getInt64());
        counts[i].reset();
        prepared(rejected, documents.getColumn(0).getInt64(), kLayers[i][1]).executeStep();
        const auto without = static_cast<size_t>(rejected.getColumn(0).getInt64());
        rejected.reset();
        if (rows + without != recorded)
          problems.push_back(fmt::format("{}: {} rows in {}, {} in its record", id, rows, kLayers[i][1], recorded));
      }
    } catch (const simdjson::simdjson_error& e) {
      problems.push_back(fmt::format("{}: its record cannot be read ({})", id, e.what()));
    }
  }
}

void check_index(SQLite::Database& db, const char* index, std::vector<std::string>& problems) {
  try {
    db.exec(fmt::format("INSERT INTO {0}({0}, rank) VALUES('integrity-check', 1)", index));
  } catch (const SQLite::Exception&) {
    problems.push_back(
        fmt::format("the search index {0} does not fit the texts; `INSERT INTO {0}({0}) VALUES('rebuild')` makes it anew", index));
  }
}

}  // namespace

Result<void> write_canonical(Store& store, const std::function<void(std::string_view)>& write) {
  return guarded(store, [&]() -> Result<void> {
    SQLite::Database& db = store.database();
    SQLite::Statement documents(db, "SELECT document, hash IS NOT NULL FROM documents ORDER BY id");
    SQLite::Statement document(db, kDocument), record(db, "SELECT json FROM records WHERE document = ?");
    std::vector<SQLite::Statement> layers;
    for (const auto& layer : kOfDocument) layers.emplace_back(db, layer[1]);
    std::string out;
    while (documents.executeStep()) {
      const int64_t key = documents.getColumn(0).getInt64();
      out = "document";
      prepared(document, key).executeStep();
      put_row(out, document);
      document.reset();
      if (prepared(record, key).executeStep()) {
        Sha256 hash;
        hash.update(corpus::unpack(record.getColumn(0).getString()).value_or("damaged"));
        out += "record\t" + hash.hex() + "\n";
      }
      record.reset();
      for (size_t i = 0; i < layers.size(); ++i) {
        prepared(layers[i], key);
        while (layers[i].executeStep()) {
          out += kOfDocument[i][0];
          put_row(out, layers[i]);
        }
        layers[i].reset();
      }
      write(out);
    }
    for (const auto& list : kOverDocuments) {
      SQLite::Statement rows(db, list[1]);
      while (rows.executeStep()) {
        out = list[0];
        put_row(out, rows);
        write(out);
      }
    }
    return {};
  });
}

Result<Verification> verify(Store& store) {
  auto checked = guarded(store, [&]() -> Result<Verification> {
    Verification out;
    SQLite::Database& db = store.database();
    SQLite::Statement integrity(db, "PRAGMA integrity_check(20)");
    while (integrity.executeStep())
      if (const std::string line = integrity.getColumn(0).getString(); line != "ok") out.problems.push_back("the file: " + line);
    if (!out.problems.empty()) return out;  // what is damaged cannot be asked
    SQLite::Statement references(db, "PRAGMA foreign_key_check");
    while (references.executeStep())
      out.problems.push_back(
          fmt::format("a row of {} points at a row of {} that is not there", id_text(references, 0), id_text(references, 2)));
    if (store.access() != StoreAccess::read)
      for (const char* index : {"texts_index", "contents_index", "actor_names"}) check_index(db, index, out.problems);
    SQLite::Statement counts(
        db, "SELECT key FROM actors a WHERE documents <> (SELECT count(DISTINCT document) FROM entities e WHERE e.actor = a.actor)");
    while (counts.executeStep()) out.problems.push_back(fmt::format("the actor {} has a wrong count of documents", id_text(counts, 0)));
    check_records(db, out.problems);
    return out;
  });
  if (!checked || !checked->problems.empty()) return checked;
  Sha256 hash;
  if (auto written = write_canonical(store, [&](std::string_view text) { hash.update(text); }); !written)
    return tl::unexpected(written.error());
  checked->digest = hash.hex();
  return checked;
}

Result<std::vector<std::string>> purge(Store& store, const std::vector<std::string>& ids) {
  if (store.access() == StoreAccess::read) return fail(ErrorCode::usage, "the store was opened for reading", store.path().string());
  return guarded(store, [&]() -> Result<std::vector<std::string>> {
    SQLite::Database& db = store.database();
    std::vector<std::string> unknown;
    bool any = false;
    db.exec("PRAGMA secure_delete = ON");
    {
      SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
      SQLite::Statement find(db, "SELECT document, source FROM documents WHERE id = ?");
      for (const std::string& id : ids) {
        if (!prepared(find, id).executeStep()) {
          unknown.push_back(id);
          find.reset();
          continue;
        }
        const int64_t document = find.getColumn(0).getInt64(), source = find.getColumn(1).getInt64();
        find.reset();
        any = true;
        corpus::run(db,
                    "UPDATE actors SET documents = documents - 1 WHERE actor IN (SELECT actor FROM entities WHERE document = ? AND actor "
                    "IS NOT NULL)",
                    document);
        corpus::run(db, "DELETE FROM documents WHERE document = ?", document);
        corpus::run(db, "DELETE FROM corrections WHERE document_id = ?", id);
        corpus::run(db, "DELETE FROM run_documents WHERE document_id = ?", id);
        // The file is no longer all in the store: adding it again brings the document back.
        corpus::run(db, "UPDATE sources SET complete = 0, hash = NULL WHERE source = ?", source);
        corpus::run(db, "DELETE FROM sources WHERE source = ?1 AND NOT EXISTS (SELECT 1 FROM documents WHERE source = ?1)", source);
      }
      if (any) {
        db.exec("DELETE FROM actors WHERE documents = 0");
        db.exec(
            "DELETE FROM story_events WHERE NOT EXISTS (SELECT 1 FROM story_event_members m WHERE m.story_event = "
            "story_events.story_event);"
            // Deleted words stay in the index until its parts are merged.
            "INSERT INTO texts_index(texts_index) VALUES('optimize'); INSERT INTO contents_index(contents_index) VALUES('optimize');"
            "INSERT INTO actor_names(actor_names) VALUES('optimize')");
      }
      transaction.commit();
    }
    if (!any) return unknown;
    // What was made from the document and others is made anew without it, before the file is: a title may have its words.
    if (auto grouped = group(store); !grouped) return tl::unexpected(grouped.error());
    db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    return unknown;
  });
}

}  // namespace reportedly
