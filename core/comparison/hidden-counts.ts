import type { ObjectSchemaId, ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, countIn } from '../model/json.ts';
import type { AssetsReader, Offered, Usage } from '../ports/assets-reader.ts';
import type { LiveSchema } from '../reading/live-configuration.ts';
import { sideBySide } from '../side-by-side.ts';

const inFlight = 16;

/** How many objects the site counts; a count that it does not give is 0, and so tells nothing. */
export interface CountedSchema {
  /** The greatest of those that count the whole schema. */
  readonly objects: number;
  /** The greatest of each type. */
  readonly byType: ReadonlyMap<string, number>;
}

/** How many objects this login sees, and how many more the site counts than that. */
export interface HiddenCount {
  readonly seen: number;
  readonly count: number;
}

/** Where the site counts more than this login sees: by types, and in a whole schema where the types do not explain it. */
export interface HiddenCounts {
  readonly inTypes: ReadonlyMap<string, HiddenCount>;
  readonly inSchema: HiddenCount | undefined;
}

/** What the lists say that were read anyway. */
export function countedByLists({ record, types }: LiveSchema, usage: Offered<Usage>): CountedSchema {
  return {
    objects: Math.max(countIn(record.objectCount) ?? 0, usageOf(usage, record)),
    byType: new Map(types.map((type) => [type.id, countIn(type.record.objectCount) ?? 0])),
  };
}

/** The same counts anew, and what a search counts: two requests and one a type. */
export async function countAnew(
  reader: AssetsReader,
  { record, types }: LiveSchema,
  usage: Offered<Usage>,
): Promise<CountedSchema> {
  const id = String(record.id) as ObjectSchemaId;
  const schema = (await reader.objectSchemas()).find((one) => String(one.id) === id);
  const byType = new Map(
    (await reader.objectTypes(id)).map((type) => [String(type.id), countIn(type.objectCount) ?? 0]),
  );
  await sideBySide(types, inFlight, async (type) => {
    const found = await reader.countObjects({ objectTypeId: type.id as ObjectTypeId });
    byType.set(type.id, Math.max(found, byType.get(type.id) ?? 0));
  });
  const objects = Math.max(schema ? (countIn(schema.objectCount) ?? 0) : 0, usageOf(usage, record));
  return { objects, byType };
}

/**
 * Where the site counts more objects than this login sees: roles of a type override those of its schema, and what they hide is
 * answered like what is not there. Only more than seen tells anything: counts may lag behind, and be counts of what the login sees.
 */
export function moreThanSeen(
  { types }: LiveSchema,
  counted: CountedSchema,
  seen: (typeId: string) => number,
): HiddenCounts {
  const inTypes = new Map<string, HiddenCount>();
  let explained = 0;
  for (const { id } of types) {
    const count = counted.byType.get(id) ?? 0;
    // Nobody says whether a type's count takes its child types along.
    const isMore = count > seen(id) && count !== sum(withChildren(id, types), seen);
    if (isMore) inTypes.set(id, { seen: seen(id), count });
    explained += isMore ? count : seen(id);
  }
  const all = sum(
    types.map(({ id }) => id),
    seen,
  );
  return { inTypes, inSchema: counted.objects > explained ? { seen: all, count: counted.objects } : undefined };
}

const sum = (ids: readonly string[], count: (id: string) => number) => ids.reduce((all, id) => all + count(id), 0);

function withChildren(id: string, types: LiveSchema['types']): string[] {
  const below = types.filter(({ parentId }) => parentId === id);
  return [id, ...below.flatMap((type) => withChildren(type.id, types))];
}

function usageOf(usage: Offered<Usage>, { id }: ApiRecord): number {
  const known = usage.offered ? usage.value.schemas.find((schema) => schema.id === String(id)) : undefined;
  return known?.objects ?? 0;
}
