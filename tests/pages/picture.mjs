// The README's pictures of the reader and of the dispute matrix, from a store that the tests' articles fill.
//   node tests/pages/picture.mjs build/reportedly docs/pictures
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {browser, make_store, serve, settled, visit} from './browser.mjs';

const [program, out] = process.argv.slice(2);
mkdirSync(out, {recursive: true});
const folder = mkdtempSync(join(tmpdir(), 'reportedly-picture-'));
const server = await serve(program, make_store(program, folder, '--plain'));
const chrome = await browser();
const page = await (await chrome.newContext({viewport: {width: 1240, height: 1200}, colorScheme: 'light', reducedMotion: 'reduce'})).newPage();
await visit(page, server.link());
// The event that is told at two removes, by its word: its number changes with the models.
await visit(page, server.origin + '/read?document=wire-1');
const card = await page.locator('.ev', {hasText: 'attacked'}).first().getAttribute('id');
await visit(page, server.origin + '/read?document=wire-1&at=' + card.replace('card-', ''));
// The reader brings the event into the middle of the window: back to the top, with the bar of navigation whole.
await page.evaluate(() => scrollTo(0, 0));
await page.waitForFunction(() => scrollY === 0);
await page.screenshot({path: join(out, 'reader.png')});
await page.setViewportSize({width: 1100, height: 760});
await visit(page, server.origin + '/disputes');
await page.keyboard.press('j');
await page.keyboard.press('Enter');
await page.waitForSelector('.matrix');
await settled(page);
// The first who denies.
await page.locator('.matrix .cell-button', {hasText: '✗', hasNotText: '→'}).first().focus();
await page.keyboard.press('Enter');
await page.screenshot({path: join(out, 'matrix.png'), fullPage: true});
await chrome.close();
server.stop();
rmSync(folder, {recursive: true, force: true});
console.log(`${join(out, 'reader.png')} and ${join(out, 'matrix.png')} written`);
