import type { ActivityState } from '../backup-format/activity-list.ts';
import { recordsOfFile, recordsOfLine } from '../backup-format/activity-records.ts';
import { activityHash, shardOf } from '../backup-format/activity-shards.ts';
import { isActivityFileOf, isBelow } from '../backup-format/keys.ts';
import type { Manifest, StoredFile } from '../backup-format/manifest.ts';
import { safeName } from '../backup-format/safe-name.ts';
import { DamagedBackupError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { JsonRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { linesByObject } from '../reading/stored-activity.ts';
import { damageIn, namedFile } from './damage.ts';
import type { HeldObject } from './held-object.ts';

/** An object's history, or its comments. */
export interface HeldActivity {
  /** The start of the backup that asked the site for it (ISO 8601); null: none has got it. */
  readonly readAt: string | null;
  /** A sentence: why it is not here, or is older than the backup; null where nothing is to be said. */
  readonly why: string | null;
  /** As the site gave them; null: nobody can tell, since what holds them is damaged. */
  readonly records: readonly JsonRecord[] | null;
}

export async function heldActivity(
  source: BackupSource,
  kind: ActivityKind,
  object: Pick<HeldObject, 'id' | 'type' | 'line'>,
): Promise<HeldActivity> {
  try {
    return await wholeActivity(source, kind, object);
  } catch (error) {
    return { readAt: null, why: damageIn(error), records: null };
  }
}

/** Throws DamagedBackupError. */
async function wholeActivity(
  source: BackupSource,
  kind: ActivityKind,
  object: Pick<HeldObject, 'id' | 'type' | 'line'>,
): Promise<HeldActivity> {
  const state: State = object.line?.[kind] ?? stateOfUnlisted(source.manifest, kind, object.id);
  const texts = state.records === 0 ? [] : await recordTexts(source, kind, object);
  if (state.records !== null && texts.length !== state.records)
    throw new DamagedBackupError(
      `The ${kind} of object ${object.id} in ${source.manifest.name} ${texts.length === 0 ? 'is missing' : 'is not what its lists say'}. Run \`assets-backup verify\`.`,
    );
  const records = texts.map((text) => JSON.parse(text) as JsonRecord);
  if (isLineLost(source.manifest, object)) {
    const why = `No list of ${source.manifest.name} that can be read tells ${records.length === 0 ? 'whether' : 'when'} this was read.`;
    return { readAt: null, why, records: records.length === 0 ? null : records };
  }
  return { readAt: state.read, why: whyOlder(source.manifest, kind, state), records };
}

/** Each JSON text. */
async function recordTexts(
  source: BackupSource,
  kind: ActivityKind,
  { id, type }: Pick<HeldObject, 'id' | 'type'>,
): Promise<string[]> {
  if (!type.stored?.activity) {
    const file = await ownFile(source, kind, { id, type });
    return file ? recordsOfFile(new TextDecoder().decode(await source.bytes(file))) : [];
  }
  const { [kind]: shards, count } = type.stored.activity;
  for (const key of shards[shardOf(activityHash(id), count)] ?? []) {
    for (const [objectId, line] of linesByObject(await source.bytes(namedFile(source, key))))
      if (objectId === id) return recordsOfLine(line);
  }
  return [];
}

/** One that went to another schema while it was read has a file in both. */
async function ownFile(
  source: BackupSource,
  kind: ActivityKind,
  { id, type }: Pick<HeldObject, 'id' | 'type'>,
): Promise<StoredFile | undefined> {
  const name = `/${safeName(id)}.`;
  for await (const file of source.listed((line) => line.includes(name)))
    if (isActivityFileOf(file.key, kind, id) && isBelow(file.key, `${source.manifest.name}/${type.schema.folder}`))
      return file;
  return undefined;
}

/** Of one whose number of records nobody has written down. */
type State = Omit<ActivityState, 'records'> & { readonly records: number | null };

/** Backups have listed their objects since format 2. */
const isLineLost = ({ formatVersion }: Manifest, { line }: Pick<HeldObject, 'line'>) => formatVersion > 1 && !line;

/** Backups without lists read everything, each night, and name what failed. */
function stateOfUnlisted({ formatVersion, gaps, options, startedAt }: Manifest, kind: ActivityKind, id: string): State {
  if (formatVersion > 1) return { read: null, records: null };
  const isMissing = gaps.some((gap) => gap.kind === kind && (gap.objectId ?? id) === id);
  if (isMissing) return { read: null, records: 0, missed: 'failed' };
  return options.activity ? { read: startedAt, records: null } : { read: null, records: 0 };
}

function whyOlder(
  { options, startedAt, notOffered }: Manifest,
  kind: ActivityKind,
  { read, missed }: State,
): string | null {
  if (read === startedAt) return null;
  const isOlder = read === null ? '' : ': this is what an earlier night read';
  if (missed === 'failed') return `The site failed to give this${isOlder}.`;
  if (missed === 'not-reached') return `Time was up before this was read${isOlder}.`;
  if (read !== null) return 'Carried over from an earlier night, since nothing said that the object had changed.';
  if (!options.activity) return 'The backup was made without history and comments.';
  const refused = notOffered.find(({ what }) => what === kind);
  return refused ? `The site does not offer this: ${refused.reason}` : 'No night has read this yet.';
}
