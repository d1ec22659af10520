import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { NotFoundError, PermissionRefusedError } from '../../errors.ts';
import type { ObjectId } from '../../model/ids.ts';
import type { Json } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import { creatorIn } from '../../reading/history-entry.ts';
import { isNewestChange } from '../../reading/newest-change.ts';
import { needJson } from '../../work-store/json-file.ts';
import { type BeforeImage, leftOf, readImages } from '../before-images.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import { type JournalKeys, undoneKeys } from '../restore-keys.ts';
import type { ObjectsMade } from './made-objects.ts';
import type { DeletingFile } from './undo-files.ts';

interface ProofInput {
  readonly work: WorkStore;
  readonly journals: JournalKeys;
  /** The restore that is undone. */
  readonly undone: string;
  readonly reader: AssetsReader;
  readonly made: ObjectsMade;
  readonly now: number;
  readonly undoDays: number;
}

/** What stands in an attribute today, where that is what the restore was to write. */
interface Standing {
  readonly id: string;
  readonly attribute: string;
  /** What the attribute is called. */
  readonly name: string | undefined;
  readonly digest: string;
  readonly kinds: ReadonlyMap<string, AttributeKind | undefined>;
}

/** What the journals tell of writes. */
interface Noted {
  /** Ids of objects of which the restore has noted that they are written. */
  readonly done: ReadonlySet<string>;
  /** Images of later restores, by object. */
  readonly later: ReadonlyMap<string, readonly { readonly restore: string; readonly image: BeforeImage }[]>;
  /** When an undo was first about to set an attribute back, by object and attribute. */
  readonly tried: ReadonlyMap<string, number>;
}

/** Objects that the restore has made and that are asked who has created them: the first may be gone. */
const mostAsked = 10;

/**
 * Whether what stands in an attribute was written by the restore that is undone. That there is an image does not tell: it is
 * kept before the write, which may never have been sent; and people and later restores may have written the very same.
 */
export class WriteProof {
  readonly #input: ProofInput;
  readonly #noted: Noted;
  #account: Promise<string | undefined> | undefined;

  private constructor(input: ProofInput, noted: Noted) {
    this.#input = input;
    this.#noted = noted;
  }

  /** Throws the errors of before-images. */
  static async read(input: ProofInput): Promise<WriteProof> {
    const { work, journals, undone, now, undoDays } = input;
    const done = new Set<string>();
    const own = new Map<string, number>();
    const others: LinksFile[] = [];
    for await (const key of work.list(journals.allLinks)) {
      const file = await needJson<LinksFile>(work, key);
      if (file.restore !== undone) {
        others.push(file);
        continue;
      }
      for (const id of file.done) done.add(id);
      for (const one of file.images ?? []) {
        for (const { id } of await readImages(work, one, { now, undoDays })) own.set(id, own.get(id) ?? one.keptAt);
      }
    }
    // Names of restores of one second tell nothing of which is the later one.
    const first = Math.min(...own.values());
    const later = new Map<string, { restore: string; image: BeforeImage }[]>();
    for (const { restore, images = [], left = {} } of others) {
      for (const file of images.filter(({ keptAt }) => keptAt > first)) {
        for (const image of await readImages(work, file, { now, undoDays })) {
          if (file.keptAt <= (own.get(image.id) ?? file.keptAt)) continue;
          const sent = { ...image.sent, ...leftOf(image, left[image.id]) };
          later.set(image.id, [...(later.get(image.id) ?? []), { restore, image: { ...image, sent } }]);
        }
      }
    }
    const tried = new Map<string, number>();
    for await (const key of work.list(undoneKeys(undone).allDeleting)) {
      for (const file of (await needJson<DeletingFile>(work, key)).images) {
        for (const { id, sent } of await readImages(work, file, { now, undoDays })) {
          for (const attribute of Object.keys(sent)) {
            const name = `${id} ${attribute}`;
            tried.set(name, Math.min(tried.get(name) ?? file.keptAt, file.keptAt));
          }
        }
      }
    }
    return new WriteProof(input, { done, later, tried });
  }

  /** Why it is left as it is; undefined where the restore has written it, and nobody since. */
  async reasonAgainst(standing: Standing): Promise<string | undefined> {
    const { id, attribute, digest, kinds } = standing;
    const { done, later, tried } = this.#noted;
    const writer = later.get(id)?.findLast(({ image }) => {
      if (image.sent[attribute] !== digest) return false;
      const before = comparableValues({ id: image.id, attributes: image.attributes }, kinds).get(attribute) ?? [];
      return valuesDigest(before) !== digest;
    });
    if (writer) return `the restore ${writer.restore} has written it since, and is to be undone first`;
    const since = tried.get(`${id} ${attribute}`);
    if (!done.has(id) && !(await this.#isNewest(standing, { by: await this.#ownAccount(), since: null }))) {
      return 'the restore was stopped, and nobody knows whether it has written it';
    }
    if (since === undefined) return undefined;
    const isKnown = await this.#isNewest(standing, { by: null, since: null });
    const isSince = await this.#isNewest(standing, { by: null, since: new Date(since).toISOString() });
    return isKnown && !isSince ? undefined : 'an undo was stopped, and somebody may have written it after that';
  }

  async #isNewest(
    { id, name }: Standing,
    wanted: { readonly by: string | null | undefined; readonly since: string | null },
  ): Promise<boolean> {
    const { by, since } = wanted;
    if (by === undefined || name === undefined) return false;
    return isNewestChange(await this.#history(id), new Set([name]), { by, since });
  }

  /** The account that has created what the restore has made. */
  #ownAccount(): Promise<string | undefined> {
    this.#account ??= (async () => {
      for (const { entry } of this.#input.made.all.slice(0, mostAsked)) {
        const account = creatorIn(await this.#history(entry.target));
        if (account !== undefined) return account;
      }
      return undefined;
    })();
    return this.#account;
  }

  /** Empty where the site does not tell. */
  async #history(id: string): Promise<readonly Json[]> {
    try {
      return await this.#input.reader.history(id as ObjectId);
    } catch (error) {
      if (error instanceof PermissionRefusedError || error instanceof NotFoundError) return [];
      throw error;
    }
  }
}
