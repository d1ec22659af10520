import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import * as errors from '../../core/errors.ts';
import { loadDefinition, tokenValues } from '../../functions/load-definition.ts';
import type { Step } from '../../functions/runtime/step.ts';
import { type MachineName, machineSteps, operations, stepName } from '../../functions/step-list.ts';
import { loadMachine } from '../../local/interpreter/load-machine.ts';

interface State {
  readonly Type: string;
  readonly Arguments?: { readonly FunctionName?: string };
  readonly Label?: string;
  readonly ItemProcessor?: { readonly States: Record<string, State> };
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Error?: string;
  readonly Cause?: string;
}

function statesOf(states: Record<string, State>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor.States) : []),
  ]);
}

/** Names that Step Functions, its Lambda integration and Lambda itself give to errors, as AWS's documentation lists them. */
const ofAws = new Set([
  'States.ALL',
  'States.Timeout',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ResourceNotReadyException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
]);

const machineNames = Object.keys(machineSteps) as MachineName[];

describe.each(machineNames)('the %s machine', (machine) => {
  const folder = resolve(import.meta.dirname, `../../functions/${machine}`);
  const definition = loadDefinition(machine);
  const steps = machineSteps[machine];
  const names = steps.map(stepName);
  const tokens = tokenValues(machine, definition, { functionOf: stepName, workBucket: 'work' });
  const states = statesOf((JSON.parse(definition) as { States: Record<string, State> }).States);

  it('is a valid definition for AWS, and loads in the interpreter', () => {
    expect(validator(JSON.parse(definition)).errorsText()).toBe('');
    expect(loadMachine(definition, tokens).functionNames).toEqual([...names].sort());
  });

  it('has a step file for every name in the list, and no other', async () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    expect(files.sort()).toEqual(steps.map((file) => `${file}.ts`).sort());
    for (const file of steps) {
      const { step } = (await import(`../../functions/${machine}/${file}.ts`)) as { step: Step };
      expect(step.name).toBe(stepName(file));
    }
  });

  it('reaches from every state the function of its own name', () => {
    for (const [name, { Type, Arguments }] of states) {
      if (Type !== 'Task') continue;
      const words = name.split(':')[0] ?? '';
      const step = words
        .split(' ')
        .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
        .join('');
      expect(Arguments?.FunctionName, name).toBe(`\${${step}}`);
    }
  });

  it('labels its maps with different words, by which their runs are told apart', () => {
    const maps = states.filter(([, { Type }]) => Type === 'Map').map(([, { Label }]) => Label);
    for (const label of maps) expect(label).toMatch(/^[A-Za-z]{1,40}$/);
    expect(new Set(maps).size).toBe(maps.length);
  });

  it('tells in each of its failures the name of an error and a sentence', () => {
    const failures = states.filter(([, { Type }]) => Type === 'Fail');
    expect(failures.length).toBeGreaterThan(1);
    for (const [, { Error: error, Cause }] of failures) {
      expect(error).toMatch(/^(\w+Error|\{% \$states\.input\.error %\})$/);
      expect(Cause).toMatch(/^\{% \$states\.input\.(cause|message) %\}$/);
    }
  });

  it('tries every function again that was never started: too many at once, or asleep in a network of the account', () => {
    for (const [name, { Type, Retry = [] }] of states) {
      if (Type !== 'Task') continue;
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(retried, name).toContain('Lambda.TooManyRequestsException');
      expect(retried, name).toContain('Lambda.ResourceNotReadyException');
    }
  });

  it('matches and reports only errors that exist', () => {
    const ours = Object.keys(errors);
    for (const [name, { Retry = [], Catch = [], Error: ownError }] of states) {
      const own = ownError === undefined || ownError.startsWith('{%') ? [] : [ownError];
      for (const error of [...[...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals), ...own]) {
        expect(ofAws.has(error) || ours.includes(error), `${name}: ${error}`).toBe(true);
      }
    }
  });
});

describe('operations', () => {
  it('have a file for every name in the list, and no other', async () => {
    const folder = resolve(import.meta.dirname, '../../functions/operations');
    expect(readdirSync(folder).sort()).toEqual(operations.map((file) => `${file}.ts`).sort());
    for (const file of operations) {
      const { step } = (await import(`../../functions/operations/${file}.ts`)) as { step: Step };
      expect(step.name).toBe(stepName(file));
    }
  });
});

describe('step names', () => {
  it('are those of one machine only, because functions and logs are named by them', () => {
    const all = [...machineNames.flatMap((machine) => [...machineSteps[machine]]), ...operations];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('error names', () => {
  it('are literal and equal to their classes, because state machines match them', () => {
    for (const [exported, value] of Object.entries(errors)) {
      if (typeof value !== 'function' || !exported.endsWith('Error') || exported === 'AssetsBackupError') continue;
      expect(new (value as new (message: string) => Error)('x').name).toBe(exported);
    }
  });
});
