import { idOf, type ObjectSchemaId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { LiveConfiguration, LiveSchema } from '../../reading/live-configuration.ts';
import type { MadeThing } from './made-configuration.ts';

export const objectsNotSeen = 'the site counts objects there that this login does not see';
export const typesNotSeen = 'the site counts object types there that this login does not see';

/** Ids of schemas in which the site counts more objects, or more object types, than this login sees. */
export interface Hiding {
  readonly objects: Set<string>;
  readonly types: Set<string>;
}

/** What the site counts in a schema; what it does not count is 0, and so tells nothing. */
export interface CountedInSchema {
  readonly objects: number;
  readonly types: number;
}

type Schemas = ReadonlyMap<string, LiveSchema>;

/** The greatest counts that the site gives of schemas: roles may hide from one what another counts. */
export async function countedSchemas(
  reader: AssetsReader,
  ids: Iterable<string>,
  records: readonly ApiRecord[],
): Promise<ReadonlyMap<string, CountedInSchema>> {
  const wanted = new Set(ids);
  if (wanted.size === 0) return new Map();
  const usage = await reader.usage();
  const used = new Map(usage.offered ? usage.value.schemas.map(({ id, objects }) => [String(id), objects]) : []);
  return new Map(
    records
      .filter((record) => wanted.has(idOf(record)))
      .map((record) => {
        const id: string = idOf(record);
        const objects = Math.max(countIn(record, 'objectCount'), used.get(id) ?? 0);
        return [id, { objects, types: countIn(record, 'objectTypeCount') }];
      }),
  );
}

/** What the site counts in one schema at this moment. */
export async function countedNow(reader: AssetsReader, id: string): Promise<CountedInSchema> {
  const counted = await countedSchemas(reader, [id], [await reader.objectSchema(id as ObjectSchemaId)]);
  return counted.get(id) ?? { objects: 0, types: 0 };
}

/** The schemas that a restore has made, or has made anything in. */
export function schemasHolding(made: readonly MadeThing[], { existing }: LiveConfiguration): Schemas {
  const names = new Set(made.map(({ kind, id }) => `${kind} ${id}`));
  return new Map(
    [...existing].filter(
      ([id, { types }]) =>
        names.has(`schema ${id}`) ||
        types.some(
          (type) =>
            names.has(`object-type ${type.id}`) ||
            type.attributes.some((attribute) => names.has(`attribute ${idOf(attribute)}`)),
        ),
    ),
  );
}

/** @param seen how many objects there are of each type; of one that is missing, as many as its list says */
export function hidingIn(
  schemas: Schemas,
  counted: ReadonlyMap<string, CountedInSchema>,
  seen: ReadonlyMap<string, number>,
): Hiding {
  const hiding: Hiding = { objects: new Set(), types: new Set() };
  for (const [id, { types }] of schemas) {
    const there = counted.get(id);
    if (!there) continue;
    const explained = types.reduce((sum, type) => sum + (seen.get(type.id) ?? countIn(type.record, 'objectCount')), 0);
    if (there.objects > explained) hiding.objects.add(id);
    if (there.types > types.length) hiding.types.add(id);
  }
  return hiding;
}

function countIn(record: ApiRecord, field: 'objectCount' | 'objectTypeCount'): number {
  const count = Number(textOf(record[field]));
  return Number.isFinite(count) ? count : 0;
}
