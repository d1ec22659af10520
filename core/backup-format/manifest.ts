import { createHash } from 'node:crypto';
import { DamagedBackupError, UnsupportedFormatError } from '../errors.ts';
import type { BackupStatus, Gap, Notice, NotOffered } from '../model/outcome.ts';
import type { Workspace } from '../model/run.ts';

export const formatName = 'assets-backup';
/** Raised when a reader of the version before could misread what is written now. */
export const formatVersion = 1;

/** A file of a backup, as the manifest's lists name it. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly sha256: string;
  /** Records in the file: entries of its array or object, lines of a list, 1 for an image. */
  readonly records: number;
}

export interface ManifestObjectType {
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
}

export interface ManifestSchema {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** The schema's folder in the backup. */
  readonly folder: string;
  readonly objectTypes: readonly ManifestObjectType[];
}

/** What the run was asked for. */
export interface BackupOptions {
  /** Keys of the schemas to back up; null: every schema. */
  readonly objectSchemaKeys: readonly string[] | null;
  readonly full: boolean;
  /** Whether history and comments were asked for. */
  readonly activity: boolean;
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

export interface Manifest {
  readonly format: typeof formatName;
  readonly formatVersion: number;
  readonly name: string;
  readonly status: BackupStatus;
  readonly site: Workspace;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  readonly options: BackupOptions;
  readonly schemas: readonly ManifestSchema[];
  readonly counts: ManifestCounts;
  /** References between objects: that lead to an object of this backup, and that lead out of it (listed in files of their own). */
  readonly references: { readonly inside: number; readonly outside: number };
  readonly requests: Readonly<Record<string, number>>;
  readonly notOffered: readonly NotOffered[];
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
  /** The lists that name every other file; together with the seal at the end, this is what makes the backup whole. */
  readonly fileLists: readonly StoredFile[];
  /** Of one that was read. */
  readonly seal?: string;
}

/** Whether a backup was made of all these schemas; null: of every schema that the account sees. */
export function coversSchemas({ options }: Manifest, objectSchemaKeys: readonly string[] | null): boolean {
  const covered = options.objectSchemaKeys;
  return covered === null || objectSchemaKeys?.every((key) => covered.includes(key)) === true;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const unsealed = '0'.repeat(64);
const seal = /"seal": "([0-9a-f]{64})"\n\}\n$/;

/**
 * The manifest as bytes. Its last field, `seal`, is the SHA-256 of the whole file with 64 zeros in the seal's place, so
 * that the manifest, which vouches for all other files, is vouched for as well.
 */
export function manifestFile(manifest: Manifest): Uint8Array {
  const text = `${JSON.stringify({ ...manifest, seal: unsealed }, null, 1)}\n`;
  return new TextEncoder().encode(text.replace(seal, `"seal": "${sha256(new TextEncoder().encode(text))}"\n}\n`));
}

/** Reads and checks a manifest. Throws DamagedBackupError or UnsupportedFormatError. */
export function parseManifest(key: string, bytes: Uint8Array): Manifest {
  const text = new TextDecoder().decode(bytes);
  const stated = seal.exec(text)?.[1];
  const isSealed =
    stated !== undefined &&
    sha256(new TextEncoder().encode(text.replace(seal, `"seal": "${unsealed}"\n}\n`))) === stated;
  const manifest = parsed(text);
  if (
    manifest?.format === formatName &&
    typeof manifest.formatVersion === 'number' &&
    manifest.formatVersion > formatVersion
  ) {
    throw new UnsupportedFormatError(
      `${key} has format version ${manifest.formatVersion}; this program reads versions up to ${formatVersion}. Use a newer assets-backup.`,
    );
  }
  if (!isSealed || manifest?.format !== formatName) {
    throw new DamagedBackupError(`${key} is damaged: its seal does not match its contents.`);
  }
  return manifest;
}

/** The fields are trusted once the seal is found intact: only this program writes a seal. */
function parsed(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined; // Not JSON: the seal cannot match either, and the caller says so.
  }
}
