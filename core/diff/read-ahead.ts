import type { StoredFile } from '../backup-format/manifest.ts';
import type { BackupSource } from '../reading/backup-source.ts';

/** Reads files of a backup, and while one is worked on the one after it: one at most is held that nobody has asked for yet. */
export class ReadAhead {
  readonly #source: BackupSource;
  #ahead: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(source: BackupSource) {
    this.#source = source;
  }

  /** @param next the file that is likely to be asked for then. Throws DamagedBackupError. */
  async read(file: StoredFile, next: StoredFile | undefined): Promise<Uint8Array> {
    const ahead = this.#ahead?.key === file.key ? this.#ahead.bytes : this.#source.bytes(file);
    this.#ahead = undefined;
    const bytes = await ahead;
    if (next) {
      const reading = this.#source.bytes(next);
      // Whoever asks for it is told; it may be that nobody does.
      reading.catch(() => undefined);
      this.#ahead = { key: next.key, bytes: reading };
    }
    return bytes;
  }
}
