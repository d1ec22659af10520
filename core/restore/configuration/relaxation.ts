import { idOf } from '../../model/ids.ts';
import type { ApiRecord, Json } from '../../model/json.ts';
import type { AttributeFields } from '../../ports/assets-writer.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';

/** An attribute that is there, whose restrictions are in the way of objects. */
export interface Relaxation {
  readonly where: string;
  /** What of it is in the way, in words. */
  readonly because: readonly string[];
  /** Its id in the backup; where the backup does not have it, the target's. */
  readonly source: string;
  /** Ids on the target: the type that defines it, and its own. */
  readonly type: string;
  readonly id: string;
  /** The same fields as they stand, and as they stand while objects are made. */
  readonly before: AttributeFields;
  readonly meanwhile: AttributeFields;
}

/** What a person has to agree to. */
export const approvalOf = (relaxation: Relaxation) =>
  `relax the attribute ${relaxation.where} (${relaxedReason(relaxation)})`;

export const relaxedReason = ({ because }: Relaxation) =>
  `${because.join(', and ')}: that is taken off until the objects are made, and put back`;

export const demanded = ({ id, before }: Relaxation) => `attribute ${id} that demands ${JSON.stringify(before)}`;

/** The fields that stand as `from` has them and that `to` has otherwise: those of `to`. What is neither is somebody's work. */
export function fieldsToSet(record: ApiRecord, from: AttributeFields, to: AttributeFields): AttributeFields {
  const fields = Object.entries(to).filter(([field, value]) => {
    const now = valueIn(record, field as keyof AttributeFields);
    return now === spelt(from[field as keyof AttributeFields]) && now !== spelt(value);
  });
  return Object.fromEntries(fields);
}

export function standsAs(record: ApiRecord, wanted: AttributeFields): boolean {
  const fields = Object.keys(wanted) as (keyof AttributeFields)[];
  return fields.every((field) => spelt(wanted[field]) === valueIn(record, field));
}

/** The target with what restores have relaxed and nobody has put back as it stood before. */
export function unrelaxed(target: LiveConfiguration, open: readonly Relaxation[]): LiveConfiguration {
  if (open.length === 0) return target;
  const byId = Map.groupBy(open, ({ id }) => id);
  const asBefore = (record: ApiRecord): ApiRecord => {
    const known: ApiRecord = { ...record };
    for (const { before, meanwhile } of byId.get(idOf(record)) ?? []) {
      const { qlQuery, ...fields } = fieldsToSet(known, meanwhile, before);
      Object.assign(known, fields, qlQuery !== undefined && { qlQuery, iql: qlQuery });
    }
    return known;
  };
  const all = (records: readonly ApiRecord[]) => records.map(asBefore);
  const existing = [...target.existing].map(([id, schema]) => {
    const types = schema.types.map((type) => ({
      ...type,
      attributes: all(type.attributes),
      allAttributes: all(type.allAttributes),
    }));
    return [id, { ...schema, types, attributes: all(schema.attributes) }] as const;
  });
  return { ...target, existing: new Map(existing) };
}

const standard: Readonly<Record<string, Json>> = {
  minimumCardinality: 0,
  maximumCardinality: 1,
  uniqueAttribute: false,
};

function valueIn(record: ApiRecord, field: keyof AttributeFields): string {
  const value = field === 'qlQuery' ? (record.qlQuery ?? record.iql) : record[field];
  return spelt(value ?? standard[field]);
}

/** Numbers may come as texts, lists in any order; what is not there is empty. */
function spelt(value: Json | readonly string[] | undefined): string {
  if (Array.isArray(value)) return JSON.stringify(value.map(String).sort());
  return value === undefined || value === null || value === '' ? '[]' : String(value);
}
