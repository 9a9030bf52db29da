// Lists of rows that go on by cursor.
import {h, href, plural, tell} from './dom.js';
import {get} from './api.js';
import {filters_of} from './filters.js';

/**
 * A table over a list of the API. `columns`: [heading, row => cell, class]; `link`: row => address that the row leads to.
 * What is shown is what is exported: the CSV link has the same conditions.
 */
export async function table_of(path, parameters, columns, {caption, empty, csv = true, limit = 50}) {
  const conditions = filters_of(parameters);
  const body = h('tbody');
  const more = h('button', {type: 'button', hidden: true}, 'Show more');
  const count = h('p', {class: 'soft', 'aria-live': 'polite'});
  let next = null, shown = 0;
  async function load() {
    const page = await get(path, {...conditions, limit, after: next});
    for (const row of page.rows) body.append(h('tr', null, columns.map(([, cell, style], i) =>
      h(i === 0 ? 'th' : 'td', {class: style, scope: i === 0 ? 'row' : null}, cell(row)))));
    shown += page.rows.length;
    next = page.next;
    more.hidden = !next;
    count.textContent = shown ? (next ? `the first ${plural(shown, 'row')}` : plural(shown, 'row')) : '';
    return page.rows.length;
  }
  more.addEventListener('click', async () => {
    const first = body.rows.length;
    tell(plural(await load(), 'more row'));
    body.rows[first]?.querySelector('a')?.focus();
  });
  await load();
  if (!shown) return h('p', {class: 'empty'}, empty);
  return h('div', null,
    h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
      h('table', {class: 'rows'}, h('caption', {class: 'vh'}, caption),
        h('thead', null, h('tr', null, columns.map(([heading, , style]) => h('th', {scope: 'col', class: style}, heading)))), body)),
    h('div', {class: 'below'}, count, more, csv && h('a', {href: '/api/v1/' + href(path, {...conditions, format: 'csv'}).slice(1), download: path + '.csv'}, 'As CSV')));
}
