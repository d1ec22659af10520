import type { Manifest } from '../backup-format/manifest.ts';

/** What verification found. */
export interface Verification {
  readonly backup: string;
  /** The name with which it was written, where somebody has given its folder another one since. */
  readonly writtenAs?: string;
  readonly files: number;
  readonly bytes: number;
  readonly objects: number;
  readonly referencesInside: number;
  readonly referencesOutside: number;
  /** Of how many objects history and comments came from where, and how old the oldest are, as the manifest says; null without one. */
  readonly activity: Manifest['activity'] | null;
  /** What is wrong, by file. Empty: every byte is as it was stored, and the backup is whole in itself. */
  readonly problems: readonly { readonly key: string; readonly problem: string }[];
  /** Of a backup of the original scripts, which have stored no checksums: what was checked instead, a sentence each. */
  readonly originalScripts?: readonly string[];
  /** Files in the backup's folder that its manifest does not name: not read, not damage. */
  readonly strangers: readonly string[];
}
