import type { StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { applications } from './demo-words.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The schema that Atlassian manages, as samples/objectschema-attributes.json shows it. Nobody may change it. */
export function addDemoServices(site: SimulatedSite, random: SeededRandom): StoredObject[] {
  const schema = site.addSchema({
    key: 'SVC',
    name: 'Services',
    canManage: false,
    description: "Contains the 'Service' object type and services your site uses across projects.",
  });
  const dependsOn = site.addReferenceType({ name: 'Depends on', displayName: 'Dependency', color: '42526E', schema });
  const icon = site.icons.values().find(({ name }) => name === 'Service');
  const type = site.addType({ schema, name: 'Service', ...(icon ? { icon } : {}) });
  site.addAttribute({ type, name: 'Description' });
  site.addAttribute({
    type,
    name: 'Tier',
    kind: 'select',
    required: true,
    options: ['Tier 1', 'Tier 2', 'Tier 3', 'Tier 4'],
  });
  const related = site.addAttribute({
    type,
    name: 'Service relationships',
    displayName: 'Related services',
    target: type,
    referenceType: dependsOn,
    multiple: true,
  });
  site.addAttribute({ type, name: 'Service ID', displayName: 'Service identifier', required: true, unique: true });
  site.addAttribute({ type, name: 'Revision', required: true, hidden: true });
  const services = applications.map((name, index) =>
    site.addObject({
      type,
      name,
      values: {
        Description: `Keeps ${name.toLowerCase()} running`,
        Tier: `Tier ${random.between(1, 4)}`,
        'Service ID': `b:service-${index + 1}`,
        Revision: String(index + 1),
      },
    }),
  );
  for (const service of services) {
    const others = random.pickSome(services, 2).filter((other) => other !== service);
    if (others.length > 0)
      service.values.set(
        related.id,
        others.map((other) => String(other.id)),
      );
  }
  return services;
}
