import { RequestRefusedError } from '../../errors.ts';
import type { AttributeId, ObjectId, ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import { refusalReasons } from '../../model/refusal.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsWriter, SentValues } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { Slots } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectBatch } from '../plan-files.ts';
import { StepLosses } from '../step-losses.ts';
import { valuesToSend } from '../values/object-values-to-send.ts';
import { ObjectStage } from './object-stage.ts';

/** Second writes between two notes of what is done; they may be sent twice, so the note only saves requests. */
const notedAtOnce = 200;
const inFlight = 64;

/**
 * Writes what could not be written when an object was created: references inside a circle, and several values of which one
 * was refused, one by one. Goes on from the batch `from`; hands back where to go on, or null.
 */
export async function linkReferences(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'links');
  if (from === 0) reporter.planned('references', stage.plan.links);
  const linker = new Linker({ services, run, stage, writer, losses });
  try {
    for (let number = from; number < stage.plan.batches; number += 1) {
      if (number > from && isTimeShort(services)) return { next: number };
      if (!(await linker.run(number))) return { next: number };
    }
    return { next: null };
  } finally {
    await losses.save();
    await recordRequests(services.work, stage.context.keys.allRequests, writer);
  }
}

interface LinkerInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
}

class Linker {
  readonly #input: LinkerInput;

  constructor(input: LinkerInput) {
    this.#input = input;
  }

  /** False where time ran short. */
  async run(number: number): Promise<boolean> {
    const { services, run, stage, losses } = this.#input;
    const { work, reporter } = services;
    const batch = await needJson<ObjectBatch>(work, stage.context.keys.batch(number));
    const pending = batch.pending ?? (await this.#pendingOf(number));
    const linksKey = stage.context.journals.links(run.restore, number);
    const done = new Set((await readJson<LinksFile>(work, linksKey))?.done);
    const note = async () => {
      await losses.save();
      // By target, since that is how a later restore finds them.
      const ofTargets = Object.groupBy(losses.all, ({ source }) => stage.known.get(source)?.id ?? '');
      const lost = Object.fromEntries([...done].flatMap((id) => (ofTargets[id] ? [[id, ofTargets[id]]] : [])));
      await writeJson<LinksFile>(work, linksKey, { restore: run.restore, done: [...done], losses: lost });
    };
    const slots = new Slots(inFlight);
    let sent = 0;
    for (const group of batch.groups) {
      for (const [id] of group.objects) {
        const attributes = pending[id];
        const target = stage.known.get(id)?.id;
        if (!attributes || target === undefined || done.has(target)) continue;
        const object = (await stage.objects(group.shard)).get(id);
        if (!object) continue;
        if (sent > 0 && sent % notedAtOnce === 0) {
          await slots.idle();
          await note();
          if (isTimeShort(services)) return false;
        }
        if (sent % notedAtOnce === 0) await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
        sent += 1;
        await slots.run(async () => {
          await this.#link(id, object, stage.shard(group.shard).typeId, attributes);
          done.add(target);
          reporter.advanced('references', 1);
        });
      }
    }
    await slots.idle();
    if (sent > 0) await note();
    return true;
  }

  async #pendingOf(number: number): Promise<Readonly<Record<string, readonly string[]>>> {
    const { services, run, stage } = this.#input;
    const journal = await readJson<ObjectJournalFile>(
      services.work,
      stage.context.journals.objects(run.restore, number),
    );
    return Object.fromEntries(
      Object.entries(journal?.entries ?? {}).flatMap(([source, entry]) =>
        entry.state === 'created' && entry.pending ? [[source, entry.pending] as const] : [],
      ),
    );
  }

  async #link(source: string, object: ApiRecord, typeId: string, attributes: readonly string[]): Promise<void> {
    const { stage, losses } = this.#input;
    const known = stage.known.get(source);
    const type = stage.map.types[typeId]?.target as ObjectTypeId | undefined;
    if (!known || type === undefined) return;
    const prepared = stage.prepare(object);
    for (const loss of prepared.losses) losses.add(loss);
    const values = new Map([...prepared.values].filter(([id]) => attributes.includes(id)));
    const sent = valuesToSend(values, stage.targetAttribute, stage.attribute, stage.spellings);
    if (sent.length === 0) return;
    const id = known.id as ObjectId;
    if (await this.#isAccepted(() => this.#input.writer.updateObject(id, type, sent))) return;
    const place = { source, where: textOf(object.objectKey) ?? source };
    for (const one of sent) await this.#oneByOne(id, type, one, place);
  }

  /** Adds value after value: which one the site refuses it does not say. */
  async #oneByOne(
    id: ObjectId,
    type: ObjectTypeId,
    { attributeId, values, alternatives }: SentValues,
    place: { source: string; where: string },
  ): Promise<void> {
    const { stage, writer, losses } = this.#input;
    let kept: number[] = [];
    for (const index of values.keys()) {
      const tried = [...kept, index];
      const spelt = (texts: readonly string[]) => tried.map((at) => texts[at] ?? '');
      const sent: SentValues = {
        attributeId,
        values: spelt(values),
        ...(alternatives && { alternatives: spelt(alternatives) }),
      };
      const refusal = await this.#refusalOf(() => writer.updateObject(id, type, [sent]));
      if (!refusal) kept = tried;
      else {
        const attribute = nameOf(stage, attributeId);
        const reason = refusalReasons[refusal.refusals[0]?.kind ?? 'other'];
        losses.add({ kind: 'object', ...place, attribute, values: 1, reason: `${reason} (value ${index + 1})` });
      }
    }
  }

  async #isAccepted(write: () => Promise<void>): Promise<boolean> {
    return (await this.#refusalOf(write)) === undefined;
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

function nameOf(stage: ObjectStage, attributeId: AttributeId): string {
  const planned = stage.configuration.attributes.find(({ source }) => stage.map.attributes[source] === attributeId);
  return planned?.name ?? attributeId;
}
