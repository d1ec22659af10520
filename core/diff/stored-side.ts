import { imageKinds } from '../backup-format/image-kind.ts';
import { schemaKeys } from '../backup-format/keys.ts';
import type { ManifestSchema } from '../backup-format/manifest.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { type Absences, type Side, type SideIcon, type SideSchema, sideTypes } from './side.ts';

/** Contents of files by their SHA-256: two backups share most of their configuration, which is then read and held once. */
export type SharedFiles = Map<string, Promise<unknown>>;

/** A backup as a side. What it does not have is undefined. Throws DamagedBackupError. */
export async function storedSide(source: BackupSource, absences: Absences, shared: SharedFiles): Promise<Side> {
  return new StoredSide(source, absences, shared).read();
}

class StoredSide {
  readonly #source: BackupSource;
  readonly #absences: Absences;
  readonly #shared: SharedFiles;
  readonly #icons = new Map<string, SideIcon & { readonly schemas: Set<string> }>();
  #hasIcons = false;

  constructor(source: BackupSource, absences: Absences, shared: SharedFiles) {
    this.#source = source;
    this.#absences = absences;
    this.#shared = shared;
  }

  async read(): Promise<Side> {
    const { name, schemas } = this.#source.manifest;
    const statusTypes = await this.#global('global_statustypes');
    const referenceTypes = await this.#global('global_referencetypes');
    const globals = { statustypes: idsOf(statusTypes), referencetypes: idsOf(referenceTypes) };
    const read: SideSchema[] = [];
    for (const schema of schemas) read.push(await this.#schema(schema, globals));
    const icons = this.#hasIcons ? [...this.#icons.values()] : undefined;
    return { name, schemas: read, statusTypes, referenceTypes, icons, absences: this.#absences };
  }

  async #schema(schema: ManifestSchema, globals: Globals): Promise<SideSchema> {
    const { id, key, name, objectTypes } = schema;
    const keys = schemaKeys(this.#source.manifest.name, schema.folder);
    const attributes = new Map<string, readonly ApiRecord[]>();
    for (const type of objectTypes) {
      const list = type.attributes === null ? undefined : await this.#file<ApiRecord[]>(type.attributes);
      if (list) attributes.set(type.id, list);
    }
    const types = (await this.#file<ApiRecord[]>(keys.config('objecttypes'))) ?? [];
    // A site may list those of no schema with those of each as well.
    const own = async (file: keyof Globals) =>
      (await this.#file<JsonRecord[]>(keys.config(file)))?.filter(({ id }) => !globals[file].has(textOf(id)));
    await this.#addIcons(schema, keys);
    return {
      id,
      key,
      name,
      record: await this.#file<ApiRecord>(keys.config('objectschema')),
      properties: await this.#file<JsonRecord>(keys.config('objectschema_properties')),
      types: sideTypes(schema, types, (typeId) => attributes.get(typeId)),
      statusTypes: await own('statustypes'),
      referenceTypes: await own('referencetypes'),
    };
  }

  async #addIcons({ id: schemaId }: ManifestSchema, keys: ReturnType<typeof schemaKeys>): Promise<void> {
    const list = await this.#file<ApiRecord[]>(keys.config('icons'));
    this.#hasIcons ||= list !== undefined;
    for (const record of list ?? []) {
      const id = idOf<'icon'>(record);
      const file = imageKinds.map((kind) => this.#source.file(keys.icon(id, kind))).find((one) => one !== undefined);
      const known = this.#icons.get(id);
      this.#icons.set(id, {
        id,
        name: known?.name ?? textOf(record.name) ?? '',
        image: known?.image ?? file?.sha256,
        schemas: new Set([...(known?.schemas ?? []), schemaId]),
      });
    }
  }

  /** The same in every schema: the first that has it is read. */
  async #global(file: 'global_statustypes' | 'global_referencetypes'): Promise<JsonRecord[] | undefined> {
    const { name, schemas } = this.#source.manifest;
    for (const { folder } of schemas) {
      const records = await this.#file<JsonRecord[]>(schemaKeys(name, folder).config(file));
      if (records) return records;
    }
    return undefined;
  }

  async #file<T>(key: string): Promise<T | undefined> {
    const file = this.#source.file(key);
    if (!file) return undefined;
    const content = this.#shared.get(file.sha256) ?? this.#source.json<unknown>(file);
    this.#shared.set(file.sha256, content);
    return (await content) as T;
  }
}

type Globals = Readonly<Record<'statustypes' | 'referencetypes', ReadonlySet<string | undefined>>>;

const idsOf = (records: readonly JsonRecord[] | undefined) => new Set((records ?? []).map(({ id }) => textOf(id)));
