import { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { objectDigest } from '../../comparison/object-values.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';
import { prepareObject, type Resolved } from '../values/prepare-object.ts';
import type { Correspondence } from './correspondence.ts';
import type { PlanContexts } from './plan-contexts.ts';

/** A reference, seen through what is believed to be which: what is not there will not stand in a value either. */
export const believedReference =
  (correspondence: Correspondence) =>
  (id: string): Resolved => {
    const believed = correspondence.believed(id);
    return believed === undefined ? { lost: '' } : { value: believed };
  };

/** Every object of the backup that the target may have, as the target would have it. */
export async function expectObjects(
  source: BackupSource,
  {
    scan,
    correspondence,
    contexts,
    advance,
  }: {
    readonly scan: StoredObjects;
    readonly correspondence: Correspondence;
    readonly contexts: PlanContexts;
    readonly advance: (objects: number) => void;
  },
): Promise<ExpectedObjects> {
  const numbers = [...scan.ids.keys()];
  const capacity = numbers.reduce((sum, number) => sum + correspondence.candidates(number).length, 0);
  const expected = new ExpectedObjects(capacity);
  if (capacity === 0) return expected;
  const reference = believedReference(correspondence);
  const [made, itself] = [contexts.values(reference, false), contexts.values(reference, true)];
  for (const [shard, { file }] of scan.shards.entries()) {
    for (const object of await source.objects(file)) {
      const number = scan.numberOf.get(String(object.id)) ?? -1;
      if (scan.shardOf[number] !== shard) continue;
      for (const { id, isItself } of correspondence.candidates(number)) {
        const { values } = prepareObject(object, isItself ? itself : made);
        const digest = objectDigest(comparableToSend(values, contexts.targetAttribute, contexts.attribute));
        expected.expect(number, id, digest);
      }
    }
    advance(file.records);
  }
  return expected;
}
