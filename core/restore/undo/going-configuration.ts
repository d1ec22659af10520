import { idOf, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, isRecord, recordsOf, textOf } from '../../model/json.ts';
import type { ItemKind } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { kind, kindOfAttribute } from '../../reading/attribute-kinds.ts';
import type { LiveConfiguration, LiveType } from '../../reading/live-configuration.ts';
import { readObjects } from '../../reading/read-objects.ts';
import { automaticName, isSystem } from '../../reading/stored-configuration.ts';
import { sayWaiting } from '../../waiting.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import { referenceOf } from '../configuration/attribute-fields.ts';
import { iconOf } from '../configuration/plan-icons.ts';
import {
  countedSchemas,
  type Hiding,
  hidingIn,
  objectsNotSeen,
  schemasHolding,
  typesNotSeen,
} from './counted-schema.ts';
import type { MadeThing } from './made-configuration.ts';

/** What becomes of an object by the time that the configuration's turn comes. */
export interface Foreseen {
  /** Whether it will be deleted by then. */
  isGoing(objectId: string): boolean;
  /** Whether this attribute of it will be set back by then to what it was before the restore. */
  isSetBack(objectId: string, attributeId: string): boolean;
}

/** What of what a restore has made goes, and what stays, with why. */
export interface ConfigurationGoing {
  readonly going: readonly MadeThing[];
  /** What of it is deleted by itself, in the order in which that can be; the rest goes with what contains it. */
  readonly deletes: readonly MadeThing[];
  readonly stays: readonly (MadeThing & { readonly reason: string })[];
}

/**
 * Judges what a restore has made of the configuration. Nothing goes that holds, or is used by, anything which stays: a type that
 * has objects, children or attributes of somebody else, an attribute in which an object has a value, a status that is one.
 */
export async function goingConfiguration(
  reading: UseReading,
  { made, live }: { readonly made: readonly MadeThing[]; readonly live: LiveConfiguration },
  foreseen: Foreseen,
  isApproved: (thing: MadeThing) => boolean,
): Promise<ConfigurationGoing> {
  return new ConfigurationJudge(made, live, await readUse(reading, made, live, foreseen), isApproved).judge();
}

/** Ids of what objects that will be there use: types that hold any, and what their values are of. */
interface Use {
  readonly types: Set<string>;
  readonly attributes: Set<string>;
  readonly statuses: Set<string>;
  /** Ids of schemas in which the site counts more objects than it shows, and of those in which it counts more types. */
  hiding: Hiding;
}

interface UseReading {
  readonly services: Pick<Services, 'clock' | 'reporter' | 'searchLagMilliseconds'>;
  readonly reader: AssetsReader;
}

/** Reads the objects of every type in which something that was made may be in use. */
async function readUse(
  { services, reader }: UseReading,
  made: readonly MadeThing[],
  live: LiveConfiguration,
  foreseen: Foreseen,
): Promise<Use> {
  const hiding: Hiding = { objects: new Set(), types: new Set() };
  const use: Use = { types: new Set(), attributes: new Set(), statuses: new Set(), hiding };
  const seen = new Map<string, number>();
  const idsOf = (kind: ItemKind) => new Set(made.flatMap((thing) => (thing.kind === kind ? [thing.id] : [])));
  const [types, attributes, statuses] = [idsOf('object-type'), idsOf('attribute'), idsOf('status-type')];
  const mayUse = (type: LiveType) =>
    types.has(type.id) ||
    type.allAttributes.some((attribute) => attributes.has(idOf(attribute))) ||
    (statuses.size > 0 && type.allAttributes.some(isStatus));
  const doubtful: LiveType[] = [];
  for (const type of typesOf(live).filter(mayUse)) {
    if (!(await addUseOf(reader, type, foreseen, use, seen))) doubtful.push(type);
  }
  const holding = schemasHolding(made, live);
  use.hiding = hidingIn(holding, await countedSchemas(reader, holding.keys(), live.schemas), seen);
  if (doubtful.length === 0 && use.hiding.objects.size + use.hiding.types.size === 0) return use;
  const { searchLagMilliseconds: milliseconds } = services;
  const what = 'for the search of the site to show all objects that it counts';
  await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
  for (const type of doubtful) {
    if (await addUseOf(reader, type, foreseen, use, seen)) continue;
    // What the rest holds nobody knows.
    use.types.add(type.id);
    for (const attribute of type.allAttributes) use.attributes.add(idOf(attribute));
    if (type.allAttributes.some(isStatus)) for (const status of statuses) use.statuses.add(status);
  }
  // What is in types that nobody had to read the search may count.
  const unread = [...holding].flatMap(([, { types: inIt }]) => inIt.filter(({ id }) => !seen.has(id)));
  for (const { id } of unread) seen.set(id, await reader.countObjects({ objectTypeId: id as ObjectTypeId }));
  use.hiding = hidingIn(holding, await countedSchemas(reader, holding.keys(), await reader.objectSchemas()), seen);
  return use;
}

/** Adds what objects of one type use that will be there; false where the site counts more of them than it shows. */
async function addUseOf(
  reader: AssetsReader,
  type: LiveType,
  { isGoing, isSetBack }: Foreseen,
  use: Use,
  seen: Map<string, number>,
): Promise<boolean> {
  const ofStatus = new Set(type.allAttributes.filter(isStatus).map((attribute) => idOf(attribute) as string));
  const take = (object: ApiRecord) => {
    const id: string = idOf(object);
    if (isGoing(id)) return;
    use.types.add(type.id);
    for (const entry of recordsOf(object.attributes)) {
      const attribute = textOf(entry.objectTypeAttributeId) ?? '';
      const values = recordsOf(entry.objectAttributeValues);
      if (values.length === 0 || isSetBack(id, attribute)) continue;
      use.attributes.add(attribute);
      if (!ofStatus.has(attribute)) continue;
      for (const { status } of values) if (isRecord(status)) use.statuses.add(textOf(status.id) ?? '');
    }
  };
  const expected = Number(textOf(type.record.objectCount) ?? 0);
  const { ids, isProven } = await readObjects(reader, type.id as ObjectTypeId, take, { expected });
  seen.set(type.id, ids.length);
  return isProven && expected <= ids.length;
}

class ConfigurationJudge {
  readonly #made: readonly MadeThing[];
  readonly #byName: ReadonlyMap<string, MadeThing>;
  readonly #live: LiveConfiguration;
  readonly #use: Use;
  readonly #types: readonly LiveType[];
  readonly #reasons: Map<MadeThing, string>;

  constructor(
    made: readonly MadeThing[],
    live: LiveConfiguration,
    use: Use,
    isApproved: (thing: MadeThing) => boolean,
  ) {
    this.#made = made;
    this.#byName = new Map(made.map((thing) => [`${thing.kind} ${thing.id}`, thing]));
    this.#live = live;
    this.#use = use;
    this.#types = typesOf(live);
    this.#reasons = new Map();
    for (const thing of made) {
      if (thing.isUnknown) this.#reasons.set(thing, 'the restore was stopped, and nobody knows who has made it');
      else if (!isApproved(thing)) this.#reasons.set(thing, notInApprovedPlan);
    }
  }

  /** Why what holds or describes objects of a schema stays, where this login does not see all that is there. */
  #hiddenIn(schema: string | undefined): string | undefined {
    const { objects, types } = this.#use.hiding;
    if (schema === undefined) return undefined;
    return types.has(schema) ? typesNotSeen : objects.has(schema) ? objectsNotSeen : undefined;
  }

  #schemaWith(isIt: (type: LiveType) => boolean): string | undefined {
    return [...this.#live.existing].find(([, { types }]) => types.some(isIt))?.[0];
  }

  judge(): ConfigurationGoing {
    // What stays may keep others: until nothing more does.
    for (let before = -1; before < this.#reasons.size; ) {
      before = this.#reasons.size;
      for (const thing of this.#made) {
        const reason = this.#reasons.has(thing) ? undefined : this.#reasonOf(thing);
        if (reason !== undefined) this.#reasons.set(thing, reason);
      }
    }
    const going = this.#made.filter((thing) => !this.#reasons.has(thing));
    return {
      going,
      deletes: this.#inOrder(going),
      stays: [...this.#reasons].map(([thing, reason]) => ({ ...thing, reason })),
    };
  }

  #reasonOf(thing: MadeThing): string | undefined {
    const { kind, id } = thing;
    const place =
      kind === 'schema'
        ? id
        : kind === 'object-type'
          ? this.#schemaWith((type) => type.id === id)
          : kind === 'attribute'
            ? this.#schemaWith((type) => type.attributes.some((attribute) => idOf(attribute) === id))
            : undefined;
    const hidden = this.#hiddenIn(place);
    if (hidden !== undefined) return hidden;
    // Any of the types that nobody sees may use it.
    if (place === undefined && this.#use.hiding.types.size > 0) return typesNotSeen;
    switch (thing.kind) {
      case 'schema':
        return this.#reasonOfSchema(thing);
      case 'object-type':
        return this.#reasonOfType(thing);
      case 'attribute':
        return this.#use.attributes.has(thing.id) ? 'objects have values in it' : undefined;
      case 'status-type':
        return this.#reasonOfStatus(thing);
      case 'reference-type':
        return this.#attributes(
          (attribute) => referenceOf(attribute)?.referenceType === thing.id,
          'an attribute that stays is of this reference type',
        );
      default:
        return this.#types.some((type) => this.#stays('object-type', type.id) && iconOf(type.record)?.id === thing.id)
          ? 'an object type that stays has it'
          : undefined;
    }
  }

  #reasonOfSchema({ id }: MadeThing): string | undefined {
    const types = this.#live.existing.get(id)?.types ?? [];
    return types.some((type) => this.#stays('object-type', type.id)) ? 'it has object types that stay' : undefined;
  }

  #reasonOfType({ id }: MadeThing): string | undefined {
    const type = this.#types.find((one) => one.id === id);
    if (this.#use.types.has(id)) return 'it holds objects that stay';
    if (this.#types.some(({ id: child, parentId }) => parentId === id && this.#stays('object-type', child)))
      return 'it has a child that stays';
    const automatic = automaticName(type?.attributes ?? []);
    const isForeign = (attribute: ApiRecord) =>
      !isSystem(attribute) && idOf(attribute) !== automatic && !this.#isMade('attribute', idOf(attribute));
    if (type?.attributes.some(isForeign)) return 'somebody has made an attribute in it';
    return this.#attributes(
      (attribute, owner) => owner.id !== id && referenceOf(attribute)?.type === id,
      'an attribute that stays refers to it',
    );
  }

  #reasonOfStatus({ id }: MadeThing): string | undefined {
    if (this.#use.statuses.has(id)) return 'objects have it';
    return this.#attributes(
      ({ typeValueMulti }) => Array.isArray(typeValueMulti) && typeValueMulti.map(String).includes(id),
      'an attribute that stays allows it',
    );
  }

  /** The reason, where such an attribute stays. */
  #attributes(isMeant: (attribute: ApiRecord, owner: LiveType) => boolean, reason: string): string | undefined {
    const isThere = this.#types.some(
      (owner) =>
        this.#stays('object-type', owner.id) &&
        owner.attributes.some((attribute) => this.#stays('attribute', idOf(attribute)) && isMeant(attribute, owner)),
    );
    return isThere ? reason : undefined;
  }

  #isMade(kind: ItemKind, id: string): boolean {
    return this.#byName.has(`${kind} ${id}`);
  }

  #stays(kind: ItemKind, id: string): boolean {
    const made = this.#byName.get(`${kind} ${id}`);
    return made === undefined || this.#reasons.has(made);
  }

  /**
   * References between types first, which some sites do not delete while one refers to them; then children before their parents.
   * What goes with its type or schema is not deleted by itself.
   */
  #inOrder(going: readonly MadeThing[]): MadeThing[] {
    const ids = new Set(going.map(({ kind, id }) => `${kind} ${id}`));
    const owner = new Map(
      this.#types.flatMap((type) =>
        type.attributes.map((attribute) => [idOf(attribute) as string, { type, attribute }]),
      ),
    );
    const goesWithItsType = ({ id }: MadeThing) => {
      const { type, attribute } = owner.get(id) ?? {};
      if (!type || !attribute || !ids.has(`object-type ${type.id}`)) return false;
      const refersTo = referenceOf(attribute)?.type;
      return refersTo === undefined || refersTo === type.id || !ids.has(`object-type ${refersTo}`);
    };
    const scoped = (thing: MadeThing) =>
      [...this.#live.existing].some(
        ([schema, { statusTypes, referenceTypes }]) =>
          ids.has(`schema ${schema}`) &&
          (thing.kind === 'status-type' ? statusTypes : referenceTypes).some(
            (record) => textOf(record.id) === thing.id && textOf(record.objectSchemaId) === schema,
          ),
      );
    const depth = new Map(this.#types.map(({ id, path }) => [id, path.length]));
    const of = (kind: ItemKind) => going.filter((thing) => thing.kind === kind);
    return [
      ...of('attribute').filter((thing) => !goesWithItsType(thing)),
      ...of('object-type').toSorted((a, b) => (depth.get(b.id) ?? 0) - (depth.get(a.id) ?? 0)),
      ...of('schema'),
      ...of('status-type').filter((thing) => !scoped(thing)),
      ...of('reference-type').filter((thing) => !scoped(thing)),
      ...of('icon'),
    ];
  }
}

const typesOf = (live: LiveConfiguration): LiveType[] => [...live.existing.values()].flatMap(({ types }) => types);

const isStatus = (attribute: ApiRecord) => kindOfAttribute(attribute, undefined)?.type === kind.status;
