#!/usr/bin/env python3
"""What one more article costs in a large store and in a small one: `reportedly add` as a whole, reading, coding, storing and grouping.

usage: one_more.py LARGE.db SMALL.db [--program build/reportedly] [--model fast|accurate] [--articles 11]

Adds generated articles (tools/bench.py), each to both stores in turns, as news of the last day that the store has, and prints the median of the
processor time of both (user and system, a process for each) and their ratio. The stores grow by these articles: use those that
`REPORTEDLY_BENCH_KEEP=1 build/bench_store` leaves, or copies. What the store alone costs, bench_store prints.
"""
import argparse, json, os, resource, sqlite3, statistics, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path.insert(0, os.path.join(ROOT, 'tools'))
import bench                                                                                    # noqa: E402


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode: sys.exit(f'{" ".join(command)}: {done.stderr}')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def last_day(store):
    if not os.path.isfile(store): sys.exit(f'{store}: no such store')
    with sqlite3.connect(f'file:{store}?mode=ro', uri=True) as db: return db.execute('SELECT count(*), max(published) FROM documents').fetchone()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('large')
    p.add_argument('small')
    p.add_argument('--program', default=os.path.join(ROOT, 'build', 'reportedly'))
    p.add_argument('--model', default='fast')
    p.add_argument('--articles', type=int, default=11)
    a = p.parse_args()
    known = {store: last_day(store) for store in (a.large, a.small)}
    times = {store: [] for store in known}
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, 'one.jsonl')
        for i, article in enumerate(bench.articles(os.path.join(ROOT, 'examples'), a.articles, seed=99)):
            for store, (_, day) in known.items():
                with open(path, 'w', encoding='utf-8') as f: f.write(json.dumps(article | {'id': f'one-more-{os.getpid()}-{i}', 'published': day}) + '\n')
                times[store].append(cpu_seconds([a.program, 'add', path, '--store', store, '--model', a.model, '--threads', '1']))
    middle = {store: statistics.median(t) for store, t in times.items()}
    for store, (documents, _) in known.items(): print(f'{documents} documents: {1000 * middle[store]:.0f} ms of processor time for one more ({a.model})')
    print(f'ratio {middle[a.large] / middle[a.small]:.2f}')


if __name__ == '__main__': main()
