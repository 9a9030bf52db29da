#!/usr/bin/env python3
"""Fits the weights by which voices elsewhere are taken to hold or deny an act (src/events/answer_weights.inc) on passages that the model's heads have not seen.

  answers.py FOLDER PRED.jsonl:ROWS… [--write] [--around] [--folds 5] [--pull 0.02]

FOLDER: passages younger than the models. PRED.jsonl and ROWS: what `reportedly code … --format jsonl --candidates ROWS` wrote for their texts, a pair for
each model; all of them are fitted together. A multinomial logit (neither, holds, denies) over pairs of a matched act and a matched attribution (matched as
in tools/score/passages.py); right is what the act's `says` has. Prints precision and recall in cross-validation at several thresholds, passages kept
together, then fits on everything. --pull: the L2 penalty; with --around it draws towards the weights that are written, for a new
model of which few unseen passages are left. Needs numpy and PyYAML.
"""
import argparse, importlib.util, json, os, zlib
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
_spec = importlib.util.spec_from_file_location('passage_score', os.path.join(HERE, '..', 'tools', 'score', 'passages.py'))
score = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(score)
WEIGHTS = os.path.join(HERE, '..', 'src', 'events', 'answer_weights.inc')


def matched(p, d):
    """{v1: gold event}, {a1: gold voice} of one passage."""
    inside = lambda at: next((i for i, s in enumerate(d['sentences']) if s['start'] <= at < s['end']), -1)       # noqa: E731
    pairs = sorted((not score.overlap(e['at'], [(s['trigger']['start'], s['trigger']['end'])]), abs(e['at'][0][0] - s['trigger']['start']), k, s['id'])
                   for k, e in p.events.items() for s in d['events']
                   if e['type'] == s['type'] and inside(e['at'][0][0]) == inside(s['trigger']['start']))
    events = {}
    for _, _, k, v in pairs:
        if k not in events.values() and v not in events: events[v] = k
    gold = {k: {r: score.tidy(p.text, v[r]) for r in score.ROLES} for k, v in p.voices.items()}
    ours = {a['id']: {r: score.tidy(p.text, a[r]['spans']) for r in score.ROLES} for a in d['attributions']}
    pairs = []
    for k, g in gold.items():
        for a, s in ours.items():
            each = [score.dice(g[r], s[r]) for r in score.ROLES]
            if min(each) >= .5: pairs.append((-sum(each), k, a))
    voices = {}
    for _, k, a in sorted(pairs):
        if k not in voices.values() and a not in voices: voices[a] = k
    return events, voices


def read(folder, pairs, names):
    """Features, label (0 neither, 1 holds, 2 denies), fold."""
    passages = {p.id: p for p in score.read(folder)}
    at = {n: i for i, n in enumerate(names)}
    xs, ys, ids = [], [], []
    for pair in pairs:
        pred, rows = pair.split(':')
        records = {d['document']['id']: d for d in map(json.loads, open(pred, encoding='utf-8'))}
        p = None
        for line in open(rows, encoding='utf-8'):
            if line.startswith('# '):
                p = passages.get(line[2:].rstrip('\n'))
                events, voices = matched(p, records[p.id]) if p else ({}, {})
                continue
            if p is None or not line.startswith('{"answer"'): continue
            d = json.loads(line)
            v, a = d['answer']
            if v not in events or a not in voices: continue
            says = p.events[events[v]]['says'].get(voices[a])
            xs.append(np.zeros(len(names), np.float32))
            for f, value in d['features'].items(): xs[-1][at[f]] = value
            ys.append(0 if says is None or says in ('Uu', 'CTu') else 2 if says.endswith('-') else 1)
            ids.append(p.id)
    return np.array(xs), np.array(ys), ids


def fit(x, y, pull, prior, steps=600, rate=.05):
    w, m, v = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
    right = np.eye(3)[y]
    for t in range(1, steps + 1):
        z = x @ w
        e = np.exp(z - z.max(1, keepdims=True))
        grad = x.T @ (e / e.sum(1, keepdims=True) - right) / len(x) + pull * (w - prior) * 0.05
        m, v = .9 * m + .1 * grad, .999 * v + .001 * grad * grad
        w = w - rate * (m / (1 - .9 ** t)) / (np.sqrt(v / (1 - .999 ** t)) + 1e-8)
    return w - w[:, :1]


def probabilities(x, w):
    z = x @ w
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('pairs', nargs='+')
    a.add_argument('--write', action='store_true')
    a.add_argument('--around', action='store_true')
    a.add_argument('--folds', type=int, default=5)
    a.add_argument('--pull', type=float, default=0.02)
    a = a.parse_args()
    head = [line for line in open(WEIGHTS) if not line.startswith('X(')]
    names = [line[2:line.index(',')] for line in open(WEIGHTS) if line.startswith('X(')]
    before = [[0., *(float(v.strip(' f')) for v in line[2:line.rindex(')')].split(',')[1:])] for line in open(WEIGHTS) if line.startswith('X(')]
    prior = np.array(before) * a.around
    x, y, ids = read(a.folder, a.pairs, names)
    fold = np.array([zlib.crc32(i.encode()) // 12 % a.folds for i in ids])
    p = np.zeros((len(y), 3))
    for k in range(a.folds): p[fold == k] = probabilities(x[fold == k], fit(x[fold != k], y[fold != k], a.pull, prior))
    print(f'{len(y)} pairs, {(y == 1).sum()} hold, {(y == 2).sum()} deny; log loss {-np.log(p[np.arange(len(y)), y]).mean():.4f}')
    for kind, column in (('holds', 1), ('denies', 2)):
        for threshold in (.3, .4, .5, .6, .7, .8):
            said = (p.argmax(1) == column) & (p[:, column] >= threshold) if threshold >= .5 else p[:, column] >= threshold
            hit = (said & (y == column)).sum()
            print(f'  {kind} from {threshold}: P {100 * hit / max(said.sum(), 1):.1f} R {100 * hit / max((y == column).sum(), 1):.1f}')
    if not a.write: return
    w = fit(x, y, a.pull, prior)
    with open(WEIGHTS, 'w') as f:
        f.writelines(head)
        for i, n in enumerate(names): f.write(f'X({n}, {w[i, 1]:.3f}f, {w[i, 2]:.3f}f)\n')


if __name__ == '__main__': main()
