import {
  coversSchemas,
  type Manifest,
  type ManifestObjectType,
  type ManifestSchema,
} from '../backup-format/manifest.ts';
import { counted, readableCount } from '../counted.ts';
import { isScratch } from '../drill/scratch-mark.ts';
import { NotFoundError, PermissionRefusedError, UnexpectedAnswerError } from '../errors.ts';
import { idOf, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, countIn } from '../model/json.ts';
import type { Gap, Notice, NotOffered } from '../model/outcome.ts';
import type { AssetsReader, Offered, Usage } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { sideBySide } from '../side-by-side.ts';
import { sayWaiting } from '../waiting.ts';
import { readJson } from '../work-store/json-file.ts';
import { backupsThatCount } from './finish-records.ts';
import type { GapCollector } from './gaps.ts';
import { isMadeSince } from './made-since.ts';
import { notVisible } from './not-visible.ts';
import { type BackupPlan, type ConfigurationRecord, workKeys } from './work-files.ts';

interface Comparison {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly gaps: GapCollector;
  readonly schemas: readonly ManifestSchema[];
}

/** A count of the site, against what a search counts for this account at the same time. */
interface Suspicion {
  readonly schema: ManifestSchema;
  readonly type?: ManifestObjectType;
  /** What counts more, as a person would name it. */
  readonly count: string;
  readonly ask: () => Promise<number | undefined>;
  readonly seen: () => Promise<number>;
}

interface Shortfall extends Suspicion {
  readonly missing: number;
}

/** So often every one of the counts is taken: on a site that changes one of them is likely to show that nothing is hidden. */
const roundsOfCounts = 3;
const countsAtOnce = 8;

/**
 * Holds what is stored against every count that the site gives: the list of types, the schema, a search, `/usage`. What one of
 * them has and a search does not show is hidden from this account; a login that lost a right must not look like a smaller site.
 * Objects come and go meanwhile, and a search lags: so what counts more is counted again, and after a wait, before it is believed.
 */
export async function compareWithCounts(
  comparison: Comparison,
  plan: BackupPlan,
): Promise<{ notices: Notice[]; notOffered: NotOffered[]; inUsage?: ReadonlySet<string> }> {
  const { gaps, schemas } = comparison;
  const notices: Notice[] = [];
  const usage = await gaps.try({ kind: 'checks', what: "the site's usage" }, () => comparison.reader.usage());
  const suspicions: Suspicion[] = [];
  await sideBySide(schemas, countsAtOnce, async (schema) => {
    const found = await suspicionsOf(comparison, plan.run.backup, schema, usage);
    suspicions.push(...found.suspicions);
    notices.push(...found.notices);
  });
  const shortfalls = await lasting(comparison, suspicions);
  for (const schema of schemas) gaps.gaps.push(...hiddenIn(schema, shortfalls));
  if (!usage?.offered) {
    return { notices, notOffered: usage ? [{ what: 'usage', reason: usage.reason }] : [] };
  }
  for (const { id, name, objects } of plan.options.objectSchemaKeys ? [] : usage.value.schemas) {
    if (schemas.some((schema) => schema.id === id)) continue;
    const there = await readSchema(comparison, id);
    if (there && isScratch(there)) continue;
    if (there && isMadeSince(comparison.reader, plan.run, there)) {
      const message = `The schema ${name} was made after this backup had begun: it and its ${counted(objects, 'object')} are not in it.`;
      notices.push({ kind: 'made-meanwhile', message });
    } else if (there) {
      const sentence = 'The site has this schema, but its list of schemas did not name it.';
      gaps.add({ kind: 'configuration', what: `schema ${name}` }, new UnexpectedAnswerError(sentence));
    } else {
      const message = `The site has a schema ${name} (${counted(objects, 'object')}) that this account cannot see: it is not in the backup.`;
      notices.push({ kind: 'schema-not-visible', message, schemaId: id });
    }
  }
  return { notices, notOffered: [], inUsage: new Set(usage.value.schemas.map(({ id }) => id)) };
}

/** What counts more than is stored. Where the schema has as many as are stored, only its own counts from before can do so. */
async function suspicionsOf(
  { services, reader, gaps }: Comparison,
  backup: string,
  schema: ManifestSchema,
  usage: Offered<Usage> | undefined,
): Promise<{ suspicions: Suspicion[]; notices: Notice[] }> {
  const { key } = schema;
  const id = schema.id as ObjectSchemaId;
  const stored = storedIn(schema);
  const place = { kind: 'checks', what: `number of objects in ${key}`, schemaKey: key } as const;
  const seen = () => reader.countObjects({ objectSchemaId: id });
  const now = await gaps.try(place, seen);
  const before = await readJson<ConfigurationRecord>(services.work, workKeys(backup).configuration(schema.id));
  if (now === undefined || !before?.objectTypes) return { suspicions: [], notices: [] };
  const hasChanged = now !== stored;
  const ofType = new Map(before.objectTypes.map((type) => [type.id, type.objectCount]));
  const types = hasChanged ? await gaps.try(place, () => countsOfTypes(reader, id)) : ofType;
  const suspicions = schema.objectTypes
    .filter((type) => Math.max(ofType.get(type.id) ?? 0, types?.get(type.id) ?? 0) > type.stored)
    .map((type): Suspicion => {
      const objectTypeId = type.id as ObjectTypeId;
      return {
        ...{ schema, type, count: 'The list of object types' },
        ask: async () => (await countsOfTypes(reader, id)).get(objectTypeId),
        seen: () => reader.countObjects({ objectTypeId }),
      };
    });
  if (hasChanged || (before.objectCount ?? 0) > stored) {
    const ask = async () => countIn((await reader.objectSchema(id)).objectCount);
    suspicions.push({ schema, count: 'The schema', ask, seen });
  }
  const inUsage = (value: Usage) => value.schemas.find((schemaUsage) => schemaUsage.id === id)?.objects;
  if (usage?.offered && (inUsage(usage.value) ?? 0) > stored) {
    const ask = async () => {
      const again = await reader.usage();
      return again.offered ? inUsage(again.value) : undefined;
    };
    suspicions.push({ schema, count: "The site's usage", ask, seen });
  }
  const message = `${key}: ${counted(stored, 'object is', 'objects are')} stored; at the end the site had ${readableCount(now)}. Objects came or went during the backup.`;
  return { suspicions, notices: hasChanged ? [{ kind: 'count-differs', message, schemaKey: key }] : [] };
}

async function countsOfTypes(reader: AssetsReader, id: ObjectSchemaId): Promise<ReadonlyMap<string, number>> {
  return new Map((await reader.objectTypes(id)).map((type) => [idOf(type), countIn(type.objectCount) ?? 0]));
}

/** Those that count more in every round, each by what it was more at least. */
async function lasting({ services, gaps }: Comparison, suspicions: readonly Suspicion[]): Promise<Shortfall[]> {
  let shortfalls: Shortfall[] = suspicions.map((one) => ({ ...one, missing: Number.POSITIVE_INFINITY }));
  for (let round = 1; round <= roundsOfCounts && shortfalls.length > 0; round += 1) {
    if (round === 2) {
      const { searchLagMilliseconds: milliseconds } = services;
      const what = 'for a search to show what the site counts';
      await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    }
    const left: Shortfall[] = [];
    await sideBySide(shortfalls, countsAtOnce, async (shortfall) => {
      const { schema, type, ask, seen } = shortfall;
      const place = { schemaKey: schema.key, ...(type && { objectTypeId: type.id }) };
      const what = `number of objects in ${type?.name ?? schema.key}`;
      const more = await gaps.try({ kind: 'checks', what, ...place }, async () => {
        const before = await seen();
        const there = await ask();
        return there === undefined ? 0 : there - Math.max(before, await seen());
      });
      const missing = Math.min(shortfall.missing, more ?? 0);
      if (missing > 0) left.push({ ...shortfall, missing });
    });
    shortfalls = left;
  }
  return shortfalls;
}

/** What types tell, and what is left of what the schema and the usage tell. */
function hiddenIn(schema: ManifestSchema, shortfalls: readonly Shortfall[]): Gap[] {
  const { key } = schema;
  const own = shortfalls.filter((shortfall) => shortfall.schema === schema);
  const gaps: Gap[] = [];
  let told = 0;
  for (const { type, missing } of own) {
    if (!type) continue;
    told += missing;
    const where = { where: type.name, schemaKey: key, objectTypeId: type.id };
    const more = `The list of object types counts ${counted(missing, 'object')} more than a search shows`;
    gaps.push(notVisible({ number: missing, of: 'objects' }, { ...where, told: more }));
  }
  const [most] = own.filter(({ type }) => !type).toSorted((a, b) => b.missing - a.missing);
  if (most && most.missing > told) {
    const more = `${most.count} counts ${counted(most.missing, 'object')} more than a search shows`;
    gaps.push(notVisible({ number: most.missing - told, of: 'objects' }, { where: key, told: more, schemaKey: key }));
  }
  return gaps;
}

const storedIn = ({ objectTypes }: ManifestSchema) => objectTypes.reduce((sum, type) => sum + type.stored, 0);

/** Undefined where this account cannot. */
function readSchema({ reader, gaps }: Comparison, id: ObjectSchemaId): Promise<ApiRecord | undefined> {
  return gaps.try({ kind: 'checks', what: `schema ${id}` }, async () => {
    try {
      return await reader.objectSchema(id);
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof PermissionRefusedError) return undefined;
      throw error;
    }
  });
}

/**
 * The newest backup that counts and covers what this one does; `withActivity`: that also was to have history and comments;
 * `issueLinks`: the newest that was to have issue links, or that has all of them, of whichever schemas, since fields span them.
 */
export async function lastBackup(
  services: Services,
  { run, options }: BackupPlan,
  { withActivity = false, issueLinks }: { withActivity?: boolean; issueLinks?: 'asked-for' | 'all-read' } = {},
): Promise<Manifest | undefined> {
  for await (const { manifest } of backupsThatCount(services, { before: run.backup })) {
    const covers = issueLinks
      ? manifest.options.issueLinks && (issueLinks === 'asked-for' || hasAllIssueLinks(manifest))
      : coversSchemas(manifest, options.objectSchemaKeys) && (!withActivity || manifest.options.activity);
    if (covers && manifest.site.workspaceId === run.workspace.workspaceId) return manifest;
  }
  return undefined;
}

function hasAllIssueLinks({ issueLinks }: Manifest): boolean {
  return issueLinks?.every(({ issues }) => issues !== null) === true;
}
