import type { StoredObject } from '../simulator/site/records.ts';
import type { SimulatedSite } from '../simulator/site/simulated-site.ts';

/** What people do at the site between two nights: some objects change, one comes, some go. Gives it in words. */
export function workForADay(site: SimulatedSite): string {
  const employees = objectsOf(site, 'Employee')
    .filter((employee) => site.label(employee).startsWith('A') && !isLead(site, employee))
    .slice(0, 12);
  for (const employee of employees) site.updateObject(employee, { Level: 'Lead' });
  const [phone] = objectsOf(site, 'Phone');
  if (phone) site.createObject({ type: site.type(phone.typeId), name: 'PH-9001' });
  const monitors = objectsOf(site, 'Monitor').slice(0, 3);
  for (const monitor of monitors) site.deleteObject(monitor);
  return `${employees.length} employees became leads, ${phone ? 1 : 0} phone came, ${monitors.length} monitors went`;
}

function isLead(site: SimulatedSite, { typeId, values }: StoredObject): boolean {
  const level = site.typeAttributes(typeId).find(({ name }) => name === 'Level');
  return level !== undefined && values.get(level.id)?.includes('Lead') === true;
}

function objectsOf(site: SimulatedSite, type: string): StoredObject[] {
  return [...site.objects.all()].filter(({ typeId }) => site.type(typeId).name === type);
}
