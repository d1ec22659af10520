import { isBackupName } from '../backup-format/keys.ts';
import { listBackups } from '../backup-format/open-backup.ts';
import { counted } from '../counted.ts';
import { DamagedBackupError, NoSuchBackupError, WrongInputError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import { chosenTypes } from './chosen-types.ts';
import type { FindRequest, FindResult, SiteFinds } from './found.ts';
import { Night } from './night.ts';
import { SearchWords } from './search-words.ts';
import { siteFinds } from './site-finds.ts';
import { SiteSearch } from './site-search.ts';

/**
 * Looks for objects in all backups of a place, whatever their folders are called and whoever has put them there. What cannot be read is
 * named, and the others are looked into. Throws WrongInputError, NoSuchBackupError where there is none to look into, DamagedBackupError
 * where none of them can be read.
 */
export async function findObjects(
  services: { readonly backups: BackupStore; readonly reporter: Reporter },
  request: FindRequest,
): Promise<FindResult> {
  const words = new SearchWords(request.words);
  if (words.isEmpty && request.deletedSince === undefined)
    throw new WrongInputError('Nothing to find was named: give words, or --deleted with --since.');
  const { nights, unread, unfinished, ofScripts } = await openNights(services.backups, request);
  if (nights.length === 0) {
    const [damaged] = unread;
    if (damaged) throw new DamagedBackupError(`No backup can be read. ${damaged.reason}`);
    throw new NoSuchBackupError(
      request.at === undefined
        ? `There is no backup to look into${onlyScripts(ofScripts)}.`
        : `There is no backup from ${new Date(request.at).toISOString()} or before. \`assets-backup list\` names those that are there.`,
    );
  }
  const isAskedOf = await chosenTypes(services.backups, nights, request);
  const bySite = Map.groupBy(nights, ({ manifest }) => manifest.site.workspaceId);
  const chosen = [...bySite].map(([id, ofSite]) => ({ isAsked: isAskedOf(id), ofSite: inQuestion(ofSite, request) }));
  const objects = chosen
    .flatMap(({ ofSite }) => ofSite)
    .reduce((sum, { manifest }) => sum + manifest.counts.objects, 0);
  services.reporter.planned('verification', objects);
  const sites: SiteFinds[] = [];
  for (const { isAsked, ofSite } of chosen) {
    const search = new SiteSearch(services, ofSite, { request, words, isAsked });
    await search.run();
    unread.push(...search.unread);
    sites.push(siteFinds(search, ofSite));
  }
  return { sites, unread, unfinished, ofScripts };
}

function onlyScripts(names: readonly string[]): string {
  if (names.length === 0) return '';
  const are = counted(names.length, 'backup', 'backups');
  return `: ${are} of the original scripts ${names.length === 1 ? 'is' : 'are'} there, and must be copied first (\`assets-backup copy\`)`;
}

interface OpenNights {
  /** The newest first. */
  readonly nights: readonly Night[];
  readonly unread: { readonly backup: string; readonly reason: string }[];
  readonly unfinished: readonly string[];
  readonly ofScripts: readonly string[];
}

async function openNights(backups: BackupStore, { at }: FindRequest): Promise<OpenNights> {
  const nights: Night[] = [];
  const unread: { readonly backup: string; readonly reason: string }[] = [];
  const unfinished: string[] = [];
  const ofScripts: string[] = [];
  const isInTime = (time: number | undefined) => at === undefined || time === undefined || time <= at;
  for await (const listed of listBackups(backups)) {
    if (listed.state === 'finished') {
      const night = new Night(listed.manifest);
      if (isInTime(night.startedAt)) nights.push(night);
    } else if (!isInTime(timeIn(listed.name))) continue;
    else if (listed.state === 'unfinished') unfinished.push(listed.name);
    else if (listed.state === 'original-scripts') ofScripts.push(listed.name);
    else unread.push({ backup: listed.name, reason: listed.reason });
  }
  nights.sort((one, other) => other.startedAt - one.startedAt || (one.name < other.name ? 1 : -1));
  return { nights, unread, unfinished, ofScripts };
}

/**
 * What was deleted since a day stood in a backup since, or in the last one before it: in the last that tells of its type, since what one
 * after it does not say may have been deleted later.
 */
function inQuestion(nights: readonly Night[], { deletedSince }: FindRequest): readonly Night[] {
  if (deletedSince === undefined) return nights;
  const before = nights.findIndex(({ startedAt }) => startedAt < deletedSince);
  if (before < 0) return nights;
  const places = nights.flatMap(({ places }) => places);
  let open = [...new Map(places.map((place) => [`${place.schemaId} ${place.typeId}`, place])).values()];
  const last = nights.findIndex((night, number) => {
    if (number < before) return false;
    open = open.filter((place) => night.silenceOn(place) !== undefined);
    return open.length === 0;
  });
  return last < 0 ? nights : nights.slice(0, last + 1);
}

/** Of a backup that cannot be opened its name is all that tells when it was made. */
function timeIn(name: string): number | undefined {
  if (!isBackupName(name)) return undefined;
  const [day = '', time = ''] = name.split('_');
  return Date.parse(`${day}T${time.replaceAll('-', ':')}Z`);
}
