import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { missingFile, needJson, readJson } from '../../work-store/json-file.ts';
import { type BeforeImage, readBeforeImages } from '../before-images.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import { ObjectStage } from '../objects/object-stage.ts';
import type { ReusedObject } from '../plan-files.ts';
import { restoreKeys, undoneKeys } from '../restore-keys.ts';
import { AsLeft } from './as-left.ts';
import { hasWritten } from './has-written.ts';
import { ObjectsMade } from './made-objects.ts';
import { ObjectLook } from './object-look.ts';
import { lookAtOverwritten } from './overwritten-look.ts';
import { OwnComments } from './own-comments.ts';
import { OwnLinks } from './own-links.ts';
import type { DeletingFile, LookedFile, OverwrittenObject } from './undo-files.ts';
import { WriteProof } from './write-proof.ts';

/** What the steps of an undo have in common: what the restore that is undone has made, and what stood where it wrote. */
export class UndoStage {
  readonly stage: ObjectStage;
  readonly made: ObjectsMade;
  readonly images: readonly BeforeImage[];
  /** Issues that the restore has made to hold what it made. */
  readonly links: OwnLinks;
  readonly #look: ObjectLook;
  readonly #comments: OwnComments;
  readonly #names: (attribute: string) => string | undefined;
  readonly #reader: AssetsReader;
  readonly #byId: ReadonlyMap<string, BeforeImage>;
  readonly #earlier: EarlierRestores;
  readonly #deleted: Set<string>;
  readonly #proof: WriteProof;

  private constructor(
    parts: Pick<UndoStage, 'stage' | 'made' | 'images' | 'links'> & {
      readonly look: ObjectLook;
      readonly comments: OwnComments;
      readonly asLeft: AsLeft;
      readonly reader: AssetsReader;
      readonly earlier: EarlierRestores;
      readonly deleted: Set<string>;
      readonly proof: WriteProof;
    },
  ) {
    this.stage = parts.stage;
    this.made = parts.made;
    this.images = parts.images;
    this.links = parts.links;
    this.#look = parts.look;
    this.#comments = parts.comments;
    this.#names = (attribute) => parts.asLeft.nameOf(attribute);
    this.#reader = parts.reader;
    this.#earlier = parts.earlier;
    this.#deleted = parts.deleted;
    this.#proof = parts.proof;
    this.#byId = new Map(parts.images.map((image) => [image.id, image]));
  }

  /**
   * Undefined where the restore has written nothing. Throws DamagedWorkFileError, DamagedBackupError, BeforeImageMissingError,
   * BeforeImageDamagedError, BeforeImageExpiredError.
   */
  static async open(services: Services, run: RestoreRun, reader: AssetsReader): Promise<UndoStage | undefined> {
    const { work, clock, undoDays } = services;
    const undone = run.undo ?? '';
    // It is there before the first write.
    if (!(await readJson<ConfigurationMap>(work, restoreKeys(undone).configuration))) {
      if (await hasWritten(services, run)) throw missingFile(work, restoreKeys(undone).configuration);
      return undefined;
    }
    const stage = await ObjectStage.open(services, { ...run, restore: undone });
    const { journals } = stage.context;
    const deleted = await deletedBefore(work, undone);
    const made = await ObjectsMade.read(work, stage, undone);
    const asLeft = await AsLeft.read(work, journals, undone, stage);
    const earlier = await EarlierRestores.read(work, journals, run.restore);
    const isDeleted = (id: string) => deleted.has(id);
    const comments = await OwnComments.read(work, stage);
    const links = await OwnLinks.read(work, journals, undone, stage.context.manifest.issueLinks ?? []);
    return new UndoStage({
      stage,
      made,
      links,
      images: await readBeforeImages(work, journals, undone, clock.now(), undoDays),
      look: new ObjectLook({ reader, stage, asLeft, made, isDeleted, comments, links }),
      comments,
      asLeft,
      reader,
      earlier,
      deleted,
      proof: await WriteProof.read({ work, journals, undone, reader, made, now: clock.now(), undoDays }),
    });
  }

  /** How many objects the restore has found that others had made, by their names: where one went on from another that was stopped. */
  async foundOfOthers(work: WorkStore): Promise<ReadonlyMap<string, number>> {
    const { plan, context } = this.stage;
    const counts = new Map<string, number>();
    for (let part = 0; part < plan.reusedParts; part += 1) {
      for (const { target } of await needJson<ReusedObject[]>(work, context.keys.reused(part))) {
        const maker = this.#earlier.madeAs(target)?.restore;
        if (maker !== undefined) counts.set(maker, (counts.get(maker) ?? 0) + 1);
      }
    }
    return counts;
  }

  look(target: string): ReturnType<ObjectLook['look']> {
    const made = this.made.of(target);
    if (!made) throw new Error(`The restore has not made object ${target}.`);
    return this.#look.look(made);
  }

  /** Made objects in the order in which it costs the least to look at them. */
  inOrderOfLooks<Of extends { readonly source: string }>(objects: readonly Of[]): Of[] {
    return this.#comments.together(objects);
  }

  /** Notes what is about to be deleted: what lacks a reference to it was not touched. */
  deletes(ids: readonly string[]): void {
    for (const id of ids) this.#deleted.add(id);
  }

  /** Whether an undo was about to delete it. */
  wasDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  kindsOf(type: string): ReturnType<ObjectLook['kindsOf']> {
    return this.#look.kindsOf(type);
  }

  imageOf({ id }: Pick<OverwrittenObject, 'id'>): BeforeImage {
    const image = this.#byId.get(id);
    if (!image) throw new Error(`There is no image of object ${id}.`);
    return image;
  }

  lookAtOverwritten(image: BeforeImage): ReturnType<typeof lookAtOverwritten> {
    return lookAtOverwritten(image, {
      reader: this.#reader,
      kindsOf: (type) => this.kindsOf(type),
      nameOf: this.#names,
      isMade: (id) => this.made.has(id),
      proof: this.#proof,
    });
  }
}

/** Ids of objects that undos of a restore were about to delete. */
async function deletedBefore(work: WorkStore, restore: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const key of work.list(undoneKeys(restore).allDeleting)) {
    for (const id of (await needJson<DeletingFile>(work, key)).objects) ids.add(id);
  }
  return ids;
}

/** Takes what looks at issues have found for known: the first parts that a plan has left. */
export async function knowLinks(work: WorkStore, { restore }: RestoreRun, { links }: UndoStage, parts: number) {
  for (let number = 0; number < parts; number += 1) {
    const { ours = [] } = await needJson<LookedFile>(work, restoreKeys(restore).looked(number));
    links.knowAll(ours);
  }
}
