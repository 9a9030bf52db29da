// Review: one code after the other, least certain first, with keys. A decision names its place in the text, so that it outlives a re-run.
import {add, h, href, plural, replace, tell} from './dom.js';
import {get, get_scheme, post, remove, seg} from './api.js';
import {filter_bar, filters_of} from './filters.js';
import {glyph, mark_of, status_tag, tag} from './marks.js';

const list = text => { try { return JSON.parse(text); } catch { return []; } };

function sentence_of(row) {
  if (row.mark_start === undefined || row.mark_start === null || !row.sentence) return h('blockquote', {class: 'said'}, row.sentence || row.content);
  const text = Array.from(row.sentence);
  return h('blockquote', {class: 'said'}, text.slice(0, row.mark_start).join(''), h('mark', null, text.slice(row.mark_start, row.mark_end).join('')), text.slice(row.mark_end).join(''));
}

const facts = pairs => h('dl', {class: 'code'}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => [h('dt', null, name), h('dd', null, value)]));

function card_body(row, event) {
  return [
    h('p', {class: 'soft'}, [row.publisher, row.published || 'no date', row.title].filter(Boolean).join(' · ')),
    event ? sentence_of(row) : h('blockquote', {class: 'said'}, row.source || 'an unnamed source', ' ', h('mark', null, row.cue || '(no cue)'), ' ', row.content),
    event ? facts([['type', row.type + (row.mode ? '/' + row.mode : '')], ['who', row.actors], ['whom', row.recipients], ['when', row.date], ['where', row.place],
                   ['says who', [glyph(mark_of(row.factuality, row.stance)), ' ', row.voice]], ['status', [status_tag(row.status), row.disputed ? [' ', tag('disputed', 'open')] : null]],
                   ['confidence', row.confidence?.toFixed(2)], ['why', list(row.why).join('; ')]])
          : facts([['stance', row.stance], ['form', row.form], ['voice', row.voice], ['confidence', row.confidence?.toFixed(2)], ['why', list(row.why).join('; ')]]),
  ];
}

export async function show(place, parameters, {go}) {
  const event = parameters.layer !== 'attribution';
  const layer = event ? 'event' : 'attribution';
  const conditions = {...filters_of(parameters), layer};
  const [scheme, bar] = await Promise.all([get_scheme(), filter_bar('review', parameters, go)]);
  let queue = [], next = null, at = 0, done = [];
  const load = async () => {
    const page = await get('review', {...conditions, limit: 20, after: next});
    queue.push(...page.rows);
    next = page.next;
  };
  await load();

  const card = h('section', {class: 'card', id: 'card', tabindex: '-1', 'aria-label': 'The code to decide on'});
  const note = h('p', {class: 'soft', role: 'status'});
  const button = (key, label, act, style = '') => h('button', {type: 'button', class: style, onclick: act}, label, ' ', h('kbd', null, key));
  let form = null;

  function draw() {
    form = null;
    const row = queue[at];
    if (!row) {
      replace(card, h('p', {class: 'empty'}, done.length ? 'Nothing more to review here.' : 'Nothing to review under these conditions.'));
      return;
    }
    replace(card,
      h('h2', null, h('a', {href: href('read', {document: row.document, at: row.target}), 'data-stop': true}, `${row.document} ${row.target}`)),
      card_body(row, event),
      h('div', {class: 'decide'}, button('a', 'Accept', () => decide('accept'), 'yes'), button('r', 'Reject', () => decide('reject'), 'no'), button('c', 'Correct', correct), button('s', 'Skip', () => move(1))));
  }
  async function move(way) {
    at = Math.max(0, at + way);
    if (at >= queue.length && next) await load();
    if (at > queue.length) at = queue.length;
    draw();
    card.focus({preventScroll: true});
  }
  async function decide(action, value = undefined, words = undefined) {
    const row = queue[at];
    if (!row) return;
    try {
      const made = await post('corrections', {document: row.document, target: row.target, action, value, note: words});
      done.push({made, row, at});
      queue.splice(at, 1);
      note.textContent = `${{accept: 'Accepted', reject: 'Rejected', correct: 'Corrected'}[action]}: ${row.document} ${row.target}. ${made.grouped ? '' : 'Events over documents, claims and disputes follow with the next `add`. '}z takes it back.`;
      if (at >= queue.length && next) await load();
      draw();
      card.focus({preventScroll: true});
      await draw_kept();
    } catch (error) { note.textContent = error.message; }
  }
  async function undo() {
    const last = done.pop();
    if (!last) { note.textContent = 'There is nothing to take back.'; return; }
    await remove('corrections/' + seg(String(last.made.correction)));
    queue.splice(last.at, 0, last.row);
    at = last.at;
    note.textContent = `Taken back: ${last.row.document} ${last.row.target}.`;
    draw();
    await draw_kept();
  }
  function correct() {
    const row = queue[at];
    if (!row || form) return;
    const text = (name, label, value) => h('label', {class: 'field'}, h('span', null, label), h('input', {name, value: value || '', autocomplete: 'off'}));
    const choice = (name, label, value, options) => h('label', {class: 'field'}, h('span', null, label), h('select', {name}, options.map(o => h('option', {value: o, selected: o === value}, o))));
    const fields = event
      ? [choice('type', 'Type', row.type, scheme.types.map(t => t.name)), text('mode', 'Mode', row.mode), choice('status', 'Status', row.status, scheme.statuses), text('actors', 'Who (words of the text; a ; between two)', row.actors), text('recipients', 'Whom', row.recipients), text('date', 'When', row.date), text('place', 'Where', row.place)]
      : [choice('stance', 'Stance', row.stance, scheme.stances), choice('form', 'Form', row.form, ['direct', 'mixed', 'indirect']), text('source', 'Source', row.source), text('content', 'Content', row.content)];
    form = h('form', {class: 'correct', 'aria-label': 'Correction', onsubmit: e => {
      e.preventDefault();
      const value = {};
      for (const control of form.elements) if (control.name && control.name !== 'note' && control.value !== (row[control.name] ?? '')) value[control.name] = control.value || null;
      if (!Object.keys(value).length) { note.textContent = 'Nothing was changed. Accept it if it is right.'; return; }
      decide('correct', value, form.elements.note.value || undefined);
    }}, h('div', {class: 'fields'}, fields, text('note', 'Note', '')), h('div', {class: 'decide'}, h('button', {type: 'submit', class: 'main'}, 'Keep the correction'), h('button', {type: 'button', onclick: () => { draw(); card.focus(); }}, 'Cancel')));
    card.append(form);
    form.querySelector('select,input').focus();
  }

  const kept = h('section');
  const STATES = {holds: ['as it was', 'yes'], recoded: ['coded otherwise since', 'open'], lost: ['no code there now', 'open'], gone: ['document is gone', 'no'], new: ['added', 'yes']};
  async function draw_kept() {
    const answer = await get('corrections', {document: parameters.document, limit: 200});
    const rows = answer.rows.slice().reverse();
    replace(kept, h('h2', null, 'Decisions'), rows.length ? [
      h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Decisions'}, h('table', {class: 'rows'}, h('caption', {class: 'vh'}, 'Decisions'),
        h('thead', null, h('tr', null, ['Words', 'Code then', 'Decision', 'Today', 'Note', ''].map(t => h('th', {scope: 'col'}, t)))),
        h('tbody', null, rows.map(c => h('tr', null,
          h('th', {scope: 'row'}, c.state === 'gone' ? c.anchor.quote : h('a', {href: href('read', {document: c.document, at: c.target || ''})}, c.anchor.quote || c.document)),
          h('td', null, c.anchor.mark), h('td', null, c.action, c.value ? h('span', {class: 'soft'}, ' ' + Object.entries(c.value).map(([k, v]) => `${k}: ${v ?? 'none'}`).join(', ')) : null),
          h('td', null, tag(STATES[c.state][0], STATES[c.state][1])), h('td', null, c.note || ''),
          h('td', null, h('button', {type: 'button', 'aria-label': `Take back the decision on “${c.anchor.quote}”`, onclick: async () => { await remove('corrections/' + seg(String(c.correction))); tell('Taken back'); await draw_kept(); }}, 'Take back'))))))),
      h('div', {class: 'below'}, h('span', {class: 'soft'}, plural(rows.length, 'decision')), h('a', {href: '/api/v1/' + href('corrections', {format: 'jsonl', document: parameters.document}).slice(1), download: 'corrections.jsonl'}, 'As training data (JSON lines)'))]
      : h('p', {class: 'soft'}, 'None yet.'));
  }
  add(place, h('h1', null, 'Review'),
    h('ul', {class: 'chips', 'aria-label': 'What to review'}, [['event', 'events'], ['attribution', 'attributions']].map(([id, label]) =>
      h('li', null, h('a', {href: href('review', {...parameters, layer: id}), 'aria-current': layer === id ? 'true' : null}, label)))),
    h('p', {class: 'lead'}, 'A rejected code counts no more, a corrected one has its new values, at once and wherever it is shown, found, counted and exported. What the program had coded stays in its reasons. A new decision takes the place of the one before.'),
    bar, card, note, kept);
  draw();
  await draw_kept();
  return {
    keys: {
      a: ['accept', () => decide('accept')], r: ['reject', () => decide('reject')], c: ['correct', correct], s: ['skip', () => move(1)],
      j: ['the next', () => move(1)], k: ['the one before', () => move(-1)], z: ['take the last decision back', undo],
    },
  };
}
