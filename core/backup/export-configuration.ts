import { imageKindOf } from '../backup-format/image-kind.ts';
import { type SchemaConfigFile, schemaKeys } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { arrayFile, recordFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { UnexpectedAnswerError } from '../errors.ts';
import { type IconId, idOf, mentionedId, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, countIn, isRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { NotOffered } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { needJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { notVisible } from './not-visible.ts';
import { newestChangeOf } from './reconcile-objects.ts';
import { storeFile, strayNotices } from './store-file.ts';
import {
  type ConfigurationRecord,
  type ExportedType,
  type GlobalConfiguration,
  type SchemaBatch,
  workKeys,
} from './work-files.ts';

/** Requests in flight at once within one schema; the budget, not this number, sets the speed. */
const inFlight = 16;

/**
 * Stores the configuration of one schema: everything in its `config/` folder. Running it again stores nothing twice.
 * What cannot be read becomes a gap in the schema's record; what can, is stored all the same.
 */
export async function exportConfiguration(
  services: Services,
  { run, batch }: { run: Run; batch: SchemaBatch },
): Promise<void> {
  await checkSiteLock(services, run);
  const reader = services.site.reader(run.workspace, batch.budget);
  const schemaExport = new SchemaExport(services, run, batch, reader);
  const record = await schemaExport.run();
  await writeJson<ConfigurationRecord>(services.work, workKeys(run.backup).configuration(batch.schema.id), record);
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  services.reporter.advanced('configuration', 1);
}

class SchemaExport {
  readonly #services: Services;
  readonly #run: Run;
  readonly #schema: SchemaBatch['schema'];
  readonly #reader: AssetsReader;
  readonly #gaps: GapCollector;
  readonly #keys: ReturnType<typeof schemaKeys>;
  readonly #files: StoredFile[] = [];
  readonly #strays: string[] = [];
  readonly #notOffered: NotOffered[] = [];
  #attributes: NonNullable<ConfigurationRecord['attributes']> = [];
  #icons = 0;
  #objectCount: number | undefined;
  readonly #otherImages: string[] = [];

  constructor(services: Services, run: Run, { schema }: SchemaBatch, reader: AssetsReader) {
    this.#services = services;
    this.#run = run;
    this.#schema = schema;
    this.#reader = reader;
    this.#gaps = new GapCollector(services.reporter, reader);
    this.#keys = schemaKeys(run.backup, schema.folder);
  }

  async run(): Promise<ConfigurationRecord> {
    const id = this.#schema.id as ObjectSchemaId;
    const globals = await needJson<GlobalConfiguration>(this.#services.work, workKeys(this.#run.backup).globals);
    const [types, newestChange, isOffered] = await Promise.all([
      this.#types(id),
      newestChangeOf(this.#reader, id),
      this.#properties(id),
      this.#list('referencetypes', 'reference types', () => this.#reader.referenceTypes(id)),
      this.#list('statustypes', 'status types', () => this.#reader.statusTypes(id)),
      globals.referenceTypes && this.#store('global_referencetypes', globals.referenceTypes),
      globals.statusTypes && this.#store('global_statustypes', globals.statusTypes),
    ]);
    const objectTypes = types && (await this.#exportTypes(types));
    await this.#exportIcons(types ?? [], globals.icons ?? []);
    if (!isOffered) await this.#properties(id, { isSecond: true });
    return {
      ...(objectTypes && { objectTypes }),
      ...(this.#objectCount !== undefined && { objectCount: this.#objectCount }),
      ...(newestChange !== undefined && { newestChange }),
      files: this.#files,
      attributes: this.#attributes,
      counts: {
        schemas: 1,
        objectTypes: objectTypes?.length ?? 0,
        attributes: this.#attributeCount,
        icons: this.#icons,
      },
      gaps: this.#gaps.gaps,
      notices: strayNotices(this.#strays, { schemaKey: this.#schema.key }),
      otherImages: this.#otherImages,
      notOffered: this.#notOffered,
    };
  }

  get #attributeCount(): number {
    return this.#attributes.reduce((sum, [, attributes]) => sum + attributes.length, 0);
  }

  /** The schema says how many types it has. A list that is shorter is read again, and so is their number. */
  async #types(id: ObjectSchemaId): Promise<ApiRecord[] | undefined> {
    const schema = await this.#try({ what: 'object schema' }, () => this.#reader.objectSchema(id));
    if (schema) await this.#storeRecord('objectschema', schema);
    this.#objectCount = countIn(schema?.objectCount);
    let expected = countIn(schema?.objectTypeCount) ?? 0;
    return this.#list('objecttypes', 'object types', async () => {
      const types = new Map((await this.#reader.objectTypes(id)).map((type) => [idOf(type), type]));
      if (types.size < expected) {
        expected = Math.min(expected, countIn((await this.#reader.objectSchema(id)).objectTypeCount) ?? 0);
        for (const type of await this.#reader.objectTypes(id)) types.set(idOf(type), type);
      }
      if (types.size < expected) {
        const { key } = this.#schema;
        const hidden = { number: expected - types.size, of: 'object-types' } as const;
        const told = `The schema says that it has ${counted(expected, 'object type')}, and its list shows ${types.size}`;
        this.#gaps.addGap(notVisible(hidden, { where: key, told, schemaKey: key }));
      }
      return [...types.values()];
    });
  }

  /** Attributes of every type, one file a type. */
  async #exportTypes(records: readonly ApiRecord[]): Promise<ExportedType[]> {
    const types = records.map((record) => ({
      id: idOf<'object type'>(record),
      name: textOf(record.name) ?? '',
      objectCount: countIn(record.objectCount) ?? 0,
    }));
    const attributes = await this.#readAttributes(types);
    const keys = new Map<string, string>();
    await sideBySide(types, inFlight, async (type) => {
      const ofType = attributes.get(type.id);
      if (!ofType) return;
      keys.set(type.id, await this.#put(this.#keys.attributes(type), arrayFile([...ofType.values()]), ofType.size));
    });
    this.#attributes = types.flatMap(({ id }) => {
      const ofType = attributes.get(id);
      return ofType ? [[id, [...ofType].map(named)] as const] : [];
    });
    return types.map((type) => ({ ...type, attributes: keys.get(type.id) ?? null }));
  }

  /**
   * The attributes of each type, as JSON text by id, held against those of the whole schema: where a type's list lacks
   * one, all lists are read once more.
   */
  async #readAttributes(
    types: readonly { id: ObjectTypeId; name: string }[],
  ): Promise<Map<string, Map<string, string>>> {
    const ofTypes = new Map<string, Map<string, string>>();
    const known = new Set<string>();
    const readAll = () =>
      sideBySide(types, inFlight, async ({ id, name }) => {
        const place = { what: `attributes of object type ${name}`, objectTypeId: id };
        const records = await this.#try(place, () => this.#reader.attributes(id));
        if (!records) return;
        const ofType = ofTypes.get(id) ?? new Map<string, string>();
        for (const record of records) {
          ofType.set(idOf(record), JSON.stringify(record));
          known.add(idOf(record));
        }
        ofTypes.set(id, ofType);
      });
    await readAll();
    const check = { kind: 'checks', what: 'attributes of the whole schema' } as const;
    const whole = await this.#try(check, () => this.#reader.schemaAttributes(this.#schema.id as ObjectSchemaId));
    const isShort = () => ofTypes.size === types.length && whole?.some((record) => !known.has(idOf(record))) === true;
    if (isShort()) await readAll();
    if (isShort()) {
      const missing = whole?.filter((record) => !known.has(idOf(record))).length ?? 0;
      const sentence = `The schema has ${counted(missing, 'attribute')} that none of its types lists.`;
      this.#gaps.add(
        { kind: 'configuration', what: 'attributes', schemaKey: this.#schema.key },
        new UnexpectedAnswerError(sentence),
      );
    }
    return ofTypes;
  }

  /** All global icons by name, and with its image each icon that a type of this schema shows. */
  async #exportIcons(types: readonly ApiRecord[], globalIcons: readonly string[]): Promise<void> {
    const icons = new Map(globalIcons.map((text) => [idOf<'icon'>(JSON.parse(text) as ApiRecord), text]));
    const used = new Set(types.flatMap(({ icon }) => (isRecord(icon) ? (mentionedId<'icon'>(icon, 'id') ?? []) : [])));
    await sideBySide(used, inFlight, async (id: IconId) => {
      if (!icons.has(id)) {
        const icon = await this.#try({ kind: 'icons', what: `icon ${id}` }, () => this.#reader.icon(id));
        if (icon) icons.set(id, JSON.stringify(icon));
      }
      const image = await this.#try({ kind: 'icons', what: `image of icon ${id}` }, () => this.#reader.iconImage(id));
      if (!image) return;
      const kind = imageKindOf(image);
      await this.#put(this.#keys.icon(id, kind), image, 1);
      this.#icons += 1;
      if (kind !== 'png') this.#otherImages.push(id);
    });
    await this.#store('icons', [...icons.values()]);
  }

  /**
   * Undocumented, and it may take an administrator: whatever happens here, the backup is usable. False where the site seems not to
   * have the endpoint. A 404 may be a fault of a moment, so that is believed when it says so again, after all else was read.
   */
  async #properties(id: ObjectSchemaId, { isSecond = false } = {}): Promise<boolean> {
    const place = { kind: 'checks', what: 'properties of the schema' } as const;
    const answer = await this.#try(place, () => this.#reader.objectSchemaProperties(id));
    if (answer?.offered) await this.#storeRecord('objectschema_properties', answer.value);
    else if (answer && isSecond) this.#notOffered.push({ what: 'schema properties', reason: answer.reason });
    return answer?.offered !== false;
  }

  async #list<T extends JsonRecord>(
    file: SchemaConfigFile,
    what: string,
    read: () => Promise<T[]>,
  ): Promise<T[] | undefined> {
    const records = await this.#try({ what }, read);
    if (records)
      await this.#store(
        file,
        records.map((record) => JSON.stringify(record)),
      );
    return records;
  }

  #try<T>(
    place: { kind?: 'icons' | 'checks'; what: string; objectTypeId?: string },
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    return this.#gaps.try({ kind: 'configuration', schemaKey: this.#schema.key, ...place }, read);
  }

  #store(file: SchemaConfigFile, records: readonly string[]): Promise<string> {
    return this.#put(this.#keys.config(file), arrayFile(records), records.length);
  }

  #storeRecord(file: SchemaConfigFile, record: JsonRecord): Promise<string> {
    return this.#put(this.#keys.config(file), recordFile(record), Object.keys(record).length);
  }

  /** Gives the key that the file has got. */
  async #put(key: string, bytes: Uint8Array, records: number): Promise<string> {
    const file = await storeFile(this.#services.backups, key, bytes, records, this.#strays);
    this.#files.push(file);
    return file.key;
  }
}

function named([id, text]: readonly [id: string, text: string]): readonly [id: string, name: string] {
  return [id, textOf((JSON.parse(text) as ApiRecord).name) ?? ''];
}
