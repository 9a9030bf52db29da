#!/usr/bin/env python3
"""Runs the program on PolNeAR texts and writes predictions for tools/score/attribution.py.

  polnear_predict.py PROGRAM DATA_DIR SPLIT PRED.jsonl [--all] [--arguments "--data DIR"]
  python3 tools/score/attribution.py DATA_DIR SPLIT PRED.jsonl first

PolNeAR marks the outermost attributions only: of the program's output those without a parent are taken (--all: every one).
"""
import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('program')
    parser.add_argument('data')
    parser.add_argument('split')
    parser.add_argument('out')
    parser.add_argument('--all', action='store_true', help='inner attributions as well')
    parser.add_argument('--records', help='keep the whole records here')
    parser.add_argument('--arguments', default='', help='further arguments for the program')
    a = parser.parse_args()
    folder = os.path.join(a.data, a.split, 'text')
    names = sorted(f[:-4] for f in os.listdir(folder) if f.endswith('.txt'))
    with tempfile.TemporaryDirectory() as temporary:
        documents = os.path.join(temporary, 'documents.jsonl')
        with open(documents, 'w', encoding='utf-8') as f:
            for name in names:
                with open(os.path.join(folder, name + '.txt'), encoding='utf-8', newline='') as t:
                    f.write(json.dumps({'id': name, 'text': t.read()}) + '\n')
        records = a.records or os.path.join(temporary, 'records.jsonl')
        with open(records, 'wb') as f:
            done = subprocess.run([a.program, 'code', documents, '--format', 'jsonl', '--force', *shlex.split(a.arguments)], stdout=f)
        if done.returncode not in (0, 3):
            print(f'the program ended with {done.returncode}', file=sys.stderr)
            return 1
        with open(records, encoding='utf-8') as f, open(a.out, 'w', encoding='utf-8') as out:
            for line in f:
                record = json.loads(line)
                if record.get('error'):
                    print(record['document']['id'], record['error'], file=sys.stderr)
                predictions = [{role: x[role]['spans'] for role in ('source', 'cue', 'content')}
                               for x in record['attributions'] if a.all or x['parent'] is None]
                out.write(json.dumps({'doc': record['document']['id'], 'attributions': predictions}) + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
