import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '../../../adapters/atlassian/json-scan.ts';
import { receivedJson } from '../../../adapters/atlassian/received-items.ts';
import { parseLosslessJson } from '../../../core/lossless-json.ts';
import { removeMediaTokens } from '../../../core/media-tokens.ts';
import { isRecord } from '../../../core/model/json.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The whole, and of the items of `values` what came. */
function received(bytes: Uint8Array) {
  const { json, items } = receivedJson(bytes, scanJson(bytes, 1_000_000), 'values');
  const values = [...items];
  if (isRecord(json) && Array.isArray(json.values))
    json.values.splice(0, values.length, ...values.map(({ value }) => value));
  return { json, values };
}

/** What it says and what is stored of its lists, as if each record were parsed, freed of its tokens, and written anew. */
function writtenAnew(bytes: Uint8Array) {
  const json = parseLosslessJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  removeMediaTokens(json);
  const values = isRecord(json) && Object.hasOwn(json, 'values') && Array.isArray(json.values) ? json.values : [];
  return { json: JSON.stringify(json), stored: values.map((item) => JSON.stringify(item)) };
}

/** Of a copy: where a token is cut out, the bytes are others afterwards. */
function asReceived(bytes: Uint8Array) {
  const { json, values } = received(bytes.slice());
  const stored = values.map(({ value, own }) => (own ? new TextDecoder().decode(own) : JSON.stringify(value)));
  return { json: JSON.stringify(json), stored };
}

const orError = <T>(read: () => T) => {
  try {
    return read();
  } catch (error) {
    return error instanceof TypeError ? 'no UTF-8' : 'no JSON';
  }
};

const names = [
  '"a"',
  '"b"',
  '"id"',
  '"mediaJwtToken"',
  '"mediaJwtTokens"',
  '"\\u006dediaJwtToken"',
  '"1"',
  '"01"',
  '"é"',
];
const oddNames = ['"__proto__"', '"constructor"', '"a\\nb"', '"\\u0061"', '""', '"values"', '"4294967295"'];
const texts = [
  '"x"',
  '""',
  '"é\u2028"',
  '"}],{"',
  '"\\"}"',
  '"\\\\"',
  '"\\/"',
  '"\\u0041"',
  '"\\u001f"',
  '"\\u001F"',
  '"\\ud800"',
  '"\\t"',
];
const others = [
  'null',
  'true',
  '7',
  '-0',
  '0',
  '-12',
  '1E5',
  '-0.0',
  '999999999999999',
  '-1234567890123456',
  '1.0',
  '1e400',
  '12345678901234567890',
  '0.1',
  '[]',
  '{}',
  '"eyJ.a-b_c"',
];

/** JSON in any spelling; `space` says what may stand between. */
function spelt(space: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const scalar = fc.constantFrom(...texts, ...others);
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom(...oddNames) },
  );
  const around = (text: fc.Arbitrary<string>) => fc.tuple(space, text, space).map((parts) => parts.join(''));
  const { value } = fc.letrec<{ value: string; list: string; record: string }>((tie) => ({
    value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('list'), tie('record')),
    list: fc.array(around(tie('value')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    record: fc
      .array(fc.tuple(around(name), around(tie('value'))), { maxLength: 4 })
      .map((fields) => `{${fields.map((field) => field.join(':')).join(',')}}`),
  }));
  const page = fc
    .array(fc.tuple(around(fc.constantFrom('"values"', '"objectTypeAttributes"', ...names)), fc.array(around(value))), {
      minLength: 1,
      maxLength: 3,
    })
    .map((lists) => `{${lists.map(([list, items]) => `${list}:[${items.join(',')}]`).join(',')}}`);
  return around(fc.oneof({ weight: 4, arbitrary: page }, { weight: 1, arbitrary: value }));
}
const compact = spelt(fc.constant(''));
const spaced = spelt(fc.constantFrom('', '', '', ' ', '\n\t', '\r'));

describe('what was received of a list', () => {
  it('is what would be written anew, to the last byte, however it is spelt', () => {
    fc.assert(
      fc.property(fc.oneof(compact, spaced), (text) => {
        expect(asReceived(bytesOf(text))).toEqual(writtenAnew(bytesOf(text)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is refused just where the whole is no JSON, or no UTF-8', () => {
    const damage = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...bytesOf('{}[]",:\\ 0e\0')), fc.nat(255)));
    fc.assert(
      fc.property(compact, damage, fc.boolean(), (text, [place, byte], isCut) => {
        const bytes = bytesOf(text);
        const damaged = isCut ? bytes.slice(0, place % bytes.length) : bytes.with(place % bytes.length, byte);
        const [now, then] = [orError(() => asReceived(damaged)), orError(() => writtenAnew(damaged))];
        if (typeof then === 'string') expect(now).toBeTypeOf('string');
        else expect(now).toEqual(then);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is refused where what stands at a token is no JSON, although what is left without it would be', () => {
    const part = fc.constantFrom(
      '"mediaJwtToken":"e.y-J"',
      '"mediaJwtToken":"e"',
      '"b":1',
      '"x"',
      ',',
      ',',
      ':',
      '7',
      '[]',
      '{}',
    );
    const item = fc.tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom('{}', '[]', '{"a":[]}', '{"a":{}}'));
    fc.assert(
      fc.property(item, ([parts, around]) => {
        const inner = around.search(/(?<=[[{])[\]}]/);
        const bytes = bytesOf(`{"values":[${around.slice(0, inner)}${parts.join('')}${around.slice(inner)}]}`);
        expect(orError(() => asReceived(bytes))).toEqual(orError(() => writtenAnew(bytes)));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '{"mediaJwtToken":"e.y-J""b":1}',
    '{"mediaJwtToken":"e.y-J",}',
    '{,"mediaJwtToken":"e.y-J"}',
    '{"a":{"mediaJwtToken":"e.y-J",}}',
    '["mediaJwtToken":"e.y-J",1]',
    '[1,"mediaJwtToken":"e.y-J"]',
    '{"a":[1,"mediaJwtToken":"e.y-J","b"]}',
  ])('is refused where an item is %s', (item) => {
    expect(() => received(bytesOf(`{"values":[${item}]}`))).toThrow(SyntaxError);
  });

  it.each([
    ['a control character', 0x1f],
    ['a byte that is no UTF-8', 0xff],
  ])('is refused where a token holds %s, which goes with it', (_case, byte) => {
    const bytes = bytesOf('{"values":[{"a":1,"mediaJwtToken":"e.?-J"}]}');
    bytes[bytes.indexOf(0x3f)] = byte;
    expect(() => received(bytes)).toThrow(byte > 0x7f ? TypeError : SyntaxError);
  });

  it.each([
    ['plain', '{"id":"1","n":[1,1.0,"é\\n"]}', '{"id":"1","n":[1,1.0,"é\\n"]}'],
    ['with a token before', '{"mediaJwtToken":"e.y-J","a":1}', '{"a":1}'],
    ['with a token behind', '{"a":{"b":1,"mediaJwtToken":"e.y-J"}}', '{"a":{"b":1}}'],
    ['with a token alone', '{"a":{"mediaJwtToken":"e.y-J"}}', '{"a":{}}'],
    ['with a token between', '{"a":1,"mediaJwtToken":"e.y-J","b":[{"mediaJwtToken":""}]}', '{"a":1,"b":[{}]}'],
  ])('is kept as it came where it is %s', (_case, item, stored) => {
    const bytes = bytesOf(`{"values":[${item}]}`);
    const { json, values } = received(bytes);
    const kept = values[0]?.own;
    expect(new TextDecoder().decode(kept)).toBe(stored);
    expect(kept?.buffer).toBe(bytes.buffer);
    expect(JSON.stringify(json)).toBe(`{"values":[${stored}]}`);
  });

  it.each([
    ['a space', '{"a": 1}'],
    ['another escape', '{"a":"\\/"}'],
    ['a name twice', '{"a":1,"a":2}'],
    ['names that are numbers', '{"b":1,"1":2}'],
    ['two tokens behind each other', '{"a":1,"mediaJwtToken":"e.y-J","mediaJwtToken":"e.y-J"}'],
    ['a token that is no text', '{"mediaJwtToken":{"a":1}}'],
    ['a token that is spelt otherwise', '{"\\u006dediaJwtToken":"e.y-J"}'],
  ])('is written anew where it has %s', (_case, item) => {
    expect(received(bytesOf(`{"values":[${item}]}`)).values[0]?.own).toBeUndefined();
  });

  it.each(['0', '-7', '123456789012345'])('%s is a number that needs no care', (number) => {
    expect(scanJson(bytesOf(`{"a":${number}}`), 10).hasPlainNumbers).toBe(true);
  });

  it.each(['-0', '1.0', '1e5', '1E5', '1234567890123456', '-0.1'])(
    '%s may be another number to JavaScript',
    (number) => {
      const { items, hasPlainNumbers } = scanJson(bytesOf(`{"values":[{"a":"1.5"},{"a":[${number}]}]}`), 10);
      expect(hasPlainNumbers).toBe(false);
      expect(items.map((item) => item.hasPlainNumbers)).toEqual([true, false]);
    },
  );

  it('has no token left that is spelt in any way', () => {
    const secret = 'e.y-J';
    const token = fc
      .constantFrom('mediaJwtToken', '\\u006dediaJwtToken', 'mediaJwtToke\\u006e')
      .map((name) => `"${name}":"${secret}"`);
    const fields = fc.array(fc.oneof(token, fc.constantFrom('"a":1', '"b":[{}]', '"c": 2')), { maxLength: 5 });
    const record = fields.map((all) => `{${all.join(',')}}`);
    fc.assert(
      fc.property(fc.array(record), record, (items, other) => {
        const result = asReceived(bytesOf(`{"values":[${items.join(',')}],"other":${other}}`));
        expect(JSON.stringify(result)).not.toContain(secret);
      }),
    );
  });
});
