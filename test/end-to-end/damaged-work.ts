import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import type { LocalRestoreOptions } from '../../local/local-restore.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { folderWithIssueLinks, withIssues } from './issues-company.ts';
import { Killer } from './killed-restores.ts';
import { backUp, HurriedClock, testDirectory, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { toldByWorker } from './told-by-worker.ts';

/** What may happen to a file of the work store; undefined where it cannot happen to this one. */
export const damages: Readonly<Record<string, (text: string, other: string | undefined) => string | undefined>> = {
  emptied: () => '',
  cut: (text) => text.slice(0, Math.floor(text.length / 2)),
  'not JSON': (text) => text.replace(/[:,[]/, '<'),
  'of another shape': () => '{"shape":["another"]}\n',
  'of an unknown state': (text) => {
    const changed = text
      .replace(/(?<="state":")\w+/, 'unheard-of')
      .replace(/(?<="kind":")[\w-]+(?=","source":"\d+","schemaKey")/, 'unheard-of')
      .replace(/(?<=\]":")\w+/, 'unheard-of');
    return changed === text ? undefined : changed;
  },
  'of a newer version': (text) =>
    text.includes('"$format":2') ? text.replace('"$format":2', '"$format":3') : undefined,
  'swapped with another': (_, other) => other,
};

/** Four objects with comments, of which two refer to each other. */
export function smallSite(): SimulatedSite {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ITA' }), name: 'Thing' });
  site.addAttribute({ type, name: 'Near', target: type, multiple: true });
  const objects = ['one', 'two', 'three', 'four'].map((name) => site.addObject({ type, name }));
  const [one, two] = objects;
  if (!one || !two) throw new Error('four objects were made');
  for (const [from, to] of [
    [one, two],
    [two, one],
  ] as const)
    site.objects.setValues(from, new Map([...from.values, ...site.storedValues(type, { Near: [to] })]));
  for (const object of objects) site.addComment({ object, text: `<p>Of ${object.id}</p>` });
  return site;
}

/** A folder and a target as a run has left them, to be damaged and gone on with as often as need be. */
export interface LeftWork {
  readonly directory: string;
  readonly target: string;
  readonly folder: string;
}

/**
 * Restores a small site and leaves what there is then.
 * @param where into the very site, of which all but one object were deleted, or into an empty one
 * @param killedAt a method of the writer; undefined: it comes to its end
 */
export async function leftWork(where: 'in place' | 'elsewhere', killedAt?: string): Promise<LeftWork> {
  const site = smallSite();
  const source = await testSimulator({ site });
  const { directory, result } = await backUp(source);
  const folder = result?.backup ?? '';
  for (const { id } of [...site.objects.all()].slice(0, 3)) site.deleteObject(site.object(id));
  const target = where === 'in place' ? site : emptySiteLike(site, { workspaceId: crypto.randomUUID() });
  const before = dumpSite(target);
  let at = Number.POSITIVE_INFINITY;
  if (killedAt !== undefined) {
    const copy = testDirectory();
    cpSync(directory, copy, { recursive: true });
    const writes: string[] = [];
    const rehearsal = await testSimulator({ site: siteOfDump(before) });
    await restore(rehearsal, copy, { folder }, { decorate: (services) => noted(services, writes) });
    at = writes.indexOf(killedAt) + 2;
  }
  const killer = new Killer(at, 'after');
  const left = await testSimulator({ site: siteOfDump(before) });
  await restore(left, directory, { folder }, { decorate: killer.decorate });
  return { directory, target: dumpSite(left.site), folder };
}

function noted(services: Services, writes: string[]): Services {
  const watch = <T extends object>(thing: T, of: (name: string) => boolean): T =>
    new Proxy(thing, {
      get(there, name) {
        const value: unknown = Reflect.get(there, name);
        if (typeof value !== 'function') return value;
        return (...words: unknown[]) => {
          if (of(String(name))) writes.push(String(name));
          return Reflect.apply(value, there, words);
        };
      },
    });
  return {
    ...services,
    work: watch(services.work, (name) => ['write', 'create', 'replace'].includes(name)),
    site: {
      discover: () => services.site.discover(),
      reader: (...words) => services.site.reader(...words),
      writer: (...words) => watch(services.site.writer(...words), (name) => !toldByWorker.has(name)),
      issuesReader: (...words) => services.site.issuesReader(...words),
      issuesWriter: (...words) => watch(services.site.issuesWriter(...words), (name) => !toldByWorker.has(name)),
    },
  };
}

/** Goes on with what was left, once a file is damaged; a day later, when nobody who was killed can still be at it. */
export async function goOn(
  { directory, target, folder }: LeftWork,
  damage: (work: string) => void = () => undefined,
  options: Pick<LocalRestoreOptions, 'decorate'> = {},
) {
  const copy = testDirectory();
  cpSync(directory, copy, { recursive: true });
  damage(join(copy, '.work'));
  const simulator = await testSimulator({ site: siteOfDump(target) });
  const run = (more: typeof options) =>
    restore(simulator, copy, { folder }, { clock: new HurriedClock(Date.now() + 86_400_000), ...more });
  return { restored: await run(options), simulator, again: () => run({}) };
}

/** Keys of a work store's files. */
export function workFiles(work: string): string[] {
  const files = readdirSync(work, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(work, join(parentPath, name))).sort();
}

/** Damages a file, or removes it where there is no damage to do. */
export function damageFile(path: string, damage: ((text: string) => string | undefined) | undefined): boolean {
  if (!damage) {
    rmSync(path);
    return true;
  }
  const text = damage(readFileSync(path, 'utf8'));
  if (text !== undefined) writeFileSync(path, text);
  return text !== undefined;
}

/** Backs the small site up, and gives what its steps left for each other, which goes with the end of the run. */
export async function workOfBackup(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const decorate = (services: Services): Services => ({
    ...services,
    work: new Proxy<WorkStore>(services.work, {
      get(there, name) {
        const value: unknown = Reflect.get(there, name);
        if (typeof value !== 'function') return value;
        return (key: string, ...words: unknown[]) => {
          if (['write', 'create', 'replace'].includes(String(name))) texts.set(key, String(words[0]));
          return Reflect.apply(value, there, [key, ...words]);
        };
      },
    }),
  });
  // A page of an issue each, and time for one page: so there is something to hand on.
  const simulator = await testSimulator({ site: withIssues(smallSite()), quirks: { issuePageSize: 1 } });
  await backUp(simulator, { directory: folderWithIssueLinks(), decorate, remainingMilliseconds: () => 0 });
  return texts;
}

/** How many of everything a site has: all that could be there twice. */
export function sizesOf(site: SimulatedSite) {
  const { schemas, types, attributes, objects } = site;
  const comments = [...objects.all()].reduce((sum, { id }) => sum + site.commentsOf(id).length, 0);
  return { schemas: schemas.size, types: types.size, attributes: attributes.size, objects: objects.size, comments };
}

/** Gives another text for the first file of a kind that is read, undefined for none. */
export function damagedReading(
  isMeant: (key: string) => boolean,
  damage: (text: string) => string | undefined,
): { decorate: (services: Services) => Services; damaged: () => string | undefined } {
  let damaged: string | undefined;
  const decorate = (services: Services): Services => ({
    ...services,
    work: new Proxy<WorkStore>(services.work, {
      get(there, name) {
        const value: unknown = Reflect.get(there, name);
        if (typeof value !== 'function') return value;
        if (name !== 'read') return value.bind(there);
        return async (key: string) => {
          const read = await there.read(key);
          if (!read || !isMeant(key) || (damaged !== undefined && damaged !== key)) return read;
          damaged = key;
          const text = damage(read.text);
          return text === undefined ? undefined : { ...read, text };
        };
      },
    }),
  });
  return { decorate, damaged: () => damaged };
}
