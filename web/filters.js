// The conditions that all views share. They live in the address and nowhere else.
import {h, href} from './dom.js';
import {get_scheme} from './api.js';

export const FIELDS = ['q', 'publisher', 'document', 'from', 'to', 'event_from', 'event_to', 'actor', 'recipient', 'type', 'speaker', 'stance', 'status', 'disputed'];
const LABELS = {q: 'words', publisher: 'publisher', document: 'document', from: 'published from', to: 'published to', event_from: 'happened from', event_to: 'happened to', actor: 'actor', recipient: 'acted upon',
                type: 'type', speaker: 'speaker', stance: 'stance', status: 'status', disputed: 'disputed'};

export function filters_of(parameters) {
  const out = {};
  for (const field of FIELDS) if (parameters[field]) out[field] = parameters[field];
  return out;
}

const field = (name, label, control) => h('label', {class: 'field'}, h('span', null, label), control);
const choice = (name, value, options) =>
  h('select', {name, id: 'f-' + name}, h('option', {value: ''}, 'any'), options.map(o => {
    const [v, label] = Array.isArray(o) ? o : [o, o];
    return h('option', {value: v, selected: v === value}, label);
  }));
const input = (name, value, more = {}) => h('input', {name, id: 'f-' + name, value: value || '', autocomplete: 'off', ...more});

/** The form. `go(view, parameters)` goes to another address. */
export async function filter_bar(view, parameters, go, omit = []) {
  const scheme = await get_scheme();
  const now = filters_of(parameters);
  const more = Object.keys(now).filter(name => name !== 'q').length;
  const controls = [
    field('publisher', 'Publisher', input('publisher', now.publisher)),
    field('from', 'Published from', input('from', now.from, {type: 'date'})),
    field('to', 'to', input('to', now.to, {type: 'date'})),
    field('event_from', 'Happened from', input('event_from', now.event_from, {type: 'date'})),
    field('event_to', 'to', input('event_to', now.event_to, {type: 'date'})),
    field('actor', 'Actor (NOR, or a name)', input('actor', now.actor)),
    field('recipient', 'Acted upon', input('recipient', now.recipient)),
    field('type', 'Event type', choice('type', now.type, scheme.types.map(t => t.name))),
    field('speaker', 'Speaker (NOR, or a name)', input('speaker', now.speaker)),
    field('stance', 'Stance', choice('stance', now.stance, scheme.stances)),
    field('status', 'Status', choice('status', now.status, scheme.statuses)),
    field('disputed', 'Disputed', choice('disputed', now.disputed, [['true', 'yes'], ['false', 'no']])),
  ];
  const form = h('form', {class: 'filters', role: 'search', 'aria-label': 'Conditions', onsubmit: event => {
    event.preventDefault();
    const next = {...parameters, after: ''};
    for (const name of FIELDS) if (form.elements[name]) next[name] = form.elements[name].value.trim();
    go(view, next);
  }},
    h('div', {class: 'words'},
      h('label', {for: 'f-q', class: 'vh'}, 'Words'),
      input('q', now.q, {type: 'search', placeholder: 'words, "a phrase", begin*, NEAR(a b, 5)'}),
      h('button', {type: 'submit', class: 'main'}, 'Search')),
    h('details', {open: false}, h('summary', null, more ? `Conditions (${more})` : 'Conditions'), h('div', {class: 'fields'}, controls)),
    chips(view, parameters));
  return form;
}

/** What a page counts: kinds[0] unless the address says otherwise. */
export const counted = (parameters, kinds) => kinds.includes(parameters.count) ? parameters.count : kinds[0];

/** A switch between the kinds of counts; copies of one text are one origin. */
export const count_switch = (view, parameters, kinds) => h('ul', {class: 'chips', 'aria-label': 'Count'}, kinds.map((kind, i) =>
  h('li', null, h('a', {href: href(view, {...parameters, count: i ? kind : ''}), 'aria-current': counted(parameters, kinds) === kind ? 'true' : null}, 'count ' + kind))));

/** What is set, each with a link that takes it away. */
function chips(view, parameters) {
  const set = Object.entries(filters_of(parameters));
  if (!set.length) return null;
  return h('ul', {class: 'chips', 'aria-label': 'Conditions that are set'}, set.map(([name, value]) =>
    h('li', null, h('a', {href: href(view, {...parameters, [name]: '', after: ''}), 'aria-label': `Take away: ${LABELS[name]} ${value}`},
      h('span', {class: 'soft'}, LABELS[name] + ' '), value, ' ×'))),
    h('li', null, h('a', {href: href(view, Object.fromEntries(Object.entries(parameters).filter(([n]) => !FIELDS.includes(n) && n !== 'after')))}, 'Clear all')));
}
