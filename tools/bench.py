#!/usr/bin/env python3
"""Speed, memory and start-up of the program on generated articles.

usage: bench.py --program build/reportedly [--documents 120] [--model fast] [--keep FILE.jsonl]
       bench.py --program build/reportedly --add 10000 [--model fast]

The articles are put together from the paragraphs of examples/ by a fixed seed, so every run and machine reads the same text.
Prints words (strings between white space) per CPU second, user and system, best of three runs of `code --threads 1
--format jsonl`; the same per second of the clock with all cores; the ratio int8 to fp32 in the same run; start to first
result; documents added to a new store against documents coded; peak memory, and how much of it no other process can share
(Private_Dirty of /proc/PID/smaps_rollup, while it writes results: the rest is the mapped model, the program and data files).
With --add instead: how many documents a second `add` reads, codes, stores and groups with all cores, peak memory, the store's size, and
the share of each stage. These documents are put together from the passages of training/passages/train: 100 a day, each from passages of its
day, so that a passage is in seven or eight documents, as an agency's text is, and no two days tell the same.
Figures belong to the machine they were measured on.
"""
import argparse, datetime, glob, json, os, platform, random, re, resource, subprocess, sys, tempfile, time


def paragraphs(folder):
    out = []
    for path in sorted(glob.glob(os.path.join(folder, '*.txt'))):
        text = open(path, encoding='utf-8').read()
        out += [p.strip() for p in re.split(r'\n\s*\n', text) if len(p.split()) > 15]
    for path in sorted(glob.glob(os.path.join(folder, '*.jsonl'))):
        for line in open(path, encoding='utf-8'):
            out += [p.strip() for p in re.split(r'\n\s*\n', json.loads(line)['text']) if len(p.split()) > 15]
    return out


def articles(folder, count, seed=7):
    """Articles of 150 to 900 words, about the lengths of news."""
    rnd, pool = random.Random(seed), paragraphs(folder)
    if not pool: sys.exit(f'{folder}: no examples to build articles from')
    for i in range(count):
        goal, text, words = rnd.randint(150, 900), [], 0
        while words < goal:
            p = rnd.choice(pool)
            text.append(p)
            words += len(p.split())
        yield {'id': f'bench-{i:05}', 'published': '2031-05-05', 'text': '\n\n'.join(text)}


def archive(folder, count):
    """Documents of 120 to 400 words, dated, 100 a day."""
    pool = []
    for path in sorted(glob.glob(os.path.join(folder, '*.yaml'))):
        # The text alone, which is a block of indented lines: a reader of YAML would take longer than all the rest.
        for block in re.findall(r'^  text: [|>]-?\n((?:    .*\n|\n)+)', open(path, encoding='utf-8').read(), re.M):
            pool.append(' '.join(block.split()))
    if not pool: sys.exit(f'{folder}: no passages to build documents from')
    random.Random(5).shuffle(pool)
    a_day = max(10, len(pool) // 100)
    for i in range(count):
        rnd, day = random.Random(i), i // 100
        goal, text, words = rnd.randint(120, 360), [], 0
        for j in rnd.sample(range(a_day), a_day):
            if words >= goal: break
            text.append(pool[(day * a_day + j) % len(pool)])
            words += len(text[-1].split())
        published = datetime.date(2031, 1, 1) + datetime.timedelta(days=day)
        yield {'id': f'archive-{i:06}', 'published': published.isoformat(), 'publisher': f'Paper {rnd.randint(1, 60)}', 'text': '\n\n'.join(text)}


def private_kib(pid):
    try:
        return sum(int(l.split()[1]) for l in open(f'/proc/{pid}/smaps_rollup') if l.startswith('Private_Dirty'))
    except (OSError, ProcessLookupError):  # not Linux, or it has ended
        return 0


def run(command, stderr=None):
    """-> (CPU seconds, wall seconds, peak KiB, seconds to the first byte of output, private KiB)"""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr)
    first = child.stdout.read(1)
    first_at = time.perf_counter() - start
    private = private_kib(child.pid)
    while child.stdout.read(1 << 20): private = max(private, private_kib(child.pid))
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not first: sys.exit(f'{" ".join(command)} failed with {child.returncode}')
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss, first_at, private


def processor():
    return next((l.split(':', 1)[1].strip() for l in open('/proc/cpuinfo') if l.startswith('model name')), platform.machine())


def add(program, root, count, model):
    """Prints what it costs to read, code, store and group that many documents, as a table."""
    with tempfile.TemporaryDirectory() as work:
        path, store, times = (os.path.join(work, name) for name in ('archive.jsonl', 'news.db', 'times.txt'))
        words = 0
        with open(path, 'w', encoding='utf-8') as f:
            for d in archive(os.path.join(root, 'training', 'passages', 'train'), count):
                f.write(json.dumps(d, ensure_ascii=False) + '\n')
                words += len(d['text'].split())
        with open(times, 'w') as f:
            cpu, wall, peak, _, _ = run([program, 'add', path, '--store', store, *model, '--timings'], stderr=f)
        stages = [re.fullmatch(r'(.+?) +([0-9.]+) s +([0-9.]+)%', l.rstrip('\n')) for l in open(times) if not l.startswith('reportedly:')]
        if not stages or not all(stages): sys.exit(f'{program} add --timings printed something else:\n{open(times).read()}')
        size = os.path.getsize(store)
    print(f'add: {count:,} generated documents, {words:,} words, {words / count:.0f} a document; read, coded, stored and grouped; {os.cpu_count()} cores of {processor()}')
    row = lambda what, figure: print(f'  {what:<42}{figure:>14}')
    row('documents a second of the clock', f'{count / wall:,.1f}')
    row('documents a second of processor time', f'{count / cpu:,.1f}')
    row('words a second of the clock', f'{words / wall:,.0f}')
    row('peak memory, MB', f'{peak / 1024:,.0f}')
    row('store, bytes a document', f'{size / count:,.0f}')
    row('processor time by stage, seconds and share', '')
    for stage in stages: print(f'    {stage[1]:<26}{stage[2]:>14}{stage[3]:>11}%')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--program', default='build/reportedly')
    p.add_argument('--documents', type=int, default=120)
    p.add_argument('--keep', default='')
    p.add_argument('--model', default='', help='fast, accurate or a file; empty: the program\'s default')
    p.add_argument('--add', type=int, default=0, metavar='N', help='instead: a new store of so many documents')
    a = p.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    model = ['--model', a.model] if a.model else []
    if a.add: return add(a.program, root, a.add, model)
    with tempfile.TemporaryDirectory() as work:
        docs = list(articles(os.path.join(root, 'examples'), a.documents))
        path = a.keep or os.path.join(work, 'articles.jsonl')
        with open(path, 'w', encoding='utf-8') as f:
            for d in docs: f.write(json.dumps(d, ensure_ascii=False) + '\n')
        one = os.path.join(work, 'one.jsonl')
        with open(one, 'w', encoding='utf-8') as f: f.write(json.dumps(docs[0], ensure_ascii=False) + '\n')
        words = sum(len(d['text'].split()) for d in docs)
        code = lambda *more: [a.program, 'code', path, '--format', 'jsonl', *model, *more]
        print(f'machine: {processor()}, {os.cpu_count()} cores; {len(docs)} articles, {words} words')
        single = [run(code('--threads', '1')) for _ in range(3)]
        best = min(single)
        print(f'one thread, best of three: {words / best[0]:,.0f} words per CPU second; peak memory {max(s[2] for s in single) / 1024:.0f} MB, of which private {max(s[4] for s in single) / 1024:.0f} MB')
        many = min(run(code('--threads', str(os.cpu_count()))) for _ in range(2))
        print(f'{os.cpu_count()} threads: {words / many[1]:,.0f} words per second of the clock, {best[1] / many[1]:.2f} times one thread')
        some = os.path.join(work, 'some.jsonl')
        with open(some, 'w', encoding='utf-8') as f:
            for d in docs[:40]: f.write(json.dumps(d, ensure_ascii=False) + '\n')
        fast = min(run([a.program, 'code', some, '--format', 'jsonl', *model, '--threads', '1'])[0] for _ in range(2))
        slow = min(run([a.program, 'code', some, '--format', 'jsonl', *model, '--threads', '1', '--precision', 'fp32'])[0] for _ in range(2))
        print(f'int8 against fp32, 40 articles, same run: {slow / fast:.2f} times as fast')
        store = os.path.join(work, 'news.db')
        added = []
        for _ in range(2):
            for suffix in ('', '-lock'):
                if os.path.exists(store + suffix): os.remove(store + suffix)
            added.append(run([a.program, 'add', path, '--store', store, *model, '--threads', '1']))
        print(f'add, one thread, grouping included: {best[0] / min(added)[0]:.2f} times the documents of code by CPU time, {min(s[1] for s in single) / min(s[1] for s in added):.2f} by the clock; '
              f'{os.path.getsize(store) / len(docs):,.0f} bytes a document; peak memory {max(s[2] for s in added) / 1024:.0f} MB')
        starts = sorted(run([a.program, 'code', one, '--format', 'jsonl', *model, '--threads', '1']) for _ in range(5))
        print(f'start to first result, one article: {min(s[3] for s in starts):.2f} s')


if __name__ == '__main__': main()
