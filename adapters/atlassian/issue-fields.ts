import { isRecord, type JsonRecord, textOf } from '../../core/model/json.ts';
import type { Offered } from '../../core/ports/assets-reader.ts';
import type { IssueField, IssueFields } from '../../core/ports/issues-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer, mostFieldPages } from './answer-bounds.ts';
import { jsonOf } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { fieldConfigurationShape, fieldsShape, jiraPageShape } from './issue-shapes.ts';
import { readOffered, unlessPagesCome } from './read-offered.ts';
import { path } from './web-address.ts';

/** 401 where a token has no scope for it, 403 without the right, the others where a gateway or the site does not have it. */
const notOffered: readonly number[] = [401, 403, 404, 405, 410, 501];

/** By this Jira tells Assets fields from others (reference, section 8). */
const assetsField = 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype';

/** No maximum is documented; the default is 50. Where a page is smaller, the next begins where it ended. */
const fieldsAPage = 100;

const administer = 'the account lacks the right to administer Jira';
const listReasons = {
  401: 'The site answers 401 "Unauthorized; scope does not match": the API token lacks the scope read:jira-work.',
  403: 'The site answers 403: the account may not use Jira.',
};
const administratorReasons = {
  401: 'The site answers 401 "Unauthorized; scope does not match": the API token lacks the scope manage:jira-configuration.',
  403: `The site answers 403: ${administer}.`,
};

/** The Assets fields of both lists, by id. */
export async function assetsFields(client: HttpClient, base: string): Promise<Offered<IssueFields>> {
  const where = '/rest/api/3/field';
  const listed = await client.read({
    method: 'GET',
    url: `${base}${where}`,
    path: where,
    endpointClass: 'configuration',
    ...readOffered(`GET ${where}`, notOffered, (answer) => jsonOf(fieldsShape, answer), listReasons),
  });
  if (!listed.offered) return listed;
  const search = wholeList(client, base, { where: '/rest/api/3/field/search', query: 'type=custom' });
  // Without it fields that have a context are known all the same.
  const searched = await unlessPagesCome(search);
  const fields = new Map<string, IssueField>();
  // The first list is complete in what JQL calls a field; the other one alone has those without a context.
  const all = [...(searched.offered ? searched.value : []), ...listed.value];
  const isNamedAlone = namedAlone(all);
  for (const field of fieldsIn(all))
    fields.set(field.id, isNamedAlone(field) ? { ...field, isNamedAlone: true } : field);
  const inOrder = [...fields.values()].sort((a, b) => numberOf(a) - numberOf(b) || (a.id < b.id ? -1 : 1));
  return { offered: true, value: { fields: inOrder, withoutContexts: searched.offered ? null : searched.reason } };
}

/**
 * A field's contexts, each with its configuration: asked for by the context's own id, as public clients of 2026 do. Where it is
 * another one, it stands in no answer but in a page for administrators, which we do not read: such a context's is null, and where
 * that is all of them, configurations are not offered.
 */
export async function fieldConfigurations(
  client: HttpClient,
  base: string,
  { id }: IssueField,
): Promise<Offered<readonly JsonRecord[]>> {
  const contexts = await wholeList(client, base, { where: path`/rest/api/3/field/${id}/context` });
  if (!contexts.offered) return contexts;
  const found: JsonRecord[] = [];
  let refusal: Extract<Offered<JsonRecord>, { offered: false }> | undefined;
  for (const context of contexts.value) {
    const configuration = await configurationOf(client, base, textOf(context.id) ?? '');
    if (!configuration.offered) refusal ??= configuration;
    found.push({ context, configuration: configuration.offered ? configuration.value : null });
  }
  return refusal && found.every(({ configuration }) => configuration === null)
    ? refusal
    : { offered: true, value: found };
}

async function configurationOf(client: HttpClient, base: string, id: string): Promise<Offered<JsonRecord>> {
  const where = path`/rest/servicedesk/cmdb/latest/fieldconfig/${id}`;
  // Of a route that nothing documents a page may be all that a site without it has to say.
  return unlessPagesCome(
    client.read({
      method: 'GET',
      url: `${base}${where}`,
      path: where,
      endpointClass: 'configuration',
      ...readOffered(`GET ${where}`, notOffered, (answer) => jsonOf(fieldConfigurationShape, answer)),
    }),
  );
}

/** Goes on to the page that says it is the last, or that holds nothing: pages may be smaller than what was asked for. */
async function wholeList(
  client: HttpClient,
  base: string,
  { where, query }: { readonly where: string; readonly query?: string },
): Promise<Offered<readonly JsonRecord[]>> {
  const found = new Map<string, JsonRecord>();
  for (let startAt = 0, pages = 1, idlePages = 0; ; pages += 1) {
    const search = `${query === undefined ? '' : `${query}&`}startAt=${startAt}&maxResults=${fieldsAPage}`;
    const read = (answer: Answer) => {
      const { values, isLast } = jsonOf(jiraPageShape, answer);
      if (pages > mostFieldPages) throw new ExcessiveAnswer('pages without an end');
      if (idlePages > 1 && values.length > 0) throw new WrongAnswer('pages that bring nothing new');
      if (values.some(({ id }) => textOf(id) === undefined)) throw new WrongAnswer('records without an id');
      return { values, isLast: isLast === true || isLast === 'true' };
    };
    const page = await client.read({
      method: 'GET',
      url: `${base}${where}?${search}`,
      path: where,
      endpointClass: 'configuration',
      ...readOffered(`GET ${where}`, notOffered, read, administratorReasons),
    });
    if (!page.offered) return page;
    const before = found.size;
    for (const record of page.value.values) found.set(textOf(record.id) ?? '', record);
    idlePages = found.size === before ? idlePages + 1 : 0;
    startAt += page.value.values.length;
    if (page.value.isLast || page.value.values.length === 0) return { offered: true, value: [...found.values()] };
  }
}

function fieldsIn(records: readonly JsonRecord[]): IssueField[] {
  const fields = records.filter(({ schema }) => isRecord(schema) && schema.custom === assetsField);
  return fields.map((record) => {
    const id = textOf(record.id) ?? textOf(record.key);
    if (id === undefined || id === '') throw new WrongAnswer('an Assets field without an id');
    return { id, name: textOf(record.name) ?? '', record };
  });
}

/**
 * Which fields are meant by their names alone: no other field, of the system neither, is called so, has such an id, or is listed with
 * such a name for JQL.
 */
function namedAlone(records: readonly JsonRecord[]): (field: IssueField) => boolean {
  const owners = new Map<string, Set<string>>();
  for (const { id, key, name, clauseNames } of records) {
    const owner = textOf(id) ?? textOf(key) ?? '';
    const names = [owner, textOf(name), ...(Array.isArray(clauseNames) ? clauseNames.map(textOf) : [])];
    for (const text of names) {
      const lower = (text ?? '').toLowerCase();
      owners.set(lower, (owners.get(lower) ?? new Set()).add(owner));
    }
  }
  return ({ name }) => owners.get(name.toLowerCase())?.size === 1;
}

const numberOf = ({ id }: IssueField): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
