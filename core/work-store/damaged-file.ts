import { DamagedWorkFileError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';

const putBack =
  'Put its last whole copy back (a version of it in the work bucket, a copy of the folder .work), then start again. Do not go on without it: what it knows to be made would be made once more';

/** What to do about a file of the work store, by the beginning of its key. Nothing here may lose what only the file knows. */
const remedies: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/^journals\//, putBack],
  [/^restores\/[^/]+\/before\//, putBack],
  [
    /^(backup-)?locks\//,
    'It names the run that holds this site. Make sure that none is running any more (`assets-backup status` of a stack; on computers the processes that the files in .work/heartbeats name), then remove it: the next run takes a new one',
  ],
  [
    /^finished\//,
    'It says that a backup was made here. Look at that backup (`assets-backup verify`), then put its last whole copy back; without it that backup counts no more, and can still be restored',
  ],
  [
    /^accepted\//,
    'It tells what somebody has accepted. Put its last whole copy back, or remove it and accept again (`assets-backup accept`): until then those are gaps again',
  ],
  [
    /^readers\//,
    'It says that a restore or a copy reads a backup, which is not pruned meanwhile. Make sure that none is running any more (`assets-backup status`), then remove it',
  ],
  [
    /^pruning\//,
    'It says what became of a backup that was to be deleted. Make sure that nobody is pruning, then remove it. If the manifest of that backup is gone, delete the rest of its folder by hand',
  ],
  [
    /^copied\/journals\//,
    'It says which journals were carried here, and as what. Remove it: then `assets-backup copy --with-journals` replaces none of those that have gone on since at its source',
  ],
  [
    /^copied\//,
    'It says that a backup was copied here from another place. Put its last whole copy back, or copy that backup again (`assets-backup copy`); without it that backup may be pruned',
  ],
  [/^schedules\//, 'Make sure that no backup is running, then remove it: the next start claims that time anew'],
  [/^plans\//, 'Plan again, and approve the hash that you see then'],
  [/^operations\//, 'Remove it: it is made anew, and counts from then on'],
  [
    /^undone\//,
    'It tells what undos have deleted. Put its last whole copy back (a version of it in the work bucket, a copy of the folder .work), then start again',
  ],
  [
    /^restores\/[^/]+\/(report|result)\.json$/,
    'It tells how a restore has ended, and is made once: put its last whole copy back. That restore is done all the same, and report.txt beside it says the same',
  ],
  [
    /^restores\//,
    'Start again: each run makes its own. Where an undo reads it, it is of the restore that is undone: put its last whole copy back first',
  ],
  [/^/, 'Start again: each run makes its own'],
];

/** @param what what is wrong with the file: "is empty" */
export function damagedFile(work: WorkStore, key: string, what: string, cause?: unknown): DamagedWorkFileError {
  const remedy = remedies.find(([pattern]) => pattern.test(key))?.[1];
  return new DamagedWorkFileError(`${work.addressOf(key)} ${what}. ${remedy}.`, { cause });
}
