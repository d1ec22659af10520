import { drawIcon } from '../../site/icon-image.ts';
import type { Icon, Schema } from '../../site/records.ts';
import type { SimulatedSite } from '../../site/simulated-site.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { oddName, oddTexts } from './surroundings.ts';

const colors = ['000000', 'ff0000', '00a1B2', '688E6E'];

/** Icons that every site has, and a few of this site with images of their own. */
export function addIcons(site: SimulatedSite, random: SeededRandom): readonly Icon[] {
  const count = random.between(0, 3);
  for (let index = 0; index < count; index += 1)
    site.addIcon(oddName(random, `Custom ${index}`), drawIcon(1000 + random.between(0, 9999), 16));
  return [...site.icons.values()];
}

/** Statuses and reference types beside those that every site has from its first day. */
export function addGlobalConfiguration(site: SimulatedSite, random: SeededRandom): void {
  addStatuses(site, random, random.between(0, 2), undefined);
  addReferenceTypes(site, random, random.between(0, 2), undefined);
}

export function addSchema(site: SimulatedSite, random: SeededRandom, index: number): Schema {
  const name = oddName(random, `Schema ${index}`);
  const schema = site.addSchema({
    key: `R${index}X`,
    name,
    ...oddTexts(random, name),
    properties: {
      allowOtherObjectSchema: random.chance(0.7),
      createObjectsCustomField: random.chance(0.5),
      quickCreateObjects: random.chance(0.5),
      serviceDescCustomersEnabled: random.chance(0.5),
      validateQuickCreate: random.chance(0.5),
    },
  });
  addStatuses(site, random, random.between(0, 3), schema);
  addReferenceTypes(site, random, random.between(0, 3), schema);
  return schema;
}

/** In a schema two may have one name, and a name may be a global one's as well. */
function addStatuses(site: SimulatedSite, random: SeededRandom, count: number, schema: Schema | undefined): void {
  for (let index = 0; index < count; index += 1) {
    const name = schema ? random.pick(['Twin', 'Extra 0', `State ${index}`]) : `Extra ${index}`;
    const category = random.between(0, 2);
    site.addStatusType({ name, category, ...oddTexts(random, name), ...(schema ? { schema } : {}) });
  }
}

function addReferenceTypes(site: SimulatedSite, random: SeededRandom, count: number, schema: Schema | undefined): void {
  for (let index = 0; index < count; index += 1) {
    const name = schema ? random.pick(['Twin', 'More 0', `Reference ${index}`]) : `More ${index}`;
    const color = random.pick(colors);
    site.addReferenceType({ name, color, ...oddTexts(random, name), ...(schema ? { schema } : {}) });
  }
}
