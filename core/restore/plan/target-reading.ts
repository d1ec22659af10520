import { isRecord, textOf } from '../../model/json.ts';
import type { RestoreChoices, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import {
  type LiveConfiguration,
  type LiveSchema,
  type LiveType,
  readLiveConfiguration,
} from '../../reading/live-configuration.ts';
import { LiveObjects, type ReadOfType } from '../../reading/live-objects.ts';
import type { StoredConfiguration } from '../../reading/stored-configuration.ts';
import { Deadline } from '../../runs/deadline.ts';
import { createJson, needJson, writeJson } from '../../work-store/json-file.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';

/**
 * Milliseconds of an invocation that must be left to plan after objects were read: nearly all, because the rest of a plan
 * cannot be cut.
 */
const planningTime = 14 * 60_000;

/** What one invocation leaves to those after it. */
interface ReadPart {
  /** What all have to start from; null but in the first part. */
  readonly start: {
    readonly configuration: Omit<LiveConfiguration, 'existing'>;
    readonly existing: readonly (readonly [id: string, schema: LiveSchema])[];
    readonly typeIds: readonly string[];
  } | null;
  readonly types: readonly ReadOfType[];
}

interface ReadingInput {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly keys: RestoreKeys;
}

/**
 * What a plan knows of the target, read in as many invocations as it takes. Each leaves in the work store what it has read,
 * under the number of the next: so nothing is read twice, and one that is tried again begins where its first try did.
 */
export class TargetReading {
  readonly objects: LiveObjects;
  readonly #input: ReadingInput;
  readonly #next: number;
  #configuration: LiveConfiguration | undefined;
  #types: readonly LiveType[] = [];

  private constructor(input: ReadingInput, from: number) {
    this.objects = new LiveObjects(input.reader);
    this.#input = input;
    this.#next = from + 1;
  }

  /** @param from number of the invocation, from 0; it finds what those before it have left */
  static async open(input: ReadingInput, from: number): Promise<TargetReading> {
    const { services, keys } = input;
    const reading = new TargetReading(input, from);
    for (let part = 1; part <= from; part += 1) {
      const { start, types } = await needJson<ReadPart>(services.work, keys.targetRead(part));
      if (start) reading.begin({ ...start.configuration, existing: new Map(start.existing) }, start.typeIds);
      for (const read of types) reading.objects.add(read);
    }
    return reading;
  }

  /** Undefined until reading has begun. */
  get configuration(): LiveConfiguration | undefined {
    return this.#configuration;
  }

  /** @param typeIds of the types whose objects matter */
  begin(configuration: LiveConfiguration, typeIds: readonly string[]): void {
    const wanted = new Set(typeIds);
    this.#configuration = configuration;
    this.#types = [...configuration.existing.values()].flatMap(({ types }) => types.filter(({ id }) => wanted.has(id)));
  }

  /**
   * Reads objects, and leaves for whoever settles lost answers later which were there. True when all are read and there is
   * time to plan; otherwise this invocation has to end, and the next one goes on.
   */
  async goOn(): Promise<boolean> {
    const { services, keys } = this.#input;
    const deadline = new Deadline(services);
    const types: ReadOfType[] = [];
    for (const type of this.#types) {
      if (this.objects.isRead(type.id)) continue;
      const read = await this.objects.readType(type, () => deadline.mayBegin());
      types.push(read);
      if (read.position) break;
      await writeJson(services.work, keys.before(type.id), this.objects.idsOf(type.id));
    }
    const isDone = types.every(({ position }) => position === null);
    if (isDone && (types.length === 0 || services.remainingMilliseconds() >= planningTime)) return true;
    const start = this.#next === 1 ? this.#start() : null;
    await createJson(services.work, keys.targetRead(this.#next), { start, types } satisfies ReadPart);
    return false;
  }

  #start(): ReadPart['start'] {
    if (!this.#configuration) return null;
    const { existing, ...configuration } = this.#configuration;
    return { configuration, existing: [...existing], typeIds: this.#types.map(({ id }) => id) };
  }
}

/** The schemas that are written into, and on the same site those whose types attributes refer to. */
export async function readTarget(
  reader: AssetsReader,
  {
    run,
    choices,
    stored,
    sameSite,
  }: {
    readonly run: RestoreRun;
    readonly choices: RestoreChoices;
    readonly stored: StoredConfiguration;
    readonly sameSite: boolean;
  },
): Promise<LiveConfiguration> {
  const wanted = new Set(
    stored.schemas.map(({ key }) => {
      const choice = choices.schemas?.find(({ oldObjectSchemaKey }) => oldObjectSchemaKey === key);
      return choice?.newObjectSchemaKey ?? key;
    }),
  );
  const own = new Set(stored.schemas.map(({ id }) => id));
  const referred = new Set<string>();
  for (const { record } of sameSite
    ? stored.schemas.flatMap(({ types }) => types.flatMap(({ attributes }) => attributes))
    : []) {
    const { referenceObjectType } = record;
    const schemaId = isRecord(referenceObjectType) ? textOf(referenceObjectType.objectSchemaId) : undefined;
    if (schemaId !== undefined && !own.has(schemaId)) referred.add(schemaId);
  }
  return readLiveConfiguration(reader, run.workspace.workspaceId, (schema) => {
    return wanted.has(textOf(schema.objectSchemaKey) ?? '') || referred.has(String(schema.id));
  });
}

/** Types of the schemas that exist: their objects have to be known. */
export function typesToRead({ schemas }: ConfigurationPlan, target: LiveConfiguration): string[] {
  return schemas.flatMap(({ target: id, action }) => {
    const there = id === undefined || action === 'skip' ? undefined : target.existing.get(id);
    return there?.types.map((type) => type.id) ?? [];
  });
}
