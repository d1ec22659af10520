import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { costTables } from '../../bench/cost/cost-page.ts';
import { standing } from '../../bench/cost/prices.ts';
import { resourcesOf, synthesiseStack } from '../infra/synthesise.ts';

it("docs/cost-and-limits.md has the formula's tables: `npm run bench -- --only cost` prints them", () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/cost-and-limits.md'), 'utf8');
  const [, tables] = /<!-- From here[^\n]*-->\n\n(.*)\n\n<!-- Up to here/s.exec(page) ?? [];
  expect(tables).toBe(costTables());
});

it('a stack keeps what the page says that it keeps', () => {
  const template = synthesiseStack();
  const count = (type: string) => resourcesOf(template, type).length;
  expect(Object.values(standing).map((row) => row.count)).toEqual([
    count('AWS::SecretsManager::Secret'),
    count('AWS::CloudWatch::Alarm'),
    // Recent backup or not, its hours, the token's days.
    3,
    count('AWS::KMS::Key'),
  ]);
  expect(count('AWS::CloudWatch::Dashboard')).toBe(1);
});
