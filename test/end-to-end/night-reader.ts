import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A backup as its files tell it. Nothing here is the product's, so that a fault of its readers cannot hide one of its writers:
// what is read is what docs/backup-format.md promises.

type Fields = { readonly [field: string]: unknown };

export type Kind = 'history' | 'comments';
export const kinds: readonly Kind[] = ['history', 'comments'];

interface ReadState {
  readonly read: string | null;
  readonly records: number;
  readonly missed?: string;
}

export interface ReadLine extends Readonly<Record<Kind, ReadState>> {
  readonly object: string;
  readonly type: string;
}

interface ReadCounts {
  readonly read: number;
  readonly carried: number;
  readonly missing: number;
  readonly oldest: string | null;
}

interface ReadType extends Fields {
  readonly id: string;
  readonly objectsMeta: readonly string[];
  readonly activity: ({ readonly count: number } & Readonly<Record<Kind, readonly (readonly string[])[]>>) | null;
}

interface ReadSchema extends Fields {
  readonly id: string;
  readonly base: { readonly backup: string | null; readonly passedOver: readonly Fields[] };
  readonly objectTypes: readonly ReadType[];
}

export interface ReadManifest {
  readonly name: string;
  readonly formatVersion: number;
  readonly status: string;
  readonly startedAt: string;
  readonly options: {
    readonly full: boolean;
    readonly activity: boolean;
    readonly activityMaxAgeDays: number;
    readonly activityFiles: string;
  };
  readonly schemas: readonly ReadSchema[];
  readonly counts: Readonly<Record<string, number>>;
  readonly activity: Readonly<Record<Kind, ReadCounts>>;
  readonly gaps: readonly ReadGap[];
  readonly notices: readonly Fields[];
  readonly fileLists: readonly ReadFile[];
  readonly seal: string;
}

interface ReadGap extends Fields {
  readonly kind: string;
  /** How many it stands for; of one where it is missing. */
  readonly objects?: number;
  readonly carried?: { readonly objects: number; readonly oldest: string };
}

interface ReadFile {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
}

export interface ReadNight extends Readonly<Record<Kind, ReadonlyMap<string, readonly unknown[]>>> {
  readonly manifest: ReadManifest;
  /** By id, as they stand in `objectsmeta`. */
  readonly objects: ReadonlyMap<string, Fields>;
  /** Every other file but lists and activity, by its path in the backup: JSON, or the bytes of images. */
  readonly files: ReadonlyMap<string, unknown>;
  /** What `manifest/activity-*` says, by object. */
  readonly lines: ReadonlyMap<string, ReadLine>;
  /** Of all files that the lists name. */
  readonly keys: readonly string[];
  /** In what the backup contradicts itself or the format; none where it is right. */
  readonly faults: readonly string[];
}

export function manifestOf(directory: string, backup: string): ReadManifest {
  return JSON.parse(readFileSync(join(directory, backup, 'manifest.json'), 'utf8')) as ReadManifest;
}

/** Folders with a manifest, the oldest first. */
export function finishedNights(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'manifest.json')))
    .sort();
}

export function readNight(directory: string, backup: string): ReadNight {
  const faults: string[] = [];
  const manifest = manifestOf(directory, backup);
  const files = listedFiles(directory, backup, manifest, faults);
  const lines = activityLines(files, faults);
  const objects = new Map<string, Fields>();
  const typeOf = new Map<string, string>();
  const rest = new Set(files.keys());
  const take = (key: string): unknown => {
    if (!rest.delete(key)) faults.push(`${key} is in no list, or belongs to two things`);
    const file = files.get(key);
    if (file === undefined) return [];
    try {
      return JSON.parse(file.bytes.toString('utf8'));
    } catch {
      faults.push(`${key} is no JSON`);
      return [];
    }
  };
  const activity = { history: new Map<string, unknown[]>(), comments: new Map<string, unknown[]>() };
  for (const type of manifest.schemas.flatMap(({ objectTypes }) => objectTypes)) {
    for (const key of type.objectsMeta) {
      for (const object of take(key) as Fields[]) {
        const id = String(object.id);
        if (objects.has(id)) faults.push(`object ${id} is there twice`);
        objects.set(id, object);
        typeOf.set(id, type.id);
      }
    }
    const isByObject = manifest.options.activityFiles === 'object' || !manifest.options.activity;
    if ((type.activity === null) !== isByObject) faults.push(`type ${type.id} has activity of the other layout`);
  }
  for (const type of manifest.schemas.flatMap(({ objectTypes }) => objectTypes)) {
    for (const kind of kinds) readShards(type, kind, { activity: activity[kind], take, typeOf, faults });
  }
  for (const key of rest) {
    const [, kind, id] = /\/objects\/(history|comments)\/(\d+)\.json$/.exec(key) ?? [];
    if (kind !== undefined && id !== undefined) activity[kind as Kind].set(id, take(key) as unknown[]);
  }
  for (const key of rest) {
    if (/\/objects\/(history|comments)\//.test(key)) faults.push(`${key} is listed, and belongs to no object or shard`);
  }
  if (manifest.options.activity) checkLines({ manifest, lines, typeOf, activity, faults });
  const plain = [...rest]
    .filter((key) => !key.includes('/manifest/activity-'))
    .map((key): [string, unknown] => [key.slice(backup.length + 1), contentOf(key, files.get(key)?.bytes)]);
  return { manifest, objects, ...activity, files: new Map(plain), lines, keys: [...files.keys()], faults };
}

type Stored = Omit<ReadFile, 'bytes'> & { readonly bytes: Buffer };

/** All files that the lists name, each with its bytes, held against its checksum, and whatever else lies there. */
function listedFiles(directory: string, backup: string, manifest: ReadManifest, faults: string[]): Map<string, Stored> {
  const files = new Map<string, Stored>();
  const read = (file: ReadFile): Stored => {
    const path = join(directory, file.key);
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    if (!file.key.startsWith(`${backup}/`)) faults.push(`${file.key} lies in another backup`);
    if (bytes.length !== file.bytes) faults.push(`${file.key} has ${bytes.length} bytes, not ${file.bytes}`);
    if (sha256(bytes) !== file.sha256) faults.push(`${file.key} has another checksum`);
    return { ...file, bytes };
  };
  for (const list of manifest.fileLists) {
    for (const line of linesOf(read(list).bytes)) {
      const file = JSON.parse(line) as ReadFile;
      if (files.has(file.key)) faults.push(`${file.key} is listed twice`);
      files.set(file.key, read(file));
    }
  }
  const known = new Set([...files.keys(), ...manifest.fileLists.map(({ key }) => key), `${backup}/manifest.json`]);
  for (const entry of readdirSync(join(directory, backup), { recursive: true, withFileTypes: true })) {
    const key = join(entry.parentPath, entry.name).slice(directory.length + 1);
    if (entry.isFile() && !known.has(key)) faults.push(`${key} is in no list`);
  }
  return files;
}

function activityLines(files: ReadonlyMap<string, Stored>, faults: string[]): Map<string, ReadLine> {
  const lines = new Map<string, ReadLine>();
  for (const [key, { bytes }] of files) {
    if (!key.includes('/manifest/activity-')) continue;
    for (const text of linesOf(bytes)) {
      const line = JSON.parse(text) as ReadLine;
      if (lines.has(line.object)) faults.push(`object ${line.object} has two lines`);
      lines.set(line.object, line);
    }
  }
  return lines;
}

interface Shards {
  readonly activity: Map<string, unknown[]>;
  readonly take: (key: string) => unknown;
  readonly typeOf: ReadonlyMap<string, string>;
  readonly faults: string[];
}

function readShards(type: ReadType, kind: Kind, { activity, take, typeOf, faults }: Shards): void {
  if (type.activity === null) return;
  const { count } = type.activity;
  if (type.activity[kind].length !== count) faults.push(`type ${type.id} has not ${count} shards of ${kind}`);
  for (const [shard, keys] of type.activity[kind].entries()) {
    for (const line of keys.flatMap((key) => take(key) as Fields[])) {
      const id = String(line.object);
      const place = Math.floor((createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32) * count);
      if (place !== shard) faults.push(`${kind} of ${id} lies in shard ${shard} of ${count}, not in ${place}`);
      if (typeOf.get(id) !== type.id) faults.push(`${kind} of ${id} lies with type ${type.id}, not ${typeOf.get(id)}`);
      if (activity.has(id)) faults.push(`${kind} of ${id} is there twice`);
      activity.set(id, line[kind] as unknown[]);
    }
  }
}

interface Counted {
  readonly manifest: ReadManifest;
  readonly lines: ReadonlyMap<string, ReadLine>;
  readonly typeOf: ReadonlyMap<string, string>;
  readonly activity: Readonly<Record<Kind, ReadonlyMap<string, readonly unknown[]>>>;
  readonly faults: string[];
}

/** A line for each object, and no other; each says what is there; the manifest counts them. */
function checkLines({ manifest, lines, typeOf, activity, faults }: Counted): void {
  for (const [id, type] of typeOf) {
    const line = lines.get(id);
    if (line?.type !== type) faults.push(`object ${id} of type ${type} has a line of type ${line?.type}`);
  }
  for (const id of lines.keys()) if (!typeOf.has(id)) faults.push(`object ${id} has a line, and is not there`);
  for (const kind of kinds) {
    for (const [id, records] of activity[kind]) {
      if (!lines.has(id)) faults.push(`${kind} of ${id} is there without the object`);
      if (records.length === 0) faults.push(`${kind} of ${id} is a file or a line of nothing`);
    }
    const counted = { read: 0, carried: 0, missing: 0, oldest: null as string | null, records: 0 };
    for (const [id, { [kind]: state }] of lines) {
      const found = activity[kind].get(id)?.length ?? 0;
      if (state.records !== found) faults.push(`${kind} of ${id}: ${found} are there, its line says ${state.records}`);
      counted.records += found;
      if (state.read === null) counted.missing += 1;
      else if (state.read === manifest.startedAt) counted.read += 1;
      else counted.carried += 1;
      if (state.read !== null && (counted.oldest === null || state.read < counted.oldest)) counted.oldest = state.read;
    }
    const { records, ...counts } = counted;
    if (JSON.stringify(pickCounts(manifest.activity[kind])) !== JSON.stringify(counts))
      faults.push(
        `the manifest counts ${kind} ${JSON.stringify(manifest.activity[kind])}, not ${JSON.stringify(counts)}`,
      );
    const [had, entries] =
      kind === 'history' ? (['historyRead', 'historyEntries'] as const) : (['commentsRead', 'comments'] as const);
    const told = [manifest.counts[had], manifest.counts[entries]];
    if (told[0] !== counts.read + counts.carried || told[1] !== records)
      faults.push(
        `the manifest counts ${told[1]} ${kind} of ${told[0]} objects, not ${records} of ${counts.read + counts.carried}`,
      );
  }
}

const pickCounts = ({ read, carried, missing, oldest }: ReadCounts) => ({ read, carried, missing, oldest });

function contentOf(key: string, bytes: Buffer | undefined): unknown {
  if (bytes === undefined) return undefined;
  if (key.endsWith('.json')) return JSON.parse(bytes.toString('utf8'));
  return key.endsWith('.jsonl') ? bytes.toString('utf8') : bytes.toString('base64');
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
