import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../../test/browser/chromium.ts';
import { finish, inputOf, secondsSince } from './parent.ts';
import type { StoredBackup } from './verify.ts';

export interface FirstPaint {
  /** From the address to what Chromium calls the first contentful paint. */
  readonly paintSeconds: number;
  /** From the address until the backups are seen. */
  readonly backupsSeconds: number;
  /** From the click on the backup, whose index is not there, until its types are seen; and from the click on the largest of them. */
  readonly typesSeconds: number;
  readonly objectsSeconds: number;
}

const command = fileURLToPath(new URL('../../cli/assets-backup.mjs', import.meta.url));

const { directory, backup } = await inputOf<StoredBackup>();
rmSync(join(directory, '.work', 'browse'), { recursive: true, force: true });
const server = spawn(process.execPath, [command, 'browse', '--local', directory, '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
const { address } = JSON.parse(line) as { address: string };
const browser = await launchChromium();
const page = await browser.newPage();

let start = performance.now();
await page.goto(address);
const link = page.getByRole('link', { name: backup }).first();
await link.waitFor();
const backupsSeconds = secondsSince(start);
const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");

start = performance.now();
await link.click();
const type = page.locator('.types a').first();
await type.waitFor();
const typesSeconds = secondsSince(start);

start = performance.now();
await type.click();
await page.locator('table tbody tr').first().waitFor();
const objectsSeconds = secondsSince(start);

await browser.close();
server.kill('SIGINT');
await finish({ paintSeconds: paint / 1000, backupsSeconds, typesSeconds, objectsSeconds } satisfies FirstPaint);
