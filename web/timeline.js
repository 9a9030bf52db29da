// Events by day, and the events over documents in order.
import {add, h, href, plural, svg} from './dom.js';
import {get} from './api.js';
import {count_switch, counted, filter_bar, filters_of} from './filters.js';
import {table_of} from './list.js';
import {tag} from './marks.js';

const QUADS = [['verbal_cooperation', 'verbal cooperation'], ['material_cooperation', 'material cooperation'], ['verbal_conflict', 'verbal conflict'], ['material_conflict', 'material conflict']];

/** Days, or months where there are too many days for a bar each. */
function bars_of(rows) {
  const days = rows.slice().reverse();
  if (!days.length) return [];
  const span = (Date.parse(days[days.length - 1].date) - Date.parse(days[0].date)) / 864e5;
  if (span <= 120) return days;
  const months = new Map();
  for (const day of days) {
    const key = day.date.slice(0, 7);
    const sum = months.get(key) || {date: key, events: 0, documents: 0, origins: 0, disputed: 0, ...Object.fromEntries(QUADS.map(([q]) => [q, 0]))};
    for (const name of ['events', 'documents', 'origins', 'disputed', ...QUADS.map(([q]) => q)]) sum[name] += day[name];
    months.set(key, sum);
  }
  return [...months.values()];
}

/** The days of a bar as a condition. */
function span_of(bar) {
  if (bar.date.length === 10) return {event_from: bar.date, event_to: bar.date};
  const [year, month] = bar.date.split('-').map(Number);
  return {event_from: bar.date + '-01', event_to: `${bar.date}-${String(new Date(Date.UTC(year, month, 0)).getUTCDate()).padStart(2, '0')}`};
}

const COUNTS = ['events', 'documents', 'origins'];

function chart(bars, parameters, count) {
  const width = 960, height = 220, left = 36, bottom = 24;
  const time = bar => Date.parse(bar.date.length === 7 ? bar.date + '-15' : bar.date);
  const from = time(bars[0]), to = Math.max(time(bars[bars.length - 1]), from + 864e5);
  const unit = bars[0].date.length === 7 ? 30 : 1;
  const slots = Math.round((to - from) / 864e5 / unit) + 1, step = (width - left - 8) / slots, thick = Math.max(3, Math.min(28, step * 0.8));
  const most = Math.max(...bars.map(b => b[count]));
  const x = bar => left + step / 2 + (time(bar) - from) / 864e5 / unit * step, y = n => (height - bottom) - n / most * (height - bottom - 14);
  const grid = [0, most % 2 === 0 || most > 9 ? Math.round(most / 2) : 0, most].filter((n, i) => n || !i).map(n => [
    svg('line', {class: 'grid', x1: left, x2: width - 4, y1: y(n), y2: y(n)}), svg('text', {x: left - 6, y: y(n) + 4, 'text-anchor': 'end'}, String(n))]);
  const columns = bars.map(bar => {
    let base = 0;
    const parts = count !== 'events' ? svg('rect', {class: 'q0', x: x(bar) - thick / 2, y: y(bar[count]), width: thick, height: y(0) - y(bar[count])}) : QUADS.map(([name], i) => {
      const n = bar[name];
      if (!n) return null;
      base += n;
      return svg('rect', {class: 'q' + (i + 1), x: x(bar) - thick / 2, y: y(base), width: thick, height: y(base - n) - y(base)});
    });
    const title = `${bar.date}: ${plural(bar[count], count.slice(0, -1))}, ${plural(bar.disputed, 'disputed event')}`;
    return svg('a', {href: href('events', {...filters_of(parameters), ...span_of(bar)}), 'aria-label': title, 'data-stop': true},
      svg('title', null, title), svg('rect', {class: 'hit', x: x(bar) - Math.max(thick, step) / 2, y: 0, width: Math.max(thick, step), height: height - bottom}), parts,
      bar.disputed ? svg('text', {class: 'flag', x: x(bar), y: y(bar[count]) - 3, 'text-anchor': 'middle'}, '≠') : null);
  });
  const labels = bars.length > 1 ? [bars[0], bars[bars.length - 1]] : [bars[0]];
  return svg('svg', {class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Events by date'}, grid, columns,
    labels.map((bar, i) => svg('text', {x: i ? width - 4 : left, y: height - 6, 'text-anchor': i ? 'end' : 'start'}, bar.date)));
}

const COLUMNS = [
  ['Event', row => h('a', {href: href('event', {id: row.id}), 'data-stop': true}, row.title)],
  ['Type', row => row.type],
  ['When', row => row.date_from ? (row.date_from === row.date_to ? row.date_from : `${row.date_from} to ${row.date_to}`) : 'day unknown', 'date'],
  ['Where', row => row.place_name],
  ['Documents', row => `${row.documents} from ${plural(row.origins, 'origin')}`],
  ['Dispute', row => row.disputed ? (row.dispute ? h('a', {href: href('dispute', {id: row.dispute})}, 'disputed') : tag('disputed', 'open')) : null],
];

export async function show(place, parameters, {go}) {
  const [bar, days] = await Promise.all([filter_bar('timeline', parameters, go), get('timeline', {...filters_of(parameters), limit: 1000})]);
  const bars = bars_of(days.rows), count = counted(parameters, COUNTS);
  add(place, h('h1', null, 'Timeline'), bar);
  if (!bars.length) add(place, h('p', {class: 'empty'}, 'No event with a date meets these conditions.'));
  else add(place, 
    count_switch('timeline', parameters, COUNTS),
    h('ul', {class: 'legend', 'aria-label': 'Colours'}, count === 'events' ? QUADS.map(([, label], i) => h('li', null, h('span', {class: `swatch q${i + 1}`, 'aria-hidden': 'true'}), ' ', label)) : h('li', null, `${count} that tell of events of the day${bars[0].date.length === 7 ? ', added up over the days of a month' : ''}`), h('li', null, '≠ some events are disputed')),
    chart(bars, parameters, count),
    h('details', null, h('summary', null, 'The same as a table'), h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Events by date'}, h('table', {class: 'rows'},
      h('caption', {class: 'vh'}, 'Events by date'), h('thead', null, h('tr', null, ['Date', 'Events', 'Documents', 'Origins', 'Disputed', ...QUADS.map(([, l]) => l)].map(t => h('th', {scope: 'col'}, t)))),
      h('tbody', null, bars.map(b => h('tr', null, h('th', {scope: 'row'}, b.date), [b.events, b.documents, b.origins, b.disputed, ...QUADS.map(([q]) => b[q])].map(n => h('td', {class: 'num'}, String(n))))))))));
  add(place, h('h2', null, 'Events over documents'), await table_of('story-events', parameters, COLUMNS,
    {caption: 'Events over documents', empty: 'None yet: documents are grouped after they are imported.'}));
}
