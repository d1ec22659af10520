import { createHash } from 'node:crypto';
import { closeSync, fstatSync, lstatSync } from 'node:fs';
import { ChangedFileError } from '../../core/errors.ts';
import type { FileToCopy } from '../../core/ports/backup-store.ts';
import { codeOf } from './disk-error.ts';
import { type OpenedFile, readInto } from './regular-file.ts';
import type { TemporaryFiles } from './temporary-files.ts';

/**
 * Makes the temporary files that copies begin as: clones or copies, read and held against the sum; or, where it is so set,
 * links, which nothing reads: that is what makes them cheap.
 */
export class FileCopies {
  readonly #temporaries: TemporaryFiles;
  readonly #areLinks: boolean;

  constructor(temporaries: TemporaryFiles, areLinks: boolean) {
    this.#temporaries = temporaries;
    this.#areLinks = areLinks;
  }

  /**
   * @param source path of the file
   * @param opened the same, which was found to be a regular file; it is closed
   * @throws ChangedFileError, or what the disk says
   */
  async make(source: string, opened: OpenedFile, { bytes, sha256 }: FileToCopy): Promise<string> {
    closeSync(opened.descriptor);
    const { dev, ino, size } = opened.stats;
    if (size !== bytes) throw changed(source);
    const linked = this.#areLinks ? await this.#link(source) : undefined;
    if (linked === undefined) {
      return await this.#temporaries.copy(source, async (copy) => {
        if (fstatSync(copy).size !== size || (await sumOf(copy, size)) !== sha256) throw changed(source);
      });
    }
    const there = lstatSync(linked);
    if (there.dev === dev && there.ino === ino) return linked;
    // Something else was put into its place since it was opened.
    this.#temporaries.discard(linked);
    throw changed(source);
  }

  async #link(source: string): Promise<string | undefined> {
    try {
      return await this.#temporaries.link(source);
    } catch (error) {
      if (withoutLinks.has(codeOf(error)) || withoutThisLink.has(codeOf(error))) return undefined;
      throw error;
    }
  }
}

/** What disks without hard links answer; EISDIR is what Node makes of Windows' answer on FAT. */
export const withoutLinks: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EISDIR',
]);

/** The file has all the names that it may have (NTFS: 1,024), is somebody else's, or lies on another disk than the work. */
const withoutThisLink: ReadonlySet<string | undefined> = new Set(['EMLINK', 'EACCES', 'EXDEV']);

const changed = (path: string) => new ChangedFileError(`${path} has not the bytes any more with which it was written.`);

/** SHA-256 of an open file of so many bytes. */
async function sumOf(descriptor: number, size: number): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(pieceBytes, size));
  for (let at = 0; at < size; ) {
    const filled = await readInto(buffer, descriptor, at);
    if (filled === 0) break;
    hash.update(buffer.subarray(0, filled));
    at += filled;
  }
  return hash.digest('hex');
}

const pieceBytes = 256 * 1024;
