import { type ComparisonProgress, compareWithSite, type SeenObject } from '../../comparison/compare-with-site.ts';
import { DifferingObjects } from '../../comparison/differing-objects.ts';
import type { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { comparableValues, labelDigest } from '../../comparison/object-values.ts';
import { idOf, type ObjectId, typeIdOf } from '../../model/ids.ts';
import { countIn, textOf } from '../../model/json.ts';
import type { RestoreChoices, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import { type LiveConfiguration, type LiveSchema, readLiveConfiguration } from '../../reading/live-configuration.ts';
import { referredSchemas, type StoredConfiguration } from '../../reading/stored-configuration.ts';
import { Deadline } from '../../runs/deadline.ts';
import { sideBySide } from '../../side-by-side.ts';
import { sayWaiting } from '../../waiting.ts';
import { createJson, needJson, writeJson } from '../../work-store/json-file.ts';
import { findReferrer, findSchema } from '../configuration/find-schema.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';

/**
 * Milliseconds of an invocation that must be left to plan after objects were read: nearly all, because the rest of a plan
 * cannot be cut.
 */
const planningTime = 14 * 60_000;

/** An object of the target of which more is to be known than that it is there. */
export interface NoticedObject {
  readonly id: string;
  readonly key: string;
  readonly typeId: string;
  /** Where it is nothing that was expected: its values of unique attributes, its label, and when it was made. */
  readonly unique?: readonly (readonly [attribute: string, text: string])[];
  readonly label?: string;
  readonly created?: number;
}

/** An object type that is read. */
interface ReadType {
  readonly id: string;
  readonly objects: number;
  /** Whether an undisturbed sweep agreed with the site's count. */
  readonly isProven: boolean;
}

const inFlight = 16;

/** What one invocation leaves to those after it. */
interface ReadPart {
  /** What all have to start from; null but in the first part. */
  readonly start: {
    readonly configuration: Omit<LiveConfiguration, 'existing'>;
    readonly existing: readonly (readonly [id: string, schema: LiveSchema])[];
  } | null;
  readonly noticed: readonly NoticedObject[];
  readonly types: readonly ReadType[];
  /** Schemas of the target whose objects are to be read anew, since it counts more of them than were read. */
  readonly anew?: readonly string[];
  readonly progress: ComparisonProgress;
}

interface ReadingInput {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly keys: RestoreKeys;
}

export interface Expectation {
  readonly typeIds: readonly string[];
  readonly expected: ExpectedObjects;
  readonly kinds: ReadonlyMap<string, AttributeKind | undefined>;
  /** Ids of the target's unique attributes that identify objects of the backup. */
  readonly uniqueIds: ReadonlySet<string>;
  /** Ids of objects of which the key has to be known. */
  readonly watched: ReadonlySet<string>;
  /** What was made since then may have been made by hand in the stead of something that is missing. Milliseconds. */
  readonly since: number;
  readonly shardOf: readonly number[];
  /** Key under which an object is expected. */
  keyOf(number: number, id: string): string | undefined;
  /** Id of the object type in which it is expected. */
  typeOf(number: number): string | undefined;
}

/**
 * What a plan knows of the target, read in as many invocations as it takes. Each leaves in the work store what it has read,
 * under the number of the next: so nothing is read twice, and one that is tried again begins where its first try did.
 */
export class TargetReading {
  readonly differing: DifferingObjects;
  readonly #input: ReadingInput;
  readonly #next: number;
  readonly #noticed = new Map<string, NoticedObject>();
  readonly #byUnique = new Map<string, NoticedObject[]>();
  readonly #young = new Map<string, NoticedObject[]>();
  readonly #types = new Map<string, ReadType>();
  readonly #readNow = { noticed: [] as NoticedObject[], types: [] as ReadType[] };
  readonly #asked = new Map<string, number>();
  #anew: readonly string[] | undefined;
  #typesRead = 0;
  #configuration: LiveConfiguration | undefined;
  #progress: ComparisonProgress | null = null;
  #expected: ExpectedObjects | undefined;

  private constructor(input: ReadingInput, from: number) {
    this.#input = input;
    this.#next = from + 1;
    this.differing = new DifferingObjects(input.services.work, input.keys, from);
  }

  /** @param from number of the invocation, from 0; it finds what those before it have left */
  static async open(input: ReadingInput, from: number): Promise<TargetReading> {
    const { services, keys } = input;
    const reading = new TargetReading(input, from);
    for (let part = 1; part <= from; part += 1) {
      const { start, noticed, types, anew, progress } = await needJson<ReadPart>(services.work, keys.targetRead(part));
      if (start) reading.#configuration = { ...start.configuration, existing: new Map(start.existing) };
      for (const object of noticed) reading.#notice(object);
      for (const type of types) reading.#types.set(type.id, type);
      reading.#anew ??= anew;
      reading.#progress = progress;
    }
    return reading;
  }

  /** Undefined until reading has begun. */
  get configuration(): LiveConfiguration | undefined {
    return this.#configuration;
  }

  begin(configuration: LiveConfiguration): void {
    this.#configuration = configuration;
  }

  /**
   * Reads objects, and leaves for whoever settles lost answers later which were there. True when all are read and there is
   * time to plan; otherwise this invocation has to end, and the next one goes on.
   */
  async goOn(expectation: Expectation): Promise<boolean> {
    const { services, keys, reader } = this.#input;
    const { expected } = expectation;
    this.#expected = expected;
    const again = new Set(this.#anew?.flatMap((id) => this.#typesOf(id)));
    const typeIds = this.#anew ? expectation.typeIds.filter((id) => again.has(id)) : expectation.typeIds;
    this.#typesRead = typeIds.length;
    const isRead = (this.#progress?.type ?? 0) === typeIds.length;
    const deadline = new Deadline(services);
    const { noticed, types } = this.#readNow;
    const existing = [...(this.#configuration?.existing.values() ?? [])];
    const countedTypes = new Map(existing.flatMap((schema) => schema.types.map((type) => [type.id, type])));
    const progress = await compareWithSite(
      reader,
      {
        ...expectation,
        typeIds,
        objectsIn: (id) => countIn(countedTypes.get(id)?.record.objectCount),
        proves: true,
        onObject: (seen) => {
          const notice = this.#worthNoticing(seen, expectation);
          if (notice) noticed.push(notice);
          if (notice) this.#notice(notice);
          if (seen.seen === 'differs' && seen.number !== undefined)
            this.differing.add(expectation.shardOf[seen.number] ?? 0, seen.number, seen.object);
          // It may turn out to be one of the backup by a unique value.
          if (notice?.unique?.length) this.differing.addUnplaced(seen.object);
        },
        afterPage: () => this.differing.putAway(),
        onType: async (id, ids, isProven) => {
          const type = { id, objects: ids.length, isProven };
          types.push(type);
          this.#types.set(id, type);
          await writeJson(services.work, keys.before(id), ids);
        },
      },
      this.#progress,
      () => deadline.mayBegin(),
    );
    await this.differing.putAway({ all: true });
    if (!progress && (isRead || this.isTimeToPlan)) return true;
    if (progress) await this.#leave(progress);
    else await this.leaveRead();
    return false;
  }

  /** Whether this invocation can still make the plan. */
  get isTimeToPlan(): boolean {
    return this.#input.services.remainingMilliseconds() >= planningTime;
  }

  /** Leaves to the next invocation that all objects are read. */
  async leaveRead(): Promise<void> {
    await this.#leave({ type: this.#typesRead, position: null, sight: this.#expected?.sight ?? '' });
  }

  /** Schemas whose objects were read a second time. */
  get anew(): readonly string[] | undefined {
    return this.#anew;
  }

  /**
   * Leaves to the next invocation that the objects of these schemas are read once more. Waits before as long as a search may
   * lag behind: what it shows then is all that this login sees.
   */
  async readAnew(schemaIds: readonly string[]): Promise<void> {
    const { services } = this.#input;
    const milliseconds = services.searchLagMilliseconds;
    const what = 'for the search of the target, which shows fewer objects than the site counts';
    await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    await this.#leave({ type: 0, position: null, sight: this.#expected?.sight ?? '' }, schemaIds);
  }

  /** Asks for objects by id that no page has shown. */
  async ask(ids: readonly string[]): Promise<void> {
    const { reader } = this.#input;
    await sideBySide(ids, inFlight, async (id) => {
      const object = this.isThere(id) ? undefined : await reader.object(id as ObjectId);
      if (!object) return;
      const typeId = typeIdOf(object) ?? '';
      this.#notice({ id, key: textOf(object.objectKey) ?? '', typeId });
      this.#asked.set(typeId, (this.#asked.get(typeId) ?? 0) + 1);
    });
  }

  /** How many objects of a type of the target this login sees. */
  countOf(typeId: string): number {
    return (this.#types.get(typeId)?.objects ?? 0) + (this.#asked.get(typeId) ?? 0);
  }

  isProven(typeId: string): boolean {
    return this.#types.get(typeId)?.isProven === true;
  }

  async #leave(progress: ComparisonProgress, anew?: readonly string[]): Promise<void> {
    const { services, keys } = this.#input;
    const start = this.#next === 1 ? this.#start() : null;
    const part: ReadPart = { start, ...this.#readNow, ...(anew && { anew }), progress };
    await createJson(services.work, keys.targetRead(this.#next), part);
  }

  #typesOf(schemaId: string): string[] {
    return this.#configuration?.existing.get(schemaId)?.types.map(({ id }) => id) ?? [];
  }

  isThere(id: string): boolean {
    return this.#noticed.has(id) || (this.#expected?.seen(id) ?? 'unseen') !== 'unseen';
  }

  /** Whether all values of an object are those that were expected. */
  isEqual(id: string): boolean {
    return this.#expected?.seen(id) === 'equal';
  }

  /** Its key, where it is not the one that was expected. */
  keyOf(id: string): string | undefined {
    return this.#noticed.get(id)?.key;
  }

  /** Id of its object type, where it is not the one that was expected. */
  typeOf(id: string): string | undefined {
    return this.#noticed.get(id)?.typeId;
  }

  /** Objects that have this value of a unique attribute, and are nothing that was expected. */
  withUnique(attributeId: string, text: string): readonly NoticedObject[] {
    return this.#byUnique.get(JSON.stringify([attributeId, text])) ?? [];
  }

  /** All objects that were made after the backup, and are nothing that was expected. */
  get young(): readonly NoticedObject[] {
    return [...this.#young.values()].flat();
  }

  /** Those of a type. */
  youngOf(typeId: string): readonly NoticedObject[] {
    return this.#young.get(typeId) ?? [];
  }

  #worthNoticing(
    { object, typeId, number, seen }: SeenObject,
    { kinds, uniqueIds, watched, since, keyOf, typeOf }: Expectation,
  ): NoticedObject | undefined {
    const id: string = idOf(object);
    const key = textOf(object.objectKey) ?? '';
    const place = { id, key, typeId: typeIdOf(object) ?? typeId };
    if (seen && number !== undefined) {
      return keyOf(number, id) === key && typeOf(number) === place.typeId ? undefined : place;
    }
    const values = uniqueIds.size > 0 ? comparableValues(object, kinds) : new Map<string, string[]>();
    const unique = [...uniqueIds].flatMap((attribute) =>
      (values.get(attribute) ?? []).map((text) => [attribute, text] as const),
    );
    const created = Date.parse(textOf(object.created) ?? '');
    const isYoung = created > since;
    if (unique.length === 0 && !isYoung && !watched.has(id)) return undefined;
    return { ...place, unique, ...(isYoung && { label: labelDigest(textOf(object.label) ?? ''), created }) };
  }

  #notice(object: NoticedObject): void {
    // A page may show an object anew.
    if (object.created !== undefined && !this.#noticed.has(object.id)) {
      const young = this.#young.get(object.typeId);
      if (young) young.push(object);
      else this.#young.set(object.typeId, [object]);
    }
    this.#noticed.set(object.id, object);
    for (const value of object.unique ?? []) {
      const place = JSON.stringify(value);
      this.#byUnique.set(place, [...(this.#byUnique.get(place) ?? []), object]);
    }
  }

  #start(): ReadPart['start'] {
    if (!this.#configuration) return null;
    const { existing, ...configuration } = this.#configuration;
    return { configuration, existing: [...existing] };
  }
}

/** The schemas that are written into, and those whose types attributes refer to: as themselves, and as earlier restores made them. */
export async function readTarget(
  reader: AssetsReader,
  {
    run,
    choices,
    stored,
    own,
    sameSite,
    isReferring,
  }: {
    readonly run: RestoreRun;
    readonly choices: RestoreChoices;
    readonly stored: StoredConfiguration;
    readonly own: OwnConfiguration;
    readonly sameSite: boolean;
    /** Ids of the schemas that are not chosen. */
    readonly isReferring: ReadonlySet<string>;
  },
): Promise<LiveConfiguration> {
  const referred = [...referredSchemas(stored)].flatMap((id) => [...(sameSite ? [id] : []), ...own.schemaIdsOf(id)]);
  return readLiveConfiguration(reader, run.workspace.workspaceId, (schemas) => {
    const found = stored.schemas.flatMap((schema) => {
      if (!isReferring.has(schema.id)) return findSchema(schema, schemas, { choices, own, sameSite }).record ?? [];
      return findReferrer(schema, schemas, { own, sameSite }) ?? [];
    });
    return new Set([...referred, ...found.map((record) => idOf(record) as string)]);
  });
}

/** Types whose objects have to be known: all of the schemas that are restored into, and those from which others refer to them. */
export function typesToRead(
  { schemas, types }: ConfigurationPlan,
  target: LiveConfiguration,
  referringTypes: ReadonlySet<string>,
): string[] {
  return schemas.flatMap(({ source, target: id, action, isReferrer }) => {
    const there = id === undefined || action === 'skip' ? undefined : target.existing.get(id);
    if (!isReferrer) return there?.types.map((type) => type.id) ?? [];
    return types.flatMap((type) =>
      type.schema === source && type.target !== undefined && referringTypes.has(type.source) ? [type.target] : [],
    );
  });
}
