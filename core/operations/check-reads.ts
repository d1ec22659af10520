import { NoAssetsError, nameOf, RateLimitedError, SiteUnavailableError, WrongInputError } from '../errors.ts';
import { type IconId, idOf, type ObjectId, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, type Json, textOf } from '../model/json.ts';
import type { AssetsReader, Offered } from '../ports/assets-reader.ts';
import type { SiteSize } from './check-nights.ts';
import { check, type Found, notChecked, type SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';

/** What the later reads are tried on: the schema and the type with the most objects, and one icon and object. */
interface Sample {
  readonly scheduledKeys: readonly string[];
  /** What chooses them. */
  readonly chooser: string;
  schemas?: readonly ApiRecord[];
  schema?: ObjectSchemaId;
  type?: ObjectTypeId;
  object?: ObjectId;
  icon?: IconId;
  offersComments?: boolean;
}

interface ReadCheck {
  readonly name: string;
  /** What it is tried on; null where it needs nothing. */
  readonly on: keyof Sample | null;
  readonly read: (reader: AssetsReader, sample: Sample) => Promise<Found>;
}

/** A read that is tried on a part of the sample, which is there when it is called. */
function on<Part extends keyof Sample>(
  part: Part,
  name: string,
  read: (reader: AssetsReader, value: NonNullable<Sample[Part]>, sample: Sample) => Promise<Found>,
): ReadCheck {
  return {
    name,
    on: part,
    read: (reader, sample) => read(reader, sample[part] as NonNullable<Sample[Part]>, sample),
  };
}

/** Every kind of request that a backup makes, in an order in which each finds what the next is tried on. */
const reads: readonly ReadCheck[] = [
  {
    name: 'object schemas',
    on: null,
    async read(reader, sample) {
      const schemas = await reader.objectSchemas();
      const largest = withMostObjects(schemas);
      if (!largest) throw new NoAssetsError('The account sees no object schema: a backup would be empty.');
      sample.schemas = schemas;
      sample.schema = idOf(largest);
      return `The account sees ${schemas.map(({ objectSchemaKey, id }) => textOf(objectSchemaKey) ?? id).join(', ')}.`;
    },
  },
  on('schemas', 'scheduled schemas', async (_reader, schemas, { scheduledKeys, chooser }) => {
    if (scheduledKeys.length === 0) return `${chooser} backs up every schema that the account sees.`;
    const missing = scheduledKeys.filter((key) => !schemas.some(({ objectSchemaKey }) => objectSchemaKey === key));
    if (missing.length === 0) return `${chooser} backs up ${scheduledKeys.join(', ')}, which the account sees.`;
    throw new WrongInputError(`${chooser} backs up ${missing.join(', ')} too, which this account does not see.`);
  }),
  {
    name: 'usage',
    on: null,
    read: async (reader, { schemas = [] }) => {
      const usage = await reader.usage();
      if (!usage.offered) return offeredOrNot(usage);
      const unseen = usage.value.schemas.filter(({ id }) => !schemas.some((schema) => idOf(schema) === id));
      if (unseen.length === 0) return 'Can be read; the account sees every schema that it names.';
      return {
        detail: `The site also has ${unseen.map(({ name }) => name).join(', ')}, which this account cannot see: no backup will hold that.`,
        remedy: 'Where that is not meant so, give the account a role in those object schemas.',
      };
    },
  },
  on('schema', 'object schema', async (reader, id) => readable(await reader.objectSchema(id))),
  on('schema', 'properties of a schema', async (reader, id) => offeredOrNot(await reader.objectSchemaProperties(id))),
  on('schema', 'object types', async (reader, id, sample) => {
    const types = await reader.objectTypes(id);
    const largest = withMostObjects(types);
    if (largest) sample.type = idOf(largest);
    return readable(types);
  }),
  on('schema', 'attributes of a schema', async (reader, id) => readable(await reader.schemaAttributes(id))),
  on('type', 'attributes of an object type', async (reader, id) => readable(await reader.attributes(id))),
  { name: 'global status types', on: null, read: async (reader) => readable(await reader.globalStatusTypes()) },
  on('schema', 'status types', async (reader, id) => readable(await reader.statusTypes(id))),
  { name: 'global reference types', on: null, read: async (reader) => readable(await reader.globalReferenceTypes()) },
  on('schema', 'reference types', async (reader, id) => readable(await reader.referenceTypes(id))),
  {
    name: 'icons',
    on: null,
    async read(reader, sample) {
      const icons = await reader.globalIcons();
      const [first] = icons;
      if (first) sample.icon = idOf(first);
      return readable(icons);
    },
  },
  on('icon', 'icon', async (reader, id) => readable(await reader.icon(id))),
  on('icon', 'image of an icon', async (reader, id) => readable(await reader.iconImage(id))),
  on('type', 'objects', async (reader, objectTypeId, sample) => {
    const { objects } = await reader.objects({ objectTypeId, startAt: 0, maxResults: 1 });
    const [first] = objects;
    if (first) sample.object = idOf(first);
    return 'Can be searched.';
  }),
  on('type', 'number of objects', async (reader, objectTypeId) => {
    await reader.countObjects({ objectTypeId });
    return 'Can be counted.';
  }),
  on('object', 'object', async (reader, id) => readable(await reader.object(id))),
  on('object', 'history', async (reader, id) => readable(await reader.history(id))),
  on('object', 'comments', async (reader, id, sample) => {
    const comments = await reader.comments(id);
    sample.offersComments = comments.offered;
    return offeredOrNot(comments);
  }),
];

const readScopes =
  'read:cmdb-object:jira, read:cmdb-schema:jira, read:cmdb-type:jira, read:cmdb-attribute:jira, read:cmdb-config:jira, read:cmdb-icon:jira and read:servicedesk-request';
const roleNeeded =
  'Give the account a role in every object schema that is to be backed up, in Assets, and access to Jira Service Management.';

const remediesOf = (words: SetupWords): Readonly<Record<string, string>> => ({
  LoginRefusedError: `Make an API token with the scopes ${readScopes}, or one without scopes, and ${words.storeToken}.`,
  PermissionRefusedError: roleNeeded,
  NotFoundError: roleNeeded,
  NoAssetsError: roleNeeded,
  WrongInputError: `${words.chooseOthers}, or: ${roleNeeded}`,
  SiteUnavailableError: 'Wait until the site works again, then check again.',
  RateLimitedError: "Other programs use up the site's request limit: check again later, or lower the request budget.",
});
const otherwise = 'The API may have changed: look for a newer version of this program.';

/** Tries each kind of request once, on a small sample. Says besides how large what the schedule backs up is; undefined where that could not be read. */
export async function checkReads(
  reader: AssetsReader,
  scheduledKeys: readonly string[] | null,
  words: SetupWords,
): Promise<{ readonly checks: SetupCheck[]; readonly size: SiteSize | undefined }> {
  const checks: SetupCheck[] = [];
  const sample: Sample = { scheduledKeys: scheduledKeys ?? [], chooser: words.chooser };
  const remedies = remediesOf(words);
  let silent: string | undefined;
  for (const { name, on: part, read } of reads) {
    if (silent !== undefined) checks.push(notChecked(name, silent));
    else if (part !== null && sample[part] === undefined) checks.push(nothingToTry(name, part, checks));
    else {
      const work = async () => {
        try {
          return await read(reader, sample);
        } catch (error) {
          // Each further request would try for minutes again.
          if (error instanceof SiteUnavailableError || error instanceof RateLimitedError)
            silent = `the check "${name}" ended with ${nameOf(error)}`;
          throw error;
        }
      };
      checks.push(await check(name, work, { remedies, otherwise }));
    }
  }
  return { checks, size: sizeOf(sample) };
}

function sizeOf({ schemas, scheduledKeys, offersComments = true }: Sample): SiteSize | undefined {
  const counted = schemas?.filter(
    ({ objectSchemaKey }) => scheduledKeys.length === 0 || scheduledKeys.includes(textOf(objectSchemaKey) ?? ''),
  );
  const sum = (field: 'objectCount' | 'objectTypeCount') =>
    (counted ?? []).reduce((sum, schema) => sum + countOf(schema[field]), 0);
  return (
    counted && { schemas: counted.length, types: sum('objectTypeCount'), objects: sum('objectCount'), offersComments }
  );
}

/** The check that finds a part of the sample: where it failed, those that need it are not in order; where it found nothing, they are. */
const foundBy = {
  offersComments: 'comments',
  scheduledKeys: 'object schemas',
  chooser: 'object schemas',
  schemas: 'object schemas',
  schema: 'object schemas',
  type: 'object types',
  object: 'objects',
  icon: 'icons',
} as const;

function nothingToTry(name: string, part: keyof Sample, checks: readonly SetupCheck[]): SetupCheck {
  const before = foundBy[part];
  if (checks.find((one) => one.name === before)?.ok) {
    return { name, ok: true, detail: `Not checked, because the site has no ${part} to try it on.`, remedy: null };
  }
  return notChecked(name, `the check "${before}" failed`);
}

function readable(answer: object | undefined): string {
  return Array.isArray(answer) ? `Can be read (${answer.length}).` : 'Can be read.';
}

function offeredOrNot(answer: Offered<unknown>): string {
  return answer.offered ? 'Can be read.' : `This site does not offer it, and a backup goes without. ${answer.reason}`;
}

function withMostObjects(records: readonly ApiRecord[]): ApiRecord | undefined {
  return records.toSorted((one, other) => countOf(other.objectCount) - countOf(one.objectCount))[0];
}

/** Through JSON, because a number may be kept as it was spelt. */
function countOf(value: Json = 0): number {
  return Number(JSON.stringify(value)) || 0;
}
