import type { StoredObject, StoredValues } from '../../site/records.ts';
import { awkwardTexts } from '../awkward-texts.ts';
import type { Surroundings } from './surroundings.ts';
import { randomValues } from './values.ts';

/** All objects first and their values after, so that references can point anywhere, forward and in circles. */
export function addObjects(surroundings: Surroundings, size: number): readonly StoredObject[] {
  const { site, random } = surroundings;
  const types = surroundings.types.filter((type) => !type.abstract);
  const objects = Array.from({ length: size }, (_, index) => {
    const name = random.chance(0.3) ? random.pick(awkwardTexts) : random.pick([`Object ${index}`, 'Same name']);
    return site.addObject({ type: random.pick(types), name });
  });
  for (const object of objects) {
    const values: StoredValues = new Map(object.values);
    for (const attribute of site.typeAttributes(object.typeId)) {
      if (attribute.label && values.has(attribute.id)) continue;
      const isNeeded = attribute.minimumCardinality > 0;
      if ((attribute.role && attribute.role !== 'name') || (!isNeeded && random.chance(0.3))) continue;
      const list = randomValues(surroundings, attribute, object, objects);
      if (list.length > 0) values.set(attribute.id, list);
    }
    site.objects.setValues(object, values);
    addActivity(surroundings, object);
  }
  return objects;
}

const longText = 'A long text with <b>signs</b> & "quotes". '.repeat(150);

/** Comments of every role by anybody; history of every known number (0 to 27), and of one that nobody knows. */
function addActivity({ site, random, users }: Surroundings, object: StoredObject): void {
  const comments = random.chance(0.3) ? random.between(1, 3) : 0;
  for (let index = 0; index < comments; index += 1) {
    const text = random.chance(0.1) ? longText : random.pick(awkwardTexts);
    site.addComment({ object, text, actor: random.pick(users), role: random.between(0, 3) });
  }
  const entries = random.chance(0.4) ? random.between(1, 4) : 0;
  for (let index = 0; index < entries; index += 1) {
    site.addHistory({
      object,
      attribute: random.pick(['Name', 'A "removed" attribute']),
      actor: random.pick(users),
      type: random.chance(0.1) ? 99 : random.between(0, 27),
      ...(random.chance(0.8) ? { oldValue: random.pick(awkwardTexts) } : {}),
      ...(random.chance(0.8) ? { newValue: random.chance(0.1) ? longText : random.pick(awkwardTexts) } : {}),
    });
  }
}
