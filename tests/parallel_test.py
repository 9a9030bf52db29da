#!/usr/bin/env python3
"""Many things at once: requests to the server from many threads, beside a writer; coding and importing with many threads. Every answer is what
one request alone gets. Run by ctest, and by `make tsan` with a program that watches for data races (a report of it is a failure here).

usage: parallel_test.py PROGRAM SOURCE_FOLDER
"""
import concurrent.futures, json, os, re, shutil, subprocess, sys, tempfile, threading, unittest, urllib.error, urllib.request

PROGRAM, SOURCE = '', ''
STORY = ('OSLO, 5 May 2031 – The mayor of Hamar said on Friday that Norwegian soldiers had attacked {} Icelandic ships. The navy denied it.\n\n'
         '“We will not leave,” the minister told reporters in Reykjavik, who said that two fishermen had seen {} boats.')
READ = ('status', 'runs', 'search?q=ships', 'facets', 'events', 'actors', 'claims', 'disputes', 'story-events', 'timeline', 'network', 'places', 'documents/d3', 'documents/d4/record',
        'documents/d5/explain/v1', 'review', 'events?format=csv', 'corrections', 'scheme', 'documents/none')


def environment(): return {**os.environ, 'REPORTEDLY_DATA': SOURCE}


class Parallel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.store = os.path.join(cls.folder, 's.db')
        cls.lines = [cls.write(f'{part}.jsonl', range(12 * part, 12 * part + 12)) for part in range(3)]
        cls.run_program('add', cls.lines[0], '--store', cls.store, '--threads', '4')

    @classmethod
    def write(cls, name, numbers):
        path = os.path.join(cls.folder, name)
        with open(path, 'w') as f:
            for i in numbers: f.write(json.dumps({'id': f'd{i}', 'published': '2031-05-05', 'publisher': 'Post', 'text': STORY.format(i + 2, i + 5)}) + '\n')
        return path

    @classmethod
    def run_program(cls, *args):
        model = () if args[0] in ('verify', 'export') else ('--model', 'fast')
        r = subprocess.run([PROGRAM, *args, *model], capture_output=True, env=environment())
        assert b'ThreadSanitizer' not in r.stderr, r.stderr.decode()[:8000]
        assert r.returncode == 0, r.stderr.decode()
        return r.stdout

    def test_code_and_parse(self):
        one = self.run_program('code', *self.lines, '--format', 'jsonl', '--threads', '1')
        self.assertEqual(len(one.splitlines()), 36)
        self.assertEqual(self.run_program('code', *self.lines, '--format', 'jsonl', '--threads', '6'), one)
        self.assertEqual(self.run_program('code', *self.lines, '--profile', 'polecat', '--threads', '6'), self.run_program('code', *self.lines, '--profile', 'polecat', '--threads', '1'))
        self.assertEqual(self.run_program('parse', *self.lines, '--threads', '6'), self.run_program('parse', *self.lines, '--threads', '1'))

    def test_add(self):
        digests = set()
        for threads in ('1', '6'):
            store = os.path.join(self.folder, f'add{threads}.db')
            self.run_program('add', *self.lines, '--store', store, '--threads', threads)
            digests.add(self.run_program('verify', '--store', store))
        self.assertEqual(len(digests), 1)

    def test_serve(self):
        log = open(os.path.join(self.folder, 'serve.log'), 'w+')
        server = subprocess.Popen([PROGRAM, 'serve', '--store', self.store, '--port', '0', '--model', 'fast'], stdout=subprocess.PIPE, stderr=log, text=True, env=environment())
        try:
            text = ''
            while 'Ctrl-C' not in text:
                line = server.stdout.readline()
                self.assertTrue(line, text)
                text += line
            base, token = re.search(r'(http://\S+)/open', text)[1], re.search(r'Bearer …\s+(\w+)', text)[1]

            def ask(path, body=None, method=None):
                request = urllib.request.Request(f'{base}/api/v1/{path}', data=body, method=method, headers={'Authorization': 'Bearer ' + token, 'Content-Type': 'application/json' if path == 'corrections' else 'text/plain'})
                for attempt in range(200):
                    try:
                        with urllib.request.urlopen(request, timeout=120) as answer: return answer.status, answer.read()
                    except urllib.error.HTTPError as e:
                        with e: status, said = e.code, e.read()
                        if status not in (429, 503): return status, said  # busy: the queue is bounded
                        threading.Event().wait(0.05)
                self.fail(f'{path}: busy for ever')

            alone = {path: ask(path) for path in READ}
            self.assertEqual({path: status for path, (status, _) in alone.items() if status != 200}, {'documents/none': 404})
            texts = [STORY.format(i, i) for i in range(3)]
            analysed = [ask('analyze?published=2031-05-05', t.encode()) for t in texts]
            self.assertTrue(all(status == 200 for status, _ in analysed), analysed)
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                asked = [(path, pool.submit(ask, path)) for _ in range(6) for path in READ]
                said = [(i % 3, pool.submit(ask, 'analyze?published=2031-05-05', texts[i % 3].encode())) for i in range(9)]
                for path, answer in asked: self.assertEqual(answer.result(), alone[path], path)
                for i, answer in said: self.assertEqual(answer.result(), analysed[i])
                # Beside a writer: what is read is a state of the store, before or after.
                writer = pool.submit(self.run_program, 'add', self.lines[1], '--store', self.store, '--threads', '3')
                beside = [(path, pool.submit(ask, path)) for _ in range(6) for path in READ]
                for path, answer in beside: self.assertEqual(answer.result()[0], alone[path][0], path)
                writer.result()
            record = json.loads(ask('documents/d15/record')[1])
            self.assertEqual(record['document']['id'], 'd15')
        finally:
            server.terminate()
            self.assertEqual(server.wait(timeout=60), 0)
            server.stdout.close()
            log.seek(0)
            said = log.read()
            log.close()
        self.assertNotIn('ThreadSanitizer', said, said[:8000])


if __name__ == '__main__':
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
