import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ActivityLine, ActivityState } from '../../core/backup-format/activity-list.ts';
import { activityLine, recordsOfFile } from '../../core/backup-format/activity-records.ts';
import { activityHash, shardOf } from '../../core/backup-format/activity-shards.ts';
import { activityListKey, fileListKey, schemaKeys } from '../../core/backup-format/keys.ts';
import {
  type ActivityCounts,
  type Manifest,
  manifestFile,
  type StoredFile,
  sha256,
} from '../../core/backup-format/manifest.ts';
import { arrayFile, countRecords } from '../../core/backup-format/record-files.ts';
import { type ActivityFiles, type ActivityKind, activityKinds } from '../../core/model/activity.ts';

type Mutable<Of> = { -readonly [Field in keyof Of]: Of[Field] };
type DraftType = Mutable<Manifest['schemas'][number]['objectTypes'][number]>;

/** A line of a file of many objects: its object, and its records as texts. */
export type Entry = readonly [object: string, records: readonly string[]];

export interface Anew {
  readonly layout: ActivityFiles;
  /** Files that each type's histories, and its comments, are cut into, and lines a part of one. @default 1, all */
  readonly shards?: number;
  readonly linesAPart?: number;
  /** What becomes of a file of many objects, of a line of a list (undefined: it goes), of a list's file and of the manifest, before all is sealed. */
  readonly entries?: (entries: readonly Entry[], kind: ActivityKind, typeId: string, shard: number) => readonly Entry[];
  readonly line?: (line: ActivityLine) => ActivityLine | undefined;
  readonly file?: (file: StoredFile) => StoredFile | undefined;
  readonly manifest?: (manifest: Mutable<Manifest>) => void;
}

/**
 * Lays the activity of a backup in a folder out anew, as format 2 has it, by hand: what no run would write can be sealed too. A backup of
 * format 1 becomes one in which all was read on its night.
 */
export function layOutAnew(directory: string, backup: string, anew: Anew): Manifest {
  const path = (key: string) => join(directory, key);
  const text = (key: string) => readFileSync(path(key), 'utf8');
  const { seal: _, ...old } = JSON.parse(text(`${backup}/manifest.json`)) as Manifest;
  const listed = new Map(
    old.fileLists.flatMap(({ key }) => jsonLines<StoredFile>(text(key)).map((file) => [file.key, file] as const)),
  );
  const own = activityFilesIn(old, [...listed.keys()], text);
  for (const { key } of own.all) {
    listed.delete(key);
    rmSync(path(key));
  }
  for (const key of [...listed.keys()].filter((one) => one.includes('/manifest/activity-'))) listed.delete(key);
  const store = (key: string, bytes: Uint8Array) => {
    mkdirSync(dirname(path(key)), { recursive: true });
    writeFileSync(path(key), bytes);
    const file = { key, bytes: bytes.length, sha256: sha256(bytes), records: countRecords(key, bytes) };
    listed.set(key, file);
    return key;
  };
  const lines: ActivityLine[] = [];
  const schemas = old.schemas.map((schema) => ({
    ...schema,
    base: schema.base ?? { backup: null, passedOver: [] },
    objectTypes: schema.objectTypes.map((type): DraftType => {
      const keys = schemaKeys(backup, schema.folder);
      const count = anew.shards ?? 1;
      const shards = { history: emptyShards(count), comments: emptyShards(count) };
      const ids = type.objectsMeta.flatMap((key) =>
        (JSON.parse(text(key)) as { id: string }[]).map(({ id }) => String(id)),
      );
      for (const id of ids.filter((one) => !lines.some(({ object }) => object === one))) {
        const state = (kind: ActivityKind): ActivityState => {
          const records = own.of.get(`${kind} ${id}`) ?? [];
          if (records.length > 0 && anew.layout === 'object') store(keys[kind](id), arrayFile(records));
          if (records.length > 0) shards[kind][shardOf(activityHash(id), count)]?.push([id, records]);
          const isGap = old.gaps.some((gap) => gap.kind === kind && gap.objectId === id);
          const before = own.lines.get(id)?.[kind];
          return (
            before ??
            (isGap ? { read: null, records: 0, missed: 'failed' } : { read: old.startedAt, records: records.length })
          );
        };
        const line = { object: id, type: type.id, digest: sha256(new TextEncoder().encode(id)).slice(0, 32) };
        const [history, comments] = [state('history'), state('comments')];
        lines.push({ ...line, history, comments });
      }
      if (anew.layout === 'object' || ids.length === 0) return { ...type, activity: null };
      const stored = (kind: ActivityKind) =>
        shards[kind].map((there, shard) => {
          const entries = anew.entries?.(there, kind, type.id, shard) ?? there;
          const size = anew.linesAPart ?? Math.max(1, entries.length);
          return Array.from({ length: Math.ceil(entries.length / size) }, (_, part) => {
            const of = entries
              .slice(part * size, (part + 1) * size)
              .map(([id, records]) => activityLine(kind, id, records));
            return store(keys.activityShard(kind, type, count === 1 ? undefined : shard + 1, part + 1), arrayFile(of));
          });
        });
      return { ...type, activity: { count, history: stored('history'), comments: stored('comments') } };
    }),
  }));
  const kept = lines.flatMap((line) => anew.line?.(line) ?? (anew.line ? [] : [line]));
  store(activityListKey(backup, 1), encoder.encode(kept.map((line) => `${JSON.stringify(line)}\n`).join('')));
  for (const { key } of old.fileLists) rmSync(path(key));
  const files = [...listed.values()].flatMap((file) => anew.file?.(file) ?? (anew.file ? [] : [file]));
  const list = encoder.encode(files.map((file) => `${JSON.stringify(file)}\n`).join(''));
  writeFileSync(path(fileListKey(backup, 1)), list);
  const has = (kind: ActivityKind) => lines.filter((line) => line[kind].read !== null).length;
  const manifest: Mutable<Manifest> = {
    ...old,
    formatVersion: 2,
    options: { ...old.options, activityMaxAgeDays: 14, activityFiles: anew.layout },
    schemas,
    activity: { history: countsOf(old, lines, 'history'), comments: countsOf(old, lines, 'comments') },
    counts: {
      ...old.counts,
      historyRead: has('history'),
      commentsRead: has('comments'),
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    fileLists: [{ key: fileListKey(backup, 1), bytes: list.length, sha256: sha256(list), records: files.length }],
  };
  anew.manifest?.(manifest);
  writeFileSync(path(`${backup}/manifest.json`), manifestFile(manifest));
  return manifest;
}

const encoder = new TextEncoder();
const jsonLines = <Of>(text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Of]));
const emptyShards = (count: number): Entry[][] => Array.from({ length: count }, () => []);

function countsOf({ startedAt }: Manifest, lines: readonly ActivityLine[], kind: ActivityKind): ActivityCounts {
  const dates = lines.map((line) => line[kind].read);
  return {
    read: dates.filter((date) => date === startedAt).length,
    carried: dates.filter((date) => date !== null && date !== startedAt).length,
    missing: dates.filter((date) => date === null).length,
    oldest: dates.filter((date) => date !== null).toSorted()[0] ?? null,
  };
}

/** The files of activity, records by `kind id`, and what the lists say of each object. */
function activityFilesIn(manifest: Manifest, keys: readonly string[], text: (key: string) => string) {
  const of = new Map<string, string[]>();
  const lines = new Map<string, ActivityLine>();
  const all: { key: string }[] = [];
  const shards = new Set(
    manifest.schemas.flatMap(({ objectTypes }) =>
      objectTypes.flatMap(({ activity }) => activityKinds.flatMap((kind) => activity?.[kind].flat() ?? [])),
    ),
  );
  for (const key of keys) {
    const [, kind, id] = /\/objects\/(history|comments)\/([^/]+)\.json$/.exec(key) ?? [];
    if (key.includes('/manifest/activity-'))
      for (const line of jsonLines<ActivityLine>(text(key))) lines.set(line.object, line);
    if (kind === undefined) continue;
    all.push({ key });
    if (shards.has(key)) throw new Error(`${key} is laid out by type already.`);
    of.set(`${kind} ${id}`, recordsOfFile(text(key)));
  }
  return { all, of, lines };
}
