import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from '../../../../core/comparison/spellings.ts';
import { kind } from '../../../../core/reading/attribute-kinds.ts';
import { isReplaced, judgeObject, type Verdict, type Witness } from '../../../../core/restore/values/judge-object.ts';
import type { PreparedAttribute, PreparedValue, Resolved } from '../../../../core/restore/values/prepare-object.ts';

type Maker = 'own' | 'survivor';
/** How restores have left the attribute: not to its end yet, as it stands today, or otherwise than it stands today. */
type Left = 'open' | 'left' | 'none';
type Today = 'equal' | 'subset' | 'surplus';

/** Of references: whether those that today's value lacks lead to objects that no restore has given to it yet. */
type Given = 'not given' | 'given';

const table: readonly (readonly [
  Maker,
  Left,
  Today,
  verdict: Verdict | undefined,
  ofReferences: Verdict | undefined,
])[] = [
  ['own', 'open', 'equal', undefined, undefined],
  ['own', 'open', 'subset', 'write', 'write'],
  ['own', 'open', 'surplus', 'wrong', 'wrong'],
  ['own', 'left', 'equal', undefined, undefined],
  ['own', 'left', 'subset', 'write', 'write'],
  ['own', 'left', 'surplus', 'wrong', 'wrong'],
  ['own', 'none', 'equal', undefined, undefined],
  ['own', 'none', 'subset', 'theirs', 'write'],
  ['own', 'none', 'surplus', 'theirs', 'theirs'],
  ['survivor', 'open', 'equal', undefined, undefined],
  ['survivor', 'open', 'subset', 'theirs', 'write'],
  ['survivor', 'open', 'surplus', 'theirs', 'theirs'],
  ['survivor', 'left', 'equal', undefined, undefined],
  ['survivor', 'left', 'subset', 'theirs', 'write'],
  ['survivor', 'left', 'surplus', 'theirs', 'theirs'],
  ['survivor', 'none', 'equal', undefined, undefined],
  ['survivor', 'none', 'subset', 'theirs', 'write'],
  ['survivor', 'none', 'surplus', 'theirs', 'theirs'],
];

const witnessOf = (maker: Maker, left: Left, given: Given, isNew = false): Witness => ({
  isOwn: maker === 'own',
  isOpen: () => left === 'open',
  isOurs: () => left !== 'none',
  isWrong: () => left !== 'none',
  isNotGiven: () => given === 'not given',
  isNewAttribute: () => isNew,
});

const preparedAs = (on: Resolved): PreparedValue => ({ on, names: [] });
const attributeOf = (type: number, values: readonly PreparedValue[]): PreparedAttribute => ({
  source: '1',
  attribute: { name: 'Owner', kind: { type, ...(type === 0 && { defaultTypeId: 0 }) } },
  values,
});
const judge = (attribute: PreparedAttribute, right: readonly string[], witness: Witness) => {
  const [judgement, ...others] = judgeObject({ attributes: [attribute] }, new Map([['10', right]]), {
    targetAttribute: () => '10',
    witness,
  });
  expect(others).toEqual([]);
  return judgement;
};

const texts = fc.array(fc.constantFrom('1', '2', '3', '4'), { minLength: 1, maxLength: 6 });
const shuffled = (values: readonly string[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

/** Values of the backup, and what stands there today. */
const standing = (today: Today) =>
  texts.chain((values) => {
    if (today === 'equal') return fc.record({ values: fc.constant(values), right: shuffled(values) });
    if (today === 'surplus') {
      return fc.record({ values: fc.constant(values), right: shuffled([...values, '9']).map((all) => all.slice()) });
    }
    const fewer = fc.shuffledSubarray(values, { maxLength: values.length - 1 });
    return fc.record({ values: fc.constant(values), right: fewer });
  });

describe('what is to be said of an attribute of an object that is on the target', () => {
  it.each(table)(
    '%s, %s, today %s: %s; of references not given yet: %s',
    (maker, left, today, verdict, ofReferences) => {
      fc.assert(
        fc.property(standing(today), ({ values, right }) => {
          const prepared = values.map((value) => preparedAs({ value }));
          const given = judge(attributeOf(kind.reference, prepared), right, witnessOf(maker, left, 'given'));
          const notGiven = judge(attributeOf(kind.reference, prepared), right, witnessOf(maker, left, 'not given'));
          const plain = judge(attributeOf(0, prepared), right, witnessOf(maker, left, 'not given'));
          expect([plain?.verdict, given?.verdict, notGiven?.verdict]).toEqual([verdict, verdict, ofReferences]);
          if (today === 'subset') expect(plain?.missing).toHaveLength(values.length - right.length);
          expect(plain?.lost ?? []).toEqual([]);
        }),
      );
    },
  );

  it('a value without a counterpart is lost, whatever stands beside it', () => {
    const kinds = fc.constantFrom(0, kind.reference);
    const makers = fc.tuple(fc.constantFrom<Maker>('own', 'survivor'), fc.constantFrom<Left>('open', 'left', 'none'));
    const lost = fc.array(fc.constantFrom('no such user', 'not in this restore'), { minLength: 1, maxLength: 3 });
    const todays = fc.constantFrom<Today>('equal', 'subset', 'surplus').chain(standing);
    fc.assert(
      fc.property(kinds, makers, lost, todays, (type, [maker, left], reasons, { values, right }) => {
        const prepared = [
          ...values.map((value) => preparedAs({ value })),
          ...reasons.map((reason) => preparedAs({ lost: reason })),
        ];
        const judgement = judge(attributeOf(type, prepared), right, witnessOf(maker, left, 'given'));
        expect(judgement?.lost.map(({ reason }) => reason)).toEqual(reasons);
        const isTheirs = judgement?.verdict === 'theirs' && right.length >= prepared.length;
        expect(judgement && isReplaced(judgement)).toBe(isTheirs);
      }),
    );
  });

  it('an attribute that was made anew is left empty on a survivor, and says so', () => {
    const attribute = attributeOf(0, [preparedAs({ value: 'a' })]);
    expect(judge(attribute, [], witnessOf('survivor', 'none', 'given', true))?.verdict).toBe('new');
    expect(judge(attribute, ['b'], witnessOf('survivor', 'none', 'given', true))?.verdict).toBe('theirs');
    expect(judge(attribute, [], witnessOf('own', 'open', 'given', true))?.verdict).toBe('write');
  });

  it('compares spellings, not texts', () => {
    const of = { name: 'Since', kind: { type: 0, defaultTypeId: 4 } };
    const attribute: PreparedAttribute = { source: '1', attribute: of, values: [preparedAs({ value: '16/Feb/21' })] };
    const right = [comparable('2021-02-16T00:00:00.000Z', of.kind)];
    expect(judge(attribute, right, witnessOf('own', 'left', 'given'))).toBeUndefined();
  });
});
