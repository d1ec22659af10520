import { NotFoundError, PermissionRefusedError, RequestRefusedError } from '../../errors.ts';
import type { ObjectId, ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, type Json, recordsOf, textOf } from '../../model/json.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { sayWaiting } from '../../waiting.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { type BeforeImage, KeptImages } from '../before-images.ts';
import { hiddenTexts } from '../objects/creation.ts';
import { restoreKeys, undoneKeys } from '../restore-keys.ts';
import { GoingObjects } from './going-objects.ts';
import { valuesBefore } from './overwritten-look.ts';
import type {
  DeletingFile,
  OverwrittenAttribute,
  OverwrittenObject,
  UndoBatch,
  UndoneBatch,
  UndoPlanFile,
  UntouchedObject,
} from './undo-files.ts';
import { IssueUndoer } from './undo-issues.ts';
import { knowLinks, UndoStage } from './undo-stage.ts';

const inFlight = 16;
/** What is looked at together just before it is written to: few, so that little happens in between. */
const objectsAGroup = 10;
const changedMeanwhile = 'somebody has changed it since the plan was made';

/** Why something stays that the login may not delete. */
export const mayNotDelete =
  'this login may not delete it: it needs the right to, and a token with scopes the delete: scopes';

/**
 * Sets back what the restore has written to, then deletes what it has made, batch after batch from `from` on. Each object is looked
 * at just before, and stays where it is not as the plan saw it; what stands there is kept first. Hands back the batch to go on
 * with, or null.
 */
export async function undoObjects(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  await checkSiteLock(services, run);
  const keys = restoreKeys(run.restore);
  const { batches: count } = await needJson<UndoPlanFile>(work, keys.undoPlan);
  if (count === 0) return { next: null };
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const stage = await UndoStage.open(services, run, reader);
  if (!stage) throw new Error('An undo of nothing has nothing to do.');
  const batches: UndoBatch[] = [];
  for (let number = 0; number < count; number += 1)
    batches.push(await needJson<UndoBatch>(work, keys.undoBatch(number)));
  const going = new GoingObjects(
    batches.flatMap(({ deletes }) => deletes),
    batches.flatMap(({ overwritten }) => overwritten),
  );
  await knowLinks(work, run, stage, stage.links.parts.length);
  for (let number = 0; number < from; number += 1)
    catchUp(stage, going, await needJson<UndoneBatch>(work, keys.undoneBatch(number)));
  if (from === 0)
    reporter.planned(
      'objects',
      batches.reduce((sum, batch) => sum + sizeOf(batch), 0),
    );
  const issues = new IssueUndoer(services, run, stage.links);
  const undoer = new ObjectUndoer({ services, run, stage, reader, writer, going, issues });
  try {
    for (let number = from; number < count; number += 1) {
      if (number > from && isTimeShort(services)) return { next: number };
      await checkSiteLock(services, run);
      const batch = batches[number] ?? { overwritten: [], deletes: [] };
      await writeJson<UndoneBatch>(work, keys.undoneBatch(number), await undoer.run(number, batch));
      reporter.advanced('objects', sizeOf(batch));
    }
    return { next: null };
  } finally {
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
    await issues.record(work, keys);
  }
}

const sizeOf = ({ issues = [], overwritten, deletes }: UndoBatch) =>
  issues.length + overwritten.length + deletes.length;

/** What an invocation before this one has done. */
function catchUp({ links }: UndoStage, going: GoingObjects, { setBack, deleted, stays }: UndoneBatch): void {
  for (const { id, attributes } of setBack)
    going.refersNoMore(
      id,
      attributes.flatMap(({ refersTo }) => refersTo),
    );
  for (const object of deleted) going.gone(object);
  for (const { kind, source, reason } of stays) {
    if (kind === 'issue') links.know(source, []);
    else going.stay(source, reason);
  }
  going.takeStaying();
}

interface UndoerInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: UndoStage;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly going: GoingObjects;
  readonly issues: IssueUndoer;
}

interface Done {
  readonly setBack: OverwrittenObject[];
  readonly goesByItself: OverwrittenObject[];
  readonly deleted: UntouchedObject[];
  readonly stays: Staying[];
}

/** What stood in the objects of one batch, and what is about to go of them; kept few by few, and whole where the batch begins anew. */
class KeptBatch {
  readonly #work: Services['work'];
  readonly #key: string;
  readonly #undo: string;
  readonly #images: KeptImages;
  readonly #deleting: Set<string>;

  private constructor(work: Services['work'], key: string, undo: string, images: KeptImages, deleting: Set<string>) {
    this.#work = work;
    this.#key = key;
    this.#undo = undo;
    this.#images = images;
    this.#deleting = deleting;
  }

  static async open(services: Services, { restore, undo = '' }: RestoreRun, number: number): Promise<KeptBatch> {
    const key = undoneKeys(undo).deleting(restore, number);
    const before = await readJson<DeletingFile>(services.work, key);
    const keyOf = (part: number) => restoreKeys(restore).beforeImages(number, part);
    const images = await KeptImages.open(services, keyOf, before?.images);
    return new KeptBatch(services.work, key, restore, images, new Set(before?.objects));
  }

  /** @param deleting ids of those that are about to go: what no journal names has not gone */
  async keep(images: readonly ImageOfAll[], deleting: readonly string[] = []): Promise<void> {
    if (images.length === 0) return;
    await this.#images.keep(images);
    for (const id of deleting) this.#deleting.add(id);
    await writeJson<DeletingFile>(this.#work, this.#key, {
      ...{ undo: this.#undo, objects: [...this.#deleting], images: this.#images.files },
    });
  }
}

class ObjectUndoer {
  readonly #input: UndoerInput;
  #isRefused = false;

  constructor(input: UndoerInput) {
    this.#input = input;
  }

  async run(number: number, { issues: fields = [], overwritten, deletes }: UndoBatch): Promise<UndoneBatch> {
    const { services, run, going, issues } = this.#input;
    const ofIssues = await issues.setBack(fields);
    const kept = await KeptBatch.open(services, run, number);
    const done: Done = { setBack: [], goesByItself: [], deleted: [], stays: [...ofIssues.stays] };
    for (const group of inGroups(overwritten)) await this.#setBackAll(group, kept, done);
    await this.#deleteAll(deletes, kept, done.deleted);
    for (const [{ target, key }, reason] of going.takeStaying())
      done.stays.push({ kind: 'object', source: target, where: key, values: 1, reason });
    return { ...done, issues: ofIssues.setBack };
  }

  async #setBackAll(
    objects: readonly OverwrittenObject[],
    kept: KeptBatch,
    { setBack, goesByItself, stays }: Done,
  ): Promise<void> {
    const toSetBack = await this.#stillAsPlanned(objects, stays);
    await kept.keep(toSetBack.map(({ object, found }) => imageOf(found, object.attributes)));
    await sideBySide(toSetBack, inFlight, async ({ object, found }) => {
      const { done, later } = await this.#setBack(object, found, stays);
      if (done.length > 0) setBack.push({ ...object, attributes: done });
      if (later.length > 0) goesByItself.push({ ...object, attributes: later });
      this.#input.going.refersNoMore(
        object.id,
        done.flatMap(({ refersTo }) => refersTo),
      );
    });
  }

  /**
   * All are looked at before the first goes, for what one that stays refers to has to stay, and each few again just before they go:
   * the others, or a pause, have taken a while.
   */
  async #deleteAll(planned: readonly UntouchedObject[], kept: KeptBatch, deleted: UntouchedObject[]): Promise<void> {
    const { going } = this.#input;
    const { found, doubtful } = await this.#stillUntouched(planned);
    if (doubtful.length > 0) {
      await this.#waitForReferences();
      await this.#checkInbound(doubtful);
    }
    let open = planned.filter(({ target }) => found.has(target));
    for (let isLast = false; open.length > 0; ) {
      const before = deleted.length;
      const wait = new Set<string>();
      for (const group of inGroups(open)) {
        deleted.push(...(await this.#deleteFew(group, { kept, wait, isLast })));
      }
      open = open.filter(({ target }) => going.has(target) && wait.has(target));
      isLast = deleted.length === before;
      if (open.length > 0) await this.#waitForReferences();
    }
  }

  /** @param wait ids of objects that cannot go yet: as the site has it, others refer to them, which may only just have gone */
  async #deleteFew(
    objects: readonly UntouchedObject[],
    { kept, wait, isLast }: { readonly kept: KeptBatch; readonly wait: Set<string>; readonly isLast: boolean },
  ): Promise<UntouchedObject[]> {
    const { going, stage } = this.#input;
    const { found, doubtful } = await this.#stillUntouched(objects.filter(({ target }) => !wait.has(target)));
    for (const object of doubtful) {
      if (isLast) going.checkInbound(object);
      else for (const id of going.withReferred(object.target)) wait.add(id);
    }
    const toDelete = objects.filter(({ target }) => going.has(target) && found.has(target) && !wait.has(target));
    await kept.keep(
      toDelete
        .flatMap(({ target }) => found.get(target) ?? [])
        .map(({ object, comments }) => ({ ...imageOf(object, 'all'), comments })),
      toDelete.map(({ target }) => target),
    );
    stage.deletes(toDelete.map(({ target }) => target));
    const deleted: UntouchedObject[] = [];
    const [first, ...others] = toDelete;
    // The first alone: where the login may not delete, the others need not be tried.
    for (const part of [first ? [first] : [], others]) {
      await sideBySide(part, inFlight, async (object) => {
        if (await this.#delete(object, found.get(object.target)?.object)) deleted.push(object);
      });
    }
    for (const object of deleted) going.gone(object);
    return deleted;
  }

  async #stillAsPlanned(objects: readonly OverwrittenObject[], stays: Staying[]) {
    const { stage, going } = this.#input;
    const open: { readonly object: OverwrittenObject; readonly found: ApiRecord }[] = [];
    await sideBySide(objects, inFlight, async (planned) => {
      const looked = await stage.lookAtOverwritten(stage.imageOf(planned));
      const still = new Map(looked.overwritten?.attributes.map((attribute) => [attribute.id, attribute]));
      const isStill = ({ id, now }: OverwrittenAttribute) => still.get(id)?.now === now;
      const attributes = planned.attributes.filter(isStill);
      const changed = planned.attributes.filter((attribute) => !isStill(attribute));
      for (const { name } of changed) stays.push(stayingOf(planned, name, changedMeanwhile));
      going.keeps({ attributes: changed });
      for (const to of looked.overwritten?.stillRefersTo ?? []) going.stay(to, changedMeanwhile);
      if (looked.found && attributes.length > 0) open.push({ object: { ...planned, attributes }, found: looked.found });
    });
    return open;
  }

  /** The objects that are as the plan saw them, by id, and those of them to which more refers than is known; the others stay, or are gone. */
  async #stillUntouched(planned: readonly UntouchedObject[]) {
    const { stage, going } = this.#input;
    const found = new Map<string, { readonly object: ApiRecord; readonly comments: readonly Json[] }>();
    const looks: Pick<UntouchedObject, 'target' | 'inbound'>[] = [];
    await sideBySide(stage.inOrderOfLooks(planned), inFlight, async (object) => {
      const { target } = object;
      if (!going.has(target)) return;
      const looked = await stage.look(target);
      if (looked === 'gone') going.gone(object);
      else if ('touched' in looked) going.stay(target, looked.touched);
      else if (looked.untouched.digest !== object.digest) going.stay(target, changedMeanwhile);
      else {
        found.set(target, { object: looked.found, comments: looked.comments });
        looks.push(looked.untouched);
      }
    });
    return {
      found,
      doubtful: looks.filter((object) => going.has(object.target) && !going.isReferredToAsKnown(object)),
    };
  }

  async #checkInbound(objects: readonly Pick<UntouchedObject, 'target'>[]): Promise<void> {
    const { reader, going } = this.#input;
    await sideBySide(objects, inFlight, async ({ target }) => {
      going.checkInbound({ target, inbound: await reader.inboundReferences(target as ObjectId) });
    });
  }

  /** A site may show references a while longer than what they stood in. */
  async #waitForReferences(): Promise<void> {
    const { services } = this.#input;
    const { searchLagMilliseconds: milliseconds } = services;
    const what = 'for the site to show no more what referred to objects and has just gone';
    await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
  }

  /** The attributes that were set back, and those that deletes will. What else the site refuses of them stays. */
  async #setBack(
    object: OverwrittenObject,
    found: ApiRecord,
    stays: Staying[],
  ): Promise<Record<'done' | 'later', readonly OverwrittenAttribute[]>> {
    const { stage, going } = this.#input;
    const image = stage.imageOf(object);
    const kinds = await stage.kindsOf(object.type);
    const write = (attributes: readonly OverwrittenAttribute[]) =>
      this.#refusalOf(() =>
        this.#input.writer.updateObject(
          object.id as ObjectId,
          object.type as ObjectTypeId,
          attributes.map(({ id }) => valuesBefore(image, id, kinds)),
        ),
      );
    if (!(await write(object.attributes))) return { done: object.attributes, later: [] };
    const done: OverwrittenAttribute[] = [];
    const later: OverwrittenAttribute[] = [];
    for (const attribute of object.attributes) {
      const refusal = await write([attribute]);
      if (!refusal) done.push(attribute);
      else if (attribute.goesByItself && attribute.refersTo.every((to) => going.has(to))) later.push(attribute);
      else {
        const hidden = [...hiddenTexts(found), ...hiddenTexts({ id: image.id, attributes: image.attributes })];
        stays.push(stayingOf(object, attribute.name, refusal.saying(hidden)));
        going.keeps({ attributes: [attribute] });
      }
    }
    return { done, later };
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

  /** False where it stays. One that is gone by now is gone. */
  async #delete({ target }: UntouchedObject, found: ApiRecord | undefined): Promise<boolean> {
    const { writer, going } = this.#input;
    const stay = (reason: string) => {
      going.stay(target, reason);
      return false;
    };
    if (this.#isRefused || !going.has(target)) return stay(mayNotDelete);
    try {
      await writer.deleteObject(target as ObjectId);
    } catch (error) {
      if (error instanceof NotFoundError) return true;
      if (error instanceof RequestRefusedError) return stay(error.saying(found ? hiddenTexts(found) : []));
      if (!(error instanceof PermissionRefusedError)) throw error;
      this.#isRefused = true;
      return stay(mayNotDelete);
    }
    return true;
  }
}

function inGroups<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / objectsAGroup);
  return Array.from({ length: count }, (_, at) => list.slice(at * objectsAGroup, (at + 1) * objectsAGroup));
}

function stayingOf({ id, key }: OverwrittenObject, attribute: string, reason: string): Staying {
  return { kind: 'object', source: id, where: key, attribute, values: 1, reason };
}

/** What stands in the attributes that are set back, or all of an object that goes. */
function imageOf(found: ApiRecord, attributes: readonly OverwrittenAttribute[] | 'all'): ImageOfAll {
  const entries = recordsOf(found.attributes);
  const image = { id: String(found.id), objectKey: textOf(found.objectKey) ?? '' };
  if (attributes === 'all') return { ...image, attributes: entries, sent: {}, object: found };
  const sent = Object.fromEntries(attributes.map(({ id, before }) => [id, before]));
  return { ...image, attributes: entries.filter((entry) => (textOf(entry.objectTypeAttributeId) ?? '') in sent), sent };
}

interface ImageOfAll extends BeforeImage {
  /** The object as the site gave it. */
  readonly object?: ApiRecord;
  readonly comments?: readonly Json[];
}
