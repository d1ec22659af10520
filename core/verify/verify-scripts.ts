import type { OriginalScripts } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { counted, readableCount } from '../counted.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Verification } from './verification.ts';

/**
 * Verifies a backup as `verify` does; one of the original scripts is read anew before that, byte by byte, and what is the matter with its
 * files counts as damage. Throws what `verify` does.
 */
export async function verifyWithScripts(
  backups: BackupStore,
  name: string,
  verify: () => Promise<Verification>,
): Promise<Verification> {
  const scripts = await backups.ofScripts?.(name);
  const again = await scripts?.readAgain();
  const verification = await verify();
  if (!again) return verification;
  const { originalScripts, gaps } = await openBackup(backups, name);
  const problems = gaps
    .filter(({ error }) => error === 'DamagedBackupError')
    .map(({ what, reason }) => ({ key: `${name} (${what})`, problem: reason }));
  if (!again.isAsBefore) {
    const problem =
      'has other contents than when it was read before, though sizes and times of its files are the same.';
    problems.push({ key: name, problem });
  }
  return {
    ...verification,
    problems: [...verification.problems, ...problems],
    ...(originalScripts && { originalScripts: whatWasChecked(originalScripts) }),
  };
}

function whatWasChecked({ files, isZip, objects }: OriginalScripts): string[] {
  const { both, raw, displayed } = objects;
  const of = (count: number, where: string) => `${counted(count, 'object stands', 'objects stand')} ${where}`;
  return [
    'The scripts have stored no checksums and no counts: what was changed since, and still is JSON, nobody can tell.',
    `${counted(files, 'file')}: each that is part of such a backup is whole JSON, but for what is named as a problem${isZip ? ', and has the checksum that its zip says' : ''}.`,
    `${of(both, 'in objects/ and in objectsmeta/')}, ${readableCount(raw)} only in objectsmeta/, and ${readableCount(displayed)} only in objects/, as displayed.`,
    'Every object type of objecttypes.json has its files, but for what `assets-backup show` names as a gap.',
    'All of it was read anew, and is what it is converted into.',
  ];
}
