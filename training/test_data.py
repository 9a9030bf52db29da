"""Tests that need NumPy: lemma scripts, rule words, file format, decoding. Skipped where NumPy is missing."""
import os
import tempfile
import unittest

try:
    import numpy as np
except ImportError:
    raise unittest.SkipTest('NumPy is not installed') from None

import corpora
import data
import export
import units


class Lemmas(unittest.TestCase):
    def test_scripts(self):
        for form, lemma, script in (('talks', 'talk', 'c1|'), ('The', 'the', 'c0|'), ('Rome', 'Rome', 'C0|'), ('were', 'be', '=be'),
                                    ('Parties', 'party', 'c3|y'), ('Greens', 'Green', 'C1|')):
            self.assertEqual(data.lemma_script(form, lemma), script)
            self.assertEqual(data.apply_script(form, script), lemma)


class RuleWords(unittest.TestCase):
    def test_clitics_and_abbreviations(self):
        text = "Mr. Orr didn't pay U.S. 3.5 bn, the mayor's aide said."
        spans = units.unit_spans(text)
        strings = [text[a:b] for a, b in spans]
        begins = data.rule_words(strings, [units.space_before(text, a) for a, _ in spans])
        words, start = [], 0
        for (a, b), w in zip(spans, begins):
            if w:
                words.append([a, b])
            else:
                words[-1][1] = b
        self.assertEqual([text[a:b] for a, b in words],
                         ['Mr.', 'Orr', 'did', "n't", 'pay', 'U.S.', '3.5', 'bn', ',', 'the', 'mayor', "'s", 'aide', 'said', '.'])


class Standoff(unittest.TestCase):
    def test_fragments(self):
        self.assertEqual(corpora.join_fragments([(0, 2), (3, 5), (6, 10)], 'ab cd, xy '), [(0, 5), (7, 9)])


class Shares(unittest.TestCase):
    def test_some_passages(self):
        documents = {'passages': [{'name': n} for n in ('rc-118', 'n-004', 'o-001', 'r-017/v1', 'u-441')], 'ewt': [{'name': 'o-1'}]}
        names = lambda key: [d['name'] for d in data.documents_of(documents, key)]      # noqa: E731
        self.assertEqual(names('passages:o-u'), ['o-001', 'r-017/v1', 'u-441'])
        self.assertEqual(names('passages:rb-rd'), ['rc-118'])
        self.assertEqual(len(names('passages')), 5)
        self.assertEqual(names('plain'), [])


class Vote(unittest.TestCase):
    def parse(self, upos, head):
        words = [corpora.Word(0, 4, 'Oslo', 'Oslo', upos, 'NNP', '_', head, 'nsubj'), corpora.Word(5, 11, 'denied', 'deny', 'VERB', 'VBD', '_', -1, 'root')]
        return corpora.Document('x', 'Oslo denied', words, [(0, 2)])

    def test_majority(self):
        words, sentences = corpora.voted_words('Oslo\n denied', [self.parse('PROPN', 1), self.parse('PROPN', 1), self.parse('NOUN', -1)])
        self.assertEqual([(w.start, w.end) for w in words], [(0, 4), (6, 12)])
        self.assertEqual((words[0].upos, words[0].head, words[0].sure, sentences), ('PROPN', 1, True, [(0, 2)]))
        words, _ = corpora.voted_words('Oslo denied', [self.parse('PROPN', -1), self.parse('ADJ', 1), self.parse('NOUN', 1)])
        self.assertEqual((words[0].upos, words[0].sure), (None, False))      # no majority; the first parse's head is not the one of most
        self.assertEqual(words[1].upos, 'VERB')

    def test_other_text(self):
        self.assertIsNone(corpora.voted_words('Oslo said', [self.parse('PROPN', 1)]))


class File(unittest.TestCase):
    def test_round_trip(self):
        weights = {'embed.word': np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32), 'embed.ln.bias': np.ones(8, np.float32)}
        with tempfile.TemporaryDirectory() as where:
            path = os.path.join(where, 'm.bin')
            export.write(path, weights, ['[PAD]', 'é'], {'layers': 0}, {'upos': ['X']}, int8=True, name='t', version='0', created='2031-01-01',
                         provenance={})
            header, found = export.read(path)
        self.assertEqual(header['data_offset'] % 64, 0)
        self.assertTrue(all(t['offset'] % 64 == 0 for t in header['tensors']))
        self.assertEqual(bytes(found['vocab']).decode(), '[PAD]\né\n')
        np.testing.assert_array_equal(found['embed.ln.bias'], weights['embed.ln.bias'])
        self.assertLess(np.abs(found['embed.word'] - weights['embed.word']).max(), np.abs(weights['embed.word']).max() / 200)

    def test_checksum(self):
        self.assertEqual(export.checksum64(b'\x01' + b'\0' * 7 + b'\x02'), 1 + 2 * 3)
        self.assertEqual(export.checksum64(b'\xff' * 16), (2 ** 64 - 1) * 4 % 2 ** 64)


if __name__ == '__main__':
    unittest.main()
