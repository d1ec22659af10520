import { valuesDigest } from '../../comparison/object-values.ts';
import type { Witness } from '../values/judge-object.ts';
import type { EarlierRestores } from './earlier-restores.ts';

/** An object that this restore is to make has no id yet: a reference to it is spelt so. */
export const toBeMade = (source: string) => `to be made: ${source}`;

interface WitnessInput {
  readonly earlier: EarlierRestores;
  /** Name of the backup that is restored. */
  readonly backup: string;
  /** Ids of attributes of the target that a restore has made, and of those that this one has. */
  readonly newAttributes: ReadonlySet<string>;
  readonly newNow: ReadonlySet<string>;
  /** The backup's name of an attribute of the target, and its source id. */
  nameOf(attributeId: string): string | undefined;
  sourceOf(attributeId: string): string | undefined;
}

/** What the journals say of an object of the target. @param object `isItself`: the very one that was backed up */
export function witnessOf(
  { id: target, isItself }: { readonly id: string; readonly isItself: boolean },
  { earlier, backup, newAttributes, newNow, nameOf, sourceOf }: WitnessInput,
): Witness {
  const made = earlier.madeAs(target);
  const isNow = made !== undefined && earlier.isNow(made.restore);
  const wasLost = (id: string) => made?.losses?.some(({ attribute }) => attribute === nameOf(id)) === true;
  /** What was not sent when the object was made, and that no restore has come to since. */
  const isOpen = (id: string): boolean => {
    if (!made || isNow || earlier.left.of(target, id) !== undefined) return false;
    const standing = earlier.standing(made.restore);
    if (standing === 'ended') return !earlier.left.isInScope(made.restore, id);
    return wasLost(id) || (standing === 'under way' && made.pending?.includes(sourceOf(id) ?? '') === true);
  };
  const isAsLeft = (id: string, values: readonly string[]) =>
    earlier.left.of(target, id)?.digest === valuesDigest(values);
  return {
    isOwn: made !== undefined,
    isOpen,
    // An attribute that is still to be made has no values but ours.
    isOurs: (id, values) => id === '' || isNow || isOpen(id) || isAsLeft(id, values),
    isWrong: (id, values) => isNow || (isAsLeft(id, values) && earlier.left.of(target, id)?.wrongOf === backup),
    isNotGiven(id, referred, isOurs) {
      // What a unique value identifies was never of the backup's site: nothing of it came to be missing.
      if (!made && !isItself) return false;
      if (referred.startsWith(toBeMade(''))) return true;
      const maker = (earlier.madeAs(referred) ?? earlier.saidOf(referred))?.restore;
      if (maker === undefined) return false;
      // Version 0.1.0 gave what it made to whatever it made itself, and to nothing else.
      if (!isOurs && made && earlier.standing(maker) === 'ended without a word') return false;
      return isOurs || !earlier.left.hasGiven(target, id, referred);
    },
    // What a restore has made had the attributes that restores before it made.
    isNewAttribute: (id) => id === '' || (made ? newNow : newAttributes).has(id),
  };
}
