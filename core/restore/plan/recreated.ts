import { labelDigest } from '../../comparison/object-values.ts';
import { counted } from '../../counted.ts';
import { textOf } from '../../model/json.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { shellWord } from '../../shell-word.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { Correspondence } from './correspondence.ts';
import type { NoticedObject, TargetReading } from './target-reading.ts';

interface RecreatedInput {
  readonly scan: StoredObjects;
  readonly correspondence: Correspondence;
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
  /** Numbers of objects that the input says are to be made, whatever looks like them. */
  readonly allTheSame: ReadonlySet<number>;
}

/** Of many objects that may be the one these are named. */
const named = 5;

/**
 * Objects of the target that somebody seems to have made by hand in the stead of some that were there and are gone: younger than
 * the backup, made by no restore, of the same object type, with the same unique value or label. A label is no identity, so a
 * person has to say whether it is the same.
 */
export class Recreated {
  /** Of the same label, by the number of the object that is gone. */
  readonly ofTheirLabels = new Map<number, readonly NoticedObject[]>();
  readonly #input: RecreatedInput;

  constructor(input: RecreatedInput) {
    this.#input = input;
  }

  isToBeMade(number: number): boolean {
    return this.#input.allTheSame.has(number);
  }

  /** Whether an object that is no counterpart of anything may have been made in the stead of this one. */
  isDouble(number: number, { id, created }: NoticedObject): boolean {
    const { correspondence, earlier } = this.#input;
    const isByHand = created !== undefined && !earlier.madeAs(id) && !earlier.ambiguousCandidates.has(id);
    // What was never there has not been made again: another schema may have had such objects all along.
    return isByHand && !this.isToBeMade(number) && correspondence.candidates(number).length > 0;
  }

  /** Reads the labels of those objects of the backup in whose types there are such objects. */
  async readLabels(source: BackupSource): Promise<void> {
    const { scan, correspondence, reading } = this.#input;
    const doubles = new Map<string, ReadonlyMap<string, NoticedObject[]>>();
    const numbersOf = Map.groupBy(scan.ids.keys(), (number) => scan.shardOf[number] ?? -1);
    for (const [shard, { file }] of scan.shards.entries()) {
      const typeId = correspondence.typeOf(numbersOf.get(shard)?.[0] ?? -1) ?? '';
      const young = reading.youngOf(typeId);
      if (young.length === 0) continue;
      const byLabel = doubles.get(typeId) ?? Map.groupBy(young, ({ label = '' }) => label);
      doubles.set(typeId, byLabel);
      for (const object of await source.objects(file)) {
        const number = scan.numberOf.get(String(object.id)) ?? -1;
        const label = textOf(object.label)?.trim();
        if (!label || scan.shardOf[number] !== shard) continue;
        const there = byLabel.get(labelDigest(label))?.filter((one) => this.isDouble(number, one)) ?? [];
        if (there.length > 0) this.ofTheirLabels.set(number, there);
      }
    }
  }

  conflict(number: number, doubles: readonly NoticedObject[], by: 'label' | 'unique value') {
    const old = this.#input.scan.keys[number] ?? '';
    const [first, ...others] = doubles;
    const shown = doubles.slice(0, named).map(({ key, created = 0 }) => `${key} (on ${dayOf(created)})`);
    const more = doubles.length > named ? `, and ${doubles.length - named} more` : '';
    const made =
      others.length > 0
        ? `${counted(doubles.length, 'object')} of the same ${by} were made after the backup, ${shown.join(', ')}${more}`
        : `${first?.key} of the same ${by} was made after the backup, on ${dayOf(first?.created ?? 0)}`;
    return {
      action: 'conflict' as const,
      reason: `${old} would be made, and ${made}: say --same ${shellWord(`${old}=${first?.key}`)}, or --same ${shellWord(`${old}=none`)}`,
      precondition: `objects ${doubles.map(({ id }) => id).join(', ')}`,
    };
  }
}

const dayOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);
