import { describe, expect, it } from 'vitest';
import { drillOf, scratchDescription } from '../../../core/drill/scratch-mark.ts';
import { scratchSchemas } from '../../../core/drill/scratch-schemas.ts';

const drill = '2026-11-30_02-00-00_1a2b3c4d';
const schemas = [
  { id: '1', key: 'ITSM' },
  { id: '2', key: 'FAC' },
];

describe('a scratch schema', () => {
  it('has a short key of letters and digits, and a name that says what it is', () => {
    const made = scratchSchemas(drill, schemas, []);
    for (const { newObjectSchemaKey, newObjectSchemaName, oldObjectSchemaKey } of made) {
      expect(newObjectSchemaKey).toMatch(/^[A-Z][A-Z0-9]{1,9}$/);
      expect(newObjectSchemaName).toBe(`Drill ${newObjectSchemaKey} of ${oldObjectSchemaKey}`);
    }
    expect(new Set(made.map(({ newObjectSchemaKey }) => newObjectSchemaKey)).size).toBe(2);
    expect(scratchSchemas(drill, schemas, [])).toEqual(made);
  });

  it('takes no key that the site has', () => {
    const [first] = scratchSchemas(drill, schemas, []);
    const there = [{ objectSchemaKey: first?.newObjectSchemaKey ?? '' }];
    const keys = scratchSchemas(drill, schemas, there).map(({ newObjectSchemaKey }) => newObjectSchemaKey);
    expect(keys).not.toContain(first?.newObjectSchemaKey);
  });

  it('is known by its description, which nothing else is', () => {
    expect(drillOf({ description: scratchDescription({ drill, key: 'ITSM', backup: '2026-11-30_01-00-00' }) })).toBe(
      drill,
    );
    for (const description of ['', 'assets-backup drill', 'About assets-backup drill 2026-11-30_02-00-00_1a2b3c4d: no'])
      expect(drillOf({ description })).toBeUndefined();
    expect(drillOf({})).toBeUndefined();
  });
});
