import type { ItemAction, RestoreChoices } from '../../model/restore.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { ReadValue } from '../../reading/value.ts';
import { toBeMade } from '../id-map/witness.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import { groupOf, type People, userOf } from '../values/people.ts';
import type { Resolved, ValueAttribute, ValueContext } from '../values/prepare-object.ts';
import { lacksStatus, storedStatus, storesNoStatus, valueAttributes } from '../values/value-contexts.ts';

interface ContextInput {
  readonly plan: ConfigurationPlan;
  readonly choices: RestoreChoices;
  readonly scan: StoredObjects;
  readonly people: People;
}

/** How the values of the backup's objects are seen on the target, before anything is made there. */
export class PlanContexts {
  readonly attribute: (source: string) => ValueAttribute | undefined;
  readonly targetAttribute: (source: string) => string | undefined;
  readonly nameOf: (target: string) => string | undefined;
  readonly sourceOf: (target: string) => string | undefined;
  readonly #people: People;
  readonly #statuses: ReadonlyMap<string, Exclude<Resolved, 'later'>>;
  readonly #statusOf: ReturnType<typeof storedStatus>;

  constructor({ plan, choices, scan, people }: ContextInput) {
    this.attribute = valueAttributes(plan, choices, scan.kindsOfValues);
    const targets = new Map(
      plan.attributes.flatMap(({ source, target }) => (target ? [[source, target] as const] : [])),
    );
    const names = new Map(plan.attributes.flatMap(({ name, target }) => (target ? [[target, name] as const] : [])));
    this.targetAttribute = (source) => targets.get(source);
    const sources = new Map([...targets].map(([source, target]) => [target, source]));
    this.nameOf = (target) => names.get(target);
    this.sourceOf = (target) => sources.get(target);
    this.#people = people;
    this.#statusOf = storedStatus(plan);
    this.#statuses = new Map(
      plan.statusTypes.map(({ source, target, action }) => [source, statusOn(source, target, action)]),
    );
  }

  /** Kinds of the target's attributes whose values come from the backup. */
  kinds({ attributes }: ConfigurationPlan): Map<string, AttributeKind> {
    return new Map(
      attributes.flatMap(({ source, target }) => {
        const attribute = this.attribute(source);
        return target !== undefined && attribute && attribute.lost === undefined
          ? [[target, attribute.kind] as const]
          : [];
      }),
    );
  }

  /**
   * @param reference the object of the target that a reference leads to, by the source's id
   * @param isItself of an object that is still there: people are who they were
   */
  values(reference: (id: string) => Resolved, isItself: boolean): ValueContext {
    const people = this.#people;
    const itself = (resolve: typeof userOf) => (person: ReadValue) =>
      isItself && person.id !== undefined ? { value: person.id } : resolve(people, person);
    return {
      attribute: this.attribute,
      reference,
      user: itself(userOf),
      group: itself(groupOf),
      status: (status, attribute) => {
        const stored = this.#statusOf(status, attribute);
        if ('lost' in stored) return stored;
        const known = this.#statuses.get(stored.source) ?? { lost: storesNoStatus };
        return isItself && 'lost' in known ? { value: stored.source } : known;
      },
      namesOfAccount: (account) => people.namesOf.get(account) ?? [],
    };
  }
}

function statusOn(source: string, target: string | undefined, action: ItemAction): Exclude<Resolved, 'later'> {
  if (target !== undefined) return { value: target };
  return action === 'create' ? { value: toBeMade(source) } : { lost: lacksStatus };
}
