import type { StoredFile } from '../backup-format/manifest.ts';
import type { Loss } from '../model/restore.ts';
import type { WorkStore } from '../ports/work-store.ts';
import type { Shard } from '../reading/stored-objects.ts';
import { readJson } from '../work/json-file.ts';
import type { CommentState } from './id-map/earlier-restores.ts';
import { restoreKeys } from './restore-keys.ts';

/** Where a reference to an object leads that this restore does not bring back. */
export type OutsideTarget = { readonly id: string; readonly key: string } | { readonly lost: string };

/** What a plan leaves for the steps that carry it out. Batches are numbered from 0, in the order of the writes. */
export interface ObjectPlan {
  readonly shards: readonly Shard[];
  /** Numbers of the shards whose objects count, of objects that stand in several, by source id. */
  readonly twice: Readonly<Record<string, number>>;
  /** Batches of objects to create, then of objects whose second write an earlier restore has not come to. */
  readonly batches: number;
  readonly reusedParts: number;
  readonly commentBatches: number;
  readonly commentedObjects: number;
  /** Objects to create, and those of them that get a second write as far as the plan knows. */
  readonly creates: number;
  readonly links: number;
  /** Where references lead to objects that are not restored, by source id. */
  readonly outside: Readonly<Record<string, OutsideTarget>>;
}

/** At most 1,000 objects, whatever refers to another after what it refers to. */
export interface ObjectBatch {
  readonly groups: readonly ObjectGroup[];
  /** Of objects that exist: source ids of the attributes to write. Null for objects to create. */
  readonly pending: Readonly<Record<string, readonly string[]>> | null;
}

/**
 * Objects of one shard that follow one another. Whatever an object refers to stands before it and has a lower level; what has
 * its own level is in a circle with it, and need not be waited for.
 */
export interface ObjectGroup {
  readonly shard: number;
  readonly objects: readonly (readonly [id: string, level: number])[];
}

/** An object that is on the target already. */
export interface ReusedObject {
  readonly source: string;
  readonly target: string;
  readonly key: string;
  /** Of its values when the plan was made; empty where it was asked for by itself. */
  readonly digest: string;
  /** It has to be equal to the backup, since a stopped restore made it. */
  readonly isStrict?: boolean;
  readonly isOwn?: boolean;
  readonly isUpdated?: boolean;
  readonly losses?: readonly Loss[];
}

export interface CommentBatch {
  readonly objects: readonly CommentedObject[];
}

export interface CommentedObject {
  readonly source: string;
  /** Its key on the source site, for people. */
  readonly key: string;
  readonly comments?: StoredFile;
  readonly history?: StoredFile;
  /** Marks that earlier restores have written, or were about to. */
  readonly known: Readonly<Record<string, CommentState>>;
}

/** Ids of the objects that were there, by type, when a restore made its plan. */
export async function readBefore(
  work: WorkStore,
  restore: string,
  typeIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const typeId of typeIds) {
    before.set(typeId, new Set(await readJson<string[]>(work, restoreKeys(restore).before(typeId))));
  }
  return before;
}
