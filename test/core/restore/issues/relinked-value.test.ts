import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ObjectsToday, relinkedValue } from '../../../../core/restore/issues/relinked-value.ts';

/** Objects that are there under their old ids, those that were made anew (`7` → `70`), and those that were made and are gone again. */
function objects({ alive = [], made = {}, earlier = {} }: Partial<World>): ObjectsToday {
  return {
    isAlive: (id) => alive.includes(id) || Object.values(made).includes(id),
    counterpart: (id) => (alive.includes(id) ? undefined : made[id]),
    standIns: (id) => [...(earlier[id] ?? []), ...(made[id] === undefined ? [] : [made[id]])],
  };
}

interface World {
  readonly alive: readonly string[];
  readonly made: Readonly<Record<string, string>>;
  readonly earlier: Readonly<Record<string, readonly string[]>>;
}

describe('what a field of an issue is to hold again', () => {
  const made = { 1: '10', 2: '20', 3: '30' };

  it.each<[string, string[], string[], Partial<World>, string[] | string]>([
    ['a site that drops what is deleted', ['1'], [], { made }, ['10']],
    ['a site that keeps it', ['1'], ['1'], { made }, ['10']],
    ['what is linked already', ['1'], ['10'], { made }, 'already'],
    ['what nothing was made for', ['1'], [], {}, 'untouched'],
    ['what still is there', ['1'], ['1'], { alive: ['1'], made }, 'untouched'],
    ['what somebody has added', ['1'], ['1', '9'], { made, alive: ['9'] }, 'somebody'],
    ['what somebody has taken out', ['1', '9'], ['1'], { made, alive: ['9'] }, 'somebody'],
    ['the old one’s place', ['8', '1', '9'], ['8', '1', '9'], { made, alive: ['8', '9'] }, ['8', '10', '9']],
    ['after the nearest before it', ['8', '1', '9'], ['8', '9'], { made, alive: ['8', '9'] }, ['8', '10', '9']],
    ['first, where nothing before it is there', ['1', '9'], ['9'], { made, alive: ['9'] }, ['10', '9']],
    ['today’s order', ['8', '1', '9'], ['9', '8'], { made, alive: ['8', '9'] }, ['9', '8', '10']],
    ['several in their order', ['1', '2', '3'], [], { made }, ['10', '20', '30']],
    ['some linked already', ['1', '2', '3'], ['20'], { made }, ['10', '20', '30']],
    ['what is gone for good and kept', ['1', '4'], ['1', '4'], { made }, ['10', '4']],
    ['what is gone for good and dropped', ['1', '4'], [], { made }, ['10']],
    ['what an earlier restore had made and is gone', ['1'], ['11'], { made, earlier: { 1: ['11'] } }, ['10']],
    ['two that are one by now', ['1', '2'], ['1', '2'], { made: { 1: '10', 2: '10' } }, ['10']],
  ])('%s', (_, before, today, world, expected) => {
    const { what, ...more } = { after: undefined, ...relinkedValue(before, today, objects(world)) };
    expect(typeof expected === 'string' ? what : more.after).toEqual(expected);
  });

  it('names what the field still has and nobody made anew', () => {
    expect(relinkedValue(['1', '4'], ['1', '4'], objects({ made }))).toEqual({
      ...{ what: 'write', after: ['10', '4'], gone: ['4'] },
    });
  });
});

/** An object of the backup, what has become of it, and what the field has of it today. */
const fates = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: 1, max: 9 }),
    is: fc.constantFrom<'alive' | 'made' | 'gone'>('alive', 'made', 'gone'),
    has: fc.constantFrom<'nothing' | 'itself' | 'counterpart'>('nothing', 'itself', 'counterpart'),
  }),
  { selector: ({ number }) => number, minLength: 1, maxLength: 5 },
);

const worldOf = (list: readonly { number: number; is: string }[]): World => ({
  alive: list.flatMap(({ number, is }) => (is === 'alive' ? [`${number}`] : [])),
  made: Object.fromEntries(list.flatMap(({ number, is }) => (is === 'made' ? [[`${number}`, `${number}0`]] : []))),
  earlier: {},
});

/** All that a site may show of a field that nobody has touched: of each object what it may have of it. */
function untouchedValues(list: readonly { number: number; is: string }[]): string[] {
  const ways = list.map(({ number, is }) =>
    is === 'alive' ? [[`${number}`]] : [[], [`${number}`], ...(is === 'made' ? [[`${number}0`]] : [])],
  );
  return ways
    .reduce<string[][]>((all, way) => all.flatMap((sofar) => way.map((ids) => [...sofar, ...ids])), [[]])
    .map((ids) => ids.toSorted().join(' '));
}

describe('any field', () => {
  const anyField = fates.chain((list) =>
    fc.record({
      list: fc.constant(list),
      before: fc.constant(list.map(({ number }) => `${number}`)),
      today: fc.oneof(
        fc.shuffledSubarray(
          list.flatMap(({ number, is, has }) =>
            is === 'alive' || has === 'itself'
              ? [`${number}`]
              : has === 'counterpart' && is === 'made'
                ? [`${number}0`]
                : [],
          ),
          { minLength: 0 },
        ),
        fc.shuffledSubarray(['1', '2', '3', '10', '20', '30', '77'], { maxLength: 4 }),
      ),
    }),
  );

  it('is ours to mend exactly where it is the backup’s but for what is gone', () => {
    fc.assert(
      fc.property(anyField, ({ list, before, today }) => {
        const { what } = relinkedValue(before, today, objects(worldOf(list)));
        if (list.every(({ is }) => is !== 'made')) expect(what).toBe('untouched');
        else expect(what !== 'somebody').toBe(untouchedValues(list).includes(today.toSorted().join(' ')));
      }),
    );
  });

  it('has every object that was made, once, and all else in today’s order; and is then left alone', () => {
    fc.assert(
      fc.property(anyField, ({ list, before, today }) => {
        const world = worldOf(list);
        const value = relinkedValue(before, today, objects(world));
        fc.pre(value.what === 'write');
        if (value.what !== 'write') return;
        const counterparts = Object.values(world.made);
        expect(value.after.filter((id) => counterparts.includes(id)).toSorted()).toEqual(counterparts.toSorted());
        const isKept = (id: string) => !counterparts.includes(id) && world.made[id] === undefined;
        expect(value.after.filter(isKept)).toEqual(today.filter(isKept));
        expect(relinkedValue(before, value.after, objects(world)).what).toBe('already');
        expect(value.gone).toEqual(value.after.filter((id) => !world.alive.includes(id) && !counterparts.includes(id)));
      }),
    );
  });

  it('stands in the backup’s order where it did before', () => {
    fc.assert(
      fc.property(fates, fc.boolean(), (list, drops) => {
        const world = worldOf(list);
        const before = list.map(({ number }) => `${number}`);
        const today = before.filter((id) => world.alive.includes(id) || !drops);
        const value = relinkedValue(before, today, objects(world));
        fc.pre(value.what === 'write');
        const wanted = before.flatMap((id) => world.made[id] ?? (world.alive.includes(id) || !drops ? [id] : []));
        expect(value).toMatchObject({ after: wanted });
      }),
    );
  });
});
