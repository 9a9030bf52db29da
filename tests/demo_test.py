#!/usr/bin/env python3
"""The demo corpus and its scorer: demo_test.py ROOT [PROGRAM]
Without a program: the truth fits the articles, and the scorer gives full marks to a store that holds the truth and fewer to damaged ones.
With the program: a store built by it (model accurate) reaches the figures of REQUIRED; those of NOT_YET are below their mark, or have none yet, and must not fall below what is written there.

The figures, one score with the models accurate, fast: same_event .880, .885 (of 276 mentions);
disputes .909 / .792 (19 of 24 found), .875 / .750; changes of mind 7, 4 of 11 found: most of the others have a side that no event is coded for.
tests/data/second_corpus, of which only figures are looked at (nine disputes, so its floors are low): same_event .928, .935; disputes .889 / .778, .800 / .889;
changes of mind 2, 1 of 4."""
import contextlib, csv, datetime, functools, html.parser, importlib.util, itertools, json, os, pathlib, re, sqlite3, subprocess, sys, tempfile, unittest, zipfile
import xml.etree.ElementTree
import yaml

ROOT = pathlib.Path(sys.argv[1]).resolve()
PROGRAM = sys.argv[2] if len(sys.argv) > 2 else None
CORPUS = ROOT / 'examples/corpus'
SCORER = ROOT / 'tools/score/demo.py'
REQUIRED = 'articles=1,dates=1,date_origins=1,copies=.97,same_event=.85,disputes_precision=.9,disputes_recall=.75,corrections=.8'
NOT_YET = {'minds': .54}      # no mark yet
SECOND = {'articles': 1, 'copies': .97, 'same_event': .8, 'disputes_precision': .6, 'disputes_recall': .3, 'corrections': .8}      # nine disputes: one is .11
# What is denied is denied by one of its voices, or by one around them.
DENIED_BY_NOBODY = """
    WITH RECURSIVE heard(event, attribution) AS (
      SELECT event, attribution FROM event_voices WHERE attribution IS NOT NULL
      UNION SELECT h.event, a.parent FROM heard h JOIN attributions a USING(attribution) WHERE a.parent IS NOT NULL)
    SELECT d.id, e.trigger_text FROM events e JOIN documents d USING(document) WHERE e.status = 'denied'
      AND NOT EXISTS (SELECT 1 FROM event_voices v WHERE v.event = e.event AND v.factuality IN ('CT-', 'PR-', 'PS-'))
      AND NOT EXISTS (SELECT 1 FROM heard h JOIN attributions a USING(attribution) WHERE h.event = e.event AND a.stance IN ('denies', 'doubts'))"""
# Who accuses others of an act does not deny it, unless it is said to be their own.
DENIED_BY_AN_ACCUSER = """
    SELECT d.id, e.trigger_text FROM events e JOIN documents d USING(document) JOIN event_voices v USING(event) JOIN attributions a ON a.attribution = v.attribution
    WHERE v.factuality = 'PS-' AND a.stance = 'accuses' AND NOT EXISTS (SELECT 1 FROM event_actors x WHERE x.event = e.event AND x.role = 'actor'
      AND (x.actor = a.source_actor OR x.country = (SELECT country FROM actors WHERE actor = a.source_actor)))"""
DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

with open(CORPUS / 'truth.yaml', encoding='utf-8') as f: TRUTH = yaml.load(f, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


class Words(html.parser.HTMLParser):
    """Paragraphs of an article; in a page those outside its furniture."""
    def __init__(self):
        super().__init__(); self.out, self.open, self.aside = [], False, 0
    def handle_starttag(self, tag, attributes):
        name = dict(attributes).get('class', '')
        if self.aside: self.aside += tag in ('div', 'aside', 'footer', 'header', 'nav')
        elif tag in ('aside', 'footer', 'nav') or name in ('ad', 'cookie-banner', 'site'): self.aside = 1
        if tag == 'p' and not self.aside: self.open = True; self.out.append('')
    def handle_endtag(self, tag):
        if self.aside and tag in ('div', 'aside', 'footer', 'header', 'nav'): self.aside -= 1
        if tag == 'p': self.open = False
    def handle_data(self, data):
        if self.open: self.out[-1] += data


def paragraphs(markup):
    words = Words(); words.feed(markup)
    return '\n\n'.join(words.out)


def read(article):
    return read_file(article['file'], article.get('record') or article.get('member') or article.get('url'), article.get('encoding', 'utf-8'))


@functools.lru_cache(None)
def read_file(file, item, encoding):
    """(text, date that the file tells or '' where only the text can) of an article, by plain readers."""
    path = CORPUS / file
    if path.suffix == '.jsonl':
        with open(path, encoding='utf-8') as f: row = next(r for r in map(json.loads, f) if r['id'] == item)
        return row['text'], row.get('published')
    if path.suffix == '.csv':
        with open(path, encoding='utf-8', newline='') as f: row = next(r for r in csv.DictReader(f) if r['id'] == item)
        return row['body'], row['date']
    if path.suffix == '.zip':
        with zipfile.ZipFile(path) as z: return z.read(item).decode(), ''
    if path.suffix == '.xml':
        for node in xml.etree.ElementTree.parse(path).iter('item'):
            if node.findtext('link') == item:
                date = datetime.datetime.strptime(node.findtext('pubDate')[5:16], '%d %b %Y').date()
                return paragraphs(node.findtext('{http://purl.org/rss/1.0/modules/content/}encoded')), str(date)
    data = path.read_bytes().decode(encoding)
    return (paragraphs(data), '') if path.suffix == '.html' else (data, '')


class Truth(unittest.TestCase):
    def test_articles(self):
        places = set()
        for key, a in TRUTH['articles'].items():
            with self.subTest(key):
                text, date = read(a)
                if date != '': self.assertEqual(date, a['published'])
                self.assertIn(a['published'], (None, a['date']))
                self.assertEqual('published_from' in a, a['published'] is not None)
                self.assertTrue(60 <= len(text.split()) <= 370, len(text.split()))
                story = TRUTH['stories'][a['story']]
                for t in a['tells']:
                    self.assertGreaterEqual(text.count(t['at']), t.get('nth', 1), t['at'])
                    if 'nth' not in t: self.assertEqual(text.count(t['at']), 1, t['at'])
                    self.assertIn(t['event'], story['events'])
                    self.assertLessEqual(set(t.get('who', [])), set(story['voices']) | set(story['doers']))
                    if 'by' in t: self.assertIn(t['by'], story['doers'])
                self.assertEqual('agency' in a, '(NSP)' in text)
                place = (a['file'], a.get('record') or a.get('member') or a.get('url'))
                self.assertNotIn(place, places); places.add(place)
        files = {f'articles/{p.relative_to(CORPUS / "articles")}' for p in (CORPUS / 'articles').rglob('*') if p.is_file()}
        self.assertEqual(files, {a['file'] for a in TRUTH['articles'].values()})
        self.assertGreaterEqual(len(TRUTH['articles']), 60)

    def test_dates_in_texts(self):
        # A weekday with a date must be that day; a dateline's date is that of publication.
        for key, a in TRUTH['articles'].items():
            text, _ = read(a)
            for weekday, day, month in re.findall(r'\b(' + '|'.join(DAYS) + r'),? (\d{1,2}) ([A-Z][a-z]+)\b', text):
                date = datetime.datetime.strptime(f'{day} {month} {a["date"][:4]}', '%d %B %Y')
                self.assertEqual(DAYS[date.weekday()], weekday, key)
            for line in re.findall(r'(?m)^(?:[^\n–]*, )?(\d{1,2} [A-Z][a-z]+ 20\d\d)(?: –|$)', text):
                self.assertEqual(str(datetime.datetime.strptime(line, '%d %B %Y').date()), a['date'], key)

    def test_copies(self):
        for key, a in TRUTH['articles'].items():
            if 'copy_of' not in a: continue
            origin = TRUTH['articles'][a['copy_of']]
            self.assertEqual(origin['story'], a['story'])
            self.assertLessEqual(origin['date'], a['date'], key)
            mine, other = (set(re.findall(r'\w+', read(x)[0])) for x in (a, origin))
            self.assertGreater(len(mine & other) / len(mine), .6, key)

    def test_references(self):
        for key, d in TRUTH['disputes'].items():
            self.assertIn(d['event'], TRUTH['stories'][d['story']]['events'], key)
            self.assertGreater(len(d['positions']), 1)
            for p in d['positions']: self.assertLessEqual(set(p['articles']), set(TRUTH['articles']))
        for c in TRUTH['changes_of_mind'].values():
            for where in ('said_in', 'taken_back_in'):
                told = TRUTH['articles'][c[where]]['tells']
                self.assertTrue(any(t['event'] == c['event'] and t.get('who', [''])[-1] == c['voice'] for t in told), c)
        for c in TRUTH['corrections'].values(): self.assertLessEqual({c['stands_in'], c['corrects']}, set(TRUTH['articles']))


class Scorer(unittest.TestCase):
    """The store is written here from the truth, without the program."""
    whole = None  # the store, written once

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'news.db')
        if Scorer.whole:
            pathlib.Path(self.path).write_bytes(Scorer.whole)
            self.db = sqlite3.connect(self.path)
            self.addCleanup(self.db.close)
            return
        self.db = sqlite3.connect(self.path)
        self.addCleanup(self.db.close)
        self.db.executescript((ROOT / 'src/corpus/schema.sql').read_text(encoding='utf-8'))
        if not any(c[1] == 'correction' for c in self.db.execute('PRAGMA table_info(signatures)')):
            self.db.execute('ALTER TABLE signatures ADD COLUMN correction INTEGER NOT NULL DEFAULT 0')
        self.fill()
        self.db.commit()
        Scorer.whole = pathlib.Path(self.path).read_bytes()

    def put(self, table, **values):
        """What the schema wants beside what is told here does not matter to the scorer."""
        for _, name, _, required, default, key in self.db.execute(f'PRAGMA table_info({table})'):
            if required and default is None and name not in values: values[name] = 0
        self.db.execute(f'INSERT INTO {table}({", ".join(values)}) VALUES({", ".join("?" * len(values))})', list(values.values()))

    def fill(self):
        number, story_events, positions, claims = {}, {}, {}, {}
        for n, (key, a) in enumerate(TRUTH['articles'].items(), 1):
            number[key] = n
            text, _ = read(a)
            self.put('sources', source=n, path=f'/{n}/{a["file"]}')
            self.put('documents', document=n, id=a.get('record', f'id{n}'), hash='h', url=a.get('url'), source=n, item=a.get('member', ''),
                     published=a['published'], published_origin=a.get('published_from'))
            self.put('texts', document=n, text=text)
            self.put('signatures', document=n, correction=int(any(c['stands_in'] == key for c in TRUTH['corrections'].values())))
            for i, (at, told) in enumerate(itertools.groupby(a['tells'], lambda t: (t['at'], t.get('nth', 1)))):
                told = list(told); t = told[0]
                start = -1
                for _ in range(at[1]): start = text.find(at[0], start + 1)
                event = n * 16777216 + i
                kind, date = (TRUTH['stories'][a['story']]['events'][t['event']][x] for x in ('type', 'date'))
                date = t.get('dated', date)
                day = self.db.execute('SELECT julianday(?) + 0.5', (date,)).fetchone()[0] if len(date) == 10 else None
                self.put('events', event=event, document=n, type=kind, trigger_start=start, trigger_end=start + len(at[0]), trigger_lemma=at[0], date=date,
                         day_from=day, day_to=day, attribution=event if 'who' in t or t.get('stance') == 'relays' else None, contexts='', date_why='', why='', factuality='', status='')
                story = (a['story'], t['event'])
                if story not in story_events:
                    story_events[story] = len(story_events) + 1
                    self.put('story_events', story_event=story_events[story], id='/'.join(story), title='/'.join(story), type=kind)
                self.put('story_event_members', event=event, story_event=story_events[story])
                claims[key, at] = (event, told)
        for key, a in TRUTH['articles'].items():
            if 'copy_of' not in a: continue
            origin = a['copy_of']
            while 'copy_of' in TRUTH['articles'][origin]: origin = TRUTH['articles'][origin]['copy_of']
            self.put('duplicates', document=number[key], origin=number[origin], kind=a['copy_kind'], agency=a.get('agency'))
        scorer = self.scorer()
        claim = 0
        for n, (key, d) in enumerate(TRUTH['disputes'].items(), 1):
            story = story_events[d['story'], d['event']]
            self.put('disputes', dispute=n, id=key, story_event=story, kind=d['kind'], title=key)
            for m, p in enumerate(d['positions']):
                position = n * 100 + m
                value = int(p['holds']) if d['kind'] == 'number' else None
                self.put('positions', position=position, id=f'{key}{m}', story_event=story, kind=d['kind'], holds=p['holds'], value=d.get('number'), low=value, high=value)
                self.put('dispute_positions', dispute=n, position=position, number=m)
                for (article, _), (event, told) in claims.items():
                    for t in told:
                        if article in p['articles'] and t['event'] == d['event'] and scorer.Demo.position_of(None, d, t) == str(p['holds']):
                            claim += 1
                            self.put('claims', claim=claim, id=f'c{claim}', document=number[article], event=event, story_event=story, position=position, kind=d['kind'])
        for c in TRUTH['changes_of_mind'].values():
            both = []
            for where in ('said_in', 'taken_back_in'):
                event = next(e for (k, _), (e, told) in claims.items() for t in told if k == c[where] and t['event'] == c['event'] and t.get('who', [''])[-1] == c['voice'])
                claim += 1
                self.put('claims', claim=claim, id=f'c{claim}', document=number[c[where]], event=event)
                both.append(claim)
            self.put('changes_of_mind', earlier=both[0], later=both[1])

    @staticmethod
    def scorer():
        spec = importlib.util.spec_from_file_location('demo', SCORER)
        module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
        return module

    def figures(self, *options, status=0):
        out = os.path.join(self.folder.name, 'figures.json')
        done = subprocess.run([sys.executable, SCORER, self.path, '--json', out, '--errors', *options], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(pathlib.Path(out).read_text())

    def change(self, sql, *args):
        self.db.execute(sql, args); self.db.commit()

    def test_the_truth_has_full_marks(self):
        got = self.figures('--require', REQUIRED)
        for name, value in got.items():
            if name != 'corrections_linked': self.assertEqual(value, 1, name)

    def test_an_empty_store_is_no_store_of_this_corpus(self):
        self.change('DELETE FROM documents')
        self.figures(status=2)

    def test_another_text(self):
        self.change("UPDATE texts SET text = 'x' WHERE document = 1")
        self.figures(status=2)

    def test_dates(self):
        self.change("UPDATE documents SET published = '2026-01-01' WHERE published IS NULL")
        got = self.figures('--require', 'dates=1', status=1)
        self.assertLess(got['dates'], 1)

    def test_copies(self):
        self.change('DELETE FROM duplicates WHERE document = (SELECT min(document) FROM duplicates)')
        self.assertLess(self.figures()['copies'], 1)
        self.change("INSERT INTO duplicates(document, origin, kind, similarity, why) VALUES(1, 2, 'near', 1, '')" if not self.copy_of() else
                    "INSERT INTO duplicates(document, origin, copy_of, kind, similarity, why) VALUES(1, 2, 2, 'near', 1, '')")
        self.assertLess(self.figures()['copies'], .97)

    def copy_of(self):
        return any(c[1] == 'copy_of' for c in self.db.execute('PRAGMA table_info(duplicates)'))

    def test_groups(self):
        self.change('UPDATE story_event_members SET story_event = 1 WHERE story_event = 2')
        merged = self.figures()['same_event']
        self.assertLess(merged, 1)
        self.change('DELETE FROM story_event_members')
        self.assertLess(self.figures()['same_event'], merged)

    def test_disputes(self):
        names = [k for k, d in TRUTH['disputes'].items() if not d.get('minor') and not d.get('outside')]
        self.change('DELETE FROM disputes WHERE id = ?', names[0])
        got = self.figures()
        self.assertEqual(got['disputes_recall'], round((len(names) - 1) / len(names), 3))
        self.assertEqual(got['disputes_precision'], 1)
        self.change("UPDATE disputes SET kind = 'other' WHERE id = ?", names[1])
        self.assertLess(self.figures()['disputes_precision'], 1)
        # Positions that hold each other's claims are no positions.
        self.change('UPDATE claims SET position = (SELECT min(p.position) FROM positions p JOIN positions q USING(story_event, kind) WHERE q.position = claims.position) '
                    'WHERE position IS NOT NULL')
        self.assertLess(self.figures()['positions'], 1)

    def test_minds_and_corrections(self):
        self.change('DELETE FROM changes_of_mind WHERE earlier = (SELECT min(earlier) FROM changes_of_mind)')
        self.assertLess(self.figures()['minds'], 1)
        self.change('UPDATE signatures SET correction = 1 - correction')
        got = self.figures()
        self.assertEqual((got['corrections'], got['corrections_precision']), (0, 0))


@unittest.skipUnless(PROGRAM, 'no program was named')
class Built(unittest.TestCase):
    def build(self, corpus, *options):
        """Figures of a store of that corpus."""
        with tempfile.TemporaryDirectory() as folder:
            store = os.path.join(folder, 'news.db')
            done = subprocess.run([PROGRAM, 'add', corpus / 'articles', '--store', store], capture_output=True, text=True, env={**os.environ, 'REPORTEDLY_DATA': str(ROOT)})
            if 'model' in done.stderr and done.returncode: self.skipTest('there is no model')
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            with contextlib.closing(sqlite3.connect(store)) as db:
                for query in (DENIED_BY_NOBODY, DENIED_BY_AN_ACCUSER): self.assertEqual(db.execute(query).fetchall(), [])
            figures = os.path.join(folder, 'figures.json')
            done = subprocess.run([sys.executable, SCORER, store, '--truth', corpus / 'truth.yaml', '--json', figures, *options], capture_output=True, text=True)
            print(done.stdout, file=sys.stderr)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(pathlib.Path(figures).read_text())

    def test_figures(self):
        got = self.build(CORPUS, '--errors')
        required = {name: float(least) for name, least in (x.split('=') for x in REQUIRED.split(','))}
        for name in {**required, **NOT_YET}:
            with self.subTest(name):
                self.assertGreaterEqual(got[name], NOT_YET.get(name, required.get(name)))
                if name in NOT_YET and got[name] >= required.get(name, 1): print(f'{name} holds now: take it out of NOT_YET', file=sys.stderr)

    def test_second_corpus(self):
        # Figures alone: its errors are not to be looked at.
        got = self.build(ROOT / 'tests/data/second_corpus')
        for name, least in SECOND.items():
            with self.subTest(name): self.assertGreaterEqual(got[name], least)


if __name__ == '__main__': unittest.main(argv=sys.argv[:1])
