import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { NotAvailableError } from '../deploy/python-environment.ts';

const run = promisify(execFile);

/** Where Debian, others and macOS put it. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Undefined where there is none. */
export const chromiumHere = () => usualPlaces.find((place) => existsSync(place));
const isRoot = () => process.getuid?.() === 0;

/** The system's Chromium, installed as Debian's package where that can be. Throws NotAvailableError. */
export async function installChromium(): Promise<string> {
  if (!chromiumHere()) await installPackage();
  const found = chromiumHere();
  if (found === undefined) throw new NotAvailableError('There is no Chromium on this machine.');
  return found;
}

async function installPackage(): Promise<void> {
  if (!isRoot() || !existsSync('/usr/bin/apt-get'))
    throw new NotAvailableError('There is no Chromium on this machine, and only root of a Debian could install it.');
  process.stderr.write('Installing the package chromium, which takes minutes.\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new NotAvailableError(`The package chromium could not be installed: ${stderr.trim().split('\n').at(-1)}.`);
  }
}

/** As `test/browser/main.ts` has found it. */
export function launchChromium(...args: readonly string[]): Promise<Browser> {
  const executablePath = process.env.ASSETS_BACKUP_CHROMIUM ?? chromiumHere();
  if (executablePath === undefined) throw new Error('Start these tests by npm run test:browser.');
  // Root has no sandbox; nothing but pages of ours is opened.
  return chromium.launch({ executablePath, args: [...(isRoot() ? ['--no-sandbox'] : []), ...args] });
}
