#!/usr/bin/env python3
"""A data frame's column of articles in, a table of events out, through the program and JSONL.

    python3 examples/pandas_roundtrip.py [PROGRAM]

Needs pandas and the built program (build/reportedly, or the one named). `code` is what to copy into your own script.
"""
import json
import os
import subprocess
import sys
import tempfile

import pandas as pd


def code(articles: pd.DataFrame, program: str = 'reportedly', text: str = 'text', threads: int = 0) -> list:
    """Records of `articles`, one a row and in its order. Columns id, title, byline, published, publisher, url and language are used where they exist.

    A row that could not be coded has a record with the key `error`; the others are not harmed.
    """
    columns = [c for c in ('id', 'title', 'byline', 'published', 'publisher', 'url', 'language') if c in articles]
    with tempfile.NamedTemporaryFile('w', suffix='.jsonl', encoding='utf-8') as file:
        for _, row in articles.iterrows():
            record = {'text': row[text], **{c: str(row[c]) for c in columns if pd.notna(row[c])}}
            file.write(json.dumps(record, ensure_ascii=False) + '\n')
        file.flush()
        run = subprocess.run([program, 'code', file.name, '--format', 'jsonl', *(['--threads', str(threads)] if threads else [])],
                             stdout=subprocess.PIPE, encoding='utf-8', check=False)
    if run.returncode not in (0, 3):  # 3: some rows failed, each has its error
        raise RuntimeError(f'reportedly ended with {run.returncode}')
    # Only "\n" ends a record; str.splitlines would also break at other signs.
    records = [json.loads(line) for line in run.stdout.split('\n') if line]
    assert len(records) == len(articles), 'one record for every row'
    return records


def events(records: list) -> pd.DataFrame:
    """One row an event, with the one who says so."""
    rows = []
    for r in records:
        entities = {e['id']: e for e in r['entities']}
        attributions = {a['id']: a for a in r['attributions']}
        name = lambda p: entities[p['entity']]['name'] if p['entity'] else r['document']['text'][slice(*p['span'])]
        for e in r['events']:
            a = attributions.get(e['attribution'])
            said_by = ' … '.join(r['document']['text'][s:t] for s, t in a['source']['spans']) if a else None
            rows.append({'event': r['document']['id'] + '#' + e['id'], 'type': e['type'], 'mode': e['mode'],
                         'actors': [name(p) for p in e['actors']], 'actor_countries': [p['country'] for p in e['actors']],
                         'recipients': [name(p) for p in e['recipients']], 'recipient_countries': [p['country'] for p in e['recipients']],
                         'date': e['date']['value'], 'said_by': said_by, 'stance': a['stance'] if a else None,
                         'factuality': e['factuality'], 'status': e['status']})
    return pd.DataFrame(rows, columns=['event', 'type', 'mode', 'actors', 'actor_countries', 'recipients', 'recipient_countries', 'date', 'said_by', 'stance',
                                       'factuality', 'status'])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    program = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, '..', 'build', 'reportedly')
    articles = pd.read_json(os.path.join(here, 'harbour.jsonl'), lines=True, convert_dates=False)
    records = code(articles, program)
    articles['events'] = [len(r['events']) for r in records]
    print(articles[['publisher', 'title', 'events']].to_string(index=False))
    print()
    print(events(records).to_string(index=False))


if __name__ == '__main__':
    main()
