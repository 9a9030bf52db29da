#!/usr/bin/env python3
"""Fits the small choices between rules and model (src/events/choice_weights.inc) on passages that the model's heads have not seen.

  choices.py FOLDER:ROWS… [--held FOLDER:ROWS…] [--write] [--around] [--pull keep=3,status=10] [--only keep,status]

ROWS: what `reportedly code … --candidates FILE` wrote for the texts of the passages in FOLDER; one file a model, all fitted together. --held: rows
that are scored and not fitted. Prints for both (the fitted ones in five-fold cross-validation, passages kept together) how well each choice is made.
keep: is an act one of the annotation (logistic regression)? status: multinomial logit over the seven statuses, drawn towards the rules' own answer. Acts are gold ones where triggers overlap and types agree. --pull: L2 penalty
in rows. --around: the penalty draws towards the weights that are written, not towards none: for a new model of which few unseen passages are
left. Needs numpy, SciPy and PyYAML.
"""
import argparse, json, os, re, sys, zlib
import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import passages as reader                                                                       # noqa: E402

STATUSES = 'happened ongoing planned possible denied refused hypothetical'.split()
PRIOR = 3.0          # weight of the rules' own status before anything is fitted
KINDS = 'keep status'.split()
MIN_COUNT = 8        # a feature that is rarer has no weight
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'events', 'choice_weights.inc')


def overlap(span, at):
    return any(span[0] < y and x < span[1] for x, y in at)


def rows(pairs):
    """Rows with gold: keep 0 or 1, status an index; acts that are none of gold's have no status."""
    out = {k: [] for k in KINDS}
    for pair in pairs:
        r, (folder, path) = reader.Reader(), pair.split(':')
        passages = {p.id: p for f in reader.files([folder]) for p in r.read(f)}
        p, group = None, []

        def close():
            if p is None: return
            events = list(p.events.values())
            kept = [d for d in group if d['choice'] == 'keep']
            taken = [any(d['type'] == e['type'] and overlap(d['trigger'], e['at']) for d in kept) for e in events]
            for d in group:
                d['id'], d['path'] = p.id, path
                same = [i for i, e in enumerate(events) if e['type'] == d['type']]
                own = next((events[i] for i in same if overlap(d['trigger'], events[i]['at'])), None)
                if d['choice'] == 'keep':
                    d['gold'] = int(own is not None or any(not taken[i] and overlap(d['sentence'], events[i]['at']) for i in same))
                elif own is None:
                    continue
                else:
                    d['gold'] = STATUSES.index(own['status'])
                out[d['choice']].append(d)
        for line in open(path, encoding='utf-8'):
            if line.startswith('# '):
                close()
                p, group = passages.get(line[2:].rstrip('\n')), []
                continue
            d = json.loads(line)
            if 'choice' in d: group.append(d)
        close()
    return out


def written(kind):
    """{feature: weights} as they stand in the program."""
    table = open(WEIGHTS, encoding='utf-8').read().split(f'k{kind.capitalize()}{{{{')[1].split('}};')[0]
    return {n: [float(x.rstrip('f')) for x in w.split(', ')] for n, w in re.findall(r'\{"(.*?)", \{(.*?)\}\}', table)}


class Table:
    """Features with their places, and where the penalty draws: a row of weights each."""
    def __init__(self, data, kind, around):
        count = {}
        for d in data:
            for n in d['features']: count[n] = count.get(n, 0) + 1
        before = written(kind) if around else {}
        self.names = sorted({n for n, c in count.items() if c >= MIN_COUNT} | before.keys())
        self.at = {n: i for i, n in enumerate(self.names)}
        self.prior = np.zeros((len(self.names), 1 if kind == 'keep' else len(STATUSES)))
        for n, w in before.items(): self.prior[self.at[n]] = w
        if kind == 'status' and not around:
            for k, status in enumerate(STATUSES):
                if 'rule:' + status in self.at: self.prior[self.at['rule:' + status], k] = PRIOR

    def matrix(self, features):
        x = np.zeros((len(features), len(self.names)))
        for i, f in enumerate(features):
            for n, v in f.items():
                if n in self.at: x[i, self.at[n]] = v
        return x


def fit_keep(table, data, pull):
    x, y = table.matrix([d['features'] for d in data]), np.array([d['gold'] for d in data])

    prior = table.prior[:, 0]

    def loss(w):
        z, d = x @ w, w - prior
        return np.logaddexp(0, z).sum() - z @ y + pull / 2 * d @ d, x.T @ (1 / (1 + np.exp(-z)) - y) + pull * d
    return minimize(loss, prior, jac=True, method='L-BFGS-B').x


def fit_status(table, data, pull):
    x, y = table.matrix([d['features'] for d in data]), np.array([d['gold'] for d in data])
    prior, hot = table.prior, np.eye(len(STATUSES))[y]

    def loss(flat):
        w = flat.reshape(prior.shape)
        z = x @ w
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        p = e / e.sum(1, keepdims=True)
        d = w - prior
        return -np.log(p[np.arange(len(y)), y]).sum() + pull / 2 * (d * d).sum(), (x.T @ (p - hot) + pull * d).ravel()
    return minimize(loss, prior.ravel(), jac=True, method='L-BFGS-B').x.reshape(prior.shape)


FIT = {'keep': fit_keep, 'status': fit_status}


def answer(kind, table, w, data):
    """keep: log-odds; status: index."""
    z = table.matrix([d['features'] for d in data]) @ w
    return list(z) if kind == 'keep' else list(z.argmax(1))


def report(kind, name, data, got):
    for path in sorted({d['path'] for d in data}):
        mine = [(d, g) for d, g in zip(data, got) if d['path'] == path]
        if kind == 'keep':
            z, y = np.array([g for _, g in mine]), np.array([d['gold'] for d, _ in mine])
            order = np.argsort(z)
            auc = (np.arange(len(z))[y[order] == 1].mean() - (y.sum() - 1) / 2) / max(1, (1 - y).sum())
            line = f'AUC {auc:.3f}, log loss {np.mean(np.logaddexp(0, np.where(y, -z, z))):.3f}'
        else:
            rules = [STATUSES.index(d['rule']) for d, _ in mine]
            y = [d['gold'] for d, _ in mine]
            def figures(p):                                                                     # noqa: E306
                f = [2 * sum(a == b == k for a, b in zip(p, y)) / max(1, p.count(k) + y.count(k)) for k in range(7) if k in y]
                other = [a == b for a, b in zip(p, y) if b]
                return f'{100 * np.mean([a == b for a, b in zip(p, y)]):.1f}, not happened {100 * np.mean(other):.1f}, macro {100 * np.mean(f):.1f}'
            line = f'{figures([g for _, g in mine])} (rules {figures(rules)})'
        print(f'{kind:7}{name:9}{os.path.basename(path)}: {line}')


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('rows', nargs='+')
    a.add_argument('--held', nargs='*', default=[])
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', default='keep=3,status=10')
    a.add_argument('--only', default=','.join(KINDS))
    a = a.parse_args()
    pull = {k: float(v) for k, v in (x.split('=') for x in a.pull.split(','))}
    data, held = rows(a.rows), rows(a.held)
    weights = {}
    for kind in a.only.split(','):
        table, mine = Table(data[kind], kind, a.around), data[kind]
        fold = [zlib.crc32(d['id'].encode()) // 12 % a.folds for d in mine]
        got = [None] * len(mine)
        for k in range(a.folds):
            w = FIT[kind](table, [d for d, f in zip(mine, fold) if f != k], pull[kind])
            inside = [i for i, f in enumerate(fold) if f == k]
            for i, g in zip(inside, answer(kind, table, w, [mine[i] for i in inside])): got[i] = g
        report(kind, 'crossed', mine, got)
        if a.around: report(kind, 'before', mine, answer(kind, table, table.prior if kind == 'status' else table.prior[:, 0], mine))
        w = FIT[kind](table, mine, pull[kind])
        if held[kind]: report(kind, 'held', held[kind], answer(kind, table, w, held[kind]))
        weights[kind] = table, w.reshape(len(table.names), -1)
    if not a.write: return
    written = open(WEIGHTS).read()
    block = lambda kind: re.search(rf'^constexpr [^\n]* k{kind.capitalize()}\{{\{{\n.*?^\}}\}};\n', written, re.M | re.S)[0]     # noqa: E731
    with open(WEIGHTS, 'w') as f:
        f.write('// Written by training/choices.py; sorted by name. Statuses in the order of kStatuses.\n')
        for kind in KINDS:
            if kind not in weights:
                f.write(block(kind))
                continue
            table, w = weights[kind]
            f.write(f'constexpr std::array<Weight<{w.shape[1]}>, {len(w)}> k{kind.capitalize()}{{{{\n')
            f.writelines(f'    {{"{n}", {{{", ".join(f"{v:.3f}f" for v in row)}}}}},\n' for n, row in zip(table.names, w))
            f.write('}};\n')


if __name__ == '__main__': main()
