import type { ItemAction, Loss, RestoreChoices } from '../../model/restore.ts';
import type { LiveObjects } from '../../reading/live-objects.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ConfigurationPlan, PlannedSchema, PlannedType } from '../plan-files.ts';

/** What becomes of one object of the backup. */
export interface ObjectDecision {
  readonly action: ItemAction;
  readonly reason: string;
  readonly precondition: string;
  /** The object of the target that it is. */
  readonly target?: { readonly id: string; readonly key: string; readonly digest: string };
  /** Made by an earlier restore: it gets the comments that it lacks. */
  readonly isOwn?: boolean;
  /** Made by an earlier restore that was stopped: it has to be equal to the backup, as one made now. */
  readonly isStrict?: boolean;
  /** Source ids of attributes whose second write an earlier restore has not come to. */
  readonly pending?: readonly string[];
  /** What that restore could not bring back. */
  readonly losses?: readonly Loss[];
}

/** Whether values are sent for it. */
export function isWritten(decision: ObjectDecision | undefined): boolean {
  return decision?.action === 'create' || decision?.action === 'update';
}

const inFlight = 16;

export class ObjectPlanner {
  readonly #scan: StoredObjects;
  readonly #isProcessed: boolean;
  readonly #wantedObjects: ReadonlySet<string>;
  readonly #wantedTypes: ReadonlySet<string>;
  readonly #types: ReadonlyMap<string, PlannedType>;
  readonly #earlier: EarlierRestores;
  readonly #targets: LiveObjects;
  readonly #schemas: ReadonlyMap<string, PlannedSchema>;
  readonly #unfinished: ReadonlySet<string>;

  /** @param unfinished names of restores that were stopped before their end */
  constructor(
    scan: StoredObjects,
    plan: ConfigurationPlan,
    choices: RestoreChoices,
    {
      earlier,
      targets,
      unfinished,
    }: { earlier: EarlierRestores; targets: LiveObjects; unfinished: ReadonlySet<string> },
  ) {
    this.#scan = scan;
    this.#isProcessed = choices.processObjects;
    this.#wantedObjects = new Set(choices.include.objects);
    this.#wantedTypes = new Set(choices.include.objectTypes);
    this.#types = new Map(plan.types.map((type) => [type.source, type]));
    this.#earlier = earlier;
    this.#targets = targets;
    this.#unfinished = unfinished;
    this.#schemas = new Map(plan.schemas.map((schema) => [schema.source, schema]));
  }

  /**
   * A decision for each object, by its number; undefined for those that the choices leave out.
   * @param uniques values of unique attributes, by object number: target attribute and text in its comparable spelling
   */
  async decide(
    uniques: ReadonlyMap<number, readonly (readonly [attribute: string, text: string])[]>,
    onDecided: (objects: number) => void,
  ): Promise<(ObjectDecision | undefined)[]> {
    const decisions: (ObjectDecision | undefined)[] = new Array(this.#scan.ids.length);
    await sideBySide(this.#scan.ids.keys(), inFlight, async (number) => {
      decisions[number] = await this.#decideOne(number, uniques.get(number) ?? []);
      if (number % 1000 === 999) onDecided(1000);
    });
    onDecided(this.#scan.ids.length % 1000);
    return decisions;
  }

  async #decideOne(
    number: number,
    unique: readonly (readonly [string, string])[],
  ): Promise<ObjectDecision | undefined> {
    const { ids, keys, shardOf, shards } = this.#scan;
    const id = ids[number] ?? '';
    const key = keys[number] ?? '';
    const shard = shards[shardOf[number] ?? -1];
    const schema = shard && this.#schemas.get(shard.schemaId);
    if (!shard || !schema || !this.#isWanted(id, key, shard.typeId)) return undefined;
    const none = { precondition: 'none' } as const;
    if (schema.action === 'skip') return { action: 'skip', reason: schema.reason, ...none };
    const type = this.#types.get(shard.typeId);
    if (!type) return { action: 'skip', reason: 'the backup does not hold its object type', ...none };
    const found = await this.#find({ id, key, unique }, schema, type);
    // Only what is there can be used of a schema that Atlassian manages.
    return schema.isManaged && isWritten(found) ? { action: 'skip', reason: schema.reason, ...none } : found;
  }

  async #find(
    { id, key, unique }: { id: string; key: string; unique: readonly (readonly [string, string])[] },
    schema: PlannedSchema,
    type: PlannedType,
  ): Promise<ObjectDecision> {
    if (schema.isInPlace) {
      const there = await this.#targets.find(id);
      if (there?.typeId === type.source && there.key === key) {
        return {
          action: 'reuse',
          reason: 'it is still there',
          precondition: `object ${id} of type ${there.typeId}`,
          target: there,
        };
      }
      if (there) {
        const reason = 'an object of its id is there, but has another type or key by now; it is left alone';
        return { action: 'conflict', reason, precondition: `object ${id} of type ${there.typeId}` };
      }
    }
    return (
      (await this.#madeEarlier(id, schema, type.target)) ??
      this.#identified(unique, type.target) ?? {
        action: 'create',
        reason: 'the target does not have it',
        precondition: 'no such object',
      }
    );
  }

  async #madeEarlier(
    id: string,
    schema: PlannedSchema,
    typeId: string | undefined,
  ): Promise<ObjectDecision | undefined> {
    if (schema.target === undefined) return undefined;
    const candidates = this.#earlier.candidates(schema.target, id);
    if (candidates) {
      const found = await Promise.all(candidates.map((candidate) => this.#targets.find(candidate)));
      const there = found.filter((object) => object !== undefined).map((object) => object.key);
      if (there.length > 0) {
        const reason = `an earlier restore was stopped while it made this object, and it may be any of ${there.join(', ')}: delete those that are not wanted, and start again`;
        return { action: 'conflict', reason, precondition: `objects ${there.join(', ')}` };
      }
    }
    const made = this.#earlier.made(schema.target, id);
    const there = made && (await this.#targets.find(made.target));
    if (!made || !there) return undefined;
    if (there.typeId !== typeId) {
      const reason = 'what an earlier restore made of it has become an object of another type; it is left alone';
      return { action: 'conflict', reason, precondition: `object ${there.id} of type ${there.typeId}` };
    }
    const { pending, losses } = made;
    return {
      action: pending ? 'update' : 'reuse',
      reason: pending
        ? 'an earlier restore was stopped before it had written all its references'
        : 'an earlier restore made it',
      precondition: `object ${there.id} of type ${there.typeId}`,
      target: there,
      isOwn: true,
      isStrict: this.#unfinished.has(made.restore),
      ...(pending && { pending }),
      ...(losses && { losses }),
    };
  }

  #identified(unique: readonly (readonly [string, string])[], typeId: string | undefined): ObjectDecision | undefined {
    const found = new Set(unique.flatMap(([attribute, text]) => this.#targets.withUnique(attribute, text)));
    const [id] = found;
    const there = id === undefined ? undefined : this.#targets.known(id);
    if (!there) return undefined;
    const precondition = `objects ${[...found].join(', ')}`;
    if (found.size > 1 || there.typeId !== typeId) {
      const reason = `values of its unique attributes stand in ${found.size} objects of the target, so nobody can tell which it is`;
      return { action: 'conflict', reason, precondition };
    }
    return { action: 'reuse', reason: 'a unique attribute identifies it', precondition, target: there };
  }

  #isWanted(id: string, key: string, typeId: string): boolean {
    if (!this.#isProcessed) return false;
    if (this.#wantedObjects.size > 0 && !this.#wantedObjects.has(id) && !this.#wantedObjects.has(key)) return false;
    if (this.#wantedTypes.size === 0) return true;
    return this.#wantedTypes.has(typeId) || this.#wantedTypes.has(this.#types.get(typeId)?.name ?? '');
  }
}
