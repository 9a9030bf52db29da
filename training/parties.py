#!/usr/bin/env python3
"""Fits the weights by which an act's parties are chosen (src/events/party_weights.inc) on passages that the model's heads have not seen.

  parties.py FOLDER ROWS… [--write src/events/party_weights.inc] [--around] [--folds 5] [--pull 0.03]

FOLDER: held-out passages (training/data.py: held_out). ROWS: what `reportedly code … --candidates FILE` wrote for their texts, one file a model; all of
them are fitted together. Prints how often both sides are right in cross-validation, passages kept together, then fits on everything.
Each side is a conditional logit over the mentions around a trigger and nobody; a recipient's choice knows the actor. Only triggers that overlap a
gold trigger of the same type are used. --pull: the L2 penalty; with --around it draws
towards the weights that are written, for a new model of which few unseen passages are left. Needs numpy and PyYAML.
"""
import argparse, collections, json, os, sys, zlib
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import passages as reader                                                                       # noqa: E402

SIDES = ('actors', 'recipients')
# as kin_of has it in parties.cpp
KIN = {'CONSULT': 'meeting', 'COOPERATE': 'meeting', 'AID': 'material', 'SANCTION': 'material', 'COERCE': 'material', 'RETREAT': 'retreat', 'PROTEST': 'protest',
       'MOBILIZE': 'mobilize', 'ASSAULT': 'assault'}
STEPS, RATE = 200, 0.04


def samples(folder, paths):
    r = reader.Reader()
    passages = {p.id: p for f in reader.files([folder]) for p in r.read(f)}
    out = []
    for path in paths:
        p = None
        for line in open(path, encoding='utf-8'):
            if line.startswith('# '):
                p = passages.get(line[2:].rstrip('\n'))
                continue
            d = json.loads(line)
            if p is None or not d.get('candidates'): continue
            a, b = d['trigger']
            for e in p.events.values():
                if e['type'] != d['type'] or not any(x < b and a < y for x, y in e['at']): continue
                spans = [{k: [s for at in p.entities[k]['at'] for s in at] for k in e[side]} for side in SIDES]
                fits = [{k for k, at in s.items() for c in d['candidates'] if any(x < c['at'][1] and c['at'][0] < y for x, y in at)} for s in spans]
                label = [{c['entity']: {k for k, at in s.items() for m in d['candidates'] if m['entity'] == c['entity']
                                        and any(x < m['at'][1] and m['at'][0] < y for x, y in at)} for c in d['candidates']} for s in spans]
                country = {k: p.entities[k]['country'] for side in SIDES for k in e[side]}
                out.append({**d, 'id': p.id, 'gold': [set(e[s]) for s in SIDES], 'label': label, 'found': fits, 'countries': country, 'path': path})
                break
    return out


class Fit:
    def __init__(self, data, names, pull, prior):
        self.data, self.pull, self.names, self.prior = data, pull, names, prior     # prior [2, features]: where the penalty draws
        self.at = {n: i for i, n in enumerate(names)}
        most = max(len(d['candidates']) for d in data) + 1
        self.x = np.zeros((len(data), most, len(names)), np.float32)
        self.mask = np.zeros((len(data), most), bool)
        for n, d in enumerate(data):
            for k, c in enumerate(d['candidates']):
                self.mask[n, k] = True
                for f, v in c['features'].items(): self.x[n, k, self.at[f]] = v
            self.mask[n, -1] = True
            for f, v in d['nobody'].items(): self.x[n, -1, self.at[f]] = v

    def knowing(self, n, actors):
        """Candidates for the recipient where the actors are known."""
        d, x = self.data[n], self.x[n].copy()
        theirs = {c['country'] for c in d['candidates'] if c['entity'] in actors} - {''}
        for k, c in enumerate(d['candidates']):
            if c['country'] in theirs:
                x[k, self.at['same_country']] = 1
                x[k, self.at['same_country_' + KIN.get(d['type'], 'verbal')]] = 1
                if 'kind_state' in c['features']: x[k, self.at['own_state']] = 1
        return x

    def train(self, chosen):
        out = []
        for side in (0, 1):
            use, x, mask, right = [], [], [], []
            for n in chosen:
                d = self.data[n]
                q = np.zeros(self.mask.shape[1], bool)
                for k, c in enumerate(d['candidates']): q[k] = bool(d['label'][side][c['entity']])
                if not d['gold'][side]: q[-1] = True
                if not q.any(): continue
                m = self.mask[n].copy()
                if side:
                    actors = {c for c, y in d['label'][0].items() if y}
                    for k, c in enumerate(d['candidates']): m[k] &= c['entity'] not in actors or q[k]
                x.append(self.knowing(n, actors) if side else self.x[n])
                mask.append(m)
                right.append(q)
            out.append(self.descend(np.array(x), np.array(mask), np.array(right), self.prior[side]))
        return out

    def descend(self, x, mask, right, prior):
        w, m, v = prior.copy(), np.zeros(x.shape[2]), np.zeros(x.shape[2])
        flat = x.reshape(-1, x.shape[2])
        for t in range(1, STEPS + 1):
            z = np.where(mask, (flat @ w).reshape(mask.shape), -1e9)
            e = np.exp(z - z.max(1, keepdims=True))
            g = np.where(right, e, 0)
            p = e / e.sum(1, keepdims=True) - g / np.maximum(g.sum(1, keepdims=True), 1e-30)
            grad = flat.T @ p.reshape(-1) / len(x) + self.pull * (w - prior)
            m, v = .9 * m + .1 * grad, .999 * v + .001 * grad * grad
            w = w - RATE * (m / (1 - .9 ** t)) / (np.sqrt(v / (1 - .999 ** t)) + 1e-8)
        return w

    def choose(self, n, w):
        """The first of each side, as choose_parties has it; those joined to them are left out."""
        d = self.data[n]

        def best(z):
            out = {}
            for k, c in enumerate(d['candidates']): out[c['entity']] = max(out.get(c['entity'], -1e9), z[k])
            return out
        total = lambda scores, none: np.logaddexp.reduce([*scores.values(), none])                         # noqa: E731
        z = self.x[n] @ w[0]
        actors, none = best(z), z[-1]
        options = []
        for a in [None, *sorted(actors, key=actors.get)[-3:]]:
            z = self.knowing(n, {a}) @ w[1]
            recipients = {k: s for k, s in best(z).items() if k != a}
            r = max(recipients, key=recipients.get, default=None)
            if r is not None and recipients[r] <= z[-1]: r = None
            options.append(((none if a is None else actors[a]) - total(actors, none) + (z[-1] if r is None else recipients[r]) - total(recipients, z[-1]), a, r))
        return max(options, key=lambda o: o[0])[1:]

    def right(self, n, choice):
        """Is each side's first one of gold, or is nobody there?"""
        d = self.data[n]
        return all(not d['gold'][s] if choice[s] is None else bool(d['label'][s][choice[s]]) for s in (0, 1))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('rows', nargs='+')
    a.add_argument('--weights', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'events', 'party_weights.inc'))
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=0.03)
    a = a.parse_args()
    head = [line for line in open(a.weights) if not line.startswith('X(')]
    names = [line[2:line.index(',')] for line in open(a.weights) if line.startswith('X(')]
    before = [[float(v.strip(' f')) for v in line[2:line.rindex(')')].split(',')[1:]] for line in open(a.weights) if line.startswith('X(')]
    fit = Fit(samples(a.folder, a.rows), names, a.pull, np.array(before).T * a.around)
    # held-out passages are those whose number 12 divides
    fold = [zlib.crc32(d['id'].encode()) // 12 % a.folds for d in fit.data]
    right = collections.Counter()
    for k in range(a.folds):
        w = fit.train([n for n in range(len(fold)) if fold[n] != k])
        for n in range(len(fold)):
            if fold[n] == k: right[fit.data[n]['path']] += fit.right(n, fit.choose(n, w))
    for path in a.rows: print(f'{path}: {right[path]} of {sum(d["path"] == path for d in fit.data)} with the first of both sides right')
    if not a.write: return
    w = fit.train(range(len(fold)))
    with open(a.weights, 'w') as f:
        f.writelines(head)
        for n, x, y in zip(names, *w): f.write(f'X({n}, {x:.3f}f, {y:.3f}f)\n')


if __name__ == '__main__': main()
