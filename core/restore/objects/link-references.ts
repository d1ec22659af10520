import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { RequestRefusedError } from '../../errors.ts';
import { type AttributeId, type ObjectId, type ObjectTypeId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, type JsonRecord, recordsOf, textOf } from '../../model/json.ts';
import { refusalReasons } from '../../model/refusal.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { SentValues } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { HeldLock } from '../../runs/held-lock.ts';
import { Slots, sideBySide } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { withComments } from '../activity/with-comments.ts';
import { type BeforeImage, KeptImages } from '../before-images.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectBatch, PendingAttributes } from '../plan-files.ts';
import { StepLosses } from '../step-losses.ts';
import { comparableToSend, valuesToSend } from '../values/object-values-to-send.ts';
import { hiddenTexts } from './creation.ts';
import { ObjectStage, type WritingStep } from './object-stage.ts';

/** Second writes between two notes of what is done; they may be sent twice, so the note only saves requests. */
const notedAtOnce = 200;
/** The same of objects that were there: each is read just before, and the more at once, the longer before. */
const lookedAtOnce = 10;
const inFlight = 64;

/**
 * Writes what objects lack that are there: references inside a circle, several values of which one was refused, one by one,
 * references of older objects to what has been made anew, and values that are set back; comments go on meanwhile. Goes on from the
 * batch `from`; hands back where to go on, or null.
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
  const lock = new HeldLock(services, run);
  const linker = new Linker({ services, run, stage, reader, writer, lock, losses });
  try {
    const link = () => linkBatches(linker, { services, stage, from });
    // Where nothing is to be linked this takes no time that comments could use.
    if (stage.plan.links === 0) return await link();
    return await withComments({ services, run, stage, reader, writer, lock }, link);
  } finally {
    await losses.save();
    await recordRequests(services.work, stage.context.keys.allRequests, reader);
    await recordRequests(services.work, stage.context.keys.allRequests, writer);
  }
}

async function linkBatches(
  linker: Linker,
  { services, stage, from }: { services: Services; stage: ObjectStage; from: number },
): Promise<{ next: number | null }> {
  for (let number = from; number < stage.plan.batches; number += 1) {
    if (number > from && isTimeShort(services)) return { next: number };
    if (!(await linker.run(number))) return { next: number };
  }
  return { next: null };
}

interface LinkerInput extends WritingStep {
  readonly losses: StepLosses;
}

/** An object that is to be written to. */
interface Link {
  readonly object: ApiRecord;
  readonly target: string;
  readonly type: ObjectTypeId;
  /** Source ids of attributes. */
  readonly attributes: readonly string[];
  /** What stands there; missing of an object that this restore has made. */
  readonly today?: Today;
}

interface Today {
  readonly object: ApiRecord;
  /** Comparable values of the attributes that are written to, by the target's ids. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** By object and attribute, digests of what stands where something of what was sent was refused. */
type LeftOtherwise = Record<string, Readonly<Record<string, string>>>;

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
    const { services, run, stage, lock, losses } = this.#input;
    const { work, reporter } = services;
    const batch = await needJson<ObjectBatch>(work, stage.context.keys.batch(number));
    const made = batch.pending === null ? await this.#journalOf(number) : undefined;
    // What was found to be there is looked at like what the plan had seen there.
    const planned = batch.pending ?? made?.found ?? {};
    const pending = { ...planned, ...made?.created };
    const linksKey = stage.context.journals.links(run.restore, number);
    const noted = await needJson<LinksFile>(work, linksKey);
    const done = new Set(noted.done);
    const left: LeftOtherwise = { ...noted.left };
    const images = await KeptImages.open(
      services,
      (part) => stage.context.keys.beforeImages(number, part),
      noted.images,
    );
    const note = () =>
      writeJson<LinksFile>(work, linksKey, { restore: run.restore, done: [...done], images: images.files, left });
    const due = batch.groups.flatMap(({ shard, objects }) =>
      objects.flatMap(([id]) => {
        const target = stage.known.get(id)?.id;
        return pending[id] && target !== undefined && !done.has(target) ? [{ id, shard }] : [];
      }),
    );
    const isPlanned = ({ object }: Link) => planned[String(object.id)] !== undefined;
    const atOnce = Object.keys(planned).length > 0 ? lookedAtOnce : notedAtOnce;
    for (let at = 0; at < due.length; at += atOnce) {
      if (at > 0 && isTimeShort(services)) return false;
      await lock.check();
      const part = due.slice(at, at + atOnce);
      const links: Link[] = [];
      for (const { id, shard } of part) {
        const object = (await stage.objects(shard)).get(id);
        const { typeId } = stage.shard(shard);
        const type = stage.map.types[typeId]?.target as ObjectTypeId | undefined;
        const target = stage.known.get(id)?.id ?? '';
        if (object && type) links.push({ object, target, type, attributes: Object.keys(pending[id] ?? {}) });
      }
      const [older, own] = [links.filter(isPlanned), links.filter((link) => !isPlanned(link))];
      const open = await this.#asPlanned(older, planned);
      // What no journal names was not written yet.
      if (await images.keep(open.flatMap((link) => this.#imageOf(link)))) await note();
      try {
        const slots = new Slots(inFlight);
        for (const link of [...own, ...open]) await slots.run(() => this.#link(link, left));
        await slots.idle();
        for (const { target } of links) done.add(target);
        await losses.save();
      } finally {
        // Also where the run stops: what was left otherwise than it was sent is known here alone.
        await note();
      }
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

  /** Looks at each object just before it is written to. What is no more as the plan saw it is left as it is. */
  async #asPlanned(
    links: readonly Link[],
    pending: Readonly<Record<string, PendingAttributes>>,
  ): Promise<Required<Link>[]> {
    const open: Required<Link>[] = [];
    await sideBySide(links, inFlight, async (link) => {
      const object = await this.#input.reader.object(link.target as ObjectId);
      const values = object && this.#valuesOf(link, object);
      const attributes = !values
        ? this.#leave(link, link.attributes, 'the object is gone since the plan was made')
        : (typeIdOf(object) ?? link.type) !== link.type
          ? this.#leave(link, link.attributes, changedMeanwhile)
          : this.#stillPlanned(link, values, pending[String(link.object.id)] ?? {});
      if (object && values && attributes.length > 0) open.push({ ...link, attributes, today: { object, values } });
    });
    return open;
  }

  /** What stands in the attributes that are written to, as the site gave it, and what will stand there. */
  #imageOf({ object, target, attributes, today }: Required<Link>): BeforeImage[] {
    const { stage } = this.#input;
    const values = this.#valuesToWrite(object, attributes);
    const comparable = comparableToSend(values, stage.targetAttribute, stage.attribute);
    const wanted = new Map(
      [...values.keys()].flatMap((source) => {
        const id = stage.targetAttribute(source);
        return id === undefined ? [] : [[id, comparable.get(id) ?? []] as const];
      }),
    );
    if (wanted.size === 0) return [];
    const isMeant = (entry: JsonRecord) => wanted.has(textOf(entry.objectTypeAttributeId) ?? '');
    return [
      {
        id: target,
        objectKey: textOf(today.object.objectKey) ?? '',
        attributes: recordsOf(today.object.attributes).filter(isMeant),
        sent: Object.fromEntries([...wanted].map(([id, texts]) => [id, valuesDigest(texts)])),
      },
    ];
  }

  /** The values of these attributes, as far as they can be written; of one in which the backup has none, that it has none. */
  #valuesToWrite(object: ApiRecord, attributes: readonly string[]): Map<string, readonly string[]> {
    const { values, attributes: held } = this.#input.stage.prepare(object);
    const isHeld = new Set(held.map(({ source }) => source));
    return new Map(
      attributes.flatMap((source) => {
        const texts = values.get(source) ?? (isHeld.has(source) ? undefined : []);
        return texts ? [[source, texts] as const] : [];
      }),
    );
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

  async #link({ object, target, type, attributes, today }: Link, left: LeftOtherwise): Promise<void> {
    const { stage } = this.#input;
    const values = this.#valuesToWrite(object, attributes);
    const sent = valuesToSend(values, stage.targetAttribute, stage.attribute, stage.spellings);
    if (sent.length === 0) return;
    const id = target as ObjectId;
    const refusal = await this.#refusalOf(() => this.#input.writer.updateObject(id, type, sent));
    if (!refusal) return;
    const source = String(object.id);
    const place = { source, where: textOf(object.objectKey) ?? source, hidden: hiddenTexts(object) };
    const comparable = comparableToSend(values, stage.targetAttribute, stage.attribute);
    for (const one of sent) {
      const wanted = comparable.get(one.attributeId) ?? [];
      const stands = today?.values.get(one.attributeId) ?? [];
      const kept = standing(wanted, stands);
      const written = await this.#oneByOne(id, type, one, { ...place, kept, surplus: stands.length - kept.length });
      if (!today || written?.length === wanted.length) continue;
      const texts = written?.map((at) => wanted[at] ?? '') ?? stands;
      left[target] = { ...left[target], [one.attributeId]: valuesDigest(texts) };
    }
  }

  /**
   * Adds value after value to what stands there of the wanted ones, of which nothing is taken away: which one the site refuses it
   * does not say. What stands there besides goes as soon as the site takes one, and stays where it takes none of them. Gives the
   * numbers of those that were written at last; undefined where nothing was.
   */
  async #oneByOne(
    id: ObjectId,
    type: ObjectTypeId,
    { attributeId, values, alternatives }: SentValues,
    place: { source: string; where: string; hidden: readonly string[]; kept: readonly number[]; surplus: number },
  ): Promise<readonly number[] | undefined> {
    const { writer, losses } = this.#input;
    const refusalOf = (tried: readonly number[]) => {
      const spelt = (texts: readonly string[]) => tried.map((at) => texts[at] ?? '');
      const sent: SentValues = {
        attributeId: attributeId as AttributeId,
        values: spelt(values),
        ...(alternatives && { alternatives: { ...alternatives, values: spelt(alternatives.values) } }),
      };
      return this.#refusalOf(() => writer.updateObject(id, type, [sent]));
    };
    const lose = (refusal: RequestRefusedError, lost: number) => {
      const reason = refusal.saying(place.hidden, refusalReasons[refusal.refusals[0]?.kind ?? 'other']);
      const { source, where } = place;
      losses.add({ kind: 'object', source, where, attribute: this.#nameOf(attributeId), values: lost, reason });
    };
    let { kept } = place;
    for (const index of values.keys()) {
      if (kept.includes(index)) continue;
      const tried = [...kept, index].toSorted((a, b) => a - b);
      const refusal = await refusalOf(tried);
      if (refusal) lose(refusal, 1);
      else kept = tried;
    }
    if (kept !== place.kept) return kept;
    // None was added, so what is too much is still there.
    if (place.surplus === 0 || (kept.length === 0 && values.length > 0)) return undefined;
    const refusal = await refusalOf(kept);
    if (refusal) lose(refusal, 0);
    return refusal ? undefined : kept;
  }

  async #refusalOf(write: () => Promise<void>): Promise<RequestRefusedError | undefined> {
    await this.#input.lock.held();
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

/** Why a value was left that was to be written. */
export const changedMeanwhile = 'somebody has changed it since the plan was made: it is left as it is';
