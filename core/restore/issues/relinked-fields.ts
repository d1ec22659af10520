import { counted } from '../../counted.ts';
import type { Loss, PlannedIssues, RelinkedIssues } from '../../model/restore.ts';
import type { HeldObjects } from './issue-batches.ts';

/**
 * What became of a field of an issue. `linked`: it was written and read back; in a dry run it would be. `already`: it holds what was
 * made. `other`: it differs otherwise, which was somebody's work. `lost`: it should hold something and does not.
 */
export interface RelinkedField extends Omit<HeldObjects, 'before'> {
  readonly outcome: 'linked' | 'already' | 'other' | 'lost';
  readonly reason?: string;
  /** Its key today, where it is another one. */
  readonly keyNow?: string;
  /** Of one that was linked: what stood there just before, and what was written. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Of what it held: objects that are gone and in whose place nothing was made; and of a lost one those that it should hold. */
  readonly notRestored: number;
  readonly notLinked: number;
}

/** What a batch has come to. */
export interface RelinkedBatch {
  readonly fields: readonly RelinkedField[];
}

/** Why an object is missing in a field that is linked otherwise. */
export const nothingMade = 'the object that it held is gone, and nothing was made in its place';
export const somebodysWork = 'somebody has changed the field since the backup: it stays as it is';

export function lossesOfField({ issue, key, name, outcome, reason = '', ...counts }: RelinkedField): Loss[] {
  const place = { kind: 'issue', source: issue, where: key, attribute: name } as const;
  return [
    ...(outcome === 'lost' && counts.notLinked > 0 ? [{ ...place, values: counts.notLinked, reason }] : []),
    ...(counts.notRestored > 0 ? [{ ...place, values: counts.notRestored, reason: nothingMade }] : []),
  ];
}

export function relinkedIssues(fields: readonly RelinkedField[]): RelinkedIssues {
  const of = (outcome: RelinkedField['outcome']) => fields.filter((one) => one.outcome === outcome);
  const linked = of('linked');
  const places = [...Map.groupBy(linked, ({ field }) => field).values()].map((list) => {
    return { id: list[0]?.field ?? '', name: list[0]?.name ?? '', linked: list.length };
  });
  return {
    issues: new Set(linked.map(({ issue }) => issue)).size,
    fields: linked.length,
    already: of('already').length,
    others: of('other').length,
    lost: of('lost').length,
    places: places.toSorted((a, b) => b.linked - a.linked),
  };
}

/** `2 issues hold what was made again, 1 field held it already, 1 was changed by somebody and stays as it is`. */
export function relinkedTitle({ issues, already, others }: RelinkedIssues, isDone: boolean): string {
  const hold = !isDone ? 'would hold' : issues === 1 ? 'holds' : 'hold';
  const held = isDone ? 'held' : already === 1 ? 'holds' : 'hold';
  return [
    `${counted(issues, 'issue')} ${hold} what was made in the place of what was deleted`,
    ...(already > 0 ? [`${counted(already, 'field')} ${held} it already`] : []),
    ...(others > 0
      ? [
          `${counted(others, 'field')} that somebody has changed since the backup ${others === 1 ? 'stays as it is' : 'stay as they are'}`,
        ]
      : []),
  ].join(', ');
}

/** A line for each field, by its id, since names are not unique. */
export function relinkedLines({ places }: RelinkedIssues): string[] {
  return places.map(({ id, name, linked }) => `${name} (${id}): ${counted(linked, 'issue')}`);
}

export function plannedIssuesTitle({ issues, fields }: PlannedIssues): string {
  const is = issues === 1 ? 'that holds what is deleted is' : 'that hold what is deleted are';
  return `${counted(issues, 'issue')} in ${counted(fields.length, 'field')} ${is} linked again, unless somebody has changed them since the backup`;
}

export function plannedIssuesLines({ fields }: PlannedIssues): string[] {
  return fields.map(({ id, name, issues }) => `${name} (${id}): ${counted(issues, 'issue')}`);
}
