import { expect } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { type FinishedRestore, restore } from './restore-run.ts';

/** A death of a restore, for the names of tests, and the write at which it comes. */
export interface Death {
  readonly name: string;
  readonly moment: Moment;
  readonly write: string;
  /** Which of these writes, from 1. */
  readonly at: number;
}

/** The company's site with a backup of it: nine objects in two schemas. */
export async function backedUpCompany() {
  const company = companySite();
  const simulator = await testSimulator({ site: company.site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  const runs = (target: Simulator) => ({
    run: (input = {}) => restore(target, directory, { folder, ...input }),
    runKilled: async ({ at, moment, write }: Death, input = {}) => {
      const killer = new Killer(at, moment, write);
      await restore(target, directory, { folder, ...input }, { decorate: killer.decorate });
      expect(killer.hasStruck).toBe(true);
    },
  });
  return {
    ...company,
    simulator,
    directory,
    ...runs(simulator),
    /** The same into an empty site. */
    beside: async () => {
      const site = emptySiteLike(company.site);
      const target = await testSimulator({ site });
      return { site, simulator: target, ...runs(target) };
    },
  };
}

/** Deletes a place and a laptop: two survivors lose their place, and one of them its peer. */
export function deletePlaceAndPeer({ site, places, laptops }: Awaited<ReturnType<typeof backedUpCompany>>) {
  const [place, laptop, other, peer] = [places[0], laptops[2], laptops[0], laptops[3]] as StoredObject[];
  if (!place || !laptop || !other || !peer) throw new Error('The company has them.');
  site.deleteObject(place);
  site.deleteObject(laptop);
  return { place, laptop, peer, lackPlace: [other, peer] };
}

/** Id of what an object has become. */
export function toOf(restored: FinishedRestore, object: StoredObject | undefined): string {
  return restored.objects.get(String(object?.id)) ?? 'was not restored';
}

/** What a restore says of what the site lacks, apart from its own name and times. */
export function told({ result, report }: FinishedRestore) {
  return {
    outcome: result?.outcome,
    losses: report?.losses,
    lossCount: report?.lossCount,
    differences: report?.differences,
  };
}
