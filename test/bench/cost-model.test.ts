import { describe, expect, it } from 'vitest';
import { backupUse, bytesOf, filesOf } from '../../bench/cost/backup-use.ts';
import { assumed, type Circumstances } from '../../bench/cost/circumstances.ts';
import { restoreUse } from '../../bench/cost/restore-use.ts';
import { type SiteShape, simulatedBytes } from '../../bench/cost/site-shape.ts';
import { stateTransitions } from '../../bench/cost/state-transitions.ts';
import { type RunUse, type StepUse, totalsOf } from '../../bench/cost/use.ts';
import { type BudgetSettings, requestBudget } from '../../core/model/request-budget.ts';
import { type StepFile, stepName } from '../../functions/step-list.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { type LargeSiteOptions, largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, RunningClock, testSimulator } from '../end-to-end/local-run.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { CountedRun, type CountedStep } from './counted-run.ts';

/** Here the site, the stores and the functions answer at once: what is left is the budget. */
function atOnce(settings: BudgetSettings = {}): Circumstances {
  const none = { pageSeconds: 0, answerSeconds: 0, storeSeconds: 0, startSeconds: 0, planSeconds: 0 };
  return { ...assumed, ...none, budget: requestBudget(settings) };
}

/** The formula is about steps that go as planned, on AWS: locally a backup's name is taken before the first step, and maps read their items unseen. */
const slackRequests = 2;
const slackShare = 0.03;
/** In virtual time. Configuration is read by many requests that wait for one another, a few seconds at most. */
const slackSeconds = 3;

function expectStepsAsCounted(use: RunUse, run: Pick<CountedRun, 'steps'>): void {
  expect([...run.steps.keys()].sort()).toEqual((Object.keys(use) as StepFile[]).map(stepName).sort());
  for (const [file, step] of Object.entries(use) as [StepFile, StepUse][]) {
    const counted = run.steps.get(stepName(file));
    expect([file, counted?.invocations]).toEqual([file, step.invocations]);
    for (const bucket of ['backups', 'work'] as const) {
      for (const name of ['classA', 'classB'] as const) {
        const [expected, found] = [step[bucket][name], counted?.[bucket][name] ?? Number.NaN];
        const what = `${file}: ${name} requests to the ${bucket} bucket: ${found}, by the formula ${expected}`;
        expect(Math.abs(found - expected), what).toBeLessThanOrEqual(Math.max(slackRequests, slackShare * expected));
      }
    }
    const seconds = (counted?.milliseconds ?? Number.NaN) / 1000;
    const slack = slackSeconds * step.invocations + slackShare * step.seconds;
    expect(Math.abs(seconds - step.seconds), `${file}: ${seconds} s, ${step.seconds}`).toBeLessThanOrEqual(slack);
  }
}

function expectShare(found: number, expected: number, share: number): void {
  expect(found).toBeGreaterThanOrEqual(expected * (1 - share));
  expect(found).toBeLessThanOrEqual(expected * (1 + share));
}

function shapeOf(site: SimulatedSite, { attributes = 6, historyEntries = 0 }: Partial<LargeSiteOptions>): SiteShape {
  const types = [...site.types.values()];
  const commentsOf = [...site.objects.all()].map(({ id }) => site.commentsOf(id).length);
  const bytes = { ...simulatedBytes, ...(historyEntries === 0 && { history: 307 }) };
  return {
    schemas: [...site.schemas.keys()].map((schema) =>
      types.filter(({ schemaId }) => schemaId === schema).map(({ id }) => site.objects.idsOfType(id).length),
    ),
    attributesOfType: attributes,
    // All types show the same one.
    icons: site.schemas.size,
    objectsWithHistory: commentsOf.length,
    objectsWithComments: commentsOf.filter((count) => count > 0).length,
    comments: commentsOf.reduce((sum, count) => sum + count, 0),
    objectsInCircles: 0,
    createsAtOnce: 100,
    restrictedAttributes: 0,
    bytes,
  };
}

/** Two attributes are none that refers to another object: so a restore may announce as many objects at once as it likes. */
const sites: readonly (readonly [string, LargeSiteOptions])[] = [
  ['200 objects of 2 types, no comments', { objects: 200, schemas: 1, types: 2, attributes: 2 }],
  [
    '1,000 objects of 12 types in 3 schemas, every third with a comment',
    { objects: 1_000, schemas: 3, types: 12, attributes: 2, historyEntries: 1, shareWithComments: 0.33 },
  ],
  [
    '3,000 objects of 40 types in 5 schemas, every tenth with a comment',
    { objects: 3_000, schemas: 5, types: 40, attributes: 2, shareWithComments: 0.1 },
  ],
];

describe.each(sites)('a site of %s', (_, options) => {
  it('takes what the formula says, backed up and restored to an empty site', async () => {
    const site = largeSite(options);
    const shape = shapeOf(site, options);
    const simulator = await testSimulator({ site });
    const backup = new CountedRun();
    const { directory, result } = await backUp(simulator, {
      ...backup.options,
      clock: new RunningClock(),
      site: { requestBudget: {} },
    });
    const ofBackup = backupUse(shape, atOnce());
    expect(result?.status).toBe('complete');
    expectStepsAsCounted(ofBackup, backup);
    expect(backup.transitions).toBe(stateTransitions('backup', ofBackup));
    expect(result?.counts.files).toBe(filesOf(shape));
    expectShare(simulator.requests.total, totalsOf(ofBackup).siteRequests, 0.02);

    const target = await testSimulator({ site: emptySiteLike(emptySite()) });
    const run = new CountedRun();
    const input = { folder: result?.backup ?? '' };
    const restored = await restore(target, directory, input, {
      ...run.options,
      clock: new RunningClock(),
      site: { requestBudget: {} },
    });
    const ofRestore = restoreUse(shape, atOnce());
    expect(restored.result?.outcome).toBe('restored');
    expectStepsAsCounted(ofRestore, run);
    expect(run.transitions).toBe(stateTransitions('restore', ofRestore));
    expectShare(target.requests.total, totalsOf(ofRestore).siteRequests, 0.03);

    // A step that wrote each file twice would be seen, whichever it is.
    for (const name of ['ExportConfiguration', 'ExportObjects', 'ExportActivity']) {
      expect(() => expectStepsAsCounted(ofBackup, withFilesTwice(backup, name))).toThrow(
        /classA requests to the backups/,
      );
    }
  }, 180_000);
});

function withFilesTwice({ steps }: CountedRun, name: string): Pick<CountedRun, 'steps'> {
  const changed = [...steps].map(([step, counted]): [string, CountedStep] => {
    const { classA, classB } = counted.backups;
    return [step, step === name ? { ...counted, backups: { classA: 2 * classA, classB } } : counted];
  });
  return { steps: new Map(changed) };
}

describe('a night', () => {
  it.each([
    ['with activity', true],
    ['without activity', false],
  ])('stores as many bytes as the formula says, %s', async (_, activity) => {
    const options = { objects: 500, schemas: 3, types: 12, historyEntries: 1, shareWithComments: 0.2 };
    const site = largeSite(options);
    const simulator = await testSimulator({ site });
    const run = new CountedRun();
    const { result } = await backUp(simulator, {
      ...run.options,
      clock: new RunningClock(),
      activity,
      site: { requestBudget: {} },
    });
    const shape = shapeOf(site, options);
    const use = backupUse(shape, atOnce(), { activity });
    expectShare(result?.counts.bytes ?? 0, bytesOf(shape, { activity }), 0.05);
    expect(result?.counts.files).toBe(filesOf(shape, { activity }));
    expectStepsAsCounted(use, run);
    expect(run.transitions).toBe(stateTransitions('backup', use));
  });

  it('takes more invocations where the budget is small, since a step hands back before its time is up', async () => {
    const options = { objects: 1_600, schemas: 1, types: 1, attributes: 2 };
    const requestBudgetSettings = { byClass: { history: 60, 'object-aql': 1 } };
    const site = largeSite(options);
    const simulator = await testSimulator({ site });
    const run = new CountedRun();
    const { result } = await backUp(simulator, {
      ...run.options,
      clock: new RunningClock(),
      site: { requestBudget: requestBudgetSettings },
    });
    const use = backupUse(shapeOf(site, options), atOnce(requestBudgetSettings));
    expect(result?.status).toBe('complete');
    expect(use['export-activity']?.invocations).toBeGreaterThan(use['export-activity']?.batches ?? 0);
    expectStepsAsCounted(use, run);
    expect(run.transitions).toBe(stateTransitions('backup', use));
  });
});

describe('a restore whose objects refer to one another', () => {
  it('announces more often than a hundred objects at a time, and otherwise takes the same', async () => {
    const options = { objects: 500, schemas: 2, types: 8 };
    const site = largeSite(options);
    const { directory, result } = await backUp(await testSimulator({ site }));
    const run = new CountedRun();
    const target = await testSimulator({ site: emptySiteLike(emptySite()) });
    await restore(
      target,
      directory,
      { folder: result?.backup ?? '' },
      { ...run.options, clock: new RunningClock(), site: { requestBudget: {} } },
    );
    const { classA = 0 } = run.steps.get('CreateObjects')?.work ?? {};
    const least = restoreUse(shapeOf(site, options), atOnce())['create-objects']?.work.classA;
    expect(classA).toBeGreaterThan(least ?? 0);
    // The page's own assumption of 20 together is a cautious one.
    expect(classA).toBeLessThan(500 / 5);
  });
});
