import { describe, expect, it } from 'vitest';
import { loadDefinition } from '../../functions/load-definition.ts';
import { drillSteps, stepName } from '../../functions/step-list.ts';
import type { JsonValue } from '../../local/interpreter/json.ts';
import { loadMachine } from '../../local/interpreter/load-machine.ts';
import { runMachine } from '../../local/interpreter/run-machine.ts';
import { FakeHost, named } from '../local/interpreter/fake-host.ts';

const all = drillSteps.map(stepName);
const machine = loadMachine(loadDefinition('drill'), Object.fromEntries(all.map((name) => [name, name])));
const run = { restore: '2026-11-23_02-00-00_3f9a1c2e' };
/** In their order; what is left over is removed first, and at the end once more. */
const inOrder = [
  'OpenDrill',
  'RemoveScratch',
  'ChooseSample',
  'CheckSample',
  'PlanDrill',
  'DrillConfiguration',
  'DrillObjects',
  'DrillReferences',
  'DrillComments',
  'DrillConstraints',
  'VerifyDrill',
  'RemoveScratch',
  'ReportDrill',
];
const cursorSteps = inOrder.slice(1, -1);
const writers = ['DrillConfiguration', 'DrillObjects', 'DrillReferences', 'DrillComments', 'DrillConstraints'];

type Functions = Record<string, (payload: { readonly [name: string]: JsonValue }) => JsonValue>;

async function drill(functions: Functions = {}, calls: (step: string) => number = () => 1) {
  const steps: Functions = {
    OpenDrill: () => ({ run }),
    ReportDrill: () => ({ outcome: 'passed', message: 'Passed.' }),
    AbandonDrill: ({ error = '', cause = '' }) => ({ error, cause }),
    ...Object.fromEntries(
      cursorSteps.map((step) => [
        step,
        ({ from }: { readonly [name: string]: JsonValue }) => {
          const next = Number(from) + 1;
          return { next: next >= calls(step) ? null : next };
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
  const options = { input: {}, name: 'drill', executionId: 'arn:drill', startTime: new Date('2026-11-24T08:00:00Z') };
  const execution = await runMachine(machine, options, host);
  return {
    execution,
    called: host.invocations.map(({ functionName }) => functionName),
    payloads: host.invocations.map(({ payload }) => payload),
  };
}

function failing(step: string, error: Error): Functions {
  return {
    [step]: () => {
      throw error;
    },
  };
}

describe('a drill', () => {
  it('goes through every step but the last, and its report is the output', async () => {
    const { execution, called, payloads } = await drill();
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'passed', message: 'Passed.' } });
    expect(called).toEqual(inOrder);
    expect(payloads[0]).toEqual({
      executionId: 'arn:drill',
      startedAt: '2026-11-24T08:00:00.000Z',
      input: {},
      redrives: 0,
    });
    expect(payloads.slice(1, -1)).toEqual(cursorSteps.map(() => ({ run, from: 0, redrives: 0 })));
    expect(payloads.at(-1)).toEqual({ run, redrives: 0 });
  });

  it.each([...new Set(cursorSteps)])('calls %s again from its cursor, and the step after it from 0', async (step) => {
    const { called, payloads } = await drill({}, (name) => (name === step ? 3 : 1));
    const first = called.indexOf(step);
    expect(called.slice(first, first + 3)).toEqual([step, step, step]);
    expect(payloads.slice(first, first + 3)).toEqual([0, 1, 2].map((from) => ({ run, from, redrives: 0 })));
    expect(called[first + 3]).toBe(inOrder[inOrder.indexOf(step) + 1]);
  });

  it('fails where differences were found, after the scratch schemas are gone and the report has released the site', async () => {
    const { execution, called } = await drill({
      ReportDrill: () => ({ outcome: 'differences-found', message: '3 differences.' }),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'DifferencesFoundError', cause: '3 differences.' });
    expect(called.slice(-2)).toEqual(['RemoveScratch', 'ReportDrill']);
  });

  it('has nothing to abandon where it could not be opened', async () => {
    const { execution, called } = await drill(failing('OpenDrill', named('NoSuchBackupError')));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'NoSuchBackupError', cause: 'it failed' });
    expect(called).toEqual(['OpenDrill']);
  });

  it.each([...new Set(inOrder.slice(1))])('is abandoned with the error of %s', async (step) => {
    const { execution, called, payloads } = await drill(failing(step, named('LockLostError', 'lost')));
    expect(called.slice(-2)).toEqual([step, 'AbandonDrill']);
    expect(payloads.at(-1)).toEqual({ run, error: 'LockLostError', cause: expect.stringContaining('lost') });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'LockLostError' });
  });

  it.each(writers)('never sends %s again where it may have written', async (step) => {
    const { called } = await drill(failing(step, named('Lambda.ServiceException')));
    expect(called.filter((name) => name === step)).toHaveLength(1);
    expect(called.at(-1)).toBe('AbandonDrill');
  });

  it('fails with the first error where it cannot even be abandoned', async () => {
    const { execution } = await drill({
      ...failing('DrillObjects', named('TooManyRefusalsError', 'refused')),
      ...failing('AbandonDrill', named('StorageError', 'full')),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'TooManyRefusalsError' });
  });
});
