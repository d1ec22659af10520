import { readFileList } from '../backup-format/list-files.ts';
import { type Manifest, type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { CopyRefusedError, DamagedBackupError, KeyExistsError, MissingKeyError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { sideBySide } from '../side-by-side.ts';

/** Files at once; each is held whole for a moment. Most are small, and a store takes its time for each. */
const filesAtOnce = 16;

export interface CopiedFiles {
  /** Files that went over, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files that lay there already, with the right bytes. */
  readonly found: number;
}

export interface FileCopy {
  readonly source: BackupStore;
  readonly destination: BackupStore;
  /** Called before each file, and after it; the first may throw. */
  readonly begins: () => void;
  readonly done: () => void;
}

/** Every file of a backup but its manifest: what the lists name, then the lists. Throws DamagedBackupError. */
export async function filesOf(backups: BackupStore, manifest: Manifest): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  for (const list of manifest.fileLists) {
    const read = await readFileList(backups, manifest, list);
    if (read.problem !== undefined) throw new DamagedBackupError(`${backups.addressOf(list.key)} ${read.problem}.`);
    files.push(...read.files);
  }
  return [...files, ...manifest.fileLists];
}

/**
 * Copies what is not there yet. What is there is read first: a file counts only by its bytes, and one that has others stops all
 * before anything is written. Throws CopyRefusedError, DamagedBackupError.
 */
export async function copyFiles(folder: string, files: readonly StoredFile[], copy: FileCopy): Promise<CopiedFiles> {
  const { destination, begins, done } = copy;
  const there = await sizesIn(destination, folder);
  const found = files.filter(({ key }) => there.has(key));
  await sideBySide(found, filesAtOnce, async (file) => {
    begins();
    if (there.get(file.key) !== file.bytes || !(await hasBytes(destination, file))) throw inTheWay(destination, file);
    done();
  });
  const missing = files.filter(({ key }) => !there.has(key));
  await sideBySide(missing, filesAtOnce, async (file) => {
    begins();
    await send(file, copy);
    done();
  });
  return {
    files: missing.length,
    bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0),
    found: found.length,
  };
}

async function sizesIn(backups: BackupStore, folder: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of backups.list(`${folder}/`)) sizes.set(key, bytes);
  return sizes;
}

async function send(file: StoredFile, { source, destination }: FileCopy): Promise<void> {
  const bytes = await readWhole(source, file);
  if (bytes === undefined) {
    throw new DamagedBackupError(
      `${source.addressOf(file.key)} has not the bytes any more with which it was verified a moment ago. No manifest was written, so what was copied is no backup.`,
    );
  }
  await createSame(destination, file, bytes);
}

/** Writes a new file, or finds it there with just these bytes. Throws CopyRefusedError. */
export async function createSame(
  backups: BackupStore,
  file: Pick<StoredFile, 'key' | 'bytes' | 'sha256'>,
  bytes: Uint8Array,
): Promise<void> {
  try {
    await backups.create(file.key, bytes);
  } catch (error) {
    if (!(error instanceof KeyExistsError)) throw error;
    if (!(await hasBytes(backups, file))) throw inTheWay(backups, file, error);
  }
}

async function hasBytes(backups: BackupStore, file: Pick<StoredFile, 'key' | 'bytes' | 'sha256'>): Promise<boolean> {
  return (await readWhole(backups, file)) !== undefined;
}

/** The bytes that a list names; undefined where they are not there, or are others. */
async function readWhole(
  backups: BackupStore,
  { key, bytes: size, sha256: sum }: Pick<StoredFile, 'key' | 'bytes' | 'sha256'>,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await backups.read(key, size);
    return bytes.length === size && sha256(bytes) === sum ? bytes : undefined;
  } catch (error) {
    if (error instanceof MissingKeyError) return undefined;
    throw error;
  }
}

function inTheWay(backups: BackupStore, { key }: Pick<StoredFile, 'key'>, cause?: unknown): CopyRefusedError {
  return new CopyRefusedError(
    `${backups.addressOf(key)} is there already, with other bytes than the backup's: nothing is ever written over. Move that folder away, or copy into another place.`,
    { cause },
  );
}
