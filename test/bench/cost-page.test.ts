import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { costTables } from '../../bench/cost/cost-page.ts';

it("docs/cost-and-limits.md has the formula's tables: `npm run bench -- --only cost` prints them", () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/cost-and-limits.md'), 'utf8');
  const [, tables] = /<!-- From here[^\n]*-->\n\n(.*)\n\n<!-- Up to here/s.exec(page) ?? [];
  expect(tables).toBe(costTables());
});
