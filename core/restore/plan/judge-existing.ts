import { comparableValues, valuesDigest } from '../../comparison/object-values.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import { toBeMade, witnessOf } from '../id-map/witness.ts';
import type { OutsideTarget } from '../plan-files.ts';
import { type ChangedAttribute, changedAttribute, itsType } from '../values/changed-values.ts';
import { type Judgement, judgeObject, survivorLacks } from '../values/judge-object.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';
import { lossesOf, prepareObject, type Resolved } from '../values/prepare-object.ts';
import type { Correspondence } from './correspondence.ts';
import { believedReference } from './expect-objects.ts';
import type { ForeseenLosses } from './foreseen-losses.ts';
import type { LinksAgain } from './links-again.ts';
import type { PlanContexts } from './plan-contexts.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { TargetReading } from './target-reading.ts';

interface JudgeInput {
  readonly source: BackupSource;
  readonly scan: StoredObjects;
  /** What is to be written to objects that are there is added to them. */
  readonly decisions: (ObjectDecision | undefined)[];
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  readonly correspondence: Correspondence;
  readonly contexts: PlanContexts;
  readonly kinds: ReadonlyMap<string, AttributeKind | undefined>;
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
  readonly newAttributes: ReadonlySet<string>;
  readonly losses: ForeseenLosses;
  readonly links: LinksAgain;
  readonly onChanged: (changed: ChangedAttribute) => Promise<void>;
  readonly advance: (objects: number) => void;
}

/**
 * Holds every object of the backup against the one that it is on the target: notes what will be lost, what somebody has
 * changed since, and what is to be written to objects that are there.
 */
export async function judgeExisting(input: JudgeInput): Promise<void> {
  const { source, scan, decisions, reading, advance } = input;
  const judge = new ExistingJudge(input);
  for (const [shard, { file }] of scan.shards.entries()) {
    const differing = await reading.differing.ofShard(shard);
    for (const object of await source.json<ApiRecord[]>(file)) {
      const number = scan.numberOf.get(String(object.id)) ?? -1;
      const decision = scan.shardOf[number] === shard ? decisions[number] : undefined;
      if (decision) decisions[number] = await judge.judge(object, decision, differing.get(number));
    }
    advance(file.records);
  }
}

class ExistingJudge {
  readonly #input: JudgeInput;
  readonly #reference: (id: string) => Resolved;
  readonly #believed: (id: string) => Resolved;
  #keys: Map<string, string> | undefined;

  constructor(input: JudgeInput) {
    this.#input = input;
    this.#believed = believedReference(input.correspondence);
    this.#reference = (id) => this.#resolve(id);
  }

  async judge(object: ApiRecord, decision: ObjectDecision, differing: ApiRecord | undefined): Promise<ObjectDecision> {
    const { losses, contexts } = this.#input;
    const source = String(object.id);
    const where = textOf(object.objectKey) ?? source;
    const { target } = decision;
    if (decision.action === 'create') {
      const prepared = prepareObject(object, contexts.values(this.#reference, false));
      for (const loss of prepared.losses) await losses.add(loss, 'comes');
      return decision;
    }
    if (!target) {
      const loss = { kind: 'object', source, where, values: 1, reason: decision.reason } as const;
      await losses.add(loss, 'stands');
      return decision;
    }
    if (this.#isMoved(object, target.id)) {
      if (!decision.refersBy) await this.#input.onChanged(changedAttribute(object, itsType));
      return decision;
    }
    const right = this.#rightOf(object, decision, differing);
    if (!right) return decision;
    return this.#judgeValues(object, { ...decision, target }, right);
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

  async #judgeValues(
    object: ApiRecord,
    decision: ObjectDecision & { readonly target: NonNullable<ObjectDecision['target']> },
    right: ReadonlyMap<string, readonly string[]>,
  ): Promise<ObjectDecision> {
    const { contexts, earlier, newAttributes, losses, links, onChanged } = this.#input;
    const { target, refersBy } = decision;
    const witness = witnessOf(target, {
      ...{ earlier, newAttributes, newNow: new Set<string>() },
      ...{ backup: this.#input.source.manifest.name, nameOf: contexts.nameOf, sourceOf: contexts.sourceOf },
    });
    const prepared = prepareObject(object, contexts.values(this.#reference, target.isItself));
    const judged = judgeObject(prepared, right, { targetAttribute: contexts.targetAttribute, witness }).filter(
      ({ attribute }) => !refersBy || refersBy.includes(attribute.source),
    );
    const pending: Record<string, string> = {};
    for (const judgement of judged) {
      for (const loss of this.#lossesIn(object, judgement)) await losses.add(loss, 'comes');
      const { attribute, verdict } = judgement;
      if (verdict === 'write') {
        pending[attribute.source] = valuesDigest(judgement.right);
        if (!witness.isOwn) await links.add(object, judgement, (on) => this.#keyOf(on));
      }
      if (verdict === 'theirs' || verdict === 'wrong')
        await onChanged(changedAttribute(object, attribute.attribute.name));
    }
    if (Object.keys(pending).length === 0) return decision;
    return {
      ...decision,
      action: 'update',
      reason: witness.isOwn
        ? `${decision.reason}, and lacks values that it was to have`
        : `${decision.reason}, and objects that it referred to are made anew`,
      precondition: `${decision.precondition} with ${JSON.stringify(pending)}`,
      pending,
    };
  }

  /** What is lost, and what is tried once more with the last reason that the site gave. */
  #lossesIn(object: ApiRecord, { attribute, target, verdict, lost, missing }: Judgement) {
    const { earlier, decisions, scan } = this.#input;
    const id = decisions[scan.numberOf.get(String(object.id)) ?? -1]?.target?.id ?? '';
    const left = earlier.left.of(id, target);
    const last = left?.isRefused ? left.reason : undefined;
    const again = verdict === 'new' ? survivorLacks : verdict === 'write' ? last : undefined;
    const tried = again === undefined ? [] : missing.filter(({ on }) => !isToBeMade(on));
    return lossesOf(object, attribute, [
      ...lost.map(({ prepared: { key }, reason }) => ({ ...(key !== undefined && { key }), reason })),
      ...tried.map(({ key, on }) => {
        const now = this.#keyOf(on);
        return { ...(key !== undefined && { key }), ...(now !== undefined && { now }), reason: again ?? '' };
      }),
    ]);
  }

  /** The key of the object of the target that a value leads to. */
  #keyOf(on: Resolved): string | undefined {
    if (typeof on !== 'object' || !('value' in on)) return undefined;
    this.#keys ??= this.#keysById();
    return this.#keys.get(on.value);
  }

  #keysById(): Map<string, string> {
    const { decisions, outside } = this.#input;
    const keys = new Map<string, string>();
    for (const found of outside.values()) if (!('lost' in found)) keys.set(found.id, found.key);
    for (const decision of decisions) if (decision?.target) keys.set(decision.target.id, decision.target.key);
    return keys;
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

const isToBeMade = (on: Resolved) => typeof on === 'object' && 'value' in on && on.value.startsWith(toBeMade(''));
