"""Fits the heads for events again on passages that the encoder has not seen; encoder and all other heads stay as they are, to the bit.

    python3 training/heads.py --model models/reportedly-en.bin --parser models/reportedly-en.bin --since o --out models/new.bin

A head that was trained together with its encoder sees, in training, vectors that already know the answer: after twenty readings of a passage
the encoder has learned it by heart. On new text the same head is too sure of itself. Passages written after the model give vectors as new
text has them; heads are small enough to be fitted on a few hundred of those, on one core, in minutes. Passages that `data.held_out` names
are left for choosing thresholds. With --folds the gain is measured instead, by cross-validation, and nothing is written.
"""
from __future__ import annotations

import argparse
import copy
import os
import re

import numpy as np
import torch

import corpora
import data
import export
import model as models
import units

HEADS = ('event', 'mode', 'factuality', 'status', 'stance', 'role')
WEIGHTS = {'event': 1., 'mode': .3, 'factuality': .3, 'status': .5, 'stance': .5, 'role': 1.}
NOT_ASKED = ('boundary', 'upos', 'names', 'polnames', 'source')      # first names of families of other heads


def modules_of(network) -> dict[str, torch.nn.Module | torch.nn.Parameter]:
    return {'taggers.event': network.taggers['event'], 'role_trigger': network.role_trigger, 'role_mention': network.role_mention,
            'role_u': network.role_u} | {k: network.tags[k] for k in models.EVENT_TAGS if k in network.tags}


def encoded(network, wordpiece, documents: list[dict], budget: int = 3000) -> list[tuple[str, dict, torch.Tensor]]:
    """(name, batch, h) of each document, with nothing but the labels of the heads for events in its batch."""
    out = []
    rng = np.random.default_rng(0)
    for d in documents:
        for window in data.windows_of(d, rng):
            batch = data.collate([window], wordpiece, None)
            for k in ('tree_units', 'mention_units', 'cc_right', 'cs_right', 'pair_same', 'at_fact', *(f'at_{k}' for k in NOT_ASKED)):
                batch[k] = batch[k][:0]
            tensors = {k: v if k in ('lengths', 'counts') else torch.from_numpy(v) for k, v in batch.items()}
            with torch.no_grad():
                h = network.encode(tensors)
            out.append((d['name'], tensors, h))
    return out


def joined(group: list[tuple[str, dict, torch.Tensor]]) -> tuple[dict, torch.Tensor]:
    """One batch of several; only what the heads for events read."""
    offset = np.cumsum([0] + [len(h) for _, _, h in group])
    columns = ('event', 'mode', 'factuality', 'status', 'stance')
    out = {k: torch.cat([b[k] for _, b, _ in group]) for k in columns}
    rows = []
    for (_, b, _), o in zip(group, offset):
        r = b['roles'].clone()
        r[:, :2] += int(o)
        rows.append(r)
    out['roles'] = torch.cat(rows)
    out |= {f'at_{k}': torch.nonzero(out[k] >= 0)[:, 0] for k in columns}
    acts = torch.nonzero((out['mode'] >= 0) | (out['factuality'] >= 0) | (out['status'] >= 0))[:, 0]
    out |= {'at_mode': acts, 'at_role': torch.nonzero(out['roles'][:, 2:].flatten() >= 0)[:, 0]}
    out['counts'] = {k: int((out[k] >= 0).sum()) for k in columns} | {k: 0 for f in data.FAMILIES for k in f if k not in columns}
    empty = torch.zeros(0, dtype=torch.long)
    out |= {k: empty for k in ('tree_units', 'mention_units', 'cc_right', 'cs_right', 'pair_same', 'at_fact', *(f'at_{k}' for k in NOT_ASKED))}
    return out, torch.cat([h for _, _, h in group])


def fit(network, examples, a, seed: int = 1):
    """A network with its heads for events fitted on the examples."""
    network = copy.deepcopy(network)
    network.dropout = torch.nn.Dropout(a.dropout)
    network.train()
    parts = modules_of(network) if a.all else {'role_u': network.role_u}
    parameters = [p for m in parts.values() for p in ([m] if isinstance(m, torch.nn.Parameter) else m.parameters())]
    start = [p.detach().clone() for p in parameters]
    kept = [] if a.all else [data.ROLES.index(r) for r in ('actor', 'recipient')]      # src/events/learned.cpp has weights fitted to them
    optimizer = torch.optim.AdamW(parameters, lr=a.rate, weight_decay=0., betas=(.9, .98))
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    steps = a.epochs * -(-len(examples) // a.batch)
    done = 0
    for _ in range(a.epochs):
        order = rng.permutation(len(examples))
        for i in range(0, len(order), a.batch):
            batch, h = joined([examples[j] for j in order[i:i + a.batch]])
            for g in optimizer.param_groups:
                g['lr'] = a.rate * min(1., (done + 1) / 20) * (1 - done / steps)
            losses = network.losses(batch, network.dropout(h))
            total = sum(WEIGHTS[k] * loss / max(n, 1) for k, (loss, n) in losses.items() if k in WEIGHTS)
            total = total + a.anchor * sum(((p - s) ** 2).sum() for p, s in zip(parameters, start))
            total.backward()
            network.role_u.grad[kept] = 0
            torch.nn.utils.clip_grad_norm_(parameters, 1.)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            done += 1
    return network.eval()


def score(network, examples) -> dict[str, tuple]:
    """Sums to be added over folds: losses, labels; events by threshold; roles' hits."""
    batch, h = joined(examples)
    out = {}
    with torch.no_grad():
        for k, (loss, n) in network.losses(batch, h).items():
            out['loss ' + k] = np.array([float(loss), n])
        p = network.taggers['event'](h, torch.nn.Identity()).softmax(-1)
        gold = batch['event']
        best, label = (1 - p[:, 0]), p[:, 1:].argmax(-1) + 1
        for t in np.arange(.05, .96, .05):
            found = (best >= t) & (gold >= 0)
            out[f'event {t:.2f}'] = np.array([int((found & (label == gold)).sum()), int(found.sum()), int((gold > 0).sum())])
        for k in ('mode', 'status', 'factuality', 'stance'):
            at = torch.nonzero(batch[k] >= 0)[:, 0]
            guess = network.tags[k](h[at]).argmax(-1)
            out['right ' + k] = np.array([int((guess == batch[k][at]).sum()), len(at)])
        roles = batch['roles']
        s = network.roles(h[roles[:, 0]], h[roles[:, 1]]).sigmoid()
        for k, name in enumerate(data.ROLES):
            known = roles[:, 2 + k] >= 0
            for t in (.2, .3, .4, .5, .6, .7, .8):
                found = known & (s[:, k] >= t)
                out[f'{name} {t:.1f}'] = np.array([int((found & (roles[:, 2 + k] == 1)).sum()), int(found.sum()), int((roles[:, 2 + k] == 1).sum())])
    return out


def show(title: str, sums: dict[str, np.ndarray]) -> None:
    print(title)
    print(' ', ' '.join(f'{k[5:]} {v[0] / max(v[1], 1):.4f}' for k, v in sums.items() if k.startswith('loss')))
    print(' ', ' '.join(f'{k[6:]} {100 * v[0] / max(v[1], 1):.1f}' for k, v in sums.items() if k.startswith('right')))
    best: dict[str, tuple] = {}
    for k, v in sums.items():
        name, _, t = k.rpartition(' ')
        if len(v) == 3:
            f = 200 * v[0] / max(v[1] + v[2], 1)
            best[name] = max(best.get(name, (0., '')), (f, t))
    print('  best F1 (threshold):', ' '.join(f'{k} {f:.1f} ({t})' for k, (f, t) in best.items()))


def add(a: dict, b: dict) -> dict:
    return {k: a.get(k, 0) + v for k, v in b.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--model', required=True, help='model file whose heads are to be fitted')
    p.add_argument('--parser', required=True, help='model file that finds words and trees')
    p.add_argument('--cache', required=True, help='folder for what was parsed and encoded')
    p.add_argument('--since', help='letters of the first passage file that the model has not seen')
    p.add_argument('--out', help='model file to write')
    p.add_argument('--version', default='0.3.1', help="the new file's")
    p.add_argument('--folds', type=int, default=0, help='measure by cross-validation on the held-out passages and the unseen ones')
    p.add_argument('--epochs', type=int, default=8)
    p.add_argument('--batch', type=int, default=16, help='windows')
    p.add_argument('--rate', type=float, default=5e-4)
    p.add_argument('--dropout', type=float, default=.2)
    p.add_argument('--anchor', type=float, default=0., help='how strongly weights are held where they were')
    p.add_argument('--all', action='store_true', help='all heads for events; else only times, places, countries, voices and rivals in the head for roles')
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    os.makedirs(a.cache, exist_ok=True)
    network = models.from_file(a.model)
    header, _ = export.read(a.model)
    vocabulary = os.path.join(a.cache, 'vocab.txt')
    with open(vocabulary, 'w', encoding='utf-8') as f:
        f.write(export.vocabulary(a.model))
    wordpiece = units.Wordpiece(vocabulary)
    unseen = lambda d: a.since is not None and re.match(f'[{a.since}-z]-', d.name) is not None      # ids of later files: o-001
    own = [d for d in corpora.read_passages('train') if unseen(d) or data.held_out(d.name)]
    data.silver_words(own, wordpiece, a.parser, os.path.join(a.cache, 'silver.pickle'))
    key = os.path.join(a.cache, f"{header['name']}-{header['sha256'][:12]}.pt")
    known = torch.load(key, weights_only=False) if os.path.exists(key) else {}
    missing = [d for d in own if (d.name, d.text) not in known]
    for d in missing:
        known[d.name, d.text] = encoded(network, wordpiece, [data.pack(d, wordpiece, header['tagsets'])])
    if missing:
        torch.save(known, key)
    held = [x for d in own if data.held_out(d.name) for x in known[d.name, d.text]]
    new = [x for d in own if not data.held_out(d.name) for x in known[d.name, d.text]]
    print(f'{len(held)} windows held out, {len(new)} unseen')
    if a.folds:
        everything = held + new
        fold = np.array([hash_of(name) % a.folds for name, _, _ in everything])
        before, after = {}, {}
        for k in range(a.folds):
            test = [x for x, f in zip(everything, fold) if f == k]
            fitted = fit(network, [x for x, f in zip(everything, fold) if f != k], a)
            before, after = add(before, score(network, test)), add(after, score(fitted, test))
        show('before', before)
        show('after, each fold by heads that have not seen it', after)
        return
    fitted = fit(network, new, a)
    show('held-out passages, before', score(network, held))
    show('held-out passages, after', score(fitted, held))
    if a.out:
        tensors = {k: v.detach().numpy() for k, v in export.parameters_of(fitted).items()
                   if k.startswith(('event.', 'role_')) or k.split('.')[0] in models.EVENT_TAGS}
        export.replace(a.model, a.out, tensors, a.version, {'heads for events': f'fitted again on {len(new)} windows of passages from file {a.since}01 on'})


def hash_of(name: str) -> int:
    import zlib
    return zlib.crc32(('fold ' + name.split('/')[0]).encode())


if __name__ == '__main__':
    main()
