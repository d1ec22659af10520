import { fewerObjectsPercent } from '../backup/compare-with-site.ts';
import { isOurs, readOrigins } from '../backup/finish-records.ts';
import { coversSchemas, type Manifest } from '../backup-format/manifest.ts';
import { backupNames, type ListedBackup, openListed } from '../backup-format/open-backup.ts';
import { counted } from '../counted.ts';
import { NoSuchBackupError } from '../errors.ts';
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
/** What `fewerObjectsPercent` is where no stack says it. */
const muchFewerPercent = 10;

/**
 * The newest backup that is whole as far as configuration and objects go. One of chosen schemas does not count where one of more
 * was made within two days before: that is a backup by hand between two nights. Reads manifests, the newest first, until it
 * has one to hold it against. Throws NoSuchBackupError where there is none.
 */
export async function latestBackup(
  { backups, work }: Pick<Services, 'backups' | 'work'>,
  now: number,
): Promise<LatestBackup> {
  const originOf = await readOrigins(work);
  const passed: string[] = [];
  const copies: string[] = [];
  let last: Manifest | undefined;
  let before: Manifest | undefined;
  let elsewhere: Manifest | undefined;
  for (const name of (await backupNames(backups)).reverse()) {
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
      before = manifest;
      break;
    }
  }
  if (!last) {
    throw new NoSuchBackupError(
      `There is no backup that counts: ${noneCounts(copies)} \`assets-backup list\` names those that are there.`,
    );
  }
  return { manifest: last, suspicions: [...passed, ...suspicionsOf(last, { before, elsewhere, now })] };
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
  const { name, finishedAt, options, gaps, notices, site } = last;
  const { before, elsewhere, now } = others;
  const days = Math.floor((now - Date.parse(finishedAt)) / 86_400_000);
  const fewer = fewerObjectsPercent(before, { options }, last.schemas);
  const gone = notices.filter(({ kind }) => kind === 'missing-since-last-backup').length;
  return [
    ...(days >= 2 ? [`${name} is ${days} days old.`] : []),
    ...(before && fewer >= muchFewerPercent ? [`${name} has ${fewer} % fewer objects than ${before.name}.`] : []),
    ...(before && !coversSchemas(last, before.options.objectSchemaKeys)
      ? [`${name} is of ${keysOf(last)} alone; ${before.name} was of more.`]
      : []),
    ...(gone > 0
      ? [`${name} lacks ${counted(gone, 'schema or type', 'schemas or types')} that the one before had.`]
      : []),
    ...(gaps.length > 0 ? [`${name} has ${counted(gaps.length, 'gap')}, which \`assets-backup show\` names.`] : []),
    ...(options.activity === false ? [`${name} was made without history and comments.`] : []),
    ...(elsewhere ? [`${name} is of ${site.siteName}; ${elsewhere.name} is of ${elsewhere.site.siteName}.`] : []),
  ];
}
