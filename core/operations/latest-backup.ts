import { isOurs, readOrigins } from '../backup/finish-records.ts';
import { readSuspicious } from '../backup/suspicious.ts';
import { coversSchemas, type Manifest } from '../backup-format/manifest.ts';
import { backupNames, type ListedBackup, openListed } from '../backup-format/open-backup.ts';
import { counted } from '../counted.ts';
import { NoSuchBackupError } from '../errors.ts';
import type { Suspicion } from '../model/loss-alarm.ts';
import { counts } from '../model/outcome.ts';
import type { Services } from '../ports/services.ts';

/** Names the newest backup that counts, wherever a person may name one. */
export const latestWord = 'latest';

export interface LatestBackup {
  readonly manifest: Manifest;
  /** Why a person should look twice before it is used: a sentence each. */
  readonly suspicions: readonly string[];
}

/** A night and a day: between two nights somebody may have made another one by hand, of less. */
const twoDays = 2 * 86_400_000;
const shownSuspicions = 5;

/**
 * The newest backup that is whole as far as configuration and objects go. One of chosen schemas does not count where one of more
 * was made within two days before: that is a backup by hand between two nights. One that is suspicious (fewer objects, something
 * gone or edited, and nobody has accepted it) is told with the last that is not. Reads manifests, the newest first, until it has that.
 * Throws NoSuchBackupError where there is none.
 */
export async function latestBackup(
  { backups, work }: Pick<Services, 'backups' | 'work'>,
  now: number,
): Promise<LatestBackup> {
  const originOf = await readOrigins(work);
  const lossesOf = await readSuspicious(work);
  const passed: string[] = [];
  const copies: string[] = [];
  let last: Manifest | undefined;
  let before: Manifest | undefined;
  let elsewhere: Manifest | undefined;
  let unsuspicious: Manifest | undefined;
  const names = await backupNames(backups);
  for (const name of names.toReversed()) {
    const listed = await openListed(backups, name);
    if (listed.state !== 'finished' || !counts(listed.manifest.status)) {
      if (!last) passed.push(`${name} is newer, and does not count: it is ${stateOf(listed)}.`);
      continue;
    }
    const { manifest } = listed;
    const origin = await originOf(listed, now);
    if (origin === 'copied') copies.push(name);
    // Its name is not the time at which it was made.
    if (manifest.writtenAs !== undefined) {
      if (!last) passed.push(`${name} does not count: it is ${manifest.writtenAs}, and its folder was renamed.`);
      continue;
    }
    if (!isOurs(origin)) {
      if (!last) passed.push(`${name} is newer, and does not count: ${whyNot[origin]}.`);
      continue;
    }
    if (!last) last = manifest;
    else if (manifest.site.workspaceId !== last.site.workspaceId) elsewhere ??= manifest;
    else if (isBetweenNights(last, manifest)) {
      passed.push(`${last.name} is newer, and does not count: it is of ${keysOf(last)} alone.`);
      last = manifest;
    } else if (coversSchemas(manifest, last.options.objectSchemaKeys)) {
      before ??= manifest;
      if ((await lossesOf(last)).length === 0) break;
      if ((await lossesOf(manifest)).length > 0) continue;
      unsuspicious = manifest;
      break;
    }
  }
  if (names.length === 0) throw new NoSuchBackupError('There is no backup yet.');
  if (!last) {
    throw new NoSuchBackupError(
      `There is no backup that counts: ${noneCounts(copies)} \`assets-backup list\` names those that are there.`,
    );
  }
  const losses = lossSentences(last.name, await lossesOf(last), unsuspicious);
  return { manifest: last, suspicions: [...passed, ...losses, ...suspicionsOf(last, { before, elsewhere, now })] };
}

function lossSentences(name: string, losses: readonly Suspicion[], unsuspicious: Manifest | undefined): string[] {
  if (losses.length === 0) return [];
  const more = losses.length - shownSuspicions;
  return [
    ...losses.slice(0, shownSuspicions).map(({ message }) => `${name} is suspicious: ${message}`),
    ...(more > 0
      ? [`${counted(more, 'thing is', 'things are')} suspicious about it besides, named by \`assets-backup show\`.`]
      : []),
    unsuspicious
      ? `The last backup that is not suspicious is ${unsuspicious.name}.`
      : 'No backup before it that is of as much is without suspicion.',
  ];
}

/** @param copies names of whole backups that were copied here, the newest first */
function noneCounts([newest, ...others]: readonly string[]): string {
  if (newest === undefined) return 'none is there whose configuration and objects are whole.';
  const more = others.length > 0 ? ` and ${counted(others.length, 'older one')} were` : ' was';
  return `${newest}${more} copied here from another place, and what is \`latest\` there nobody can tell. Name it to use it.`;
}

const whyNot = {
  copied: 'it was copied here from another place. Name it to use it',
  future: 'its time lies in the future',
  stranger: 'no record says that it was made here. Name it where you know where it comes from',
};

function stateOf(listed: ListedBackup): string {
  if (listed.state === 'original-scripts') return 'a backup of the original scripts';
  return listed.state === 'finished' ? listed.manifest.status : listed.state;
}

const keysOf = ({ schemas }: Manifest) => schemas.map(({ key }) => key).join(', ');

/** Whether the newer one of two was made of less, and soon after. */
function isBetweenNights(newer: Manifest, older: Manifest): boolean {
  const isSoon = Date.parse(newer.startedAt) - Date.parse(older.startedAt) <= twoDays;
  const ofNewer = newer.options.objectSchemaKeys;
  return isSoon && coversSchemas(older, ofNewer) && !coversSchemas(newer, older.options.objectSchemaKeys);
}

function suspicionsOf(
  last: Manifest,
  others: { readonly before: Manifest | undefined; readonly elsewhere: Manifest | undefined; readonly now: number },
): string[] {
  const { name, finishedAt, options, gaps, site } = last;
  const { before, elsewhere, now } = others;
  const days = Math.floor((now - Date.parse(finishedAt)) / 86_400_000);
  return [
    ...(days >= 2 ? [`${name} is ${days} days old.`] : []),
    ...(before && !coversSchemas(last, before.options.objectSchemaKeys)
      ? [`${name} is of ${keysOf(last)} alone; ${before.name} was of more.`]
      : []),
    ...(gaps.length > 0 ? [`${name} has ${counted(gaps.length, 'gap')}, which \`assets-backup show\` names.`] : []),
    ...(options.activity === false ? [`${name} was made without history and comments.`] : []),
    ...(elsewhere ? [`${name} is of ${site.siteName}; ${elsewhere.name} is of ${elsewhere.site.siteName}.`] : []),
  ];
}
