// Search: hits with their passages, and how many of them have what.
import {add, h, href, passage, plural, tell} from './dom.js';
import {get} from './api.js';
import {count_switch, counted, filter_bar, filters_of} from './filters.js';
import {decision_tag, stance_style, tag} from './marks.js';

const NAMES = {publisher: 'Publisher', month: 'Published', actor: 'Actor', type: 'Event type', speaker: 'Speaker', stance: 'Stance', status: 'Status', disputed: 'Dispute'};

/** What a click on a facet's value sets. */
function change(facet, value, parameters) {
  if (facet !== 'month') return {...parameters, after: '', [facet]: parameters[facet] === value ? '' : value};
  const [year, month] = value.split('-').map(Number);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const from = value + '-01', on = parameters.from === from;
  return {...parameters, after: '', from: on ? '' : from, to: on ? '' : `${value}-${String(last).padStart(2, '0')}`};
}

const COUNTS = ['documents', 'origins'];

function facet_lists(rows, parameters) {
  const groups = new Map(), count = counted(parameters, COUNTS);
  for (const row of rows) (groups.get(row.facet) || groups.set(row.facet, []).get(row.facet)).push(row);
  if (count === 'origins') for (const [facet, values] of groups) if (facet !== 'month') values.sort((x, y) => y.origins - x.origins);
  return [...groups].map(([facet, values]) => h('section', null, h('h3', null, NAMES[facet]),
    h('ul', null, values.map(row => {
      const on = facet === 'month' ? parameters.from === row.value + '-01' : parameters[facet] === row.value;
      return h('li', null, h('a', {href: href('search', change(facet, row.value, parameters)), 'aria-current': on ? 'true' : null},
        h('span', {class: 'label'}, row.label), h('span', {class: 'n'}, row[count].toLocaleString('en'))));
    }))));
}

function hit(row) {
  const at = row.attribution || '';
  return h('li', null,
    h('a', {href: href('read', {document: row.document, at}), 'data-stop': true}, row.title || (row.passage || row.document).replace(/[«»]/g, '').slice(0, 80)),
    h('p', {class: 'soft'}, [row.publisher, row.published || 'no date'].filter(Boolean).join(' · '),
      row.voice && [' · ', row.voice, ' ', tag(row.stance, stance_style(row.stance)), decision_tag(row)]),
    h('p', {class: 'passage'}, passage(row.passage)));
}

export async function show(place, parameters, {go}) {
  const conditions = filters_of(parameters);
  const narrow = get('facets', conditions);  // takes longer; the hits do not wait for it
  narrow.catch(() => {});
  const [bar, page] = await Promise.all([filter_bar('search', parameters, go), get('search', {...conditions, limit: 20})]);
  const hits = h('ol', {class: 'hits'}, page.rows.map(hit));
  const more = h('button', {type: 'button', hidden: !page.next}, 'Show more');
  let next = page.next;
  more.addEventListener('click', async () => {
    const answer = await get('search', {...conditions, limit: 20, after: next});
    const first = hits.children.length;
    hits.append(...answer.rows.map(hit));
    next = answer.next;
    more.hidden = !next;
    tell(plural(answer.rows.length, 'more hit'));
    hits.children[first]?.querySelector('a').focus();
  });
  const aside = h('aside', {class: 'facets', 'aria-label': 'Narrow down'});
  add(place, h('h1', null, 'Search'), bar,
    h('div', {class: 'with-side'},
      h('section', {'aria-label': 'Hits', class: 'wide'},
        page.rows.length ? hits : h('p', {class: 'empty'}, 'Nothing found. Take a condition away, or look for fewer words.'),
        h('div', {class: 'below'}, more, h('a', {href: '/api/v1/' + href('search', {...conditions, format: 'csv'}).slice(1), download: 'search.csv'}, 'As CSV'))),
      aside));
  narrow.then(found => found.rows.length && add(aside, h('h2', null, 'Narrow down'), count_switch('search', parameters, COUNTS), facet_lists(found.rows, parameters)), error => add(aside, h('p', {class: 'note'}, error.message)));
}
