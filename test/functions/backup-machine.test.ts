import { describe, expect, it } from 'vitest';
import { activityBatchSize } from '../../core/backup/activity/activity-units.ts';
import { planObjects } from '../../core/backup/plan-objects.ts';
import {
  type ActivityBatch,
  type BackupPlan,
  type ConfigurationRecord,
  type SchemaBatch,
  type SchemaToExport,
  type TypeBatch,
  workKeys,
} from '../../core/backup/work-files.ts';
import { schemaKeys } from '../../core/backup-format/keys.ts';
import { defaultActivity } from '../../core/model/activity.ts';
import { divideBudget, documentedLimits } from '../../core/model/request-budget.ts';
import { type Run, runContract } from '../../core/model/run.ts';
import { takeSiteLock } from '../../core/runs/site-lock.ts';
import { writeJson } from '../../core/work-store/json-file.ts';
import { loadDefinition } from '../../functions/load-definition.ts';
import { backupSteps, stepName } from '../../functions/step-list.ts';
import { type JsonValue, MAX_PAYLOAD_BYTES } from '../../local/interpreter/json.ts';
import { loadMachine } from '../../local/interpreter/load-machine.ts';
import { type EndedExecution, runMachine } from '../../local/interpreter/run-machine.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { operationServices } from '../core/operations/operation-services.ts';
import { testSimulator } from '../end-to-end/local-run.ts';
import { FakeHost, named } from '../local/interpreter/fake-host.ts';

const definition = loadDefinition('backup');
const names = backupSteps.map(stepName);
const tokens = { ...Object.fromEntries(names.map((name) => [name, name])), WorkBucket: 'work' };

type Functions = Record<string, (payload: { readonly [name: string]: JsonValue }) => JsonValue>;

interface FinishedRun {
  readonly execution: EndedExecution;
  readonly called: readonly string[];
  readonly payloads: readonly JsonValue[];
  /** The causes with which states failed, by the state's name. */
  readonly causes: Readonly<Record<string, string>>;
}

interface Options {
  readonly run?: JsonValue;
  /** The files of batches. */
  readonly items?: { readonly schemas: JsonValue[]; readonly objects: JsonValue[]; readonly activity: JsonValue[] };
  readonly input?: JsonValue;
  readonly text?: string;
}

const oneEach = {
  schemas: [{ schema: { id: '1' } }],
  objects: [{ number: 1 }],
  activity: [{ number: 1 }],
};

/** Runs the definition with steps of the right shape. */
async function backUp(
  functions: Functions = {},
  { run = { backup: 'b' }, items = oneEach, input = {}, text = definition }: Options = {},
): Promise<FinishedRun> {
  const planned = (kind: keyof typeof oneEach) => ({ count: items[kind].length, key: `${kind}.json`, slots: 2 });
  const steps: Functions = {
    PlanBackup: () => ({ isNeeded: true, run, schemas: planned('schemas'), issueLinks: true }),
    ExportConfiguration: () => ({}),
    PlanObjects: () => planned('objects'),
    ExportObjects: () => ({ isDone: true }),
    ReconcileObjects: () => ({ isDone: true }),
    ExportIssueLinks: () => ({ isDone: true }),
    PlanActivity: () => planned('activity'),
    ExportActivity: () => ({ next: null }),
    RecordFailure: () => ({ stop: true, reason: 'A sentence.' }),
    FinishBackup: () => ({ status: 'complete', message: 'Done.' }),
    ReportBackup: () => ({ report: 'report.html' }),
    AbandonBackup: ({ error = '', cause = '' }) => ({ error, cause }),
    ...functions,
  };
  const host = new FakeHost({
    functions: Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [
        name,
        (payload: JsonValue) => step(payload as Record<string, JsonValue>),
      ]),
    ),
    objects: Object.fromEntries(
      Object.entries(items).map(([kind, list]) => [`work/${kind}.json`, JSON.stringify(list)]),
    ),
  });
  const options = { input, name: 'night', executionId: 'arn:backup', startTime: new Date('2026-11-23T02:00:00Z') };
  const execution = await runMachine(loadMachine(text, tokens), options, host);
  return {
    execution,
    called: host.invocations.map(({ functionName }) => functionName),
    payloads: host.invocations.map(({ payload }) => payload),
    causes: Object.fromEntries(
      host.events.flatMap((event) => (event.kind === 'failed' ? [[event.state, event.cause]] : [])),
    ),
  };
}

function failing(error: Error): () => JsonValue {
  return () => {
    throw error;
  };
}

describe('a backup', () => {
  it('goes through every step but those for failures, and its result is the output', async () => {
    const input = { objectSchemaKeys: ['FAC'], scheduledTime: '2026-11-23T02:00:00Z' };
    const { execution, called, payloads } = await backUp({}, { input });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { status: 'complete', message: 'Done.' } });
    expect(called).toEqual(names.filter((name) => !['RecordFailure', 'AbandonBackup'].includes(name)));
    const start = { executionId: 'arn:backup', startedAt: '2026-11-23T02:00:00.000Z', redrives: 0 };
    expect(payloads[0]).toEqual({ ...start, input });
    expect(payloads.at(-1)).toEqual({ run: { backup: 'b' }, redrives: 0 });
  });

  it('reads issue links only where they are asked for, also without a schema, and as often as that takes', async () => {
    const planned = { isNeeded: true, run: { backup: 'b' }, schemas: { count: 1, key: 'schemas.json', slots: 2 } };
    for (const more of [{}, { issueLinks: false }] as Record<string, boolean>[]) {
      const { execution, called } = await backUp({ PlanBackup: () => ({ ...planned, ...more }) });
      expect(execution.status).toBe('SUCCEEDED');
      expect(called).not.toContain('ExportIssueLinks');
    }
    let calls = 0;
    const none = { ...planned, schemas: { ...planned.schemas, count: 0 } };
    const { execution, called } = await backUp({
      PlanBackup: () => ({ ...none, issueLinks: true }),
      ExportIssueLinks: () => ({ isDone: ++calls === 3 }),
      PlanActivity: () => ({ count: 0, key: 'activity.json', slots: 2 }),
    });
    expect(execution.status).toBe('SUCCEEDED');
    const thrice = ['ExportIssueLinks', 'ExportIssueLinks', 'ExportIssueLinks'];
    expect(called).toEqual(['PlanBackup', ...thrice, 'PlanActivity', 'FinishBackup', 'ReportBackup']);
  });

  it('goes on without issue links where their step dies, and says why in the work store', async () => {
    const { execution, called, payloads } = await backUp({
      ExportIssueLinks: failing(named('Sandbox.Timedout', 'Task timed out')),
      RecordFailure: () => ({ stop: false, reason: 'Task timed out' }),
    });
    expect(execution.status).toBe('SUCCEEDED');
    const after = called.slice(called.indexOf('RecordFailure'));
    expect(after).toEqual(['RecordFailure', 'PlanActivity', 'ExportActivity', 'FinishBackup', 'ReportBackup']);
    const failure = { run: { backup: 'b' }, kind: 'issues', id: 'all', error: 'Sandbox.Timedout' };
    expect(payloads[called.indexOf('RecordFailure')]).toMatchObject(failure);
  });

  it('ends in success at once where another execution makes it, and says which', async () => {
    const output = { madeBy: 'arn:other', message: 'Nothing to do.' };
    const { execution, called } = await backUp({ PlanBackup: () => ({ isNeeded: false, ...output }) });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output });
    expect(called).toEqual(['PlanBackup']);
  });

  it('ends as it is where its report fails for good', async () => {
    for (const status of ['complete', 'partial']) {
      const output = { status, message: 'Done.' };
      const { execution, called } = await backUp({
        FinishBackup: () => output,
        ReportBackup: failing(named('Sandbox.Timedout', 'Task timed out')),
      });
      expect(called.at(-1)).toBe('ReportBackup');
      if (status === 'complete') expect(execution).toMatchObject({ status: 'SUCCEEDED', output });
      else expect(execution).toMatchObject({ status: 'FAILED', error: 'PartialBackupError', cause: 'Done.' });
    }
  });

  it.each(names.filter((name) => !['PlanBackup', 'RecordFailure', 'ReportBackup', 'AbandonBackup'].includes(name)))(
    'is abandoned where %s fails for good, and its children say why in a sentence',
    async (step) => {
      const { execution, called, causes } = await backUp({ [step]: failing(named('LockLostError', 'lost')) });
      expect(called.at(-1)).toBe('AbandonBackup');
      expect(execution.status).toBe('FAILED');
      for (const [state, cause] of Object.entries(causes)) {
        if (state.startsWith('Stop the run')) expect(cause).toBe('A sentence.');
      }
    },
  );
});

describe("a backup's error and cause", () => {
  const sentences = [
    'The backup\'s input is wrong: objectSchemaKeys must be a list of keys, as in ["FAC", "USERS"].',
    'Two\nlines, a \\ backslash, a tab\t, "quotes", {braces}, $TOKEN, ü, 種, 👩‍🚀 and \u0007.',
    '"errorMessage":"not this one"',
    '',
  ];

  it.each(sentences)('are the name and the sentence alone where it could not be planned: %j', async (sentence) => {
    const { execution, called } = await backUp({ PlanBackup: failing(named('WrongInputError', sentence)) });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'WrongInputError', cause: sentence });
    expect(called).toEqual(['PlanBackup']);
  });

  /** What else AWS puts into a cause; the interpreter always gives Lambda's JSON, so the expression is given the text. */
  const others: readonly [string | undefined, string][] = [
    [undefined, ''],
    ['plain text', 'plain text'],
    [
      '{"errorMessage":"2026-11-23T02:15:00Z 3f Task timed out after 900.00 seconds"}',
      '2026-11-23T02:15:00Z 3f Task timed out after 900.00 seconds',
    ],
    [
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 3f Error: Runtime exited"}',
      'RequestId: 3f Error: Runtime exited',
    ],
    ['{"errorType":"E","errorMessage":"cut off in its trace","trace":["E: cut off', 'cut off in its trace'],
    ['{"not":"Lambda\'s"', '{"not":"Lambda\'s"'],
    ['{}', '{}'],
  ];
  it.each(others)('are text also where the cause is %j', async (cause, expected) => {
    const broken = definition.replaceAll(
      '$states.errorOutput.Cause',
      cause === undefined ? '$states.errorOutput.Nothing' : escaped(cause),
    );
    const { execution } = await backUp({ PlanBackup: failing(named('Lambda.Unknown')) }, { text: broken });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.Unknown', cause: expected });
  });

  it('are those of the run where even giving up fails', async () => {
    const { execution } = await backUp({
      PlanObjects: failing(named('StorageError', 'The bucket is gone.')),
      AbandonBackup: failing(named('StorageError', 'The bucket is still gone.')),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'StorageError', cause: 'The bucket is gone.' });
  });
});

/** A text as a JSONata literal inside the JSON of a definition. */
function escaped(text: string): string {
  return JSON.stringify(JSON.stringify(text)).slice(1, -1);
}

describe('a redriven execution', () => {
  const redriven = (count: string) => definition.replaceAll('$states.context.Execution.RedriveCount', count);

  it('tells each step so, from whichever it goes on', async () => {
    const { called, payloads } = await backUp({}, { text: redriven('1') });
    for (const [index, name] of called.entries()) {
      const isOfAChild = name.startsWith('Export') && name !== 'ExportIssueLinks';
      expect((payloads[index] as { redrives?: number }).redrives).toBe(isOfAChild ? undefined : 1);
    }
  });

  it('is not assumed where the context says nothing of it', async () => {
    const { execution, payloads } = await backUp({}, { text: redriven('$states.context.Execution.Nothing') });
    expect(execution.status).toBe('SUCCEEDED');
    expect(payloads[0]).toMatchObject({ redrives: 0 });
  });
});

describe('a site of 300 schemas and 500,000 objects', () => {
  const objects = 500_000;
  const schemaCount = 300;
  const typesASchema = 10;
  /** As long as Atlassian lets them be, in letters of three bytes. */
  const name = '種'.repeat(255);
  const run: Run = {
    contract: runContract,
    backup: '2026-11-23_02-00-00',
    executionId: `arn:aws:states:eu-central-1:123456789012:execution:${'s'.repeat(80)}:${'e'.repeat(80)}`,
    startedAt: '2026-11-23T02:00:00.000Z',
    workspace: {
      workspaceId: 'f1668d0c-828c-470c-b7d1-8c4f48cd345a',
      siteName: 'https://myorganization.atlassian.net',
      apiUrl: 'https://api.atlassian.com',
      login: 'scoped',
      cloudId: 'f1668d0c-828c-470c-b7d1-8c4f48cd345b',
    },
  };
  const schemas = Array.from({ length: schemaCount }, (_, index): SchemaToExport => {
    const id = String(1000 + index);
    return { id, key: `K${'X'.repeat(90)}${id}`, name, folder: `K${'X'.repeat(90)}${id}` };
  });

  /** The batches as the planning steps write them. */
  async function batches() {
    const simulator = await testSimulator({ site: demoSite() });
    const { services } = operationServices(simulator, { settings: { requestBudget: {} } });
    const { work, budget, concurrency } = services;
    const keys = workKeys(run.backup);
    await takeSiteLock(services, run);
    const options = { objectSchemaKeys: null, full: true, activity: true, issueLinks: false, ...defaultActivity };
    await writeJson<BackupPlan>(work, keys.plan, { run, options, schemas, files: [], gaps: [] });
    for (const schema of schemas) {
      const { attributes } = schemaKeys(run.backup, schema.folder);
      const record: ConfigurationRecord = {
        files: [],
        counts: {},
        gaps: [],
        notices: [],
        notOffered: [],
        objectTypes: Array.from({ length: typesASchema }, (_, index) => {
          const id = `${schema.id}${index}`;
          return { id, name, objectCount: objects / schemaCount / typesASchema, attributes: attributes({ id, name }) };
        }),
      };
      await writeJson(work, keys.configuration(schema.id), record);
    }
    const { key } = await planObjects(services, { run });
    const objectBatches = JSON.parse((await work.read(key))?.text ?? '') as TypeBatch[];
    const schemaBatches = schemas.map(
      (schema): SchemaBatch => ({ schema, budget: divideBudget(budget, concurrency.configuration) }),
    );
    const activityBatches = Array.from(
      { length: objects / activityBatchSize },
      (_, index): ActivityBatch => ({
        number: index + 1,
        key: keys.activityBatch(index + 1),
        kinds: ['history', 'comments'],
        until: run.startedAt,
        budget: divideBudget(budget, concurrency.activity),
      }),
    );
    return { schemas: schemaBatches, objects: objectBatches, activity: activityBatches };
  }

  it('stays far below 25,000 events and 256 KiB, in every execution', async () => {
    const planned = await batches();
    const types = planned.objects.flatMap((batch) => batch.types);
    expect(types).toHaveLength(schemaCount * typesASchema);
    const sizes = Object.values(planned)
      .flat()
      .map((batch) => Buffer.byteLength(JSON.stringify({ run, batch })));
    expect(Math.max(...sizes)).toBeLessThan(MAX_PAYLOAD_BYTES);

    // A step hands back when 7 of a function's 15 minutes are left; a page brings 400 objects at least.
    const pagesACall = documentedLimits['object-aql'] * 0.7 * 8;
    const callsFor = (batch: TypeBatch) =>
      Math.ceil(batch.types.reduce((sum, { objectCount }) => sum + objectCount / 400 + 2, 0) / pagesACall) + 1;
    const calls = new Map<number, number>();
    let reconciled = 0;
    const { execution, called } = await backUp(
      {
        ExportObjects: ({ batch }) => {
          const { number } = batch as unknown as TypeBatch;
          calls.set(number, (calls.get(number) ?? 0) + 1);
          return { isDone: (calls.get(number) ?? 0) >= callsFor(batch as unknown as TypeBatch) };
        },
        ReconcileObjects: () => ({ isDone: reconciled++ > 0 }),
        // Twice: it hands back once.
        ExportActivity: ({ from }) => ({ next: from === 0 ? activityBatchSize / 2 : null }),
      },
      { run: run as unknown as JsonValue, items: JSON.parse(JSON.stringify(planned)) },
    );
    expect(execution.status).toBe('SUCCEEDED');
    expect(called.length).toBeGreaterThan(schemaCount + 2 * (objects / activityBatchSize));
    expect(execution.events.execution).toBeLessThan(100);
    expect(execution.events.largestChild).toBeGreaterThan(10);
    expect(execution.events.largestChild).toBeLessThan(100);
  });

  it('has no execution that fails by its size where every batch fails', async () => {
    const planned = await batches();
    const { execution } = await backUp(
      {
        // As long as a cause may be.
        ExportConfiguration: failing(named('SiteUnavailableError', 'x'.repeat(32_000))),
        ExportObjects: failing(named('SiteUnavailableError', 'x'.repeat(32_000))),
        RecordFailure: () => ({ stop: false, reason: 'x'.repeat(32_000) }),
      },
      { run: run as unknown as JsonValue, items: JSON.parse(JSON.stringify(planned)) },
    );
    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.events.execution).toBeLessThan(100);
  });
});
