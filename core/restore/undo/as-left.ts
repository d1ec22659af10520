import { valuesDigest } from '../../comparison/object-values.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { kind } from '../../reading/attribute-kinds.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { LeftFile, LeftObjectsOf } from '../id-map/left-journal.ts';
import type { CreatedEntry } from '../id-map/object-journal.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { JournalKeys } from '../restore-keys.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';

/** How a restore has left the objects that it made: as the backup has them, or as it noted when it came to its end. */
export class AsLeft {
  readonly #stage: ObjectStage;
  readonly #left: LeftObjectsOf['objects'] | undefined;
  readonly #sources: ReadonlyMap<string, string>;

  private constructor(stage: ObjectStage, left: LeftObjectsOf['objects'] | undefined) {
    this.#stage = stage;
    this.#left = left;
    this.#sources = new Map(Object.entries(stage.map.attributes).map(([source, target]) => [target, source]));
  }

  /** @param restore the one whose stage it is */
  static async read(work: WorkStore, keys: JournalKeys, restore: string, stage: ObjectStage): Promise<AsLeft> {
    const objects: Record<string, LeftObjectsOf['objects'][string]> = {};
    let files = 0;
    let of = 1;
    for await (const key of work.list(`${keys.allLeft}${restore}.`)) {
      const file = await needJson<LeftFile>(work, key);
      Object.assign(objects, file.objects);
      files += 1;
      of = file.of;
    }
    return new AsLeft(stage, files === of ? objects : undefined);
  }

  nameOf(attribute: string): string | undefined {
    const source = this.#sources.get(attribute);
    return source === undefined ? undefined : this.#stage.attribute(source)?.name;
  }

  /** Whether the restore itself has found at its end that an attribute was not as it had written it. */
  wasWrong(target: string, attribute: string): boolean {
    return this.#left?.[target]?.[attribute]?.wrongOf !== undefined;
  }

  /**
   * Ids of the attributes that are otherwise than the restore left them. What it had not come to may be there or not, and so may
   * references to what is deleted already.
   */
  changedIn(
    { target, pending = [], losses = [] }: Pick<CreatedEntry, 'target' | 'pending' | 'losses'>,
    stored: ApiRecord,
    now: ReadonlyMap<string, readonly string[]>,
    isDeleted: (id: string) => boolean,
  ): string[] {
    const { targetAttribute, attribute } = this.#stage;
    const wanted = comparableToSend(this.#stage.prepare(stored).values, targetAttribute, attribute);
    const open = new Set(pending);
    const lost = new Set(losses.map((loss) => loss.attribute));
    return [...new Set([...wanted.keys(), ...now.keys()])].filter((id) => {
      const [there, right] = [now.get(id) ?? [], wanted.get(id) ?? []];
      const noted = this.#left?.[target]?.[id];
      // What came out otherwise than it was written may be somebody's work, while the restore ran.
      const left = noted?.wrongOf === undefined ? noted?.digest : undefined;
      if (left === valuesDigest(there) || (left === undefined && valuesDigest(right) === valuesDigest(there)))
        return false;
      const source = this.#sources.get(id) ?? '';
      const isOpen = !this.#left && (open.has(source) || lost.has(attribute(source)?.name));
      const rest = [...there];
      const lacking = right.filter((value) => {
        const at = rest.indexOf(value);
        if (at >= 0) rest.splice(at, 1);
        return at < 0;
      });
      const isReference = attribute(source)?.kind.type === kind.reference;
      return rest.length > 0 || !(isOpen || (isReference && lacking.every(isDeleted)));
    });
  }
}
