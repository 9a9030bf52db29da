"""From text to annotation with a checkpoint: what src/text and src/nn do in C++, in PyTorch and in fp32."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch

import data
import units

LINK_REACH = 400      # words
CLITICS = frozenset(("'s", "'m", "'re", "'ve", "'ll", "'d", "n't"))
SPLIT_WORDS = frozenset((('can', 'not'), ('gon', 'na'), ('got', 'ta'), ('wan', 'na'), ('lem', 'me'), ('gim', 'me'), ('n', 'no')))


@dataclass
class Analysis:
    units: units.Units
    h: torch.Tensor                       # [units, width]
    boundary: np.ndarray                  # 0 I, 1 W, 2 S
    words: np.ndarray                     # first unit of each word
    spans: list[tuple[int, int]]          # code points of each word
    sentences: list[tuple[int, int]]      # word ranges
    tags: dict[str, list[str]] = field(default_factory=dict)
    heads: np.ndarray | None = None       # word index in the document, -1 root
    deprels: list[str] = field(default_factory=list)


def encode(network, wordpiece, a: units.Units, batch: int = 8) -> torch.Tensor:
    """h of every unit, from the window whose core holds it."""
    pieces = a.pieces
    d = {'ids': np.array([i for x in a.ids for i in x], np.int64), 'piece_start': np.concatenate([[0], np.cumsum(pieces)]),
         'shape': np.array(a.shapes), 'space': np.array(a.spaces)}
    cores = units.cut_cores(pieces, a.spaces, a.safe)
    out = torch.zeros(len(pieces), network.encoder.config.width)
    for k in range(0, len(cores), batch):
        group = cores[k:k + batch]
        windows = [(d, *units.window_of(c, pieces)) for c in group]
        arrays = data.collate(windows, wordpiece, None, labels=False)
        with torch.no_grad():
            h = network.encode({key: v if key == 'lengths' else torch.from_numpy(v) for key, v in arrays.items()})
        at = 0
        for (x, y), (_, first, last) in zip(group, windows):
            out[x:y] = h[at + x - first:at + y - first]
            at += last - first
    return out


def viterbi(scores: np.ndarray, tags: list[str]) -> np.ndarray:
    """Best legal BIO sequence for log-softmax scores [words, tags]: I only after B or I of its type."""
    s = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    legal = np.array([[not t.startswith('I') or (p != 'O' and p[1:] == t[1:]) for t in tags] for p in tags])
    penalty = np.where(legal, 0, -np.inf)
    best = s[0] + np.where([t.startswith('I') for t in tags], -np.inf, 0)
    back = np.zeros(s.shape, np.int64)
    for i in range(1, len(s)):
        m = best[:, None] + penalty
        back[i] = m.argmax(0)
        best = m.max(0) + s[i]
    path = np.zeros(len(s), np.int64)
    path[-1] = best.argmax()
    for i in range(len(s) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def bio_spans(path: np.ndarray, tags: list[str]) -> list[tuple[int, int, str]]:
    """(first, last, type) of the spans of a legal BIO sequence."""
    out: list[tuple[int, int, str]] = []
    for i, t in enumerate(path):
        tag = tags[t]
        if tag[0] == 'B':
            out.append((i, i, tag[2:]))
        elif tag[0] == 'I':
            out[-1] = (out[-1][0], i, out[-1][2])
    return out


def _is_tree(heads: np.ndarray) -> bool:
    """heads [n] with columns 1..n for words, 0 for the root."""
    if (heads == 0).sum() != 1:
        return False
    for start in range(len(heads)):
        k, steps = start, 0
        while heads[k] != 0:
            k = heads[k] - 1
            steps += 1
            if steps > len(heads):
                return False
    return True


def _edmonds(score: np.ndarray) -> np.ndarray:
    """Maximum arborescence of score[dependent, head] over nodes 0..n, 0 the root: head of each node (of 0: -1)."""
    n = len(score)
    score = score.copy()
    np.fill_diagonal(score, -np.inf)
    heads = score.argmax(1)
    heads[0] = -1
    colour = np.zeros(n, np.int64)
    cycle: list[int] = []
    for start in range(1, n):
        k, path = start, []
        while k > 0 and not colour[k]:
            colour[k] = start + 1
            path.append(k)
            k = heads[k]
        if k > 0 and colour[k] == start + 1 and k in path:
            cycle = path[path.index(k):]
            break
    if not cycle:
        return heads
    rest = [k for k in range(n) if k not in cycle]
    loss = {k: score[k, heads[k]] for k in cycle}
    m = len(rest)
    smaller = np.full((m + 1, m + 1), -np.inf)
    smaller[:m, :m] = score[np.ix_(rest, rest)]
    into = np.array([[score[c, r] - loss[c] for r in rest] for c in cycle])
    outof = np.array([[score[r, c] for c in cycle] for r in rest])
    smaller[m, :m] = into.max(0)
    smaller[:m, m] = outof.max(1)
    smaller[0, :] = -np.inf
    found = _edmonds(smaller)
    out = np.full(n, -1)
    for i, r in enumerate(rest):
        if r:
            h = found[i]
            out[r] = cycle[int(outof[i].argmax())] if h == m else rest[h]
    for c in cycle:
        out[c] = heads[c]
    entry = cycle[int(into[:, found[m]].argmax())]
    out[entry] = rest[found[m]]
    return out


def tree(scores: np.ndarray) -> np.ndarray:
    """Heads [n] (0 root, else word + 1) from scores [n, n + 1]: argmax, else the best tree with a single root."""
    scores = scores.copy()
    n = len(scores)
    scores[np.arange(n), np.arange(n) + 1] = -1e9
    heads = scores.argmax(1)
    if _is_tree(heads):
        return heads
    full = np.full((n + 1, n + 1), -1e9)
    full[1:] = scores
    heads = _edmonds(full)[1:]
    if (heads == 0).sum() == 1:
        return heads
    best, best_score = None, -np.inf
    for root in np.argsort(-scores[:, 0])[:8] if n > 8 else range(n):      # the likeliest roots
        one = full.copy()
        one[1:, 0] = -1e9
        one[root + 1, 0] = scores[root, 0]
        found = _edmonds(one)[1:]
        total = scores[np.arange(n), found].sum()
        if (found == 0).sum() == 1 and total > best_score:
            best, best_score = found, total
    return best


def analyse(network, wordpiece, text: str) -> Analysis:
    """Words and sentences of a raw text."""
    a = units.analyse(text, wordpiece)
    h = encode(network, wordpiece, a)
    with torch.no_grad():
        scores = network.boundary(h).numpy()
    spaces = np.array(a.spaces)
    scores[spaces > 0, 0] = -1e9
    boundary = scores.argmax(1)
    boundary[spaces == units.SPACE_PARAGRAPH] = 2
    return segment(a, h, boundary)


def segment(a: units.Units, h, boundary: np.ndarray) -> Analysis:
    words = np.flatnonzero(boundary)
    ends = [*words[1:], len(boundary)]
    spans = [(a.spans[i][0], a.spans[j - 1][1]) for i, j in zip(words, ends)]
    starts = np.flatnonzero(boundary[words] == 2)
    sentences = list(zip(starts.tolist(), [*starts[1:].tolist(), len(words)]))
    return Analysis(a, h, boundary, words, spans, sentences)


def parse(network, text: str, x: Analysis) -> None:
    """Fills tags, heads and labels."""
    hw = x.h[x.words]
    with torch.no_grad():
        for k in ('upos', 'xpos', 'feats', 'lemma'):
            best = network.tags[k](hw).argmax(1).tolist()
            x.tags[k] = [network.tagsets[k][i] for i in best]
        x.tags['lemma'] = [data.apply_script(text[a:b], s) for (a, b), s in zip(x.spans, x.tags['lemma'])]
        x.heads = np.full(len(x.words), -1)
        for a, b in x.sentences:
            heads = tree(network.arcs(hw[a:b]).numpy())
            x.heads[a:b] = np.where(heads == 0, -1, heads - 1 + a)
        labels = network.rels(hw, torch.arange(len(hw)), torch.from_numpy(x.heads))
        names = network.tagsets['deprel']
        root = names.index('root')
        free = labels.clone()
        free[:, root] = -1e9
        x.deprels = ['root' if h < 0 else names[int(i)] for h, i in zip(x.heads, free.argmax(1))]


def spans_of(network, x: Analysis, key: str) -> list[tuple[int, int, str]]:
    """Spans of one tagger as (first word, last word, type)."""
    if not len(x.words):
        return []
    tags = network.tagsets.get(key) or ['O', 'B-' + key, 'I-' + key]
    with torch.no_grad():
        scores = network.taggers[key](x.h[x.words], network.dropout).numpy()
    return bio_spans(viterbi(scores, tags), tags)


def attributions(network, x: Analysis, gold: dict[str, list[tuple[int, int]]] | None = None) -> list[dict]:
    """Attributions as word spans: found fragments (or the ones given), linked (docs/model.md section 6)."""
    found = gold or {k: [(a, b) for a, b, _ in spans_of(network, x, k)] for k in ('source', 'cue', 'content')}
    n = len(x.words)
    number = np.zeros(n, np.int64)
    for k, (a, b) in enumerate(x.sentences):
        number[a:b] = k
    quote = np.zeros(n, np.int64)
    for i, (a, b) in enumerate(x.spans):
        quote[i] = data.MARK_OF.get(x.units.strings[x.words[i]], 0)
    d = {'word_of': np.arange(n), 'sentence': number, 'mark': quote}
    hw = x.h[x.words]
    chosen = {}
    for name, froms, tos in (('cc', 'content', 'cue'), ('cs', 'cue', 'source')):
        for f in found[froms]:
            near = [c for c in found[tos] if max(c[0] - f[1], f[0] - c[1]) - 1 <= LINK_REACH]
            features = np.array([[data.pair_features(d, f, c, found['cue'], found['source']) for c in near]],
                                np.float32).reshape(1, len(near), 15)
            with torch.no_grad():
                s = network.links(hw, name, torch.tensor([f]), torch.tensor([near], dtype=torch.int64).reshape(1, len(near), 2),
                                  torch.from_numpy(features))
            k = int(s[0].argmax())
            chosen[name, f] = near[k - 1] if k else None
    out = []
    for cue in found['cue']:
        content = [f for f in found['content'] if chosen['cc', f] == cue]
        source = chosen['cs', cue]
        if content:
            out.append({'source': [source] if source else [], 'cue': [cue], 'content': content})
    out += [{'source': [], 'cue': [], 'content': [f]} for f in found['content'] if chosen['cc', f] is None]
    return out


def multiword_tokens(text: str, x: Analysis) -> list[tuple[int, int]]:
    """Ranges of words (half-open) that make one token (docs/model.md section 9)."""
    out: list[tuple[int, int]] = []
    for i in range(1, len(x.spans)):
        (a, b), (c, d) = x.spans[i - 1], x.spans[i]
        if b != c or x.boundary[x.words[i]] == 2:
            continue
        before, here = (w.lower().replace('\u2019', "'") for w in (text[a:b], text[c:d]))
        if here in CLITICS or (here == "'" and x.tags['upos'][i] == 'PART') or (before, here) in SPLIT_WORDS:
            if out and out[-1][1] == i:
                out[-1] = (out[-1][0], i + 1)
            else:
                out.append((i - 1, i + 1))
    return out


def conllu(text: str, x: Analysis) -> str:
    """CoNLL-U of a parsed text."""
    joined = dict(multiword_tokens(text, x))
    lines = []
    for number, (a, b) in enumerate(x.sentences, 1):
        lines += [f'# sent_id = {number}', '# text = ' + ' '.join(text[x.spans[a][0]:x.spans[b - 1][1]].split())]
        until = 0
        for i in range(a, b):
            glued = i + 1 < len(x.spans) and x.spans[i][1] == x.spans[i + 1][0]
            if i in joined:
                until = joined[i]
                last = until - 1
                tight = last + 1 < len(x.spans) and x.spans[last][1] == x.spans[last + 1][0]
                form = text[x.spans[i][0]:x.spans[last][1]]
                lines.append(f'{i - a + 1}-{last - a + 1}\t{form}' + '\t_' * 7 + ('\tSpaceAfter=No' if tight else '\t_'))
            s, e = x.spans[i]
            row = [str(i - a + 1), text[s:e], x.tags['lemma'][i], x.tags['upos'][i], x.tags['xpos'][i], x.tags['feats'][i],
                   str(x.heads[i] - a + 1) if x.heads[i] >= 0 else '0', x.deprels[i], '_',
                   'SpaceAfter=No' if glued and i >= until else '_']
            lines.append('\t'.join(row))
        lines.append('')
    return '\n'.join(lines) + '\n'
