import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PretendSite } from '../pretend-site.ts';
import type { StoredBackup } from '../processes/verify.ts';
import type { Checkout } from './checkout.ts';
import { type Budget, type Contest, command, siteFile } from './contest.ts';
import type { TimedEnd } from './timed-command.ts';

export interface CommandedBackup {
  readonly site: PretendSite;
  readonly budget: Budget;
  /** Of the command, besides. */
  readonly options?: readonly string[];
  /** Of the folder of backups. */
  readonly settings?: object | undefined;
}

/** Backs up into a new folder, by the command of a checkout. */
export async function commandBackup(
  contest: Contest,
  of: Checkout,
  { site, budget, options = [], settings }: CommandedBackup,
): Promise<StoredBackup & { readonly end: TimedEnd }> {
  const directory = contest.workshop.folder();
  mkdirSync(directory);
  if (settings) writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings));
  const place = ['--local', directory, '--site', siteFile(contest, of, site, budget)];
  const end = await command(contest, of, ['backup', ...place, ...options, '--json']);
  // Beside it lie its log and its work.
  const [backup = ''] = readdirSync(directory).filter((name) => /^\d{4}-/.test(name));
  return { directory, backup, end };
}
