import { type Bench, restore, storeSite } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { StoredBackup } from '../processes/verify.ts';
import { largeBackup } from './large-backup.ts';

/** The restore of a large site to an empty one, without activity: planning, memory, speed. */
export async function measureLargeRestore(bench: Bench): Promise<FigureGroup> {
  const { workshop, progress, sizes } = bench;
  const stored = await largeStored(bench);
  progress(`plan of the restore of ${sizes.restoredObjects} objects`);
  const target = await PretendSite.start(workshop, { seed: 'empty' });
  const input = { ...stored, site: target.ready, budget: unlimitedBudget };
  const plan = await restore(workshop, { ...input, dryRun: true });
  progress('restore');
  const whole = await restore(workshop, { ...input, dryRun: false });
  progress('plain fetches of the same creates and pages');
  const report = await target.report();
  // What makes configuration cannot be made twice; creates can, and refer to what is there by now.
  const asked = report.asked.filter(({ path }) => /\/object\/(create|aql)/.test(path));
  const floor = await target.secondsOfPlainFetches({ ...report, asked }, whole.mostInFlight);
  await target.stop();
  const { created, seconds } = whole;
  return {
    heading: `restore: ${created.toLocaleString('en-US')} objects without activity to an empty site, unlimited budget`,
    figures: [
      { what: 'plan: time', measured: plan.seconds, unit: units.seconds },
      {
        what: 'plan: peak memory of its process',
        measured: plan.peakMegabytes,
        unit: units.megabytes,
        bound: { kind: 'at most', value: mostMegabytes },
      },
      { what: 'speed, planning and comparison included', measured: created / seconds, unit: units.objectsPerSecond },
      { what: 'time', measured: seconds, unit: units.seconds, bound: { kind: 'floor', value: floor } },
      {
        what: 'peak memory of its process',
        measured: whole.peakMegabytes,
        unit: units.megabytes,
        bound: { kind: 'at most', value: mostMegabytes },
      },
      {
        what: 'time in which no request was under way',
        measured: (100 * whole.secondsWithoutRequest) / seconds,
        unit: units.percent,
      },
      {
        what: 'CPU time of its process, of the time',
        measured: (100 * whole.cpuSeconds) / seconds,
        unit: units.percent,
      },
    ],
    notes: [
      `floor: plain fetches of the same creates and pages, ${whole.mostInFlight} at once as the restore had at most`,
      'time: checks the backup, plans, writes, and reads all back to compare it',
    ],
  };
}

/** In megabytes: leaves half of the memory of a step on AWS, and of a small computer. */
const mostMegabytes = 800;

async function largeStored(bench: Bench): Promise<StoredBackup> {
  const { workshop, progress, sizes } = bench;
  const objects = sizes.restoredObjects;
  if (objects === sizes.largeObjects) return (await largeBackup(bench)).stored;
  progress(`backup of ${objects} objects to restore`);
  return storeSite(workshop, { seed: { objects }, activity: false });
}
