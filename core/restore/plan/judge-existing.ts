import { valuesDigest } from '../../comparison/object-values.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Loss } from '../../model/restore.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import type { KnownComments } from '../id-map/known-comments.ts';
import { toBeMade } from '../id-map/witness.ts';
import { type ChangedAttribute, changedAttribute, itsType } from '../values/changed-values.ts';
import { isReplaced, type Judgement, survivorLacks } from '../values/judge-object.ts';
import { lossesOf, type PreparedObject, type Resolved } from '../values/prepare-object.ts';
import { canBeSet } from '../values/set-back.ts';
import { lacksComments } from './comment-batches.ts';
import type { ForeseenLosses } from './foreseen-losses.ts';
import type { LastChanges } from './last-changes.ts';
import type { LinksAgain } from './links-again.ts';
import { type Existing, type ExistingInput, ExistingJudge, eachObject } from './objects-there.ts';
import type { ObjectDecision } from './plan-objects.ts';
import { type PlannedWrite, subjectOf } from './plan-writes.ts';
import { type CommentFiles, commentsDigest, sentDigest } from './write-digests.ts';

interface JudgeInput extends ExistingInput {
  /** What is to be written to objects that are there is added to them. */
  readonly decisions: (ObjectDecision | undefined)[];
  /** Where the things of schemas are written, by their source ids. */
  readonly places: ReadonlyMap<string, string>;
  /** Subjects of writes that are left, since nobody has approved them. */
  readonly left: ReadonlySet<string>;
  /** Files of comments to write, by the objects' numbers; what is left of them is taken out. */
  readonly comments: Map<number, CommentFiles>;
  readonly knownComments: KnownComments;
  readonly onWrite: (write: PlannedWrite) => void;
  /** Values that are not written since their write is left. */
  readonly onLeft: (loss: Loss) => void;
  /** Undefined where it does not matter who has changed a value. */
  readonly lastChanges: LastChanges | undefined;
  readonly losses: ForeseenLosses;
  readonly links: LinksAgain;
  /** Of what stays as it is. */
  readonly onChanged: (changed: ChangedAttribute) => Promise<void>;
  /** Of what is set back. */
  readonly onOverwritten: (changed: ChangedAttribute) => Promise<void>;
  /** Of what a chosen object has otherwise, where it stays as it is although somebody asked for it. */
  readonly onClash: (changed: ChangedAttribute) => void;
  readonly advance: (objects: number) => void;
}

/**
 * Holds every object of the backup against the one that it is on the target: notes what will be lost, what somebody has
 * changed since, and what is to be written to objects that are there.
 */
export async function judgeExisting(input: JudgeInput): Promise<void> {
  const judge = new PlanJudge(input);
  await eachObject(input, input.advance, async ({ number, object, decision, differing }) => {
    input.decisions[number] = await judge.judge(object, decision, differing);
  });
}

class PlanJudge {
  readonly #input: JudgeInput;
  readonly #existing: ExistingJudge;
  #keys: Map<string, string> | undefined;

  constructor(input: JudgeInput) {
    this.#input = input;
    this.#existing = new ExistingJudge(input);
  }

  async judge(object: ApiRecord, decision: ObjectDecision, differing: ApiRecord | undefined): Promise<ObjectDecision> {
    const { losses, onChanged, onClash, onWrite } = this.#input;
    const source = String(object.id);
    const where = textOf(object.objectKey) ?? source;
    if (decision.action === 'create') {
      const prepared = this.#existing.prepareNew(object);
      for (const loss of prepared.losses) await losses.add(loss, 'comes');
      onWrite(this.#creation(object, prepared));
      return decision;
    }
    if (!decision.target) {
      const loss = { kind: 'object', source, where, values: 1, reason: decision.reason } as const;
      await losses.add(loss, 'stands');
      return decision;
    }
    await this.#judgeComments(object, decision);
    const existing = this.#existing.existing(object, decision, differing);
    if (existing === 'moved') {
      if (decision.refersBy) return decision;
      await onChanged(changedAttribute(object, itsType));
      onClash(changedAttribute(object, itsType));
    }
    return existing && existing !== 'moved' ? this.#judgeValues(object, decision, existing) : decision;
  }

  async #judgeValues(object: ApiRecord, decision: ObjectDecision, existing: Existing): Promise<ObjectDecision> {
    const { losses, links, lastChanges, onChanged, onOverwritten, onClash, onWrite } = this.#input;
    const { target, witness, prepared, judged } = existing;
    const isLeft = this.#input.left.has(subjectOf({ kind: 'object', source: String(object.id) }));
    const pending: Record<string, string> = {};
    const reasons = new Set<string>();
    let isOverwritten = false;
    for (const judgement of judged) {
      const { attribute, verdict, right } = judgement;
      const changed = changedAttribute(object, attribute.attribute.name);
      const isClash = this.#existing.isClash(decision, judgement);
      const isSet = !isLeft && this.#existing.isSet(decision, target, judgement, lastChanges);
      for (const loss of this.#lossesIn(object, judgement, { isSet, isClash })) {
        await losses.add(loss, isClash && !isSet ? 'stands' : 'comes');
      }
      if (isClash && !isSet) onClash(changed);
      if (isSet) {
        isOverwritten = true;
        reasons.add('differs from the backup');
        await onOverwritten(changed);
      } else if (verdict === 'theirs' || verdict === 'wrong') await onChanged(changed);
      if (verdict === 'write' && isLeft) this.#leave(object, judgement);
      else if (verdict === 'write') {
        reasons.add(witness.isOwn ? 'lacks values that it was to have' : 'objects that it referred to are made anew');
        if (!witness.isOwn) await links.add(object, judgement, (on) => this.#keyOf(on));
      }
      if (isSet || (verdict === 'write' && !isLeft)) pending[attribute.source] = valuesDigest(right);
    }
    if (reasons.size === 0) return decision;
    const update: ObjectDecision = {
      ...decision,
      action: 'update',
      reason: [decision.reason, ...reasons].join(', and '),
      precondition: `${decision.precondition} with ${JSON.stringify(pending)}`,
      pending,
    };
    const sent = prepared.attributes.filter(({ source }) => source in pending);
    onWrite({
      ...{ kind: 'object', source: String(object.id), where: textOf(object.objectKey) ?? String(object.id) },
      ...{ action: 'update', target: target.id, precondition: update.precondition, digest: sentDigest(sent) },
      // Who has approved that it is made has not approved that what people have changed in it since is overwritten.
      ...(witness.isOwn && !isOverwritten && { partOf: this.#creation(object, prepared) }),
    });
    return update;
  }

  /** The comments of an object are a part of making it. */
  #creation(object: ApiRecord, { attributes }: Pick<PreparedObject, 'attributes'>): PlannedWrite {
    const { comments, scan } = this.#input;
    const source = String(object.id);
    const number = scan.numberOf.get(source) ?? -1;
    return {
      ...{ kind: 'object', source, where: textOf(object.objectKey) ?? source, action: 'create', target: null },
      precondition: 'no such object',
      digest: sentDigest(attributes, this.#placeOf(number), commentsDigest(comments.get(number))),
    };
  }

  #placeOf(number: number): string | undefined {
    const { scan, places } = this.#input;
    return places.get(scan.shards[scan.shardOf[number] ?? -1]?.schemaId ?? '');
  }

  /** What an object that an earlier restore made lacks of its comments. */
  async #judgeComments(object: ApiRecord, { target }: ObjectDecision): Promise<void> {
    const { comments, knownComments, scan, left, losses, onWrite } = this.#input;
    const source = String(object.id);
    const files = target && comments.get(scan.numberOf.get(source) ?? -1);
    if (!files || !lacksComments(files, knownComments.on(target.id))) return;
    const about = { kind: 'comment', source, where: `of ${textOf(object.objectKey) ?? source}` } as const;
    if (left.has(subjectOf(about))) {
      await losses.add({ ...about, values: 1, reason: notInApprovedPlan }, 'stands');
      comments.delete(scan.numberOf.get(source) ?? -1);
      return;
    }
    const [precondition, digest] = [`object ${target.id}`, commentsDigest(files)];
    const partOf = this.#creation(object, this.#existing.prepareNew(object));
    onWrite({ ...about, action: 'create', target: target.id, precondition, digest, partOf });
  }

  #leave(object: ApiRecord, { attribute, missing }: Judgement): void {
    const lost = missing.map(() => ({ reason: notInApprovedPlan }));
    for (const loss of lossesOf(object, attribute, lost)) this.#input.onLeft(loss);
  }

  /** What is lost, and what is tried once more with the last reason that the site gave. */
  #lossesIn(
    object: ApiRecord,
    judgement: Judgement,
    { isSet, isClash }: { readonly isSet: boolean; readonly isClash: boolean },
  ) {
    const { attribute, target, verdict, missing } = judgement;
    const { earlier, decisions, scan, setBack, choices } = this.#input;
    const id = decisions[scan.numberOf.get(String(object.id)) ?? -1]?.target?.id ?? '';
    const left = earlier.left.of(id, target);
    const last = left?.isRefused ? left.reason : undefined;
    const again = isSet || verdict === 'write' ? last : verdict === 'new' ? survivorLacks(choices) : undefined;
    const tried = again === undefined ? [] : missing.filter(({ on }) => !isToBeMade(on));
    // Where it was to be set back and none of its values can be, that is no longer somebody's choice.
    const isWanted = isSet || (isClash && setBack.isWritten && !canBeSet(judgement));
    const lost = isReplaced(judgement) && !isWanted ? [] : judgement.lost;
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
}

const isToBeMade = (on: Resolved) => typeof on === 'object' && 'value' in on && on.value.startsWith(toBeMade(''));
