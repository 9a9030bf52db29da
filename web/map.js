// Where events are. How precise a place is, its sign says: a town is a point, a province or a country stands for all of its area.
import {add, h, href, plural, svg} from './dom.js';
import {get} from './api.js';
import {count_switch, counted, filter_bar, filters_of} from './filters.js';
import {LAND} from './land.js';

/** By GeoNames feature code. */
export function precision(feature) {
  if (/^PCL|^TERR/.test(feature || '')) return 'country';
  if (/^ADM1/.test(feature || '')) return 'province';
  if (/^(PPL|STLMT)/.test(feature || '')) return 'town';
  return feature ? 'area' : 'area';
}
const WORDS = {town: 'town', area: 'area or landmark', province: 'province', country: 'country, somewhere in it'};

function view_of(rows, whole) {
  if (whole) return {x: -180, y: -84, width: 360, height: 150};
  const xs = rows.map(r => r.longitude), ys = rows.map(r => -r.latitude);
  let [x0, x1, y0, y1] = [Math.min(...xs) - 6, Math.max(...xs) + 6, Math.min(...ys) - 5, Math.max(...ys) + 5];
  // Never closer than 30 degrees, and as wide as the page.
  const width = Math.max(x1 - x0, 30, (y1 - y0) * 2), height = Math.max(width / 2, y1 - y0);
  const cx = (x0 + x1) / 2, cy = (y0 + y1) / 2;
  return {x: cx - width / 2, y: cy - height / 2, width, height};
}

const COUNTS = ['events', 'documents', 'origins'];

function chart(rows, parameters, whole, count) {
  const v = view_of(rows, whole), px = v.width / 960, most = Math.max(...rows.map(r => r[count]));
  const step = v.width > 150 ? 30 : v.width > 60 ? 10 : 5, lines = [];
  for (let x = -180; x <= 180; x += step) lines.push(`M${x},-90V90`);
  for (let y = -90; y <= 90; y += step) lines.push(`M-180,${y}H180`);
  const points = rows.slice().sort((a, b) => b[count] - a[count]).map(row => {
    const kind = precision(row.feature), grow = Math.sqrt(row[count] / most);
    const r = (kind === 'country' ? 16 + 18 * grow : kind === 'province' ? 11 + 12 * grow : 5 + 9 * grow) * px;
    const title = `${row.name}${row.country ? ', ' + row.country : ''} (${WORDS[kind]}): ${plural(row[count], count.slice(0, -1))}${row.disputed ? `, ${plural(row.disputed, 'disputed event')}` : ''}`;
    return svg('a', {href: href('map', {...parameters, place: row.geonames ?? row.name}), 'aria-label': title, 'data-stop': true}, svg('title', null, title),
      svg('circle', {class: 'place ' + kind + (String(row.geonames ?? row.name) === parameters.place ? ' chosen' : ''), cx: row.longitude, cy: -row.latitude, r, 'stroke-width': 1.6 * px, 'stroke-dasharray': kind === 'town' ? null : `${5 * px} ${3 * px}`}),
      kind === 'town' || kind === 'area' ? svg('text', {x: row.longitude, y: -row.latitude - r - 3 * px, 'text-anchor': 'middle', style: {'font-size': 12 * px + 'px', 'stroke-width': 3 * px + 'px'}}, row.name) : svg('circle', {class: 'middle', cx: row.longitude, cy: -row.latitude, r: 2 * px}));
  });
  return svg('svg', {class: 'chart map', viewBox: `${v.x} ${v.y} ${v.width} ${v.height}`, role: 'group', 'aria-label': 'Places of events'},
    svg('path', {class: 'land', d: LAND}), svg('path', {class: 'graticule', d: lines.join(''), 'stroke-width': 0.6 * px}), points);
}

export async function show(place, parameters, {go}) {
  const [bar, found] = await Promise.all([filter_bar('map', parameters, go), get('places', {...filters_of(parameters), limit: 300})]);
  const rows = found.rows, whole = parameters.world === '1', count = counted(parameters, COUNTS);
  add(place, h('h1', null, 'Map'), bar);
  if (!rows.length) {
    add(place, h('p', {class: 'empty'}, 'No event with a known place meets these conditions.'));
    return;
  }
  const chosen = rows.find(r => String(r.geonames ?? r.name) === parameters.place);
  add(place, 
    h('ul', {class: 'legend', 'aria-label': 'Signs'}, Object.entries(WORDS).map(([kind, words]) => h('li', null, h('span', {class: 'dot ' + kind, 'aria-hidden': 'true'}), ' ', words)),
      h('li', null, h('a', {href: href('map', {...parameters, world: whole ? '' : '1'})}, whole ? 'Closer' : 'The whole world'))),
    count_switch('map', parameters, COUNTS),
    chart(rows, parameters, whole, count),
    chosen && h('p', {class: 'note', role: 'status'}, h('b', null, chosen.name), `: ${plural(chosen.events, 'event')} in ${plural(chosen.documents, 'document')} from ${plural(chosen.origins, 'origin')}: ${chosen.types.replaceAll(',', ', ')}. `, h('a', {href: href('search', {...filters_of(parameters), q: `"${chosen.name.replaceAll('"', '')}"`})}, 'Documents that name it')),
    h('h2', null, 'Places'),
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Places of events'}, h('table', {class: 'rows'}, h('caption', {class: 'vh'}, 'Places of events'),
      h('thead', null, h('tr', null, ['Place', 'Precision', 'Country', 'Events', 'Documents', 'Origins', 'Disputed', 'Types'].map(t => h('th', {scope: 'col'}, t)))),
      h('tbody', null, rows.map(r => h('tr', null, h('th', {scope: 'row'}, h('a', {href: href('map', {...parameters, place: r.geonames ?? r.name}), 'data-stop': true}, r.name)), h('td', null, WORDS[precision(r.feature)]), h('td', null, r.country || ''),
        h('td', {class: 'num'}, String(r.events)), h('td', {class: 'num'}, String(r.documents)), h('td', {class: 'num'}, String(r.origins)), h('td', {class: 'num'}, String(r.disputed)), h('td', null, r.types.replaceAll(',', ', '))))))));
}
