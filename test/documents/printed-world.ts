import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Product } from '../../cli/command-context.ts';
import { endpointClasses } from '../../core/model/request-budget.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { diffWithSiteLocally } from '../../local/local-diff.ts';
import { drillLocally } from '../../local/local-drill.ts';
import { relinkLocally, restoreLocally, undoLocally } from '../../local/local-restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { pythonJson, scriptsFilesOf, writeScripts } from '../core/original-scripts/written-scripts.ts';
import { zipOf } from '../core/original-scripts/zip-writer.ts';
import { backUp, HurriedClock } from '../end-to-end/local-run.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { roomyPlace } from '../roomy-place.ts';

/** The nights that the pages speak of. */
const nights = ['2026-11-09', '2026-11-22', '2026-11-23', '2026-11-26', '2026-11-27'];
const scripts = '2022-06-16_10-41-30';
/** Of somebody who imports, in docs/restoring.md. */
const importer = '5b10ac8d82e05b22cc7d4ef5';

/** The day after the accident, on which every command is typed. */
export const dayAfter = '2026-11-28T09:00:00Z';

const people = (site: SimulatedSite) => ({
  jane: site.addUser({ displayName: 'Jane Doe' }),
  john: site.addUser({ displayName: 'old owner' }),
  importing: site.addUser({ displayName: 'Import', accountId: importer }),
});

/** The objects that the pages name, among some others, and issues that hold two of them. */
function printedSite() {
  const site = new SimulatedSite();
  const { jane, john } = people(site);
  const fac = site.addSchema({ key: 'FAC', name: 'Facilities' });
  const itsm = site.addSchema({ key: 'ITSM', name: 'Services' });
  for (const key of ['ASSETS', 'HR']) site.addSchema({ key, name: `Schema ${key}` });
  const laptop = site.addType({ schema: fac, name: 'Laptop' });
  site.addAttribute({ type: laptop, name: 'Owner', kind: 'user' });
  const monitor = site.addType({ schema: fac, name: 'Monitor' });
  const service = site.addType({ schema: itsm, name: 'Service' });
  site.addAttribute({ type: service, name: 'Runs on', target: laptop, multiple: true });
  const laptops = [11, 12, 13].map((id) =>
    site.addObject({ type: laptop, id, name: `ThinkPad ${id}`, values: { Owner: id === 13 ? john : jane } }),
  );
  const monitors = Array.from({ length: 16 }, (_, index) =>
    site.addObject({ type: monitor, id: 20 + index, name: `Monitor ${index}` }),
  );
  const services = [87, 88, 89].map((id) =>
    site.addObject({ type: service, id, name: id === 87 ? 'nas-7' : `Service ${id}`, values: { 'Runs on': laptops } }),
  );
  const field = site.addIssueField({ name: 'Affected', contexts: [{ schema: itsm }] });
  site.addIssue({ key: 'IT-1', fields: { [field.id]: services.slice(1) } });
  return { site, monitor, laptops, monitors, services, john };
}

/** A company's backups and its site, as the pages tell of them: made once, and copied for each command. */
export interface PrintedWorld {
  /** What stands below `backups/` and so on, by the paths that the pages have. */
  readonly folder: string;
  /** The restore that is there to be undone, in `restored/`. */
  readonly restore: string;
  /** Of the objects that a backup lacks. */
  readonly type: string;
  /** As they are on the day after: nobody has done anything yet, or the restore is through. */
  readonly sites: { readonly damaged: string; readonly restored: string };
}

export async function makePrintedWorld(): Promise<PrintedWorld> {
  const folder = mkdtempSync(join(roomyPlace(), 'printed commands-'));
  const { site, laptops, monitors, services, monitor, john } = printedSite();
  // What shows a file to a person: here it shows nothing to nobody.
  mkdirSync(join(folder, 'bin'));
  for (const opener of ['xdg-open', 'open'])
    writeFileSync(join(folder, 'bin', opener), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const directory = join(folder, 'backups');
  mkdirSync(directory);
  const settings = { issueLinks: true, activityFiles: 'type', keep: { daily: 2 } };
  writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings));
  let clock = new HurriedClock();
  const simulator = await startSimulator({ site, clock: { now: () => clock.now() } });
  try {
    for (const night of nights) {
      if (night === '2026-11-27') for (const object of laptops) site.updateObject(object, { Owner: john });
      if (night === '2026-11-27') for (const object of monitors.slice(4)) site.deleteObject(object);
      // The machine's time stands still, so that a night is named for its very second.
      clock = new HurriedClock(Date.parse(`${night}T02:00:00Z`), () => 0);
      const { error } = await backUp(simulator, { directory, clock });
      if (error) throw error;
    }
    const theirs = await scriptsFilesOf(simulator);
    writeScripts(join(folder, 'old', scripts), theirs);
    const entries = [...theirs].map(([path, value]) => ({
      name: `${scripts}/${path}`,
      bytes: Buffer.from(pythonJson(value)),
    }));
    writeFileSync(join(folder, 'backup.zip'), zipOf(entries));
    clock = new HurriedClock(Date.parse('2026-11-28T08:00:00Z'), () => 0);
    for (const object of services.slice(1)) site.deleteObject(object);
    const damaged = dumpSite(site);
    cpSync(directory, join(folder, 'restored'), { recursive: true });
    const choices = { folder: '2026-11-27_02-00-00' };
    const { result, error } = await restore(simulator, join(folder, 'restored'), choices, { clock });
    if (!result) throw error ?? new Error('Nothing was restored.');
    const sites = { damaged, restored: dumpSite(site) };
    return { folder, restore: result.restore, type: String(monitor.id), sites };
  } finally {
    await simulator.close();
  }
}

/** Options whose value is a path, which the pages print as from the folder where somebody stands. */
const pathOptions = new Set(['--local', '--site', '--from', '--to', '--input']);

/** Copies what a command names to where it alone works, and gives its words with the paths there. */
export async function placed(world: PrintedWorld, words: readonly string[]) {
  const here = temporaryFolder();
  const isAfterRestore = words.includes(world.restore);
  const clock = new HurriedClock(Date.parse(dayAfter));
  const start = async (site: SimulatedSite) => {
    const simulator = await startSimulator({ site, clock });
    onTestFinished(() => simulator.close());
    return simulator;
  };
  const site = await start(siteOfDump(isAfterRestore ? world.sites.restored : world.sites.damaged));
  const other = isAfterRestore ? site : await start(emptySiteLike(site.site));
  const moved = words.map((word, index) => {
    const before = words[index - 1] ?? '';
    if (!pathOptions.has(before) || word.startsWith('stack:')) return word;
    const path = join(here, word);
    mkdirSync(dirname(path), { recursive: true });
    if (before === '--site') writeLogin(path, basename(word) === 'site.json' ? site : other);
    else if (before === '--input') writeFileSync(path, JSON.stringify({ folder: '2026-11-23_02-00-00' }));
    else if (before !== '--to') copyFolder(sourceOf(world, word, isAfterRestore), path);
    return path;
  });
  return { words: moved, site, clock };
}

/** As it was made, for its owner alone. */
function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const work = join(to, '.work');
  if (existsSync(work)) chmodSync(work, 0o700);
}

/** What lies where: their old folder and zip under their own names, and our backups under any. */
function sourceOf(world: PrintedWorld, word: string, isAfterRestore: boolean): string {
  const own = join(world.folder, word);
  if (/old|zip/.test(word)) return own;
  return join(world.folder, isAfterRestore ? 'restored' : 'backups');
}

/** With a budget that does not matter. */
function writeLogin(path: string, { url, credentials }: Simulator): void {
  const byClass = Object.fromEntries(endpointClasses.map((name) => [name, 6_000_000]));
  const requestBudget = { total: 6_000_000, byClass };
  const login = { siteName: url, apiUrl: url, ...credentials, requestBudget };
  writeFileSync(path, JSON.stringify(login), { mode: 0o600 });
}

/** The product as the command has it, but for time, which does not wait. */
export function productIn(clock: HurriedClock): Partial<Product> {
  return {
    backUp: (options) => backUpLocally({ ...options, clock }),
    openBackups: async (directory) => openLocalStores(directory).backups,
    restore: (options) => restoreLocally({ ...options, clock }),
    undo: (options) => undoLocally({ ...options, clock }),
    relink: (options) => relinkLocally({ ...options, clock }),
    drill: (options) => drillLocally({ ...options, clock }),
    diffWithSite: (options) => diffWithSiteLocally({ ...options, clock }),
  };
}
