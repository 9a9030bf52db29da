#!/usr/bin/env python3
"""Places of GeoWebNews as plain text with gold, and their scores.
  places.py --write GWN.xml OUT.jsonl      lines {"id","text"} to feed a program
  places.py GWN.xml PRED.jsonl             PRED: reportedly/1 documents, or {"id","places":[{start,end,latitude,longitude}]}
Gold: toponyms with coordinates whose words name the place itself: types Literal, Mixed, Coercion, Metonymic, Literal_Modifier, and of these only names
(adjectives of countries, which Literal_Modifier also holds, are left out: the program does not call them places). Spans are code points.
found: gold names that a predicted place with coordinates overlaps, one to one, the larger overlap first. within161: of the found, those whose point is
at most 161 km away. precision: of the predicted places with coordinates, those that overlap any annotated toponym of a literal or associative type.
--errors lists what was missed and what is far off. --types gives found and within161 by type."""
import json, math, sys, xml.etree.ElementTree as ET
from collections import defaultdict
NAMED = {'Literal', 'Mixed', 'Coercion', 'Metonymic', 'Literal_Modifier'}
ANY = NAMED | {'Non_Literal_Modifier', 'Embedded_Literal', 'Embedded_Non_Lit', 'Homonym'}
ADJECTIVE = ('ian', 'ean', 'ish', 'ese', 'can', 'ench', 'reek', 'wiss', 'utch', 'raqi', 'aeli', 'tani', 'meni', 'auli', 'wiri', 'baijani', 'ourgeois', 'opean', 'erman')
def load(path):
    for a in ET.parse(path).getroot().iter('article'):
        text = a.find('text').text or ''; gold = []
        for t in a.iter('toponym'):
            field = lambda n: (t.find(n).text or '').strip() if t.find(n) is not None else ''
            s, e = int(field('start')), int(field('end'))
            point = (float(field('latitude')), float(field('longitude'))) if field('latitude') else None
            gold.append((s, e, field('type'), point))
        yield a.get('file'), text, sorted(set(gold), key=lambda g: g[:2])
def km(a, b):
    (la, lo), (lb, lp) = ((math.radians(x) for x in p) for p in (a, b))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 12742 * math.asin(min(1, math.sqrt(h)))
def main():
    args = [a for a in sys.argv[1:] if not a.startswith('--')]
    if '--write' in sys.argv:
        with open(args[1], 'w') as o:
            for i, text, _ in load(args[0]): o.write(json.dumps({'id': i, 'text': text}, ensure_ascii=False) + '\n')
        return
    pred = {}
    for l in open(args[1]):
        d = json.loads(l)
        pred[d['document']['id'] if 'document' in d else d['id']] = [(p['start'], p['end'], p.get('latitude'), p.get('longitude'), p) for p in d.get('places', [])]
    n = found = near = predicted = right = 0; by = defaultdict(lambda: [0, 0, 0])
    for i, text, gold in load(args[0]):
        P = [p for p in pred.get(i, []) if p[2] is not None]
        G = [g for g in gold if g[3] and g[2] in NAMED and not (g[2] == 'Literal_Modifier' and text[g[0]:g[1]].endswith(ADJECTIVE))]
        pairs = sorted((-(min(g[1], p[1]) - max(g[0], p[0])), x, y) for x, g in enumerate(G) for y, p in enumerate(P) if g[0] < p[1] and p[0] < g[1])
        mate, used = {}, set()
        for _, x, y in pairs:
            if x not in mate and y not in used: mate[x] = y; used.add(y)
        n += len(G); predicted += len(P)
        right += sum(any(g[2] in ANY and g[0] < p[1] and p[0] < g[1] for g in gold) for p in P)
        for x, g in enumerate(G):
            by[g[2]][0] += 1
            if x not in mate:
                if '--errors' in sys.argv: print('missed', i, g[2], repr(text[g[0]:g[1]]), [q[4].get('why') for q in pred.get(i, []) if g[0] < q[1] and q[0] < g[1]])
                continue
            p = P[mate[x]]; found += 1; by[g[2]][1] += 1; d = km(g[3], p[2:4])
            if d <= 161: near += 1; by[g[2]][2] += 1
            elif '--errors' in sys.argv: print('far', i, g[2], repr(text[g[0]:g[1]]), g[3], p[4])
        if '--errors' in sys.argv:
            for p in P:
                if not any(g[2] in ANY and g[0] < p[1] and p[0] < g[1] for g in gold): print('extra', i, repr(text[max(0, p[0] - 30):p[0]]), repr(text[p[0]:p[1]]), [g[2] for g in gold if g[0] < p[1] and p[0] < g[1]])
    if '--types' in sys.argv:
        for t, v in sorted(by.items()): print(t, v)
    share = lambda a, b: round(100 * a / max(b, 1), 1)
    print(f'gold {n} predicted {predicted}')
    print(json.dumps({'found': share(found, n), 'within161': share(near, found), 'precision': share(right, predicted)}))
if __name__ == '__main__': main()
