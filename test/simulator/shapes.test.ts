import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Client, Json, Reply } from './client.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

type Offices = ReturnType<typeof officesSite>;

/** Paths of all keys in the official and third-party sample of each endpoint, taken from the reference's samples. */
const documented: Record<string, string[]> = JSON.parse(
  await readFile(new URL('documented-keys.json', import.meta.url), 'utf8'),
);

const requests: Record<string, (client: Client, offices: Offices) => Promise<Reply>> = {
  workspace: (client) => client.ask('GET', '/rest/servicedeskapi/assets/workspace'),
  'tenant-info': (client) => client.ask('GET', '/_edge/tenant_info'),
  'objectschema-list': (client) => client.get('/objectschema/list?includeCounts=true'),
  objectschema: (client, { schema }) => client.get(`/objectschema/${schema.id}`),
  'objectschema-attributes': (client, { schema }) => client.get(`/objectschema/${schema.id}/attributes`),
  'objecttypes-flat': (client, { schema }) => client.get(`/objectschema/${schema.id}/objecttypes/flat`),
  objecttype: (client, { office }) => client.get(`/objecttype/${office.id}`),
  'objecttype-attributes': (client, { office }) => client.get(`/objecttype/${office.id}/attributes`),
  'schema-property': (client, { schema }) => client.get(`/global/config/objectschema/${schema.id}/property`),
  statustypes: (client) => client.get('/config/statustype'),
  referencetypes: (client) => client.get('/config/referencetype'),
  'icon-global': (client) => client.get('/icon/global'),
  'object-aql': (client, { office }) => client.aql(`objectTypeId = ${office.id}`),
  totalcount: (client) => client.post('/object/aql/totalcount', { qlQuery: 'objectType = Office AND Name LIKE SYD' }),
  object: (client, { syd1 }) => client.get(`/object/${syd1.id}`),
  'object-attributes': (client, { syd1 }) => client.get(`/object/${syd1.id}/attributes`),
  history: (client, { syd1 }) => client.get(`/object/${syd1.id}/history?asc=false`),
  comments: (client, { syd1 }) => client.get(`/comment/object/${syd1.id}`),
  referenceinfo: (client, { syd1 }) => client.get(`/object/${syd1.id}/referenceinfo`),
  'connected-tickets': (client, { syd1 }) => client.get(`/objectconnectedtickets/${syd1.id}/tickets`),
  usage: (client) => client.get('/usage'),
  issue: (client) => client.ask('GET', '/rest/api/3/issue/ITSM-12?fields=customfield_10100'),
  'issue-search': async (client, { site, syd2 }) => {
    site.addTicket({ object: syd2, key: 'ITSM-13' });
    const jql = '"Assets" IN aqlFunction("objectType = Office")';
    const body = { jql, maxResults: 1, fields: ['customfield_10100'], nextPageToken: null };
    return client.ask('POST', '/rest/api/3/search/jql', body);
  },
  'object-create': (client, { office, sydney }) =>
    client.post('/object/create', {
      objectTypeId: String(office.id),
      attributes: [
        { objectTypeAttributeId: attributeId(officesOf(office, 'Name')), objectAttributeValues: [{ value: 'NY-1' }] },
        {
          objectTypeAttributeId: attributeId(officesOf(office, 'City')),
          objectAttributeValues: [{ value: String(sydney.id) }],
        },
      ],
    }),
  'object-update': (client, { office, syd1, placeholder }) =>
    client.put(`/object/${syd1.id}`, {
      objectTypeId: String(office.id),
      attributes: [{ objectTypeAttributeId: String(placeholder.id), objectAttributeValues: [{ value: 'new' }] }],
    }),
  'objectschema-create': (client) =>
    client.post('/objectschema/create', {
      name: 'Computers',
      objectSchemaKey: 'COMP',
      description: 'The IT department schema',
    }),
  'objecttype-create': (client, { schema }) =>
    client.post('/objecttype/create', {
      name: 'Desk',
      objectSchemaId: String(schema.id),
      iconId: '1',
      description: 'x',
    }),
  'objecttype-position': (client, { office, city }) =>
    client.post(`/objecttype/${office.id}/position`, { toObjectTypeId: String(city.id), position: 0 }),
  'attribute-create': (client, { office }) =>
    client.post(`/objecttypeattribute/${office.id}`, { name: 'Geolocation', type: '0', defaultTypeId: '0' }),
  'attribute-update': (client, { office, placeholder }) =>
    client.put(`/objecttypeattribute/${office.id}/${placeholder.id}`, { description: 'GPS coordinates of the office' }),
  'statustype-create': (client, { schema }) =>
    client.post('/config/statustype', {
      name: 'Decommissioned',
      displayName: 'Retired',
      category: 0,
      objectSchemaId: `${schema.id}`,
    }),
  'referencetype-create': (client) =>
    client.post('/config/referencetype', {
      name: 'Depends on',
      displayName: 'Dependency',
      description: '',
      color: '42526E',
    }),
};

let current: Offices;
const officesOf = (_type: unknown, name: string) =>
  current.site.typeAttributes(current.office.id).find((a) => a.name === name);
const attributeId = (attribute: { id: number } | undefined) => String(attribute?.id);

test('has a request for every sample', () => {
  expect(Object.keys(requests).sort()).toEqual(Object.keys(documented).sort());
});

for (const [endpoint, keys] of Object.entries(documented)) {
  test(`answers ${endpoint} with every key of its sample`, async () => {
    current = officesSite();
    const { client } = await start({ site: current.site });
    const reply = await requests[endpoint]?.(client, current);
    expect(reply?.status).toBeLessThan(300);
    const present = new Set<string>();
    collectKeys(reply?.json, '', present);
    expect(keys.filter((key) => !present.has(key))).toEqual([]);
  });
}

function collectKeys(value: Json, path: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectKeys(item, `${path}[]`, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const below = path === '' ? key : `${path}.${key}`;
      into.add(below);
      collectKeys(inner, below, into);
    }
  }
}
