#!/usr/bin/env python3
"""Pronouns over whole documents, on GUM: input for the program, and its scores.

  pronouns.py --write GUM.conllu OUT.jsonl    lines {"id", "text"} to feed the program
  pronouns.py GUM.conllu PRED.jsonl [--errors] PRED: reportedly/1 documents; readable lines, the last line is JSON

Personal pronouns of the third person (he she they it, with their other forms) that have a noun or a name in their chain. The program is told the text
alone. A pronoun is answered if it is a mention of an entity that has a mention with other words; of these the last one before the pronoun, else the
first one after it, is looked at. It is right if it and a noun or a name of the gold chain end at the same place or overlap by half (Dice, characters).
Figures, per cent: F1 of right among answered and among gold, for all, for people (he, she), for "they" and for "it"; `far`: of the gold pronouns whose
nearest noun lies 20 words or more back, how many are right. GUM annotates things and clauses too, which the program does not follow: look at `people`.
"""
import argparse, json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'training'))
import corpora                                                                                  # noqa: E402

PEOPLE = set('he him his himself she her hers herself'.split())
THEY, IT = set('they them their theirs themselves'.split()), set('it its itself'.split())
OTHER = set('i me my mine myself you your yours yourself yourselves we us our ours ourselves who whom whose which that this these those'.split())
FAR = 20        # words


def kind(words):
    w = words.lower()
    return 'people' if w in PEOPLE else 'they' if w in THEY else 'it' if w in IT else None


def same(a, b):
    return a[1] == b[1] or 4 * (min(a[1], b[1]) - max(a[0], b[0])) >= a[1] - a[0] + b[1] - b[0]


def answer(entities, text, pronoun):
    """The mention with other words that the pronoun is said to stand for, or None."""
    entity = next((e for e in entities if any((m['start'], m['end']) == pronoun for m in e['mentions'])), None)
    if entity is None: return None
    told = [(m['start'], m['end']) for m in entity['mentions']]
    told = [m for m in told if not kind(text[m[0]:m[1]]) and text[m[0]:m[1]].lower() not in OTHER]
    before = [m for m in told if m[1] <= pronoun[0]]
    return max(before) if before else min(told, default=None)


def score(documents, records):
    """Figures in per cent, and what is not right. documents: (id, text, mentions as (start, end, chain))."""
    n = {k: [0, 0, 0] for k in 'all people they it far'.split()}     # right, answered, gold
    wrong = []
    for name, text, mentions in documents:
        d = records.get(name)
        if d is None or d.get('error'): raise ValueError(f'{name}: no output' if d is None else f'{name}: {d["error"]}')
        if d['document']['text'] != text: raise ValueError(f'{name}: the output is of another text')
        chains = {}
        for a, b, chain in mentions: chains.setdefault(chain, []).append((a, b))
        for chain in chains.values():
            nouns = [m for m in chain if not kind(text[m[0]:m[1]]) and text[m[0]:m[1]].lower() not in OTHER]
            for m in chain if nouns else ():
                if not (k := kind(text[m[0]:m[1]])): continue
                before = [x[1] for x in nouns if x[1] <= m[0]]
                got = answer(d['entities'], text, m)
                right = got is not None and any(same(got, x) for x in nouns)
                for group in ['all', k] + ['far'] * bool(before and len(text[max(before):m[0]].split()) >= FAR):
                    n[group][0] += right
                    n[group][1] += got is not None
                    n[group][2] += 1
                if not right: wrong.append((name, m, got, nouns[0]))
    out = {k: round(200 * right / max(answered + gold, 1), 1) for k, (right, answered, gold) in n.items()}
    out['far'] = round(100 * n['far'][0] / max(n['far'][2], 1), 1)
    return out | {'pronouns': n['all'][2], 'people_count': n['people'][2]}, wrong


def self_test():
    """Of two pronouns one is right: F1 ½."""
    text = 'Ann met Bob. She left him.'
    documents = [('x', text, [(0, 3, 1), (8, 11, 2), (13, 16, 1), (22, 25, 2)])]
    record = {'document': {'text': text}, 'entities': [{'mentions': [{'start': a, 'end': b} for a, b in ((0, 3), (13, 16), (22, 25))]}]}
    got, wrong = score(documents, {'x': record})
    assert got['people'] == 50 and got['pronouns'] == 2 and len(wrong) == 1, got


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('gum')
    a.add_argument('file')
    a.add_argument('--write', action='store_true')
    a.add_argument('--errors', action='store_true', help='prints the pronouns that are not right')
    a = a.parse_args()
    self_test()
    documents = [(d.name, d.text, d.mentions or []) for d in corpora.read_conllu(a.gum)]
    if a.write:
        with open(a.file, 'w', encoding='utf-8') as f:
            for name, text, _ in documents: f.write(json.dumps({'id': name, 'text': text}, ensure_ascii=False) + '\n')
        return
    records = {}
    for line in open(a.file, encoding='utf-8'):
        d = json.loads(line)
        records[d['document']['id']] = d
    figures, wrong = score(documents, records)
    texts = {name: text for name, text, _ in documents}
    for name, m, got, gold in wrong if a.errors else ():
        t = texts[name]
        show = lambda s: t[s[0]:s[1]] if s else None                                            # noqa: E731
        print(f'{name}\t{show(m)}@{m[0]}: {show(got)}, gold {show(gold)}\n\t{" ".join(t[max(0, m[0] - 200):m[0]].split())} [[{show(m)}]]')
    print(f'{figures["pronouns"]} pronouns: F1 {figures["all"]}; people {figures["people"]} of {figures["people_count"]}, they {figures["they"]}, '
          f'it {figures["it"]}; far ones right {figures["far"]}')
    print(json.dumps(figures))


if __name__ == '__main__': main()
