import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BrowsedFolder, browseFolder } from './browsed-folder.ts';
import { launchChromium } from './chromium.ts';
import { markup, megabyte, ordersShown } from './hostile-site.ts';
import { violationsOf } from './violations.ts';

let browsed: BrowsedFolder;
let browser: Browser;

beforeAll(async () => {
  browsed = await browseFolder();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await browsed?.close();
});

/** What a browser has to complain about, of all pages of a test. */
const complaints: string[] = [];

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(browsed.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** Goes there as by a link, and waits until all of it is there. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.locator('main .waiting, main [aria-busy=true], main progress').count()).toBe(0);
  await page.waitForLoadState('networkidle');
}

const views = (): Record<string, string> => ({
  backups: '#/backups',
  backup: `#/backup/${browsed.first}`,
  type: `#/backup/${browsed.first}/type/${browsed.schema.id}/${browsed.laptop.id}`,
  object: `#/backup/${browsed.first}/object/${browsed.worst.id}`,
  search: `#/backup/${browsed.first}/search/laptop`,
  diff: `#/diff/${browsed.first}/${browsed.second}`,
  'a type that is not there': `#/backup/${browsed.first}/type/1/999999`,
});

describe('the page of browse', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe finds fault with, %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    for (const [view, hash] of Object.entries(views())) {
      await go(page, hash);
      expect(await violationsOf(page), view).toEqual([]);
    }
  });

  it('scrolls to no side on a phone', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    for (const [view, hash] of Object.entries(views())) {
      await go(page, hash);
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBe(360);
    }
  });

  it('shows what is hostile as text', async () => {
    const page = await open();
    for (const [view, hash] of Object.entries(views())) {
      await go(page, hash);
      const made = await page.evaluate(
        `document.querySelectorAll('main script, main b, main img:not([src^="blob:"])').length`,
      );
      expect(made, view).toBe(0);
      expect(await page.evaluate('globalThis.hacked'), view).toBeUndefined();
      expect(await page.locator('body').innerText(), view).not.toMatch(/[^\P{Cc}\n\t]|[\u202e\u2066\u2028]/u);
    }
    await go(page, views().object ?? '');
    const text = await page.locator('main').innerText();
    expect(text).toContain(`Worst ${markup}`);
    expect(text).toContain(`${markup} ${ordersShown}`);
    await page.getByRole('button', { name: /^Show all 1,048,5\d\d characters$/ }).click();
    const whole = await page.locator('.long bdi').allTextContents();
    expect(whole.includes(megabyte)).toBe(true);
  });

  it('says nothing to other sites and keeps the key out of the address, also when it is loaded again', async () => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await go(page, views().object ?? '');
    expect(page.url()).not.toContain(browsed.token);
    await page.reload();
    await page.getByRole('heading', { name: 'Worst' }).waitFor();
    expect(asked.filter((url) => !url.startsWith(browsed.origin) && !url.startsWith(`blob:${browsed.origin}`))).toEqual(
      [],
    );
    expect(asked.filter((url) => url.includes(browsed.token))).toEqual([]);
  });

  it('sorts, filters and turns over a type', async () => {
    const page = await open();
    await go(page, views().type ?? '');
    const keys = () => page.locator('tbody th').allInnerTexts();
    // Its heading is there before its objects, which show no progress while they are loaded.
    await expect.poll(async () => (await keys()).length).toBe(50);
    const stored = await keys();
    await page.getByRole('link', { name: 'Next' }).click();
    await expect.poll(async () => (await keys())[0]).not.toBe(stored[0]);
    await page.getByRole('button', { name: 'Weight' }).click();
    const head = page.getByRole('columnheader', { name: 'Weight' });
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
    await expect.poll(() => page.locator('tbody tr').first().innerText()).toContain('Worst');
    await page.getByRole('button', { name: 'Weight' }).click();
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending');
    await expect.poll(() => page.locator('tbody tr').first().innerText()).toContain('Laptop 000');
    await page.locator('main').getByRole('searchbox').fill('searched');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(12);
    expect(await page.getByText('12 objects that match').count()).toBe(1);
  });

  it('says how far an order is that takes long, and keeps the grid and the focus', async () => {
    const page = await open();
    await go(page, views().type ?? '');
    let left = 2;
    await page.route('**/api/objects?*sort=*', (route) => {
      left -= 1;
      if (left < 0) return route.continue();
      return route.fulfill({ json: { state: 'indexing', what: 'column', done: 30, total: 120 } });
    });
    await page.getByRole('button', { name: 'Weight' }).click();
    await page.getByText('Reading this column for the first time').waitFor();
    await page.getByText('30 of 120 objects').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(50);
    await expect.poll(() => page.locator('main progress').count()).toBe(0);
    await expect.poll(() => page.locator('table').getAttribute('aria-busy')).toBe('false');
    expect(await page.evaluate('document.activeElement.innerText')).toContain('Weight');
  });

  it('finds objects, leads along references both ways, and through the nights', async () => {
    const page = await open();
    await go(page, `#/backup/${browsed.second}`);
    await page.getByRole('searchbox').fill('laptop 000');
    await page.keyboard.press('Enter');
    await page.locator('tbody a').first().click();
    await page.getByRole('heading', { level: 1, name: 'Laptop 000' }).waitFor();
    await page.getByRole('link', { name: 'what changed' }).click();
    await page.getByText('1 object differs (0 added, 0 removed, 1 changed)').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: /^Ada/ }).click();
    await page.getByRole('heading', { level: 1, name: /^Ada/ }).waitFor();
    await page.getByRole('heading', { name: 'Referred to by (120)' }).waitFor();
    await page.getByRole('link', { name: /Laptop 042$/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Laptop 042' }).waitFor();
  });

  it('needs no mouse, and puts the focus where one goes on', async () => {
    const page = await open();
    const focused = () =>
      page.evaluate(`document.activeElement.tagName + ' ' + document.activeElement.innerText.trim()`);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('A Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    const tabTo = async (text: string) => {
      for (let tabs = 0; tabs < 60; tabs++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === text) return;
      }
      throw new Error(`The key Tab does not come to ${text}; it is at ${await focused()}.`);
    };
    await tabTo(`A ${browsed.second}`);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe(`H1 ${browsed.second}`);
    await tabTo('A Person');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('H1 Person');
    await tabTo('BUTTON Label');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('th[aria-sort=ascending]').count()).toBe(1);
    expect(await focused()).toContain('BUTTON Label');
  });
});

describe('the command that it copies', () => {
  const copied = async (page: Page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: browsed.origin });
    await page.getByRole('button', { name: 'Copy restore command' }).first().click();
    await page.getByText('Copied.').waitFor();
    return (await page.evaluate('navigator.clipboard.readText()')) as string;
  };

  it('restores the object that is on the screen, and no other', async () => {
    const page = await open();
    const { removed, site, first } = browsed;
    await go(page, `#/backup/${first}/object/${removed.id}`);
    const command = await copied(page);
    expect(command).toContain(`--only-object ASSETS-${removed.id}`);
    const before = site.objects.size;
    await browsed.paste(`${command} --yes`);
    expect(site.objects.size).toBe(before + 1);
    const values = [...site.objects.all()].map((object) => [...object.values.values()].flat());
    expect(values.filter((texts) => texts.includes('Laptop 001'))).toHaveLength(1);
  });

  it('sets back what the two nights differ by', async () => {
    const page = await open();
    await go(page, `${views().diff}?object=ASSETS-${browsed.changed.id}`);
    const command = await copied(page);
    expect(command).toContain('--on-existing update');
    const weights = () => [...(browsed.site.objects.get(browsed.changed.id)?.values.values() ?? [])].flat();
    expect(weights()).toContain('5');
    await browsed.paste(`${command} --yes`);
    expect(weights()).toContain('1000');
  });

  it('names a type whose name a shell would obey', async () => {
    const page = await open();
    await go(page, views().type ?? '');
    const { stdout } = await browsed.paste(`${await copied(page)} --dry-run`);
    expect(stdout).toContain('Laptop');
  });

  it('is there to be copied by hand where the browser refuses', async () => {
    const page = await open();
    await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`);
    await go(page, views().backup ?? '');
    await page.getByRole('button', { name: 'Copy restore command' }).first().click();
    await page.getByText('The command is selected').waitFor();
    const shown = await page.locator('.command code').first().innerText();
    expect(await page.evaluate('String(getSelection())')).toBe(shown);
  });
});

it('says so when the command has ended', async () => {
  const page = await open();
  const hash = views().backup ?? '';
  await browsed.stopServer();
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.getByText('The command `browse` has ended').waitFor();
  // What Chromium itself says of a request that nobody answers.
  complaints.splice(0);
});
