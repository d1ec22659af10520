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
  /** What is wrong, by file. Empty: every byte is as it was stored, and the backup is whole in itself. */
  readonly problems: readonly { readonly key: string; readonly problem: string }[];
  /** Files in the backup's folder that its manifest does not name: not read, not damage. */
  readonly strangers: readonly string[];
}
