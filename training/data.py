"""From documents to packed arrays, and from packed arrays to training windows and batches. NumPy only.

A packed document is a dict of arrays over its units (docs/model.md section 1):
  ids, piece_start       wordpieces of all units in a row, and where each unit's begin (one more entry at the end)
  shape, shape_caps      shape as written, and were the text in capitals
  space, safe, mark      space code; safe sentence end before the unit; kind of quotation mark, apostrophe or dash (MARKS)
  word                   1 where a word begins
  boundary               0 I, 1 W, 2 S, -1 unknown
  sentence               number of the sentence
  upos xpos feats lemma deprel names polnames source cue content   class numbers, -1 unknown
  head                   units from the word to its head's first unit, 0 for a root, NO_HEAD unknown
  fact                   -3…3, NaN unknown
  event                  PLOVER type of the event whose trigger this word is, 0 none, -1 unknown
  mode                   of that event, -1 where there is none
  factuality status      of that event in its innermost voice, -1 where there is none
  stance                 of the attribution whose cue begins here, -1 none
  chain                  number of the coreference chain whose mention's head this is, -1 none
and three tables: fragments [k, 4] of (role, first word, last word, attribution), pairs [k, 3] of (later, earlier, same),
roles [k, 2 + 8] of (trigger, head of a mention, and for each of ROLES: 1 it is that, 0 it is not, -1 not asked). `home` is asked of two mentions:
is the first one's country the second one's? `holds` and `denies` of a trigger and a cue, `rival` of two triggers (corpora._claims).
"""
from __future__ import annotations

import multiprocessing
import os
import pickle
import zlib
from collections import Counter

import numpy as np

import corpora
import passages
import units

NO_HEAD = -30000
MARKS = ['', '"', '\u201c', '\u201d', "'", '\u2019', '\u2018', '-', '\u2013', '\u2014']
MARK_OF = {m: i for i, m in enumerate(MARKS)}
WORD_TAGS = ('upos', 'xpos', 'feats', 'lemma')
SPAN_TAGS = ('names', 'polnames', 'source', 'cue', 'content')
ROLES = ('actor', 'recipient', 'time', 'place', 'home', 'holds', 'denies', 'rival')
EVENT_COLUMNS = ('event', 'mode', 'factuality', 'status', 'stance')
CLITICS = frozenset(('s', 't', 're', 've', 'll', 'd', 'm'))
NAME_TAGS = ['O'] + [f'{p}-{t}' for t in corpora.PLAIN_NAME_TYPES for p in 'BI']
POLITICS_TYPES = ('politician', 'person', 'organisation', 'politicalparty', 'event', 'election', 'country', 'location', 'misc')
EVENT_TAGS = ['O', 'AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE', 'COOPERATE', 'AID', 'RETREAT', 'REQUEST', 'ACCUSE', 'REJECT', 'THREATEN',
              'PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT']
MODE_TAGS = ['none', *sorted({m for modes in passages.MODES.values() for m in modes.split()})]
FACTUALITY_TAGS = ['CT+', 'PR+', 'PS+', 'CT-', 'PR-', 'PS-', 'CTu', 'Uu']
STATUS_TAGS = ['happened', 'ongoing', 'planned', 'possible', 'denied', 'refused', 'hypothetical']
STANCE_TAGS = ['asserts', 'denies', 'doubts', 'withholds', 'asks', 'demands', 'promises', 'threatens', 'accuses', 'supposes', 'hopes',
               'fears', 'concedes', 'relays']
PLAIN_OF_POLITICS = {'politician': 'PER', 'person': 'PER', 'organisation': 'ORG', 'politicalparty': 'ORG', 'country': 'LOC', 'location': 'LOC'}
POLITICS_TAGS = ['O'] + [f'{p}-{t}' for t in POLITICS_TYPES for p in 'BI']


def lemma_script(form: str, lemma: str) -> str:
    """The shortest edit script from form to lemma (docs/model.md section 5)."""
    scripts = []
    for kind, base in (('c', form.lower()), ('C', form)):
        same = len(os.path.commonprefix([base, lemma]))
        scripts.append(f'{kind}{len(base) - same}|{lemma[same:]}')
    return min(*scripts, '=' + lemma, key=len)


def apply_script(form: str, script: str) -> str:
    if script[0] == '=':
        return script[1:]
    drop, suffix = script[1:].split('|', 1)
    base = form.lower() if script[0] == 'c' else form
    return base[:len(base) - int(drop)] + suffix


def rule_words(strings: list[str], spaces) -> np.ndarray:
    """Where words begin in text without gold words: clitics, abbreviations and figures stay together."""
    begins = np.ones(len(strings), np.int8)
    for i in range(1, len(strings)):
        if spaces[i]:
            continue
        here, before = strings[i], strings[i - 1]
        two = strings[i - 2] if i > 1 and not spaces[i - 1] else ''
        if before in units.APOSTROPHES and two and here.lower() in CLITICS:
            begins[i] = 0
        elif here in units.APOSTROPHES and before in 'nN' and two:
            begins[i] = 0
        elif here == '.' and (len(before) == 1 and before.isalpha() or before.lower() in units.ABBREVIATIONS):
            begins[i] = 0
        elif before == '.' and len(here) == 1 and here.isalpha() and len(two) == 1:
            begins[i] = 0
        elif here in '.,' and before.isdigit() and i + 1 < len(strings) and not spaces[i + 1] and strings[i + 1][0].isdigit():
            begins[i] = 0
        elif before in '.,' and here[0].isdigit() and two.isdigit():
            begins[i] = 0
    return begins


def collect_tagsets(documents) -> dict[str, list[str]]:
    counts = {k: Counter() for k in (*WORD_TAGS, 'deprel')}
    for d in documents:
        for w in d.words:
            counts['upos'][w.upos] += 1
            counts['xpos'][w.xpos] += 1
            counts['feats'][w.feats] += 1
            counts['lemma'][lemma_script(w.form, w.lemma)] += 1
            counts['deprel'][w.deprel] += 1
    tagsets = {k: [t for t, n in c.most_common() if k != 'lemma' or n > 1] for k, c in counts.items()}
    if 'c0|' not in tagsets['lemma']:
        tagsets['lemma'].append('c0|')
    return tagsets | {'names': NAME_TAGS, 'polnames': POLITICS_TAGS, 'event': EVENT_TAGS, 'mode': MODE_TAGS, 'factuality': FACTUALITY_TAGS,
                      'status': STATUS_TAGS, 'stance': STANCE_TAGS}


def pack(document: corpora.Document, wordpiece: units.Wordpiece, tagsets: dict[str, list[str]], group: int = 0) -> dict:
    """Arrays of a document; `group` is the number of its annotator."""
    index = {k: {t: i for i, t in enumerate(v)} for k, v in tagsets.items()}
    a = units.analyse(document.text, wordpiece)
    n = len(a.spans)
    ends = np.array([e for _, e in a.spans])
    out = {
        'name': document.name, 'group': group,
        'ids': np.array([i for x in a.ids for i in x], np.int16),
        'piece_start': np.concatenate([[0], np.cumsum([len(x) for x in a.ids])]).astype(np.int32),
        'shape': np.array(a.shapes, np.int8), 'shape_caps': np.array([units.shape(s.upper()) for s in a.strings], np.int8),
        'space': np.array(a.spaces, np.int8), 'safe': np.array(a.safe, bool),
        'mark': np.array([MARK_OF.get(s, 0) for s in a.strings], np.int8),
        'word': np.zeros(n, np.int8), 'boundary': np.full(n, -1, np.int8), 'sentence': np.zeros(n, np.int32),
        'head': np.full(n, NO_HEAD, np.int16), 'deprel': np.full(n, -1, np.int16),
        'fact': np.full(n, np.nan, np.float32), 'chain': np.full(n, -1, np.int32),
    }
    for k in (*WORD_TAGS, *SPAN_TAGS, *EVENT_COLUMNS):
        out[k] = np.full(n, -1, np.int16)

    def unit_at(offset: int) -> int:
        return int(np.searchsorted(ends, offset, side='right'))

    if document.words:
        unsure = _pack_words(document, out, index, unit_at)
    else:
        out['word'] = rule_words(a.strings, a.spaces)
        out['sentence'] = np.cumsum(out['safe'] | (out['space'] == units.SPACE_PARAGRAPH)).astype(np.int32)
    out['word_of'] = np.maximum(np.cumsum(out['word']) - 1, 0).astype(np.int32)      # number of the word a unit belongs to
    begins = np.flatnonzero(out['word'])

    def first_unit(offset: int) -> int:
        return int(begins[out['word_of'][min(unit_at(offset), n - 1)]])

    def mark_spans(key: str, spans, number) -> None:
        tags = out[key]
        tags[tags == -1] = 0
        for start, end, kind in spans:
            i, j = unit_at(start), unit_at(end - 1)
            i = int(begins[out['word_of'][i]])
            if (tags[i:j + 1] <= 0).all():
                tags[i:j + 1] = number(kind, 'I')
                tags[i] = number(kind, 'B')

    for key in ('names', 'polnames'):
        if getattr(document, key) is not None:
            mark_spans(key, getattr(document, key), lambda kind, p: index[key][f'{p}-{kind}'])
    if document.names is not None and document.mentions is not None:
        # GUM: a proper noun outside the names found may be one all the same
        doubtful = (out['names'] == 0) & np.isin(out['upos'], [index['upos']['PROPN']])
        out['names'][doubtful] = -1
    fragments = []
    if document.attributions is not None:
        for role, key in enumerate(corpora.ROLES):
            mark_spans(key, sorted((s, e, '') for x in document.attributions for s, e in x[key]),
                       lambda _, p: 1 if p == 'B' else 2)
            for k, x in enumerate(document.attributions):
                fragments += [(role, first_unit(s), first_unit(e - 1), k) for s, e in x[key]]
    out['fragments'] = np.array(sorted(set(fragments), key=lambda f: f[1]), np.int32).reshape(-1, 4)
    for offset, value in document.factuality:
        out['fact'][first_unit(offset)] = value
    def head_of(start: int, end: int) -> int:
        i, j = (int(out['word_of'][unit_at(x)]) for x in (start, end - 1))
        span = begins[i:j + 1]
        heads = span + out['head'][span]
        return next((int(u) for u, h in zip(span, heads) if h == u or not span[0] <= h <= span[-1]), int(span[0]))

    if document.mentions is not None:
        for start, end, chain in sorted(document.mentions, key=lambda m: m[0] - m[1]):     # the longest mention of a head
            head = head_of(start, end)
            if out['chain'][head] < 0:
                out['chain'][head] = chain
    if document.events is not None:
        out['event'][begins] = 0
        for e in document.events:
            u = first_unit(e['start'])
            out['event'][u] = EVENT_TAGS.index(e['type'])
            out['mode'][u] = MODE_TAGS.index(e['mode'])
            out['factuality'][u] = FACTUALITY_TAGS.index(e['factuality'])
            out['status'][u] = STATUS_TAGS.index(e['status'])
    for offset, stance in document.stances:
        out['stance'][first_unit(offset)] = STANCE_TAGS.index(stance)
    roles: dict[tuple[int, int], np.ndarray] = {}
    for t, m, role, is_ in document.roles:
        key = first_unit(t) if isinstance(t, int) else head_of(*t), head_of(*m)
        row = roles.setdefault(key, np.full(len(ROLES), -1, np.int32))
        row[ROLES.index(role)] = max(row[ROLES.index(role)], int(is_))
    out['roles'] = np.array([(t, m, *row) for (t, m), row in sorted(roles.items()) if t != m], np.int32).reshape(-1, 2 + len(ROLES))
    if document.silver:
        doubtful = unsure if document.voted else slice(None)
        out['head'][doubtful] = NO_HEAD
        out['deprel'][doubtful] = -1
        for k in ('boundary', *(() if document.voted else WORD_TAGS)):
            out[k][:] = -1
    pairs = []
    for pronoun, name, same in document.pairs:
        x, y = first_unit(pronoun), first_unit(name)
        if x != y:
            pairs.append((max(x, y), min(x, y), same))
    out['pairs'] = np.array(pairs, np.int32).reshape(-1, 3)
    return out


def _pack_words(document, out, index, unit_at) -> list[int]:
    """UD words on units. Words that share a unit become one, with the first one's labels. Returns units whose head is no label."""
    words = document.words
    first = np.array([unit_at(w.start) for w in words])
    owner: dict[int, int] = {}
    for k, u in enumerate(first):
        owner.setdefault(int(u), k)
    for number, (a, b) in enumerate(document.sentences):
        out['sentence'][first[a]:] = number
        out['boundary'][first[a]] = 2
    for u, k in owner.items():
        w = words[k]
        out['word'][u] = 1
        if out['boundary'][u] != 2:
            out['boundary'][u] = 1
        for key in ('upos', 'xpos', 'feats'):
            out[key][u] = index[key].get(getattr(w, key), -1)
        if not document.silver or document.voted and w.lemma is not None:
            out['lemma'][u] = index['lemma'].get(lemma_script(w.form, w.lemma), index['lemma']['c0|'])
        # the head of a heap of words is the first head outside it
        for j in range(k, len(words)):
            if first[j] != u:
                break
            if words[j].head < 0 or first[words[j].head] != u:
                out['head'][u] = 0 if words[j].head < 0 else first[words[j].head] - u
                out['deprel'][u] = index['deprel'].get(words[j].deprel, -1)
                break
    inner = (out['word'] == 0) & (out['space'] == 0)
    out['boundary'][inner] = 0
    return [u for u, k in owner.items() if not words[k].sure]


# ---- corpora -> packed files -------------------------------------------------------------------------------------------

def _silver(task: tuple[str, str, list[str]]) -> list:
    """Words as (start, end, head) and sentences of each text, from a model file; one process's share of the texts."""
    parser, vocab, texts = task
    import infer
    import model as models
    import torch
    torch.set_num_threads(1)
    network, wordpiece, out = models.from_file(parser), units.Wordpiece(vocab), []
    for text in texts:
        x = infer.analyse(network, wordpiece, text)
        infer.parse(network, text, x)
        out.append(([(a, b, int(h)) for (a, b), h in zip(x.spans, x.heads)], x.sentences))
    return out


def silver_words(documents: list[corpora.Document], vocab: str, parser: str, cache: str) -> None:
    """Words and trees of a model file for texts that have none, so that heads of mentions are found; on all cores. What was parsed once
    is kept in the file `cache`; remove it with the model."""
    known = {}
    if os.path.exists(cache):
        with open(cache, 'rb') as f:
            known = pickle.load(f)
    texts = sorted({d.text for d in documents} - known.keys())
    size = 200
    shares = [texts[i:i + size] for i in range(0, len(texts), size)]
    if shares:
        with multiprocessing.get_context('spawn').Pool() as pool:
            for share, parsed in zip(shares, pool.imap(_silver, [(parser, vocab, s) for s in shares])):
                known |= zip(share, parsed)
                with open(cache + '.new', 'wb') as f:
                    pickle.dump(known, f)
                os.replace(cache + '.new', cache)
                print(f'{len(known)} texts parsed', flush=True)
    for d in documents:
        words, d.sentences = known[d.text]
        d.words, d.silver = [corpora.Word(a, b, d.text[a:b], head=h) for a, b, h in words], True


def vote_syntax(documents: list[corpora.Document], parses: list[str]) -> int:
    """Gives texts that `parses` hold (CoNLL-U of the program, one file a model, documents named as these) what most of them say of their
    syntax. Returns how many."""
    trees, count = [{d.name: d for d in corpora.read_conllu(p)} for p in parses], 0
    for d in documents:
        if all(d.name in t for t in trees) and (voted := corpora.voted_words(d.text, [t[d.name] for t in trees])):
            d.words, d.sentences = voted
            d.silver = d.voted = True
            count += 1
    return count


def held_out(name: str) -> bool:
    """Passages wx to wz, a mix, and one in twelve of the others, inner contents with their passage, are kept for choosing thresholds."""
    return name.startswith(('wx-', 'wy-', 'wz-')) or zlib.crc32(name.split('/')[0].encode()) % 12 == 0


def build(corpora_dir: str, out_dir: str, vocab: str, parser: str, parses: list[str]) -> None:
    """Reads all corpora and writes OUT_DIR/{train,dev,tagsets}.pickle. No dev text goes into train."""
    path = lambda *p: os.path.join(corpora_dir, *p)      # noqa: E731
    wordpiece = units.Wordpiece(vocab)
    ewt = list(corpora.read_conllu(path('ud-ewt', 'train.conllu')))
    gum = list(corpora.read_conllu(path('ud-gum', 'train.conllu')))
    tagsets = collect_tagsets(ewt + gum)
    print('UNER names:', corpora.add_names(ewt, corpora.read_uner(path('uner-ewt', 'train-early.iob2'))))
    print('factuality targets:', corpora.add_factuality(ewt, path('uds-factuality', 'train.jsonl')))
    ewt_dev = list(corpora.read_conllu(path('ud-ewt', 'dev.conllu')))
    crossner = list(corpora.read_bio_sentences(path('crossner-politics', 'train.txt')))
    for d in crossner:
        d.names = [(a, b, PLAIN_OF_POLITICS[t]) for a, b, t in d.polnames if t in PLAIN_OF_POLITICS]
    own = list(corpora.read_passages('train'))
    os.makedirs(out_dir, exist_ok=True)
    silver_words(own, vocab, parser, os.path.join(out_dir, 'silver.pickle'))
    if parses:
        print(f'syntax of {vote_syntax(own, parses)} passages by the vote of {len(parses)} parses')
    known = {d.name for d in ewt}
    held = [d for d in own if held_out(d.name)]
    own = [d for d in own if not held_out(d.name)]
    dev = {'ewt': [pack(d, wordpiece, tagsets) for d in corpora.read_conllu(path('ud-ewt', 'dev.conllu'))],
           'polnear': [pack(d, wordpiece, tagsets) for d, k in corpora.read_polnear(path('polnear', 'dev')) if k == 0],
           'passages': [pack(d, wordpiece, tagsets) for d in held]}
    assert not known & {d.name for d in ewt_dev}
    train = {
        'ewt': [pack(d, wordpiece, tagsets) for d in ewt],
        'gum': [pack(d, wordpiece, tagsets) for d in gum],
        'polnear': [pack(d, wordpiece, tagsets, k) for d, k in corpora.read_polnear(path('polnear', 'train'))],
        'crossner': [pack(d, wordpiece, tagsets) for d in crossner],
        'gap': [pack(d, wordpiece, tagsets) for d in corpora.read_gap(path('gap', 'gap-development.tsv'))],
        'passages': [pack(d, wordpiece, tagsets) for d in own],
        'plain': [pack(d, wordpiece, tagsets) for d in corpora.read_plain(corpora_dir) if d.text.strip()],
    }
    for name, value in (('train', train), ('dev', dev), ('tagsets', tagsets)):
        with open(os.path.join(out_dir, name + '.pickle'), 'wb') as f:
            pickle.dump(value, f, protocol=5)
    for name, docs in train.items():
        print(f'{name}: {len(docs)} documents, {sum(len(d["ids"]) for d in docs)} wordpieces')
    print({k: len(v) for k, v in tagsets.items()})


def load(out_dir: str, name: str):
    with open(os.path.join(out_dir, name + '.pickle'), 'rb') as f:
        return pickle.load(f)


# ---- augmentation ------------------------------------------------------------------------------------------------------

class Augmenter:
    """Other ways to write the same text, done on arrays: white space, case, quotation marks and dashes."""

    def __init__(self, wordpiece: units.Wordpiece):
        self.mark_ids = np.array([wordpiece(m)[0] if m else 0 for m in MARKS], np.int16)

    def __call__(self, d: dict, rng: np.random.Generator) -> dict:
        d = dict(d)
        self._spaces(d, rng)
        self._case(d, rng)
        self._marks(d, rng)
        return d

    @staticmethod
    def _spaces(d: dict, rng) -> None:
        space = d['space'].copy()
        begins = np.flatnonzero(np.diff(d['sentence'], prepend=-1) != 0)
        r = rng.random()
        if r < .10:
            space[1:][space[1:] == units.SPACE_PARAGRAPH] = units.SPACE_BLANK
        elif r < .18:
            space[1:][space[1:] == units.SPACE_PARAGRAPH] = units.SPACE_LINE
        elif r < .24:
            space[begins[space[begins] > 0]] = units.SPACE_LINE
        elif r < .28:
            space[begins[space[begins] > 0]] = units.SPACE_PARAGRAPH
        if rng.random() < .12:
            width, column = int(rng.integers(8, 16)), 0
            for i in range(1, len(space)):
                column += 1
                if space[i] >= units.SPACE_LINE:
                    column = 0
                elif space[i] == units.SPACE_BLANK and column >= width:
                    space[i], column = units.SPACE_LINE, 0
        d['space'] = space

    @staticmethod
    def _case(d: dict, rng) -> None:
        shape, caps = d['shape'].copy(), d['shape_caps']
        cased = shape <= units.SHAPE_MIXED

        def change(where, how: float) -> None:
            where = where[cased[where]]
            if how < .4:
                shape[where] = units.SHAPE_LOWER
            elif how < .75:
                shape[where] = caps[where]
            else:
                lower = where[shape[where] == units.SHAPE_LOWER]
                shape[lower] = units.SHAPE_CAPITALISED

        if rng.random() < .04:
            change(np.arange(len(shape)), .75 * rng.random())
        else:
            edges = np.flatnonzero(np.diff(d['sentence'], prepend=-1, append=-2) != 0)
            for k in np.flatnonzero(rng.random(len(edges) - 1) < .04):
                change(np.arange(edges[k], edges[k + 1]), rng.random())
        d['shape'] = shape

    def _marks(self, d: dict, rng) -> None:
        mark = d['mark'].copy()
        if rng.random() < .35:
            if np.isin(mark, (2, 3, 5, 6)).any():
                mark[np.isin(mark, (2, 3))] = 1
                mark[np.isin(mark, (5, 6))] = 4
            else:
                opening = d['space'] > 0
                mark[(mark == 1) & opening], mark[(mark == 1) & ~opening] = 2, 3
                mark[(mark == 4) & opening], mark[(mark == 4) & ~opening] = 6, 5
        if rng.random() < .2:
            free = (mark >= 7) & (d['space'] > 0)
            mark[free] = rng.choice((7, 8, 9))
        changed = np.flatnonzero(mark != d['mark'])
        if len(changed):
            ids = d['ids'].copy()
            ids[d['piece_start'][changed]] = self.mark_ids[mark[changed]]
            d['ids'], d['mark'] = ids, mark


def concatenate(documents: list[dict]) -> dict:
    """Short documents in a row, as if they were one text: units, words and trees; not their fragments or chains."""
    out = {k: np.concatenate([d[k] for d in documents]) for k, v in documents[0].items()
           if isinstance(v, np.ndarray) and k not in ('piece_start', 'sentence', 'word_of', 'fragments', 'pairs', 'roles')}
    offset = np.cumsum([0] + [len(d['ids']) for d in documents])
    out['piece_start'] = np.concatenate([d['piece_start'][:-1] + o for d, o in zip(documents, offset)] + [offset[-1:]])
    sentences = np.cumsum([0] + [int(d['sentence'].max()) + 1 for d in documents])
    out['sentence'] = np.concatenate([d['sentence'] + s for d, s in zip(documents, sentences)])
    out['word_of'] = np.maximum(np.cumsum(out['word']) - 1, 0)
    out['fragments'], out['pairs'], out['roles'] = (np.zeros((0, k), np.int32) for k in (4, 3, 2 + len(ROLES)))
    return out


# ---- windows and batches -----------------------------------------------------------------------------------------------

def windows_of(d: dict, rng: np.random.Generator) -> list[tuple[dict, int, int]]:
    """Windows with a random first cut. Labels of the context are trained on as well."""
    pieces = np.diff(d['piece_start']).tolist()
    first = int(rng.integers(20, units.CORE)) if sum(pieces) > units.CORE else 0
    cores = units.cut_cores(pieces, d['space'].tolist(), d['safe'].tolist(), first)
    return [(d, *units.window_of(c, pieces)) for c in cores]


def short_windows(d: dict, rng: np.random.Generator) -> list[tuple[dict, int, int]]:
    """One to three sentences at a time, each as if it were a whole text: such texts are read too, and without them in training their
    trees and tags are left to chance."""
    edges = np.flatnonzero(np.diff(d['sentence'], prepend=-1, append=-2) != 0)
    out, i = [], 0
    while i + 1 < len(edges):
        j = min(i + int(rng.integers(1, 4)), len(edges) - 1)
        a, b = int(edges[i]), int(edges[j])
        i = j
        if d['piece_start'][b] - d['piece_start'][a] <= units.CORE:
            alone = dict(d)
            alone['space'] = d['space'].copy()
            alone['space'][a] = units.SPACE_PARAGRAPH
            out.append((alone, a, b))
    return out


SHORT = {'ewt': .4, 'gum': .4}      # share of texts read a few sentences at a time


class Stream:
    """Windows of one corpus for ever: each epoch in a new order, cut and written anew."""

    def __init__(self, name: str, documents: list[dict], augment: Augmenter, seed: int):
        self.name, self.documents, self.augment = name, documents, augment
        self.rng = np.random.default_rng(seed)
        self.queue: list[tuple[dict, int, int]] = []
        self.epochs = 0

    def _refill(self) -> None:
        rng = self.rng
        docs = self.documents
        if self.name == 'polnear':      # of several annotators mostly the first
            kept: dict[str, dict] = {}
            for d in docs:
                if d['name'] not in kept or rng.random() < .3:
                    kept[d['name']] = d
            docs = list(kept.values())
        order = rng.permutation(len(docs))
        k = 0
        while k < len(order):
            some = int(rng.integers(1, 6)) if self.name == 'ewt' else 1
            group = [self.augment(docs[i], rng) for i in order[k:k + some]]
            whole = concatenate(group) if len(group) > 1 else group[0]
            self.queue += (short_windows if rng.random() < SHORT.get(self.name, 0.) else windows_of)(whole, rng)
            k += some
        rng.shuffle(self.queue)
        self.epochs += 1

    def next(self) -> tuple[dict, int, int]:
        if not self.queue:
            self._refill()
        return self.queue.pop()


def documents_of(documents: dict[str, list[dict]], key: str) -> list[dict]:
    """Those of a corpus; `passages:o-u` are the passages whose number follows one of these letters, `passages:wa-wc` a series of two letters:
    for those that a model has not seen."""
    corpus, _, letters = key.partition(':')
    found = documents.get(corpus) or []
    if not letters:
        return found
    first, last = letters.split('-')[0], letters.split('-')[-1]
    return [d for d in found if len(begin := d['name'].split('-')[0]) == len(first) and first <= begin <= last]


class Mixer:
    """Batches of about `budget` wordpieces whose corpora stand in fixed shares."""

    def __init__(self, streams: list[Stream], shares: list[float], budget: int, seed: int):
        self.streams, self.budget = streams, budget
        self.shares = np.array(shares) / sum(shares)
        self.given = np.zeros(len(streams))
        self.rng = np.random.default_rng(seed)

    def next(self) -> list[tuple[dict, int, int]]:
        batch, used = [], 0
        while used < self.budget:
            k = int(np.argmax(self.shares * (self.given.sum() + self.budget) - self.given))
            d, a, b = self.streams[k].next()
            size = int(d['piece_start'][b] - d['piece_start'][a]) + 2
            self.given[k] += size
            used += size
            batch.append((d, a, b))
        return batch


DISTANCE_EDGES = np.array([1, 2, 3, 5, 9, 17, 33])


def pair_features(d: dict, first: tuple[int, int], second: tuple[int, int], cues, sources) -> np.ndarray:
    """The 15 pair features of docs/model.md section 6. Fragments are (first word, last word) as units."""
    x, y = (first, second) if first <= second else (second, first)
    w = d['word_of']
    distance = max(int(w[y[0]]) - int(w[x[1]]) - 1, 0)      # words between
    g = np.zeros(15, np.float32)
    g[int(np.searchsorted(DISTANCE_EDGES, distance, side='right'))] = 1
    g[8] = second < first
    gap = abs(int(d['sentence'][y[0]]) - int(d['sentence'][x[1]]))
    g[9 + min(gap, 2)] = 1
    lo, hi = x[1], y[0]
    g[12] = bool(np.isin(d['mark'][lo + 1:hi], (1, 2, 3)).any()) if hi > lo + 1 else False
    for slot, others in ((13, cues), (14, sources)):
        g[slot] = any(lo < o[0] < hi and o not in (first, second) for o in others)
    return g


def coref_bucket(distance):
    return np.searchsorted(np.array([2, 3, 4, 5, 8, 16, 32, 64, 128]), distance, side='right')


def collate(batch: list[tuple[dict, int, int]], wordpiece: units.Wordpiece, rng: np.random.Generator | None,
            mask_rate: float = .03, labels: bool = True, all_trees: bool = False) -> dict[str, np.ndarray]:
    """Arrays of a batch. Units of all windows stand in one row; `rng` None: nothing is masked. `all_trees`: rows of words for the parser
    in windows without trees too, for a teacher's arcs."""
    ids, shapes, spaces, lengths, firsts, unit_offset = [], [], [], [], [], [0]
    columns = {k: [] for k in ('boundary', 'deprel', 'fact', *WORD_TAGS, *SPAN_TAGS, *EVENT_COLUMNS)}
    at = 0
    for d, a, b in batch:
        p = d['piece_start'][a:b + 1]
        piece = d['ids'][p[0]:p[-1]].astype(np.int64)
        first = (p[:-1] - p[0]).astype(np.int64)
        shape = np.full(len(piece), units.SHAPE_INNER, np.int64)
        shape[first] = d['shape'][a:b]
        space = np.zeros(len(piece), np.int64)
        space[first] = d['space'][a:b]
        if rng is not None:
            r = rng.random(len(piece))
            piece[r < mask_rate] = wordpiece.mask
            hidden = rng.random(len(piece)) < mask_rate
            shape[hidden & (shape != units.SHAPE_INNER)] = units.SHAPE_OTHER
        ids.append(np.concatenate([[wordpiece.cls], piece, [wordpiece.sep]]))
        shapes.append(np.concatenate([[units.SHAPE_OTHER], shape, [units.SHAPE_OTHER]]))
        spaces.append(np.concatenate([[0], space, [0]]))
        firsts.append(at + 1 + first)
        at += len(piece) + 2
        lengths.append(len(piece) + 2)
        unit_offset.append(unit_offset[-1] + b - a)
        if labels:
            for k, v in columns.items():
                v.append(d[k][a:b])
    out = {'ids': np.concatenate(ids), 'shapes': np.concatenate(shapes), 'spaces': np.concatenate(spaces),
           'lengths': np.array(lengths), 'firsts': np.concatenate(firsts)}
    if not labels:
        return out
    for k, v in columns.items():
        out[k] = np.concatenate(v).astype(np.float32 if k == 'fact' else np.int64)
    word = np.concatenate([d['word'][a:b] for d, a, b in batch])
    for k in SPAN_TAGS:
        out[k][word == 0] = -1
    out['word'] = word.astype(np.int64)
    _collate_trees(batch, unit_offset, out, all_trees)
    _collate_links(batch, unit_offset, out)
    _collate_coref(batch, unit_offset, out)
    rows = []
    for (d, a, b), o in zip(batch, unit_offset):
        r = d['roles'][(d['roles'][:, :2] >= a).all(1) & (d['roles'][:, :2] < b).all(1)].astype(np.int64)
        r[:, :2] += o - a
        rows.append(r)
    out['roles'] = np.concatenate(rows)
    out |= _places_of_labels(out)
    return out


# heads that are trained on the same units
FAMILIES = (('boundary',), WORD_TAGS, ('names',), ('polnames',), ('source', 'cue', 'content'), ('event',), ('mode', 'factuality', 'status'),
            ('stance',))


def _places_of_labels(out: dict) -> dict:
    """Where labels stand, found here so that a GPU need not be asked and waited for: `at_NAME`, rows of units or of the flattened tables."""
    at = {f'at_{f[0]}': np.flatnonzero(out[f[0]] >= 0) for f in FAMILIES}
    at['at_act'] = np.flatnonzero(out['event'] > 0)
    at['at_word'] = np.flatnonzero(out['word'] > 0)
    at['at_fact'] = np.flatnonzero(~np.isnan(out['fact']))
    units_, head = out['tree_units'].ravel(), out['tree_head'].ravel()
    at['at_tree'] = np.flatnonzero(units_ >= 0)
    at['at_arc'] = np.flatnonzero((units_ >= 0) & (head >= 0))
    at['at_rel'] = at['at_arc'][out['deprel'][units_[at['at_arc']]] >= 0] if len(units_) else at['at_arc']
    at['at_role'] = np.flatnonzero(out['roles'][:, 2:] >= 0)
    at['at_mention'] = np.flatnonzero(out['mention_units'].ravel() >= 0)
    counts = {k: int((out[k][at[f'at_{f[0]}']] >= 0).sum()) for f in FAMILIES for k in f}
    return at | {'counts': counts}


def _collate_trees(batch, unit_offset, out, all_trees: bool) -> None:
    """Rows of words [B, W] (units, -1 padding), their sentences and heads (column + 1, 0 root, -1 outside the window)."""
    rows = []
    for (d, a, b), o in zip(batch, unit_offset):
        known = d['head'][a:b] != NO_HEAD
        w = np.flatnonzero((d['word'][a:b] == 1) & (known | all_trees))
        if not len(w):
            continue
        place = np.full(b - a, -1)
        place[w] = np.arange(len(w))
        target = w + d['head'][a:b][w]
        inside = (target >= 0) & (target < b - a)
        head = np.where(inside, place[np.clip(target, 0, b - a - 1)] + 1, -1)
        head[head == 0] = -1
        head[d['head'][a:b][w] == 0] = 0
        head[~known[w]] = -1
        rows.append((w + o, d['sentence'][a:b][w], head))
    width = max((len(r[0]) for r in rows), default=0)
    tree = np.full((3, len(rows), width), -1, np.int64)
    for i, r in enumerate(rows):
        for k in range(3):
            tree[k, i, :len(r[k])] = r[k]
    out['tree_units'], out['tree_sentence'], out['tree_head'] = tree


def _collate_links(batch, unit_offset, out) -> None:
    """For cc (content to cue) and cs (cue to source): one row a choice, its candidates and which of them is right (0: none)."""
    choices = {'cc': [], 'cs': []}
    for (d, a, b), o in zip(batch, unit_offset):
        f = d['fragments']
        f = f[(f[:, 1] >= a) & (f[:, 2] < b)]
        if not len(f):
            continue
        by_role = [[(int(x[1]), int(x[2])) for x in f if x[0] == r] for r in range(3)]
        owner = [[int(x[3]) for x in f if x[0] == r] for r in range(3)]
        whole = d['fragments']
        for name, r, target in (('cc', 2, 1), ('cs', 1, 0)):
            for fragment, k in zip(by_role[r], owner[r]):
                right = [j for j, x in enumerate(owner[target]) if x == k]
                if not right and ((whole[:, 0] == target) & (whole[:, 3] == k)).any():
                    continue        # its partner is outside the window
                features = [pair_features(d, fragment, c, by_role[1], by_role[0]) for c in by_role[target]]
                move = lambda s: (s[0] - a + o, s[1] - a + o)      # noqa: E731
                choices[name].append((move(fragment), [move(c) for c in by_role[target]], features, right[0] + 1 if right else 0))
    for name, rows in choices.items():
        width = max((len(r[1]) for r in rows), default=0)
        out[f'{name}_fragment'] = np.array([r[0] for r in rows], np.int64).reshape(-1, 2)
        out[f'{name}_candidates'] = np.full((len(rows), width, 2), -1, np.int64)
        out[f'{name}_features'] = np.zeros((len(rows), width, 15), np.float32)
        for i, r in enumerate(rows):
            if r[1]:
                out[f'{name}_candidates'][i, :len(r[1])] = r[1]
                out[f'{name}_features'][i, :len(r[1])] = r[2]
        out[f'{name}_right'] = np.array([r[3] for r in rows], np.int64)


def _collate_coref(batch, unit_offset, out) -> None:
    """Mentions: [B, M] units (-1 padding), chains, and distance buckets [B, M, M]; GAP: [k, 2] pairs of (later, earlier)."""
    rows, pairs, buckets, same = [], [], [], []
    for (d, a, b), o in zip(batch, unit_offset):
        m = np.flatnonzero(d['chain'][a:b] >= 0)
        if len(m) > 1:
            w = d['word_of'][a:b][m].astype(np.int64)
            rows.append((m + o, d['chain'][a:b][m], coref_bucket(np.maximum(w[:, None] - w[None, :], 1))))
        inside = [p for p in d['pairs'] if a <= p[1] and p[0] < b]
        if inside and len(inside) == len(d['pairs']):
            for p in inside:
                pairs.append((p[0] - a + o, p[1] - a + o))
                buckets.append(int(coref_bucket(max(int(d['word_of'][p[0]]) - int(d['word_of'][p[1]]), 1))))
                same.append(int(p[2]))
    width = max((len(r[0]) for r in rows), default=0)
    out['mention_units'] = np.full((len(rows), width), -1, np.int64)
    out['mention_chain'] = np.full((len(rows), width), -1, np.int64)
    out['mention_bucket'] = np.zeros((len(rows), width, width), np.int64)
    for i, (m, c, k) in enumerate(rows):
        out['mention_units'][i, :len(m)], out['mention_chain'][i, :len(m)] = m, c
        out['mention_bucket'][i, :len(m), :len(m)] = k
    out['pair_units'] = np.array(pairs, np.int64).reshape(-1, 2)
    out['pair_bucket'] = np.array(buckets, np.int64)
    out['pair_same'] = np.array(same, np.float32)


if __name__ == '__main__':
    import argparse
    parser = argparse.ArgumentParser(description='Pack the corpora for training.')
    parser.add_argument('--corpora', default='../shared/corpora')
    parser.add_argument('--vocab', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--parses', nargs='*', default=[], help='CoNLL-U that the program wrote of the passages, one file a model file: what most agree on is learned')
    parser.add_argument('--parser', default='models/reportedly-en.bin', help='model file whose trees show the heads of mentions in passages')
    arguments = parser.parse_args()
    build(arguments.corpora, arguments.out, arguments.vocab, arguments.parser, arguments.parses)
