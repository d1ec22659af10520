import type { Kind } from '../../../simulator/site/kinds.ts';
import { SimulatedSite } from '../../../simulator/site/simulated-site.ts';

/** Two schemas with an attribute of every kind, whose objects refer to each other in a circle, and across. */
export function everyKindSite() {
  const site = new SimulatedSite();
  const ada = site.addUser({ displayName: 'Ada' });
  site.addUser({ displayName: 'Grace' });
  site.addGroup('admins');
  const people = site.addSchema({ key: 'USERS', name: 'People' });
  const person = site.addType({ schema: people, name: 'Person' });
  const things = site.addSchema({ key: 'ASSETS', name: 'Assets' });
  const inUse = site.addStatusType({ name: 'In use', schema: things, category: 1 });
  const thing = site.addType({ schema: things, name: 'Laptop: new?' });
  const plain: readonly (readonly [Kind, string])[] = [
    ['text', 'plain'],
    ['integer', '1234'],
    ['boolean', 'true'],
    ['double', '7.25'],
    ['date', '2021-02-16'],
    ['datetime', '2021-02-16T20:04:00.000Z'],
    ['url', 'https://example.com/a'],
    ['email', 'a@example.com'],
    ['textarea', 'two\nlines'],
    ['ipAddress', '10.0.0.1'],
  ];
  for (const [kind] of plain) site.addAttribute({ type: thing, name: `of ${kind}`, kind });
  site.addAttribute({ type: thing, name: 'Size', kind: 'select', options: ['small', 'large'] });
  site.addAttribute({ type: thing, name: 'Owner', kind: 'user' });
  site.addAttribute({ type: thing, name: 'Team', kind: 'group' });
  site.addAttribute({ type: thing, name: 'State', kind: 'status', statuses: [inUse] });
  site.addAttribute({ type: thing, name: 'Peer', target: thing, multiple: true });
  site.addAttribute({ type: thing, name: 'User', target: person });
  site.addAttribute({ type: person, name: 'Has', target: thing, multiple: true });
  const grace = site.addObject({ type: person, name: 'Grace' });
  const values = {
    ...Object.fromEntries(plain.map(([kind, text]) => [`of ${kind}`, text])),
    ...{ Size: 'large', Owner: ada, Team: 'admins', State: inUse, User: grace },
  };
  const one = site.addObject({ type: thing, name: 'One', values });
  const other = site.addObject({ type: thing, name: 'Other', values: { ...values, Peer: one } });
  site.objects.setValues(one, new Map([...one.values, ...site.storedValues(thing, { Peer: other })]));
  site.objects.setValues(grace, new Map([...grace.values, ...site.storedValues(person, { Has: [one, other] })]));
  site.addComment({ object: one, text: '<p>as new</p>', role: 2 });
  return site;
}
