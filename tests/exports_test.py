#!/usr/bin/env python3
"""Every export profile, read back by a reader that is not ours and compared with the records.

usage: exports_test.py PROGRAM SOURCE_FOLDER     run by the interpreter that tools/python.sh makes; exits 77 where there is no model
"""
import csv, glob, io, json, os, re, shutil, subprocess, sys, tempfile, unittest

PROGRAM, SOURCE = '', ''
# An invented article with all that a format may stumble over: its metadata and text come from anybody.
HOSTILE = {
    'id': '../=cmd|"x"\n<b>&amp;\u2028\U0001F600', 'title': '=HYPERLINK("http://x.invalid","y")\tA "title"\r\nwith lines', 'publisher': '+Evil, "Daily"\t<script>',
    'byline': '@sum(A1)', 'url': 'javascript:alert(1)', 'published': '2031-05-05',
    'text': '"Nobody \U0001F6A2 fired on the harbour," the Norwegian navy\r\nsaid on Sunday.\r\n\r\nThe <b>mayor</b> & council of Hamar said that Danish soldiers\u2028had shot\u0007 '
            'two fishermen \u202eon Friday; "=1+1" was all the army told reporters.\r\n'}


def run(*args):
    r = subprocess.run([PROGRAM, *args, '--data', SOURCE], capture_output=True)
    if r.returncode != 0: raise AssertionError(f'{args}: {r.returncode}: {r.stderr.decode()}')
    return r.stdout.decode('utf-8')


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        hostile = os.path.join(cls.folder, 'hostile.jsonl')
        # Twice: two documents with one id must both come out.
        with open(hostile, 'w') as f: f.write((json.dumps(HOSTILE) + '\n') * 2)
        cls.files = sorted(glob.glob(os.path.join(SOURCE, 'examples', '*.txt'))) + [os.path.join(SOURCE, 'examples', 'harbour.jsonl'), hostile]
        cls.records = [json.loads(line) for line in run('code', *cls.files, '--format', 'jsonl').split('\n') if line]
        cls.events = {r['document']['id'] + '#' + e['id']: (r, e) for r in cls.records for e in r['events']}
        assert len(cls.events) > 50 and any('=cmd' in id for id in cls.events), 'the hostile article has events too'

    def export(self, profile):
        """Into a folder; the same bytes for one thread and several."""
        folders = []
        for threads in ('1', '3'):
            folder = os.path.join(self.folder, profile + threads)
            run('code', *self.files, '--profile', profile, '--output', folder + '/', '--threads', threads)
            folders.append(folder)
        names = sorted(os.listdir(folders[0]))
        self.assertEqual(names, sorted(os.listdir(folders[1])))
        for name in names:
            self.assertNotRegex(name, r'\.part$')
            with open(os.path.join(folders[0], name), 'rb') as a, open(os.path.join(folders[1], name), 'rb') as b: self.assertEqual(a.read(), b.read(), name)
        return folders[0]

    def text(self, folder, name):
        with open(os.path.join(folder, name), encoding='utf-8', newline='') as f: return f.read()

    # --- tables -------------------------------------------------------------------------------------------------------
    def table(self, profile, name, delimiter):
        """Rows as frictionless reads them, after it has found nothing wrong with them; the raw cells beside."""
        from frictionless import Dialect, Resource, Schema, formats
        folder = self.export(profile)
        schema = Schema.from_descriptor(json.loads(self.text(folder, 'schema.json')))
        control = formats.CsvControl(delimiter=delimiter)
        resource = Resource(path=name, basepath=folder, schema=schema, format='csv', encoding='utf-8', dialect=Dialect(controls=[control]))
        report = resource.validate()
        self.assertTrue(report.valid, report.flatten(['rowNumber', 'fieldName', 'note'])[:5])
        rows = Resource(path=name, basepath=folder, schema=schema, format='csv', encoding='utf-8', dialect=Dialect(controls=[control])).read_rows()
        cells = [row for row in csv.reader(io.StringIO(self.text(folder, name), newline=''), delimiter=delimiter)]
        self.assertEqual(cells[0], [field.name for field in schema.fields])
        for row in cells:
            self.assertEqual(len(row), len(cells[0]))
            for cell in row: self.assertNotRegex(cell, r'\A[=+@\t\r\uff1d\uff0b\uff0d\uff20]|\A-(?![0-9.]+\Z)', 'a formula')
        return rows, cells

    def test_csv(self):
        rows, cells = self.table('csv', 'events.csv', ',')
        self.assertEqual(len(rows), sum(len(r['events']) for r in self.records))
        for row, (r, e) in zip(rows, ((r, e) for r in self.records for e in r['events'])):
            self.assertEqual(row['event'].lstrip("'"), r['document']['id'] + '#' + e['id'])
            self.assertEqual((row['type'], row['status'], row['quad'], float(row['intensity'])), (e['type'], e['status'], e['quad'], e['intensity']))
            self.assertEqual(row['cameo'], e['cameo'] and 'cameo:' + e['cameo'])
            self.assertEqual(row['date'], e['date']['value'])
        self.assertTrue(any("'=HYPERLINK" in c for row in cells for c in row))

    def test_csv_beside_a_file_and_on_standard_output(self):
        path = os.path.join(self.folder, 'out.csv')
        run('code', self.files[0], '--format', 'csv', '--output', path)
        self.assertEqual(self.text(self.folder, 'out.csv'), run('code', self.files[0], '--format', 'csv'))
        self.assertEqual([f['name'] for f in json.loads(self.text(self.folder, 'out.schema.json'))['fields']], self.text(self.folder, 'out.csv').split('\r\n')[0].split(','))

    def test_polecat(self):
        rows, cells = self.table('polecat', 'polecat.tsv', '\t')
        with open(os.path.join(SOURCE, 'tests', 'data', 'polecat_columns.txt')) as f: forty = f.read().splitlines()
        self.assertEqual(len(forty), 40)
        self.assertEqual(cells[0][:40], forty)
        self.assertEqual(cells[0][40:], ['Voice', 'Stance', 'Factuality', 'Status', 'Cue', 'Span'])
        self.assertEqual(len(rows), sum(len(r['events']) for r in self.records))

    def test_icews(self):
        rows, _ = self.table('icews', 'icews.tsv', '\t')
        self.assertEqual(len(rows), sum(max(1, len(e['actors'])) * max(1, len(e['recipients'])) for r in self.records for e in r['events']))

    def test_acled(self):
        rows, cells = self.table('acled', 'acled.csv', ',')
        self.assertEqual(cells[0][:31], 'event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 '
                         'interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude geo_precision source source_scale notes fatalities tags timestamp'.split())
        self.assertGreater(len(rows), 3)
        for row in rows:
            e = self.events[row['event_id_cnty'].lstrip("'")][1]
            self.assertIn(e['type'], ('ASSAULT', 'PROTEST', 'COERCE', 'RETREAT', 'MOBILIZE'))
            self.assertIn(e['status'], ('happened', 'ongoing', 'denied'))
            if e['status'] == 'denied': self.assertTrue(any(v['factuality'] in ('CT+', 'PR+') for v in e['voices']))

    def test_gdelt(self):
        from frictionless import Package
        folder = self.export('gdelt')
        package = Package(os.path.join(folder, 'datapackage.json'))
        report = package.validate()
        self.assertTrue(report.valid, report.flatten(['rowNumber', 'fieldName', 'note'])[:5])
        tables = {r.name: r.read_rows() for r in Package(os.path.join(folder, 'datapackage.json')).resources}
        # As readers of GDELT do: no header, so many columns.
        for name, columns in (('export.tsv', 61), ('mentions.tsv', 16)):
            for line in self.text(folder, name).rstrip('\n').split('\n'): self.assertEqual(line.count('\t'), columns - 1)
        self.assertEqual(len(tables['export']), sum(len(r['events']) for r in self.records))
        self.assertEqual(len({row['GlobalEventID'] for row in tables['export']}), len(self.events), 'ids differ where the events do')
        self.assertEqual({row['GlobalEventID'] for row in tables['mentions']}, {row['GlobalEventID'] for row in tables['voices']})
        self.assertEqual(len(tables['voices']), sum(max(1, len(e['voices'])) for r in self.records for e in r['events']))
        for row, (r, e) in zip(tables['export'], ((r, e) for r in self.records for e in r['events'])):
            self.assertEqual((row['QuadClass'], row['EventCode'], row['EventRootCode']), (e['quad'], e['cameo'], e['cameo'] and e['cameo'][:2]))
            if e['date']['value'] and len(e['date']['value']) == 10: self.assertEqual(str(row['Day']), e['date']['value'].replace('-', ''))

    # --- graphs -------------------------------------------------------------------------------------------------------
    def test_ftm(self):
        from followthemoney import model
        folder = self.export('ftm')
        entities = []
        for line in self.text(folder, 'entities.ftm.json').split('\n'):
            if not line: continue
            data = json.loads(line)
            proxy = model.get_proxy(data, cleaned=False)
            model.get(data['schema']).validate(data)
            # What the package would throw away as unclean is a mistake of ours.
            for prop, values in data['properties'].items(): self.assertEqual(len(proxy.get(prop)), len(values), (data['schema'], prop, values))
            entities.append(proxy)
        schemata = {}
        for e in entities: schemata.setdefault(e.schema.name, []).append(e)
        self.assertEqual(len(schemata['Article']), len(self.records))
        self.assertEqual(len(schemata['Event']), sum(len(r['events']) for r in self.records))
        self.assertEqual(len(schemata['Note']), sum(len(r['attributions']) for r in self.records))
        ids = {e.id: e for e in entities}
        for e in entities:
            for prop in e.iterprops():
                if prop.type.name != 'entity': continue
                for value in e.get(prop):
                    self.assertIn(value, ids, 'points at what is not there')
                    self.assertTrue(ids[value].schema.is_a(prop.range), (prop.qname, ids[value].schema.name))
        denied = [e for e in schemata['Event'] if 'status:denied' in e.get('keywords')]
        self.assertTrue(denied and all('(denied)' in e.caption for e in denied))

    def test_gexf(self):
        import networkx
        graph = networkx.read_gexf(os.path.join(self.export('gexf'), 'network.gexf'))
        self.assertTrue(graph.is_directed())
        edges = list(graph.edges(data=True))
        self.assertEqual(len(edges), sum(len(e['actors']) * len(e['recipients']) for r in self.records for e in r['events']))
        for a, b, data in edges:
            key = next(id for id in self.events if ' '.join(id.split()) == ' '.join(data['event'].split()))
            e = self.events[key][1]
            self.assertEqual((data['type'], data['quad'], data['intensity'], data['status'], data['factuality']), (e['type'], e['quad'], e['intensity'], e['status'], e['factuality']))
            for node, side in ((a, 'actors'), (b, 'recipients')): self.assertIn(graph.nodes[node].get('country'), [p['country'] for p in e[side]])

    # --- texts --------------------------------------------------------------------------------------------------------
    def test_conllu(self):
        import conllu
        folder = self.export('conllu')
        sentences = conllu.parse(self.text(folder, 'documents.conllu'))
        self.assertEqual(len(sentences), sum(len(r['sentences']) for r in self.records))
        at = iter(sentences)
        for r in self.records:
            events, voices, parts = {}, {}, set()
            for s in r['sentences']:
                for word in next(at):
                    misc = word['misc'] or {}
                    for item in (misc.get('Event') or '').split(','):
                        if item: events.setdefault(item.split('-', 1)[1], []).append(word['form'])
                    for item in (misc.get('Voice') or '').split(','):
                        if item: voices.setdefault(item.split('-', 1)[1], []).append(word['form'])
                    for item in (misc.get('Part') or '').split(','):
                        if item: parts.add(item.split('-', 1)[1])
                    for item in (misc.get('EventStatus') or '').split(','):
                        if item:
                            id, status = item.split(':')
                            self.assertEqual(status, next(e['status'] for e in r['events'] if e['id'] == id))
                    for item in (misc.get('VoiceStance') or '').split(','):
                        if item: self.assertEqual(item.split(':')[1], next(a['stance'] for a in r['attributions'] if a['id'] == item.split(':')[0]))
            text = r['document']['text']
            letters = lambda s: ''.join(c for c in s if c.isalpha())
            for e in r['events']:
                name = e['id'] + ':' + e['type'] + ('/' + e['mode'] if e['mode'] else '')
                self.assertEqual(letters(''.join(events[name])), letters(text[e['trigger']['start']:e['trigger']['end']]))
                self.assertEqual(bool(e['actors']), f"actor:{e['id']}" in parts)
            for a in r['attributions']:
                for role in ('source', 'cue', 'content'):
                    words = letters(''.join(voices.get(f"{role}:{a['id']}", [])))
                    # What reading leaves out of a span (a page number) is no word.
                    whole = letters(''.join(text[s:e] for s, e in a[role]['spans']))
                    self.assertTrue(words == whole or (r['document']['repairs'] and words), (a['id'], role, words, whole))

    def test_brat(self):
        folder = self.export('brat')
        conf, section = {}, None
        for line in self.text(folder, 'annotation.conf').splitlines():
            if line.startswith('['): section = conf.setdefault(line.strip('[]'), {})
            elif line and not line.startswith(('#', '<')): section[line.split('\t')[0]] = line.split('\t')[1] if '\t' in line else ''
        texts = sorted(n for n in os.listdir(folder) if n.endswith('.txt'))
        self.assertEqual(len(texts), len(self.records), 'documents with one id get two files')
        seen_events = seen_voices = 0
        for name in texts:
            self.assertRegex(name, r'\A[A-Za-z0-9_-][A-Za-z0-9._-]*\Z')
            with open(os.path.join(folder, name), encoding='utf-8') as f: text = f.read()  # line ends as Python reads them: offsets must hold all the same
            ids, late = {}, []
            for line in self.text(folder, name[:-4] + '.ann').splitlines():
                head, rest = line.split('\t', 1)
                if head[0] == 'T':
                    bounds, words = rest.split('\t')
                    kind, spans = bounds.split(' ', 1)
                    self.assertTrue(kind in conf['entities'] or kind in conf['events'], kind)
                    spans = [tuple(map(int, s.split(' '))) for s in spans.split(';')]
                    self.assertEqual(' '.join(text[s:e] for s, e in spans), words)
                    self.assertTrue(all(s < e and not re.search(r'[\r\n]', text[s:e]) for s, e in spans))
                    ids[head] = kind
                elif head[0] == 'E':
                    trigger, *arguments = rest.split(' ')
                    kind, at = trigger.split(':')
                    self.assertEqual(ids[at], kind)
                    ids[head] = kind
                    allowed = {re.match(r'\w+', a).group() for a in conf['events'][kind].split(', ')}
                    for a in arguments:
                        self.assertIn(re.sub(r'\d+$', '', a.split(':')[0]), allowed)
                        late.append(a.split(':')[1])
                    seen_events += kind != 'Attribution'
                    seen_voices += kind == 'Attribution'
                elif head[0] == 'A':
                    kind, of, *value = rest.split(' ')
                    late.append(of)
                    rule = conf['attributes'][kind]
                    self.assertIn(ids[of], rule.split(',')[0].split(':')[1].split('|'))
                    if value: self.assertIn(value[0], rule.split('Value:')[1].split('|'))
                elif head == '*': late += rest.split(' ')[1:]
                elif head[0] == '#': late.append(rest.split('\t')[0].split(' ')[1])
                else: self.fail(line)
            for of in late: self.assertIn(of, ids)
        self.assertEqual(seen_events, sum(len(r['events']) for r in self.records))
        self.assertEqual(seen_voices, sum(len(r['attributions']) for r in self.records))

    # The terms of http://www.w3.org/ns/anno.jsonld that we use: the test does without the network.
    OA = {'oa': 'http://www.w3.org/ns/oa#', 'as': 'http://www.w3.org/ns/activitystreams#', 'rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'xsd': 'http://www.w3.org/2001/XMLSchema#',
          'id': '@id', 'type': '@type', 'Annotation': 'oa:Annotation', 'TextualBody': 'oa:TextualBody', 'SpecificResource': 'oa:SpecificResource',
          'TextQuoteSelector': 'oa:TextQuoteSelector', 'TextPositionSelector': 'oa:TextPositionSelector', 'AnnotationPage': 'as:OrderedCollectionPage',
          **{m: 'oa:' + m for m in ('classifying', 'describing', 'identifying', 'linking', 'tagging')},
          **{k: {'@id': v, '@type': '@id'} for k, v in (('body', 'oa:hasBody'), ('target', 'oa:hasTarget'), ('source', 'oa:hasSource'), ('selector', 'oa:hasSelector'))},
          'items': {'@id': 'as:items', '@type': '@id', '@container': '@list'}, 'motivation': {'@id': 'oa:motivatedBy', '@type': '@vocab'}, 'purpose': {'@id': 'oa:hasPurpose', '@type': '@vocab'},
          'format': 'http://purl.org/dc/elements/1.1/format', 'value': 'rdf:value', 'exact': 'oa:exact', 'prefix': 'oa:prefix', 'suffix': 'oa:suffix',
          'start': {'@id': 'oa:start', '@type': 'xsd:nonNegativeInteger'}, 'end': {'@id': 'oa:end', '@type': 'xsd:nonNegativeInteger'}}

    def test_web_annotation(self):
        import pyshacl, rdflib
        page = json.loads(self.text(self.export('web-annotation'), 'annotations.jsonld'))
        self.assertEqual(page['@context'], 'http://www.w3.org/ns/anno.jsonld')
        keys = set()
        def walk(x):
            if isinstance(x, dict):
                keys.update(x)
                for v in x.values(): walk(v)
            elif isinstance(x, list):
                for v in x: walk(v)
        walk(page)
        self.assertEqual(keys - {'@context'} - set(self.OA), set(), 'a term that the context does not have')
        # The text at the position is the quotation, and what stands around it stands around it.
        texts = {}
        for r in self.records: texts.setdefault(r['document']['url'] if (r['document']['url'] or '').startswith('http') else None, []).append(r['document']['text'])
        records = {}
        for r in self.records: records.setdefault(r['document']['id'], r)
        from urllib.parse import unquote
        for a in page['items']:
            text = records[unquote(a['id'].split('urn:reportedly:')[1].rsplit('#', 1)[0])]['document']['text']
            for target in a['target']:
                if isinstance(target, str): continue
                quote, position = target['selector']
                start, end = position['start'], position['end']
                self.assertEqual(text[start:end], quote['exact'])
                self.assertTrue(text[:start].endswith(quote['prefix']) and text[end:].startswith(quote['suffix']))
                self.assertNotIn('javascript:', target['source'])
        self.assertEqual(len(page['items']), sum(len(r['entities']) + len(r['attributions']) + len(r['events']) for r in self.records))
        # Two documents and the hostile one are enough for a graph: pyshacl is slow.
        few = self.records[0]['document']['id'], self.records[4]['document']['id']
        page['items'] = [a for a in page['items'] if any(id in a['id'] for id in few) or '%3Dcmd' in a['id']]
        page['@context'] = self.OA
        graph = rdflib.Graph().parse(data=json.dumps(page), format='json-ld')
        oa = rdflib.Namespace('http://www.w3.org/ns/oa#')
        self.assertEqual(len(set(graph.subjects(rdflib.RDF.type, oa.Annotation))), len({a['id'] for a in page['items']}))
        shapes = rdflib.Graph().parse(os.path.join(SOURCE, 'tests', 'data', 'web_annotation_shapes.ttl'), format='turtle')
        once = rdflib.Graph().parse(data=json.dumps({**page, 'items': [a for a in page['items'] if '%3Dcmd' not in a['id']]}), format='json-ld')
        conforms, _, report = pyshacl.validate(once, shacl_graph=shapes)
        self.assertTrue(conforms, report)
        # The shapes can fail: without its quotation a selector is none.
        once.remove((None, oa.exact, None))
        self.assertFalse(pyshacl.validate(once, shacl_graph=shapes)[0])

    def check_vocabulary(self, node):
        """Every property is one of its type in schema.org, and what stands there of a type that belongs there."""
        import importlib
        model = lambda name: getattr(importlib.import_module('pydantic2_schemaorg.' + name), name)
        ranges = {}
        for cls in reversed(model(node['@type']).__mro__): ranges.update(getattr(cls, '__annotations__', {}))
        for key, value in node.items():
            if key.startswith('@'): continue
            self.assertIn(key, ranges, node['@type'])
            for part in value if isinstance(value, list) else [value]:
                if not isinstance(part, dict): continue
                names = set(re.findall(r"""['"]([A-Z][A-Za-z]+)['"]""", str(ranges[key]))) - {'Text', 'URL'}
                self.assertTrue(any(issubclass(model(part['@type']), model(name)) for name in names), f'{node["@type"]}.{key}: {part["@type"]}, not {names}')
                self.check_vocabulary(part)

    def test_claim(self):
        import rdflib
        lines = [json.loads(line) for line in self.text(self.export('claim'), 'claims.jsonl').split('\n') if line]
        checkable = ('asserts', 'denies', 'accuses', 'supposes', 'concedes', 'relays', 'doubts')
        claims = [(r, a) for r in self.records for a in r['attributions'] if a['stance'] in checkable and not a['hypothetical'] and a['content']['spans']]
        self.assertEqual(len(lines), len(claims))
        for line, (r, a) in zip(lines, claims):
            self.assertEqual((line['@context'], line['@type'], line['itemReviewed']['@type']), ('https://schema.org', 'ClaimReview', 'Claim'))
            self.check_vocabulary(line)
            self.assertEqual((line['reviewRating'], line['creativeWorkStatus']), ({'@type': 'Rating', 'ratingValue': '', 'alternateName': ''}, 'Draft'))
            self.assertIn('stance:' + a['stance'], line['itemReviewed']['keywords'])
            self.assertEqual(line['itemReviewed']['author'] is None, not a['source']['spans'] and not a['source']['entity'])
            graph = rdflib.Graph().parse(data=json.dumps({**line, '@context': {'@vocab': 'https://schema.org/', 'url': {'@type': '@id'}}}), format='json-ld')
            schema = rdflib.Namespace('https://schema.org/')
            review = next(graph.subjects(rdflib.RDF.type, schema.ClaimReview))
            claim = graph.value(review, schema.itemReviewed)
            self.assertIn((claim, rdflib.RDF.type, schema.Claim), graph)
            self.assertEqual(str(graph.value(review, schema.claimReviewed)), ' … '.join(' '.join(re.split(r'[ \r\n\t]+', r['document']['text'][s:e])).strip() for s, e in a['content']['spans']))

    # --- the command --------------------------------------------------------------------------------------------------
    def test_every_profile_is_documented_and_tested(self):
        names = re.search(r'For other programs:([^(]+)\(', ' '.join(run_help().split())).group(1).replace(' ', '').split(',')
        self.assertGreaterEqual(len(names), 11)
        with open(os.path.join(SOURCE, 'docs', 'exports.md')) as f: page = f.read()
        for name in names:
            self.assertRegex(page, rf'(?m)^## `{re.escape(name)}`', name)
            self.assertTrue(hasattr(self, 'test_' + name.replace('-', '_')), name)

    def test_codebook_is_current(self):
        with open(os.path.join(SOURCE, 'docs', 'codebook.md'), encoding='utf-8') as f:
            self.assertEqual(f.read(), subprocess.run([PROGRAM, 'codebook'], capture_output=True, check=True).stdout.decode(), 'run: reportedly codebook >docs/codebook.md')

    def test_places_that_cannot_be_written(self):
        for args in (('--profile', 'brat'), ('--profile', 'gdelt', '--output', '-')):
            r = subprocess.run([PROGRAM, 'code', self.files[0], *args, '--data', SOURCE], capture_output=True)
            self.assertEqual((r.returncode, r.stdout), (2, b''))
            self.assertIn(b'--output', r.stderr)
        file = os.path.join(self.folder, 'a file')
        with open(file, 'w') as f: f.write('kept')
        r = subprocess.run([PROGRAM, 'code', self.files[0], '--profile', 'gdelt', '--output', file, '--data', SOURCE], capture_output=True)
        self.assertEqual(r.returncode, 1)
        self.assertEqual(self.text(self.folder, 'a file'), 'kept')
        r = subprocess.run([PROGRAM, 'code', self.files[0], '--profile', 'csv', '--output', '/dev/full', '--data', SOURCE], capture_output=True)
        self.assertEqual(r.returncode, 1)
        self.assertIn(b'cannot write', r.stderr)


def run_help(): return subprocess.run([PROGRAM, 'code', '--help'], capture_output=True, check=True).stdout.decode()


if __name__ == '__main__':
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if not os.path.exists(os.path.join(SOURCE, 'models', 'reportedly-en.bin')): sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
