#!/usr/bin/env python3
"""Scores the program against the annotated corpora and writes the tables of docs/accuracy.md.

usage: evaluate.py --program build/reportedly --corpora DIR [--only ud,names,factuality,attribution,gap,pronouns,events,times,places,passages,lexicon] [--model FILE]
                   [--precision int8|fp32] [--passages test|train] [--write docs/accuracy.md]

Every figure is on a split that no training saw (the table says which). Figures of other tools are quoted with their source.
A corpus that is not there is left out, and the table says so. Passages and lexicon need PyYAML, the rest the standard library.
"""
import argparse, glob, json, os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SCORE = os.path.join(HERE, 'score')
ROOT = os.path.dirname(HERE)


def python(script, *args):
    """Runs a scoring script and returns what it printed; its last line is JSON where the script has it so."""
    r = subprocess.run([sys.executable, os.path.join(SCORE, script), *args], capture_output=True, text=True)
    if r.returncode: sys.exit(f'{script} failed:\n{r.stdout}{r.stderr}')
    return r.stdout


class Runner:
    def __init__(self, program, extra, work):
        self.program, self.extra, self.work = program, extra, work

    def run(self, args, out):
        """Exit status 3 (some documents failed) is an error here: no document of a corpus may be lost."""
        path = os.path.join(self.work, out)
        with open(path, 'wb') as f:
            r = subprocess.run([self.program, *args, *self.extra], stdout=f, stderr=subprocess.PIPE)
        if r.returncode: sys.exit(f'{" ".join(args)}: exit status {r.returncode}\n{r.stderr.decode()[-2000:]}')
        return path

    def jsonl(self, name, documents):
        path = os.path.join(self.work, name)
        with open(path, 'w', encoding='utf-8') as f:
            for d in documents: f.write(json.dumps(d, ensure_ascii=False) + '\n')
        return path


def ud_documents(path):
    """CoNLL-U -> [(id, raw text)]: paragraphs parted by a blank line, sentences by a space unless the last word has SpaceAfter=No."""
    out, text, sep, tight, doc, sentence, misc, covered = [], [], '', False, None, None, '_', 0

    def end_of_sentence():
        nonlocal sentence, sep, tight
        if sentence is None: return
        text.append((sep or ('' if tight else ' ') if text else '') + sentence)
        tight, sep, sentence = 'SpaceAfter=No' in misc, '', None

    def end_of_document():
        if text: out.append((doc, ''.join(text)))

    for line in open(path, encoding='utf-8'):
        line = line.rstrip('\n')
        if not line: end_of_sentence()
        elif line.startswith('# newdoc'):
            end_of_document()
            doc, text, sep, tight = line.split('=', 1)[1].strip(), [], '', False
        elif line.startswith('# newpar'): sep = '\n\n'
        elif line.startswith('# text ='): sentence, covered = line[8:].strip(), 0
        elif line[0] != '#':
            c = line.split('\t')
            if '-' in c[0]: covered, misc = int(c[0].split('-')[1]), c[9]
            elif '.' not in c[0] and int(c[0]) > covered: misc = c[9]
    end_of_sentence()
    end_of_document()
    return out


def ud(run, corpus, split):
    gold = os.path.join(corpus, f'{split}.conllu')
    documents = [{'id': i, 'text': t} for i, t in ud_documents(gold)]
    out = run.run(['parse', run.jsonl('ud.jsonl', documents), '--format', 'conllu', '--force'], 'ud.conllu')
    return json.loads(python('ud.py', gold, out).strip().split('\n')[-1]), out


def name_spans(path, tag_of):
    """{document id: {(start, end, type)}} in non-space characters of each document; tag_of(columns) gives "B-PER", "I-PER" or "O"."""
    out, doc, at, open_span, covered, token_end = {}, None, 0, None, 0, 0

    def close():
        nonlocal open_span
        if open_span and open_span[2] in ('PER', 'LOC', 'ORG'): out[doc].add(tuple(open_span))
        open_span = None

    for line in open(path, encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('# newdoc'):
            close()
            doc, at = line.split('=', 1)[1].strip(), 0
            out[doc] = set()
        if not line: covered = 0
        if not line or line[0] == '#': continue
        c = line.split('\t')
        if '-' in c[0]:
            covered, token_end = int(c[0].split('-')[1]), at + len(''.join(c[1].split()))
            continue
        start, tag = at, tag_of(c)
        at += len(''.join(c[1].split()))
        if covered and int(c[0]) >= covered: at, covered = token_end, 0
        if tag[0] == 'I' and open_span and open_span[2] == tag[2:]: open_span[1] = at
        else:
            close()
            if tag != 'O': open_span = [start, at, tag[2:]]
    close()
    return out


def names(conllu_system, uner):
    """Exact F1 over PER LOC ORG; spans compared by the non-space characters of a document that they cover."""
    def system_tag(c):
        ne = re.search(r'NE=([BI]-\w+)', c[9])
        return ne[1] if ne else 'O'

    g, s = name_spans(uner, lambda c: c[2]), name_spans(conllu_system, system_tag)
    flat = lambda spans: {(d, *x) for d, xs in spans.items() if d in g for x in xs}
    g, s = flat(g), flat(s)
    f = lambda tp, p, q: 200 * tp / (p + q) if p + q else 0.0
    by = {t: round(f(sum(x[3] == t for x in g & s), sum(x[3] == t for x in s), sum(x[3] == t for x in g)), 1) for t in ('PER', 'LOC', 'ORG')}
    return {'F1': round(f(len(g & s), len(s), len(g)), 1), **by}


def factuality(conllu_system, gold):
    """Pearson's r between the program's Fact= and UDS's labels, over the predicates of UDS whose sentence and word the program's text has; and the share of
    UDS's predicates that have a Fact=. Sentences are found by their characters without spaces, words by where they begin."""
    text, at, values = [], 0, {}
    covered = 0
    for line in open(conllu_system, encoding='utf-8'):
        if line[0] == '#': continue
        c = line.rstrip('\n').split('\t')
        if len(c) < 10:
            covered = 0
            continue
        form = ''.join(c[1].split())
        if '-' in c[0]:
            first, last = map(int, c[0].split('-'))
            covered, inside, base, whole = last, at, at, form
            text.append(form)
            at += len(form)
            continue
        start = at
        if covered and int(c[0]) <= covered:
            start = inside
            inside = min(inside + len(form), at)
        else:
            text.append(form)
            at += len(form)
        fact = re.search(r'Fact=([-\d.]+)', c[9])
        if fact: values[start] = float(fact[1])
    text = ''.join(text)
    begins = {}
    pairs, targets, last = [], 0, 0
    for line in open(gold, encoding='utf-8'):
        d = json.loads(line)
        words = d['text'].split(' ')
        flat = ''.join(''.join(words).split())
        found = text.find(flat, last)
        if found < 0: found = text.find(flat, begins.get(flat, 0))
        if found < 0: continue
        last = begins[flat] = found + len(flat)
        for t in d['targets']:
            targets += 1
            value = values.get(found + len(''.join(words[:t['span1'][0]])))
            if value is not None: pairs.append((value, float(t['label'])))
    n = len(pairs)
    mean = [sum(p[i] for p in pairs) / n for i in (0, 1)]
    cov = sum((x - mean[0]) * (y - mean[1]) for x, y in pairs)
    var = [sum((p[i] - mean[i]) ** 2 for p in pairs) for i in (0, 1)]
    return {'r': cov / (var[0] * var[1]) ** .5, 'mae': sum(abs(x - y) for x, y in pairs) / n, 'covered': 100 * n / targets}


def passages(run, folder):
    """Figures over the project's own passages (tools/score/passages.py), or None where the folder has none."""
    if not glob.glob(os.path.join(folder, '**', '*.yaml'), recursive=True): return None
    src = os.path.join(run.work, 'passages.jsonl')
    python('passages.py', '--write', folder, src)
    out = run.run(['code', src, '--format', 'jsonl', '--force'], 'passages.out.jsonl')
    figures = json.loads(python('passages.py', folder, out).strip().split('\n')[-1])
    second = os.path.join(os.path.dirname(folder), 'second')
    if os.path.isdir(second): figures['second'] = json.loads(python('passages.py', folder, second, '--agreement').strip().split('\n')[-1])
    return figures


def passage_rows(f, data, row):
    """Rows of the table; the constant answers and a second reader's agreement with the first stand under "today's tools"."""
    show = lambda x, keys: ' / '.join(f'{x[k]:.1f}' if isinstance(x.get(k), float) else '–' for k in keys)
    g = lambda *keys: show(f, keys)
    c, second = f['counts'], f.get('second') or {}
    two = lambda *keys: f'second reader {show(second, keys)}' if second.get('counts', {}).get('passages') else ''
    join = lambda *parts: '; '.join(filter(None, parts))
    data = f'{data} ({c["passages"]})'
    row('events: type P / R / F1', data, two('events_P', 'events_R', 'events_F'), g('events_P', 'events_R', 'events_F'), '')
    row('the same: trigger overlaps / with both roles / quad F1', data, two('overlap_F', 'roles_F', 'quad_F'), g('overlap_F', 'roles_F', 'quad_F'), '')
    row('the same: mode; country / sector of the parties', data, two('mode', 'country', 'sector'), f'{g("mode")}; {g("country", "sector")}', '')
    row('negative passages with an event coded (lower is better)', f'{data}, {c["negatives"]} negative', '', g('negatives'), '')
    row('status: all / not `happened` / macro F1', data, join(f'constant `happened` {f.get("status_happened", 0):.1f} / 0 / {f.get("status_macro_happened", 0):.1f}', two('status', 'status_other', 'status_macro')), g('status', 'status_other', 'status_macro'), '– / 75 / 70')
    row('factuality in the innermost voice', data, two('factuality'), g('factuality'), '')
    row('innermost voice: all / told / narrator', data, join(f'constant narrator {f.get("voice_constant", 0):.1f} / 0 / 100', two('voice', 'voice_told', 'voice_narrator')), g('voice', 'voice_told', 'voice_narrator'), '')
    row('list of voices: P / R / F1', data, two('voices_P', 'voices_R', 'voices_F'), g('voices_P', 'voices_R', 'voices_F'), '')
    row('event date: right / precision; place: right / precision', f'{data}, {c["date"]} dates, {c["place"]} places', two('date', 'date_precision', 'place', 'place_precision'), f'{g("date", "date_precision")}; {g("place", "place_precision")}', '')
    row('attribution at all depths, exact fragments: source / cue / content', data, two('source_F', 'cue_F', 'content_F'), g('source_F', 'cue_F', 'content_F'), '')
    row('whole attribution: strict / each role overlaps by half', data, two('strict_F', 'dice_F'), g('strict_F', 'dice_F'), '')
    row('nested attributions: found / of these with the right parent', f'{data}, {c["nested_found"]} nested', two('nested_found', 'nested_parent'), g('nested_found', 'nested_parent'), '– / 80')
    row('stance: all / not `asserts`', data, join(f'constant `asserts` {f.get("stance_asserts", 0):.1f} / 0', two('stance', 'stance_other')), g('stance', 'stance_other'), '– / 85')
    row('source entity: all / pronouns and descriptions', data, two('source_entity', 'source_entity_other'), g('source_entity', 'source_entity_other'), '')
    row('disputes: P / R', f'{data}, {c["disputes_gold"]} disputes', two('disputes_P', 'disputes_R'), g('disputes_P', 'disputes_R'), '90 / 70')


def lexicon_counts():
    import yaml
    entries = [e for path in glob.glob(os.path.join(ROOT, 'lexicon', 'events', '*.yaml')) for e in (yaml.safe_load(open(path, encoding='utf-8')) or [])
               if isinstance(e, dict) and 'id' in e]
    return len(entries), sum(len(e.get('examples') or []) for e in entries)


def attribution(run, corpus, split):
    folder = os.path.join(corpus, split, 'text')
    documents = [{'id': f[:-4], 'text': open(os.path.join(folder, f), encoding='utf-8', newline='').read()} for f in sorted(os.listdir(folder)) if f.endswith('.txt')]
    out = run.run(['code', run.jsonl('polnear.jsonl', documents), '--format', 'jsonl', '--force'], 'polnear.out.jsonl')
    pred = os.path.join(run.work, 'polnear.pred.jsonl')
    with open(pred, 'w', encoding='utf-8') as o:
        for line in open(out, encoding='utf-8'):
            d = json.loads(line)
            outer = [{r: a[r]['spans'] for r in ('source', 'cue', 'content')} for a in d['attributions'] if a['parent'] is None]
            o.write(json.dumps({'doc': d['document']['id'], 'attributions': outer}) + '\n')
    text = python('attribution.py', corpus, split, pred, 'first')
    res = {}
    for role in ('source', 'cue', 'content'):
        res[role] = float(re.search(rf'^{role} .*?fragment P [\d.]+ R [\d.]+ F ([\d.]+)', text, re.M)[1])
    res['whole strict'] = float(re.search(r'^whole .*?strict P [\d.]+ R [\d.]+ F ([\d.]+)', text, re.M)[1])
    res['whole, all roles overlap by half'] = float(re.search(r'all-roles-dice>=\.5 P [\d.]+ R [\d.]+ F ([\d.]+)', text)[1])
    res['calibration'] = json.loads(python('calibration.py', corpus, split, out).strip().split('\n')[-1])['error']
    return res


def gap(run, path):
    """Ambiguous pronouns (tools/score/gap.py)."""
    src = os.path.join(run.work, 'gap.jsonl')
    python('gap.py', '--write', path, src)
    out = run.run(['code', src, '--format', 'jsonl', '--force'], 'gap.out.jsonl')
    return json.loads(python('gap.py', path, out).strip().split('\n')[-1])


def pronouns(run, path):
    """Pronouns over whole documents (tools/score/pronouns.py)."""
    src = os.path.join(run.work, 'pronouns.jsonl')
    python('pronouns.py', '--write', path, src)
    out = run.run(['code', src, '--format', 'jsonl', '--force', '--repairs', 'none'], 'pronouns.out.jsonl')
    return json.loads(python('pronouns.py', path, out).strip().split('\n')[-1])


def events(run, path):
    records = [r for r in json.loads(open(path, encoding='utf-8', errors='replace').read(), strict=False) if r['event'] != 'DOCUMENT']
    documents = []
    for r in records:
        d = {'id': r['id'], 'text': r['text']}
        if re.fullmatch(r'\d{4}-\d\d-\d\d', r.get('date') or ''): d['published'] = r['date']
        documents.append(d)
    out = run.run(['code', run.jsonl('gsr.jsonl', documents), '--format', 'jsonl', '--force'], 'gsr.out.jsonl')
    return json.loads(python('events.py', path, out).strip().split('\n')[-1])


def times(run, corpus):
    src = os.path.join(run.work, 'meantime.jsonl')
    python('meantime_times.py', '--write', corpus, src)
    out = run.run(['code', src, '--format', 'jsonl', '--force'], 'meantime.out.jsonl')
    return json.loads(python('meantime_times.py', corpus, out).strip().split('\n')[-1])


def places(run, path):
    src = os.path.join(run.work, 'geowebnews.jsonl')
    python('places.py', '--write', path, src)
    out = run.run(['code', src, '--format', 'jsonl', '--force'], 'geowebnews.out.jsonl')
    return json.loads(python('places.py', path, out).strip().split('\n')[-1])


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--program', default='build/reportedly')
    p.add_argument('--corpora', default='../shared/corpora')
    p.add_argument('--only', default='')
    p.add_argument('--model', default='')
    p.add_argument('--precision', default='int8')
    p.add_argument('--passages', default='test', choices=('train', 'test'))
    p.add_argument('--write', default='')
    a = p.parse_args()
    if not os.path.isdir(a.corpora):
        sys.exit(f'{a.corpora}: no such folder. The corpora are not part of the project; give their folder with CORPORA=…')
    extra = (['--model', a.model] if a.model else []) + (['--precision', 'fp32'] if a.precision == 'fp32' else [])
    only = set(filter(None, a.only.split(',')))
    want = lambda k: not only or k in only
    here = lambda *x: os.path.join(a.corpora, *x)
    rows, missing = [], []

    def row(measure, data, today, figure, least): rows.append((measure, data, today, figure, least))

    with tempfile.TemporaryDirectory() as work:
        run = Runner(os.path.abspath(a.program), extra, work)

        def corpus(*x):
            if os.path.exists(here(*x)): return here(*x)
            missing.append(x[0])
            return None

        if (want('ud') or want('names') or want('factuality')) and corpus('ud-ewt'):
            r, out = ud(run, here('ud-ewt'), 'dev')
            row('UD from raw text: UPOS / LAS', 'EWT dev', 'CoreNLP 4.5.10 92 / 71 (test); Stanza 1.5 96.2 / 86.8, UDPipe 2 96.8 / 89.9 (published, test)', f'{r["UPOS"]:.1f} / {r["LAS"]:.1f}', '95.7 / 85.5')
            row('the same: words / sentences / lemmas / features / UAS', 'EWT dev', '', f'{r["Words"]:.1f} / {r["Sentences"]:.1f} / {r["Lemmas"]:.1f} / {r["UFeats"]:.1f} / {r["UAS"]:.1f}', '')
            if corpus('uner-ewt'):
                n = names(out, here('uner-ewt', 'dev.iob2'))
                row('names, exact F1', 'UNER EWT dev', 'CoreNLP 73.6, spaCy small 61.6', f'{n["F1"]:.1f}', '76')
                row('the same: PER / LOC / ORG', 'UNER EWT dev', '', f'{n["PER"]:.1f} / {n["LOC"]:.1f} / {n["ORG"]:.1f}', '')
            if corpus('uds-factuality'):
                r = factuality(out, here('uds-factuality', 'dev.jsonl'))
                row('factuality of predicates: Pearson r / mean error (scale −3 to 3)', f'UDS dev, {r["covered"]:.0f}% of its predicates', '', f'{r["r"]:.3f} / {r["mae"]:.2f}', '')
        if want('ud') and not only and corpus('ud-gum'):
            r, _ = ud(run, here('ud-gum'), 'dev')
            row('UD from raw text: UPOS / LAS', 'GUM dev', '', f'{r["UPOS"]:.1f} / {r["LAS"]:.1f}', '')
        if want('attribution') and corpus('polnear'):
            r = attribution(run, here('polnear'), 'dev')
            row('attribution, exact fragments: source / cue / content', 'PolNeAR dev, first annotator', 'CoreNLP 23 / – / 29; two humans 76.6 / 70.5 / 71.0', f'{r["source"]:.1f} / {r["cue"]:.1f} / {r["content"]:.1f}', '79 / 73 / 67')
            row('whole attribution, strict', 'PolNeAR dev, first annotator', 'two humans 57.9', f'{r["whole strict"]:.1f}', '48')
            row('whole attribution, each role overlaps by half', 'PolNeAR dev, first annotator', '', f'{r["whole, all roles overlap by half"]:.1f}', '')
            row('confidence of attributions: calibration error in points', 'PolNeAR dev, first annotator (calibrated on it)', '', f'{r["calibration"]:.1f}', '')
        if want('gap') and corpus('gap'):
            r = gap(run, here('gap', 'gap-validation.tsv'))
            row('ambiguous pronouns, F1: all / masculine / feminine; bias', 'GAP validation, text alone', 'best of its authors (Webster et al. 2018) 66.9 (published)', f'{r["all"]:.1f} / {r["masculine"]:.1f} / {r["feminine"]:.1f}; {r["bias"]:.2f}', '72')
        if want('pronouns') and corpus('ud-gum'):
            r = pronouns(run, here('ud-gum', 'dev.conllu'))
            row('pronouns over whole documents, F1: people / they / it', f'GUM dev, {r["pronouns"]} pronouns', '', f'{r["people"]:.1f} / {r["they"]:.1f} / {r["it"]:.1f}', '')
        if want('events') and corpus('plover-gsr'):
            r = events(run, here('plover-gsr', 'PLOVER_GSR_CAMEO.json'))
            row('events: type F1 / type with dyad F1', 'PLOVER gold records (development data)', 'TABARI .472 / .302, PETRARCH2 .411 / .298', f'{r["type"]:.3f} / {r["type+dyad"]:.3f}', '.52 / .34')
            row('the same: quad / dyad F1', 'PLOVER gold records (development data)', 'TABARI .564 / .449, PETRARCH2 .511 / .480', f'{r["quad"]:.3f} / {r["dyad"]:.3f}', '')
        if want('times') and corpus('meantime'):
            r = times(run, here('meantime'))
            row('times: relaxed / value F1', 'MEANTIME, document date given (development data)', 'HeidelTime 86.1 / 71.8', f'{r["relaxed"]:.1f} / {r["value"]:.1f}', '80 / 62')
        if want('places') and corpus('geowebnews') and os.path.exists(os.path.join(SCORE, 'places.py')):
            r = places(run, here('geowebnews', 'GWN.xml'))
            row('places: found / within 161 km / precision', 'GeoWebNews (development data)', '', ' / '.join(f'{r[k]:.1f}' for k in ('found', 'within161', 'precision')), '')
        # "second reader": the figures of training/passages/second, scored as if it were output
        if want('passages'):
            r = passages(run, os.path.join(ROOT, 'training', 'passages', a.passages))
            if r: passage_rows(r, f'passages, {a.passages}', row)
            else: missing.append(f'training/passages/{a.passages}')
        if want('lexicon'):
            entries, examples = lexicon_counts()
            row('event lexicon: entries / examples that the tests run', 'lexicon/events', '', f'{entries} / {examples}', '')

    table = '| measure | data | today\'s tools | reportedly | at least |\n|---|---|---|---|---|\n'
    table += ''.join('| ' + ' | '.join(r) + ' |\n' for r in rows)
    print(table)
    if missing: print(f'Not measured, absent: {", ".join(sorted(set(missing)))}.')
    if a.write and not only:
        doctor = subprocess.run([run.program, 'doctor', *extra], capture_output=True, text=True).stdout
        card = {k: (re.search(rf'^{k} +(.*?)(?:, |$)', doctor, re.M) or [0, '?'])[1] for k in ('model', 'lexicon')}
        with open(a.write, 'w', encoding='utf-8') as f:
            f.write('# Accuracy\n\nWritten by `make evaluate`; do not edit. No training saw the data named here. "Development data" were looked at while rules and lexicon were written.\n\n')
            f.write(f'Model {card["model"]}, lexicon {card["lexicon"]}, precision {a.precision}.\n\n{table}')
            if missing: f.write(f'\nNot measured, absent: {", ".join(sorted(set(missing)))}.\n')


if __name__ == '__main__': main()
