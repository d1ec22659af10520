import { describe, expect, it } from 'vitest';
import { loadDefinition } from '../../functions/load-definition.ts';
import { restoreSteps, stepName } from '../../functions/step-list.ts';
import type { JsonValue } from '../../local/interpreter/json.ts';
import { loadMachine } from '../../local/interpreter/load-machine.ts';
import { type EndedExecution, runMachine } from '../../local/interpreter/run-machine.ts';
import { FakeHost, named } from '../local/interpreter/fake-host.ts';

const definition = loadDefinition('restore');
const all = restoreSteps.map(stepName);
const isOfUndo = (name: string) => name.endsWith('Undo') || name.startsWith('Undo');
/** Those of a restore, and those of an undo. */
const names = all.filter((name) => !isOfUndo(name) && name !== 'RelinkIssues');
const undoNames = ['OpenBackup', ...all.filter(isOfUndo), 'AbandonRestore'];
const machine = loadMachine(definition, Object.fromEntries(all.map((name) => [name, name])));

const input = { folder: '2026-11-23_02-00-00' };
const run = { restore: '2026-11-23_02-00-00_3f9a1c2e' };
const cursorSteps = [
  'CheckBackup',
  'PlanRestore',
  'RestoreConfiguration',
  'CreateObjects',
  'LinkReferences',
  'RestoreComments',
  'ApplyConstraints',
  'VerifyRestore',
];
const undoCursorSteps = ['PlanUndo', 'UndoObjects', 'UndoConfiguration', 'VerifyUndo'];
const writers = ['RestoreConfiguration', 'CreateObjects', 'LinkReferences', 'RestoreComments', 'ApplyConstraints'];

type Functions = Record<string, (payload: { readonly [name: string]: JsonValue }) => JsonValue>;

interface FinishedRun {
  readonly execution: EndedExecution;
  readonly called: readonly string[];
  readonly payloads: readonly JsonValue[];
}

/** Runs the definition with steps of the right shape; `calls` says how often each of those with a cursor is called. */
async function restore(
  functions: Functions = {},
  { calls = () => 1, opened = run }: { calls?: (step: string) => number; opened?: JsonValue } = {},
): Promise<FinishedRun> {
  const steps: Functions = {
    OpenBackup: () => ({ run: opened }),
    ReportUndo: () => ({ outcome: 'restored', message: 'Undone.' }),
    ReportRestore: () => ({ outcome: 'restored', message: 'Done.' }),
    AbandonRestore: ({ error = '', cause = '' }) => ({ error, cause }),
    ...Object.fromEntries(
      [...cursorSteps, 'RelinkIssues', ...undoCursorSteps].map((step) => [
        step,
        ({ from }: { readonly [name: string]: JsonValue }) => {
          const next = Number(from) + 1;
          const isDone = next >= calls(step);
          return { next: isDone ? null : next, ...(hasResult(step) && { go: isDone, result: null }) };
        },
      ]),
    ),
    ...functions,
  };
  const host = new FakeHost({
    functions: Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [
        name,
        (payload: JsonValue) => step(payload as Record<string, JsonValue>),
      ]),
    ),
  });
  const options = { input, name: 'restore', executionId: 'arn:restore', startTime: new Date('2026-11-24T08:00:00Z') };
  const execution = await runMachine(machine, options, host);
  return {
    execution,
    called: host.invocations.map(({ functionName }) => functionName),
    payloads: host.invocations.map(({ payload }) => payload),
  };
}

const hasResult = (step: string) => step.startsWith('Plan') || step === 'RelinkIssues';

function failing(step: string, error: Error, times = Number.POSITIVE_INFINITY): Functions {
  let failures = 0;
  return {
    [step]: () => {
      failures += 1;
      if (failures <= times) throw error;
      return { next: null, ...(step.startsWith('Plan') && { go: true, result: null }) };
    },
  };
}

describe('a restore', () => {
  it('goes through every step but the last, and its report is the output', async () => {
    const { execution, called, payloads } = await restore();
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'restored', message: 'Done.' } });
    expect(called).toEqual(names.filter((name) => name !== 'AbandonRestore'));
    expect(payloads.slice(0, 4)).toEqual([
      { executionId: 'arn:restore', startedAt: '2026-11-24T08:00:00.000Z', input, redrives: 0 },
      { run, from: 0, redrives: 0 },
      { run, from: 0, redrives: 0 },
      { run, from: 0, redrives: 0 },
    ]);
    expect(payloads.at(-1)).toEqual({ run, redrives: 0 });
  });

  it.each(cursorSteps)('calls %s again from its cursor, and the step after it from 0', async (step) => {
    const { called, payloads } = await restore({}, { calls: (name) => (name === step ? 3 : 1) });
    const first = called.indexOf(step);
    expect(called.slice(first, first + 4)).toEqual([step, step, step, names[names.indexOf(step) + 1]]);
    expect(payloads.slice(first, first + 3)).toEqual([0, 1, 2].map((from) => ({ run, from, redrives: 0 })));
    const hasCursor = cursorSteps.includes(called[first + 3] ?? '');
    expect(payloads[first + 3]).toEqual({ run, redrives: 0, ...(hasCursor && { from: 0 }) });
  });

  it('ends after the plan where a person has to see it first', async () => {
    const result = { outcome: 'needs-approval', approve: { hash: 'ab', because: ['…'] } };
    const { execution, called } = await restore({ PlanRestore: () => ({ next: null, go: false, result }) });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: result });
    expect(called).toEqual(['OpenBackup', 'CheckBackup', 'PlanRestore']);
  });

  it('fails where differences were found, after its report has released the site', async () => {
    const { execution, called } = await restore({
      ReportRestore: () => ({ outcome: 'differences-found', message: '3 differences.' }),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'DifferencesFoundError', cause: '3 differences.' });
    expect(called.at(-1)).toBe('ReportRestore');
  });

  it('has nothing to abandon where it could not be opened', async () => {
    const { execution, called } = await restore(failing('OpenBackup', named('NoSuchBackupError')));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'NoSuchBackupError', cause: 'it failed' });
    expect(called).toEqual(['OpenBackup']);
  });

  it.each(names.slice(1, -1))('is abandoned with the error of %s', async (step) => {
    const { execution, called, payloads } = await restore(failing(step, named('LockLostError', 'lost')));
    expect(called.slice(-2)).toEqual([step, 'AbandonRestore']);
    expect(payloads.at(-1)).toEqual({ run, error: 'LockLostError', cause: expect.stringContaining('lost') });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'LockLostError' });
  });
});

describe('the linking of issues', () => {
  it('comes after the proof and before the report, where it was asked for', async () => {
    const opened = { ...run, relinkIssues: true };
    const { execution, called, payloads } = await restore(
      {},
      { opened, calls: (step) => (step === 'RelinkIssues' ? 3 : 1) },
    );
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { message: 'Done.' } });
    const relinks = ['RelinkIssues', 'RelinkIssues', 'RelinkIssues'];
    expect(called.slice(-5)).toEqual(['VerifyRestore', ...relinks, 'ReportRestore']);
    expect(payloads.slice(-4, -1)).toEqual([0, 1, 2].map((from) => ({ run: opened, from, redrives: 0 })));
  });

  it('alone follows the opening, and its result is the output', async () => {
    const opened = { ...run, relink: '2026-11-23_02-00-00_00000000' };
    const result = { outcome: 'restored', message: 'Linked.' };
    const relink: Functions = {
      RelinkIssues: ({ from = 0 }) => (from === 0 ? { next: 1, result: null } : { next: null, result }),
    };
    const { execution, called } = await restore(relink, { opened });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: result });
    expect(called).toEqual(['OpenBackup', 'RelinkIssues', 'RelinkIssues']);
    const failed = await restore(failing('RelinkIssues', named('LockLostError', 'lost')), { opened });
    expect(failed.called).toEqual(['OpenBackup', 'RelinkIssues', 'AbandonRestore']);
  });
});

describe('an undo', () => {
  const opened = { ...run, undo: '2026-11-23_02-00-00_00000000' };

  it('goes through its own steps, and its report is the output', async () => {
    const { execution, called } = await restore({}, { opened, calls: (step) => (step === 'UndoObjects' ? 2 : 1) });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'restored', message: 'Undone.' } });
    const expected = undoNames.filter((name) => name !== 'AbandonRestore');
    expect(called).toEqual(expected.flatMap((name) => (name === 'UndoObjects' ? [name, name] : [name])));
  });

  it('ends after the plan where a person has to see it first', async () => {
    const result = { outcome: 'needs-approval' };
    const { execution, called } = await restore({ PlanUndo: () => ({ next: null, go: false, result }) }, { opened });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: result });
    expect(called).toEqual(['OpenBackup', 'PlanUndo']);
  });

  it.each(undoNames.slice(1, -1))('is abandoned with the error of %s', async (step) => {
    const { execution, called } = await restore(failing(step, named('LockLostError', 'lost')), { opened });
    expect(called.slice(-2)).toEqual([step, 'AbandonRestore']);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'LockLostError' });
  });

  it.each(['UndoObjects', 'UndoConfiguration'])('never tries %s again after it may have written', async (step) => {
    const { called } = await restore(failing(step, named('Lambda.Unknown'), 1), { opened });
    expect(called.filter((name) => name === step)).toHaveLength(1);
    expect(called.at(-1)).toBe('AbandonRestore');
  });
});

describe('what is tried again', () => {
  it.each(writers)('never is %s after it may have written', async (step) => {
    for (const error of ['Lambda.Unknown', 'Lambda.ServiceException', 'Sandbox.Timedout', 'States.Timeout']) {
      const { called } = await restore(failing(step, named(error), 1));
      expect(called.filter((name) => name === step)).toHaveLength(1);
      expect(called.at(-1)).toBe('AbandonRestore');
    }
  });

  it.each(writers)('is %s where it was never started', async (step) => {
    const { execution, called } = await restore(failing(step, named('Lambda.TooManyRequestsException'), 2));
    expect(called.filter((name) => name === step)).toHaveLength(3);
    expect(execution.status).toBe('SUCCEEDED');
  });

  it.each(['CheckBackup', 'PlanRestore', 'VerifyRestore'])('is %s, which only reads', async (step) => {
    const { execution } = await restore(failing(step, named('Lambda.Unknown'), 2));
    expect(execution.status).toBe('SUCCEEDED');
  });
});

describe('the events of a history, of which AWS allows 25,000', () => {
  /** A step hands back when 7 of a function's 15 minutes are left. */
  const minutesACall = 8;

  it('stay far below that for 500,000 objects, each with a link and a comment of its own', async () => {
    const callsFor = (writes: number, aMinute: number) => Math.ceil(writes / aMinute / minutesACall);
    // The default budget: 70 % of 2,000 creates, of 1,000 updates and of 1,000 comments a minute; pages of 400 objects.
    const calls: Record<string, number> = {
      CreateObjects: callsFor(500_000, 1400),
      LinkReferences: callsFor(500_000, 700),
      RestoreComments: callsFor(500_000, 700),
      VerifyRestore: callsFor(500_000 / 400, 700),
      // Into a target of as many, with 3 seconds a page, and one call for the plan itself.
      PlanRestore: callsFor(500_000 / 400, 60 / 3) + 1,
    };
    const { execution, called } = await restore({}, { calls: (step) => calls[step] ?? 1 });
    expect(called.length).toBeGreaterThan(220);
    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.events.execution).toBeLessThan(2_500);
  });

  it('stay below it even if a restore uses all the time that the machine has', async () => {
    const { events: short } = (await restore()).execution;
    const { events: longer } = (await restore({}, { calls: (step) => (step === 'CreateObjects' ? 2 : 1) })).execution;
    const eventsACall = longer.execution - short.execution;
    const { TimeoutSeconds } = JSON.parse(definition) as { TimeoutSeconds: number };
    const calls = TimeoutSeconds / 60 / minutesACall;
    expect(eventsACall).toBeLessThanOrEqual(10);
    expect(short.execution + calls * eventsACall).toBeLessThan(25_000 / 2);
  });
});
