import { idOf } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { AttributeFields } from '../../ports/assets-writer.ts';
import {
  type AttributeKind,
  defaultKind,
  isSelect,
  kindOfAttribute,
  optionsIn,
} from '../../reading/attribute-kinds.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { isSystem } from '../../reading/stored-configuration.ts';
import type { ConfigurationPlan, PlannedAttribute, Restrictions } from '../plan-files.ts';
import { restrictionsOf } from './attribute-fields.ts';

/** An attribute of a type that is there, with what it demands of every object that is made. */
export interface AttributeInForce {
  /** Ids on the target: its own, and that of the type that defines it. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly where: string;
  readonly kind: AttributeKind;
  /** What it is in the backup; undefined where the backup does not have it. */
  readonly planned: PlannedAttribute | undefined;
  /** Ids in it are the target's. */
  readonly demands: Restrictions;
}

/** What an attribute may demand, in words, and the field by which it does. */
export const demandWords = {
  required: { field: 'minimumCardinality', says: 'it is required' },
  most: { field: 'maximumCardinality', says: 'it takes fewer values' },
  unique: { field: 'uniqueAttribute', says: 'it is unique' },
  pattern: { field: 'regexValidation', says: 'its values have to match a pattern' },
  filter: { field: 'qlQuery', says: 'it has a filter' },
  statuses: { field: 'typeValueMulti', says: 'it is restricted to some statuses' },
  groups: { field: 'typeValueMulti', says: 'it is restricted to members of groups' },
  options: { field: 'options', says: 'it lacks options' },
} as const satisfies Record<string, { field: keyof AttributeFields; says: string }>;

export type Demand = keyof typeof demandWords;

/** The field of a demand as it stands, and as it is while objects are made. `used`: options that their values need. */
export function relaxedField(
  { demands }: AttributeInForce,
  demand: Demand,
  used: ReadonlySet<string>,
): { readonly before: AttributeFields; readonly meanwhile: AttributeFields } {
  const { field } = demandWords[demand];
  const pair = <T>(before: T, meanwhile: T) => ({ before: { [field]: before }, meanwhile: { [field]: meanwhile } });
  switch (demand) {
    case 'required':
      return pair(demands.minimumCardinality, 0);
    case 'most':
      return pair(demands.maximumCardinality, -1);
    case 'unique':
      return pair(true, false);
    case 'pattern':
      return pair(demands.regexValidation, '');
    case 'filter':
      return pair(demands.qlQuery, '');
    case 'statuses':
      return pair(demands.statuses, []);
    case 'groups':
      return pair(demands.groups, []);
    case 'options':
      return pair(demands.options, withOptions(demands.options, used));
  }
}

/** The list of a select with what it lacks of other options, at its end. */
export function withOptions(list: string, others: Iterable<string>): string {
  const known = new Set(optionsIn(list));
  const lacking = [...others].filter((option) => !known.has(option.trim()));
  return [...(list === '' ? [] : [list]), ...lacking].join(',');
}

/** By which demands a value is not taken, as far as that can be known of it alone. */
export function refusedValues({ demands, kind }: AttributeInForce): Partial<Record<Demand, (text: string) => boolean>> {
  const pattern = patternOf(demands.regexValidation);
  const options = optionsIn(demands.options);
  return {
    ...(pattern && { pattern: (text) => !pattern.test(text) }),
    ...(isSelect(kind) && { options: (text) => !options.includes(text.trim()) }),
    ...(demands.statuses.length > 0 && { statuses: (text) => !demands.statuses.includes(text) }),
  };
}

export const demandsInWords = (broken: readonly Demand[]) =>
  broken.map((demand) => demandWords[demand].says).join(', and ');

/** What a site alone can judge: it is relaxed where it is not what the backup has. */
export function unknowable({ demands, planned }: AttributeInForce): Demand[] {
  const stored = planned?.restrictions;
  const isOwn = (field: 'regexValidation' | 'qlQuery' | 'groups') =>
    JSON.stringify(stored?.[field]) === JSON.stringify(demands[field]);
  return [
    ...(demands.regexValidation !== '' && !patternOf(demands.regexValidation) && !isOwn('regexValidation')
      ? ['pattern' as const]
      : []),
    ...(demands.qlQuery !== '' && !isOwn('qlQuery') ? ['filter' as const] : []),
    ...(demands.groups.length > 0 && !isOwn('groups') ? ['groups' as const] : []),
  ];
}

/** Undefined for none, and for one that JavaScript reads otherwise than the site, as far as that can be seen. */
function patternOf(text: string): RegExp | undefined {
  if (text === '') return undefined;
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    return undefined;
  }
}

/**
 * The attributes of the target's types that are in force already, inherited ones among them, by the id of the type. What this
 * restore makes, or one before it that was stopped, gets its restrictions after the objects.
 */
export function restrictionsInForce(
  { types, attributes }: ConfigurationPlan,
  target: LiveConfiguration,
): Map<string, AttributeInForce[]> {
  const live = [...target.existing.values()].flatMap((schema) => schema.types);
  const definedBy = new Map(live.flatMap((type) => type.attributes.map((record) => [idOf(record) as string, type.id])));
  const planned = new Map(attributes.flatMap((attribute) => (attribute.target ? [[attribute.target, attribute]] : [])));
  const inForce = new Map<string, AttributeInForce[]>();
  for (const { target: id, where } of types) {
    const type = live.find((candidate) => candidate.id === id);
    if (!type) continue;
    const records = type.allAttributes.filter((record) => !isSystem(record));
    const found = records.flatMap((record): AttributeInForce[] => {
      const attribute = planned.get(idOf(record));
      if (attribute?.finish) return [];
      const name = textOf(record.name) ?? '';
      const kind = kindOfAttribute(record, attribute?.kind?.type) ?? { type: 0, defaultTypeId: defaultKind.text };
      return [
        {
          id: idOf(record),
          type: definedBy.get(idOf(record)) ?? type.id,
          name,
          where: attribute?.where ?? `${where}: ${name}`,
          kind,
          planned: attribute,
          demands: restrictionsOf(record, kind),
        },
      ];
    });
    inForce.set(type.id, found);
  }
  return inForce;
}
