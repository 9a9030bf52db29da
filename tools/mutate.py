#!/usr/bin/env python3
"""Do the tests notice when something breaks? Applies each breakage of tools/mutants.yaml to a scratch copy of the sources, builds what it
touches, runs the tests named there, and prints which were noticed.

usage: tools/mutate.py [--scratch FOLDER] [--only WORD…] [--jobs 2] [--least 0.9]
       tools/mutate.py --check      does the list still fit the sources?

The scratch copy and its build stay for the next run (ccache makes the first build cheap where it is installed). `--scratch .` breaks, and
mends, the sources themselves with the build that is there: for a checkout that may be thrown away. Fails (status 1) where less
than nine in ten are noticed, and (status 2) where the list no longer fits the sources or the unbroken copy fails.
"""
import argparse, os, pathlib, shutil, subprocess, sys, tempfile, time

import yaml

SOURCE = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = {'base', 'text', 'import', 'nn', 'syntax', 'entities', 'time', 'places', 'attribution', 'events', 'output', 'engine', 'corpus', 'server'}


class Scratch:
    def __init__(self, folder, jobs):
        self.folder, self.build, self.jobs = folder, folder / 'build', jobs
        self.environment = {**os.environ, 'CCACHE_BASEDIR': str(folder), 'CCACHE_NOHASHDIR': '1', 'REPORTEDLY_DATA': str(folder)}
        if folder != SOURCE: self.copy()
        if folder == SOURCE and (self.build / 'build.ninja').exists(): return
        launcher = ['-DCMAKE_CXX_COMPILER_LAUNCHER=ccache', '-DCMAKE_C_COMPILER_LAUNCHER=ccache'] if shutil.which('ccache') else []
        self.call(['cmake', '-S', '.', '-B', 'build', '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release', '-DREPORTEDLY_TESTS=ON', '-DREPORTEDLY_WERROR=OFF', *launcher], check=True)

    def copy(self):
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True)
        kept = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', '-z'], cwd=SOURCE, capture_output=True, check=True).stdout.decode().split('\0')
        wanted = {name for name in kept if name and (SOURCE / name).is_file()}
        for name in wanted:
            to = folder / name
            if to.exists() and to.read_bytes() == (SOURCE / name).read_bytes(): continue  # its time stays: it is not built again
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SOURCE / name, to)
            shutil.copymode(SOURCE / name, to)
        for name in subprocess.run(['find', '.', '-path', './build', '-prune', '-o', '-type', 'f', '-print'], cwd=folder, capture_output=True, check=True).stdout.decode().split('\n'):
            if name and name[2:] not in wanted: (folder / name).unlink()

    def call(self, command, check=False, timeout=None):
        try:
            r = subprocess.run(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        except subprocess.TimeoutExpired:
            return 124, 'timeout'
        out = r.stdout.decode('utf-8', 'replace')
        if check and r.returncode != 0: raise SystemExit(out[-3000:])
        return r.returncode, out

    def make(self, tests):
        targets = {f'test_{t}' if t in PROGRAMS else 'golden_runner' if t.startswith('golden') else 'reportedly' for t in tests}
        return self.call(['nice', 'ninja', '-C', 'build', '-j', str(self.jobs), *sorted(targets)])

    def run(self, test):
        """Does the test hold?"""
        if test in PROGRAMS: return self.call([f'build/tests/test_{test}', '--abort-after=1'], timeout=1200)[0] == 0
        return self.call(['ctest', '--test-dir', 'build', '-R', f'^{test}$', '--no-tests=error'], timeout=1200)[0] == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--scratch', type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / f'reportedly-mutants-{os.getuid()}')
    parser.add_argument('--only', nargs='*', default=[], help='words of the stage or of what is broken')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--least', type=float, default=0.9, help='share that must be noticed')
    parser.add_argument('--check', action='store_true', help='only see that each line stands once in its file')
    options = parser.parse_args()
    mutants = yaml.safe_load((SOURCE / 'tools/mutants.yaml').read_text())
    wrong = [f'{m["file"]}: {m["from"]!r} stands there {n} times' for m in mutants if (n := (SOURCE / m['file']).read_text().count(m['from'])) != 1]
    if wrong:
        print('\n'.join(wrong))
        return 2
    if options.check: return 0
    mutants = [m for m in mutants if not options.only or any(word in m['stage'] + ' ' + m['what'] for word in options.only)]
    scratch = Scratch(options.scratch.resolve(), options.jobs)
    tests = sorted({t for m in mutants for t in m['tests']})
    code, out = scratch.make(tests)
    if code != 0:
        print(out[-3000:])
        return 2
    failing = [t for t in tests if not scratch.run(t)]
    if failing:
        print('these fail without any breakage: ' + ', '.join(failing))
        return 2
    noticed = unbuilt = 0
    for m in mutants:
        start = time.monotonic()
        path = scratch.folder / m['file']
        whole = path.read_text()
        by = None
        try:
            path.write_text(whole.replace(m['from'], m['to']))
            code, out = scratch.make(m['tests'])
            if code != 0:  # neither noticed nor missed: the list is to be mended, but the others still run
                print(f'{m["what"]}: does not build\n{out[-1500:]}', flush=True)
                unbuilt += 1
                continue
            by = next((t for t in m['tests'] if not scratch.run(t)), None)
        finally:
            path.write_text(whole)
        noticed += by is not None
        print(f'{"noticed by " + by if by else "NOT NOTICED":<28}{m["stage"]:<18}{m["what"]}  ({time.monotonic() - start:.0f} s)', flush=True)
    scratch.make(tests)
    print(f'{noticed} of {len(mutants) - unbuilt} noticed' + (f', {unbuilt} do not build' if unbuilt else ''))
    if unbuilt: return 2
    return 0 if noticed >= options.least * len(mutants) else 1


if __name__ == '__main__': sys.exit(main())
