#!/usr/bin/env python3
"""Fits which accounts stand against each other (src/events/contest_weights.inc) on passages that the model's heads have not seen.

  disputes.py FOLDER PRED.jsonl:ROWS… [--seen FOLDER PRED.jsonl:ROWS…] [--write] [--folds 5] [--pull 6] [--pull-seen 6]

FOLDER: passages the model has not seen. PRED.jsonl and ROWS: what `reportedly code … --format jsonl --candidates ROWS` wrote for their texts, a pair for
each model; all of them are fitted together. A multinomial logit (none, occurrence, agent, number, other) over pairs of accounts; a pair is right if
tools/score/passages.py would match it with a dispute of the annotation and whoever is against it takes another side there than whoever tells it. Prints, in
cross-validation with passages kept together, precision and recall of disputes by kind at several probabilities, as the program chooses them and as the
scorer counts them. --pull: the L2 penalty.
--seen: passages the model was trained on, of which there are five times as many. Its heads are too sure on them, so each feature has a second weight that holds
for them alone and is left out of what is written; what is alike in both goes into the first. --pull-seen: the penalty of the second. Needs numpy, SciPy and PyYAML.
"""
import argparse, json, os, re, sys, zlib
import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import answers                                                                                  # noqa: E402

score = answers.score
KINDS = 'occurrence agent number other'.split()
MIN_COUNT = 8        # a feature that is rarer has no weight
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'events', 'contest_weights.inc')


class Passage:
    """One passage as one model reads it: its rows, and which disputes of the annotation each could be."""
    def __init__(self, p, d, path):
        self.p, self.path, self.rows = p, path, []
        tidy = lambda v: {r: score.tidy(p.text, v[r]['spans'] if 'spans' in v[r] else v[r]) for r in score.ROLES} if isinstance(v['source'], dict) else {r: score.tidy(p.text, v[r]) for r in score.ROLES}   # noqa: E731
        gold = {k: tidy(v) for k, v in p.voices.items()}
        ours = {a['id']: tidy(a) for a in d['attributions']}
        self.same = {(g, s): (s is None) if g == 'narrator' else s is not None and score.Score.is_voice(gold[g], ours[s])
                     for g in [*p.voices, 'narrator'] for s in [*ours, None]}
        self.event = mates(p, d)

    def add(self, row):
        row['could'] = [k for k, g in enumerate(self.p.disputes) if self.fits(row, g)]
        row['scored'] = [k for k, g in enumerate(self.p.disputes) if self.counts(row, g)]
        self.rows.append(row)

    def sides(self, row):
        first, second = row['contest']
        return [(self.event.get(first), row['voices'][0]), (self.event.get(second or first), row['voices'][1])]

    def counts(self, row, g):
        """As the scorer matches, whatever its kind."""
        pairs = {(x, y) for x, a in enumerate(g['positions']) for y, (event, voice) in enumerate(self.sides(row))
                 if event == a['event'] or any(self.same[v, voice] for v in a.get('voices') or [])}
        return any(a != b and x != y for a, x in pairs for b, y in pairs)

    def fits(self, row, g):
        heard = [{x for x, a in enumerate(g['positions']) if any(self.same[v, voice] for v in a.get('voices') or [])} for _, voice in self.sides(row)]
        return self.counts(row, g) and any(x != y for x in heard[0] or range(len(g['positions'])) for y in heard[1])


def mates(p, d):
    """{v1: gold event}: as the scorer matches."""
    spans = [(s['start'], s['end']) for s in d['sentences']]
    inside = lambda at: next((i for i, (a, b) in enumerate(spans) if a <= at < b), -1)          # noqa: E731
    entities = {e['id']: e for e in d['entities']}
    mentions = lambda e: [tuple(x) for m in p.entities[e]['at'] for x in m]                     # noqa: E731
    ours = lambda i: [(m['start'], m['end']) for m in entities[i]['mentions']] if i in entities else []      # noqa: E731
    trigger = lambda s: (s['trigger']['start'], s['trigger']['end'])                            # noqa: E731
    pairs = sorted((not score.overlap(e['at'], [trigger(s)]), not score.Score.parties_agree(p, e, s, mentions, ours), abs(sum(e['at'][0]) - sum(trigger(s))), i, j)
                   for i, e in enumerate(p.events.values()) for j, s in enumerate(d['events'])
                   if e['type'] == s['type'] and (score.overlap(e['at'], [trigger(s)]) or inside(e['at'][0][0]) == inside(trigger(s)[0]) >= 0))
    out, used = {}, set()
    for *_, i, j in pairs:
        if i in used or d['events'][j]['id'] in out: continue
        used.add(i)
        out[d['events'][j]['id']] = list(p.events)[i]
    return out


def read(folder, pairs, seen=False):
    passages = {p.id: p for p in score.read(folder)}
    out = []
    for pair in pairs:
        pred, rows = pair.split(':')
        records = {d['document']['id']: d for d in map(json.loads, open(pred, encoding='utf-8'))}
        seen_here = {}
        for line in open(rows, encoding='utf-8'):
            if line.startswith('# '):
                p = passages.get(line[2:].rstrip('\n'))
                if p and p.id not in seen_here: seen_here[p.id] = Passage(p, records[p.id], rows)
            elif line.startswith('{"contest"') and p:
                seen_here[p.id].add(json.loads(line))
        out += seen_here.values()
    for p in out: p.seen = seen
    return out


class Table:
    def __init__(self, passages):
        count = {}
        for p in passages:
            for r in p.rows:
                for n in r['features']: count[n] = count.get(n, 0) + 1
        self.names = sorted(n for n, c in count.items() if c >= MIN_COUNT)
        self.at = {n: i for i, n in enumerate(self.names)}

    def matrix(self, rows):
        x = np.zeros((len(rows), len(self.names)))
        for i, r in enumerate(rows):
            for n, v in r['features'].items():
                if n in self.at: x[i, self.at[n]] = v
        return x


def label(p, row):
    return 1 + KINDS.index(p.p.disputes[row['could'][0]]['kind']) if row['could'] else 0


def fit(table, passages, pull, pull_seen):
    rows = [(p, r) for p in passages for r in p.rows]
    x, y = table.matrix([r for _, r in rows]), np.array([label(p, r) for p, r in rows])
    seen = np.array([p.seen for p, _ in rows])
    own = len(table.names)
    pull = np.full((own, 1), pull)
    if seen.any():
        x = np.hstack([x, x * seen[:, None]])
        pull = np.vstack([pull, np.full((own, 1), pull_seen)])
    hot = np.eye(1 + len(KINDS))[y]
    shape = (x.shape[1], len(KINDS))

    def loss(flat):
        w = flat.reshape(shape)
        z = np.hstack([np.zeros((len(x), 1)), x @ w])
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        p = e / e.sum(1, keepdims=True)
        return -np.log(p[np.arange(len(y)), y]).sum() + (pull / 2 * w * w).sum(), (x.T @ (p - hot)[:, 1:] + pull * w).ravel()
    return minimize(loss, np.zeros(shape).ravel(), jac=True, method='L-BFGS-B').x.reshape(shape)[:own]


def probabilities(table, w, rows):
    z = np.hstack([np.zeros((len(rows), 1)), table.matrix(rows) @ w])
    e = np.exp(z - z.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True))[:, 1:]


def choose(rows, p, enough, by_words=.22):
    """As in Weigher::trust_rules and ::choose."""
    out, pairs, p = [], set(), p.copy()
    for i, r in enumerate(rows):
        if r['rule'] not in ('agent', 'number'): continue
        k = KINDS.index(r['rule'])
        if r['rule'] == 'agent': p[i, k], p[i, 0] = p[i, k] + p[i, 0], 0
        if p[i, k] >= by_words: p[i, k] = max(p[i, k], enough)
    for i in sorted(range(len(rows)), key=lambda i: (-p[i].max(), i)):
        if p[i].max() < enough: break
        pair = tuple(sorted(rows[i]['sources']))
        if pair in pairs: continue
        pairs.add(pair)
        out.append((rows[i], KINDS[p[i].argmax()]))
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('pairs', nargs='+')
    a.add_argument('--write', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=6)
    a.add_argument('--seen', nargs='+')
    a.add_argument('--pull-seen', type=float, default=6)
    a = a.parse_args()
    passages = read(a.folder, a.pairs)
    more = read(a.seen[0], a.seen[1:], True) if a.seen else []
    rows = [(p, r) for p in passages for r in p.rows]
    print(f'{len(rows)} pairs of accounts, ' + ', '.join(f'{sum(label(p, r) == 1 + k for p, r in rows)} {n}' for k, n in enumerate(KINDS)))
    fold = lambda p: zlib.crc32(p.p.id.encode()) // 12 % a.folds                                # noqa: E731
    table, got = Table(passages + more), {}
    for k in range(a.folds):
        w = fit(table, [p for p in passages if fold(p) != k] + more, a.pull, a.pull_seen)
        for p in passages:
            if fold(p) == k and p.rows: got[id(p)] = probabilities(table, w, p.rows)
    loss = np.mean([-np.log(max(1e-9, got[id(p)][i][label(p, r) - 1] if label(p, r) else 1 - got[id(p)][i].sum())) for p in passages for i, r in enumerate(p.rows)])
    print(f'log loss {loss:.4f}')
    for path in sorted({p.path for p in passages}):
        mine = [p for p in passages if p.path == path]
        total = sum(len(p.p.disputes) for p in mine)
        reach = sum(len({k for r in p.rows for k in r['scored']}) for p in mine)
        print(f'{os.path.basename(path)}: {total} in the annotation, {reach} of them within reach')
        for enough in (.3, .35, .4, .45, .5, .55, .6, .7):
            said, hit, by = 0, 0, {k: [0, 0] for k in KINDS}
            for p in mine:
                if not p.rows: continue
                chosen, used = choose(p.rows, got[id(p)], enough), set()
                said += len(chosen)
                for _, kind in chosen: by[kind][1] += 1
                for k, g in enumerate(p.p.disputes):
                    j = next((j for j, (r, kind) in enumerate(chosen) if j not in used and kind == g['kind'] and k in r['scored']), None)
                    if j is not None:
                        used.add(j)
                        hit += 1
                        by[g['kind']][0] += 1
            print(f'  from {enough}: P {100 * hit / max(said, 1):.1f} R {100 * hit / total:.1f}  ' + ', '.join(f'{k} {x}/{y}' for k, (x, y) in by.items()))
    if not a.write: return
    w = fit(table, passages + more, a.pull, a.pull_seen)
    with open(WEIGHTS, 'w') as f:
        f.write('// Written by training/disputes.py; sorted by name. Kinds in the order of kKinds.\n')
        f.write(f'constexpr std::array<Weight, {len(table.names)}> kWeights{{{{\n')
        f.writelines(f'    {{"{n}", {{{", ".join(f"{v:.3f}f" for v in row)}}}}},\n' for n, row in zip(table.names, w))
        f.write('}};\n')


if __name__ == '__main__': main()
