import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordDigest } from '../../../core/backup-format/record-digest.ts';
import type { ApiRecord, JsonRecord } from '../../../core/model/json.ts';
import { defaultKind, kind } from '../../../core/reading/attribute-kinds.ts';

const attributes = new Map([
  ['1', { kind: { type: 0, defaultTypeId: defaultKind.text } }],
  ['2', { kind: { type: kind.reference } }],
  ['3', { kind: { type: kind.user } }],
  ['4', { kind: { type: kind.status } }],
]);

const text = (value: string) => ({ value, displayValue: value });
const reference = (id: string, label: string) => ({
  displayValue: label,
  referencedObject: { id, label, objectKey: `FAC-${id}`, avatar: { url16: `https://a.example/${label}` } },
});
const user = (key: string, name: string) => ({
  displayValue: name,
  user: { key, displayName: name, avatarUrl: `https://a.example/${name}` },
});

const values = {
  1: [text('one'), text('two')],
  2: [reference('90', 'Berlin'), reference('91', 'Rome')],
  3: [user('u1', 'Ann')],
  4: [{ status: { id: '7', name: 'Running' } }],
};

function record(of: Record<string, readonly JsonRecord[]> = values, more: JsonRecord = {}): ApiRecord {
  return {
    id: '88',
    label: 'Laptop 1',
    objectKey: 'FAC-88',
    objectType: { id: '23', name: 'Laptop' },
    created: '2026-01-01T00:00:00.000Z',
    updated: '2026-11-01T00:00:00.000Z',
    timestamp: 1_700_000_000_000,
    attributes: Object.entries(of).map(([id, list]) => ({ objectTypeAttributeId: id, objectAttributeValues: list })),
    ...more,
  };
}
const digest = (of?: ApiRecord) => recordDigest(of ?? record(), attributes);

describe('the digest of an object', () => {
  it('is 32 hex digits, and the same whatever the order of attributes and values', () => {
    expect(digest()).toMatch(/^[0-9a-f]{32}$/);
    const shuffled = <T>(list: readonly T[]) =>
      fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
    fc.assert(
      fc.property(shuffled(Object.keys(values)), shuffled(values[1]), shuffled(values[2]), (ids, ones, twos) => {
        const mixed: Record<string, readonly JsonRecord[]> = { ...values, 1: ones, 2: twos };
        const list = ids.map((id) => ({ objectTypeAttributeId: id, objectAttributeValues: mixed[id] ?? [] }));
        expect(digest({ ...record(), attributes: list })).toBe(digest());
      }),
    );
  });

  it.each([
    ['a referenced object is renamed', { ...values, 2: [reference('90', 'Bern'), reference('91', 'Rome')] }],
    ['a person gets another name and picture', { ...values, 3: [user('u1', 'Anna')] }],
    ['a status is renamed', { ...values, 4: [{ status: { id: '7', name: 'In use' } }] }],
    ['an attribute without values is listed', { ...values, 5: [] }],
  ])('stays where %s', (_, of) => {
    expect(digest(record(of))).toBe(digest());
  });

  it.each([
    ['a value', record({ ...values, 1: [text('one'), text('three')] })],
    ['a value that stands there twice', record({ ...values, 1: [text('one'), text('two'), text('two')] })],
    ['a value that is gone', record({ ...values, 1: [text('one')] })],
    ['where a reference leads to', record({ ...values, 2: [reference('92', 'Berlin'), reference('91', 'Rome')] })],
    ['a person', record({ ...values, 3: [user('u2', 'Ann')] })],
    ['what is shown, where nothing else is', record({ ...values, 3: [{ displayValue: 'Ann' }] })],
    ['a status', record({ ...values, 4: [{ status: { id: '8', name: 'Running' } }] })],
    ['the attribute of a value', record({ ...values, 1: [text('one')], 5: [text('two')] })],
    ['an attribute that nobody has told of', record({ ...values, 5: [text('x')] })],
    ['the label', record(values, { label: 'Laptop 2' })],
    ['the key', record(values, { objectKey: 'FAC-89' })],
    ['the type', record(values, { objectType: { id: '24', name: 'Laptop' } })],
    ['when it was updated', record(values, { updated: '2026-11-01T00:00:00.001Z' })],
    ['its timestamp', record(values, { timestamp: 1_700_000_000_001 })],
  ])('is another one with %s', (_, changed) => {
    expect(digest(changed)).not.toBe(digest());
  });

  it('tells names apart where a site shows nothing but them, and takes an empty text for none', () => {
    const shown = (name: string) => digest(record({ 3: [{ displayValue: name }] }));
    expect(shown('Ann')).not.toBe(shown('Bob'));
    expect(digest(record({ 1: [{ value: '' }] }))).toBe(digest(record({})));
  });

  it('is the same for an id that is spelt as a number', () => {
    expect(digest({ ...record(), id: 88 })).toBe(digest());
  });
});
