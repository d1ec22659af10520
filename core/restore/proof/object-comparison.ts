import { idOf, type ObjectId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Difference, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import { comparableValues, kindsOf, objectDigest } from '../../reading/object-digest.ts';
import { beginning, type SweepProgress } from '../../reading/page-sweep.ts';
import { readObjects } from '../../reading/read-objects.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import { readBefore } from '../plan-files.ts';
import { comparableToSend } from '../values/object-values-to-send.ts';
import { type Outcome, readOutcomes } from './object-outcomes.ts';

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
  readonly digest: string;
}

/** How far the comparison of a type has come; as JSON it goes from one invocation to the next. */
export interface TypeProgress extends ComparedCounts {
  /** Where reading goes on; null when the type is read. */
  readonly position: SweepProgress | null;
  /** By its id on the target, what has not been found to be as it should. */
  readonly expected: readonly (readonly [target: string, Expected])[];
  readonly strangers: readonly string[];
  readonly leftAlone: number;
  readonly resolved: ComparedType['resolved'];
  readonly differences: readonly Difference[];
}

const nothing: ComparedType = { objectsCompared: 0, valuesCompared: 0, differences: [], notices: [], resolved: [] };
const inFlight = 16;
/** Objects that are looked at again before the time is. */
const lookedAtOnce = 200;
/** Before the first page. */
const begunWith = {
  position: beginning,
  strangers: [],
  leftAlone: 0,
  resolved: [],
  differences: [],
} as const;

/** Compares the objects of the backup with what is on the target, type by type. */
export class ObjectComparison {
  readonly #input: ComparisonInput;
  readonly #outcomes: ReadonlyMap<string, Outcome>;
  readonly #targets: ReadonlySet<string>;

  private constructor(input: ComparisonInput, outcomes: ReadonlyMap<string, Outcome>) {
    this.#input = input;
    this.#outcomes = outcomes;
    this.#targets = new Set(outcomes.values().map(({ target }) => target));
  }

  static async open(input: ComparisonInput): Promise<ObjectComparison> {
    return new ObjectComparison(input, await readOutcomes(input));
  }

  get objects(): number {
    return this.#outcomes.size;
  }

  /**
   * Compares a type, or what is left of it. Where `mayGoOn` has said no it gives how far it has come instead; what it gives in
   * the end is of the whole type.
   */
  async compareType(
    typeId: string,
    earlier: TypeProgress | null,
    mayGoOn: () => boolean,
  ): Promise<ComparedType | { readonly progress: TypeProgress }> {
    const { stage, services } = this.#input;
    const type = stage.map.types[typeId];
    const planned = stage.configuration.types.find(({ source }) => source === typeId);
    const begun = earlier ?? (await this.#begin(typeId));
    const { objectsCompared, valuesCompared } = begun;
    if (!type || !planned || objectsCompared === 0) return nothing;
    const expected = new Map(begun.expected);
    const differences = [...begun.differences];
    const compared = this.#comparedKinds();
    let read: Pick<TypeProgress, 'position' | 'strangers' | 'leftAlone' | 'resolved'> = begun;
    if (begun.position)
      read = await this.#readType(type.target as ObjectTypeId, { begun, expected, compared, mayGoOn });
    while (read.position || expected.size > 0) {
      if (read.position || !mayGoOn()) {
        return { progress: { ...read, objectsCompared, valuesCompared, expected: [...expected], differences } };
      }
      const doubtful = [...expected].slice(0, lookedAtOnce);
      await sideBySide(doubtful, inFlight, async ([target, { id, shard }]) => {
        const object = (await stage.objects(shard)).get(id);
        if (object) differences.push(...(await this.#lookAgain(object, this.#outcomeOf(id), compared)));
        expected.delete(target);
      });
    }
    services.reporter.advanced('comparison', objectsCompared);
    if (planned.finish) differences.push(...(await this.#strangers(planned.where, type.target, read.strangers)));
    const notice = `${planned.where}: ${read.leftAlone} objects that were there have other values than the backup, and were left as they are.`;
    const notices = read.leftAlone === 0 ? [] : [notice];
    return { objectsCompared, valuesCompared, differences, notices, resolved: read.resolved };
  }

  /** Reads on, and takes from `expected` what is as it should be. */
  async #readType(
    targetType: ObjectTypeId,
    {
      begun,
      expected,
      compared,
      mayGoOn,
    }: {
      readonly begun: TypeProgress;
      readonly expected: Map<string, Expected>;
      readonly compared: ReadonlyMap<string, AttributeKind>;
      readonly mayGoOn: () => boolean;
    },
  ): Promise<Pick<TypeProgress, 'position' | 'strangers' | 'leftAlone' | 'resolved'>> {
    const { reader } = this.#input;
    const isAnyFound = expected.values().some(({ id }) => this.#outcomeOf(id).foundAs !== undefined);
    const all = isAnyFound ? kindsOf(await reader.attributes(targetType)) : new Map();
    const strangers = [...begun.strangers];
    const resolved = [...begun.resolved];
    let { leftAlone } = begun;
    const take = (object: ApiRecord) => {
      const target: string = idOf(object);
      const wanted = expected.get(target);
      if (!wanted) {
        if (!this.#targets.has(target)) strangers.push(target);
        return;
      }
      const isEqual = wanted.digest === objectDigest(comparableValues(object, compared));
      // It was there before, and nobody has touched it since: what differs is younger than the backup.
      const isUntouched =
        !isEqual && this.#isUntouched(this.#outcomeOf(wanted.id), objectDigest(comparableValues(object, all)));
      if (isUntouched) leftAlone += 1;
      if (isEqual) resolved.push(...wanted.resolvable.map((attribute) => [wanted.id, attribute] as const));
      if (isEqual || isUntouched) expected.delete(target);
    };
    const { position } = await readObjects(reader, targetType, take, { proves: false, from: begun.position, mayGoOn });
    return { position, strangers, leftAlone, resolved };
  }

  #outcomeOf(id: string): Outcome {
    const outcome = this.#outcomes.get(id);
    if (!outcome) throw new Error(`Nobody knows what has become of object ${id}.`);
    return outcome;
  }

  /** What the objects of a type are to be, by their ids on the target, before any is read. */
  async #begin(typeId: string): Promise<TypeProgress> {
    const { stage } = this.#input;
    const { shards, twice } = stage.plan;
    const expected = new Map<string, Expected>();
    let valuesCompared = 0;
    for (const [shard, { typeId: ofShard }] of shards.entries()) {
      if (ofShard !== typeId) continue;
      for (const [id, object] of await stage.objects(shard)) {
        const outcome = this.#outcomes.get(id);
        // One that stands in two types of the backup, since it was moved meanwhile, was made of the first.
        if (!outcome || (twice[id] ?? shard) !== shard) continue;
        const { values: prepared, losses } = stage.prepare(object, { isItself: outcome.isItself === true });
        const onTarget = comparableToSend(prepared, stage.targetAttribute, stage.attribute);
        const inherent = new Set(losses.map(({ attribute }) => attribute));
        const resolvable = [...outcome.lost].filter((attribute) => !inherent.has(attribute));
        valuesCompared += onTarget.values().reduce((sum, texts) => sum + texts.length, 0);
        expected.set(outcome.target, { id, shard, digest: objectDigest(onTarget), resolvable });
      }
    }
    const objectsCompared = expected.size;
    return { ...begunWith, objectsCompared, valuesCompared, expected: [...expected] };
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
