import { describe, expect, it } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SimulatorOptions } from '../../simulator/start-simulator.ts';
import type { Json } from './client.ts';
import { start } from './start.ts';

const assetsField = 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype';

async function fieldSite(options: Omit<SimulatorOptions, 'site'> = {}) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC', name: 'Facilities' });
  const office = site.addIssueField({
    name: 'Office',
    contexts: [
      { schema, configuration: { objectFilterQuery: 'objectType = Office' } },
      { name: 'Desk', projects: ['ITSM'] },
    ],
  });
  const bare = site.addIssueField({ name: 'Bare', contexts: [] });
  return { site, schema, office, bare, ...(await start({ site, ...options })) };
}

describe('Fields of issues', () => {
  it('are listed with those that have a context; the list for administrators has all', async () => {
    const { client, office, bare } = await fieldSite();
    const { json } = await client.ask('GET', '/rest/api/3/field');
    const ours = json.filter(({ schema }: Json) => schema.custom === assetsField);
    expect(ours).toMatchObject([{ id: `customfield_${office.id}`, name: 'Office', custom: true }]);
    expect(json.length).toBeGreaterThan(1);
    const searched = await client.ask('GET', '/rest/api/3/field/search?type=custom&maxResults=1&startAt=1');
    expect(searched.json).toMatchObject({ startAt: 1, maxResults: 1, total: 2, isLast: true });
    expect(searched.json.values).toMatchObject([{ id: `customfield_${bare.id}`, schema: { custom: assetsField } }]);
    const named = await client.ask('GET', '/rest/api/3/field/search?query=offi');
    expect(named.json.values.map(({ name }: Json) => name)).toEqual(['Office']);
  });

  it('have contexts, each with a configuration under its id', async () => {
    const { client, office, schema, site } = await fieldSite();
    const { json } = await client.ask('GET', `/rest/api/3/field/customfield_${office.id}/context`);
    expect(json).toMatchObject({
      total: 2,
      isLast: true,
      values: [{ isGlobalContext: true }, { name: 'Desk', isGlobalContext: false }],
    });
    const at = (id: string) => `/rest/servicedesk/cmdb/latest/fieldconfig/${id}`;
    const configured = await client.ask('GET', at(json.values[0].id));
    expect(configured.json).toEqual({
      objectSchemaId: String(schema.id),
      workspaceId: site.workspaceId,
      objectSchemaName: 'Facilities',
      objectFilterQuery: 'objectType = Office',
      issueScopeFilterQuery: '',
      attributesIncludedInAutoCompleteSearch: [],
      attributesDisplayedOnIssue: [],
      multiple: true,
      shouldSetDefaultValuesFromEmptySearch: false,
      attributesLimit: 20,
    });
    const unconfigured = at(json.values[1].id);
    expect((await client.ask('GET', unconfigured)).json).not.toHaveProperty('objectSchemaId');
    const { attributesDisplayedOnIssue: _, ...lacking } = configured.json;
    expect((await client.ask('PUT', unconfigured, lacking)).status).toBe(500);
    expect((await client.ask('PUT', unconfigured, configured.json)).status).toBe(200);
    expect((await client.ask('GET', unconfigured)).json).toEqual(configured.json);
    expect((await client.ask('GET', at('1'))).status).toBe(404);
  });

  it('are kept from whoever may not administer Jira, or may not use it', async () => {
    const statuses = async (quirks: SimulatorOptions['quirks'] = {}) => {
      const { client, office } = await fieldSite({ quirks });
      const context = office.contexts[0]?.id;
      const paths = ['field', 'field/search', `field/customfield_${office.id}/context`].map(
        (path) => `/rest/api/3/${path}`,
      );
      const all = [...paths, `/rest/servicedesk/cmdb/latest/fieldconfig/${context}`];
      return Promise.all(all.map(async (path) => (await client.ask('GET', path)).status));
    };
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    expect(await statuses({ fieldSearch: 'forbidden' })).toEqual([200, 403, 403, 200]);
    expect(await statuses({ jiraIssues: 'forbidden' })).toEqual([403, 403, 403, 200]);
    expect(await statuses({ fieldConfigurations: 'forbidden' })).toEqual([200, 200, 200, 403]);
    expect(await statuses({ fieldConfigurations: 'not-offered' })).toEqual([200, 200, 200, 404]);
    expect(await statuses({ fieldConfigurationIds: 'own' })).toEqual([200, 200, 200, 404]);
  });

  it('need scopes of Jira, two of them that of its administration', async () => {
    const statuses = async (...scopes: string[]) => {
      const { client, office, site } = await fieldSite({ login: { kind: 'scoped', scopes } });
      const base = `/ex/jira/${site.cloudId}/rest/api/3`;
      const ask = async (method: string, path: string, body?: object) =>
        (await client.ask(method, `${base}${path}`, body)).status;
      return [
        await ask('GET', '/field'),
        await ask('POST', '/search/jql', { jql: 'project = ITSM' }),
        await ask('GET', `/field/customfield_${office.id}/context`),
        await ask('PUT', '/issue/ITSM-1', { fields: {} }),
      ];
    };
    expect(await statuses('read:jira-work')).toEqual([200, 200, 401, 401]);
    expect(await statuses('read:jira-work', 'manage:jira-configuration', 'write:jira-work')).toEqual([
      200, 200, 200, 404,
    ]);
  });
});
