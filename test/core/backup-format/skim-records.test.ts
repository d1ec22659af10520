import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skimmerOf, type Wanted } from '../../../core/backup-format/skim-records.ts';
import { isRecord, type Json } from '../../../core/model/json.ts';

const wanted = { id: true, a: true, nested: { id: true, list: { a: true, é: true } } } as const;

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

const skim = skimmerOf(wanted).ofList;
const linesOf = (text: string) => new TextDecoder().decode(skim(new TextEncoder().encode(text)));
const skimmed = (text: string) => {
  const lines = linesOf(text);
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as Json);
};

const orError = (read: () => unknown) => {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return 'not JSON';
    throw error;
  }
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
    fc.constantFrom(null, true, false, 0, -1.5, 1e300, '', '"', '\\', '\\"', '[{', '}],\n', 'a\r\nb', '\ud83d'),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed()),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 5 }),
  ),
}));
const list = fc.array(json, { maxLength: 5 });
const layout = fc.constantFrom('', ' ', '\t', '\n', '\r\n ');

describe('records that are skimmed', () => {
  it('are what JSON.parse gives of the fields that are wanted, however the file is laid out', () => {
    fc.assert(
      fc.property(list, layout, (records, space) => {
        expect(skimmed(JSON.stringify(records, null, space))).toEqual(picked(records, wanted));
      }),
      { numRuns: 500 },
    );
  });

  it('are refused where JSON.parse refuses the file: of one that is changed anywhere too', () => {
    const change = fc.constantFrom(
      '',
      ...'{}[],:"\\ \n\t\u0001\u007f\u00a00-.eE+1aunx/é',
      'true',
      'nul',
      '1.',
      '01',
      '\\u12',
      '{}',
    );
    fc.assert(
      fc.property(list, layout, change, fc.nat(), fc.nat(2), (records, space, put, where, taken) => {
        const whole = JSON.stringify(records, null, space);
        // The brackets at both ends are not taken: what is no list at all is another matter.
        const at = 1 + (where % Math.max(1, whole.length - 1));
        const text = whole.slice(0, at) + put + whole.slice(at + taken);
        const parsed = orError(() => JSON.parse(text));
        if (parsed === 'not JSON')
          expect(
            orError(() => skimmed(text)),
            text,
          ).toBe('not JSON');
        else expect(skimmed(text).length, text).toBe((parsed as Json[]).length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of one file stay as they are when another is read', () => {
    fc.assert(
      fc.property(list, list, (one, other) => {
        const bytes = skim(new TextEncoder().encode(JSON.stringify(one)));
        const before = new TextDecoder().decode(bytes);
        linesOf(JSON.stringify([...other, { id: 'x'.repeat(200_000) }]));
        expect(new TextDecoder().decode(bytes)).toBe(before);
        expect(linesOf(JSON.stringify(one))).toBe(before);
      }),
      { numRuns: 20 },
    );
  });

  it('are skimmed again as if it were the first time', () => {
    const ids = skimmerOf({ id: true });
    fc.assert(
      fc.property(list, layout, (records, space) => {
        const bytes = new TextEncoder().encode(JSON.stringify(records, null, space));
        expect(ids.ofLines(skim(bytes))).toEqual(ids.ofList(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('may be numbers of any spelling that JSON has, and no others', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0019-+.eE'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(digits, fc.constantFrom('a', 'b'), (number, field) => {
        const text = `[{"${field}":${number}}]`;
        const parsed = orError(() => JSON.parse(text));
        const expected = parsed === 'not JSON' ? parsed : picked(parsed as Json, wanted);
        expect(
          orError(() => skimmed(text)),
          text,
        ).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('keep numbers as they are spelt, also behind a byte order mark', () => {
    const text = '\uFEFF[\n{"id": 12345678901234567890, "a":1.0},\n{"a":-0}\n]\n';
    expect(linesOf(text)).toBe('{"id": 12345678901234567890,"a":1.0}\n{"a":-0}');
  });

  it('lose no field whose name is spelt with escapes, nor one that stands there twice', () => {
    const [first] = skimmed(String.raw`[{"id":"1","\u0069d":"2","\u0062":{"b":3},"nested":{"\u006cist":[{"c":1}]}}]`);
    expect(first).toMatchObject({ id: '2', nested: { list: [{ c: 1 }] } });
  });

  it('are as good of any depth', () => {
    const deep = `${'[{"c":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    expect(skimmed(`[{"b":${deep},"id":1}]`)).toEqual([{ id: 1 }]);
    expect(skimmed(`[{"nested":${deep}}]`)).toEqual([{ nested: [{}] }]);
    const lists = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const field of ['a', 'nested'])
      expect(linesOf(`[{"${field}":${lists}}]`)).toHaveLength(100_000 + field.length + 5);
  });

  it('are refused where the file ends before the list does, or holds none', () => {
    const whole = '[{"id":"1","b":{"c":["x\\"y\\u00e9"]},"nested":{"list":[{"a":2}]}}]';
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => linesOf(whole.slice(0, length)), whole.slice(0, length)).toThrow(SyntaxError);
    }
    for (const text of ['{"id":"1"}', 'null', '"[]"', '']) expect(() => linesOf(text), text).toThrow(SyntaxError);
  });
});
