import type { CopiedRecord } from '../../core/backup/copied-records.ts';
import { leftOutWords } from '../../core/backup-format/left-out-words.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { clockTime, readableMoment, readableSize } from '../../core/readable.ts';
import { measureWords } from '../../core/report/status-words.ts';
import { shellCommand } from '../../core/shell-word.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { activityFacts, passedOver } from './activity-origin.ts';
import { missing, notStoredFact, statusFact } from './backup-report.ts';
import { issueFieldTable, issueLinksFact } from './issue-links.ts';
import { lossesReport, type ShownLosses } from './losses.ts';
import { paragraphs } from './section.ts';
import { facts, table } from './table.ts';

const shownGaps = 100;
const shownNotices = 100;

/** All about one backup that its manifest says. */
export function backupDetails(
  manifest: Manifest,
  place: PlaceWords,
  { losses, copied }: { readonly losses: ShownLosses; readonly copied: CopiedRecord | undefined },
): string {
  const { suspicions } = losses;
  return paragraphs([
    `Backup ${manifest.name}`,
    origin(manifest, place, { losses, copied }),
    typeTable(manifest),
    issueFieldTable(manifest),
    amounts(manifest),
    measuredTable(manifest),
    passedOver(manifest),
    ...missing(manifest, { gaps: shownGaps, notices: shownNotices }),
    ...lossesReport(manifest, losses, place),
    `${manifest.name} is ${manifest.status}${suspicions.length > 0 ? ', and suspicious' : ''}. Check it: ${shellCommand('verify', manifest.name, ...place.words)}`,
  ]);
}

function origin(
  {
    name,
    writtenAs,
    site,
    startedAt,
    finishedAt,
    writtenBy,
    status,
    options,
    format,
    formatVersion,
    originalScripts,
  }: Manifest,
  place: PlaceWords,
  { losses, copied }: Parameters<typeof backupDetails>[2],
): string {
  const duration = clockTime(Date.parse(finishedAt) - Date.parse(startedAt));
  return facts([
    ['Status', statusFact(status, losses)],
    ['Site', site.siteName],
    ['Workspace', site.workspaceId],
    ['Started', readableMoment(startedAt)],
    ['Finished', `${readableMoment(finishedAt)}, after ${duration}`],
    ['Schemas', options.objectSchemaKeys?.length ? `only ${options.objectSchemaKeys.join(', ')}` : 'all'],
    ['Written by', `${writtenBy}, format ${format} ${formatVersion}`],
    ['Folder', place.addressOfBackup(name)],
    ...(writtenAs === undefined ? [] : [['Renamed', `it was written as ${writtenAs}`] as const]),
    ...(copied ? [['Copied', copiedWords(copied)] as const] : []),
    ...scriptsFact(originalScripts),
  ]);
}

/** Of a backup that was made of one of the original scripts. */
export function scriptsFact(made: Manifest['originalScripts']): (readonly [string, string])[] {
  if (!made) return [];
  const { files, bytes, isZip, objects } = made;
  const shown = objects.displayed > 0 ? `; ${counted(objects.displayed, 'object')} only as displayed` : '';
  const of = `a backup of the original scripts (${counted(files, 'file')}${isZip ? ' in a zip' : ''}, ${readableSize(bytes)}${shown})`;
  return [['Made of', of]];
}

/** Of a backup that came from another place. */
export function copiedWords({ from, by, at }: CopiedRecord): string {
  return `from ${from} on ${readableMoment(at)}, by ${by}`;
}

function typeTable({ schemas }: Manifest): string {
  const rows = schemas.flatMap(({ key, name, objectTypes }) => [
    [key, name, readableCount(objectTypes.reduce((sum, { stored }) => sum + stored, 0)), ''],
    ...objectTypes.map((type) => [
      '',
      type.name,
      readableCount(type.stored),
      type.expected === type.stored
        ? ''
        : `the site said ${type.expected === null ? 'nothing' : readableCount(type.expected)}`,
    ]),
  ]);
  return table(
    [{ title: 'Schema' }, { title: 'Object type' }, { title: 'Objects', isNumber: true }, { title: '' }],
    rows,
  );
}

/** Against which backups it was held, and how many objects there were; nothing where there was none. */
function measuredTable({ measured }: Manifest): string {
  const rows = measured.flatMap(({ measure, against, before, now }) =>
    against === null ? [] : [[against, measureWords[measure], readableCount(before), readableCount(now)]],
  );
  if (rows.length === 0) return '';
  const columns = [
    { title: 'Held against' },
    { title: '' },
    { title: 'Objects there', isNumber: true },
    { title: 'and here', isNumber: true },
  ];
  return table(columns, rows);
}

function amounts(manifest: Manifest): string {
  const { counts, references, requests } = manifest;
  const sent = Object.entries(requests).filter(([name, count]) => count > 0 && name !== 'throttled');
  return facts([
    ['Attributes', readableCount(counts.attributes)],
    ['Values', readableCount(counts.attributeValues)],
    [
      'References',
      `${readableCount(references.inside)} inside the backup, ${readableCount(references.outside)} to objects outside`,
    ],
    ['History', `${counted(counts.historyEntries, 'entry', 'entries')} of ${counted(counts.historyRead, 'object')}`],
    ['Comments', `${readableCount(counts.comments)} of ${counted(counts.commentsRead, 'object')}`],
    ...activityFacts(manifest),
    ...issueLinksFact(manifest),
    ['Icons', readableCount(counts.icons)],
    ...notStoredFact(leftOutWords(manifest.schemas)),
    ['Files', `${readableCount(counts.files)}, ${readableSize(counts.bytes)}`],
    ['Requests', requestsText(requests)],
    ...(sent.length === 0
      ? []
      : [['Of these', sent.map(([name, count]) => `${readableCount(count)} ${name}`).join(', ')] as const]),
  ]);
}
