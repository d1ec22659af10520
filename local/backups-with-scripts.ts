import { join, resolve } from 'node:path';
import type { DirectoryBackupStore } from '../adapters/disk/directory-backup-store.ts';
import { isBelow, mayNameBackup } from '../core/backup-format/keys.ts';
import { MissingKeyError } from '../core/errors.ts';
import type { ScriptTree } from '../core/original-scripts/script-tree.ts';
import {
  type BackupStore,
  type FileToCopy,
  partOf,
  type ScriptsBackup,
  type StoredKey,
} from '../core/ports/backup-store.ts';
import type { ConvertedStore } from './converted-store.ts';
import { type LocalRoot, type ScriptsPlace, schemasOfScripts } from './local-root.ts';

/**
 * The backups of a folder, with those of the original scripts among them: each is shown as one of ours, which it is made into in the work
 * folder when it is first read. Nothing of the scripts is ever changed. A place that is a single backup of theirs shows just that one.
 */
export class BackupsWithScripts implements BackupStore {
  readonly #own: DirectoryBackupStore;
  readonly #place: LocalRoot;
  readonly #known = new Map<string, Promise<Scripts | undefined>>();
  #only: Promise<OnlyScripts> | undefined;

  constructor(own: DirectoryBackupStore, place: LocalRoot) {
    this.#own = own;
    this.#place = place;
  }

  create(key: string, bytes: Uint8Array): Promise<void> {
    return this.#own.create(key, bytes);
  }

  async copy(from: FileToCopy, key: string): Promise<void> {
    return this.#own.copy(from, key);
  }

  async read(key: string, mostBytes?: number): Promise<Uint8Array> {
    return (await this.#storeOf(key)).read(key, mostBytes);
  }

  async readPart(key: string, from: number, bytes: number): Promise<Uint8Array> {
    return partOf(await this.#storeOf(key), key, from, bytes);
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    yield* (await this.#storeOf(key)).stream(key);
  }

  async *list(prefix: string): AsyncGenerator<StoredKey> {
    const scripts = prefix.includes('/') ? await this.#scriptsIn(prefix) : undefined;
    if (scripts) yield* (await scripts.converted()).list(prefix);
    else if (this.#place.only === null) yield* this.#own.list(prefix);
  }

  async *folders(): AsyncGenerator<string> {
    if (this.#place.only === null) yield* this.#own.folders();
    else yield (await this.#onlyOf(this.#place.only)).name;
  }

  /** Of a backup of the scripts, where it lies itself. */
  addressOf(key: string): string {
    const { only } = this.#place;
    return only === null ? this.#own.addressOf(key) : join(resolve(only.path), ...key.split('/').slice(1));
  }

  async ofScripts(name: string): Promise<ScriptsBackup | undefined> {
    return this.#scripts(name);
  }

  async #storeOf(key: string): Promise<BackupStore> {
    const scripts = await this.#scriptsIn(key);
    if (scripts) return scripts.converted();
    if (this.#place.only === null) return this.#own;
    throw new MissingKeyError(`There is no ${key} here: this place is a single backup of the original scripts.`);
  }

  #scriptsIn(key: string): Promise<Scripts | undefined> {
    return this.#scripts(key.slice(0, Math.max(0, key.indexOf('/'))));
  }

  #scripts(name: string): Promise<Scripts | undefined> {
    const known = this.#known.get(name) ?? this.#find(name);
    this.#known.set(name, known);
    return known;
  }

  async #find(name: string): Promise<Scripts | undefined> {
    const { root, only } = this.#place;
    if (!mayNameBackup(name) || !isBelow(`${name}/x`, name)) return undefined;
    if (only !== null) {
      const { name: own, schemas } = await this.#onlyOf(only);
      return own === name ? new Scripts(root, () => openScripts(only), schemas) : undefined;
    }
    const folder = join(root, name);
    const schemas = schemasOfScripts(folder);
    return schemas && new Scripts(root, () => openScripts({ path: folder, kind: 'folder' }), schemas);
  }

  #onlyOf(only: ScriptsPlace): Promise<OnlyScripts> {
    this.#only ??= openScripts(only).then(async (tree) => {
      const { recogniseScripts, scriptsListPath } = await import('../core/original-scripts/recognise.ts');
      try {
        const list = recogniseScripts(await tree.read(scriptsListPath));
        return { name: tree.name, schemas: list?.schemas ?? [] };
      } finally {
        await tree.close();
      }
    });
    return this.#only;
  }
}

interface OnlyScripts {
  readonly name: string;
  readonly schemas: readonly string[];
}

/** What reads and converts them is loaded only where there are some. */
async function openScripts({ path, kind }: ScriptsPlace): Promise<ScriptTree> {
  if (kind === 'zip') return (await import('../adapters/disk/script-zip.ts')).openScriptZip(path);
  return (await import('../adapters/disk/script-folder.ts')).openScriptFolder(path);
}

/** A backup of the scripts, that is converted once, when somebody reads it. */
class Scripts implements ScriptsBackup {
  readonly schemas: readonly string[];
  readonly #root: string;
  readonly #open: () => Promise<ScriptTree>;
  #converted: Promise<ConvertedStore> | undefined;

  constructor(root: string, open: () => Promise<ScriptTree>, schemas: readonly string[]) {
    this.#root = root;
    this.#open = open;
    this.schemas = schemas;
  }

  async converted(): Promise<BackupStore> {
    this.#converted ??= this.#convert();
    return (await this.#converted).store;
  }

  async readAgain(): Promise<{ readonly isAsBefore: boolean }> {
    // Of a large one that takes minutes.
    if (this.#converted !== undefined && (await this.#converted).isMadeNow) return { isAsBefore: true };
    const { convertedStoreAgain } = await import('./converted-store.ts');
    const { store, isAsBefore } = await convertedStoreAgain(this.#root, await this.#open());
    this.#converted = Promise.resolve({ store, isMadeNow: true });
    return { isAsBefore };
  }

  async #convert(): Promise<ConvertedStore> {
    const { convertedStore } = await import('./converted-store.ts');
    return convertedStore(this.#root, await this.#open());
  }
}
