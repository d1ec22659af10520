import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  activityLine,
  objectOfLine,
  recordsOfFile,
  recordsOfLine,
  withoutComma,
} from '../../../core/backup-format/activity-records.ts';
import { arrayFile } from '../../../core/backup-format/record-files.ts';

/** A record as it was spelt, which no reader of JSON would write again: `1.0`, and more digits than a number has. */
const record = fc.oneof(
  fc.jsonValue().map((value) => JSON.stringify({ value })),
  fc.constantFrom('{"count":1.0}', '{"id":12345678901234567890}', '{"text":"a,b]}\\"[{\\\\"}', '[]', '{}'),
);

it('makes of the file of one object the line of it, and the other way round, to the letter', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(record), fc.constantFrom('history', 'comments'), (id, records, kind) => {
      const line = activityLine(kind, id, records);
      expect(JSON.parse(line)).toMatchObject({ object: id });
      expect(objectOfLine(line)).toBe(id);
      expect(recordsOfLine(line)).toEqual(records);
      expect(recordsOfFile(new TextDecoder().decode(arrayFile(records)))).toEqual(records);
      expect(withoutComma(`${line},`)).toBe(line);
    }),
  );
});

it('takes no other line for that of an object', () => {
  for (const line of ['[', ']', '', '{}', '{"object":88,"history":[]}', '{"history":[],"object":"88"}'])
    expect(objectOfLine(line)).toBeUndefined();
});
