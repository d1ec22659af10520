import { DamagedBackupError, MissingKeyError, NoSuchBackupError, UnsupportedFormatError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { isBackupName, isBelow, manifestKey } from './keys.ts';
import {
  checkManifest,
  formatName,
  type Manifest,
  movedManifest,
  parseManifest,
  type StoredFile,
  sha256,
} from './manifest.ts';

/** A backup as a listing shows it. `unfinished` has no manifest, `damaged` one that cannot be believed. */
export type ListedBackup =
  | { readonly name: string; readonly state: 'finished'; readonly manifest: Manifest }
  | { readonly name: string; readonly state: 'unfinished' | 'damaged' | 'unsupported'; readonly reason: string }
  /** Counts nowhere, and is made into one of ours by whoever opens it by its name. */
  | {
      readonly name: string;
      readonly state: 'original-scripts';
      readonly reason: string;
      readonly schemas: readonly string[];
    };

/** All backups of a store, oldest first, also those whose folder somebody has given a name of his own. */
export async function* listBackups(backups: BackupStore): AsyncGenerator<ListedBackup> {
  const listed: ListedBackup[] = [];
  for await (const folder of backups.folders()) {
    const scripts = await listedScripts(backups, folder);
    if (scripts) listed.push(scripts);
    else if (isBackupName(folder) || (await holdsManifest(backups, folder)))
      listed.push(await openListed(backups, folder));
  }
  const age = (one: ListedBackup) => (one.state === 'finished' ? (one.manifest.writtenAs ?? one.name) : one.name);
  yield* listed.sort((one, other) => (age(one) < age(other) ? -1 : 1));
}

/** Whether a folder of any name has a manifest of ours: other programs have files of that name too. */
async function holdsManifest(backups: BackupStore, folder: string): Promise<boolean> {
  try {
    return new TextDecoder().decode(await backups.read(manifestKey(folder))).includes(`"format": "${formatName}"`);
  } catch (error) {
    if (error instanceof MissingKeyError) return false;
    throw error;
  }
}

/** Names of whole and unfinished backups, oldest first: a name is a time. Renamed ones are not among them, unless to another time. */
export async function backupNames(backups: BackupStore): Promise<string[]> {
  const names: string[] = [];
  for await (const folder of backups.folders()) if (isBackupName(folder)) names.push(folder);
  return names.sort();
}

/** A backup as a listing shows it. Throws NoSuchBackupError. */
export async function openListed(backups: BackupStore, name: string): Promise<ListedBackup> {
  const scripts = await listedScripts(backups, name);
  if (scripts) return scripts;
  try {
    return { name, state: 'finished', manifest: await openBackup(backups, name) };
  } catch (error) {
    if (error instanceof UnfinishedBackup) return { name, state: 'unfinished', reason: error.message };
    if (error instanceof DamagedBackupError) return { name, state: 'damaged', reason: error.message };
    if (error instanceof UnsupportedFormatError) return { name, state: 'unsupported', reason: error.message };
    throw error;
  }
}

async function listedScripts(backups: BackupStore, name: string): Promise<ListedBackup | undefined> {
  const scripts = await backups.ofScripts?.(name);
  if (!scripts) return undefined;
  const reason = `${name} is a backup of the original scripts: it counts nowhere, and can be shown, verified, restored, compared and copied by its name.`;
  return { name, state: 'original-scripts', reason, schemas: scripts.schemas };
}

/**
 * A backup's manifest, checked. Where somebody has given the folder another name, its keys are those of now, and `writtenAs`
 * is the old name. Throws NoSuchBackupError, DamagedBackupError, UnsupportedFormatError.
 */
export async function openBackup(backups: BackupStore, name: string): Promise<Manifest> {
  const key = manifestKey(name);
  let manifest: Manifest;
  try {
    manifest = parseManifest(key, await backups.read(key));
    checkManifest(key, manifest);
  } catch (error) {
    if (error instanceof MissingKeyError) throw await withoutManifest(backups, name, error);
    throw error;
  }
  if (manifest.name === name) return manifest;
  const moved = movedManifest(manifest, name);
  const isInItself = manifest.fileLists.every((list) => isBelow(list.key, manifest.name));
  if (isInItself && (await hasOneOf(backups, moved.fileLists))) return moved;
  throw new DamagedBackupError(
    `${key} is the manifest of ${manifest.name}, whose files are not in this folder. Put back the manifest that belongs here; if the folder was renamed, name it ${manifest.name} again.`,
  );
}

/** A list of files is no other backup's: it names every file with its checksum. */
async function hasOneOf(backups: BackupStore, lists: readonly StoredFile[]): Promise<boolean> {
  for (const list of lists) {
    try {
      if (sha256(await backups.read(list.key)) === list.sha256) return true;
    } catch (error) {
      if (!(error instanceof MissingKeyError)) throw error;
    }
  }
  return false;
}

async function withoutManifest(backups: BackupStore, name: string, cause: MissingKeyError): Promise<Error> {
  const key = manifestKey(name);
  if (cause.instead !== undefined) return new DamagedBackupError(`${key} ${cause.problem}.`, { cause });
  for await (const _ of backups.list(`${name}/`)) {
    return new UnfinishedBackup(
      `${key} is missing: the run that wrote ${name} did not finish, or the file was removed. It is not a backup.`,
      { cause },
    );
  }
  return new NoSuchBackupError(`There is no backup ${name}. \`assets-backup list\` names those that are there.`);
}

/** A backup without its manifest counts as damaged everywhere but in a listing. */
class UnfinishedBackup extends DamagedBackupError {}
