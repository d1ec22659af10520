import { issueLinkCounts, issueLinkWords } from '../../core/backup-format/issue-link-counts.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { table } from './table.ts';

/** Which issues hold objects, in short; nothing where nobody asked for that. */
export function issueLinksFact(manifest: Pick<Manifest, 'options' | 'issueLinks'>): (readonly [string, string])[] {
  if (!manifest.options.issueLinks) return [];
  const counts = issueLinkCounts(manifest);
  if (!counts) return [['Issue links', 'none: they could not be read']];
  return [['Issue links', `${issueLinkWords(counts)}, with ${counted(counts.links, 'object')}`]];
}

/** The fields by which issues hold objects; nothing where there are none. Two may have one name. */
export function issueFieldTable({ issueLinks }: Pick<Manifest, 'issueLinks'>): string {
  if (!issueLinks?.length) return '';
  const rows = issueLinks.map(({ name, id, issues, links }) => [
    name,
    id,
    issues === null ? 'not all read' : readableCount(issues),
    readableCount(links),
  ]);
  const columns = [
    { title: 'Field of issues' },
    { title: 'Id' },
    { title: 'Issues', isNumber: true },
    { title: 'Objects', isNumber: true },
  ];
  return table(columns, rows);
}
