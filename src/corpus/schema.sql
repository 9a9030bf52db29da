-- The store, version 1. docs/store.md explains each table; a change of meaning is a migration (src/corpus/migrations.cpp).
--
-- Keys. A document has a number (`document`, in the order of import) and an id (`id`, the same on every machine). A row of a
-- layer has the key document * 2^24 + its number in the document, counted from 0: the event "v3" of document 7 is 7 * 2^24 + 2.
-- So the rows of a document lie together, and no row needs a counter. Offsets are code points in texts.text, half-open.
-- Layers (sentences … event_voices) are written once by `add` and never changed; what is made from many documents stands in
-- tables of its own that point at them. Deleting a document deletes its layers and what was made from them.

-- What a coded document depends on beside itself. `options`: what `add` was told (repairs, force, learned).
CREATE TABLE engines(
  engine INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  model TEXT NOT NULL,
  lexicon TEXT NOT NULL,
  options TEXT NOT NULL,
  UNIQUE(version, model, lexicon, options)
);

-- One call of `add`. A run that was killed stays 'running' until the next writer opens the store and calls it 'killed'.
CREATE TABLE runs(
  run INTEGER PRIMARY KEY,
  engine INTEGER REFERENCES engines,
  started TEXT NOT NULL,          -- UTC, ISO 8601
  finished TEXT,
  state TEXT NOT NULL,            -- running done stopped killed failed
  inputs TEXT NOT NULL,           -- JSON array: files and folders as they were given
  message TEXT,
  files INTEGER NOT NULL DEFAULT 0,
  unchanged_files INTEGER NOT NULL DEFAULT 0,
  added INTEGER NOT NULL DEFAULT 0,       -- documents, from here on
  changed INTEGER NOT NULL DEFAULT 0,
  recoded INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  repeated INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  copies INTEGER NOT NULL DEFAULT 0,      -- exact copies of others
  warnings INTEGER NOT NULL DEFAULT 0     -- documents with warnings
);

-- Files that were read. A file whose bytes, engine and `options` are known and `complete` is not read again.
CREATE TABLE sources(
  source INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,      -- absolute; "-" is standard input
  format TEXT,                    -- plain, jsonl; what the reader of the file calls it
  encoding TEXT,
  bytes INTEGER,
  hash TEXT,                      -- SHA-256 of the file, hexadecimal
  options TEXT,                   -- what the reader was told (date for documents without one, …)
  engine INTEGER REFERENCES engines,
  complete INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,                -- the file as a whole could not be read (to its end)
  error_message TEXT
);

-- One row for each document, and for each input that gave none (`hash` null, `error_code` set, `id` is its place).
CREATE TABLE documents(
  document INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hash TEXT,                      -- SHA-256 of everything that went in, hexadecimal: with `engine` the key of work done
  text_hash TEXT,                 -- SHA-256 of the text alone, white space folded: equal for exact copies
  title TEXT,
  byline TEXT,
  publisher TEXT,
  url TEXT,
  published TEXT,                 -- YYYY-MM-DD or null, never a guess
  published_origin TEXT,          -- how the date was found: file (a field of the record), text, given (an option), or json-ld, meta, url, header of a page
  language TEXT,
  format TEXT,                    -- plain, record, or as the reader of the format calls it
  source INTEGER REFERENCES sources,
  item TEXT NOT NULL DEFAULT '',  -- where in the source: line, member of an archive; '' is the whole file
  seen TEXT,                      -- version of the source (its hash and options) in which the document was last found
  characters INTEGER NOT NULL DEFAULT 0,
  words INTEGER NOT NULL DEFAULT 0,  -- strings between white space
  warnings TEXT,                  -- JSON array of {code, message, start, end}; null if none
  error_code TEXT,                -- null: coded. As in reportedly/1: language, too_large, bad_format …
  error_message TEXT,
  engine INTEGER REFERENCES engines,
  run INTEGER REFERENCES runs     -- the run that wrote this row
);
CREATE INDEX documents_hash ON documents(hash);
CREATE INDEX documents_text_hash ON documents(text_hash);
CREATE INDEX documents_source ON documents(source, item);
-- Inputs that gave no document: looked for at the end of every file, which may hold very many that did.
CREATE INDEX documents_refused ON documents(source, item) WHERE hash IS NULL;
CREATE INDEX documents_published ON documents(published);
CREATE INDEX documents_publisher ON documents(publisher COLLATE NOCASE, published);

-- The complete reportedly/1 record, as `code` writes it, zstd.
CREATE TABLE records(
  document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  json BLOB NOT NULL
);

-- What is searched and sliced. `title` is the document's title, which in plain files is part of the text as well.
CREATE TABLE texts(
  document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  title TEXT,
  text TEXT NOT NULL
);

CREATE TABLE sentences(
  sentence INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  part TEXT NOT NULL,             -- body title byline dateline footer
  paragraph INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL
);
CREATE INDEX sentences_document ON sentences(document);

-- The same actor over documents: by its line in the dictionary of actors where it has one, else by kind, country and name.
CREATE TABLE actors(
  actor INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,             -- of the first entity with this key, or made from the key
  named INTEGER NOT NULL,         -- 0: a description ("two fishermen"), which may mean others in another document
  kind TEXT NOT NULL,             -- state office person organisation armed_group group
  country TEXT,
  sectors TEXT NOT NULL,          -- PLOVER sectors, most telling first, one blank between
  documents INTEGER NOT NULL DEFAULT 0  -- how many speak of it; kept by whoever writes and removes entities
);
CREATE INDEX actors_documents ON actors(documents, key);

CREATE TABLE entities(
  entity INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  actor INTEGER REFERENCES actors, -- null: a thing, a place, a paper
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT,
  sectors TEXT NOT NULL,
  office TEXT,
  why TEXT NOT NULL               -- JSON array
);
CREATE INDEX entities_document ON entities(document);
CREATE INDEX entities_actor ON entities(actor);

-- number: all mentions of the document, entity by entity.
CREATE TABLE mentions(
  mention INTEGER PRIMARY KEY,
  entity INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  kind TEXT NOT NULL              -- name nominal pronoun
);
CREATE INDEX mentions_entity ON mentions(entity);

CREATE TABLE times(
  time INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  type TEXT NOT NULL,             -- TIMEX3: DATE TIME DURATION SET
  value TEXT,
  why TEXT NOT NULL
);
CREATE INDEX times_document ON times(document);

CREATE TABLE places(
  place INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  name TEXT NOT NULL,
  geonames INTEGER,
  latitude REAL,
  longitude REAL,
  country TEXT,
  admin1 TEXT,
  feature TEXT,                   -- GeoNames feature code: how precise the place is
  role TEXT NOT NULL,             -- dateline mention
  why TEXT NOT NULL
);
CREATE INDEX places_document ON places(document);
CREATE INDEX places_geonames ON places(geonames);

CREATE TABLE attributions(
  attribution INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  parent INTEGER,                 -- the attribution around this one
  depth INTEGER NOT NULL,         -- 0: no parent
  source_entity INTEGER,          -- entities.entity
  source_actor INTEGER REFERENCES actors,
  source_text TEXT,               -- null: nobody is named
  voice TEXT NOT NULL,            -- the chain in words, outermost first: "Reykjavik (asserts) › two fishermen (asserts)"
  cue_lemma TEXT,
  cue_text TEXT,
  form TEXT NOT NULL,             -- direct mixed indirect
  stance TEXT NOT NULL,
  hypothetical INTEGER NOT NULL,
  confidence REAL,
  start INTEGER,                  -- of the content, first to last code point; null: no content
  end INTEGER,
  spans TEXT NOT NULL,            -- JSON {"source":[[s,e]],"cue":[[s,e]],"content":[[s,e]]}
  content TEXT NOT NULL,          -- its words
  why TEXT NOT NULL
);
CREATE INDEX attributions_document ON attributions(document);
CREATE INDEX attributions_actor ON attributions(source_actor, stance);

CREATE TABLE events(
  event INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  sentence INTEGER,               -- sentences.sentence that holds the trigger
  type TEXT NOT NULL,
  mode TEXT,
  contexts TEXT NOT NULL,         -- one blank between
  cameo TEXT,
  quad INTEGER NOT NULL,
  intensity REAL NOT NULL,
  trigger_start INTEGER NOT NULL,
  trigger_end INTEGER NOT NULL,
  trigger_text TEXT NOT NULL,
  trigger_lemma TEXT NOT NULL,
  date TEXT,                      -- as in the record: YYYY-MM-DD, or a shorter TIMEX3 value
  time TEXT,
  day_from INTEGER,               -- the days the date may mean, as Julian day numbers; null without a date
  day_to INTEGER,
  date_why TEXT NOT NULL,
  place INTEGER,                  -- places.place
  attribution INTEGER,            -- attributions.attribution; null: the narrator
  factuality TEXT NOT NULL,
  status TEXT NOT NULL,           -- happened ongoing planned possible denied refused hypothetical
  country_a TEXT,                 -- blocking: countries of the first actor and the first recipient that have one, in order of
  country_b TEXT,                 -- the alphabet (one alone is country_a)
  disputed INTEGER NOT NULL,      -- by voices of this document: it is in one of its document_disputes
  confidence REAL,
  why TEXT NOT NULL
);
CREATE INDEX events_document ON events(document);
CREATE INDEX events_block ON events(type, country_a, country_b, day_from);
CREATE INDEX events_day ON events(day_from);

CREATE TABLE event_actors(
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  role TEXT NOT NULL,             -- actor recipient
  number INTEGER NOT NULL,
  entity INTEGER,                 -- entities.entity
  actor INTEGER REFERENCES actors,
  name TEXT NOT NULL,             -- the entity's, else the words of the text
  country TEXT,                   -- as coded for this event: may differ from the entity's
  sectors TEXT NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(event, role, number)
) WITHOUT ROWID;
CREATE INDEX event_actors_actor ON event_actors(actor, event);
CREATE INDEX event_actors_country ON event_actors(country, event);

-- Numbers said of an event: dead injured arrested size.
CREATE TABLE event_numbers(
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(event, number)
) WITHOUT ROWID;

-- Who speaks of an event in its document: the innermost attribution of each chain, null for the narrator.
CREATE TABLE event_voices(
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  number INTEGER NOT NULL,
  attribution INTEGER,
  factuality TEXT NOT NULL,
  PRIMARY KEY(event, number)
) WITHOUT ROWID;

-- Disputes inside one document, as in its record.
CREATE TABLE document_disputes(
  document_dispute INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  kind TEXT NOT NULL              -- occurrence agent number other
);
CREATE INDEX document_disputes_document ON document_disputes(document);

CREATE TABLE document_dispute_positions(
  document_dispute INTEGER NOT NULL REFERENCES document_disputes ON DELETE CASCADE,
  position INTEGER NOT NULL,
  holds TEXT NOT NULL,
  event INTEGER,
  voices TEXT NOT NULL,           -- JSON array of attribution keys, null in it for the narrator
  PRIMARY KEY(document_dispute, position)
) WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Over documents. `add` puts each document it writes into `ungrouped`; whoever groups works through it in order of document,
-- in one transaction with what it writes, and takes it out. Ids here must not depend on the order of import where that can be
-- had (a group is named after its smallest document or event id).

CREATE TABLE ungrouped(document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE);

-- What a text is compared by (docs/claims.md). `hashes`: of its runs of three words, sorted, 32 bits each; of long texts only those
-- below 2^(32 - scale).
CREATE TABLE signatures(
  document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  shingles INTEGER NOT NULL,      -- how many hashes
  scale INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  rank TEXT NOT NULL,             -- which of two is the earlier, by comparison of texts
  agency TEXT,                    -- the agency named in the text or byline
  correction INTEGER NOT NULL     -- the text says that it corrects something
);
CREATE TABLE signature_bands(
  band INTEGER NOT NULL,          -- hash of one band of the MinHash signature, or of a run of words that stands for a passage
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  PRIMARY KEY(band, document)
) WITHOUT ROWID;
CREATE INDEX signature_bands_document ON signature_bands(document);
-- Copies. A document without a row is an origin of its own.
CREATE TABLE duplicates(
  document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  origin INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,  -- never itself a duplicate
  copy_of INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, -- the earliest document that it agrees with: origin, or a copy of it
  kind TEXT NOT NULL,             -- exact near shortened updated, compared with the origin
  similarity REAL NOT NULL,       -- 0…1
  agency TEXT,                    -- the agency named in the text, where one is
  why TEXT NOT NULL
);
CREATE INDEX duplicates_origin ON duplicates(origin);
CREATE INDEX duplicates_copy_of ON duplicates(copy_of);
-- A copy whose origin goes is to be looked at again.
CREATE TRIGGER duplicates_delete AFTER DELETE ON duplicates
WHEN EXISTS (SELECT 1 FROM documents WHERE document = old.document) BEGIN
  INSERT OR IGNORE INTO ungrouped(document) VALUES(old.document);
END;

-- Voices over documents: who speaks. The narrator of a publisher is a voice as well.
CREATE TABLE voices(
  voice INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,       -- "actor:…", "publisher:…", "document:…"
  label TEXT NOT NULL,
  kind TEXT NOT NULL,             -- actor narrator unnamed
  actor INTEGER REFERENCES actors ON DELETE SET NULL,
  country TEXT,
  sectors TEXT NOT NULL DEFAULT ''
);
CREATE INDEX voices_actor ON voices(actor);

-- The same event over documents. Filled from members: dates, place, participants that agree.
CREATE TABLE story_events(
  story_event INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,            -- in words: "NOR GOV attacks ISL at Reykjavik"
  type TEXT NOT NULL,
  country_a TEXT,
  country_b TEXT,
  day_from INTEGER,
  day_to INTEGER,
  place_name TEXT,
  geonames INTEGER,
  latitude REAL,
  longitude REAL,
  documents INTEGER NOT NULL,
  origins INTEGER NOT NULL,       -- documents without copies
  disputed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX story_events_block ON story_events(type, country_a, country_b, day_from);
CREATE INDEX story_events_day ON story_events(day_from);
CREATE TABLE story_event_members(
  event INTEGER PRIMARY KEY REFERENCES events ON DELETE CASCADE,
  story_event INTEGER NOT NULL REFERENCES story_events ON DELETE CASCADE,
  earlier INTEGER REFERENCES events ON DELETE SET NULL,  -- the earlier mention that it goes with; null: the first of its group
  score REAL,                     -- of that pair
  why TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX story_event_members_earlier ON story_event_members(earlier);
CREATE INDEX story_event_members_group ON story_event_members(story_event);
-- Groups that lost a member (a document was replaced or purged): whoever groups counts them anew, or deletes them when empty.
CREATE TABLE stale_story_events(story_event INTEGER PRIMARY KEY);
CREATE TRIGGER story_event_members_delete AFTER DELETE ON story_event_members BEGIN
  INSERT OR IGNORE INTO stale_story_events(story_event) VALUES(old.story_event);
END;
-- Where mentions of the same event meet: hash of kind of act, participant or place, and about when.
CREATE TABLE event_blocks(
  block INTEGER NOT NULL,
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  PRIMARY KEY(block, event)
) WITHOUT ROWID;
CREATE INDEX event_blocks_event ON event_blocks(event);

-- All claims that say the same about the same event.
CREATE TABLE positions(
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  story_event INTEGER NOT NULL REFERENCES story_events ON DELETE CASCADE,
  kind TEXT NOT NULL,             -- occurrence agent number other
  holds TEXT NOT NULL,            -- "happened", "did not happen", "NOR did it", "12 dead"
  value TEXT,                     -- of the agent: key of the actor; of a number: its kind
  low INTEGER,                    -- of a number
  high INTEGER,
  first_date TEXT,
  last_date TEXT,
  documents INTEGER NOT NULL,
  origins INTEGER NOT NULL,
  voices INTEGER NOT NULL
);
CREATE INDEX positions_story_event ON positions(story_event);

-- What one voice says about one event in one document. `event_voice` and the numbers of an event each make claims.
CREATE TABLE claims(
  claim INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,        -- "document#v1/a2/occurrence", stable
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
  attribution INTEGER,            -- null: the narrator
  voice INTEGER NOT NULL REFERENCES voices,  -- who answers for it: the innermost speaker
  chain TEXT NOT NULL,            -- all speakers in words, outermost first, the publisher before them
  kind TEXT NOT NULL,             -- occurrence agent number
  stance TEXT NOT NULL,           -- of the innermost attribution; asserts for the narrator
  factuality TEXT NOT NULL,
  status TEXT NOT NULL,
  value TEXT,                     -- of the agent: what he is compared by; of a number: its kind; else happened not_happened planned open
  low INTEGER,                    -- of a number
  high INTEGER,
  date TEXT,                      -- when it was said: the attribution's date, else publication
  story_event INTEGER REFERENCES story_events ON DELETE SET NULL,
  position INTEGER REFERENCES positions ON DELETE SET NULL
);
CREATE INDEX claims_document ON claims(document);
CREATE INDEX claims_event ON claims(event);
CREATE INDEX claims_voice ON claims(voice, story_event, date);
CREATE INDEX claims_story_event ON claims(story_event);
CREATE INDEX claims_position ON claims(position);

CREATE TABLE disputes(
  dispute INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  story_event INTEGER NOT NULL REFERENCES story_events ON DELETE CASCADE,
  kind TEXT NOT NULL,             -- occurrence agent number other
  title TEXT NOT NULL,            -- what it is about, in words
  first_date TEXT,                -- when the second position came up
  last_date TEXT,
  documents INTEGER NOT NULL,
  origins INTEGER NOT NULL
);
CREATE INDEX disputes_story_event ON disputes(story_event);
CREATE TABLE dispute_positions(
  dispute INTEGER NOT NULL REFERENCES disputes ON DELETE CASCADE,
  position INTEGER NOT NULL REFERENCES positions ON DELETE CASCADE,
  number INTEGER NOT NULL,        -- order of appearance
  PRIMARY KEY(dispute, position)
) WITHOUT ROWID;
CREATE INDEX dispute_positions_position ON dispute_positions(position);

-- A voice that said one thing and later another. Of several dates only neighbours are compared.
CREATE TABLE changes_of_mind(
  earlier INTEGER NOT NULL REFERENCES claims ON DELETE CASCADE,
  later INTEGER NOT NULL REFERENCES claims ON DELETE CASCADE,
  voice INTEGER NOT NULL REFERENCES voices,
  story_event INTEGER NOT NULL REFERENCES story_events ON DELETE CASCADE,
  kind TEXT NOT NULL,             -- occurrence agent number
  correction INTEGER NOT NULL,    -- the later document says that it corrects something
  PRIMARY KEY(earlier, later)
) WITHOUT ROWID;
CREATE INDEX changes_of_mind_later ON changes_of_mind(later);

-- What people corrected. It names its target by document id and place in the text, so that it outlives a re-run.
CREATE TABLE corrections(
  correction INTEGER PRIMARY KEY,
  document_id TEXT NOT NULL,
  text_hash TEXT NOT NULL,        -- of the text it was made on
  layer TEXT NOT NULL,            -- document event attribution entity place time claim duplicate story_event
  anchor TEXT NOT NULL,           -- JSON: local id then, start, end, and what tells it from neighbours (type, stance)
  action TEXT NOT NULL,           -- accept reject correct add
  value TEXT,                     -- JSON: fields that are corrected
  note TEXT,
  made TEXT NOT NULL              -- UTC
);
CREATE INDEX corrections_document ON corrections(document_id);
-- What was made of the document is made again with the correction, or without it.
CREATE TRIGGER corrections_insert AFTER INSERT ON corrections BEGIN
  INSERT OR IGNORE INTO ungrouped SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id = new.document_id;
END;
CREATE TRIGGER corrections_update AFTER UPDATE ON corrections BEGIN
  INSERT OR IGNORE INTO ungrouped SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id IN (old.document_id, new.document_id);
END;
CREATE TRIGGER corrections_delete AFTER DELETE ON corrections BEGIN
  INSERT OR IGNORE INTO ungrouped SELECT t.document FROM documents d JOIN texts t USING(document) WHERE d.id = old.document_id;
END;

-- The import report: what became of each input of a run. What was unchanged is counted in `runs` and has no row.
CREATE TABLE run_documents(
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  number INTEGER NOT NULL,        -- order of the input
  path TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  document_id TEXT,
  outcome TEXT NOT NULL,          -- added changed recoded repeated failed
  format TEXT,
  encoding TEXT,
  published TEXT,
  published_origin TEXT,
  characters INTEGER,
  duplicate_of TEXT,              -- id of an exact copy that was there before
  warnings INTEGER NOT NULL DEFAULT 0,
  warning_messages TEXT,          -- separated by "; "
  error_code TEXT,
  error_message TEXT,
  PRIMARY KEY(run, number)
) WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Full text. External content: the words stand in texts and attributions alone.
CREATE VIRTUAL TABLE texts_index USING fts5(title, text, content='texts', content_rowid='document',
                                            tokenize='unicode61 remove_diacritics 2', prefix='3');
CREATE TRIGGER texts_insert AFTER INSERT ON texts BEGIN
  INSERT INTO texts_index(rowid, title, text) VALUES(new.document, new.title, new.text);
END;
CREATE TRIGGER texts_delete AFTER DELETE ON texts BEGIN
  INSERT INTO texts_index(texts_index, rowid, title, text) VALUES('delete', old.document, old.title, old.text);
END;
CREATE VIRTUAL TABLE contents_index USING fts5(content, content='attributions', content_rowid='attribution',
                                               tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER attributions_insert AFTER INSERT ON attributions BEGIN
  INSERT INTO contents_index(rowid, content) VALUES(new.attribution, new.content);
END;
CREATE TRIGGER attributions_delete AFTER DELETE ON attributions BEGIN
  INSERT INTO contents_index(contents_index, rowid, content) VALUES('delete', old.attribution, old.content);
END;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Views for people with sqlite3: ids in place of keys, words in place of offsets.
CREATE VIEW document_list AS
  SELECT d.id, d.title, d.byline, d.publisher, d.url, d.published, d.published_origin, d.language, d.format, s.path, d.item,
         d.characters, d.words, d.warnings, d.error_code, d.error_message,
         (SELECT o.id FROM duplicates u JOIN documents o ON o.document = u.origin WHERE u.document = d.document) AS copy_of
  FROM documents d LEFT JOIN sources s USING(source);

CREATE VIEW sentence_list AS
  SELECT d.id AS document, 's' || ((s.sentence & 16777215) + 1) AS sentence, s.part, s.paragraph, s.start, s.end,
         substr(t.text, s.start + 1, s.end - s.start) AS text
  FROM sentences s JOIN documents d USING(document) JOIN texts t USING(document);

CREATE VIEW entity_list AS
  SELECT d.id AS document, 'e' || ((e.entity & 16777215) + 1) AS entity, e.name, e.kind, e.country, e.sectors, e.office,
         a.key AS actor, e.why
  FROM entities e JOIN documents d USING(document) LEFT JOIN actors a USING(actor);

CREATE VIEW mention_list AS
  SELECT d.id AS document, 'e' || ((e.entity & 16777215) + 1) AS entity, m.start, m.end, m.kind,
         substr(t.text, m.start + 1, m.end - m.start) AS text
  FROM mentions m JOIN entities e USING(entity) JOIN documents d ON d.document = e.document JOIN texts t ON t.document = d.document;

CREATE VIEW time_list AS
  SELECT d.id AS document, 't' || ((x.time & 16777215) + 1) AS time, x.start, x.end,
         substr(t.text, x.start + 1, x.end - x.start) AS text, x.type, x.value, x.why
  FROM times x JOIN documents d USING(document) JOIN texts t USING(document);

CREATE VIEW place_list AS
  SELECT d.id AS document, 'p' || ((p.place & 16777215) + 1) AS place, p.start, p.end, p.name, p.geonames, p.latitude, p.longitude,
         p.country, p.admin1, p.feature, p.role, p.why
  FROM places p JOIN documents d USING(document);

CREATE VIEW attribution_list AS
  SELECT d.id AS document, 'a' || ((a.attribution & 16777215) + 1) AS attribution, 'a' || ((a.parent & 16777215) + 1) AS parent,
         a.source_text AS source, 'e' || ((a.source_entity & 16777215) + 1) AS entity, c.key AS actor, a.voice, a.cue_text AS cue,
         a.cue_lemma, a.form, a.stance, a.hypothetical, a.confidence, a.spans, a.content, a.why
  FROM attributions a JOIN documents d USING(document) LEFT JOIN actors c ON c.actor = a.source_actor;

CREATE VIEW event_list AS
  SELECT d.id || '#v' || ((e.event & 16777215) + 1) AS event, d.id AS document, d.published, d.publisher, e.type, e.mode, e.contexts,
         e.cameo, e.quad, e.intensity,
         (SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'actor' ORDER BY number)) AS actors,
         (SELECT group_concat(name, '; ') FROM (SELECT name FROM event_actors x WHERE x.event = e.event AND role = 'recipient' ORDER BY number)) AS recipients,
         e.trigger_text AS trigger, e.trigger_lemma, e.trigger_start, e.trigger_end, e.date, e.time, p.name AS place, p.geonames, p.latitude,
         p.longitude, p.country AS place_country, coalesce(a.voice, '') AS voice, a.stance, e.factuality, e.status, e.disputed,
         e.confidence, substr(t.text, s.start + 1, s.end - s.start) AS sentence, e.why
  FROM events e JOIN documents d USING(document) JOIN texts t USING(document) LEFT JOIN places p ON p.place = e.place
       LEFT JOIN attributions a ON a.attribution = e.attribution LEFT JOIN sentences s ON s.sentence = e.sentence;

CREATE VIEW participant_list AS
  SELECT d.id || '#v' || ((x.event & 16777215) + 1) AS event, x.role, x.number, x.name, 'e' || ((x.entity & 16777215) + 1) AS entity,
         a.key AS actor, x.country, x.sectors, x.start, x.end
  FROM event_actors x JOIN events e USING(event) JOIN documents d USING(document) LEFT JOIN actors a ON a.actor = x.actor;

CREATE VIEW actor_list AS
  SELECT a.key AS actor, a.name, a.named, a.kind, a.country, a.sectors,
         a.documents,
         (SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'actor') AS events_as_actor,
         (SELECT count(*) FROM event_actors x WHERE x.actor = a.actor AND role = 'recipient') AS events_as_recipient,
         (SELECT count(*) FROM attributions t WHERE t.source_actor = a.actor) AS attributions
  FROM actors a;

CREATE VIEW claim_list AS
  SELECT c.id AS claim, d.id AS document, d.publisher, d.id || '#v' || ((c.event & 16777215) + 1) AS event, v.label AS voice, c.chain,
         c.kind, c.stance, c.factuality, c.status, c.date, s.id AS story_event, s.title, p.id AS position, p.holds
  FROM claims c JOIN documents d USING(document) JOIN voices v USING(voice)
       LEFT JOIN story_events s ON s.story_event = c.story_event LEFT JOIN positions p ON p.position = c.position;

CREATE VIEW position_list AS
  SELECT p.id AS position, s.id AS story_event, s.title, p.kind, p.holds, p.low, p.high, p.first_date, p.last_date, p.documents,
         p.origins, p.voices
  FROM positions p JOIN story_events s USING(story_event);

CREATE VIEW dispute_list AS
  SELECT x.id AS dispute, s.id AS story_event, x.kind, x.title, x.first_date, x.last_date, x.documents, x.origins,
         (SELECT group_concat(holds, ' / ') FROM (SELECT p.holds FROM dispute_positions y JOIN positions p USING(position)
                                                  WHERE y.dispute = x.dispute ORDER BY y.number)) AS positions
  FROM disputes x JOIN story_events s USING(story_event);

CREATE VIEW story_event_list AS
  SELECT s.id AS story_event, s.title, s.type, date(s.day_from - 0.5) AS date_from, date(s.day_to - 0.5) AS date_to, s.place_name,
         s.geonames, s.latitude, s.longitude, s.documents, s.origins, s.disputed
  FROM story_events s;

CREATE VIEW duplicate_list AS
  SELECT d.id AS document, o.id AS origin, u.kind, u.similarity, u.agency, u.why
  FROM duplicates u JOIN documents d ON d.document = u.document JOIN documents o ON o.document = u.origin;

CREATE VIEW run_list AS
  SELECT r.run, r.started, r.finished, r.state, e.version, e.model, e.lexicon, r.inputs, r.files, r.unchanged_files, r.added, r.changed,
         r.recoded, r.unchanged, r.repeated, r.failed, r.copies, r.warnings, r.message
  FROM runs r LEFT JOIN engines e USING(engine);
