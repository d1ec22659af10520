/** A file of a backup of the original scripts. */
export interface TreeFile {
  /** From the backup's own folder on, with `/` between segments: `FAC/config/objecttypes.json`. */
  readonly path: string;
  readonly bytes: number;
  /** Why it is not read, to go on after its path: `is a symbolic link`. Of files undefined. */
  readonly problem?: string;
}

/** A backup of the original scripts, wherever it lies: a folder, or a zip of one. Nothing is ever written there. */
export interface ScriptTree {
  /** By which it goes here: that of its folder. */
  readonly name: string;
  /** Where it lies, for people. */
  readonly address: string;
  readonly kind: 'folder' | 'zip';
  /** Another one where a file of it was added, removed or changed: 32 hex digits. */
  readonly fingerprint: string;
  /** When the newest of its files was written, as far as the place tells: milliseconds since 1970. */
  readonly newest: number;
  /** In the order of their paths. */
  readonly files: readonly TreeFile[];
  /** A whole file. Throws DamagedBackupError where it is not, or no longer, as it was listed. */
  read(path: string): Promise<Uint8Array>;
  /** To be called when nothing is read any more. */
  close(): Promise<void>;
}
