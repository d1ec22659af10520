import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BrowsedFolder, browseFolder } from './browsed-folder.ts';
import { launchChromium } from './chromium.ts';

let browsed: BrowsedFolder;
let browser: Browser;
/** A site of somebody else, on this machine too. */
const stranger = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>stranger</title>');
});

beforeAll(async () => {
  browsed = await browseFolder();
  browser = await launchChromium('--host-resolver-rules=MAP rebound.example 127.0.0.1');
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
});

afterAll(async () => {
  stranger.close();
  await browser?.close();
  await browsed?.close();
});

const paths = ['/', '/page.js', '/page.css', '/favicon.ico', '/api/place', '/api/backups'];

it('another site reads no byte, even where it knows the key', async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
  for (const path of paths) {
    const url = JSON.stringify(`${browsed.origin}${path}`);
    const headers = JSON.stringify({ 'x-assets-backup-token': browsed.token });
    const read = await page.evaluate(`Promise.all([
      fetch(${url}).then((answer) => answer.text(), () => ''),
      fetch(${url}, { headers: ${headers} }).then((answer) => answer.text(), () => ''),
      fetch(${url}, { mode: 'no-cors' }).then((answer) => answer.text(), () => ''),
      new Promise((done) => {
        const script = document.createElement('script');
        script.onload = () => done('loaded');
        script.onerror = () => done('');
        script.src = ${url};
        document.head.append(script);
      }),
      new Promise((done) => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
          try { done(frame.contentDocument.body.innerText); } catch { done(''); }
        };
        frame.src = ${url};
        document.body.append(frame);
      }),
    ])`);
    expect(read, path).toEqual(['', '', '', '', '']);
  }
  await page.close();
});

it('a name that leads to this machine is not ours', async () => {
  const page = await browser.newPage();
  const rebound = `http://rebound.example:${new URL(browsed.origin).port}`;
  for (const path of paths) {
    const answer = await page.goto(`${rebound}${path}`);
    expect(answer?.status(), path).toBe(403);
    expect(await answer?.text(), path).not.toMatch(/ASSETS|backups|script/i);
  }
  await page.close();
});

it('a page without the key is told how to get one', async () => {
  const page = await browser.newPage();
  await page.goto(`${browsed.origin}/`);
  await page.getByRole('heading', { name: 'This address has no key' }).waitFor();
  await page.goto(`${browsed.origin}/#${'0'.repeat(64)}`);
  await page.reload();
  await page.getByRole('heading', { name: 'This cannot be shown' }).waitFor();
  await page.close();
});
