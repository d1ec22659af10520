import { type Bench, backUp } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { BackupReport } from '../processes/backup.ts';
import type { StoredBackup } from '../processes/verify.ts';

interface LargeBackup {
  readonly stored: StoredBackup;
  readonly report: BackupReport;
  readonly requests: number;
  readonly secondsOfPlainFetches: number;
}

/** The backup of a large site, without activity: memory, speed, and what the site is asked. */
export async function measureLargeBackup(bench: Bench): Promise<FigureGroup> {
  const { report, requests, secondsOfPlainFetches } = await largeBackup(bench);
  const { objects, seconds } = report;
  return {
    heading: `large: backup of ${objects.toLocaleString('en-US')} objects without activity, unlimited budget`,
    figures: [
      {
        what: 'requests, counted by the server',
        measured: requests / objects,
        unit: units.requestsEach,
        bound: { kind: 'at most', value: 0.005 },
      },
      {
        what: 'peak memory of its process',
        measured: report.peakMegabytes,
        unit: units.megabytes,
        bound: { kind: 'at most', value: 400 },
      },
      { what: 'speed', measured: objects / seconds, unit: units.objectsPerSecond },
      {
        what: 'time',
        measured: seconds,
        unit: units.seconds,
        bound: { kind: 'floor', value: secondsOfPlainFetches },
      },
      {
        what: 'time in which no request was under way',
        measured: (100 * report.secondsWithoutRequest) / seconds,
        unit: units.percent,
      },
      {
        what: 'CPU time of its process, of the time',
        measured: (100 * report.cpuSeconds) / seconds,
        unit: units.percent,
      },
    ],
    notes: [
      `floor: plain fetches of the same requests, ${report.mostInFlight} at once as the backup had at most, answers read and thrown away`,
      'no request under way: the site is asked nothing; a request ends with the last byte of its answer read from the socket',
      'CPU time: of all threads, so it may be more than 100 %',
    ],
  };
}

const backups = new WeakMap<Bench, Promise<LargeBackup>>();

/** Made once for all that is measured with it. */
export function largeBackup(bench: Bench): Promise<LargeBackup> {
  const known = backups.get(bench) ?? makeLargeBackup(bench);
  backups.set(bench, known);
  return known;
}

async function makeLargeBackup({ workshop, sizes, progress }: Bench): Promise<LargeBackup> {
  const objects = sizes.largeObjects;
  progress(`backup of ${objects} objects without activity`);
  const site = await PretendSite.start(workshop, { seed: { objects } });
  const directory = workshop.folder();
  const report = await backUp(workshop, { directory, site: site.ready, budget: unlimitedBudget, activity: false });
  progress('plain fetches of the same pages');
  const asked = await site.report();
  const secondsOfPlainFetches = await site.secondsOfPlainFetches(asked, report.mostInFlight);
  await site.stop();
  return { stored: { directory, backup: report.backup }, report, requests: asked.requests, secondsOfPlainFetches };
}
