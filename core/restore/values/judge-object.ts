import { type ComparedValue, compareValues } from '../../comparison/compare-values.ts';
import { shownIn } from '../../comparison/object-values.ts';
import { comparable } from '../../comparison/spellings.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import { kind } from '../../reading/attribute-kinds.ts';
import type { PreparedAttribute, PreparedObject, PreparedValue } from './prepare-object.ts';

/**
 * What is to be said of an attribute of an object that is on the target:
 * `write`  the target lacks values that are ours to write
 * `theirs` somebody has changed it since: it is left as it is
 * `wrong`  it is ours, and yet has other values than the backup
 * `new`    the attribute was made anew, and the object is older: it is left empty
 */
export type Verdict = 'same' | 'write' | 'theirs' | 'wrong' | 'new';

/** Why the values of a survivor stay away from an attribute that is made anew. */
export function survivorLacks({ onExisting }: Pick<RestoreChoices, 'onExisting'>): string {
  const left = 'the attribute is made anew, and this object is still there and is left as it is';
  return onExisting === 'update'
    ? `${left} by what was chosen: set the value by hand`
    : `${left}: set the value by hand, or restore with "onExisting": "update"`;
}

/** What is known of an object of the target from what restores have left: the third witness. */
export interface Witness {
  /** Made by a restore. */
  readonly isOwn: boolean;
  /** Whether no restore has come to the attribute yet. By the target's id. */
  isOpen(attributeId: string): boolean;
  /** Whether what stands in the attribute is what a restore left there, or none has come to it yet. */
  isOurs(attributeId: string, values: readonly string[]): boolean;
  /** Whether what stands there is what a restore made of values of this backup. */
  isWrong(attributeId: string, values: readonly string[]): boolean;
  /** Whether a reference to this object of the target is one that no restore has given to the attribute yet. */
  isNotGiven(attributeId: string, target: string, isOurs: boolean): boolean;
  /** Whether a restore has made the attribute, while the object was there already. */
  isNewAttribute(attributeId: string): boolean;
}

interface JudgedValue extends ComparedValue {
  readonly prepared: PreparedValue;
}

export interface Judgement {
  /** Source and target id of the attribute. */
  readonly attribute: PreparedAttribute;
  readonly target: string;
  readonly verdict: Verdict;
  /** Values without a counterpart on the target, with why. */
  readonly lost: readonly { readonly prepared: PreparedValue; readonly reason: string }[];
  /** Values that the target could have, and has not. */
  readonly missing: readonly PreparedValue[];
  /** How many values stand there that are none of the backup's. */
  readonly surplus: number;
  /** What stands there today, comparable. */
  readonly right: readonly string[];
}

/**
 * Holds an object of the backup against the object that it is on the target, attribute by attribute. An attribute that is whole
 * is not named.
 * @param right values by the target's attribute ids, in the spelling by which they are compared
 */
export function judgeObject(
  { attributes }: Pick<PreparedObject, 'attributes'>,
  right: ReadonlyMap<string, readonly string[]>,
  {
    targetAttribute,
    witness,
    extra,
  }: {
    targetAttribute(source: string): string | undefined;
    readonly witness: Witness;
    /** Attributes that are compared although the backup has no value in them, by the target's id. */
    readonly extra?: ((target: string) => PreparedAttribute | undefined) | undefined;
  },
): Judgement[] {
  const judged: Judgement[] = [];
  const seen = new Set<string>();
  for (const attribute of attributes) {
    const target = targetAttribute(attribute.source);
    seen.add(target ?? '');
    const judgement = judge(attribute, target ?? '', (target && right.get(target)) || [], witness);
    if (judgement) judged.push(judgement);
  }
  for (const [target, values] of right) {
    const attribute = seen.has(target) ? undefined : extra?.(target);
    const judgement = attribute && judge(attribute, target, values, witness);
    if (judgement) judged.push(judgement);
  }
  return judged;
}

function judge(
  attribute: PreparedAttribute,
  target: string,
  right: readonly string[],
  witness: Witness,
): Judgement | undefined {
  const left = attribute.values.map((prepared): JudgedValue => {
    const there =
      typeof prepared.on === 'object' && 'value' in prepared.on
        ? comparable(prepared.on.value, attribute.attribute.kind)
        : undefined;
    return { prepared, there };
  });
  const { left: seen, right: recognised } = recognise(left, right);
  const { lost, missing, surplus } = compareValues(seen, recognised);
  if (lost.length + missing.length + surplus === 0) return undefined;
  const verdict = verdictOf({ missing, surplus, target, right, attribute }, witness);
  return {
    attribute,
    target,
    verdict,
    lost: lost.map(({ prepared }) => ({ prepared, reason: reasonOf(prepared) })),
    missing: missing.map(({ prepared }) => prepared),
    surplus,
    right,
  };
}

/**
 * What a site shows without saying what identifies it is the value of the backup that is shown so, as far as anybody can tell; each
 * once, and none that stands there already.
 */
function recognise(
  left: readonly JudgedValue[],
  right: readonly string[],
): { readonly left: readonly JudgedValue[]; readonly right: readonly string[] } {
  if (!right.some((text) => shownIn(text) !== undefined)) return { left, right };
  const standing = [...right];
  const open = left.map((value) => {
    const at = value.there === undefined ? -1 : standing.indexOf(value.there);
    if (at >= 0) standing.splice(at, 1);
    return at < 0;
  });
  const found = left.map((value) => value.there);
  const texts = right.map((text) => {
    const shown = shownIn(text);
    const at = shown === undefined ? -1 : left.findIndex((value, index) => open[index] && isShownAs(value, shown));
    if (at < 0) return text;
    open[at] = false;
    found[at] ??= text;
    return found[at] ?? text;
  });
  return { left: left.map((value, index) => ({ ...value, there: found[index] })), right: texts };
}

const isShownAs = ({ prepared }: JudgedValue, shown: string) => prepared.names.includes(shown);

/** Where somebody has put other values in their place, and these stay, nothing is lacking that a restore could still bring. */
export function isReplaced({ verdict, attribute, right }: Judgement): boolean {
  return verdict === 'theirs' && right.length >= attribute.values.length;
}

function verdictOf(
  {
    missing,
    surplus,
    target,
    right,
    attribute,
  }: {
    readonly missing: readonly JudgedValue[];
    readonly surplus: number;
    readonly target: string;
    readonly right: readonly string[];
    readonly attribute: PreparedAttribute;
  },
  witness: Witness,
): Verdict {
  if (missing.length + surplus === 0) return 'same';
  const isOurs = witness.isOurs(target, right);
  if (surplus > 0) return witness.isOwn && witness.isWrong(target, right) ? 'wrong' : 'theirs';
  if (witness.isOwn && isOurs) return 'write';
  const isReference = attribute.attribute.kind.type === kind.reference;
  if (isReference && missing.every(({ there }) => witness.isNotGiven(target, there ?? '', isOurs))) return 'write';
  return witness.isNewAttribute(target) ? 'new' : 'theirs';
}

function reasonOf({ on }: PreparedValue): string {
  return typeof on === 'object' && 'lost' in on ? on.lost : 'the object that it refers to could not be made';
}
