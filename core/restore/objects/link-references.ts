import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { RequestRefusedError } from '../../errors.ts';
import type { AttributeId, ObjectId, ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../../model/json.ts';
import { refusalReasons } from '../../model/refusal.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter, SentValues } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { Slots, sideBySide } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectBatch, PendingAttributes } from '../plan-files.ts';
import { StepLosses } from '../step-losses.ts';
import { comparableToSend, valuesToSend } from '../values/object-values-to-send.ts';
import { hiddenTexts } from './creation.ts';
import { ObjectStage } from './object-stage.ts';

/** Second writes between two notes of what is done; they may be sent twice, so the note only saves requests. */
const notedAtOnce = 200;
const inFlight = 64;

/**
 * Writes what objects lack that are there: references inside a circle, several values of which one was refused, one by one,
 * and references of older objects to what has been made anew. Goes on from the batch `from`; hands back where to go on, or null.
 */
export async function linkReferences(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'links');
  if (from === 0) reporter.planned('references', stage.plan.links);
  const linker = new Linker({ services, run, stage, reader, writer, losses });
  try {
    for (let number = from; number < stage.plan.batches; number += 1) {
      if (number > from && isTimeShort(services)) return { next: number };
      if (!(await linker.run(number))) return { next: number };
    }
    return { next: null };
  } finally {
    await losses.save();
    await recordRequests(services.work, stage.context.keys.allRequests, reader);
    await recordRequests(services.work, stage.context.keys.allRequests, writer);
  }
}

interface LinkerInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
}

/** An object that is to be written to. */
interface Link {
  readonly object: ApiRecord;
  readonly target: string;
  readonly type: ObjectTypeId;
  /** Source ids of attributes. */
  readonly attributes: readonly string[];
  /** What stands in them, comparable, by the target's ids; missing of an object that this restore has made. */
  readonly today?: ReadonlyMap<string, readonly string[]>;
}

class Linker {
  readonly #input: LinkerInput;
  readonly #nameOf: (attributeId: string) => string;

  constructor(input: LinkerInput) {
    this.#input = input;
    const { configuration, map } = input.stage;
    const names = new Map(configuration.attributes.map(({ source, name }) => [map.attributes[source], name]));
    this.#nameOf = (id) => names.get(id) ?? id;
  }

  /** False where time ran short. */
  async run(number: number): Promise<boolean> {
    const { services, run, stage, losses } = this.#input;
    const { work, reporter } = services;
    const batch = await needJson<ObjectBatch>(work, stage.context.keys.batch(number));
    const made = batch.pending === null ? await this.#journalOf(number) : undefined;
    // What was found to be there is looked at like what the plan had seen there.
    const planned = batch.pending ?? made?.found ?? {};
    const pending = { ...planned, ...made?.created };
    const linksKey = stage.context.journals.links(run.restore, number);
    const done = new Set((await readJson<LinksFile>(work, linksKey))?.done);
    const due = batch.groups.flatMap(({ shard, objects }) =>
      objects.flatMap(([id]) => {
        const target = stage.known.get(id)?.id;
        return pending[id] && target !== undefined && !done.has(target) ? [{ id, shard }] : [];
      }),
    );
    const isPlanned = ({ object }: Link) => planned[String(object.id)] !== undefined;
    for (let at = 0; at < due.length; at += notedAtOnce) {
      if (at > 0 && isTimeShort(services)) return false;
      await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
      const part = due.slice(at, at + notedAtOnce);
      const links: Link[] = [];
      for (const { id, shard } of part) {
        const object = (await stage.objects(shard)).get(id);
        const { typeId } = stage.shard(shard);
        const type = stage.map.types[typeId]?.target as ObjectTypeId | undefined;
        const target = stage.known.get(id)?.id ?? '';
        if (object && type) links.push({ object, target, type, attributes: Object.keys(pending[id] ?? {}) });
      }
      const [older, own] = [links.filter(isPlanned), links.filter((link) => !isPlanned(link))];
      const open = [...own, ...(await this.#asPlanned(older, planned, { number, at }))];
      const slots = new Slots(inFlight);
      for (const link of open) await slots.run(() => this.#link(link));
      await slots.idle();
      for (const { target } of links) done.add(target);
      await losses.save();
      await writeJson<LinksFile>(work, linksKey, { restore: run.restore, done: [...done] });
      reporter.advanced('references', part.length);
    }
    return true;
  }

  /** What is still to be written to objects of a batch: to those that this restore has made, and to those that it found. */
  async #journalOf(number: number) {
    const { services, run, stage } = this.#input;
    const key = stage.context.journals.objects(run.restore, number);
    const journal = await readJson<ObjectJournalFile>(services.work, key);
    const created: Record<string, PendingAttributes> = {};
    const found: Record<string, PendingAttributes> = {};
    for (const [source, entry] of Object.entries(journal?.entries ?? {})) {
      if (entry.state === 'found' && entry.pending) found[source] = entry.pending;
      if (entry.state !== 'created' || !entry.pending) continue;
      created[source] = Object.fromEntries(entry.pending.map((attribute) => [attribute, '']));
    }
    return { created, found };
  }

  /**
   * Looks at each object just before it is written to. What is no more as the plan saw it is left as it is; what stood in the
   * others is kept first.
   */
  async #asPlanned(
    links: readonly Link[],
    pending: Readonly<Record<string, PendingAttributes>>,
    { number, at }: { number: number; at: number },
  ): Promise<Link[]> {
    const { services, stage, reader } = this.#input;
    const open: Link[] = [];
    const images: object[] = [];
    await sideBySide(links, inFlight, async (link) => {
      const found = await reader.object(link.target as ObjectId);
      const today = found && this.#valuesOf(link, found);
      const attributes = today
        ? this.#stillPlanned(link, today, pending[String(link.object.id)] ?? {})
        : this.#leave(link, link.attributes, 'the object is gone since the plan was made');
      if (!found || !today || attributes.length === 0) return;
      open.push({ ...link, attributes, today });
      images.push(imageOf(found, new Set(attributes.map((source) => stage.map.attributes[source]))));
    });
    const key = stage.context.keys.beforeImages(number, at / notedAtOnce);
    if (images.length > 0) {
      // What an earlier try of the same part kept stood there before this one.
      const kept = (await services.work.read(key))?.text ?? '';
      await services.work.write(key, kept + images.map((image) => `${JSON.stringify(image)}\n`).join(''));
    }
    return open;
  }

  #valuesOf({ attributes }: Link, found: ApiRecord): ReadonlyMap<string, readonly string[]> {
    const { stage } = this.#input;
    const kinds = attributes.map(
      (source) => [stage.map.attributes[source] ?? '', stage.attribute(source)?.kind] as const,
    );
    return comparableValues(found, new Map(kinds));
  }

  #stillPlanned(link: Link, now: ReadonlyMap<string, readonly string[]>, planned: PendingAttributes): string[] {
    const { stage } = this.#input;
    const { map } = stage;
    const wanted = comparableToSend(stage.prepare(link.object).values, stage.targetAttribute, stage.attribute);
    return link.attributes.filter((source) => {
      const target = map.attributes[source] ?? '';
      const digest = valuesDigest(now.get(target) ?? []);
      if (digest === planned[source]) return true;
      // A page that lagged behind may have shown the plan what stands there no more.
      if (digest !== valuesDigest(wanted.get(target) ?? [])) this.#leave(link, [source], changedMeanwhile);
      return false;
    });
  }

  #leave({ object }: Link, attributes: readonly string[], reason: string): string[] {
    const { stage, losses } = this.#input;
    const place = {
      kind: 'object',
      source: String(object.id),
      where: textOf(object.objectKey) ?? String(object.id),
    } as const;
    for (const source of attributes) {
      losses.add({ ...place, attribute: stage.attribute(source)?.name ?? source, values: 1, reason });
    }
    return [];
  }

  async #link({ object, target, type, attributes, today }: Link): Promise<void> {
    const { stage } = this.#input;
    const prepared = stage.prepare(object);
    const values = new Map([...prepared.values].filter(([id]) => attributes.includes(id)));
    const sent = valuesToSend(values, stage.targetAttribute, stage.attribute, stage.spellings);
    if (sent.length === 0) return;
    const id = target as ObjectId;
    const refusal = await this.#refusalOf(() => this.#input.writer.updateObject(id, type, sent));
    if (!refusal) return;
    const source = String(object.id);
    const place = { source, where: textOf(object.objectKey) ?? source, hidden: hiddenTexts(object) };
    const comparable = comparableToSend(values, stage.targetAttribute, stage.attribute);
    for (const one of sent) {
      const kept = standing(comparable.get(one.attributeId) ?? [], today?.get(one.attributeId) ?? []);
      await this.#oneByOne(id, type, one, { ...place, kept });
    }
  }

  /** Adds value after value to what stands there, of which nothing is taken away: which one the site refuses it does not say. */
  async #oneByOne(
    id: ObjectId,
    type: ObjectTypeId,
    { attributeId, values, alternatives }: SentValues,
    place: { source: string; where: string; hidden: readonly string[]; kept: readonly number[] },
  ): Promise<void> {
    const { writer, losses } = this.#input;
    let kept = place.kept;
    for (const index of values.keys()) {
      if (kept.includes(index)) continue;
      const tried = [...kept, index].toSorted((a, b) => a - b);
      const spelt = (texts: readonly string[]) => tried.map((at) => texts[at] ?? '');
      const sent: SentValues = {
        attributeId: attributeId as AttributeId,
        values: spelt(values),
        ...(alternatives && { alternatives: { ...alternatives, values: spelt(alternatives.values) } }),
      };
      const refusal = await this.#refusalOf(() => writer.updateObject(id, type, [sent]));
      if (!refusal) kept = tried;
      else {
        const reason = refusal.saying(place.hidden, refusalReasons[refusal.refusals[0]?.kind ?? 'other']);
        const { source, where } = place;
        losses.add({ kind: 'object', source, where, attribute: this.#nameOf(attributeId), values: 1, reason });
      }
    }
  }

  async #refusalOf(write: () => Promise<void>): Promise<RequestRefusedError | undefined> {
    try {
      await write();
      return undefined;
    } catch (error) {
      if (error instanceof RequestRefusedError) return error;
      throw error;
    }
  }
}

/** Which of the wanted values stand there, by their numbers. */
function standing(wanted: readonly string[], today: readonly string[]): number[] {
  const left = [...today];
  return wanted.flatMap((value, index) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at >= 0 ? [index] : [];
  });
}

const changedMeanwhile = 'somebody has changed it since the plan was made: it is left as it is';

/** What stood in the attributes that are written to, as the site gave it. */
function imageOf(found: ApiRecord, attributes: ReadonlySet<string | undefined>): object {
  const isMeant = (entry: ReturnType<typeof recordsOf>[number]) => attributes.has(textOf(entry.objectTypeAttributeId));
  return { id: found.id, objectKey: found.objectKey, attributes: recordsOf(found.attributes).filter(isMeant) };
}
