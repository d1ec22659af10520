import type { ValuesInput } from '../site/builder-inputs.ts';
import { drawIcon } from '../site/icon-image.ts';
import type { ObjectType, Project, Schema, StatusType, StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import type { DemoFacilities } from './demo-facilities.ts';
import type { DemoPeople } from './demo-people.ts';
import {
  applications,
  departments,
  laptopModels,
  licences,
  monitorModels,
  phoneModels,
  serverModels,
  serverRoles,
  vendors,
} from './demo-words.ts';
import type { SeededRandom } from './seeded-random.ts';

interface DemoSurroundings {
  facilities: DemoFacilities;
  people: DemoPeople;
  services: readonly StoredObject[];
}

interface AssetTypes {
  schema: Schema;
  vendor: ObjectType;
  laptop: ObjectType;
  phone: ObjectType;
  monitor: ObjectType;
  server: ObjectType;
  networkSwitch: ObjectType;
  application: ObjectType;
  licence: ObjectType;
  contract: ObjectType;
  statuses: StatusType[];
  project: Project;
}

/** Schema ASSETS: devices below abstract types whose attributes they inherit, software, licences, contracts. */
export function addDemoAssets(site: SimulatedSite, random: SeededRandom, surroundings: DemoSurroundings): void {
  const types = addTypes(site, surroundings);
  const vendorObjects = vendors.map((name) =>
    site.addObject({
      type: types.vendor,
      name,
      values: { Website: `https://${name.toLowerCase().replaceAll(' ', '-')}.example.com` },
    }),
  );
  const devices = addDevices(site, random, types, surroundings, vendorObjects);
  const servers = addServers(site, random, types, surroundings, vendorObjects);
  addSoftware(site, random, types, surroundings, { vendorObjects, devices, servers });
}

function addTypes(site: SimulatedSite, { facilities, people, services }: DemoSurroundings): AssetTypes {
  const schema = site.addSchema({
    key: 'ASSETS',
    name: 'IT assets',
    displayName: 'IT Assets',
    description: 'Hardware and software of the company',
  });
  const typeOf = (object: StoredObject | undefined) => site.type(object?.typeId ?? 0);
  const employee = typeOf(people.employees[0]);
  const room = typeOf(facilities.rooms[0]);
  const usedBy = site.addReferenceType({ name: 'Used by', schema, color: 'F79232' });
  const runsOn = site.addReferenceType({ name: 'Runs on', schema, color: '14892C' });
  const statuses = [
    site.addStatusType({ name: 'In use', category: 1, schema }),
    site.addStatusType({ name: 'In stock', category: 2, schema }),
    site.addStatusType({
      name: 'Decommissioned',
      displayName: 'Retired',
      category: 0,
      schema,
      description: 'Left the company',
    }),
  ];
  const ownIcon = site.addIcon('Company laptop', drawIcon(4711, 48));
  const project = site.addProject('ITSM', 'IT service management');

  const vendor = site.addType({ schema, name: 'Vendor' });
  site.addAttribute({ type: vendor, name: 'Website', kind: 'url' });
  const hardware = site.addType({
    schema,
    name: 'Hardware',
    abstract: true,
    inherited: true,
    description: 'Anything with a serial number',
  });
  site.addAttribute({ type: hardware, name: 'Serial number', unique: true });
  site.addAttribute({ type: hardware, name: 'Vendor', target: vendor });
  site.addAttribute({ type: hardware, name: 'Status', kind: 'status', statuses });
  site.addAttribute({ type: hardware, name: 'Purchased', kind: 'date' });
  site.addAttribute({ type: hardware, name: 'Price', kind: 'double', suffix: ' €', summable: true });
  const endUser = site.addType({ schema, name: 'End-user device', parent: hardware, abstract: true, inherited: true });
  site.addAttribute({ type: endUser, name: 'Owner', kind: 'user' });
  site.addAttribute({ type: endUser, name: 'Used by', target: employee, referenceType: usedBy });
  const laptop = site.addType({ schema, name: 'Laptop', parent: endUser, icon: ownIcon });
  site.addAttribute({ type: laptop, name: 'Model' });
  site.addAttribute({ type: laptop, name: 'RAM', kind: 'integer', suffix: ' GB' });
  site.addAttribute({ type: laptop, name: 'Encrypted', kind: 'boolean' });
  site.addAttribute({ type: laptop, name: 'Last seen', kind: 'datetime' });
  const phone = site.addType({ schema, name: 'Phone', parent: endUser });
  site.addAttribute({ type: phone, name: 'Model' });
  const monitor = site.addType({ schema, name: 'Monitor', parent: endUser });
  site.addAttribute({ type: monitor, name: 'Model' });
  site.addAttribute({ type: monitor, name: 'Connected to', target: laptop });
  const infrastructure = site.addType({
    schema,
    name: 'Infrastructure',
    parent: hardware,
    abstract: true,
    inherited: true,
  });
  site.addAttribute({ type: infrastructure, name: 'Room', target: room });
  site.addAttribute({ type: infrastructure, name: 'IP address', kind: 'ipAddress' });
  site.addAttribute({ type: infrastructure, name: 'Operated by', kind: 'group' });
  const server = site.addType({ schema, name: 'Server', parent: infrastructure });
  site.addAttribute({ type: server, name: 'Backup window', kind: 'time' });
  site.addAttribute({ type: server, name: 'Fails over to', target: server, referenceType: runsOn });
  const networkSwitch = site.addType({ schema, name: 'Switch', parent: infrastructure });
  const software = site.addType({ schema, name: 'Software', inherited: true });
  site.addAttribute({ type: software, name: 'Description', kind: 'textarea' });
  const application = site.addType({ schema, name: 'Application', parent: software });
  site.addAttribute({ type: application, name: 'Runs on', target: server, referenceType: runsOn, multiple: true });
  site.addAttribute({ type: application, name: 'Service', target: typeOf(services[0]) });
  site.addAttribute({
    type: application,
    name: 'Environments',
    kind: 'select',
    multiple: true,
    options: ['Production', 'Staging', 'Test'],
  });
  site.addAttribute({ type: application, name: 'Contacts', kind: 'user', multiple: true });
  site.addAttribute({ type: application, name: 'Project', kind: 'project' });
  site.addAttribute({ type: application, name: 'Fix version', kind: 'version' });
  site.addAttribute({ type: application, name: 'Handbook', kind: 'confluence' });
  site.addAttribute({ type: application, name: 'Repository', kind: 'bitbucket' });
  const licence = site.addType({ schema, name: 'Licence', parent: software });
  site.addAttribute({ type: licence, name: 'Assigned to', target: employee, referenceType: usedBy });
  site.addAttribute({ type: licence, name: 'Renewal contact', kind: 'email' });
  const contract = site.addType({ schema, name: 'Contract' });
  site.addAttribute({ type: contract, name: 'Vendor', target: vendor });
  site.addAttribute({
    type: contract,
    name: 'Covers',
    target: hardware,
    includeChildObjectTypes: true,
    multiple: true,
  });
  site.addAttribute({ type: vendor, name: 'Main contract', target: contract });
  return {
    schema,
    vendor,
    laptop,
    phone,
    monitor,
    server,
    networkSwitch,
    application,
    licence,
    contract,
    statuses,
    project,
  };
}

function addDevices(
  site: SimulatedSite,
  random: SeededRandom,
  types: AssetTypes,
  { people }: DemoSurroundings,
  vendorObjects: readonly StoredObject[],
): StoredObject[] {
  const devices: StoredObject[] = [];
  const common = (prefix: string, number: number) => ({
    'Serial number': `${prefix}${String(100_000 + number * 37)}`,
    Vendor: random.pick(vendorObjects),
    Status: random.pick(types.statuses),
    Purchased: `202${random.between(0, 4)}-0${random.between(1, 9)}-1${random.between(0, 9)}`,
    Price: `${random.between(300, 2900)}.${random.between(10, 99)}`,
  });
  const held = (index: number): ValuesInput => {
    const user = people.users[index % people.users.length];
    const employee = people.employees[index % people.employees.length];
    return user && employee ? { Owner: user, 'Used by': employee } : {};
  };
  for (let index = 0; index < 640; index += 1) {
    const model = random.pick(laptopModels);
    const seen = new Date(
      Date.UTC(2024, 10, random.between(1, 20), random.between(6, 20), random.between(0, 59)),
    ).toISOString();
    const own = { Model: model, RAM: random.pick([8, 16, 32]), Encrypted: random.chance(0.97), 'Last seen': seen };
    const name = `LT-${String(index + 1).padStart(4, '0')} ${model}`;
    devices.push(
      site.addObject({ type: types.laptop, name, values: { ...common('L', index), ...held(index), ...own } }),
    );
  }
  for (let index = 0; index < 320; index += 1) {
    const model = random.pick(phoneModels);
    const name = `PH-${String(index + 1).padStart(4, '0')} ${model}`;
    devices.push(
      site.addObject({ type: types.phone, name, values: { ...common('P', index), ...held(index), Model: model } }),
    );
  }
  for (let index = 0; index < 400; index += 1) {
    const model = random.pick(monitorModels);
    const laptop = devices[index];
    const values = { ...common('M', index), Model: model, ...(laptop ? { 'Connected to': laptop } : {}) };
    site.addObject({ type: types.monitor, name: `MO-${String(index + 1).padStart(4, '0')} ${model}`, values });
  }
  return devices;
}

function addServers(
  site: SimulatedSite,
  random: SeededRandom,
  types: AssetTypes,
  { facilities, people }: DemoSurroundings,
  vendorObjects: readonly StoredObject[],
): StoredObject[] {
  const common = (number: number) => ({
    Vendor: random.pick(vendorObjects),
    Status: random.pick(types.statuses),
    Room: random.pick(facilities.rooms),
    'IP address': `10.${number >> 8}.${number & 255}.${random.between(2, 250)}`,
    'Operated by': random.pick(people.groups),
  });
  const servers = Array.from({ length: 96 }, (_, index) =>
    site.addObject({
      type: types.server,
      name: `${serverRoles[index % serverRoles.length]}-${String((index >> 3) + 1).padStart(2, '0')}`,
      values: {
        ...common(index),
        'Serial number': `S${90_000 + index}`,
        'Backup window': `0${random.between(0, 5)}:30`,
      },
    }),
  );
  // Each pair stands in for the other: references in a circle.
  const failover = site.typeAttributes(types.server.id).find(({ name }) => name === 'Fails over to');
  for (const [index, server] of servers.entries()) {
    const partner = servers[index ^ 1];
    if (failover && partner) server.values.set(failover.id, [String(partner.id)]);
  }
  for (let index = 0; index < 48; index += 1) {
    const values = { ...common(300 + index), 'Serial number': `N${70_000 + index}` };
    site.addObject({ type: types.networkSwitch, name: `switch-${index + 1} (${serverModels[index % 3]})`, values });
  }
  return servers;
}

function addSoftware(
  site: SimulatedSite,
  random: SeededRandom,
  types: AssetTypes,
  { people, services }: DemoSurroundings,
  things: {
    vendorObjects: readonly StoredObject[];
    devices: readonly StoredObject[];
    servers: readonly StoredObject[];
  },
): void {
  for (const [index, name] of applications.entries()) {
    const service = services[index];
    site.addObject({
      type: types.application,
      name,
      values: {
        Description: `${name} for ${random.pick(departments)}.\nAsk the contacts before restarting it.`,
        'Runs on': random.pickSome(things.servers, 3),
        Environments: random.pickSome(['Production', 'Staging', 'Test'], 2),
        Contacts: random.pickSome(people.users, 2),
        Project: types.project,
        'Fix version': String(10_200 + index),
        Handbook: String(98_304 + index),
        Repository: `example/${name.toLowerCase().replaceAll(' ', '-')}`,
        ...(service ? { Service: service } : {}),
      },
    });
  }
  for (let index = 0; index < 360; index += 1) {
    const name = licences[index % licences.length] ?? 'Licence';
    const values = {
      Description: `${name}, one seat`,
      'Assigned to': random.pick(people.employees),
      'Renewal contact': 'licences@example.com',
    };
    site.addObject({ type: types.licence, name: `${name} seat ${index + 1}`, values });
  }
  for (const vendor of things.vendorObjects) {
    const values = { Vendor: vendor, Covers: random.pickSome(things.devices, 8) };
    const contract = site.addObject({ type: types.contract, name: `Frame contract ${site.label(vendor)}`, values });
    const main = site.typeAttributes(types.vendor.id).find(({ name }) => name === 'Main contract');
    if (main) vendor.values.set(main.id, [String(contract.id)]);
  }
}
