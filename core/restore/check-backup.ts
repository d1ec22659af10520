import type { ActivityPlace } from '../backup-format/activity-places.ts';
import { firstName, schemaKeys, schemaListKey } from '../backup-format/keys.ts';
import type { ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import { readableCount } from '../counted.ts';
import { DamagedBackupError } from '../errors.ts';
import { giveBackIfWhole } from '../give-back.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { RestoreChoices, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { BackupSource, whatIsWhole } from '../reading/backup-source.ts';
import { isTimeShort } from '../runs/deadline.ts';
import { Slots } from '../side-by-side.ts';
import { checkFile } from '../verify/check-file.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { type LackingFile, unlistedFiles } from './lacking-files.ts';
import { withObjects } from './lost-activity.ts';
import { openContext } from './restore-context.ts';

/** Files read at once, and how many before the time is looked at. Of large ones fewer: each counts once for so many bytes. */
const filesAtOnce = 16;
const bytesOfOne = 2 * 1024 * 1024;
const filesAPart = 2_000;
const shownProblems = 5;

/**
 * Reads every file of the backup that this restore needs, from the one at `from` on, and holds it against its checksum: a
 * backup that is damaged is refused before anything is written, or with `whatIsWhole` what is damaged is noted. Hands back
 * where to go on, or null when all is read.
 */
export async function checkBackup(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { manifest, schemas, others, choices, keys } = await openContext(services, run);
  const takesDamagedLists = choices.whatIsWhole;
  const source = await BackupSource.open(services.backups, manifest, { takesDamagedLists, lacking: new Set() });
  const folders = schemas.map(({ folder }) => `${run.backup}/${folder}/`);
  // Objects of the other schemas may refer to what is restored.
  const referring = new Set(choices.processObjects ? others.flatMap((schema) => keysRead(run.backup, schema)) : []);
  const files: StoredFile[] = [];
  for await (const file of source.listed()) {
    const isOwn =
      firstName(file.key) === schemaListKey(run.backup) || folders.some((folder) => file.key.startsWith(folder));
    if (referring.has(firstName(file.key)) || (isOwn && isRead(file.key, source.activityOf(file.key), choices)))
      files.push(file);
  }
  const note = async (lacking: readonly LackingFile[]) => {
    if (lacking.length === 0) return;
    const own = lacking.filter(({ isReferrer }) => !isReferrer);
    if (own.length > 0 && !choices.whatIsWhole) throw damaged(source, own);
    const before = (await readJson<LackingFile[]>(services.work, keys.lacking)) ?? [];
    const named = await withObjects(source, lacking);
    const all = new Map([...before, ...named].map((file) => [file.key, file]));
    await writeJson(services.work, keys.lacking, [...all.values()]);
  };
  if (from === 0) {
    services.reporter.planned('check', files.length);
    await note(unlistedFiles(source, schemas, ({ kind }) => isAsked(kind, choices)));
  }
  for (let at = from; at < files.length; at += filesAPart) {
    if (at > from && isTimeShort(services)) return { next: at };
    const lacking = await checkPart(services, source, files.slice(at, at + filesAPart));
    await note(lacking.map((file) => (referring.has(firstName(file.key)) ? { ...file, isReferrer: true } : file)));
  }
  return { next: null };
}

async function checkPart(
  { backups, reporter, kept }: Services,
  source: BackupSource,
  files: readonly StoredFile[],
): Promise<LackingFile[]> {
  const lacking: LackingFile[] = [];
  const check = async (file: StoredFile) => {
    const place = source.activityOf(file.key);
    const checked = await checkFile(backups, file, { place, kept });
    const isOfOneObject = place !== undefined && !('shard' in place);
    if ('problem' in checked) lacking.push({ key: file.key, problem: checked.problem, records: file.records });
    else if (!isOfOneObject || !kept?.keep(file, checked.bytes)) giveBackIfWhole(checked.bytes);
    reporter.advanced('check', 1);
  };
  const slots = new Slots(filesAtOnce);
  for (const file of files) await slots.run(() => check(file), Math.max(1, Math.ceil(file.bytes / bytesOfOne)));
  await slots.idle();
  return lacking;
}

/** What is read of a schema that is not restored. */
function keysRead(backup: string, { folder, objectTypes }: ManifestSchema): string[] {
  const config = schemaKeys(backup, folder);
  const own = (['objectschema', 'objecttypes'] as const).map((file) => config.config(file));
  return [
    ...own,
    ...objectTypes.flatMap(({ attributes, objectsMeta }) =>
      [...(attributes ? [attributes] : []), ...objectsMeta].map(firstName),
    ),
  ];
}

/** Names what helps beside another backup: what is damaged may be nothing but activity, which can be left out. */
function damaged(source: BackupSource, lacking: readonly LackingFile[]): DamagedBackupError {
  const more = lacking.length > shownProblems ? ` (${readableCount(lacking.length)} files are)` : '';
  const shown = lacking.slice(0, shownProblems).map(({ key, problem }) => `${key} ${problem}`);
  const kinds = new Set(lacking.map(({ key }) => source.activityOf(key)?.kind));
  const others = [...kinds].flatMap((kind) => (kind === undefined ? [] : without[kind])).sort();
  const leaveOut = kinds.has(undefined) ? [] : [`all but ${others.join(' and ')}`];
  const remedies = ['another backup', ...leaveOut].join(', or ');
  return new DamagedBackupError(
    `The backup is damaged${more}: ${shown.join(' ')} Nothing was written. Restore ${remedies}, or ${whatIsWhole}.`,
  );
}

const without = {
  comments: 'comments (--no-comments, or "processComments": false)',
  history: 'history (--no-history, or "processHistory": false)',
} as const;

/** The files for people are not read, nor is activity that is not asked for. */
function isRead(key: string, activity: ActivityPlace | undefined, choices: RestoreChoices): boolean {
  return activity ? isAsked(activity.kind, choices) : !/\/objects\/[^/]+$/.test(key);
}

function isAsked(kind: ActivityKind, { processObjects, processComments, processHistory }: RestoreChoices): boolean {
  return processObjects && (kind === 'comments' ? processComments : processHistory);
}
