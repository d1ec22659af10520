import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SimulatorOptions } from '../../simulator/start-simulator.ts';
import type { Client, Json, Reply } from './client.ts';
import { start } from './start.ts';

/** Three offices of one schema, a field for them, and an issue about the first two. */
export function issueSite() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC' });
  const office = site.addType({ schema, name: 'Office' });
  const [syd1, syd2, syd3] = ['SYD-1', 'SYD-2', 'SYD-3'].map((name) => site.addObject({ type: office, name }));
  if (!syd1 || !syd2 || !syd3) throw new Error('there are three');
  const field = site.addIssueField({ name: 'Office', contexts: [{ schema }] });
  const issue = site.addIssue({ key: 'ITSM-12', fields: { [field.id]: [syd1, syd2] } });
  return { site, schema, office, syd1, syd2, syd3, field, issue, name: `customfield_${field.id}` };
}

export async function started(parts: ReturnType<typeof issueSite>, options: Omit<SimulatorOptions, 'site'> = {}) {
  const { client, simulator } = await start({ site: parts.site, ...options });
  const reference = (id: number | string) => ({
    workspaceId: parts.site.workspaceId,
    id: `${parts.site.workspaceId}:${id}`,
    objectId: `${id}`,
  });
  const set = (ids: readonly (number | string)[], query = '', key = 'ITSM-12') =>
    client.ask('PUT', `/rest/api/3/issue/${key}${query}`, { update: { [parts.name]: [{ set: ids.map(reference) }] } });
  const held = async () =>
    (await client.ask('GET', `/rest/api/3/issue/ITSM-12?fields=${parts.name}`)).json.fields[parts.name];
  return { client, simulator, set, held, reference };
}

export const search = (client: Client, jql: string, more: object = {}): Promise<Reply> =>
  client.ask('POST', '/rest/api/3/search/jql', { jql, ...more });
export const keysIn = ({ json }: Reply): string[] => json.issues.map(({ key }: Json) => key);
