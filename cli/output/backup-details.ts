import type { ActivityCounts, Manifest } from '../../core/backup-format/manifest.ts';
import { oldestActivity } from '../../core/backup-format/oldest-activity.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { missing, statusWords } from './backup-report.ts';
import { oldestFact } from './oldest-fact.ts';
import { clockTime, readableMoment, readableSize } from './readable.ts';
import { paragraphs, section } from './section.ts';
import { shellCommand } from './shell-command.ts';
import { facts, table } from './table.ts';

const shownBases = 100;
const shownGaps = 100;
const shownNotices = 100;

/** All about one backup that its manifest says. */
export function backupDetails(manifest: Manifest, place: PlaceWords): string {
  return paragraphs([
    `Backup ${manifest.name}`,
    origin(manifest, place),
    typeTable(manifest),
    amounts(manifest),
    bases(manifest),
    ...missing(manifest, { gaps: shownGaps, notices: shownNotices }),
    `${manifest.name} is ${manifest.status}. Check it: ${shellCommand('verify', manifest.name, ...place.words)}`,
  ]);
}

function origin(
  { name, writtenAs, site, startedAt, finishedAt, writtenBy, status, options, format, formatVersion }: Manifest,
  place: PlaceWords,
): string {
  const duration = clockTime(Date.parse(finishedAt) - Date.parse(startedAt));
  return facts([
    ['Status', statusWords[status]],
    ['Site', site.siteName],
    ['Workspace', site.workspaceId],
    ['Started', readableMoment(startedAt)],
    ['Finished', `${readableMoment(finishedAt)}, after ${duration}`],
    ['Schemas', options.objectSchemaKeys?.length ? `only ${options.objectSchemaKeys.join(', ')}` : 'all'],
    ['Written by', `${writtenBy}, format ${format} ${formatVersion}`],
    ['Folder', place.addressOfBackup(name)],
    ...(writtenAs === undefined ? [] : [['Renamed', `it was written as ${writtenAs}`] as const]),
  ]);
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

/** Which backup each schema's history and comments were built upon, and which newer ones were not it. */
function bases({ schemas, formatVersion, options }: Manifest): string {
  if (formatVersion === 1 || options.activity === false) return '';
  const lines = schemas.flatMap(({ key, base }) => [
    `${key}: ${base.backup ?? (options.full ? 'no backup: all was to be read' : 'no backup: all was read')}`,
    ...base.passedOver.map(({ backup, reason }) => `${key}: not ${backup}: ${reason}`),
  ]);
  return section('History and comments are built upon', lines, { shown: shownBases, rest: 'which the manifest names' });
}

/** Of how many objects history, or comments, were read for this backup, copied from an earlier one, or got by none. */
function originOf({ read, carried, missing }: ActivityCounts): string {
  return [
    `of ${counted(read, 'object')} read`,
    ...(carried > 0 ? [`of ${readableCount(carried)} carried over`] : []),
    ...(missing > 0 ? [`of ${readableCount(missing)} missing`] : []),
  ].join(', ');
}

function amounts({ counts, activity, references, requests }: Manifest): string {
  const sent = Object.entries(requests).filter(([name, count]) => count > 0 && name !== 'throttled');
  return facts([
    ['Attributes', readableCount(counts.attributes)],
    ['Values', readableCount(counts.attributeValues)],
    [
      'References',
      `${readableCount(references.inside)} inside the backup, ${readableCount(references.outside)} to objects outside`,
    ],
    ['History', `${counted(counts.historyEntries, 'entry', 'entries')} ${originOf(activity.history)}`],
    ['Comments', `${readableCount(counts.comments)} ${originOf(activity.comments)}`],
    ...oldestFact(oldestActivity({ activity })),
    ['Icons', readableCount(counts.icons)],
    ['Files', `${readableCount(counts.files)}, ${readableSize(counts.bytes)}`],
    ['Requests', requestsText(requests)],
    ['Of these', sent.map(([name, count]) => `${readableCount(count)} ${name}`).join(', ')],
  ]);
}
