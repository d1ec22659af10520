import type { Command } from 'commander';
import { type CopiedRecord, copiedHere } from '../../core/backup/copied-records.ts';
import { readSuspicious } from '../../core/backup/suspicious.ts';
import { issueLinkCounts } from '../../core/backup-format/issue-link-counts.ts';
import { type ListedBackup, listBackups } from '../../core/backup-format/open-backup.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { AssetsBackupError } from '../../core/errors.ts';
import type { Suspicion } from '../../core/model/loss-alarm.ts';
import { readableSize } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { keptTable } from '../output/prune-report.ts';
import { paragraphs, section } from '../output/section.ts';
import { table } from '../output/table.ts';
import type { Place, WhatIsKept } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';

const shownSuspicions = 20;

export function listCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'list',
    description:
      'Lists the backups in a folder or a stack, oldest first, with those that are unfinished, damaged, suspicious, copied from elsewhere, or of the original scripts; where it is set which backups are kept, also why each one is.',
    usage: '(--local DIR | --stack NAME) [--json]',
    place: 'either',
    details: `DIR may also be a single backup of the original scripts: its folder, or a zip of it. So it may
be for show, verify, plan, restore and diff, which take its name as it stands in the list.`,
    examples: [
      'list --local ./backups',
      'list --local ./backup.zip',
      'list --stack AssetsBackup',
      "list --local ./backups --json | jq -r '.backups[].backup'",
    ],
    exitCodes: [0, 1, 2, 10, 15],
  }).action(async (options: PlaceOptions, command: Command) => {
    const place = await choosePlace(context, command, options);
    const backups = await Array.fromAsync(listBackups(place.backups));
    const facts = await furtherFacts(context, place, backups);
    if (context.output.isJson)
      context.output.document('backups', {
        ...place.fields,
        backups: backups.map((backup) => asDocument(backup, facts)),
        heldBack: facts.kept?.heldBack ?? null,
      });
    else context.output.print(listReport(place, backups, facts, context.output.width));
    context.end(0);
  });
}

/** What the manifests do not say. */
interface FurtherFacts {
  /** By name: what of it nobody has accepted, and where it was copied from. */
  readonly suspicious: ReadonlyMap<string, readonly Suspicion[]>;
  readonly copied: ReadonlyMap<string, CopiedRecord>;
  /** Null where no rules are set. */
  readonly kept: WhatIsKept | null;
}

async function furtherFacts(
  { output }: CommandContext,
  place: Place,
  backups: readonly ListedBackup[],
): Promise<FurtherFacts> {
  const suspicionsOf = await readSuspicious(place.work);
  const suspicious = new Map<string, readonly Suspicion[]>();
  const copied = new Map<string, CopiedRecord>();
  for (const backup of backups) {
    if (backup.state !== 'finished') continue;
    suspicious.set(backup.name, await suspicionsOf(backup.manifest));
    const record = await copiedHere(place.work, backup.manifest);
    if (record) copied.set(backup.name, record);
  }
  const kept = await place.whatIsKept(backups).catch((error: unknown) => {
    // A list is for the worst hour, and may be of a place that is not in order, or of somebody else's.
    if (!(error instanceof AssetsBackupError)) throw error;
    output.warn(`Why each backup is kept is not known. ${error.message}`);
    return null;
  });
  return { suspicious, copied, kept };
}

/** Undefined where nobody can tell; of one that no rule keeps there are none. */
function reasonsOf(name: string, { kept }: FurtherFacts): readonly string[] | undefined {
  return kept?.reasons.get(name);
}

function asDocument(backup: ListedBackup, facts: FurtherFacts) {
  if (backup.state !== 'finished') {
    const { name, ...others } = backup;
    return { backup: name, ...others, kept: reasonsOf(name, facts) ?? null };
  }
  const { name, writtenAs, status, startedAt, finishedAt, site, counts, schemas, gaps } = backup.manifest;
  return {
    backup: name,
    ...(writtenAs !== undefined && { writtenAs }),
    state: backup.state,
    status,
    site: site.siteName,
    startedAt,
    finishedAt,
    schemas: schemas.map(({ key }) => key),
    objects: counts.objects,
    bytes: counts.bytes,
    issueLinks: issueLinkCounts(backup.manifest),
    gaps: gaps.length,
    suspicious: (facts.suspicious.get(name) ?? []).map(({ message }) => message),
    copiedFrom: facts.copied.get(name)?.from ?? null,
    ...(backup.manifest.originalScripts && { originalScripts: backup.manifest.originalScripts }),
    kept: reasonsOf(name, facts) ?? null,
  };
}

function listReport(place: Place, backups: readonly ListedBackup[], facts: FurtherFacts, width: number): string {
  if (backups.length === 0) return `There are no backups in ${place.name}. Make one: ${place.newBackup}`;
  const rows = backups.map((backup) =>
    backup.state === 'finished'
      ? [
          backup.name,
          statusOf(backup, facts),
          readableCount(backup.manifest.counts.objects),
          readableSize(backup.manifest.counts.bytes),
          backup.manifest.schemas.map(({ key }) => key).join(', '),
          backup.manifest.site.siteName,
        ]
      : [backup.name, backup.state, '', '', 'schemas' in backup ? backup.schemas.join(', ') : '', ''],
  );
  const columns = [
    { title: 'Backup' },
    { title: 'Status' },
    { title: 'Objects', isNumber: true },
    { title: 'Size', isNumber: true },
    { title: 'Schemas' },
    { title: 'Site' },
  ];
  return paragraphs([
    table(columns, rows),
    keptLines(facts, width),
    suspiciousLines(facts),
    [...renamedLines(backups), ...copiedLines(facts)].join('\n'),
    scriptsLine(backups),
    lastLine(place, backups),
  ]);
}

function statusOf({ name, manifest }: Extract<ListedBackup, { state: 'finished' }>, { suspicious }: FurtherFacts) {
  return suspicious.get(name)?.length ? `${manifest.status}, suspicious` : manifest.status;
}

/** Why each is kept, where rules are set, and which would go. */
function keptLines({ kept }: FurtherFacts, width: number): string {
  if (!kept) return '';
  const rows = [...kept.reasons].map(([backup, reasons]) => ({
    backup,
    reasons: reasons.length > 0 ? reasons : ['no rule keeps it: the next pruning deletes it'],
  }));
  return paragraphs([
    `Why each is kept:\n${keptTable(rows, width)}`,
    kept.heldBack.map(({ siteName, message }) => `Nothing of ${siteName} is deleted now: ${message}`).join('\n'),
  ]);
}

function suspiciousLines({ suspicious }: FurtherFacts): string {
  const lines = [...suspicious].flatMap(([name, some]) => some.map(({ message }) => `${name}: ${message}`));
  return section('Suspicious, and accepted by nobody', lines, { shown: shownSuspicions, rest: 'which --json names' });
}

function copiedLines({ copied }: FurtherFacts): string[] {
  return [...copied].map(([name, { from, at }]) => `${name} was copied here from ${from} on ${at.slice(0, 10)}.`);
}

function renamedLines(backups: readonly ListedBackup[]): string[] {
  return backups.flatMap((backup) => {
    const writtenAs = backup.state === 'finished' ? backup.manifest.writtenAs : undefined;
    return writtenAs === undefined ? [] : [`${backup.name} was written as ${writtenAs}: its folder was renamed.`];
  });
}

function scriptsLine(backups: readonly ListedBackup[]): string {
  const count = backups.filter(({ state }) => state === 'original-scripts').length;
  const [is, it] = count === 1 ? ['is', 'it'] : ['are', 'each'];
  return count === 0
    ? ''
    : `${counted(count, 'backup')} ${is} of the original scripts: ${it} can be shown, verified, restored, compared and copied by its name, and counts nowhere.`;
}

function lastLine({ name, words }: Place, backups: readonly ListedBackup[]): string {
  const isUsable = ({ state }: ListedBackup) => state === 'finished' || state === 'original-scripts';
  const unusable = backups.filter((backup) => !isUsable(backup)).length;
  const newest = backups.findLast(({ state }) => state === 'finished') ?? backups.findLast(isUsable);
  const not = unusable === 0 ? '' : `, ${readableCount(unusable)} of them not usable`;
  const next = newest ? ` Look into the newest: ${shellCommand('show', newest.name, ...words)}` : '';
  return `${counted(backups.length, 'backup')} in ${name}${not}.${next}`;
}
