// What the page tests and the picture share: a store, a running server, a browser.
import {spawn, spawnSync} from 'node:child_process';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

/** The server over `store`; `link()` is the next one-time link. */
export async function serve(program, store) {
  const child = spawn(program, ['serve', '--store', store, '--port', '0'], {stdio: ['ignore', 'pipe', 'pipe']});
  let text = '';
  child.stdout.on('data', data => text += data);
  child.stderr.on('data', data => text += data);
  const links = () => text.match(/http:\S+\/open\?key=\w+/g) || [];
  for (let i = 0; i < 300 && !links().length; i++) {
    if (child.exitCode !== null) throw new Error('the server ended: ' + text);
    await new Promise(done => setTimeout(done, 50));
  }
  const first = links()[0];
  return {origin: new URL(first).origin, link: () => links().at(-1), token: /Bearer …\s+(\w+)/.exec(text)[1], stop: () => child.kill('SIGTERM')};
}

export async function browser() {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: flags});  // with a new profile of its own
}

export function make_store(program, folder, ...more) {
  const store = join(folder, 'pages.db');
  const made = spawnSync('python3', [join(dirname(fileURLToPath(import.meta.url)), 'fixture.py'), program, store, ...more], {encoding: 'utf8'});
  if (made.status !== 0) throw new Error(made.stderr);
  return store;
}

/** To an address of the pages, until the view stands. */
export async function visit(page, address) {
  await page.goto(address);
  await settled(page);
}
export const settled = page => page.waitForFunction(() => {
  const main = document.getElementById('main');
  return main?.dataset.view && !main.hasAttribute('aria-busy') && main.dataset.view === (location.pathname.slice(1) || 'search');
});
