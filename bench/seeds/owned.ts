import type { StoredObject, User } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

export interface OwnedOptions {
  /** Objects, each with an owner. */
  readonly owned: number;
}

const types = 8;
const texts = 5;
const owners = 20;

/** Laptops and the like, each with an owner and a few texts. */
export function ownedSite({ owned }: OwnedOptions): SimulatedSite {
  const site = new SimulatedSite();
  const users = Array.from({ length: owners }, (_, index) => site.addUser({ displayName: `Owner ${index + 1}` }));
  const schema = site.addSchema({ key: 'OWNED' });
  for (let number = 0; number < types; number += 1) {
    const type = site.addType({ schema, name: `Device ${number + 1}` });
    for (let text = 1; text <= texts; text += 1) site.addAttribute({ type, name: `Text ${text}` });
    const owner = site.addAttribute({ type, name: 'Owner', kind: 'user' });
    const textIds = site.typeAttributes(type.id).filter(({ name }) => name.startsWith('Text'));
    for (let index = number; index < owned; index += types) {
      const object = site.addObject({ type, name: `Device ${index + 1}` });
      for (const { id, name } of textIds) object.values.set(id, [`${name} of ${object.id}`]);
      object.values.set(owner.id, [users[index % owners]?.accountId ?? '']);
    }
  }
  return site;
}

/** Who owns the objects of such a site, and who did when it was made. */
export class Owners {
  readonly #site: SimulatedSite;
  readonly #before: ReadonlyMap<StoredObject, string>;
  #imported: readonly StoredObject[] = [];
  #byHand: ReadonlyMap<StoredObject, string> = new Map();

  constructor(site: SimulatedSite) {
    this.#site = site;
    this.#before = new Map([...site.objects.all()].map((object) => [object, this.#ownerOf(object)]));
  }

  /** An import gives objects, spread over all, another owner; some of them somebody then gives yet another one. */
  import({ imported, byHand }: { readonly imported: number; readonly byHand: number }): User {
    const site = this.#site;
    const [importer, person] = [site.addUser({ displayName: 'Import' }), site.addUser({ displayName: 'Somebody' })];
    const all = [...this.#before.keys()];
    this.#imported = Array.from({ length: imported }, (_, index) => {
      const object = all[Math.floor(((index + 0.5) * all.length) / imported)];
      return object ? [object] : [];
    }).flat();
    for (const object of this.#imported) site.updateObject(object, { Owner: importer }, importer);
    const later = this.#imported.filter((_, index) => index % Math.floor(imported / byHand) === 0).slice(0, byHand);
    for (const object of later) site.updateObject(object, { Owner: person }, person);
    this.#byHand = new Map(later.map((object) => [object, person.accountId]));
    return importer;
  }

  /** Of those of the last import, how many have the owner again whom they had at first; and how many the one given by hand. */
  get now(): { readonly back: number; readonly byHand: number } {
    const back = this.#imported.filter((object) => this.#ownerOf(object) === this.#before.get(object));
    const byHand = [...this.#byHand].filter(([object, owner]) => this.#ownerOf(object) === owner);
    return { back: back.length, byHand: byHand.length };
  }

  #ownerOf({ id }: StoredObject): string {
    const object = this.#site.object(id);
    const owner = this.#site.typeAttributes(object.typeId).find(({ name }) => name === 'Owner');
    return object.values.get(owner?.id ?? 0)?.[0] ?? '';
  }
}
