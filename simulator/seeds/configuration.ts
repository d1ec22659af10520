import { positionAttribute } from '../site/attribute-writes.ts';
import type { AttributeInput, ValuesInput } from '../site/builder-inputs.ts';
import { drawIcon } from '../site/icon-image.ts';
import type {
  Group,
  ObjectType,
  Project,
  ReferenceType,
  Schema,
  StatusType,
  StoredObject,
  User,
} from '../site/records.ts';
import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';

interface Parts {
  site: SimulatedSite;
  user: User;
  group: Group;
  project: Project;
  schema: Schema;
  retired: StatusType;
  inUse: StatusType;
  runsOn: ReferenceType;
  server: ObjectType;
  rack: ObjectType;
}

/** A small site with every feature of a configuration once, and one attribute of each kind with all its fields set. */
export function configurationSite(options: SiteOptions = {}): SimulatedSite {
  const site = new SimulatedSite(options);
  const user = site.addUser({ displayName: 'Jane Roe' });
  const group = site.addGroup('admins');
  const project = site.addProject('OPS', 'Operations');
  const [schema, other] = addSchemas(site);
  const { retired, inUse, runsOn } = addStatuses(site, schema);
  const { server, rack } = addTypes(site, schema);
  const parts: Parts = { site, user, group, project, schema, retired, inUse, runsOn, server, rack };
  const racks = ['R1', 'R2'].map((name) => site.addObject({ type: rack, name }));
  addAttributes(parts);
  addServer(parts, racks);
  const elsewhere = site.addType({ schema: other, name: 'Contract' });
  site.addAttribute({ type: elsewhere, name: 'Covers', target: server, multiple: true });
  site.addObject({ type: elsewhere, name: 'Warranty', values: { Covers: [...site.objects.all()].slice(-1) } });
  return site;
}

function addSchemas(site: SimulatedSite): [Schema, Schema] {
  const schema = site.addSchema({
    key: 'CFG',
    name: 'Configuration',
    displayName: 'Everything once',
    description: 'A schema with all there is',
    properties: {
      allowOtherObjectSchema: true,
      createObjectsCustomField: true,
      quickCreateObjects: true,
      serviceDescCustomersEnabled: true,
      validateQuickCreate: false,
    },
  });
  return [schema, site.addSchema({ key: 'OTHER', name: 'Other', properties: { allowOtherObjectSchema: false } })];
}

/** Beside those of every site: global ones, those of a schema, and two of one name. */
function addStatuses(site: SimulatedSite, schema: Schema) {
  site.addStatusType({ name: 'Lost', displayName: 'Gone', description: 'Nobody knows', category: 0 });
  const inUse = site.addStatusType({ name: 'In use', description: 'Somebody works with it', category: 1, schema });
  const retired = site.addStatusType({ name: 'Retired', displayName: 'Old', category: 0, schema });
  site.addStatusType({ name: 'Retired', description: 'The other one of this name', category: 2, schema });
  site.addReferenceType({ name: 'Owns', displayName: 'Is owner of', description: 'Property', color: 'ff8800' });
  const runsOn = site.addReferenceType({ name: 'Runs on', description: 'Needs it', color: '00aa11', schema });
  site.addReferenceType({ name: 'Runs on', description: 'The other one of this name', color: '0000ff', schema });
  return { inUse, retired, runsOn };
}

/** Five levels, an abstract root whose attributes are inherited, one name below two parents, an icon of its own. */
function addTypes(site: SimulatedSite, schema: Schema): { server: ObjectType; rack: ObjectType } {
  const icon = site.addIcon('Rack unit', drawIcon(4711, 16));
  const [, building] = [...site.icons.values()];
  const hardware = site.addType({
    schema,
    name: 'Hardware',
    displayName: 'All hardware',
    description: 'What can be touched',
    inherited: true,
    abstract: true,
    ...(building ? { icon: building } : {}),
  });
  site.addAttribute({ type: hardware, name: 'Serial number', description: 'On the sticker' });
  const rack = site.addType({ schema, name: 'Rack', parent: hardware, icon, description: 'Holds servers' });
  const server = site.addType({ schema, name: 'Server', parent: hardware, inherited: true });
  const blade = site.addType({ schema, name: 'Blade', parent: server, inherited: true });
  const node = site.addType({ schema, name: 'Node', parent: blade });
  site.addType({ schema, name: 'Core', parent: node });
  const virtual = site.addType({ schema, name: 'Virtual' });
  site.addType({ schema, name: 'Server', parent: virtual });
  [rack.position, server.position] = [server.position, rack.position];
  return { server, rack };
}

function addAttributes({ site, group, schema, inUse, retired, runsOn, server, rack }: Parts): void {
  const text = { description: 'A description', displayName: 'Shown name' };
  const inputs: Omit<AttributeInput, 'type'>[] = [
    { name: 'Text', regexValidation: '[A-Z].*', unique: true, required: true, ...text },
    { name: 'Integer', kind: 'integer', suffix: ' GB', summable: true, hidden: true },
    { name: 'Boolean', kind: 'boolean' },
    { name: 'Double', kind: 'double', suffix: ' €', summable: true },
    { name: 'Date', kind: 'date' },
    { name: 'Time', kind: 'time' },
    { name: 'DateTime', kind: 'datetime' },
    { name: 'Url', kind: 'url', additionalValue: 'ENABLED', regexValidation: 'https://.*' },
    { name: 'Email', kind: 'email', multiple: 3, regexValidation: '.+@example\\.com' },
    { name: 'Textarea', kind: 'textarea', description: 'Several lines' },
    { name: 'Select', kind: 'select', multiple: true, options: ['small', 'middle size', 'large'] },
    { name: 'IP Address', kind: 'ipAddress' },
    {
      name: 'Reference',
      target: rack,
      referenceType: runsOn,
      includeChildObjectTypes: true,
      multiple: 2,
      required: true,
      qlQuery: `objectTypeId = ${rack.id} AND objectSchemaId = ${schema.id}`,
    },
    { name: 'User', kind: 'user', additionalValue: 'SHOW_PROFILE', groups: [group], multiple: true },
    { name: 'Confluence', kind: 'confluence', additionalValue: '98304' },
    { name: 'Group', kind: 'group', multiple: true },
    { name: 'Version', kind: 'version', multiple: true },
    { name: 'Project', kind: 'project', multiple: true },
    { name: 'Status', kind: 'status', statuses: [inUse, retired] },
    { name: 'Bitbucket', kind: 'bitbucket' },
  ];
  for (const input of inputs) site.addAttribute({ type: server, ...input });
  const own = (name: string) => site.typeAttributes(server.id).find((attribute) => attribute.name === name);
  const [label, early] = [own('Text'), own('Date')];
  if (label) site.setLabel(label);
  // Between Name and Created.
  if (early) positionAttribute(site, early, 2);
}

function addServer({ site, user, group, project, retired, server }: Parts, racks: readonly StoredObject[]): void {
  const values: ValuesInput = {
    Name: 'web-1.example.com',
    'Serial number': 'S-1',
    Integer: 16,
    Boolean: true,
    Double: '1.50',
    Date: '2024-05-01',
    Time: '13:45',
    DateTime: '2024-05-01T13:45:06.789Z',
    Url: 'https://example.com/1',
    Email: ['a@example.com', 'b@example.com'],
    Textarea: 'line one\nline two',
    Select: ['large', 'small'],
    'IP Address': '10.0.0.1',
    Reference: [...racks].reverse(),
    User: [user, site.owner],
    Confluence: '131072',
    Group: group,
    Version: ['10001', '10000'],
    Project: project,
    Status: retired,
    Bitbucket: 'repository-1',
  };
  const object = site.addObject({ type: server, name: 'Web server', values });
  site.addComment({ object, text: '<p>Handle with care</p>', actor: user, role: 2 });
  site.addHistory({ object, attribute: 'Integer', oldValue: '8', newValue: '16', actor: user });
}
