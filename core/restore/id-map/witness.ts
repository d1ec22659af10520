import { valuesDigest } from '../../comparison/object-values.ts';
import type { Witness } from '../values/judge-object.ts';
import type { EarlierRestores } from './earlier-restores.ts';

/** An object that this restore is to make has no id yet: a reference to it is spelt so. */
export const toBeMade = (source: string) => `to be made: ${source}`;

interface WitnessInput {
  readonly earlier: EarlierRestores;
  /** Ids of attributes of the target that a restore has made, and of those that this one has. */
  readonly newAttributes: ReadonlySet<string>;
  readonly newNow: ReadonlySet<string>;
  /** The backup's name of an attribute of the target. */
  nameOf(attributeId: string): string | undefined;
}

/** What the journals say of an object of the target. @param object `isItself`: the very one that was backed up */
export function witnessOf(
  { id: target, isItself }: { readonly id: string; readonly isItself: boolean },
  { earlier, newAttributes, newNow, nameOf }: WitnessInput,
): Witness {
  const made = earlier.madeAs(target);
  const standing = made && earlier.standing(made.restore);
  return {
    isOwn: made !== undefined,
    isOurs(attributeId, values) {
      if (standing === 'under way') return true;
      const left = earlier.left.of(target, attributeId);
      if (left) return left.digest === valuesDigest(values);
      // Version 0.1.0 noted the names of what was lost, and nothing that could be compared.
      if (standing !== 'ended without a word') return false;
      return made?.losses?.some(({ attribute }) => attribute === nameOf(attributeId)) === true;
    },
    isNotGiven(_attributeId, referred, isOurs) {
      // What a unique value identifies was never of the backup's site: nothing of it came to be missing.
      if (!made && !isItself) return false;
      if (referred.startsWith(toBeMade(''))) return true;
      const maker = (earlier.madeAs(referred) ?? earlier.saidOf(referred))?.restore;
      if (maker === undefined) return false;
      const makers = earlier.standing(maker);
      // Version 0.1.0 gave what it made to whatever it made itself, and to nothing else.
      return isOurs || makers === 'under way' || (makers === 'ended without a word' && made === undefined);
    },
    // What a restore has made had the attributes that restores before it made.
    isNewAttribute: (attributeId) => attributeId === '' || (made ? newNow : newAttributes).has(attributeId),
  };
}
