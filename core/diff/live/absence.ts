import { countAnew, moreThanSeen } from '../../comparison/hidden-counts.ts';
import { counted, readableCount } from '../../counted.ts';
import { NotFoundError, PermissionRefusedError } from '../../errors.ts';
import type { ObjectSchemaId } from '../../model/ids.ts';
import { countIn } from '../../model/json.ts';
import type { AssetsReader, Offered, Usage } from '../../ports/assets-reader.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { fullPath } from '../../reading/named-type.ts';
import { type Side, typesOf } from '../side.ts';

/** Why what the site does not show to this login may be there all the same: the ends of sentences, by the ids of schemas. */
export interface HiddenParts {
  /** Schemas of the backup that the site's list lacks. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Schemas of which the site counts more object types than it shows. */
  readonly types: Readonly<Record<string, string>>;
}

/** A schema that is gone and one that this login may not see are told apart by asking for it, and by `/usage`, as far as they can be. */
export async function hiddenParts(reader: AssetsReader, left: Side, live: LiveConfiguration): Promise<HiddenParts> {
  const shown = new Set(live.schemas.map(({ id }) => String(id)));
  const missing = left.schemas.filter(({ id }) => !shown.has(id));
  const usage = missing.length === 0 ? undefined : await usageOf(reader);
  const schemas: Record<string, string> = {};
  for (const { id, key } of missing) {
    const isUsed = usage?.offered === true && usage.value.schemas.some((schema) => schema.id === id);
    if (isUsed || !(await isGone(reader, id as ObjectSchemaId))) {
      schemas[id] = `the site has the schema ${key} and does not show it to this login`;
    } else if (!usage?.offered) {
      schemas[id] = `the site does not tell this login of schemas that it may not see, of which ${key} may be one`;
    }
  }
  const types: Record<string, string> = {};
  for (const [id, { record, types: seen }] of live.existing) {
    const count = countIn(record.objectTypeCount) ?? 0;
    if (count <= seen.length) continue;
    types[id] =
      `the site shows ${readableCount(seen.length)} of ${counted(count, 'object type')} of the schema to this login`;
  }
  return { schemas, types };
}

/** Administrators alone may read it. */
async function usageOf(reader: AssetsReader): Promise<Offered<Usage>> {
  try {
    return await reader.usage();
  } catch (error) {
    if (error instanceof PermissionRefusedError) return { offered: false, reason: error.message };
    throw error;
  }
}

async function isGone(reader: AssetsReader, id: ObjectSchemaId): Promise<boolean> {
  try {
    await reader.objectSchema(id);
    return false;
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    if (error instanceof PermissionRefusedError) return false;
    throw error;
  }
}

/**
 * Why objects that are not shown may be hidden, by the id of their schema on the site, or of their type: where the site counts more
 * than was seen there.
 * @param swept types of which all objects were to be seen
 */
export async function hiddenObjects(
  reader: AssetsReader,
  live: LiveConfiguration,
  {
    schemaIds,
    swept,
    seen,
  }: { readonly schemaIds: ReadonlySet<string>; readonly swept: ReadonlySet<string>; seen(typeId: string): number },
): Promise<Readonly<Record<string, string>>> {
  const doubts: Record<string, string> = {};
  const asked = [...live.existing].filter(([id]) => schemaIds.has(id));
  if (asked.length === 0) return doubts;
  const usage = await usageOf(reader);
  for (const [id, schema] of asked) {
    const counts = await countAnew(reader, schema, usage);
    const { inTypes, inSchema } = moreThanSeen(schema, counts, seen);
    for (const [typeId, of] of inTypes) if (swept.has(typeId)) doubts[`type ${typeId}`] = shownOf(of, 'of this type');
    const isWhole = schema.types.every((type) => swept.has(type.id));
    if (inSchema && isWhole) doubts[`schema ${id}`] = shownOf(inSchema, 'of its schema');
  }
  return doubts;
}

const shownOf = ({ seen, count }: { readonly seen: number; readonly count: number }, where: string) =>
  `the site shows ${readableCount(seen)} of ${counted(count, 'object')} ${where} to this login`;

/** Places that are named one by one. */
const mostPlaces = 5;

/** A sentence on where what the site does not show may have gone: to what it does not show whole either. */
export function whereItMayBe({ left, right }: { readonly left: Side; readonly right: Side }): string[] {
  const { absences } = right;
  const shown = new Set(right.schemas.map(({ id }) => id));
  const schemas = [
    ...left.schemas.filter((schema) => !shown.has(schema.id) && absences.ofSchema(schema) !== undefined),
    ...right.schemas.filter((schema) => absences.ofConfiguration(schema) !== undefined),
  ];
  const ids = new Set(schemas.map(({ id }) => id));
  const types = typesOf(right).filter((type) => !ids.has(type.schema.id) && absences.ofObjects(type) !== undefined);
  const places = [...schemas.map(({ key }) => key), ...types.map(fullPath)];
  if (places.length === 0) return [];
  const more = places.length > mostPlaces ? ` and ${readableCount(places.length - mostPlaces)} more` : '';
  return [
    `What went to ${places.slice(0, mostPlaces).join(', ')}${more} counts as removed, as the site does not show all of that to this login.`,
  ];
}
