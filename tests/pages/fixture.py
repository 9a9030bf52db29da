#!/usr/bin/env python3
"""A store for the tests of server and pages: invented articles about one shelling, by four papers that contradict each other, and
one article that tries to do harm. The rows of the grouping are made here, whatever `add` found, by the simplest rule (all events of
one type are the same event), so that these tests do not depend on how well events are told apart.

    python3 tests/pages/fixture.py build/reportedly STORE [--plain: without the last]
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

HOSTILE_ID = "a/b#c\"d?e=1&f"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"></title><script>document.title='owned'</script>"
ARTICLES = [
    {"id": "wire-1", "publisher": "Northern Wire", "published": "2031-05-12", "title": "Five dead as shells hit Icelandic harbour", "byline": "Ása Lind",
     "text": "HÖFN, Iceland – Shells killed five people in the harbour of Höfn early on Monday, the Icelandic coast guard said. It blamed a Norwegian frigate.\n\n"
             "Norway’s defence ministry denied on Monday that its navy had shelled Höfn. “No ship of ours fired,” spokesman Tormod Haugen told reporters in Oslo.\n\n"
             "Reykjavik says two fishermen told the coast guard that Norwegian soldiers attacked their boat on Sunday."},
    {"id": "post-1", "publisher": "The Oslo Harbour Post", "published": "2031-05-12", "title": "Ministry: no ship of ours fired",
     "text": "OSLO – Norway’s navy did not shell Höfn, the defence ministry said on Monday.\n\nIceland’s prime minister accused Norway of an attack on the harbour. "
             "The foreign ministry rejected the accusation and said that Denmark had attacked Icelandic trawlers."},
    {"id": "sheet-1", "publisher": "Reykjavik Evening Sheet", "published": "2031-05-13", "title": "Coast guard counts seven dead",
     "text": "REYKJAVIK – Norwegian forces attacked Höfn on Monday and killed seven people, the coast guard said on Tuesday.\n\n"
             "The Red Cross doubted that Norwegian forces had attacked the harbour. The European Union demanded that Norway withdraw its ships from Icelandic waters."},
    {"id": "dispatch-1", "publisher": "Channel Dispatch", "published": "2031-05-14", "title": "Oslo and Reykjavik to talk in Geneva",
     "text": "GENEVA – Norway and Iceland will hold talks in Geneva next week, the United Nations said on Wednesday.\n\n"
             "Norway’s defence ministry said on Wednesday that a Norwegian frigate had attacked Höfn by mistake. Denmark sent food and medicine to Höfn on Wednesday."},
    {"id": HOSTILE_ID, "publisher": HOSTILE, "published": "2031-05-15", "title": HOSTILE,
     "text": "\u202eNorway\u202c attacked Höfn, <script>document.title='owned'</script> the coast guard said. \"><svg onload=\"document.title='owned'\"> "
             "Iceland’s {{7*7}} ministry said that Norwegian soldiers attacked <b>two</b> villages & “javascript:alert(1)”."},
]


def key(document, number):
    return document * (1 << 24) + number


def group(path):
    """Rows of the grouping, from the events that are there."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("UPDATE grouping SET version = 0")  # by other rules than the program's: it leaves these rows alone until something is added
    for table in ("changes_of_mind", "claims", "disputes", "positions", "story_events", "stale_story_events", "voices", "ungrouped"):
        db.execute("DELETE FROM " + table)
    voices = {}

    def voice(name, label, kind, actor=None, country=None):
        if name not in voices:
            voices[name] = db.execute("INSERT INTO voices(key, label, kind, actor, country) VALUES(?, ?, ?, ?, ?)", (name, label, kind, actor, country)).lastrowid
        return voices[name]

    story = 0
    for kind, title in (("ASSAULT", "Norway attacks Iceland at Höfn"), ("CONSULT", "Norway and Iceland consult at Geneva")):
        events = db.execute("SELECT e.event, e.document, d.id, d.publisher, d.published, p.name, p.geonames, p.latitude, p.longitude, e.day_from FROM events e "
                            "JOIN documents d USING(document) LEFT JOIN places p USING(place) WHERE e.type = ? ORDER BY e.event", (kind,)).fetchall()
        if not events:
            continue
        story += 1
        where = next((e for e in events if e[6]), events[0])
        days = [e[9] for e in events if e[9]]
        documents = {e[1] for e in events}
        db.execute("INSERT INTO story_events VALUES(?, ?, ?, ?, 'ISL', 'NOR', ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                   (story, f"{events[0][2]}#s{story}", title, kind, min(days, default=None), max(days, default=None), where[5], where[6], where[7], where[8], len(documents), len(documents)))
        said = {}
        for event, document, name, publisher, published, *_ in events:
            db.execute("INSERT INTO story_event_members(event, story_event, score, why) VALUES(?, ?, 0.9, '[\"same type\"]')", (event, story))
            for attribution, factuality in db.execute("SELECT attribution, factuality FROM event_voices WHERE event = ? ORDER BY number", (event,)).fetchall():
                if attribution is None:
                    who, chain, stance = voice(f"publisher:{publisher}", publisher, "narrator"), publisher, "asserts"
                else:
                    row = db.execute("SELECT a.voice, a.stance, c.key, c.name, c.actor, c.country, a.source_text FROM attributions a LEFT JOIN actors c ON c.actor = a.source_actor "
                                     "WHERE a.attribution = ?", (attribution,)).fetchone()
                    chain, stance = f"{publisher} › {row[0]}", row[1]
                    who = voice(f"actor:{row[2]}", row[3], "actor", row[4], row[5]) if row[2] else voice(f"document:{name}/{row[6]}", row[6] or "an unnamed source", "unnamed")
                holds = {"CT+": "happened", "PR+": "happened", "CT-": "did not happen", "PR-": "did not happen"}.get(factuality)
                said.setdefault(holds, []).append((event, document, attribution, who, chain, stance, factuality, published, name))
        positions = {}
        for number, (holds, rows) in enumerate(sorted((h, r) for h, r in said.items() if h)):
            positions[holds] = db.execute("INSERT INTO positions(id, story_event, kind, holds, first_date, last_date, documents, origins, voices) VALUES(?, ?, 'occurrence', ?, ?, ?, ?, ?, ?)",
                                          (f"s{story}/p{number}", story, holds, min(r[7] for r in rows), max(r[7] for r in rows), len({r[1] for r in rows}), len({r[1] for r in rows}), len({r[3] for r in rows}))).lastrowid
        firsts = {}
        for holds, rows in said.items():
            for event, document, attribution, who, chain, stance, factuality, published, name in rows:
                suffix = f"v{event % (1 << 24) + 1}/" + (f"a{attribution % (1 << 24) + 1}" if attribution is not None else "n")
                claim = db.execute("INSERT INTO claims(id, document, event, attribution, voice, chain, kind, stance, factuality, status, date, story_event, position) VALUES(?, ?, ?, ?, ?, ?, "
                                   "'occurrence', ?, ?, ?, ?, ?, ?)",
                                   (f"{name}#{suffix}/occurrence", document, event, attribution, who, chain, stance, factuality, "denied" if holds == "did not happen" else "happened", published, story,
                                    positions.get(holds))).lastrowid
                before = firsts.setdefault(who, (claim, holds, published))
                if holds and before[1] and holds != before[1] and published > before[2]:
                    db.execute("INSERT INTO changes_of_mind VALUES(?, ?, ?, ?, 'occurrence', 0)", (before[0], claim, who, story))
        if len(positions) > 1:
            dispute = db.execute("INSERT INTO disputes(id, story_event, kind, title, first_date, last_date, documents, origins) VALUES(?, ?, 'occurrence', ?, '2031-05-12', '2031-05-14', ?, ?)",
                                 (f"s{story}/d1", story, f"Did it happen: {title}", len(documents), len(documents))).lastrowid
            for number, holds in enumerate(sorted(positions, reverse=False)):
                db.execute("INSERT INTO dispute_positions VALUES(?, ?, ?)", (dispute, positions[holds], number))
            db.execute("UPDATE story_events SET disputed = 1 WHERE story_event = ?", (story,))
    db.commit()
    db.close()


def make(program, store, hostile=True):
    pathlib.Path(store).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "articles.jsonl"
        file.write_text("".join(json.dumps(a) + "\n" for a in ARTICLES if hostile or a["id"] != HOSTILE_ID) + '{"id":"broken"}\n' + json.dumps({"id": "wire-1-copy", "publisher": "Fjord Radio", "published": "2031-05-12", "text": ARTICLES[0]["text"],
                                                                                                     "title": ARTICLES[0]["title"]}) + "\n", encoding="utf-8")
        run = subprocess.run([program, "add", str(file), "--store", store], capture_output=True, text=True, check=False)
        if run.returncode not in (0, 3):
            sys.exit(run.stderr)
    group(store)


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2], hostile="--plain" not in sys.argv)
