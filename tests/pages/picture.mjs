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
const page = await (await chrome.newContext({viewport: {width: 1240, height: 1180}, colorScheme: 'light'})).newPage();
await visit(page, server.link());
await visit(page, server.origin + '/read?document=wire-1&at=v3');
await page.screenshot({path: join(out, 'reader.png')});
await page.setViewportSize({width: 1100, height: 760});
await visit(page, server.origin + '/disputes');
await page.keyboard.press('j');
await page.keyboard.press('Enter');
await page.waitForSelector('.matrix');
await settled(page);
for (let i = 0; i < 3; i++) await page.keyboard.press('j');
await page.keyboard.press('Enter');
await page.screenshot({path: join(out, 'matrix.png'), fullPage: true});
await chrome.close();
server.stop();
rmSync(folder, {recursive: true, force: true});
console.log(`${join(out, 'reader.png')} and ${join(out, 'matrix.png')} written`);
