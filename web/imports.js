// The import report: what came in, what did not, and why.
import {add, h, href, plural} from './dom.js';
import {get, seg} from './api.js';
import {tag} from './marks.js';

const STYLE = {added: 'yes', changed: 'yes', recoded: 'yes', repeated: 'open', failed: 'no'};

function file_cell(row) {
  const name = row.path.split('/').pop() + (row.item ? ', ' + row.item : '');
  return row.document && row.outcome !== 'failed' ? h('a', {href: href('read', {document: row.document})}, name) : h('span', {title: row.path}, name);
}

const COLUMNS = [
  ['File', file_cell],
  ['Outcome', row => tag(row.outcome, STYLE[row.outcome])],
  ['Kind', row => [row.format, row.encoding].filter(Boolean).join(', ')],
  ['Date', row => row.published ? [row.published, row.published_origin && h('span', {class: 'soft'}, ' from ' + row.published_origin)] : h('span', {class: 'soft'}, 'none')],
  ['Characters', row => row.characters?.toLocaleString('en') ?? '', 'num'],
  ['Copy of', row => row.duplicate_of && [h('a', {href: href('read', {document: row.duplicate_of})}, row.duplicate_of), h('span', {class: 'soft'}, ' ' + row.copy)]],
  ['Warnings', row => row.warning_messages || ''],
  ['Reason', row => row.message && [row.message, h('span', {class: 'soft'}, ` (${row.error})`)]],
];

async function inputs(run, outcome) {
  const body = h('tbody'), more = h('button', {type: 'button', hidden: true}, 'Show more');
  let next = null;
  async function load() {
    const page = await get('runs/' + seg(run), {limit: 100, after: next, outcome});
    body.append(...page.rows.map(row => h('tr', null, COLUMNS.map(([, cell, style], i) => h(i ? 'td' : 'th', {class: style, scope: i ? null : 'row'}, cell(row))))));
    next = page.next;
    more.hidden = !next;
  }
  more.addEventListener('click', load);
  await load();
  if (!body.rows.length) return h('p', {class: 'empty'}, outcome === 'copies' ? 'No input of this run is a copy.' : outcome ? `No input of this run was ${outcome}.` : 'Every input of this run was unchanged.');
  return [h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Inputs of the run'},
    h('table', {class: 'rows'}, h('caption', {class: 'vh'}, 'Inputs of the run'), h('thead', null, h('tr', null, COLUMNS.map(([name, , style]) => h('th', {scope: 'col', class: style}, name)))), body)), more];
}

export async function show(place, parameters) {
  const [status, runs] = await Promise.all([get('status'), get('runs')]);
  const fact = name => status.facts.find(f => f.what === name)?.value;
  add(place, h('h1', null, 'Imports'));
  if (!runs.rows.length) {
    add(place, h('p', {class: 'empty'}, 'Nothing was imported yet: `reportedly add FOLDER --store STORE`.'));
    return;
  }
  const list = runs.rows.slice().reverse();
  const run = list.find(r => String(r.run) === parameters.run) || list[0];
  const counts = ['added', 'changed', 'recoded', 'unchanged', 'repeated', 'failed', 'copies', 'warnings'];
  add(place, 
    h('dl', {class: 'facts'}, [['documents', 'documents'], ['failed', 'failed'], ['without a date', 'without a date'], ['copies', 'copies'], ['origins', 'independent origins'], ['publishers', 'publishers'],
      ['events', 'events'], ['attributions', 'attributions'], ['claims', 'claims'], ['disputes', 'disputes'], ['documents still to be grouped', 'still to be grouped']]
      .map(([name, label]) => h('div', null, h('dt', null, label), h('dd', null, (fact(name) ?? 0).toLocaleString('en'))))),
    fact('published from') && h('p', {class: 'soft'}, `Published from ${fact('published from')} to ${fact('published to')}.`),
    h('h2', null, `Run ${run.run}: ${run.state}`),
    h('p', {class: 'soft'}, `${run.started.replace('T', ' ').replace('Z', ' UTC')}${run.finished ? ' to ' + run.finished.slice(11, 19) : ''} · version ${run.version}, model ${run.model}, lexicon ${run.lexicon} · `,
      plural(run.files, 'file'), run.unchanged_files ? `, ${run.unchanged_files} unchanged` : ''),
    run.message && h('p', {class: 'note'}, run.message),
    h('ul', {class: 'chips', 'aria-label': 'Outcomes'}, counts.filter(name => run[name]).map(name => {
      const is_outcome = name in STYLE || name === 'copies', on = parameters.outcome === name;
      const words = ({copies: plural(run[name], 'copy', 'copies'), warnings: `${run[name].toLocaleString('en')} with warnings`})[name] || `${run[name].toLocaleString('en')} ${name}`;
      return h('li', null, is_outcome ? h('a', {href: href('imports', {run: run.run, outcome: on ? '' : name}), 'aria-current': on ? 'true' : null}, words) : h('span', null, words));
    })),
    h('div', null, await inputs(run.run, parameters.outcome)));
  if (list.length > 1) add(place, h('h2', null, 'All runs'), h('ul', {class: 'plain'}, list.map(r =>
    h('li', null, h('a', {href: href('imports', {run: r.run}), 'data-stop': true}, `Run ${r.run}`), ` ${r.started.slice(0, 16).replace('T', ' ')}, ${r.state}: ${r.added} added, ${r.changed + r.recoded} replaced, ${r.failed} failed`))));
}
