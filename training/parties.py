#!/usr/bin/env python3
"""Fits the weights by which an act's parties are chosen (src/events/party_weights.inc, party_set_weights.inc) on passages that the model's heads have not seen.

  parties.py FOLDER ROWS… [--write] [--around] [--folds 5] [--pull 0.003]

FOLDER: held-out passages (training/data.py: held_out). ROWS: what `reportedly code … --candidates FILE` wrote for their texts, one file a model; all of
them are fitted together. Prints how often both sides are right in cross-validation, passages kept together, then fits on everything.
A choice gives each of up to six entities around a trigger to the actors, the recipients or nobody. Its weight is a sum over those in it (features of the
mention), over how many are on each side (shapes, by type) and over pairs (ties); the choices are compared by a conditional logit. Right is every choice with
which tools/score/passages.py would agree, whose mentions are those of gold if there is one. Only triggers that overlap a gold trigger of the same
type are used. --pull: the L2 penalty; with --around it draws towards the weights that are written, for a new model of which few unseen passages are left. Needs numpy, SciPy and PyYAML.
"""
import argparse, collections, itertools, json, os, sys, zlib
import numpy as np
import scipy.sparse
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import passages as reader                                                                       # noqa: E402

EVENTS = os.path.join(HERE, '..', 'src', 'events')
SIDE = 3                                # as in parties.cpp: kSide
SHAPES = ('no_actor', 'two_actors', 'many_actors', 'no_recipient', 'two_recipients', 'many_recipients', 'nobody', 'mutual', 'several_on_one', 'one_alone',
          'one_on_several')
TIES = ('both_actors', 'both_recipients', 'against', 'against_back', 'split')
RARE, STEPS = 4, 80                     # a name that fewer acts have has no weight; steps of the optimiser


def overlap(a, b): return any(x < v and u < y for x, y in a for u, v in b)


class Choices:
    """All choices among n entities: who is actor, who recipient; and a matrix from the weights of members, shapes and ties to the choices' scores."""
    known = {}

    def __init__(self, n):
        roles = np.array([c for c in itertools.product((0, 1, 2), repeat=n) if c.count(1) <= SIDE and c.count(2) <= SIDE], np.int8).reshape(-1, n)
        self.actor, self.recipient = (roles == 1).astype(np.float32), (roles == 2).astype(np.float32)
        a, r, out = self.actor, self.recipient, (roles == 0).astype(np.float32)
        x, y = a.sum(1), r.sum(1)
        members = np.stack([a, r], 2).reshape(len(roles), 2 * n)
        shapes = np.array([x == 0, x == 2, x > 2, y == 0, y == 2, y > 2, x + y == 0, (x > 1) & (y == 0), (x > 1) & (y > 0), (x == 1) & (y == 0),
                           (x == 1) & (y > 1)], np.float32).T
        ties = [(left[:, :, None] * right[:, None, :]).reshape(len(roles), n * n) for left, right in zip((a, r, a, r, a + r), (a, r, r, a, out))]
        self.matrix = np.ascontiguousarray(np.concatenate([members, shapes, *ties], 1).T)

    @classmethod
    def of(cls, n):
        if n not in cls.known: cls.known[n] = cls(n)
        return cls.known[n]


class Act:
    def __init__(self, row, passage, event, path, number):
        who = row['somebody']
        n = self.n = len(who)
        self.path, self.id, self.type = path, passage.id, row['type']
        choices = Choices.of(n)
        a, r = choices.actor, choices.recipient
        self.entries = []                                       # (row of the matrix, weight, value)
        for i, s in enumerate(who):
            for side, key in enumerate(('actor', 'recipient')):
                self.entries += [(2 * i + side, number[key, f], v) for f, v in s[key].items()]
        for c in row['contexts']:
            self.entries += [(2 * n + k, number['shape', c, s], 1) for k, s in enumerate(SHAPES)]
        for i, j, name in row['related']:
            self.entries += [(2 * n + len(SHAPES) + k * n * n + i * n + j, number['tie', name, t], 1) for k, t in enumerate(TIES)]

        # which choices are right
        gold = [[(passage.entities[k]['country'], [tuple(s) for m in passage.entities[k]['at'] for s in m]) for k in event[side]] for side in ('actors', 'recipients')]
        if event['type'] == 'COOPERATE' and set(event['actors']) == set(event['recipients']): gold[1] = []      # said once: all are actors
        touches = lambda s, g: overlap([tuple(x) for x in s['at']], g[1])                                        # noqa: E731
        fits = lambda s, g: s['country'] == g[0] if g[0] and s['country'] else touches(s, g)                     # noqa: E731
        right, exact = np.ones(len(a), bool), np.ones(len(a), bool)
        for side, members in zip(gold, (a, r)):
            which = np.array([[fits(s, g) for s in who] for g in side], bool).reshape(len(side), n)
            for fitting in which: right &= members[:, fitting].sum(1) > 0
            right &= members[:, ~which.any(0)].sum(1) == 0
            theirs = np.array([any(touches(s, g) for g in side) for s in who], bool)
            exact &= members[:, ~theirs].sum(1) == 0
        self.right = right
        self.wanted = right & exact if (right & exact).any() else right
        # choices that a reader of countries cannot tell apart
        countries = [s['country'] or str(i) for i, s in enumerate(who)]
        one = np.array([[x == y for y in sorted(set(countries))] for x in countries], np.float32)
        bits = 1 << np.arange(one.shape[1])
        self.seen = np.unique((a @ one > 0) @ bits * 64 + (r @ one > 0) @ bits, return_inverse=True)[1]

    def right_with(self, z):
        """Is the choice right that has the likeliest sides by country?"""
        p = np.exp(z - z.max())
        mass = np.bincount(self.seen, weights=p)
        return bool(self.right[np.where(self.seen == mass.argmax(), p, -1).argmax()])


class Batch:
    """Acts with as many entities around them."""
    def __init__(self, acts, number, count):
        self.acts, self.matrix = acts, Choices.of(acts[0].n).matrix
        rows = len(self.matrix)
        at = [(k * rows + i, number[n], v) for k, a in enumerate(acts) for i, n, v in a.entries if number[n] >= 0]
        i, j, v = (np.array(x) for x in zip(*at))
        self.x = scipy.sparse.csr_matrix((v.astype(np.float32), (i, j)), shape=(len(acts) * rows, count))
        self.wanted = np.array([a.wanted for a in acts])

    def scores(self, w): return (self.x @ w).astype(np.float32).reshape(len(self.acts), -1) @ self.matrix

    def loss(self, w):
        z = self.scores(w)
        e = np.exp(z - z.max(1, keepdims=True))
        q = e * self.wanted
        total, right = e.sum(1, keepdims=True), np.maximum(q.sum(1, keepdims=True), 1e-30)
        return float((np.log(total) - np.log(right)).sum()), self.x.T @ ((e / total - q / right) @ self.matrix.T).ravel()


def batches(acts, number, count):
    by = collections.defaultdict(list)
    for a in acts: by[a.n].append(a)
    return [Batch(x, number, count) for x in by.values()]


def read(folder, paths):
    r = reader.Reader()
    passages = {p.id: p for f in reader.files([folder]) for p in r.read(f)}
    number = collections.defaultdict(lambda: len(number))
    acts = []
    for path in paths:
        p = None
        for line in open(path, encoding='utf-8'):
            if line.startswith('# '):
                p = passages.get(line[2:].rstrip('\n'))
                continue
            d = json.loads(line)
            if p is None or not d.get('somebody'): continue
            a, b = d['trigger']
            event = next((e for e in p.events.values() if e['type'] == d['type'] and any(x < b and a < y for x, y in e['at'])), None)
            if event: acts.append(Act(d, p, event, path, number))
    return acts, list(number)


def written():
    """{(actor|recipient, feature) or (shape|tie, name, part): weight} of the two files."""
    out = {}
    for line in open(os.path.join(EVENTS, 'party_weights.inc')):
        if line.startswith('X('):
            name, *values = line[2:line.rindex(')')].split(',')
            out.update({(key, name): float(v.strip(' f')) for key, v in zip(('actor', 'recipient'), values)})
    for line in open(os.path.join(EVENTS, 'party_set_weights.inc')):
        if not line.startswith('    {'): continue
        name, values = line.split('"')[1], [float(v.strip(' f')) for v in line[line.rindex('{') + 1:line.index('}')].split(',')]
        kind, parts = ('shape', SHAPES) if len(values) == len(SHAPES) else ('tie', TIES)
        out.update({(kind, name, part): v for part, v in zip(parts, values)})
    return out


def fit(acts, number, prior, pull):
    parts = batches([a for a in acts if a.right.any()], number, len(prior))
    n = sum(len(b.acts) for b in parts)

    def loss(w):
        off = w - prior
        total, grad = .5 * pull * n * (off @ off), pull * n * off
        for b in parts:
            t, g = b.loss(w)
            total, grad = total + t, grad + g
        return total, grad.astype(float)
    return minimize(loss, prior, jac=True, method='L-BFGS-B', options={'maxiter': STEPS}).x


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('rows', nargs='+')
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=0.003)
    a = a.parse_args()
    acts, keys = read(a.folder, a.rows)
    seen = np.zeros(len(keys))
    for x in acts: seen[np.unique([n for _, n, _ in x.entries])] += 1
    number = np.where(seen >= RARE, np.cumsum(seen >= RARE) - 1, -1)
    keys = [k for k, n in zip(keys, number) if n >= 0]
    print(f'{len(acts)} acts, {len(keys)} weights; a right choice is there for {sum(x.right.any() for x in acts)}', flush=True)
    before = written() if a.around else {}
    prior = np.array([before.get(k, 0.0) for k in keys])
    # held-out passages are those whose number 12 divides
    fold = [zlib.crc32(x.id.encode()) // 12 % max(a.folds, 1) for x in acts]
    right = collections.Counter()
    for k in range(a.folds):
        w = fit([x for x, f in zip(acts, fold) if f != k], number, prior, a.pull)
        for b in batches([x for x, f in zip(acts, fold) if f == k], number, len(keys)):
            for x, z in zip(b.acts, b.scores(w)):
                for key in (x.path, x.type): right[key] += x.right_with(z)
    if a.folds:
        for path in a.rows: print(f'{path}: {right[path]} of {sum(x.path == path for x in acts)} with both sides right')
        print('; '.join(f'{t} {right[t]} of {sum(x.type == t for x in acts)}' for t in sorted({x.type for x in acts})))
    if not a.write: return
    w = dict(zip(keys, fit(acts, number, prior, a.pull)))
    path = os.path.join(EVENTS, 'party_weights.inc')
    lines = open(path).read().split('\n')
    with open(path, 'w') as f:
        for line in lines:
            if line.startswith('X('):
                name = line[2:line.index(',')]
                line = f'X({name}, {w.get(("actor", name), 0):.3f}f, {w.get(("recipient", name), 0):.3f}f)'
            f.write(line + '\n' * (line != ''))
    with open(os.path.join(EVENTS, 'party_set_weights.inc'), 'w') as f:
        f.write('// Written by training/parties.py; sorted by name. Shapes and ties in the order of the enumerations in parties.cpp.\n')
        for table, kind, parts in (('kShapeWeights', 'shape', SHAPES), ('kTieWeights', 'tie', TIES)):
            names = sorted({k[1] for k in w if k[0] == kind})
            f.write(f'constexpr std::array<Weights<{len(parts)}>, {len(names)}> {table}{{{{\n')
            for n in names: f.write(f'    {{"{n}", {{' + ', '.join(f'{w.get((kind, n, p), 0):.3f}f' for p in parts) + '}},\n')
            f.write('}};\n')


if __name__ == '__main__': main()
