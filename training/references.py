"""Writes the reference vectors of the C++ tests from an exported model file.

tests/data/model_reference.json: units, wordpieces, windows and head scores of invented sentences; the scores are computed
by PyTorch in fp32 from the file's weights multiplied out. tests/data/wordpiece_reference.json: wordpieces of single units
over all Unicode planes, by the `tokenizers` library.
"""
from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import unicodedata

import torch

import export
import infer
import model as models
import units

TEXTS = (
    'VALDORIA (AP) — The foreign minister of Valdoria, Ilse Marković, said on Tuesday that her country won’t sign the accord.',
    '“We can\'t accept this,” she told reporters. “It isn\'t fair.”',
    'Rebels deny shelling the port of Quennes;\r\nofficials say 12 people, among them 3 children, were killed.',
    'According to Lt. Col. J. P. Okoro, the army\'ll leave by 5pm on the 3rd of May.',
    'The U.S. embassy cannot confirm reports that two diplomats were expelled...\n\nMr. Tanaka declined to comment.',
    'Did the president’s spokesman know? "No," he answered, "he didn\'t."',
    'OPPOSITION LEADER FREED AFTER 200 DAYS IN JAIL',
    'Brüllheim’s mayor, Željka Ćosić-Ångström, warned: don’t cross the Løgenfoss!',
    'The bank lent €3.5bn, or $4.1bn, to the ministry (see p. 12).',
    'They\'re gonna vote "yes", a source close to the talks said; others dunno.',
    'Police in 東京 and Καλλιθέα arrested twenty-two protesters on 14/02/2031.',
    'a\u200bb c\u0301afe\u0301 \u00adsoft\u00adhyphen \ufffd end\u2029New paragraph\u0085next line\u2028third',
    'It was, he’d said, “a lie … a complete lie.” Still, N’Djali’s cabinet met at 9:30.',
)


def lengthy() -> str:
    """A text of several windows, made by rule: with and without paragraphs, safe ends, and white space."""
    cities = ('Ardenna', 'Bovec', 'Carrow', 'Dalvik', 'Estoril', 'Farsund')
    parts = []
    for k in range(40):
        parts.append(f'The council of {cities[k % 6]} voted {k} to {k // 2 + 1} against the plan of Gen. Orlov, who called it a mistake'
                     + ('. ' if k % 7 else '.\n\n') + ('“Nobody asked us,” said a teacher. ' if k % 3 == 0 else ''))
    return ''.join(parts) + 'x' * 99 + 'ab-' * 150


def rounded(x: torch.Tensor) -> list:
    return [[round(float(v), 4) for v in row] for row in x]


def scores(network, x: infer.Analysis) -> dict:
    hw = x.h[x.words]
    some = sorted({0, len(hw) // 3, len(hw) // 2, len(hw) - 1})
    with torch.no_grad():
        return {'words': x.words.tolist(), 'sentences': x.sentences, 'scored_words': some,
                'boundary': rounded(network.boundary(x.h[x.words[some]])), 'upos': rounded(network.tags['upos'](hw[some])),
                **{k: rounded(network.taggers[k](hw[some], network.dropout)) for k in ('names', 'source', 'cue', 'content')},
                'fact': rounded(network.fact(hw[some])), 'arc_of_first_sentence': rounded(network.arcs(hw[slice(*x.sentences[0])])[:2])}


def unit_strings() -> list[str]:
    rng = random.Random(5)
    old = unicodedata.ucd_3_2_0      # in every table that the two sides may use
    points = [c for c in range(0x21, 0x30000) if old.category(chr(c)) not in ('Cn', 'Cs') and chr(c) not in units.WHITE_SPACE]
    chosen = [c for c in points if c < 0x250] + rng.sample([c for c in points if 0x250 <= c < 0x3000], 900)
    chosen += rng.sample([c for c in points if c >= 0x3000], 450)
    out = [chr(c) for c in chosen]
    out += [f'a{chr(c)}b' for c in rng.sample(chosen, 300) if units.unit_spans(f'a{chr(c)}b') == [(0, 3)]]
    syllables = ('ka', 'lo', 'mi', 'ter', 'ing', 'ed', 'pre', 'un', 'stan', 'burg', 'É', 'ß', 'ü', 'Ñ', 'o\u0302', 'İ', 'ŉ', 'ǆ', 'Σ', 'ﬁ')
    out += [''.join(rng.choice(syllables) for _ in range(rng.randint(1, 7))) for _ in range(400)]
    out += ['x' * 99, 'x' * 100, 'x' * 101, 'é' * 100, 'e\u0301' * 60, '2031', '5', '3rd', 'U', 'iPhone', '\u00ad', '\ufffd', '한국', '\u1112\u1161\u11ab']
    return list(dict.fromkeys(s for s in out if '\r' not in s))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--model', default='models/reportedly-en.bin')
    p.add_argument('--out', default='tests/data')
    a = p.parse_args()
    header, tensors = export.read(a.model)
    network = models.Network(models.Config(**header['config']), header['tagsets']).eval()
    export.restore(network, a.model)
    with tempfile.NamedTemporaryFile() as f:
        f.write(tensors['vocab'].tobytes())
        f.flush()
        wordpiece = units.Wordpiece(f.name)
    os.makedirs(a.out, exist_ok=True)
    cases = []
    for text in (*TEXTS, lengthy()):
        x = infer.analyse(network, wordpiece, text)
        u = x.units
        cores = units.cut_cores(u.pieces, u.spaces, u.safe)
        case = {'text': text, 'units': u.spans, 'ids': u.ids, 'shapes': u.shapes, 'spaces': u.spaces, 'cores': cores,
                'windows': [units.window_of(c, u.pieces) for c in cores]}
        cases.append(case | (scores(network, x) if len(cores) == 1 else {}))
    save(os.path.join(a.out, 'model_reference.json'), {'model': header['sha256'], 'cases': cases})
    save(os.path.join(a.out, 'wordpiece_reference.json'), [[s, wordpiece(s)] for s in unit_strings()])


def save(path: str, value) -> None:
    with open(path, 'w', encoding='utf-8') as f:
        json.dump(value, f, ensure_ascii=True, separators=(',', ':'))
        f.write('\n')


if __name__ == '__main__':
    main()
