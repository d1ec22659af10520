import { counted, readableCount } from '../counted.ts';
import { isOfOneRead, NotFoundError, UnexpectedAnswerError } from '../errors.ts';
import { idOf, mentionedId, type ObjectId, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { Deadline } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { needJson, readJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { begunOnSite, isMadeSince } from './made-since.ts';
import { notVisible } from './not-visible.ts';
import { ReconciledType } from './reconciled-type.ts';
import { countOf, type ListingProgress, SchemaListing } from './schema-listing.ts';
import {
  type BackupPlan,
  type ConfigurationRecord,
  type ReconciledRecord,
  type SchemaToExport,
  workKeys,
} from './work-files.ts';

/** Objects that are read by themselves before they are stored. */
const objectsAtOnce = 500;
const inFlight = 16;
/** So many objects that no listing shows are asked for by themselves, to know whether they are there. */
const mostLookedFor = 2_000;
/** Of objects that one gap stands for, so many are named. */
const shownIds = 10;

/**
 * Lists what a schema has once more where something has changed in it while its types were read one after the other: an object may
 * have gone from a type that was not read yet to one that was, and stand in neither; or the other way round, and stand in both. What
 * lived throughout is stored once when this is done, and what the site counts and no page shows is named. May be run again; hands
 * back (`isDone: false`) where time ran short.
 */
export async function reconcileObjects(services: Services, { run }: { run: Run }): Promise<{ isDone: boolean }> {
  const { work, site, budget } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  const reader = site.reader(run.workspace, budget);
  const deadline = new Deadline(services);
  let isDone = true;
  for (const schema of (await needJson<BackupPlan>(work, keys.plan)).schemas) {
    if (await readJson<ReconciledRecord>(work, keys.reconciled(schema.id))) continue;
    isDone = deadline.mayBegin() && (await new SchemaReconciliation(services, run, schema, reader).run());
    if (!isDone) break;
  }
  await recordRequests(work, keys.allRequests, reader);
  return { isDone };
}

/** Undefined also where the site does not say it: then it counts as changed. */
export async function newestChangeOf(reader: AssetsReader, id: ObjectSchemaId): Promise<string | undefined> {
  try {
    return await reader.newestChange(id);
  } catch (error) {
    if (!isOfOneRead(error)) throw error;
    return undefined;
  }
}

/** By the site's clock, in milliseconds since 1970. Nothing that was there at that change was made later. */
function timeOfChange(newestChange: string | undefined): number | undefined {
  const time = Date.parse(/ "(.+)"$/.exec(newestChange ?? '')?.[1] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

class SchemaReconciliation {
  readonly #services: Services;
  readonly #run: Run;
  readonly #schema: SchemaToExport;
  readonly #id: ObjectSchemaId;
  readonly #reader: AssetsReader;
  readonly #deadline: Deadline;
  readonly #keys: ReturnType<typeof workKeys>;
  readonly #gaps: GapCollector;
  readonly #notices: Notice[] = [];

  constructor(services: Services, run: Run, schema: SchemaToExport, reader: AssetsReader) {
    this.#services = services;
    this.#run = run;
    this.#schema = schema;
    this.#id = schema.id as ObjectSchemaId;
    this.#reader = reader;
    this.#deadline = new Deadline(services);
    this.#keys = workKeys(run.backup);
    this.#gaps = new GapCollector(services.reporter, reader);
  }

  /** False where time ran short. */
  async run(): Promise<boolean> {
    const { work } = this.#services;
    const record = await readJson<ConfigurationRecord>(work, this.#keys.configuration(this.#schema.id));
    // Without its list of types the schema is a gap already.
    if (!record?.objectTypes) return this.#end();
    const types = await this.#open(record);
    const earlier = await readJson<ListingProgress>(work, this.#keys.listing(this.#schema.id));
    if (!earlier && !(await this.#hasChanged(record, types))) return this.#end();
    const since = timeOfChange(record.newestChange) ?? begunOnSite(this.#reader, this.#run);
    const listing = new SchemaListing(this.#services, this.#reader, this.#id, { since, earlier });
    const what = `list of all objects of ${this.#schema.key}, so that nobody knows whether all were read`;
    const isListed = await this.#gaps.try({ kind: 'counts', what, schemaKey: this.#schema.key }, () =>
      listing.run(() => this.#deadline.mayBegin()),
    );
    if (isListed === undefined) return this.#end();
    await writeJson<ListingProgress>(work, this.#keys.listing(this.#schema.id), listing.progress);
    if (!isListed) return false;
    if (!(await this.#addMissed(listing.typeOf, types))) return false;
    await this.#lookForOthers(listing, types);
    const typeIds = new Set(record.objectTypes.map(({ id }) => id));
    await this.#nameUnknown(listing, types, typeIds);
    await this.#takeOutMoved(listing.typeOf, types);
    if (listing.shortfall > 0) await this.#nameUnshown(listing, record);
    return this.#end();
  }

  async #end(): Promise<true> {
    const record = { gaps: this.#gaps.gaps, notices: this.#notices };
    await writeJson<ReconciledRecord>(this.#services.work, this.#keys.reconciled(this.#schema.id), record);
    return true;
  }

  async #open({ objectTypes = [] }: ConfigurationRecord): Promise<Map<string, ReconciledType>> {
    const types = new Map<string, ReconciledType>();
    for (const type of objectTypes) {
      const stored = await ReconciledType.open(this.#services, this.#run, { ...type, schema: this.#schema });
      if (stored) types.set(type.id, stored);
    }
    return types;
  }

  /** Nothing has where the newest change is the one from before, each type is as the site counted it, and so is the schema. */
  async #hasChanged(
    { newestChange }: ConfigurationRecord,
    types: ReadonlyMap<string, ReconciledType>,
  ): Promise<boolean> {
    const stored = [...types.values()];
    const ids = stored.flatMap(({ shards }) => shards.flat());
    if (newestChange === undefined && ids.length > 0) return true;
    if (new Set(ids).size < ids.length || !stored.every(({ isAsCounted }) => isAsCounted)) return true;
    const now = await countOf(this.#reader, this.#id);
    if (now !== undefined && now !== ids.length) return true;
    return newestChange !== (await newestChangeOf(this.#reader, this.#id));
  }

  /** Stores the objects that no type had when it was read, and notes of each in what type it is. */
  async #addMissed(typeOf: Map<string, string>, types: Map<string, ReconciledType>): Promise<boolean> {
    const { reporter } = this.#services;
    const stored = storedIn(types);
    const gaps = new Set([...types.values()].flatMap(({ gapIds }) => gapIds));
    const missed = [...typeOf].flatMap(([id, typeId]) => {
      const isLeft =
        stored.has(id) ||
        gaps.has(id) ||
        types.get(typeId)?.hasFailed === true ||
        (typeId !== '' && !types.has(typeId));
      return isLeft ? [] : [id];
    });
    for (let at = 0; at < missed.length; at += objectsAtOnce) {
      if (at > 0 && !this.#deadline.mayBegin()) return false;
      const found = new Map<string, { object: ApiRecord; attributes: readonly ApiRecord[] }[]>();
      await sideBySide(missed.slice(at, at + objectsAtOnce), inFlight, async (id) => {
        const place = { kind: 'objects', what: `object ${id}`, objectId: id, schemaKey: this.#schema.key } as const;
        const query = { objectId: id as ObjectId, startAt: 0, maxResults: 1 };
        const page = await this.#gaps.try(place, async () => {
          const whole = await this.#reader.objects(query);
          const reason = whole.unreadable?.get(id);
          if (reason) throw reason;
          return whole;
        });
        const object = page?.objects.find((one) => idOf(one) === id);
        if (!page || !object) {
          typeOf.delete(id);
          if (page) await this.#checkGone(id as ObjectId);
          return;
        }
        const { objectType } = object;
        const typeId = (isRecord(objectType) && mentionedId(objectType, 'id')) || (typeOf.get(id) ?? '');
        typeOf.set(id, typeId);
        const ofType = found.get(typeId) ?? [];
        ofType.push({ object, attributes: page.attributes });
        found.set(typeId, ofType);
      });
      for (const [typeId, objects] of found) {
        const type = types.get(typeId);
        if (!type) continue;
        reporter.planned('objects', objects.length);
        await type.add(objects, this.#reader, this.#gaps);
        const opened = await ReconciledType.open(this.#services, this.#run, type.type);
        if (opened) types.set(typeId, opened);
      }
    }
    return true;
  }

  /** Pages of a type may have shown what no page of the schema does: what is stored and still there is not missing. */
  async #lookForOthers(listing: SchemaListing, types: ReadonlyMap<string, ReconciledType>): Promise<void> {
    const { typeOf } = listing;
    const unlisted = [...types].flatMap(([typeId, { shards }]) =>
      shards.flat().flatMap((id) => (typeOf.has(id) ? [] : [{ id, typeId }])),
    );
    for (let at = 0; at < Math.min(unlisted.length, mostLookedFor) && listing.shortfall > 0; at += inFlight) {
      await sideBySide(unlisted.slice(at, at + inFlight), inFlight, async ({ id, typeId }) => {
        const place = { kind: 'checks', what: `object ${id}`, objectId: id, schemaKey: this.#schema.key } as const;
        const answer = await this.#gaps.try(place, () => this.#reader.object(id as ObjectId));
        if (!answer || typeOf.has(id)) return;
        const { objectType } = answer;
        listing.alsoThere(id, (isRecord(objectType) && mentionedId(objectType, 'id')) || typeId);
      });
    }
  }

  async #checkGone(id: ObjectId): Promise<void> {
    const place = { kind: 'objects', what: `object ${id}`, objectId: id, schemaKey: this.#schema.key } as const;
    await this.#gaps.try(place, async () => {
      if (await this.#reader.object(id)) throw new UnexpectedAnswerError('It is there, and a search does not find it.');
    });
  }

  /** Types that came after the list of types was read are named; their objects came with them, or from another type. */
  async #nameUnknown(
    { typeOf, young }: SchemaListing,
    types: ReadonlyMap<string, ReconciledType>,
    known: ReadonlySet<string>,
  ): Promise<void> {
    const { key } = this.#schema;
    const stored = storedIn(types);
    const objects = Map.groupBy(
      [...typeOf].filter(([id, typeId]) => !known.has(typeId) && !stored.has(id)),
      ([, typeId]) => typeId,
    );
    const kind = objects.size > 0 ? 'objects' : 'checks';
    const listed = await this.#gaps.try({ kind, what: 'object types, listed again', schemaKey: key }, () =>
      this.#reader.objectTypes(this.#id),
    );
    for (const type of listed ?? []) {
      const id = idOf(type);
      if (known.has(id)) continue;
      const name = textOf(type.name) ?? id;
      const ids = objects.get(id)?.map(([objectId]) => objectId) ?? [];
      const count = counted(ids.length, 'object');
      objects.delete(id);
      if (isMadeSince(this.#reader, this.#run, type)) {
        const older = ids.filter((objectId) => !young.has(objectId));
        if (older.length > 0) this.#nameMovedAway(older, { id, name });
        const message = `The object type ${name} of ${key} was made after this backup had begun: it and its ${count} are not in it.`;
        this.#notices.push({ kind: 'made-meanwhile', message, schemaKey: key, objectTypeId: id });
      } else {
        const sentence = 'The site lists it now, and did not when its schema was read.';
        const place = {
          kind: 'configuration',
          what: `object type ${name} with ${count}`,
          schemaKey: key,
        } as const;
        this.#gaps.add(place, new UnexpectedAnswerError(sentence));
      }
    }
    const unlisted = [...objects.values()].reduce((sum, ids) => sum + ids.length, 0);
    if (unlisted > 0 && listed) {
      const sentence = `A search shows ${counted(unlisted, 'object')} of ${key} whose types its list of types does not name.`;
      this.#gaps.add(
        { kind: 'objects', what: `${counted(unlisted, 'object')} of types that the site did not list`, schemaKey: key },
        new NotFoundError(sentence),
      );
    }
  }

  /** Objects that were there when the backup began went into a type that it does not have, before their own type was read. */
  #nameMovedAway(ids: readonly string[], { id, name }: { id: string; name: string }): void {
    const sentence = `They went into the object type ${name}, which was made after this backup had begun, before their own type was read: start a new backup.`;
    const what = `${counted(ids.length, 'object')} that went into ${name}`;
    const some = { objects: ids.length, objectIds: ids.slice(0, shownIds) };
    const place = { kind: 'objects', what, schemaKey: this.#schema.key, objectTypeId: id, ...some } as const;
    this.#gaps.add(place, new NotFoundError(sentence));
  }

  /** What went from a type to another after it was stored stays where the listing saw it last. */
  async #takeOutMoved(typeOf: ReadonlyMap<string, string>, types: ReadonlyMap<string, ReconciledType>): Promise<void> {
    const places = new Map<string, string[]>();
    for (const [typeId, { shards }] of types) {
      for (const id of shards.flat()) places.set(id, [...(places.get(id) ?? []), typeId]);
    }
    const out = new Map<string, Set<string>>();
    for (const [id, held] of places) {
      const now = typeOf.get(id);
      const home = now !== undefined && held.includes(now) ? now : held.at(-1);
      for (const typeId of held) if (typeId !== home) out.set(typeId, (out.get(typeId) ?? new Set()).add(id));
    }
    for (const [typeId, ids] of out) await types.get(typeId)?.takeOut(ids);
    const moved = [...out.values()].flatMap((ids) => [...ids]);
    if (moved.length === 0) return;
    const message = `${counted(moved.length, 'object')} of ${this.#schema.key} became another type's during the backup; each stands in it once.`;
    this.#notices.push({ kind: 'moved-while-reading', message, objectIds: moved, schemaKey: this.#schema.key });
  }

  async #nameUnshown(listing: SchemaListing, record: ConfigurationRecord): Promise<void> {
    const { key } = this.#schema;
    const { shortfall } = listing;
    const place = {
      kind: 'objects',
      what: `${counted(shortfall, 'object')} that no page of a search shows`,
      schemaKey: key,
    } as const;
    const hidesNothing = await this.#gaps.try(place, () => listing.hidesNothing());
    if (hidesNothing === false) return this.#nameHidden(listing, record);
    const sentence = `The site counts ${counted(shortfall, 'object')} of ${key} more than its pages show, and nothing hides them from this account: offsets may end before the count, and the site may take no ranges of ids.`;
    if (hidesNothing) this.#gaps.add(place, new UnexpectedAnswerError(sentence));
  }

  /** What the count of a search has, and no page of it: by type as far as types tell it, the rest of the schema. */
  async #nameHidden({ shortfall, typeOf }: SchemaListing, { objectTypes = [] }: ConfigurationRecord): Promise<void> {
    const { key } = this.#schema;
    const seen = Map.groupBy(typeOf.values(), (typeId) => typeId);
    let left = shortfall;
    for (const { id, name } of objectTypes) {
      if (left <= 0) break;
      const place = { kind: 'checks', what: `number of objects of ${name}`, schemaKey: key, objectTypeId: id } as const;
      const count = await this.#gaps.try(place, () => this.#reader.countObjects({ objectTypeId: id as ObjectTypeId }));
      const shown = seen.get(id)?.length ?? 0;
      const number = Math.min(left, (count ?? 0) - shown);
      if (number <= 0) continue;
      left -= number;
      const told = `A search counts ${counted(count ?? 0, 'object')}, and its pages show ${readableCount(shown)}`;
      const where = { where: name, told, schemaKey: key, objectTypeId: id };
      this.#gaps.addGap(notVisible({ number, of: 'objects' }, where));
    }
    if (left <= 0) return;
    const told = `A search counts ${counted(shortfall, 'object')} more than its pages show`;
    this.#gaps.addGap(notVisible({ number: left, of: 'objects' }, { where: key, told, schemaKey: key }));
  }
}

function storedIn(types: ReadonlyMap<string, ReconciledType>): Set<string> {
  return new Set([...types.values()].flatMap(({ shards }) => shards.flat()));
}
