#!/usr/bin/env python3
"""Writes the mean of a model file's weights and those of a training that went on from it ("model soup", Wortsman et al. 2022).

  mean.py --file models/reportedly-en-accurate.bin --checkpoint RUN/checkpoint.pt|FILE.bin --share 0.5 --encoder DIR --out OUT.bin --version 0.4.0 --created YYYY-MM-DD
          [--word-bits 4]

What was learned on a few shares of the data costs less elsewhere this way than the training itself does. --share: of the training, 0 to 1.
"""
from __future__ import annotations

import argparse
import os

import torch

import export
import model as models


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--file', required=True, help='the model file that the training started from')
    p.add_argument('--checkpoint', required=True, help='of the training that went on from it, or the file made of that')
    p.add_argument('--share', type=float, default=.5)
    p.add_argument('--encoder', required=True, help='folder with vocab.txt')
    p.add_argument('--out', required=True)
    p.add_argument('--name', default='reportedly-en')
    p.add_argument('--word-bits', type=int, default=8, choices=(4, 8))
    p.add_argument('--version', required=True)
    p.add_argument('--created', required=True, help='date, YYYY-MM-DD')
    a = p.parse_args()
    if not 0 <= a.share <= 1:
        p.error('--share is a number from 0 to 1')
    header, _ = export.read(a.file)
    old = models.from_file(a.file)
    if a.checkpoint.endswith('.bin'):
        new, provenance = models.from_file(a.checkpoint), dict(export.read(a.checkpoint)[0]['provenance'])
        checkpoint = {'step': provenance['steps'], 'seen': provenance['wordpieces']}
    else:
        (new, checkpoint), provenance = models.load(a.checkpoint, 'average'), dict(header['provenance'])
    if old.tagsets != new.tagsets:
        p.error(f'{a.file} and {a.checkpoint} have other labels')
    with torch.no_grad():
        before = export.parameters_of(old)
        for k, v in export.parameters_of(new).items():
            v.mul_(a.share).add_(before[k], alpha=1 - a.share)
    with open(os.path.join(a.encoder, 'vocab.txt'), encoding='utf-8') as f:
        vocab = [line.rstrip('\n') for line in f]
    provenance['mean'] = {'of': header.get('name'), 'version': header.get('version'), 'share': a.share, 'steps': checkpoint['step'],
                          'wordpieces': checkpoint['seen']}
    export.export(a.out, new, vocab, int8=True, name=a.name, version=a.version, created=a.created, word_bits=a.word_bits, provenance=provenance)


if __name__ == '__main__':
    main()
