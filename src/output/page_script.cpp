#include "output/page.h"

namespace reportedly::output {

const std::string_view kPageScript = R"js(
'use strict';
(() => {
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const docs = $$('.doc');

// The list of contents, when there is something to choose from.
const list = document.querySelector('.list');
if (docs.length > 1) {
  const ol = document.createElement('ol');
  for (const doc of docs) {
    const li = document.createElement('li'), a = document.createElement('a'), s = document.createElement('span');
    a.href = '#' + doc.id;
    a.textContent = doc.querySelector('h2').textContent;
    s.textContent = ' ' + doc.dataset.sum;
    li.append(a, s);
    ol.append(li);
  }
  list.append(ol);
  list.hidden = false;
}

// Brackets in the margin: for each passage the lines it covers; an outer voice stands further out.
const wide = matchMedia('(min-width: 70.01rem)');
function draw() {
  for (const para of $$('.para')) {
    const text = para.querySelector('.text');
    for (const bar of $$('.bar', text)) bar.remove();
    const spans = $$('.cnt', text);
    if (!spans.length) continue;
    const box = text.getBoundingClientRect(), ranges = new Map();
    for (const span of spans) {
      const rects = span.getClientRects();
      if (!rects.length) continue;
      const top = rects[0].top - box.top, end = rects[rects.length - 1].bottom - box.top;
      for (const a of span.dataset.c.split(' ')) {
        const r = ranges.get(a) || {a, top, end, cut: ''};
        r.top = Math.min(r.top, top);
        r.end = Math.max(r.end, end);
        ranges.set(a, r);
      }
    }
    // Depth by what holds what, not by lines: two voices that share a line and no words stand in one lane, and part the line.
    const sets = spans.map(span => span.dataset.c.split(' '));
    const holds = (x, y) => sets.every(set => !set.includes(y) || set.includes(x));
    const ids = [...ranges.keys()];
    const lanes = [];
    const order = [...ranges.values()].sort((x, y) => (y.end - y.top) - (x.end - x.top) || x.top - y.top || ids.indexOf(x.a) - ids.indexOf(y.a));
    for (const r of order) {
      let lane = ids.filter(o => o !== r.a && holds(o, r.a) && (!holds(r.a, o) || ids.indexOf(o) < ids.indexOf(r.a))).length;
      const line = parseFloat(getComputedStyle(text).lineHeight) || 28;
      while ((lanes[lane] || []).some(o => Math.min(o.end, r.end) - Math.max(o.top, r.top) > line * 1.2)) lane++;
      for (const o of lanes[lane] || []) {
        const shared = Math.min(o.end, r.end) - Math.max(o.top, r.top);
        if (shared <= 2) continue;
        const [up, down] = o.top < r.top || (o.top === r.top && ids.indexOf(o.a) < ids.indexOf(r.a)) ? [o, r] : [r, o];
        const middle = (Math.max(up.top, down.top) + Math.min(up.end, down.end)) / 2;
        up.end = middle - 1;
        down.top = middle + 1;
      }
      (lanes[lane] = lanes[lane] || []).push(r);
      r.lane = lane;
    }
    const step = lanes.length > 3 ? 22 / lanes.length : 7;
    for (const r of order) {
      const bar = document.createElement('span'), meta = text.closest('.doc').querySelector('li[data-a="' + r.a + '"]');
      bar.className = 'bar ' + (meta ? meta.dataset.s : 's-say');
      bar.dataset.a = r.a;
      bar.setAttribute('aria-hidden', 'true');
      if (meta && meta.closest('.para') !== para) bar.classList.add('cut-top');
      bar.style.top = r.top + 1 + 'px';
      bar.style.height = Math.max(10, r.end - r.top - 2) + 'px';
      bar.style.left = r.lane * step + 'px';
      text.append(bar);
    }
    // Labels at the height of their bracket, pushed down where two would meet.
    let below = 0, names = para.querySelector('.voices');
    if (!names) continue;
    para.classList.toggle('drawn', wide.matches);
    for (const li of $$('li', names)) { li.style.top = ''; }
    names.style.minHeight = '';
    if (!wide.matches) continue;
    const items = $$('li', names).map(li => ({li, top: (ranges.get(li.dataset.a) || {top: 0}).top}));
    items.sort((x, y) => x.top - y.top);
    for (const item of items) {
      const top = Math.max(item.top, below);
      item.li.style.top = top + 'px';
      below = top + item.li.offsetHeight + 2;
    }
    names.style.minHeight = below + 'px';
  }
}
draw();
let wait = 0;
addEventListener('resize', () => { clearTimeout(wait); wait = setTimeout(draw, 80); });
if (document.fonts && document.fonts.ready) document.fonts.ready.then(draw);

// What is pointed at: its event or voice, everywhere on the page, and the chain of voices below.
const bar = document.getElementById('voice');
function mark(doc, ids) {
  for (const e of $$('.on')) e.classList.remove('on');
  let chain = '';
  for (const id of ids) {
    for (const e of $$('[data-m~="' + id + '"],[data-c~="' + id + '"],[data-a="' + id + '"],[data-v="' + id + '"]', doc)) e.classList.add('on');
    const said = doc.querySelector('[data-id="' + id + '"]');
    if (said) chain = said.dataset.chain;
  }
  bar.textContent = chain;
}
function idsOf(e) {
  if (e.dataset.v) return [e.dataset.v];
  if (e.dataset.a) return [e.dataset.a];
  if (e.dataset.f) return [e.dataset.f];
  return e.dataset.c ? [e.dataset.c.split(' ').pop()] : [];
}
for (const type of ['mouseover', 'focusin'])
  document.addEventListener(type, event => {
    const e = event.target.closest('[data-f],.cnt,.ev,.voices li');
    if (e && e.closest('.doc')) mark(e.closest('.doc'), idsOf(e));
    else if (type === 'mouseover' && !event.target.closest('#voice') && !document.activeElement.closest('.doc')) mark(document, []);
  });

// j and k walk through events and cues, u goes to the voice around, d to the next document, ? to the keys.
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
  const stops = $$('a.trg[data-f],a.cue[data-f]'), here = document.activeElement;
  const go = e => { if (e) { e.focus({preventScroll: true}); e.scrollIntoView({block: 'center'}); } };
  const step = d => {
    let at = stops.indexOf(here);
    if (at < 0) {
      const next = stops.findIndex(s => (here && here !== document.body) ? here.compareDocumentPosition(s) & 4 : s.getBoundingClientRect().top > 0);
      at = d > 0 ? next - 1 : (next < 0 ? stops.length : next);
    }
    go(stops[Math.min(Math.max(at + d, 0), stops.length - 1)]);
  };
  if (event.key === 'j') step(1);
  else if (event.key === 'k') step(-1);
  else if (event.key === 'u' && here.dataset && here.dataset.up) go(document.getElementById(here.closest('.doc').id + '-' + here.dataset.up + '-cue') || document.getElementById(here.closest('.doc').id + '-' + here.dataset.up));
  else if (event.key === 'd') { const n = docs.find(x => x.getBoundingClientRect().top > 80) || docs[0]; n.scrollIntoView(); n.focus({preventScroll: true}); }
  else if (event.key === 'w') { const box = here.closest && here.closest('.doc') && document.getElementById(here.closest('.doc').id + '-' + (here.dataset.f || '')); const why = box && box.querySelector('details'); if (why) why.open = !why.open; }
  else if (event.key === 'o') { const own = document.getElementById('own'); own.checked = !own.checked; own.dispatchEvent(new Event('change')); }
  else return;
  event.preventDefault();
});

const own = document.getElementById('own');
own.addEventListener('change', () => document.body.classList.toggle('own-only', own.checked));
})();
)js";

}  // namespace reportedly::output
