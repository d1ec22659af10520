import { type Bench, backUp } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';
import { PretendSite } from '../pretend-site.ts';

/** What local mode adds to the time of its requests: the state machine, many small files, each safe on the disk. */
export async function measureLocalOverhead({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const backupSeconds: number[] = [];
  const fetchSeconds: number[] = [];
  let objects = 0;
  for (let turn = 1; turn <= sizes.repetitions; turn += 1) {
    progress(`demo site, turn ${turn} of ${sizes.repetitions}`);
    const site = await PretendSite.start(workshop, { seed: 'demo' });
    objects = site.objects;
    const directory = workshop.folder();
    const report = await backUp(workshop, { directory, site: site.ready, budget: unlimitedBudget, activity: true });
    backupSeconds.push(report.seconds);
    fetchSeconds.push(await site.secondsOfPlainFetches(await site.report(), report.mostInFlight));
    await site.stop();
  }
  return {
    heading: `overhead: full backup of the demo site, ${objects.toLocaleString('en-US')} objects, unlimited budget`,
    figures: [
      {
        what: `time, median of ${sizes.repetitions}`,
        measured: median(backupSeconds),
        unit: units.seconds,
        bound: { kind: 'floor', value: median(fetchSeconds) },
      },
    ],
    notes: ['floor: plain fetches of the same requests, as many at once as the backup had at most'],
  };
}
