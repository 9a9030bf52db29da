#!/usr/bin/env python3
"""The commands with a store, as a user meets them. Run by ctest with the program's path.

usage: corpus_cli_test.py PROGRAM SOURCE_FOLDER
"""
import csv, io, json, os, resource, shutil, signal, sqlite3, subprocess, sys, tempfile, time, unittest

PROGRAM, SOURCE = '', ''
STORY = 'The mayor of Hamar said on Friday that Norwegian soldiers had attacked two Icelandic ships. The navy denied it.\n\nOfficials in Oslo called for talks.\n'


def one_page_pdf(lines):
    text = b'BT /F1 11 Tf 50 760 Td 16 TL ' + b''.join(b'(' + line.encode('latin-1') + b") ' " for line in lines) + b'ET'
    objects = [b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[3 0 R]/Count 1>>',
               b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 1200 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
               b'<</Length %d>>stream\n%s\nendstream' % (len(text), text), b'<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>']
    return b'%PDF-1.4\n' + b''.join(b'%d 0 obj%s endobj\n' % (i + 1, o) for i, o in enumerate(objects)) + b'trailer<</Root 1 0 R>>\n%%EOF\n'


def run(*args, stdin=None, env=None, **more):
    r = subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, env={**os.environ, 'REPORTEDLY_DATA': SOURCE, **(env or {})}, **more)
    return r.returncode, r.stdout.decode('utf-8'), r.stderr.decode('utf-8')


class Corpus(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = os.path.join(self.folder, 'n.db')

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f: f.write(content)
        return path

    def lines(self, count, start=0):
        return ''.join(json.dumps({'id': f'd{i}', 'published': '2031-05-05', 'publisher': 'Post', 'text': f'Patrol {i}. ' + STORY}) + '\n' for i in range(start, start + count))

    def add(self, *more, **kw): return run('add', *more, '--store', self.store, **kw)

    def rows(self, *args):
        code, out, err = run(*args, '--store', self.store, '--format', 'csv')
        self.assertEqual(code, 0, err)
        return list(csv.DictReader(io.StringIO(out)))

    def test_help_of_every_command_has_an_example(self):
        for command in ('add', 'status', 'verify', 'purge', 'search', 'events', 'actors', 'claims', 'changes', 'disputes'):
            code, out, _ = run(command, '--help')
            self.assertEqual(code, 0)
            self.assertIn(f'reportedly {command} ', out.split('Examples:')[1])

    def test_what_is_exported_from_a_store_is_what_code_writes(self):
        path = self.file('a.jsonl', self.lines(3))
        self.assertEqual(self.add(path)[0], 0)
        for profile in ('csv', 'polecat', 'icews', 'acled', 'ftm', 'web-annotation', 'conllu', 'gexf', 'claim'):
            with self.subTest(profile):
                code, out, err = run('export', '--store', self.store, '--profile', profile)
                self.assertEqual(code, 0, err)
                self.assertEqual(out, run('code', path, '--profile', profile)[1])
        code, out, err = run('export', '--store', self.store)
        self.assertEqual((code, out), (0, run('code', path, '--format', 'jsonl')[1]))
        folder = os.path.join(self.folder, 'gdelt')
        self.assertEqual(run('export', '--store', self.store, '--profile', 'gdelt', '--output', folder)[0], 0)
        self.assertIn('export.tsv', os.listdir(folder))
        self.assertEqual(run('export', '--store', self.store, '--profile', 'gdelt')[0], 2)
        self.assertEqual(run('export', '--store', self.store, '--publisher', 'Nobody')[0], 4)
        self.assertEqual(run('export', '--store', self.store, '--table', 'events', '--profile', 'csv'), run('export', '--store', self.store, '--profile', 'csv'))
        for table in ('claims', 'disputes', 'changes', 'actors'):
            with self.subTest(table):
                code, listed, _ = run(table, '--store', self.store, '--format', 'csv', '--limit', '0')
                self.assertEqual(code, 0)
                code, out, err = run('export', '--store', self.store, '--table', table)
                rows = len(listed.splitlines()) - 1
                self.assertEqual((code, out), (0 if rows else 4, listed), err)
                self.assertEqual(run('export', '--store', self.store, '--table', table, '--profile', 'gexf')[0], 2)
        # csv or jsonl: by --format, else by the ending, else a table is csv and all else the records.
        records = run('export', '--store', self.store)[1]
        table = run('export', '--store', self.store, '--profile', 'csv')[1]
        claims = run('claims', '--store', self.store, '--format', 'csv', '--limit', '0')[1]
        written = lambda name, *more: (run('export', '--store', self.store, '--output', os.path.join(self.folder, name), *more)[0],
                                       open(os.path.join(self.folder, name), encoding='utf-8', newline='').read())
        self.assertEqual(run('export', '--store', self.store, '--table', 'events')[1], table)
        self.assertEqual(run('export', '--store', self.store, '--table', 'events', '--format', 'jsonl')[1], records)
        self.assertEqual(run('export', '--store', self.store, '--format', 'csv')[1], table)
        self.assertEqual(written('e.csv', '--table', 'events'), (0, table))
        self.assertEqual(written('e.CSV'), (0, table))
        self.assertEqual(written('e.jsonl', '--table', 'events'), (0, records))
        self.assertEqual(written('e.txt', '--format', 'csv'), (0, table))
        self.assertEqual(written('e2.csv', '--format', 'jsonl'), (0, records))
        self.assertEqual(written('c.csv', '--table', 'claims'), (0, claims))
        code, lines = written('c.jsonl', '--table', 'claims')
        self.assertEqual([json.loads(line) for line in lines.splitlines()], json.loads(run('claims', '--store', self.store, '--format', 'json', '--limit', '0')[1])['rows'])
        self.assertEqual(run('export', '--store', self.store, '--format', 'csv', '--profile', 'polecat')[0], 2)
        code, _, err = run('export', '--store', self.store, '--profile', 'parquet')
        self.assertEqual(code, 2)
        self.assertIn('docs/exports.md', err)
        self.assertEqual(len(run('export', '--store', self.store, '--document', 'd1')[1].splitlines()), 1)

    def test_conllu_of_a_store_is_by_what_coded_it(self):
        path = self.file('a.jsonl', self.lines(2))
        own = os.path.join(self.folder, 'own')
        self.file('own/events/own.yaml', '- id: wobble\n  codes: {type: PROTEST}\n  trigger: {verb: [wobble]}\n  examples:\n    - {text: "Norway wobbled.", is: "NOR PROTEST"}\n')
        export = lambda *more: run('export', '--store', self.store, '--profile', 'conllu', *more)
        for how in (['--model', 'fast'], ['--model', 'fast', '--events', 'lexicon']):
            with self.subTest(how):
                if os.path.exists(self.store): os.remove(self.store)
                self.assertEqual(self.add(path, *how)[0], 0)
                self.assertEqual(export(), (0, run('code', path, '--profile', 'conllu', *how)[1], ''))
        # A text with a head, as a file and as a PDF: a byline is no sentence that somebody says something in.
        head = ['Ships attacked off Hamar', '', '', 'By Reporters Who Said Norway Attacked', '', '', '5 May 2031', '', '']
        headed = self.file('head.txt', '\n'.join(head) + STORY)
        pdf = os.path.join(self.folder, 'head.pdf')
        with open(pdf, 'wb') as f: f.write(one_page_pdf([*head, *STORY.split('\n')]))
        for file in (headed, pdf):
            with self.subTest(file):
                os.remove(self.store)
                self.assertEqual(self.add(file)[0], 0)
                self.assertEqual(export(), (0, run('code', file, '--profile', 'conllu')[1], ''))
        os.remove(self.store)
        self.assertEqual(self.add(path, '--model', 'fast', '--lexicon', own)[0], 0)
        engine = json.loads(run('export', '--store', self.store)[1].splitlines()[0])['engine']
        here = json.loads(run('code', path, '--format', 'jsonl', '--model', 'fast')[1].splitlines()[0])['engine']
        self.assertNotEqual(engine['lexicon'], here['lexicon'])
        code, out, err = export()
        self.assertEqual((code, out), (3, ''))
        for name in (engine['model'], engine['lexicon'], here['lexicon'], 'd0', '--lexicon'): self.assertIn(name, err)
        self.assertEqual(export('--lexicon', own), (0, run('code', path, '--profile', 'conllu', '--model', 'fast', '--lexicon', own)[1], ''))
        # Another model, asked for by name: it is done, with a word.
        code, out, err = export('--model', 'accurate', '--lexicon', own)
        self.assertEqual((code, out), (0, run('code', path, '--profile', 'conllu', '--model', 'accurate', '--lexicon', own)[1]))
        self.assertIn(engine['model'], err)
        self.assertEqual(err.count('may not mean the same'), 1)

    def test_closed_lists_are_checked_in_any_case(self):
        self.assertEqual(self.add(self.file('a.jsonl', self.lines(2)))[0], 0)
        for command in ('search', 'events', 'claims', 'disputes', 'changes'):
            for option, wrong, value in (('--type', 'FOO', 'ASSAULT'), ('--stance', 'sings', 'denies'), ('--status', 'maybe', 'denied')):
                with self.subTest((command, option)):
                    code, out, err = run(command, option, wrong, '--store', self.store)
                    self.assertEqual((code, out), (2, ''))
                    self.assertIn(value, err)
                    asked = [run(command, option, case(value), '--store', self.store, '--format', 'csv') for case in (str.lower, str.upper, str.title)]
                    self.assertEqual(asked[0][0], 0)
                    self.assertEqual(asked[0], asked[1])
                    self.assertEqual(asked[0], asked[2])
        self.assertTrue(self.rows('search', '--type', 'assault'))
        self.assertIn('Three capitals are the code of a country', ' '.join(run('search', '--help')[1].split()))

    def test_timings_of_an_import_name_every_stage(self):
        code, _, err = self.add(self.file('a.jsonl', self.lines(3)), '--timings')
        self.assertEqual(code, 0, err)
        stages = {line[:18].strip(): float(line.split()[-3]) for line in err.splitlines()}
        self.assertEqual(list(stages), ['load', 'reading', 'text', 'encoder', 'syntax', 'entities', 'times and places', 'attribution', 'events',
                                        'records', 'storing', 'grouping'])
        for stage in ('load', 'reading', 'encoder', 'records', 'storing', 'grouping'): self.assertGreater(stages[stage], 0, stage)
        self.assertEqual(self.add(self.file('b.jsonl', self.lines(1, 7)))[2], '')

    def test_columns_and_keys_of_other_names(self):
        table = self.file('a.csv', 'nr,posted_on,raw_text\nr1,2031-05-05,"' + STORY.replace('\n', ' ') + '"\n')
        code, _, err = self.add(table)
        self.assertEqual(code, 3)
        self.assertIn('nr, posted_on, raw_text; say which one holds the text: --column text=NAME', err)
        for wrong in ('text', 'text=', 'words=raw_text'): self.assertEqual(self.add(table, '--column', wrong)[0], 2, wrong)
        code, out, err = self.add(table, '--column', 'text=raw_text', '--column', 'id=nr')
        self.assertEqual(code, 0, err)
        self.assertIn('1 without a date of publication', out)
        self.assertIn(f'1 with warnings: reportedly status --run 2 --store {self.store} --format csv', out)
        self.assertIn('"posted_on" looks like one', str(self.rows('status', '--run', '2')))
        # `code` has the same record; other columns are another reading of the same file.
        warned = run('code', table, '--column', 'text=raw_text', '--column', 'id=nr', '--format', 'jsonl')[1]
        self.assertEqual(run('export', '--store', self.store)[1], warned)
        code, out, err = self.add(table, '--column', 'text=raw_text', '--column', 'id=nr', '--column', 'published=posted_on')
        self.assertEqual(code, 0, err)
        self.assertIn('1 changed', out)
        self.assertNotIn('without a date', out)
        self.assertNotIn('with warnings', out)
        self.assertEqual([d['published'] for d in self.rows('search')], ['2031-05-05'])
        record = json.loads(run('code', '-', '--format', 'jsonl', stdin=json.dumps({'content': STORY, 'date': '2031-05-05', 'source': 'Post'}).encode())[1])
        self.assertEqual((record['document']['published'], record['document']['publisher']), ('2031-05-05', 'Post'))
        for command in ('add', 'code'): self.assertIn('publication date', run(command, '--help')[1])

    def test_explain_from_a_store(self):
        path = self.file('a.jsonl', self.lines(1))
        self.assertEqual(self.add(path)[0], 0)
        code, out, err = run('explain', 'd0', 'v1', '--store', self.store)
        self.assertEqual(code, 0, err)
        self.assertIn('trigger', out)
        self.assertEqual(run('explain', 'none', 'v1', '--store', self.store)[0], 4)
        self.assertEqual(run('explain', 'd0', 's1', '--store', self.store)[0], 2)

    def test_a_folder_becomes_a_corpus(self):
        self.file('in/a.txt', STORY)
        self.file('in/sub/b.jsonl', self.lines(2))
        code, out, err = self.add(os.path.join(self.folder, 'in'))
        self.assertEqual(code, 0, err)
        self.assertIn('3 documents added', out)
        self.assertEqual(os.stat(self.store).st_mode & 0o777, 0o600)
        code, out, _ = self.add(os.path.join(self.folder, 'in'))
        self.assertEqual(code, 0)
        self.assertIn('2 of them unchanged', out)
        found = self.rows('search', '"Icelandic ships"', '--publisher', 'post')
        self.assertEqual({r['document'] for r in found}, {'d0', 'd1'})
        self.assertIn('«Icelandic ships»', found[0]['passage'])
        said = self.rows('search', 'soldiers', '--speaker', 'mayor')
        self.assertTrue(said and all('mayor' in r['voice'] for r in said))
        self.assertTrue(self.rows('events', '--actor', 'NOR', '--type', 'assault'))
        self.assertTrue(self.rows('actors', 'mayor') and self.rows('actors', '--actor', 'NOR'))
        claims = self.rows('claims', '--speaker', 'mayor')
        self.assertTrue(claims and all('The mayor of Hamar said' in r['sentence'] for r in claims))
        self.assertTrue(any(r['copy_of'] for r in claims))
        self.assertEqual({r['holds'] for r in self.rows('disputes')}, {'happened', 'did not happen'})
        self.assertEqual(self.rows('changes'), [])
        # What `code` writes is what the store keeps, and plain sqlite3 reads it.
        db = sqlite3.connect(self.store)
        self.assertEqual(db.execute('SELECT count(DISTINCT document) FROM event_list').fetchone()[0], 3)
        self.assertEqual(db.execute("SELECT substr(text, 1, 6) FROM sentence_list WHERE document = 'd1' AND sentence = 's1'").fetchone()[0], 'Patrol')
        code, out, _ = run('search', 'mayor', '--store', self.store, '--format', 'json', '--limit', '1')
        answer = json.loads(out)
        self.assertEqual(len(answer['rows']), 1)
        code, out, _ = run('search', 'mayor', '--store', self.store, '--format', 'json', '--limit', '1', '--after', answer['next'])
        self.assertNotEqual(json.loads(out)['rows'], answer['rows'])
        code, out, _ = run('verify', '--store', self.store)
        self.assertEqual(code, 0, out)

    def test_a_store_is_made_for_something_to_be_in_it(self):
        code, _, err = self.add(os.path.join(self.folder, 'nosuch'))
        self.assertEqual(code, 4)
        self.assertIn('no such file', err)
        self.assertFalse(os.path.exists(self.store))
        self.assertFalse(os.path.exists(self.store + '-lock'))
        self.file('a.jsonl', self.lines(1))
        self.assertEqual(self.add(os.path.join(self.folder, 'nosuch'), os.path.join(self.folder, 'a.jsonl'))[0], 3)
        self.assertEqual(self.add(os.path.join(self.folder, 'nosuch'))[0], 4)

    def test_the_report_names_every_input_and_the_reason(self):
        self.file('in/a.jsonl', self.lines(1) + 'broken\n' + json.dumps({'text': 'Le ministre a déclaré que les soldats avaient attaqué deux navires islandais vendredi dernier.'}) + '\n')
        self.file('in/empty.txt', '')
        code, out, err = self.add(os.path.join(self.folder, 'in'))
        self.assertEqual(code, 3, err)
        self.assertEqual(len(err.strip().splitlines()), 3, err)
        report = self.rows('status', '--run', '-1')
        self.assertEqual([r['outcome'] for r in report], ['added', 'failed', 'failed', 'failed'])
        self.assertEqual([r['error'] for r in report], ['', 'bad_format', 'language', 'empty'])
        coded = [r['value'] for r in self.rows('status') if r['what'] == 'coded by']
        self.assertTrue(len(coded) == 1 and coded[0].endswith(': 1 documents'), coded)
        self.assertEqual(report[0]['published_origin'], 'file')
        code, out, err = self.add(self.file('b.txt', STORY), '--format', 'csv')
        self.assertEqual(code, 0, err)
        self.assertEqual([r['outcome'] for r in csv.DictReader(io.StringIO(out))], ['added'])
        self.assertEqual(len(self.rows('status', '--runs')), 2)

    def test_exit_codes(self):
        here = self.file('a.txt', STORY)
        self.assertEqual(run('add', here, env={'REPORTEDLY_STORE': ''})[0], 2)
        self.assertEqual(run('search', 'x', '--store', self.store)[0], 4)
        self.assertEqual(self.add(os.path.join(self.folder, 'no.txt'))[0], 4)
        self.assertEqual(self.add(here)[0], 0)
        self.assertEqual(run('status', env={'REPORTEDLY_STORE': self.store})[0], 0)
        self.assertEqual(run('search', 'AND (', '--store', self.store)[0], 2)
        self.assertEqual(run('search', '--stance', 'sings', '--store', self.store)[0], 2)
        self.assertEqual(run('search', '--from', '5 May', '--store', self.store)[0], 2)
        self.assertEqual(run('purge', 'nobody', '--store', self.store)[0], 4)
        code, _, err = run('search', 'x', '--store', self.file('text.db', 'x' * 9999))
        self.assertEqual(code, 6, err)
        with open(self.store, 'r+b') as f:
            f.seek(8192)
            f.write(b'\xA5' * 60000)
        code, out, err = run('verify', '--store', self.store)
        self.assertEqual(code, 6, out + err)
        self.assertTrue(out or err)

    def test_one_writer_at_a_time_and_readers_beside_it(self):
        big = self.file('big.jsonl', self.lines(400))
        p = subprocess.Popen([PROGRAM, 'add', big, '--store', self.store, '--threads', '1'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, 'REPORTEDLY_DATA': SOURCE})
        try:
            for _ in range(400):
                if os.path.exists(self.store) and run('status', '--store', self.store)[0] == 0: break
                time.sleep(0.05)
            code, _, err = self.add(self.file('a.txt', STORY))
            self.assertEqual(code, 6, err)
            self.assertIn(str(p.pid), err)
            self.assertEqual(run('search', 'mayor', '--store', self.store)[0], 0)
            # Ctrl-C: an orderly end, and the same command goes on.
            time.sleep(0.5)
            p.send_signal(signal.SIGINT)
            out, err = p.communicate(timeout=60)
        finally:
            if p.poll() is None: p.kill()
        self.assertEqual(p.returncode, 130, err)
        self.assertIn(b'stopped', err)
        done = sqlite3.connect(self.store).execute('SELECT count(*) FROM documents').fetchone()[0]
        self.assertLess(done, 400)
        self.assertEqual(run('verify', '--store', self.store)[0], 0)

    def test_ctrl_c_while_standard_input_is_waited_for(self):
        p = subprocess.Popen([PROGRAM, 'add', '-', '--store', self.store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, 'REPORTEDLY_DATA': SOURCE})
        try:
            p.stdin.write(self.lines(2).encode())
            p.stdin.flush()
            time.sleep(1.5)
            p.send_signal(signal.SIGINT)
            p.wait(timeout=20)
            out, err = p.stdout.read(), p.stderr.read()
        finally:
            if p.poll() is None: p.kill()
            for pipe in (p.stdin, p.stdout, p.stderr): pipe.close()
        self.assertEqual(p.returncode, 130, err)
        self.assertIn(b'stopped', err)
        self.assertEqual(sqlite3.connect(self.store).execute('SELECT count(error_code), (SELECT state FROM runs) FROM documents').fetchone(), (0, 'stopped'))

    def test_a_full_disk_and_a_folder_without_write_rights_are_said_clearly(self):
        big = self.file('big.jsonl', self.lines(60))

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
        code, out, err = self.add(big, preexec_fn=small_files)
        self.assertEqual(code, 1, out + err)
        self.assertIn('disk', err)
        code, _, err = self.add(big)
        self.assertEqual(code, 0, err)
        self.assertEqual(sqlite3.connect(self.store).execute('SELECT count(*) FROM documents').fetchone()[0], 60)
        shut = os.path.join(self.folder, 'shut')
        os.mkdir(shut)
        os.chmod(shut, 0o555)
        code, _, err = run('add', big, '--store', '/proc/n.db' if os.geteuid() == 0 else os.path.join(shut, 'n.db'))
        self.assertEqual(code, 1, err)
        self.assertIn('unwritable', err)

    def test_purge_removes_and_verify_compares(self):
        self.add(self.file('a.jsonl', self.lines(2)))
        before = run('verify', '--store', self.store)[1]
        self.add(self.file('b.jsonl', self.lines(1, 7)))
        self.assertNotEqual(run('verify', '--store', self.store)[1], before)
        code, out, _ = run('purge', 'd7', '--store', self.store)
        self.assertEqual((code, out), (0, '1 documents removed\n'))
        self.assertEqual(run('verify', '--store', self.store)[1], before)


if __name__ == '__main__':
    PROGRAM, SOURCE = sys.argv[1], sys.argv[2]
    unittest.main(argv=sys.argv[:1], verbosity=1)
