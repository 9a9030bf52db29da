"""The network: encoder and heads of docs/model.md sections 3 to 7.

Tokens of all windows stand in one row [N, width]; only attention looks at windows. Heads read h at units' first wordpieces.
"""
from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

WORD_TAGS = ('upos', 'xpos', 'feats', 'lemma')
SPAN_TAGS = ('names', 'polnames', 'source', 'cue', 'content')
LINK, PAIR_FEATURES, COREF_BUCKETS = 64, 15, 10


@dataclass
class HeadSizes:
    """Hidden sizes of the heads; the file does not name them, they show in the shapes of its tensors."""
    arc: int = 256
    rel: int = 100
    tagger: int = 128
    link: int = 128
    coref: int = 128


@dataclass
class Config:
    layers: int = 6
    width: int = 384
    heads: int = 12
    ffn: int = 1536
    vocab_size: int = 30522
    positions: str = 'absolute'      # or "relative-mpnet"
    max_positions: int = 192
    position_offset: int = 0
    type_vocab: int = 0              # token type 0 is added into the position embedding
    layer_norm_eps: float = 1e-12
    activation: str = 'gelu'


def relative_buckets(length: int, buckets: int = 32, max_distance: int = 128) -> torch.Tensor:
    """T5-style bidirectional buckets [length, length] of key position minus query position, as MPNet has them."""
    position = torch.arange(length)
    n = -(position[None, :] - position[:, None])
    half = buckets // 2
    out = (n < 0).long() * half
    n = n.abs()
    exact = half // 2
    far = exact + (torch.log(n.clamp(min=1).float() / exact) / math.log(max_distance / exact) * (half - exact)).long()
    return out + torch.where(n < exact, n, far.clamp(max=half - 1))


class Layer(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.heads = c.heads
        self.qkv = nn.Linear(c.width, 3 * c.width)
        self.out = nn.Linear(c.width, c.width)
        self.ffn1 = nn.Linear(c.width, c.ffn)
        self.ffn2 = nn.Linear(c.ffn, c.width)
        self.ln1 = nn.LayerNorm(c.width, c.layer_norm_eps)
        self.ln2 = nn.LayerNorm(c.width, c.layer_norm_eps)

    def forward(self, x, place, shape, bias):
        """x [N, width]; place [N]: row of each token in the padded [B·T]; bias: attention logits to add [B, 1|heads, 1|T, T]."""
        b, t = shape
        width = x.shape[1]
        padded = x.new_zeros(b * t, 3 * width).index_copy(0, place, self.qkv(x))
        q, k, v = padded.view(b, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(b * t, width)
        x = self.ln1(x + self.out(a[place]))
        return self.ln2(x + self.ffn2(F.gelu(self.ffn1(x))))


class Encoder(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.config = c
        self.word = nn.Embedding(c.vocab_size, c.width, sparse=True)
        self.position = nn.Embedding(c.max_positions + c.position_offset, c.width)
        self.shape = nn.Embedding(8, c.width)
        self.space = nn.Embedding(4, c.width)
        for e in (self.shape, self.space):
            nn.init.normal_(e.weight, std=.02)
        self.ln = nn.LayerNorm(c.width, c.layer_norm_eps)
        self.relative = nn.Embedding(32, c.heads) if c.positions == 'relative-mpnet' else None
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.head_ln = nn.LayerNorm(c.width, 1e-5)

    def forward(self, ids, shapes, spaces, lengths, dropout: float = 0.):
        """ids, shapes, spaces [N] over windows of `lengths` [B] wordpieces -> [N, width]."""
        b, t = len(lengths), int(lengths.max())
        row = torch.repeat_interleave(torch.arange(b, device=ids.device), lengths)
        start = torch.cumsum(lengths, 0) - lengths
        position = torch.arange(len(ids), device=ids.device) - start[row]
        place = row * t + position
        real = torch.arange(t, device=ids.device)[None, :] < lengths[:, None]
        bias = torch.zeros(b, 1, 1, t, device=ids.device).masked_fill(~real[:, None, None, :], -1e9)
        if self.relative is not None:
            bias = bias + self.relative(relative_buckets(t).to(ids.device)).permute(2, 0, 1)[None]
        x = self.word(ids) + self.position(position + self.config.position_offset) + self.shape(shapes) + self.space(spaces)
        x = F.dropout(self.ln(x), dropout, self.training)
        for layer in self.layers:
            x = layer(x, place, (b, t), bias.to(x.dtype))
        return self.head_ln(x)


class Tagger(nn.Module):
    """MLP, then linear."""
    def __init__(self, width: int, hidden: int, classes: int):
        super().__init__()
        self.mlp = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, classes)

    def forward(self, h, dropout):
        return self.out(dropout(F.gelu(self.mlp(h))))


class Network(nn.Module):
    def __init__(self, config: Config, tagsets: dict[str, list[str]], dropout: float = 0., encoder_dropout: float = 0.,
                 sizes: HeadSizes | None = None):
        super().__init__()
        z = sizes or HeadSizes()
        self.tagsets, self.encoder_dropout = tagsets, encoder_dropout
        self.encoder = Encoder(config)
        self.dropout = nn.Dropout(dropout)
        w = config.width
        self.boundary = nn.Linear(w, 3)
        self.tags = nn.ModuleDict({k: nn.Linear(w, len(tagsets[k])) for k in WORD_TAGS})
        classes = {'names': len(tagsets['names']), 'polnames': len(tagsets['polnames'])}
        self.taggers = nn.ModuleDict({k: Tagger(w, z.tagger, classes.get(k, 3)) for k in SPAN_TAGS})
        self.arc_dep, self.arc_head = nn.Linear(w, z.arc), nn.Linear(w, z.arc)
        self.arc_root = nn.Parameter(torch.randn(z.arc) * .02)
        self.arc_u = nn.Parameter(torch.randn(z.arc + 1, z.arc) * z.arc ** -.5)
        self.rel_dep, self.rel_head = nn.Linear(w, z.rel), nn.Linear(w, z.rel)
        self.rel_root = nn.Parameter(torch.randn(z.rel) * .02)
        self.rel_u = nn.Parameter(torch.randn(len(tagsets['deprel']), z.rel + 1, z.rel + 1) * (z.rel ** -.5) * .5)
        self.link_p = nn.Linear(w, LINK)
        self.link_cc = nn.Linear(6 * LINK + PAIR_FEATURES, z.link)
        self.link_cs = nn.Linear(6 * LINK + PAIR_FEATURES, z.link)
        self.link_cc_out, self.link_cs_out = nn.Linear(z.link, 1), nn.Linear(z.link, 1)
        self.link_cc_none, self.link_cs_none = nn.Linear(2 * LINK, 1), nn.Linear(2 * LINK, 1)
        self.fact = nn.Linear(w, 1)
        self.coref_m, self.coref_a = nn.Linear(w, z.coref), nn.Linear(w, z.coref)
        self.coref_u = nn.Parameter(torch.randn(z.coref + 1, z.coref) * z.coref ** -.5)
        self.coref_dist = nn.Parameter(torch.zeros(COREF_BUCKETS))

    def encode(self, batch):
        """h [units, width]: head_ln output at each unit's first wordpiece."""
        x = self.encoder(batch['ids'], batch['shapes'], batch['spaces'], batch['lengths'], self.encoder_dropout)
        return self.dropout(x[batch['firsts']])

    def arcs(self, h):
        """h [..., W, width] -> [..., W, W + 1] scores of heads; column 0 is the root."""
        dep = self.dropout(F.gelu(self.arc_dep(h)))
        head = self.dropout(F.gelu(self.arc_head(h)))
        root = self.arc_root.expand(*head.shape[:-2], 1, -1)
        return (dep @ self.arc_u[:-1] + self.arc_u[-1]) @ torch.cat([root, head], -2).transpose(-1, -2)

    def rels(self, h, units, heads):
        """Labels [k, L] of the arcs units [k] -> heads [k] (unit numbers, -1 root)."""
        dep = self.dropout(F.gelu(self.rel_dep(h[units])))
        head = self.dropout(F.gelu(self.rel_head(h[heads.clamp(min=0)])))
        head = torch.where(heads[:, None] < 0, self.rel_root, head)
        one = dep.new_ones(len(dep), 1)
        dep, head = torch.cat([dep, one], 1), torch.cat([head, one], 1)
        labels, d, _ = self.rel_u.shape
        left = (dep @ self.rel_u.permute(1, 0, 2).reshape(d, labels * d)).view(-1, labels, d)
        return (left * head[:, None, :]).sum(-1)

    def fragments(self, h, spans):
        """spans [..., 2] of units -> [..., 128]."""
        return torch.cat([self.link_p(h[spans[..., 0]]), self.link_p(h[spans[..., 1]])], -1)

    def links(self, h, name: str, fragment, candidates, features):
        """Scores [k, 1 + C]: column 0 is none. fragment [k, 2], candidates [k, C, 2] (-1 padding), features [k, C, 15]."""
        f1 = self.fragments(h, fragment)
        none = getattr(self, f'link_{name}_none')(F.gelu(f1))
        if candidates.shape[1] == 0:
            return none
        f2 = self.fragments(h, candidates.clamp(min=0))
        f1 = f1[:, None].expand_as(f2)
        hidden = getattr(self, f'link_{name}')(torch.cat([f1, f2, f1 * f2, features], -1))
        s = getattr(self, f'link_{name}_out')(self.dropout(F.gelu(hidden)))[..., 0]
        return torch.cat([none, s.masked_fill(candidates[..., 0] < 0, -1e9)], 1)

    def coref(self, mention, antecedent, bucket):
        """mention [..., I, width], antecedent [..., M, width], bucket [..., I, M] -> scores [..., I, M]."""
        m = self.dropout(F.gelu(self.coref_m(mention)))
        a = self.dropout(F.gelu(self.coref_a(antecedent)))
        return (m @ self.coref_u[:-1] + self.coref_u[-1]) @ a.transpose(-1, -2) + self.coref_dist[bucket]

    def losses(self, batch) -> dict[str, tuple[torch.Tensor, int]]:
        """Each head's summed loss and over how many labels."""
        h = self.encode(batch)
        out = {}

        def classify(heads):
            keep = batch[next(iter(heads))] >= 0        # heads that share their labelled units
            x = h[keep]
            for name, scores in heads.items():
                gold = batch[name][keep]
                n = int((gold >= 0).sum())
                if n:
                    out[name] = (F.cross_entropy(scores(x), gold, ignore_index=-1, reduction='sum'), n)

        classify({'boundary': self.boundary})
        classify({k: self.tags[k] for k in WORD_TAGS})
        for family in (('names',), ('polnames',), ('source', 'cue', 'content')):
            classify({k: lambda x, k=k: self.taggers[k](x, self.dropout) for k in family})
        known = ~torch.isnan(batch['fact'])
        if known.any():
            out['fact'] = (F.smooth_l1_loss(self.fact(h[known])[:, 0], batch['fact'][known], reduction='sum'), int(known.sum()))
        if batch['tree_units'].numel():
            self._tree_losses(h, batch, out)
        for name in ('cc', 'cs'):
            if len(batch[f'{name}_right']):
                s = self.links(h, name, *(batch[f'{name}_{k}'] for k in ('fragment', 'candidates', 'features')))
                out[name] = (F.cross_entropy(s, batch[f'{name}_right'], reduction='sum'), len(s))
        if batch['mention_units'].numel():
            units, chain = batch['mention_units'], batch['mention_chain']
            x = h[units.clamp(min=0)]
            s = self.coref(x, x, batch['mention_bucket'])
            earlier = torch.ones(s.shape[1:], dtype=torch.bool, device=s.device).tril(-1) & (units >= 0)[:, None, :]
            same = earlier & (chain[:, :, None] == chain[:, None, :])
            none = s.new_zeros(*s.shape[:2], 1)
            everything = torch.cat([none, s.masked_fill(~earlier, -1e9)], -1).logsumexp(-1)
            right = torch.cat([none.masked_fill(same.any(-1, keepdim=True), -1e9), s.masked_fill(~same, -1e9)], -1).logsumexp(-1)
            real = units >= 0
            out['coref'] = ((everything - right)[real].sum(), int(real.sum()))
        if len(batch['pair_same']):
            u = batch['pair_units']
            s = self.coref(h[u[:, :1]], h[u[:, 1:]], batch['pair_bucket'][:, None, None])[:, 0, 0]
            out['gap'] = (F.binary_cross_entropy_with_logits(s, batch['pair_same'], reduction='sum'), len(s))
        return out

    def _tree_losses(self, h, batch, out) -> None:
        units, sentence, head = batch['tree_units'], batch['tree_sentence'], batch['tree_head']
        real = units >= 0
        s = self.arcs(h[units.clamp(min=0)])
        allowed = (sentence[:, :, None] == sentence[:, None, :]) & real[:, None, :]
        allowed = torch.cat([torch.ones_like(allowed[..., :1]), allowed], -1)
        s = s.masked_fill(~allowed, -1e9)
        keep = real & (head >= 0)
        out['arc'] = (F.cross_entropy(s[keep], head[keep], reduction='sum'), int(keep.sum()))
        heads = torch.gather(torch.cat([torch.full_like(units[:, :1], -1), units], 1), 1, head.clamp(min=0))
        u, hd = units[keep], heads[keep]
        gold = batch['deprel'][u]
        known = gold >= 0
        out['rel'] = (F.cross_entropy(self.rels(h, u[known], hd[known]), gold[known], reduction='sum'), int(known.sum()))


def load_pretrained(network: Network, folder: str) -> None:
    """Weights of a BERT-like sentence encoder (`model.safetensors`) into the encoder; the first positions only."""
    from safetensors.torch import load_file
    source = load_file(os.path.join(folder, 'model.safetensors'))
    e = network.encoder
    with torch.no_grad():
        e.word.weight.copy_(source['embeddings.word_embeddings.weight'])
        positions = source['embeddings.position_embeddings.weight'] + source['embeddings.token_type_embeddings.weight'][0]
        e.position.weight.copy_(positions[:len(e.position.weight)])
        e.ln.weight.copy_(source['embeddings.LayerNorm.weight'])
        e.ln.bias.copy_(source['embeddings.LayerNorm.bias'])
        for i, layer in enumerate(e.layers):
            for kind in ('weight', 'bias'):
                get = lambda name: source[f'encoder.layer.{i}.{name}.{kind}']      # noqa: B023, E731
                getattr(layer.qkv, kind).copy_(torch.cat([get(f'attention.self.{x}') for x in ('query', 'key', 'value')]))
                for ours, theirs in (('out', 'attention.output.dense'), ('ln1', 'attention.output.LayerNorm'),
                                     ('ffn1', 'intermediate.dense'), ('ffn2', 'output.dense'), ('ln2', 'output.LayerNorm')):
                    getattr(getattr(layer, ours), kind).copy_(get(theirs))


def save(path: str, network: Network, **more) -> None:
    """Writes a checkpoint in one step: a broken run leaves the one before."""
    torch.save({'config': asdict(network.encoder.config), 'tagsets': json.dumps(network.tagsets),
                'state': network.state_dict(), **more}, path + '.new')
    os.replace(path + '.new', path)


def load(path: str, state: str = 'state') -> tuple[Network, dict]:
    checkpoint = torch.load(path, map_location='cpu', weights_only=True)
    network = Network(Config(**checkpoint['config']), json.loads(checkpoint['tagsets']))
    network.load_state_dict(checkpoint.get(state) or checkpoint['state'])
    return network.eval(), checkpoint
