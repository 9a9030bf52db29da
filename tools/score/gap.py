#!/usr/bin/env python3
"""Ambiguous pronouns, on GAP: input for the program, and its scores.

  gap.py --write GAP.tsv OUT.jsonl     lines {"id", "text"} to feed the program
  gap.py GAP.tsv PRED.jsonl [--errors] PRED: reportedly/1 documents; readable lines, the last line is JSON

Text alone: the program is told neither the pronoun nor the two names. A pronoun is said to be a name if the entity that has the pronoun for a mention has
another one that overlaps the name. Of each row both names are judged: F1 of "the same" over all, over masculine and over feminine pronouns, bias = feminine
F1 / masculine F1 (Webster et al. 2018, "Mind the GAP"). Also `choice`: of the rows where one of the names is right, how often that one alone was said."""
import argparse, csv, json

MASCULINE = {'he', 'him', 'his'}


def read(path):
    """Rows of a GAP file as dicts; offsets are code points."""
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def said(document, row):
    """(pronoun is A?, pronoun is B?) of a reportedly/1 document."""
    span = lambda key, at: (int(row[at]), int(row[at]) + len(row[key]))      # noqa: E731
    meet = lambda m, s: m['start'] < s[1] and s[0] < m['end']                # noqa: E731
    pronoun = span('Pronoun', 'Pronoun-offset')
    entity = next((e for e in document['entities'] if any((m['start'], m['end']) == pronoun for m in e['mentions'])), None)
    mentions = entity['mentions'] if entity else []
    return tuple(any(meet(m, span(k, f'{k}-offset')) for m in mentions) for k in 'AB')


def score(rows, records):
    """Figures in per cent, and the rows that are not all right."""
    n = {g: [0, 0, 0] for g in 'all masculine feminine'.split()}     # right, said, gold
    one = chosen = found = 0
    wrong = []
    for r in rows:
        d = records.get(r['ID'])
        if d is None or d.get('error'): raise ValueError(f'{r["ID"]}: no output' if d is None else f'{r["ID"]}: {d["error"]}')
        if d['document']['text'] != r['Text']: raise ValueError(f'{r["ID"]}: the output is of another text')
        system, gold = said(d, r), tuple(r[f'{k}-coref'].upper() == 'TRUE' for k in 'AB')
        for group in ('all', 'masculine' if r['Pronoun'].lower() in MASCULINE else 'feminine'):
            for s, g in zip(system, gold):
                n[group][0] += s and g
                n[group][1] += s
                n[group][2] += g
        if any(gold):
            one += 1
            chosen += system == gold
        if system != gold: wrong.append((r, system, gold))
    f1 = lambda right, said, gold: 200 * right / (said + gold) if said + gold else 0.0      # noqa: E731
    out = {g: f1(*x) for g, x in n.items()}
    out['bias'] = out['feminine'] / out['masculine'] if out['masculine'] else 0.0
    out['P'], out['R'] = (100 * n['all'][0] / max(n['all'][i], 1) for i in (1, 2))
    out['choice'] = 100 * chosen / max(one, 1)
    return {k: round(v, 3 if k == 'bias' else 1) for k, v in out.items()}, wrong


def self_test():
    """F1 of 2/3: one right, one of two wrongly said."""
    row = {'ID': 'x', 'Text': 'Ann met Bea. She left.', 'Pronoun': 'She', 'Pronoun-offset': '13', 'A': 'Ann', 'A-offset': '0', 'A-coref': 'TRUE', 'B': 'Bea', 'B-offset': '8', 'B-coref': 'FALSE'}
    record = {'document': {'text': row['Text']}, 'entities': [{'mentions': [{'start': a, 'end': b} for a, b in ((0, 3), (8, 11), (13, 16))]}]}
    got, wrong = score([row], {'x': record})
    assert abs(got['all'] - 66.7) < .05 and got['R'] == 100 and got['P'] == 50 and got['choice'] == 0 and len(wrong) == 1, got


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('gap')
    a.add_argument('file')
    a.add_argument('--write', action='store_true')
    a.add_argument('--errors', action='store_true', help='prints the rows that are not right')
    a = a.parse_args()
    self_test()
    rows = read(a.gap)
    if a.write:
        with open(a.file, 'w', encoding='utf-8') as f:
            for r in rows: f.write(json.dumps({'id': r['ID'], 'text': r['Text']}, ensure_ascii=False) + '\n')
        return
    records = {}
    for line in open(a.file, encoding='utf-8'):
        d = json.loads(line)
        records[d['document']['id']] = d
    figures, wrong = score(rows, records)
    if a.errors:
        for r, system, gold in wrong:
            p, names = int(r['Pronoun-offset']), ', '.join(f'{r[k]} gold {g} said {s}' for k, s, g in zip('AB', system, gold))
            e = next((e for e in records[r['ID']]['entities'] if any((m['start'], m['end']) == (p, p + len(r['Pronoun'])) for m in e['mentions'])), None)
            print(f'{r["ID"]}\t{r["Pronoun"]}@{p}: {names}; entity {[m["text"] for m in e["mentions"]] if e else None}\n\t{r["Text"][:p]}[[{r["Pronoun"]}]]{r["Text"][p + len(r["Pronoun"]):]}')
    print(f'{len(rows)} pronouns: F1 {figures["all"]} (P {figures["P"]} R {figures["R"]}); masculine {figures["masculine"]}, feminine {figures["feminine"]}, '
          f'bias {figures["bias"]}; the right one of the two alone {figures["choice"]}')
    print(json.dumps(figures))


if __name__ == '__main__': main()
