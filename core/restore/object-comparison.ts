import { idOf, type ObjectId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';
import type { Difference, Loss, RestoreRun } from '../model/restore.ts';
import type { AssetsReader } from '../ports/assets-site.ts';
import type { Services } from '../ports/services.ts';
import { sideBySide } from '../side-by-side.ts';
import type { AttributeKind } from './attribute-kinds.ts';
import { readBefore } from './earlier-restores.ts';
import { comparableValues, kindsOf, objectDigest } from './object-digest.ts';
import type { ObjectJournalFile } from './object-journal.ts';
import type { ObjectStage } from './object-stage.ts';
import { comparableToSend } from './object-values-to-send.ts';
import type { ReusedObject } from './plan-files.ts';
import { readObjects } from './read-objects.ts';
import { needFile, readFile } from './restore-context.ts';

export interface ComparedCounts {
  readonly objectsCompared: number;
  readonly valuesCompared: number;
}

export interface ComparedType extends ComparedCounts {
  /** Losses of earlier restores that somebody has made good: source id and attribute. */
  readonly resolved: readonly (readonly [string, string])[];
  readonly differences: readonly Difference[];
  readonly notices: readonly string[];
}

/** What an object of the backup has become, and what is known to be missing in it. */
interface Outcome {
  readonly target: string;
  /** Undefined for one that this restore has made, or one before it that was stopped: it has to be equal to the backup. */
  readonly foundAs?: string;
  /** The very object that was backed up: what it refers to outside this restore is what it referred to then. */
  readonly isItself?: boolean;
  readonly lost: Set<string>;
}

interface ComparisonInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
}

interface Expected {
  /** Attributes with a loss of an earlier restore that is made good where the values are all there. */
  readonly resolvable: readonly string[];
  readonly id: string;
  readonly shard: number;
  readonly outcome: Outcome;
  readonly digest: string;
}

const nothing: ComparedType = { objectsCompared: 0, valuesCompared: 0, differences: [], notices: [], resolved: [] };
const inFlight = 16;

/** Compares the objects of the backup with what is on the target, type by type. */
export class ObjectComparison {
  readonly #input: ComparisonInput;
  readonly #outcomes: ReadonlyMap<string, Outcome>;
  readonly #targets: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  private constructor(input: ComparisonInput, outcomes: ReadonlyMap<string, Outcome>) {
    this.#input = input;
    this.#outcomes = outcomes;
    this.#targets = new Set(outcomes.values().map(({ target }) => target));
  }

  static async open(input: ComparisonInput): Promise<ObjectComparison> {
    const { services, run, stage } = input;
    const { work } = services;
    const outcomes = new Map<string, Outcome>();
    const sameSite = stage.context.manifest.site.workspaceId === run.workspace.workspaceId;
    const attributesOf = (losses: readonly Loss[] = []) => losses.flatMap(({ attribute }) => attribute ?? []);
    for (let part = 0; part < stage.plan.reusedParts; part += 1) {
      for (const reused of await needFile<ReusedObject[]>(work, stage.context.keys.reused(part))) {
        const { source, target, digest, isStrict, losses } = reused;
        const isItself = sameSite && source === target;
        outcomes.set(source, {
          target,
          lost: new Set(attributesOf(losses)),
          ...(!isStrict && { foundAs: digest }),
          ...(isItself && { isItself }),
        });
      }
    }
    for (let batch = 0; batch < stage.plan.batches; batch += 1) {
      const journal = await readFile<ObjectJournalFile>(work, stage.journals.objects(run.restore, batch));
      for (const [source, entry] of Object.entries(journal?.entries ?? {})) {
        if (entry.state !== 'created') continue;
        outcomes.set(source, { target: entry.target, lost: new Set(attributesOf(entry.losses)) });
      }
    }
    for (const part of ['plan', 'links']) {
      const losses = await readFile<Loss[]>(work, stage.context.keys.losses(part));
      for (const { kind, source, attribute } of losses ?? []) {
        if (kind === 'object' && attribute !== undefined) outcomes.get(source)?.lost.add(attribute);
      }
    }
    return new ObjectComparison(input, outcomes);
  }

  get objects(): number {
    return this.#outcomes.size;
  }

  async compareType(typeId: string): Promise<ComparedType> {
    const { stage, reader, services } = this.#input;
    const type = stage.map.types[typeId];
    const planned = stage.configuration.types.find(({ source }) => source === typeId);
    const { expected, values } = await this.#expectedOf(typeId);
    const objectsCompared = expected.size;
    if (!type || !planned || objectsCompared === 0) return nothing;
    const targetType = type.target as ObjectTypeId;
    const isAnyFound = expected.values().some(({ outcome }) => outcome.foundAs !== undefined);
    const all = isAnyFound ? kindsOf(await reader.attributes(targetType)) : new Map();
    const compared = this.#comparedKinds();
    const strangers: string[] = [];
    const resolved: (readonly [string, string])[] = [];
    let leftAlone = 0;
    await readObjects(
      reader,
      targetType,
      (object) => {
        const target: string = idOf(object);
        const wanted = expected.get(target);
        if (!wanted) {
          if (!this.#targets.has(target)) strangers.push(target);
          return;
        }
        const isEqual = wanted.digest === objectDigest(comparableValues(object, compared));
        // It was there before, and nobody has touched it since: what differs is younger than the backup.
        const isUntouched = !isEqual && this.#isUntouched(wanted.outcome, objectDigest(comparableValues(object, all)));
        if (isUntouched) leftAlone += 1;
        if (isEqual) resolved.push(...wanted.resolvable.map((attribute) => [wanted.id, attribute] as const));
        if (isEqual || isUntouched) expected.delete(target);
      },
      { proves: false },
    );
    const differences: Difference[] = [];
    const doubtful = [...expected.values()];
    await sideBySide(doubtful, inFlight, async ({ id, shard, outcome }) => {
      const object = (await stage.objects(shard)).get(id);
      if (object) differences.push(...(await this.#lookAgain(object, outcome, compared)));
    });
    services.reporter.advanced('comparison', objectsCompared);
    if (planned.finish) differences.push(...(await this.#strangers(planned.where, targetType, strangers)));
    const notice = `${planned.where}: ${leftAlone} objects that were there have other values than the backup, and were left as they are.`;
    return { objectsCompared, valuesCompared: values, differences, notices: leftAlone === 0 ? [] : [notice], resolved };
  }

  /** What the objects of a type are to be, by their ids on the target. */
  async #expectedOf(typeId: string): Promise<{ expected: Map<string, Expected>; values: number }> {
    const { stage } = this.#input;
    const expected = new Map<string, Expected>();
    let values = 0;
    for (const [shard, { typeId: ofShard }] of stage.plan.shards.entries()) {
      if (ofShard !== typeId) continue;
      for (const [id, object] of await stage.objects(shard)) {
        const outcome = this.#outcomes.get(id);
        // One that stands in two types of the backup, since it was moved meanwhile, was made of the first.
        if (!outcome || this.#seen.has(id)) continue;
        this.#seen.add(id);
        const isItself = outcome.isItself === true;
        const { values: prepared, losses } = stage.prepare(object, { isItself });
        const onTarget = comparableToSend(prepared, stage.targetAttribute, stage.attribute);
        const inherent = new Set(losses.map(({ attribute }) => attribute));
        const resolvable = [...outcome.lost].filter((attribute) => !inherent.has(attribute));
        values += onTarget.values().reduce((sum, texts) => sum + texts.length, 0);
        expected.set(outcome.target, { id, shard, outcome, digest: objectDigest(onTarget), resolvable });
      }
    }
    return { expected, values };
  }

  #isUntouched({ foundAs }: Outcome, whole: string): boolean {
    return foundAs !== undefined && (foundAs === '' || foundAs === whole);
  }

  /** Attributes of the target whose values come from the backup. */
  #comparedKinds(): Map<string, AttributeKind> {
    const { stage } = this.#input;
    return new Map(
      Object.entries(stage.map.attributes).flatMap(([source, target]) => {
        const attribute = stage.attribute(source);
        return attribute && attribute.lost === undefined ? [[target, attribute.kind] as const] : [];
      }),
    );
  }

  #expected(object: ApiRecord, isItself: boolean): Map<string, string[]> {
    const { stage } = this.#input;
    return comparableToSend(stage.prepare(object, { isItself }).values, stage.targetAttribute, stage.attribute);
  }

  /** A difference is believed when the object itself shows it: a page may have been read in the middle of something. */
  async #lookAgain(
    object: ApiRecord,
    { target, lost, foundAs, isItself }: Outcome,
    kinds: ReadonlyMap<string, AttributeKind>,
  ): Promise<Difference[]> {
    const { reader, stage } = this.#input;
    const place = {
      kind: 'object',
      source: idOf(object) as string,
      target,
      where: textOf(object.objectKey) ?? idOf(object),
    } as const;
    const found = await reader.object(target as ObjectId);
    if (!found) return [{ ...place, what: 'it is not there' }];
    const now = comparableValues(found, kinds);
    const expected = this.#expected(object, isItself === true);
    const names = new Map(
      stage.configuration.attributes.map(({ source, name }) => [stage.map.attributes[source] ?? '', name]),
    );
    const changed = [...new Set([...now.keys(), ...expected.keys()])].filter(
      (id) =>
        objectDigest(new Map([[id, now.get(id) ?? []]])) !== objectDigest(new Map([[id, expected.get(id) ?? []]])),
    );
    const unannounced = changed.map((id) => names.get(id) ?? `attribute ${id}`).filter((name) => !lost.has(name));
    if (unannounced.length === 0) return [];
    const values = `the values of ${unannounced.join(', ')}`;
    return [
      {
        ...place,
        what: foundAs === undefined ? values : `${values}, which somebody has changed since the plan was made`,
      },
    ];
  }

  /** Objects of a type of ours that this restore does not know: somebody else's, or made twice. */
  async #strangers(where: string, targetType: string, found: readonly string[]): Promise<Difference[]> {
    const { services, run } = this.#input;
    const before = (await readBefore(services.work, run.restore, new Set([targetType]))).get(targetType);
    const what = 'it is on the target, and this restore did not make it';
    return found
      .filter((target) => !before?.has(target))
      .map((target) => ({ kind: 'object', source: '', target, where, what }));
  }
}
