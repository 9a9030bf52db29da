"""Readers of the annotated corpora: each yields `Document`s, text with stand-off labels on code point spans.

Formats and terms of the corpora: their own pages, named in models/CARD.md. Nothing here needs PyTorch.
"""
from __future__ import annotations

import csv
import html
import json
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

PLAIN_NAME_TYPES = ('PER', 'ORG', 'LOC')
ROLES = ('source', 'cue', 'content')


@dataclass
class Word:
    """A syntactic word; head is a word index in the document, -1 for a root."""
    start: int
    end: int
    form: str
    lemma: str = '_'
    upos: str = '_'
    xpos: str = '_'
    feats: str = '_'
    head: int = -1
    deprel: str | None = '_'
    sure: bool = True       # is `head` a label?


@dataclass
class Document:
    name: str
    text: str
    words: list[Word] = field(default_factory=list)               # empty where the corpus has no words of its own
    sentences: list[tuple[int, int]] = field(default_factory=list)   # word ranges
    sentence_ids: list[str] = field(default_factory=list)
    names: list[tuple[int, int, str]] | None = None               # (start, end, type); None: not annotated
    polnames: list[tuple[int, int, str]] | None = None
    attributions: list[dict] | None = None                        # {"source": [(a, b)…], "cue": …, "content": …}
    factuality: list[tuple[int, float]] = field(default_factory=list)   # (start of the predicate, −3…3)
    mentions: list[tuple[int, int, int]] | None = None            # (start, end, chain)
    pairs: list[tuple[int, int, bool]] = field(default_factory=list)    # GAP: (start of pronoun, start of name, same?)
    events: list[dict] | None = None                              # {"start": of the trigger, "type", "factuality", "status"}
    # (start of trigger, or span of a mention; span of a mention, a time or a place; name of a role in data.ROLES, whether it has it)
    roles: list[tuple[int | tuple[int, int], tuple[int, int], str, bool]] = field(default_factory=list)
    stances: list[tuple[int, str]] = field(default_factory=list)  # (start of the cue, stance)
    silver: bool = False                                          # words and trees are a model's, to find heads by; no labels
    voted: bool = False                                           # but what most of several models agree on is one


def _metadata(misc: str) -> dict[str, str]:
    return dict(x.split('=', 1) for x in misc.split('|') if '=' in x)


def read_conllu(path: str):
    """Documents of a CoNLL-U file with their white space: a blank line before each paragraph, else as SpaceAfter says."""
    document: Document | None = None
    pieces: list[str] = []
    length = 0
    rows: list[list[str]] = []
    comments: list[str] = []
    spaced = False       # white space is due before the next token
    entities: list[tuple[int, str]] = []

    def put(s: str) -> tuple[int, int]:
        nonlocal length
        pieces.append(s)
        length += len(s)
        return length - len(s), length

    def finish() -> Document:
        document.text = ''.join(pieces)
        if entities:
            document.mentions, document.names = _mentions(document, entities)
        return document

    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.rstrip('\n')
            if line.startswith('#'):
                comments.append(line)
                continue
            if line:
                rows.append(line.split('\t'))
                continue
            if not rows:
                continue
            opened = next((c for c in comments if c.startswith('# newdoc')), None)
            if opened or document is None:
                if document is not None:
                    yield finish()
                document = Document(opened.partition('=')[2].strip() if opened else path, '')
                pieces, length, entities, spaced = [], 0, [], False
            elif any(c.startswith('# newpar') for c in comments):
                put('\n\n')
                spaced = False
            document.sentence_ids.append(next(c.partition('=')[2].strip() for c in comments if c.startswith('# sent_id')))
            first = len(document.words)
            inside: list[tuple[int, int]] = []
            for row in rows:
                if '.' in row[0]:
                    continue
                metadata = _metadata(row[9])
                if '-' in row[0]:
                    a, b = map(int, row[0].split('-'))
                    if spaced:
                        put(' ')
                    span = put(row[1])
                    spaced = metadata.get('SpaceAfter') != 'No'
                    inside = _split_token(row[1], span[0], [r[1] for r in rows if r[0].isdigit() and a <= int(r[0]) <= b])
                    continue
                if inside:
                    start, end = inside.pop(0)
                else:
                    if spaced:
                        put(' ')
                    start, end = put(row[1])
                    spaced = metadata.get('SpaceAfter') != 'No'
                head = int(row[6])
                if 'Entity' in metadata:
                    entities.append((len(document.words), metadata['Entity']))
                document.words.append(Word(start, end, row[1], row[2], row[3], row[4], row[5],
                                           first + head - 1 if head else -1, row[7]))
            document.sentences.append((first, len(document.words)))
            rows, comments = [], []
    if document is not None:
        yield finish()


def voted_words(text: str, parses: list[Document]) -> tuple[list[Word], list[tuple[int, int]]] | None:
    """Words and sentences of a text as the first of several parses of it has them, with the labels on which more than half of all agree
    (None where they do not). Parses: the program's CoNLL-U by different model files; white space may differ. None: they are of another text."""
    where = [i for i, c in enumerate(text) if not c.isspace()]
    tables = []
    for p in parses:
        if [c for c in p.text if not c.isspace()] != [text[i] for i in where]:
            return None
        at, n = {}, 0
        for i, c in enumerate(p.text):
            at[i], n = n, n + (not c.isspace())
        move = lambda w: (where[at[w.start]], where[at[w.end - 1]] + 1)      # noqa: B023, E731
        spans = [move(w) for w in p.words]
        sentence_of = {k: number for number, (a, b) in enumerate(p.sentences) for k in range(a, b)}
        table = {}
        for k, (w, span) in enumerate(zip(p.words, spans)):
            table.setdefault(span, (w, spans[w.head] if w.head >= 0 else None, spans[p.sentences[sentence_of[k]][0]]))
        tables.append((spans, table))
    spans, _ = tables[0]
    words = []
    for w, span in zip(parses[0].words, spans):
        rows = [t[span] for _, t in tables if span in t]

        def vote(of):
            values = Counter(of(r) for r in rows)      # noqa: B023
            best, n = values.most_common(1)[0]
            return best if 2 * n > len(tables) else None
        tree = vote(lambda r: (r[1], r[2]))
        own = (spans[w.head] if w.head >= 0 else None)
        words.append(Word(*span, text[span[0]:span[1]], vote(lambda r: r[0].lemma), vote(lambda r: r[0].upos), vote(lambda r: r[0].xpos),
                          vote(lambda r: r[0].feats), w.head, vote(lambda r: r[0].deprel), tree is not None and tree[0] == own))
    return words, parses[0].sentences


def _split_token(surface: str, start: int, forms: list[str]) -> list[tuple[int, int]]:
    """Places of the words of a multiword token: by their lengths, as far as they spell the token; the rest in one heap."""
    if sum(map(len, forms)) == len(surface):
        spans, at = [], start
        for f in forms:
            spans.append((at, at + len(f)))
            at += len(f)
        return spans
    return [(start, start + len(surface))] * len(forms)


def _mentions(document: Document, entities: list[tuple[int, str]]):
    """GUM's Entity= column: all mentions with their chain, and among them the named people, organisations and places."""
    open_at: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    mentions, names = [], []
    chains: dict[str, int] = {}

    def close(group: str, last: int) -> None:
        first, info = open_at[group].pop()
        words = document.words
        mentions.append((words[first].start, words[last].end, chains.setdefault(group, len(chains))))
        kind = {'person': 'PER', 'organization': 'ORG', 'place': 'LOC'}.get(info[0])
        proper = [i for i in range(first, last + 1) if words[i].upos == 'PROPN']
        if kind and proper:
            a, b = proper[0], proper[-1]
            inner = all(words[i].upos in ('PROPN', 'PUNCT', 'ADP', 'CCONJ', 'DET', 'NUM') for i in range(a, b + 1))
            head = _head(words, first, last)
            if inner and a <= head <= b:
                names.append((words[a].start, words[b].end, kind))

    for i, value in entities:
        for opened, group, info, closed in re.findall(r'(\()?([^()\-]+)(-[^()]*)?(\))?', value):
            if opened:
                open_at[group].append((i, info[1:].split('-')))
            if closed and open_at[group]:
                close(group, i)
    longest: list[tuple[int, int, str]] = []
    for n in sorted(set(names), key=lambda n: (n[0], -n[1])):
        if not longest or n[0] >= longest[-1][1]:
            longest.append(n)
    return mentions, longest


def _head(words: list[Word], first: int, last: int) -> int:
    """The word of a span whose head lies outside it."""
    return next((i for i in range(first, last + 1) if not first <= words[i].head <= last), first)


def read_uner(path: str) -> dict[str, list[tuple[int, int, str]]]:
    """UNER: sentence id -> names as word ranges, types other than PER, ORG, LOC dropped."""
    out: dict[str, list[tuple[int, int, str]]] = {}
    sentence = None
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.rstrip('\n')
            if line.startswith('# sent_id'):
                sentence = out.setdefault(line.partition('=')[2].strip(), [])
                index = 0
            elif line and line[0] != '#':
                tag = line.split('\t')[2]
                if tag[0] == 'B':
                    sentence.append((index, index + 1, tag[2:]))
                elif tag[0] == 'I' and sentence and sentence[-1][1] == index:
                    sentence[-1] = (sentence[-1][0], index + 1, sentence[-1][2])
                index += 1
    return {k: [n for n in v if n[2] in PLAIN_NAME_TYPES] for k, v in out.items()}


def add_names(documents: list[Document], by_sentence: dict[str, list[tuple[int, int, str]]]) -> int:
    """Puts UNER's names into EWT's documents; returns how many."""
    count = 0
    for d in documents:
        d.names = []
        for (first, last), key in zip(d.sentences, d.sentence_ids):
            for a, b, kind in by_sentence.get(key, ()):
                if first + b <= last:
                    d.names.append((d.words[first + a].start, d.words[first + b - 1].end, kind))
                    count += 1
    return count


def add_factuality(documents: list[Document], path: str) -> int:
    """Puts UDS factuality into EWT's documents, sentences being found by their characters; returns how many."""
    places: dict[str, list[tuple[Document, int]]] = defaultdict(list)
    for d in documents:
        for first, last in d.sentences:
            key = ''.join(d.text[d.words[first].start:d.words[last - 1].end].split())
            places[key].append((d, d.words[first].start))
    count = 0
    with open(path, encoding='utf-8') as f:
        for line in f:
            record = json.loads(line)
            tokens = record['text'].split(' ')
            for d, start in places.get(''.join(tokens), ())[:1]:
                at = [start]      # place of the n-th character that is not white space
                i = start
                for _ in range(sum(map(len, tokens))):
                    while d.text[i].isspace():
                        i += 1
                    at.append(i)
                    i += 1
                for target in record['targets']:
                    n = sum(len(t) for t in tokens[:target['span1'][0]])
                    d.factuality.append((at[n + 1], float(target['label'])))
                    count += 1
    return count


def _parse_standoff(s: str) -> list[dict]:
    spans: dict[str, list[tuple[int, int]]] = {}
    events: list[list[list[str]]] = []
    for line in s.split('\n'):
        columns = line.rstrip('\r').split('\t')
        if len(columns) < 2:
            continue
        if re.match(r'T\d+$', columns[0]):
            offsets = columns[1].split(' ', 1)[1]
            spans[columns[0]] = [tuple(map(int, x.split())) for x in offsets.split(';')]
        elif re.match(r'E\d+$', columns[0]):
            events.append([x.split(':') for x in columns[1].split()])
    out = []
    for event in events:
        attribution = {r: [] for r in ROLES}
        for role, key in event:
            role = re.sub(r'\d+$', '', role).lower()
            if role in attribution:
                attribution[role] += spans[key]
        out.append(attribution)
    return out


def join_fragments(fragments, text: str) -> list[tuple[int, int]]:
    """Fragments without white space at their ends, those parted by white space alone joined."""
    out: list[tuple[int, int]] = []
    for a, b in sorted(fragments):
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a == b:
            continue
        if out and (a <= out[-1][1] or not text[out[-1][1]:a].strip()):
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def read_polnear(folder: str):
    """PolNeAR: (document, number of the annotator, from 0); the first by name is annotator 0."""
    files: dict[str, list[str]] = defaultdict(list)
    for name in sorted(os.listdir(os.path.join(folder, 'attributions'))):
        files[name[:-4].rsplit('_', 1)[0]].append(name)
    for name, annotations in sorted(files.items()):
        with open(os.path.join(folder, 'text', name + '.txt'), encoding='utf-8', newline='') as f:
            text = f.read()
        for k, annotation in enumerate(annotations):
            with open(os.path.join(folder, 'attributions', annotation), encoding='utf-8', newline='') as f:
                attributions = [{r: join_fragments(a[r], text) for r in ROLES} for a in _parse_standoff(f.read())]
            yield Document(name, text, attributions=attributions), k


NO_SPACE_BEFORE = frozenset(". , ; : ? ! ) ] } % 's 'S n't 're 've 'll 'd 'm ’s ” ’".split())
NO_SPACE_AFTER = frozenset('( [ { $ £ € “ ‘'.split())


def read_bio_sentences(path: str):
    """CrossNER: one document a sentence, token and BIO tag a line; white space put back by rule."""
    tokens: list[str] = []
    tags: list[str] = []
    with open(path, encoding='utf-8') as f:
        for line in [*f, '\n']:
            line = line.rstrip('\n')
            if line:
                token, tag = line.split('\t')
                tokens.append(token)
                tags.append(tag)
            elif tokens:
                text, spans, quoted = '', [], False
                for i, token in enumerate(tokens):
                    glued = i == 0 or token in NO_SPACE_BEFORE or tokens[i - 1] in NO_SPACE_AFTER
                    if token in ('"', "''", '``'):
                        glued = glued or quoted
                        quoted = not quoted
                    elif i and tokens[i - 1] in ('"', '``') and quoted:
                        glued = True
                    text += '' if glued else ' '
                    spans.append((len(text), len(text) + len(token)))
                    text += token
                names: list[tuple[int, int, str]] = []
                for (a, b), tag in zip(spans, tags):
                    if tag[0] == 'B':
                        names.append((a, b, tag[2:]))
                    elif tag[0] == 'I' and names:
                        names[-1] = (names[-1][0], b, names[-1][2])
                yield Document(f'{path}:{len(text)}', text, polnames=names)
                tokens, tags = [], []


def read_gap(path: str):
    """GAP: one document a row with the two pairs pronoun–name."""
    with open(path, encoding='utf-8', newline='') as f:
        for row in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            pronoun = int(row['Pronoun-offset'])
            yield Document(row['ID'], row['Text'], pairs=[
                (pronoun, int(row['A-offset']), row['A-coref'].upper() == 'TRUE'),
                (pronoun, int(row['B-offset']), row['B-coref'].upper() == 'TRUE')])


def read_passages(split: str):
    """The project's own passages: the whole text with its outermost attributions and everything else; then each content that holds
    further attributions, as a text of its own with the outermost of those: so the program reads contents again."""
    import passages
    for p in passages.load(split):
        outer = [v for v in p.voices.values() if v['in'] is None]
        chains = [(spans[0][0], spans[-1][1], k) for k, e in enumerate(p.entities.values()) for spans in e['at'] if spans]
        number = {name: k for k, name in enumerate(p.entities)}
        events, roles = [], []
        for e in p.events.values():
            start = e['at'][0][0]
            events.append({'start': start, 'type': e['type'], 'mode': e['mode'] or 'none', 'factuality': next(iter(e['says'].values())),
                           'status': e['status']})
            actors, recipients = ({number[x] for x in e[r]} for r in ('actors', 'recipients'))
            roles += [(start, (a, b), role, k in whom) for a, b, k in chains for role, whom in (('actor', actors), ('recipient', recipients))]
            roles += [(start, _hull(t['at']), 'time', _agree(e['date'], t['value'])) for t in p.times if t['at']]
            there = {p.text[slice(*_hull(e['place']))]} if e['place'] else set()
            roles += [(start, _hull(x['at']), 'place', p.text[slice(*_hull(x['at']))] in there) for x in p.places if x['at']]
        roles += [*_homes(p), *_claims(p)]
        yield Document(p.id, p.text, attributions=[_roles_of(v) for v in outer], mentions=chains, events=events, roles=roles,
                       stances=[(v['cue'][0][0], v['stance']) for v in p.voices.values() if v['cue']])
        for key, v in p.voices.items():
            inner = [w for w in p.voices.values() if w['in'] == key]
            if not inner or len(v['content']) > 1:
                continue
            (a, b), = v['content']
            move = lambda spans: [(x - a, y - a) for x, y in spans if a <= x and y <= b]      # noqa: B023, E731
            yield Document(f'{p.id}/{key}', p.text[a:b], attributions=[{r: move(s) for r, s in _roles_of(w).items()} for w in inner])


def _hull(spans) -> tuple[int, int]:
    return spans[0][0], spans[-1][1]


def _homes(p):
    """Of which country somebody is, as the mention of another or the name of a place tells: (mention, telling mention, 'home', whether)."""
    telling = [(_hull(x['at']), x['country'], None) for x in p.places if x['at'] and x.get('country')]
    telling += [(_hull(at), e['country'], k) for k, e in p.entities.items() if e['country'] for at in e['at'][:2]]
    for k, e in p.entities.items():
        if e['kind'] in ('place', 'document', 'thing'):
            continue
        for at in e['at'][:2]:
            yield from ((_hull(at), span, 'home', country == e['country']) for span, country, owner in telling if owner != k)


def _claims(p):
    """Which voices, by their cues, hold that an event took or takes place, which deny it: (trigger, cue, 'holds' or 'denies', whether); which
    two events are told as one thing of which only one account can be right: (trigger, trigger, 'rival', whether)."""
    for e in p.events.values():
        for k, v in p.voices.items():
            if v['cue']:
                value = e['says'].get(k, '')
                yield from ((e['at'][0][0], _hull(v['cue']), role, value in values) for role, values in (('holds', ('CT+', 'PR+')), ('denies', ('CT-', 'PR-'))))
    rivals = {frozenset((x['event'], y['event'])) for d in p.disputes for x in d['positions'] for y in d['positions']}
    for k, e in p.events.items():
        yield from ((e['at'][0][0], _hull(f['at']), 'rival', frozenset((k, j)) in rivals) for j, f in p.events.items() if e['at'][0][0] > f['at'][0][0])


def _agree(date: str | None, value) -> bool:
    """Is the day, month or year of an event what a time expression says, as far as both are told?"""
    return bool(date and value) and (str(value).startswith(date) or date.startswith(str(value)))


def _roles_of(voice: dict) -> dict:
    return {r: voice[r] for r in ROLES}


KEPT_TOPICS = {'2', '5', '12', '18', '21', '23', '34', '35'}      # of ECB+, for scores alone


def read_plain(folder: str):
    """Text without labels, for distillation: WikiEvents (train triggers), ECB+ but for the topics that measure event identity, re3d."""
    def text_of(tokens: list[str]) -> str:
        out = ''
        for i, t in enumerate(tokens):
            glued = not i or t in NO_SPACE_BEFORE or tokens[i - 1] in NO_SPACE_AFTER or t in "'’-" or tokens[i - 1] in "'’-"
            out += ('' if glued else ' ') + t
        return out

    with open(os.path.join(folder, 'wikievents', 'train-triggers.jsonl'), encoding='utf-8') as f:
        for line in f:
            record = json.loads(line)
            yield Document(record['docid'], text_of(record['tokens']))
    for base, _, names in sorted(os.walk(os.path.join(folder, 'ecb+', 'topics'))):
        if os.path.basename(base) in KEPT_TOPICS:
            continue
        for name in sorted(names):
            if name.endswith('.xml'):
                with open(os.path.join(base, name), encoding='utf-8') as f:
                    tokens = re.findall(r'<token[^>]*sentence="(\d+)"[^>]*>([^<]*)</token>', f.read())
                sentences: dict[str, list[str]] = defaultdict(list)
                for number, token in tokens:
                    sentences[number].append(html.unescape(token))
                yield Document(name, ' '.join(text_of(x) for x in sentences.values()))
    for base, _, names in sorted(os.walk(os.path.join(folder, 're3d'))):
        if 'documents.json' in names:
            with open(os.path.join(base, 'documents.json'), encoding='utf-8') as f:
                for line in f:
                    record = json.loads(line)
                    yield Document(record['_id'], record['text'])
