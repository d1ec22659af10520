import { groupedGaps } from '../backup/grouped-gaps.ts';
import { IndexedObjects, type IndexOfShard } from '../backup/indexed-objects.ts';
import { resolveReferences } from '../backup/resolve-references.ts';
import { storeFile } from '../backup/store-file.ts';
import { storedList } from '../backup/stored-list.ts';
import type { ShardIndex } from '../backup/work-files.ts';
import type { ActivityState } from '../backup-format/activity-list.ts';
import {
  activityListKey,
  attributeListKey,
  fileListKey,
  isBackupName,
  manifestKey,
  schemaKeys,
  schemaListKey,
} from '../backup-format/keys.ts';
import {
  type ActivityCounts,
  formatName,
  formatVersion,
  type Manifest,
  manifestFile,
  type StoredFile,
} from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import type { ActivityKind } from '../model/activity.ts';
import { type Gap, type Notice, statusOf } from '../model/outcome.ts';
import { needJson } from '../work-store/json-file.ts';
import type { ConversionServices } from './conversion-services.ts';
import { ActivityConversion } from './convert-activity.ts';
import { type ConvertedSchema, SchemaConversion } from './convert-schema.ts';
import { displayedContext, displayedFacts } from './displayed-context.ts';
import { Guesses } from './guesses.ts';
import { type KnownSchemas, knownSchemas } from './known-schemas.ts';
import { neverHeld } from './not-held.ts';
import { ScriptFiles } from './script-files.ts';
import { layoutOf, type ScriptLayout } from './script-layout.ts';
import type { ScriptTree } from './script-tree.ts';
import { SiteOfRecords } from './site-of-records.ts';

const shownFiles = 10;

/**
 * Makes a backup of the original scripts into one of our format, under the same name, file by file: whoever reads a backup of ours reads it.
 * What cannot be read is a gap, what was guessed a notice with its count. The same files always give the same bytes. Throws what the
 * stores throw.
 */
export async function convertScripts(services: ConversionServices, tree: ScriptTree): Promise<Manifest> {
  return new Conversion(services, tree).run();
}

class Conversion {
  readonly #services: ConversionServices;
  readonly #tree: ScriptTree;
  readonly #files: ScriptFiles;
  readonly #layout: ScriptLayout;
  readonly #guesses = new Guesses();
  readonly #site = new SiteOfRecords();
  readonly #where = { both: 0, raw: 0, displayed: 0 };
  readonly #strays: string[] = [];
  readonly #startedAt: string;

  constructor(services: ConversionServices, tree: ScriptTree) {
    this.#services = services;
    this.#tree = tree;
    this.#files = new ScriptFiles(tree);
    this.#layout = layoutOf(tree.files);
    this.#startedAt = timeOf(tree);
  }

  async run(): Promise<Manifest> {
    const { backups } = this.#services;
    const backup = this.#tree.name;
    const known = await knownSchemas(this.#files, this.#layout);
    const schemaList = await this.#schemaList(known);
    const facts = await displayedFacts(this.#files, known.schemas);
    const converted: ConvertedSchema[] = [];
    for (const one of known.schemas) {
      const context = await displayedContext(this.#files, one, facts, this.#guesses);
      converted.push(
        await new SchemaConversion(this.#services, this.#files, one, backup).run({
          context,
          where: this.#where,
          see: (record) => this.#site.see(record),
        }),
      );
      this.#seeSite(known.listed, one);
    }
    const indexes = converted.flatMap((one) => one.indexes.flatMap(indexesOf));
    const objects = await IndexedObjects.read(this.#services.work, indexes);
    const activity = await this.#activity(known, objects);
    const lists = await this.#lists(converted, { indexes, objects, activity });
    const references = await resolveReferences(this.#services, backup, { indexes, objects }, this.#strays);
    const files = [
      schemaList,
      ...converted.flatMap((one) => one.files),
      ...activity.stored.toSorted(byKey),
      ...lists.files,
      ...references.files,
    ];
    const fileList = storedList(backups, (number) => fileListKey(backup, number), this.#strays);
    for (const file of files) await fileList.add(file);
    await fileList.close();
    const gaps = groupedGaps([
      // Many files are read at once, and the first to fail is another one each time.
      ...this.#files.gaps.toSorted((one, other) => (one.reason < other.reason ? -1 : 1)),
      ...this.#unreadable(),
      ...converted.flatMap((one) => one.gaps),
      ...activity.gaps,
    ]);
    const manifest = this.#manifest({ known, converted, activity, gaps, files, lists });
    const whole: Manifest = {
      ...manifest,
      references: { inside: references.inside, outside: references.outside },
      fileLists: fileList.files,
    };
    await backups.create(manifestKey(backup), manifestFile(whole));
    return whole;
  }

  async #schemaList({ listed, schemas }: KnownSchemas): Promise<StoredFile> {
    const records = listed.length > 0 ? listed : schemas.flatMap(({ record }) => record ?? []);
    const lines = records.map((record) => JSON.stringify(record));
    const { backups } = this.#services;
    return storeFile(backups, schemaListKey(this.#tree.name), arrayFile(lines), lines.length, this.#strays);
  }

  /** Types name their site by their icons; objects do so too, but they are many. */
  #seeSite(listed: KnownSchemas['listed'], { record, typed }: KnownSchemas['schemas'][number]): void {
    for (const one of [...listed, ...(record ? [record] : []), ...(typed?.types ?? []).map((type) => type.record)])
      this.#site.see(one);
  }

  async #activity({ schemas }: KnownSchemas, objects: IndexedObjects): Promise<ActivityConversion> {
    const all = schemas.map(({ files }) => files);
    const activity = new ActivityConversion(this.#services, this.#files, all);
    for (const { schema, files, typed } of schemas) {
      const hasObject = (id: string) => typed?.typeOf.has(id) === true && objects.has(id);
      const keys = schemaKeys(this.#tree.name, schema.folder);
      await activity.addSchema({ key: schema.key, keys, files, hasObject });
      activity.nameMissing(schema.key, [...(typed?.typeOf.keys() ?? [])].filter(hasObject));
    }
    activity.tell();
    return activity;
  }

  /** The lists of attributes, and of objects with their digests and what there is of their activity. */
  async #lists(
    converted: readonly ConvertedSchema[],
    of: {
      readonly indexes: readonly IndexOfShard[];
      readonly objects: IndexedObjects;
      readonly activity: ActivityConversion;
    },
  ) {
    const { backups, work } = this.#services;
    const backup = this.#tree.name;
    const attributes = storedList(backups, (number) => attributeListKey(backup, number), this.#strays);
    for (const attribute of converted.flatMap((one) => one.attributes)) await attributes.add(attribute);
    await attributes.close();
    const lines = storedList(backups, (number) => activityListKey(backup, number), this.#strays);
    const counts = { history: 0, comments: 0 };
    let objects = 0;
    const stateOf = (kind: ActivityKind, id: string): ActivityState => {
      const { isRead, records } = of.activity.stateOf(kind, id);
      if (isRead) counts[kind] += 1;
      return { read: isRead ? this.#startedAt : null, records };
    };
    for (const { key, typeId } of of.indexes) {
      const { ids, digests } = await needJson<ShardIndex>(work, key);
      for (const [at, object] of ids.entries()) {
        const state = { history: stateOf('history', object), comments: stateOf('comments', object) };
        await lines.add(of.objects.told({ object, type: typeId, digest: digests[at] ?? '', ...state }));
        objects += 1;
      }
    }
    await lines.close();
    return { files: [...attributes.files, ...lines.files], counts, objects };
  }

  /** Links, pipes and the like in the place of files. */
  #unreadable(): Gap[] {
    return this.#layout.unreadable.map(({ path, problem }) => ({
      kind: 'objects',
      what: path,
      error: 'DamagedBackupError',
      reason: `${path} ${problem}.`,
    }));
  }

  #unknown(): Notice[] {
    const { unknown } = this.#layout;
    if (unknown.length === 0) return [];
    const more = unknown.length > shownFiles ? `, and ${unknown.length - shownFiles} more` : '';
    const names =
      unknown
        .slice(0, shownFiles)
        .map(({ path }) => path)
        .join(', ') + more;
    const are = counted(unknown.length, 'file is', 'files are');
    return [{ kind: 'files-not-read', message: `${are} no part of a backup of the scripts, and not read: ${names}.` }];
  }

  #manifest(of: {
    readonly known: KnownSchemas;
    readonly converted: readonly ConvertedSchema[];
    readonly activity: ActivityConversion;
    readonly gaps: readonly Gap[];
    readonly files: readonly StoredFile[];
    readonly lists: { readonly counts: Readonly<Record<ActivityKind, number>>; readonly objects: number };
  }): Omit<Manifest, 'references' | 'fileLists'> {
    const { known, converted, activity, gaps, files, lists } = of;
    const schemas = converted.map(({ manifest }) => manifest);
    const types = schemas.flatMap(({ objectTypes }) => objectTypes);
    const countsOf = (kind: ActivityKind): ActivityCounts => {
      const read = lists.counts[kind];
      return { read, carried: 0, missing: lists.objects - read, oldest: read > 0 ? this.#startedAt : null };
    };
    const { name, files: given, fingerprint, kind } = this.#tree;
    return {
      ...{ format: formatName, formatVersion, name },
      status: statusOf(gaps),
      site: this.#site.workspace(name),
      startedAt: this.#startedAt,
      finishedAt: this.#startedAt,
      writtenBy: `assets-backup ${this.#services.version}, of a backup of the original scripts`,
      options: {
        objectSchemaKeys: schemas.map(({ key }) => key),
        ...{ full: true, activity: true, activityMaxAgeDays: 0, activityFiles: 'object', issueLinks: false },
      },
      schemas,
      counts: {
        schemas: schemas.length,
        objectTypes: types.length,
        attributes: converted.reduce((sum, one) => sum + one.attributes.length, 0),
        objects: types.reduce((sum, { stored }) => sum + stored, 0),
        attributeValues: converted.reduce((sum, { values }) => sum + values, 0),
        icons: 0,
        historyEntries: activity.records.history,
        comments: activity.records.comments,
        historyRead: lists.counts.history,
        commentsRead: lists.counts.comments,
        files: files.length,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      activity: { history: countsOf('history'), comments: countsOf('comments') },
      issueLinks: null,
      requests: {},
      notOffered: [],
      gaps,
      notices: [
        ...this.#guesses.notices(),
        ...known.notices,
        ...converted.flatMap((one) => one.notices),
        ...activity.notices,
        ...this.#files.notices(),
        ...this.#unknown(),
        ...this.#site.notices(),
        ...neverHeld(),
        { kind: 'not-held', message: timeNotice(this.#tree) },
      ],
      measured: [],
      suspicions: [],
      originalScripts: {
        files: given.length,
        bytes: given.reduce((sum, { bytes }) => sum + bytes, 0),
        fingerprint,
        isZip: kind === 'zip',
        objects: { ...this.#where },
      },
    };
  }
}

function indexesOf([typeId, keys]: ConvertedSchema['indexes'][number]): IndexOfShard[] {
  return keys.map((key, at) => ({ typeId, key, shard: keys.length === 1 ? undefined : at }));
}

const byKey = (one: StoredFile, other: StoredFile) => (one.key < other.key ? -1 : 1);

/** A name is a time, if not quite that of UTC; where somebody has given it another, the newest of its files tells one. */
function timeOf({ name, newest }: ScriptTree): string {
  return new Date(timeIn(name) ?? newest).toISOString();
}

function timeIn(name: string): number | undefined {
  const [day = '', time = ''] = name.split('_');
  const read = isBackupName(name) ? Date.parse(`${day}T${time.replaceAll('-', ':')}Z`) : Number.NaN;
  return Number.isNaN(read) ? undefined : read;
}

function timeNotice({ name }: ScriptTree): string {
  return timeIn(name) === undefined
    ? 'Its name tells no time: it counts as of when the newest of its files was written, which a copy may have changed.'
    : "Its name is the local time of the scripts' machine, in no named time zone.";
}
