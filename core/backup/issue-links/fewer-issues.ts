import type { Manifest } from '../../backup-format/manifest.ts';
import type { ManifestIssueField } from '../../backup-format/manifest-issue-field.ts';
import { counted, readableCount } from '../../counted.ts';
import type { Notice } from '../../model/outcome.ts';

/**
 * What this login sees less of than the last backup that read issues: issues are edited every day, but a login that lost the right to
 * browse a project looks just so.
 */
export function fewerIssues(last: Manifest | undefined, now: readonly ManifestIssueField[] | null): Notice[] {
  if (!last?.issueLinks || now === null) return [];
  return last.issueLinks.flatMap((before): Notice[] => {
    if (before.issues === null) return [];
    const field = now.find(({ id }) => id === before.id);
    const name = `${field?.name ?? before.name} (${before.id})`;
    const then = `in the backup ${last.name} ${counted(before.issues, 'issue')} held objects by it`;
    if (!field) {
      const message = `The field ${name} is gone, or this account does not see it any more: ${then}.`;
      return [{ kind: 'fewer-issues', message }];
    }
    if (field.issues === null || field.issues >= before.issues) return [];
    const fewer = `this account sees ${readableCount(field.issues)} now`;
    const message = `The field ${name} holds objects in fewer issues: ${then}, and ${fewer}. Somebody has edited them, or the account may browse fewer projects.`;
    return [{ kind: 'fewer-issues', message }];
  });
}
