#!/usr/bin/env python3
"""Texts made to hurt, each at sizes n, 2n and 4n: does the program survive, in linear time, in bounded memory, with every document accounted for?

usage: tools/hostile.py --program build/reportedly [--data .] [--model fast] [--scale 1] [--only NAME…] [--list]

Prints a row a case: CPU seconds at each size (without the start of the program), the exponent of growth (1 is linear), the stage that grows
fastest, and peak memory (without what an empty document takes) as bytes for each byte of input at the largest size. Fails (status 1) on a
crash, a wrong exit status, a document too few or too many, broken JSON, an exponent over 1.35 of the whole or of a stage, or more memory
than the case is allowed.
`--scale 0.02` is the test of ctest: sizes at which times say nothing, so only the rest is looked at.
"""
import argparse, collections, io, json, math, multiprocessing, os, random, re, subprocess, sys, tempfile, zipfile

STEEPEST = 1.35        # log₂ of time(2n)/time(n): quadratic is 2, n·log n at these sizes about 1.05
LEAST_SECONDS = 0.3    # CPU time of all, and of a stage, below which a ratio is noise
LEAST_OF_STAGE = 0.06
# What a document may take beside a fixed part: every unit (word or mark) has a vector of the model (384 or 768 floats), a tree and its letters.
# A text of single marks has a unit a byte; in prose it is a unit for five.
FIXED = 64 << 20

Case = collections.namedtuple('Case', 'name size make documents failed bytes_per_byte arguments')
CASES = {}


def case(size, documents=1, failed=0, memory=400, arguments=()):
    """`size`: n at scale 1. `documents`, `failed`: records expected, and of them with an error; a number or a function of n. None: not fixed."""
    def take(make):
        name = make.__name__.rstrip('_')
        CASES[name] = Case(name, size, make, documents, failed, memory, arguments)
        return make
    return take


def text(content, name='case.txt'):
    return name, content if isinstance(content, bytes) else content.encode('utf-8', 'surrogatepass')


def lines(records):
    return 'case.jsonl', b''.join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b'\n' for r in records)


STORY = 'The mayor of Hamar said on Friday that two ships had entered the harbour. The navy denied it.'
VERBS = ('left', 'spoke', 'waited', 'returned', 'agreed')
WORDS = 'the old mayor of a small town near river and its people who had seen ships come in from north while officials there gave no answer'.split()


def prose(n, seed=1):
    rng = random.Random(seed)
    return ' '.join(rng.choice(WORDS) for _ in range(n))


# --- one thing, very often ---------------------------------------------------------------------------------------------
@case(2_500_000)
def word(n): return text('a' * n)

@case(10_000, memory=8000)
def quotation_marks(n): return text('"' * n)

@case(6_000, memory=8000)
def open_quotes(n): return text('“a ' * n)

@case(3_000, memory=8000)
def quoted_words(n): return text('"so" ' * n)

@case(5_000, memory=8000)
def nested_brackets(n): return text('(' * n + ')' * n)

@case(10_000, memory=8000)
def full_stops(n): return text('. ' * n)

@case(6_000, memory=8000)
def commas(n): return text('a,' * n)

@case(500_000)
def digits(n): return text('1' * n)

@case(6_000, memory=8000)
def digit_groups(n): return text('1,' * n)

@case(1_000_000)
def spaces(n): return text(' ' * n + STORY)

@case(1_000_000)
def line_ends(n): return text('x' + '\n' * n + STORY)

@case(300_000)
def combining_marks(n): return text('e' + '\u0301' * n)

@case(300_000)
def zero_width(n): return text('The mayor' + '\u200b' * n + ' left.')

@case(300_000)
def byte_order_marks(n): return text('\ufeff' * n + STORY)

@case(20_000, memory=8000)
def hyphens_at_line_ends(n): return text('foot-\nball ' * (n // 10))

@case(5_000, memory=8000)
def address(n): return text('See http://' + 'a.' * n + 'example now.')

@case(4_000, memory=8000)
def apostrophes(n): return text("n't" * n)

# --- prose that does not end ----------------------------------------------------------------------------------------------
@case(5_000, memory=3000)
def sentence(n): return text(prose(n) + '.')

@case(2_000, memory=3000)
def said_that_said(n): return text(' '.join(f'the mayor said that the {v} chief said that' for v in VERBS for _ in range(n // 40)) + ' it rained.')

@case(1_000, memory=3000)
def speakers_in_quotes(n): return text('“The mayor said: ' * n + 'no' + '”' * n)

@case(2_500, memory=3000)
def list_of_names(n):
    rng = random.Random(2)
    return text('Talks began between ' + ', '.join(rng.choice(('Norway', 'Iceland', 'Anna Berg', 'the navy', 'Hamar', 'Jon Dahl', 'Oslo')) for _ in range(n)) + ' and Chad.')

@case(1_000, memory=3000)
def strangers(n):
    rng = random.Random(3)
    names = [''.join(rng.choice('bdfgklmnrstv') + rng.choice('aeiou') for _ in range(3)).capitalize() for _ in range(2 * n)]
    return text(' '.join(f'{a} {b} met them.' for a, b in zip(names[::2], names[1::2])))

@case(800, memory=3000)
def pronouns(n): return text('Anna Berg met Jon Dahl. ' + 'She said he knew that they had seen it. ' * n)

@case(800, memory=3000)
def accusations(n): return text('Norway attacked Iceland on Friday. Iceland denied that Norway attacked it. ' * n)

@case(500, memory=3000)
def disputes(n): return text(' '.join(f'Norway said {i + 2} people were killed in Oslo. Iceland said {2 * i + 3} people were killed in Oslo.' for i in range(n)))

@case(700, memory=3000)
def dates(n): return text(' '.join(f'They met on {i % 28 + 1} May {1900 + i % 150} and two weeks later on Tuesday.' for i in range(n)))

@case(800, memory=3000)
def places(n):
    rng = random.Random(4)
    return text(' '.join(f'Ships left {rng.choice(("Oslo", "Bergen", "Springfield", "Paris", "Santa Cruz"))} for {rng.choice(("London", "Victoria", "Tripoli"))}.' for _ in range(n)))

@case(800, memory=3000)
def quoted_paragraphs(n): return text('\n\n'.join('“The harbour is closed and we will not leave.' for _ in range(n)) + '”')

@case(8_000, memory=8000)
def paragraphs(n): return text('x\n\n' * n)

@case(2_000, memory=3000)
def told_paragraphs(n): return text('The navy left.\n\n' * n)

@case(2_000, memory=3000)
def capitals(n): return text('MINISTER: NO. ' * n)

@case(600, memory=3000)
def whole_article(n): return text('\n\n'.join([STORY] * n))

# --- what is hardly text -----------------------------------------------------------------------------------------------------
@case(10_000, failed=None, memory=8000)
def every_plane(n):
    rng = random.Random(5)
    return text(''.join(chr(plane * 0x10000 + c) + rng.choice(' .a') for _ in range(n // 34) for plane in range(17)
                        for c in (0xFFFF, 0xFFFE, rng.randrange(0x10000)) if not (plane == 0 and 0xD800 <= c < 0xE000)))

@case(10_000, memory=8000)
def bidi_controls(n): return text('\u202eThe mayor\u2066 said so.\u202c \u05d0\u05d1 ' * (n // 20))

@case(20_000, failed=None, memory=2500)  # a unit for each byte that is no letter
def overlong_utf8(n): return text(b'The mayor left. ' + b'\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf' * (n // 9))

@case(20_000, failed=None, memory=2500)  # a unit for each byte that is no letter
def surrogates_in_utf8(n): return text(b'The mayor left. ' + b'\xed\xa0\x80' * (n // 3))

@case(200_000, failed=1)
def nuls(n): return text(STORY.encode() + b'\0' * n)

@case(30_000)
def some_nuls(n): return text('The mayor left the town.\0 ' * (n // 26))

@case(200_000, failed=1)
def all_bytes(n): return text(bytes(range(256)) * (n // 256 + 1))

# --- records --------------------------------------------------------------------------------------------------------------------
@case(1_000, documents=lambda n: 1)
def lone_surrogates(n): return lines([b'{"id":"a","text":"The mayor ' + b'\\ud800 left. \\udc00\\ud800' * n + b'"}'])

@case(1_000_000, documents=2, failed=None)
def deep_json(n): return lines([b'{"id":"a","text":"x","more":' + b'[' * n + b']' * n + b'}', {'id': 'b', 'text': STORY}])

@case(1_000_000, documents=2, failed=1)
def open_json(n): return lines([b'{"a":' * n, {'id': 'b', 'text': STORY}])

@case(12_500_000, documents=2)
def long_line(n): return lines([{'id': 'a', 'text': STORY, 'more': 'x' * n}, {'id': 'b', 'text': STORY}])

@case(100_000, documents=2)
def many_fields(n): return lines([{'id': 'a', 'text': STORY, **{f'k{i}': i for i in range(n)}}, {'id': 'b', 'text': STORY}])

@case(2_000_000)
def long_id(n): return lines([{'id': 'i' * n, 'title': 't' * n, 'byline': 'b' * 1000, 'text': STORY}])

@case(2_000, documents=lambda n: n + 1, failed=lambda n: n)
def empty_documents(n): return lines([{'id': str(i), 'text': ''} for i in range(n)] + [{'id': 'last', 'text': STORY}])

@case(2_000, documents=lambda n: n, failed=lambda n: n)
def broken_lines(n): return lines([b'{"text": '] * n)

@case(100_000, documents=1)
def empty_lines(n): return 'case.jsonl', b'\n' * n + json.dumps({'id': 'a', 'text': STORY}).encode() + b'\n'

# --- other formats: a failure of the file is a record too -----------------------------------------------------------------------
def page(inside): return 'case.html', ('<!DOCTYPE html><html><head><title>T</title></head><body><article>' + inside + '</article></body></html>').encode()

@case(100_000, failed=None)
def deep_html(n): return page('<div>' * n + f'<p>{STORY}</p>')

@case(50_000, failed=None)
def deep_inline_html(n): return page(f'<p>{STORY} ' + '<b><i>' * n)

@case(20_000, failed=None)
def deep_tables(n): return page('<table><tr><td>' * n + STORY)

@case(100_000, failed=None)
def attributes(n): return page('<p ' + ' '.join(f'a{i}="x"' for i in range(n)) + f'>{STORY}</p>')

@case(10_000, failed=None)
def entities_in_html(n): return page(f'<p>{STORY} ' + '&amp;' * n + '</p>')

@case(50_000, failed=None)
def open_comments(n): return page(f'<p>{STORY}</p>' + '<!-- <' * n)

@case(500, failed=None, memory=8000)
def many_paragraphs_html(n): return page(f'<p>{STORY}</p>' * n)

@case(100_000, documents=None, failed=None)
def deep_feed(n): return 'case.xml', ('<?xml version="1.0"?><rss version="2.0"><channel><item><title>T</title><description>' + '<a>' * n).encode()

@case(1_000, documents=None, failed=None)
def xml_entities(n): return 'case.xml', ('<?xml version="1.0"?><!DOCTYPE r [' + ''.join(f'<!ENTITY e{i + 1} "&e{i};&e{i};">' for i in range(n)) + f']><rss version="2.0"><channel><item><description>&e{n};</description></item></channel></rss>').encode()

@case(50_000, documents=None, failed=None)
def wide_table(n): return 'case.csv', ('id,text' + ',x' * n + '\n1,' + STORY.replace(',', '') + ',y' * n + '\n').encode()

@case(1_000_000, documents=None, failed=None)
def open_cell(n): return 'case.csv', ('id,text\n1,"' + 'a ""b' * (n // 5)).encode()

@case(2_000, documents=lambda n: n, failed=None)
def members(n):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as z:
        for i in range(n): z.writestr(f'{i}.txt', '')
    return 'case.zip', packed.getvalue()


def aside(function, *arguments):
    """A call in a process of its own. What the kernel tells as a program's peak memory is at least what its parent had when it began, so this
    process has to stay small."""
    with multiprocessing.get_context('fork').Pool(1) as pool: return pool.apply(function, arguments)


def make(name, n, folder):
    """Writes a case; its path and size."""
    name, content = CASES[name].make(n)
    path = os.path.join(folder, name)
    with open(path, 'wb') as f: f.write(content)
    return path, len(content)


def counted(descriptor):
    """Records, those with an error, and what is wrong with their JSON."""
    records = failed = 0
    broken = None
    with open(descriptor, 'rb', closefd=False) as out:
        out.seek(0)
        for line in out:
            records += 1
            try: record = json.loads(line)
            except ValueError as e: broken = str(e)
            else: failed += 'error' in record
    return records, failed, broken


class Run:
    """One run of the program: exit status, CPU seconds, peak memory in bytes, its records."""
    def __init__(self, options, path, arguments):
        command = [options.program, 'code', path, '--format', 'jsonl', '--force', '--threads', '1', '--timings', '--model', options.model, *arguments]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            p = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, 'REPORTEDLY_DATA': options.data})
            _, status, used = os.wait4(p.pid, 0)
            p.returncode = 0
            self.status = os.waitstatus_to_exitcode(status)
            self.seconds = used.ru_utime + used.ru_stime
            self.memory = used.ru_maxrss * 1024
            err.seek(0)
            self.messages = err.read().decode('utf-8', 'replace')
            self.stages = {m[0].strip(): float(m[1]) for m in re.findall(r'^([a-z ]+?) +([0-9.]+) s +[0-9.]+%$', self.messages, re.M)}
            self.records, self.failed, self.broken = aside(counted, out.fileno())


def value(expected, n): return expected(n) if callable(expected) else expected


def faults_of(case, n, size, run, base):
    """What is wrong with one run, as sentences."""
    found = []
    documents, failed = value(case.documents, n), value(case.failed, n)
    if run.status < 0 or run.status not in (0, 3, 4): found.append(f'exit status {run.status}: {run.messages[-300:]}')
    if run.broken: found.append(f'no JSON: {run.broken}')
    if documents is not None and run.records != documents: found.append(f'{run.records} records, not {documents}')
    if documents is None and run.records < 1: found.append('no record')
    if failed is not None and run.failed != failed: found.append(f'{run.failed} records with an error, not {failed}: {run.messages[-300:]}')
    if 'unexpected fault' in run.messages: found.append(run.messages[-300:])
    most = base.memory + FIXED + case.bytes_per_byte * size
    if run.memory > most: found.append(f'{run.memory >> 20} MB, more than {int(most) >> 20} MB')
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='build/reportedly')
    parser.add_argument('--data', default='.')
    parser.add_argument('--model', default='fast')
    parser.add_argument('--scale', type=float, default=1, help='of the sizes')
    parser.add_argument('--sizes', type=int, default=3, help='how many: n, 2n, 4n …')
    parser.add_argument('--only', nargs='*', help='names of cases')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(f'{c.name:<24}{c.size}' for c in CASES.values()))
        return 0
    timed = options.scale >= 0.1 and options.sizes > 1
    faulty = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'base.txt')
        with open(path, 'w') as f: f.write('The mayor left.')
        base = Run(options, path, ())
        if base.status != 0: raise SystemExit(f'the program does not run: {base.messages}')
        print(f'{"case":<24}{"n":>10}  CPU seconds at n, 2n, 4n     growth  MB at most  bytes a byte  fastest stage')
        for c in CASES.values():
            if options.only and c.name not in options.only: continue
            seconds, stages, found, run, size = [], [], [], None, 0
            n = max(2, int(c.size * options.scale))
            for k in range(options.sizes):
                path, size = aside(make, c.name, n << k, folder)
                run = Run(options, path, c.arguments)
                os.unlink(path)
                stages.append(run.stages)
                seconds.append(max(0.0, run.seconds - base.seconds))
                found += [f'at {n << k}: {fault}' for fault in faults_of(c, n << k, size, run, base)]
            growth, fastest = None, ''
            for stage in run.stages if timed else ():
                first, last = stages[0].get(stage, 0), stages[-1].get(stage, 0)
                if stage in ('load', 'encoder') or last < LEAST_OF_STAGE: continue
                power = math.log2(last / max(first, 0.001)) / (options.sizes - 1)
                if not fastest or power > fastest[0]: fastest = power, stage, last
            if fastest and fastest[0] > STEEPEST: found.append(f'{fastest[1]} grows with the power {fastest[0]:.2f} of the size ({fastest[2]:.2f} s)')
            if timed and seconds[0] >= LEAST_SECONDS / 4 and seconds[-1] >= LEAST_SECONDS:
                growth = math.log2(seconds[-1] / seconds[0]) / (options.sizes - 1)
                if growth > STEEPEST: found.append(f'grows with the power {growth:.2f} of the size')
            print(f'{c.name:<24}{n:>10}  {"  ".join(f"{s:7.2f}" for s in seconds)}  {"-" if growth is None else f"{growth:.2f}":>8}'
                  f'  {run.memory >> 20:>9}  {max(0, run.memory - base.memory) / size:>11.0f}'
                  f'  {"" if not fastest else f"{fastest[1]} {fastest[0]:.2f}"}', flush=True)
            for fault in found: print(f'    FAULT {fault}', flush=True)
            faulty += bool(found)
    print(f'{faulty} cases with faults' if faulty else 'no faults')
    return 1 if faulty else 0


if __name__ == '__main__': sys.exit(main())
