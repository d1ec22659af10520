import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDefinition, putInRetries, standardRetries, tokenValues } from '../../functions/load-definition.ts';
import { type MachineName, machineSteps } from '../../functions/step-list.ts';

const machines = Object.keys(machineSteps) as MachineName[];
const files = machines.map((machine) =>
  readFileSync(new URL(`../../functions/${machine}/${machine}.asl.json`, import.meta.url), 'utf8'),
);

describe('standard retries', () => {
  it.each(Object.keys(standardRetries))('"%s" is used', (name) => {
    expect(files.join('')).toContain(`"Retry": "${name}"`);
  });

  it('stand in the place of their names, indented like what is around them', () => {
    const text = '{\n  "A": {\n    "Retry": "if never started",\n    "End": true\n  }\n}\n';

    const expected = { A: { Retry: standardRetries['if never started'], End: true } };
    expect(putInRetries(text)).toBe(`${JSON.stringify(expected, null, 2)}\n`);
  });

  it('can stand anywhere in a line', () => {
    const state = { Type: 'Task', Retry: 'if broken off', End: true };

    expect(JSON.parse(putInRetries(JSON.stringify(state)))).toEqual({
      ...state,
      Retry: standardRetries['if broken off'],
    });
  });

  it.each(['if broken', '', 'constructor'])('are refused by a name that there is not: "%s"', (name) => {
    expect(() => putInRetries(`{ "Retry": "${name}" }`)).toThrow(
      `"Retry": "${name}" names no standard retry; there are "if broken off" and "if never started".`,
    );
  });
});

describe.each(machines)('the %s definition', (machine) => {
  it('is its file but for the retries', () => {
    const [file = ''] = files.slice(machines.indexOf(machine));
    const withoutRetries = (text: string) =>
      JSON.stringify(JSON.parse(text, (key, value) => (key === 'Retry' ? 'some' : value)));

    expect(withoutRetries(loadDefinition(machine))).toBe(withoutRetries(file));
  });

  it('has every retry in full', () => {
    expect(loadDefinition(machine)).not.toMatch(/"Retry": "/);
  });
});

it('a work bucket is a token only of the machine that reads batches', () => {
  const tokensOf = (machine: MachineName) =>
    Object.keys(
      tokenValues(machine, loadDefinition(machine), { functionOf: (file) => `arn:${file}`, workBucket: 'work' }),
    );

  expect(tokensOf('backup')).toContain('WorkBucket');
  expect(tokensOf('restore')).not.toContain('WorkBucket');
});
