import { type IssueLinkCounts, issueLinkCounts, issueLinkWords } from '../backup-format/issue-link-counts.ts';
import { activityListKey, attributeListKey, fileListKey, manifestKey } from '../backup-format/keys.ts';
import {
  formatName,
  formatVersion,
  type Manifest,
  type ManifestCounts,
  manifestFile,
  parseManifest,
  type StoredFile,
} from '../backup-format/manifest.ts';
import { oldestActivityDays } from '../backup-format/oldest-activity.ts';
import { openListed } from '../backup-format/open-backup.ts';
import { counted } from '../counted.ts';
import { KeyExistsError } from '../errors.ts';
import { type BackupStatus, counts, type Gap, statusOf } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { checkSiteLock, releaseSiteLockAtEnd } from '../runs/site-lock.ts';
import { needJson } from '../work-store/json-file.ts';
import { recordRequests, sumRequests } from '../work-store/request-counts.ts';
import { withoutAccepted } from './acceptances.ts';
import { compareWithCounts, lastBackup } from './compare-with-site.ts';
import { finishedBy, recordFinish } from './finish-records.ts';
import { GapCollector } from './gaps.ts';
import { toldAsGone } from './gone-meanwhile.ts';
import { fewerIssues } from './issue-links/fewer-issues.ts';
import { LossAlarm } from './loss-alarm/loss-alarm.ts';
import { lostSince } from './loss-alarm/lost-since.ts';
import { NamedFiles } from './named-files.ts';
import { missingWhereOffered, noLongerOffered } from './no-longer-offered.ts';
import { resolveReferences } from './resolve-references.ts';
import { strayNotices } from './store-file.ts';
import { storedList } from './stored-list.ts';
import { Tally } from './tally.ts';
import { type BackupPlan, type ReconciledRecord, workKeys } from './work-files.ts';

/** The output of a backup's execution. */
export interface BackupResult {
  readonly backup: string;
  readonly status: BackupStatus;
  readonly manifest: string;
  /** Where the manifest lies, for people: `s3://bucket/key`, or a path. */
  readonly where: string;
  readonly counts: ManifestCounts;
  /** Null where nobody asked for them, or where they could not be read. */
  readonly issueLinks: IssueLinkCounts | null;
  /** Of how many objects history and comments were read, carried over, or are missing. */
  readonly activity: Manifest['activity'];
  readonly gaps: number;
  /** The first few; all of them stand in the manifest. */
  readonly firstGaps: readonly Gap[];
  readonly notOffered: readonly string[];
  readonly notices: readonly string[];
  /** Whether something is fewer, gone or other than before, so that a person should look: its status does not say. */
  readonly suspicious: boolean;
  /** The first few sentences; all of them stand in the manifest. */
  readonly suspicions: readonly string[];
  readonly measured: Manifest['measured'];
  readonly message: string;
}

const shownGaps = 10;
const shownNotices = 20;
const shownSuspicions = 20;

/**
 * Reconciles what was stored with the plan, with the site, and with the last backup, and writes the manifest: only now
 * there is a backup. Then releases the site. Run again when the manifest is there, it gives the same result and writes
 * nothing. Throws TooManyFailuresError, leaving no manifest.
 */
export async function finishBackup(services: Services, { run }: { run: Run }): Promise<BackupResult> {
  const { work, backups, reporter, site, budget, clock } = services;
  const done = await ownManifest(services, run);
  if (done) {
    await releaseSiteLockAtEnd(services, run);
    return resultOf(backups, done);
  }
  await checkSiteLock(services, run);
  const plan = await needJson<BackupPlan>(work, workKeys(run.backup).plan);
  const strays: string[] = [];
  const fileList = storedList(backups, (number) => fileListKey(run.backup, number), strays);
  const sums = { files: 0, bytes: 0 };
  const named = new NamedFiles(backups, run.backup);
  const list = async (file: StoredFile) => {
    named.add(file);
    sums.files += 1;
    sums.bytes += file.bytes;
    await fileList.add(file);
  };
  const activityList = storedList(backups, (number) => activityListKey(run.backup, number), strays);
  const attributeList = storedList(backups, (number) => attributeListKey(run.backup, number), strays);
  const lossAlarm = await LossAlarm.prepare(services, plan);
  const tally = new Tally(work, run.backup, {
    onFile: list,
    onAttribute(attribute) {
      lossAlarm.seeAttribute(attribute);
      return attributeList.add(attribute);
    },
    onActivity(line) {
      lossAlarm.seeObject(line);
      return activityList.add(line);
    },
  });
  await tally.run(plan);
  for (const lines of [attributeList, activityList]) {
    await lines.close();
    for (const file of lines.files) await list(file);
  }
  const references = await resolveReferences(services, run.backup, tally, strays);
  for (const file of references.files) await list(file);
  await fileList.close();
  await named.check();

  const reader = site.reader(run.workspace, budget);
  const gaps = new GapCollector(reporter, reader);
  const reconciled = await readReconciled(work, plan);
  const compared = await compareWithCounts({ services, reader, gaps, schemas: tally.schemas }, plan);
  await lossAlarm.askForAbsent({ reader, gaps }, tally.schemas, compared.inUsage);
  const last = await lastBackup(services, plan);
  const lastWithActivity = plan.options.activity ? await lastBackup(services, plan, { withActivity: true }) : undefined;
  const lastWithIssues = plan.options.issueLinks
    ? await lastBackup(services, plan, { issueLinks: 'asked-for' })
    : undefined;
  const absent = noLongerOffered({ last, lastWithActivity, lastWithIssues }, tally.notOffered, tally.activity.comments);
  const read = [...tally.gaps, ...absent.gaps, ...reconciled.gaps, ...gaps.gaps];
  const found = await toldAsGone(reader, plan.schemas, read);
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  const losses = await lossAlarm.judge(tally.schemas, found);
  const { gaps: allGaps, notices: accepted } = await withoutAccepted(work, run.workspace.workspaceId, found);
  const manifest: Manifest = {
    format: formatName,
    formatVersion,
    name: run.backup,
    status: statusOf(allGaps),
    site: run.workspace,
    startedAt: run.startedAt,
    finishedAt: new Date(clock.now()).toISOString(),
    writtenBy: `assets-backup ${services.version}`,
    options: plan.options,
    schemas: tally.schemas,
    counts: { ...tally.counts, ...sums },
    activity: missingWhereOffered(tally.activity, absent.notOffered),
    issueLinks: tally.issueLinks,
    references: { inside: references.inside, outside: references.outside },
    ...(await sumRequests(work, workKeys(run.backup).allRequests)),
    budget,
    notOffered: [...absent.notOffered, ...compared.notOffered],
    gaps: allGaps,
    notices: [
      ...tally.notices,
      ...references.notices,
      ...reconciled.notices,
      ...compared.notices,
      ...accepted,
      ...fewerIssues(
        lastWithIssues && (await lastBackup(services, plan, { issueLinks: 'all-read' })),
        tally.issueLinks,
      ),
      ...losses.notices,
      ...strayNotices(strays),
    ],
    measured: losses.measured,
    suspicions: losses.suspicions,
    fileLists: fileList.files,
  };
  for (const notice of manifest.notices)
    reporter.event('info', 'export.notice', { kind: notice.kind, schemaKey: notice.schemaKey });
  const stored = await storeManifest(services, run, manifest);
  reporter.event('info', 'backup.finished', {
    backup: run.backup,
    status: manifest.status,
    ...manifest.counts,
    gaps: allGaps.length,
    counts: counts(manifest.status) ? 1 : 0,
    suspicions: manifest.suspicions.length,
    ...lostSince(manifest.measured),
    oldestActivityDays: oldestActivityDays(manifest),
    startedAt: manifest.startedAt,
    minutes: Math.round((Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 6_000) / 10,
  });
  await releaseSiteLockAtEnd(services, run);
  return resultOf(backups, stored);
}

/**
 * The manifest that an earlier try of this very run has stored; undefined where there is none. Throws KeyExistsError where one is
 * there that no record says is ours: only this step may leave such a record, so somebody else has written to the backups.
 */
async function ownManifest({ backups, work }: Services, run: Run): Promise<Manifest | undefined> {
  const there = await openListed(backups, run.backup);
  if (there.state === 'unfinished') return undefined;
  if (there.state === 'finished' && (await finishedBy(work, there)) === run.executionId) return there.manifest;
  throw new KeyExistsError(
    `${backups.addressOf(manifestKey(run.backup))} is there already, and this run did not write it: somebody else did. Nothing vouches for what this run has stored. Find out who writes there (docs/security.md), then start a new backup.`,
  );
}

/** Says first that this manifest is ours, so that whoever comes upon it knows. Gives the one that is there then. */
async function storeManifest(services: Services, run: Run, manifest: Manifest): Promise<Manifest> {
  const { backups, work } = services;
  const bytes = manifestFile(manifest);
  await recordFinish(work, run, parseManifest(manifestKey(run.backup), bytes));
  try {
    await backups.create(manifestKey(run.backup), bytes);
    return manifest;
  } catch (error) {
    // An earlier try that was cut off may have come to its end meanwhile.
    const there = error instanceof KeyExistsError ? await ownManifest(services, run) : undefined;
    if (!there) throw error;
    return there;
  }
}

async function readReconciled(work: WorkStore, { run, schemas }: BackupPlan): Promise<ReconciledRecord> {
  const records: ReconciledRecord[] = [];
  for (const { id } of schemas)
    records.push(await needJson<ReconciledRecord>(work, workKeys(run.backup).reconciled(id)));
  return { gaps: records.flatMap(({ gaps }) => gaps), notices: records.flatMap(({ notices }) => notices) };
}

export function resultOf(backups: Pick<BackupStore, 'addressOf'>, manifest: Manifest): BackupResult {
  const { name, status, counts, activity, gaps, suspicions, measured } = manifest;
  const issueLinks = issueLinkCounts(manifest);
  const stored = `${counted(counts.objects, 'object')} of ${counted(counts.schemas, 'schema')} in ${counted(counts.files, 'file')}${issueLinks ? `, with the links of ${issueLinkWords(issueLinks)}` : ''}`;
  const suspicious = suspicions.length > 0;
  const [and, why] = suspicious ? [', and suspicious', ` ${whySuspicious(suspicions)}`] : ['', ''];
  const messages: Record<BackupStatus, string> = {
    complete: `The backup ${name} is complete${and}: ${stored}.${why}`,
    'complete-with-gaps': `The backup ${name} has all configuration and objects that this account sees (${stored}), but ${counted(gaps.length, 'thing')} could not be read or seen; the manifest names them.${suspicious ? ` It is suspicious.${why}` : ''}`,
    partial: `The backup ${name} is partial: configuration or objects are missing (${counted(gaps.length, 'gap')}; ${stored}). The manifest names them. Mend the cause and start a new backup.${suspicious ? ` It is suspicious.${why}` : ''}`,
  };
  return {
    backup: name,
    status,
    manifest: manifestKey(name),
    where: backups.addressOf(manifestKey(name)),
    counts,
    activity,
    issueLinks,
    gaps: gaps.length,
    firstGaps: gaps.slice(0, shownGaps),
    notOffered: manifest.notOffered.map(({ what }) => what),
    notices: manifest.notices.slice(0, shownNotices).map(({ message }) => message),
    suspicious,
    suspicions: suspicions.slice(0, shownSuspicions).map(({ message }) => message),
    measured,
    message: messages[status],
  };
}

/** The first of what is suspicious, and how many more there are. */
function whySuspicious(suspicions: Manifest['suspicions']): string {
  const [first, ...others] = suspicions.map(({ message }) => message);
  return others.length === 0 ? `${first}` : `${first} And ${counted(others.length, 'thing')} more.`;
}
