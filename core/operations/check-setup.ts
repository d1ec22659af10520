import { counted } from '../counted.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { checkIssues } from './check-issues.ts';
import { checkLogin } from './check-login.ts';
import { checkNights } from './check-nights.ts';
import { checkReads } from './check-reads.ts';
import { checkBackupStore, checkWorkStore } from './check-stores.ts';
import { checkToken } from './check-token.ts';
import { notChecked, type SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';

export interface SetupReport {
  readonly ok: boolean;
  readonly checks: readonly SetupCheck[];
}

/** What a backup goes through, as far as it can be tried. */
export type SetupServices = Pick<
  Services,
  | 'site'
  | 'backups'
  | 'work'
  | 'clock'
  | 'budget'
  | 'activity'
  | 'issueLinks'
  | 'nextStart'
  | 'watched'
  | 'tokenExpires'
>;

/** S3 refuses requests whose clock is a quarter of an hour off; backups are named by the clock, to the second. */
const mostClockDifference = 2 * 60_000;

/**
 * Finds out before the first night whether a backup would go through, with the backup's own services: each check says what
 * it found and, where it failed, what to do. Changes nothing but two small files of its own. Never throws for a check that
 * fails.
 */
export async function checkSetup(services: SetupServices, words: SetupWords): Promise<SetupReport> {
  const { site, backups, work, clock, budget } = services;
  const login = await checkLogin(site, words);
  const failed = login.checks.find(({ ok }) => !ok);
  const checks = [...login.checks];
  if (login.workspace) {
    const reader = site.reader(login.workspace, budget);
    const reads = await checkReads(reader, services.watched?.objectSchemaKeys ?? null, words);
    checks.push(...reads.checks, clockCheck(reader));
    if (services.issueLinks) checks.push(...(await checkIssues(site.issuesReader(login.workspace, budget))));
    // Where even the schemas cannot be read, that has failed, and nothing can be said of nights.
    if (reads.size) checks.push(checkNights(services, reads.size, words));
  } else {
    const because = `the check "${failed?.name}" failed`;
    checks.push(notChecked('reading', because), notChecked('clock', because));
  }
  checks.push(checkToken(services, words, failed?.name === words.settings.name));
  checks.push(await checkBackupStore(backups, words), await checkWorkStore(work, clock, words));
  return { ok: checks.every(({ ok }) => ok), checks };
}

function clockCheck(reader: AssetsReader): SetupCheck {
  const name = 'clock';
  const difference = reader.clockDifference();
  if (difference === undefined) return notChecked(name, 'the site does not tell the time');
  const seconds = Math.round(Math.abs(difference) / 1000);
  const detail = `It is ${secondsOf(seconds)} ${difference > 0 ? 'behind' : 'ahead of'} the site's.`;
  if (Math.abs(difference) > mostClockDifference) {
    return { name, ok: false, detail, remedy: 'Set the clock of the machine that this runs on.' };
  }
  return { name, ok: true, detail: `It is that of the site, to ${secondsOf(Math.max(1, seconds))}.`, remedy: null };
}

function secondsOf(count: number): string {
  return counted(count, 'second');
}
