import { readableCount } from '../../counted.ts';
import { NotFoundError } from '../../errors.ts';
import type { ObjectId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { isNewestChange, type WantedChange } from '../../reading/newest-change.ts';
import { Deadline } from '../../runs/deadline.ts';
import { sideBySide } from '../../side-by-side.ts';
import { needLines } from '../../work-store/json-file.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import { type ExistingInput, ExistingJudge, eachObject } from './objects-there.ts';

/** An object whose history is to be read: the attributes in question by their source ids, with all names that they have had. */
interface Asked {
  readonly target: string;
  readonly attributes: readonly (readonly [source: string, names: ReadonlySet<string>])[];
}

/** Source ids of the attributes of an object of the target whose newest change is the wanted one. */
type Line = readonly [target: string, attributes: readonly string[]];

const inFlight = 16;
/** Histories that are read before they are put away. */
const putAwayAtOnce = 200;

/** Which values were changed last by whom the input names: one history for each object that differs, read once in a restore. */
export class LastChanges {
  readonly #services: Services;
  readonly #keys: RestoreKeys;
  readonly #wanted: WantedChange;
  readonly #meant = new Map<string, ReadonlySet<string>>();
  #files = 0;

  private constructor(services: Services, keys: RestoreKeys, wanted: WantedChange) {
    this.#services = services;
    this.#keys = keys;
    this.#wanted = wanted;
  }

  /** Undefined where the input does not ask who has changed something, or when. */
  static async open(
    services: Services,
    keys: RestoreKeys,
    { changedBy, changedSince }: Pick<RestoreChoices, 'changedBy' | 'changedSince'>,
  ): Promise<LastChanges | undefined> {
    if (changedBy === null && changedSince === null) return undefined;
    const changes = new LastChanges(services, keys, { by: changedBy, since: changedSince });
    for await (const key of services.work.list(keys.histories)) {
      changes.#files += 1;
      for (const [target, attributes] of await needLines<Line>(services.work, key)) {
        changes.#meant.set(target, new Set(attributes));
      }
    }
    return changes;
  }

  /** Objects whose history was read. */
  get count(): number {
    return this.#meant.size;
  }

  /** Where no history that was read has the account that the input names: an account id may be a mistyped one. */
  get warnings(): string[] {
    const { by, since } = this.#wanted;
    if (by === null || this.count === 0 || this.#meant.values().some((attributes) => attributes.size > 0)) return [];
    const objects = this.count === 1 ? 'object that differs' : `${readableCount(this.count)} objects that differ`;
    const when = since === null ? '' : ` since ${since}`;
    return [
      `No history of the ${objects} names the account ${by} as the last to have changed a value${when}: nothing is set back.`,
    ];
  }

  isMeant(target: string, source: string): boolean {
    return this.#meant.get(target)?.has(source) === true;
  }

  /**
   * Reads the histories that are still to be read. `isThrough`: all of them are read; `hasRead`: some were read now.
   */
  async read(
    reader: AssetsReader,
    input: ExistingInput,
    live: LiveConfiguration,
  ): Promise<{ readonly isThrough: boolean; readonly hasRead: boolean }> {
    const { reporter } = this.#services;
    const isBegun = this.#files > 0;
    const asked = await this.#toAsk(input, live);
    if (!isBegun) reporter.planned('planning', asked.length);
    const deadline = new Deadline(this.#services);
    for (let at = 0; at < asked.length; at += putAwayAtOnce) {
      if (!deadline.mayBegin()) return { isThrough: false, hasRead: true };
      const lines: Line[] = [];
      await sideBySide(asked.slice(at, at + putAwayAtOnce), inFlight, async (one) => {
        lines.push([one.target, await this.#meantOf(reader, one)]);
        reporter.advanced('planning', 1);
      });
      await this.#putAway(lines);
    }
    return { isThrough: true, hasRead: asked.length > 0 };
  }

  async #meantOf(reader: AssetsReader, { target, attributes }: Asked): Promise<string[]> {
    try {
      const history = await reader.history(target as ObjectId);
      return attributes.flatMap(([source, names]) => (isNewestChange(history, names, this.#wanted) ? [source] : []));
    } catch (error) {
      // It is gone since its page was read, so nothing of it is to be set back.
      if (error instanceof NotFoundError) return [];
      throw error;
    }
  }

  async #putAway(lines: readonly Line[]): Promise<void> {
    for (const [target, attributes] of lines) this.#meant.set(target, new Set(attributes));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await this.#services.work.write(this.#keys.history(this.#files), text);
    this.#files += 1;
  }

  async #toAsk(input: ExistingInput, live: LiveConfiguration): Promise<Asked[]> {
    const judge = new ExistingJudge(input);
    const names = new AttributeNames(live);
    const asked: Asked[] = [];
    const unseen = () => undefined;
    await eachObject(input, unseen, async ({ number, object, decision, differing }) => {
      const existing = judge.existing(object, decision, differing);
      if (!existing || existing === 'moved' || this.#meant.has(existing.target.id)) return;
      const { target, judged } = existing;
      const type = input.correspondence.typeOf(number) ?? '';
      const attributes = judged.flatMap((judgement) => {
        const { source, attribute } = judgement.attribute;
        const isOpen = judge.maySet(decision, judgement) && !judge.isLeftByUs(target, judgement);
        return isOpen ? [[source, names.of(type, judgement.target, attribute.name)] as const] : [];
      });
      if (attributes.length > 0) asked.push({ target: target.id, attributes });
    });
    return asked;
  }
}

/** A history names attributes as they were called: by their names now, and by those in the backup. */
class AttributeNames {
  /** By the target's type: names of its attributes, by their ids. */
  readonly #types: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor({ existing }: LiveConfiguration) {
    const types = [...existing.values()].flatMap((schema) => schema.types);
    this.#types = new Map(
      types.map(({ id, allAttributes }) => [
        id,
        new Map(allAttributes.map((attribute) => [String(attribute.id), textOf(attribute.name) ?? ''])),
      ]),
    );
  }

  /** Without those that another attribute of the type has by now. */
  of(typeId: string, attributeId: string, nameInBackup: string): ReadonlySet<string> {
    const all = this.#types.get(typeId) ?? new Map<string, string>();
    const now = all.get(attributeId);
    if (now === undefined) return new Set();
    const others = new Set([...all].flatMap(([id, name]) => (id === attributeId ? [] : [name])));
    return new Set([now, nameInBackup].filter((name) => !others.has(name)));
  }
}
