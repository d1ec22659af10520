import { leftOutWords } from '../../core/backup-format/left-out-words.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { counted, readableCount } from '../../core/counted.ts';
import type { BackupStatus } from '../../core/model/outcome.ts';
import { readableSize } from '../../core/readable.ts';
import { statusWords } from '../../core/report/status-words.ts';
import { shellCommand } from '../../core/shell-word.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { activityFacts, passedOver } from './activity-origin.ts';
import { issueLinksFact } from './issue-links.ts';
import { fewerThanLast, lossesReport, type ShownLosses } from './losses.ts';
import { type RunTrace, traceFact } from './output.ts';
import { paragraphs, section } from './section.ts';
import { facts, table } from './table.ts';

/** The status, with what it does not say. */
export function statusFact(status: BackupStatus, { suspicions }: ShownLosses): string {
  if (suspicions.length === 0) return statusWords[status];
  const words = statusWords[status].replace(status, `${status}, and suspicious`);
  return `${words}; ${counted(suspicions.length, 'thing is', 'things are')} fewer, gone or other than before`;
}

const shownGaps = 10;
const shownNotices = 20;

/** What a backup has just stored and where, and what it could not. */
export function backupReport(
  manifest: Manifest,
  {
    place,
    trace,
    losses,
    report,
  }: {
    readonly place: PlaceWords;
    readonly trace: RunTrace;
    readonly losses: ShownLosses;
    /** Where its page is; null where there is none. */
    readonly report: string | null;
  },
): string {
  const { name, status, counts, requests } = manifest;
  return paragraphs([
    schemaTable(manifest),
    facts([
      ['Status', statusFact(status, losses)],
      [
        'Activity',
        `${counted(counts.historyEntries, 'history entry', 'history entries')}, ${counted(counts.comments, 'comment')}`,
      ],
      ...activityFacts(manifest),
      ...issueLinksFact(manifest),
      ...notStoredFact(leftOutWords(manifest.schemas)),
      ['Stored', `${counted(counts.files, 'file')}, ${readableSize(counts.bytes)}`],
      ['Requests', requestsText(requests)],
      ['Folder', place.addressOfBackup(name)],
      ['Report', report ?? 'could not be made; the log has why, and the backup is not touched by it'],
      traceFact(trace),
    ]),
    passedOver(manifest),
    ...missing(manifest, { gaps: shownGaps, notices: shownNotices }),
    ...lossesReport(manifest, losses, place),
    lastLine(manifest, losses, place),
  ]);
}

/** What the objects have and no backup stores; nothing where they have nothing of it. */
export function notStoredFact(words: string | undefined): (readonly [string, string])[] {
  return words ? [['Not stored', words]] : [];
}

function schemaTable({ schemas, counts }: Manifest): string {
  const rows = schemas.map(({ key, name, folder, objectTypes }) => [
    key,
    name,
    readableCount(objectTypes.length),
    readableCount(objectTypes.reduce((sum, { stored }) => sum + stored, 0)),
    `${folder}/`,
  ]);
  const total = ['Total', '', readableCount(counts.objectTypes), readableCount(counts.objects), ''];
  const columns = [
    { title: 'Schema' },
    { title: 'Name' },
    { title: 'Types', isNumber: true },
    { title: 'Objects', isNumber: true },
    { title: 'Folder' },
  ];
  return table(columns, [...rows, total]);
}

/** What is not in a backup and why, each kind under its heading; nothing where all is there. */
export function missing(
  { notOffered, gaps, notices }: Pick<Manifest, 'notOffered' | 'gaps' | 'notices'>,
  shown: { gaps: number; notices: number },
): string[] {
  const rest = 'which the manifest names';
  return [
    section(
      'Not offered by this site',
      notOffered.map(({ what, reason }) => `${what}: ${reason}`),
      { shown: Number.POSITIVE_INFINITY, rest },
    ),
    section(
      'Gaps',
      gaps.map(({ what, schemaKey, reason }) => `${schemaKey === undefined ? '' : `${schemaKey}: `}${what}: ${reason}`),
      { shown: shown.gaps, rest },
    ),
    section(
      'Notices',
      notices.map(({ message }) => message),
      { shown: shown.notices, rest },
    ),
  ];
}

function lacking(gaps: Manifest['gaps']): string {
  const hidden = gaps.filter(({ kind }) => kind === 'not-visible').length;
  const unread = gaps.length - hidden;
  return [
    ...(unread > 0 ? [`${counted(unread, 'other thing')} could not be read`] : []),
    ...(hidden > 0 ? [`in ${counted(hidden, 'place')} the site counts more than it shows to this account`] : []),
  ].join(', and ');
}

/** Of what is counted: where the site does not say it, nobody knows that anything is missing. */
function butLeftOut({ schemas }: Manifest): string {
  const types = schemas.flatMap(({ objectTypes }) => objectTypes);
  const kinds = (['avatars', 'attachments'] as const).filter((kind) => types.some((type) => (type[kind] ?? 0) > 0));
  return kinds.length === 0 ? '' : ` but ${kinds.join(' and ')}, which no backup stores`;
}

/** Never "nothing is missing" of a backup that has less than the one before. */
function lastLine(manifest: Manifest, { suspicions }: ShownLosses, { words }: PlaceWords): string {
  const { name, status, counts, gaps } = manifest;
  const stored = `${counted(counts.objects, 'object')} of ${counted(counts.schemas, 'schema')}`;
  const verify = shellCommand('verify', name, ...words);
  const fewer = fewerThanLast(manifest);
  const look = fewer === '' ? '' : `, ${fewer}`;
  const suspicious =
    suspicions.length === 0 ? '' : `; it is suspicious (${counted(suspicions.length, 'thing')}, named above)`;
  switch (status) {
    case 'complete': {
      const isAsBefore = fewer === '' && suspicions.length === 0;
      const all = isAsBefore ? `; nothing is missing${butLeftOut(manifest)}` : '; all that the account sees is stored';
      return `Backed up ${stored}${look}${all}${suspicious}. Check it: ${verify}`;
    }
    case 'complete-with-gaps':
      return `Backed up ${stored}${look}; ${lacking(gaps)}${suspicious}. Check it: ${verify}`;
    case 'partial':
      return `Backed up ${stored}${look}${suspicious}, but configuration or objects are missing (${counted(gaps.length, 'gap')}). Mend the cause and start a new backup; look into this one: ${shellCommand('show', name, ...words)}`;
  }
}
