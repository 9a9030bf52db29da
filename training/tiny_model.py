"""Writes small random models of both encoder kinds for the unit tests, with reference outputs by PyTorch.

tests/data/tiny-{bert,mpnet}{,-int8}.bin and tests/data/tiny-{bert,mpnet}.json; tests/data/tiny-events-int8.bin and .json with the heads for events
and word embeddings of 4 bits. The numbers in the json of an int8 file
are computed in fp32 from its weights multiplied out: what quantised arithmetic adds to that is the runtime's own error.
"""
from __future__ import annotations

import argparse
import json
import os

import numpy as np
import torch

import data
import export
import infer
import model as models
import units

WORDS = '''the a an of to in and said that it is was for on with as by at from not be has had have he she they we his her its
their minister president army rebels spokesman government capital river border talks attack fire truce denied told reported
claimed warned would will could may no yes who which after before against over two three twelve hundred people killed wounded
troops city north south east west monday friday march may new old foreign ministry official court police party vote'''.split()
TEXTS = ('The minister said on Friday that rebels had attacked the old city.',
         'NO TRUCE “yet”, he told them — twelve wounded, 3 killed.\n\nShe denied it.')


def vocabulary() -> list[str]:
    letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
    marks = '.,;:!?-()[]"\'/$%&’‘“”–—…€'
    out = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', *letters, *marks, *(f'##{c}' for c in letters), '##s', '##ed', '##ing', '##er']
    return list(dict.fromkeys([*out, *WORDS]))


USELESS = ['[unused0]', 'あ', '[unused1]']      # pieces without a row of their own


TAGSETS = {'upos': ['NOUN', 'PUNCT', 'VERB', 'PRON', 'ADP', 'DET', 'X'], 'xpos': ['NN', 'VBD', '.', 'IN', 'DT'],
           'feats': ['_', 'Number=Sing', 'Number=Plur', 'Tense=Past'], 'lemma': ['c0|', 'C0|', 'c1|', 'c2|', '=be'],
           'deprel': ['punct', 'case', 'nsubj', 'root', 'obj', 'nmod:poss'], 'names': data.NAME_TAGS,
           'polnames': ['O', 'B-politician', 'I-politician', 'B-election', 'I-election']}
EVENT_TAGSETS = {'event': data.EVENT_TAGS, 'mode': data.MODE_TAGS, 'factuality': data.FACTUALITY_TAGS, 'status': data.STATUS_TAGS, 'stance': data.STANCE_TAGS}


def rounded(x: torch.Tensor, digits: int = 4) -> list:
    return np.round(x.detach().double().numpy(), digits).tolist()


def reference(network, wordpiece, text: str) -> dict:
    """Input and all head scores of a short text (one window)."""
    x = infer.analyse(network, wordpiece, text)
    hw = x.h[x.words]
    n = len(hw)
    features = torch.arange(15).float()[None, None] / 15
    fragment, candidate = torch.tensor([[0, 1]]), torch.tensor([[[3, 4]]])
    with torch.no_grad():
        return {
            'text': text, 'units': x.units.spans, 'ids': x.units.ids, 'shapes': x.units.shapes, 'spaces': x.units.spaces,
            'h': [rounded(row) for row in (x.h[0], x.h[-1])], 'boundary': rounded(network.boundary(x.h)),
            'words': x.words.tolist(), 'sentences': x.sentences,
            **{k: rounded(network.tags[k](hw[:4])) for k in models.WORD_TAGS},
            **{k: rounded(network.taggers[k](hw[:4], network.dropout)) for k in models.SPAN_TAGS},
            **({k: rounded(network.tags[k](hw[:4])) for k in models.EVENT_TAGS} |
               {'event': rounded(network.taggers['event'](hw[:4], network.dropout)), 'role': rounded(network.roles(hw[[0, 3]], hw[[2, 1]]))}
               if network.has_events else {}),
            'arc': rounded(network.arcs(hw[:6])),
            'rel': {'dependents': [0, 1, 2], 'heads': [2, -1, 1],
                    'scores': rounded(network.rels(hw, torch.tensor([0, 1, 2]), torch.tensor([2, -1, 1])))},
            'link': {'fragment': fragment[0].tolist(), 'candidate': candidate[0, 0].tolist(), 'features': rounded(features[0, 0], 6),
                     **{k: rounded(network.links(hw, k, fragment, candidate, features)[0]) for k in ('cc', 'cs')}},
            'fact': rounded(network.fact(hw[:4])[:, 0]),
            'coref': {'mention': n - 1, 'antecedents': [0, 2, 4], 'scores': rounded(network.coref(
                hw[n - 1:n], hw[[0, 2, 4]], torch.from_numpy(data.coref_bucket(np.array([[n - 1, n - 3, n - 5]]))))[0])},
        }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--out', default='tests/data')
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    write(a.out, 'tiny-bert', vocabulary(), 'absolute', 0, TAGSETS, (32, 8))
    write(a.out, 'tiny-mpnet', vocabulary(), 'relative-mpnet', 2, TAGSETS, (32, 8))
    words = vocabulary()
    words[7:7] = USELESS
    write(a.out, 'tiny-events', words, 'relative-mpnet', 0, TAGSETS | EVENT_TAGSETS, (4,))


def write(folder: str, name: str, vocab: list[str], positions: str, offset: int, tagsets: dict, bits: tuple[int, ...]) -> None:
    """Files NAME.bin (32 bits) and NAME-int8.bin (8, or 4 for word embeddings), and what PyTorch computes from them."""
    vocab_path = os.path.join(folder, 'tiny-vocab.new')
    with open(vocab_path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(vocab) + '\n')
    wordpiece = units.Wordpiece(vocab_path)
    os.remove(vocab_path)
    torch.manual_seed(7)
    config = models.Config(layers=2, width=64, heads=4, ffn=128, vocab_size=len(vocab), positions=positions,
                           max_positions=192 + offset, position_offset=offset)
    network = models.Network(config, tagsets, sizes=models.HeadSizes(arc=32, rel=20, tagger=24, link=16, coref=24, role=24)).eval()
    with torch.no_grad():      # far from zero, so that every term shows
        for key, value in network.named_parameters():
            if key.endswith('bias'):
                value.normal_(std=.1)
            elif 'ln' in key:
                value.normal_(1, .1)
            elif key == 'encoder.relative.weight':
                value.normal_(std=.5)
        network.coref_dist.normal_()
    out = {}
    for b in bits:
        path = os.path.join(folder, name + ('' if b == 32 else '-int8') + '.bin')
        export.export(path, network, vocab, int8=b < 32, name=name, version='0.0.1', created='2026-11-23', provenance={'random': True}, word_bits=min(b, 8))
        if b < 32:
            export.restore(network, path)
        out['fp32' if b == 32 else 'int8'] = [reference(network, wordpiece, t) for t in TEXTS]
    with open(os.path.join(folder, name + '.json'), 'w', encoding='utf-8') as f:
        json.dump(out, f, ensure_ascii=False, separators=(',', ':'))
        f.write('\n')


if __name__ == '__main__':
    main()
