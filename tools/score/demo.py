#!/usr/bin/env python3
"""Scores a store of the demo corpus against what was planted in it.
usage: demo.py STORE [--truth examples/corpus/truth.yaml] [--errors] [--json FILE] [--require NAME=MIN,...]
STORE: made by `reportedly add examples/corpus/articles --store STORE`. What is scored, and how, is said in examples/corpus/README.md.
--errors lists what is missing and what is wrong. --require: exit status 1 if a figure is below its minimum.
Exit status 2: the store does not hold the corpus, or the texts are not those that the truth was written for."""
import argparse, collections, itertools, json, pathlib, sqlite3, sys
import yaml

KEYS = ('dead', 'injured', 'size', 'arrested')
STATED = {'record': 'stated', 'file': 'stated'}  # a field of a record, whatever the reader calls it


def prf(right, found, wanted):
    p, r = right / found if found else 0.0, right / wanted if wanted else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def bcubed(items):
    """items: list of (gold, predicted). Each item's share of its predicted group that is of its gold group, and the reverse."""
    gold, pred, both = collections.Counter(), collections.Counter(), collections.Counter()
    for g, p in items:
        gold[g] += 1; pred[p] += 1; both[g, p] += 1
    n = len(items) or 1
    p = sum(both[i] / pred[i[1]] for i in items) / n
    r = sum(both[i] / gold[i[0]] for i in items) / n
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def pairs(links, members):
    """Pairs of documents that a chain of links joins."""
    parent = {m: m for m in members}
    def root(m):
        while parent[m] != m: m = parent[m]
        return m
    for a, b in links: parent[root(a)] = root(b)
    groups = collections.defaultdict(list)
    for m in members: groups[root(m)].append(m)
    return {frozenset(p) for g in groups.values() for p in itertools.combinations(g, 2)}


class Demo:
    def __init__(self, store, truth):
        self.truth = truth
        self.db = sqlite3.connect(f'file:{store}?mode=ro', uri=True)
        self.db.row_factory = sqlite3.Row
        self.problems, self.errors, self.figures = [], [], {}
        self.find_articles()
        self.find_mentions()

    def rows(self, sql, *args):
        return self.db.execute(sql, args).fetchall()

    # -- which document is which article
    def find_articles(self):
        rows = self.rows('SELECT d.*, s.path, t.text FROM documents d LEFT JOIN sources s USING(source) LEFT JOIN texts t USING(document) WHERE d.hash IS NOT NULL')
        self.document, self.article, self.unknown = {}, {}, []
        by_file = collections.defaultdict(list)
        for r in rows: by_file[pathlib.PurePath(r['path'] or '').name].append(r)
        for key, a in self.truth['articles'].items():
            here = by_file[pathlib.PurePath(a['file']).name]
            if 'record' in a: here = [r for r in here if r['id'] == a['record']]
            elif 'member' in a: here = [r for r in here if f"{r['path']}!{r['item']}".endswith(a['member'])]
            elif 'url' in a: here = [r for r in here if r['url'] == a['url']]
            if len(here) != 1: self.problems.append(f'{key}: {len(here)} documents of {a["file"]}'); continue
            self.document[key] = here[0]; self.article[here[0]['document']] = key
        self.unknown = [r['id'] for r in rows if r['document'] not in self.article]

    # -- which event of the store is which event of the truth
    def find_mentions(self):
        self.mentions = []   # (article, its entry of the truth, events.event or None)
        self.told = {}       # events.event → (story event, entries of the truth)
        for key, d in self.document.items():
            a, text = self.truth['articles'][key], d['text'] or ''
            events = self.rows('SELECT * FROM events WHERE document = ?', d['document'])
            for t in a['tells']:
                at = -1
                for _ in range(t.get('nth', 1)): at = text.find(t['at'], at + 1)
                if at < 0: self.problems.append(f'{key}: the text has no "{t["at"]}"'); continue
                kind = self.truth['stories'][a['story']]['events'][t['event']]['type']
                here = [e for e in events if at <= e['trigger_start'] and e['trigger_end'] <= at + len(t['at'])]
                here.sort(key=lambda e: (e['type'] != kind, e['trigger_start']))
                self.mentions.append((key, t, here[0] if here else None))
                for e in here[:1]:
                    self.told.setdefault(e['event'], ((a['story'], t['event']), []))[1].append(t)

    # -- figures
    def report(self, name, text, **values):
        self.figures.update({k: round(v, 3) for k, v in values.items()})
        print(f'{name:26} {text}')

    def wrong(self, what): self.errors.append(what)

    def imported(self):
        n, all_ = len(self.document), len(self.truth['articles'])
        self.report('articles imported', f'{n} of {all_}' + (f'; {len(self.unknown)} documents more' if self.unknown else ''), articles=n / all_)
        right = origin = 0
        for key, d in self.document.items():
            a = self.truth['articles'][key]
            ok = d['published'] == a['published']
            right += ok
            if not ok: self.wrong(f'date {key}: {d["published"]} for {a["published"]}')
            said, want = (STATED.get(x, x) for x in (d['published_origin'], a.get('published_from')))
            same = (said or None) == want
            origin += same
            if not same: self.wrong(f'origin of the date {key}: {said} for {want}')
        self.report('publication dates right', f'{right} of {n}; and where they come from {origin}', dates=right / (n or 1), date_origins=origin / (n or 1))

    def copies(self):
        arts = {k: a for k, a in self.truth['articles'].items() if k in self.document}
        got = {self.article[r['document']]: r for r in self.rows('SELECT * FROM duplicates') if r['document'] in self.article and r['origin'] in self.article}
        gold = pairs([(k, a['copy_of']) for k, a in arts.items() if a.get('copy_of') in arts], arts)
        mine = pairs([(k, self.article[r['origin']]) for k, r in got.items()], arts)
        p, r, f = prf(len(gold & mine), len(mine), len(gold))
        for x in sorted(map(sorted, gold - mine)): self.wrong(f'copy missed: {x[0]} {x[1]}')
        for x in sorted(map(sorted, mine - gold)): self.wrong(f'no copy: {x[0]} {x[1]}')
        self.report('copies', f'P {p:.3f} R {r:.3f} F1 {f:.3f} over {len(gold)} pairs', copies=f)
        # The kind is told against the origin; of a copy of a copy the truth does not say it.
        both = [k for k in got if 'copy_of' in arts[k] and 'copy_of' not in arts[arts[k]['copy_of']]]
        kind = sum(got[k]['kind'] == arts[k]['copy_kind'] for k in both)
        for k in both:
            if got[k]['kind'] != arts[k]['copy_kind']: self.wrong(f'kind of copy {k}: {got[k]["kind"]} for {arts[k]["copy_kind"]}')
        printed = [k for k, a in arts.items() if a.get('copy_of') and a.get('agency') and a['outlet'] != 'nsp']
        agency = sum(bool(k in got and got[k]['agency']) for k in printed)
        reverse = sum('copy_of' not in arts[k] for k in got)
        self.report('', f'kind right {kind} of {len(both)}; agency named {agency} of {len(printed)} reprints; the older called the copy {reverse}')

    def events(self):
        found = {}
        for _, t, e in self.mentions:
            if e: found.setdefault(e['event'], e)
        acts = lambda k, t: self.truth['stories'][self.truth['articles'][k]['story']]['events'][t['event']]['type'] != 'none'
        n = len({(k, t['at'], t.get('nth')) for k, t, _ in self.mentions if acts(k, t)})
        m = len({(k, t['at'], t.get('nth')) for k, t, e in self.mentions if e and acts(k, t)})
        self.report('told events found', f'{m} of {n} planted mentions of acts have an event', mentions=m / (n or 1))
        group = {r['event']: r['story_event'] for r in self.rows('SELECT event, story_event FROM story_event_members')}
        items = [(self.told[e][0], ('group', group[e]) if e in group else ('alone', e)) for e in found]
        p, r, f = bcubed(items)
        self.report('same event, B³', f'P {p:.3f} R {r:.3f} F1 {f:.3f} over {len(items)} mentions', same_event=f)
        for name, key in (('  by lemma alone', lambda e: e['trigger_lemma']), ('  by type, states and day', lambda e: (e['type'], e['country_a'], e['country_b'], e['day_from']))):
            p, r, f = bcubed([(self.told[i][0], key(e)) for i, e in found.items()])
            self.report(name, f'P {p:.3f} R {r:.3f} F1 {f:.3f}')
        if items:
            whole = collections.defaultdict(collections.Counter)
            for g, p in items: whole[g][p] += 1
            for g, c in sorted(whole.items()):
                if len(c) > 1: self.wrong(f'event in {len(c)} pieces: {"/".join(g)} {sorted(c.values(), reverse=True)}')
            mixed = collections.defaultdict(collections.Counter)
            for g, p in items: mixed[p][g] += 1
            for p, c in mixed.items():
                if len(c) > 1: self.wrong('one group for: ' + ', '.join(f'{"/".join(g)} {n}' for g, n in c.most_common()))
        dated = right = said = 0
        for key, t, e in self.mentions:
            if not e: continue
            want = t.get('dated') or self.truth['stories'][self.truth['articles'][key]['story']]['events'][t['event']]['date']
            if len(want) != 10: continue
            said += 1
            if e['day_from'] is None: continue
            dated += 1
            day = self.rows('SELECT julianday(?) + 0.5 AS d', want)[0]['d']
            ok = e['day_from'] <= day <= e['day_to']
            right += ok
            if not ok: self.wrong(f'day {key}: "{t["at"]}" {e["date"]} for {want}')
        self.report('days of events', f'{dated} of {said} dated, {right} right', event_days=right / (dated or 1))
        voice = sum((e['attribution'] is None) == ('who' not in t and t.get('stance') != 'relays') for _, t, e in self.mentions if e)
        total = sum(1 for _, _, e in self.mentions if e)
        self.report('own voice or another\'s', f'{voice} of {total} right', voices=voice / (total or 1))

    def event_of(self, events):
        """What most of these events of the store tell, by the truth; None if none of them was planted, or most tell another."""
        c = collections.Counter(self.told[e][0] for e in events if e in self.told)
        return c.most_common(1)[0][0] if c else None

    def disputes(self):
        want = {k: d for k, d in self.truth['disputes'].items()}
        found = collections.defaultdict(list)
        total = right = 0
        for x in self.rows('SELECT * FROM disputes'):
            positions = self.rows('SELECT p.* FROM dispute_positions y JOIN positions p USING(position) WHERE y.dispute = ? ORDER BY y.number', x['dispute'])
            claims = {p['position']: [r['event'] for r in self.rows('SELECT event FROM claims WHERE position = ?', p['position'])] for p in positions}
            members = [r['event'] for r in self.rows('SELECT event FROM story_event_members WHERE story_event = ?', x['story_event'])]
            event = self.event_of([e for c in claims.values() for e in c]) or self.event_of(members)
            total += 1
            fit = [k for k, d in want.items() if event == (d['story'], d['event']) and d['kind'] == x['kind'] and
                   ('number' not in d or any(p['value'] == d['number'] for p in positions))]
            if not fit:
                self.wrong(f'no planted dispute: {x["kind"]} "{x["title"]}" ' + ' / '.join(p['holds'] for p in positions) + f' [{"/".join(event) if event else "no planted event"}]')
                continue
            right += 1
            found[fit[0]].append((positions, claims))
        needed = [k for k, d in want.items() if not d.get('minor') and not d.get('outside')]
        outside = [k for k, d in want.items() if d.get('outside') and not d.get('minor')]
        hit = [k for k in needed if k in found]
        for k in needed:
            if k not in found: self.wrong(f'dispute missed: {k}')
        p, r = right / (total or 1), len(hit) / len(needed)
        whole = sum(self.told_apart(want[k], found[k]) for k in hit)
        self.report('disputes', f'P {p:.3f} ({right} of {total}) R {r:.3f} ({len(hit)} of {len(needed)})', disputes_precision=p, disputes_recall=r)
        shown = sum(len({v for k, t, e in self.mentions if e and (self.truth['articles'][k]['story'], t['event']) == (want[x]['story'], want[x]['event'])
                         for v in [self.position_of(want[x], t)] if v in {str(p['holds']) for p in want[x]['positions']}}) > 1 for x in needed)
        self.report('', f'events were coded for two positions of {shown} of {len(needed)}; of acts outside the scheme {sum(k in found for k in outside)} of {len(outside)} found')
        self.report('', f'with two of the planted positions told apart: {whole} of {len(hit)}; in pieces: {sum(len(v) > 1 for v in found.values())}', positions=whole / (len(hit) or 1))

    def position_of(self, dispute, entry):
        """Which of the planted positions a mention holds."""
        stance = entry.get('stance', 'asserts')
        if dispute['kind'] == 'occurrence': return {'asserts': 'happened', 'denies': 'did not happen'}.get(stance)
        if stance != 'asserts': return None
        value = entry.get('by') if dispute['kind'] == 'agent' else entry.get(dispute['number'])
        return str(value) if value is not None else None

    def told_apart(self, dispute, pieces):
        wanted = {str(p['holds']) for p in dispute['positions']}
        for positions, claims in pieces:
            names = set()
            for p in positions:
                if dispute['kind'] == 'number':
                    names |= {w for w in wanted if (p['low'] if p['low'] is not None else 1) <= int(w) <= (p['high'] if p['high'] is not None else 0)}
                    continue
                c = collections.Counter(v for e in claims[p['position']] if e in self.told for v in {self.position_of(dispute, t) for t in self.told[e][1]} if v in wanted)
                if c: names.add(c.most_common(1)[0][0])
            if len(names) > 1: return True
        return False

    def minds(self):
        want, hit, total, right = self.truth['changes_of_mind'], set(), 0, 0
        pairs_shown = set()
        risen = 0
        for r in self.rows('SELECT a.event AS first, b.event AS later, a.document AS d1, b.document AS d2, a.kind, v.country '
                           'FROM changes_of_mind m JOIN claims a ON a.claim = m.earlier JOIN claims b ON b.claim = m.later LEFT JOIN voices v ON v.voice = a.voice'):
            d1, d2 = self.article.get(r['d1']), self.article.get(r['d2'])
            pairs_shown.add((d1, d2))
            def holds(article, event, c):
                """The article tells this in that voice. Whose words an event is read from is not asked: one denial may stand beside another's claim."""
                country = self.truth['stories'][c['story']]['voices'][c['voice']].get('country')
                return event in self.told and any(t['event'] == c['event'] for t in self.told[event][1]) and self.told[event][0][0] == c['story'] and \
                    r['country'] in (None, 0, country) and any(t['event'] == c['event'] and t.get('who', [None])[-1] == c['voice'] for t in self.truth['articles'][article]['tells'])
            fit = [k for k, c in want.items() if holds(d1, r['first'], c) and holds(d2, r['later'], c)]
            if not fit and r['kind'] == 'number' and self.grew(r['first'], r['later']): risen += 1; continue
            total += 1
            if fit: right += 1; hit.add(fit[0])
            elif any((c['corrects'], c['stands_in']) == (d1, d2) for c in self.truth['corrections'].values()): right += 1
            else: self.wrong(f'no planted change of mind: {d1} {d2} [{"/".join(self.told[r["first"]][0]) if r["first"] in self.told else "no planted event"}]')
        needed = [k for k, c in want.items() if not c.get('outside')]
        for k in needed:
            if k not in hit: self.wrong(f'change of mind missed: {k}')
        got = len(hit & set(needed))
        self.report('changes of mind', f'{got} of {len(needed)} found; {right} of {total} shown are planted; {risen} tolls that rose', minds=got / len(needed), minds_precision=right / (total or 1))
        # A correction is found where the store knows that the text corrects something; better, where it also shows what.
        want = self.truth['corrections']
        marked = {self.article.get(r['document']) for r in self.rows('SELECT document FROM signatures WHERE correction')} if self.has('signatures', 'correction') else set()
        linked = {k for k, c in want.items() if (c['corrects'], c['stands_in']) in pairs_shown}
        notices = {c['stands_in'] for c in want.values()}
        p, r, _ = prf(len(marked & notices), len(marked), len(notices))
        for x in sorted(notices - marked): self.wrong(f'correction missed: {x}')
        for x in sorted(x for x in marked - notices if x): self.wrong(f'no correction: {x}')
        self.report('corrections', f'P {p:.3f} R {r:.3f} ({len(marked & notices)} of {len(notices)}); shown beside what they correct: {len(linked)}',
                    corrections=r, corrections_precision=p, corrections_linked=len(linked) / len(want))

    def grew(self, first, later):
        """A toll that rises is news and no change of mind."""
        numbers = [{k: t[k] for t in self.told[e][1] for k in KEYS if k in t} if e in self.told else {} for e in (first, later)]
        return any(k in numbers[1] and v < numbers[1][k] for k, v in numbers[0].items())

    def has(self, table, column):
        return any(r['name'] == column for r in self.rows(f'PRAGMA table_info({table})'))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('store')
    ap.add_argument('--truth', default=str(pathlib.Path(__file__).resolve().parents[2] / 'examples/corpus/truth.yaml'))
    ap.add_argument('--errors', action='store_true')
    ap.add_argument('--json')
    ap.add_argument('--require', default='')
    args = ap.parse_args()
    with open(args.truth, encoding='utf-8') as f: truth = yaml.load(f, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    demo = Demo(args.store, truth)
    for step in (demo.imported, demo.copies, demo.events, demo.disputes, demo.minds): step()
    if args.errors: print(*demo.errors, sep='\n')
    if args.json: pathlib.Path(args.json).write_text(json.dumps(demo.figures, indent=1) + '\n')
    for p in demo.problems: print('problem:', p, file=sys.stderr)
    if demo.problems: sys.exit(2)
    low = [x for x in filter(None, args.require.split(',')) if demo.figures[x.split('=')[0]] < float(x.split('=')[1])]
    if low: sys.exit(print('below:', ' '.join(low)) or 1)


if __name__ == '__main__': main()
