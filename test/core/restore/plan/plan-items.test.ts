import { describe, expect, it } from 'vitest';
import type { WorkStore } from '../../../../core/ports/work-store.ts';
import { PlanItems } from '../../../../core/restore/plan/plan-items.ts';
import { parseRestoreInput } from '../../../../functions/inputs/restore-input.ts';

const work = { write: async () => {} } as Partial<WorkStore> as WorkStore;

function hashOf(input: object): Promise<string> {
  const choices = parseRestoreInput({ folder: '2026-11-23_02-00-00', ...input });
  return new PlanItems(work, () => 'items', choices, 'd'.repeat(64)).close();
}

const some = {
  objectSchemas: [{ oldObjectSchemaKey: 'HR', newObjectSchemaKey: 'HR2' }],
  processHistory: false,
  include: { objectTypes: ['Laptop'], missing: false },
  users: 'users/0123456789abcdef.csv',
};

describe("a plan's hash", () => {
  it('is that of version 0.1.0, so that what it showed can still be approved', async () => {
    expect(await hashOf({})).toBe('a68cb2717ceaab633a415ecc0fbcf347dc6fddfa65670a38afcfb18f18dc210b');
    expect(await hashOf(some)).toBe('4708541f8d0095e6dad3db105968b8d76c9e5eff6ceec8e70d1e748db9db2ceb');
  });

  it('is another for each other choice, but not for whether it is carried out', async () => {
    const others = [
      some,
      { ...some, intoExisting: true },
      { ...some, include: {} },
      { ...some, processObjects: false },
      { ...some, whatIsWhole: true },
      { ...some, same: [{ old: 'A-1', is: 'A-2' }] },
      { ...some, sameFile: 'same/0123456789abcdef.csv' },
    ];
    expect(new Set(await Promise.all([{}, ...others].map(hashOf))).size).toBe(others.length + 1);
    expect(await hashOf({ ...some, dryRun: true })).toBe(await hashOf({ ...some, approve: 'a'.repeat(64) }));
  });
});
