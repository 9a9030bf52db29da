#!/usr/bin/env python3
"""The command as a user meets it: exit statuses, messages, bad input, batches, threads. Run by ctest with the program's path.

usage: cli_test.py PROGRAM SOURCE_FOLDER
"""
import csv, glob, io, json, os, shutil, signal, subprocess, sys, tempfile, time, unittest, zipfile

PROGRAM, SOURCE = '', ''
STORY = 'The mayor of Hamar said on Friday that two ships had entered the harbour. The navy denied it.\n\nOfficials in Oslo called for talks.\n'


def run(*args, stdin=None, env=None, cwd=None):
    r = subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, env={**os.environ, 'REPORTEDLY_DATA': SOURCE, **(env or {})}, cwd=cwd)
    return r.returncode, r.stdout.decode('utf-8'), r.stderr.decode('utf-8')


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as f: f.write(content if isinstance(content, bytes) else content.encode('utf-8'))
        return path

    def records(self, out): return [json.loads(line) for line in out.splitlines()]

    # --- what a newcomer types -------------------------------------------------------------------------------------
    def test_help_has_examples_for_every_command(self):
        code, out, _ = run('--help')
        self.assertEqual(code, 0)
        for command in ('code', 'parse', 'explain', 'evaluate', 'codebook', 'doctor'):
            self.assertIn(command, out)
            code, text, _ = run(command, '--help')
            self.assertEqual(code, 0)
            self.assertIn('reportedly ' + command, text, 'an example')

    def test_no_arguments_and_unknown_ones_are_wrong_usage(self):
        for args in ((), ('code',), ('frobnicate',), ('code', '--no-such-option', 'x'), ('code', self.file('a.txt', STORY), '--format', 'xml')):
            self.assertEqual(run(*args)[0], 2, args)

    def test_version_and_doctor(self):
        code, out, _ = run('--version')
        self.assertEqual(code, 0)
        self.assertRegex(out, r'\d+\.\d+\.\d+')
        code, out, _ = run('doctor')
        self.assertEqual(code, 0, out)
        self.assertIn('model', out)

    def test_evaluate_scores_records_that_were_corrected(self):
        gold = self.file('gold.jsonl', run('code', self.file('a.txt', STORY), '--published', '2031-05-05', '--format', 'jsonl', '--model', 'fast')[1])
        figures = lambda *args: {f['name']: f for f in json.loads(run('evaluate', gold, '--model', 'fast', '--format', 'json', *args)[1])['figures']}      # noqa: E731
        same = figures()
        self.assertTrue(all(f['right'] == f['gold'] == f['system'] for f in same.values()), same)
        self.assertIn('events.type', same)
        self.assertEqual(set(figures('--layers', 'names,times')), {n for n in same if n.split('.')[0] in ('names', 'times')})
        with open(gold) as f: record = json.load(f)
        record['events'][0]['type'] = 'AID'
        corrected = self.file('corrected.jsonl', json.dumps(record))
        code, out, err = run('evaluate', corrected, '--records', gold, '--differences', 'events.type')
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r'events.type\tmissed AID')
        code, out, err = run('evaluate', self.file('bad.jsonl', json.dumps(record) + '\n{"document": 3}\n'), '--records', gold)
        self.assertEqual(code, 3)
        self.assertIn('bad.jsonl:2', err)
        self.assertEqual(run('evaluate', os.path.join(self.folder, 'none.jsonl'))[0], 4)
        self.assertEqual(run('evaluate', gold, '--layers', 'weather')[0], 2)

    def test_text_in_one_json_object_out(self):
        code, out, err = run('code', self.file('a.txt', STORY), '--published', '2031-05-05', '--format', 'json')
        self.assertEqual(code, 0, err)
        d = json.loads(out)
        self.assertEqual(d['schema'], 'reportedly/1')
        self.assertEqual(d['document']['text'], STORY)
        self.assertEqual(d['document']['published'], '2031-05-05')
        for layer in ('names', 'sentences', 'entities', 'times', 'places', 'attributions', 'events', 'disputes'): self.assertIsInstance(d[layer], list)
        self.assertTrue(d['engine']['model'] and d['engine']['lexicon'] and d['engine']['version'])

    def test_several_files_with_json_is_wrong_usage_and_names_jsonl(self):
        code, _, err = run('code', self.file('a.txt', STORY), self.file('b.txt', STORY), '--format', 'json')
        self.assertEqual(code, 2)
        self.assertIn('jsonl', err)

    def test_standard_input_is_text_or_jsonl(self):
        code, out, err = run('code', '-', '--format', 'jsonl', stdin=STORY.encode())
        self.assertEqual(code, 0, err)
        self.assertEqual(self.records(out)[0]['document']['text'], STORY)
        lines = ''.join(json.dumps({'id': f'd{i}', 'text': STORY}) + '\n' for i in range(3))
        code, out, err = run('code', '-', '--format', 'jsonl', stdin=lines.encode())
        self.assertEqual([d['document']['id'] for d in self.records(out)], ['d0', 'd1', 'd2'], err)

    def test_ids_are_stable_and_offsets_are_code_points(self):
        text = 'Køge, “5 May” – 𝔸 mayor said ships had left Mårup.'
        path = self.file('a.txt', text)
        first, second = run('code', path, '--format', 'jsonl')[1], run('code', path, '--format', 'jsonl')[1]
        self.assertEqual(first, second)
        d = json.loads(first)
        self.assertEqual(d['document']['text'], text)
        for a in d['attributions']:
            for role in ('source', 'cue', 'content'):
                for s, e in a[role]['spans']: self.assertTrue(0 <= s < e <= len(text))
        for e in d['entities']:
            for m in e['mentions']: self.assertEqual(text[m['start']:m['end']], m['text'])

    # --- bad input: a clear message with the file and the reason, the others unharmed -------------------------------
    def test_one_bad_document_does_not_harm_the_batch(self):
        good, empty, binary = self.file('good.txt', STORY), self.file('empty.txt', ''), self.file('binary.txt', bytes(range(256)) * 64)
        packed, missing, folder = self.file('packed.txt', b'Rar!\x1a\x07'), os.path.join(self.folder, 'missing.txt'), os.path.join(self.folder, 'none')
        os.mkdir(folder)
        code, out, err = run('code', good, empty, binary, packed, missing, folder, good, '--format', 'jsonl')
        self.assertEqual(code, 3)
        for path in (empty, binary, packed, missing, folder): self.assertIn(path, err)
        self.assertIn('RAR', err)
        records = self.records(out)
        fine = [d for d in records if 'error' not in d]
        self.assertEqual(len(fine), 2)
        self.assertEqual(fine[0]['events'], fine[1]['events'])
        for d in records:
            if 'error' in d:
                self.assertTrue(d['error']['code'] and d['error']['message'])
                self.assertEqual(d['events'], [])

    def test_other_formats_give_the_same_events(self):
        expected = self.records(run('code', self.file('a.txt', STORY), '--format', 'jsonl')[1])[0]['events']
        self.assertTrue(expected)
        html = ('<html><head><title>T</title></head><body><nav><a href="/">Home</a></nav><article>' +
                ''.join(f'<p>{p}</p>' for p in STORY.split('\n\n')) + '</article></body></html>').encode()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, 'w') as z:
            z.writestr('in/a.html', html)
            z.writestr('../b.txt', STORY)
        table = io.StringIO()
        csv.writer(table).writerows([['id', 'text'], ['x', STORY]])
        inner = os.path.join(self.folder, 'inner')
        os.mkdir(inner)
        for name, content in (('a.html', html), ('b.zip', packed.getvalue()), ('c.csv', table.getvalue().encode()), ('d.txt', STORY.encode('utf-16'))):
            with open(os.path.join(inner, name), 'wb') as f: f.write(content)
        code, out, err = run('code', inner, '--format', 'jsonl')
        self.assertEqual(code, 3, err)
        self.assertIn('b.zip!../b.txt: path trick', err)
        records = [r for r in self.records(out) if 'error' not in r]
        self.assertEqual(len(records), 4)
        for r in records: self.assertEqual([e['type'] for e in r['events']], [e['type'] for e in expected])
        for content in (html, packed.getvalue(), table.getvalue().encode()):
            code, out, err = run('code', '-', '--format', 'jsonl', stdin=content)
            self.assertEqual(len([r for r in self.records(out) if 'error' not in r]), 1, err)

    def test_bad_lines_of_jsonl_are_named_by_line(self):
        path = self.file('a.jsonl', json.dumps({'id': 'one', 'text': STORY}) + '\n{"id": "two", "text": \n' + json.dumps({'id': 'three'}) + '\n' +
                         '{"id": "four", "text": "\\ud800 alone"}\n' + json.dumps({'id': 'five', 'text': STORY}) + '\n')
        code, out, err = run('code', path, '--format', 'jsonl')
        self.assertEqual(code, 3)
        self.assertIn('a.jsonl:2', err)
        self.assertIn('a.jsonl:3', err)
        ids = [d['document']['id'] for d in self.records(out) if 'error' not in d]
        self.assertIn('one', ids)
        self.assertIn('five', ids)

    def test_nothing_readable_at_all(self):
        self.assertEqual(run('code', os.path.join(self.folder, 'missing.txt'), '--format', 'jsonl')[0], 4)

    def test_language_is_reported_and_can_be_forced(self):
        path = self.file('de.txt', 'Der Bürgermeister erklärte am Montag, die Fischer hätten ihm berichtet, dass die Granaten vom Meer gekommen seien. '
                                   'Die Marine des Nachbarlandes bestritt jede Beteiligung und forderte eine gemeinsame Untersuchung.')
        code, out, err = run('code', path, '--format', 'jsonl')
        self.assertEqual(code, 3)
        self.assertEqual(json.loads(out)['error']['code'], 'language')
        self.assertIn('--force', err + out)
        self.assertEqual(run('code', path, '--format', 'jsonl', '--force')[0], 0)

    def test_large_and_odd_texts(self):
        odd = {'quotes': '"' * 60_000, 'word': 'a' * 10_000_000, 'brackets': '(' * 20_000, 'nul': 'The mayor\0 left.', 'paragraphs': 'x\n\n' * 4_000,
               'marks': 'e' + '\u0301' * 20_000, 'bidi': '\u202eThe mayor said so.\u202c', 'spaces': ' ' * 1_000_000 + 'The mayor left.'}
        for name, text in odd.items():
            with self.subTest(name):
                code, out, err = run('code', self.file(name + '.txt', text), '--format', 'jsonl', '--force')
                self.assertIn(code, (0, 3), err[-500:])
                self.assertEqual(len(out.splitlines()), 1)

    # --- model --------------------------------------------------------------------------------------------------------
    def test_missing_damaged_and_older_models(self):
        model = open(os.path.join(SOURCE, 'models', 'reportedly-en.bin'), 'rb').read()
        text = self.file('a.txt', STORY)
        damaged = bytearray(model)
        damaged[len(model) // 2] ^= 1
        for name, content in (('damaged', bytes(damaged)), ('short', model[:len(model) // 3]), ('header', model[:20]), ('other', b'not a model' * 9), ('empty', b''),
                              ('older', model[:8] + b'\0\0\0\0' + model[12:])):
            with self.subTest(name):
                path = self.file(name + '.bin', content)
                code, out, err = run('code', text, '--model', path, '--format', 'jsonl')
                self.assertEqual(code, 5, err)
                self.assertEqual(out, '')
                self.assertIn(path, err)
        code, _, err = run('code', text, '--model', os.path.join(self.folder, 'none.bin'), '--format', 'jsonl')
        self.assertEqual(code, 5)
        self.assertIn('none.bin', err)

    # --- determinism ------------------------------------------------------------------------------------------------
    def test_same_bytes_for_any_number_of_threads_locale_and_folder(self):
        files = sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.txt')))
        self.assertGreaterEqual(len(files), 7)
        one = run('code', *files, '--format', 'jsonl', '--threads', '1')
        self.assertEqual(one[0], 0, one[2])
        self.assertEqual(one[1], run('code', *files, '--format', 'jsonl', '--threads', '3')[1])
        self.assertEqual(one[1], run('code', *files, '--format', 'jsonl', env={'LC_ALL': 'de_DE.UTF-8', 'TZ': 'Asia/Tokyo'}, cwd=self.folder)[1])
        backwards = run('code', *reversed(files), '--format', 'jsonl', '--threads', '2')[1].splitlines()
        self.assertEqual(one[1].splitlines(), backwards[::-1])

    def test_a_closed_pipe_is_no_error_message(self):
        p = subprocess.Popen([PROGRAM, 'code', *sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.txt'))), '--format', 'jsonl'], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env={**os.environ, 'REPORTEDLY_DATA': SOURCE})
        p.stdout.close()
        err = p.stderr.read().decode()
        p.stderr.close()
        p.wait()
        self.assertNotIn('terminate', err)

    def test_interrupt_ends_with_130(self):
        lines = ''.join(json.dumps({'id': str(i), 'text': STORY * 40}) + '\n' for i in range(3000))
        path = self.file('many.jsonl', lines)
        p = subprocess.Popen([PROGRAM, 'code', path, '--format', 'jsonl', '--threads', '1'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, 'REPORTEDLY_DATA': SOURCE})
        first = p.stdout.readline()
        p.send_signal(signal.SIGINT)
        rest = p.stdout.read()
        p.stdout.close()
        self.assertEqual(p.wait(), 130)
        for line in (first + rest).splitlines(): json.loads(line)  # whole lines only

    # --- other formats ------------------------------------------------------------------------------------------------
    def test_parse_is_conllu(self):
        code, out, err = run('parse', self.file('a.txt', STORY), '--format', 'conllu')
        self.assertEqual(code, 0, err)
        rows = [l.split('\t') for l in out.splitlines() if l and l[0] != '#']
        self.assertTrue(all(len(r) == 10 for r in rows))
        self.assertEqual(''.join(r[1] for r in rows), ''.join(STORY.split()))

    def test_profiles_and_tables_have_a_header_and_even_rows(self):
        path = self.file('a.txt', STORY)
        for args, separator in ((('--profile', 'polecat'), '\t'), (('--profile', 'icews'), '\t'), (('--format', 'csv'), ',')):
            with self.subTest(args):
                code, out, err = run('code', path, *args)
                self.assertEqual(code, 0, err)
                head = out.splitlines()[0].split(separator)
                self.assertGreater(len(head), 10)

    def test_page_shows_text_never_as_markup(self):
        code, out, err = run('code', self.file('a.txt', STORY + '<script>alert(1)</script> said the <b>mayor</b>.\n'), '--format', 'html')
        self.assertEqual(code, 0, err)
        self.assertNotIn('<script>alert(1)', out)
        self.assertNotIn('<b>mayor', out)

    def test_explain_event_sentence_and_what_is_not_there(self):
        path = self.file('a.txt', STORY)
        d = json.loads(run('code', path, '--format', 'json')[1])
        for what in [e['id'] for e in d['events']] + [s['id'] for s in d['sentences']]:
            code, out, err = run('explain', path, what)
            self.assertEqual(code, 0, err)
            self.assertTrue(out.strip())
        self.assertEqual(run('explain', path, 'v99')[0], 2)


if __name__ == '__main__':
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
