import { SimulatedSite } from '../site/simulated-site.ts';
import { addAttributes } from './random/attributes.ts';
import { addGlobalConfiguration, addIcons, addSchema } from './random/configuration.ts';
import { addObjects } from './random/objects.ts';
import { addRestrictions } from './random/restrictions.ts';
import type { RandomSiteOptions, Surroundings } from './random/surroundings.ts';
import { addTypes } from './random/types.ts';
import { SeededRandom } from './seeded-random.ts';

/**
 * A random site that the rules allow, so that all of it can be written again: trees of types with inherited attributes, all
 * kinds with all their settings, references across schemas and in circles, filters, odd texts, comments and history.
 * The same seed and size give the same site.
 *
 * @param size about how many objects; types and schemas grow with it, slowly
 */
export function randomSite(seed: number, size = 20, options: RandomSiteOptions = {}): SimulatedSite {
  const site = new SimulatedSite(options);
  const random = new SeededRandom(seed);
  const users = Array.from({ length: random.between(1, 5) }, (_, index) =>
    site.addUser({
      displayName: index === 0 ? 'Same Name' : random.pick(['Same Name', `Person <${index}> & "co"`]),
      active: random.chance(0.8),
    }),
  );
  const groups = Array.from({ length: random.between(1, 3) }, (_, index) => site.addGroup(`group-${index}`));
  const projects = [site.addProject('ONE'), site.addProject('TWO')];
  const icons = addIcons(site, random);
  addGlobalConfiguration(site, random);
  const intoClosedSchemas = options.referencesIntoClosedSchemas ?? false;
  const surroundings: Surroundings = { site, random, users, groups, projects, icons, types: [], intoClosedSchemas };
  const schemaCount = random.between(1, 3);
  for (let index = 0; index < schemaCount; index += 1) {
    const schema = addSchema(site, random, index);
    addTypes(surroundings, schema, random.between(index === 0 ? 1 : 0, 3 + Math.ceil(Math.sqrt(size) / 2)));
  }
  for (const type of surroundings.types) addAttributes(surroundings, type);
  addRestrictions(surroundings, addObjects(surroundings, size));
  return site;
}
