import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedBackupError } from '../../../core/errors.ts';
import { isRecord, type Json } from '../../../core/model/json.ts';
import { skimRecords, type Wanted } from '../../../core/reading/skim-records.ts';

const wanted = { id: true, a: true, nested: { id: true, list: { a: true, é: true } } } as const satisfies Wanted;

/** The same by what JSON.parse gives. */
function picked(value: Json, of: Wanted): Json {
  if (of === true) return value;
  const item = (one: Json) => (isRecord(one) ? fieldsOf(one, of) : one);
  return Array.isArray(value) ? (value as Json[]).map(item) : item(value);
}

function fieldsOf(record: { readonly [field: string]: Json }, of: Exclude<Wanted, true>): Json {
  const fields = Object.entries(record).flatMap(([name, value]) => {
    const more = Object.hasOwn(of, name) ? of[name] : undefined;
    return more === undefined ? [] : [[name, picked(value, more)] as const];
  });
  return Object.fromEntries(fields);
}

const skimmed = (text: string, of: Wanted = wanted) => {
  const lines = new TextDecoder().decode(skimRecords(new TextEncoder().encode(text), of)).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Json);
};

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('id', 'a', 'nested', 'list', 'é', 'b', 'ids') },
  fc
    .string({ unit: 'binary', maxLength: 4 })
    .filter((text) => text !== '__proto__' && JSON.stringify(text) === `"${text}"`),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'large' },
    fc.constantFrom(null, true, false, 0, -1.5, 1e300, '', '"', '\\', '\\"', '[{', '}],\n', 'a\r\nb'),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed()),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 5 }),
  ),
}));

describe('records that are skimmed', () => {
  it('are what JSON.parse gives of the fields that are wanted, however the file is laid out', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 5 }), fc.constantFrom('', ' ', '\t', '\n', '\r\n '), (records, space) => {
        const text = JSON.stringify(records, null, space);
        expect(skimmed(text)).toEqual(picked(records, wanted));
        expect(skimmed(text, true)).toEqual(records);
      }),
      { numRuns: 500 },
    );
  });

  it('keep numbers as they are spelt, also behind a byte order mark', () => {
    const text = '\uFEFF[\n{"id": 12345678901234567890, "a":1.0},\n{"a":-0}\n]\n';
    const bytes = skimRecords(new TextEncoder().encode(text), wanted);
    expect(new TextDecoder().decode(bytes)).toBe('{"id":12345678901234567890,"a":1.0}\n{"a":-0}\n');
  });

  it('lose no field whose name is spelt with escapes, nor one that stands there twice', () => {
    const [first] = skimmed(String.raw`[{"id":"1","\u0069d":"2","\u0062":{"b":3},"nested":{"\u006cist":[{"c":1}]}}]`);
    expect(first).toMatchObject({ id: '2', nested: { list: [{ c: 1 }] } });
  });

  it('are as good of any depth', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(skimmed(`[{"b":${deep},"id":1}]`)).toEqual([{ id: 1 }]);
    expect(skimRecords(new TextEncoder().encode(`[{"a":${deep}}]`), wanted)).toHaveLength(deep.length + 7);
    expect(skimRecords(new TextEncoder().encode(`[{"nested":${deep}}]`), wanted)).toHaveLength(deep.length + 12);
  });

  it('are refused where the file ends before the list does, or holds none', () => {
    const whole = '[{"id":"1","b":{"c":["x\\"y"]},"nested":{"list":[{"a":2}]}}]';
    for (let length = 0; length < whole.length; length += 1) {
      const cut = new TextEncoder().encode(whole.slice(0, length));
      expect(() => skimRecords(cut, wanted), whole.slice(0, length)).toThrow(DamagedBackupError);
    }
    expect(() => skimRecords(new TextEncoder().encode('{"id":"1"}'), wanted)).toThrow(DamagedBackupError);
  });
});
