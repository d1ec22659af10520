import { oldestActivity } from '../../core/backup-format/oldest-activity.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';
import { readableSize } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { Verification } from '../../core/verify/verification.ts';
import type { PlaceWords } from '../place.ts';
import { oldestFact } from './oldest-fact.ts';
import { facts } from './table.ts';

const shownStrangers = 20;

/** What was checked and what is wrong, every problem by its file. */
export function verificationReport(verification: Verification, place: PlaceWords): string {
  const { backup, writtenAs, files, bytes, objects, referencesInside, referencesOutside, activity } = verification;
  const { problems, strangers, originalScripts } = verification;
  return [
    facts([
      ['Backup', writtenAs === undefined ? backup : `${backup}, renamed: it was written as ${writtenAs}`],
      ['Files', `${readableCount(files)} as they were stored, ${readableSize(bytes)}`],
      ['Objects', readableCount(objects)],
      [
        'References',
        `${readableCount(referencesInside)} inside the backup, ${readableCount(referencesOutside)} to objects outside`,
      ],
      ...(activity ? oldestFact(oldestActivity({ activity })) : []),
    ]),
    ...(originalScripts
      ? [['Of the original scripts:', ...originalScripts.map((line) => `  - ${line}`)].join('\n')]
      : []),
    ...(problems.length > 0 ? [problemList(problems)] : []),
    ...(strangers.length > 0 ? [strangerList(strangers)] : []),
    lastLine(verification, place),
  ].join('\n\n');
}

function problemList(problems: Verification['problems']): string {
  const lines = problems.map(({ key, problem }) => `  - ${harmless(key)} ${harmless(problem)}`);
  return [`Problems (${readableCount(problems.length)}):`, ...lines].join('\n');
}

function strangerList(strangers: readonly string[]): string {
  const rest = strangers.length - shownStrangers;
  return [
    `Note: ${counted(strangers.length, 'file')} in the folder that the backup does not name; not read, no damage:`,
    ...strangers.slice(0, shownStrangers).map((key) => `  - ${harmless(key)}`),
    ...(rest > 0 ? [`  and ${readableCount(rest)} more`] : []),
  ].join('\n');
}

function lastLine({ backup, problems, files }: Verification, place: PlaceWords): string {
  if (problems.length === 0) {
    return `${backup} is whole: ${counted(files, 'file')} checked, nothing is wrong. All backups: ${shellCommand('list', ...place.words)}`;
  }
  const broken = new Set(problems.map(({ key }) => key)).size;
  return `${backup} is damaged in ${counted(broken, 'file')}. Keep it and make another: ${place.newBackup}`;
}
