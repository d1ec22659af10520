import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApiRecord, type Json, type JsonRecord, recordsOf } from '../../../core/model/json.ts';
import { kindOfValue } from '../../../core/reading/attribute-kinds.ts';
import { KeptFiles } from '../../../core/reading/kept-files.ts';
import { ObjectShards } from '../../../core/reading/object-shards.ts';
import { fieldsOfValue, readValue } from '../../../core/reading/value.ts';

const encoder = new TextEncoder();
const fileOf = (number: number) => ({ key: `${number}`, bytes: 0, sha256: `${number}`, records: 0 });

async function asRead(records: readonly Json[]): Promise<ApiRecord[]> {
  const shards = new ObjectShards(async () => encoder.encode(JSON.stringify(records)), new KeptFiles());
  return [...(await shards.objects(fileOf(0)))];
}

const text = fc.oneof(fc.constantFrom('', '7', 'ITSM-7', 'a@b.example', 'Ann Lee', '2024-01-15', 'ws:7'), fc.string());
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const nestedNames = Object.values(fieldsOfValue).flatMap((fields) => (fields === true ? [] : Object.keys(fields)));
const nested = fc.dictionary(fc.constantFrom(...nestedNames, 'avatar', 'objectType'), scalar);
const value = fc.dictionary(
  fc.constantFrom(...Object.keys(fieldsOfValue), '_links'),
  fc.oneof(scalar, nested, fc.array(nested)),
) as fc.Arbitrary<JsonRecord>;

describe('objects of a backup', () => {
  it('say the same of each value as their whole records, whatever its kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 6 }), async (objectAttributeValues) => {
        const [object] = await asRead([
          { id: '1', attributes: [{ objectTypeAttributeId: '5', objectAttributeValues }] },
        ]);
        const [attribute] = recordsOf(object?.attributes);
        const read = recordsOf(attribute?.objectAttributeValues);
        expect(read).toHaveLength(objectAttributeValues.length);
        for (const [index, whole] of objectAttributeValues.entries()) {
          const one = read[index] ?? {};
          expect(kindOfValue(one)).toBe(kindOfValue(whole));
          for (const type of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
            for (const defaultTypeId of type === 0 ? [0, 1, 2, 3, 4, 5, 6, 10] : [undefined]) {
              const kind = { type, ...(defaultTypeId !== undefined && { defaultTypeId }) };
              expect(readValue(one, kind)).toEqual(readValue(whole, kind));
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keep what tells an object without attributes from one that has none', async () => {
    const records = [{ id: '1', label: 'L', objectKey: 'A-1', objectType: { id: '2', name: 'T', icon: {} } }];
    const [bare, empty, odd] = await asRead([
      ...records,
      { id: 2, attributes: [] },
      { id: '3', attributes: 'no', x: 1 },
    ]);
    expect(bare).toEqual({ id: '1', label: 'L', objectKey: 'A-1', objectType: { id: '2', name: 'T' } });
    expect(empty).toEqual({ id: 2, attributes: [] });
    expect(odd).toEqual({ id: '3', attributes: 'no' });
  });

  it('are read once where there is room, and as often as they are asked for where there is none', async () => {
    const reads: string[] = [];
    // What is random cannot be packed: 1,000 bytes take 1,000.
    const record = { id: '1', label: randomBytes(1_000).toString('base64') };
    const bytes = encoder.encode(JSON.stringify([record]));
    const shards = new ObjectShards(async ({ key }) => {
      reads.push(key);
      return bytes.slice();
    }, new KeptFiles(3_500));
    for (let pass = 0; pass < 3; pass += 1) {
      for (const number of [0, 1, 2, 3, 4]) {
        for (const object of await shards.objects(fileOf(number))) expect(object.id).toBe('1');
      }
    }
    expect(reads).toEqual(['0', '1', '2', '3', '4', '3', '4', '3', '4']);
  });

  it('come in the order of their files, each read while the one before is worked on, and no further ahead', async () => {
    const reads: string[] = [];
    const shards = new ObjectShards(async ({ key }) => {
      reads.push(key);
      return encoder.encode(JSON.stringify([{ id: key }]));
    }, new KeptFiles(0));
    const seen: ApiRecord[] = [];
    for await (const objects of shards.objectsOfEach([3, 1, 2, 0].map(fileOf))) {
      seen.push(...objects);
      expect(reads).toEqual(['3', '1', '2', '0'].slice(0, seen.length + 1));
    }
    expect(seen.map(({ id }) => id)).toEqual(['3', '1', '2', '0']);
    expect(await Array.fromAsync(shards.objectsOfEach([]))).toEqual([]);
  });

  it('fail at the file that cannot be read, behind those before it, and disturb nobody who stops there', async () => {
    const shards = new ObjectShards(async ({ key }) => {
      if (key === '1') throw new Error('1 is damaged');
      return encoder.encode(JSON.stringify([{ id: key }]));
    }, new KeptFiles());
    const seen: ApiRecord[] = [];
    const all = async () => {
      for await (const objects of shards.objectsOfEach([0, 1, 2].map(fileOf))) seen.push(...objects);
    };
    await expect(all()).rejects.toThrow('1 is damaged');
    expect(seen).toEqual([{ id: '0' }]);
    for await (const objects of shards.objectsOfEach([0, 1].map(fileOf))) {
      expect([...objects]).toEqual([{ id: '0' }]);
      break;
    }
  });
});
