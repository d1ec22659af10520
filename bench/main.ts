import { parseArgs } from 'node:util';
import { NoSuchCommit } from './baseline/checkout.ts';
import { compareWithBaseline, rowNames } from './baseline/compare.ts';
import type { Bench, Sizes } from './bench.ts';
import { checkDiskRoom } from './disk-room.ts';
import { type FigureGroup, isMissed } from './figure.ts';
import { measureActivityFiles } from './measurements/activity-files.ts';
import { measureBrowse } from './measurements/browse.ts';
import { measureBundles } from './measurements/bundles.ts';
import { measureCost } from './measurements/cost.ts';
import { measureDeletedObjects } from './measurements/deleted-objects.ts';
import { measureDiff } from './measurements/diff.ts';
import { measureLargeAnswers } from './measurements/large-answers.ts';
import { measureLargeBackup } from './measurements/large-backup.ts';
import { measureLargeRestore } from './measurements/large-restore.ts';
import { measureLocalOverhead } from './measurements/local-overhead.ts';
import { measurePackage } from './measurements/package.ts';
import { measureParse } from './measurements/parse.ts';
import { measurePlanActivity } from './measurements/plan-activity.ts';
import { measureRealBudget } from './measurements/real-budget.ts';
import { measureRepair } from './measurements/repair.ts';
import { measureRequestCount } from './measurements/request-count.ts';
import { measureRestoreRequests } from './measurements/restore-requests.ts';
import { measureSecondNight } from './measurements/second-night.ts';
import { measureSynth } from './measurements/synth.ts';
import { measureVerification } from './measurements/verification.ts';
import { measureWriteBudget } from './measurements/write-budget.ts';
import { table } from './table.ts';
import { Workshop } from './workshop.ts';

type Measurement = (bench: Bench) => Promise<FigureGroup>;

/** In the order of the table. */
const measurements = new Map<string, Measurement>([
  ['requests', measureRequestCount],
  ['second-night', measureSecondNight],
  ['activity-files', measureActivityFiles],
  ['plan-activity', measurePlanActivity],
  ['large', measureLargeBackup],
  ['answers', measureLargeAnswers],
  ['parse', measureParse],
  ['budget', measureRealBudget],
  ['verify', measureVerification],
  ['diff', measureDiff],
  ['browse', measureBrowse],
  ['overhead', measureLocalOverhead],
  ['restore-requests', measureRestoreRequests],
  ['deleted-objects', measureDeletedObjects],
  ['repair', measureRepair],
  ['restore', measureLargeRestore],
  ['write-budget', measureWriteBudget],
  ['synth', measureSynth],
  ['bundles', measureBundles],
  ['package', measurePackage],
  ['cost', measureCost],
]);

const usage = `Measures backups of pretend sites, their restores, and what is deployed, and holds each figure against its limit or floor.

Usage: npm run bench -- [options]

  --quick       fewer objects for the budgets, the nights and the restore, and one turn: 12 minutes instead of 40
  --only NAME   one measurement: ${[...measurements.keys()].join(', ')}
  --baseline COMMIT
                compares today with that commit instead, and with a bare loop of today's requests: each by its
                command, taking turns; the medians of three turns count, with --quick one. --only then takes
                ${rowNames.join(', ')}
  --help        show this

The table goes to stdout, progress to stderr. Exit code 1: a limit was missed, or a measurement failed.
`;

const full: Sizes = {
  budgetObjects: 5_000,
  writtenObjects: 2_400,
  largeObjects: 100_000,
  restoredObjects: 50_000,
  nights: [5_000, 50_000],
  plannedObjects: 100_000,
  repairedObjects: 50_000,
  diffedObjects: 200_000,
  repetitions: 3,
};
/** 1,500 objects backed up, and 1,200 restored, are two batches and more than a minute: enough for a hand-over and the window. */
const quick: Sizes = {
  ...full,
  budgetObjects: 1_500,
  writtenObjects: 1_200,
  restoredObjects: 20_000,
  nights: [5_000],
  repairedObjects: 5_000,
  diffedObjects: 20_000,
  repetitions: 1,
};

const { values } = readArguments();
const start = performance.now();
const seconds = () => Math.round((performance.now() - start) / 1000);
const progress = (text: string) => process.stderr.write(`${String(seconds()).padStart(4)} s  ${text}\n`);
if (values.help) process.stdout.write(usage);
else if (values.baseline === undefined) await measure(chosen(values.only), values.quick ? quick : full);
else await compare(values.baseline);

async function measure(chosenMeasurements: readonly Measurement[], sizes: Sizes): Promise<void> {
  await checkDiskRoom(sizes.largeObjects + sizes.diffedObjects);
  const bench: Bench = { workshop: new Workshop(), sizes, progress };
  const groups: FigureGroup[] = [];
  for (const measurement of chosenMeasurements) groups.push(await measurement(bench));

  const missed = groups.flatMap(({ figures }) => figures).filter(isMissed).length;
  process.stdout.write(`${table(groups)}\n\n`);
  process.stdout.write(
    'ratio: measured by floor or limit. A floor is what the same work takes with nothing else done.\n',
  );
  end('LIMITS', missed);
}

async function compare(baseline: string): Promise<void> {
  const { only, quick } = values;
  if (only !== undefined && !rowNames.includes(only)) fail(`There is nothing named ${only} to compare.`);
  try {
    end('TARGETS', await compareWithBaseline({ baseline, only, quick, progress }));
  } catch (error) {
    if (error instanceof NoSuchCommit) fail(error.message);
    throw error;
  }
}

function end(what: string, missed: number): void {
  process.stdout.write(`${what} MISSED: ${missed}, in ${seconds()} s.\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

function chosen(name: string | undefined): readonly Measurement[] {
  if (name === undefined) return [...measurements.values()];
  return [measurements.get(name) ?? fail(`There is no measurement ${name}.`)];
}

function readArguments() {
  try {
    const options = {
      baseline: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ options });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}
