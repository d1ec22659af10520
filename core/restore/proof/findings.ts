import { identityOf } from '../../backup-format/manifest.ts';
import { valuesDigest } from '../../comparison/object-values.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Difference, Loss } from '../../model/restore.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { LeftAttribute, LeftObjectsOf } from '../id-map/left-journal.ts';
import { changedMeanwhile } from '../objects/link-references.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { PlannedOverwrites } from '../planned-overwrites.ts';
import { type ChangedAttribute, changedAttribute, itsType } from '../values/changed-values.ts';
import { isReplaced, type Judgement, survivorLacks } from '../values/judge-object.ts';
import { lossesOf } from '../values/prepare-object.ts';
import { canBeSet } from '../values/set-back.ts';
import type { Refusals } from './refusals.ts';

/** What a proof has found of the objects; as JSON it goes from one invocation to the next. */
export interface FindingsFile {
  readonly differences: readonly Difference[];
  readonly losses: readonly Loss[];
  readonly changed: readonly ChangedAttribute[];
  /** By the target's object id and attribute id: what the journal says of how this restore has left them. */
  readonly left: LeftObjectsOf['objects'];
  readonly given: LeftObjectsOf['given'];
}

interface FindingsInput {
  readonly stage: ObjectStage;
  readonly earlier: EarlierRestores;
  readonly refusals: Refusals;
  /** What this restore was to set back. */
  readonly overwrites: PlannedOverwrites;
  readonly from: FindingsFile | undefined;
}

/** By the target's ids of attributes: those that no restore had come to, and references to what restores have made. */
export interface Remembered {
  readonly open: readonly string[];
  readonly references: ReadonlyMap<string, readonly string[]>;
}

/** What the site lacks of the backup now, what it has otherwise, and what somebody has changed: from one comparison. */
export class Findings {
  readonly #input: FindingsInput;
  readonly #differences: Difference[];
  readonly #losses: Loss[];
  readonly #changed: ChangedAttribute[];
  readonly #left: Map<string, Record<string, LeftAttribute | null>>;
  readonly #given: Map<string, Record<string, readonly string[]>>;

  constructor(input: FindingsInput) {
    this.#input = input;
    const { from } = input;
    this.#differences = [...(from?.differences ?? [])];
    this.#losses = [...(from?.losses ?? [])];
    this.#changed = [...(from?.changed ?? [])];
    this.#left = new Map(Object.entries(from?.left ?? {}).map(([target, attributes]) => [target, { ...attributes }]));
    this.#given = new Map(Object.entries(from?.given ?? {}).map(([target, given]) => [target, { ...given }]));
  }

  get file(): FindingsFile {
    return {
      differences: this.#differences,
      losses: this.#losses,
      changed: this.#changed,
      left: Object.fromEntries(this.#left),
      given: Object.fromEntries(this.#given),
    };
  }

  differ(difference: Difference): void {
    this.#differences.push(difference);
  }

  moved(stored: ApiRecord): void {
    this.#changed.push(changedAttribute(stored, itsType));
  }

  missing(stored: ApiRecord, target: string): void {
    this.differ({ ...placeOf(stored), target, what: 'it is not there' });
  }

  /**
   * What is to be remembered of an object as far as it is whole: attributes that earlier restores have left, or not come to, and
   * references to what restores have made. What is noted already is not noted again.
   */
  whole(target: string, { open, references }: Remembered): void {
    const { left } = this.#input.earlier;
    const whole: Record<string, LeftAttribute | null> = {};
    for (const [id, known] of left.attributesOf(target)) if (known) whole[id] = null;
    for (const id of open) whole[id] = null;
    if (Object.keys(whole).length > 0) this.#left.set(target, whole);
    const given: Record<string, readonly string[]> = {};
    for (const [id, all] of references) {
      const fresh = all.filter((referred) => !left.hasGiven(target, id, referred));
      if (fresh.length > 0) given[id] = fresh;
    }
    if (Object.keys(given).length > 0) this.#given.set(target, given);
  }

  /**
   * What has become of an attribute that was to be set back and is not as the backup has it. `left`: somebody has changed it since
   * the plan, or by now nothing is left to be put in its place. Undefined where it was not to be.
   */
  fateOf({ id }: ApiRecord, judgement: Judgement): 'set' | 'left' | undefined {
    const { name } = judgement.attribute.attribute;
    if (judgement.verdict === 'same' || !this.#input.overwrites.has(String(id), name)) return undefined;
    return this.#refusalOf(String(id), name) === changedMeanwhile || !canBeSet(judgement) ? 'left' : 'set';
  }

  /** What the judgements of one object come to. */
  add(stored: ApiRecord, judged: readonly Judgement[], remembered: Remembered): void {
    const { stage } = this.#input;
    const target = stage.known.get(String(stored.id))?.id ?? '';
    this.whole(target, remembered);
    const left: Record<string, LeftAttribute | null> = { ...this.#left.get(target) };
    for (const judgement of judged) {
      const { attribute, verdict, right } = judgement;
      const fate = this.fateOf(stored, judgement);
      if (fate === 'left' || (fate === undefined && verdict === 'theirs'))
        this.#changed.push(changedAttribute(stored, attribute.attribute.name));
      const concluded = this.#conclude(stored, target, judgement);
      if (concluded && judgement.target !== '') {
        left[judgement.target] = { digest: valuesDigest(right), ...concluded };
      }
    }
    if (Object.keys(left).length > 0) this.#left.set(target, left);
  }

  /** Notes the loss or the difference, and gives what is to be remembered of it; undefined where it is neither. */
  #conclude(stored: ApiRecord, target: string, judgement: Judgement): Omit<LeftAttribute, 'digest'> | undefined {
    const { stage } = this.#input;
    const { attribute, verdict, missing, surplus } = judgement;
    const { name } = attribute.attribute;
    const fate = this.fateOf(stored, judgement);
    const refusal = this.#refusalOf(String(stored.id), name);
    const isTheirs = isReplaced(judgement) && (fate === undefined || refusal === changedMeanwhile);
    const lost = isTheirs ? [] : judgement.lost;
    const losses = lossesOf(
      stored,
      attribute,
      lost.map(({ prepared: { key }, reason }) => ({ ...(key !== undefined && { key }), reason })),
    );
    const lose = (reason: string) => {
      const ofReason = missing.map((value) => this.#byHand(value, reason));
      losses.push(...lossesOf(stored, attribute, ofReason));
    };
    const isOurs = fate === 'set' || (fate === undefined && (verdict === 'write' || verdict === 'wrong'));
    const refused = fate === 'set' || (isOurs && verdict === 'write') ? refusal : undefined;
    const reason =
      refused ?? (verdict === 'new' && fate === undefined ? survivorLacks(stage.context.choices) : undefined);
    if (reason !== undefined) lose(reason);
    // No value is missing, but what was to go still stands there.
    if (refused !== undefined && missing.length === 0 && surplus > 0)
      losses.push({ ...placeOf(stored), attribute: name, values: 0, reason: refused });
    const isWrong = reason === undefined && isOurs;
    if (isWrong) this.differ({ ...placeOf(stored), target, what: `the values of ${name}` });
    this.#losses.push(...losses);
    if (isWrong) return { reason: 'it was written, and has other values', wrongOf: identityOf(stage.context.manifest) };
    const [first] = losses;
    const isRefused = refused !== undefined && refused !== notInApprovedPlan;
    return first && { reason: reason ?? first.reason, ...(isRefused && { isRefused }) };
  }

  #refusalOf(source: string, attribute: string): string | undefined {
    return this.#input.refusals.get(source)?.get(attribute);
  }

  #byHand({ key, on }: Judgement['missing'][number], reason: string) {
    const id = typeof on === 'object' && 'value' in on ? on.value : '';
    const now = this.#input.stage.known.keyOf(id);
    return { ...(key !== undefined && { key }), ...(now !== undefined && { now }), reason };
  }
}

function placeOf(stored: ApiRecord) {
  const source = String(stored.id);
  return { kind: 'object', source, where: textOf(stored.objectKey) ?? source } as const;
}
