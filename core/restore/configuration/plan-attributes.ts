import { idOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { ItemAction } from '../../model/restore.ts';
import { type AttributeKind, kind, kindOfAttribute } from '../../reading/attribute-kinds.ts';
import type { LiveType } from '../../reading/live-configuration.ts';
import { automaticName, isSystem, type StoredAttribute, type StoredType } from '../../reading/stored-configuration.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import type { PlannedAttribute, PlannedType } from '../plan-files.ts';
import { fieldsNotForKind, fieldsOf, referenceOf, restrictionsOf } from './attribute-fields.ts';
import { notChosen, type Planning, type SchemaPair } from './planning.ts';
import { renamed, sameBut } from './told-changes.ts';

/** The attributes of all types, each with the type that defines it, in their order. */
export function planAttributes(
  planning: Planning,
  pairs: readonly SchemaPair[],
  types: readonly PlannedType[],
): PlannedAttribute[] {
  const byId = new Map(types.map((type) => [type.source, type]));
  return pairs.flatMap((pair) =>
    pair.source.types.flatMap((type) => {
      const planned = byId.get(type.id);
      const there = pair.target?.types.find(({ id }) => id === planned?.target);
      return planned ? new TypeAttributes(planning, byId, { pair, planned, there }).plan(type) : [];
    }),
  );
}

/** Where an attribute goes: the action, why, and the target's attribute where there is one. */
interface Destination {
  readonly where: string;
  readonly action: ItemAction;
  readonly reason: string;
  readonly target?: string;
  readonly finish: boolean;
}

class TypeAttributes {
  readonly #planning: Planning;
  readonly #types: ReadonlyMap<string, PlannedType>;
  readonly #pair: SchemaPair;
  readonly #type: PlannedType;
  readonly #there: LiveType | undefined;
  readonly #taken = new Set<string>();

  constructor(
    planning: Planning,
    types: ReadonlyMap<string, PlannedType>,
    { pair, planned, there }: { pair: SchemaPair; planned: PlannedType; there: LiveType | undefined },
  ) {
    this.#planning = planning;
    this.#types = types;
    this.#pair = pair;
    this.#type = planned;
    this.#there = there;
  }

  plan(type: StoredType): PlannedAttribute[] {
    // What is known stands for nothing else, whatever its name is by now.
    for (const attribute of type.attributes) {
      const known = this.#known(attribute);
      if (known) this.#taken.add(idOf(known));
    }
    return type.attributes.map((attribute) => {
      const reference = attribute.kind?.type === kind.reference ? referenceOf(attribute.record) : undefined;
      const destination = this.#destinationOf(attribute, reference);
      const mostValues = this.#planning.input.mostValues.get(attribute.id) ?? 0;
      const shown: AttributeKind = attribute.kind ?? { type: 0, defaultTypeId: 0 };
      return {
        source: attribute.id,
        type: this.#type.source,
        name: attribute.name,
        ...(attribute.kind && { kind: attribute.kind }),
        ...(attribute.role && { role: attribute.role }),
        ...destination,
        precondition: destination.target === undefined ? 'no such attribute' : `attribute ${destination.target}`,
        fields: {
          ...fieldsOf(attribute.record, shown, { mostValues }),
          // On a new type Name may be required and unique from the start: objects without one, or of one name, would be refused.
          ...(attribute.role === 'name' && { uniqueAttribute: false }),
          ...(attribute.role === 'name' &&
            this.#planning.input.missingIn.has(attribute.id) && { minimumCardinality: 0 }),
        },
        ...(reference && { reference }),
        restrictions: restrictionsOf(attribute.record, shown),
      };
    });
  }

  #destinationOf(attribute: StoredAttribute, reference: ReturnType<typeof referenceOf>): Destination {
    const there = this.#there && this.#find(attribute, this.#there);
    if (there) this.#taken.add(idOf(there));
    const where = `${this.#type.where}: ${textOf(there?.name) ?? attribute.name}`;
    if (attribute.role === 'system') {
      const reason = 'every type has it, and its values are made by the site';
      return { where, action: 'reuse', reason, finish: false, ...(there && { target: idOf(there) }) };
    }
    const { kind: of } = attribute;
    if (!of) return this.#skip(attribute, where, 'nothing in the backup tells what kind of attribute it is');
    if (there) return this.#reuse(attribute, of, there, where);
    const { isManaged, isReferrer, reason } = this.#pair.planned;
    if (isManaged || isReferrer) return this.#skip(attribute, where, isReferrer ? notChosen : reason);
    if (this.#planning.isLeft('attribute', attribute.id)) return this.#skip(attribute, where, notInApprovedPlan);
    if (this.#type.action === 'conflict' || this.#type.action === 'skip')
      return { where, action: 'skip', reason: this.#type.reason, finish: false };
    if (of.type === kind.reference) {
      if (!reference) return this.#skip(attribute, where, 'the backup does not tell which object type it refers to');
      if (!this.#isTypeKnown(reference.type)) {
        const reason =
          'it refers to an object type that is neither in this restore nor on the target, as itself or made by a restore: restore its schema in the same run';
        return this.#skip(attribute, where, reason);
      }
    }
    for (const field of fieldsNotForKind(attribute.record, of)) {
      const reason = `the API takes its field "${field}" only for attributes of another kind`;
      this.#planning.lose('attribute', attribute.id, where, reason);
    }
    if (attribute.role === 'name' && !this.#there) {
      return { where, action: 'update', reason: 'every new type has it; it is adapted', finish: true };
    }
    if (this.#there) this.#planning.approve(this.#pair, `make the attribute ${where}`);
    return { where, action: 'create', reason: 'the type on the target has no attribute of this name', finish: true };
  }

  #reuse(attribute: StoredAttribute, of: AttributeKind, there: ApiRecord, where: string): Destination {
    const target = idOf(there);
    const ofTarget = kindOfAttribute(there, of.type === 0 ? undefined : of.type);
    if (ofTarget?.type !== of.type || ofTarget.defaultTypeId !== of.defaultTypeId) {
      const reason = 'the attribute of this name on the target is of another kind, so no value can go into it';
      this.#planning.lose('attribute', attribute.id, where, reason);
      return { where, action: 'conflict', reason, target, finish: false };
    }
    const isOwn = this.#planning.input.own.isUnfinished('attribute', attribute.id, this.#pair.planned);
    const isLeft = this.#planning.isLeft('attribute', attribute.id);
    // Name comes with a type that an earlier restore made; it is adapted with it.
    const isUnfinished = !isLeft && (isOwn || (attribute.role === 'name' && this.#type.finish));
    const finish = !this.#pair.planned.isReferrer && isUnfinished;
    const changes = this.#known(attribute) === there ? renamed([attribute.name, textOf(there.name) ?? '']) : '';

    return {
      where,
      action: finish ? 'update' : 'reuse',
      reason: finish ? 'an earlier restore made it' : sameBut(changes, this.#pair.planned.isInPlace),
      target,
      finish,
    };
  }

  #skip(attribute: StoredAttribute, where: string, reason: string): Destination {
    this.#planning.lose('attribute', attribute.id, where, reason);
    return { where, action: 'skip', reason, finish: false };
  }

  #find(attribute: StoredAttribute, { attributes }: LiveType): ApiRecord | undefined {
    const known = this.#known(attribute);
    if (known) return known;
    const free = attributes.filter(
      (candidate) => !this.#taken.has(idOf(candidate)) && isSystem(candidate) === (attribute.role === 'system'),
    );
    const named = free.find((candidate) => candidate.name === attribute.name);
    if (named || attribute.role !== 'name') return named;
    const nameId = automaticName(attributes);
    return free.find((candidate) => idOf(candidate) === nameId);
  }

  #known({ id }: StoredAttribute): ApiRecord | undefined {
    const find = (known: string) => this.#there?.attributes.find((candidate) => idOf(candidate) === known);
    return this.#planning.known('attributes', id, this.#pair, find);
  }

  #isTypeKnown(id: string): boolean {
    return this.#types.has(id) || this.#planning.outsideType(id) !== undefined;
  }
}
