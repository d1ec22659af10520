import { glob, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowsedFolder, browseFolder, siteFile } from './browsed-folder.ts';
import { launchChromium } from './chromium.ts';
import { violationsOf } from './violations.ts';

let folder: BrowsedFolder;
let browser: Browser;
/** Addresses of reports: of a backup, of the restore of what was deleted since, of its undo, and of a drill. */
const reports = new Map<string, string>();

beforeAll(async () => {
  folder = await browseFolder();
  browser = await launchChromium();
  const work = join(folder.folder, 'backups/.work');
  reports.set('backup', join(work, 'reports', folder.second, 'report.html'));
  const words = ['--local', 'backups', '--site', siteFile, '--yes'];
  await folder.run('restore', folder.first, ...words);
  const restored = nameOf(await reportsOfRestores(work));
  reports.set('restore', join(work, 'restores', restored, 'report.html'));
  await folder.run('undo', restored, ...words);
  const undone = nameOf((await reportsOfRestores(work)).filter((name) => name !== restored));
  reports.set('undo', join(work, 'restores', undone, 'report.html'));
  await writeFile(join(work, '../settings.json'), JSON.stringify({ drill: { sample: 20, inProduction: true } }));
  await folder.run('drill', '--local', 'backups', '--site', siteFile);
  const drills = await Array.fromAsync(glob('*/report.html', { cwd: join(work, 'drills') }));
  reports.set('drill', join(work, 'drills', drills[0] ?? ''));
});

afterAll(async () => {
  await browser?.close();
  await folder?.close();
});

/** Restores and undos that have one: what only planned has none. */
const reportsOfRestores = (work: string) =>
  Array.fromAsync(glob('*/report.html', { cwd: join(work, 'restores') }), (file) => dirname(file));

function nameOf(names: readonly string[]): string {
  const [name, another] = names;
  if (name === undefined || another !== undefined) throw new Error(`One was expected: ${names.join(', ')}`);
  return name;
}

/** Shows a report, and gives what the browser complains about and asks for besides the file. */
async function shown(report: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const found: string[] = [];
  const address = pathToFileURL(reports.get(report) ?? '').href;
  page.on('console', (message) => found.push(message.text()));
  page.on('request', (request) => {
    if (request.url() !== address) found.push(`asks for ${request.url()}`);
  });
  await page.goto(address);
  await look(page);
  await context.close();
  return found;
}

describe.each(['backup', 'restore', 'undo', 'drill'])('the report of a %s', (report) => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds fault with, %s', async (colorScheme) => {
    await shown(report, { colorScheme, bypassCSP: true }, async (page) => {
      expect(await violationsOf(page)).toEqual([]);
    });
  });

  it('needs no script and no network, and leaves the browser nothing to complain about', async () => {
    const found = await shown(report, { javaScriptEnabled: false }, async (page) => {
      expect(await page.getByRole('heading', { level: 1 }).innerText()).not.toBe('');
    });
    expect(found).toEqual([]);
  });

  it('fits a phone', async () => {
    await shown(report, { viewport: { width: 360, height: 740 } }, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    });
  });
});
