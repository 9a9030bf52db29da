// A document with its voices. The text is cut into flat pieces at every boundary of a content, source, cue, trigger or participant,
// because contents may cross and share words; the brackets in the margin are drawn from the pieces.
import {add, h, href, plural, replace} from './dom.js';
import {get, seg} from './api.js';
import {MARKS, glyph, mark_of, stance_style, status_tag, tag} from './marks.js';

const PRONOUN = /^(he|she|it|they|i|we|you|who|that|this|these|those|him|her|them|one|others?)$/i;

/** A record with what the page asks of it: words of spans, names of voices, chains. */
class Reading {
  constructor(record) {
    this.record = record;
    this.text = Array.from(record.document.text);  // code points, as the offsets count
    this.attributions = new Map(record.attributions.map(a => [a.id, a]));
    this.events = new Map(record.events.map(e => [e.id, e]));
    this.entities = new Map(record.entities.map(e => [e.id, e]));
    this.paper = record.document.publisher || 'the document';
  }
  words(start, end) { return this.text.slice(start, end).join('').replace(/\s+/g, ' ').trim(); }
  of(spans) { return spans.map(([start, end]) => this.words(start, end)).join(' … '); }
  source(attribution) {
    const words = this.of(attribution.source.spans), entity = this.entities.get(attribution.source.entity);
    if (entity && (!words || PRONOUN.test(words))) return entity.name;
    return words || 'an unnamed source';
  }
  /** Attributions from the outermost to this one. */
  chain(id) {
    const out = [];
    for (let a = this.attributions.get(id); a && !out.includes(a); a = this.attributions.get(a.parent)) out.unshift(a);
    return out;
  }
  voice(id) { return id ? this.chain(id).map(a => this.source(a)).join(' ◂ ') : this.paper; }
  name(participant) { return this.entities.get(participant.entity)?.name || this.words(...participant.span); }
}

/** What a reviewer rejected is in the record and counts no more. */
const counting = record => ({...record, events: record.events.filter(v => v.decision !== 'rejected'), attributions: record.attributions.filter(a => a.decision !== 'rejected')});

function marks_of(reading) {
  const out = [];
  const add = (start, end, kind, id) => { if (end > start) out.push({start, end, kind, id}); };
  for (const a of reading.record.attributions) {
    for (const [s, e] of a.content.spans) add(s, e, 'content', a.id);
    for (const [s, e] of a.source.spans) add(s, e, 'source', a.id);
    for (const [s, e] of a.cue.spans) add(s, e, 'cue', a.id);
  }
  for (const v of reading.record.events) {
    add(v.trigger.start, v.trigger.end, 'trigger', v.id);
    for (const p of [...v.actors, ...v.recipients]) add(p.span[0], p.span[1], 'party', v.id);
  }
  for (const r of reading.record.document.repairs || []) if (r.kind === 'running_head' || r.kind === 'page_number') add(r.start, r.end, 'skipped', '');
  return out.sort((x, y) => x.start - y.start);
}

/** Paragraphs, and between them what was read over. */
function blocks_of(reading) {
  const out = [], sentences = reading.record.sentences;
  let at = 0;
  const between = end => { if (reading.words(at, end)) out.push({start: at, end, part: 'left'}); };
  for (const s of sentences) {
    const last = out[out.length - 1];
    if (last && last.part === s.part && last.paragraph === s.paragraph) last.end = s.end;
    else {
      between(s.start);
      out.push({start: s.start, end: s.end, part: s.part, paragraph: s.paragraph});
    }
    at = s.end;
  }
  between(reading.text.length);
  return out;
}

function pieces(reading, block, marks, stop) {
  const cuts = new Set([block.start, block.end]);
  for (const m of marks) {
    if (m.start > block.start) cuts.add(m.start);
    if (m.end < block.end) cuts.add(m.end);
  }
  const order = [...cuts].sort((x, y) => x - y);
  const size = id => reading.attributions.get(id).content.spans.reduce((n, [s, e]) => n + e - s, 0);
  const out = [];
  let gap = null;  // stands for a passage of others when the paper's own voice alone is shown
  for (let i = 0; i + 1 < order.length; i++) {
    const [start, end] = [order[i], order[i + 1]];
    const words = reading.text.slice(start, end).join('');
    const here = marks.filter(m => m.start <= start && m.end >= end);
    if (!here.length) { gap = null; out.push(words); continue; }
    const ids = kind => here.filter(m => m.kind === kind).map(m => m.id);
    const contents = ids('content').sort((x, y) => size(y) - size(x)), sources = ids('source'), cues = ids('cue'), triggers = ids('trigger'), parties = ids('party');
    if (contents.length && contents[0] !== gap) out.push(h('span', {class: 'gap', 'aria-hidden': 'true'}, '[…]'));
    gap = contents[0] || null;
    const style = [contents.length && `cnt c${Math.min(contents.length, 3)}`, sources.length && 'src', parties.length && 'party', ids('skipped').length && 'skipped',
                   triggers.length ? 'trg' : cues.length && 'cue'].filter(Boolean).join(' ');
    const focus = triggers[0] || cues[0];
    const data = {class: style, 'data-c': contents.join(' ') || null, 'data-m': [...sources, ...cues, ...triggers, ...parties].join(' ') || null};
    out.push(focus ? stop(focus, start, data, words) : h('span', data, words));
  }
  return out;
}

/** Brackets: for each voice of a paragraph the lines it covers; an outer voice stands further out. */
function draw(root, wide) {
  for (const para of root.querySelectorAll('.para')) {
    const text = para.querySelector('.text');
    for (const bar of text.querySelectorAll('.bar')) bar.remove();
    const spans = [...text.querySelectorAll('.cnt')], box = text.getBoundingClientRect(), ranges = new Map();
    for (const span of spans) {
      const rects = span.getClientRects();
      if (!rects.length) continue;
      for (const id of span.dataset.c.split(' ')) {
        const r = ranges.get(id) || {id, top: Infinity, end: 0};
        r.top = Math.min(r.top, rects[0].top - box.top);
        r.end = Math.max(r.end, rects[rects.length - 1].bottom - box.top);
        ranges.set(id, r);
      }
    }
    // Depth by what holds what, not by lines: two voices that share a line and no words stand in one lane, and part the line.
    const sets = spans.map(span => span.dataset.c.split(' ')), ids = [...ranges.keys()], lanes = [];
    const holds = (x, y) => sets.every(set => !set.includes(y) || set.includes(x));
    const line = parseFloat(getComputedStyle(text).lineHeight) || 28;
    const order = [...ranges.values()].sort((x, y) => (y.end - y.top) - (x.end - x.top) || x.top - y.top || ids.indexOf(x.id) - ids.indexOf(y.id));
    for (const r of order) {
      let lane = ids.filter(o => o !== r.id && holds(o, r.id) && (!holds(r.id, o) || ids.indexOf(o) < ids.indexOf(r.id))).length;
      while ((lanes[lane] || []).some(o => Math.min(o.end, r.end) - Math.max(o.top, r.top) > line * 1.2)) lane++;
      for (const o of lanes[lane] || []) {
        if (Math.min(o.end, r.end) - Math.max(o.top, r.top) <= 2) continue;
        const [up, down] = o.top < r.top || (o.top === r.top && ids.indexOf(o.id) < ids.indexOf(r.id)) ? [o, r] : [r, o];
        const middle = (Math.max(up.top, down.top) + Math.min(up.end, down.end)) / 2;
        up.end = middle - 1;
        down.top = middle + 1;
      }
      (lanes[lane] ||= []).push(r);
      r.lane = lane;
    }
    const step = lanes.length > 3 ? 22 / lanes.length : 7;
    for (const r of order) {
      const label = root.querySelector(`.voices li[data-a="${CSS.escape(r.id)}"]`);
      text.append(h('span', {class: `bar ${label?.dataset.s || 's-say'}${label && label.closest('.para') !== para ? ' cut-top' : ''}`, 'data-a': r.id, 'aria-hidden': 'true',
        style: {top: `${r.top + 1}px`, height: `${Math.max(10, r.end - r.top - 2)}px`, left: `${r.lane * step}px`}}));
    }
    // Labels at the height of their bracket, pushed down where two would meet.
    const names = para.querySelector('.voices');
    if (!names) continue;
    para.classList.toggle('drawn', wide);
    names.style.minHeight = '';
    let below = 0;
    const items = [...names.children].map(li => ({li, top: ranges.get(li.dataset.a)?.top ?? 0})).sort((x, y) => x.top - y.top);
    for (const {li, top} of items) {
      li.style.top = wide ? `${Math.max(top, below)}px` : '';
      below = Math.max(top, below) + li.offsetHeight + 2;
    }
    if (wide) names.style.minHeight = `${below}px`;
  }
}

const side = (reading, participants) => participants.length
  ? participants.map((p, i) => [i ? ', ' : null, h('b', null, reading.name(p)), [p.country, ...p.sectors].some(Boolean) && h('span', {class: 'codes'}, ' ' + [p.country, ...p.sectors].filter(Boolean).join(' '))])
  : h('span', {class: 'soft'}, 'nobody named');

function event_card(reading, event, page) {
  const place = reading.record.places.find(p => p.id === event.place);
  const story = page.stories.find(s => s.event === event.id);
  const elsewhere = page.elsewhere.filter(c => story && c.story === story.id);
  const decided = page.corrections.find(c => c.target === event.id);
  const considered = h('div');
  const ask = h('button', {type: 'button', onclick: async () => {
    ask.disabled = true;
    try {
      replace(considered, h('pre', {tabindex: '0'}, await get(`documents/${seg(page.document.id)}/explain/${seg(event.id)}`)));
    } catch (error) { replace(considered, h('p', {class: 'note'}, error.message)); }
  }}, 'What else was considered');
  return h('section', {class: 'ev ' + (event.attribution ? stance_style(reading.attributions.get(event.attribution)?.stance) + ' told' : 's-own'), id: 'card-' + event.id, 'data-v': event.id, 'aria-label': `Event ${event.id}`},
    h('h2', null, h('span', {class: 'type'}, event.type, event.mode ? '/' + event.mode : ''), ' ', status_tag(event.status), decided && [' ', tag({accept: 'accepted', reject: 'rejected', correct: 'corrected'}[decided.action], decided.state === 'holds' || decided.action === 'correct' ? 'yes' : 'open')]),
    h('p', {class: 'act'}, side(reading, event.actors), h('span', {class: 'did'}, ' ' + reading.words(event.trigger.start, event.trigger.end) + ' '), event.recipients.length ? side(reading, event.recipients) : null),
    h('p', {class: 'soft'}, [event.date.value || 'day not known', place && place.name + (place.country ? ` (${place.country})` : '')].filter(Boolean).join(' · ')),
    h('ul', {class: 'vs'}, event.voices.map(v => h('li', null, glyph(mark_of(v.factuality, reading.attributions.get(v.attribution)?.stance)), h('span', null, reading.voice(v.attribution),
      h('span', {class: 'soft'}, ' ' + (v.attribution ? reading.attributions.get(v.attribution).stance : 'in its own voice')))))),
    elsewhere.length > 0 && h('details', null, h('summary', null, `Elsewhere: ${plural(elsewhere.length, 'claim')}`),
      h('ul', {class: 'vs'}, elsewhere.slice(0, 12).map(c => h('li', null, glyph(mark_of(c.factuality, c.stance)), h('span', null,
        h('a', {href: href('read', {document: c.document, at: c.event})}, c.label), h('span', {class: 'soft'}, ` ${c.stance}${c.holds ? ': ' + c.holds : ''}, in ${c.publisher || c.document}${c.date ? ', ' + c.date : ''}`)))))),
    story && h('p', null, h('a', {href: href('event', {id: story.id})}, 'The event over documents'), story.dispute && [' · ', h('a', {href: href('dispute', {id: story.dispute})}, 'Who disputes it')]),
    h('details', {class: 'why'}, h('summary', null, 'Why this code'),
      h('dl', null,
        h('dt', null, 'code'), h('dd', null, event.why.join('; ')),
        h('dt', null, 'trigger'), h('dd', null, `“${reading.words(event.trigger.start, event.trigger.end)}”, lemma ${event.trigger.lemma || 'unknown'}`),
        h('dt', null, 'date'), h('dd', null, event.date.why.join('; ') || 'none'),
        place && [h('dt', null, 'place'), h('dd', null, place.why.join('; '))],
        [...event.actors, ...event.recipients].map(p => [h('dt', null, reading.name(p)), h('dd', null, (reading.entities.get(p.entity)?.why || []).join('; ') || 'words of the text')]),
        event.voices.filter(v => v.attribution).map(v => [h('dt', null, reading.source(reading.attributions.get(v.attribution))), h('dd', null, (reading.attributions.get(v.attribution).why || []).join('; '))]),
        h('dt', null, 'together'), h('dd', null, `${event.factuality}, ${event.status}${event.confidence !== null ? `, confidence ${event.confidence.toFixed(2)}` : ''}; quad class ${event.quad}, intensity ${event.intensity}${event.cameo ? ', CAMEO ' + event.cameo : ''}`)),
      ask, considered));
}

export async function show(place, parameters, {go}) {
  const id = parameters.document || '';
  const page = await get('documents/' + seg(id));
  const about = page.document;
  const title = about.title || 'A document without a title';
  const facts = [about.publisher, about.byline, about.published || 'no date', about.id].filter(Boolean).join(' · ');
  const head = h('header', {class: 'doc-head'}, h('h1', null, title), h('p', {class: 'soft'}, facts),
    page.copy_of && h('p', {class: 'note'}, `A copy (${page.copy_of.kind}) of `, h('a', {href: href('read', {document: page.copy_of.id})}, page.copy_of.publisher || page.copy_of.id), page.copy_of.agency ? ', from ' + page.copy_of.agency : ''),
    page.copies.length > 0 && h('details', {class: 'note'}, h('summary', null, plural(page.copies.length, 'copy', 'copies') + ' elsewhere'), h('ul', null, page.copies.map(c =>
      h('li', null, h('a', {href: href('read', {document: c.id})}, c.publisher || c.id), ` ${c.kind}${c.published ? ', ' + c.published : ''}`)))),
    (about.warnings || []).map(w => h('p', {class: 'note'}, w.message)));
  if (about.error_code) {
    add(place, head, h('p', {class: 'note bad'}, 'Not coded: ' + about.error_message));
    return {title};
  }
  const record = counting(await get(`documents/${seg(id)}/record`));
  const reading = new Reading(record), marks = marks_of(reading);
  const rejected = page.corrections.filter(c => c.action === 'reject' && c.state === 'holds' && (c.layer === 'event' || c.layer === 'attribution'));
  const own = h('input', {type: 'checkbox', id: 'own', checked: parameters.own === '1'});
  const bar = h('div', {id: 'voice', role: 'status', 'aria-label': 'Whose words these are'});
  const body = h('div', {class: 'doc'});
  const first = new Set();

  const stop = (target, start, data, words) => {
    const begins = !first.has(target);
    first.add(target);
    const link = h('a', {...data, href: href('read', {...parameters, at: target}), 'data-stop': begins, 'data-f': target, id: begins ? 'at-' + target : null,
      'aria-label': null}, words);
    return link;
  };

  const opened = [];
  for (const block of blocks_of(reading)) {
    const here = marks.filter(m => m.start < block.end && m.end > block.start);
    if (block.part === 'title' && about.title && !here.length) continue;
    const begin = record.attributions.filter(a => a.content.spans.length && a.content.spans[0][0] >= block.start && a.content.spans[0][0] < block.end);
    const labels = begin.map(a => h('li', {class: stance_style(a.stance), 'data-a': a.id, 'data-s': stance_style(a.stance)},
      h('a', {href: href('read', {...parameters, at: a.id}), 'data-f': a.id}, h('b', null, reading.source(a).slice(0, 60)), ' ', h('i', null, a.stance), a.decision ? ` (${a.decision})` : '', a.hypothetical ? ' (supposed)' : '',
        a.parent ? h('span', {class: 'vh'}, ', in the words of ', reading.voice(a.parent)) : null)));
    const events = record.events.filter(v => v.trigger.start >= block.start && v.trigger.start < block.end).sort((x, y) => x.trigger.start - y.trigger.start);
    opened.push(...events);
    body.append(h('div', {class: 'para part-' + block.part},
      labels.length ? h('ul', {class: 'voices', 'aria-label': 'Voices in this paragraph'}, labels) : h('div'),
      h('p', {class: 'text'}, pieces(reading, block, here, stop)),
      h('div', {class: 'events'}, events.map(v => event_card(reading, v, page)))));
  }

  /** "paper ◂ ministry ◂ witness: claims, denied by …" */
  function sentence_for(target) {
    const event = reading.events.get(target), attribution = event ? reading.attributions.get(event.attribution) : reading.attributions.get(target);
    const chain = attribution ? reading.chain(attribution.id) : [];
    const events = event ? [event] : record.events.filter(v => v.voices.some(x => x.attribution === target));
    const mine = event ? mark_of((event.voices.find(v => v.attribution === event.attribution) || event).factuality) : null;
    const others = new Map();
    const against = {asserts: 'denied by', denies: 'asserted by', doubts: 'left open by'};
    for (const v of events) {
      const self = event ? mine : mark_of(v.voices.find(x => x.attribution === target)?.factuality);
      for (const x of v.voices) {
        const mark = mark_of(x.factuality);
        if (x.attribution === (event ? event.attribution : target) || mark === self || mark === 'doubts' || self === 'doubts') continue;
        (others.get(against[self]) || others.set(against[self], new Set()).get(against[self])).add(reading.voice(x.attribution));
      }
      const story = page.stories.find(s => s.event === v.id);
      for (const c of page.elsewhere.filter(c => story && c.story === story.id && c.kind === 'occurrence')) {
        const mark = mark_of(c.factuality);
        if (mark === self || mark === 'doubts' || self === 'doubts') continue;
        (others.get(against[self]) || others.set(against[self], new Set()).get(against[self])).add(`${c.label} (${c.publisher || c.document})`);
      }
    }
    const stance = attribution ? attribution.stance : 'in its own voice';
    return [reading.paper, ...chain.map(a => reading.source(a))].join(' ◂ ') + ': ' + [stance, ...[...others].map(([how, who]) => `${how} ${[...who].slice(0, 4).join('; ')}`)].join(', ');
  }
  function light(target) {
    for (const e of place.querySelectorAll('.on')) e.classList.remove('on');
    if (!target) { bar.textContent = ''; return; }
    const t = CSS.escape(target);
    for (const e of place.querySelectorAll(`[data-m~="${t}"],[data-c~="${t}"],[data-a="${t}"],[data-v="${t}"]`)) e.classList.add('on');
    const up = reading.events.get(target)?.attribution;
    if (up) for (const e of place.querySelectorAll(`.bar[data-a="${CSS.escape(up)}"],.voices [data-a="${CSS.escape(up)}"]`)) e.classList.add('on');
    bar.textContent = sentence_for(target);
  }
  const target_of = e => e.dataset.f || e.dataset.v || e.dataset.a || (e.dataset.c || '').split(' ').pop();
  body.addEventListener('focusin', event => { const e = event.target.closest('[data-f],.ev'); if (e) light(target_of(e)); });
  body.addEventListener('mouseover', event => { const e = event.target.closest('[data-f],.cnt,.ev,.voices li'); if (e && !body.contains(document.activeElement)) light(target_of(e)); });
  // The place one looks at is in the address.
  body.addEventListener('click', event => {
    const link = event.target.closest('a[data-f]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState({}, '', href('read', {...parameters, at: link.dataset.f, own: own.checked ? '1' : ''}));
    light(link.dataset.f);
    document.getElementById('card-' + link.dataset.f)?.scrollIntoView({block: 'nearest'});
  });
  const set_own = () => {
    place.classList.toggle('own-only', own.checked);
    history.replaceState({}, '', href('read', {...parameters, own: own.checked ? '1' : ''}));
    draw(body, wide.matches);
  };
  own.addEventListener('change', set_own);
  const wide = matchMedia('(min-width: 70.01rem)');
  const redraw = () => draw(body, wide.matches);
  let wait = 0;
  const resized = () => { clearTimeout(wait); wait = setTimeout(redraw, 80); };
  addEventListener('resize', resized);

  add(place, head,
    h('div', {class: 'tools'}, h('label', {class: 'own', for: 'own'}, own, 'Only what the paper says in its own voice ', h('kbd', null, 'o')),
      h('a', {href: href('review', {document: id})}, 'Review this document'), h('a', {href: `/api/v1/documents/${seg(id)}/record`, download: 'record.json'}, 'Record (JSON)')),
    body,
    rejected.length > 0 && h('details', {class: 'note'}, h('summary', null, plural(rejected.length, 'code') + ' rejected by a reviewer'),
      h('ul', null, rejected.map(c => h('li', null, `${c.target} ${c.anchor.mark} “${c.anchor.quote}”${c.note ? ': ' + c.note : ''}`)))),
    record.disputes.length > 0 && h('section', {class: 'disputes'}, h('h2', null, 'Disputes in this document'), record.disputes.map(d =>
      h('dl', {class: 'pos'}, d.positions.map(p => h('div', null, h('dt', null, p.holds), [...new Set(p.voices.map(v => reading.voice(v)))].map(name => h('dd', null, name))))))),
    bar);
  if (own.checked) place.classList.add('own-only');

  const focus = target => { const e = target && document.getElementById('at-' + target); if (e) { e.focus({preventScroll: true}); e.scrollIntoView({block: 'center'}); } return e; };
  const at = () => document.activeElement?.dataset?.f || document.activeElement?.closest?.('[data-v]')?.dataset.v;
  return {
    title,
    focused: Boolean(parameters.at),
    ready() {
      redraw();
      document.fonts?.ready.then(redraw);
      if (parameters.at && !focus(parameters.at)) {
        // An attribution without a cue has its label only.
        const label = body.querySelector(`.voices [data-f="${CSS.escape(parameters.at)}"]`);
        label?.focus();
        label?.scrollIntoView({block: 'center'});
      }
    },
    leave() { removeEventListener('resize', resized); },
    keys: {
      u: ['to the voice around; from the outermost back to the list', () => {
        const now = at(), up = reading.events.get(now)?.attribution || reading.attributions.get(now)?.parent;
        if (!up) return history.back();
        if (!focus(up)) body.querySelector(`.voices [data-f="${CSS.escape(up)}"]`)?.focus();
      }],
      o: ['only what the paper says in its own voice', () => { own.checked = !own.checked; set_own(); }],
      w: ['why this code', () => {
        const why = document.getElementById('card-' + at())?.querySelector('details.why');
        if (!why) return;
        why.open = !why.open;
        if (why.open) why.querySelector('summary').focus();
      }],
    },
  };
}
