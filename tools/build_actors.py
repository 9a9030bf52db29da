#!/usr/bin/env python3
"""Makes lexicon/actors/{persons,institutions,organisations,armed_groups,places}.txt from the PETRARCH2 actor dictionaries.

usage: build_actors.py PETRARCH2_FOLDER [LEXICON_ACTORS_FOLDER]

The dictionaries (openeventdata/petrarch2, MIT licence, (c) 2014 Open Event Data Alliance) hold about 12,000 office holders
with dates of office up to 2014. Only facts are taken over, into the line format of docs/actors.md: who, from when to when,
for which country, in which sector. CAMEO sector codes become PLOVER sectors; codes with no counterpart are dropped.
Standard library only; the output depends on the input alone."""
import os, re, sys

# CAMEO: MED is media and HLH health; PLOVER: JRN and MED.
SECTOR = {'GOV': 'GOV', 'MIL': 'MIL', 'COP': 'COP', 'JUD': 'JUD', 'LEG': 'LEG', 'OPP': 'OPP', 'REB': 'REB', 'INS': 'REB', 'SEP': 'REB', 'ELI': 'ELI', 'BUS': 'BUS',
          'EDU': 'EDU', 'LAB': 'LAB', 'AGR': 'AGR', 'REL': 'REL', 'REF': 'REF', 'MED': 'JRN', 'HLH': 'MED', 'SPY': 'SPY', 'CVL': 'CVL', 'UAF': 'UAF', 'CRM': 'CRM', 'PTY': 'PTY',
          'CIV': 'CVL', 'SOC': 'SOC', 'NGO': 'SOC', 'PRM': 'PRM'}
NO_SECTOR = set('MUS CHR CTH JEW HIN BUD PRO ORT SHI SUN SIK MOS RAD MOD KID HRI ENV DEV WBK HCR WFP HCH ICJ IAE AIE ILO WCT WHO FAO PPL TAM KUR ALQ DOX HSD ATH CON MRN BAH TRA'.split())
COUNTRY = {'JAP': 'JPN', 'ROM': 'ROU', 'ZAR': 'COD', 'TMP': 'TLS', 'GME': 'DEU', 'BYS': 'BLR', 'NTH': 'NLD', 'SGP': 'SGP', 'BUR': 'MMR', 'WBG': 'PSE', 'PAL': 'PSE', 'KSV': 'KOS', 'UNK': 'KOS', 'XKX': 'KOS',
           'SAM': 'WSM', 'CZE': 'CZE', 'FRN': 'FRA', 'ITL': 'ITA', 'GER': 'DEU', 'TIM': 'TLS', 'SLV': 'SLV', 'SUN': 'RUS', 'YUG': 'SRB', 'SCG': 'SRB', 'DDR': 'DEU', 'GMW': 'DEU', 'CSK': 'CZE'}
ISO = set('''AFG ALB DZA ASM AND AGO AIA ATG ARG ARM ABW AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BMU BTN BOL BIH BWA BRA VGB BRN BGR BFA BDI KHM CMR CAN CPV CYM CAF TCD CHL CHN COL COM COG COD COK CRI CIV HRV CUB
CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST ETH FRO FLK FJI FIN FRA GUF PYF GAB GMB GEO DEU GHA GIB GRC GRL GRD GLP GUM GTM GIN GNB GUY HTI VAT HND HKG HUN ISL IND IDN IRN IRQ IRL IMN ISR ITA JAM JPN JOR KAZ
KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MKD MDG MWI MYS MDV MLI MLT MHL MTQ MRT MUS MYT MEX FSM MDA MCO MNG MNE MSR MAR MOZ MMR NAM NRU NPL NLD NCL NZL NIC NER NGA NIU NFK MNP NOR PSE OMN PAK
PLW PAN PNG PRY PER PHL PCN POL PRT PRI QAT REU ROU RUS RWA SHN KNA LCA SPM VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWZ SWE CHE SYR TWN TJK TZA THA TLS TGO TKL TON TTO TUN
TUR TKM TCA TUV VIR UGA UKR ARE GBR USA URY UZB VUT VEN VNM WLF ESH YEM ZMB ZWE KOS UNO EUR IGO NGO IMG ISM MNC'''.split())
TITLE = re.compile(r'^(PRESIDENT|PRIME|FOREIGN|MINISTER|PREMIER|KING|QUEEN|EMIR|SULTAN|GENERAL|GEN\.?|COL\.?|COLONEL|SECRETARY|CHANCELLOR|DEFEN[CS]E|INTERIOR|VICE|DEPUTY|SENATOR|MR|MRS|DR|FORMER|ACTING|U\.?S\.?|THE|'
                   r'LEADER|CHAIRMAN|SPEAKER|JUSTICE|JUDGE|AMBASSADOR|GOVERNOR|SHEIKH?|PRINCE|AYATOLLAH|MULLAH|MAJ|LT|MARSHAL|ADMIRAL|STRONGMAN|CLERIC|ARCHBISHOP|POPE|UN|UNITED)$')
NOT_A_NAME = re.compile(r"[^A-Za-z .'\-]")
SMALL = {'Al', 'Bin', 'Ibn', 'De', 'Da', 'Dos', 'Del', 'La', 'Van', 'Von', 'Der', 'Den', 'Of', 'The', 'And', 'For', 'In', 'On', 'To', 'Ul', 'Ud', 'El'}
NO_PERSON = re.compile(r'\b(REPUBLIC|GOVERNMENT|PARTY|MINISTRY|COUNCIL|ARMY|FORCES|MOVEMENT|UNION|STATES|KINGDOM|COMMITTEE|FRONT|PARLIAMENT|COURT|AGENCY|KNESSET|POLICE|ADMINISTRATION|FEDERATION|CONGRESS|ASSEMBLY|OFFICE|BANK|MILITIA|REBELS|LEADER|SPOKESMAN|SPOKESPERSON|SECRETARY|MINISTER|PRESIDENT|OFFICIAL|VICE|COMMISSION|ALLIANCE|LEAGUE|REGIME|JUNTA|STATE|PROVINCE)\b')
AS_OF = '2014-01-30'


def date(s):
    if len(s) == 8: y, m, d = s[:4], s[4:6], s[6:]
    elif len(s) == 6: y, m, d = ('20' if int(s[:2]) <= 14 else '19') + s[:2], s[2:4], s[4:]
    else: return None
    if not (s.isdigit() and 1800 < int(y) < 2016 and 1 <= int(m) <= 12 and 1 <= int(d) <= 31): return None
    return f'{y}-{m}-{d}'


def code(text):
    """'[AFGGOVMIL 011222-140930]' without brackets → (country, sectors, from, to); None where it cannot be read."""
    m = re.match(r'^\s*([A-Z]{3}(?:[A-Z]{3})*)\s*(.*?)\s*$', text)
    if not m: return None
    parts = [m[1][i:i + 3] for i in range(0, len(m[1]), 3)]
    country = COUNTRY.get(parts[0], parts[0])
    if parts[0] == 'IGO' and 'UNO' in parts: country, parts = 'UNO', [p for p in parts if p != 'UNO']
    elif parts[0] == 'IGO' and ('EEC' in parts or 'EUR' in parts): country, parts = 'EUR', [p for p in parts if p not in ('EEC', 'EUR')]
    if country not in ISO: return None
    sectors = []
    for p in parts[1:]:
        if p in SECTOR: sectors.append(SECTOR[p])
        elif p not in NO_SECTOR: pass
    begin = end = ''
    if m[2]:
        r = re.match(r'^(\d{6,8})\s*-\s*(\d{6,8})$', m[2])
        if r: begin, end = date(r[1]), date(r[2])
        elif m[2][0] == '>': begin = date(m[2][1:].strip())
        elif m[2][0] == '<': end = date(m[2][1:].strip())
        else: return None
        if begin is None or end is None or (begin and end and begin > end): return None
    return country, list(dict.fromkeys(sectors)), begin, end


def entries(path):
    """(names, codes, line of the first name) in file order."""
    names, codes, first = [], [], 0
    for number, raw in enumerate(open(path, encoding='utf-8', errors='replace'), 1):
        line = raw.split('#')[0].rstrip()
        if not line.strip(): continue
        found = re.findall(r'\[([^\]]*)\]', line)
        name = line.split('[')[0].strip()
        if name and not name.startswith('+') and not line[0].isspace():
            if names: yield names, codes, first
            names, codes, first = [], [], number
        if name: names.append(name.lstrip('+').strip())
        codes += found
    if names: yield names, codes, first


def plain(name):
    n = re.sub(r'\s+', ' ', name.replace('_', ' ')).strip(' .-')
    n = re.sub(r'\s*\(([^)]*)\)?\s*$', '', n)
    return n if n and not NOT_A_NAME.search(n) else None


def cased(name):
    words = []
    for i, w in enumerate(name.lower().split(' ')):
        w = '-'.join(p[:1].upper() + p[1:] for p in w.split('-'))
        words.append(w.lower() if i and w in SMALL else w)
    return ' '.join(words)


def segments(codes):
    out = []
    for c in codes:
        s = code(c)
        if s is None: continue
        country, sectors, begin, end = s
        text = country + ' ' + (','.join(sectors) or '-')
        if begin or end: text += f' {begin}..{end}'
        if text not in out: out.append(text)
    return out


def people(names):
    """The full name and its other forms; titles are the text's own business and are left out."""
    out = []
    for n in names:
        p = plain(n)
        if not p: continue
        words = p.split(' ')
        if TITLE.match(words[0]) or len(words) > 6 or NO_PERSON.search(p.upper()): continue
        if len(words) == 1 and len(p) < 5: continue
        if any(len(w.strip(".")) == 0 for w in words): continue
        c = cased(p)
        if c not in out: out.append(c)
    full = next((n for n in out if ' ' in n), None)
    if full is None: return None
    out.remove(full)
    return [full] + out


def write(path, kind, what, lines, as_of=True):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(f'# {what}\n# Made by tools/build_actors.py from the actor dictionaries of PETRARCH2 (https://github.com/openeventdata/petrarch2, commit 676801c):\n'
                '# the MIT License, Copyright (c) 2014 Open Event Data Alliance; facts carried over, form and codes are ours. Format: docs/actors.md.\n'
                '# Later facts belong into leaders.txt and the .yaml files, which win over this one.\n')
        f.write(f'kind {kind}\n')
        if as_of: f.write(f'as-of {AS_OF}\n')
        f.writelines(l + '\n' for l in lines)


def main():
    source = sys.argv[1]
    target = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lexicon', 'actors')
    persons, institutions, places = {}, {}, {}
    for names, codes, _ in entries(os.path.join(source, 'Phoenix.Countries.actors.txt')):
        if not codes: continue
        seg = segments(codes)
        if not seg: continue
        bare = len(seg) == 1 and seg[0].endswith(' -')
        dated = any('..' in s for s in seg)
        if bare and not dated:
            country = seg[0][:3]
            for n in names:
                p = plain(n)
                if p and len(re.sub('^THE |[^A-Za-z]', '', p.upper())) > 3 and p.count(' ') < 4: places.setdefault(cased(p), set()).add(country)
        elif dated:
            who = people(names)
            if who:
                old = persons.setdefault(who[0], ([], []))
                old[0].extend(a for a in who[1:] if a not in old[0])
                old[1].extend(s for s in seg if s not in old[1])
        elif len(seg) == 1:
            out = [c for c in (plain(n) for n in names) if c and ' ' in c]
            if out:
                c = [cased(n) for n in out]
                institutions.setdefault(c[0], (list(dict.fromkeys(c[1:])), seg))
    write(os.path.join(target, 'persons.txt'), 'person', 'Office holders with the dates of their offices.', ('|'.join((n, '; '.join(a), '; '.join(s))) for n, (a, s) in sorted(persons.items())))
    write(os.path.join(target, 'institutions.txt'), 'organisation', 'Institutions and bodies of states.', ('|'.join((n, '; '.join(a), '; '.join(s))) for n, (a, s) in sorted(institutions.items())), False)
    by = {}
    for n, countries in places.items():
        if len(countries) == 1: by.setdefault(next(iter(countries)), []).append(n)
    write(os.path.join(target, 'places.txt'), 'place', 'Towns, provinces and older spellings of names, by country.', (f'{c}|{"; ".join(sorted(ns))}|{c} -' for c, ns in sorted(by.items())), False)
    for file, out, kind, what in (('Phoenix.International.actors.txt', 'organisations.txt', 'organisation', 'International organisations, companies, associations.'),
                                  ('Phoenix.MilNonState.actors.txt', 'armed_groups.txt', 'armed_group', 'Armed groups.')):
        lines = {}
        for names, codes, _ in entries(os.path.join(source, file)):
            seg = [s for s in segments(codes) if kind != 'armed_group' or 'REB' in s or s.startswith('IMG')]
            if not seg: continue
            dated = any('..' in s for s in seg)
            if dated and kind == 'organisation': continue
            shown = []
            for n in names:
                p = plain(n)
                if not p: continue
                acronym = ' ' not in p and p.isupper() and len(p) <= 6
                if ' ' not in p and (not acronym or (seg[0][:3] in ('MNC', 'NGO'))): continue  # single words of company names are too often common words
                shown.append(p if acronym else cased(p))
            for m in (re.search(r'\(([A-Z]{3,6})\)', n) for n in names):
                if m and kind == 'armed_group': shown.append(m[1])
            shown = list(dict.fromkeys(shown))
            if shown and ' ' in shown[0]: lines.setdefault(shown[0], (shown[1:], seg[:1]))
        write(os.path.join(target, out), kind, what, ('|'.join((n, '; '.join(a), '; '.join(s))) for n, (a, s) in sorted(lines.items())), False)


main()
