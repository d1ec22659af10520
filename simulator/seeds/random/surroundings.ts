import type { Group, Icon, ObjectType, Project, User } from '../../site/records.ts';
import type { SimulatedSite } from '../../site/simulated-site.ts';
import type { SiteOptions } from '../../site/site-state.ts';
import { awkwardTexts } from '../awkward-texts.ts';
import type { SeededRandom } from '../seeded-random.ts';

export interface RandomSiteOptions extends SiteOptions {
  /** References may enter schemas whose `allowOtherObjectSchema` is false: then the rules refuse to write them again. */
  referencesIntoClosedSchemas?: boolean;
}

/** What the parts of a random site are made of. */
export interface Surroundings {
  site: SimulatedSite;
  random: SeededRandom;
  users: readonly User[];
  groups: readonly Group[];
  projects: readonly Project[];
  icons: readonly Icon[];
  /** Of all schemas, parents before children. */
  types: ObjectType[];
  intoClosedSchemas: boolean;
}

/** Unique by its plain part, odd by what stands before it. */
export function oddName(random: SeededRandom, name: string): string {
  return random.chance(0.2) ? `${random.pick(['a/b', 'CON', '..', '"', '💾', ' '])}${name}` : name;
}

/** A display name that differs from the name, and a description, each only sometimes. */
export function oddTexts(random: SeededRandom, name: string): { displayName?: string; description?: string } {
  return {
    ...(random.chance(0.3) ? { displayName: random.pick([`Shown ${name}`, 'Same shown name', 'Ä "b" <c>']) } : {}),
    ...(random.chance(0.4) ? { description: random.pick(awkwardTexts) } : {}),
  };
}
