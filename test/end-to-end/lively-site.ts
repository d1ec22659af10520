import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/**
 * A site of which every object has a history and a comment, so that what is missing shows.
 * @param sizes objects by schema
 */
export function livelySite(sizes: readonly number[]): SimulatedSite {
  const site = new SimulatedSite();
  for (const [index, size] of sizes.entries()) {
    const schema = site.addSchema({ key: `S${index + 1}` });
    const type = site.addType({ schema, name: 'Thing' });
    for (let number = 1; number <= size; number += 1) {
      const object = site.addObject({ type, name: `thing ${number}` });
      site.addHistory({ object, attribute: 'Name', oldValue: '', newValue: 'x' });
      site.addComment({ object, text: `comment on ${number}` });
    }
  }
  return site;
}
