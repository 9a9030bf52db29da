// Where claims exclude each other.
import {add, h, href, plural} from './dom.js';
import {filter_bar} from './filters.js';
import {table_of} from './list.js';
import {tag} from './marks.js';

const COLUMNS = [
  ['Dispute', row => h('a', {href: href('dispute', {id: row.dispute}), 'data-stop': true}, row.title)],
  ['Kind', row => tag(row.kind)],
  ['Positions', row => (row.positions || '').split(' / ').map((p, i) => [i ? h('span', {class: 'soft'}, ' against ') : null, p]), 'long'],
  ['Since', row => row.first_date, 'date'],
  ['Last', row => row.last_date, 'date'],
  ['Documents', row => [String(row.documents), h('span', {class: 'soft'}, ` from ${plural(row.origins, 'origin')}`)]],
];

export async function show(place, parameters, {go}) {
  add(place, h('h1', null, 'Disputes'),
    h('p', {class: 'lead'}, 'Two or more positions that cannot all hold. Copies of one text count as one origin.'),
    await filter_bar('disputes', parameters, go),
    await table_of('disputes', parameters, COLUMNS, {caption: 'Disputes', empty: 'No dispute meets these conditions. Disputes are found when documents are grouped; the imports page says how many are still waiting.'}));
}
