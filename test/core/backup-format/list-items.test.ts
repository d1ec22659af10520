import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listItems } from '../../../core/backup-format/list-items.ts';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return 'not JSON';
  }
};

const itemsIn = (text: string): unknown => {
  try {
    return [...listItems(text)];
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return 'not JSON';
  }
};

const line = fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom('', ',', '1,2', '{"a":', '1}', ']', '[', '"a', 'a"'));

describe('the items of a list', () => {
  it('are those of JSON.parse, an item a line and laid out otherwise, whatever stands there', () => {
    const end = fc.constantFrom(',\n', ',\n', ',\n', '\n', ',', '\n,\n', ',\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end), { maxLength: 4 }), fc.constantFrom('[\n', '['), (lines, head) => {
        for (const foot of ['\n]\n', '\n]', ']\n']) {
          const last = lines.at(-1)?.[0] ?? '';
          const text = `${head}${lines
            .slice(0, -1)
            .map((pair) => pair.join(''))
            .join('')}${last}${foot}`;
          expect(itemsIn(text), text).toEqual(parsed(text));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are parsed one by one where each has a line of its own', () => {
    const items = listItems('[\n{"id":1},\n{"id":2},\nno JSON\n]\n');
    expect(items.next().value).toEqual({ id: 1 });
    expect(items.next().value).toEqual({ id: 2 });
    expect(() => items.next()).toThrow(SyntaxError);
  });
});
