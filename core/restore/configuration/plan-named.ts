import { type ApiRecord, type JsonRecord, textOf } from '../../model/json.ts';
import type { Planned, PlannedReferenceType, PlannedStatusType } from '../plan-files.ts';
import { filled } from './attribute-fields.ts';
import { matchNamed } from './match-named.ts';
import type { Planning, SchemaPair } from './planning.ts';
import { renamed, sameBut } from './told-changes.ts';

/** @param pair null for the global ones */
export function planStatusTypes(
  planning: Planning,
  pair: SchemaPair | null,
  source: readonly ApiRecord[],
  target: readonly ApiRecord[],
): PlannedStatusType[] {
  return planNamed(planning, 'status-type', pair, source, target).map(([record, planned]) => ({
    ...planned,
    category: Number(textOf(record.category) ?? 1),
  }));
}

/** @param pair null for the global ones */
export function planReferenceTypes(
  planning: Planning,
  pair: SchemaPair | null,
  source: readonly JsonRecord[],
  target: readonly JsonRecord[],
): PlannedReferenceType[] {
  return planNamed(planning, 'reference-type', pair, source, target).map(([record, planned]) => {
    const color = filled(record.color);
    return { ...planned, ...(color !== undefined && { color }) };
  });
}

function planNamed<T extends JsonRecord>(
  planning: Planning,
  kind: 'status-type' | 'reference-type',
  pair: SchemaPair | null,
  source: readonly T[],
  target: readonly T[],
) {
  const isInPlace = planning.sameSite && (pair === null || pair.planned.isInPlace);
  const list = kind === 'status-type' ? 'statusTypes' : 'referenceTypes';
  const known = (record: T) =>
    planning.known(list, namedId(record), pair, (id) => target.find((candidate) => namedId(candidate) === id));
  const matched = matchNamed(source, target, known);
  return source.map((record) => {
    const there = matched.get(record);
    const name = textOf(record.name) ?? '';
    const where = `${pair ? `${pair.planned.key}: ` : ''}${textOf(there?.name) ?? name}`;
    const changes = there ? renamed([name, textOf(there.name) ?? '']) : '';
    const isItself = there !== undefined && isInPlace && namedId(there) === namedId(record);
    // What people did to the very one is no loss.
    const other = there && !isItself && otherFields(record, there);
    if (other && other.length > 0) {
      const reason = `the target has one of this name with another ${other.join(' and ')}, which is used as it is`;
      planning.lose(kind, namedId(record), where, reason);
    }
    const planned: Planned & { name: string; schema: string | null; displayName?: string; description?: string } = {
      source: namedId(record),
      where,
      ...(there
        ? {
            action: 'reuse',
            reason: sameBut(changes, isItself),
            precondition: `${kind} ${namedId(there)}`,
            target: namedId(there),
          }
        : planning.absent(pair, kind, namedId(record), where, `${kind.replace('-', ' ')} of this name`)),
      name,
      schema: pair?.source.id ?? null,
      ...planning.described(record, true),
    };
    return [record, planned] as const;
  });
}

/** What a status type or reference type of the same name may have otherwise. */
function otherFields(source: JsonRecord, target: JsonRecord): string[] {
  return ['category', 'color', 'description'].filter(
    (field) => (textOf(source[field]) ?? '').toLowerCase() !== (textOf(target[field]) ?? '').toLowerCase(),
  );
}

/** Reference types need not have an id in the specification; then the name is all that names them. */
export function namedId(record: JsonRecord): string {
  return textOf(record.id) ?? textOf(record.name) ?? '';
}
