import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { firstName } from './keys.ts';
import type { Manifest, ManifestObjectType, ManifestSchema } from './manifest.ts';

/** Whose activity a file holds. */
export type ActivityPlace = { readonly kind: ActivityKind } & (
  | { readonly objectId: string }
  | { readonly shard: ActivityShard }
);

/** Of one type, objects whose ids' hashes begin alike. */
export interface ActivityShard {
  readonly schema: ManifestSchema;
  readonly type: ManifestObjectType;
  /** From 0. */
  readonly number: number;
  readonly count: number;
  /** From 1 on, over all types: those of one type stand together. */
  readonly place: number;
}

/**
 * What files of activity a backup has: by the manifest where it names them, as it does those of many objects, otherwise by the folder
 * and the name that the format gives to the one object's.
 */
export class ActivityPlaces {
  readonly #shards = new Map<string, ActivityPlace & { readonly shard: ActivityShard }>();

  constructor({ schemas }: Pick<Manifest, 'schemas'>) {
    let place = 0;
    for (const schema of schemas) {
      for (const type of schema.objectTypes) {
        for (let number = 0; number < (type.activity?.count ?? 0); number += 1) {
          place += 1;
          const shard = { schema, type, number, count: type.activity?.count ?? 0, place };
          for (const kind of activityKinds)
            for (const key of type.activity?.[kind][number] ?? []) this.#shards.set(key, { kind, shard });
        }
      }
    }
  }

  /** Undefined for a file of anything else. */
  of(key: string): ActivityPlace | undefined {
    const shard = this.#shards.get(key);
    if (shard) return shard;
    const [, kind, objectId] = ownFile.exec(firstName(key)) ?? [];
    return objectId === undefined ? undefined : { kind: kind as ActivityKind, objectId };
  }

  /** Keys of all files of many objects, with what they hold. */
  get shards(): ReadonlyMap<string, ActivityPlace & { readonly shard: ActivityShard }> {
    return this.#shards;
  }
}

const ownFile = /\/objects\/(history|comments)\/([^/]+)\.json$/;
