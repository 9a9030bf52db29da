#!/usr/bin/env python3
"""Too little memory, full disks, folders without rights: a message that names the file and the way out, other documents unharmed, stores whole.
Run by ctest.

usage: resources_test.py PROGRAM SOURCE_FOLDER
"""
import json, os, resource, shutil, signal, subprocess, sys, tempfile, time, unittest

PROGRAM, SOURCE = '', ''
STORY = 'The mayor of Hamar said on Friday that Norwegian soldiers had attacked two Icelandic ships. The navy denied it.\n'


def environment(): return {**os.environ, 'REPORTEDLY_DATA': SOURCE}


def run(*args, memory=None, file_size=None, stdout=subprocess.PIPE, program=None):
    def limits():
        if memory: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if file_size:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    r = subprocess.run([program or PROGRAM, *args], stdout=stdout, stderr=subprocess.PIPE, env=environment(), preexec_fn=limits)
    return r.returncode, (r.stdout or b'').decode(), r.stderr.decode()


def most_memory(*args):
    """Bytes of address space that a run takes at most."""
    p = subprocess.Popen([PROGRAM, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    most = 0
    while p.poll() is None:
        try:
            with open(f'/proc/{p.pid}/status') as f: most = max([most] + [int(l.split()[1]) for l in f if l.startswith('VmPeak')])
        except OSError: pass
        time.sleep(0.005)
    return most * 1024


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        def file(name, content):
            path = os.path.join(cls.folder, name)
            with open(path, 'w') as f: f.write(content)
            return path
        cls.good, cls.other = file('good.txt', STORY), file('other.txt', STORY + STORY)
        cls.huge = file('huge.txt', 'The old mayor of a small town spoke. ' * 900_000)
        cls.line = file('line.jsonl', json.dumps({'id': 'a', 'text': STORY}) + '\n' + json.dumps({'id': 'b', 'text': 'x ' * 10, 'more': 'y' * 150_000_000}) + '\n' +
                        json.dumps({'id': 'c', 'text': STORY}) + '\n')
        cls.many = file('many.jsonl', ''.join(json.dumps({'id': f'd{i}', 'text': f'Patrol {i}. ' + STORY * 3}) + '\n' for i in range(60)))
        cls.needed = most_memory('code', cls.good, '--format', 'jsonl', '--threads', '1', '--model', 'fast')
        assert cls.needed > 1 << 24, cls.needed

    def path(self, name): return os.path.join(self.folder, name)

    # --- memory ------------------------------------------------------------------------------------------------------------
    def test_a_document_beyond_memory_does_not_harm_others(self):
        args = ('--format', 'jsonl', '--model', 'fast', '--threads')
        whole = run('code', self.good, self.other, *args, '1')[1].splitlines()
        for threads in ('1', '3'):
            code, out, err = run('code', self.good, self.huge, self.other, *args, threads, memory=self.needed + (180 << 20))
            self.assertEqual(code, 3, err)
            first, huge, last = out.splitlines()
            self.assertEqual([first, last], whole)
            self.assertIn('memory', json.loads(huge)['error']['message'])
            self.assertIn(self.huge, err)
            self.assertIn('split it', err)
            self.assertNotIn('unexpected', err)

    def test_a_line_beyond_memory_does_not_harm_its_neighbours(self):
        code, out, err = run('code', self.line, '--format', 'jsonl', '--model', 'fast', '--threads', '1', memory=self.needed + (180 << 20))
        self.assertEqual(code, 3, err)
        records = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([r['document']['id'] for r in records if 'error' not in r], ['a', 'c'])
        self.assertIn('line.jsonl:2', err)
        self.assertIn('memory', err)

    def test_a_store_is_whole_after_it_and_the_document_is_tried_again(self):
        store = self.path('memory.db')
        code, _, err = run('add', self.good, self.huge, self.other, '--store', store, '--model', 'fast', '--threads', '1', memory=self.needed + (180 << 20))
        self.assertEqual(code, 3, err)
        self.assertIn(self.huge, err)
        self.assertIn('memory', err)
        self.assertEqual(run('verify', '--store', store)[0], 0)
        self.assertEqual(len(run('export', '--store', store)[1].splitlines()), 2)
        short = self.path('huge.txt')
        with open(short, 'w') as f: f.write('The huge text is a short one now, said the mayor.')
        code, out, err = run('add', self.good, self.huge, self.other, '--store', store, '--model', 'fast')
        self.assertEqual(code, 0, err)
        self.assertEqual(len(run('export', '--store', store)[1].splitlines()), 3)

    def test_hardly_any_memory_ends_with_a_message_never_with_a_crash(self):
        args = ('code', self.good, '--format', 'jsonl', '--model', 'fast', '--threads', '4')
        ends = set()
        for part in (0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.2, 2.5):
            code, out, err = run(*args, memory=int(self.needed * part))
            if code == 127 or 'shared librar' in err: continue  # not even begun
            ends.add(code)
            self.assertIn(code, (0, 1, 3, 5), f'{part}: {err}')
            self.assertTrue(out if code == 0 else err.strip(), part)
            self.assertNotIn('unexpected', err)
        self.assertIn(0, ends)
        self.assertGreater(len(ends), 1, 'too little memory was never met')

    # --- disks -------------------------------------------------------------------------------------------------------------
    def test_standard_output_that_is_full(self):
        store = self.path('full.db')
        self.assertEqual(run('add', self.many, '--store', store, '--model', 'fast')[0], 0)
        coded = ('code', self.good, '--model', 'fast')
        for args in ((*coded, '--format', 'jsonl'), (*coded, '--format', 'json'), (*coded, '--format', 'html'), (*coded, '--format', 'csv'), (*coded, '--profile', 'polecat'),
                     (*coded, '--profile', 'conllu'), ('parse', self.good, '--model', 'fast'), ('explain', self.good, 's1', '--model', 'fast'), ('explain', 'd1', 'v1', '--store', store),
                     ('codebook',), ('doctor', '--model', 'fast'), *((c, '--store', store) for c in ('export', 'events', 'claims', 'actors', 'status', 'verify')), ('search', 'ships', '--store', store)):
            with self.subTest(args), open('/dev/full', 'w') as full:
                code, _, err = run(*args, stdout=full)
                self.assertEqual(code, 1, err)
                self.assertIn('standard output: cannot write: No space left', err)
                self.assertIn('make room', err)

    def test_a_file_that_grows_too_large_is_named_and_leaves_nothing(self):
        for args in (('--format', 'jsonl'), ('--format', 'html'), ('--format', 'csv'), ('--profile', 'polecat')):
            out = self.path('out.txt')
            code, _, err = run('code', self.many, '--model', 'fast', *args, '--output', out, file_size=10_000)
            self.assertEqual(code, 1, err)
            self.assertIn(out, err)
            self.assertIn('make room', err)
            self.assertFalse(os.path.exists(out) or os.path.exists(out + '.part'), args)
        old = self.path('old.txt')
        with open(old, 'w') as f: f.write('what was there before')
        self.assertEqual(run('code', self.many, '--model', 'fast', '--format', 'jsonl', '--output', old, file_size=10_000)[0], 1)
        with open(old) as f: self.assertEqual(f.read(), 'what was there before')

    def test_places_that_cannot_be_written(self):
        for out, words in ((self.path('none/out.jsonl'), 'make its folder first'), ('/proc/out.jsonl', 'cannot write'), ('/dev/full', 'make room')):
            code, _, err = run('code', self.good, '--model', 'fast', '--format', 'jsonl', '--output', out)
            self.assertEqual(code, 1, err)
            self.assertIn(out, err)
            self.assertIn(words, err)

    def inside(self, script, size='1m', options=''):
        """A shell in a namespace of its own, with a small file system mounted on $D; the program is $P."""
        disk = tempfile.mkdtemp(dir=self.folder)
        r = subprocess.run(['unshare', '-Urm', 'sh', '-c', f'mount -t tmpfs -o size={size} none "$D" || exit 77\n{script}'], capture_output=True,
                           env={**environment(), 'P': PROGRAM, 'D': disk, 'F': self.many, 'G': self.good})
        if r.returncode == 77 or b'unshare' in r.stderr: self.skipTest('no namespaces here: ' + r.stderr.decode())
        return r.returncode, r.stdout.decode(), r.stderr.decode(), disk

    def test_a_full_disk_keeps_the_store_whole(self):
        _, out, err, disk = self.inside('''
            $P add "$F" --store "$D/n.db" --model fast --threads 2; echo "add $?"
            df --output=avail "$D" | tail -n 1
            $P verify --store "$D/n.db"; echo "verify $?"
            $P events --store "$D/n.db" >/dev/null; echo "events $?"
            $P search ships --store "$D/n.db" >/dev/null; echo "search $?"
            mount -o remount,size=60m "$D"
            $P add "$F" --store "$D/n.db" --model fast; echo "again $?"
            $P verify --store "$D/n.db"; echo "verify $?"
            $P export --store "$D/n.db" | wc -l''')
        self.assertIn('add 1', out, err)
        self.assertIn(os.path.join(disk, 'n.db'), err)
        self.assertIn('the disk is full', err)
        self.assertIn('make room', err)
        self.assertEqual(out.count('verify 0'), 2, out + err)
        self.assertIn('events 0', out, err)
        self.assertIn('search 0', out, err)
        self.assertIn('again 0', out, err)
        self.assertEqual(out.split()[-1], '60')

    def test_a_full_disk_under_an_output_file(self):
        _, out, err, disk = self.inside('''
            $P code "$F" --format jsonl --model fast --output "$D/out.jsonl"; echo "code $?"
            $P code "$F" --profile gdelt --model fast --output "$D/gdelt"; echo "profile $?"
            ls "$D" "$D/gdelt"''', size='20k')
        self.assertIn('code 1', out, err)
        self.assertIn('profile 1', out, err)
        self.assertIn(os.path.join(disk, 'out.jsonl'), err)
        self.assertIn('make room', err)
        self.assertNotIn('.part', out)
        self.assertNotIn('out.jsonl', out)

    def test_a_file_system_that_is_read_only(self):
        _, out, err, disk = self.inside('''
            $P add "$G" --store "$D/n.db" --model fast >/dev/null; echo "add $?"
            mount -o remount,ro "$D"
            $P add "$F" --store "$D/n.db" --model fast; echo "ro $?"
            $P add "$F" --store "$D/new.db" --model fast; echo "new $?"
            $P code "$G" --format jsonl --model fast --output "$D/out.jsonl"; echo "code $?"
            $P events --store "$D/n.db" >/dev/null; echo "events $?"
            $P verify --store "$D/n.db" >/dev/null; echo "verify $?"''', size='60m')
        for end in ('add 0', 'ro 1', 'new 1', 'code 1', 'events 0', 'verify 0'): self.assertIn(end, out, err)
        for name in ('n.db', 'new.db', 'out.jsonl'): self.assertIn(os.path.join(disk, name), err)
        self.assertIn('unwritable', err)
        self.assertIn('write elsewhere', err)


if __name__ == '__main__':
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
