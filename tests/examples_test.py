#!/usr/bin/env python3
"""The program over examples/: every record against the schema and against itself, tables read back, the page, the pandas script.

usage: examples_test.py PROGRAM SOURCE_FOLDER         exits 77 where there is no model
"""
import csv
import glob
import io
import json
import os
import re
import subprocess
import sys
import unittest

PROGRAM, SOURCE = sys.argv[1], sys.argv[2]
FILES = sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.txt'))) + sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.jsonl')))
LAYERS = ('names', 'sentences', 'entities', 'times', 'places', 'attributions', 'events', 'disputes')


def run(*args):
    r = subprocess.run([PROGRAM, *args, '--data', SOURCE], capture_output=True)
    if r.returncode != 0: raise AssertionError(f'{args}: {r.returncode}: {r.stderr.decode()}')
    return r.stdout.decode('utf-8')


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.records = [json.loads(line) for line in run('code', *FILES, '--format', 'jsonl').split('\n') if line]

    def test_records_follow_the_schema(self):
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            self.skipTest('python3-jsonschema is not installed')
        with open(os.path.join(SOURCE, 'docs', 'reportedly-1.schema.json')) as f: schema = json.load(f)
        Draft202012Validator.check_schema(schema)
        for r in self.records:
            for mistake in Draft202012Validator(schema).iter_errors(r):
                self.fail(f"{r['document']['id']}: {list(mistake.absolute_path)}: {mistake.message}")

    def test_text_is_the_input_and_spans_lie_in_it(self):
        for path, r in zip(FILES, self.records):
            if path.endswith('.txt'):
                with open(path, encoding='utf-8', newline='') as f: self.assertEqual(r['document']['text'], f.read())
        for r in self.records:
            text = r['document']['text']
            spans = [(x['start'], x['end']) for layer in ('names', 'sentences', 'times', 'places') for x in r[layer]]
            spans += [tuple(s) for a in r['attributions'] for role in ('source', 'cue', 'content') for s in a[role]['spans']]
            spans += [(e['trigger']['start'], e['trigger']['end']) for e in r['events']]
            spans += [tuple(p['span']) for e in r['events'] for side in ('actors', 'recipients') for p in e[side]]
            for start, end in spans: self.assertTrue(0 <= start < end <= len(text), (r['document']['id'], start, end))
            for e in r['entities']:
                for m in e['mentions']: self.assertEqual(text[m['start']:m['end']], m['text'])
            for t in r['times']: self.assertEqual(text[t['start']:t['end']], t['text'])

    def test_references_are_to_what_is_there(self):
        for r in self.records:
            ids = {layer: {x['id'] for x in r[layer]} for layer in LAYERS if layer != 'names'}
            for layer, letter in (('sentences', 's'), ('entities', 'e'), ('times', 't'), ('places', 'p'), ('attributions', 'a'), ('events', 'v'), ('disputes', 'd')):
                self.assertEqual([x['id'] for x in r[layer]], [f'{letter}{i + 1}' for i in range(len(r[layer]))])
            for a in r['attributions']:
                if a['parent']: self.assertIn(a['parent'], ids['attributions'])
                if a['source']['entity']: self.assertIn(a['source']['entity'], ids['entities'])
            for e in r['events']:
                for ref, layer in ((e['attribution'], 'attributions'), (e['place'], 'places'), *((v['attribution'], 'attributions') for v in e['voices']),
                                   *((p['entity'], 'entities') for p in e['actors'] + e['recipients'])):
                    if ref is not None: self.assertIn(ref, ids[layer])
                self.assertTrue(e['why'], 'every code has its reason')
                self.assertIn(e['attribution'], [v['attribution'] for v in e['voices']])
            for d in r['disputes']:
                self.assertGreaterEqual(len(d['positions']), 2)
                for p in d['positions']: self.assertIn(p['event'], ids['events'])

    def test_parents_make_no_circle_and_hold_their_children(self):
        for r in self.records:
            parent = {a['id']: a['parent'] for a in r['attributions']}
            for a in parent:
                seen = set()
                while a:
                    self.assertNotIn(a, seen)
                    seen.add(a)
                    a = parent[a]

    def test_examples_show_what_they_are_for(self):
        self.assertTrue(any(e['status'] == 'denied' for r in self.records for e in r['events']))
        self.assertTrue(any(a['parent'] for r in self.records for a in r['attributions']))
        self.assertTrue(any(r['document']['repairs'] for r in self.records))
        self.assertTrue(all(r['events'] for r in self.records))

    def test_csv_has_one_row_an_event(self):
        rows = list(csv.DictReader(io.StringIO(run('code', *FILES, '--format', 'csv'), newline='')))
        self.assertEqual([row['event'] for row in rows], [r['document']['id'] + '#' + e['id'] for r in self.records for e in r['events']])
        for row, e in zip(rows, (e for r in self.records for e in r['events'])):
            self.assertEqual((row['type'], row['status'], row['factuality'], int(row['trigger_start'])), (e['type'], e['status'], e['factuality'], e['trigger']['start']))
            self.assertFalse(re.match(r'^\d+$', row['cameo']))

    def test_polecat_has_its_columns(self):
        lines = run('code', *FILES, '--profile', 'polecat').rstrip('\n').split('\n')
        self.assertEqual(len(lines) - 1, sum(len(r['events']) for r in self.records))
        for line in lines: self.assertEqual(line.count('\t'), 45)

    def test_every_event_can_be_explained(self):
        r = self.records[0]
        for e in r['events']: self.assertIn(e['why'][0].split()[0], run('explain', FILES[0], e['id']))
        for s in r['sentences']: self.assertTrue(run('explain', FILES[0], s['id']))

    def test_page_needs_nothing_from_outside(self):
        page = run('code', *FILES, '--format', 'html')
        self.assertEqual(page.count('<article'), len(self.records))
        self.assertNotRegex(page, r'(src|href)="(?!#)')
        self.assertEqual(page.count('<script'), 1)

    def test_pandas_script(self):
        python = next((p for p in (sys.executable, '/usr/bin/python3') if subprocess.run([p, '-c', 'import pandas'], capture_output=True).returncode == 0), None)
        if not python: self.skipTest('pandas is not installed')
        r = subprocess.run([python, os.path.join(SOURCE, 'examples', 'pandas_roundtrip.py'), PROGRAM], capture_output=True, env={**os.environ, 'REPORTEDLY_DATA': SOURCE})
        self.assertEqual(r.returncode, 0, r.stderr.decode())
        self.assertIn('harbour-1#v1', r.stdout.decode())


if __name__ == '__main__':
    if not os.path.exists(os.path.join(SOURCE, 'models', 'reportedly-en.bin')): sys.exit(77)
    unittest.main(argv=sys.argv[:1])
