import type { Attribute } from '../../site/records.ts';
import type { Surroundings } from './surroundings.ts';

/** An AQL filter of a reference that mentions ids, and that all objects pointed to pass. */
export function randomFilter(
  { site, random }: Surroundings,
  attribute: Attribute,
  targetIds: readonly number[],
): string | undefined {
  const declared = site.types.get(attribute.targetTypeId ?? 0);
  if (!declared) return undefined;
  const used = new Set(targetIds.map((id) => site.object(id).typeId));
  const all = new Set([...used, declared.id]);
  const [first] = used;
  const onlyType = used.size === 0 ? declared.id : used.size === 1 ? first : undefined;
  const { schemaId } = declared;
  const filters = [
    `objectSchemaId = ${schemaId}`,
    `objectTypeId in (${[...all].join(', ')})`,
    `objectSchemaId = ${schemaId} AND objectTypeId IN (${[...all].reverse().join(',')})`,
    `(objectSchemaId in (${schemaId}) and Name is not empty) or objectTypeId in (${[...all].join(',')})`,
  ];
  if (onlyType !== undefined) {
    filters.push(`objectTypeId = ${onlyType}`, `objectTypeId=${onlyType} AND "Key" like "-"`);
  }
  return random.pick(filters);
}
