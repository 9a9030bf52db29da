#!/usr/bin/env python3
"""The project's own passages (training/passages/): input for the program, and its scores.

  passages.py --write FOLDER OUT.jsonl      lines {"id", "text", "published"} to feed the program
  passages.py --gold FOLDER OUT.jsonl       the annotation itself, written as the program's output (it scores 100 everywhere)
  passages.py FOLDER PRED.jsonl [--errors FIGURE,…]
                                            PRED: reportedly/1 documents; readable lines, the last line is JSON
  passages.py FOLDER SECOND --agreement     how far a second reading of some of the same passages (training/passages/second) agrees, scored as if it were output
Passages' texts are printed only with --errors: FIGURE is one of events roles mode negatives status voice voices date place attributions nested
stance source disputes country sector, or `all`. Needs PyYAML; the reader is training/passages.py.

Matching
  Events are matched one to one within a passage, gold to system, by type: both triggers overlap, or both lie in one sentence (the program's
  sentences). Pairs that overlap go first, then those whose parties agree, then the nearer ones. "Matched" below is this.
  Attributions are matched one to one by the sum of the Dice coefficients (over characters) of source, cue and content, the best first, where
  each of the three is at least .5; a role absent on both sides counts 1, on one side 0. Spans lose white space at their ends, fragments of a role
  that only white space parts are joined.
  A voice is a gold attribution or the narrator (null). A system voice is right if both are the narrator, or its content has Dice ≥ .5 with the gold
  one's and their cues overlap (or both have none), or their sources have Dice ≥ .5.

Figures (per cent; F is F1)
  events_P/R/F        matched events, micro over all passages, negatives included
  overlap_F           of these, only pairs whose triggers overlap count as right
  roles_F             only pairs whose actor sets and recipient sets agree count as right. A system party fits a gold one that has a country if it has
                      that country, one without if its span or a mention of its entity overlaps a mention of the gold entity. Sets agree if each party on
                      either side fits one on the other; nobody agrees with nobody alone
  quad_F              events matched by quad in place of type
  mode                share of matched events with the same mode (none is a mode)
  negatives           share of negative passages with at least one event coded (lower is better); negatives_by: tag -> [coded, all]
  status              share of matched events with the same status; status_other: where gold is not `happened`; status_macro: mean F1 over the statuses that
                      gold has among matched events; status_happened and status_macro_happened: what the constant answer `happened` gets
  factuality          share of matched events whose factuality equals that of gold's innermost voice (the first of `says`)
  voice               share of matched events whose attribution is gold's innermost voice; voice_told: where that is not the narrator; voice_narrator: where
                      it is; voice_constant: what the constant answer `narrator` gets on all
  voices_P/R/F        of matched events, system `voices` and gold `says` as sets of voices, matched one to one
  date                of matched events with a gold date, share where the system's is the same string; date_precision: of those where the system gives one,
                      share where it is gold's
  place               of matched events with a gold place, share where the system's place overlaps it or has the same words; place_precision: of those where
                      the system gives one, share that is right
  source_F cue_F content_F (also _P _R)   exact fragments at all depths, as multisets over a passage
  strict_F            attributions with all three roles exactly right; dice_P/R/F: matched attributions
  nested_found        share of gold attributions with a parent that are matched; nested_parent: of these, share whose system parent is the gold parent
                      (as a voice, see above); nested_right: both, of all gold attributions with a parent
  stance              share of matched attributions with the same stance; stance_other: where gold is not `asserts`; stance_asserts: the constant `asserts`
  hypothetical        share of matched attributions where the flag agrees
  source_entity       share of matched attributions with a gold source whose system entity is the gold one: a mention of it has Dice ≥ .5 with a mention
                      of the gold entity, or ends with it (same head, other extent). Where the source does not name the entity (pronoun, description), the system
                      entity must also hold a mention that overlaps one that does, or bear its name; source_entity_other: of these alone. What names an entity:
                      mentions that hold a word of its `name`; without a `name`, mentions that are no pronouns
  disputes_P/R        disputes, matched one to one by kind, where two positions or more can be paired: their events are matched, or they share a voice
  country             of gold parties of matched events, share with the gold country: the system party of that role that overlaps a mention, else the entity that
                      does; sector: the first gold sector is among its sectors (both empty is right)
"""
import argparse
import importlib.util
import json
import os
import re
import sys
from collections import Counter, defaultdict

# the reader has the same file name, so it is loaded by its path
_spec = importlib.util.spec_from_file_location('passage_reader', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'training', 'passages.py'))
reader = sys.modules['passage_reader'] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reader)

ROLES = ('source', 'cue', 'content')
QUAD = {t: q for q, ts in {1: 'AGREE CONSULT SUPPORT CONCEDE', 2: 'COOPERATE AID RETREAT', 3: 'REQUEST ACCUSE REJECT THREATEN',
                           4: 'PROTEST SANCTION MOBILIZE COERCE ASSAULT'}.items() for t in ts.split()}
PRONOUNS = set('''he him his she her hers it its they them their theirs we us our ours i me my mine you your who whom whose which that himself herself itself
    themselves this these those both one'''.split())


# ---- spans ----

def tidy(text, spans):
    """White space at the ends dropped, fragments parted by white space alone joined."""
    out = []
    for a, b in sorted(map(tuple, spans)):
        while a < b and text[a].isspace(): a += 1
        while b > a and text[b - 1].isspace(): b -= 1
        if a == b: continue
        if out and (a <= out[-1][1] or not text[out[-1][1]:a].strip()): out[-1] = (out[-1][0], max(b, out[-1][1]))
        else: out.append((a, b))
    return tuple(out)


def chars(spans):
    return {i for a, b in spans for i in range(a, b)}


def dice(a, b):
    """Over characters; both empty is 1."""
    if not a and not b: return 1.0
    x, y = chars(a), chars(b)
    return 2 * len(x & y) / (len(x) + len(y)) if x or y else 1.0


def overlap(a, b):
    return any(s < y and x < e for s, e in a for x, y in b)


def prf(right, predicted, gold):
    p, r = right / predicted if predicted else 0.0, right / gold if gold else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


# ---- gold as output ----

def sentences(text):
    return [m.span() for m in re.finditer(r'\S(?:.|(?<!\n)\n(?!\n))*?(?:[.!?]["”’]?(?=\s|$)|(?=\n\n)|$)', text)]


def record(p):
    """A passage as the program would write it. For tests of this script, and for other scorers that read the program's output."""
    entities = {k: i for i, k in enumerate(p.entities)}
    voices = {k: i for i, k in enumerate(p.voices)}
    places = {tuple(map(tuple, x['at'])): i for i, x in enumerate(p.places)}
    ref = lambda letter, i: None if i is None else f'{letter}{i + 1}'                 # noqa: E731
    voice = lambda k: ref('a', voices.get(k))                                         # noqa: E731
    flat = lambda spans: (min(a for a, _ in spans), max(b for _, b in spans))         # noqa: E731
    mention = lambda spans: dict(zip(('start', 'end', 'text'), (*flat(spans), p.text[slice(*flat(spans))])))      # noqa: E731
    party = lambda k: {'entity': ref('e', entities[k]), 'country': p.entities[k]['country'], 'sectors': p.entities[k]['sectors'],   # noqa: E731
                       'span': list(flat(p.entities[k]['at'][0]))}
    return {
        'schema': 'reportedly/1', 'document': {'id': p.id, 'text': p.text, 'published': p.published}, 'names': [],
        'sentences': [{'id': f's{i + 1}', 'start': a, 'end': b} for i, (a, b) in enumerate(sentences(p.text))],
        'entities': [{'id': ref('e', i), 'name': e.get('name') or p.text[slice(*flat(e['at'][0]))], 'kind': e['kind'], 'country': e['country'], 'sectors': e['sectors'],
                      'mentions': [mention(a) for a in e['at']]} for i, e in enumerate(p.entities.values())],
        'times': [{'id': ref('t', i), **mention(t['at']), 'type': t['type'], 'value': t['value']} for i, t in enumerate(p.times)],
        'places': [{'id': ref('p', i), 'start': flat(x['at'])[0], 'end': flat(x['at'])[1], 'name': mention(x['at'])['text'], 'country': x.get('country'),
                    'role': x['role']} for i, x in enumerate(p.places)],
        'attributions': [{'id': voice(k), 'parent': voice(v['in']), 'source': {'spans': v['source'], 'entity': ref('e', entities.get(v['by']))},
                          'cue': {'spans': v['cue'], 'lemma': None}, 'content': {'spans': v['content']}, 'stance': v['stance'],
                          'hypothetical': v['hypothetical']} for k, v in p.voices.items()],
        'events': [{'id': ref('v', i), 'type': e['type'], 'mode': e['mode'], 'contexts': e['contexts'], 'quad': QUAD[e['type']],
                    'actors': [party(k) for k in e['actors']], 'recipients': [party(k) for k in e['recipients']],
                    'trigger': dict(zip(('start', 'end'), flat(e['at']))), 'date': {'value': e['date'], 'time': None},
                    'place': None if e['place'] is None else ref('p', places[tuple(map(tuple, e['place']))]),
                    'attribution': voice(next(iter(e['says']))), 'factuality': next(iter(e['says'].values())), 'status': e['status'],
                    'voices': [{'attribution': voice(k), 'factuality': f} for k, f in e['says'].items()]} for i, e in enumerate(p.events.values())],
        'disputes': [{'id': ref('d', i), 'kind': d['kind'], 'events': [], 'positions': [
            {'holds': x.get('holds'), 'event': ref('v', list(p.events).index(x['event'])), 'voices': [voice(k) for k in x.get('voices') or []]}
            for x in d['positions']]} for i, d in enumerate(p.disputes)]}


# ---- scores ----

class Score:
    def __init__(self, errors=()):
        self.n = Counter()
        self.by_status = defaultdict(Counter)       # status -> gold, system, right
        self.by_tag = defaultdict(lambda: [0, 0])
        self.errors = set(errors)

    def wrong(self, figure, p, message):
        if figure in self.errors or 'all' in self.errors: print(f'{figure}\t{p.id}\t{message}')

    def count(self, key, right):
        self.n[key] += 1
        self.n[key, 1] += bool(right)

    def add(self, p, d):
        text = p.text
        gold_voices = {k: {r: tidy(text, v[r]) for r in ROLES} for k, v in p.voices.items()}
        voices = {a['id']: {r: tidy(text, a[r]['spans']) for r in ROLES} for a in d['attributions']}
        entities = {e['id']: e for e in d['entities']}
        show = lambda spans: ' … '.join(text[a:b] for a, b in spans)      # noqa: E731

        def mentions(e): return [tuple(x) for m in p.entities[e]['at'] for x in m]
        def system_mentions(i): return [(m['start'], m['end']) for m in entities[i]['mentions']] if i in entities else []

        # -- events
        spans = [(s['start'], s['end']) for s in d['sentences']]
        inside = lambda at: next((i for i, (a, b) in enumerate(spans) if a <= at < b), -1)     # noqa: E731
        gold, system = list(p.events.items()), d['events']
        trigger = lambda e: (e['trigger']['start'], e['trigger']['end'])                       # noqa: E731
        agree = {(k, j): self.parties_agree(p, e, s, mentions, system_mentions) for k, e in gold for j, s in enumerate(system)}

        def pair(same):
            candidates = []
            for i, (k, e) in enumerate(gold):
                for j, s in enumerate(system):
                    hit = overlap(e['at'], [trigger(s)])
                    if not same(e, s) or not (hit or inside(e['at'][0][0]) == inside(trigger(s)[0]) >= 0): continue
                    candidates.append((not hit, not agree[k, j], abs(sum(e['at'][0]) - sum(trigger(s))), i, j))
            mates, used = {}, set()
            for _, _, _, i, j in sorted(candidates):
                if i not in mates and j not in used:
                    mates[i] = j
                    used.add(j)
            return {gold[i][0]: j for i, j in mates.items()}

        mates = pair(lambda e, s: e['type'] == s['type'])
        self.n['gold'] += len(gold)
        self.n['system'] += len(system)
        self.n['matched'] += len(mates)
        self.n['quad'] += len(pair(lambda e, s: QUAD[e['type']] == QUAD.get(s['type'])))
        describe = lambda e: f'{e["type"]}/{e["mode"]} “{show(e["at"])}”'           # noqa: E731
        told = lambda s: f'{s["type"]}/{s["mode"]} “{text[slice(*trigger(s))]}”'    # noqa: E731
        for k, e in gold:
            if k not in mates: self.wrong('events', p, f'missed {describe(e)} in: {show([x for x in spans if overlap([x], e["at"])])}')
        for j, s in enumerate(system):
            if j not in mates.values(): self.wrong('events', p, f'extra {told(s)} in: {show([x for x in spans if overlap([x], [trigger(s)])])}')
        if 'negative' in p.tags:
            for t in set(p.tags) & reader.TEMPTATIONS:
                self.by_tag[t][0] += bool(system)
                self.by_tag[t][1] += 1
            self.count('negatives', system)
            for s in system: self.wrong('negatives', p, f'{told(s)} in: {show([x for x in spans if overlap([x], [trigger(s)])])}')

        # -- matched events
        places = {x['id']: (x['start'], x['end']) for x in d['places']}
        same_voice = {(g, s): (s is None) if g == 'narrator' else s is not None and self.is_voice(gold_voices[g], voices[s])
                      for g in [*p.voices, 'narrator'] for s in [*voices, None]}
        for k, e in gold:
            if k not in mates: continue
            s = system[mates[k]]
            where = f'{describe(e)} in: {show([x for x in spans if overlap([x], e["at"])])}'
            self.n['overlap'] += overlap(e['at'], [trigger(s)])
            self.n['roles'] += agree[k, mates[k]]
            if not agree[k, mates[k]]:
                self.wrong('roles', p, f'gold {e["actors"]} → {e["recipients"]}, system '
                           f'{[text[slice(*x["span"])] for x in s["actors"]]} → {[text[slice(*x["span"])] for x in s["recipients"]]}: {where}')
            self.count('mode', e['mode'] == s['mode'])
            if e['mode'] != s['mode']: self.wrong('mode', p, f'gold {e["mode"]}, system {s["mode"]}: {where}')
            self.by_status[e['status']]['gold'] += 1
            self.by_status[s['status']]['system'] += 1
            self.by_status[e['status']]['right'] += e['status'] == s['status']
            self.count('status', e['status'] == s['status'])
            if e['status'] != 'happened': self.count('status_other', e['status'] == s['status'])
            if e['status'] != s['status']: self.wrong('status', p, f'gold {e["status"]}, system {s["status"]} {s.get("why")}: {where}')
            first = next(iter(e['says']))
            self.count('factuality', e['says'][first] == s['factuality'])
            if e['says'][first] != s['factuality']: self.wrong('factuality', p, f'gold {e["says"][first]}, system {s["factuality"]} {s.get("why")}: {where}')
            right = same_voice[first, s['attribution']]
            self.count('voice', right)
            self.count('voice_narrator' if first == 'narrator' else 'voice_told', right)
            name = lambda a: 'narrator' if a is None else f'{a} [{show(voices[a]["source"])}] [{show(voices[a]["cue"])}] [{show(voices[a]["content"])}]'    # noqa: E731
            if not right: self.wrong('voice', p, f'gold {first}, system {name(s["attribution"])}: {where}')
            left = [v['attribution'] for v in s['voices']]
            self.n['voices_gold'] += len(e['says'])
            self.n['voices_system'] += len(left)
            missed = []
            for g in e['says']:
                found = next((v for v in left if same_voice[g, v]), '')
                if found != '':
                    left.remove(found)
                    self.n['voices_right'] += 1
                else:
                    missed.append(g)
            if missed or left: self.wrong('voices', p, f'missed {missed}, extra {[name(v) for v in left]}: {where}')
            date = (s.get('date') or {}).get('value')
            if e['date'] is not None: self.count('date', date == e['date'])
            if date is not None: self.count('date_precision', date == e['date'])
            if date != e['date']: self.wrong('date', p, f'published {p.published}, gold {e["date"]}, system {date} {(s.get("date") or {}).get("why")}: {where}')
            at = places.get(s.get('place'))
            same = bool(at and e['place'] and (overlap([at], e['place']) or text[slice(*at)].lower() == show(e['place']).lower()))
            if e['place']: self.count('place', same)
            if at: self.count('place_precision', same)
            if bool(at or e['place']) and not same: self.wrong('place', p, f'gold {e["place"] and show(e["place"])}, system {at and text[slice(*at)]}: {where}')
            for role in ('actors', 'recipients'):
                for key in e[role]:
                    country, sectors = self.party_of(s[role], entities, mentions(key), system_mentions)
                    g = p.entities[key]
                    self.count('country', country == g['country'])
                    if country != g['country']: self.wrong('country', p, f'{key}: gold {g["country"]}, system {country}: {where}')
                    same = g['sectors'][0] in sectors if g['sectors'] else not sectors
                    self.count('sector', same)
                    if not same: self.wrong('sector', p, f'{key} “{show(mentions(key)[:1])}”: gold {g["sectors"]}, system {sectors}: {where}')

        # -- attributions
        for r in ROLES:
            a = Counter(f for v in voices.values() for f in v[r])
            b = Counter(f for v in gold_voices.values() for f in v[r])
            for key, x in ((f'{r}_right', a & b), (f'{r}_system', a), (f'{r}_gold', b)): self.n[key] += sum(x.values())
        whole = lambda v: tuple(v[r] for r in ROLES)                     # noqa: E731
        self.n['strict'] += sum((Counter(map(whole, voices.values())) & Counter(map(whole, gold_voices.values()))).values())
        candidates = []
        for i, (k, g) in enumerate(gold_voices.items()):
            for j, (a, s) in enumerate(voices.items()):
                each = [dice(g[r], s[r]) for r in ROLES]
                if min(each) >= .5: candidates.append((-sum(each), i, j, k, a))
        found, used = {}, set()
        for _, _, _, k, a in sorted(candidates):
            if k not in found and a not in used:
                found[k] = a
                used.add(a)
        self.n['attributions_gold'] += len(gold_voices)
        self.n['attributions_system'] += len(voices)
        self.n['attributions'] += len(found)
        line = lambda v: ' '.join(f'[{show(v[r])}]' for r in ROLES)      # noqa: E731
        for k, g in gold_voices.items():
            if k not in found: self.wrong('attributions', p, f'missed {k} {"in " + p.voices[k]["in"] if p.voices[k]["in"] else ""} {line(g)}')
        for a, v in voices.items():
            if a not in used: self.wrong('attributions', p, f'extra {a} {line(v)}')
        by_id = {a['id']: a for a in d['attributions']}
        for k, v in p.voices.items():
            if v['in']:
                self.count('nested_found', k in found)
                parent = by_id[found[k]]['parent'] if k in found else None
                right = parent is not None and self.is_voice(gold_voices[v['in']], voices[parent])
                self.count('nested_right', right)
                if k in found: self.count('nested_parent', right)
                if not right: self.wrong('nested', p, f'{"found" if k in found else "missed"} {line(gold_voices[k])} in gold {line(gold_voices[v["in"]])}, system '
                                         f'{line(voices[parent]) if parent else None}')
            if k not in found: continue
            a = by_id[found[k]]
            self.count('stance', a['stance'] == v['stance'])
            self.count('stance_asserts', v['stance'] == 'asserts')
            if v['stance'] != 'asserts': self.count('stance_other', a['stance'] == v['stance'])
            if a['stance'] != v['stance']: self.wrong('stance', p, f'gold {v["stance"]}, system {a["stance"]} {a.get("why")}: {line(gold_voices[k])}')
            self.count('hypothetical', v['hypothetical'] == a['hypothetical'])
            if v['hypothetical'] != a['hypothetical']: self.wrong('hypothetical', p, f'gold {v["hypothetical"]}: {line(gold_voices[k])}')
            if v['source'] and v['by']:
                right, plain = self.is_entity(p, v, a['source']['entity'], entities, mentions, system_mentions)
                self.count('source_entity', right)
                if not plain: self.count('source_entity_other', right)
                if not right:
                    e = entities.get(a['source']['entity'])
                    self.wrong('source', p, f'“{show(v["source"])}”: gold {v["by"]} {[text[a:b] for a, b in mentions(v["by"])]}, system '
                               f'{e and e["name"]} {e and [m["text"] for m in e["mentions"]]}')

        # -- disputes
        self.n['disputes_gold'] += len(p.disputes)
        self.n['disputes_system'] += len(d['disputes'])
        back = {system[j]['id']: k for k, j in mates.items()}
        used = set()
        for i, g in enumerate(p.disputes):
            for j, s in enumerate(d['disputes']):
                if j in used or g['kind'] != s['kind']: continue
                pairs = {(x, y) for x, a in enumerate(g['positions']) for y, b in enumerate(s['positions'])
                         if back.get(b['event']) == a['event'] or any(same_voice[v, w] for v in a.get('voices') or [] for w in b['voices'])}
                if any(a != b and x != y for a, x in pairs for b, y in pairs):
                    used.add(j)
                    self.n['disputes'] += 1
                    break
            else:
                self.wrong('disputes', p, f'missed {g}: {text}')
        for j, s in enumerate(d['disputes']):
            if j not in used: self.wrong('disputes', p, f'extra {s}: {text}')

    @staticmethod
    def is_voice(gold, system):
        if dice(gold['content'], system['content']) >= .5 and (overlap(gold['cue'], system['cue']) or not gold['cue'] and not system['cue']): return True
        return bool(gold['source'] and system['source']) and dice(gold['source'], system['source']) >= .5

    @staticmethod
    def parties_agree(p, e, s, mentions, system_mentions):
        def fits(key, party):
            country = p.entities[key]['country']
            if country is not None: return party['country'] == country
            return overlap(mentions(key), [tuple(party['span']), *system_mentions(party['entity'])])
        return all(all(any(fits(k, x) for x in s[role]) for k in e[role]) and all(any(fits(k, x) for k in e[role]) for x in s[role])
                   for role in ('actors', 'recipients'))

    @staticmethod
    def party_of(parties, entities, at, system_mentions):
        """Country and sectors of what the system has for the mentions `at`."""
        for x in parties:
            if overlap(at, [tuple(x['span'])]): return x['country'], x['sectors']
        for x in parties:
            if overlap(at, system_mentions(x['entity'])): return x['country'], x['sectors']
        best = max(((dice([a], [m]), i) for i in entities for m in system_mentions(i) for a in at), default=(0, None))
        return (entities[best[1]]['country'], entities[best[1]]['sectors']) if best[0] >= .5 else ('not found', ['not found'])

    @staticmethod
    def is_entity(p, v, entity, entities, mentions, system_mentions):
        """(right, does the source name the entity?)"""
        name = p.entities[v['by']].get('name')
        words = {w.lower() for w in re.findall(r'\w{2,}', name or '') if w.lower() not in ('the', 'of', 'and', 'for')}
        spoken = lambda a, b: re.findall(r'\w+', p.text[a:b].lower())               # noqa: E731
        telling = [(a, b) for a, b in mentions(v['by']) if words & set(spoken(a, b))]
        if not telling: telling = [(a, b) for a, b in mentions(v['by']) if set(spoken(a, b)) - PRONOUNS]
        plain = not telling or overlap(telling, v['source'])
        if entity is None: return False, plain
        ours = system_mentions(entity)
        same = any(dice([x], [y]) >= .5 or (x[1] == y[1] and overlap([x], [y])) for x in ours for y in mentions(v['by']))
        if not plain:
            called = {w.lower() for w in re.findall(r'\w+', entities[entity]['name'])}
            same = same and (overlap(telling, ours) or bool(words & called))
        return same, plain

    # -- figures
    def figures(self):
        n = self.n
        pc = lambda x: round(100 * x, 1)                               # noqa: E731
        out = {}

        def share(key):
            if n[key]: out[key] = pc(n[key, 1] / n[key])

        def three(name, right, system, gold):
            if n[gold] or n[system]:
                for letter, x in zip('PRF', prf(n[right], n[system], n[gold])): out[f'{name}_{letter}'] = pc(x)

        three('events', 'matched', 'system', 'gold')
        for key in ('overlap', 'roles', 'quad'): out[f'{key}_F'] = pc(prf(n[key], n['system'], n['gold'])[2])
        share('mode')
        share('negatives')
        if self.by_tag: out['negatives_by'] = {t: v for t, v in sorted(self.by_tag.items())}
        share('status')
        share('status_other')
        kinds = [s for s, c in self.by_status.items() if c['gold']]
        if kinds:
            out['status_macro'] = pc(sum(prf(self.by_status[s]['right'], self.by_status[s]['system'], self.by_status[s]['gold'])[2] for s in kinds) / len(kinds))
            happened = self.by_status['happened']['gold']
            out['status_happened'] = pc(happened / n['status'])
            out['status_macro_happened'] = pc(prf(happened, n['status'], happened)[2] / len(kinds))
        share('factuality')
        for key in ('voice', 'voice_told', 'voice_narrator'): share(key)
        if n['voice']: out['voice_constant'] = pc(n['voice_narrator'] / n['voice'])
        three('voices', 'voices_right', 'voices_system', 'voices_gold')
        for key in ('date', 'date_precision', 'place', 'place_precision'): share(key)
        for r in ROLES: three(r, f'{r}_right', f'{r}_system', f'{r}_gold')
        if n['attributions_gold']:
            out['strict_F'] = pc(prf(n['strict'], n['attributions_system'], n['attributions_gold'])[2])
        three('dice', 'attributions', 'attributions_system', 'attributions_gold')
        for key in ('nested_found', 'nested_parent', 'nested_right', 'stance', 'stance_other', 'stance_asserts', 'hypothetical', 'source_entity',
                    'source_entity_other'): share(key)
        if n['disputes_gold'] or n['disputes_system']:
            out['disputes_P'], out['disputes_R'] = (pc(x) for x in prf(n['disputes'], n['disputes_system'], n['disputes_gold'])[:2])
        share('country')
        share('sector')
        out['counts'] = {k: n[k] for k in ('passages', 'gold', 'system', 'matched', 'attributions_gold', 'attributions_system', 'nested_found', 'status_other',
                                           'stance_other', 'date', 'place', 'disputes_gold', 'disputes_system', 'negatives', 'source_entity_other')}
        return out


def score(passages, records, errors=()):
    """Figures over passages, {id: record}. A record that is missing or failed is an error."""
    s = Score(errors)
    for p in passages:
        d = records.get(p.id)
        if d is None or d.get('error'): raise ValueError(f'{p.id}: no output' if d is None else f'{p.id}: {d["error"]}')
        if d['document']['text'] != p.text: raise ValueError(f'{p.id}: the output is of another text')
        s.n['passages'] += 1
        s.add(p, d)
    return s


def agreement(first, second):
    """Figures of a second reading against the first, over the passages that both have with the same text."""
    texts = {p.id: p.text for p in first}
    records = {p.id: record(p) for p in second if texts.get(p.id) == p.text}
    return score([p for p in first if p.id in records], records)


def read(folder):
    r = reader.Reader()
    out = [p for f in reader.files([folder]) for p in r.read(f)]
    for fault in r.faults: print(f'left out: {fault}', file=sys.stderr)
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folder')
    a.add_argument('file')
    a.add_argument('--write', action='store_true')
    a.add_argument('--gold', action='store_true')
    a.add_argument('--agreement', action='store_true')
    a.add_argument('--errors', default='')
    a = a.parse_args()
    passages = read(a.folder)
    if a.write or a.gold:
        with open(a.file, 'w', encoding='utf-8') as f:
            for p in passages:
                line = record(p) if a.gold else {'id': p.id, 'text': p.text, **({'published': p.published} if p.published else {})}
                f.write(json.dumps(line, ensure_ascii=False) + '\n')
        return
    if a.agreement:
        s = agreement(passages, read(a.file))
    else:
        records = {}
        for line in open(a.file, encoding='utf-8'):
            d = json.loads(line)
            records[d['document']['id']] = d
        s = score(passages, records, set(filter(None, a.errors.split(','))))
    f = s.figures()
    g = lambda k: f.get(k, '–')                                          # noqa: E731
    c = f['counts']
    print(f'{c["passages"]} passages, {c["gold"]} events (system {c["system"]}), {c["attributions_gold"]} attributions (system {c["attributions_system"]}), '
          f'{c["nested_found"]} nested, {c["disputes_gold"]} disputes (system {c["disputes_system"]}), {c["negatives"]} negatives')
    print(f'events            P {g("events_P")} R {g("events_R")} F {g("events_F")}; overlapping F {g("overlap_F")}; with roles F {g("roles_F")}; quad F {g("quad_F")}; '
          f'mode {g("mode")}')
    print(f'negatives coded   {g("negatives")}  {g("negatives_by")}')
    print(f'status            {g("status")} (constant {g("status_happened")}); not happened {g("status_other")} of {c["status_other"]}; macro F {g("status_macro")} '
          f'(constant {g("status_macro_happened")}); factuality {g("factuality")}')
    for k, x in sorted(s.by_status.items()):
        print(f'  {k:15} ' + 'P {:.2f} R {:.2f} F {:.2f}'.format(*prf(x['right'], x['system'], x['gold'])) + f' of {x["gold"]}')
    print(f'innermost voice   {g("voice")} (constant {g("voice_constant")}); told {g("voice_told")}; narrator {g("voice_narrator")}; '
          f'voices P {g("voices_P")} R {g("voices_R")} F {g("voices_F")}')
    print(f'date              {g("date")} of {c["date"]}, precision {g("date_precision")}; place {g("place")} of {c["place"]}, precision {g("place_precision")}')
    print('attributions      ' + '; '.join(f'{r} P {g(r + "_P")} R {g(r + "_R")} F {g(r + "_F")}' for r in ROLES))
    print(f'  whole           strict F {g("strict_F")}; by half P {g("dice_P")} R {g("dice_R")} F {g("dice_F")}')
    print(f'  nested          found {g("nested_found")} of {c["nested_found"]}; of these with the right parent {g("nested_parent")}; both {g("nested_right")}')
    print(f'  stance          {g("stance")} (constant {g("stance_asserts")}); not asserts {g("stance_other")} of {c["stance_other"]}; hypothetical {g("hypothetical")}')
    print(f'  source entity   {g("source_entity")}; pronouns and descriptions {g("source_entity_other")} of {c["source_entity_other"]}')
    print(f'disputes          P {g("disputes_P")} R {g("disputes_R")}')
    print(f'parties           country {g("country")}; sector {g("sector")}')
    print(json.dumps(f))


if __name__ == '__main__': main()
