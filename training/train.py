"""Trains encoder and heads together. Deterministic for a seed and a number of threads; can be stopped and run again.

The budget is given in wordpieces or in minutes, whichever ends first; the learning rate falls to zero at that end.
"""
from __future__ import annotations

import argparse
import os
import random
import time

import numpy as np
import torch

import data
import model as models
import units

SHARES = {'polnear': .55, 'ewt': .25, 'gum': .14, 'gap': .035, 'crossner': .025}
WEIGHTS = {'boundary': 1., 'upos': 1., 'xpos': .5, 'feats': .5, 'lemma': .5, 'arc': 1., 'rel': 1., 'names': 1., 'polnames': .5,
           'source': 2., 'cue': 2., 'content': 2., 'cc': .5, 'cs': .5, 'fact': .3, 'coref': .3, 'gap': .1}


def to_tensors(batch: dict, device: str) -> dict:
    return {k: torch.from_numpy(np.ascontiguousarray(v)).to(device) for k, v in batch.items()}


def free_threads(least: int, most: int) -> int:
    """`most` while no other process wants a core, else `least`: for a machine shared with interactive work."""
    try:
        with open('/proc/loadavg') as f:
            running = int(f.read().split()[3].split('/')[0])
    except OSError:
        return least
    return most if running <= 1 else least


def groups_of(network, encoder_rate: float, head_rate: float) -> list[dict]:
    """Encoder and heads learn at their own rates; biases and LayerNorms do not decay. Word embeddings have their own optimizer."""
    sets: dict[tuple[float, float], list] = {}
    for name, p in network.named_parameters():
        if name == 'encoder.word.weight':
            continue
        fresh = not name.startswith('encoder.') or name.startswith(('encoder.shape', 'encoder.space', 'encoder.head_ln'))
        key = (head_rate if fresh else encoder_rate, .01 if p.dim() > 1 else 0.)
        sets.setdefault(key, []).append(p)
    return [{'params': ps, 'lr': rate, 'rate': rate, 'weight_decay': decay} for (rate, decay), ps in sets.items()]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--packed', required=True, help='folder that data.py wrote')
    p.add_argument('--encoder', required=True, help='folder with model.safetensors and vocab.txt')
    p.add_argument('--out', required=True, help='folder of checkpoints; a run found there is resumed')
    p.add_argument('--wordpieces', type=float, default=6.4e6)
    p.add_argument('--minutes', type=float, default=1e9, help='end at the latest after this time of training')
    p.add_argument('--batch', type=int, default=1700, help='wordpieces in a batch')
    p.add_argument('--encoder-rate', type=float, default=1.5e-4)
    p.add_argument('--head-rate', type=float, default=1e-3)
    p.add_argument('--warmup', type=int, default=250, help='steps')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--threads-when-free', type=int, default=0, help='threads for a step that begins while the machine is idle')
    p.add_argument('--save-every', type=float, default=240, help='seconds')
    a = p.parse_args()

    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.set_num_threads(a.threads)
    random.seed(a.seed)
    torch.manual_seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    tagsets = data.load(a.packed, 'tagsets')
    wordpiece = units.Wordpiece(os.path.join(a.encoder, 'vocab.txt'))
    network = models.Network(models.Config(), tagsets, dropout=.1, encoder_dropout=.1)
    models.load_pretrained(network, a.encoder)
    network.to(device).train()
    optimizer = torch.optim.AdamW(groups_of(network, a.encoder_rate, a.head_rate), betas=(.9, .98), eps=1e-8,
                                  fused=True)
    # only the rows of words in the batch are touched
    rows = torch.optim.SparseAdam([{'params': [network.encoder.word.weight], 'rate': a.encoder_rate}], lr=a.encoder_rate,
                                  betas=(.9, .98))
    dense = [q for n, q in network.named_parameters() if n != 'encoder.word.weight']
    average = {k: v.detach().clone() for k, v in network.state_dict().items()}
    step, seen, spent, counts = 0, 0, 0., {}
    path = os.path.join(a.out, 'checkpoint.pt')
    if os.path.exists(path):
        c = torch.load(path, map_location=device, weights_only=True)
        network.load_state_dict(c['state'])
        optimizer.load_state_dict(c['optimizer'])
        rows.load_state_dict(c['rows'])
        average, step, seen, spent, counts = c['average'], c['step'], c['seen'], c['spent'], c['counts']
        print(f'resumed at step {step}', flush=True)
    augment = data.Augmenter(wordpiece)
    documents = data.load(a.packed, 'train')
    mixer = data.Mixer([data.Stream(k, documents[k], augment, a.seed * 1000 + 17 * i + step) for i, k in enumerate(SHARES)],
                       list(SHARES.values()), a.batch, a.seed)
    rng = np.random.default_rng(a.seed + step)

    started = saved = shown = time.time()
    before, fresh, sums, shown_seen = spent, 0, {}, seen
    finished = False
    while not finished:
        if a.threads_when_free:
            torch.set_num_threads(free_threads(a.threads, a.threads_when_free))
        batch = to_tensors(data.collate(mixer.next(), wordpiece, rng), device)
        spent = before + time.time() - started
        progress = max(seen / a.wordpieces, spent / (60 * a.minutes))
        finished = progress >= 1
        factor = min(1., (step + 1) / a.warmup) * max(0., 1 - progress)
        for g in optimizer.param_groups + rows.param_groups:
            g['lr'] = g['rate'] * factor
        with torch.autocast('cuda', torch.bfloat16, enabled=device == 'cuda'):
            losses = network.losses(batch)
        total = 0.
        for name, (loss, n) in losses.items():
            counts[name] = .98 * counts.get(name, n) + .02 * n
            total = total + WEIGHTS[name] * loss / max(n, .5 * counts[name])
            s = sums.setdefault(name, [0., 0])
            s[0] += loss.item()
            s[1] += n
        total.backward()
        torch.nn.utils.clip_grad_norm_(dense, 1.)
        optimizer.step()
        rows.step()
        network.zero_grad(set_to_none=True)
        step += 1
        seen += len(batch['ids'])
        fresh += 1
        if step % 20 == 0 or finished:
            decay = min(.94, step / (step + 200))       # about the last 330 steps
            with torch.no_grad():
                for k, v in network.state_dict().items():
                    average[k].lerp_(v, 1 - decay)
        now = time.time()
        if step % 50 == 0 or finished:
            line = ' '.join(f'{k} {s / max(n, 1):.3f}' for k, (s, n) in sums.items())
            print(f'{step} {progress:.3f} {spent / 60:.1f} min {(seen - shown_seen) / (now - shown):.0f}/s | {line}', flush=True)
            sums, shown, shown_seen = {}, now, seen
        if now - saved > a.save_every or finished:
            models.save(path, network, optimizer=optimizer.state_dict(), rows=rows.state_dict(), average=average, step=step, seen=seen,
                        spent=before + now - started, counts=counts, finished=finished,
                        epochs={s.name: s.epochs for s in mixer.streams})
            saved = now


if __name__ == '__main__':
    main()
