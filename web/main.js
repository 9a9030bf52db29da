// The frame: which view the address names, the way between views, keys that hold everywhere.
import {h, href, replace} from './dom.js';
import {filters_of} from './filters.js';

const VIEWS = [
  ['search', 'Search', () => import('./search.js')],
  ['imports', 'Imports', () => import('./imports.js')],
  ['claims', 'Claims', () => import('./claims.js')],
  ['disputes', 'Disputes', () => import('./disputes.js')],
  ['events', 'Events', () => import('./events.js')],
  ['timeline', 'Timeline', () => import('./timeline.js')],
  ['network', 'Network', () => import('./network.js')],
  ['map', 'Map', () => import('./map.js')],
  ['review', 'Review', () => import('./review.js')],
];
// Reached from the others.
const INNER = {
  read: ['Document', () => import('./reader.js'), 'search'],
  dispute: ['Dispute', () => import('./dispute.js'), 'disputes'],
  event: ['Event', () => import('./event.js'), 'timeline'],
};

const main = document.getElementById('main');
let turn = 0;       // the view that is wanted last wins
let keys = {};      // of the view: key → [what it does, function]
let cleanup = null;

const COMMON_KEYS = [['j', 'the next row, cue or event'], ['k', 'the one before'], ['u', 'up: to the voice around, or back to the list'], ['Enter', 'open it'],
                     ['/', 'to the search field'], ['?', 'these keys']];

function here() {
  const name = location.pathname.slice(1) || 'search';
  return {name, parameters: Object.fromEntries(new URLSearchParams(location.search))};
}

/** To another address of these pages. `keep`: in place of the present one. */
export function go(view, parameters = {}, {keep = false, focus = null} = {}) {
  history[keep ? 'replaceState' : 'pushState']({}, '', href(view, parameters));
  show(focus);
}

async function show(focus = null) {
  const mine = ++turn;
  const {name, parameters} = here();
  const known = VIEWS.find(([id]) => id === name);
  const [title, load] = known ? [known[1], known[2]] : INNER[name] || VIEWS[0].slice(1);
  const active = known ? name : INNER[name]?.[2];
  // Conditions go along from view to view; the document that is read is none.
  const conditions = filters_of(name === 'read' ? {...parameters, document: ''} : parameters);
  replace(document.getElementById('nav'), h('ul', null, VIEWS.map(([id, label]) =>
    h('li', null, h('a', {href: href(id, conditions), 'aria-current': id === active ? 'page' : null}, label)))));
  document.title = title + ' – reportedly';
  main.setAttribute('aria-busy', 'true');
  const held = document.activeElement?.id;
  const place = h('div', {class: 'view view-' + name});
  let wanted = {};
  try {
    const module = await load();
    wanted = await module.show(place, parameters, {go, is_current: () => mine === turn}) || {};
  } catch (error) {
    if (mine !== turn) return;
    replace(place, h('h1', null, title), h('div', {class: 'note bad', role: 'alert'}, h('p', null, error.message)));
    if (!('status' in error)) console.error(error);
  }
  if (mine !== turn) return;
  cleanup?.();
  cleanup = wanted.leave || null;
  keys = wanted.keys || {};
  replace(main, place);
  main.removeAttribute('aria-busy');
  wanted.ready?.();
  if (wanted.title) document.title = wanted.title + ' – reportedly';
  // The keyboard stays where it was (a form that was sent) or goes to the heading of the new view.
  const heading = main.querySelector('h1');
  if (heading && !heading.hasAttribute('tabindex')) heading.setAttribute('tabindex', '-1');
  const target = (focus && document.getElementById(focus)) || (held && main.contains(document.getElementById(held)) && document.getElementById(held));
  if (target) target.focus();
  else if (!wanted.focused) heading?.focus({preventScroll: true});
  main.dataset.view = name;
}

addEventListener('popstate', () => show());
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute('download')) return;
  const address = new URL(link.href, location.href);
  if (address.origin !== location.origin || address.pathname.startsWith('/api/') || address.pathname.endsWith('.json')) return;
  if (address.hash && address.pathname === location.pathname && address.search === location.search) return;
  event.preventDefault();
  history.pushState({}, '', address.pathname + address.search);
  scrollTo(0, 0);
  show();
});

/** j and k walk through what a list holds: links in row heads, or whatever the view marks. */
function step(way) {
  const stops = [...main.querySelectorAll('[data-stop], tbody th a, .hits > li > a')].filter(e => e.getClientRects().length);
  if (!stops.length) return;
  const active = document.activeElement;
  let at = stops.indexOf(active);
  if (at < 0) {
    const next = stops.findIndex(stop => active && main.contains(active) && active !== main ? active.compareDocumentPosition(stop) & 4 : true);
    at = way > 0 ? next - 1 : next < 0 ? stops.length : next;
  }
  const stop = stops[Math.min(Math.max(at + way, 0), stops.length - 1)];
  stop.focus({preventScroll: true});
  stop.scrollIntoView({block: 'center'});
}

const help = document.getElementById('help');
function show_help() {
  const list = [...COMMON_KEYS, ...Object.entries(keys).map(([key, [what]]) => [key, what])];
  replace(help, h('h2', {id: 'help-title'}, 'Keys'), h('dl', {class: 'keys'}, list.map(([key, what]) => [h('dt', null, h('kbd', null, key)), h('dd', null, what)])),
          h('form', {method: 'dialog'}, h('button', {class: 'main'}, 'Close')));
  help.showModal();
}
document.getElementById('help-button').addEventListener('click', show_help);

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const own = keys[event.key];
  if (own) {
    if (own[1](event) === false) return;
  } else if (event.key === 'j') step(1);
  else if (event.key === 'k') step(-1);
  else if (event.key === 'u') history.length > 1 && history.back();
  else if (event.key === '/') document.getElementById('f-q')?.focus();
  else if (event.key === '?') show_help();
  else return;
  event.preventDefault();
});

show();
