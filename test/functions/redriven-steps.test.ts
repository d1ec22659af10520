import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../core/model/json.ts';
import type { Services } from '../../core/ports/services.ts';
import type { Step } from '../../functions/runtime/step.ts';
import { drillSteps, type MachineName, machineSteps, type StepFile, stepName } from '../../functions/step-list.ts';
import { type LocalRun, withLocalExecution } from '../../local/local-execution.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import {
  backUp,
  HurriedClock,
  RecordingReporter,
  settingsFor,
  testDirectory,
  testSimulator,
} from '../end-to-end/local-run.ts';

/** These end a run, or write down that it has to end: they do no work of their own. */
const endings = ['record-failure', 'abandon-backup', 'abandon-restore', 'abandon-drill'];
const machines = Object.keys(machineSteps) as MachineName[];
const working = machines.flatMap((machine) =>
  machineSteps[machine].filter((file) => !endings.includes(file)).map((file) => ({ machine, file })),
);

async function load(machine: MachineName, file: string): Promise<Step> {
  return ((await import(`../../functions/${machine}/${file}.ts`)) as { step: Step }).step;
}

/** The step that opens a run, an input, and by what it fails: a restore by a plan that nobody has seen, the others by the site. */
function asked(machine: MachineName, folder: string): readonly [StepFile, object, RegExp] {
  if (machine === 'backup') return ['plan-backup', {}, /401/];
  if (machine === 'drill') return ['open-drill', {}, /401/];
  return ['open-backup', { folder, approve: 'ab'.repeat(32) }, /is kept here/];
}

/** A run that failed and so released its site: what its first step gave, and what its steps were given. */
async function failedRun(machine: MachineName): Promise<{ services: Services; run: Json }> {
  const simulator = await testSimulator({ site: randomSite(3, 20) });
  const directory = testDirectory();
  const { result } = await backUp(simulator, { directory });
  let services: Services | undefined;
  let opened: Json | undefined;
  const [opens, input, refusal] = asked(machine, result?.backup ?? '');
  if (machine !== 'restore') simulator.faults.add({ endpoint: 'object-aql', fault: { kind: 'status', status: 401 } });
  if (machine === 'drill')
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { inProduction: true } }));
  const options = {
    directory,
    settings: settingsFor(simulator),
    reporter: new RecordingReporter(),
    clock: new HurriedClock(Date.UTC(2027, 1, 1)),
    decorate: (some: Services) => {
      services = some;
      return some;
    },
  };
  await withLocalExecution(options, async (execution) => {
    const run: LocalRun<never> = {
      machine,
      name: 'redriven',
      startTime: new Date(execution.clock.now()),
      input,
      opens,
      resultOf: (outputOf) => {
        opened = outputOf(opens);
        return undefined;
      },
      errorWithResult: '',
      stopped: '',
    };
    await expect(execution.run(run)).rejects.toThrow(refusal);
  });
  if (!services || !opened) throw new Error('The run was never opened.');
  return { services, run: (opened as { readonly run: Json }).run };
}

describe('an execution that has ended and is redriven', () => {
  it.each(machines)('finds in no step of a %s the lock that it had, and is told to start anew', async (machine) => {
    const { services, run } = await failedRun(machine);
    for (const { file } of working.filter((step) => step.machine === machine)) {
      if (file === 'plan-backup' || file === 'open-backup' || file === 'open-drill') continue;
      // The backup is made when it begins, and what it writes is the same each time.
      if (file === 'report-backup') continue;
      const step = await load(machine, file);
      const takes = ['from', 'batch'].filter((field) => needs(file).includes(field));
      const payload = { run, ...Object.fromEntries(takes.map((field) => [field, field === 'from' ? 0 : {}])) };
      await expect(step.invoke(services, payload), file).rejects.toMatchObject({
        name: 'LockLostError',
        message: expect.stringMatching(/it had ended and released it\. .* cannot be redriven: start a new one\.$/),
      });
    }
  });

  it.each(working)('is refused by $file with a sentence, before it does anything', async ({ machine, file }) => {
    const step = await load(machine, file);
    expect(step.name).toBe(stepName(file));
    const reporter = new RecordingReporter();
    const mayUse: Partial<Services> = { reporter, clock: new HurriedClock() };
    const services = new Proxy(mayUse as Services, {
      get: (there, name) => {
        if (name in there) return Reflect.get(there, name);
        throw new Error(`It has used ${String(name)}.`);
      },
    });
    await expect(step.invoke(services, { run: {}, redrives: 1 })).rejects.toMatchObject({
      name: 'WrongInputError',
      message: 'This execution was redriven, which is not possible: start a new one with the same input.',
    });
    expect(reporter.events.map(({ name }) => name)).toEqual(['step.started', 'step.failed']);
  });
});

/** Fields beside `run` of a step's input. */
function needs(file: string): readonly string[] {
  const batched = ['export-configuration', 'export-objects', 'export-activity'];
  const cursors = [
    'export-activity',
    'check-backup',
    'plan-restore',
    'restore-configuration',
    'create-objects',
    'link-references',
    'restore-comments',
    'apply-constraints',
    'verify-restore',
    'relink-issues',
    'plan-undo',
    ...drillSteps.filter((step) => !['open-drill', 'report-drill', 'abandon-drill'].includes(step)),
    'undo-objects',
    'undo-configuration',
    'verify-undo',
  ];
  return [...(batched.includes(file) ? ['batch'] : []), ...(cursors.includes(file) ? ['from'] : [])];
}
