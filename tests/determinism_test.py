#!/usr/bin/env python3
"""The output depends on the input alone: not on threads, batch, order of files, locale, time zone, or what was in memory before. Run by ctest.

usage: determinism_test.py PROGRAM SOURCE_FOLDER
"""
import glob, json, os, random, shutil, subprocess, sys, tempfile, unittest

PROGRAM, SOURCE = '', ''
# Words whose lower and upper case differ by locale, numbers, dates near midnight, names that sort differently.
STORY = ('ISTANBUL, 31 December 2030 – The INTERIOR MINISTRY of Iceland said on Friday night that its ships had fired on 1,250.5 tons of Ilgaz fish. '
         'Norway denied it. “IT IS A LIE,” Ingrid Igland said in Çiğli. Two fishermen told reporters at 11:30 p.m. that {} people were killed yesterday.')


def run(*args, env=None, stdin=None, cwd=None):
    r = subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, cwd=cwd, env={**os.environ, 'REPORTEDLY_DATA': SOURCE, **(env or {})})
    return r.returncode, r.stdout, r.stderr


def locales():
    listed = subprocess.run(['locale', '-a'], capture_output=True, text=True).stdout.split()
    # What is not installed is set as well: a program must then stay with "C", not fall over.
    return sorted({'C', 'C.UTF-8', 'tr_TR.UTF-8', 'de_DE.UTF-8', *(l for l in listed if l.lower().startswith(('tr', 'az', 'lt', 'de', 'fr')))})


class Determinism(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        def file(name, content):
            path = os.path.join(cls.folder, name)
            with open(path, 'w', encoding='utf-8') as f: f.write(content)
            return path
        cls.files = sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.txt')))[3:8]
        cls.files += [file(f'story{i}.txt', STORY.format(i + 2)) for i in range(3)]
        cls.files += [file('empty.txt', ''), file('page.html', f'<html><head><title>I</title></head><body><article><p>{STORY.format(9)}</p><p>{STORY.format(8)}</p></article></body></html>')]
        cls.files += [file('lines.jsonl', ''.join(json.dumps({'id': f'd{i}', 'published': '2031-01-01', 'text': STORY.format(i)}) + '\n' for i in range(4)) + '{"text": 1}\n')]
        cls.whole = cls.code('--threads', '1')
        assert len(cls.whole.splitlines()) == len(cls.files) + 4, cls.whole

    @classmethod
    def code(cls, *more, files=None, env=None, cwd=None, form=('--format', 'jsonl')):
        code, out, err = run('code', *(files or cls.files), '--model', 'fast', *form, *more, env=env, cwd=cwd)
        assert code in (0, 3, 4), err
        return out

    def test_threads(self):
        for threads in ('1', '2', '7'): self.assertEqual(self.code('--threads', threads), self.whole, threads)

    def test_order_of_files(self):
        each = {path: self.code(files=[path]) for path in self.files}  # one call each
        self.assertEqual(b''.join(each.values()), self.whole)
        shuffled = list(self.files)
        for seed in (1, 2):
            random.Random(seed).shuffle(shuffled)
            self.assertEqual(self.code('--threads', '2', files=shuffled), b''.join(each[path] for path in shuffled))

    def test_locale(self):
        for locale in locales():
            self.assertEqual(self.code(env={'LC_ALL': locale, 'LANG': locale, 'LANGUAGE': locale}), self.whole, locale)

    def test_time_zone_and_clock(self):
        for zone in ('UTC', 'Pacific/Kiritimati', 'America/St_Johns', 'UTC+12', '<X>13:59', 'nonsense'):
            self.assertEqual(self.code(env={'TZ': zone}), self.whole, zone)

    def test_what_was_in_memory(self):
        for fill in ('1', '85', '255'):
            self.assertEqual(self.code('--threads', '2', env={'MALLOC_PERTURB_': fill, 'MALLOC_ARENA_MAX': fill}), self.whole, fill)

    def test_folder_and_environment(self):
        self.assertEqual(self.code(cwd='/', env={'HOME': '/nonexistent', 'USER': '', 'COLUMNS': '20', 'NO_COLOR': '1', 'TERM': 'dumb', 'TMPDIR': '/nonexistent'}), self.whole)

    def test_kernels(self):
        for kernels in ('avx2', 'avx512', 'avx_vnni'):
            self.assertEqual(self.code(files=self.files[5:6], env={'REPORTEDLY_KERNELS': kernels}), self.code(files=self.files[5:6]), kernels)

    def test_every_format(self):
        for form in (('--format', 'csv'), ('--format', 'html'), ('--format', 'account'), ('--profile', 'polecat'), ('--profile', 'icews'), ('--profile', 'ftm')):
            one = self.code('--threads', '1', form=form)
            self.assertTrue(one)
            self.assertEqual(self.code('--threads', '7', form=form, env={'LC_ALL': 'tr_TR.UTF-8', 'TZ': 'Pacific/Kiritimati'}), one, form)

    def test_parse(self):
        whole = run('parse', *self.files, '--model', 'fast', '--threads', '1')
        self.assertIn(b'\tNOUN\t', whole[1])
        self.assertEqual(run('parse', *self.files, '--model', 'fast', '--threads', '7', env={'LC_ALL': 'tr_TR.UTF-8'})[:2], whole[:2])

    def test_accurate_model(self):
        form, files = ('--model', 'accurate', '--format', 'jsonl'), self.files[5:8]
        one = run('code', *files, *form, '--threads', '1')
        self.assertEqual((one[0], len(one[1].splitlines())), (0, 3), one[2])
        self.assertEqual(run('code', *files, *form, '--threads', '7', env={'LC_ALL': 'tr_TR.UTF-8', 'MALLOC_PERTURB_': '85'})[:2], one[:2])
        self.assertEqual(b''.join(run('code', f, *form)[1] for f in files), one[1])

    def digest(self, name, files, *more, calls=None, env=None):
        """Of a store: what `verify` prints is made of every row but the clock's."""
        store = os.path.join(self.folder, name + '.db')
        for part in calls or [files]:
            code, out, err = run('add', *part, '--model', 'fast', '--store', store, *more, env=env)
            self.assertIn(code, (0, 3, 4), err)
        code, out, err = run('verify', '--store', store)
        self.assertEqual(code, 0, err)
        shown = {table: run(table, '--store', store, '--format', 'csv', '--limit', '1000')[1] for table in ('events', 'claims', 'disputes', 'actors')}
        self.assertTrue(all(len(rows.splitlines()) > 1 for rows in shown.values()), shown)
        return out, shown, run('export', '--store', store)[1]

    def test_add(self):
        one = self.digest('one', self.files, '--threads', '1')
        self.assertEqual(b''.join(sorted(one[2].splitlines(True))), b''.join(sorted(line for line in self.whole.splitlines(True) if b'"error":' not in line)))
        for threads in ('2', '7'): self.assertEqual(self.digest('t' + threads, self.files, '--threads', threads), one, threads)
        self.assertEqual(self.digest('locale', self.files, env={'LC_ALL': 'tr_TR.UTF-8', 'TZ': 'Pacific/Kiritimati'}), one)
        # Documents are numbered in the order of import, so the order of rows may differ; what stands in the store may not.
        for name, calls in (('backwards', [self.files[::-1]]), ('each', [[f] for f in self.files]), ('twice', [self.files, self.files])):
            other = self.digest(name, self.files, '--threads', '2', calls=calls)
            self.assertEqual(other[0], one[0], name)


if __name__ == '__main__':
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
