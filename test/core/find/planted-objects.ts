import { saysOf } from '../../../core/backup/shard-writer.ts';
import type { ActivityLine } from '../../../core/backup-format/activity-list.ts';
import { activityListKey, backupName, fileListKey, manifestKey, schemaKeys } from '../../../core/backup-format/keys.ts';
import { leftOutOfNone } from '../../../core/backup-format/left-out.ts';
import { type Manifest, manifestFile, type StoredFile, sha256 } from '../../../core/backup-format/manifest.ts';
import { listedAs } from '../../../core/find/night-objects.ts';
import type { ApiRecord } from '../../../core/model/json.ts';
import type { BackupStore } from '../../../core/ports/backup-store.ts';
import { manifest as anyManifest } from '../../cli/pretend-product.ts';

/** An object of a planted night: its key is that of its schema with its id, its label `Thing <id>`. */
export interface PlantedThing {
  readonly id: number;
  readonly type: PlantedTypeId;
  readonly colour: string;
  /** Of its last change; what it is says nothing else. */
  readonly updated: string;
}

export type PlantedTypeId = '11' | '12' | '21';
export type PlantedSchemaKey = 'ONE' | 'TWO';

/** `11` is a type of `ONE`, `12` one below it, and `21` one of `TWO`. */
export const schemaOf = (type: PlantedTypeId): PlantedSchemaKey => (type === '21' ? 'TWO' : 'ONE');

export interface PlantedObjects {
  readonly startedAt: string;
  /** What is stored. */
  readonly things: readonly PlantedThing[];
  /** What the backup was made of. @default all */
  readonly of?: readonly PlantedSchemaKey[] | null;
  /** Schemas that the site has. @default both */
  readonly schemas?: readonly PlantedSchemaKey[];
  /** Objects a file. @default all of a type */
  readonly shardSize?: number;
  /** Whether there are lists of its objects; format 1 has none. @default true */
  readonly hasLists?: boolean;
  /** Whether the lists say in which file an object is. @default true */
  readonly saysShards?: boolean;
  readonly folder?: string;
  /** @default `Type 11`, ... */
  readonly typeNames?: Readonly<Partial<Record<PlantedTypeId, string>>>;
  readonly manifest?: Partial<Manifest>;
}

const attributes: readonly ApiRecord[] = [
  { id: '1', name: 'Key', system: true, type: 0, defaultType: { id: 0 } },
  { id: '2', name: 'Colour', type: 0, defaultType: { id: 0 } },
];
const says = new Map(attributes.map((attribute) => [String(attribute.id), saysOf(attribute)]));

/** Stores a backup of a few objects with one attribute, as an assets-backup leaves it. */
export async function plantObjects(backups: BackupStore, planted: PlantedObjects): Promise<Manifest> {
  const { startedAt, things, of = null, schemas = ['ONE', 'TWO'], shardSize = 1_000, folder } = planted;
  const { hasLists = true, saysShards = true } = planted;
  const nameOf = (id: PlantedTypeId) => planted.typeNames?.[id] ?? `Type ${id}`;
  const name = folder ?? backupName(startedAt);
  const files: StoredFile[] = [];
  const store = async (key: string, text: string, records: number) => {
    const bytes = new TextEncoder().encode(text);
    await backups.create(key, bytes);
    const file = { key, bytes: bytes.length, sha256: sha256(bytes), records };
    files.push(file);
    return file;
  };
  const lines: ActivityLine[] = [];
  const none = { read: null, records: 0 };
  const typeFiles = async (key: PlantedSchemaKey, id: PlantedTypeId) => {
    const keys = schemaKeys(name, key);
    const type = { id, name: nameOf(id) };
    const records = things.filter((thing) => thing.type === id).map(recordOf);
    const shards = Math.max(1, Math.ceil(records.length / shardSize));
    const stored: string[] = [];
    for (let shard = 0; shard < shards; shard += 1) {
      const inIt = records.slice(shard * shardSize, (shard + 1) * shardSize);
      const at = keys.objectsMeta(type, shards === 1 ? undefined : shard + 1);
      await store(at, JSON.stringify(inIt), inIt.length);
      stored.push(at);
      const told = shards > 1 && saysShards ? { shard } : {};
      for (const record of inIt) lines.push({ ...listedAs(record, id, says), ...told, history: none, comments: none });
    }
    const list = await store(keys.attributes(type), JSON.stringify(attributes), attributes.length);
    const counts = { expected: records.length, stored: records.length };
    return {
      ...type,
      ...counts,
      ...leftOutOfNone,
      objectsMeta: stored,
      objects: [],
      attributes: list.key,
      activity: null,
    };
  };
  const made: Manifest['schemas'][number][] = [];
  for (const key of schemas.filter((one) => of === null || of.includes(one))) {
    const types: readonly PlantedTypeId[] = key === 'ONE' ? ['11', '12'] : ['21'];
    const objectTypes = [];
    const records = types.map((id) => ({ id, name: nameOf(id), ...(id === '12' && { parentObjectTypeId: '11' }) }));
    await store(schemaKeys(name, key).config('objecttypes'), JSON.stringify(records), records.length);
    for (const type of types) objectTypes.push(await typeFiles(key, type));
    made.push({
      id: key.toLowerCase(),
      key,
      name: key,
      folder: key,
      objectTypes,
      base: { backup: null, passedOver: [] },
    });
  }
  if (hasLists && lines.length > 0)
    await store(activityListKey(name, 1), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), lines.length);
  const listed = files.map((file) => `${JSON.stringify(file)}\n`).join('');
  const [fileList] = [await store(fileListKey(name, 1), listed, files.length)];
  const base = anyManifest();
  const manifest: Manifest = {
    ...base,
    ...{ formatVersion: hasLists ? 2 : 1, name, startedAt, finishedAt: startedAt, schemas: made },
    options: { ...base.options, objectSchemaKeys: of === null ? null : [...of] },
    counts: { ...base.counts, objects: things.length },
    ...{ gaps: [], notices: [], fileLists: [fileList] },
    ...planted.manifest,
  };
  await backups.create(manifestKey(name), manifestFile(manifest));
  return manifest;
}

function recordOf({ id, type, colour, updated }: PlantedThing): ApiRecord {
  const key = `${schemaOf(type)}-${id}`;
  const value = (attribute: string, text: string) => ({
    objectTypeAttributeId: attribute,
    objectAttributeValues: [{ value: text, displayValue: text }],
  });
  return {
    ...{ id: String(id), objectKey: key, label: `Thing ${id}`, updated, objectType: { id: type } },
    attributes: [value('1', key), value('2', colour)],
  };
}
