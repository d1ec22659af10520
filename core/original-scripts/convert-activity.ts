import { storeFile } from '../backup/store-file.ts';
import type { schemaKeys } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { type JsonRecord, textOf } from '../model/json.ts';
import type { Gap, Notice } from '../model/outcome.ts';
import { sideBySide } from '../side-by-side.ts';
import type { ConversionServices } from './conversion-services.ts';
import type { ScriptFiles } from './script-files.ts';
import type { SchemaFiles } from './script-layout.ts';

/** Files stored at once: names that come together are made safe on the disk together. */
const filesAtOnce = 32;
const namedObjects = 20;

interface SchemaActivity {
  readonly key: string;
  readonly keys: ReturnType<typeof schemaKeys>;
  readonly files: SchemaFiles;
  /** Whether an object of the schema is in the backup. */
  readonly hasObject: (id: string) => boolean;
}

/** What a backup of the scripts has of histories and comments: how many records of each object, where its file was there. */
export class ActivityConversion {
  readonly stored: StoredFile[] = [];
  readonly gaps: Gap[] = [];
  readonly notices: Notice[] = [];
  readonly records = { history: 0, comments: 0 };
  /** By object, of those that have a file of it that could be read. */
  readonly #counts: Readonly<Record<ActivityKind, Map<string, number>>> = { history: new Map(), comments: new Map() };
  /** Of whom a file was there and could not be read. */
  readonly #failed: Readonly<Record<ActivityKind, Set<string>>> = { history: new Set(), comments: new Set() };
  readonly #services: ConversionServices;
  readonly #files: ScriptFiles;
  readonly #hasAny: Readonly<Record<ActivityKind, boolean>>;
  readonly #strays: string[] = [];
  #withoutRole = 0;

  constructor(services: ConversionServices, files: ScriptFiles, schemas: readonly SchemaFiles[]) {
    this.#services = services;
    this.#files = files;
    const hasAny = (kind: ActivityKind) => schemas.some(({ ofObjects }) => ofObjects[kind].size > 0);
    const history = hasAny('history');
    // A version that wrote histories wrote comments too: then no file says that there were none.
    this.#hasAny = { history, comments: history || hasAny('comments') };
  }

  async addSchema(schema: SchemaActivity): Promise<void> {
    for (const kind of activityKinds) {
      const strange: string[] = [];
      await sideBySide(schema.files.ofObjects[kind], filesAtOnce, async ([name, path]) => {
        await this.#addFile(kind, schema, { name, path, strange });
      });
      if (strange.length === 0) continue;
      const shown = strange.sort().slice(0, namedObjects).join(', ');
      const are = counted(strange.length, 'file', 'files');
      this.notices.push({
        kind: 'files-not-read',
        message: `${are} in ${schema.files.folder}/objects/${kind} ${strange.length === 1 ? 'is' : 'are'} of objects that this backup does not hold: ${shown}.`,
        schemaKey: schema.key,
      });
    }
  }

  /**
   * What is known of an object's activity, for the lists. The scripts leave no file where an object has no comments; a history has at least
   * the entry of its creation.
   */
  stateOf(kind: ActivityKind, id: string): { readonly isRead: boolean; readonly records: number } {
    const records = this.#counts[kind].get(id);
    if (records !== undefined) return { isRead: true, records };
    return { isRead: kind === 'comments' && this.#hasAny.comments && !this.#failed.comments.has(id), records: 0 };
  }

  /** Names what is missing of the objects of a schema: one gap for each kind. */
  nameMissing(schemaKey: string, ids: readonly string[]): void {
    for (const kind of activityKinds) {
      const missing = ids.filter((id) => !this.stateOf(kind, id).isRead && !this.#failed[kind].has(id));
      if (missing.length === 0) continue;
      const reason = this.#hasAny[kind]
        ? `The backup of the original scripts has no file of it: its run was broken off, or failed for it.`
        : `The backup of the original scripts has no file of any ${kind}: an old version of the scripts wrote none.`;
      this.gaps.push({
        kind,
        what: `${kind} of ${counted(missing.length, 'object')} of ${schemaKey}`,
        error: 'MissingKeyError',
        reason,
        schemaKey,
        objects: missing.length,
        objectIds: missing.slice(0, namedObjects),
      });
    }
  }

  /** What all comments together do not say. */
  tell(): void {
    if (this.#withoutRole === 0) return;
    const are = counted(this.#withoutRole, 'comment says', 'comments say');
    this.notices.push({
      kind: 'not-held',
      message: `${are} not who may see ${this.#withoutRole === 1 ? 'it' : 'them'}.`,
    });
  }

  async #addFile(
    kind: ActivityKind,
    { key, keys, hasObject }: SchemaActivity,
    { name, path, strange }: { readonly name: string; readonly path: string; readonly strange: string[] },
  ): Promise<void> {
    const place = { kind, what: `${kind} of object ${name}`, schemaKey: key, objectId: name };
    const records = await this.#files.records(path, place);
    if (!records) {
      this.#failed[kind].add(name);
      return;
    }
    const id = ownerOf(records) ?? name;
    if (id === 'several') return this.#files.fail(path, place, 'holds entries of several objects');
    if (!hasObject(id)) {
      strange.push(path);
      return;
    }
    if (this.#counts[kind].has(id)) return this.#files.fail(path, place, `is a second file of object ${id}`);
    this.#counts[kind].set(id, records.length);
    this.records[kind] += records.length;
    if (kind === 'comments') this.#withoutRole += records.filter(({ role }) => textOf(role) === undefined).length;
    if (records.length === 0) return;
    const lines = records.map((record) => JSON.stringify(record));
    const { backups } = this.#services;
    this.stored.push(await storeFile(backups, keys[kind](id), arrayFile(lines), lines.length, this.#strays));
  }
}

/** The object of which all records say that they are; undefined where none says it. */
function ownerOf(records: readonly JsonRecord[]): string | undefined {
  const owners = new Set(records.flatMap(({ objectId }) => textOf(objectId) ?? []));
  const [owner] = owners;
  return owners.size > 1 ? 'several' : owner;
}
