import { DamagedBackupError, MissingKeyError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { readFileList } from './list-files.ts';
import { type Manifest, type StoredFile, sha256 } from './manifest.ts';

/**
 * What a backup holds of one object's history, or of its comments. An object that has none has no file that could say so.
 */
export interface ActivityState {
  /** The start of the backup that asked the site for it (ISO 8601); null where none of them has got it. */
  readonly read: string | null;
  /** Entries of the history, or comments. */
  readonly records: number;
  /** That this night was to read it, and did not: the site failed to give it, or time was up. The next night does. */
  readonly missed?: 'failed' | 'not-reached';
}

/** A line of `manifest/activity-*.jsonl`: an object of the backup. */
export interface ActivityLine extends Readonly<Record<ActivityKind, ActivityState>> {
  readonly object: string;
  /** Id of its type. */
  readonly type: string;
  /** Of the object as it was stored: another one where it has changed (`recordDigest`). */
  readonly digest: string;
  /** Of its values alone (`objectDigest`), whatever its key and its times; of earlier nights there is none. */
  readonly values?: string;
  /** Which file of its type holds it, from 0, where the type has several; of earlier nights nobody says. */
  readonly shard?: number;
}

/** Whether a key is that of such a list. */
export const isActivityList = (key: string) => /\/manifest\/activity-[^/]+$/.test(key);

/**
 * The lines of a backup, list by list. Throws DamagedBackupError where a list is missing or damaged.
 * @param of ids of the objects whose lines are wanted, where not all are
 */
export function readActivityLines(
  backups: BackupStore,
  manifest: Manifest,
  files: readonly StoredFile[],
  of?: ReadonlySet<string>,
  passOver?: PassOver,
): AsyncGenerator<ActivityLine> {
  return readListedLines(
    backups,
    manifest,
    files.filter(({ key }) => isActivityList(key)),
    { isWanted: of && ((line) => of.has(objectListed(line))), passOver },
  );
}

/** Of a line as it is written; to parse the others for their ids takes longer than all else. */
function objectListed(line: string): string {
  const [, id] = /^\{"object":"([^"\\]+)"/.exec(line) ?? [];
  return id ?? (JSON.parse(line) as ActivityLine).object;
}

/** Is told of each list that is missing or damaged, for whoever goes on without it. */
export type PassOver = (damage: DamagedBackupError) => void;

/** The lines of lists in a backup's folder `manifest/`, those that are wanted. Throws DamagedBackupError where one is missing or damaged. */
export async function* readListedLines<Line>(
  backups: BackupStore,
  manifest: Manifest,
  lists: readonly StoredFile[],
  {
    isWanted = () => true,
    passOver,
  }: { isWanted?: ((line: string) => boolean) | undefined; passOver?: PassOver | undefined } = {},
): AsyncGenerator<Line> {
  for (const file of lists) {
    let text: string;
    try {
      text = await listText(backups, manifest, file);
    } catch (error) {
      if (!passOver || !(error instanceof DamagedBackupError)) throw error;
      passOver(error);
      continue;
    }
    for (const line of text.split('\n')) if (line !== '' && isWanted(line)) yield JSON.parse(line) as Line;
  }
}

async function listText(backups: BackupStore, { name }: Manifest, { key, sha256: sum }: StoredFile): Promise<string> {
  const bytes = await backups.read(key).catch((error: unknown) => {
    if (error instanceof MissingKeyError) throw new DamagedBackupError(`${key} ${error.problem}.`);
    throw error;
  });
  if (sha256(bytes) !== sum)
    throw new DamagedBackupError(`${key} is damaged: its SHA-256 is not the one in the lists of ${name}.`);
  return new TextDecoder().decode(bytes);
}

/** The files that a backup's lists name, one after the other. Throws DamagedBackupError where a list is missing or damaged. */
export async function* eachFile(backups: BackupStore, manifest: Manifest): AsyncGenerator<StoredFile> {
  for (const list of manifest.fileLists) {
    const read = await readFileList(backups, manifest, list);
    if (read.problem !== undefined) throw new DamagedBackupError(`${list.key} ${read.problem}.`);
    yield* read.files;
  }
}

/** All of them. Throws DamagedBackupError. */
export async function allFiles(backups: BackupStore, manifest: Manifest): Promise<StoredFile[]> {
  return Array.fromAsync(eachFile(backups, manifest));
}
