import { counted, readableCount } from '../../core/counted.ts';
import { itemKinds, type PlanSummary } from '../../core/model/restore.ts';
import { plannedIssuesTitle } from '../../core/restore/issues/relinked-fields.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { changedTitle, linkedTitle } from '../../core/restore/survivor-lines.ts';
import type { PlaceWords } from '../place.ts';
import { notStoredFact } from './backup-report.ts';
import { kindWords } from './restore-words.ts';
import { paragraphs, section } from './section.ts';
import { facts } from './table.ts';

const shownChanges = 10;

/** What a person needs to see of a plan before it is carried out: where, how much, and what changes in what is there. */
export function planInShort(summary: PlanSummary, place: PlaceWords): string {
  const { backup, target, counts, approvals, linked, changed, lossCount, restore, issues } = summary;
  const { create, update, reuse, conflict, skip } = counts.object;
  const some = (count: number, words: string) => (count > 0 ? [`${readableCount(count)} ${words}`] : []);
  const objects = [
    ...some(create, 'to create'),
    ...some(update, 'to change'),
    ...some(reuse, 'left as they are'),
    ...some(conflict, 'in conflict, left alone'),
    ...some(skip, 'skipped'),
  ];
  const others = itemKinds
    .filter((kind) => kind !== 'object' && counts[kind].create + counts[kind].update > 0)
    .map((kind) => counted(counts[kind].create + counts[kind].update, ...kindWords[kind]));
  const plan = place.addressOfWork(restoreKeys(restore).plan);
  return paragraphs([
    facts([
      ['Backup', backup],
      ['Target', target],
      ['Objects', objects.join(', ') || 'none'],
      ...(others.length > 0 ? [['To make or set', others.join(', ')] as const] : []),
      ...(lossCount > 0 ? [['Values lost', readableCount(lossCount)] as const] : []),
      ...notStoredFact(summary.notStored),
      ['The plan', plan],
    ]),
    section(
      'Changes in what is there',
      [
        ...(linked.references > 0 ? [linkedTitle(linked, false)] : []),
        ...(issues?.issues ? [plannedIssuesTitle(issues)] : []),
        ...approvals,
      ],
      { shown: shownChanges, rest: `in ${plan}` },
    ),
    changed.attributes > 0 ? `${changedTitle(changed)}.` : '',
  ]);
}

/** The question that is asked once: of the objects on which rules of Jira automation may fire. */
export function confirmation({ target, counts, writes }: PlanSummary): string | undefined {
  const { create, update } = counts.object;
  const deed = update === 0 ? 'created' : create === 0 ? 'changed' : 'created or changed';
  return writes === 0
    ? undefined
    : shallGoOn({ target, objects: create + update, deed, others: writes - create - update });
}

/** @param deed what becomes of the objects: `created or changed` */
export function shallGoOn({
  target,
  objects,
  deed,
  others,
}: {
  readonly target: string;
  readonly objects: number;
  readonly deed: string;
  readonly others: number;
}): string {
  const host = target.replace(/^https?:\/\//, '');
  return objects > 0
    ? `${counted(objects, 'object')} on ${host} will be ${deed}; Jira automation may fire on each. Go on?`
    : `${counted(others, 'thing')} on ${host} will be written, and no object. Go on?`;
}
