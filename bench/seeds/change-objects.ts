import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/** Somebody gives so many objects of a large site, spread evenly over all, another value. `round` tells one change from the next. */
export function changeObjects(site: SimulatedSite, count: number, round = 1): void {
  const all = [...site.objects.all()];
  for (let index = 0; index < count; index += 1) {
    const object = all[Math.floor(((index + 0.5) * all.length) / count)];
    if (object) site.updateObject(object, { 'Attribute 1': `changed ${round}, ${object.id}` });
  }
}
