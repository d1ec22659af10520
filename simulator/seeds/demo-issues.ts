import type { StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';

/** Issues about devices and software of the company: one field for all that is affected, one for a single device. */
export function addDemoIssues(site: SimulatedSite): void {
  const schema = [...site.schemas.values()].find(({ key }) => key === 'ASSETS');
  if (!schema) throw new Error('the demo has assets');
  const affected = site.addIssueField({ name: 'Affected assets', contexts: [{ schema }] });
  const device = site.addIssueField({
    name: 'Device',
    description: 'The device that the request is about',
    contexts: [
      {
        name: 'Service desk',
        projects: ['ITSM'],
        schema,
        configuration: { multiple: false, objectFilterQuery: 'objectType = Laptop' },
      },
    ],
  });
  const objectsOf = (name: string): StoredObject[] => {
    const type = site.typesOfSchema(schema.id).find((candidate) => candidate.name === name);
    return type ? site.objects.idsOfType(type.id).map((id) => site.object(id)) : [];
  };
  const servers = objectsOf('Server');
  for (const [index, application] of objectsOf('Application').entries()) {
    const server = servers[index];
    site.addIssue({
      key: `ITSM-${index + 1}`,
      summary: `Renew the certificate of ${site.label(application)}`,
      fields: { [affected.id]: index % 3 === 0 && server ? [application, server] : application },
    });
  }
  for (const [index, laptop] of objectsOf('Laptop').slice(0, 24).entries()) {
    site.addIssue({
      key: `ITSM-${101 + index}`,
      summary: `Replace the battery of ${site.label(laptop)}`,
      status: index % 2 === 0 ? 'Done' : 'In Progress',
      fields: { [device.id]: laptop },
    });
  }
}
