import type { Group, StoredObject, User } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import type { DemoFacilities } from './demo-facilities.ts';
import { departments, firstNames, lastNames } from './demo-words.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface DemoPeople {
  employees: StoredObject[];
  departments: StoredObject[];
  users: User[];
  groups: Group[];
}

const employeeCount = 420;

/** Schema USERS: departments, teams and people. Managers report to managers, departments have heads: cycles. */
export function addDemoPeople(site: SimulatedSite, random: SeededRandom, { offices }: DemoFacilities): DemoPeople {
  const schema = site.addSchema({ key: 'USERS', name: 'People', description: 'Who works here' });
  const facilities = site.type(offices[0]?.typeId ?? 0);
  const reportsTo = site.addReferenceType({ name: 'Reports to', schema, color: 'D04437' });
  const belongsTo = site.addReferenceType({ name: 'Belongs to', schema });
  const groups = [...departments.map((name) => `${name.toLowerCase().replaceAll(' ', '-')}-all`), 'jira-users'].map(
    (name) => site.addGroup(name),
  );
  const icon = site.icons.values().find(({ name }) => name === 'Users');

  const department = site.addType({ schema, name: 'Department' });
  site.addAttribute({ type: department, name: 'Cost centre', kind: 'integer', unique: true });
  site.addAttribute({ type: department, name: 'Groups', kind: 'group', multiple: true });
  const team = site.addType({ schema, name: 'Team' });
  site.addAttribute({ type: team, name: 'Department', target: department, referenceType: belongsTo, required: true });
  const person = site.addType({ schema, name: 'Person', abstract: true, inherited: true });
  site.addAttribute({ type: person, name: 'Email', kind: 'email', unique: true, regexValidation: '.+@example\\.com' });
  site.addAttribute({ type: person, name: 'Account', kind: 'user', additionalValue: 'SHOW_PROFILE' });
  site.addAttribute({ type: person, name: 'Office', target: facilities, includeChildObjectTypes: true });
  const employee = site.addType({ schema, name: 'Employee', parent: person, ...(icon ? { icon } : {}) });
  site.addAttribute({ type: employee, name: 'Department', target: department, referenceType: belongsTo });
  site.addAttribute({ type: employee, name: 'Manager', target: employee, referenceType: reportsTo });
  site.addAttribute({ type: employee, name: 'Joined', kind: 'date' });
  site.addAttribute({
    type: employee,
    name: 'Level',
    kind: 'select',
    options: ['Junior', 'Regular', 'Senior', 'Lead'],
  });
  const contractor = site.addType({ schema, name: 'Contractor', parent: person });
  site.addAttribute({ type: contractor, name: 'Contract ends', kind: 'datetime' });
  const head = site.addAttribute({ type: department, name: 'Head', target: employee, referenceType: belongsTo });

  const departmentObjects = departments.map((name, index) =>
    site.addObject({
      type: department,
      name,
      values: { 'Cost centre': 4100 + index * 10, Groups: [groups[index] ?? name, 'jira-users'] },
    }),
  );
  for (const [index, object] of departmentObjects.entries()) {
    for (const suffix of ['North', 'South']) {
      site.addObject({ type: team, name: `${departments[index]} ${suffix}`, values: { Department: object } });
    }
  }
  const users: User[] = [];
  const employees: StoredObject[] = [];
  for (let index = 0; index < employeeCount; index += 1) {
    const displayName = `${firstNames[index % firstNames.length]} ${lastNames[(index * 7) % lastNames.length]}`;
    const email = `${displayName.toLowerCase().replace(' ', '.')}${index >= 200 ? index : ''}@example.com`;
    const user = site.addUser({ displayName, emailAddress: email, active: random.chance(0.95) });
    users.push(user);
    const isContractor = index % 12 === 11;
    const common = { Email: email, Account: user, Office: random.pick(offices) };
    if (isContractor) {
      const ends = new Date(Date.UTC(2025, random.between(0, 11), 28, 17)).toISOString();
      site.addObject({ type: contractor, name: displayName, values: { ...common, 'Contract ends': ends } });
      continue;
    }
    const values = {
      ...common,
      Department: random.pick(departmentObjects),
      Joined: `20${random.between(12, 24)}-0${random.between(1, 9)}-01`,
      Level: random.pick(['Junior', 'Regular', 'Senior', 'Lead']),
      ...(employees.length > 0 ? { Manager: random.pick(employees.slice(0, 40)) } : {}),
    };
    employees.push(site.addObject({ type: employee, name: displayName, values }));
  }
  for (const [index, object] of departmentObjects.entries()) {
    const boss = employees[index];
    if (boss) object.values.set(head.id, [String(boss.id)]);
  }
  return { employees, departments: departmentObjects, users, groups };
}
