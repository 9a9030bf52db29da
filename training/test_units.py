"""Tests of units and windows: `python3 -m unittest discover -s training -p 'test_*.py'`. Only the standard library is needed."""
import unittest

import units


def cut(text: str) -> str:
    return '|'.join(text[a:b] for a, b in units.unit_spans(text))


class Units(unittest.TestCase):
    def test_contractions(self):
        for text, want in (("don't", "do|n|'|t"), ('CAN’T', 'CA|N|’|T'), ("n't", "n|'|t"), ("don'ts", "don|'|ts"), ("they'll", "they|'|ll"),
                           ('Cannot', 'Can|not'), ('gonna', 'gon|na'), ('dunno', 'du|n|no'), ('cannots', 'cannots'), ("o'neill", "o|'|neill")):
            self.assertEqual(cut(text), want)

    def test_digits_and_letters(self):
        for text, want in (('5pm', '5|pm'), ('3rd', '3rd'), ('1980s', '1980s'), ('3.5bn', '3|.|5|bn'), ('B52', 'B52'), ('€4m', '€|4|m'), ('5é', '5|é')):
            self.assertEqual(cut(text), want)

    def test_punctuation_and_ideographs(self):
        self.assertEqual(cut('“No,”—he'), '“|No|,|”|—|he')
        self.assertEqual(cut('東京x'), '東|京|x')

    def test_dropped_code_points(self):
        self.assertEqual(cut('a\u200bb'), 'a\u200bb')
        self.assertEqual(cut('.\u200bb'), '.\u200b|b')
        self.assertEqual(cut(' \u200bb \ufeff '), '\u200bb|\ufeff')
        self.assertEqual(cut('\u200b.'), '\u200b.')

    def test_shapes(self):
        for text, want in (('he', 0), ('He', 1), ('A', 1), ('EU', 2), ('McCoy', 3), ('iPad', 3), ('2031', 4), ('—', 5), ('+', 5),
                           ('東', 6), ('\u200b', 6), ('G8', 1), ('x²', 0), ('É', 1)):
            self.assertEqual(units.shape(text), want, text)

    def test_spaces(self):
        for text, want in (('a b', 1), ('a\nb', 2), ('a\r\nb', 2), ('a\r\n \r\nb', 3), ('a\n\nb', 3), ('a\u2029b', 3), ('a\xa0b', 1), ('a\rb', 2)):
            self.assertEqual(units.space_before(text, text.index('b')), want, repr(text))
        self.assertEqual(units.space_before('a', 0), 3)
        self.assertEqual(units.space_before('a.', 1), 0)

    def test_safe_ends(self):
        def safe(text):
            spans = units.unit_spans(text)
            strings = [text[a:b] for a, b in spans]
            found = units.safe_ends(strings, [units.space_before(text, a) for a, _ in spans])
            return [strings[i] for i, x in enumerate(found) if x]
        self.assertEqual(safe('It ended. He left.” “Why? (No!) 5 men'), ['He', '“', '(', '5'])
        self.assertEqual(safe('Mr. Orr of the U.S. Army met J. Roe. no'), [])


class Windows(unittest.TestCase):
    def test_order_of_cuts(self):
        pieces, spaces, safe = [1] * 400, [1] * 400, [False] * 400
        self.assertEqual(units.cut_cores(pieces, spaces, safe), [(0, 158), (158, 316), (316, 400)])
        safe[120] = safe[130] = True
        self.assertEqual(units.cut_cores(pieces, spaces, safe)[0], (0, 130))
        spaces[79] = units.SPACE_PARAGRAPH
        self.assertEqual(units.cut_cores(pieces, spaces, safe)[0], (0, 79))
        spaces[79], spaces[78] = 1, units.SPACE_PARAGRAPH
        self.assertEqual(units.cut_cores(pieces, spaces, safe)[0], (0, 130))
        self.assertEqual(units.cut_cores([1] * 200, [0] * 200, [False] * 200), [(0, 158), (158, 200)])
        self.assertEqual(units.cut_cores([1] * 158, [1] * 158, safe), [(0, 158)])
        self.assertEqual(units.cut_cores([], [], []), [])

    def test_context(self):
        pieces = [1] * 20 + [5] * 20 + [1] * 20
        self.assertEqual(units.window_of((20, 40), pieces), (4, 56))
        self.assertEqual(units.window_of((30, 31), pieces), (27, 34))


if __name__ == '__main__':
    unittest.main()
