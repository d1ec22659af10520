import fc from 'fast-check';
import { expect, it } from 'vitest';
import { harmless, harmlessJson, harmlessLines } from '../../core/harmless.ts';

const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...'a\\u2"\u0000\n\r\t\u001b\u007f\u0085\u009b\u061c\u200f\u2028\u202e\u2066\u2069'))
    .map((all) => all.join('')),
);

it('shows what stood there', () => {
  expect(harmless('Up\u202eside \u001b[31m\u009b2J\nnext\u2028line')).toBe(
    'Up\\u202eside \\u001b[31m\\u009b2J\\u000anext\\u2028line',
  );
  expect(harmlessLines('one\ntwo\r')).toBe('one\ntwo\\u000d');
  expect(harmless('Größe, 大きさ, שם, 👩‍💻')).toBe('Größe, 大きさ, שם, 👩‍💻');
});

it('leaves nothing unsafe, and what is harmless as it is', async () => {
  await fc.assert(
    fc.property(texts, (text) => {
      expect(harmless(text)).not.toMatch(unsafe);
      expect(harmless(harmless(text))).toBe(harmless(text));
    }),
  );
});

it('gives JSON of the same data', async () => {
  await fc.assert(
    fc.property(fc.dictionary(texts, fc.array(texts)), fc.constantFrom(undefined, 1), (value, indent) => {
      const json = harmlessJson(value, indent);
      expect(JSON.parse(json)).toEqual(value);
      expect(json.replaceAll('\n', '')).not.toMatch(unsafe);
    }),
  );
});
