import type { ManifestIssueField } from '../backup-format/manifest-issue-field.ts';
import { counted } from '../counted.ts';
import type { BackupSource } from '../reading/backup-source.ts';

/**
 * A sentence for each field by which other issues hold objects in one backup than in the other, or hold others: told by the sums of its
 * files, which are not read. Nothing where either has no issue links.
 */
export function issueLinksDiffer(left: BackupSource, right: BackupSource): string[] {
  const [before, after] = [left.manifest.issueLinks, right.manifest.issueLinks];
  if (before === null || after === null) return [];
  const ids = new Set([...before, ...after].map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const [was, is] = [before, after].map((fields) => fields.find((field) => field.id === id));
    if (was && is && sumsOf(left, was) === sumsOf(right, is)) return [];
    const name = `${(is ?? was)?.name} (${id})`;
    if (!was || !is)
      return [`The field ${name} of issues is in ${was ? left.manifest.name : right.manifest.name} alone.`];
    return [
      `Issue links by the field ${name} differ, and are not compared one by one: ${issuesOf(was)} in ${left.manifest.name}, ${issuesOf(is)} in ${right.manifest.name}.`,
    ];
  });
}

function sumsOf(source: BackupSource, { files }: ManifestIssueField): string {
  return files.map((key) => source.file(key)?.sha256).join();
}

const issuesOf = ({ issues }: ManifestIssueField) => (issues === null ? 'some issues' : counted(issues, 'issue'));
