import { boundsOf } from '../../adapters/atlassian/answer-bounds.ts';
import { functionNeeds } from '../../functions/function-needs.ts';
import type { StepFile } from '../../functions/step-list.ts';
import type { FaultRule } from '../../simulator/start-simulator.ts';
import type { Bench } from '../bench.ts';
import { type Figure, type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SpoiltBackupInput, SpoiltBackupReport } from '../processes/spoilt-backup.ts';

/** As many as "Export activity" has in flight, each with its history and its comments. */
const objects = 64;
/** What a record weighs besides what is added to it. */
const ofRecord = 8_000;

interface LargeAnswers {
  readonly step: StepFile;
  readonly activity: boolean;
  readonly faults: readonly FaultRule[];
}

/** A site whose answers to a step are each as large as any may be. */
const largeAnswers: readonly LargeAnswers[] = [
  {
    step: 'export-activity',
    activity: true,
    faults: [
      { endpoint: 'history', fault: { kind: 'heavy', bytesEach: boundsOf('history').bytes / 2 - ofRecord } },
      { endpoint: 'comments', fault: { kind: 'heavy', bytesEach: boundsOf('comments').bytes - ofRecord } },
    ],
  },
  {
    step: 'export-objects',
    activity: false,
    faults: [
      {
        endpoint: 'object-aql',
        fault: { kind: 'heavy', bytesEach: boundsOf('object-aql').bytes / objects - ofRecord },
      },
    ],
  },
];

/** Memory where the site gives a step as many answers at once as it may ask for, each as large as an answer may be. */
export async function measureLargeAnswers(bench: Bench): Promise<FigureGroup> {
  const figures: Figure[] = [];
  for (const answers of largeAnswers) figures.push(await peakOf(bench, answers));
  return {
    heading: 'answers: backups of a site whose answers are each as large as any that is read',
    figures,
    notes: [
      'limit: what the function of the step has; the whole backup is made in one process, which has loaded what a function loads',
      'what is to be stored is held for as long as an upload takes, and then thrown away',
    ],
  };
}

async function peakOf({ workshop, progress }: Bench, { step, activity, faults }: LargeAnswers): Promise<Figure> {
  progress(`the largest answers to ${step}`);
  const seed = { objects, schemas: 1, types: 1, historyEntries: 1, shareWithComments: 1 };
  const site = await PretendSite.start(workshop, { seed, faults });
  const input: SpoiltBackupInput = { directory: workshop.folder(), site: site.ready, activity };
  const { memoryMegabytes } = functionNeeds[step];
  const report = await workshop.run<SpoiltBackupReport>('spoilt-backup', input, memoryMegabytes);
  await site.stop();
  if (report.status !== 'complete') throw new Error(`The backup is ${report.status}: some answers were too large.`);
  return {
    what: `peak memory, ${step}: ${report.mostInFlight} answers in flight, ${Math.round(report.bytes / 1e6)} MB in all`,
    measured: report.peakMegabytes,
    unit: units.megabytes,
    bound: { kind: 'at most', value: (memoryMegabytes * 2 ** 20) / 1e6 },
  };
}
