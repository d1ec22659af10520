import type { LostObjects } from '../../core/backup/loss-alarm/lost-objects.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { counted, readableCount } from '../../core/counted.ts';
import type { Suspicion } from '../../core/model/loss-alarm.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { PlaceWords } from '../place.ts';
import { section } from './section.ts';

/** What a report says of what a backup lacks that earlier ones have. */
export interface ShownLosses {
  /** What is suspicious and nobody has accepted. */
  readonly suspicions: readonly Suspicion[];
  /** What stands in the last backup that is not suspicious and not in this one; undefined where nobody has looked, or can tell. */
  readonly lost: readonly LostObjects[] | undefined;
}

const shownSuspicions = 20;
const shownObjects = 100;

/** What is suspicious, what is lost by name, and what to do about it; nothing where all is as before. */
export function lossesReport(
  { name, measured, suspicions: told }: Manifest,
  { suspicions, lost }: ShownLosses,
  { words }: PlaceWords,
): string[] {
  const against = measured.find(({ measure }) => measure === 'last')?.against ?? null;
  const accepted = told.length - suspicions.length;
  return [
    section(
      'Suspicious',
      suspicions.map(({ message }) => message),
      { shown: shownSuspicions, rest: 'which the manifest names' },
    ),
    accepted > 0
      ? `${counted(accepted, 'thing that was suspicious is', 'things that were suspicious are')} accepted.`
      : '',
    lostSection(lost ?? [], against),
    ...(against !== null && (suspicions.length > 0 || (lost ?? []).length > 0)
      ? [`What has changed since: ${shellCommand('diff', against, name, ...words)}`]
      : []),
    ...(suspicions.length > 0
      ? [`If it is meant so: ${shellCommand('accept', name, ...words, '--because', '...')}`]
      : []),
  ];
}

function lostSection(lost: readonly LostObjects[], against: string | null): string {
  const total = lost.reduce((sum, { number }) => sum + number, 0);
  const lines = lost.flatMap(({ schemaKey, type, number, first }) => {
    const more = number - first.length;
    return [
      ...first.map(({ key, label }) => `${schemaKey}, ${type}: ${key} ${label}`),
      ...(more > 0 ? [`${schemaKey}, ${type}: and ${readableCount(more)} more`] : []),
    ];
  });
  return section(`Not in it any more, and in ${against}`, lines, {
    shown: shownObjects,
    total,
    hidden: lines.length > shownObjects ? lines.length - shownObjects : 0,
    unit: ['object', 'objects'],
    rest: 'which diff names',
  });
}

/** ` 41 objects fewer than 2026-11-22_02-00-00.`, where there are fewer. */
export function fewerThanLast({ measured }: Pick<Manifest, 'measured'>): string {
  const last = measured.find(({ measure }) => measure === 'last');
  if (!last || last.against === null || last.now >= last.before) return '';
  return `${counted(last.before - last.now, 'object')} fewer than ${last.against}`;
}
