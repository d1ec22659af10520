import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { functionFiles, withAll } from './rights.ts';
import { resourcesOf, synthesiseStack } from './synthesise.ts';

const queries = resourcesOf(synthesiseStack(withAll), 'AWS::Logs::QueryDefinition').map(
  ([, { Properties }]) => Properties,
);
const reporter = readFileSync(resolve(import.meta.dirname, '../../core/ports/reporter.ts'), 'utf8');
const events = [...reporter.matchAll(/^ {2}\| '([a-z-]+\.[a-z-]+)'/gm)].map(([, name]) => name);

it('saved queries ask for events that exist, and never for the words of a message', () => {
  expect(events.length).toBeGreaterThan(10);
  expect(queries.length).toBeGreaterThan(5);
  for (const { Name, QueryString } of queries) {
    const asked = [...QueryString.matchAll(/"([a-z-]+\.[a-z-]+)"/g)].map(([, name]) => name);
    expect(asked.length, Name).toBeGreaterThan(0);
    for (const name of asked) expect(events, Name).toContain(name);
    expect(QueryString, Name).not.toMatch(/like|=~/);
  }
});

it('saved queries stand in a folder of the stack, and ask the logs of all functions', () => {
  for (const { Name, LogGroupNames } of queries) {
    expect(Name).toMatch(/^Site\/[A-Z]/);
    expect(LogGroupNames).toHaveLength(functionFiles.length);
  }
});

it('the runbook names only queries that are saved', () => {
  const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const named = [...runbook.matchAll(/[Ss]aved query \*([^*]+)\*/g)].map(([, title]) => `Site/${title}`);
  expect(named.length).toBeGreaterThan(3);
  for (const title of named) expect(queries.map(({ Name }) => Name)).toContain(title);
});
