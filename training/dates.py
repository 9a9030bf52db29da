#!/usr/bin/env python3
"""Fits the choice of an act's date (src/events/date_weights.inc) on passages that the model's heads have not seen.

  dates.py FOLDER:ROWS… [--held FOLDER:ROWS…] [--write] [--around] [--folds 5] [--pull 5]

ROWS: what `reportedly code … --candidates FILE` wrote for the texts of the passages in FOLDER; one file a model, all fitted together. --held: rows
that are scored and not fitted. A choice is among the dates that are told around the act, the day of publication and none; several candidates with
one date are one answer, and the odds are those of a conditional logit. Acts are gold ones where triggers overlap and types agree; an act whose
date is no candidate's is not fitted, and counts as wrong. Prints for both sets (the fitted ones in cross-validation, passages kept together) the shares of gold
dates that are found and of found ones that are gold's, for several advantages given to `none`. --pull: L2 penalty in rows; with --around it draws
towards the weights that are written, for a new model of which few unseen passages are left. Needs numpy, SciPy and PyYAML.
"""
import argparse, datetime, json, os, re, sys, zlib
import numpy as np
import scipy.sparse
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import passages as reader                                                                       # noqa: E402

WEIGHTS = os.path.join(HERE, '..', 'src', 'events', 'date_weights.inc')
MIN_COUNT = 12       # a feature that is rarer has no weight
ADVANTAGES = (-1, -.75, -.5, -.25, 0, .25, .5)


def as_date(value):
    """Weeks are months in an event's date."""
    week = re.fullmatch(r'(\d{4})-W(\d\d).*', value or '')
    return datetime.date.fromisocalendar(int(week[1]), int(week[2]), 4).isoformat()[:7] if week else value or ''


def read(pairs):
    """Acts: path, passage, gold's date, rules' date, [(date, features)]."""
    out = []
    for pair in pairs:
        r, (folder, path) = reader.Reader(), pair.split(':')
        passages = {p.id: p for f in reader.files([folder]) for p in r.read(f)}
        p, seen = None, set()
        for line in open(path, encoding='utf-8'):
            if line.startswith('# '):
                p, seen = passages.get(line[2:].rstrip('\n')), set()
                continue
            if p is None or not line.startswith('{"dates"'): continue
            d = json.loads(line)
            a, b = d['trigger']
            key = next((k for k, e in p.events.items() if e['type'] == d['type'] and any(x < b and a < y for x, y in e['at'])), None)
            if key is None or key in seen: continue
            seen.add(key)
            out.append({'id': p.id, 'path': path, 'type': d['type'], 'trigger': d['trigger'], 'gold': as_date(p.events[key]['date']), 'rules': d['rules'],
                        'candidates': [(c['date'], c['features']) for c in d['dates']]})
    return out


class Table:
    def __init__(self, acts, before):
        count = {}
        for a in acts:
            for n in {n for _, f in a['candidates'] for n in f}: count[n] = count.get(n, 0) + 1
        self.names = sorted({n for n, c in count.items() if c >= MIN_COUNT} | before.keys())
        self.at = {n: i for i, n in enumerate(self.names)}
        self.prior = np.array([before.get(n, 0.) for n in self.names])

    def rows(self, acts):
        """Matrix of all candidates; the act of each; whether its date is gold's."""
        i, j, v, act, right = [], [], [], [], []
        for k, a in enumerate(acts):
            for date, features in a['candidates']:
                for n, x in features.items():
                    if n in self.at: i.append(len(act)), j.append(self.at[n]), v.append(x)
                act.append(k)
                right.append(date == a['gold'])
        return scipy.sparse.csr_matrix((v, (i, j)), shape=(len(act), len(self.names))), np.array(act), np.array(right)


def fit(table, acts, pull):
    acts = [a for a in acts if any(d == a['gold'] for d, _ in a['candidates'])]
    x, act, right = table.rows(acts)

    def loss(w):
        z = x @ w
        top = np.full(len(acts), -np.inf)
        np.maximum.at(top, act, z)
        e = np.exp(z - top[act])
        total, good = np.bincount(act, e), np.maximum(np.bincount(act, e * right), 1e-30)
        d = w - table.prior
        return np.log(total / good).sum() + pull / 2 * d @ d, x.T @ (e / total[act] - e * right / good[act]) + pull * d
    return minimize(loss, table.prior, jac=True, method='L-BFGS-B', options={'maxiter': 400}).x


def odds(table, w, acts):
    """Of each act {date: log of its share}."""
    x, act, _ = table.rows(acts)
    z, out, at = x @ w, [], 0
    for a in acts:
        mine = {}
        for date, _ in a['candidates']:
            mine[date] = np.logaddexp(mine.get(date, -np.inf), z[at])
            at += 1
        out.append(mine)
    return out


def report(name, acts, got):
    for path in sorted({a['path'] for a in acts}):
        mine = [(a, g) for a, g in zip(acts, got) if a['path'] == path]
        def figures(answers):                                                                       # noqa: E306
            right = sum(x == a['gold'] != '' for (a, _), x in zip(mine, answers))
            return f'{100 * right / max(1, sum(a["gold"] != "" for a, _ in mine)):.1f}/{100 * right / max(1, sum(x != "" for x in answers)):.1f}'
        there = sum(a['gold'] in [d for d, _ in a['candidates']] for a, _ in mine) / len(mine)
        print(f'{name} {os.path.basename(path)}: {len(mine)} acts, {100 * there:.1f} with the answer among the candidates; found/right, rules {figures([a["rules"] for a, _ in mine])}; ' +
              '; '.join(f'{b:+.2f} {figures([max(g, key=lambda d: g[d] + b * (d == "")) for _, g in mine])}' for b in ADVANTAGES))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('rows', nargs='+')
    a.add_argument('--held', nargs='*', default=[])
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=5)
    a.add_argument('--without', default='', help='leaves out features whose names match')
    a = a.parse_args()
    acts, held = read(a.rows), read(a.held)
    if a.without:
        for x in acts + held:
            x['candidates'] = [(d, {n: v for n, v in f.items() if not re.search(a.without, n)}) for d, f in x['candidates']]
    before = {n: float(x) for n, x in re.findall(r'\{"(.*?)", (.*?)f\}', open(WEIGHTS, encoding='utf-8').read())} if a.around else {}
    table = Table(acts, before)
    fold = np.array([zlib.crc32(x['id'].encode()) // 12 % max(a.folds, 1) for x in acts])
    got = [None] * len(acts)
    for k in range(a.folds):
        w = fit(table, [x for x, f in zip(acts, fold) if f != k], a.pull)
        inside = np.flatnonzero(fold == k)
        for i, g in zip(inside, odds(table, w, [acts[i] for i in inside])): got[i] = g
    if a.folds: report('crossed', acts, got)
    w = fit(table, acts, a.pull)
    if held: report('held', held, odds(table, w, held))
    if not a.write: return
    with open(WEIGHTS, 'w', encoding='utf-8') as f:
        f.write('// Written by training/dates.py; sorted by name.\n')
        kept = [(n, v) for n, v in zip(table.names, w) if abs(v) >= .0005]
        f.write(f'constexpr std::array<Weight, {len(kept)}> kDateWeights{{{{\n')
        f.writelines(f'    {{"{n}", {v:.3f}f}},\n' for n, v in kept)
        f.write('}};\n')


if __name__ == '__main__': main()
