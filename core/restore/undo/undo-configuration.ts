import { openBackup } from '../../backup-format/open-backup.ts';
import { NotFoundError, PermissionRefusedError, RequestRefusedError } from '../../errors.ts';
import type { AttributeId, IconId, ObjectSchemaId, ObjectTypeId } from '../../model/ids.ts';
import { idOf, mentionedId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader, Offered } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sayWaiting } from '../../waiting.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { RelaxedAttributes } from '../configuration/relax-constraints.ts';
import type { Relaxation } from '../configuration/relaxation.ts';
import { journalKeys, restoreKeys } from '../restore-keys.ts';
import { countedNow, objectsNotSeen, typesNotSeen } from './counted-schema.ts';
import { type ConfigurationGoing, goingConfiguration } from './going-configuration.ts';
import { readMadeConfiguration } from './live-made.ts';
import type { MadeThing } from './made-configuration.ts';
import type { LookedFile, UndoneBatch, UndonePart, UndoPlanFile } from './undo-files.ts';
import { mayNotDelete } from './undo-objects.ts';

/**
 * Puts restrictions back that the restore has left taken off, then deletes what it has made of the configuration and what is
 * empty by now, one thing after the other: what contains others last. Hands back a number to be called again with while there is
 * more; what is gone is not found any more then.
 */
export async function undoConfiguration(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  await checkSiteLock(services, run);
  const keys = restoreKeys(run.restore);
  const plan = await needJson<UndoPlanFile>(work, keys.undoPlan);
  const { things, relaxed } = plan;
  if (things.length + relaxed.length === 0) return { next: null };
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const before = await readJson<UndonePart>(work, keys.undoneConfiguration);
  const done: UndonePart = before ?? { stays: [] };
  if (from === 0 && relaxed.length > 0) await putBack(services, run, { reader, writer, relaxed });
  const configuration = things.length > 0 ? await readMadeConfiguration(services, run, reader) : undefined;
  if (!configuration) return { next: null };
  if (from === 0) reporter.planned('configuration', things.length);

  const gone = await goneObjects(services, run, plan);
  const planned = new Set(things.map(nameOf));
  const isPlanned = (thing: MadeThing) => planned.has(nameOf(thing));
  // A search may still show what has just gone.
  const foreseen = { isGoing: (id: string) => gone.has(id), isSetBack: () => false };
  const now = await goingConfiguration({ services, reader }, configuration, foreseen, isPlanned);
  const undoer = new ConfigurationUndoer({ services, reader, writer, live: configuration.live });
  const stays = new Map(done.stays.map((staying) => [`${staying.kind} ${staying.source}`, staying]));
  // What stays since the plan was made is told here, and what the plan has told already is not.
  for (const thing of now.stays) if (isPlanned(thing)) stays.set(nameOf(thing), stayingOf(thing, thing.reason));
  try {
    for (const [at, thing] of now.deletes.entries()) {
      if (at > 0 && isTimeShort(services)) return { next: from + 1 };
      const reason = stays.get(nameOf(thing))?.reason ?? (await undoer.delete(thing));
      if (reason !== undefined) stays.set(nameOf(thing), stayingOf(thing, reason));
      reporter.advanced('configuration', 1);
    }
    return { next: null };
  } finally {
    for (const thing of heldByStaying(now, stays, configuration.live)) stays.set(nameOf(thing), stayingOf(thing, held));
    await writeJson<UndonePart>(work, keys.undoneConfiguration, { stays: [...stays.values()] });
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
  }
}

const held = 'what it belongs to stays';

/** What was to go with its type or its schema, which stays. */
function heldByStaying(
  { going, deletes }: ConfigurationGoing,
  stays: ReadonlyMap<string, Staying>,
  { existing }: LiveConfiguration,
): MadeThing[] {
  const inStaying = new Set<string>();
  for (const [schema, { types, statusTypes, referenceTypes }] of existing) {
    for (const { id, attributes } of types) {
      if (!stays.has(`object-type ${id}`)) continue;
      for (const attribute of attributes) inStaying.add(`attribute ${idOf(attribute)}`);
    }
    if (!stays.has(`schema ${schema}`)) continue;
    for (const status of statusTypes) inStaying.add(`status-type ${idOf(status)}`);
    for (const type of referenceTypes) inStaying.add(`reference-type ${textOf(type.id)}`);
  }
  const byThemselves = new Set(deletes.map(nameOf));
  const isHeld = (name: string) => inStaying.has(name) && !byThemselves.has(name) && !stays.has(name);
  return going.filter((thing) => isHeld(nameOf(thing)));
}

/** What the site refuses of it stays, and stays noted: the next restore tries again. */
async function putBack(
  services: Services,
  run: RestoreRun,
  { reader, writer, relaxed }: { reader: AssetsReader; writer: AssetsWriter; relaxed: readonly Relaxation[] },
): Promise<void> {
  const { undo = '', workspace } = run;
  const manifest = await openBackup(services.backups, run.backup);
  const journals = journalKeys(manifest.site.workspaceId, workspace.workspaceId);
  const attributes = await RelaxedAttributes.open({ services, run, journals, reader, writer });
  await attributes.putBackOfOthers({ allRelaxed: [{ restore: undo, attributes: relaxed }] });
}

const nameOf = ({ kind, id }: MadeThing) => `${kind} ${id}`;

function stayingOf({ kind, id, where }: MadeThing, reason: string): Staying {
  return { kind, source: id, where, values: 0, reason };
}

/** Ids of objects that this undo has deleted, or found to be gone. */
async function goneObjects(
  { work }: Services,
  { restore }: RestoreRun,
  { looked, batches }: UndoPlanFile,
): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let number = 0; number < looked; number += 1) {
    for (const id of (await needJson<LookedFile>(work, restoreKeys(restore).looked(number))).gone) ids.add(id);
  }
  for (let number = 0; number < batches; number += 1) {
    const { deleted } = await needJson<UndoneBatch>(work, restoreKeys(restore).undoneBatch(number));
    for (const { target } of deleted) ids.add(target);
  }
  return ids;
}

interface UndoerInput {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly live: LiveConfiguration;
}

class ConfigurationUndoer {
  readonly #input: UndoerInput;
  readonly #schemaOf: ReadonlyMap<string, string>;

  constructor(input: UndoerInput) {
    this.#input = input;
    this.#schemaOf = new Map(
      [...input.live.existing].flatMap(([schema, { types }]) => types.map((type) => [type.id, schema] as const)),
    );
  }

  /** Why it stays; undefined where it is gone. */
  async delete(thing: MadeThing): Promise<string | undefined> {
    try {
      const reason = await this.#reasonNow(thing);
      if (reason !== undefined) return reason;
      const answer = await this.#send(thing);
      return answer && !answer.offered ? answer.reason : undefined;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      if (error instanceof PermissionRefusedError) return mayNotDelete;
      // No value of an object is sent or named.
      if (error instanceof RequestRefusedError) return error.saying([]);
      throw error;
    }
  }

  /** What holds others is counted anew just before it goes. */
  async #reasonNow({ kind, id }: MadeThing): Promise<string | undefined> {
    const { reader } = this.#input;
    if (kind === 'schema') {
      const types = await reader.objectTypes(id as ObjectSchemaId);
      if (types.length > 0) return 'it has object types';
      if (!(await this.#isEmpty({ objectSchemaId: id as ObjectSchemaId }))) return 'it holds objects';
      return this.#hiddenIn(id);
    }
    if (kind !== 'object-type') return undefined;
    const types = await reader.objectTypes((this.#schemaOf.get(id) ?? '') as ObjectSchemaId);
    if (types.some((type) => mentionedId(type, 'parentObjectTypeId') === id)) return 'it has a child that stays';
    const listed = Number(textOf(types.find((type) => String(type.id) === id)?.objectCount) ?? 0);
    const isEmpty = listed === 0 && (await this.#isEmpty({ objectTypeId: id as ObjectTypeId }));
    return isEmpty ? undefined : 'it holds objects';
  }

  /** Why a schema stays in which nothing is seen; its counts may lag behind as well. */
  async #hiddenIn(schema: string): Promise<string | undefined> {
    const { services, reader } = this.#input;
    const before = await countedNow(reader, schema);
    if (before.objects + before.types === 0) return undefined;
    const { searchLagMilliseconds: milliseconds } = services;
    const what = 'for the site not to count any more what has just gone';
    await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    const { objects, types } = await countedNow(reader, schema);
    return types > 0 ? typesNotSeen : objects > 0 ? objectsNotSeen : undefined;
  }

  /** A search may still count for a while what has just gone. */
  async #isEmpty(place: Parameters<AssetsReader['countObjects']>[0]): Promise<boolean> {
    const { services, reader } = this.#input;
    if ((await reader.countObjects(place)) === 0) return true;
    const { searchLagMilliseconds: milliseconds } = services;
    const what = 'for the search of the site not to count any more what has just gone';
    await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    return (await reader.countObjects(place)) === 0;
  }

  #send({ kind, id }: MadeThing): Promise<Offered<void> | void> {
    const { writer } = this.#input;
    switch (kind) {
      case 'schema':
        return writer.deleteObjectSchema(id as ObjectSchemaId);
      case 'object-type':
        return writer.deleteObjectType(id as ObjectTypeId);
      case 'attribute':
        return writer.deleteAttribute(id as AttributeId);
      case 'status-type':
        return writer.deleteStatusType(id);
      case 'reference-type':
        return writer.deleteReferenceType(id);
      case 'icon':
        return writer.deleteIcon(id as IconId);
      default:
        throw new Error(`An undo deletes no ${kind} of a configuration.`);
    }
  }
}
