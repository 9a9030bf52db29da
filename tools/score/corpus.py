#!/usr/bin/env python3
"""The same event over documents, on ECB+: MUC, B³, CEAFe and their mean (CoNLL F1), beside a baseline, for mentions that the program found.
  corpus.py ECB+ --topics 1,3,4 --program build/reportedly --group build/group_mentions [--work DIR] [--errors]
ECB+ is the folder with `topics/` and `ECBplus_coreference_sentences.csv`. Only its selected sentences count, as its authors ask.
Gold: actions (ACTION_*, NEG_ACTION_*); their chains over documents and inside one; all others alone.
Mentions are the words that `parse` takes for acts (Fact=), and for their parties what hangs on them there: ECB+ is about arrests, crashes, awards
and film roles, few of which PLOVER has a type for, so that the program's events alone would be a twentieth of its mentions. They are grouped by
`group_mentions`, that is by the code that groups events in a store, without being told topics. A gold mention is found by a word inside it.
Baselines: same lemma, same event, over all texts; and the same inside each topic, with the topics of ECB+ given to it (the program is not told them)."""
import argparse, collections, csv, glob, json, os, re, subprocess, sys, tempfile, xml.etree.ElementTree as ET

def read_topic_file(path):
    """Words of a file as running text, and where each is: token id → (start, end, sentence)."""
    root = ET.parse(path).getroot(); text = ''; where = {}; before = None
    for t in root.iter('token'):
        sentence, word = int(t.get('sentence')), t.text or ''
        if before is None: gap = ''
        elif sentence != before[0]: gap = '\n\n' if path.endswith('plus.xml') and before[0] == 0 else ' '  # the first line of these is an address
        elif re.fullmatch(r"[,.;:!?%)\]’]|'s|n't|'re|'ve|'ll|'d|'m|''", word) or before[1] in ('(', '[', '$', '``'): gap = ''
        else: gap = ' '
        text += gap; where[t.get('t_id')] = (len(text), len(text) + len(word), sentence); text += word; before = (sentence, word)
    return root, text, where

def gold_of(root, where, document, selected):
    chain = {}
    for r in root.find('Relations') if root.find('Relations') is not None else []:
        name = r.get('note') if r.tag == 'CROSS_DOC_COREF' else f'{document}:{r.get("r_id")}'
        for s in r.findall('source'): chain[s.get('m_id')] = name or f'{document}:{r.get("r_id")}'
    out = []
    for m in root.find('Markables'):
        if not m.tag.startswith(('ACTION', 'NEG_ACTION')): continue
        words = [where[a.get('t_id')] for a in m.findall('token_anchor')]
        if words and words[0][2] in selected: out.append((words[0][0], words[-1][1], chain.get(m.get('m_id'), f'{document}:m{m.get("m_id")}')))
    return out

def read_conllu(path):
    documents = collections.defaultdict(list)
    for line in open(path, encoding='utf-8'):
        if line.startswith('# newdoc'): current = documents[line.split('= ', 1)[1].strip()]
        elif line.startswith('# sent_id'): current.append([])
        elif line.strip() and line[0] != '#': current[-1].append(line.rstrip('\n').split('\t'))
    return documents

def words_of(sentences, text):
    """Sentences of dicts, with code points; parts of a contraction share its place."""
    at = 0; out = []
    for rows in sentences:
        words = []; inside = 0
        for f in rows:
            if '-' in f[0]:
                a, b = map(int, f[0].split('-')); inside = b - a + 1
                start = text.index(f[1], at); at = start + len(f[1]); place = (start, at); continue
            if inside: inside -= 1
            else: start = text.index(f[1], at); at = start + len(f[1]); place = (start, at)
            misc = dict(x.split('=', 1) for x in f[9].split('|') if '=' in x)
            words.append(dict(n=int(f[0]), form=f[1], lemma=f[2], pos=f[3], xpos=f[4], head=int(f[6]), rel=f[7], start=place[0], end=place[1], fact=misc.get('Fact'), ne=misc.get('NE')))
        out.append(words)
    return out

LIGHT = set('be have do get make take go come see know think want need use let seem keep'.split())
def mentions_of(sentences):
    """Acts with their parties; the names of the document."""
    found, names = [], collections.Counter()
    def spans(words):
        i = 0
        while i < len(words):
            if words[i]['ne'] and words[i]['ne'].startswith('B-'):
                j = i + 1
                while j < len(words) and words[j]['ne'] and words[j]['ne'].startswith('I-'): j += 1
                yield i, j, ' '.join(x['form'] for x in words[i:j]), words[i]['ne'][2:]
                i = j
            else: i += 1
    # A last name stands for the full name, as the program's entities have it.
    full = {}
    for words in sentences:
        for _, _, name, kind in spans(words):
            if kind == 'PER' and ' ' in name: full.setdefault(name.split()[-1], name)
    for words in sentences:
        name_at = {}
        for i, j, name, kind in spans(words):
            if kind == 'PER': name = full.get(name, name)
            for x in words[i:j]: name_at[x['n']] = (name, kind)
            names[name, kind] += 1
        for w in words:
            if not w['fact'] or w['lemma'].lower() in LIGHT: continue
            sides = {'actors': [], 'recipients': []}; place = None
            for x in words:
                if x['head'] != w['n'] or x['pos'] not in ('NOUN', 'PROPN', 'PRON'): continue
                rel = x['rel']; name, kind = name_at.get(x['n'], (x['lemma'], None))
                if kind == 'LOC' and rel.startswith(('obl', 'nmod')): place = place or name; continue
                if x['pos'] == 'PRON': continue
                passive = 'pass' in rel
                side = 'actors' if rel.startswith('nsubj') and not passive or rel == 'obl:agent' else 'recipients' if rel.startswith(('obj', 'iobj', 'nsubj', 'nmod', 'compound')) else None
                if side: sides[side].append({'name': name, 'kind': kind or ''})
            found.append(dict(start=w['start'], end=w['end'], lemma=w['lemma'].lower(), place=place, **sides))
    return found, [{'name': n, 'kind': k, 'count': c} for (n, k), c in names.items()]

# ------------------------------------------------------------------------------------------------------------------ scores
def f1(p, r): return 2 * p * r / (p + r) if p + r else 0.0
def clusters(chain_of):
    out = collections.defaultdict(set)
    for m, c in chain_of.items(): out[c].add(m)
    return list(out.values())
def muc(gold, system):
    def side(key, other):
        index = {m: i for i, c in enumerate(other) for m in c}; hit = all_ = 0
        for c in key:
            parts = {index[m] if m in index else ('alone', m) for m in c}
            hit += len(c) - len(parts); all_ += len(c) - 1
        return hit / all_ if all_ else 0.0
    return side(system, gold), side(gold, system)
def b_cubed(gold, system):
    def side(key, other):
        index = {m: c for c in other for m in c}; total = sum(len(c) for c in key)
        return sum(len(c & index[m]) / len(c) for c in key for m in c if m in index) / total if total else 0.0
    return side(system, gold), side(gold, system)
def assignment(weights):
    """Largest sum of a one-to-one assignment: Hungarian algorithm, rows at most as many as columns."""
    n, m = len(weights), len(weights[0]); infinite = float('inf')
    u, v, match, way = [0.0] * (n + 1), [0.0] * (m + 1), [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        match[0] = i; j0 = 0; least = [infinite] * (m + 1); used = [False] * (m + 1)
        while True:
            used[j0] = True; i0 = match[j0]; delta = infinite; j1 = 0
            for j in range(1, m + 1):
                if used[j]: continue
                cost = -weights[i0 - 1][j - 1] - u[i0] - v[j]
                if cost < least[j]: least[j], way[j] = cost, j0
                if least[j] < delta: delta, j1 = least[j], j
            for j in range(m + 1):
                if used[j]: u[match[j]] += delta; v[j] -= delta
                else: least[j] -= delta
            j0 = j1
            if match[j0] == 0: break
        while j0: match[j0] = match[way[j0]]; j0 = way[j0]
    return sum(weights[match[j] - 1][j - 1] for j in range(1, m + 1) if match[j])
def ceaf_e(gold, system):
    # Chains that share nothing add nothing: each island of chains that do is solved alone.
    of = {m: i for i, c in enumerate(gold) for m in c}; links = collections.defaultdict(dict); back = collections.defaultdict(set)
    for j, c in enumerate(system):
        for m in c:
            if m in of: links[of[m]][j] = 0; back[j].add(of[m])
    total, seen = 0.0, set()
    for first in list(links):
        if first in seen: continue
        rows, columns, open_ = set(), set(), [first]
        while open_:
            i = open_.pop()
            if i in rows: continue
            rows.add(i)
            for j in links[i]:
                if j not in columns: columns.add(j); open_ += back[j]
        seen |= rows; a, b = sorted(rows), sorted(columns)
        w = [[2 * len(gold[i] & system[j]) / (len(gold[i]) + len(system[j])) for j in b] for i in a]
        if len(a) > len(b): w = [list(x) for x in zip(*w)]
        total += assignment(w)
    return total / len(system) if system else 0.0, total / len(gold) if gold else 0.0
def scores(gold, system):
    g, s = clusters(gold), clusters(system); out = {}
    for name, measure in (('MUC', muc), ('B3', b_cubed), ('CEAFe', ceaf_e)): p, r = measure(g, s); out[name] = (p, r, f1(p, r))
    out['CoNLL'] = sum(out[n][2] for n in ('MUC', 'B3', 'CEAFe')) / 3
    return out

def self_test():
    gold = {1: 'a', 2: 'a', 3: 'a', 4: 'b', 5: 'b', 6: 'c'}
    perfect = scores(gold, gold); assert abs(perfect['CoNLL'] - 1) < 1e-9, perfect
    # The example of Luo (2005): gold {1,2,3,4,5} {6,7} {8,9,a,b,c}, system {1,2,3,4,5} {6,7,8,9,a,b,c}.
    g = {m: ('x' if m in '12345' else 'y' if m in '67' else 'z') for m in '123456789abc'}; s = {m: ('x' if m in '12345' else 'y') for m in '123456789abc'}
    got = scores(g, s); assert abs(got['MUC'][0] - .9) < 1e-9 and got['MUC'][1] == 1, got
    assert abs(got['B3'][0] - (5 + 7 * (4 / 49 + 25 / 49)) / 12) < 1e-9 and got['B3'][1] == 1, got
    assert abs(got['CEAFe'][0] - (1 + 10 / 12) / 2) < 1e-9, got

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('corpus'); a.add_argument('--topics', required=True); a.add_argument('--program', default='build/reportedly'); a.add_argument('--group', default='build/group_mentions')
    a.add_argument('--work', help='keeps what was parsed'); a.add_argument('--errors', action='store_true'); a.add_argument('--json')
    o = a.parse_args(); self_test()
    work = o.work or tempfile.mkdtemp(); os.makedirs(work, exist_ok=True)
    selected = collections.defaultdict(set)
    for r in csv.DictReader(open(os.path.join(o.corpus, 'ECBplus_coreference_sentences.csv'))): selected[f'{r["Topic"]}_{r["File"]}'].add(int(r['Sentence Number']))
    texts, gold, where_of = {}, {}, {}
    for topic in o.topics.split(','):
        for path in sorted(glob.glob(os.path.join(o.corpus, 'topics', topic, '*.xml'))):
            document = os.path.basename(path)[:-4]; root, text, where = read_topic_file(path)
            texts[document] = text; gold[document] = gold_of(root, where, document, selected[document])
            where_of[document] = [(s, e) for s, e, n in where.values() if n in selected[document]]
    source, parsed = os.path.join(work, 'texts.jsonl'), os.path.join(work, 'parsed.conllu')
    with open(source, 'w', encoding='utf-8') as f:
        for d, t in texts.items(): f.write(json.dumps({'id': d, 'text': t}, ensure_ascii=False) + '\n')
    if not os.path.exists(parsed):
        with open(parsed + '.part', 'w') as f: subprocess.run([o.program, 'parse', source, '--force'], stdout=f, check=True)
        os.rename(parsed + '.part', parsed)
    records, lemma = [], {}
    for d, sentences in read_conllu(parsed).items():
        found, names = mentions_of(words_of(sentences, texts[d])); records.append({'id': d, 'text': texts[d], 'names': names, 'events': found})
    grouped = subprocess.run([o.group], input=''.join(json.dumps(r, ensure_ascii=False) + '\n' for r in records), stdout=subprocess.PIPE, text=True, check=True).stdout
    group = {}
    for line in grouped.splitlines(): d, start, g = line.split('\t'); group[d, int(start)] = g
    # System mentions take the name of the gold mention that holds them; one each.
    gold_chain, system, baseline, topical = {}, {}, {}, {}
    for r in records:
        d = r['id']; taken = set()
        for s, e, chain in gold[d]: gold_chain[d, s, e] = chain
        for m in r['events']:
            if not any(s <= m['start'] < e for s, e in where_of[d]): continue
            key = next(((d, s, e) for s, e, _ in sorted(gold[d], key=lambda g: g[1] - g[0]) if s <= m['start'] and m['end'] <= e and (s, e) not in taken), None)
            if key: taken.add(key[1:])
            key = key or (d, m['start'], m['end'])
            system[key] = group[d, m['start']]; lemma[key] = m['lemma']; baseline[key] = m['lemma']; topical[key] = d.split('_')[0] + '/' + m['lemma']
    print(f'{len(texts)} texts, {len(gold_chain)} gold mentions, {len(system)} mentions found, {len(gold_chain.keys() & system.keys())} of them gold')
    print(f'{"":22}{"MUC":>18}{"B3":>21}{"CEAFe":>21}{"CoNLL F1":>10}'); result = {}
    for name, answer in (('same lemma', baseline), ('same lemma, topics given', topical), ('grouping', system), ('alone', {k: k for k in system})):
        s = scores(gold_chain, answer); result[name] = s['CoNLL']
        print(f'{name:26}' + ''.join('  %5.1f %5.1f %5.1f' % tuple(100 * x for x in s[n]) + ' ' for n in ('MUC', 'B3', 'CEAFe')) + f'{100 * s["CoNLL"]:9.1f}')
    # The same for mentions that are gold, as if finding them were no question.
    print('of the mentions that are gold:')
    only = gold_chain.keys() & system.keys(); g = {k: gold_chain[k] for k in only}
    for name, answer in (('same lemma', baseline), ('same lemma, topics given', topical), ('grouping', system), ('alone', {k: k for k in system})):
        s = scores(g, {k: answer[k] for k in only})
        print(f'{name:26}' + ''.join('  %5.1f %5.1f %5.1f' % tuple(100 * x for x in s[n]) + ' ' for n in ('MUC', 'B3', 'CEAFe')) + f'{100 * s["CoNLL"]:9.1f}')
    if o.json: json.dump(result, open(o.json, 'w'))
    if o.errors:
        by = collections.defaultdict(list)
        for k in only: by[gold_chain[k]].append(k)
        for c, list_ in sorted(by.items()):
            if len(list_) > 1: print(c, [(k[0], lemma[k], system[k]) for k in list_])

if __name__ == '__main__': main()
