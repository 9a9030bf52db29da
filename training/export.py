"""Writes a checkpoint as the file that the program reads (docs/model.md section 8), int8 or fp32."""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import struct
import unicodedata
from dataclasses import asdict

import numpy as np

MAGIC, FORMAT, ALIGN = b'RPTDLYM1', 1, 64
CHECKSUM_MASK = (1 << 64) - 1
# matrices kept in int8, besides all of the encoder's layers and embed.word
WIDE = {'upos', 'mode', 'stance', 'status', 'factuality', 'arc_dep', 'arc_head', 'rel_dep', 'rel_head', 'coref_m', 'coref_a', 'xpos', 'feats', 'lemma', 'link_cc', 'link_cs', 'link_p',
        *(f'{k}.mlp' for k in ('names', 'polnames', 'source', 'cue', 'content', 'event')), 'role_trigger', 'role_mention'}


CORPORA = ['UD_English-EWT train (CC BY-SA 4.0)', 'UD_English-GUM train (annotation CC BY 4.0)', 'PolNeAR train (no licence stated)',
           'UNER_English-EWT train, early version (CC BY-SA 4.0)', 'UDS-IH2 train (CC BY-SA 4.0)', 'CrossNER politics train (MIT)',
           'GAP development (Apache-2.0)', 'reportedly passages train (CC BY 4.0)',
           'text alone: WikiEvents train, ECB+ (CC BY 3.0), re3d']


def quantise(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 with one scale a row."""
    scale = np.abs(weight).max(1) / 127
    scale[scale == 0] = 1
    return np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8), scale.astype(np.float32)


def pack4(q: np.ndarray) -> np.ndarray:
    """Integers −8…7 [R, D], D even -> bytes [R, D / 2]: the even column in the low half."""
    u = (q.astype(np.int16) & 15).astype(np.uint8)
    return u[:, 0::2] | (u[:, 1::2] << 4)


def unpack4(packed: np.ndarray) -> np.ndarray:
    out = np.empty((len(packed), 2 * packed.shape[1]), np.int8)
    out[:, 0::2] = ((packed & 15) ^ 8).astype(np.int8) - 8
    out[:, 1::2] = ((packed >> 4) ^ 8).astype(np.int8) - 8
    return out


def useful_rows(vocab: list[str]) -> np.ndarray:
    """Row of each wordpiece in a table without the pieces that English news has no use for: unused ones and letters of other scripts than
    Latin, Greek and Cyrillic; they take the row of [UNK]."""
    rows, n = np.zeros(len(vocab), np.uint16), 0
    useful = [not re.fullmatch(r'\[unused\d+\]', p) and all(
        not c.isalpha() or unicodedata.name(c, '').startswith(('LATIN', 'GREEK', 'CYRILLIC', 'MODIFIER', 'FEMININE', 'MASCULINE', 'MICRO'))
        for c in p) for p in vocab]
    for i, keep in enumerate(useful):
        if keep:
            rows[i], n = n, n + 1
    unknown = rows[vocab.index('[UNK]')]
    return np.where(useful, rows, unknown).astype(np.uint16)


def parameters_of(network) -> dict:
    """The network's parameters under the names of the file."""
    e = network.encoder
    out = {'embed.word': e.word.weight, 'embed.position': e.position.weight, 'embed.shape': e.shape.weight, 'embed.space': e.space.weight}
    if e.relative is not None:
        out['embed.relative'] = e.relative.weight
    modules = {'embed.ln': e.ln}
    for i, layer in enumerate(e.layers):
        modules |= {f'layer.{i}.{k}': getattr(layer, k) for k in ('qkv', 'out', 'ffn1', 'ffn2', 'ln1', 'ln2')}
    modules |= {'head_ln': e.head_ln, 'boundary': network.boundary, **network.tags}
    for k, tagger in network.taggers.items():
        modules |= {k + '.mlp': tagger.mlp, k + '.out': tagger.out}
    modules |= {k: getattr(network, k) for k in (
        'arc_dep', 'arc_head', 'rel_dep', 'rel_head', 'link_p', 'link_cc', 'link_cc_out', 'link_cc_none', 'link_cs', 'link_cs_out',
        'link_cs_none', 'fact', 'coref_m', 'coref_a')}
    if network.has_events:
        modules |= {'role_trigger': network.role_trigger, 'role_mention': network.role_mention}
        out['role_u'] = network.role_u
    for k, m in modules.items():
        out[k + '.weight'], out[k + '.bias'] = m.weight, m.bias
    return out | {k: getattr(network, k) for k in ('arc_u', 'arc_root', 'rel_u', 'rel_root', 'coref_u', 'coref_dist')}


def is_wide(name: str) -> bool:
    if name in ('embed.word', 'embed.position', 'arc_u', 'rel_u', 'role_u', 'coref_u'):
        return True
    stem, _, kind = name.rpartition('.')
    return kind == 'weight' and (stem in WIDE or stem.startswith('layer.') and not stem.endswith(('ln1', 'ln2')))


def checksum64(data: bytes) -> int:
    """Σ wᵢ·(2i+1) mod 2⁶⁴ over the little-endian 64-bit words."""
    words = np.frombuffer(data + b'\0' * (-len(data) % 8), '<u8')
    odd = 2 * np.arange(len(words), dtype=np.uint64) + np.uint64(1)
    with np.errstate(over='ignore'):
        return int((words * odd).sum(dtype=np.uint64)) & CHECKSUM_MASK


def write(path: str, tensors: dict[str, np.ndarray], vocab: list[str], config: dict, tagsets: dict, *, int8: bool, name: str,
          version: str, created: str, provenance: dict, word_bits: int = 8) -> None:
    sections: list[tuple[str, np.ndarray]] = []
    for key, value in tensors.items():
        if int8 and key == 'embed.word' and word_bits == 4:
            import torch
            import model as models
            rows = useful_rows(vocab)
            first = np.unique(rows, return_index=True)[1]
            kept = value[np.where(rows[first] == rows[vocab.index('[UNK]')], vocab.index('[UNK]'), first)]
            q, scale = (x.numpy() for x in models.quantise_rows(torch.from_numpy(kept), 4))
            sections += [(key, pack4(q)), (key + '.scale', scale.astype(np.float32)), ('embed.row', rows.astype('<u2').view(np.uint8))]
        elif int8 and is_wide(key):
            q, scale = quantise(value.reshape(-1, value.shape[-1]))
            sections += [(key, q.reshape(value.shape)), (key + '.scale', scale)]
        else:
            sections.append((key, value.astype(np.float32)))
    sections.append(('vocab', np.frombuffer(('\n'.join(vocab) + '\n').encode(), np.uint8)))
    data, listed = bytearray(), []
    kinds = {'float32': 'f32', 'int8': 'i8', 'uint8': 'u8'}
    for key, value in sections:
        data += b'\0' * (-len(data) % ALIGN)
        raw = value.tobytes()
        half = key == 'embed.word' and value.dtype == np.uint8
        listed.append({'name': key, 'dtype': 'i4' if half else kinds[value.dtype.name], 'offset': len(data), 'bytes': len(raw),
                       'shape': [value.shape[0], 2 * value.shape[1]] if half else list(value.shape)})
        data += raw
    header = {'name': name, 'version': version, 'created': created, 'engine_min': '0.1.0', 'config': config, 'tagsets': tagsets,
              'provenance': provenance, 'tensors': listed, 'data_bytes': len(data), 'data_offset': 0,
              'checksum64': str(checksum64(bytes(data))), 'sha256': hashlib.sha256(data).hexdigest()}
    save(path, header, data)


def save(path: str, header: dict, data: bytes) -> None:
    offset = 0
    while True:      # the offset stands in the header and depends on its length
        header['data_offset'] = offset
        text = json.dumps(header, ensure_ascii=False, separators=(',', ':')).encode()
        needed = -(-(16 + len(text)) // ALIGN) * ALIGN
        if needed == offset:
            break
        offset = needed
    with open(path + '.new', 'wb') as f:
        f.write(MAGIC + struct.pack('<II', FORMAT, len(text)) + text)
        f.write(b'\0' * (offset - f.tell()))
        f.write(data)
    os.replace(path + '.new', path)


def read(path: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Header and tensors of a file, int8 ones multiplied out: to check a file and to measure what int8 loses."""
    with open(path, 'rb') as f:
        raw = f.read()
    assert raw[:8] == MAGIC
    version, length = struct.unpack('<II', raw[8:16])
    assert version == FORMAT
    header = json.loads(raw[16:16 + length])
    data = raw[header['data_offset']:header['data_offset'] + header['data_bytes']]
    assert str(checksum64(data)) == header['checksum64'] and hashlib.sha256(data).hexdigest() == header['sha256']
    kinds = {'f32': np.float32, 'i8': np.int8, 'u8': np.uint8, 'i4': np.uint8}
    found = {}
    for t in header['tensors']:
        value = np.frombuffer(data, kinds[t['dtype']], offset=t['offset'], count=t['bytes'] // np.dtype(kinds[t['dtype']]).itemsize)
        half = t['dtype'] == 'i4'
        value = value.reshape(t['shape'][0], t['shape'][1] // 2) if half else value.reshape(t['shape'])
        found[t['name']] = unpack4(value) if half else value
    out = {}
    for key, value in found.items():
        if key.endswith('.scale') or key == 'embed.row':
            continue
        if value.dtype == np.int8:
            flat = value.reshape(-1, value.shape[-1]).astype(np.float32) * found[key + '.scale'][:, None]
            value = flat.reshape(value.shape)
        out[key] = value[found['embed.row'].view('<u2')] if key == 'embed.word' and 'embed.row' in found else value
    return header, out


def export(path: str, network, vocab: list[str], *, int8: bool, name: str, version: str, created: str, provenance: dict,
           word_bits: int = 8) -> None:
    config = asdict(network.encoder.config)
    tensors = {k: v.detach().float().numpy() for k, v in parameters_of(network).items()}
    write(path, tensors, vocab, config, network.tagsets, int8=int8, name=name,
          version=version, created=created, provenance=provenance, word_bits=word_bits)


ONLY = {'syntax': ('upos.', 'xpos.', 'feats.', 'lemma.', 'arc_', 'rel_'), 'events': ('event.', 'mode.', 'factuality.', 'status.', 'role_')}       # as in train.py


def graft(path: str, base: str, network, only: str, *, version: str, created: str, provenance: dict) -> None:
    """Writes `base` with the network's heads of syntax or events in place of its own; all else stays as it is, byte for byte."""
    with open(base, 'rb') as f:
        raw = f.read()
    length, = struct.unpack('<I', raw[12:16])
    header = json.loads(raw[16:16 + length])
    data = bytearray(raw[header['data_offset']:header['data_offset'] + header['data_bytes']])
    listed = {t['name']: t for t in header['tensors']}

    def put(name: str, value: np.ndarray) -> None:
        t = listed[name]
        assert len(value.tobytes()) == t['bytes'], name
        data[t['offset']:t['offset'] + t['bytes']] = value.tobytes()

    for name, value in parameters_of(network).items():
        if not name.startswith(ONLY[only]):
            continue
        value = value.detach().float().numpy()
        if listed[name]['dtype'] == 'i8':
            q, scale = quantise(value.reshape(-1, value.shape[-1]))
            put(name, q)
            put(name + '.scale', scale)
        else:
            put(name, value.astype(np.float32))
    header |= {'version': version, 'created': created, 'provenance': header['provenance'] | provenance,
               'checksum64': str(checksum64(bytes(data))), 'sha256': hashlib.sha256(data).hexdigest()}
    save(path, header, data)


def restore(network, path: str) -> None:
    """Gives a network the weights of a file."""
    import torch
    _, tensors = read(path)
    with torch.no_grad():
        for k, v in parameters_of(network).items():
            v.copy_(torch.from_numpy(tensors[k].copy()))


def main() -> None:
    import model as models
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--checkpoint', required=True)
    p.add_argument('--encoder', required=True, help='folder with vocab.txt')
    p.add_argument('--out', required=True)
    p.add_argument('--fp32', action='store_true', help='keep all weights in fp32')
    p.add_argument('--state', default='average', choices=('average', 'state'))
    p.add_argument('--name', default='reportedly-en')
    p.add_argument('--word-bits', type=int, default=8, choices=(4, 8), help='4: for embeddings that were rounded to 4 bits in training')
    p.add_argument('--version', default='0.2.0')
    p.add_argument('--base', help='model file of which all but the heads of --only is kept, for a checkpoint of train.py --only')
    p.add_argument('--only', default='syntax', choices=ONLY)
    p.add_argument('--created', required=True, help='date, YYYY-MM-DD')
    a = p.parse_args()
    network, checkpoint = models.load(a.checkpoint, a.state)
    if a.base:
        graft(a.out, a.base, network, a.only, version=a.version, created=a.created, provenance={f'{a.only}_wordpieces': checkpoint['seen']})
        return
    with open(os.path.join(a.encoder, 'vocab.txt'), encoding='utf-8') as f:
        vocab = [line.rstrip('\n') for line in f]
    mpnet = network.encoder.relative is not None
    export(a.out, network, vocab, int8=not a.fp32, name=a.name, version=a.version, created=a.created, word_bits=a.word_bits, provenance={
        'encoder': 'sentence-transformers/all-mpnet-base-v2 (Apache-2.0)' if mpnet else 'sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)',
        'corpora': CORPORA, 'steps': checkpoint['step'], 'wordpieces': checkpoint['seen'],
        'weights': 'fp32' if a.fp32 else 'int8 by row' + (', word embeddings 4 bits' if a.word_bits == 4 else '')})


if __name__ == '__main__':
    main()
