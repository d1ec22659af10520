import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordDigest } from '../../../core/backup-format/record-digest.ts';
import { objectDigest, valuesAsListed } from '../../../core/comparison/object-values.ts';
import { parseLosslessJson } from '../../../core/lossless-json.ts';
import type { ApiRecord, Json, JsonRecord } from '../../../core/model/json.ts';
import { recordsOf } from '../../../core/model/json.ts';
import { readValue } from '../../../core/reading/value.ts';
import { plainlyRead, plainRecordDigest, plainValuesDigest } from './value-oracle.ts';

const scalar = fc.oneof(
  fc.constantFrom<Json>(
    '',
    ' ',
    'LAP-7',
    'FAC-1-22',
    '17',
    'me@x.org',
    'two words',
    '2026-11-30',
    'True',
    '1.50',
    '\ud800',
    'é',
  ),
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    7,
    -0,
    parseLosslessJson('1.0'),
    parseLosslessJson('12345678901234567890'),
  ),
  fc.constantFrom<Json>([], ['x'], {}, { id: '1' }),
);
const names = [
  'id',
  'globalId',
  'objectKey',
  'label',
  'name',
  'displayName',
  'key',
  'accountId',
  'emailAddress',
  'groupId',
  'title',
];
const nested = fc.oneof({ weight: 3, arbitrary: sparse(names) }, { weight: 1, arbitrary: scalar });
const things = ['referencedObject', 'user', 'group', 'status', 'project', 'version', 'confluencePage'];

const value: fc.Arbitrary<JsonRecord> = fc
  .tuple(
    sparse(['value', 'searchValue', 'displayValue', 'accountId', 'referencedType']),
    fc.option(fc.tuple(fc.constantFrom(...things), nested), { nil: undefined }),
  )
  .map(([of, thing]) => (thing ? { ...of, [thing[0]]: thing[1] } : of));
const kind = fc.record({ type: fc.integer({ min: 0, max: 9 }) }).chain(({ type }) =>
  type === 0
    ? fc.oneof(
        fc.constant({ type }),
        fc.integer({ min: 0, max: 11 }).map((defaultTypeId) => ({ type, defaultTypeId })),
      )
    : fc.constant({ type }),
);

const attribute = fc.record({
  objectTypeAttributeId: fc.constantFrom<Json>('1', '2', 3, '4', null),
  objectAttributeValues: fc.oneof(
    fc.array(fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: scalar })),
    scalar,
  ),
});
const object = fc
  .tuple(sparse(['objectKey', 'label', 'updated', 'timestamp', 'objectType']), fc.array(attribute))
  .map(([fields, attributes]) => ({ ...fields, id: '88', attributes }) as ApiRecord);
const attributes = fc
  .array(fc.record({ kind: fc.option(kind, { nil: undefined }), isSystem: fc.boolean() }), { maxLength: 4 })
  .map((all) => new Map(all.map((says, index) => [String(index + 1), says])));

/** Records in which any of the fields may be missing. */
function sparse(fields: readonly string[]): fc.Arbitrary<JsonRecord> {
  return fc.record(Object.fromEntries(fields.map((name) => [name, scalar])), {
    requiredKeys: [],
  }) as fc.Arbitrary<JsonRecord>;
}

it('reads of any value what the plain reading does', () => {
  fc.assert(
    fc.property(value, kind, (of, as) => {
      expect(readValue(of, as)).toEqual(plainlyRead(of, as));
    }),
    { numRuns: 3_000 },
  );
});

it('gives the digests of format 2, whatever an object is', () => {
  fc.assert(
    fc.property(object, attributes, (of, says) => {
      expect(recordDigest(of, says)).toBe(plainRecordDigest(of, says));
      expect(objectDigest(valuesAsListed(of, says))).toBe(plainValuesDigest(of, says));
    }),
    { numRuns: 1_000 },
  );
});

it('takes of a list what are records, and changes none', () => {
  const mixed: Json = [{ id: 1 }, 'x', parseLosslessJson('1.0'), null, [], { id: 2 }];
  expect(recordsOf(mixed)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(mixed).toHaveLength(6);
  expect(recordsOf('x')).toEqual([]);
});
