import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readableObject } from '../../../core/backup-format/object-values.ts';
import type { Json } from '../../../core/model/json.ts';

/** Names that mean something to JavaScript, that it puts before others, and that two attributes have. */
const names = fc.array(fc.constantFrom('__proto__', 'constructor', 'toString', 'Name', '10', '9', ''), {
  maxLength: 8,
});

it('makes a field of each attribute, whatever its name is', () => {
  fc.assert(
    fc.property(names, (given) => {
      const attributes = new Map(given.map((name, index) => [String(index), { name, kind: { type: 0 } }]));
      const object = {
        id: '1',
        attributes: given.map((_, index) => ({
          objectTypeAttributeId: String(index),
          objectAttributeValues: Array.from({ length: index % 3 }, () => ({ value: `value ${index}` })),
        })),
      };
      const told = JSON.parse(JSON.stringify(readableObject(object, attributes))) as Record<string, Json>;
      const expected = given.map((name, index): [string, Json] => {
        const value = `value ${index}`;
        const field = given.indexOf(name) < index ? `${name} (${index})` : name;
        return [field, [null, value, [value, value]][index % 3] as Json];
      });
      expect(new Map(Object.entries(told))).toEqual(new Map(expected));
    }),
  );
});
