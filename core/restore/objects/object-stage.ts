import type { ApiRecord } from '../../model/json.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { Shard } from '../../reading/stored-objects.ts';
import type { ReadValue } from '../../reading/value.ts';
import type { HeldLock } from '../../runs/held-lock.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import { KnownObjects } from '../id-map/known-objects.ts';
import type { ConfigurationPlan, ObjectPlan } from '../plan-files.ts';
import { openSource, type RestoreContext } from '../restore-context.ts';
import type { SpellingSource } from '../values/object-values-to-send.ts';
import { groupOf, type PeopleFile, peopleOf, userOf } from '../values/people.ts';
import {
  type PreparedObject,
  prepareObject,
  type Resolved,
  type ValueAttribute,
  type ValueContext,
} from '../values/prepare-object.ts';
import { lacksStatus, storedStatus, valueAttributes } from '../values/value-contexts.ts';

/** Shards kept at once, those that were asked for last: a batch reads few, and again and again. About 3 MB each. */
const mostShards = 16;

/** What a step writes objects and their comments by. */
export interface WritingStep {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  /** All that writes beside one another goes by the same. */
  readonly lock: HeldLock;
}

/** What the steps that write or compare objects have in common: the plan, who is who, and the backup's objects. */
export class ObjectStage {
  readonly context: RestoreContext & { readonly source: BackupSource };
  readonly plan: ObjectPlan;
  readonly configuration: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly known: KnownObjects;
  readonly attribute: (source: string) => ValueAttribute | undefined;
  readonly spellings: SpellingSource;
  readonly #values: ValueContext;
  readonly #valuesOfItself: ValueContext;
  readonly #shards = new Map<number, ReadonlyMap<string, ApiRecord>>();

  private constructor(
    context: RestoreContext & { readonly source: BackupSource },
    parts: {
      readonly plan: ObjectPlan;
      readonly configuration: ConfigurationPlan;
      readonly map: ConfigurationMap;
      readonly known: KnownObjects;
      readonly people: PeopleFile;
    },
  ) {
    const { plan, configuration, map, known, people } = parts;
    this.context = context;
    this.plan = plan;
    this.configuration = configuration;
    this.map = map;
    this.known = known;
    const planned = valueAttributes(configuration, context.choices, new Map());
    // What could not be made although it was planned takes no values either.
    this.attribute = (source) => {
      const attribute = planned(source);
      if (!attribute || attribute.lost !== undefined || map.attributes[source] !== undefined) return attribute;
      return { ...attribute, lost: 'its attribute could not be made' };
    };
    const who = peopleOf(people);
    this.spellings = {
      keyOf: (target) => known.keyOf(target),
      groupId: (name) => who.groups?.get(name) || undefined,
    };
    const statusOf = storedStatus(configuration);
    const statusOn = (status: ReadValue, attribute: string, isItself: boolean): Resolved => {
      const stored = statusOf(status, attribute);
      if ('lost' in stored) return stored;
      const target = map.statusTypes[stored.source] ?? (isItself ? stored.source : undefined);
      return target === undefined ? { lost: lacksStatus } : { value: target };
    };
    this.#values = {
      attribute: this.attribute,
      reference: (id) => known.reference(id),
      user: (user) => userOf(who, user),
      group: (group) => groupOf(who, group),
      status: (status, attribute) => statusOn(status, attribute, false),
      namesOfAccount: (account) => who.namesOf.get(account) ?? [],
    };
    const itself = (resolve: (person: ReadValue) => Resolved) => (person: ReadValue) =>
      person.id === undefined ? resolve(person) : { value: person.id };
    this.#valuesOfItself = {
      ...this.#values,
      user: itself(this.#values.user),
      group: itself(this.#values.group),
      status: (status, attribute) => statusOn(status, attribute, true),
    };
  }

  static async open(services: Services, run: RestoreRun): Promise<ObjectStage> {
    const { work } = services;
    const context = await openSource(services, run);
    const { keys, journals } = context;
    const plan = await needJson<ObjectPlan>(work, keys.objectPlan);
    return new ObjectStage(context, {
      plan,
      configuration: await needJson<ConfigurationPlan>(work, keys.configurationPlan),
      map: await needJson<ConfigurationMap>(work, keys.configuration),
      known: await KnownObjects.read(work, plan, keys, { keys: journals, restore: run.restore }),
      people: await needJson<PeopleFile>(work, keys.people),
    });
  }

  readonly targetAttribute = (source: string): string | undefined => this.map.attributes[source];

  /**
   * An object of the backup as it is to be on the target, by what is known now. Where it is still there itself, people are who
   * they were.
   */
  prepare(object: ApiRecord): PreparedObject {
    return prepareObject(object, this.isItself(String(object.id)) ? this.#valuesOfItself : this.#values);
  }

  /** Whether an object of the backup is on the target itself. */
  isItself(id: string): boolean {
    return this.context.sameSite && this.known.get(id)?.id === id;
  }

  shard(number: number): Shard {
    const shard = this.plan.shards[number];
    if (!shard) throw new Error(`The plan has no shard ${number}.`);
    return shard;
  }

  /** The objects of one shard, by id. Throws DamagedBackupError. */
  async objects(number: number): Promise<ReadonlyMap<string, ApiRecord>> {
    const objects = this.#shards.get(number) ?? (await this.#read(number));
    this.#shards.delete(number);
    if (this.#shards.size >= mostShards) this.#shards.delete(this.#shards.keys().next().value ?? -1);
    this.#shards.set(number, objects);
    return objects;
  }

  /** The objects of each shard, by its number, as they stand there. None is kept: for who goes over all of them once. */
  async *eachShard(): AsyncGenerator<readonly [shard: number, objects: Iterable<ApiRecord>]> {
    let shard = 0;
    for await (const objects of this.context.source.objectsOfEach(this.plan.shards.map(({ file }) => file))) {
      yield [shard, objects];
      shard += 1;
    }
  }

  async #read(number: number): Promise<ReadonlyMap<string, ApiRecord>> {
    const objects = new Map<string, ApiRecord>();
    for (const object of await this.context.source.objects(this.shard(number).file))
      objects.set(String(object.id), object);
    return objects;
  }
}
