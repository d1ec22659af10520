import { identityOf } from '../../backup-format/manifest.ts';
import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import { toBeMade, witnessOf } from '../id-map/witness.ts';
import type { OutsideTarget } from '../plan-files.ts';
import { type Judgement, judgeObject, type Witness } from '../values/judge-object.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';
import { type PreparedObject, prepareObject, type Resolved } from '../values/prepare-object.ts';
import { canBeSet, type SetBack } from '../values/set-back.ts';
import type { Correspondence } from './correspondence.ts';
import { believedReference } from './expect-objects.ts';
import type { PlanContexts } from './plan-contexts.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { TargetReading } from './target-reading.ts';

export interface ExistingInput {
  readonly source: BackupSource;
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  readonly correspondence: Correspondence;
  readonly contexts: PlanContexts;
  readonly kinds: ReadonlyMap<string, AttributeKind | undefined>;
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
  readonly newAttributes: ReadonlySet<string>;
  readonly setBack: SetBack;
  readonly choices: RestoreChoices;
}

/** An object of the backup that a restore looks at. */
export interface LookedAt {
  readonly number: number;
  readonly object: ApiRecord;
  readonly decision: ObjectDecision;
  /** As it stands on the target, where that is not as the backup has it. */
  readonly differing: ApiRecord | undefined;
}

export async function eachObject(
  { source, scan, decisions, reading }: ExistingInput,
  advance: (objects: number) => void,
  visit: (looked: LookedAt) => Promise<void>,
): Promise<void> {
  const files = scan.shards.map(({ file }) => file);
  let shard = 0;
  for await (const objects of source.objectsOfEach(files)) {
    const differing = await reading.differing.ofShard(shard);
    for (const object of objects) {
      const number = scan.numberOf.get(String(object.id)) ?? -1;
      const decision = scan.shardOf[number] === shard ? decisions[number] : undefined;
      if (decision) await visit({ number, object, decision, differing: differing.get(number) });
    }
    advance(files[shard]?.records ?? 0);
    shard += 1;
  }
}

/** By whom values were changed last: whether that is what the input is about. */
interface MeantChanges {
  isMeant(target: string, source: string): boolean;
}

/** An object of the backup beside the one that it is on the target. */
export interface Existing {
  readonly target: NonNullable<ObjectDecision['target']>;
  readonly witness: Witness;
  /** As the backup would have it. */
  readonly prepared: PreparedObject;
  readonly judged: readonly Judgement[];
}

/** What is to be said of objects that are there, whatever becomes of it. */
export class ExistingJudge {
  readonly #input: ExistingInput;
  readonly #reference: (id: string) => Resolved;
  readonly #believed: (id: string) => Resolved;

  constructor(input: ExistingInput) {
    this.#input = input;
    this.#believed = believedReference(input.correspondence);
    this.#reference = (id) => this.#resolve(id);
  }

  prepareNew(object: ApiRecord) {
    return prepareObject(object, this.#input.contexts.values(this.#reference, false));
  }

  /** `moved`: to another object type. Undefined where it is not there, or no page has shown it. */
  existing(
    object: ApiRecord,
    decision: ObjectDecision,
    differing: ApiRecord | undefined,
  ): Existing | 'moved' | undefined {
    const { contexts, earlier, newAttributes, setBack } = this.#input;
    const { target, refersBy } = decision;
    if (decision.action === 'create' || !target) return undefined;
    if (this.#isMoved(object, target.id)) return 'moved';
    const right = this.#rightOf(object, decision, differing);
    if (!right) return undefined;
    const witness = witnessOf(target, {
      ...{ earlier, newAttributes, newNow: new Set<string>() },
      ...{ backup: identityOf(this.#input.source.manifest), nameOf: contexts.nameOf, sourceOf: contexts.sourceOf },
    });
    const prepared = prepareObject(object, contexts.values(this.#reference, target.isItself));
    const { targetAttribute } = contexts;
    const extra = refersBy ? undefined : setBack.emptyOf(object, contexts);
    const judged = judgeObject(prepared, right, { targetAttribute, witness, extra }).filter(
      ({ attribute }) => !refersBy || refersBy.includes(attribute.source),
    );
    return { target, witness, prepared, judged };
  }

  /** Whether it differs in what the input is about; what nobody chose does not. */
  isClash({ refersBy }: ObjectDecision, judgement: Judgement): boolean {
    return !refersBy && this.#input.setBack.concerns(judgement);
  }

  /** Whether it would be set back, whoever has changed it. */
  maySet(decision: ObjectDecision, judgement: Judgement): boolean {
    return this.#input.setBack.isWritten && this.isClash(decision, judgement) && canBeSet(judgement);
  }

  /** Whether it is set back. `lastChanges`: undefined where it does not matter who has changed it. */
  isSet(
    decision: ObjectDecision,
    target: { readonly id: string },
    judgement: Judgement,
    lastChanges: MeantChanges | undefined,
  ): boolean {
    if (!this.maySet(decision, judgement)) return false;
    if (!lastChanges || this.isLeftByUs(target, judgement)) return true;
    return lastChanges.isMeant(target.id, judgement.attribute.source);
  }

  /**
   * What a restore has written, and of which the site refused a part: the last change of it was our own. Whatever else stood
   * there would be too much.
   */
  isLeftByUs({ id }: { readonly id: string }, { target, right, surplus }: Judgement): boolean {
    const left = this.#input.earlier.left.of(id, target);
    return surplus === 0 && left?.isRefused === true && left.digest === valuesDigest(right);
  }

  /** What stands on the target, by its attributes; undefined where no page has shown it. */
  #rightOf(
    object: ApiRecord,
    { target }: ObjectDecision,
    differing: ApiRecord | undefined,
  ): ReadonlyMap<string, readonly string[]> | undefined {
    const { reading, kinds, contexts } = this.#input;
    if (!target) return undefined;
    if (!reading.isEqual(target.id)) return differing && comparableValues(differing, kinds);
    const { values } = prepareObject(object, contexts.values(this.#believed, target.isItself));
    return comparableToSend(values, contexts.targetAttribute, contexts.attribute);
  }

  #isMoved({ id }: ApiRecord, target: string): boolean {
    const { reading, scan, correspondence } = this.#input;
    const now = reading.typeOf(target);
    return now !== undefined && now !== correspondence.typeOf(scan.numberOf.get(String(id)) ?? -1);
  }

  #resolve(id: string): Resolved {
    const { scan, decisions, outside } = this.#input;
    const decision = decisions[scan.numberOf.get(id) ?? -1];
    if (decision?.action === 'create') return { value: toBeMade(id) };
    if (decision?.target) return { value: decision.target.id };
    const found = outside.get(id);
    if (found) return 'lost' in found ? found : { value: found.id };
    return this.#believed(id);
  }
}
