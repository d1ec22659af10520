import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrayFile } from '../../../core/backup-format/record-files.ts';
import { recordLines } from '../../../core/backup-format/record-lines.ts';
import type { ApiRecord } from '../../../core/model/json.ts';

const records = fc.array(
  fc
    .record({
      before: fc.dictionary(
        fc.string().filter((key) => key !== 'id'),
        fc.jsonValue(),
      ),
      id: fc.oneof(fc.string(), fc.nat()),
      after: fc.dictionary(
        fc.string().filter((key) => key !== 'id'),
        fc.jsonValue(),
      ),
    })
    .map(({ before, id, after }) => JSON.parse(JSON.stringify({ ...before, id, ...after })) as ApiRecord),
);

async function read(bytes: Uint8Array, pieceBytes = 1_000) {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const lines = (await Array.fromAsync(recordLines(pieces()))).flat();
  return lines.map(({ id, parse }) => [id, parse()]);
}

it('gives each record of a file with its id, whatever stands before it and in whatever pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.boolean(), fc.integer({ min: 1, max: 200 }), async (all, isLaidOut, pieceBytes) => {
      const file = isLaidOut
        ? new TextEncoder().encode(JSON.stringify(all, null, 2))
        : arrayFile(all.map((record) => JSON.stringify(record)));
      // A part of another array of bytes, as stores may give it.
      const inside = new Uint8Array(file.length + 9);
      inside.set(file, 4);
      const expected = all.map((record) => [String(record.id), record]);
      expect(await read(inside.subarray(4, 4 + file.length), pieceBytes)).toEqual(expected);
    }),
  );
});

it('takes the id of the record, and of nothing inside of it', async () => {
  const record = {
    objectType: { id: '1', name: '}"id":"2"' },
    'an "id"': 3,
    list: [{ id: 4 }, '\\'],
    id: '5',
    label: 'é',
  };
  expect(await read(arrayFile([JSON.stringify(record)]))).toEqual([['5', record]]);
  expect(await read(arrayFile([]))).toEqual([]);
});
