import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { allOf, checked, saying, strictFields } from '../../validation/checked.ts';

const schema = strictFields({
  name: saying('must be filled text', v.pipe(v.string(), v.nonEmpty())),
  from: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  list: v.optional(v.array(v.object({ id: v.string() })), []),
});

const token = `ATATT3xFfGF0${'abcdEFGH'.repeat(4)}`;

function wrongIn(value: unknown): string {
  try {
    checked(schema, value, (problems) => new RangeError(allOf(problems)));
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('a value that is checked', () => {
  it('comes with its defaults', () => {
    expect(checked(schema, { name: 'A' }, () => new RangeError())).toEqual({ name: 'A', from: 0, list: [] });
  });

  it.each([
    ['secret', 'it must be a JSON object'],
    [{}, 'name is missing'],
    [{ name: '' }, 'name must be filled text'],
    [{ name: 'A', from: 'secret' }, 'from must be number'],
    [{ name: 'A', from: -1 }, 'from must be >=0'],
    [{ name: 'A', [token]: 'secret' }, '<44 characters, not shown> is not known; there are name, from, list'],
    [{ name: 'A', aB3dE5fG7hI9jK1lM3nO5pQ7: 1 }, '<24 characters, not shown> is not known; there are name, from, list'],
    [
      { name: 'A', numberOfConcurrentRequests: 1 },
      'numberOfConcurrentRequests is not known; there are name, from, list',
    ],
    [{ name: 'A', nam: 'secret' }, 'nam is not known; there are name, from, list'],
    [
      { name: 5, list: ['secret', { id: 5 }, {}] },
      'name must be filled text; list.0 must be a JSON object; list.1.id must be string; list.2.id is missing',
    ],
  ])('and is wrong (%j) is never shown', (value, sentence) => {
    expect(wrongIn(value)).toBe(sentence);
  });
});
