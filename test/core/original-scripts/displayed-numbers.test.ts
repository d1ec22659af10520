import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDisplayedNumber } from '../../../core/original-scripts/displayed-numbers.ts';

const numberIn = (text: string, kind: 'integer' | 'double') => {
  const read = readDisplayedNumber(text, kind);
  return typeof read === 'object' ? read.number : read;
};

describe('a displayed number', () => {
  it.each([
    ['7', '7'],
    ['-7', '-7'],
    ['1,234', '1234'],
    ['1.234.567', '1234567'],
    ['1 234', '1234'],
    ['1\u202f234', '1234'],
    ['1,23', 'unreadable'],
    ['1.5', 'unreadable'],
    ['many', 'unreadable'],
  ])('%s, an integer, is %s', (text, number) => {
    expect(numberIn(text, 'integer')).toBe(number);
  });

  it.each([
    ['7.25', '7.25'],
    ['7,25', '7.25'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234,567', '1234567'],
    ['1e21', '1e21'],
    ['1,234', 'ambiguous'],
    ['1.2.3', 'unreadable'],
    ['', 'unreadable'],
  ])('%s, with a fraction, is %s', (text, number) => {
    expect(numberIn(text, 'double')).toBe(number);
  });

  it('is read back as it was, grouped in the way of English and of German', () => {
    const property = fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (number) => {
      for (const language of ['en-US', 'de-DE']) {
        const text = new Intl.NumberFormat(language).format(number);
        expect(numberIn(text, 'integer')).toBe(String(number));
      }
    });
    fc.assert(property);
  });
});
