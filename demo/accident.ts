import type { StoredObject } from '../simulator/site/records.ts';
import type { SimulatedSite } from '../simulator/site/simulated-site.ts';

/** Each server stands in for another one of these, and applications run on them: a little graph with circles in it. */
const roles = ['web', 'db', 'cache', 'queue'];

/**
 * What somebody deletes who takes these servers for retired: the servers, and whatever refers to one of them. So nothing
 * that is left refers to what is gone: a restore leaves what is there as it is, and could not link it again.
 */
export function chooseObjects(site: SimulatedSite): StoredObject[] {
  const servers = [...site.objects.all()].filter(
    (object) =>
      site.type(object.typeId).name === 'Server' && roles.some((role) => site.label(object).startsWith(`${role}-`)),
  );
  return withAllThatRefersTo(site, servers);
}

/** The laptops whose owner an import with a shifted column overwrites: those of one model. */
export function chooseLaptops(site: SimulatedSite): StoredObject[] {
  const laptops = [...site.objects.all()].filter(({ typeId }) => site.type(typeId).name === 'Laptop');
  const modelOf = (object: StoredObject) => site.label(object).split(' ').slice(1).join(' ');
  const [first] = laptops;
  return first ? laptops.filter((laptop) => modelOf(laptop) === modelOf(first)) : [];
}

/** Gives all of them the same owner, as such an import does. */
export function overwriteOwners(site: SimulatedSite, laptops: readonly StoredObject[]): void {
  for (const laptop of laptops) site.updateObject(laptop, { Owner: site.owner });
}

/** In words, such as `48 servers and 12 applications`. */
export function inWords(site: SimulatedSite, objects: readonly StoredObject[]): string {
  const byType = Map.groupBy(objects, ({ typeId }) => site.type(typeId).name.toLowerCase());
  return [...byType].map(([type, { length }]) => `${length} ${type}s`).join(' and ');
}

function withAllThatRefersTo(site: SimulatedSite, objects: readonly StoredObject[]): StoredObject[] {
  const chosen = new Map(objects.map((object) => [object.id, object]));
  for (let before = 0; before < chosen.size; ) {
    before = chosen.size;
    for (const object of site.objects.all()) {
      if (referredBy(site, object).some((id) => chosen.has(id))) chosen.set(object.id, object);
    }
  }
  return [...chosen.values()];
}

function referredBy(site: SimulatedSite, object: StoredObject): number[] {
  return [...object.values].flatMap(([id, texts]) =>
    site.attribute(id).kind === 'reference' ? texts.map(Number) : [],
  );
}
