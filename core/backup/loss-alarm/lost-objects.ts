import { readActivityLines } from '../../backup-format/activity-list.ts';
import type { Manifest, ManifestObjectType, ManifestSchema } from '../../backup-format/manifest.ts';
import { ownLists } from '../../backup-format/own-lists.ts';
import { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { DamagedBackupError, MissingKeyError } from '../../errors.ts';
import { idOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import { schemasInScope } from './compared-schemas.ts';

/** Objects of one type that stand in an earlier backup and in a later one nowhere. */
export interface LostObjects {
  readonly schemaKey: string;
  readonly type: string;
  readonly number: number;
  /** The first of them, as they were. */
  readonly first: readonly { readonly key: string; readonly label: string }[];
}

/** No digest is compared here, only what is there. */
const noDigest = '0'.repeat(32);

/**
 * What stands in an earlier backup, of what the later one was asked for, and is not in the later one, by type. It goes by the lists of
 * objects and reads only files of types that have lost some. Undefined where one of the two does not list each of its objects, or is
 * partial: then nobody knows what is lost.
 */
export async function lostObjects(
  backups: BackupStore,
  { before, now }: { readonly before: Manifest; readonly now: Manifest },
  shown: number,
): Promise<LostObjects[] | undefined> {
  if (now.status === 'partial') return undefined;
  const kept = new ExpectedObjects(now.counts.objects);
  let listed = 0;
  for await (const { object } of readActivityLines(backups, now, await ownLists(backups, now))) {
    listed += 1;
    if (kept.count < now.counts.objects) kept.expect(0, object, noDigest);
  }
  if (listed !== now.counts.objects) return undefined;

  const scope = schemasInScope(before, { schemas: now.schemas, objectSchemaKeys: now.options.objectSchemaKeys });
  const places = new Map(
    scope.flatMap((schema) => schema.objectTypes.map((type) => [type.id, { schema, type }] as const)),
  );
  const lost = new Map<string, { number: number; readonly first: Named[] }>();
  let listedBefore = 0;
  for await (const { object, type, shard } of readActivityLines(backups, before, await ownLists(backups, before))) {
    listedBefore += 1;
    if (!places.has(type) || kept.numberOf(object) !== undefined) continue;
    const ofType = lost.get(type) ?? { number: 0, first: [] };
    lost.set(type, ofType);
    ofType.number += 1;
    if (ofType.first.length < shown) ofType.first.push({ id: object, shard });
  }
  if (listedBefore !== before.counts.objects) return undefined;
  const found: LostObjects[] = [];
  for (const [typeId, { number, first: named }] of lost) {
    const { schema, type } = places.get(typeId) as { schema: ManifestSchema; type: ManifestObjectType };
    const first = await namesOf(backups, type, named);
    found.push({ schemaKey: schema.key, type: type.name, number, first });
  }
  return found;
}

/** An object that is to be named, and which file of its type holds it, where the list says so. */
interface Named {
  readonly id: string;
  readonly shard: number | undefined;
}

async function namesOf(backups: BackupStore, { objectsMeta }: ManifestObjectType, named: readonly Named[]) {
  const names = new Map<string, { key: string; label: string }>();
  const sought = new Set(named.map(({ id }) => id));
  const isKnown = named.every(({ shard }) => shard !== undefined);
  const shards = new Set(named.map(({ shard }) => shard));
  for (const [number, key] of objectsMeta.entries()) {
    if (names.size === sought.size) break;
    if (isKnown && !shards.has(number)) continue;
    const bytes = await backups.read(key).catch((error: unknown) => {
      if (error instanceof MissingKeyError) throw new DamagedBackupError(`${key} ${error.problem}.`);
      throw error;
    });
    for (const object of JSON.parse(new TextDecoder().decode(bytes)) as ApiRecord[]) {
      const id = idOf(object) as string;
      if (sought.has(id)) names.set(id, { key: textOf(object.objectKey) ?? id, label: textOf(object.label) ?? '' });
    }
  }
  return named.map(({ id }) => names.get(id) ?? { key: id, label: '' });
}
