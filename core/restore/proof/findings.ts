import { valuesDigest } from '../../comparison/object-values.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Difference, Loss } from '../../model/restore.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { LeftAttribute, LeftObjectsOf } from '../id-map/left-journal.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import { type ChangedAttribute, changedAttribute, itsType } from '../values/changed-values.ts';
import { type Judgement, survivorLacks } from '../values/judge-object.ts';
import { lossesOf } from '../values/prepare-object.ts';
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

  /** What the judgements of one object come to. */
  add(stored: ApiRecord, judged: readonly Judgement[], remembered: Remembered): void {
    const { stage } = this.#input;
    const target = stage.known.get(String(stored.id))?.id ?? '';
    this.whole(target, remembered);
    const left: Record<string, LeftAttribute | null> = { ...this.#left.get(target) };
    for (const judgement of judged) {
      const { attribute, verdict, right } = judgement;
      if (verdict === 'theirs') {
        this.#changed.push(changedAttribute(stored, attribute.attribute.name));
      }
      const concluded = this.#conclude(stored, target, judgement);
      if (concluded && judgement.target !== '') {
        left[judgement.target] = { digest: valuesDigest(right), ...concluded };
      }
    }
    if (Object.keys(left).length > 0) this.#left.set(target, left);
  }

  /** Notes the loss or the difference, and gives what is to be remembered of it; undefined where it is neither. */
  #conclude(
    stored: ApiRecord,
    target: string,
    { attribute, verdict, lost, missing }: Judgement,
  ): Omit<LeftAttribute, 'digest'> | undefined {
    const { refusals, stage } = this.#input;
    const { name } = attribute.attribute;
    const losses = lossesOf(
      stored,
      attribute,
      lost.map(({ prepared: { key }, reason }) => ({ ...(key !== undefined && { key }), reason })),
    );
    const lose = (reason: string) => {
      const ofReason = missing.map((value) => this.#byHand(value, reason));
      losses.push(...lossesOf(stored, attribute, ofReason));
    };
    const refused = verdict === 'write' ? refusals.get(String(stored.id))?.get(name) : undefined;
    const reason = refused ?? (verdict === 'new' ? survivorLacks : undefined);
    if (reason !== undefined) lose(reason);
    const isWrong = reason === undefined && (verdict === 'wrong' || verdict === 'write');
    if (isWrong) this.differ({ ...placeOf(stored), target, what: `the values of ${name}` });
    this.#losses.push(...losses);
    if (isWrong) return { reason: 'it was written, and has other values', wrongOf: stage.context.manifest.name };
    const [first] = losses;
    return first && { reason: reason ?? first.reason, ...(refused !== undefined && { isRefused: true }) };
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
