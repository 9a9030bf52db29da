// Who acts on whom. The picture shows the pairs that the table lists.
import {add, h, href, plural, svg} from './dom.js';
import {get} from './api.js';
import {count_switch, counted, filter_bar, filters_of} from './filters.js';

/** Springs along the pairs, a push between all; from a circle, without chance, so that the same data make the same picture. */
function layout(nodes, edges, width, height) {
  nodes.forEach((n, i) => { n.x = width / 2 + Math.cos(i / nodes.length * 2 * Math.PI) * width / 3; n.y = height / 2 + Math.sin(i / nodes.length * 2 * Math.PI) * height / 3; });
  const ideal = Math.sqrt(width * height / Math.max(nodes.length, 1)) * 0.75;
  for (let round = 0; round < 300; round++) {
    const heat = 14 * (1 - round / 300) + 0.5;
    for (const n of nodes) { n.dx = (width / 2 - n.x) * 0.02; n.dy = (height / 2 - n.y) * 0.03; }
    for (let i = 0; i < nodes.length; i++) for (let j = i + 1; j < nodes.length; j++) {
      const a = nodes[i], b = nodes[j], dx = a.x - b.x || 0.1, dy = a.y - b.y || 0.1, d = Math.hypot(dx, dy), push = ideal * ideal / d / d * 0.35;
      a.dx += dx * push / d * 12; a.dy += dy * push / d * 12; b.dx -= dx * push / d * 12; b.dy -= dy * push / d * 12;
    }
    for (const e of edges) {
      const dx = e.a.x - e.b.x, dy = e.a.y - e.b.y, d = Math.hypot(dx, dy) || 0.1, pull = (d - ideal) / d * 0.06;
      e.a.dx -= dx * pull; e.a.dy -= dy * pull; e.b.dx += dx * pull; e.b.dy += dy * pull;
    }
    for (const n of nodes) {
      const d = Math.hypot(n.dx, n.dy) || 1, go = Math.min(d, heat);
      n.x = Math.min(width - 70, Math.max(70, n.x + n.dx / d * go));
      n.y = Math.min(height - 44, Math.max(26, n.y + n.dy / d * go));
    }
  }
}

const tone = intensity => intensity < -0.5 ? 'conflict' : intensity > 0.5 ? 'cooperation' : 'neutral';
const TONES = {conflict: 'conflict', cooperation: 'cooperation', neutral: 'neither'};

const COUNTS = ['events', 'documents', 'origins'];

function picture(rows, parameters, count) {
  const width = 960, height = Math.min(620, 260 + rows.length * 12), nodes = new Map();
  const node = (key, name, country) => nodes.get(key) || nodes.set(key, {key, name, country, n: 0, events: 0}).get(key);
  const edges = rows.map(row => {
    const a = node(row.actor, row.actor_name, row.actor_country), b = node(row.recipient, row.recipient_name, row.recipient_country);
    for (const n of [a, b]) { n.n += row[count]; n.events += row.events; }
    return {a, b, row};
  });
  layout([...nodes.values()], edges, width, height);
  const most = Math.max(...rows.map(r => r[count]));
  const radius = n => 6 + 10 * Math.sqrt(n.n / Math.max(...[...nodes.values()].map(m => m.n)));
  const lines = edges.map(({a, b, row}) => {
    // Bent, so that both directions of a pair can be seen; the arrow stands before the circle.
    const dx = b.x - a.x, dy = b.y - a.y, d = Math.hypot(dx, dy) || 1, mx = (a.x + b.x) / 2 - dy / d * 18, my = (a.y + b.y) / 2 + dx / d * 18;
    const ex = b.x - mx, ey = b.y - my, e = Math.hypot(ex, ey) || 1, r = radius(b) + 5;
    const title = `${row.actor_name} on ${row.recipient_name}: ${plural(row[count], count.slice(0, -1))}, ${TONES[tone(row.intensity)]}`;
    return svg('path', {class: 'edge ' + tone(row.intensity), d: `M${a.x.toFixed(1)},${a.y.toFixed(1)}Q${mx.toFixed(1)},${my.toFixed(1)} ${(b.x - ex / e * r).toFixed(1)},${(b.y - ey / e * r).toFixed(1)}`,
      'stroke-width': (1 + 4 * row[count] / most).toFixed(1), 'marker-end': `url(#arrow-${tone(row.intensity)})`, 'stroke-dasharray': tone(row.intensity) === 'cooperation' ? '7 4' : null}, svg('title', null, title));
  });
  const points = [...nodes.values()].map(n => svg('a', {href: href('network', {...filters_of(parameters), actor: n.key}), 'aria-label': `${n.name}: ${plural(n.events, 'event')} in these pairs. Show its pairs alone`, 'data-stop': true},
    svg('circle', {class: 'node', cx: n.x.toFixed(1), cy: n.y.toFixed(1), r: radius(n).toFixed(1)}),
    svg('text', {x: n.x.toFixed(1), y: (n.y + radius(n) + 14).toFixed(1), 'text-anchor': 'middle'}, n.name.length > 26 ? n.name.slice(0, 25) + '…' : n.name)));
  const arrow = name => svg('marker', {id: 'arrow-' + name, class: name, viewBox: '0 0 8 8', refX: 6, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto'}, svg('path', {d: 'M0,0L8,4L0,8Z'}));
  return svg('svg', {class: 'chart network', viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Actors and what they do to each other'}, svg('defs', null, Object.keys(TONES).map(arrow)), lines, points);
}

export async function show(place, parameters, {go}) {
  const [bar, found] = await Promise.all([filter_bar('network', parameters, go), get('network', {...filters_of(parameters), limit: 40})]);
  const rows = found.rows, count = counted(parameters, COUNTS);
  add(place, h('h1', null, 'Network'), bar);
  if (!rows.length) {
    add(place, h('p', {class: 'empty'}, 'No event with an actor and somebody acted upon meets these conditions.'));
    return;
  }
  add(place, 
    h('ul', {class: 'legend', 'aria-label': 'Lines'}, h('li', null, h('span', {class: 'stroke conflict', 'aria-hidden': 'true'}), ' conflict'), h('li', null, h('span', {class: 'stroke cooperation', 'aria-hidden': 'true'}), ' cooperation (dashed)'), h('li', null, `thicker: more ${count}`)),
    count_switch('network', parameters, COUNTS),
    picture(rows, parameters, count),
    h('h2', null, 'Pairs'),
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Pairs of actors'}, h('table', {class: 'rows'}, h('caption', {class: 'vh'}, 'Pairs of actors'),
      h('thead', null, h('tr', null, ['Who', 'Whom', 'Events', 'Documents', 'Origins', 'Disputed', 'Mean intensity', 'Types'].map(t => h('th', {scope: 'col'}, t)))),
      h('tbody', null, rows.map(r => h('tr', null, h('th', {scope: 'row'}, h('a', {href: href('events', {...filters_of(parameters), actor: r.actor, recipient: r.recipient}), 'data-stop': true}, r.actor_name)),
        h('td', null, r.recipient_name), h('td', {class: 'num'}, String(r.events)), h('td', {class: 'num'}, String(r.documents)), h('td', {class: 'num'}, String(r.origins)), h('td', {class: 'num'}, String(r.disputed)), h('td', {class: 'num'}, r.intensity.toFixed(1)), h('td', null, r.types.replaceAll(',', ', '))))))));
}
