import type { CopyResult } from '../../core/copy/copy-backup.ts';
import type { WhatIsThere } from '../../core/copy/what-is-there.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { readableSize } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { PlaceWords } from '../place.ts';
import { scriptsFact } from './backup-details.ts';
import { paragraphs } from './section.ts';
import { facts } from './table.ts';

export interface CopyPlaces {
  readonly source: PlaceWords;
  readonly destination: PlaceWords;
}

/** What went over, what did not, and what a copy is in its new place. */
export function copyReport(result: CopyResult, { source, destination }: CopyPlaces): string {
  const { backup, status, there, journals, originalScripts } = result;
  return paragraphs([
    facts([
      ['Backup', `${backup}, ${status}`],
      ['From', source.addressOfBackup(backup)],
      ...scriptsFact(originalScripts),
      ['To', destination.addressOfBackup(backup)],
      ['Files', filesText(result)],
      ['Checked', there === 'nothing' ? 'every byte, before and after' : 'every byte of what is there'],
      ...(Object.values(journals).some((files) => files > 0) ? [['Restores', journalsText(result)] as const] : []),
    ]),
    journals.left > 0 ? journalsLeft(result, destination) : '',
    status === 'partial' ? `Note: ${backup} is partial there too: what it lacks it names (assets-backup show).` : '',
    standings[there],
    `${backup} is whole in ${destination.name}. Look into it: ${shellCommand('show', backup, ...destination.words)}`,
  ]);
}

const copyStanding =
  'There it is a copy: it can be restored, shown and verified by its name; it is never `latest`, no night is built upon it, and pruning leaves it.';

const standings: Readonly<Record<WhatIsThere, string>> = {
  nothing: copyStanding,
  copied: copyStanding,
  made: 'It was made there: nothing was copied, and it counts as before.',
  unrecorded:
    'It lay there already, and no record says how it came: nothing was copied, and nothing was marked. It counts there as before.',
};

function filesText({ there, copied, verification }: CopyResult): string {
  if (there !== 'nothing') return `none copied: all ${readableCount(verification.files)} are there`;
  const { files, bytes, found } = copied;
  const before = found === 0 ? '' : `; ${counted(found, 'other')} had been copied before`;
  return `${readableCount(files)} copied, ${readableSize(bytes)}${before}`;
}

function journalsText({ journals: { carried, renewed, same, left } }: CopyResult): string {
  const parts = [
    ...(carried > 0 ? [`${counted(carried, 'file')} of what they have made copied`] : []),
    ...(renewed > 0 ? [`${counted(renewed, 'file')} that had been copied before brought up to date`] : []),
    ...(same > 0 ? [`${counted(same, 'file')} there already`] : []),
    ...(left > 0 ? [`${counted(left, 'file')} not copied`] : []),
  ];
  return parts.join(', ');
}

function journalsLeft({ journals: { left } }: CopyResult, { name }: PlaceWords): string {
  return `Not copied: what earlier restores have made, and what was accepted (${counted(left, 'file')}). A restore from ${name} into a site that was restored into before does not know it, and could make objects twice: add --with-journals.`;
}
