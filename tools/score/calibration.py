#!/usr/bin/env python3
"""How far `confidence` of outermost attributions can be trusted, against PolNeAR's first annotators.

usage: calibration.py DATA_DIR SPLIT OUT.jsonl        OUT: reportedly/1 records of the split's articles

An attribution is right if source, cue and content are exactly those of a gold one. Printed are, for ten equal bins, the mean confidence, the share that is
right and the count; the expected calibration error in points; and the line a·logit(confidence) + b that would calibrate it (logistic regression, by
Newton's method), to be multiplied into kSlope and kOffset of src/attribution/find.cpp after a new training. The last line is JSON.
"""
import json
import math
import sys

import attribution


def pairs(root, split, path):
    """[(confidence, right)]"""
    gold = {doc: (text, {tuple(a[r] for r in attribution.ROLES) for a in annotated}) for doc, _, text, annotated in attribution.gold(root, split, 'first')}
    out = []
    for line in open(path, encoding='utf-8'):
        record = json.loads(line)
        text, right = gold[record['document']['id']]
        for a in record['attributions']:
            if a['parent'] is None and a['confidence'] is not None:
                found = attribution.norm({r: [tuple(s) for s in a[r]['spans']] for r in attribution.ROLES}, text)
                out.append((a['confidence'], tuple(found[r] for r in attribution.ROLES) in right))
    return out


def fit(data):
    a, b = 1.0, 0.0
    for _ in range(50):
        g = [0.0, 0.0]
        h = [[1e-9, 0.0], [0.0, 1e-9]]
        for c, right in data:
            c = min(max(c, 1e-4), 1 - 1e-4)
            x = math.log(c / (1 - c))
            p = 1 / (1 + math.exp(-(a * x + b)))
            for i, u in enumerate((x, 1.0)):
                g[i] += (right - p) * u
                for j, v in enumerate((x, 1.0)): h[i][j] += p * (1 - p) * u * v
        det = h[0][0] * h[1][1] - h[0][1] * h[1][0]
        a += (h[1][1] * g[0] - h[0][1] * g[1]) / det
        b += (h[0][0] * g[1] - h[1][0] * g[0]) / det
    return a, b


def main():
    if len(sys.argv) != 4: sys.exit(__doc__)
    data = pairs(*sys.argv[1:])
    error = 0.0
    for k in range(10):
        inside = [(c, r) for c, r in data if min(int(c * 10), 9) == k]
        if not inside: continue
        mean, share = sum(c for c, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)
        error += abs(mean - share) * len(inside) / len(data)
        print(f'{mean:.2f}  right {share:.2f}  of {len(inside)}')
    a, b = fit(data)
    print(f'calibrated by {a:.3f} · logit + {b:.3f}')
    print(json.dumps({'error': round(100 * error, 1), 'attributions': len(data)}))


if __name__ == '__main__': main()
