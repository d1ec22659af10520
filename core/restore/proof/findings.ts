import { valuesDigest } from '../../comparison/object-values.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Difference, Loss } from '../../model/restore.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { LeftAttribute } from '../id-map/left-journal.ts';
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
  readonly left: Readonly<Record<string, Readonly<Record<string, LeftAttribute | null>>>>;
}

interface FindingsInput {
  readonly stage: ObjectStage;
  readonly earlier: EarlierRestores;
  readonly refusals: Refusals;
  readonly from: FindingsFile | undefined;
}

/** What the site lacks of the backup now, what it has otherwise, and what somebody has changed: from one comparison. */
export class Findings {
  readonly #input: FindingsInput;
  readonly #differences: Difference[];
  readonly #losses: Loss[];
  readonly #changed: ChangedAttribute[];
  readonly #left: Map<string, Record<string, LeftAttribute | null>>;

  constructor(input: FindingsInput) {
    this.#input = input;
    const { from } = input;
    this.#differences = [...(from?.differences ?? [])];
    this.#losses = [...(from?.losses ?? [])];
    this.#changed = [...(from?.changed ?? [])];
    this.#left = new Map(Object.entries(from?.left ?? {}).map(([target, attributes]) => [target, { ...attributes }]));
  }

  get file(): FindingsFile {
    return {
      differences: this.#differences,
      losses: this.#losses,
      changed: this.#changed,
      left: Object.fromEntries(this.#left),
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

  /** What the judgements of one object come to. An attribute that earlier restores have left, and that is whole by now, is struck off. */
  add(stored: ApiRecord, judged: readonly Judgement[]): void {
    const { stage, earlier } = this.#input;
    const target = stage.known.get(String(stored.id))?.id ?? '';
    const left: Record<string, LeftAttribute | null> = {};
    for (const id of earlier.left.attributesOf(target).keys()) left[id] = null;
    for (const judgement of judged) {
      const { attribute, verdict, right } = judgement;
      if (verdict === 'theirs') {
        this.#changed.push(changedAttribute(stored, attribute.attribute.name));
      }
      const reason = this.#conclude(stored, target, judgement);
      if (reason !== undefined && judgement.target !== '') {
        left[judgement.target] = { digest: valuesDigest(right), reason };
      }
    }
    if (Object.keys(left).length > 0) this.#left.set(target, left);
  }

  /** Notes the loss or the difference, and gives its reason; undefined where it is neither. */
  #conclude(stored: ApiRecord, target: string, { attribute, verdict, lost, missing }: Judgement): string | undefined {
    const { refusals } = this.#input;
    const { name } = attribute.attribute;
    const losses = lossesOf(stored, attribute, [
      ...lost.map(({ prepared: { key }, reason }) => ({ ...(key !== undefined && { key }), reason })),
    ]);
    let reason = losses[0]?.reason;
    if (verdict === 'wrong' || verdict === 'write') {
      const refused = verdict === 'write' ? refusals.get(String(stored.id))?.get(name) : undefined;
      if (refused !== undefined)
        losses.push(
          ...lossesOf(
            stored,
            attribute,
            missing.map((value) => this.#byHand(value, refused)),
          ),
        );
      else this.differ({ ...placeOf(stored), target, what: `the values of ${name}` });
      reason = refused ?? 'it was written, and has other values';
    }
    if (verdict === 'new') {
      reason = survivorLacks;
      losses.push(
        ...lossesOf(
          stored,
          attribute,
          missing.map((value) => this.#byHand(value, survivorLacks)),
        ),
      );
    }
    this.#losses.push(...losses);
    return reason;
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
