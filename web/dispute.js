// The dispute matrix: who stands where. A cell gives the sentences behind it.
import {add, h, href, plural, replace} from './dom.js';
import {get, seg} from './api.js';
import {MARKS, glyph} from './marks.js';

const legend = () => h('ul', {class: 'legend', 'aria-label': 'Signs'}, Object.entries(MARKS).map(([name, mark]) => h('li', null, glyph(name), ' ', mark.word)));

function claim_item(claim) {
  return h('li', null, glyph(claim.mark), ' ',
    h('blockquote', null, h('a', {href: href('read', {document: claim.document, at: claim.event})}, claim.sentence || claim.document)),
    h('p', {class: 'soft'}, claim.chain, ' · ', claim.stance, claim.date ? ' · ' + claim.date : '', claim.copy_of ? ' · copy of ' + claim.copy_of : ''));
}

export async function show(place, parameters, {go}) {
  const found = await get('disputes/' + seg(parameters.id || ''));
  const {dispute, positions, sources} = found;
  const panel = h('section', {class: 'panel', 'aria-live': 'polite', 'aria-label': 'Sentences', id: 'sentences'},
    h('p', {class: 'soft'}, 'Choose a cell to read the sentences behind it.'));
  let open = null;
  function choose(button, source, position) {
    open?.setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-pressed', 'true');
    open = button;
    const cell = source.cells[position.id];
    replace(panel, h('h2', null, source.label, ': ', position.holds), h('ul', {class: 'sentences'}, cell.claims.map(claim_item)));
  }
  const cell = (source, position) => {
    const content = source.cells[position.id];
    if (!content) return h('td', {class: 'cell silent'}, glyph('silent'), h('span', {class: 'vh'}, 'silent'));
    const mark = MARKS[content.mark], history = content.history || [];
    const button = h('button', {type: 'button', class: 'cell-button ' + mark.style, 'aria-pressed': 'false', 'aria-controls': 'sentences', 'data-stop': true,
      'aria-label': `${source.label} ${history.length > 1 ? history.map(m => MARKS[m].word).join(', then ') : mark.word}: ${position.holds}. ${plural(content.claims.length, 'sentence')}`},
      history.length > 1 ? history.map((m, i) => [i ? h('span', {'aria-hidden': 'true', class: 'soft'}, '→') : null, glyph(m)]) : glyph(content.mark), content.claims.length > 1 ? h('span', {class: 'n'}, String(content.claims.length)) : null);
    button.addEventListener('click', () => choose(button, source, position));
    return h('td', {class: 'cell ' + mark.style}, button);
  };
  const row = source => h('tr', null, h('th', {scope: 'row'}, source.label), positions.map(p => cell(source, p)));
  const speakers = sources.filter(s => s.kind !== 'narrator'), papers = sources.filter(s => s.kind === 'narrator');
  const group = (label, rows) => rows.length ? h('tbody', null, h('tr', {class: 'group'}, h('th', {scope: 'rowgroup', colspan: positions.length + 1}, label)), rows.map(row)) : null;
  add(place, 
    h('h1', null, dispute.title),
    h('p', {class: 'lead'}, h('a', {href: href('event', {id: dispute.story_event})}, dispute.story),
      ` · ${dispute.kind} · since ${dispute.first_date || 'an unknown day'} · ${plural(dispute.documents, 'document')} from ${plural(dispute.origins, 'origin')}`),
    legend(),
    h('div', {class: 'scroll fit', tabindex: '0', role: 'region', 'aria-label': 'Who stands where'},
      h('table', {class: 'matrix'}, h('caption', {class: 'vh'}, 'Sources and positions'),
        h('thead', null, h('tr', null, h('th', {scope: 'col'}, 'Source'), positions.map(p => h('th', {scope: 'col'}, p.holds,
          h('span', {class: 'soft under'}, `${plural(p.voices, 'voice')}, ${plural(p.origins, 'origin')}`, p.first_date && [', ', h('span', {class: 'line'}, 'since ' + p.first_date)]))))),
        group('Speakers', speakers), group('Papers, in their own voice or passing on', papers))),
    panel);
  return {title: dispute.title, keys: {u: ['to the list of disputes', () => go('disputes')]}};
}
