"""Quick development scores of a checkpoint, and of the file made from it: what rounding weights to integers costs.

usage: rounding.py CHECKPOINT MODEL_FILE PACKED VOCAB
"""
import sys

import torch

import model as models
import train
import units


def main() -> None:
    checkpoint, path, packed, vocab = sys.argv[1:5]
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    wordpiece = units.Wordpiece(vocab)
    for name, network in (('checkpoint', models.load(checkpoint, 'average')[0]), ('file', models.from_file(path))):
        print(name, train.development(network.to(device), packed, wordpiece, device), flush=True)


if __name__ == '__main__':
    main()
