"""The project's own passages (training/passages/): reader, validator, report.

    python3 training/passages.py FILE.yaml…            checks; every fault with file, passage and what was expected
    python3 training/passages.py --report [FOLDER…]    counts by type, mode, status, tag; trigger lemmas; repeated 5-grams

The format is described in training/passages/GUIDE.md. Needs PyYAML. Offsets are code points, half-open, into `text`.
"""
from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, 'passages')

MODES = {
    'AGREE': '', 'CONSULT': 'visit third-party multilateral phone', 'SUPPORT': '', 'CONCEDE': '', 'COOPERATE': '', 'AID': '',
    'RETREAT': 'withdraw release disarm ceasefire access resign', 'REQUEST': 'assist change yield meet',
    'ACCUSE': 'disapprove investigate allege', 'REJECT': 'assist change yield meet',
    'THREATEN': 'restrict arrest relations expel territory violence', 'PROTEST': 'demo riot strike hunger boycott obstruct vandalize',
    'SANCTION': 'convict expel withdraw discontinue', 'MOBILIZE': 'troops weapons police militia',
    'COERCE': 'seize restrict censor curfew martial-law arrest deport withhold misinformation cyber',
    'ASSAULT': 'abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons '
               'crowd-control unconventional'}
NEEDS_RECIPIENT = ('COOPERATE', 'AID', 'SANCTION')
CONTEXTS = set('''military intelligence executive legislative election political_institutions pro_democracy pro_autocracy economic legal
    reparations human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity inequality diplomatic territory
    peacekeeping health asylum migration disasters natural_resource environment technology terrorism cbrn cyber misinformation crime
    corruption illegal_drugs trafficking'''.split())
SECTORS = set('COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC'.split())
KINDS = set('state office person organisation armed_group group place document thing'.split())
SOURCE_KINDS = set('named_person named_office organisation state document unnamed crowd'.split())
STANCES = set('''asserts denies doubts withholds asks demands promises threatens accuses supposes hopes fears concedes relays'''.split())
FACTUALITY = set('CT+ PR+ PS+ CT- PR- PS- CTu Uu'.split())
STATUS = set('happened ongoing planned possible denied refused hypothetical'.split())
TAGS = set('nested dispute negative background'.split())
TEMPTATIONS = set('sports business weather metaphor history culture crime science other'.split())
INTERNATIONAL = set('UNO EUR IGO NGO ISM IMG MNC KOS'.split())
KEYS = {'passage': set('id published tags text entities times places voices events disputes note'.split()),
        'entity': set('kind country sectors at name office'.split()), 'time': set('at type value'.split()),
        'place': set('at country role'.split()),
        'voice': set('source cue content by kind stance in hypothetical'.split()),
        'event': set('type mode at actors recipients date place says status contexts numbers'.split()),
        'dispute': set('kind positions'.split()), 'position': set('holds event voices'.split())}

Span = tuple[int, int]

SAFE = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)      # libyaml reads all files in a tenth of the time


@dataclass
class Passage:
    """A passage with its anchors resolved: spans are lists of (start, end) in code points of `text`."""
    id: str
    text: str
    published: str | None
    tags: list[str]
    entities: dict[str, dict] = field(default_factory=dict)      # at: [[span, …], …] one list a mention
    times: list[dict] = field(default_factory=list)              # at: span
    places: list[dict] = field(default_factory=list)             # at: span
    voices: dict[str, dict] = field(default_factory=dict)        # source, cue, content: [span, …]; in: key or None
    events: dict[str, dict] = field(default_factory=dict)        # at: span; says: {voice or 'narrator': value}
    disputes: list[dict] = field(default_factory=list)
    file: str = ''


class Fault(ValueError):
    pass


def running_text(wrapped: str) -> str:
    """The text of `text: |`: lines of a paragraph joined by a space, paragraphs parted by a blank line."""
    return '\n\n'.join(' '.join(p.split()) for p in re.split(r'\n\s*\n', wrapped.strip()))


def _find(text: str, words: str, start: int = 0) -> list[Span]:
    words = ' '.join(words.split())
    if not words:
        raise Fault('an empty anchor')
    if ' ' in words and '\n' in text:      # an anchor may run over the end of a paragraph
        pattern = re.escape(words).replace(r'\ ', r'\s+')
        left = r'(?<!\w)' if words[0].isalnum() else ''
        right = r'(?!\w)' if words[-1].isalnum() else ''
        return [m.span() for m in re.finditer(left + pattern + right, text) if m.start() >= start]
    inside = lambda c: c.isalnum() or c == '_'      # noqa: E731
    out, end, at = [], 0, text.find(words)
    while at >= 0:
        stop = at + len(words)
        if not (words[0].isalnum() and at and inside(text[at - 1])) and not (words[-1].isalnum() and stop < len(text) and inside(text[stop])):
            if at >= end:
                end = stop
                if at >= start:
                    out.append((at, stop))
        at = text.find(words, at + 1)
    return out


def _one(text: str, anchor: str, start: int = 0) -> Span:
    m = re.fullmatch(r'(.*\S)\s*@(\d+)', anchor, re.S)
    words, number = (m[1], int(m[2])) if m else (anchor, 1)
    found = _find(text, words, start)
    if len(found) < number:
        raise Fault(f'“{words}” stands {len(found)} times in the text' + (f', not {number}' if m else ''))
    return found[number - 1]


def spans(text: str, anchor) -> list[Span]:
    """An anchor or a list of anchors -> spans in text order. Fault: not in the text."""
    out = []
    for a in anchor if isinstance(anchor, list) else [anchor]:
        a = str(a).strip()
        if ' .. ' in a:
            left, right = a.split(' .. ', 1)
            first = _one(text, left)
            out.append((first[0], _one(text, right, first[0] + 1)[1]))
        else:
            out.append(_one(text, a))
    return sorted(out)


def covers(outer: list[Span], inner: list[Span]) -> bool:
    return bool(inner) and all(any(a <= x and y <= b for a, b in outer) for x, y in inner)


def parents(voices: dict[str, dict]) -> dict[str, str | None]:
    """The smallest other attribution whose content holds the cue (without a cue, the source)."""
    out = {}
    for k, v in voices.items():
        held = v['cue'] or v['source']
        size = lambda n: sum(b - a for a, b in voices[n]['content'])      # noqa: E731
        around = [n for n, o in voices.items() if n != k and covers(o['content'], held)]
        out[k] = min(around, key=size) if around else None
    return out


class Reader:
    """Reads files and collects what is wrong in `faults` ("file: passage: …")."""

    def __init__(self):
        self.faults: list[str] = []
        self.ids: dict[str, str] = {}

    def read(self, path: str) -> list[Passage]:
        try:
            with open(path, encoding='utf-8') as f:
                raw = yaml.load(f, SAFE)
        except yaml.YAMLError as e:
            self.faults.append(f'{path}: not YAML: {" ".join(str(e).split())}')
            return []
        out = []
        if not isinstance(raw, list):
            self.faults.append(f'{path}: a list of passages was expected')
            return []
        for item in raw:
            p = self._passage(path, item)
            if p:
                out.append(p)
        return out

    def _passage(self, path: str, raw) -> Passage | None:
        if not isinstance(raw, dict) or 'id' not in raw or 'text' not in raw:
            self.faults.append(f'{path}: a passage without id or text')
            return None
        where = f'{path}: {raw["id"]}'
        before = len(self.faults)

        def fault(message: str) -> None:
            self.faults.append(f'{where}: {message}')

        def keys(what: str, d: dict, allowed: str) -> None:
            for k in set(d) - KEYS[allowed]:
                fault(f'{what}: unknown key “{k}”; known: {", ".join(sorted(KEYS[allowed]))}')

        def at(what: str, anchor) -> list[Span]:
            try:
                return spans(text, anchor) if anchor is not None else []
            except Fault as e:
                fault(f'{what}: {e}')
                return []

        def one_of(what: str, value, allowed) -> None:
            if value not in allowed:
                fault(f'{what}: “{value}” is none of {" ".join(sorted(allowed))}')

        keys('passage', raw, 'passage')
        if raw['id'] in self.ids:
            fault(f'this id stands in {self.ids[raw["id"]]} too')
        self.ids[raw['id']] = path
        text = running_text(raw['text'])
        published = str(raw['published']) if raw.get('published') else None
        if published and not re.fullmatch(r'\d{4}-\d\d-\d\d', published):
            fault(f'published: “{published}” is no date')
        p = Passage(raw['id'], text, published, list(raw.get('tags') or []), file=path)
        for t in p.tags:
            one_of('tags', t, TAGS | TEMPTATIONS)
        words = len(text.split())
        if not 4 <= words <= 260:
            fault(f'{words} words; 25 to 160 are usual')

        for k, e in (raw.get('entities') or {}).items():
            what = f'entity {k}'
            keys(what, e, 'entity')
            one_of(f'{what}, kind', e.get('kind'), KINDS)
            c = e.get('country')
            if c is not None and c not in INTERNATIONAL and not re.fullmatch('[A-Z]{3}', str(c)):
                fault(f'{what}: country “{c}” is no alpha-3 code')
            for s in e.get('sectors') or []:
                one_of(f'{what}, sectors', s, SECTORS)
            if not e.get('at'):
                fault(f'{what}: no mention')
            p.entities[k] = {**e, 'country': c, 'sectors': e.get('sectors') or [],
                             'at': [at(what, a) for a in (e.get('at') or [])]}
        for t in raw.get('times') or []:
            keys('time', t, 'time')
            one_of('time, type', t.get('type'), ('DATE', 'TIME', 'DURATION', 'SET'))
            v = t.get('value')
            p.times.append({**t, 'value': None if v is None else str(v), 'at': at('time', t.get('at'))})
        for t in raw.get('places') or []:
            keys('place', t, 'place')
            one_of('place, role', t.get('role', 'mention'), ('dateline', 'mention'))
            p.places.append({**t, 'role': t.get('role', 'mention'), 'at': at('place', t.get('at'))})

        for k, v in (raw.get('voices') or {}).items():
            what = f'voice {k}'
            keys(what, v, 'voice')
            one_of(f'{what}, stance', v.get('stance'), STANCES)
            if v.get('kind') is not None:
                one_of(f'{what}, kind', v['kind'], SOURCE_KINDS)
            if v.get('by') is not None and v['by'] not in p.entities:
                fault(f'{what}: by “{v["by"]}” is no entity of the passage')
            p.voices[k] = {**v, 'by': v.get('by'), 'hypothetical': bool(v.get('hypothetical')), 'in': v.get('in'),
                           **{r: at(f'{what}, {r}', v.get(r)) for r in ('source', 'cue', 'content')}}
            if not v.get('content'):
                fault(f'{what}: no content')
            if not v.get('cue') and not v.get('source'):
                fault(f'{what}: neither cue nor source')
            if v.get('source') and not v.get('by') and not v.get('hypothetical'):
                fault(f'{what}: a source without `by`')
            if covers(p.voices[k]['content'], p.voices[k]['cue']):
                fault(f'{what}: its own content holds its cue')
        if len(self.faults) == before:
            for k, expected in parents(p.voices).items():
                if p.voices[k]['in'] != expected:
                    fault(f'voice {k}: in: {p.voices[k]["in"]}, but the smallest content that holds its cue is {expected}’s')

        for k, e in (raw.get('events') or {}).items():
            what = f'event {k}'
            keys(what, e, 'event')
            one_of(f'{what}, type', e.get('type'), set(MODES))
            if e.get('mode') is not None:
                one_of(f'{what}, mode of {e.get("type")}', e['mode'], set(MODES.get(e.get('type'), '').split()))
            one_of(f'{what}, status', e.get('status'), STATUS)
            for c in e.get('contexts') or []:
                one_of(f'{what}, contexts', c, CONTEXTS)
            for role in ('actors', 'recipients'):
                for x in e.get(role) or []:
                    if x not in p.entities:
                        fault(f'{what}: {role}: “{x}” is no entity of the passage')
            if e.get('type') in NEEDS_RECIPIENT and not e.get('recipients'):
                fault(f'{what}: {e["type"]} needs a recipient')
            date = e.get('date')
            if date is not None and not re.match(r'\d{4}', str(date)):
                fault(f'{what}: date “{date}”')
            says = e.get('says') or {}
            if not says:
                fault(f'{what}: says: no voice')
            for voice, value in says.items():
                if voice != 'narrator' and voice not in p.voices:
                    fault(f'{what}: says: “{voice}” is no voice of the passage')
                one_of(f'{what}, says', value, FACTUALITY)
            for number in e.get('numbers') or {}:
                one_of(f'{what}, numbers', number, ('dead', 'injured', 'arrested', 'size'))
            trigger = at(what, e.get('at'))
            place = e.get('place')
            if place is not None:
                where_at = at(f'{what}, place', place)
                if where_at and where_at not in [x['at'] for x in p.places]:
                    fault(f'{what}: place “{place}” is none of the passage’s places')
                place = where_at
            first = next(iter(says), 'narrator')
            if trigger and first in p.voices and not covers(p.voices[first]['content'], trigger):
                fault(f'{what}: its first voice {first} does not hold the trigger')
            if trigger and first == 'narrator' and any(covers(v['content'], trigger) for v in p.voices.values()):
                fault(f'{what}: the trigger stands in a content, but the first voice is the narrator')
            p.events[k] = {**e, 'mode': e.get('mode'), 'actors': e.get('actors') or [], 'recipients': e.get('recipients') or [],
                           'date': None if date is None else str(date), 'place': place, 'contexts': e.get('contexts') or [],
                           'numbers': e.get('numbers') or {}, 'at': trigger}
        if 'negative' in p.tags and p.events:
            fault('a negative passage has events')
        if 'negative' in p.tags and not set(p.tags) & TEMPTATIONS:
            fault('a negative passage needs a tag that says what tempts: ' + ' '.join(sorted(TEMPTATIONS)))
        if 'nested' in p.tags and not any(v['in'] for v in p.voices.values()):
            fault('tagged nested, but no voice has a parent')
        for d in raw.get('disputes') or []:
            keys('dispute', d, 'dispute')
            one_of('dispute, kind', d.get('kind'), ('occurrence', 'agent', 'number', 'other'))
            positions = d.get('positions') or []
            if len(positions) < 2:
                fault('dispute: at least two positions')
            for x in positions:
                keys('position', x, 'position')
                if x.get('event') not in p.events:
                    fault(f'dispute: event “{x.get("event")}” is none of the passage’s')
                for voice in x.get('voices') or []:
                    if voice != 'narrator' and voice not in p.voices:
                        fault(f'dispute: “{voice}” is no voice of the passage')
            p.disputes.append(d)
        if 'dispute' in p.tags and not p.disputes:
            fault('tagged dispute, but there is none')
        return p if len(self.faults) == before else None


def files(paths: list[str]) -> list[str]:
    out = []
    for path in paths:
        if os.path.isdir(path):
            out += sorted(os.path.join(d, f) for d, _, fs in os.walk(path) for f in fs if f.endswith('.yaml'))
        else:
            out.append(path)
    return out


def load(split: str) -> list[Passage]:
    """The passages of a split ("train", "test"), all valid. Raises Fault with everything that is wrong."""
    reader = Reader()
    out = [p for f in files([os.path.join(FOLDER, split)]) for p in reader.read(f)]
    if reader.faults:
        raise Fault('\n'.join(reader.faults))
    return out


def stem(word: str) -> str:
    """A rough lemma, good enough to count how many different triggers a type has."""
    w = word.lower()
    for suffix in ('ings', 'ing', 'ies', 'ied', 'ers', 'ed', 'es', 's', 'e'):
        if w.endswith(suffix) and len(w) - len(suffix) >= 3:
            w = w[:-len(suffix)]
            break
    return w[:-1] if len(w) > 3 and w[-1] == w[-2] else w


def report(passages: list[Passage]) -> str:
    grams: dict[tuple, set[str]] = defaultdict(set)
    total = 0
    for p in passages:
        words = re.findall(r'\w+', p.text.lower())
        for i in range(len(words) - 4):
            grams[tuple(words[i:i + 5])].add(p.id)
            total += 1
    repeated = sum(len(v) for v in grams.values() if len(v) > 1)
    events = [e for p in passages for e in p.events.values()]
    text = {id(e): p.text for p in passages for e in p.events.values()}
    voices = [v for p in passages for v in p.voices.values()]
    lemmas: dict[str, set[str]] = defaultdict(set)
    for e in events:
        a, b = e['at'][0]
        lemmas[e['type']].add(stem(text[id(e)][a:b].split()[0]))
    show = lambda c: ', '.join(f'{k} {n}' for k, n in c.most_common())      # noqa: E731
    out = [f'{len(passages)} passages, {sum(len(p.text.split()) for p in passages)} words, {len(events)} events, {len(voices)} attributions '
           f'({sum(v["in"] is not None for v in voices)} nested), {sum(len(p.disputes) for p in passages)} disputes',
           f'negatives: {sum("negative" in p.tags for p in passages)}',
           f'passages with nested voices: {sum(any(v["in"] for v in p.voices.values()) for p in passages)}, with disputes: {sum(bool(p.disputes) for p in passages)}',
           'tags: ' + show(Counter(t for p in passages for t in p.tags)),
           'types: ' + show(Counter(e['type'] for e in events)),
           'modes: ' + show(Counter(f'{e["type"]}/{e["mode"]}' for e in events if e['mode'])),
           'modes without an example: ' + (', '.join(f'{t}/{m}' for t, ms in MODES.items() for m in ms.split()
                                                   if not any(e['type'] == t and e['mode'] == m for e in events)) or 'none'),
           'status: ' + show(Counter(e['status'] for e in events)),
           'stances: ' + show(Counter(v['stance'] for v in voices)),
           'sources: ' + show(Counter(str(v.get('kind')) for v in voices)),
           'trigger lemmas a type: ' + ', '.join(f'{t} {len(lemmas[t])}' for t in MODES),
           f'countries: {len({e["country"] for p in passages for e in p.entities.values() if e["country"]})}',
           f'word 5-grams that occur in another passage: {100 * repeated / max(total, 1):.1f}%']
    return '\n'.join(out)


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('paths', nargs='*')
    p.add_argument('--report', action='store_true')
    a = p.parse_args()
    passages, faults = [], []
    # the second reading bears the ids of the passages that it reads again
    for paths in [a.paths] if a.paths else [[os.path.join(FOLDER, x) for x in ('train', 'test')], [os.path.join(FOLDER, 'second')]]:
        reader = Reader()
        passages += [x for f in files(paths) for x in reader.read(f)]
        faults += reader.faults
    for f in faults:
        print(f, file=sys.stderr)
    if a.report:
        print(report(passages))
    else:
        print(f'{len(passages)} passages are right, {len(faults)} faults')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
