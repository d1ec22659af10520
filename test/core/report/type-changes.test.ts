import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gap } from '../../../core/model/outcome.ts';
import { changesByType, type TypeChanges } from '../../../core/report/type-changes.ts';
import { MemoryBackups } from '../../cli/pretend-product.ts';
import { type PlantedThing, type PlantedTypeId, plantObjects, schemaOf } from '../find/planted-objects.ts';

const paths: Readonly<Record<PlantedTypeId, string>> = { 11: 'Type 11', 12: 'Type 11/Type 12', 21: 'Type 21' };
const [first, second] = ['2026-11-01T02:00:00.000Z', '2026-11-02T02:00:00.000Z'];

const thing = (id: number, more: Partial<PlantedThing> = {}): PlantedThing => ({
  ...{ id, type: '11', colour: 'red', updated: '2026-01-01' },
  ...more,
});

async function changes(left: readonly PlantedThing[], right: readonly PlantedThing[], more: object = {}) {
  const backups = new MemoryBackups();
  const older = await plantObjects(backups, { startedAt: first, things: left, ...more });
  return {
    backups,
    older,
    of: async (newer: object = {}) =>
      changesByType(backups, older, await plantObjects(backups, { startedAt: second, things: right, ...newer })),
  };
}

const night = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 30 }),
      type: fc.constantFrom<PlantedTypeId>('11', '12', '21'),
      colour: fc.constantFrom('red', 'blue'),
      updated: fc.constantFrom('2026-01-01', '2026-01-02'),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  )
  .map((things): PlantedThing[] => things);

describe('what is other in the newer of two backups', () => {
  it('is told by type as it is, by the lists alone', async () => {
    await fc.assert(
      fc.asyncProperty(night, night, async (left, right) => {
        const told = await (await changes(left, right)).of();
        expect(told).toEqual({ ...expected(left, right), untold: [] });
      }),
    );
  });

  it('is no object of a schema that one of them says nothing of', async () => {
    const left = [thing(1), thing(2, { type: '21' })];
    const both = await changes(left, [thing(1, { colour: 'blue' })]);
    const notMade = await both.of({ of: ['ONE'] });
    expect(notMade.untold).toEqual(['TWO']);
    expect(notMade.counts).toEqual({ added: 0, removed: 0, changed: 1 });

    const gap: Gap = { kind: 'objects', what: 'objects of Type 21', error: 'E', reason: 'R', schemaKey: 'TWO' };
    const partial = await (await changes([thing(1)], left, { manifest: { gaps: [gap], status: 'partial' } })).of();
    expect(partial).toEqual({ types: [], counts: { added: 0, removed: 0, changed: 0 }, untold: ['TWO'] });
  });

  it('is not known of a backup that lists no objects', async () => {
    const { of } = await changes([thing(1)], [thing(1)], { hasLists: false });
    expect(await of()).toEqual({ types: [], counts: null, untold: [] });
  });

  it('reads no file of objects', async () => {
    const { backups, of } = await changes([thing(1)], [thing(2)]);
    for (const key of [...backups.files.keys()]) if (key.includes('/objectsmeta/')) backups.files.delete(key);
    expect((await of()).counts).toEqual({ added: 1, removed: 1, changed: 0 });
  });
});

function expected(left: readonly PlantedThing[], right: readonly PlantedThing[]) {
  const types = new Map<PlantedTypeId, { added: number; removed: number; changed: number }>();
  const count = (type: PlantedTypeId, change: 'added' | 'removed' | 'changed') => {
    const counts = types.get(type) ?? { added: 0, removed: 0, changed: 0 };
    counts[change] += 1;
    types.set(type, counts);
  };
  for (const one of right) {
    const was = left.find(({ id }) => id === one.id);
    if (!was) count(one.type, 'added');
    else if (was.colour !== one.colour || was.type !== one.type) count(one.type, 'changed');
  }
  for (const { id, type } of left) if (!right.some((one) => one.id === id)) count(type, 'removed');
  const list = [...types].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const byType = list.map(([type, counts]): TypeChanges => ({ schema: schemaOf(type), type: paths[type], ...counts }));
  const sum = (change: 'added' | 'removed' | 'changed') => byType.reduce((total, type) => total + type[change], 0);
  return { types: byType, counts: { added: sum('added'), removed: sum('removed'), changed: sum('changed') } };
}
