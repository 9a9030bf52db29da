// Clicks through every page with the keyboard alone, runs axe-core on each in light and dark, keeps screenshots.
//   node tests/pages/test.mjs build/reportedly build/pages
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {browser, make_store, serve, settled, visit} from './browser.mjs';

const [program, out] = process.argv.slice(2);
mkdirSync(out, {recursive: true});
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const store = make_store(program, out);
const server = await serve(program, store);
const chrome = await browser();
const faults = [];
let number = 0, passed = 0;

async function context(options = {}) {
  const made = await chrome.newContext({viewport: {width: 1360, height: 860}, ...options});
  const page = await made.newPage();
  page.on('pageerror', error => faults.push('script: ' + error.stack));
  page.on('console', message => { if (message.type() === 'error') faults.push('console: ' + message.text()); });
  page.on('request', request => { if (new URL(request.url()).origin !== server.origin) faults.push('asks elsewhere: ' + request.url()); });
  page.on('dialog', dialog => { faults.push('a dialog: ' + dialog.message()); dialog.dismiss(); });
  await visit(page, server.link());
  return page;
}

async function check(name, work) {
  number++;
  try {
    await work();
    passed++;
    console.log(`ok ${number} ${name}`);
  } catch (error) {
    faults.push(`${name}: ${error.message}`);
    console.log(`not ok ${number} ${name}\n  ${String(error.stack).replaceAll('\n', '\n  ')}`);
  }
}

/** axe-core runs in a world of its own: the policy of the pages lets no foreign script in. */
async function accessible(page, name) {
  const session = await page.context().newCDPSession(page);
  const tree = await session.send('Page.getFrameTree');
  const world = await session.send('Page.createIsolatedWorld', {frameId: tree.frameTree.frame.id, worldName: 'axe'});
  await session.send('Runtime.evaluate', {expression: axe + ';0', contextId: world.executionContextId});
  const found = await session.send('Runtime.evaluate', {contextId: world.executionContextId, awaitPromise: true, returnByValue: true,
    expression: "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations.map(v => `${v.impact} ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message || '')).join(' | ')}`))"});
  await session.detach();
  assert.ok(!found.exceptionDetails, JSON.stringify(found.exceptionDetails));
  assert.deepEqual(found.result.value, [], `axe on ${name}`);
}

const shot = (page, name) => page.screenshot({path: join(out, name + '.png'), fullPage: true});
const focused = page => page.evaluate(() => document.activeElement.textContent.trim());
const address = page => new URL(page.url()).pathname + new URL(page.url()).search;
/** Tab until the focus is on what matches. */
async function tab_to(page, selector, most = 80) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(s => document.activeElement.matches(s), selector)) return;
  }
  assert.fail('the Tab key does not reach ' + selector);
}
/** Goes to a view by the navigation. */
async function by_keys(page, view) {
  await tab_to(page, `#nav a[href^="/${view}"]`, 200);
  await page.keyboard.press('Enter');
  await page.waitForFunction(v => document.getElementById('main').dataset.view === v, view);
  await settled(page);
}

const page = await context();

await check('without the cookie the pages say how to get in', async () => {
  const other = await chrome.newContext();
  const bare = await other.newPage();
  await visit(bare, server.origin + '/search');
  assert.match(await bare.textContent('[role=alert]'), /Open the link/);
  await other.close();
});

await check('search: words, facet, hit, all by keys; conditions are in the address', async () => {
  await by_keys(page, 'search');
  await page.keyboard.press('/');
  await page.keyboard.type('frigate');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search.includes('q=frigate') && !document.getElementById('main').hasAttribute('aria-busy'));
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-q', 'the focus stays in the form');
  assert.ok(await page.locator('.hits > li').count() >= 2);
  assert.ok(await page.locator('.hits mark').count() >= 2);
  await page.waitForSelector('.facets section a');
  await tab_to(page, '.facets section a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search.includes('publisher='));
  await settled(page);
  assert.equal(await page.locator('.hits > li').count(), 1);
  await shot(page, 'search');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('main').dataset.view === 'read');
  await page.goBack();
  await settled(page);
  assert.match(address(page), /q=frigate/);
  await visit(page, page.url());
  assert.equal(await page.inputValue('#f-q'), 'frigate', 'the address alone gives the same view');
});

await check('conditions go along to the other views', async () => {
  await visit(page, server.origin + '/search?actor=state%3ANOR');
  await by_keys(page, 'events');
  assert.match(address(page), /actor=state%3ANOR/);
  await shot(page, 'events');
});

await check('imports: what failed, and why', async () => {
  await by_keys(page, 'imports');
  assert.match(await page.textContent('main'), /has no "text"/);
  await shot(page, 'imports');
});

await check('reader: j, k, u walk through the voices; the chain is told', async () => {
  await visit(page, server.origin + '/read?document=wire-1');
  await page.keyboard.press('j');
  assert.ok(await focused(page));
  let at = '';
  for (let i = 0; i < 30 && at !== 'attacked'; i++) {
    await page.keyboard.press('j');
    at = await focused(page);
  }
  assert.equal(at, 'attacked');
  assert.match(await page.textContent('#voice'), /^Northern Wire ◂ Reykjavik ◂ two fishermen: accuses, denied by /);
  await shot(page, 'reader');
  await page.keyboard.press('u');
  assert.equal(await focused(page), 'told');
  await page.keyboard.press('u');
  assert.equal(await focused(page), 'says');
  assert.match(await page.textContent('#voice'), /^Northern Wire ◂ Reykjavik: relays/);
  const bars = await page.locator('.bar').evaluateAll(all => all.map(b => [b.dataset.a, b.style.left]));
  assert.ok(new Set(bars.map(([, left]) => left)).size >= 2, 'nested voices stand in different lanes');
});

await check('reader: why, and what else was considered', async () => {
  await visit(page, server.origin + '/read?document=wire-1');
  const card = await page.locator('[id^=card-v]', { hasText: 'attacked' }).first().getAttribute('id');
  await visit(page, server.origin + '/read?document=wire-1&at=' + card.slice('card-'.length));
  assert.equal(await focused(page), 'attacked', 'the address leads to the event');
  await page.keyboard.press('w');
  assert.equal(await focused(page), 'Why this code');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`#${card} pre`);
  assert.match(await page.textContent(`#${card} pre`), /considered and not taken/);
  await shot(page, 'why');
});

await check('reader: only what the paper says in its own voice', async () => {
  await visit(page, server.origin + '/read?document=wire-1');
  await page.keyboard.press('o');
  assert.match(address(page), /own=1/);
  const words = await page.innerText('.doc');
  assert.ok(!words.includes('No ship of ours fired'), words);
  assert.ok(words.includes('denied'));
  await shot(page, 'own-voice');
  await page.keyboard.press('o');
  assert.ok((await page.innerText('.doc')).includes('No ship of ours fired'));
});

await check('claims and their way into the text', async () => {
  await by_keys(page, 'claims');
  assert.ok(await page.locator('tbody tr').count() >= 8);
  await shot(page, 'claims');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('main').dataset.view === 'read' && document.activeElement.dataset.f);
});

await check('disputes, and the matrix with its sentences', async () => {
  await by_keys(page, 'disputes');
  await shot(page, 'disputes');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.matrix');
  await settled(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('.panel li').count() >= 1);
  assert.equal(await page.locator('[aria-pressed=true]').count(), 1);
  // Glyph, word and colour: never colour alone.
  for (const label of await page.locator('.cell-button').evaluateAll(all => all.map(b => b.getAttribute('aria-label')))) assert.match(label, /asserts|denies|doubts|passes on/);
  assert.match(await page.locator('.matrix').innerText(), /✗/);
  await shot(page, 'matrix');
  await page.keyboard.press('u');
  await page.waitForFunction(() => document.getElementById('main').dataset.view === 'disputes');
});

await check('timeline, event over documents', async () => {
  await by_keys(page, 'timeline');
  assert.ok(await page.locator('svg.chart a').count() >= 2);
  await shot(page, 'timeline');
  await tab_to(page, 'svg.chart a');
  const bar = await page.evaluate(() => document.activeElement.getAttribute('href'));
  const day = /event_from=(2031-\d\d-\d\d)/.exec(bar)?.[1];
  assert.ok(day, bar);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('main').dataset.view === 'events');
  await settled(page);
  assert.ok(address(page).includes(`event_from=${day}&event_to=${day}`), address(page));
  assert.ok(await page.locator('tbody tr').count() >= 1);
  await visit(page, server.origin + '/timeline');
  await tab_to(page, 'tbody th a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('main').dataset.view === 'event');
  await settled(page);
  assert.match(await page.textContent('main'), /Claims/);
  await shot(page, 'event');
});

await check('network', async () => {
  await by_keys(page, 'network');
  const nodes = await page.locator('svg .node').count();
  assert.ok(nodes >= 3, `${nodes} actors`);
  await shot(page, 'network');
  await tab_to(page, 'svg a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search.includes('actor='));
  await settled(page);
});

await check('counts are by documents or by independent origins', async () => {
  const assaults = async path => {
    await visit(page, server.origin + path);
    await page.waitForSelector('.facets section a');
    return Number(await page.locator('.facets section li', {hasText: 'ASSAULT'}).locator('.n').textContent());
  };
  const documents = await assaults('/search');
  await tab_to(page, '.facets .chips a[href*="count=origins"]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search.includes('count=origins'));
  await settled(page);
  assert.equal(await assaults('/search?count=origins'), documents - 1, 'one of them is a copy');
  for (const view of ['timeline', 'network', 'map']) {
    await visit(page, `${server.origin}/${view}?count=origins`);
    assert.equal((await page.textContent('[aria-label="Count"] [aria-current]')).trim(), 'count origins');
    assert.ok(await page.locator('svg.chart').count() === 1);
    assert.match(await page.textContent('table.rows thead'), /Origins/);
  }
  await visit(page, server.origin + '/timeline?count=origins');
  assert.ok(await page.locator('svg.chart .q0').count() >= 2);
  await shot(page, 'timeline-origins');
});

await check('map', async () => {
  await visit(page, server.origin + '/map');
  assert.ok(await page.locator('svg .place').count() >= 1);
  await tab_to(page, 'svg a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search.includes('place='));
  await settled(page);
  assert.ok(await page.locator('.chosen').count() === 1);
  await shot(page, 'map');
});

await check('review: accept, correct, undo, by keys; the reader shows it', async () => {
  await visit(page, server.origin + '/review?document=wire-1');
  const first = await page.textContent('#card h2');
  await page.keyboard.press('a');
  await page.waitForFunction(f => document.querySelector('#card h2')?.textContent !== f, first);
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('c');
  await page.waitForSelector('form.correct');
  await shot(page, 'review');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'type');
  await page.keyboard.type('COERCE');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
  assert.match(await page.textContent('tbody'), /type: COERCE/);
  await page.keyboard.press('z');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await visit(page, server.origin + '/read?document=wire-1');
  assert.match(await page.textContent('.doc'), /accepted/);
  // What is rejected is in the text no more, and comes back.
  await visit(page, server.origin + '/review?document=wire-1');
  const rejected = (await page.textContent('#card h2')).split(' ').pop();
  await page.keyboard.press('r');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
  await visit(page, server.origin + '/read?document=wire-1');
  assert.equal(await page.locator('#card-' + rejected).count(), 0);
  assert.match(await page.textContent('main'), /1 code rejected by a reviewer/);
  await visit(page, server.origin + '/review?document=wire-1');
  await page.locator('tbody button').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await visit(page, server.origin + '/review?document=wire-1');
  await page.locator('tbody button').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 0);
});

await check('an article that tries to do harm is words', async () => {
  const hostile = encodeURIComponent('a/b#c"d?e=1&f');
  for (const path of ['/search', '/read?document=' + hostile, '/claims', '/events', '/disputes', '/imports', '/review?document=' + hostile, '/network', '/map', '/timeline', '/event?id=wire-1%23s1', '/dispute?id=s1%2Fd1']) {
    await visit(page, server.origin + path);
    assert.ok(!(await page.title()).startsWith('owned'), path);
    assert.equal(await page.evaluate(() => document.querySelectorAll('main img, main script, main svg[onload]').length), 0, path);
  }
  await visit(page, server.origin + '/read?document=' + hostile);
  assert.match(await page.innerText('.doc'), /<script>document\.title='owned'<\/script>/);
  assert.match(await page.innerText('h1'), /<img src=x onerror=/);
  await shot(page, 'hostile');
  // The browser itself refuses markup from strings.
  assert.equal(await page.evaluate(() => { try { document.body.innerHTML = '<p>'; return 'taken'; } catch (e) { return e.name; } }), 'TypeError');
  faults.splice(0, faults.length, ...faults.filter(f => !/TrustedHTML|Trusted Type/.test(f)));
});

await check('keys are listed', async () => {
  await visit(page, server.origin + '/review');
  await page.keyboard.press('?');
  assert.match(await page.textContent('#help'), /accept/);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 0);
});

const ALL = ['search?q=frigate', 'imports', 'read?document=wire-1&at=v2', 'read?document=wire-1&own=1', 'claims', 'disputes', 'dispute?id=s1%2Fd1', 'events', 'timeline', 'event?id=wire-1%23s1', 'network', 'map', 'review', 'search?q=nothinglikeit'];
for (const scheme of ['light', 'dark']) {
  const own = scheme === 'light' ? page : await context({colorScheme: scheme});
  for (const path of ALL) await check(`axe, ${scheme}: ${path}`, async () => {
    await visit(own, `${server.origin}/${path}`);
    await own.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
    await accessible(own, path);
    if (scheme === 'dark') await shot(own, 'dark-' + path.replace(/\W+/g, '-'));
  });
}

await check('a narrow window needs no sideways scrolling', async () => {
  const narrow = await context({viewport: {width: 360, height: 740}});
  for (const path of ALL) {
    await visit(narrow, `${server.origin}/${path}`);
    const wide = await narrow.evaluate(() => document.documentElement.scrollWidth);
    if (path.startsWith('read') || path.startsWith('search?q=f') || path.startsWith('dispute?')) await shot(narrow, 'narrow-' + path.replace(/\W+/g, '-'));
    assert.ok(wide <= 360, `${path} is ${wide} wide`);
  }
  await narrow.context().close();
});

await check('the pages weigh little', () => {
  const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');
  const bytes = readdirSync(web).reduce((sum, name) => sum + gzipSync(readFileSync(join(web, name))).length, 0);
  console.log(`# all pages together: ${(bytes / 1024).toFixed(1)} KB, gzipped file by file`);
  assert.ok(bytes < 250 * 1024);
});

await chrome.close();
server.stop();
for (const fault of faults) console.log('fault: ' + fault);
console.log(`${passed} of ${number} page checks passed; screenshots in ${out}`);
process.exit(faults.length ? 1 : 0);
