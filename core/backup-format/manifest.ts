import { hash } from 'node:crypto';
import { DamagedBackupError, UnsupportedFormatError } from '../errors.ts';
import { harmlessJson } from '../harmless.ts';
import type { ActivityKind, ActivitySettings } from '../model/activity.ts';
import { isRecord } from '../model/json.ts';
import type { MeasuredCounts, Suspicion } from '../model/loss-alarm.ts';
import type { BackupStatus, Gap, Notice, NotOffered } from '../model/outcome.ts';
import type { RequestBudget } from '../model/request-budget.ts';
import type { Workspace } from '../model/run.ts';
import type { SiteWait } from '../model/site-wait.ts';
import type { ActivityShards } from './activity-shards.ts';
import { isBelow } from './keys.ts';
import { type LeftOut, leftOutUncounted } from './left-out.ts';
import type { ManifestIssueField } from './manifest-issue-field.ts';
import { manifestShape } from './manifest-shape.ts';

export const formatName = 'assets-backup';
/** Raised when a reader of the version before could misread what is written now. */
export const formatVersion = 2;

/** A file of a backup, as the manifest's lists name it. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly sha256: string;
  /** Records in the file: entries of its array or object, lines of a list, 1 for an image. */
  readonly records: number;
}

/** Of `avatars` and `attachments` nothing is stored; of backups up to 0.3.0 nobody knows how many there were: null. */
export interface ManifestObjectType extends LeftOut {
  readonly id: string;
  readonly name: string;
  /** What `totalcount` said right after the objects were read; null where that request failed. */
  readonly expected: number | null;
  readonly stored: number;
  /** Keys of `objectsmeta` and `objects`, shard by shard, in the same order. */
  readonly objectsMeta: readonly string[];
  readonly objects: readonly string[];
  /** Key of the type's attributes; null where they could not be read. */
  readonly attributes: string | null;
  /** Where the activity of its objects lies, many to a file; null where each object has files of its own. */
  readonly activity: ActivityShards | null;
}

/** What a backup's history and comments were built upon. */
export interface SchemaBase {
  /** The newest backup that counts of this schema; null where there is none that can be built upon: then all was read. */
  readonly backup: string | null;
  /** Newer ones, and why they are not it. */
  readonly passedOver: readonly { readonly backup: string; readonly reason: string }[];
}

/** Of how many objects the history, or the comments, came from where. */
export interface ActivityCounts {
  /** The site gave it to this backup. */
  readonly read: number;
  /** It was copied from the base. */
  readonly carried: number;
  /** The backup has none, because no night has got it yet. */
  readonly missing: number;
  /** The start of the backup that read the oldest of it (ISO 8601); null where there is nothing. */
  readonly oldest: string | null;
}

export interface ManifestSchema {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** The schema's folder in the backup. */
  readonly folder: string;
  readonly objectTypes: readonly ManifestObjectType[];
  readonly base: SchemaBase;
}

/** What a run is asked for. */
export interface BackupRequest {
  /** Keys of the schemas to back up; null: every schema. */
  readonly objectSchemaKeys: readonly string[] | null;
  /** Whether history and comments of all objects were to be read, whatever the last backup has of them. */
  readonly full: boolean;
  /** Whether history and comments were asked for. */
  readonly activity: boolean;
}

/** What a run was asked for, and by which settings. */
export interface BackupOptions extends BackupRequest, ActivitySettings {
  /** Whether the issues that hold objects were to be read. */
  readonly issueLinks: boolean;
}

export interface ManifestCounts {
  readonly schemas: number;
  readonly objectTypes: number;
  readonly attributes: number;
  readonly objects: number;
  readonly attributeValues: number;
  readonly icons: number;
  readonly historyEntries: number;
  readonly comments: number;
  /** Objects whose history, and whose comments, were read; many have none and so no file. */
  readonly historyRead: number;
  readonly commentsRead: number;
  readonly files: number;
  readonly bytes: number;
}

/** Of what a backup of ours was made that no run of ours has read from a site. */
export interface OriginalScripts {
  /** Files of the scripts' backup, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Another one where any of them was changed. */
  readonly fingerprint: string;
  /** Whether it came as a zip, whose checksums were right. */
  readonly isZip: boolean;
  /** Objects that stand in it as the API gave them and as displayed, only as the API gave them, and only as displayed. */
  readonly objects: { readonly both: number; readonly raw: number; readonly displayed: number };
}

export interface Manifest {
  readonly format: typeof formatName;
  readonly formatVersion: number;
  /** The name of the backup's folder. */
  readonly name: string;
  /** Not stored: the name with which it was written, where somebody has given the folder another one since. */
  readonly writtenAs?: string;
  readonly status: BackupStatus;
  readonly site: Workspace;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  readonly options: BackupOptions;
  readonly schemas: readonly ManifestSchema[];
  readonly counts: ManifestCounts;
  readonly activity: Readonly<Record<ActivityKind, ActivityCounts>>;
  /** The fields by which issues hold objects; null where that was not asked for, or could not be found out. */
  readonly issueLinks: readonly ManifestIssueField[] | null;
  /** References between objects: that lead to an object of this backup, and that lead out of it (listed in files of their own). */
  readonly references: { readonly inside: number; readonly outside: number };
  readonly requests: Readonly<Record<string, number>>;
  /** The longest times for which the site held a worker back; up to 0.3.0 nobody kept them. */
  readonly waits?: readonly SiteWait[];
  /** Requests a minute that it might send; likewise. */
  readonly budget?: RequestBudget;
  readonly notOffered: readonly NotOffered[];
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
  /** How many objects there are against earlier backups; none of 0.1.0 and of a first backup. */
  readonly measured: readonly MeasuredCounts[];
  /** What was suspicious when it was made. `readSuspicious` says what of it nobody has accepted since. */
  readonly suspicions: readonly Suspicion[];
  /** Of one that was made of a backup of the original scripts. */
  readonly originalScripts?: OriginalScripts;
  /** The lists that name every other file; together with the seal at the end, this is what makes the backup whole. */
  readonly fileLists: readonly StoredFile[];
  /** Of one that was read. */
  readonly seal?: string;
}

/** What a backup is known by for good, whatever its folder is called now. */
export function identityOf({ name, writtenAs = name }: Manifest): string {
  return writtenAs;
}

/** Whether a backup was made of all these schemas; null: of every schema that the account sees. */
export function coversSchemas({ options }: Manifest, objectSchemaKeys: readonly string[] | null): boolean {
  const covered = options.objectSchemaKeys;
  return covered === null || objectSchemaKeys?.every((key) => covered.includes(key)) === true;
}

export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

const unsealed = '0'.repeat(64);
const seal = /"seal": "([0-9a-f]{64})"\n\}\n$/;

/**
 * The manifest as bytes. Its last field, `seal`, is the SHA-256 of the whole file with 64 zeros in the seal's place, so
 * that the manifest, which vouches for all other files, is vouched for as well.
 */
export function manifestFile(manifest: Manifest): Uint8Array {
  const text = `${harmlessJson({ ...manifest, seal: unsealed }, 1)}\n`;
  return new TextEncoder().encode(text.replace(seal, `"seal": "${sha256(new TextEncoder().encode(text))}"\n}\n`));
}

/** Reads a manifest and checks its version and its seal. Throws DamagedBackupError or UnsupportedFormatError. */
export function parseManifest(key: string, bytes: Uint8Array): Manifest {
  const text = new TextDecoder().decode(bytes);
  const stated = seal.exec(text)?.[1];
  const isSealed =
    stated !== undefined &&
    sha256(new TextEncoder().encode(text.replace(seal, `"seal": "${unsealed}"\n}\n`))) === stated;
  const manifest = parsed(text);
  const { format, formatVersion: version } = manifest ?? {};
  if (format === formatName && typeof version === 'number' && Number.isInteger(version) && version > formatVersion) {
    throw new UnsupportedFormatError(
      `${key} has format version ${version}; this program reads versions up to ${formatVersion}. Use a newer assets-backup.`,
    );
  }
  if (!isSealed || format !== formatName)
    throw new DamagedBackupError(`${key} is damaged: its seal does not match its contents.`);
  if (version !== 1 && version !== formatVersion) throw malformed(key, 'formatVersion is no version of the format');
  const { writtenAs: _, ...stored } = manifest as Manifest;
  // What came to the format without a new version, because whoever does not know it misreads nothing.
  const { measured = [], suspicions = [], issueLinks = null } = stored as Partial<Manifest>;
  const options = isRecord(stored.options)
    ? { ...stored.options, issueLinks: stored.options.issueLinks ?? false }
    : stored.options;
  const schemas = eachOf(stored.schemas as Manifest['schemas'], (schema) => ({
    ...schema,
    objectTypes: eachOf(schema.objectTypes, (type) => ({ ...leftOutUncounted, ...type })),
  }));
  const told = { ...stored, options, schemas, issueLinks, measured, suspicions };
  return version === 1 ? asOfNow(told) : told;
}

/** A manifest of format 1, in the words of today: each of those nights read everything, into a file an object. */
function asOfNow(manifest: Manifest): Manifest {
  const { schemas, counts, startedAt, options } = manifest;
  const countsOf = (read = 0): ActivityCounts => ({
    read,
    carried: 0,
    missing: 0,
    oldest: read > 0 ? startedAt : null,
  });
  return {
    ...manifest,
    options: isRecord(options) ? { ...options, activityMaxAgeDays: 0, activityFiles: 'object' } : options,
    activity: { history: countsOf(counts?.historyRead), comments: countsOf(counts?.commentsRead) },
    schemas: eachOf(schemas, (schema) => ({
      ...schema,
      base: { backup: null, passedOver: [] },
      objectTypes: eachOf(schema.objectTypes, (type) => ({ ...type, activity: null })),
    })),
  };
}

/** Nobody has looked yet at what it holds: what is not as it should be stays so, and is told by whoever does. */
function eachOf<Of>(list: readonly Of[], change: (one: Of) => Of): readonly Of[] {
  return Array.isArray(list) ? list.map((one: Of) => (isRecord(one) ? change(one) : one)) : list;
}

/** Checks that a manifest has the fields that readers go by: a seal says only that nobody has changed them. Throws DamagedBackupError. */
export function checkManifest(key: string, manifest: Manifest): void {
  const problem = manifestShape(manifest, '');
  if (problem !== undefined) throw malformed(key, problem);
}

function malformed(key: string, problem: string): DamagedBackupError {
  return new DamagedBackupError(
    `${key} is damaged: its seal is intact, but ${problem}. No assets-backup writes it so.`,
  );
}

function parsed(text: string): Partial<Manifest> | undefined {
  try {
    return (JSON.parse(text) as Partial<Manifest> | null) ?? undefined;
  } catch {
    return undefined; // Not JSON: the seal cannot match either, and the caller says so.
  }
}

/** Where a key of a backup lies now that its folder has another name; undefined for a key that is not in the backup. */
export function movedKey(
  key: string,
  { name, writtenAs = name }: Pick<Manifest, 'name' | 'writtenAs'>,
): string | undefined {
  return isBelow(key, writtenAs) ? `${name}${key.slice(writtenAs.length)}` : undefined;
}

/** The manifest of a backup whose folder was given another name: every key as it is now. */
export function movedManifest(manifest: Manifest, name: string): Manifest {
  const moved = { name, writtenAs: manifest.name };
  const here = (key: string) => movedKey(key, moved) ?? key;
  return {
    ...manifest,
    ...moved,
    schemas: manifest.schemas.map((schema) => ({
      ...schema,
      objectTypes: schema.objectTypes.map((type) => ({
        ...type,
        objectsMeta: type.objectsMeta.map(here),
        objects: type.objects.map(here),
        attributes: type.attributes === null ? null : here(type.attributes),
        activity: type.activity && {
          ...type.activity,
          history: type.activity.history.map((keys) => keys.map(here)),
          comments: type.activity.comments.map((keys) => keys.map(here)),
        },
      })),
    })),
    issueLinks: manifest.issueLinks?.map((field) => ({ ...field, files: field.files.map(here) })) ?? null,
    fileLists: manifest.fileLists.map((list) => ({ ...list, key: here(list.key) })),
  };
}
