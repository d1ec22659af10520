import type { SimulatedSite } from '../site/simulated-site.ts';
import { commentTexts } from './demo-words.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Comments on some objects and changes on many; the creation stands in every object's history anyway. */
export function addActivity(site: SimulatedSite, random: SeededRandom): void {
  const users = [...site.users.values()];
  for (const object of site.objects.all()) {
    if (random.chance(0.12)) {
      const count = random.between(1, 3);
      for (let index = 0; index < count; index += 1) {
        site.addComment({
          object,
          text: random.pick(commentTexts),
          actor: random.pick(users),
          role: random.between(0, 3),
        });
      }
    }
    if (random.chance(0.4)) {
      const oldName = `${site.label(object)} (draft)`;
      site.addHistory({
        object,
        actor: random.pick(users),
        attribute: 'Name',
        oldValue: oldName,
        newValue: site.label(object),
        type: 2,
      });
    }
  }
}
