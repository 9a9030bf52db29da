"""Development scores of a checkpoint, in fp32, in Python. The figures that count are the program's own: `reportedly evaluate`."""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

import numpy as np
import torch

import corpora
import data
import infer
import model as models
import units


def f1(right: int, found: int, gold: int) -> float:
    return 200 * right / (found + gold) if found + gold else 0.


def gold_words(network, wordpiece, documents) -> dict:
    """Tags, trees and factuality on gold words and sentences, in per cent of gold words."""
    count = Counter()
    facts: list[tuple[float, float]] = []
    for d in documents:
        packed = data.pack(d, wordpiece, network.tagsets)
        a = units.analyse(d.text, wordpiece)
        x = infer.segment(a, infer.encode(network, wordpiece, a), np.maximum(packed['boundary'], packed['word']))
        infer.parse(network, d.text, x)
        count['words'] += len(d.words)
        at = {int(u): k for k, u in enumerate(x.words)}
        ends = [e for _, e in a.spans]
        places = [at[int(u)] for u in np.searchsorted(ends, [w.start for w in d.words], side='right')]
        taken = set()
        for w, k in zip(d.words, places):
            if k in taken:
                continue
            taken.add(k)
            count['upos'] += x.tags['upos'][k] == w.upos
            count['xpos'] += x.tags['xpos'][k] == w.xpos
            count['feats'] += x.tags['feats'][k] == w.feats
            count['lemma'] += x.tags['lemma'][k] == w.lemma
            head = -1 if w.head < 0 else places[w.head]
            count['uas'] += x.heads[k] == head
            count['las'] += x.heads[k] == head and x.deprels[k].split(':')[0] == w.deprel.split(':')[0]
        known = np.flatnonzero(~np.isnan(packed['fact']))
        with torch.no_grad():
            facts += zip(network.fact(x.h[known])[:, 0].tolist(), packed['fact'][known].tolist())
    out = {k: 100 * count[k] / count['words'] for k in ('upos', 'xpos', 'feats', 'lemma', 'uas', 'las')}
    if facts:
        out['factuality_r'] = float(np.corrcoef(np.array(facts).T)[0, 1])
    return out


def raw_text(network, wordpiece, documents, gold_path: str, scorer: str, where: str) -> tuple[dict, dict]:
    """Words, sentences, tags and trees from text alone; names on the words found."""
    text = '\n\n'.join(d.text for d in documents)
    x = infer.analyse(network, wordpiece, text)
    infer.parse(network, text, x)
    path = os.path.join(where, 'raw.conllu')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(infer.conllu(text, x))
    done = subprocess.run([sys.executable, scorer, gold_path, path], capture_output=True, text=True, check=True)
    found = Counter((x.spans[a][0], x.spans[b][1], kind) for a, b, kind in infer.spans_of(network, x, 'names'))
    offset, gold = 0, Counter()
    for d in documents:
        for a, b, kind in d.names:
            gold[a + offset, b + offset, kind] += 1
        offset += len(d.text) + 2
    names = {'all': f1(sum((found & gold).values()), sum(found.values()), sum(gold.values()))}
    for t in corpora.PLAIN_NAME_TYPES:
        g, p = (Counter({k: n for k, n in c.items() if k[2] == t}) for c in (gold, found))
        names[t] = f1(sum((p & g).values()), sum(p.values()), sum(g.values()))
    return json.loads(done.stdout.splitlines()[-1]), names


def polnear(network, wordpiece, folder: str, scorer: str, where: str, limit: int) -> str:
    """The reference scorer's lines; raw text in, words found."""
    path = os.path.join(where, 'attributions.jsonl')
    seen = 0
    with open(path, 'w', encoding='utf-8') as f:
        for d, annotator in corpora.read_polnear(os.path.join(folder, 'dev')):
            if annotator or seen >= limit:
                continue
            seen += 1
            x = infer.analyse(network, wordpiece, d.text)
            found = infer.attributions(network, x)
            spans = [{r: [[x.spans[a][0], x.spans[b][1]] for a, b in y[r]] for r in corpora.ROLES} for y in found]
            f.write(json.dumps({'doc': d.name, 'attributions': spans}) + '\n')
    done = subprocess.run([sys.executable, scorer, folder, 'dev', path, 'first'], capture_output=True, text=True, check=True)
    return done.stdout


def spans_f1(network, wordpiece, documents, key: str) -> float:
    right = found = gold = 0
    for d in documents:
        x = infer.analyse(network, wordpiece, d.text)
        p = {(x.spans[a][0], x.spans[b][1], t) for a, b, t in infer.spans_of(network, x, key)}
        g = set(getattr(d, key))
        right, found, gold = right + len(p & g), found + len(p), gold + len(g)
    return f1(right, found, gold)


def gap(network, wordpiece, path: str) -> dict:
    """Pairs pronoun–name: F1 of "same" at the score 0, and accuracy of the choice where one of the two is right."""
    right = found = gold = choices = chosen = 0
    for d in corpora.read_gap(path):
        packed = data.pack(d, wordpiece, network.tagsets)
        if len(packed['pairs']) != 2:
            continue
        h = infer.encode(network, wordpiece, units.analyse(d.text, wordpiece))
        u = torch.from_numpy(packed['pairs'][:, :2].astype(np.int64))
        w = packed['word_of']
        bucket = torch.from_numpy(data.coref_bucket(np.maximum(w[u[:, 0]] - w[u[:, 1]], 1)))
        with torch.no_grad():
            s = network.coref(h[u[:, :1]], h[u[:, 1:]], bucket[:, None, None])[:, 0, 0].tolist()
        same = [bool(k) for k in packed['pairs'][:, 2]]
        right += sum(a > 0 and b for a, b in zip(s, same))
        found += sum(a > 0 for a in s)
        gold += sum(same)
        if any(same):
            choices += 1
            chosen += same[int(s[1] > s[0])]
    return {'f1': f1(right, found, gold), 'choice': 100 * chosen / max(choices, 1)}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--checkpoint')
    p.add_argument('--model', help='exported file, in place of a checkpoint')
    p.add_argument('--encoder', required=True, help='folder with vocab.txt')
    p.add_argument('--corpora', default='../shared/corpora')
    p.add_argument('--scorers', default='../shared/scorers')
    p.add_argument('--state', default='average', choices=('average', 'state'))
    p.add_argument('--parts', default='gold,raw,polnear,politics,gap')
    p.add_argument('--limit', type=int, default=10 ** 9, help='articles of PolNeAR')
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    if bool(a.checkpoint) == bool(a.model):
        p.error('either --checkpoint or --model')
    network, checkpoint = (models.from_file(a.model), {}) if a.model else models.load(a.checkpoint, a.state)
    wordpiece = units.Wordpiece(os.path.join(a.encoder, 'vocab.txt'))
    path = lambda *q: os.path.join(a.corpora, *q)      # noqa: E731
    parts = a.parts.split(',')
    show = lambda title, scores: print(title, ' '.join(f'{k} {v:.2f}' for k, v in scores.items()), flush=True)      # noqa: E731
    print('step', checkpoint.get('step'), 'wordpieces', checkpoint.get('seen'), checkpoint.get('epochs'))
    with tempfile.TemporaryDirectory() as where:
        if 'gold' in parts or 'raw' in parts:
            dev = list(corpora.read_conllu(path('ud-ewt', 'dev.conllu')))
            corpora.add_names(dev, corpora.read_uner(path('uner-ewt', 'dev.iob2')))
            corpora.add_factuality(dev, path('uds-factuality', 'dev.jsonl'))
            if 'gold' in parts:
                show('EWT dev, gold words:', gold_words(network, wordpiece, dev))
            if 'raw' in parts:
                scores, names = raw_text(network, wordpiece, dev, path('ud-ewt', 'dev.conllu'), os.path.join(a.scorers, 'ud.py'), where)
                show('EWT dev, raw text:', scores)
                show('UNER EWT dev names:', names)
        if 'polnear' in parts:
            print(polnear(network, wordpiece, path('polnear'), os.path.join(a.scorers, 'attribution.py'), where, a.limit), flush=True)
        if 'politics' in parts:
            dev = list(corpora.read_bio_sentences(path('crossner-politics', 'dev.txt')))
            print('CrossNER politics dev names: %.2f' % spans_f1(network, wordpiece, dev, 'polnames'), flush=True)
        if 'gap' in parts:
            show('GAP validation:', gap(network, wordpiece, path('gap', 'gap-validation.tsv')))


if __name__ == '__main__':
    main()
