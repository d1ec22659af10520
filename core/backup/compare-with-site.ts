import { type BackupOptions, coversSchemas, type Manifest, type ManifestSchema } from '../backup-format/manifest.ts';
import { NotFoundError, PermissionRefusedError, UnexpectedAnswerError } from '../errors.ts';
import type { ObjectSchemaId, ObjectTypeId } from '../model/ids.ts';
import type { Notice, NotOffered } from '../model/outcome.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { sideBySide } from '../side-by-side.ts';
import { backupsThatCount } from './finish-records.ts';
import type { GapCollector } from './gaps.ts';
import type { BackupPlan } from './work-files.ts';

interface Comparison {
  readonly reader: AssetsReader;
  readonly gaps: GapCollector;
  readonly schemas: readonly ManifestSchema[];
}

/**
 * Counts each schema as a whole. Objects may have come and gone since their type was read; but objects beyond those of
 * all listed types are in types that the list did not name, and so are missing in the backup.
 */
export async function compareWithCounts({ reader, gaps, schemas }: Comparison): Promise<Notice[]> {
  const notices: Notice[] = [];
  await sideBySide(schemas, schemasAtOnce, async (schema) => {
    const { key, objectTypes } = schema;
    const place = { kind: 'checks', what: `number of objects in ${key}`, schemaKey: key } as const;
    const stored = storedIn(schema);
    const counted = await gaps.try(place, () => countSchema(reader, schema));
    if (counted === undefined || counted === stored) return;
    const ofTypes = await gaps.try(place, async () => {
      const counts: number[] = [];
      for (const type of objectTypes) counts.push(await reader.countObjects({ objectTypeId: type.id as ObjectTypeId }));
      return counts.reduce((sum, count) => sum + count, 0);
    });
    const now = ofTypes === undefined ? undefined : await gaps.try(place, () => countSchema(reader, schema));
    if (ofTypes === undefined || now === undefined) return;
    const elsewhere = Math.min(counted, now) - ofTypes;
    if (elsewhere > 0) {
      const sentence = `The site counts ${counted} objects in ${key}, but its ${objectTypes.length} listed types hold only ${ofTypes}.`;
      gaps.add(
        { kind: 'objects', what: `${elsewhere} objects of types that the site did not list`, schemaKey: key },
        new UnexpectedAnswerError(sentence),
      );
    } else {
      const message = `${key}: ${stored} objects are stored; at the end the site had ${now}. Objects came or went during the backup.`;
      notices.push({ kind: 'count-differs', message, schemaKey: key });
    }
  });
  return notices;
}

const schemasAtOnce = 8;

const storedIn = ({ objectTypes }: ManifestSchema) => objectTypes.reduce((sum, type) => sum + type.stored, 0);

const countSchema = (reader: AssetsReader, { id }: ManifestSchema) =>
  reader.countObjects({ objectSchemaId: id as ObjectSchemaId });

/**
 * Holds the schemas against `/usage`, which counts also what this account cannot see: a login that lost a right must
 * not look like a smaller site. A schema that can be read but was not listed is missing in the backup.
 */
export async function compareWithUsage(
  { reader, gaps, schemas }: Comparison,
  plan: BackupPlan,
): Promise<{ notices: Notice[]; notOffered: NotOffered[] }> {
  const usage = await gaps.try({ kind: 'checks', what: "the site's usage" }, () => reader.usage());
  if (!usage) return { notices: [], notOffered: [] };
  if (!usage.offered) return { notices: [], notOffered: [{ what: 'usage', reason: usage.reason }] };
  const notices: Notice[] = [];
  for (const { id, name, objects } of usage.value.schemas) {
    const schema = schemas.find((known) => known.id === id);
    const stored = schema && storedIn(schema);
    if (stored !== undefined && stored < objects) {
      const message = `${schema?.key}: ${stored} objects are stored, but the site's usage says ${objects}: this account may not see all of them.`;
      notices.push({ kind: 'count-differs', message, schemaKey: schema?.key ?? '' });
    }
    if (schema || plan.options.objectSchemaKeys) continue;
    const isReadable = await canRead(reader, id, gaps);
    if (isReadable) {
      const sentence = 'The site has this schema, but its list of schemas did not name it.';
      gaps.add({ kind: 'configuration', what: `schema ${name}` }, new UnexpectedAnswerError(sentence));
    } else {
      const message = `The site has a schema ${name} (${objects} objects) that this account cannot see: it is not in the backup.`;
      notices.push({ kind: 'schema-not-visible', message });
    }
  }
  return { notices, notOffered: [] };
}

async function canRead(reader: AssetsReader, id: ObjectSchemaId, gaps: GapCollector): Promise<boolean> {
  const answer = await gaps.try({ kind: 'checks', what: `schema ${id}` }, async () => {
    try {
      return await reader.objectSchema(id);
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof PermissionRefusedError) return undefined;
      throw error;
    }
  });
  return answer !== undefined;
}

/** Names the schemas and types that the last backup had, and this one does not see. */
export function missingSince(
  last: Manifest | undefined,
  { options }: BackupPlan,
  schemas: readonly ManifestSchema[],
): Notice[] {
  return chosenOf(last, options).flatMap((before): Notice[] => {
    const now = schemas.find(({ id }) => id === before.id);
    const lost = now
      ? before.objectTypes
          .filter(({ id }) => !now.objectTypes.some((type) => type.id === id))
          .map(({ name }) => `object type ${name}`)
      : [`schema ${before.key} with its ${before.objectTypes.length} object types`];
    return lost.map((what) => ({
      kind: 'missing-since-last-backup',
      message: `${what} of ${before.key} was in ${last?.name} and is not on the site, or not visible to this account, any more.`,
      schemaKey: before.key,
    }));
  });
}

/** By how many per cent there are fewer objects than in the last backup, in the schemas that this one was asked for; 0 where there are not. */
export function fewerObjectsPercent(
  last: Manifest | undefined,
  { options }: Pick<BackupPlan, 'options'>,
  schemas: readonly ManifestSchema[],
): number {
  const sum = (some: readonly ManifestSchema[]) => some.reduce((total, schema) => total + storedIn(schema), 0);
  const before = sum(chosenOf(last, options));
  const fewer = before - sum(schemas);
  return fewer <= 0 ? 0 : Math.round((fewer / before) * 1000) / 10;
}

function chosenOf(last: Manifest | undefined, { objectSchemaKeys }: BackupOptions): readonly ManifestSchema[] {
  return last?.schemas.filter(({ key }) => !objectSchemaKeys || objectSchemaKeys.includes(key)) ?? [];
}

/** The newest backup that counts and covers what this one does. */
export async function lastBackup(services: Services, { run, options }: BackupPlan): Promise<Manifest | undefined> {
  for await (const { manifest } of backupsThatCount(services, { before: run.backup })) {
    const covers = coversSchemas(manifest, options.objectSchemaKeys);
    if (covers && manifest.site.workspaceId === run.workspace.workspaceId) return manifest;
  }
  return undefined;
}
