import { saysOf } from '../backup/shard-writer.ts';
import type { ActivityLine } from '../backup-format/activity-list.ts';
import type { ManifestObjectType } from '../backup-format/manifest.ts';
import type { AttributeSays } from '../backup-format/object-values.ts';
import { recordDigest } from '../backup-format/record-digest.ts';
import { objectDigest, valuesAsListed } from '../comparison/object-values.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import type { Night } from './night.ts';

export type Attributes = ReadonlyMap<string, AttributeSays>;

/** Attributes of types by their files' checksums: most nights have the same as the one after. */
export class AttributesRead {
  readonly #byType = new Map<string, { readonly sha256: string; readonly attributes: Attributes }>();

  /** Throws DamagedBackupError. */
  async of(source: BackupSource, { id, attributes: key }: ManifestObjectType): Promise<Attributes> {
    const file = key === null ? undefined : source.file(key);
    if (!file) return new Map();
    const known = this.#byType.get(id);
    if (known?.sha256 === file.sha256) return known.attributes;
    const records = await source.json<ApiRecord[]>(file);
    const attributes = new Map(records.map((record) => [idOf(record) as string, saysOf(record)]));
    this.#byType.set(id, { sha256: file.sha256, attributes });
    return attributes;
  }
}

/** What a list says of an object: where it is, and by what it can be told whether it has changed. */
export type ListedObject = Pick<ActivityLine, 'object' | 'type' | 'digest' | 'values' | 'shard'>;

/** The objects of one night, by its lists where it has them, and by its files. */
export class NightObjects {
  readonly night: Night;
  readonly types: ReadonlyMap<string, ManifestObjectType>;
  readonly #source: BackupSource;
  readonly #attributes: AttributesRead;

  private constructor(night: Night, source: BackupSource, attributes: AttributesRead) {
    this.night = night;
    this.types = new Map(
      night.manifest.schemas.flatMap(({ objectTypes }) => objectTypes.map((type) => [type.id, type] as const)),
    );
    this.#source = source;
    this.#attributes = attributes;
  }

  /** Throws DamagedBackupError where a list of files is missing or damaged. */
  static async open(backups: BackupStore, night: Night, attributes: AttributesRead): Promise<NightObjects> {
    return new NightObjects(night, await BackupSource.open(backups, night.manifest), attributes);
  }

  /** What the lists say; nothing of a backup that has none. Throws DamagedBackupError in the middle of it. */
  listed(): AsyncGenerator<ListedObject> {
    return this.#source.activityLines();
  }

  /** Objects of one file of a type, with what its attributes say. Throws DamagedBackupError. */
  async read(type: ManifestObjectType, shard: number): Promise<{ objects: ApiRecord[]; attributes: Attributes }> {
    const key = type.objectsMeta[shard] ?? '';
    const file = this.#source.file(key);
    if (!file) throw new DamagedBackupError(`${key} is named by the manifest, and by no list of files.`);
    const attributes = await this.#attributes.of(this.#source, type);
    return { objects: await this.#source.json<ApiRecord[]>(file), attributes };
  }
}

/** What a list would say of an object. */
export function listedAs(object: ApiRecord, type: string, attributes: Attributes): ListedObject {
  const values = objectDigest(valuesAsListed(object, attributes));
  return { object: idOf(object), type, digest: recordDigest(object, attributes), values };
}
