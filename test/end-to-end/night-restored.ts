import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { siteOfDump } from '../../simulator/site/dump.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { compareSites } from './equal-sites.ts';
import type { ReadNight } from './night-reader.ts';
import { restore } from './restore-run.ts';

/** A night as it was made, with what the site was at that moment. */
export interface Lived {
  readonly read: ReadNight;
  readonly dump: string;
  /** Of all schemas, with activity, and nothing missed. */
  readonly isPlain: boolean;
}

/** Restores one night after all others are gone; gives in what the target differs from the site as that night has it. */
export async function restoreAlone(directory: string, lived: readonly Lived[], chosen: number): Promise<string[]> {
  const night = lived[chosen];
  if (!night) return [];
  for (const { read } of lived)
    if (read !== night.read) rmSync(join(directory, read.manifest.name), { recursive: true });
  const source = siteOfDump(night.dump);
  // Where the night has older history or comments, the site is as it was then.
  const dumps = new Map(lived.map(({ read, dump }) => [read.manifest.startedAt, siteOfDump(dump)]));
  for (const { id } of source.objects.all()) {
    for (const [kind, lists] of [
      ['history', 'histories'],
      ['comments', 'commentLists'],
    ] as const) {
      const old = dumps.get(night.read.lines.get(String(id))?.[kind].read ?? '');
      if (old) putList<unknown>(source[lists], id, old[lists].get(id));
    }
  }
  const target = emptySiteLike(source);
  const simulator = await startSimulator({ site: target });
  const restored = await restore(simulator, directory, { folder: night.read.manifest.name }).finally(() =>
    simulator.close(),
  );
  if (restored.error || !restored.report)
    return [`the restore of night ${chosen + 1} ended with ${restored.error?.stack}`];
  const { losses, differences } = restored.report;
  // What was moved may leave references to another type than their attribute has: nobody can write these again, and the report says so.
  const isTold = (what: string) =>
    losses.some(
      ({ source: id, attribute }) =>
        attribute !== undefined && what.includes(`-${id} `) && what.includes(`"${attribute}"`),
    );
  return [
    ...differences.map(({ where, what }) => `the restore tells of a difference: ${where} ${what}`),
    ...compareSites(source, target, { objects: restored.objects, history: true }).filter((what) => !isTold(what)),
  ].map((what) => `night ${chosen + 1}, restored alone: ${what}`);
}

function putList<Item>(lists: Map<number, Item[]>, id: number, list: Item[] | undefined): void {
  if (list) lists.set(id, list);
  else lists.delete(id);
}
