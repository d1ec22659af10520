import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { diffDeedKinds, doDiffDeed } from '../core/diff/diff-deeds.ts';
import { diffed } from '../core/diff/diffed.ts';
import { expectedDifferences, orderMistakes, snapshotOf, toldDifferences } from '../core/diff/site-snapshot.ts';
import { roomyPlace } from '../roomy-place.ts';
import { backUp, HurriedClock } from './local-run.ts';
import { doNightDeed, nightDeedKinds } from './night-deeds.ts';
import { loosen } from './nights.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const number = fc.nat(10_000);

const plans = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  size: fc.integer({ min: 5, max: 30 }),
  deletedReferences: fc.constantFrom('silent' as const, 'in-history' as const),
  activityFiles: fc.constantFrom('object' as const, 'type' as const),
  /** Which of both backups has history and comments: at least one. */
  activity: fc.tuple(fc.boolean(), fc.boolean()).map(([one, other]) => [one || other, one || !other] as const),
  deeds: fc.array(
    fc.oneof(
      fc.record({ night: fc.constantFrom(...nightDeedKinds), which: number, other: number }),
      fc.record({ diff: fc.constantFrom(...diffDeedKinds), which: number, other: number }),
    ),
    { minLength: 0, maxLength: 12 },
  ),
});

it('tells exactly what was done to a site between two backups, each thing once', { timeout: 3_600_000 }, async () => {
  let told = 0;
  const property = fc.asyncProperty(plans, async (plan) => {
    const { seed, size, deletedReferences, activityFiles, activity, deeds } = plan;
    const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-diff-'));
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles }));
    const site = randomSite(seed, size);
    loosen(site);
    const clock = new HurriedClock(Date.UTC(2026, 10, 23, 2), () => 0);
    const simulator = await startSimulator({ site, clock, quirks: { deletedReferences } });
    const night = async (hasActivity: boolean) => {
      const { manifest, error } = await backUp(simulator, { directory, clock, full: true, activity: hasActivity });
      if (!manifest) throw error;
      clock.pass(86_400_000);
      return { manifest, snapshot: snapshotOf(site) };
    };
    try {
      const first = await night(activity[0]);
      for (const [index, deed] of deeds.entries()) {
        clock.pass(60_000);
        if ('night' in deed) doNightDeed({ site, deed: { ...deed, kind: deed.night }, number: index });
        else doDiffDeed({ site, deed: { ...deed, kind: deed.diff }, number: index });
      }
      const second = await night(activity[1]);
      const counts = activity[0] && activity[1];
      // Nobody has to be told that an empty backup has none.
      const isAllKnown = [first, second].every(
        ({ manifest }) => manifest.options.activity || manifest.counts.objects === 0,
      );
      const expected = expectedDifferences(first.snapshot, second.snapshot, { counts });
      told += expected.length;
      const there = await diffed(directory, first.manifest, second.manifest);
      expect(toldDifferences(there.lines)).toEqual(expected);
      expect(orderMistakes(first.snapshot, second.snapshot, there.lines)).toEqual([]);
      expect(there.summary).toMatchObject({ isEqual: there.lines.length === 0 });
      expect(there.summary.notCompared).toHaveLength(isAllKnown ? 0 : 1);
      const back = await diffed(directory, second.manifest, first.manifest);
      expect(toldDifferences(back.lines)).toEqual(expectedDifferences(second.snapshot, first.snapshot, { counts }));
      const same = await diffed(directory, second.manifest, second.manifest);
      expect(same).toMatchObject({ lines: [], summary: { isEqual: true } });
    } finally {
      await simulator.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
  const numRuns = isDeep ? 500 : 12;
  await fc.assert(property, { numRuns, endOnFailure: true, ...(!isDeep && { seed: 20261129 }) });
  expect(told).toBeGreaterThan(5 * numRuns);
});
