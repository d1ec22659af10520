import { createHash } from 'node:crypto';
import { counted } from '../counted.ts';
import { BeforeImageDamagedError, BeforeImageExpiredError, BeforeImageMissingError } from '../errors.ts';
import { type JsonRecord, textOf } from '../model/json.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson } from '../work-store/json-file.ts';
import type { BeforeImageFile, LinksFile } from './id-map/earlier-restores.ts';
import type { JournalKeys } from './restore-keys.ts';

/** What stood in an object before it was written to. */
export interface BeforeImage {
  readonly id: string;
  readonly objectKey: string;
  /** As the site gave them; an attribute of `sent` that is not here was empty. */
  readonly attributes: readonly JsonRecord[];
  /** Digest of the values that were sent, by attribute: what stands there, if nobody has changed it since. Empty: it was to go. */
  readonly sent: Readonly<Record<string, string>>;
}

interface KeepingServices {
  readonly work: WorkStore;
  readonly clock: { now(): number };
}

/**
 * The images of one journal. What is kept first of an object and attribute stands: a second try of a part that was broken off
 * finds what the first has written.
 */
export class KeptImages {
  readonly #services: KeepingServices;
  readonly #keyOf: (part: number) => string;
  readonly #files: BeforeImageFile[];
  /** Attributes by object. */
  readonly #known = new Map<string, Set<string>>();

  private constructor(services: KeepingServices, keyOf: (part: number) => string, files: readonly BeforeImageFile[]) {
    this.#services = services;
    this.#keyOf = keyOf;
    this.#files = [...files];
  }

  /**
   * @param keyOf the key of a file, by its number from 0
   * @param files those that the journal names by now
   */
  static async open(
    services: KeepingServices,
    keyOf: (part: number) => string,
    files: readonly BeforeImageFile[] = [],
  ): Promise<KeptImages> {
    const kept = new KeptImages(services, keyOf, files);
    for (const file of files) for (const image of await readImages(services.work, file)) kept.#note(image);
    return kept;
  }

  /** For the journal, which is to be written before what the images are of. */
  get files(): readonly BeforeImageFile[] {
    return this.#files;
  }

  /** Keeps what is not kept yet; false where that is nothing. A file that no journal names is one of which nothing was written. */
  async keep(images: readonly BeforeImage[]): Promise<boolean> {
    const fresh = images.flatMap((image) => this.#freshOf(image) ?? []);
    if (fresh.length === 0) return false;
    const { work, clock } = this.#services;
    const text = fresh.map((image) => `${JSON.stringify(image)}\n`).join('');
    const file = { key: this.#keyOf(this.#files.length), sha256: sealOf(text), keptAt: clock.now() };
    await work.write(file.key, text);
    this.#files.push(file);
    for (const image of fresh) this.#note(image);
    return true;
  }

  #freshOf(image: BeforeImage): BeforeImage | undefined {
    const known = this.#known.get(image.id);
    if (!known) return image;
    const sent = Object.fromEntries(Object.entries(image.sent).filter(([attribute]) => !known.has(attribute)));
    if (Object.keys(sent).length === 0) return undefined;
    const attributes = image.attributes.filter((entry) => (textOf(entry.objectTypeAttributeId) ?? '') in sent);
    return { ...image, attributes, sent };
  }

  #note({ id, sent }: BeforeImage): void {
    this.#known.set(id, new Set([...(this.#known.get(id) ?? []), ...Object.keys(sent)]));
  }
}

/**
 * All images that a restore has kept, with the digests of what it has left in the end. `checkJournals` has to have been there
 * before: a journal that was lost names no images. Throws BeforeImageMissingError, BeforeImageDamagedError,
 * BeforeImageExpiredError; changes nothing.
 */
export async function readBeforeImages(
  work: WorkStore,
  journals: JournalKeys,
  restore: string,
  now: number,
  undoDays: number,
): Promise<BeforeImage[]> {
  const images: BeforeImage[] = [];
  for await (const key of work.list(`${journals.allLinks}${restore}.`)) {
    const { images: files = [], left = {} } = await needJson<LinksFile>(work, key);
    for (const file of files) {
      const there = await readImages(work, file, { now, undoDays });
      images.push(...there.map((image) => ({ ...image, sent: { ...image.sent, ...leftOf(image, left[image.id]) } })));
    }
  }
  return images;
}

/** Of what was left otherwise than it was sent: the attributes that this image is of. */
export function leftOf({ sent }: BeforeImage, left: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(left).filter(([attribute]) => attribute in sent));
}

/** The images of one file, which is what was kept then. Throws what `readBeforeImages` does. */
export async function readImages(
  work: WorkStore,
  { key, sha256, keptAt }: BeforeImageFile,
  expiry?: { readonly now: number; readonly undoDays: number },
): Promise<BeforeImage[]> {
  const there = await work.read(key);
  const place = work.addressOf(key);
  if (!there && expiry && expiry.now - keptAt >= expiry.undoDays * millisecondsADay) {
    throw new BeforeImageExpiredError(
      `What stood there before this restore wrote was kept for ${counted(expiry.undoDays, 'day')} (\`undoDays\`), and is gone: ${place}. So it cannot be undone any more; restore from a backup of that time instead, with \`--on-existing update\`.`,
    );
  }
  if (!there) {
    throw new BeforeImageMissingError(
      `${place} is missing: what stood there before this restore wrote. Put it back (a version of it in the work bucket, a copy of the folder .work) and start again, or restore from a backup of that time instead, with \`--on-existing update\`.`,
    );
  }
  if (sealOf(there.text) === sha256) {
    return there.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as BeforeImage);
  }
  throw new BeforeImageDamagedError(
    `${place} is damaged: it is not what was kept before this restore wrote. Put its last whole copy back (a version of it in the work bucket, a copy of the folder .work) and start again, or restore from a backup of that time instead, with \`--on-existing update\`.`,
  );
}

const sealOf = (text: string) => createHash('sha256').update(text).digest('hex');
const millisecondsADay = 86_400_000;
