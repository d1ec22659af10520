import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { launcher } from '../cli/command-process.ts';
import { launchChromium } from './chromium.ts';

/** Makes README's picture of `browse` anew: `node test/browser/picture.ts`, after `npm start`. */
const folder = process.argv[2] ?? 'demo-backups';
const [first = '', second = ''] = (await readdir(folder)).filter((name) => /^\d{4}-/.test(name)).sort();
const server = spawn(process.execPath, [launcher, 'browse', '--local', folder, '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await launchChromium();
try {
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto((JSON.parse(line) as { address: string }).address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(`location.hash = '#/diff/${first}/${second}'`);
  await page.getByRole('heading', { name: 'By type' }).waitFor();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: 'docs/browse.png' });
} finally {
  await browser.close();
  server.kill('SIGINT');
}
