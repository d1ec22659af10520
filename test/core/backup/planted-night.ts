import { recordFinish } from '../../../core/backup/finish-records.ts';
import type { ActivityLine, ActivityState } from '../../../core/backup-format/activity-list.ts';
import { activityHash, shardCount, shardOf } from '../../../core/backup-format/activity-shards.ts';
import { activityListKey, backupName, fileListKey, manifestKey, schemaKeys } from '../../../core/backup-format/keys.ts';
import { leftOutOfNone } from '../../../core/backup-format/left-out.ts';
import {
  formatVersion,
  type Manifest,
  type ManifestObjectType,
  manifestFile,
  parseManifest,
  type StoredFile,
  sha256,
} from '../../../core/backup-format/manifest.ts';
import { type ActivityFiles, type ActivityKind, activityKinds } from '../../../core/model/activity.ts';
import type { Workspace } from '../../../core/model/run.ts';
import type { BackupStore } from '../../../core/ports/backup-store.ts';
import type { WorkStore } from '../../../core/ports/work-store.ts';

export const testWorkspace: Workspace = {
  siteName: 'https://myorganization.atlassian.net',
  workspaceId: 'w1',
  apiUrl: 'https://api.atlassian.com/jsm/assets/workspace/w1/v1',
  login: 'basic',
};

/** What a night has of an object; of a kind that is not named: read by that night, and nothing was there. */
export interface PlantedObject extends Partial<Record<ActivityKind, ActivityState>> {
  readonly id: string;
  readonly digest?: string;
}

export interface PlantedType {
  readonly id: string;
  readonly objects: readonly PlantedObject[];
  /** How many shards it has, where that is not what a new type gets. */
  readonly shards?: number;
}

export interface PlantedNight {
  readonly startedAt: string;
  /** By their keys; a schema's id is its key in lower case. */
  readonly schemas: Readonly<Record<string, readonly PlantedType[]>>;
  readonly layout?: ActivityFiles;
  /** What else its manifest says. */
  readonly manifest?: Partial<Manifest>;
  /** Whether a record says that it was made here. @default true */
  readonly isRecorded?: boolean;
}

/** Stores a backup of objects that have nothing but activity, as "Finish backup" leaves it. */
export async function plantNight(
  { backups, work }: { backups: BackupStore; work: WorkStore },
  { startedAt, schemas, layout = 'object', manifest: more, isRecorded = true }: PlantedNight,
): Promise<Manifest> {
  const name = backupName(startedAt);
  const files: StoredFile[] = [];
  const store = async (key: string, text: string, records: number): Promise<StoredFile> => {
    const bytes = new TextEncoder().encode(text);
    await backups.create(key, bytes);
    return { key, bytes: bytes.length, sha256: sha256(bytes), records };
  };
  const none: ActivityState = { read: startedAt, records: 0 };
  const lines: ActivityLine[] = [];
  const objectTypesOf = async (key: string, types: readonly PlantedType[]): Promise<ManifestObjectType[]> => {
    const keys = schemaKeys(name, key);
    const made: ManifestObjectType[] = [];
    for (const { id, objects, shards = shardCount(objects.length) } of types) {
      const type = { id, name: `Type ${id}` };
      const shardFiles = { history: shardLists(shards), comments: shardLists(shards) };
      for (const { id: object, digest = digestOf(object), history = none, comments = none } of objects)
        lines.push({ object, type: id, digest, history, comments });
      for (const kind of activityKinds) {
        const having = objects.filter((object) => (object[kind]?.records ?? 0) > 0);
        if (layout === 'object') {
          for (const { id: object, ...of } of having)
            files.push(await store(keys[kind](object), '[{}]', of[kind]?.records ?? 0));
        } else {
          for (let shard = 0; shard < shards; shard += 1) {
            const inIt = having.filter(({ id: object }) => shardOf(activityHash(object), shards) === shard);
            if (inIt.length === 0) continue;
            const at = keys.activityShard(kind, type, shards === 1 ? undefined : shard + 1);
            const text = `[\n${inIt.map(({ id: object }) => JSON.stringify({ object, [kind]: [{}] })).join(',\n')}\n]\n`;
            files.push(await store(at, text, inIt.length));
            shardFiles[kind][shard]?.push(at);
          }
        }
      }
      const activity = layout === 'type' ? { count: shards, ...shardFiles } : null;
      const counts = { expected: objects.length, stored: objects.length };
      made.push({ ...type, ...counts, ...leftOutOfNone, objectsMeta: [], objects: [], attributes: null, activity });
    }
    return made;
  };
  const made: Manifest['schemas'][number][] = [];
  for (const [key, types] of Object.entries(schemas)) {
    const objectTypes = await objectTypesOf(key, types);
    const base = { backup: null, passedOver: [] };
    made.push({ id: key.toLowerCase(), key, name: key, folder: key, objectTypes, base });
  }
  const list = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (lines.length > 0) files.push(await store(activityListKey(name, 1), list, lines.length));
  const fileList = files.map((file) => `${JSON.stringify(file)}\n`).join('');
  const counts = { read: lines.length, carried: 0, missing: 0, oldest: startedAt };
  const manifest: Manifest = {
    format: 'assets-backup',
    formatVersion,
    name,
    status: 'complete',
    site: testWorkspace,
    startedAt,
    finishedAt: startedAt,
    writtenBy: '0.0.0',
    options: {
      objectSchemaKeys: null,
      full: false,
      activity: true,
      activityMaxAgeDays: 14,
      activityFiles: layout,
      issueLinks: false,
    },
    schemas: made,
    counts: {
      ...{ schemas: made.length, objectTypes: 0, attributes: 0, objects: lines.length, attributeValues: 0, icons: 0 },
      ...{ historyEntries: 0, comments: 0, historyRead: lines.length, commentsRead: lines.length },
      ...{ files: files.length, bytes: 0 },
    },
    activity: { history: counts, comments: counts },
    issueLinks: null,
    references: { inside: 0, outside: 0 },
    requests: {},
    notOffered: [],
    gaps: [],
    notices: [],
    measured: [],
    suspicions: [],
    fileLists: [await store(fileListKey(name, 1), fileList, files.length)],
    ...more,
  };
  const bytes = manifestFile(manifest);
  await backups.create(manifestKey(name), bytes);
  const sealed = parseManifest(name, bytes);
  if (isRecorded) await recordFinish(work, { backup: name, executionId: name }, sealed);
  return sealed;
}

/** The digest that a planted object has unless it is told otherwise. */
export const digestOf = (id: string) => `digest of ${id}`;

const shardLists = (shards: number): string[][] => Array.from({ length: shards }, () => []);
