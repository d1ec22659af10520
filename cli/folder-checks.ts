import { join } from 'node:path';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import { Webhook } from '../adapters/notify/webhook.ts';
import { listBackups } from '../core/backup-format/open-backup.ts';
import { counted, readableCount } from '../core/counted.ts';
import { newestDrills } from '../core/drill/newest-drills.ts';
import { AssetsBackupError, messageOf, NoSuchBackupError } from '../core/errors.ts';
import type { KeepRules } from '../core/model/keep.ts';
import {
  documentedLimits,
  documentedTotalLimit,
  endpointClasses,
  requestBudget,
} from '../core/model/request-budget.ts';
import { latestBackup } from '../core/operations/latest-backup.ts';
import { notChecked, type SetupCheck } from '../core/operations/one-check.ts';
import { readableSize, roughTime } from '../core/readable.ts';
import { lateAfterHoursByDefault } from '../core/retention/gather-facts.ts';
import { runsUnderWay } from '../core/runs/site-lock.ts';
import { shellCommand, shellWord } from '../core/shell-word.ts';
import { diskRoom, largestOfTheLast, openFolders } from '../local/folder-facts.ts';
import { logFolder } from '../local/local-stores.ts';
import { notifyVariable } from './notices.ts';
import type { Place } from './place.ts';

export interface CheckedFolder {
  readonly place: Place;
  /** Where the backups lie. */
  readonly directory: string;
  /** Whether this check has made it. */
  readonly isNew: boolean;
  /** Null: no backup is ever deleted. Undefined: the settings that say it cannot be read. */
  readonly keep: KeepRules | null | undefined;
  /** Undefined where they could not be read. */
  readonly site: LoginSettings | undefined;
  /** The command line that makes the next backup. */
  readonly nextBackup: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Unnamed = Omit<SetupCheck, 'name'>;

const millisecondsAnHour = 3_600_000;
/** A night and two hours for the run itself: what is missing after that is missing since last night. */
const nightlyHours = 26;

/** What of a folder can keep a night from working, besides the site and its login, and what a night may have left. */
export async function checkFolder(folder: CheckedFolder): Promise<SetupCheck[]> {
  return [
    checkBudget(folder.site),
    await orFailed('disk', checkRoom(folder)),
    await orFailed('private folders', checkPrivacy(folder)),
    await orFailed('last backup', checkAge(folder)),
    await orFailed('drill', checkDrillOfFolder(folder)),
    checkPruning(folder),
    checkWhoIsTold(folder),
  ];
}

/** What cannot be looked at has failed: a disk that refuses, a damaged work file. */
async function orFailed(name: string, looked: Promise<Unnamed>): Promise<SetupCheck> {
  try {
    return { name, ...(await looked) };
  } catch (error) {
    if (!(error instanceof AssetsBackupError)) throw error;
    return { name, ok: false, detail: messageOf(error), remedy: 'Mend that, then check again.' };
  }
}

function checkBudget(site: LoginSettings | undefined): SetupCheck {
  const { total, byClass } = requestBudget(site?.requestBudget);
  const over = endpointClasses.filter((name) => byClass[name] > documentedLimits[name]);
  const isOver = over.length > 0 || total > documentedTotalLimit;
  return {
    name: 'request budget',
    ok: true,
    detail: `At most ${readableCount(total)} requests a minute are sent, of them ${readableCount(byClass.history)} for history and ${readableCount(byClass.comments)} for comments.`,
    remedy: isOver
      ? `Atlassian documents less for ${over.length === 0 ? 'all of them together' : over.length > 2 ? counted(over.length, 'kind') : over.join(' and ')}, and others use the same API: lower "requestBudget", unless you were given more.`
      : null,
  };
}

async function checkRoom({ place, directory }: CheckedFolder): Promise<Unnamed> {
  const { bytes, block, files } = await diskRoom(directory);
  const free = `${readableSize(bytes)} are free`;
  const largest = await largestOfTheLast(place);
  if (!largest) return { ok: true, detail: `${free}; what a backup takes, the first one will show.`, remedy: null };
  const needed = largest.bytes + largest.files * block;
  const room = Math.floor(Math.min(bytes / needed, files === null ? Number.POSITIVE_INFINITY : files / largest.files));
  const takes = `${free}; of the last backups the largest has ${counted(largest.files, 'file')} and takes up to ${readableSize(needed)}`;
  if (room < 1)
    return { ok: false, detail: `${takes}: there is no room for another one.`, remedy: `For the next one ${makeRoom}` };
  const detail = `${takes}: room for ${readableCount(room)} more.`;
  return { ok: true, detail, remedy: room < fewNights ? `That is less than a week of nights: ${makeRoom}` : null };
}

const fewNights = 7;
const makeRoom = 'make room, or set "keep" in settings.json and have `prune` delete old backups.';

/** What is made there is private; somebody may have changed it since, or brought it from elsewhere. */
async function checkPrivacy({ directory }: CheckedFolder): Promise<Unnamed> {
  const open = await openFolders(directory);
  if (open.length === 0)
    return { ok: true, detail: 'The work folder and the logs are closed to other users.', remedy: null };
  return {
    ok: false,
    detail: `Other users of this machine may enter ${open.join(' and ')}, in which personal data lies.`,
    remedy: `Close that to them: chmod -R go= ${open.map(shellWord).join(' ')}`,
  };
}

/** Nobody knows here how often backups are meant to be made: one night missed may be meant so, two are what pruning calls late. */
async function checkAge({ place, nextBackup, directory, isNew, now }: CheckedFolder): Promise<Unnamed> {
  const whyNone = `\`status\` and the logs in ${join(directory, logFolder)} say how the last runs ended; where none of last night is there, cron or systemd has not started it`;
  try {
    const { manifest, suspicions } = await latestBackup(place, now);
    const hours = (now - Date.parse(manifest.finishedAt)) / millisecondsAnHour;
    const isLate = hours > lateAfterHoursByDefault;
    const age = `${manifest.name} is ${manifest.status}, and ended ${roughTime(hours * millisecondsAnHour)} ago`;
    const missing = isLate
      ? `Find out why there is no newer one (${whyNone}), and make it: ${nextBackup}`
      : `Where a backup is made every night, the last one is missing: ${whyNone}.`;
    const remedies = [...suspicions, ...(hours > nightlyHours ? [missing] : [])];
    return {
      ok: !isLate,
      detail: isLate ? `${age}, which is late: ${lateAfterHoursByDefault} hours are the most.` : `${age}.`,
      remedy: remedies.join(' ') || null,
    };
  } catch (error) {
    if (!(error instanceof NoSuchBackupError)) throw error;
    // A first run that goes on or was killed is no backup yet; what is damaged or partial should have been one.
    const listed = await Array.fromAsync(listBackups(place.backups));
    const ok = !listed.some(({ state }) => state === 'finished' || state === 'damaged');
    const isBeingMade = (await runsUnderWay(place)).some(({ kind }) => kind === 'backup');
    const remedy = isBeingMade ? 'One is being made now: `status` says since when.' : `Make one: ${nextBackup}`;
    const made = isNew ? 'The folder was not there, and is made now. ' : '';
    return { ok, detail: `${made}${error.message}`, remedy };
  }
}

async function checkDrillOfFolder({ place, now }: CheckedFolder): Promise<Unnamed> {
  const again = shellCommand('drill', ...place.words, '--site', 'drill.json');
  for await (const { drill, backup, siteName, startedAt, ended } of newestDrills(place.work)) {
    const of = `${drill}, of ${backup} on ${siteName},`;
    const ago = roughTime(now - Date.parse(ended?.at ?? startedAt));
    if (!ended)
      return {
        ok: true,
        detail: `${of} began ${ago} ago and has not ended.`,
        remedy: `Where it does not run any more, the next one removes what it has left: ${again}`,
      };
    if (ended.outcome === 'passed') return { ok: true, detail: `${of} passed ${ago} ago.`, remedy: null };
    return {
      ok: false,
      detail: `${of} ended ${ago} ago: ${ended.message}`,
      remedy: `Mend that, then try again: ${again}`,
    };
  }
  return {
    ok: true,
    detail: 'No drill was ever made here.',
    remedy: `Try one, on a site where it harms nobody: ${again}`,
  };
}

function checkPruning({ place, keep }: CheckedFolder): SetupCheck {
  if (keep === undefined) return notChecked('pruning', 'the check "settings" failed');
  const detail =
    keep === null
      ? 'No backup is ever deleted: "keep" is not set.'
      : `Old backups are deleted by \`prune\`, whenever it is run. Which: ${shellCommand('prune', ...place.words, '--dry-run')}`;
  return { name: 'pruning', ok: true, detail, remedy: null };
}

/** Whoever knows the address can write there: it is never shown. */
function checkWhoIsTold({ env }: CheckedFolder): SetupCheck {
  const name = 'who is told';
  const address = env[notifyVariable] || undefined;
  if (address === undefined) {
    return {
      name,
      ok: true,
      detail: `${notifyVariable} is not set here, so no webhook is told how runs end.`,
      remedy: `Where cron or systemd sets it for the nights, that is enough; otherwise set it there.`,
    };
  }
  return Webhook.at(address)
    ? {
        name,
        ok: true,
        detail: `The webhook that ${notifyVariable} names is told of all but a good end.`,
        remedy: null,
      }
    : {
        name,
        ok: false,
        detail: `${notifyVariable} is no https address: nobody will be told how runs end.`,
        remedy: 'Put an https address there (http only to this machine), without a name and a password in it.',
      };
}
