import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/** The little site of the official examples: offices in cities, and people who work there. */
export function officesSite() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ITSM', name: 'ITSM', description: 'Offices' });
  const workAt = site.addReferenceType({ name: 'Work At', color: '688E6E', schema, description: '' });
  const city = site.addType({ schema, name: 'City' });
  const office = site.addType({ schema, name: 'Office', description: 'Where people work' });
  const cityAttribute = site.addAttribute({ type: office, name: 'City', target: city, displayName: 'Office location' });
  const placeholder = site.addAttribute({ type: office, name: 'Placeholder' });
  const employee = site.addType({ schema, name: 'Employee' });
  site.addAttribute({ type: employee, name: 'Office', target: office, referenceType: workAt });
  const sydney = site.addObject({ type: city, name: 'Sydney' });
  const syd1 = site.addObject({
    type: office,
    name: 'SYD-1',
    values: { City: sydney, Placeholder: 'A placeholder value' },
  });
  const syd2 = site.addObject({ type: office, name: 'SYD-2', values: { City: sydney } });
  const ann = site.addObject({ type: employee, name: 'Ann', values: { Office: syd1 } });
  site.addHistory({ object: syd1, attribute: 'Placeholder', oldValue: '', newValue: 'A placeholder value', type: 1 });
  site.addComment({ object: syd1, text: '<p>text</p>' });
  site.addTicket({ object: syd1, key: 'ITSM-12' });
  return { site, schema, city, office, employee, cityAttribute, placeholder, sydney, syd1, syd2, ann };
}
