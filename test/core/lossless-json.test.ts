import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpaqueNumber, parseLosslessJson } from '../../core/lossless-json.ts';
import { removeMediaTokens } from '../../core/media-tokens.ts';

const again = (text: string) => JSON.stringify(parseLosslessJson(text));

/** Any number that JSON allows, as it may be spelt. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,30}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,20}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
  )
  .map((parts) => parts.join(''));

/** JSON text as JSON.stringify would write it, but for its numbers, which are spelt anyhow. */
const jsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('true', 'false', 'null'),
    numberText,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      // Keys that look like an index would be put first by any JavaScript object.
      .uniqueArray(fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'constructor'), fc.string()), tie('value')), {
        selector: ([key]) => key,
        maxLength: 4,
      })
      .map((fields) => fields.filter(([key]) => !/^\d+$/.test(key)))
      .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
})).value;

describe('Lossless JSON', () => {
  it.each([
    '12345678901234567890',
    '1.0',
    '1e400',
    '-0',
    '-0.0',
    '0.10',
    '1E5',
    '[ 1 , -0 ]',
    '{"a":9007199254740993}',
    '1234567890123456',
    '{"__proto__":1.0,"constructor":{"prototype":-0}}',
    '["\\ud800",1.50]',
  ])('gives %s back as it was', (text) => {
    expect(again(text)).toBe(text.replaceAll(' ', ''));
  });

  it('gives any JSON back as it was', () => {
    fc.assert(
      fc.property(jsonText, (text) => again(text) === text),
      { numRuns: 2000 },
    );
  });

  it('gives what JSON.parse gives wherever that loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(parseLosslessJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('leaves ordinary numbers numbers, and makes others opaque', () => {
    expect(parseLosslessJson('[1,-5,1.5,1e21,0,123456789012345]')).toEqual(
      [1, -5, 1.5, '?', 0, 123456789012345].map((value, index) => (index === 3 ? expect.anything() : value)),
    );
    expect(isOpaqueNumber(parseLosslessJson('1.0'))).toBe(true);
    expect(isOpaqueNumber(parseLosslessJson('1'))).toBe(false);
    expect(isOpaqueNumber(parseLosslessJson('{"rawJSON":"1"}'))).toBe(false);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseLosslessJson('{"a":1.0,')).toThrow(SyntaxError);
    expect(() => parseLosslessJson('{"a":01}')).toThrow(SyntaxError);
  });
});

describe('Media tokens', () => {
  it('are removed wherever they stand, and nothing else is', () => {
    const value = parseLosslessJson(
      '{"mediaJwtToken":"a","list":[{"mediaJwtToken":{"b":1},"keep":1.0}],"text":"mediaJwtToken","__proto__":{"mediaJwtToken":"c","x":null}}',
    );

    removeMediaTokens(value);

    expect(JSON.stringify(value)).toBe('{"list":[{"keep":1.0}],"text":"mediaJwtToken","__proto__":{"x":null}}');
  });
});
