import type { StoredObject } from '../site/records.ts';
import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';

/** References in every shape that makes an order of writing impossible, or long; each object is named after its shape. */
export function circlesSite(options: SiteOptions = {}): SimulatedSite {
  const site = new SimulatedSite(options);
  const [left, right] = ['LEFT', 'RIGHT'].map((key) => {
    const type = site.addType({ schema: site.addSchema({ key }), name: 'Thing' });
    return { type, add: (name: string) => site.addObject({ type, name }) };
  });
  if (!left || !right) throw new Error('two schemas were made');
  // The types point to each other as well, so that neither schema can be written whole before the other.
  site.addAttribute({ type: left.type, name: 'Near', target: left.type, multiple: true });
  site.addAttribute({ type: left.type, name: 'Far', target: right.type, multiple: true });
  site.addAttribute({ type: right.type, name: 'Far', target: left.type, multiple: true });
  const point = (from: StoredObject, attributeName: string, ...to: StoredObject[]): void => {
    const type = site.type(from.typeId);
    site.objects.setValues(from, new Map([...from.values, ...site.storedValues(type, { [attributeName]: to })]));
  };
  const several = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => left.add(`${name} ${index + 1}`));
  const ring = (objects: readonly StoredObject[]): void => {
    for (const [index, object] of objects.entries())
      point(object, 'Near', objects[(index + 1) % objects.length] ?? object);
  };
  for (const [name, count] of [
    ['self', 1],
    ['mutual', 2],
    ['three', 3],
  ] as const)
    ring(several(count, name));

  const across = left.add('across left');
  const back = right.add('across right');
  point(across, 'Far', back);
  point(back, 'Far', across);

  // The first points to what comes last, so reading order is the worst order of writing.
  const chain = several(30, 'chain');
  for (let index = 1; index < chain.length; index += 1) {
    const [from, to] = [chain[index - 1], chain[index]];
    if (from && to) point(from, 'Near', to);
  }

  const [top, ...rest] = several(4, 'diamond');
  const bottom = rest.pop();
  if (top && bottom) {
    point(top, 'Near', ...rest);
    for (const side of rest) point(side, 'Near', bottom);
  }
  return site;
}
