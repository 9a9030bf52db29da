#!/usr/bin/env python3
"""The passages and their scorer: all passages of the repository are right; gold written as output scores 100; damage lowers the figure it belongs to.

usage: passages_test.py SOURCE_FOLDER
"""
import copy
import os
import sys
import tempfile
import unittest

SOURCE = sys.argv[1]
sys.path.insert(0, os.path.join(SOURCE, 'tools', 'score'))
import passages as scorer  # noqa: E402

reader = scorer.reader

TEXT = '''
- id: test-1
  published: 2034-03-09
  tags: [nested, dispute]
  text: |
    APIA, 9 March 2034 – Radio Polynesia said on Thursday that a nurse, Sina Leota, had told it that Tongan sailors beat two Samoan fishermen
    in Asau. Tonga’s navy denied that its sailors had harmed anybody. “They never left the ship,” its spokesman said.

    Samoa demanded an apology. It may expel the Tongan envoy.
  entities:
    radio: {kind: organisation, country: WSM, sectors: [JRN], name: Radio Polynesia, at: [Radio Polynesia, it]}
    nurse: {kind: person, country: WSM, sectors: [MED], name: Sina Leota, at: [a nurse, Sina Leota]}
    sailors: {kind: group, country: TON, sectors: [MIL], at: [Tongan sailors, its sailors, They]}
    fishermen: {kind: group, country: WSM, sectors: [CVL], at: [two Samoan fishermen]}
    anybody: {kind: group, country: null, sectors: [], at: [anybody]}
    navy: {kind: organisation, country: TON, sectors: [MIL], name: Tonga’s navy, at: [Tonga’s navy, its]}
    spokesman: {kind: person, country: TON, sectors: [MIL], at: [its spokesman]}
    samoa: {kind: state, country: WSM, sectors: [GOV], name: Samoa, at: [Samoa, It]}
    envoy: {kind: office, country: TON, sectors: [GOV], at: [the Tongan envoy]}
  times:
    - {at: 9 March 2034, type: DATE, value: "2034-03-09"}
    - {at: Thursday, type: DATE, value: "2034-03-09"}
  places:
    - {at: APIA, country: WSM, role: dateline}
    - {at: Asau, country: WSM, role: mention}
  voices:
    a1: {source: Radio Polynesia, cue: said, content: "that a nurse .. Asau", by: radio, kind: organisation, stance: asserts}
    a2: {source: "a nurse, Sina Leota", cue: had told, content: "that Tongan .. Asau", by: nurse, kind: named_person, stance: asserts, in: a1}
    a3: {source: "Tonga’s navy", cue: denied, content: "that its sailors .. anybody", by: navy, kind: organisation, stance: denies}
    a4: {source: its spokesman, cue: said@2, content: "“They .. ship,”", by: spokesman, kind: unnamed, stance: asserts}
  events:
    v1: {type: ASSAULT, mode: beat, at: beat, actors: [sailors], recipients: [fishermen], date: 2034-03, place: Asau, says: {a2: CT+}, status: happened}
    v2: {type: ASSAULT, at: harmed, actors: [sailors], recipients: [anybody], date: null, place: null, says: {a3: CT-}, status: denied}
    v3: {type: REQUEST, mode: yield, at: demanded, actors: [samoa], recipients: [], date: 2034-03-09, place: null, says: {narrator: CT+}, status: happened}
    v4: {type: SANCTION, mode: expel, at: expel, actors: [samoa], recipients: [envoy], date: null, place: null, says: {narrator: PS+}, status: possible}
  disputes:
    - {kind: occurrence, positions: [{holds: happened, event: v1, voices: [a2]}, {holds: did not happen, event: v2, voices: [a3]}]}
- id: test-2
  published: null
  tags: [negative, sports]
  text: The Harriers attacked from the first minute and bombarded the visitors’ goal, their captain told the crowd.
  entities:
    captain: {kind: person, country: null, sectors: [], at: [their captain]}
  voices:
    a1: {source: their captain, cue: told, content: "The Harriers .. goal", by: captain, kind: unnamed, stance: asserts}
'''

PERFECT = '''events_P events_R events_F overlap_F roles_F quad_F mode status status_other status_macro factuality voice voice_told voice_narrator voices_F date
    date_precision place place_precision source_F cue_F content_F strict_F dice_F nested_found nested_parent nested_right stance stance_other hypothetical
    source_entity source_entity_other disputes_P disputes_R country sector'''.split()


class Passages(unittest.TestCase):
    def test_all_passages_are_right(self):
        folder = os.path.join(SOURCE, 'training', 'passages')
        second = os.path.join(folder, 'second')     # reads passages of the other folders once more, under the same ids
        for paths in ([d for d in (os.path.join(folder, 'train'), os.path.join(folder, 'test')) if os.path.isdir(d)], [second] if os.path.isdir(second) else []):
            r = reader.Reader()
            for f in reader.files(paths): r.read(f)
            self.assertEqual(r.faults, [])


class Scorer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'a.yaml'), 'w', encoding='utf-8') as f: f.write(TEXT)
            r = reader.Reader()
            cls.passages = r.read(os.path.join(folder, 'a.yaml'))
            assert not r.faults, r.faults
        cls.gold = {p.id: scorer.record(p) for p in cls.passages}

    def figures(self, damage=None):
        records = copy.deepcopy(self.gold)
        if damage: damage(records['test-1'])
        return scorer.score(self.passages, records).figures()

    def lowers(self, damage, *expected):
        """The damage lowers exactly these figures."""
        f = self.figures(damage)
        self.assertEqual({k for k in PERFECT if f.get(k, 100.0) != 100.0}, set(expected))

    def test_gold_scores_100(self):
        f = self.figures()
        for k in PERFECT:
            if k != 'source_entity_other': self.assertEqual(f[k], 100.0, k)  # no such source here
        self.assertEqual(f['negatives'], 0.0)
        self.assertEqual(f['negatives_by'], {'sports': [0, 1]})
        self.assertEqual((f['status_happened'], f['voice_constant'], f['stance_asserts']), (50.0, 50.0, 80.0))

    def test_events(self):
        def other_type(r): r['events'][3]['type'] = 'COERCE'
        self.lowers(other_type, 'events_P', 'events_R', 'events_F', 'overlap_F', 'roles_F')
        self.assertEqual(self.figures(other_type)['events_F'], 75.0)

        def elsewhere(r): r['events'][3]['trigger'] = {'start': r['document']['text'].index('the Tongan envoy'), 'end': len(r['document']['text'])}
        self.lowers(elsewhere, 'overlap_F')

        def other_sentence(r): r['events'][3]['trigger'] = r['events'][0]['trigger']
        self.lowers(other_sentence, 'events_P', 'events_R', 'events_F', 'overlap_F', 'roles_F', 'quad_F')

        def mode(r): r['events'][0]['mode'] = 'torture'
        self.lowers(mode, 'mode')

    def test_roles(self):
        def country(r): r['events'][0]['actors'][0]['country'] = 'FJI'
        self.lowers(country, 'roles_F', 'country')

        def nobody(r): r['events'][2]['recipients'] = r['events'][3]['recipients']
        self.lowers(nobody, 'roles_F')

        def sector(r): r['events'][0]['actors'][0]['sectors'] = ['GOV']
        self.lowers(sector, 'sector')

        def no_country_by_words(r):
            x = r['events'][1]['recipients'][0]
            x['span'], x['entity'] = [0, 4], 'e1'
        self.lowers(no_country_by_words, 'roles_F')

    def test_negatives(self):
        records = copy.deepcopy(self.gold)
        records['test-2']['events'] = records['test-1']['events'][:1]
        records['test-2']['events'][0]['attribution'] = None
        records['test-2']['events'][0]['place'] = None
        f = scorer.score(self.passages, records).figures()
        self.assertEqual((f['negatives'], f['negatives_by']['sports']), (100.0, [1, 1]))
        self.assertEqual((f['events_P'], f['events_R']), (80.0, 100.0))

    def test_status_and_factuality(self):
        def status(r): r['events'][1]['status'] = 'happened'
        self.lowers(status, 'status', 'status_other', 'status_macro')
        self.assertEqual((self.figures(status)['status'], self.figures(status)['status_other']), (75.0, 50.0))

        def value(r): r['events'][3]['factuality'] = 'CT+'
        self.lowers(value, 'factuality')

    def test_voices(self):
        def narrator(r): r['events'][0]['attribution'] = None
        self.lowers(narrator, 'voice', 'voice_told')

        def other(r): r['events'][0]['attribution'] = 'a1'
        self.lowers(other, 'voice', 'voice_told')

        def told(r): r['events'][2]['attribution'] = 'a4'
        self.lowers(told, 'voice', 'voice_narrator')

        def more(r): r['events'][2]['voices'].append({'attribution': 'a4', 'factuality': 'CT+'})
        self.lowers(more, 'voices_F')

    def test_dates_and_places(self):
        def date(r): r['events'][2]['date']['value'] = '2034-03-08'
        self.lowers(date, 'date', 'date_precision')

        def too_many(r): r['events'][3]['date']['value'] = '2034-03-09'
        self.lowers(too_many, 'date_precision')

        def place(r): r['events'][0]['place'] = 'p1'
        self.lowers(place, 'place', 'place_precision')

    def test_attributions(self):
        def shorter(r): r['attributions'][3]['content']['spans'][0] = [r['attributions'][3]['content']['spans'][0][0], r['attributions'][3]['content']['spans'][0][1] - 7]
        self.lowers(shorter, 'content_F', 'strict_F')

        def parent(r): r['attributions'][1]['parent'] = None
        self.lowers(parent, 'nested_parent', 'nested_right')

        def stance(r): r['attributions'][2]['stance'] = 'asserts'
        self.lowers(stance, 'stance', 'stance_other')

        def hypothetical(r): r['attributions'][0]['hypothetical'] = True
        self.lowers(hypothetical, 'hypothetical')

        def no_cue(r): r['attributions'][1]['cue']['spans'] = []
        self.lowers(no_cue, 'cue_F', 'strict_F', 'dice_F', 'nested_found', 'nested_right')

        def extra(r): r['attributions'].append({**r['attributions'][0], 'id': 'a9', 'source': {'spans': [], 'entity': None}})
        self.lowers(extra, 'cue_F', 'content_F', 'strict_F', 'dice_F')

    def test_source_entities(self):
        def other(r): r['attributions'][0]['source']['entity'] = 'e2'
        self.lowers(other, 'source_entity')

        def unnamed(r): r['attributions'][1]['source']['entity'] = None
        self.lowers(unnamed, 'source_entity')

    def test_pronouns_must_lead_to_the_name(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'a.yaml')
            with open(path, 'w', encoding='utf-8') as f:
                f.write('''
- id: test-3
  text: Ana Tui of the harbour office came late. She said the pier was closed.
  entities:
    ana: {kind: person, country: null, sectors: [], name: Ana Tui, at: [Ana Tui of the harbour office, She]}
  voices:
    a1: {source: She, cue: said, content: the pier was closed, by: ana, kind: named_person, stance: asserts}
''')
            p = reader.Reader().read(path)[0]
        r = scorer.record(p)
        self.assertEqual(scorer.score([p], {p.id: r}).figures()['source_entity_other'], 100.0)
        r['entities'][0].update(name='She', mentions=r['entities'][0]['mentions'][1:])
        self.assertEqual(scorer.score([p], {p.id: r}).figures()['source_entity_other'], 0.0)

    def test_disputes(self):
        def none(r): r['disputes'] = []
        self.lowers(none, 'disputes_P', 'disputes_R')

        def kind(r): r['disputes'][0]['kind'] = 'agent'
        self.lowers(kind, 'disputes_P', 'disputes_R')

        def more(r): r['disputes'].append(r['disputes'][0])
        self.lowers(more, 'disputes_P')

        def same_side(r):
            for x in r['disputes'][0]['positions']: x.update(event='v1', voices=['a2'])
        self.lowers(same_side, 'disputes_P', 'disputes_R')

    def test_two_readings(self):
        """A second reading is scored as if it were output, on the passages that both have."""
        self.assertEqual(scorer.agreement(self.passages, self.passages[:1]).figures()['events_F'], 100.0)
        self.assertEqual(scorer.agreement(self.passages, self.passages[:1]).figures()['counts']['passages'], 1)

    def test_output_must_be_there(self):
        with self.assertRaises(ValueError): scorer.score(self.passages, {})


if __name__ == '__main__': unittest.main(argv=sys.argv[:1])
