"""Units, shapes, spaces, wordpieces and windows: docs/model.md sections 1 and 2 in Python.

The C++ runtime does the same; tests/data/model_reference.json, made from this file, holds the two together.
Offsets are code points. Nothing here needs PyTorch.
"""
from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WINDOW = 192    # wordpieces in a window, with [CLS] and [SEP]
CONTEXT = 16    # wordpieces on each side of a core, at most
CORE = WINDOW - 2 - 2 * CONTEXT
CORE_MIN = CORE // 2

SHAPE_LOWER, SHAPE_CAPITALISED, SHAPE_CAPS, SHAPE_MIXED, SHAPE_DIGITS, SHAPE_PUNCTUATION, SHAPE_OTHER, SHAPE_INNER = range(8)
SPACE_NONE, SPACE_BLANK, SPACE_LINE, SPACE_PARAGRAPH = range(4)

WHITE_SPACE = frozenset('\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000') | {chr(c) for c in range(0x2000, 0x200b)}
CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
       (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
ORDINALS = frozenset(('s', 'st', 'nd', 'rd', 'th', 'd'))
CONTRACTIONS = {'cannot': (3,), 'gonna': (3,), 'gotta': (3,), 'wanna': (3,), 'lemme': (3,), 'gimme': (3,), 'dunno': (2, 3)}
APOSTROPHES = frozenset("'\u2019")
ABBREVIATIONS = frozenset(
    'mr mrs ms dr prof gen sen rep gov lt col sgt capt st jr sr no vs inc ltd co corp u.s '
    'jan feb mar apr jun jul aug sept sep oct nov dec'.split())
TERMINALS = frozenset('.!?\u2026')
CLOSING = frozenset('"\u201d\u2019\')]')
OPENING = frozenset('"\u201c\u2018\'([')

_WHITE, _DROPPED, _SINGLE, _LETTER, _DIGIT, _OTHER = range(6)


def _classify(c: str) -> int:
    n = ord(c)
    if c in WHITE_SPACE:
        return _WHITE
    if n < 128:
        if 48 <= n <= 57:
            return _DIGIT
        if c.isalpha():
            return _LETTER
        return _SINGLE if 33 <= n < 127 else _DROPPED
    category = unicodedata.category(c)
    if n == 0xFFFD or category[0] == 'C':
        return _DROPPED
    if category[0] == 'P' or category == 'Sc' or any(a <= n <= b for a, b in CJK):
        return _SINGLE
    return _LETTER if category[0] == 'L' else _OTHER


class _Classes(dict):
    def __missing__(self, c: str) -> int:
        self[c] = k = _classify(c)
        return k


_CLASSES = _Classes()


def unit_spans(text: str) -> list[tuple[int, int]]:
    """The units of a text as half-open code point spans (section 1)."""
    spans: list[tuple[int, int]] = []
    start, kind = -1, _WHITE          # the open unit: kind is _SINGLE, _DROPPED (nothing else yet) or _OTHER (a word)
    previous = _WHITE
    for i, c in enumerate(text):
        k = _CLASSES[c]
        if k == _WHITE:
            if start >= 0:
                spans.append((start, i))
                start = -1
        elif k == _DROPPED:
            if start < 0:
                start, kind = i, _DROPPED
        elif start < 0:
            start, kind = i, _SINGLE if k == _SINGLE else _OTHER
        elif kind == _DROPPED:
            kind = _SINGLE if k == _SINGLE else _OTHER
        elif k == _SINGLE or kind == _SINGLE:
            spans.append((start, i))
            start, kind = i, _SINGLE if k == _SINGLE else _OTHER
        elif k == _LETTER and previous == _DIGIT:
            j = i
            while j < len(text) and _CLASSES[text[j]] == _LETTER:
                j += 1
            if j - i > 2 or text[i:j].lower() not in ORDINALS:
                spans.append((start, i))
                start = i
        previous = k
    if start >= 0:
        spans.append((start, len(text)))
    return _split_contractions(text, spans)


def _split_contractions(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    n = len(spans)
    for i, (a, b) in enumerate(spans):
        if (b - a >= 2 and text[b - 1] in 'nN' and i + 2 < n and spans[i + 1] == (b, b + 1) and text[b] in APOSTROPHES
                and spans[i + 2] == (b + 1, b + 2) and text[b + 1] in 'tT' and _CLASSES[text[b - 2]] == _LETTER):
            out += [(a, b - 1), (b - 1, b)]
        elif 5 <= b - a <= 6 and (cuts := CONTRACTIONS.get(text[a:b].lower())):
            edges = [0, *cuts, b - a]
            out += [(a + x, a + y) for x, y in zip(edges, edges[1:])]
        else:
            out.append((a, b))
    return out


def shape(unit: str) -> int:
    """Shape of a unit's first wordpiece, 0..6 (section 1)."""
    upper = lower = 0
    first_upper = letter = False
    for c in unit:
        if _CLASSES[c] == _LETTER:
            letter = True
            if c.isupper():
                first_upper |= not upper and not lower
                upper += 1
            elif c.islower():
                lower += 1
    if upper or lower:
        if not upper:
            return SHAPE_LOWER
        if not lower and upper > 1:
            return SHAPE_CAPS
        return SHAPE_CAPITALISED if first_upper and upper == 1 else SHAPE_MIXED
    kept = [c for c in unit if _CLASSES[c] != _DROPPED]
    if letter or not kept:
        return SHAPE_OTHER
    if all(unicodedata.category(c) == 'Nd' for c in kept):
        return SHAPE_DIGITS
    return SHAPE_PUNCTUATION if all(unicodedata.category(c)[0] in 'PS' for c in kept) else SHAPE_OTHER


def space_before(text: str, start: int) -> int:
    """Space code of the white space that ends at `start` (section 1)."""
    breaks, i = 0, start
    while i > 0 and text[i - 1] in WHITE_SPACE:
        i -= 1
        c = text[i]
        if c == '\u2029':
            breaks += 2
        elif c in '\n\x85\u2028' or (c == '\r' and text[i + 1:i + 2] != '\n'):
            breaks += 1
    if i == 0 or breaks > 1:
        return SPACE_PARAGRAPH
    return SPACE_LINE if breaks else SPACE_BLANK if i < start else SPACE_NONE


def safe_ends(units: list[str], spaces) -> list[bool]:
    """For each unit: does a safe sentence end lie right before it (section 2)?"""
    out = [False] * len(units)
    for j in range(1, len(units)):
        if not spaces[j]:
            continue
        c = units[j][0]
        if not (c.isupper() and _CLASSES[c] == _LETTER or c in OPENING or unicodedata.category(c) == 'Nd'):
            continue
        i = j - 1
        while i > 0 and units[i] in CLOSING and not spaces[i]:
            i -= 1
        if units[i] not in TERMINALS:
            continue
        if units[i] == '.' and i > 0:
            before = units[i - 1].lower()
            if len(before) == 1 and _CLASSES[before] == _LETTER or before in ABBREVIATIONS:
                continue
        out[j] = True
    return out


def cut_cores(pieces, spaces, safe, first: int = 0, start: int = 0) -> list[tuple[int, int]]:
    """Cores as unit ranges (section 2).

    pieces: wordpieces of each unit. `first`, for training only: the first core is at most that many wordpieces, wherever
    that cuts. `start`: first unit.
    """
    cores: list[tuple[int, int]] = []
    n = len(pieces)
    limit, least = (first, first) if first else (CORE, CORE_MIN)
    while start < n:
        total, best, rank, j = 0, start + 1, -1, start
        while j < n and total + pieces[j] <= limit:
            total += pieces[j]
            j += 1
            if j == n:
                break
            r = 0
            if total >= least:
                r = 3 if spaces[j] == SPACE_PARAGRAPH else 2 if safe[j] else 1 if spaces[j] else 0
            if r >= rank:
                best, rank = j, r
        end = n if j == n else best
        cores.append((start, end))
        start = end
        limit, least = CORE, CORE_MIN
    return cores


def window_of(core: tuple[int, int], pieces) -> tuple[int, int]:
    """The unit range of a core with its context on both sides."""
    a, b = core
    room = CONTEXT
    while a > 0 and pieces[a - 1] <= room:
        a -= 1
        room -= pieces[a]
    room = CONTEXT
    while b < len(pieces) and pieces[b] <= room:
        room -= pieces[b]
        b += 1
    return a, b


class Wordpiece:
    """BERT's reference tokenizer (uncased) over single units, with a memory of units seen."""

    def __init__(self, vocab_path: str):
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
        with open(vocab_path, encoding='utf-8') as f:
            self.vocab = [line.rstrip('\n') for line in f]
        index = {piece: i for i, piece in enumerate(self.vocab)}
        self.unknown, self.cls, self.sep, self.mask = (index[p] for p in ('[UNK]', '[CLS]', '[SEP]', '[MASK]'))
        self._tokenizer = Tokenizer(models.WordPiece(index, unk_token='[UNK]', max_input_chars_per_word=100))
        self._tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._seen: dict[str, list[int]] = {}

    def __call__(self, unit: str) -> list[int]:
        ids = self._seen.get(unit)
        if ids is None:
            ids = self._seen[unit] = self._tokenizer.encode(unit, add_special_tokens=False).ids or [self.unknown]
        return ids


@dataclass
class Units:
    """All that the encoder reads of a text."""
    spans: list[tuple[int, int]]
    strings: list[str]
    ids: list[list[int]]     # wordpieces of each unit
    shapes: list[int]        # of the first wordpiece
    spaces: list[int]
    safe: list[bool]

    @property
    def pieces(self) -> list[int]:
        return [len(x) for x in self.ids]


def analyse(text: str, wordpiece: Wordpiece) -> Units:
    spans = unit_spans(text)
    strings = [text[a:b] for a, b in spans]
    spaces = [space_before(text, a) for a, _ in spans]
    return Units(spans, strings, [wordpiece(s) for s in strings], [shape(s) for s in strings], spaces, safe_ends(strings, spaces))
