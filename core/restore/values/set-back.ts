import type { ApiRecord } from '../../model/json.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { Judgement } from './judge-object.ts';
import type { PreparedAttribute, ValueAttribute } from './prepare-object.ts';

interface KnownAttributes {
  sourceOf(target: string): string | undefined;
  attribute(source: string): ValueAttribute | undefined;
}

/**
 * Repair, as a policy over what `judgeObject` says: of the values that differ from the backup, and that a restore leaves as they
 * are, those that the input asks to be set back, or by which it wants to be stopped.
 */
export class SetBack {
  /** They are written; otherwise they are only looked for. */
  readonly isWritten: boolean;
  readonly #isAsked: boolean;
  readonly #chosen: ReadonlySet<string>;

  constructor({ onExisting, include }: Pick<RestoreChoices, 'onExisting' | 'include'>) {
    this.isWritten = onExisting === 'update';
    this.#isAsked = onExisting !== 'skip';
    this.#chosen = new Set(include.attributes);
  }

  concerns({ attribute: { source, attribute }, verdict }: Judgement): boolean {
    if (!this.#isAsked || verdict === 'same' || verdict === 'write') return false;
    return this.#chosen.size === 0 || this.#chosen.has(source) || this.#chosen.has(attribute.name);
  }

  /**
   * An attribute in which an object of the backup has no value is to have none: by the target's id. Undefined where nobody asks,
   * and where the backup does not hold the object's values at all.
   */
  emptyOf(
    { attributes }: ApiRecord,
    { sourceOf, attribute }: KnownAttributes,
  ): ((target: string) => PreparedAttribute | undefined) | undefined {
    if (!this.#isAsked || !Array.isArray(attributes)) return undefined;
    return (target) => {
      const source = sourceOf(target);
      const known = source === undefined ? undefined : attribute(source);
      if (source === undefined || !known || known.lost !== undefined) return undefined;
      return { source, attribute: known, values: [] };
    };
  }
}

/** Whether there is anything to be put in the place of what stands there: the backup's values, some of them, or that it has none. */
export function canBeSet({ attribute: { values } }: Judgement): boolean {
  return values.length === 0 || values.some(({ on }) => typeof on === 'object' && 'value' in on);
}
