"""The network: encoder and heads of docs/model.md sections 3 to 7.

Tokens of all windows stand in one row [N, width]; only attention looks at windows. Heads read h at units' first wordpieces.
"""
from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WORD_TAGS = ('upos', 'xpos', 'feats', 'lemma')
SPAN_TAGS = ('names', 'polnames', 'source', 'cue', 'content')
EVENT_TAGS = ('mode', 'factuality', 'status', 'stance')      # linear, on triggers and first words of cues
LINK, PAIR_FEATURES, COREF_BUCKETS = 64, 15, 10


@dataclass
class HeadSizes:
    """Hidden sizes of the heads; the file does not name them, they show in the shapes of its tensors."""
    arc: int = 256
    rel: int = 100
    tagger: int = 128
    link: int = 128
    coref: int = 128
    role: int = 128
    roles: int = 8       # data.ROLES


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


CONFIGS = {'minilm': Config(),
           'mpnet': Config(layers=12, width=768, ffn=3072, positions='relative-mpnet', layer_norm_eps=1e-5)}
# a little smaller where the rows are twice as wide: the file of `accurate` has to stay below 100 MB
SIZES = {'minilm': HeadSizes(), 'mpnet': HeadSizes(arc=208, rel=76, tagger=104, coref=112, role=112)}
SIZED = {'arc': 'arc_dep.weight', 'rel': 'rel_dep.weight', 'link': 'link_cc.weight', 'coref': 'coref_m.weight', 'role': 'role_trigger.weight', 'roles': 'role_u'}


def sizes_of(tensors, tagger: str) -> HeadSizes:
    """Hidden sizes from the shapes of tensors; `tagger` names the matrix of one."""
    return HeadSizes(**{k: tensors[t].shape[0] for k, t in (*SIZED.items(), ('tagger', tagger)) if t in tensors})


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


def pick(x: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Rows of x [N, D] for an index of any shape. Unlike x[index] its gradient needs no sorting, which is slow on a GPU."""
    return x.index_select(0, index.reshape(-1)).view(*index.shape, x.shape[-1])


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
        qkv = self.qkv(x)
        padded = qkv.new_zeros(b * t, 3 * width).index_copy(0, place, qkv)
        q, k, v = padded.view(b, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(b * t, width)
        x = self.ln1(x + self.out(a.index_select(0, place)))
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
        self.frozen = 0

    def freeze(self, layers: int) -> None:
        """Training leaves the embeddings and the lowest `layers` as they are, and computes no gradients for them."""
        self.frozen = layers
        if layers:
            for part in (self.word, self.position, self.shape, self.space, self.ln, *self.layers[:layers]):
                part.requires_grad_(False)
            if self.relative is not None:
                self.relative.requires_grad_(False)

    def forward(self, ids, shapes, spaces, lengths: np.ndarray, dropout: float = 0.):
        """ids, shapes, spaces [N] over windows of `lengths` [B] wordpieces -> [N, width]. Layers may be in half precision."""
        device, dtype = ids.device, self.layers[0].qkv.weight.dtype
        b, t = len(lengths), -(-int(lengths.max()) // 8) * 8      # fast attention on a GPU wants rows of eights
        row = np.repeat(np.arange(b), lengths)
        position = np.arange(len(row)) - (np.cumsum(lengths) - lengths)[row]
        place, position = (torch.from_numpy(x).to(device, non_blocking=True) for x in (row * t + position, position))
        real = torch.from_numpy(np.arange(t)[None, :] < lengths[:, None]).to(device, non_blocking=True)
        bias = torch.zeros(b, 1, 1, t, device=device).masked_fill(~real[:, None, None, :], -1e9)
        if self.relative is not None:
            bias = bias + (self._bucket_rows(t, device).to(self.relative.weight.dtype) @ self.relative.weight).view(t, t, -1).permute(2, 0, 1)[None]
        x = self.word(ids) + self.position(position + self.config.position_offset) + self.shape(shapes) + self.space(spaces)
        x = F.dropout(self.ln(x), dropout, self.training)
        # autocast would turn the weights of layers in half precision at every step, and norms back
        with torch.autocast(device.type, enabled=dtype == torch.float32 and torch.is_autocast_enabled(device.type)):
            x, bias = x.to(dtype), bias.to(dtype)
            for i, layer in enumerate(self.layers):
                with torch.set_grad_enabled(torch.is_grad_enabled() and i >= self.frozen):
                    x = layer(x, place, (b, t), bias)
        return self.head_ln(x.to(self.head_ln.weight.dtype))

    def _bucket_rows(self, t: int, device) -> torch.Tensor:
        """One-hot rows [t·t, 32] of the buckets: a product with them needs no sorting for its gradient."""
        known = self.__dict__.setdefault('_known_buckets', {})
        if (t, device) not in known:
            known[t, device] = F.one_hot(relative_buckets(t), 32).float().view(t * t, 32).to(device)
        return known[t, device]


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
        self.has_events = 'event' in tagsets
        if self.has_events:
            self.taggers['event'] = Tagger(w, z.tagger, len(tagsets['event']))
            self.tags.update({k: nn.Linear(w, len(tagsets[k])) for k in EVENT_TAGS if k in tagsets})
            self.role_trigger, self.role_mention = nn.Linear(w, z.role), nn.Linear(w, z.role)
            self.role_u = nn.Parameter(torch.randn(z.roles, z.role + 1, z.role) * z.role ** -.5)

    def encode(self, batch):
        """h [units, width]: head_ln output at each unit's first wordpiece."""
        x = self.encoder(batch['ids'], batch['shapes'], batch['spaces'], batch['lengths'], self.encoder_dropout)
        return self.dropout(x.index_select(0, batch['firsts']))

    def arcs(self, h):
        """h [..., W, width] -> [..., W, W + 1] scores of heads; column 0 is the root."""
        dep = self.dropout(F.gelu(self.arc_dep(h)))
        head = self.dropout(F.gelu(self.arc_head(h)))
        root = self.arc_root.expand(*head.shape[:-2], 1, -1)
        return (dep @ self.arc_u[:-1] + self.arc_u[-1]) @ torch.cat([root, head], -2).transpose(-1, -2)

    def sentence_arcs(self, h, units, sentence):
        """Scores [B, W, W + 1] of heads within each word's sentence; units [B, W] (-1 padding), sentence [B, W]."""
        allowed = (sentence[:, :, None] == sentence[:, None, :]) & (units >= 0)[:, None, :]
        allowed = torch.cat([torch.ones_like(allowed[..., :1]), allowed], -1)
        return self.arcs(pick(h, units.clamp(min=0))).masked_fill(~allowed, -1e9)

    def rels(self, h, units, heads):
        """Labels [k, L] of the arcs units [k] -> heads [k] (unit numbers, -1 root)."""
        dep = self.dropout(F.gelu(self.rel_dep(pick(h, units))))
        head = self.dropout(F.gelu(self.rel_head(pick(h, heads.clamp(min=0)))))
        head = torch.where(heads[:, None] < 0, self.rel_root, head)
        one = dep.new_ones(len(dep), 1)
        dep, head = torch.cat([dep, one], 1), torch.cat([head, one], 1)
        labels, d, _ = self.rel_u.shape
        left = (dep @ self.rel_u.permute(1, 0, 2).reshape(d, labels * d)).view(-1, labels, d)
        return (left * head[:, None, :]).sum(-1)

    def fragments(self, h, spans):
        """spans [..., 2] of units -> [..., 128]."""
        return torch.cat([self.link_p(pick(h, spans[..., 0])), self.link_p(pick(h, spans[..., 1]))], -1)

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
        return (m @ self.coref_u[:-1] + self.coref_u[-1]) @ a.transpose(-1, -2) + F.one_hot(bucket, COREF_BUCKETS).to(m.dtype) @ self.coref_dist.to(m.dtype)

    def roles(self, trigger, mention):
        """trigger, mention [k, width] -> logits [k, 8], one for each of data.ROLES"""
        t = self.dropout(F.gelu(self.role_trigger(trigger)))
        m = self.dropout(F.gelu(self.role_mention(mention)))
        return torch.stack([((t @ u[:-1] + u[-1]) * m).sum(-1) for u in self.role_u], -1)

    def losses(self, batch, h=None) -> dict[str, tuple[torch.Tensor, int]]:
        """Each head's summed loss and over how many labels."""
        h = self.encode(batch) if h is None else h
        out = {}

        def classify(heads):
            at = batch['at_' + next(iter(heads))]        # heads that share their labelled units
            if len(at) == 0:
                return
            x = pick(h, at)
            for name, scores in heads.items():
                if n := batch['counts'][name]:
                    gold = batch[name].index_select(0, at)
                    out[name] = (F.cross_entropy(scores(x).float(), gold, ignore_index=-1, reduction='sum'), n)

        classify({'boundary': self.boundary})
        classify({k: self.tags[k] for k in WORD_TAGS})
        for family in (('names',), ('polnames',), ('source', 'cue', 'content')):
            classify({k: lambda x, k=k: self.taggers[k](x, self.dropout) for k in family})
        if self.has_events:
            classify({'event': lambda x: self.taggers['event'](x, self.dropout)})
            classify({k: self.tags[k] for k in ('mode', 'factuality', 'status') if k in self.tags})
            classify({'stance': self.tags['stance']})
            if len(batch['roles']):
                t, m, at = batch['roles'][:, 0], batch['roles'][:, 1], batch['at_role']
                s = self.roles(pick(h, t), pick(h, m)).flatten().index_select(0, at).float()
                gold = batch['roles'][:, 2:].flatten().index_select(0, at).float()
                out['role'] = (F.binary_cross_entropy_with_logits(s, gold, reduction='sum'), len(s))
        if len(at := batch['at_fact']):
            out['fact'] = (F.smooth_l1_loss(self.fact(pick(h, at))[:, 0].float(), batch['fact'].index_select(0, at), reduction='sum'), len(at))
        if batch['tree_units'].numel():
            self._tree_losses(h, batch, out)
        for name in ('cc', 'cs'):
            if len(batch[f'{name}_right']):
                s = self.links(h, name, *(batch[f'{name}_{k}'] for k in ('fragment', 'candidates', 'features')))
                out[name] = (F.cross_entropy(s.float(), batch[f'{name}_right'], reduction='sum'), len(s))
        if batch['mention_units'].numel():
            units, chain = batch['mention_units'], batch['mention_chain']
            x = pick(h, units.clamp(min=0))
            s = self.coref(x, x, batch['mention_bucket']).float()
            earlier = torch.ones(s.shape[1:], dtype=torch.bool, device=s.device).tril(-1) & (units >= 0)[:, None, :]
            same = earlier & (chain[:, :, None] == chain[:, None, :])
            none = s.new_zeros(*s.shape[:2], 1)
            everything = torch.cat([none, s.masked_fill(~earlier, -1e9)], -1).logsumexp(-1)
            right = torch.cat([none.masked_fill(same.any(-1, keepdim=True), -1e9), s.masked_fill(~same, -1e9)], -1).logsumexp(-1)
            out['coref'] = (torch.where(units >= 0, everything - right, 0.).sum(), len(batch['at_mention']))
        if len(batch['pair_same']):
            u = batch['pair_units']
            s = self.coref(pick(h, u[:, :1]), pick(h, u[:, 1:]), batch['pair_bucket'][:, None, None])[:, 0, 0].float()
            out['gap'] = (F.binary_cross_entropy_with_logits(s, batch['pair_same'], reduction='sum'), len(s))
        return out

    def soft(self, batch, h, heads=None) -> dict[str, torch.Tensor]:
        """Log-probabilities of every head on every word of the batch, labelled or not, for distillation; `heads` [B, W] are the arcs
        whose labels are asked for (default: its own best)."""
        words = pick(h, batch['at_word'])
        out = {'boundary': self.boundary(h)} | {k: self.tags[k](words) for k in WORD_TAGS}
        out |= {k: t(words, self.dropout) for k, t in self.taggers.items()}
        for k in EVENT_TAGS if self.has_events else ():
            if k not in self.tags:
                continue
            at = pick(h, batch['at_act' if k != 'stance' else 'at_stance'])
            if len(at):
                out[k] = self.tags[k](at)
        units = batch['tree_units']
        arcs = self.sentence_arcs(h, units, batch['tree_sentence'])
        real = batch['at_tree']
        flat = lambda x: x.reshape(-1, *x.shape[2:]).index_select(0, real)      # noqa: E731
        out['arc'] = flat(arcs)
        heads = arcs.argmax(-1) if heads is None else heads
        governors = torch.gather(torch.cat([torch.full_like(units[:, :1], -1), units], 1), 1, heads)
        out['rel'] = self.rels(h, flat(units), flat(governors))
        for name in ('cc', 'cs'):
            if len(batch[f'{name}_right']):
                out[name] = self.links(h, name, *(batch[f'{name}_{k}'] for k in ('fragment', 'candidates', 'features')))
        if batch['mention_units'].numel():
            m = batch['mention_units']
            x = pick(h, m.clamp(min=0))
            s = self.coref(x, x, batch['mention_bucket'])
            earlier = torch.ones(s.shape[1:], dtype=torch.bool, device=s.device).tril(-1) & (m >= 0)[:, None, :]
            s = torch.cat([s.new_zeros(*s.shape[:2], 1), s.masked_fill(~earlier, -1e9)], -1)
            out['coref'] = s.flatten(0, 1).index_select(0, batch['at_mention'])
        out = {k: v.float().log_softmax(-1) for k, v in out.items()}
        if self.has_events and len(batch['roles']):
            s = self.roles(pick(h, batch['roles'][:, 0]), pick(h, batch['roles'][:, 1])).flatten().index_select(0, batch['at_role']).float()
            out['role'] = torch.stack([F.logsigmoid(-s), F.logsigmoid(s)], -1)
        out['fact'] = self.fact(words)[:, 0].float()
        return out | {'heads': heads}

    def _tree_losses(self, h, batch, out) -> None:
        units, sentence, head = batch['tree_units'], batch['tree_sentence'], batch['tree_head']
        s = self.sentence_arcs(h, units, sentence)
        at, labelled = batch['at_arc'], batch['at_rel']
        if len(at):
            out['arc'] = (F.cross_entropy(s.flatten(0, 1).index_select(0, at).float(), head.flatten().index_select(0, at), reduction='sum'), len(at))
        if len(labelled):
            heads = torch.gather(torch.cat([torch.full_like(units[:, :1], -1), units], 1), 1, head.clamp(min=0))
            u, hd = (x.flatten().index_select(0, labelled) for x in (units, heads))
            gold = batch['deprel'].index_select(0, u)
            out['rel'] = (F.cross_entropy(self.rels(h, u, hd).float(), gold, reduction='sum'), len(labelled))


def load_pretrained(network: Network, folder: str) -> None:
    """Weights of a BERT-like or MPNet sentence encoder (`model.safetensors`) into the encoder; the first positions only. MPNet's word
    embeddings are put into the order of BERT's vocabulary, which is its own but for the special pieces."""
    from safetensors.torch import load_file
    source = load_file(os.path.join(folder, 'model.safetensors'))
    e = network.encoder
    mpnet = e.relative is not None
    names = {'query': 'attention.attn.q', 'key': 'attention.attn.k', 'value': 'attention.attn.v', 'out': 'attention.attn.o',
             'ln1': 'attention.LayerNorm'} if mpnet else \
            {'query': 'attention.self.query', 'key': 'attention.self.key', 'value': 'attention.self.value', 'out': 'attention.output.dense',
             'ln1': 'attention.output.LayerNorm'}
    with torch.no_grad():
        word, positions = source['embeddings.word_embeddings.weight'], source['embeddings.position_embeddings.weight']
        if mpnet:
            order = torch.arange(e.config.vocab_size) + 4
            order[[0, 101, 102, 103]] = torch.tensor([1, 0, 2, len(word) - 1])      # [PAD] [CLS] [SEP] [MASK]
            word, positions = word[order], positions[2:]
            e.relative.weight.copy_(source['encoder.relative_attention_bias.weight'])
        else:
            positions = positions + source['embeddings.token_type_embeddings.weight'][0]
        e.word.weight.copy_(word)
        e.position.weight.copy_(positions[:len(e.position.weight)])
        e.ln.weight.copy_(source['embeddings.LayerNorm.weight'])
        e.ln.bias.copy_(source['embeddings.LayerNorm.bias'])
        for i, layer in enumerate(e.layers):
            for kind in ('weight', 'bias'):
                get = lambda name: source[f'encoder.layer.{i}.{name}.{kind}']      # noqa: B023, E731
                getattr(layer.qkv, kind).copy_(torch.cat([get(names[x]) for x in ('query', 'key', 'value')]))
                for ours, theirs in (('out', names['out']), ('ln1', names['ln1']), ('ffn1', 'intermediate.dense'),
                                     ('ffn2', 'output.dense'), ('ln2', 'output.LayerNorm')):
                    getattr(getattr(layer, ours), kind).copy_(get(theirs))


def from_file(path: str) -> Network:
    """A network with the weights of an exported file."""
    import export
    header, tensors = export.read(path)
    network = Network(Config(**header['config']), header['tagsets'], sizes=sizes_of(tensors, 'cue.mlp.weight'))
    export.restore(network, path)
    return network.eval()


PACKED_ENCODER = 'encoder.npz'


def pack_encoder(network: Network, path: str, word_bits: int = 8) -> None:
    """Writes the encoder small, to be carried to another machine: matrices as int8 with a scale a row, the rest as float16."""
    arrays = {}
    for name, p in network.encoder.state_dict().items():
        if p.dim() == 2 and p.numel() > 10000:
            q, scale = quantise_rows(p, word_bits if name == 'word.weight' else 8)
            arrays[name], arrays[name + ':scale'] = q.numpy().astype('int8'), scale.numpy()
        else:
            arrays[name] = p.numpy().astype('float16')
    import numpy as np
    np.savez_compressed(path, **arrays)


def unpack_encoder(network: Network, folder: str) -> None:
    import numpy as np
    arrays = np.load(os.path.join(folder, PACKED_ENCODER))
    state = {k: torch.from_numpy(arrays[k].astype('float32')) * (torch.from_numpy(arrays[k + ':scale'])[:, None] if k + ':scale' in arrays else 1)
             for k in arrays.files if not k.endswith(':scale')}
    network.encoder.load_state_dict(state)


def quantise_rows(weight: torch.Tensor, bits: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Symmetric integers of a few bits with one scale a row, the scale being the one with the least squared error: (q [R, D], scale [R])."""
    top = 2 ** (bits - 1) - 1
    largest = weight.abs().amax(1, keepdim=True).clamp(min=1e-8)
    best, q, scale = torch.full_like(largest, float('inf')), torch.zeros_like(weight), largest / top
    for part in torch.linspace(.4, 1., 25).tolist():
        s = largest * part / top
        tried = (weight / s).round().clamp(-top, top)
        error = (tried * s - weight).square().sum(1, keepdim=True)
        better = error < best
        best, scale, q = torch.where(better, error, best), torch.where(better, s, scale), torch.where(better, tried, q)
    return q, scale[:, 0]


def save(path: str, network: Network, state: dict, **more) -> None:
    """Writes a checkpoint in one step: a broken run leaves the one before."""
    torch.save({'config': asdict(network.encoder.config), 'tagsets': json.dumps(network.tagsets),
                'state': state, **more}, path + '.new')
    os.replace(path + '.new', path)


def load(path: str, state: str = 'state') -> tuple[Network, dict]:
    checkpoint = torch.load(path, map_location='cpu', weights_only=True)
    weights = checkpoint.get(state) or checkpoint['state']
    network = Network(Config(**checkpoint['config']), json.loads(checkpoint['tagsets']), sizes=sizes_of(weights, 'taggers.cue.mlp.weight'))
    network.load_state_dict(weights)
    return network.eval(), checkpoint
