// The event table: what is shown is what is exported.
import {add, h, href, split_id} from './dom.js';
import {filter_bar} from './filters.js';
import {table_of} from './list.js';
import {decision_tag, status_tag, tag} from './marks.js';

const COLUMNS = [
  ['Event', row => h('a', {href: href('read', split_id(row.event)), 'data-stop': true}, row.type)],
  ['Who', row => row.actors],
  ['Whom', row => row.recipients],
  ['When', row => row.date, 'date'],
  ['Where', row => row.place],
  ['Says who', row => row.voice],
  ['Status', row => [status_tag(row.status), row.disputed ? [' ', tag('disputed', 'open')] : null, decision_tag(row)]],
  ['Sentence', row => row.sentence, 'long'],
  ['Paper', row => [row.publisher, row.published && h('span', {class: 'soft'}, ' ' + row.published)]],
];

export async function show(place, parameters, {go}) {
  add(place, h('h1', null, 'Events'), await filter_bar('events', parameters, go),
    await table_of('events', parameters, COLUMNS, {caption: 'Events', empty: 'No event meets these conditions.'}));
}
