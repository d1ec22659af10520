import type { ObjectId } from '../../model/ids.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ObjectsToday } from './relinked-value.ts';

const inFlight = 16;

/** Which objects of the backup are there by now, and what stands in the place of those that are not; each asked for by its id once. */
export class LiveObjects {
  readonly #reader: AssetsReader;
  readonly #earlier: EarlierRestores;
  readonly #restore: string;
  readonly #isThere = new Map<string, boolean>();

  /** @param restore the one whose objects are preferred, where several were made of one */
  constructor(reader: AssetsReader, earlier: EarlierRestores, restore: string) {
    this.#reader = reader;
    this.#earlier = earlier;
    this.#restore = restore;
  }

  /** Asks the site for objects of the backup, and for what was made of those that are gone. */
  async learn(ids: Iterable<string>): Promise<void> {
    const old = new Set(ids);
    await this.#ask(old);
    const gone = [...old].filter((id) => !this.#isThere.get(id));
    await this.#ask(new Set(gone.flatMap((id) => this.#standIns(id))));
  }

  /** As they are for one field: what it holds already of several that were made of one object is the one that counts. */
  for(today: readonly string[]): ObjectsToday {
    const isAlive = (id: string) => this.#isThere.get(id) === true;
    const standIns = (id: string) => this.#standIns(id);
    const counterpart = (id: string) => {
      if (isAlive(id)) return undefined;
      const there = standIns(id).filter(isAlive);
      return there.find((one) => today.includes(one)) ?? there[0];
    };
    return { isAlive, counterpart, standIns };
  }

  /** What was made of an object, or said to be it: by this restore, then by others, the newest first. */
  #standIns(id: string): string[] {
    const made = this.#earlier.allMade(id).toReversed();
    const isOurs = ({ restore }: { readonly restore: string }) => restore === this.#restore;
    const all = [...made.filter(isOurs), ...made.filter((one) => !isOurs(one))];
    return [...new Set(all.map(({ target }) => target))].filter((target) => target !== id);
  }

  async #ask(ids: ReadonlySet<string>): Promise<void> {
    const unknown = [...ids].filter((id) => !this.#isThere.has(id));
    await sideBySide(unknown, inFlight, async (id) => {
      this.#isThere.set(id, (await this.#reader.object(id as ObjectId)) !== undefined);
    });
  }
}
