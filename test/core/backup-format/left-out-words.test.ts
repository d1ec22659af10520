import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leftOutTogether } from '../../../core/backup-format/left-out.ts';
import { leftOutWords } from '../../../core/backup-format/left-out-words.ts';
import { typeOf } from '../backup/loss-alarm/lived-nights.ts';

const schema = (key: string, types: readonly (readonly [name: string, avatars: number | null, stored?: number])[]) => ({
  key,
  objectTypes: types.map(([name, avatars, stored = 5], at) => typeOf(`${key}${at}`, stored, { name, avatars })),
});

it('names ten types, those with most first, and counts the others', () => {
  const types = Array.from({ length: 12 }, (_, at) => [`T${at}`, at + 1] as const);
  expect(leftOutWords([schema('ONE', types)])).toBe(
    '78 avatars (T11 12, T10 11, T9 10, T8 9, T7 8, T6 7, T5 6, T4 5, T3 4, T2 3, 2 types more)',
  );
});

it('says of types with objects alone that the site does not tell', () => {
  expect(leftOutWords([schema('ONE', [['Empty', null, 0]])])).toBe('');
  expect(leftOutWords([schema('ONE', [['Full', null]])])).toBe(
    'avatars, of which the site has not said how many there are',
  );
  expect(
    leftOutWords([
      schema('ONE', [
        ['Full', null],
        ['Other', 1200],
      ]),
    ]),
  ).toBe('1,200 avatars (Other 1,200), other avatars, of which the site has not said how many there are');
});

it('counts together what all say, and nothing where one does not say it: a property', () => {
  const count = fc.option(fc.nat(1000), { nil: null });
  fc.assert(
    fc.property(fc.array(fc.record({ avatars: count, attachments: count })), (all) => {
      const together = leftOutTogether(all);
      for (const kind of ['avatars', 'attachments'] as const) {
        const counts = all.map((each) => each[kind]);
        expect(together[kind]).toBe(
          counts.includes(null) ? null : counts.reduce<number>((sum, each) => sum + (each ?? 0), 0),
        );
      }
    }),
  );
});
