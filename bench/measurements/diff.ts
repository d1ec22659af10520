import { type Bench, backUp } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';
import { PretendSite } from '../pretend-site.ts';
import type { DiffInput, DiffReport } from '../processes/diff.ts';
import type { HashedBackup } from '../processes/hash-files.ts';
import type { ReadingReport } from '../processes/verify.ts';

/** Beside them it is counted what an object takes. */
const fewObjects = 2_000;
/** Of all objects, those that get another value, and those that are deleted; what referred to these is other as well. */
const [changedShare, deletedShare] = [0.03, 0.01];

/** Comparing two backups of a large site, next to reading and hashing both. */
export async function measureDiff(bench: Bench): Promise<FigureGroup> {
  const { workshop, sizes, progress } = bench;
  const objects = sizes.diffedObjects;
  const weigh = async (backups: TwoBackups) =>
    workshop.run<DiffReport>('diff', { ...backups, isWeighed: true } satisfies DiffInput);
  const few = await weigh(await twoBackups(bench, fewObjects));
  const backups = await twoBackups(bench, objects);
  progress(`comparison of two backups of ${objects} objects`);
  const weighed = await weigh(backups);
  const [floors, sideBySide, times]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < sizes.repetitions; turn += 1) {
    // First, so that the files come from the disk's cache for both or, where they do not fit, for neither.
    floors.push(await secondsToHash(bench, backups, 1));
    sideBySide.push(await secondsToHash(bench, backups, 8));
    const { seconds } = await workshop.run<DiffReport>('diff', { ...backups, isWeighed: false } satisfies DiffInput);
    times.push(seconds);
  }
  const floor = median(floors);
  return {
    heading: `diff: two backups of ${objects.toLocaleString('en-US')} objects, ${weighed.lines.toLocaleString('en-US')} differences`,
    figures: [
      {
        what: `memory, an object beside what ${fewObjects.toLocaleString('en-US')} take`,
        measured: (weighed.bytes - few.bytes) / (objects - fewObjects),
        unit: units.bytes,
        bound: { kind: 'at most', value: 64 },
      },
      {
        what: 'time',
        measured: median(times),
        unit: units.seconds,
        bound: { kind: 'at most', value: 1.5 * floor },
      },
      { what: 'reading and hashing both', measured: floor, unit: units.seconds },
      { what: 'the same, eight files at once', measured: median(sideBySide), unit: units.seconds },
      { what: 'differences', measured: (100 * weighed.lines) / objects, unit: units.percent },
    ],
    notes: [
      "memory: the most that is alive in V8's heap, and in arrays beside it, while both backups are met and while differences are told",
      'limit of the time: 1.5 times what it takes to read and hash (SHA-256) all files of both backups, one after the other',
    ],
  };
}

type TwoBackups = Omit<DiffInput, 'isWeighed'>;

async function secondsToHash({ workshop }: Bench, { directory, left, right }: TwoBackups, filesAtOnce: number) {
  let seconds = 0;
  for (const backup of [left, right]) {
    const input = { directory, backup, filesAtOnce } satisfies HashedBackup;
    seconds += (await workshop.run<ReadingReport>('hash-files', input)).seconds;
  }
  return seconds;
}

/** Of one site, before and after something has happened to it; without activity. */
async function twoBackups({ workshop, progress }: Bench, objects: number): Promise<TwoBackups> {
  progress(`two backups of ${objects} objects`);
  const site = await PretendSite.start(workshop, { seed: { objects } });
  const directory = workshop.folder();
  const input = { directory, site: site.ready, budget: unlimitedBudget, activity: false };
  const { backup: left } = await backUp(workshop, input);
  await site.changeObjects(Math.round(objects * changedShare));
  await site.deleteObjects(Math.round(objects * deletedShare));
  const { backup: right } = await backUp(workshop, input);
  await site.stop();
  return { directory, left, right };
}
