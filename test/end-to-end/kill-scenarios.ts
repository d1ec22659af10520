import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/** A restore that is small enough to be killed at every one of its writes. */
export interface KillScenario {
  readonly name: string;
  readonly source: SimulatedSite;
  /** Of the restore that nobody disturbs. */
  readonly exitCode: number;
  /** What is said besides the backup's name. */
  readonly input?: Record<string, unknown>;
  /** What the restore finds. Called once the source is backed up: it may be the source itself, after an accident. */
  target(): SimulatedSite;
}

/** One schema with every kind of write in it: a circle of two, a chain, comments, restrictions, an own icon. */
function smallSite() {
  const site = new SimulatedSite();
  const [ada, grace] = ['Ada', 'Grace'].map((displayName) => site.addUser({ displayName }));
  const schema = site.addSchema({ key: 'SML', name: 'Small' });
  const status = site.addStatusType({ name: 'In use', schema });
  const referenceType = site.addReferenceType({ name: 'Stands in', schema });
  const place = site.addType({ schema, name: 'Place' });
  const icon = site.addIcon('Own laptop', drawIcon(77, 16));
  const laptop = site.addType({ schema, name: 'Laptop', icon });
  site.addAttribute({ type: laptop, name: 'Serial number', unique: true, required: true });
  site.addAttribute({ type: laptop, name: 'Place', target: place, referenceType });
  site.addAttribute({ type: laptop, name: 'Peers', target: laptop, multiple: true });
  site.addAttribute({ type: laptop, name: 'State', kind: 'status', statuses: [status] });
  site.addAttribute({ type: laptop, name: 'Owners', kind: 'user', multiple: true });
  const [sydney, berlin] = ['Sydney', 'Berlin'].map((name) => site.addObject({ type: place, name }));
  if (!ada || !grace || !sydney || !berlin) throw new Error('they were made');
  const places = [sydney, berlin];
  const laptops = [0, 1, 2].map((number) =>
    site.addObject({
      type: laptop,
      name: `Laptop ${number}`,
      values: {
        'Serial number': `S-${number}`,
        Place: number === 0 ? berlin : sydney,
        State: status,
        Owners: number === 1 ? [ada, grace] : [ada],
      },
    }),
  );
  const point = (from: StoredObject | undefined, ...to: readonly (StoredObject | undefined)[]) => {
    if (!from) return;
    const peers = site.storedValues(laptop, { Peers: to.filter((object) => object !== undefined) });
    site.objects.setValues(from, new Map([...from.values, ...peers]));
  };
  point(laptops[0], laptops[1], laptops[2]);
  point(laptops[1], laptops[0]);
  for (const object of [sydney, ...laptops.slice(1, 2)])
    site.addComment({ object, text: `<p>on ${site.label(object)}</p>`, role: 1 });
  return { site, ada, grace, laptop, places, laptops };
}

function intoAnEmptySite(): KillScenario {
  const { site: source } = smallSite();
  return { name: 'a copy into an empty site', source, exitCode: 0, target: () => emptySiteLike(source) };
}

/** A place and two laptops are gone; the survivors referred to them, one by a list of which a member is left. */
function inPlace(): KillScenario {
  const { site: source, laptops, places } = smallSite();
  return {
    name: 'deleted objects in place',
    source,
    exitCode: 0,
    target() {
      for (const object of [places[1], laptops[1]]) if (object) source.deleteObject(object);
      return source;
    },
  };
}

/** A text that is too long for the target, and an account that it lacks. */
function withLosses(): KillScenario {
  const { site: source, grace, laptop } = smallSite();
  const values = { 'Serial number': 'S-9', Note: 'x'.repeat(300), Owners: grace };
  source.addAttribute({ type: laptop, name: 'Note' });
  source.addObject({ type: laptop, name: 'Laptop of many words', values });
  return {
    name: 'a copy that loses a value and an account',
    source,
    exitCode: 3,
    target() {
      const target = emptySiteLike(source);
      target.users.delete(grace.accountId);
      return target;
    },
  };
}

/** An office and its manager need each other, and a state that the manager has is no option any more. */
function inTheWay(): KillScenario {
  const source = new SimulatedSite();
  const schema = source.addSchema({ key: 'CO', name: 'Company' });
  const office = source.addType({ schema, name: 'Office' });
  const employee = source.addType({ schema, name: 'Employee' });
  const manager = source.addAttribute({ type: office, name: 'Manager', target: employee, required: true });
  source.addAttribute({ type: employee, name: 'Seat', target: office, required: true });
  const state = source.addAttribute({ type: employee, name: 'State', kind: 'select', options: ['New', 'Old'] });
  const place = source.addObject({ type: office, name: 'Berlin' });
  const person = source.addObject({ type: employee, name: 'Ada', values: { Seat: place, State: 'Old' } });
  source.objects.setValues(place, new Map([...place.values, [manager.id, [String(person.id)]]]));
  return {
    name: 'objects that need each other, where that is relaxed',
    source,
    exitCode: 0,
    input: { relaxConstraints: true },
    target() {
      for (const object of [place, person]) source.deleteObject(object);
      Object.assign(state, { options: 'New,Newer' });
      source.configurationChanged();
      return source;
    },
  };
}

/** An import has given laptops other values, of which one was then changed by hand; a place is gone, and an account. */
function repaired(): KillScenario {
  const { site: source, ada, grace, laptop, laptops, places } = smallSite();
  source.addAttribute({ type: laptop, name: 'Note' });
  for (const object of laptops) source.updateObject(object, { Note: 'as it was' });
  if (laptops[2]) source.updateObject(laptops[2], { Owners: [grace] });
  const importer = source.addUser({ displayName: 'Import' });
  return {
    name: 'values set back after an import',
    source,
    exitCode: 3,
    input: { onExisting: 'update', changedBy: importer.accountId },
    target() {
      const [first, second, third] = laptops as [StoredObject, StoredObject, StoredObject];
      source.updateObject(first, { Owners: [grace], Note: [], 'Serial number': 'S-X', Peers: [third] }, importer);
      source.updateObject(second, { Name: 'Other name', State: [], Place: [] }, importer);
      source.updateObject(third, { Note: 'by import', Peers: [first, second], Owners: [] }, importer);
      source.updateObject(third, { Note: 'by hand' }, ada);
      source.updateObject(places[0] as StoredObject, { Name: 'Melbourne' }, importer);
      if (places[1]) source.deleteObject(places[1]);
      source.users.delete(grace.accountId);
      return source;
    },
  };
}

export const killScenarios = { intoAnEmptySite, inPlace, withLosses, inTheWay, repaired };
