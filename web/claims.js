// The claim ledger: who claims what, about which event, since when.
import {add, h, href} from './dom.js';
import {filter_bar} from './filters.js';
import {table_of} from './list.js';
import {decision_tag, glyph, mark_of, stance_style, status_tag, tag} from './marks.js';

/** "document#v1/a2/occurrence" → where to read it. */
const place_of = row => {
  const rest = row.claim.slice(row.document.length + 1).split('/');
  return {document: row.document, at: rest[0]};
};

const COLUMNS = [
  ['Voice', row => h('a', {href: href('read', place_of(row)), 'data-stop': true}, row.voice)],
  ['Says', row => [glyph(mark_of(row.factuality, row.stance)), ' ', tag(row.stance, stance_style(row.stance))], 'line'],
  ['About', row => row.about, 'mid'],
  ['Holds that', row => row.holds],
  ['Status', row => [status_tag(row.status), decision_tag(row)]],
  ['Said on', row => row.date, 'date'],
  ['Told by', row => row.chain, 'long'],
];

export async function show(place, parameters, {go}) {
  add(place, h('h1', null, 'Claims'),
    h('p', {class: 'lead'}, 'A claim is what one voice says about one event in one document. The paper’s own voice is a voice as well.'),
    await filter_bar('claims', parameters, go),
    await table_of('claims', parameters, COLUMNS, {caption: 'Claims', empty: 'No claim meets these conditions. Claims are made when documents are grouped; the imports page says how many are still waiting.'}));
}
