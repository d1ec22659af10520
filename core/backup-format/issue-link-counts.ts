import { counted } from '../counted.ts';
import type { Manifest } from './manifest.ts';
import type { ManifestIssueField } from './manifest-issue-field.ts';

/** How much a backup has of issues. */
export interface IssueLinkCounts {
  readonly fields: number;
  /** Those of each field; an issue that holds objects by two of them counts twice. */
  readonly issues: number;
  /** Objects in them. */
  readonly links: number;
}

/** Null where nobody asked for them, or where their fields could not be read. */
export function issueLinkCounts({ issueLinks }: Pick<Manifest, 'issueLinks'>): IssueLinkCounts | null {
  if (issueLinks === null) return null;
  const sum = (numberOf: (field: ManifestIssueField) => number) =>
    issueLinks.reduce((total, field) => total + numberOf(field), 0);
  return {
    fields: issueLinks.length,
    issues: sum(({ issues }) => issues ?? 0),
    links: sum(({ links }) => links),
  };
}

/** `1,000 issues by 3 fields` */
export function issueLinkWords({ fields, issues }: IssueLinkCounts): string {
  return `${counted(issues, 'issue')} by ${counted(fields, 'field')}`;
}
