import { schemaListKey } from '../backup-format/keys.ts';
import { checkedList } from '../backup-format/list-files.ts';
import type { Manifest, ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import { sha256 } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';

/**
 * A backup as a restore reads it: every file by the manifest's lists, and none whose bytes are not what the list says.
 * Throws DamagedBackupError.
 */
export class BackupSource {
  readonly manifest: Manifest;
  readonly #backups: BackupStore;
  /** All files but histories and comments, of which there may be a million. */
  readonly #files = new Map<string, StoredFile>();

  private constructor(backups: BackupStore, manifest: Manifest) {
    this.#backups = backups;
    this.manifest = manifest;
  }

  static async open(backups: BackupStore, manifest: Manifest): Promise<BackupSource> {
    const source = new BackupSource(backups, manifest);
    for await (const file of source.listed()) if (!activityOf(file.key)) source.#files.set(file.key, file);
    return source;
  }

  /** Every file that the manifest's lists name, in their order. */
  async *listed(): AsyncGenerator<StoredFile> {
    for (const list of this.manifest.fileLists) yield* checkedList<StoredFile>(this.#backups, list);
  }

  /** The file of a key; undefined where the backup does not have it. */
  file(key: string): StoredFile | undefined {
    return this.#files.get(key);
  }

  async bytes(file: StoredFile): Promise<Uint8Array> {
    const bytes = await this.#backups.read(file.key);
    if (sha256(bytes) !== file.sha256) {
      throw new DamagedBackupError(
        `${file.key} is damaged: its SHA-256 is not the manifest's. Run \`assets-backup verify\`, and restore another backup.`,
      );
    }
    return bytes;
  }

  async json<T>(file: StoredFile): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(file))) as T;
  }

  /** The contents of a file of configuration; undefined where the backup does not have it. */
  async configuration<T>(key: string): Promise<T | undefined> {
    const file = this.#files.get(key);
    return file && this.json<T>(file);
  }

  /** All schemas that the account could see, with what only the list tells of them. */
  async schemaList(): Promise<ApiRecord[]> {
    return (await this.configuration<ApiRecord[]>(schemaListKey(this.manifest.name))) ?? [];
  }

  schemaOf(key: string): ManifestSchema | undefined {
    return this.manifest.schemas.find((schema) => schema.key === key);
  }
}

/** What kind of activity a file holds and of which object; undefined for every other file. */
export function activityOf(
  key: string,
): { readonly kind: 'comments' | 'history'; readonly objectId: string } | undefined {
  const match = /\/objects\/(comments|history)\/([^/]+)\.json$/.exec(key);
  return match?.[2] === undefined ? undefined : { kind: match[1] as 'comments' | 'history', objectId: match[2] };
}
