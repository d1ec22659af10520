import { counted } from '../../counted.ts';
import { LoginRefusedError, NotFoundError, PermissionRefusedError, UnexpectedAnswerError } from '../../errors.ts';
import { isRecord, type JsonRecord, textOf } from '../../model/json.ts';
import type { IssuesReader } from '../../ports/issues-reader.ts';
import type { StoredIssueField } from '../../reading/stored-issue-links.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { mapAqlIds } from '../configuration/map-aql.ts';
import type { ConfigurationPlan, Planned } from '../plan-files.ts';
import type { IssuesToLink } from './planned-issues.ts';

interface FilterInput {
  readonly issues: IssuesToLink;
  readonly plan: ConfigurationPlan;
  readonly scan: StoredObjects;
  readonly reader: IssuesReader;
}

/**
 * Fields whose own configuration would refuse what is made anew, a sentence each: as the site gives it today, else as the backup has
 * it. What neither tells is not warned of.
 */
export async function fieldRefusals(input: FilterInput): Promise<string[]> {
  const { issues } = input;
  const sentences: string[] = [];
  for (const [id, linked] of Map.groupBy(issues.linked, ({ field }) => field)) {
    const field = issues.fields.find((one) => one.id === id);
    if (!field) continue;
    const configurations = (await liveConfigurations(input.reader, field)) ?? field.configurations ?? [];
    const whys = new Set(configurations.flatMap((one) => reasonsAgainst(one, id, input)));
    const among = counted(new Set(linked.map(({ issue }) => issue)).size, 'issue');
    for (const why of whys) {
      sentences.push(
        `The field ${field.name} (${id}) may refuse what is made anew, in ${among}: ${why}. Change it first, or link them once it is changed: \`assets-backup relink\` with the name of this restore.`,
      );
    }
  }
  return sentences;
}

/** Undefined where the site does not offer them to this login. */
async function liveConfigurations(
  reader: IssuesReader,
  { id, name, record }: StoredIssueField,
): Promise<readonly JsonRecord[] | undefined> {
  try {
    const found = await reader.fieldConfigurations({ id, name, record });
    return found.offered ? found.value : undefined;
  } catch (error) {
    const isNotTold = [LoginRefusedError, PermissionRefusedError, NotFoundError, UnexpectedAnswerError];
    if (isNotTold.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

function reasonsAgainst(
  { configuration }: JsonRecord,
  field: string,
  { issues: { linked, isMade }, plan, scan }: FilterInput,
): string[] {
  if (!isRecord(configuration)) return [];
  const [wanted, query] = [textOf(configuration.objectSchemaId), textOf(configuration.objectFilterQuery) ?? ''];
  const held = linked.filter((one) => one.field === field).map(({ before }) => before);
  const made = new Set(held.flat().filter(isMade));
  const schemaOf = (id: string) => scan.shards[scan.shardOf[scan.numberOf.get(id) ?? -1] ?? -1]?.schemaId;
  const schemas = new Set([...made].flatMap((id) => schemaOf(id) ?? []));
  const elsewhere = plan.schemas.filter(({ source, target }) => schemas.has(source) && target !== wanted);
  const named = query === '' ? [] : madeAnewIn(query, { plan, isMade, scan });
  const several = held.filter(({ length }) => length > 1).length;
  return [
    ...(wanted !== undefined && elsewhere.length > 0
      ? [
          `it takes objects of the schema ${wanted} alone, and those of ${elsewhere.map(({ key }) => key).join(', ')} are made in another`,
        ]
      : []),
    ...(named.length > 0 ? [`its filter names what is made anew (${named.join(', ')})`] : []),
    ...(configuration.multiple === false && several > 0
      ? [`it takes one object, and ${counted(several, 'issue')} held several`]
      : []),
  ];
}

/** What of a filter will not be there under the id or key that it names. */
function madeAnewIn(
  query: string,
  { plan, isMade, scan }: { plan: ConfigurationPlan; isMade: (id: string) => boolean; scan: StoredObjects },
): readonly string[] {
  const idOfKey = (key: string) => scan.ids[scan.keys.indexOf(key)] ?? '';
  const isGone = (list: readonly Planned[], id: string) =>
    list.some(({ source, target }) => source === id && target !== id);
  return mapAqlIds(query, {
    objectType: (id) => (isGone(plan.types, id) ? undefined : id),
    objectSchema: (id) => (isGone(plan.schemas, id) ? undefined : id),
    object: (id) => (isMade(id) ? undefined : id),
    objectKey: (key) => (isMade(idOfKey(key)) ? undefined : key),
  }).unmapped;
}

/** What the backup does not tell of issues: a sentence for the fields of which it could read nothing, or has lost something. */
export function unreadFields(fields: readonly StoredIssueField[]): string[] {
  const lacking = fields.filter(({ issues, missing }) => issues === null || missing.length > 0);
  if (lacking.length === 0) return [];
  const names = lacking.map(({ name, id }) => `${name} (${id})`).join(', ');
  return [`Not all issues are linked again: the backup does not hold all that held objects in ${names}.`];
}
