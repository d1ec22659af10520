import { labelDigest } from '../../comparison/object-values.ts';
import {
  LoginRefusedError,
  NotFoundError,
  OutcomeUnknownError,
  PermissionRefusedError,
  RateLimitedError,
  RequestRefusedError,
  SiteUnavailableError,
} from '../../errors.ts';
import { idOf, type ObjectTypeId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import { Deadline } from '../../runs/deadline.ts';
import { Slots, sideBySide } from '../../side-by-side.ts';
import { ObjectJournal } from '../id-map/object-journal.ts';
import type { SavedObjects } from '../id-map/saved-objects.ts';
import type { ObjectBatch } from '../plan-files.ts';
import { digestToSend, valuesToSend } from '../values/object-values-to-send.ts';
import { type Creation, hiddenTexts, reasonOf, remarksOf, sourcesOf, withoutRefused } from './creation.ts';
import { type MissingObject, missingObjects, takeReady } from './missing-objects.ts';
import type { WritingStep } from './object-stage.ts';
import { RefusalBreaker } from './refusal-breaker.ts';
import { openEntries, settleJournal } from './settle-journal.ts';
import { UnseenObjects } from './unseen-objects.ts';

/** Creates announced with one write of the journal, and under way at once. */
const announcedAtOnce = 100;
const inFlight = 64;
const askedAtOnce = 16;
/** After so many answers that were lost, with nothing created, an object is given up. */
const mostRounds = 3;

/** Errors after which a create was surely not carried out. */
const notCarriedOut = [
  LoginRefusedError,
  PermissionRefusedError,
  NotFoundError,
  RateLimitedError,
  SiteUnavailableError,
];

interface CreatorInput extends WritingStep {
  readonly saved: SavedObjects;
}

/** Creates the objects of one batch after the other, by their journals. */
export class ObjectCreator {
  readonly #input: CreatorInput;
  readonly #breaker = new RefusalBreaker();
  readonly #deadline: Deadline;
  readonly #unseen: UnseenObjects;
  readonly #nameOf: (attributeId: string) => string | undefined;

  constructor(input: CreatorInput) {
    this.#input = input;
    this.#deadline = new Deadline(input.services);
    this.#unseen = new UnseenObjects(input.services.work, input.reader, {
      stage: input.stage,
      restore: input.run.restore,
    });
    const { stage } = input;
    const names = new Map(
      stage.configuration.attributes.map(({ source, name }) => [stage.map.attributes[source] ?? '', name]),
    );
    this.#nameOf = (id) => names.get(id);
  }

  /** False where time ran short: the batch is to be gone on with. */
  async run(number: number, batch: ObjectBatch): Promise<boolean> {
    const { services, run, stage, saved } = this.#input;
    const key = stage.context.journals.objects(run.restore, number);
    const journal = await ObjectJournal.open(services.work, key, saved);
    // An invocation before this one broke off in the middle.
    await this.#settle(journal);
    for (let round = 1; round <= mostRounds; round += 1) {
      const isDone = await this.#createMissing(journal, batch).catch(async (error: unknown) => {
        // What was created meanwhile must not be forgotten; the error that ends the run counts more than one of this write.
        await journal.save().catch(() => undefined);
        throw error;
      });
      await journal.save();
      if (!isDone) return false;
      if (openEntries(journal).size === 0) return true;
      await this.#settle(journal);
    }
    await this.#giveUp(journal, batch);
    return true;
  }

  /** Announces and sends, a part at a time, whatever does not wait for something that is under way itself. */
  async #createMissing(journal: ObjectJournal, batch: ObjectBatch): Promise<boolean> {
    const { lock } = this.#input;
    const slots = new Slots(inFlight);
    let waiting = await missingObjects(this.#input.stage, journal, batch);
    const underWay = new Map(waiting.map(({ id, level }) => [id, level]));
    while (waiting.length > 0) {
      const { ready, blocked } = takeReady(waiting, underWay, announcedAtOnce);
      if (ready.length === 0) {
        await slots.oneDone();
        continue;
      }
      if (!this.#deadline.mayBegin()) {
        await slots.idle();
        return false;
      }
      const absent = await this.#withoutFound(journal, ready, batch.asks ?? {});
      for (const { id } of ready) if (journal.entries.has(id)) underWay.delete(id);
      await lock.check();
      waiting = blocked;
      const creations = absent.flatMap((missing) => this.#prepare(journal, missing, underWay) ?? []);
      for (const creation of creations) this.#announce(journal, creation);
      await journal.save();
      for (const creation of creations) {
        await slots.run(async () => {
          await this.#create(journal, creation, true);
          underWay.delete(creation.source);
        });
      }
    }
    await slots.idle();
    return true;
  }

  /**
   * Those that are not there. What earlier restores have made, and what is itself, need not show in a search: it is asked for
   * by id first, and where it is there that is noted, and nothing is made.
   */
  async #withoutFound(
    journal: ObjectJournal,
    ready: readonly MissingObject[],
    asks: NonNullable<ObjectBatch['asks']>,
  ): Promise<MissingObject[]> {
    const { stage, services } = this.#input;
    const asked = ready.filter(({ id }) => asks[id] !== undefined);
    await sideBySide(asked, askedAtOnce, async ({ id, object, shard }) => {
      const type = stage.map.types[stage.shard(shard).typeId];
      const entry = type && (await this.#unseen.entryOf(object, asks[id] ?? [], type));
      if (!entry) return;
      journal.note(id, entry);
      stage.known.note(id, entry);
      services.reporter.advanced('objects', 1);
    });
    return ready.filter(({ id }) => !journal.entries.has(id));
  }

  /** Undefined where it cannot be made at all. */
  #prepare(
    journal: ObjectJournal,
    { object, shard }: MissingObject,
    underWay: Map<string, number>,
  ): Creation | undefined {
    const { stage } = this.#input;
    const { typeId, schemaId } = stage.shard(shard);
    const type = stage.map.types[typeId];
    const source: string = idOf(object);
    const where = textOf(object.objectKey) ?? source;
    if (!type) {
      const schema = stage.map.schemas[schemaId] ?? '';
      this.#refuse(journal, { source, where, schema, type: '' }, 'its object type could not be made');
      underWay.delete(source);
      return undefined;
    }
    const prepared = stage.prepare(object);
    return {
      source,
      where,
      schema: type.schema,
      type: type.target,
      label: textOf(object.label) ?? '',
      values: new Map(prepared.values),
      pending: new Set(prepared.deferred),
      losses: [...prepared.losses],
      hidden: hiddenTexts(object),
    };
  }

  #announce(journal: ObjectJournal, { source, schema, type, label, values, pending, losses }: Creation): void {
    const { targetAttribute, attribute } = this.#input.stage;
    journal.note(source, {
      state: 'open',
      schema,
      type,
      digest: digestToSend(values, targetAttribute, attribute),
      label: labelDigest(label),
      ...remarksOf({ pending, losses }),
    });
  }

  async #create(journal: ObjectJournal, creation: Creation, isFirst: boolean): Promise<void> {
    const { stage, writer, services, lock } = this.#input;
    const { source, schema, type, values, pending, losses } = creation;
    await lock.held();
    const sent = valuesToSend(values, stage.targetAttribute, stage.attribute, stage.spellings);
    try {
      const { object, unwritten } = await writer.createObject(type as ObjectTypeId, sent);
      const target: string = idOf(object);
      const key = textOf(object.objectKey) ?? target;
      // Without them it is there all the same: the second writes complete it.
      const later = sourcesOf(unwritten, creation, stage);
      const remarks = remarksOf({ pending: new Set([...pending, ...later]), losses });
      journal.note(source, { state: 'created', schema, type, target, key, ...remarks });
      stage.known.add(source, { id: target, key });
      if (isFirst) this.#breaker.accepted();
      services.reporter.advanced('objects', 1);
    } catch (error) {
      // Nobody knows: it stays open, and is settled when the batch is through.
      if (error instanceof OutcomeUnknownError) return;
      if (!(error instanceof RequestRefusedError)) {
        // Whoever goes on need not look for what was surely not created; after any other error it stays open.
        if (notCarriedOut.some((kind) => error instanceof kind)) journal.forget(source);
        throw error;
      }
      services.reporter.event('warn', 'write.refused', { kind: 'object', source, fields: error.refusals.length });
      if (isFirst) this.#breaker.refused(error, creation.hidden, this.#nameOf);
      const left = withoutRefused(creation, error, stage);
      if (!left) return this.#refuse(journal, creation, reasonOf(error, creation, this.#nameOf));
      this.#announce(journal, left);
      await journal.save();
      await lock.check();
      return this.#create(journal, left, false);
    }
  }

  #refuse(
    journal: ObjectJournal,
    { source, where, schema, type }: Pick<Creation, 'source' | 'where' | 'schema' | 'type'>,
    reason: string,
  ): void {
    const entry = {
      state: 'refused',
      schema,
      type,
      losses: [{ kind: 'object', source, where, values: 1, reason }],
    } as const;
    journal.note(source, entry);
    this.#input.stage.known.note(source, entry);
    this.#input.services.reporter.advanced('objects', 1);
  }

  /** Finds out what became of creates whose answers are not known, of this invocation or of one that broke off. */
  async #settle(journal: ObjectJournal): Promise<void> {
    const { services, reader, stage } = this.#input;
    const made = new Set(stage.known.all.values().map(({ id }) => id));
    const settled = await settleJournal(services, reader, journal, (id) => made.has(id));
    for (const [source, entry] of settled) stage.known.note(source, entry);
    services.reporter.advanced('objects', settled.size);
  }

  async #giveUp(journal: ObjectJournal, batch: ObjectBatch): Promise<void> {
    const { stage } = this.#input;
    const reason = `the target failed to make it ${mostRounds} times; start the restore again to try once more`;
    for (const group of batch.groups) {
      const objects = await stage.objects(group.shard);
      for (const [id] of group.objects) {
        const object = objects.get(id);
        if (journal.entries.has(id) || !object) continue;
        const { typeId, schemaId } = stage.shard(group.shard);
        const schema = stage.map.schemas[schemaId] ?? '';
        const where = textOf(object.objectKey) ?? id;
        this.#refuse(journal, { source: id, where, schema, type: stage.map.types[typeId]?.target ?? '' }, reason);
      }
    }
    await journal.save();
  }
}
