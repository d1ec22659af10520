import { counted } from '../../counted.ts';
import type { ItemAction, RestoreChoices } from '../../model/restore.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ConfigurationPlan, PendingAttributes, PlannedType } from '../plan-files.ts';
import type { Candidate, Correspondence } from './correspondence.ts';
import type { Recreated } from './recreated.ts';
import type { TargetReading } from './target-reading.ts';

/** What becomes of one object of the backup. */
export interface ObjectDecision {
  readonly action: ItemAction;
  readonly reason: string;
  readonly precondition: string;
  /** The object of the target that it is. */
  readonly target?: Candidate;
  /** Ids of the target that it may be although no page showed them: asked for before it is made. */
  readonly asks?: readonly string[];
  /** What is written to one that is there. */
  readonly pending?: PendingAttributes;
  /** Nobody chose it: only these attributes matter, since they refer to what is restored. */
  readonly refersBy?: readonly string[];
}

/** Whether values are sent for it. */
export function isWritten(decision: ObjectDecision | undefined): boolean {
  return decision?.action === 'create' || decision?.action === 'update';
}

const none = { precondition: 'none' } as const;

export class ObjectPlanner {
  readonly #scan: StoredObjects;
  readonly #isProcessed: boolean;
  readonly #wantedObjects: ReadonlySet<string>;
  readonly #wantedTypes: ReadonlySet<string>;
  readonly #types: ReadonlyMap<string, PlannedType>;
  readonly #earlier: EarlierRestores;
  readonly #correspondence: Correspondence;
  readonly #reading: TargetReading;
  readonly #recreated: Recreated;

  constructor(
    scan: StoredObjects,
    plan: ConfigurationPlan,
    choices: RestoreChoices,
    {
      earlier,
      correspondence,
      reading,
      recreated,
    }: {
      readonly earlier: EarlierRestores;
      readonly correspondence: Correspondence;
      readonly reading: TargetReading;
      readonly recreated: Recreated;
    },
  ) {
    this.#scan = scan;
    this.#isProcessed = choices.processObjects;
    this.#wantedObjects = new Set(choices.include.objects);
    this.#wantedTypes = new Set(choices.include.objectTypes);
    this.#types = new Map(plan.types.map((type) => [type.source, type]));
    this.#earlier = earlier;
    this.#correspondence = correspondence;
    this.#reading = reading;
    this.#recreated = recreated;
  }

  /**
   * A decision for each object, by its number; undefined for those that the choices leave out, unless they are there and refer
   * to objects of the chosen schemas.
   * @param uniques values of unique attributes, by object number: target attribute and text in its comparable spelling
   */
  decide(
    uniques: ReadonlyMap<number, readonly (readonly [attribute: string, text: string])[]>,
  ): (ObjectDecision | undefined)[] {
    const { ids } = this.#scan;
    const decisions = ids.map((_, number) =>
      this.#isWanted(number) ? this.#decide(number, uniques.get(number) ?? []) : undefined,
    );
    const counterparts = new Set(decisions.flatMap((decision) => decision?.target?.id ?? []));
    for (const [number, there] of this.#recreated.ofTheirLabels) {
      const doubles = there.filter(({ id }) => !counterparts.has(id));
      if (decisions[number]?.action === 'create' && doubles.length > 0)
        decisions[number] = this.#recreated.conflict(number, doubles, 'label');
    }
    for (const [number, refersBy] of this.#referrers(decisions)) {
      const found = this.#found(number);
      if (found) decisions[number] = { ...found, refersBy: [...refersBy] };
    }
    return decisions;
  }

  /** Objects that were not chosen and refer to some of the chosen schemas: by number, the attributes by which they do. */
  #referrers(decisions: readonly (ObjectDecision | undefined)[]): Map<number, Set<string>> {
    const { references, numberOf, shardOf, shards } = this.#scan;
    if (!this.#isProcessed) return new Map();
    const isChosen = (number: number) => shards[shardOf[number] ?? -1]?.isReferrer !== true;
    const referrers = new Map<number, Set<string>>();
    for (const [index, from] of references.from.entries()) {
      const to = numberOf.get(references.to[index] ?? '');
      if (decisions[from] || to === undefined || !isChosen(to)) continue;
      const attributes = referrers.get(from) ?? new Set();
      referrers.set(from, attributes.add(references.attribute[index] ?? ''));
    }
    return referrers;
  }

  #decide(number: number, unique: readonly (readonly [string, string])[]): ObjectDecision | undefined {
    const schema = this.#correspondence.schemaOf(number);
    if (!schema || schema.isReferrer) return undefined;
    if (schema.action === 'skip') return { action: 'skip', reason: schema.reason, ...none };
    const type = this.#typeOf(number);
    if (!type) return { action: 'skip', reason: 'the backup does not hold its object type', ...none };
    if (type.action === 'conflict') return { action: 'conflict', reason: type.reason, ...none };
    const decision =
      this.#found(number) ??
      this.#ambiguous(number, schema.target) ??
      this.#identified(number, unique, type.target) ??
      this.#create(number);
    // Only what is there can be used of a schema that Atlassian manages.
    if (type.holdsNoObjects && decision.action === 'create') {
      const reason = `its object type ${type.where} is abstract on the target by now, and holds no objects: make it hold objects there, and plan again`;
      return { action: 'conflict', reason, ...none };
    }
    return schema.isManaged && isWritten(decision) ? { action: 'skip', reason: schema.reason, ...none } : decision;
  }

  #create(number: number): ObjectDecision {
    const asks = this.#correspondence.candidates(number).map(({ id }) => id);
    return {
      action: 'create',
      reason: 'the target does not have it',
      precondition: 'no such object',
      ...(asks.length > 0 && { asks }),
    };
  }

  #found(number: number): ObjectDecision | undefined {
    const there = this.#correspondence.candidates(number).find(({ id }) => this.#reading.isThere(id));
    if (!there) return undefined;
    const type = this.#typeOf(number)?.target;
    const now = this.#reading.typeOf(there.id) ?? type ?? '';
    const how = there.isItself
      ? 'it is still there'
      : there.isOwn
        ? 'an earlier restore made it'
        : 'it was said to be the same';
    return {
      action: 'reuse',
      reason:
        now === type
          ? how
          : `${how}, and somebody has moved it to another object type since${this.#placeOf(now)}: it is left there`,
      precondition: `object ${there.id} of type ${now}`,
      target: { ...there, key: this.#reading.keyOf(there.id) ?? there.key },
    };
  }

  /** An earlier restore was stopped while it made this object, and nobody can say which one it is. */
  #ambiguous(number: number, schemaId: string | undefined): ObjectDecision | undefined {
    const candidates = this.#earlier.candidates(schemaId ?? '', this.#scan.ids[number] ?? '');
    // Of a type that is not proven to be read whole none is known to be gone.
    const isWhole = this.#reading.isProven(this.#typeOf(number)?.target ?? '');
    const there = candidates?.flatMap((id) => this.#reading.keyOf(id) ?? (isWhole ? [] : `object ${id}`)) ?? [];
    if (there.length === 0) return undefined;
    const reason = `an earlier restore was stopped while it made this object, and it may be any of ${there.join(', ')}: delete those that are not wanted, and start again`;
    return { action: 'conflict', reason, precondition: `objects ${there.join(', ')}` };
  }

  #identified(
    number: number,
    unique: readonly (readonly [string, string])[],
    typeId: string | undefined,
  ): ObjectDecision | undefined {
    if (this.#recreated.isToBeMade(number)) return undefined;
    const found = new Map(
      unique
        .flatMap(([attribute, text]) => this.#reading.withUnique(attribute, text))
        .map((there) => [there.id, there]),
    );
    const [there] = found.values();
    if (!there) return undefined;
    const precondition = `objects ${[...found.keys()].join(', ')}`;
    if (found.size > 1 || there.typeId !== typeId) {
      const reason = `values of its unique attributes stand in ${counted(found.size, 'object')} of the target, so nobody can tell which it is`;
      return { action: 'conflict', reason, precondition };
    }
    if (this.#recreated.isDouble(number, there)) return this.#recreated.conflict(number, [there], 'unique value');
    const target = { id: there.id, key: there.key, isOwn: false, isItself: false };
    return { action: 'reuse', reason: 'a unique attribute identifies it', precondition, target };
  }

  #placeOf(typeId: string): string {
    const type = this.#types.values().find(({ target }) => target === typeId);
    return type ? ` (${type.where})` : '';
  }

  #typeOf(number: number): PlannedType | undefined {
    const shard = this.#scan.shards[this.#scan.shardOf[number] ?? -1];
    return this.#types.get(shard?.typeId ?? '');
  }

  #isWanted(number: number): boolean {
    if (!this.#isProcessed) return false;
    const { ids, keys } = this.#scan;
    const isNamed = this.#wantedObjects.has(ids[number] ?? '') || this.#wantedObjects.has(keys[number] ?? '');
    if (this.#wantedObjects.size > 0 && !isNamed) return false;
    if (this.#wantedTypes.size === 0) return true;
    const type = this.#typeOf(number);
    return type !== undefined && (this.#wantedTypes.has(type.source) || this.#wantedTypes.has(type.name));
  }
}
