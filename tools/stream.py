#!/usr/bin/env python3
"""Does the program take more memory the longer it runs? Pipes short invented articles into `code - --format jsonl` and prints its memory on
the way: it has to stay where it was.

usage: tools/stream.py --program build/reportedly [--data .] [--documents 50000] [--model fast] [--threads 1]

Prints resident megabytes (and of these what is no file) when a tenth, a half and all of the documents have come back. Fails (status 1) if one
is missing, out of order or failed, or if memory has grown by more than a tenth between a tenth of the way and the end.
"""
import argparse, json, os, random, subprocess, sys, threading, time

WHO = ['the mayor of Hamar', 'Norway', 'the Icelandic navy', 'Anna Berg, the minister of trade,', 'two fishermen', 'a court in Lyon', 'rebels in the north', 'the union of dockers', 'Chad', 'police in Oslo']
DID = ['attacked', 'denied that it had entered the waters of', 'met', 'accused', 'called for talks with', 'fired at', 'signed an agreement with', 'arrested three men close to', 'threatened to leave the council of', 'thanked']
WHEN = ['on Friday', 'last week', 'on 3 May', 'yesterday', 'in the spring of 2030', 'two days after the storm']
SAID = ['said', 'denied', 'feared', 'told reporters', 'did not say whether', 'insisted']
WHERE = ['Bergen', 'Reykjavik', 'Tripoli', 'the harbour of Split', 'N’Djamena', 'Hamar']


def article(i):
    r = random.Random(i)
    pick = r.choice
    text = f'{pick(WHERE)}, {i % 28 + 1} May – {pick(WHO)} {pick(DID)} {pick(WHO).rstrip(",")} {pick(WHEN)}. '.replace('– t', '– T').replace('– a', '– A')
    for _ in range(r.randrange(1, 4)):
        text += f'{pick(WHO).capitalize()} {pick(SAID)} that {r.randrange(2, 900)} people had left {pick(WHERE)} {pick(WHEN)}. '
    return {'id': f'n{i}', 'published': f'2031-05-{i % 28 + 1:02}', 'publisher': pick(['Post', 'Times', 'Herald']), 'text': text + f'(Report {i}.)'}


def memory(pid):
    with open(f'/proc/{pid}/status') as f: fields = dict(line.split(':', 1) for line in f)
    return [int(fields[name].split()[0]) / 1024 for name in ('VmRSS', 'RssAnon')]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='build/reportedly')
    parser.add_argument('--data', default='.')
    parser.add_argument('--model', default='fast')
    parser.add_argument('--documents', type=int, default=50_000)
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    command = [options.program, 'code', '-', '--format', 'jsonl', '--model', options.model, '--threads', str(options.threads)]
    p = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, 'REPORTEDLY_DATA': options.data})

    def feed():
        with p.stdin:
            for i in range(options.documents): p.stdin.write(json.dumps(article(i)).encode() + b'\n')
    threading.Thread(target=feed, daemon=True).start()
    marks = sorted({max(1, options.documents // 10), max(1, options.documents // 2), options.documents})
    seen, events, start, anonymous = 0, 0, time.monotonic(), []
    for line in p.stdout:
        record = json.loads(line)
        if 'error' in record or record['document']['id'] != f'n{seen}':
            print(f'document {seen}: {record.get("error") or record["document"]["id"]}')
            p.kill()
            return 1
        seen += 1
        events += len(record['events'])
        if seen in marks:
            resident, own = memory(p.pid)
            anonymous.append(own)
            print(f'{seen:>9} documents  {resident:7.1f} MB resident, {own:7.1f} MB of these no files  {events:>9} events  {time.monotonic() - start:8.1f} s', flush=True)
    if p.wait() != 0 or seen != options.documents:
        print(f'ended with {p.returncode} after {seen} documents')
        return 1
    if anonymous[-1] > 1.1 * anonymous[0] + 2:
        print('memory grows')
        return 1
    return 0


if __name__ == '__main__': sys.exit(main())
