#!/usr/bin/env python3
"""Fits the weights by which parties get a country that their own words do not tell (src/events/home_weights.inc) on passages that the model's heads have not seen.

  homes.py FOLDER ROWS… [--write] [--around] [--folds 5] [--pull 8]

FOLDER: passages younger than the models. ROWS: what `reportedly code … --candidates FILE` wrote for their texts, one file a model; all of them are fitted
together. A conditional logit over the countries told around somebody and none, which scores 0. Somebody is the gold entity whose mention overlaps the
party's phrase, else any of its mentions; if its country is not among those told, none is right. Prints how often the answer is right in
cross-validation, passages kept together, beside the likeliest by the model's own logit, then fits on everything. --pull: the L2 penalty in rows; with --around it draws
towards the weights that are written. Needs numpy, SciPy and PyYAML.
"""
import argparse, json, os, re, sys, zlib
import numpy as np
import scipy.sparse
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import passages as reader                                                                       # noqa: E402

WEIGHTS = os.path.join(HERE, '..', 'src', 'events', 'home_weights.inc')
RARE = 8            # a feature that fewer countries have has no weight
SLOPE, ODDS = 6.9, 1.1      # the model's logit alone: what is likelier than one in four


def overlap(span, at): return any(span[0] < y and x < span[1] for x, y in at)


def read(folder, paths):
    """(passage, file, {country: features}, gold country or None) of everybody asked."""
    passages = {p.id: p for f in reader.files([folder]) for p in reader.Reader().read(f)}
    out = []
    for path in paths:
        p = None
        for line in open(path, encoding='utf-8'):
            if line.startswith('# '):
                p = passages.get(line[2:].rstrip('\n'))
                continue
            if p is None or not line.startswith('{"home"'): continue
            d = json.loads(line)
            spans = [(e, [tuple(s) for m in e['at'] for s in m]) for e in p.entities.values()]
            exact = [e for e, at in spans if tuple(d['at']) in at] or [e for e, at in spans if overlap(d['at'], at)]
            own = exact or [e for e, at in spans if any(overlap(m, at) for m in d['home'])]
            if own: out.append((p.id, path, d['countries'], own[0]['country']))
    return out


class Batch:
    """All countries of all those asked, one row each; `start`: where somebody's begin."""
    def __init__(self, rows, at):
        self.rows, self.start = rows, np.cumsum([0] + [len(c) for _, _, c, _ in rows])
        self.names = [list(c) for _, _, c, _ in rows]
        entries = [(self.start[i] + k, at[n], v) for i, (_, _, c, _) in enumerate(rows) for k, f in enumerate(c.values()) for n, v in f.items() if n in at]
        i, j, v = (np.array(x) for x in zip(*entries))
        self.x = scipy.sparse.csr_matrix((v, (i, j)), shape=(self.start[-1], len(at)))
        self.whose = np.repeat(np.arange(len(rows)), np.diff(self.start))
        self.gold = np.array([self.start[i] + n.index(g) if g in n else -1 for i, (n, (_, _, _, g)) in enumerate(zip(self.names, rows))])

    def loss(self, w):
        z = self.x @ w
        top = np.maximum(np.maximum.reduceat(z, self.start[:-1]), 0)
        e = np.exp(z - top[self.whose])
        total = np.add.reduceat(e, self.start[:-1]) + np.exp(-top)
        p = e / total[self.whose]
        hit = self.gold >= 0
        p[self.gold[hit]] -= 1
        return float((np.log(total) + top).sum() - z[self.gold[hit]].sum()), self.x.T @ p

    def answers(self, w):
        z = self.x @ w
        out = []
        for i, names in enumerate(self.names):
            mine = z[self.start[i]:self.start[i + 1]]
            k = mine.argmax()
            out.append(names[k] if mine[k] > 0 else None)
        return out


def fit(batch, prior, pull):
    def loss(w):
        value, slope = batch.loss(w)
        d = w - prior
        return value + pull / 2 * d @ d, slope + pull * d
    return minimize(loss, prior, jac=True, method='L-BFGS-B', options={'maxiter': 300}).x


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('rows', nargs='+')
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=8)
    a = a.parse_args()
    rows = read(a.folder, a.rows)
    count = {}
    for _, _, countries, _ in rows:
        for f in countries.values():
            for n in f: count[n] = count.get(n, 0) + 1
    written = dict(re.findall(r'\{"(.*?)", \{(.*?)f\}\}', open(WEIGHTS, encoding='utf-8').read())) if a.around else {'any': ODDS, 'logit': SLOPE}
    names = sorted({n for n, c in count.items() if c >= RARE} | written.keys())
    at = {n: i for i, n in enumerate(names)}
    prior = np.array([float(written.get(n, 0)) for n in names])
    fold = [zlib.crc32(i.encode()) // 12 % max(a.folds, 1) for i, _, _, _ in rows]
    got, alone = [None] * len(rows), np.zeros(len(names))
    alone[at['any']], alone[at['logit']] = ODDS, SLOPE
    for k in range(a.folds):
        mine = [i for i, f in enumerate(fold) if f == k]
        w = fit(Batch([r for r, f in zip(rows, fold) if f != k], at), prior, a.pull)
        part = Batch([rows[i] for i in mine], at)
        for i, x, y in zip(mine, part.answers(w), part.answers(alone)): got[i] = (x, y)
    print(f'{len(rows)} asked, {len(names)} weights')
    for path in a.rows if a.folds else ():
        mine = [(g, r[3], r[2]) for g, r in zip(got, rows) if r[1] == path]
        for which, name in enumerate(('choice', 'the logit alone')):
            right = sum(g[which] == gold for g, gold, _ in mine)
            wrong = sum(g[which] is not None and gold is not None and g[which] != gold for g, gold, _ in mine)
            missed = sum(g[which] is None and gold is not None for g, gold, _ in mine)
            print(f'{path}: {name}: {right} of {len(mine)} right, {wrong} another country, {missed} none in place of one (there for {sum(x in c for _, x, c in mine)})')
    if not a.write: return
    w = fit(Batch(rows, at), prior, a.pull)
    with open(WEIGHTS, 'w', encoding='utf-8') as f:
        f.write('// Written by training/homes.py; sorted by name.\n')
        f.write(f'constexpr std::array<Weight<1>, {len(names)}> kHome{{{{\n')
        for n, x in zip(names, w): f.write(f'    {{"{n}", {{{x:.3f}f}}}},\n')
        f.write('}};\n')


if __name__ == '__main__': main()
