"""Trains encoder and heads together, from labels and, with --teacher, from the soft predictions of larger models.

Deterministic for a seed and a number of threads and workers; can be stopped and run again. The budget is given in wordpieces or in
minutes, whichever ends first; the learning rate falls to zero at that end.
"""
from __future__ import annotations

import argparse
import multiprocessing
import os
import pickle
import queue
import random
import threading
import time

import numpy as np
import torch
import torch.nn.functional as F

import data
import model as models
import units

SHARES = {'polnear': .50, 'ewt': .22, 'gum': .12, 'gap': .03, 'crossner': .025, 'passages': .105, 'plain': 0.}
DISTILL_SHARES = {'polnear': .40, 'ewt': .20, 'gum': .10, 'gap': .03, 'crossner': .02, 'passages': .10, 'plain': .15}
WEIGHTS = {'boundary': 1., 'upos': 1., 'xpos': .5, 'feats': .5, 'lemma': .5, 'arc': 1., 'rel': 1., 'names': 1., 'polnames': .5,
           'source': 2., 'cue': 2., 'content': 2., 'cc': .5, 'cs': .5, 'fact': .3, 'coref': .3, 'gap': .1,
           'event': 1.5, 'mode': .3, 'factuality': .3, 'status': .5, 'stance': .4, 'role': 2.}
BF16 = bool(os.environ.get('BF16'))      # half precision on a CPU too, to try the path of a GPU
ONLY = {'syntax': ('tags.upos', 'tags.xpos', 'tags.feats', 'tags.lemma', 'arc_', 'rel_'),       # heads that can be trained alone
        'events': ('taggers.event.', 'tags.mode', 'tags.factuality', 'tags.status', 'role_')}
HARD_SHARE = .4      # of the labels' loss beside a teacher's


def to_tensors(batch: dict, device: str) -> dict:
    out = {'lengths': batch['lengths'], 'counts': batch['counts']}       # these stay where the program runs
    for k, v in batch.items():
        if k in out:
            continue
        t = torch.from_numpy(np.ascontiguousarray(v)).to(device)
        out[k] = t if t.is_floating_point() or t.dtype == torch.bool else t.long()
    return out


def free_threads(least: int, most: int) -> int:
    """`most` while no other process wants a core, else `least`: for a machine shared with interactive work."""
    try:
        with open('/proc/loadavg') as f:
            running = int(f.read().split()[3].split('/')[0])
    except OSError:
        return least
    return most if running <= 1 else least


class Half:
    """The encoder's layers in bfloat16, as a GPU likes them, over weights of 32 bits that the optimizer changes: `network` computes with
    the first, everything that is kept comes from the second."""

    def __init__(self, network):
        layers = network.encoder.layers
        self.network = network
        self.names = ['encoder.layers.' + n for n, _ in layers.named_parameters()]
        self.full = list(layers.parameters())
        for module in list(layers.modules()):
            for name, p in list(module.named_parameters(recurse=False)):
                setattr(module, name, torch.nn.Parameter(p.detach().bfloat16(), requires_grad=p.requires_grad))
        learning = [(p, q) for p, q in zip(self.full, layers.parameters()) if p.requires_grad]      # not the frozen ones
        self.learning, self.low = ([x[k] for x in learning] for k in (0, 1))
        for p in self.learning:
            p.grad = torch.zeros_like(p)

    def take_gradients(self) -> None:
        torch._foreach_copy_([p.grad for p in self.learning], [p.grad for p in self.low])

    def update(self) -> None:
        with torch.no_grad():
            torch._foreach_copy_(self.low, self.learning)

    def state(self) -> dict:
        return self.network.state_dict() | {k: p.detach() for k, p in zip(self.names, self.full)}


def groups_of(network, encoder_rate: float, head_rate: float) -> list[dict]:
    """Encoder and heads learn at their own rates; biases and LayerNorms do not decay. Word embeddings have their own optimizer."""
    sets: dict[tuple[float, float], list] = {}
    for name, p in network.named_parameters():
        if name == 'encoder.word.weight' or not p.requires_grad:
            continue
        fresh = not name.startswith('encoder.') or name.startswith(('encoder.shape', 'encoder.space', 'encoder.head_ln'))
        key = (head_rate if fresh else encoder_rate, .01 if p.dim() > 1 else 0.)
        sets.setdefault(key, []).append(p)
    return [{'params': ps, 'lr': rate, 'rate': rate, 'weight_decay': decay} for (rate, decay), ps in sets.items()]


def mixer(packed: str, wordpiece, shares: dict, budget: int, seed: int) -> data.Mixer:
    augment = data.Augmenter(wordpiece)
    documents = data.load(packed, 'train')
    used = {k: v for k, v in shares.items() if v and data.documents_of(documents, k)}
    return data.Mixer([data.Stream(k.partition(':')[0], data.documents_of(documents, k), augment, seed * 1000 + 17 * i) for i, k in enumerate(used)],
                      list(used.values()), budget, seed)


def _work(out, packed, vocab, shares, budget, seed, all_trees) -> None:
    torch.set_num_threads(1)
    wordpiece = units.Wordpiece(vocab)
    m = mixer(packed, wordpiece, shares, budget, seed)
    rng = np.random.default_rng(seed)
    while True:
        batch = data.collate(m.next(), wordpiece, rng, all_trees=all_trees)
        out.put(pickle.dumps({k: v.astype(np.int32) if k != 'counts' and v.dtype == np.int64 else v for k, v in batch.items()}, protocol=5))


def batches(a, wordpiece, shares: dict, step: int, all_trees: bool):
    """Batches for ever; with --workers made by other processes, in the order in which they come."""
    if not a.workers:
        m, rng = mixer(a.packed, wordpiece, shares, a.batch, a.seed + step), np.random.default_rng(a.seed + step)
        while True:
            yield data.collate(m.next(), wordpiece, rng, all_trees=all_trees)
    context = multiprocessing.get_context('fork')
    pipe = context.Queue(4 * a.workers)
    vocab = os.path.join(a.encoder, 'vocab.txt')
    for k in range(a.workers):
        context.Process(target=_work, args=(pipe, a.packed, vocab, shares, a.batch, (a.seed + step) * 100 + k, all_trees), daemon=True).start()
    ready: queue.Queue = queue.Queue(8)
    def unpack():
        while True:
            ready.put(pickle.loads(pipe.get()))
    threading.Thread(target=unpack, daemon=True).start()
    while True:
        yield ready.get()


def development(network, packed: str, wordpiece, device: str, budget: int = 16000) -> str:
    """Quick scores on windows of the dev split: labelled attachment on gold words and sentences, exact fragments in a window, losses."""
    rng = np.random.default_rng(0)
    network.eval()
    sums: dict[str, list[float]] = {}
    right, found, gold = ({k: 0 for k in ('source', 'cue', 'content', 'names')} for _ in range(3))
    arcs = labelled = words = events = typed = proposed = 0
    cpu = lambda x: x.cpu().numpy()      # noqa: E731
    for documents in data.load(packed, 'dev').values():
        windows = [w for d in documents for w in data.windows_of(d, rng)]
        while windows:
            group, used = [], 0
            while windows and used < budget:
                group.append(windows.pop())
                d, x, y = group[-1]
                used += int(d['piece_start'][y] - d['piece_start'][x]) + 2
            batch = to_tensors(data.collate(group, wordpiece, None), device)
            with torch.no_grad(), torch.autocast(device, torch.bfloat16, enabled=device == 'cuda' or BF16):
                h = network.encode(batch)
                for k, (loss, n) in network.losses(batch, h).items():
                    s = sums.setdefault(k, [0., 0])
                    s[0] += loss.item()
                    s[1] += n
                if (batch['tree_head'] >= 0).any():
                    u, head = batch['tree_units'], batch['tree_head']
                    keep = head >= 0
                    best = network.sentence_arcs(h, u, batch['tree_sentence']).argmax(-1)
                    governors = torch.gather(torch.cat([torch.full_like(u[:, :1], -1), u], 1), 1, best)
                    label = network.rels(h, u[keep], governors[keep]).argmax(-1)
                    ok = best[keep] == head[keep]
                    words += int(keep.sum())
                    arcs += int(ok.sum())
                    labelled += int((ok & (label == batch['deprel'][u[keep]])).sum())
                for k in right:
                    known = cpu(batch[k])
                    if (known >= 0).any():
                        guess = cpu(network.taggers[k](h, network.dropout).argmax(-1))
                        g, p = (_fragments(np.where(known < 0, -1, t)) for t in (known, guess))
                        right[k] += len(g & p)
                        found[k] += len(p)
                        gold[k] += len(g)
                if network.has_events and (batch['event'] >= 0).any():
                    known = batch['event'] >= 0
                    guess, true = network.taggers['event'](h[known], network.dropout).argmax(-1), batch['event'][known]
                    events += int((true > 0).sum())
                    proposed += int((guess > 0).sum())
                    typed += int(((guess == true) & (true > 0)).sum())
    network.train()
    f1 = lambda k: 200 * right[k] / max(found[k] + gold[k], 1)      # noqa: E731
    return (f'UAS {100 * arcs / max(words, 1):.2f} LAS {100 * labelled / max(words, 1):.2f} source {f1("source"):.2f} cue {f1("cue"):.2f} '
            f'content {f1("content"):.2f} event F1 {200 * typed / max(events + proposed, 1):.1f} | '
            + ' '.join(f'{k} {s / max(n, 1):.4f}' for k, (s, n) in sums.items()))


def _fragments(tags: np.ndarray) -> set[tuple[int, int]]:
    """BIO class numbers (0 O, 1 B, 2 I, -1 inside a word) -> first and last unit of each fragment."""
    out, start, last = set(), None, None
    for i in np.flatnonzero(tags >= 0):
        t = tags[i]
        if t != 2 and start is not None:
            out.add((start, last))
            start = None
        if t == 1:
            start = int(i)
        last = int(i)
    if start is not None:
        out.add((start, last))
    return out


def soft_loss(student: dict, teachers: list[dict]):
    """Weighted sum of Kullback-Leibler divergences from the mean of the teachers, one a head."""
    total = 0.
    for k, q in student.items():
        if k == 'heads':
            continue
        if k == 'fact':
            total = total + WEIGHTS[k] * F.smooth_l1_loss(q, torch.stack([t[k] for t in teachers]).mean(0))
            continue
        p = torch.stack([t[k] for t in teachers]).logsumexp(0) - float(np.log(len(teachers)))
        # impossible candidates have probability 0 on both sides
        total = total + WEIGHTS[k] * (p.exp() * (p - q)).masked_fill(p < -30, 0.).sum(-1).mean()
    return total


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--packed', required=True, help='folder that data.py wrote')
    p.add_argument('--encoder', required=True, help='folder with model.safetensors and vocab.txt')
    p.add_argument('--init', help='checkpoint (its averaged weights) or model file to start from')
    p.add_argument('--out', required=True, help='folder of checkpoints; a run found there is resumed')
    p.add_argument('--size', default='minilm', choices=models.CONFIGS)
    p.add_argument('--teacher', action='append', default=[], help='checkpoint to learn from; may be given several times')
    p.add_argument('--word-bits', type=int, default=8, help='fewer than 8: word embeddings are rounded to so many bits first (unless they come from --init), and stay as they are')
    p.add_argument('--frozen-layers', type=int, default=0, help='leave the word embeddings and so many layers above them as they are, with --init')
    p.add_argument('--only', choices=ONLY, help='train these heads alone (syntax: tags, lemmas and trees); all else stays as it is, with --init')
    p.add_argument('--shares', default='', help='other shares of the corpora: polnear=.3,passages=.5,…; passages:o-u=.4 is of some files alone')
    p.add_argument('--wordpieces', type=float, default=6.4e6)
    p.add_argument('--minutes', type=float, default=1e9, help='end at the latest after this time of training')
    p.add_argument('--batch', type=int, default=1700, help='wordpieces in a batch')
    p.add_argument('--encoder-rate', type=float, default=1.5e-4)
    p.add_argument('--head-rate', type=float, default=1e-3)
    p.add_argument('--warmup', type=int, default=250, help='steps')
    p.add_argument('--dropout', type=float, default=.1)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--workers', type=int, default=0, help='processes that prepare batches')
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--threads-when-free', type=int, default=0, help='threads for a step that begins while the machine is idle')
    p.add_argument('--save-every', type=float, default=240, help='seconds')
    p.add_argument('--evaluate-every', type=float, default=0, help='share of the training between two quick scores on dev; 0: none')
    a = p.parse_args()

    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.set_num_threads(a.threads)
    random.seed(a.seed)
    torch.manual_seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    wordpiece = units.Wordpiece(os.path.join(a.encoder, 'vocab.txt'))
    tagsets = data.load(a.packed, 'tagsets')
    path = os.path.join(a.out, 'checkpoint.pt')
    c = torch.load(path, map_location=device, weights_only=True) if os.path.exists(path) else None
    shares = {k: float(v) for k, v in (x.split('=') for x in a.shares.split(','))} if a.shares else DISTILL_SHARES if a.teacher else SHARES
    stream = batches(a, wordpiece, shares, c['step'] if c else 0, bool(a.teacher))
    first = next(stream)      # workers are forked before the GPU is touched
    network = models.Network(models.CONFIGS[a.size], tagsets, dropout=a.dropout, encoder_dropout=0. if a.only else a.dropout, sizes=models.SIZES[a.size])
    if a.init:
        start = models.from_file(a.init) if a.init.endswith('.bin') else models.load(a.init, 'average')[0]
        network.load_state_dict(start.state_dict())
    elif os.path.exists(os.path.join(a.encoder, 'model.safetensors')):
        models.load_pretrained(network, a.encoder)
    else:
        models.unpack_encoder(network, a.encoder)
    frozen_words = a.word_bits < 8 or a.frozen_layers > 0 or bool(a.only)
    if frozen_words and not a.init:
        q, scale = models.quantise_rows(network.encoder.word.weight.data, a.word_bits)
        network.encoder.word.weight.data.copy_(q * scale[:, None])
    network.encoder.word.weight.requires_grad_(not frozen_words)
    network.encoder.freeze(models.CONFIGS[a.size].layers if a.only else a.frozen_layers)
    if a.only:
        for name, q in network.named_parameters():
            q.requires_grad_(name.startswith(ONLY[a.only]))
    network.to(device).train()
    half = device == 'cuda' or BF16
    if device == 'cuda':
        torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp(True)
        torch.set_float32_matmul_precision('high')
    teachers = [models.load(t, 'average')[0].to(device).eval() for t in a.teacher]
    for t in teachers if half else ():
        t.bfloat16()
    optimizer = torch.optim.AdamW(groups_of(network, a.encoder_rate, a.head_rate), betas=(.9, .98), eps=1e-8, fused=True)
    # only the rows of words in the batch are touched
    rows = None if frozen_words else torch.optim.SparseAdam([{'params': [network.encoder.word.weight], 'rate': a.encoder_rate}],
                                                            lr=a.encoder_rate, betas=(.9, .98))
    dense = [q for n, q in network.named_parameters() if n != 'encoder.word.weight' and q.requires_grad]
    average = {k: v.detach().clone() for k, v in network.state_dict().items()}
    low = None
    step, seen, spent, counts = 0, 0, 0., {}
    if c and c['finished']:
        print('this training is finished', flush=True)
        return
    if c:
        network.load_state_dict(c['state'])
        optimizer.load_state_dict(c['optimizer'])
        if rows:
            rows.load_state_dict(c['rows'])
        average, step, seen, spent, counts = c['average'], c['step'], c['seen'], c['spent'], c['counts']
        print(f'resumed at step {step}', flush=True)
    if half:
        low = Half(network)
    state_of = low.state if low else network.state_dict

    def average_network():
        other = models.Network(models.CONFIGS[a.size], tagsets, sizes=models.SIZES[a.size]).to(device)
        other.load_state_dict(average)
        return other.bfloat16() if half else other

    started = saved = shown = time.time()
    before, sums, shown_seen, next_score = spent, {}, seen, a.evaluate_every or float('inf')
    finished = False
    while not finished:
        if a.threads_when_free:
            torch.set_num_threads(free_threads(a.threads, a.threads_when_free))
        batch, first = to_tensors(first or next(stream), device), None
        spent = before + time.time() - started
        progress = max(seen / a.wordpieces, spent / (60 * a.minutes))
        finished = progress >= 1
        factor = min(1., (step + 1) / a.warmup) * max(0., 1 - progress)
        for g in optimizer.param_groups + (rows.param_groups if rows else []):
            g['lr'] = g['rate'] * factor
        with torch.autocast(device, torch.bfloat16, enabled=device == 'cuda' or BF16):
            h = network.encode(batch)
            losses = network.losses(batch, h)
            total = 0.
            for name, (loss, n) in losses.items():
                counts[name] = .98 * counts.get(name, n) + .02 * n
                total = total + WEIGHTS[name] * loss / max(n, .5 * counts[name])
                s = sums.setdefault(name, [0., 0])
                s[0] = s[0] + loss.detach()
                s[1] += n
            if teachers:
                with torch.no_grad():
                    soft = [teachers[0].soft(batch, teachers[0].encode(batch))]
                    soft += [t.soft(batch, t.encode(batch), soft[0]['heads']) for t in teachers[1:]]
                distance = soft_loss(network.soft(batch, h, soft[0]['heads']), soft)
                total = HARD_SHARE * total + distance
                s = sums.setdefault('soft', [0., 0])
                s[0] = s[0] + distance.detach()
                s[1] += 1
        total.backward()
        if low and not a.only:
            low.take_gradients()
        torch.nn.utils.clip_grad_norm_(dense, 1.)
        optimizer.step()
        if rows:
            rows.step()
        if low and not a.only:
            low.update()
        network.zero_grad(set_to_none=True)
        step += 1
        seen += len(batch['ids'])
        if step % 20 == 0 or finished:
            decay = min(.94, step / (step + 200))       # about the last 330 steps
            with torch.no_grad():
                torch._foreach_lerp_(list(average.values()), [v for v in state_of().values()], 1 - decay)
        now = time.time()
        if step % 50 == 0 or finished:
            line = ' '.join(f'{k} {float(s) / max(n, 1):.3f}' for k, (s, n) in sums.items())
            print(f'{step} {progress:.3f} {spent / 60:.1f} min {(seen - shown_seen) / (now - shown):.0f}/s | {line}', flush=True)
            sums, shown, shown_seen = {}, now, seen
        if progress >= next_score or finished and a.evaluate_every:
            print(f'dev at {progress:.2f}:', development(average_network(), a.packed, wordpiece, device), flush=True)
            next_score += a.evaluate_every
        if now - saved > a.save_every or finished:
            state = {'optimizer': optimizer.state_dict(), 'rows': rows.state_dict() if rows else {}} if not finished else {}
            models.save(path, network, state_of(), average=average, step=step, seen=seen, spent=before + now - started, counts=counts, finished=finished, **state)
            saved = now


if __name__ == '__main__':
    main()
    for child in multiprocessing.active_children():      # they wait with a full pipe
        child.kill()
    os._exit(0)
