import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

export interface RingsOptions {
  /** Objects, each in a circle of references with nine others, each with a comment and a change in its history. */
  readonly rings: number;
}

const objectsInRing = 10;
const types = 4;
/** Besides the reference, as many as make the eight of the object with which the original scripts were measured. */
const texts = 7;

/** The worst that a restore can meet: no object can be made with its reference, and each needs comments. */
export function ringsSite({ rings }: RingsOptions): SimulatedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'RINGS' });
  for (let number = 1; number <= types; number += 1) {
    const type = site.addType({ schema, name: `Link ${number}` });
    for (let text = 1; text <= texts; text += 1) site.addAttribute({ type, name: `Text ${text}` });
    const next = site.addAttribute({ type, name: 'Next', target: type });
    const textIds = site.typeAttributes(type.id).filter(({ name }) => name.startsWith('Text'));
    for (let ring = 0; ring < rings / types / objectsInRing; ring += 1) {
      const made: StoredObject[] = [];
      for (let place = 0; place < objectsInRing; place += 1) {
        const object = site.addObject({ type, name: `Link ${number}.${ring}.${place}` });
        for (const { id, name } of textIds) object.values.set(id, [`${name} of ${object.id}`]);
        site.addComment({ object, text: `<p>Comment on ${object.id}</p>` });
        site.addHistory({ object, attribute: 'Text 1', oldValue: 'before', newValue: `Text 1 of ${object.id}` });
        made.push(object);
      }
      for (const [place, object] of made.entries()) {
        const following = made[(place + 1) % made.length] ?? object;
        object.values.set(next.id, [String(following.id)]);
      }
    }
  }
  return site;
}
