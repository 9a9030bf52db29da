#!/usr/bin/env python3
"""The texts of PLOVER gold standard records as JSONL for `reportedly code`, one document a record, id = the record's id.
usage: gsr_input.py PLOVER_GSR_CAMEO.json > input.jsonl"""
import json
import sys

seen = set()
for record in json.loads(open(sys.argv[1], encoding='utf-8', errors='replace').read(), strict=False):
    if record['event'] == 'DOCUMENT' or record['id'] in seen or not record.get('text'):
        continue
    seen.add(record['id'])
    line = {'id': record['id'], 'text': ' '.join(record['text'].split()), 'language': 'en'}
    if record.get('date'):
        line['published'] = record['date']
    print(json.dumps(line, ensure_ascii=False))
